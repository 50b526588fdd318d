//! A run as both drawings need it: lanes with blocks, waits and ends, in ms, and the gaps between events.

use super::axis::{During, Gap};
use crate::grader::verdict::{AnswerKind, AttemptLine, BreakerSpan, BreakerState, CallLine, Timeline};

pub struct Model {
    pub lanes: Vec<Lane>,
    pub spans: Vec<Span>,
    pub gaps: Vec<Gap>,
    pub faults: Vec<Fault>,
    pub end: f64,
    /// What a lane is called: "call", or "client" where each has but one.
    pub lane_word: &'static str,
}

pub struct Lane {
    /// "call 3", "client 7", "client 2, call 1".
    pub name: String,
    /// "3", "7", "2.1".
    pub short: String,
    pub blocks: Vec<Block>,
    pub waits: Vec<(f64, f64)>,
    pub end: End,
}

pub struct Block {
    pub from: f64,
    pub to: f64,
    pub label: String,
    pub kind: AnswerKind,
    pub wrong: bool,
}

pub struct End {
    pub at: f64,
    pub how: How,
}

pub enum How {
    Resolved,
    /// Resolved to what is no successful response.
    ResolvedTo(String),
    Rejected(String),
    Never,
}

pub struct Span {
    pub from: f64,
    pub to: f64,
    pub state: BreakerState,
}

/// Marks with the same words on neighbouring lanes are one fault.
pub struct Fault {
    pub text: String,
    pub at: Vec<(f64, Option<usize>)>,
}

impl Block {
    pub fn class(&self) -> &'static str {
        match (self.kind, self.wrong) {
            (AnswerKind::Success, false) => "a-ok",
            (AnswerKind::Success, true) => "a-ok a-wrong",
            (AnswerKind::Transient, false) => "a-fail",
            (AnswerKind::Transient, true) => "a-fail a-wrong",
            (AnswerKind::Permanent, false) => "a-perm",
            (AnswerKind::Permanent, true) => "a-perm a-wrong",
        }
    }
}

impl How {
    pub fn words(&self) -> (&'static str, String) {
        match self {
            How::Resolved => ("tx3", "resolved".to_owned()),
            How::ResolvedTo(what) => ("tx-bad", format!("resolved to {what}")),
            How::Rejected(code) => ("txm tx1", code.clone()),
            How::Never => ("tx-bad", "never settles".to_owned()),
        }
    }
}

impl Model {
    pub fn of(t: &Timeline) -> Model {
        let end = t
            .calls
            .iter()
            .flat_map(moments)
            .chain(t.breaker.iter().map(|s| s.to))
            .chain([t.end])
            .max();
        let end = ms(end.unwrap_or(0));
        let clients = t.calls.iter().map(|c| c.client).max().unwrap_or(1);
        let many_calls = t.calls.iter().any(|c| c.call > 1);
        let lanes: Vec<Lane> = t.calls.iter().map(|c| lane(c, clients > 1, many_calls, end)).collect();
        let spans: Vec<Span> = t.breaker.iter().filter(|s| s.to > s.from).map(span).collect();
        let gaps = gaps(&lanes, &spans, t, end);
        let faults = faults(t, lanes.len());
        let lane_word = if clients > 1 && !many_calls { "client" } else { "call" };
        Model {
            lanes,
            spans,
            gaps,
            faults,
            end,
            lane_word,
        }
    }
}

pub fn ms(us: u64) -> f64 {
    us as f64 / 1000.0
}

fn moments(c: &CallLine) -> impl Iterator<Item = u64> {
    let attempts = c.attempts.iter().flat_map(|a| [a.start, a.end.unwrap_or(a.start)]);
    attempts.chain([c.start]).chain(c.end.iter().map(|e| e.at))
}

