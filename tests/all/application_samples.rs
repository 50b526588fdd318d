//! Every page of applications in every state that it has.

use halfopen::assessments::{Assessment, Variant};
use halfopen::files::Kind;
use halfopen::hiring::applications::candidate_pages::{ClosedPage, DraftPage, RemovalPage, StartPage};
use halfopen::hiring::applications::form::{ContactFields, DraftFields, Question, StartFields};
use halfopen::hiring::applications::standing::{Standing, ToDo};
use halfopen::hiring::applications::status_pages::{ContactPage, ErasurePage, LinksPage, StatusPage, WithdrawalPage};
use halfopen::hiring::applications::visit::UnknownPage;
use halfopen::hiring::applications::{Answer, Document, FileText, Part};
use halfopen::hiring::{
    Application, ApplicationState, Employment, Opening, OpeningState, Presence, Reversal, Stage, StageKind,
};
use halfopen::roles::kit::Decision;
use halfopen::ui::Shell;
use uuid::Uuid;

use crate::samples::{AT, HOSTILE, field, shells, sound};

pub fn opening(state: OpeningState) -> Opening {
    Opening {
        id: Uuid::nil(),
        title: HOSTILE.into(),
        slug: "a-job".into(),
        kit: Uuid::nil(),
        kit_version: 1,
        level: HOSTILE.into(),
        place: HOSTILE.into(),
        country: "PT".into(),
        presence: Presence::Remote,
        kind: Employment::FullTime,
        salary: None,
        about: HOSTILE.into(),
        state,
        closes_at: (state == OpeningState::Closed).then_some(AT),
        decline_after_hours: 0,
        keep_months: 1,
        video_days: 7,
        video_takes: 3,
        created_by: Uuid::nil(),
        created_at: AT,
        published_at: Some(AT),
        closed_at: None,
        revision: 0,
    }
}

pub fn stages() -> Vec<Stage> {
    let stage = |(n, kind): (usize, &StageKind)| Stage {
        id: Uuid::from_u128(n as u128 + 1),
        name: HOSTILE.into(),
        kind: *kind,
        target_days: 3,
    };
    StageKind::ALL.iter().enumerate().map(stage).collect()
}

pub fn applications() -> Vec<Application> {
    let application = |state: &ApplicationState| Application {
        id: Uuid::nil(),
        opening: Uuid::nil(),
        kit_version: 1,
        state: *state,
        stage: (*state != ApplicationState::Draft).then_some(Uuid::from_u128(2)),
        stage_since: Some(AT),
        name: HOSTILE.into(),
        email: HOSTILE.into(),
        phone: "1".into(),
        source: "referral".into(),
        source_detail: HOSTILE.into(),
        link: "link".into(),
        consented_at: Some(AT),
        keep_until: Some(AT),
        started_at: AT,
        changed_at: AT,
        submitted_at: Some(AT),
        outcome: Some((Decision::Declines, format!("{HOSTILE}\n{HOSTILE}"))),
        reversed: None,
        ended_at: Some(AT),
        ended_why: HOSTILE.into(),
        erasure_asked_at: (*state == ApplicationState::Withdrawn).then_some(AT),
        revision: 0,
        owner: None,
        merged_into: None,
        moves: 0,
    };
    let mut all: Vec<_> = ApplicationState::ALL.iter().map(application).collect();
    all.push(Application {
        outcome: Some((Decision::Review, HOSTILE.into())),
        reversed: Some(Reversal {
            by: HOSTILE.into(),
            at: AT,
            why: HOSTILE.into(),
        }),
        phone: String::new(),
        ended_why: String::new(),
        ..application(&ApplicationState::Active)
    });
    all.push(Application {
        outcome: None,
        ..application(&ApplicationState::Active)
    });
    all
}

fn questions() -> Vec<Question> {
    let question = |index, answers: Vec<String>, dealbreaker| Question {
        index,
        words: HOSTILE.into(),
        answers,
        dealbreaker,
        value: HOSTILE.into(),
        error: Some(HOSTILE.into()),
    };
    let chosen = || vec![HOSTILE.to_owned(), "No".to_owned()];
    vec![
        question(0, chosen(), true),
        question(1, chosen(), false),
        question(2, Vec::new(), false),
    ]
}

fn draft_fields(questions: Vec<Question>, wrong: bool) -> DraftFields {
    let of = |name| match wrong {
        true => field(name),
        false => halfopen::ui::Field::new(name, "A label"),
    };
    DraftFields {
        questions,
        name: of("name"),
        email: of("email"),
        phone: of("phone"),
        resume: of("resume"),
        cover_letter: of("cover_letter"),
        source: of("source"),
        source_detail: of("source_detail"),
        consent: !wrong,
        consent_error: wrong.then(|| HOSTILE.into()),
        revision: 1,
    }
}

