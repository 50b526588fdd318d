//! What each question at the door decided, and what people took back.

use crate::app::App;
use crate::error::AppError;
use crate::hiring::reports::numbers::share;
use crate::hiring::reports::store::{self, Door};
use crate::hiring::reports::{Report, Scope, Section};
use crate::ui::Tone;
use crate::ui::plots::scale::number;
use crate::ui::plots::{Measure, Row, Rows, Unit, rows};
use crate::ui::shortened;
use crate::ui::tables::{Cell, Column, Table, percent};

const LONGEST_NAME: usize = 60;
/// Of those whom a question turned away, that many taken back mean that it asks the wrong thing.
const OFTEN: f64 = 0.25;
const FEWEST: i64 = 4;

pub async fn report(app: &App, scope: &Scope) -> Result<Report, AppError> {
    let doors = store::knock_outs(&app.db, scope).await?;
    if doors.is_empty() {
        return Ok(Report::empty(
            "What the questions at the door decided appears with the first application that is sent in this period.",
        ));
    }
    let table = table(&doors);
    let row = |door: &Door| Row {
        head: None,
        name: shortened(&door.question, LONGEST_NAME),
        mark: Measure::Bar {
            value: door.declined as f64,
            whole: door.answered as f64,
        },
        words: words(door),
        is_bad: false,
    };
    let drawn = Rows {
        rows: doors.iter().map(row).collect(),
        unit: Unit::Count,
        end: None,
    };
    let sum = |of: fn(&Door) -> i64| doors.iter().map(of).sum::<i64>();
    let lead = format!(
        "Answers that knocked an application out: {}. Left to a person: {}. Taken back: {}.",
        number(sum(|door| door.declined) as f64),
        number(sum(|door| door.review) as f64),
        number(sum(|door| door.reversed) as f64)
    );
    let rest = "Pale is how many answered, dark how many of the answers knocked the application out.";
    Ok(Report {
        sections: vec![Section {
            id: "questions".into(),
            title: "The questions at the door".into(),
            label: format!("{} questions", doors.len()),
            figure: rows(&drawn, (&lead, rest), &lead, table.plotted()),
            says: doors.iter().filter_map(doubtful).collect(),
            table: None,
        }],
        table,
        empty: None,
    })
}

fn words(door: &Door) -> String {
    let review = (door.review > 0).then(|| format!(", {} to review", number(door.review as f64)));
    format!("{} out{}", number(door.declined as f64), review.unwrap_or_default())
}

fn doubtful(door: &Door) -> Option<(Tone, String)> {
    let often = share(door.reversed, door.declined).filter(|part| *part >= OFTEN && door.declined >= FEWEST)?;
    Some((
        Tone::Warn,
        format!(
            "People took back {} of what “{}” decided: does it ask for what the job needs?",
            percent(often),
            shortened(&door.question, 2 * LONGEST_NAME)
        ),
    ))
}

fn table(doors: &[Door]) -> Table {
    let numbers = [
        "Asked",
        "Answered",
        "Knocked out",
        "Of the answered",
        "Left to a person",
        "Taken back",
    ];
    let row = |door: &Door| {
        vec![
            Cell::text(&door.question),
            Cell::count(door.asked),
            Cell::count(door.answered),
            Cell::count(door.declined),
            Cell::share(share(door.declined, door.answered)),
            Cell::count(door.review),
            Cell::count(door.reversed),
        ]
    };
    Table {
        columns: std::iter::once(Column::text("Question"))
            .chain(numbers.map(Column::number))
            .collect(),
        rows: doors.iter().map(row).collect(),
    }
}
