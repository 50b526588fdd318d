//! Regradings in the browser: ask for one, see what it would change, apply it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::grader::verdict::{Outcome, Verdict};
use crate::jobs::{self, Progress, Task};
use crate::people::guard::SignedIn;
use crate::submissions::form::parse_seed;
use crate::submissions::laboratory::find_test;
use crate::submissions::regradings::{Difference, Regrading};
use crate::submissions::{CodingTest, StoredVerdict, Submission, pages, regradings, store};
use crate::ui::form::with_errors;
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell};

#[derive(Template)]
#[template(path = "submissions/regradings.html")]
pub struct RegradingsPage {
    pub shell: Shell,
    pub submission: Submission,
    pub test: Option<CodingTest>,
    pub seed: Field,
    pub regradings: Vec<Regrading>,
}

impl RegradingsPage {
    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.seed])
    }
}

async fn page(app: &App, shell: Shell, submission: Submission) -> Result<RegradingsPage, AppError> {
    Ok(RegradingsPage {
        shell,
        test: find_test(&*app.laboratory, &submission.challenge),
        seed: Field::new("seed", "Seed")
            .hint("the one it was graded with")
            .value(submission.seed.to_string()),
        regradings: regradings::of_submission(&app.db, submission.id).await?,
        submission,
    })
}

pub async fn list(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<RegradingsPage>, AppError> {
    let submission = pages::find(&app, &staff, id).await?;
    page(&app, shell, submission).await.map(Page)
}

#[derive(Deserialize)]
pub struct RegradingForm {
    #[serde(default)]
    seed: String,
}

pub async fn create(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<RegradingForm>,
) -> Result<Response, AppError> {
    let submission = pages::find(&app, &staff, id).await?;
    let test = find_test(&*app.laboratory, &submission.challenge).ok_or(AppError::NotFound("coding test"))?;
    let seed = match form.seed.trim() {
        "" => Ok(submission.seed),
        typed => parse_seed(typed),
    };
    let seed = match seed {
        Ok(seed) => seed,
        Err(error) => {
            let mut page = page(&app, shell, submission).await?;
            page.seed = page.seed.value(form.seed).error(Some(error));
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
    };
    let regrading = regradings::request(&app, &submission, &test.edition, seed, staff.id).await?;
    Ok(SeeOther::to(format!("/submissions/{id}/regradings/{regrading}")).into_response())
}

#[derive(Template)]
#[template(path = "submissions/regrading.html")]
pub struct RegradingPage {
    pub shell: Shell,
    pub submission: Submission,
    pub regrading: Regrading,
    pub progress: Progress,
    pub outcome: Option<Comparison>,
}

/// Both verdicts, side by side.
pub struct Comparison {
    pub old: StoredVerdict,
    pub new: StoredVerdict,
    pub differences: Vec<Difference>,
    /// False once another verdict than the old one is in force.
    pub applicable: bool,
}

impl Comparison {
    pub fn flips(&self) -> usize {
        self.differences.iter().filter(|difference| difference.flips()).count()
    }
}

/// "Meets", "Rejected": a verdict in a word.
pub fn word(verdict: &Verdict) -> &'static str {
    match &verdict.outcome {
        Outcome::Rejected(_) => "Rejected",
        Outcome::Graded(graded) => graded.band.label(),
    }
}

pub async fn show(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path((id, regrading)): Path<(Uuid, Uuid)>,
) -> Result<Page<RegradingPage>, AppError> {
    let submission = pages::find(&app, &staff, id).await?;
    let regrading = find(&app, id, regrading).await?;
    let progress = jobs::store::progress(
        &app.db,
        Task::Regrade {
            regrading: regrading.id,
        },
        app.now(),
    )
    .await?;
    let outcome = match regrading.new_verdict {
        Some(new) => Some(compare(&app, &submission, &regrading, new).await?),
        None => None,
    };
    let progress = progress.unwrap_or(Progress::Running);
    Ok(Page(RegradingPage {
        shell,
        submission,
        regrading,
        progress,
        outcome,
    }))
}

async fn find(app: &App, submission: Uuid, regrading: Uuid) -> Result<Regrading, AppError> {
    let found = regradings::find(&app.db, regrading).await?;
    found
        .filter(|found| found.submission == submission)
        .ok_or(AppError::NotFound("regrading"))
}

async fn compare(app: &App, submission: &Submission, regrading: &Regrading, new: Uuid) -> Result<Comparison, AppError> {
    let old = store::find_verdict(&app.db, regrading.old_verdict).await?;
    let new = store::find_verdict(&app.db, new).await?;
    Ok(Comparison {
        differences: regradings::differences(&old.verdict, &new.verdict),
        applicable: submission.verdict.as_ref().is_some_and(|current| current.id == old.id) && old.id != new.id,
        old,
        new,
    })
}

pub async fn apply(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((id, regrading)): Path<(Uuid, Uuid)>,
) -> Result<SeeOther, AppError> {
    pages::find(&app, &staff, id).await?;
    let regrading = find(&app, id, regrading).await?;
    regradings::apply(&app, &regrading, staff.id).await?;
    Ok(SeeOther::to(format!("/submissions/{id}")).saying(Flash::good("The new verdict is in force.")))
}

/// Tries a regrading again whose grading failed.
pub async fn retry(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((id, regrading)): Path<(Uuid, Uuid)>,
) -> Result<SeeOther, AppError> {
    pages::find(&app, &staff, id).await?;
    let regrading = find(&app, id, regrading).await?;
    let mut tx = app.db.begin().await?;
    jobs::store::retry(
        &mut tx,
        Task::Regrade {
            regrading: regrading.id,
        },
        app.now(),
    )
    .await?;
    tx.commit().await?;
    app.job_queued.notify_one();
    Ok(SeeOther::to(format!("/submissions/{id}/regradings/{}", regrading.id)))
}
