//! Candidates from a table: read, shown with what is wrong with each row, and taken over once somebody has confirmed it.
//!
//! Nothing is stored until then. The page that shows the rows sends them back, so there is no file of strangers' names
//! that waits for somebody.

pub mod pages;
pub mod sheet;
pub mod store;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use time::{Date, Month};
use uuid::Uuid;

use crate::app::App;
use crate::audit::{self, Actor};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::applications::drafting::months_after;
use crate::hiring::applications::form::SOURCES;
use crate::hiring::{Opening, Stage};
use crate::people::{Staff, check_email, check_name};
use crate::ui::{clean_line, folded, search_key};

use sheet::{Column, Sheet};

const MOST_PHONE: usize = 40;
const MOST_DETAIL: usize = 200;
const MOST_NOTE: usize = 2_000;
/// In one transaction: others write in between.
const ROWS_AT_ONCE: usize = 100;

/// Somebody who is to be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub email: String,
    pub phone: String,
    pub source: &'static str,
    pub source_detail: String,
    pub stage: Uuid,
    pub applied: Timestamp,
    pub note: String,
}

/// A row of the table, with what was understood of it, or what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// As an editor counts.
    pub line: usize,
    pub cells: Vec<String>,
    pub read: Result<Person, Vec<String>>,
}

/// What the rows are compared with.
pub struct Job<'a> {
    pub opening: &'a Opening,
    pub stages: &'a [Stage],
    pub now: Timestamp,
}

/// Looks at every row by itself, and at what it repeats of the rows before.
pub fn check(sheet: &Sheet, job: &Job<'_>) -> Vec<Row> {
    let mut seen = HashSet::new();
    let row = |(line, cells): &(usize, Vec<String>)| {
        let mut read = person(sheet, cells, job);
        let repeats = match &read {
            Ok(person) => !seen.insert(search_key(&person.email)),
            Err(_) => false,
        };
        if repeats {
            read = Err(vec!["The same address stands in a row above.".into()]);
        }
        Row {
            line: *line,
            cells: cells.clone(),
            read,
        }
    };
    sheet.rows.iter().map(row).collect()
}

fn person(sheet: &Sheet, cells: &[String], job: &Job<'_>) -> Result<Person, Vec<String>> {
    let cell = |column| sheet.cell(cells, column);
    let mut errors = Vec::new();
    let mut keep = |error: String| errors.push(error);
    let typed = sheet.name(cells);
    let name = check_name(&typed).unwrap_or_else(|_| {
        keep(match typed.trim() {
            "" => "The name is missing.".into(),
            _ => "A name has at most 100 characters here.".into(),
        });
        String::new()
    });
    let email = match cell(Column::Email) {
        "" => Err("The address is missing.".to_owned()),
        typed => check_email(typed).map_err(|_| format!("“{}” is not a mail address.", shown(typed))),
    };
    let email = email.unwrap_or_else(|error| {
        keep(error);
        String::new()
    });
    let phone = clean_line(cell(Column::Phone));
    if phone.chars().count() > MOST_PHONE {
        keep("The telephone has more than 40 characters.".into());
    }
    let (source, source_detail) = source(cell(Column::Source));
    if source_detail.chars().count() > MOST_DETAIL {
        keep("The source has more than 200 characters.".into());
    }
    let stage = stage(cell(Column::Stage), job.stages);
    if stage.is_none() {
        keep(format!("The job has no stage “{}”.", shown(cell(Column::Stage))));
    }
    let applied = applied(cell(Column::Applied), job).unwrap_or_else(|error| {
        keep(error);
        job.now
    });
    let note = cell(Column::Note).trim().to_owned();
    if note.chars().count() > MOST_NOTE {
        keep("The note has more than 2,000 characters.".into());
    }
    match (errors.is_empty(), stage) {
        (true, Some(stage)) => Ok(Person {
            name,
            email,
            phone,
            source,
            source_detail,
            stage,
            applied,
            note,
        }),
        _ => Err(errors),
    }
}

fn shown(typed: &str) -> String {
    crate::ui::shortened(typed, 60)
}

/// One of those that candidates choose from; anything else as it is written.
fn source(typed: &str) -> (&'static str, String) {
    let key = folded(typed);
    let known = SOURCES.iter().find(|(id, label)| *id == key || folded(label) == key);
    match known {
        Some((id, _)) => (id, String::new()),
        None => ("other", clean_line(typed)),
    }
}

