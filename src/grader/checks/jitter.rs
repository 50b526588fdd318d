use super::waits::{Draw, Retry, crowded, ends_of};
use super::{Evidence, Fault, Finding, Measured, Shown, failed, ms_f, passed, without_evidence};
use crate::grader::verdict::Criterion;

// The derivations stand in `waits`.
const SMALLEST_RANGE: f64 = 0.9 * 0.25;
const LARGEST_CROWD: f64 = 1.0 / 3.0;
const CROWD_WINDOW: f64 = 0.01;
const SAME: f64 = 0.005;
const SLACK_MS: f64 = 1.0;

pub fn judge(evidence: &Evidence<'_>) -> Finding {
    let measured = evidence.measured;
    if measured.retries.iter().all(|r| r.draws.len() < 30) {
        let none = (
            "It does not wait, for it does not retry",
            "The program made no second attempt from which a wait could be measured.",
        );
        return without_evidence(Criterion::Jitter, evidence, none);
    }
    let draws = measured.draws() as u32;
    let fault = beyond_cap(measured)
        .or_else(|| below_zero(evidence))
        .or_else(|| repeats(measured))
        .or_else(|| too_narrow(measured))
        .or_else(|| in_crowds(measured))
        .or_else(|| in_step(evidence));
    match fault {
        Some((bad, draw, fault)) => {
            let fault = Fault {
                call: Some(draw.call),
                ..fault
            };
            failed(
                Criterion::Jitter,
                draws,
                bad,
                Shown {
                    observed: draw.observed,
                    fault,
                },
            )
        }
        None => passed(Criterion::Jitter, draws, String::new()),
    }
}

type Found = Option<(u32, Draw, Fault)>;

fn all_retries(measured: &Measured) -> impl Iterator<Item = &Retry> {
    measured.retries.iter().chain(&measured.at_cap)
}

fn words(title: &str, finding: String, expected: &str, measured: String) -> Fault {
    let (title, expected) = (title.to_string(), expected.to_string());
    Fault {
        title,
        finding,
        expected,
        mark: measured.clone(),
        measured,
        ..Fault::default()
    }
}

fn beyond_cap(measured: &Measured) -> Found {
    let draws = || all_retries(measured).flat_map(|r| r.draws.iter().map(move |d| (r, d)));
    let beyond = || draws().filter(|(r, d)| d.wait_ms > r.cap_ms + SLACK_MS);
    let (retry, draw) = beyond().max_by(|a, b| a.1.wait_ms.total_cmp(&b.1.wait_ms))?;
    let (n, cap, wait) = (retry.n, ms_f(retry.cap_ms), ms_f(draw.wait_ms));
    let finding = format!(
        "maxDelayMs was {cap}, and the wait before retry {n} was {wait}: the jitter is added after the cap, or there is none."
    );
    let fault = words(
        "Waits are longer than maxDelayMs",
        finding,
        "no wait above maxDelayMs",
        wait,
    );
    Some((beyond().count() as u32, *draw, fault))
}

fn below_zero(evidence: &Evidence<'_>) -> Found {
    let (i, odd) = evidence
        .of(Criterion::Jitter)
        .find_map(|(i, o)| Some((i, o.run.odd_timer?)))?;
    let asked = if odd.is_nan() { "NaN".to_string() } else { ms_f(odd) };
    let finding = format!("The program asked for a wait of {asked}, which is no wait at all.");
    let draw = Draw {
        observed: i,
        call: 0,
        wait_ms: 0.0,
        before_ms: None,
    };
    Some((
        1,
        draw,
        words("A wait is negative or no number", finding, "no wait below 0", asked),
    ))
}

/// Pairs of waits that should have nothing to do with each other.
fn repeats(measured: &Measured) -> Found {
    let shares: Vec<Vec<(Draw, f64)>> = measured
        .retries
        .iter()
        .map(|r| measured.uncut(r).map(|d| (*d, measured.share(r, d))).collect())
        .collect();
    let within_call = shares.windows(2).flat_map(|pair| {
        let next = |d: &Draw| {
            pair[1]
                .iter()
                .find(|(e, _)| (e.observed, e.call) == (d.observed, d.call))
                .map(|(_, u)| *u)
        };
        pair[0].iter().filter_map(move |(d, u)| Some((*d, *u, next(d)?)))
    });
    let neighbours = |same_process: bool| {
        shares.iter().flat_map(move |draws| {
            let partner = move |d: &Draw, e: &Draw| {
                if same_process {
                    (d.observed, d.call + 1) == (e.observed, e.call)
                } else {
                    (d.observed + 1, d.call) == (e.observed, e.call)
                }
            };
            draws
                .iter()
                .filter_map(move |(d, u)| Some((*d, *u, draws.iter().find(|(e, _)| partner(d, e))?.1)))
        })
    };
    repeated(
        within_call,
        "One random number serves all retries of a call",
        "the waits of a call are the same share of their bounds",
    )
    .or_else(|| {
        repeated(
            neighbours(true),
            "Calls wait in step",
            "one call after another waits the same time",
        )
    })
    .or_else(|| {
        repeated(
            neighbours(false),
            "Processes wait in step",
            "one process after another waits the same time",
        )
    })
}

