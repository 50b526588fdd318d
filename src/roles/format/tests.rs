use super::*;
use crate::roles::bank::BankQuestion;
use crate::roles::kit::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use schemars::{JsonSchema, schema_for};
use std::path::Path;

const KIT: &str = r#"# Comments are welcome.
kit = 1
title = "Depot engineer"
levels = ["Junior", "Senior"]

[[rounds]]
name = "Panel"
minutes = 60

[[competency_questions]]
question = "What broke last?"
round = "Panel"
positive = [
    "Tells it in order",
]

[[knock_outs]]
question = "Can you drive?"

[[knock_outs.answers]]
answer = "No"
decision = "declines"
"#;

fn mistake(from: &str, to: &str) -> String {
    assert!(KIT.contains(from), "{from}");
    read_kit(&KIT.replacen(from, to, 1)).unwrap_err().in_file("a.toml")
}

#[test]
fn a_kit_is_read() {
    let kit = read_kit(KIT).unwrap();
    assert_eq!((kit.title.as_str(), kit.levels.len()), ("Depot engineer", 2));
    assert_eq!(kit.rounds[0].minutes, Some(60));
    assert_eq!(kit.knock_outs[0].answers[0].decision, Decision::Declines);
    assert_eq!(read_kit(&KIT.replace('\n', "\r\n")).unwrap(), kit);
}

#[test]
fn mistakes_say_where_they_are_and_what_was_meant() {
    let known = [
        (
            "positive =",
            "positve =",
            "13:1: competency_questions[0]: unknown field `positve`; did you mean `positive`?",
        ),
        (
            "declines",
            "decline",
            "22:12: knock_outs[0].answers[0].decision: unknown variant `decline`; did you mean `declines`?",
        ),
        ("title", "titel", "3:1: unknown field `titel`; did you mean `title`?"),
        (
            "kit = 1",
            "kit = 2",
            "2:1: kit: this file is of format 2; this program reads format 1",
        ),
        (
            "minutes = 60",
            "minutes = 500",
            "8:1: rounds[0].minutes: 500 minutes are not between 1 and 480",
        ),
        (
            "\"Senior\"",
            "\"Junior\"",
            "4:21: levels[1]: there is another level called “Junior”",
        ),
        (
            "\"No\"",
            "\"  \"",
            "21:1: knock_outs[0].answers[0].answer: an answer is empty",
        ),
        (
            "title = \"Depot engineer\"",
            "title = \"\"",
            "3:1: title: the title is empty",
        ),
        (
            "minutes = 60",
            "minutes = \"60\"",
            "8:11: rounds[0].minutes: invalid type: string \"60\", expected u32",
        ),
        (
            "name = \"Panel\"",
            "name = \"\"",
            "7:1: rounds[0].name: the name of a round is empty",
        ),
    ];
    for (from, to, expected) in known {
        assert_eq!(mistake(from, to), format!("a.toml:{expected}"));
    }
    let missing = mistake("title = \"Depot engineer\"\n", "");
    assert!(missing.contains("missing field `title`"), "{missing}");
    let twice = mistake("[[rounds]]", "levels = []\n[[rounds]]");
    assert_eq!(twice, "a.toml:6:1: duplicate key");
}

#[test]
fn what_the_types_cannot_say_is_checked() {
    let faults = |change: &dyn Fn(&mut Kit)| -> Vec<String> {
        let mut kit = read_kit(KIT).unwrap();
        change(&mut kit);
        check_kit(&kit).into_iter().map(|fault| fault.field).collect()
    };
    assert_eq!(faults(&|_| {}), Vec::<String>::new());
    let discipline = |name: &str| Discipline {
        name: name.to_string(),
        competencies: vec![Competency {
            name: "Same".to_string(),
            ..Competency::default()
        }],
    };
    assert_eq!(faults(&|kit| kit.title = "x".repeat(201)), ["title"]);
    assert_eq!(faults(&|kit| kit.rounds[0].minutes = Some(0)), ["rounds[0].minutes"]);
    assert_eq!(faults(&|kit| kit.why_hard = "x".repeat(20_001)), ["why_hard"]);
    assert_eq!(
        faults(&|kit| kit.resume_criteria = vec!["é".repeat(20_000); 200]),
        Vec::<String>::new()
    );
    assert_eq!(
        faults(&|kit| kit.resume_criteria = vec![String::new(); 201]),
        ["resume_criteria"]
    );
    let twice = faults(&|kit| kit.disciplines = vec![discipline("One"), discipline("Two")]);
    assert_eq!(twice, ["disciplines[1].competencies[0].name"]);
    let limit = |seconds: u32| {
        faults(&|kit| {
            kit.video_questions = vec![VideoQuestion {
                limit_seconds: Some(seconds),
                ..VideoQuestion::default()
            }];
        })
    };
    assert_eq!((limit(5), limit(600)), (Vec::new(), Vec::new()));
    assert_eq!(
        (limit(4), limit(601)),
        (
            vec!["video_questions[0].limit_seconds".to_string()],
            vec!["video_questions[0].limit_seconds".to_string()]
        )
    );
}

