//! How long the applications for a job are kept, with a preview of what would go.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::screening::veil::Veil;
use crate::hiring::{Opening, access};
use crate::people::Staff;
use crate::people::guard::SignedIn;
use crate::privacy::pages::veiled;
use crate::privacy::retention::{self, AHEAD, Forecast, MOST_MONTHS, months_words};
use crate::privacy::store::{self, Line};
use crate::ui::{Field, Flash, Form, Page, Path, Query, SeeOther, Shell};

const MOST_NAMED: i64 = 50;

#[derive(Template)]
#[template(path = "privacy/retention.html")]
pub struct RetentionPage {
    pub shell: Shell,
    pub opening: Opening,
    pub months: Field,
    /// Of the months that are shown, which may not be in force yet.
    pub shown: u32,
    pub forecast: Forecast,
    /// Who goes within the next 30 days, as things stand.
    pub going: Vec<Line>,
}

impl RetentionPage {
    pub fn is_preview(&self) -> bool {
        self.shown != self.opening.keep_months
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        crate::ui::form::with_errors(&[&self.months])
    }

    pub fn words(&self, months: &u32) -> String {
        months_words(*months)
    }
}

fn months_field() -> Field {
    Field::new("months", "Months").hint("From the day an application was sent: 1 to 120.")
}

pub(super) fn checked(typed: &str) -> Result<u32, &'static str> {
    let months = typed
        .trim()
        .parse()
        .ok()
        .filter(|months| (1..=MOST_MONTHS).contains(months));
    months.ok_or("Write a number of months from 1 to 120.")
}

#[derive(Deserialize)]
pub struct RetentionForm {
    pub(super) months: Option<String>,
}

pub async fn retention(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Query(query): Query<RetentionForm>,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    page(&app, shell, &staff, opening, query.months).await
}

async fn page(
    app: &App,
    shell: Shell,
    staff: &Staff,
    opening: Opening,
    typed: Option<String>,
) -> Result<Response, AppError> {
    let typed = typed.map(|typed| typed.chars().take(20).collect::<String>());
    let months = typed.as_deref().map_or(Ok(opening.keep_months), checked);
    let (status, error) = match months {
        Ok(_) => (StatusCode::OK, None),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Some(error)),
    };
    let shown = months.unwrap_or(opening.keep_months);
    let veil = Veil::of(&app.db, staff.id).await?;
    let going = store::going(&app.db, opening.id, app.now().plus(AHEAD), MOST_NAMED).await?;
    let page = RetentionPage {
        shell,
        months: months_field()
            .value(typed.unwrap_or_else(|| shown.to_string()))
            .error(error),
        shown,
        forecast: retention::forecast(app, opening.id, shown).await?,
        going: veiled(&app.db, &veil, going).await?,
        opening,
    };
    Ok((status, Page(page)).into_response())
}

pub async fn keep(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<RetentionForm>,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let Ok(months) = checked(form.months.as_deref().unwrap_or_default()) else {
        return page(&app, shell, &staff, opening, Some(form.months.unwrap_or_default())).await;
    };
    retention::set(&app, &staff, id, months).await?;
    let said = Flash::good(format!(
        "Applications for this job are kept for {}.",
        months_words(months)
    ));
    Ok(SeeOther::to(format!("/openings/{id}/retention"))
        .saying(said)
        .into_response())
}
