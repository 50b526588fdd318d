//! The pipeline of a job, in SQL: each list by its key, each count up to a cap.

use std::collections::HashMap;

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Arg, Db, DbError, Result, Row, Statement, Tx};
use crate::hiring::applications::store::decision_from_id;
use crate::hiring::pipeline::index::store::Texts;
use crate::hiring::pipeline::{Line, View};
use crate::hiring::screening::Proposal;
use crate::hiring::{ApplicationState, Owner};
use crate::submissions::{Strip, band_from_id};

crate::statements! {
    ALL_DOWN = "SELECT applications.id, applications.opening_id, applications.name, applications.email, applications.state, stage_id, stage_since, ended_at,
            submitted_at, source, outcome, owner_id, moves, owners.name AS owner
        FROM applications LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE opening_id = $1 AND applications.state <> 'draft' AND applications.id < $2 AND merged_into IS NULL ORDER BY applications.id DESC LIMIT $3";
    ALL_UP = "SELECT applications.id, applications.opening_id, applications.name, applications.email, applications.state, stage_id, stage_since, ended_at,
            submitted_at, source, outcome, owner_id, moves, owners.name AS owner
        FROM applications LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE opening_id = $1 AND applications.state <> 'draft' AND applications.id > $2 AND merged_into IS NULL ORDER BY applications.id LIMIT $3";
    STATE_DOWN = "SELECT applications.id, applications.opening_id, applications.name, applications.email, applications.state, stage_id, stage_since, ended_at,
            submitted_at, source, outcome, owner_id, moves, owners.name AS owner
        FROM applications LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE opening_id = $1 AND applications.state = $2 AND applications.id < $3 AND merged_into IS NULL ORDER BY applications.id DESC LIMIT $4";
    STATE_UP = "SELECT applications.id, applications.opening_id, applications.name, applications.email, applications.state, stage_id, stage_since, ended_at,
            submitted_at, source, outcome, owner_id, moves, owners.name AS owner
        FROM applications LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE opening_id = $1 AND applications.state = $2 AND applications.id > $3 AND merged_into IS NULL ORDER BY applications.id LIMIT $4";
    STAGE_DOWN = "SELECT applications.id, applications.opening_id, applications.name, applications.email, applications.state, stage_id, stage_since, ended_at,
            submitted_at, source, outcome, owner_id, moves, owners.name AS owner
        FROM applications LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE stage_id = $1 AND applications.state <> 'draft' AND applications.id < $2 AND merged_into IS NULL ORDER BY applications.id DESC LIMIT $3";
    STAGE_UP = "SELECT applications.id, applications.opening_id, applications.name, applications.email, applications.state, stage_id, stage_since, ended_at,
            submitted_at, source, outcome, owner_id, moves, owners.name AS owner
        FROM applications LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE stage_id = $1 AND applications.state <> 'draft' AND applications.id > $2 AND merged_into IS NULL ORDER BY applications.id LIMIT $3";
    OWNER_DOWN = "SELECT applications.id, applications.opening_id, applications.name, applications.email, applications.state, stage_id, stage_since, ended_at,
            submitted_at, source, outcome, owner_id, moves, owners.name AS owner
        FROM applications LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE opening_id = $1 AND owner_id = $2 AND applications.state <> 'draft' AND applications.id < $3 AND merged_into IS NULL ORDER BY applications.id DESC LIMIT $4";
    OWNER_UP = "SELECT applications.id, applications.opening_id, applications.name, applications.email, applications.state, stage_id, stage_since, ended_at,
            submitted_at, source, outcome, owner_id, moves, owners.name AS owner
        FROM applications LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE opening_id = $1 AND owner_id = $2 AND applications.state <> 'draft' AND applications.id > $3 AND merged_into IS NULL ORDER BY applications.id LIMIT $4";
    UNOWNED_DOWN = "SELECT applications.id, applications.opening_id, applications.name, applications.email, applications.state, stage_id, stage_since, ended_at,
            submitted_at, source, outcome, owner_id, moves, owners.name AS owner
        FROM applications LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE opening_id = $1 AND applications.state = $2 AND owner_id IS NULL AND applications.id < $3 AND merged_into IS NULL ORDER BY applications.id DESC LIMIT $4";
    UNOWNED_UP = "SELECT applications.id, applications.opening_id, applications.name, applications.email, applications.state, stage_id, stage_since, ended_at,
            submitted_at, source, outcome, owner_id, moves, owners.name AS owner
        FROM applications LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE opening_id = $1 AND applications.state = $2 AND owner_id IS NULL AND applications.id > $3 AND merged_into IS NULL ORDER BY applications.id LIMIT $4";
    LONGEST = "SELECT applications.id, applications.opening_id, applications.name, applications.email, applications.state, stage_id, stage_since, ended_at,
            submitted_at, source, outcome, owner_id, moves, owners.name AS owner
        FROM applications LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE opening_id = $1 AND applications.state = 'active' AND stage_since >= $2 AND (stage_since > $2 OR applications.id > $3) AND merged_into IS NULL ORDER BY stage_since, applications.id LIMIT $4";
    LONGEST_IN = "SELECT applications.id, applications.opening_id, applications.name, applications.email, applications.state, stage_id, stage_since, ended_at,
            submitted_at, source, outcome, owner_id, moves, owners.name AS owner
        FROM applications LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE stage_id = $1 AND applications.state = 'active' AND stage_since >= $2 AND (stage_since > $2 OR applications.id > $3) AND merged_into IS NULL ORDER BY stage_since, applications.id LIMIT $4";
    BY_NUMBER = "SELECT applications.id, applications.opening_id, applications.name, applications.email, applications.state, stage_id, stage_since, ended_at,
            submitted_at, source, outcome, owner_id, moves, owners.name AS owner, search_texts.number, person, notes, comments, files
        FROM search_texts JOIN applications ON applications.id = search_texts.application_id
            LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE search_texts.number IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50) AND applications.state <> 'draft' AND merged_into IS NULL";
    BY_ID = "SELECT applications.id, applications.opening_id, applications.name, applications.email, applications.state, stage_id, stage_since, ended_at,
            submitted_at, source, outcome, owner_id, moves, owners.name AS owner
        FROM applications LEFT JOIN staff AS owners ON owners.id = owner_id WHERE applications.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50) AND applications.state <> 'draft' AND merged_into IS NULL";
    PLACES = "SELECT applications.id, openings.title, opening_stages.name AS stage FROM applications
            JOIN openings ON openings.id = applications.opening_id LEFT JOIN opening_stages ON opening_stages.id = stage_id
        WHERE applications.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50)";
    TEXTS = "SELECT application_id, person, notes, comments, files FROM search_texts WHERE application_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50)";
    TESTS = "SELECT application_id, assessments.opened_at, assessments.started_at, assessments.submitted_at, assessments.withdrawn_at,
            assessments.deadline, band, strip
        FROM application_assessments JOIN assessments ON assessments.id = assessment_id
            LEFT JOIN submissions ON submissions.id = assessments.submission_id
        WHERE application_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50) ORDER BY assessments.id";
    VIDEOS = "SELECT application_id, count(DISTINCT question) AS n FROM application_takes
        WHERE application_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50) AND submitted_at IS NOT NULL AND removed_at IS NULL GROUP BY application_id";
    LATE = "SELECT id, (SELECT count(*) FROM (SELECT 1 FROM applications WHERE stage_id = opening_stages.id AND state = 'active'
                AND merged_into IS NULL AND stage_since <= $2 - (target_days + 1) * 86400000000 LIMIT 100) AS few) AS n
        FROM opening_stages WHERE opening_id = $1";
    UNOWNED = "SELECT count(*) AS n FROM (SELECT 1 FROM applications WHERE opening_id = $1 AND state = 'active' AND owner_id IS NULL
            AND merged_into IS NULL LIMIT 100) AS few";
    // The last events of all jobs are few: they lead, not the applications of one.
    NEWS = "SELECT staff.name AS who, recent.what, recent.detail, applications.name, applications.id
        FROM (SELECT id, application_id, staff_id, what, detail FROM application_events WHERE id > $1 ORDER BY id DESC LIMIT 50) AS recent
            JOIN applications ON applications.id = recent.application_id JOIN staff ON staff.id = recent.staff_id
        WHERE applications.opening_id = $2 AND recent.staff_id <> $3 ORDER BY recent.id DESC LIMIT 3";
    LAST_MOVE = "SELECT staff.name AS who, at, detail FROM application_events JOIN staff ON staff.id = staff_id
        WHERE application_id = $1 AND what = 'Moved to' ORDER BY application_events.id DESC LIMIT 1";
    TAGGED = "SELECT application_id FROM application_tags WHERE tag_key = $1 AND application_id < $2 ORDER BY application_id DESC LIMIT $3";
    TAGS = "SELECT application_id, tag_key FROM application_tags WHERE application_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50)";
    SAID = "SELECT name AS words FROM applications WHERE id = $1
        UNION ALL SELECT email FROM applications WHERE id = $1
        UNION ALL SELECT take_notes.words FROM take_notes JOIN application_takes ON application_takes.id = take_id WHERE application_id = $1
        UNION ALL SELECT words FROM comments WHERE application_id = $1 AND removed_at IS NULL
        UNION ALL SELECT text_key FROM application_files WHERE application_id = $1 AND text_key IS NOT NULL";
    READINGS = "SELECT applications.id, mean, disagreements, screening_results.proposal AS proposed,
            (SELECT count(*) FROM screenings WHERE screenings.application_id = applications.id
                AND submitted_at IS NOT NULL AND withdrawn_at IS NULL) AS submitted
        FROM applications LEFT JOIN screening_results ON screening_results.application_id = applications.id
        WHERE applications.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50)";
    VIEWS = "SELECT id, name, filter, shared, staff_id FROM saved_views WHERE opening_id = $1 AND (shared OR staff_id = $2)
        ORDER BY shared, name, id LIMIT 40";
    KEEP_VIEW = "INSERT INTO saved_views (id, opening_id, staff_id, name, filter, shared) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (opening_id, staff_id, name) DO UPDATE SET filter = excluded.filter, shared = excluded.shared";
    DROP_VIEW = "DELETE FROM saved_views WHERE id = $1 AND opening_id = $2 AND staff_id = $3";
}

