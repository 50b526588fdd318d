//! What every page shares: the frame around a response, the shell around a page, form state, links that survive.

pub mod assets;
pub mod code;
pub mod extract;
pub mod form;
pub mod frame;
pub mod markdown;
pub mod pages;
pub mod plots;
pub mod respond;
#[cfg(test)]
pub mod samples;
pub mod shell;
pub mod tables;
pub mod upload;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

pub use extract::{Form, Path, Query};
pub use form::Field;
pub use respond::{Flash, Page, SeeOther, Tone};
pub use shell::Shell;
pub use upload::Upload;

/// One line as a person typed it: no control characters, no space at its ends, single spaces inside.
pub fn clean_line(text: &str) -> String {
    let printable: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    printable.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What two lines have in common when only case differs; for searching and for uniqueness.
pub fn search_key(line: &str) -> String {
    clean_line(line).to_lowercase()
}

/// For the disc beside a name: the first letters of its first and last word.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first
        .into_iter()
        .chain(words.next_back())
        .flat_map(char::to_uppercase)
        .collect()
}

/// More than that many are not counted.
pub const MOST_COUNTED: i64 = 99;

/// “12”, “99+”.
pub fn capped(n: i64) -> String {
    match n {
        n if n > MOST_COUNTED => format!("{MOST_COUNTED}+"),
        n => n.to_string(),
    }
}

/// With a capital at its beginning.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

/// The start of a text on one line: at most so many characters, cut between words.
pub fn shortened(text: &str, most: usize) -> String {
    let line = clean_line(text);
    if line.chars().count() <= most {
        return line;
    }
    let cut: String = line.chars().take(most).collect();
    let end = cut.rfind(' ').filter(|end| *end > most / 2).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end_matches([',', ';', ':', '.', ' ']))
}

/// What two texts have in common when only case and accents differ; for searching what people wrote.
pub fn folded(text: &str) -> String {
    let bare: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    // Letters that are no base with an accent, and that people type without it all the same.
    let bare = bare
        .replace(['ø', 'Ø'], "o")
        .replace(['đ', 'Đ'], "d")
        .replace(['ł', 'Ł'], "l");
    search_key(&bare)
        .replace('ß', "ss")
        .replace('æ', "ae")
        .replace('œ', "oe")
}

/// A path on this site, or `/`: an address from a form must not lead people elsewhere.
pub fn local_path(path: &str) -> &str {
    let mut bytes = path.bytes();
    let local = bytes.next() == Some(b'/') && !matches!(bytes.next(), Some(b'/' | b'\\'));
    if local && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') {
        path
    } else {
        "/"
    }
}

/// For a value in a query.
pub fn percent_encoded(value: &str) -> String {
    let encode = |byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    value.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_on_this_site_are_followed() {
        assert_eq!(local_path("/submissions?band=meets"), "/submissions?band=meets");
        for elsewhere in [
            "",
            "people",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nb",
            "/é",
            "/a\\b",
        ] {
            assert_eq!(local_path(elsewhere), "/", "{elsewhere:?}");
        }
    }

    #[test]
    fn a_sentence_begins_with_a_capital() {
        for (text, capital) in [("", ""), ("über uns", "Über uns"), ("ßen", "SSen"), ("🦀 a", "🦀 a")] {
            assert_eq!(capitalised(text), capital);
        }
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        assert_eq!(shortened("one two", 7), "one two");
        assert_eq!(shortened("one\ntwo, three", 10), "one two…");
        assert_eq!(shortened(&"🦀".repeat(5), 3), "🦀🦀🦀…");
    }

    #[test]
    fn folding_forgets_case_and_accents() {
        for (one, other) in [
            ("Résumé", "RESUME"),
            ("Łódź", "lodz"),
            ("Straße", "STRASSE"),
            ("ﬁn\u{301}", "fin"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
        assert_eq!(folded("日本 🦀"), "日本 🦀");
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(clean_line("  two\u{0}words\r\n\there "), "two words here");
        assert_eq!(search_key("ÄRGER Straße"), "ärger straße");
    }
}
