//! Applications, their answers, files and events, in SQL.

use std::collections::HashMap;

use uuid::Uuid;

use crate::args;
use crate::audit;
use crate::clock::Timestamp;
use crate::db::{Db, DbError, Result, Row, Tx};
use crate::files::Kind;
use crate::hiring::applications::{Answer, Document, Event, FileText, Part};
use crate::hiring::{Application, ApplicationState, Owner, Reversal};
use crate::roles::kit::Decision;
use crate::ui::{folded, search_key};

crate::statements! {
    ADD = "INSERT INTO applications (id, opening_id, kit_version, state, name, email, email_key, phone, phone_key, person_key,
            source, source_detail, link, started_at, changed_at, form_token, revision)
        VALUES ($1, $2, $3, 'draft', '', $4, $5, '', '', $6, $7, $8, $9, $10, $10, $11, 0) ON CONFLICT (form_token) DO NOTHING";
    LINK_BY_TOKEN = "SELECT link FROM applications WHERE form_token = $1";
    FIND = "SELECT applications.*, staff.name AS reverser, owners.name AS owner FROM applications LEFT JOIN staff ON staff.id = reversed_by
            LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE applications.id = $1";
    BY_LINK = "SELECT applications.*, staff.name AS reverser, owners.name AS owner FROM applications LEFT JOIN staff ON staff.id = reversed_by
            LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE link = $1";
    LOCK = "UPDATE applications SET state = state WHERE id = $1";
    SET_CONTACT = "UPDATE applications SET name = $2, email = $3, email_key = $4, phone = $5, phone_key = $6, person_key = $7,
            changed_at = $8 WHERE id = $1";
    SET_DRAFT = "UPDATE applications SET source = $2, source_detail = $3, changed_at = $4, revision = revision + 1
        WHERE id = $1 AND state = 'draft'";
    SUBMIT = "UPDATE applications SET state = $2, stage_id = $3, stage_since = $4, submitted_at = $4, outcome = $5, outcome_reason = $6,
            consented_at = $4, keep_until = $7, ended_at = $8, changed_at = $4
        WHERE id = $1 AND state = 'draft'";
    MOVE = "UPDATE applications SET stage_id = $2, stage_since = $3, changed_at = $3 WHERE id = $1 AND state = 'active'";
    END = "UPDATE applications SET state = $2, ended_at = $3, ended_why = $4, changed_at = $3
        WHERE id = $1 AND state = 'active'";
    REVERSE = "UPDATE applications SET state = 'active', ended_at = NULL, reversed_by = $2, reversed_at = $3, reversed_why = $4,
            stage_since = $3, changed_at = $3
        WHERE id = $1 AND state = 'declined'";
    REOPEN = "UPDATE applications SET state = 'active', ended_at = NULL, ended_why = NULL, stage_since = $2, changed_at = $2
        WHERE id = $1 AND state = 'rejected'";
    PUT_BACK = "UPDATE applications SET state = 'active', ended_at = NULL, ended_why = NULL, stage_id = $2, stage_since = $3, changed_at = $4
        WHERE id = $1 AND state IN ('active', 'rejected')";
    ASK_ERASURE = "UPDATE applications SET erasure_asked_at = $2 WHERE id = $1 AND erasure_asked_at IS NULL";
    REMOVE = "DELETE FROM applications WHERE id = $1 AND state = 'draft'";
    ERASE = "DELETE FROM applications WHERE id = $1";
    ANSWERS = "SELECT question, answer, decision FROM application_answers WHERE application_id = $1 ORDER BY position";
    CLEAR_ANSWERS = "DELETE FROM application_answers WHERE application_id = $1";
    ADD_ANSWER = "INSERT INTO application_answers (application_id, position, question, answer, decision) VALUES ($1, $2, $3, $4, $5)";
    FILES = "SELECT id, application_id, part, name, kind, size, sha256, put_at, reading FROM application_files
        WHERE application_id = $1 ORDER BY part DESC, id";
    FIND_FILE = "SELECT id, application_id, part, name, kind, size, sha256, put_at, reading FROM application_files WHERE id = $1";
    FILE_OWNER = "SELECT application_id FROM application_files WHERE id = $1";
    FILE_TEXT = "SELECT text FROM application_files WHERE id = $1";
    ADD_FILE = "INSERT INTO application_files (id, application_id, part, name, kind, size, sha256, put_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    REMOVE_FILE = "DELETE FROM application_files WHERE id = $1";
    SET_TEXT = "UPDATE application_files SET reading = $2, text = $3, text_key = $4 WHERE id = $1";
    ADD_EVENT = "INSERT INTO application_events (id, application_id, at, staff_id, what, detail) VALUES ($1, $2, $3, $4, $5, $6)";
    EVENTS = "SELECT at, staff.name AS who, what, detail FROM application_events LEFT JOIN staff ON staff.id = staff_id
        WHERE application_id = $1 ORDER BY application_events.id";
    OF_ADDRESS = "SELECT applications.*, staff.name AS reverser, owners.name AS owner, openings.title AS opening_title FROM applications
        JOIN openings ON openings.id = opening_id LEFT JOIN staff ON staff.id = reversed_by
            LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE applications.email_key = $1 AND (merged_into IS NULL OR NOT EXISTS
                (SELECT 1 FROM applications AS kept WHERE kept.id = applications.merged_into AND kept.email_key = $1))
        ORDER BY applications.id DESC LIMIT 20";
    ASSIGN = "UPDATE applications SET owner_id = $2 WHERE id = $1";
    MERGE = "UPDATE applications SET merged_into = $2 WHERE id = $1 AND merged_into IS NULL";
    PART = "UPDATE applications SET merged_into = NULL WHERE id = $1 AND merged_into IS NOT NULL";
    MERGED = "SELECT applications.*, staff.name AS reverser, owners.name AS owner FROM applications LEFT JOIN staff ON staff.id = reversed_by
            LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE merged_into = $1 ORDER BY applications.id DESC LIMIT 20";
    HAS_MERGED = "SELECT id FROM applications WHERE merged_into = $1 LIMIT 1";
    TRAIL = "SELECT application_id, at, staff.name AS who, what, detail FROM application_events LEFT JOIN staff ON staff.id = staff_id
        WHERE application_id IN (SELECT id FROM applications WHERE id = $1 OR merged_into = $1)
        ORDER BY application_events.id";
    FILE_TEXTS = "SELECT id, text FROM application_files WHERE application_id = $1 AND text IS NOT NULL";
    COUNTS = "SELECT state, stage_id, n FROM application_counts WHERE opening_id = $1 AND n > 0";
    COUNT = "INSERT INTO application_counts (opening_id, stage_id, state, n) VALUES ($1, $2, $3, $4)
        ON CONFLICT (opening_id, stage_id, state) DO UPDATE SET n = application_counts.n + excluded.n";
    RECOUNT = "SELECT opening_id, coalesce(stage_id, '') AS stage_id, state, count(*) AS n FROM applications
        WHERE merged_into IS NULL GROUP BY opening_id, coalesce(stage_id, ''), state";
    ALL_COUNTS = "SELECT opening_id, stage_id, state, n FROM application_counts WHERE n <> 0";
    TURN = "INSERT INTO boards (opening_id, revision) VALUES ($1, 1)
        ON CONFLICT (opening_id) DO UPDATE SET revision = boards.revision + 1";
    BOARD = "SELECT revision FROM boards WHERE opening_id = $1";
    COUNT_MOVE = "UPDATE applications SET moves = moves + 1 WHERE id = $1";
    LEAVE = "UPDATE stage_visits SET left_at = $2 WHERE application_id = $1 AND left_at IS NULL";
    ENTER = "INSERT INTO stage_visits (application_id, number, opening_id, stage_id, entered_at)
        SELECT $1, coalesce(max(number), 0) + 1, $2, $3, CAST($4 AS BIGINT) FROM stage_visits WHERE application_id = $1";
    VISITS = "SELECT stage_id, entered_at, left_at FROM stage_visits WHERE application_id = $1 ORDER BY number";
    // Each way to them by its own index: an OR over two tables would read every application.
    LIKE_THIS = "SELECT a.id, a.opening_id, a.name, a.email, a.state, a.submitted_at, openings.title AS opening_title
        FROM (SELECT id FROM applications WHERE email_key = $2
            UNION SELECT id FROM applications WHERE phone_key = CAST($3 AS TEXT) AND phone_key <> ''
            UNION SELECT theirs.application_id FROM application_files AS ours
                JOIN application_files AS theirs ON theirs.sha256 = ours.sha256
                WHERE ours.application_id = $1 AND ours.part = 'resume' AND theirs.part = 'resume') AS alike
            JOIN applications AS a ON a.id = alike.id JOIN openings ON openings.id = a.opening_id
        WHERE a.id <> $1 AND a.state <> 'draft' AND a.merged_into IS NULL
        ORDER BY a.id LIMIT 20";
    EARLIER = "SELECT applications.*, staff.name AS reverser, owners.name AS owner FROM applications LEFT JOIN staff ON staff.id = reversed_by
            LEFT JOIN staff AS owners ON owners.id = owner_id
        WHERE opening_id = $1 AND applications.email_key = $2 AND applications.id <> $3 AND state <> 'draft' ORDER BY applications.id LIMIT 1";
    SENT_OF_KIT = "SELECT applications.id, applications.opening_id, applications.name, applications.state, applications.outcome
        FROM applications JOIN openings ON openings.id = opening_id
        WHERE kit_id = $1 AND applications.submitted_at IS NOT NULL ORDER BY applications.id";
    SENT_ANSWERS_OF_KIT = "SELECT application_answers.application_id, question, answer FROM application_answers
        JOIN applications ON applications.id = application_answers.application_id
        JOIN openings ON openings.id = opening_id
        WHERE kit_id = $1 AND applications.submitted_at IS NOT NULL ORDER BY application_answers.application_id, position";
    ADD_ASSESSMENT = "INSERT INTO application_assessments (assessment_id, application_id) VALUES ($1, $2)
        ON CONFLICT (assessment_id) DO NOTHING";
    ASSESSMENTS = "SELECT assessment_id FROM application_assessments WHERE application_id = $1 ORDER BY assessment_id";
}

