//! The timeline of one run: a lane for each call, the breaker above, quiet time folded, faults explained in place.

mod axis;
mod marks;
mod model;
mod narrow;
mod numbers;
mod wide;

use super::figure::{Figure, Key};
use super::scale::{counted, number};
use crate::grader::verdict::{AnswerKind, BreakerState, Timeline};
use model::{How, Model};

pub fn timeline(t: &Timeline) -> Figure {
    let model = Model::of(t);
    let label = conclusion(&model);
    let (wide, wide_notes) = wide::draw(&model, &label);
    let (narrow, narrow_notes) = narrow::draw(&model, &label);
    Figure {
        lead: lead(&model),
        rest: rest(t, &model),
        drawings: vec![wide, narrow],
        keys: keys(&model),
        notes: vec![("wide", wide_notes), ("narrow", narrow_notes)],
        table: numbers::table(&model),
    }
}

fn lead(model: &Model) -> String {
    let word = model.lane_word;
    let attempts = model.lanes.iter().map(|l| l.blocks.len()).sum::<usize>();
    let attempts = counted(attempts, "attempt", "attempts").to_lowercase();
    format!("{}, {attempts}.", counted(model.lanes.len(), word, &format!("{word}s")))
}

fn rest(t: &Timeline, model: &Model) -> String {
    let mut rest = t.about.trim().to_owned();
    if !rest.is_empty() && !rest.ends_with(['.', '!', '?']) {
        rest.push('.');
    }
    if t.calls_left_out > 0 {
        rest.push_str(&format!(
            " {} more calls are not drawn.",
            number(f64::from(t.calls_left_out))
        ));
    }
    if model.lanes.iter().any(|l| matches!(l.end.how, How::Never)) {
        rest.push_str(&format!(" The picture ends at {}.", number(model.end)));
    }
    rest.trim().to_owned()
}

/// The whole picture in words, for those who cannot see it.
fn conclusion(model: &Model) -> String {
    let mut said = vec![format!("Timeline. {}", lead(model))];
    for s in &model.spans {
        match s.state {
            BreakerState::Closed => {}
            BreakerState::Open => said.push(format!("The breaker opens at {} ms.", number(s.from))),
            BreakerState::HalfOpen => said.push(format!("It is half-open from {} ms.", number(s.from))),
        }
    }
    for f in &model.faults {
        let at = f.at.first().map_or(0.0, |a| a.0);
        said.push(format!("At {} ms: {}.", number(at), f.text.trim_end_matches('.')));
    }
    said.join(" ")
}

fn keys(model: &Model) -> Vec<Key> {
    let blocks = || model.lanes.iter().flat_map(|l| &l.blocks);
    let mut keys = Vec::new();
    let mut add = |key, is_shown: bool| {
        if is_shown {
            keys.push(key);
        }
    };
    add(Key::Success, blocks().any(|b| b.kind == AnswerKind::Success));
    add(Key::Transient, blocks().any(|b| b.kind == AnswerKind::Transient));
    add(Key::Permanent, blocks().any(|b| b.kind == AnswerKind::Permanent));
    add(Key::Wrong, blocks().any(|b| b.wrong));
    add(Key::Wait, model.lanes.iter().any(|l| !l.waits.is_empty()));
    add(
        Key::Rejected,
        model.lanes.iter().any(|l| matches!(l.end.how, How::Rejected(_))),
    );
    add(
        Key::Fold,
        axis::Axis::new(&model.gaps, 0.0, 800.0, wide::FOLD)
            .folds()
            .next()
            .is_some(),
    );
    keys
}
