//! The questions of banks in SQL.

use uuid::Uuid;

use super::{list, storable};
use crate::args;
use crate::db::{Db, DbError, Result, Row, Tx};
use crate::roles::bank::BankQuestion;
use crate::roles::banks::{Direction, Question};
use crate::ui::folded;

crate::statements! {
    INSERT = "INSERT INTO bank_questions (id, bank_id, position, question, topic, topic_key, difficulty, difficulty_key,
            asked_for, answer, follow_ups, positive, negative, search_key, revision, form_token)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15)
        ON CONFLICT (form_token) DO NOTHING";
    SAME = "SELECT id FROM bank_questions WHERE form_token = $1";
    LAST = "SELECT COALESCE(MAX(position), 0) AS position FROM bank_questions WHERE bank_id = $1";
    FIND = "SELECT bank_questions.*, banks.title AS bank_title,
            (SELECT COUNT(*) FROM bank_proposals WHERE question_id = bank_questions.id AND state = 'open') AS waiting
        FROM bank_questions JOIN banks ON banks.id = bank_id WHERE bank_questions.id = $1 AND bank_id = $2";
    CONTENTS = "SELECT * FROM bank_questions WHERE bank_id = $1 ORDER BY position";
    CHANGE = "UPDATE bank_questions SET question = $3, topic = $4, topic_key = $5, difficulty = $6, difficulty_key = $7,
            asked_for = $8, answer = $9, follow_ups = $10, positive = $11, negative = $12, search_key = $13,
            revision = revision + 1
        WHERE id = $1 AND revision = $2";
    REMOVE = "DELETE FROM bank_questions WHERE id = $1 AND bank_id = $2";
    ABOVE = "SELECT id, position FROM bank_questions
        WHERE bank_id = $1 AND topic_key = $2 AND position < $3 ORDER BY position DESC LIMIT 1";
    BELOW = "SELECT id, position FROM bank_questions
        WHERE bank_id = $1 AND topic_key = $2 AND position > $3 ORDER BY position LIMIT 1";
    PLACE = "UPDATE bank_questions SET position = $2 WHERE id = $1";
    IN_TOPIC = "SELECT (SELECT COUNT(*) FROM bank_questions AS others WHERE others.bank_id = bank_questions.bank_id
                AND others.topic_key = bank_questions.topic_key AND others.position <= bank_questions.position) AS place,
            (SELECT COUNT(*) FROM bank_questions AS others WHERE others.bank_id = bank_questions.bank_id
                AND others.topic_key = bank_questions.topic_key) AS among
        FROM bank_questions WHERE id = $1";
}

/// False when the same form has added it before.
pub async fn add(
    tx: &mut Tx,
    id: Uuid,
    bank: Uuid,
    position: i64,
    content: &BankQuestion,
    form_token: Option<Uuid>,
) -> Result<bool> {
    let args = args![
        id,
        bank,
        position,
        storable(&content.question),
        storable(&content.topic),
        folded(&content.topic),
        storable(&content.difficulty),
        folded(&content.difficulty),
        storable(&content.asked_for),
        storable(&content.answer),
        list(&content.follow_ups),
        list(&content.positive),
        list(&content.negative),
        search_key(content),
        form_token,
    ];
    Ok(tx.execute(INSERT, args).await? == 1)
}

fn search_key(content: &BankQuestion) -> String {
    let texts = [
        &content.question,
        &content.topic,
        &content.difficulty,
        &content.asked_for,
        &content.answer,
    ];
    let lists = [&content.follow_ups, &content.positive, &content.negative];
    let all: Vec<&str> = texts
        .into_iter()
        .chain(lists.into_iter().flatten())
        .map(String::as_str)
        .collect();
    folded(&all.join("\n"))
}

