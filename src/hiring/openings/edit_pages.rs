//! A job is made and changed.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::access;
use crate::hiring::openings::form::{CheckedOpening, OpeningFields, OpeningForm};
use crate::hiring::openings::pages;
use crate::hiring::openings::store::{self, NewOpening};
use crate::hiring::openings::template;
use crate::hiring::{Employment, Opening, Per, Presence};
use crate::people::Staff;
use crate::people::guard::SignedIn;
use crate::privacy::retention;
use crate::roles::KitRecord;
use crate::roles::kit::Kit;
use crate::roles::store as kits;
use crate::ui::{Flash, Form, Page, Path, Query, SeeOther, Shell};

/// Which kit: what else is asked depends on it.
#[derive(Template)]
#[template(path = "hiring/openings/choose_kit.html")]
pub struct ChooseKitPage {
    pub shell: Shell,
    pub kits: Vec<(Uuid, String)>,
}

#[derive(Template)]
#[template(path = "hiring/openings/form.html")]
pub struct OpeningFormPage {
    pub shell: Shell,
    /// None yet: it is about to be made.
    pub opening: Option<Opening>,
    pub kit: KitRecord,
    pub version: u32,
    pub levels: Vec<String>,
    pub fields: OpeningFields,
    /// Somebody else changed the job while this was typed.
    pub overtaken: bool,
}

impl OpeningFormPage {
    pub fn level_choices(&self) -> Vec<(String, String)> {
        let pair = |level: &String| (level.clone(), level.clone());
        self.levels.iter().map(pair).collect()
    }

    pub fn country_choices(&self) -> Vec<(&'static str, &'static str)> {
        let none = std::iter::once(("", "Choose, or none if remote"));
        none.chain(super::places::countries()).collect()
    }

    pub fn presence_choices(&self) -> Vec<(&'static str, &'static str)> {
        Presence::ALL.iter().map(|one| (one.id(), one.label())).collect()
    }

    pub fn kind_choices(&self) -> Vec<(&'static str, &'static str)> {
        Employment::ALL.iter().map(|one| (one.id(), one.label())).collect()
    }

    pub fn per_choices(&self) -> Vec<(&'static str, &'static str)> {
        Per::ALL.iter().map(|one| (one.id(), one.label())).collect()
    }

    pub fn currencies(&self) -> impl Iterator<Item = &'static str> {
        super::places::currencies()
    }
}

#[derive(Deserialize)]
pub struct NewQuery {
    kit: Option<Uuid>,
}

pub async fn new_page(
    State(app): State<App>,
    shell: Shell,
    Query(query): Query<NewQuery>,
) -> Result<Response, AppError> {
    let Some(id) = query.kit else {
        let kits = kits::published_kits(&app.db).await?;
        return Ok(Page(ChooseKitPage { shell, kits }).into_response());
    };
    let (kit, document) = latest(&app, id).await?;
    let usual_level = document.levels.first().map(String::as_str).unwrap_or_default();
    let fields = OpeningFields::new(&document.title, usual_level, app.new_id().to_string());
    Ok(Page(OpeningFormPage {
        shell,
        opening: None,
        version: kit.published,
        kit,
        levels: document.levels,
        fields,
        overtaken: false,
    })
    .into_response())
}

/// A kit that jobs can be made of, and its last version.
pub async fn latest(app: &App, id: Uuid) -> Result<(KitRecord, Kit), AppError> {
    let record = kits::find(&app.db, id).await?.filter(|kit| !kit.archived);
    let record = record.ok_or(AppError::NotFound("kit"))?;
    let version = kits::version(&app.db, id, record.published).await?;
    let (_, kit) = version.ok_or(AppError::NotFound("kit"))?;
    Ok((record, kit))
}

