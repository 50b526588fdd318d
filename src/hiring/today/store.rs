//! What waits, in SQL. Every list stops after a few rows of an index.

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, Result, Row};
use crate::hiring::today::{Standing, Test};

crate::statements! {
    JOBS = "SELECT id, title FROM openings
        WHERE state <> 'draft' AND (CAST($1 AS TEXT) IS NULL
            OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $1))
        ORDER BY state DESC, id DESC LIMIT $2";
    IN_TEAMS = "SELECT count(*) AS n FROM opening_team WHERE staff_id = $1";
    COUNTS = "SELECT stage_id, n FROM application_counts WHERE opening_id = $1 AND state = 'active' AND n > 0";
    LONGEST = "SELECT stage_since FROM applications
        WHERE opening_id = $1 AND state = 'active' AND merged_into IS NULL ORDER BY stage_since LIMIT 1";
    FRESH = "SELECT count(*) AS n FROM (SELECT 1 FROM applications WHERE opening_id = $1 AND submitted_at >= $2 LIMIT 100) AS few";
    OLDEST = "SELECT applications.id, applications.name, stage_id, stage_since, outcome,
            (SELECT count(*) FROM application_takes
                WHERE application_id = applications.id AND submitted_at IS NOT NULL AND removed_at IS NULL) AS videos,
            (SELECT count(*) FROM take_notes JOIN application_takes ON application_takes.id = take_id
                WHERE application_id = applications.id) AS notes,
            invited_at, opened_at, assessments.submitted_at AS test_sent_at, band, strip
        FROM applications
        LEFT JOIN application_assessments ON application_assessments.assessment_id = (
            SELECT max(assessment_id) FROM application_assessments WHERE application_id = applications.id)
        LEFT JOIN assessments ON assessments.id = assessment_id AND withdrawn_at IS NULL
        LEFT JOIN submissions ON submissions.id = submission_id
        WHERE opening_id = $1 AND applications.state = 'active' AND merged_into IS NULL
        ORDER BY stage_since, applications.id LIMIT $2";
    ERASURES = "SELECT applications.id, applications.name, title, erasure_asked_at FROM applications
        JOIN openings ON openings.id = opening_id
        WHERE erasure_asked_at IS NOT NULL ORDER BY erasure_asked_at LIMIT $1";
    UNSENT = "SELECT id, recipient_name, recipient, subject, since, about FROM mails AS failed
        WHERE state = 'failed' AND NOT EXISTS (SELECT 1 FROM mails AS copies WHERE copies.copy_of = failed.id)
        ORDER BY id DESC LIMIT $1";
}

/// A job on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: Uuid,
    pub title: String,
}

/// The jobs of a person's teams, or of everybody, the published and the newest first.
pub async fn jobs(db: &Db, of: Option<Uuid>, most: i64) -> Result<Vec<Job>> {
    let job = |row: &Row| {
        Ok(Job {
            id: row.id("id")?,
            title: row.get("title")?,
        })
    };
    db.all(JOBS, args![of, most]).await?.iter().map(job).collect()
}

pub async fn is_in_a_team(db: &Db, staff: Uuid) -> Result<bool> {
    let row = db.optional(IN_TEAMS, args![staff]).await?;
    let n: i64 = row.map_or(Ok(0), |row| row.get("n"))?;
    Ok(n > 0)
}

/// How many applications are under way in each stage.
pub async fn counts(db: &Db, opening: Uuid) -> Result<Vec<(Uuid, i64)>> {
    let rows = db.all(COUNTS, args![opening]).await?;
    rows.iter()
        .map(|row| Ok((row.id("stage_id")?, row.get("n")?)))
        .collect()
}

/// Since when the one that waits longest has been where it is.
pub async fn longest(db: &Db, opening: Uuid) -> Result<Option<Timestamp>> {
    let row = db.optional(LONGEST, args![opening]).await?;
    row.map(|row| row.time("stage_since")).transpose()
}

/// How many were sent since, up to a hundred.
pub async fn fresh(db: &Db, opening: Uuid, since: Timestamp) -> Result<i64> {
    let row = db.optional(FRESH, args![opening, since]).await?;
    row.map_or(Ok(0), |row| row.get("n"))
}

/// Those under way that have been in their stage for longest.
pub async fn oldest(db: &Db, opening: Uuid, most: i64) -> Result<Vec<Standing>> {
    db.all(OLDEST, args![opening, most])
        .await?
        .iter()
        .map(standing)
        .collect()
}

fn standing(row: &Row) -> Result<Standing> {
    let time = |column| row.get::<Option<i64>>(column).map(|at| at.map(Timestamp));
    let outcome: Option<String> = row.get("outcome")?;
    let test = match time("invited_at")? {
        Some(invited_at) => Some(Test {
            invited_at,
            opened: time("opened_at")?.is_some(),
            submitted_at: time("test_sent_at")?,
            band: row.get("band")?,
            strip: row.get::<Option<String>>("strip")?.unwrap_or_default(),
        }),
        None => None,
    };
    Ok(Standing {
        id: row.id("id")?,
        name: row.get("name")?,
        stage: row.id("stage_id")?,
        since: row.time("stage_since")?,
        to_review: outcome.as_deref() == Some("review"),
        videos: u32::try_from(row.get::<i64>("videos")?).unwrap_or_default(),
        watched: row.get::<i64>("notes")? > 0,
        test,
    })
}

/// Somebody who has asked to be erased.
pub struct Erasure {
    pub id: Uuid,
    pub name: String,
    pub job: String,
    pub asked_at: Timestamp,
}

pub async fn erasures(db: &Db, most: i64) -> Result<Vec<Erasure>> {
    let erasure = |row: &Row| {
        Ok(Erasure {
            id: row.id("id")?,
            name: row.get("name")?,
            job: row.get("title")?,
            asked_at: row.time("erasure_asked_at")?,
        })
    };
    db.all(ERASURES, args![most]).await?.iter().map(erasure).collect()
}

/// A mail that could not be sent, and was not sent again.
pub struct Unsent {
    pub id: Uuid,
    pub about: Option<Uuid>,
    pub to: String,
    pub subject: String,
    pub since: Timestamp,
}

pub async fn unsent(db: &Db, most: i64) -> Result<Vec<Unsent>> {
    let unsent = |row: &Row| {
        let name: String = row.get("recipient_name")?;
        let about = row.get::<Option<String>>("about")?;
        Ok(Unsent {
            id: row.id("id")?,
            about: about.map(|_| row.id("about")).transpose()?,
            to: match name.is_empty() {
                true => row.get("recipient")?,
                false => name,
            },
            subject: row.get("subject")?,
            since: row.time("since")?,
        })
    };
    db.all(UNSENT, args![most]).await?.iter().map(unsent).collect()
}
