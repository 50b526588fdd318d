//! Erasing an application, for those who may: what goes, what stays, and a word to type.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::{Application, ApplicationState, Opening, access};
use crate::people::guard::SignedIn;
use crate::privacy::{Cause, erasing, store, test_store};
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell, search_key};

pub const WORD: &str = "erase";

#[derive(Template)]
#[template(path = "privacy/erasure.html")]
pub struct ErasurePage {
    pub shell: Shell,
    pub application: Application,
    pub opening: Opening,
    /// How many duplicates are merged into it.
    pub duplicates: usize,
    /// How many coding tests went to the same address without an application.
    pub tests: usize,
    pub word: Field,
}

impl ErasurePage {
    pub fn is_under_way(&self) -> bool {
        self.application.state == ApplicationState::Active
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        crate::ui::form::with_errors(&[&self.word])
    }
}

pub(super) fn word_field() -> Field {
    Field::new("word", "Type “erase” to go on").hint("It cannot be taken back.")
}

pub async fn erasure_page(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response, AppError> {
    if let Some(certificate) = store::of_application(&app.db, id).await? {
        return Ok(SeeOther::to(format!("/privacy/certificates/{certificate}")).into_response());
    }
    let (application, opening) = access::application(&app, &staff, id).await?;
    Ok(Page(page(&app, shell, application, opening, word_field()).await?).into_response())
}

async fn page(
    app: &App,
    shell: Shell,
    application: Application,
    opening: Opening,
    word: Field,
) -> Result<ErasurePage, AppError> {
    Ok(ErasurePage {
        shell,
        duplicates: store::duplicates(&app.db, application.id).await?.len(),
        tests: test_store::of_address(&app.db, &application.email).await?.len(),
        application,
        opening,
        word,
    })
}

#[derive(Deserialize)]
pub struct ErasureForm {
    #[serde(default)]
    word: String,
}

/// The field with what is wrong with it, unless the word is there.
pub(super) fn word_error(form: &ErasureForm) -> Option<Field> {
    let typed: String = form.word.chars().take(100).collect();
    let refused = word_field()
        .value(typed)
        .error(Some("Nothing was erased. Type the word “erase” here."));
    (search_key(&form.word) != WORD).then_some(refused)
}

pub async fn erase(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<ErasureForm>,
) -> Result<Response, AppError> {
    // A second click finds what the first one did.
    if let Some(certificate) = store::of_application(&app.db, id).await? {
        return Ok(SeeOther::to(format!("/privacy/certificates/{certificate}")).into_response());
    }
    let (application, opening) = access::application(&app, &staff, id).await?;
    if let Some(word) = word_error(&form) {
        let page = page(&app, shell, application, opening, word).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    }
    let cause = match application.erasure_asked_at {
        Some(_) => Cause::Request,
        None => Cause::Decision,
    };
    let certificate = erasing::erase(&app, id, cause, Some(staff.id)).await?;
    let said = Flash::good("Everything that belonged to this application is gone. This is what stays.");
    Ok(SeeOther::to(format!("/privacy/certificates/{certificate}"))
        .saying(said)
        .into_response())
}
