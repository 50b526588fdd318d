//! Every page in every state that it has.

use std::sync::Arc;

use askama::Template;
use halfopen::assessments::views;
use halfopen::assessments::{Fate, LogEntry, Printed, Run, RunReport, Variant};
use halfopen::clock::Timestamp;
use halfopen::grader::Language;
use halfopen::grader::verdict::{Band, Criterion, Outcome, Rejection, Verdict};
use halfopen::jobs::Progress;
use halfopen::people::pages as people;
use halfopen::people::{Role, Staff};
use halfopen::submissions::form::SubmissionFields;
use halfopen::submissions::laboratory::Laboratory as _;
use halfopen::submissions::pages as submissions;
use halfopen::submissions::regrading_pages as regradings;
use halfopen::submissions::regradings::{Regrading, differences};
use halfopen::submissions::verdict_page::VerdictPage;
use halfopen::submissions::{Program, Standing, StoredVerdict, Strip, Submission, SubmissionLine};
use halfopen::ui::pages::ErrorPage;
use halfopen::ui::plots;
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
        for drawn in [None, Some(timeline("storm", 3))] {
            let scenarios = vec![("storm".into(), HOSTILE.into())];
            let (scenario, seed) = (field("scenario"), field("seed"));
            sound(submissions::ReplayPage {
                shell: shell.clone(),
                submission: submission(None),
                scenario,
                seed,
                scenarios,
                figure: drawn.map(|timeline| (HOSTILE.to_owned(), plots::timeline(&timeline))),
            });
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

fn sittings() -> Vec<views::Sitting> {
    let sitting = |variant, extra| views::Sitting {
        link: "a-link".into(),
        candidate: HOSTILE.into(),
        title: HOSTILE.into(),
        company: HOSTILE.into(),
        variant,
        minutes: 20,
        extra,
        deadline: AT,
    };
    vec![sitting(Variant::WithoutAi, false), sitting(Variant::WithAi, true)]
}

fn runs() -> Vec<Run> {
    let run = |verdict| Run {
        number: 1,
        program: Program {
            language: Language::TypeScript,
            source: HOSTILE.into(),
        },
        report: RunReport {
            verdict,
            console: vec![Printed {
                scenario: HOSTILE.into(),
                lines: vec![HOSTILE.into(); 201],
            }],
            took_ms: 1,
        },
        ran_at: AT,
    };
    verdicts().into_iter().map(run).collect()
}

fn log() -> Vec<LogEntry> {
    let entry = |fate| LogEntry {
        id: Uuid::nil(),
        proposed: HOSTILE.into(),
        fate,
        why: HOSTILE.into(),
        written_at: AT,
    };
    Fate::ALL.map(entry).to_vec()
}

fn log_forms() -> [views::LogForm; 2] {
    let bad = views::LogForm {
        proposed: field("proposed"),
        fate: field("fate"),
        why: field("why"),
    };
    [views::LogForm::empty(), bad]
}

#[test]
fn pages_around_a_candidates_test() {
    for shell in shells() {
        for sitting in sittings() {
            sound(views::WelcomePage {
                shell: shell.clone(),
                sitting: sitting.clone(),
            });
            sound(views::StartPage {
                shell: shell.clone(),
                sitting: sitting.clone(),
            });
            for log_entries in 0..3 {
                sound(views::ConfirmPage {
                    shell: shell.clone(),
                    sitting: sitting.clone(),
                    lines: log_entries,
                    language: Language::JavaScript,
                    seconds_left: 59,
                    ends_at: AT,
                    saved_at: AT,
                    log_entries,
                    tab: HOSTILE.into(),
                });
            }
            for run in runs() {
                sound(views::ResultPage {
                    shell: shell.clone(),
                    sitting: sitting.clone(),
                    band: Some(Band::Exceeds),
                    submitted_at: AT,
                    run,
                });
            }
            for (by_deadline, result, log) in [
                (false, None, vec![]),
                (true, Some(views::ResultLink::Grading), log()),
                (false, Some(views::ResultLink::Ready), log()),
            ] {
                sound(views::DonePage {
                    shell: shell.clone(),
                    sitting: sitting.clone(),
                    submitted_at: AT,
                    by_deadline,
                    source: format!("{HOSTILE}\n").repeat(700),
                    language: Language::TypeScript,
                    lines: 700,
                    log,
                    result,
                });
            }
        }
        for why in [views::Closed::Expired, views::Closed::Withdrawn, views::Closed::Unknown] {
            for sitting in [None, Some(sittings().remove(0))] {
                let shell = shell.clone();
                sound(views::ClosedPage { shell, sitting, why });
            }
        }
    }
}

#[test]
fn pages_of_a_rehearsal() {
    for shell in shells() {
        let problem = |line, column| views::Problem {
            text: HOSTILE.into(),
            line,
            column,
        };
        for problem in [
            None,
            Some(problem(None, None)),
            Some(problem(Some(1), None)),
            Some(problem(Some(1), Some(2))),
        ] {
            let figure = problem.is_none().then(|| plots::timeline(&timeline("storm", 3)));
            for run in [
                None,
                Some(views::RehearsalRun {
                    figure,
                    console: vec![HOSTILE.into()],
                    problem,
                }),
            ] {
                sound(views::RehearsalPage {
                    shell: shell.clone(),
                    sitting: sittings().remove(1),
                    source: field("source"),
                    language: Field::new("language", "Language").value("typescript"),
                    run,
                });
            }
        }
    }
}

#[test]
fn pages_of_a_candidate_at_work() {
    let notices = [
        None,
        Some(views::Notice::AnotherTab),
        Some(views::Notice::TooLarge { bytes: 300_000 }),
        Some(views::Notice::Busy),
        Some(views::Notice::Refused(HOSTILE.into())),
    ];
    for shell in shells() {
        for (sitting, form) in sittings().into_iter().zip(log_forms()) {
            let states = runs().into_iter().map(Some).chain([None]).zip(notices.clone());
            for (run, notice) in states {
                sound(views::WorkPage {
                    shell: shell.clone(),
                    sitting: sitting.clone(),
                    statement: "<p>So.</p>".into(),
                    source: field("source"),
                    language: Language::TypeScript,
                    starter_js: HOSTILE.into(),
                    starter_ts: HOSTILE.into(),
                    tab: HOSTILE.into(),
                    saved_at: AT,
                    seconds_left: 1130,
                    ends_at: AT,
                    run,
                    runs: 1,
                    public: Criterion::ALL[..7].to_vec(),
                    log: log(),
                    log_form: form.clone(),
                    notice,
                });
            }
            let (shell, entry) = (shell.clone(), log().remove(0));
            sound(views::EntryPage {
                shell,
                sitting,
                entry,
                form,
            });
        }
    }
}
