//! Who reads résumés: how much, how soon, and how far their scores agree.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::reports::numbers::{Hours, days, signed_points};
use crate::hiring::reports::readings::{self, Load, Scores, monday};
use crate::hiring::reports::{Report, Scope, Section};
use crate::hiring::screening::Agreement;
use crate::ui::Tone;
use crate::ui::plots::scale::{counted, number};
use crate::ui::plots::{Figure, Measure, Row, Rows, Unit, rows};
use crate::ui::tables::{Cell, Column, Table, hundredths};

/// Of more readers, those with the most are drawn; the table has all.
const MOST_DRAWN: usize = 20;
/// More weeks are put together to months.
const MOST_WEEKS: i64 = 16;
/// What was begun and lies for longer is told of.
const PATIENCE: f64 = 3.0;
/// From here on, a reader gives more or less than others do.
const LENIENT: f64 = 0.25;
const HIGHEST: f64 = 3.0;

/// A reader with everything that is counted.
#[derive(Clone, Debug)]
pub struct Reader {
    pub load: Load,
    pub times: Hours,
    pub scores: Scores,
}

/// A week, or a month.
#[derive(Clone, Debug)]
pub struct Span {
    pub name: String,
    pub resumes: i64,
    pub agreement: Agreement,
}

impl Reader {
    fn agreement(&self) -> Agreement {
        let pair = |(own, other, n): &(u8, u8, i64)| (*own.min(other), *own.max(other), *n);
        Agreement {
            pairs: self.scores.iter().map(pair).collect(),
        }
    }

    /// What they gave on average, and what others gave to the same criteria of the same résumés.
    pub fn means(&self) -> Option<(f64, f64)> {
        let all = self.scores.iter().fold((0, 0, 0), |(own, other, n), line| {
            (
                own + i64::from(line.0) * line.2,
                other + i64::from(line.1) * line.2,
                n + line.2,
            )
        });
        let (own, other, n) = all;
        (n > 0).then(|| (own as f64 / n as f64, other as f64 / n as f64))
    }

    fn difference(&self) -> Option<f64> {
        self.means().map(|(own, others)| own - others)
    }

    /// Others gave something else by more than chance is likely to bring.
    fn is_apart(&self) -> bool {
        !self.agreement().is_small() && self.difference().is_some_and(|by| by.abs() >= LENIENT)
    }

    fn oldest(&self, now: Timestamp) -> Option<f64> {
        let oldest = self.load.oldest?;
        Some(oldest.until(now).as_secs_f64() / 86_400.0)
    }
}

pub async fn report(app: &App, scope: &Scope) -> Result<Report, AppError> {
    let (db, now) = (&app.db, app.now());
    let mut times = readings::read_after(db, scope).await?;
    let mut scores = readings::scores(db, scope).await?;
    let loads = readings::loads(db, scope).await?;
    if loads.is_empty() {
        return Ok(Report::empty(
            "Readers appear as soon as one of them begins to read a résumé that came in this period.",
        ));
    }
    let readers: Vec<Reader> = loads
        .into_iter()
        .map(|load| Reader {
            times: times.remove(&load.reader).unwrap_or_default(),
            scores: scores.remove(&load.reader).unwrap_or_default(),
            load,
        })
        .collect();
    let weeks = readings::results_by_week(db, scope).await?;
    let spans = spans(&weeks, &readings::scores_by_week(db, scope).await?);
    let mut sections = vec![load(&readers, now), pace(&readers, now)];
    match spans.iter().any(|span| span.agreement.n() > 0) {
        true => sections.extend([over_time(&spans), between(&readers, now), leniency(&readers, now)]),
        false => sections.push(nothing_to_compare()),
    }
    Ok(Report {
        sections,
        table: table(&readers, &spans, now),
        empty: None,
    })
}

