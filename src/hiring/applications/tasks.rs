//! What happens to applications later: the mail about a knock-out, the end of a draft that nobody touches.

use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::db::DbError;
use crate::hiring::ApplicationState;
use crate::hiring::applications::drafting::{DRAFT_KEPT, folder};
use crate::hiring::applications::{letters, placing, store};
use crate::jobs::{self, Job, JobError};
use crate::mail::Event;

/// So often it is looked whether a duplicate is one still.
const WHILE_MERGED: Duration = Duration::from_secs(24 * 3_600);

/// Writes the mail about a knock-out, unless somebody has reversed it meanwhile.
pub async fn tell_decline(app: &App, job: &Job, application: Uuid) -> Result<(), JobError> {
    let mut tx = app.db.begin().await?;
    if !jobs::store::remove(&mut tx, job).await? {
        return Ok(());
    }
    let current = store::lock(&mut tx, application).await?;
    if current.as_ref().is_some_and(|current| current.merged_into.is_some()) {
        // The one that it is merged into speaks for it, unless they are parted again.
        return Err(JobError::Later(app.now().plus(WHILE_MERGED)));
    }
    if current.is_some_and(|current| current.state == ApplicationState::Declined) {
        letters::write(&mut tx, app, application, Event::ApplicationDecline, letters::AUTOMATIC).await?;
    }
    tx.commit().await?;
    app.job_queued.notify_one();
    Ok(())
}

/// Deletes a draft that nobody has touched for long enough.
pub async fn forget(app: &App, job: &Job, draft: Uuid) -> Result<(), JobError> {
    let mut tx = app.db.begin().await?;
    let current = store::lock(&mut tx, draft).await?;
    let current = current.filter(|current| current.state == ApplicationState::Draft);
    if let Some(current) = current {
        let due = current.changed_at.plus(DRAFT_KEPT);
        if due > app.now() {
            return Err(JobError::Later(due));
        }
        // The files first: a draft without files can be deleted again, files without a draft are lost.
        let gone = app.files.delete_all(&folder(draft)).await;
        gone.map_err(|e| {
            JobError::Passing(DbError::Corrupt {
                what: "files of a draft",
                why: e.to_string(),
            })
        })?;
        placing::remove(&mut tx, &current, app.now()).await?;
    }
    jobs::store::remove(&mut tx, job).await?;
    Ok(tx.commit().await?)
}
