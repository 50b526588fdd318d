use super::challenge::{Challenge, Scenario};
use super::checks::{self, Evidence, Measured, Observed, Profile};
use super::sandbox::{Birth, Engine, EngineError, Guest, Language, Submission, SubmissionError};
use super::sim::{Halt, Happening, MS, Rng, World};
use super::verdict::{
    Band, BreakerStory, Criterion, CriterionResult, Graded, Outcome, Rejection, Seen, Stats, Timeline, Verdict,
};
use super::{hex, timeline};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Runs of one grading have the seeds `seed * RUNS + 1` and on, so that a run's seed tells its grading's.
pub const RUNS: u64 = 1_000;
/// The largest seed of a grading; its runs' seeds are exact in JSON and in JavaScript.
pub const LARGEST_SEED: u64 = 9_000_000_000_000;
/// After so many scenarios in which it had to be stopped, the rest would only be stopped, too. A program that never gives
/// up is stopped in many of them, and still has waits and a breaker to judge.
const MOST_HALTS: u32 = 24;
const HALT: u32 = 3;
const HALT_OF_RETRIES: u32 = 1;
/// What a process may use, in turns of loops: enough for many calls, and for each attempt of a very long one.
const FUEL: u64 = 60_000_000;
const FUEL_PER_ATTEMPT: u64 = 200_000;
/// What a whole grading may use, some twenty seconds of work; a usual program needs a hundredth of it, one that brings a
/// whole HTTP client and loads it in every process a half.
const FUEL_OF_GRADING: u64 = 2_500_000_000;

/// The engine, ready to grade. Share one; it may be used from many threads.
pub struct Grader {
    engine: Engine,
    threads: usize,
}

#[derive(Clone, Debug)]
pub struct Program {
    pub language: Language,
    pub source: Vec<u8>,
}

#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error("there is no scenario “{0}”")]
    NoScenario(String),
    #[error(transparent)]
    Submission(#[from] SubmissionError),
}

/// What a program printed in one scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    pub scenario: String,
    pub lines: Vec<String>,
}

/// One run, drawn, with what the program printed.
pub struct Replay {
    pub timeline: Timeline,
    pub console: Vec<String>,
    pub trace_sha256: String,
}

impl Grader {
    pub fn open(cache: &Path) -> Result<Grader, EngineError> {
        Ok(Grader {
            engine: Engine::open(cache)?,
            threads: 1,
        })
    }

