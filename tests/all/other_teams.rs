//! Every route, as people who hire for another job: what belongs to a job of which they are not in the team is not there.
//!
//! A new route falls under this by itself. Where it has a parameter, or takes a form, that the tables below do not know, the
//! test says so.

use axum::body::Body;
use axum::http::{Method, Request};
use halfopen::hiring::openings::store as openings;
use halfopen::people::{Role, store as people};
use halfopen::routes::{Access, Route, map};
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
    /// Not of one job: who may see these is for `roles` to say.
    NoJob,
}

const BEGINNINGS: [(&str, Of); 13] = [
    ("/openings/", Of::Opening),
    ("/applications/", Of::Application),
    ("/account/", Of::NoJob),
    ("/assessments/", Of::NoJob),
    ("/banks/", Of::NoJob),
    ("/challenges/", Of::NoJob),
    ("/kits/", Of::NoJob),
    ("/mail/", Of::NoJob),
    ("/people/", Of::NoJob),
    ("/privacy/", Of::NoJob),
    ("/reports/", Of::NoJob),
    // A reader’s own: `screening` tries it as everybody else.
    ("/screenings/", Of::NoJob),
    ("/submissions/", Of::NoJob),
];

/// Something for every field without which a form is not understood.
const FIELDS: [(&str, &str); 3] = [("from", "{stage}"), ("stage", "{stage}"), ("at", "1")];

/// Where there is nothing to see, even for the team: nobody has sent a file or a video.
const EMPTY: [&str; 5] = [
    "/openings/{id}/screening/acts/{act}",
    "/applications/{id}/merge/{other}",
    "/applications/{id}/videos/{number}",
    "/applications/{id}/files/{file}",
    "/applications/{id}/videos/{number}/recording",
];

struct First {
    job: Job,
    application: Uuid,
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
            .replace("{file}", &self.application.to_string())
            .replace("{note}", &self.application.to_string())
            .replace("{view}", &self.application.to_string())
            .replace("{act}", &self.application.to_string())
            .replace("{other}", &self.application.to_string())
            .replace("{comment}", &self.application.to_string())
            .replace("{to_do}", &self.application.to_string())
            .replace("{number}", "1");
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

async fn first(test: &TestApp) -> First {
    let job = hiring::job(test, TITLE, 0).await;
    let (application, _) = hiring::application(test, &job, CANDIDATE).await;
    First { job, application }
}

/// Somebody who is in the team of this job alone.
async fn member(test: &TestApp, job: &Job, role: Role, email: &str) -> Browser {
    test.add(email, role).await;
    let (staff, _) = people::by_email(&test.app.db, email)
        .await
        .unwrap()
        .expect("the person");
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

crate::on_both! {
    async fn what_belongs_to_another_teams_job_is_not_there(test) {
        let first = first(&test).await;
        let other = hiring::job(&test, "A job of the second team", 0).await;
        let mut outsiders = Vec::new();
        for (role, email) in OUTSIDERS {
            outsiders.push((role, member(&test, &other, role, email).await));
        }
        let mut recruiter = test.recruiter().await;
        let pages = [format!("/openings/{}", first.job.id), format!("/applications/{}", first.application)];
        let before = [recruiter.open(&pages[0]).await.text(), recruiter.open(&pages[1]).await.text()];
        for (role, mut outsider) in outsiders {
            for route in staff_routes(true) {
                let Some(request) = first.request(&route) else { continue };
                outsider.send(request).await;
                let may = matches!(route.access, Access::May(permission) if role.may(permission));
                let line = format!("{role:?} of another team, {} {}: {}", route.method, route.path, outsider.status);
                let hint = "or say in FIELDS what its form needs";
                assert_eq!(outsider.status, if may { 404 } else { 403 }, "{line} {hint}");
                assert!(!outsider.body.contains(CANDIDATE) && !outsider.body.contains(TITLE), "{line}");
            }
        }
        for (page, text) in pages.iter().zip(before) {
            assert_eq!(recruiter.open(page).await.text(), text, "nothing was changed");
        }
    }

    async fn lists_name_nothing_of_another_teams_job(test) {
        let first = first(&test).await;
        let other = hiring::job(&test, "A job of the second team", 0).await;
        let mut manager = member(&test, &first.job, Role::HiringManager, "manager@first.example").await;
        manager.open("/openings").await.sees(TITLE);
        for (role, email) in OUTSIDERS {
            let mut outsider = member(&test, &other, role, email).await;
            for route in staff_routes(false).iter().filter(|route| route.method == Method::GET) {
                outsider.get(route.path).await;
                let told = outsider.body.contains(CANDIDATE) || outsider.body.contains(TITLE);
                assert!(!told, "{role:?} of another team reads at {} of the first one", route.path);
            }
        }
    }

    // Without this, a walk with a wrong address would find nothing forbidden.
    async fn the_team_itself_finds_what_the_others_do_not(test) {
        let first = first(&test).await;
        let mut manager = member(&test, &first.job, Role::HiringManager, "manager@first.example").await;
        for route in staff_routes(true) {
            let (get, empty) = (route.method == Method::GET, EMPTY.contains(&route.path));
            if let (Some(request), true, false) = (first.request(&route), get, empty) {
                manager.send(request).await;
                let there = [200, 303].contains(&manager.status);
                assert!(there, "{}: {} {}", route.path, manager.status, manager.text());
            }
        }
    }
}
