use super::waits::bound_ms;
use super::{Evidence, Fault, Finding, Shown, failed, ms_f, passed, with_headers, without_evidence};
use crate::grader::sim::{Attempt, MS};
use crate::grader::verdict::{Criterion, HeaderWaits, Options};
use std::collections::BTreeMap;

const SLACK_MS: f64 = 1.0;
/// A header that counts as absent leaves the ordinary wait, so that of 24 waits one is longer than a twentieth of the
/// bound, unless the program hardly waits at all. Even for the product of two draws, 20 % of which are shorter, none of
/// 24 is longer with a probability of 0.2^24.
const HOT: f64 = 0.05;

/// A wait after an answer that bore the header.
struct Wait {
    observed: usize,
    call: usize,
    attempt: usize,
    ms: f64,
    low: f64,
    high: f64,
    bound: f64,
}

pub fn judge(evidence: &Evidence<'_>) -> Finding {
    let mut forms: BTreeMap<(bool, String), Vec<Wait>> = BTreeMap::new();
    let mut runs = 0;
    for (i, observed) in evidence.of(Criterion::RetryAfter) {
        runs += 1;
        for (c, call) in observed.run.calls.iter().enumerate() {
            for (k, pair) in call.attempts.windows(2).enumerate() {
                let Some(end) = pair[0].end.filter(|_| evidence.profile.fails.contains(&pair[0].answer)) else {
                    continue;
                };
                let (options, n) = (&observed.scenario.options, k as u32 + 1);
                let (form, (low, high)) = match &pair[0].retry_after {
                    Some(header) => (form(&pair[0], header), bounds(&pair[0], n, options, evidence)),
                    // Once the header has been heeded, waits are ordinary again.
                    None if k > 0 && call.attempts[k - 1].asked_ms.is_some() => {
                        (after_header(), (0.0, options.max_delay_ms))
                    }
                    None => continue,
                };
                let ms = pair[1].start.saturating_sub(end) as f64 / MS as f64;
                let wait = Wait {
                    observed: i,
                    call: c,
                    attempt: k + 1,
                    ms,
                    low,
                    high,
                    bound: bound_ms(options, n),
                };
                forms.entry(form).or_default().push(wait);
            }
        }
    }
    let counting = forms.iter().any(|((counts, _), _)| *counts);
    if !counting {
        let none = (
            "It never came to a wait",
            "No 429 or 503 with the header was tried again, so no wait could be measured.",
        );
        return without_evidence(Criterion::RetryAfter, evidence, none);
    }
    let faults: Vec<Shown> = forms
        .iter()
        .filter_map(|(form, waits)| fault(form, waits, evidence))
        .collect();
    let headers = forms
        .iter()
        .map(|(form, waits)| shown(form, waits, fault(form, waits, evidence).is_none()))
        .collect();
    let bad = faults
        .iter()
        .map(|f| f.observed)
        .collect::<std::collections::BTreeSet<_>>()
        .len() as u32;
    let total = forms.len();
    let finding = match faults.into_iter().next() {
        Some(mut first) => {
            let broken = forms
                .iter()
                .filter(|(form, waits)| fault(form, waits, evidence).is_some())
                .count();
            if broken > 1 {
                first
                    .fault
                    .finding
                    .push_str(&format!(" {broken} of the {total} forms of the header go wrong."));
            }
            failed(Criterion::RetryAfter, runs, bad, first)
        }
        None => passed(
            Criterion::RetryAfter,
            runs,
            format!("Held for all {total} forms of the header."),
        ),
    };
    with_headers(finding, headers)
}

/// What the rule allows; for a header that counts as absent, what this program waits without one.
fn bounds(answered: &Attempt, n: u32, options: &Options, evidence: &Evidence<'_>) -> (f64, f64) {
    match answered.asked_ms {
        Some(asked) => (asked, 1.25 * asked + options.max_delay_ms),
        None => {
            let usual = evidence
                .measured
                .first_high()
                .max(if evidence.measured.decorrelated { 3.0 } else { 1.0 });
            (0.0, (bound_ms(options, n) * usual).max(bound_ms(options, n)))
        }
    }
}

