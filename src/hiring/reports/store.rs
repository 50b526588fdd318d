//! The counting, in SQL. A move that was taken back counts for nothing: a visit does not count where the next one is in an
//! earlier stage.

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Arg, Db, Result, Row};
use crate::hiring::StageKind;
use crate::hiring::reports::Scope;

crate::statements! {
    JOBS = "SELECT id, title FROM openings WHERE (state <> 'draft' OR published_at IS NOT NULL)
            AND (CAST($1 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $1))
        ORDER BY title_key, id LIMIT 500";
    REACHED = "SELECT a.source, coalesce(r.place, -1) AS place, CAST(coalesce(r.kind, -1) AS BIGINT) AS kind,
            CAST(CASE WHEN a.outcome = 'declines' AND a.reversed_at IS NULL THEN 0 ELSE 1 END AS BIGINT) AS passed, count(*) AS n
        FROM applications AS a LEFT JOIN (
            SELECT v.application_id, max(s.position) AS place, max(CASE s.kind WHEN 'application' THEN 0 WHEN 'resume_screen' THEN 1
                    WHEN 'coding_test' THEN 2 WHEN 'interview' THEN 3 WHEN 'decision' THEN 4 ELSE 5 END) AS kind
            FROM stage_visits AS v JOIN opening_stages AS s ON s.id = v.stage_id
                LEFT JOIN stage_visits AS after ON after.application_id = v.application_id AND after.number = v.number + 1
                LEFT JOIN opening_stages AS t ON t.id = after.stage_id
            WHERE v.opening_id IN (SELECT id FROM openings WHERE (CAST($1 AS TEXT) IS NULL OR id = $1)
                    AND (CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $2)))
                AND (t.position IS NULL OR t.position >= s.position)
            GROUP BY v.application_id) AS r ON r.application_id = a.id
        WHERE a.opening_id IN (SELECT id FROM openings WHERE (CAST($1 AS TEXT) IS NULL OR id = $1)
                AND (CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $2)))
            AND a.submitted_at >= $3 AND a.submitted_at < $4 AND a.merged_into IS NULL
        GROUP BY 1, 2, 3, 4";
    KINDS = "SELECT kind, min(target_days) AS least, max(target_days) AS most FROM opening_stages
        WHERE opening_id IN (SELECT id FROM openings WHERE (CAST($1 AS TEXT) IS NULL OR id = $1)
            AND (CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $2)))
        GROUP BY kind";
    PLACES = "SELECT name, kind, position AS place, target_days FROM opening_stages WHERE opening_id = $1 ORDER BY position";
    STAYS = "SELECT s.position AS place, s.kind, (v.left_at - v.entered_at) / 3600000000 AS hours, count(*) AS n,
            CAST(sum(CASE WHEN v.left_at - v.entered_at <= s.target_days * 86400000000 THEN 1 ELSE 0 END) AS BIGINT) AS in_time
        FROM applications AS a JOIN stage_visits AS v ON v.application_id = a.id JOIN opening_stages AS s ON s.id = v.stage_id
            LEFT JOIN stage_visits AS after ON after.application_id = v.application_id AND after.number = v.number + 1
            LEFT JOIN opening_stages AS t ON t.id = after.stage_id
        WHERE a.opening_id IN (SELECT id FROM openings WHERE (CAST($1 AS TEXT) IS NULL OR id = $1)
                AND (CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $2)))
            AND a.submitted_at >= $3 AND a.submitted_at < $4 AND a.merged_into IS NULL
            AND v.left_at IS NOT NULL AND (t.position IS NULL OR t.position >= s.position)
        GROUP BY 1, 2, 3";
    WAITING = "SELECT s.position AS place, s.kind, count(*) AS n,
            CAST(sum(CASE WHEN $5 - a.stage_since > s.target_days * 86400000000 THEN 1 ELSE 0 END) AS BIGINT) AS late
        FROM applications AS a JOIN opening_stages AS s ON s.id = a.stage_id
        WHERE a.opening_id IN (SELECT id FROM openings WHERE (CAST($1 AS TEXT) IS NULL OR id = $1)
                AND (CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $2)))
            AND a.submitted_at >= $3 AND a.submitted_at < $4 AND a.merged_into IS NULL AND a.state = 'active'
        GROUP BY 1, 2";
    KNOCK_OUTS = "SELECT w.question, min(w.position) AS place, count(*) AS asked,
            CAST(sum(CASE WHEN w.answer <> '' THEN 1 ELSE 0 END) AS BIGINT) AS answered,
            CAST(sum(CASE WHEN w.decision = 'declines' THEN 1 ELSE 0 END) AS BIGINT) AS declined,
            CAST(sum(CASE WHEN w.decision = 'review' THEN 1 ELSE 0 END) AS BIGINT) AS review,
            CAST(sum(CASE WHEN w.decision = 'declines' AND a.reversed_at IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS reversed
        FROM applications AS a JOIN application_answers AS w ON w.application_id = a.id
        WHERE a.opening_id IN (SELECT id FROM openings WHERE (CAST($1 AS TEXT) IS NULL OR id = $1)
                AND (CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $2)))
            AND a.submitted_at >= $3 AND a.submitted_at < $4 AND a.merged_into IS NULL
        GROUP BY w.question ORDER BY 2, 1 LIMIT 200";
    FIRST_ANSWERS = "SELECT (x.told_at - x.submitted_at) / 3600000000 AS hours, count(*) AS n FROM (
            SELECT a.submitted_at, (SELECT min(m.created_at) FROM mails AS m WHERE m.about = a.id AND m.created_at >= a.submitted_at
                AND m.event NOT IN ('application_draft', 'application_known', 'application_receipt', 'application_answers',
                    'application_withdrawal', 'application_contact', 'application_erasure', 'application_links')) AS told_at
            FROM applications AS a
            WHERE a.opening_id IN (SELECT id FROM openings WHERE (CAST($1 AS TEXT) IS NULL OR id = $1)
                    AND (CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $2)))
                AND a.submitted_at >= $3 AND a.submitted_at < $4 AND a.merged_into IS NULL) AS x
        WHERE x.told_at IS NOT NULL GROUP BY 1";
    UNANSWERED = "SELECT a.state, ($5 - a.submitted_at) / 3600000000 AS hours, count(*) AS n FROM applications AS a
        WHERE a.opening_id IN (SELECT id FROM openings WHERE (CAST($1 AS TEXT) IS NULL OR id = $1)
                AND (CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $2)))
            AND a.submitted_at >= $3 AND a.submitted_at < $4 AND a.merged_into IS NULL
            AND NOT EXISTS (SELECT 1 FROM mails AS m WHERE m.about = a.id AND m.created_at >= a.submitted_at
                AND m.event NOT IN ('application_draft', 'application_known', 'application_receipt', 'application_answers',
                    'application_withdrawal', 'application_contact', 'application_erasure', 'application_links'))
        GROUP BY 1, 2";
    GROUPS = "SELECT coalesce(w.question, '') AS question, coalesce(w.answer, '') AS answer,
            CAST(CASE WHEN a.outcome = 'declines' AND (a.reversed_at IS NULL OR a.reversed_at >= $2) THEN -1
                ELSE coalesce(r.place, 0) END AS BIGINT) AS place, count(*) AS n
        FROM applications AS a LEFT JOIN voluntary_answers AS w ON w.application_id = a.id AND w.counts_from <= $2
            LEFT JOIN (SELECT v.application_id, max(s.position) AS place
                FROM stage_visits AS v JOIN opening_stages AS s ON s.id = v.stage_id
                    LEFT JOIN stage_visits AS after ON after.application_id = v.application_id AND after.number = v.number + 1 AND after.entered_at < $2
                    LEFT JOIN opening_stages AS t ON t.id = after.stage_id
                WHERE v.opening_id = $1 AND v.entered_at < $2 AND (t.position IS NULL OR t.position >= s.position)
                GROUP BY v.application_id) AS r ON r.application_id = a.id
        WHERE a.opening_id = $1 AND a.submitted_at < $2 AND a.merged_into IS NULL
        GROUP BY 1, 2, 3";
    EVERYBODY = "SELECT CAST(CASE WHEN a.outcome = 'declines' AND (a.reversed_at IS NULL OR a.reversed_at >= $2) THEN -1
                ELSE coalesce(r.place, 0) END AS BIGINT) AS place, count(*) AS n
        FROM applications AS a
            LEFT JOIN (SELECT v.application_id, max(s.position) AS place
                FROM stage_visits AS v JOIN opening_stages AS s ON s.id = v.stage_id
                    LEFT JOIN stage_visits AS after ON after.application_id = v.application_id AND after.number = v.number + 1 AND after.entered_at < $2
                    LEFT JOIN opening_stages AS t ON t.id = after.stage_id
                WHERE v.opening_id = $1 AND v.entered_at < $2 AND (t.position IS NULL OR t.position >= s.position)
                GROUP BY v.application_id) AS r ON r.application_id = a.id
        WHERE a.opening_id = $1 AND a.submitted_at < $2 AND a.merged_into IS NULL
        GROUP BY 1";
}

