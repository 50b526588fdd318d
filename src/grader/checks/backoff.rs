use super::waits::{Draw, Retry, bound_ms, ends_of};
use super::{Evidence, Fault, Finding, Measured, Shown, failed, ms_f, passed, without_evidence};
use crate::grader::sim::MS;
use crate::grader::verdict::Criterion;

/// The derivation stands in `waits`.
const SMALLEST_SHARE: f64 = 0.65;
const SLACK_MS: f64 = 1.0;

pub fn judge(evidence: &Evidence<'_>) -> Finding {
    let measured = evidence.measured;
    let draws = measured.draws() as u32;
    if measured.retries.iter().all(|r| r.draws.len() < 30) {
        let none = (
            "It does not wait, for it does not retry",
            "The program made no second attempt from which a wait could be measured.",
        );
        return without_evidence(Criterion::Backoff, evidence, none);
    }
    let fault = above_bound(measured)
        .or_else(|| does_not_grow(measured))
        .or_else(|| starts_over(measured))
        .or_else(|| collapses(evidence));
    match fault {
        Some((bad, shown)) => failed(Criterion::Backoff, draws, bad, shown),
        None => passed(Criterion::Backoff, draws, String::new()),
    }
}

fn fault_at(draw: &Draw, fault: Fault) -> Shown {
    Shown {
        observed: draw.observed,
        fault: Fault {
            call: Some(draw.call),
            ..fault
        },
    }
}

fn above_bound(measured: &Measured) -> Option<(u32, Shown)> {
    if measured.decorrelated {
        return None;
    }
    let retries = || measured.retries.iter().chain(&measured.at_cap);
    let above = |r: &Retry, d: &Draw| d.wait_ms > r.bound_ms + SLACK_MS;
    let bad = retries()
        .map(|r| r.draws.iter().filter(|d| above(r, d)).count())
        .sum::<usize>() as u32;
    let (retry, draw) = retries().find_map(|r| {
        Some((
            r,
            r.draws
                .iter()
                .filter(|d| above(r, d))
                .max_by(|a, b| a.wait_ms.total_cmp(&b.wait_ms))?,
        ))
    })?;
    let (n, bound, wait) = (retry.n, ms_f(retry.bound_ms), ms_f(draw.wait_ms));
    let capped = measured.options.is_some_and(|o| retry.bound_ms >= o.max_delay_ms);
    let title = if capped {
        "Waits grow beyond the cap"
    } else {
        "Waits are longer than their bound"
    };
    let fault = Fault {
        title: title.to_string(),
        finding: format!("The wait before retry {n} may be {bound} at most. The longest was {wait}."),
        expected: format!("at most {bound} before retry {n}"),
        measured: wait.clone(),
        mark: format!("waits {wait}"),
        ..Fault::default()
    };
    Some((bad, fault_at(draw, fault)))
}

/// Waits must reach for their bound at every retry; those of a bound that grows more slowly fall behind.
fn does_not_grow(measured: &Measured) -> Option<(u32, Shown)> {
    if measured.decorrelated {
        return short_of_cap(measured);
    }
    let retries: Vec<&Retry> = measured
        .retries
        .iter()
        .chain(&measured.at_cap)
        .filter(|r| r.draws.len() >= 30)
        .collect();
    let slack = |r: &Retry| SLACK_MS / r.bound_ms;
    let behind = retries.iter().find(|r| ends_of(r).1 + slack(r) < SMALLEST_SHARE)?;
    let longest = ends_of(behind).1 * behind.bound_ms;
    let draw = behind.draws.iter().max_by(|a, b| a.wait_ms.total_cmp(&b.wait_ms))?;
    let best = retries.iter().max_by(|a, b| ends_of(a).1.total_cmp(&ends_of(b).1))?;
    let (n, bound, longest) = (behind.n, ms_f(behind.bound_ms), ms_f(longest));
    let best = format!(
        "{} of {} before retry {}",
        ms_f(ends_of(best).1 * best.bound_ms),
        ms_f(best.bound_ms),
        best.n
    );
    let fault = Fault {
        title: "The bounds do not double".to_string(),
        finding: format!(
            "The bound before retry {n} is {bound}, and of {} waits the longest was {longest}; compare {best}.",
            behind.draws.len()
        ),
        expected: format!("waits of up to {bound} before retry {n}"),
        measured: format!("{longest} at most"),
        mark: format!("never longer than {longest}"),
        ..Fault::default()
    };
    Some((behind.draws.len() as u32, fault_at(draw, fault)))
}