    /// Lets a grading use so many threads, each for runs of its own. The verdict is the same with any number.
    pub fn on_threads(self, threads: usize) -> Grader {
        Grader {
            threads: threads.max(1),
            ..self
        }
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(super) fn grading<'a>(&'a self, submission: &'a Submission, seed: u64) -> Grading<'a> {
        Grading::new(&self.engine, submission, seed, self.threads)
    }

    /// The same program, challenge and seed give the same verdict, on every machine. Takes some 0.2 s of CPU.
    pub fn grade(&self, challenge: &Challenge, program: &Program, seed: u64) -> Verdict {
        self.grade_tracing(challenge, program, seed, false).0
    }

    /// Also returns everything that happened, if asked to: a JSON object for each run.
    pub fn grade_tracing(
        &self,
        challenge: &Challenge,
        program: &Program,
        seed: u64,
        tracing: bool,
    ) -> (Verdict, Vec<String>) {
        let seed = seed % (LARGEST_SEED + 1);
        let mut lines = Vec::new();
        let outcome = match self.engine.load(&program.source, program.language) {
            Err(error) => Outcome::Rejected(rejection(&error)),
            Ok(submission) => {
                let submission = submission.with_own_image(&self.engine);
                let mut grading = self.grading(&submission, seed);
                grading.run(challenge);
                if tracing {
                    lines = grading.observed.iter().map(trace_line).collect();
                }
                Outcome::Graded(Box::new(grading.conclude()))
            }
        };
        let (id, edition) = (challenge.id.clone(), challenge.edition.clone());
        (
            Verdict {
                challenge: id,
                edition,
                contract: challenge.contract,
                seed,
                outcome,
            },
            lines,
        )
    }

    /// Plays one run again. `seed` is a run's, as a finding names it.
    pub fn replay(
        &self,
        challenge: &Challenge,
        program: &Program,
        scenario: &str,
        seed: u64,
    ) -> Result<Replay, ReplayError> {
        let scenario = challenge
            .scenario(scenario)
            .ok_or_else(|| ReplayError::NoScenario(scenario.to_string()))?;
        let submission = self.engine.load(&program.source, program.language)?;
        let mut grading = self.grading(&submission, seed / RUNS);
        grading.learn(challenge);
        let profile = grading.profile.clone();
        let Trial { observed, console, .. } = grading.bench.play(scenario, seed, &profile, true);
        let fault = Criterion::ALL
            .into_iter()
            .filter(|c| scenario.feeds.contains(c))
            .find_map(|criterion| {
                let observed = std::slice::from_ref(&observed);
                let measured = Measured::of(observed);
                checks::judge(
                    criterion,
                    &Evidence {
                        observed,
                        profile: &profile,
                        measured: &measured,
                    },
                )
                .shown
            });
        let fault = fault.map(|shown| shown.fault).unwrap_or_default();
        let trace_sha256 = hex(&Sha256::digest(&observed.run.bytes));
        Ok(Replay {
            timeline: timeline::draw(&observed, &fault),
            console,
            trace_sha256,
        })
    }
}

pub(super) fn rejection(error: &SubmissionError) -> Rejection {
    let (line, column) = error.place();
    Rejection {
        reason: error.to_string(),
        line,
        column,
    }
}

/// One grading under way.
pub(super) struct Grading<'a> {
    bench: Bench<'a>,
    seed: u64,
    threads: usize,
    profile: Profile,
    pub(super) observed: Vec<Observed<'a>>,
    /// What the first run of each scenario printed, where that is asked for.
    pub(super) console: Option<Vec<Printed>>,
    instances: u32,
    fuel_used: u64,
    halts: u32,
    started: Duration,
    cpu_elsewhere: Duration,
}

/// Where runs are played, each in processes of its own. What one run does changes nothing for another.
#[derive(Clone, Copy)]
struct Bench<'a> {
    engine: &'a Engine,
    submission: &'a Submission,
}

/// One run that was asked for.
#[derive(Clone, Copy)]
struct Order<'a> {
    scenario: &'a Scenario,
    /// Of its scenario.
    number: u64,
}

/// One run, before it counts.
struct Trial<'a> {
    observed: Observed<'a>,
    console: Vec<String>,
    fuel_used: u64,
}

/// The runs of several threads. Whoever is first plays the next one, but they count in the order in which they were
/// asked for, so that a verdict does not know of threads.
struct Queue<'q, 'a> {
    grading: &'q mut Grading<'a>,
    orders: &'q [Order<'a>],
    /// Which orders are still to be played, the next one last.
    waiting: Vec<usize>,
    counted: usize,
    played: Vec<Option<Trial<'a>>>,
    /// The scenario of which no further run is needed.
    halted: Option<&'a str>,
}

impl<'a> Queue<'_, 'a> {
    fn take(&mut self) -> Option<(usize, Order<'a>)> {
        loop {
            let i = self.waiting.pop()?;
            let order = self.orders[i];
            if !self.is_needless(&order) {
                return Some((i, order));
            }
        }
    }

    fn is_needless(&self, order: &Order<'a>) -> bool {
        self.grading.halts >= MOST_HALTS || self.halted == Some(order.scenario.id.as_str())
    }

    fn hand_in(&mut self, i: usize, trial: Trial<'a>) {
        self.played[i] = Some(trial);
        while let Some(order) = self.orders.get(self.counted) {
            let trial = self.played[self.counted].take();
            if !self.is_needless(order) {
                let Some(trial) = trial else { return };
                if self.grading.count(order, trial) {
                    self.halted = Some(&order.scenario.id);
                }
            }
            self.counted += 1;
        }
    }
}

