//! What is known of a candidate: what came with an application, and what its tests found.

use uuid::Uuid;

use crate::app::App;
use crate::assessments::{self, Assessment, Fate, Variant};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::grader::verdict::{Band, Outcome, Seen};
use crate::hiring::applications::{Answer, Document, Event, FileText, Part, reading, store};
use crate::hiring::takes::standing::{TakeEvidence, evidence as answers_by_video};
use crate::hiring::{Application, ApplicationState, Opening, talk};
use crate::roles::{self, kit::Decision};
use crate::submissions::{self, Strip, Submission};
use crate::ui::capitalised;

/// What one application brings.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub application: Application,
    pub answers: Vec<Answer>,
    /// With what was read of each.
    pub files: Vec<(Document, Option<String>)>,
    pub takes: Vec<TakeEvidence>,
    /// Newest first.
    pub tests: Vec<TestEvidence>,
    pub tags: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct TestEvidence {
    pub test: Assessment,
    pub result: TestResult,
    /// From the log of what an AI proposed: what the candidate changed, and why.
    pub changed: Option<String>,
}

#[derive(Clone, Debug)]
pub enum TestResult {
    /// Nothing was submitted.
    None,
    Waiting,
    Rejected {
        reason: String,
        at: Timestamp,
    },
    Graded {
        band: Band,
        strip: Strip,
        /// How it waits.
        family: Option<&'static str>,
        failed: Vec<Failed>,
        at: Timestamp,
    },
}

/// A criterion that does not hold, in words, and where it can be replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    pub title: String,
    pub seed: Option<u64>,
    pub replay: String,
}

impl Evidence {
    /// The tone of a mark, and its words: what came out at the door.
    pub fn door(&self) -> Option<(&'static str, String)> {
        let decided: Vec<_> = self.answers.iter().filter_map(|answer| answer.decision).collect();
        match &self.application.outcome {
            _ if self.application.reversed.is_some() => Some(("warn", "Knock-out reversed".into())),
            Some((Decision::Declines, _)) => Some(("bad", "Knocked out".into())),
            Some((Decision::Review, _)) => Some(("warn", "For a person to look at".into())),
            _ if decided.is_empty() => None,
            _ => {
                let passed = decided
                    .iter()
                    .filter(|decision| **decision == Decision::Qualifies)
                    .count();
                Some(("good", format!("{passed} of {} knock-outs passed", decided.len())))
            }
        }
    }

    pub fn reasons(&self) -> Vec<&str> {
        let reason = self.application.outcome.as_ref().map(|(_, reason)| reason.as_str());
        reason.unwrap_or_default().lines().collect()
    }

    pub fn is_declined(&self) -> bool {
        self.application.state == ApplicationState::Declined
    }
}

impl Answer {
    /// The tone of its mark.
    pub fn tone(&self) -> &'static str {
        match self.decision {
            Some(Decision::Declines) => "bad",
            Some(Decision::Review) => "warn",
            Some(Decision::Qualifies) => "good",
            None => "",
        }
    }
}

impl Document {
    pub fn is_resume(&self) -> bool {
        self.part == Part::Resume
    }

    /// Why its text is not there.
    pub fn unread(&self) -> &'static str {
        match &self.text {
            FileText::Waiting => "Its text is being read.",
            FileText::Read => "",
            FileText::Unreadable(word) => reading::explained(word),
        }
    }
}

impl TestEvidence {
    /// When it came to where it is.
    pub fn at(&self) -> Timestamp {
        let test = &self.test;
        test.submitted_at.or(test.started_at).unwrap_or(test.invited_at)
    }

    /// The tone of a mark, and its word.
    pub fn state(&self, now: &Timestamp) -> (&'static str, &'static str) {
        match &self.result {
            TestResult::None => ("quiet", self.test.state(*now).label()),
            TestResult::Waiting => ("quiet", "Being graded"),
            TestResult::Rejected { .. } => ("bad", "Could not be run"),
            TestResult::Graded { band: Band::Below, .. } => ("quiet", Band::Below.label()),
            TestResult::Graded { band, .. } => ("good", band.label()),
        }
    }

