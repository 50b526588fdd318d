//! One story, deed by deed.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::time::Duration;

use axum::body::Bytes;
use uuid::Uuid;

use crate::app::App;
use crate::assessments::Variant;
use crate::assessments::invite_form::CheckedInvitation;
use crate::clock::Timestamp;
use crate::demo::assessments::Act as TestAct;
use crate::demo::hiring::applying::email;
use crate::demo::hiring::openings::Openings;
use crate::demo::hiring::stories::{Act, Job, Reviewer, Story};
use crate::demo::hiring::{CHECKING, DAY, FILLING, MINUTE, readings, screening, testing};
use crate::demo::{DemoError, Panel, Past};
use crate::error::AppError;
use crate::grader::Challenge;
use crate::hiring::applications::{drafting, following, handling, store};
use crate::hiring::openings::store as openings;
use crate::hiring::pipeline::index;
use crate::hiring::takes::taking::{self, Asked, TakingError};
use crate::hiring::takes::{self, Form, Note, indicators};
use crate::hiring::{Application, Opening};
use crate::jobs;
use crate::people::Staff;
use crate::privacy::{Cause, erasing};
use crate::roles;
use crate::roles::kit::Kit;

const VIDEO: &[u8] = include_bytes!("../files/answer-video.webm");
const SOUND: &[u8] = include_bytes!("../files/answer-sound.webm");
const SECONDS: u32 = 4;
/// Recorders send what they have every so often.
const PART: usize = 8 * 1024;

/// Something that is done at one moment.
#[derive(Clone, Copy)]
pub enum Deed {
    MoveOn,
    Act(&'static Act),
    /// One of those who read résumés, and whether the candidate goes on after it.
    Read(usize, bool),
    /// Which program the candidate hands in.
    Test(&'static str),
}

impl Deed {
    /// From its beginning to what is recorded of it.
    fn takes(self) -> Duration {
        match self {
            Deed::Read(..) => screening::READING,
            Deed::MoveOn | Deed::Act(_) | Deed::Test(_) => Duration::ZERO,
        }
    }
}

/// What a story tells, each after a while.
fn deeds(story: &Story) -> VecDeque<(Duration, Deed)> {
    let mut deeds = VecDeque::new();
    for act in story.acts {
        let deed = Deed::Act(act);
        match act {
            Act::MovesOn(days) => deeds.extend(days.iter().map(|days| (DAY * *days, Deed::MoveOn))),
            Act::Records(..) => deeds.push_back((MINUTE * 6, deed)),
            Act::Writes(..) => deeds.push_back((MINUTE * 11, deed)),
            Act::IsNoted(..) => deeds.push_back((MINUTE * 20, deed)),
            Act::IsTested(..) => deeds.push_back((MINUTE * 3, deed)),
            Act::IsRejected(days, _) | Act::IsReversed(days, _) | Act::Withdraws(days, _) => {
                deeds.push_back((DAY * *days, deed));
            }
            Act::AsksForErasure(days) | Act::IsErased(days) => deeds.push_back((DAY * *days, deed)),
        }
    }
    deeds
}

/// One story: its time, and what it is about.
pub struct Scene<'a> {
    pub(super) past: Past,
    pub(super) panel: Panel<'a>,
    pub(super) opening: &'a Opening,
    kit: Kit,
    pub(super) story: &'a Story,
    pub(super) number: usize,
    application: Uuid,
    /// What is still to come, each after a while.
    deeds: VecDeque<(Duration, Deed)>,
}

impl<'a> Scene<'a> {
    /// Up to the moment when the application is sent.
    pub async fn begin(
        app: &App,
        panel: Panel<'a>,
        openings: &'a Openings,
        (number, story): (usize, &'a Story),
        start: Timestamp,
    ) -> Result<Scene<'a>, DemoError> {
        let past = Past::at(app, start);
        let opening = match story.job {
            Job::Developer => &openings.developer,
            Job::Engineer => &openings.engineer,
        };
        let kit = roles::version(app, opening.kit, opening.kit_version).await?;
        // From an address that is kept for documentation.
        let address = IpAddr::from([192, 0, 2, u8::try_from(number + 1).unwrap_or(u8::MAX)]);
        let application = past.open(opening, &kit, story, address).await?;
        past.clock.advance(Duration::from_mins(FILLING));
        past.fill(&application, &kit, story).await?;
        if story.sent {
            past.clock.advance(Duration::from_mins(CHECKING));
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
            number,
            application: application.id,
            deeds: testing::among(number, readings::among(number, story.job, deeds(story))),
        })
    }

    /// When what comes next is recorded.
    pub fn goes_on_at(&self) -> Option<Timestamp> {
        let (wait, deed) = self.deeds.front()?;
        Some(self.past.app.now().plus(*wait + deed.takes()))
    }

    pub async fn go_on(&mut self) -> Result<(), DemoError> {
        if let Some((wait, deed)) = self.deeds.pop_front() {
            self.past.clock.advance(wait);
            self.perform(deed).await?;
        }
        Ok(jobs::run_until_idle(&self.past.app).await?)
    }

    async fn perform(&self, deed: Deed) -> Result<(), DemoError> {
        let (app, id) = (&self.past.app, self.application);
        let recruiter = self.panel.recruiter;
        let act = match deed {
            Deed::MoveOn => return self.move_on(recruiter).await,
            Deed::Read(turn, goes_on) => return self.read(turn, goes_on).await,
            Deed::Test(program) => return self.take_test(program).await,
            Deed::Act(act) => act,
        };
        match act {
            Act::MovesOn(_) => {}
            Act::Records(question, form) => self.record(*question, *form).await?,
            Act::Writes(question, words) => {
                let application = self.current().await?;
                taking::write(app, self.asked(&application), *question, words).await?;
            }
            Act::IsNoted(reviewer, question, second, indicator, words) => {
                let by = match reviewer {
                    Reviewer::Manager => self.panel.manager,
                    Reviewer::Interviewer => self.panel.interviewer,
                };
                self.note(by, *question, (*second, indicator, words)).await?;
            }
            Act::IsTested(variant, acts) => self.test(*variant, acts).await?,
            Act::IsRejected(_, why) => handling::reject(app, recruiter, id, why, true).await?,
            Act::IsReversed(_, why) => handling::reverse(app, recruiter, id, why).await?,
            Act::Withdraws(_, why) => following::withdraw(app, id, why).await?,
            Act::AsksForErasure(_) => following::ask_erasure(app, &self.current().await?).await?,
            Act::IsErased(_) => drop(erasing::erase(app, id, Cause::Request, Some(recruiter.id)).await?),
        }
        Ok(())
    }

    pub(super) async fn current(&self) -> Result<Application, DemoError> {
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
        let stages = openings::stages(&app.db, self.opening.id).await?;
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

    pub(super) async fn test(&self, variant: Variant, acts: &[TestAct]) -> Result<(), DemoError> {
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
        let test = handling::give_test(app, by, self.application, invitation).await?;
        for act in acts {
            self.past.perform(challenge, test, act).await?;
        }
        Ok(())
    }
}

/// A story that the rules of the house do not allow.
pub fn not_played(story: &Story, why: &str) -> DemoError {
    AppError::Internal(format!("{}: {why}", story.name).into()).into()
}

impl From<TakingError> for DemoError {
    fn from(error: TakingError) -> DemoError {
        AppError::Internal(error.into()).into()
    }
}
