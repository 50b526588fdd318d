//! How far those who applied have come, and how long each step took.

use crate::app::App;
use crate::error::AppError;
use crate::hiring::StageKind;
use crate::hiring::reports::numbers::{Hours, days, people, share};
use crate::hiring::reports::store::{self, Reached, Stays, Waiting};
use crate::hiring::reports::{Report, Scope, Section};
use crate::ui::Tone;
use crate::ui::plots::scale::number;
use crate::ui::plots::{Figure, Measure, Row, Rows, Unit, rows};
use crate::ui::tables::{Cell, Column, Table, percent};

/// A stage of one job; of several jobs, all stages of a kind.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it stands among the others.
    at: i64,
    pub name: String,
    /// The one target that all of them have.
    pub target: Option<i64>,
    pub reached: i64,
    /// Those who went through it.
    pub stays: Hours,
    pub in_time: i64,
    /// Those who are there now, and of these those past the target.
    pub waiting: i64,
    pub late: i64,
}

pub const DOOR: &str = "Passed the door";

pub fn kind_place(kind: StageKind) -> i64 {
    let place = StageKind::ALL.iter().position(|known| *known == kind);
    place.and_then(|place| i64::try_from(place).ok()).unwrap_or(0)
}

pub async fn report(app: &App, scope: &Scope) -> Result<Report, AppError> {
    let reached = store::reached(&app.db, scope).await?;
    let applied: i64 = reached.iter().map(|line| line.n).sum();
    if applied == 0 {
        return Ok(Report::empty(
            "The funnel appears with the first application that is sent in this period.",
        ));
    }
    let steps = steps(app, scope).await?;
    let (stays, waiting) = (
        store::stays(&app.db, scope).await?,
        store::waiting(&app.db, scope, app.now()).await?,
    );
    let one_job = scope.opening.is_some();
    let steps: Vec<Step> = steps
        .into_iter()
        .map(|step| counted(step, one_job, &reached, &stays, &waiting))
        .collect();
    Ok(Report {
        sections: vec![funnel(applied, &steps), times(&steps)],
        table: table(applied, &steps),
        empty: None,
    })
}

async fn steps(app: &App, scope: &Scope) -> Result<Vec<Step>, AppError> {
    let step = |at: i64, name: String, target: Option<i64>| Step {
        at,
        name: if at == 0 { DOOR.into() } else { name },
        target,
        reached: 0,
        stays: Hours::default(),
        in_time: 0,
        waiting: 0,
        late: 0,
    };
    if let Some(opening) = &scope.opening {
        let places = store::places(&app.db, opening.id).await?;
        return Ok(places
            .into_iter()
            .map(|(at, name, _, target)| step(at, name, Some(target)))
            .collect());
    }
    let mut kinds = store::kinds(&app.db, scope).await?;
    kinds.sort_by_key(|(kind, ..)| kind_place(*kind));
    Ok(kinds
        .into_iter()
        .map(|(kind, least, most)| step(kind_place(kind), kind.label().into(), (least == most).then_some(least)))
        .collect())
}

fn counted(mut step: Step, one_job: bool, reached: &[Reached], stays: &[Stays], waiting: &[Waiting]) -> Step {
    let place = |place: i64, kind: i64| if one_job { place } else { kind };
    let has_come = |line: &&Reached| match step.at {
        0 => line.passed,
        at => place(line.place, line.kind) >= at,
    };
    step.reached = reached.iter().filter(has_come).map(|line| line.n).sum();
    for stay in stays
        .iter()
        .filter(|stay| place(stay.place, kind_place(stay.kind)) == step.at)
    {
        step.stays.add(stay.hours, stay.n);
        step.in_time += stay.in_time;
    }
    for here in waiting
        .iter()
        .filter(|here| place(here.place, kind_place(here.kind)) == step.at)
    {
        step.waiting += here.n;
        step.late += here.late;
    }
    step
}

/// The steps, each with how many came to the one before it.
fn with_before(applied: i64, steps: &[Step]) -> impl Iterator<Item = (&Step, i64)> {
    let before = std::iter::once(applied).chain(steps.iter().map(|step| step.reached));
    steps.iter().zip(before)
}

fn funnel(applied: i64, steps: &[Step]) -> Section {
    let bar = |value: i64, whole: i64| Measure::Bar {
        value: value as f64,
        whole: whole as f64,
    };
    let row = |name: &str, mark, words| Row {
        head: None,
        name: name.into(),
        mark,
        words,
        is_bad: false,
    };
    let first = row("Applied", bar(applied, applied), count(applied));
    let others = with_before(applied, steps).map(|(step, before)| {
        let part = share(step.reached, before).map(percent);
        let words = part.map_or_else(
            || count(step.reached),
            |part| format!("{}, {part}", count(step.reached)),
        );
        row(&step.name, bar(step.reached, before), words)
    });
    let drawn = Rows {
        rows: std::iter::once(first).chain(others).collect(),
        unit: Unit::Count,
        end: None,
    };
    let lead = lead(applied, steps);
    let rest = "A bar is how many have come that far; pale behind it, how many came to the step before, of which the percentage is.";
    let mut numbers = table(applied, steps);
    numbers.columns.truncate(4);
    numbers.rows.iter_mut().for_each(|row| row.truncate(4));
    Section {
        id: "funnel".into(),
        title: "How far they came".into(),
        label: people(applied),
        figure: rows(&drawn, (&lead, rest), &lead, numbers.plotted()),
        ..Section::default()
    }
}

