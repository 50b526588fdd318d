//! How a program waits: measured over many calls and processes, inferred, and only then judged.
//!
//! # Why no correct program fails by luck
//!
//! The scenario `waits` has 20 processes of 12 calls, so N = 240 draws of the wait before each retry. Let u be a wait
//! as a share of its bound.
//!
//! * *Growth* (`backoff`). The largest u of each retry must be at least 0.65. Uniform
//!   over [0, 1] misses that with probability 0.65^240 < 10^-44 for a retry; the mean of two draws and their product,
//!   with thin tails at the top, with (1 - 0.245)^240 < 10^-29 and (1 - 0.070)^240 < 3·10^-8. Ten retries: below 3·10^-7.
//! * *Spread* (`jitter`). The range of u must be at least 0.9 of a quarter. For the narrowest legal family, uniform over
//!   a quarter, P(range < 0.9 of it) = N·0.9^(N-1) - (N-1)·0.9^N < 3·10^-10. A family over a fifth never passes.
//! * *Atoms*. At most a third of the draws may lie within one hundredth of the bound. A quarter-wide uniform has 4 % there,
//!   so 80 of 240 is 23 standard deviations away; even u^3, which crowds at 0 with 21.5 %, is below 10^-5.
//! * *Drawn anew*. At most a third of neighbouring pairs (the next retry, the next call, the next process) may differ by
//!   less than 0.005 of the bound; a quarter-wide uniform has 4 % of them there, of more than 2,000 pairs.
//!
//! Together they are below one in a million for every family that the contract names. The family's *name* comes from a
//! Kolmogorov-Smirnov test at alpha = 10^-3 and fails nobody.

use super::Observed;
use crate::grader::sim::MS;
use crate::grader::verdict::{Family, Options, RetryWaits, Waits};

/// Fewer draws than this for the first three retries are too few to judge by.
const ENOUGH: usize = 100;
const ALPHA: f64 = 1e-3;
/// The tolerance of the contract, in ms.
const SLACK_MS: f64 = 1.0;

/// All waits of one retry, in the order of processes and calls.
#[derive(Clone, Debug, Default)]
pub struct Retry {
    pub n: u32,
    pub bound_ms: f64,
    pub cap_ms: f64,
    pub draws: Vec<Draw>,
}

#[derive(Clone, Copy, Debug)]
pub struct Draw {
    /// Index into `observed`, the call in it, and the process.
    pub observed: usize,
    pub call: usize,
    pub wait_ms: f64,
    /// The wait before the retry before this one.
    pub before_ms: Option<f64>,
}

#[derive(Clone, Debug, Default)]
pub struct Measured {
    pub retries: Vec<Retry>,
    /// Waits at a cap that the second retry reaches, where the long scenario told nothing.
    pub at_cap: Vec<Retry>,
    /// Waits of calls that fail in another way each time.
    pub mixed: Vec<Retry>,
    pub decorrelated: bool,
    pub options: Option<Options>,
    pub processes: u32,
}

