//! Writing a letter: choose a template, change its words, see how it goes out, send it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::letters::{LetterTemplate, MOST_TEMPLATES, check, store, writing};
use crate::hiring::{Application, Opening, access};
use crate::mail;
use crate::mail::texts::{LETTER, Placeholder, Text, TextErrors};
use crate::people::Permission;
use crate::people::guard::SignedIn;
use crate::ui::form::with_errors;
use crate::ui::{Field, Flash, Form, Page, Path, Query, SeeOther, Shell};

#[derive(Template)]
#[template(path = "hiring/evidence/letter.html")]
pub struct LetterPage {
    pub shell: Shell,
    pub application: Application,
    pub opening: Opening,
    pub templates: Vec<LetterTemplate>,
    /// Which of them is in the fields.
    pub template: Option<Uuid>,
    pub subject: Field,
    pub body: Field,
    pub form_token: String,
}

impl LetterPage {
    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.subject, &self.body])
    }

    pub fn placeholders(&self) -> &'static [Placeholder] {
        LETTER
    }

    pub fn is_chosen(&self, template: &LetterTemplate) -> bool {
        self.template == Some(template.id)
    }
}

/// The letter as it goes out.
#[derive(Template)]
#[template(path = "hiring/evidence/letter_preview.html")]
pub struct LetterPreviewPage {
    pub shell: Shell,
    pub application: Application,
    pub opening: Opening,
    pub company: String,
    pub filled: Text,
    /// With its placeholders.
    pub text: Text,
    pub form_token: String,
    /// False where there is no mail server.
    pub sends: bool,
}

#[derive(Deserialize)]
pub struct LetterQuery {
    #[serde(default)]
    template: String,
}

pub async fn letter(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Query(query): Query<LetterQuery>,
) -> Result<Page<LetterPage>, AppError> {
    let about = access::sent(&app, &staff, id).await?;
    let template = match query.template.parse() {
        Ok(template) => store::find(&app.db, template).await?,
        Err(_) => None,
    };
    let text = template.as_ref().map(|template| template.text.clone());
    let mut page = page(&app, shell, about, &text.unwrap_or_default(), TextErrors::default()).await?;
    page.template = template.map(|template| template.id);
    Ok(Page(page))
}

async fn page(
    app: &App,
    shell: Shell,
    (application, opening): (Application, Opening),
    text: &Text,
    errors: TextErrors,
) -> Result<LetterPage, AppError> {
    let most = i64::try_from(MOST_TEMPLATES).unwrap_or(i64::MAX);
    Ok(LetterPage {
        templates: store::all(&app.db, most).await?,
        template: None,
        subject: Field::new("subject", "Subject")
            .value(&text.subject)
            .error(errors.subject),
        body: Field::new("body", "Text").value(&text.body).error(errors.body),
        form_token: app.new_id().to_string(),
        shell,
        application,
        opening,
    })
}

#[derive(Deserialize)]
pub struct LetterForm {
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

pub async fn write(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<LetterForm>,
) -> Result<Response, AppError> {
    let (application, opening) = access::sent(&app, &staff, id).await?;
    let text = Text::typed(&form.subject, &form.body);
    let token = form.form_token.parse().unwrap_or_else(|_| app.new_id());
    let errors = check(&text).err();
    if form.then == "change" || errors.is_some() {
        let status = match form.then.as_str() {
            "change" => StatusCode::OK,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let mut page = page(&app, shell, (application, opening), &text, errors.unwrap_or_default()).await?;
        page.form_token = token.to_string();
        return Ok((status, Page(page)).into_response());
    }
    if form.then == "send" {
        writing::send(&app, &staff, (id, &opening), &text, token).await?;
        let said = match app.post {
            Some(_) => "The letter is on its way.",
            None => "The letter is written. Mail is kept here: please pass it on yourself.",
        };
        let back = SeeOther::to(format!("/applications/{id}#mail"));
        return Ok(back.saying(Flash::good(said)).into_response());
    }
    let company = mail::company(&app.db).await?;
    // Whoever has the link is the candidate: it is in the mail, and shown to those who may read the mail.
    let link = match shell.may(&Permission::ReadMail) {
        true => application.link.clone(),
        false => "…".to_owned(),
    };
    let shown = Application {
        link,
        ..application.clone()
    };
    Ok(Page(LetterPreviewPage {
        filled: writing::fill(&app, &text, (&shown, &opening), &company, &staff.name),
        sends: app.post.is_some(),
        form_token: token.to_string(),
        shell,
        application,
        opening,
        company,
        text,
    })
    .into_response())
}
