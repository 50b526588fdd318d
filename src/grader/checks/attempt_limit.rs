use super::{Evidence, Fault, Finding, Judged, Observed, Profile, by_run, count, ms};
use crate::grader::sim::CallRecord;
use crate::grader::verdict::Criterion;

pub fn judge(evidence: &Evidence<'_>) -> Finding {
    let none = (
        "No call ran out of attempts",
        "No call of the program failed until its attempts were used up.",
    );
    by_run(Criterion::AttemptLimit, evidence, none, |observed| {
        judge_run(observed, evidence.profile)
    })
}

/// The threshold is out of reach and every failure of a kind that the program retries, so a call that fails throughout
/// makes exactly `maxAttempts` attempts. A call that ends early because the program's breaker opened all the same (the
/// call after it sends nothing either) is that criterion's affair.
fn judge_run(observed: &Observed<'_>, profile: &Profile) -> Judged {
    let run = &observed.run;
    let most = observed.scenario.options.max_attempts as usize;
    let failing = |c: &CallRecord| c.answered().all(|a| a.answer.is_transient());
    let mut seen = false;
    for (i, call) in run.calls.iter().enumerate().filter(|(_, c)| failing(c)) {
        let made = call.attempts.len();
        let tripped = profile.trips && made < most && run.calls.get(i + 1).is_none_or(|next| next.attempts.is_empty());
        if tripped || (made < most && call.settled.is_none()) {
            continue;
        }
        seen = true;
        if made != most {
            return Judged::Fault(Box::new(fault(i, call, most)));
        }
    }
    if seen { Judged::Fine } else { Judged::Nothing }
}

fn fault(i: usize, call: &CallRecord, most: usize) -> Fault {
    let made = call.attempts.len();
    let last = call.attempts.get(most.min(made.max(1) - 1));
    let at = last.map_or(call.start, |a| a.start);
    let many = made > most;
    let allowed = count(most, "attempt");
    Fault {
        title: if many {
            "Makes more attempts than allowed"
        } else {
            "Gives up too early"
        }
        .to_string(),
        finding: format!(
            "maxAttempts was {most} and every attempt failed. The call made {}.",
            count(made, "attempt")
        ),
        expected: format!("{allowed}, the first included"),
        measured: format!(
            "{}{}",
            count(made, "attempt"),
            if many {
                String::new()
            } else {
                format!(", then nothing from {}", ms(at))
            }
        ),
        at,
        call: Some(i),
        mark: if many { "one too many" } else { "gives up here" }.to_string(),
        wrong: (most..made).map(|k| (i, k)).collect(),
    }
}
