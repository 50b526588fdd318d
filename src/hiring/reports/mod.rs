//! Reports: how hiring goes, in sums.
//!
//! Each part is counted by the database for the jobs that the reader may see, or one of them, and for those who applied in
//! a period; what it gives back is small, however many have applied. Times come as counts by hour, and medians are read
//! from those. A part says what it found as [`Section`]s, pictures first, and as one table to take away.

mod answers;
pub mod exact;
pub mod fairness;
pub mod funnel;
mod knock_outs;
pub mod numbers;
pub mod pages;
mod period;
pub mod protection;
pub mod readers;
pub mod readings;
mod sources;
pub mod store;
#[cfg(test)]
mod tests;

use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::Opening;
use crate::ui::Tone;
use crate::ui::plots::Figure;
use crate::ui::tables::Table;

pub use period::{Period, PeriodFields, Preset};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Funnel,
    Sources,
    KnockOuts,
    Answers,
    Readers,
    Fairness,
}

/// What is counted.
#[derive(Clone, Debug)]
pub struct Scope {
    /// All that the reader may see, where it is none.
    pub opening: Option<Opening>,
    /// Only the jobs of this person's teams.
    pub member: Option<Uuid>,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// What a part has to say about one thing.
#[derive(Clone, Debug, Default)]
pub struct Section {
    pub id: String,
    pub title: String,
    /// At the far end of the title.
    pub label: String,
    pub figure: Option<Figure>,
    pub says: Vec<(Tone, String)>,
    /// What the picture does not hold.
    pub table: Option<Table>,
}

#[derive(Clone, Debug, Default)]
pub struct Report {
    pub sections: Vec<Section>,
    /// Everything, to take away.
    pub table: Table,
    /// When something will appear, where there is nothing yet.
    pub empty: Option<String>,
}

impl Part {
    pub const ALL: [Part; 6] = [
        Part::Funnel,
        Part::Sources,
        Part::KnockOuts,
        Part::Answers,
        Part::Readers,
        Part::Fairness,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Part::Funnel => "funnel",
            Part::Sources => "sources",
            Part::KnockOuts => "knock_outs",
            Part::Answers => "answers",
            Part::Readers => "readers",
            Part::Fairness => "fairness",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Part::Funnel => "Funnel",
            Part::Sources => "Sources",
            Part::KnockOuts => "Knock-outs",
            Part::Answers => "First answer",
            Part::Readers => "Readers",
            Part::Fairness => "Fairness",
        }
    }

    pub fn about(self) -> &'static str {
        match self {
            Part::Funnel => "How far those who applied have come, and how long each step took.",
            Part::Sources => "Where they heard of the job, and how far they came.",
            Part::KnockOuts => "What each question at the door decided, and what people took back.",
            Part::Answers => "How long candidates waited for the first word that was not a receipt.",
            Part::Readers => "Who reads résumés, how soon, and how far their scores agree.",
            Part::Fairness => "Whether the steps of a job let groups pass alike.",
        }
    }

    pub fn from_id(id: &str) -> Option<Part> {
        Part::ALL.into_iter().find(|part| part.id() == id)
    }

    /// Fairness counts all who applied for a job: two periods that differ by a day would tell one person's group.
    pub fn has_period(self) -> bool {
        self != Part::Fairness
    }

    pub async fn report(self, app: &App, scope: &Scope) -> Result<Report, AppError> {
        match self {
            Part::Funnel => funnel::report(app, scope).await,
            Part::Sources => sources::report(app, scope).await,
            Part::KnockOuts => knock_outs::report(app, scope).await,
            Part::Answers => answers::report(app, scope).await,
            Part::Readers => readers::report(app, scope).await,
            Part::Fairness => fairness::report(app, scope).await,
        }
    }
}

impl Report {
    pub fn empty(when: &str) -> Report {
        Report {
            empty: Some(when.into()),
            ..Report::default()
        }
    }
}
