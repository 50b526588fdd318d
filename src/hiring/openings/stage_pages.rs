//! The stages of a job: added, renamed, moved, removed.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::error::AppError;
use crate::hiring::access;
use crate::hiring::openings::{MOST_STAGES, NewStage, store};
use crate::hiring::{Opening, Stage, StageKind};
use crate::people::guard::SignedIn;
use crate::ui::form::with_errors;
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell, clean_line};

const LONGEST_NAME: usize = 100;
const MOST_DAYS: u32 = 90;

#[derive(Template)]
#[template(path = "hiring/openings/stages.html")]
pub struct StagesPage {
    pub shell: Shell,
    pub opening: Opening,
    pub stages: Vec<Stage>,
    /// The stage that came back with a mistake, as it was typed.
    pub refused: Option<(Uuid, StageFields)>,
    pub new: StageFields,
    /// The id of the stage that would be added, so that sending it twice adds one.
    pub new_id: Uuid,
}

#[derive(Clone, Debug)]
pub struct StageFields {
    pub name: Field,
    pub kind: Field,
    pub days: Field,
    pub after: Field,
}

impl StageFields {
    pub fn new() -> StageFields {
        StageFields {
            name: Field::new("name", "Name"),
            kind: Field::new("kind", "What happens in it").value(StageKind::Interview.id()),
            days: Field::new("target_days", "Days it should take").value("7"),
            after: Field::new("after", "Behind"),
        }
    }

    pub fn errors(&self) -> Vec<&Field> {
        with_errors(&[&self.name, &self.kind, &self.days, &self.after])
    }
}

impl Default for StageFields {
    fn default() -> StageFields {
        StageFields::new()
    }
}

impl StagesPage {
    pub fn with_errors(&self) -> Vec<&Field> {
        self.new.errors()
    }

    /// The application is always the first, and there once.
    pub fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        let others = StageKind::ALL.iter().filter(|kind| **kind != StageKind::Application);
        others.map(|kind| (kind.id(), kind.label())).collect()
    }

    pub fn places(&self) -> Vec<(String, String)> {
        let pair = |stage: &Stage| (stage.id.to_string(), stage.name.clone());
        self.stages.iter().map(pair).collect()
    }

    pub fn is_fixed(&self, at: &usize) -> bool {
        *at == 0 && self.stages.first().is_some_and(is_door)
    }

    pub fn name_of(&self, stage: &Stage) -> String {
        self.typed(stage)
            .map_or_else(|| stage.name.clone(), |fields| fields.name.value.clone())
    }

    pub fn days_of(&self, stage: &Stage) -> String {
        let days = self.typed(stage).map(|fields| fields.days.value.clone());
        days.unwrap_or_else(|| stage.target_days.to_string())
    }

    pub fn error_of(&self, stage: &Stage) -> Option<&String> {
        let fields = self.typed(stage)?;
        fields.name.error.as_ref().or(fields.days.error.as_ref())
    }

    fn typed(&self, stage: &Stage) -> Option<&StageFields> {
        self.refused
            .as_ref()
            .filter(|(id, _)| *id == stage.id)
            .map(|(_, fields)| fields)
    }
}

fn is_door(stage: &Stage) -> bool {
    stage.kind == StageKind::Application
}

pub async fn stages(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<StagesPage>, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    page(&app, shell, opening).await.map(Page)
}

