use super::{Evidence, Fault, Finding, Judged, Observed, by_run, later_than, ms};
use crate::grader::sim::CallRecord;
use crate::grader::verdict::Criterion;

pub fn judge(evidence: &Evidence<'_>) -> Finding {
    let none = (
        "No permanent failure was ever answered",
        "The program made no attempt that could fail.",
    );
    by_run(Criterion::Permanent, evidence, none, judge_run)
}

fn judge_run(observed: &Observed<'_>) -> Judged {
    let run = &observed.run;
    let faults: Vec<Fault> = run
        .calls
        .iter()
        .enumerate()
        .filter_map(|(i, call)| fault(observed, i, call))
        .collect();
    let Some(first) = faults.first() else {
        let answered = run.calls.iter().any(|c| c.answered().any(|a| a.answer.is_permanent()));
        return if answered { Judged::Fine } else { Judged::Nothing };
    };
    let mut fault = first.clone();
    let others: Vec<&str> = faults[1..].iter().map(|f| f.measured.as_str()).collect();
    if !others.is_empty() {
        fault.finding = format!(
            "{} In all, {} of the {} calls.",
            fault.finding,
            faults.len(),
            run.calls.len()
        );
    }
    Judged::Fault(Box::new(fault))
}

fn fault(observed: &Observed<'_>, i: usize, call: &CallRecord) -> Option<Fault> {
    let (k, answered) = call
        .attempts
        .iter()
        .enumerate()
        .find(|(_, a)| a.end.is_some() && a.answer.is_permanent())?;
    let (end, label) = (answered.end?, answered.answer.label());
    let at_once = "a rejection at once, nothing sent".to_string();
    if let Some(next) = call.attempts.get(k + 1) {
        return Some(Fault {
            title: format!("{label} is tried again"),
            finding: format!(
                "The API answered {label}, which will not get better, and the program tried again {} later.",
                ms(next.start.saturating_sub(end))
            ),
            expected: at_once,
            measured: format!("another attempt after {label}"),
            at: next.start,
            call: Some(i),
            mark: format!("a retry of {label}"),
            wrong: vec![(i, k + 1)],
        });
    }
    let settled = call.settled_at();
    if settled.is_some_and(|at| !later_than(at, end)) || (settled.is_none() && observed.run.halt.is_some()) {
        return None;
    }
    let measured = settled.map_or("never".to_string(), |at| {
        format!("{} later", ms(at.saturating_sub(end)))
    });
    Some(Fault {
        title: format!("{label} is not thrown at once"),
        finding: format!("The API answered {label}, and the call ended {measured}."),
        expected: at_once,
        measured,
        at: settled.unwrap_or(end),
        call: Some(i),
        mark: "too late".to_string(),
        wrong: Vec::new(),
    })
}
