//! What the whole process asks of a candidate, in steps and minutes: derived from a job's stages and its kit, so that it
//! is never promised otherwise.

use crate::hiring::knock_outs::is_dealbreaker;
use crate::hiring::{Opening, Stage, StageKind};
use crate::roles::kit::{Kit, Round};
use crate::ui::clean_line;

/// Name, address, résumé and consent.
const FORM_MINUTES: u32 = 5;
const DEALBREAKER_MINUTES: u32 = 1;
/// The longest answer on video, where the kit does not say it.
pub const USUAL_VIDEO_SECONDS: u32 = 120;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    pub steps: Vec<Step>,
    /// The dealbreakers that can end an application at once.
    pub deciding: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub name: String,
    /// What it asks, in sentences.
    pub asks: Vec<String>,
    pub time: Time,
    /// Within how many days it should be over.
    pub days: Option<u32>,
}

/// A candidate's own time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// Others work.
    None,
    Minutes(u32),
    /// Agreed later.
    Open,
}

impl Process {
    pub fn of(opening: &Opening, stages: &[Stage], kit: &Kit) -> Process {
        let interviews: Vec<&Stage> = stages.iter().filter(|s| s.kind == StageKind::Interview).collect();
        let last_interview = interviews.last().map(|stage| stage.id);
        let mut steps = Vec::new();
        for stage in stages {
            let days = Some(stage.target_days);
            let (asks, time) = match stage.kind {
                StageKind::Application => application(kit),
                StageKind::ResumeScreen => reading(),
                StageKind::CodingTest => coding_test(kit),
                StageKind::Interview => interview(stage, &interviews, kit),
                StageKind::Decision => decision(),
                StageKind::Offer => offer(),
            };
            let name = stage.name.clone();
            steps.push(Step { name, asks, time, days });
            if stage.kind == StageKind::Application {
                steps.extend(videos(opening, kit));
            }
            if Some(stage.id) == last_interview {
                steps.extend(exercises(kit));
            }
        }
        let deciding = kit.knock_outs.iter().filter(|one| is_dealbreaker(one));
        Process {
            steps,
            deciding: deciding.map(|one| one.question.clone()).collect(),
        }
    }

    pub fn minutes(&self) -> u32 {
        let minutes = self.steps.iter().map(|step| match step.time {
            Time::Minutes(minutes) => minutes,
            Time::None | Time::Open => 0,
        });
        minutes.fold(0, u32::saturating_add)
    }

    /// Some of it is agreed later.
    pub fn is_open(&self) -> bool {
        self.steps.iter().any(|step| step.time == Time::Open)
    }

    /// “about 5 hours”.
    pub fn total(&self) -> String {
        about(self.minutes())
    }

    pub fn total_sentence(&self) -> String {
        let rest = if self.is_open() {
            ", and what is agreed later"
        } else {
            ""
        };
        format!("The whole process asks for {} of your time{rest}.", self.total())
    }

    pub fn days(&self) -> u32 {
        self.steps
            .iter()
            .filter_map(|step| step.days)
            .fold(0, u32::saturating_add)
    }
}

impl Time {
    pub fn words(self) -> String {
        match self {
            Time::None => "none of yours".into(),
            Time::Minutes(minutes) => plain(minutes),
            Time::Open => "agreed with you".into(),
        }
    }
}

