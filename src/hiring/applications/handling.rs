//! What the staff do with applications. Each act is recorded with who did it, in the transaction that does it.

use uuid::Uuid;

use crate::app::App;
use crate::assessments::invite_form::CheckedInvitation;
use crate::assessments::inviting;
use crate::db::Tx;
use crate::error::AppError;
use crate::hiring::applications::{letters, placing, store};
use crate::hiring::openings::store as openings;
use crate::hiring::talk;
use crate::hiring::{Application, ApplicationState, Stage};
use crate::mail::Event;
use crate::people::Staff;

const MOST_WHY: usize = 2_000;

/// Why something was done, as it is kept.
pub fn check_why(typed: &str) -> Result<String, &'static str> {
    let why = typed
        .replace("\r\n", "\n")
        .replace(|c: char| c.is_control() && c != '\n', " ");
    match why.trim() {
        "" => Err("Write why: colleagues will ask."),
        why if why.chars().count() > MOST_WHY => Err("At most 2,000 characters."),
        why => Ok(why.to_owned()),
    }
}

/// An act under way: the application as it stands, held until the transaction ends.
struct Act<'a> {
    app: &'a App,
    tx: Tx,
    by: &'a Staff,
    application: Application,
}

impl<'a> Act<'a> {
    async fn on(app: &'a App, by: &'a Staff, id: Uuid) -> Result<Act<'a>, AppError> {
        let mut tx = app.db.begin().await?;
        let application = store::lock(&mut tx, id).await?;
        let application = application.ok_or(AppError::NotFound("application"))?;
        if application.merged_into.is_some() {
            return Err(changed_meanwhile());
        }
        Ok(Act {
            app,
            tx,
            by,
            application,
        })
    }

    async fn finish(mut self, what: &str, detail: &str, mail: Option<Event>) -> Result<(), AppError> {
        let (app, id) = (self.app, self.application.id);
        let by = Some(self.by.id);
        store::add_event(&mut self.tx, app.new_id(), id, by, (what, detail), app.now()).await?;
        if let Some(event) = mail {
            letters::write(&mut self.tx, app, id, event, &self.by.name).await?;
        }
        self.tx.commit().await?;
        app.job_queued.notify_one();
        Ok(())
    }
}

fn changed_meanwhile() -> AppError {
    AppError::Conflict("This application has changed since the page was opened".into())
}

/// Moves an application from the stage that was shown to another one.
pub async fn move_to(app: &App, by: &Staff, id: Uuid, (from, to): (Uuid, Uuid), mail: bool) -> Result<Stage, AppError> {
    let mut act = Act::on(app, by, id).await?;
    let stages = openings::stages_in(&mut act.tx, act.application.opening).await?;
    let stage = stages.into_iter().find(|stage| stage.id == to);
    let stage = stage.ok_or(AppError::NotFound("stage"))?;
    if act.application.stage == Some(to) && act.application.state == ApplicationState::Active {
        return Ok(stage);
    }
    if act.application.stage != Some(from) || !placing::move_to(&mut act.tx, &act.application, to, app.now()).await? {
        return Err(changed_meanwhile());
    }
    act.finish("Moved to", &stage.name, mail.then_some(Event::ApplicationStep))
        .await?;
    Ok(stage)
}

/// Ends an application. The candidate never sees the reason.
pub async fn reject(app: &App, by: &Staff, id: Uuid, why: &str, mail: bool) -> Result<(), AppError> {
    let mut act = Act::on(app, by, id).await?;
    match act.application.state {
        ApplicationState::Rejected => return Ok(()),
        ApplicationState::Active => {}
        _ => return Err(changed_meanwhile()),
    }
    placing::end(
        &mut act.tx,
        &act.application,
        ApplicationState::Rejected,
        why,
        app.now(),
    )
    .await?;
    act.finish("Rejected", why, mail.then_some(Event::ApplicationRejection))
        .await
}

/// Takes back what a knock-out decided.
pub async fn reverse(app: &App, by: &Staff, id: Uuid, why: &str) -> Result<(), AppError> {
    let mut act = Act::on(app, by, id).await?;
    if act.application.reversed.is_some() {
        return Ok(());
    }
    if !placing::reverse(&mut act.tx, &act.application, by.id, why, app.now()).await? {
        return Err(changed_meanwhile());
    }
    act.finish("Knock-out reversed", why, Some(Event::ApplicationReversal))
        .await
}

/// Takes back a rejection; nobody is told but the trail.
pub async fn reopen(app: &App, by: &Staff, id: Uuid) -> Result<(), AppError> {
    let mut act = Act::on(app, by, id).await?;
    match act.application.state {
        ApplicationState::Active => return Ok(()),
        ApplicationState::Rejected => {}
        _ => return Err(changed_meanwhile()),
    }
    placing::reopen(&mut act.tx, &act.application, app.now()).await?;
    act.finish("Reopened", "", None).await
}

/// Makes somebody responsible, or nobody. Gives the name.
pub async fn assign(app: &App, by: &Staff, id: Uuid, owner: Option<Uuid>) -> Result<Option<String>, AppError> {
    let mut act = Act::on(app, by, id).await?;
    let people = talk::store::people_in(&mut act.tx, act.application.opening).await?;
    let person = owner.and_then(|id| people.into_iter().find(|person| person.id == id));
    if person.is_none() && owner.is_some() {
        return Err(AppError::Conflict(
            "Whoever was chosen is not in the team any more".into(),
        ));
    }
    let name = person.map(|person| person.name);
    if act.application.owner.as_ref().map(|owner| owner.id) == owner {
        return Ok(name);
    }
    placing::assign(&mut act.tx, &act.application, owner).await?;
    match &name {
        Some(name) => act.finish("Responsible", name, None).await?,
        None => act.finish("Nobody is responsible any more", "", None).await?,
    }
    Ok(name)
}

/// Gives a coding test for an application. It is never there without it: other teams would read it.
pub async fn give_test(app: &App, by: &Staff, id: Uuid, invitation: CheckedInvitation) -> Result<Uuid, AppError> {
    let mut act = Act::on(app, by, id).await?;
    let assessment = inviting::invite_in(&mut act.tx, app, by.id, invitation).await?;
    if store::add_assessment(&mut act.tx, id, assessment).await? {
        act.finish("Invited to the coding test", "", None).await?;
    }
    Ok(assessment)
}
