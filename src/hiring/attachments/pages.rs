//! Files of colleagues, on the page of an application.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::app::App;
use crate::audit;
use crate::error::AppError;
use crate::files::serving;
use crate::hiring::access;
use crate::hiring::applications::evidence_page;
use crate::hiring::attachments::{Attachment, attach, remove as remove_one, store};
use crate::people::Staff;
use crate::people::guard::SignedIn;
use crate::ui::{Field, Flash, Page, Path, SeeOther, Shell, Upload};

pub fn file_field() -> Field {
    Field::new("file", "File").hint("PDF, Word (.docx) or text, at most 5 MB.")
}

fn back(application: Uuid) -> SeeOther {
    SeeOther::to(format!("/applications/{application}#files"))
}

pub async fn add(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    mut typed: Upload,
) -> Result<Response, AppError> {
    let (application, _) = access::sent(&app, &staff, id).await?;
    if application.merged_into.is_some() {
        return Err(AppError::Conflict("This application is merged into another one".into()));
    }
    let token = typed.take("form_token").parse().unwrap_or_else(|_| app.new_id());
    let done = match typed.take_file("file") {
        None => Err("Choose a file.".to_owned()),
        Some((name, bytes)) => attach(&app, &staff, &application, (&name, bytes), token).await?,
    };
    match done {
        Ok(()) => Ok(back(id).saying(Flash::good("The file is attached.")).into_response()),
        Err(error) => {
            let mut page = evidence_page::page(&app, shell, &staff, id).await?;
            page.page_forms.file = file_field().error(Some(error));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

pub async fn download(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((id, attachment)): Path<(Uuid, Uuid)>,
) -> Result<Response, AppError> {
    let found = found(&app, &staff, id, attachment).await?;
    let mut tx = app.db.begin().await?;
    let said = (
        "Attachment downloaded",
        format!("application {}", found.application),
        "",
    );
    audit::note(&mut tx, staff.id, said, app.now()).await?;
    tx.commit().await?;
    let bytes = app.files.get(&found.key()).await;
    let bytes = bytes.map_err(|e| AppError::Internal(e.into()))?;
    let answer = serving::attachment(found.kind, &found.name, bytes.len() as u64);
    Ok((answer.status, answer.headers, bytes).into_response())
}

pub async fn remove(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((id, attachment)): Path<(Uuid, Uuid)>,
) -> Result<SeeOther, AppError> {
    let found = found(&app, &staff, id, attachment).await?;
    if !found.may_remove(&staff) {
        return Err(AppError::Forbidden);
    }
    remove_one(&app, &staff, &found).await?;
    Ok(back(id).saying(Flash::good("The file is removed.")))
}

/// Of this application or of a duplicate that is merged into it.
async fn found(app: &App, staff: &Staff, id: Uuid, attachment: Uuid) -> Result<Attachment, AppError> {
    access::sent(app, staff, id).await?;
    let all = store::of_application(&app.db, id).await?;
    let found = all.into_iter().find(|one| one.id == attachment);
    found.ok_or(AppError::NotFound("file"))
}
