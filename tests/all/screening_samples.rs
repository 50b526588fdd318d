//! Every page of screening in every state that it has.

use halfopen::clock::Timestamp;
use halfopen::hiring::applications::Answer;
use halfopen::hiring::pipeline::acts::Kind;
use halfopen::hiring::screening::form::Marks;
use halfopen::hiring::screening::pages::{Group, ProposalsPage};
use halfopen::hiring::screening::queue_pages::QueuePage;
use halfopen::hiring::screening::reading::{Candidate, Desk, Paper, Papers};
use halfopen::hiring::screening::reading_pages::ReadingPage;
use halfopen::hiring::screening::result_pages::{ResultPage, Row};
use halfopen::hiring::screening::section::Section;
use halfopen::hiring::screening::settings_pages::{SettingsFields, SettingsPage};
use halfopen::hiring::screening::store::{Own, Proposed, Unread};
use halfopen::hiring::screening::withheld_pages::WithheldPage;
use halfopen::hiring::screening::{Agreement, Mark, Outcome, Proposal, Screening, Settings, Withdrawn};
use halfopen::hiring::{ApplicationState, OpeningState};
use halfopen::ui::Field;
use uuid::Uuid;

use crate::application_samples::{applications, opening};
use crate::pipeline_samples::notice;
use crate::samples::{AT, HOSTILE, field, shells, sound};

const LATER: Timestamp = Timestamp(AT.0 + 86_400_000_000 * 9);

fn screening(submitted: bool, withdrawn: bool) -> Screening {
    Screening {
        id: Uuid::from_u128(5),
        application: Uuid::nil(),
        opening: Uuid::nil(),
        by: Uuid::nil(),
        reader: HOSTILE.into(),
        begun_at: AT,
        saved_at: AT,
        submitted_at: submitted.then_some(AT),
        withdrawn_at: withdrawn.then_some(AT),
        revision: i64::from(submitted),
    }
}

fn outcome(disagreements: i64, readers: u32) -> Outcome {
    Outcome {
        readers,
        mean: 133,
        pairs: i64::from(readers - 1) * 8,
        near: 6,
        disagreements,
        proposal: Proposal::Discuss,
        made_at: AT,
    }
}

fn mark(score: Option<u8>) -> Mark {
    Mark {
        score,
        words: HOSTILE.into(),
    }
}

pub fn sections() -> Vec<Option<Section>> {
    let section = |n: usize, outcome: Option<Outcome>, mine: Option<Screening>| Section {
        application: Uuid::nil(),
        readers: 3,
        submitted: vec![(HOSTILE.to_owned(), AT); n],
        mine,
        open: outcome.is_none(),
        outcome,
    };
    vec![
        None,
        Some(section(0, None, None)),
        Some(section(1, None, Some(screening(false, false)))),
        Some(section(2, None, Some(screening(true, false)))),
        Some(section(3, Some(outcome(0, 1)), None)),
        Some(section(3, Some(outcome(1, 3)), None)),
        Some(section(3, Some(outcome(2, 3)), None)),
    ]
}

fn desk(named: bool, state: usize) -> Desk {
    let paper = |file: bool, text: bool| Paper {
        file: (file && named).then(|| (HOSTILE.to_owned(), "/a/b".to_owned())),
        text: text.then(|| HOSTILE.to_owned()),
        why: "It could not be read.",
    };
    let answer = |answer: &str| Answer {
        question: HOSTILE.into(),
        answer: answer.into(),
        decision: None,
    };
    let all = state > 0;
    Desk {
        screening: screening(state > 1, state == 3),
        opening: opening(OpeningState::Published),
        settings: Settings {
            anonymised: !named,
            ..Settings::USUAL
        },
        criteria: vec![HOSTILE.into(); 2],
        marks: vec![mark(Some(2))],
        papers: Papers {
            candidate: named.then(|| Candidate {
                application: Uuid::nil(),
                name: HOSTILE.into(),
            }),
            resume: if all {
                vec![paper(true, true), paper(true, false)]
            } else {
                vec![]
            },
            letters: vec![paper(false, true); usize::from(all)],
            answers: if all { vec![answer(""), answer(HOSTILE)] } else { vec![] },
        },
        open: state < 2,
        outcome: (state == 4).then(|| outcome(1, 2)),
        submitted: state.min(2),
    }
}