    /// What nothing was submitted for, in a sentence.
    pub fn waits(&self, now: &Timestamp) -> String {
        use assessments::State::{Expired, Invited, Opened, Started};
        let (test, deadline) = (&self.test, self.test.deadline.words());
        match test.state(*now) {
            Started => {
                let until = test.ends_at.map(|at| format!(", ends {}", at.words()));
                format!("Under way{}.", until.unwrap_or_default())
            }
            Invited | Opened => format!("To be started by {deadline}."),
            Expired => format!("It was to be started by {deadline}."),
            _ => "It was withdrawn.".to_owned(),
        }
    }

    /// What happened to it, for the trail.
    pub(super) fn events(&self) -> Vec<Event> {
        let event = |at: Timestamp, who: Option<&str>, what: &str, detail: &str| Event {
            at,
            who: who.map(str::to_owned),
            what: what.into(),
            detail: detail.into(),
        };
        let test = &self.test;
        let started = test.started_at.map(|at| event(at, None, "Coding test started", ""));
        let submitted = test.submitted_at.map(|at| event(at, None, "Coding test submitted", ""));
        let withdrawn = test
            .withdrawn_at
            .map(|at| event(at, Some(&test.invited_by), "Coding test withdrawn", ""));
        let graded = match &self.result {
            TestResult::Graded { band, at, .. } => {
                Some(event(*at, Some("Halfopen"), "Coding test graded:", band.label()))
            }
            TestResult::Rejected { at, .. } => Some(event(*at, Some("Halfopen"), "Coding test could not be run", "")),
            TestResult::None | TestResult::Waiting => None,
        };
        [started, submitted, withdrawn, graded].into_iter().flatten().collect()
    }
}

impl TestResult {
    fn of(submission: &Submission) -> TestResult {
        let Some(stored) = &submission.verdict else {
            return TestResult::Waiting;
        };
        let graded = match &stored.verdict.outcome {
            Outcome::Graded(graded) => graded,
            Outcome::Rejected(rejection) => {
                return TestResult::Rejected {
                    reason: rejection.reason.clone(),
                    at: stored.recorded_at,
                };
            }
        };
        let failed = graded.criteria.iter().filter(|result| !result.pass);
        TestResult::Graded {
            band: graded.band,
            strip: Strip::of(&stored.verdict).unwrap_or(Strip(Vec::new())),
            family: graded.waits.as_ref().map(|waits| waits.family.label()),
            failed: failed
                .map(|result| Failed::of(submission.id, &result.title, &result.seen))
                .collect(),
            at: stored.recorded_at,
        }
    }
}

impl Failed {
    fn of(submission: Uuid, title: &str, seen: &Option<Seen>) -> Failed {
        let replay = |seen: &Seen| {
            let scenario = crate::ui::percent_encoded(&seen.scenario);
            format!(
                "/submissions/{submission}/replay?scenario={scenario}&seed={}",
                seen.seed
            )
        };
        Failed {
            title: capitalised(title),
            seed: seen.as_ref().map(|seen| seen.seed),
            replay: seen.as_ref().map(replay).unwrap_or_default(),
        }
    }
}

/// Everything that came with an application.
pub async fn evidence_of(app: &App, application: Application, opening: &Opening) -> Result<Evidence, AppError> {
    let id = application.id;
    let kit = roles::version(app, opening.kit, application.kit_version).await?;
    let mut texts = store::file_texts(&app.db, id).await?;
    let files = store::files(&app.db, id).await?;
    let mut tests = Vec::new();
    for test in store::assessments(&app.db, id).await?.into_iter().rev() {
        tests.push(test_of(app, test).await?);
    }
    Ok(Evidence {
        answers: store::answers(&app.db, id).await?,
        files: files
            .into_iter()
            .map(|file| {
                let text = texts.remove(&file.id);
                (file, text)
            })
            .collect(),
        takes: answers_by_video(app, &application, &kit).await?,
        tags: talk::store::tags(&app.db, id).await?,
        tests,
        application,
    })
}

async fn test_of(app: &App, id: Uuid) -> Result<TestEvidence, AppError> {
    let test = assessments::pages::find(app, id).await?;
    let submission = match test.submission {
        Some(submission) => submissions::store::find(&app.db, submission).await?,
        None => None,
    };
    let log = match test.variant {
        Variant::WithAi => assessments::store::log(&app.db, id).await?,
        Variant::WithoutAi => Vec::new(),
    };
    let changed = log.into_iter().find(|entry| entry.fate == Fate::Changed);
    Ok(TestEvidence {
        result: submission.as_ref().map_or(TestResult::None, TestResult::of),
        changed: changed.map(|entry| entry.why),
        test,
    })
}
