//! Sessions: a random token in a cookie, its hash in the database, ended by time or by hand.

use std::time::Duration;

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::clock::Timestamp;
use crate::db::{Result, Tx};
use crate::people::devices::Device;
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
    token_in(app, jar, "session")
}

/// Of a sign-in that waits for a code.
pub fn pending_of(app: &App, jar: &CookieJar) -> Option<Token> {
    token_in(app, jar, "pending")
}

fn token_in(app: &App, jar: &CookieJar, name: &str) -> Option<Token> {
    jar.get(&cookie_name(app, name))
        .map(|cookie| Token::from_text(cookie.value()))
}

/// One browser in which somebody is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: String,
    pub device: String,
    /// Of its last request; empty where it began before addresses were kept.
    pub address: String,
    pub since: Timestamp,
    pub seen_at: Timestamp,
    /// The one that asks.
    pub here: bool,
}

/// Whom a token stands for.
pub struct Holder {
    pub staff: Staff,
    /// Everybody has to have a second factor, and this person has none.
    pub lacks_second_factor: bool,
}

/// Who holds this token, if its session still lives.
pub async fn holder_of(app: &App, token: &Token, device: &Device) -> Result<Option<Holder>> {
    let (now, alive) = (app.now(), alive(app));
    let Some((holder, seen_at)) = store::session(&app.db, token, alive).await? else {
        return Ok(None);
    };
    if seen_at.until(now) > TOUCH {
        let mut tx = app.db.begin().await?;
        store::touch_session(&mut tx, token, now, &device.address.to_string()).await?;
        tx.commit().await?;
    }
    Ok(Some(holder))
}

/// When a session must have been seen, and begun, at the earliest to be alive.
fn alive(app: &App) -> (Timestamp, Timestamp) {
    let now = app.now();
    (now.minus(IDLE), now.minus(LONGEST))
}

/// Where this person is signed in; first the browser that has this token.
pub async fn of(app: &App, staff: &Staff, here: Option<Token>) -> Result<Vec<Session>> {
    store::sessions_of(&app.db, staff.id, here.as_ref(), alive(app)).await
}

pub async fn count_of(app: &App, staff: &Staff) -> Result<i64> {
    store::count_sessions_of(&app.db, staff.id, alive(app)).await
}

/// Starts a session with a new token; the one that the browser had, if any, ends.
pub async fn start(
    tx: &mut Tx,
    app: &App,
    staff: &Staff,
    device: &Device,
    before: Option<Token>,
) -> Result<Cookie<'static>> {
    let (id, token, now) = (app.new_id(), Token::new(app), app.now());
    store::drop_expired_sessions(tx, alive(app)).await?;
    if let Some(before) = before {
        store::end_session(tx, &before).await?;
    }
    store::add_session(tx, id, &token, staff.id, device, now).await?;
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
