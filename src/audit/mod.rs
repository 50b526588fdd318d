//! The audit log: who did what, in a chain of hashes.
//!
//! Each row is written in the transaction of what it tells, and holds the hash of the row before it; the end of the chain
//! is kept beside it. Whoever changes, removes or adds a row has to write every later one anew, and the end, too: note the
//! end elsewhere from time to time, and even that is found. A row names people and things by their ids, never by what
//! has to be erased one day.

pub mod pages;
pub mod store;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::db::{Db, Result, Tx};
use crate::privacy;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Staff(Uuid),
    Candidate,
    /// The program itself: a deadline, a retention period, the command line.
    Halfopen,
}

/// What is to be recorded.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    pub actor: Actor,
    pub what: &'a str,
    /// A kind and an id, such as `application 0198…`.
    pub subject: String,
    /// No personal data: this stays when a person is erased.
    pub detail: &'a str,
}

/// A row of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub seq: i64,
    pub at: Timestamp,
    pub actor: String,
    pub what: String,
    pub subject: String,
    pub detail: String,
    pub previous: String,
    pub hash: String,
}

/// The end of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub seq: i64,
    pub hash: String,
}

/// The first thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("row {0} is missing")]
    Missing(i64),
    #[error("row {0} was changed, or a row before it was put in its place")]
    Changed(i64),
    #[error("row {0} does not follow from the row before it")]
    Unlinked(i64),
    #[error("row {0} was added behind the end of the chain")]
    Added(i64),
    #[error("the end of the chain says another hash than row {0}")]
    End(i64),
    #[error("the trail of {subject} tells something else than row {seq}")]
    Trail { seq: i64, subject: String },
    #[error("the certificate of the erasure in row {0} was changed or removed")]
    Certificate(i64),
    #[error("row {0} is not the one that was noted: the log was written anew")]
    Rewritten(i64),
}

impl Actor {
    pub fn id(self) -> String {
        match self {
            Actor::Staff(id) => id.to_string(),
            Actor::Candidate => "candidate".into(),
            Actor::Halfopen => "halfopen".into(),
        }
    }
}

impl Record {
    /// What the row has to say as its hash.
    pub fn computed(&self) -> String {
        let told = serde_json::json!([
            self.seq,
            self.at.0,
            self.actor,
            self.what,
            self.subject,
            self.detail,
            self.previous
        ]);
        digest(&told.to_string())
    }
}

/// A SHA-256, short enough to read out.
pub fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}

/// Adds a row. Every other transaction that adds one waits until this one ends: do it last.
pub async fn append(tx: &mut Tx, entry: &Entry<'_>, now: Timestamp) -> Result<()> {
    let head = store::hold_head(tx).await?;
    let mut record = Record {
        seq: head.seq + 1,
        at: now,
        actor: entry.actor.id(),
        what: entry.what.into(),
        subject: entry.subject.clone(),
        detail: entry.detail.into(),
        previous: head.hash,
        hash: String::new(),
    };
    record.hash = record.computed();
    store::add(tx, &record).await
}

/// The same for what somebody of the staff did.
pub async fn note(tx: &mut Tx, by: Uuid, (what, subject, detail): (&str, String, &str), now: Timestamp) -> Result<()> {
    let entry = Entry {
        actor: Actor::Staff(by),
        what,
        subject,
        detail,
    };
    append(tx, &entry, now).await
}

/// What a row tells about an event in the trail of an application: enough to see that the event was changed, nothing of
/// what it says. The id, which is erased with it, keeps short words from being guessed.
pub fn seal(event: Uuid, detail: &str) -> String {
    format!("event {event} {}", digest(&format!("{event} {detail}")))
}

const ROWS_AT_ONCE: i64 = 1_000;

/// Reads the whole chain, and the trails and certificates that it tells of. Others may add rows meanwhile.
pub async fn verify(db: &Db) -> Result<std::result::Result<Head, Flaw>> {
    let mut end = store::head(db).await?;
    let mut last = Head {
        seq: 0,
        hash: String::new(),
    };
    loop {
        let rows = store::after(db, last.seq, ROWS_AT_ONCE).await?;
        if rows.is_empty() {
            break;
        }
        if rows.last().is_some_and(|row| row.seq > end.seq) {
            end = store::head(db).await?;
        }
        for row in &rows {
            if let Some(flaw) = flaw_of(row, &last, &end) {
                return Ok(Err(flaw));
            }
            last = Head {
                seq: row.seq,
                hash: row.hash.clone(),
            };
        }
        if let Some(flaw) = store::changed_trail(db, &rows).await? {
            return Ok(Err(flaw));
        }
        if let Some(flaw) = privacy::store::changed_certificate(db, &rows).await? {
            return Ok(Err(flaw));
        }
    }
    Ok(match last {
        last if last.seq < end.seq => Err(Flaw::Missing(last.seq + 1)),
        last if last.hash != end.hash => Err(Flaw::End(last.seq)),
        last => Ok(last),
    })
}

/// Whether an end of the chain that was noted earlier is still in it.
pub async fn noted(db: &Db, noted: &Head) -> Result<std::result::Result<(), Flaw>> {
    if noted.seq == 0 {
        return Ok(Ok(()));
    }
    let row = store::after(db, noted.seq - 1, 1).await?.pop();
    Ok(match row {
        Some(row) if row.seq != noted.seq => Err(Flaw::Missing(noted.seq)),
        Some(row) if row.hash != noted.hash => Err(Flaw::Rewritten(noted.seq)),
        Some(_) => Ok(()),
        None => Err(Flaw::Missing(noted.seq)),
    })
}

fn flaw_of(row: &Record, last: &Head, end: &Head) -> Option<Flaw> {
    if row.seq != last.seq + 1 {
        return Some(Flaw::Missing(last.seq + 1));
    }
    if row.seq > end.seq {
        return Some(Flaw::Added(row.seq));
    }
    if row.previous != last.hash {
        return Some(Flaw::Unlinked(row.seq));
    }
    (row.computed() != row.hash).then_some(Flaw::Changed(row.seq))
}
