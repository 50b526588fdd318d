//! From the first answer to the moment when an application is sent.

use std::time::Duration;

use axum::body::Bytes;
use uuid::Uuid;

use crate::app::App;
use crate::assessments::taking::secret;
use crate::clock::Timestamp;
use crate::db::{DbError, Tx};
use crate::error::AppError;
use crate::files::{self, Key, display_name, kinds};
use crate::hiring::applications::form::{DraftFields, StartFields};
use crate::hiring::applications::store::{self, NewApplication, Submission};
use crate::hiring::applications::{Answer, Document, FileText, Part, letters, placing};
use crate::hiring::knock_outs::{Ruling, decide};
use crate::hiring::openings::store as openings;
use crate::hiring::{Application, ApplicationState, Opening};
use crate::jobs::{self, Task};
use crate::mail::Event;
use crate::people::limits::{self, Limit};
use crate::roles::kit::{Decision, Kit};
use crate::ui::search_key;

const DAY: Duration = Duration::from_secs(24 * 3_600);
/// A draft that nobody touches for so long is deleted.
pub const DRAFT_KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);
/// A page that was open for longer gets another token.
const TOKEN_KEPT: Duration = DAY;

/// For one address, behind which a whole school may sit.
const STARTS: Limit = Limit::new(60, Duration::from_secs(20));
/// Nobody's mailbox can be filled by others.
const LETTERS: Limit = Limit::new(5, Duration::from_secs(600));
const UPLOADS: Limit = Limit::new(30, Duration::from_secs(30));

/// How the first page went.
pub enum Start {
    Begun {
        link: String,
    },
    /// Something on the page needs another look.
    Refused(Box<StartFields>),
    TooMany(Box<StartFields>, Duration),
}

pub async fn start(
    app: &App,
    opening: &Opening,
    mut fields: StartFields,
    address: std::net::IpAddr,
) -> Result<Start, AppError> {
    if !fields.website.is_empty() {
        fields.said =
            Some("A field that people do not see was filled in. It is empty now: please send the form again.".into());
        fields.website.clear();
        return Ok(Start::Refused(Box::new(fields)));
    }
    let Some(token) = fresh_token(app, &fields.form_token) else {
        fields.said = Some("This page was open for a long time. Please send it again.".into());
        fields.form_token = app.new_id().to_string();
        return Ok(Start::Refused(Box::new(fields)));
    };
    if !fields.with_errors().is_empty() {
        return Ok(Start::Refused(Box::new(fields)));
    }
    if let Some(link) = store::link_by_token(&app.db, token).await? {
        return Ok(Start::Begun { link });
    }
    let keys = [
        (format!("apply {}", limits::address_key(address)), STARTS),
        (format!("mail {}", search_key(&fields.email.value)), LETTERS),
    ];
    if let Some(wait) = limits::take(app, &keys).await? {
        return Ok(Start::TooMany(Box::new(fields), wait));
    }
    let link = begin(app, opening, &fields, token).await?;
    app.job_queued.notify_one();
    Ok(Start::Begun { link })
}

/// Ids carry the time at which they were made.
fn fresh_token(app: &App, typed: &str) -> Option<Uuid> {
    let token: Uuid = typed.parse().ok()?;
    let (seconds, _) = token.get_timestamp()?.to_unix();
    let made = Timestamp(i64::try_from(seconds).ok()?.checked_mul(1_000_000)?);
    let now = app.now();
    (made <= now && made.until(now) < TOKEN_KEPT).then_some(token)
}

async fn begin(app: &App, opening: &Opening, fields: &StartFields, token: Uuid) -> Result<String, AppError> {
    let (id, now, link) = (app.new_id(), app.now(), secret(app));
    let email = crate::ui::clean_line(&fields.email.value);
    let new = NewApplication {
        id,
        opening: opening.id,
        kit_version: opening.kit_version,
        email: &email,
        source: &fields.source,
        source_detail: "",
        link: &link,
        form_token: token,
    };
    let mut tx = app.db.begin().await?;
    if !placing::begin(&mut tx, &new, now).await? {
        drop(tx);
        let link = store::link_by_token(&app.db, token).await?;
        return link.ok_or(AppError::NotFound("application"));
    }
    let answer = |question: &crate::hiring::applications::form::Question| Answer {
        question: question.words.clone(),
        answer: question.value.clone(),
        decision: None,
    };
    let answers: Vec<_> = fields.dealbreakers.iter().map(answer).collect();
    store::set_answers(&mut tx, id, &answers).await?;
    let earlier = store::earlier(&mut tx, opening.id, &email, id).await?;
    letters::begun(&mut tx, app, opening, (id, &email, &link), earlier.as_ref()).await?;
    jobs::store::add(&mut tx, app.new_id(), Task::Forget { draft: id }, now.plus(DRAFT_KEPT)).await?;
    tx.commit().await?;
    Ok(link)
}