pub struct NewApplication<'a> {
    pub id: Uuid,
    pub opening: Uuid,
    pub kit_version: u32,
    pub email: &'a str,
    pub source: &'a str,
    pub source_detail: &'a str,
    pub link: &'a str,
    pub form_token: Uuid,
}

/// False when this form was sent before.
pub async fn add(tx: &mut Tx, new: &NewApplication<'_>, now: Timestamp) -> Result<bool> {
    let args = args![
        new.id,
        new.opening,
        i64::from(new.kit_version),
        new.email,
        search_key(new.email),
        folded(new.email),
        new.source,
        new.source_detail,
        new.link,
        now,
        new.form_token,
    ];
    Ok(tx.execute(ADD, args).await? == 1)
}

pub async fn link_by_token(db: &Db, form_token: Uuid) -> Result<Option<String>> {
    let row = db.optional(LINK_BY_TOKEN, args![form_token]).await?;
    row.map(|row| row.get("link")).transpose()
}

pub async fn find(db: &Db, id: Uuid) -> Result<Option<Application>> {
    db.optional(FIND, args![id])
        .await?
        .as_ref()
        .map(application)
        .transpose()
}

pub async fn by_link(db: &Db, link: &str) -> Result<Option<Application>> {
    db.optional(BY_LINK, args![link])
        .await?
        .as_ref()
        .map(application)
        .transpose()
}

