//! The timeline on a phone: a column for each call, time runs down.

use super::axis::{Axis, During};
use super::marks::{self, Notes};
use super::model::{Block, How, Lane, Model};
use super::wide::{cross, hatch, unfolded};
use crate::grader::verdict::BreakerState;
use crate::ui::plots::scale::{duration, number};
use crate::ui::plots::svg::{Anchor, Path, Rect, Svg};
use crate::ui::plots::text::{self, Face};

const WIDTH: f64 = 350.0;
const TOP: f64 = 40.0;
const FOLD: f64 = 46.0;

struct Plan {
    axis: Axis,
    left: f64,
    column: f64,
    /// The drawn extent of every block, by lane.
    blocks: Vec<Vec<(f64, f64)>>,
}

pub fn draw(model: &Model, label: &str) -> (Svg, Notes) {
    let (plan, bottom) = plan(model);
    let mut svg = Svg::new("narrow", WIDTH, bottom + 30.0, label);
    draw_ground(&mut svg, model, &plan, bottom);
    draw_lanes(&mut svg, model, &plan, bottom);
    draw_folds(&mut svg, &plan);
    draw_blocks(&mut svg, model, &plan);
    let rings = marks::draw_rings(&mut svg, model, |at, lane| find(model, &plan, at, lane));
    draw_ends(&mut svg, model, &plan);
    label_waits(&mut svg, model, &plan);
    draw_breaker(&mut svg, model, &plan);
    let notes = marks::explain_rings(&mut svg, model, &rings, 170.0);
    label_ends(&mut svg, model, &plan);
    (svg, notes)
}

fn plan(model: &Model) -> (Plan, f64) {
    let left = 24.0 + text::width(&number(model.end), Face::Regular).max(26.0);
    let count = model.lanes.len().max(1) as f64;
    let column = ((WIDTH - left - 12.0) / count).min(40.0);
    let events: usize = model.lanes.iter().map(|l| 2 * l.blocks.len() + 1).sum();
    let height = (events as f64 * 22.0).clamp(220.0, 620.0);
    let folds = Axis::new(&model.gaps, 0.0, height, FOLD).folds().count() as f64;
    let bottom = TOP + height + folds * FOLD;
    let axis = Axis::new(&model.gaps, TOP + 8.0, bottom, FOLD);
    let blocks = model.lanes.iter().map(|l| extents(l, &axis, bottom)).collect();
    (
        Plan {
            axis,
            left: left + 10.0,
            column,
            blocks,
        },
        bottom,
    )
}

fn extents(lane: &Lane, axis: &Axis, bottom: f64) -> Vec<(f64, f64)> {
    let starts: Vec<f64> = lane.blocks.iter().map(|b| axis.at(b.from)).collect();
    let extent = |(i, b): (usize, &Block)| {
        let next = starts.get(i + 1).copied().unwrap_or(bottom + 16.0);
        let room = (next - starts[i] - 1.0).max(1.5);
        let true_height = axis.at(b.to) - starts[i];
        let height = if room >= 16.0 {
            true_height.max(16.0)
        } else {
            true_height.max(3.0)
        };
        (starts[i], starts[i] + height.min(room))
    };
    lane.blocks.iter().enumerate().map(extent).collect()
}

impl Plan {
    fn x(&self, lane: usize) -> f64 {
        self.left + self.column * (lane as f64 + 0.5)
    }

    fn block_width(&self) -> f64 {
        (self.column - 2.0).clamp(2.0, 30.0)
    }

    fn block(&self, lane: usize, i: usize) -> Rect {
        let (from, to) = self.blocks[lane][i];
        Rect::new(
            self.x(lane) - self.block_width() / 2.0,
            from,
            self.block_width(),
            to - from,
        )
    }

    fn wait(&self, model: &Model, lane: usize, (from, to): (f64, f64)) -> Rect {
        let before = model.lanes[lane].blocks.iter().rposition(|b| b.from < from + 1e-6);
        let from = before.map_or(self.axis.at(from), |i| self.blocks[lane][i].1.max(self.axis.at(from)));
        let width = (self.block_width() - 4.0).max(1.5);
        Rect::new(
            self.x(lane) - width / 2.0,
            from,
            width,
            (self.axis.at(to) - from).max(0.0),
        )
    }

