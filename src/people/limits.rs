//! How often somebody may try to sign in, counted in the database and so on every node.
//!
//! One number for each key is enough: the moment at which its allowance will be whole again. Each try moves it on by one
//! interval; a key whose moment lies further ahead than its burst has to wait.

use std::time::Duration;

use crate::app::App;
use crate::db::Result;
use crate::people::store;

#[derive(Clone, Copy)]
pub struct Limit {
    /// How many tries come at once.
    burst: u32,
    /// After these, one for each.
    interval: Duration,
}

impl Limit {
    pub const fn new(burst: u32, interval: Duration) -> Limit {
        Limit { burst, interval }
    }
}

/// For one account: enough for a bad morning, hopeless for guessing.
pub const ACCOUNT: Limit = Limit {
    burst: 10,
    interval: Duration::from_secs(60),
};
/// For one address, behind which a whole office may sit.
pub const ADDRESS: Limit = Limit {
    burst: 60,
    interval: Duration::from_secs(5),
};

/// Counts one try for each key. Where one of them has none left, says how long to wait, and counts nothing.
pub async fn take(app: &App, keys: &[(String, Limit)]) -> Result<Option<Duration>> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    store::drop_whole_allowances(&mut tx, now).await?;
    for (key, limit) in keys {
        let free_at = store::take_allowance(&mut tx, key, now, limit.interval).await?;
        let wait = now.until(free_at).saturating_sub(limit.interval * limit.burst);
        if !wait.is_zero() {
            return Ok(Some(wait));
        }
    }
    tx.commit().await?;
    Ok(None)
}

pub async fn reset(app: &App, key: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    store::reset_allowance(&mut tx, key).await?;
    tx.commit().await
}

/// For whoever has to wait.
pub fn too_many(wait: Duration) -> String {
    let words = match wait.as_secs() + 1 {
        1 => "one second".into(),
        seconds @ 0..=90 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds.div_ceil(60)),
    };
    format!("Too many tries. Wait {words}, then try again.")
}

pub fn account_key(email_key: &str) -> String {
    format!("account {email_key}")
}

pub fn address_key(address: std::net::IpAddr) -> String {
    // One customer of a provider has a whole /64 of IPv6.
    match address {
        std::net::IpAddr::V4(v4) => format!("address {v4}"),
        std::net::IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => format!("address {v4}"),
            None => format!("address {:?}", &v6.segments()[..4]),
        },
    }
}
