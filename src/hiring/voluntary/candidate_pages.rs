//! The voluntary questions, by the candidate's link.
//!
//! The page looks the same before and after it was answered, and nothing of it enters the trail: who else holds the link
//! learns neither what was answered nor whether.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::error::AppError;
use crate::hiring::applications::visit::{Visit, visit};
use crate::hiring::voluntary::{Question, WEEK, store, week_of};
use crate::hiring::{Application, ApplicationState, Opening};
use crate::ui::{Flash, Form, Page, Path, SeeOther, Shell};

#[derive(Template)]
#[template(path = "hiring/voluntary/answers.html")]
pub struct AnswersPage {
    pub shell: Shell,
    pub company: String,
    pub application: Application,
    pub opening: Opening,
    pub questions: Vec<Question>,
    /// What came back was none of the choices.
    pub refused: bool,
}

pub async fn answers(State(app): State<App>, shell: Shell, Path(link): Path<String>) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    if !may_answer(&app, &visit).await? {
        return Ok(SeeOther::to(visit.url("")).into_response());
    }
    Ok(Page(page(&app, visit, false).await?).into_response())
}

/// Once it was sent, whatever becomes of it. What was asked once can be withdrawn for ever.
async fn may_answer(app: &App, visit: &Visit) -> Result<bool, AppError> {
    let sent = visit.application.state != ApplicationState::Draft;
    Ok(sent && store::ever_asked(&app.db, visit.opening.id).await?)
}

async fn page(app: &App, visit: Visit, refused: bool) -> Result<AnswersPage, AppError> {
    Ok(AnswersPage {
        questions: asked(app, &visit.opening).await?,
        shell: visit.shell,
        company: visit.company,
        application: visit.application,
        opening: visit.opening,
        refused,
    })
}

async fn asked(app: &App, opening: &Opening) -> Result<Vec<Question>, AppError> {
    let mut questions = store::questions(&app.db, opening.id).await?;
    questions.retain(|question| question.asked);
    Ok(questions)
}

pub async fn answer(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    if !may_answer(&app, &visit).await? {
        return Ok(SeeOther::to(visit.url("")).into_response());
    }
    match chosen(&asked(&app, &visit.opening).await?, &typed) {
        Some(answers) => {
            keep(&app, &visit.application, &answers).await?;
            let said = Flash::good("Thank you. What you chose counts in the sums from next week on.");
            Ok(SeeOther::to(visit.url("")).saying(said).into_response())
        }
        None => {
            let page = page(&app, visit, true).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

/// By question; who prefers not to say leaves nothing. `None` where something is no choice of its question.
fn chosen(questions: &[Question], typed: &[(String, String)]) -> Option<Vec<(String, String)>> {
    let mut answers = Vec::new();
    for question in questions {
        let value = typed.iter().find(|(name, _)| name == question.kind.id());
        match value.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty()) {
            None => {}
            Some(answer) if question.takes(answer) => answers.push((question.key(), answer.to_owned())),
            Some(_) => return None,
        }
    }
    Some(answers)
}

pub async fn keep(app: &App, application: &Application, answers: &[(String, String)]) -> Result<(), AppError> {
    let counts_from = week_of(app.now()).plus(WEEK);
    let mut tx = app.db.begin().await?;
    store::answer(&mut tx, application.id, answers, counts_from).await?;
    Ok(tx.commit().await?)
}

pub async fn withdraw(State(app): State<App>, shell: Shell, Path(link): Path<String>) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    keep(&app, &visit.application, &[]).await?;
    let said = Flash::good("What you may have said about yourself is deleted.");
    Ok(SeeOther::to(visit.url("")).saying(said).into_response())
}
