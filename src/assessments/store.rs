//! Assessments, drafts, runs and logs, in SQL.

use uuid::Uuid;

use crate::args;
use crate::assessments::{Assessment, Draft, Fate, LogEntry, Run, RunLine, RunReport, State, Variant};
use crate::clock::Timestamp;
use crate::db::{Db, DbError, Result, Row, Tx};
use crate::grader::{Language, Program};
use crate::submissions::store::{language_from_id, language_id};
use crate::ui::search_key;

crate::statements! {
    INSERT = "INSERT INTO assessments (id, candidate, email, candidate_key, challenge, variant, minutes, extra_percent, deadline, shared,
            link, invited_by, invited_at, form_token)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (form_token) DO NOTHING";
    BY_FORM_TOKEN = "SELECT id FROM assessments WHERE form_token = $1 AND invited_by = $2";
    FIND = "SELECT assessments.*, staff.name AS inviter FROM assessments JOIN staff ON staff.id = invited_by WHERE assessments.id = $1";
    BY_LINK = "SELECT assessments.*, staff.name AS inviter FROM assessments JOIN staff ON staff.id = invited_by WHERE link = $1";
    // Hidden ones are counted for each row: as a join, they would all be judged before the first.
    LIST = "SELECT assessments.*, staff.name AS inviter FROM assessments JOIN staff ON staff.id = invited_by
        WHERE assessments.id < $1
            AND (CAST($2 AS TEXT) IS NULL OR $2 = CASE
                WHEN withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN submitted_at IS NOT NULL THEN 'submitted'
                WHEN started_at IS NOT NULL THEN 'started' WHEN deadline <= $3 THEN 'expired'
                WHEN opened_at IS NOT NULL THEN 'opened' ELSE 'invited' END)
            AND (CAST($4 AS TEXT) IS NULL OR candidate_key LIKE $4 ESCAPE '\\')
            AND (CAST($5 AS TEXT) IS NULL OR variant = $5)
            AND (SELECT count(*) FROM hidden_assessments WHERE assessment_id = assessments.id AND staff_id = $7) = 0
        ORDER BY assessments.id DESC LIMIT $6";
    // Each state by an index of its own, and no further than anybody reads.
    COUNTS = "SELECT 'withdrawn' AS state, count(*) AS n FROM (SELECT 1 AS one FROM assessments WHERE withdrawn_at IS NOT NULL
            AND (SELECT count(*) FROM hidden_assessments WHERE assessment_id = assessments.id AND staff_id = $2) = 0 LIMIT $3) AS few
        UNION ALL SELECT 'submitted', count(*) FROM (SELECT 1 AS one FROM assessments WHERE withdrawn_at IS NULL AND submitted_at IS NOT NULL
            AND (SELECT count(*) FROM hidden_assessments WHERE assessment_id = assessments.id AND staff_id = $2) = 0 LIMIT $3) AS few
        UNION ALL SELECT 'started', count(*) FROM (SELECT 1 AS one FROM assessments WHERE withdrawn_at IS NULL AND submitted_at IS NULL AND started_at IS NOT NULL
            AND (SELECT count(*) FROM hidden_assessments WHERE assessment_id = assessments.id AND staff_id = $2) = 0 LIMIT $3) AS few
        UNION ALL SELECT 'expired', count(*) FROM (SELECT 1 AS one FROM assessments WHERE withdrawn_at IS NULL AND submitted_at IS NULL AND started_at IS NULL AND deadline <= $1
            AND (SELECT count(*) FROM hidden_assessments WHERE assessment_id = assessments.id AND staff_id = $2) = 0 LIMIT $3) AS few
        UNION ALL SELECT 'opened', count(*) FROM (SELECT 1 AS one FROM assessments WHERE withdrawn_at IS NULL AND submitted_at IS NULL AND started_at IS NULL AND deadline > $1 AND opened_at IS NOT NULL
            AND (SELECT count(*) FROM hidden_assessments WHERE assessment_id = assessments.id AND staff_id = $2) = 0 LIMIT $3) AS few
        UNION ALL SELECT 'invited', count(*) FROM (SELECT 1 AS one FROM assessments WHERE withdrawn_at IS NULL AND submitted_at IS NULL AND started_at IS NULL AND deadline > $1 AND opened_at IS NULL
            AND (SELECT count(*) FROM hidden_assessments WHERE assessment_id = assessments.id AND staff_id = $2) = 0 LIMIT $3) AS few";
    OPEN = "UPDATE assessments SET opened_at = $2 WHERE id = $1 AND opened_at IS NULL";
    START = "UPDATE assessments SET started_at = $2, ends_at = $3, opened_at = COALESCE(opened_at, $2)
        WHERE id = $1 AND started_at IS NULL AND withdrawn_at IS NULL AND deadline > $2";
    SUBMIT = "UPDATE assessments SET submitted_at = $2, submission_id = $3
        WHERE id = $1 AND submitted_at IS NULL AND withdrawn_at IS NULL";
    LOCK = "UPDATE assessments SET candidate = candidate WHERE id = $1";
    INVITER = "SELECT invited_by FROM assessments WHERE id = $1";
    SET_DEADLINE = "UPDATE assessments SET deadline = $2 WHERE id = $1";
    SET_TIME = "UPDATE assessments SET extra_percent = $2, ends_at = $3 WHERE id = $1";
    SET_LINK = "UPDATE assessments SET link = $2 WHERE id = $1";
    WITHDRAW = "UPDATE assessments SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL AND submitted_at IS NULL";
    SET_SHARED = "UPDATE assessments SET shared = $2 WHERE id = $1";
    GIVE_BACK = "UPDATE assessments SET ends_at = ends_at + $1
        WHERE started_at IS NOT NULL AND started_at <= $2 AND submitted_at IS NULL AND withdrawn_at IS NULL AND ends_at > $2";
    FIND_DRAFT = "SELECT language, source, tab, saved_at FROM drafts WHERE assessment_id = $1";
    PUT_DRAFT = "INSERT INTO drafts (assessment_id, language, source, tab, saved_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (assessment_id) DO NOTHING";
    TAKE_OVER = "UPDATE drafts SET tab = $2 WHERE assessment_id = $1";
    SAVE_DRAFT = "UPDATE drafts SET language = $3, source = $4, saved_at = $5 WHERE assessment_id = $1 AND tab = $2
        AND EXISTS (SELECT 1 FROM assessments WHERE id = $1 AND submitted_at IS NULL AND withdrawn_at IS NULL AND ends_at > $6)";
    INSERT_RUN = "INSERT INTO runs (id, assessment_id, number, language, source, report, ran_at)
        VALUES ($1, $2, (SELECT COALESCE(max(number), 0) + 1 FROM runs WHERE assessment_id = $2), $3, $4, $5, $6)";
    LAST_RUN = "SELECT number, language, source, report, ran_at FROM runs WHERE assessment_id = $1 ORDER BY number DESC LIMIT 1";
    RUNS = "SELECT number, report, ran_at FROM runs WHERE assessment_id = $1 ORDER BY number";
    COUNT_RUNS = "SELECT count(*) AS n FROM runs WHERE assessment_id = $1";
    LOG = "SELECT id, proposed, fate, why, written_at FROM ai_log WHERE assessment_id = $1 ORDER BY id";
    COUNT_LOG = "SELECT count(*) AS n FROM ai_log WHERE assessment_id = $1";
    ADD_ENTRY = "INSERT INTO ai_log (id, assessment_id, proposed, fate, why, written_at) VALUES ($1, $2, $3, $4, $5, $6)";
    CHANGE_ENTRY = "UPDATE ai_log SET proposed = $3, fate = $4, why = $5 WHERE id = $1 AND assessment_id = $2";
    REMOVE_ENTRY = "DELETE FROM ai_log WHERE id = $1 AND assessment_id = $2";
    READ_HEARTBEAT = "SELECT value FROM settings WHERE name = 'heartbeat'";
    WRITE_HEARTBEAT = "INSERT INTO settings (name, value) VALUES ('heartbeat', $1) ON CONFLICT (name) DO UPDATE SET value = $1";
    BEAT = "UPDATE settings SET value = $1 WHERE name = 'heartbeat' AND value = $2";
}

