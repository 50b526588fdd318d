//! HTML as it is saved from a page: one pass over its tags, without a tree, so that nested and broken pages cost no more
//! than others.

#[cfg(test)]
mod tests;

use super::ImportError;
use super::source::{Bullet, Row, Rows, bullet};
use super::words::trimmed;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

/// A cell with more lines than this is layout and no data.
const MOST_LINES_IN_CELL: usize = 3;

enum Piece {
    Open(Vec<u8>),
    Close(Vec<u8>),
    Text(String),
}

pub fn rows(text: &str) -> Result<Vec<Row>, ImportError> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut emitter = CallbackEmitter::new(piece);
    emitter.naively_switch_states(true);
    let mut page = Page::default();
    let (mut line, mut read) = (1, 0);
    for piece in Tokenizer::new_with_emitter(&text, emitter) {
        let Ok((at, piece)) = piece;
        line += text.as_bytes()[read.min(at)..at]
            .iter()
            .filter(|b| **b == b'\n')
            .count();
        read = read.max(at);
        match piece {
            Piece::Open(name) => page.open(&name)?,
            Piece::Close(name) => page.close(&name)?,
            Piece::Text(text) => page.text(line, &text)?,
        }
    }
    page.end()
}

fn piece(event: CallbackEvent<'_>, span: Span<usize>) -> Option<(usize, Piece)> {
    let piece = match event {
        CallbackEvent::OpenStartTag { name } => Piece::Open(name.to_vec()),
        CallbackEvent::EndTag { name } => Piece::Close(name.to_vec()),
        CallbackEvent::String { value } => Piece::Text(String::from_utf8_lossy(value).into_owned()),
        _ => return None,
    };
    Some((span.start, piece))
}

#[derive(Default)]
struct Page {
    rows: Rows,
    line: Row,
    /// The cells of the row of the table that is open, each with its lines.
    cells: Option<Vec<Vec<Row>>>,
    /// Whether the table arranges the page rather than data.
    layout: bool,
    heading: Option<u8>,
    list: Bullet,
    preformatted: bool,
    skipped: Option<Skipped>,
}

/// An element whose content is no text of the page.
struct Skipped {
    element: Vec<u8>,
    depth: usize,
    /// For the case that the element never ends: then its content was the page.
    lines: Vec<(usize, String)>,
}

