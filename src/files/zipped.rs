//! The list of a ZIP archive, read as strictly as its end allows.
//!
//! The library that inflates archives is made to find them in almost anything, and it runs in a child. What stands here
//! runs in the server: it walks a file once, and is strict, because a file that one reader takes for an archive and
//! another one for something else is what it looks for.

/// An archive has fewer parts than this, and a Word document far fewer.
const MOST_ENTRIES: usize = 4096;

/// How far before its end an archive's closing record can begin: its own size, and a comment of 16 bits.
const FARTHEST_END: usize = 22 + 0xffff;

#[derive(Debug, PartialEq, Eq)]
pub enum Directory<'a> {
    None,
    /// There is an archive, but bytes stand before or behind it, or its parts contradict each other.
    Moved,
    Whole(Vec<Entry<'a>>),
}

#[derive(Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    pub name: &'a [u8],
    pub encrypted: bool,
}

/// What an archive in these bytes says that it holds.
pub fn directory(bytes: &[u8]) -> Directory<'_> {
    let from = bytes.len().saturating_sub(FARTHEST_END);
    let ends = bytes[from..].windows(4).enumerate().rev();
    let mut moved = false;
    for (i, _) in ends.filter(|(_, window)| *window == b"PK\x05\x06") {
        match ended_at(bytes, from + i) {
            // Chance puts this signature into compressed data: only one that leads to a directory counts.
            Directory::None => {}
            Directory::Moved => moved = true,
            whole => return if moved { Directory::Moved } else { whole },
        }
    }
    if moved { Directory::Moved } else { Directory::None }
}

fn ended_at(bytes: &[u8], end: usize) -> Directory<'_> {
    let u16_at = |at: usize| {
        bytes
            .get(at..at + 2)
            .map(|b| usize::from(u16::from_le_bytes([b[0], b[1]])))
    };
    let u32_at = |at: usize| {
        bytes
            .get(at..at + 4)
            .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize)
    };
    let (Some(entries), Some(size), Some(offset), Some(comment)) =
        (u16_at(end + 10), u32_at(end + 12), u32_at(end + 16), u16_at(end + 20))
    else {
        return Directory::None;
    };
    // The locator of a 64-bit archive; nothing of five megabytes needs one.
    let is_zip64 = end >= 20 && bytes[end - 20..].starts_with(b"PK\x06\x07");
    let start = end.checked_sub(size);
    let begins = start.is_some_and(|start| bytes[start..].starts_with(b"PK\x01\x02"));
    if !begins && !is_zip64 {
        return Directory::None;
    }
    if is_zip64 || start != Some(offset) || end + 22 + comment != bytes.len() || !bytes.starts_with(b"PK\x03\x04") {
        return Directory::Moved;
    }
    match walk(&bytes[offset..end], entries) {
        Some(entries) => Directory::Whole(entries),
        None => Directory::Moved,
    }
}

/// The entries of a directory that they fill to the last byte.
fn walk(mut bytes: &[u8], count: usize) -> Option<Vec<Entry<'_>>> {
    let mut entries = Vec::new();
    while let Some((header, rest)) = bytes.split_at_checked(46) {
        let u16_at = |at: usize| usize::from(u16::from_le_bytes([header[at], header[at + 1]]));
        let (name, rest) = rest.split_at_checked(u16_at(28))?;
        let (_, rest) = rest.split_at_checked(u16_at(30) + u16_at(32))?;
        if !header.starts_with(b"PK\x01\x02") || entries.len() == MOST_ENTRIES {
            return None;
        }
        entries.push(Entry {
            name,
            encrypted: header[8] & 1 == 1,
        });
        bytes = rest;
    }
    (bytes.is_empty() && entries.len() == count).then_some(entries)
}
