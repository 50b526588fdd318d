//! The rules of answering: how often, until when, in which order parts arrive, and that an answer is final.

use std::time::Duration;

use axum::body::Bytes;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::db::{DbError, Tx};
use crate::error::AppError;
use crate::files::{self, Kind, Refused, StoreError, recordings};
use crate::hiring::applications::{letters, store as applications};
use crate::hiring::takes::{
    Door, Form, MOST_PART, MOST_WORDS, SENDING_GRACE, Take, WRITING_GRACE, clock, deadline, door, limit, most_bytes,
    store,
};
use crate::hiring::{Application, ApplicationState, Opening};
use crate::mail::Event;
use crate::people::limits;
use crate::roles::kit::{Kit, VideoQuestion};

/// Recordings begun for one application: more than anybody needs, too few to keep the disk busy.
const BEGINNINGS: limits::Limit = limits::Limit::new(20, Duration::from_secs(30));
/// What a recorder runs over before it stops.
const OVERRUN: u32 = 5;

/// Why an answer is not taken, in words for the candidate.
#[derive(Debug, thiserror::Error)]
pub enum TakingError {
    #[error("This application is not under way any more, so nothing more can be sent.")]
    Shut,
    #[error("The time for video answers has passed. Answer the last mail that you got from us: it can be extended.")]
    Late,
    #[error("This question is answered already, and the answer is final.")]
    Answered,
    #[error("All recordings of this question are used. Submit the one that is here, or write your answer.")]
    NoneLeft,
    #[error("That were many recordings at once. Please wait half a minute.")]
    TooOften,
    #[error("This recording was thrown away. Begin a new one, or write your answer.")]
    Removed,
    #[error("There is nothing in this recording yet.")]
    Nothing,
    #[error("The recording is not complete: {have} parts have arrived.")]
    Gap { have: u32 },
    #[error("This recording is larger than it may be. Submit what has arrived, or record again.")]
    TooLarge,
    #[error("{0}")]
    NotARecording(#[from] Refused),
    #[error("{0}")]
    Words(&'static str),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    App(#[from] AppError),
}

/// Whose answer to what: everything that the rules ask about.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub application: &'a Application,
    pub opening: &'a Opening,
    pub kit: &'a Kit,
}

impl<'a> Asked<'a> {
    /// The question with this index, from 0.
    pub fn question(&self, at: u32) -> Result<&'a VideoQuestion, AppError> {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        self.kit.video_questions.get(at).ok_or(AppError::NotFound("question"))
    }

    /// Whether this may still arrive, when something of it is on its way.
    fn may_arrive(&self, take: &Take, now: Timestamp) -> Result<(), TakingError> {
        let until = deadline(self.application, self.opening).ok_or(TakingError::Shut)?;
        match door(self.application, self.opening, now) {
            Door::Shut => Err(TakingError::Shut),
            Door::Late if take.began_at > until || now > until.plus(SENDING_GRACE) => Err(TakingError::Late),
            _ => Ok(()),
        }
    }
}

/// How many of the recordings of a question were begun.
pub fn used(takes: &[Take], question: u32) -> u32 {
    let recorded = takes
        .iter()
        .filter(|take| take.question == question && take.is_recorded());
    u32::try_from(recorded.count()).unwrap_or(u32::MAX)
}

pub fn submitted(takes: &[Take], question: u32) -> Option<&Take> {
    takes
        .iter()
        .find(|take| take.question == question && take.submitted_at.is_some())
}

/// Counts a recording, unless the same request did so before.
pub async fn begin(app: &App, asked: Asked<'_>, question: u32, form: Form, token: Uuid) -> Result<Take, TakingError> {
    asked.question(question)?;
    let now = app.now();
    if form == Form::Written {
        return Err(AppError::Malformed("a written answer is not recorded".into()).into());
    }
    let key = format!("takes {}", asked.application.id);
    if limits::take(app, &[(key, BEGINNINGS)]).await?.is_some() {
        return Err(TakingError::TooOften);
    }
    let mut tx = app.db.begin().await?;
    let application = lock(&mut tx, asked.application.id).await?;
    if let Some(take) = store::by_token(&mut tx, token, application.id, question).await? {
        return Ok(take);
    }
    match door(&application, asked.opening, now) {
        Door::Open => {}
        Door::Late => return Err(TakingError::Late),
        Door::Shut => return Err(TakingError::Shut),
    }
    let takes = store::of_application_in(&mut tx, application.id).await?;
    if submitted(&takes, question).is_some() {
        return Err(TakingError::Answered);
    }
    if used(&takes, question) >= asked.opening.video_takes {
        return Err(TakingError::NoneLeft);
    }
    let take = new(app, &takes, application.id, question, form);
    store::add(&mut tx, &take, Some(token)).await?;
    tx.commit().await?;
    Ok(take)
}

