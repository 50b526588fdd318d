//! Arrivals after one outage: this program, the reference, and what no jitter would do to the server.

use super::figure::{Column, Figure, Table};
use super::scale::{Scale, number};
use super::svg::{Anchor, Path, Rect, Svg};
use super::text::{self, Face};
use crate::grader::verdict::Herd;

/// Windows are merged where there are more than can be drawn; the highest of them counts.
const MOST_COLUMNS: usize = 240;

/// `None` where nobody came back.
pub fn herd(h: &Herd) -> Option<Figure> {
    let peaks = [&h.program, &h.reference, &h.none].map(|w| w.iter().copied().max().unwrap_or(0));
    if peaks[0] == 0 {
        return None;
    }
    let [program, reference, none] = peaks.map(|p| number(f64::from(p)));
    let lead = match h.retries.iter().all(|r| r.share <= r.limit) {
        true => "They do not come back together.",
        false => "They come back together.",
    };
    let window = number(h.window_ms);
    let rest = format!(
        "At most {program} requests arrive in one window of {window} ms, where the reference has {reference} and a program without jitter has {none}."
    );
    let label = format!(
        "Arrivals per window of {window} ms from {} clients. {rest} The server answers {} in a window.",
        number(f64::from(h.clients)),
        number(h.capacity)
    );
    Some(Figure {
        lead: lead.to_owned(),
        rest,
        drawings: vec![draw(h, Shape::WIDE, &label), draw(h, Shape::NARROW, &label)],
        keys: Vec::new(),
        notes: Vec::new(),
        table: table(h),
    })
}

#[derive(Clone, Copy)]
struct Shape {
    class: &'static str,
    width: f64,
    height: f64,
    ticks: f64,
}

impl Shape {
    const LEFT: f64 = 48.0;
    const TOP: f64 = 34.0;
    const WIDE: Shape = Shape {
        class: "wide",
        width: 1000.0,
        height: 300.0,
        ticks: 9.0,
    };
    const NARROW: Shape = Shape {
        class: "narrow",
        width: 350.0,
        height: 280.0,
        ticks: 4.0,
    };

    fn base(&self) -> f64 {
        self.height - 36.0
    }

    fn right(&self) -> f64 {
        self.width - 16.0
    }
}

struct Plan {
    shape: Shape,
    x: Scale,
    y: Scale,
    /// Arrivals above this are cut.
    limit: f64,
    merged: usize,
}

impl Plan {
    fn of(h: &Herd, shape: Shape) -> Plan {
        let last = |w: &[u32]| w.iter().rposition(|n| *n > 0).map_or(0, |i| i + 1);
        let windows = last(&h.program).max(last(&h.reference)).max(last(&h.none)).max(1);
        let merged = windows.div_ceil(MOST_COLUMNS);
        let peak = |w: &[u32]| f64::from(w.iter().copied().max().unwrap_or(0));
        let usual = peak(&h.reference).max(h.capacity).max(1.0);
        let limit = if peak(&h.program) <= 2.2 * usual {
            1.15 * peak(&h.program).max(usual)
        } else {
            1.6 * usual
        } * 1.15;
        let columns = windows.div_ceil(merged) as f64;
        let windows_ms = columns * merged as f64 * h.window_ms;
        let x = Scale::linear(windows_ms, Shape::LEFT, shape.right());
        let y = Scale::linear(limit, shape.base(), Shape::TOP);
        Plan {
            shape,
            x,
            y,
            limit,
            merged,
        }
    }

    fn columns(&self, windows: &[u32]) -> Vec<f64> {
        windows
            .chunks(self.merged)
            .map(|c| f64::from(c.iter().copied().max().unwrap_or(0)))
            .collect()
    }

    fn column(&self, h: &Herd, i: usize) -> (f64, f64) {
        let ms = h.window_ms * self.merged as f64;
        (self.x.at(ms * i as f64), self.x.at(ms * (i + 1) as f64))
    }
}

fn draw(h: &Herd, shape: Shape, label: &str) -> Svg {
    let plan = Plan::of(h, shape);
    let mut svg = Svg::new(shape.class, shape.width, shape.height, label);
    draw_ground(&mut svg, &plan);
    let towers = draw_none(&mut svg, h, &plan);
    draw_program(&mut svg, h, &plan);
    draw_towers(&mut svg, h, &plan, &towers);
    draw_capacity(&mut svg, h, &plan);
    label_lines(&mut svg, h, &plan, &towers);
    svg
}

fn draw_ground(svg: &mut Svg, plan: &Plan) {
    let shape = plan.shape;
    for tick in plan.y.ticks(5.0) {
        let y = plan.y.at(tick);
        svg.line(
            if tick == 0.0 { "axis" } else { "grid" },
            (Shape::LEFT, y),
            (shape.right(), y),
        );
        svg.text("tx3", &number(tick), (Shape::LEFT - 8.0, y + 4.0, Anchor::End));
    }
    for tick in plan.x.ticks(shape.ticks) {
        let spot = (plan.x.at(tick), shape.base() + 18.0);
        if tick == 0.0 {
            svg.place("tx3", "0 ms", &[(spot.0 - 4.0, spot.1, Anchor::Start)]);
        } else {
            svg.place("tx3", &number(tick), &[(spot.0, spot.1, Anchor::Middle)]);
        }
    }
    svg.place(
        "tx3",
        "after the failure",
        &[(Shape::LEFT - 4.0, shape.height - 3.0, Anchor::Start)],
    );
}

