//! The second step of signing in, between the password and the session.

use std::time::Duration;

use axum_extra::extract::cookie::Cookie;

use crate::app::App;
use crate::db::{Result, Tx};
use crate::people::devices::Device;
use crate::people::recording::{Act, record_own};
use crate::people::second_factor::{CODES, Seal, SecondFactor, hash_of, limit_key, store};
use crate::people::sessions::{self, Token};
use crate::people::{Staff, limits};

/// How long the code may be waited for after the password.
pub const PATIENCE: Duration = Duration::from_secs(300);

pub enum Proof<'a> {
    Code(&'a str),
    RecoveryCode(&'a str),
}

pub enum Entered {
    In {
        session: Cookie<'static>,
        next: String,
        /// How many recovery codes are left, where one was used up.
        left: Option<i64>,
    },
    Refused,
    Wait(Duration),
    /// Nobody waits for a code any more.
    Late,
}

/// Remembers that the password was right, for the browser that has this token.
pub async fn ask(app: &App, staff: &Staff, next: &str) -> Result<Token> {
    let (token, now) = (Token::new(app), app.now());
    let mut tx = app.db.begin().await?;
    store::drop_expired(&mut tx, now).await?;
    store::add_pending(&mut tx, &token, staff.id, next, now.plus(PATIENCE)).await?;
    tx.commit().await?;
    Ok(token)
}

pub async fn is_asked(app: &App, token: &Token) -> Result<bool> {
    Ok(store::pending(&app.db, token, app.now()).await?.is_some())
}

/// Takes a code once, and starts a session.
pub async fn prove(
    app: &App,
    token: &Token,
    proof: &Proof<'_>,
    device: &Device,
    before: Option<Token>,
) -> Result<Entered> {
    let Some((staff, next)) = store::pending(&app.db, token, app.now()).await? else {
        return Ok(Entered::Late);
    };
    let key = limit_key(staff.id);
    let keys = [
        (key.clone(), CODES),
        (limits::address_key(device.address), limits::ADDRESS),
    ];
    if let Some(wait) = limits::take(app, &keys).await? {
        return Ok(Entered::Wait(wait));
    }
    let Some(factor) = store::confirmed(&app.db, staff.id).await? else {
        return Ok(Entered::Late);
    };
    let mut tx = app.db.begin().await?;
    if !takes(app, &mut tx, &staff, &factor, proof).await? {
        record_own(&mut tx, app, &staff, Act::SecondFactorRefused).await?;
        tx.commit().await?;
        return Ok(Entered::Refused);
    }
    if !store::take_pending(&mut tx, token).await? {
        return Ok(Entered::Late);
    }
    let session = sessions::start(&mut tx, app, &staff, device, before).await?;
    let (act, left) = match proof {
        Proof::Code(_) => (Act::SignedIn, None),
        Proof::RecoveryCode(_) => (Act::SignedInByRecoveryCode, Some(factor.recovery_codes - 1)),
    };
    record_own(&mut tx, app, &staff, act).await?;
    tx.commit().await?;
    limits::reset(app, &key).await?;
    Ok(Entered::In { session, next, left })
}

async fn takes(app: &App, tx: &mut Tx, staff: &Staff, factor: &SecondFactor, proof: &Proof<'_>) -> Result<bool> {
    match proof {
        Proof::Code(code) => {
            let key = Seal::of(app).and_then(|seal| seal.open(&factor.key, staff.id));
            // The recovery codes still open, and the log says what is wrong.
            let key = key.inspect_err(|error| tracing::error!(%error, "no code can be compared"));
            match key.ok().and_then(|key| key.step_of(code, app.now())) {
                Some(step) => store::take_step(tx, staff.id, step).await,
                None => Ok(false),
            }
        }
        Proof::RecoveryCode(code) => store::take_recovery_code(tx, staff.id, &hash_of(code, staff.id)).await,
    }
}
