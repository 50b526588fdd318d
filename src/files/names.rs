//! The name of a file as it is shown and as it is saved. It is never part of a path of ours.

use unicode_normalization::UnicodeNormalization;

use super::Kind;

/// A name is cut to so many characters, its ending included.
pub const LONGEST_NAME: usize = 120;

/// What people call files of the kinds that are taken. Another ending stays, and the right one is put behind it.
const ENDINGS: [&str; 15] = [
    "pdf", "doc", "docx", "txt", "text", "md", "webm", "mp4", "m4v", "m4a", "mov", "ogg", "oga", "ogv", "opus",
];

/// A name that is safe to show and to offer for saving: no folders, nothing invisible, nothing that turns the direction
/// of reading and so makes `cv-fdp.exe` of `cv-exe.pdf`, and the ending of what the file is.
pub fn display_name(given: &str, kind: Kind) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.nfc().filter_map(visible).collect();
    let words = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    let stem = match words.rsplit_once('.') {
        Some((stem, ending)) if ENDINGS.iter().any(|e| e.eq_ignore_ascii_case(ending)) => stem,
        _ => &words,
    };
    let ending = kind.extension();
    let most = LONGEST_NAME - ending.len() - 1;
    let stem: String = stem.trim_matches(['.', ' ']).chars().take(most).collect();
    match stem.trim_end_matches(['.', ' ']) {
        "" => format!("file.{ending}"),
        stem => format!("{stem}.{ending}"),
    }
}

fn visible(c: char) -> Option<char> {
    match c {
        _ if c.is_whitespace() => Some(' '),
        _ if c.is_control() || is_deceptive(c) => None,
        // No system for desktops keeps these in a name.
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => Some('_'),
        _ => Some(c),
    }
}

/// Characters that nobody sees and that change what is seen: directions, zero widths, tags. The joiners of Persian,
/// of the scripts of India and of emoji are not among them.
pub fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}
