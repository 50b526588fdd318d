//! The timeline where there is room: time runs to the right.

use super::axis::Axis;
use super::marks::{self, Notes};
use super::model::{Block, How, Lane, Model};
use crate::grader::verdict::BreakerState;
use crate::ui::plots::scale::{duration, number};
use crate::ui::plots::svg::{Anchor, Path, Rect, Svg};
use crate::ui::plots::text::{self, Face};

const WIDTH: f64 = 956.0;
pub const FOLD: f64 = 44.0;

struct Plan {
    axis: Axis,
    left: f64,
    right: f64,
    top: f64,
    row: f64,
    /// The drawn extent of every block, by lane.
    blocks: Vec<Vec<(f64, f64)>>,
}

pub fn draw(model: &Model, label: &str) -> (Svg, Notes) {
    let plan = plan(model);
    // A few lanes leave no room between them for words about their faults: it is made below.
    let spare = if model.lanes.len() <= 4 {
        20.0 * model.faults.len().min(3) as f64
    } else {
        0.0
    };
    let bottom = plan.top + plan.row * model.lanes.len() as f64 + spare;
    let mut svg = Svg::new("wide", WIDTH, bottom + 26.0, label);
    draw_ground(&mut svg, model, &plan, bottom);
    draw_lanes(&mut svg, model, &plan);
    draw_folds(&mut svg, &plan, bottom);
    draw_breaker(&mut svg, model, &plan, bottom);
    draw_blocks(&mut svg, model, &plan);
    let rings = marks::draw_rings(&mut svg, model, |at, lane| find(model, &plan, at, lane));
    draw_ends(&mut svg, model, &plan);
    label_waits(&mut svg, model, &plan);
    let notes = marks::explain_rings(&mut svg, model, &rings, 190.0);
    label_ends(&mut svg, model, &plan);
    (svg, notes)
}

fn plan(model: &Model) -> Plan {
    let widest = |texts: &mut dyn Iterator<Item = f64>| texts.fold(0.0, f64::max);
    let names = widest(&mut model.lanes.iter().map(|l| text::width(&l.name, Face::Regular)));
    let ends = widest(&mut model.lanes.iter().map(|l| {
        let (class, words) = l.end.how.words();
        text::width(&words, Face::of_class(class))
    }));
    let left = 12.0 + names.clamp(54.0, 150.0);
    let right = WIDTH - (ends + 34.0).min(190.0);
    let row = match model.lanes.len() {
        0..=12 => 30.0,
        13..=24 => 24.0,
        _ => 19.0,
    };
    let top = if model.spans.is_empty() { 12.0 } else { 52.0 };
    let axis = Axis::new(&model.gaps, left + 6.0, right, FOLD);
    let blocks = model.lanes.iter().map(|l| extents(l, &axis, right)).collect();
    Plan {
        axis,
        left,
        right,
        top,
        row,
        blocks,
    }
}

/// A block begins where its attempt does. It is drawn wide enough for its label where nothing follows too soon.
fn extents(lane: &Lane, axis: &Axis, right: f64) -> Vec<(f64, f64)> {
    let starts: Vec<f64> = lane.blocks.iter().map(|b| axis.at(b.from)).collect();
    let extent = |(i, b): (usize, &Block)| {
        let next = starts.get(i + 1).copied().unwrap_or(right + 20.0);
        let room = (next - starts[i] - 1.0).max(1.5);
        let true_width = axis.at(b.to) - starts[i];
        let labelled = text::width(&b.label, Face::Block) + 8.0;
        let width = if labelled <= room && labelled <= 84.0 {
            true_width.max(labelled)
        } else {
            true_width.max(3.0)
        };
        (starts[i], starts[i] + width.min(room))
    };
    lane.blocks.iter().enumerate().map(extent).collect()
}

impl Plan {
    fn y(&self, lane: usize) -> f64 {
        self.top + self.row * lane as f64
    }

    fn block_height(&self) -> f64 {
        (self.row - 8.0).min(16.0)
    }

    fn block(&self, lane: usize, i: usize) -> Rect {
        let (from, to) = self.blocks[lane][i];
        Rect::new(
            from,
            self.y(lane) + (self.row - self.block_height()) / 2.0,
            to - from,
            self.block_height(),
        )
    }

    /// The base line of a lane's texts.
    fn base(&self, lane: usize) -> f64 {
        self.y(lane) + self.row / 2.0 + 4.0
    }

    /// A wait as it is drawn: from the end of the block before it.
    fn wait(&self, model: &Model, lane: usize, (from, to): (f64, f64)) -> (f64, f64) {
        let before = model.lanes[lane].blocks.iter().rposition(|b| b.from < from + 1e-6);
        let from = before.map_or(self.axis.at(from), |i| self.blocks[lane][i].1.max(self.axis.at(from)));
        (from, self.axis.at(to).max(from))
    }

    /// Where the mark of the lane's end stands.
    fn end(&self, model: &Model, lane: usize) -> f64 {
        let last = self.blocks[lane].iter().map(|b| b.1).fold(0.0, f64::max);
        self.axis.at(model.lanes[lane].end.at).max(last)
    }
}

