//! The work of the jobs: run the laboratory, record what it found, once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use uuid::Uuid;

use crate::app::App;
use crate::grader::verdict::Verdict;
use crate::jobs::{self, Job, JobError};
use crate::submissions::{Program, regradings, store};

pub async fn grade(app: &App, job: &Job, submission: Uuid) -> Result<(), JobError> {
    let Some(submission) = store::find(&app.db, submission).await? else {
        return Err(JobError::Hopeless("The submission is gone.".into()));
    };
    let verdict = run(app, submission.challenge, submission.program, submission.seed).await?;
    let mut tx = app.db.begin().await?;
    if jobs::store::remove(&mut tx, job).await? {
        let id = store::put_verdict(&mut tx, app.new_id(), submission.id, &verdict, app.now()).await?;
        store::set_first_verdict(&mut tx, submission.id, id, &verdict).await?;
        tx.commit().await?;
    }
    Ok(())
}

pub async fn regrade(app: &App, job: &Job, regrading: Uuid) -> Result<(), JobError> {
    let Some(regrading) = regradings::find(&app.db, regrading).await? else {
        return Err(JobError::Hopeless("The regrading is gone.".into()));
    };
    let Some(submission) = store::find(&app.db, regrading.submission).await? else {
        return Err(JobError::Hopeless("The submission is gone.".into()));
    };
    let verdict = run(app, submission.challenge, submission.program, regrading.seed).await?;
    let mut tx = app.db.begin().await?;
    if jobs::store::remove(&mut tx, job).await? {
        let id = store::put_verdict(&mut tx, app.new_id(), submission.id, &verdict, app.now()).await?;
        regradings::set_outcome(&mut tx, regrading.id, id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// A laboratory that panics fails this one program; the same program would make it panic again.
async fn run(app: &App, challenge: String, program: Program, seed: u64) -> Result<Verdict, JobError> {
    let laboratory = Arc::clone(&app.laboratory);
    let work = move || catch_unwind(AssertUnwindSafe(|| laboratory.grade(&challenge, &program, seed)));
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(Ok(verdict))) => Ok(verdict),
        Ok(Ok(Err(unknown))) => Err(JobError::Hopeless(format!("It cannot be graded: {unknown}."))),
        Ok(Err(panic)) => Err(JobError::Hopeless(format!(
            "The laboratory itself failed: {}",
            panic_text(&*panic)
        ))),
        Err(error) => Err(JobError::Hopeless(format!("The grading was cut off: {error}"))),
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it gave no reason")
}