/// So many are asked for by one statement.
pub const AT_ONCE: usize = 50;

/// What a list goes through, each by an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    All,
    State(ApplicationState),
    Stage(Uuid),
    Owner(Uuid),
    Unowned(ApplicationState),
}

/// The next ones behind an id: older ones, or newer ones.
pub async fn by_age(db: &Db, opening: Uuid, through: Through, down: bool, from: Uuid, most: i64) -> Result<Vec<Line>> {
    let of = |both: (Statement, Statement)| if down { both.0 } else { both.1 };
    let rows = match through {
        Through::All => db.all(of((ALL_DOWN, ALL_UP)), args![opening, from, most]).await?,
        Through::State(state) => {
            db.all(of((STATE_DOWN, STATE_UP)), args![opening, state.id(), from, most])
                .await?
        }
        Through::Stage(stage) => db.all(of((STAGE_DOWN, STAGE_UP)), args![stage, from, most]).await?,
        Through::Owner(owner) => {
            db.all(of((OWNER_DOWN, OWNER_UP)), args![opening, owner, from, most])
                .await?
        }
        Through::Unowned(state) => {
            db.all(of((UNOWNED_DOWN, UNOWNED_UP)), args![opening, state.id(), from, most])
                .await?
        }
    };
    rows.iter().map(line).collect()
}

