//! Submissions and verdicts, in SQL.

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, DbError, Result, Row, Tx};
use crate::grader::Language;
use crate::grader::verdict::Verdict;
use crate::submissions::{BandFilter, Program, Standing, StoredVerdict, Strip, Submission, SubmissionLine};
use crate::submissions::{band_from_id, summary_of};

crate::statements! {
    INSERT = "INSERT INTO submissions (id, challenge, title, title_key, language, source, seed, submitted_by, submitted_at, form_token)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (form_token) DO NOTHING";
    BY_FORM_TOKEN = "SELECT id FROM submissions WHERE form_token = $1 AND submitted_by = $2";
    FIND = "SELECT submissions.id, challenge, title, language, source, submissions.seed, staff.name AS submitter, submitted_at,
            verdicts.id AS verdict_id, document, recorded_at
        FROM submissions JOIN staff ON staff.id = submitted_by LEFT JOIN verdicts ON verdicts.id = verdict_id
        WHERE submissions.id = $1";
    // Hidden ones are counted for each row: as a join, they would all be judged before the first.
    LIST = "SELECT submissions.id, challenge, title, language, staff.name AS submitter, submitted_at, band, strip, jobs.state
        FROM submissions JOIN staff ON staff.id = submitted_by
            LEFT JOIN jobs ON jobs.task = 'grade ' || submissions.id
        WHERE submissions.id < $1
            AND (CAST($2 AS TEXT) IS NULL OR challenge = $2)
            AND (CAST($3 AS TEXT) IS NULL OR COALESCE(band, 'waiting') = $3)
            AND (CAST($4 AS TEXT) IS NULL OR title_key LIKE $4 ESCAPE '\\')
            AND (SELECT count(*) FROM hidden_assessments WHERE submission_id = submissions.id AND staff_id = $6) = 0
        ORDER BY submissions.id DESC LIMIT $5";
    COUNT_BY_CHALLENGE = "SELECT challenge, count(*) AS n FROM submissions
        WHERE (SELECT count(*) FROM hidden_assessments WHERE submission_id = submissions.id AND staff_id = $1) = 0
        GROUP BY challenge";
    INSERT_VERDICT = "INSERT INTO verdicts (id, submission_id, edition, seed, document, recorded_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (submission_id, edition, seed) DO NOTHING";
    VERDICT_ID = "SELECT id FROM verdicts WHERE submission_id = $1 AND edition = $2 AND seed = $3";
    FIND_VERDICT = "SELECT id AS verdict_id, document, recorded_at FROM verdicts WHERE id = $1";
    SET_FIRST_VERDICT = "UPDATE submissions SET verdict_id = $2, band = $3, strip = $4 WHERE id = $1 AND verdict_id IS NULL";
    REPLACE_VERDICT = "UPDATE submissions SET verdict_id = $2, band = $3, strip = $4 WHERE id = $1 AND verdict_id = $5";
    LOCK = "UPDATE submissions SET title = title WHERE id = $1";
}

/// A submission on its way in.
pub struct NewSubmission {
    pub id: Uuid,
    pub challenge: String,
    pub title: String,
    pub program: Program,
    pub seed: u64,
    pub submitted_by: Uuid,
    pub form_token: Uuid,
}

/// False when this form was sent before.
pub async fn add(tx: &mut Tx, new: &NewSubmission, now: Timestamp) -> Result<bool> {
    let args = args![
        new.id,
        &new.challenge,
        &new.title,
        crate::ui::search_key(&new.title),
        language_id(new.program.language),
        new.program.source.as_slice(),
        new.seed.cast_signed(),
        new.submitted_by,
        now,
        new.form_token,
    ];
    Ok(tx.execute(INSERT, args).await? == 1)
}

pub async fn by_form_token(db: &Db, form_token: Uuid, submitted_by: Uuid) -> Result<Option<Uuid>> {
    db.optional(BY_FORM_TOKEN, args![form_token, submitted_by])
        .await?
        .map(|row| row.id("id"))
        .transpose()
}

pub async fn find(db: &Db, id: Uuid) -> Result<Option<Submission>> {
    let Some(row) = db.optional(FIND, args![id]).await? else {
        return Ok(None);
    };
    Ok(Some(Submission {
        id: row.id("id")?,
        challenge: row.get("challenge")?,
        title: row.get("title")?,
        program: Program {
            language: row.parse("language", language_from_id)?,
            source: row.get("source")?,
        },
        seed: row.get::<i64>("seed")?.cast_unsigned(),
        submitted_by: row.get("submitter")?,
        submitted_at: row.time("submitted_at")?,
        verdict: match row.get::<Option<String>>("verdict_id")? {
            Some(_) => Some(stored_verdict(&row)?),
            None => None,
        },
    }))
}

