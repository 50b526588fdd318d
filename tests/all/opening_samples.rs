//! Every page of jobs in every state that it has.

use halfopen::clock::Timestamp;
use halfopen::hiring::knock_outs::{Fate, Trial, Tried};
use halfopen::hiring::openings::edit_pages::{ChooseKitPage, OpeningFormPage};
use halfopen::hiring::openings::form::OpeningFields;
use halfopen::hiring::openings::kit_pages::KitPage;
use halfopen::hiring::openings::pages::{OpeningPage, OpeningsPage};
use halfopen::hiring::openings::process::Process;
use halfopen::hiring::openings::public_pages::{ClosedJobPage, JobPage, JobsPage};
use halfopen::hiring::openings::stage_pages::{StageFields, StagesPage};
use halfopen::hiring::openings::trials::JobTrial;
use halfopen::hiring::openings::{Member, OpeningLine, posting, summary};
use halfopen::hiring::{ApplicationState, Employment, Opening, OpeningState, Per, Presence, Salary, Stage, StageKind};
use halfopen::people::{Role, Staff};
use halfopen::roles::KitRecord;
use halfopen::roles::difference::Difference;
use halfopen::roles::kit::{Decision, Kit};
use halfopen::ui::markdown;
use uuid::Uuid;

use crate::samples::{AT, HOSTILE, field, hostile_kit, shells, sound};

const LATER: Timestamp = Timestamp(AT.0 + 86_400_000_000 * 9);

fn opening(state: OpeningState, full: bool) -> Opening {
    let salary = Salary {
        from: 42_000,
        to: 56_000,
        currency: "EUR".into(),
        per: Per::Year,
    };
    Opening {
        id: Uuid::nil(),
        title: HOSTILE.into(),
        slug: "a-job".into(),
        kit: Uuid::nil(),
        kit_version: 1,
        level: if full { HOSTILE.into() } else { String::new() },
        place: if full { HOSTILE.into() } else { String::new() },
        country: if full { "PT".into() } else { String::new() },
        presence: if full { Presence::Hybrid } else { Presence::Remote },
        kind: Employment::FullTime,
        salary: full.then_some(salary),
        about: if full {
            format!("# {HOSTILE}\n\n</script>")
        } else {
            String::new()
        },
        state,
        closes_at: full.then_some(AT),
        decline_after_hours: u32::from(full),
        keep_months: if full { 1 } else { 6 },
        video_days: if full { 1 } else { 7 },
        video_takes: if full { 1 } else { 3 },
        created_by: Uuid::nil(),
        created_at: AT,
        published_at: (state != OpeningState::Draft).then_some(AT),
        closed_at: (state == OpeningState::Closed).then_some(AT),
        revision: 3,
    }
}

fn openings() -> Vec<Opening> {
    let states = OpeningState::ALL.iter();
    states
        .flat_map(|state| [opening(*state, false), opening(*state, true)])
        .collect()
}

fn stages() -> Vec<Stage> {
    let stage = |(at, kind): (u128, &StageKind)| Stage {
        id: Uuid::from_u128(at),
        name: HOSTILE.into(),
        kind: *kind,
        target_days: u32::try_from(at).unwrap(),
    };
    (1..).zip(StageKind::ALL).map(stage).collect()
}

fn record(published: u32) -> KitRecord {
    KitRecord {
        id: Uuid::nil(),
        title: HOSTILE.into(),
        archived: false,
        published,
        draft: None,
        revision: 0,
        editor: None,
        changed_at: AT,
    }
}

pub fn trials() -> Vec<JobTrial> {
    let tried = |fate| Tried {
        application: Uuid::nil(),
        name: HOSTILE.into(),
        state: ApplicationState::Active,
        was: Decision::Review,
        fate,
        reason: HOSTILE.into(),
    };
    let trial = |named, lines| JobTrial {
        opening: Uuid::nil(),
        title: HOSTILE.into(),
        trial: Trial { lines },
        named,
    };
    let all: Vec<Tried> = Fate::ALL.into_iter().map(tried).collect();
    vec![trial(true, Vec::new()), trial(true, all.clone()), trial(false, all)]
}

fn fields() -> OpeningFields {
    let usual = OpeningFields::new(HOSTILE, HOSTILE, HOSTILE.into());
    OpeningFields {
        title: field("title"),
        about: field("about"),
        currency: field("currency"),
        last_day: field("last_day"),
        video_takes: field("video_takes"),
        ..usual
    }
}

