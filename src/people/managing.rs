//! What administrators do to accounts, each in one transaction with its row in the audit log.

use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::audit::Actor;
use crate::db;
use crate::people::recording::{Act, record, record_requirement};
use crate::people::second_factor::store as second_factors;
use crate::people::sessions::Token;
use crate::people::{NewStaff, PeopleError, Role, Staff, store};

pub const INVITATION_LASTS: Duration = Duration::from_secs(7 * 24 * 3600);

/// Adds a person without a password, and gives the link that sets one.
pub async fn add_invited(app: &App, by: Actor, new: NewStaff) -> Result<(Staff, String), PeopleError> {
    let (id, token, now) = (app.new_id(), Token::new(app), app.now());
    let mut tx = app.db.begin().await?;
    store::add(&mut tx, id, &new, None, now).await?;
    store::put_invitation(&mut tx, id, &token, now.plus(INVITATION_LASTS)).await?;
    record(&mut tx, app, by, Act::Invited, id, new.role.id()).await?;
    tx.commit().await?;
    Ok((store::find(&app.db, id).await?, link_of(app, &token)))
}

/// A link that sets the password of somebody who is here; the one before it no longer works.
pub async fn new_link(app: &App, by: Actor, id: Uuid) -> Result<String, PeopleError> {
    let token = Token::new(app);
    let mut tx = app.db.begin().await?;
    store::put_invitation(&mut tx, id, &token, app.now().plus(INVITATION_LASTS)).await?;
    record(&mut tx, app, by, Act::LinkMade, id, "").await?;
    tx.commit().await?;
    Ok(link_of(app, &token))
}

fn link_of(app: &App, token: &Token) -> String {
    app.config.public_url.join(&format!("/invitations/{}", token.text()))
}

pub async fn give_role(app: &App, by: &Staff, id: Uuid, role: Role) -> Result<(), PeopleError> {
    let mut tx = app.db.begin().await?;
    store::set_role(&mut tx, id, role).await?;
    record(&mut tx, app, Actor::Staff(by.id), Act::RoleChanged, id, role.id()).await?;
    Ok(tx.commit().await?)
}

pub async fn deactivate(app: &App, by: &Staff, id: Uuid) -> Result<(), PeopleError> {
    let mut tx = app.db.begin().await?;
    store::deactivate(&mut tx, id).await?;
    record(&mut tx, app, Actor::Staff(by.id), Act::Deactivated, id, "").await?;
    Ok(tx.commit().await?)
}

pub async fn reactivate(app: &App, by: &Staff, id: Uuid) -> Result<(), PeopleError> {
    let mut tx = app.db.begin().await?;
    store::reactivate(&mut tx, id).await?;
    record(&mut tx, app, Actor::Staff(by.id), Act::Reactivated, id, "").await?;
    Ok(tx.commit().await?)
}

/// False where there was none.
pub async fn take_second_factor_off(app: &App, by: Actor, id: Uuid) -> db::Result<bool> {
    let mut tx = app.db.begin().await?;
    let was_on = second_factors::remove(&mut tx, id).await?;
    if was_on {
        record(&mut tx, app, by, Act::SecondFactorOff, id, "").await?;
    }
    tx.commit().await?;
    Ok(was_on)
}

/// Whether everybody has to have a second factor.
pub async fn require_second_factor(app: &App, by: &Staff, required: bool) -> db::Result<()> {
    let mut tx = app.db.begin().await?;
    second_factors::require(&mut tx, required).await?;
    record_requirement(&mut tx, app, by, required).await?;
    tx.commit().await
}

pub async fn sign_out_everywhere(app: &App, by: &Staff, id: Uuid) -> db::Result<()> {
    let mut tx = app.db.begin().await?;
    store::end_sessions_of(&mut tx, id).await?;
    record(&mut tx, app, Actor::Staff(by.id), Act::SessionsEnded, id, "").await?;
    tx.commit().await
}
