//! What ships, and the pure parts of the room.

use super::coverage::{Cell, Coverage, RoundTime};
use super::difference::{Difference, Kind, Words};
use super::draft::{self, Move, Named};
use super::edit::{Errors, RowChange, Typed};
use super::format;
use super::kit::{Competency, CompetencyQuestion, Discipline, Kit, Round};
use super::lint;
use super::parts::{ABOUT, PARTS, part};
use super::shipped::{BANKS, KITS};

fn shipped(at: usize) -> Kit {
    format::read_kit(KITS[at].1).unwrap_or_else(|error| panic!("{}: {error}", KITS[at].0))
}

/// Two rounds, two competencies, one of which nothing asks for.
fn small() -> Kit {
    let competency = |name: &str| Competency {
        name: name.into(),
        ..Competency::default()
    };
    let round = |name: &str, minutes| Round {
        name: name.into(),
        minutes,
    };
    let question = |text: &str, round: &str, minutes| CompetencyQuestion {
        question: text.into(),
        competency: "Retries".into(),
        round: round.into(),
        minutes,
        ..CompetencyQuestion::default()
    };
    Kit {
        rounds: vec![round("Peer: talk", Some(15)), round("Manager", None)],
        disciplines: vec![Discipline {
            name: "Flows".into(),
            competencies: vec![competency("Retries"), competency("Queues")],
        }],
        competency_questions: vec![
            question("When did you last retry too much?", "Peer: talk", Some(9)),
            question("What made you stop retrying?", "Peer: talk", None),
            question("How do you agree on a limit with a partner?", "Manager", Some(5)),
        ],
        ..Kit::titled("Small")
    }
}

#[test]
fn the_kits_that_ship_are_complete() {
    for (at, competency, attitude, competencies, tests) in [(0, 20, 10, 10, 1), (1, 22, 11, 11, 2)] {
        let kit = shipped(at);
        assert_eq!(kit.competency_questions.len(), competency);
        assert_eq!(kit.attitude_questions.len(), attitude);
        assert_eq!(kit.competencies().count(), competencies);
        assert_eq!(kit.levels, ["Junior", "Mid", "Senior", "Principal"]);
        assert!(
            kit.competencies()
                .all(|competency| competency.expected.len() == kit.levels.len())
        );
        assert_eq!(
            (
                kit.knock_outs.len(),
                kit.video_questions.len(),
                kit.resume_criteria.len()
            ),
            (2, 3, 8)
        );
        assert_eq!(
            (kit.coding_tests.len(), kit.presentations.len(), kit.simulations.len()),
            (tests, 1, 1)
        );
        assert_eq!(lint::lint_kit(&kit), [], "{}", kit.title);
        assert_eq!(Coverage::of(&kit).gaps(), 0);
        assert!(RoundTime::all(&kit).iter().all(|time| !time.is_over() && !time.guessed));
    }
}

