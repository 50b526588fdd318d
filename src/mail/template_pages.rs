//! The words of mails, as recruiters change them, and the name that candidates know the company by.

use askama::Template;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::app::App;
use crate::audit;
use crate::error::AppError;
use crate::mail::Event;
use crate::mail::store::{self, Change};
use crate::mail::texts::{Text, TextErrors};
use crate::people::guard::SignedIn;
use crate::ui::form::with_errors;
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell, clean_line};

#[derive(Template)]
#[template(path = "mail/templates.html")]
pub struct TemplatesPage {
    pub shell: Shell,
    /// Each event with who changed its text.
    pub texts: Vec<(Event, Option<Change>)>,
    pub company: Field,
}

impl TemplatesPage {
    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.company])
    }
}

pub async fn templates(Shared(app): Shared<App>, shell: Shell) -> Result<Page<TemplatesPage>, AppError> {
    let company = store::company(&app.db).await?;
    templates_page(&app, shell, company_field().value(company)).await
}

fn company_field() -> Field {
    Field::new("company", "Name of the company").hint("as candidates know it")
}

async fn templates_page(app: &App, shell: Shell, company: Field) -> Result<Page<TemplatesPage>, AppError> {
    let changed = store::changed_templates(&app.db).await?;
    let change_of = |event| {
        changed
            .iter()
            .find(|(e, _)| *e == event)
            .map(|(_, change)| change.clone())
    };
    let texts = Event::ALL.map(|event| (event, change_of(event))).to_vec();
    Ok(Page(TemplatesPage { shell, texts, company }))
}

#[derive(Deserialize)]
pub struct CompanyForm {
    #[serde(default)]
    company: String,
}

pub async fn name_company(
    Shared(app): Shared<App>,
    shell: Shell,
    Form(form): Form<CompanyForm>,
) -> Result<Response, AppError> {
    let name = clean_line(&form.company);
    let error = match name.chars().count() {
        0 => Some("Write the name that candidates know."),
        1..=100 => None,
        _ => Some("A name has at most 100 characters here."),
    };
    if error.is_some() {
        let field = company_field().value(form.company).error(error);
        let page = templates_page(&app, shell, field).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let mut tx = app.db.begin().await?;
    store::set_company(&mut tx, &name).await?;
    tx.commit().await?;
    let said = Flash::good(format!("Mails now come from {name}."));
    Ok(SeeOther::to("/mail/templates").saying(said).into_response())
}

#[derive(Template)]
#[template(path = "mail/template.html")]
pub struct TemplatePage {
    pub shell: Shell,
    pub event: Event,
    pub change: Option<Change>,
    pub subject: Field,
    pub body: Field,
    /// What is in the fields, with examples in place of the placeholders.
    pub preview: Text,
}

impl TemplatePage {
    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.subject, &self.body])
    }
}

pub async fn template(
    Shared(app): Shared<App>,
    shell: Shell,
    Path(event): Path<String>,
) -> Result<Page<TemplatePage>, AppError> {
    let event = find(&event)?;
    let (text, _) = store::template(&app.db, event).await?;
    template_page(&app, shell, event, &text, TextErrors::default()).await
}

fn find(event: &str) -> Result<Event, AppError> {
    Event::from_id(event).ok_or(AppError::NotFound("mail"))
}

async fn template_page(
    app: &App,
    shell: Shell,
    event: Event,
    text: &Text,
    errors: TextErrors,
) -> Result<Page<TemplatePage>, AppError> {
    let company = store::company(&app.db).await?;
    let (_, change) = store::template(&app.db, event).await?;
    Ok(Page(TemplatePage {
        shell,
        event,
        change,
        subject: Field::new("subject", "Subject")
            .value(&text.subject)
            .error(errors.subject),
        body: Field::new("body", "Text").value(&text.body).error(errors.body),
        preview: text.sample(event, &company),
    }))
}

#[derive(Deserialize)]
pub struct TemplateForm {
    #[serde(default)]
    subject: String,
    #[serde(default)]
    body: String,
    /// The button that was pressed.
    #[serde(default)]
    then: String,
}

pub async fn change_template(
    Shared(app): Shared<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(event): Path<String>,
    Form(form): Form<TemplateForm>,
) -> Result<Response, AppError> {
    let event = find(&event)?;
    let text = Text::typed(&form.subject, &form.body);
    if let Err(errors) = text.check(event) {
        let page = template_page(&app, shell, event, &text, errors).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    if form.then == "preview" {
        let page = template_page(&app, shell, event, &text, TextErrors::default()).await?;
        return Ok(page.into_response());
    }
    let mut tx = app.db.begin().await?;
    if text == event.shipped() {
        store::drop_template(&mut tx, event).await?;
    } else {
        store::put_template(&mut tx, event, &text, staff.id, app.now()).await?;
    }
    let subject = format!("text {}", event.id());
    audit::note(&mut tx, staff.id, ("Mail text changed", subject, ""), app.now()).await?;
    tx.commit().await?;
    let said = Flash::good("Saved. Mails from now on have these words.");
    Ok(SeeOther::to(format!("/mail/templates/{}", event.id()))
        .saying(said)
        .into_response())
}

pub async fn reset_template(
    Shared(app): Shared<App>,
    SignedIn(staff): SignedIn,
    Path(event): Path<String>,
) -> Result<SeeOther, AppError> {
    let event = find(&event)?;
    let mut tx = app.db.begin().await?;
    store::drop_template(&mut tx, event).await?;
    let subject = format!("text {}", event.id());
    audit::note(&mut tx, staff.id, ("Mail text set back", subject, ""), app.now()).await?;
    tx.commit().await?;
    let said = Flash::good("The text that ships is back.");
    Ok(SeeOther::to(format!("/mail/templates/{}", event.id())).saying(said))
}
