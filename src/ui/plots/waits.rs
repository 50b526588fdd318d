//! Every wait against its bound: a column for each retry, the bound as a step line, a dot for each wait.

use super::figure::{Column, Figure, Table};
use super::scale::{Scale, number};
use super::svg::{Anchor, Path, Svg};
use crate::grader::verdict::{Family, RetryWaits, Waits};

/// The tolerance of every judgement about time.
const TOLERANCE_MS: f64 = 1.0;
/// Bounds further apart than this cannot share a linear axis.
const WIDEST_LINEAR_RATIO: f64 = 48.0;

/// `None` where no wait was measured.
pub fn waits(w: &Waits) -> Option<Figure> {
    let retries: Vec<&RetryWaits> = w.retries.iter().filter(|r| !r.waits_ms.is_empty()).collect();
    if retries.is_empty() {
        return None;
    }
    let beyond = retries
        .iter()
        .flat_map(|r| &r.waits_ms)
        .zip(bounds_of(&retries))
        .filter(|(w, b)| is_beyond(**w, *b))
        .count();
    let label = conclusion(&retries, beyond);
    let lead = match beyond {
        0 => "Every wait against its bound.".to_owned(),
        n => format!("{} of the waits shown reach beyond their bound.", number(n as f64)),
    };
    Some(Figure {
        lead,
        rest: "The line is the rule, a dot is a wait, the tick is the median.".to_owned(),
        drawings: vec![
            draw(w, &retries, Shape::WIDE, &label),
            draw(w, &retries, Shape::NARROW, &label),
        ],
        keys: Vec::new(),
        notes: Vec::new(),
        table: table(&retries),
    })
}

fn bounds_of<'a>(retries: &'a [&RetryWaits]) -> impl Iterator<Item = f64> + 'a {
    retries.iter().flat_map(|r| r.waits_ms.iter().map(|_| r.bound_ms))
}

fn is_beyond(wait: f64, bound: f64) -> bool {
    wait > bound + TOLERANCE_MS || wait < 0.0
}

fn conclusion(retries: &[&RetryWaits], beyond: usize) -> String {
    let bounds: Vec<String> = retries.iter().map(|r| number(r.bound_ms)).collect();
    let where_ = match beyond {
        0 => "all within".to_owned(),
        n => format!("{n} of them beyond"),
    };
    let count: usize = retries.iter().map(|r| r.waits_ms.len()).sum();
    format!(
        "{count} waits before {} retries, {where_} the bounds of {} ms.",
        retries.len(),
        bounds.join(", ")
    )
}

#[derive(Clone, Copy)]
struct Shape {
    class: &'static str,
    width: f64,
    height: f64,
    dot: f64,
    left: f64,
}

impl Shape {
    const WIDE: Shape = Shape {
        class: "wide",
        width: 600.0,
        height: 320.0,
        dot: 2.6,
        left: 52.0,
    };
    const NARROW: Shape = Shape {
        class: "narrow",
        width: 350.0,
        height: 300.0,
        dot: 2.1,
        left: 48.0,
    };

    fn right(&self) -> f64 {
        self.width - 12.0
    }

    fn base(&self) -> f64 {
        self.height - 34.0
    }
}

fn draw(w: &Waits, retries: &[&RetryWaits], shape: Shape, label: &str) -> Svg {
    let mut svg = Svg::new(shape.class, shape.width, shape.height, label);
    let scale = scale(retries, shape);
    let column = (shape.right() - shape.left) / retries.len() as f64;
    draw_ground(&mut svg, retries, shape, &scale, column);
    for (i, r) in retries.iter().enumerate() {
        draw_dots(&mut svg, r, shape, &scale, (shape.left + column * i as f64, column));
    }
    svg.path("bound", &bound_line(retries, shape, &scale, column));
    label_bounds(&mut svg, w, retries, shape, &scale, column);
    label_rule(&mut svg, w, retries, shape);
    svg
}

fn scale(retries: &[&RetryWaits], shape: Shape) -> Scale {
    let bounds = retries.iter().map(|r| r.bound_ms).filter(|b| *b > 0.0);
    let (low, high) = bounds.fold((f64::MAX, 0.0), |(low, high): (f64, f64), b| (low.min(b), high.max(b)));
    let longest = retries
        .iter()
        .flat_map(|r| r.waits_ms.iter().copied())
        .fold(high, f64::max);
    if longest > low * WIDEST_LINEAR_RATIO {
        Scale::log(longest * 1.3, shape.base(), 20.0)
    } else {
        Scale::linear(longest * 1.06, shape.base(), 20.0)
    }
}

fn draw_ground(svg: &mut Svg, retries: &[&RetryWaits], shape: Shape, scale: &Scale, column: f64) {
    let mut beyond = Path::from(shape.left, 20.0);
    for (i, r) in retries.iter().enumerate() {
        beyond = beyond
            .down(scale.at(r.bound_ms))
            .across(shape.left + column * (i + 1) as f64);
    }
    svg.path("beyond", &beyond.down(20.0).close());
    svg.text(
        "tx3",
        if scale.is_log() { "ms, log" } else { "ms" },
        (shape.left - 8.0, 12.0, Anchor::End),
    );
    for tick in scale.ticks(5.0) {
        let y = scale.at(tick);
        svg.line(
            if tick == 0.0 || y >= shape.base() {
                "axis"
            } else {
                "grid"
            },
            (shape.left, y),
            (shape.right(), y),
        );
        svg.place("tx3", &number(tick), &[(shape.left - 8.0, y + 4.0, Anchor::End)]);
    }
    let is_roomy = column >= 84.0;
    for (i, r) in retries.iter().enumerate() {
        let name = match (is_roomy, i) {
            (true, 0) => format!("before retry {}", r.n),
            (true, _) => format!("retry {}", r.n),
            (false, _) => r.n.to_string(),
        };
        svg.place(
            "tx2",
            &name,
            &[(
                shape.left + column * (i as f64 + 0.5),
                shape.base() + 18.0,
                Anchor::Middle,
            )],
        );
    }
    if !is_roomy {
        svg.place(
            "tx3",
            "before retry n",
            &[(shape.left, shape.height - 2.0, Anchor::Start)],
        );
    }
}