impl<'a> Grading<'a> {
    fn new(engine: &'a Engine, submission: &'a Submission, seed: u64, threads: usize) -> Grading<'a> {
        let started = cpu_time();
        let (profile, observed) = (Profile::default(), Vec::new());
        Grading {
            bench: Bench { engine, submission },
            seed,
            threads,
            profile,
            observed,
            console: None,
            instances: 0,
            fuel_used: 0,
            halts: 0,
            started,
            cpu_elsewhere: Duration::ZERO,
        }
    }

    fn run(&mut self, challenge: &'a Challenge) {
        self.learn(challenge);
        self.take(challenge.scenarios.iter().filter(|s| s.instead_of.is_none()));
        if !Measured::is_enough(&self.observed) {
            self.take(challenge.scenarios.iter().filter(|s| s.instead_of.is_some()));
        }
        self.profile.trips = self.trips();
        self.profile.most_attempts = self.most_attempts();
    }

    /// First what the program retries, then what it leaves alone, then where its breaker opens: the scenarios for the
    /// other criteria are made of what it does right.
    pub(super) fn learn(&mut self, challenge: &'a Challenge) {
        for id in [
            "every-transient",
            "every-permanent",
            "threshold",
            "threshold-of-one-call",
        ] {
            let Some(scenario) = challenge.scenario(id) else {
                continue;
            };
            self.take([scenario]);
            let learned: Vec<usize> = (0..self.observed.len())
                .filter(|i| self.observed[*i].scenario.id == id)
                .collect();
            let runs = learned.first().map_or(&[][..], |first| &self.observed[*first..]);
            match id {
                "every-transient" => self.profile.fails = checks::learn_fails(runs),
                "every-permanent" => self.profile.permanent = checks::learn_permanent(runs),
                _ => self.profile.opens_after = self.profile.opens_after.or_else(|| runs.iter().find_map(opens_after)),
            }
        }
    }

    /// Plays scenarios, unless they have been played or tell nothing about this program.
    pub(super) fn take(&mut self, scenarios: impl IntoIterator<Item = &'a Scenario>) {
        let wanted = scenarios.into_iter().filter(|scenario| self.is_wanted(scenario));
        let runs =
            |scenario: &'a Scenario| (0..u64::from(scenario.seeds)).map(move |number| Order { scenario, number });
        let orders: Vec<Order<'a>> = wanted.flat_map(runs).collect();
        let threads = self.threads.min(orders.len());
        let (bench, seed, profile, logged) = (self.bench, self.seed, self.profile.clone(), self.console.is_some());
        let played = orders.iter().map(|_| None).collect();
        let mut waiting: Vec<usize> = (0..orders.len()).rev().collect();
        if self.halts == 0 {
            // A herd takes a third of the time; begun last, it would leave the other threads idle. What had to be
            // stopped before has to be stopped in most runs, and in a herd two hundred times.
            waiting.sort_by_key(|i| orders[*i].scenario.clients);
        }
        let queue = Mutex::new(Queue {
            grading: self,
            orders: &orders,
            waiting,
            counted: 0,
            played,
            halted: None,
        });
        let work = || {
            loop {
                let taken = lock(&queue).take();
                let Some((i, order)) = taken else { return };
                let logging = logged && order.number == 0;
                let trial = bench.play(order.scenario, seed * RUNS + 1 + order.number, &profile, logging);
                lock(&queue).hand_in(i, trial);
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|| {
                    work();
                    lock(&queue).grading.cpu_elsewhere += cpu_time();
                });
            }
            work();
        });
    }

    fn is_wanted(&self, scenario: &Scenario) -> bool {
        let done = self.observed.iter().any(|o| o.scenario.id == scenario.id);
        let unknown = scenario.needs_threshold() && self.profile.opens_after.is_none();
        !done && !unknown && (scenario.suits(&self.profile) || scenario.id == "every-transient")
    }

    /// Takes a run into account. Returns whether its program had to be stopped.
    fn count(&mut self, order: &Order<'a>, trial: Trial<'a>) -> bool {
        let (
            Trial {
                mut observed,
                console,
                fuel_used,
            },
            scenario,
        ) = (trial, order.scenario);
        self.instances += scenario.clients;
        self.fuel_used += fuel_used;
        if self.fuel_used > FUEL_OF_GRADING {
            observed.run.halt.get_or_insert(Halt::Fuel);
            self.halts = MOST_HALTS;
        }
        if let Some(printed) = self.console.as_mut().filter(|_| !console.is_empty()) {
            printed.push(Printed {
                scenario: scenario.id.clone(),
                lines: console,
            });
        }
        let halted = observed.run.halt.is_some();
        let most = scenario.options.max_attempts as usize;
        let retries = observed.run.calls.iter().any(|c| c.attempts.len() > most);
        self.observed.push(observed);
        if halted {
            self.halts += if retries { HALT_OF_RETRIES } else { HALT };
        }
        halted
    }

    /// Whether calls are refused although the threshold is out of reach.
    fn trips(&self) -> bool {
        let out_of_reach = |o: &&Observed<'_>| o.scenario.options.failure_threshold >= 1_000_000;
        self.observed
            .iter()
            .filter(out_of_reach)
            .flat_map(|o| &o.run.calls)
            .any(|c| c.unsent())
    }

    /// The most attempts of any call where nothing but the program's own limit can have ended it.
    fn most_attempts(&self) -> usize {
        let runs = self
            .observed
            .iter()
            .filter(|o| o.scenario.id == "nine-attempts" || o.scenario.id == "waits");
        runs.flat_map(|o| &o.run.calls)
            .map(|c| c.attempts.len())
            .max()
            .unwrap_or(0)
    }

    pub(super) fn conclude(self) -> Graded {
        let measured = Measured::of(&self.observed);
        let evidence = Evidence {
            observed: &self.observed,
            profile: &self.profile,
            measured: &measured,
        };
        let criteria: Vec<CriterionResult> = Criterion::ALL
            .into_iter()
            .map(|c| self.result(checks::judge(c, &evidence)))
            .collect();
        let waits = measured.infer();
        let herd = checks::herd_plot(&evidence);
        let band = Band::of(&criteria);
        let summary = super::verdict::summary(&criteria, waits.as_ref());
        let breaker = self.breaker_story();
        let (stats, trace_sha256) = (self.stats(), self.digest());
        Graded {
            criteria,
            band,
            summary,
            waits,
            herd,
            breaker,
            stats,
            trace_sha256,
        }
    }

    fn result(&self, finding: checks::Finding) -> CriterionResult {
        let mut result = finding.result;
        if let Some(shown) = finding.shown {
            let observed = &self.observed[shown.observed];
            result.seen = Some(Seen {
                scenario: observed.scenario.id.clone(),
                seed: observed.seed,
            });
            result.timeline = Some(timeline::draw(observed, &shown.fault));
        }
        result
    }

    fn breaker_story(&self) -> Option<BreakerStory> {
        let observed = self.observed.iter().find(|o| o.scenario.id == "many-at-half-open")?;
        timeline::breaker_story(observed, self.profile.opens_after?)
    }

    fn stats(&self) -> Stats {
        let mut scenarios: Vec<&str> = self.observed.iter().map(|o| o.scenario.id.as_str()).collect();
        scenarios.dedup();
        Stats {
            scenarios: scenarios.len() as u32,
            runs: self.observed.len() as u32,
            instances: self.instances,
            operations: self.observed.iter().map(|o| o.run.operations).sum(),
            virtual_ms: self.observed.iter().map(|o| o.run.end as f64 / MS as f64).sum(),
            cpu_ms: (cpu_time().saturating_sub(self.started) + self.cpu_elsewhere).as_secs_f64() * 1_000.0,
        }
    }

    fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for observed in &self.observed {
            digest.update(observed.scenario.id.as_bytes());
            digest.update(observed.seed.to_le_bytes());
            digest.update(&observed.run.bytes);
        }
        hex(&digest.finalize())
    }
}

