//! The waits as shares of their bounds, cumulated, against the lines of the known families.

use super::figure::{Column, Figure, Table};
use super::scale::number;
use super::svg::{Anchor, Path, Rect, Svg};
use crate::grader::verdict::{Family, Waits};

/// Families that a reader may compare with: the share of the bound from which on they draw.
const REFERENCES: [(&str, f64); 4] = [("full", 0.0), ("equal", 0.5), ("20 %", 0.8), ("none", 1.0)];
/// A wait beyond its bound is drawn at the edge.
const EDGE: f64 = 1.12;

/// `None` where no wait was measured.
pub fn families(w: &Waits) -> Option<Figure> {
    let mut shares: Vec<f64> = w
        .retries
        .iter()
        .filter(|r| r.bound_ms > 0.0)
        .flat_map(|r| r.waits_ms.iter().map(|wait| wait / r.bound_ms))
        .collect();
    if shares.is_empty() {
        return None;
    }
    shares.sort_by(f64::total_cmp);
    let label = conclusion(w, &shares);
    Some(Figure {
        lead: "Which family is it?".to_owned(),
        rest: "Waits as shares of their bound; grey: other families.".to_owned(),
        drawings: vec![
            draw(w, &shares, ("wide", 380.0), &label),
            draw(w, &shares, ("narrow", 350.0), &label),
        ],
        keys: Vec::new(),
        notes: Vec::new(),
        table: table(&shares),
    })
}

fn conclusion(w: &Waits, shares: &[f64]) -> String {
    let at = |q| percent(quantile(shares, q));
    format!(
        "Cumulative share of waits by their share of the bound: a quarter are below {}, half below {}, three quarters below {}. Inferred: {}.",
        at(0.25),
        at(0.5),
        at(0.75),
        w.family.label()
    )
}

struct Field {
    left: f64,
    right: f64,
    top: f64,
    base: f64,
    /// The share at the right edge.
    edge: f64,
}

impl Field {
    fn at(&self, share: f64, part: f64) -> (f64, f64) {
        let x = self.left + share.clamp(0.0, self.edge) / self.edge * (self.right - self.left);
        (x, self.base - part.clamp(0.0, 1.0) * (self.base - self.top))
    }
}

fn draw(w: &Waits, shares: &[f64], (class, width): (&'static str, f64), label: &str) -> Svg {
    let mut svg = Svg::new(class, width, 320.0, label);
    let beyond = shares.last().is_some_and(|s| *s > 1.01);
    let field = Field {
        left: 48.0,
        right: width - 22.0,
        top: 22.0,
        base: 286.0,
        edge: if beyond { EDGE } else { 1.0 },
    };
    draw_ground(&mut svg, w, &field);
    let line = step_line(shares, &field);
    keep_clear(&mut svg, shares, &field);
    for (_, from) in REFERENCES {
        for step in 0..=24 {
            let part = f64::from(step) / 24.0;
            let (x, y) = field.at(from + (1.0 - from) * part, part);
            svg.take(Rect::new(x - 1.0, y - 4.0, 2.0, 8.0));
        }
    }
    for (name, from) in REFERENCES {
        draw_reference(&mut svg, name, from, w, &field);
    }
    svg.path("you", &line);
    label_program(&mut svg, w, &field);
    svg
}

fn draw_ground(svg: &mut Svg, w: &Waits, field: &Field) {
    if w.family != Family::Other && w.high > w.low {
        let d = w.critical;
        let (low, high) = (w.low, w.high.min(field.edge));
        let at = |share: f64, part: f64| field.at(share, part);
        let span = high - low;
        let (a, b, c, e) = (at(low, 0.0), at(low, d), at(high - d * span, 1.0), at(high, 1.0));
        let (f, g) = (at(high, 1.0 - d), at(low + d * span, 0.0));
        let band = [b, c, e, f, g].iter().fold(Path::from(a.0, a.1), |p, q| p.to(q.0, q.1));
        svg.path("band", &band.close());
    }
    for part in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let (_, y) = field.at(0.0, part);
        svg.line(
            if part == 0.0 { "axis" } else { "grid" },
            (field.left, y),
            (field.right, y),
        );
        svg.text("tx3", &percent(part), (field.left - 8.0, y + 4.0, Anchor::End));
        let (x, _) = field.at(part, 0.0);
        let words = if part == 1.0 { "bound".to_owned() } else { percent(part) };
        svg.text("tx3", &words, (x, field.base + 18.0, Anchor::Middle));
    }
    svg.text("tx3", "share of waits", (field.left, 12.0, Anchor::Start));
}

