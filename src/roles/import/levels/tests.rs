use super::*;

fn divided(header: &str, cells: &[usize]) -> Option<String> {
    divide(header, cells).ok().map(|names| names.join("|"))
}

#[test]
fn levels_that_run_together_are_told_apart_by_the_number_of_cells() {
    let known = [
        ("JuniorMidSenior", 3, "Junior|Mid|Senior"),
        ("JuniorMidSeniorPrincipal", 4, "Junior|Mid|Senior|Principal"),
        ("IC1IC2IC3IC4IC5", 5, "IC1|IC2|IC3|IC4|IC5"),
        ("Level 1Level 2Level 3", 3, "Level 1|Level 2|Level 3"),
        ("Mid-LevelSenior", 2, "Mid-Level|Senior"),
        (
            "AssociateEngineerStaff EngineerPrincipal",
            4,
            "Associate|Engineer|Staff Engineer|Principal",
        ),
        (
            "Engineer IEngineer IIEngineer III",
            3,
            "Engineer I|Engineer II|Engineer III",
        ),
        ("JuniorDevOps EngineerSenior", 3, "Junior|DevOps Engineer|Senior"),
        (
            "InternJuniorMidSeniorStaffPrincipal",
            6,
            "Intern|Junior|Mid|Senior|Staff|Principal",
        ),
        ("SeniorVPDirector", 3, "Senior|VP|Director"),
        ("JUNIORMIDSENIOR", 3, "JUNIOR|MID|SENIOR"),
        ("Junior Mid Senior", 3, "Junior|Mid|Senior"),
        ("Entry Level Mid Level Senior", 3, "Entry Level|Mid Level|Senior"),
        ("NoviceAdeptMaster", 3, "Novice|Adept|Master"),
        ("Senior", 1, "Senior"),
    ];
    for (header, count, expected) in known {
        assert_eq!(divided(header, &[count, count]).as_deref(), Some(expected), "{header}");
    }
}

#[test]
fn what_is_not_certain_is_not_guessed() {
    assert_eq!(divided("FooBarBaz", &[2, 2]), None);
    assert_eq!(divided("JuniorMidSenior", &[2, 4]), None);
    assert_eq!(divided("JuniorMidSenior", &[]), None);
    assert_eq!(divided("JuniorMidSenior", &[7, 7]), None);
    assert_eq!(divided("JuniorJunior", &[2, 2]), None);
    assert_eq!(divided(&"aB".repeat(5000), &[3, 3]), None);
}

#[test]
fn competencies_that_agree_with_the_writing_decide() {
    assert_eq!(
        divided("JuniorMidSenior", &[3, 2, 3]).as_deref(),
        Some("Junior|Mid|Senior")
    );
    assert_eq!(
        divided("JuniorMidSenior", &[2, 2, 3]).as_deref(),
        Some("Junior|Mid|Senior")
    );
}
