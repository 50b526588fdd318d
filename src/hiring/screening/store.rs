//! Settings, screenings and results, in SQL.

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, DbError, Result, Row, Tx};
use crate::hiring::screening::{Agreement, Mark, Outcome, Proposal, Rule, Screening, Settings, Withdrawn};

crate::statements! {
    SETTINGS = "SELECT readers, anonymised, advance_from, archive_below FROM screening_settings WHERE opening_id = $1";
    HOLD_SETTINGS = "INSERT INTO screening_settings (opening_id, readers, anonymised, advance_from, archive_below)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (opening_id) DO UPDATE SET readers = screening_settings.readers";
    SET_SETTINGS = "UPDATE screening_settings SET readers = $2, anonymised = $3, advance_from = $4, archive_below = $5
        WHERE opening_id = $1";
    PROPOSE_ANEW = "UPDATE screening_results
        SET proposal = CASE WHEN mean >= $2 THEN 'advance' WHEN mean < $3 THEN 'archive' ELSE 'discuss' END
        WHERE opening_id = $1 AND application_id IN (SELECT a.id FROM applications AS a JOIN opening_stages AS s ON s.id = a.stage_id
            WHERE s.opening_id = $1 AND s.kind IN ('application', 'resume_screen') AND a.state = 'active'
                AND a.merged_into IS NULL AND a.screened_at IS NOT NULL)";
    SHOW_PROPOSALS = "UPDATE applications
        SET proposal = (SELECT r.proposal FROM screening_results AS r WHERE r.application_id = applications.id)
        WHERE state = 'active' AND merged_into IS NULL AND screened_at IS NOT NULL
            AND stage_id IN (SELECT id FROM opening_stages WHERE opening_id = $1 AND kind IN ('application', 'resume_screen'))";
    READ_ENOUGH = "SELECT s.application_id FROM screenings AS s JOIN applications AS a ON a.id = s.application_id
        WHERE s.opening_id = $1 AND s.submitted_at IS NOT NULL AND s.withdrawn_at IS NULL AND a.screened_at IS NULL
            AND a.state = 'active' AND a.merged_into IS NULL
        GROUP BY s.application_id HAVING count(*) >= $2 ORDER BY s.application_id";
    FIND = "SELECT s.*, staff.name AS reader FROM screenings AS s JOIN staff ON staff.id = s.staff_id WHERE s.id = $1";
    MINE = "SELECT s.*, staff.name AS reader FROM screenings AS s JOIN staff ON staff.id = s.staff_id
        WHERE s.application_id = $1 AND s.staff_id = $2 AND s.withdrawn_at IS NULL";
    TAKEN_BACK = "SELECT id FROM screenings WHERE application_id = $1 AND staff_id = $2 AND withdrawn_at IS NOT NULL
        ORDER BY id DESC LIMIT 1";
    OF_APPLICATION = "SELECT s.*, staff.name AS reader FROM screenings AS s JOIN staff ON staff.id = s.staff_id
        WHERE s.application_id = $1 AND s.withdrawn_at IS NULL ORDER BY s.submitted_at, s.id";
    WITHDRAWN = "SELECT staff.name AS reader, s.withdrawn_at, s.withdrawn_why FROM screenings AS s JOIN staff ON staff.id = s.staff_id
        WHERE s.application_id = $1 AND s.withdrawn_at IS NOT NULL ORDER BY s.id";
    OF_READER = "SELECT s.*, staff.name AS reader, a.name AS candidate, a.screened_at FROM screenings AS s
        JOIN staff ON staff.id = s.staff_id JOIN applications AS a ON a.id = s.application_id
        WHERE s.staff_id = $1 AND s.opening_id = $2 AND s.withdrawn_at IS NULL ORDER BY s.saved_at DESC LIMIT $3";
    ADD = "INSERT INTO screenings (id, application_id, opening_id, staff_id, begun_at, saved_at, revision)
        VALUES ($1, $2, $3, $4, $5, $5, 0) ON CONFLICT DO NOTHING";
    SAVE = "UPDATE screenings SET saved_at = $3, revision = revision + 1
        WHERE id = $1 AND revision = $2 AND submitted_at IS NULL AND withdrawn_at IS NULL";
    SUBMIT = "UPDATE screenings SET submitted_at = $2 WHERE id = $1 AND submitted_at IS NULL AND withdrawn_at IS NULL";
    WITHDRAW = "UPDATE screenings SET withdrawn_at = $2, withdrawn_why = $3
        WHERE id = $1 AND submitted_at IS NOT NULL AND withdrawn_at IS NULL";
    MARKS = "SELECT position, score, words FROM screening_marks WHERE screening_id = $1 ORDER BY position";
    PUT_MARK = "INSERT INTO screening_marks (screening_id, position, score, words) VALUES ($1, $2, $3, $4)
        ON CONFLICT (screening_id, position) DO UPDATE SET score = excluded.score, words = excluded.words";
    COPY_MARKS = "INSERT INTO screening_marks (screening_id, position, score, words)
        SELECT $1, position, score, words FROM screening_marks WHERE screening_id = $2";
    RESULT = "SELECT readers, mean, pairs, near, disagreements, proposal, made_at FROM screening_results WHERE application_id = $1";
    ADD_RESULT = "INSERT INTO screening_results (application_id, opening_id, readers, mean, pairs, near, disagreements, proposal, made_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (application_id) DO NOTHING";
    SHOW_RESULT = "UPDATE applications SET screened_at = $2, proposal = $3 WHERE id = $1";
    ADD_PAIR = "INSERT INTO screening_pairs (opening_id, lower, higher, n) VALUES ($1, $2, $3, 1)
        ON CONFLICT (opening_id, lower, higher) DO UPDATE SET n = screening_pairs.n + 1";
    PAIRS = "SELECT lower, higher, n FROM screening_pairs WHERE opening_id = $1 ORDER BY lower, higher";
    WAITING_IN = "SELECT a.id, a.kit_version, a.stage_since FROM applications AS a
        WHERE a.stage_id = $1 AND a.state = 'active' AND a.merged_into IS NULL AND a.screened_at IS NULL
            AND (a.stage_since > $5 OR (a.stage_since = $5 AND a.id > $6))
            AND NOT EXISTS (SELECT 1 FROM screenings AS s WHERE s.application_id = a.id AND s.staff_id = $2
                AND s.withdrawn_at IS NULL AND s.submitted_at IS NOT NULL)
            AND (SELECT count(*) FROM screenings AS s WHERE s.application_id = a.id AND s.staff_id <> $2
                AND s.withdrawn_at IS NULL AND (s.submitted_at IS NOT NULL OR s.saved_at > $3)) < $4
        ORDER BY a.stage_since, a.id LIMIT $7";
    WAITING_FOR = "SELECT o.id AS opening_id, o.title, o.kit_id, s.id AS stage_id,
            (SELECT a.id FROM applications AS a WHERE a.stage_id = s.id AND a.state = 'active' AND a.merged_into IS NULL
                AND a.screened_at IS NULL AND NOT EXISTS (SELECT 1 FROM screenings AS r WHERE r.application_id = a.id
                    AND r.staff_id = $1 AND r.withdrawn_at IS NULL AND r.submitted_at IS NOT NULL)
                ORDER BY a.stage_since, a.id LIMIT 1) AS oldest,
            (SELECT count(*) FROM (SELECT 1 AS one FROM applications AS a WHERE a.stage_id = s.id AND a.state = 'active'
                AND a.merged_into IS NULL AND a.screened_at IS NULL AND NOT EXISTS (SELECT 1 FROM screenings AS r
                    WHERE r.application_id = a.id AND r.staff_id = $1 AND r.withdrawn_at IS NULL AND r.submitted_at IS NOT NULL)
                LIMIT 100) AS those) AS n
        FROM openings AS o JOIN opening_stages AS s ON s.opening_id = o.id
        WHERE o.state <> 'draft' AND s.kind IN ('application', 'resume_screen')
            AND (CAST($2 AS BOOLEAN) OR EXISTS (SELECT 1 FROM opening_team AS t WHERE t.opening_id = o.id AND t.staff_id = $1))
        ORDER BY o.id DESC LIMIT 400";
    WAITS_SINCE = "SELECT kit_version, stage_since FROM applications WHERE id = $1";
    PROPOSED = "SELECT a.id, a.name, a.stage_id, a.moves, a.screened_at, r.readers, r.mean, r.pairs, r.near, r.disagreements, r.proposal, r.made_at
        FROM applications AS a JOIN screening_results AS r ON r.application_id = a.id
        WHERE a.stage_id = $1 AND a.proposal = $2 AND a.state = 'active' AND a.merged_into IS NULL AND a.screened_at IS NOT NULL
            AND (a.screened_at > $3 OR (a.screened_at = $3 AND a.id > $4))
        ORDER BY a.screened_at, a.id LIMIT $5";
    COUNT_PROPOSED = "SELECT count(*) AS n FROM (SELECT 1 AS one FROM applications
        WHERE stage_id = $1 AND proposal = $2 AND state = 'active' AND merged_into IS NULL AND screened_at IS NOT NULL LIMIT 100) AS those";
    DISAGREED = "SELECT r.application_id, r.opening_id, r.disagreements, r.made_at, a.name, o.title
        FROM (SELECT application_id, opening_id, disagreements, made_at FROM screening_results
            WHERE disagreements > 0 ORDER BY made_at DESC, application_id LIMIT 500) AS r
        JOIN applications AS a ON a.id = r.application_id
        JOIN opening_stages AS s ON s.id = a.stage_id JOIN openings AS o ON o.id = r.opening_id
        WHERE a.state = 'active' AND a.merged_into IS NULL AND s.kind IN ('application', 'resume_screen')
            AND (CAST($2 AS BOOLEAN) OR EXISTS (SELECT 1 FROM opening_team AS t WHERE t.opening_id = o.id AND t.staff_id = $1))
        ORDER BY r.made_at, r.application_id LIMIT $3";
}

