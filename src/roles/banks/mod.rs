//! Question banks: browsed and searched by the staff, improved by proposals, practised on by anybody.
//!
//! A bank reads as a document: its topics stand in the order in which they first appear, and the questions of a topic in
//! their own. Everybody of the staff may propose a better answer; an editor takes or declines it, once. Whoever changes
//! a question says which revision they have read, so that nobody overwrites what they have not seen.
//!
//! Practising leaves no trace here: an answer travels in the form and comes back in the page.

pub mod bank_form;
pub mod bank_pages;
pub mod diff;
pub mod filters;
pub mod leftover_pages;
pub mod pages;
pub mod practice;
pub mod practice_form;
pub mod proposal_pages;
pub mod question_form;
pub mod question_page;
pub mod question_pages;
pub mod store;

use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::db::{Result, Tx};
use crate::error::AppError;
use crate::roles::bank::{Bank, BankQuestion};
use crate::ui::{folded, shortened};

/// What the format allows, too.
pub const MOST_TITLE: usize = 200;
pub const MOST_TEXT: usize = 20_000;
pub const MOST_ENTRIES: usize = 200;

/// A bank as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankLine {
    pub id: Uuid,
    pub title: String,
    pub about: String,
    /// Whether anybody may practise on it.
    pub open: bool,
    pub questions: i64,
    pub topics: i64,
    /// Proposals that wait for an editor.
    pub waiting: i64,
}

/// A bank without its questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBank {
    pub line: BankLine,
    pub advice: Vec<String>,
    /// The name that it ships under.
    pub shipped: Option<String>,
}

/// A question in its bank.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub id: Uuid,
    pub bank: Uuid,
    pub bank_title: String,
    pub content: BankQuestion,
    pub position: i64,
    /// How often it was changed.
    pub revision: i64,
    /// Proposals that wait for an editor.
    pub waiting: i64,
}

/// A better answer, proposed by somebody of the staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub id: Uuid,
    pub answer: String,
    pub why: String,
    pub by: String,
    pub at: Timestamp,
    pub outcome: Option<Outcome>,
}

/// What became of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub decision: Decision,
    pub by: String,
    pub at: Timestamp,
    /// The answer whose place it took.
    pub replaced: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Taken,
    Declined,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

/// A whole bank on its way in.
#[derive(Clone, Debug)]
pub struct NewBank<'a> {
    pub document: &'a Bank,
    pub open: bool,
    /// The name that it ships under: it is added once.
    pub shipped: Option<&'a str>,
    /// From the form: sending it twice makes one bank.
    pub form_token: Option<Uuid>,
    pub created_by: Option<Uuid>,
}

/// Adds a bank with all its questions. Gives its id, also where it was added before.
pub async fn add(tx: &mut Tx, app: &App, new: &NewBank<'_>) -> Result<Uuid> {
    let id = app.new_id();
    if !store::add(tx, id, new, app.now()).await? {
        return store::same(tx, new).await;
    }
    for (position, question) in (1..).zip(&new.document.questions) {
        store::questions::add(tx, app.new_id(), id, position, question, None).await?;
    }
    Ok(id)
}

impl BankLine {
    pub fn url(&self) -> String {
        format!("/banks/{}", self.id)
    }

    pub fn practice_url(&self) -> String {
        format!("/practice/{}", self.id)
    }

    /// The first paragraph of what it says of itself.
    pub fn summary(&self) -> String {
        shortened(self.about.split("\n\n").next().unwrap_or_default(), 240)
    }
}

impl Question {
    pub const NONE: &'static str = "An answer without its question";

    pub fn url(&self) -> String {
        format!("/banks/{}/questions/{}", self.bank, self.id)
    }

    pub fn practice_url(&self) -> String {
        format!("/practice/{}/{}", self.bank, self.id)
    }

    pub fn bank_url(&self) -> String {
        format!("/banks/{}", self.bank)
    }

    pub fn lacks_question(&self) -> bool {
        self.content.question.trim().is_empty()
    }

    pub fn title(&self) -> &str {
        if self.lacks_question() {
            Question::NONE
        } else {
            &self.content.question
        }
    }

    /// For the title of a page, and where it is one step of a path.
    pub fn short_title(&self) -> String {
        shortened(self.title(), 70)
    }

    pub fn has_indicators(&self) -> bool {
        !self.content.positive.is_empty() || !self.content.negative.is_empty()
    }
}

impl Proposal {
    pub fn is_open(&self) -> bool {
        self.outcome.is_none()
    }
}

impl Decision {
    pub fn id(self) -> &'static str {
        match self {
            Decision::Taken => "taken",
            Decision::Declined => "declined",
        }
    }

    pub fn from_id(id: &str) -> Option<Decision> {
        [Decision::Taken, Decision::Declined]
            .into_iter()
            .find(|one| one.id() == id)
    }
}

impl Direction {
    pub fn from_id(id: &str) -> Option<Direction> {
        match id {
            "up" => Some(Direction::Up),
            "down" => Some(Direction::Down),
            _ => None,
        }
    }
}

/// The questions of a page under their topics.
pub fn by_topic(questions: Vec<Question>) -> Vec<(String, Vec<Question>)> {
    let mut topics: Vec<(String, Vec<Question>)> = Vec::new();
    for question in questions {
        let topic = question.content.topic.clone();
        match topics.last_mut() {
            Some((last, questions)) if folded(last) == folded(&topic) => questions.push(question),
            _ => topics.push((topic, vec![question])),
        }
    }
    topics
}

/// A text as a browser's form sends it: its line ends are made one character, what cannot be stored is dropped.
pub fn clean_text(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    text.chars().filter(kept).collect::<String>().trim().to_owned()
}

pub(super) fn no_bank() -> AppError {
    AppError::NotFound("question bank")
}

pub(super) fn no_question() -> AppError {
    AppError::NotFound("question")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_text_keeps_its_lines() {
        assert_eq!(clean_text(" one\r\n\r\n\ttwo\u{0}\u{7} "), "one\n\n\ttwo");
    }
}
