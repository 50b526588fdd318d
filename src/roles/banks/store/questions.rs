//! The questions of banks in SQL.

use uuid::Uuid;

use super::{list, storable};
use crate::args;
use crate::db::{Db, DbError, Result, Row, Tx, like_pattern};
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
    KEY = "SELECT banks.title_key, bank_id, position,
            (SELECT MIN(others.position) FROM bank_questions AS others WHERE others.bank_id = bank_questions.bank_id
                AND others.topic_key = bank_questions.topic_key) AS topic_at
        FROM bank_questions JOIN banks ON banks.id = bank_id WHERE bank_questions.id = $1";
    SEARCH = "SELECT found.*, banks.title AS bank_title,
            (SELECT COUNT(*) FROM bank_proposals WHERE question_id = found.id AND state = 'open') AS waiting
        FROM (SELECT bank_questions.*, MIN(position) OVER (PARTITION BY bank_id, topic_key) AS topic_at
                FROM bank_questions WHERE CAST($1 AS TEXT) IS NULL OR bank_id = $1) AS found
            JOIN banks ON banks.id = found.bank_id
        WHERE (CAST($2 AS TEXT) IS NULL OR topic_key = $2)
            AND (CAST($3 AS TEXT) IS NULL OR difficulty_key = $3)
            AND (NOT CAST($4 AS BOOLEAN) OR EXISTS
                (SELECT 1 FROM bank_proposals WHERE question_id = found.id AND state = 'open'))
            AND (NOT CAST($5 AS BOOLEAN) OR question <> '')
            AND search_key LIKE $6 ESCAPE '\\' AND search_key LIKE $7 ESCAPE '\\'
            AND search_key LIKE $8 ESCAPE '\\' AND search_key LIKE $9 ESCAPE '\\'
            AND (CAST($10 AS TEXT) IS NULL OR (banks.title_key, bank_id, topic_at, position) > ($10, $11, $12, $13))
        ORDER BY banks.title_key, bank_id, topic_at, position LIMIT $14";
    PRACTISED = "SELECT id FROM (SELECT id, question, position, MIN(position) OVER (PARTITION BY topic_key) AS topic_at
            FROM bank_questions WHERE bank_id = $1) AS found
        WHERE question <> '' ORDER BY topic_at, position";
    TOPICS = "SELECT topic_key AS key, MIN(topic) AS label, COUNT(*) AS questions FROM bank_questions
        WHERE topic_key <> '' AND (CAST($1 AS TEXT) IS NULL OR bank_id = $1)
            AND (NOT CAST($2 AS BOOLEAN) OR question <> '')
        GROUP BY topic_key
        ORDER BY CASE WHEN CAST($1 AS TEXT) IS NULL THEN 0 ELSE MIN(position) END, topic_key";
    DIFFICULTIES = "SELECT difficulty_key AS key, MIN(difficulty) AS label, COUNT(*) AS questions FROM bank_questions
        WHERE difficulty_key <> '' AND (CAST($1 AS TEXT) IS NULL OR bank_id = $1)
            AND (NOT CAST($2 AS BOOLEAN) OR question <> '')
        GROUP BY difficulty_key
        ORDER BY CASE difficulty_key WHEN 'easy' THEN 1 WHEN 'medium' THEN 2 WHEN 'hard' THEN 3 ELSE 4 END, difficulty_key";
}

/// How many words of a search the database compares; whatever is left is compared here.
const WORDS: usize = 4;

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

fn question(row: &Row) -> Result<Question> {
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

/// What is looked for; the default finds everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    pub bank: Option<Uuid>,
    /// Folded; each has to occur somewhere in the question.
    pub words: Vec<String>,
    /// Folded.
    pub topic: Option<String>,
    pub difficulty: Option<String>,
    /// Only with a proposal that waits.
    pub waiting: bool,
    /// Only what can be practised: an answer without its question cannot.
    pub practised: bool,
    /// Only those that stand after this one.
    pub after: Option<Uuid>,
}

impl Search {
    pub fn words_of(typed: &str) -> Vec<String> {
        folded(typed)
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

/// By bank, then by topic, then in their order.
pub async fn search(db: &Db, search: &Search, most: usize) -> Result<Vec<Question>> {
    let mut words = search.words.clone();
    // The longest say the most: the database compares those.
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let left = words.split_off(words.len().min(WORDS));
    let mut found = Vec::new();
    let mut after = match search.after {
        Some(id) => key_of(db, id).await?,
        None => None,
    };
    loop {
        let rows = search_rows(db, search, &words, after.as_ref(), most).await?;
        let last = rows.last().map(|row| row.id("id")).transpose()?;
        let ended = rows.len() < most;
        for row in rows {
            let text: String = row.get("search_key")?;
            if left.iter().all(|word| text.contains(word.as_str())) {
                found.push(question(&row)?);
            }
        }
        if ended || found.len() >= most {
            found.truncate(most);
            return Ok(found);
        }
        after = match last {
            Some(id) => key_of(db, id).await?,
            None => return Ok(found),
        };
    }
}

struct Key {
    title_key: String,
    bank: String,
    topic_at: i64,
    position: i64,
}

/// Where a question stands among all; none where it is gone.
async fn key_of(db: &Db, id: Uuid) -> Result<Option<Key>> {
    let Some(row) = db.optional(KEY, args![id]).await? else {
        return Ok(None);
    };
    Ok(Some(Key {
        title_key: row.get("title_key")?,
        bank: row.get("bank_id")?,
        topic_at: row.get("topic_at")?,
        position: row.get("position")?,
    }))
}

async fn search_rows(db: &Db, search: &Search, words: &[String], after: Option<&Key>, most: usize) -> Result<Vec<Row>> {
    let word = |n: usize| words.get(n).map_or_else(|| "%".to_owned(), |word| like_pattern(word));
    let args = args![
        search.bank,
        search.topic.as_ref(),
        search.difficulty.as_ref(),
        search.waiting,
        search.practised,
        word(0),
        word(1),
        word(2),
        word(3),
        after.map(|key| &key.title_key),
        after.map(|key| &key.bank),
        after.map(|key| key.topic_at),
        after.map(|key| key.position),
        i64::try_from(most).unwrap_or(i64::MAX),
    ];
    db.all(SEARCH, args).await
}

/// What can be practised in a bank, in its order.
pub async fn practised(db: &Db, bank: Uuid) -> Result<Vec<Uuid>> {
    db.all(PRACTISED, args![bank])
        .await?
        .iter()
        .map(|row| row.id("id"))
        .collect()
}

/// A value to filter by, how it is written, and how many questions have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub key: String,
    pub label: String,
    pub questions: i64,
}

/// Of a bank in its order, or of all banks.
pub async fn topics(db: &Db, bank: Option<Uuid>, practised: bool) -> Result<Vec<Choice>> {
    choices(db.all(TOPICS, args![bank, practised]).await?)
}

/// From easy to hard, then the others.
pub async fn difficulties(db: &Db, bank: Option<Uuid>, practised: bool) -> Result<Vec<Choice>> {
    choices(db.all(DIFFICULTIES, args![bank, practised]).await?)
}

fn choices(rows: Vec<Row>) -> Result<Vec<Choice>> {
    let choice = |row: &Row| {
        Ok(Choice {
            key: row.get("key")?,
            label: row.get("label")?,
            questions: row.get("questions")?,
        })
    };
    rows.iter().map(choice).collect()
}
