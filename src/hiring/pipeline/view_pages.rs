//! Filters that somebody keeps under a name.

use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::access;
use crate::hiring::openings::store as openings;
use crate::hiring::pipeline::board_pages::checked_back;
use crate::hiring::pipeline::desk::{owners, tags};
use crate::hiring::pipeline::filter::{Filter, Known};
use crate::hiring::pipeline::{View, store};
use crate::people::guard::SignedIn;
use crate::ui::{Flash, Form, Path, SeeOther, clean_line, shortened};

const LONGEST_NAME: usize = 40;
const MOST_VIEWS: usize = 12;

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    filter: String,
    #[serde(default)]
    shared: String,
    #[serde(default)]
    back: String,
}

pub async fn keep(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(typed): Form<Typed>,
) -> Result<SeeOther, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let back = SeeOther::to(checked_back(&opening, &typed.back));
    let (stages, people) = (openings::stages(&app.db, id).await?, owners(&app, id).await?);
    let known = Known {
        stages: &stages,
        people: &people,
        tags: &tags(&app, id).await?,
        me: staff.id,
        now: app.now(),
        over_jobs: false,
    };
    let name = clean_line(&typed.name);
    let views = store::views(&app.db, id, staff.id).await?;
    let mine = views
        .iter()
        .filter(|view| view.by == staff.id && view.name != name)
        .count();
    let filter = match Filter::parse(&typed.filter, &known) {
        Ok(filter) if !filter.is_empty() => filter.text(),
        _ => return Ok(back.saying(Flash::warn("There is no filter to keep. Write one first."))),
    };
    if name.is_empty() {
        return Ok(back.saying(Flash::warn("A view needs a name: it was not kept.")));
    }
    if mine >= MOST_VIEWS {
        return Ok(back.saying(Flash::warn("You keep twelve views of this job. Remove one first.")));
    }
    let view = View {
        id: app.new_id(),
        name: shortened(&name, LONGEST_NAME),
        filter,
        shared: typed.shared == "yes",
        by: staff.id,
    };
    let mut tx = app.db.begin().await?;
    store::keep_view(&mut tx, id, &view).await?;
    tx.commit().await?;
    let whose = if view.shared { "for the team" } else { "for you" };
    Ok(back.saying(Flash::good(format!("“{}” is kept {whose}.", view.name))))
}

#[derive(Deserialize)]
pub struct Removal {
    #[serde(default)]
    back: String,
}

pub async fn remove(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((id, view)): Path<(Uuid, Uuid)>,
    Form(form): Form<Removal>,
) -> Result<SeeOther, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let mut tx = app.db.begin().await?;
    let removed = store::drop_view(&mut tx, view, id, staff.id).await?;
    tx.commit().await?;
    let said = match removed {
        true => Flash::good("The view is removed."),
        false => Flash::warn("Nothing was removed: the view is gone already, or somebody else keeps it."),
    };
    Ok(SeeOther::to(checked_back(&opening, &form.back)).saying(said))
}