fn opening(scope: &Scope) -> Option<Uuid> {
    scope.opening.as_ref().map(|opening| opening.id)
}

fn bounds(scope: &Scope) -> [Arg; 4] {
    args![opening(scope), scope.member, scope.from, scope.until]
}

/// The jobs that can be chosen: of all, or of a person's teams.
pub async fn jobs(db: &Db, member: Option<Uuid>) -> Result<Vec<(Uuid, String)>> {
    let rows = db.all(JOBS, args![member]).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.get("title")?))).collect()
}

/// How many of a source came how far.
#[derive(Clone, Debug)]
pub struct Reached {
    pub source: String,
    /// No knock-out stands against them.
    pub passed: bool,
    /// The furthest stage by its place among those of the job, and the furthest by its kind; -1 before the first.
    pub place: i64,
    pub kind: i64,
    pub n: i64,
}

pub async fn reached(db: &Db, scope: &Scope) -> Result<Vec<Reached>> {
    let reached = |row: &Row| {
        Ok(Reached {
            source: row.get("source")?,
            passed: row.get::<i64>("passed")? == 1,
            place: row.get("place")?,
            kind: row.get("kind")?,
            n: row.get("n")?,
        })
    };
    db.all(REACHED, bounds(scope)).await?.iter().map(reached).collect()
}

