//! Jobs with applications at every point, sent and handled as people do it, in the last four weeks.

mod applying;
mod openings;
mod pipeline;
mod resumes;
mod stories;

use std::net::IpAddr;
use std::time::Duration;

use axum::body::Bytes;
use uuid::Uuid;

use crate::app::App;
use crate::assessments::invite_form::CheckedInvitation;
use crate::assessments::{Variant, inviting};
use crate::clock::Timestamp;
use crate::demo::assessments::Act as TestAct;
use crate::demo::hiring::applying::email;
use crate::demo::hiring::openings::Openings;
use crate::demo::hiring::stories::{Act, Job, Reviewer, STORIES, Story};
use crate::demo::{DemoError, Panel, Past};
use crate::error::AppError;
use crate::grader::Challenge;
use crate::hiring::applications::{drafting, following, handling, store};
use crate::hiring::pipeline::index;
use crate::hiring::takes::taking::{self, Asked, TakingError};
use crate::hiring::takes::{self, Form, Note, indicators};
use crate::hiring::{Application, Opening};
use crate::jobs;
use crate::people::Staff;
use crate::roles;
use crate::roles::kit::Kit;

const VIDEO: &[u8] = include_bytes!("files/answer-video.webm");
const SOUND: &[u8] = include_bytes!("files/answer-sound.webm");
const SECONDS: u32 = 4;
/// Recorders send what they have every so often.
const PART: usize = 8 * 1024;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3_600);

pub async fn play(app: &App, panel: Panel<'_>) -> Result<(), DemoError> {
    let openings = openings::make(app, panel).await?;
    let now = app.now();
    for (number, story) in (1u8..).zip(STORIES) {
        let start = now.minus(DAY * story.days_ago + MINUTE * (40 + 7 * u32::from(number)));
        let scene = Scene::begin(app, panel, &openings, story, start, number).await?;
        for act in story.acts {
            scene.perform(act).await?;
            jobs::run_until_idle(&scene.past.app).await?;
        }
    }
    for opening in [&openings.developer, &openings.engineer] {
        pipeline::play(app, panel, opening).await?;
    }
    // What a story left for later, and what is due by now.
    Ok(jobs::run_until_idle(app).await?)
}

/// One story: its time, and what it is about.
struct Scene<'a> {
    past: Past,
    panel: Panel<'a>,
    opening: &'a Opening,
    kit: Kit,
    story: &'a Story,
    application: Uuid,
}

