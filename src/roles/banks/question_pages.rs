//! Questions are added, changed, moved, duplicated, removed.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::roles::bank::BankQuestion;
use crate::roles::banks::question_form::{QuestionFields, QuestionForm};
use crate::roles::banks::question_page::find;
use crate::roles::banks::store::questions;
use crate::roles::banks::store::search::{self, Choice};
use crate::roles::banks::{Direction, Question, StoredBank, no_bank, no_question, pages, store};
use crate::ui::{Flash, Form, Page, Path, SeeOther, Shell};

#[derive(Template)]
#[template(path = "banks/question_form.html")]
pub struct QuestionFormPage {
    pub shell: Shell,
    pub bank: StoredBank,
    /// None yet: it is about to be added.
    pub question: Option<Question>,
    pub fields: QuestionFields,
    /// What is in the bank already, to choose from.
    pub topics: Vec<Choice>,
    /// Somebody else changed the question while this was typed.
    pub overtaken: bool,
}

impl QuestionFormPage {
    /// An answer that came without its question may stay so.
    pub fn needs_question(&self) -> bool {
        self.question.as_ref().is_none_or(|question| !question.lacks_question())
    }
}

async fn form_page(
    app: &App,
    shell: Shell,
    bank: Uuid,
    question: Option<Question>,
    fields: QuestionFields,
) -> Result<QuestionFormPage, AppError> {
    Ok(QuestionFormPage {
        shell,
        bank: pages::find(app, bank).await?,
        question,
        fields,
        topics: search::topics(&app.db, Some(bank), false).await?,
        overtaken: false,
    })
}

pub async fn new_page(
    State(app): State<App>,
    shell: Shell,
    Path(bank): Path<Uuid>,
) -> Result<Page<QuestionFormPage>, AppError> {
    let fields = QuestionFields::new(app.new_id().to_string());
    form_page(&app, shell, bank, None, fields).await.map(Page)
}

pub async fn create(
    State(app): State<App>,
    shell: Shell,
    Path(bank): Path<Uuid>,
    form: QuestionForm,
) -> Result<Response, AppError> {
    let checked = match form.check(false) {
        Ok(checked) => checked,
        Err(fields) => {
            let page = form_page(&app, shell, bank, None, *fields).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
    };
    let id = add(&app, bank, &checked.content, checked.form_token).await?;
    let said = Flash::good("The question is in the bank.");
    Ok(SeeOther::to(format!("/banks/{bank}/questions/{id}"))
        .saying(said)
        .into_response())
}

/// Puts a question at the end of a bank, once for each form.
async fn add(app: &App, bank: Uuid, content: &BankQuestion, form_token: Uuid) -> Result<Uuid, AppError> {
    let mut tx = app.db.begin().await?;
    if !store::lock(&mut tx, bank).await? {
        return Err(no_bank());
    }
    let (id, position) = (app.new_id(), questions::next_position(&mut tx, bank).await?);
    let id = match questions::add(&mut tx, id, bank, position, content, Some(form_token)).await? {
        true => id,
        false => questions::same(&mut tx, form_token).await?,
    };
    tx.commit().await?;
    Ok(id)
}

pub async fn edit_page(
    State(app): State<App>,
    shell: Shell,
    Path((bank, id)): Path<(Uuid, Uuid)>,
) -> Result<Page<QuestionFormPage>, AppError> {
    let question = find(&app, bank, id).await?;
    let fields = QuestionFields::of(&question.content, question.revision, app.new_id().to_string());
    form_page(&app, shell, bank, Some(question), fields).await.map(Page)
}

pub async fn change(
    State(app): State<App>,
    shell: Shell,
    Path((bank, id)): Path<(Uuid, Uuid)>,
    form: QuestionForm,
) -> Result<Response, AppError> {
    let question = find(&app, bank, id).await?;
    let checked = match form.check(question.lacks_question()) {
        Ok(checked) => checked,
        Err(fields) => {
            let page = form_page(&app, shell, bank, Some(question), *fields).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
    };
    let mut tx = app.db.begin().await?;
    if !questions::change(&mut tx, id, checked.revision, &checked.content).await? {
        drop(tx);
        return overtaken(&app, shell, bank, id, &checked.content).await;
    }
    tx.commit().await?;
    let url = question.url();
    Ok(SeeOther::to(url).saying(Flash::good("Saved.")).into_response())
}

/// What was typed comes back, with the present revision: sending it once more is a decision.
async fn overtaken(app: &App, shell: Shell, bank: Uuid, id: Uuid, typed: &BankQuestion) -> Result<Response, AppError> {
    let question = find(app, bank, id).await?;
    let fields = QuestionFields::of(typed, question.revision, app.new_id().to_string());
    let mut page = form_page(app, shell, bank, Some(question), fields).await?;
    page.overtaken = true;
    Ok((StatusCode::CONFLICT, Page(page)).into_response())
}

#[derive(Deserialize)]
pub struct MoveForm {
    #[serde(default)]
    direction: String,
}

pub async fn shift(
    State(app): State<App>,
    Path((bank, id)): Path<(Uuid, Uuid)>,
    Form(form): Form<MoveForm>,
) -> Result<SeeOther, AppError> {
    let direction = Direction::from_id(&form.direction);
    let direction = direction.ok_or_else(|| AppError::Malformed(format!("direction {:?}", form.direction)))?;
    let mut tx = app.db.begin().await?;
    if !store::lock(&mut tx, bank).await? {
        return Err(no_bank());
    }
    // Read behind the lock: where it stands now.
    let question = questions::find_in(&mut tx, bank, id).await?.ok_or_else(no_question)?;
    let moved = questions::swap(&mut tx, &question, direction).await?;
    tx.commit().await?;
    let said = match (moved, direction) {
        (false, _) => Flash::warn("There is nothing to change places with in its topic."),
        (true, Direction::Up) => Flash::good("Moved up."),
        (true, Direction::Down) => Flash::good("Moved down."),
    };
    Ok(SeeOther::to(question.url()).saying(said))
}

#[derive(Deserialize)]
pub struct CopyForm {
    form_token: Uuid,
}

pub async fn duplicate(
    State(app): State<App>,
    Path((bank, id)): Path<(Uuid, Uuid)>,
    Form(form): Form<CopyForm>,
) -> Result<SeeOther, AppError> {
    let question = find(&app, bank, id).await?;
    let copy = add(&app, bank, &question.content, form.form_token).await?;
    let said = Flash::good("This is the copy. Change what should differ.");
    Ok(SeeOther::to(format!("/banks/{bank}/questions/{copy}/edit")).saying(said))
}

#[derive(Template)]
#[template(path = "banks/question_removal.html")]
pub struct QuestionRemovalPage {
    pub shell: Shell,
    pub question: Question,
}

pub async fn removal_page(
    State(app): State<App>,
    shell: Shell,
    Path((bank, id)): Path<(Uuid, Uuid)>,
) -> Result<Page<QuestionRemovalPage>, AppError> {
    let question = find(&app, bank, id).await?;
    Ok(Page(QuestionRemovalPage { shell, question }))
}

pub async fn remove(State(app): State<App>, Path((bank, id)): Path<(Uuid, Uuid)>) -> Result<SeeOther, AppError> {
    let mut tx = app.db.begin().await?;
    if !questions::remove(&mut tx, bank, id).await? {
        return Err(no_question());
    }
    tx.commit().await?;
    Ok(SeeOther::to(format!("/banks/{bank}")).saying(Flash::good("The question is removed.")))
}