fn step_line(shares: &[f64], field: &Field) -> Path {
    let mut line = Path::from(field.left, field.base);
    for (i, share) in shares.iter().enumerate() {
        let part = (i + 1) as f64 / shares.len() as f64;
        let (x, y) = field.at(*share, part);
        line = line.across(x).down(y);
    }
    line.across(field.right)
}

/// Labels stay off the program's line.
fn keep_clear(svg: &mut Svg, shares: &[f64], field: &Field) {
    let mut before = field.at(0.0, 0.0);
    for (i, share) in shares.iter().enumerate() {
        let at = field.at(*share, (i + 1) as f64 / shares.len() as f64);
        svg.take(Rect::new(
            before.0 - 2.0,
            at.1 - 2.0,
            at.0 - before.0 + 4.0,
            before.1 - at.1 + 4.0,
        ));
        before = at;
    }
}

fn draw_reference(svg: &mut Svg, name: &str, from: f64, w: &Waits, field: &Field) {
    let (a, b) = (field.at(from, 0.0), field.at(1.0, 1.0));
    let end = field.at(1.0, 1.0);
    svg.path(
        "ref",
        &Path::from(field.left, field.base)
            .across(a.0)
            .to(b.0, b.1)
            .to(end.0, end.1),
    );
    let is_own = match w.family {
        Family::Full => name == "full",
        Family::Equal => name == "equal",
        Family::None => name == "none",
        _ => false,
    };
    if is_own {
        return;
    }
    let spots: Vec<_> = [0.42, 0.3, 0.55, 0.2, 0.7, 0.1]
        .into_iter()
        .flat_map(|part| {
            let (x, y) = field.at(from + (1.0 - from) * part, part);
            [(x + 8.0, y + 12.0, Anchor::Start), (x - 8.0, y + 4.0, Anchor::End)]
        })
        .collect();
    svg.place("tx3 halo", name, &spots);
}

/// Three lines together, where there is room.
fn label_program(svg: &mut Svg, w: &Waits, field: &Field) {
    let (middle, family) = match w.family {
        Family::Other => ("fits no known family", String::new()),
        family => ("on the line of", family.label().to_lowercase()),
    };
    let corners = [(0.06, 0.68), (0.06, 0.9), (0.5, 0.3), (0.06, 0.5), (0.3, 0.25)];
    for (share, part) in corners {
        let (x, y) = field.at(share * field.edge, part);
        let block = Rect::new(x - 2.0, y - 12.0, 124.0, 48.0);
        if svg.is_free(&block) {
            svg.text("tx-you halo", "this program", (x, y, Anchor::Start));
            svg.text("tx3 halo", middle, (x, y + 16.0, Anchor::Start));
            svg.text("tx1 txb halo", &family, (x, y + 32.0, Anchor::Start));
            return;
        }
    }
}

/// `shares` are sorted and not empty.
fn quantile(shares: &[f64], q: f64) -> f64 {
    let at = q * (shares.len() - 1) as f64;
    let (low, high) = (shares[at.floor() as usize], shares[at.ceil() as usize]);
    low + (high - low) * at.fract()
}

fn percent(share: f64) -> String {
    format!("{}%", number((share * 100.0).round()))
}

fn table(shares: &[f64]) -> Table {
    let quantiles = [
        ("shortest", 0.0),
        ("a quarter below", 0.25),
        ("half below", 0.5),
        ("three quarters below", 0.75),
        ("longest", 1.0),
    ];
    let row = |(name, q): (&str, f64)| {
        let references = REFERENCES.iter().map(|(_, from)| percent(from + (1.0 - from) * q));
        [name.to_owned(), percent(quantile(shares, q))]
            .into_iter()
            .chain(references)
            .collect()
    };
    let numbers = ["This program", "Full", "Equal", "20 %", "None"].map(Column::number);
    Table {
        columns: [Column::text("Share of the bound")]
            .into_iter()
            .chain(numbers)
            .collect(),
        rows: quantiles.into_iter().map(row).collect(),
    }
}