/// The question that the same form has added.
pub async fn same(tx: &mut Tx, form_token: Uuid) -> Result<Uuid> {
    let row = tx.optional(SAME, args![form_token]).await?;
    let row = row.ok_or_else(|| DbError::Corrupt {
        what: "question",
        why: "what the same form added before is gone".into(),
    })?;
    row.id("id")
}

/// The position after the last one. The bank has to be locked.
pub async fn next_position(tx: &mut Tx, bank: Uuid) -> Result<i64> {
    let row = tx.optional(LAST, args![bank]).await?;
    let last = row.map_or(Ok(0), |row| row.get::<i64>("position"))?;
    Ok(last + 1)
}

pub async fn find(db: &Db, bank: Uuid, id: Uuid) -> Result<Option<Question>> {
    let row = db.optional(FIND, args![id, bank]).await?;
    row.as_ref().map(question).transpose()
}

pub async fn find_in(tx: &mut Tx, bank: Uuid, id: Uuid) -> Result<Option<Question>> {
    let row = tx.optional(FIND, args![id, bank]).await?;
    row.as_ref().map(question).transpose()
}

pub(super) fn question(row: &Row) -> Result<Question> {
    Ok(Question {
        id: row.id("id")?,
        bank: row.id("bank_id")?,
        bank_title: row.get("bank_title")?,
        content: content(row)?,
        position: row.get("position")?,
        revision: row.get("revision")?,
        waiting: row.get("waiting")?,
    })
}

fn content(row: &Row) -> Result<BankQuestion> {
    Ok(BankQuestion {
        question: row.get("question")?,
        topic: row.get("topic")?,
        difficulty: row.get("difficulty")?,
        asked_for: row.get("asked_for")?,
        answer: row.get("answer")?,
        follow_ups: row.json("follow_ups")?,
        positive: row.json("positive")?,
        negative: row.json("negative")?,
    })
}

/// All of a bank.
pub async fn contents(db: &Db, bank: Uuid) -> Result<Vec<BankQuestion>> {
    db.all(CONTENTS, args![bank]).await?.iter().map(content).collect()
}

/// False when it was changed or removed since this revision.
pub async fn change(tx: &mut Tx, id: Uuid, revision: i64, content: &BankQuestion) -> Result<bool> {
    let args = args![
        id,
        revision,
        storable(&content.question),
        storable(&content.topic),
        folded(&content.topic),
        storable(&content.difficulty),
        folded(&content.difficulty),
        storable(&content.asked_for),
        storable(&content.answer),
        list(&content.follow_ups),
        list(&content.positive),
        list(&content.negative),
        search_key(content),
    ];
    Ok(tx.execute(CHANGE, args).await? == 1)
}

/// Removes a question with its proposals. False when it is gone.
pub async fn remove(tx: &mut Tx, bank: Uuid, id: Uuid) -> Result<bool> {
    Ok(tx.execute(REMOVE, args![id, bank]).await? == 1)
}

/// Changes places with the next one of the same topic. The bank has to be locked. False where there is none.
pub async fn swap(tx: &mut Tx, moved: &Question, direction: Direction) -> Result<bool> {
    let neighbour = match direction {
        Direction::Up => ABOVE,
        Direction::Down => BELOW,
    };
    let args = args![moved.bank, folded(&moved.content.topic), moved.position];
    let Some(row) = tx.optional(neighbour, args).await? else {
        return Ok(false);
    };
    let (other, position) = (row.id("id")?, row.get::<i64>("position")?);
    // No two may stand in one place, not even for a moment.
    for (id, place) in [(moved.id, -1), (other, moved.position), (moved.id, position)] {
        tx.execute(PLACE, args![id, place]).await?;
    }
    Ok(true)
}

/// Which one of its topic it is, from 1, and of how many.
pub async fn place_in_topic(db: &Db, id: Uuid) -> Result<(i64, i64)> {
    match db.optional(IN_TOPIC, args![id]).await? {
        Some(row) => Ok((row.get("place")?, row.get("among")?)),
        None => Ok((1, 1)),
    }
}