#[test]
fn what_is_written_is_the_same_every_time_and_pleasant_to_read() {
    let mut kit = Kit::titled("Depot \"engineer\"");
    kit.why_hard = "One.\n\nTwo.".to_string();
    kit.resume_criteria = vec!["Drives".to_string(), "Writes".to_string()];
    kit.rounds = vec![Round {
        name: "Panel".to_string(),
        minutes: None,
    }];
    let expected = "kit = 1\ntitle = 'Depot \"engineer\"'\nwhy_hard = \"\"\"\nOne.\n\nTwo.\"\"\"\nresume_criteria = [\n    \"Drives\",\n    \"Writes\",\n]\n\n[[rounds]]\nname = \"Panel\"\n";
    assert_eq!(write_kit(&kit), expected);
}

#[test]
fn the_schemas_are_those_of_the_types() {
    up_to_date::<Kit>("kit.json");
    up_to_date::<Bank>("bank.json");
}

fn up_to_date<T: JsonSchema>(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("roles/schema").join(name);
    let schema = serde_json::to_value(schema_for!(T)).unwrap();
    if std::env::var_os("HALFOPEN_WRITE_SCHEMAS").is_some() {
        std::fs::write(&path, serde_json::to_string_pretty(&schema).unwrap() + "\n").unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let written: Option<serde_json::Value> = serde_json::from_str(&written).ok();
    assert!(
        written == Some(schema),
        "roles/schema/{name} is not up to date; write it with: HALFOPEN_WRITE_SCHEMAS=1 cargo test the_schemas_are_those_of_the_types"
    );
}

/// Texts with everything in them that quoting can go wrong about.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => "[a-z .,?]{0,20}",
        3 => "[a-z\"'\\\\\r\n\t\u{0}\u{1b}\u{7f}\u{85}\u{2028}#=\\[\\]{}•é🙂]{0,24}",
        1 => "\"{0,4}'{0,4}\n?\"{0,4}",
        1 => any::<String>(),
    ]
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..4)
}

fn minutes() -> impl Strategy<Value = Option<u32>> {
    option::of(1..=480_u32)
}

fn anchors() -> impl Strategy<Value = Anchors> {
    (text(), text(), text()).prop_map(|(exceeds, meets, below)| Anchors { exceeds, meets, below })
}

fn discipline() -> impl Strategy<Value = (String, Vec<Vec<(String, String)>>)> {
    (text(), vec(vec((text(), text()), 0..4), 0..3))
}

fn exercises() -> impl Strategy<Value = (Vec<CodingTest>, Vec<Presentation>, Vec<Simulation>)> {
    let variant = (text(), text(), text()).prop_map(|(name, instructions, task)| Variant {
        name,
        instructions,
        task,
    });
    let test = (text(), text(), minutes(), texts(), texts(), vec(variant, 0..3)).prop_map(
        |(setting, challenge, minutes, shows, positive, variants)| CodingTest {
            setting,
            challenge,
            minutes,
            shows,
            positive,
            negative: Vec::new(),
            variants,
        },
    );
    let talk = (text(), text(), minutes(), minutes(), texts(), anchors()).prop_map(
        |(prompt, format, minutes, preparation_minutes, prepare, anchors)| Presentation {
            prompt,
            format,
            minutes,
            preparation_minutes,
            prepare,
            anchors,
            ..Presentation::default()
        },
    );
    let part = (text(), text(), texts(), texts()).prop_map(|(name, motivation, constraints, do_not)| Part {
        name,
        motivation,
        constraints,
        do_not,
        ..Part::default()
    });
    let simulation = (text(), minutes(), texts(), anchors(), vec(part, 0..3)).prop_map(
        |(scenario, minutes, review, anchors, roles)| Simulation {
            scenario,
            minutes,
            review,
            anchors,
            roles,
            ..Simulation::default()
        },
    );
    (vec(test, 0..3), vec(talk, 0..3), vec(simulation, 0..3))
}