/// The columns of a program without jitter; gives those that are cut.
fn draw_none(svg: &mut Svg, h: &Herd, plan: &Plan) -> Vec<(f64, f64, f64)> {
    let mut towers = Vec::new();
    for (i, n) in plan.columns(&h.none).into_iter().enumerate().filter(|(_, n)| *n > 0.0) {
        let (from, to) = plan.column(h, i);
        let (from, to) = if to - from < 3.0 {
            (from, from + 3.0)
        } else {
            (from, to)
        };
        let is_cut = n > plan.limit;
        let top = if is_cut { 20.0 } else { plan.y.at(n) };
        svg.rect(
            "none",
            Rect::new(from, top, to - from, plan.shape.base() - top - 1.0),
            0.0,
        );
        if is_cut {
            towers.push(((from + to) / 2.0, to - from, n));
        }
    }
    towers
}

fn draw_program(svg: &mut Svg, h: &Herd, plan: &Plan) {
    let base = plan.shape.base();
    let steps = |windows: &[u32]| {
        let mut path = Path::from(Shape::LEFT, base);
        for (i, n) in plan.columns(windows).into_iter().enumerate() {
            let (_, to) = plan.column(h, i);
            path = path
                .down(plan.y.at(n.min(plan.limit)))
                .across(to.min(plan.shape.right()));
        }
        path.down(base)
    };
    svg.path("you-fill", &steps(&h.program).close());
    svg.path("ref", &steps(&h.reference));
    svg.path("you", &steps(&h.program));
    for (i, n) in plan.columns(&h.reference).into_iter().enumerate() {
        let (from, to) = plan.column(h, i);
        svg.take(Rect::new(from, plan.y.at(n.min(plan.limit)) - 2.0, to - from, 4.0));
    }
    for (i, n) in plan.columns(&h.program).into_iter().enumerate() {
        let (from, to) = plan.column(h, i);
        let top = plan.y.at(n.min(plan.limit));
        svg.take(Rect::new(from, top - 3.0, to - from, (base - top).min(3.0) + 3.0));
    }
}

/// Arrows and values over what is cut: the program's own in its colour.
fn draw_towers(svg: &mut Svg, h: &Herd, plan: &Plan, none: &[(f64, f64, f64)]) {
    for &(x, width, _) in none {
        svg.take(Rect::new(
            x - width / 2.0 - 2.0,
            8.0,
            width + 4.0,
            plan.shape.base() - 8.0,
        ));
    }
    let mut is_first_cut = true;
    for (i, n) in plan
        .columns(&h.program)
        .into_iter()
        .enumerate()
        .filter(|(_, n)| *n > plan.limit)
    {
        let (from, to) = plan.column(h, i);
        let x = (from + to) / 2.0;
        svg.path("you", &Path::from(x - 4.0, 26.0).to(x, 20.0).to(x + 4.0, 26.0));
        let words = if is_first_cut {
            format!("this program: {}", number(n))
        } else {
            number(n)
        };
        let side = (to - from) / 2.0 + 6.0;
        for (words, y) in [(words, 30.0), (number(n), 30.0)] {
            if svg.place(
                "tx-you halo",
                &words,
                &[(x + side, y, Anchor::Start), (x - side, y, Anchor::End)],
            ) {
                is_first_cut = false;
                break;
            }
        }
    }
    for &(x, width, n) in none {
        svg.path("none", &Path::from(x - 6.0, 19.0).to(x, 11.0).to(x + 6.0, 19.0).close());
        let side = (width / 2.0).max(6.0) + 5.0;
        svg.place(
            "tx-bad halo",
            &number(n),
            &[(x + side, 14.0, Anchor::Start), (x - side, 14.0, Anchor::End)],
        );
    }
}

fn draw_capacity(svg: &mut Svg, h: &Herd, plan: &Plan) {
    let y = plan.y.at(h.capacity);
    svg.line("cap", (Shape::LEFT, y), (plan.shape.right(), y));
    let value = number(h.capacity);
    let words = [
        format!("server capacity: {value} requests per window, then it slows and sheds"),
        format!("server capacity: {value} per window"),
        format!("capacity {value}"),
    ];
    let room = plan.shape.right() - Shape::LEFT;
    let spots: Vec<_> = (0..24)
        .flat_map(|i| {
            let x = plan.shape.right() - 4.0 - room * f64::from(i) / 24.0;
            [(x, y - 7.0, Anchor::End), (x, y + 15.0, Anchor::End)]
        })
        .filter(|s| s.1 > 24.0)
        .collect();
    words
        .iter()
        .any(|w| text::width(w, Face::Regular) < room * 0.7 && svg.place("tx1 halo", w, &spots));
}

