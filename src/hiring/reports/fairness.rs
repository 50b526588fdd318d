//! Whether the steps of a job let groups pass alike: rates, their ratio to the highest, and what chance explains.
//!
//! All who applied for one job count, as it stood when the week began, whatever period is looked at: what differs between
//! two readings is never one person. [`protection`] says which sums are shown at all.

use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::reports::exact::two_sided;
use crate::hiring::reports::funnel::DOOR;
use crate::hiring::reports::numbers::{interval, share};
use crate::hiring::reports::protection::{self, FEWEST, Split};
use crate::hiring::reports::{Report, Scope, Section, store};
use crate::hiring::voluntary::{self, Question, week_of};
use crate::ui::Tone;
use crate::ui::plots::{Figure, Measure, Row, Rows, Unit, rows};
use crate::ui::tables::{Cell, Column, Table, percent};

const FOUR_FIFTHS: f64 = 0.8;
const ALPHA: f64 = 0.05;
/// Below this, only a very large difference can be told from chance.
const ENOUGH: i64 = 30;
const UNSAID: &str = "Did not say";

/// A group of a question: how many there are, and how many came to each step.
#[derive(Clone, Debug)]
pub struct Group {
    pub name: String,
    pub size: i64,
    /// By step.
    pub reached: Vec<i64>,
    /// Those who did not say are shown, and not compared.
    pub is_compared: bool,
}

