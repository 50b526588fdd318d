//! Certificates, what is due, and the ways in which a person's rows go, in SQL.

use uuid::Uuid;

use crate::args;
use crate::assessments::taking::is_secret;
use crate::audit::{Flaw, Record, digest};
use crate::clock::Timestamp;
use crate::db::portable::Cell;
use crate::db::{Db, Result, Row, Tx};
use crate::hiring::{Application, ApplicationState};
use crate::privacy::tables::{PERSONAL, Roots};
use crate::privacy::{Cause, Certificate};
use crate::ui::search_key;

crate::statements! {
    ADD = "INSERT INTO erasures (id, application_id, opening_id, link_hash, cause, begun_by, begun_at, asked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (application_id) DO NOTHING";
    SETTLE = "UPDATE erasures SET erased_at = $2, counts = $3 WHERE id = $1 AND erased_at IS NULL";
    FIND = "SELECT certificates.id, subject_id, opening_id, coalesce(openings.title, '') AS title, cause, begun_by, staff.name AS by_name,
            begun_at, asked_at, erased_at, counts
        FROM certificates LEFT JOIN openings ON openings.id = opening_id LEFT JOIN staff ON staff.id = begun_by WHERE certificates.id = $1";
    OF_APPLICATION = "SELECT id FROM erasures WHERE application_id = $1";
    BY_LINK = "SELECT erased_at FROM erasures WHERE link_hash = $1 AND erased_at IS NOT NULL ORDER BY id LIMIT 1";
    LIST = "SELECT certificates.id, subject_id, opening_id, coalesce(openings.title, '') AS title, cause, begun_by, staff.name AS by_name,
            begun_at, asked_at, erased_at, counts
        FROM certificates LEFT JOIN openings ON openings.id = opening_id LEFT JOIN staff ON staff.id = begun_by
        WHERE certificates.id < $1 ORDER BY certificates.id DESC LIMIT $2";
    SEALED = "SELECT audit_log.seq, audit_log.detail AS sealed, certificates.id, subject_id, opening_id, '' AS title, cause,
            begun_by, CAST(NULL AS TEXT) AS by_name, begun_at, asked_at, erased_at, counts
        FROM audit_log LEFT JOIN certificates ON certificates.id = substr(audit_log.detail, 13, 36)
        WHERE audit_log.seq > $1 AND audit_log.seq <= $2 AND audit_log.detail LIKE 'certificate %' ORDER BY audit_log.seq";
    ROW = "SELECT * FROM applications WHERE id = $1";
    DUPLICATES = "SELECT id FROM applications WHERE merged_into = $1 ORDER BY id";
    ASSESSMENTS = "SELECT assessment_id, submission_id FROM application_assessments JOIN assessments ON assessments.id = assessment_id
        WHERE application_id = $1 ORDER BY assessment_id";
    // A job that finds nothing would end by itself; it may come weeks later, and says why it failed before.
    CLEAR_JOBS = "DELETE FROM jobs WHERE task IN (SELECT 'mail ' || id FROM mails WHERE about = $1)
        OR task IN (SELECT 'read ' || id FROM application_files WHERE application_id = $1)
        OR task IN (SELECT 'close ' || assessment_id FROM application_assessments WHERE application_id = $1)
        OR task IN (SELECT 'mail ' || mails.id FROM mails JOIN application_assessments ON assessment_id = about WHERE application_id = $1)
        OR task IN (SELECT 'grade ' || submission_id FROM assessments JOIN application_assessments ON assessment_id = assessments.id
            WHERE application_id = $1 AND submission_id IS NOT NULL)
        OR task IN (SELECT 'regrade ' || regradings.id FROM regradings JOIN assessments ON assessments.submission_id = regradings.submission_id
            JOIN application_assessments ON assessment_id = assessments.id WHERE application_id = $1)
        OR task = 'decline ' || $1 OR task = 'forget ' || $1";
    CLEAR_LIMITS = "DELETE FROM rate_limits WHERE limit_key IN ($1, $2, $3)";
    DUE = "SELECT id FROM applications AS a WHERE keep_until <= $1 AND state NOT IN ('draft', 'active') AND merged_into IS NULL
            AND NOT EXISTS (SELECT 1 FROM applications AS d WHERE d.merged_into = a.id AND d.keep_until > $1)
        ORDER BY keep_until, id LIMIT $2";
    GOING = "SELECT a.id, a.opening_id, openings.title, a.name, a.state, a.keep_until FROM applications AS a
            JOIN openings ON openings.id = a.opening_id
        WHERE a.opening_id = $1 AND a.keep_until <= $2 AND a.state NOT IN ('draft', 'active')
        ORDER BY a.keep_until, a.id LIMIT $3";
    OVERDUE = "SELECT a.id, a.opening_id, openings.title, a.name, a.state, a.keep_until FROM applications AS a
            JOIN openings ON openings.id = a.opening_id
        WHERE a.keep_until <= $1 AND a.state = 'active' AND a.merged_into IS NULL ORDER BY a.keep_until, a.id LIMIT $2";
    ASKED = "SELECT a.id, a.opening_id, openings.title, a.name, a.state, a.erasure_asked_at AS keep_until FROM applications AS a
            JOIN openings ON openings.id = a.opening_id
        WHERE a.erasure_asked_at IS NOT NULL ORDER BY a.erasure_asked_at, a.id LIMIT $1";
    GOING_BY_JOB = "SELECT opening_id, openings.title, count(*) AS n FROM applications JOIN openings ON openings.id = opening_id
        WHERE keep_until <= $1 AND applications.state NOT IN ('draft', 'active')
        GROUP BY opening_id, openings.title ORDER BY n DESC, openings.title LIMIT 100";
    // How many go when, if they are kept for so long.
    SPREAD = "SELECT CAST(CASE WHEN submitted_at + $2 <= $3 THEN 0 WHEN submitted_at + $2 <= $4 THEN 1
            WHEN submitted_at + $2 <= $5 THEN 2 WHEN submitted_at + $2 <= $6 THEN 3 ELSE 4 END AS BIGINT) AS part,
            state = 'active' AS under_way, count(*) AS n
        FROM applications WHERE opening_id = $1 AND submitted_at IS NOT NULL GROUP BY part, under_way";
    SET_MONTHS = "UPDATE openings SET keep_months = $2, revision = revision + 1 WHERE id = $1 AND keep_months <> $2";
    KEEP = "UPDATE applications SET keep_until = submitted_at + $2 WHERE id IN (SELECT id FROM applications
        WHERE opening_id = $1 AND submitted_at IS NOT NULL AND (keep_until IS NULL OR keep_until <> submitted_at + $2)
        ORDER BY id LIMIT $3)";
}

