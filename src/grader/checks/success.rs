use super::{Evidence, Fault, Finding, Judged, Observed, by_run, count, later_than, ms};
use crate::grader::sim::{CallRecord, Settled};
use crate::grader::verdict::Criterion;

pub fn judge(evidence: &Evidence<'_>) -> Finding {
    let none = (
        "No success was ever answered",
        "The program made no attempt that could succeed.",
    );
    by_run(Criterion::Success, evidence, none, |observed| judge_run(observed))
}

fn judge_run(observed: &Observed<'_>) -> Judged {
    let calls = || observed.run.calls.iter().enumerate();
    if let Some(fault) = calls().find_map(|(i, call)| fault(observed, i, call)) {
        return Judged::Fault(Box::new(fault));
    }
    let succeeded = calls().any(|(_, c)| c.answered().any(|a| a.answer.is_success()));
    if succeeded { Judged::Fine } else { Judged::Nothing }
}

fn fault(observed: &Observed<'_>, i: usize, call: &CallRecord) -> Option<Fault> {
    let first = call.attempts.first()?;
    let fault = |title: &str, finding: String, expected: &str, measured: String, at, mark: &str| {
        let (title, expected, mark) = (title.to_string(), expected.to_string(), mark.to_string());
        Some(Fault {
            title,
            finding,
            expected,
            measured,
            at,
            call: Some(i),
            mark,
            wrong: Vec::new(),
        })
    };
    if later_than(first.start, call.start) {
        let wait = ms(first.start - call.start);
        let finding = format!("The first attempt came {wait} after the call, although nothing had failed yet.");
        let mark = "a needless wait";
        return fault(
            "Waits before the first attempt",
            finding,
            "the first attempt at once",
            wait,
            first.start,
            mark,
        );
    }
    let (k, answered) = call
        .attempts
        .iter()
        .enumerate()
        .find(|(_, a)| a.end.is_some() && a.answer.is_success())?;
    let (end, label) = (answered.end?, answered.answer.label());
    let beside = call
        .attempts
        .iter()
        .enumerate()
        .find(|(j, a)| *j != k && (*j > k || a.end.is_none_or(|e| e > answered.start)));
    if let Some((j, extra)) = beside {
        let n = call.attempts.len();
        let finding = format!(
            "The API answered {label}, and the call sent {} in all.",
            count(n, "attempt")
        );
        let measured = count(n, "attempt");
        let mut found = fault(
            "Sends more than it needs",
            finding,
            "nothing after a success",
            measured,
            extra.start,
            "not needed",
        )?;
        found.wrong = vec![(i, j)];
        return Some(found);
    }
    match &call.settled {
        None if observed.run.halt.is_some() => None,
        None => {
            let finding = format!("The API answered {label} at {}, and the call never returned.", ms(end));
            fault(
                "A success is not returned",
                finding,
                "the response, at once",
                "nothing".to_string(),
                end,
                "never returned",
            )
        }
        Some((at, Settled::Resolved { op: Some(op), .. })) if *op == answered.op => {
            let late = ms(at.saturating_sub(end));
            let finding = format!("The API answered {label}, and the call returned it {late} later.");
            let wait = "a needless wait";
            if later_than(*at, end) {
                fault(
                    "Waits after the success",
                    finding,
                    "the response at once",
                    late,
                    *at,
                    wait,
                )
            } else {
                None
            }
        }
        Some((at, Settled::Resolved { shown, .. })) => {
            let measured = if shown.is_empty() {
                "another attempt's response".to_string()
            } else {
                shown.clone()
            };
            let finding = format!("The API answered {label}, and the call returned {measured}.");
            fault(
                "Does not return the response itself",
                finding,
                "the Response of that attempt",
                measured,
                *at,
                "not the response",
            )
        }
        Some((at, Settled::Rejected(_))) => {
            let finding = format!("The API answered {label}, and the call rejected.");
            let measured = "a rejection".to_string();
            fault(
                "A success is taken for a failure",
                finding,
                "the response, returned",
                measured,
                *at,
                "rejected",
            )
        }
    }
}
