//! Jobs, their stages and their teams, in SQL.

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Arg, Db, DbError, Result, Row, Tx};
use crate::hiring::openings::{Details, Member, NewStage, OpeningLine, free_slug, slug, title_key};
use crate::hiring::{Employment, Opening, OpeningState, Per, Presence, Salary, Stage, StageKind};
use crate::people::Role;
use crate::ui::folded;

crate::statements! {
    FIND = "SELECT * FROM openings WHERE id = $1";
    BY_SLUG = "SELECT * FROM openings WHERE slug = $1";
    LOCK = "UPDATE openings SET title = title WHERE id = $1";
    ADD = "INSERT INTO openings (id, title, title_key, slug, kit_id, kit_version, level, place, country, presence, kind, salary_from,
            salary_to, currency, salary_per, about, closes_at, decline_after_hours, keep_months, video_days, video_takes,
            state, created_by, created_at, revision, form_token)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 'draft', $22, $23, 0, $24)
        ON CONFLICT DO NOTHING";
    BY_FORM_TOKEN = "SELECT id FROM openings WHERE form_token = $1";
    SLUGS = "SELECT slug FROM openings WHERE slug LIKE $1 AND id <> $2";
    CHANGE = "UPDATE openings SET title = $3, title_key = $4, level = $5, place = $6, country = $7, presence = $8, kind = $9,
            salary_from = $10, salary_to = $11, currency = $12, salary_per = $13, about = $14, closes_at = $15,
            decline_after_hours = $16, video_days = $17, video_takes = $18, slug = $19, revision = revision + 1
        WHERE id = $1 AND revision = $2";
    PUBLISH = "UPDATE openings SET state = 'published', published_at = COALESCE(published_at, $2), closed_at = NULL,
            revision = revision + 1
        WHERE id = $1 AND state <> 'published'";
    CLOSE = "UPDATE openings SET state = 'closed', closed_at = $2, revision = revision + 1 WHERE id = $1 AND state = 'published'";
    PIN = "UPDATE openings SET kit_version = $2, level = $3, revision = revision + 1 WHERE id = $1";
    LINES = "SELECT openings.*, kits.title AS kit_title,
            (SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM application_counts
                WHERE opening_id = openings.id AND state = 'active') AS active,
            (SELECT count(*) FROM (SELECT 1 FROM applications WHERE opening_id = openings.id AND submitted_at >= $5 LIMIT 1000) AS few) AS fresh
        FROM openings JOIN kits ON kits.id = kit_id
        WHERE openings.id < $1
            AND (CAST($2 AS TEXT) IS NULL OR openings.state = $2)
            AND (CAST($3 AS TEXT) IS NULL OR EXISTS
                (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $3))
        ORDER BY openings.id DESC LIMIT $4";
    COUNTS = "SELECT state, count(*) AS n FROM openings
        WHERE CAST($1 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM opening_team WHERE opening_id = openings.id AND staff_id = $1)
        GROUP BY state";
    OF_KIT = "SELECT * FROM openings WHERE kit_id = $1 ORDER BY id DESC";
    OPEN = "SELECT * FROM openings
        WHERE state = 'published' AND (closes_at IS NULL OR closes_at > $1)
            AND (CAST($2 AS TEXT) IS NULL OR title_key LIKE $2 ESCAPE '\\')
            AND (published_at < $3 OR (published_at = $3 AND id < $4))
        ORDER BY published_at DESC, id DESC LIMIT $5";
    COUNT_OPEN = "SELECT count(*) AS n FROM openings WHERE state = 'published' AND (closes_at IS NULL OR closes_at > $1)";
    OPEN_SLUGS = "SELECT slug FROM openings WHERE state = 'published' AND (closes_at IS NULL OR closes_at > $1)
        ORDER BY published_at DESC, id DESC LIMIT 10000";
    STAGES = "SELECT id, name, kind, target_days FROM opening_stages WHERE opening_id = $1 ORDER BY position";
    ADD_STAGE = "INSERT INTO opening_stages (id, opening_id, position, name, kind, target_days) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO NOTHING";
    PLACE_STAGE = "UPDATE opening_stages SET position = $3 WHERE id = $1 AND opening_id = $2";
    CHANGE_STAGE = "UPDATE opening_stages SET name = $3, target_days = $4 WHERE id = $1 AND opening_id = $2";
    REMOVE_STAGE = "DELETE FROM opening_stages WHERE id = $1 AND opening_id = $2";
    IN_STAGE = "SELECT state, count(*) AS n FROM applications WHERE stage_id = $1 GROUP BY state";
    IN_TEAM = "SELECT staff_id FROM opening_team WHERE opening_id = $1 AND staff_id = $2";
    TEAM = "SELECT staff.id, staff.name, staff.role FROM opening_team JOIN staff ON staff.id = staff_id
        WHERE opening_id = $1 ORDER BY staff.name, staff.id";
    JOIN_TEAM = "INSERT INTO opening_team (opening_id, staff_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    LEAVE_TEAM = "DELETE FROM opening_team WHERE opening_id = $1 AND staff_id = $2";
}

