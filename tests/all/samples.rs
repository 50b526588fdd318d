//! Every page in every state that it has.

use std::sync::Arc;

use askama::Template;
use halfopen::assessments::invite_form::InviteFields;
use halfopen::assessments::inviting::Action;
use halfopen::assessments::reading::{Reading, RunLine, Sitting};
use halfopen::assessments::{self as assessments_room, Assessment, State as AssessmentState};
use halfopen::assessments::{Fate, LogEntry, Run, RunReport, Variant};
use halfopen::assessments::{pages as assessment_pages, views};
use halfopen::clock::Timestamp;
use halfopen::grader::verdict::{Band, Criterion, Outcome, Rejection, Verdict};
use halfopen::grader::{Language, Printed};
use halfopen::jobs::Progress;
use halfopen::mail::pages::{MailPage, MailboxPage};
use halfopen::mail::store::Change;
use halfopen::mail::template_pages::{TemplatePage, TemplatesPage};
use halfopen::mail::texts::Text;
use halfopen::mail::{Event, Mail, MailLine, State};
use halfopen::people::account_pages::AccountPage;
use halfopen::people::pages as people;
use halfopen::people::second_factor::{Picture, pages as second_factor};
use halfopen::people::sessions::Session;
use halfopen::people::sign_in_pages as entrance;
use halfopen::people::{Role, Staff};
use halfopen::roles::difference::Difference;
use halfopen::roles::draft::{Draft, Leftover};
use halfopen::roles::draft_pages::{Concern, DiscardPage, DraftPage, LeftoverPage};
use halfopen::roles::edit::Typed;
use halfopen::roles::edit_pages::EditPage;
use halfopen::roles::kit::Kit;
use halfopen::roles::reading::Reading as KitReading;
use halfopen::roles::{self, Change as KitChange, KitLine, KitRecord, Version};
use halfopen::roles::{pages as kits, version_pages as kit_versions};
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
use halfopen::ui::{Field, Flash, Shell, plots};
use uuid::Uuid;

use crate::support::html;
use crate::support::laboratory::{FakeLaboratory, graded, timeline};

pub const AT: Timestamp = Timestamp(1_795_186_327_000_000);
pub const HOSTILE: &str = "<script>alert(\"1\")</script> & 'quoted' \u{202e}right-to-left 🦀";

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

