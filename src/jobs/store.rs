//! The queue, in SQL.

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, Result, Tx};
use crate::jobs::{Job, Lane, Progress, Task};

crate::statements! {
    ADD = "INSERT INTO jobs (id, task, state, run_at, leased_until, attempts)
        VALUES ($1, $2, 'queued', $3, 0, 0) ON CONFLICT (task) DO NOTHING";
    // The condition is stated twice: on PostgreSQL another node may take the job between the choice and the update.
    CLAIM = "UPDATE jobs SET holder = $1, leased_until = $2, attempts = attempts + 1
        WHERE id = (SELECT id FROM jobs WHERE state = 'queued' AND run_at <= $3 AND leased_until <= $3
                AND (CAST($4 AS BOOLEAN) IS NULL OR (task LIKE 'mail %') = $4)
            ORDER BY run_at, id LIMIT 1)
        AND state = 'queued' AND leased_until <= $3
        RETURNING id, task, attempts";
    RENEW = "UPDATE jobs SET leased_until = $3 WHERE id = $1 AND holder = $2 AND state = 'queued'";
    RELEASE = "UPDATE jobs SET holder = NULL, leased_until = 0, run_at = $3 WHERE id = $1 AND holder = $2 AND state = 'queued'";
    PUT_OFF = "UPDATE jobs SET holder = NULL, leased_until = 0, run_at = $3, attempts = 0
        WHERE id = $1 AND holder = $2 AND state = 'queued'";
    RELEASE_ALL = "UPDATE jobs SET holder = NULL, leased_until = 0 WHERE state = 'queued'";
    FAIL = "UPDATE jobs SET state = 'failed', failure = $3, holder = NULL, leased_until = 0 WHERE id = $1 AND holder = $2";
    RETRY = "UPDATE jobs SET state = 'queued', failure = NULL, run_at = $2, attempts = 0 WHERE task = $1 AND state = 'failed'";
    REMOVE = "DELETE FROM jobs WHERE id = $1";
    DROP_TASK = "DELETE FROM jobs WHERE task = $1";
    PROGRESS = "SELECT state, failure, leased_until FROM jobs WHERE task = $1";
    NEXT_RUN = "SELECT CASE WHEN run_at > leased_until THEN run_at ELSE leased_until END AS due FROM jobs
        WHERE state = 'queued' ORDER BY due LIMIT 1";
}

pub async fn add(tx: &mut Tx, id: Uuid, task: Task, run_at: Timestamp) -> Result<()> {
    tx.execute(ADD, args![id, task.text(), run_at]).await.map(drop)
}

/// Leases the job that has waited longest. `None`: nothing is due, or another node was quicker.
pub async fn claim(db: &Db, holder: &str, now: Timestamp, until: Timestamp) -> Result<Option<Job>> {
    claim_in(db, None, holder, now, until).await
}

/// The same, of one lane.
pub async fn claim_in(
    db: &Db,
    lane: Option<Lane>,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Job>> {
    let mut tx = db.begin().await?;
    let is_mail = lane.map(|lane| lane == Lane::Mail);
    let row = tx.optional(CLAIM, args![holder, until, now, is_mail]).await?;
    tx.commit().await?;
    row.map(|row| {
        Ok(Job {
            id: row.id("id")?,
            task: row.parse("task", Task::from_text)?,
            attempts: u32::try_from(row.get::<i64>("attempts")?).unwrap_or(u32::MAX),
            holder: holder.to_owned(),
        })
    })
    .transpose()
}

/// False when the lease has gone to somebody else.
pub async fn renew(db: &Db, job: &Job, until: Timestamp) -> Result<bool> {
    let mut tx = db.begin().await?;
    let ours = hold(&mut tx, job, until).await?;
    tx.commit().await?;
    Ok(ours)
}

/// The same in a transaction: whoever would take the job meanwhile waits for its end.
pub async fn hold(tx: &mut Tx, job: &Job, until: Timestamp) -> Result<bool> {
    Ok(tx.execute(RENEW, args![job.id, &job.holder, until]).await? == 1)
}

pub async fn release(db: &Db, job: &Job, run_at: Timestamp) -> Result<()> {
    let mut tx = db.begin().await?;
    tx.execute(RELEASE, args![job.id, &job.holder, run_at]).await?;
    tx.commit().await
}

/// For a job that waits, which is no failure: it gets all its attempts anew.
pub async fn put_off(db: &Db, job: &Job, run_at: Timestamp) -> Result<()> {
    let mut tx = db.begin().await?;
    tx.execute(PUT_OFF, args![job.id, &job.holder, run_at]).await?;
    tx.commit().await
}

/// For the only node of a database, when it starts: whoever held a lease is gone.
pub async fn release_all(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    tx.execute(RELEASE_ALL, args![]).await?;
    tx.commit().await
}

pub async fn fail(db: &Db, job: &Job, failure: &str) -> Result<()> {
    let mut tx = db.begin().await?;
    // PostgreSQL has no text with a NUL in it.
    tx.execute(FAIL, args![job.id, &job.holder, failure.replace('\0', "")])
        .await?;
    tx.commit().await
}

/// False when the task has not failed.
pub async fn retry(tx: &mut Tx, task: Task, run_at: Timestamp) -> Result<bool> {
    Ok(tx.execute(RETRY, args![task.text(), run_at]).await? == 1)
}

/// False when somebody else has done the job already.
pub async fn remove(tx: &mut Tx, job: &Job) -> Result<bool> {
    Ok(tx.execute(REMOVE, args![job.id]).await? == 1)
}

/// For what has become needless before anybody began it.
pub async fn drop_task(tx: &mut Tx, task: Task) -> Result<()> {
    tx.execute(DROP_TASK, args![task.text()]).await.map(drop)
}

pub async fn progress(db: &Db, task: Task, now: Timestamp) -> Result<Option<Progress>> {
    let Some(row) = db.optional(PROGRESS, args![task.text()]).await? else {
        return Ok(None);
    };
    let state: String = row.get("state")?;
    Ok(Some(match state.as_str() {
        "failed" => Progress::Failed(row.get::<Option<String>>("failure")?.unwrap_or_default()),
        _ if row.time("leased_until")? > now => Progress::Running,
        _ => Progress::Queued,
    }))
}

/// When the next job may be taken.
pub async fn next_run(db: &Db) -> Result<Option<Timestamp>> {
    db.optional(NEXT_RUN, args![])
        .await?
        .map(|row| row.time("due"))
        .transpose()
}