/// Those in force: the usual ones, unless somebody has set others.
pub async fn settings(db: &Db, opening: Uuid) -> Result<Settings> {
    settings_from(db.optional(SETTINGS, args![opening]).await?)
}

/// The same; whoever else would change them, or screen for this job, waits until the transaction ends.
pub async fn hold_settings(tx: &mut Tx, opening: Uuid) -> Result<Settings> {
    let usual = Settings::USUAL;
    let args = args![
        opening,
        i64::from(usual.readers),
        usual.anonymised,
        usual.rule.advance_from,
        usual.rule.archive_below,
    ];
    tx.execute(HOLD_SETTINGS, args).await?;
    settings_from(tx.optional(SETTINGS, args![opening]).await?)
}

fn settings_from(row: Option<Row>) -> Result<Settings> {
    let Some(row) = row else {
        return Ok(Settings::USUAL);
    };
    Ok(Settings {
        readers: number(&row, "readers")?,
        anonymised: row.get("anonymised")?,
        rule: Rule {
            advance_from: row.get("advance_from")?,
            archive_below: row.get("archive_below")?,
        },
    })
}

/// Changes them, and what was proposed by the rule and nobody has decided.
pub async fn set_settings(tx: &mut Tx, opening: Uuid, settings: &Settings) -> Result<()> {
    let rule = settings.rule;
    let args = args![
        opening,
        i64::from(settings.readers),
        settings.anonymised,
        rule.advance_from,
        rule.archive_below,
    ];
    tx.execute(SET_SETTINGS, args).await?;
    tx.execute(PROPOSE_ANEW, args![opening, rule.advance_from, rule.archive_below])
        .await?;
    tx.execute(SHOW_PROPOSALS, args![opening]).await.map(drop)
}

