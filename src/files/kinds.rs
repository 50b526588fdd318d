//! Which kind of file some bytes are, by what they hold. Where two readers could see two kinds in one file, it is refused.

use super::MOST_BYTES;
use super::zipped::{self, Directory};

/// A file that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Pdf,
    Docx,
    Text,
    WebM,
    Mp4,
    Ogg,
}

/// Why a file is not taken, in words for the person who chose it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("This file is empty. Choose another one.")]
    Empty,
    #[error("This file has {}, and at most {} are taken. Make it smaller, or choose another one.", mega(*.bytes), mega(*.most))]
    TooLarge { bytes: u64, most: u64 },
    #[error("This file is {0}. Save it as PDF, Word (.docx) or text, and choose that file.")]
    Other(&'static str),
    #[error("This kind of file cannot be taken. Save it as PDF, Word (.docx) or text, and choose that file.")]
    Unknown,
    #[error("This is a document of an old Word (.doc). Save it as .docx or PDF, and choose that file.")]
    OldWord,
    #[error("This document has a password. Save it without one, and choose that file.")]
    Password,
    #[error(
        "This document holds macros. Save it as a Word document without macros (.docx) or PDF, and choose that file."
    )]
    Macros,
    #[error("This text is not in UTF-8. Save it as UTF-8 or PDF, and choose that file.")]
    NotUtf8,
    #[error("This {0} is not whole: its end is missing. Save it again, and choose that file.")]
    Broken(&'static str),
    #[error(
        "This file is two kinds of file at once. Save it again as PDF, Word (.docx) or text, and choose that file."
    )]
    Ambiguous,
    #[error(
        "This is not a recording that can be taken. Record it again in this page, or choose a WebM, MP4 or Ogg file."
    )]
    NotARecording,
}

impl Kind {
    pub const ALL: [Kind; 6] = [Kind::Pdf, Kind::Docx, Kind::Text, Kind::WebM, Kind::Mp4, Kind::Ogg];

    /// What the database and the command line call it.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Pdf => "pdf",
            Kind::Docx => "docx",
            Kind::Text => "text",
            Kind::WebM => "webm",
            Kind::Mp4 => "mp4",
            Kind::Ogg => "ogg",
        }
    }

    pub fn of_key(key: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// What the name of such a file ends with.
    pub fn extension(self) -> &'static str {
        match self {
            Kind::Text => "txt",
            _ => self.key(),
        }
    }

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Pdf => "PDF",
            Kind::Docx => "Word",
            Kind::Text => "Text",
            Kind::WebM => "WebM",
            Kind::Mp4 => "MP4",
            Kind::Ogg => "Ogg",
        }
    }

    pub fn is_recording(self) -> bool {
        matches!(self, Kind::WebM | Kind::Mp4 | Kind::Ogg)
    }
}

/// The kind of a résumé or a cover letter.
pub fn document(bytes: &[u8]) -> Result<Kind, Refused> {
    within(bytes.len() as u64, MOST_BYTES as u64)?;
    if bytes.starts_with(b"PK\x03\x04") {
        return word(bytes);
    }
    if let Some(start) = pdf_start(bytes)
        && is_blank(&bytes[..start])
    {
        return pdf(bytes);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Err(old_office(bytes));
    }
    text(bytes)
}

/// The kind of a recording, told from its first bytes; a few hundred do.
pub fn recording(first: &[u8]) -> Result<Kind, Refused> {
    match first {
        [] => Err(Refused::Empty),
        _ if infer::video::is_webm(first) => Ok(Kind::WebM),
        _ if infer::video::is_mp4(first) => Ok(Kind::Mp4),
        _ if infer::audio::is_ogg(first) => Ok(Kind::Ogg),
        _ => Err(Refused::NotARecording),
    }
}

/// Whether a file of this size is taken, also for those who know its size before they have its bytes.
pub fn within(bytes: u64, most: u64) -> Result<(), Refused> {
    match bytes {
        0 => Err(Refused::Empty),
        _ if bytes > most => Err(Refused::TooLarge { bytes, most }),
        _ => Ok(()),
    }
}

