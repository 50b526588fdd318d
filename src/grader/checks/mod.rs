//! From what was seen to what is said: one file for each criterion.
//!
//! A check judges its own clause of the contract and nothing else. A run in which another defect keeps the clause from
//! showing gives no evidence, and a criterion without any evidence fails. Decisions that rest on chance are in `waits`,
//! with their error rates.

mod attempt_limit;
mod backoff;
mod breaker;
mod breaker_opens;
mod breaker_recovers;
mod concurrency;
mod error_shape;
mod herd;
mod jitter;
mod permanent;
mod retry_after;
mod settles;
mod success;
mod transient;
mod waits;

pub use breaker::opening;
pub use waits::Measured;

use super::challenge::{Expect, Scenario};
use super::sim::{Answer, Micros, NetworkError, Run, TOLERANCE};
use super::verdict::{Criterion, CriterionResult, HeaderWaits, Herd};

/// Goes up with every change that can change a verdict.
pub const EDITION: u32 = 2;

/// One run of one scenario, and what was expected of it.
pub struct Observed<'a> {
    pub scenario: &'a Scenario,
    pub seed: u64,
    pub run: Run,
    /// By step.
    pub expects: Vec<Option<(Expect, &'a str)>>,
}

/// What is learned of a program first, so that one defect does not spoil the scenarios of another criterion.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// The failures that it tries again.
    pub fails: Vec<Answer>,
    /// A status that it rightly leaves alone.
    pub permanent: Option<u16>,
    /// After how many failures in a row its breaker opens where four were asked for.
    pub opens_after: Option<u32>,
    /// It stops sending although the threshold is out of reach.
    pub trips: bool,
    /// The most attempts that it makes, however many are allowed.
    pub most_attempts: usize,
}

impl Profile {
    /// The failures to serve it: those that it retries, or all if it retries none.
    pub fn kinds(&self) -> &[Answer] {
        const ALL: [Answer; 2] = [Answer::status(503), Answer::status(500)];
        if self.fails.is_empty() { &ALL } else { &self.fails }
    }
}

/// All transient failures, those first that scenarios use for choice.
pub fn transient_kinds() -> Vec<Answer> {
    let statuses = [503, 500, 502, 504, 429, 408, 425].map(Answer::status);
    let lost = NetworkError::ALL.map(Answer::Lost);
    statuses.into_iter().chain(lost).chain([Answer::Refused]).collect()
}

/// A broken rule, in words and in its place.
#[derive(Clone, Debug, Default)]
pub struct Fault {
    pub title: String,
    pub finding: String,
    pub expected: String,
    pub measured: String,
    /// When and in which call it shows, and a few words beside it.
    pub at: Micros,
    pub call: Option<usize>,
    pub mark: String,
    /// Calls and attempts that should not have been sent.
    pub wrong: Vec<(usize, usize)>,
}

/// What one run says about one criterion.
pub enum Judged {
    Fine,
    Fault(Box<Fault>),
    /// It shows nothing, neither way.
    Nothing,
}

impl From<Option<Fault>> for Judged {
    fn from(fault: Option<Fault>) -> Judged {
        fault.map_or(Judged::Fine, |fault| Judged::Fault(Box::new(fault)))
    }
}

/// What a check says: the result, and which run to draw it from.
pub struct Finding {
    pub result: CriterionResult,
    pub shown: Option<Shown>,
}

pub struct Shown {
    pub observed: usize,
    pub fault: Fault,
}

/// Everything that the checks may look at.
pub struct Evidence<'a> {
    pub observed: &'a [Observed<'a>],
    pub profile: &'a Profile,
    pub measured: &'a Measured,
}

impl<'a> Evidence<'a> {
    /// The runs that a criterion looks at, with their places in `observed`.
    pub fn of(&self, criterion: Criterion) -> impl Iterator<Item = (usize, &'a Observed<'a>)> {
        self.observed
            .iter()
            .enumerate()
            .filter(move |(_, o)| o.scenario.feeds.contains(&criterion))
    }
}

pub fn judge(criterion: Criterion, evidence: &Evidence<'_>) -> Finding {
    match criterion {
        Criterion::Success => success::judge(evidence),
        Criterion::Transient => transient::judge(evidence),
        Criterion::Permanent => permanent::judge(evidence),
        Criterion::AttemptLimit => attempt_limit::judge(evidence),
        Criterion::Backoff => backoff::judge(evidence),
        Criterion::Jitter => jitter::judge(evidence),
        Criterion::RetryAfter => retry_after::judge(evidence),
        Criterion::BreakerOpens => breaker_opens::judge(evidence),
        Criterion::BreakerRecovers => breaker_recovers::judge(evidence),
        Criterion::ErrorShape => error_shape::judge(evidence),
        Criterion::Settles => settles::judge(evidence),
        Criterion::Concurrency => concurrency::judge(evidence),
        Criterion::Herd => herd::judge(evidence),
    }
}

