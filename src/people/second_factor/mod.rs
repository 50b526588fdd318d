//! A code from an app on a second device, asked for after the password.
//!
//! The app and the server share a secret, and make the same six digits of it every 30 seconds (RFC 6238). A person sets
//! it up by showing that the app has the secret, and gets ten recovery codes for the day on which the device is gone.
//! The database has the secret sealed: see [`sealing`]. Between the password and the code there is no session yet: the server remembers for a few minutes whose turn it is.

pub mod entering;
pub mod pages;
mod qr;
pub mod sealing;
pub mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::app::App;
use crate::clock::Timestamp;
use crate::people::limits::Limit;
use crate::ui::percent_encoded;

pub use qr::Picture;
pub use sealing::{Seal, Sealed};

/// Whoever guesses knows the password already: three codes out of a million fit at a time.
pub const CODES: Limit = Limit::new(10, Duration::from_secs(600));
pub const RECOVERY_CODES: usize = 10;

const STEP_SECONDS: u64 = 30;
/// How many steps the clocks may be apart.
const SKEW: u16 = 1;
/// Without letters that are read as figures, or as one another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LETTERS_IN_CODE: usize = 16;

/// How a person's second factor stands.
#[derive(Clone, Debug)]
pub struct SecondFactor {
    pub key: Sealed,
    /// Absent until a code has shown that the app has the key.
    pub since: Option<Timestamp>,
    pub recovery_codes: i64,
}

/// What app and server share. Never printed by accident: it has no `Display`, and its `Debug` says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    pub fn new(app: &App) -> Key {
        Key(Secret::from(app.random::<20>()).to_base32())
    }

    pub fn from_text(base32: String) -> Key {
        Key(base32)
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    /// For typing it: in groups of four.
    pub fn groups(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        let groups = letters.chunks(4).map(|group| group.iter().collect::<String>());
        groups.collect::<Vec<_>>().join(" ")
    }

    /// What the picture says, and what opens an app on the same device.
    pub fn address(&self, email: &str) -> String {
        let account = percent_encoded(email).replace('/', "%2F");
        let key = &self.0;
        format!("otpauth://totp/Halfopen:{account}?secret={key}&issuer=Halfopen&algorithm=SHA1&digits=6&period=30")
    }

    /// The step that a code is of, if it is of one around now. It is compared in constant time.
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let step = self.generator()?.check(&digits, seconds(now))?;
        i64::try_from(step).ok()
    }

    /// What an app would show now.
    pub fn code(&self, now: Timestamp) -> Option<String> {
        Some(self.generator()?.generate(seconds(now)).to_string())
    }

    fn generator(&self) -> Option<Totp> {
        let secret = Secret::try_from_base32(&self.0).ok()?;
        let builder = Builder::new().with_secret(secret).with_digits(6).with_skew(SKEW);
        builder.with_step_duration(STEP_SECONDS).build().ok()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

fn seconds(at: Timestamp) -> u64 {
    at.millis() / 1_000
}

/// Ten codes as they are shown, once.
pub fn new_recovery_codes(app: &App) -> Vec<String> {
    let letter = |byte: u8| char::from(LETTERS[usize::from(byte) % LETTERS.len()]);
    let code = |_| {
        let letters: Vec<char> = app.random::<LETTERS_IN_CODE>().into_iter().map(letter).collect();
        let groups = letters.chunks(4).map(|group| group.iter().collect::<String>());
        groups.collect::<Vec<_>>().join("-")
    };
    (0..RECOVERY_CODES).map(code).collect()
}

/// What the database keeps of a recovery code. However it is typed, it is the same; each has 80 random bits, so that
/// a plain hash is enough.
pub fn hash_of(code: &str, owner: Uuid) -> String {
    let letters = code.chars().flat_map(char::to_lowercase).filter_map(|c| match c {
        'o' => Some('0'),
        'i' | 'l' => Some('1'),
        c => c.is_alphanumeric().then_some(c),
    });
    let code: String = letters.take(2 * LETTERS_IN_CODE).collect();
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{owner} {code}")))
}

/// Counts tries for a person, wherever they come from.
pub fn limit_key(owner: Uuid) -> String {
    format!("second factor {owner}")
}
