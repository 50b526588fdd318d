//! How an application stands, for the candidate: whose turn it is, until when, and what there is to do.

use std::time::Duration;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::hiring::{Application, ApplicationState, Stage, StageKind};

/// Something that the candidate has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToDo {
    pub what: String,
    pub url: String,
    pub by: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    Candidate,
    Company,
    Nobody,
}

/// Whose turn it is, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub turn: Turn,
    pub by: Option<Timestamp>,
    /// The day that was hoped for is past.
    pub late: bool,
}

impl Standing {
    pub fn of(application: &Application, stages: &[Stage], to_do: &[ToDo], now: Timestamp) -> Standing {
        if application.state != ApplicationState::Active {
            return Standing {
                turn: Turn::Nobody,
                by: None,
                late: false,
            };
        }
        if !to_do.is_empty() {
            return Standing {
                turn: Turn::Candidate,
                by: to_do.iter().filter_map(|to_do| to_do.by).min(),
                late: false,
            };
        }
        let stage = stage_of(application.stage, stages);
        let by = stage
            .zip(application.stage_since)
            .map(|(stage, since)| due(stage, since));
        Standing {
            turn: Turn::Company,
            by,
            late: by.is_some_and(|by| by <= now),
        }
    }
}

pub fn stage_of(id: Option<Uuid>, stages: &[Stage]) -> Option<&Stage> {
    stages.iter().find(|stage| Some(stage.id) == id)
}

fn due(stage: &Stage, since: Timestamp) -> Timestamp {
    since.plus(Duration::from_secs(u64::from(stage.target_days) * 24 * 3_600))
}

/// What happens at a stage, in a sentence.
pub fn about(kind: StageKind) -> &'static str {
    match kind {
        StageKind::Application => "We look through your application and see that nothing is missing.",
        StageKind::ResumeScreen => "People read your résumé and your answers, each with the same list of criteria.",
        StageKind::CodingTest => {
            "You write one small program in your browser. We send you a link, and you choose the moment."
        }
        StageKind::Interview => "You talk with some of us. We write to you to find a time.",
        StageKind::Decision => "Those who met you come together and decide on what they saw.",
        StageKind::Offer => "We prepare an offer and talk it through with you.",
    }
}

/// The same for a mail, with the day until which it should be done.
pub fn mailed(stage: &Stage, now: Timestamp) -> String {
    let by = due(stage, now).day_words();
    format!("{} You hear from us by {by}.", about(stage.kind))
}