fn count(n: i64) -> String {
    number(n as f64)
}

fn lead(applied: i64, steps: &[Step]) -> String {
    let passed = steps.first().map_or(0, |step| step.reached);
    let furthest = steps.iter().skip(1).rev().find(|step| step.reached > 0);
    let furthest = furthest.map(|step| format!(", {} came to “{}”", count(step.reached), step.name));
    format!(
        "{} applied, {} passed the door{}.",
        people(applied),
        count(passed),
        furthest.unwrap_or_default()
    )
}

fn times(steps: &[Step]) -> Section {
    let late: i64 = steps.iter().map(|step| step.late).sum();
    let waiting: i64 = steps.iter().map(|step| step.waiting).sum();
    let mut says = Vec::new();
    match (waiting, late) {
        (0, _) => {}
        (waiting, 0) => says.push((
            Tone::Good,
            format!(
                "{} under way, nobody longer in a step than its target.",
                people(waiting)
            ),
        )),
        (waiting, late) => says.push((
            Tone::Warn,
            format!(
                "{} under way, {} of them longer in their step than its target.",
                people(waiting),
                count(late)
            ),
        )),
    }
    let figure = pace(steps);
    if figure.is_none() {
        says.push((
            Tone::Quiet,
            "Nobody has left a step yet: times appear as soon as somebody moves on.".into(),
        ));
    }
    Section {
        id: "times".into(),
        title: "How long each step took".into(),
        label: "days, of those who left it".into(),
        figure,
        says,
        table: None,
    }
}

fn pace(steps: &[Step]) -> Option<Figure> {
    let row = |step: &Step| {
        let (half, most) = (step.stays.median(), step.stays.nine_in_ten());
        let (mark, words) = match half.zip(most) {
            Some((half, most)) => (
                Measure::Range {
                    half,
                    most,
                    limit: step.target.map(|target| target as f64),
                },
                format!("{}, most in {}", days(half), number(most)),
            ),
            None => (Measure::Nothing, "nobody left it yet".into()),
        };
        Row {
            head: None,
            name: if step.at == 0 {
                "At the door".into()
            } else {
                step.name.clone()
            },
            mark,
            words,
            is_bad: is_slow(step),
        }
    };
    let drawn = Rows {
        rows: steps.iter().map(row).collect(),
        unit: Unit::Days,
        end: None,
    };
    let lead = slowest(steps);
    let rest =
        "The dot is the median; the pale bar reaches to where nine in ten are done; the line across is the target.";
    let all = table(0, steps);
    let keep = [0, 4, 5, 6, 7, 8, 9, 10];
    let numbers = Table {
        columns: keep.iter().filter_map(|at| all.columns.get(*at).cloned()).collect(),
        rows: all
            .rows
            .iter()
            .skip(1)
            .map(|row| keep.iter().filter_map(|at| row.get(*at).cloned()).collect())
            .collect(),
    };
    rows(&drawn, (&lead, rest), &lead, numbers.plotted())
}

fn is_slow(step: &Step) -> bool {
    step.stays
        .median()
        .zip(step.target)
        .is_some_and(|(half, target)| half > target as f64)
}

fn slowest(steps: &[Step]) -> String {
    let over = |step: &&Step| {
        let half = step.stays.median().unwrap_or(0.0);
        half / step.target.map_or(1.0, |target| target.max(1) as f64)
    };
    let slow = steps.iter().filter(|step| is_slow(step));
    match slow.max_by(|one, other| over(one).total_cmp(&over(other))) {
        Some(step) => format!(
            "“{}” takes too long: half needed more than {}, and {} were planned.",
            if step.at == 0 { "At the door" } else { &step.name },
            days(step.stays.median().unwrap_or(0.0)),
            step.target.unwrap_or(0)
        ),
        None if steps.iter().any(|step| step.target.is_some()) => {
            "In every step, half of those who left it did so within its target.".into()
        }
        None => "Half of those who left a step did so within these days.".into(),
    }
}

fn table(applied: i64, steps: &[Step]) -> Table {
    let numbers = [
        "Came that far",
        "Of all",
        "Of the step before",
        "Left it",
        "Median days",
        "90 % within days",
        "Target days",
        "Within target",
        "There now",
        "Past target",
    ];
    let first = [
        Cell::text("Applied"),
        Cell::count(applied),
        Cell::share(share(applied, applied)),
    ];
    let first = first.into_iter().chain(std::iter::repeat_n(Cell::Nothing, 8)).collect();
    let row = |(step, before): (&Step, i64)| {
        let left = step.stays.count();
        vec![
            Cell::text(&step.name),
            Cell::count(step.reached),
            Cell::share(share(step.reached, applied)),
            Cell::share(share(step.reached, before)),
            Cell::count(left),
            Cell::number(step.stays.median()),
            Cell::number(step.stays.nine_in_ten()),
            Cell::number(step.target.map(|target| target as f64)),
            Cell::share(share(step.in_time, left)),
            Cell::count(step.waiting),
            Cell::count(step.late),
        ]
    };
    Table {
        columns: std::iter::once(Column::text("Step"))
            .chain(numbers.map(Column::number))
            .collect(),
        rows: std::iter::once(first)
            .chain(with_before(applied, steps).map(row))
            .collect(),
    }
}
