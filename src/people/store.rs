//! People, their sessions and invitations, in SQL.

use std::time::Duration;

use uuid::Uuid;

use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, DbError, Result, Row, Tx};
use crate::people::devices::Device;
use crate::people::second_factor::store as second_factors;
use crate::people::sessions::{Holder, Session, Token};
use crate::people::{NewStaff, PeopleError, Role, Staff};

crate::statements! {
    ALL_STAFF = "SELECT id, email, name, role, active, password_hash IS NOT NULL AS has_password, created_at
        FROM staff ORDER BY active DESC, email_key";
    STAFF_BY_ID = "SELECT id, email, name, role, active, password_hash IS NOT NULL AS has_password, created_at
        FROM staff WHERE id = $1";
    STAFF_BY_EMAIL = "SELECT id, email, name, role, active, password_hash IS NOT NULL AS has_password, created_at, password_hash
        FROM staff WHERE email_key = $1";
    COUNT_STAFF = "SELECT count(*) AS n FROM staff";
    INSERT_STAFF = "INSERT INTO staff (id, email, email_key, name, role, password_hash, active, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    SET_PASSWORD = "UPDATE staff SET password_hash = $2 WHERE id = $1";
    SET_ROLE = "UPDATE staff SET role = $2 WHERE id = $1";
    SET_ACTIVE = "UPDATE staff SET active = $2 WHERE id = $1";
    LOCK_ADMINISTRATORS = "INSERT INTO settings (name, value) VALUES ('administrators', 'locked')
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    OTHER_ADMINISTRATORS = "SELECT count(*) AS n FROM staff
        WHERE role = 'administrator' AND active AND password_hash IS NOT NULL AND id <> $1";
    SESSION = "SELECT staff.id, email, name, role, active, password_hash IS NOT NULL AS has_password, staff.created_at, seen_at,
            EXISTS (SELECT 1 FROM settings WHERE settings.name = 'second_factor_required' AND value = 'yes')
            AND NOT EXISTS (SELECT 1 FROM second_factors WHERE second_factors.staff_id = staff.id AND since IS NOT NULL)
            AS lacks_second_factor
        FROM sessions JOIN staff ON staff.id = staff_id
        WHERE token_hash = $1 AND seen_at > $2 AND sessions.created_at > $3 AND active";
    SESSIONS_OF = "SELECT id, device, address, created_at, seen_at, token_hash = $2 AS here
        FROM sessions WHERE staff_id = $1 AND seen_at > $3 AND created_at > $4 ORDER BY here DESC, seen_at DESC, id";
    INSERT_SESSION = "INSERT INTO sessions (id, token_hash, staff_id, created_at, seen_at, device, address)
        VALUES ($1, $2, $3, $4, $4, $5, $6)";
    TOUCH_SESSION = "UPDATE sessions SET seen_at = $2, address = $3 WHERE token_hash = $1";
    END_SESSION = "DELETE FROM sessions WHERE token_hash = $1";
    END_ONE_SESSION_OF = "DELETE FROM sessions WHERE staff_id = $1 AND id = $2";
    END_OTHER_SESSIONS_OF = "DELETE FROM sessions WHERE staff_id = $1 AND token_hash <> $2";
    END_SESSIONS_OF = "DELETE FROM sessions WHERE staff_id = $1";
    COUNT_SESSIONS_OF = "SELECT count(*) AS n FROM sessions WHERE staff_id = $1 AND seen_at > $2 AND created_at > $3";
    DROP_EXPIRED_SESSIONS = "DELETE FROM sessions WHERE seen_at <= $1 OR created_at <= $2";
    PUT_INVITATION = "INSERT INTO invitations (staff_id, token_hash, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (staff_id) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at";
    INVITED = "SELECT staff.id, email, name, role, active, password_hash IS NOT NULL AS has_password, created_at
        FROM invitations JOIN staff ON staff.id = staff_id
        WHERE token_hash = $1 AND expires_at > $2 AND active";
    DROP_INVITATION = "DELETE FROM invitations WHERE staff_id = $1";
    SPEND_INVITATION = "DELETE FROM invitations WHERE token_hash = $1";
    TAKE_ALLOWANCE = "INSERT INTO rate_limits (limit_key, free_at) VALUES ($1, CAST($2 AS BIGINT) + CAST($3 AS BIGINT))
        ON CONFLICT (limit_key) DO UPDATE SET free_at =
            CASE WHEN rate_limits.free_at > $2 THEN rate_limits.free_at ELSE $2 END + CAST($3 AS BIGINT)
        RETURNING free_at";
    RESET_ALLOWANCE = "DELETE FROM rate_limits WHERE limit_key = $1";
    DROP_WHOLE_ALLOWANCES = "DELETE FROM rate_limits WHERE free_at <= $1";
}

