//! The pages that belong to no room.

use askama::Template;
use axum::http::StatusCode;

use axum::extract::State;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::ui::Shell;

#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    pub shell: Shell,
    pub title: String,
    pub advice: String,
    pub reference: String,
    pub at: Timestamp,
}

crate::statements! {
    ANSWERS = "SELECT value FROM settings WHERE name = $1";
}

/// For a load balancer: the server runs and reaches its database.
pub async fn health(State(app): State<App>) -> Result<(StatusCode, &'static str), AppError> {
    app.db.optional(ANSWERS, crate::args!["none"]).await?;
    Ok((StatusCode::OK, "ok\n"))
}
