//! From the record of a run to a drawing of it: lanes, attempts, the breaker above them, faults in their place.

use super::checks::{Fault, Observed, opening};
use super::sim::{Answer, CallRecord, Micros, Run, Settled, TOLERANCE};
use super::verdict::{
    AnswerKind, AttemptLine, BreakerSpan, BreakerState, BreakerStory, CallEnd, CallLine, Mark, Timeline,
};

const MOST_CALLS: usize = 12;
const MOST_ATTEMPTS: usize = 14;

pub fn draw(observed: &Observed<'_>, fault: &Fault) -> Timeline {
    let run = &observed.run;
    let chosen = choose(run, fault);
    let lines: Vec<CallLine> = chosen.iter().map(|i| line(*i, &run.calls[*i], fault)).collect();
    let lane = fault
        .call
        .and_then(|call| chosen.iter().position(|i| *i == call))
        .map(|i| i as u32);
    let first = lines.iter().map(|l| l.start).min().unwrap_or(0);
    let marks = match fault.mark.as_str() {
        "" => Vec::new(),
        text => vec![Mark {
            at: fault_time(run, fault).max(first),
            lane,
            text: text.to_string(),
        }],
    };
    let end = lines
        .iter()
        .map(|l| l.end.as_ref().map_or(0, |e| e.at))
        .max()
        .unwrap_or(0);
    let last = lines
        .iter()
        .flat_map(|l| &l.attempts)
        .map(|a| a.end.unwrap_or(a.start))
        .max()
        .unwrap_or(0);
    let end = end
        .max(last)
        .max(marks.iter().map(|m| m.at).max().unwrap_or(0))
        .max(1_000);
    Timeline {
        scenario: observed.scenario.id.clone(),
        seed: observed.seed,
        about: observed.scenario.about.clone(),
        options: observed.scenario.options,
        calls_left_out: (run.calls.len() - lines.len()) as u32,
        calls: lines,
        breaker: breaker(observed, end),
        marks,
        end,
    }
}

fn fault_time(run: &Run, fault: &Fault) -> Micros {
    if fault.at > 0 {
        return fault.at;
    }
    let call = fault.call.and_then(|i| run.calls.get(i));
    call.and_then(|c| c.attempts.get(1)).map_or(0, |a| a.start)
}

/// The calls at fault and those around them.
fn choose(run: &Run, fault: &Fault) -> Vec<usize> {
    let at = fault.call.unwrap_or(0).min(run.calls.len().saturating_sub(1));
    let from = if at + 2 > MOST_CALLS { at + 2 - MOST_CALLS } else { 0 };
    (from..run.calls.len().min(from + MOST_CALLS)).collect()
}

fn line(i: usize, call: &CallRecord, fault: &Fault) -> CallLine {
    let attempts = call
        .attempts
        .iter()
        .enumerate()
        .take(MOST_ATTEMPTS)
        .map(|(k, attempt)| AttemptLine {
            start: attempt.start,
            end: attempt.end,
            kind: kind(attempt.answer),
            label: attempt.answer.label(),
            retry_after: attempt.retry_after.clone(),
            wrong: fault.wrong.contains(&(i, k)),
        });
    CallLine {
        client: call.client + 1,
        call: i as u32 + 1,
        start: call.start,
        attempts: attempts.collect(),
        end: call.settled.as_ref().map(|(at, settled)| end(call, *at, settled)),
    }
}

fn kind(answer: Answer) -> AnswerKind {
    if answer.is_success() {
        AnswerKind::Success
    } else if answer.is_transient() {
        AnswerKind::Transient
    } else {
        AnswerKind::Permanent
    }
}

fn end(call: &CallRecord, at: Micros, settled: &Settled) -> CallEnd {
    CallEnd {
        at,
        resolved: matches!(settled, Settled::Resolved { .. }),
        label: settled_label(call, settled),
    }
}

pub fn settled_label(call: &CallRecord, settled: &Settled) -> String {
    match settled {
        Settled::Resolved { op, shown } => {
            let own = op.and_then(|op| call.attempts.iter().find(|a| a.op == op));
            own.map_or_else(|| shown.clone(), |a| a.answer.label())
        }
        Settled::Rejected(rejected) if rejected.shown.is_empty() => rejected.code.text().to_string(),
        Settled::Rejected(rejected) => rejected.shown.clone(),
    }
}

/// The breaker as the contract has it, given what was sent and answered.
fn breaker(observed: &Observed<'_>, end: Micros) -> Vec<BreakerSpan> {
    let threshold = observed.scenario.options.failure_threshold;
    let reset = (observed.scenario.options.reset_timeout_ms * 1_000.0) as Micros;
    let mut spans = Vec::new();
    let (mut from, mut state) = (0, BreakerState::Closed);
    let mut change = |at: Micros, next: BreakerState| {
        if at > from {
            spans.push(BreakerSpan {
                from,
                to: at.min(end),
                state,
            });
        }
        (from, state) = (at, next);
    };
    let mut opened = opening(&observed.run, threshold);
    while let Some(at) = opened.filter(|at| *at < end) {
        change(at, BreakerState::Open);
        if at + reset >= end {
            break;
        }
        change(at + reset, BreakerState::HalfOpen);
        opened = None;
        if let Some((ended, answer)) = trial(&observed.run, at + reset) {
            if answer.is_success() {
                change(ended, BreakerState::Closed);
            } else {
                opened = Some(ended);
            }
        }
    }
    change(end, BreakerState::Closed);
    spans
}

/// The end of the first attempt from half-open on that decides it.
fn trial(run: &Run, half_open: Micros) -> Option<(Micros, Answer)> {
    let mut attempts: Vec<_> = run.calls.iter().flat_map(|c| &c.attempts).collect();
    attempts.sort_by_key(|a| a.start);
    let deciding = |a: &&&super::sim::Attempt| a.start + TOLERANCE >= half_open && !a.answer.is_permanent();
    attempts.iter().find(deciding).and_then(|a| Some((a.end?, a.answer)))
}

/// One outage in figures.
pub fn breaker_story(observed: &Observed<'_>, threshold: u32) -> Option<BreakerStory> {
    let run = &observed.run;
    let opened = opening(run, threshold)?;
    let half_open = opened + (observed.scenario.options.reset_timeout_ms * 1_000.0) as Micros;
    let while_open = |t: Micros| t > opened + TOLERANCE && t + TOLERANCE < half_open;
    let attempts = || run.calls.iter().flat_map(|c| &c.attempts);
    let trial = trial(run, half_open);
    let under_way = |start: Micros| trial.is_some_and(|(end, _)| start + TOLERANCE >= half_open && start < end);
    let count = |n: usize| n as u32;
    Some(BreakerStory {
        opened: 1,
        opened_after: threshold,
        rejected_while_open: count(run.calls.iter().filter(|c| while_open(c.start) && c.unsent()).count()),
        sent_while_open: count(attempts().filter(|a| while_open(a.start)).count()),
        half_opened: 1,
        trials: count(attempts().filter(|a| under_way(a.start)).count()),
        trials_allowed: 1,
        closed_again: u32::from(trial.is_some_and(|(_, answer)| answer.is_success())),
        reopened: u32::from(trial.is_some_and(|(_, answer)| answer.is_transient())),
    })
}