fn stage(typed: &str, stages: &[Stage]) -> Option<Uuid> {
    let key = folded(typed);
    match key.is_empty() {
        true => stages.first(),
        false => stages.iter().find(|stage| folded(&stage.name) == key),
    }
    .map(|stage| stage.id)
}

fn applied(typed: &str, job: &Job<'_>) -> Result<Timestamp, String> {
    if typed.is_empty() {
        return Ok(job.now);
    }
    let day = date(typed)?;
    let at = Timestamp(day.midnight().assume_utc().unix_timestamp() * 1_000_000);
    if at > job.now {
        return Err(format!("“{}” lies in the future.", shown(typed)));
    }
    if months_after(at, job.opening.keep_months) <= job.now {
        return Err(format!(
            "“{}” is longer ago than applications for this job are kept.",
            shown(typed)
        ));
    }
    Ok(at)
}

/// 2026-04-15, 15.04.2026, 15 April 2026, 15/04/2026; where day and month could be either way, neither is guessed.
fn date(typed: &str) -> Result<Date, String> {
    let unknown = || format!("“{}” is not understood as a day. Write 2026-04-15.", shown(typed));
    let day_of = typed.split(['T', ',']).next().unwrap_or_default();
    let parts: Vec<&str> = day_of
        .split(['-', '.', '/', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    let number = |part: &str| part.parse::<i32>().ok().filter(|n| *n > 0);
    let [first, second, third, ..] = parts[..] else {
        return Err(unknown());
    };
    let (year, month, day) = match (number(first), number(second), number(third)) {
        (Some(year), Some(month), Some(day)) if first.len() == 4 => (year, month, day),
        (Some(day), Some(month), Some(year)) if typed.contains('/') && third.len() == 4 => {
            match (day > 12, month > 12) {
                (false, false) if day != month => {
                    return Err(format!(
                        "“{}” could be two days. Write {year}-{month:02}-{day:02}, say.",
                        shown(typed)
                    ));
                }
                (false, true) => (year, day, month),
                _ => (year, month, day),
            }
        }
        (Some(day), Some(month), Some(year)) if third.len() == 4 => (year, month, day),
        (Some(day), None, Some(year)) => (year, month_by_name(second).ok_or_else(unknown)?, day),
        (None, Some(day), Some(year)) => (year, month_by_name(first).ok_or_else(unknown)?, day),
        _ => return Err(unknown()),
    };
    let (month, day) = (u8::try_from(month).ok(), u8::try_from(day).ok());
    let month = month.and_then(|month| Month::try_from(month).ok());
    let date = month
        .zip(day)
        .and_then(|(month, day)| Date::from_calendar_date(year, month, day).ok());
    date.filter(|date| (1990..=2100).contains(&date.year()))
        .ok_or_else(unknown)
}

fn month_by_name(name: &str) -> Option<i32> {
    const NAMES: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let name: String = name.to_lowercase().chars().take(3).collect();
    let at = NAMES.iter().position(|known| *known == name)?;
    i32::try_from(at + 1).ok()
}

/// What somebody has confirmed.
pub struct Confirmed<'a> {
    /// Of the form: the same one imports once.
    pub token: Uuid,
    pub people: Vec<Person>,
    pub left_out: usize,
    /// Whether each of them gets the mail with the link.
    pub mail: bool,
    pub by: &'a Staff,
}

/// False when this form was confirmed before.
pub async fn import(app: &App, opening: &Opening, confirmed: &Confirmed<'_>) -> Result<bool, AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let id = app.new_id();
    if !store::begin(&mut tx, id, opening.id, confirmed, now).await? {
        return Ok(false);
    }
    let entry = audit::Entry {
        actor: Actor::Staff(confirmed.by.id),
        what: "Candidates imported",
        subject: format!("job {}", opening.id),
        detail: &format!("{} taken over, {} left out", confirmed.people.len(), confirmed.left_out),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    for people in confirmed.people.chunks(ROWS_AT_ONCE) {
        let mut tx = app.db.begin().await?;
        for person in people {
            store::add(&mut tx, app, opening, confirmed, person).await?;
        }
        tx.commit().await?;
        app.job_queued.notify_one();
    }
    Ok(true)
}