/// Whoever else would change this application waits until the transaction ends.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<Option<Application>> {
    tx.execute(LOCK, args![id]).await?;
    tx.optional(FIND, args![id])
        .await?
        .as_ref()
        .map(application)
        .transpose()
}

fn application(row: &Row) -> Result<Application> {
    let time = |column| Ok::<_, DbError>(row.get::<Option<i64>>(column)?.map(Timestamp));
    let text = |column| Ok::<_, DbError>(row.get::<Option<String>>(column)?.unwrap_or_default());
    let outcome = match row.get::<Option<String>>("outcome")? {
        Some(_) => Some((row.parse("outcome", decision_from_id)?, text("outcome_reason")?)),
        None => None,
    };
    let reversed = match time("reversed_at")? {
        Some(at) => Some(Reversal {
            by: text("reverser")?,
            at,
            why: text("reversed_why")?,
        }),
        None => None,
    };
    let stage = row.get::<Option<String>>("stage_id")?;
    Ok(Application {
        id: row.id("id")?,
        opening: row.id("opening_id")?,
        kit_version: u32::try_from(row.get::<i64>("kit_version")?).unwrap_or_default(),
        state: row.parse("state", ApplicationState::from_id)?,
        stage: stage.map(|_| row.id("stage_id")).transpose()?,
        stage_since: time("stage_since")?,
        name: row.get("name")?,
        email: row.get("email")?,
        phone: row.get("phone")?,
        source: row.get("source")?,
        source_detail: row.get("source_detail")?,
        link: row.get("link")?,
        consented_at: time("consented_at")?,
        keep_until: time("keep_until")?,
        started_at: row.time("started_at")?,
        changed_at: row.time("changed_at")?,
        submitted_at: time("submitted_at")?,
        outcome,
        reversed,
        ended_at: time("ended_at")?,
        ended_why: text("ended_why")?,
        erasure_asked_at: time("erasure_asked_at")?,
        revision: row.get("revision")?,
        owner: match row.get::<Option<String>>("owner")? {
            Some(name) => Some(Owner {
                id: row.id("owner_id")?,
                name,
            }),
            None => None,
        },
        merged_into: match row.get::<Option<String>>("merged_into")? {
            Some(_) => Some(row.id("merged_into")?),
            None => None,
        },
        moves: row.get("moves")?,
    })
}

