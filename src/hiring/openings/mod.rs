//! Jobs: what they offer, whom they belong to, the steps that they ask of a candidate.
//!
//! A job begins as a draft, with stages from a template. Published, it stands at `/jobs/{slug}` until it is closed or its
//! last day is past, and its address never changes again. It stays with the version of the kit that it pins, until
//! somebody has seen what a newer one would change.

pub mod edit_pages;
pub mod form;
pub mod kit_pages;
pub mod pages;
pub mod places;
pub mod posting;
pub mod process;
pub mod public_pages;
pub mod stage_pages;
pub mod state_pages;
pub mod store;
#[cfg(test)]
mod tests;
pub mod trials;

use std::time::Duration;

use crate::clock::Timestamp;
use crate::hiring::{Employment, Opening, OpeningState, Presence, Salary, StageKind};
use crate::roles::kit::Kit;
use crate::ui::{clean_line, folded, shortened};

const LONGEST_SLUG: usize = 60;
pub const MOST_STAGES: usize = 30;

/// What people write down about a job, checked.
#[derive(Clone, Debug)]
pub struct Details {
    pub title: String,
    pub level: String,
    pub place: String,
    pub country: String,
    pub presence: Presence,
    pub kind: Employment,
    pub salary: Option<Salary>,
    pub about: String,
    pub closes_at: Option<Timestamp>,
    pub decline_after_hours: u32,
    pub keep_months: u32,
    pub video_days: u32,
    pub video_takes: u32,
}

/// A job as lists show it.
#[derive(Clone, Debug)]
pub struct OpeningLine {
    pub opening: Opening,
    pub kit_title: String,
    /// Applications under way.
    pub active: i64,
    /// What was sent within a week.
    pub fresh: i64,
}

/// A member of a job's team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub id: uuid::Uuid,
    pub name: String,
    pub role: crate::people::Role,
}

/// A stage about to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStage {
    pub name: String,
    pub kind: StageKind,
    pub target_days: u32,
}

impl Opening {
    pub fn takes_applications(&self, now: Timestamp) -> bool {
        self.state == OpeningState::Published && !self.is_overdue(now)
    }

    /// Its last day is past.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.closes_at.is_some_and(|at| at <= now)
    }

    /// It has been seen, or may have been.
    pub fn was_published(&self) -> bool {
        self.published_at.is_some()
    }

    pub fn url(&self) -> String {
        format!("/openings/{}", self.id)
    }

    pub fn public_path(&self) -> String {
        format!("/jobs/{}", self.slug)
    }

    /// Where, as people say it: “Lisbon, Portugal”, “Remote within Portugal”.
    pub fn place_words(&self) -> String {
        let country = places::country(&self.country).unwrap_or_default();
        let parts = [self.place.as_str(), country];
        let place = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        match (self.presence, place.as_slice()) {
            (Presence::Remote, []) => "Remote, from anywhere".into(),
            (Presence::Remote, place) => format!("Remote, {}", place.join(", ")),
            (_, place) => place.join(", "),
        }
    }

    /// The last day on which applications are taken.
    pub fn last_day(&self) -> Option<Timestamp> {
        self.closes_at.map(|end| end.minus(Duration::from_secs(1)))
    }

    /// Why it cannot be published; nothing, where it can.
    pub fn obstacles(&self, stages: usize, now: Timestamp) -> Vec<&'static str> {
        let missing = [
            (self.about.is_empty(), "It has no description yet."),
            (
                self.is_overdue(now),
                "Its last day for applications is past: choose a later one, or none.",
            ),
            (stages < 2, "It has no stage behind the application: add at least one."),
        ];
        missing.into_iter().filter(|(is, _)| *is).map(|(_, why)| why).collect()
    }
}

impl Salary {
    /// “42 000 to 56 000 EUR a year”.
    pub fn words(&self) -> String {
        let (from, to) = (grouped(self.from), grouped(self.to));
        let amount = if self.from == self.to {
            from
        } else {
            format!("{from} to {to}")
        };
        format!("{amount} {} {}", self.currency, self.per.label())
    }
}

/// Thousands set apart by a thin space.
fn grouped(amount: u32) -> String {
    let digits = amount.to_string();
    let mut out = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// The stages of a new job: what its kit asks, in order.
pub fn template(kit: &Kit) -> Vec<NewStage> {
    let stage = |name: &str, kind: StageKind, target_days| NewStage {
        name: clean_line(name),
        kind,
        target_days,
    };
    let usual = |kind: StageKind, days| stage(kind.label(), kind, days);
    let mut stages = vec![usual(StageKind::Application, 2), usual(StageKind::ResumeScreen, 3)];
    if !kit.coding_tests.is_empty() {
        stages.push(usual(StageKind::CodingTest, 7));
    }
    let rounds = kit.rounds.iter().filter(|round| !clean_line(&round.name).is_empty());
    let rounds = rounds.take(MOST_STAGES - 6);
    stages.extend(rounds.map(|round| stage(&round.name, StageKind::Interview, 4)));
    stages.extend([usual(StageKind::Decision, 3), usual(StageKind::Offer, 5)]);
    stages
}

/// A job's address from its title; letters that an address cannot show are left out.
pub fn slug(title: &str) -> String {
    let plain = folded(title);
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-").chars().take(LONGEST_SLUG).collect();
    match slug.trim_matches('-') {
        "" => "job".into(),
        slug => slug.into(),
    }
}

/// The address itself, or the first with a number behind it that nobody has.
pub fn free_slug(wanted: &str, taken: &[String]) -> String {
    let is_free = |slug: &String| !taken.contains(slug);
    let numbered = (2..).map(|n| format!("{wanted}-{n}"));
    let mut slugs = std::iter::once(wanted.to_owned()).chain(numbered);
    slugs.find(is_free).unwrap_or_default()
}

/// What jobs are found by.
pub fn title_key(title: &str, place: &str) -> String {
    folded(&format!("{title} {place}"))
}

/// “today”, “3 days ago”.
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    match at.until(now).as_secs() / 86_400 {
        0 => "today".into(),
        1 => "yesterday".into(),
        days @ 2..=59 => format!("{days} days ago"),
        days => format!("{} months ago", days / 30),
    }
}

/// A line for search engines and for those who share an address.
pub fn summary(opening: &Opening, company: &str, process: &process::Process) -> String {
    let salary = opening.salary.as_ref().map(|salary| format!(", {}", salary.words()));
    let text = format!(
        "{} at {company}: {}, {}{}. {}",
        opening.title,
        opening.place_words(),
        opening.kind.label().to_lowercase(),
        salary.unwrap_or_default(),
        process.total_sentence(),
    );
    shortened(&text, 300)
}
