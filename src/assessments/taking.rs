//! The rules of a test under way: who may save, when it ends, what is submitted.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::app::App;
use crate::assessments::letters::letter;
use crate::assessments::{Assessment, Draft, Fate, LogEntry, RunReport, State, store};
use crate::clock::Timestamp;
use crate::db::{DbError, Tx};
use crate::error::AppError;
use crate::grader::{LARGEST_SEED, Language, Program};
use crate::jobs::{self, Job, JobError, Task};
use crate::mail::{self, Event};
use crate::people::limits;
use crate::submissions::form::MOST_BYTES;
use crate::submissions::{CodingTest, Replayed, store as submissions};

/// What is typed in the last second still arrives: drafts are taken, and the last is submitted, so long after the end.
pub const GRACE: Duration = Duration::from_secs(10);
/// How long a run waits for a free place in the laboratory.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// Runs of one test: enough for the most eager, too few to keep a processor busy.
const RUNS: limits::Limit = limits::Limit::new(10, Duration::from_secs(3));
const MOST_RUNS: u32 = 300;
const MOST_ENTRIES: u32 = 200;
const LONGEST_LINE: usize = 2_000;

/// Why a page of the candidate's cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum TakingError {
    #[error("This test is open in another tab or on another device, and that one saves now.")]
    AnotherTab,
    #[error("The time is up. The last draft has been submitted.")]
    Over,
    #[error("The program has {0} bytes; at most 262 144 (256 KiB) are taken. It was not saved.")]
    TooLarge(usize),
    #[error("Many are running their programs just now. Your code is saved; please run it again in a moment.")]
    Busy,
    #[error("That was many runs at once. Your code is saved; the next run is possible in a few seconds.")]
    TooOften,
    #[error("That were {MOST_RUNS} runs; there are no more. Your code is saved, and you can go on and submit it.")]
    NoRunsLeft,
    #[error("The log has {MOST_ENTRIES} entries, and takes no more.")]
    LogFull,
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    App(#[from] AppError),
}

/// What stands in the editor, as a form brings it.
#[derive(Clone, Debug)]
pub struct Typed {
    pub tab: String,
    pub language: Language,
    pub source: String,
}

/// An address that cannot be guessed, or the name of a page: 24 random bytes.
pub fn secret(app: &App) -> String {
    URL_SAFE_NO_PAD.encode(app.random::<24>())
}