fn word(bytes: &[u8]) -> Result<Kind, Refused> {
    // Many readers of PDF look for its beginning in the first kilobyte, wherever it is.
    if pdf_start(bytes).is_some() {
        return Err(Refused::Ambiguous);
    }
    let directory = match zipped::directory(bytes) {
        Directory::None => return Err(Refused::Broken("Word document or ZIP archive")),
        Directory::Moved => return Err(Refused::Ambiguous),
        Directory::Whole(directory) => directory,
    };
    let has = |name: &str| directory.iter().any(|entry| entry.name == name.as_bytes());
    if !has("[Content_Types].xml") || !has("word/document.xml") {
        let other = |start: &str| directory.iter().any(|entry| entry.name.starts_with(start.as_bytes()));
        return Err(match () {
            () if has("META-INF/manifest.xml") && has("content.xml") => Refused::Other("an OpenDocument"),
            () if other("xl/") => Refused::Other("an Excel workbook"),
            () if other("ppt/") => Refused::Other("a PowerPoint presentation"),
            () if other("Index/") => Refused::Other("a Pages document"),
            () => Refused::Other("a ZIP archive"),
        });
    }
    if directory.iter().any(|entry| entry.name.ends_with(b"vbaProject.bin")) {
        return Err(Refused::Macros);
    }
    if directory.iter().any(|entry| entry.encrypted) {
        return Err(Refused::Password);
    }
    Ok(Kind::Docx)
}

fn pdf(bytes: &[u8]) -> Result<Kind, Refused> {
    if !matches!(zipped::directory(bytes), Directory::None) {
        return Err(Refused::Ambiguous);
    }
    let end = &bytes[bytes.len().saturating_sub(1024)..];
    match find(end, b"%%EOF") {
        Some(_) => Ok(Kind::Pdf),
        None => Err(Refused::Broken("PDF")),
    }
}

/// Where a PDF begins, if one does.
fn pdf_start(bytes: &[u8]) -> Option<usize> {
    let start = find(&bytes[..bytes.len().min(1024 + 5)], b"%PDF-")?;
    let digit = bytes.get(start + 5).is_some_and(u8::is_ascii_digit);
    digit.then_some(start)
}

/// Nothing that any other reader could take for a beginning.
fn is_blank(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.iter().all(u8::is_ascii_whitespace)
}

/// Word, Excel and others wrote such files up to 2003, and Word still does around a document with a password. The names
/// of their parts are in UTF-16.
fn old_office(bytes: &[u8]) -> Refused {
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        find(bytes, &name).is_some()
    };
    match () {
        () if has("EncryptedPackage") => Refused::Password,
        () if has("WordDocument") => Refused::OldWord,
        () => Refused::Unknown,
    }
}

fn text(bytes: &[u8]) -> Result<Kind, Refused> {
    match decode(bytes) {
        Ok(text) if text.trim().is_empty() => Err(Refused::Empty),
        // Such files read as text, but nobody wrote them as text.
        Ok(text) if text.starts_with("{\\rtf") => Err(Refused::Other("a Rich Text document (.rtf)")),
        Ok(text) if text.starts_with("%!PS") => Err(Refused::Other("a PostScript file")),
        Ok(_) => Ok(Kind::Text),
        Err(_) if pdf_start(bytes).is_some() => Err(Refused::Ambiguous),
        Err(Refused::Unknown) => Err(named(bytes)),
        Err(refused) => Err(refused),
    }
}

/// The text of a text file.
pub fn decode(bytes: &[u8]) -> Result<String, Refused> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest)?.to_owned(),
        _ => utf8(bytes)?.to_owned(),
    };
    let binary = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n' | '\u{c}');
    if text.contains(binary) {
        return Err(Refused::Unknown);
    }
    Ok(text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Refused> {
    let (pairs, []) = bytes.as_chunks::<2>() else {
        return Err(Refused::Unknown);
    };
    let units = pairs.iter().map(|pair| unit(*pair));
    char::decode_utf16(units)
        .collect::<Result<_, _>>()
        .map_err(|_| Refused::Unknown)
}

fn utf8(bytes: &[u8]) -> Result<&str, Refused> {
    let binary = |b: &u8| b.is_ascii_control() && !matches!(b, b'\t' | b'\r' | b'\n' | 0xc);
    std::str::from_utf8(bytes).map_err(|_| match bytes.iter().any(binary) {
        true => Refused::Unknown,
        false => Refused::NotUtf8,
    })
}

/// What people choose by mistake.
fn named(bytes: &[u8]) -> Refused {
    use infer::MatcherType::{Archive, Audio, Image, Video};
    match infer::get(bytes).map(|kind| kind.matcher_type()) {
        Some(Image) => Refused::Other("a picture"),
        Some(Audio) => Refused::Other("a sound"),
        Some(Video) => Refused::Other("a video"),
        Some(Archive) => Refused::Other("an archive"),
        _ => Refused::Unknown,
    }
}

pub fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// As people count: 7.2 MB.
fn mega(bytes: u64) -> String {
    let tenths = (bytes * 10).div_ceil(1024 * 1024);
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole} MB"),
        (whole, tenth) => format!("{whole}.{tenth} MB"),
    }
}