pub fn decision_id(decision: Decision) -> &'static str {
    match decision {
        Decision::Qualifies => "qualifies",
        Decision::Declines => "declines",
        Decision::Review => "review",
    }
}

pub fn decision_from_id(id: &str) -> Option<Decision> {
    [Decision::Qualifies, Decision::Declines, Decision::Review]
        .into_iter()
        .find(|decision| decision_id(*decision) == id)
}

/// Name, address and telephone, with what they are found by.
pub async fn set_contact(
    tx: &mut Tx,
    id: Uuid,
    (name, email, phone): (&str, &str, &str),
    now: Timestamp,
) -> Result<()> {
    let args = args![
        id,
        name,
        email,
        search_key(email),
        phone,
        phone_key(phone),
        folded(&format!("{name} {email}")),
        now,
    ];
    tx.execute(SET_CONTACT, args).await.map(drop)
}

/// The digits that tell people apart: a country's code or a zero before them is not always written.
fn phone_key(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        0..7 => String::new(),
        n => digits[n.saturating_sub(9)..].iter().collect(),
    }
}

/// False when it is no draft any more.
pub async fn set_draft(tx: &mut Tx, id: Uuid, source: &str, detail: &str, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(SET_DRAFT, args![id, source, detail, now]).await? == 1)
}

