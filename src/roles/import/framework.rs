//! The progression framework: disciplines, and a table of what is expected of each competency at each level. Many pages
//! lose the table on the way to text, so that names and cells are lines that have to be told apart.

mod head;

use super::kit::differs;
use super::levels;
use super::sheet::Sheet;
use super::signs::{Counted, Label, Sign};
use super::source::{Bullet, Row};
use super::words::{ends_sentence, fold, is_name, key, word_count};
use crate::roles::kit::{Competency, Discipline, Kit};
use crate::roles::lint::Rule;
use head::Head;
use indexmap::IndexMap;
use std::ops::Range;

/// A discipline as it stands in the document.
#[derive(Default)]
struct Table {
    name: Option<usize>,
    /// The row that announces how many competencies there are.
    count: Option<(usize, usize)>,
    header: Option<usize>,
    body: Vec<usize>,
}

/// A competency with its cells, each the row that says what is expected.
struct Entry {
    name: usize,
    cells: Vec<usize>,
}

/// Whether a row is the head of the table.
pub fn is_header(row: &Row) -> bool {
    if row.cells.len() > 1 {
        return matches!(key(&row.cells[0]).as_str(), "competency" | "competencie" | "skill");
    }
    run_together(&row.text).is_some()
}

/// The levels of “CompetencyJuniorMidSenior”.
fn run_together(text: &str) -> Option<&str> {
    let lower = text.get(..12.min(text.len())).unwrap_or("").to_ascii_lowercase();
    let length = ["competencies", "competency"]
        .iter()
        .find(|name| lower.starts_with(*name))?
        .len();
    let rest = &text[length..];
    let glued = rest.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let short = rest.chars().count() <= 200 && !ends_sentence(rest) && word_count(rest) <= 16;
    let spaced = || {
        !rest.trim().is_empty() && levels::natural(rest).is_some_and(|names| names.iter().all(|n| levels::is_level(n)))
    };
    (short && (glued || spaced())).then_some(rest)
}

pub fn read(sheet: &mut Sheet, kit: &mut Kit, rows: Range<usize>) {
    let mut discipline = None;
    for table in tables(sheet, rows) {
        discipline = read_table(sheet, kit, &table, discipline);
    }
}

fn tables(sheet: &mut Sheet, rows: Range<usize>) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    // Lines that belong to the table before, but for the last if it names the next.
    let mut waiting: Vec<usize> = Vec::new();
    for i in rows {
        let header = is_header(&sheet.rows[i]);
        match sheet.signs[i].clone() {
            Sign::Furniture if is_empty_cell(&sheet.rows[i].text) => waiting.push(i),
            Sign::Furniture => sheet.furniture(i),
            Sign::Count(Counted::Competencies, number) => {
                let name = waiting.pop();
                begin(&mut tables, &mut waiting, name);
                tables.last_mut().expect("it has just begun").count = Some((i, number));
            }
            sign if header || sign == Sign::Label(Label::Competency, None) => {
                let fresh = |table: &Table| table.header.is_none() && table.body.is_empty();
                if !waiting.is_empty() || !tables.last().is_some_and(fresh) {
                    let name =
                        waiting.pop_if(|name| is_name(&sheet.rows[*name].text) && sheet.rows[*name].cells.len() < 2);
                    begin(&mut tables, &mut waiting, name);
                }
                tables.last_mut().expect("there is one by now").header = Some(i);
            }
            Sign::Label(Label::Discipline, Some(_)) => begin(&mut tables, &mut waiting, Some(i)),
            Sign::Label(Label::Discipline, None) => sheet.furniture(i),
            Sign::Counter(_) | Sign::Count(..) => {}
            _ => waiting.push(i),
        }
    }
    begin(&mut tables, &mut waiting, None);
    tables.pop();
    tables
}

fn begin(tables: &mut Vec<Table>, waiting: &mut Vec<usize>, name: Option<usize>) {
    if let Some(table) = tables.last_mut() {
        table.body.append(waiting);
    }
    waiting.clear();
    tables.push(Table {
        name,
        ..Table::default()
    });
}