fn stored_verdict(row: &Row) -> Result<StoredVerdict> {
    Ok(StoredVerdict {
        id: row.id("verdict_id")?,
        verdict: row.json("document")?,
        recorded_at: row.time("recorded_at")?,
    })
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub challenge: Option<String>,
    pub band: Option<BandFilter>,
    /// As typed.
    pub title: Option<String>,
    /// Only those submitted before this one.
    pub before: Option<Uuid>,
}

/// What this person may see of them.
pub async fn list(db: &Db, staff: Uuid, filter: &Filter, most: i64) -> Result<Vec<SubmissionLine>> {
    let args = args![
        filter.before.unwrap_or(Uuid::max()),
        filter.challenge.clone(),
        filter.band.map(BandFilter::id),
        filter.title.as_deref().map(crate::db::like_pattern),
        most,
        staff,
    ];
    db.all(LIST, args).await?.iter().map(line).collect()
}

fn line(row: &Row) -> Result<SubmissionLine> {
    let band: Option<String> = row.get("band")?;
    let strip: Option<String> = row.get("strip")?;
    let state: Option<String> = row.get("state")?;
    let standing = match band.as_deref() {
        None if state.as_deref() == Some("failed") => Standing::Failed,
        None => Standing::Waiting,
        Some("rejected") => Standing::Rejected,
        Some(band) => Standing::Graded {
            band: band_from_id(band).ok_or(DbError::Corrupt {
                what: "band",
                why: band.to_owned(),
            })?,
            strip: Strip::from_text(strip.as_deref().unwrap_or_default()),
        },
    };
    Ok(SubmissionLine {
        id: row.id("id")?,
        challenge: row.get("challenge")?,
        title: row.get("title")?,
        language: row.parse("language", language_from_id)?,
        submitted_by: row.get("submitter")?,
        submitted_at: row.time("submitted_at")?,
        standing,
    })
}

pub async fn count_by_challenge(db: &Db, staff: Uuid) -> Result<Vec<(String, i64)>> {
    db.all(COUNT_BY_CHALLENGE, args![staff])
        .await?
        .iter()
        .map(|row| Ok((row.get("challenge")?, row.get("n")?)))
        .collect()
}

/// Stores a verdict, unless the same program was graded in the same edition with the same seed: then it is that one.
pub async fn put_verdict(tx: &mut Tx, id: Uuid, submission: Uuid, verdict: &Verdict, now: Timestamp) -> Result<Uuid> {
    let document = serde_json::to_string(verdict).map_err(|e| DbError::Corrupt {
        what: "verdict",
        why: e.to_string(),
    })?;
    let seed = verdict.seed.cast_signed();
    tx.execute(
        INSERT_VERDICT,
        args![id, submission, &verdict.edition, seed, document, now],
    )
    .await?;
    let stored = verdict_id(tx, submission, &verdict.edition, verdict.seed).await?;
    stored.ok_or(DbError::Corrupt {
        what: "verdict",
        why: "it was not stored".into(),
    })
}

pub async fn verdict_id(tx: &mut Tx, submission: Uuid, edition: &str, seed: u64) -> Result<Option<Uuid>> {
    let row = tx
        .optional(VERDICT_ID, args![submission, edition, seed.cast_signed()])
        .await?;
    row.map(|row| row.id("id")).transpose()
}

pub async fn find_verdict(db: &Db, id: Uuid) -> Result<StoredVerdict> {
    let row = db.optional(FIND_VERDICT, args![id]).await?;
    stored_verdict(&row.ok_or(DbError::Corrupt {
        what: "verdict",
        why: format!("{id} is gone"),
    })?)
}

pub async fn set_first_verdict(tx: &mut Tx, submission: Uuid, id: Uuid, verdict: &Verdict) -> Result<()> {
    let (band, strip) = summary_of(verdict);
    tx.execute(SET_FIRST_VERDICT, args![submission, id, band, strip])
        .await
        .map(drop)
}

/// False when another verdict than `old` is in force by now.
pub async fn replace_verdict(tx: &mut Tx, submission: Uuid, old: Uuid, new: &StoredVerdict) -> Result<bool> {
    let (band, strip) = summary_of(&new.verdict);
    Ok(tx
        .execute(REPLACE_VERDICT, args![submission, new.id, band, strip, old])
        .await?
        == 1)
}

/// Whoever else would change this submission waits until the transaction ends.
pub async fn lock(tx: &mut Tx, submission: Uuid) -> Result<()> {
    tx.execute(LOCK, args![submission]).await.map(drop)
}

pub fn language_id(language: Language) -> &'static str {
    match language {
        Language::JavaScript => "javascript",
        Language::TypeScript => "typescript",
    }
}

pub fn language_from_id(id: &str) -> Option<Language> {
    [Language::JavaScript, Language::TypeScript]
        .into_iter()
        .find(|language| language_id(*language) == id)
}
