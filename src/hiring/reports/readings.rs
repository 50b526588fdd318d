//! What readers did and gave, in SQL. A score leaves this file only of applications that enough people have read: before
//! that, readers are blind to one another, and a sum would tell.

use std::collections::HashMap;

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Arg, Db, Result, Row};
use crate::hiring::reports::Scope;
use crate::hiring::reports::numbers::Hours;

crate::statements! {
    LOADS = "SELECT s.staff_id, staff.name, count(*) AS taken,
            CAST(sum(CASE WHEN s.submitted_at IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS submitted,
            CAST(sum(CASE WHEN s.submitted_at IS NULL AND a.state = 'active' AND a.screened_at IS NULL
                AND g.kind IN ('application', 'resume_screen') THEN 1 ELSE 0 END) AS BIGINT) AS waiting,
            min(CASE WHEN s.submitted_at IS NULL AND a.state = 'active' AND a.screened_at IS NULL
                AND g.kind IN ('application', 'resume_screen') THEN s.begun_at END) AS oldest,
            CAST(sum(CASE WHEN s.submitted_at IS NOT NULL AND r.readers > 1 THEN 1 ELSE 0 END) AS BIGINT) AS shared
        FROM applications AS a JOIN screenings AS s ON s.application_id = a.id JOIN staff ON staff.id = s.staff_id
            LEFT JOIN opening_stages AS g ON g.id = a.stage_id LEFT JOIN screening_results AS r ON r.application_id = a.id
        WHERE a.opening_id IN (SELECT id FROM openings WHERE (CAST($1 AS TEXT) IS NULL OR id = $1)
                AND (CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $2)))
            AND a.submitted_at >= $3 AND a.submitted_at < $4 AND a.merged_into IS NULL AND s.withdrawn_at IS NULL
        GROUP BY s.staff_id, staff.name ORDER BY 4 DESC, staff.name, s.staff_id LIMIT 500";
    // From the day on which the application came to where it was read.
    READ_AFTER = "SELECT x.staff_id, (x.read_at - x.came_at) / 3600000000 AS hours, count(*) AS n FROM (
            SELECT s.staff_id, s.submitted_at AS read_at, coalesce((SELECT max(v.entered_at) FROM stage_visits AS v
                    JOIN opening_stages AS g ON g.id = v.stage_id
                    WHERE v.application_id = a.id AND v.entered_at <= s.begun_at AND g.kind IN ('application', 'resume_screen')),
                a.submitted_at) AS came_at
            FROM applications AS a JOIN screenings AS s ON s.application_id = a.id
            WHERE a.opening_id IN (SELECT id FROM openings WHERE (CAST($1 AS TEXT) IS NULL OR id = $1)
                    AND (CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $2)))
                AND a.submitted_at >= $3 AND a.submitted_at < $4 AND a.merged_into IS NULL
                AND s.submitted_at IS NOT NULL AND s.withdrawn_at IS NULL) AS x
        GROUP BY 1, 2";
    SCORES = "SELECT s.staff_id, m.score AS own, w.score AS other, count(*) AS n
        FROM applications AS a JOIN screening_results AS r ON r.application_id = a.id
            JOIN screenings AS s ON s.application_id = a.id AND s.submitted_at IS NOT NULL AND s.withdrawn_at IS NULL
            JOIN screenings AS o ON o.application_id = a.id AND o.submitted_at IS NOT NULL AND o.withdrawn_at IS NULL
                AND o.staff_id <> s.staff_id
            JOIN screening_marks AS m ON m.screening_id = s.id
            JOIN screening_marks AS w ON w.screening_id = o.id AND w.position = m.position
        WHERE a.opening_id IN (SELECT id FROM openings WHERE (CAST($1 AS TEXT) IS NULL OR id = $1)
                AND (CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $2)))
            AND a.submitted_at >= $3 AND a.submitted_at < $4 AND a.merged_into IS NULL AND r.readers > 1
            AND m.score IS NOT NULL AND w.score IS NOT NULL
        GROUP BY 1, 2, 3";
    // Weeks begin on Monday: the fifth of January 1970 was one.
    SCORES_BY_WEEK = "SELECT (r.made_at - 345600000000) / 604800000000 AS week,
            CASE WHEN m.score < w.score THEN m.score ELSE w.score END AS lower,
            CASE WHEN m.score < w.score THEN w.score ELSE m.score END AS higher, count(*) AS n
        FROM applications AS a JOIN screening_results AS r ON r.application_id = a.id
            JOIN screenings AS s ON s.application_id = a.id AND s.submitted_at IS NOT NULL AND s.withdrawn_at IS NULL
            JOIN screenings AS o ON o.application_id = a.id AND o.submitted_at IS NOT NULL AND o.withdrawn_at IS NULL
                AND o.staff_id > s.staff_id
            JOIN screening_marks AS m ON m.screening_id = s.id
            JOIN screening_marks AS w ON w.screening_id = o.id AND w.position = m.position
        WHERE a.opening_id IN (SELECT id FROM openings WHERE (CAST($1 AS TEXT) IS NULL OR id = $1)
                AND (CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $2)))
            AND a.submitted_at >= $3 AND a.submitted_at < $4 AND a.merged_into IS NULL AND r.readers > 1
            AND m.score IS NOT NULL AND w.score IS NOT NULL
        GROUP BY 1, 2, 3";
    RESULTS_BY_WEEK = "SELECT (r.made_at - 345600000000) / 604800000000 AS week, count(*) AS n
        FROM applications AS a JOIN screening_results AS r ON r.application_id = a.id
        WHERE a.opening_id IN (SELECT id FROM openings WHERE (CAST($1 AS TEXT) IS NULL OR id = $1)
                AND (CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $2)))
            AND a.submitted_at >= $3 AND a.submitted_at < $4 AND a.merged_into IS NULL AND r.readers > 1
        GROUP BY 1 ORDER BY 1";
}

