//! A table to read on a page and to take away: as HTML, as CSV, and as a workbook of a spreadsheet program.
//!
//! A cell that people wrote must not become a formula where the file is opened: in CSV an apostrophe stands before what
//! looks like one, in a workbook a text is a text. Files tell that they are UTF-8, in the way that Excel understands.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use crate::clock::Timestamp;
use crate::error::AppError;
use crate::ui::plots;
use crate::ui::plots::scale::number;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// A cell of a workbook holds 32,767.
const LONGEST_TEXT: usize = 32_000;
/// In characters of a workbook's column.
const NARROWEST: usize = 8;
const WIDEST: usize = 60;
/// Of the name of a file, without its ending.
const LONGEST_NAME: usize = 100;

#[derive(Clone, Debug, Default, Template)]
#[template(path = "components/table.html")]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub title: &'static str,
    pub is_number: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    Number(f64),
    /// A part of one.
    Share(f64),
    /// Where hundredths count.
    Points(f64),
    /// There is nothing to say.
    Nothing,
}

impl Column {
    pub fn text(title: &'static str) -> Column {
        Column {
            title,
            is_number: false,
        }
    }

    pub fn number(title: &'static str) -> Column {
        Column { title, is_number: true }
    }
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    pub fn count(n: i64) -> Cell {
        Cell::Number(n as f64)
    }

    pub fn number(number: Option<f64>) -> Cell {
        number.map_or(Cell::Nothing, Cell::Number)
    }

    pub fn share(share: Option<f64>) -> Cell {
        share.map_or(Cell::Nothing, Cell::Share)
    }

    pub fn points(points: Option<f64>) -> Cell {
        points.map_or(Cell::Nothing, Cell::Points)
    }

    /// As people read it.
    pub fn words(&self) -> String {
        match self {
            Cell::Text(text) => text.clone(),
            Cell::Number(value) => number(*value),
            Cell::Share(share) => percent(*share),
            Cell::Points(value) => hundredths(*value),
            Cell::Nothing => "–".into(),
        }
    }

    /// As programs read it.
    fn plain(&self) -> String {
        match self {
            Cell::Text(text) => harmless(text),
            Cell::Number(value) | Cell::Points(value) => trimmed(*value),
            Cell::Share(share) => trimmed(*share),
            Cell::Nothing => String::new(),
        }
    }
}

/// “−0.25”: a minus is a minus, not a hyphen, and zero has none.
pub fn hundredths(value: f64) -> String {
    format!("{value:.2}").replace("-0.00", "0.00").replace('-', "−")
}

pub fn percent(share: f64) -> String {
    format!("{:.0}\u{202f}%", share * 100.0)
}

/// At most four decimals.
fn trimmed(value: f64) -> String {
    let rounded = (value * 10_000.0).round() / 10_000.0;
    rounded.to_string()
}

/// Spreadsheet programs take what begins like this for a formula, also in its wide forms.
pub fn harmless(text: &str) -> String {
    let formula = |c| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'
        )
    };
    let begins = text.starts_with(formula) || text.trim_start().starts_with(formula);
    if begins { format!("'{text}") } else { text.to_owned() }
}

impl Table {
    pub fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(BYTE_ORDER_MARK.to_vec());
        writer.write_record(self.columns.iter().map(|column| column.title))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(Cell::plain))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }

    pub fn xlsx(&self, made_at: Timestamp) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let seconds = made_at.0.div_euclid(1_000_000);
        let made_at = ExcelDateTime::from_timestamp(seconds)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made_at));
        let sheet = book.add_worksheet();
        let [bold, share, points] = [Format::new().set_bold(), format("0.0%"), format("0.00")];
        sheet.set_freeze_panes(1, 0)?;
        for (at, column) in (0u16..).zip(&self.columns) {
            sheet.write_string_with_format(0, at, column.title, &bold)?;
            sheet.set_column_width(at, self.width(usize::from(at)) as f64)?;
        }
        for (line, row) in (1u32..).zip(&self.rows) {
            for (at, cell) in (0u16..).zip(row) {
                match cell {
                    Cell::Text(text) => {
                        let text: String = text.chars().take(LONGEST_TEXT).collect();
                        sheet.write_string(line, at, text)?
                    }
                    Cell::Number(value) => sheet.write_number(line, at, *value)?,
                    Cell::Share(value) => sheet.write_number_with_format(line, at, *value, &share)?,
                    Cell::Points(value) => sheet.write_number_with_format(line, at, *value, &points)?,
                    Cell::Nothing => continue,
                };
            }
        }
        book.save_to_buffer()
    }

    fn width(&self, at: usize) -> usize {
        let title = self.columns.get(at).map_or(0, |column| column.title.chars().count());
        let cells = self.rows.iter().filter_map(|row| row.get(at));
        let longest = cells.map(|cell| cell.words().chars().count()).max().unwrap_or(0);
        (longest.max(title) + 2).clamp(NARROWEST, WIDEST)
    }

    /// The numbers behind a picture.
    pub fn plotted(&self) -> plots::Table {
        let column = |column: &Column| plots::Column {
            title: column.title,
            is_number: column.is_number,
        };
        plots::Table {
            columns: self.columns.iter().map(column).collect(),
            rows: self
                .rows
                .iter()
                .map(|row| row.iter().map(Cell::words).collect())
                .collect(),
        }
    }
}

