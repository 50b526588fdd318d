//! From bytes to rows: decoding, telling what kind of file it is, and the lines of plain text.

use super::words::{ends_sentence, is_invisible, trimmed};
use super::{ImportError, LONGEST_LINE, MOST_BYTES, MOST_LINES, Source, html, markdown};

/// Shorter lines end where they do because what they say is complete.
const SHORTEST_BROKEN_LINE: usize = 40;

/// A line that is not blank, ready to be recognised.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// In the file, from 1.
    pub number: usize,
    /// As it is in the file, trimmed; of a page, as one reads it.
    pub raw: String,
    /// The lines that go on where this one was broken, with their numbers. `text` holds all of them.
    pub more: Vec<(usize, String)>,
    /// How far the line is from the margin.
    pub indent: usize,
    /// Without markup and without its bullet.
    pub text: String,
    pub bullet: Bullet,
    /// The level of a heading that is marked as one.
    pub heading: Option<u8>,
    /// Whether it begins in bold.
    pub strong: bool,
    /// The cells of a row of a table, empty ones too; nothing elsewhere.
    pub cells: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bullet {
    #[default]
    None,
    Sign,
    Number,
}

impl Row {
    /// Takes a line that goes on where this one was broken: an entry of a list, or a paragraph if the format wraps
    /// them. Gives it back if it does not.
    fn take(&mut self, next: Row, wraps: bool) -> Option<Row> {
        let last = self.more.last().map_or(self.number, |(number, _)| *number);
        let plain = !next.has_bullet() && next.heading.is_none() && next.cells.is_empty() && !next.is_decoration();
        let small = next.text.starts_with(char::is_lowercase);
        let of_entry = self.has_bullet() && (small || next.indent > self.indent);
        let of_paragraph = wraps && small && self.heading.is_none();
        let broken = self.cells.is_empty() && !ends_sentence(&self.text) && self.text.len() >= SHORTEST_BROKEN_LINE;
        let fits = self.text.len() + next.text.len() < LONGEST_LINE;
        if !(last + 1 == next.number && plain && broken && fits && (of_entry || of_paragraph)) {
            return Some(next);
        }
        self.text.push(' ');
        self.text.push_str(&next.text);
        self.more.push((next.number, next.raw));
        None
    }

    pub fn has_bullet(&self) -> bool {
        self.bullet != Bullet::None
    }

    /// A line of nothing but rules, bullets and the like.
    pub fn is_decoration(&self) -> bool {
        self.text.chars().all(|c| {
            c.is_whitespace() || is_invisible(c) || super::words::is_dash(c) || "_*=~+|:#>•·▪■●○◦‣∙".contains(c)
        })
    }
}

pub fn rows(name: &str, text: &str) -> Result<(Source, Vec<Row>), ImportError> {
    let source = kind(name, text);
    let rows = match source {
        Source::Html => html::rows(text)?,
        Source::Format => return Ok((source, Vec::new())),
        Source::Markdown => markdown::rows(lines(text))?,
        Source::Text => {
            let mut rows = Rows::default();
            for (number, line) in lines(text) {
                rows.push_or_join(plain(number, line), false)?;
            }
            rows.rows
        }
    };
    if rows.is_empty() {
        return Err(ImportError::Empty);
    }
    Ok((source, rows))
}

/// The bytes as text, if they are text.
pub fn decode(bytes: &[u8]) -> Result<String, ImportError> {
    if bytes.len() > MOST_BYTES {
        return Err(ImportError::TooLarge {
            bytes: bytes.len(),
            most: MOST_BYTES,
        });
    }
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => utf8(bytes)?,
    };
    let (mut controls, mut all) = (0, 0);
    for c in text.chars() {
        all += 1;
        controls += usize::from(c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}'));
    }
    if controls * 10 > all || text.contains('\0') {
        return Err(ImportError::Binary);
    }
    if trimmed(&text).is_empty() {
        return Err(ImportError::Empty);
    }
    Ok(text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, ImportError> {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16(&units).map_err(|_| ImportError::Binary)
}

fn utf8(bytes: &[u8]) -> Result<String, ImportError> {
    const BINARY: [&[u8]; 8] = [
        b"%PDF",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0",
        b"\x1f\x8b",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"{\\rtf",
    ];
    if BINARY.iter().any(|start| bytes.starts_with(start)) || bytes.contains(&0) {
        return Err(ImportError::Binary);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_string()),
        Err(e) => {
            let before = String::from_utf8_lossy(&bytes[..e.valid_up_to()]);
            let line = ends(&before).count() + 1;
            Err(ImportError::NotUtf8 { line })
        }
    }
}

