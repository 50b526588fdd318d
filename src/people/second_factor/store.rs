//! Second factors, recovery codes and sign-ins that wait for a code, in SQL.

use std::collections::HashSet;

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, Result, Tx};
use crate::people::Staff;
use crate::people::second_factor::{Sealed, SecondFactor};
use crate::people::sessions::Token;
use crate::people::store::staff;

crate::statements! {
    FIND = "SELECT secret, since, (SELECT count(*) FROM recovery_codes WHERE recovery_codes.staff_id = second_factors.staff_id)
            AS recovery_codes
        FROM second_factors WHERE staff_id = $1";
    ALL = "SELECT staff_id, secret FROM second_factors ORDER BY staff_id";
    RESEAL = "UPDATE second_factors SET secret = $3 WHERE staff_id = $1 AND secret = $2";
    OWNERS = "SELECT staff_id FROM second_factors WHERE since IS NOT NULL";
    BEGIN = "INSERT INTO second_factors (staff_id, secret, since, last_step) VALUES ($1, $2, NULL, 0)
        ON CONFLICT (staff_id) DO UPDATE SET secret = excluded.secret WHERE second_factors.since IS NULL";
    CONFIRM = "UPDATE second_factors SET since = $3, last_step = $4 WHERE staff_id = $1 AND secret = $2 AND since IS NULL";
    TAKE_STEP = "UPDATE second_factors SET last_step = $2 WHERE staff_id = $1 AND since IS NOT NULL AND last_step < $2";
    REMOVE = "DELETE FROM second_factors WHERE staff_id = $1";
    ADD_CODE = "INSERT INTO recovery_codes (code_hash, staff_id) VALUES ($1, $2)";
    TAKE_CODE = "DELETE FROM recovery_codes WHERE code_hash = $1 AND staff_id = $2";
    REMOVE_CODES = "DELETE FROM recovery_codes WHERE staff_id = $1";
    ADD_PENDING = "INSERT INTO pending_sign_ins (token_hash, staff_id, next, expires_at) VALUES ($1, $2, $3, $4)";
    PENDING = "SELECT staff.id, email, name, role, active, password_hash IS NOT NULL AS has_password, created_at, next
        FROM pending_sign_ins JOIN staff ON staff.id = staff_id
        WHERE token_hash = $1 AND expires_at > $2 AND active";
    TAKE_PENDING = "DELETE FROM pending_sign_ins WHERE token_hash = $1";
    DROP_EXPIRED = "DELETE FROM pending_sign_ins WHERE expires_at <= $1";
    DROP_PENDING_OF = "DELETE FROM pending_sign_ins WHERE staff_id = $1";
    IS_REQUIRED = "SELECT value FROM settings WHERE name = 'second_factor_required'";
    REQUIRE = "INSERT INTO settings (name, value) VALUES ('second_factor_required', $1)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
}

/// Also one that is being set up.
pub async fn find(db: &Db, owner: Uuid) -> Result<Option<SecondFactor>> {
    let Some(row) = db.optional(FIND, args![owner]).await? else {
        return Ok(None);
    };
    Ok(Some(SecondFactor {
        key: Sealed::from_text(row.get("secret")?),
        since: row.get::<Option<i64>>("since")?.map(Timestamp),
        recovery_codes: row.get("recovery_codes")?,
    }))
}

/// Only one that is asked for.
pub async fn confirmed(db: &Db, owner: Uuid) -> Result<Option<SecondFactor>> {
    Ok(find(db, owner).await?.filter(|factor| factor.since.is_some()))
}

/// Who has one.
pub async fn owners(db: &Db) -> Result<HashSet<Uuid>> {
    let rows = db.all(OWNERS, args![]).await?;
    rows.iter().map(|row| row.id("staff_id")).collect()
}

