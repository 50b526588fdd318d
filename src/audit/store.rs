//! The audit log, in SQL.

use crate::args;
use crate::audit::{Flaw, Head, Record, seal};
use crate::clock::Timestamp;
use crate::db::{Db, Result, Row, Tx};

crate::statements! {
    HOLD_HEAD = "UPDATE audit_head SET seq = seq WHERE one = 1";
    HEAD = "SELECT seq, hash FROM audit_head WHERE one = 1";
    ADD = "INSERT INTO audit_log (seq, at, actor, what, subject, detail, previous, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    SET_HEAD = "UPDATE audit_head SET seq = $1, hash = $2 WHERE one = 1";
    AFTER = "SELECT seq, at, actor, what, subject, detail, previous, hash FROM audit_log WHERE seq > $1 ORDER BY seq LIMIT $2";
    LATEST = "SELECT seq, at, actor, what, subject, detail, previous, hash FROM audit_log
        WHERE seq < $1 AND (CAST($2 AS TEXT) IS NULL OR actor = $2) AND (CAST($3 AS TEXT) IS NULL OR subject = $3)
        ORDER BY seq DESC LIMIT $4";
    TRAIL = "SELECT audit_log.seq, audit_log.subject, audit_log.what AS told, audit_log.detail AS sealed,
            application_events.id, application_events.what, application_events.detail
        FROM audit_log JOIN application_events ON application_events.id = substr(audit_log.detail, 7, 36)
        WHERE audit_log.seq > $1 AND audit_log.seq <= $2 AND audit_log.detail LIKE 'event %' ORDER BY audit_log.seq";
    ABOUT = "SELECT seq, at, actor, what, subject, detail, previous, hash FROM audit_log
        WHERE subject = $1 AND what = $2 ORDER BY seq DESC LIMIT 1";
}

/// Nobody else adds a row until the transaction ends.
pub async fn hold_head(tx: &mut Tx) -> Result<Head> {
    tx.execute(HOLD_HEAD, args![]).await?;
    tx.optional(HEAD, args![])
        .await?
        .as_ref()
        .map_or_else(|| Err(no_head()), head_from)
}

pub async fn head(db: &Db) -> Result<Head> {
    db.optional(HEAD, args![])
        .await?
        .as_ref()
        .map_or_else(|| Err(no_head()), head_from)
}

fn no_head() -> crate::db::DbError {
    crate::db::DbError::Corrupt {
        what: "audit log",
        why: "its end is not recorded".into(),
    }
}

fn head_from(row: &Row) -> Result<Head> {
    Ok(Head {
        seq: row.get("seq")?,
        hash: row.get("hash")?,
    })
}

pub async fn add(tx: &mut Tx, record: &Record) -> Result<()> {
    let args = args![
        record.seq,
        record.at,
        &record.actor,
        &record.what,
        &record.subject,
        &record.detail,
        &record.previous,
        &record.hash,
    ];
    tx.execute(ADD, args).await?;
    tx.execute(SET_HEAD, args![record.seq, &record.hash]).await.map(drop)
}

pub async fn after(db: &Db, seq: i64, most: i64) -> Result<Vec<Record>> {
    db.all(AFTER, args![seq, most]).await?.iter().map(record).collect()
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub actor: Option<String>,
    pub subject: Option<String>,
    /// Only rows before this one.
    pub before: Option<i64>,
}

/// Newest first.
pub async fn latest(db: &Db, filter: &Filter, most: i64) -> Result<Vec<Record>> {
    let before = filter.before.unwrap_or(i64::MAX);
    let args = args![before, filter.actor.clone(), filter.subject.clone(), most];
    db.all(LATEST, args).await?.iter().map(record).collect()
}

fn record(row: &Row) -> Result<Record> {
    Ok(Record {
        seq: row.get("seq")?,
        at: row.get("at").map(Timestamp)?,
        actor: row.get("actor")?,
        what: row.get("what")?,
        subject: row.get("subject")?,
        detail: row.get("detail")?,
        previous: row.get("previous")?,
        hash: row.get("hash")?,
    })
}

/// The last row that tells this of something.
pub async fn about(db: &Db, subject: &str, what: &str) -> Result<Option<Record>> {
    db.optional(ABOUT, args![subject, what])
        .await?
        .as_ref()
        .map(record)
        .transpose()
}

/// The first event that says something else than when it was recorded. One that was erased says nothing.
pub async fn changed_trail(db: &Db, rows: &[Record]) -> Result<Option<Flaw>> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(None);
    };
    for row in db.all(TRAIL, args![first.seq - 1, last.seq]).await? {
        let sealed = seal(row.id("id")?, &row.get::<String>("detail")?);
        let same = row.get::<String>("what")? == row.get::<String>("told")? && sealed == row.get::<String>("sealed")?;
        if !same {
            return Ok(Some(Flaw::Trail {
                seq: row.get("seq")?,
                subject: row.get("subject")?,
            }));
        }
    }
    Ok(None)
}