impl<'a> Bench<'a> {
    fn play(&self, scenario: &'a Scenario, seed: u64, profile: &Profile, logging: bool) -> Trial<'a> {
        let (plan, expects) = scenario.plan(profile);
        let purpose = purpose(&scenario.id);
        let mut rng = Rng::new(seed, purpose);
        // Any moment of the year 2026, so that dates and clocks have no round numbers.
        let epoch_ms = 1_767_225_600_000 + rng.between(0, 365 * 86_400_000);
        let attempts =
            u64::from(scenario.options.max_attempts) * plan.most_calls().div_ceil(u64::from(scenario.clients));
        let fuel = FUEL + FUEL_PER_ATTEMPT * attempts;
        let _places = self.engine.places(scenario.clients);
        let mut pending = Vec::new();
        let mut processes: Vec<Guest> = (0..scenario.clients)
            .map(|client| {
                let age = rng.between(5_000 * MS, 8_000 * MS);
                let rng = Rng::new(seed, purpose ^ (u64::from(client) + 1));
                let birth = Birth {
                    rng,
                    epoch_ms,
                    age,
                    fuel,
                    logging,
                };
                let (guest, commands) = self.submission.spawn(self.engine, birth, scenario.clients);
                pending.push(commands);
                guest
            })
            .collect();
        let mut world = World::new(&plan, &mut processes, epoch_ms, rng);
        for (client, commands) in pending.into_iter().enumerate() {
            world.adopt(client as u32, commands);
        }
        let run = world.run();
        let used = |process: &Guest| fuel.saturating_sub(process.fuel_left());
        let fuel_used = processes.iter().map(used).sum();
        let lines = processes.iter().flat_map(|p| p.log());
        let console = lines.map(|line| self.submission.placed(line)).collect();
        let observed = Observed {
            scenario,
            seed,
            run,
            expects,
        };
        Trial {
            observed,
            console,
            fuel_used,
        }
    }
}

fn lock<T>(queue: &Mutex<T>) -> MutexGuard<'_, T> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many failures in a row had been answered when the first call was refused.
fn opens_after(observed: &Observed<'_>) -> Option<u32> {
    let run = &observed.run;
    let refused = run.calls.iter().position(|c| c.step == 0 && c.unsent())? as u32;
    let before = run
        .happenings
        .iter()
        .take_while(|h| **h != Happening::Called { call: refused });
    let answered = before.filter(|h| matches!(h, Happening::Answered { .. })).count() as u32;
    (answered > 0).then_some(answered)
}

fn trace_line(observed: &Observed<'_>) -> String {
    let run = &observed.run;
    let calls: Vec<_> = run.calls.iter().map(|call| {
        let attempts: Vec<_> = call.attempts.iter().map(|a| {
            serde_json::json!({ "start_us": a.start, "end_us": a.end, "answer": a.answer.label(), "retry_after": a.retry_after })
        }).collect();
        let settled = call.settled.as_ref().map(|(at, settled)| {
            serde_json::json!({ "at_us": at, "as": timeline::settled_label(call, settled) })
        });
        serde_json::json!({ "client": call.client + 1, "start_us": call.start, "attempts": attempts, "settled": settled })
    }).collect();
    let sha256 = hex(&Sha256::digest(&run.bytes));
    serde_json::json!({ "scenario": observed.scenario.id, "seed": observed.seed, "sha256": sha256, "calls": calls })
        .to_string()
}

/// A stream of its own for each scenario.
fn purpose(scenario: &str) -> u64 {
    let digest = Sha256::digest(scenario.as_bytes());
    u64::from_le_bytes(digest[..8].try_into().expect("eight bytes")) << 16
}

/// CPU time of this thread. It is reported and decides nothing.
fn cpu_time() -> Duration {
    cpu_time::ThreadTime::now().as_duration()
}
