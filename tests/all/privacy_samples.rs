//! The pages of privacy, of the audit log and of imports, in every state that they have.

use halfopen::audit::pages::{AuditLine, AuditPage};
use halfopen::audit::{Head, Record};
use halfopen::hiring::importing::pages::{ChoosePage, PreviewPage};
use halfopen::hiring::importing::{Person, Row};
use halfopen::hiring::{ApplicationState, OpeningState};
use halfopen::privacy::certificate_pages::CertificatePage;
use halfopen::privacy::erasure_pages::ErasurePage;
use halfopen::privacy::pages::PrivacyPage;
use halfopen::privacy::retention::Forecast;
use halfopen::privacy::retention_pages::RetentionPage;
use halfopen::privacy::store::Line;
use halfopen::privacy::test_erasure_pages::TestErasurePage;
use halfopen::privacy::test_retention_pages::TestRetentionPage;
use halfopen::privacy::test_store::TestLine;
use halfopen::privacy::{Cause, Certificate};
use uuid::Uuid;

use crate::application_samples::{applications, assessment, opening, stages};
use crate::samples::{AT, HOSTILE, field, shells, sound};

fn line(state: ApplicationState) -> Line {
    Line {
        id: Uuid::nil(),
        opening: Uuid::nil(),
        opening_title: HOSTILE.into(),
        name: HOSTILE.into(),
        state,
        at: AT,
    }
}

fn certificates() -> Vec<Certificate> {
    let certificate = |cause: &Cause| Certificate {
        id: Uuid::nil(),
        subject: Uuid::nil(),
        opening: (*cause != Cause::Period).then(Uuid::nil),
        opening_title: HOSTILE.into(),
        cause: *cause,
        by: None,
        by_name: (*cause != Cause::Period).then(|| HOSTILE.into()),
        begun_at: AT,
        asked_at: (*cause == Cause::Request).then_some(AT),
        erased_at: (*cause != Cause::Decision).then_some(AT),
        counts: vec![
            ("applications".into(), 1),
            ("mails".into(), 3),
            ("stage_visits".into(), 2),
        ],
    };
    Cause::ALL.iter().map(certificate).collect()
}

fn record(subject: &str, detail: &str) -> Record {
    Record {
        seq: 7,
        at: AT,
        actor: HOSTILE.into(),
        what: HOSTILE.into(),
        subject: subject.into(),
        detail: detail.into(),
        previous: "before".into(),
        hash: "hash".into(),
    }
}

#[test]
fn pages_of_privacy() {
    for shell in shells() {
        for empty in [true, false] {
            let lines = |state| if empty { Vec::new() } else { vec![line(state)] };
            sound(PrivacyPage {
                shell: shell.clone(),
                now: AT.plus(std::time::Duration::from_secs(31 * 86_400)),
                going: if empty {
                    Vec::new()
                } else {
                    vec![(Uuid::nil(), HOSTILE.into(), 3)]
                },
                asked: lines(ApplicationState::Active),
                overdue: lines(ApplicationState::Active),
                certificates: if empty { Vec::new() } else { certificates() },
                test_months: 6,
                newest: empty,
                older: (!empty).then(Uuid::nil),
            });
            for months in [6, 1] {
                let parts = vec![("Now", if empty { 0 } else { 2 }, i64::from(!empty)), ("Later", 0, 0)];
                sound(RetentionPage {
                    shell: shell.clone(),
                    opening: opening(OpeningState::Closed),
                    months: field("months"),
                    shown: months,
                    forecast: Forecast { parts },
                    going: lines(ApplicationState::Rejected),
                });
            }
        }
        for empty in [true, false] {
            for kept in [6, 1] {
                let line = TestLine {
                    id: Uuid::nil(),
                    candidate: HOSTILE.into(),
                    challenge: HOSTILE.into(),
                    invited_at: AT,
                };
                sound(TestRetentionPage {
                    shell: shell.clone(),
                    kept,
                    months: field("months"),
                    shown: 1,
                    forecast: Forecast {
                        parts: vec![("Now", if empty { 0 } else { 2 }, i64::from(!empty))],
                    },
                    going: if empty { Vec::new() } else { vec![line] },
                });
            }
            for others in 0..3 {
                sound(TestErasurePage {
                    shell: shell.clone(),
                    now: AT,
                    assessment: assessment(),
                    others,
                    word: field("word"),
                });
            }
        }
        for certificate in certificates() {
            for row in [None, Some(record("application 1", "certificate 1 hash"))] {
                sound(CertificatePage {
                    shell: shell.clone(),
                    certificate: certificate.clone(),
                    row,
                });
            }
        }
        for application in applications() {
            for duplicates in 0..3 {
                sound(ErasurePage {
                    shell: shell.clone(),
                    application: application.clone(),
                    opening: opening(OpeningState::Published),
                    duplicates,
                    tests: 2 - duplicates,
                    word: field("word"),
                });
            }
        }
    }
}

#[test]
fn pages_of_the_audit_log() {
    let row = |subject: &str, detail: &str, url: Option<&str>| AuditLine {
        record: record(subject, detail),
        who: HOSTILE.into(),
        url: url.map(str::to_owned),
    };
    for shell in shells() {
        for (rows, filtered) in [
            (Vec::new(), false),
            (Vec::new(), true),
            (
                vec![
                    row(HOSTILE, HOSTILE, None),
                    row("job 1", "event 1 hash", Some("/openings/1")),
                ],
                false,
            ),
        ] {
            sound(AuditPage {
                shell: shell.clone(),
                actor: field("actor"),
                actors: vec![(String::new(), "Everybody".into()), (HOSTILE.into(), HOSTILE.into())],
                subject: field("subject"),
                filtered,
                newest: (!filtered).then(|| "/audit".into()),
                older: (!rows.is_empty()).then(|| "/audit?before=7".into()),
                rows,
                end: Head {
                    seq: 7,
                    hash: "hash".into(),
                },
            });
        }
    }
}

#[test]
fn pages_of_imports() {
    let person = Person {
        name: HOSTILE.into(),
        email: HOSTILE.into(),
        phone: "1".into(),
        source: "other",
        source_detail: HOSTILE.into(),
        stage: Uuid::from_u128(1),
        applied: AT,
        note: HOSTILE.into(),
    };
    let row = |read| Row {
        line: 2,
        cells: vec![HOSTILE.into(), String::new()],
        read,
    };
    for shell in shells() {
        sound(ChoosePage {
            shell: shell.clone(),
            opening: opening(OpeningState::Published),
            stages: stages(),
            text: field("text"),
            file: field("file"),
        });
        for (wrong, right) in [(0, 1), (1, 0), (201, 201)] {
            sound(PreviewPage {
                shell: shell.clone(),
                opening: opening(OpeningState::Published),
                stages: stages(),
                text: format!("name,email\n{HOSTILE}"),
                form_token: Uuid::nil(),
                header: vec![HOSTILE.into()],
                unknown: (0..wrong.min(2)).map(|_| HOSTILE.into()).collect(),
                wrong: vec![row(Err(vec![HOSTILE.into(), HOSTILE.into()])); wrong],
                right: vec![row(Ok(person.clone())); right],
            });
        }
    }
}
