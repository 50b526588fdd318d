use super::breaker::{expectations, sent_while_open};
use super::{Evidence, Finding, Judged, Observed, by_run};
use crate::grader::challenge::Expect;
use crate::grader::verdict::Criterion;

pub fn judge(evidence: &Evidence<'_>) -> Finding {
    let none = (
        "The breaker never opened",
        "Without a breaker that opens, there is nothing that many calls could get wrong.",
    );
    by_run(Criterion::Concurrency, evidence, none, |observed| {
        judge_run(observed, evidence.profile.opens_after)
    })
}

/// The threshold is the one at which this program's breaker opens when calls come one by one, so that a wrong threshold
/// is not held against it a second time.
fn judge_run(observed: &Observed<'_>, threshold: Option<u32>) -> Judged {
    let Some(threshold) = threshold else {
        return Judged::Nothing;
    };
    match expectations(observed, Some(threshold)) {
        (_, Some(fault)) => Judged::Fault(Box::new(fault)),
        (judged, None) => {
            let counted = observed
                .expects
                .iter()
                .flatten()
                .any(|(e, _)| *e == Expect::UnsentIfUntouched);
            match sent_while_open(observed, threshold).filter(|_| counted) {
                Some(fault) => Judged::Fault(Box::new(fault)),
                None if judged == 0 => Judged::Nothing,
                None => Judged::Fine,
            }
        }
    }
}