/// A file that was chosen, by field.
pub type Chosen = Vec<(Part, String, Bytes)>;

/// Keeps the files that can be taken; what is wrong with the others is said at their fields.
pub async fn keep_files(
    app: &App,
    application: &Application,
    chosen: Chosen,
    fields: &mut DraftFields,
) -> Result<(), AppError> {
    for (part, name, bytes) in chosen {
        let key = (format!("upload {}", application.id), UPLOADS);
        let taken = match limits::take(app, &[key]).await? {
            Some(_) => Err("Too many files at once. Please wait a minute.".to_owned()),
            None => kinds::document(&bytes).map_err(|refused| refused.to_string()),
        };
        match taken {
            Ok(kind) => keep_file(app, application, part, display_name(&name, kind), kind, bytes).await?,
            Err(error) => fields.document(part).error = Some(error),
        }
    }
    Ok(())
}

/// Where the files of an application are.
pub fn folder(application: Uuid) -> Key {
    Key::new("applications", application)
}

pub fn key_of(document: &Document) -> Key {
    folder(document.application).below("files", document.id)
}

/// The bytes first, then the row that names them; the file whose place it takes goes last. An application that was sent
/// or ended meanwhile keeps what it has.
pub async fn keep_file(
    app: &App,
    application: &Application,
    part: Part,
    name: String,
    kind: files::Kind,
    bytes: Bytes,
) -> Result<(), AppError> {
    let document = Document {
        id: app.new_id(),
        application: application.id,
        part,
        name,
        kind,
        size: bytes.len() as u64,
        sha256: files::sha256(&bytes),
        put_at: app.now(),
        text: FileText::Waiting,
    };
    app.files
        .put(&key_of(&document), bytes)
        .await
        .map_err(|e| AppError::Internal(e.into()))?;
    let mut tx = app.db.begin().await?;
    let current = store::lock(&mut tx, application.id).await?;
    if current.is_none_or(|current| current.state != application.state) {
        drop(tx);
        app.files.discard(&key_of(&document)).await;
        return Ok(());
    }
    let replaced: Vec<_> = store::files_in(&mut tx, application.id)
        .await?
        .into_iter()
        .filter(|file| file.part == part)
        .collect();
    for file in &replaced {
        store::remove_file(&mut tx, file.id).await?;
    }
    store::add_file(&mut tx, &document).await?;
    jobs::store::add(&mut tx, app.new_id(), Task::Read { file: document.id }, app.now()).await?;
    tx.commit().await?;
    app.job_queued.notify_one();
    for file in replaced {
        app.files.discard(&key_of(&file)).await;
    }
    Ok(())
}

/// Somebody changed the draft elsewhere since the form was filled.
pub struct Overtaken;

/// Stores everything of the form that can be stored.
pub async fn save(app: &App, id: Uuid, fields: &DraftFields) -> Result<Result<Application, Overtaken>, AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let current = store::lock(&mut tx, id).await?;
    let current = current.ok_or(AppError::NotFound("application"))?;
    if current.state != ApplicationState::Draft {
        return Ok(Err(Overtaken));
    }
    let kept = |field: &crate::ui::Field, before: &str| match field.error {
        None => field.value.clone(),
        Some(_) => before.to_owned(),
    };
    let (name, email) = (kept(&fields.name, &current.name), kept(&fields.email, &current.email));
    let phone = kept(&fields.phone, &current.phone);
    let (source, detail) = (
        kept(&fields.source, &current.source),
        kept(&fields.source_detail, &current.source_detail),
    );
    let before = store::answers_in(&mut tx, current.id).await?;
    let answers = fields.answers(&before);
    if current.revision != fields.revision {
        let stored = [
            &current.name,
            &current.email,
            &current.phone,
            &current.source,
            &current.source_detail,
        ];
        // A double click sends the same form again while the first is under way.
        return match [&name, &email, &phone, &source, &detail] == stored && answers == before {
            true => Ok(Ok(current)),
            false => Ok(Err(Overtaken)),
        };
    }
    store::set_contact(&mut tx, current.id, (&name, &email, &phone), now).await?;
    store::set_draft(&mut tx, current.id, &source, &detail, now).await?;
    store::set_answers(&mut tx, current.id, &answers).await?;
    let saved = store::lock(&mut tx, current.id).await?;
    tx.commit().await?;
    Ok(Ok(saved.ok_or(AppError::NotFound("application"))?))
}

