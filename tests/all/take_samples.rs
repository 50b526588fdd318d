//! Every page of video answers in every state that it has.

use halfopen::hiring::takes::candidate::{AnsweredPage, Asking, Closed, ClosedPage, Desk, VideoPage, VideosPage};
use halfopen::hiring::takes::indicators::{Group, Indicator};
use halfopen::hiring::takes::notes::NoteForm;
use halfopen::hiring::takes::review::{Review, ReviewPage};
use halfopen::hiring::takes::standing::{Answering, Progress, TakeLine};
use halfopen::hiring::takes::{Form, Note, Take};
use halfopen::hiring::{Application, ApplicationState, Employment, Opening, OpeningState, Presence};
use halfopen::ui::Field;
use uuid::Uuid;

use crate::samples::{AT, HOSTILE, field, shells, sound};

fn take(form: Form) -> Take {
    Take {
        id: Uuid::nil(),
        application: Uuid::nil(),
        question: 0,
        number: 1,
        form,
        kind: None,
        parts: 3,
        bytes: 4,
        seconds: 48,
        words: HOSTILE.into(),
        began_at: AT,
        submitted_at: Some(AT),
        removed_at: None,
    }
}

fn desk(allowed: u32) -> Desk {
    Desk {
        company: HOSTILE.into(),
        job: HOSTILE.into(),
        base: "/application/link".into(),
        allowed,
        deadline: AT,
        keep_until: (allowed > 1).then_some(AT),
        open: allowed > 1,
    }
}

fn asking() -> Asking {
    Asking {
        number: 1,
        of: 2,
        words: HOSTILE.into(),
        limit_seconds: 90,
    }
}

fn states() -> Vec<Answering> {
    let submitted = Form::ALL.map(|form| Answering::Submitted(take(form)));
    [
        vec![Answering::ToDo, Answering::Kept(take(Form::Audio))],
        submitted.to_vec(),
    ]
    .concat()
}

fn progress(state: Answering, number: u32) -> Progress {
    Progress {
        number,
        question: HOSTILE.into(),
        limit_seconds: 60 * number,
        state,
        used: 1,
        deadline: Some(AT),
    }
}

#[test]
fn every_page_of_video_answers_is_sound() {
    for shell in shells() {
        for allowed in [1, 3] {
            let all = (1..).zip(states()).map(|(n, state)| progress(state, n)).collect();
            let done = vec![progress(Answering::Submitted(take(Form::Video)), 1)];
            for questions in [all, done] {
                sound(VideosPage {
                    shell: shell.clone(),
                    desk: desk(allowed),
                    questions,
                });
            }
            for kept in [None, Some(take(Form::Video)), Some(take(Form::Audio))] {
                sound(VideoPage {
                    shell: shell.clone(),
                    desk: desk(allowed),
                    question: asking(),
                    used: 1,
                    kept,
                    words: field("words"),
                });
            }
        }
        for form in Form::ALL {
            for next in [None, Some(2)] {
                sound(AnsweredPage {
                    shell: shell.clone(),
                    desk: desk(2),
                    question: asking(),
                    take: take(form),
                    next,
                });
            }
        }
        for why in [Closed::NotSent, Closed::Ended, Closed::NoQuestions, Closed::Late(AT)] {
            sound(ClosedPage {
                shell: shell.clone(),
                company: HOSTILE.into(),
                base: "/application/link".into(),
                why,
            });
        }
        for form in Form::ALL {
            for n in 0..3 {
                sound(ReviewPage {
                    shell: shell.clone(),
                    review: review(form, n),
                    form: NoteForm {
                        // A written answer has no seconds, and no such field.
                        at: if form == Form::Written {
                            Field::default()
                        } else {
                            field("at")
                        },
                        indicator: field("indicator"),
                        words: field("words"),
                        form_token: HOSTILE.into(),
                    },
                });
            }
        }
    }
}

fn review(form: Form, n: usize) -> Review {
    let indicator = |positive| Indicator {
        positive,
        of: HOSTILE.into(),
        text: HOSTILE.into(),
    };
    let note = |at_second| Note {
        id: Uuid::nil(),
        by: if n == 1 { Uuid::nil() } else { Uuid::max() },
        author: HOSTILE.into(),
        at_second,
        indicator: match n {
            0 => String::new(),
            1 => HOSTILE.into(),
            _ => indicator(false).id(),
        },
        words: HOSTILE.into(),
        written_at: AT,
    };
    let line = |notes| TakeLine {
        take: Uuid::nil(),
        number: 1,
        question: HOSTILE.into(),
        form,
        length: "0:48".into(),
        submitted_at: AT,
        url: "/applications/1/videos/1".into(),
        notes,
    };
    Review {
        application: application(),
        opening: opening(),
        take: take(form),
        answers: (0..n as i64).map(line).collect(),
        notes: [None, Some(42)].into_iter().take(n).map(note).collect(),
        groups: vec![
            Group {
                name: HOSTILE.into(),
                indicators: vec![indicator(true), indicator(false)],
            };
            n
        ],
        reader: Uuid::nil(),
    }
}

fn application() -> Application {
    Application {
        id: Uuid::nil(),
        opening: Uuid::nil(),
        kit_version: 1,
        state: ApplicationState::Active,
        stage: None,
        stage_since: None,
        name: HOSTILE.into(),
        email: "a@b".into(),
        phone: String::new(),
        source: String::new(),
        source_detail: String::new(),
        link: "link".into(),
        consented_at: None,
        keep_until: None,
        started_at: AT,
        changed_at: AT,
        submitted_at: Some(AT),
        outcome: None,
        reversed: None,
        ended_at: None,
        ended_why: String::new(),
        erasure_asked_at: None,
        revision: 0,
        owner: None,
        merged_into: None,
        moves: 0,
    }
}

fn opening() -> Opening {
    Opening {
        id: Uuid::nil(),
        title: HOSTILE.into(),
        slug: "a-job".into(),
        kit: Uuid::nil(),
        kit_version: 1,
        level: "Mid".into(),
        place: String::new(),
        country: String::new(),
        presence: Presence::Remote,
        kind: Employment::FullTime,
        salary: None,
        about: String::new(),
        state: OpeningState::Published,
        closes_at: None,
        decline_after_hours: 0,
        keep_months: 6,
        video_days: 7,
        video_takes: 3,
        created_by: Uuid::nil(),
        created_at: AT,
        published_at: None,
        closed_at: None,
        revision: 0,
    }
}
