//! The same documents, written in other ways.
use super::*;

fn lines() -> Vec<&'static str> {
    ROLE.lines().collect()
}

#[test]
fn blank_lines_and_line_ends_mean_nothing() {
    let original = kit(ROLE);
    let dense: Vec<&str> = lines().into_iter().filter(|line| !line.trim().is_empty()).collect();
    let ends = ["\n", "\r\n", "\r", "\n\n", "\u{85}", "\u{2028}", "\r\n\r\n\t\r\n"];
    for end in ends {
        assert_same(&kit(&dense.join(end)), &original, &format!("{end:?}"));
        assert_same(&kit(&lines().join(end)), &original, &format!("{end:?}"));
    }
    assert_same(&kit(&format!("\u{feff}{ROLE}")), &original, "");
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(ROLE.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_same(kit_of(&import("role", &utf16).unwrap()), &original, "UTF-16");
}

#[test]
fn decoration_means_nothing() {
    let original = kit(ROLE);
    let bulletless = ROLE.replace("  • ", "");
    assert_same(&kit(&bulletless), &original, "");
    for bullet in ["- ", "* ", "– ", "1. ", "◦ ", "  •"] {
        assert_same(&kit(&ROLE.replace("  • ", bullet)), &original, &format!("{bullet:?}"));
    }
    let spaced = ROLE.replace("Positive indicators", "\u{200b}POSITIVE\u{a0}Indicators :");
    assert_same(&kit(&spaced), &original, "");
    let other = ROLE
        .replace("Knock-out Questions", "Knockout questions")
        .replace("Resume", "Résumé")
        .replace("Presentation Prompt", "PRESENTATION PROMPT(S)")
        .replace("Work Simulation Scenario", "Work simulation scenarios:")
        .replace("Coding Test\n", "Coding Tests\n")
        .replace("1. Discipline", "Discipline")
        .replace("In-character", "In–character")
        .replace("Scenario. A", "Scenario: A");
    assert_same(&kit(&other), &original, "");
}

#[test]
fn values_may_follow_their_labels_or_stand_below() {
    let original = kit(ROLE);
    let inline = ROLE
        .replace("1. Discipline\n\n    ", "Discipline: ")
        .replace("Format\n\n", "Format: ")
        .replace("Response time\n\n", "Response time: ")
        .replace("Exceeds\n", "Exceeds: ")
        .replace("Audience\n\n", "Audience: ");
    assert_same(&kit(&inline), &original, "");
    let below = ROLE
        .replace("Interview round: ", "Interview round:\n\n")
        .replace("Scenario. ", "Scenario\n");
    assert_same(&kit(&below), &original, "");
}

#[test]
fn sections_may_come_in_any_order_be_missing_or_come_twice() {
    let original = kit(ROLE);
    let cut = |from: &str, to: &str| {
        let start = ROLE.find(from).unwrap();
        let end = if to.is_empty() {
            ROLE.len()
        } else {
            ROLE.find(to).unwrap()
        };
        &ROLE[start..end]
    };
    let top = cut("Depot", "Core Evaluation");
    let framework = cut("Progression Framework", "");
    let questions = cut("2 Competency Questions", "2 Attitude Questions");
    let attitudes = cut("2 Attitude Questions", "Supporting Evaluation");
    let screening = cut("Supporting Evaluation", "Stage 3");
    let live = cut("Stage 3", "Progression Framework");
    let moved = [top, framework, live, screening, questions, attitudes].join("\n");
    assert_same(&kit(&moved), &original, "");
    let missing = kit(&[top, questions].join("\n"));
    assert_eq!(missing.competency_questions, original.competency_questions);
    assert_eq!(missing.levels, ["Mid", "Senior"]);
    let twice = read(
        "role",
        &[top, questions, attitudes, questions, framework, framework].join("\n"),
    );
    assert_eq!(kit_of(&twice).competency_questions.len(), 4);
    assert_eq!(kit_of(&twice).disciplines, original.disciplines);
    assert!(rules(&twice).contains(&(Rule::CountDiffers, "competency_questions")));
    assert_eq!(leftovers(&twice), Vec::<&str>::new());
}

#[test]
fn headings_of_stages_may_be_missing() {
    let bare: String = ROLE
        .lines()
        .filter(|line| !line.starts_with("Stage ") && *line != "Resume Review Criteria")
        .fold(String::new(), |mut text, line| {
            text.push_str(line);
            text.push('\n');
            text
        });
    assert_same(&kit(&bare), &kit(ROLE), "");
}

#[test]
fn what_is_announced_and_what_is_here_may_differ() {
    let import = read(
        "role",
        &ROLE
            .replace("2 Attitude", "9 Attitude")
            .replace("4 criteria", "5 criteria")
            .replace("2 competencies", "3 competencies"),
    );
    let said: Vec<&str> = import
        .lint
        .iter()
        .filter(|f| f.rule == Rule::CountDiffers)
        .map(|f| f.message.as_str())
        .collect();
    let expected = [
        "“Message Flow”: 3 competencies are announced, 2 are here",
        "9 questions are announced, 2 are here",
        "5 criteria are announced, 4 are here",
    ];
    assert_eq!(said, expected);
}

#[test]
fn times_that_differ_are_left_and_said() {
    let import = read(
        "role",
        &ROLE
            .replace("Response time\n\n25 min", "Response time\n\n30 min")
            .replace("90 sec", "2 min"),
    );
    assert_eq!(leftovers(&import), ["2 min", "30 min"]);
    assert_eq!(kit_of(&import).presentations[0].minutes, Some(25));
    assert_eq!(kit_of(&import).video_questions[0].limit_seconds, Some(90));
    let found = [
        (Rule::TimesDiffer, "video_questions[0].limit_seconds"),
        (Rule::TimesDiffer, "presentations[0].minutes"),
    ];
    assert_eq!(rules(&import)[..2], found);
    let import = read("role", &ROLE.replace("~1.5 hr prep", "bring biscuits"));
    assert_eq!(leftovers(&import), ["fireside-talk · 25 min · bring biscuits"]);
    assert_eq!(
        (
            kit_of(&import).presentations[0].minutes,
            kit_of(&import).presentations[0].format.as_str()
        ),
        (Some(25), "fireside-talk")
    );
}

#[test]
fn a_decision_that_is_not_known_is_left() {
    let import = read(
        "role",
        &ROLE
            .replace("No\nAuto-decline", "No\nCall them")
            .replace("None - Declines", "None - Shrug"),
    );
    assert_eq!(leftovers(&import), ["No", "Call them", "None - Shrug"]);
    assert_eq!(kit_of(&import).knock_outs[0].answers.len(), 1);
    let turned = kit(&ROLE.replace("Yes\nQualifies\nNo\nAuto-decline", "Yes\nDisqualifies\nNo\nContinue"));
    let decisions: Vec<_> = turned.knock_outs[0]
        .answers
        .iter()
        .map(|answer| answer.decision)
        .collect();
    assert_eq!(decisions, [Decision::Declines, Decision::Qualifies]);
}

fn framework(levels: &[&str], header: &str) -> String {
    let mut text = "Some Role\n\nProgression Framework\n\nCraft\n\n2 competencies\n\n".to_string();
    text.push_str(header);
    for name in ["Sawing", "Gluing & Waiting"] {
        text.push_str(&format!("\n{name}\n"));
        for (i, _) in levels.iter().enumerate() {
            text.push_str(&format!("\nDoes thing number {i} of {name} well.\n"));
        }
    }
    text
}

#[test]
fn levels_have_any_number_and_any_name() {
    let sets: [&[&str]; 7] = [
        &["Junior", "Mid", "Senior"],
        &["Junior", "Mid", "Senior", "Principal"],
        &["Intern", "Junior", "Mid", "Senior", "Staff"],
        &["Mid-Level", "Senior"],
        &["IC1", "IC2", "IC3"],
        &["Level 1", "Level 2", "Level 3", "Level 4", "Level 5", "Level 6"],
        &["Associate", "Engineer", "Staff Engineer", "Principal"],
    ];
    for levels in sets {
        for header in [
            format!("Competency{}", levels.concat()),
            format!("Competency\n{}", levels.join("\n")),
        ] {
            let import = read("role", &framework(levels, &header));
            assert_eq!(leftovers(&import), Vec::<&str>::new(), "{header}");
            assert_eq!(kit_of(&import).levels, levels, "{header}");
            assert!(
                kit_of(&import).competencies().all(|c| c.expected.len() == levels.len()),
                "{header}"
            );
        }
        let cells: Vec<String> = levels.iter().map(|level| format!("Good at {level}.")).collect();
        let bars = format!(
            "# Some Role\n## Progression Framework\nCraft\n\n1 competency\n\n| Competency | {} |\n|---|\n| Sawing | {} |",
            levels.join(" | "),
            cells.join(" | ")
        );
        let tabs = format!(
            "Some Role\nProgression Framework\nCraft\n1 competency\nCompetency\t{}\nSawing\t{}",
            levels.join("\t"),
            cells.join("\t")
        );
        for text in [bars, tabs] {
            let kit = kit(&text);
            assert_eq!(kit.levels, levels, "{text}");
            let expected: Vec<_> = kit.disciplines[0].competencies[0].expected.values().collect();
            assert_eq!(expected, cells.iter().collect::<Vec<_>>(), "{text}");
        }
    }
}

#[test]
fn what_is_not_certain_in_a_framework_is_left() {
    let three = ["Junior", "Mid", "Senior"];
    let text = framework(&three, "CompetencyJuniorMidSenior").replace("Does thing number 1 of Sawing well.\n", "");
    let import = read("role", &text);
    assert_eq!(kit_of(&import).competencies().count(), 1);
    assert_eq!(
        leftovers(&import),
        [
            "Sawing",
            "Does thing number 0 of Sawing well.",
            "Does thing number 2 of Sawing well."
        ]
    );
    let import = read("role", &framework(&["a", "b"], "CompetencyFooBarBaz"));
    assert_eq!(import.lint[0].rule, Rule::UnclearLevels);
    assert_eq!(
        kit_of(&import)
            .competencies()
            .map(|c| c.expected.len())
            .collect::<Vec<_>>(),
        [0, 0]
    );
    assert_eq!(leftovers(&import).len(), 5);
}
