//! The text of a candidate's file, read by a child process. Whatever goes wrong costs the text and nothing else.

use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::files::StoreError;
use crate::files::text::{Unreadable, extract};
use crate::hiring::applications::{drafting, store};
use crate::hiring::pipeline::index;
use crate::jobs::{self, Job, JobError};

/// Of a server that cannot start programs just now.
const AGAIN: Duration = Duration::from_secs(60);

pub async fn read(app: &App, job: &Job, file: Uuid) -> Result<(), JobError> {
    let Some(document) = store::file(&app.db, file).await? else {
        return record(app, job, file, "gone", None).await;
    };
    let bytes = match app.files.get(&drafting::key_of(&document)).await {
        Ok(bytes) => bytes,
        Err(StoreError::Missing(_)) => return record(app, job, file, "missing", None).await,
        Err(error) => {
            tracing::warn!(%error, "a file waits for its store");
            return Err(JobError::Later(app.now().plus(AGAIN)));
        }
    };
    match extract(&app.config.program, document.kind, &bytes).await {
        Ok(text) => record(app, job, file, "read", Some(&text)).await,
        Err(Unreadable::NotStarted(error)) if job.attempts < jobs::MOST_ATTEMPTS => {
            tracing::warn!(%error, "a file could not be read");
            jobs::store::release(&app.db, job, app.now().plus(AGAIN)).await?;
            Ok(())
        }
        Err(unreadable) => record(app, job, file, unreadable.word(), None).await,
    }
}

/// A file whose reading ended the server, again and again.
pub async fn give_up(app: &App, job: &Job, file: Uuid) -> crate::db::Result<()> {
    match record(app, job, file, Unreadable::Crashed.word(), None).await {
        Err(JobError::Passing(error)) => Err(error),
        _ => Ok(()),
    }
}

async fn record(app: &App, job: &Job, file: Uuid, reading: &str, text: Option<&str>) -> Result<(), JobError> {
    let mut tx = app.db.begin().await?;
    if jobs::store::remove(&mut tx, job).await? {
        // It may be sent at this moment: whoever comes second indexes what both have written.
        let application = store::application_of(&mut tx, file).await?;
        if let Some(application) = application {
            store::lock(&mut tx, application).await?;
        }
        store::set_text(&mut tx, file, reading, text).await?;
        if let Some(application) = application {
            index::refresh(&mut tx, application).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// Why a file has no text, for those who would have searched it.
pub fn explained(word: &str) -> &'static str {
    match word {
        "password" => "It has a password: ask for one without.",
        "no-text" => "It holds no text, only pictures perhaps: open it to see it.",
        "damaged" => "It is damaged: ask for it again, or open it to see what is left.",
        "too-much" => "It unfolds to more than can be read: open it to see it.",
        "timed-out" => "It took too long to read: open it to see it.",
        "missing" => "It is not in the store of files any more.",
        _ => "It could not be read: open it to see it.",
    }
}
