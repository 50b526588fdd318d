//! Coding tests given to candidates: from the invitation to the submission.
//!
//! A candidate has a link and no account. Once the test is started, the server keeps its clock; what is typed is saved
//! as a draft, and at the end the last draft is submitted. The submission is graded like any other. A test that was given
//! for an application is read by those who may read the application.

pub mod candidate;
pub mod guide;
pub mod invite_form;
pub mod inviting;
pub mod letters;
pub mod log_pages;
pub mod outages;
pub mod pages;
pub mod reading;
pub mod rehearsal_pages;
pub mod sight;
pub mod store;
pub mod taking;
pub mod views;
pub mod work_form;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::grader::verdict::{Outcome, Verdict};
use crate::grader::{Language, Printed, Program};

/// A coding test given to one candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    pub id: Uuid,
    pub candidate: String,
    pub email: String,
    pub challenge: String,
    pub variant: Variant,
    pub minutes: u32,
    /// Of the time: 100 is none extra, 150 half as much again.
    pub extra_percent: u32,
    /// It has to be started before this.
    pub deadline: Timestamp,
    /// Whether the candidate may read the result.
    pub shared: bool,
    /// The secret part of the candidate's address; `None` once revoked.
    pub link: Option<String>,
    pub invited_by: String,
    pub invited_at: Timestamp,
    pub opened_at: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub submitted_at: Option<Timestamp>,
    pub withdrawn_at: Option<Timestamp>,
    pub submission: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    WithoutAi,
    WithAi,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Invited,
    Opened,
    Started,
    Submitted,
    Expired,
    Withdrawn,
}

/// What stands in the editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub language: Language,
    pub source: String,
    /// The page that may save it: the one that was opened last.
    pub tab: String,
    pub saved_at: Timestamp,
}

/// What the public scenarios said of a draft.
#[derive(Clone, Debug)]
pub struct Run {
    pub number: u32,
    pub program: Program,
    pub report: RunReport,
    pub ran_at: Timestamp,
}

/// `verdict` has a finding for each criterion that the public scenarios feed, and no other; its band means nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunReport {
    pub verdict: Verdict,
    /// What the program printed, scenario by scenario.
    pub console: Vec<Printed>,
    pub took_ms: u64,
}

/// One run: which, when, how many of the criteria that it judges were met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunLine {
    pub number: u32,
    pub ran_at: Timestamp,
    /// `None`: the program could not be run.
    pub met: Option<(usize, usize)>,
}

/// A suggestion of an AI, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    pub id: Uuid,
    pub proposed: String,
    pub fate: Fate,
    pub why: String,
    pub written_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Taken,
    Changed,
    Rejected,
}

impl Assessment {
    pub fn state(&self, now: Timestamp) -> State {
        match self {
            a if a.withdrawn_at.is_some() => State::Withdrawn,
            a if a.submitted_at.is_some() => State::Submitted,
            a if a.started_at.is_some() => State::Started,
            a if a.deadline <= now => State::Expired,
            a if a.opened_at.is_some() => State::Opened,
            _ => State::Invited,
        }
    }

    /// Minutes with the extra time.
    pub fn minutes_given(&self) -> u32 {
        (self.minutes * self.extra_percent).div_ceil(100)
    }
}

impl RunReport {
    /// How many of the criteria that it judged were met; `None` where the program could not be run.
    pub fn met(&self) -> Option<(usize, usize)> {
        match &self.verdict.outcome {
            Outcome::Rejected(_) => None,
            Outcome::Graded(graded) => {
                let met = graded.criteria.iter().filter(|result| result.pass).count();
                Some((met, graded.criteria.len()))
            }
        }
    }
}

impl Variant {
    pub const ALL: [Variant; 2] = [Variant::WithoutAi, Variant::WithAi];

    pub fn id(self) -> &'static str {
        match self {
            Variant::WithoutAi => "without_ai",
            Variant::WithAi => "with_ai",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Variant::WithoutAi => "Without AI",
            Variant::WithAi => "With AI",
        }
    }

    pub fn from_id(id: &str) -> Option<Variant> {
        Variant::ALL.into_iter().find(|variant| variant.id() == id)
    }
}

impl State {
    pub const ALL: [State; 6] = [
        State::Invited,
        State::Opened,
        State::Started,
        State::Submitted,
        State::Expired,
        State::Withdrawn,
    ];

    pub fn id(self) -> &'static str {
        match self {
            State::Invited => "invited",
            State::Opened => "opened",
            State::Started => "started",
            State::Submitted => "submitted",
            State::Expired => "expired",
            State::Withdrawn => "withdrawn",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            State::Invited => "Invited",
            State::Opened => "Opened",
            State::Started => "Started",
            State::Submitted => "Submitted",
            State::Expired => "Expired",
            State::Withdrawn => "Withdrawn",
        }
    }

    pub fn from_id(id: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.id() == id)
    }
}

impl Fate {
    pub const ALL: [Fate; 3] = [Fate::Taken, Fate::Changed, Fate::Rejected];

    pub fn id(self) -> &'static str {
        match self {
            Fate::Taken => "taken",
            Fate::Changed => "changed",
            Fate::Rejected => "rejected",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Fate::Taken => "Taken",
            Fate::Changed => "Changed",
            Fate::Rejected => "Rejected",
        }
    }

    pub fn from_id(id: &str) -> Option<Fate> {
        Fate::ALL.into_iter().find(|fate| fate.id() == id)
    }
}
