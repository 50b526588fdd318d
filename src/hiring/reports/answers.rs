//! How long candidates waited for the first word: a mail that is no receipt, and no answer to something they did.

use crate::app::App;
use crate::error::AppError;
use crate::hiring::reports::numbers::{Hours, days, people, share};
use crate::hiring::reports::{Report, Scope, Section, store};
use crate::ui::Tone;
use crate::ui::plots::scale::number;
use crate::ui::plots::{Measure, Row, Rows, Unit, rows};
use crate::ui::tables::{Cell, Column, Table, percent};

/// The last day of each line.
const LINES: [(&str, f64); 5] = [
    ("Within a day", 1.0),
    ("2 to 3 days", 3.0),
    ("4 to 7 days", 7.0),
    ("8 to 14 days", 14.0),
    ("Longer", f64::INFINITY),
];
/// Who waits longer is told of.
const PATIENCE: f64 = 7.0;

pub async fn report(app: &App, scope: &Scope) -> Result<Report, AppError> {
    let (mut heard, mut waiting) = (Hours::default(), Hours::default());
    for (hours, n) in store::first_answers(&app.db, scope).await? {
        heard.add(hours, n);
    }
    let mut ended = 0;
    for (active, hours, n) in store::unanswered(&app.db, scope, app.now()).await? {
        match active {
            true => waiting.add(hours, n),
            // Those who withdrew, and those who were turned away without a mail.
            false => ended += n,
        }
    }
    let all = heard.count() + waiting.count() + ended;
    if all == 0 {
        return Ok(Report::empty(
            "Times to the first answer appear once an application is sent in this period.",
        ));
    }
    let lines = lines(&heard, &waiting, ended);
    let table = table(&lines, all);
    let row = |(name, n): &(&str, i64)| Row {
        head: None,
        name: (*name).into(),
        mark: Measure::Bar {
            value: *n as f64,
            whole: 0.0,
        },
        words: words(*n, all),
        is_bad: false,
    };
    let drawn = Rows {
        rows: lines.iter().map(row).collect(),
        unit: Unit::Count,
        end: None,
    };
    let lead = lead(&heard);
    let rest = "A bar is how many waited so long, from sending the application to the first mail that was no receipt.";
    Ok(Report {
        sections: vec![Section {
            id: "answers".into(),
            title: "The first answer".into(),
            label: people(all),
            figure: rows(&drawn, (&lead, rest), &lead, table.plotted()),
            says: still(&waiting),
            table: None,
        }],
        table,
        empty: None,
    })
}

fn lines(heard: &Hours, waiting: &Hours, ended: i64) -> Vec<(&'static str, i64)> {
    let mut before = 0;
    let mut lines: Vec<(&'static str, i64)> = LINES
        .iter()
        .map(|(name, last)| {
            let so_far = heard.within(*last);
            let n = so_far - before;
            before = so_far;
            (*name, n)
        })
        .collect();
    lines.push(("Still waiting", waiting.count()));
    lines.push(("Ended without one", ended));
    lines
}

fn words(n: i64, all: i64) -> String {
    match share(n, all).filter(|_| n > 0) {
        Some(part) => format!("{}, {}", number(n as f64), percent(part)),
        None => "0".into(),
    }
}

fn lead(heard: &Hours) -> String {
    match heard.median().zip(heard.nine_in_ten()) {
        Some((half, most)) => format!("Half heard within {}, nine in ten within {}.", days(half), days(most)),
        None => "Nobody has heard anything yet.".into(),
    }
}

fn still(waiting: &Hours) -> Vec<(Tone, String)> {
    let Some(longest) = waiting.longest() else {
        return Vec::new();
    };
    let tone = if longest > PATIENCE { Tone::Warn } else { Tone::Quiet };
    let said = format!(
        "{} under way have heard nothing yet, the longest for {}.",
        people(waiting.count()),
        days(longest)
    );
    vec![(tone, said)]
}

fn table(lines: &[(&'static str, i64)], all: i64) -> Table {
    let row = |(name, n): &(&'static str, i64)| vec![Cell::text(*name), Cell::count(*n), Cell::share(share(*n, all))];
    Table {
        columns: vec![
            Column::text("First answer"),
            Column::number("Applications"),
            Column::number("Of all"),
        ],
        rows: lines.iter().map(row).collect(),
    }
}