#[test]
fn the_page_on_which_a_resume_is_read() {
    for shell in shells() {
        for named in [true, false] {
            // Begun, under way, waiting for others, taken back, done.
            for state in 0..5 {
                let desk = desk(named, state);
                let mut marks = Marks::new(&desk.criteria, &desk.marks, 3);
                if state == 1 {
                    marks.check();
                }
                sound(ReadingPage {
                    shell: shell.clone(),
                    desk,
                    marks,
                    overtaken: state == 1,
                    why: if state == 2 {
                        field("why")
                    } else {
                        Field::new("why", "Why")
                    },
                });
            }
        }
    }
}

#[test]
fn what_waits_for_a_reader() {
    let unread = Unread {
        id: Uuid::nil(),
        kit_version: 1,
        since: AT,
    };
    let own = |submitted, done| Own {
        screening: screening(submitted, false),
        candidate: HOSTILE.into(),
        done,
    };
    for shell in shells() {
        for anonymised in [true, false] {
            for n in [0, 1, 100] {
                sound(QueuePage {
                    shell: shell.clone(),
                    now: LATER,
                    opening: opening(OpeningState::Published),
                    settings: Settings {
                        readers: if n == 1 { 1 } else { 2 },
                        anonymised,
                        ..Settings::USUAL
                    },
                    criteria: vec![HOSTILE.into(); usize::from(n > 0 || anonymised)],
                    waiting: vec![unread; n],
                    own: if n == 0 {
                        vec![]
                    } else {
                        vec![own(false, false), own(true, false), own(true, true)]
                    },
                });
            }
        }
    }
}

#[test]
fn an_application_whose_name_is_withheld() {
    for shell in shells() {
        for screening in sections() {
            sound(WithheldPage {
                shell: shell.clone(),
                opening: opening(OpeningState::Published),
                called: "Candidate 7F3A".into(),
                stage: HOSTILE.into(),
                screening,
            });
        }
    }
}

#[test]
fn settings_proposals_and_results() {
    for shell in shells() {
        for full in [false, true] {
            let some = usize::from(full);
            let mut fields = SettingsFields::of(&Settings::USUAL);
            if full {
                fields.readers = field("readers");
                fields.advance_from = field("advance_from");
                fields.archive_below = field("archive_below");
            }
            sound(SettingsPage {
                shell: shell.clone(),
                opening: opening(OpeningState::Draft),
                fields,
                criteria: vec![HOSTILE.into(); some],
            });
            let line = |n: i64| Proposed {
                id: Uuid::nil(),
                name: if n == 0 { String::new() } else { HOSTILE.into() },
                stage: Uuid::nil(),
                moves: 3,
                outcome: outcome(n, u32::try_from(n).unwrap() + 1),
            };
            let group = |proposal: &Proposal| Group {
                proposal: *proposal,
                n: "99+".into(),
                lines: (0..2 * some as i64).map(line).collect(),
                to: full.then(Uuid::nil),
                more: full.then(|| "/openings/1/screening?proposal=advance&since=1&after=2".to_owned()),
            };
            for pairs in [vec![], vec![(2, 2, 60)], vec![(0, 3, 1), (1, 1, 2)]] {
                sound(ProposalsPage {
                    shell: shell.clone(),
                    now: LATER,
                    opening: opening(OpeningState::Published),
                    settings: Settings::USUAL,
                    groups: Proposal::ALL.iter().map(group).collect(),
                    agreement: Agreement { pairs },
                    notice: full.then(|| notice(Kind::Move, 1)),
                    recent: vec![notice(Kind::Archive, 2), notice(Kind::Assign, 3)][..2 * some].to_vec(),
                    here: format!("/openings/1/screening?q={HOSTILE}"),
                    to_read: some.to_string(),
                    narrowed: full,
                });
            }
            for section in sections().into_iter().flatten() {
                let row = |differs| Row {
                    asked: HOSTILE.into(),
                    marks: vec![mark(Some(3)), mark(None)],
                    differs,
                };
                sound(ResultPage {
                    shell: shell.clone(),
                    application: applications()
                        .into_iter()
                        .find(|application| application.state == ApplicationState::Active)
                        .unwrap(),
                    opening: opening(OpeningState::Published),
                    undecided: full && section.outcome.is_some(),
                    section,
                    readers: vec![HOSTILE.into(), HOSTILE.into()],
                    rows: vec![row(true), row(false)],
                    withdrawn: vec![
                        Withdrawn {
                            reader: HOSTILE.into(),
                            at: AT,
                            why: HOSTILE.into(),
                        };
                        some
                    ],
                    next: full.then(|| HOSTILE.to_owned()),
                    reason: field("reason"),
                    form_token: Uuid::nil(),
                });
            }
        }
    }
}
