//! How long applications are kept. A job looks every day for those whose period has ended, erases what has ended, a few
//! at a time, and leaves what is under way to people.

use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::audit::{self, Actor};
use crate::clock::Timestamp;
use crate::db::DbError;
use crate::error::AppError;
use crate::hiring::applications::drafting::months_after;
use crate::jobs::{self, Job, JobError, Task};
use crate::people::Staff;
use crate::privacy::store::{self, spread};
use crate::privacy::{Cause, erasing, tests_kept};

pub const DAY: Duration = Duration::from_secs(24 * 3_600);
/// What is looked ahead on pages.
pub const AHEAD: Duration = Duration::from_secs(30 * 24 * 3_600);
/// A request for erasure is due after so long.
pub const REQUEST_DUE: Duration = Duration::from_secs(30 * 24 * 3_600);
const AT_ONCE: i64 = 50;
const ROWS_AT_ONCE: i64 = 2_000;
pub const MOST_MONTHS: u32 = 120;

/// Sees that the job is there; it is made once, and puts itself off from day to day.
pub async fn ensure(app: &App) -> Result<(), DbError> {
    let mut tx = app.db.begin().await?;
    jobs::store::add(&mut tx, app.new_id(), Task::Retain, app.now()).await?;
    jobs::store::retry(&mut tx, Task::Retain, app.now()).await?;
    tx.commit().await
}

/// The job of the day.
pub async fn run(app: &App, _job: &Job) -> Result<(), JobError> {
    let due = store::due(&app.db, app.now(), AT_ONCE).await?;
    for application in &due {
        match erasing::erase(app, *application, Cause::Period, None).await {
            Ok(_) | Err(AppError::NotFound(_)) => {}
            Err(error) => return Err(erasing::passing(&error)),
        }
    }
    let tests = tests_kept::due(app, AT_ONCE).await?;
    for test in &tests {
        match tests_kept::erase(app, *test, Cause::Period, None).await {
            Ok(_) | Err(AppError::NotFound(_)) => {}
            Err(error) => return Err(erasing::passing(&error)),
        }
    }
    // Others' work comes in between; a job that goes on at once has not failed.
    Err(JobError::Later(match due.is_empty() && tests.is_empty() {
        true => app.now().plus(DAY),
        false => app.now(),
    }))
}

/// How many applications of a job, or coding tests, go when, under a number of months.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    /// What it is, how many have ended, how many are under way.
    pub parts: Vec<(&'static str, i64, i64)>,
}

impl Forecast {
    /// Gone with the next run.
    pub fn at_once(&self) -> i64 {
        self.parts.first().map_or(0, |(_, ended, _)| *ended)
    }

    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(|(_, ended, under_way)| ended + under_way == 0)
    }
}

const PARTS: [&str; 5] = [
    "Now: the period is over",
    "Within 30 days",
    "Within 90 days",
    "Within a year",
    "Later",
];

pub async fn forecast(app: &App, opening: Uuid, months: u32) -> Result<Forecast, DbError> {
    forecast_of(app, async |ends| spread(&app.db, opening, kept(months), ends).await).await
}

/// From counts by part of time, and whether they are under way; the parts end at these moments.
pub(super) async fn forecast_of(
    app: &App,
    spread: impl AsyncFnOnce([Timestamp; 4]) -> Result<Vec<(usize, bool, i64)>, DbError>,
) -> Result<Forecast, DbError> {
    let ends = [0, 30, 90, 365].map(|days| app.now().plus(DAY * days));
    let mut parts: Vec<_> = PARTS.into_iter().map(|words| (words, 0, 0)).collect();
    for (part, under_way, n) in spread(ends).await? {
        if let Some(part) = parts.get_mut(part) {
            *(if under_way { &mut part.2 } else { &mut part.1 }) += n;
        }
    }
    Ok(Forecast { parts })
}

/// In microseconds, as [`months_after`] counts.
pub(super) fn kept(months: u32) -> i64 {
    months_after(Timestamp(0), months).0
}

pub fn months_words(months: u32) -> String {
    match months {
        1 => "1 month".into(),
        n => format!("{n} months"),
    }
}

/// Sets how long applications for a job are kept, those that are there already, too.
pub async fn set(app: &App, by: &Staff, opening: Uuid, months: u32) -> Result<(), AppError> {
    let mut tx = app.db.begin().await?;
    if store::set_months(&mut tx, opening, months).await? {
        let entry = audit::Entry {
            actor: Actor::Staff(by.id),
            what: "Retention changed",
            subject: format!("job {opening}"),
            detail: &months_words(months),
        };
        audit::append(&mut tx, &entry, app.now()).await?;
    }
    tx.commit().await?;
    // A few at a time: with a hundred thousand of them nobody else would get to write. Whoever is cut off here sends the
    // form again.
    loop {
        let mut tx = app.db.begin().await?;
        let changed = store::keep(&mut tx, opening, kept(months), ROWS_AT_ONCE).await?;
        tx.commit().await?;
        if changed == 0 {
            return Ok(());
        }
    }
}