/// Dots are spread sideways by the golden ratio, so that equal waits stay apart.
fn draw_dots(svg: &mut Svg, r: &RetryWaits, shape: Shape, scale: &Scale, (x, column): (f64, f64)) {
    let spread = (column * 0.56).min(64.0);
    for (i, &wait) in r.waits_ms.iter().enumerate() {
        let aside = (i as f64 * 0.618_034).fract() - 0.5;
        let at = (x + column / 2.0 + aside * spread, scale.at(wait));
        svg.circle(
            if is_beyond(wait, r.bound_ms) { "a-fail" } else { "dot" },
            at,
            shape.dot,
        );
    }
    let y = scale.at(median(&r.waits_ms));
    svg.line("mid", (x + column * 0.12, y), (x + column * 0.88, y));
}

fn bound_line(retries: &[&RetryWaits], shape: Shape, scale: &Scale, column: f64) -> Path {
    let first = retries.first().map_or(0.0, |r| r.bound_ms);
    let mut line = Path::from(shape.left, scale.at(first));
    for (i, r) in retries.iter().enumerate() {
        line = line
            .down(scale.at(r.bound_ms))
            .across(shape.left + column * (i + 1) as f64);
    }
    line
}

/// Each bound over its step; a column's dots that reach beyond are kept clear.
fn label_bounds(svg: &mut Svg, w: &Waits, retries: &[&RetryWaits], shape: Shape, scale: &Scale, column: f64) {
    let cap = w.cap_ms.unwrap_or(w.options.max_delay_ms);
    let mut is_cap_named = false;
    for (i, r) in retries.iter().enumerate() {
        let is_cap = (r.bound_ms - cap).abs() <= TOLERANCE_MS;
        let repeats = i > 0 && (retries[i - 1].bound_ms - r.bound_ms).abs() <= TOLERANCE_MS;
        if repeats {
            continue;
        }
        let y = scale.at(r.bound_ms) - 6.0;
        let x = shape.left + column * i as f64;
        let spots = [
            (x + 4.0, y, Anchor::Start),
            (x + column - 2.0, y, Anchor::End),
            (x - 4.0, y + 10.0, Anchor::End),
        ];
        let value = number(r.bound_ms);
        let named = [format!("{value} = cap"), "cap".to_owned(), value.clone()];
        let words = if is_cap && !is_cap_named {
            &named[..]
        } else {
            &named[2..]
        };
        is_cap_named |= is_cap;
        let has_place = words.iter().any(|w| svg.place("tx1 txb halo", w, &spots));
        if !has_place {
            svg.place("tx1 txb halo", &value, &[(x + column / 2.0, y, Anchor::Middle)]);
        }
    }
}

fn label_rule(svg: &mut Svg, w: &Waits, retries: &[&RetryWaits], shape: Shape) {
    let free = free_corner(retries, shape);
    let rule = match w.family {
        Family::Decorrelated => format!(
            "bound = min({}, 3 × the wait before) ms",
            number(w.options.max_delay_ms)
        ),
        _ => format!(
            "bound = min({}, {} × 2ⁿ⁻¹) ms",
            number(w.options.max_delay_ms),
            number(w.options.base_delay_ms)
        ),
    };
    if free {
        svg.place(
            "tx3",
            "No wait may reach into this area.",
            &[(shape.left + 10.0, 40.0, Anchor::Start)],
        );
        svg.place("tx1", &rule, &[(shape.left + 10.0, 58.0, Anchor::Start)]);
    }
}

/// Whether the upper left is empty: the first bounds low, and no dot beyond them.
fn free_corner(retries: &[&RetryWaits], shape: Shape) -> bool {
    let scale = scale(retries, shape);
    let half = &retries[..retries.len().div_ceil(2)];
    retries.len() > 2
        && half.iter().all(|r| {
            let highest = r.waits_ms.iter().copied().fold(r.bound_ms, f64::max);
            scale.at(highest) > 88.0
        })
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => 0.0,
        n if n % 2 == 1 => sorted[n / 2],
        n => (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0,
    }
}

fn table(retries: &[&RetryWaits]) -> Table {
    let row = |r: &&RetryWaits| {
        let low = r.waits_ms.iter().copied().fold(f64::MAX, f64::min);
        let high = r.waits_ms.iter().copied().fold(f64::MIN, f64::max);
        let values = [r.bound_ms, low, median(&r.waits_ms), high].map(number);
        let mut row = vec![format!("retry {}", r.n)];
        row.extend(values);
        row.push(r.waits_ms.len().to_string());
        row
    };
    let numbers = ["Bound, ms", "Shortest", "Median", "Longest", "Waits shown"].map(Column::number);
    Table {
        columns: [Column::text("Before")].into_iter().chain(numbers).collect(),
        rows: retries.iter().map(row).collect(),
    }
}
