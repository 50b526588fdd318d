//! The templates of letters, as recruiters keep them.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::letters::{LetterTemplate, MOST_TEMPLATES, check, check_name, store};
use crate::mail;
use crate::mail::texts::{LETTER, Placeholder, Text};
use crate::people::guard::SignedIn;
use crate::ui::form::with_errors;
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell};

const NAME_TAKEN: &str = "Another template has this name.";

#[derive(Template)]
#[template(path = "hiring/evidence/letter_templates.html")]
pub struct LetterTemplatesPage {
    pub shell: Shell,
    pub templates: Vec<LetterTemplate>,
}

pub async fn templates(State(app): State<App>, shell: Shell) -> Result<Page<LetterTemplatesPage>, AppError> {
    let most = i64::try_from(MOST_TEMPLATES).unwrap_or(i64::MAX);
    let templates = store::all(&app.db, most).await?;
    Ok(Page(LetterTemplatesPage { shell, templates }))
}

#[derive(Template)]
#[template(path = "hiring/evidence/letter_template.html")]
pub struct LetterTemplatePage {
    pub shell: Shell,
    /// Absent: a new one.
    pub id: Option<Uuid>,
    pub name: Field,
    pub subject: Field,
    pub body: Field,
    pub form_token: String,
    /// What is in the fields, with examples in place of the placeholders.
    pub preview: Text,
}

impl LetterTemplatePage {
    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.name, &self.subject, &self.body])
    }

    pub fn placeholders(&self) -> &'static [Placeholder] {
        LETTER
    }

    pub fn action(&self) -> String {
        match self.id {
            Some(id) => format!("/mail/letters/{id}"),
            None => "/mail/letters".to_owned(),
        }
    }
}

async fn page(
    app: &App,
    shell: Shell,
    id: Option<Uuid>,
    name: &str,
    text: &Text,
) -> Result<LetterTemplatePage, AppError> {
    let company = mail::company(&app.db).await?;
    Ok(LetterTemplatePage {
        shell,
        id,
        name: Field::new("name", "Name")
            .hint("what it is for; candidates do not see it")
            .value(name),
        subject: Field::new("subject", "Subject").value(&text.subject),
        body: Field::new("body", "Text").value(&text.body),
        form_token: app.new_id().to_string(),
        preview: text.sample_for(LETTER, &company),
    })
}

pub async fn new_page(State(app): State<App>, shell: Shell) -> Result<Page<LetterTemplatePage>, AppError> {
    page(&app, shell, None, "", &Text::default()).await.map(Page)
}

pub async fn template(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Page<LetterTemplatePage>, AppError> {
    let template = find(&app, id).await?;
    let page = page(&app, shell, Some(id), &template.name, &template.text).await?;
    Ok(Page(page))
}

async fn find(app: &App, id: Uuid) -> Result<LetterTemplate, AppError> {
    store::find(&app.db, id).await?.ok_or(AppError::NotFound("template"))
}

#[derive(Deserialize)]
pub struct LetterTemplateForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    form_token: String,
    /// The button that was pressed.
    #[serde(default)]
    then: String,
}

impl LetterTemplateForm {
    /// The name and the text; or the page that says what is wrong, or how it looks.
    async fn read(
        self,
        app: &App,
        shell: Shell,
        id: Option<Uuid>,
    ) -> Result<Result<(String, Text, Uuid), Response>, AppError> {
        let text = Text::typed(&self.subject, &self.body);
        let token = self.form_token.parse().unwrap_or_else(|_| app.new_id());
        let name = check_name(&self.name);
        let errors = check(&text).err().unwrap_or_default();
        let wrong = name.is_err() || errors != Default::default();
        if !wrong && self.then != "preview" {
            return Ok(Ok((name.unwrap_or_default(), text, token)));
        }
        let mut page = page(app, shell, id, &self.name, &text).await?;
        page.form_token = token.to_string();
        page.name = page.name.error(name.err());
        page.subject = page.subject.error(errors.subject);
        page.body = page.body.error(errors.body);
        let status = match wrong {
            true => StatusCode::UNPROCESSABLE_ENTITY,
            false => StatusCode::OK,
        };
        Ok(Err((status, Page(page)).into_response()))
    }
}

async fn name_taken(app: &App, shell: Shell, id: Option<Uuid>, name: &str, text: &Text) -> Result<Response, AppError> {
    let mut page = page(app, shell, id, name, text).await?;
    page.name = page.name.error(Some(NAME_TAKEN));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

fn saved() -> Response {
    let said = Flash::good("The template is saved. Whoever writes to a candidate finds it there.");
    SeeOther::to("/mail/letters").saying(said).into_response()
}

pub async fn create(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Form(form): Form<LetterTemplateForm>,
) -> Result<Response, AppError> {
    let (name, text, token) = match form.read(&app, shell.clone(), None).await? {
        Ok(read) => read,
        Err(page) => return Ok(page),
    };
    let mut tx = app.db.begin().await?;
    let new = (app.new_id(), name.as_str(), &text);
    if store::add(&mut tx, new, staff.id, token, app.now()).await? {
        tx.commit().await?;
        return Ok(saved());
    }
    match store::by_token(&mut tx, token).await? {
        Some(_) => Ok(saved()),
        None => {
            drop(tx);
            name_taken(&app, shell, None, &name, &text).await
        }
    }
}

pub async fn change(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<LetterTemplateForm>,
) -> Result<Response, AppError> {
    find(&app, id).await?;
    let (name, text, _) = match form.read(&app, shell.clone(), Some(id)).await? {
        Ok(read) => read,
        Err(page) => return Ok(page),
    };
    if store::by_name(&app.db, &name).await?.is_some_and(|other| other != id) {
        return name_taken(&app, shell, Some(id), &name, &text).await;
    }
    let mut tx = app.db.begin().await?;
    if !store::change(&mut tx, (id, &name, &text), staff.id, app.now()).await? {
        return Err(AppError::Conflict(
            "This template has changed since the page was opened".into(),
        ));
    }
    tx.commit().await?;
    Ok(saved())
}

pub async fn remove(State(app): State<App>, Path(id): Path<Uuid>) -> Result<SeeOther, AppError> {
    find(&app, id).await?;
    let mut tx = app.db.begin().await?;
    store::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(SeeOther::to("/mail/letters").saying(Flash::good("The template is gone. Letters that were sent stay.")))
}
