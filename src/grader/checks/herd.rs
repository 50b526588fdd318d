use super::waits::{bound_ms, crowded};
use super::{Evidence, Fault, Finding, Judged, Observed, by_run, ms};
use crate::grader::sim::{
    Answer, Command, Event, Halt, MS, Micros, Plan, Process, Rng, Run, Settled, TimerKind, World,
};
use crate::grader::verdict::{Criterion, Herd, HerdRetry, Options};
use std::collections::HashMap;

/// Of 200 clients, this share at most may come back within one twentieth of the bound. The narrowest legal jitter, a
/// quarter of the bound, puts a fifth there: 50 more of 200 is beyond 8 standard deviations.
const LARGEST_SHARE: f64 = 0.45;
const WINDOW: f64 = 0.05;
const RETRIES: usize = 3;
const PLOT_WINDOW: Micros = 50 * MS;

pub fn judge(evidence: &Evidence<'_>) -> Finding {
    let none = (
        "Nobody came back",
        "The clients made no second attempt after the outage.",
    );
    by_run(Criterion::Herd, evidence, none, judge_run)
}

/// Calls of one process that come back in step, for the criterion that asks for waits drawn anew.
pub fn in_step(observed: &Observed<'_>) -> Option<Fault> {
    match judge_run(observed) {
        Judged::Fault(fault) => Some(*fault),
        _ => None,
    }
}

/// All clients have failed at the same moment, so their next arrivals differ by their waits alone.
fn judge_run(observed: &Observed<'_>) -> Judged {
    let run = &observed.run;
    let options = &observed.scenario.options;
    let shares = shares(run, options);
    let half = run.calls.len() / 2;
    if shares.iter().all(|s| s.arrived < half) {
        return Judged::Nothing;
    }
    let Some(worst) = shares.iter().find(|s| s.arrived >= half && s.share > LARGEST_SHARE) else {
        return Judged::Fine;
    };
    let together = (worst.share * run.calls.len() as f64).round();
    let (n, window) = (worst.n, ms((WINDOW * bound_ms(options, worst.n) * MS as f64) as Micros));
    let who = if observed.scenario.clients > 1 {
        "processes"
    } else {
        "calls"
    };
    let clients = run.calls.len();
    Judged::Fault(Box::new(Fault {
        title: "The herd comes back in step".to_string(),
        finding: format!(
            "{clients} {who} failed together. For retry {n}, {together} of them came back within {window}."
        ),
        expected: format!("no more than {:.0} within {window}", LARGEST_SHARE * clients as f64),
        measured: format!("{together} within {window}"),
        at: worst.at,
        call: None,
        mark: format!("{together} at once"),
        wrong: Vec::new(),
    }))
}

struct Share {
    n: u32,
    arrived: usize,
    share: f64,
    at: Micros,
}

fn shares(run: &Run, options: &Options) -> Vec<Share> {
    let of = |k: usize| {
        let n = k as u32;
        let arrivals: Vec<f64> = run
            .calls
            .iter()
            .filter_map(|c| Some(c.attempts.get(k)?.start as f64))
            .collect();
        let window = (WINDOW * bound_ms(options, n) * MS as f64).max(2.0 * MS as f64);
        let (share, at) = crowded(&arrivals, window);
        let share = share * arrivals.len() as f64 / run.calls.len().max(1) as f64;
        Share {
            n,
            arrived: arrivals.len(),
            share,
            at: at as Micros,
        }
    };
    (1..=RETRIES).map(of).collect()
}

