//! What goes wrong, as people see it: what happened, what to do next, and never the source of a fault.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::db::DbError;

#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("the request cannot be understood: {0}")]
    Malformed(String),
    #[error("your role does not allow this")]
    Forbidden,
    #[error("names are withheld")]
    Withheld,
    #[error("too many at once; free again in {0:?}")]
    Busy(Duration),
    #[error("{0}")]
    Conflict(String),
    #[error("{0}")]
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl From<DbError> for AppError {
    fn from(error: DbError) -> AppError {
        AppError::Internal(error.into())
    }
}

impl From<askama::Error> for AppError {
    fn from(error: askama::Error) -> AppError {
        AppError::Internal(error.into())
    }
}

impl From<tokio::task::JoinError> for AppError {
    fn from(error: tokio::task::JoinError) -> AppError {
        AppError::Internal(error.into())
    }
}

/// An error on its way out. The frame around every response draws its page, which needs the request's nonce and theme.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    pub title: String,
    pub advice: String,
    pub retry_after: Option<Duration>,
    /// For the log alone.
    pub source: Option<String>,
}

impl Problem {
    pub fn new(status: StatusCode, title: &str, advice: &str) -> Problem {
        Problem {
            status,
            title: title.into(),
            advice: advice.into(),
            retry_after: None,
            source: None,
        }
    }

    /// For a status that a library gave without a word.
    pub fn of_status(status: StatusCode) -> Problem {
        let (title, advice) = match status {
            StatusCode::NOT_FOUND => (
                "There is no such page",
                "The address may be mistyped, or what was here has been removed.",
            ),
            StatusCode::METHOD_NOT_ALLOWED => (
                "This address is not a page",
                "It takes a form only. Go back, and send the form again.",
            ),
            StatusCode::FORBIDDEN => (
                "This form came from another site",
                "To protect your account, forms are taken from this site alone. Open the page here, and send it again.",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => ("That is too much at once", "Send something smaller."),
            status if status.is_client_error() => (
                "This request cannot be understood",
                "Go back, reload the page, and try again.",
            ),
            _ => (
                "This page broke, on our side",
                "Nothing that was saved is lost. Try again in a moment.",
            ),
        };
        Problem::new(status, title, advice)
    }

    pub fn internal(source: String) -> Problem {
        Problem {
            source: Some(source),
            ..Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }

    /// Took longer than anyone waits.
    pub fn timeout() -> Problem {
        let advice = "The server is busy, or the connection is slow. Try again in a moment.";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "This took too long", advice)
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Problem {
        match error {
            AppError::NotFound(what) => Problem::new(
                StatusCode::NOT_FOUND,
                &format!("There is no such {what}"),
                "The address may be mistyped, or what was here has been removed.",
            ),
            AppError::Malformed(why) => Problem {
                source: Some(why),
                ..Problem::of_status(StatusCode::BAD_REQUEST)
            },
            AppError::Forbidden => Problem::new(
                StatusCode::FORBIDDEN,
                "Your role does not include this",
                "An administrator can change your role, or do this for you.",
            ),
            AppError::Withheld => Problem::new(
                StatusCode::FORBIDDEN,
                "Names are withheld here",
                "Résumés for this job are read without names. Everything is shown once enough people have submitted.",
            ),
            AppError::Busy(wait) => Problem {
                retry_after: Some(wait),
                ..Problem::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "The laboratory is busy",
                    "Other programs are running. Try again in a few seconds.",
                )
            },
            AppError::Conflict(what) => Problem::new(
                StatusCode::CONFLICT,
                &what,
                "Reload the page to see how things stand now.",
            ),
            AppError::Internal(source) => Problem::internal(source.to_string()),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}