/// Without a gap from the first week to the last; months, where that would be many.
pub fn spans(results: &[(i64, i64)], scores: &HashMap<i64, Scores>) -> Vec<Span> {
    let (Some((first, _)), Some((last, _))) = (results.first(), results.last()) else {
        return Vec::new();
    };
    let by_month = last - first >= MOST_WEEKS;
    let mut spans: Vec<Span> = Vec::new();
    for week in *first..=*last {
        let day = monday(week).day_words();
        // A month has the weeks that began in it.
        let name = match day.split_once(' ') {
            Some((_, month)) if by_month => month.to_owned(),
            _ => format!("Week of {day}"),
        };
        if spans.last().is_none_or(|span| span.name != name) {
            spans.push(Span {
                name,
                resumes: 0,
                agreement: Agreement::default(),
            });
        }
        if let Some(span) = spans.last_mut() {
            let of_week = results.iter().filter(|(known, _)| *known == week);
            span.resumes += of_week.map(|(_, n)| n).sum::<i64>();
            span.agreement.pairs.extend(scores.get(&week).into_iter().flatten());
        }
    }
    spans
}

fn all_pairs(spans: &[Span]) -> Agreement {
    Agreement {
        pairs: spans.iter().flat_map(|span| span.agreement.pairs.clone()).collect(),
    }
}

fn row(name: &str, mark: Measure, words: String, is_bad: bool) -> Row {
    Row {
        head: None,
        name: name.into(),
        mark,
        words,
        is_bad,
    }
}

fn drawn(readers: &[Reader], unit: Unit, end: Option<f64>, of: impl Fn(&Reader) -> Row) -> Rows {
    Rows {
        rows: readers.iter().take(MOST_DRAWN).map(of).collect(),
        unit,
        end,
    }
}

fn resumes(n: i64) -> String {
    counted(usize::try_from(n).unwrap_or_default(), "résumé", "résumés")
}

fn load(readers: &[Reader], now: Timestamp) -> Section {
    let words = |load: &Load| match load.waiting {
        0 => format!("{} of {}", number(load.submitted as f64), number(load.taken as f64)),
        n => format!(
            "{} of {}, {} waiting",
            number(load.submitted as f64),
            number(load.taken as f64),
            number(n as f64)
        ),
    };
    let bar = |reader: &Reader| {
        let mark = Measure::Bar {
            value: reader.load.submitted as f64,
            whole: reader.load.taken as f64,
        };
        row(&reader.load.name, mark, words(&reader.load), false)
    };
    let submitted: i64 = readers.iter().map(|reader| reader.load.submitted).sum();
    let waiting: i64 = readers.iter().map(|reader| reader.load.waiting).sum();
    let most = readers
        .first()
        .filter(|reader| reader.load.submitted > 0)
        .map(|reader| {
            format!(
                "{} submitted most: {} of {} readings.",
                reader.load.name,
                number(reader.load.submitted as f64),
                number(submitted as f64)
            )
        });
    let lead = most.unwrap_or_else(|| "Nobody has submitted a reading yet.".into());
    let rest = "Pale is how many résumés somebody has taken to read, dark how many of them they have submitted.";
    let late = |reader: &Reader| {
        let age = reader.oldest(now).filter(|age| *age > PATIENCE)?;
        Some((
            Tone::Warn,
            format!("{} has begun a résumé and left it for {}.", reader.load.name, days(age)),
        ))
    };
    let mut says: Vec<(Tone, String)> = readers.iter().filter_map(late).collect();
    if waiting > 0 && says.is_empty() {
        says.push((
            Tone::Quiet,
            format!(
                "{} begun and not yet submitted, none for more than 3 days.",
                resumes(waiting)
            ),
        ));
    }
    section(
        "load",
        "What they read",
        readers,
        (says, |readers: &[Reader]| {
            let shown = drawn(readers, Unit::Resumes, None, bar);
            let numbers = of_readers(readers, now, &[1, 2, 3, 4, 5]);
            rows(&shown, (&lead, rest), &lead, numbers.plotted())
        }),
    )
}