pub struct NewOpening<'a> {
    pub id: Uuid,
    pub kit: Uuid,
    pub kit_version: u32,
    pub details: &'a Details,
    pub created_by: Uuid,
    pub form_token: Uuid,
}

/// The job that was added, or the one that the same form has added before.
pub async fn add(tx: &mut Tx, new: &NewOpening<'_>, now: Timestamp) -> Result<(Uuid, bool)> {
    // Somebody may take an address between our look and our entry.
    for _ in 0..MOST_TRIES {
        if let Some(row) = tx.optional(BY_FORM_TOKEN, args![new.form_token]).await? {
            return Ok((row.id("id")?, false));
        }
        let slug = slug_for(tx, &new.details.title, new.id).await?;
        if tx.execute(ADD, add_args(new, slug, now)).await? == 1 {
            return Ok((new.id, true));
        }
    }
    Err(DbError::Corrupt {
        what: "opening",
        why: "no address was free".into(),
    })
}

const MOST_TRIES: usize = 5;

async fn slug_for(tx: &mut Tx, title: &str, id: Uuid) -> Result<String> {
    let wanted = slug(title);
    let rows = tx.all(SLUGS, args![format!("{wanted}%"), id]).await?;
    let taken = rows
        .iter()
        .map(|row| row.get("slug"))
        .collect::<Result<Vec<String>>>()?;
    Ok(free_slug(&wanted, &taken))
}

fn add_args(new: &NewOpening<'_>, slug: String, now: Timestamp) -> [Arg; 24] {
    let details = new.details;
    let (from, to, currency, per) = salary_args(details.salary.as_ref());
    args![
        new.id,
        &details.title,
        title_key(&details.title, &details.place),
        slug,
        new.kit,
        i64::from(new.kit_version),
        &details.level,
        &details.place,
        &details.country,
        details.presence.id(),
        details.kind.id(),
        from,
        to,
        currency,
        per,
        &details.about,
        details.closes_at,
        i64::from(details.decline_after_hours),
        i64::from(details.keep_months),
        i64::from(details.video_days),
        i64::from(details.video_takes),
        new.created_by,
        now,
        new.form_token,
    ]
}

fn salary_args(salary: Option<&Salary>) -> (Option<i64>, Option<i64>, String, &'static str) {
    match salary {
        Some(salary) => (
            Some(i64::from(salary.from)),
            Some(i64::from(salary.to)),
            salary.currency.clone(),
            salary.per.id(),
        ),
        None => (None, None, String::new(), Per::Year.id()),
    }
}

/// False when somebody has changed it since that revision. How long applications are kept is set by `privacy::retention`,
/// which sees to those that are there. Its address follows its title until it is published.
pub async fn change(tx: &mut Tx, opening: &Opening, revision: i64, details: &Details) -> Result<bool> {
    let slug = match opening.was_published() || slug(&opening.title) == slug(&details.title) {
        true => opening.slug.clone(),
        false => slug_for(tx, &details.title, opening.id).await?,
    };
    let (from, to, currency, per) = salary_args(details.salary.as_ref());
    let args = args![
        opening.id,
        revision,
        &details.title,
        title_key(&details.title, &details.place),
        &details.level,
        &details.place,
        &details.country,
        details.presence.id(),
        details.kind.id(),
        from,
        to,
        currency,
        per,
        &details.about,
        details.closes_at,
        i64::from(details.decline_after_hours),
        i64::from(details.video_days),
        i64::from(details.video_takes),
        slug,
    ];
    Ok(tx.execute(CHANGE, args).await? == 1)
}

/// False when it is published already.
pub async fn publish(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(PUBLISH, args![id, now]).await? == 1)
}

/// False when it is not published.
pub async fn close(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(CLOSE, args![id, now]).await? == 1)
}

pub async fn pin(tx: &mut Tx, id: Uuid, version: u32, level: &str) -> Result<()> {
    tx.execute(PIN, args![id, i64::from(version), level]).await.map(drop)
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub state: Option<OpeningState>,
    /// Only of this person's teams.
    pub of: Option<Uuid>,
    /// Only those made before this one.
    pub before: Option<Uuid>,
}

