//! The candidate's pages: what awaits, a question to answer, and what was received.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::ApplicationState;
use crate::hiring::applications::visit::{Visit, visit};
use crate::hiring::takes::requests::{ByScript, refused};
use crate::hiring::takes::standing::{Answering, Progress, answering, progress};
use crate::hiring::takes::taking::{self, Asked, TakingError};
use crate::hiring::takes::{Door, MOST_WORDS, Take, WRITING_GRACE, deadline, door, limit, spoken, store};
use crate::ui::frame::Media;
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell};

/// What the pages of an application's video questions share.
#[derive(Clone, Debug)]
pub struct Desk {
    pub company: String,
    pub job: String,
    /// The candidate's own address, without an end.
    pub base: String,
    /// How often each question may be recorded.
    pub allowed: u32,
    pub deadline: Timestamp,
    pub keep_until: Option<Timestamp>,
    pub open: bool,
}

/// What awaits.
#[derive(Template)]
#[template(path = "hiring/takes/videos.html")]
pub struct VideosPage {
    pub shell: Shell,
    pub desk: Desk,
    pub questions: Vec<Progress>,
}

/// A question to answer.
#[derive(Template)]
#[template(path = "hiring/takes/video.html")]
pub struct VideoPage {
    pub shell: Shell,
    pub desk: Desk,
    pub question: Asking,
    pub used: u32,
    /// A recording that is on the server, and can be submitted.
    pub kept: Option<Take>,
    pub words: Field,
}

/// The answer that was received.
#[derive(Template)]
#[template(path = "hiring/takes/answered.html")]
pub struct AnsweredPage {
    pub shell: Shell,
    pub desk: Desk,
    pub question: Asking,
    pub take: Take,
    /// The next one without an answer.
    pub next: Option<u32>,
}

/// Why nothing can be answered here.
#[derive(Template)]
#[template(path = "hiring/takes/closed.html")]
pub struct ClosedPage {
    pub shell: Shell,
    pub company: String,
    pub base: String,
    pub why: Closed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    NotSent,
    Ended,
    NoQuestions,
    Late(Timestamp),
}

#[derive(Clone, Debug)]
pub struct Asking {
    /// From 1.
    pub number: u32,
    pub of: u32,
    pub words: String,
    pub limit_seconds: u32,
}

impl Desk {
    pub fn url(&self, page: &str) -> String {
        format!("{}{page}", self.base)
    }

    pub fn recording(&self, take: &Take) -> String {
        self.url(&format!("/takes/{}/recording", take.id))
    }

    pub fn allowed_words(&self) -> String {
        match self.allowed {
            1 => "1 recording".to_owned(),
            n => format!("{n} recordings"),
        }
    }
}

impl Asking {
    pub fn limit_words(&self) -> String {
        spoken(self.limit_seconds)
    }
}

impl VideosPage {
    pub fn done(&self) -> usize {
        self.questions.iter().filter(|question| question.is_done()).count()
    }

    pub fn next(&self) -> Option<u32> {
        self.questions
            .iter()
            .find(|question| !question.is_done())
            .map(|question| question.number)
    }

    /// The one limit that all have, or how they differ.
    pub fn limit_words(&self) -> String {
        let limits = || self.questions.iter().map(|question| question.limit_seconds);
        match (limits().min(), limits().max()) {
            (Some(least), Some(most)) if least != most => format!("{} to {}", spoken(least), spoken(most)),
            (_, most) => spoken(most.unwrap_or_default()),
        }
    }
}

impl VideoPage {
    pub fn left(&self) -> u32 {
        self.desk.allowed.saturating_sub(self.used)
    }

    pub fn page(&self) -> String {
        self.desk.url(&format!("/videos/{}", self.question.number))
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        crate::ui::form::with_errors(&[&self.words])
    }
}

pub(super) fn asked(visit: &Visit) -> Asked<'_> {
    Asked {
        application: &visit.application,
        opening: &visit.opening,
        kit: &visit.kit,
    }
}

/// `Err`: why nothing can be answered.
fn desk(app: &App, visit: &Visit) -> Result<Desk, Closed> {
    let why = match (
        door(&visit.application, &visit.opening, app.now()),
        visit.application.state,
    ) {
        _ if visit.kit.video_questions.is_empty() => Some(Closed::NoQuestions),
        (Door::Shut, ApplicationState::Draft) => Some(Closed::NotSent),
        (Door::Shut, _) => Some(Closed::Ended),
        _ => None,
    };
    let until = deadline(&visit.application, &visit.opening);
    match (why, until) {
        (None, Some(until)) => Ok(Desk {
            company: visit.company.clone(),
            job: visit.opening.title.clone(),
            base: visit.url(""),
            allowed: visit.opening.video_takes,
            deadline: until,
            keep_until: visit.application.keep_until,
            open: app.now() <= until,
        }),
        (why, _) => Err(why.unwrap_or(Closed::NotSent)),
    }
}

