//! Small things that documents do.
use super::*;

#[test]
fn what_a_page_has_above_the_title_is_left() {
    let import = read("x", &format!("Jobs\nPricing\n{ROLE}"));
    assert_eq!(kit_of(&import).title, "Depot Systems Integrator");
    assert_eq!(leftovers(&import), ["Jobs", "Pricing"]);
    let untitled = read("my/depot-role.txt", "Résumé criteria\nDrives well");
    assert_eq!(kit_of(&untitled).title, "Depot role");
    assert_eq!(rules(&untitled), [(Rule::NoTitle, "title")]);
}

#[test]
fn headings_with_a_title_of_their_own_open_their_section() {
    let import = read(
        "x",
        &ROLE.replace("Coding Test\n\n2 of 2", "Coding Test: Old telegrams\n\n2 of 2"),
    );
    assert_eq!(leftovers(&import), ["Coding Test: Old telegrams"]);
    assert_same(kit_of(&import), &kit(ROLE), "");
    let numbered = ROLE
        .replace("Coding Test\n\n1 of 2", "Coding Test 1")
        .replace("Coding Test\n\n2 of 2", "Coding Test 2");
    assert_same(&kit(&numbered), &kit(ROLE), "");
}

#[test]
fn unknown_headings_end_a_section_where_they_are_marked() {
    let import = read(
        "x.md",
        "# Role\n## Resume criteria\nDrives well\n## Lunch\nSoup\n## Knock-outs\nWill you come?\nYes\nQualifies",
    );
    assert_eq!(kit_of(&import).resume_criteria, ["Drives well"]);
    assert_eq!(leftovers(&import), ["## Lunch", "Soup"]);
    let import = read(
        "x",
        &ROLE.replace(
            "Progression Framework",
            "Stage 4 · Offer\n\nWe send flowers.\n\nProgression Framework",
        ),
    );
    assert_eq!(leftovers(&import), ["Stage 4 · Offer", "We send flowers."]);
    assert_same(kit_of(&import), &kit(ROLE), "");
}

#[test]
fn notes_between_sections_are_left() {
    let notes = ROLE
        .replace("2 Attitude Questions", "Ask Noor about these.\n\n2 Attitude Questions")
        .replace("Presentation Prompt", "These tests are new.\n\nPresentation Prompt")
        .replace("Progression Framework", "Thank the candidate.\n\nProgression Framework");
    let import = read("x", &notes);
    assert_eq!(
        leftovers(&import),
        ["Ask Noor about these.", "These tests are new.", "Thank the candidate."]
    );
    assert_same(kit_of(&import), &kit(ROLE), "");
}

#[test]
fn numbers_and_bullets_may_be_set_off() {
    let original = kit(ROLE);
    assert_same(
        &kit(&ROLE.replace("  1. Discipline", "1.\tDiscipline").replace("  • ", "•\t")),
        &original,
        "tabs",
    );
    assert_same(
        &kit(&ROLE.replace("  1. Discipline", "1.\nDiscipline").replace("  • ", "•\n")),
        &original,
        "lines",
    );
}

#[test]
fn broken_lines_are_joined() {
    let long = ROLE.replace(
        "Slows the writer before",
        "Slows the writer, who did nothing wrong, long before",
    );
    let broken = long.replace("did nothing wrong, ", "did nothing wrong,\n    ");
    let import = read("x", &broken);
    assert_same(kit_of(&import), &kit(&long), "");
    assert_eq!(import.lines.len(), read("x", ROLE).lines.len() + 1);
    let markdown = ROLE_MD.replace(
        "Goes on when the weather does not.",
        "Goes on when the weather does not, when the boat does not, and even\nwhen the engine does not.",
    );
    let definition = kit(&markdown).attitude_questions[0].definition.clone();
    assert_eq!(
        definition,
        "Goes on when the weather does not, when the boat does not, and even when the engine does not."
    );
}

#[test]
fn parts_of_a_format_may_be_divided_by_commas() {
    let original = kit(ROLE);
    assert_same(
        &kit(&ROLE.replace(
            "fireside-talk · 25 min · ~1.5 hr prep",
            "fireside-talk, 25 min, 90 min prep",
        )),
        &original,
        "",
    );
    assert_same(
        &kit(&ROLE.replace("fireside-talk · 25 min · ", "fireside-talk — 25 minutes — ")),
        &original,
        "",
    );
}

#[test]
fn an_answer_may_lead_to_a_knock_out() {
    let import = read("x", &ROLE.replace("No\nAuto-decline", "No\nKnock-out"));
    assert_same(kit_of(&import), &kit(ROLE), "");
    for pair in [
        "No: Auto-decline",
        "No - Auto-decline",
        "No → Auto-decline",
        "No (Auto-decline)",
        "No | Auto-decline",
        "• No: Rejected",
    ] {
        assert_same(&kit(&ROLE.replace("No\nAuto-decline", pair)), &kit(ROLE), pair);
    }
}