/// Under way, those first that have been in their stage the longest; behind a moment and an id.
pub async fn by_wait(
    db: &Db,
    opening: Uuid,
    stage: Option<Uuid>,
    (since, id): (Timestamp, Uuid),
    most: i64,
) -> Result<Vec<Line>> {
    let rows = match stage {
        Some(stage) => db.all(LONGEST_IN, args![stage, since, id, most]).await?,
        None => db.all(LONGEST, args![opening, since, id, most]).await?,
    };
    rows.iter().map(line).collect()
}

fn line(row: &Row) -> Result<Line> {
    let time = |column| Ok::<_, DbError>(row.get::<Option<i64>>(column)?.map(Timestamp));
    let stage = row.get::<Option<String>>("stage_id")?;
    Ok(Line {
        id: row.id("id")?,
        opening: row.id("opening_id")?,
        name: row.get("name")?,
        email: row.get("email")?,
        state: row.parse("state", ApplicationState::from_id)?,
        stage: stage.map(|_| row.id("stage_id")).transpose()?,
        stage_since: time("stage_since")?,
        ended_at: time("ended_at")?,
        submitted_at: time("submitted_at")?,
        source: row.get("source")?,
        outcome: match row.get::<Option<String>>("outcome")? {
            Some(_) => Some(row.parse("outcome", decision_from_id)?),
            None => None,
        },
        owner: match row.get::<Option<String>>("owner")? {
            Some(name) => Some(Owner {
                id: row.id("owner_id")?,
                name,
            }),
            None => None,
        },
        moves: row.get("moves")?,
        ..Line::default()
    })
}