/// An assessment on its way in.
pub struct NewAssessment {
    pub id: Uuid,
    pub candidate: String,
    pub email: String,
    pub challenge: String,
    pub variant: Variant,
    pub minutes: u32,
    pub extra_percent: u32,
    pub deadline: Timestamp,
    pub shared: bool,
    pub link: String,
    pub invited_by: Uuid,
    pub form_token: Uuid,
}

/// False when this form was sent before.
pub async fn add(tx: &mut Tx, new: &NewAssessment, now: Timestamp) -> Result<bool> {
    let args = args![
        new.id,
        &new.candidate,
        &new.email,
        search_key(&format!("{} {}", new.candidate, new.email)),
        &new.challenge,
        new.variant.id(),
        i64::from(new.minutes),
        i64::from(new.extra_percent),
        new.deadline,
        new.shared,
        &new.link,
        new.invited_by,
        now,
        new.form_token,
    ];
    Ok(tx.execute(INSERT, args).await? == 1)
}

pub async fn by_form_token(tx: &mut Tx, form_token: Uuid, invited_by: Uuid) -> Result<Option<Uuid>> {
    let row = tx.optional(BY_FORM_TOKEN, args![form_token, invited_by]).await?;
    row.map(|row| row.id("id")).transpose()
}

pub async fn find(db: &Db, id: Uuid) -> Result<Option<Assessment>> {
    db.optional(FIND, args![id]).await?.as_ref().map(assessment).transpose()
}