async fn page(app: &App, shell: Shell, opening: Opening) -> Result<StagesPage, AppError> {
    let stages = store::stages(&app.db, opening.id).await?;
    // Before the decision is where most are missing.
    let decision = stages.iter().position(|stage| stage.kind == StageKind::Decision);
    let before = decision
        .unwrap_or(stages.len())
        .checked_sub(1)
        .and_then(|at| stages.get(at));
    let mut new = StageFields::new();
    new.after.value = before.map(|stage| stage.id.to_string()).unwrap_or_default();
    Ok(StagesPage {
        shell,
        opening,
        stages,
        refused: None,
        new,
        new_id: app.new_id(),
    })
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StageForm {
    id: String,
    name: String,
    kind: String,
    target_days: String,
    after: String,
}

impl StageForm {
    /// `others`: the names of the other stages.
    fn check(&self, others: &[&str]) -> Result<(String, u32), Box<StageFields>> {
        let mut fields = StageFields::new();
        let name = check_name(&self.name, others);
        let days = self
            .target_days
            .trim()
            .parse()
            .ok()
            .filter(|n| (1..=MOST_DAYS).contains(n));
        match (name, days) {
            (Ok(name), Some(days)) => Ok((name, days)),
            (name, days) => {
                let no_days = days
                    .is_none()
                    .then(|| format!("A whole number of days from 1 to {MOST_DAYS}."));
                fields.name = fields.name.value(&self.name).error(name.err());
                fields.days = fields.days.value(&self.target_days).error(no_days);
                fields.kind = fields.kind.value(&self.kind);
                fields.after = fields.after.value(&self.after);
                Err(Box::new(fields))
            }
        }
    }
}

fn check_name(typed: &str, others: &[&str]) -> Result<String, String> {
    let name = clean_line(typed);
    match name.chars().count() {
        0 => Err("Write what the stage is called.".into()),
        n if n > LONGEST_NAME => Err(format!("At most {LONGEST_NAME} characters; these are {n}.")),
        _ if others.contains(&name.as_str()) => Err("Another stage has this name.".into()),
        _ => Ok(name),
    }
}

pub async fn add(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<StageForm>,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let mut tx = app.db.begin().await?;
    let stages = locked(&mut tx, id).await?;
    let new_id = form
        .id
        .parse()
        .map_err(|_| AppError::Malformed("a stage without an id".into()))?;
    if stages.iter().any(|stage| stage.id == new_id) {
        return Ok(back(&opening, "The stage is there.").into_response());
    }
    let names: Vec<&str> = stages.iter().map(|stage| stage.name.as_str()).collect();
    let kind = StageKind::from_id(&form.kind).filter(|kind| *kind != StageKind::Application);
    let full = (stages.len() >= MOST_STAGES).then(|| format!("A job has at most {MOST_STAGES} stages."));
    let (name, target_days, kind) = match (form.check(&names), kind, full) {
        (Ok((name, days)), Some(kind), None) => (name, days, kind),
        (checked, kind, full) => {
            drop(tx);
            let mut page = page(&app, shell, opening).await?;
            page.new = refused(&form, checked.err().map(|fields| *fields));
            page.new.kind.error = kind.is_none().then(|| "Choose one of the list.".into());
            page.new.name.error = full.or(page.new.name.error);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
    };
    let at = stages.iter().position(|stage| stage.id.to_string() == form.after);
    let mut order: Vec<Uuid> = stages.iter().map(|stage| stage.id).collect();
    order.insert(at.map_or(order.len(), |at| at + 1), new_id);
    let new = NewStage {
        name,
        kind,
        target_days,
    };
    if !store::add_stage(&mut tx, new_id, id, 0, &new).await? {
        return Err(AppError::Malformed("a stage of another job".into()));
    }
    store::arrange(&mut tx, id, &order).await?;
    tx.commit().await?;
    Ok(back(&opening, "The stage is there.").into_response())
}

fn refused(form: &StageForm, fields: Option<StageFields>) -> StageFields {
    fields.unwrap_or_else(|| {
        let empty = StageFields::new();
        StageFields {
            name: empty.name.value(&form.name),
            kind: empty.kind.value(&form.kind),
            days: empty.days.value(&form.target_days),
            after: empty.after.value(&form.after),
        }
    })
}

/// The stages as they stand, while nobody else changes them.
async fn locked(tx: &mut Tx, opening: Uuid) -> Result<Vec<Stage>, AppError> {
    store::lock(tx, opening).await?.ok_or(AppError::NotFound("job"))?;
    Ok(store::stages_in(tx, opening).await?)
}

fn back(opening: &Opening, said: &str) -> SeeOther {
    SeeOther::to(format!("{}/stages", opening.url())).saying(Flash::good(said))
}

fn warn(opening: &Opening, said: impl Into<String>) -> SeeOther {
    SeeOther::to(format!("{}/stages", opening.url())).saying(Flash::warn(said))
}

fn find(stages: &[Stage], id: Uuid) -> Result<(usize, &Stage), AppError> {
    let found = stages.iter().enumerate().find(|(_, stage)| stage.id == id);
    found.ok_or(AppError::NotFound("stage"))
}

pub async fn change(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path((id, stage)): Path<(Uuid, Uuid)>,
    Form(form): Form<StageForm>,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let mut tx = app.db.begin().await?;
    let stages = locked(&mut tx, id).await?;
    find(&stages, stage)?;
    let others: Vec<&str> = stages
        .iter()
        .filter(|s| s.id != stage)
        .map(|s| s.name.as_str())
        .collect();
    match form.check(&others) {
        Ok((name, days)) => {
            store::change_stage(&mut tx, id, stage, &name, days).await?;
            tx.commit().await?;
            Ok(back(&opening, "Saved.").into_response())
        }
        Err(fields) => {
            drop(tx);
            let mut page = page(&app, shell, opening).await?;
            page.refused = Some((stage, *fields));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

#[derive(Deserialize)]
pub struct MoveForm {
    #[serde(default)]
    direction: String,
    /// Where it stood on the page, from 0.
    at: usize,
}

pub async fn shift(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((id, stage)): Path<(Uuid, Uuid)>,
    Form(form): Form<MoveForm>,
) -> Result<SeeOther, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let mut tx = app.db.begin().await?;
    let stages = locked(&mut tx, id).await?;
    let (at, _) = find(&stages, stage)?;
    if at != form.at {
        return Ok(warn(
            &opening,
            "The order has changed meanwhile. This is how it stands now.",
        ));
    }
    let other = match form.direction.as_str() {
        "up" => at.checked_sub(1),
        "down" => Some(at + 1),
        other => return Err(AppError::Malformed(format!("direction {other:?}"))),
    };
    let Some(other) = other.filter(|other| *other < stages.len()) else {
        return Ok(warn(&opening, "There is nothing to change places with."));
    };
    if stages.get(at.min(other)).is_some_and(is_door) {
        return Ok(warn(&opening, "The application stays the first stage."));
    }
    let mut order: Vec<Uuid> = stages.iter().map(|stage| stage.id).collect();
    order.swap(at, other);
    store::arrange(&mut tx, id, &order).await?;
    tx.commit().await?;
    Ok(back(&opening, "Moved."))
}

pub async fn remove(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((id, stage)): Path<(Uuid, Uuid)>,
) -> Result<SeeOther, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let mut tx = app.db.begin().await?;
    let stages = locked(&mut tx, id).await?;
    let (at, found) = find(&stages, stage)?;
    if at == 0 && is_door(found) {
        return Ok(warn(&opening, "The application is where everything begins: it stays."));
    }
    let in_it = store::in_stage(&mut tx, stage).await?;
    if let Some(reason) = why_it_stays(&found.name, in_it) {
        return Ok(warn(&opening, reason));
    }
    store::remove_stage(&mut tx, id, stage).await?;
    tx.commit().await?;
    Ok(back(&opening, "The stage is removed."))
}

fn why_it_stays(name: &str, (active, ended): (i64, i64)) -> Option<String> {
    match (active, ended) {
        (0, 0) => None,
        (0, 1) => Some(format!("“{name}” stays: one application ended in it.")),
        (0, n) => Some(format!("“{name}” stays: {n} applications ended in it.")),
        (1, _) => Some(format!("“{name}” stays: one application is in it. Move it on first.")),
        (n, _) => Some(format!(
            "“{name}” stays: {n} applications are in it. Move them on first."
        )),
    }
}
