//! Templates of letters, and which letters went out, in SQL.

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, Result, Row, Tx};
use crate::hiring::letters::LetterTemplate;
use crate::mail::texts::Text;
use crate::ui::folded;

crate::statements! {
    ALL = "SELECT letter_templates.*, staff.name AS changer FROM letter_templates LEFT JOIN staff ON staff.id = changed_by
        ORDER BY name_key LIMIT $1";
    FIND = "SELECT letter_templates.*, staff.name AS changer FROM letter_templates LEFT JOIN staff ON staff.id = changed_by
        WHERE letter_templates.id = $1";
    BY_NAME = "SELECT id FROM letter_templates WHERE name_key = $1";
    BY_TOKEN = "SELECT id FROM letter_templates WHERE form_token = $1";
    ADD = "INSERT INTO letter_templates (id, name, name_key, subject, body, changed_by, changed_at, form_token)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    CHANGE = "UPDATE letter_templates SET name = $2, name_key = $3, subject = $4, body = $5, changed_by = $6, changed_at = $7
        WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM letter_templates AS other WHERE other.name_key = $3 AND other.id <> $1)";
    REMOVE = "DELETE FROM letter_templates WHERE id = $1";
    WRITE = "INSERT INTO letters (form_token, application_id, staff_id, written_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (form_token) DO NOTHING";
}

pub async fn all(db: &Db, most: i64) -> Result<Vec<LetterTemplate>> {
    db.all(ALL, args![most]).await?.iter().map(template).collect()
}

pub async fn find(db: &Db, id: Uuid) -> Result<Option<LetterTemplate>> {
    let row = db.optional(FIND, args![id]).await?;
    row.as_ref().map(template).transpose()
}

fn template(row: &Row) -> Result<LetterTemplate> {
    let by = row.get::<Option<String>>("changer")?;
    let at = row.get::<Option<i64>>("changed_at")?.map(Timestamp);
    Ok(LetterTemplate {
        id: row.id("id")?,
        name: row.get("name")?,
        text: Text {
            subject: row.get("subject")?,
            body: row.get("body")?,
        },
        change: by.zip(at),
    })
}

/// Which one has this name, in whatever case.
pub async fn by_name(db: &Db, name: &str) -> Result<Option<Uuid>> {
    let row = db.optional(BY_NAME, args![folded(name)]).await?;
    row.map(|row| row.id("id")).transpose()
}

/// What the same form has added before.
pub async fn by_token(tx: &mut Tx, form_token: Uuid) -> Result<Option<Uuid>> {
    let row = tx.optional(BY_TOKEN, args![form_token]).await?;
    row.map(|row| row.id("id")).transpose()
}

/// False when the name is taken, or this form was sent before.
pub async fn add(
    tx: &mut Tx,
    (id, name, text): (Uuid, &str, &Text),
    by: Uuid,
    form_token: Uuid,
    now: Timestamp,
) -> Result<bool> {
    let args = args![id, name, folded(name), &text.subject, &text.body, by, now, form_token];
    Ok(tx.execute(ADD, args).await? == 1)
}

/// False when it is gone, or the name is taken.
pub async fn change(tx: &mut Tx, (id, name, text): (Uuid, &str, &Text), by: Uuid, now: Timestamp) -> Result<bool> {
    let args = args![id, name, folded(name), &text.subject, &text.body, by, now];
    Ok(tx.execute(CHANGE, args).await? == 1)
}

pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<()> {
    tx.execute(REMOVE, args![id]).await.map(drop)
}

/// False when this form was sent before.
pub async fn write(tx: &mut Tx, form_token: Uuid, application: Uuid, by: Uuid, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(WRITE, args![form_token, application, by, now]).await? == 1)
}
