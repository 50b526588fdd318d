//! Where those who applied heard of the job, and how far they came.

use crate::app::App;
use crate::error::AppError;
use crate::hiring::StageKind;
use crate::hiring::applications::form::{SOURCES, source_label};
use crate::hiring::reports::funnel::kind_place;
use crate::hiring::reports::numbers::{people, share};
use crate::hiring::reports::store::{self, Reached};
use crate::hiring::reports::{Report, Scope, Section};
use crate::ui::plots::scale::number;
use crate::ui::plots::{Measure, Row, Rows, Unit, rows};
use crate::ui::tables::{Cell, Column, Table, percent};

/// A rate of fewer people says nothing.
const FEWEST_FOR_A_RATE: i64 = 5;

struct Source {
    label: &'static str,
    applied: i64,
    passed: i64,
    interviewed: i64,
    offered: i64,
}

pub async fn report(app: &App, scope: &Scope) -> Result<Report, AppError> {
    let reached = store::reached(&app.db, scope).await?;
    if reached.is_empty() {
        return Ok(Report::empty(
            "Sources appear with the first application that is sent in this period.",
        ));
    }
    let sources = by_source(&reached);
    let applied: i64 = sources.iter().map(|source| source.applied).sum();
    let table = table(&sources, applied);
    let row = |source: &Source| Row {
        head: None,
        name: source.label.into(),
        mark: Measure::Bar {
            value: source.interviewed as f64,
            whole: source.applied as f64,
        },
        words: format!(
            "{} of {}",
            number(source.interviewed as f64),
            number(source.applied as f64)
        ),
        is_bad: false,
    };
    let drawn = Rows {
        rows: sources.iter().map(row).collect(),
        unit: Unit::Count,
        end: None,
    };
    let lead = lead(&sources, applied);
    let rest = "Pale is how many applied, dark how many of them came to an interview.";
    Ok(Report {
        sections: vec![Section {
            id: "sources".into(),
            title: "Where they come from".into(),
            label: people(applied),
            figure: rows(&drawn, (&lead, rest), &lead, table.plotted()),
            ..Section::default()
        }],
        table,
        empty: None,
    })
}

/// The largest first.
fn by_source(reached: &[Reached]) -> Vec<Source> {
    let known = |id: &str| SOURCES.iter().any(|(source, _)| *source == id);
    let of = |id: &'static str| {
        // What is no source of ours counts as not said, as its label says.
        let those = || {
            reached
                .iter()
                .filter(move |line| line.source == id || id.is_empty() && !known(&line.source))
        };
        let beyond = |kind| {
            those()
                .filter(move |line| line.kind >= kind_place(kind))
                .map(|line| line.n)
                .sum()
        };
        Source {
            label: source_label(id),
            applied: those().map(|line| line.n).sum(),
            passed: those().filter(|line| line.passed).map(|line| line.n).sum(),
            interviewed: beyond(StageKind::Interview),
            offered: beyond(StageKind::Offer),
        }
    };
    let mut sources: Vec<Source> = SOURCES.iter().map(|(id, _)| of(id)).collect();
    sources.retain(|source| source.applied > 0);
    sources.sort_by_key(|source| std::cmp::Reverse(source.applied));
    sources
}

fn lead(sources: &[Source], applied: i64) -> String {
    let most = sources.first().map(|source| {
        format!(
            "“{}” brings most: {} of {}.",
            source.label,
            number(source.applied as f64),
            number(applied as f64)
        )
    });
    let rate = |source: &&Source| share(source.interviewed, source.applied).unwrap_or(0.0);
    let enough = sources
        .iter()
        .filter(|source| source.applied >= FEWEST_FOR_A_RATE && source.interviewed > 0);
    let best = enough.max_by(|one, other| rate(one).total_cmp(&rate(other)));
    let best = best.map(|source| {
        format!(
            " Of those from “{}”, {} came to an interview.",
            source.label,
            percent(rate(&source))
        )
    });
    format!("{}{}", most.unwrap_or_default(), best.unwrap_or_default())
}

fn table(sources: &[Source], applied: i64) -> Table {
    let numbers = [
        "Applied",
        "Of all",
        "Passed the door",
        "Came to an interview",
        "Of the applied",
        "Came to an offer",
    ];
    let row = |source: &Source| {
        vec![
            Cell::text(source.label),
            Cell::count(source.applied),
            Cell::share(share(source.applied, applied)),
            Cell::count(source.passed),
            Cell::count(source.interviewed),
            Cell::share(share(source.interviewed, source.applied)),
            Cell::count(source.offered),
        ]
    };
    Table {
        columns: std::iter::once(Column::text("Source"))
            .chain(numbers.map(Column::number))
            .collect(),
        rows: sources.iter().map(row).collect(),
    }
}
