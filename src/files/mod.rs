//! Files: what candidates upload, where it is kept, what it says, and how it is handed out again.
//!
//! A file is hostile until its reader has been left alone with it. So its kind is told from its bytes and never from its
//! name or from what the browser declared; its name is kept only to be shown, and no key of the store is made of one; its
//! text is read by a child process with little memory, little time and no environment, and whatever goes wrong there
//! costs the text and nothing else; and it leaves this house only with headers under which no browser runs it.

pub mod kinds;
pub mod names;
pub mod recordings;
pub mod serving;
pub mod store;
#[cfg(test)]
mod tests;
pub mod text;
mod zipped;

use sha2::{Digest as _, Sha256};

pub use kinds::{Kind, Refused};
pub use names::display_name;
pub use store::{Files, Key, StoreError};

/// A candidate's file may have so many bytes.
pub const MOST_BYTES: usize = 5 * 1024 * 1024;

/// The text of a file may have so many bytes.
pub const MOST_TEXT: usize = 1024 * 1024;

/// As people count: "12 KB", "3.4 MB".
pub fn size_words(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{} KB", bytes.div_ceil(1_024)),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

/// In hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