pub struct Submission<'a> {
    pub state: ApplicationState,
    pub stage: Uuid,
    pub outcome: Decision,
    pub reason: &'a str,
    pub keep_until: Timestamp,
}

/// False when it was sent before.
pub async fn submit(tx: &mut Tx, id: Uuid, sent: &Submission<'_>, now: Timestamp) -> Result<bool> {
    let ended = (sent.state == ApplicationState::Declined).then_some(now);
    let args = args![
        id,
        sent.state.id(),
        sent.stage,
        now,
        decision_id(sent.outcome),
        sent.reason,
        sent.keep_until,
        ended,
    ];
    Ok(tx.execute(SUBMIT, args).await? == 1)
}

/// False when it has ended.
pub async fn move_to(tx: &mut Tx, id: Uuid, stage: Uuid, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(MOVE, args![id, stage, now]).await? == 1)
}

/// False when it has ended before.
pub async fn end(tx: &mut Tx, id: Uuid, state: ApplicationState, why: &str, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(END, args![id, state.id(), now, why]).await? == 1)
}

/// False when no knock-out stands against it.
pub async fn reverse(tx: &mut Tx, id: Uuid, by: Uuid, why: &str, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(REVERSE, args![id, by, now, why]).await? == 1)
}

/// False when no person has rejected it.
pub async fn reopen(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(REOPEN, args![id, now]).await? == 1)
}

/// False when it was withdrawn or knocked out.
pub async fn put_back(tx: &mut Tx, id: Uuid, stage: Uuid, since: Timestamp, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(PUT_BACK, args![id, stage, since, now]).await? == 1)
}

/// False when it was asked for before.
pub async fn ask_erasure(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(ASK_ERASURE, args![id, now]).await? == 1)
}

/// Of a draft, with everything that belongs to it.
pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<bool> {
    Ok(tx.execute(REMOVE, args![id]).await? == 1)
}

/// In whatever state it is.
pub async fn erase(tx: &mut Tx, id: Uuid) -> Result<bool> {
    Ok(tx.execute(ERASE, args![id]).await? == 1)
}

pub async fn answers(db: &Db, application: Uuid) -> Result<Vec<Answer>> {
    db.all(ANSWERS, args![application]).await?.iter().map(answer).collect()
}

pub async fn answers_in(tx: &mut Tx, application: Uuid) -> Result<Vec<Answer>> {
    tx.all(ANSWERS, args![application]).await?.iter().map(answer).collect()
}

fn answer(row: &Row) -> Result<Answer> {
    let decision = match row.get::<Option<String>>("decision")? {
        Some(_) => Some(row.parse("decision", decision_from_id)?),
        None => None,
    };
    Ok(Answer {
        question: row.get("question")?,
        answer: row.get("answer")?,
        decision,
    })
}

pub async fn set_answers(tx: &mut Tx, application: Uuid, answers: &[Answer]) -> Result<()> {
    tx.execute(CLEAR_ANSWERS, args![application]).await?;
    for (position, answer) in (0i64..).zip(answers) {
        let decision = answer.decision.map(decision_id);
        let args = args![application, position, &answer.question, &answer.answer, decision];
        tx.execute(ADD_ANSWER, args).await?;
    }
    Ok(())
}

pub async fn files(db: &Db, application: Uuid) -> Result<Vec<Document>> {
    db.all(FILES, args![application]).await?.iter().map(document).collect()
}

pub async fn files_in(tx: &mut Tx, application: Uuid) -> Result<Vec<Document>> {
    tx.all(FILES, args![application]).await?.iter().map(document).collect()
}

pub async fn file(db: &Db, id: Uuid) -> Result<Option<Document>> {
    db.optional(FIND_FILE, args![id])
        .await?
        .as_ref()
        .map(document)
        .transpose()
}

/// Whose file it is.
pub async fn application_of(tx: &mut Tx, file: Uuid) -> Result<Option<Uuid>> {
    let row = tx.optional(FILE_OWNER, args![file]).await?;
    row.map(|row| row.id("application_id")).transpose()
}