const MONDAY: i64 = 345_600_000_000;
const WEEK: i64 = 604_800_000_000;

/// When a week began.
pub fn monday(week: i64) -> Timestamp {
    Timestamp(week.saturating_mul(WEEK).saturating_add(MONDAY))
}

fn bounds(scope: &Scope) -> [Arg; 4] {
    let opening = scope.opening.as_ref().map(|opening| opening.id);
    args![opening, scope.member, scope.from, scope.until]
}

/// What one reader has taken, and what became of it.
#[derive(Clone, Debug)]
pub struct Load {
    pub reader: Uuid,
    pub name: String,
    pub taken: i64,
    pub submitted: i64,
    /// Begun, not submitted, and still needed.
    pub waiting: i64,
    /// When the oldest of these was begun.
    pub oldest: Option<Timestamp>,
    /// Submitted, and read by others as well.
    pub shared: i64,
}

/// Who submitted most comes first.
pub async fn loads(db: &Db, scope: &Scope) -> Result<Vec<Load>> {
    let load = |row: &Row| {
        Ok(Load {
            reader: row.id("staff_id")?,
            name: row.get("name")?,
            taken: row.get("taken")?,
            submitted: row.get("submitted")?,
            waiting: row.get("waiting")?,
            oldest: row.get::<Option<i64>>("oldest")?.map(Timestamp),
            shared: row.get("shared")?,
        })
    };
    db.all(LOADS, bounds(scope)).await?.iter().map(load).collect()
}

/// How long each reader's submitted readings took, from when the résumé came.
pub async fn read_after(db: &Db, scope: &Scope) -> Result<HashMap<Uuid, Hours>> {
    let mut readers: HashMap<Uuid, Hours> = HashMap::new();
    for row in db.all(READ_AFTER, bounds(scope)).await? {
        let hours = readers.entry(row.id("staff_id")?).or_default();
        hours.add(row.get("hours")?, row.get("n")?);
    }
    Ok(readers)
}

/// How often a reader gave a score where another one gave that score: the reader's own, the other's, how often.
pub type Scores = Vec<(u8, u8, i64)>;

pub async fn scores(db: &Db, scope: &Scope) -> Result<HashMap<Uuid, Scores>> {
    let mut readers: HashMap<Uuid, Scores> = HashMap::new();
    for row in db.all(SCORES, bounds(scope)).await? {
        let scores = readers.entry(row.id("staff_id")?).or_default();
        scores.push((score(&row, "own")?, score(&row, "other")?, row.get("n")?));
    }
    Ok(readers)
}

/// The same without the readers, each pair once, the lower score first, by the week in which the result was there.
pub async fn scores_by_week(db: &Db, scope: &Scope) -> Result<HashMap<i64, Scores>> {
    let mut weeks: HashMap<i64, Scores> = HashMap::new();
    for row in db.all(SCORES_BY_WEEK, bounds(scope)).await? {
        let scores = weeks.entry(row.get("week")?).or_default();
        scores.push((score(&row, "lower")?, score(&row, "higher")?, row.get("n")?));
    }
    Ok(weeks)
}

fn score(row: &Row, column: &str) -> Result<u8> {
    Ok(u8::try_from(row.get::<i64>(column)?).unwrap_or_default())
}

/// How many applications were read by enough people, by week.
pub async fn results_by_week(db: &Db, scope: &Scope) -> Result<Vec<(i64, i64)>> {
    let rows = db.all(RESULTS_BY_WEEK, bounds(scope)).await?;
    rows.iter().map(|row| Ok((row.get("week")?, row.get("n")?))).collect()
}
