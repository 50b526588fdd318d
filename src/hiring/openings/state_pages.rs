//! A job is published, closed, opened again; people join its team and leave it.

use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::audit;
use crate::error::AppError;
use crate::hiring::OpeningState;
use crate::hiring::access;
use crate::hiring::openings::store;
use crate::people::guard::SignedIn;
use crate::people::{Staff, store as people};
use crate::ui::{Flash, Form, Path, SeeOther};

pub async fn publish(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, AppError> {
    access::opening(&app, &staff, id).await?;
    show(
        &app,
        &staff,
        id,
        OpeningState::Draft,
        "The job is published. Search engines find it within days.",
    )
    .await
}

pub async fn reopen(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, AppError> {
    access::opening(&app, &staff, id).await?;
    show(
        &app,
        &staff,
        id,
        OpeningState::Closed,
        "The job takes applications again.",
    )
    .await
}

/// From this state to the public, unless something is missing.
async fn show(app: &App, by: &Staff, id: Uuid, from: OpeningState, done: &str) -> Result<SeeOther, AppError> {
    let mut tx = app.db.begin().await?;
    let opening = store::lock(&mut tx, id).await?.ok_or(AppError::NotFound("job"))?;
    let stages = store::stages_in(&mut tx, id).await?;
    let obstacles = opening.obstacles(stages.len(), app.now());
    let back = SeeOther::to(opening.url());
    if opening.state != from {
        let said = format!(
            "Nothing was done: the job is {} by now.",
            opening.state.label().to_lowercase()
        );
        return Ok(back.saying(Flash::warn(said)));
    }
    if !obstacles.is_empty() {
        let said = format!("It is not published. {}", obstacles.join(" "));
        return Ok(back.saying(Flash::bad(said)));
    }
    store::publish(&mut tx, id, app.now()).await?;
    let what = match from {
        OpeningState::Draft => "Job published",
        _ => "Job reopened",
    };
    audit::note(&mut tx, by.id, (what, format!("job {id}"), ""), app.now()).await?;
    tx.commit().await?;
    Ok(back.saying(Flash::good(done)))
}

pub async fn close(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let mut tx = app.db.begin().await?;
    let closed = store::close(&mut tx, id, app.now()).await?;
    if closed {
        audit::note(&mut tx, staff.id, ("Job closed", format!("job {id}"), ""), app.now()).await?;
    }
    tx.commit().await?;
    let said = match closed {
        true => Flash::good("The job takes no more applications. Those under way go on."),
        false => Flash::warn("Nothing was done: the job is not published."),
    };
    Ok(SeeOther::to(opening.url()).saying(said))
}

#[derive(Deserialize)]
pub struct MemberForm {
    #[serde(default)]
    staff: String,
}

pub async fn join(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<MemberForm>,
) -> Result<SeeOther, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let back = SeeOther::to(format!("{}#team", opening.url()));
    let Ok(person) = form.staff.parse() else {
        return Ok(back.saying(Flash::warn("Choose who joins the team.")));
    };
    let person = people::find(&app.db, person).await?;
    if !person.active {
        return Ok(back.saying(Flash::warn("This account is deactivated.")));
    }
    let mut tx = app.db.begin().await?;
    store::join_team(&mut tx, id, person.id).await?;
    let detail = format!("person {}", person.id);
    audit::note(
        &mut tx,
        staff.id,
        ("Joined to the team", format!("job {id}"), &detail),
        app.now(),
    )
    .await?;
    tx.commit().await?;
    Ok(back.saying(Flash::good(format!("{} is in the team.", person.name))))
}

pub async fn leave(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<MemberForm>,
) -> Result<SeeOther, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let person: Uuid = form.staff.parse().map_err(|_| AppError::NotFound("person"))?;
    let mut tx = app.db.begin().await?;
    store::leave_team(&mut tx, id, person).await?;
    let detail = format!("person {person}");
    audit::note(
        &mut tx,
        staff.id,
        ("Removed from the team", format!("job {id}"), &detail),
        app.now(),
    )
    .await?;
    tx.commit().await?;
    let said = Flash::good("The team is smaller by one.");
    // Whoever left themselves may not see the job any more.
    let still = access::opening(&app, &staff, id).await.is_ok();
    let to = if still {
        format!("{}#team", opening.url())
    } else {
        "/openings".into()
    };
    Ok(SeeOther::to(to).saying(said))
}
