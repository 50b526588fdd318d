//! Text as it is kept: lines without anything invisible, single spaces, at most one empty line between others.

use unicode_normalization::UnicodeNormalization;

use crate::files::names::is_deceptive;

pub fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.replace("\r\n", "\n").split(is_line_end) {
        let start = tidy.len();
        if start > 0 {
            tidy.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        let begun = tidy.len();
        words(line, &mut tidy);
        if tidy.len() > begun {
            empty = 0;
        } else {
            tidy.truncate(start);
            empty += 1;
        }
    }
    tidy
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The words of a line, a space between them, or a tab where there was one.
fn words(line: &str, into: &mut String) {
    let mut gap = None;
    let begun = into.len();
    let visible = line.chars().filter(|c| c.is_whitespace() || is_visible(*c));
    for c in visible.flat_map(spelt).nfc() {
        match c {
            '\t' => gap = Some('\t'),
            _ if c.is_whitespace() => gap = gap.or(Some(' ')),
            _ => {
                if let Some(gap) = gap.take()
                    && into.len() > begun
                {
                    into.push(gap);
                }
                into.push(c);
            }
        }
    }
}

/// Neither a control character, nor one that changes what is seen, nor a sign of a font's own that means nothing here.
fn is_visible(c: char) -> bool {
    let private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    !c.is_control() && !is_deceptive(c) && !private
}

/// The letters of printers' ligatures, for which no one searches.
fn spelt(c: char) -> impl Iterator<Item = char> {
    let letters = match c {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        _ => "",
    };
    letters.is_empty().then_some(c).into_iter().chain(letters.chars())
}

/// Whether a text could be one of ours.
pub fn is_tidy(text: &str) -> bool {
    let kept = |c: char| matches!(c, '\n' | '\t') || is_visible(c);
    text.chars().all(kept) && !text.contains("\n\n\n")
}
