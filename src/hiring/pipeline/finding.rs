//! What fits a filter, page by page: led by an index, and never through more than a bounded number of applications.

mod leader;
mod sieve;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::db::{Db, Result};
use crate::hiring::pipeline::filter::Filter;
use crate::hiring::pipeline::finding::sieve::Sieve;
use crate::hiring::pipeline::index;
use crate::hiring::pipeline::store::{self, Through};
use crate::hiring::pipeline::{Line, index::number_of};
use crate::hiring::screening::veil::Veil;
use crate::hiring::{ApplicationState, Stage};

/// So many are looked at for one page.
pub const MOST_LOOKED: usize = 3_000;
/// Of so many the texts are read for one page.
const MOST_READ: usize = 100;
/// So many are sorted or acted on at once.
pub const MOST_AT_ONCE: usize = 500;
const CHUNK: usize = 100;
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
    /// Lines come without the names that it withholds, and words find none of them.
    pub veil: &'a Veil,
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
    if !filter.leads() {
        return Walk::new(scope, filter, order, after).page(db, most).await;
    }
    let jobs = [scope.opening];
    let sieve = Sieve::new(scope, filter, &jobs);
    if order == Order::Newest {
        return sieve.led(db, number_of(scope.opening), after, most).await;
    }
    // Few have all the words that somebody looks for, or a tag: they are sorted here.
    let mut found = sieve.led(db, number_of(scope.opening), "", MOST_AT_ONCE).await?;
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
        let jobs = [self.scope.opening];
        let sieve = Sieve::new(self.scope, self.filter, &jobs);
        let (mut found, mut looked, mut read) = (Found::default(), 0, 0);
        loop {
            // Where everything fits, nothing is read that is not shown.
            let wanted = if self.filter.is_empty() {
                most + 1
            } else {
                CHUNK.max(most + 1)
            };
            let mut chunk = self.chunk(db, limit(wanted)).await?;
            let is_last = chunk.len() < wanted;
            let texts = sieve.prepare(db, &mut chunk).await?;
            looked += chunk.len();
            for line in chunk {
                let text = texts.get(&line.id).map_or("", String::as_str);
                let fits = sieve.lets_through(db, &line, text, &mut read).await?;
                if fits && found.lines.len() == most {
                    found.next = Some(self.key());
                    return Ok(found);
                }
                (self.since, self.id) = (line.stage_since.unwrap_or(self.since), line.id);
                if fits {
                    found.lines.push(line);
                }
                if read == MOST_READ {
                    (found.next, found.looked) = (Some(self.key()), Some(looked));
                    return Ok(found);
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

/// The newest over some jobs that fit a filter which leads; `None`: over every job.
pub async fn over_jobs(
    db: &Db,
    veil: &Veil,
    jobs: Option<&[Uuid]>,
    (filter, now): (&Filter, Timestamp),
    after: &str,
    most: usize,
) -> Result<Found> {
    let sieve = Sieve {
        filter,
        stages: &[],
        now,
        veil,
        jobs,
    };
    let Some(jobs) = jobs.filter(|_| !filter.words.is_empty()) else {
        return sieve.led(db, index::EVERYWHERE, after, most).await;
    };
    let mut all = Found::default();
    let mut more = false;
    for job in jobs {
        let of_job = Sieve {
            jobs: Some(std::slice::from_ref(job)),
            ..sieve
        };
        let found = of_job.led(db, number_of(*job), after, most).await?;
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

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}