/// “45 minutes”, “1 hour”, “1 h 15 min”.
pub fn plain(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 1) => "1 minute".into(),
        (0, minutes) => format!("{minutes} minutes"),
        (1, 0) => "1 hour".into(),
        (hours, 0) => format!("{hours} hours"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// To the half hour, once it is more than one.
fn about(minutes: u32) -> String {
    if minutes < 60 {
        return format!("about {}", plain(minutes));
    }
    let halves = (minutes.saturating_add(15)) / 30;
    match (halves / 2, halves % 2) {
        (1, 0) => "about an hour".into(),
        (hours, 0) => format!("about {hours} hours"),
        (hours, _) => format!("about {hours}½ hours"),
    }
}

type Asked = (Vec<String>, Time);

fn application(kit: &Kit) -> Asked {
    let questions = u32::try_from(kit.knock_outs.len()).unwrap_or(u32::MAX);
    let dealbreakers = kit.knock_outs.iter().filter(|one| is_dealbreaker(one)).count();
    let mut asks = Vec::new();
    match dealbreakers {
        0 => {}
        1 => asks.push("One dealbreaker to answer, before anything else.".to_owned()),
        n => asks.push(format!("{n} dealbreakers to answer, before anything else.")),
    }
    asks.push("How to reach you, and your résumé as PDF, Word file or text. A letter if you like.".into());
    match kit.knock_outs.len() - dealbreakers {
        0 => {}
        1 => asks.push("One more question, which ends nothing.".to_owned()),
        n => asks.push(format!("{n} more questions, which end nothing.")),
    }
    let minutes = questions
        .saturating_mul(DEALBREAKER_MINUTES)
        .saturating_add(FORM_MINUTES);
    (asks, Time::Minutes(minutes))
}

fn videos(opening: &Opening, kit: &Kit) -> Option<Step> {
    let seconds = |limit: Option<u32>| limit.unwrap_or(USUAL_VIDEO_SECONDS);
    let limits: Vec<u32> = kit
        .video_questions
        .iter()
        .map(|one| seconds(one.limit_seconds))
        .collect();
    let (longest, sum) = (
        *limits.iter().max()?,
        limits.iter().fold(0, |sum: u32, s| sum.saturating_add(*s)),
    );
    let (n, takes) = (limits.len(), opening.video_takes);
    let questions = if n == 1 {
        "One question".into()
    } else {
        format!("{n} questions")
    };
    let takes = if takes == 1 {
        "one take".into()
    } else {
        format!("up to {takes} takes")
    };
    Some(Step {
        name: "Answers on video".into(),
        asks: vec![
            format!("{questions}, at most {} and {takes} for each.", seconds_words(longest)),
            "Recorded when it suits you, after a practice question. You may answer in sound or in writing instead."
                .into(),
        ],
        time: Time::Minutes(sum.div_ceil(60)),
        days: Some(opening.video_days),
    })
}

fn seconds_words(seconds: u32) -> String {
    match seconds % 60 {
        0 => plain(seconds / 60),
        _ => format!("{seconds} seconds"),
    }
}

fn reading() -> Asked {
    (
        vec!["People read what you sent. There is nothing for you to do.".into()],
        Time::None,
    )
}

fn coding_test(kit: &Kit) -> Asked {
    // One of them is given.
    let time = kit.coding_tests.iter().filter_map(|test| test.minutes).max();
    let said = "One program to write in your browser, when it suits you. You can rehearse first, and extra time can be arranged.";
    (vec![said.into()], time.map_or(Time::Open, Time::Minutes))
}

fn interview(stage: &Stage, interviews: &[&Stage], kit: &Kit) -> Asked {
    let rounds = rounds_of(stage, interviews, kit);
    let conversations = match rounds.len() {
        0 | 1 => "A conversation with people of the team.".into(),
        n => format!("{n} conversations with people of the team."),
    };
    let mut minutes = rounds.iter().map(|round| round.minutes);
    // One that does not say how long it lasts leaves the whole open.
    let minutes = minutes.try_fold(0u32, |sum, minutes| Some(sum.saturating_add(minutes?)));
    let time = minutes.filter(|minutes| *minutes > 0).map_or(Time::Open, Time::Minutes);
    (vec![conversations], time)
}

/// The round of its name; a single interview holds them all. Nothing else is guessed: candidates rely on it.
fn rounds_of<'a>(stage: &Stage, interviews: &[&Stage], kit: &'a Kit) -> Vec<&'a Round> {
    let named = |round: &&Round| clean_line(&round.name) == stage.name;
    match kit.rounds.iter().find(named) {
        Some(round) => vec![round],
        None if interviews.len() == 1 => kit.rounds.iter().collect(),
        None => Vec::new(),
    }
}

/// Talks and situations that are played with the panel.
fn exercises(kit: &Kit) -> Vec<Step> {
    let step = |name: &str, what: &str, minutes: Option<u32>, preparation: Option<u32>| {
        let split = match (minutes, preparation) {
            (Some(minutes), Some(preparation)) => Some(format!(
                "{} with the panel, after {} of preparation on your own.",
                plain(minutes),
                plain(preparation)
            )),
            (None, Some(preparation)) => Some(format!("Before it, {} of preparation on your own.", plain(preparation))),
            (_, None) => None,
        };
        Step {
            name: name.into(),
            asks: std::iter::once(what.to_owned()).chain(split).collect(),
            time: minutes.map_or(Time::Open, |minutes| {
                Time::Minutes(minutes.saturating_add(preparation.unwrap_or(0)))
            }),
            days: None,
        }
    };
    let talks = kit.presentations.iter().map(|talk| {
        let what = "You present to the panel what you were told beforehand.";
        step("Presentation", what, talk.minutes, talk.preparation_minutes)
    });
    let played = kit.simulations.iter().map(|simulation| {
        let what = "A situation from the work, played through with the panel.";
        step(
            "Work simulation",
            what,
            simulation.minutes,
            simulation.preparation_minutes,
        )
    });
    talks.chain(played).collect()
}

fn decision() -> Asked {
    (
        vec!["The people who met you decide. You get an answer either way.".into()],
        Time::None,
    )
}

fn offer() -> Asked {
    (
        vec!["An offer in writing, and time to think about it.".into()],
        Time::None,
    )
}
