//! axum's extractors, answering with a page when they refuse.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::{AppError, Problem};

pub struct Form<T>(pub T);
pub struct Path<T>(pub T);
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    #[expect(clippy::disallowed_types, reason = "this is what the page-giving one is made of")]
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::extract::Form::<T>::from_request(request, state).await {
            Ok(axum::extract::Form(value)) => Ok(Form(value)),
            Err(rejection) => {
                let status = axum::response::IntoResponse::into_response(rejection).status();
                Err(Problem::of_status(status))
            }
        }
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = AppError;

    /// An address that does not fit names nothing that exists.
    #[expect(clippy::disallowed_types, reason = "this is what the page-giving one is made of")]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Path(value))
            .map_err(|_| AppError::NotFound("page"))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = AppError;

    #[expect(clippy::disallowed_types, reason = "this is what the page-giving one is made of")]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|axum::extract::Query(value)| Query(value))
            .map_err(|e| AppError::Malformed(e.body_text()))
    }
}
