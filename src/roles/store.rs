//! Kits, their drafts, versions and changes, in SQL.

use serde::Serialize;
use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, DbError, Result, Row, Tx};
use crate::roles::draft::Draft;
use crate::roles::kit::Kit;
use crate::roles::{Change, KitLine, KitRecord, Version};
use crate::ui::{clean_line, folded};

crate::statements! {
    INSERT = "INSERT INTO kits (id, title, title_key, shipped, created_by, created_at, published, draft, revision,
            changed_by, changed_at, form_token)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $5, $6, $9) ON CONFLICT DO NOTHING";
    BY_FORM_TOKEN = "SELECT id FROM kits WHERE form_token = $1";
    FIND = "SELECT kits.id, title, archived_at, published, draft, revision, staff.name AS editor, changed_at
        FROM kits LEFT JOIN staff ON staff.id = changed_by WHERE kits.id = $1";
    LIST = "SELECT kits.id, title, published, CAST(draft IS NOT NULL AS BOOLEAN) AS in_draft,
            CAST(shipped IS NOT NULL AS BOOLEAN) AS shipped, staff.name AS editor,
            changed_at, COALESCE(kit_versions.document, '') AS document
        FROM kits LEFT JOIN staff ON staff.id = changed_by
            LEFT JOIN kit_versions ON kit_id = kits.id AND number = published
        WHERE (title_key > $1 OR (title_key = $1 AND kits.id > $2))
            AND (archived_at IS NOT NULL) = $3
            AND (CAST($4 AS TEXT) IS NULL OR title_key LIKE $4 ESCAPE '\\')
        ORDER BY title_key, kits.id LIMIT $5";
    COUNT_ARCHIVED = "SELECT count(*) AS n FROM kits WHERE archived_at IS NOT NULL";
    EDITABLE = "SELECT id, title FROM kits WHERE archived_at IS NULL ORDER BY title_key, id LIMIT 200";
    PUBLISHED = "SELECT id, title FROM kits WHERE published > 0 AND archived_at IS NULL ORDER BY title_key, id LIMIT 200";
    LOCK = "UPDATE kits SET revision = revision WHERE id = $1";
    SET_DRAFT = "UPDATE kits SET draft = $2, title = $3, title_key = $4, revision = revision + 1, changed_by = $5, changed_at = $6
        WHERE id = $1";
    INSERT_CHANGE = "INSERT INTO kit_changes (kit_id, revision, what, before, changed_by, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    LAST_CHANGE = "SELECT revision, what, before, staff.name AS editor, changed_at
        FROM kit_changes JOIN staff ON staff.id = changed_by WHERE kit_id = $1 ORDER BY revision DESC LIMIT 1";
    DROP_CHANGE = "DELETE FROM kit_changes WHERE kit_id = $1 AND revision = $2";
    DROP_CHANGES = "DELETE FROM kit_changes WHERE kit_id = $1";
    DROP_OLD_CHANGES = "DELETE FROM kit_changes WHERE kit_id = $1 AND revision < $2";
    PUBLISH = "UPDATE kits SET published = $2, draft = NULL, changed_by = $3, changed_at = $4 WHERE id = $1 AND published = $2 - 1";
    INSERT_VERSION = "INSERT INTO kit_versions (kit_id, number, document, note, published_by, published_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    VERSION = "SELECT number, document, note, staff.name AS publisher, published_at
        FROM kit_versions LEFT JOIN staff ON staff.id = published_by WHERE kit_id = $1 AND number = $2";
    LAST_VERSION = "SELECT document FROM kit_versions WHERE kit_id = $1 ORDER BY number DESC LIMIT 1";
    VERSIONS = "SELECT number, note, staff.name AS publisher, published_at
        FROM kit_versions LEFT JOIN staff ON staff.id = published_by WHERE kit_id = $1 ORDER BY number DESC";
    DISCARD = "UPDATE kits SET draft = NULL, title = $2, title_key = $3, revision = revision + 1 WHERE id = $1 AND published > 0";
    ARCHIVE = "UPDATE kits SET archived_at = $2 WHERE id = $1";
}

/// How many changes of a draft can be taken back.
const MOST_CHANGES: i64 = 100;

/// A kit on its way in.
pub struct NewKit {
    pub id: Uuid,
    pub content: Content,
    pub by: Option<Uuid>,
    /// The name that it ships with.
    pub shipped: Option<&'static str>,
    pub form_token: Option<Uuid>,
}