fn format(numbers: &str) -> Format {
    Format::new().set_num_format(numbers)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    Csv,
    Xlsx,
}

/// As a file to keep, named after these words.
pub async fn download(table: Table, format: File, name: &str, now: Timestamp) -> Result<Response, AppError> {
    let (ending, kind) = match format {
        File::Csv => ("csv", "text/csv; charset=utf-8"),
        File::Xlsx => (
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    };
    let bytes = tokio::task::spawn_blocking(move || match format {
        File::Csv => table.csv().map_err(|error| AppError::Internal(error.into())),
        File::Xlsx => table.xlsx(now).map_err(|error| AppError::Internal(error.into())),
    });
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let disposition = format!("attachment; filename=\"{}.{ending}\"", file_name(name));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok((headers, bytes.await??).into_response())
}

/// Letters, digits and single hyphens: every system takes such a name.
fn file_name(words: &str) -> String {
    let plain = crate::ui::folded(words);
    let parts = plain
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty());
    let name = parts.collect::<Vec<_>>().join("-");
    name.chars().take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cells: Vec<Cell>) -> Table {
        Table {
            columns: cells.iter().map(|_| Column::text("Column")).collect(),
            rows: vec![cells],
        }
    }

    fn csv_line(cells: Vec<Cell>) -> String {
        let bytes = table(cells).csv().expect("it is written");
        assert!(bytes.starts_with(BYTE_ORDER_MARK));
        let text = String::from_utf8(bytes).expect("UTF-8");
        text.split_once("\r\n")
            .expect("two lines")
            .1
            .trim_end_matches("\r\n")
            .to_owned()
    }

    #[test]
    fn no_text_becomes_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1"] {
            let line = csv_line(vec![Cell::text(text)]);
            assert!(line.trim_start_matches('"').starts_with('\''), "{text:?}: {line}");
        }
        assert_eq!(csv_line(vec![Cell::text("a=b"), Cell::text("")]), "a=b,");
    }

    #[test]
    fn numbers_stay_numbers_and_text_is_quoted() {
        let cells = vec![
            Cell::Number(-3.0),
            Cell::Number(2.25),
            Cell::Share(1.0 / 3.0),
            Cell::Nothing,
            Cell::text("a \"b\", c\nd"),
        ];
        assert_eq!(csv_line(cells), "-3,2.25,0.3333,,\"a \"\"b\"\", c\nd\"");
    }

    #[test]
    fn files_have_names_that_every_system_takes() {
        assert_eq!(
            file_name("Funnel Développeur: ../\"x\" 2026-11-20"),
            "funnel-developpeur-x-2026-11-20"
        );
        assert_eq!(file_name(&"x".repeat(500)).len(), LONGEST_NAME);
    }

    #[test]
    fn a_workbook_is_the_same_each_time() {
        let table = table(vec![
            Cell::text("=1+1"),
            Cell::Share(0.5),
            Cell::text("x".repeat(40_000)),
        ]);
        let at = Timestamp(1_795_186_327_000_000);
        let (one, other) = (table.xlsx(at).expect("a book"), table.xlsx(at).expect("a book"));
        assert_eq!(one, other);
        assert!(one.starts_with(b"PK"));
    }
}
