//! The lines of an imported page that were not understood, in SQL.

use uuid::Uuid;

use super::storable;
use crate::args;
use crate::db::{Db, DbError, Result, Row, Tx};
use crate::roles::draft::Leftover;

crate::statements! {
    INSERT = "INSERT INTO bank_leftovers (bank_id, line, text, before_it, after_it)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    ALL = "SELECT line, text, before_it, after_it FROM bank_leftovers WHERE bank_id = $1 ORDER BY line";
    ONE = "SELECT line, text, before_it, after_it FROM bank_leftovers WHERE bank_id = $1 AND line = $2";
    REMOVE = "DELETE FROM bank_leftovers WHERE bank_id = $1 AND line = $2";
}

pub async fn add(tx: &mut Tx, bank: Uuid, leftovers: &[Leftover]) -> Result<()> {
    for left in leftovers {
        let (text, before, after) = (storable(&left.text), storable(&left.before), storable(&left.after));
        tx.execute(INSERT, args![bank, number(left.line)?, text, before, after])
            .await?;
    }
    Ok(())
}

pub async fn of_bank(db: &Db, bank: Uuid) -> Result<Vec<Leftover>> {
    db.all(ALL, args![bank]).await?.iter().map(leftover).collect()
}

/// Takes a line off the list; absent if somebody else did.
pub async fn take(tx: &mut Tx, bank: Uuid, line: usize) -> Result<Option<Leftover>> {
    let row = tx.optional(ONE, args![bank, number(line)?]).await?;
    let taken = tx.execute(REMOVE, args![bank, number(line)?]).await? == 1;
    row.as_ref().filter(|_| taken).map(leftover).transpose()
}

fn leftover(row: &Row) -> Result<Leftover> {
    Ok(Leftover {
        line: usize::try_from(row.get::<i64>("line")?).map_err(corrupt)?,
        text: row.get("text")?,
        before: row.get("before_it")?,
        after: row.get("after_it")?,
    })
}

fn number(line: usize) -> Result<i64> {
    i64::try_from(line).map_err(corrupt)
}

fn corrupt(error: std::num::TryFromIntError) -> DbError {
    DbError::Corrupt {
        what: "line of a page",
        why: error.to_string(),
    }
}