/// The kinds of stages that there are, with the shortest and the longest target.
pub async fn kinds(db: &Db, scope: &Scope) -> Result<Vec<(StageKind, i64, i64)>> {
    let rows = db.all(KINDS, args![opening(scope), scope.member]).await?;
    let kind = |row: &Row| {
        Ok((
            row.parse("kind", StageKind::from_id)?,
            row.get("least")?,
            row.get("most")?,
        ))
    };
    rows.iter().map(kind).collect()
}

/// The stages of a job in order: the place of each among them, its name, kind and target.
pub async fn places(db: &Db, opening: Uuid) -> Result<Vec<(i64, String, StageKind, i64)>> {
    let rows = db.all(PLACES, args![opening]).await?;
    let place = |row: &Row| {
        Ok((
            row.get("place")?,
            row.get("name")?,
            row.parse("kind", StageKind::from_id)?,
            row.get("target_days")?,
        ))
    };
    rows.iter().map(place).collect()
}

/// Those who left a stage after so many hours.
#[derive(Clone, Debug)]
pub struct Stays {
    pub place: i64,
    pub kind: StageKind,
    pub hours: i64,
    pub n: i64,
    /// Of these, within the target of the stage.
    pub in_time: i64,
}

pub async fn stays(db: &Db, scope: &Scope) -> Result<Vec<Stays>> {
    let stays = |row: &Row| {
        Ok(Stays {
            place: row.get("place")?,
            kind: row.parse("kind", StageKind::from_id)?,
            hours: row.get("hours")?,
            n: row.get("n")?,
            in_time: row.get("in_time")?,
        })
    };
    db.all(STAYS, bounds(scope)).await?.iter().map(stays).collect()
}