/// Fifty arguments; a short chunk says its last one again.
fn fifty<T: Copy>(chunk: &[T]) -> [Arg; AT_ONCE]
where
    Arg: From<T>,
{
    std::array::from_fn(|at| Arg::from(chunk[at.min(chunk.len() - 1)]))
}

/// The jobs and the stages in which these stand, by their names.
pub async fn places(db: &Db, ids: &[Uuid]) -> Result<HashMap<Uuid, (String, String)>> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(AT_ONCE) {
        for row in db.all(PLACES, fifty(chunk)).await? {
            let stage: Option<String> = row.get("stage")?;
            found.insert(row.id("id")?, (row.get("title")?, stage.unwrap_or_default()));
        }
    }
    Ok(found)
}

/// Those with these numbers in the index, with their words; in no order.
pub async fn by_number(db: &Db, numbers: &[i64]) -> Result<Vec<(i64, Line, String)>> {
    let mut found = Vec::new();
    for chunk in numbers.chunks(AT_ONCE) {
        for row in db.all(BY_NUMBER, fifty(chunk)).await? {
            found.push((row.get("number")?, line(&row)?, text(&row)?));
        }
    }
    Ok(found)
}

/// Those with these ids, in no order.
pub async fn by_id(db: &Db, ids: &[Uuid]) -> Result<Vec<Line>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(AT_ONCE) {
        for row in db.all(BY_ID, fifty(chunk)).await? {
            found.push(line(&row)?);
        }
    }
    Ok(found)
}

/// The words of these applications.
pub async fn texts(db: &Db, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(AT_ONCE) {
        for row in db.all(TEXTS, fifty(chunk)).await? {
            found.insert(row.id("application_id")?, text(&row)?);
        }
    }
    Ok(found)
}

fn text(row: &Row) -> Result<String> {
    let texts = Texts::from_row(row)?;
    Ok(texts.words().collect::<Vec<_>>().join(" "))
}

/// How a coding test stands, for a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestFact {
    Said(&'static str),
    /// The name of its band, and its criteria.
    Graded(&'static str, Option<Strip>),
}

/// The newest coding test of each that has one.
pub async fn tests(db: &Db, ids: &[Uuid], now: Timestamp) -> Result<HashMap<Uuid, TestFact>> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(AT_ONCE) {
        for row in db.all(TESTS, fifty(chunk)).await? {
            found.insert(row.id("application_id")?, test(&row, now)?);
        }
    }
    Ok(found)
}

fn test(row: &Row, now: Timestamp) -> Result<TestFact> {
    let is = |column| Ok::<_, DbError>(row.get::<Option<i64>>(column)?.is_some());
    let band: Option<String> = row.get("band")?;
    if let Some(band) = band {
        let strip: Option<String> = row.get("strip")?;
        let label = band_from_id(&band).map_or("program cannot be run", |band| band.label());
        return Ok(TestFact::Graded(label, strip.map(|strip| Strip::from_text(&strip))));
    }
    Ok(TestFact::Said(match () {
        () if is("withdrawn_at")? => "test withdrawn",
        () if is("submitted_at")? => "test being graded",
        () if is("started_at")? => "test under way",
        () if row.time("deadline")? <= now => "test not taken in time",
        () if is("opened_at")? => "test opened",
        () => "invited to the test",
    }))
}

/// How many video questions each has answered, of those who have answered any.
pub async fn videos(db: &Db, ids: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(AT_ONCE) {
        for row in db.all(VIDEOS, fifty(chunk)).await? {
            found.insert(row.id("application_id")?, row.get("n")?);
        }
    }
    Ok(found)
}

/// The newest with a tag, below an id; of all jobs.
pub async fn tagged(db: &Db, tag: &str, below: Uuid, most: i64) -> Result<Vec<Uuid>> {
    let rows = db.all(TAGGED, args![tag, below, most]).await?;
    rows.iter().map(|row| row.id("application_id")).collect()
}