/// The herd, for its plot.
pub fn herd_plot(evidence: &Evidence<'_>) -> Option<Herd> {
    herd::plot(evidence)
}

/// The transient failures that a program retried in `every-transient`, and in what order to use them.
pub fn learn_fails(observed: &[Observed<'_>]) -> Vec<Answer> {
    let retried = |kind: Answer| {
        let calls = observed.iter().flat_map(|o| &o.run.calls);
        let mut seen = calls.filter(|c| c.attempts.first().is_some_and(|a| a.answer == kind && a.end.is_some()));
        seen.any(|c| c.attempts.len() > 1)
    };
    transient_kinds().into_iter().filter(|kind| retried(*kind)).collect()
}

/// A status that it threw at once in `every-permanent`.
pub fn learn_permanent(observed: &[Observed<'_>]) -> Option<u16> {
    let calls = || observed.iter().flat_map(|o| &o.run.calls);
    let left_alone = |status: u16| {
        let mut seen = calls().filter(|c| c.attempts.first().is_some_and(|a| a.answer == Answer::status(status)));
        seen.all(|c| c.attempts.len() == 1 && c.settled.is_some())
    };
    [404, 400, 403, 401, 409, 422, 410, 451, 501]
        .into_iter()
        .find(|status| left_alone(*status))
}

/// Judges run by run, and says what the first broken one shows.
fn by_run<'a>(
    criterion: Criterion,
    evidence: &Evidence<'a>,
    no_evidence: (&str, &str),
    judge: impl Fn(&Observed<'a>) -> Judged,
) -> Finding {
    let (mut runs, mut bad, mut shown) = (0, 0, None);
    for (i, observed) in evidence.of(criterion) {
        match judge(observed) {
            Judged::Nothing => continue,
            Judged::Fine => {}
            Judged::Fault(fault) => {
                bad += 1;
                shown.get_or_insert(Shown {
                    observed: i,
                    fault: *fault,
                });
            }
        }
        runs += 1;
    }
    match shown {
        Some(shown) => failed(criterion, runs, bad, shown),
        None if runs == 0 => without_evidence(criterion, evidence, no_evidence),
        None => passed(criterion, runs, String::new()),
    }
}

fn passed(id: Criterion, runs: u32, finding: String) -> Finding {
    let finding = if finding.is_empty() {
        format!("Held in all {runs} runs.")
    } else {
        finding
    };
    let result = CriterionResult {
        id,
        pass: true,
        runs,
        bad_runs: 0,
        title: id.label().to_string(),
        finding,
        expected: String::new(),
        measured: String::new(),
        seen: None,
        timeline: None,
        headers: Vec::new(),
    };
    Finding { result, shown: None }
}

fn failed(id: Criterion, runs: u32, bad_runs: u32, shown: Shown) -> Finding {
    let fault = shown.fault.clone();
    let result = CriterionResult {
        pass: false,
        bad_runs,
        title: fault.title,
        finding: fault.finding,
        expected: fault.expected,
        measured: fault.measured,
        ..passed(id, runs, String::new()).result
    };
    Finding {
        result,
        shown: Some(shown),
    }
}

/// Nothing was seen that the clause is about; the first run of the criterion shows what was seen instead.
fn without_evidence(id: Criterion, evidence: &Evidence<'_>, (title, finding): (&str, &str)) -> Finding {
    let first = evidence.of(id).next();
    let halt = first.as_ref().and_then(|(_, o)| o.run.halt);
    let finding = match halt {
        Some(halt) => format!("The program {}, so there was nothing to judge.", halt.words()),
        None => finding.to_string(),
    };
    let title = title.to_string();
    let shown = first.map(|(observed, _)| Shown {
        observed,
        fault: Fault {
            title: title.clone(),
            ..Fault::default()
        },
    });
    let expected = id.clause().to_string();
    let base = passed(id, 0, String::new()).result;
    let measured = "no evidence".to_string();
    let result = CriterionResult {
        pass: false,
        title,
        finding,
        expected,
        measured,
        ..base
    };
    Finding { result, shown }
}

fn with_headers(mut finding: Finding, headers: Vec<HeaderWaits>) -> Finding {
    finding.result.headers = headers;
    finding
}

/// "1 attempt", "3 attempts".
fn count(n: usize, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}

/// Milliseconds as people write them: "64 ms", "2.5 ms", "0.4 ms".
fn ms(micros: Micros) -> String {
    ms_f(micros as f64 / 1_000.0)
}

fn ms_f(ms: f64) -> String {
    let rounded = (ms * 10.0).round() / 10.0;
    if rounded.fract() == 0.0 {
        format!("{rounded:.0} ms")
    } else {
        format!("{rounded:.1} ms")
    }
}

fn later_than(a: Micros, b: Micros) -> bool {
    a > b + TOLERANCE
}
