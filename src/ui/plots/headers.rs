//! The wait after each form of Retry-After: a row for each, the allowed stretch behind the dots.

use super::figure::{Column, Figure, Table};
use super::scale::{Scale, number};
use super::svg::{Anchor, Path, Rect, Svg};
use super::text::{self, Face};
use crate::grader::verdict::HeaderWaits;

const WIDEST_LINEAR_RATIO: f64 = 40.0;

/// `None` where no header was served.
pub fn headers(rows: &[HeaderWaits]) -> Option<Figure> {
    if rows.is_empty() {
        return None;
    }
    let label = rows.iter().map(sentence).collect::<Vec<_>>().join(" ");
    Some(Figure {
        lead: "The wait after each form of the header.".to_owned(),
        rest: "A dot is a run; the shaded stretch is what the rule allows.".to_owned(),
        drawings: vec![draw_wide(rows, &label), draw_narrow(rows, &label)],
        keys: Vec::new(),
        notes: Vec::new(),
        table: table(rows),
    })
}

fn sentence(r: &HeaderWaits) -> String {
    format!("{}: {}, allowed {}.", r.form, measured(r), allowed(r))
}

fn measured(r: &HeaderWaits) -> String {
    match extent(&r.waits_ms) {
        None => "no wait".to_owned(),
        Some((low, high)) if (high - low) < 0.5 => format!("{} ms", number(low)),
        Some((low, high)) => format!("{} to {} ms", number(low), number(high)),
    }
}

fn allowed(r: &HeaderWaits) -> String {
    format!("{} to {} ms", number(r.low_ms), number(r.high_ms))
}

fn extent(waits: &[f64]) -> Option<(f64, f64)> {
    waits.iter().fold(None, |e: Option<(f64, f64)>, &w| {
        Some(e.map_or((w, w), |(low, high)| (low.min(w), high.max(w))))
    })
}

/// Linear, unless the longest allowed wait would hide the shortest.
fn scale(rows: &[HeaderWaits], from: f64, to: f64) -> Scale {
    let longest = rows
        .iter()
        .flat_map(|r| r.waits_ms.iter().copied().chain([r.high_ms]))
        .fold(1.0, f64::max);
    let shortest = rows
        .iter()
        .map(|r| r.high_ms)
        .filter(|h| *h > 0.0)
        .fold(longest, f64::min);
    if longest > shortest * WIDEST_LINEAR_RATIO {
        Scale::log(longest * 1.2, from, to)
    } else {
        Scale::linear(longest * 1.04, from, to)
    }
}

fn draw_wide(rows: &[HeaderWaits], label: &str) -> Svg {
    const ROW: f64 = 38.0;
    let names = rows
        .iter()
        .map(|r| text::width(&r.form, Face::Mono))
        .fold(60.0, f64::max)
        .min(270.0);
    let (width, left, top) = (900.0, names + 26.0, 22.0);
    let bottom = top + ROW * rows.len() as f64;
    let mut svg = Svg::new("wide", width, bottom + 26.0, label);
    let scale = scale(rows, left, width - 24.0);
    draw_ticks(&mut svg, &scale, 6.0, (top, bottom));
    svg.place(
        "tx-wait",
        "must fall in the shaded stretch",
        &[(width - 4.0, 12.0, Anchor::End)],
    );
    for (i, r) in rows.iter().enumerate() {
        let y = top + ROW * i as f64;
        svg.line("lane", (left, y + ROW), (width - 24.0, y + ROW));
        svg.text(
            "txm tx1",
            &text::fit(&r.form, Face::Mono, names),
            (left - 14.0, y + ROW / 2.0 + 4.0, Anchor::End),
        );
        draw_row(&mut svg, r, &scale, (y + 5.0, ROW - 10.0));
        label_row(&mut svg, r, &scale, y + ROW / 2.0 + 4.0);
    }
    svg
}