/// Whoever else would answer for this application waits.
async fn lock(tx: &mut Tx, application: Uuid) -> Result<Application, TakingError> {
    let found = applications::lock(tx, application).await?;
    Ok(found.ok_or(AppError::NotFound("application"))?)
}

fn new(app: &App, takes: &[Take], application: Uuid, question: u32, form: Form) -> Take {
    let of_question = takes.iter().filter(|take| take.question == question);
    Take {
        id: app.new_id(),
        application,
        question,
        number: of_question.map(|take| take.number).max().unwrap_or_default() + 1,
        form,
        kind: None,
        parts: 0,
        bytes: 0,
        seconds: 0,
        words: String::new(),
        began_at: app.now(),
        submitted_at: None,
        removed_at: None,
    }
}

pub async fn find(app: &App, asked: Asked<'_>, id: Uuid) -> Result<Take, AppError> {
    let found = store::find(&app.db, id, asked.application.id).await?;
    found.ok_or(AppError::NotFound("recording"))
}

/// Keeps the next part of a recording; says how many there are now. A part that is here already changes nothing.
pub async fn add_part(
    app: &App,
    asked: Asked<'_>,
    id: Uuid,
    (number, bytes, seconds): (u32, Bytes, u32),
) -> Result<u32, TakingError> {
    let take = find(app, asked, id).await?;
    let question = asked.question(take.question)?;
    takes_parts(app, asked, &take)?;
    if number < take.parts {
        return Ok(take.parts);
    }
    if number > take.parts {
        return Err(TakingError::Gap { have: take.parts });
    }
    let kind = kind_with(&take, &bytes)?;
    let size = bytes.len();
    if size > MOST_PART || take.bytes + size as u64 > most_bytes(limit(question)) {
        return Err(TakingError::TooLarge);
    }
    recordings::put_part(&app.files, &take.key(), number, bytes).await?;
    let mut tx = app.db.begin().await?;
    let seconds = seconds.min(limit(question) + OVERRUN).max(take.seconds);
    if store::add_part(&mut tx, &take, size, kind, seconds).await? {
        tx.commit().await?;
        return Ok(number + 1);
    }
    drop(tx);
    // Somebody was quicker: with the same part, or by throwing the recording away.
    let now = find(app, asked, id).await?;
    if now.removed_at.is_some() {
        app.files.delete_all(&now.key()).await?;
    }
    takes_parts(app, asked, &now)?;
    Ok(now.parts)
}

fn takes_parts(app: &App, asked: Asked<'_>, take: &Take) -> Result<(), TakingError> {
    if take.submitted_at.is_some() {
        return Err(TakingError::Answered);
    }
    if take.removed_at.is_some() || !take.is_recorded() {
        return Err(TakingError::Removed);
    }
    asked.may_arrive(take, app.now())
}

/// What the recording is, which its first part tells.
fn kind_with(take: &Take, bytes: &Bytes) -> Result<Kind, TakingError> {
    match take.kind {
        Some(_) if bytes.is_empty() => Err(Refused::Empty.into()),
        Some(kind) => Ok(kind),
        None => Ok(files::kinds::recording(bytes)?),
    }
}

/// Makes a recording the answer, for good. Whoever sends it twice gets the same.
pub async fn submit(app: &App, asked: Asked<'_>, id: Uuid, parts: u32, seconds: u32) -> Result<Take, TakingError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let application = lock(&mut tx, asked.application.id).await?;
    let take = store::find_in(&mut tx, id, application.id).await?;
    let take = take.ok_or(AppError::NotFound("recording"))?;
    if take.submitted_at.is_some() {
        return Ok(take);
    }
    let asked = Asked {
        application: &application,
        ..asked
    };
    let takes = store::of_application_in(&mut tx, application.id).await?;
    if submitted(&takes, take.question).is_some() {
        return Err(TakingError::Answered);
    }
    takes_parts(app, asked, &take)?;
    if take.parts == 0 {
        return Err(TakingError::Nothing);
    }
    if parts != take.parts {
        return Err(TakingError::Gap { have: take.parts });
    }
    let longest = limit(asked.question(take.question)?) + OVERRUN;
    let seconds = seconds.min(longest).max(take.seconds);
    store::submit(&mut tx, id, seconds, now).await?;
    let take = Take {
        seconds,
        submitted_at: Some(now),
        ..take
    };
    conclude(app, tx, asked, &take, &takes).await?;
    Ok(take)
}