/// Whether it could be one at all: nothing else reaches the database.
pub fn is_secret(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// Notes that the candidate has seen the invitation.
pub async fn note_opening(app: &App, assessment: &Assessment) -> Result<(), DbError> {
    if assessment.opened_at.is_some() {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    store::set_opened(&mut tx, assessment.id, app.now()).await?;
    tx.commit().await
}

/// Starts the clock, once.
pub async fn start(app: &App, assessment: &Assessment, test: &CodingTest) -> Result<(), DbError> {
    let now = app.now();
    let ends_at = now.plus(given(assessment));
    let mut tx = app.db.begin().await?;
    if store::start(&mut tx, assessment.id, now, ends_at).await? {
        let draft = Draft {
            language: Language::JavaScript,
            source: test.starter_js.clone(),
            tab: secret(app),
            saved_at: now,
        };
        store::put_draft(&mut tx, assessment.id, &draft).await?;
        let task = Task::Close {
            assessment: assessment.id,
        };
        jobs::store::add(&mut tx, app.new_id(), task, ends_at.plus(GRACE)).await?;
    }
    tx.commit().await
}

fn given(assessment: &Assessment) -> Duration {
    Duration::from_secs(60 * u64::from(assessment.minutes_given()))
}

/// A page was opened: from now on it is the one that saves.
pub async fn take_over(app: &App, assessment: &Assessment) -> Result<String, DbError> {
    let tab = secret(app);
    let mut tx = app.db.begin().await?;
    store::take_over(&mut tx, assessment.id, &tab).await?;
    tx.commit().await?;
    Ok(tab)
}

/// Stores what was typed. Once this returns, nothing can lose it.
pub async fn save(app: &App, assessment: &Assessment, typed: &Typed) -> Result<(), TakingError> {
    let mut tx = app.db.begin().await?;
    save_in(app, &mut tx, assessment, typed).await?;
    Ok(tx.commit().await?)
}

async fn save_in(app: &App, tx: &mut Tx, assessment: &Assessment, typed: &Typed) -> Result<(), TakingError> {
    if typed.source.len() > MOST_BYTES {
        return Err(TakingError::TooLarge(typed.source.len()));
    }
    let now = app.now();
    let program = (typed.language, typed.source.as_str());
    if is_secret(&typed.tab) && store::save_draft(tx, assessment.id, &typed.tab, program, now, now.minus(GRACE)).await?
    {
        return Ok(());
    }
    let current = store::find_in(tx, assessment.id).await?;
    let going_on = current.is_some_and(|a| a.state(now) == State::Started && a.ends_at > Some(now.minus(GRACE)));
    Err(if going_on {
        TakingError::AnotherTab
    } else {
        TakingError::Over
    })
}

/// Saves, and plays the public scenarios.
pub async fn run(app: &App, assessment: &Assessment, typed: &Typed) -> Result<(), TakingError> {
    save(app, assessment, typed).await?;
    if store::count_runs(&app.db, assessment.id).await? >= MOST_RUNS {
        return Err(TakingError::NoRunsLeft);
    }
    allow_run(app, assessment).await?;
    let program = Program {
        language: typed.language,
        source: typed.source.clone().into_bytes(),
    };
    let report = rehearse(app, &assessment.challenge, program.clone(), seed_of(assessment)).await?;
    let mut tx = app.db.begin().await?;
    store::lock(&mut tx, assessment.id).await?;
    store::add_run(&mut tx, app.new_id(), assessment.id, &program, &report, app.now()).await?;
    Ok(tx.commit().await?)
}

pub async fn allow_run(app: &App, assessment: &Assessment) -> Result<(), TakingError> {
    let key = format!("runs {}", assessment.id);
    match limits::take(app, &[(key, RUNS)]).await? {
        None => Ok(()),
        Some(_) => Err(TakingError::TooOften),
    }
}

/// The same for all runs of one candidate, so that only the program makes a difference.
fn seed_of(assessment: &Assessment) -> u64 {
    assessment.id.as_u64_pair().1 % LARGEST_SEED
}

/// Waits for a place in the laboratory, and plays the public scenarios there.
pub async fn rehearse(app: &App, challenge: &str, program: Program, seed: u64) -> Result<RunReport, TakingError> {
    let place = tokio::time::timeout(PATIENCE, Arc::clone(&app.replaying).acquire_owned()).await;
    let Ok(Ok(place)) = place else {
        return Err(TakingError::Busy);
    };
    let (laboratory, challenge) = (Arc::clone(&app.laboratory), challenge.to_owned());
    let started = app.now();
    let work = move || {
        let rehearsal = catch_unwind(AssertUnwindSafe(|| laboratory.rehearse(&challenge, &program, seed)));
        drop(place);
        rehearsal
    };
    let rehearsal = tokio::task::spawn_blocking(work).await.map_err(AppError::from)?;
    let rehearsal = rehearsal.map_err(|_| AppError::Internal("the laboratory panicked".into()))?;
    let rehearsal = rehearsal.map_err(|_| AppError::NotFound("coding test"))?;
    Ok(RunReport {
        verdict: rehearsal.verdict,
        console: rehearsal.console,
        took_ms: u64::try_from(started.until(app.now()).as_millis()).unwrap_or(u64::MAX),
    })
}

/// The rehearsal's scenario, drawn, with what was printed; `None` where the program cannot be run.
pub async fn replay(app: &App, test: &CodingTest, program: Program) -> Result<Option<Replayed>, TakingError> {
    let place = tokio::time::timeout(PATIENCE, Arc::clone(&app.replaying).acquire_owned()).await;
    let Ok(Ok(place)) = place else {
        return Err(TakingError::Busy);
    };
    let laboratory = Arc::clone(&app.laboratory);
    let (id, scenario) = (test.id.clone(), test.warm_up_scenario.clone());
    let work = move || {
        let replayed = laboratory.replay(&id, &program, &scenario, 1);
        drop(place);
        replayed
    };
    let replayed = tokio::task::spawn_blocking(work).await.map_err(AppError::from)?;
    Ok(replayed.ok())
}

/// One line of the log, as a form brings it.
#[derive(Clone, Debug)]
pub struct CheckedEntry {
    pub proposed: String,
    pub fate: Fate,
    pub why: String,
}

/// Text of a few lines at most.
pub fn check_text(text: &str, what: &'static str) -> Result<String, &'static str> {
    let kept: String = text
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect();
    match kept.trim() {
        "" => Err(what),
        text if text.chars().count() > LONGEST_LINE => Err("At most 2 000 characters, please."),
        text => Ok(text.to_owned()),
    }
}

pub async fn add_entry(app: &App, assessment: &Assessment, entry: CheckedEntry) -> Result<(), TakingError> {
    if store::count_log(&app.db, assessment.id).await? >= MOST_ENTRIES {
        return Err(TakingError::LogFull);
    }
    let mut tx = writing(app, assessment).await?;
    store::add_entry(&mut tx, assessment.id, &with_id(app, app.new_id(), entry)).await?;
    Ok(tx.commit().await?)
}

pub async fn change_entry(
    app: &App,
    assessment: &Assessment,
    id: Uuid,
    entry: CheckedEntry,
) -> Result<(), TakingError> {
    let mut tx = writing(app, assessment).await?;
    if !store::change_entry(&mut tx, assessment.id, &with_id(app, id, entry)).await? {
        return Err(AppError::NotFound("entry").into());
    }
    Ok(tx.commit().await?)
}

pub async fn remove_entry(app: &App, assessment: &Assessment, id: Uuid) -> Result<(), TakingError> {
    let mut tx = writing(app, assessment).await?;
    store::remove_entry(&mut tx, assessment.id, id).await?;
    Ok(tx.commit().await?)
}

fn with_id(app: &App, id: Uuid, entry: CheckedEntry) -> LogEntry {
    LogEntry {
        id,
        proposed: entry.proposed,
        fate: entry.fate,
        why: entry.why,
        written_at: app.now(),
    }
}

/// A transaction in which the test is still under way.
async fn writing(app: &App, assessment: &Assessment) -> Result<Tx, TakingError> {
    let mut tx = app.db.begin().await?;
    store::lock(&mut tx, assessment.id).await?;
    let now = app.now();
    let current = store::find_in(&mut tx, assessment.id).await?;
    if current.is_some_and(|a| a.state(now) == State::Started && a.ends_at > Some(now.minus(GRACE))) {
        Ok(tx)
    } else {
        Err(TakingError::Over)
    }
}

/// Submits what was typed. Sending it twice submits once.
pub async fn submit(app: &App, assessment: &Assessment, typed: &Typed) -> Result<(), TakingError> {
    let mut tx = app.db.begin().await?;
    store::lock(&mut tx, assessment.id).await?;
    let Some(current) = store::find_in(&mut tx, assessment.id).await? else {
        return Err(AppError::NotFound("coding test").into());
    };
    if current.submitted_at.is_some() {
        return Ok(());
    }
    save_in(app, &mut tx, &current, typed).await?;
    submit_draft(app, &mut tx, &current).await?;
    tx.commit().await?;
    app.job_queued.notify_waiters();
    app.job_queued.notify_one();
    Ok(())
}

/// The job at the end of the time: submits the last draft, unless there is a submission, or the time was extended.
pub async fn close(app: &App, job: &Job, id: Uuid) -> Result<(), JobError> {
    let mut tx = app.db.begin().await?;
    store::lock(&mut tx, id).await?;
    let current = store::find_in(&mut tx, id).await?;
    let now = app.now();
    if let Some(current) = current.filter(|a| a.state(now) == State::Started) {
        let due = current.ends_at.unwrap_or(now).plus(GRACE);
        if due > now {
            drop(tx);
            return Ok(jobs::store::release(&app.db, job, due).await?);
        }
        submit_draft(app, &mut tx, &current).await?;
    }
    if jobs::store::remove(&mut tx, job).await? {
        tx.commit().await?;
        app.job_queued.notify_one();
    }
    Ok(())
}

/// The draft becomes a submission, with the job that grades it and the mail that says so.
async fn submit_draft(app: &App, tx: &mut Tx, assessment: &Assessment) -> Result<(), DbError> {
    let now = app.now();
    let draft = store::draft_in(tx, assessment.id).await?.ok_or(DbError::Corrupt {
        what: "draft",
        why: format!("assessment {} has none", assessment.id),
    })?;
    let new = submissions::NewSubmission {
        id: app.new_id(),
        challenge: assessment.challenge.clone(),
        title: assessment.candidate.clone(),
        program: Program {
            language: draft.language,
            source: draft.source.into_bytes(),
        },
        seed: app.random_up_to(LARGEST_SEED),
        submitted_by: store::inviter(tx, assessment.id).await?,
        // One assessment has one submission, whatever happens.
        form_token: assessment.id,
    };
    submissions::add(tx, &new, now).await?;
    jobs::store::add(tx, app.new_id(), Task::Grade { submission: new.id }, now).await?;
    store::submit(tx, assessment.id, now, new.id).await?;
    let received = at_the_end(assessment, now);
    mail::queue(tx, app, &letter(app, assessment, Event::Receipt, Some(received))).await
}

/// Whether the clock submitted, and not the candidate.
fn at_the_end(assessment: &Assessment, now: Timestamp) -> Timestamp {
    assessment.ends_at.map_or(now, |ends_at| ends_at.min(now))
}