fn section(
    id: &str,
    title: &str,
    readers: &[Reader],
    (says, figure): (Vec<(Tone, String)>, impl Fn(&[Reader]) -> Option<Figure>),
) -> Section {
    let n = readers.len();
    let label = match n {
        1 => "1 reader".to_owned(),
        n if n > MOST_DRAWN => format!("{MOST_DRAWN} of {n} readers; all are in the numbers"),
        n => format!("{n} readers"),
    };
    Section {
        id: id.into(),
        title: title.into(),
        label,
        figure: figure(readers),
        says,
        table: None,
    }
}

fn pace(readers: &[Reader], now: Timestamp) -> Section {
    let mut all = Hours::default();
    readers.iter().for_each(|reader| all.join(&reader.times));
    let range = |reader: &Reader| {
        let (half, most) = (reader.times.median(), reader.times.nine_in_ten());
        let (mark, words) = match half.zip(most) {
            Some((half, most)) => (
                Measure::Range {
                    half,
                    most,
                    limit: None,
                },
                format!("{}, most in {}", days(half), number(most)),
            ),
            None => (Measure::Nothing, "nothing submitted yet".into()),
        };
        row(&reader.load.name, mark, words, false)
    };
    let lead = match all.median().zip(all.nine_in_ten()) {
        Some((half, most)) => format!(
            "Half of all readings were there within {}, nine in ten within {}.",
            days(half),
            days(most)
        ),
        None => String::new(),
    };
    let rest = "From the moment a résumé came to where it is read until a reader submitted. The dot is the median; the pale bar reaches to where nine in ten are done.";
    let mut says = Vec::new();
    if all.count() == 0 {
        says.push((
            Tone::Quiet,
            "Times appear with the first reading that is submitted.".into(),
        ));
    }
    section(
        "pace",
        "How soon they read it",
        readers,
        (says, |readers: &[Reader]| {
            let shown = drawn(readers, Unit::Days, None, range);
            let numbers = of_readers(readers, now, &[1, 3, 6, 7]);
            rows(&shown, (&lead, rest), &lead, numbers.plotted())
        }),
    )
}

fn nothing_to_compare() -> Section {
    let words = "Scores can be compared once two people have read the same résumé and its result is there. Until then nobody sees what others gave.";
    Section {
        id: "agreement".into(),
        title: "How far they agree".into(),
        says: vec![(Tone::Quiet, words.into())],
        ..Section::default()
    }
}

const HOW_AGREED: &str = "Dark is how many of the scores that two readers gave to the same criterion are equal, pale how many lie within one step. Kappa takes out what chance alone would give: 0 is chance, 1 is full agreement.";

fn agreed(name: &str, agreement: &Agreement) -> Row {
    if agreement.n() == 0 {
        return row(name, Measure::Nothing, "nothing to compare".into(), false);
    }
    let share = |percent: i64| percent as f64 / 100.0;
    let mark = Measure::Bar {
        value: share(agreement.percent_equal()),
        whole: share(agreement.percent_near()),
    };
    let kappa = agreement.kappa().map(|kappa| format!(", kappa {}", hundredths(kappa)));
    let words = format!("{} %{}", agreement.percent_equal(), kappa.unwrap_or_default());
    row(name, mark, words, false)
}

