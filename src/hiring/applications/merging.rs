//! Duplicates: two applications of one person for one job become one, and can be parted again.
//!
//! Nothing moves and nothing is deleted. The duplicate points to the one that stays; it leaves boards, counts and lists,
//! and its page and its link show the one that stays.

use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::error::AppError;
use crate::hiring::applications::{placing, store};
use crate::hiring::{Application, ApplicationState};
use crate::people::Staff;

/// Why two applications cannot become one.
pub fn obstacle(one: &Application, other: &Application) -> Option<&'static str> {
    let any = |is: fn(&Application) -> bool| is(one) || is(other);
    if one.id == other.id {
        Some("An application cannot be merged into itself")
    } else if one.opening != other.opening {
        Some("These applications are for different jobs")
    } else if any(|application| application.state == ApplicationState::Draft) {
        Some("A draft cannot be merged: it was not sent yet")
    } else if any(|application| application.merged_into.is_some()) {
        Some("One of these applications is merged already")
    } else {
        None
    }
}

pub async fn merge(app: &App, by: &Staff, duplicate: Uuid, into: Uuid) -> Result<(), AppError> {
    let mut tx = app.db.begin().await?;
    let (gone, kept) = both(&mut tx, duplicate, into).await?;
    if gone.merged_into == Some(kept.id) {
        return Ok(());
    }
    let mut why = obstacle(&gone, &kept);
    if why.is_none() && store::has_merged(&mut tx, gone.id).await? {
        why = Some("Others are merged into that one. Let it be the one that stays");
    }
    if let Some(why) = why {
        return Err(AppError::Conflict(why.into()));
    }
    let now = app.now();
    placing::merge(&mut tx, &gone, kept.id, now).await?;
    let sent = gone.submitted_at.unwrap_or(gone.started_at).day_words();
    let events = [
        (kept.id, "Duplicate merged", format!("sent {sent} as {}", gone.name)),
        (gone.id, "Merged into another application", String::new()),
    ];
    for (id, what, detail) in events {
        store::add_event(&mut tx, app.new_id(), id, Some(by.id), (what, &detail), now).await?;
    }
    Ok(tx.commit().await?)
}

/// The duplicate is an application of its own again, where it was.
pub async fn part(app: &App, by: &Staff, kept: Uuid, duplicate: Uuid) -> Result<(), AppError> {
    let mut tx = app.db.begin().await?;
    let (gone, kept) = both(&mut tx, duplicate, kept).await?;
    match gone.merged_into {
        None => return Ok(()),
        Some(into) if into != kept.id => return Err(AppError::Conflict("It is merged into another one".into())),
        Some(_) => {}
    }
    let now = app.now();
    placing::part(&mut tx, &gone, now).await?;
    for id in [kept.id, gone.id] {
        store::add_event(
            &mut tx,
            app.new_id(),
            id,
            Some(by.id),
            ("Duplicate parted again", ""),
            now,
        )
        .await?;
    }
    Ok(tx.commit().await?)
}

/// Both, held in the order of their ids, so that two who merge at once wait for one another.
async fn both(tx: &mut Tx, duplicate: Uuid, kept: Uuid) -> Result<(Application, Application), AppError> {
    let mut held = Vec::new();
    for id in [duplicate.min(kept), duplicate.max(kept)] {
        let application = store::lock(tx, id).await?;
        held.push(application.ok_or(AppError::NotFound("application"))?);
    }
    let of = |id: Uuid| held.iter().find(|application| application.id == id).cloned();
    match (of(duplicate), of(kept)) {
        (Some(gone), Some(kept)) => Ok((gone, kept)),
        _ => Err(AppError::NotFound("application")),
    }
}