/// The processes' herd beside that of full jitter and of none, in the same world.
pub fn plot(evidence: &Evidence<'_>) -> Option<Herd> {
    let (_, observed) = evidence.of(Criterion::Herd).find(|(_, o)| o.scenario.clients > 1)?;
    let (plan, _) = observed.scenario.plan(evidence.profile);
    let clients = observed.run.calls.len();
    let model = |jitter: bool| {
        let mut models: Vec<Model> = (0..clients)
            .map(|i| Model::new(jitter, observed.seed, i as u64))
            .collect();
        World::new(&plan, &mut models, observed.run.epoch_ms, Rng::new(observed.seed, 99)).run()
    };
    let (reference, none) = (model(true), model(false));
    let retries = shares(&observed.run, &plan.options);
    let retries = retries
        .iter()
        .map(|s| HerdRetry {
            n: s.n,
            share: s.share,
            limit: LARGEST_SHARE,
        })
        .collect();
    let last = |r: &Run| {
        r.calls
            .iter()
            .flat_map(|c| &c.attempts)
            .map(|a| a.start)
            .max()
            .unwrap_or(0)
    };
    let windows = [&observed.run, &reference]
        .map(last)
        .into_iter()
        .max()?
        .min(16_000 * MS)
        / PLOT_WINDOW
        + 1;
    let arrivals = |r: &Run| arrivals(r, windows as usize);
    Some(Herd {
        clients: clients as u32,
        window_ms: PLOT_WINDOW as f64 / MS as f64,
        capacity: capacity(&plan),
        program: arrivals(&observed.run),
        reference: arrivals(&reference),
        none: arrivals(&none),
        shed: [observed.run.shed, reference.shed, none.shed],
        retries,
    })
}

fn capacity(plan: &Plan) -> f64 {
    let capacity = plan.phases.iter().find_map(|p| p.capacity);
    capacity.map_or(0.0, |c| f64::from(c.slots) * PLOT_WINDOW as f64 / c.service as f64)
}

fn arrivals(run: &Run, windows: usize) -> Vec<u32> {
    let mut counts = vec![0; windows];
    for attempt in run.calls.iter().flat_map(|c| c.attempts.iter().skip(1)) {
        if let Some(count) = counts.get_mut((attempt.start / PLOT_WINDOW) as usize) {
            *count += 1;
        }
    }
    counts
}

/// A client as the contract has it, with full jitter or none and without a breaker.
struct Model {
    jitter: bool,
    rng: Rng,
    made: HashMap<u32, u32>,
    options: Option<Options>,
    last_op: u32,
}

impl Model {
    fn new(jitter: bool, seed: u64, client: u64) -> Model {
        Model {
            jitter,
            rng: Rng::new(seed, 1_000 + client),
            made: HashMap::new(),
            options: None,
            last_op: 0,
        }
    }

    fn send(&mut self, call: u32, commands: &mut Vec<Command>) {
        *self.made.entry(call).or_default() += 1;
        self.last_op += 1;
        commands.push(Command::Operation { op: self.last_op, call });
    }
}

impl Process for Model {
    fn deliver(&mut self, _: Micros, event: &Event<'_>, commands: &mut Vec<Command>) -> Result<(), Halt> {
        match event {
            Event::Call { call, options, .. } => {
                self.options = Some(**options);
                self.send(*call, commands);
            }
            // A model has one call, and its timer bears the call's number.
            Event::Timer { id } => self.send(*id, commands),
            Event::Answer { op, answer, .. } => {
                let Some((&call, &made)) = self.made.iter().next() else {
                    return Ok(());
                };
                let Some(options) = self.options else { return Ok(()) };
                if is_over(*answer, made, &options) {
                    let outcome = Settled::Resolved {
                        op: Some(*op),
                        shown: String::new(),
                    };
                    commands.push(Command::Settle { call, outcome });
                } else {
                    let bound = bound_ms(&options, made);
                    let delay_ms = if self.jitter { bound * self.rng.unit() } else { bound };
                    commands.push(Command::SetTimer {
                        id: call,
                        delay_ms,
                        kind: TimerKind::Once,
                    });
                }
            }
        }
        Ok(())
    }
}

fn is_over(answer: Answer, made: u32, options: &Options) -> bool {
    answer.is_success() || made >= options.max_attempts
}