fn over_time(spans: &[Span]) -> Section {
    let all = all_pairs(spans);
    let shown = Rows {
        rows: spans.iter().map(|span| agreed(&span.name, &span.agreement)).collect(),
        unit: Unit::Share,
        end: Some(1.0),
    };
    let kappa = all.kappa_words().map(|words| format!(" Weighted kappa is {words}."));
    let lead = format!(
        "{} % of all scores are equal, {} % lie within one step.{}",
        all.percent_equal(),
        all.percent_near(),
        kappa.unwrap_or_default()
    );
    let mut numbers = Table {
        columns: columns(),
        rows: spans.iter().map(of_span).collect(),
    };
    keep(&mut numbers, &[1, 8, 9, 13, 14, 15]);
    numbers.columns[0] = Column::text("When the result was there");
    let mut says = Vec::new();
    let small = spans
        .iter()
        .filter(|span| span.agreement.n() > 0 && span.agreement.is_small())
        .count();
    if all.is_small() {
        says.push((
            Tone::Quiet,
            format!(
                "These are {} pairs of scores. With fewer than {}, chance has the louder voice.",
                all.n(),
                Agreement::ENOUGH
            ),
        ));
    } else if small > 0 {
        let bars = counted(small, "bar stands", "bars stand");
        says.push((
            Tone::Quiet,
            format!(
                "{bars} for fewer than {} pairs of scores: going up and down there may be chance.",
                Agreement::ENOUGH
            ),
        ));
    }
    let n: i64 = spans.iter().map(|span| span.resumes).sum();
    Section {
        id: "agreement".into(),
        title: "How far they agree, over time".into(),
        label: format!("{} read by two or more", number(n as f64)),
        figure: rows(&shown, (&lead, HOW_AGREED), &lead, numbers.plotted()),
        says,
        table: None,
    }
}

fn compared(readers: &[Reader]) -> Vec<Reader> {
    readers
        .iter()
        .filter(|reader| !reader.scores.is_empty())
        .cloned()
        .collect()
}

/// Whoever has few scores that others gave, too.
fn few(readers: &[Reader]) -> Option<(Tone, String)> {
    let small: Vec<&str> = readers
        .iter()
        .filter(|reader| reader.agreement().is_small())
        .map(|reader| reader.load.name.as_str())
        .collect();
    let names = match small.as_slice() {
        [] => return None,
        [one] => (*one).to_owned(),
        many => format!("{} readers", many.len()),
    };
    let words = format!(
        "{names}: fewer than {} pairs of scores. Chance has the louder voice there.",
        Agreement::ENOUGH
    );
    Some((Tone::Quiet, words))
}

fn between(readers: &[Reader], now: Timestamp) -> Section {
    let readers = compared(readers);
    let large = readers.iter().filter(|reader| !reader.agreement().is_small());
    let least = large.min_by_key(|reader| (reader.agreement().percent_equal(), Reverse(reader.load.submitted)));
    let lead = match least {
        Some(reader) if readers.len() > 2 => format!(
            "{} meets others least often: {} % of the scores are equal.",
            reader.load.name,
            reader.agreement().percent_equal()
        ),
        _ => "How often each gave the same score as another reader.".into(),
    };
    let says = few(&readers).into_iter().collect();
    section(
        "between",
        "How each agrees with the others",
        &readers,
        (says, |readers: &[Reader]| {
            let shown = drawn(readers, Unit::Share, Some(1.0), |reader| {
                agreed(&reader.load.name, &reader.agreement())
            });
            let numbers = of_readers(readers, now, &[1, 8, 9, 13, 14, 15]);
            rows(&shown, (&lead, HOW_AGREED), &lead, numbers.plotted())
        }),
    )
}