impl Measured {
    pub fn of(observed: &[Observed<'_>]) -> Measured {
        let main = collect(observed, "waits");
        let enough = |retries: &[Retry]| retries.len() >= 3 && retries[..3].iter().all(|r| r.draws.len() >= ENOUGH);
        let (id, retries) = if enough(&main) {
            ("waits", main)
        } else {
            let other = collect(observed, "waits-after-recovery");
            if count(&other) > count(&main) {
                ("waits-after-recovery", other)
            } else {
                ("waits", main)
            }
        };
        let at_cap = if id == "waits" {
            Vec::new()
        } else {
            collect(observed, "waits-at-the-cap")
        };
        let used = || observed.iter().filter(move |o| o.scenario.id == id);
        let options = used().next().map(|o| o.scenario.options);
        let decorrelated = options.is_some_and(|o| is_decorrelated(&retries, &o));
        let mixed = collect(observed, "waits-of-mixed-failures");
        Measured {
            retries,
            at_cap,
            mixed,
            decorrelated,
            options,
            processes: used().count() as u32,
        }
    }

    pub fn is_enough(observed: &[Observed<'_>]) -> bool {
        let retries = collect(observed, "waits");
        retries.len() >= 3 && retries[..3].iter().all(|r| r.draws.len() >= ENOUGH)
    }

    pub fn draws(&self) -> usize {
        count(&self.retries)
    }

    /// The longest wait before a first retry, as a share of its bound; 1 where none was seen.
    pub fn first_high(&self) -> f64 {
        let Some(first) = self.retries.first() else { return 1.0 };
        first
            .draws
            .iter()
            .map(|d| d.wait_ms / first.bound_ms)
            .fold(0.0, f64::max)
    }

    /// A wait's place within the range from which this program draws, from 0 to 1.
    pub fn share(&self, retry: &Retry, draw: &Draw) -> f64 {
        let Some(options) = self.options.filter(|_| self.decorrelated) else {
            return draw.wait_ms / retry.bound_ms;
        };
        let high = (3.0 * draw.before_ms.unwrap_or(options.base_delay_ms)).min(options.max_delay_ms);
        (draw.wait_ms - options.base_delay_ms) / (high - options.base_delay_ms).max(1.0)
    }

    /// Draws that a decorrelated program's cap has not cut; all of them for the other families.
    pub fn uncut<'a>(&'a self, retry: &'a Retry) -> impl Iterator<Item = &'a Draw> {
        let cap = self.options.map_or(f64::MAX, |o| o.max_delay_ms);
        let cut = move |d: &&Draw| self.decorrelated && d.before_ms.is_some_and(|b| 3.0 * b > cap);
        retry.draws.iter().filter(move |d| !cut(d))
    }

    pub fn infer(&self) -> Option<Waits> {
        let options = self.options.filter(|_| self.draws() > 0)?;
        let shares: Vec<f64> = self
            .retries
            .iter()
            .flat_map(|r| self.uncut(r).map(|d| self.share(r, d)))
            .collect();
        let (low, high) = ends(&shares);
        let (family, distance) = self.family(&shares, low, high);
        let tops: Vec<f64> = self.retries.iter().map(top).collect();
        let uncapped = |r: &&Retry| r.bound_ms < options.max_delay_ms - 0.5;
        let growing = self.retries.iter().filter(uncapped).count();
        let ratios: Vec<f64> = tops
            .windows(2)
            .take(growing.saturating_sub(1))
            .map(|w| w[1] / w[0].max(0.001))
            .collect();
        let capped = self
            .retries
            .iter()
            .filter(|r| !uncapped(r))
            .map(top)
            .fold(0.0, f64::max);
        Some(Waits {
            family,
            base_ms: if self.decorrelated {
                lowest(&self.retries)
            } else {
                tops.first().copied().unwrap_or_default()
            },
            factor: if self.decorrelated {
                3.0
            } else {
                median(&ratios).unwrap_or(1.0)
            },
            cap_ms: (capped > 0.0).then_some(capped),
            low: (low * 100.0).round() / 100.0,
            high: (high * 100.0).round() / 100.0,
            distance,
            critical: critical(shares.len()),
            alpha: ALPHA,
            processes: self.processes,
            draws: self.draws() as u32,
            options,
            retries: self.retries.iter().map(shown).collect(),
        })
    }

    fn family(&self, shares: &[f64], low: f64, high: f64) -> (Family, f64) {
        if self.decorrelated {
            return (Family::Decorrelated, distance(shares, 0.0, 1.0));
        }
        let widest = self
            .retries
            .iter()
            .map(|r| ends_of(r).1 - ends_of(r).0)
            .fold(0.0, f64::max);
        if widest < 0.02 {
            return (Family::None, 1.0);
        }
        // A wait that was rounded to whole milliseconds is off by up to half of one.
        let slack = 0.6 / self.retries.first().map_or(100.0, |r| r.bound_ms);
        let fits = |from: f64, to: f64| {
            let d = (distance(shares, from, to) - slack).max(0.0);
            (d <= critical(shares.len())).then_some(d)
        };
        let candidates = [
            (Family::Full, 0.0, 1.0),
            (Family::Equal, 0.5, 1.0),
            (Family::Proportional, low, high),
        ];
        let found = candidates
            .into_iter()
            .find_map(|(family, from, to)| Some((family, fits(from, to)?)));
        found.unwrap_or((Family::Other, distance(shares, low, high)))
    }
}

fn count(retries: &[Retry]) -> usize {
    retries.iter().map(|r| r.draws.len()).sum()
}

fn collect(observed: &[Observed<'_>], scenario: &str) -> Vec<Retry> {
    let mut retries: Vec<Retry> = Vec::new();
    for (i, o) in observed.iter().enumerate().filter(|(_, o)| o.scenario.id == scenario) {
        let options = &o.scenario.options;
        for (c, call) in o.run.calls.iter().enumerate() {
            let mut before_ms = None;
            for (k, wait) in call.waits().enumerate() {
                let n = k as u32 + 1;
                if retries.len() <= k {
                    let (bound_ms, cap_ms) = (bound_ms(options, n), options.max_delay_ms);
                    retries.push(Retry {
                        n,
                        bound_ms,
                        cap_ms,
                        draws: Vec::new(),
                    });
                }
                let wait_ms = wait as f64 / MS as f64;
                retries[k].draws.push(Draw {
                    observed: i,
                    call: c,
                    wait_ms,
                    before_ms,
                });
                before_ms = Some(wait_ms);
            }
        }
    }
    retries
}

/// Rule 5.
pub fn bound_ms(options: &Options, n: u32) -> f64 {
    (options.base_delay_ms * 2f64.powi(n as i32 - 1)).min(options.max_delay_ms)
}

/// Waits above their bound that all keep decorrelated jitter's own: from the base to three times the wait before, and
/// spread over that range.
fn is_decorrelated(retries: &[Retry], options: &Options) -> bool {
    let (base, cap) = (options.base_delay_ms, options.max_delay_ms);
    let above = retries
        .iter()
        .any(|r| r.draws.iter().any(|d| d.wait_ms > r.bound_ms + SLACK_MS));
    let keeps = |d: &Draw| {
        let high = (3.0 * d.before_ms.unwrap_or(base)).min(cap);
        d.wait_ms >= base - SLACK_MS && d.wait_ms <= high + SLACK_MS
    };
    let Some(first) = retries.first().filter(|_| above) else {
        return false;
    };
    let (low, high) = ends_of(first);
    retries.iter().all(|r| r.draws.iter().all(keeps)) && (high - low) * first.bound_ms >= base
}

fn top(retry: &Retry) -> f64 {
    retry.draws.iter().map(|d| d.wait_ms).fold(0.0, f64::max)
}

fn lowest(retries: &[Retry]) -> f64 {
    retries
        .iter()
        .flat_map(|r| &r.draws)
        .map(|d| d.wait_ms)
        .fold(f64::MAX, f64::min)
}

/// The smallest and the largest share of the bound.
pub fn ends_of(retry: &Retry) -> (f64, f64) {
    let shares: Vec<f64> = retry.draws.iter().map(|d| d.wait_ms / retry.bound_ms).collect();
    ends(&shares)
}

fn ends(values: &[f64]) -> (f64, f64) {
    values
        .iter()
        .fold((f64::MAX, 0.0), |(low, high), v| (v.min(low), v.max(high)))
}

fn shown(retry: &Retry) -> RetryWaits {
    let step = retry.draws.len().div_ceil(60).max(1);
    let round = |ms: f64| (ms * 10.0).round() / 10.0;
    let waits_ms = retry.draws.iter().step_by(step).map(|d| round(d.wait_ms)).collect();
    RetryWaits {
        n: retry.n,
        bound_ms: retry.bound_ms,
        waits_ms,
    }
}

pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

/// Kolmogorov-Smirnov distance of the values to uniform over the range.
fn distance(values: &[f64], from: f64, to: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len().max(1) as f64;
    let cdf = |v: f64| ((v - from) / (to - from).max(1e-9)).clamp(0.0, 1.0);
    let gaps = sorted.iter().enumerate().map(|(i, v)| {
        let p = cdf(*v);
        (p - i as f64 / n).abs().max(((i + 1) as f64 / n - p).abs())
    });
    gaps.fold(0.0, f64::max)
}

/// The asymptotic critical value, sqrt(-ln(alpha / 2) / 2n).
fn critical(n: usize) -> f64 {
    (-(ALPHA / 2.0).ln() / (2.0 * n.max(1) as f64)).sqrt()
}

/// The largest share of the values that lie within `window` of each other, and where.
pub fn crowded(values: &[f64], window: f64) -> (f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (mut first, mut most, mut place) = (0, 0, 0.0);
    for (last, value) in sorted.iter().enumerate() {
        while value - sorted[first] > window {
            first += 1;
        }
        if last + 1 - first > most {
            (most, place) = (last + 1 - first, *value);
        }
    }
    (most as f64 / sorted.len().max(1) as f64, place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_finds_the_crowd() {
        assert_eq!(crowded(&[0.1, 0.5, 0.501, 0.502, 0.9], 0.01), (0.6, 0.502));
    }

    #[test]
    fn the_distance_of_an_even_grid_is_half_a_step() {
        let grid: Vec<f64> = (0..100).map(|i| (f64::from(i) + 0.5) / 100.0).collect();
        assert!((distance(&grid, 0.0, 1.0) - 0.005).abs() < 1e-9);
    }
}