pub enum Content {
    Draft(Draft),
    /// It is version 1 at once.
    Published(Kit),
}

/// False when this form was sent before, or this kit has shipped before.
pub async fn add(tx: &mut Tx, new: &NewKit, now: Timestamp) -> Result<bool> {
    let (kit, draft, published) = match &new.content {
        Content::Draft(draft) => (&draft.kit, Some(json(draft)?), 0),
        Content::Published(kit) => (kit, None, 1),
    };
    let args = args![
        new.id,
        clean_line(&kit.title),
        folded(&kit.title),
        new.shipped.map(str::to_owned),
        new.by,
        now,
        published,
        draft,
        new.form_token,
    ];
    if tx.execute(INSERT, args).await? == 0 {
        return Ok(false);
    }
    if let Content::Published(kit) = &new.content {
        tx.execute(INSERT_VERSION, args![new.id, 1, json(kit)?, "", new.by, now])
            .await?;
    }
    Ok(true)
}

fn json<T: Serialize>(document: &T) -> Result<String> {
    serde_json::to_string(document).map_err(|e| DbError::Corrupt {
        what: "kit",
        why: e.to_string(),
    })
}

/// The kit that was added, or the one that the same form has added before.
pub async fn add_once(tx: &mut Tx, new: &NewKit, now: Timestamp) -> Result<Uuid> {
    if add(tx, new, now).await? {
        return Ok(new.id);
    }
    let row = tx.optional(BY_FORM_TOKEN, args![new.form_token]).await?;
    let row = row.ok_or_else(|| DbError::Corrupt {
        what: "kit",
        why: "what the form has added before is gone".into(),
    })?;
    row.id("id")
}

pub async fn find(db: &Db, id: Uuid) -> Result<Option<KitRecord>> {
    db.optional(FIND, args![id]).await?.as_ref().map(record).transpose()
}

/// The kit, which nobody else changes until the transaction ends.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<Option<KitRecord>> {
    tx.execute(LOCK, args![id]).await?;
    tx.optional(FIND, args![id]).await?.as_ref().map(record).transpose()
}

fn record(row: &Row) -> Result<KitRecord> {
    let draft: Option<String> = row.get("draft")?;
    Ok(KitRecord {
        id: row.id("id")?,
        title: row.get("title")?,
        archived: row.get::<Option<i64>>("archived_at")?.is_some(),
        published: number(row, "published")?,
        draft: draft.map(|_| row.json("draft")).transpose()?,
        revision: row.get("revision")?,
        editor: row.get("editor")?,
        changed_at: row.time("changed_at")?,
    })
}

fn number(row: &Row, column: &'static str) -> Result<u32> {
    let number: i64 = row.get(column)?;
    u32::try_from(number).map_err(|e| DbError::Corrupt {
        what: column,
        why: e.to_string(),
    })
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// As typed.
    pub title: Option<String>,
    pub archived: bool,
    /// Only those behind this title and id.
    pub after: Option<(String, Uuid)>,
}

pub async fn list(db: &Db, filter: &Filter, most: i64) -> Result<Vec<KitLine>> {
    let (title, id) = filter.after.clone().unwrap_or((String::new(), Uuid::nil()));
    let pattern = filter
        .title
        .as_deref()
        .map(|typed| crate::db::like_pattern(&folded(typed)));
    let args = args![title, id, filter.archived, pattern, most];
    db.all(LIST, args).await?.iter().map(line).collect()
}

fn line(row: &Row) -> Result<KitLine> {
    let document: String = row.get("document")?;
    Ok(KitLine {
        id: row.id("id")?,
        title: row.get("title")?,
        published: number(row, "published")?,
        in_draft: row.get("in_draft")?,
        shipped: row.get("shipped")?,
        editor: row.get("editor")?,
        changed_at: row.time("changed_at")?,
        kit: if document.is_empty() {
            None
        } else {
            Some(row.json("document")?)
        },
    })
}

pub async fn count_archived(db: &Db) -> Result<i64> {
    let row = db.optional(COUNT_ARCHIVED, args![]).await?;
    row.map_or(Ok(0), |row| row.get("n"))
}

/// The kits that questions can be added to, by title.
pub async fn editable_kits(db: &Db) -> Result<Vec<(Uuid, String)>> {
    let rows = db.all(EDITABLE, args![]).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.get("title")?))).collect()
}