/// What so many have read, and that has no result yet, in the order of ids.
pub async fn read_enough(tx: &mut Tx, opening: Uuid, readers: u32) -> Result<Vec<Uuid>> {
    let rows = tx.all(READ_ENOUGH, args![opening, i64::from(readers)]).await?;
    rows.iter().map(|row| row.id("application_id")).collect()
}

pub async fn find(db: &Db, id: Uuid) -> Result<Option<Screening>> {
    db.optional(FIND, args![id]).await?.as_ref().map(screening).transpose()
}

pub async fn find_in(tx: &mut Tx, id: Uuid) -> Result<Option<Screening>> {
    tx.optional(FIND, args![id]).await?.as_ref().map(screening).transpose()
}

/// The one of this reader that counts.
pub async fn of_reader(db: &Db, application: Uuid, staff: Uuid) -> Result<Option<Screening>> {
    let row = db.optional(MINE, args![application, staff]).await?;
    row.as_ref().map(screening).transpose()
}

pub async fn of_application(db: &Db, application: Uuid) -> Result<Vec<Screening>> {
    let rows = db.all(OF_APPLICATION, args![application]).await?;
    rows.iter().map(screening).collect()
}

pub async fn of_application_in(tx: &mut Tx, application: Uuid) -> Result<Vec<Screening>> {
    let rows = tx.all(OF_APPLICATION, args![application]).await?;
    rows.iter().map(screening).collect()
}

