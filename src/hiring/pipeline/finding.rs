//! What fits a filter, page by page: led by an index, and never through more than a bounded number of applications.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::db::{Db, Result};
use crate::hiring::pipeline::filter::Filter;
use crate::hiring::pipeline::index::{self, store as words};
use crate::hiring::pipeline::store::{self, Through};
use crate::hiring::pipeline::{Line, index::number_of};
use crate::hiring::{ApplicationState, Stage};

/// So many are looked at for one page.
pub const MOST_LOOKED: usize = 3_000;
/// So many are sorted or acted on at once.
pub const MOST_AT_ONCE: usize = 500;
const CHUNK: usize = 100;
/// Of the words that begin so, the first ones.
const MOST_WORDS: usize = 24;
/// A word that begins like more than these is not looked for in the index but in the texts.
const MOST_NARROWING: usize = 4;
/// What fewer have leads at once, without an order.
const FEW: usize = 50;
/// So many numbers of the index are read at first, and then twice as many each time.
const NUMBERS: usize = 60;
const MOST_NUMBERS: usize = 800;
/// So many applications are read at least, where the page is nearly full.
const AT_LEAST: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Newest,
    Oldest,
    /// Under way, the longest in their stage first.
    Longest,
}

impl Order {
    pub const ALL: [Order; 3] = [Order::Newest, Order::Oldest, Order::Longest];

    pub fn id(self) -> &'static str {
        match self {
            Order::Newest => "newest",
            Order::Oldest => "oldest",
            Order::Longest => "longest",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Order::Newest => "Newest first",
            Order::Oldest => "Oldest first",
            Order::Longest => "Longest in stage",
        }
    }

    pub fn from_id(id: &str) -> Option<Order> {
        Order::ALL.into_iter().find(|order| order.id() == id)
    }
}

/// Where to look.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub opening: Uuid,
    pub stages: &'a [Stage],
    pub now: Timestamp,
}

#[derive(Clone, Debug, Default)]
pub struct Found {
    pub lines: Vec<Line>,
    /// Behind this key there is more, or may be.
    pub next: Option<String>,
    /// Only so many were looked at, and the page is not full.
    pub looked: Option<usize>,
}

/// A page of what fits.
pub async fn page(db: &Db, scope: Scope<'_>, filter: &Filter, order: Order, after: &str, most: usize) -> Result<Found> {
    if filter.words.is_empty() {
        return Walk::new(scope, filter, order, after).page(db, most).await;
    }
    if order == Order::Newest {
        return by_words(db, scope, filter, after.parse().unwrap_or(i64::MAX), most).await;
    }
    // Few have all the words that somebody looks for: they are sorted here.
    let mut found = by_words(db, scope, filter, i64::MAX, MOST_AT_ONCE).await?;
    if order == Order::Longest {
        found.lines.retain(|line| line.state == ApplicationState::Active);
        found
            .lines
            .sort_by_key(|line| (line.stage_since.map(|at| at.0), line.id));
    } else {
        found.lines.sort_by_key(|line| line.id);
    }
    let skipped = after.parse().unwrap_or(0);
    let more = found.lines.len() > skipped + most;
    found.lines = found.lines.into_iter().skip(skipped).take(most).collect();
    found.looked = found.next.take().map(|_| MOST_AT_ONCE);
    found.next = more.then(|| (skipped + most).to_string());
    Ok(found)
}

/// The first cards of a stage that fit, those first that wait the longest.
pub async fn column(db: &Db, scope: Scope<'_>, filter: &Filter, stage: Uuid, most: usize) -> Result<Found> {
    let walk = Walk {
        stage: Some(stage),
        ..Walk::new(scope, filter, Order::Longest, "")
    };
    walk.page(db, most).await
}

/// The ids of all that fit, as far as that many.
pub async fn all(db: &Db, scope: Scope<'_>, filter: &Filter, most: usize) -> Result<(Vec<Line>, bool)> {
    let (mut lines, mut after) = (Vec::new(), String::new());
    // Bounded, too: it looks as far as ten pages do.
    for _ in 0..10 {
        let found = page(db, scope, filter, Order::Newest, &after, most - lines.len()).await?;
        lines.extend(found.lines);
        match found.next {
            None => return Ok((lines, false)),
            Some(_) if lines.len() >= most => break,
            Some(next) => after = next,
        }
    }
    Ok((lines, true))
}

