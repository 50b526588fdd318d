//! Sessions: a random token in a cookie, its hash in the database, ended by time or by hand.

use std::time::Duration;

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::db::{DbError, Result};
use crate::people::{Staff, store};
use crate::ui::frame::{cookie, cookie_for, cookie_name};

/// A session ends after half a day without a request, and after two weeks in any case.
pub const IDLE: Duration = Duration::from_secs(12 * 3600);
pub const LONGEST: Duration = Duration::from_secs(14 * 24 * 3600);
/// How exactly the last request is remembered; not every page needs to write.
const TOUCH: Duration = Duration::from_secs(300);

/// A secret for one person: 256 random bits. The database has its hash alone, so a stolen copy opens nothing.
#[derive(Clone, Debug)]
pub struct Token(String);

impl Token {
    pub fn new(app: &App) -> Token {
        Token(URL_SAFE_NO_PAD.encode(app.random::<32>()))
    }

    pub fn from_text(text: &str) -> Token {
        Token(text.to_owned())
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    pub fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes()))
    }
}

pub fn token_of(app: &App, jar: &CookieJar) -> Option<Token> {
    jar.get(&cookie_name(app, "session"))
        .map(|cookie| Token::from_text(cookie.value()))
}

/// Who holds this token, if its session still lives.
pub async fn staff_of(app: &App, token: &Token) -> Result<Option<Staff>> {
    let now = app.now();
    let Some((staff, seen_at)) = store::session(&app.db, token, now.minus(IDLE), now.minus(LONGEST)).await? else {
        return Ok(None);
    };
    if seen_at.until(now) > TOUCH {
        let mut tx = app.db.begin().await?;
        store::touch_session(&mut tx, token, now).await?;
        tx.commit().await?;
    }
    Ok(Some(staff))
}

/// Starts a session with a new token; the one that the browser had, if any, ends.
pub async fn start(app: &App, staff: &Staff, before: Option<Token>) -> Result<Cookie<'static>, DbError> {
    let (token, now) = (Token::new(app), app.now());
    let mut tx = app.db.begin().await?;
    store::drop_expired_sessions(&mut tx, now.minus(IDLE), now.minus(LONGEST)).await?;
    if let Some(before) = before {
        store::end_session(&mut tx, &before).await?;
    }
    store::add_session(&mut tx, &token, staff.id, now).await?;
    tx.commit().await?;
    Ok(cookie(app, "session", token.text().to_owned()))
}

pub async fn end(app: &App, token: &Token) -> Result<()> {
    let mut tx = app.db.begin().await?;
    store::end_session(&mut tx, token).await?;
    tx.commit().await
}

pub fn removal_cookie(app: &App) -> Cookie<'static> {
    cookie_for(app, "session", String::new(), 0)
}