/// What was taken back, for the page of the result.
pub async fn withdrawn(db: &Db, application: Uuid) -> Result<Vec<Withdrawn>> {
    let line = |row: &Row| {
        Ok(Withdrawn {
            reader: row.get("reader")?,
            at: row.time("withdrawn_at")?,
            why: row.get::<Option<String>>("withdrawn_why")?.unwrap_or_default(),
        })
    };
    let rows = db.all(WITHDRAWN, args![application]).await?;
    rows.iter().map(line).collect()
}

fn screening(row: &Row) -> Result<Screening> {
    let time = |column| Ok::<_, DbError>(row.get::<Option<i64>>(column)?.map(Timestamp));
    Ok(Screening {
        id: row.id("id")?,
        application: row.id("application_id")?,
        opening: row.id("opening_id")?,
        by: row.id("staff_id")?,
        reader: row.get("reader")?,
        begun_at: row.time("begun_at")?,
        saved_at: row.time("saved_at")?,
        submitted_at: time("submitted_at")?,
        withdrawn_at: time("withdrawn_at")?,
        revision: row.get("revision")?,
    })
}

/// What a reader has begun or read for a job.
#[derive(Clone, Debug)]
pub struct Own {
    pub screening: Screening,
    pub candidate: String,
    /// Enough people have read it.
    pub done: bool,
}

/// The latest first.
pub async fn own(db: &Db, staff: Uuid, opening: Uuid, most: i64) -> Result<Vec<Own>> {
    let own = |row: &Row| {
        Ok(Own {
            screening: screening(row)?,
            candidate: row.get("candidate")?,
            done: row.get::<Option<i64>>("screened_at")?.is_some(),
        })
    };
    let rows = db.all(OF_READER, args![staff, opening, most]).await?;
    rows.iter().map(own).collect()
}

/// Begins a screening with what the same reader has taken back, if they have. False when one is begun already.
pub async fn begin(
    tx: &mut Tx,
    id: Uuid,
    (application, opening): (Uuid, Uuid),
    staff: Uuid,
    now: Timestamp,
) -> Result<bool> {
    if tx.execute(ADD, args![id, application, opening, staff, now]).await? == 0 {
        return Ok(false);
    }
    if let Some(row) = tx.optional(TAKEN_BACK, args![application, staff]).await? {
        tx.execute(COPY_MARKS, args![id, row.id("id")?]).await?;
    }
    Ok(true)
}

