use super::breaker::expectations;
use super::{Evidence, Finding, Judged, Observed, by_run};
use crate::grader::verdict::Criterion;

pub fn judge(evidence: &Evidence<'_>) -> Finding {
    let none = (
        "There was nothing to recover from",
        "The breaker never opened, so that no trial could be seen.",
    );
    by_run(Criterion::BreakerRecovers, evidence, none, judge_run)
}

/// The scenarios call until nothing is sent any more, so they follow the program's own breaker wherever it opens.
fn judge_run(observed: &Observed<'_>) -> Judged {
    let opened = observed.run.calls.iter().any(|c| c.step == 0 && c.unsent());
    if !opened {
        return Judged::Nothing;
    }
    match expectations(observed, None) {
        (0, None) => Judged::Nothing,
        (_, fault) => fault.into(),
    }
}
