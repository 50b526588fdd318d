//! Every page of a pipeline in every state that it has.

use halfopen::hiring::pipeline::acts::pages::{ChangesPage, PreviewPage};
use halfopen::hiring::pipeline::acts::past::{Notice, Past};
use halfopen::hiring::pipeline::acts::preview::Preview;
use halfopen::hiring::pipeline::acts::{Act, Kind};
use halfopen::hiring::pipeline::board_pages::{BoardPage, Card, Column};
use halfopen::hiring::pipeline::desk::{Desk, Face};
use halfopen::hiring::pipeline::filter::{Filter, Known};
use halfopen::hiring::pipeline::finding::Order;
use halfopen::hiring::pipeline::list_pages::ListPage;
use halfopen::hiring::pipeline::people_pages::{PeoplePage, Person, Place};
use halfopen::hiring::pipeline::{Fact, Line, View};
use halfopen::hiring::screening::veil::Veil;
use halfopen::hiring::{ApplicationState, OpeningState, Owner, Stage, StageKind};
use halfopen::mail::texts::Text;
use halfopen::roles::kit::Decision;
use halfopen::submissions::Strip;
use halfopen::ui::Field;
use uuid::Uuid;

use crate::application_samples::opening;
use crate::samples::{AT, HOSTILE, field, shells, sound};

fn stages() -> Vec<Stage> {
    let stage = |(at, kind): (u128, &StageKind)| Stage {
        id: Uuid::from_u128(at),
        name: HOSTILE.into(),
        kind: *kind,
        target_days: u32::try_from(at).unwrap(),
    };
    (1..).zip(StageKind::ALL).map(stage).collect()
}

fn line(n: u128, state: ApplicationState) -> Line {
    Line {
        id: Uuid::from_u128(n),
        name: if n == 1 { String::new() } else { HOSTILE.into() },
        email: HOSTILE.into(),
        state,
        stage: Some(Uuid::from_u128(2)),
        stage_since: Some(AT),
        ended_at: (state != ApplicationState::Active).then_some(AT),
        submitted_at: Some(AT),
        outcome: Some(Decision::Review),
        owner: (n == 2).then(|| Owner {
            id: Uuid::nil(),
            name: HOSTILE.into(),
        }),
        ..Line::default()
    }
}

fn lines() -> Vec<Line> {
    (1..)
        .zip(ApplicationState::ALL)
        .map(|(n, state)| line(n, *state))
        .collect()
}

fn past(kind: Kind, count: i64) -> Past {
    Past {
        id: Uuid::nil(),
        kind,
        target: HOSTILE.into(),
        at: AT,
        undone_at: (count == 2).then_some(AT),
        by: Uuid::nil(),
        who: HOSTILE.into(),
        count,
        mails: count - 1,
        first: Some(Uuid::from_u128(2)),
    }
}

pub fn notice(kind: Kind, count: i64) -> Notice {
    Notice {
        act: past(kind, count),
        words: HOSTILE.into(),
        mails: (count > 1).then(|| HOSTILE.to_owned()),
    }
}

fn desk(face: Face, text: &str, wrong: bool) -> Desk {
    let stages = stages();
    let known = Known {
        stages: &stages,
        people: &[],
        tags: &[],
        me: Uuid::nil(),
        now: AT,
        over_jobs: false,
    };
    let view = |shared| View {
        id: Uuid::nil(),
        name: HOSTILE.into(),
        filter: "late".into(),
        shared,
        by: if shared { Uuid::max() } else { Uuid::nil() },
    };
    Desk {
        opening: opening(OpeningState::Published),
        filter: Filter::parse(text, &known).unwrap(),
        people: vec![(Uuid::nil(), HOSTILE.into())],
        tags: vec![HOSTILE.into()],
        veil: Veil::default(),
        me: Uuid::nil(),
        now: AT,
        face,
        order: String::new(),
        field: Field::new("q", "Find")
            .value(if wrong { HOSTILE } else { text })
            .error(wrong.then_some(HOSTILE)),
        late: [(Uuid::from_u128(2), 100)].into(),
        unowned: 3,
        views: vec![view(true), view(false)],
        notice: wrong.then(|| notice(Kind::Move, 1)),
        stages,
    }
}