/// The kits that a job can be made of, by title.
pub async fn published_kits(db: &Db) -> Result<Vec<(Uuid, String)>> {
    let rows = db.all(PUBLISHED, args![]).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.get("title")?))).collect()
}

/// Writes the draft, and keeps how it was, with what was done to it. The kit is locked.
pub async fn change(tx: &mut Tx, kit: &KitRecord, draft: &Draft, what: &str, by: Uuid, now: Timestamp) -> Result<()> {
    if let Some(before) = &kit.draft {
        let revision = kit.revision + 1;
        let args = args![kit.id, revision, what, json(before)?, by, now];
        tx.execute(INSERT_CHANGE, args).await?;
        tx.execute(DROP_OLD_CHANGES, args![kit.id, revision - MOST_CHANGES])
            .await?;
    }
    set_draft(tx, kit.id, draft, by, now).await
}

async fn set_draft(tx: &mut Tx, kit: Uuid, draft: &Draft, by: Uuid, now: Timestamp) -> Result<()> {
    let title = clean_line(&draft.kit.title);
    let key = folded(&title);
    tx.execute(SET_DRAFT, args![kit, json(draft)?, title, key, by, now])
        .await?;
    Ok(())
}

pub async fn last_change(db: &Db, kit: Uuid) -> Result<Option<Change>> {
    let row = db.optional(LAST_CHANGE, args![kit]).await?;
    row.as_ref().map(change_of).transpose()
}

fn change_of(row: &Row) -> Result<Change> {
    Ok(Change {
        revision: row.get("revision")?,
        what: row.get("what")?,
        editor: row.get("editor")?,
        changed_at: row.time("changed_at")?,
    })
}

/// Takes back the last change, if it is still this one. Says what was taken back. The kit is locked.
pub async fn undo(tx: &mut Tx, kit: Uuid, revision: i64, by: Uuid, now: Timestamp) -> Result<Option<String>> {
    let Some(row) = tx.optional(LAST_CHANGE, args![kit]).await? else {
        return Ok(None);
    };
    let change = change_of(&row)?;
    if change.revision != revision {
        return Ok(None);
    }
    set_draft(tx, kit, &row.json("before")?, by, now).await?;
    tx.execute(DROP_CHANGE, args![kit, revision]).await?;
    Ok(Some(change.what))
}

/// Makes the draft the next version. The kit is locked.
pub async fn publish(
    tx: &mut Tx,
    kit: &KitRecord,
    document: &Kit,
    note: &str,
    by: Uuid,
    now: Timestamp,
) -> Result<u32> {
    let number = kit.published + 1;
    let args = args![kit.id, i64::from(number), json(document)?, note, by, now];
    tx.execute(INSERT_VERSION, args).await?;
    tx.execute(PUBLISH, args![kit.id, i64::from(number), by, now]).await?;
    tx.execute(DROP_CHANGES, args![kit.id]).await?;
    Ok(number)
}

/// Drops the draft of a kit that has been published. The kit is locked.
pub async fn discard(tx: &mut Tx, kit: Uuid, published_title: &str) -> Result<()> {
    tx.execute(DISCARD, args![kit, published_title, folded(published_title)])
        .await?;
    tx.execute(DROP_CHANGES, args![kit]).await?;
    Ok(())
}

pub async fn archive(tx: &mut Tx, kit: Uuid, at: Option<Timestamp>) -> Result<()> {
    tx.execute(ARCHIVE, args![kit, at]).await?;
    Ok(())
}

/// What the last version says, absent before the first.
pub async fn last_published(tx: &mut Tx, kit: Uuid) -> Result<Option<Kit>> {
    let row = tx.optional(LAST_VERSION, args![kit]).await?;
    row.map(|row| row.json("document")).transpose()
}

pub async fn version(db: &Db, kit: Uuid, number: u32) -> Result<Option<(Version, Kit)>> {
    let row = db.optional(VERSION, args![kit, i64::from(number)]).await?;
    row.map(|row| Ok((version_of(&row)?, row.json("document")?)))
        .transpose()
}

/// The newest first.
pub async fn versions(db: &Db, kit: Uuid) -> Result<Vec<Version>> {
    db.all(VERSIONS, args![kit]).await?.iter().map(version_of).collect()
}

fn version_of(row: &Row) -> Result<Version> {
    Ok(Version {
        number: number(row, "number")?,
        note: row.get("note")?,
        publisher: row.get("publisher")?,
        published_at: row.time("published_at")?,
    })
}
