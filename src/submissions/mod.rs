//! Coding tests: the programs that were submitted, and what the laboratory found.
//!
//! A submission is stored together with the job that grades it. A verdict is never changed: a regrading is a second
//! verdict, proposed beside the first, and applied by a person who has seen the difference.

pub mod comparison;
pub mod form;
pub mod grading;
pub mod laboratory;
pub mod pages;
pub mod regrading_pages;
pub mod regradings;
pub mod store;
pub mod verdict_page;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::grader::Language;
use crate::grader::verdict::{Band, Criterion, Outcome, Verdict};

pub use crate::grader::Program;
pub use laboratory::{CodingTest, Laboratory, ReplayFailure, Replayed, ScenarioSummary};

#[derive(Clone, Debug)]
pub struct Submission {
    pub id: Uuid,
    pub challenge: String,
    pub title: String,
    pub program: Program,
    pub seed: u64,
    pub submitted_by: String,
    pub submitted_at: Timestamp,
    /// The verdict in force; `None` until it is graded.
    pub verdict: Option<StoredVerdict>,
}

#[derive(Clone, Debug)]
pub struct StoredVerdict {
    pub id: Uuid,
    pub verdict: Verdict,
    pub recorded_at: Timestamp,
}

/// A submission as lists show it.
#[derive(Clone, Debug)]
pub struct SubmissionLine {
    pub id: Uuid,
    pub challenge: String,
    pub title: String,
    pub language: Language,
    pub submitted_by: String,
    pub submitted_at: Timestamp,
    pub standing: Standing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    Waiting,
    Failed,
    Rejected,
    Graded { band: Band, strip: Strip },
}

/// Which of the thirteen criteria hold, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strip(pub Vec<bool>);

impl Strip {
    pub fn of(verdict: &Verdict) -> Option<Strip> {
        match &verdict.outcome {
            Outcome::Rejected(_) => None,
            Outcome::Graded(graded) => Some(Strip(graded.criteria.iter().map(|criterion| criterion.pass).collect())),
        }
    }

    pub fn text(&self) -> String {
        self.0.iter().map(|pass| if *pass { '+' } else { '-' }).collect()
    }

    pub fn from_text(text: &str) -> Strip {
        Strip(text.chars().map(|c| c == '+').collect())
    }

    pub fn met(&self) -> usize {
        self.0.iter().filter(|pass| **pass).count()
    }

    /// For those who cannot see it: "11 of 13 criteria met; not retry_after, concurrency".
    pub fn words(&self) -> String {
        let missed: Vec<&str> = Criterion::ALL
            .iter()
            .zip(&self.0)
            .filter(|(_, pass)| !**pass)
            .map(|(c, _)| c.id())
            .collect();
        let tally = format!("{} of {} criteria met", self.met(), self.0.len());
        if missed.is_empty() {
            tally
        } else {
            format!("{tally}; not {}", missed.join(", "))
        }
    }
}

/// What lists are filtered by: a band, or the lack of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandFilter {
    Band(Band),
    Rejected,
    Waiting,
}

impl BandFilter {
    pub const ALL: [BandFilter; 5] = [
        BandFilter::Band(Band::Exceeds),
        BandFilter::Band(Band::Meets),
        BandFilter::Band(Band::Below),
        BandFilter::Rejected,
        BandFilter::Waiting,
    ];

    pub fn id(self) -> &'static str {
        match self {
            BandFilter::Band(band) => band_id(band),
            BandFilter::Rejected => "rejected",
            BandFilter::Waiting => "waiting",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            BandFilter::Band(band) => band.label(),
            BandFilter::Rejected => "Rejected",
            BandFilter::Waiting => "Not graded yet",
        }
    }

    pub fn from_id(id: &str) -> Option<BandFilter> {
        BandFilter::ALL.into_iter().find(|filter| filter.id() == id)
    }
}

/// As stored.
pub fn band_id(band: Band) -> &'static str {
    match band {
        Band::Below => "below",
        Band::Meets => "meets",
        Band::Exceeds => "exceeds",
    }
}

pub fn band_from_id(id: &str) -> Option<Band> {
    Band::ALL.into_iter().find(|band| band_id(*band) == id)
}

/// What the lists keep of a verdict: its band, or that there is none, and its strip.
pub fn summary_of(verdict: &Verdict) -> (&'static str, Option<String>) {
    match &verdict.outcome {
        Outcome::Rejected(_) => ("rejected", None),
        Outcome::Graded(graded) => (band_id(graded.band), Strip::of(verdict).map(|strip| strip.text())),
    }
}
