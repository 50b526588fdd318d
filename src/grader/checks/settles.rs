use super::breaker::opening;
use super::{Evidence, Fault, Finding, Judged, Observed, by_run, count, later_than, ms};
use crate::grader::sim::{CallRecord, Leftover};
use crate::grader::verdict::Criterion;

pub fn judge(evidence: &Evidence<'_>) -> Finding {
    let none = ("Nothing was called", "No call of the program could be seen to end.");
    by_run(Criterion::Settles, evidence, none, judge_run)
}

fn judge_run(observed: &Observed<'_>) -> Judged {
    let limits = observed.run.halt.map(|halt| over_limits(observed, halt.words()));
    limits
        .or_else(|| never_settles(observed))
        .or_else(|| settles_late(observed))
        .or_else(|| goes_on(observed))
        .or_else(|| leaves_timers(observed))
        .into()
}

fn over_limits(observed: &Observed<'_>, words: &str) -> Fault {
    let call = observed.run.calls.iter().position(|c| c.settled.is_none());
    Fault {
        title: "Goes beyond its limits".to_string(),
        finding: format!("The program {words}, and was stopped."),
        expected: "an end, inside the limits".to_string(),
        measured: "stopped".to_string(),
        at: observed.run.end,
        call,
        mark: "stopped here".to_string(),
        wrong: Vec::new(),
    }
}

fn never_settles(observed: &Observed<'_>) -> Option<Fault> {
    let (i, call) = observed
        .run
        .calls
        .iter()
        .enumerate()
        .find(|(_, c)| c.settled.is_none())?;
    let last = call.attempts.last().and_then(|a| a.end).unwrap_or(call.start);
    Some(Fault {
        title: "A call never ends".to_string(),
        finding: format!(
            "After {} nothing was left that could happen, and the promise of the call was still pending.",
            ms(last)
        ),
        expected: "a promise that settles".to_string(),
        measured: "pending for ever".to_string(),
        at: last,
        call: Some(i),
        mark: "pending for ever".to_string(),
        wrong: Vec::new(),
    })
}

/// Once the attempts are used up, nothing more will be tried. Where the breaker has opened, a call may have been waiting
/// for an attempt that another criterion would not allow it.
fn settles_late(observed: &Observed<'_>) -> Option<Fault> {
    if opening(&observed.run, observed.scenario.options.failure_threshold).is_some() {
        return None;
    }
    let most = observed.scenario.options.max_attempts as usize;
    let late = |c: &CallRecord| {
        let last = c
            .attempts
            .last()
            .filter(|a| c.attempts.len() == most && a.answer.is_transient())?;
        let (end, at) = (last.end?, c.settled_at()?);
        later_than(at, end).then_some((end, at))
    };
    let (i, (end, at)) = observed
        .run
        .calls
        .iter()
        .enumerate()
        .find_map(|(i, c)| Some((i, late(c)?)))?;
    let wait = ms(at - end);
    Some(Fault {
        title: "Sleeps after the last failure".to_string(),
        finding: format!(
            "The last of {} failed at {}. The call ended {wait} later, although nothing more was tried.",
            count(most, "attempt"),
            ms(end)
        ),
        expected: "an end at once".to_string(),
        measured: format!("{wait} later"),
        at,
        call: Some(i),
        mark: format!("{wait} for nothing"),
        wrong: Vec::new(),
    })
}

fn goes_on(observed: &Observed<'_>) -> Option<Fault> {
    let sent_after = |c: &CallRecord| {
        let at = c.settled_at()?;
        c.attempts.iter().position(|a| later_than(a.start, at))
    };
    let (i, k) = observed
        .run
        .calls
        .iter()
        .enumerate()
        .find_map(|(i, c)| Some((i, sent_after(c)?)))?;
    let start = observed.run.calls[i].attempts[k].start;
    Some(Fault {
        title: "Goes on after it has ended".to_string(),
        finding: format!("The call had settled, and at {} it sent another attempt.", ms(start)),
        expected: "nothing after the end".to_string(),
        measured: format!("an attempt at {}", ms(start)),
        at: start,
        call: Some(i),
        mark: "after the end".to_string(),
        wrong: vec![(i, k)],
    })
}

fn leaves_timers(observed: &Observed<'_>) -> Option<Fault> {
    let run = &observed.run;
    let leftover: &Leftover = run.leftover.as_ref()?;
    // A breaker that opens one failure early is another criterion's affair; its reset timer is allowed to it here.
    let threshold = observed.scenario.options.failure_threshold;
    let open = opening(run, threshold.saturating_sub(1).max(1)).is_some() || run.calls.iter().any(|c| c.unsent());
    let allowed = u32::from(open);
    if leftover.timers <= allowed && leftover.later == 0 {
        return None;
    }
    let still = if leftover.timers > allowed {
        leftover.timers
    } else {
        leftover.later
    };
    let when = if leftover.timers > allowed {
        "when the last call had ended"
    } else {
        "long after the last call had ended"
    };
    Some(Fault {
        title: "Leaves a timer behind".to_string(),
        finding: format!(
            "{} still set {when}.",
            if still == 1 {
                "One timer was".to_string()
            } else {
                format!("{still} timers were")
            }
        ),
        expected: if open {
            "at most the breaker's reset timer, and that one gone in time"
        } else {
            "no timer"
        }
        .to_string(),
        measured: count(still as usize, "timer"),
        at: leftover.at,
        call: None,
        mark: format!("{} left", count(still as usize, "timer")),
        wrong: Vec::new(),
    })
}
