//! The text of a Word document: its headers, its body, its footers and notes, each piece once and as one sees it.
//!
//! The reader of XML here never expands an entity of the document's own and never recurses, so that neither a bomb of
//! entities nor a tower of elements costs more than the bytes that it is made of. Those are bounded.

use std::io::{Cursor, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use super::Unreadable;

/// All parts together may inflate to so much.
const MOST_INFLATED: u64 = 32 * 1024 * 1024;

pub fn text(bytes: &[u8]) -> Result<String, Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged)?;
    let mut names: Vec<String> = archive.file_names().flatten().map(String::from).collect();
    names.retain(|name| rank(name).is_some());
    names.sort_by_cached_key(|name| (rank(name), name.clone()));
    let (mut left, mut texts) = (MOST_INFLATED, Vec::new());
    for name in names {
        let part = archive.by_name(&name).map_err(|_| Unreadable::Damaged)?;
        let mut xml = Vec::new();
        part.take(left + 1)
            .read_to_end(&mut xml)
            .map_err(|_| Unreadable::Damaged)?;
        left = left.checked_sub(xml.len() as u64).ok_or(Unreadable::TooMuch)?;
        let text = words(&decoded(xml)?)?;
        // The header of the first page often is the header of the others.
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    Ok(texts.join("\n\n"))
}

/// The order in which the parts are read; others are not.
fn rank(name: &str) -> Option<u8> {
    let name = name.strip_prefix("word/")?.strip_suffix(".xml")?;
    let numbered = |start| {
        let number = name.strip_prefix(start).unwrap_or("?");
        number.bytes().all(|b| b.is_ascii_digit())
    };
    match name {
        _ if numbered("header") => Some(0),
        "document" => Some(1),
        _ if numbered("footer") => Some(2),
        "footnotes" | "endnotes" => Some(3),
        _ => None,
    }
}

fn decoded(xml: Vec<u8>) -> Result<String, Unreadable> {
    let text = match xml.as_slice() {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => crate::files::kinds::decode(&xml).ok(),
        _ => String::from_utf8(xml).ok(),
    };
    text.ok_or(Unreadable::Damaged)
}

/// What is read, and what is being passed over.
#[derive(Default)]
struct Page {
    text: String,
    /// How deep in elements whose content nobody sees, or sees elsewhere.
    unseen: usize,
    /// Within an element that holds characters to read.
    reading: bool,
    in_run: bool,
    hidden: bool,
}

fn words(xml: &str) -> Result<String, Unreadable> {
    let mut reader = Reader::from_str(xml);
    let mut page = Page::default();
    loop {
        match reader.read_event().map_err(|_| Unreadable::Damaged)? {
            Event::Start(element) => page.start(&element),
            Event::Empty(element) => {
                page.start(&element);
                page.end(element.local_name().as_ref());
            }
            Event::End(element) => page.end(element.local_name().as_ref()),
            Event::Text(text) => page.say(&text.xml_content(XmlVersion::Implicit1_0)),
            Event::CData(text) => page.say(&text),
            Event::GeneralRef(name) => page.say(&character(&name)),
            // No writer of Word documents declares a type, only someone who wants to declare entities.
            Event::DocType(_) => return Err(Unreadable::Damaged),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => return Ok(page.text),
        }
    }
}

/// One of the five characters with names, or a number. Other names mean nothing here.
fn character(name: &quick_xml::events::BytesRef<'_>) -> String {
    match name.resolve_char_ref() {
        Ok(Some(c)) => c.to_string(),
        _ => quick_xml::escape::resolve_predefined_entity(name)
            .unwrap_or_default()
            .to_owned(),
    }
}

impl Page {
    fn start(&mut self, element: &BytesStart<'_>) {
        let local = element.local_name();
        let name: &str = local.as_ref();
        // A text box is there twice, for new programs and for old ones; what was moved stands where it is now.
        if self.unseen > 0 || matches!(name, "Fallback" | "moveFrom" | "del") {
            self.unseen += 1;
            return;
        }
        match name {
            "r" => (self.in_run, self.hidden) = (true, false),
            "vanish" if self.in_run => self.hidden = !is_off(element),
            "t" => self.reading = !self.hidden,
            "tab" if self.in_run => self.say_at_once("\t"),
            "br" | "cr" => self.say_at_once("\n"),
            "noBreakHyphen" => self.say_at_once("-"),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if self.unseen > 0 {
            self.unseen -= 1;
            return;
        }
        match name {
            "r" => (self.in_run, self.hidden) = (false, false),
            "t" => self.reading = false,
            "p" => self.text.push('\n'),
            "tc" => self.close("\t"),
            "tr" => self.close("\n"),
            "tbl" => self.text.push('\n'),
            _ => {}
        }
    }

    fn say(&mut self, text: &str) {
        if self.reading && self.unseen == 0 {
            self.text.push_str(text);
        }
    }

    fn say_at_once(&mut self, text: &str) {
        if !self.hidden {
            self.text.push_str(text);
        }
    }

    /// After a cell or a row, its own end takes the place of the end of its last line.
    fn close(&mut self, with: &str) {
        self.text.truncate(self.text.trim_end_matches(['\n', '\t']).len());
        self.text.push_str(with);
    }
}

fn is_off(element: &BytesStart<'_>) -> bool {
    let value = element.attributes().with_checks(false).flatten().next();
    value.is_some_and(|value| ["0", "false", "off"].contains(&value.value.as_ref()))
}