pub fn staff(row: &Row) -> Result<Staff> {
    Ok(Staff {
        id: row.id("id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        role: row.parse("role", Role::from_id)?,
        active: row.get("active")?,
        has_password: row.get("has_password")?,
        created_at: row.time("created_at")?,
    })
}

pub async fn all(db: &Db) -> Result<Vec<Staff>> {
    db.all(ALL_STAFF, args![]).await?.iter().map(staff).collect()
}

pub async fn find(db: &Db, id: Uuid) -> Result<Staff, PeopleError> {
    let row = db
        .optional(STAFF_BY_ID, args![id])
        .await?
        .ok_or(PeopleError::NoSuchPerson)?;
    Ok(staff(&row)?)
}

/// With the hash of the password, where one has been set.
pub async fn by_email(db: &Db, email_key: &str) -> Result<Option<(Staff, Option<String>)>> {
    let row = db.optional(STAFF_BY_EMAIL, args![email_key]).await?;
    row.map(|row| Ok((staff(&row)?, row.get("password_hash")?))).transpose()
}

pub async fn is_empty(db: &Db) -> Result<bool> {
    let row = db.optional(COUNT_STAFF, args![]).await?;
    Ok(row.map(|row| row.get::<i64>("n")).transpose()?.unwrap_or(0) == 0)
}

pub async fn add(
    tx: &mut Tx,
    id: Uuid,
    new: &NewStaff,
    hash: Option<String>,
    now: Timestamp,
) -> Result<(), PeopleError> {
    let args = args![
        id,
        &new.email,
        new.email_key(),
        &new.name,
        new.role.id(),
        hash,
        true,
        now
    ];
    match tx.execute(INSERT_STAFF, args).await {
        Err(error) if error.is_duplicate() => Err(PeopleError::EmailTaken),
        other => Ok(other.map(drop)?),
    }
}

/// Sets a password; whoever was signed in with the old one no longer is, or was about to be, and no older link works.
pub async fn set_password(tx: &mut Tx, id: Uuid, hash: String) -> Result<(), PeopleError> {
    if tx.execute(SET_PASSWORD, args![id, hash]).await? == 0 {
        return Err(PeopleError::NoSuchPerson);
    }
    tx.execute(DROP_INVITATION, args![id]).await?;
    end_sessions_of(tx, id).await?;
    Ok(())
}

pub async fn set_role(tx: &mut Tx, id: Uuid, role: Role) -> Result<(), PeopleError> {
    if role != Role::Administrator {
        keep_an_administrator(tx, id).await?;
    }
    match tx.execute(SET_ROLE, args![id, role.id()]).await? {
        0 => Err(PeopleError::NoSuchPerson),
        _ => Ok(()),
    }
}

pub async fn deactivate(tx: &mut Tx, id: Uuid) -> Result<(), PeopleError> {
    keep_an_administrator(tx, id).await?;
    if tx.execute(SET_ACTIVE, args![id, false]).await? == 0 {
        return Err(PeopleError::NoSuchPerson);
    }
    tx.execute(DROP_INVITATION, args![id]).await?;
    end_sessions_of(tx, id).await?;
    Ok(())
}

pub async fn reactivate(tx: &mut Tx, id: Uuid) -> Result<(), PeopleError> {
    match tx.execute(SET_ACTIVE, args![id, true]).await? {
        0 => Err(PeopleError::NoSuchPerson),
        _ => Ok(()),
    }
}

/// Two administrators who remove each other at the same time must not both succeed, hence the lock.
async fn keep_an_administrator(tx: &mut Tx, except: Uuid) -> Result<(), PeopleError> {
    tx.execute(LOCK_ADMINISTRATORS, args![]).await?;
    let person = tx
        .optional(STAFF_BY_ID, args![except])
        .await?
        .ok_or(PeopleError::NoSuchPerson)?;
    let person = staff(&person)?;
    let others = tx.optional(OTHER_ADMINISTRATORS, args![except]).await?;
    let others: i64 = others.map(|row| row.get("n")).transpose()?.unwrap_or(0);
    let is_one = person.role == Role::Administrator && person.active;
    if is_one && others == 0 {
        Err(PeopleError::LastAdministrator)
    } else {
        Ok(())
    }
}

/// The person and the last request of a living session.
pub async fn session(
    db: &Db,
    token: &Token,
    (seen_after, created_after): (Timestamp, Timestamp),
) -> Result<Option<(Holder, Timestamp)>> {
    let args = args![token.hash(), seen_after, created_after];
    let Some(row) = db.optional(SESSION, args).await? else {
        return Ok(None);
    };
    let holder = Holder {
        staff: staff(&row)?,
        lacks_second_factor: row.get("lacks_second_factor")?,
    };
    Ok(Some((holder, row.time("seen_at")?)))
}

pub async fn sessions_of(
    db: &Db,
    staff_id: Uuid,
    here: Option<&Token>,
    (seen_after, created_after): (Timestamp, Timestamp),
) -> Result<Vec<Session>> {
    let here = here.map(Token::hash).unwrap_or_default();
    let rows = db
        .all(SESSIONS_OF, args![staff_id, here, seen_after, created_after])
        .await?;
    let session = |row: &Row| {
        Ok(Session {
            id: row.get("id")?,
            device: row.get("device")?,
            address: row.get("address")?,
            since: row.time("created_at")?,
            seen_at: row.time("seen_at")?,
            here: row.get("here")?,
        })
    };
    rows.iter().map(session).collect()
}

pub async fn add_session(
    tx: &mut Tx,
    id: Uuid,
    token: &Token,
    staff_id: Uuid,
    device: &Device,
    now: Timestamp,
) -> Result<()> {
    let (words, address) = (&device.words, device.address.to_string());
    let args = args![id, token.hash(), staff_id, now, words, address];
    tx.execute(INSERT_SESSION, args).await.map(drop)
}

pub async fn touch_session(tx: &mut Tx, token: &Token, now: Timestamp, address: &str) -> Result<()> {
    tx.execute(TOUCH_SESSION, args![token.hash(), now, address])
        .await
        .map(drop)
}

pub async fn end_session(tx: &mut Tx, token: &Token) -> Result<()> {
    tx.execute(END_SESSION, args![token.hash()]).await.map(drop)
}

/// One of this person's, by its name. False where it had ended already, or is somebody else's.
pub async fn end_one_session_of(tx: &mut Tx, staff_id: Uuid, id: &str) -> Result<bool> {
    Ok(tx.execute(END_ONE_SESSION_OF, args![staff_id, id]).await? == 1)
}

/// All but the one with this token; says how many.
pub async fn end_other_sessions_of(tx: &mut Tx, staff_id: Uuid, here: &Token) -> Result<u64> {
    tx.execute(END_OTHER_SESSIONS_OF, args![staff_id, here.hash()]).await
}

/// Everywhere, also where a code is still asked for; says how many sessions there were.
pub async fn end_sessions_of(tx: &mut Tx, staff_id: Uuid) -> Result<u64> {
    second_factors::drop_pending_of(tx, staff_id).await?;
    tx.execute(END_SESSIONS_OF, args![staff_id]).await
}

pub async fn count_sessions_of(
    db: &Db,
    staff_id: Uuid,
    (seen_after, created_after): (Timestamp, Timestamp),
) -> Result<i64> {
    let row = db
        .optional(COUNT_SESSIONS_OF, args![staff_id, seen_after, created_after])
        .await?;
    Ok(row.map(|row| row.get("n")).transpose()?.unwrap_or(0))
}

pub async fn drop_expired_sessions(tx: &mut Tx, (seen_until, created_until): (Timestamp, Timestamp)) -> Result<()> {
    tx.execute(DROP_EXPIRED_SESSIONS, args![seen_until, created_until])
        .await
        .map(drop)
}

/// A new link; the one before it no longer works.
pub async fn put_invitation(tx: &mut Tx, staff_id: Uuid, token: &Token, expires_at: Timestamp) -> Result<()> {
    tx.execute(PUT_INVITATION, args![staff_id, token.hash(), expires_at])
        .await
        .map(drop)
}

pub async fn invited(db: &Db, token: &Token, now: Timestamp) -> Result<Staff, PeopleError> {
    let row = db
        .optional(INVITED, args![token.hash(), now])
        .await?
        .ok_or(PeopleError::InvitationSpent)?;
    Ok(staff(&row)?)
}

/// Uses the link up. Whoever comes second finds it spent.
pub async fn spend_invitation(tx: &mut Tx, token: &Token) -> Result<(), PeopleError> {
    match tx.execute(SPEND_INVITATION, args![token.hash()]).await? {
        0 => Err(PeopleError::InvitationSpent),
        _ => Ok(()),
    }
}

/// Moves a key's allowance on by one interval, and says when it will be whole again.
pub async fn take_allowance(tx: &mut Tx, key: &str, now: Timestamp, interval: Duration) -> Result<Timestamp> {
    let interval = i64::try_from(interval.as_micros()).unwrap_or(i64::MAX);
    let row = tx.optional(TAKE_ALLOWANCE, args![key, now, interval]).await?;
    let row = row.ok_or(DbError::Corrupt {
        what: "rate limit",
        why: "nothing was returned".into(),
    })?;
    row.time("free_at")
}

pub async fn reset_allowance(tx: &mut Tx, key: &str) -> Result<()> {
    tx.execute(RESET_ALLOWANCE, args![key]).await.map(drop)
}

pub async fn drop_whole_allowances(tx: &mut Tx, now: Timestamp) -> Result<()> {
    tx.execute(DROP_WHOLE_ALLOWANCES, args![now]).await.map(drop)
}
