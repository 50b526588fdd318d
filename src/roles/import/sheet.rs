//! The lines of a document, and what becomes of each of them while it is read.

use super::signs::{Label, Sign};
use super::source::{Bullet, Row};
use super::words::ends_sentence;
use super::{Fate, Line};
use crate::roles::format::{MOST_CHARACTERS, MOST_ENTRIES};
use crate::roles::lint::{Finding, Rule};
use std::ops::Range;

pub struct Sheet {
    pub rows: Vec<Row>,
    pub signs: Vec<Sign>,
    fates: Vec<Fate>,
    pub lint: Vec<Finding>,
}

/// A field that lines go into.
pub enum Field<'a> {
    Text(&'a mut String),
    List(&'a mut Vec<String>),
}

/// The list or text that is open while lines are read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Open {
    pub label: Option<Label>,
    /// Whether the first entry of the list has a bullet; then the others have one too.
    bulleted: Option<bool>,
}

impl Open {
    pub fn at(label: Label) -> Open {
        Open {
            label: Some(label),
            bulleted: None,
        }
    }

    pub fn is_list(self) -> bool {
        self.label.is_some_and(Label::is_list)
    }

    /// Whether a list with bullets is open, which a line without one cannot belong to.
    pub fn excludes(self, row: &Row) -> bool {
        self.is_list() && self.bulleted == Some(true) && row.bullet == Bullet::None
    }

    /// Whether an open list ends before line `i`, the first line of which after what was read is `start`.
    pub fn ends_before(self, rows: &[Row], start: usize, i: usize) -> bool {
        let has_bullet = |i: usize| rows[i].bullet != Bullet::None;
        self.is_list() && self.bulleted.unwrap_or(has_bullet(start)) && !has_bullet(i)
    }

    pub fn is_unbulleted(self) -> bool {
        self.is_list() && self.bulleted != Some(true)
    }
}

impl Sheet {
    pub fn new(rows: Vec<Row>, signs: Vec<Sign>) -> Sheet {
        Sheet {
            fates: vec![Fate::Left; rows.len()],
            rows,
            signs,
            lint: Vec::new(),
        }
    }

    pub fn lines(self) -> (Vec<Line>, Vec<Finding>) {
        let mut lines = Vec::new();
        for (row, fate) in self.rows.into_iter().zip(self.fates) {
            for (number, text) in std::iter::once((row.number, row.raw)).chain(row.more) {
                let fate = fate.clone();
                lines.push(Line { number, text, fate });
            }
        }
        (lines, self.lint)
    }

    pub fn text(&self, i: usize) -> &str {
        &self.rows[i].text
    }

    pub fn is_left(&self, i: usize) -> bool {
        self.fates[i] == Fate::Left
    }

    pub fn furniture(&mut self, i: usize) {
        self.fates[i] = Fate::Furniture;
    }

    /// For a line of which only a part was understood.
    pub fn leave(&mut self, i: usize) {
        self.fates[i] = Fate::Left;
    }

    pub fn place(&mut self, i: usize, field: impl Into<String>) {
        self.fates[i] = Fate::Placed(field.into());
    }

    /// The sign of a row, given what is open: an entry of a list is an entry, whatever it looks like.
    pub fn sign(&self, i: usize, open: Open) -> Sign {
        let (row, sign) = (&self.rows[i], &self.signs[i]);
        let entry = open.is_list() && row.bullet == Bullet::Sign && !row.strong && row.heading.is_none();
        let never = match sign {
            Sign::Label(label, value) => value.is_none() || label.divides_questions(),
            Sign::Furniture => row.is_decoration(),
            _ => false,
        };
        if entry && !never { Sign::Plain } else { sign.clone() }
    }

    /// The end of the plain lines that begin at `i`.
    pub fn run(&self, i: usize, end: usize, open: Open) -> usize {
        (i..end).find(|j| self.sign(*j, open) != Sign::Plain).unwrap_or(end)
    }

    /// The same, where rules between the lines do not end them.
    pub fn run_over_rules(&self, i: usize, end: usize, open: Open) -> usize {
        let plain = |j: &usize| self.sign(*j, open) == Sign::Plain || self.rows[*j].is_decoration();
        let stop = (i..end).find(|j| !plain(j)).unwrap_or(end);
        let last = (i..stop).rev().find(|j| !self.rows[*j].is_decoration());
        last.map_or(stop, |last| last + 1)
    }

