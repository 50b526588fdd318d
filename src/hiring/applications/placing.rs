//! Where applications are: every change of a place goes through here, so that the counts of a job, the visits of its
//! stages and the revision of its board always tell the same as the applications.
//!
//! Whoever changes several applications in one transaction locks all of them first, in the order of their ids; the board
//! is held from the first change on.

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::db::{Result, Tx};
use crate::hiring::applications::store::{self, NewApplication, Submission};
use crate::hiring::pipeline::index;
use crate::hiring::{Application, ApplicationState};

/// False when this form was sent before.
pub async fn begin(tx: &mut Tx, new: &NewApplication<'_>, now: Timestamp) -> Result<bool> {
    let added = store::add(tx, new, now).await?;
    if added {
        settle(tx, None, new.id, now).await?;
    }
    Ok(added)
}

/// False when it was sent before.
pub async fn submit(tx: &mut Tx, draft: &Application, sent: &Submission<'_>, now: Timestamp) -> Result<bool> {
    let done = store::submit(tx, draft.id, sent, now).await?;
    settled(tx, draft, done, now).await
}

/// False when it has ended.
pub async fn move_to(tx: &mut Tx, application: &Application, stage: Uuid, now: Timestamp) -> Result<bool> {
    let done = store::move_to(tx, application.id, stage, now).await?;
    settled(tx, application, done, now).await
}

/// False when it has ended before.
pub async fn end(
    tx: &mut Tx,
    application: &Application,
    state: ApplicationState,
    why: &str,
    now: Timestamp,
) -> Result<bool> {
    let done = store::end(tx, application.id, state, why, now).await?;
    settled(tx, application, done, now).await
}

/// False when no knock-out stands against it.
pub async fn reverse(tx: &mut Tx, application: &Application, by: Uuid, why: &str, now: Timestamp) -> Result<bool> {
    let done = store::reverse(tx, application.id, by, why, now).await?;
    settled(tx, application, done, now).await
}

/// False when no person has rejected it.
pub async fn reopen(tx: &mut Tx, application: &Application, now: Timestamp) -> Result<bool> {
    let done = store::reopen(tx, application.id, now).await?;
    settled(tx, application, done, now).await
}

/// Puts an application back to where it was, as if it had never left. False when it was withdrawn or knocked out since.
pub async fn put_back(
    tx: &mut Tx,
    application: &Application,
    (stage, since): (Uuid, Timestamp),
    now: Timestamp,
) -> Result<bool> {
    let done = store::put_back(tx, application.id, stage, since, now).await?;
    settled(tx, application, done, now).await
}

/// Nobody is an owner, too.
pub async fn assign(tx: &mut Tx, application: &Application, owner: Option<Uuid>) -> Result<()> {
    store::assign(tx, application.id, owner).await?;
    store::count_move(tx, application.id).await?;
    store::turn_board(tx, application.opening).await
}

/// Takes a duplicate off the board; everything of it stays. False when it is merged already.
pub async fn merge(tx: &mut Tx, duplicate: &Application, into: Uuid, now: Timestamp) -> Result<bool> {
    let done = store::merge(tx, duplicate.id, into).await?;
    settled(tx, duplicate, done, now).await
}

/// Puts a duplicate back where it was. False when it is not merged.
pub async fn part(tx: &mut Tx, duplicate: &Application, now: Timestamp) -> Result<bool> {
    let done = store::part(tx, duplicate.id).await?;
    settled(tx, duplicate, done, now).await
}

/// Of a draft, with everything that belongs to it.
pub async fn remove(tx: &mut Tx, draft: &Application, now: Timestamp) -> Result<bool> {
    let done = store::remove(tx, draft.id).await?;
    settled(tx, draft, done, now).await
}

/// Of a person who is erased: whatever belongs to it went before.
pub async fn erase(tx: &mut Tx, application: &Application, now: Timestamp) -> Result<bool> {
    index::forget(tx, application.id).await?;
    let done = store::erase(tx, application.id).await?;
    settled(tx, application, done, now).await
}

async fn settled(tx: &mut Tx, before: &Application, done: bool, now: Timestamp) -> Result<bool> {
    if done {
        settle(tx, Some(before), before.id, now).await?;
    }
    Ok(done)
}

/// Makes counts, visits and the board tell what the application tells now.
pub async fn settle(tx: &mut Tx, before: Option<&Application>, id: Uuid, now: Timestamp) -> Result<()> {
    let after = store::find_in(tx, id).await?;
    let Some(opening) = before.or(after.as_ref()).map(|application| application.opening) else {
        return Ok(());
    };
    let (from, to) = (before.and_then(counted), after.as_ref().and_then(counted));
    if from == to {
        return Ok(());
    }
    store::turn_board(tx, opening).await?;
    let was_sent = before.is_some_and(|before| before.state != ApplicationState::Draft);
    if !was_sent {
        index::refresh(tx, id).await?;
    }
    if let Some(place) = from {
        store::count(tx, opening, place, -1).await?;
    }
    if let Some(place) = to {
        store::count(tx, opening, place, 1).await?;
    }
    if after.is_some() {
        store::count_move(tx, id).await?;
    }
    let (left, entered) = (from.and_then(visited), to.and_then(visited));
    if left == entered {
        return Ok(());
    }
    if left.is_some() {
        store::leave(tx, id, now).await?;
    }
    match entered {
        Some(stage) => store::enter(tx, id, opening, stage, now).await,
        None => Ok(()),
    }
}

type Place = (Option<Uuid>, ApplicationState);

/// Where it counts: a duplicate counts with the one that it is merged into.
fn counted(application: &Application) -> Option<Place> {
    let duplicate = application.merged_into.is_some();
    (!duplicate).then_some((application.stage, application.state))
}

/// Time runs in a stage while an application is under way.
fn visited((stage, state): Place) -> Option<Uuid> {
    stage.filter(|_| state == ApplicationState::Active)
}