pub async fn create(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Form(form): Form<OpeningForm>,
) -> Result<Response, AppError> {
    let kit = form.kit.parse().map_err(|_| AppError::NotFound("kit"))?;
    let (kit, document) = latest(&app, kit).await?;
    match form.check(&document.levels, None, app.now()) {
        Ok(checked) => {
            let id = add(&app, &kit, &document, &checked, staff.id).await?;
            let said = Flash::good("The job is there, as a draft. Look at its stages, then publish it.");
            Ok(SeeOther::to(format!("/openings/{id}")).saying(said).into_response())
        }
        Err(fields) => {
            let page = OpeningFormPage {
                shell,
                opening: None,
                version: kit.published,
                kit,
                levels: document.levels,
                fields: *fields,
                overtaken: false,
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

/// With the stages of the template, and its maker in the team. The same form sent twice makes one.
pub async fn add(
    app: &App,
    kit: &KitRecord,
    document: &Kit,
    checked: &CheckedOpening,
    by: Uuid,
) -> Result<Uuid, AppError> {
    let new = NewOpening {
        id: app.new_id(),
        kit: kit.id,
        kit_version: kit.published,
        details: &checked.details,
        created_by: by,
        form_token: checked.form_token,
    };
    let mut tx = app.db.begin().await?;
    let (id, is_new) = store::add(&mut tx, &new, app.now()).await?;
    if is_new {
        for (position, stage) in (0i64..).zip(&template(document)) {
            store::add_stage(&mut tx, app.new_id(), id, position, stage).await?;
        }
        store::join_team(&mut tx, id, by).await?;
    }
    tx.commit().await?;
    Ok(id)
}

pub async fn edit_page(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<OpeningFormPage>, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let fields = OpeningFields::of(&opening, app.new_id().to_string());
    form_page(&app, shell, opening, fields, false).await.map(Page)
}

async fn form_page(
    app: &App,
    shell: Shell,
    opening: Opening,
    fields: OpeningFields,
    overtaken: bool,
) -> Result<OpeningFormPage, AppError> {
    Ok(OpeningFormPage {
        shell,
        kit: pages::kit(app, &opening).await?,
        version: opening.kit_version,
        levels: pinned(app, &opening).await?.levels,
        opening: Some(opening),
        fields,
        overtaken,
    })
}

/// The version of the kit that a job pins.
pub async fn pinned(app: &App, opening: &Opening) -> Result<Kit, AppError> {
    let version = kits::version(&app.db, opening.kit, opening.kit_version).await?;
    version.map(|(_, kit)| kit).ok_or(AppError::NotFound("kit"))
}

pub async fn change(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<OpeningForm>,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let levels = pinned(&app, &opening).await?.levels;
    let typed = form.clone();
    let checked = match form.check(&levels, Some(&opening), app.now()) {
        Ok(checked) => checked,
        Err(fields) => {
            let page = form_page(&app, shell, opening, *fields, false).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
    };
    let mut tx = app.db.begin().await?;
    let current = store::lock(&mut tx, id).await?.ok_or(AppError::NotFound("job"))?;
    if !store::change(&mut tx, &current, checked.revision, &checked.details).await? {
        drop(tx);
        // What was typed comes back, with the present revision: sending it once more is a decision.
        let fields = typed.fields(current.revision, app.new_id().to_string());
        let page = form_page(&app, shell, current, fields, true).await?;
        return Ok((StatusCode::CONFLICT, Page(page)).into_response());
    }
    tx.commit().await?;
    let kept = keep_for(&app, &staff, &current, checked.details.keep_months).await?;
    Ok(kept.into_response())
}

/// Where to go from here. A shorter period that erases somebody at once is confirmed where one sees whom.
async fn keep_for(app: &App, by: &Staff, opening: &Opening, months: u32) -> Result<SeeOther, AppError> {
    let id = opening.id;
    if months < opening.keep_months && retention::forecast(app, id, months).await?.at_once() > 0 {
        let to = SeeOther::to(format!("/openings/{id}/retention?months={months}"));
        let said =
            "The rest is saved. How long applications are kept is not changed yet: this shows what would be erased.";
        return Ok(to.saying(Flash::warn(said)));
    }
    if months != opening.keep_months {
        retention::set(app, by, id, months).await?;
    }
    Ok(SeeOther::to(opening.url()).saying(Flash::good("Saved.")))
}
