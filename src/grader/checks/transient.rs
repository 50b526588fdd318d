use super::{Evidence, Fault, Finding, Judged, Observed, by_run};
use crate::grader::verdict::Criterion;
pub fn judge(evidence: &Evidence<'_>) -> Finding {
    let none = (
        "No transient failure was ever answered",
        "The program made no attempt that could fail.",
    );
    by_run(Criterion::Transient, evidence, none, judge_run)
}

/// Every failure comes as the first answer of its call, with attempts to spare and the breaker's threshold out of reach.
fn judge_run(observed: &Observed<'_>) -> Judged {
    let run = &observed.run;
    let failed = |c: &&crate::grader::sim::CallRecord| c.answered().next().is_some_and(|a| a.answer.is_transient());
    let not_retried: Vec<usize> = (0..run.calls.len())
        .filter(|i| failed(&&run.calls[*i]) && run.calls[*i].attempts.len() == 1)
        .collect();
    let Some(first) = not_retried.first() else {
        return if run.calls.iter().any(|c| failed(&c)) {
            Judged::Fine
        } else {
            Judged::Nothing
        };
    };
    if run.halt.is_some() && run.calls[*first].settled.is_none() {
        return Judged::Nothing;
    }
    let kinds: Vec<String> = not_retried
        .iter()
        .map(|i| run.calls[*i].attempts[0].answer.label())
        .collect();
    let list = kinds.join(", ");
    let title = match kinds.as_slice() {
        [one] => format!("{one} is not tried again"),
        _ => "Some transient failures are not tried again".to_string(),
    };
    let call = &run.calls[*first];
    Judged::Fault(Box::new(Fault {
        title,
        finding: format!(
            "The API answered {list} once and would then have answered 200. The program made no second attempt."
        ),
        expected: "a second attempt after each".to_string(),
        measured: format!("no retry after {list}"),
        at: call.attempts[0].end.unwrap_or(call.start),
        call: Some(*first),
        mark: "not tried again".to_string(),
        wrong: Vec::new(),
    }))
}
