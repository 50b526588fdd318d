//! A table as text: which letters, which separator, which columns.

use crate::ui::folded;
use crate::ui::tables::harmless;

pub const MOST_BYTES: usize = 10 * 1024 * 1024;
pub const MOST_ROWS: usize = 5_000;
const MOST_COLUMNS: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Name,
    FirstName,
    LastName,
    Email,
    Phone,
    Source,
    Stage,
    Applied,
    Note,
}

/// What a column may be called, without case and accents.
const NAMES: [(Column, &[&str]); 9] = [
    (
        Column::Name,
        &["name", "full name", "candidate", "candidate name", "applicant"],
    ),
    (
        Column::FirstName,
        &["first name", "firstname", "given name", "forename"],
    ),
    (Column::LastName, &["last name", "lastname", "surname", "family name"]),
    (
        Column::Email,
        &[
            "email",
            "e-mail",
            "mail",
            "email address",
            "e-mail address",
            "mail address",
        ],
    ),
    (
        Column::Phone,
        &["phone", "telephone", "mobile", "phone number", "tel", "cell"],
    ),
    (
        Column::Source,
        &["source", "channel", "origin", "referrer", "how found"],
    ),
    (Column::Stage, &["stage", "step", "status", "current stage", "phase"]),
    (
        Column::Applied,
        &[
            "applied",
            "applied at",
            "applied on",
            "application date",
            "date applied",
            "date",
            "created",
            "created at",
        ],
    ),
    (Column::Note, &["note", "notes", "comment", "comments", "remarks"]),
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub header: Vec<String>,
    columns: Vec<Option<Column>>,
    /// With the line on which each begins.
    pub rows: Vec<(usize, Vec<String>)>,
}

impl Sheet {
    /// Reads a whole table, or says why it cannot be one.
    pub fn read(text: &str) -> Result<Sheet, String> {
        let separator = separator(text);
        let mut lines = records(text, separator)?.into_iter();
        let Some((_, header)) = lines.next() else {
            return Err("There is nothing in it.".into());
        };
        if header.len() > MOST_COLUMNS {
            return Err("It has more than 100 columns.".into());
        }
        let columns: Vec<_> = header.iter().map(|name| column(name)).collect();
        let has = |wanted| columns.contains(&Some(wanted));
        if !has(Column::Email) || !(has(Column::Name) || has(Column::LastName)) {
            return Err("Its first row has to name the columns, “name” and “email” among them.".into());
        }
        let rows: Vec<_> = lines.collect();
        match rows.len() {
            0 => Err("It has no row below the names of the columns.".into()),
            n if n > MOST_ROWS => Err(format!("It has {n} rows. At most 5,000 are taken at once.")),
            _ => Ok(Sheet { header, columns, rows }),
        }
    }

    /// What a row says in a column; empty where there is none.
    pub fn cell<'a>(&self, cells: &'a [String], column: Column) -> &'a str {
        let at = self.columns.iter().position(|known| *known == Some(column));
        at.and_then(|at| cells.get(at)).map_or("", |cell| cell.trim())
    }

    /// The name, also where it stands in two columns.
    pub fn name(&self, cells: &[String]) -> String {
        match self.cell(cells, Column::Name) {
            "" => format!(
                "{} {}",
                self.cell(cells, Column::FirstName),
                self.cell(cells, Column::LastName)
            ),
            name => name.to_owned(),
        }
    }

    /// Columns that nothing is taken from.
    pub fn unknown(&self) -> Vec<&str> {
        let named = self.header.iter().zip(&self.columns);
        named
            .filter(|(name, column)| column.is_none() && !name.trim().is_empty())
            .map(|(name, _)| name.as_str())
            .collect()
    }
}

fn column(name: &str) -> Option<Column> {
    let key = folded(&name.replace('_', " "));
    NAMES
        .iter()
        .find(|(_, names)| names.contains(&key.as_str()))
        .map(|(column, _)| *column)
}

