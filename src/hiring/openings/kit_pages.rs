//! A job goes on with a newer version of its kit, once somebody has seen what that changes.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::audit;
use crate::error::AppError;
use crate::hiring::access;
use crate::hiring::openings::edit_pages::pinned;
use crate::hiring::openings::trials::{self, JobTrial};
use crate::hiring::openings::{pages, store};
use crate::hiring::{Opening, Stage, StageKind};
use crate::people::Staff;
use crate::people::guard::SignedIn;
use crate::roles::KitRecord;
use crate::roles::difference::Difference;
use crate::roles::kit::Kit;
use crate::roles::store as kits;
use crate::ui::form::with_errors;
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell, clean_line};

#[derive(Template)]
#[template(path = "hiring/openings/kit.html")]
pub struct KitPage {
    pub shell: Shell,
    pub opening: Opening,
    pub kit: KitRecord,
    pub difference: Difference,
    pub knock_outs_differ: bool,
    pub trial: JobTrial,
    /// To be chosen anew where the newer version does not have the job's level.
    pub level: Field,
    pub levels: Vec<String>,
    /// Interview rounds of the newer version that no stage is named after.
    pub rounds_without_stage: Vec<String>,
}

impl KitPage {
    pub fn with_errors(&self) -> Vec<&Field> {
        match self.needs_level() {
            true => with_errors(&[&self.level]),
            false => Vec::new(),
        }
    }

    pub fn needs_level(&self) -> bool {
        !fits(&self.opening.level, &self.levels)
    }

    pub fn level_choices(&self) -> Vec<(String, String)> {
        let choose = std::iter::once((String::new(), "Choose".to_owned()));
        choose
            .chain(self.levels.iter().map(|level| (level.clone(), level.clone())))
            .collect()
    }
}

fn fits(level: &str, levels: &[String]) -> bool {
    levels.iter().any(|one| one == level) || (levels.is_empty() && level.is_empty())
}

pub async fn kit(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    show(&app, shell, &staff, opening, None).await
}

async fn show(
    app: &App,
    shell: Shell,
    staff: &Staff,
    opening: Opening,
    error: Option<&str>,
) -> Result<Response, AppError> {
    let record = pages::kit(app, &opening).await?;
    if record.published <= opening.kit_version {
        let said = Flash::warn("The job has the newest version of its kit.");
        return Ok(SeeOther::to(opening.url()).saying(said).into_response());
    }
    let (old, new) = (
        pinned(app, &opening).await?,
        version(app, &opening, record.published).await?,
    );
    let stages = store::stages(&app.db, opening.id).await?;
    let page = KitPage {
        shell,
        difference: Difference::between(&old, &new),
        knock_outs_differ: old.knock_outs != new.knock_outs,
        trial: trials::for_opening(app, staff, &opening, &new.knock_outs).await?,
        level: Field::new("level", "Level")
            .hint("the newer version has others")
            .error(error),
        rounds_without_stage: rounds_without_stage(&new, &stages),
        levels: new.levels,
        kit: record,
        opening,
    };
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok((status, Page(page)).into_response())
}

async fn version(app: &App, opening: &Opening, number: u32) -> Result<Kit, AppError> {
    let version = kits::version(&app.db, opening.kit, number).await?;
    version.map(|(_, kit)| kit).ok_or(AppError::NotFound("version"))
}

fn rounds_without_stage(kit: &Kit, stages: &[Stage]) -> Vec<String> {
    let has_stage = |name: &str| {
        let mut interviews = stages.iter().filter(|stage| stage.kind == StageKind::Interview);
        interviews.any(|stage| stage.name == name)
    };
    let names = kit.rounds.iter().map(|round| clean_line(&round.name));
    names.filter(|name| !has_stage(name)).collect()
}

#[derive(Deserialize)]
pub struct PinForm {
    /// That the page showed.
    #[serde(default)]
    version: u32,
    #[serde(default)]
    level: String,
}

pub async fn pin(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<PinForm>,
) -> Result<Response, AppError> {
    access::opening(&app, &staff, id).await?;
    let mut tx = app.db.begin().await?;
    let opening = store::lock(&mut tx, id).await?.ok_or(AppError::NotFound("job"))?;
    let back = SeeOther::to(opening.url());
    if form.version <= opening.kit_version {
        let said = format!("The job has version {} of its kit by now.", opening.kit_version);
        return Ok(back.saying(Flash::warn(said)).into_response());
    }
    let levels = version(&app, &opening, form.version).await?.levels;
    let level = if fits(&opening.level, &levels) {
        &opening.level
    } else {
        &form.level
    };
    if !fits(level, &levels) {
        drop(tx);
        return show(
            &app,
            shell,
            &staff,
            opening,
            Some("Choose one of the levels of the newer version."),
        )
        .await;
    }
    store::pin(&mut tx, id, form.version, level).await?;
    let (what, detail) = ("Kit version taken over", format!("version {}", form.version));
    audit::note(&mut tx, staff.id, (what, format!("job {id}"), &detail), app.now()).await?;
    tx.commit().await?;
    let said = format!("From now on, candidates meet version {}.", form.version);
    Ok(back.saying(Flash::good(said)).into_response())
}
