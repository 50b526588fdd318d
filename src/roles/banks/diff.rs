//! Two answers beside each other, with the words that differ.

use similar::{ChangeTag, TextDiff};

/// Comparing takes time in proportion to the words of both: longer texts are marked as a whole.
const MOST_WORDS: usize = 3_000;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// Whether the other text lacks it.
    pub differs: bool,
}

/// Both texts, each in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    pub old: Vec<Piece>,
    pub new: Vec<Piece>,
}

impl Comparison {
    pub fn of(old: &str, new: &str) -> Comparison {
        let words = |text: &str| text.split_whitespace().count();
        if words(old).max(words(new)) > MOST_WORDS {
            let whole = |text: &str, differs| {
                merged(vec![Piece {
                    text: text.to_owned(),
                    differs,
                }])
            };
            let differs = old != new;
            return Comparison {
                old: whole(old, differs),
                new: whole(new, differs),
            };
        }
        let mut sides = Comparison::default();
        for change in TextDiff::from_words(old, new).iter_all_changes() {
            let piece = Piece {
                text: change.value().to_owned(),
                differs: change.tag() != ChangeTag::Equal,
            };
            match change.tag() {
                ChangeTag::Delete => sides.old.push(piece),
                ChangeTag::Insert => sides.new.push(piece),
                ChangeTag::Equal => {
                    sides.old.push(piece.clone());
                    sides.new.push(piece);
                }
            }
        }
        Comparison {
            old: merged(sides.old),
            new: merged(sides.new),
        }
    }
}

/// Joins neighbours of one kind. A space between two words that differ is theirs.
fn merged(mut pieces: Vec<Piece>) -> Vec<Piece> {
    for at in 1..pieces.len().saturating_sub(1) {
        if pieces[at].text.chars().all(|c| c == ' ') && pieces[at - 1].differs && pieces[at + 1].differs {
            pieces[at].differs = true;
        }
    }
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces.into_iter().filter(|piece| !piece.text.is_empty()) {
        match joined.last_mut() {
            Some(last) if last.differs == piece.differs => last.text.push_str(&piece.text),
            _ => joined.push(piece),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(pieces: &[Piece]) -> String {
        let mark = |piece: &Piece| match piece.differs {
            true => format!("[{}]", piece.text),
            false => piece.text.clone(),
        };
        pieces.iter().map(mark).collect()
    }

    #[test]
    fn the_words_that_differ_are_marked() {
        let both = Comparison::of("I retry at once, five times.", "I wait, with jitter, five times.");
        assert_eq!(marked(&both.old), "I [retry at once,] five times.");
        assert_eq!(marked(&both.new), "I [wait, with jitter,] five times.");
        assert_eq!(marked(&Comparison::of("same", "same").new), "same");
        assert_eq!(
            Comparison::of("", "all").new,
            [Piece {
                text: "all".into(),
                differs: true
            }]
        );
    }

    #[test]
    fn very_long_texts_are_marked_as_a_whole() {
        let long = "a ".repeat(MOST_WORDS + 1);
        let both = Comparison::of(&long, "b");
        assert_eq!((both.old.len(), both.new.len()), (1, 1));
        assert!(!Comparison::of(&long, &long).old[0].differs);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_is_lost_on_either_side(old in "[ab \n🦀é]{0,40}", new in "[ab \n🦀é]{0,40}") {
            let both = Comparison::of(&old, &new);
            let text = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.as_str()).collect::<String>();
            prop_assert_eq!(text(&both.old), old);
            prop_assert_eq!(text(&both.new), new);
        }
    }
}