fn closed(visit: &Visit, why: Closed) -> Response {
    let page = ClosedPage {
        shell: visit.shell.clone(),
        company: visit.company.clone(),
        base: visit.url(""),
        why,
    };
    let status = match why {
        Closed::NoQuestions => StatusCode::NOT_FOUND,
        Closed::NotSent => StatusCode::CONFLICT,
        Closed::Ended | Closed::Late(_) => StatusCode::GONE,
    };
    (status, Page(page)).into_response()
}

pub async fn videos(State(app): State<App>, shell: Shell, Path(link): Path<String>) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let desk = match desk(&app, &visit) {
        Ok(desk) => desk,
        Err(why) => return Ok(closed(&visit, why)),
    };
    let questions = progress(&app, &visit.application, &visit.kit, &visit.opening).await?;
    let shell = visit.shell;
    Ok(Page(VideosPage { shell, desk, questions }).into_response())
}

pub async fn video(
    State(app): State<App>,
    shell: Shell,
    Path((link, number)): Path<(String, u32)>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    show(&app, &visit, number, String::new(), None).await
}

/// The question as it stands, with what was typed, and what is wrong with it.
async fn show(
    app: &App,
    visit: &Visit,
    number: u32,
    typed: String,
    error: Option<String>,
) -> Result<Response, AppError> {
    let desk = match desk(app, visit) {
        Ok(desk) => desk,
        Err(why) => return Ok(closed(visit, why)),
    };
    let at = number.checked_sub(1).ok_or(AppError::NotFound("question"))?;
    let question = Asking {
        number,
        of: u32::try_from(visit.kit.video_questions.len()).unwrap_or(u32::MAX),
        words: asked(visit).question(at)?.question.clone(),
        limit_seconds: limit(asked(visit).question(at)?),
    };
    let takes = store::of_application(&app.db, visit.application.id).await?;
    let kept = match answering(&takes, at) {
        Answering::Submitted(take) => return Ok(answered(visit, desk, question, take, &takes)),
        Answering::Kept(take) => Some(take),
        Answering::ToDo => None,
    };
    let until = desk.deadline;
    let may_write = app.now() <= until.plus(WRITING_GRACE);
    let was_begun = takes
        .iter()
        .any(|take| take.question == at && take.removed_at.is_none());
    let was_written = may_write && error.is_some();
    if !(desk.open || was_begun || was_written) {
        return Ok(closed(visit, Closed::Late(until)));
    }
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let words = Field::new("words", "Your answer in writing")
        .hint("up to 5,000 characters")
        .value(typed)
        .error(error);
    let page = VideoPage {
        shell: visit.shell.clone(),
        used: taking::used(&takes, at),
        desk,
        question,
        kept,
        words,
    };
    Ok((status, Extension(Media::Record), Page(page)).into_response())
}

fn answered(visit: &Visit, desk: Desk, question: Asking, take: Take, takes: &[Take]) -> Response {
    let open = |at: &u32| taking::submitted(takes, *at).is_none();
    let after = question.number..question.of;
    let next = after.chain(0..question.number).find(open).map(|at| at + 1);
    let page = AnsweredPage {
        shell: visit.shell.clone(),
        desk,
        question,
        take,
        next,
    };
    (Extension(Media::Play), Page(page)).into_response()
}

#[derive(Deserialize)]
pub struct Writing {
    #[serde(default)]
    words: String,
}

pub async fn write(
    State(app): State<App>,
    shell: Shell,
    Path((link, number)): Path<(String, u32)>,
    Form(form): Form<Writing>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let at = number.checked_sub(1).ok_or(AppError::NotFound("question"))?;
    match taking::write(&app, asked(&visit), at, &form.words).await {
        Ok(_) => {
            let page = SeeOther::to(visit.url(&format!("/videos/{number}")));
            Ok(page.saying(Flash::good("Your answer was received.")).into_response())
        }
        Err(TakingError::Words(why)) => {
            // What is far too long is not sent back whole.
            let kept: String = form.words.chars().take(4 * MOST_WORDS).collect();
            show(&app, &visit, number, kept, Some(why.to_owned())).await
        }
        Err(error) => refused(&visit, ByScript(false), error),
    }
}
