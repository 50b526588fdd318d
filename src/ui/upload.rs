//! A form that may bring a file, in either encoding.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::error::Problem;
use crate::ui::Form;

/// What is read at all, so that a paste that is too large gets an answer and not a broken connection.
const MOST_READ: usize = 24 * 1024 * 1024;

#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// Everything but the file, as it arrived.
    pub fields: Vec<(String, String)>,
    /// The files that were chosen: the field, the name of the file, what it holds.
    pub files: Vec<(String, String, Bytes)>,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Upload, Response> {
        let mut request = request;
        DefaultBodyLimit::max(MOST_READ).apply(&mut request);
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        if !kind.starts_with("multipart/form-data") {
            let form = Form::<Vec<(String, String)>>::from_request(request, state).await;
            let Form(fields) = form.map_err(IntoResponse::into_response)?;
            return Ok(Upload {
                fields,
                files: Vec::new(),
            });
        }
        let mut parts = Multipart::from_request(request, state)
            .await
            .map_err(|e| refuse(e.status()))?;
        let mut upload = Upload::default();
        while let Some(part) = parts.next_field().await.map_err(|e| refuse(e.status()))? {
            let name = part.name().unwrap_or_default().to_owned();
            let file_name = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|e| refuse(e.status()))?;
            match file_name {
                // A field without a choice comes as a file without a name.
                Some(file_name) if file_name.is_empty() => {}
                Some(file_name) => upload.files.push((name, file_name, bytes)),
                None => upload.fields.push((name, String::from_utf8_lossy(&bytes).into_owned())),
            }
        }
        Ok(upload)
    }
}

fn refuse(status: StatusCode) -> Response {
    Problem::of_status(status).into_response()
}

impl Upload {
    /// What was typed into a field; empty if it did not come.
    pub fn take(&mut self, name: &str) -> String {
        let field = self.fields.iter_mut().find(|(n, _)| n == name);
        field.map(|(_, value)| std::mem::take(value)).unwrap_or_default()
    }

    /// The name of the file that was chosen in a field, and what it holds.
    pub fn take_file(&mut self, name: &str) -> Option<(String, Bytes)> {
        let at = self.files.iter().position(|(field, ..)| field == name)?;
        let (_, file_name, bytes) = self.files.swap_remove(at);
        Some((file_name, bytes))
    }
}