/// The tags of each that has any, without case.
pub async fn tags(db: &Db, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<String>>> {
    let mut found: HashMap<Uuid, Vec<String>> = HashMap::new();
    for chunk in ids.chunks(AT_ONCE) {
        for row in db.all(TAGS, fifty(chunk)).await? {
            found
                .entry(row.id("application_id")?)
                .or_default()
                .push(row.get("tag_key")?);
        }
    }
    Ok(found)
}

/// All texts in which words are looked for, as they were written.
pub async fn said(db: &Db, application: Uuid) -> Result<Vec<String>> {
    let rows = db.all(SAID, args![application]).await?;
    rows.iter().map(|row| row.get("words")).collect()
}

/// How the reading of a résumé stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub submitted: i64,
    /// The mean and the number of disagreements, once enough people have submitted.
    pub result: Option<(i64, i64)>,
    /// Comes with the result.
    pub proposal: Option<Proposal>,
}

/// Of all of them, looked up together.
pub async fn readings(db: &Db, ids: &[Uuid]) -> Result<HashMap<Uuid, Reading>> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(AT_ONCE) {
        for row in db.all(READINGS, fifty(chunk)).await? {
            let mean = row.get::<Option<i64>>("mean")?;
            let disagreements = row.get::<Option<i64>>("disagreements")?;
            let proposed = row.get::<Option<String>>("proposed")?;
            let reading = Reading {
                submitted: row.get("submitted")?,
                result: mean.zip(disagreements),
                proposal: proposed.and_then(|id| Proposal::from_id(&id)),
            };
            found.insert(row.id("id")?, reading);
        }
    }
    Ok(found)
}

/// How many are behind the target of each stage, up to a hundred.
pub async fn late(db: &Db, opening: Uuid, now: Timestamp) -> Result<HashMap<Uuid, i64>> {
    let rows = db.all(LATE, args![opening, now]).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.get("n")?))).collect()
}

/// How many under way are nobody's, up to a hundred.
pub async fn unowned(db: &Db, opening: Uuid) -> Result<i64> {
    let row = db.optional(UNOWNED, args![opening]).await?;
    row.map_or(Ok(0), |row| row.get("n"))
}

/// What a colleague has just done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    pub application: Uuid,
    pub who: String,
    pub what: String,
    pub detail: String,
    pub candidate: String,
}

/// What others did with the applications of a job since a moment, the newest first.
pub async fn news(db: &Db, opening: Uuid, but_of: Uuid, since: Timestamp) -> Result<Vec<News>> {
    let from = uuid::Builder::from_unix_timestamp_millis(since.millis(), &[0; 10]).into_uuid();
    let rows = db.all(NEWS, args![from, opening, but_of]).await?;
    let news = |row: &Row| {
        Ok(News {
            application: row.id("id")?,
            who: row.get("who")?,
            what: row.get("what")?,
            detail: row.get("detail")?,
            candidate: row.get("name")?,
        })
    };
    rows.iter().map(news).collect()
}

/// Who moved an application last, when and where to.
pub async fn last_move(db: &Db, application: Uuid) -> Result<Option<(String, Timestamp, String)>> {
    let row = db.optional(LAST_MOVE, args![application]).await?;
    row.map(|row| Ok((row.get("who")?, row.time("at")?, row.get("detail")?)))
        .transpose()
}

/// A person's own views of a job, and those of the team.
pub async fn views(db: &Db, opening: Uuid, of: Uuid) -> Result<Vec<View>> {
    let view = |row: &Row| {
        Ok(View {
            id: row.id("id")?,
            name: row.get("name")?,
            filter: row.get("filter")?,
            shared: row.get("shared")?,
            by: row.id("staff_id")?,
        })
    };
    db.all(VIEWS, args![opening, of]).await?.iter().map(view).collect()
}

/// In the place of the view that this person keeps under the same name.
pub async fn keep_view(tx: &mut Tx, opening: Uuid, view: &View) -> Result<()> {
    let args = args![view.id, opening, view.by, &view.name, &view.filter, view.shared];
    tx.execute(KEEP_VIEW, args).await.map(drop)
}

/// False when it is somebody else's, or gone.
pub async fn drop_view(tx: &mut Tx, id: Uuid, opening: Uuid, by: Uuid) -> Result<bool> {
    Ok(tx.execute(DROP_VIEW, args![id, opening, by]).await? == 1)
}