pub async fn file_text(db: &Db, id: Uuid) -> Result<Option<String>> {
    let row = db.optional(FILE_TEXT, args![id]).await?;
    Ok(row.map(|row| row.get("text")).transpose()?.flatten())
}

/// What was read of the files of an application.
pub async fn file_texts(db: &Db, application: Uuid) -> Result<HashMap<Uuid, String>> {
    let rows = db.all(FILE_TEXTS, args![application]).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.get("text")?))).collect()
}

fn document(row: &Row) -> Result<Document> {
    Ok(Document {
        id: row.id("id")?,
        application: row.id("application_id")?,
        part: row.parse("part", Part::from_id)?,
        name: row.get("name")?,
        kind: row.parse("kind", Kind::of_key)?,
        size: row.get::<i64>("size")?.max(0).cast_unsigned(),
        sha256: row.get("sha256")?,
        put_at: row.time("put_at")?,
        text: match row.get::<Option<String>>("reading")? {
            None => FileText::Waiting,
            Some(word) if word == "read" => FileText::Read,
            Some(word) => FileText::Unreadable(word),
        },
    })
}

pub async fn add_file(tx: &mut Tx, file: &Document) -> Result<()> {
    let args = args![
        file.id,
        file.application,
        file.part.id(),
        &file.name,
        file.kind.key(),
        i64::try_from(file.size).unwrap_or(i64::MAX),
        &file.sha256,
        file.put_at,
    ];
    tx.execute(ADD_FILE, args).await.map(drop)
}

pub async fn remove_file(tx: &mut Tx, id: Uuid) -> Result<()> {
    tx.execute(REMOVE_FILE, args![id]).await.map(drop)
}

/// `reading` is "read", or why there is no text.
pub async fn set_text(tx: &mut Tx, id: Uuid, reading: &str, text: Option<&str>) -> Result<()> {
    tx.execute(SET_TEXT, args![id, reading, text.map(str::to_owned), text.map(folded)])
        .await
        .map(drop)
}

/// `by` is absent where the candidate did it. It goes into the audit log, too: do it last.
pub async fn add_event(
    tx: &mut Tx,
    id: Uuid,
    application: Uuid,
    by: Option<Uuid>,
    (what, detail): (&str, &str),
    now: Timestamp,
) -> Result<()> {
    tx.execute(ADD_EVENT, args![id, application, now, by, what, detail])
        .await?;
    let entry = audit::Entry {
        actor: by.map_or(audit::Actor::Candidate, audit::Actor::Staff),
        what,
        subject: format!("application {application}"),
        detail: &audit::seal(id, detail),
    };
    audit::append(tx, &entry, now).await
}

pub async fn events(db: &Db, application: Uuid) -> Result<Vec<Event>> {
    db.all(EVENTS, args![application]).await?.iter().map(event).collect()
}

/// With those of its duplicates, and of which application each is.
pub async fn trail(db: &Db, application: Uuid) -> Result<Vec<(Uuid, Event)>> {
    let rows = db.all(TRAIL, args![application]).await?;
    rows.iter()
        .map(|row| Ok((row.id("application_id")?, event(row)?)))
        .collect()
}

fn event(row: &Row) -> Result<Event> {
    Ok(Event {
        at: row.time("at")?,
        who: row.get("who")?,
        what: row.get("what")?,
        detail: row.get("detail")?,
    })
}

/// How many there are of a job in each state and stage, drafts too.
pub async fn counts(db: &Db, opening: Uuid) -> Result<Vec<(ApplicationState, Option<Uuid>, i64)>> {
    let count = |row: &Row| {
        let stage = row.get::<String>("stage_id")?;
        let stage = (!stage.is_empty()).then(|| row.id("stage_id")).transpose()?;
        Ok((row.parse("state", ApplicationState::from_id)?, stage, row.get("n")?))
    };
    db.all(COUNTS, args![opening]).await?.iter().map(count).collect()
}

