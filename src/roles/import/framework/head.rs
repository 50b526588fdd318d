//! The head of a table, which says what the levels are.

use super::super::levels::{self, Unclear};
use super::super::sheet::Sheet;
use super::super::words::{fold, is_name};
use super::{Table, run_together};
use crate::roles::kit::Kit;
use crate::roles::lint::Rule;

/// The head of a table: its levels, as far as they are known before its cells are counted.
pub enum Head {
    /// Nothing says what the levels are.
    Absent,
    Cells(usize, Vec<String>),
    RunTogether(usize, String),
    /// Each level on a line of its own.
    Lines(usize, Vec<usize>),
}

impl Head {
    pub fn new(sheet: &Sheet, table: &Table) -> Head {
        let Some(i) = table.header else {
            return Head::Absent;
        };
        let row = &sheet.rows[i];
        if row.cells.len() > 1 {
            return Head::Cells(i, row.cells[1..].to_vec());
        }
        match run_together(&row.text) {
            Some(levels) => Head::RunTogether(i, levels.to_string()),
            None => Head::Lines(i, Vec::new()),
        }
    }

    /// Takes the lines that name levels from the beginning of the body.
    pub fn take_level_lines(&mut self, sheet: &Sheet, lines: &[usize], announced: Option<usize>) -> Vec<usize> {
        let Head::Lines(_, levels) = self else {
            return lines.to_vec();
        };
        let known = lines.iter().take_while(|i| levels::is_level(sheet.text(**i))).count();
        // With n competencies, there are n names, and a cell for every name and level.
        let counted = announced.and_then(|n| {
            let width = lines.len().checked_sub(n)?;
            width.is_multiple_of(n + 1).then_some(width / (n + 1))
        });
        let named = |width: &usize| lines[..*width].iter().all(|i| is_name(sheet.text(*i)));
        let width = counted.filter(|width| *width >= known && named(width)).unwrap_or(known);
        *levels = lines[..width].to_vec();
        lines[width..].to_vec()
    }

    /// How many levels there are, if that is certain.
    pub fn width(&self) -> Option<usize> {
        match self {
            Head::Absent => None,
            Head::Cells(_, names) => Some(names.len()),
            Head::Lines(_, rows) => Some(rows.len()),
            Head::RunTogether(_, text) => levels::natural(text).map(|names| names.len()),
        }
    }

    /// The levels under the names by which the kit lists them, in the order of the cells.
    pub fn levels(&self, sheet: &mut Sheet, kit: &mut Kit, cells: &[usize]) -> Option<Vec<String>> {
        let (i, names) = match self {
            Head::Absent => {
                let width = kit.levels.len();
                let fits = width > 0 && !cells.is_empty() && cells.iter().all(|n| *n == width);
                return fits.then(|| kit.levels.clone());
            }
            Head::Cells(i, names) => (*i, names.clone()),
            Head::Lines(i, rows) => (*i, rows.iter().map(|row| sheet.text(*row).to_string()).collect()),
            Head::RunTogether(i, text) => match levels::divide(text, cells) {
                Ok(names) => (*i, names),
                Err(Unclear) => return self.unclear(sheet, *i),
            },
        };
        let differ = names
            .iter()
            .enumerate()
            .all(|(n, name)| !names[..n].iter().any(|other| fold(other) == fold(name)));
        if names.is_empty() || !differ || names.iter().any(String::is_empty) {
            return self.unclear(sheet, i);
        }
        let mut levels = Vec::new();
        for name in names {
            let known = kit.levels.iter().find(|level| fold(level) == fold(&name)).cloned();
            if known.is_none() {
                if !sheet.has_room(i, kit.levels.len(), "levels") {
                    return None;
                }
                let before = levels
                    .last()
                    .and_then(|before| kit.levels.iter().position(|level| level == before));
                let first = if levels.is_empty() { 0 } else { kit.levels.len() };
                kit.levels.insert(before.map_or(first, |n| n + 1), name.clone());
            }
            levels.push(known.unwrap_or(name));
        }
        match self {
            Head::Lines(_, rows) => {
                sheet.furniture(i);
                for row in rows {
                    sheet.place(*row, "levels");
                }
            }
            _ => sheet.place(i, "levels"),
        }
        Some(levels)
    }

    fn unclear(&self, sheet: &mut Sheet, i: usize) -> Option<Vec<String>> {
        let message = format!(
            "it is not clear what the levels are in “{}”: the number of cells of the competencies does not tell",
            sheet.text(i)
        );
        sheet.find(Rule::UnclearLevels, "levels", message, Some(i));
        None
    }
}