#[test]
fn a_dash_in_a_framework_is_no_expectation() {
    let kit = kit(&ROLE.replace("Reads the depth of a queue.", "—"));
    let expected = &kit.disciplines[0].competencies[0].expected;
    assert_eq!(expected.keys().collect::<Vec<_>>(), ["Mid", "Senior", "Principal"]);
}

#[test]
fn cells_need_no_full_stop_where_the_count_is_announced() {
    let start = ROLE.find("Progression Framework").unwrap();
    let stopless = ROLE[..start].to_string() + &ROLE[start..].replace(".\n", "\n");
    let levels: Vec<usize> = kit(&stopless)
        .competencies()
        .map(|competency| competency.expected.len())
        .collect();
    assert_eq!(levels, [4, 4, 4]);
}

#[test]
fn levels_of_all_disciplines_are_kept_in_order() {
    let text = "R\nProgression Framework\nOne\n1 competency\nCompetencyJuniorSenior\nSawing\nSaws well.\nSaws better.\n\
                Two\n1 competency\nCompetencyInternJuniorMidSenior\nGluing\nWaits.\nWaits long.\nWaits longer.\nKnows when.";
    let kit = kit(text);
    assert_eq!(kit.levels, ["Intern", "Junior", "Mid", "Senior"]);
    assert_eq!(kit.disciplines[0].competencies[0].expected["Senior"], "Saws better.");
}

#[test]
fn a_competency_of_the_same_name_is_left() {
    let text = ROLE.replace("Telegram Formats\n\nParses", "Change Without Downtime\n\nParses");
    let import = read("x", &text);
    assert_eq!(leftovers(&import).len(), 5);
    assert!(rules(&import).contains(&(Rule::SameName, "disciplines[0].competencies[1].name")));
    mutations::check(&import);
}

#[test]
fn a_list_takes_two_hundred_entries() {
    let criteria = "Drives well.\n".repeat(205);
    let import = read("x", &format!("Role\nResume criteria\n{criteria}"));
    assert_eq!(
        (kit_of(&import).resume_criteria.len(), leftovers(&import).len()),
        (200, 5)
    );
    assert_eq!(import.lint[0].rule, Rule::TooMuch);
    mutations::check(&import);
}

#[test]
fn leftovers_go_into_fields_without_their_bullets() {
    let import = read(
        "x",
        &ROLE.replace("Roles in scenario", "Snacks\n\n  • Apples\n\nRoles in scenario"),
    );
    let contents: Vec<&str> = import.leftovers().map(Line::content).collect();
    assert_eq!(contents, ["Snacks", "Apples"]);
    let unknown = read("x", "Role\nNotes\n• Apples\nResume criteria\nDrives well.");
    let contents: Vec<&str> = unknown.leftovers().map(Line::content).collect();
    assert_eq!(contents, ["Apples"]);
}

#[test]
fn lines_of_reports_are_plain_json() {
    let import = read("x", "Role\nResume criteria\n1 criterion\nDrives well.");
    let lines = serde_json::to_value(&import.lines).unwrap();
    let expected = serde_json::json!([
        { "line": 1, "text": "Role", "fate": "placed", "field": "title" },
        { "line": 2, "text": "Resume criteria", "fate": "furniture" },
        { "line": 3, "text": "1 criterion", "fate": "furniture" },
        { "line": 4, "text": "Drives well.", "fate": "placed", "field": "resume_criteria[0]" },
    ]);
    assert_eq!(lines, expected);
    assert_eq!(serde_json::from_value::<Vec<Line>>(lines).unwrap(), import.lines);
}

/// A competency that has another number of cells than the table's head is listed; those that agree are placed.
#[test]
fn a_competency_that_disagrees_with_the_levels_is_listed() {
    let text = "Depot engineer\n\nWhy this role is hard · Halfopen\n\nTrains are late.\n\nProgression Framework\n\nYards\n\n\
        3 competencies\n\nCompetencyJuniorMidSenior\nShunting\n\nReads a plan.\n\nWrites a plan.\n\nOwns the plan.\n\n\
        Coupling\n\nCouples one.\n\nCouples two.\n\nCouples three.\n\nCouples four.\n\n\
        Braking\n\nBrakes by hand.\n\nBrakes by rule.\n\nSets the rules.\n";
    let import = read("depot.txt", text);
    let names: Vec<&str> = kit_of(&import).competencies().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Shunting", "Braking"]);
    let listed = [
        "Coupling",
        "Couples one.",
        "Couples two.",
        "Couples three.",
        "Couples four.",
    ];
    assert_eq!(leftovers(&import), listed);
}
