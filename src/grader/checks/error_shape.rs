use super::breaker::opening;
use super::{Evidence, Fault, Finding, Judged, Observed, Profile, by_run, count, ms};
use crate::grader::sim::{Answer, Attempt, CallRecord, Cause, Code, LastStatus, Rejected, Settled};
use crate::grader::verdict::Criterion;

pub fn judge(evidence: &Evidence<'_>) -> Finding {
    let none = (
        "Nothing was ever rejected",
        "No call of the program rejected, whatever the API did.",
    );
    by_run(Criterion::ErrorShape, evidence, none, |observed| {
        judge_run(observed, evidence.profile)
    })
}

fn judge_run(observed: &Observed<'_>, profile: &Profile) -> Judged {
    let mut seen = false;
    for (i, call) in observed.run.calls.iter().enumerate() {
        let Some((at, settled)) = &call.settled else { continue };
        let fault = match settled {
            Settled::Resolved { op, shown } => swallowed(call, *op, shown),
            Settled::Rejected(rejected) => {
                seen = true;
                let most = observed.scenario.options.max_attempts as usize;
                let threshold = observed.scenario.options.failure_threshold;
                let opened = opening(&observed.run, threshold).is_some_and(|t| t <= *at);
                misshapen(call, rejected, Limits { most, opened }, profile)
            }
        };
        if let Some((title, finding, expected, measured)) = fault {
            let mark = measured.clone();
            let title = title.to_string();
            let finding = format!("{finding} (The call that ended at {}.)", ms(*at));
            let fault = Fault {
                title,
                finding,
                expected,
                measured,
                at: *at,
                call: Some(i),
                mark,
                wrong: Vec::new(),
            };
            return Judged::Fault(Box::new(fault));
        }
    }
    if seen { Judged::Fine } else { Judged::Nothing }
}

