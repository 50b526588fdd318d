//! What candidates do with an application that was sent, and what is still theirs to do.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::assessments::{self, Assessment, State};
use crate::clock::Timestamp;
use crate::db::DbError;
use crate::error::AppError;
use crate::hiring::applications::standing::ToDo;
use crate::hiring::applications::{letters, placing, store};
use crate::hiring::pipeline::index;
use crate::hiring::takes::{self, Door, Take, standing as answers};
use crate::hiring::{Application, ApplicationState, Opening};
use crate::mail::{self, Event, Letter};
use crate::roles::kit::Kit;
use crate::ui::{clean_line, shortened};

const MOST_WHY: usize = 1_000;

/// The coding tests that were given for an application.
pub async fn tests(app: &App, application: Uuid) -> Result<Vec<Assessment>, AppError> {
    let mut tests = Vec::new();
    for id in store::assessments(&app.db, application).await? {
        tests.push(assessments::pages::find(app, id).await?);
    }
    Ok(tests)
}

pub async fn to_do(
    app: &App,
    application: &Application,
    opening: &Opening,
    kit: &Kit,
    misses_resume: bool,
    tests: &[Assessment],
) -> Result<Vec<ToDo>, AppError> {
    if application.state != ApplicationState::Active {
        return Ok(Vec::new());
    }
    let resume = misses_resume.then(|| ToDo {
        what: "Send us your résumé".into(),
        url: "#resume".into(),
        by: None,
    });
    let waiting = |test: &&Assessment| matches!(test.state(app.now()), State::Invited | State::Opened | State::Started);
    let tests = tests.iter().filter(waiting).filter_map(|test| {
        Some(ToDo {
            what: format!("Take the coding test, {} minutes", test.minutes_given()),
            url: format!("/test/{}", test.link.as_ref()?),
            by: Some(test.ends_at.unwrap_or(test.deadline)),
        })
    });
    let videos = videos(app, application, opening, kit).await?;
    Ok(resume.into_iter().chain(videos).chain(tests).collect())
}

/// The video questions that are not answered yet, in one line.
async fn videos(app: &App, application: &Application, opening: &Opening, kit: &Kit) -> Result<Option<ToDo>, AppError> {
    if takes::door(application, opening, app.now()) != Door::Open {
        return Ok(None);
    }
    let progress = answers::progress(app, application, kit, opening).await?;
    let left: Vec<_> = progress.iter().filter(|question| !question.is_done()).collect();
    let seconds: u32 = left.iter().map(|question| question.limit_seconds).sum();
    Ok(left.first().map(|first| ToDo {
        what: match left.len() {
            1 => format!("Answer a question by video, {} at most", takes::spoken(seconds)),
            n => format!("Answer {n} questions by video, {} at most", takes::spoken(seconds)),
        },
        url: format!("/application/{}/videos", application.link),
        by: first.deadline,
    }))
}

/// The candidate's answers to video questions: what was written, and where what was recorded can be fetched.
pub async fn recordings(app: &App, application: &Application) -> Result<Vec<Value>, AppError> {
    let takes = takes::store::of_application(&app.db, application.id).await?;
    let submitted = takes.iter().filter(|take| take.submitted_at.is_some());
    let line = |take: &Take| {
        let path = format!("/application/{}/takes/{}/recording", application.link, take.id);
        json!({
            "question": take.question + 1,
            "form": take.form.id(),
            "written": (!take.is_recorded()).then_some(&take.words),
            "address": take.is_recorded().then(|| app.config.public_url.join(&path)),
            "submitted": take.submitted_at.map(Timestamp::iso),
        })
    };
    Ok(submitted.map(line).collect())
}

/// Notes that the candidate did something.
pub async fn note(app: &App, application: Uuid, what: &str) -> Result<(), DbError> {
    let mut tx = app.db.begin().await?;
    store::add_event(&mut tx, app.new_id(), application, None, (what, ""), app.now()).await?;
    tx.commit().await
}

