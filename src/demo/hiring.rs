//! Jobs with applications at every point, sent and handled as people do it, in the last four weeks.

mod applying;
mod crowd;
mod openings;
mod pipeline;
mod readings;
mod resumes;
mod scene;
mod screening;
mod stories;
mod talk;
mod testing;
mod voluntary;

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use crate::app::App;
use crate::clock::Timestamp;
use crate::demo::hiring::crowd::CROWD;
use crate::demo::hiring::scene::Scene;
use crate::demo::hiring::stories::{STORIES, Story};
use crate::demo::{DemoError, Panel, Past};
use crate::jobs;

const MINUTE: Duration = Duration::from_mins(1);
/// From the first answer to the application.
const SENDING: Duration = Duration::from_mins(FILLING + CHECKING);
const FILLING: u64 = 9;
const CHECKING: u64 = 4;
const DAY: Duration = Duration::from_hours(24);

pub async fn play(app: &App, panel: Panel<'_>) -> Result<(), DemoError> {
    let openings = openings::make(app, panel).await?;
    screening::withhold_names(app, panel, &openings.engineer).await?;
    voluntary::ask(app, panel.recruiter.id, &openings.developer).await?;
    let stories: Vec<&Story> = STORIES.iter().chain(CROWD).collect();
    let now = app.now();
    let sent = |(n, story): (usize, &&Story)| (start(now, n, story).plus(SENDING), Turn::Story(n));
    // Each at the time when it is recorded: what takes longer has begun before.
    let mut next: BTreeSet<(Timestamp, Turn)> = stories.iter().enumerate().map(sent).collect();
    next.extend(screening::times(now).map(|(at, n)| (at, Turn::Reading(n))));
    next.extend(talk::times(now).map(|(at, topic)| (at, Turn::Talk(topic))));
    let mut scenes: HashMap<usize, Scene<'_>> = HashMap::new();
    // All at once, as it happens: whatever comes next is played next.
    while let Some((at, turn)) = next.pop_first() {
        let n = match turn {
            Turn::Story(n) => n,
            Turn::Reading(n) => {
                let past = Past::at(app, at.minus(screening::READING));
                screening::play(&past, panel, &openings, n).await?;
                continue;
            }
            Turn::Talk(topic) => {
                talk::play(&Past::at(app, at), panel, topic).await?;
                continue;
            }
        };
        let scene = match scenes.entry(n) {
            Entry::Occupied(begun) => {
                let scene = begun.into_mut();
                scene.go_on().await?;
                scene
            }
            Entry::Vacant(place) => {
                let begin = at.minus(SENDING);
                place.insert(Scene::begin(app, panel, &openings, (n, stories[n]), begin).await?)
            }
        };
        next.extend(scene.goes_on_at().map(|at| (at, turn)));
    }
    voluntary::answer(app, &openings.developer).await?;
    for opening in [&openings.developer, &openings.engineer] {
        pipeline::play(app, panel, opening).await?;
    }
    // What a story left for later, and what is due by now.
    Ok(jobs::run_until_idle(app).await?)
}

fn start(now: Timestamp, number: usize, story: &Story) -> Timestamp {
    let minutes = 40 + 7 * u32::try_from(number).unwrap_or_default();
    now.minus(DAY * story.days_ago + MINUTE * minutes)
}

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Story(usize),
    Reading(usize),
    Talk(talk::Topic),
}
