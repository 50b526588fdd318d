//! Kits and banks as text: the TOML that people read, edit and keep in version control.
//!
//! Reading says where a mistake is, down to the line and the field. Writing is canonical: the same kit is the same
//! text, and reading it gives the same kit.

mod check;
#[cfg(test)]
mod tests;

pub use check::{Fault, MOST_CHARACTERS, MOST_ENTRIES, check_bank, check_kit};

use super::bank::Bank;
use super::kit::Kit;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormatError {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The path of the field, such as `competency_questions[3].positive`; empty where there is none.
    pub field: String,
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

impl FormatError {
    /// The message with the name of the file, as compilers write it.
    pub fn in_file(&self, file: &str) -> String {
        format!("{file}:{self}")
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.line, self.column)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "; did you mean `{suggestion}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for FormatError {}

pub fn read_kit(text: &str) -> Result<Kit, FormatError> {
    read(text, "kit", Kit::FORMAT, check_kit)
}

pub fn read_bank(text: &str) -> Result<Bank, FormatError> {
    read(text, "bank", Bank::FORMAT, check_bank)
}

pub fn write_kit(kit: &Kit) -> String {
    write(kit)
}

pub fn write_bank(bank: &Bank) -> String {
    write(bank)
}

fn read<T: DeserializeOwned>(
    text: &str,
    version: &str,
    format: u32,
    check: impl Fn(&T) -> Vec<Fault>,
) -> Result<T, FormatError> {
    let table = DeTable::parse(text).map_err(|e| syntax_error(text, &e))?;
    // A file of a later format has fields that this program does not know: its version is the better message.
    if let Some(other) = other_format(table.get_ref(), version, format) {
        let message = format!("this file is of format {other}; this program reads format {format}");
        return Err(at_field(text, version, message));
    }
    let read: Result<T, _> = serde_path_to_error::deserialize(toml::Deserializer::from(table));
    let value = read.map_err(|e| {
        let path = e.path().to_string();
        field_error(text, &path, e.inner())
    })?;
    match check(&value).into_iter().next() {
        Some(fault) => Err(at_field(text, &fault.field, fault.message)),
        None => Ok(value),
    }
}

fn write<T: Serialize>(value: &T) -> String {
    toml::to_string_pretty(value).expect("kits and banks hold nothing that TOML cannot say")
}

fn syntax_error(text: &str, error: &toml::de::Error) -> FormatError {
    let (line, column) = position(text, error.span().map_or(0, |span| span.start));
    FormatError {
        line,
        column,
        field: String::new(),
        message: error.message().trim().replace('\n', ", "),
        suggestion: None,
    }
}

fn field_error(text: &str, path: &str, error: &toml::de::Error) -> FormatError {
    let message = error.message();
    let unknown = quoted_after(message, "unknown field `").or_else(|| quoted_after(message, "unknown variant `"));
    let start = error.span().map_or(0, |span| span.start);
    let (line, column) = position(text, start);
    let field = match unknown {
        // The path ends with the name that is not known; the field that holds it says more.
        Some(name) if message.starts_with("unknown field") => {
            let holder = path.strip_suffix(name).unwrap_or(path);
            holder.strip_suffix('.').unwrap_or(holder)
        }
        _ if path == "." => "",
        _ => path,
    };
    FormatError {
        line,
        column,
        field: field.to_string(),
        message: match unknown {
            Some(_) => message.split(", expected").next().unwrap_or(message).to_string(),
            None => message.to_string(),
        },
        suggestion: unknown.and_then(|name| nearest(name, message)),
    }
}

fn quoted_after<'a>(message: &'a str, start: &str) -> Option<&'a str> {
    message.strip_prefix(start)?.split('`').next()
}

/// Of the names that serde offers in its message, the one that is written most like this.
fn nearest(name: &str, message: &str) -> Option<String> {
    let offered = message.split_once(", expected")?.1;
    let names = offered.split('`').skip(1).step_by(2);
    let scored = names.map(|known| (strsim::jaro_winkler(name, known), known));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.8).then(|| best.1.to_string())
}

fn other_format(table: &DeTable<'_>, version: &str, format: u32) -> Option<String> {
    let said = table.get(version)?.get_ref().as_integer()?;
    let number = i64::from_str_radix(said.as_str(), said.radix()).ok();
    (number != Some(i64::from(format))).then(|| said.as_str().to_string())
}

fn at_field(text: &str, field: &str, message: String) -> FormatError {
    let (line, column) = Places::of(text).find(field).unwrap_or((1, 1));
    FormatError {
        line,
        column,
        field: field.to_string(),
        message,
        suggestion: None,
    }
}

/// Where the fields of a file are.
pub struct Places<'a> {
    text: &'a str,
    table: Option<DeTable<'a>>,
}

impl<'a> Places<'a> {
    pub fn of(text: &'a str) -> Places<'a> {
        let table = DeTable::parse(text).ok().map(toml::Spanned::into_inner);
        Places { text, table }
    }

    /// The line and the column of a field, or of the innermost part of its path that is there.
    pub fn find(&self, field: &str) -> Option<(usize, usize)> {
        let found = place(self.table.as_ref()?, field);
        Some(position(self.text, found.start))
    }
}

fn place(table: &DeTable<'_>, field: &str) -> Range<usize> {
    let mut steps = field.split(['.', '[']).map(|step| step.trim_end_matches(']'));
    let first = steps.next().unwrap_or_default();
    let Some((key, mut value)) = table.get_key_value(first) else {
        return 0..0;
    };
    let mut found = key.span();
    for step in steps {
        match value.get_ref() {
            DeValue::Table(table) => match table.get_key_value(step) {
                Some((key, inner)) => (found, value) = (key.span(), inner),
                None => break,
            },
            DeValue::Array(array) => match step.parse().ok().and_then(|i: usize| array.get(i)) {
                Some(inner) => (found, value) = (inner.span(), inner),
                None => break,
            },
            _ => break,
        }
    }
    found
}

fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}