pub async fn find_in(tx: &mut Tx, id: Uuid) -> Result<Option<Assessment>> {
    tx.optional(FIND, args![id]).await?.as_ref().map(assessment).transpose()
}

pub async fn by_link(db: &Db, link: &str) -> Result<Option<Assessment>> {
    db.optional(BY_LINK, args![link])
        .await?
        .as_ref()
        .map(assessment)
        .transpose()
}

fn assessment(row: &Row) -> Result<Assessment> {
    let time = |column| Ok::<_, DbError>(row.get::<Option<i64>>(column)?.map(Timestamp));
    let number = |column: &'static str| {
        let value: i64 = row.get(column)?;
        u32::try_from(value).map_err(|e| DbError::Corrupt {
            what: column,
            why: e.to_string(),
        })
    };
    Ok(Assessment {
        id: row.id("id")?,
        candidate: row.get("candidate")?,
        email: row.get("email")?,
        challenge: row.get("challenge")?,
        variant: row.parse("variant", Variant::from_id)?,
        minutes: number("minutes")?,
        extra_percent: number("extra_percent")?,
        deadline: row.time("deadline")?,
        shared: row.get("shared")?,
        link: row.get("link")?,
        invited_by: row.get("inviter")?,
        invited_at: row.time("invited_at")?,
        opened_at: time("opened_at")?,
        started_at: time("started_at")?,
        ends_at: time("ends_at")?,
        submitted_at: time("submitted_at")?,
        withdrawn_at: time("withdrawn_at")?,
        submission: match row.get::<Option<String>>("submission_id")? {
            Some(_) => Some(row.id("submission_id")?),
            None => None,
        },
    })
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub variant: Option<Variant>,
    /// A part of the name or the address, as typed.
    pub who: Option<String>,
    /// Only those invited before this one.
    pub before: Option<Uuid>,
}

/// What this person may see of them.
pub async fn list(db: &Db, staff: Uuid, filter: &Filter, now: Timestamp, most: i64) -> Result<Vec<Assessment>> {
    let args = args![
        filter.before.unwrap_or(Uuid::max()),
        filter.state.map(State::id),
        now,
        filter.who.as_deref().map(crate::db::like_pattern),
        filter.variant.map(Variant::id),
        most,
        staff,
    ];
    db.all(LIST, args).await?.iter().map(assessment).collect()
}

/// How many there are in each state, as far as that many.
pub async fn counts(db: &Db, staff: Uuid, now: Timestamp, most: i64) -> Result<Vec<(State, i64)>> {
    db.all(COUNTS, args![now, staff, most])
        .await?
        .iter()
        .map(|row| Ok((row.parse("state", State::from_id)?, row.get("n")?)))
        .collect()
}