/// Reads one table, and gives the discipline that it belongs to.
fn read_table(sheet: &mut Sheet, kit: &mut Kit, table: &Table, before: Option<usize>) -> Option<usize> {
    let discipline = discipline(sheet, kit, table, before)?;
    let (rows, lines): (Vec<usize>, Vec<usize>) = table.body.iter().partition(|i| sheet.rows[**i].cells.len() > 1);
    if let Some((i, _)) = table.count {
        sheet.furniture(i);
    }
    let mut head = Head::new(sheet, table);
    let lines = head.take_level_lines(sheet, &lines, table.count.map(|(_, n)| n));
    let entries = entries(sheet, &lines, table.count.map(|(_, n)| n), head.width());
    let cells: Vec<usize> = entries.iter().map(|entry| entry.cells.len()).collect();
    let levels = head.levels(sheet, kit, &cells);
    for i in rows {
        row(sheet, kit, discipline, i, levels.as_deref());
    }
    for entry in &entries {
        place_entry(sheet, kit, discipline, entry, levels.as_deref());
    }
    if let Some((i, announced)) = table.count {
        let here = kit.disciplines[discipline].competencies.len();
        if announced != here {
            let what = format!("“{}”: ", kit.disciplines[discipline].name);
            let message = what + &differs(announced, here, "competency", "competencies");
            sheet.find(
                Rule::CountDiffers,
                &format!("disciplines[{discipline}]"),
                message,
                Some(i),
            );
        }
    }
    Some(discipline)
}

fn discipline(sheet: &mut Sheet, kit: &mut Kit, table: &Table, before: Option<usize>) -> Option<usize> {
    let name = match table.name {
        Some(i) => match &sheet.signs[i] {
            Sign::Label(Label::Discipline, Some(name)) => name.clone(),
            _ => sheet.text(i).to_string(),
        },
        None if before.is_some() => return before,
        None => String::new(),
    };
    let known = kit
        .disciplines
        .iter()
        .position(|discipline| fold(&discipline.name) == fold(&name));
    let row = table.name.or(table.count.map(|(i, _)| i)).or(table.header)?;
    let n = match known {
        Some(n) => n,
        None if sheet.has_room(row, kit.disciplines.len(), "disciplines") => {
            kit.disciplines.push(Discipline {
                name,
                competencies: Vec::new(),
            });
            kit.disciplines.len() - 1
        }
        None => return None,
    };
    if let Some(i) = table.name {
        sheet.place(i, format!("disciplines[{n}].name"));
    }
    Some(n)
}

/// Divides lines into competencies. Names are short, and cells are sentences; where some are not, the numbers that the
/// document announces may tell.
fn entries(sheet: &Sheet, lines: &[usize], announced: Option<usize>, width: Option<usize>) -> Vec<Entry> {
    let may_name = |i: usize| {
        let row = &sheet.rows[i];
        !is_empty_cell(&row.text) && row.bullet != Bullet::Sign && (row.heading.is_some() || is_name(&row.text))
    };
    // However short it is, a sentence is a cell, unless the numbers say otherwise.
    let named = |i: usize| may_name(i) && (sheet.rows[i].heading.is_some() || !ends_sentence(&sheet.rows[i].text));
    let mut entries: Vec<Entry> = Vec::new();
    for i in lines {
        match entries.last_mut() {
            _ if named(*i) => entries.push(Entry {
                name: *i,
                cells: Vec::new(),
            }),
            Some(entry) => entry.cells.push(*i),
            None => {}
        }
    }
    let regular = |entries: &[Entry]| {
        let first = entries.first().map_or(0, |entry| entry.cells.len());
        first > 0 && entries.iter().all(|entry| entry.cells.len() == first) && width.is_none_or(|width| width == first)
    };
    let complete = entries.first().is_some_and(|entry| Some(&entry.name) == lines.first());
    if complete && regular(&entries) && announced.is_none_or(|n| n == entries.len()) {
        return entries;
    }
    let from_count = announced
        .filter(|n| *n > 0 && lines.len().is_multiple_of(*n))
        .map(|n| lines.len() / n);
    let step = from_count
        .or(width.map(|width| width + 1))
        .filter(|step| *step > 1 && lines.len().is_multiple_of(*step));
    let Some(step) = step.filter(|step| lines.iter().step_by(*step).all(|i| may_name(*i))) else {
        return entries;
    };
    let grid: Vec<Entry> = lines
        .chunks(step)
        .map(|chunk| Entry {
            name: chunk[0],
            cells: chunk[1..].to_vec(),
        })
        .collect();
    if regular(&grid) { grid } else { entries }
}

