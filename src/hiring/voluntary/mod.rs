//! What applicants may say about themselves, so that a company sees whether its process treats groups alike.
//!
//! It is asked after the application was sent, and every question can be left alone. The answers stand in a table of their
//! own: no page, search, list, trail or export shows them, not even the candidate's own pages, because whoever reads the
//! mailbox has the candidate's link. Only sums leave this room, and they move once a week ([`week_of`]), so that nobody can
//! tell from one day to the next whose answer came or who went on.

pub mod candidate_pages;
pub mod form;
pub mod pages;
pub mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::clock::Timestamp;

pub const WEEK: Duration = Duration::from_secs(7 * 86_400);
/// 1970 began on a Thursday.
const FIRST_MONDAY: Timestamp = Timestamp(4 * 86_400 * 1_000_000);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Gender,
    Age,
    Disability,
    /// In the words of the company.
    Own,
}

/// Something that a job asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub kind: Kind,
    /// Whether it is asked now.
    pub asked: bool,
    pub words: String,
    pub choices: Vec<String>,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Gender, Kind::Age, Kind::Disability, Kind::Own];

    pub fn id(self) -> &'static str {
        match self {
            Kind::Gender => "gender",
            Kind::Age => "age",
            Kind::Disability => "disability",
            Kind::Own => "own",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Kind::Gender => "Gender",
            Kind::Age => "Age",
            Kind::Disability => "Disability",
            Kind::Own => "A question of your own",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Kind::Gender => "What is your gender?",
            Kind::Age => "How old are you?",
            Kind::Disability => "Do you have a disability?",
            Kind::Own => "",
        }
    }

    pub fn choices(self) -> &'static [&'static str] {
        match self {
            Kind::Gender => &["Woman", "Man", "Another gender"],
            Kind::Age => &["Under 40", "40 or over"],
            Kind::Disability => &["Yes", "No"],
            Kind::Own => &[],
        }
    }

    pub fn from_id(id: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

impl Question {
    pub fn shipped(kind: Kind, asked: bool) -> Question {
        Question {
            kind,
            asked,
            words: kind.words().into(),
            choices: kind.choices().iter().map(|choice| (*choice).to_owned()).collect(),
        }
    }

    /// What its answers are kept under: other words are another question.
    pub fn key(&self) -> String {
        match self.kind {
            Kind::Own => format!("own: {}", self.words),
            kind => kind.id().into(),
        }
    }

    pub fn takes(&self, answer: &str) -> bool {
        self.choices.iter().any(|choice| choice == answer)
    }
}

/// The Monday, midnight in UTC, with which a week began.
pub fn week_of(at: Timestamp) -> Timestamp {
    let week = i64::try_from(WEEK.as_micros()).unwrap_or(i64::MAX);
    Timestamp((at.0 - FIRST_MONDAY.0).div_euclid(week) * week + FIRST_MONDAY.0)
}
