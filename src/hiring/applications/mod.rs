//! Applications: the draft behind a link, what the knock-outs decide, and how it stands afterwards.

pub mod candidate_pages;
pub mod drafting;
pub mod evidence;
pub mod evidence_page;
pub mod following;
pub mod form;
pub mod handling;
pub mod letters;
pub mod merging;
pub mod merging_pages;
pub mod pages;
pub mod placing;
pub mod progress;
pub mod reading;
pub mod standing;
pub mod status_pages;
pub mod store;
pub mod tasks;
pub mod visit;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::files::{self, Kind};
use crate::roles::kit::Decision;

/// What a candidate answered to a question at the door, as it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub question: String,
    pub answer: String,
    /// What it decided, once the application was sent.
    pub decision: Option<Decision>,
}

/// A file that a candidate sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub id: Uuid,
    pub application: Uuid,
    pub part: Part,
    pub name: String,
    pub kind: Kind,
    pub size: u64,
    pub sha256: String,
    pub put_at: Timestamp,
    pub text: FileText,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Resume,
    CoverLetter,
}

/// Whether the text of a file is known, for search and quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileText {
    Waiting,
    Read,
    /// Why not, in a word of [`crate::files::text::Unreadable`].
    Unreadable(String),
}

/// Something that happened to an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: Timestamp,
    /// `None`: the candidate.
    pub who: Option<String>,
    pub what: String,
    pub detail: String,
}

impl Document {
    pub fn size_words(&self) -> String {
        files::size_words(self.size)
    }
}

impl Part {
    pub const ALL: [Part; 2] = [Part::Resume, Part::CoverLetter];

    pub fn id(self) -> &'static str {
        match self {
            Part::Resume => "resume",
            Part::CoverLetter => "cover_letter",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Part::Resume => "Résumé",
            Part::CoverLetter => "Cover letter",
        }
    }

    pub fn from_id(id: &str) -> Option<Part> {
        Part::ALL.into_iter().find(|part| part.id() == id)
    }
}
