//! Coding tests that were given without an application, in SQL: until when they are kept, and how they go.

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, Result, Row, Tx, like_pattern};
use crate::privacy::Cause;
use crate::privacy::store::clear_rows;
use crate::privacy::tables::Roots;
use crate::ui::search_key;

crate::statements! {
    MONTHS = "SELECT value FROM settings WHERE name = 'coding_test_months'";
    SET_MONTHS = "INSERT INTO settings (name, value) VALUES ('coding_test_months', $1)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE settings.value <> excluded.value";
    LOOSE = "SELECT id FROM assessments WHERE id = $1
        AND NOT EXISTS (SELECT 1 FROM application_assessments WHERE assessment_id = assessments.id)";
    APPLICATION_OF = "SELECT application_id FROM application_assessments WHERE assessment_id = $1";
    CERTIFICATE_OF = "SELECT id FROM test_erasures WHERE assessment_id = $1";
    OF_ADDRESS = "SELECT id, email FROM assessments WHERE candidate_key LIKE $1 ESCAPE '\\'
            AND NOT EXISTS (SELECT 1 FROM application_assessments WHERE assessment_id = assessments.id)
        ORDER BY id LIMIT 500";
    GOING = "SELECT id, candidate, challenge, invited_at FROM assessments WHERE invited_at <= $1
            AND (submitted_at IS NOT NULL OR withdrawn_at IS NOT NULL OR coalesce(ends_at, deadline) <= $2)
            AND NOT EXISTS (SELECT 1 FROM application_assessments WHERE assessment_id = assessments.id)
        ORDER BY invited_at, id LIMIT $3";
    SPREAD = "SELECT CAST(CASE WHEN invited_at + $1 <= $2 THEN 0 WHEN invited_at + $1 <= $3 THEN 1
            WHEN invited_at + $1 <= $4 THEN 2 WHEN invited_at + $1 <= $5 THEN 3 ELSE 4 END AS BIGINT) AS part,
            (submitted_at IS NULL AND withdrawn_at IS NULL AND coalesce(ends_at, deadline) > $2) AS under_way, count(*) AS n
        FROM assessments WHERE NOT EXISTS (SELECT 1 FROM application_assessments WHERE assessment_id = assessments.id)
        GROUP BY part, under_way";
    ADD = "INSERT INTO test_erasures (id, assessment_id, cause, begun_by, begun_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (assessment_id) DO NOTHING";
    SETTLE = "UPDATE test_erasures SET erased_at = $2, counts = $3 WHERE id = $1 AND erased_at IS NULL";
    PROGRAMS = "SELECT submission_id FROM assessments WHERE id = $1 AND submission_id IS NOT NULL";
    CLEAR_JOBS = "DELETE FROM jobs WHERE task = 'close ' || $1
        OR task IN (SELECT 'mail ' || id FROM mails WHERE about = $1)
        OR task IN (SELECT 'grade ' || submission_id FROM assessments WHERE id = $1 AND submission_id IS NOT NULL)
        OR task IN (SELECT 'regrade ' || regradings.id FROM regradings
            JOIN assessments ON assessments.submission_id = regradings.submission_id WHERE assessments.id = $1)";
}

/// Until the company says otherwise.
pub const USUAL_MONTHS: u32 = 6;

pub async fn months(db: &Db) -> Result<u32> {
    let row = db.optional(MONTHS, args![]).await?;
    let value = row.map(|row| row.get::<String>("value")).transpose()?;
    Ok(value.and_then(|value| value.parse().ok()).unwrap_or(USUAL_MONTHS))
}

/// False when it was so before.
pub async fn set_months(tx: &mut Tx, months: u32) -> Result<bool> {
    Ok(tx.execute(SET_MONTHS, args![months.to_string()]).await? == 1)
}

/// Whether it is there, and was given without an application.
pub async fn is_loose(tx: &mut Tx, test: Uuid) -> Result<bool> {
    Ok(tx.optional(LOOSE, args![test]).await?.is_some())
}

