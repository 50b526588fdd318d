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
        let mut known = Vec::new();
        for beginning in &wanted {
            let words = words::words(db, scope, beginning, limit(MOST_WORDS + 1)).await?;
            if words.is_empty() {
                return Ok(None);
            }
            known.push(words);
        }
        let are_two_words = known.len() == 2 && known.iter().all(|words| words.len() == 1);
        let few = match are_two_words {
            // They are laid side by side, however many have them.
            true => None,
            false => fewest(db, scope, &wanted).await?,
        };
        let (first, few) = few.map_or((0, None), |(first, few)| (first, Some(few)));
        if first >= known.len() {
            return Ok(None);
        }
        let mut words = known.remove(first);
        known.retain(|words| words.len() <= MOST_NARROWING);
        let leaves_out = few.is_none() && words.len() > MOST_WORDS;
        words.truncate(MOST_WORDS);
        Ok(Some(Leader {
            few,
            words,
            leaves_out,
            others: known,
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

/// The first beginning that few have, by its place, and those who have it, the newest first.
async fn fewest(db: &Db, scope: i64, wanted: &[&String]) -> Result<Option<(usize, Vec<i64>)>> {
    for (at, beginning) in wanted.iter().enumerate() {
        let mut numbers = words::numbers(db, scope, beginning, limit(FEW + 1)).await?;
        if numbers.len() <= FEW {
            numbers.sort_unstable_by(|one, other| other.cmp(one));
            numbers.dedup();
            return Ok(Some((at, numbers)));
        }
    }
    Ok(None)
}

/// The next ones that have two words: words that many have are found together soon, and words that few have have few
/// together. Otherwise the rarer is followed, and the other looked up for each that has it.
async fn both(db: &Db, scope: i64, words: (&[u8], &[u8]), below: i64, most: usize) -> Result<Next> {
    let (one, other) = words::ends(db, scope, words, below).await?;
    let floor = one.max(other);
    let between = (floor.unwrap_or(i64::MIN), below);
    let mut numbers = words::shared(db, scope, words, between, limit(most)).await?;
    let looked = numbers.len();
    if looked == most {
        let end = numbers.last().copied();
        return Ok(Next { numbers, end, looked });
    }
    let Some(below) = floor else {
        return Ok(Next {
            numbers,
            end: None,
            looked,
        });
    };
    let words = if other.is_none() { (words.1, words.0) } else { words };
    let bite = (most * BITE).min(MOST_LOOKED);
    let floor = match one.is_some() && other.is_some() {
        true => words::nth(db, scope, words.0, below, limit(bite)).await?,
        false => None,
    };
    let between = (floor.unwrap_or(i64::MIN), below);
    let rest = most - numbers.len();
    let behind = words::with_both(db, scope, words, between, limit(rest)).await?;
    let end = match behind.len() == rest {
        true => behind.last().copied(),
        false => floor,
    };
    numbers.extend(behind);
    Ok(Next {
        numbers,
        end,
        looked: bite,
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