pub async fn assign(tx: &mut Tx, id: Uuid, owner: Option<Uuid>) -> Result<()> {
    tx.execute(ASSIGN, args![id, owner]).await.map(drop)
}

/// False when it is merged already.
pub async fn merge(tx: &mut Tx, id: Uuid, into: Uuid) -> Result<bool> {
    Ok(tx.execute(MERGE, args![id, into]).await? == 1)
}

/// The duplicates of an application, newest first.
pub async fn merged(db: &Db, into: Uuid) -> Result<Vec<Application>> {
    db.all(MERGED, args![into]).await?.iter().map(application).collect()
}

pub async fn has_merged(tx: &mut Tx, into: Uuid) -> Result<bool> {
    Ok(tx.optional(HAS_MERGED, args![into]).await?.is_some())
}

/// False when it is not merged.
pub async fn part(tx: &mut Tx, id: Uuid) -> Result<bool> {
    Ok(tx.execute(PART, args![id]).await? == 1)
}

pub async fn find_in(tx: &mut Tx, id: Uuid) -> Result<Option<Application>> {
    tx.optional(FIND, args![id])
        .await?
        .as_ref()
        .map(application)
        .transpose()
}

/// Adds to how many are there.
pub async fn count(
    tx: &mut Tx,
    opening: Uuid,
    (stage, state): (Option<Uuid>, ApplicationState),
    by: i64,
) -> Result<()> {
    let stage = stage.map(|stage| stage.to_string()).unwrap_or_default();
    tx.execute(COUNT, args![opening, stage, state.id(), by]).await.map(drop)
}

/// What is kept as counts and what there is, for a test of the one against the other.
pub async fn counts_and_recount(db: &Db) -> Result<(Vec<String>, Vec<String>)> {
    let line = |row: &Row| {
        let [opening, stage, state] = ["opening_id", "stage_id", "state"].map(|column| row.get::<String>(column));
        Ok(format!("{} {} {} {}", opening?, stage?, state?, row.get::<i64>("n")?))
    };
    let sorted = |rows: Vec<Row>| {
        let mut lines = rows.iter().map(line).collect::<Result<Vec<_>>>()?;
        lines.sort();
        Ok::<_, DbError>(lines)
    };
    Ok((
        sorted(db.all(ALL_COUNTS, args![]).await?)?,
        sorted(db.all(RECOUNT, args![]).await?)?,
    ))
}

/// Something has happened on the board of a job. Whoever else changes it waits until the transaction ends.
pub async fn turn_board(tx: &mut Tx, opening: Uuid) -> Result<()> {
    tx.execute(TURN, args![opening]).await.map(drop)
}

/// How often something has happened there.
pub async fn board(db: &Db, opening: Uuid) -> Result<i64> {
    let row = db.optional(BOARD, args![opening]).await?;
    row.map_or(Ok(0), |row| row.get("revision"))
}

pub async fn count_move(tx: &mut Tx, id: Uuid) -> Result<()> {
    tx.execute(COUNT_MOVE, args![id]).await.map(drop)
}

pub async fn leave(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<()> {
    tx.execute(LEAVE, args![id, now]).await.map(drop)
}

pub async fn enter(tx: &mut Tx, id: Uuid, opening: Uuid, stage: Uuid, now: Timestamp) -> Result<()> {
    tx.execute(ENTER, args![id, opening, stage, now]).await.map(drop)
}

/// A stay in a stage, under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub stage: Uuid,
    pub entered_at: Timestamp,
    pub left_at: Option<Timestamp>,
}

