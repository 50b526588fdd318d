//! The breaker as a diagram of its three states: what happened is solid, what did not is dotted, what must not is red.

use super::figure::{Column, Figure, Table};
use super::scale::number;
use super::svg::{Anchor, Path, Rect, Svg};
use crate::grader::verdict::BreakerStory;

const NODE: (f64, f64) = (160.0, 84.0);

pub fn breaker(b: &BreakerStory) -> Figure {
    let label = conclusion(b);
    Figure {
        lead: "What it did in one outage.".to_owned(),
        rest: "Solid arrows happened, dotted ones did not, red ones must not.".to_owned(),
        drawings: vec![draw_wide(b, &label), draw_narrow(b, &label)],
        keys: Vec::new(),
        notes: Vec::new(),
        table: table(b),
    }
}

fn conclusion(b: &BreakerStory) -> String {
    format!(
        "Breaker: opened {} after {} failures in a row, rejected {} and sent {} while open; half-open {}, with {} sent where {} allowed; closed again {}, opened again {}.",
        times(b.opened),
        b.opened_after,
        counted(b.rejected_while_open, "call"),
        counted(b.sent_while_open, "request"),
        times(b.half_opened),
        counted(b.trials, "trial"),
        if b.trials_allowed == 1 {
            "1 is".to_owned()
        } else {
            format!("{} are", b.trials_allowed)
        },
        times(b.closed_again),
        times(b.reopened)
    )
}

fn times(n: u32) -> String {
    match n {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        n => format!("{} times", number(f64::from(n))),
    }
}

fn counted(n: u32, what: &str) -> String {
    format!("{} {what}{}", number(f64::from(n)), if n == 1 { "" } else { "s" })
}

/// The classes of an arrow's line, its tip and its first words.
#[derive(Clone, Copy)]
struct Look {
    edge: &'static str,
    tip: &'static str,
    words: &'static str,
}

const HAPPENED: Look = Look {
    edge: "edge",
    tip: "tip",
    words: "tx1",
};
const NEVER: Look = Look {
    edge: "edge-never",
    tip: "tip-never",
    words: "tx3",
};
const WRONG: Look = Look {
    edge: "edge-bad",
    tip: "tip-bad",
    words: "tx-bad",
};

fn look(n: u32) -> Look {
    if n > 0 { HAPPENED } else { NEVER }
}

fn trials_look(b: &BreakerStory) -> Look {
    if b.trials > b.trials_allowed {
        WRONG
    } else {
        look(b.trials)
    }
}

fn trials(b: &BreakerStory) -> String {
    match b.trials > b.trials_allowed {
        true => format!("{} sent, {} allowed", counted(b.trials, "trial"), b.trials_allowed),
        false => format!("{} sent", counted(b.trials, "trial")),
    }
}

fn open_look(b: &BreakerStory) -> Look {
    if b.sent_while_open > 0 {
        WRONG
    } else {
        look(b.rejected_while_open)
    }
}

fn while_open(b: &BreakerStory) -> String {
    match b.sent_while_open {
        0 => format!("rejects {}", counted(b.rejected_while_open, "call")),
        n => format!("{} sent while open", counted(n, "request")),
    }
}

fn ordinal(n: u32) -> String {
    let suffix = match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}

fn opens(b: &BreakerStory) -> String {
    match b.opened_after {
        0 => "too many failures in a row".to_owned(),
        n => format!("{} failure in a row", ordinal(n)),
    }
}

fn draw_wide(b: &BreakerStory, label: &str) -> Svg {
    let mut svg = Svg::new("wide", 1000.0, 248.0, label);
    let (y, middle) = (80.0, |x: f64| x + NODE.0 / 2.0);
    let (closed, open, half) = (60.0, 420.0, 780.0);
    let arrow = |svg: &mut Svg, n: u32, from: f64, to: f64, at: f64, words: (&str, f64, f64)| {
        let look = look(n);
        let back = if to > from { -8.0 } else { 8.0 };
        svg.path(look.edge, &Path::from(from, at).across(to + back));
        svg.tip(look.tip, (to, at), if to > from { 0.0 } else { 180.0 });
        let x = (from + to) / 2.0;
        svg.text(look.words, words.0, (x, words.1, Anchor::Middle));
        svg.text("tx3", &times(n), (x, words.2, Anchor::Middle));
    };
    arrow(
        &mut svg,
        b.opened,
        closed + NODE.0,
        open,
        y + 24.0,
        (&opens(b), y - 2.0, y + 14.0),
    );
    arrow(
        &mut svg,
        b.half_opened,
        open + NODE.0,
        half,
        y + 24.0,
        ("reset timeout passed", y - 2.0, y + 14.0),
    );
    arrow(
        &mut svg,
        b.reopened,
        half,
        open + NODE.0,
        y + 62.0,
        ("trial fails: open again", y + 80.0, y + 96.0),
    );

    let shut = look(b.closed_again);
    let foot = y + NODE.1;
    let back = Path::from(middle(half), foot)
        .down(foot + 38.0)
        .corner((middle(half), foot + 52.0), (middle(half) - 14.0, foot + 52.0))
        .across(middle(closed) + 14.0)
        .corner((middle(closed), foot + 52.0), (middle(closed), foot + 38.0))
        .down(foot + 9.0);
    svg.path(shut.edge, &back);
    svg.tip(shut.tip, (middle(closed), foot + 1.0), -90.0);
    svg.text(
        shut.words,
        &format!("trial succeeds: closed, {}", times(b.closed_again)),
        (290.0, foot + 70.0, Anchor::Middle),
    );

    for (x, look, words) in [
        (middle(open), open_look(b), while_open(b)),
        (middle(half), trials_look(b), trials(b)),
    ] {
        let loop_ = Path::from(x - 34.0, y).curve((x - 60.0, y - 58.0), (x + 60.0, y - 58.0), (x + 37.0, y - 8.0));
        svg.path(look.edge, &loop_);
        svg.tip(look.tip, (x + 34.0, y), 110.0);
        svg.text(look.words, &words, (x, y - 52.0, Anchor::Middle));
    }
    draw_nodes(&mut svg, b, [(closed, y), (open, y), (half, y)]);
    svg
}