/// As an application that is about to be erased is noted.
pub struct NewErasure {
    pub id: Uuid,
    pub cause: Cause,
    pub by: Option<Uuid>,
}

/// False when it was begun before.
pub async fn add(tx: &mut Tx, new: &NewErasure, application: &Application, now: Timestamp) -> Result<bool> {
    let args = args![
        new.id,
        application.id,
        application.opening,
        link_hash(&application.link),
        new.cause.id(),
        new.by,
        now,
        application.erasure_asked_at,
    ];
    Ok(tx.execute(ADD, args).await? == 1)
}

fn link_hash(link: &str) -> String {
    digest(&format!("erased {link}"))
}

pub async fn settle(tx: &mut Tx, id: Uuid, counts: &[(String, u64)], now: Timestamp) -> Result<()> {
    let counts = serde_json::json!(counts).to_string();
    tx.execute(SETTLE, args![id, now, counts]).await.map(drop)
}

pub async fn find(db: &Db, id: Uuid) -> Result<Option<Certificate>> {
    db.optional(FIND, args![id])
        .await?
        .as_ref()
        .map(certificate)
        .transpose()
}

pub async fn find_in(tx: &mut Tx, id: Uuid) -> Result<Option<Certificate>> {
    tx.optional(FIND, args![id])
        .await?
        .as_ref()
        .map(certificate)
        .transpose()
}

