//! Hiring: jobs, the applications for them, and what candidates send.
//!
//! A job (`Opening`, because “jobs” is the queue of background work) pins a version of a kit and a level, and has stages
//! and a team. An application begins as a draft without an account: its secret link is all that the candidate needs, on
//! any device, from the first answer to the decision. When it is sent, the knock-outs of the pinned version are evaluated
//! in the same transaction, and each answer is kept with the question as it was asked.

pub mod access;
pub mod applications;
pub mod attachments;
pub mod importing;
pub mod knock_outs;
pub mod letters;
pub mod openings;
pub mod pipeline;
pub mod reports;
pub mod screening;
pub mod takes;
pub mod talk;
pub mod today;
pub mod voluntary;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::roles::kit::Decision;

/// A job that people apply for.
#[derive(Clone, Debug)]
pub struct Opening {
    pub id: Uuid,
    pub title: String,
    /// Its public address is `/jobs/{slug}`.
    pub slug: String,
    pub kit: Uuid,
    pub kit_version: u32,
    pub level: String,
    pub place: String,
    /// Two letters of ISO 3166; empty where it is remote and anywhere.
    pub country: String,
    pub presence: Presence,
    pub kind: Employment,
    pub salary: Option<Salary>,
    /// Markdown.
    pub about: String,
    pub state: OpeningState,
    /// Applications are taken until then.
    pub closes_at: Option<Timestamp>,
    /// How long the mail waits that tells of a knock-out.
    pub decline_after_hours: u32,
    /// How long applications are kept.
    pub keep_months: u32,
    /// How long candidates have for the video questions.
    pub video_days: u32,
    /// How often each may be answered.
    pub video_takes: u32,
    pub created_by: Uuid,
    pub created_at: Timestamp,
    pub published_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub revision: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salary {
    pub from: u32,
    pub to: u32,
    /// ISO 4217.
    pub currency: String,
    pub per: Per,
}

/// A step of the process, for this job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    pub id: Uuid,
    pub name: String,
    pub kind: StageKind,
    /// How long it should take.
    pub target_days: u32,
}

#[derive(Clone, Debug)]
pub struct Application {
    pub id: Uuid,
    pub opening: Uuid,
    /// The version that the candidate answered.
    pub kit_version: u32,
    pub state: ApplicationState,
    /// Absent while it is a draft.
    pub stage: Option<Uuid>,
    pub stage_since: Option<Timestamp>,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub source: String,
    pub source_detail: String,
    /// The secret part of the candidate's address.
    pub link: String,
    pub consented_at: Option<Timestamp>,
    pub keep_until: Option<Timestamp>,
    pub started_at: Timestamp,
    pub changed_at: Timestamp,
    pub submitted_at: Option<Timestamp>,
    /// What the knock-outs decided when it was sent, and why.
    pub outcome: Option<(Decision, String)>,
    pub reversed: Option<Reversal>,
    pub ended_at: Option<Timestamp>,
    pub ended_why: String,
    pub erasure_asked_at: Option<Timestamp>,
    /// Counts the changes of its draft.
    pub revision: i64,
    /// Who is responsible for the next step.
    pub owner: Option<Owner>,
    /// A duplicate: everything of it is shown with that one.
    pub merged_into: Option<Uuid>,
    /// Counts the changes of its place.
    pub moves: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    pub id: Uuid,
    pub name: String,
}

/// A person's word against a knock-out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reversal {
    pub by: String,
    pub at: Timestamp,
    pub why: String,
}

/// A kind of thing that the database and the forms call by a word.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $id:literal, $label:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($variant,)* }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant,)*];

            pub fn id(self) -> &'static str {
                match self { $($name::$variant => $id,)* }
            }

            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label,)* }
            }

            pub fn from_id(id: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|word| word.id() == id)
            }
        }
    };
}

words! {
    OpeningState {
        Draft = "draft", "Draft";
        Published = "published", "Published";
        Closed = "closed", "Closed";
    }
}

words! {
    Presence {
        OnSite = "on_site", "On site";
        Hybrid = "hybrid", "Hybrid";
        Remote = "remote", "Remote";
    }
}

words! {
    Employment {
        FullTime = "full_time", "Full time";
        PartTime = "part_time", "Part time";
        Contract = "contract", "Contract";
        Temporary = "temporary", "Temporary";
        Internship = "internship", "Internship";
    }
}

words! {
    Per {
        Year = "year", "a year";
        Month = "month", "a month";
        Hour = "hour", "an hour";
    }
}

words! {
    StageKind {
        Application = "application", "Application";
        ResumeScreen = "resume_screen", "Résumé screen";
        CodingTest = "coding_test", "Coding test";
        Interview = "interview", "Interview";
        Decision = "decision", "Decision";
        Offer = "offer", "Offer";
    }
}

words! {
    /// Knock-outs decline, people reject.
    ApplicationState {
        Draft = "draft", "Draft";
        Active = "active", "Active";
        Declined = "declined", "Knocked out";
        Rejected = "rejected", "Rejected";
        Withdrawn = "withdrawn", "Withdrawn";
    }
}