/// Why an application cannot be sent.
pub enum Unsent {
    Closed,
    /// It was sent before: a second click, or another tab.
    Sent,
}

/// Sends an application: the knock-outs of its version of the kit decide now, in the same transaction.
pub async fn send(app: &App, id: Uuid, kit: &Kit) -> Result<Result<(), Unsent>, AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let current = store::lock(&mut tx, id).await?;
    let current = current.ok_or(AppError::NotFound("application"))?;
    if current.state != ApplicationState::Draft {
        return Ok(Err(Unsent::Sent));
    }
    let opening = openings::find_in(&mut tx, current.opening)
        .await?
        .ok_or(AppError::NotFound("job"))?;
    if !opening.takes_applications(now) {
        return Ok(Err(Unsent::Closed));
    }
    let mut answers = store::answers_in(&mut tx, current.id).await?;
    let given: Vec<_> = answers.iter().map(|a| (a.question.clone(), a.answer.clone())).collect();
    let ruling = decide(&kit.knock_outs, &given);
    for (answer, decision) in answers.iter_mut().zip(&ruling.by_answer) {
        answer.decision = *decision;
    }
    store::set_answers(&mut tx, current.id, &answers).await?;
    let stages = openings::stages_in(&mut tx, opening.id).await?;
    let stage = stages.first().ok_or(AppError::NotFound("stage"))?;
    let state = match ruling.decision {
        Decision::Declines => ApplicationState::Declined,
        Decision::Qualifies | Decision::Review => ApplicationState::Active,
    };
    let sent = Submission {
        state,
        stage: stage.id,
        outcome: ruling.decision,
        reason: &ruling.reason,
        keep_until: months_after(now, opening.keep_months),
    };
    placing::submit(&mut tx, &current, &sent, now).await?;
    record(&mut tx, app, &opening, &current, &ruling).await?;
    tx.commit().await?;
    app.job_queued.notify_one();
    Ok(Ok(()))
}

async fn record(
    tx: &mut Tx,
    app: &App,
    opening: &Opening,
    current: &Application,
    ruling: &Ruling,
) -> Result<(), DbError> {
    let now = app.now();
    store::add_event(tx, app.new_id(), current.id, None, ("Application sent", ""), now).await?;
    match ruling.decision {
        Decision::Declines => {
            let said = ("Knocked out", ruling.reason.as_str());
            store::add_event(tx, app.new_id(), current.id, None, said, now).await?;
            let wait = Duration::from_secs(u64::from(opening.decline_after_hours) * 3_600);
            jobs::store::add(
                tx,
                app.new_id(),
                Task::Decline {
                    application: current.id,
                },
                now.plus(wait),
            )
            .await
        }
        Decision::Qualifies | Decision::Review => {
            letters::write(tx, app, current.id, Event::ApplicationReceipt, letters::AUTOMATIC).await
        }
    }
}

/// By the calendar, near enough: a twelfth of a year each.
pub fn months_after(now: Timestamp, months: u32) -> Timestamp {
    now.plus(Duration::from_secs(u64::from(months) * 365 * 24 * 3_600 / 12))
}

/// Deletes a draft, with its files.
pub async fn remove(app: &App, application: Uuid) -> Result<bool, AppError> {
    let mut tx = app.db.begin().await?;
    let removed = match store::lock(&mut tx, application).await? {
        Some(draft) => placing::remove(&mut tx, &draft, app.now()).await?,
        None => false,
    };
    tx.commit().await?;
    if removed {
        app.files
            .delete_all(&folder(application))
            .await
            .map_err(|e| AppError::Internal(e.into()))?;
    }
    Ok(removed)
}
