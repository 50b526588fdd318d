//! What colleagues do around an application. Each act is recorded, in the transaction that does it.

use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::db::Tx;
use crate::error::AppError;
use crate::hiring::Application;
use crate::hiring::applications::store as applications;
use crate::hiring::pipeline::index;
use crate::hiring::talk::{Comment, MOST_TAGS, MOST_TO_DOS, Named, ToDo, mentions, store};
use crate::people::Staff;
use crate::ui::shortened;

/// Gives the names of those who are named.
pub async fn comment(
    app: &App,
    by: &Staff,
    application: &Application,
    words: &str,
    form_token: Uuid,
) -> Result<Vec<String>, AppError> {
    let mut tx = app.db.begin().await?;
    let people = named_people(&mut tx, application).await?;
    let comment = Comment {
        id: app.new_id(),
        application: application.id,
        by: by.id,
        author: by.name.clone(),
        words: words.to_owned(),
        written_at: app.now(),
        changed_at: None,
        removed_at: None,
        named: Vec::new(),
    };
    let named = mentions::named(words, &people);
    if store::add_comment(&mut tx, &comment, form_token).await? {
        for staff in named.iter().filter(|staff| **staff != by.id) {
            store::add_mention(&mut tx, &comment, *staff, app.now()).await?;
        }
        said(app, tx, by, application.id, "Comment added").await?;
    }
    Ok(names(&people, &named))
}

async fn named_people(tx: &mut Tx, application: &Application) -> Result<Vec<Named>, AppError> {
    let people = store::people_in(tx, application.opening).await?;
    Ok(people.iter().map(Named::from).collect())
}

fn names(people: &[Named], named: &[Uuid]) -> Vec<String> {
    let of = people.iter().filter(|person| named.contains(&person.id));
    of.map(|person| person.name.clone()).collect()
}

/// The one place where what is said about an application has changed: what it is found by changes here, too.
async fn said(app: &App, mut tx: Tx, by: &Staff, application: Uuid, what: &str) -> Result<(), AppError> {
    let words = store::words(&mut tx, application).await?;
    index::comments_changed(&mut tx, application, &words).await?;
    applications::add_event(&mut tx, app.new_id(), application, Some(by.id), (what, ""), app.now()).await?;
    Ok(tx.commit().await?)
}

/// False when it is too late for that. Who was named and is not any more is not asked to look at it any more.
pub async fn change(
    app: &App,
    by: &Staff,
    application: &Application,
    comment: &Comment,
    words: &str,
) -> Result<bool, AppError> {
    let mut tx = app.db.begin().await?;
    let now = app.now();
    if comment.words == words {
        return Ok(true);
    }
    if !comment.may_change(by.id, now) || !store::change_comment(&mut tx, comment.id, by.id, words, now).await? {
        return Ok(false);
    }
    let people = named_people(&mut tx, application).await?;
    let (before, after) = (
        mentions::named(&comment.words, &people),
        mentions::named(words, &people),
    );
    for staff in before.iter().filter(|staff| !after.contains(staff)) {
        store::drop_mention(&mut tx, comment.id, *staff).await?;
    }
    for staff in after.iter().filter(|staff| **staff != by.id) {
        store::add_mention(&mut tx, comment, *staff, now).await?;
    }
    said(app, tx, by, comment.application, "Comment changed").await?;
    Ok(true)
}

/// False when it is gone already, or somebody else's.
pub async fn remove(app: &App, by: &Staff, comment: &Comment) -> Result<bool, AppError> {
    let mut tx = app.db.begin().await?;
    if !store::remove_comment(&mut tx, comment.id, by.id, app.now()).await? {
        return Ok(false);
    }
    store::drop_mentions(&mut tx, comment.id).await?;
    said(app, tx, by, comment.application, "Comment removed").await?;
    Ok(true)
}

/// Somebody has opened the page of an application, with all that names them.
pub async fn see(app: &App, staff: &Staff, application: Uuid) -> Result<(), AppError> {
    if store::is_named_unseen(&app.db, application, staff.id).await? {
        let mut tx = app.db.begin().await?;
        store::see(&mut tx, application, staff.id, app.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Why it was not added, for the field.
pub async fn tag(
    app: &App,
    by: &Staff,
    application: &Application,
    tag: &str,
) -> Result<Result<(), &'static str>, AppError> {
    let mut tx = app.db.begin().await?;
    // Two who add at once wait for each other, or there might be one too many.
    applications::lock(&mut tx, application.id).await?;
    if !store::add_tag(&mut tx, application.id, tag).await? {
        return Ok(Ok(()));
    }
    if store::count_tags(&mut tx, application.id).await? > MOST_TAGS {
        return Ok(Err(
            "It has 20 tags, which is as many as there can be. Remove one first.",
        ));
    }
    store::use_tag(&mut tx, application.opening, tag, app.now()).await?;
    record(app, tx, by, application.id, ("Tag added", tag)).await?;
    Ok(Ok(()))
}

pub async fn untag(app: &App, by: &Staff, application: &Application, tag: &str) -> Result<bool, AppError> {
    let mut tx = app.db.begin().await?;
    let removed = store::remove_tag(&mut tx, application.id, tag).await?;
    if removed {
        record(app, tx, by, application.id, ("Tag removed", tag)).await?;
    }
    Ok(removed)
}

/// Why it was not added, for the field.
pub async fn add_to_do(
    app: &App,
    by: &Staff,
    application: &Application,
    (words, staff, due_at): (&str, Uuid, Timestamp),
    form_token: Uuid,
) -> Result<Result<(), &'static str>, AppError> {
    let mut tx = app.db.begin().await?;
    applications::lock(&mut tx, application.id).await?;
    let people = store::people_in(&mut tx, application.opening).await?;
    let Some(person) = people.iter().find(|person| person.id == staff) else {
        return Err(AppError::Conflict(
            "Whose it was to be is not in the team any more".into(),
        ));
    };
    let to_do = ToDo {
        id: app.new_id(),
        application: application.id,
        words: words.to_owned(),
        staff,
        who: person.name.clone(),
        due_at,
        done_at: None,
    };
    if !store::add_to_do(&mut tx, &to_do, by.id, form_token, app.now()).await? {
        return Ok(Ok(()));
    }
    let most = i64::try_from(MOST_TO_DOS + 1).unwrap_or(i64::MAX);
    if store::count_open_to_dos(&mut tx, application.id, most).await? > MOST_TO_DOS {
        return Ok(Err("There are 50 things to do here already. Do one of them first."));
    }
    let detail = format!("{}: {words}, by {}", to_do.who, to_do.due_day().day_words());
    record(app, tx, by, application.id, ("To do", &detail)).await?;
    Ok(Ok(()))
}

pub async fn set_done(app: &App, by: &Staff, to_do: &ToDo, done: bool) -> Result<(), AppError> {
    let mut tx = app.db.begin().await?;
    if store::set_done(&mut tx, to_do.id, done, by.id, app.now()).await? {
        let what = match done {
            true => "Done",
            false => "Not done after all",
        };
        record(app, tx, by, to_do.application, (what, &shortened(&to_do.words, 200))).await?;
    }
    Ok(())
}

async fn record(
    app: &App,
    mut tx: Tx,
    by: &Staff,
    application: Uuid,
    (what, detail): (&str, &str),
) -> Result<(), AppError> {
    applications::add_event(
        &mut tx,
        app.new_id(),
        application,
        Some(by.id),
        (what, detail),
        app.now(),
    )
    .await?;
    Ok(tx.commit().await?)
}
