//! What a grading says: thirteen criteria with their evidence, a band, and the figures behind both.
//!
//! These types are stored with a submission and drawn on its page, so they carry everything that the page shows; nothing
//! is computed a second time. Times are microseconds of the virtual clock unless a name says otherwise.

use serde::{Deserialize, Serialize};

/// One grading of one program. The same program, challenge and seed give the same value, but for `Stats::cpu_ms`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    pub challenge: String,
    /// Changes whenever the challenge's scenarios do; a verdict is compared only with one of the same edition.
    pub edition: String,
    pub contract: u32,
    pub seed: u64,
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Rejected(Rejection),
    Graded(Box<Graded>),
}

/// Why a file could not be graded at all, in words for a beginner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    pub reason: String,
    /// Where in the submitted file, counted from 1.
    pub line: Option<u32>,
    pub column: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Graded {
    /// All thirteen, in the order of [`Criterion::ALL`].
    pub criteria: Vec<CriterionResult>,
    pub band: Band,
    /// Two or three sentences: what the program does well, what is wrong, how it waits.
    pub summary: String,
    /// `None` where the program never waited.
    pub waits: Option<Waits>,
    pub herd: Option<Herd>,
    /// What the breaker did in one outage, for the diagram; `None` where it never opened.
    pub breaker: Option<BreakerStory>,
    pub stats: Stats,
    /// SHA-256, in hex, of everything that every run did.
    pub trace_sha256: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    pub scenarios: u32,
    pub runs: u32,
    pub instances: u32,
    pub operations: u32,
    pub virtual_ms: f64,
    pub cpu_ms: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    Success,
    Transient,
    Permanent,
    AttemptLimit,
    Backoff,
    Jitter,
    RetryAfter,
    BreakerOpens,
    BreakerRecovers,
    ErrorShape,
    Settles,
    Concurrency,
    Herd,
}

/// The four headings under which the criteria are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Answers,
    Waits,
    Breaker,
    Manners,
}

impl Group {
    pub const ALL: [Group; 4] = [Group::Answers, Group::Waits, Group::Breaker, Group::Manners];

    pub fn label(self) -> &'static str {
        match self {
            Group::Answers => "Answers",
            Group::Waits => "Waits",
            Group::Breaker => "Breaker",
            Group::Manners => "Manners",
        }
    }
}

impl Criterion {
    pub const ALL: [Criterion; 13] = {
        use Criterion::*;
        [
            Success,
            Transient,
            Permanent,
            AttemptLimit,
            Backoff,
            Jitter,
            RetryAfter,
            BreakerOpens,
            BreakerRecovers,
            ErrorShape,
            Settles,
            Concurrency,
            Herd,
        ]
    };

