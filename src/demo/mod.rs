//! `halfopen demo`: people of every role, programs good and bad, and candidates at every point, to look around in.

mod assessments;
mod hiring;
mod kits;

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::clock::{ManualClock, Timestamp};
use crate::db::DbError;
use crate::error::AppError;
use crate::grader::{Challenge, Language};
use crate::people::{NewStaff, PeopleError, Role, Staff, passwords, store};
use crate::roles::shipped;
use crate::submissions::store::NewSubmission;
use crate::submissions::{Program, pages};
use crate::{args, jobs, mail};

crate::statements! {
    IS_DEMO = "SELECT value FROM settings WHERE name = 'demo'";
    MARK = "INSERT INTO settings (name, value) VALUES ('demo', 'yes')";
}

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("this database has real people in it; choose another data folder with --data")]
    NotEmpty,
    #[error("this data folder is a demonstration already; its accounts end in @demo.test")]
    Filled,
    #[error(transparent)]
    People(#[from] PeopleError),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    App(#[from] AppError),
}

const COMPANY: &str = "Demo Company";

const PEOPLE: [(&str, &str, Role); 4] = [
    ("admin@demo.test", "Demo Administrator", Role::Administrator),
    ("recruiter@demo.test", "Demo Recruiter", Role::Recruiter),
    ("manager@demo.test", "Demo Hiring Manager", Role::HiringManager),
    ("interviewer@demo.test", "Demo Interviewer", Role::Interviewer),
];

/// A program to show, with the title that it gets.
pub struct Specimen {
    pub title: String,
    pub test: String,
    pub program: Program,
}

/// What is shown, oldest first: proofs of the challenge, after a file that cannot be run.
const SHOWN: [(&str, &str); 12] = [
    ("Candidate 1, first draft", "backoff-constant"),
    ("Candidate 1, second draft", "retry-after-date-ignored"),
    ("Candidate 2", "concurrency-two-trials"),
    ("Candidate 3", "jitter-none"),
    ("Candidate 4", "decorrelated.js"),
    ("Candidate 5", "permanent-404-retried"),
    ("Candidate 6, in TypeScript", "rounded-equal.ts"),
    ("Candidate 7", "error-exhaustion-resolves-undefined"),
    ("Candidate 8", "breaker-never-half-open"),
    ("Candidate 9", "retry-after-ignored"),
    ("Candidate 10", "settles-never-on-exhaustion"),
    ("Reference solution", "reference.js"),
];

const BROKEN: &str = "export async function executeWithRetry(operation, options) {\n  for (let attempt = 1; ; attempt++ {\n    return await operation({ attempt });\n  }\n}\n";

pub fn specimens() -> Vec<Specimen> {
    let mut specimens = Vec::new();
    for challenge in Challenge::all() {
        let broken = Program {
            language: Language::JavaScript,
            source: BROKEN.into(),
        };
        specimens.push(Specimen {
            title: "Candidate 11".into(),
            test: challenge.id.clone(),
            program: broken,
        });
        for (title, proof) in SHOWN {
            let Some(proof) = challenge
                .proofs
                .iter()
                .find(|p| p.id == proof || p.id.ends_with(&format!("/{proof}")))
            else {
                continue;
            };
            let program = Program {
                language: proof.language,
                source: proof.source.clone().into_bytes(),
            };
            specimens.push(Specimen {
                title: title.into(),
                test: challenge.id.clone(),
                program,
            });
        }
    }
    specimens
}

/// For so long, this house has had its kits.
const A_WHILE: Duration = Duration::from_secs(70 * 24 * 3_600);

/// Those who hire.
#[derive(Clone, Copy)]
struct Panel<'a> {
    recruiter: &'a Staff,
    manager: &'a Staff,
    interviewer: &'a Staff,
}

/// The program at an earlier time, which goes on as a story says. No mail leaves this machine.
struct Past {
    app: App,
    clock: Arc<ManualClock>,
}

impl Past {
    fn at(app: &App, time: Timestamp) -> Past {
        let clock = Arc::new(ManualClock::at(time));
        let app = App::new(
            app.db.clone(),
            app.files.clone(),
            clock.clone(),
            app.random(),
            Arc::clone(&app.laboratory),
            None,
            app.config.clone(),
        );
        Past { app, clock }
    }
}

pub async fn fill(app: &App, password: Option<String>, specimens: Vec<Specimen>) -> Result<(), DemoError> {
    if app.db.optional(IS_DEMO, args![]).await?.is_some() {
        return Err(DemoError::Filled);
    }
    if !store::is_empty(&app.db).await? {
        return Err(DemoError::NotEmpty);
    }
    let password = password.unwrap_or_else(|| random_password(app));
    let hash = passwords::hash(app, &password).await?;
    let mut tx = app.db.begin().await?;
    tx.execute(MARK, args![]).await?;
    mail::store::set_company(&mut tx, COMPANY).await?;
    for (email, name, role) in PEOPLE {
        let new = NewStaff {
            email: email.into(),
            name: name.into(),
            role,
        };
        store::add(&mut tx, app.new_id(), &new, Some(hash.clone()), app.now()).await?;
    }
    tx.commit().await?;
    submit(app, specimens).await?;
    let people = store::all(&app.db).await?;
    let who = |role| people.iter().find(|person| person.role == role);
    let (recruiter, manager) = (who(Role::Recruiter), who(Role::HiringManager));
    if let (Some(recruiter), Some(manager), Some(interviewer)) = (recruiter, manager, who(Role::Interviewer)) {
        let panel = Panel {
            recruiter,
            manager,
            interviewer,
        };
        shipped::bring(&Past::at(app, app.now().minus(A_WHILE)).app).await?;
        assessments::play(app, recruiter.id).await?;
        hiring::play(app, panel).await?;
        kits::play(app, recruiter.id, manager.id, interviewer.id).await?;
    }
    println!("The demonstration is ready. Sign in with the password {password} as");
    for (email, _, role) in PEOPLE {
        println!("    {email:<24} {}", role.label());
    }
    Ok(())
}

async fn submit(app: &App, specimens: Vec<Specimen>) -> Result<(), DemoError> {
    let people = store::all(&app.db).await?;
    for (specimen, person) in specimens.into_iter().zip(people.iter().cycle()) {
        let submission = NewSubmission {
            id: app.new_id(),
            challenge: specimen.test,
            title: specimen.title,
            program: specimen.program,
            seed: crate::submissions::form::DEFAULT_SEED,
            submitted_by: person.id,
            form_token: app.new_id(),
        };
        pages::keep(app, &submission).await?;
    }
    Ok(jobs::run_until_idle(app).await?)
}

/// Words would be nicer to type; this one is copied from the terminal.
fn random_password(app: &App) -> String {
    const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
    app.random::<16>()
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect()
}