fn label_lines(svg: &mut Svg, h: &Herd, plan: &Plan, towers: &[(f64, f64, f64)]) {
    let base = plan.shape.base();
    if let Some(&(x, width, n)) = towers.first() {
        let all = match towers.len() {
            1 => format!("no jitter: {} at once", number(n)),
            times => format!("no jitter: {} at once, {times} times", number(n)),
        };
        let spots: Vec<_> = (0..8)
            .flat_map(|i| {
                let y = 40.0 + 16.0 * f64::from(i);
                [
                    (x + width / 2.0 + 7.0, y, Anchor::Start),
                    (x - width / 2.0 - 7.0, y, Anchor::End),
                ]
            })
            .collect();
        [all, "no jitter".to_owned()]
            .iter()
            .any(|w| svg.place("tx-bad halo", w, &spots));
    }
    let columns = plan.columns(&h.program);
    let peak = columns
        .iter()
        .copied()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    if let Some((i, n)) = peak.filter(|(_, n)| *n <= plan.limit) {
        let (from, to) = plan.column(h, i);
        let y = plan.y.at(n);
        let spots = [
            ((from + to) / 2.0, y - 6.0, Anchor::Middle),
            (from - 5.0, y + 6.0, Anchor::End),
            (to + 5.0, y + 6.0, Anchor::Start),
            (Shape::LEFT + 4.0, y - 6.0, Anchor::Start),
            (to + 5.0, y - 14.0, Anchor::Start),
            (from - 5.0, y - 14.0, Anchor::End),
        ];
        svg.place("tx-you halo", &format!("peak {}", number(n)), &spots);
    }
    let inside: Vec<_> = (0..8)
        .flat_map(|i| {
            (0..6).map(move |k| {
                (
                    Shape::LEFT + 8.0 + 40.0 * f64::from(i),
                    base - 8.0 - 14.0 * f64::from(k),
                    Anchor::Start,
                )
            })
        })
        .filter(|(x, y, _)| {
            is_under(&columns, h, plan, (*x, y - 14.0)) && is_under(&columns, h, plan, (x + 80.0, y - 14.0))
        })
        .collect();
    svg.place("tx-you", "this program", &inside);
    label_reference(svg, h, plan, base);
}

fn is_under(columns: &[f64], h: &Herd, plan: &Plan, (x, y): (f64, f64)) -> bool {
    let at = columns.iter().enumerate().find(|(i, _)| plan.column(h, *i).1 >= x);
    at.is_some_and(|(_, n)| plan.y.at(n.min(plan.limit)) < y)
}

/// The reference is named where it stands clear, with a line to it.
fn label_reference(svg: &mut Svg, h: &Herd, plan: &Plan, base: f64) {
    let columns = plan.columns(&h.reference);
    let own = plan.columns(&h.program);
    for share in [0.45, 0.3, 0.6, 0.2, 0.75] {
        let i = (columns.len() as f64 * share) as usize;
        let Some(n) = columns.get(i) else { continue };
        let (from, to) = plan.column(h, i);
        let foot = plan
            .y
            .at(n.min(plan.limit))
            .min(plan.y.at(own.get(i).copied().unwrap_or(0.0).min(plan.limit)));
        let x = (from + to) / 2.0;
        for rise in [34.0, 50.0, 70.0] {
            let y = foot - rise;
            let spot = [(x + 12.0, y, Anchor::Start)];
            if y > Shape::TOP && y < base && svg.place("tx3 halo", "grey: the reference, full jitter", &spot) {
                let reference = plan.y.at(n.min(plan.limit));
                svg.path("fold", &Path::from(x + 10.0, y + 2.0).to(x, reference - 2.0));
                return;
            }
        }
    }
}

fn table(h: &Herd) -> Table {
    let over = |w: &[u32]| w.iter().filter(|n| f64::from(**n) > h.capacity).count() as f64;
    let row = |name: &str, w: &[u32], shed: u32| {
        let peak = w.iter().copied().max().unwrap_or(0);
        [name.to_owned()]
            .into_iter()
            .chain([f64::from(peak), over(w), f64::from(shed)].map(number))
            .collect()
    };
    let percent = |share: f64| format!("{} %", number(share * 100.0));
    let mut rows: Vec<Vec<String>> = vec![
        row("this program", &h.program, h.shed[0]),
        row("reference, full jitter", &h.reference, h.shed[1]),
        row("no jitter", &h.none, h.shed[2]),
    ];
    for r in &h.retries {
        let name = format!("back within 1/20 of the bound, retry {}", r.n);
        rows.push(vec![
            name,
            percent(r.share),
            format!("at most {}", percent(r.limit)),
            String::new(),
        ]);
    }
    let numbers = ["Peak in a window", "Windows over capacity", "Requests shed"].map(Column::number);
    Table {
        columns: [Column::text("Program")].into_iter().chain(numbers).collect(),
        rows,
    }
}