pub async fn of_application(db: &Db, application: Uuid) -> Result<Option<Uuid>> {
    let row = db.optional(OF_APPLICATION, args![application]).await?;
    row.map(|row| row.id("id")).transpose()
}

/// When the application behind a link was erased.
pub async fn erased_at(db: &Db, link: &str) -> Result<Option<Timestamp>> {
    if !is_secret(link) {
        return Ok(None);
    }
    let row = db.optional(BY_LINK, args![link_hash(link)]).await?;
    row.map(|row| row.time("erased_at")).transpose()
}

/// The newest first.
pub async fn list(db: &Db, before: Option<Uuid>, most: i64) -> Result<Vec<Certificate>> {
    let rows = db.all(LIST, args![before.unwrap_or(Uuid::max()), most]).await?;
    rows.iter().map(certificate).collect()
}

fn certificate(row: &Row) -> Result<Certificate> {
    let by = row.get::<Option<String>>("begun_by")?;
    let opening = row.get::<Option<String>>("opening_id")?;
    let counts = match row.get::<Option<String>>("counts")? {
        Some(_) => row.json("counts")?,
        None => Vec::new(),
    };
    Ok(Certificate {
        id: row.id("id")?,
        subject: row.id("subject_id")?,
        opening: opening.map(|_| row.id("opening_id")).transpose()?,
        opening_title: row.get("title")?,
        cause: row.parse("cause", Cause::from_id)?,
        by: by.map(|_| row.id("begun_by")).transpose()?,
        by_name: row.get("by_name")?,
        begun_at: row.time("begun_at")?,
        asked_at: row.get::<Option<i64>>("asked_at")?.map(Timestamp),
        erased_at: row.get::<Option<i64>>("erased_at")?.map(Timestamp),
        counts,
    })
}

/// The first certificate that is gone, or says something else than when it was recorded.
pub async fn changed_certificate(db: &Db, rows: &[Record]) -> Result<Option<Flaw>> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(None);
    };
    for row in db.all(SEALED, args![first.seq - 1, last.seq]).await? {
        let found = row.get::<Option<String>>("id")?;
        let sealed = match found {
            Some(_) => certificate(&row)?.seal(),
            None => String::new(),
        };
        if sealed != row.get::<String>("sealed")? {
            return Ok(Some(Flaw::Certificate(row.get("seq")?)));
        }
    }
    Ok(None)
}

/// What is merged into an application.
pub async fn duplicates(db: &Db, application: Uuid) -> Result<Vec<Uuid>> {
    let rows = db.all(DUPLICATES, args![application]).await?;
    rows.iter().map(|row| row.id("id")).collect()
}

/// The row of an application, as it is.
pub async fn row(tx: &mut Tx, application: Uuid) -> Result<Option<Vec<(String, Cell)>>> {
    tx.optional(ROW, args![application])
        .await?
        .map(|row| row.cells())
        .transpose()
}

pub async fn roots(tx: &mut Tx, application: Uuid) -> Result<Roots> {
    let mut roots = Roots {
        application: Some(application),
        ..Roots::default()
    };
    for row in tx.all(ASSESSMENTS, args![application]).await? {
        roots.assessments.push(row.id("assessment_id")?);
        if row.get::<Option<String>>("submission_id")?.is_some() {
            roots.submissions.push(row.id("submission_id")?);
        }
    }
    Ok(roots)
}

/// Erases everything that belongs to an application but the row of the application itself. Says how much there was.
pub async fn clear(tx: &mut Tx, application: &Application) -> Result<Vec<(String, u64)>> {
    let roots = roots(tx, application.id).await?;
    tx.execute(CLEAR_JOBS, args![application.id]).await?;
    let key = search_key(&application.email);
    let limits = args![
        format!("mail {key}"),
        format!("links {key}"),
        format!("upload {}", application.id)
    ];
    tx.execute(CLEAR_LIMITS, limits).await?;
    clear_rows(tx, &roots).await
}