/// A dash in place of an expectation.
fn is_empty_cell(text: &str) -> bool {
    matches!(text, "-" | "–" | "—" | "−")
}

/// A row of a table that kept its cells.
fn row(sheet: &mut Sheet, kit: &mut Kit, discipline: usize, i: usize, levels: Option<&[String]>) {
    let cells = sheet.rows[i].cells.clone();
    let Some(levels) = levels.filter(|levels| levels.len() + 1 == cells.len()) else {
        return;
    };
    let expected = levels.iter().cloned().zip(cells[1..].iter().cloned());
    let competency = Competency {
        name: cells[0].clone(),
        expected: expected
            .filter(|(_, text)| !text.is_empty() && !is_empty_cell(text))
            .collect(),
    };
    if let Some(n) = add(sheet, kit, discipline, i, competency) {
        sheet.place(i, format!("disciplines[{discipline}].competencies[{n}]"));
    }
}

fn place_entry(sheet: &mut Sheet, kit: &mut Kit, discipline: usize, entry: &Entry, levels: Option<&[String]>) {
    let fits = levels.is_none_or(|levels| levels.len() == entry.cells.len());
    if entry.cells.is_empty() || !fits {
        return;
    }
    let texts = entry.cells.iter().map(|i| sheet.text(*i).to_string());
    let expected = levels.unwrap_or_default().iter().cloned().zip(texts);
    let competency = Competency {
        name: sheet.text(entry.name).to_string(),
        expected: expected.filter(|(_, text)| !is_empty_cell(text)).collect(),
    };
    let Some(n) = add(sheet, kit, discipline, entry.name, competency) else {
        return;
    };
    let path = format!("disciplines[{discipline}].competencies[{n}]");
    sheet.place(entry.name, format!("{path}.name"));
    for (level, i) in levels.unwrap_or_default().iter().zip(&entry.cells) {
        if is_empty_cell(sheet.text(*i)) {
            sheet.furniture(*i);
        } else {
            sheet.place(*i, format!("{path}.expected.{level}"));
        }
    }
}

/// Adds a competency to a discipline, or finds it there if it says the same.
fn add(sheet: &mut Sheet, kit: &mut Kit, discipline: usize, i: usize, competency: Competency) -> Option<usize> {
    let name = fold(&competency.name);
    if name.is_empty() {
        return None;
    }
    for (d, other) in kit.disciplines.iter_mut().enumerate() {
        let Some(n) = other
            .competencies
            .iter()
            .position(|competency| fold(&competency.name) == name)
        else {
            continue;
        };
        if d == discipline && merge(&mut other.competencies[n].expected, &competency.expected) {
            return Some(n);
        }
        let message = format!(
            "there is another competency called “{}”; this one is left",
            competency.name
        );
        sheet.find(
            Rule::SameName,
            &format!("disciplines[{d}].competencies[{n}].name"),
            message,
            Some(i),
        );
        return None;
    }
    let competencies = &mut kit.disciplines[discipline].competencies;
    if !sheet.has_room(
        i,
        competencies.len(),
        &format!("disciplines[{discipline}].competencies"),
    ) {
        return None;
    }
    competencies.push(competency);
    Some(competencies.len() - 1)
}

/// Adds expectations to those that are there, unless one of them says something else.
fn merge(expected: &mut IndexMap<String, String>, more: &IndexMap<String, String>) -> bool {
    let agree = more
        .iter()
        .all(|(level, text)| expected.get(level).is_none_or(|other| other == text));
    if agree {
        expected.extend(more.iter().map(|(level, text)| (level.clone(), text.clone())));
    }
    agree
}