/// Both addresses hear of it: whoever has found the link must not take an application away in silence.
pub async fn change_contact(app: &App, id: Uuid, changed: (&str, &str, &str)) -> Result<(), AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let before = store::lock(&mut tx, id)
        .await?
        .ok_or(AppError::NotFound("application"))?;
    if (before.name.as_str(), before.email.as_str(), before.phone.as_str()) == changed {
        return Ok(());
    }
    store::set_contact(&mut tx, id, changed, now).await?;
    index::refresh(&mut tx, id).await?;
    let detail = format!("before: {}, {}, {}", before.name, before.email, before.phone);
    store::add_event(&mut tx, app.new_id(), id, None, ("Contact data changed", &detail), now).await?;
    let opening = crate::hiring::openings::store::find_in(&mut tx, before.opening).await?;
    let opening = opening.ok_or(AppError::NotFound("job"))?;
    let (old, event) = (before.email.clone(), Event::ApplicationContact);
    letters::write(&mut tx, app, id, event, letters::AUTOMATIC).await?;
    if old != changed.1 {
        letters::write_to(&mut tx, app, (&before, &opening), &old, event, letters::AUTOMATIC).await?;
    }
    tx.commit().await?;
    app.job_queued.notify_one();
    Ok(())
}

pub async fn withdraw(app: &App, id: Uuid, why: &str) -> Result<(), AppError> {
    let why: String = clean_line(why).chars().take(MOST_WHY).collect();
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let current = store::lock(&mut tx, id).await?;
    let current = current.ok_or(AppError::NotFound("application"))?;
    if placing::end(&mut tx, &current, ApplicationState::Withdrawn, &why, now).await? {
        store::add_event(&mut tx, app.new_id(), id, None, ("Application withdrawn", &why), now).await?;
        letters::write(&mut tx, app, id, Event::ApplicationWithdrawal, letters::AUTOMATIC).await?;
        tx.commit().await?;
        app.job_queued.notify_one();
    }
    Ok(())
}

pub async fn ask_erasure(app: &App, application: &Application) -> Result<(), AppError> {
    let (id, now) = (application.id, app.now());
    if application.state == ApplicationState::Draft {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    if store::ask_erasure(&mut tx, id, now).await? {
        store::add_event(&mut tx, app.new_id(), id, None, ("Erasure asked for", ""), now).await?;
        letters::write(&mut tx, app, id, Event::ApplicationErasure, letters::AUTOMATIC).await?;
        tx.commit().await?;
        app.job_queued.notify_one();
    }
    Ok(())
}

/// One mail with the links to everything that an address has begun or sent.
pub async fn send_links(app: &App, email: &str) -> Result<(), AppError> {
    let found = store::of_address(&app.db, email).await?;
    let Some((newest, _)) = found.first() else {
        return Ok(());
    };
    let line = |(application, job): &(Application, String)| {
        let job = shortened(job, 80);
        let when = application.submitted_at.unwrap_or(application.started_at).day_words();
        let state = match application.submitted_at {
            Some(_) => "sent",
            None => "begun",
        };
        format!(
            "{job}, {state} on {when}:\n{}",
            letters::address(app, &application.link)
        )
    };
    let lines: Vec<_> = found.iter().map(line).collect();
    let letter = Letter {
        event: Event::ApplicationLinks,
        to_name: newest.name.clone(),
        to_address: newest.email.clone(),
        about: newest.id,
        sender: letters::AUTOMATIC.into(),
        values: vec![("link", lines.join("\n\n"))],
    };
    let mut tx = app.db.begin().await?;
    mail::queue(&mut tx, app, &letter).await?;
    tx.commit().await?;
    app.job_queued.notify_one();
    Ok(())
}

/// How long ago, in whole days.
pub fn days_since(at: Timestamp, now: Timestamp) -> u64 {
    at.until(now).as_secs() / 86_400
}
