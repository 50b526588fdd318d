//! Every route, as people who hire for another job: what belongs to a job of which they are not in the team is not there.
//!
//! A new route falls under this by itself. Where it has a parameter, or takes a form, that the tables below do not know, the
//! test says so.

use axum::body::Body;
use axum::http::{Method, Request};
use halfopen::assessments::taking::{self, Typed};
use halfopen::assessments::{Assessment, sight, store as assessments};
use halfopen::error::AppError;
use halfopen::grader::Language;
use halfopen::hiring::access;
use halfopen::hiring::applications::{placing, store as applications};
use halfopen::hiring::openings::store as openings;
use halfopen::hiring::screening::{Outcome, Rule, Settings, reading, store as screening};
use halfopen::people::{Role, Staff, store as people};
use halfopen::routes::{Access, Route, map};
use halfopen::submissions::regradings;
use uuid::Uuid;

use crate::support::hiring::{self, Job};
use crate::support::{Browser, PASSWORD, TestApp, browser::urlencoded};

const OUTSIDERS: [(Role, &str); 2] = [
    (Role::HiringManager, "manager@second.example"),
    (Role::Interviewer, "interviewer@second.example"),
];
const TITLE: &str = "A job of the first team";
const CANDIDATE: &str = "Candidate of the first team";

/// What `{id}` names in addresses that begin so.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Opening,
    Application,
    /// The coding test that was given for the application.
    Assessment,
    /// The program that was handed in with it.
    Submission,
    /// What somebody of the team reads.
    Screening,
    /// Not of one job: who may see these is for `roles` to say.
    NoJob,
}

const BEGINNINGS: [(&str, Of); 13] = [
    ("/openings/", Of::Opening),
    ("/applications/", Of::Application),
    ("/assessments/", Of::Assessment),
    ("/submissions/", Of::Submission),
    ("/screenings/", Of::Screening),
    ("/account/", Of::NoJob),
    ("/banks/", Of::NoJob),
    ("/challenges/", Of::NoJob),
    ("/kits/", Of::NoJob),
    ("/mail/", Of::NoJob),
    ("/people/", Of::NoJob),
    ("/privacy/", Of::NoJob),
    ("/reports/", Of::NoJob),
];

/// Something for every field without which a form is not understood.
const FIELDS: [(&str, &str); 8] = [
    ("application", "{other}"),
    ("from", "{stage}"),
    ("to", "{stage}"),
    ("stage", "{stage}"),
    ("at", "1"),
    ("moves", "0"),
    ("duplicate", "{other}"),
    ("form_token", "{other}"),
];

/// Where there is nothing to see, even for the team: nobody has sent a file or a video, or written a
/// comment.
const EMPTY: [&str; 6] = [
    "/applications/{id}/attachments/{attachment}",
    "/applications/{id}/videos/{number}",
    "/applications/{id}/files/{file}",
    "/applications/{id}/videos/{number}/recording",
    "/applications/{id}/comments/{comment}",
    "/applications/{id}/merge/{other}",
];

struct First {
    job: Job,
    application: Uuid,
    assessment: Uuid,
    submission: Uuid,
    regrading: Uuid,
    screening: Uuid,
    /// Of the team.
    manager: Browser,
}

impl First {
    fn of(&self, route: &Route) -> Of {
        let known = BEGINNINGS
            .iter()
            .find(|(beginning, _)| route.path.starts_with(beginning));
        known
            .unwrap_or_else(|| panic!("say in BEGINNINGS what {} is about", route.path))
            .1
    }

    fn filled(&self, text: &str, id: Uuid) -> String {
        let filled = text
            .replace("{id}", &id.to_string())
            .replace("{stage}", &self.job.stages[1].to_string())
            .replace("{regrading}", &self.regrading.to_string())
            .replace("{number}", "1");
        let unknown = [
            "{act}",
            "{attachment}",
            "{comment}",
            "{file}",
            "{note}",
            "{other}",
            "{to_do}",
            "{view}",
        ];
        let filled = unknown
            .iter()
            .fold(filled, |text, name| text.replace(name, &self.application.to_string()));
        assert!(
            !filled.contains('{'),
            "say in `filled` what stands for the parameters of {text}"
        );
        filled
    }