/// False when it is no draft any more, or was changed since that revision.
pub async fn save(tx: &mut Tx, id: Uuid, revision: i64, marks: &[Mark], now: Timestamp) -> Result<bool> {
    if tx.execute(SAVE, args![id, revision, now]).await? == 0 {
        return Ok(false);
    }
    for (position, mark) in (0i64..).zip(marks) {
        let args = args![id, position, mark.score.map(i64::from), &mark.words];
        tx.execute(PUT_MARK, args).await?;
    }
    Ok(true)
}

/// False when it was submitted or withdrawn before.
pub async fn submit(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(SUBMIT, args![id, now]).await? == 1)
}

/// False when it is not submitted.
pub async fn withdraw(tx: &mut Tx, id: Uuid, why: &str, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(WITHDRAW, args![id, now, why]).await? == 1)
}

pub async fn marks(db: &Db, id: Uuid) -> Result<Vec<Mark>> {
    marks_from(&db.all(MARKS, args![id]).await?)
}

pub async fn marks_in(tx: &mut Tx, id: Uuid) -> Result<Vec<Mark>> {
    marks_from(&tx.all(MARKS, args![id]).await?)
}

fn marks_from(rows: &[Row]) -> Result<Vec<Mark>> {
    let mark = |row: &Row| {
        let score = row.get::<Option<i64>>("score")?;
        Ok(Mark {
            score: score.and_then(|score| u8::try_from(score).ok()),
            words: row.get("words")?,
        })
    };
    rows.iter().map(mark).collect()
}

pub async fn result(db: &Db, application: Uuid) -> Result<Option<Outcome>> {
    let row = db.optional(RESULT, args![application]).await?;
    row.as_ref().map(outcome).transpose()
}

pub async fn result_in(tx: &mut Tx, application: Uuid) -> Result<Option<Outcome>> {
    let row = tx.optional(RESULT, args![application]).await?;
    row.as_ref().map(outcome).transpose()
}

fn outcome(row: &Row) -> Result<Outcome> {
    Ok(Outcome {
        readers: number(row, "readers")?,
        mean: row.get("mean")?,
        pairs: row.get("pairs")?,
        near: row.get("near")?,
        disagreements: row.get("disagreements")?,
        proposal: row.parse("proposal", Proposal::from_id)?,
        made_at: row.time("made_at")?,
    })
}

fn number(row: &Row, column: &str) -> Result<u32> {
    Ok(u32::try_from(row.get::<i64>(column)?).unwrap_or_default())
}

/// False when there is a result already.
pub async fn add_result(
    tx: &mut Tx,
    (application, opening): (Uuid, Uuid),
    outcome: &Outcome,
    pairs: &[(u8, u8)],
) -> Result<bool> {
    let args = args![
        application,
        opening,
        i64::from(outcome.readers),
        outcome.mean,
        outcome.pairs,
        outcome.near,
        outcome.disagreements,
        outcome.proposal.id(),
        outcome.made_at,
    ];
    if tx.execute(ADD_RESULT, args).await? == 0 {
        return Ok(false);
    }
    tx.execute(SHOW_RESULT, args![application, outcome.made_at, outcome.proposal.id()])
        .await?;
    for (lower, higher) in pairs {
        tx.execute(ADD_PAIR, args![opening, i64::from(*lower), i64::from(*higher)])
            .await?;
    }
    Ok(true)
}

pub async fn agreement(db: &Db, opening: Uuid) -> Result<Agreement> {
    let score = |row: &Row, column| Ok::<_, DbError>(u8::try_from(row.get::<i64>(column)?).unwrap_or_default());
    let pair = |row: &Row| Ok((score(row, "lower")?, score(row, "higher")?, row.get("n")?));
    let rows = db.all(PAIRS, args![opening]).await?;
    let pairs = rows.iter().map(pair).collect::<Result<Vec<_>>>()?;
    Ok(Agreement { pairs })
}

/// An application that still needs a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    pub id: Uuid,
    pub kit_version: u32,
    pub since: Timestamp,
}

