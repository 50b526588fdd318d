//! What the staff do with an application, on its page.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::assessments::invite_form::{InviteFields, InviteForm};
use crate::assessments::pages::{InvitePage, USUAL_DAYS, USUAL_MINUTES};
use crate::audit;
use crate::error::AppError;
use crate::hiring::access;
use crate::hiring::applications::{candidate_pages, evidence_page, handling, store};
use crate::people::guard::SignedIn;
use crate::roles;
use crate::ui::{Flash, Form, Page, Path, SeeOther, Shell};

pub async fn file(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((id, file)): Path<(Uuid, Uuid)>,
) -> Result<Response, AppError> {
    access::application(&app, &staff, id).await?;
    let document = store::file(&app.db, file).await?;
    let document = document.filter(|document| document.application == id);
    if document.is_some() {
        let mut tx = app.db.begin().await?;
        let said = ("Document downloaded", format!("application {id}"), "");
        audit::note(&mut tx, staff.id, said, app.now()).await?;
        tx.commit().await?;
    }
    candidate_pages::serve(&app, document.ok_or(AppError::NotFound("file"))?).await
}

#[derive(Deserialize)]
pub struct MoveForm {
    from: Uuid,
    stage: Uuid,
    #[serde(default)]
    mail: String,
}

pub async fn move_to(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<MoveForm>,
) -> Result<SeeOther, AppError> {
    access::application(&app, &staff, id).await?;
    let mail = form.mail == "yes";
    let stage = handling::move_to(&app, &staff, id, (form.from, form.stage), mail).await?;
    let said = match mail {
        true => format!("Moved to {}. The candidate gets a mail.", stage.name),
        false => format!(
            "Moved to {}. The candidate’s page says so; no mail was written.",
            stage.name
        ),
    };
    Ok(SeeOther::to(format!("/applications/{id}")).saying(Flash::good(said)))
}

#[derive(Deserialize)]
pub struct EndingForm {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    mail: String,
}

pub async fn reject(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<EndingForm>,
) -> Result<Response, AppError> {
    access::application(&app, &staff, id).await?;
    match handling::check_why(&form.reason) {
        Ok(why) => {
            handling::reject(&app, &staff, id, &why, form.mail == "yes").await?;
            let said = Flash::good("The application has ended.");
            Ok(SeeOther::to(format!("/applications/{id}")).saying(said).into_response())
        }
        Err(error) => {
            let mut page = evidence_page::page(&app, shell, &staff, id).await?;
            page.page_forms.rejection = page.page_forms.rejection.value(form.reason).error(Some(error));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

#[derive(Deserialize)]
pub struct ReversalForm {
    #[serde(default)]
    why: String,
}

pub async fn reverse(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<ReversalForm>,
) -> Result<Response, AppError> {
    access::application(&app, &staff, id).await?;
    match handling::check_why(&form.why) {
        Ok(why) => {
            handling::reverse(&app, &staff, id, &why).await?;
            let said = Flash::good("The application goes on, and the candidate gets a mail.");
            Ok(SeeOther::to(format!("/applications/{id}")).saying(said).into_response())
        }
        Err(error) => {
            let mut page = evidence_page::page(&app, shell, &staff, id).await?;
            page.page_forms.reversal = page.page_forms.reversal.value(form.why).error(Some(error));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

pub async fn reopen(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, AppError> {
    access::application(&app, &staff, id).await?;
    handling::reopen(&app, &staff, id).await?;
    let said = "It is open again. A mail that was sent cannot be taken back: write to the candidate.";
    Ok(SeeOther::to(format!("/applications/{id}")).saying(Flash::warn(said)))
}

#[derive(Deserialize)]
pub struct OwnerForm {
    #[serde(default)]
    owner: String,
}

/// Who is responsible for the next step; an empty choice is nobody.
pub async fn assign(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<OwnerForm>,
) -> Result<SeeOther, AppError> {
    access::sent(&app, &staff, id).await?;
    let owner = match form.owner.as_str() {
        "" => None,
        owner => Some(owner.parse().map_err(|_| AppError::NotFound("person"))?),
    };
    let said = match handling::assign(&app, &staff, id, owner).await? {
        Some(name) => format!("{name} is responsible for the next step."),
        None => "Nobody is responsible for the next step.".to_owned(),
    };
    Ok(SeeOther::to(format!("/applications/{id}")).saying(Flash::good(said)))
}

/// The coding test of the kit, for this candidate.
pub async fn test_page(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<InvitePage>, AppError> {
    let (application, opening) = access::application(&app, &staff, id).await?;
    let kit = roles::version(&app, opening.kit, opening.kit_version).await?;
    let test = kit.coding_tests.iter().find(|test| !test.challenge.is_empty());
    let test = test.or(kit.coding_tests.first());
    let minutes = test.and_then(|test| test.minutes).unwrap_or(USUAL_MINUTES);
    let deadline = app.now().plus(std::time::Duration::from_secs(USUAL_DAYS * 86_400));
    let mut fields = InviteFields::new(app.new_id().to_string(), minutes, deadline);
    fields.candidate.value = application.name;
    fields.email.value = application.email;
    fields.challenge.value = test.map(|test| test.challenge.clone()).unwrap_or_default();
    Ok(Page(InvitePage::new(&app, shell, fields, Some(id))))
}

pub async fn give_test(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<InviteForm>,
) -> Result<Response, AppError> {
    let (application, _) = access::sent(&app, &staff, id).await?;
    if application.merged_into.is_some() {
        return Err(AppError::Conflict("This application is merged into another one".into()));
    }
    match form.check(&app.laboratory.tests(), app.now()) {
        Ok(invitation) => {
            handling::give_test(&app, &staff, id, invitation).await?;
            let said = Flash::good("Invited. The test stands on the candidate’s page, too.");
            Ok(SeeOther::to(format!("/applications/{id}")).saying(said).into_response())
        }
        Err(fields) => {
            let page = InvitePage::new(&app, shell, *fields, Some(id));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}
