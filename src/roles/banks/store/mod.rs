//! Question banks in SQL.

pub mod leftovers;
pub mod proposals;
pub mod questions;
pub mod search;

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, DbError, Result, Row, Tx};
use crate::roles::bank::Bank;
use crate::roles::banks::{BankLine, NewBank, StoredBank};
use crate::ui::folded;

crate::statements! {
    INSERT = "INSERT INTO banks (id, title, title_key, about, advice, open, shipped, created_by, created_at, form_token)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
    SAME = "SELECT id FROM banks WHERE form_token = $1 OR shipped = $2";
    LIST = "SELECT id, title, about, open,
            (SELECT COUNT(*) FROM bank_questions WHERE bank_id = banks.id) AS questions,
            (SELECT COUNT(DISTINCT topic_key) FROM bank_questions WHERE bank_id = banks.id AND topic_key <> '') AS topics,
            (SELECT COUNT(*) FROM bank_proposals JOIN bank_questions ON bank_questions.id = question_id
                WHERE bank_id = banks.id AND state = 'open') AS waiting
        FROM banks
        WHERE removed_at IS NULL
            AND (CAST($1 AS TEXT) IS NULL
                OR (title_key, id) > ((SELECT title_key FROM banks AS last WHERE last.id = $1), $1))
        ORDER BY title_key, id LIMIT $2";
    OPEN = "SELECT id, title, about, open,
            (SELECT COUNT(*) FROM bank_questions WHERE bank_id = banks.id AND question <> '') AS questions,
            (SELECT COUNT(DISTINCT topic_key) FROM bank_questions
                WHERE bank_id = banks.id AND question <> '' AND topic_key <> '') AS topics,
            CAST(0 AS BIGINT) AS waiting
        FROM banks
        WHERE removed_at IS NULL AND open
            AND (CAST($1 AS TEXT) IS NULL
                OR (title_key, id) > ((SELECT title_key FROM banks AS last WHERE last.id = $1), $1))
        ORDER BY title_key, id LIMIT $2";
    FIND = "SELECT id, title, about, advice, open, shipped,
            (SELECT COUNT(*) FROM bank_questions WHERE bank_id = banks.id) AS questions,
            (SELECT COUNT(DISTINCT topic_key) FROM bank_questions WHERE bank_id = banks.id AND topic_key <> '') AS topics,
            (SELECT COUNT(*) FROM bank_proposals JOIN bank_questions ON bank_questions.id = question_id
                WHERE bank_id = banks.id AND state = 'open') AS waiting
        FROM banks WHERE id = $1 AND removed_at IS NULL";
    CHANGE = "UPDATE banks SET title = $2, title_key = $3, about = $4, advice = $5 WHERE id = $1 AND removed_at IS NULL";
    SET_OPEN = "UPDATE banks SET open = $2 WHERE id = $1 AND removed_at IS NULL";
    REMOVE = "UPDATE banks SET removed_at = $2, about = '', advice = '[]', open = $3 WHERE id = $1 AND removed_at IS NULL";
    REMOVE_QUESTIONS = "DELETE FROM bank_questions WHERE bank_id = $1";
    LOCK = "UPDATE banks SET open = open WHERE id = $1 AND removed_at IS NULL";
}

/// False when it was added before, by the same form or under the same shipped name.
pub async fn add(tx: &mut Tx, id: Uuid, new: &NewBank<'_>, now: Timestamp) -> Result<bool> {
    let document = new.document;
    let args = args![
        id,
        storable(&document.title),
        folded(&document.title),
        storable(&document.about),
        list(&document.advice),
        new.open,
        new.shipped,
        new.created_by,
        now,
        new.form_token,
    ];
    Ok(tx.execute(INSERT, args).await? == 1)
}

/// The bank that was added by the same form or under the same shipped name.
pub async fn same(tx: &mut Tx, new: &NewBank<'_>) -> Result<Uuid> {
    let row = tx.optional(SAME, args![new.form_token, new.shipped]).await?;
    let row = row.ok_or_else(|| DbError::Corrupt {
        what: "question bank",
        why: "what it was added as before is gone".into(),
    })?;
    row.id("id")
}

/// In the order of their titles, after a bank.
pub async fn list_after(db: &Db, after: Option<Uuid>, most: i64) -> Result<Vec<BankLine>> {
    db.all(LIST, args![after, most]).await?.iter().map(line).collect()
}

/// The same of those that anybody may practise on, with the questions that can be practised.
pub async fn open_after(db: &Db, after: Option<Uuid>, most: i64) -> Result<Vec<BankLine>> {
    db.all(OPEN, args![after, most]).await?.iter().map(line).collect()
}

fn line(row: &Row) -> Result<BankLine> {
    Ok(BankLine {
        id: row.id("id")?,
        title: row.get("title")?,
        about: row.get("about")?,
        open: row.get("open")?,
        questions: row.get("questions")?,
        topics: row.get("topics")?,
        waiting: row.get("waiting")?,
    })
}

pub async fn find(db: &Db, id: Uuid) -> Result<Option<StoredBank>> {
    let Some(row) = db.optional(FIND, args![id]).await? else {
        return Ok(None);
    };
    Ok(Some(StoredBank {
        line: line(&row)?,
        advice: row.json("advice")?,
        shipped: row.get("shipped")?,
    }))
}

/// The bank as a document, its questions in the order in which they are stored.
pub async fn document(db: &Db, id: Uuid) -> Result<Option<Bank>> {
    let Some(bank) = find(db, id).await? else {
        return Ok(None);
    };
    Ok(Some(Bank {
        bank: Bank::FORMAT,
        title: bank.line.title,
        about: bank.line.about,
        advice: bank.advice,
        questions: questions::contents(db, id).await?,
    }))
}

/// False when there is no such bank.
pub async fn change(tx: &mut Tx, id: Uuid, title: &str, about: &str, advice: &[String]) -> Result<bool> {
    let args = args![id, storable(title), folded(title), storable(about), list(advice)];
    Ok(tx.execute(CHANGE, args).await? == 1)
}

/// False when there is no such bank.
pub async fn set_open(tx: &mut Tx, id: Uuid, open: bool) -> Result<bool> {
    Ok(tx.execute(SET_OPEN, args![id, open]).await? == 1)
}

/// Removes a bank with its questions and their proposals. False when there is no such bank.
pub async fn remove(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool> {
    let there = tx.execute(REMOVE, args![id, now, false]).await? == 1;
    tx.execute(REMOVE_QUESTIONS, args![id]).await?;
    Ok(there)
}

/// Lets one transaction at a time place questions in a bank. False when there is no such bank.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<bool> {
    Ok(tx.execute(LOCK, args![id]).await? == 1)
}

/// PostgreSQL takes every character but one.
fn storable(text: &str) -> String {
    text.replace('\0', "")
}

fn list(entries: &[String]) -> String {
    serde_json::Value::from(entries.to_vec()).to_string()
}
