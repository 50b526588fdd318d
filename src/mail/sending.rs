//! The work of a mail's job: hand it over, record what came of it, and try again where that can do no harm.

use std::pin::Pin;
use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::jobs::{self, Job, JobError, LEASE};
use crate::mail::{Mail, State, store};

/// The way to a mail server. Tests put their own in its place.
pub trait Post: Send + Sync {
    fn deliver<'a>(&'a self, mail: &'a Mail) -> Delivery<'a>;
}

pub type Delivery<'a> = Pin<Box<dyn Future<Output = Result<(), PostError>> + Send + 'a>>;

/// Why a mail was not delivered, in the words of whoever refused it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// It certainly was not taken, and may be later.
    #[error("{0}")]
    Passing(String),
    /// It will never be taken.
    #[error("{0}")]
    Refused(String),
    /// It was handed over, and there was no answer.
    #[error("{0}")]
    Unknown(String),
}

pub const MOST_ATTEMPTS: u32 = 8;
pub const UNKNOWN: &str = "It is not known whether this mail arrived; send it again yourself if needed.";

const BACKOFF_BASE: Duration = Duration::from_secs(5);
const BACKOFF_CAP: Duration = Duration::from_secs(3_600);

pub async fn send(app: &App, job: &Job, mail: Uuid) -> Result<(), JobError> {
    let Some(mail) = store::find(&app.db, mail).await? else {
        return Err(JobError::Hopeless("The mail is gone.".into()));
    };
    match (mail.state, &app.post) {
        (State::Queued, _) if mail.next_at > app.now() => Err(JobError::Later(mail.next_at)),
        (State::Queued, None) => settle(app, job, &mail, State::Kept, None).await,
        (State::Queued, Some(post)) => attempt(app, job, &mail, &**post).await,
        // Whoever began this attempt is dead, because we have its job.
        (State::Sending, _) => settle(app, job, &mail, State::Failed, Some(UNKNOWN)).await,
        (State::Sent | State::Kept | State::Failed, _) => finish(app, job).await,
    }
}

async fn attempt(app: &App, job: &Job, mail: &Mail, post: &dyn Post) -> Result<(), JobError> {
    if !begin(app, job, mail).await? {
        return Ok(());
    }
    let mail = &Mail {
        attempts: mail.attempts + 1,
        state: State::Sending,
        ..mail.clone()
    };
    match post.deliver(mail).await {
        Ok(()) => settle(app, job, mail, State::Sent, None).await,
        Err(PostError::Refused(words)) => settle(app, job, mail, State::Failed, Some(&words)).await,
        Err(PostError::Unknown(words)) => {
            tracing::warn!(mail = %mail.id, words, "a mail server did not answer");
            settle(app, job, mail, State::Failed, Some(UNKNOWN)).await
        }
        Err(PostError::Passing(words)) if mail.attempts >= MOST_ATTEMPTS => {
            let words = format!("It was tried {MOST_ATTEMPTS} times. In the end: {words}");
            settle(app, job, mail, State::Failed, Some(&words)).await
        }
        Err(PostError::Passing(words)) => put_off(app, job, mail, &words).await,
    }
}

/// Records the attempt before it is made. False when the job has gone to somebody else: then nothing may be sent.
async fn begin(app: &App, job: &Job, mail: &Mail) -> Result<bool, JobError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let ours =
        jobs::store::hold(&mut tx, job, now.plus(LEASE)).await? && store::begin_attempt(&mut tx, mail, now).await?;
    if ours {
        tx.commit().await?;
    }
    Ok(ours)
}

async fn settle(app: &App, job: &Job, mail: &Mail, to: State, failure: Option<&str>) -> Result<(), JobError> {
    let mut tx = app.db.begin().await?;
    let settled = store::settle(&mut tx, mail.id, mail.state, to, failure, app.now()).await?;
    // Where either is no longer ours, whoever has the job looks at the mail anew.
    if settled && jobs::store::remove(&mut tx, job).await? {
        tx.commit().await?;
    }
    Ok(())
}

async fn put_off(app: &App, job: &Job, mail: &Mail, words: &str) -> Result<(), JobError> {
    let now = app.now();
    let next_at = now.plus(wait(app, mail.attempts));
    let mut tx = app.db.begin().await?;
    if jobs::store::hold(&mut tx, job, now.plus(LEASE)).await? {
        store::put_off(&mut tx, mail.id, words, next_at, now).await?;
        tx.commit().await?;
    }
    Err(JobError::Later(next_at))
}

/// The wait after this many attempts.
pub fn wait(app: &App, attempts: u32) -> Duration {
    jobs::full_jitter(app, BACKOFF_BASE, BACKOFF_CAP, attempts)
}

async fn finish(app: &App, job: &Job) -> Result<(), JobError> {
    let mut tx = app.db.begin().await?;
    jobs::store::remove(&mut tx, job).await?;
    Ok(tx.commit().await?)
}

/// For a job that killed its node again and again.
pub async fn give_up(app: &App, job: &Job, mail: Uuid, failure: &str) -> Result<(), crate::db::DbError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if jobs::store::remove(&mut tx, job).await?
        && !store::settle(&mut tx, mail, State::Queued, State::Failed, Some(failure), now).await?
    {
        store::settle(&mut tx, mail, State::Sending, State::Failed, Some(UNKNOWN), now).await?;
    }
    tx.commit().await
}
