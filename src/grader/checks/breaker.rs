//! What the three criteria of the breaker share: when it opens, and whether calls do what a scenario expects of them.

use super::{Fault, Observed, count, later_than, ms};
use crate::grader::challenge::Expect;
use crate::grader::sim::{Attempt, CallRecord, Happening, Micros, Run, Settled, TOLERANCE};

/// When so many transient failures in a row have been answered for the first time; a success starts the count anew.
pub fn opening(run: &Run, threshold: u32) -> Option<Micros> {
    let mut failures = 0;
    for happening in &run.happenings {
        let Happening::Answered { call, attempt } = happening else {
            continue;
        };
        let attempt = &run.calls[*call as usize].attempts[*attempt as usize];
        failures = match attempt.answer {
            answer if answer.is_success() => 0,
            answer if answer.is_transient() => failures + 1,
            _ => failures,
        };
        if failures >= threshold {
            return attempt.end;
        }
    }
    None
}

/// When the last transient failure before a moment was answered.
pub fn last_failure(run: &Run, before: Micros) -> Option<Micros> {
    let attempts = run.calls.iter().flat_map(|c| &c.attempts);
    attempts
        .filter(|a| a.answer.is_transient())
        .filter_map(|a| a.end)
        .filter(|end| *end <= before)
        .max()
}

pub fn reset_us(observed: &Observed<'_>) -> Micros {
    (observed.scenario.options.reset_timeout_ms * 1_000.0) as Micros
}

/// The first attempt that leaves while the breaker is open, and who made it.
pub fn sent_while_open(observed: &Observed<'_>, threshold: u32) -> Option<Fault> {
    let opened = opening(&observed.run, threshold)?;
    let half_open = opened + reset_us(observed);
    let inside = |t: Micros| later_than(t, opened) && t + TOLERANCE < half_open;
    let sent = |call: &CallRecord| call.attempts.iter().position(|a| inside(a.start));
    let (i, k) = observed
        .run
        .calls
        .iter()
        .enumerate()
        .find_map(|(i, call)| Some((i, sent(call)?)))?;
    let start = observed.run.calls[i].attempts[k].start;
    let who = if k == 0 {
        "a new call"
    } else {
        "a call that had been waiting to retry"
    };
    Some(Fault {
        title: if k == 0 {
            "The breaker does not open"
        } else {
            "A waiting call goes through the open breaker"
        }
        .to_string(),
        finding: format!(
            "The breaker opened at {}, after {} in a row. At {} {who} sent an attempt.",
            ms(opened),
            count(threshold as usize, "failure"),
            ms(start)
        ),
        expected: format!("nothing sent before {}", ms(half_open)),
        measured: format!("an attempt at {}", ms(start)),
        at: start,
        call: Some(i),
        mark: "sent while open".to_string(),
        wrong: vec![(i, k)],
    })
}

/// A call that began while the breaker was open and did not end at once.
pub fn slow_to_reject(observed: &Observed<'_>, threshold: u32) -> Option<Fault> {
    let opened = opening(&observed.run, threshold)?;
    let half_open = opened + reset_us(observed);
    let began = |c: &CallRecord| later_than(c.start, opened) && c.start + TOLERANCE < half_open;
    let slow = |c: &CallRecord| c.attempts.is_empty() && c.settled_at().is_none_or(|at| later_than(at, c.start));
    let (i, call) = observed
        .run
        .calls
        .iter()
        .enumerate()
        .find(|(_, c)| began(c) && slow(c))?;
    (observed.run.halt.is_none()).then(|| late(i, call, "A call to an open breaker has to wait"))
}

fn late(i: usize, call: &CallRecord, title: &str) -> Fault {
    let measured = match call.settled_at() {
        Some(at) => format!("{} later", ms(at.saturating_sub(call.start))),
        None => "never".to_string(),
    };
    Fault {
        title: title.to_string(),
        finding: format!(
            "The call began at {}, when nothing could be sent. It ended {measured}.",
            ms(call.start)
        ),
        expected: "a rejection at once".to_string(),
        measured,
        at: call.settled_at().unwrap_or(call.start),
        call: Some(i),
        mark: "not at once".to_string(),
        wrong: Vec::new(),
    }
}

/// Compares calls with what their steps expect, in their order; the first that differs ends it. The number says how
/// many expectations could be judged.
pub fn expectations(observed: &Observed<'_>, threshold: Option<u32>) -> (u32, Option<Fault>) {
    let mut judged = 0;
    for (step, expect) in observed.expects.iter().enumerate() {
        let Some((expect, says)) = expect else { continue };
        let calls: Vec<usize> = (0..observed.run.calls.len())
            .filter(|i| observed.run.calls[*i].step == step)
            .collect();
        let expectation = Expectation {
            observed,
            threshold,
            says,
            calls: &calls,
        };
        match expectation.check(*expect) {
            Outcome::Skipped => {}
            Outcome::Kept => judged += 1,
            Outcome::Broken(fault) => return (judged + 1, Some(*fault)),
        }
    }
    (judged, None)
}

enum Outcome {
    Kept,
    Broken(Box<Fault>),
    /// What came before leaves nothing to expect.
    Skipped,
}

