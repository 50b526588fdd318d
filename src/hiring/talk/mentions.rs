//! Who is named in a comment: `@` and a name or an address, as people type it.

use uuid::Uuid;

use crate::hiring::talk::Named;

/// A part of a comment, and whom it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    pub text: &'a str,
    pub named: Vec<Uuid>,
}

/// The comment in its order. The longest name that fits is meant; people of one name are all meant.
pub fn pieces<'a>(words: &'a str, people: &[Named]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for (at, _) in words.match_indices('@') {
        let inside_a_word = words[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        if at < done || inside_a_word {
            continue;
        }
        let (length, named) = named_at(&words[at + 1..], people);
        if named.is_empty() {
            continue;
        }
        let end = at + 1 + length;
        pieces.push(words_only(&words[done..at]));
        pieces.push(Piece {
            text: &words[at..end],
            named,
        });
        done = end;
    }
    pieces.push(words_only(&words[done..]));
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

fn words_only(text: &str) -> Piece<'_> {
    Piece {
        text,
        named: Vec::new(),
    }
}

/// Each person once.
pub fn named(words: &str, people: &[Named]) -> Vec<Uuid> {
    let mut all: Vec<_> = pieces(words, people)
        .into_iter()
        .flat_map(|piece| piece.named)
        .collect();
    all.sort();
    all.dedup();
    all
}

fn named_at(rest: &str, people: &[Named]) -> (usize, Vec<Uuid>) {
    let mut longest = (0, Vec::new());
    for person in people {
        let length = [&person.name, &person.email]
            .into_iter()
            .filter_map(|key| length_of(rest, key))
            .max();
        match length {
            Some(length) if length > longest.0 => longest = (length, vec![person.id]),
            Some(length) if length == longest.0 => longest.1.push(person.id),
            _ => {}
        }
    }
    longest
}

/// How many bytes of the text are this name, in any case, if a word ends there.
fn length_of(text: &str, name: &str) -> Option<usize> {
    let mut typed = text.char_indices();
    for wanted in name.chars() {
        let (_, c) = typed.next()?;
        if !c.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    let length = typed.next().map_or(text.len(), |(at, _)| at);
    let goes_on = text[length..].chars().next().is_some_and(char::is_alphanumeric);
    (!goes_on && length > 0).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> Vec<Named> {
        let person = |(n, (name, email)): (usize, &(&str, &str))| Named {
            id: Uuid::from_u128(n as u128),
            name: (*name).into(),
            email: (*email).into(),
        };
        let all = [
            ("Robin", "robin@mail.example"),
            ("Robin Example", "r.e@mail.example"),
            ("Ünal 🚲", "unal@mail.example"),
            ("Robin", "other@mail.example"),
            ("", ""),
        ];
        all.iter().enumerate().map(person).collect()
    }

    fn ids(words: &str) -> Vec<u128> {
        named(words, &people()).iter().map(Uuid::as_u128).collect()
    }

    #[test]
    fn names_and_addresses_are_found() {
        for (words, found) in [
            ("nobody", vec![]),
            ("@", vec![]),
            ("@nobody at all", vec![]),
            ("@robin example, look", vec![1]),
            ("@Robin: look", vec![0, 3]),
            ("@Robinson", vec![]),
            ("look @ROBIN@mail.example.", vec![0]),
            ("(@ünal 🚲)", vec![2]),
            ("@ünal 🚲@Robin Example", vec![1, 2]),
            ("mail robin@Robin", vec![]),
            ("@@Robin Example", vec![1]),
        ] {
            assert_eq!(ids(words), found, "{words:?}");
        }
    }

    #[test]
    fn nothing_of_a_comment_is_lost() {
        for words in [
            "",
            "a @Robin b",
            "@Robin@Robin Example@",
            "🚲@ünal 🚲🚲",
            "x\n@r.e@mail.example\n",
        ] {
            let all: String = pieces(words, &people()).iter().map(|piece| piece.text).collect();
            assert_eq!(all, words);
        }
    }
}