impl Page {
    fn open(&mut self, name: &[u8]) -> Result<(), ImportError> {
        if let Some(skipped) = &mut self.skipped {
            if skipped.element != b"head" || is_of_head(name) {
                skipped.depth += usize::from(skipped.element == name);
                return Ok(());
            }
            self.skipped = None;
        }
        match name {
            b"head" | b"script" | b"style" | b"template" | b"svg" | b"noscript" | b"iframe" => {
                self.skipped = Some(Skipped {
                    element: name.to_vec(),
                    depth: 1,
                    lines: Vec::new(),
                });
                return Ok(());
            }
            b"b" | b"strong" => {
                self.line.strong |= self.line.raw.is_empty();
                return Ok(());
            }
            b"table" | b"tr" | b"tbody" | b"thead" | b"tfoot" => self.end_row()?,
            _ if is_block(name) => self.break_line()?,
            _ => return Ok(()),
        }
        match name {
            b"tr" => self.cells = Some(Vec::new()),
            b"td" | b"th" => {
                if let Some(cells) = &mut self.cells {
                    cells.push(Vec::new());
                }
            }
            b"ol" => self.list = Bullet::Number,
            b"ul" | b"menu" => self.list = Bullet::Sign,
            b"pre" => self.preformatted = true,
            _ => {}
        }
        self.heading = match name {
            [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
            b"p" | b"li" | b"ul" | b"ol" | b"table" | b"tr" | b"td" | b"dl" => None,
            _ => self.heading,
        };
        self.layout |= name == b"li" || self.heading.is_some();
        if name == b"li" {
            let list = if self.list == Bullet::None {
                Bullet::Sign
            } else {
                self.list
            };
            self.line.bullet = list;
        }
        Ok(())
    }

    fn close(&mut self, name: &[u8]) -> Result<(), ImportError> {
        if let Some(skipped) = &mut self.skipped {
            skipped.depth -= usize::from(skipped.element == name);
            if skipped.depth == 0 {
                self.skipped = None;
            }
            return Ok(());
        }
        match name {
            b"table" | b"tr" => self.end_row()?,
            _ if is_block(name) => self.break_line()?,
            _ => return Ok(()),
        }
        match name {
            b"li" | b"ul" | b"ol" => self.line.bullet = Bullet::None,
            b"pre" => self.preformatted = false,
            [b'h', b'1'..=b'6'] => self.heading = None,
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, number: usize, text: &str) -> Result<(), ImportError> {
        if let Some(skipped) = &mut self.skipped {
            if !trimmed(text).is_empty() {
                skipped.lines.push((number, text.to_string()));
            }
            return Ok(());
        }
        let mut number = number;
        for c in text.chars() {
            let space = matches!(c, ' ' | '\t' | '\n' | '\u{c}' | '\r');
            if self.preformatted && c == '\n' {
                self.break_line()?;
            } else if !space {
                if self.line.raw.is_empty() {
                    self.line.number = number;
                }
                self.line.raw.push(c);
            } else if !self.line.raw.is_empty() && !self.line.raw.ends_with(' ') {
                self.line.raw.push(' ');
            }
            number += usize::from(c == '\n');
        }
        Ok(())
    }

    fn end(mut self) -> Result<Vec<Row>, ImportError> {
        if let Some(skipped) = self.skipped.take() {
            self.break_line()?;
            for (number, text) in skipped.lines {
                for (i, line) in text.split('\n').enumerate() {
                    self.text(number + i, line)?;
                    self.break_line()?;
                }
            }
        }
        self.end_row()?;
        Ok(self.rows.rows)
    }

    fn break_line(&mut self) -> Result<(), ImportError> {
        if self.line.raw.trim().is_empty() {
            self.line.raw.clear();
            self.line.strong = false;
            return Ok(());
        }
        let mut line = std::mem::take(&mut self.line);
        line.raw = line.raw.trim().to_string();
        let (sign, text) = bullet(&line.raw);
        line.text = text.to_string();
        if sign != Bullet::None {
            line.bullet = sign;
        }
        line.heading = self.heading;
        match self.cells.as_mut().and_then(|cells| cells.last_mut()) {
            Some(cell) => cell.push(line),
            None => self.rows.push(line)?,
        }
        Ok(())
    }

    /// Ends the row of a table: one line with its cells, or the lines in its cells if it only arranges them.
    fn end_row(&mut self) -> Result<(), ImportError> {
        self.break_line()?;
        let cells = self.cells.take().unwrap_or_default();
        let layout = std::mem::take(&mut self.layout) || cells.iter().any(|cell| cell.len() > MOST_LINES_IN_CELL);
        if cells.len() < 2 || layout {
            for line in cells.into_iter().flatten() {
                self.rows.push(line)?;
            }
            return Ok(());
        }
        let Some(first) = cells.iter().flatten().next() else {
            return Ok(());
        };
        let (number, strong) = (first.number, first.strong);
        let joined = |cell: &Vec<Row>| cell.iter().map(|line| line.raw.as_str()).collect::<Vec<_>>().join(" ");
        let cells: Vec<String> = cells.iter().map(joined).collect();
        let raw = cells.join(" | ").trim().to_string();
        self.rows.push(Row {
            number,
            text: raw.clone(),
            raw,
            strong,
            cells,
            ..Row::default()
        })
    }
}

fn is_of_head(name: &[u8]) -> bool {
    matches!(
        name,
        b"head" | b"title" | b"meta" | b"link" | b"base" | b"script" | b"style" | b"noscript" | b"template"
    )
}

fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"address"
            | b"article"
            | b"aside"
            | b"blockquote"
            | b"body"
            | b"br"
            | b"button"
            | b"caption"
            | b"center"
            | b"dd"
            | b"details"
            | b"dialog"
            | b"div"
            | b"dl"
            | b"dt"
            | b"fieldset"
            | b"figcaption"
            | b"figure"
            | b"footer"
            | b"form"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"header"
            | b"hgroup"
            | b"hr"
            | b"html"
            | b"legend"
            | b"li"
            | b"main"
            | b"menu"
            | b"nav"
            | b"ol"
            | b"optgroup"
            | b"option"
            | b"p"
            | b"pre"
            | b"search"
            | b"section"
            | b"select"
            | b"summary"
            | b"table"
            | b"tbody"
            | b"td"
            | b"textarea"
            | b"tfoot"
            | b"th"
            | b"thead"
            | b"tr"
            | b"ul"
    )
}