struct Expectation<'a> {
    observed: &'a Observed<'a>,
    threshold: Option<u32>,
    says: &'a str,
    calls: &'a [usize],
}

impl Expectation<'_> {
    fn check(&self, expect: Expect) -> Outcome {
        if self.calls.is_empty() {
            return Outcome::Skipped;
        }
        match expect {
            Expect::Unsent => self.unsent(),
            Expect::Once => self.each(|i, call| match call.attempts.len() {
                0 => Some(self.not_let_through(i, call)),
                1 => None,
                n => Some(self.too_many(i, call, n)),
            }),
            Expect::Resolved => self.each(|i, call| self.not_resolved(i, call)),
            Expect::Returned => self.each(|i, call| self.not_returned(i, call)),
            Expect::OneSent => self.one_sent(),
            Expect::UnsentIfUntouched => {
                if self.is_open() {
                    self.unsent()
                } else {
                    Outcome::Skipped
                }
            }
            Expect::SentIfUntouched => {
                if self.lets_through() {
                    self.sent()
                } else {
                    Outcome::Skipped
                }
            }
            Expect::UnsentBesideTrial => {
                if self.trial_under_way() {
                    self.unsent()
                } else {
                    Outcome::Skipped
                }
            }
            Expect::SentIfTrialSucceeded => {
                if self.trial_succeeded() {
                    self.sent()
                } else {
                    Outcome::Skipped
                }
            }
        }
    }

    fn call(&self, i: usize) -> &CallRecord {
        &self.observed.run.calls[i]
    }

    fn began(&self) -> Micros {
        self.call(self.calls[0]).start
    }

    fn each(&self, fault: impl Fn(usize, &CallRecord) -> Option<Fault>) -> Outcome {
        match self.calls.iter().find_map(|i| fault(*i, self.call(*i))) {
            Some(fault) => Outcome::Broken(Box::new(fault)),
            None => Outcome::Kept,
        }
    }

    fn unsent(&self) -> Outcome {
        self.each(|i, call| match call.attempts.first() {
            Some(attempt) => Some(self.sent_all_the_same(i, attempt)),
            None if self.observed.run.halt.is_some() => None,
            None if call.settled_at().is_none_or(|at| later_than(at, call.start)) => {
                Some(late(i, call, "A call that cannot be sent has to wait"))
            }
            None => None,
        })
    }

    fn sent(&self) -> Outcome {
        self.each(|i, call| call.attempts.is_empty().then(|| self.not_let_through(i, call)))
    }

    fn one_sent(&self) -> Outcome {
        let sent: Vec<usize> = self
            .calls
            .iter()
            .copied()
            .filter(|i| !self.call(*i).attempts.is_empty())
            .collect();
        match sent.as_slice() {
            // Nobody was let through: the recovery's affair.
            [] => Outcome::Skipped,
            [one] => self.each(|i, call| {
                let waited = call.settled_at().is_none_or(|at| later_than(at, call.start));
                (i != *one && waited).then(|| late(i, call, "A call beside the trial has to wait"))
            }),
            many => {
                let first = &self.call(many[1]).attempts[0];
                let times: Vec<String> = many.iter().map(|i| ms(self.call(*i).attempts[0].start)).collect();
                let n = self.calls.len();
                Outcome::Broken(Box::new(Fault {
                    title: self.says.to_string(),
                    finding: format!(
                        "{n} calls came when the breaker was half-open, and {} were sent, at {}.",
                        count(many.len(), "attempt"),
                        times.join(", ")
                    ),
                    expected: format!("1 attempt; the other {} reject at once", n - 1),
                    measured: count(many.len(), "attempt"),
                    at: first.start,
                    call: Some(many[1]),
                    mark: format!("{} too many", many.len() - 1),
                    wrong: many[1..].iter().map(|i| (*i, 0)).collect(),
                }))
            }
        }
    }

    fn sent_all_the_same(&self, i: usize, attempt: &Attempt) -> Fault {
        Fault {
            title: self.says.to_string(),
            finding: format!(
                "{} The call at {} should have been rejected at once, but was sent.",
                self.before(),
                ms(attempt.start)
            ),
            expected: "a rejection at once, nothing sent".to_string(),
            measured: format!("an attempt at {}", ms(attempt.start)),
            at: attempt.start,
            call: Some(i),
            mark: "must not be sent".to_string(),
            wrong: vec![(i, 0)],
        }
    }

    fn not_let_through(&self, i: usize, call: &CallRecord) -> Fault {
        Fault {
            title: self.says.to_string(),
            finding: format!(
                "{} The call at {} should have been sent, but was refused.",
                self.before(),
                ms(call.start)
            ),
            expected: "one attempt".to_string(),
            measured: "nothing sent".to_string(),
            at: call.start,
            call: Some(i),
            mark: "refused".to_string(),
            wrong: Vec::new(),
        }
    }

    fn too_many(&self, i: usize, call: &CallRecord, n: usize) -> Fault {
        let next = &call.attempts[1];
        let label = call.attempts[0].answer.label();
        Fault {
            title: self.says.to_string(),
            finding: format!(
                "The trial at {} was answered {label}, and {} later the call sent another attempt.",
                ms(call.start),
                ms(next.start.saturating_sub(call.attempts[0].end.unwrap_or(next.start)))
            ),
            expected: "one attempt, the trial".to_string(),
            measured: count(n, "attempt"),
            at: next.start,
            call: Some(i),
            mark: "sent while open".to_string(),
            wrong: (1..n).map(|k| (i, k)).collect(),
        }
    }

    fn not_resolved(&self, i: usize, call: &CallRecord) -> Option<Fault> {
        let Some(last) = call.attempts.last() else {
            return Some(self.not_let_through(i, call));
        };
        // A success that was answered and not handed on is another criterion's affair.
        let halted = self.observed.run.halt.is_some() && call.settled.is_none();
        if last.answer.is_success() || halted {
            return None;
        }
        let made = count(call.attempts.len(), "attempt");
        Some(Fault {
            title: self.says.to_string(),
            finding: format!(
                "{} The call at {} gave up after {made}, the last one answered {}.",
                self.before(),
                ms(call.start),
                last.answer.label()
            ),
            expected: "more attempts, until the success".to_string(),
            measured: format!("{made}, then an end"),
            at: call.settled_at().unwrap_or(last.start),
            call: Some(i),
            mark: "gives up".to_string(),
            wrong: Vec::new(),
        })
    }

    /// What a success is turned into is another criterion's affair; that the call rejects is this one's.
    fn not_returned(&self, i: usize, call: &CallRecord) -> Option<Fault> {
        let attempt = call.attempts.first().filter(|a| a.answer.is_success())?;
        let end = attempt.end.filter(|_| rejected(call))?;
        Some(Fault {
            title: self.says.to_string(),
            finding: format!(
                "The attempt under way was answered {} at {}, and its call rejected.",
                attempt.answer.label(),
                ms(end)
            ),
            expected: "its response, returned".to_string(),
            measured: "a rejection".to_string(),
            at: call.settled_at().unwrap_or(end),
            call: Some(i),
            mark: "its result is lost".to_string(),
            wrong: Vec::new(),
        })
    }

    /// What had happened, for the reader.
    fn before(&self) -> String {
        match last_failure(&self.observed.run, self.began()) {
            Some(at) => format!("The last failure was answered at {}.", ms(at)),
            None => String::new(),
        }
    }

    /// Open by the count of failures, and for a while yet.
    fn is_open(&self) -> bool {
        let opened = self.threshold.and_then(|k| opening(&self.observed.run, k));
        opened.is_some_and(|t| later_than(self.began(), t) && self.began() + TOLERANCE < t + reset_us(self.observed))
    }

    /// Closed by the count of failures, or half-open and nobody's turn yet.
    fn lets_through(&self) -> bool {
        let Some(threshold) = self.threshold else { return false };
        let opened = opening(&self.observed.run, threshold).filter(|t| *t < self.began());
        let Some(opened) = opened else {
            // A call that is answered meanwhile might open it.
            return true;
        };
        let half_open = opened + reset_us(self.observed);
        let taken = |a: &Attempt| a.start + TOLERANCE >= half_open && a.start < self.began();
        later_than(self.began(), half_open) && !self.attempts_before().any(taken)
    }

    fn attempts_before(&self) -> impl Iterator<Item = &Attempt> {
        let calls = self.observed.run.calls.iter().enumerate();
        calls
            .filter(|(i, _)| !self.calls.contains(i))
            .flat_map(|(_, c)| &c.attempts)
    }

    /// When the breaker was last seen to open before these calls.
    fn half_open_at(&self) -> Option<Micros> {
        let first_unsent = self
            .observed
            .run
            .calls
            .iter()
            .find(|c| c.unsent() && c.start < self.began());
        let counted = self.threshold.and_then(|k| opening(&self.observed.run, k));
        let opened = match (counted, first_unsent) {
            (Some(t), _) => Some(t),
            (None, Some(call)) => last_failure(&self.observed.run, call.start),
            _ => None,
        };
        opened.map(|t| t + reset_us(self.observed))
    }

    fn trial_under_way(&self) -> bool {
        let Some(half_open) = self.half_open_at() else {
            return false;
        };
        let last = self.call(self.calls[self.calls.len() - 1]).start;
        let under_way = |a: &Attempt| {
            a.start + TOLERANCE >= half_open && a.start < self.began() && a.end.is_none_or(|end| end > last + TOLERANCE)
        };
        self.attempts_before().any(under_way)
    }

    fn trial_succeeded(&self) -> bool {
        let Some(half_open) = self.half_open_at() else {
            return false;
        };
        let ended_well = |a: &Attempt| {
            a.start + TOLERANCE >= half_open
                && a.answer.is_success()
                && a.end.is_some_and(|e| later_than(self.began(), e))
        };
        self.attempts_before().any(ended_well)
    }
}

/// Whether a call ended by a rejection.
pub fn rejected(call: &CallRecord) -> bool {
    matches!(&call.settled, Some((_, Settled::Rejected(_))))
}
