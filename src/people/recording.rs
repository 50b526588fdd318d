//! What is done to accounts, for the audit log.

use uuid::Uuid;

use crate::app::App;
use crate::audit::{self, Actor, Entry};
use crate::db::{Result, Tx};
use crate::people::Staff;

/// What happened to an account.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Added,
    Invited,
    LinkMade,
    PasswordSet,
    SignedIn,
    SignedInByRecoveryCode,
    SecondFactorRefused,
    SecondFactorOn,
    SecondFactorOff,
    RecoveryCodesMade,
    RoleChanged,
    Deactivated,
    Reactivated,
    SessionEnded,
    OtherSessionsEnded,
    SessionsEnded,
}

impl Act {
    pub fn words(self) -> &'static str {
        match self {
            Act::Added => "Account made",
            Act::Invited => "Invited",
            Act::LinkMade => "Link for a password made",
            Act::PasswordSet => "Password set",
            Act::SignedIn => "Signed in",
            Act::SignedInByRecoveryCode => "Signed in with a recovery code",
            Act::SecondFactorRefused => "Second factor refused",
            Act::SecondFactorOn => "Second factor switched on",
            Act::SecondFactorOff => "Second factor taken off",
            Act::RecoveryCodesMade => "Recovery codes made",
            Act::RoleChanged => "Role changed",
            Act::Deactivated => "Account deactivated",
            Act::Reactivated => "Account reactivated",
            Act::SessionEnded => "One session ended",
            Act::OtherSessionsEnded => "All other sessions ended",
            Act::SessionsEnded => "All sessions ended",
        }
    }
}

/// Others who record wait from here on: the last thing that a transaction does.
pub async fn record(tx: &mut Tx, app: &App, by: Actor, act: Act, account: Uuid, detail: &str) -> Result<()> {
    append(tx, app, by, act.words(), format!("staff {account}"), detail).await
}

/// Of what people do to their own account.
pub async fn record_own(tx: &mut Tx, app: &App, staff: &Staff, act: Act) -> Result<()> {
    record(tx, app, Actor::Staff(staff.id), act, staff.id, "").await
}

/// Whether everybody has to have a second factor.
pub async fn record_requirement(tx: &mut Tx, app: &App, by: &Staff, required: bool) -> Result<()> {
    let what = match required {
        true => "Second factor required of everybody",
        false => "Second factor left to everybody",
    };
    append(tx, app, Actor::Staff(by.id), what, "accounts".into(), "").await
}

async fn append(tx: &mut Tx, app: &App, actor: Actor, what: &str, subject: String, detail: &str) -> Result<()> {
    let entry = Entry {
        actor,
        what,
        subject,
        detail,
    };
    audit::append(tx, &entry, app.now()).await
}