/// A group at a step, as far as it may be shown.
#[derive(Clone, Debug)]
pub struct Line {
    pub group: usize,
    pub step: usize,
    pub split: Split,
    /// Against the group with the highest rate; absent for that one itself.
    pub against: Option<Against>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Against {
    /// Of the highest rate.
    pub highest: f64,
    pub ratio: f64,
    pub p: f64,
    /// One person more would lift it over four fifths.
    pub hangs_on_one: bool,
}

pub async fn report(app: &App, scope: &Scope) -> Result<Report, AppError> {
    let Some(opening) = &scope.opening else {
        return Ok(Report::empty(
            "Groups are compared within one job: choose it above. A job asks its applicants about themselves where its page says so.",
        ));
    };
    let at = week_of(app.now());
    let questions = voluntary::store::questions(&app.db, opening.id).await?;
    if questions.is_empty() {
        return Ok(Report::empty(
            "This job asks its applicants nothing about themselves. Its voluntary questions can be chosen on the page of the job.",
        ));
    }
    let steps = steps(app, opening.id).await?;
    let everybody = store::everybody(&app.db, opening.id, at).await?;
    let answered = store::groups(&app.db, opening.id, at).await?;
    let mut report = Report {
        table: Table {
            columns: columns(),
            rows: Vec::new(),
        },
        ..Report::default()
    };
    for question in &questions {
        let groups = groups(question, &steps, &everybody, &answered);
        if question.asked || groups.iter().any(|group| group.is_compared && group.size > 0) {
            let (section, rows) = section(question, &steps, &groups, at);
            report.sections.push(section);
            report.table.rows.extend(rows);
        }
    }
    match report.sections.is_empty() {
        true => Ok(Report::empty(
            "This job asks its applicants nothing about themselves at present.",
        )),
        false => Ok(report),
    }
}

/// Each with its place among the stages of the job.
async fn steps(app: &App, opening: Uuid) -> Result<Vec<(i64, String)>, AppError> {
    let places = store::places(&app.db, opening).await?;
    let step = |(at, name, ..): (i64, String, _, _)| (at, if at == 0 { DOOR.into() } else { name });
    Ok(places.into_iter().map(step).collect())
}

/// In the order of the choices; who did not say comes last.
fn groups(
    question: &Question,
    steps: &[(i64, String)],
    everybody: &[(i64, i64)],
    answered: &[(String, String, i64, i64)],
) -> Vec<Group> {
    let key = question.key();
    let ours: Vec<_> = answered.iter().filter(|(asked, ..)| *asked == key).collect();
    let mut names: Vec<&str> = question.choices.iter().map(String::as_str).collect();
    for (_, answer, ..) in &ours {
        // A choice that is no longer offered.
        if !names.contains(&answer.as_str()) {
            names.push(answer);
        }
    }
    let count = |from: i64, name: Option<&str>| -> i64 {
        let those = ours
            .iter()
            .filter(|(_, answer, place, _)| *place >= from && name.is_none_or(|name| answer == name));
        those.map(|(.., n)| n).sum()
    };
    let group = |name: &str| Group {
        name: name.to_owned(),
        size: count(i64::MIN, Some(name)),
        reached: steps.iter().map(|(at, _)| count(*at, Some(name))).collect(),
        is_compared: true,
    };
    let all = |from: i64| {
        everybody
            .iter()
            .filter(|(place, _)| *place >= from)
            .map(|(_, n)| n)
            .sum::<i64>()
    };
    let unsaid = Group {
        name: UNSAID.into(),
        size: all(i64::MIN) - count(i64::MIN, None),
        reached: steps.iter().map(|(at, _)| all(*at) - count(*at, None)).collect(),
        is_compared: false,
    };
    names.into_iter().map(group).chain(std::iter::once(unsaid)).collect()
}

/// What may be shown, step by step.
pub fn lines(groups: &[Group], steps: usize) -> Vec<Line> {
    let may = protection::shown_groups(&groups.iter().map(|group| group.size).collect::<Vec<_>>());
    let mut lines = Vec::new();
    for step in 0..steps {
        let splits: Vec<Split> = groups.iter().map(|group| split(group, step)).collect();
        let shown = protection::shown_splits(&splits, &may);
        let open: Vec<usize> = (0..groups.len())
            .filter(|at| shown[*at] && groups[*at].size >= FEWEST)
            .collect();
        let compared = open.iter().copied().filter(|at| groups[*at].is_compared);
        let highest = compared.max_by(|one, other| rate(splits[*one]).total_cmp(&rate(splits[*other])));
        for group in open {
            let rival = highest.filter(|best| *best != group && groups[group].is_compared);
            lines.push(Line {
                group,
                step,
                split: splits[group],
                against: rival.and_then(|best| against(splits[group], splits[best])),
            });
        }
    }
    lines
}

fn split(group: &Group, step: usize) -> Split {
    let on = group.reached.get(step).copied().unwrap_or(0);
    Split {
        on,
        off: group.size - on,
    }
}

fn rate(split: Split) -> f64 {
    share(split.on, split.all()).unwrap_or(0.0)
}

fn against(split: Split, best: Split) -> Option<Against> {
    let highest = rate(best);
    let ratio = (highest > 0.0).then(|| rate(split) / highest)?;
    let pair = |split: Split| (split.on.max(0).cast_unsigned(), split.off.max(0).cast_unsigned());
    let one_more = share(split.on + 1, split.all()).unwrap_or(0.0) / highest;
    Some(Against {
        highest,
        ratio,
        p: two_sided(pair(split), pair(best)),
        hangs_on_one: ratio < FOUR_FIFTHS && one_more >= FOUR_FIFTHS,
    })
}

fn section(question: &Question, steps: &[(i64, String)], groups: &[Group], at: Timestamp) -> (Section, Vec<Vec<Cell>>) {
    let lines = lines(groups, steps.len());
    let table = table(question, steps, groups, &lines);
    let mut says: Vec<(Tone, String)> = lines.iter().filter_map(|line| finding(line, steps, groups)).collect();
    let is_compared = lines.iter().any(|line| line.against.is_some());
    if is_compared && says.is_empty() {
        let said = "In every step that can be shown, no group falls below four fifths of the highest rate.";
        says.push((Tone::Good, said.into()));
    }
    says.extend(caution(groups, &lines, is_compared));
    let compared = |line: &&Line| {
        lines
            .iter()
            .any(|other| other.step == line.step && other.against.is_some())
    };
    let drawn: Vec<Line> = lines.iter().filter(compared).cloned().collect();
    let figure = figure(steps, groups, &drawn, &table);
    let section = Section {
        id: question.kind.id().into(),
        title: question.words.clone(),
        label: format!("as it stood on {}", at.day_words()),
        table: figure.is_none().then(|| sizes(&table, groups.len())),
        figure,
        says,
    };
    (section, table.rows)
}

fn finding(line: &Line, steps: &[(i64, String)], groups: &[Group]) -> Option<(Tone, String)> {
    let against = line.against?;
    let (low, unlikely) = (against.ratio < FOUR_FIFTHS, against.p < ALPHA);
    let said = format!(
        "“{}”, {}: {} of the highest rate.",
        steps.get(line.step).map_or("", |(_, name)| name),
        groups[line.group].name,
        percent(against.ratio)
    );
    let chance = chance_words(against.p);
    match (low, unlikely) {
        (false, false) => None,
        (true, true) => Some((Tone::Bad, format!("{said} {chance} Look at what this step asks for."))),
        (true, false) if against.hangs_on_one => Some((
            Tone::Warn,
            format!("{said} One person more would lift it over four fifths. {chance}"),
        )),
        (true, false) => Some((Tone::Warn, format!("{said} {chance}"))),
        (false, true) => Some((
            Tone::Warn,
            format!("{said} That is within four fifths, yet {}", lowered(&chance)),
        )),
    }
}

fn chance_words(p: f64) -> String {
    match p {
        p if p < 0.001 => "Chance alone would bring such a difference in fewer than 1 of 1 000 cases.".into(),
        p if p < ALPHA => format!(
            "Chance alone would bring such a difference in {} of 1 000 cases.",
            thousandths(p)
        ),
        p => format!(
            "Chance alone brings such a difference in {} of 100 cases: this is no proof of anything.",
            (p * 100.0).round()
        ),
    }
}

fn thousandths(p: f64) -> String {
    (p * 1_000.0).round().max(1.0).to_string()
}

fn lowered(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

/// What can be said with so few.
fn caution(groups: &[Group], lines: &[Line], is_compared: bool) -> Option<(Tone, String)> {
    let compared = lines.iter().filter(|line| groups[line.group].is_compared);
    let smallest = compared.map(|line| line.split.all()).min();
    let words = match smallest {
        _ if !is_compared => format!(
            "Nothing can be compared yet: at least two groups need {FEWEST} people who came that far, and {FEWEST} who did not."
        ),
        Some(n) if n < ENOUGH => format!(
            "The smallest group that is compared has {n} people: with fewer than {ENOUGH}, only a very large difference can be told from chance, and its absence proves nothing either."
        ),
        _ => return None,
    };
    Some((Tone::Quiet, words))
}

fn figure(steps: &[(i64, String)], groups: &[Group], lines: &[Line], table: &Table) -> Option<Figure> {
    let mut before = None;
    let row = |line: &Line| {
        let head = (before != Some(line.step)).then(|| steps.get(line.step).map(|(_, name)| name.clone()));
        before = Some(line.step);
        let (low, high) = interval(line.split.on, line.split.all());
        let at = rate(line.split);
        Row {
            head: head.flatten(),
            name: groups[line.group].name.clone(),
            mark: Measure::Rate {
                at,
                low,
                high,
                limit: line.against.map(|against| against.highest * FOUR_FIFTHS),
            },
            words: format!("{}, {} of {}", percent(at), line.split.on, line.split.all()),
            is_bad: line
                .against
                .is_some_and(|against| against.ratio < FOUR_FIFTHS && against.p < ALPHA),
        }
    };
    let drawn = Rows {
        rows: lines.iter().map(row).collect(),
        unit: Unit::Share,
        end: Some(1.0),
    };
    let low = lines
        .iter()
        .filter(|line| line.against.is_some_and(|against| against.ratio < FOUR_FIFTHS));
    let lead = match low.count() {
        0 => "No rate falls below four fifths of the highest.".to_owned(),
        1 => "One rate falls below four fifths of the highest.".to_owned(),
        n => format!("{n} rates fall below four fifths of the highest."),
    };
    let rest = "The dot is how many of a group came that far, the line through it where chance leaves the true rate in 95 of 100 cases, the line across four fifths of the highest rate.";
    rows(&drawn, (&lead, rest), &lead, without_question(table).plotted())
}

fn without_question(table: &Table) -> Table {
    Table {
        columns: table.columns.iter().skip(1).cloned().collect(),
        rows: table
            .rows
            .iter()
            .map(|row| row.iter().skip(1).cloned().collect())
            .collect(),
    }
}

/// How large the groups are, where there is nothing else to show: the same at every step.
fn sizes(table: &Table, groups: usize) -> Table {
    let keep = 2..4;
    Table {
        columns: table.columns[keep.clone()].to_vec(),
        rows: table
            .rows
            .iter()
            .take(groups)
            .map(|row| row[keep.clone()].to_vec())
            .collect(),
    }
}

fn columns() -> Vec<Column> {
    let texts = ["Question", "Step", "Group"].map(Column::text);
    let numbers = [
        "Applied",
        "Came that far",
        "Rate",
        "To the highest",
        "Fisher’s exact test, p",
    ]
    .map(Column::number);
    texts.into_iter().chain(numbers).collect()
}

/// All steps and groups; what may not be shown is said to be that.
fn table(question: &Question, steps: &[(i64, String)], groups: &[Group], lines: &[Line]) -> Table {
    let may = protection::shown_groups(&groups.iter().map(|group| group.size).collect::<Vec<_>>());
    let hidden = || Cell::text("not shown");
    let mut rows = Vec::new();
    for (step, (_, name)) in steps.iter().enumerate() {
        for (at, group) in groups.iter().enumerate() {
            let size = match group.size {
                size if size < FEWEST => Cell::text("fewer than 5"),
                size if may[at] => Cell::count(size),
                _ => hidden(),
            };
            let line = lines.iter().find(|line| line.step == step && line.group == at);
            let mut row = vec![
                Cell::text(&question.words),
                Cell::text(name),
                Cell::text(&group.name),
                size,
            ];
            row.extend(match line {
                Some(line) => [
                    Cell::count(line.split.on),
                    Cell::Share(rate(line.split)),
                    Cell::share(line.against.map(|against| against.ratio)),
                    Cell::text(line.against.map(|against| p_words(against.p)).unwrap_or_default()),
                ],
                None => [hidden(), hidden(), Cell::Nothing, Cell::Nothing],
            });
            rows.push(row);
        }
    }
    Table {
        columns: columns(),
        rows,
    }
}

/// Three digits behind the zeros.
fn p_words(p: f64) -> String {
    match p {
        p if p < 0.000_1 => "< 0.0001".into(),
        p => format!("{p:.4}"),
    }
}
