use super::breaker::{opening, rejected, reset_us, sent_while_open, slow_to_reject};
use super::{Evidence, Fault, Finding, Judged, Observed, Profile, by_run, count, later_than, ms};
use crate::grader::sim::{CallRecord, Micros, Run};
use crate::grader::verdict::Criterion;

pub fn judge(evidence: &Evidence<'_>) -> Finding {
    let none = (
        "The breaker never opened",
        "No call was refused, however many failures there were in a row.",
    );
    by_run(Criterion::BreakerOpens, evidence, none, |observed| {
        judge_run(observed, evidence.profile)
    })
}

fn judge_run(observed: &Observed<'_>, profile: &Profile) -> Judged {
    let threshold = observed.scenario.options.failure_threshold;
    let fault = opens_early(observed, threshold, profile)
        .or_else(|| sent_while_open(observed, threshold))
        .or_else(|| slow_to_reject(observed, threshold))
        .or_else(|| waits_on(observed, threshold));
    if let Some(fault) = fault {
        return Judged::Fault(Box::new(fault));
    }
    let Some(opened) = opening(&observed.run, threshold) else {
        return Judged::Nothing;
    };
    let refused = observed.run.calls.iter().any(|c| c.start > opened && c.unsent());
    if refused { Judged::Fine } else { Judged::Nothing }
}

/// A call that is refused, or stops retrying, before there were enough failures in a row.
fn opens_early(observed: &Observed<'_>, threshold: u32, profile: &Profile) -> Option<Fault> {
    let run = &observed.run;
    let opened = opening(run, threshold).unwrap_or(Micros::MAX);
    let most = observed.scenario.options.max_attempts as usize;
    let refused = |c: &CallRecord| c.unsent() && c.settled_at().is_some_and(|at| at < opened);
    // One attempt less than allowed is another criterion's affair.
    let stopped = |c: &CallRecord| {
        let retried = c
            .attempts
            .last()
            .is_some_and(|a| profile.fails.contains(&a.answer) && a.end.is_some());
        rejected(c) && retried && c.attempts.len() + 1 < most && c.settled_at().is_some_and(|at| at < opened)
    };
    if profile.trips {
        return None;
    }
    let (i, call) = run.calls.iter().enumerate().find(|(_, c)| refused(c) || stopped(c))?;
    let at = call.settled_at()?;
    let failures = failures_in_a_row(run, at);
    Some(Fault {
        title: "The breaker opens too early".to_string(),
        finding: format!(
            "There had been {} in a row, and the breaker opens at {threshold}. The call at {} was refused all the same.",
            count(failures as usize, "failure"),
            ms(call.start)
        ),
        expected: format!("closed until {threshold} failures in a row"),
        measured: format!("refuses after {failures}"),
        at,
        call: Some(i),
        mark: "refused too early".to_string(),
        wrong: Vec::new(),
    })
}

fn failures_in_a_row(run: &Run, until: Micros) -> u32 {
    let mut attempts: Vec<_> = run
        .calls
        .iter()
        .flat_map(|c| &c.attempts)
        .filter(|a| a.end.is_some_and(|e| e <= until))
        .collect();
    attempts.sort_by_key(|a| a.end);
    attempts.iter().fold(0, |n, a| match a.answer {
        answer if answer.is_success() => 0,
        answer if answer.is_transient() => n + 1,
        _ => n,
    })
}

/// A call that was waiting to retry when the breaker opened, and is still there when it is half-open. The scenarios'
/// waits end long before; how long a wait may be is another criterion's affair.
fn waits_on(observed: &Observed<'_>, threshold: u32) -> Option<Fault> {
    let opened = opening(&observed.run, threshold)?;
    let half_open = opened + reset_us(observed);
    let waiting = |c: &CallRecord| {
        let begun = c.attempts.last().is_some_and(|a| a.end.is_some()) && c.start <= opened;
        (begun && c.settled_at().is_none_or(|at| later_than(at, half_open))).then_some(half_open)
    };
    if observed.run.halt.is_some() {
        return None;
    }
    let (i, latest) = observed
        .run
        .calls
        .iter()
        .enumerate()
        .find_map(|(i, c)| Some((i, waiting(c)?)))?;
    let settled = observed.run.calls[i].settled_at();
    let measured = settled.map_or("never".to_string(), |at| format!("at {}", ms(at)));
    Some(Fault {
        title: "A waiting call does not end".to_string(),
        finding: format!(
            "The breaker opened at {}. A call that was waiting to retry ended {measured}.",
            ms(opened)
        ),
        expected: format!("a rejection by {}", ms(latest)),
        measured,
        at: settled.unwrap_or(latest),
        call: Some(i),
        mark: "still waiting".to_string(),
        wrong: Vec::new(),
    })
}