fn fact() -> Fact {
    Fact {
        words: HOSTILE.into(),
        strip: Some(Strip::from_text("+-+++++++++++")),
    }
}

fn columns(full: bool) -> Vec<Column> {
    let column = |stage: Stage| Column {
        cards: if full && stage.id == Uuid::from_u128(2) {
            lines().into_iter().map(|line| Card { line, fact: fact() }).collect()
        } else {
            Vec::new()
        },
        count: "3".into(),
        late: 2,
        more: full.then(|| HOSTILE.into()),
        stage,
    };
    stages().into_iter().map(column).collect()
}

#[test]
fn boards_and_lists() {
    for shell in shells() {
        for (text, wrong) in [("", false), ("late", false), ("zoe -late", false), ("", true)] {
            for full in [false, true] {
                sound(BoardPage {
                    shell: shell.clone(),
                    desk: desk(Face::Board, text, wrong),
                    columns: columns(full),
                    revision: 3,
                    active: i64::from(full),
                    cut: full,
                });
                sound(ListPage {
                    shell: shell.clone(),
                    desk: desk(Face::List, text, wrong),
                    order: Order::Longest,
                    lines: if full { lines() } else { Vec::new() },
                    facts: [(Uuid::from_u128(2), fact())].into(),
                    first: full.then(|| HOSTILE.into()),
                    next: wrong.then(|| HOSTILE.into()),
                    looked: wrong.then_some(3_000),
                });
            }
        }
    }
}

#[test]
fn what_would_be_done_and_what_was() {
    for shell in shells() {
        for kind in [Kind::Move, Kind::Assign, Kind::Archive, Kind::Mail] {
            for ready in [false, true] {
                sound(PreviewPage {
                    shell: shell.clone(),
                    now: AT,
                    preview: Preview {
                        opening: opening(OpeningState::Published),
                        stages: stages(),
                        people: vec![(Uuid::nil(), HOSTILE.into())],
                        kind,
                        to: field("to"),
                        owner: field("owner"),
                        reason: field("reason"),
                        subject: field("subject"),
                        body: field("body"),
                        mail: ready,
                        lines: lines(),
                        refused: vec![(line(9, ApplicationState::Rejected), "has ended")],
                        found: [(Uuid::from_u128(2), HOSTILE.to_owned())].into(),
                        cut: ready,
                        letters: vec![(HOSTILE.into(), Text::typed(HOSTILE, HOSTILE))],
                        act: ready.then_some(Act::Assign(None)),
                        back: "/openings".into(),
                        token: Uuid::nil(),
                    },
                });
            }
        }
        for acts in [Vec::new(), vec![notice(Kind::Mail, 1), notice(Kind::Assign, 2)]] {
            sound(ChangesPage {
                shell: shell.clone(),
                opening: opening(OpeningState::Published),
                now: AT,
                acts,
                older: Some(HOSTILE.into()),
            });
        }
    }
}

#[test]
fn people_over_all_jobs() {
    let place = |line| Place {
        line,
        job: HOSTILE.into(),
        stage: HOSTILE.into(),
    };
    for shell in shells() {
        for people in [
            Vec::new(),
            vec![Person {
                name: HOSTILE.into(),
                email: HOSTILE.into(),
                applications: lines().into_iter().map(place).collect(),
            }],
        ] {
            sound(PeoplePage {
                shell: shell.clone(),
                now: AT,
                find: field("find"),
                next: Some(HOSTILE.into()),
                looked: Some(3_000),
                blind: true,
                people,
            });
        }
    }
}
