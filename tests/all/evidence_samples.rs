//! The page of a candidate and what belongs to it, in every state.

use halfopen::files::Kind;
use halfopen::grader::verdict::Band;
use halfopen::hiring::applications::Event;
use halfopen::hiring::applications::evidence::{Evidence, Failed, TestEvidence, TestResult};
use halfopen::hiring::applications::evidence_page::{ApplicationPage, Forms, TrailLine};
use halfopen::hiring::applications::merging_pages::MergingPage;
use halfopen::hiring::applications::progress::steps;
use halfopen::hiring::applications::store::{Twin, Visit};
use halfopen::hiring::attachments::Attachment;
use halfopen::hiring::letters::LetterTemplate;
use halfopen::hiring::letters::template_pages::{LetterTemplatePage, LetterTemplatesPage};
use halfopen::hiring::letters::writing_pages::{LetterPage, LetterPreviewPage};
use halfopen::hiring::openings::Member;
use halfopen::hiring::takes::standing::{TakeEvidence, TakeLine};
use halfopen::hiring::takes::{Form, Note};
use halfopen::hiring::talk::comment_pages::CommentPage;
use halfopen::hiring::talk::list_pages::ToDoFields;
use halfopen::hiring::talk::{Comment, Named, Person, ToDo};
use halfopen::hiring::{Application, ApplicationState, OpeningState, Owner};
use halfopen::mail::texts::Text;
use halfopen::mail::{Event as MailEvent, MailLine, State};
use halfopen::people::Role;
use halfopen::submissions::Strip;
use uuid::Uuid;

use crate::application_samples::{answers, applications, assessment, files, opening, stages};
use crate::samples::{AT, HOSTILE, field, shells, sound};

fn takes() -> Vec<TakeEvidence> {
    let line = |form| TakeLine {
        take: Uuid::nil(),
        number: 1,
        question: HOSTILE.into(),
        form,
        length: "1:32".into(),
        submitted_at: AT,
        url: "/".into(),
        notes: 2,
    };
    let note = |at_second| Note {
        id: Uuid::nil(),
        by: Uuid::nil(),
        author: HOSTILE.into(),
        at_second,
        indicator: String::new(),
        words: HOSTILE.into(),
        written_at: AT,
    };
    vec![
        TakeEvidence {
            line: line(Form::Audio),
            words: String::new(),
            notes: vec![note(None), note(Some(42))],
        },
        TakeEvidence {
            line: line(Form::Written),
            words: HOSTILE.into(),
            notes: Vec::new(),
        },
    ]
}

fn tests() -> Vec<TestEvidence> {
    let failed = |seed| Failed {
        title: HOSTILE.into(),
        seed,
        replay: "/".into(),
    };
    let results = [
        TestResult::None,
        TestResult::Waiting,
        TestResult::Rejected {
            reason: HOSTILE.into(),
            at: AT,
        },
        TestResult::Graded {
            band: Band::Below,
            strip: Strip::from_text("+++-+-+++++++"),
            family: Some("Full jitter"),
            failed: vec![failed(Some(7)), failed(None)],
            at: AT,
        },
    ];
    let test = |result| TestEvidence {
        test: assessment(),
        result,
        changed: Some(HOSTILE.into()),
    };
    results.into_iter().map(test).collect()
}

fn evidence(application: Application, full: bool) -> Evidence {
    let texts = files().into_iter().map(|file| {
        let text = (file.id == Uuid::nil() && file.is_resume()).then(|| HOSTILE.to_owned());
        (file, text)
    });
    match full {
        true => Evidence {
            application,
            answers: answers(),
            files: texts.collect(),
            takes: takes(),
            tests: tests(),
            tags: vec![HOSTILE.into(), "a tag".into()],
        },
        false => Evidence {
            application,
            answers: Vec::new(),
            files: Vec::new(),
            takes: Vec::new(),
            tests: Vec::new(),
            tags: Vec::new(),
        },
    }
}

fn attachments() -> Vec<Attachment> {
    let attachment = |kind, size| Attachment {
        id: Uuid::nil(),
        application: Uuid::nil(),
        name: HOSTILE.into(),
        kind,
        size,
        sha256: String::new(),
        by: Uuid::nil(),
        author: HOSTILE.into(),
        put_at: AT,
    };
    vec![attachment(Kind::Pdf, 12), attachment(Kind::Text, 4_000_000)]
}

fn comments() -> Vec<Comment> {
    let comment = |id: u128, removed| Comment {
        id: Uuid::from_u128(id),
        application: Uuid::from_u128(id),
        by: Uuid::nil(),
        author: HOSTILE.into(),
        words: format!("@{HOSTILE} {HOSTILE}"),
        written_at: AT,
        changed_at: Some(AT),
        removed_at: removed,
        named: vec![Named {
            id: Uuid::nil(),
            name: HOSTILE.into(),
            email: HOSTILE.into(),
        }],
    };
    vec![comment(0, None), comment(1, Some(AT))]
}

fn people() -> Vec<Person> {
    let person = |role: &Role| Person {
        id: Uuid::nil(),
        name: HOSTILE.into(),
        email: HOSTILE.into(),
        role: *role,
        in_team: true,
    };
    Role::ALL.iter().map(person).collect()
}

fn to_dos() -> Vec<ToDo> {
    let to_do = |id: u128, done_at| ToDo {
        id: Uuid::from_u128(id),
        application: Uuid::nil(),
        words: HOSTILE.into(),
        staff: Uuid::nil(),
        who: HOSTILE.into(),
        due_at: AT,
        done_at,
    };
    vec![to_do(0, None), to_do(1, Some(AT))]
}

