//! What a job asks, and what was answered, in SQL. Nothing here gives one person's answers back.

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, Result, Row, Tx};
use crate::hiring::voluntary::{Kind, Question};

crate::statements! {
    QUESTIONS = "SELECT kind, asked, words, choices FROM voluntary_questions WHERE opening_id = $1";
    ASK = "INSERT INTO voluntary_questions (opening_id, kind, asked, words, choices) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (opening_id, kind) DO UPDATE SET asked = excluded.asked, words = excluded.words, choices = excluded.choices";
    FORGET = "DELETE FROM voluntary_answers WHERE application_id = $1";
    ANSWER = "INSERT INTO voluntary_answers (application_id, question, answer, counts_from) VALUES ($1, $2, $3, $4)";
    EVER_ASKED = "SELECT 1 AS one FROM voluntary_questions WHERE opening_id = $1 LIMIT 1";
}

/// What a job asks or has asked, in the order of the kinds.
pub async fn questions(db: &Db, opening: Uuid) -> Result<Vec<Question>> {
    let rows = db.all(QUESTIONS, args![opening]).await?;
    let mut questions = rows.iter().map(question).collect::<Result<Vec<_>>>()?;
    questions.sort_by_key(|question| Kind::ALL.iter().position(|kind| *kind == question.kind));
    Ok(questions)
}

fn question(row: &Row) -> Result<Question> {
    Ok(Question {
        kind: row.parse("kind", Kind::from_id)?,
        asked: row.get("asked")?,
        words: row.get("words")?,
        choices: row.json("choices")?,
    })
}

pub async fn ask(tx: &mut Tx, opening: Uuid, question: &Question) -> Result<()> {
    let choices = serde_json::json!(question.choices).to_string();
    let args = args![opening, question.kind.id(), question.asked, &question.words, choices];
    tx.execute(ASK, args).await.map(drop)
}

/// Whether somebody may have answered.
pub async fn ever_asked(db: &Db, opening: Uuid) -> Result<bool> {
    Ok(db.optional(EVER_ASKED, args![opening]).await?.is_some())
}

/// Puts these answers, by question, in the place of all that were given before.
pub async fn answer(
    tx: &mut Tx,
    application: Uuid,
    answers: &[(String, String)],
    counts_from: Timestamp,
) -> Result<()> {
    forget(tx, application).await?;
    for (question, answer) in answers {
        tx.execute(ANSWER, args![application, question, answer, counts_from])
            .await?;
    }
    Ok(())
}

/// Also for whoever erases an application and keeps its row.
pub async fn forget(tx: &mut Tx, application: Uuid) -> Result<()> {
    tx.execute(FORGET, args![application]).await.map(drop)
}