fn draw_ground(svg: &mut Svg, model: &Model, plan: &Plan, bottom: f64) {
    for s in &model.spans {
        let (from, to) = (plan.axis.at(s.from), plan.axis.at(s.to));
        let class = match s.state {
            BreakerState::Closed => continue,
            BreakerState::Open => "openwash",
            BreakerState::HalfOpen => "halfwash",
        };
        svg.rect(class, Rect::new(from, plan.top, to - from, bottom - plan.top), 0.0);
    }
    svg.text("tx3", "ms", (plan.left - 12.0, bottom + 18.0, Anchor::End));
    for fold in plan.axis.folds() {
        let middle = (fold.start + fold.end) / 2.0;
        let words = format!("+{}", duration(fold.gap.to - fold.gap.from));
        svg.place("tx3", &words, &[(middle, bottom + 18.0, Anchor::Middle)]);
    }
    for tick in plan.axis.ticks(62.0) {
        let x = plan.axis.at(tick);
        if svg.place("tx3", &number(tick), &[(x, bottom + 18.0, Anchor::Middle)]) {
            svg.line("grid", (x, plan.top), (x, bottom));
        }
    }
}

fn draw_lanes(svg: &mut Svg, model: &Model, plan: &Plan) {
    for (i, lane) in model.lanes.iter().enumerate() {
        let under = plan.y(i) + plan.row;
        svg.line("lane", (plan.left, under), (plan.right + 8.0, under));
        let name = text::fit(&lane.name, Face::Regular, plan.left - 14.0);
        svg.text("tx1", &name, (plan.left - 12.0, plan.base(i), Anchor::End));
        for &wait in &lane.waits {
            let (from, to) = plan.wait(model, i, wait);
            let y = plan.y(i) + (plan.row - plan.block_height()) / 2.0;
            svg.rect("wait", Rect::new(from, y, to - from, plan.block_height()), 0.0);
            let edge = y + plan.block_height();
            svg.path("wait-edge", &Path::from(from, edge).across(to));
        }
    }
}

fn draw_folds(svg: &mut Svg, plan: &Plan, bottom: f64) {
    for fold in plan.axis.folds() {
        let middle = (fold.start + fold.end) / 2.0;
        svg.rect(
            "fold-bg",
            Rect::new(middle - 13.0, plan.top, 26.0, bottom - plan.top),
            3.0,
        );
        let mut path = Path::from(middle, plan.top + 3.0);
        let mut y = plan.top + 9.0;
        let mut side = 2.5;
        while y < bottom - 2.0 {
            path = path.to(middle + side, y);
            side = -side;
            y += 6.0;
        }
        svg.path("fold fold-soft", &path);
    }
}

fn draw_breaker(svg: &mut Svg, model: &Model, plan: &Plan, bottom: f64) {
    if model.spans.is_empty() {
        return;
    }
    svg.text("txb tx1", "Breaker", (plan.left - 12.0, 32.0, Anchor::End));
    for s in &model.spans {
        let (from, to) = (plan.axis.at(s.from), plan.axis.at(s.to));
        match s.state {
            BreakerState::Closed => svg.line("b-closed", (from, 28.0), (to, 28.0)),
            BreakerState::Open => {
                svg.rect("b-open", Rect::new(from, 20.0, to - from, 16.0), 2.0);
                svg.path("hatchline", &hatch(Rect::new(from, 20.0, to - from, 16.0)));
                svg.line("guide", (from, 36.0), (from, bottom));
            }
            BreakerState::HalfOpen => {
                svg.rect(
                    "b-half b-dashed",
                    Rect::new(from + 0.75, 20.75, (to - from - 1.5).max(1.0), 14.5),
                    2.0,
                );
                svg.line("guide", (from, 36.0), (from, bottom));
            }
        }
    }
    svg.take(Rect::new(plan.left, 17.0, WIDTH - plan.left, 22.0));
    // What matters most is labelled first: room is scarce where states change quickly.
    for state in [BreakerState::HalfOpen, BreakerState::Open, BreakerState::Closed] {
        for s in model.spans.iter().filter(|s| s.state == state) {
            let (class, words) = match state {
                BreakerState::Closed => ("tx-good", "closed".to_owned()),
                BreakerState::Open => ("tx-bad", format!("open for {}", duration(s.to - s.from))),
                BreakerState::HalfOpen => ("tx-wait", "half-open".to_owned()),
            };
            let (from, to) = (plan.axis.at(s.from), plan.axis.at(s.to));
            if state != BreakerState::Closed || to - from > 24.0 {
                let room = text::width(&words, Face::of_class(class));
                let spots = [
                    (from + 1.0, 13.0, Anchor::Start),
                    (to.max(plan.left + room), 13.0, Anchor::End),
                ];
                svg.place(class, &words, &spots);
            }
        }
    }
}

