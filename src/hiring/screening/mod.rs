//! Screening: people read each résumé that cleared the door, with the kit's fixed criteria beside it.
//!
//! Every criterion gets a score on a scale whose steps are described, and a quote or a reason. Readers are blind to one
//! another: what others gave is shown when one's own is submitted and enough people have submitted, and nowhere before.
//! Then the job's rule proposes to advance or to archive; a person decides.

pub mod anonymous;
pub mod form;
pub mod pages;
pub mod queue;
pub mod queue_pages;
pub mod reading;
pub mod reading_pages;
pub mod result_pages;
pub mod section;
pub mod settings_pages;
pub mod store;
#[cfg(test)]
mod tests;
pub mod veil;
pub mod withheld_pages;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::hiring::{Application, ApplicationState, Stage, StageKind};
use crate::ui::tables;

/// How résumés are read for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How many people read each.
    pub readers: u32,
    /// Readers see no name, no contact, no school.
    pub anonymised: bool,
    pub rule: Rule,
}

pub const MOST_READERS: u32 = 3;

impl Settings {
    pub const USUAL: Settings = Settings {
        readers: 2,
        anonymised: false,
        rule: Rule {
            advance_from: 150,
            archive_below: 75,
        },
    };
}

/// What follows from a mean, in hundredths of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    pub advance_from: i64,
    pub archive_below: i64,
}

impl Rule {
    pub fn propose(self, mean: i64) -> Proposal {
        match mean {
            mean if mean >= self.advance_from => Proposal::Advance,
            mean if mean < self.archive_below => Proposal::Archive,
            _ => Proposal::Discuss,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proposal {
    Advance,
    Discuss,
    Archive,
}

impl Proposal {
    pub const ALL: [Proposal; 3] = [Proposal::Advance, Proposal::Discuss, Proposal::Archive];

    pub fn id(self) -> &'static str {
        match self {
            Proposal::Advance => "advance",
            Proposal::Discuss => "discuss",
            Proposal::Archive => "archive",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Proposal::Advance => "Advance",
            Proposal::Discuss => "Discuss",
            Proposal::Archive => "Archive",
        }
    }

    pub fn from_id(id: &str) -> Option<Proposal> {
        Proposal::ALL.into_iter().find(|proposal| proposal.id() == id)
    }
}

/// A step of the scale. The words fit criteria that are statements, and those that are questions.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub score: u8,
    pub name: &'static str,
    pub anchor: &'static str,
}

pub const SCALE: [Step; 4] = [
    Step {
        score: 0,
        name: "Not shown",
        anchor: "Nothing that was sent speaks to it, or it speaks against it.",
    },
    Step {
        score: 1,
        name: "Touched on",
        anchor: "It is named, and nothing says what was done.",
    },
    Step {
        score: 2,
        name: "Shown",
        anchor: "It says what was done and where, or you can see it for yourself.",
    },
    Step {
        score: 3,
        name: "Shown with results",
        anchor: "It also says what came of it: a figure, an effect, something that lasts.",
    },
];

const SHOWN: u8 = 2;

pub fn step_name(score: u8) -> &'static str {
    SCALE
        .iter()
        .find(|step| step.score == score)
        .map_or("", |step| step.name)
}

/// What a reader gave for a criterion; the score is absent until it is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    pub score: Option<u8>,
    pub words: String,
}

/// What one reader finds in one résumé: a draft until it is submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screening {
    pub id: Uuid,
    pub application: Uuid,
    pub opening: Uuid,
    pub by: Uuid,
    /// Their name.
    pub reader: String,
    pub begun_at: Timestamp,
    pub saved_at: Timestamp,
    pub submitted_at: Option<Timestamp>,
    pub withdrawn_at: Option<Timestamp>,
    pub revision: i64,
}

/// A reading that was taken back.
#[derive(Clone, Debug)]
pub struct Withdrawn {
    pub reader: String,
    pub at: Timestamp,
    pub why: String,
}

/// What the readers came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub readers: u32,
    pub mean: i64,
    pub pairs: i64,
    pub near: i64,
    pub disagreements: i64,
    pub proposal: Proposal,
    pub made_at: Timestamp,
}

impl Outcome {
    /// Of the scores of each reader, criterion by criterion.
    pub fn of(scores: &[Vec<u8>], rule: Rule, made_at: Timestamp) -> Outcome {
        let mean = mean(scores);
        let pairs = pairs(scores);
        let near = pairs.iter().filter(|(lower, higher)| higher - lower <= 1).count();
        let criteria = scores.first().map_or(0, Vec::len);
        let disagreements = (0..criteria).filter(|at| differ(&column(scores, *at))).count();
        Outcome {
            readers: u32::try_from(scores.len()).unwrap_or(u32::MAX),
            mean,
            pairs: counted(pairs.len()),
            near: counted(near),
            disagreements: counted(disagreements),
            proposal: rule.propose(mean),
            made_at,
        }
    }

    pub fn mean_words(&self) -> String {
        hundredths(self.mean)
    }

    pub fn near_percent(&self) -> Option<i64> {
        (self.pairs > 0).then(|| (self.near * 100 + self.pairs / 2) / self.pairs)
    }
}

