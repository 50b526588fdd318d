//! Every page in every state that it has.

use std::sync::Arc;

use askama::Template;
use halfopen::assessments::reading::{Reading, RunLine, Sitting};
use halfopen::assessments::{Fate, LogEntry, Variant};
use halfopen::clock::Timestamp;
use halfopen::grader::Language;
use halfopen::grader::verdict::{Band, Outcome, Rejection, Verdict};
use halfopen::jobs::Progress;
use halfopen::people::pages as people;
use halfopen::people::{Role, Staff};
use halfopen::submissions::comparison::{ComparisonPage, Pair, Side};
use halfopen::submissions::form::SubmissionFields;
use halfopen::submissions::laboratory::Laboratory as _;
use halfopen::submissions::pages as submissions;
use halfopen::submissions::regrading_pages as regradings;
use halfopen::submissions::regradings::{Regrading, differences};
use halfopen::submissions::verdict_page::VerdictPage;
use halfopen::submissions::{Program, Replayed, Standing, StoredVerdict, Strip, Submission, SubmissionLine};
use halfopen::ui::pages::ErrorPage;
use halfopen::ui::shell::Theme;
use halfopen::ui::{Field, Flash, Shell};
use uuid::Uuid;

use crate::support::html;
use crate::support::laboratory::{FakeLaboratory, graded, timeline};

const AT: Timestamp = Timestamp(1_795_186_327_000_000);
const HOSTILE: &str = "<script>alert(\"1\")</script> & 'quoted' \u{202e}right-to-left 🦀";

fn staff(role: Role) -> Staff {
    let name = HOSTILE.into();
    Staff {
        id: Uuid::nil(),
        email: "a@b".into(),
        name,
        role,
        active: true,
        has_password: true,
        created_at: AT,
    }
}

fn shells() -> Vec<Shell> {
    let shell = |theme, staff, flash| Shell {
        nonce: "nonce".into(),
        theme,
        staff,
        flash,
        path: "/people".into(),
    };
    vec![
        shell(Theme::System, None, None),
        shell(
            Theme::Dark,
            Some(Arc::new(staff(Role::Interviewer))),
            Some(Flash::bad(HOSTILE)),
        ),
        shell(
            Theme::Light,
            Some(Arc::new(staff(Role::Administrator))),
            Some(Flash::good("Done.")),
        ),
    ]
}

fn field(name: &'static str) -> Field {
    Field::new(name, "A label")
        .value(HOSTILE)
        .hint("a hint")
        .error(Some(HOSTILE))
}

fn verdicts() -> Vec<Verdict> {
    let verdict = |outcome| Verdict {
        challenge: "t".into(),
        edition: "e".into(),
        contract: 1,
        seed: 1,
        outcome,
    };
    vec![
        verdict(Outcome::Graded(Box::new(graded(|_| true)))),
        verdict(Outcome::Graded(Box::new(graded(|criterion| criterion.rule() != 8)))),
        verdict(Outcome::Rejected(Rejection {
            reason: HOSTILE.into(),
            line: Some(1),
            column: Some(2),
        })),
        verdict(Outcome::Rejected(Rejection {
            reason: "No export.".into(),
            line: None,
            column: None,
        })),
    ]
}

fn stored(verdict: Verdict, id: u128) -> StoredVerdict {
    StoredVerdict {
        id: Uuid::from_u128(id),
        verdict,
        recorded_at: AT,
    }
}

fn submission(verdict: Option<Verdict>) -> Submission {
    Submission {
        id: Uuid::nil(),
        challenge: "t".into(),
        title: HOSTILE.into(),
        program: Program {
            language: Language::TypeScript,
            source: HOSTILE.into(),
        },
        seed: u64::MAX,
        submitted_by: HOSTILE.into(),
        submitted_at: AT,
        verdict: verdict.map(|verdict| stored(verdict, 1)),
    }
}

fn progresses() -> [Progress; 3] {
    [Progress::Queued, Progress::Running, Progress::Failed(HOSTILE.into())]
}

#[track_caller]
fn sound(page: impl Template) {
    let html = page.render().expect("it renders");
    html::check(&html);
    assert!(!html.contains("<script>alert"), "what people write is escaped: {html}");
}

