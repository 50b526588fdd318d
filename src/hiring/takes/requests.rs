//! What the recorder asks of the server: to begin, to keep a part, to submit, to throw away, to play back. Submitting and
//! throwing away are ordinary forms too.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::error::{AppError, Problem};
use crate::hiring::applications::visit::{Visit, visit};
use crate::hiring::takes::candidate::asked;
use crate::hiring::takes::taking::{self, TakingError};
use crate::hiring::takes::{Form as AnswerForm, MOST_PART, Take, playing};
use crate::ui::{Flash, Form, Path, Query, SeeOther, Shell};

/// Whether a script asks, which wants an answer and no page.
#[derive(Clone, Copy, Debug)]
pub struct ByScript(pub bool);

impl FromRequestParts<App> for ByScript {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<ByScript, Self::Rejection> {
        let accepts = parts.headers.get(header::ACCEPT).map(|accept| accept.as_bytes());
        Ok(ByScript(
            accepts.is_some_and(|accept| accept.starts_with(b"application/json")),
        ))
    }
}

/// The bytes of a part. Here alone a request may have so many.
pub struct PartBytes(Bytes);

impl<S: Send + Sync> FromRequest<S> for PartBytes {
    type Rejection = Response;

    async fn from_request(mut request: Request, state: &S) -> Result<PartBytes, Response> {
        DefaultBodyLimit::max(MOST_PART).apply(&mut request);
        let read = Bytes::from_request(request, state).await;
        read.map(PartBytes).map_err(|error: BytesRejection| {
            let status = error.into_response().status();
            let message = match status {
                StatusCode::PAYLOAD_TOO_LARGE => "A part of a recording has at most 2 MiB.",
                _ => "This part did not arrive whole.",
            };
            answer(status, &json!({ "reason": "refused", "message": message }))
        })
    }
}

fn answer(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

#[derive(Deserialize)]
pub struct Beginning {
    form: String,
    token: Uuid,
}

pub async fn begin(
    State(app): State<App>,
    shell: Shell,
    Path((link, number)): Path<(String, u32)>,
    Form(wanted): Form<Beginning>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let form = AnswerForm::from_id(&wanted.form).ok_or_else(|| AppError::Malformed(wanted.form.clone()))?;
    let question = number.checked_sub(1).ok_or(AppError::NotFound("question"))?;
    match taking::begin(&app, asked(&visit), question, form, wanted.token).await {
        Ok(take) => Ok(answer(StatusCode::OK, &state_of(&take))),
        Err(error) => refused(&visit, ByScript(true), error),
    }
}

fn state_of(take: &Take) -> serde_json::Value {
    json!({
        "take": take.id,
        "number": take.number,
        "parts": take.parts,
        "seconds": take.seconds,
        "submitted": take.submitted_at.is_some(),
        "removed": take.removed_at.is_some(),
    })
}

pub async fn state(
    State(app): State<App>,
    shell: Shell,
    Path((link, id)): Path<(String, Uuid)>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let take = taking::find(&app, asked(&visit), id).await?;
    Ok(answer(StatusCode::OK, &state_of(&take)))
}

#[derive(Deserialize)]
pub struct PartQuery {
    /// How long the recording is, with this part.
    #[serde(default)]
    seconds: u32,
}

pub async fn add_part(
    State(app): State<App>,
    shell: Shell,
    Path((link, id, number)): Path<(String, Uuid, u32)>,
    Query(query): Query<PartQuery>,
    PartBytes(bytes): PartBytes,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    match taking::add_part(&app, asked(&visit), id, (number, bytes, query.seconds)).await {
        Ok(parts) => Ok(answer(StatusCode::OK, &json!({ "parts": parts }))),
        Err(error) => refused(&visit, ByScript(true), error),
    }
}

#[derive(Deserialize)]
pub struct Submission {
    parts: u32,
    #[serde(default)]
    seconds: u32,
}

pub async fn submit(
    State(app): State<App>,
    shell: Shell,
    Path((link, id)): Path<(String, Uuid)>,
    by_script: ByScript,
    Form(sent): Form<Submission>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    match taking::submit(&app, asked(&visit), id, sent.parts, sent.seconds).await {
        Ok(take) => Ok(went_well(&visit, by_script, &take, "Your answer was received.")),
        Err(error) => refused(&visit, by_script, error),
    }
}

pub async fn remove(
    State(app): State<App>,
    shell: Shell,
    Path((link, id)): Path<(String, Uuid)>,
    by_script: ByScript,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    match taking::remove(&app, asked(&visit), id).await {
        Ok(take) => Ok(went_well(&visit, by_script, &take, "The recording was thrown away.")),
        Err(error) => refused(&visit, by_script, error),
    }
}

/// To a script: where to go on, and what to say there. To a browser: the way there.
fn went_well(visit: &Visit, ByScript(by_script): ByScript, take: &Take, words: &str) -> Response {
    let next = visit.url(&format!("/videos/{}", take.question + 1));
    match by_script {
        true => answer(StatusCode::OK, &json!({ "next": next })),
        false => SeeOther::to(next).saying(Flash::good(words)).into_response(),
    }
}

/// Says why: to a script with a word that it knows.
pub(super) fn refused(visit: &Visit, ByScript(by_script): ByScript, error: TakingError) -> Result<Response, AppError> {
    let message = error.to_string();
    let (status, reason, have) = match error {
        TakingError::Db(error) => return Err(error.into()),
        TakingError::Store(error) => return Err(AppError::Internal(error.into())),
        TakingError::App(error) => return Err(error),
        TakingError::Shut | TakingError::Late => (StatusCode::GONE, "over", None),
        TakingError::Removed => (StatusCode::GONE, "removed", None),
        TakingError::Answered => (StatusCode::CONFLICT, "answered", None),
        TakingError::NoneLeft => (StatusCode::CONFLICT, "none_left", None),
        TakingError::Gap { have } => (StatusCode::CONFLICT, "gap", Some(have)),
        TakingError::TooOften => (StatusCode::TOO_MANY_REQUESTS, "busy", None),
        TakingError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", None),
        TakingError::Nothing | TakingError::NotARecording(_) | TakingError::Words(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "refused", None)
        }
    };
    if by_script {
        let body = json!({ "reason": reason, "message": message, "parts": have });
        return Ok(answer(status, &body));
    }
    if matches!(reason, "over" | "removed" | "answered" | "gap") {
        let back = SeeOther::to(visit.url("/videos"));
        return Ok(back.saying(Flash::warn(message)).into_response());
    }
    Ok(Problem::new(status, &message, "Go back, reload the page, and try again.").into_response())
}

pub async fn recording(
    State(app): State<App>,
    shell: Shell,
    Path((link, id)): Path<(String, Uuid)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let take = taking::find(&app, asked(&visit), id).await?;
    playing::play(&app, &take, &method, &headers).await
}
