//! Mails, the templates that were changed, and the company's name, in SQL.

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, DbError, Result, Row, Tx, like_pattern};
use crate::mail::texts::Text;
use crate::mail::{Event, Mail, MailLine, State};

crate::statements! {
    COMPANY = "SELECT value FROM settings WHERE name = 'company'";
    SET_COMPANY = "INSERT INTO settings (name, value) VALUES ('company', $1)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    TEMPLATE = "SELECT subject, body, staff.name AS changed_by, changed_at
        FROM mail_templates JOIN staff ON staff.id = changed_by WHERE event = $1";
    CHANGED = "SELECT event, staff.name AS changed_by, changed_at
        FROM mail_templates JOIN staff ON staff.id = changed_by";
    PUT_TEMPLATE = "INSERT INTO mail_templates (event, subject, body, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (event) DO UPDATE SET subject = excluded.subject, body = excluded.body,
            changed_by = excluded.changed_by, changed_at = excluded.changed_at";
    DROP_TEMPLATE = "DELETE FROM mail_templates WHERE event = $1";
    INSERT = "INSERT INTO mails (id, event, recipient, recipient_name, sender_name, subject, body, mail_key, about,
            copy_of, created_at, state, since, attempts, next_at, failure, message_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        ON CONFLICT (copy_of) DO NOTHING";
    COPY_OF = "SELECT id FROM mails WHERE copy_of = $1";
    FIND = "SELECT mails.id, mails.event, mails.recipient, mails.recipient_name, mails.sender_name, mails.subject,
            mails.body, mails.about, mails.copy_of, mails.created_at, mails.state, mails.since, mails.attempts,
            mails.next_at, mails.failure, mails.message_id, copies.id AS copy
        FROM mails LEFT JOIN mails AS copies ON copies.copy_of = mails.id WHERE mails.id = $1";
    // What is withheld is counted, so that it is looked up by its key, and never for all mails at once.
    LIST = "SELECT id, event, recipient, recipient_name, subject, created_at, state, since FROM mails
        WHERE id < $1
            AND (CAST($2 AS TEXT) IS NULL OR state = $2)
            AND (CAST($3 AS TEXT) IS NULL OR mail_key LIKE $3 ESCAPE '\\')
            AND (SELECT count(*) FROM withheld_names WHERE staff_id = $5 AND application_id = mails.about) = 0
            AND (SELECT count(*) FROM application_assessments AS given
                JOIN withheld_names AS names ON names.application_id = given.application_id AND names.staff_id = $5
                WHERE given.assessment_id = mails.about) = 0
        ORDER BY id DESC LIMIT $4";
    ABOUT = "SELECT id, event, recipient, recipient_name, subject, created_at, state, since FROM mails
        WHERE about = $1 ORDER BY id DESC";
    BEGIN_ATTEMPT = "UPDATE mails SET state = 'sending', since = $3, attempts = attempts + 1
        WHERE id = $1 AND state = 'queued' AND attempts = $2";
    SETTLE = "UPDATE mails SET state = $3, since = $4, failure = $5 WHERE id = $1 AND state = $2";
    TAKE_BACK = "DELETE FROM mails WHERE id = $1 AND state = 'queued' AND attempts = 0";
    PUT_OFF = "UPDATE mails SET state = 'queued', since = $2, next_at = $3, failure = $4
        WHERE id = $1 AND state = 'sending'";
}

const UNNAMED: &str = "Our company";

/// What candidates know the company as.
pub async fn company(db: &Db) -> Result<String> {
    company_from(db.optional(COMPANY, args![]).await?)
}

pub async fn company_in(tx: &mut Tx) -> Result<String> {
    company_from(tx.optional(COMPANY, args![]).await?)
}

fn company_from(row: Option<Row>) -> Result<String> {
    row.map_or_else(|| Ok(UNNAMED.to_owned()), |row| row.get("value"))
}

pub async fn set_company(tx: &mut Tx, name: &str) -> Result<()> {
    tx.execute(SET_COMPANY, args![name]).await.map(drop)
}

/// A text that was changed, by whom and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub by: String,
    pub at: Timestamp,
}

/// The text in force, and who changed it; nobody: it is the one that ships.
pub async fn template(db: &Db, event: Event) -> Result<(Text, Option<Change>)> {
    match db.optional(TEMPLATE, args![event.id()]).await? {
        Some(row) => Ok((text(&row)?, Some(change(&row)?))),
        None => Ok((event.shipped(), None)),
    }
}

pub async fn template_in(tx: &mut Tx, event: Event) -> Result<Text> {
    let row = tx.optional(TEMPLATE, args![event.id()]).await?;
    row.map_or_else(|| Ok(event.shipped()), |row| text(&row))
}

fn text(row: &Row) -> Result<Text> {
    Ok(Text {
        subject: row.get("subject")?,
        body: row.get("body")?,
    })
}

fn change(row: &Row) -> Result<Change> {
    Ok(Change {
        by: row.get("changed_by")?,
        at: row.time("changed_at")?,
    })
}

pub async fn changed_templates(db: &Db) -> Result<Vec<(Event, Change)>> {
    let rows = db.all(CHANGED, args![]).await?;
    let changed = |row: &Row| Ok((row.parse("event", Event::from_id)?, change(row)?));
    rows.iter().map(changed).collect()
}

