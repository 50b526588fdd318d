//! How résumés were read in the last weeks, before their candidates went on or were turned away.
//!
//! Three people read, two of them each résumé. They find what is there, and each is off by a step now and then: the hiring
//! manager to the strict side, the interviewer to the mild one, and all of them less often as the weeks go by.

use std::collections::VecDeque;
use std::time::Duration;

use crate::demo::DemoError;
use crate::demo::hiring::scene::{Deed, Scene};
use crate::demo::hiring::stories::{Act, Job};
use crate::hiring::StageKind;
use crate::hiring::openings::store as openings;
use crate::hiring::screening::stands_in_screening;

const CRITERIA: usize = 8;
const READERS: usize = 3;
/// Of a thousand scores, so many are off in the last week, and so many more for each week before.
const OFF: u32 = 110;
const MORE: u32 = 75;

/// The same deeds at the same times, with two readings before each that may end a stage.
pub fn among(number: usize, job: Job, deeds: VecDeque<(Duration, Deed)>) -> VecDeque<(Duration, Deed)> {
    let mut all = VecDeque::new();
    let readers = match job {
        Job::Developer => (number % READERS, (number + 1) % READERS),
        // Who reads there knows no names, and the recruiter writes to people.
        Job::Engineer => (1, 2),
    };
    for (wait, deed) in deeds {
        let ends = match deed {
            Deed::MoveOn => Some(true),
            Deed::Act(Act::IsRejected(..)) => Some(false),
            _ => None,
        };
        let Some(goes_on) = ends else {
            all.push_back((wait, deed));
            continue;
        };
        // Some read at once, some on the last day.
        let first = wait * (15 + chance(number, 0, 1) % 45) / 100;
        let second = (wait - first) * (20 + chance(number, 0, 2) % 60) / 100;
        all.push_back((first, Deed::Read(readers.0, goes_on)));
        all.push_back((second, Deed::Read(readers.1, goes_on)));
        all.push_back((wait - first - second, deed));
    }
    all
}

/// The same for the same, and otherwise anything.
fn chance(story: usize, criterion: usize, of: usize) -> u32 {
    let seed = (story * 64 + criterion) * 8 + of;
    let mut mixed = u32::try_from(seed)
        .unwrap_or_default()
        .wrapping_add(1)
        .wrapping_mul(0x9e37_79b1);
    mixed ^= mixed >> 15;
    mixed = mixed.wrapping_mul(0x85eb_ca77);
    (mixed ^ (mixed >> 13)) % 1_000
}

fn scores(story: usize, reader: usize, weeks_ago: u32, goes_on: bool) -> Vec<u8> {
    let score = |at: usize| {
        let found: u8 = match (goes_on, chance(story, at, 0)) {
            (true, 0..150) => 1,
            (true, 150..700) => 2,
            (true, _) => 3,
            (false, 0..450) => 0,
            (false, 450..850) => 1,
            (false, _) => 2,
        };
        let is_off = chance(story, at, 3 + reader) < OFF + MORE * weeks_ago;
        match (is_off, reader) {
            (false, _) => found,
            (true, 1) => found.saturating_sub(1),
            (true, 2) => (found + 1).min(3),
            (true, _) if at.is_multiple_of(2) => found.saturating_sub(1),
            (true, _) => (found + 1).min(3),
        }
    };
    (0..CRITERIA).map(score).collect()
}

impl Scene<'_> {
    /// Where it stands where résumés are read by a reader, they read it.
    pub(super) async fn read(&self, reader: usize, goes_on: bool) -> Result<(), DemoError> {
        let app = &self.past.app;
        let application = self.current().await?;
        let stages = openings::stages(&app.db, self.opening.id).await?;
        let here = stages.iter().find(|stage| Some(stage.id) == application.stage);
        let is_read = here.is_some_and(|stage| stage.kind == StageKind::ResumeScreen);
        if !is_read || !stands_in_screening(&application, &stages) {
            return Ok(());
        }
        let by = match reader {
            0 => self.panel.recruiter,
            1 => self.panel.manager,
            _ => self.panel.interviewer,
        };
        let scores = scores(self.number, reader, self.story.days_ago / 7, goes_on);
        self.past.reads(by, (&application, self.opening), &scores).await
    }
}