fn leniency(readers: &[Reader], now: Timestamp) -> Section {
    let readers = compared(readers);
    let apart = readers.iter().filter(|reader| reader.is_apart());
    let size = |reader: &&Reader| reader.difference().map_or(0.0, f64::abs);
    let lead = match apart.max_by(|one, other| size(one).total_cmp(&size(other))) {
        Some(reader) => {
            let by = reader.difference().unwrap_or(0.0);
            format!(
                "{} gives {} points {} than others give the same résumés.",
                reader.load.name,
                hundredths(by.abs()),
                if by > 0.0 { "more" } else { "less" }
            )
        }
        None => "Nobody gives a quarter of a point more or less than others give the same résumés.".into(),
    };
    let rest = "The dot is the mean that a reader gave, from 0 to 3, the line across the mean that others gave to the same criteria of the same résumés. A distance is no mistake: it is a reason to talk about what a step of the scale means.";
    let mark = |reader: &Reader| {
        let Some((own, others)) = reader.means() else {
            return row(&reader.load.name, Measure::Nothing, String::new(), false);
        };
        let mark = Measure::Rate {
            at: own,
            low: own.min(others),
            high: own.max(others),
            limit: Some(others),
        };
        let words = format!("{} ({})", hundredths(own), signed_points(own - others));
        row(&reader.load.name, mark, words, reader.is_apart())
    };
    let says = few(&readers).into_iter().collect();
    section(
        "leniency",
        "What each gives",
        &readers,
        (says, |readers: &[Reader]| {
            let shown = drawn(readers, Unit::Points, Some(HIGHEST), mark);
            let numbers = of_readers(readers, now, &[1, 8, 9, 10, 11, 12]);
            rows(&shown, (&lead, rest), &lead, numbers.plotted())
        }),
    )
}

fn columns() -> Vec<Column> {
    let numbers = [
        "Taken",
        "Submitted",
        "Waiting",
        "Oldest, days",
        "Median days",
        "90 % within days",
        "Résumés read with others",
        "Pairs of scores",
        "Mean given",
        "Mean of others",
        "Difference",
        "Equal",
        "Within one step",
        "Weighted kappa",
    ];
    let texts = ["Kind", "Name"].map(Column::text);
    texts.into_iter().chain(numbers.map(Column::number)).collect()
}

fn of_reader(reader: &Reader, now: Timestamp) -> Vec<Cell> {
    let (load, means) = (&reader.load, reader.means());
    let mut row = vec![
        Cell::text("Reader"),
        Cell::text(&load.name),
        Cell::count(load.taken),
        Cell::count(load.submitted),
        Cell::count(load.waiting),
        Cell::number(reader.oldest(now)),
        Cell::number(reader.times.median()),
        Cell::number(reader.times.nine_in_ten()),
        Cell::count(load.shared),
        Cell::count(reader.agreement().n()),
        Cell::points(means.map(|(own, _)| own)),
        Cell::points(means.map(|(_, others)| others)),
        Cell::points(reader.difference()),
    ];
    row.extend(of_agreement(&reader.agreement()));
    row
}

fn of_span(span: &Span) -> Vec<Cell> {
    let mut row = vec![Cell::text("Time"), Cell::text(&span.name)];
    row.extend(std::iter::repeat_n(Cell::Nothing, 6));
    row.extend([Cell::count(span.resumes), Cell::count(span.agreement.n())]);
    row.extend(std::iter::repeat_n(Cell::Nothing, 3));
    row.extend(of_agreement(&span.agreement));
    row
}

fn of_agreement(agreement: &Agreement) -> [Cell; 3] {
    let some = agreement.n() > 0;
    let share = |percent: i64| Cell::share(some.then_some(percent as f64 / 100.0));
    [
        share(agreement.percent_equal()),
        share(agreement.percent_near()),
        Cell::points(agreement.kappa()),
    ]
}

fn keep(table: &mut Table, which: &[usize]) {
    table.columns = which.iter().filter_map(|at| table.columns.get(*at).cloned()).collect();
    for row in &mut table.rows {
        *row = which.iter().filter_map(|at| row.get(*at).cloned()).collect();
    }
}

fn of_readers(readers: &[Reader], now: Timestamp, which: &[usize]) -> Table {
    let mut numbers = table(readers, &[], now);
    keep(&mut numbers, which);
    numbers.columns[0] = Column::text("Reader");
    numbers
}

/// Readers, then times: one file to take away.
fn table(readers: &[Reader], spans: &[Span], now: Timestamp) -> Table {
    let readers = readers.iter().map(|reader| of_reader(reader, now));
    Table {
        columns: columns(),
        rows: readers.chain(spans.iter().map(of_span)).collect(),
    }
}