    fn request(&self, route: &Route) -> Option<Request<Body>> {
        let id = match self.of(route) {
            Of::Opening => self.job.id,
            Of::Application => self.application,
            Of::Assessment => self.assessment,
            Of::Submission => self.submission,
            Of::Screening => self.screening,
            Of::NoJob => return None,
        };
        let fields = FIELDS.map(|(name, value)| (name.to_owned(), self.filled(value, id)));
        let body = if route.method == Method::POST {
            urlencoded(&fields)
        } else {
            String::new()
        };
        let request = Request::builder()
            .method(&route.method)
            .uri(self.filled(route.path, id))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        Some(request.body(Body::from(body)).unwrap())
    }
}

/// A job with an application, which somebody of the team reads, and a coding test for it, handed in and graded twice.
async fn first(test: &TestApp) -> First {
    let job = hiring::job(test, TITLE, 0).await;
    let (application, _) = hiring::application(test, &job, CANDIDATE).await;
    let manager = member(test, &job, Role::HiringManager, "manager@first.example").await;
    let staff = person(test, "manager@first.example").await;
    let (found, opening) = access::application(&test.app, &staff, application).await.unwrap();
    let screening = reading::begin(&test.app, &staff, &found, &opening).await.unwrap();
    let assessment = handed_in(test, application).await;
    let submission = assessment.submission.expect("a submission");
    let stored = halfopen::submissions::store::find(&test.app.db, submission)
        .await
        .unwrap();
    let stored = stored.expect("the submission");
    let regrading = regradings::request(&test.app, &stored, "ed1", 77, staff.id)
        .await
        .unwrap();
    test.run_jobs().await;
    First {
        job,
        application,
        assessment: assessment.id,
        submission,
        regrading,
        screening,
        manager,
    }
}

/// A coding test that a recruiter gave for an application, submitted and graded.
async fn handed_in(test: &TestApp, application: Uuid) -> Assessment {
    let app = &test.app;
    let page = format!("/applications/{application}/test");
    let coding_test = app.laboratory.tests()[0].clone();
    let mut recruiter = test.recruiter().await;
    recruiter.open(&page).await;
    recruiter.submit(&page, &[("challenge", &coding_test.id)]).await;
    assert_eq!(recruiter.status, 303, "{}", recruiter.text());
    let id = applications::assessments(&app.db, application).await.unwrap()[0];
    let given = assessments::find(&app.db, id).await.unwrap().unwrap();
    taking::start(app, &given, &coding_test).await.unwrap();
    let typed = Typed {
        tab: taking::take_over(app, &given).await.unwrap(),
        language: Language::JavaScript,
        source: "export async function executeWithRetry(operation) {}".into(),
    };
    taking::submit(app, &given, &typed).await.unwrap();
    test.run_jobs().await;
    assessments::find(&app.db, id).await.unwrap().unwrap()
}

async fn person(test: &TestApp, email: &str) -> Staff {
    people::by_email(&test.app.db, email)
        .await
        .unwrap()
        .expect("the person")
        .0
}

/// Somebody who is in the team of this job alone.
async fn member(test: &TestApp, job: &Job, role: Role, email: &str) -> Browser {
    test.add(email, role).await;
    let staff = person(test, email).await;
    let mut tx = test.app.db.begin().await.unwrap();
    openings::join_team(&mut tx, job.id, staff.id).await.unwrap();
    tx.commit().await.unwrap();
    let mut browser = test.stranger();
    browser.sign_in(email, PASSWORD).await;
    browser
}

fn staff_routes(with_parameters: bool) -> Vec<Route> {
    let mut routes = map().into_routes();
    routes.retain(|route| route.access != Access::Anyone && route.path.contains('{') == with_parameters);
    routes
}

/// Readers of this job see no names, until enough have read.
async fn withhold_names(test: &TestApp, job: &Job, anonymised: bool) {
    let mut tx = test.app.db.begin().await.unwrap();
    let settings = screening::hold_settings(&mut tx, job.id).await.unwrap();
    let settings = Settings { anonymised, ..settings };
    screening::set_settings(&mut tx, job.id, &settings).await.unwrap();
    tx.commit().await.unwrap();
}

