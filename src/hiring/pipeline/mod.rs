//! The pipeline of a job: a board and a list of its applications, what filters them, and what is done with many at once.
//!
//! Nothing here counts or reads all applications of a job: a column shows those that wait longest, a list goes on by key,
//! and whoever looks for words is led by an index. Where a filter fits so few that a page would take long to fill, the
//! page says how far it looked.

pub mod acts;
pub mod board_pages;
pub mod desk;
pub mod facts;
pub mod filter;
pub mod finding;
pub mod index;
pub mod list_pages;
pub mod people_pages;
pub mod store;
pub mod view_pages;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::hiring::applications::standing::stage_of;
use crate::hiring::{ApplicationState, Owner, Stage};
use crate::roles::kit::Decision;
use crate::submissions::Strip;

/// An application as boards and lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: Uuid,
    pub opening: Uuid,
    pub name: String,
    pub email: String,
    pub state: ApplicationState,
    pub stage: Option<Uuid>,
    pub stage_since: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub submitted_at: Option<Timestamp>,
    pub source: String,
    pub outcome: Option<Decision>,
    pub owner: Option<Owner>,
    pub moves: i64,
    /// Without case; looked up where a filter asks for them.
    pub tags: Vec<String>,
    /// The name is withheld from whoever looks: a label stands in its place.
    pub withheld: bool,
}

impl Default for Line {
    fn default() -> Line {
        Line {
            id: Uuid::nil(),
            opening: Uuid::nil(),
            name: String::new(),
            email: String::new(),
            state: ApplicationState::Active,
            stage: None,
            stage_since: None,
            ended_at: None,
            submitted_at: None,
            source: String::new(),
            outcome: None,
            owner: None,
            moves: 0,
            tags: Vec::new(),
            withheld: false,
        }
    }
}

impl Line {
    /// As people call it: somebody whose name was not written is called by the address.
    pub fn called(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }

    /// For how many whole days it has stood where it stands.
    pub fn days(&self, now: Timestamp) -> u64 {
        let since = self.ended_at.or(self.stage_since);
        since.map_or(0, |since| since.until(now).as_secs() / 86_400)
    }

    /// Since when it is in its stage; `None` once it has ended.
    pub fn entered(&self) -> Option<Timestamp> {
        self.stage_since.filter(|_| self.state == ApplicationState::Active)
    }

    pub fn is_late(&self, stages: &[Stage], now: Timestamp) -> bool {
        self.over_target(stages, now).is_some_and(|order| order.is_gt())
    }

    /// Amber on the last day of a stage, red behind it.
    pub fn tone(&self, stages: &[Stage], now: Timestamp) -> &'static str {
        match self.over_target(stages, now) {
            Some(std::cmp::Ordering::Greater) => "bad",
            Some(std::cmp::Ordering::Equal) => "warn",
            _ => "",
        }
    }

    fn over_target(&self, stages: &[Stage], now: Timestamp) -> Option<std::cmp::Ordering> {
        self.entered()?;
        let stage = stage_of(self.stage, stages)?;
        Some(self.days(now).cmp(&u64::from(stage.target_days)))
    }

    /// “today”, “3 d”.
    pub fn age(&self, now: Timestamp) -> String {
        match self.days(now) {
            0 => "today".into(),
            days => format!("{days} d"),
        }
    }
}

/// What is known of an application, in a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fact {
    pub words: String,
    pub strip: Option<Strip>,
}

/// A filter that somebody keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub id: Uuid,
    pub name: String,
    pub filter: String,
    pub shared: bool,
    /// Who keeps it.
    pub by: Uuid,
}