/// Text in the letters that it was written with.
pub fn decode(bytes: &[u8]) -> Result<String, String> {
    if bytes.len() > MOST_BYTES {
        return Err("It has more than 10 MB.".into());
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err("This is a workbook. Save it as CSV, and choose that file.".into());
    }
    let units = |wide: fn([u8; 2]) -> u16| -> Vec<u16> {
        bytes[2..].as_chunks::<2>().0.iter().map(|pair| wide(*pair)).collect()
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => String::from_utf16(&units(u16::from_le_bytes)).ok(),
        [0xfe, 0xff, ..] => String::from_utf16(&units(u16::from_be_bytes)).ok(),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        bytes => Some(String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| windows_1252(bytes))),
    };
    match text {
        Some(text) if !text.contains('\0') => Ok(text),
        _ => Err("This is not a text file. Save the table as CSV in UTF-8, and choose that file.".into()),
    }
}

/// What older programs write in western Europe.
fn windows_1252(bytes: &[u8]) -> String {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let letter = |byte: &u8| match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        byte => char::from(*byte),
    };
    bytes.iter().map(letter).collect()
}

/// The one that stands most often in the first line, outside of quotes.
fn separator(text: &str) -> char {
    let (mut quoted, mut counts) = (false, [0usize; 3]);
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            '\n' if !quoted => break,
            ',' if !quoted => counts[0] += 1,
            ';' if !quoted => counts[1] += 1,
            '\t' if !quoted => counts[2] += 1,
            _ => {}
        }
    }
    let most = counts.into_iter().max().unwrap_or(0);
    let at = counts.iter().position(|count| *count == most).unwrap_or(0);
    [',', ';', '\t'][at]
}

/// Rows with the line on which each begins, without empty ones.
fn records(text: &str, separator: char) -> Result<Vec<(usize, Vec<String>)>, String> {
    let mut records: Vec<(usize, Vec<String>)> = Vec::new();
    let (mut row, mut cell): (Vec<String>, String) = (Vec::new(), String::new());
    let (mut line, mut begun, mut quoted, mut was_quoted) = (1, 1, false, false);
    let mut letters = text.chars().peekable();
    loop {
        let letter = letters.next();
        match letter {
            Some('"') if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            Some('"') if quoted => quoted = false,
            Some('"') if cell.trim().is_empty() && !was_quoted => {
                cell.clear();
                (quoted, was_quoted) = (true, true);
            }
            Some(letter) if quoted => {
                line += usize::from(letter == '\n');
                cell.push(letter);
            }
            Some(letter) if letter == separator => {
                row.push(bare(&std::mem::take(&mut cell)));
                was_quoted = false;
            }
            Some('\r') if letters.peek() == Some(&'\n') => {}
            Some('\n' | '\r') | None => {
                if quoted {
                    return Err(format!(
                        "A quotation mark that is opened in line {begun} is never closed."
                    ));
                }
                row.push(bare(&std::mem::take(&mut cell)));
                was_quoted = false;
                let row = std::mem::take(&mut row);
                if row.iter().any(|cell| !cell.trim().is_empty()) {
                    records.push((begun, row));
                }
                line += 1;
                begun = line;
            }
            Some(letter) => cell.push(letter),
        }
        if letter.is_none() {
            return Ok(records);
        }
    }
}

/// Without the mark that [`written`] puts before what a spreadsheet would take for a formula.
fn bare(cell: &str) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if harmless(rest) != rest => rest.to_owned(),
        _ => cell.to_owned(),
    }
}

/// Rows as a file. What a spreadsheet would take for a formula gets a mark before it.
pub fn written<'a>(rows: impl Iterator<Item = Vec<&'a str>>) -> String {
    let cell = |cell: &&str| format!("\"{}\"", harmless(cell).replace('"', "\"\""));
    let line = |row: Vec<&str>| row.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n";
    // The mark at the beginning tells spreadsheets which letters these are.
    format!("\u{feff}{}", rows.map(line).collect::<String>())
}