    /// Puts a line, or the value on a label's own line, into a field.
    pub fn fill(&mut self, i: usize, value: Option<&str>, field: Field<'_>, path: &str, open: &mut Open) {
        match (field, value) {
            (Field::Text(text), Some(value)) => self.append(i, text, value, "\n\n", path),
            (Field::Text(text), None) => self.paragraph(i, text, path),
            (Field::List(list), Some(value)) => self.push(i, value, list, path),
            (Field::List(_), None) if open.excludes(&self.rows[i]) => {
                // What looks like a heading has a list of its own below it.
                if !ends_sentence(&self.rows[i].text) {
                    *open = Open::default();
                }
            }
            (Field::List(list), None) => {
                open.bulleted.get_or_insert(self.rows[i].bullet != Bullet::None);
                self.entry(i, list, path);
            }
        }
    }

    /// Adds a line to a text, as a paragraph of its own. Entries of lists in texts keep their bullets.
    pub fn paragraph(&mut self, i: usize, text: &mut String, path: &str) {
        let row = &self.rows[i];
        let entry = row.bullet != Bullet::None && !text.is_empty();
        let after_entry = i
            .checked_sub(1)
            .is_some_and(|before| self.rows[before].bullet != Bullet::None);
        let line = if entry {
            format!("• {}", row.text)
        } else {
            row.text.clone()
        };
        self.append(i, text, &line, if entry && after_entry { "\n" } else { "\n\n" }, path);
    }

    pub fn entry(&mut self, i: usize, list: &mut Vec<String>, path: &str) {
        let text = self.rows[i].text.clone();
        self.push(i, &text, list, path);
    }

    fn push(&mut self, i: usize, value: &str, list: &mut Vec<String>, path: &str) {
        if self.has_room(i, list.len(), path) {
            self.place(i, format!("{path}[{}]", list.len()));
            list.push(value.to_string());
        }
    }

    fn append(&mut self, i: usize, text: &mut String, line: &str, divider: &str, path: &str) {
        if append(text, line, divider) {
            self.place(i, path);
        } else {
            self.too_much(i, path);
        }
    }

    /// Whether a list takes one more entry; says so if it does not.
    pub fn has_room(&mut self, i: usize, entries: usize, path: &str) -> bool {
        if entries == MOST_ENTRIES {
            self.too_much(i, path);
        }
        entries < MOST_ENTRIES
    }

    fn too_much(&mut self, i: usize, path: &str) {
        let said = |finding: &Finding| finding.rule == Rule::TooMuch && finding.place == path;
        if !self.lint.iter().any(said) {
            let message = format!(
                "more is here than a field can hold: a list takes {MOST_ENTRIES} entries, and a text {MOST_CHARACTERS} characters"
            );
            self.find(Rule::TooMuch, path, message, Some(i));
        }
    }

    /// Sets a number that a line says, unless another one is there already.
    pub fn number(&mut self, i: usize, value: u32, field: &mut Option<u32>, path: &str, unit: &str) -> bool {
        match *field {
            Some(other) if other != value => {
                let message = format!("{value} {unit} are given here, and {other} {unit} before");
                self.find(Rule::TimesDiffer, path, message, Some(i));
                false
            }
            _ => {
                *field = Some(value);
                self.place(i, path);
                true
            }
        }
    }

    pub fn find(&mut self, rule: Rule, place: &str, message: String, row: Option<usize>) {
        self.lint.push(Finding {
            rule,
            place: place.to_string(),
            message,
            line: row.map(|i| self.rows[i].number),
        });
    }

    /// Marks what carries nothing among the lines that no field takes.
    pub fn rest(&mut self, range: Range<usize>) {
        for i in range {
            let nothing = matches!(
                self.signs[i],
                Sign::Furniture | Sign::Section(..) | Sign::Counter(_) | Sign::WhyHard(None)
            );
            if self.is_left(i) && (nothing || self.rows[i].is_decoration()) {
                self.furniture(i);
            }
        }
    }
}

fn append(text: &mut String, line: &str, divider: &str) -> bool {
    let divider = if text.is_empty() { "" } else { divider };
    // Texts are mostly short; counting their characters is only worth it where bytes do not settle it.
    if text.len() + divider.len() + line.len() > MOST_CHARACTERS
        && text.chars().count() + divider.len() + line.chars().count() > MOST_CHARACTERS
    {
        return false;
    }
    text.push_str(divider);
    text.push_str(line);
    true
}
