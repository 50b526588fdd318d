//! A laboratory that does at once what the program's text tells it to.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use halfopen::grader::verdict::{
    Band, Criterion, CriterionResult, Graded, Options, Outcome, Rejection, Seen, Stats, Timeline, Verdict,
};
use halfopen::grader::{Printed, Rehearsal};
use halfopen::submissions::laboratory::UnknownTest;
use halfopen::submissions::{CodingTest, Laboratory, Program, ReplayFailure, Replayed, ScenarioSummary};

pub const TEST: &str = "execute-with-retry";
/// What a candidate's runs judge.
pub const PUBLIC: [Criterion; 2] = [Criterion::Success, Criterion::Transient];

pub struct FakeLaboratory {
    edition: Mutex<String>,
    /// How often anything was graded.
    pub gradings: AtomicU32,
    /// While true, a grading panics.
    pub broken: std::sync::atomic::AtomicBool,
}

impl Default for FakeLaboratory {
    fn default() -> FakeLaboratory {
        FakeLaboratory {
            edition: Mutex::new("ed1".into()),
            gradings: AtomicU32::new(0),
            broken: false.into(),
        }
    }
}

impl FakeLaboratory {
    pub fn publish(&self, edition: &str) {
        *self.edition.lock().unwrap() = edition.to_owned();
    }

    fn edition(&self) -> String {
        self.edition.lock().unwrap().clone()
    }
}

impl Laboratory for FakeLaboratory {
    fn tests(&self) -> Arc<[CodingTest]> {
        let scenario = |id: &str, public| ScenarioSummary {
            id: id.into(),
            about: format!("The API does {id}."),
            public,
        };
        Arc::new([CodingTest {
            id: TEST.into(),
            title: "Execute with retry".into(),
            edition: self.edition(),
            contract: 1,
            statement: "# Retry\n\nWrite `executeWithRetry`.".into(),
            starter_js: "export async function executeWithRetry(operation, options) {}".into(),
            starter_ts: "export async function executeWithRetry<T>(operation: () => Promise<T>) {}".into(),
            warm_up:
                "// Change what you like.\nexport async function executeWithRetry(operation) { return operation(); }\n"
                    .into(),
            warm_up_scenario: "calm".into(),
            public_criteria: PUBLIC.to_vec(),
            scenarios: vec![scenario("calm", true), scenario("storm", false)],
        }])
    }

    /// `/* fails jitter */` fails a criterion, `/* edition ed2 fails herd */` in one edition only.
    fn grade(&self, test: &str, program: &Program, seed: u64) -> Result<Verdict, UnknownTest> {
        self.gradings.fetch_add(1, Ordering::SeqCst);
        assert!(!self.broken.load(Ordering::SeqCst), "the engine is out of order");
        let (text, edition) = (program.text(), self.edition());
        let outcome = match text.contains("syntax error") {
            true => Outcome::Rejected(Rejection {
                reason: "A bracket is missing.".into(),
                line: Some(1),
                column: None,
            }),
            false => Outcome::Graded(Box::new(graded(|criterion| {
                let always = format!("/* fails {} */", criterion.id());
                let now = format!("/* edition {edition} fails {} */", criterion.id());
                !text.contains(&always) && !text.contains(&now)
            }))),
        };
        Ok(Verdict {
            challenge: test.into(),
            edition,
            contract: 1,
            seed,
            outcome,
        })
    }

    /// `/* prints WORD */` prints the word.
    fn rehearse(&self, test: &str, program: &Program, seed: u64) -> Result<Rehearsal, UnknownTest> {
        let mut verdict = self.grade(test, program, seed)?;
        if let Outcome::Graded(graded) = &mut verdict.outcome {
            graded.criteria.retain(|result| PUBLIC.contains(&result.id));
        }
        let text = program.text();
        let printed = text
            .split("/* prints ")
            .skip(1)
            .filter_map(|rest| rest.split(" */").next());
        let lines: Vec<String> = printed.map(str::to_owned).collect();
        let console = if lines.is_empty() {
            Vec::new()
        } else {
            vec![Printed {
                scenario: "calm".into(),
                lines,
            }]
        };
        Ok(Rehearsal { verdict, console })
    }

    /// A program with a `console.log` prints two lines.
    fn replay(&self, _: &str, program: &Program, scenario: &str, seed: u64) -> Result<Replayed, ReplayFailure> {
        if program.text().contains("syntax error") {
            return Err(ReplayFailure("A bracket is missing.".into()));
        }
        let prints = program.text().contains("console.log");
        Ok(Replayed {
            timeline: timeline(scenario, seed),
            console: match prints {
                true => vec!["wait 120 ms".into(), "<b>retry</b>".into()],
                false => Vec::new(),
            },
        })
    }
}

pub fn graded(passes: impl Fn(Criterion) -> bool) -> Graded {
    let criteria: Vec<CriterionResult> = Criterion::ALL.into_iter().map(|id| result(id, passes(id))).collect();
    Graded {
        band: Band::of(&criteria),
        criteria,
        summary: "The program retries what it should.".into(),
        waits: None,
        herd: None,
        breaker: None,
        stats: Stats {
            scenarios: 2,
            runs: 26,
            ..Stats::default()
        },
        trace_sha256: "9f2c".repeat(16),
    }
}

fn result(id: Criterion, pass: bool) -> CriterionResult {
    CriterionResult {
        id,
        pass,
        runs: 2,
        bad_runs: u32::from(!pass),
        title: id.label().into(),
        finding: "As the scenario shows.".into(),
        expected: "1".into(),
        measured: "1".into(),
        seen: (!pass).then(|| Seen {
            scenario: "storm".into(),
            seed: 3,
        }),
        timeline: None,
        headers: Vec::new(),
    }
}

pub fn timeline(scenario: &str, seed: u64) -> Timeline {
    Timeline {
        scenario: scenario.into(),
        seed,
        about: format!("The API does {scenario} with seed {seed}."),
        options: Options {
            max_attempts: 4,
            base_delay_ms: 100.0,
            max_delay_ms: 2_000.0,
            failure_threshold: 5,
            reset_timeout_ms: 3_000.0,
        },
        calls: Vec::new(),
        calls_left_out: 0,
        breaker: Vec::new(),
        marks: Vec::new(),
        end: 1_000,
    }
}
