//! What there is to be graded: a statement, starters, scenarios as data, and the proofs that the scenarios judge rightly.

use super::checks::Profile;
use super::sandbox::Language;
use super::sim::{
    Answer, AnswerSpec, Calls, Capacity, MS, Micros, NetworkError, Phase, Plan, RateLimit, RetryAfter, Step, When,
};
use super::verdict::{Criterion, Options};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

/// A coding test that ships.
pub struct Challenge {
    pub id: String,
    pub title: String,
    pub contract: u32,
    /// Changes whenever the scenarios do.
    pub edition: String,
    /// Markdown.
    pub statement: String,
    pub starter_js: String,
    pub starter_ts: String,
    /// For the rehearsal before a test, and what it meets there.
    pub warm_up: String,
    pub warm_up_scenario: String,
    pub scenarios: Vec<Scenario>,
    pub proofs: Vec<Proof>,
}

/// A program whose verdict is known beforehand.
pub struct Proof {
    pub id: String,
    pub language: Language,
    pub source: String,
    pub about: String,
    /// What the grader must fail it for; empty for a correct solution.
    pub fails: Vec<Criterion>,
    /// What the letter of the contract leaves open.
    pub may: Vec<Criterion>,
    /// The jitter that the grader must infer.
    pub family: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum ChallengeError {
    #[error("{file}: {reason}")]
    Data { file: &'static str, reason: String },
    #[error("proof {id}: {reason}")]
    Proof { id: String, reason: String },
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub id: String,
    pub about: String,
    pub feeds: Vec<Criterion>,
    /// Whether a candidate sees it before handing in.
    #[serde(default)]
    pub public: bool,
    #[serde(default = "one")]
    pub clients: u32,
    pub seeds: u32,
    /// Run only where that one gave too little to judge by.
    pub instead_of: Option<String>,
    /// Run only where the program is known to leave some status alone.
    #[serde(default)]
    pub needs_permanent: bool,
    #[serde(rename = "options", deserialize_with = "options")]
    pub options: Options,
    #[serde(default = "latency")]
    latency_ms: [f64; 2],
    #[serde(rename = "step")]
    steps: Vec<StepData>,
    #[serde(default, rename = "phase")]
    phases: Vec<PhaseData>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepData {
    #[serde(default)]
    when: WhenData,
    #[serde(default)]
    after_ms: f64,
    #[serde(default)]
    calls: CallsData,
    #[serde(default)]
    every_ms: f64,
    #[serde(default)]
    gap_ms: f64,
    #[serde(default)]
    answers: Vec<String>,
    expect: Option<Expect>,
    says: Option<String>,
    #[serde(default = "one")]
    times: u32,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum WhenData {
    #[default]
    Settled,
    Failure,
    Previous,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum CallsData {
    Count(u32),
    Words(String),
}

impl Default for CallsData {
    fn default() -> CallsData {
        CallsData::Count(1)
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PhaseData {
    until_ms: Option<f64>,
    requests: Option<u32>,
    answer: String,
    capacity: Option<CapacityData>,
    rate_limit: Option<RateLimitData>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CapacityData {
    slots: u32,
    queue: u32,
    service_ms: f64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RateLimitData {
    requests: u32,
    per_ms: f64,
}

/// What the breaker's rule asks of the calls of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// Nothing is sent, and the call rejects at once.
    Unsent,
    /// Exactly one attempt.
    Once,
    /// Sent, and ends with its response.
    Resolved,
    /// Ends with the response of the attempt that was under way.
    Returned,
    /// Of all calls of the step, one is sent.
    OneSent,
    /// Like `Unsent`, where so many failures have been answered in a row that the breaker is open.
    UnsentIfUntouched,
    /// Sent, where the breaker is closed, or half-open with nobody's trial under way.
    SentIfUntouched,
    /// Like `Unsent`, where another call's trial is under way.
    UnsentBesideTrial,
    /// Sent, where the trial before it has ended well.
    SentIfTrialSucceeded,
}

fn one() -> u32 {
    1
}

fn latency() -> [f64; 2] {
    [5.0, 40.0]
}

fn options<'de, D: serde::Deserializer<'de>>(data: D) -> Result<Options, D::Error> {
    Options::deserialize(data)
}

fn micros(ms: f64) -> Micros {
    (ms * MS as f64).round() as Micros
}

impl Scenario {
    /// The plan for one run, given what is known of the program; and what is expected of the calls of each step.
    pub fn plan(&self, profile: &Profile) -> (Plan, Vec<Option<(Expect, &str)>>) {
        let mut steps = Vec::new();
        let mut expects = Vec::new();
        for data in &self.steps {
            for _ in 0..data.times {
                steps.push(data.step(profile));
                expects.push(data.expect.map(|e| (e, data.says.as_deref().unwrap_or_default())));
            }
        }
        let [low, high] = self.latency_ms;
        let phases = self.phases.iter().map(|p| p.phase(profile)).collect();
        (
            Plan {
                options: self.options,
                latency: (micros(low), micros(high)),
                phases,
                steps,
            },
            expects,
        )
    }

    /// Whether it can be run; a breaker is judged only by failures of kinds that the program retries.
    pub fn suits(&self, profile: &Profile) -> bool {
        let (plan, _) = self.plan(profile);
        let answers = plan
            .steps
            .iter()
            .flat_map(|s| &s.answers)
            .chain(plan.phases.iter().map(|p| &p.answer));
        let of_breaker = [
            Criterion::BreakerOpens,
            Criterion::BreakerRecovers,
            Criterion::Concurrency,
        ];
        let breaker = self.feeds.iter().any(|c| of_breaker.contains(c));
        let known = |a: Answer| !breaker || !a.is_transient() || profile.fails.is_empty() || profile.fails.contains(&a);
        answers.map(|spec| spec.answer).all(known) && (!self.needs_permanent || profile.permanent.is_some())
    }

    /// Whether its calls depend on where the program's breaker opens.
    pub fn needs_threshold(&self) -> bool {
        let in_answers = |s: &StepData| s.answers.iter().any(|a| a.contains("xK"));
        self.steps
            .iter()
            .any(|s| matches!(&s.calls, CallsData::Words(w) if w.starts_with('K')) || in_answers(s))
    }

    fn check(&self) -> Result<(), String> {
        let answers = self
            .steps
            .iter()
            .flat_map(|s| &s.answers)
            .chain(self.phases.iter().map(|p| &p.answer));
        for text in answers {
            parse_answer(text, &Profile::default()).map_err(|reason| format!("{}: {reason}", self.id))?;
        }
        for step in &self.steps {
            if let CallsData::Words(words) = &step.calls
                && words != "until-unsent"
                && !words.starts_with('K')
            {
                return Err(format!("{}: calls = “{words}” means nothing", self.id));
            }
        }
        Ok(())
    }
}

impl StepData {
    fn step(&self, profile: &Profile) -> Step {
        let when = match self.when {
            WhenData::Settled => When::Settled,
            WhenData::Failure => When::Failure,
            WhenData::Previous => When::Previous,
        };
        let every = micros(self.every_ms);
        let calls = match &self.calls {
            CallsData::Count(count) => Calls::Together { count: *count, every },
            CallsData::Words(w) if w == "until-unsent" => Calls::UntilUnsent {
                most: 24,
                gap: micros(self.gap_ms),
            },
            CallsData::Words(w) => Calls::Together {
                count: around_threshold(w, profile),
                every,
            },
        };
        let answers = self
            .answers
            .iter()
            .flat_map(|a| parse_answer(a, profile).unwrap_or_default())
            .collect();
        Step {
            when,
            after: micros(self.after_ms),
            calls,
            answers,
            latency: None,
        }
    }
}

impl PhaseData {
    fn phase(&self, profile: &Profile) -> Phase {
        let answer = parse_answer(&self.answer, profile)
            .ok()
            .and_then(|a| a.into_iter().next());
        Phase {
            until: self.until_ms.map(micros),
            requests: self.requests,
            answer: answer.unwrap_or_else(|| Answer::status(200).into()),
            capacity: self.capacity.map(|c| Capacity {
                slots: c.slots,
                queue: c.queue,
                service: micros(c.service_ms),
            }),
            rate_limit: self.rate_limit.map(|r| RateLimit {
                requests: r.requests,
                per: micros(r.per_ms),
            }),
        }
    }
}

/// "K" or "K-1".
fn around_threshold(text: &str, profile: &Profile) -> u32 {
    let less = text.strip_prefix("K-").and_then(|n| n.parse().ok()).unwrap_or(0);
    profile.opens_after.unwrap_or(1).saturating_sub(less).max(1)
}

fn parse_answer(text: &str, profile: &Profile) -> Result<Vec<AnswerSpec>, String> {
    let mut parts = text.split(';').map(str::trim);
    let mut words = parts.next().unwrap_or_default().split_whitespace();
    let name = words.next().ok_or("an answer is empty")?;
    let (mut truncated, mut times) = (false, 1);
    for word in words {
        match word.strip_prefix('x') {
            Some(count) if count.starts_with('K') => times = around_threshold(count, profile),
            Some(count) => times = count.parse().map_err(|_| format!("“{text}”: how often?"))?,
            None if word == "truncated" => truncated = true,
            None => return Err(format!("“{text}”: what is “{word}”?")),
        }
    }
    let (mut retry_after, mut latency) = (None, None);
    for part in parts {
        match part.split_once(':').map(|(k, v)| (k.trim(), v.trim())) {
            Some(("retry-after", value)) => retry_after = Some(parse_retry_after(value)?),
            Some(("after", value)) => {
                let ms = value.strip_suffix("ms").and_then(|v| v.parse().ok());
                latency = Some(micros(ms.ok_or_else(|| format!("“{text}”: after how many ms?"))?));
            }
            _ => return Err(format!("“{text}”: what is “{part}”?")),
        }
    }
    let spec = |answer| AnswerSpec {
        answer,
        retry_after: retry_after.clone(),
        latency,
    };
    if let Some(offset) = name.strip_prefix("@each") {
        let offset: usize = offset.trim_start_matches('+').parse().unwrap_or(0);
        let kinds = profile.kinds();
        return Ok((0..kinds.len().max(12))
            .map(|i| spec(kinds[(i + offset) % kinds.len()]))
            .collect());
    }
    let answer = match name {
        "@fail" => profile.kinds()[0],
        "@permanent" => Answer::status(profile.permanent.unwrap_or(404)),
        "refused" => Answer::Refused,
        _ => match NetworkError::ALL.into_iter().find(|e| e.code() == name) {
            Some(error) => Answer::Lost(error),
            None => {
                let status = name.parse().map_err(|_| format!("“{name}” is no answer"))?;
                Answer::Status { status, truncated }
            }
        },
    };
    Ok((0..times).map(|_| spec(answer)).collect())
}

fn parse_retry_after(value: &str) -> Result<RetryAfter, String> {
    match value.strip_prefix("date") {
        None => Ok(RetryAfter::Text(value.to_string())),
        Some(offset) => {
            let seconds = offset.strip_suffix('s').and_then(|s| s.parse().ok());
            Ok(RetryAfter::DateIn {
                seconds: seconds.ok_or_else(|| format!("“{value}” is no date"))?,
            })
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChallengeData {
    id: String,
    title: String,
    contract: u32,
    warm_up: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenariosData {
    #[serde(rename = "scenario")]
    scenarios: Vec<Scenario>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofsData {
    #[serde(default)]
    correct: Vec<CorrectData>,
    #[serde(default)]
    mutant: Vec<MutantData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CorrectData {
    file: String,
    family: Option<String>,
    about: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MutantData {
    id: String,
    base: String,
    about: String,
    fails: Vec<Criterion>,
    #[serde(default)]
    may: Vec<Criterion>,
    edits: Vec<Edit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    find: String,
    put: String,
}

/// The challenges that ship, as the binary carries them.
static SHIPPED: LazyLock<Vec<Challenge>> = LazyLock::new(|| {
    let challenge = Challenge::read(&|name| EXECUTE_WITH_RETRY.iter().find(|f| f.0 == name).map(|f| f.1));
    vec![challenge.expect("the challenge that ships is whole; a test reads it")]
});

include!(concat!(env!("OUT_DIR"), "/challenges.rs"));

impl Challenge {
    pub fn all() -> &'static [Challenge] {
        &SHIPPED
    }

    pub fn find(id: &str) -> Option<&'static Challenge> {
        Self::all().iter().find(|c| c.id == id)
    }

    pub fn scenario(&self, id: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|s| s.id == id)
    }

    fn read(file: &dyn Fn(&str) -> Option<&'static str>) -> Result<Challenge, ChallengeError> {
        let text = |name: &'static str| {
            file(name).ok_or_else(|| ChallengeError::Data {
                file: name,
                reason: "is missing".to_string(),
            })
        };
        let head: ChallengeData = parse("challenge.toml", text("challenge.toml")?)?;
        let data: ScenariosData = parse("scenarios.toml", text("scenarios.toml")?)?;
        for scenario in &data.scenarios {
            scenario.check().map_err(|reason| ChallengeError::Data {
                file: "scenarios.toml",
                reason,
            })?;
        }
        let proofs = read_proofs(parse("proofs/proofs.toml", text("proofs/proofs.toml")?)?, file)?;
        Ok(Challenge {
            edition: edition(text("scenarios.toml")?),
            id: head.id,
            title: head.title,
            contract: head.contract,
            statement: text("statement.md")?.to_string(),
            starter_js: text("starter.js")?.to_string(),
            starter_ts: text("starter.ts")?.to_string(),
            warm_up: text("warm-up.js")?.to_string(),
            warm_up_scenario: head.warm_up,
            scenarios: data.scenarios,
            proofs,
        })
    }
}

/// Verdicts are the same as long as the scenarios and the checks are; the checks count by their own number.
fn edition(scenarios: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(scenarios);
    digest.update(super::checks::EDITION.to_le_bytes());
    super::hex(&digest.finalize()[..4])
}

fn parse<T: serde::de::DeserializeOwned>(file: &'static str, text: &str) -> Result<T, ChallengeError> {
    toml::from_str(text).map_err(|e| ChallengeError::Data {
        file,
        reason: e.to_string(),
    })
}

fn read_proofs(data: ProofsData, file: &dyn Fn(&str) -> Option<&'static str>) -> Result<Vec<Proof>, ChallengeError> {
    let failed = |id: &str, reason: String| ChallengeError::Proof {
        id: id.to_string(),
        reason,
    };
    let source = |id: &str, name: &str| {
        let text = file(&format!("proofs/{name}")).ok_or_else(|| failed(id, format!("there is no {name}")))?;
        let language = Language::of_file_name(name).ok_or_else(|| failed(id, format!("what is {name}?")))?;
        Ok((text, language))
    };
    let mut proofs = Vec::new();
    for correct in data.correct {
        let (text, language) = source(&correct.file, &correct.file)?;
        let (fails, may) = (Vec::new(), Vec::new());
        let (id, source) = (correct.file, text.to_string());
        proofs.push(Proof {
            id,
            language,
            source,
            about: correct.about,
            fails,
            may,
            family: correct.family,
        });
    }
    for mutant in data.mutant {
        let (text, language) = source(&mutant.id, &mutant.base)?;
        let mut text = text.to_string();
        for edit in &mutant.edits {
            let count = text.matches(&edit.find).count();
            if count != 1 {
                return Err(failed(
                    &mutant.id,
                    format!("“{}” stands {count} times in {}", edit.find, mutant.base),
                ));
            }
            text = text.replacen(&edit.find, &edit.put, 1);
        }
        if mutant.fails.is_empty() {
            return Err(failed(&mutant.id, "a mutant fails something".to_string()));
        }
        let Mutant { id, about, fails, may } = mutant.into();
        proofs.push(Proof {
            id,
            language,
            source: text,
            about,
            fails,
            may,
            family: None,
        });
    }
    let mut seen = BTreeMap::new();
    for proof in &proofs {
        if seen.insert(&proof.id, ()).is_some() {
            return Err(failed(&proof.id, "stands there twice".to_string()));
        }
    }
    Ok(proofs)
}

struct Mutant {
    id: String,
    about: String,
    fails: Vec<Criterion>,
    may: Vec<Criterion>,
}

impl From<MutantData> for Mutant {
    fn from(data: MutantData) -> Mutant {
        Mutant {
            id: data.id,
            about: data.about,
            fails: data.fails,
            may: data.may,
        }
    }
}

impl Proof {
    pub fn is_correct(&self) -> bool {
        self.fails.is_empty()
    }

    pub fn file_stem(&self) -> &str {
        Path::new(&self.id)
            .file_stem()
            .and_then(|s| s.to_str())
            .unwrap_or(&self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_criterion_has_scenarios() {
        let challenge = Challenge::find("execute-with-retry").expect("it ships");
        for criterion in Criterion::ALL {
            assert!(
                challenge.scenarios.iter().any(|s| s.feeds.contains(&criterion)),
                "{}",
                criterion.id()
            );
        }
    }

    #[test]
    fn answers_are_read_in_all_their_forms() {
        let profile = Profile {
            fails: vec![Answer::status(500)],
            opens_after: Some(4),
            ..Profile::default()
        };
        let read = |text| parse_answer(text, &profile);
        assert_eq!(read("@fail xK-1").map(|a| a.len()), Ok(3));
        let late = read("503; retry-after: date-60s; after: 350ms")
            .expect("an answer")
            .remove(0);
        assert_eq!(late.retry_after, Some(RetryAfter::DateIn { seconds: -60 }));
        assert_eq!(late.latency, Some(350 * MS));
        assert!(read("503 sometimes").is_err() && read("okay").is_err());
    }
}