prop_compose! {
    fn kit()(
        title in "[A-Z]\\PC{0,40}",
        (author, why_hard, resume_criteria) in (text(), text(), texts()),
        rounds in vec(minutes(), 0..3),
        disciplines in vec(discipline(), 0..3),
        questions in vec((text(), text(), text(), minutes(), texts(), texts()), 0..4),
        attitudes in vec((text(), text(), texts()), 0..3),
        knock_outs in vec((text(), vec(("[a-z]\\PC{0,9}", 0..3_usize), 0..4)), 0..3),
        videos in vec((text(), option::of(5..=600_u32), text()), 0..3),
        (coding_tests, presentations, simulations) in exercises(),
    ) -> Kit {
        let decisions = [Decision::Qualifies, Decision::Declines, Decision::Review];
        Kit {
            author,
            why_hard,
            resume_criteria,
            levels: (0..rounds.len()).map(|i| format!("Level {i}")).collect(),
            rounds: rounds.into_iter().enumerate().map(|(i, minutes)| Round { name: format!("R “{i}”"), minutes }).collect(),
            disciplines: disciplines.into_iter().enumerate().map(|(i, (name, competencies))| Discipline {
                name,
                competencies: competencies.into_iter().enumerate().map(|(j, expected)| Competency {
                    name: format!("C {i} {j}"),
                    expected: expected.into_iter().collect(),
                }).collect(),
            }).collect(),
            competency_questions: questions.into_iter().map(|(question, focus, round, minutes, positive, negative)| CompetencyQuestion {
                question, focus, round, minutes, positive, negative, ..CompetencyQuestion::default()
            }).collect(),
            attitude_questions: attitudes.into_iter().map(|(question, trait_name, positive)| AttitudeQuestion {
                question, trait_name, positive, ..AttitudeQuestion::default()
            }).collect(),
            knock_outs: knock_outs.into_iter().map(|(question, answers)| KnockOut {
                question,
                answers: answers.into_iter().map(|(answer, n)| Answer { answer, decision: decisions[n] }).collect(),
            }).collect(),
            video_questions: videos.into_iter().map(|(question, limit_seconds, format)| VideoQuestion { question, limit_seconds, format }).collect(),
            coding_tests,
            presentations,
            simulations,
            ..Kit::titled(title)
        }
    }
}

prop_compose! {
    fn bank()(
        title in "[A-Z]\\PC{0,40}",
        about in text(),
        advice in texts(),
        questions in vec((text(), text(), text(), texts()), 0..5),
    ) -> Bank {
        let questions = questions.into_iter().map(|(question, difficulty, answer, follow_ups)| BankQuestion {
            question, difficulty, answer, follow_ups, ..BankQuestion::default()
        });
        Bank { bank: Bank::FORMAT, title, about, advice, questions: questions.collect() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_kit_comes_back_as_it_was(kit in kit()) {
        let text = write_kit(&kit);
        let read = read_kit(&text);
        prop_assert_eq!(read.as_ref(), Ok(&kit), "{}", text);
        // Also in the order of its expectations, which equality does not see.
        prop_assert_eq!(write_kit(&kit), write_kit(&read.unwrap()));
    }

    #[test]
    fn every_bank_comes_back_as_it_was(bank in bank()) {
        prop_assert_eq!(read_bank(&write_bank(&bank)), Ok(bank));
    }

    #[test]
    fn no_text_makes_reading_panic(text in "\\PC{0,200}", cut in 0..KIT.len(), inserted in "[\\[\\]={}\"'a-z.\n]{0,9}") {
        drop(read_kit(&text));
        drop(read_bank(&text));
        let (before, after) = KIT.split_at(cut);
        if let Err(error) = read_kit(&format!("{before}{inserted}{after}")) {
            prop_assert!(error.line >= 1 && error.column >= 1);
            prop_assert!(!error.to_string().contains('\n'), "{}", error);
        }
    }
}
