//! Coding tests that were given without an application: kept for as long as the company says, and erased like what
//! belongs to one. Those that were given for an application go with it.

use uuid::Uuid;

use crate::app::App;
use crate::assessments::{self, Assessment};
use crate::audit::{self, Actor};
use crate::db::DbError;
use crate::error::AppError;
use crate::jobs::{self, Task};
use crate::people::Staff;
use crate::privacy::erasing::{STAND_BY, finish};
use crate::privacy::retention::{Forecast, forecast_of, kept, months_words};
use crate::privacy::test_store::{self as store, NewTestErasure};
use crate::privacy::{Cause, Certificate, TEST_ERASED};

/// Erases a test with everything that belongs to it. Gives the certificate, also if it was erased before.
pub async fn erase(app: &App, test: Uuid, cause: Cause, by: Option<Uuid>) -> Result<Uuid, AppError> {
    let certificate = begin(app, test, cause, by).await?;
    finish(app, certificate).await?;
    Ok(certificate)
}

async fn begin(app: &App, test: Uuid, cause: Cause, by: Option<Uuid>) -> Result<Uuid, AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    assessments::store::lock(&mut tx, test).await?;
    let new = NewTestErasure {
        id: app.new_id(),
        test,
        cause,
        by,
    };
    if !store::is_loose(&mut tx, test).await? || !store::add(&mut tx, &new, now).await? {
        drop(tx);
        let known = store::certificate_of(&app.db, test).await?;
        return known.ok_or(AppError::NotFound("coding test"));
    }
    let task = Task::Erase { erasure: new.id };
    jobs::store::add(&mut tx, app.new_id(), task, now.plus(STAND_BY)).await?;
    tx.commit().await?;
    Ok(new.id)
}

pub(super) async fn erase_rows(app: &App, certificate: &Certificate) -> Result<(), AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    assessments::store::lock(&mut tx, certificate.subject).await?;
    if !store::is_loose(&mut tx, certificate.subject).await? {
        // Somebody else was quicker.
        return Ok(());
    }
    let counts = store::clear(&mut tx, certificate.subject).await?;
    store::settle(&mut tx, certificate.id, &counts, now).await?;
    let settled = super::store::find_in(&mut tx, certificate.id).await?;
    let settled = settled.ok_or(AppError::NotFound("certificate"))?;
    let entry = audit::Entry {
        actor: settled.by.map_or(Actor::Halfopen, Actor::Staff),
        what: TEST_ERASED,
        subject: format!("assessment {}", certificate.subject),
        detail: &settled.seal(),
    };
    audit::append(&mut tx, &entry, now).await?;
    Ok(tx.commit().await?)
}

/// All of one person's, with the one from which one has come.
pub async fn of_person(app: &App, test: &Assessment) -> Result<Vec<Uuid>, DbError> {
    let mut all = store::of_address(&app.db, &test.email).await?;
    if !all.contains(&test.id) {
        all.push(test.id);
    }
    Ok(all)
}

pub async fn due(app: &App, most: i64) -> Result<Vec<Uuid>, DbError> {
    let months = store::months(&app.db).await?;
    let before = app.now().0.saturating_sub(kept(months));
    store::due(&app.db, crate::clock::Timestamp(before), app.now(), most).await
}

pub async fn forecast(app: &App, months: u32) -> Result<Forecast, DbError> {
    forecast_of(app, async |ends| store::spread(&app.db, kept(months), ends).await).await
}

pub async fn set(app: &App, by: &Staff, months: u32) -> Result<(), AppError> {
    let mut tx = app.db.begin().await?;
    if store::set_months(&mut tx, months).await? {
        let entry = audit::Entry {
            actor: Actor::Staff(by.id),
            what: "Retention changed",
            subject: "coding tests".into(),
            detail: &months_words(months),
        };
        audit::append(&mut tx, &entry, app.now()).await?;
    }
    Ok(tx.commit().await?)
}
