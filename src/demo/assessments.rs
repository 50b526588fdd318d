//! Candidates in every state, as a month of hiring leaves them. The days are played through on a clock of their own.

use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::assessments::invite_form::CheckedInvitation;
use crate::assessments::inviting::{self, Action};
use crate::assessments::taking::{self, CheckedEntry, TakingError, Typed};
use crate::assessments::{Assessment, Fate, Variant, outages, store};
use crate::demo::{DemoError, Past};
use crate::error::AppError;
use crate::grader::{Challenge, Language};
use crate::jobs;
use crate::submissions::laboratory::find_test;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

/// What a candidate does with the test.
struct Story {
    name: &'static str,
    variant: Variant,
    extra_percent: u32,
    shared: bool,
    /// How long ago the invitation was sent.
    days_ago: u32,
    acts: &'static [Act],
}

pub(super) enum Act {
    Opens,
    Starts,
    /// Runs a proof of the challenge, after so many minutes.
    Runs(u32, &'static str),
    /// Writes a line of the log.
    Logs(Fate, &'static str, &'static str),
    /// Submits what was typed last, after so many minutes.
    Submits(u32),
    /// Submits a proof of the challenge without a run before, after so many minutes.
    HandsIn(u32, &'static str),
    /// Lets the time pass, and the last draft is submitted.
    RunsOutOfTime,
    IsWithdrawn,
    IsReminded,
}

use Act::{HandsIn, IsReminded, IsWithdrawn, Logs, Opens, Runs, RunsOutOfTime, Starts, Submits};

const STORIES: &[Story] = &[
    Story {
        name: "Candidate 20",
        variant: Variant::WithoutAi,
        extra_percent: 100,
        shared: false,
        days_ago: 24,
        acts: &[],
    },
    Story {
        name: "Candidate 21",
        variant: Variant::WithAi,
        extra_percent: 100,
        shared: true,
        days_ago: 9,
        acts: &[
            Opens,
            Starts,
            Runs(5, "jitter-none"),
            Logs(
                Fate::Changed,
                "A backoff formula: base times two to the power of the attempt, with ten per cent of noise",
                "Ten per cent keeps all clients in step. I draw over the whole bound instead, and I cap before I draw.",
            ),
            Runs(5, "retry-after-ignored"),
            Logs(
                Fate::Rejected,
                "Retry every status from 400 up, to be on the safe side",
                "A 404 does not get better by asking again; only the seven transient ones are retried.",
            ),
            Logs(
                Fate::Taken,
                "A Set of the transient status codes",
                "It is what I would have written, and it is easy to read.",
            ),
            Runs(4, "reference.js"),
            Submits(2),
        ],
    },
    Story {
        name: "Candidate 22",
        variant: Variant::WithoutAi,
        extra_percent: 100,
        shared: false,
        days_ago: 8,
        acts: &[
            Opens,
            Starts,
            Runs(6, "backoff-constant"),
            Runs(4, "retry-after-ignored"),
            Runs(6, "concurrency-two-trials"),
            Submits(3),
        ],
    },
    Story {
        name: "Candidate 23",
        variant: Variant::WithAi,
        extra_percent: 100,
        shared: false,
        days_ago: 7,
        acts: &[
            Starts,
            Runs(12, "jitter-none"),
            Logs(Fate::Taken, "The whole function, in one go", "It ran, so I kept it."),
            RunsOutOfTime,
        ],
    },
    Story {
        name: "Candidate 24",
        variant: Variant::WithoutAi,
        extra_percent: 150,
        shared: true,
        days_ago: 6,
        acts: &[
            Opens,
            Starts,
            Runs(14, "permanent-404-retried"),
            Runs(9, "rounded-equal.ts"),
            Submits(4),
        ],
    },
    Story {
        name: "Candidate 25",
        variant: Variant::WithoutAi,
        extra_percent: 100,
        shared: false,
        days_ago: 5,
        acts: &[Opens, IsWithdrawn],
    },
    Story {
        name: "Candidate 26",
        variant: Variant::WithAi,
        extra_percent: 125,
        shared: false,
        days_ago: 4,
        acts: &[Opens, IsReminded],
    },
    Story {
        name: "Candidate 27",
        variant: Variant::WithoutAi,
        extra_percent: 100,
        shared: false,
        days_ago: 1,
        acts: &[],
    },
    Story {
        name: "Candidate 28",
        variant: Variant::WithAi,
        extra_percent: 100,
        shared: false,
        days_ago: 0,
        acts: &[
            Opens,
            Starts,
            Runs(4, "backoff-constant"),
            Logs(
                Fate::Changed,
                "A class for the breaker, one for each call",
                "All calls have to share it, so I moved it to the module.",
            ),
        ],
    },
];

/// Invites for the recruiter, and plays every story up to this moment.
pub async fn play(app: &App, recruiter: Uuid) -> Result<(), DemoError> {
    let now = app.now();
    for story in STORIES {
        let start = now.minus(HOUR * 24 * story.days_ago + MINUTE * 11);
        Past::at(app, start).play_test(story, recruiter).await?;
    }
    // Whoever is under way goes on when the server starts: until then its time stands still.
    Ok(outages::beat(app).await?)
}

impl Past {
    async fn play_test(&self, story: &Story, recruiter: Uuid) -> Result<(), DemoError> {
        let Some(challenge) = Challenge::all().first() else {
            return Ok(());
        };
        let number: String = story.name.chars().filter(char::is_ascii_digit).collect();
        let invitation = CheckedInvitation {
            candidate: story.name.into(),
            email: format!("candidate{number}@demo.test"),
            challenge: challenge.id.clone(),
            variant: story.variant,
            minutes: 20,
            extra_percent: story.extra_percent,
            deadline: self.app.now().plus(HOUR * 24 * 14),
            shared: story.shared,
            form_token: self.app.new_id(),
        };
        let id = inviting::invite(&self.app, recruiter, invitation).await?;
        for act in story.acts {
            self.perform(challenge, id, act).await?;
        }
        Ok(jobs::run_until_idle(&self.app).await?)
    }

    /// Does what the candidate of this test does next.
    pub(super) async fn perform(&self, challenge: &Challenge, id: Uuid, act: &Act) -> Result<(), DemoError> {
        let app = &self.app;
        let assessment = store::find(&app.db, id)
            .await?
            .ok_or(AppError::NotFound("assessment"))?;
        match act {
            Opens => {
                self.clock.advance(MINUTE * 2);
                taking::note_opening(app, &assessment).await?;
            }
            Starts => {
                self.clock.advance(MINUTE * 3);
                let test = find_test(&*app.laboratory, &challenge.id).ok_or(AppError::NotFound("coding test"))?;
                taking::start(app, &assessment, &test).await?;
            }
            Runs(minutes, proof) => {
                self.clock.advance(MINUTE * *minutes);
                let typed = self.typed(challenge, &assessment, proof).await?;
                taking::run(app, &assessment, &typed).await.map_err(DemoError::from)?;
            }
            Logs(fate, proposed, why) => {
                let entry = CheckedEntry {
                    proposed: (*proposed).into(),
                    fate: *fate,
                    why: (*why).into(),
                };
                taking::add_entry(app, &assessment, entry).await?;
            }
            Submits(minutes) => {
                self.clock.advance(MINUTE * *minutes);
                let draft = store::draft(&app.db, id).await?.ok_or(AppError::NotFound("draft"))?;
                let typed = Typed {
                    tab: draft.tab,
                    language: draft.language,
                    source: draft.source,
                };
                taking::submit(app, &assessment, &typed).await?;
            }
            HandsIn(minutes, proof) => {
                self.clock.advance(MINUTE * *minutes);
                let typed = self.typed(challenge, &assessment, proof).await?;
                taking::submit(app, &assessment, &typed).await?;
            }
            RunsOutOfTime => {
                self.clock.advance(MINUTE * 9);
                jobs::run_until_idle(app).await?;
            }
            IsWithdrawn => {
                self.clock.advance(HOUR * 30);
                inviting::act(app, Action::Withdraw, &[id], None).await?;
            }
            IsReminded => {
                self.clock.advance(HOUR * 48);
                inviting::act(app, Action::Remind, &[id], None).await?;
            }
        }
        Ok(())
    }

    async fn typed(&self, challenge: &Challenge, assessment: &Assessment, proof: &str) -> Result<Typed, DemoError> {
        let draft = store::draft(&self.app.db, assessment.id).await?;
        let proof = challenge
            .proofs
            .iter()
            .find(|p| p.id == proof || p.id.ends_with(&format!("/{proof}")));
        let (language, source) = proof.map_or_else(
            || (Language::JavaScript, challenge.starter_js.clone()),
            |proof| (proof.language, proof.source.clone()),
        );
        Ok(Typed {
            tab: draft.map(|draft| draft.tab).unwrap_or_default(),
            language,
            source,
        })
    }
}

impl From<TakingError> for DemoError {
    fn from(error: TakingError) -> DemoError {
        match error {
            TakingError::Db(error) => error.into(),
            TakingError::App(error) => error.into(),
            other => AppError::Internal(other.into()).into(),
        }
    }
}