fn repeated(pairs: impl Iterator<Item = (Draw, f64, f64)>, title: &str, what: &str) -> Found {
    let (mut all, mut same, mut first) = (0, 0, None);
    for (draw, u, v) in pairs {
        all += 1;
        if (u - v).abs() < SAME {
            same += 1;
            first.get_or_insert(draw);
        }
    }
    let draw = first.filter(|_| all >= 30 && f64::from(same) > LARGEST_CROWD * f64::from(all))?;
    let finding = format!("In {same} of {all} pairs {what}.");
    Some((
        same,
        draw,
        words(
            title,
            finding,
            "every wait drawn anew",
            format!("{same} of {all} pairs alike"),
        ),
    ))
}

fn too_narrow(measured: &Measured) -> Found {
    all_retries(measured)
        .filter(|r| r.draws.len() >= 100)
        .find_map(|retry| {
            let slack = if measured.decorrelated {
                0.0
            } else {
                SLACK_MS / retry.bound_ms
            };
            let (low, high) = if measured.decorrelated {
                share_ends(measured, retry)?
            } else {
                ends_of(retry)
            };
            if high - low + slack * f64::from(high > low) * 0.5 >= SMALLEST_RANGE {
                return None;
            }
            let (from, to) = (ms_f(low * retry.bound_ms), ms_f(high * retry.bound_ms));
            let range = if high - low < 1e-6 {
                format!("always {from}")
            } else {
                format!("{from} to {to}")
            };
            let finding = format!(
                "Before retry {} the bound is {}, and {} waits lay between {from} and {to}: {:.0} % of the bound.",
                retry.n,
                ms_f(retry.bound_ms),
                retry.draws.len(),
                100.0 * (high - low)
            );
            let title = if high - low < 0.02 {
                "No jitter"
            } else {
                "Too little jitter"
            };
            let fault = words(title, finding, "drawn over at least a quarter of the bound", range);
            Some((retry.draws.len() as u32, *retry.draws.first()?, fault))
        })
}

fn share_ends(measured: &Measured, retry: &Retry) -> Option<(f64, f64)> {
    let shares: Vec<f64> = measured.uncut(retry).map(|d| measured.share(retry, d)).collect();
    let ends = shares
        .iter()
        .fold((f64::MAX, f64::MIN), |(low, high), u| (u.min(low), u.max(high)));
    (shares.len() >= 60).then_some(ends)
}

/// Calls and processes that failed at the same moment.
fn in_step(evidence: &Evidence<'_>) -> Found {
    let (i, fault) = evidence
        .of(Criterion::Herd)
        .find_map(|(i, o)| Some((i, super::herd::in_step(o)?)))?;
    let draw = Draw {
        observed: i,
        call: 0,
        wait_ms: 0.0,
        before_ms: None,
    };
    let clients = evidence.observed[i].run.calls.len() as u32;
    let fault = Fault {
        title: "Waits at the same moment are the same".to_string(),
        ..fault
    };
    Some((clients, draw, fault))
}

fn in_crowds(measured: &Measured) -> Found {
    all_retries(measured).find_map(|retry| {
        let shares: Vec<f64> = measured.uncut(retry).map(|d| measured.share(retry, d)).collect();
        let window = CROWD_WINDOW.max(0.5 / retry.bound_ms);
        let (share, place) = crowded(&shares, window);
        if shares.len() < 100 || share <= LARGEST_CROWD {
            return None;
        }
        let at = ms_f(place * retry.bound_ms);
        let finding = format!(
            "Before retry {} {:.0} % of the waits are {at}, so many clients return together.",
            retry.n,
            100.0 * share
        );
        let measured = format!(
            "{:.0} % within {} of {at}",
            100.0 * share,
            ms_f(window * retry.bound_ms)
        );
        let bad = (share * shares.len() as f64) as u32;
        Some((
            bad,
            *retry.draws.first()?,
            words("Many waits are the same", finding, "waits that differ", measured),
        ))
    })
}
