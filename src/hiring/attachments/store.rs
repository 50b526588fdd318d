//! What colleagues put with applications, in SQL.

use uuid::Uuid;

use crate::args;
use crate::db::{Db, Result, Row, Tx};
use crate::files::Kind;
use crate::hiring::attachments::Attachment;

crate::statements! {
    OF_APPLICATION = "SELECT attachments.*, staff.name AS author FROM attachments JOIN staff ON staff.id = put_by
        WHERE application_id IN (SELECT id FROM applications WHERE id = $1 UNION ALL SELECT id FROM applications WHERE merged_into = $1)
        ORDER BY attachments.id";
    SOME = "SELECT id FROM attachments WHERE application_id = $1 LIMIT $2";
    ADD = "INSERT INTO attachments (id, application_id, name, kind, size, sha256, put_by, put_at, form_token)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (form_token) DO NOTHING";
    REMOVE = "DELETE FROM attachments WHERE id = $1";
}

/// Those of its duplicates with it, oldest first.
pub async fn of_application(db: &Db, application: Uuid) -> Result<Vec<Attachment>> {
    let rows = db.all(OF_APPLICATION, args![application]).await?;
    rows.iter().map(attachment).collect()
}

fn attachment(row: &Row) -> Result<Attachment> {
    Ok(Attachment {
        id: row.id("id")?,
        application: row.id("application_id")?,
        name: row.get("name")?,
        kind: row.parse("kind", Kind::of_key)?,
        size: u64::try_from(row.get::<i64>("size")?).unwrap_or_default(),
        sha256: row.get("sha256")?,
        by: row.id("put_by")?,
        author: row.get("author")?,
        put_at: row.time("put_at")?,
    })
}

/// How many there are, up to `most`.
pub async fn count(tx: &mut Tx, application: Uuid, most: usize) -> Result<usize> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    Ok(tx.all(SOME, args![application, most]).await?.len())
}

/// False when the form came before.
pub async fn add(tx: &mut Tx, attachment: &Attachment, form_token: Uuid) -> Result<bool> {
    let args = args![
        attachment.id,
        attachment.application,
        &attachment.name,
        attachment.kind.key(),
        i64::try_from(attachment.size).unwrap_or(i64::MAX),
        &attachment.sha256,
        attachment.by,
        attachment.put_at,
        form_token,
    ];
    Ok(tx.execute(ADD, args).await? == 1)
}

/// False when somebody was quicker.
pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<bool> {
    Ok(tx.execute(REMOVE, args![id]).await? == 1)
}
