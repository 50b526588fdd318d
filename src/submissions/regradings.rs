//! Regradings: a second verdict, proposed beside the first, applied by a person or not at all.

use uuid::Uuid;

use crate::app::App;
use crate::args;
use crate::audit;
use crate::clock::Timestamp;
use crate::db::{Db, Result, Row, Tx};
use crate::error::AppError;
use crate::grader::verdict::{Criterion, CriterionResult, Outcome, Verdict};
use crate::jobs::{self, Task};
use crate::submissions::{StoredVerdict, Submission, store};

crate::statements! {
    INSERT = "INSERT INTO regradings (id, submission_id, requested_by, requested_at, seed, old_verdict_id, new_verdict_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    OPEN = "SELECT regradings.id FROM regradings LEFT JOIN verdicts ON verdicts.id = new_verdict_id
        WHERE regradings.submission_id = $1 AND regradings.seed = $2 AND old_verdict_id = $3 AND applied_at IS NULL
            AND (new_verdict_id IS NULL OR edition = $4)
        ORDER BY regradings.id DESC LIMIT 1";
    FIND = "SELECT regradings.id, submission_id, asker.name AS requested_by, requested_at, seed, old_verdict_id, new_verdict_id,
            applier.name AS applied_by, applied_at
        FROM regradings JOIN staff asker ON asker.id = requested_by LEFT JOIN staff applier ON applier.id = applied_by
        WHERE regradings.id = $1";
    OF_SUBMISSION = "SELECT regradings.id, submission_id, asker.name AS requested_by, requested_at, seed, old_verdict_id, new_verdict_id,
            applier.name AS applied_by, applied_at
        FROM regradings JOIN staff asker ON asker.id = requested_by LEFT JOIN staff applier ON applier.id = applied_by
        WHERE submission_id = $1 ORDER BY regradings.id DESC";
    SET_OUTCOME = "UPDATE regradings SET new_verdict_id = $2 WHERE id = $1 AND new_verdict_id IS NULL";
    APPLY = "UPDATE regradings SET applied_by = $2, applied_at = $3 WHERE id = $1 AND applied_at IS NULL";
}

#[derive(Clone, Debug)]
pub struct Regrading {
    pub id: Uuid,
    pub submission: Uuid,
    pub requested_by: String,
    pub requested_at: Timestamp,
    pub seed: u64,
    pub old_verdict: Uuid,
    /// `None` until it is graded.
    pub new_verdict: Option<Uuid>,
    pub applied: Option<(String, Timestamp)>,
}

fn regrading(row: &Row) -> Result<Regrading> {
    let applied_by: Option<String> = row.get("applied_by")?;
    let applied_at: Option<i64> = row.get("applied_at")?;
    let new_verdict: Option<String> = row.get("new_verdict_id")?;
    Ok(Regrading {
        id: row.id("id")?,
        submission: row.id("submission_id")?,
        requested_by: row.get("requested_by")?,
        requested_at: row.time("requested_at")?,
        seed: row.get::<i64>("seed")?.cast_unsigned(),
        old_verdict: row.id("old_verdict_id")?,
        new_verdict: match new_verdict {
            Some(_) => Some(row.id("new_verdict_id")?),
            None => None,
        },
        applied: applied_by.zip(applied_at.map(Timestamp)),
    })
}

pub async fn find(db: &Db, id: Uuid) -> Result<Option<Regrading>> {
    db.optional(FIND, args![id])
        .await?
        .map(|row| regrading(&row))
        .transpose()
}

/// Newest first.
pub async fn of_submission(db: &Db, submission: Uuid) -> Result<Vec<Regrading>> {
    db.all(OF_SUBMISSION, args![submission])
        .await?
        .iter()
        .map(regrading)
        .collect()
}

pub async fn set_outcome(tx: &mut Tx, id: Uuid, verdict: Uuid) -> Result<()> {
    tx.execute(SET_OUTCOME, args![id, verdict]).await.map(drop)
}

/// Asks for a verdict of the current edition. Asking twice for the same gives the same regrading.
pub async fn request(app: &App, submission: &Submission, edition: &str, seed: u64, by: Uuid) -> Result<Uuid, AppError> {
    let not_yet = || AppError::Conflict("The first verdict is not there yet".into());
    let old = submission.verdict.as_ref().ok_or_else(not_yet)?;
    let (id, now) = (app.new_id(), app.now());
    let mut tx = app.db.begin().await?;
    store::lock(&mut tx, submission.id).await?;
    let open = tx
        .optional(OPEN, args![submission.id, seed.cast_signed(), old.id, edition])
        .await?;
    if let Some(open) = open {
        return Ok(open.id("id")?);
    }
    // What was graded before in this edition with this seed would come out the same again.
    let known = store::verdict_id(&mut tx, submission.id, edition, seed).await?;
    tx.execute(
        INSERT,
        args![id, submission.id, by, now, seed.cast_signed(), old.id, known],
    )
    .await?;
    if known.is_none() {
        jobs::store::add(&mut tx, app.new_id(), Task::Regrade { regrading: id }, now).await?;
    }
    tx.commit().await?;
    app.job_queued.notify_one();
    Ok(id)
}

/// Puts the new verdict in force, if the old one still is.
pub async fn apply(app: &App, regrading: &Regrading, by: Uuid) -> Result<(), AppError> {
    let Some(new) = regrading.new_verdict else {
        return Err(AppError::Conflict("The new verdict is not there yet".into()));
    };
    let new: StoredVerdict = store::find_verdict(&app.db, new).await?;
    let mut tx = app.db.begin().await?;
    store::lock(&mut tx, regrading.submission).await?;
    let first = tx.execute(APPLY, args![regrading.id, by, app.now()]).await? == 1;
    if !first {
        return Ok(());
    }
    if !store::replace_verdict(&mut tx, regrading.submission, regrading.old_verdict, &new).await? {
        let stale = "Another verdict has been applied since this comparison was made";
        return Err(AppError::Conflict(stale.into()));
    }
    let subject = format!("submission {}", regrading.submission);
    audit::note(&mut tx, by, ("Regrading applied", subject, ""), app.now()).await?;
    Ok(tx.commit().await?)
}

/// One criterion in both verdicts.
#[derive(Clone, Debug)]
pub struct Difference {
    pub criterion: Criterion,
    pub old: Option<CriterionResult>,
    pub new: Option<CriterionResult>,
}

impl Difference {
    pub fn flips(&self) -> bool {
        let pass = |side: &Option<CriterionResult>| side.as_ref().map(|result| result.pass);
        pass(&self.old) != pass(&self.new)
    }
}

/// Criterion by criterion, what flips first.
pub fn differences(old: &Verdict, new: &Verdict) -> Vec<Difference> {
    let mut all: Vec<Difference> = Criterion::ALL
        .into_iter()
        .map(|criterion| Difference {
            criterion,
            old: result(old, criterion),
            new: result(new, criterion),
        })
        .collect();
    all.sort_by_key(|difference| !difference.flips());
    all
}

fn result(verdict: &Verdict, criterion: Criterion) -> Option<CriterionResult> {
    match &verdict.outcome {
        Outcome::Rejected(_) => None,
        Outcome::Graded(graded) => graded.criteria.iter().find(|result| result.id == criterion).cloned(),
    }
}