/// A way through the applications of a job, from one key to the next.
struct Walk<'a> {
    scope: Scope<'a>,
    filter: &'a Filter,
    order: Order,
    through: Through,
    /// For the longest in a stage.
    stage: Option<Uuid>,
    since: Timestamp,
    id: Uuid,
}

impl<'a> Walk<'a> {
    fn new(scope: Scope<'a>, filter: &'a Filter, order: Order, after: &str) -> Walk<'a> {
        let (since, id) = after.split_once('_').unwrap_or(("", after));
        let start = if order == Order::Newest {
            Uuid::max()
        } else {
            Uuid::nil()
        };
        Walk {
            scope,
            filter,
            order,
            through: through(filter),
            stage: filter.stage().filter(|_| order == Order::Longest),
            since: Timestamp(since.parse().unwrap_or(i64::MIN)),
            id: id.parse().unwrap_or(start),
        }
    }

    async fn page(mut self, db: &Db, most: usize) -> Result<Found> {
        let (mut found, mut looked) = (Found::default(), 0);
        loop {
            // Where everything fits, nothing is read that is not shown.
            let wanted = if self.filter.is_empty() {
                most + 1
            } else {
                CHUNK.max(most + 1)
            };
            let chunk = self.chunk(db, limit(wanted)).await?;
            let is_last = chunk.len() < wanted;
            let texts = self.texts(db, &chunk).await?;
            looked += chunk.len();
            for line in chunk {
                let text = texts.get(&line.id).map_or("", String::as_str);
                let fits = self.filter.holds(&line, text, self.scope.stages, self.scope.now);
                if fits && found.lines.len() == most {
                    found.next = Some(self.key());
                    return Ok(found);
                }
                (self.since, self.id) = (line.stage_since.unwrap_or(self.since), line.id);
                if fits {
                    found.lines.push(line);
                }
            }
            if is_last {
                return Ok(found);
            }
            if looked >= MOST_LOOKED {
                found.next = Some(self.key());
                found.looked = Some(looked);
                return Ok(found);
            }
        }
    }

    /// Where the next page begins.
    fn key(&self) -> String {
        match self.order {
            Order::Longest => format!("{}_{}", self.since.0, self.id),
            _ => self.id.to_string(),
        }
    }

    async fn chunk(&self, db: &Db, most: i64) -> Result<Vec<Line>> {
        let (opening, down) = (self.scope.opening, self.order == Order::Newest);
        match self.order {
            Order::Longest => store::by_wait(db, opening, self.stage, (self.since, self.id), most).await,
            _ => store::by_age(db, opening, self.through, down, self.id, most).await,
        }
    }

    async fn texts(&self, db: &Db, chunk: &[Line]) -> Result<HashMap<Uuid, String>> {
        if self.filter.unwanted.is_empty() {
            return Ok(HashMap::new());
        }
        let ids: Vec<Uuid> = chunk.iter().map(|line| line.id).collect();
        store::texts(db, &ids).await
    }
}

/// The narrowest way on which everything lies that can fit.
fn through(filter: &Filter) -> Through {
    match (filter.owner(), filter.stage(), filter.state()) {
        (Some(Some(owner)), _, _) => Through::Owner(owner),
        (Some(None), _, Some(state)) => Through::Unowned(state),
        (_, Some(stage), _) => Through::Stage(stage),
        (_, _, Some(state)) => Through::State(state),
        _ => Through::All,
    }
}

/// The newest that have all the words, and fit otherwise.
async fn by_words(db: &Db, scope: Scope<'_>, filter: &Filter, below: i64, most: usize) -> Result<Found> {
    let number = number_of(scope.opening);
    let fits =
        |line: &Line, text: &str| line.opening == scope.opening && filter.holds(line, text, scope.stages, scope.now);
    search(db, number, &filter.words, below, most, fits).await
}

