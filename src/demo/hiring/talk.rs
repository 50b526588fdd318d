//! What the panel says about some of those who applied: comments, tags, things to do, a letter, and a duplicate.

use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::demo::{DemoError, Panel, Past};
use crate::error::AppError;
use crate::hiring::applications::{handling, merging, store};
use crate::hiring::letters::writing;
use crate::hiring::openings::store as openings;
use crate::hiring::talk::{self, acts};
use crate::hiring::{Application, Opening};
use crate::mail::texts::Text;
use crate::people::Staff;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);

const QUESTION: &str = "Hello {{candidate}},

your answer about the meter readings stayed with us, and we have one question: who looked at the difference each morning, \
and what did they do on the first day when it was not nothing?

Two sentences are enough. What you have sent us is here:
{{link}}

Kind regards
{{sender}}
{{company}}";

pub async fn play(app: &App, panel: Panel<'_>) -> Result<(), DemoError> {
    about_the_tested(app, panel).await?;
    about_the_waiting(app, panel).await?;
    one_of_two(app, panel).await
}

async fn about_the_tested(app: &App, panel: Panel<'_>) -> Result<(), DemoError> {
    let (recruiter, manager, interviewer) = (panel.recruiter, panel.manager, panel.interviewer);
    let (application, opening) = of(app, "candidate36@demo.test").await?;
    let past = Past::at(app, app.now().minus(DAY * 2 + HOUR * 3));
    let (then, id) = (&past.app, application.id);
    handling::assign(then, recruiter, id, Some(recruiter.id)).await?;
    for tag in ["energy", "can start in January"] {
        acts::tag(then, recruiter, &application, tag).await?.map_err(refused)?;
    }
    let tomorrow = then.now().plus(DAY);
    to_do(
        then,
        recruiter,
        &application,
        ("Ask about the notice period", recruiter, tomorrow),
    )
    .await?;
    to_do(
        then,
        recruiter,
        &application,
        ("Book the first call", manager, tomorrow.plus(DAY * 3)),
    )
    .await?;
    to_do(
        then,
        manager,
        &application,
        ("Send what the interview is about", recruiter, tomorrow),
    )
    .await?;
    say(
        then,
        manager,
        &application,
        &format!(
            "The test is sound where it matters. @{}, you have heard the answers: does anything speak against a first call?",
            interviewer.name
        ),
    )
    .await?;
    past.clock.advance(HOUR * 5);
    say(
        then,
        interviewer,
        &application,
        "Nothing. I would like to hear more about the count that both sides made each night: whose idea was it?",
    )
    .await?;
    let text = Text {
        subject: "A question about your application for {{job}}".into(),
        body: QUESTION.into(),
    };
    writing::send(then, recruiter, (id, &opening), &text, then.new_id()).await?;
    past.clock.advance(DAY);
    let to_dos = talk::store::to_dos(&app.db, id, 9).await?;
    if let Some(sent) = to_dos.iter().find(|to_do| to_do.words.starts_with("Send")) {
        acts::set_done(then, recruiter, sent, true).await?;
    }
    say(
        then,
        recruiter,
        &application,
        &format!(
            "Asked by mail. @{}, I book the call as soon as there is an answer.",
            manager.name
        ),
    )
    .await
}

async fn about_the_waiting(app: &App, panel: Panel<'_>) -> Result<(), DemoError> {
    let (application, _) = of(app, "candidate33@demo.test").await?;
    let past = Past::at(app, app.now().minus(HOUR * 4));
    let (then, recruiter) = (&past.app, panel.recruiter);
    let words = format!(
        "@{}, the clause names two clients, and neither is one of ours. Can it go on?",
        recruiter.name
    );
    say(then, panel.manager, &application, &words).await?;
    acts::tag(then, recruiter, &application, "can start in January")
        .await?
        .map_err(refused)?;
    let due = then.now().plus(DAY);
    to_do(then, panel.manager, &application, ("Read the clause", recruiter, due)).await
}

/// Somebody has sent two applications for one job.
async fn one_of_two(app: &App, panel: Panel<'_>) -> Result<(), DemoError> {
    let both = store::of_address(&app.db, "candidate35@demo.test").await?;
    let [(later, _), (first, _)] = both.as_slice() else {
        return Err(AppError::NotFound("application").into());
    };
    let past = Past::at(app, app.now().minus(HOUR * 20));
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
    (words, of, due_at): (&str, &Staff, crate::clock::Timestamp),
) -> Result<(), DemoError> {
    let new = (words, of.id, due_at);
    let added = acts::add_to_do(app, by, application, new, app.new_id()).await?;
    Ok(added.map_err(refused)?)
}

fn refused(why: &'static str) -> AppError {
    AppError::Internal(why.into())
}
