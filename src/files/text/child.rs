//! What `halfopen extract` does.

use std::io::{Read, Write};

use rlimit::Resource;

use super::{Unreadable, docx, pdf, tidy};
use crate::files::kinds::{self, Kind};
use crate::files::{MOST_BYTES, MOST_TEXT};

const MEMORY: u64 = 512 * 1024 * 1024;

/// Of the processor, a little less than the parent waits: so it also ends where the parent is gone. A second later the
/// kernel kills it.
const SECONDS: u64 = 9;

/// Reads a document from `input` and writes its text. Returns the exit code by which the parent knows the reason.
pub fn run(kind: Kind, input: impl Read, mut output: impl Write) -> u8 {
    let text = confine().and_then(|()| text(kind, input));
    match text.and_then(|text| Ok(output.write_all(text.as_bytes()).and_then(|()| output.flush())?)) {
        Ok(()) => 0,
        Err(reason) => reason.code(),
    }
}

/// Before the first byte of the file is read, everything that this process will not need is given up for good.
fn confine() -> Result<(), Unreadable> {
    Resource::AS.set(MEMORY, MEMORY)?;
    Resource::CPU.set(SECONDS, SECONDS + 1)?;
    Resource::CORE.set(0, 0)?;
    Resource::FSIZE.set(MOST_TEXT as u64, MOST_TEXT as u64)?;
    // Nothing but the three files that are open.
    Resource::NOFILE.set(3, 3)?;
    Ok(())
}

fn text(kind: Kind, input: impl Read) -> Result<String, Unreadable> {
    let mut bytes = Vec::new();
    input.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MOST_BYTES {
        return Err(Unreadable::TooMuch);
    }
    let text = match kind {
        Kind::Pdf => pdf::text(bytes)?,
        Kind::Docx => docx::text(&bytes)?,
        Kind::Text => kinds::decode(&bytes).map_err(|_| Unreadable::Damaged)?,
        Kind::WebM | Kind::Mp4 | Kind::Ogg => return Err(Unreadable::NoText),
    };
    match tidy::tidy(&text) {
        text if text.is_empty() => Err(Unreadable::NoText),
        text if text.len() > MOST_TEXT => Err(Unreadable::TooMuch),
        text => Ok(text),
    }
}