fn counted(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// 1.75
pub fn hundredths(value: i64) -> String {
    format!("{}.{:02}", value / 100, value % 100)
}

/// Of all scores, in hundredths, halves rounded up.
fn mean(scores: &[Vec<u8>]) -> i64 {
    let all = scores.iter().flatten();
    let (sum, n) = all.fold((0i64, 0i64), |(sum, n), score| (sum + i64::from(*score), n + 1));
    match n {
        0 => 0,
        n => (sum * 200 + n) / (2 * n),
    }
}

fn column(scores: &[Vec<u8>], at: usize) -> Vec<u8> {
    scores.iter().filter_map(|of_one| of_one.get(at).copied()).collect()
}

/// Two readers mean different things: by two steps or more, or about whether it is shown at all.
pub fn differ(scores: &[u8]) -> bool {
    match (scores.iter().min(), scores.iter().max()) {
        (Some(lowest), Some(highest)) => highest - lowest >= 2 || (*lowest < SHOWN && *highest >= SHOWN),
        _ => false,
    }
}

/// The scores of any two readers for the same criterion, the lower first.
pub fn pairs(scores: &[Vec<u8>]) -> Vec<(u8, u8)> {
    let mut pairs = Vec::new();
    for (at, one) in scores.iter().enumerate() {
        for other in &scores[at + 1..] {
            pairs.extend(one.iter().zip(other).map(|(a, b)| (*a.min(b), *a.max(b))));
        }
    }
    pairs
}

/// How well readers agree for a job: how often which two scores met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// The lower score, the higher one, how often.
    pub pairs: Vec<(u8, u8, i64)>,
}

const FARTHEST: f64 = 3.0;

impl Agreement {
    /// Below so many pairs, chance has the louder voice.
    pub const ENOUGH: i64 = 50;

    pub fn n(&self) -> i64 {
        self.pairs.iter().map(|(.., n)| n).sum()
    }

    pub fn is_small(&self) -> bool {
        self.n() < Agreement::ENOUGH
    }

    pub fn percent_equal(&self) -> i64 {
        self.percent(|distance| distance == 0)
    }

    pub fn percent_near(&self) -> i64 {
        self.percent(|distance| distance <= 1)
    }

    fn percent(&self, counts: impl Fn(u8) -> bool) -> i64 {
        let those = self
            .pairs
            .iter()
            .filter(|(lower, higher, _)| counts(higher.abs_diff(*lower)));
        let those: i64 = those.map(|(.., n)| n).sum();
        match self.n() {
            0 => 0,
            n => (those * 100 + n / 2) / n,
        }
    }

    /// Weighted by the square of the distance. Readers come and go, so none of them is the first or the second: each pair
    /// counts both ways. Nothing where all gave the same score throughout: then there is nothing to agree about.
    pub fn kappa(&self) -> Option<f64> {
        let weight = |a: usize, b: usize| (a.abs_diff(b) as f64 / FARTHEST).powi(2);
        let mut share = [0.0; SCALE.len()];
        let (mut observed, both_ways) = (0.0, 2.0 * self.n() as f64);
        for (lower, higher, n) in &self.pairs {
            let (lower, higher, n) = (usize::from(*lower), usize::from(*higher), *n as f64);
            observed += 2.0 * n * weight(lower, higher) / both_ways;
            for at in [lower, higher] {
                *share.get_mut(at)? += n / both_ways;
            }
        }
        let mut expected = 0.0;
        for (a, of_a) in share.iter().enumerate() {
            expected += share
                .iter()
                .enumerate()
                .map(|(b, of_b)| weight(a, b) * of_a * of_b)
                .sum::<f64>();
        }
        (expected > 0.0).then(|| 1.0 - observed / expected)
    }

    pub fn kappa_words(&self) -> Option<String> {
        let kappa = self.kappa()?;
        let word = match kappa {
            k if k < 0.2 => "hardly more than chance",
            k if k < 0.4 => "weak",
            k if k < 0.6 => "moderate",
            k if k < 0.8 => "good",
            _ => "very good",
        };
        Some(format!("{}, {word}", tables::hundredths(kappa)))
    }
}

/// Stages in which résumés are read.
pub fn is_screened_in(kind: StageKind) -> bool {
    matches!(kind, StageKind::Application | StageKind::ResumeScreen)
}

/// Whether an application stands where résumés are read. It has cleared the door, or it would not be under way.
pub fn stands_in_screening(application: &Application, stages: &[Stage]) -> bool {
    application.state == ApplicationState::Active
        && application.merged_into.is_none()
        && stages
            .iter()
            .any(|stage| Some(stage.id) == application.stage && is_screened_in(stage.kind))
}

/// Where an application goes that advances: past everything in which résumés are read.
pub fn stage_after(stage: Option<Uuid>, stages: &[Stage]) -> Option<&Stage> {
    let here = stages.iter().position(|each| Some(each.id) == stage)?;
    let behind = &stages[here + 1..];
    let past = behind.iter().find(|stage| !is_screened_in(stage.kind));
    past.or(behind.first())
}

/// A number of days: “today”, “since yesterday”, “for 3 days”.
pub fn age_words(since: Timestamp, now: Timestamp) -> String {
    match since.until(now).as_secs() / 86_400 {
        0 => "since today".into(),
        1 => "for a day".into(),
        days => format!("for {days} days"),
    }
}
