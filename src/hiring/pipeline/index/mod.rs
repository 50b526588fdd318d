//! The index of words, by which applications are found in their job and over all jobs.
//!
//! Whoever changes a name, an address, the text of a file or a note calls [`refresh`] in the same transaction; whoever
//! erases an application calls [`forget`]. A draft is in no index.

pub mod store;
pub mod words;

use std::collections::HashSet;

use uuid::Uuid;

use crate::app::App;
use crate::db::{Result, Tx};
use crate::jobs::{self, Job, JobError, Task};
use store::{Known, Texts};
use words::MOST_WORDS;

/// The scope of all jobs.
pub const EVERYWHERE: i64 = 0;
const FILLED_AT_ONCE: i64 = 100;

/// Makes the index tell what is known of an application now.
pub async fn refresh(tx: &mut Tx, application: Uuid) -> Result<()> {
    store::lock(tx, application).await?;
    let Some((opening, person)) = store::person(tx, application).await? else {
        return Ok(());
    };
    let (notes, files) = (
        store::notes(tx, application).await?,
        store::files(tx, application).await?,
    );
    let known = known(tx, application, opening).await?;
    let texts = fit([&person, &notes, &known.texts.comments.clone(), &files]);
    change(tx, &known, &texts).await
}

/// A comment is found by its words, too.
pub async fn comment_added(tx: &mut Tx, application: Uuid, text: &str) -> Result<()> {
    store::lock(tx, application).await?;
    let Some(known) = store::known(tx, application).await? else {
        return Ok(());
    };
    let texts = known.texts.clone();
    let comments = format!("{text} {}", texts.comments);
    let texts = fit([&texts.person, &texts.notes, &comments, &texts.files]);
    change(tx, &known, &texts).await
}

/// After a comment was changed or removed: all that are left.
pub async fn comments_changed(tx: &mut Tx, application: Uuid, comments: &[String]) -> Result<()> {
    store::lock(tx, application).await?;
    let Some(known) = store::known(tx, application).await? else {
        return Ok(());
    };
    let texts = known.texts.clone();
    let texts = fit([&texts.person, &texts.notes, &comments.join(" "), &texts.files]);
    change(tx, &known, &texts).await
}

/// Takes every word of an application out of the index.
pub async fn forget(tx: &mut Tx, application: Uuid) -> Result<()> {
    if let Some(known) = store::known(tx, application).await? {
        change(tx, &known, &Texts::default()).await?;
        store::remove(tx, known.number).await?;
    }
    Ok(())
}

async fn known(tx: &mut Tx, application: Uuid, opening: Uuid) -> Result<Known> {
    if let Some(known) = store::known(tx, application).await? {
        return Ok(known);
    }
    let scope = number_of(opening);
    let mut number = number_of(application);
    while !store::add(tx, number, application, scope).await? {
        number += 1;
    }
    Ok(Known {
        number,
        scope,
        texts: Texts::default(),
    })
}

/// Of an id that is ordered by time: its milliseconds, and a little of its chance.
pub fn number_of(id: Uuid) -> i64 {
    let bits = id.as_u128();
    let (millis, chance) = (bits >> 80, bits & 0x7fff);
    i64::try_from(((millis << 15) | chance) & u128::from(u64::MAX >> 1)).unwrap_or(i64::MAX)
}

/// As many words as there is room for: those of the files come last.
fn fit(texts: [&str; 4]) -> Texts {
    let mut seen = HashSet::new();
    let [person, notes, comments, files] = texts.map(|text| {
        let mut words = words::of(text);
        words.retain(|word| seen.len() < MOST_WORDS && seen.insert(word.clone()));
        words.join(" ")
    });
    Texts {
        person,
        notes,
        comments,
        files,
    }
}

async fn change(tx: &mut Tx, known: &Known, texts: &Texts) -> Result<()> {
    if known.texts == *texts {
        return Ok(());
    }
    let before: HashSet<&str> = known.texts.words().collect();
    let after: HashSet<&str> = texts.words().collect();
    // In one order, whoever writes: nobody waits for one who waits for them.
    let mut gone: Vec<&str> = before.difference(&after).copied().collect();
    let mut new: Vec<&str> = after.difference(&before).copied().collect();
    gone.sort_unstable();
    new.sort_unstable();
    store::remove_words(tx, known.scope, known.number, &gone).await?;
    store::add_words(tx, known.scope, known.number, &new).await?;
    store::set(tx, known.number, texts).await
}

/// Indexes what was there before the index, some at a time.
pub async fn fill(app: &App, job: &Job, after: Uuid) -> Result<(), JobError> {
    let mut tx = app.db.begin().await?;
    if !jobs::store::remove(&mut tx, job).await? {
        return Ok(());
    }
    let next = store::to_fill(&mut tx, after, FILLED_AT_ONCE).await?;
    for application in &next {
        refresh(&mut tx, *application).await?;
    }
    if let Some(last) = next.last() {
        jobs::store::add(&mut tx, app.new_id(), Task::Index { after: *last }, app.now()).await?;
    }
    tx.commit().await?;
    app.job_queued.notify_one();
    Ok(())
}
