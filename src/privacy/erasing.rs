//! Erasing an application: the files first, then every row in one transaction, then what came into the folder meanwhile.
//!
//! It is noted before it begins, and a job stands by: if this server dies in between, the next one goes on.

use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::audit::{self, Actor};
use crate::db::DbError;
use crate::error::AppError;
use crate::hiring::applications::drafting::folder;
use crate::hiring::applications::{placing, store as applications};
use crate::jobs::{self, Job, JobError, Task};
use crate::privacy::store::{self, NewErasure};
use crate::privacy::{Cause, Certificate, ERASED, test_store, tests_kept};

/// Whoever began it has so long until the job that stands by takes over.
pub(super) const STAND_BY: Duration = Duration::from_secs(60);

/// Erases an application with everything that belongs to it. Gives the certificate, also if it was erased before.
pub async fn erase(app: &App, application: Uuid, cause: Cause, by: Option<Uuid>) -> Result<Uuid, AppError> {
    let certificate = begin(app, application, cause, by).await?;
    finish(app, certificate).await?;
    Ok(certificate)
}

/// Notes that it is to be erased.
pub async fn begin(app: &App, application: Uuid, cause: Cause, by: Option<Uuid>) -> Result<Uuid, AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let current = applications::lock(&mut tx, application).await?;
    let new = NewErasure {
        id: app.new_id(),
        cause,
        by,
    };
    let added = match &current {
        Some(current) => store::add(&mut tx, &new, current, now).await?,
        None => false,
    };
    if !added {
        drop(tx);
        let known = store::of_application(&app.db, application).await?;
        return known.ok_or(AppError::NotFound("application"));
    }
    let task = Task::Erase { erasure: new.id };
    jobs::store::add(&mut tx, app.new_id(), task, now.plus(STAND_BY)).await?;
    tx.commit().await?;
    Ok(new.id)
}

/// Goes on wherever it stands.
pub async fn finish(app: &App, certificate: Uuid) -> Result<(), AppError> {
    let Some(erasure) = store::find(&app.db, certificate).await? else {
        return Err(AppError::NotFound("certificate"));
    };
    match (erasure.is_test(), erasure.erased_at) {
        (false, _) => finish_application(app, &erasure).await?,
        (true, None) => tests_kept::erase_rows(app, &erasure).await?,
        (true, Some(_)) => {}
    }
    let mut tx = app.db.begin().await?;
    jobs::store::drop_task(&mut tx, Task::Erase { erasure: certificate }).await?;
    Ok(tx.commit().await?)
}

async fn finish_application(app: &App, erasure: &Certificate) -> Result<(), AppError> {
    let files = folder(erasure.subject);
    if erasure.erased_at.is_none() {
        // What was merged into it is the same person's.
        for duplicate in store::duplicates(&app.db, erasure.subject).await? {
            Box::pin(erase(app, duplicate, erasure.cause, erasure.by)).await?;
        }
        erase_tests(app, erasure).await?;
        delete(app, &files).await?;
        erase_rows(app, erasure.id, erasure.subject).await?;
    }
    // A file may have come while the rows were still there.
    delete(app, &files).await
}

/// Whoever asks for erasure, or is erased by a person, goes with the coding tests that went to the same address, too. By
/// itself each goes when its own period ends.
async fn erase_tests(app: &App, erasure: &Certificate) -> Result<(), AppError> {
    let current = applications::find(&app.db, erasure.subject).await?;
    let Some(current) = current.filter(|_| erasure.cause != Cause::Period) else {
        return Ok(());
    };
    for test in test_store::of_address(&app.db, &current.email).await? {
        Box::pin(tests_kept::erase(app, test, erasure.cause, erasure.by)).await?;
    }
    Ok(())
}

async fn delete(app: &App, files: &crate::files::Key) -> Result<(), AppError> {
    app.files
        .delete_all(files)
        .await
        .map_err(|error| AppError::Internal(error.into()))
}

async fn erase_rows(app: &App, certificate: Uuid, application: Uuid) -> Result<(), AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let Some(current) = applications::lock(&mut tx, application).await? else {
        // Somebody else was quicker.
        return Ok(());
    };
    let mut counts = store::clear(&mut tx, &current).await?;
    placing::erase(&mut tx, &current, now).await?;
    counts.insert(0, ("applications".into(), 1));
    store::settle(&mut tx, certificate, &counts, now).await?;
    let settled = store::find_in(&mut tx, certificate).await?;
    let settled = settled.ok_or(AppError::NotFound("certificate"))?;
    let entry = audit::Entry {
        actor: settled.by.map_or(Actor::Halfopen, Actor::Staff),
        what: ERASED,
        subject: format!("application {application}"),
        detail: &settled.seal(),
    };
    audit::append(&mut tx, &entry, now).await?;
    Ok(tx.commit().await?)
}

/// The job that stands by.
pub async fn resume(app: &App, job: &Job, erasure: Uuid) -> Result<(), JobError> {
    match finish(app, erasure).await {
        Ok(()) => Ok(()),
        Err(AppError::NotFound(_)) => {
            let mut tx = app.db.begin().await?;
            jobs::store::remove(&mut tx, job).await?;
            Ok(tx.commit().await?)
        }
        Err(error) => Err(passing(&error)),
    }
}

pub fn passing(error: &AppError) -> JobError {
    JobError::Passing(DbError::Corrupt {
        what: "application that is to be erased",
        why: error.to_string(),
    })
}
