//! The index of words, in SQL.

use uuid::Uuid;

use crate::args;
use crate::db::{Arg, Db, Result, Row, Statement, Tx};

crate::statements! {
    LOCK = "UPDATE applications SET state = state WHERE id = $1";
    PERSON = "SELECT opening_id, name, email FROM applications WHERE id = $1 AND state <> 'draft'";
    NOTES = "SELECT take_notes.words FROM take_notes JOIN application_takes ON application_takes.id = take_id
        WHERE application_id = $1 ORDER BY take_notes.id";
    FILES = "SELECT text_key FROM application_files WHERE application_id = $1 AND text_key IS NOT NULL ORDER BY part DESC, id";
    KNOWN = "SELECT number, scope, person, notes, comments, files FROM search_texts WHERE application_id = $1";
    ADD = "INSERT INTO search_texts (number, application_id, scope, person, notes, comments, files)
        VALUES ($1, $2, $3, '', '', '', '') ON CONFLICT (number) DO NOTHING";
    SET = "UPDATE search_texts SET person = $2, notes = $3, comments = $4, files = $5 WHERE number = $1";
    REMOVE = "DELETE FROM search_texts WHERE number = $1";
    ADD_WORDS = "INSERT INTO search_words (scope, word, number) VALUES ($2, $3, $1), (0, $3, $1), ($2, $4, $1), (0, $4, $1), ($2, $5, $1), (0, $5, $1), ($2, $6, $1), (0, $6, $1), ($2, $7, $1), (0, $7, $1), ($2, $8, $1), (0, $8, $1), ($2, $9, $1), (0, $9, $1), ($2, $10, $1), (0, $10, $1), ($2, $11, $1), (0, $11, $1), ($2, $12, $1), (0, $12, $1), ($2, $13, $1), (0, $13, $1), ($2, $14, $1), (0, $14, $1), ($2, $15, $1), (0, $15, $1), ($2, $16, $1), (0, $16, $1), ($2, $17, $1), (0, $17, $1), ($2, $18, $1), (0, $18, $1), ($2, $19, $1), (0, $19, $1), ($2, $20, $1), (0, $20, $1), ($2, $21, $1), (0, $21, $1), ($2, $22, $1), (0, $22, $1), ($2, $23, $1), (0, $23, $1), ($2, $24, $1), (0, $24, $1), ($2, $25, $1), (0, $25, $1), ($2, $26, $1), (0, $26, $1), ($2, $27, $1), (0, $27, $1), ($2, $28, $1), (0, $28, $1), ($2, $29, $1), (0, $29, $1), ($2, $30, $1), (0, $30, $1), ($2, $31, $1), (0, $31, $1), ($2, $32, $1), (0, $32, $1), ($2, $33, $1), (0, $33, $1), ($2, $34, $1), (0, $34, $1)
        ON CONFLICT (scope, word, number) DO NOTHING";
    REMOVE_WORD = "DELETE FROM search_words WHERE scope = $1 AND word = $2 AND number = $3";
    // From one word to the next, however often each occurs.
    WORDS = "WITH RECURSIVE found (word, n) AS (
            SELECT (SELECT word FROM search_words WHERE scope = $1 AND word >= $2 AND word < $3 ORDER BY word LIMIT 1), 1
            UNION ALL
            SELECT (SELECT word FROM search_words WHERE scope = $1 AND word > found.word AND word < $3 ORDER BY word LIMIT 1), n + 1
                FROM found WHERE found.word IS NOT NULL AND n < $4)
        SELECT word FROM found WHERE word IS NOT NULL ORDER BY n";
    BEGINNING = "SELECT number FROM search_words WHERE scope = $1 AND word >= $2 AND word < $3 LIMIT $4";
    NEWEST = "SELECT number FROM search_words WHERE scope = $1 AND word = $2 AND number < $3 ORDER BY number DESC LIMIT $4";
    // Each number is looked up by itself: a join would read all that have a word, however many they are.
    AMONG = "SELECT column1 AS number FROM (VALUES (CAST($3 AS BIGINT)), ($4), ($5), ($6), ($7), ($8), ($9), ($10), ($11), ($12), ($13), ($14), ($15), ($16), ($17), ($18), ($19), ($20), ($21), ($22), ($23), ($24), ($25), ($26), ($27), ($28), ($29), ($30), ($31), ($32), ($33), ($34), ($35), ($36), ($37), ($38), ($39), ($40), ($41), ($42), ($43), ($44), ($45), ($46), ($47), ($48), ($49), ($50), ($51), ($52)) AS asked
        WHERE (SELECT count(*) FROM search_words WHERE scope = $1 AND word = $2 AND number = column1) > 0";
    ENDS = "SELECT (SELECT number FROM search_words WHERE scope = $1 AND word = $2 AND number < $4
                ORDER BY number DESC LIMIT 1 OFFSET 999) AS one,
            (SELECT number FROM search_words WHERE scope = $1 AND word = $3 AND number < $4
                ORDER BY number DESC LIMIT 1 OFFSET 999) AS other";
    // In this order, SQLite merges what it reads and keeps nothing.
    SHARED = "SELECT number FROM search_words WHERE scope = $1 AND word = $2 AND number >= $4 AND number < $5
        INTERSECT SELECT number FROM search_words WHERE scope = $1 AND word = $3 AND number >= $4 AND number < $5
        ORDER BY number DESC LIMIT $6";
    NTH = "SELECT number FROM search_words WHERE scope = $1 AND word = $2 AND number < $3 ORDER BY number DESC LIMIT 1 OFFSET $4";
    WITH_BOTH = "SELECT number FROM search_words AS one
        WHERE scope = $1 AND word = $2 AND number >= $4 AND number < $5
            AND (SELECT count(*) FROM search_words AS other WHERE other.scope = $1 AND other.word = $3 AND other.number = one.number) > 0
        ORDER BY number DESC LIMIT $6";
    TO_FILL = "SELECT id FROM applications WHERE id > $1 AND state <> 'draft' ORDER BY id LIMIT $2";
    COUNT = "SELECT count(*) AS n FROM search_words WHERE number IN (SELECT number FROM search_texts WHERE application_id = $1)";
}