/// Every key, as it is kept.
pub async fn all(db: &Db) -> Result<Vec<(Uuid, Sealed)>> {
    let rows = db.all(ALL, args![]).await?;
    rows.iter()
        .map(|row| Ok((row.id("staff_id")?, Sealed::from_text(row.get("secret")?))))
        .collect()
}

/// The same key, kept in another way. Whoever has set up another one meanwhile keeps that.
pub async fn reseal(tx: &mut Tx, owner: Uuid, before: &Sealed, sealed: &Sealed) -> Result<()> {
    let args = args![owner, before.text(), sealed.text()];
    tx.execute(RESEAL, args).await.map(drop)
}

/// Does nothing where one is on. A key that was shown and not confirmed is not shown again.
pub async fn begin(tx: &mut Tx, owner: Uuid, key: &Sealed) -> Result<()> {
    tx.execute(BEGIN, args![owner, key.text()]).await.map(drop)
}

/// False where it is on already, or was begun anew.
pub async fn confirm(tx: &mut Tx, owner: Uuid, key: &Sealed, step: i64, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(CONFIRM, args![owner, key.text(), now, step]).await? == 1)
}

/// False where a code of this step, or of a later one, was taken before.
pub async fn take_step(tx: &mut Tx, owner: Uuid, step: i64) -> Result<bool> {
    Ok(tx.execute(TAKE_STEP, args![owner, step]).await? == 1)
}

/// Whether there was one, or one was being set up.
pub async fn remove(tx: &mut Tx, owner: Uuid) -> Result<bool> {
    tx.execute(REMOVE_CODES, args![owner]).await?;
    drop_pending_of(tx, owner).await?;
    Ok(tx.execute(REMOVE, args![owner]).await? == 1)
}

/// In the place of those before.
pub async fn put_recovery_codes(tx: &mut Tx, owner: Uuid, hashes: &[String]) -> Result<()> {
    tx.execute(REMOVE_CODES, args![owner]).await?;
    for hash in hashes {
        tx.execute(ADD_CODE, args![hash, owner]).await?;
    }
    Ok(())
}

/// Uses a recovery code up. False where it is none of this person's, or was used before.
pub async fn take_recovery_code(tx: &mut Tx, owner: Uuid, hash: &str) -> Result<bool> {
    Ok(tx.execute(TAKE_CODE, args![hash, owner]).await? == 1)
}

pub async fn add_pending(tx: &mut Tx, token: &Token, owner: Uuid, next: &str, expires_at: Timestamp) -> Result<()> {
    let args = args![token.hash(), owner, next, expires_at];
    tx.execute(ADD_PENDING, args).await.map(drop)
}

/// Who is asked for a code, and where they wanted to go.
pub async fn pending(db: &Db, token: &Token, now: Timestamp) -> Result<Option<(Staff, String)>> {
    let row = db.optional(PENDING, args![token.hash(), now]).await?;
    row.map(|row| Ok((staff(&row)?, row.get("next")?))).transpose()
}

/// Whoever comes second finds it taken.
pub async fn take_pending(tx: &mut Tx, token: &Token) -> Result<bool> {
    Ok(tx.execute(TAKE_PENDING, args![token.hash()]).await? == 1)
}

pub async fn drop_expired(tx: &mut Tx, now: Timestamp) -> Result<()> {
    tx.execute(DROP_EXPIRED, args![now]).await.map(drop)
}

pub async fn drop_pending_of(tx: &mut Tx, owner: Uuid) -> Result<()> {
    tx.execute(DROP_PENDING_OF, args![owner]).await.map(drop)
}

/// Whether everybody has to have one.
pub async fn is_required(db: &Db) -> Result<bool> {
    let row = db.optional(IS_REQUIRED, args![]).await?;
    Ok(row.map(|row| row.get::<String>("value")).transpose()?.as_deref() == Some("yes"))
}

pub async fn require(tx: &mut Tx, required: bool) -> Result<()> {
    let value = if required { "yes" } else { "no" };
    tx.execute(REQUIRE, args![value]).await.map(drop)
}