    fn end(&self, model: &Model, lane: usize) -> f64 {
        let last = self.blocks[lane].iter().map(|b| b.1).fold(0.0, f64::max);
        self.axis.at(model.lanes[lane].end.at).max(last)
    }
}

fn draw_ground(svg: &mut Svg, model: &Model, plan: &Plan, bottom: f64) {
    let bar = plan.left - 10.0;
    for s in &model.spans {
        let (from, to) = (plan.axis.at(s.from), plan.axis.at(s.to));
        let class = match s.state {
            BreakerState::Closed => continue,
            BreakerState::Open => "openwash",
            BreakerState::HalfOpen => "halfwash",
        };
        svg.rect(class, Rect::new(bar + 6.0, from, WIDTH - bar - 6.0, to - from), 0.0);
    }
    let label_at = bar - 12.0;
    svg.text("tx3", "ms", (label_at, 26.0, Anchor::End));
    for tick in plan.axis.ticks(64.0) {
        let y = plan.axis.at(tick);
        if y <= bottom + 1.0 && svg.place("tx3", &number(tick), &[(label_at, y + 4.0, Anchor::End)]) {
            svg.line("grid", (bar + 8.0, y), (WIDTH, y));
        }
    }
}

fn draw_lanes(svg: &mut Svg, model: &Model, plan: &Plan, bottom: f64) {
    svg.text("tx3", model.lane_word, (plan.left, 10.0, Anchor::Start));
    for (i, lane) in model.lanes.iter().enumerate() {
        let x = plan.x(i);
        svg.place("tx1 txb", &lane.short, &[(x, 26.0, Anchor::Middle)]);
        svg.line("lane", (x, 32.0), (x, bottom));
        for &wait in &lane.waits {
            let r = plan.wait(model, i, wait);
            svg.rect("wait", r, 0.0);
            svg.path("wait-edge", &Path::from(r.x, r.y).down(r.bottom()));
        }
    }
}

fn draw_folds(svg: &mut Svg, plan: &Plan) {
    for fold in plan.axis.folds() {
        let middle = (fold.start + fold.end) / 2.0;
        svg.rect("fold-bg", Rect::new(0.0, middle - 10.0, WIDTH, 20.0), 3.0);
        let length = duration(fold.gap.to - fold.gap.from);
        let words = match fold.gap.during {
            During::Nothing => format!("{length} in which nothing happens"),
            During::Wait => format!("{length} of waiting, folded"),
            During::Attempt => format!("{length} of one attempt, folded"),
        };
        svg.place("tx3", &words, &[(plan.left, middle + 4.0, Anchor::Start)]);
        svg.take(Rect::new(0.0, middle - 10.0, WIDTH, 20.0));
    }
}

fn draw_blocks(svg: &mut Svg, model: &Model, plan: &Plan) {
    for (i, lane) in model.lanes.iter().enumerate() {
        for (n, b) in lane.blocks.iter().enumerate() {
            let r = plan.block(i, n);
            svg.rect(b.class(), r, 2.0f64.min(r.h / 2.0).min(r.w / 2.0));
            if b.wrong {
                svg.rect("ring", r.grown(2.0), 3.5);
            }
            if text::width(&b.label, Face::Block) + 2.0 <= r.w && r.h >= 13.0 {
                svg.place("tx-on", &b.label, &[(plan.x(i), r.y + r.h / 2.0 + 4.0, Anchor::Middle)]);
            }
            svg.take(r);
        }
    }
}

fn draw_ends(svg: &mut Svg, model: &Model, plan: &Plan) {
    for (i, lane) in model.lanes.iter().enumerate() {
        let (x, y) = (plan.x(i), plan.end(model, i));
        let size = (plan.column / 5.0).clamp(1.5, 4.0);
        if matches!(lane.end.how, How::Rejected(_)) {
            svg.path("end-bad", &cross(x, y + 4.0 + size, size));
            svg.take(Rect::new(x - size - 1.0, y + 3.0, 2.0 * size + 2.0, 2.0 * size + 2.0));
        }
    }
}