const AT_ONCE: usize = 32;
const ASKED_AT_ONCE: usize = 50;

/// The words of an application by where they come from, each text a line of words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    pub person: String,
    pub notes: String,
    pub comments: String,
    pub files: String,
}

impl Texts {
    pub fn from_row(row: &Row) -> Result<Texts> {
        Ok(Texts {
            person: row.get("person")?,
            notes: row.get("notes")?,
            comments: row.get("comments")?,
            files: row.get("files")?,
        })
    }

    pub fn words(&self) -> impl Iterator<Item = &str> {
        let texts = [&self.person, &self.notes, &self.comments, &self.files];
        texts
            .into_iter()
            .flat_map(|text| text.split(' '))
            .filter(|word| !word.is_empty())
    }
}

/// What is indexed of an application.
pub struct Known {
    pub number: i64,
    pub scope: i64,
    pub texts: Texts,
}

/// Holds the application until the transaction ends, so that nobody indexes it at the same time.
pub async fn lock(tx: &mut Tx, application: Uuid) -> Result<()> {
    tx.execute(LOCK, args![application]).await.map(drop)
}

/// The job, the name and the address; nothing of a draft.
pub async fn person(tx: &mut Tx, application: Uuid) -> Result<Option<(Uuid, String)>> {
    let row = tx.optional(PERSON, args![application]).await?;
    row.map(|row| {
        let (name, email): (String, String) = (row.get("name")?, row.get("email")?);
        Ok((row.id("opening_id")?, format!("{name} {email}")))
    })
    .transpose()
}

pub async fn notes(tx: &mut Tx, application: Uuid) -> Result<String> {
    joined(&tx.all(NOTES, args![application]).await?, "words")
}

pub async fn files(tx: &mut Tx, application: Uuid) -> Result<String> {
    joined(&tx.all(FILES, args![application]).await?, "text_key")
}

fn joined(rows: &[Row], column: &str) -> Result<String> {
    let texts: Vec<String> = rows.iter().map(|row| row.get(column)).collect::<Result<_>>()?;
    Ok(texts.join("\n"))
}

pub async fn known(tx: &mut Tx, application: Uuid) -> Result<Option<Known>> {
    let row = tx.optional(KNOWN, args![application]).await?;
    row.map(|row| {
        Ok(Known {
            number: row.get("number")?,
            scope: row.get("scope")?,
            texts: Texts::from_row(&row)?,
        })
    })
    .transpose()
}

/// False when the number is another one's.
pub async fn add(tx: &mut Tx, number: i64, application: Uuid, scope: i64) -> Result<bool> {
    Ok(tx.execute(ADD, args![number, application, scope]).await? == 1)
}

pub async fn set(tx: &mut Tx, number: i64, texts: &Texts) -> Result<()> {
    let args = args![number, &texts.person, &texts.notes, &texts.comments, &texts.files];
    tx.execute(SET, args).await.map(drop)
}

pub async fn remove(tx: &mut Tx, number: i64) -> Result<()> {
    tx.execute(REMOVE, args![number]).await.map(drop)
}

