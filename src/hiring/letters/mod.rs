//! Letters: what people of the staff write to a candidate themselves, with templates for what is often written.
//!
//! A template and a letter have placeholders. Whoever writes sees the letter as it will go out before it does.

pub mod store;
pub mod template_pages;
pub mod writing;
pub mod writing_pages;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::mail::texts::{LETTER, Text, TextErrors};
use crate::ui::clean_line;

const MOST_NAME: usize = 80;
/// As many as a list shows at once.
pub const MOST_TEMPLATES: usize = 100;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterTemplate {
    pub id: Uuid,
    pub name: String,
    pub text: Text,
    /// Absent where it is as it ships.
    pub change: Option<(String, Timestamp)>,
}

/// Unlike the mails that go out by themselves, a letter may do without the link.
pub fn check(text: &Text) -> Result<(), TextErrors> {
    text.check_for(LETTER, None)
}

pub fn check_name(typed: &str) -> Result<String, &'static str> {
    let name = clean_line(typed);
    match name.chars().count() {
        0 => Err("Write what the template is for."),
        1..=MOST_NAME => Ok(name),
        _ => Err("A name has at most 80 characters."),
    }
}
