//! Background work: rows in the database, written in the same transaction as their cause.
//!
//! A node takes a job by leasing it and keeps the lease fresh while it works. If the node dies, the lease runs out and
//! another one takes the job. The job is deleted in the transaction that records its outcome, so the outcome is recorded
//! once, however often the work was begun.

pub mod store;
mod workers;

use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;

pub use workers::{Workers, run_until_idle};

/// What can be asked for, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    Grade {
        submission: Uuid,
    },
    Regrade {
        regrading: Uuid,
    },
    /// The time of a coding test is up.
    Close {
        assessment: Uuid,
    },
    /// A mail is to be sent.
    Mail {
        mail: Uuid,
    },
    /// The text of a candidate's file is to be read.
    Read {
        file: Uuid,
    },
    /// A candidate is to be told of a knock-out.
    Decline {
        application: Uuid,
    },
    /// A draft that nobody touches is to be deleted.
    Forget {
        draft: Uuid,
    },
    /// The applications behind this one are to be indexed.
    Index {
        after: Uuid,
    },
    /// An application is to be erased with everything that belongs to it.
    Erase {
        erasure: Uuid,
    },
    /// What was kept for long enough is to be erased, every day.
    Retain,
}

impl Task {
    pub fn text(self) -> String {
        match self {
            Task::Grade { submission } => format!("grade {submission}"),
            Task::Regrade { regrading } => format!("regrade {regrading}"),
            Task::Close { assessment } => format!("close {assessment}"),
            Task::Mail { mail } => format!("mail {mail}"),
            Task::Read { file } => format!("read {file}"),
            Task::Decline { application } => format!("decline {application}"),
            Task::Forget { draft } => format!("forget {draft}"),
            Task::Index { after } => format!("index {after}"),
            Task::Erase { erasure } => format!("erase {erasure}"),
            Task::Retain => format!("retain {}", Uuid::nil()),
        }
    }

    pub fn from_text(text: &str) -> Option<Task> {
        let (kind, id) = text.split_once(' ')?;
        let id = id.parse().ok()?;
        match kind {
            "grade" => Some(Task::Grade { submission: id }),
            "regrade" => Some(Task::Regrade { regrading: id }),
            "close" => Some(Task::Close { assessment: id }),
            "mail" => Some(Task::Mail { mail: id }),
            "read" => Some(Task::Read { file: id }),
            "decline" => Some(Task::Decline { application: id }),
            "forget" => Some(Task::Forget { draft: id }),
            "index" => Some(Task::Index { after: id }),
            "erase" => Some(Task::Erase { erasure: id }),
            "retain" => Some(Task::Retain),
            _ => None,
        }
    }
}

/// Who takes a job. A mail server that does not answer must not keep programs from being graded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    Programs,
    Mail,
}

/// A job that this node has leased.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: Uuid,
    pub task: Task,
    /// How often it was begun, this time included.
    pub attempts: u32,
    pub holder: String,
}

/// How a job stands, for the page that waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    Queued,
    Running,
    Failed(String),
}

impl Progress {
    pub fn is_queued(&self) -> bool {
        *self == Progress::Queued
    }

    pub fn is_failed(&self) -> bool {
        matches!(self, Progress::Failed(_))
    }
}

/// Why a job did not get done.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Trying again would end the same way.
    #[error("{0}")]
    Hopeless(String),
    /// There is nothing to do before this moment.
    #[error("it waits")]
    Later(Timestamp),
    #[error(transparent)]
    Passing(#[from] crate::db::DbError),
}

/// A lease outlives a pause of the node, and lets a dead node's work begin again soon.
pub const LEASE: Duration = Duration::from_secs(15);
/// A job whose node died this often kills nodes.
pub const MOST_ATTEMPTS: u32 = 5;

const BACKOFF_BASE: Duration = Duration::from_millis(500);
const BACKOFF_CAP: Duration = Duration::from_secs(60);

/// The wait before a job is taken again.
pub fn backoff(app: &App, attempts: u32) -> Duration {
    full_jitter(app, BACKOFF_BASE, BACKOFF_CAP, attempts)
}

/// Anything up to a bound that doubles to its cap, so that what failed together parts.
pub fn full_jitter(app: &App, base: Duration, cap: Duration, attempts: u32) -> Duration {
    let bound = base
        .saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1)))
        .min(cap);
    let bound = u64::try_from(bound.as_micros()).unwrap_or(u64::MAX);
    Duration::from_micros(app.random_up_to(bound))
}
