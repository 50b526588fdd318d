//! What was done with one or many applications at once, in SQL.

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, DbError, Result, Row, Tx};
use crate::hiring::Application;
use crate::hiring::pipeline::acts::Kind;
use crate::hiring::pipeline::acts::past::Past;

crate::statements! {
    ADD = "INSERT INTO bulk_acts (id, opening_id, staff_id, kind, target, done_at, form_token) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (form_token) DO NOTHING";
    BY_TOKEN = "SELECT id FROM bulk_acts WHERE form_token = $1";
    ADD_ITEM = "INSERT INTO bulk_act_items (act_id, application_id, stage_id, stage_since, owner_id, moves, mail_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    ITEMS = "SELECT application_id, stage_id, stage_since, owner_id, moves, mail_id FROM bulk_act_items
        WHERE act_id = $1 ORDER BY application_id";
    UNDO = "UPDATE bulk_acts SET undone_at = $3 WHERE id = $1 AND opening_id = $2 AND undone_at IS NULL AND done_at > $4";
    FIND = "SELECT bulk_acts.id, kind, target, done_at, undone_at, staff_id, staff.name AS who,
            (SELECT count(*) FROM bulk_act_items WHERE act_id = bulk_acts.id) AS n,
            (SELECT count(mail_id) FROM bulk_act_items WHERE act_id = bulk_acts.id) AS mails,
            (SELECT min(application_id) FROM bulk_act_items WHERE act_id = bulk_acts.id) AS first
        FROM bulk_acts JOIN staff ON staff.id = staff_id WHERE opening_id = $1 AND bulk_acts.id = $2";
    LIST = "SELECT bulk_acts.id, kind, target, done_at, undone_at, staff_id, staff.name AS who,
            (SELECT count(*) FROM bulk_act_items WHERE act_id = bulk_acts.id) AS n,
            (SELECT count(mail_id) FROM bulk_act_items WHERE act_id = bulk_acts.id) AS mails,
            (SELECT min(application_id) FROM bulk_act_items WHERE act_id = bulk_acts.id) AS first
        FROM bulk_acts JOIN staff ON staff.id = staff_id WHERE opening_id = $1 AND bulk_acts.id < $2
        ORDER BY bulk_acts.id DESC LIMIT $3";
}

/// False when this form was sent before.
pub async fn add(
    tx: &mut Tx,
    (id, opening, by): (Uuid, Uuid, Uuid),
    (kind, target): (Kind, &str),
    token: Uuid,
    now: Timestamp,
) -> Result<bool> {
    let args = args![id, opening, by, kind.id(), target, now, token];
    Ok(tx.execute(ADD, args).await? == 1)
}

pub async fn by_token(tx: &mut Tx, token: Uuid) -> Result<Option<Uuid>> {
    let row = tx.optional(BY_TOKEN, args![token]).await?;
    row.map(|row| row.id("id")).transpose()
}

/// What a form has done already.
pub async fn done_by(db: &Db, token: Uuid) -> Result<Option<Uuid>> {
    let row = db.optional(BY_TOKEN, args![token]).await?;
    row.map(|row| row.id("id")).transpose()
}

/// How an application was, and how often it has been moved by now.
pub async fn add_item(tx: &mut Tx, act: Uuid, before: &Application, moves: i64, mail: Option<Uuid>) -> Result<()> {
    let owner = before.owner.as_ref().map(|owner| owner.id);
    let args = args![act, before.id, before.stage, before.stage_since, owner, moves, mail];
    tx.execute(ADD_ITEM, args).await.map(drop)
}

/// How an application was before an act.
pub struct Item {
    pub application: Uuid,
    pub stage: Option<Uuid>,
    pub since: Option<Timestamp>,
    pub owner: Option<Uuid>,
    pub moves: i64,
    pub mail: Option<Uuid>,
}

/// In the order of their ids.
pub async fn items(tx: &mut Tx, act: Uuid) -> Result<Vec<Item>> {
    let item = |row: &Row| {
        Ok(Item {
            application: row.id("application_id")?,
            stage: optional_id(row, "stage_id")?,
            since: row.get::<Option<i64>>("stage_since")?.map(Timestamp),
            owner: optional_id(row, "owner_id")?,
            moves: row.get("moves")?,
            mail: optional_id(row, "mail_id")?,
        })
    };
    tx.all(ITEMS, args![act]).await?.iter().map(item).collect()
}

fn optional_id(row: &Row, column: &'static str) -> Result<Option<Uuid>> {
    let present = row.get::<Option<String>>(column)?.is_some();
    present.then(|| row.id(column)).transpose()
}

/// False when it was undone before, or was done before that moment.
pub async fn undo(tx: &mut Tx, act: Uuid, opening: Uuid, done_after: Timestamp, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(UNDO, args![act, opening, now, done_after]).await? == 1)
}

pub async fn find(db: &Db, opening: Uuid, act: Uuid) -> Result<Option<Past>> {
    let row = db.optional(FIND, args![opening, act]).await?;
    row.as_ref().map(past).transpose()
}

/// The newest first, behind an id.
pub async fn list(db: &Db, opening: Uuid, before: Uuid, most: i64) -> Result<Vec<Past>> {
    let rows = db.all(LIST, args![opening, before, most]).await?;
    rows.iter().map(past).collect()
}

fn past(row: &Row) -> Result<Past, DbError> {
    Ok(Past {
        id: row.id("id")?,
        kind: row.parse("kind", Kind::from_id)?,
        target: row.get("target")?,
        at: row.time("done_at")?,
        undone_at: row.get::<Option<i64>>("undone_at")?.map(Timestamp),
        by: row.id("staff_id")?,
        who: row.get("who")?,
        count: row.get("n")?,
        mails: row.get("mails")?,
        first: optional_id(row, "first")?,
    })
}