/// Title, finding, expected, measured.
type Misshapen = Option<(&'static str, String, String, String)>;

/// A call that resolves without any success behind it.
fn swallowed(call: &CallRecord, op: Option<u32>, shown: &str) -> Misshapen {
    let answered = |op: u32| call.attempts.iter().find(|a| a.op == op);
    if call.answered().any(|a| a.answer.is_success()) {
        // What it returned instead is judged with the successes.
        return None;
    }
    let measured = match op.and_then(answered) {
        Some(attempt) => format!("resolves with the {} response", attempt.answer.label()),
        None => format!(
            "resolves with {}",
            if shown.is_empty() { "another response" } else { shown }
        ),
    };
    let finding = format!("No attempt succeeded, yet the call {measured}, as if all were well.");
    Some((
        "A failure is swallowed",
        finding,
        "a rejection with an Error".to_string(),
        measured,
    ))
}

/// How many attempts the call had, and whether the breaker had opened when it ended.
#[derive(Clone, Copy)]
struct Limits {
    most: usize,
    opened: bool,
}

fn misshapen(call: &CallRecord, rejected: &Rejected, limits: Limits, profile: &Profile) -> Misshapen {
    if !rejected.is_error {
        let measured = format!("rejects with {}", rejected.shown);
        let finding = format!("The call {measured}, which is not an Error.");
        return Some((
            "Rejects with something that is no Error",
            finding,
            "an Error".to_string(),
            measured,
        ));
    }
    if call.answered().any(|a| a.answer.is_success()) {
        return None;
    }
    wrong_code(call, rejected, limits, profile)
        .or_else(|| wrong_attempts(call, rejected))
        .or_else(|| wrong_status(call, rejected))
        .or_else(|| wrong_cause(call, rejected))
}

/// Where the program took a failure for something else (it retried a permanent one, or gave up on a transient one), the
/// code follows from that, and is not held against it here.
fn wrong_code(call: &CallRecord, rejected: &Rejected, limits: Limits, profile: &Profile) -> Misshapen {
    let allowed: &[Code] = match call.attempts.last() {
        // Sends nothing although the breaker is closed: another criterion's affair.
        None if !limits.opened => return None,
        None => &[Code::CircuitOpen],
        Some(last) if last.answer.is_permanent() => {
            let earlier = &call.attempts[..call.attempts.len() - 1];
            if earlier.iter().any(|a| a.answer.is_permanent()) {
                return None;
            }
            &[Code::NonRetryable]
        }
        Some(last) if !profile.fails.contains(&last.answer) => return None,
        Some(_) => match (call.attempts.len() < limits.most, limits.opened) {
            (true, true) => &[Code::CircuitOpen],
            (false, false) => &[Code::RetriesExhausted],
            // The last allowed attempt has opened the breaker, or the program has a limit or a threshold of its own.
            (false, true) | (true, false) => &[Code::RetriesExhausted, Code::CircuitOpen],
        },
    };
    if allowed.contains(&rejected.code) {
        return None;
    }
    let measured = if rejected.code == Code::Other {
        rejected.shown.clone()
    } else {
        format!("code {}", rejected.code.text())
    };
    let what = match call.attempts.last() {
        None => "The breaker was open and nothing was sent".to_string(),
        Some(last) => format!(
            "The last of {} was answered {}",
            count(call.attempts.len(), "attempt"),
            last.answer.label()
        ),
    };
    let names: Vec<&str> = allowed.iter().map(|c| c.text()).collect();
    Some((
        "The error has the wrong code",
        format!("{what}; the error has {measured}."),
        format!("code {}", names.join(" or ")),
        measured,
    ))
}

fn wrong_attempts(call: &CallRecord, rejected: &Rejected) -> Misshapen {
    let made = call.attempts.len();
    if rejected.attempts == made as f64 {
        return None;
    }
    let measured = if rejected.attempts.is_nan() {
        "attempts is no number".to_string()
    } else {
        format!("attempts: {}", rejected.attempts)
    };
    let finding = format!(
        "The call invoked the operation {}, and the error says {measured}.",
        if made == 1 {
            "once".to_string()
        } else {
            format!("{made} times")
        }
    );
    Some((
        "The error miscounts the attempts",
        finding,
        format!("attempts: {made}"),
        measured,
    ))
}

fn wrong_status(call: &CallRecord, rejected: &Rejected) -> Misshapen {
    let expected = match call.attempts.last().map(|a| a.answer) {
        Some(Answer::Status { status, .. }) => LastStatus::Number(f64::from(status)),
        _ => LastStatus::Null,
    };
    if rejected.last_status == expected {
        return None;
    }
    let show = |status: LastStatus| match status {
        LastStatus::Null => "lastStatus: null".to_string(),
        LastStatus::Number(n) => format!("lastStatus: {n}"),
        LastStatus::Other => "lastStatus is neither a number nor null".to_string(),
    };
    let what = call.attempts.last().map_or("No attempt was made".to_string(), |a| {
        format!("The last attempt ended with {}", a.answer.label())
    });
    let measured = show(rejected.last_status);
    Some((
        "The error has the wrong lastStatus",
        format!("{what}; the error says {measured}."),
        show(expected),
        measured,
    ))
}

fn wrong_cause(call: &CallRecord, rejected: &Rejected) -> Misshapen {
    let last = call.attempts.last()?;
    let label = last.answer.label();
    let measured = match &rejected.cause {
        Cause::Of(op) if *op == last.op => return None,
        Cause::Of(op) => {
            let other = call
                .attempts
                .iter()
                .find(|a| a.op == *op)
                .map_or("another call".to_string(), |a| {
                    format!("the {} before", a.answer.label())
                });
            format!("the cause is {other}")
        }
        Cause::Error(words) if names(words, last) => return None,
        Cause::Error(words) => format!("the cause says “{}”", words.trim()),
        Cause::Other(shown) => format!("the cause is {shown}"),
        Cause::Missing => "no cause".to_string(),
    };
    let finding = format!("The last attempt ended with {label}, but of the error {measured}.");
    Some((
        "The error does not tell its cause",
        finding,
        format!("a cause that is or names {label}"),
        measured,
    ))
}

/// An `Error` of the candidate's own names a failure by its status, or by any word of the original.
fn names(words: &str, last: &Attempt) -> bool {
    match last.answer {
        Answer::Status { status, .. } => words.contains(&status.to_string()),
        Answer::Lost(error) => words.contains(error.code()) || words.contains("fetch failed"),
        Answer::Refused => words.contains("refused"),
        Answer::Aborted => words.to_lowercase().contains("abort") || words.to_lowercase().contains("time"),
    }
}
