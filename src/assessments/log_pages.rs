//! The lines of the log of an AI's suggestions, as the candidate writes them.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::assessments::candidate::{Visit, answer, refused, visit, went_to, went_well, work};
use crate::assessments::taking;
use crate::assessments::views::{EntryPage, LogForm};
use crate::assessments::work_form::WorkForm;
use crate::assessments::{LogEntry, store};
use crate::error::AppError;
use crate::ui::{Field, Page, Path, Shell};

pub async fn add_entry(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
    form: WorkForm,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    if let Err(error) = taking::save(&app, &visit.assessment, &form.typed()).await {
        return refused(&app, visit, &form, error).await;
    }
    match form.entry() {
        Ok(entry) => match taking::add_entry(&app, &visit.assessment, entry).await {
            Ok(()) => Ok(went_well(&visit, &form, "#log")),
            Err(error) => refused(&app, visit, &form, error).await,
        },
        Err(fields) if form.by_script => Ok(refused_fields(&fields)),
        Err(fields) => {
            let typed = form.typed();
            let source = Field::new("source", "Your program").value(typed.source);
            let mut page = work(&app, visit, typed.tab, typed.language, source).await?;
            page.log_form = *fields;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

fn refused_fields(form: &LogForm) -> Response {
    let fields: serde_json::Map<_, _> = [&form.proposed, &form.fate, &form.why]
        .into_iter()
        .filter_map(|field| Some((field.name.to_owned(), field.error.clone()?.into())))
        .collect();
    answer(
        StatusCode::UNPROCESSABLE_ENTITY,
        &json!({ "reason": "refused", "fields": fields }),
    )
}

async fn entry_of(app: &App, visit: &Visit, id: Uuid) -> Result<LogEntry, AppError> {
    let log = store::log(&app.db, visit.assessment.id).await?;
    log.into_iter()
        .find(|entry| entry.id == id)
        .ok_or(AppError::NotFound("entry"))
}

pub async fn entry_page(
    State(app): State<App>,
    shell: Shell,
    Path((link, id)): Path<(String, Uuid)>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let entry = entry_of(&app, &visit, id).await?;
    let mut form = LogForm::empty();
    form.proposed = form.proposed.value(entry.proposed.clone());
    form.fate = form.fate.value(entry.fate.id());
    form.why = form.why.value(entry.why.clone());
    let Visit { shell, sitting, .. } = visit;
    Ok(Page(EntryPage {
        shell,
        sitting,
        entry,
        form,
    })
    .into_response())
}

pub async fn change_entry(
    State(app): State<App>,
    shell: Shell,
    Path((link, id)): Path<(String, Uuid)>,
    form: WorkForm,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    match form.entry() {
        Ok(entry) => match taking::change_entry(&app, &visit.assessment, id, entry).await {
            Ok(()) => Ok(went_to(&visit, &form, "#log")),
            Err(error) => refused(&app, visit, &form, error).await,
        },
        Err(fields) if form.by_script => Ok(refused_fields(&fields)),
        Err(fields) => {
            let entry = entry_of(&app, &visit, id).await?;
            let Visit { shell, sitting, .. } = visit;
            let page = EntryPage {
                shell,
                sitting,
                entry,
                form: *fields,
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

pub async fn remove_entry(
    State(app): State<App>,
    shell: Shell,
    Path((link, id)): Path<(String, Uuid)>,
    form: WorkForm,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    // From the work page the editor comes along; from the entry's own page it does not.
    if form.source.is_some()
        && let Err(error) = taking::save(&app, &visit.assessment, &form.typed()).await
    {
        return refused(&app, visit, &form, error).await;
    }
    match taking::remove_entry(&app, &visit.assessment, id).await {
        Ok(()) => Ok(went_well(&visit, &form, "#log")),
        Err(error) => refused(&app, visit, &form, error).await,
    }
}