pub async fn add_words(tx: &mut Tx, scope: i64, number: i64, words: &[&str]) -> Result<()> {
    for chunk in words.chunks(AT_ONCE) {
        let args: [Arg; AT_ONCE + 2] = std::array::from_fn(|at| match at {
            0 => Arg::from(number),
            1 => Arg::from(scope),
            // A short chunk says its last word again.
            at => Arg::from(chunk[(at - 2).min(chunk.len() - 1)].as_bytes()),
        });
        tx.execute(ADD_WORDS, args).await?;
    }
    Ok(())
}

pub async fn remove_words(tx: &mut Tx, scope: i64, number: i64, words: &[&str]) -> Result<()> {
    for word in words {
        for scope in [scope, super::EVERYWHERE] {
            tx.execute(REMOVE_WORD, args![scope, word.as_bytes(), number]).await?;
        }
    }
    Ok(())
}

/// The words that begin so, in their order, and no more than that many.
pub async fn words(db: &Db, scope: i64, beginning: &str, most: i64) -> Result<Vec<Vec<u8>>> {
    let rows = db
        .all(WORDS, args![scope, beginning.as_bytes(), behind(beginning), most])
        .await?;
    rows.iter().map(|row| row.get("word")).collect()
}

/// Whoever has a word that begins so, in no order, perhaps twice.
pub async fn numbers(db: &Db, scope: i64, beginning: &str, most: i64) -> Result<Vec<i64>> {
    let rows = db
        .all(BEGINNING, args![scope, beginning.as_bytes(), behind(beginning), most])
        .await?;
    rows.iter().map(|row| row.get("number")).collect()
}

/// Behind every word that begins so: no UTF-8 has such a byte.
fn behind(beginning: &str) -> Vec<u8> {
    [beginning.as_bytes(), &[0xff]].concat()
}

/// The newest that have a word, below a number.
pub async fn newest(db: &Db, scope: i64, word: &[u8], below: i64, most: i64) -> Result<Vec<i64>> {
    let rows = db.all(NEWEST, args![scope, word, below, most]).await?;
    rows.iter().map(|row| row.get("number")).collect()
}

/// The last of so many that come next, or nothing where there are not so many.
pub async fn nth(db: &Db, scope: i64, word: &[u8], below: i64, n: i64) -> Result<Option<i64>> {
    let row = db.optional(NTH, args![scope, word, below, n - 1]).await?;
    row.map(|row| row.get("number")).transpose()
}

/// How far down the next thousand of each of two words reach; `None`: there are not so many.
pub async fn ends(db: &Db, scope: i64, (one, other): (&[u8], &[u8]), below: i64) -> Result<(Option<i64>, Option<i64>)> {
    let row = db.optional(ENDS, args![scope, one, other, below]).await?;
    row.map_or(Ok((None, None)), |row| Ok((row.get("one")?, row.get("other")?)))
}

/// The newest that have two words, from one number to below another, between which neither has many.
pub async fn shared(db: &Db, scope: i64, words: (&[u8], &[u8]), between: (i64, i64), most: i64) -> Result<Vec<i64>> {
    having_both(db, SHARED, scope, words, between, most).await
}

/// The same, between which the first has not many.
pub async fn with_both(db: &Db, scope: i64, words: (&[u8], &[u8]), between: (i64, i64), most: i64) -> Result<Vec<i64>> {
    having_both(db, WITH_BOTH, scope, words, between, most).await
}

async fn having_both(
    db: &Db,
    statement: Statement,
    scope: i64,
    (one, other): (&[u8], &[u8]),
    (from, below): (i64, i64),
    most: i64,
) -> Result<Vec<i64>> {
    let rows = db.all(statement, args![scope, one, other, from, below, most]).await?;
    rows.iter().map(|row| row.get("number")).collect()
}

/// Of these, those that have a word; in no order.
pub async fn among(db: &Db, scope: i64, word: &[u8], numbers: &[i64]) -> Result<Vec<i64>> {
    let mut found = Vec::new();
    for chunk in numbers.chunks(ASKED_AT_ONCE) {
        let args: [Arg; ASKED_AT_ONCE + 2] = std::array::from_fn(|at| match at {
            0 => Arg::from(scope),
            1 => Arg::from(word),
            // A short chunk says its last number again.
            at => Arg::from(chunk[(at - 2).min(chunk.len() - 1)]),
        });
        for row in db.all(AMONG, args).await? {
            found.push(row.get("number")?);
        }
    }
    Ok(found)
}

/// The next applications to be indexed, behind an id.
pub async fn to_fill(tx: &mut Tx, after: Uuid, most: i64) -> Result<Vec<Uuid>> {
    let rows = tx.all(TO_FILL, args![after, most]).await?;
    rows.iter().map(|row| row.id("id")).collect()
}

/// How many words lead to an application.
pub async fn count(db: &Db, application: Uuid) -> Result<i64> {
    let row = db.optional(COUNT, args![application]).await?;
    row.map_or(Ok(0), |row| row.get("n"))
}
