//! Answers to video questions and the notes on them, in SQL.

use std::collections::HashMap;

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, DbError, Result, Row, Tx};
use crate::files::Kind;
use crate::hiring::takes::{Form, Note, Take};

crate::statements! {
    OF_APPLICATION = "SELECT * FROM application_takes WHERE application_id = $1 ORDER BY question, number";
    FIND = "SELECT * FROM application_takes WHERE id = $1 AND application_id = $2";
    BY_TOKEN = "SELECT * FROM application_takes WHERE form_token = $1 AND application_id = $2 AND question = $3";
    ADD = "INSERT INTO application_takes (id, application_id, question, number, form, parts, bytes, seconds, words, began_at,
            submitted_at, form_token)
        VALUES ($1, $2, $3, $4, $5, 0, 0, 0, $6, $7, $8, $9)";
    ADD_PART = "UPDATE application_takes SET parts = parts + 1, bytes = bytes + $3, kind = $4, seconds = $5
        WHERE id = $1 AND parts = $2 AND submitted_at IS NULL AND removed_at IS NULL";
    SUBMIT = "UPDATE application_takes SET submitted_at = $2, seconds = $3
        WHERE id = $1 AND submitted_at IS NULL AND removed_at IS NULL";
    REMOVE = "UPDATE application_takes SET removed_at = $2, parts = 0, bytes = 0, kind = NULL
        WHERE id = $1 AND submitted_at IS NULL AND removed_at IS NULL";
    NOTES = "SELECT take_notes.id, staff_id, staff.name AS author, at_second, indicator, words, written_at
        FROM take_notes JOIN staff ON staff.id = staff_id
        WHERE take_id = $1 ORDER BY COALESCE(at_second, 0), take_notes.id";
    ALL_NOTES = "SELECT take_notes.take_id, take_notes.id, staff_id, staff.name AS author, at_second, indicator, take_notes.words, written_at
        FROM take_notes JOIN staff ON staff.id = staff_id JOIN application_takes ON application_takes.id = take_id
        WHERE application_id = $1 ORDER BY COALESCE(at_second, 0), take_notes.id";
    COUNT_NOTES = "SELECT take_id, count(*) AS n FROM take_notes JOIN application_takes ON application_takes.id = take_id
        WHERE application_id = $1 GROUP BY take_id";
    ADD_NOTE = "INSERT INTO take_notes (id, take_id, staff_id, at_second, indicator, words, written_at, form_token)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (form_token) DO NOTHING";
    PLAYED = "SELECT 1 AS one FROM take_plays WHERE take_id = $1 AND staff_id = $2 AND day = $3";
    ADD_PLAY = "INSERT INTO take_plays (take_id, staff_id, day) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    REMOVE_NOTE = "DELETE FROM take_notes WHERE id = $1 AND take_id = $2 AND staff_id = $3";
}

/// By question, and the tries at it in their order.
pub async fn of_application(db: &Db, application: Uuid) -> Result<Vec<Take>> {
    db.all(OF_APPLICATION, args![application])
        .await?
        .iter()
        .map(take)
        .collect()
}

pub async fn of_application_in(tx: &mut Tx, application: Uuid) -> Result<Vec<Take>> {
    tx.all(OF_APPLICATION, args![application])
        .await?
        .iter()
        .map(take)
        .collect()
}

pub async fn find(db: &Db, id: Uuid, application: Uuid) -> Result<Option<Take>> {
    db.optional(FIND, args![id, application])
        .await?
        .as_ref()
        .map(take)
        .transpose()
}

pub async fn find_in(tx: &mut Tx, id: Uuid, application: Uuid) -> Result<Option<Take>> {
    tx.optional(FIND, args![id, application])
        .await?
        .as_ref()
        .map(take)
        .transpose()
}

/// What the same request began before.
pub async fn by_token(tx: &mut Tx, token: Uuid, application: Uuid, question: u32) -> Result<Option<Take>> {
    tx.optional(BY_TOKEN, args![token, application, i64::from(question)])
        .await?
        .as_ref()
        .map(take)
        .transpose()
}

pub async fn add(tx: &mut Tx, take: &Take, form_token: Option<Uuid>) -> Result<()> {
    let args = args![
        take.id,
        take.application,
        i64::from(take.question),
        i64::from(take.number),
        take.form.id(),
        (take.form == Form::Written).then_some(&take.words),
        take.began_at,
        take.submitted_at,
        form_token,
    ];
    tx.execute(ADD, args).await.map(drop)
}