fn mail() -> MailLine {
    MailLine {
        id: Uuid::nil(),
        event: MailEvent::ApplicationLetter,
        recipient: HOSTILE.into(),
        recipient_name: HOSTILE.into(),
        subject: HOSTILE.into(),
        created_at: AT,
        state: State::Sent,
        since: AT,
    }
}

fn twin(opening: u128) -> Twin {
    Twin {
        id: Uuid::from_u128(9),
        opening: Uuid::from_u128(opening),
        opening_title: HOSTILE.into(),
        name: HOSTILE.into(),
        email: HOSTILE.into(),
        state: ApplicationState::Active,
        submitted_at: Some(AT),
    }
}

fn forms(wrong: bool) -> Forms {
    let empty = Forms::new(Uuid::nil(), Uuid::nil(), AT);
    match wrong {
        false => empty,
        true => Forms {
            reversal: field("why"),
            rejection: field("reason"),
            comment: field("words"),
            file: field("file"),
            tag: field("tag"),
            to_do: ToDoFields {
                what: field("what"),
                staff: field("staff"),
                due: field("due"),
            },
            ..empty
        },
    }
}

#[test]
fn the_page_of_an_application() {
    let line = |who: Option<&str>| TrailLine {
        event: Event {
            at: AT,
            who: who.map(str::to_owned),
            what: HOSTILE.into(),
            detail: HOSTILE.into(),
        },
        duplicate: who.is_none(),
    };
    let visit = Visit {
        stage: Uuid::from_u128(1),
        entered_at: AT,
        left_at: Some(AT),
    };
    for shell in shells() {
        for (n, application) in applications().into_iter().enumerate() {
            for full in [false, true] {
                let sections = crate::screening_samples::sections();
                let some = usize::from(full);
                let owner = full.then(|| Owner {
                    id: Uuid::nil(),
                    name: HOSTILE.into(),
                });
                let application = Application {
                    owner,
                    ..application.clone()
                };
                let duplicate = Application {
                    id: Uuid::from_u128(8),
                    ..application.clone()
                };
                sound(ApplicationPage {
                    shell: shell.clone(),
                    now: AT,
                    opening: opening(OpeningState::Published),
                    stages: stages(),
                    steps: steps(&stages(), std::slice::from_ref(&visit), &application, AT),
                    evidence: evidence(application, full),
                    screening: sections[n % sections.len()].clone(),
                    merged: vec![evidence(duplicate, true); some],
                    twins: vec![twin(0), twin(1)].into_iter().take(some * 2).collect(),
                    team: vec![
                        Member {
                            id: Uuid::nil(),
                            name: HOSTILE.into(),
                            role: Role::Interviewer,
                        };
                        some
                    ],
                    people: people(),
                    comments: comments().into_iter().take(some * 2).collect(),
                    attachments: attachments().into_iter().take(some * 2).collect(),
                    to_dos: to_dos().into_iter().take(some * 2).collect(),
                    suggested: vec![HOSTILE.into(); some],
                    mails: vec![mail(); some],
                    trail: [None, Some(HOSTILE)]
                        .repeat(1 + some * 4)
                        .into_iter()
                        .map(line)
                        .collect(),
                    page_forms: forms(full),
                });
            }
        }
    }
}

fn template() -> LetterTemplate {
    LetterTemplate {
        id: Uuid::nil(),
        name: HOSTILE.into(),
        text: text(),
        change: Some((HOSTILE.into(), AT)),
    }
}

fn text() -> Text {
    Text {
        subject: HOSTILE.into(),
        body: format!("</textarea>{HOSTILE}"),
    }
}

#[test]
fn pages_of_letters() {
    let active = || applications().remove(1);
    for shell in shells() {
        for templates in [Vec::new(), vec![template()]] {
            sound(LetterPage {
                shell: shell.clone(),
                application: active(),
                opening: opening(OpeningState::Published),
                template: templates.first().map(|template| template.id),
                templates: templates.clone(),
                subject: field("subject"),
                body: field("body"),
                form_token: HOSTILE.into(),
            });
            sound(LetterTemplatesPage {
                shell: shell.clone(),
                templates,
            });
        }
        for sends in [false, true] {
            sound(LetterPreviewPage {
                shell: shell.clone(),
                application: active(),
                opening: opening(OpeningState::Published),
                company: HOSTILE.into(),
                filled: text(),
                text: text(),
                form_token: HOSTILE.into(),
                sends,
            });
            sound(LetterTemplatePage {
                shell: shell.clone(),
                id: sends.then(Uuid::nil),
                name: field("name"),
                subject: field("subject"),
                body: field("body"),
                form_token: HOSTILE.into(),
                preview: text(),
            });
        }
    }
}

#[test]
fn comments_and_duplicates() {
    for shell in shells() {
        sound(CommentPage {
            shell: shell.clone(),
            application: applications().remove(1),
            comment: comments().remove(0),
            people: people(),
            words: field("words"),
        });
        for error in [None, Some("Choose one.")] {
            sound(MergingPage {
                shell: shell.clone(),
                opening: opening(OpeningState::Published),
                stages: stages(),
                sides: vec![
                    evidence(applications().remove(1), true),
                    evidence(applications().remove(2), false),
                ],
                stays: error.is_none().then(Uuid::nil),
                error,
            });
        }
    }
}