/// The same over all jobs.
pub async fn everywhere(db: &Db, wanted: &[String], below: i64, most: usize) -> Result<Found> {
    let fits = |_: &Line, text: &str| wanted.iter().all(|word| index::words::has(text, word));
    search(db, index::EVERYWHERE, wanted, below, most, fits).await
}

/// The same over some jobs.
pub async fn in_jobs(db: &Db, jobs: &[Uuid], wanted: &[String], below: i64, most: usize) -> Result<Found> {
    let mut all = Found::default();
    let mut more = false;
    for job in jobs {
        let fits =
            |line: &Line, text: &str| line.opening == *job && wanted.iter().all(|word| index::words::has(text, word));
        let found = search(db, number_of(*job), wanted, below, most, fits).await?;
        more |= found.next.is_some();
        all.looked = all.looked.max(found.looked);
        all.lines.extend(found.lines);
    }
    all.lines.sort_by_key(|line| std::cmp::Reverse(line.id));
    more |= all.lines.len() > most;
    all.lines.truncate(most);
    let last = all.lines.last().map(|line| number_of(line.id).to_string());
    all.next = last.filter(|_| more);
    Ok(all)
}

async fn search(
    db: &Db,
    scope: i64,
    wanted: &[String],
    mut below: i64,
    most: usize,
    fits: impl Fn(&Line, &str) -> bool,
) -> Result<Found> {
    let Some(leader) = Leader::choose(db, scope, wanted).await? else {
        return Ok(Found::default());
    };
    let (mut found, mut looked, mut many) = (Found::default(), 0, NUMBERS);
    loop {
        let next = leader.below(db, scope, below, many).await?;
        looked += next.looked;
        let mut rest = next.numbers.as_slice();
        while !rest.is_empty() {
            let wanted = (most + 1 - found.lines.len()).clamp(AT_LEAST, store::AT_ONCE);
            let (together, behind) = rest.split_at(wanted.min(rest.len()));
            rest = behind;
            let mut lines: HashMap<i64, (Line, String)> = HashMap::new();
            for (number, line, text) in store::by_number(db, together).await? {
                lines.insert(number, (line, text));
            }
            for number in together {
                if let Some((line, text)) = lines.remove(number)
                    && fits(&line, &text)
                {
                    if found.lines.len() == most {
                        found.next = Some(below.to_string());
                        return Ok(found);
                    }
                    found.lines.push(line);
                }
                below = *number;
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

/// A word that few have leads, or else the longest, which is likely to be the rarest; the others are looked for in what
/// it leads to.
struct Leader {
    /// All that have it, the newest first, where they are few.
    few: Option<Vec<i64>>,
    /// The words that it stands for.
    words: Vec<Vec<u8>>,
    /// More words begin so than are followed.
    leaves_out: bool,
    /// The words that each of the others stands for.
    others: Vec<Vec<Vec<u8>>>,
}

/// What the index tells of those that come next.
struct Next {
    /// The newest first.
    numbers: Vec<i64>,
    /// It has told all down to this one; `None`: all there are.
    end: Option<i64>,
    looked: usize,
}

impl Leader {
    /// `None`: nobody has a word that begins so.
    async fn choose(db: &Db, scope: i64, wanted: &[String]) -> Result<Option<Leader>> {
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

    async fn below(&self, db: &Db, scope: i64, below: i64, most: usize) -> Result<Next> {
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

/// The next ones that have two words, as far as the database looks for them at once.
async fn both(db: &Db, scope: i64, words: (&[u8], &[u8]), below: i64, most: usize) -> Result<Next> {
    let floor = words::nth(db, scope, words.0, below, limit(MOST_LOOKED)).await?;
    let between = (floor.unwrap_or(i64::MIN), below);
    let numbers = words::with_both(db, scope, words, between, limit(most)).await?;
    let is_full = numbers.len() == most;
    Ok(Next {
        end: if is_full { numbers.last().copied() } else { floor },
        looked: if is_full { most } else { MOST_LOOKED },
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

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}