pub async fn put_template(tx: &mut Tx, event: Event, text: &Text, staff: Uuid, now: Timestamp) -> Result<()> {
    let args = args![event.id(), &text.subject, &text.body, staff, now];
    tx.execute(PUT_TEMPLATE, args).await.map(drop)
}

pub async fn drop_template(tx: &mut Tx, event: Event) -> Result<()> {
    tx.execute(DROP_TEMPLATE, args![event.id()]).await.map(drop)
}

/// False when the mail that it repeats is repeated already.
pub async fn add(tx: &mut Tx, mail: &Mail) -> Result<bool> {
    let key = format!("{} {} {}", mail.recipient_name, mail.recipient, mail.subject);
    let args = args![
        mail.id,
        mail.event.id(),
        &mail.recipient,
        &mail.recipient_name,
        &mail.sender_name,
        &mail.subject,
        &mail.body,
        crate::ui::search_key(&key),
        mail.about,
        mail.copy_of,
        mail.created_at,
        mail.state.id(),
        mail.since,
        i64::from(mail.attempts),
        mail.next_at,
        mail.failure.clone(),
        &mail.message_id,
    ];
    Ok(tx.execute(INSERT, args).await? == 1)
}

/// Removes a mail that nobody has begun to send; its job then finds nothing to do. False when it is too late.
pub async fn take_back(tx: &mut Tx, mail: Uuid) -> Result<bool> {
    Ok(tx.execute(TAKE_BACK, args![mail]).await? == 1)
}

pub async fn copy_of(tx: &mut Tx, mail: Uuid) -> Result<Uuid> {
    let row = tx.optional(COPY_OF, args![mail]).await?;
    let row = row.ok_or_else(|| DbError::Corrupt {
        what: "mail",
        why: format!("the copy of {mail} is gone"),
    })?;
    row.id("id")
}

pub async fn find(db: &Db, id: Uuid) -> Result<Option<Mail>> {
    let Some(row) = db.optional(FIND, args![id]).await? else {
        return Ok(None);
    };
    Ok(Some(Mail {
        id: row.id("id")?,
        event: row.parse("event", Event::from_id)?,
        recipient: row.get("recipient")?,
        recipient_name: row.get("recipient_name")?,
        sender_name: row.get("sender_name")?,
        subject: row.get("subject")?,
        body: row.get("body")?,
        about: optional_id(&row, "about")?,
        copy_of: optional_id(&row, "copy_of")?,
        copy: optional_id(&row, "copy")?,
        created_at: row.time("created_at")?,
        state: row.parse("state", State::from_id)?,
        since: row.time("since")?,
        attempts: u32::try_from(row.get::<i64>("attempts")?).unwrap_or(u32::MAX),
        next_at: row.time("next_at")?,
        failure: row.get("failure")?,
        message_id: row.get("message_id")?,
    }))
}

fn optional_id(row: &Row, column: &'static str) -> Result<Option<Uuid>> {
    let present = row.get::<Option<String>>(column)?.is_some();
    present.then(|| row.id(column)).transpose()
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub state: Option<State>,
    /// Of the recipient or the subject, as typed.
    pub words: Option<String>,
    /// Only those written before this one.
    pub before: Option<Uuid>,
}

/// Without those that would tell this person a name that is withheld from them.
pub async fn list(db: &Db, filter: &Filter, reader: Uuid, most: i64) -> Result<Vec<MailLine>> {
    let args = args![
        filter.before.unwrap_or(Uuid::max()),
        filter.state.map(State::id),
        filter.words.as_deref().map(like_pattern),
        most,
        reader,
    ];
    db.all(LIST, args).await?.iter().map(line).collect()
}

/// All that was written about an assessment, newest first.
pub async fn about(db: &Db, assessment: Uuid) -> Result<Vec<MailLine>> {
    db.all(ABOUT, args![assessment]).await?.iter().map(line).collect()
}

fn line(row: &Row) -> Result<MailLine> {
    Ok(MailLine {
        id: row.id("id")?,
        event: row.parse("event", Event::from_id)?,
        recipient: row.get("recipient")?,
        recipient_name: row.get("recipient_name")?,
        subject: row.get("subject")?,
        created_at: row.time("created_at")?,
        state: row.parse("state", State::from_id)?,
        since: row.time("since")?,
    })
}

/// False when somebody else has begun another attempt.
pub async fn begin_attempt(tx: &mut Tx, mail: &Mail, now: Timestamp) -> Result<bool> {
    let args = args![mail.id, i64::from(mail.attempts), now];
    Ok(tx.execute(BEGIN_ATTEMPT, args).await? == 1)
}

/// The last word on a mail. False when somebody else has had it.
pub async fn settle(
    tx: &mut Tx,
    mail: Uuid,
    from: State,
    to: State,
    failure: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    let args = args![mail, from.id(), to.id(), now, failure.map(storable)];
    Ok(tx.execute(SETTLE, args).await? == 1)
}

/// After an attempt that may be made again.
pub async fn put_off(tx: &mut Tx, mail: Uuid, failure: &str, next_at: Timestamp, now: Timestamp) -> Result<()> {
    tx.execute(PUT_OFF, args![mail, now, next_at, storable(failure)])
        .await
        .map(drop)
}

/// A mail server's own words may be long, and hold what PostgreSQL does not take.
fn storable(words: &str) -> String {
    crate::ui::clean_line(words).chars().take(1_000).collect()
}