pub async fn set_opened(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<()> {
    tx.execute(OPEN, args![id, now]).await.map(drop)
}

/// False when it was started before, or may not be any more.
pub async fn start(tx: &mut Tx, id: Uuid, now: Timestamp, ends_at: Timestamp) -> Result<bool> {
    Ok(tx.execute(START, args![id, now, ends_at]).await? == 1)
}

/// False when it was submitted or withdrawn before.
pub async fn submit(tx: &mut Tx, id: Uuid, now: Timestamp, submission: Uuid) -> Result<bool> {
    Ok(tx.execute(SUBMIT, args![id, now, submission]).await? == 1)
}

/// Whoever else would change this assessment waits until the transaction ends.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<()> {
    tx.execute(LOCK, args![id]).await.map(drop)
}

/// Who answers for this assessment.
pub async fn inviter(tx: &mut Tx, id: Uuid) -> Result<Uuid> {
    let row = tx.optional(INVITER, args![id]).await?;
    row.ok_or(DbError::Corrupt {
        what: "assessment",
        why: format!("{id} is gone"),
    })?
    .id("invited_by")
}

pub async fn set_deadline(tx: &mut Tx, id: Uuid, deadline: Timestamp) -> Result<()> {
    tx.execute(SET_DEADLINE, args![id, deadline]).await.map(drop)
}

pub async fn set_time(tx: &mut Tx, id: Uuid, extra_percent: u32, ends_at: Option<Timestamp>) -> Result<()> {
    tx.execute(SET_TIME, args![id, i64::from(extra_percent), ends_at])
        .await
        .map(drop)
}

pub async fn set_link(tx: &mut Tx, id: Uuid, link: Option<&str>) -> Result<()> {
    tx.execute(SET_LINK, args![id, link]).await.map(drop)
}

/// False when there is nothing left to withdraw.
pub async fn withdraw(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(WITHDRAW, args![id, now]).await? == 1)
}

pub async fn set_shared(tx: &mut Tx, id: Uuid, shared: bool) -> Result<()> {
    tx.execute(SET_SHARED, args![id, shared]).await.map(drop)
}

/// Moves the end of every test that was under way at `since` by so many microseconds.
pub async fn give_back(tx: &mut Tx, micros: i64, since: Timestamp) -> Result<u64> {
    tx.execute(GIVE_BACK, args![micros, since]).await
}

pub async fn draft(db: &Db, assessment: Uuid) -> Result<Option<Draft>> {
    db.optional(FIND_DRAFT, args![assessment])
        .await?
        .as_ref()
        .map(draft_of)
        .transpose()
}

pub async fn draft_in(tx: &mut Tx, assessment: Uuid) -> Result<Option<Draft>> {
    tx.optional(FIND_DRAFT, args![assessment])
        .await?
        .as_ref()
        .map(draft_of)
        .transpose()
}

fn draft_of(row: &Row) -> Result<Draft> {
    let source: Vec<u8> = row.get("source")?;
    Ok(Draft {
        language: row.parse("language", language_from_id)?,
        source: String::from_utf8_lossy(&source).into_owned(),
        tab: row.get("tab")?,
        saved_at: row.time("saved_at")?,
    })
}

/// The first draft, which is the starter.
pub async fn put_draft(tx: &mut Tx, assessment: Uuid, draft: &Draft) -> Result<()> {
    let args = args![
        assessment,
        language_id(draft.language),
        draft.source.as_bytes(),
        &draft.tab,
        draft.saved_at,
    ];
    tx.execute(PUT_DRAFT, args).await.map(drop)
}

/// From now on this page saves, and no other.
pub async fn take_over(tx: &mut Tx, assessment: Uuid, tab: &str) -> Result<()> {
    tx.execute(TAKE_OVER, args![assessment, tab]).await.map(drop)
}

/// False when another page saves by now, or the test has ended `before`.
pub async fn save_draft(
    tx: &mut Tx,
    assessment: Uuid,
    tab: &str,
    (language, source): (Language, &str),
    now: Timestamp,
    ended: Timestamp,
) -> Result<bool> {
    let args = args![assessment, tab, language_id(language), source.as_bytes(), now, ended];
    Ok(tx.execute(SAVE_DRAFT, args).await? == 1)
}