/// Those who are in a stage now.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub place: i64,
    pub kind: StageKind,
    pub n: i64,
    /// Of these, longer than the target of the stage.
    pub late: i64,
}

pub async fn waiting(db: &Db, scope: &Scope, now: Timestamp) -> Result<Vec<Waiting>> {
    let [opening, member, from, until] = bounds(scope);
    let waiting = |row: &Row| {
        Ok(Waiting {
            place: row.get("place")?,
            kind: row.parse("kind", StageKind::from_id)?,
            n: row.get("n")?,
            late: row.get("late")?,
        })
    };
    let rows = db.all(WAITING, [opening, member, from, until, now.into()]).await?;
    rows.iter().map(waiting).collect()
}

/// What a question at the door came to.
#[derive(Clone, Debug)]
pub struct Door {
    pub question: String,
    pub asked: i64,
    pub answered: i64,
    pub declined: i64,
    pub review: i64,
    /// Of the declined, those that a person took back.
    pub reversed: i64,
}

pub async fn knock_outs(db: &Db, scope: &Scope) -> Result<Vec<Door>> {
    let door = |row: &Row| {
        Ok(Door {
            question: row.get("question")?,
            asked: row.get("asked")?,
            answered: row.get("answered")?,
            declined: row.get("declined")?,
            review: row.get("review")?,
            reversed: row.get("reversed")?,
        })
    };
    db.all(KNOCK_OUTS, bounds(scope)).await?.iter().map(door).collect()
}

/// Hours until the first answer, each with how many waited so long.
pub async fn first_answers(db: &Db, scope: &Scope) -> Result<Vec<(i64, i64)>> {
    let rows = db.all(FIRST_ANSWERS, bounds(scope)).await?;
    rows.iter().map(|row| Ok((row.get("hours")?, row.get("n")?))).collect()
}

/// Those who have heard nothing yet: whether they are under way, for how many hours, and how many they are.
pub async fn unanswered(db: &Db, scope: &Scope, now: Timestamp) -> Result<Vec<(bool, i64, i64)>> {
    let [opening, member, from, until] = bounds(scope);
    let rows = db.all(UNANSWERED, [opening, member, from, until, now.into()]).await?;
    let line = |row: &Row| {
        let active = row.get::<String>("state")? == "active";
        Ok((active, row.get("hours")?, row.get("n")?))
    };
    rows.iter().map(line).collect()
}

/// How many with an answer to a voluntary question had come how far, at a moment; the place is -1 before the door. An
/// application with several answers is there once for each; empty words are those who said nothing at all.
pub async fn groups(db: &Db, opening: Uuid, at: Timestamp) -> Result<Vec<(String, String, i64, i64)>> {
    let rows = db.all(GROUPS, args![opening, at]).await?;
    let group = |row: &Row| {
        Ok((
            row.get("question")?,
            row.get("answer")?,
            row.get("place")?,
            row.get("n")?,
        ))
    };
    rows.iter().map(group).collect()
}

/// The same of all.
pub async fn everybody(db: &Db, opening: Uuid, at: Timestamp) -> Result<Vec<(i64, i64)>> {
    let rows = db.all(EVERYBODY, args![opening, at]).await?;
    rows.iter().map(|row| Ok((row.get("place")?, row.get("n")?))).collect()
}