pub fn files() -> Vec<Document> {
    let states = [
        (Part::Resume, FileText::Read, 12),
        (Part::CoverLetter, FileText::Waiting, 2_048),
        (Part::CoverLetter, FileText::Unreadable("damaged".into()), 5_000_000),
    ];
    let document = |(part, text, size)| Document {
        id: Uuid::nil(),
        application: Uuid::nil(),
        part,
        name: HOSTILE.into(),
        kind: Kind::Pdf,
        size,
        sha256: String::new(),
        put_at: AT,
        text,
    };
    states.into_iter().map(document).collect()
}

pub fn assessment() -> Assessment {
    Assessment {
        id: Uuid::nil(),
        candidate: HOSTILE.into(),
        email: HOSTILE.into(),
        challenge: "t".into(),
        variant: Variant::WithoutAi,
        minutes: 20,
        extra_percent: 100,
        deadline: AT,
        shared: false,
        link: Some("link".into()),
        invited_by: HOSTILE.into(),
        invited_at: AT,
        opened_at: None,
        started_at: None,
        ends_at: None,
        submitted_at: Some(AT),
        withdrawn_at: None,
        submission: None,
    }
}

pub fn answers() -> Vec<Answer> {
    let decisions = [
        None,
        Some(Decision::Declines),
        Some(Decision::Review),
        Some(Decision::Qualifies),
    ];
    let mut answers: Vec<_> = decisions
        .into_iter()
        .map(|decision| Answer {
            question: HOSTILE.into(),
            answer: HOSTILE.into(),
            decision,
        })
        .collect();
    answers[0].answer.clear();
    answers
}

#[test]
fn pages_of_applying() {
    for shell in shells() {
        for questions in [Vec::new(), questions()] {
            sound(StartPage {
                shell: shell.clone(),
                company: HOSTILE.into(),
                opening: opening(OpeningState::Published),
                fields: StartFields {
                    dealbreakers: questions.iter().filter(|q| q.dealbreaker).cloned().collect(),
                    email: field("email"),
                    source: HOSTILE.into(),
                    form_token: HOSTILE.into(),
                    website: HOSTILE.into(),
                    said: Some(HOSTILE.into()),
                },
            });
            for (wrong, files) in [(false, Vec::new()), (true, files())] {
                sound(DraftPage {
                    shell: shell.clone(),
                    company: HOSTILE.into(),
                    application: applications().remove(0),
                    opening: opening(OpeningState::Published),
                    fields: draft_fields(questions.clone(), wrong),
                    files,
                    ends: wrong.then(|| HOSTILE.into()),
                    keep_until: AT,
                    forgotten_at: AT,
                    said: wrong.then(|| HOSTILE.into()),
                });
            }
        }
        for link in [None, Some("link".to_owned())] {
            sound(ClosedPage {
                shell: shell.clone(),
                company: HOSTILE.into(),
                opening: opening(OpeningState::Closed),
                link,
            });
        }
        sound(RemovalPage {
            shell: shell.clone(),
            company: HOSTILE.into(),
            opening: opening(OpeningState::Published),
            link: "link".into(),
        });
        for erased_at in [None, Some(AT)] {
            sound(UnknownPage {
                shell: shell.clone(),
                company: HOSTILE.into(),
                erased_at,
            });
        }
        for sent in [false, true] {
            sound(LinksPage {
                shell: shell.clone(),
                company: HOSTILE.into(),
                email: field("email"),
                sent,
            });
        }
    }
}

fn status(shell: &Shell, application: Application, to_do: Vec<ToDo>) -> StatusPage {
    StatusPage {
        shell: shell.clone(),
        company: HOSTILE.into(),
        standing: Standing::of(&application, &stages(), &to_do, AT),
        resume: (!to_do.is_empty()).then(|| field("resume")),
        application,
        opening: opening(OpeningState::Published),
        stages: stages(),
        to_do,
        answers: answers(),
        files: files(),
        tests: vec![assessment()],
        now: AT,
    }
}

#[test]
fn pages_of_standing() {
    let item = |by| ToDo {
        what: HOSTILE.into(),
        url: "/".into(),
        by,
    };
    for shell in shells() {
        for application in applications() {
            sound(status(&shell, application.clone(), Vec::new()));
            sound(status(&shell, application.clone(), vec![item(None), item(Some(AT))]));
            sound(ContactPage {
                shell: shell.clone(),
                company: HOSTILE.into(),
                fields: ContactFields {
                    name: field("name"),
                    email: field("email"),
                    phone: field("phone"),
                },
                application: application.clone(),
            });
            sound(WithdrawalPage {
                shell: shell.clone(),
                company: HOSTILE.into(),
                application: application.clone(),
                opening: opening(OpeningState::Published),
            });
            sound(ErasurePage {
                shell: shell.clone(),
                company: HOSTILE.into(),
                application,
                opening: opening(OpeningState::Published),
            });
        }
    }
}