fn draw_narrow(b: &BreakerStory, label: &str) -> Svg {
    let mut svg = Svg::new("narrow", 350.0, 500.0, label);
    let x = 24.0;
    let (closed, open, half) = (10.0, 196.0, 382.0);
    let down = |svg: &mut Svg, n: u32, at: f64, from: f64, to: f64| {
        let look = look(n);
        let back = if to > from { -9.0 } else { 9.0 };
        svg.path(look.edge, &Path::from(at, from).down(to + back));
        svg.tip(look.tip, (at, to), if to > from { 90.0 } else { -90.0 });
    };
    down(&mut svg, b.opened, x + 80.0, closed + NODE.1, open);
    down(&mut svg, b.half_opened, x + 50.0, open + NODE.1, half);
    down(&mut svg, b.reopened, x + 110.0, half, open + NODE.1);
    svg.text(look(b.opened).words, &opens(b), (x + 92.0, 140.0, Anchor::Start));
    svg.text("tx3", &times(b.opened), (x + 92.0, 156.0, Anchor::Start));
    svg.text(
        look(b.half_opened).words,
        &format!("↓ reset timeout, {}", times(b.half_opened)),
        (x + 122.0, 326.0, Anchor::Start),
    );
    svg.text(
        look(b.reopened).words,
        &format!("↑ trial fails, {}", times(b.reopened)),
        (x + 122.0, 344.0, Anchor::Start),
    );

    let shut = look(b.closed_again);
    let (side, from, to) = (338.0, half + 42.0, closed + 42.0);
    let back = Path::from(x + NODE.0, from)
        .across(side - 14.0)
        .corner((side, from), (side, from - 14.0))
        .down(to + 14.0)
        .corner((side, to), (side - 14.0, to))
        .across(x + NODE.0 + 9.0);
    svg.path(shut.edge, &back);
    svg.tip(shut.tip, (x + NODE.0, to), 180.0);
    svg.text(
        shut.words,
        &format!("trial succeeds, {}", times(b.closed_again)),
        (330.0, to - 10.0, Anchor::End),
    );
    svg.text(
        open_look(b).words,
        &while_open(b),
        (x + NODE.0 + 8.0, open + 46.0, Anchor::Start),
    );
    svg.text(
        trials_look(b).words,
        &trials(b),
        (x, half + NODE.1 + 20.0, Anchor::Start),
    );
    draw_nodes(&mut svg, b, [(x, closed), (x, open), (x, half)]);
    svg
}

/// Closed, open, half-open: the same switch in its three positions.
fn draw_nodes(svg: &mut Svg, b: &BreakerStory, at: [(f64, f64); 3]) {
    let names = ["Closed", "Open", "Half-open"];
    let is_bad = [false, b.sent_while_open > 0, b.trials > b.trials_allowed];
    let arms = [(14.0, 0.0), (8.0, -18.0), (13.0, -9.0)];
    for (((x, y), name), (is_bad, arm)) in at.into_iter().zip(names).zip(is_bad.into_iter().zip(arms)) {
        let class = if is_bad { "node node-bad" } else { "node" };
        svg.rect(class, Rect::new(x, y, NODE.0, NODE.1), 8.0);
        let (middle, line) = (x + NODE.0 / 2.0, y + 36.0);
        svg.path(
            "wire",
            &Path::from(middle - 34.0, line)
                .across(middle - 16.0)
                .go(middle + 16.0, line)
                .across(middle + 34.0),
        );
        svg.path(
            "wire",
            &Path::from(middle - 14.0, line).to(middle + arm.0, line + arm.1),
        );
        svg.circle("term", (middle - 15.0, line), 3.5);
        svg.circle("term", (middle + 15.0, line), 3.5);
        svg.text("tx1 txb", name, (middle, y + 66.0, Anchor::Middle));
    }
}

fn table(b: &BreakerStory) -> Table {
    let row =
        |from: &str, to: &str, why: String, n: u32| vec![from.to_owned(), to.to_owned(), why, number(f64::from(n))];
    Table {
        columns: vec![
            Column::text("From"),
            Column::text("To"),
            Column::text("Because"),
            Column::number("Times"),
        ],
        rows: vec![
            row("closed", "open", opens(b), b.opened),
            row("open", "open", "call rejected".to_owned(), b.rejected_while_open),
            row(
                "open",
                "open",
                "request sent; none is allowed".to_owned(),
                b.sent_while_open,
            ),
            row("open", "half-open", "reset timeout passed".to_owned(), b.half_opened),
            row(
                "half-open",
                "half-open",
                format!("trial sent; {} allowed", b.trials_allowed),
                b.trials,
            ),
            row("half-open", "closed", "trial succeeded".to_owned(), b.closed_again),
            row("half-open", "open", "trial failed".to_owned(), b.reopened),
        ],
    }
}