#[test]
fn pages_of_people() {
    for shell in shells() {
        for refusal in [None, Some(HOSTILE.to_owned())] {
            let next = HOSTILE.to_owned();
            sound(people::SignInPage {
                shell: shell.clone(),
                email: field("email"),
                password: field("password"),
                next,
                refusal: refusal.clone(),
            });
            for (active, has_password) in [(true, true), (true, false), (false, true)] {
                let person = Staff {
                    active,
                    has_password,
                    ..staff(Role::Recruiter)
                };
                sound(people::PersonPage {
                    shell: shell.clone(),
                    person: person.clone(),
                    link: refusal.clone(),
                    refusal: refusal.clone(),
                });
                sound(people::DeactivationPage {
                    shell: shell.clone(),
                    person,
                });
            }
        }
        sound(people::InvitationPage {
            shell: shell.clone(),
            name: HOSTILE.into(),
            email: HOSTILE.into(),
            password: field("password"),
        });
        for sessions in [1, 2] {
            let (current, password) = (field("current"), Field::new("password", "New"));
            sound(people::AccountPage {
                shell: shell.clone(),
                staff: staff(Role::Recruiter),
                current,
                password,
                sessions,
            });
        }
        let people = Role::ALL.map(staff).to_vec();
        let (name, email, role) = (field("name"), Field::new("email", "Email"), field("role"));
        sound(people::PeoplePage {
            shell: shell.clone(),
            people,
            name,
            email,
            role,
        });
        sound(ErrorPage {
            shell,
            title: HOSTILE.into(),
            advice: HOSTILE.into(),
            reference: "7K-PL-204".into(),
            at: AT,
        });
    }
}

#[test]
fn pages_of_coding_tests() {
    let test = FakeLaboratory::default().tests()[0].clone();
    for shell in shells() {
        sound(submissions::ChallengesPage {
            shell: shell.clone(),
            tests: vec![(test.clone(), 3)],
        });
        let blank = SubmissionFields::new("token");
        let bad = SubmissionFields {
            title: field("title"),
            source: field("source"),
            seed: field("seed"),
            ..blank.clone()
        };
        for fields in [blank, bad] {
            sound(submissions::ChallengePage {
                shell: shell.clone(),
                test: test.clone(),
                statement: "<p>So.</p>".into(),
                fields,
            });
        }
        for (filtered, standings) in [(false, vec![]), (true, vec![]), (false, standings())] {
            let line = |standing| SubmissionLine {
                id: Uuid::nil(),
                challenge: "t".into(),
                title: HOSTILE.into(),
                language: Language::JavaScript,
                submitted_by: HOSTILE.into(),
                submitted_at: AT,
                standing,
            };
            sound(submissions::SubmissionsPage {
                shell: shell.clone(),
                lines: standings.into_iter().map(line).collect(),
                q: Field::new("q", "Title").value(HOSTILE),
                band: Field::new("band", "Band").value("meets"),
                challenge: Field::new("challenge", "Coding test"),
                challenges: vec![("t".into(), HOSTILE.into())],
                filtered,
                newest: Some("/submissions".into()),
                older: None,
            });
        }
    }
}

fn standings() -> Vec<Standing> {
    let graded = Standing::Graded {
        band: Band::Meets,
        strip: Strip::from_text("+++++++++++-+"),
    };
    vec![Standing::Waiting, Standing::Failed, Standing::Rejected, graded]
}

fn replayed(console: Vec<String>) -> submissions::ReplayView {
    let timeline = timeline(HOSTILE, 3);
    Replayed { timeline, console }.into()
}

#[test]
fn pages_of_a_submission() {
    for shell in shells() {
        for progress in progresses() {
            sound(submissions::WaitingPage {
                shell: shell.clone(),
                submission: submission(None),
                progress,
            });
        }
        for verdict in verdicts() {
            for newer_edition in [None, Some("ed2".to_owned())] {
                let submission = submission(Some(verdict.clone()));
                let mut page = VerdictPage::new(shell.clone(), submission, verdict.clone());
                page.newer_edition = newer_edition;
                page.may_regrade = true;
                sound(page);
            }
        }
        for console in [None, Some(vec![]), Some(vec![HOSTILE.to_owned(); 500])] {
            let scenarios = vec![("storm".into(), HOSTILE.into())];
            let (scenario, seed) = (field("scenario"), field("seed"));
            sound(submissions::ReplayPage {
                shell: shell.clone(),
                submission: submission(None),
                scenario,
                seed,
                scenarios,
                run: console.map(replayed),
            });
        }
    }
}