fn draw_narrow(rows: &[HeaderWaits], label: &str) -> Svg {
    const ROW: f64 = 62.0;
    let (width, top) = (350.0, 8.0);
    let bottom = top + ROW * rows.len() as f64;
    let mut svg = Svg::new("narrow", width, bottom + 24.0, label);
    let scale = scale(rows, 8.0, width - 16.0);
    draw_ticks(&mut svg, &scale, 4.0, (top, bottom));
    for (i, r) in rows.iter().enumerate() {
        let y = top + ROW * i as f64;
        svg.line("lane", (8.0, y + ROW), (width, y + ROW));
        svg.text(
            "txm tx1 halo",
            &text::fit(&r.form, Face::Mono, width - 10.0),
            (4.0, y + 14.0, Anchor::Start),
        );
        draw_row(&mut svg, r, &scale, (y + 20.0, 22.0));
        let class = if r.pass { "tx3" } else { "tx-bad" };
        svg.text(class, &verdict(r), (4.0, y + 56.0, Anchor::Start));
    }
    svg
}

fn draw_ticks(svg: &mut Svg, scale: &Scale, count: f64, (top, bottom): (f64, f64)) {
    for (i, tick) in scale.ticks(count).into_iter().enumerate() {
        let x = scale.at(tick);
        let words = if i == 0 {
            format!("{} ms", number(tick))
        } else {
            number(tick)
        };
        let spots = [
            (x, bottom + 18.0, Anchor::Middle),
            (x - 4.0, bottom + 18.0, Anchor::Start),
        ];
        if svg.place("tx3", &words, &spots) {
            svg.line("grid", (x, top), (x, bottom));
        }
    }
}

fn draw_row(svg: &mut Svg, r: &HeaderWaits, scale: &Scale, (y, h): (f64, f64)) {
    let (low, high) = (scale.at(r.low_ms), scale.at(r.high_ms));
    svg.rect("wait", Rect::new(low, y, (high - low).max(2.0), h), 0.0);
    svg.path("wait-edge", &Path::from(low, y).down(y + h));
    for (i, &wait) in r.waits_ms.iter().enumerate() {
        let aside = (i as f64 * 0.618_034).fract();
        let is_allowed = wait >= r.low_ms - 1.0 && wait <= r.high_ms + 1.0;
        let class = if is_allowed { "dot" } else { "a-fail" };
        svg.circle(class, (scale.at(wait), y + 4.0 + aside * (h - 8.0)), 2.6);
    }
}

fn label_row(svg: &mut Svg, r: &HeaderWaits, scale: &Scale, y: f64) {
    let (low, high) = extent(&r.waits_ms).unwrap_or((r.low_ms, r.high_ms));
    let (dots_low, dots_high) = (scale.at(low), scale.at(high));
    let (band_low, band_high) = (scale.at(r.low_ms), scale.at(r.high_ms));
    svg.take(Rect::new(dots_low - 3.0, y - 14.0, dots_high - dots_low + 6.0, 20.0));
    svg.take(Rect::new(band_low - 2.0, y - 14.0, band_high - band_low + 4.0, 20.0));
    let spots = [
        (dots_high + 10.0, y, Anchor::Start),
        (dots_low - 10.0, y, Anchor::End),
        (band_high + 10.0, y, Anchor::Start),
        (band_low - 10.0, y, Anchor::End),
    ];
    svg.place(if r.pass { "tx3 halo" } else { "tx-bad halo" }, &verdict(r), &spots);
}

fn verdict(r: &HeaderWaits) -> String {
    let words = match (r.pass, extent(&r.waits_ms)) {
        (true, _) => "as the rule says",
        (false, Some((low, _))) if low < r.low_ms - 1.0 => "too soon",
        (false, Some(_)) => "too late",
        (false, None) => "never retried",
    };
    match r.waits_ms.is_empty() {
        true => words.to_owned(),
        false => format!("{}: {words}", measured(r)),
    }
}

fn table(rows: &[HeaderWaits]) -> Table {
    let row = |r: &HeaderWaits| {
        let (low, high) = extent(&r.waits_ms).map_or(("none".into(), "none".into()), |(l, h)| (number(l), number(h)));
        let holds = if r.pass { "yes" } else { "no" };
        vec![
            r.form.clone(),
            r.waits_ms.len().to_string(),
            low,
            high,
            allowed(r),
            holds.to_owned(),
        ]
    };
    Table {
        columns: vec![
            Column::text("Form"),
            Column::number("Runs"),
            Column::number("Shortest, ms"),
            Column::number("Longest, ms"),
            Column::text("Allowed"),
            Column::text("Kept"),
        ],
        rows: rows.iter().map(row).collect(),
    }
}
