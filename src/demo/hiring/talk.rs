//! What the panel says about some of those who applied: comments, tags, things to do, a letter, and a duplicate.

use std::time::Duration;

use axum::body::Bytes;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::demo::{DemoError, Panel, Past};
use crate::error::AppError;
use crate::hiring::applications::{handling, merging, store};
use crate::hiring::attachments;
use crate::hiring::letters::writing;
use crate::hiring::openings::store as openings;
use crate::hiring::talk::{self, acts};
use crate::hiring::{Application, Opening};
use crate::jobs;
use crate::mail::texts::Text;
use crate::people::Staff;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);

const TESTED: &str = "candidate36@demo.test";

const QUESTION: &str = "Hello {{candidate}},

your answer about the meter readings stayed with us, and we have one question: who looked at the difference each morning, \
and what did they do on the first day when it was not nothing?

Two sentences are enough. What you have sent us is here:
{{link}}

Kind regards
{{sender}}
{{company}}";

const CALL: &str = "First call, thirty minutes

Work: two years of carrier connections, one of them moved to a new version without a lost parcel.
What went wrong: a certificate ran out on a Sunday. Has written the check that warns a month ahead.
Wants: fewer partners, more time for each. Two days a week in the office.
Free: from March.
Open: the salary was not spoken about.
";

/// What is talked about, in the order of time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    Tested,
    Answered,
    Called,
    Asked,
    SentTwice,
    Waiting,
}

pub fn times(now: Timestamp) -> impl Iterator<Item = (Timestamp, Topic)> {
    let ago = [
        (51, Topic::Tested),
        (46, Topic::Answered),
        (30, Topic::Called),
        (22, Topic::Asked),
        (20, Topic::SentTwice),
        (4, Topic::Waiting),
    ];
    ago.into_iter()
        .map(move |(hours, topic)| (now.minus(HOUR * hours), topic))
}

pub async fn play(past: &Past, panel: Panel<'_>, topic: Topic) -> Result<(), DemoError> {
    match topic {
        Topic::Tested => about_the_tested(&past.app, panel).await,
        Topic::Answered => an_answer(&past.app, panel).await,
        Topic::Called => a_call(&past.app, panel).await,
        Topic::Asked => once_asked(&past.app, panel).await,
        Topic::SentTwice => one_of_two(past, panel).await,
        Topic::Waiting => about_the_waiting(&past.app, panel).await,
    }?;
    Ok(jobs::run_until_idle(&past.app).await?)
}

async fn about_the_tested(app: &App, panel: Panel<'_>) -> Result<(), DemoError> {
    let (recruiter, manager) = (panel.recruiter, panel.manager);
    let (application, _) = of(app, TESTED).await?;
    handling::assign(app, recruiter, application.id, Some(recruiter.id)).await?;
    for tag in ["energy", "can start in January"] {
        acts::tag(app, recruiter, &application, tag).await?.map_err(refused)?;
    }
    let tomorrow = app.now().plus(DAY);
    for (by, words, of, due) in [
        (recruiter, "Ask about the notice period", recruiter, tomorrow),
        (recruiter, "Book the first call", manager, tomorrow.plus(DAY * 3)),
        (manager, "Send what the interview is about", recruiter, tomorrow),
    ] {
        to_do(app, by, &application, (words, of, due)).await?;
    }
    let words = format!(
        "The test is sound where it matters. @{}, you have heard the answers: does anything speak against a first call?",
        panel.interviewer.name
    );
    say(app, manager, &application, &words).await
}

async fn an_answer(app: &App, panel: Panel<'_>) -> Result<(), DemoError> {
    let (application, opening) = of(app, TESTED).await?;
    say(
        app,
        panel.interviewer,
        &application,
        "Nothing. I would like to hear more about the count that both sides made each night: whose idea was it?",
    )
    .await?;
    let text = Text {
        subject: "A question about your application for {{job}}".into(),
        body: QUESTION.into(),
    };
    writing::send(app, panel.recruiter, (application.id, &opening), &text, app.new_id()).await?;
    Ok(())
}

/// Somebody has taken notes, and puts them with the application.
async fn a_call(app: &App, panel: Panel<'_>) -> Result<(), DemoError> {
    let (application, _) = of(app, "candidate37@demo.test").await?;
    let notes = ("Notes of the first call.txt", Bytes::from_static(CALL.as_bytes()));
    attachments::attach(app, panel.recruiter, &application, notes, app.new_id())
        .await?
        .map_err(|why| AppError::Internal(why.into()))?;
    say(
        app,
        panel.recruiter,
        &application,
        "We spoke for half an hour. My notes are with the files: calm, precise, and free from March.",
    )
    .await
}

async fn once_asked(app: &App, panel: Panel<'_>) -> Result<(), DemoError> {
    let (application, _) = of(app, TESTED).await?;
    let to_dos = talk::store::to_dos(&app.db, application.id, 9).await?;
    if let Some(sent) = to_dos.iter().find(|to_do| to_do.words.starts_with("Send")) {
        acts::set_done(app, panel.recruiter, sent, true).await?;
    }
    let words = format!(
        "Asked by mail. @{}, I book the call as soon as there is an answer.",
        panel.manager.name
    );
    say(app, panel.recruiter, &application, &words).await
}

async fn about_the_waiting(app: &App, panel: Panel<'_>) -> Result<(), DemoError> {
    let (application, _) = of(app, "candidate33@demo.test").await?;
    let recruiter = panel.recruiter;
    let words = format!(
        "@{}, the clause names two clients, and neither is one of ours. Can it go on?",
        recruiter.name
    );
    say(app, panel.manager, &application, &words).await?;
    acts::tag(app, recruiter, &application, "can start in January")
        .await?
        .map_err(refused)?;
    let due = app.now().plus(DAY);
    to_do(app, panel.manager, &application, ("Read the clause", recruiter, due)).await
}

/// Somebody has sent two applications for one job.
async fn one_of_two(past: &Past, panel: Panel<'_>) -> Result<(), DemoError> {
    let both = store::of_address(&past.app.db, "candidate35@demo.test").await?;
    let [(later, _), (first, _)] = both.as_slice() else {
        return Err(AppError::NotFound("application").into());
    };
    say(
        &past.app,
        panel.recruiter,
        later,
        "The same person as before, with a newer résumé. I make one of the two.",
    )
    .await?;
    past.clock.advance(HOUR / 30);
    Ok(merging::merge(&past.app, panel.recruiter, later.id, first.id).await?)
}

async fn of(app: &App, address: &str) -> Result<(Application, Opening), DemoError> {
    let found = store::of_address(&app.db, address).await?.into_iter().next();
    let (application, _) = found.ok_or(AppError::NotFound("application"))?;
    let opening = openings::find(&app.db, application.opening).await?;
    Ok((application, opening.ok_or(AppError::NotFound("job"))?))
}

async fn say(app: &App, by: &Staff, application: &Application, words: &str) -> Result<(), DemoError> {
    let token: Uuid = app.new_id();
    acts::comment(app, by, application, words, token).await?;
    Ok(())
}

async fn to_do(
    app: &App,
    by: &Staff,
    application: &Application,
    (words, of, due_at): (&str, &Staff, Timestamp),
) -> Result<(), DemoError> {
    let new = (words, of.id, due_at);
    let added = acts::add_to_do(app, by, application, new, app.new_id()).await?;
    Ok(added.map_err(refused)?)
}

fn refused(why: &'static str) -> AppError {
    AppError::Internal(why.into())
}