#[test]
fn the_banks_that_ship_are_complete() {
    for ((name, text), count) in BANKS.into_iter().zip([10, 15, 24]) {
        let bank = format::read_bank(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(bank.questions.len(), count);
        assert_eq!(lint::lint_bank(&bank), [], "{name}");
        for question in &bank.questions {
            assert!(
                !question.topic.is_empty() && !question.asked_for.is_empty(),
                "{}",
                question.question
            );
            assert!(["easy", "medium", "hard"].contains(&question.difficulty.as_str()));
            assert!(question.follow_ups.len() >= 2 && question.positive.len() == 3 && question.negative.len() == 3);
        }
    }
}

/// So that an export of a kit that nobody changed is the file that shipped.
#[test]
fn what_ships_is_written_as_an_export_is() {
    for (name, text) in KITS {
        let kit = format::read_kit(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(format::write_kit(&kit), text, "{name}");
    }
    for (name, text) in BANKS {
        let bank = format::read_bank(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(format::write_bank(&bank), text, "{name}");
    }
}

#[test]
fn coverage_finds_gaps_and_overlaps_and_counts_minutes() {
    let coverage = Coverage::of(&small());
    let names: Vec<&str> = coverage.columns.iter().map(|column| column.short.as_str()).collect();
    assert_eq!(names, ["Peer", "Manager"]);
    assert_eq!(coverage.rows[0].cells, [Cell::Asked(2), Cell::Asked(1)]);
    assert!(coverage.rows[0].overlaps() && coverage.rows[1].is_gap());
    let times = RoundTime::all(&small());
    assert_eq!((times[0].asked, times[0].guessed, times[0].is_over()), (17, true, true));
    assert_eq!((times[1].asked, times[1].is_over()), (5, false));
}

#[test]
fn a_rewritten_question_is_changed_and_not_another_one() {
    let before = small();
    let mut after = before.clone();
    after.competency_questions[0].question = "When did you last retry far too much?".into();
    after.competency_questions[0].minutes = None;
    after.competency_questions.swap(1, 2);
    after.title = "Smaller".into();
    after.rounds[1].minutes = Some(30);
    let difference = Difference::between(&before, &after);
    let role: Vec<&str> = difference.sections[0]
        .entries
        .iter()
        .map(|entry| entry.title.as_str())
        .collect();
    assert_eq!(role, ["Title", "Manager: minutes"]);
    let entries = &difference.sections[1].entries;
    let kinds: Vec<Kind> = entries.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [Kind::Changed, Kind::Moved]);
    assert!(matches!(&entries[0].fields[1].words, Words::Value { before, after } if before == "9" && after.is_empty()));
    assert!(Difference::between(&before, &before).is_empty());
    assert_eq!(
        difference.summary(),
        "2 fields of the role changed; 1 competency question changed, 1 competency question moved"
    );
}

#[test]
fn a_form_gives_back_the_item_that_it_shows() {
    for at in 0..KITS.len() {
        let kit = shipped(at);
        for part in PARTS {
            for item in draft::items(&kit, part) {
                let mut errors = Errors::new();
                let again = Typed::of(part, &item).item(part, &item, &mut errors);
                assert_eq!((again, errors.len()), (item, 0), "{}", part.key);
            }
        }
        let about = draft::items(&kit, &ABOUT).remove(0);
        let again = Typed::of(&ABOUT, &about).item(&ABOUT, &about, &mut Errors::new());
        assert_eq!(draft::with_about(&kit, again).expect("a kit"), kit);
    }
}

#[test]
fn rows_move_with_all_their_fields() {
    let part = part("knock_outs").expect("a part");
    let item = draft::items(&shipped(0), part).remove(0);
    let mut typed = Typed::of(part, &item);
    typed.change_row("answers", 0, RowChange::Down);
    typed.change_row("answers", 0, RowChange::Add);
    let moved = typed.item(part, &item, &mut Errors::new());
    assert_eq!(moved["answers"][0], item["answers"][1]);
    assert_eq!(moved["answers"][1], item["answers"][0]);
    assert_eq!(
        moved["answers"].as_array().map(Vec::len),
        Some(2),
        "an empty row is left out"
    );
    // What no button sends does nothing.
    for (group, at) in [("answers", 99), ("none", 0), ("", usize::MAX)] {
        let before = typed.clone();
        typed.change_row(group, at, RowChange::Remove);
        assert_eq!(typed, before);
    }
}

#[test]
fn two_names_can_be_swapped() {
    let mut kit = small();
    let names = [
        ("Peer: talk".to_owned(), "Manager".to_owned()),
        ("Manager".into(), "Peer: talk".into()),
    ];
    draft::rename(&mut kit, Named::Round, &names);
    let rounds: Vec<&str> = kit
        .competency_questions
        .iter()
        .map(|question| question.round.as_str())
        .collect();
    assert_eq!(rounds, ["Manager", "Manager", "Peer: talk"]);
}

#[test]
fn the_ends_of_a_list_stay_where_they_are() {
    let criteria = part("resume_criteria").expect("a part");
    let moved = |items, at, what| draft::moved(criteria, items, at, what);
    let items = vec![1.into(), 2.into()];
    assert_eq!(moved(items.clone(), 0, Move::Up), items);
    assert_eq!(moved(items.clone(), 1, Move::Down), items);
    assert_eq!(moved(items.clone(), 1, Move::Up), [2, 1]);
    assert_eq!(moved(items, 0, Move::Remove), [2]);
}

#[test]
fn a_copied_discipline_leaves_a_kit_that_can_be_read() {
    let (kit, disciplines) = (shipped(0), part("disciplines").expect("a part"));
    let items = draft::moved(disciplines, draft::items(&kit, disciplines), 0, Move::Duplicate);
    let kit = draft::with_items(&kit, disciplines, items).expect("a kit");
    assert_eq!(kit.disciplines[1].name, format!("{} (copy)", kit.disciplines[0].name));
    assert_eq!(format::read_kit(&format::write_kit(&kit)), Ok(kit));
}

/// Comparing takes a moment, also for the largest kits that the format allows, with nothing in common.
#[test]
fn kits_of_the_largest_size_are_compared() {
    let long = |word: &str| -> Kit {
        let criterion = |n: usize| (0..1_000).map(|i| format!("{word}{n}x{i} ")).collect::<String>();
        Kit {
            resume_criteria: (0..200).map(criterion).collect(),
            ..Kit::titled("Long")
        }
    };
    let difference = Difference::between(&long("a"), &long("b"));
    assert_eq!(difference.sections[0].entries.len(), 400);
}