    pub fn id(self) -> &'static str {
        self.facts().0
    }

    pub fn from_id(id: &str) -> Option<Criterion> {
        Self::ALL.into_iter().find(|c| c.id() == id)
    }

    /// A few words for lists: what holds when it passes.
    pub fn label(self) -> &'static str {
        self.facts().1
    }

    pub fn group(self) -> Group {
        self.facts().2
    }

    /// The number of the contract's rule.
    pub fn rule(self) -> u8 {
        self.facts().3
    }

    /// The rule in one or two sentences, as the page quotes it.
    pub fn clause(self) -> &'static str {
        self.facts().4
    }

    fn facts(self) -> (&'static str, &'static str, Group, u8, &'static str) {
        use Group::*;
        match self {
            Criterion::Success => (
                "success",
                "First success returned",
                Answers,
                1,
                "The first response with a status from 200 to 299 is returned itself, without a needless call or wait.",
            ),
            Criterion::Transient => (
                "transient",
                "Transient failures retried",
                Answers,
                2,
                "A rejected operation and the statuses 408, 425, 429, 500, 502, 503 and 504 are tried again.",
            ),
            Criterion::Permanent => (
                "permanent",
                "Permanent ones not",
                Answers,
                3,
                "Any other status from 400 up is thrown at once, without another attempt.",
            ),
            Criterion::AttemptLimit => (
                "attempt_limit",
                "Attempt limit kept",
                Answers,
                4,
                "A call invokes the operation at most maxAttempts times, the first included, and not fewer times while failures are transient.",
            ),
            Criterion::Backoff => (
                "backoff",
                "Bounds grow to the cap",
                Waits,
                5,
                "The wait before retry n is bounded by min(maxDelayMs, baseDelayMs × 2ⁿ⁻¹), or by decorrelated jitter's own bound.",
            ),
            Criterion::Jitter => (
                "jitter",
                "Random, drawn anew",
                Waits,
                6,
                "Every wait is drawn anew over at least a quarter of its bound. No wait is negative or above maxDelayMs.",
            ),
            Criterion::RetryAfter => (
                "retry_after",
                "Retry-After honoured",
                Waits,
                7,
                "When a 429 or 503 says Retry-After, in seconds or as a date, the next wait is at least that long and at most a quarter longer plus maxDelayMs. A malformed or past value, or the header on another status, counts as absent.",
            ),
            Criterion::BreakerOpens => (
                "breaker_opens",
                "Opens at the threshold",
                Breaker,
                8,
                "After failureThreshold transient failures in a row, over all calls, nothing is sent any more and new calls reject at once.",
            ),
            Criterion::BreakerRecovers => (
                "breaker_recovers",
                "One trial, then closes",
                Breaker,
                8,
                "After resetTimeoutMs one trial is let through. Its success closes the breaker, its transient failure opens it again, its permanent failure lets the next call be the trial.",
            ),
            Criterion::ErrorShape => (
                "error_shape",
                "Structured errors",
                Manners,
                9,
                "Every rejection is an Error with code, attempts, lastStatus and cause. Nothing is swallowed.",
            ),
            Criterion::Settles => (
                "settles",
                "Ends, leaves nothing",
                Manners,
                10,
                "The promise settles as soon as nothing more will be tried, and no timer is left but one reset timer while the breaker is open.",
            ),
            Criterion::Concurrency => (
                "concurrency",
                "Right in parallel",
                Breaker,
                8,
                "With many calls at once no failure goes uncounted, one trial is let through, and an attempt that was under way when the breaker opened changes nothing.",
            ),
            Criterion::Herd => (
                "herd",
                "Clients do not return in step",
                Waits,
                6,
                "Many clients that failed together do not come back together, over their first three retries.",
            ),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CriterionResult {
    pub id: Criterion,
    pub pass: bool,
    /// How many runs were judged for it, and in how many of them the rule was broken.
    pub runs: u32,
    pub bad_runs: u32,
    /// What happened, as a heading of a few words: "Half-open admits every call".
    pub title: String,
    /// One or two sentences with the numbers: what the API did, what the program did.
    pub finding: String,
    pub expected: String,
    pub measured: String,
    /// The first run that shows it.
    pub seen: Option<Seen>,
    /// That run, drawn.
    pub timeline: Option<Timeline>,
    /// For `retry_after`: the wait after each form of the header.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<HeaderWaits>,
}

/// `halfopen grade --scenario S --seed N` replays it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    pub scenario: String,
    pub seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    Below,
    Meets,
    Exceeds,
}

/// What a program needs for Meets: it retries what it should and nothing else, ends, and its waits are random.
const CORE: [Criterion; 8] = [
    Criterion::Success,
    Criterion::Transient,
    Criterion::Permanent,
    Criterion::AttemptLimit,
    Criterion::Backoff,
    Criterion::Jitter,
    Criterion::BreakerOpens,
    Criterion::Settles,
];

impl Band {
    pub const ALL: [Band; 3] = [Band::Below, Band::Meets, Band::Exceeds];

    /// Exceeds asks for all thirteen. Meets asks for ten, among them the eight without which retrying does harm.
    pub fn of(criteria: &[CriterionResult]) -> Band {
        let passed = |c: Criterion| criteria.iter().any(|r| r.id == c && r.pass);
        let count = criteria.iter().filter(|r| r.pass).count();
        if count == Criterion::ALL.len() {
            Band::Exceeds
        } else if count >= 10 && CORE.into_iter().all(passed) {
            Band::Meets
        } else {
            Band::Below
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Band::Below => "Below",
            Band::Meets => "Meets",
            Band::Exceeds => "Exceeds",
        }
    }

    /// The rule that gives the band, seen from this band.
    pub fn rule(self) -> &'static str {
        match self {
            Band::Below => {
                "Meets asks for 10 of 13, among them success, transient, permanent, attempt_limit, backoff, jitter, breaker_opens and settles."
            }
            Band::Meets => "Exceeds asks for all 13.",
            Band::Exceeds => "All 13 criteria hold.",
        }
    }
}

