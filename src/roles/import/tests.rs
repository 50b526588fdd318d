use super::*;
use crate::roles::format::{check_bank, check_kit, read_bank, read_kit, write_bank, write_kit};
use crate::roles::kit::Decision;
use crate::roles::lint::Rule;

mod details;
mod hostile;
mod mutations;
mod rendered;
mod variants;

pub const ROLE: &str = include_str!("samples/role.txt");
pub const ROLE_MD: &str = include_str!("samples/role.md");
pub const ROLE_HTML: &str = include_str!("samples/role.html");
pub const ROLE_DIVS: &str = include_str!("samples/role-divs.html");
pub const NUMBERED: &str = include_str!("samples/numbered.txt");
pub const PAGE: &str = include_str!("samples/page.txt");
pub const EXAMPLES: &str = include_str!("samples/examples.txt");

pub fn read(name: &str, text: &str) -> Import {
    import(name, text.as_bytes()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

pub fn kit_of(import: &Import) -> &Kit {
    match &import.document {
        Document::Kit(kit) => kit,
        Document::Bank(bank) => panic!("a bank: {}", bank.title),
    }
}

pub fn bank_of(import: &Import) -> &Bank {
    match &import.document {
        Document::Bank(bank) => bank,
        Document::Kit(kit) => panic!("a kit: {}", kit.title),
    }
}

pub fn kit(text: &str) -> Kit {
    kit_of(&read("a role", text)).clone()
}

/// Whether two kits are the same; says the first line in which they differ.
#[track_caller]
pub fn assert_same(one: &Kit, other: &Kit, about: &str) {
    let (one, other) = (write_kit(one), write_kit(other));
    let differ = one.lines().zip(other.lines()).find(|(a, b)| a != b);
    assert_eq!(differ, None, "{about}");
    assert_eq!(one.lines().count(), other.lines().count(), "{about}");
}

pub fn leftovers(import: &Import) -> Vec<&str> {
    import.leftovers().map(|line| line.text.as_str()).collect()
}

pub fn rules(import: &Import) -> Vec<(Rule, &str)> {
    import
        .lint
        .iter()
        .map(|finding| (finding.rule, finding.place.as_str()))
        .collect()
}

#[test]
fn a_role_document_is_read_whole() {
    let import = read("role.txt", ROLE);
    assert_eq!(import.source, Source::Text);
    assert_eq!(leftovers(&import), Vec::<&str>::new());
    let kit = kit_of(&import);
    assert_eq!(
        (kit.title.as_str(), kit.author.as_str()),
        ("Depot Systems Integrator", "Noor Halvorsen")
    );
    assert_eq!(kit.why_hard.split("\n\n").count(), 2);
    assert_eq!(kit.levels, ["Junior", "Mid", "Senior", "Principal"]);
    let rounds: Vec<_> = kit.rounds.iter().map(|round| round.name.as_str()).collect();
    assert_eq!(rounds, ["Panel One: Hands On", "Panel Two"]);
    let sizes: Vec<_> = kit
        .disciplines
        .iter()
        .map(|d| (d.name.as_str(), d.competencies.len()))
        .collect();
    assert_eq!(sizes, [("Message Flow", 2), ("Upkeep", 1)]);
    assert!(kit.competencies().all(|competency| competency.expected.len() == 4));
    assert_eq!(kit.resume_criteria.len(), 4);
    assert_eq!(
        rules(&import),
        [(Rule::UntestedCompetency, "disciplines[0].competencies[1]")]
    );
}

#[test]
fn questions_have_their_parts() {
    let kit = kit(ROLE);
    let question = &kit.competency_questions[0];
    assert_eq!(question.discipline, "Message Flow");
    assert_eq!(question.competency, "Queue Handling");
    assert_eq!(question.expectation, "Keeps a queue short when its reader is slow.");
    assert_eq!(
        (question.level.as_str(), question.round.as_str()),
        ("Mid", "Panel One: Hands On")
    );
    assert_eq!(question.focus, "Watch for numbers: how long, how many, since when.");
    assert!(question.question.starts_with("Which queue") && question.question.ends_with("\n\nSay what you saw first."));
    assert_eq!((question.positive.len(), question.negative.len()), (2, 2));
    assert_eq!(
        (
            kit.competency_questions.len(),
            kit.competency_questions[1].level.as_str()
        ),
        (2, "Senior")
    );
    let traits: Vec<_> = kit
        .attitude_questions
        .iter()
        .map(|q| (q.trait_name.as_str(), q.definition.as_str()))
        .collect();
    let expected = [
        ("Candour", "Says early what will be late, and to whom it matters."),
        ("Patience", "Keeps explaining when the listener is tired."),
    ];
    assert_eq!(traits, expected);
    assert_eq!(kit.attitude_questions[1].round, "Panel Two");
}

#[test]
fn screening_has_its_parts() {
    let kit = kit(ROLE);
    let answers = |i: usize| -> Vec<(&str, Decision)> {
        kit.knock_outs[i]
            .answers
            .iter()
            .map(|a| (a.answer.as_str(), a.decision))
            .collect()
    };
    assert_eq!(answers(0), [("Yes", Decision::Qualifies), ("No", Decision::Declines)]);
    let second = [
        ("5 or more", Decision::Qualifies),
        ("1 to 4", Decision::Review),
        ("None", Decision::Declines),
    ];
    assert_eq!(answers(1), second);
    let video = &kit.video_questions[0];
    assert_eq!(
        (video.limit_seconds, video.format.as_str()),
        (Some(90), "Recorded video")
    );
}

#[test]
fn exercises_have_their_parts() {
    let kit = kit(ROLE);
    let tests: Vec<_> = kit
        .coding_tests
        .iter()
        .map(|t| (t.setting.as_str(), t.minutes, t.variants.len()))
        .collect();
    assert_eq!(tests, [("Live Interview", Some(30), 2), ("Take-home", Some(60), 1)]);
    let variant = &kit.coding_tests[0].variants[0];
    assert_eq!(
        (variant.name.as_str(), variant.instructions.as_str()),
        ("Without AI", "Only the standard library.")
    );
    assert!(variant.task.starts_with("Write a function"));
    let alone = &kit.coding_tests[1].variants[0];
    assert_eq!((alone.name.as_str(), alone.instructions.as_str()), ("", ""));
    assert_eq!(alone.task, "Parse a telegram of the old scanners.");
    let talk = &kit.presentations[0];
    assert_eq!(
        (talk.format.as_str(), talk.minutes, talk.preparation_minutes),
        ("fireside-talk", Some(25), Some(90))
    );
    assert_eq!(talk.audience, "Shift leads and two engineers");
    let lists = [
        &talk.prepare,
        &talk.deliverables,
        &talk.ground_rules,
        &talk.positive,
        &talk.negative,
    ];
    assert!(lists.iter().all(|list| list.len() == 1));
    assert_eq!(talk.anchors.below, "Describes the target only.");
    let simulation = &kit.simulations[0];
    assert_eq!(
        simulation.scenario,
        "A gate counts more pallets than the ledger does since Tuesday."
    );
    assert!(simulation.problem.starts_with("Find out where"));
    assert_eq!(
        (simulation.minutes, simulation.preparation_minutes),
        (Some(40), Some(45))
    );
    assert_eq!(simulation.anchors.meets, "Finds one of them.");
    let roles: Vec<_> = simulation
        .roles
        .iter()
        .map(|r| (r.name.as_str(), r.stance.as_str(), r.played_by.as_str()))
        .collect();
    let expected = [
        ("Gate Keeper", "informed_partner", "peer"),
        ("Ledger Owner (Head of Stock)", "sceptic", "hiring_manager"),
    ];
    assert_eq!(roles, expected);
    assert_eq!(simulation.roles[0].do_not, ["Mention the restarts unprompted"]);
    assert_eq!(simulation.roles[1].constraints.len(), 1);
}

#[test]
fn markdown_is_read() {
    let import = read("role.md", ROLE_MD);
    assert_eq!(import.source, Source::Markdown);
    assert_eq!(leftovers(&import), ["*By* hand, for the harbour."]);
    let kit = kit_of(&import);
    assert_eq!(
        (kit.title.as_str(), kit.author.as_str()),
        ("Tide Gauge Engineer", "Imke Raadt")
    );
    assert_eq!(kit.why_hard, "Salt water eats everything, also plans.");
    assert_eq!(kit.levels, ["Level 1", "Level 2", "Level 3"]);
    let question = &kit.competency_questions[0];
    assert_eq!(
        (question.discipline.as_str(), question.competency.as_str()),
        ("Sensing", "Calibration")
    );
    assert_eq!(
        (question.level.as_str(), question.focus.as_str()),
        ("Level 2", "Without a second person.")
    );
    assert_eq!((question.positive.len(), question.negative.len()), (2, 1));
    let attitude = &kit.attitude_questions[0];
    assert_eq!(
        (attitude.trait_name.as_str(), attitude.question.as_str()),
        ("Steadiness", "When did you last turn back?")
    );
    let decisions: Vec<_> = kit.knock_outs[0].answers.iter().map(|answer| answer.decision).collect();
    assert_eq!(decisions, [Decision::Qualifies, Decision::Declines]);
    assert_eq!(
        kit.resume_criteria,
        ["Has worked outdoors.", "Writes logs that others can read."]
    );
    assert_eq!(
        (kit.coding_tests[0].minutes, kit.presentations[0].minutes),
        (Some(90), Some(10))
    );
    let expected = &kit.disciplines[0].competencies[0].expected;
    assert_eq!((expected.len(), expected["Level 2"].as_str()), (2, "Writes a card."));
}

#[test]
fn html_is_read() {
    let import = read("role.html", ROLE_HTML);
    assert_eq!(import.source, Source::Html);
    assert_eq!(leftovers(&import), ["Home"]);
    let kit = kit_of(&import);
    assert_eq!(
        (kit.title.as_str(), kit.author.as_str()),
        ("Rail Signal Integrator", "Ana\u{a0}Lund")
    );
    assert_eq!(
        kit.why_hard,
        "A signal that is late is wrong, and one that is early is worse."
    );
    let question = &kit.competency_questions[0];
    assert_eq!(
        (question.round.as_str(), question.level.as_str()),
        ("Signal box", "Senior")
    );
    assert_eq!(question.focus, "Look for proof & patience.");
    assert_eq!((question.positive.len(), question.negative.len()), (2, 1));
    assert_eq!(kit.attitude_questions[0].trait_name, "Calm");
    assert_eq!(kit.levels, ["Mid", "Senior"]);
    assert_eq!(kit.disciplines[0].competencies[1].expected.len(), 1);

    let import = read("role-divs.html", ROLE_DIVS);
    assert_eq!(leftovers(&import), Vec::<&str>::new());
    let kit = kit_of(&import);
    assert_eq!(kit.levels, ["Mid", "Senior"]);
    assert_eq!(kit.competencies().map(|c| c.expected.len()).collect::<Vec<_>>(), [2, 2]);
}

#[test]
fn our_own_format_comes_back_as_it_was() {
    for text in [ROLE, ROLE_MD, ROLE_HTML] {
        let kit = kit(text);
        let import = read("x.toml", &write_kit(&kit));
        assert_eq!((import.source, kit_of(&import)), (Source::Format, &kit));
    }
    let bank = bank_of(&read("x", NUMBERED)).clone();
    assert_eq!(bank_of(&read("x", &write_bank(&bank))), &bank);
    let wrong = import(
        "x.toml",
        b"kit = 1\ntitle = \"A\"\n\n[[knock_outs]]\nquestoin = \"B\"\n",
    );
    let Err(ImportError::Format(error)) = wrong else {
        panic!("{wrong:?}");
    };
    assert_eq!(
        error.in_file("x.toml"),
        "x.toml:5:1: knock_outs[0]: unknown field `questoin`; did you mean `question`?"
    );
}