fn lane(c: &CallLine, many_clients: bool, many_calls: bool, run_end: f64) -> Lane {
    let (name, short) = match (many_clients, many_calls) {
        (true, true) => (
            format!("client {}, call {}", c.client, c.call),
            format!("{}.{}", c.client, c.call),
        ),
        (true, false) => (format!("client {}", c.client), c.client.to_string()),
        _ => (format!("call {}", c.call), c.call.to_string()),
    };
    let mut blocks: Vec<Block> = c.attempts.iter().map(|a| block(a, run_end)).collect();
    blocks.sort_by(|a, b| a.from.total_cmp(&b.from));
    let how = match &c.end {
        None => How::Never,
        Some(e) if !e.resolved => How::Rejected(e.label.clone()),
        Some(e) if e.label.parse().is_ok_and(|status: u16| (200..300).contains(&status)) => How::Resolved,
        Some(e) => How::ResolvedTo(e.label.clone()),
    };
    let end = End {
        at: c.end.as_ref().map_or(run_end, |e| ms(e.at)),
        how,
    };
    let waits = waits(ms(c.start), &blocks, &end);
    Lane {
        name,
        short,
        blocks,
        waits,
        end,
    }
}

fn block(a: &AttemptLine, run_end: f64) -> Block {
    let from = ms(a.start);
    Block {
        from,
        to: a.end.map_or(run_end, ms).max(from),
        label: a.label.clone(),
        kind: a.kind,
        wrong: a.wrong,
    }
}

/// The times over a tolerance of 1 ms in which the call has no attempt under way.
fn waits(start: f64, blocks: &[Block], end: &End) -> Vec<(f64, f64)> {
    let mut waits = Vec::new();
    let mut free_from = start;
    for b in blocks {
        if b.from - free_from > 1.0 {
            waits.push((free_from, b.from));
        }
        free_from = free_from.max(b.to);
    }
    if end.at - free_from > 1.0 && !matches!(end.how, How::Never) {
        waits.push((free_from, end.at));
    }
    waits
}

fn span(s: &BreakerSpan) -> Span {
    Span {
        from: ms(s.from),
        to: ms(s.to),
        state: s.state,
    }
}

fn gaps(lanes: &[Lane], spans: &[Span], t: &Timeline, end: f64) -> Vec<Gap> {
    let mut times: Vec<f64> = vec![end];
    times.extend(t.marks.iter().map(|m| ms(m.at).min(end)));
    times.extend(spans.iter().flat_map(|s| [s.from, s.to]));
    for lane in lanes {
        times.push(lane.end.at);
        times.extend(lane.blocks.iter().flat_map(|b| [b.from, b.to]));
        times.extend(lane.waits.iter().flat_map(|w| [w.0, w.1]));
    }
    times.push(
        t.calls
            .iter()
            .map(|c| ms(c.start))
            .fold(end, f64::min)
            .min(spans.first().map_or(end, |s| s.from)),
    );
    times.sort_by(f64::total_cmp);
    times.dedup_by(|b, a| *b - *a < 1e-6);
    if times.len() < 2 {
        times.push(times[0] + 1.0);
    }
    let covers = |(from, to): (f64, f64), (a, b): (f64, f64)| from <= a && to >= b;
    times
        .windows(2)
        .map(|w| {
            let gap = (w[0], w[1]);
            let during = if lanes
                .iter()
                .any(|l| l.blocks.iter().any(|b| covers((b.from, b.to), gap)))
            {
                During::Attempt
            } else if lanes.iter().any(|l| l.waits.iter().any(|w| covers(*w, gap))) {
                During::Wait
            } else {
                During::Nothing
            };
            Gap {
                from: gap.0,
                to: gap.1,
                during,
            }
        })
        .collect()
}

fn faults(t: &Timeline, lanes: usize) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for m in &t.marks {
        let lane = m.lane.map(|l| l as usize).filter(|l| *l < lanes);
        match faults.iter_mut().find(|f| f.text == m.text) {
            Some(f) => f.at.push((ms(m.at), lane)),
            None => faults.push(Fault {
                text: m.text.clone(),
                at: vec![(ms(m.at), lane)],
            }),
        }
    }
    faults
}