/// The application that it was given for.
pub async fn application_of(db: &Db, test: Uuid) -> Result<Option<Uuid>> {
    let row = db.optional(APPLICATION_OF, args![test]).await?;
    row.map(|row| row.id("application_id")).transpose()
}

pub async fn certificate_of(db: &Db, test: Uuid) -> Result<Option<Uuid>> {
    let row = db.optional(CERTIFICATE_OF, args![test]).await?;
    row.map(|row| row.id("id")).transpose()
}

/// Those that were sent to this address, without an application.
pub async fn of_address(db: &Db, email: &str) -> Result<Vec<Uuid>> {
    let key = search_key(email);
    let mut ids = Vec::new();
    for row in db.all(OF_ADDRESS, args![like_pattern(&key)]).await? {
        if search_key(&row.get::<String>("email")?) == key {
            ids.push(row.id("id")?);
        }
    }
    Ok(ids)
}

/// Given before a moment, and ended.
pub async fn due(db: &Db, before: Timestamp, now: Timestamp, most: i64) -> Result<Vec<Uuid>> {
    let tests = going(db, before, now, most).await?;
    Ok(tests.into_iter().map(|test| test.id).collect())
}

/// A test in a list of what goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestLine {
    pub id: Uuid,
    pub candidate: String,
    pub challenge: String,
    pub invited_at: Timestamp,
}

pub async fn going(db: &Db, before: Timestamp, now: Timestamp, most: i64) -> Result<Vec<TestLine>> {
    let line = |row: &Row| {
        Ok(TestLine {
            id: row.id("id")?,
            candidate: row.get("candidate")?,
            challenge: row.get("challenge")?,
            invited_at: row.time("invited_at")?,
        })
    };
    db.all(GOING, args![before, now, most])
        .await?
        .iter()
        .map(line)
        .collect()
}

/// How many come under each of five parts of time, and whether they are under way. The first moment is now.
pub async fn spread(db: &Db, kept: i64, ends: [Timestamp; 4]) -> Result<Vec<(usize, bool, i64)>> {
    let [past, soon, later, last] = ends;
    let rows = db.all(SPREAD, args![kept, past, soon, later, last]).await?;
    let part = |row: &Row| {
        let part = usize::try_from(row.get::<i64>("part")?).unwrap_or_default();
        Ok((part, row.get("under_way")?, row.get("n")?))
    };
    rows.iter().map(part).collect()
}

/// As a test that is about to be erased is noted.
pub struct NewTestErasure {
    pub id: Uuid,
    pub test: Uuid,
    pub cause: Cause,
    pub by: Option<Uuid>,
}

/// False when it was begun before.
pub async fn add(tx: &mut Tx, new: &NewTestErasure, now: Timestamp) -> Result<bool> {
    let args = args![new.id, new.test, new.cause.id(), new.by, now];
    Ok(tx.execute(ADD, args).await? == 1)
}

pub async fn settle(tx: &mut Tx, id: Uuid, counts: &[(String, u64)], now: Timestamp) -> Result<()> {
    let counts = serde_json::json!(counts).to_string();
    tx.execute(SETTLE, args![id, now, counts]).await.map(drop)
}

/// Everything that is gone through for a test of its own.
pub async fn roots(tx: &mut Tx, test: Uuid) -> Result<Roots> {
    let programs = tx.all(PROGRAMS, args![test]).await?;
    let programs = programs.iter().map(|row| row.id("submission_id"));
    Ok(Roots {
        application: None,
        assessments: vec![test],
        submissions: programs.collect::<Result<_>>()?,
    })
}

/// Erases it with everything that belongs to it. Says how much there was.
pub async fn clear(tx: &mut Tx, test: Uuid) -> Result<Vec<(String, u64)>> {
    let roots = roots(tx, test).await?;
    tx.execute(CLEAR_JOBS, args![test]).await?;
    clear_rows(tx, &roots).await
}
