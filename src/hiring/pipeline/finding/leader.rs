//! Which applications have the words that somebody looks for, by the index of words.

use std::collections::HashSet;

use super::{AT_LEAST, MOST_LOOKED, limit};
use crate::db::{Db, Result};
use crate::hiring::pipeline::index::store as words;

/// Of the words that begin so, the first ones.
const MOST_WORDS: usize = 24;
/// A word that begins like more than these is not looked for in the index but in the texts.
const MOST_NARROWING: usize = 4;
/// What fewer have leads at once, without an order.
const FEW: usize = 50;
/// For each that is wanted, so many are looked at together.
const BITE: usize = 5;

/// A word that few have leads, or else the longest, which is likely to be the rarest; the others are looked for in what
/// it leads to.
pub(super) struct Leader {
    /// All that have it, the newest first, where they are few.
    few: Option<Vec<i64>>,
    /// The words that it stands for.
    words: Vec<Vec<u8>>,
    /// More words begin so than are followed.
    pub(super) leaves_out: bool,
    /// The words that each of the others stands for.
    others: Vec<Vec<Vec<u8>>>,
}

/// What the index tells of those that come next.
pub(super) struct Next {
    /// The newest first.
    pub(super) numbers: Vec<i64>,
    /// It has told all down to this one; `None`: all there are.
    pub(super) end: Option<i64>,
    pub(super) looked: usize,
}

impl Leader {
    /// `None`: nobody has a word that begins so.
    pub(super) async fn choose(db: &Db, scope: i64, wanted: &[String]) -> Result<Option<Leader>> {
        let mut wanted: Vec<&String> = wanted.iter().collect();
        wanted.sort_by_key(|beginning| std::cmp::Reverse(beginning.len()));
        let (mut few, mut first) = (None, 0);
        for (at, beginning) in wanted.iter().enumerate() {
            let mut numbers = words::numbers(db, scope, beginning, limit(FEW + 1)).await?;
            if numbers.len() <= FEW {
                numbers.sort_unstable_by(|one, other| other.cmp(one));
                numbers.dedup();
                (few, first) = (Some(numbers), at);
                break;
            }
        }
        if wanted.is_empty() || few.as_ref().is_some_and(Vec::is_empty) {
            return Ok(None);
        }
        let leading = wanted.remove(first);
        let mut others = Vec::new();
        for beginning in wanted {
            let words = words::words(db, scope, beginning, limit(MOST_NARROWING + 1)).await?;
            match words.len() {
                0 => return Ok(None),
                1..=MOST_NARROWING => others.push(words),
                _ => {}
            }
        }
        let mut words = match few {
            Some(_) => Vec::new(),
            None => words::words(db, scope, leading, limit(MOST_WORDS + 1)).await?,
        };
        let leaves_out = words.len() > MOST_WORDS;
        words.truncate(MOST_WORDS);
        Ok(Some(Leader {
            few,
            words,
            leaves_out,
            others,
        }))
    }

    pub(super) async fn below(&self, db: &Db, scope: i64, below: i64, most: usize) -> Result<Next> {
        if let Some(few) = &self.few {
            let few: Vec<i64> = few.iter().copied().filter(|number| *number < below).collect();
            return Ok(Next {
                looked: few.len(),
                numbers: narrowed(db, scope, few, &self.others).await?,
                end: None,
            });
        }
        let other = self.others.split_first().map(|(first, rest)| (first.as_slice(), rest));
        match (self.words.as_slice(), other) {
            ([word], Some(([other], others))) => {
                let mut next = both(db, scope, (word, other), below, most).await?;
                next.numbers = narrowed(db, scope, next.numbers, others).await?;
                Ok(next)
            }
            _ => {
                let (numbers, end) = self.newest(db, scope, below, most).await?;
                Ok(Next {
                    looked: numbers.len(),
                    numbers: narrowed(db, scope, numbers, &self.others).await?,
                    end,
                })
            }
        }
    }

    /// Of many words, each has a share in what comes next; it ends where one of them has not told more.
    async fn newest(&self, db: &Db, scope: i64, below: i64, most: usize) -> Result<(Vec<i64>, Option<i64>)> {
        let share = (2 * most / self.words.len().max(1)).clamp(AT_LEAST, most);
        let (mut numbers, mut end) = (Vec::new(), None);
        for word in &self.words {
            let newest = words::newest(db, scope, word, below, limit(share)).await?;
            if newest.len() == share {
                end = end.max(newest.last().copied());
            }
            numbers.extend(newest);
        }
        numbers.retain(|number| end.is_none_or(|end| *number >= end));
        numbers.sort_unstable_by(|one, other| other.cmp(one));
        numbers.dedup();
        Ok((numbers, end))
    }
}

/// The next ones that have two words, as far as the database looks for them at once: words that many have are found
/// together soon.
async fn both(db: &Db, scope: i64, words: (&[u8], &[u8]), below: i64, most: usize) -> Result<Next> {
    let bite = (most * BITE).min(MOST_LOOKED);
    let floor = words::nth(db, scope, words.0, below, limit(bite)).await?;
    let between = (floor.unwrap_or(i64::MIN), below);
    let numbers = words::with_both(db, scope, words, between, limit(most)).await?;
    let is_full = numbers.len() == most;
    Ok(Next {
        end: if is_full { numbers.last().copied() } else { floor },
        looked: if is_full { most } else { bite },
        numbers,
    })
}

/// Without those that the index says do not have the other words.
async fn narrowed(db: &Db, scope: i64, mut numbers: Vec<i64>, others: &[Vec<Vec<u8>>]) -> Result<Vec<i64>> {
    for words in others {
        let mut having = HashSet::new();
        for word in words {
            having.extend(words::among(db, scope, word, &numbers).await?);
        }
        numbers.retain(|number| having.contains(number));
    }
    Ok(numbers)
}
