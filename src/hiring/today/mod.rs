//! What needs a person today: one line for each candidate, with its age and the next act.
//!
//! It is read from the oldest applications of each of a person's jobs, and from what is addressed to that person; every
//! query stops after a few rows, so that the page is as quick for a job with a hundred thousand applications as for one
//! with ten.

pub mod pages;
pub mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::hiring::applications::following::days_since;
use crate::hiring::{Stage, StageKind};

const DAY: Duration = Duration::from_secs(86_400);
/// What is done with video answers.
pub const WATCH: &str = "Watch";
/// The law gives a month for an erasure.
pub const ERASURE_DAYS: u64 = 30;

/// Something that waits, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The application; absent where it is about none, or about many.
    pub about: Option<Uuid>,
    pub name: String,
    pub job: String,
    pub why: String,
    pub since: Timestamp,
    pub late: bool,
    pub act: &'static str,
    pub url: String,
}

/// What others owe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    pub about: Uuid,
    pub who: String,
    pub what: String,
    pub since: Timestamp,
    pub late: bool,
    pub url: String,
}

/// An application under way, with what is known of it.
#[derive(Clone, Debug)]
pub struct Standing {
    pub id: Uuid,
    pub name: String,
    pub stage: Uuid,
    pub since: Timestamp,
    /// The knock-outs want a person to look.
    pub to_review: bool,
    /// Video answers, and whether anybody has noted something about them.
    pub videos: u32,
    pub watched: bool,
    pub test: Option<Test>,
}

/// The last coding test of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    pub invited_at: Timestamp,
    pub opened: bool,
    pub submitted_at: Option<Timestamp>,
    /// What came out, as the id of its band; absent while it is graded.
    pub band: Option<String>,
    /// A sign for each criterion.
    pub strip: String,
}

/// What an application asks of whoever handles it, or of the candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asks {
    Us {
        why: String,
        act: &'static str,
        since: Timestamp,
        late: bool,
        path: String,
    },
    Candidate {
        what: &'static str,
        since: Timestamp,
        late: bool,
    },
    Nothing,
}

/// An age as people say it: "4 h", "2 days".
pub fn age(since: Timestamp, now: Timestamp) -> String {
    let waited = since.until(now);
    match waited.as_secs() / 3_600 {
        0 => "now".into(),
        hours @ 1..24 => format!("{hours} h"),
        24..48 => "1 day".into(),
        hours => format!("{} days", hours / 24),
    }
}

/// What an application in this stage asks for, and of whom.
pub fn asks(application: &Standing, stage: &Stage, now: Timestamp) -> Asks {
    let days = days_since(application.since, now);
    let target = u64::from(stage.target_days);
    let late = days > target;
    let us = |why: String, act, since, path: &str| Asks::Us {
        why,
        act,
        since,
        late,
        path: path.into(),
    };
    if application.to_review && stage.kind == StageKind::Application {
        let why = "An answer at the door needs a person’s look.".into();
        return us(why, "Look", application.since, "");
    }
    match &application.test {
        Some(test) if test.submitted_at.is_none() => {
            let what = match test.opened {
                true => "coding test, opened",
                false => "coding test, not opened",
            };
            return Asks::Candidate {
                what,
                since: test.invited_at,
                late,
            };
        }
        Some(test) if stage.kind == StageKind::CodingTest => {
            let since = test.submitted_at.unwrap_or(application.since);
            return us(said_of(test), "Review", since, "");
        }
        _ => {}
    }
    if application.videos > 0 && !application.watched && stage.kind == StageKind::Application {
        let why = match application.videos {
            1 => "A video answer to watch.".into(),
            n => format!("{n} video answers to watch."),
        };
        return us(why, WATCH, application.since, "/videos/1");
    }
    match late {
        true => {
            let why = format!(
                "In {} for {}; {} meant.",
                stage.name,
                counted(days),
                target_words(target)
            );
            us(why, "Decide", application.since.plus(DAY * stage.target_days), "")
        }
        false => Asks::Nothing,
    }
}

fn said_of(test: &Test) -> String {
    let held = test.strip.chars().filter(|sign| *sign == '+').count();
    let all = test.strip.chars().count();
    let word = match test.band.as_deref() {
        None => return "Coding test sent, being graded.".into(),
        Some("rejected") => return "Coding test sent; the program could not be graded.".into(),
        Some("below") => "Below",
        Some("meets") => "Meets",
        Some(_) => "Exceeds",
    };
    format!("Coding test graded: {word}, {held} of {all}.")
}

fn counted(days: u64) -> String {
    match days {
        1 => "a day".into(),
        days => format!("{days} days"),
    }
}

fn target_words(target: u64) -> String {
    match target {
        1 => "one was".into(),
        target => format!("{target} were"),
    }
}
