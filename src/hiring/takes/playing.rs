//! How a recording is handed to a player, and that the audit log tells of it.

use axum::body::Body;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::audit::{self, Actor};
use crate::error::AppError;
use crate::files::recordings::Recording;
use crate::files::{StoreError, serving};
use crate::hiring::takes::{Take, store};
use crate::people::Staff;

/// The bytes that the player asks for, of those that the row counts: a part that arrived too late is not played.
pub async fn play(app: &App, take: &Take, method: &Method, request: &HeaderMap) -> Result<Response, AppError> {
    let Some(kind) = take.kind else {
        return Err(AppError::NotFound("recording"));
    };
    let opened = Recording::open(&app.files, &take.key()).await;
    let recording = opened.map_err(|error| match error {
        // Thrown away while this was asked for.
        StoreError::Missing(_) => AppError::NotFound("recording"),
        error => AppError::Internal(error.into()),
    })?;
    let answer = serving::recording(kind, method, request, take.bytes.min(recording.size()));
    let body = match answer.part {
        Some(part) if method == Method::GET => Body::from_stream(recording.read(app.files.clone(), part)),
        _ => Body::empty(),
    };
    Ok((answer.status, answer.headers, body).into_response())
}

/// That somebody of the staff plays it, once a day: a player asks for a recording in many parts.
pub async fn record(app: &App, by: &Staff, take: &Take) -> Result<(), AppError> {
    let day = app.now().day();
    if store::was_played(&app.db, take.id, by.id, &day).await? {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    if store::add_play(&mut tx, take.id, by.id, &day).await? {
        let entry = audit::Entry {
            actor: Actor::Staff(by.id),
            what: "Recording played",
            subject: format!("application {}", take.application),
            detail: &format!("the answer to question {}", take.question + 1),
        };
        audit::append(&mut tx, &entry, app.now()).await?;
    }
    Ok(tx.commit().await?)
}
