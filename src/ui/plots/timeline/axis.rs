//! The time axis: linear, but for quiet times, which are folded.

use crate::ui::plots::scale;

/// A stretch between two events that follow each other, in ms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    pub from: f64,
    pub to: f64,
    pub during: During,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum During {
    /// No call is under way.
    Nothing,
    /// A call waits.
    Wait,
    Attempt,
}

#[derive(Clone, Debug)]
pub struct Axis {
    segments: Vec<Segment>,
    per_ms: f64,
}

#[derive(Clone, Copy, Debug)]
pub struct Segment {
    pub gap: Gap,
    pub folded: bool,
    /// Where it begins and ends in the picture.
    pub start: f64,
    pub end: f64,
}

const MOST_FOLDS: usize = 6;

impl Axis {
    /// Gaps follow each other. Each fold takes `fold` of the room between `start` and `end`.
    pub fn new(gaps: &[Gap], start: f64, end: f64, fold: f64) -> Axis {
        let folded = choose_folds(gaps);
        let folds = folded.iter().filter(|f| **f).count() as f64;
        let shown: f64 = gaps
            .iter()
            .zip(&folded)
            .filter(|(_, f)| !**f)
            .map(|(g, _)| g.to - g.from)
            .sum();
        let per_ms = (end - start - folds * fold).max(1.0) / shown.max(1e-3);
        let mut at = start;
        let segments = gaps
            .iter()
            .zip(folded)
            .map(|(&gap, folded)| {
                let from = at;
                at += if folded { fold } else { (gap.to - gap.from) * per_ms };
                Segment {
                    gap,
                    folded,
                    start: from,
                    end: at,
                }
            })
            .collect();
        Axis { segments, per_ms }
    }

    pub fn at(&self, ms: f64) -> f64 {
        let Some(s) = self.segments.iter().find(|s| ms <= s.gap.to).or(self.segments.last()) else {
            return 0.0;
        };
        let share = ((ms - s.gap.from) / (s.gap.to - s.gap.from).max(1e-9)).clamp(0.0, 1.0);
        s.start + share * (s.end - s.start)
    }

    pub fn folds(&self) -> impl Iterator<Item = &Segment> {
        self.segments.iter().filter(|s| s.folded)
    }

    /// Round times about `room` apart; a stretch between two folds that holds none gets its first moment.
    pub fn ticks(&self, room: f64) -> Vec<f64> {
        self.stretches()
            .flat_map(|(from, to)| {
                let ticks = scale::round_steps(from, to, room / self.per_ms);
                if ticks.is_empty() { vec![from] } else { ticks }
            })
            .collect()
    }

    /// Runs of unfolded time.
    fn stretches(&self) -> impl Iterator<Item = (f64, f64)> {
        self.segments
            .chunk_by(|a, b| a.folded == b.folded)
            .filter(|run| !run[0].folded)
            .map(|run| (run[0].gap.from, run[run.len() - 1].gap.to))
    }
}

/// Folds the longest gap for as long as it takes an undue share of what is shown.
fn choose_folds(gaps: &[Gap]) -> Vec<bool> {
    let mut folded = vec![false; gaps.len()];
    let length = |i: usize| gaps[i].to - gaps[i].from;
    for _ in 0..MOST_FOLDS {
        let shown: Vec<usize> = (0..gaps.len()).filter(|i| !folded[*i]).collect();
        let total: f64 = shown.iter().map(|i| length(*i)).sum();
        let others = |i: usize| {
            shown
                .iter()
                .filter(|j| **j != i && gaps[**j].during != During::Attempt)
                .count()
        };
        let undue = |i: usize| match gaps[i].during {
            During::Nothing => length(i) / total > 0.15 && shown.len() > 1,
            During::Wait | During::Attempt => length(i) / total > 0.7 && others(i) > 0,
        };
        let next = shown
            .iter()
            .copied()
            .filter(|i| undue(*i))
            .max_by(|a, b| length(*a).total_cmp(&length(*b)));
        match next {
            Some(i) => folded[i] = true,
            None => break,
        }
    }
    folded
}
