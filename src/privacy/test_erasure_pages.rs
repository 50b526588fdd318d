//! Erasing coding tests that were given without an application: all that went to one address.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::app::App;
use crate::assessments::{Assessment, State as Standing, store as assessments};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::people::guard::SignedIn;
use crate::privacy::erasure_pages::{ErasureForm, word_error, word_field};
use crate::privacy::{Cause, test_store as store, tests_kept};
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell};

#[derive(Template)]
#[template(path = "privacy/test_erasure.html")]
pub struct TestErasurePage {
    pub shell: Shell,
    pub now: Timestamp,
    pub assessment: Assessment,
    /// How many others went to the same address.
    pub others: usize,
    pub word: Field,
}

impl TestErasurePage {
    pub fn is_under_way(&self) -> bool {
        let state = self.assessment.state(self.now);
        matches!(state, Standing::Invited | Standing::Opened | Standing::Started)
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        crate::ui::form::with_errors(&[&self.word])
    }
}

/// Where to look instead: at the certificate of what is gone, or at the application that a test was given for.
async fn elsewhere(app: &App, test: Uuid) -> Result<Option<SeeOther>, AppError> {
    if let Some(certificate) = store::certificate_of(&app.db, test).await? {
        return Ok(Some(SeeOther::to(format!("/privacy/certificates/{certificate}"))));
    }
    let application = store::application_of(&app.db, test).await?;
    Ok(application.map(|application| SeeOther::to(format!("/applications/{application}/erasure"))))
}

pub async fn erasure_page(State(app): State<App>, shell: Shell, Path(id): Path<Uuid>) -> Result<Response, AppError> {
    if let Some(elsewhere) = elsewhere(&app, id).await? {
        return Ok(elsewhere.into_response());
    }
    Ok(Page(page(&app, shell, id, word_field()).await?).into_response())
}

async fn page(app: &App, shell: Shell, id: Uuid, word: Field) -> Result<TestErasurePage, AppError> {
    let found = assessments::find(&app.db, id).await?;
    let assessment = found.ok_or(AppError::NotFound("coding test"))?;
    Ok(TestErasurePage {
        shell,
        now: app.now(),
        others: tests_kept::of_person(app, &assessment).await?.len().saturating_sub(1),
        assessment,
        word,
    })
}

pub async fn erase(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<ErasureForm>,
) -> Result<Response, AppError> {
    // A second click finds what the first one did.
    if let Some(elsewhere) = elsewhere(&app, id).await? {
        return Ok(elsewhere.into_response());
    }
    if let Some(word) = word_error(&form) {
        let page = page(&app, shell, id, word).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    }
    let found = assessments::find(&app.db, id).await?;
    let assessment = found.ok_or(AppError::NotFound("coding test"))?;
    for other in tests_kept::of_person(&app, &assessment).await? {
        if other != id {
            tests_kept::erase(&app, other, Cause::Decision, Some(staff.id)).await?;
        }
    }
    let certificate = tests_kept::erase(&app, id, Cause::Decision, Some(staff.id)).await?;
    let said = Flash::good("Everything that belonged to this test is gone. This is what stays.");
    Ok(SeeOther::to(format!("/privacy/certificates/{certificate}"))
        .saying(said)
        .into_response())
}