/// The earliest first.
pub async fn visits(db: &Db, id: Uuid) -> Result<Vec<Visit>> {
    let visit = |row: &Row| {
        Ok(Visit {
            stage: row.id("stage_id")?,
            entered_at: row.time("entered_at")?,
            left_at: row.get::<Option<i64>>("left_at")?.map(Timestamp),
        })
    };
    db.all(VISITS, args![id]).await?.iter().map(visit).collect()
}

/// Another application that may be the same person's.
#[derive(Clone, Debug)]
pub struct Twin {
    pub id: Uuid,
    pub opening: Uuid,
    pub opening_title: String,
    pub name: String,
    pub email: String,
    pub state: ApplicationState,
    pub submitted_at: Option<Timestamp>,
}

/// Those with the same address, telephone or résumé.
pub async fn like_this(db: &Db, application: &Application) -> Result<Vec<Twin>> {
    let args = args![
        application.id,
        search_key(&application.email),
        // Most who give no number have nothing in common.
        Some(phone_key(&application.phone)).filter(|key| !key.is_empty())
    ];
    let twin = |row: &Row| {
        Ok(Twin {
            id: row.id("id")?,
            opening: row.id("opening_id")?,
            opening_title: row.get("opening_title")?,
            name: row.get("name")?,
            email: row.get("email")?,
            state: row.parse("state", ApplicationState::from_id)?,
            submitted_at: row.get::<Option<i64>>("submitted_at")?.map(Timestamp),
        })
    };
    db.all(LIKE_THIS, args).await?.iter().map(twin).collect()
}

/// What the same address sent for the same job before.
pub async fn earlier(tx: &mut Tx, opening: Uuid, email: &str, than: Uuid) -> Result<Option<Application>> {
    tx.optional(EARLIER, args![opening, search_key(email), than])
        .await?
        .as_ref()
        .map(application)
        .transpose()
}

/// What an address has begun or sent, newest first, with the titles of the jobs.
pub async fn of_address(db: &Db, email: &str) -> Result<Vec<(Application, String)>> {
    let rows = db.all(OF_ADDRESS, args![search_key(email)]).await?;
    rows.iter()
        .map(|row| Ok((application(row)?, row.get("opening_title")?)))
        .collect()
}

/// An application that was sent, for trying other knock-outs on it.
#[derive(Clone, Debug)]
pub struct Sent {
    pub id: Uuid,
    pub opening: Uuid,
    pub name: String,
    pub state: ApplicationState,
    pub outcome: Decision,
    /// Question and answer.
    pub answers: Vec<(String, String)>,
}

/// Everything that was sent for jobs on a kit.
pub async fn sent_of_kit(db: &Db, kit: Uuid) -> Result<Vec<Sent>> {
    let mut all = Vec::new();
    for row in db.all(SENT_OF_KIT, args![kit]).await? {
        all.push(Sent {
            id: row.id("id")?,
            opening: row.id("opening_id")?,
            name: row.get("name")?,
            state: row.parse("state", ApplicationState::from_id)?,
            outcome: row.parse("outcome", decision_from_id)?,
            answers: Vec::new(),
        });
    }
    let mut answers = HashMap::<Uuid, Vec<(String, String)>>::new();
    for row in db.all(SENT_ANSWERS_OF_KIT, args![kit]).await? {
        let answer = (row.get("question")?, row.get("answer")?);
        answers.entry(row.id("application_id")?).or_default().push(answer);
    }
    for sent in &mut all {
        sent.answers = answers.remove(&sent.id).unwrap_or_default();
    }
    Ok(all)
}

/// False when it belongs to one already.
pub async fn add_assessment(tx: &mut Tx, application: Uuid, assessment: Uuid) -> Result<bool> {
    Ok(tx.execute(ADD_ASSESSMENT, args![assessment, application]).await? == 1)
}

pub async fn assessments(db: &Db, application: Uuid) -> Result<Vec<Uuid>> {
    let rows = db.all(ASSESSMENTS, args![application]).await?;
    rows.iter().map(|row| row.id("assessment_id")).collect()
}
