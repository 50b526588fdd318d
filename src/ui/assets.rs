//! Stylesheets, fonts and scripts, carried by the binary.
//!
//! Their address holds a digest of them all, so a browser keeps them for a year and asks anew after an upgrade.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::error::{AppError, Problem};
use crate::ui::Path;

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

pub fn url(file: &str) -> String {
    format!("/static/{EDITION}/{file}")
}

pub async fn serve(Path((edition, file)): Path<(String, String)>) -> Result<Response, Problem> {
    let Some((_, bytes)) = FILES
        .iter()
        .find(|(name, _)| *name == file)
        .filter(|_| edition == EDITION)
    else {
        return Err(AppError::NotFound("file").into());
    };
    let headers = [
        (header::CONTENT_TYPE, content_type(&file)),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((StatusCode::OK, headers, *bytes).into_response())
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
