//! Jobs, their stages and their teams, in SQL.

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, DbError, Result, Row, Tx};
use crate::hiring::{Employment, Opening, OpeningState, Per, Presence, Salary, Stage, StageKind};

crate::statements! {
    FIND = "SELECT * FROM openings WHERE id = $1";
    BY_SLUG = "SELECT * FROM openings WHERE slug = $1";
    LOCK = "UPDATE openings SET title = title WHERE id = $1";
    STAGES = "SELECT id, name, kind, target_days FROM opening_stages WHERE opening_id = $1 ORDER BY position";
    IN_TEAM = "SELECT staff_id FROM opening_team WHERE opening_id = $1 AND staff_id = $2";
    TEAM = "SELECT staff.id, staff.name, staff.role FROM opening_team JOIN staff ON staff.id = staff_id
        WHERE opening_id = $1 ORDER BY staff.name, staff.id";
}

pub async fn find(db: &Db, id: Uuid) -> Result<Option<Opening>> {
    db.optional(FIND, args![id]).await?.as_ref().map(opening).transpose()
}

pub async fn find_in(tx: &mut Tx, id: Uuid) -> Result<Option<Opening>> {
    tx.optional(FIND, args![id]).await?.as_ref().map(opening).transpose()
}

/// Whoever else would change this job waits until the transaction ends.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<Option<Opening>> {
    tx.execute(LOCK, args![id]).await?;
    tx.optional(FIND, args![id]).await?.as_ref().map(opening).transpose()
}

pub async fn by_slug(db: &Db, slug: &str) -> Result<Option<Opening>> {
    db.optional(BY_SLUG, args![slug])
        .await?
        .as_ref()
        .map(opening)
        .transpose()
}

pub async fn stages(db: &Db, opening: Uuid) -> Result<Vec<Stage>> {
    db.all(STAGES, args![opening]).await?.iter().map(stage).collect()
}

pub async fn stages_in(tx: &mut Tx, opening: Uuid) -> Result<Vec<Stage>> {
    tx.all(STAGES, args![opening]).await?.iter().map(stage).collect()
}

pub async fn is_in_team(db: &Db, opening: Uuid, staff: Uuid) -> Result<bool> {
    Ok(db.optional(IN_TEAM, args![opening, staff]).await?.is_some())
}

fn stage(row: &Row) -> Result<Stage> {
    Ok(Stage {
        id: row.id("id")?,
        name: row.get("name")?,
        kind: row.parse("kind", StageKind::from_id)?,
        target_days: number(row, "target_days")?,
    })
}

fn opening(row: &Row) -> Result<Opening> {
    let time = |column| Ok::<_, DbError>(row.get::<Option<i64>>(column)?.map(Timestamp));
    let amount = |column| Ok::<_, DbError>(row.get::<Option<i64>>(column)?.and_then(|n| u32::try_from(n).ok()));
    let salary = match (amount("salary_from")?, amount("salary_to")?) {
        (Some(from), Some(to)) => Some(Salary {
            from,
            to,
            currency: row.get("currency")?,
            per: row.parse("salary_per", Per::from_id)?,
        }),
        _ => None,
    };
    Ok(Opening {
        id: row.id("id")?,
        title: row.get("title")?,
        slug: row.get("slug")?,
        kit: row.id("kit_id")?,
        kit_version: number(row, "kit_version")?,
        level: row.get("level")?,
        place: row.get("place")?,
        country: row.get("country")?,
        presence: row.parse("presence", Presence::from_id)?,
        kind: row.parse("kind", Employment::from_id)?,
        salary,
        about: row.get("about")?,
        state: row.parse("state", OpeningState::from_id)?,
        closes_at: time("closes_at")?,
        decline_after_hours: number(row, "decline_after_hours")?,
        keep_months: number(row, "keep_months")?,
        video_days: number(row, "video_days")?,
        video_takes: number(row, "video_takes")?,
        created_by: row.id("created_by")?,
        created_at: row.time("created_at")?,
        published_at: time("published_at")?,
        closed_at: time("closed_at")?,
        revision: row.get("revision")?,
    })
}

fn number(row: &Row, column: &'static str) -> Result<u32> {
    let value: i64 = row.get(column)?;
    u32::try_from(value).map_err(|e| DbError::Corrupt {
        what: column,
        why: e.to_string(),
    })
}
