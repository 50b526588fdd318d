//! The words of a text: without case and accents, as far as they go.

use std::collections::HashSet;

use crate::ui::folded;

/// Of one application, each counted once: a long résumé is found by how it begins.
pub const MOST_WORDS: usize = 600;
const LONGEST: usize = 32;

/// The words of a text as they are kept, each once, in their order.
pub fn of(text: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut words = pieces(text, false);
    words.retain(|word| seen.insert(word.clone()));
    words
}

/// What somebody looks for: each is the beginning of a word.
pub fn asked(text: &str) -> Vec<String> {
    pieces(text, true)
}

fn pieces(text: &str, asked: bool) -> Vec<String> {
    let folded = folded(text);
    let mut pieces = Vec::new();
    for run in folded.split(|c: char| !c.is_alphanumeric()) {
        let chars: Vec<char> = run.chars().collect();
        for part in chars.chunk_by(|one, other| is_unspaced(*one) == is_unspaced(*other)) {
            match part.first() {
                Some(first) if is_unspaced(*first) => pairs(part, asked, &mut pieces),
                _ => pieces.push(part.iter().take(LONGEST).collect()),
            }
        }
    }
    pieces.retain(|piece: &String| !piece.is_empty());
    pieces
}

/// Where no space tells words apart, each two letters that follow one another are one.
fn pairs(part: &[char], asked: bool, pieces: &mut Vec<String>) {
    pieces.extend(part.windows(2).map(|pair| pair.iter().collect::<String>()));
    if !asked || part.len() == 1 {
        pieces.extend(part.last().map(char::to_string));
    }
}

fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether a text, given as its kept words, has a word that begins so.
pub fn has(text: &str, beginning: &str) -> bool {
    text.split(' ').any(|word| word.starts_with(beginning))
}

/// Whether words stand in a text one behind the other; the last may go on.
pub fn follow(text: &str, phrase: &[String]) -> bool {
    let Some((last, first)) = phrase.split_last() else {
        return true;
    };
    let words = pieces(text, true);
    let fits = |window: &[String]| {
        let (end, before) = (window.last(), &window[..first.len()]);
        before == first && end.is_some_and(|end| end.starts_with(last.as_str()))
    };
    words.windows(phrase.len()).any(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_counted_once() {
        assert_eq!(of("Zoë zoe, ZOË; Straße"), ["zoe", "strasse"]);
        assert_eq!(of("robin.example@mail.example"), ["robin", "example", "mail"]);
        assert_eq!(of("C++ / Node.js 20"), ["c", "node", "js", "20"]);
        assert_eq!(of(" -- \u{0} "), Vec::<String>::new());
        assert_eq!(of(&"x".repeat(100)), ["x".repeat(32)]);
    }

    #[test]
    fn what_has_no_spaces_is_found_in_its_middle() {
        assert_eq!(of("東京大学"), ["東京", "京大", "大学", "学"]);
        assert_eq!(asked("京大"), ["京大"]);
        assert_eq!(asked("学"), ["学"]);
    }

    #[test]
    fn a_phrase_stands_together() {
        let says = |text: &str, phrase: &str| follow(text, &asked(phrase));
        assert!(says("Kept KEY-accounts happy", "key account"));
        assert!(says("東京大学 工学部", "東京大学 工学部"));
        for text in ["the account key", "key to an account", "a monkey account", "key", ""] {
            assert!(!says(text, "key account"), "{text}");
        }
    }

    #[test]
    fn a_beginning_is_enough() {
        assert!(has("robin example", "exa"));
        assert!(!has("robin example", "xam"));
    }
}