/// The five numbers that every call is given.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Options {
    pub max_attempts: u32,
    pub base_delay_ms: f64,
    pub max_delay_ms: f64,
    pub failure_threshold: u32,
    pub reset_timeout_ms: f64,
}

/// One run, ready to be drawn: a lane for each call, the breaker above, the API below.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    pub scenario: String,
    pub seed: u64,
    /// What the scenario does, in a sentence.
    pub about: String,
    pub options: Options,
    pub calls: Vec<CallLine>,
    /// How many calls of the run are not in `calls`.
    pub calls_left_out: u32,
    /// The breaker as the contract has it, given what the program sent; spans follow each other without a gap.
    pub breaker: Vec<BreakerSpan>,
    pub marks: Vec<Mark>,
    pub end: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallLine {
    /// Process and call, counted from 1.
    pub client: u32,
    pub call: u32,
    pub start: u64,
    pub attempts: Vec<AttemptLine>,
    /// `None`: the call never settled.
    pub end: Option<CallEnd>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttemptLine {
    pub start: u64,
    /// `None`: still under way when the run ended.
    pub end: Option<u64>,
    pub kind: AnswerKind,
    /// "503", "ECONNRESET".
    pub label: String,
    pub retry_after: Option<String>,
    /// Should not have been sent.
    pub wrong: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    Success,
    Transient,
    Permanent,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallEnd {
    pub at: u64,
    pub resolved: bool,
    /// "200", "CIRCUIT_OPEN", "undefined".
    pub label: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    Closed,
    Open,
    HalfOpen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakerSpan {
    pub from: u64,
    pub to: u64,
    pub state: BreakerState,
}

/// A fault, explained in place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    pub at: u64,
    /// Index into `Timeline::calls`; `None` where no call of its own is at fault.
    pub lane: Option<u32>,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// The same wait every time.
    None,
    /// Uniform between 0 and the bound.
    Full,
    /// Uniform between half the bound and the bound.
    Equal,
    /// Uniform between the base and three times the wait before.
    Decorrelated,
    /// Uniform over another share of the bound.
    Proportional,
    Other,
}

impl Family {
    pub fn label(self) -> &'static str {
        match self {
            Family::None => "No jitter",
            Family::Full => "Full jitter",
            Family::Equal => "Equal jitter",
            Family::Decorrelated => "Decorrelated jitter",
            Family::Proportional => "Proportional jitter",
            Family::Other => "Jitter of its own kind",
        }
    }
}

/// How the program waits: inferred first, judged afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waits {
    pub family: Family,
    pub base_ms: f64,
    pub factor: f64,
    /// `None`: no cap was seen.
    pub cap_ms: Option<f64>,
    /// The share of the bound over which waits are drawn: 0 to 1 for full jitter, 0.5 to 1 for equal.
    pub low: f64,
    pub high: f64,
    /// Kolmogorov-Smirnov distance to the family, its critical value, and the error rate of that value.
    pub distance: f64,
    pub critical: f64,
    pub alpha: f64,
    pub processes: u32,
    pub draws: u32,
    /// The options under which the waits were measured.
    pub options: Options,
    pub retries: Vec<RetryWaits>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetryWaits {
    /// 1 for the first retry.
    pub n: u32,
    pub bound_ms: f64,
    /// At most 60 of the waits measured, in ms.
    pub waits_ms: Vec<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeaderWaits {
    /// "Retry-After: 2" or "503 with a date 3 s ahead".
    pub form: String,
    pub low_ms: f64,
    pub high_ms: f64,
    pub waits_ms: Vec<f64>,
    pub pass: bool,
}

/// Arrivals at the server after one outage, in windows of `window_ms`, from the first failure on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Herd {
    pub clients: u32,
    pub window_ms: f64,
    /// What the server can answer in one window.
    pub capacity: f64,
    pub program: Vec<u32>,
    /// Full jitter, and no jitter at all, in the same world.
    pub reference: Vec<u32>,
    pub none: Vec<u32>,
    /// Requests that the server shed, for each of the three.
    pub shed: [u32; 3],
    pub retries: Vec<HerdRetry>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HerdRetry {
    pub n: u32,
    /// The largest share of all clients that came back within one twentieth of the bound.
    pub share: f64,
    pub limit: f64,
}

/// What one outage made the breaker do, as counts for its diagram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BreakerStory {
    pub opened: u32,
    pub opened_after: u32,
    pub rejected_while_open: u32,
    pub sent_while_open: u32,
    pub half_opened: u32,
    pub trials: u32,
    pub trials_allowed: u32,
    pub closed_again: u32,
    pub reopened: u32,
}

/// Two or three sentences for someone who reads nothing else.
pub(super) fn summary(criteria: &[CriterionResult], waits: Option<&Waits>) -> String {
    let failed: Vec<&CriterionResult> = criteria.iter().filter(|c| !c.pass).collect();
    let mut text = match failed.as_slice() {
        [] => "The program does all that the contract asks.".to_string(),
        all if all.len() == criteria.len() => "The program does nothing that the contract asks.".to_string(),
        [one] => format!("One thing is wrong: {}.", lower_first(&one.title)),
        some => {
            let titles: Vec<String> = some.iter().take(3).map(|c| lower_first(&c.title)).collect();
            let more = some.len().saturating_sub(3);
            let rest = if more > 0 {
                format!("; and {more} more")
            } else {
                String::new()
            };
            format!(
                "{} of {} criteria fail: {}{rest}.",
                some.len(),
                criteria.len(),
                titles.join("; ")
            )
        }
    };
    if let Some(waits) = waits {
        text.push(' ');
        text.push_str(&waits_in_words(waits));
    }
    text
}

fn waits_in_words(waits: &Waits) -> String {
    let cap = waits
        .cap_ms
        .map_or("no cap was seen".to_string(), |ms| format!("a cap of {ms:.0} ms"));
    let (base, factor) = (waits.base_ms, waits.factor);
    match waits.family {
        Family::None => format!("It waits without jitter, from {base:.0} ms by a factor of {factor:.1}; {cap}."),
        Family::Decorrelated => format!("It waits with decorrelated jitter from {base:.0} ms; {cap}."),
        family => {
            let (low, high) = (waits.low * 100.0, waits.high * 100.0);
            let range = if family == Family::Full {
                String::new()
            } else {
                format!(" over {low:.0} to {high:.0} % of the bound")
            };
            format!(
                "It waits with {}{range}, from {base:.0} ms by a factor of {factor:.1}; {cap}.",
                lower_first(family.label())
            )
        }
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let second_is_upper = text.chars().nth(1).is_some_and(char::is_uppercase);
    match letters.next() {
        Some(first) if !second_is_upper => first.to_lowercase().chain(letters).collect(),
        _ => text.to_string(),
    }
}
