//! Questions are searched, over all banks or in one, and counted by what they can be narrowed by.

use uuid::Uuid;

use super::questions::question;
use crate::args;
use crate::db::{Db, Result, Row, like_pattern};
use crate::roles::banks::Question;
use crate::ui::folded;

crate::statements! {
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
