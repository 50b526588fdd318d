//! How long coding tests are kept that were given without an application, with a preview of what would go.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::people::guard::SignedIn;
use crate::privacy::retention::{AHEAD, Forecast, kept, months_words};
use crate::privacy::retention_pages::{RetentionForm, checked};
use crate::privacy::test_store::{self as store, TestLine};
use crate::privacy::tests_kept;
use crate::ui::{Field, Flash, Form, Page, Query, SeeOther, Shell};

const MOST_NAMED: i64 = 50;
const URL: &str = "/privacy/coding-tests";

#[derive(Template)]
#[template(path = "privacy/test_retention.html")]
pub struct TestRetentionPage {
    pub shell: Shell,
    /// In force.
    pub kept: u32,
    pub months: Field,
    /// Of the months that are shown, which may not be in force yet.
    pub shown: u32,
    pub forecast: Forecast,
    /// What goes within the next 30 days, as things stand.
    pub going: Vec<TestLine>,
}

impl TestRetentionPage {
    pub fn is_preview(&self) -> bool {
        self.shown != self.kept
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        crate::ui::form::with_errors(&[&self.months])
    }

    pub fn words(&self, months: &u32) -> String {
        months_words(*months)
    }

    pub fn until(&self, line: &TestLine) -> Timestamp {
        Timestamp(line.invited_at.0.saturating_add(kept(self.kept)))
    }
}

fn months_field() -> Field {
    Field::new("months", "Months").hint("From the day a test was given: 1 to 120.")
}

pub async fn retention(
    State(app): State<App>,
    shell: Shell,
    Query(query): Query<RetentionForm>,
) -> Result<Response, AppError> {
    page(&app, shell, query.months).await
}

async fn page(app: &App, shell: Shell, typed: Option<String>) -> Result<Response, AppError> {
    let now = app.now();
    let in_force = store::months(&app.db).await?;
    let typed = typed.map(|typed| typed.chars().take(20).collect::<String>());
    let months = typed.as_deref().map_or(Ok(in_force), checked);
    let (status, error) = match months {
        Ok(_) => (StatusCode::OK, None),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Some(error)),
    };
    let shown = months.unwrap_or(in_force);
    let before = Timestamp(now.plus(AHEAD).0.saturating_sub(kept(in_force)));
    let page = TestRetentionPage {
        shell,
        kept: in_force,
        months: months_field()
            .value(typed.unwrap_or_else(|| shown.to_string()))
            .error(error),
        shown,
        forecast: tests_kept::forecast(app, shown).await?,
        going: store::going(&app.db, before, now, MOST_NAMED).await?,
    };
    Ok((status, Page(page)).into_response())
}

pub async fn keep(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Form(form): Form<RetentionForm>,
) -> Result<Response, AppError> {
    let Ok(months) = checked(form.months.as_deref().unwrap_or_default()) else {
        return page(&app, shell, Some(form.months.unwrap_or_default())).await;
    };
    tests_kept::set(&app, &staff, months).await?;
    let said = format!(
        "Coding tests without an application are kept for {}.",
        months_words(months)
    );
    Ok(SeeOther::to(URL).saying(Flash::good(said)).into_response())
}