/// Keeps what was written as the answer, for good.
pub async fn write(app: &App, asked: Asked<'_>, question: u32, words: &str) -> Result<Take, TakingError> {
    asked.question(question)?;
    let now = app.now();
    let words = check(words)?;
    let mut tx = app.db.begin().await?;
    let application = lock(&mut tx, asked.application.id).await?;
    let until = deadline(&application, asked.opening).ok_or(TakingError::Shut)?;
    match door(&application, asked.opening, now) {
        Door::Shut => return Err(TakingError::Shut),
        Door::Late if now > until.plus(WRITING_GRACE) => return Err(TakingError::Late),
        _ => {}
    }
    let takes = store::of_application_in(&mut tx, application.id).await?;
    match submitted(&takes, question) {
        // The same form, sent twice.
        Some(take) if take.words == words => return Ok(take.clone()),
        Some(_) => return Err(TakingError::Answered),
        None => {}
    }
    let take = Take {
        words,
        submitted_at: Some(now),
        ..new(app, &takes, application.id, question, Form::Written)
    };
    store::add(&mut tx, &take, None).await?;
    conclude(app, tx, asked, &take, &takes).await?;
    Ok(take)
}

fn check(words: &str) -> Result<String, TakingError> {
    let kept: String = words
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !c.is_control() || *c == '\n' || *c == '\t')
        .collect();
    match kept.trim() {
        "" => Err(TakingError::Words("Write your answer; a few sentences are enough.")),
        text if text.chars().count() > MOST_WORDS => Err(TakingError::Words(
            "This is longer than 5,000 characters. Please shorten it a little.",
        )),
        text => Ok(text.to_owned()),
    }
}

/// The question is answered: says so in the history, and by mail if it was the last one, and lets go of the other tries.
async fn conclude(app: &App, mut tx: Tx, asked: Asked<'_>, take: &Take, takes: &[Take]) -> Result<(), TakingError> {
    let now = app.now();
    let what = format!("Video answer {} received", take.question + 1);
    let detail = match take.form {
        Form::Written => "written".to_owned(),
        Form::Audio => format!("sound only, {}", clock(take.seconds)),
        Form::Video => format!("video, {}", clock(take.seconds)),
    };
    applications::add_event(&mut tx, app.new_id(), take.application, None, (&what, &detail), now).await?;
    let mut gone = Vec::new();
    for other in takes {
        if other.question == take.question && other.id != take.id && store::remove(&mut tx, other.id, now).await? {
            gone.push(other.key());
        }
    }
    let questions = u32::try_from(asked.kit.video_questions.len()).unwrap_or(u32::MAX);
    if (0..questions).all(|at| at == take.question || submitted(takes, at).is_some()) {
        let (event, sender) = (Event::ApplicationAnswers, letters::AUTOMATIC);
        letters::write(&mut tx, app, take.application, event, sender).await?;
    }
    tx.commit().await?;
    app.job_queued.notify_one();
    for key in gone {
        // The answer is there: what cannot be deleted now goes with the application.
        if let Err(error) = app.files.delete_all(&key).await {
            tracing::warn!(%error, %key, "a recording that was not submitted is still in the store");
        }
    }
    Ok(())
}

/// Throws a recording away. It stays counted.
pub async fn remove(app: &App, asked: Asked<'_>, id: Uuid) -> Result<Take, TakingError> {
    let take = find(app, asked, id).await?;
    if take.submitted_at.is_some() {
        return Err(TakingError::Answered);
    }
    if asked.application.state != ApplicationState::Active {
        return Err(TakingError::Shut);
    }
    let mut tx = app.db.begin().await?;
    if store::remove(&mut tx, id, app.now()).await? {
        tx.commit().await?;
    }
    // Again, if the last time failed in between.
    let now = find(app, asked, id).await?;
    match now.removed_at {
        Some(_) => app.files.delete_all(&now.key()).await?,
        None => return Err(TakingError::Answered),
    }
    Ok(now)
}