/// Erases what stands in [`PERSONAL`]. Says how much there was of what.
pub async fn clear_rows(tx: &mut Tx, roots: &Roots) -> Result<Vec<(String, u64)>> {
    let mut counts: Vec<(String, u64)> = Vec::new();
    for personal in PERSONAL {
        for root in roots.of(personal.of) {
            let n = tx.execute(personal.erase, args![root]).await?;
            match counts.iter_mut().find(|(table, _)| table == personal.table) {
                Some((_, so_far)) => *so_far += n,
                None => counts.push((personal.table.to_owned(), n)),
            }
        }
    }
    counts.retain(|(_, n)| *n > 0);
    Ok(counts)
}

/// Applications that have ended and were kept for as long as their jobs say.
pub async fn due(db: &Db, now: Timestamp, most: i64) -> Result<Vec<Uuid>> {
    let rows = db.all(DUE, args![now, most]).await?;
    rows.iter().map(|row| row.id("id")).collect()
}

/// An application in a list of what goes, or waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: Uuid,
    pub opening: Uuid,
    pub opening_title: String,
    pub name: String,
    pub state: ApplicationState,
    /// When its period ends; of a request: when it was made.
    pub at: Timestamp,
}

fn line(row: &Row) -> Result<Line> {
    Ok(Line {
        id: row.id("id")?,
        opening: row.id("opening_id")?,
        opening_title: row.get("title")?,
        name: row.get("name")?,
        state: row.parse("state", ApplicationState::from_id)?,
        at: row.time("keep_until")?,
    })
}

/// What goes by itself until a moment, of one job.
pub async fn going(db: &Db, opening: Uuid, until: Timestamp, most: i64) -> Result<Vec<Line>> {
    db.all(GOING, args![opening, until, most])
        .await?
        .iter()
        .map(line)
        .collect()
}

/// Past its period, and still under way.
pub async fn overdue(db: &Db, now: Timestamp, most: i64) -> Result<Vec<Line>> {
    db.all(OVERDUE, args![now, most]).await?.iter().map(line).collect()
}

/// Whose candidates have asked for erasure; the oldest request first.
pub async fn asked(db: &Db, most: i64) -> Result<Vec<Line>> {
    db.all(ASKED, args![most]).await?.iter().map(line).collect()
}

/// How many go until a moment, by job.
pub async fn going_by_job(db: &Db, until: Timestamp) -> Result<Vec<(Uuid, String, i64)>> {
    let rows = db.all(GOING_BY_JOB, args![until]).await?;
    rows.iter()
        .map(|row| Ok((row.id("opening_id")?, row.get("title")?, row.get("n")?)))
        .collect()
}

/// How many of a job come under each of five parts of time, and whether they are under way.
pub async fn spread(db: &Db, opening: Uuid, kept: i64, ends: [Timestamp; 4]) -> Result<Vec<(usize, bool, i64)>> {
    let [past, soon, later, last] = ends;
    let rows = db.all(SPREAD, args![opening, kept, past, soon, later, last]).await?;
    let part = |row: &Row| {
        let part = usize::try_from(row.get::<i64>("part")?).unwrap_or_default();
        Ok((part, row.get("under_way")?, row.get("n")?))
    };
    rows.iter().map(part).collect()
}

/// False when it was so before.
pub async fn set_months(tx: &mut Tx, opening: Uuid, months: u32) -> Result<bool> {
    Ok(tx.execute(SET_MONTHS, args![opening, i64::from(months)]).await? == 1)
}

/// Writes anew until when some applications of a job are kept. Says how many there were.
pub async fn keep(tx: &mut Tx, opening: Uuid, kept: i64, most: i64) -> Result<u64> {
    tx.execute(KEEP, args![opening, kept, most]).await
}