/// A failure without the header, after one that had it.
fn after_header() -> (bool, String) {
    (false, "no header, after one that had it".to_string())
}

/// Whether the header counts, and what to call it.
fn form(answered: &Attempt, header: &str) -> (bool, String) {
    let status = answered.answer.label();
    let date = header.contains("GMT");
    let text = match (date, answered.asked_ms) {
        (false, _) => format!("{status} · {header}"),
        (true, Some(ms)) => format!("{status} · date, {:.0} s ahead", (ms / 1_000.0).floor()),
        (true, None) if matches!(status.as_str(), "429" | "503") => format!("{status} · date in the past"),
        (true, None) => format!("{status} · date ahead"),
    };
    (answered.asked_ms.is_some(), text)
}

fn fault((counts, form): &(bool, String), waits: &[Wait], evidence: &Evidence<'_>) -> Option<Shown> {
    let make = |wait: &Wait, title: &str, finding: String, expected: String| {
        let at = evidence.observed[wait.observed].run.calls[wait.call].attempts[wait.attempt].start;
        let measured = ms_f(wait.ms);
        let mark = format!("after {measured}");
        let wrong = vec![(wait.call, wait.attempt)];
        let fault = Fault {
            title: title.to_string(),
            finding,
            expected,
            measured,
            at,
            call: Some(wait.call),
            mark,
            wrong,
        };
        Some(Shown {
            observed: wait.observed,
            fault,
        })
    };
    if let Some(wait) = waits.iter().find(|w| w.ms < w.low - SLACK_MS) {
        let title = if form.contains("date") {
            "A date in Retry-After is not honoured"
        } else {
            "Retry-After is not honoured"
        };
        let finding = format!(
            "The API asked for {} ({form}). The next attempt came after {}.",
            ms_f(wait.low),
            ms_f(wait.ms)
        );
        return make(
            wait,
            title,
            finding,
            format!("{} to {}", ms_f(wait.low), ms_f(wait.high)),
        );
    }
    if let Some(wait) = waits.iter().find(|w| w.ms > w.high + SLACK_MS) {
        if *counts {
            let finding = format!(
                "The API asked for {} ({form}). The next attempt came after {} only.",
                ms_f(wait.low),
                ms_f(wait.ms)
            );
            return make(
                wait,
                "Waits far longer than Retry-After asks",
                finding,
                format!("{} at most", ms_f(wait.high)),
            );
        }
        let finding = format!(
            "This header counts as absent ({form}), and the wait should be the usual one, up to {}. It was {}.",
            ms_f(wait.high),
            ms_f(wait.ms)
        );
        return make(
            wait,
            "Heeds a Retry-After that does not count",
            finding,
            format!("{} at most", ms_f(wait.high)),
        );
    }
    let hot = |w: &Wait| w.ms < HOT * w.bound + SLACK_MS;
    let waits_at_all = evidence.measured.first_high() > 4.0 * HOT;
    if !counts && waits_at_all && waits.len() >= 12 && waits.iter().all(hot) {
        let wait = &waits[0];
        let finding = format!(
            "This header counts as absent ({form}), and the wait should be the usual one, up to {}. All {} attempts came at once.",
            ms_f(wait.high),
            waits.len()
        );
        return make(
            wait,
            "A useless Retry-After becomes a hot loop",
            finding,
            "the usual wait".to_string(),
        );
    }
    None
}

fn shown((_, form): &(bool, String), waits: &[Wait], pass: bool) -> HeaderWaits {
    let least = |f: fn(&Wait) -> f64| waits.iter().map(f).fold(f64::MAX, f64::min);
    HeaderWaits {
        form: form.clone(),
        low_ms: least(|w| w.low),
        high_ms: waits.iter().map(|w| w.high).fold(0.0, f64::max),
        waits_ms: waits.iter().take(24).map(|w| (w.ms * 10.0).round() / 10.0).collect(),
        pass,
    }
}