#[test]
fn lists_of_jobs() {
    for shell in shells() {
        for lines in [Vec::new(), openings()] {
            let n = i64::try_from(lines.len()).unwrap();
            let line = |opening| OpeningLine {
                opening,
                kit_title: HOSTILE.into(),
                active: 3,
                fresh: n - 6,
            };
            for (state, counts) in [
                (None, vec![(OpeningState::Draft, n)]),
                (Some(OpeningState::Closed), vec![(OpeningState::Draft, 1)]),
            ] {
                sound(OpeningsPage {
                    shell: shell.clone(),
                    now: LATER,
                    state,
                    counts,
                    lines: lines.iter().cloned().map(line).collect(),
                    newest: Some(HOSTILE.into()),
                    older: Some(HOSTILE.into()),
                });
            }
            for (words, newest) in [
                (field("words"), None),
                (halfopen::ui::Field::new("words", "Words"), Some("/jobs".to_owned())),
            ] {
                sound(JobsPage {
                    shell: shell.clone(),
                    company: HOSTILE.into(),
                    address: HOSTILE.into(),
                    now: LATER,
                    open: n,
                    words,
                    lines: lines.clone(),
                    newest,
                    older: Some(HOSTILE.into()),
                });
            }
        }
    }
}

#[test]
fn a_job() {
    let person = Staff {
        id: Uuid::from_u128(9),
        email: HOSTILE.into(),
        name: HOSTILE.into(),
        role: Role::Interviewer,
        active: true,
        has_password: true,
        created_at: AT,
    };
    let member = Member {
        id: Uuid::nil(),
        name: HOSTILE.into(),
        role: Role::HiringManager,
    };
    for shell in shells() {
        for opening in openings() {
            for empty in [true, false] {
                sound(OpeningPage {
                    shell: shell.clone(),
                    now: LATER,
                    kit: record(2),
                    stages: stages()
                        .into_iter()
                        .zip([(0, 0), (1, 0), (200, 100), (0, 0), (0, 0), (0, 0)])
                        .map(|(stage, (n, late))| (stage, n, late))
                        .collect(),
                    states: if empty {
                        Vec::new()
                    } else {
                        vec![
                            (ApplicationState::Active, 3),
                            (ApplicationState::Draft, 1),
                            (ApplicationState::Rejected, 2),
                        ]
                    },
                    team: if empty { Vec::new() } else { vec![member.clone()] },
                    others: vec![person.clone()],
                    address: HOSTILE.into(),
                    obstacles: opening.obstacles(1, LATER),
                    opening: opening.clone(),
                });
            }
        }
    }
}

#[test]
fn forms_of_a_job() {
    for shell in shells() {
        for kits in [Vec::new(), vec![(Uuid::nil(), HOSTILE.to_owned())]] {
            sound(ChooseKitPage {
                shell: shell.clone(),
                kits,
            });
        }
        for (opening, levels, overtaken) in [
            (None, Vec::new(), false),
            (Some(opening(OpeningState::Draft, true)), vec![HOSTILE.to_owned()], true),
        ] {
            sound(OpeningFormPage {
                shell: shell.clone(),
                opening,
                kit: record(1),
                version: 1,
                levels,
                fields: fields(),
                overtaken,
            });
        }
        let typed = StageFields {
            name: field("name"),
            days: field("target_days"),
            ..StageFields::new()
        };
        for refused in [None, Some((Uuid::from_u128(3), typed.clone()))] {
            sound(StagesPage {
                shell: shell.clone(),
                opening: opening(OpeningState::Draft, true),
                stages: stages(),
                refused,
                new: typed.clone(),
                new_id: Uuid::nil(),
            });
        }
    }
}

#[test]
fn a_newer_version_for_a_job() {
    for shell in shells() {
        for trial in trials() {
            for levels in [Vec::new(), vec![HOSTILE.to_owned()]] {
                let opening = opening(OpeningState::Published, true);
                let new = Kit::titled(HOSTILE);
                sound(KitPage {
                    shell: shell.clone(),
                    kit: record(2),
                    difference: Difference::between(&hostile_kit(), &new),
                    knock_outs_differ: !levels.is_empty(),
                    trial: trial.clone(),
                    level: field("level"),
                    levels,
                    rounds_without_stage: vec![HOSTILE.into(); 2],
                    opening,
                });
            }
        }
    }
}

#[test]
fn public_pages_of_a_job() {
    for shell in shells() {
        for opening in openings() {
            for kit in [Kit::titled(HOSTILE), hostile_kit()] {
                let process = Process::of(&opening, &stages(), &kit);
                for preview in [false, true] {
                    sound(JobPage {
                        shell: shell.clone(),
                        company: HOSTILE.into(),
                        address: HOSTILE.into(),
                        now: LATER,
                        about: markdown::to_html(&opening.about),
                        summary: summary(&opening, HOSTILE, &process),
                        posting: posting::script(&opening, HOSTILE, HOSTILE).filter(|_| !preview),
                        process: process.clone(),
                        opening: opening.clone(),
                        preview,
                    });
                }
            }
            sound(ClosedJobPage {
                shell: shell.clone(),
                company: HOSTILE.into(),
                opening,
            });
        }
    }
}