fn sitting(variant: Variant, started: bool) -> Sitting {
    let at = started.then_some(AT);
    Sitting {
        assessment: Uuid::nil(),
        candidate: HOSTILE.into(),
        variant,
        minutes: 20,
        extra_percent: if started { 150 } else { 100 },
        started_at: at,
        ends_at: at,
        submitted_at: at,
    }
}

#[test]
fn pages_of_a_submission_by_a_candidate() {
    let run = |number, met| RunLine {
        number,
        ran_at: AT,
        met,
    };
    let entry = |fate| LogEntry {
        id: Uuid::nil(),
        proposed: HOSTILE.into(),
        fate,
        why: HOSTILE.into(),
        written_at: AT,
    };
    for mut verdict in verdicts() {
        verdict.challenge = "execute-with-retry".into();
        for (variant, started) in [
            (Variant::WithoutAi, false),
            (Variant::WithAi, false),
            (Variant::WithAi, true),
        ] {
            let (runs, log) = match started {
                true => (vec![run(1, None), run(2, Some((9, 11)))], Fate::ALL.map(entry).to_vec()),
                false => (Vec::new(), Vec::new()),
            };
            let reading = Reading::new(sitting(variant, started), runs, log, &verdict);
            let shell = shells().remove(1);
            let mut page = VerdictPage::new(shell, submission(Some(verdict.clone())), verdict.clone());
            page.reading = Some(reading);
            sound(page);
        }
    }
}

#[test]
fn pages_of_a_comparison() {
    let side = |verdict: Option<Verdict>, of_candidate: bool| {
        let sitting = of_candidate.then(|| sitting(Variant::WithAi, true));
        Side::new(submission(verdict), sitting)
    };
    let all = || verdicts().into_iter().map(Some).chain([None]);
    for shell in shells() {
        let page = |pair| ComparisonPage {
            shell: shell.clone(),
            submission: submission(None),
            with: field("with"),
            address: field("address"),
            choices: vec![("a".into(), HOSTILE.into())],
            pair,
        };
        sound(page(None));
        for left in all() {
            for right in all() {
                sound(page(Some(Pair::new(side(left.clone(), true), side(right, false)))));
            }
        }
    }
}

fn regrading(applied: bool) -> Regrading {
    Regrading {
        id: Uuid::nil(),
        submission: Uuid::nil(),
        requested_by: HOSTILE.into(),
        requested_at: AT,
        seed: 1,
        old_verdict: Uuid::from_u128(1),
        new_verdict: applied.then(|| Uuid::from_u128(2)),
        applied: applied.then(|| (HOSTILE.into(), AT)),
    }
}

#[test]
fn pages_of_a_regrading() {
    let test = FakeLaboratory::default().tests()[0].clone();
    for shell in shells() {
        for submission in [submission(None), submission(Some(verdicts().remove(0)))] {
            for regradings in [vec![], vec![regrading(false), regrading(true)]] {
                let (shell, submission, test) = (shell.clone(), submission.clone(), Some(test.clone()));
                sound(regradings::RegradingsPage {
                    shell,
                    submission,
                    test,
                    seed: field("seed"),
                    regradings,
                });
            }
        }
        for progress in progresses() {
            let (submission, regrading) = (submission(None), regrading(false));
            sound(regradings::RegradingPage {
                shell: shell.clone(),
                submission,
                regrading,
                progress,
                outcome: None,
            });
        }
        for old in verdicts() {
            for new in verdicts() {
                for (applied, applicable, new_id) in
                    [(false, true, 2), (false, false, 2), (false, false, 1), (true, false, 2)]
                {
                    let outcome = Some(regradings::Comparison {
                        differences: differences(&old, &new),
                        old: stored(old.clone(), 1),
                        new: stored(new.clone(), new_id),
                        applicable,
                    });
                    let (submission, regrading) = (submission(Some(old.clone())), regrading(applied));
                    let (shell, progress) = (shell.clone(), Progress::Running);
                    sound(regradings::RegradingPage {
                        shell,
                        submission,
                        regrading,
                        progress,
                        outcome,
                    });
                }
            }
        }
    }
}