/// The newest first; `week` is when a week ago was.
pub async fn lines(db: &Db, filter: &Filter, week: Timestamp, most: i64) -> Result<Vec<OpeningLine>> {
    let before = filter.before.unwrap_or(Uuid::max());
    let args = args![before, filter.state.map(OpeningState::id), filter.of, most, week];
    let line = |row: &Row| {
        Ok(OpeningLine {
            opening: opening(row)?,
            kit_title: row.get("kit_title")?,
            active: row.get("active")?,
            fresh: row.get("fresh")?,
        })
    };
    db.all(LINES, args).await?.iter().map(line).collect()
}

/// How many there are in each state, of all or of a person's teams.
pub async fn counts(db: &Db, of: Option<Uuid>) -> Result<Vec<(OpeningState, i64)>> {
    let rows = db.all(COUNTS, args![of]).await?;
    let count = |row: &Row| Ok((row.parse("state", OpeningState::from_id)?, row.get("n")?));
    rows.iter().map(count).collect()
}

pub async fn of_kit(db: &Db, kit: Uuid) -> Result<Vec<Opening>> {
    db.all(OF_KIT, args![kit]).await?.iter().map(opening).collect()
}

/// Those that take applications, the last published first, behind the one that was published then.
pub async fn open(
    db: &Db,
    words: Option<&str>,
    before: Option<(Timestamp, Uuid)>,
    now: Timestamp,
    most: i64,
) -> Result<Vec<Opening>> {
    let pattern = words.map(|words| crate::db::like_pattern(&folded(words)));
    let (at, id) = before.unwrap_or((Timestamp(i64::MAX), Uuid::max()));
    let rows = db.all(OPEN, args![now, pattern, at, id, most]).await?;
    rows.iter().map(opening).collect()
}

pub async fn count_open(db: &Db, now: Timestamp) -> Result<i64> {
    let row = db.optional(COUNT_OPEN, args![now]).await?;
    row.map_or(Ok(0), |row| row.get("n"))
}

pub async fn open_slugs(db: &Db, now: Timestamp) -> Result<Vec<String>> {
    let rows = db.all(OPEN_SLUGS, args![now]).await?;
    rows.iter().map(|row| row.get("slug")).collect()
}

/// False when the same form has added it before. Where it stands is said by `arrange`.
pub async fn add_stage(tx: &mut Tx, id: Uuid, opening: Uuid, position: i64, new: &NewStage) -> Result<bool> {
    let days = i64::from(new.target_days);
    let args = args![id, opening, position, &new.name, new.kind.id(), days];
    Ok(tx.execute(ADD_STAGE, args).await? == 1)
}

/// Puts the stages of a job in this order.
pub async fn arrange(tx: &mut Tx, opening: Uuid, stages: &[Uuid]) -> Result<()> {
    for (position, stage) in (0i64..).zip(stages) {
        tx.execute(PLACE_STAGE, args![*stage, opening, position]).await?;
    }
    Ok(())
}

pub async fn change_stage(tx: &mut Tx, opening: Uuid, id: Uuid, name: &str, target_days: u32) -> Result<()> {
    let args = args![id, opening, name, i64::from(target_days)];
    tx.execute(CHANGE_STAGE, args).await.map(drop)
}

pub async fn remove_stage(tx: &mut Tx, opening: Uuid, id: Uuid) -> Result<()> {
    tx.execute(REMOVE_STAGE, args![id, opening]).await.map(drop)
}

/// How many applications stand in a stage: under way, and ended there.
pub async fn in_stage(tx: &mut Tx, stage: Uuid) -> Result<(i64, i64)> {
    let (mut active, mut ended) = (0, 0);
    for row in tx.all(IN_STAGE, args![stage]).await? {
        let n: i64 = row.get("n")?;
        match row.get::<String>("state")?.as_str() {
            "active" => active += n,
            _ => ended += n,
        }
    }
    Ok((active, ended))
}

pub async fn team(db: &Db, opening: Uuid) -> Result<Vec<Member>> {
    let member = |row: &Row| {
        Ok(Member {
            id: row.id("id")?,
            name: row.get("name")?,
            role: row.parse("role", Role::from_id)?,
        })
    };
    db.all(TEAM, args![opening]).await?.iter().map(member).collect()
}

pub async fn join_team(tx: &mut Tx, opening: Uuid, staff: Uuid) -> Result<()> {
    tx.execute(JOIN_TEAM, args![opening, staff]).await.map(drop)
}

pub async fn leave_team(tx: &mut Tx, opening: Uuid, staff: Uuid) -> Result<()> {
    tx.execute(LEAVE_TEAM, args![opening, staff]).await.map(drop)
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