pub fn shells() -> Vec<Shell> {
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

pub fn field(name: &'static str) -> Field {
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
pub fn sound(page: impl Template) {
    let html = page.render().expect("it renders");
    html::check(&html);
    assert!(!html.contains("<script>alert"), "what people write is escaped: {html}");
}

/// The step after the password, and the pages on which it is set up.
fn second_factors(shell: &Shell, recovery_codes: i64) {
    let recovery = recovery_codes == 0;
    sound(entrance::CodePage {
        shell: shell.clone(),
        code: field("code"),
        recovery,
    });
    sound(second_factor::RecoveryCodesPage {
        shell: shell.clone(),
        codes: vec!["10ab-cdef-ghjk-mnpq".into(); 10],
        first: recovery,
    });
    let key = |picture| second_factor::Standing::Key {
        groups: "ABCD EFGH".into(),
        address: "otpauth://totp/Halfopen:a?secret=ABCDEFGH&issuer=Halfopen".into(),
        picture,
    };
    let on = second_factor::Standing::On {
        since: AT,
        recovery_codes,
    };
    for standing in [second_factor::Standing::Off, key(None), key(Picture::of("otpauth")), on] {
        for required in [false, true] {
            sound(second_factor::SecondFactorPage {
                shell: shell.clone(),
                standing: standing.clone(),
                required,
                code: field("code"),
                for_codes: field("for_codes"),
                for_removal: field("for_removal"),
            });
        }
    }
}

#[test]
fn pages_of_people() {
    for shell in shells() {
        for refusal in [None, Some(HOSTILE.to_owned())] {
            let next = HOSTILE.to_owned();
            sound(entrance::SignInPage {
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
                    sessions: i64::from(active) + i64::from(has_password),
                    second_factor_since: active.then_some(AT),
                });
                sound(people::DeactivationPage {
                    shell: shell.clone(),
                    person,
                });
            }
        }
        sound(entrance::InvitationPage {
            shell: shell.clone(),
            name: HOSTILE.into(),
            email: HOSTILE.into(),
            password: field("password"),
        });
        for recovery_codes in [0, 1, 10] {
            let (current, password) = (field("current"), Field::new("password", "New"));
            let session = |n: u32, device: &str| Session {
                id: format!("{n}"),
                device: device.into(),
                address: "2001:db8::1".into(),
                since: AT,
                seen_at: AT,
                here: n == 0,
            };
            sound(AccountPage {
                shell: shell.clone(),
                staff: staff(Role::Recruiter),
                current,
                password,
                sessions: [HOSTILE, "", "Firefox on Linux"][..=usize::from(recovery_codes > 0)]
                    .iter()
                    .zip(0..)
                    .map(|(device, n)| session(n, device))
                    .collect(),
                second_factor_since: (recovery_codes < 10).then_some(AT),
                recovery_codes,
            });
            second_factors(&shell, recovery_codes);
        }
        let people = Role::ALL.map(staff).to_vec();
        let (name, email, role) = (field("name"), Field::new("email", "Email"), field("role"));
        sound(people::PeoplePage {
            shell: shell.clone(),
            people,
            secured: [Uuid::nil()].into(),
            second_factor_required: shell.staff.is_some(),
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

fn mail(state: State, failure: Option<&str>, copied: bool) -> Mail {
    Mail {
        id: Uuid::nil(),
        event: Event::Invitation,
        recipient: HOSTILE.into(),
        recipient_name: HOSTILE.into(),
        sender_name: HOSTILE.into(),
        subject: HOSTILE.into(),
        body: format!("{HOSTILE}\n\n{HOSTILE}"),
        about: None,
        created_at: AT,
        state,
        since: AT,
        attempts: u32::from(copied),
        next_at: AT,
        failure: failure.map(str::to_owned),
        message_id: HOSTILE.into(),
        copy_of: copied.then(Uuid::nil),
        copy: copied.then(Uuid::nil),
    }
}

#[test]
fn pages_of_mail() {
    for shell in shells() {
        for (state, failure, copied) in State::ALL.into_iter().flat_map(|state| {
            [
                (state, None, false),
                (state, Some(HOSTILE), true),
                (state, Some(HOSTILE), false),
            ]
        }) {
            sound(MailPage {
                shell: shell.clone(),
                mail: mail(state, failure, copied),
                now: AT,
            });
        }
        let line = |state| MailLine {
            id: Uuid::nil(),
            event: Event::Receipt,
            recipient: HOSTILE.into(),
            recipient_name: HOSTILE.into(),
            subject: HOSTILE.into(),
            created_at: AT,
            state,
            since: AT,
        };
        for (sends, filtered, states) in [(true, true, &[][..]), (false, false, &[]), (true, false, &State::ALL)] {
            for newest in [None, Some("/mail".to_owned())] {
                sound(MailboxPage {
                    shell: shell.clone(),
                    lines: states.iter().copied().map(line).collect(),
                    now: AT,
                    sends,
                    q: Field::new("q", "Words").value(HOSTILE),
                    state: Field::new("state", "State").value("failed"),
                    filtered,
                    newest,
                    older: sends.then(|| "/mail?before=1".into()),
                });
            }
        }
        for company in [Field::new("company", "Name").value(HOSTILE), field("company")] {
            sound(TemplatesPage {
                shell: shell.clone(),
                texts: Event::ALL
                    .map(|event| (event, change(event == Event::Receipt)))
                    .to_vec(),
                company,
            });
        }
        for event in Event::ALL {
            for (subject, body) in [
                (field("subject"), field("body")),
                (
                    Field::new("subject", "Subject"),
                    Field::new("body", "Text").value("\nSecond line"),
                ),
            ] {
                let preview = Text {
                    subject: HOSTILE.into(),
                    body: HOSTILE.into(),
                };
                sound(TemplatePage {
                    shell: shell.clone(),
                    event,
                    change: change(event == Event::Reminder),
                    subject,
                    body,
                    preview,
                });
            }
        }
    }
}

fn change(changed: bool) -> Option<Change> {
    changed.then(|| Change {
        by: HOSTILE.into(),
        at: AT,
    })
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

fn assessments() -> Vec<Assessment> {
    let given = |started: bool, ended: bool, closed: bool| Assessment {
        id: Uuid::nil(),
        candidate: HOSTILE.into(),
        email: HOSTILE.into(),
        challenge: HOSTILE.into(),
        variant: Variant::WithAi,
        minutes: 20,
        extra_percent: 150,
        deadline: AT,
        shared: ended,
        link: (!closed).then(|| HOSTILE.into()),
        invited_by: HOSTILE.into(),
        invited_at: AT,
        opened_at: started.then_some(AT),
        started_at: started.then_some(AT),
        ends_at: started.then_some(AT),
        submitted_at: ended.then_some(AT),
        withdrawn_at: closed.then_some(AT),
        submission: ended.then(Uuid::nil),
    };
    vec![
        given(false, false, false),
        given(true, false, false),
        given(true, true, false),
        given(true, false, true),
    ]
}

#[test]
fn pages_about_assessments() {
    for shell in shells() {
        for lines in [Vec::new(), assessments()] {
            for filtered in [false, true] {
                sound(assessment_pages::AssessmentsPage {
                    shell: shell.clone(),
                    now: AT,
                    who: field("who"),
                    state: field("state"),
                    variant: field("variant"),
                    counts: vec![(AssessmentState::Started, 3)],
                    filtered,
                    lines: lines.clone(),
                    newest: filtered.then(|| "/assessments".into()),
                    older: filtered.then(|| "/assessments?before=x".into()),
                });
            }
        }
        sound(assessment_pages::InvitePage {
            shell: shell.clone(),
            fields: InviteFields::new(HOSTILE.into(), 20, AT),
            tests: FakeLaboratory::default().tests().to_vec(),
            action: "/assessments".into(),
            back: "/assessments".into(),
        });
        for action in Action::ALL {
            for (chosen, skipped) in [(assessments(), Vec::new()), (Vec::new(), assessments())] {
                sound(assessment_pages::ChangePage {
                    shell: shell.clone(),
                    action,
                    chosen,
                    skipped: skipped.into_iter().map(|one| (one, "under way")).collect(),
                    deadline: field("deadline"),
                    extra: field("extra"),
                });
            }
        }
        for assessment in assessments() {
            let run = |met| assessments_room::RunLine {
                number: 1,
                ran_at: AT,
                met,
            };
            sound(assessment_pages::AssessmentPage {
                shell: shell.clone(),
                now: AT,
                test: FakeLaboratory::default().tests().first().cloned(),
                address: assessment.link.clone(),
                runs: vec![run(None), run(Some((1, 2)))],
                log: log(),
                mails: Vec::new(),
                assessment,
            });
        }
    }
}

#[test]
fn pages_of_kits() {
    for shell in shells() {
        for kit in [Kit::titled(HOSTILE), hostile_kit()] {
            for (published, draft) in [(0, true), (3, true), (3, false)] {
                let record = kit_record(published, draft.then(|| kit_draft(&kit)));
                reads_of_a_kit(&shell, &record, &kit);
                drafts_of_a_kit(&shell, &record, &kit);
            }
        }
        for lines in [Vec::new(), vec![kit_line(None), kit_line(Some(hostile_kit()))]] {
            for (archived, filtered) in [(false, false), (true, false), (false, true)] {
                sound(kits::KitsPage {
                    shell: shell.clone(),
                    lines: lines.clone(),
                    title: field("title"),
                    archived,
                    in_archive: 2,
                    filtered,
                    first: Some("/kits?title=%3C".into()),
                    next: Some("/kits?title=%3E".into()),
                });
            }
        }
        sound(kits::NewKitPage {
            shell: shell.clone(),
            text: field("text"),
            title: field("title"),
            form_token: HOSTILE.into(),
        });
    }
}

/// A kit with something hostile in every field: the shipped one, with each of its texts replaced.
pub fn hostile_kit() -> Kit {
    let shipped = roles::format::read_kit(roles::shipped::KITS[0].1).expect("it ships");
    let mut document = serde_json::to_value(shipped).expect("a document");
    replace_texts(&mut document);
    serde_json::from_value(document).expect("a kit")
}

fn replace_texts(value: &mut serde_json::Value) {
    match value {
        // What a decision may be is fixed.
        serde_json::Value::String(text) if !["qualifies", "declines", "review"].contains(&text.as_str()) => {
            *text = HOSTILE.into();
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(replace_texts),
        serde_json::Value::Object(members) => members.values_mut().for_each(replace_texts),
        _ => {}
    }
}

fn kit_draft(kit: &Kit) -> Draft {
    Draft {
        kit: kit.clone(),
        leftovers: vec![Leftover {
            line: 7,
            text: HOSTILE.into(),
            before: HOSTILE.into(),
            after: String::new(),
        }],
        announced: roles::lint::lint_kit(kit),
    }
}

fn kit_record(published: u32, draft: Option<Draft>) -> KitRecord {
    KitRecord {
        id: Uuid::nil(),
        title: HOSTILE.into(),
        archived: published > 0 && draft.is_none(),
        published,
        draft,
        revision: 4,
        editor: Some(HOSTILE.into()),
        changed_at: AT,
    }
}

fn kit_line(kit: Option<Kit>) -> KitLine {
    KitLine {
        id: Uuid::nil(),
        title: HOSTILE.into(),
        published: u32::from(kit.is_some()),
        in_draft: true,
        shipped: kit.is_some(),
        editor: kit.is_none().then(|| HOSTILE.into()),
        changed_at: AT,
        kit,
    }
}

fn kit_version(number: u32) -> Version {
    Version {
        number,
        note: if number == 1 { String::new() } else { HOSTILE.into() },
        publisher: (number > 1).then(|| HOSTILE.into()),
        published_at: AT,
    }
}

fn reads_of_a_kit(shell: &Shell, record: &KitRecord, kit: &Kit) {
    for reader in ["", "recruiter", "round-0", "candidate"] {
        for level in ["", HOSTILE] {
            let reading = || KitReading::new(kit.clone(), "/kits/1".into(), reader, level);
            sound(kits::KitPage {
                shell: shell.clone(),
                record: record.clone(),
                about: (record.published > 0).then(|| kit_version(1)),
                reading: reading(),
            });
            sound(kit_versions::VersionPage {
                shell: shell.clone(),
                record: record.clone(),
                version: kit_version(2),
                reading: reading(),
            });
        }
    }
    let versions = vec![kit_version(2), kit_version(1)];
    let before = Kit::titled("Before");
    sound(kit_versions::ComparisonPage {
        shell: shell.clone(),
        record: record.clone(),
        versions: versions.clone(),
        from: 1,
        to: 2,
        difference: Difference::between(&before, kit),
    });
    for versions in [Vec::new(), versions] {
        sound(kit_versions::VersionsPage {
            shell: shell.clone(),
            record: record.clone(),
            versions,
        });
    }
}

fn drafts_of_a_kit(shell: &Shell, record: &KitRecord, kit: &Kit) {
    let last = KitChange {
        revision: 4,
        what: HOSTILE.into(),
        editor: HOSTILE.into(),
        changed_at: AT,
    };
    for last in [None, Some(last)] {
        sound(DraftPage::new(shell.clone(), record.clone(), kit_draft(kit), last));
    }
    for difference in [
        None,
        Some(Difference::default()),
        Some(Difference::between(&hostile_kit(), kit)),
    ] {
        for leftovers in [Vec::new(), kit_draft(kit).leftovers] {
            let draft = Draft {
                leftovers,
                ..kit_draft(kit)
            };
            sound(kit_versions::PublicationPage {
                shell: shell.clone(),
                record: record.clone(),
                concerns: 2,
                faults: Concern::faults(record.id, kit),
                draft,
                difference: difference.clone(),
                trials: Some(crate::opening_samples::trials()),
                note: field("note"),
            });
        }
    }
    sound(LeftoverPage {
        shell: shell.clone(),
        record: record.clone(),
        leftover: kit_draft(kit).leftovers[0].clone(),
        targets: kit_draft(kit).targets(),
        error: Some("Choose."),
    });
    sound(DiscardPage {
        shell: shell.clone(),
        record: record.clone(),
    });
    for part in roles::parts::PARTS.iter().chain([&roles::parts::ABOUT]) {
        let items = roles::draft::items(kit, part);
        let typed = items.first().map(|item| Typed::of(part, item)).unwrap_or_default();
        let errors = part
            .fields
            .iter()
            .map(|field| (field.key.to_owned(), HOSTILE.to_owned()))
            .collect();
        sound(EditPage {
            shell: shell.clone(),
            record: record.clone(),
            part,
            at: (!items.is_empty()).then_some(0),
            count: items.len(),
            was: HOSTILE.into(),
            fields: typed.fields(part, kit, &errors),
            gone: items.is_empty(),
        });
    }
}
