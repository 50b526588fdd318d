//! Passwords: argon2id, hashed away from the threads that answer requests, a few at a time.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};

use crate::app::App;
use crate::error::AppError;
use crate::people::{Staff, limits, store};
use crate::ui::search_key;

pub const SHORTEST: usize = 12;
const LONGEST: usize = 200;

/// What is wrong with a password that somebody wants to have.
pub fn check(password: &str, email: &str) -> Result<(), String> {
    let length = password.chars().count();
    let distinct = password.chars().collect::<std::collections::HashSet<_>>().len();
    if length < SHORTEST {
        Err(format!(
            "Take at least {SHORTEST} characters; a few words in a row are easy to keep in mind."
        ))
    } else if length > LONGEST {
        Err(format!("Take at most {LONGEST} characters."))
    } else if distinct < 5 || password.to_lowercase() == email.to_lowercase() {
        Err("This one is guessed at once. A few words that nobody would put together are better.".into())
    } else {
        Ok(())
    }
}

pub async fn hash(app: &App, password: &str) -> Result<String, AppError> {
    let (salt, password) = (app.random::<16>(), password.to_owned());
    let _permit = app.hashing.acquire().await.map_err(|e| AppError::Internal(e.into()))?;
    tokio::task::spawn_blocking(move || {
        let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
        hash.map(|hash| hash.to_string())
            .map_err(|e| AppError::Internal(e.to_string().into()))
    })
    .await?
}

/// Without a stored hash the work is the same, so that the time taken does not tell who has an account.
pub async fn verify(app: &App, password: &str, stored: Option<String>) -> Result<bool, AppError> {
    // Far more than a password is not worth hashing; no stored one can match.
    let password: String = password.chars().take(LONGEST + 1).collect();
    let Some(stored) = stored else {
        hash(app, &password).await?;
        return Ok(false);
    };
    let _permit = app.hashing.acquire().await.map_err(|e| AppError::Internal(e.into()))?;
    tokio::task::spawn_blocking(move || {
        let hash = PasswordHash::new(&stored).map_err(|e| AppError::Internal(e.to_string().into()))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await?
}

/// Whoever is signed in shows that it is still them. Gives what to say where this is not their password.
pub async fn refusal(app: &App, staff: &Staff, typed: &str) -> Result<Option<String>, AppError> {
    let key = search_key(&staff.email);
    if let Some(wait) = limits::take(app, &[(limits::account_key(&key), limits::ACCOUNT)]).await? {
        return Ok(Some(limits::too_many(wait)));
    }
    let known = store::by_email(&app.db, &key).await?;
    match verify(app, typed, known.and_then(|(_, hash)| hash)).await? {
        true => Ok(None),
        false => Ok(Some("This is not your current password.".into())),
    }
}
