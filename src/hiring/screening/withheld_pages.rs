//! The page of an application, for those from whom its name is withheld: how its reading stands, and the way to it.

use askama::Template;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::applications::standing::stage_of;
use crate::hiring::applications::store as applications;
use crate::hiring::openings::store as openings;
use crate::hiring::screening::section::Section;
use crate::hiring::screening::veil;
use crate::hiring::{Opening, access};
use crate::people::Staff;
use crate::roles;
use crate::ui::{Page, Shell};

#[derive(Template)]
#[template(path = "hiring/screening/withheld.html")]
pub struct WithheldPage {
    pub shell: Shell,
    pub opening: Opening,
    pub called: String,
    pub stage: String,
    /// Absent where no résumé is to be read.
    pub screening: Option<Section>,
}

pub async fn page(app: &App, shell: Shell, staff: &Staff, id: Uuid) -> Result<Page<WithheldPage>, AppError> {
    let missing = || AppError::NotFound("application");
    let application = applications::find(&app.db, id).await?.ok_or_else(missing)?;
    let opening = access::opening(app, staff, application.opening).await?;
    let kit = roles::version(app, opening.kit, application.kit_version).await?;
    let stages = openings::stages(&app.db, opening.id).await?;
    let stage = stage_of(application.stage, &stages);
    Ok(Page(WithheldPage {
        shell,
        called: veil::label(id),
        stage: stage.map(|stage| stage.name.clone()).unwrap_or_default(),
        screening: Section::of(app, staff, &application, &kit).await?,
        opening,
    }))
}