/// Of a stage, those that this reader has not read and that others do not read at present, the longest in it first.
pub async fn unread(
    db: &Db,
    stage: Uuid,
    (staff, readers): (Uuid, u32),
    busy_since: Timestamp,
    after: Option<Unread>,
    most: i64,
) -> Result<Vec<Unread>> {
    let (since, id) = after.map_or((Timestamp(-1), Uuid::nil()), |after| (after.since, after.id));
    let args = args![stage, staff, busy_since, i64::from(readers), since, id, most];
    let unread = |row: &Row| {
        Ok(Unread {
            id: row.id("id")?,
            kit_version: number(row, "kit_version")?,
            since: row.time("stage_since")?,
        })
    };
    db.all(WAITING_IN, args).await?.iter().map(unread).collect()
}

/// A stage of a job in which résumés wait for a reader.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub opening: Uuid,
    pub title: String,
    pub kit: Uuid,
    /// Of the one that waits longest.
    pub kit_version: u32,
    pub application: Uuid,
    pub since: Timestamp,
    /// Counted to 100.
    pub n: i64,
}

/// What waits for this person, the longest wait first. `all`: of every job, not only of their teams.
pub async fn waiting_for(db: &Db, staff: Uuid, all: bool) -> Result<Vec<Waiting>> {
    let mut waiting = Vec::new();
    for row in db.all(WAITING_FOR, args![staff, all]).await? {
        if row.get::<Option<String>>("oldest")?.is_none() {
            continue;
        }
        let application = row.id("oldest")?;
        let Some(stands) = db.optional(WAITS_SINCE, args![application]).await? else {
            continue;
        };
        waiting.push(Waiting {
            opening: row.id("opening_id")?,
            title: row.get("title")?,
            kit: row.id("kit_id")?,
            kit_version: number(&stands, "kit_version")?,
            application,
            since: stands.time("stage_since")?,
            n: row.get("n")?,
        });
    }
    waiting.sort_by_key(|waiting| waiting.since);
    Ok(waiting)
}

/// An application for which something is proposed.
#[derive(Clone, Debug)]
pub struct Proposed {
    pub id: Uuid,
    pub name: String,
    pub stage: Uuid,
    pub moves: i64,
    pub outcome: Outcome,
}

/// Of a stage, the earliest result first.
pub async fn proposed(
    db: &Db,
    stage: Uuid,
    proposal: Proposal,
    after: (Timestamp, Uuid),
    most: i64,
) -> Result<Vec<Proposed>> {
    let line = |row: &Row| {
        Ok(Proposed {
            id: row.id("id")?,
            name: row.get("name")?,
            stage: row.id("stage_id")?,
            moves: row.get("moves")?,
            outcome: outcome(row)?,
        })
    };
    let args = args![stage, proposal.id(), after.0, after.1, most];
    db.all(PROPOSED, args).await?.iter().map(line).collect()
}

/// Counted to 100.
pub async fn count_proposed(db: &Db, stage: Uuid, proposal: Proposal) -> Result<i64> {
    let row = db.optional(COUNT_PROPOSED, args![stage, proposal.id()]).await?;
    row.map_or(Ok(0), |row| row.get("n"))
}

/// Readers who do not agree, and nobody has decided.
#[derive(Clone, Debug)]
pub struct Disagreement {
    pub application: Uuid,
    pub name: String,
    pub opening: Uuid,
    pub title: String,
    /// About how many criteria.
    pub criteria: i64,
    pub since: Timestamp,
}

/// The longest-standing first, among the 500 newest.
pub async fn disagreements(db: &Db, staff: Uuid, all: bool, most: i64) -> Result<Vec<Disagreement>> {
    let line = |row: &Row| {
        Ok(Disagreement {
            application: row.id("application_id")?,
            name: row.get("name")?,
            opening: row.id("opening_id")?,
            title: row.get("title")?,
            criteria: row.get("disagreements")?,
            since: row.time("made_at")?,
        })
    };
    db.all(DISAGREED, args![staff, all, most])
        .await?
        .iter()
        .map(line)
        .collect()
}