/// False when this part is not the next one any more, or the recording takes none.
pub async fn add_part(tx: &mut Tx, take: &Take, bytes: usize, kind: Kind, seconds: u32) -> Result<bool> {
    let args = args![
        take.id,
        i64::from(take.parts),
        i64::try_from(bytes).unwrap_or(i64::MAX),
        kind.key(),
        i64::from(seconds),
    ];
    Ok(tx.execute(ADD_PART, args).await? == 1)
}

pub async fn submit(tx: &mut Tx, id: Uuid, seconds: u32, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(SUBMIT, args![id, now, i64::from(seconds)]).await? == 1)
}

/// False when it was submitted, or removed before.
pub async fn remove(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(REMOVE, args![id, now]).await? == 1)
}

/// In the order of what they are about.
pub async fn notes(db: &Db, take: Uuid) -> Result<Vec<Note>> {
    db.all(NOTES, args![take]).await?.iter().map(note).collect()
}

/// Of all answers of an application.
pub async fn all_notes(db: &Db, application: Uuid) -> Result<HashMap<Uuid, Vec<Note>>> {
    let mut all = HashMap::<Uuid, Vec<Note>>::new();
    for row in db.all(ALL_NOTES, args![application]).await? {
        all.entry(row.id("take_id")?).or_default().push(note(&row)?);
    }
    Ok(all)
}

pub async fn count_notes(db: &Db, application: Uuid) -> Result<HashMap<Uuid, i64>> {
    let rows = db.all(COUNT_NOTES, args![application]).await?;
    rows.iter().map(|row| Ok((row.id("take_id")?, row.get("n")?))).collect()
}

/// False when this form was sent before.
pub async fn add_note(tx: &mut Tx, take: Uuid, note: &Note, form_token: Uuid) -> Result<bool> {
    let args = args![
        note.id,
        take,
        note.by,
        note.at_second.map(i64::from),
        &note.indicator,
        &note.words,
        note.written_at,
        form_token,
    ];
    Ok(tx.execute(ADD_NOTE, args).await? == 1)
}

/// False when it is gone, or somebody else's.
pub async fn remove_note(tx: &mut Tx, id: Uuid, take: Uuid, by: Uuid) -> Result<bool> {
    Ok(tx.execute(REMOVE_NOTE, args![id, take, by]).await? == 1)
}

fn take(row: &Row) -> Result<Take> {
    let time = |column| Ok::<_, DbError>(row.get::<Option<i64>>(column)?.map(Timestamp));
    let kind = row.get::<Option<String>>("kind")?;
    Ok(Take {
        id: row.id("id")?,
        application: row.id("application_id")?,
        question: number(row.get("question")?),
        number: number(row.get("number")?),
        form: row.parse("form", Form::from_id)?,
        kind: kind.map(|_| row.parse("kind", Kind::of_key)).transpose()?,
        parts: number(row.get("parts")?),
        bytes: row.get::<i64>("bytes")?.max(0).cast_unsigned(),
        seconds: number(row.get::<Option<i64>>("seconds")?.unwrap_or_default()),
        words: row.get::<Option<String>>("words")?.unwrap_or_default(),
        began_at: row.time("began_at")?,
        submitted_at: time("submitted_at")?,
        removed_at: time("removed_at")?,
    })
}

fn note(row: &Row) -> Result<Note> {
    Ok(Note {
        id: row.id("id")?,
        by: row.id("staff_id")?,
        author: row.get("author")?,
        at_second: row.get::<Option<i64>>("at_second")?.map(number),
        indicator: row.get("indicator")?,
        words: row.get("words")?,
        written_at: row.time("written_at")?,
    })
}

fn number(value: i64) -> u32 {
    u32::try_from(value).unwrap_or_default()
}

/// Whether it is noted that somebody played it on that day.
pub async fn was_played(db: &Db, take: Uuid, by: Uuid, day: &str) -> Result<bool> {
    Ok(db.optional(PLAYED, args![take, by, day]).await?.is_some())
}

/// False when it is noted already.
pub async fn add_play(tx: &mut Tx, take: Uuid, by: Uuid, day: &str) -> Result<bool> {
    Ok(tx.execute(ADD_PLAY, args![take, by, day]).await? == 1)
}