/// Where columns are many, only ends that are out of the ordinary get words.
fn label_ends(svg: &mut Svg, model: &Model, plan: &Plan) {
    let is_crowded = model.lanes.len() > 3;
    for (i, lane) in model.lanes.iter().enumerate().filter(|_| plan.column >= 16.0) {
        if is_crowded && matches!(lane.end.how, How::Resolved) {
            continue;
        }
        let (x, y) = (plan.x(i), plan.end(model, i));
        let (class, words) = lane.end.how.words();
        let side = plan.block_width() / 2.0 + 4.0;
        let spots = [
            (x + side, y + 12.0, Anchor::Start),
            (x, y + 26.0, Anchor::Middle),
            (x - side, y + 12.0, Anchor::End),
        ];
        svg.place(class, &words, &spots);
    }
}

fn label_waits(svg: &mut Svg, model: &Model, plan: &Plan) {
    for (i, lane) in model.lanes.iter().enumerate() {
        for &wait in &lane.waits {
            let r = plan.wait(model, i, wait);
            let words = number(wait.1 - wait.0);
            let parts = unfolded(
                r.y,
                r.bottom(),
                plan.axis.folds().map(|f| (f.start + 12.0, f.end - 12.0)),
            );
            let longest = parts.into_iter().max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
            if let Some((a, b)) = longest.filter(|(a, b)| b - a >= 14.0) {
                let y = (a + b) / 2.0 + 4.0;
                if text::width(&words, Face::Regular) <= plan.block_width() {
                    svg.place("tx-wait", &words, &[(plan.x(i), y, Anchor::Middle)]);
                } else if model.lanes.len() == 1 {
                    svg.place(
                        "tx-wait",
                        &format!("wait {words}"),
                        &[(r.right() + 6.0, y, Anchor::Start)],
                    );
                }
            }
            svg.take(r);
        }
    }
}

fn draw_breaker(svg: &mut Svg, model: &Model, plan: &Plan) {
    let bar = plan.left - 10.0;
    for s in &model.spans {
        let (from, to) = (plan.axis.at(s.from), plan.axis.at(s.to));
        match s.state {
            BreakerState::Closed => svg.line("b-closed", (bar, from), (bar, to)),
            BreakerState::Open => {
                let r = Rect::new(bar - 5.0, from, 10.0, to - from);
                svg.rect("b-open", r, 2.0);
                svg.path("hatchline", &hatch(r));
            }
            BreakerState::HalfOpen => {
                svg.rect(
                    "b-half b-dashed",
                    Rect::new(bar - 4.0, from + 0.75, 8.0, (to - from - 1.5).max(1.0)),
                    2.0,
                );
            }
        }
        let (class, words) = match s.state {
            BreakerState::Closed => continue,
            BreakerState::Open => ("tx-bad halo", "breaker opens"),
            BreakerState::HalfOpen => ("tx-wait halo", "half-open"),
        };
        svg.line("guide", (bar - 7.0, from), (WIDTH, from));
        let spots = [
            (WIDTH - 2.0, from + 14.0, Anchor::End),
            (plan.left, from + 14.0, Anchor::Start),
            (WIDTH - 2.0, from - 4.0, Anchor::End),
            (plan.left, from - 4.0, Anchor::Start),
        ];
        svg.place(class, words, &spots);
    }
}

fn find(model: &Model, plan: &Plan, at: f64, lane: Option<usize>) -> Rect {
    let y = plan.axis.at(at);
    let Some(i) = lane else {
        return Rect::new(plan.left - 17.0, y - 5.0, 14.0, 10.0);
    };
    let lane = &model.lanes[i];
    if let Some(n) = lane.blocks.iter().position(|b| b.from - 0.5 <= at && at <= b.to + 0.5) {
        return plan.block(i, n);
    }
    let (x, half) = (plan.x(i) - plan.block_width() / 2.0, plan.block_width());
    if (lane.end.at - at).abs() < 1.0 {
        return Rect::new(x, plan.end(model, i) + 1.0, half, 14.0);
    }
    if let Some(&wait) = lane.waits.iter().find(|w| w.0 - 0.5 <= at && at <= w.1 + 0.5) {
        return plan.wait(model, i, wait);
    }
    Rect::new(x, y - 5.0, half, 10.0)
}