impl<'a> Scene<'a> {
    /// Up to the moment when the application is sent.
    async fn begin(
        app: &App,
        panel: Panel<'a>,
        openings: &'a Openings,
        story: &'a Story,
        start: Timestamp,
        number: u8,
    ) -> Result<Scene<'a>, DemoError> {
        let past = Past::at(app, start);
        let opening = match story.job {
            Job::Developer => &openings.developer,
            Job::Engineer => &openings.engineer,
        };
        let kit = roles::version(app, opening.kit, opening.kit_version).await?;
        // From an address that is kept for documentation.
        let address = IpAddr::from([192, 0, 2, number]);
        let application = past.open(opening, &kit, story, address).await?;
        past.clock.advance(MINUTE * 9);
        past.fill(&application, &kit, story).await?;
        if story.sent {
            past.clock.advance(MINUTE * 4);
            let sent = drafting::send(&past.app, application.id, &kit).await?;
            sent.map_err(|_| not_played(story, "the application was not sent"))?;
        }
        jobs::run_until_idle(&past.app).await?;
        Ok(Scene {
            past,
            panel,
            opening,
            kit,
            story,
            application: application.id,
        })
    }

    async fn perform(&self, act: &Act) -> Result<(), DemoError> {
        let (app, id) = (&self.past.app, self.application);
        let recruiter = self.panel.recruiter;
        let wait = |days: u32| self.past.clock.advance(DAY * days);
        match act {
            Act::MovesOn(days) => {
                for days in *days {
                    wait(*days);
                    self.move_on(recruiter).await?;
                    jobs::run_until_idle(app).await?;
                }
            }
            Act::Records(question, form) => {
                self.past.clock.advance(MINUTE * 6);
                self.record(*question, *form).await?;
            }
            Act::Writes(question, words) => {
                self.past.clock.advance(MINUTE * 11);
                let application = self.current().await?;
                taking::write(app, self.asked(&application), *question, words).await?;
            }
            Act::IsNoted(reviewer, question, second, indicator, words) => {
                let by = match reviewer {
                    Reviewer::Manager => self.panel.manager,
                    Reviewer::Interviewer => self.panel.interviewer,
                };
                self.past.clock.advance(MINUTE * 20);
                self.note(by, *question, (*second, indicator, words)).await?;
            }
            Act::IsTested(variant, acts) => {
                self.past.clock.advance(MINUTE * 3);
                self.test(*variant, acts).await?;
            }
            Act::IsRejected(days, why) => {
                wait(*days);
                handling::reject(app, recruiter, id, why, true).await?;
            }
            Act::IsReversed(days, why) => {
                wait(*days);
                handling::reverse(app, recruiter, id, why).await?;
            }
            Act::Withdraws(days, why) => {
                wait(*days);
                following::withdraw(app, id, why).await?;
            }
            Act::AsksForErasure(days) => {
                wait(*days);
                following::ask_erasure(app, &self.current().await?).await?;
            }
        }
        Ok(())
    }

    async fn current(&self) -> Result<Application, DemoError> {
        let found = store::find(&self.past.app.db, self.application).await?;
        Ok(found.ok_or(AppError::NotFound("application"))?)
    }

    fn asked<'b>(&'b self, application: &'b Application) -> Asked<'b> {
        Asked {
            application,
            opening: self.opening,
            kit: &self.kit,
        }
    }

    async fn move_on(&self, by: &Staff) -> Result<(), DemoError> {
        let app = &self.past.app;
        let stages = crate::hiring::openings::store::stages(&app.db, self.opening.id).await?;
        let stage = self.current().await?.stage;
        let mut from_here = stages.iter().map(|stage| stage.id).skip_while(|id| Some(*id) != stage);
        let (Some(from), Some(to)) = (from_here.next(), from_here.next()) else {
            return Err(not_played(self.story, "there is no stage to move to"));
        };
        handling::move_to(app, by, self.application, (from, to), true).await?;
        Ok(())
    }

    async fn record(&self, question: u32, form: Form) -> Result<(), DemoError> {
        let app = &self.past.app;
        let application = self.current().await?;
        let asked = self.asked(&application);
        let recording = match form {
            Form::Audio => SOUND,
            _ => VIDEO,
        };
        let take = taking::begin(app, asked, question, form, app.new_id()).await?;
        let mut parts = 0;
        for part in recording.chunks(PART) {
            parts = taking::add_part(app, asked, take.id, (parts, Bytes::from_static(part), SECONDS)).await?;
        }
        taking::submit(app, asked, take.id, parts, SECONDS).await?;
        Ok(())
    }

    /// Whoever notes something ties it to an indicator of the kit, if the kit has it.
    async fn note(
        &self,
        by: &Staff,
        question: u32,
        (at_second, indicator, words): (Option<u32>, &str, &str),
    ) -> Result<(), DemoError> {
        let app = &self.past.app;
        let takes = takes::store::of_application(&app.db, self.application).await?;
        let take = taking::submitted(&takes, question).ok_or(AppError::NotFound("answer"))?;
        let groups = indicators::groups(&self.kit, &self.opening.level);
        let mut known = groups.iter().flat_map(|group| &group.indicators);
        let shown = known.find(|known| known.text == indicator);
        let note = Note {
            id: app.new_id(),
            by: by.id,
            author: by.name.clone(),
            at_second,
            indicator: shown.map(indicators::Indicator::id).unwrap_or_default(),
            words: words.into(),
            written_at: app.now(),
        };
        let mut tx = app.db.begin().await?;
        takes::store::add_note(&mut tx, take.id, &note, app.new_id()).await?;
        index::refresh(&mut tx, self.application).await?;
        Ok(tx.commit().await?)
    }

    async fn test(&self, variant: Variant, acts: &[TestAct]) -> Result<(), DemoError> {
        let (app, by) = (&self.past.app, self.panel.recruiter);
        let challenge = Challenge::all().first().ok_or(AppError::NotFound("coding test"))?;
        let invitation = CheckedInvitation {
            candidate: self.story.name.into(),
            email: email(self.story),
            challenge: challenge.id.clone(),
            variant,
            minutes: 20,
            extra_percent: 100,
            deadline: app.now().plus(DAY * 14),
            shared: true,
            form_token: app.new_id(),
        };
        let test = inviting::invite(app, by.id, invitation).await?;
        handling::attach_test(app, by, self.application, test).await?;
        for act in acts {
            self.past.perform(challenge, test, act).await?;
        }
        Ok(())
    }
}

/// A story that the rules of the house do not allow.
fn not_played(story: &Story, why: &str) -> DemoError {
    AppError::Internal(format!("{}: {why}", story.name).into()).into()
}

impl From<TakingError> for DemoError {
    fn from(error: TakingError) -> DemoError {
        AppError::Internal(error.into()).into()
    }
}