pub async fn add_run(
    tx: &mut Tx,
    id: Uuid,
    assessment: Uuid,
    program: &Program,
    report: &RunReport,
    now: Timestamp,
) -> Result<()> {
    let report = serde_json::to_string(report).map_err(|e| DbError::Corrupt {
        what: "run",
        why: e.to_string(),
    })?;
    let args = args![
        id,
        assessment,
        language_id(program.language),
        program.source.as_slice(),
        report,
        now
    ];
    tx.execute(INSERT_RUN, args).await.map(drop)
}

pub async fn last_run(db: &Db, assessment: Uuid) -> Result<Option<Run>> {
    let Some(row) = db.optional(LAST_RUN, args![assessment]).await? else {
        return Ok(None);
    };
    Ok(Some(Run {
        number: u32::try_from(row.get::<i64>("number")?).unwrap_or(u32::MAX),
        program: Program {
            language: row.parse("language", language_from_id)?,
            source: row.get("source")?,
        },
        report: row.json("report")?,
        ran_at: row.time("ran_at")?,
    }))
}

pub async fn run_lines(db: &Db, assessment: Uuid) -> Result<Vec<RunLine>> {
    let line = |row: &Row| {
        let report: RunReport = row.json("report")?;
        Ok(RunLine {
            number: u32::try_from(row.get::<i64>("number")?).unwrap_or(u32::MAX),
            ran_at: row.time("ran_at")?,
            met: report.met(),
        })
    };
    db.all(RUNS, args![assessment]).await?.iter().map(line).collect()
}

pub async fn count_runs(db: &Db, assessment: Uuid) -> Result<u32> {
    count(db, COUNT_RUNS, assessment).await
}

pub async fn count_log(db: &Db, assessment: Uuid) -> Result<u32> {
    count(db, COUNT_LOG, assessment).await
}

async fn count(db: &Db, statement: crate::db::Statement, assessment: Uuid) -> Result<u32> {
    let row = db.optional(statement, args![assessment]).await?;
    let n = row.map(|row| row.get::<i64>("n")).transpose()?.unwrap_or_default();
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

pub async fn log(db: &Db, assessment: Uuid) -> Result<Vec<LogEntry>> {
    let entry = |row: &Row| {
        Ok(LogEntry {
            id: row.id("id")?,
            proposed: row.get("proposed")?,
            fate: row.parse("fate", Fate::from_id)?,
            why: row.get("why")?,
            written_at: row.time("written_at")?,
        })
    };
    db.all(LOG, args![assessment]).await?.iter().map(entry).collect()
}

pub async fn add_entry(tx: &mut Tx, assessment: Uuid, entry: &LogEntry) -> Result<()> {
    let args = args![
        entry.id,
        assessment,
        &entry.proposed,
        entry.fate.id(),
        &entry.why,
        entry.written_at
    ];
    tx.execute(ADD_ENTRY, args).await.map(drop)
}

/// False when there is no such entry.
pub async fn change_entry(tx: &mut Tx, assessment: Uuid, entry: &LogEntry) -> Result<bool> {
    let args = args![entry.id, assessment, &entry.proposed, entry.fate.id(), &entry.why];
    Ok(tx.execute(CHANGE_ENTRY, args).await? == 1)
}

pub async fn remove_entry(tx: &mut Tx, assessment: Uuid, entry: Uuid) -> Result<()> {
    tx.execute(REMOVE_ENTRY, args![entry, assessment]).await.map(drop)
}

/// When any node of this database was last seen alive.
pub async fn heartbeat(tx: &mut Tx) -> Result<Option<Timestamp>> {
    let row = tx.optional(READ_HEARTBEAT, args![]).await?;
    let value = row.map(|row| row.get::<String>("value")).transpose()?;
    Ok(value.and_then(|v| v.parse().ok()).map(Timestamp))
}

/// False when another node has moved it on since it read `last`.
pub async fn beat(tx: &mut Tx, last: Option<Timestamp>, now: Timestamp) -> Result<bool> {
    let value = now.0.to_string();
    Ok(match last {
        Some(last) => tx.execute(BEAT, args![value, last.0.to_string()]).await? == 1,
        None => tx.execute(WRITE_HEARTBEAT, args![value]).await? == 1,
    })
}
