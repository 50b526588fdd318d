//! What is looked at for a page, and what of it fits.

use std::collections::HashMap;

use uuid::Uuid;

use super::leader::Leader;
use super::{AT_LEAST, CHUNK, Found, MOST_LOOKED, MOST_READ, Scope, limit};
use crate::clock::Timestamp;
use crate::db::{Db, Result};
use crate::hiring::Stage;
use crate::hiring::pipeline::Line;
use crate::hiring::pipeline::filter::Filter;
use crate::hiring::pipeline::store;
use crate::hiring::screening::veil::Veil;

/// So many numbers of the index are read at first, and then twice as many each time.
const NUMBERS: usize = 60;
const MOST_NUMBERS: usize = 800;

/// What a line has to pass.
#[derive(Clone, Copy)]
pub(super) struct Sieve<'a> {
    pub(super) filter: &'a Filter,
    pub(super) stages: &'a [Stage],
    pub(super) now: Timestamp,
    pub(super) veil: &'a Veil,
    /// `None`: all.
    pub(super) jobs: Option<&'a [Uuid]>,
}

impl<'a> Sieve<'a> {
    pub(super) fn new(scope: Scope<'a>, filter: &'a Filter, jobs: &'a [Uuid]) -> Sieve<'a> {
        Sieve {
            filter,
            stages: scope.stages,
            now: scope.now,
            veil: scope.veil,
            jobs: Some(jobs),
        }
    }

    /// Draws the veil over the lines, and gives the words that the filter asks about: none of those behind it.
    pub(super) async fn prepare(&self, db: &Db, lines: &mut [Line]) -> Result<HashMap<Uuid, String>> {
        let ids: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
        let mut texts = match self.filter.needs_words() {
            true => store::texts(db, &ids).await?,
            false => HashMap::new(),
        };
        self.look_up(db, lines).await?;
        for line in lines.iter().filter(|line| line.withheld) {
            texts.remove(&line.id);
        }
        Ok(texts)
    }

    async fn look_up(&self, db: &Db, lines: &mut [Line]) -> Result<()> {
        self.veil.draw(db, lines).await?;
        if self.filter.asks_for_tags() {
            let ids: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
            let mut tags = store::tags(db, &ids).await?;
            for line in lines {
                line.tags = tags.remove(&line.id).unwrap_or_default();
            }
        }
        Ok(())
    }

    /// Whether words follow one another is known only from the texts themselves: each that is read is counted.
    pub(super) async fn lets_through(&self, db: &Db, line: &Line, text: &str, read: &mut usize) -> Result<bool> {
        let is_here = self.jobs.is_none_or(|jobs| jobs.contains(&line.opening));
        if !is_here || !self.filter.holds(line, text, self.stages, self.now) {
            return Ok(false);
        }
        if !self.filter.doubts(text) {
            return Ok(true);
        }
        *read += 1;
        Ok(self.filter.is_said_in(&store::said(db, line.id).await?))
    }

    /// The newest behind a key, led by what the fewest have.
    pub(super) async fn led(&self, db: &Db, scope: i64, after: &str, most: usize) -> Result<Found> {
        match self.filter.tags() {
            Some(tags) if self.filter.words.is_empty() => {
                let below = after.parse().unwrap_or(Uuid::max());
                self.tagged(db, tags, below, most).await
            }
            _ => self.worded(db, scope, after.parse().unwrap_or(i64::MAX), most).await,
        }
    }

    async fn tagged(&self, db: &Db, tags: &[String], mut below: Uuid, most: usize) -> Result<Found> {
        let (mut found, mut looked, mut read) = (Found::default(), 0, 0);
        loop {
            let mut ids = Vec::new();
            for tag in tags {
                ids.extend(store::tagged(db, tag, below, limit(CHUNK)).await?);
            }
            ids.sort_unstable_by(|one, other| other.cmp(one));
            ids.dedup();
            ids.truncate(CHUNK);
            looked += ids.len();
            let is_last = ids.len() < CHUNK;
            let mut lines = store::by_id(db, &ids).await?;
            lines.sort_by_key(|line| std::cmp::Reverse(line.id));
            let texts = self.prepare(db, &mut lines).await?;
            for line in lines {
                let text = texts.get(&line.id).map_or("", String::as_str);
                let (id, fits) = (line.id, self.lets_through(db, &line, text, &mut read).await?);
                if fits && found.lines.len() == most {
                    found.next = Some(below.to_string());
                    return Ok(found);
                }
                below = id;
                if fits {
                    found.lines.push(line);
                }
                if read == MOST_READ {
                    (found.next, found.looked) = (Some(below.to_string()), Some(looked));
                    return Ok(found);
                }
            }
            // The last may have been merged into another.
            below = ids.last().copied().unwrap_or(below);
            if is_last {
                return Ok(found);
            }
            if looked >= MOST_LOOKED {
                (found.next, found.looked) = (Some(below.to_string()), Some(looked));
                return Ok(found);
            }
        }
    }

    async fn worded(&self, db: &Db, scope: i64, mut below: i64, most: usize) -> Result<Found> {
        let Some(leader) = Leader::choose(db, scope, &self.filter.words).await? else {
            return Ok(Found::default());
        };
        let (mut found, mut looked, mut read, mut many) = (Found::default(), 0, 0, NUMBERS);
        loop {
            let next = leader.below(db, scope, below, many).await?;
            looked += next.looked;
            let mut rest = next.numbers.as_slice();
            while !rest.is_empty() {
                let wanted = (most + 1 - found.lines.len()).clamp(AT_LEAST, store::AT_ONCE);
                let (together, behind) = rest.split_at(wanted.min(rest.len()));
                rest = behind;
                let mut lines = self.unveiled(db, store::by_number(db, together).await?).await?;
                for number in together {
                    if let Some((line, text)) = lines.remove(number)
                        && self.lets_through(db, &line, &text, &mut read).await?
                    {
                        if found.lines.len() == most {
                            found.next = Some(below.to_string());
                            return Ok(found);
                        }
                        found.lines.push(line);
                    }
                    below = *number;
                    if read == MOST_READ {
                        (found.next, found.looked) = (Some(below.to_string()), Some(looked));
                        return Ok(found);
                    }
                }
            }
            let Some(end) = next.end else {
                found.looked = leader.leaves_out.then_some(looked);
                return Ok(found);
            };
            below = end;
            if looked >= MOST_LOOKED {
                (found.next, found.looked) = (Some(below.to_string()), Some(looked));
                return Ok(found);
            }
            many = (many * 2).min(MOST_NUMBERS);
        }
    }

    /// Those whose names are not withheld, by their numbers: words find no others.
    async fn unveiled(&self, db: &Db, found: Vec<(i64, Line, String)>) -> Result<HashMap<i64, (Line, String)>> {
        let mut texts = Vec::with_capacity(found.len());
        let mut lines = Vec::with_capacity(found.len());
        for (number, line, text) in found {
            texts.push((number, text));
            lines.push(line);
        }
        self.look_up(db, &mut lines).await?;
        let all = lines.into_iter().zip(texts).filter(|(line, _)| !line.withheld);
        Ok(all.map(|(line, (number, text))| (number, (line, text))).collect())
    }
}