/// Diagonals across a box.
pub fn hatch(r: Rect) -> Path {
    let mut path = Path::default();
    let mut x = r.x - r.h + 5.0;
    while x < r.right() {
        let (from, to) = (x.max(r.x), (x + r.h).min(r.right()));
        path = path.go(from, r.bottom() - (from - x)).to(to, r.bottom() - (to - x));
        x += 9.0;
    }
    path
}

fn draw_blocks(svg: &mut Svg, model: &Model, plan: &Plan) {
    for (i, lane) in model.lanes.iter().enumerate() {
        for (n, b) in lane.blocks.iter().enumerate() {
            let r = plan.block(i, n);
            svg.rect(b.class(), r, 2.0f64.min(r.w / 2.0));
            if b.wrong {
                svg.rect("ring", r.grown(2.0), 3.5);
            }
            let fits = text::width(&b.label, Face::Block) + 3.0 <= r.w;
            if fits {
                svg.place("tx-on", &b.label, &[(r.x + r.w / 2.0, plan.base(i), Anchor::Middle)]);
            }
            svg.take(r);
        }
    }
}

fn draw_ends(svg: &mut Svg, model: &Model, plan: &Plan) {
    for (i, lane) in model.lanes.iter().enumerate() {
        let x = plan.end(model, i);
        let middle = plan.y(i) + plan.row / 2.0;
        match lane.end.how {
            How::Rejected(_) => {
                if lane.blocks.is_empty() && lane.waits.is_empty() {
                    svg.line("end-bad", (x, middle - 7.0), (x, middle + 7.0));
                }
                svg.path("end-bad", &cross(x + 9.0, middle, 3.5));
                svg.take(Rect::new(x + 4.0, middle - 5.0, 10.0, 10.0));
            }
            How::Never => {
                let last = plan.blocks[i].last().map_or(plan.left, |b| b.1);
                svg.line("guide", (last + 2.0, middle), (x + 2.0, middle));
            }
            How::Resolved | How::ResolvedTo(_) => {}
        }
    }
}

fn label_ends(svg: &mut Svg, model: &Model, plan: &Plan) {
    for (i, lane) in model.lanes.iter().enumerate() {
        let x = plan.end(model, i);
        let (class, words) = lane.end.how.words();
        let after = if matches!(lane.end.how, How::Rejected(_)) {
            x + 18.0
        } else {
            x + 6.0
        };
        let before = plan.blocks[i].first().map_or(x, |b| b.0) - 6.0;
        let spots = [
            (after, plan.base(i), Anchor::Start),
            (before, plan.base(i), Anchor::End),
        ];
        svg.place(&format!("{class} halo"), &words, &spots);
    }
}

pub fn cross(x: f64, y: f64, r: f64) -> Path {
    Path::from(x - r, y - r)
        .to(x + r, y + r)
        .go(x + r, y - r)
        .to(x - r, y + r)
}

/// In the middle of the longest part of the wait that is not folded.
fn label_waits(svg: &mut Svg, model: &Model, plan: &Plan) {
    for (i, lane) in model.lanes.iter().enumerate() {
        for &(from, to) in &lane.waits {
            let (start, end) = plan.wait(model, i, (from, to));
            let parts = unfolded(start, end, plan.axis.folds().map(|f| (f.start + 9.0, f.end - 9.0)));
            let longest = parts.into_iter().max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
            let Some((a, b)) = longest else { continue };
            let spot = [((a + b) / 2.0, plan.base(i), Anchor::Middle)];
            let short = number(to - from);
            for words in [format!("wait {short}"), short] {
                if text::width(&words, Face::Regular) + 2.0 <= b - a && svg.place("tx-wait", &words, &spot) {
                    break;
                }
            }
            let y = plan.y(i) + (plan.row - plan.block_height()) / 2.0;
            svg.take(Rect::new(start, y, end - start, plan.block_height()));
        }
    }
}

/// What folds leave of a stretch.
pub fn unfolded(start: f64, end: f64, folds: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut parts = Vec::new();
    let mut at = start;
    for (from, to) in folds.filter(|(from, to)| *from < end && *to > start) {
        parts.push((at, from.max(at)));
        at = to.max(at);
    }
    parts.push((at, end.max(at)));
    parts
}

fn find(model: &Model, plan: &Plan, at: f64, lane: Option<usize>) -> Rect {
    let x = plan.axis.at(at);
    let Some(i) = lane else {
        return Rect::new(x - 5.0, 19.0, 10.0, 18.0);
    };
    let lane = &model.lanes[i];
    if let Some(n) = lane.blocks.iter().position(|b| b.from - 0.5 <= at && at <= b.to + 0.5) {
        return plan.block(i, n);
    }
    let y = plan.y(i) + (plan.row - plan.block_height()) / 2.0;
    if (lane.end.at - at).abs() < 1.0 {
        return Rect::new(plan.end(model, i) + 2.0, y, 14.0, plan.block_height());
    }
    if let Some(&wait) = lane.waits.iter().find(|w| w.0 - 0.5 <= at && at <= w.1 + 0.5) {
        let (from, to) = plan.wait(model, i, wait);
        return Rect::new(from, y, to - from, plan.block_height());
    }
    Rect::new(x - 5.0, y, 10.0, plan.block_height())
}