fn told(found: Result<(), &AppError>) -> &'static str {
    match found {
        Ok(()) => "shown",
        Err(AppError::NotFound(_)) => "not there",
        Err(AppError::Withheld) => "withheld",
        Err(error) => panic!("{error}"),
    }
}

/// Whoever may read the application may read its test, and nobody else.
async fn the_test_is_as_the_application(test: &TestApp, first: &First, emails: &[(Role, String)]) -> Vec<&'static str> {
    let mut all = Vec::new();
    for (role, email) in emails {
        let staff = person(test, email).await;
        let application = access::application(&test.app, &staff, first.application).await;
        let of_application = told(application.as_ref().map(drop));
        let assessment = sight::check_assessment(&test.app, first.assessment, staff.id).await;
        let submission = sight::check_submission(&test.app, first.submission, staff.id).await;
        let of_test = [&assessment, &submission].map(|found| told(found.as_ref().map(drop)));
        assert_eq!(of_test, [of_application; 2], "{role:?} {email}");
        all.push(of_application);
    }
    all
}

crate::on_both! {
    async fn what_belongs_to_another_teams_job_is_not_there(test) {
        let first = first(&test).await;
        let other = hiring::job(&test, "A job of the second team", 0).await;
        let mut outsiders = Vec::new();
        for (role, email) in OUTSIDERS {
            outsiders.push((role, member(&test, &other, role, email).await));
        }
        let mut recruiter = test.recruiter().await;
        let pages = [
            format!("/openings/{}", first.job.id),
            format!("/applications/{}", first.application),
            format!("/assessments/{}", first.assessment),
            format!("/submissions/{}", first.submission),
            format!("/submissions/{}/regradings", first.submission),
        ];
        let mut before = Vec::new();
        for page in &pages {
            before.push(recruiter.open(page).await.text());
        }
        let mut wrong = Vec::new();
        for (role, mut outsider) in outsiders {
            for route in staff_routes(true) {
                let Some(request) = first.request(&route) else { continue };
                outsider.send(request).await;
                let may = matches!(route.access, Access::May(permission) if role.may(permission));
                let told = outsider.body.contains(CANDIDATE) || outsider.body.contains(TITLE);
                if told || outsider.status != if may { 404 } else { 403 } {
                    wrong.push(format!("{role:?}, {} {}: {}", route.method, route.path, outsider.status));
                }
            }
        }
        assert!(wrong.is_empty(), "or say in FIELDS what the form needs: {wrong:#?}");
        for (page, text) in pages.iter().zip(before) {
            assert_eq!(recruiter.open(page).await.text(), text, "nothing was changed");
        }
    }

    async fn lists_name_nothing_of_another_teams_job(test) {
        let mut first = first(&test).await;
        let other = hiring::job(&test, "A job of the second team", 0).await;
        first.manager.open("/openings").await.sees(TITLE);
        for path in ["/assessments", "/submissions"] {
            first.manager.open(path).await.sees(CANDIDATE);
        }
        for (role, email) in OUTSIDERS {
            let mut outsider = member(&test, &other, role, email).await;
            for route in staff_routes(false).iter().filter(|route| route.method == Method::GET) {
                outsider.get(route.path).await;
                let told = outsider.body.contains(CANDIDATE) || outsider.body.contains(TITLE);
                assert!(!told, "{role:?} of another team reads at {} of the first one", route.path);
            }
            outsider.open("/assessments").await.sees("Nobody has been invited yet").misses("1 submitted");
            outsider.open("/submissions").await.sees("Nothing has been graded yet");
            outsider.open("/challenges").await.sees("0");
        }
    }

    async fn tests_of_another_team_are_neither_changed_nor_compared_with(test) {
        let first = first(&test).await;
        let other = hiring::job(&test, "A job of the second team", 0).await;
        let (own, _) = hiring::application(&test, &other, "Candidate of the second team").await;
        let own = handed_in(&test, own).await;
        let mut outsider = member(&test, &other, OUTSIDERS[0].0, OUTSIDERS[0].1).await;
        let (ours, theirs) = (own.id.to_string(), first.assessment.to_string());
        for confirmed in ["yes", ""] {
            let fields = [("action", "withdraw"), ("id", &ours), ("id", &theirs), ("confirmed", confirmed)];
            outsider.post("/assessments/changes", &fields).await;
            assert_eq!(outsider.status, 404);
        }
        let page = format!("/submissions/{}/comparison", own.submission.unwrap());
        outsider.open(&page).await.misses(CANDIDATE);
        for field in ["with", "address"] {
            outsider.get(&format!("{page}?{field}={}", first.submission)).await;
            assert_eq!(outsider.status, 422);
            outsider.sees("There is no such submission").misses(CANDIDATE);
        }
        outsider.open("/submissions").await.sees("Candidate of the second team");
        // A test that was given for no application is everybody's.
        let mut recruiter = test.recruiter().await;
        let page = recruiter.invite("Candidate of no job", &[]).await;
        outsider.open(&page).await.sees("Candidate of no job");
        outsider.open("/assessments").await.sees("Candidate of no job").sees("Candidate of the second team");
    }

    async fn who_may_read_the_application_may_read_its_test(test) {
        let first = first(&test).await;
        let other = hiring::job(&test, "A job of the second team", 0).await;
        let mut emails = Vec::new();
        for (job, team) in [(&first.job, "first"), (&other, "second")] {
            for role in Role::ALL {
                let email = format!("{}@{team}.example", role.id());
                member(&test, job, role, &email).await;
                emails.push((role, email));
            }
        }
        let team = ["shown"; 4];
        let others = ["shown", "shown", "not there", "not there"];
        assert_eq!(the_test_is_as_the_application(&test, &first, &emails).await, [team, others].concat());
        withhold_names(&test, &first.job, true).await;
        let withheld = ["shown", "shown", "withheld", "withheld"];
        assert_eq!(the_test_is_as_the_application(&test, &first, &emails).await, [withheld, others].concat());
        // Past where résumés are read, and back there.
        for (stage, team) in [(2, team), (1, withheld)] {
            let mut tx = test.app.db.begin().await.unwrap();
            let held = hiring::held(&mut tx, first.application).await;
            placing::move_to(&mut tx, &held, first.job.stages[stage], test.app.now()).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(the_test_is_as_the_application(&test, &first, &emails).await, [team, others].concat());
        }
        let rule = Rule { advance_from: 150, archive_below: 75 };
        let outcome = Outcome::of(&[vec![2], vec![2]], rule, test.app.now());
        let mut tx = test.app.db.begin().await.unwrap();
        screening::add_result(&mut tx, (first.application, first.job.id), &outcome, &[(2, 2)]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(the_test_is_as_the_application(&test, &first, &emails).await, [team, others].concat());
    }

    async fn a_test_tells_no_name_that_is_withheld(test) {
        let first = first(&test).await;
        withhold_names(&test, &first.job, true).await;
        let mut reader = member(&test, &first.job, Role::Interviewer, "interviewer@first.example").await;
        let pages = [format!("/assessments/{}", first.assessment), format!("/submissions/{}", first.submission)];
        for page in &pages {
            reader.get(page).await;
            assert_eq!(reader.status, 403);
            reader.sees("Names are withheld").misses(CANDIDATE);
        }
        for path in ["/assessments", "/submissions"] {
            reader.open(path).await.misses(CANDIDATE);
        }
        withhold_names(&test, &first.job, false).await;
        for page in &pages {
            reader.open(page).await.sees(CANDIDATE);
        }
    }

    // Without this, a walk with a wrong address would find nothing forbidden.
    async fn the_team_itself_finds_what_the_others_do_not(test) {
        let mut first = first(&test).await;
        let mut missing = Vec::new();
        for route in staff_routes(true) {
            let may = matches!(route.access, Access::May(permission) if Role::HiringManager.may(permission));
            if route.method != Method::GET || !may || EMPTY.contains(&route.path) {
                continue;
            }
            let Some(request) = first.request(&route) else { continue };
            let manager = first.manager.send(request).await;
            if ![200, 303].contains(&manager.status) {
                missing.push(format!("{}: {} {}", route.path, manager.status, manager.text()));
            }
        }
        assert!(missing.is_empty(), "{missing:#?}");
    }
}
