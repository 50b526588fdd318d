//! Reads role documents and question pages as they are found: text, Markdown, HTML saved from a page, or our own format.
//!
//! `source` makes lines of the bytes, whatever they are. `signs` knows headings and labels when it sees them. The
//! parsers (`kit` and its sections, `bank` and its shapes) put what stands between them into the document. No line is
//! lost: each is placed in a field, known to carry nothing, or left for a person.

mod attitudes;
mod bank;
mod coding;
mod exercises;
mod framework;
mod html;
mod kit;
mod levels;
mod markdown;
mod questions;
mod screening;
mod sheet;
mod signs;
mod simulations;
mod source;
#[cfg(test)]
mod tests;
mod times;
mod words;

use super::bank::Bank;
use super::format::{FormatError, Places, read_bank, read_kit};
use super::kit::Kit;
use super::lint::{Finding, lint_bank, lint_kit};
use serde::{Deserialize, Serialize};
use sheet::Sheet;

pub const MOST_BYTES: usize = 2 * 1024 * 1024;
pub const MOST_LINES: usize = 20_000;
/// The longest line, in characters.
pub const LONGEST_LINE: usize = 20_000;

/// A document that was read, and what became of every line of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Import {
    pub document: Document,
    pub source: Source,
    pub lines: Vec<Line>,
    pub lint: Vec<Finding>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    Kit(Box<Kit>),
    Bank(Bank),
}

/// What kind of file it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Text,
    Markdown,
    Html,
    /// Our own.
    Format,
}

/// A line that is not blank.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// In the file, from 1.
    #[serde(rename = "line")]
    pub number: usize,
    pub text: String,
    #[serde(flatten)]
    pub fate: Fate,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fate", content = "field", rename_all = "snake_case")]
pub enum Fate {
    /// The path of the field that it went into, such as `competency_questions[0].positive[2]`.
    Placed(String),
    /// Headings, counters, labels and page text that carry nothing.
    Furniture,
    /// Not understood: a person assigns it or drops it.
    Left,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ImportError {
    #[error(
        "this file has {bytes} bytes, and the most that can be read is {most}; save only the document itself, as text"
    )]
    TooLarge { bytes: usize, most: usize },
    #[error("this is not a text file; open it where it was made and save it as text, Markdown or HTML")]
    Binary,
    #[error("line {line} is not UTF-8; open the file in an editor and save it with the encoding UTF-8")]
    NotUtf8 { line: usize },
    #[error("this file is empty; choose the one with the document in it")]
    Empty,
    #[error(
        "no heading of a role document or a question page is here; compare the file with the samples in the description \
         of the format, and see that all of the page was saved"
    )]
    Nothing,
    #[error(transparent)]
    Format(#[from] FormatError),
    #[error("this file has more than {MOST_LINES} lines; save only the document itself")]
    TooManyLines,
    #[error("line {line} has more than {LONGEST_LINE} characters; divide it, or save the page as HTML")]
    LineTooLong { line: usize },
}

impl Line {
    /// The text without its bullet, as it goes into a field.
    pub fn content(&self) -> &str {
        source::bullet(&self.text).1
    }
}

impl Import {
    /// The lines that a person has to assign or drop.
    pub fn leftovers(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.fate == Fate::Left)
    }
}

/// Reads a file. Its name matters only where its content does not tell what it is.
pub fn import(name: &str, bytes: &[u8]) -> Result<Import, ImportError> {
    let text = source::decode(bytes)?;
    let (source, rows) = source::rows(name, &text)?;
    if source == Source::Format {
        let import = Import {
            document: read_format(&text)?,
            source,
            lines: format_lines(&text),
            lint: Vec::new(),
        };
        let places = Places::of(&text);
        return Ok(import.linted(|_, place| places.find(place).map(|(line, _)| line)));
    }
    let signs = rows.iter().map(signs::sign).collect();
    let mut sheet = Sheet::new(rows, signs);
    let (of_kit, of_bank) = (kit::evidence(&sheet), bank::evidence(&sheet));
    let document = if of_kit == 0 && of_bank == 0 {
        None
    } else if of_bank > of_kit {
        bank::read(&mut sheet, name).map(Document::Bank)
    } else {
        kit::read(&mut sheet, name).map(|kit| Document::Kit(Box::new(kit)))
    };
    let document = document.ok_or(ImportError::Nothing)?;
    let (lines, lint) = sheet.lines();
    let import = Import {
        document,
        source,
        lines,
        lint,
    };
    Ok(import.linted(Import::line_of))
}

fn read_format(text: &str) -> Result<Document, FormatError> {
    let is_bank = source::first_key(text) == Some("bank");
    match is_bank {
        true => read_bank(text).map(Document::Bank),
        false => read_kit(text).map(|kit| Document::Kit(Box::new(kit))),
    }
}

/// In our own format, every line is part of the document as a whole.
fn format_lines(text: &str) -> Vec<Line> {
    let filled = source::lines(text).filter(|(_, line)| !line.trim().is_empty());
    let lines = filled.map(|(number, line)| Line {
        number,
        text: line.trim().to_string(),
        fate: Fate::Placed(String::new()),
    });
    lines.collect()
}

impl Import {
    /// Adds what the document itself tells to what was found while reading.
    fn linted(mut self, line_of: impl Fn(&Import, &str) -> Option<usize>) -> Import {
        let found = match &self.document {
            Document::Kit(kit) => lint_kit(kit),
            Document::Bank(bank) => lint_bank(bank),
        };
        for mut finding in found {
            finding.line = line_of(&self, &finding.place);
            self.lint.push(finding);
        }
        self
    }

    /// The first line that went into a field, or into what is in it.
    fn line_of(&self, place: &str) -> Option<usize> {
        let inside = |path: &str| {
            path.strip_prefix(place)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let line = self
            .lines
            .iter()
            .find(|line| matches!(&line.fate, Fate::Placed(path) if inside(path)));
        line.filter(|_| !place.is_empty()).map(|line| line.number)
    }
}
