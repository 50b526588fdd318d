//! Quantities one below the other: bars, ranges against a limit, rates with what chance leaves open.

use super::figure::{Figure, Table};
use super::scale::{Scale, number};
use super::svg::{Anchor, Rect, Svg};
use super::text::{self, Face};

/// Names stand beside their marks where there is room, and above them where there is not.
const WIDE: f64 = 700.0;
const NARROW: f64 = 350.0;
const WIDEST_NAME: f64 = 250.0;
const GAP: f64 = 12.0;
const HEAD: f64 = 30.0;
const AXIS: f64 = 24.0;

/// What is drawn, and the words around it.
#[derive(Clone, Debug)]
pub struct Rows {
    pub rows: Vec<Row>,
    pub unit: Unit,
    /// The end of the axis, where it is not what the marks need.
    pub end: Option<f64>,
}

#[derive(Clone, Debug)]
pub struct Row {
    /// Above the first row of a group.
    pub head: Option<String>,
    pub name: String,
    pub mark: Measure,
    /// Behind the mark.
    pub words: String,
    pub is_bad: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure {
    Nothing,
    /// What it is a part of stands pale behind it.
    Bar {
        value: f64,
        whole: f64,
    },
    /// From half of all to nine in ten, against a limit.
    Range {
        half: f64,
        most: f64,
        limit: Option<f64>,
    },
    /// With the interval in which chance leaves it, and a limit.
    Rate {
        at: f64,
        low: f64,
        high: f64,
        limit: Option<f64>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Count,
    Resumes,
    Days,
    Share,
    Points,
}

impl Measure {
    fn end(self) -> f64 {
        match self {
            Measure::Nothing => 0.0,
            Measure::Bar { value, whole } => value.max(whole),
            Measure::Range { most, limit, .. } => most.max(limit.unwrap_or(0.0)),
            Measure::Rate { high, limit, .. } => high.max(limit.unwrap_or(0.0)),
        }
    }
}

impl Unit {
    fn tick(self, value: f64) -> String {
        match self {
            Unit::Count | Unit::Resumes | Unit::Days | Unit::Points => number(value),
            Unit::Share => format!("{}%", number(value * 100.0)),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Unit::Count => "people",
            Unit::Resumes => "résumés",
            Unit::Days => "days",
            Unit::Points => "points",
            Unit::Share => "",
        }
    }
}

/// `None` where there is nothing to draw. `label` is the conclusion, for those who do not see the picture.
pub fn rows(drawn: &Rows, (lead, rest): (&str, &str), label: &str, table: Table) -> Option<Figure> {
    if drawn.rows.iter().all(|row| row.mark == Measure::Nothing) {
        return None;
    }
    Some(Figure {
        lead: lead.to_owned(),
        rest: rest.to_owned(),
        drawings: vec![draw(drawn, "wide", WIDE, label), draw(drawn, "narrow", NARROW, label)],
        keys: Vec::new(),
        notes: Vec::new(),
        table,
    })
}

struct Layout {
    /// Names above their marks.
    is_narrow: bool,
    left: f64,
    right: f64,
    height: f64,
    row: f64,
}

fn layout(drawn: &Rows, width: f64) -> Layout {
    let is_narrow = width == NARROW;
    let widest = |of: fn(&Row) -> &str, face| {
        let widths = drawn.rows.iter().map(|row| text::width(of(row), face));
        widths.fold(0.0, f64::max)
    };
    // A little more than measured, so that no name is cut for the last digit of a float.
    let names = (widest(|row| &row.name, Face::Regular) + 1.0).min(WIDEST_NAME);
    let words = widest(|row| &row.words, Face::Bold).min(width * 0.45);
    let row = if is_narrow { 46.0 } else { 34.0 };
    let heads = drawn.rows.iter().filter(|row| row.head.is_some()).count();
    Layout {
        is_narrow,
        left: if is_narrow { 2.0 } else { names + GAP },
        right: width - words - GAP,
        height: row * drawn.rows.len() as f64 + HEAD * heads as f64 + AXIS + 4.0,
        row,
    }
}

fn draw(drawn: &Rows, class: &'static str, width: f64, label: &str) -> Svg {
    let layout = layout(drawn, width);
    let mut svg = Svg::new(class, width, layout.height, label);
    let ends = drawn.rows.iter().map(|row| row.mark.end());
    let end = drawn.end.unwrap_or_else(|| ends.fold(0.0, f64::max));
    let scale = Scale::linear(end, layout.left, layout.right);
    draw_axis(&mut svg, drawn.unit, &scale, &layout);
    let mut y = 0.0;
    for row in &drawn.rows {
        if let Some(head) = &row.head {
            let room = width - 4.0;
            svg.text(
                "tx1 txb",
                &text::fit(head, Face::Bold, room),
                (2.0, y + 20.0, Anchor::Start),
            );
            y += HEAD;
        }
        draw_row(&mut svg, row, &scale, &layout, y);
        y += layout.row;
    }
    svg
}

fn draw_axis(svg: &mut Svg, unit: Unit, scale: &Scale, layout: &Layout) {
    let base = layout.height - AXIS;
    svg.line("axis", (layout.left, 0.0), (layout.left, base));
    let count = if layout.is_narrow { 3.0 } else { 5.0 };
    let ticks = scale.ticks(count);
    // People do not come in parts.
    let whole = |tick: &&f64| !matches!(unit, Unit::Count | Unit::Resumes) || tick.fract() == 0.0;
    let last = ticks.iter().rev().find(whole).copied();
    for tick in ticks.iter().filter(whole) {
        let x = scale.at(*tick);
        if *tick > 0.0 {
            svg.line("grid", (x, 0.0), (x, base));
        }
        let words = match unit.words() {
            unit_words if Some(*tick) == last && !unit_words.is_empty() => format!("{} {unit_words}", unit.tick(*tick)),
            _ => unit.tick(*tick),
        };
        svg.place(
            "tx3",
            &words,
            &[
                (x, base + 17.0, Anchor::Middle),
                (x, base + 17.0, Anchor::Start),
                (x, base + 17.0, Anchor::End),
            ],
        );
    }
}

fn draw_row(svg: &mut Svg, row: &Row, scale: &Scale, layout: &Layout, y: f64) {
    let middle = if layout.is_narrow {
        y + 31.0
    } else {
        y + layout.row / 2.0
    };
    if layout.is_narrow {
        // Beside the axis, not on it.
        svg.text("tx1", &row.name, (layout.left + 5.0, y + 16.0, Anchor::Start));
    } else {
        let name = text::fit(&row.name, Face::Regular, layout.left - GAP);
        svg.text("tx1", &name, (layout.left - GAP, middle + 4.0, Anchor::End));
    }
    let reach = draw_mark(svg, row, scale, middle);
    let class = if row.is_bad { "tx-bad halo" } else { "tx1 halo" };
    svg.text(
        class,
        &row.words,
        (reach.max(layout.left) + 8.0, middle + 4.0, Anchor::Start),
    );
}

/// Says how far to the right it goes.
fn draw_mark(svg: &mut Svg, row: &Row, scale: &Scale, y: f64) -> f64 {
    let from = scale.at(0.0);
    let bar = |to: f64, height: f64| Rect::new(from, y - height / 2.0, (scale.at(to) - from).max(1.0), height);
    let limit_line = |svg: &mut Svg, limit: Option<f64>| {
        if let Some(limit) = limit {
            let x = scale.at(limit);
            svg.line("bound", (x, y - 11.0), (x, y + 11.0));
        }
    };
    match row.mark {
        Measure::Nothing => from,
        Measure::Bar { value, whole } => {
            if whole > value {
                svg.rect("you-fill", bar(whole, 16.0), 2.0);
            }
            if value > 0.0 {
                svg.rect("bar", bar(value, 16.0), 2.0);
            }
            scale.at(value.max(whole))
        }
        Measure::Range { half, most, limit } => {
            let (a, b) = (scale.at(half), scale.at(most));
            svg.rect("you-fill", Rect::new(a, y - 5.0, (b - a).max(1.0), 10.0), 2.0);
            limit_line(svg, limit);
            svg.circle(if row.is_bad { "a-fail" } else { "bar" }, (a, y), 5.0);
            b.max(a + 5.0).max(limit.map_or(0.0, |limit| scale.at(limit)))
        }
        Measure::Rate { at, low, high, limit } => {
            svg.line("you", (scale.at(low), y), (scale.at(high), y));
            limit_line(svg, limit);
            svg.circle(if row.is_bad { "a-fail" } else { "bar" }, (scale.at(at), y), 5.0);
            scale.at(high).max(limit.map_or(0.0, |limit| scale.at(limit)))
        }
    }
}