fn short_of_cap(measured: &Measured) -> Option<(u32, Shown)> {
    let cap = measured.options?.max_delay_ms;
    let draws = || measured.retries.iter().flat_map(|r| &r.draws);
    let longest = draws().max_by(|a, b| a.wait_ms.total_cmp(&b.wait_ms))?;
    if measured.retries.len() < 8 || longest.wait_ms >= SMALLEST_SHARE * cap {
        return None;
    }
    let fault = Fault {
        title: "Waits never grow to the cap".to_string(),
        finding: format!(
            "The cap is {}, and the longest of {} waits was {}.",
            ms_f(cap),
            draws().count(),
            ms_f(longest.wait_ms)
        ),
        expected: format!("waits of up to {}", ms_f(cap)),
        measured: format!("{} at most", ms_f(longest.wait_ms)),
        ..Fault::default()
    };
    Some((draws().count() as u32, fault_at(longest, fault)))
}

/// A failure of another kind must not start the waits over. Of 72 waits the longest is below 0.3 of its bound with a
/// probability of 0.3^72 for full jitter and 0.66^72 for the product of two draws.
fn starts_over(measured: &Measured) -> Option<(u32, Shown)> {
    const SMALLEST_MIXED_SHARE: f64 = 0.3;
    let low = |r: &&Retry| r.draws.len() >= 60 && ends_of(r).1 < SMALLEST_MIXED_SHARE;
    let behind = measured.mixed.iter().find(low).filter(|_| !measured.decorrelated)?;
    let (n, bound) = (behind.n, ms_f(behind.bound_ms));
    let longest = ms_f(ends_of(behind).1 * behind.bound_ms);
    let fault = Fault {
        title: "Another kind of failure starts the waits over".to_string(),
        finding: format!(
            "With a failure of another kind each time, the bound before retry {n} is still {bound}. Of {} waits the longest was {longest}.",
            behind.draws.len()
        ),
        expected: format!("waits of up to {bound} before retry {n}"),
        measured: format!("{longest} at most"),
        mark: format!("never longer than {longest}"),
        ..Fault::default()
    };
    Some((behind.draws.len() as u32, fault_at(behind.draws.first()?, fault)))
}

/// After so many failures that 2ⁿ fits no number, the waits must still reach for the cap.
fn collapses(evidence: &Evidence<'_>) -> Option<(u32, Shown)> {
    let (i, observed) = evidence
        .observed
        .iter()
        .enumerate()
        .find(|(_, o)| o.scenario.id == "long-haul")?;
    let options = &observed.scenario.options;
    let call = observed.run.calls.first()?;
    let waits: Vec<f64> = call.waits().map(|w| w as f64 / MS as f64).collect();
    if let Some((k, wait)) = waits
        .iter()
        .enumerate()
        .find(|(k, w)| **w > bound_ms(options, (*k as u32 + 1).min(60)) + SLACK_MS && !evidence.measured.decorrelated)
    {
        return Some(far_out(
            i,
            call.attempts[k + 1].start,
            k + 1,
            &format!("the wait was {}", ms_f(*wait)),
            options.max_delay_ms,
        ));
    }
    // A correlated walk may stay low for a while, so all of it counts as one stretch.
    let stretches: &[(usize, usize)] = if evidence.measured.decorrelated {
        &[(33, 1_100)]
    } else {
        &[(33, 63), (64, 1_020), (1_030, 1_100)]
    };
    let enough = evidence.measured.first_high() * 0.25 * options.max_delay_ms;
    for (from, to) in stretches {
        let stretch = waits.get(from - 1..waits.len().min(*to)).unwrap_or_default();
        if stretch.len() >= 30 && stretch.iter().all(|w| *w < enough.min(0.25 * options.max_delay_ms)) {
            let longest = stretch.iter().copied().fold(0.0, f64::max);
            let words = format!("no wait from there on was longer than {}", ms_f(longest));
            return Some(far_out(
                i,
                call.attempts[*from].start,
                *from,
                &words,
                options.max_delay_ms,
            ));
        }
    }
    None
}

fn far_out(observed: usize, at: u64, n: usize, words: &str, cap: f64) -> (u32, Shown) {
    let fault = Fault {
        title: "Many failures break the arithmetic".to_string(),
        finding: format!("At retry {n} the bound is the cap, {}, but {words}.", ms_f(cap)),
        expected: format!("waits of up to {}", ms_f(cap)),
        measured: words.to_string(),
        at,
        call: Some(0),
        mark: "from here on".to_string(),
        wrong: Vec::new(),
    };
    (1, Shown { observed, fault })
}
