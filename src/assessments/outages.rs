//! Time that the server owes: while no node of a database is alive, no candidate can work.
//!
//! Every node writes down now and then that it lives. A gap that is longer than two beats was an outage, and its length
//! is added to the end of every test that was under way.

use std::time::Duration;

use crate::app::App;
use crate::assessments::store;
use crate::db::Result;

pub const BEAT: Duration = Duration::from_secs(5);
/// A shorter gap is the pause between two beats, or a busy machine.
const GAP: Duration = Duration::from_secs(12);

/// Writes down that this node lives, and gives back the time since the last beat of any node if that was an outage.
pub async fn beat(app: &App) -> Result<()> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let last = store::heartbeat(&mut tx).await?;
    // Of several nodes that come back at once, one gives back.
    if !store::beat(&mut tx, last, now).await? {
        return Ok(());
    }
    if let Some(last) = last
        && last.until(now) > GAP
    {
        let lost = last.until(now);
        let micros = i64::try_from(lost.as_micros()).unwrap_or(i64::MAX);
        let tests = store::give_back(&mut tx, micros, last).await?;
        if tests > 0 {
            tracing::warn!(
                tests,
                seconds = lost.as_secs(),
                "an outage was given back to tests under way"
            );
        }
    }
    tx.commit().await
}

/// Beats for as long as the server runs.
pub async fn keep_beating(app: App) {
    loop {
        tokio::time::sleep(BEAT).await;
        if let Err(error) = beat(&app).await {
            tracing::error!(%error, "the heartbeat cannot be written");
        }
    }
}
