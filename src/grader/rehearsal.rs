//! What a candidate may see before the submission: the public scenarios, and the criteria that they feed.

use super::challenge::Challenge;
use super::grading::{Grader, Printed, Program, rejection};
use super::verdict::{Criterion, Outcome, Verdict};

/// Findings on the public scenarios alone. Its band means nothing: the other criteria were not looked at.
pub struct Rehearsal {
    pub verdict: Verdict,
    pub console: Vec<Printed>,
}

impl Challenge {
    /// The criteria that a rehearsal judges.
    pub fn public_criteria(&self) -> Vec<Criterion> {
        let fed = |criterion: &Criterion| self.scenarios.iter().any(|s| s.public && s.feeds.contains(criterion));
        Criterion::ALL.into_iter().filter(fed).collect()
    }
}

impl Grader {
    /// Plays the public scenarios, and records what the program prints. The grader first learns what the program does
    /// right, as ever, but what it learns from is not shown.
    pub fn rehearse(&self, challenge: &Challenge, program: &Program, seed: u64) -> Rehearsal {
        let mut console = Vec::new();
        let outcome = match self.engine().load(&program.source, program.language) {
            Err(error) => Outcome::Rejected(rejection(&error)),
            Ok(submission) => {
                let mut grading = self.grading(&submission, seed);
                grading.console = Some(Vec::new());
                grading.learn(challenge);
                grading.take(challenge.scenarios.iter().filter(|s| s.public));
                grading.observed.retain(|o| o.scenario.public);
                console = grading.console.take().unwrap_or_default();
                console.retain(|printed| challenge.scenario(&printed.scenario).is_some_and(|s| s.public));
                let mut graded = grading.conclude();
                let public = challenge.public_criteria();
                graded.criteria.retain(|result| public.contains(&result.id));
                Outcome::Graded(Box::new(graded))
            }
        };
        Rehearsal {
            verdict: Verdict {
                challenge: challenge.id.clone(),
                edition: challenge.edition.clone(),
                contract: challenge.contract,
                seed,
                outcome,
            },
            console,
        }
    }
}