/// What the content says that the file is; where it says nothing, its name.
fn kind(name: &str, text: &str) -> Source {
    let name = name.to_ascii_lowercase();
    let named = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if matches!(first_key(text), Some("kit" | "bank")) {
        return Source::Format;
    }
    let start = trimmed(text);
    let tag = start
        .strip_prefix('<')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!'));
    if tag || named(&[".html", ".htm", ".xhtml"]) {
        return Source::Html;
    }
    if named(&[".toml"]) {
        return Source::Format;
    }
    let evidence = lines(text)
        .filter(|(_, line)| markdown::is_evidence(line))
        .take(2)
        .count();
    if evidence == 2 || named(&[".md", ".markdown"]) {
        return Source::Markdown;
    }
    Source::Text
}

/// The first key of a file of our format.
pub fn first_key(text: &str) -> Option<&str> {
    let said = lines(text)
        .map(|(_, line)| line.trim())
        .find(|line| !line.is_empty() && !line.starts_with('#'));
    said.and_then(|line| line.split_once('=')).map(|(key, _)| key.trim())
}

/// The lines of a text with their numbers, whatever its line ends are.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    let ends = ends(text).chain([(text.len(), text.len())]);
    ends.enumerate().map(move |(i, (end, next))| {
        let line = &text[start..end];
        start = next;
        (i + 1, line)
    })
}

/// Where line ends begin and end.
fn ends(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let is_end = |c: char| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    text.match_indices(is_end).filter_map(move |(i, end)| match end {
        "\n" if text[..i].ends_with('\r') => None,
        "\r" if text[i + 1..].starts_with('\n') => Some((i, i + 2)),
        _ => Some((i, i + end.len())),
    })
}

/// Rows within the limits.
#[derive(Default)]
pub struct Rows {
    pub rows: Vec<Row>,
    lines: usize,
}

impl Rows {
    pub fn push(&mut self, row: Row) -> Result<(), ImportError> {
        if row.raw.is_empty() {
            return Ok(());
        }
        if row.raw.len() > LONGEST_LINE && row.raw.chars().count() > LONGEST_LINE {
            return Err(ImportError::LineTooLong { line: row.number });
        }
        self.rows.push(row);
        self.count()
    }

    /// The same, where lines may be broken: entries of lists, and paragraphs too if the format wraps them.
    pub fn push_or_join(&mut self, row: Row, wraps: bool) -> Result<(), ImportError> {
        let long = row.raw.is_empty() || row.raw.len() > LONGEST_LINE;
        let row = match self.rows.last_mut() {
            Some(last) if !long => last.take(row, wraps),
            _ => Some(row),
        };
        match row {
            Some(row) => self.push(row),
            None => self.count(),
        }
    }

    fn count(&mut self) -> Result<(), ImportError> {
        self.lines += 1;
        if self.lines > MOST_LINES {
            Err(ImportError::TooManyLines)
        } else {
            Ok(())
        }
    }
}

fn plain(number: usize, line: &str) -> Row {
    let raw = line.trim();
    let (bullet, text) = bullet(raw);
    Row {
        number,
        raw: raw.to_string(),
        text: text.to_string(),
        bullet,
        indent: indent(line),
        cells: cells(match bullet {
            Bullet::None => line.trim_start(),
            _ => text,
        }),
        ..Row::default()
    }
}

pub fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The cells of a line that is divided by tabs, or by bars from edge to edge.
fn cells(line: &str) -> Vec<String> {
    let bars = line.trim();
    let divided: Vec<&str> = match bars.strip_prefix('|').and_then(|rest| rest.strip_suffix('|')) {
        Some(inner) => inner.split('|').collect(),
        None if trimmed(line).contains('\t') => line.split('\t').collect(),
        None => return Vec::new(),
    };
    divided.into_iter().map(|cell| trimmed(cell).to_string()).collect()
}

/// What marks an entry of a list, and the rest.
pub fn bullet(line: &str) -> (Bullet, &str) {
    let line = trimmed(line);
    let mut chars = line.chars();
    let after = match chars.next() {
        Some('•' | '◦' | '▪' | '■' | '●' | '○' | '‣' | '⁃' | '∙' | '·' | '➢' | '✓' | '✔' | '✗' | '✘') => {
            Some(chars.as_str())
        }
        Some('-' | '*' | '+' | '–' | '—') if chars.as_str().starts_with(char::is_whitespace) => {
            Some(chars.as_str())
        }
        _ => None,
    };
    if let Some(rest) = after.map(trimmed).filter(|rest| !rest.is_empty()) {
        return (Bullet::Sign, rest);
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = line[digits..]
        .strip_prefix(['.', ')'])
        .filter(|rest| rest.starts_with(char::is_whitespace));
    match rest.map(trimmed) {
        Some(rest) if (1..=3).contains(&digits) && !rest.is_empty() => (Bullet::Number, rest),
        _ => (Bullet::None, line),
    }
}
