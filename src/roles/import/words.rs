//! Comparing words as people write them: without regard to case, accents, hyphens, plurals and decoration.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text in the form in which headings and labels are compared: “Knock-out Questions:” and “knockout question” are
/// the same. Only the beginning of a long text counts; no heading is longer.
pub fn key(text: &str) -> String {
    let lower = beginning(text).to_lowercase();
    let letters = if lower.is_ascii() {
        lower
    } else {
        lower.nfkd().collect()
    };
    let mut plain = String::with_capacity(letters.len());
    for c in letters.replace("(s)", "s").chars() {
        match c {
            c if is_invisible(c) || is_combining_mark(c) || is_dash(c) || is_quote(c) => {}
            c if c.is_alphanumeric() => plain.push(c),
            _ => plain.push(' '),
        }
    }
    let words = plain.split_whitespace();
    words
        .map(|word| {
            if word.len() > 3 {
                word.strip_suffix('s').unwrap_or(word)
            } else {
                word
            }
        })
        .collect()
}

/// A text in the form in which names and questions are compared: their spacing, case and typography do not matter.
pub fn fold(text: &str) -> String {
    let letters = if text.is_ascii() {
        text.to_string()
    } else {
        text.nfkc().collect()
    };
    let mut folded = String::with_capacity(letters.len());
    for word in letters.split_whitespace() {
        let before = folded.len();
        for c in word.chars().filter(|c| !is_invisible(*c)) {
            match c {
                c if is_dash(c) => folded.push('-'),
                c if is_quote(c) => folded.push('"'),
                c => folded.extend(c.to_lowercase()),
            }
        }
        if folded.len() > before {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end_matches(' ').len());
    folded
}

/// The same of the beginning of a text, for what lines are known by.
pub fn fold_beginning(text: &str) -> String {
    fold(beginning(text))
}

fn beginning(text: &str) -> &str {
    text.char_indices().nth(160).map_or(text, |(end, _)| &text[..end])
}

/// Characters that take no room.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

pub fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
    )
}

pub fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '`' | '´' | '«' | '»' | '‘' | '’' | '‚' | '‛' | '“' | '”' | '„' | '‟' | '‹' | '›'
    )
}

pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

/// The text between quotes, if all of it is.
pub fn unquoted(text: &str) -> &str {
    let text = trimmed(text);
    let inner = text.strip_prefix(is_quote).and_then(|rest| rest.strip_suffix(is_quote));
    inner.filter(|inner| !inner.is_empty()).map_or(text, trimmed)
}

pub fn word_count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Whether a text ends as sentences do.
pub fn ends_sentence(text: &str) -> bool {
    let end = trimmed(text).trim_end_matches(|c: char| is_quote(c) || c == ')');
    end.ends_with(['.', '!', '?', '…', '。'])
}

/// Whether a text is the name of something rather than a statement about it.
pub fn is_name(text: &str) -> bool {
    let words = word_count(text);
    words > 0 && text.chars().count() <= 100 && (words <= 10 && !ends_sentence(text) || words <= 3)
}

/// The parts of a line that are set side by side, such as `fireside-talk · 25 min · ~1.5 hr prep`.
pub fn parts(text: &str) -> Vec<&str> {
    let middle: Vec<&str> = text.split(['·', '•', '|', '∙', '\t']).map(trimmed).collect();
    let dashed = |text: &'_ str| -> bool { [" - ", " – ", " — "].iter().any(|dash| text.contains(dash)) };
    match middle.as_slice() {
        [one] if dashed(one) => {
            let spaced = text
                .split(" - ")
                .flat_map(|part| part.split(" – "))
                .flat_map(|part| part.split(" — "));
            spaced.map(trimmed).collect()
        }
        _ => middle,
    }
}

/// The two sides of the first colon. A colon inside of a word or a time does not count.
pub fn at_colon(text: &str) -> Option<(&str, &str)> {
    let (i, colon) = text.char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
    Some((trimmed(&text[..i]), trimmed(&text[i + colon.len_utf8()..])))
}
