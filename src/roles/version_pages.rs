//! Versions: publishing a draft, reading what was published, and what is new between two.

use askama::Template;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::audit;
use crate::error::AppError;
use crate::hiring::openings::trials::{self, JobTrial};
use crate::people::Staff;
use crate::people::guard::SignedIn;
use crate::roles::difference::Difference;
use crate::roles::draft::Draft;
use crate::roles::draft_pages::Concern;
use crate::roles::format;
use crate::roles::kit::Kit;
use crate::roles::lint;
use crate::roles::pages::{ReadingQuery, find};
use crate::roles::reading::Reading;
use crate::roles::store;
use crate::roles::{KitRecord, Version};
use crate::ui::form::with_errors;
use crate::ui::{Field, Flash, Form, Page, Path, Query, SeeOther, Shell, clean_line};

const LONGEST_NOTE: usize = 300;

#[derive(Template)]
#[template(path = "roles/versions.html")]
pub struct VersionsPage {
    pub shell: Shell,
    pub record: KitRecord,
    pub versions: Vec<Version>,
}

pub async fn versions(
    Shared(app): Shared<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Page<VersionsPage>, AppError> {
    let record = find(&app, id).await?;
    let versions = store::versions(&app.db, id).await?;
    Ok(Page(VersionsPage {
        shell,
        record,
        versions,
    }))
}

#[derive(Template)]
#[template(path = "roles/version.html")]
pub struct VersionPage {
    pub shell: Shell,
    pub record: KitRecord,
    pub version: Version,
    pub reading: Reading,
}

pub async fn version(
    Shared(app): Shared<App>,
    shell: Shell,
    Path((id, number)): Path<(Uuid, u32)>,
    Query(query): Query<ReadingQuery>,
) -> Result<Page<VersionPage>, AppError> {
    let record = find(&app, id).await?;
    let (version, kit) = find_version(&app, id, number).await?;
    let reading = Reading::new(
        kit,
        format!("/kits/{id}/versions/{number}"),
        &query.reader,
        &query.level,
    );
    Ok(Page(VersionPage {
        shell,
        record,
        version,
        reading,
    }))
}

async fn find_version(app: &App, kit: Uuid, number: u32) -> Result<(Version, Kit), AppError> {
    let found = store::version(&app.db, kit, number).await?;
    found.ok_or(AppError::NotFound("version"))
}

#[derive(Template)]
#[template(path = "roles/comparison.html")]
pub struct ComparisonPage {
    pub shell: Shell,
    pub record: KitRecord,
    pub versions: Vec<Version>,
    pub from: u32,
    pub to: u32,
    pub difference: Difference,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct ComparisonQuery {
    from: Option<u32>,
    to: Option<u32>,
}

/// Two versions; the last two, if none are named.
pub async fn comparison(
    Shared(app): Shared<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
    Query(query): Query<ComparisonQuery>,
) -> Result<Page<ComparisonPage>, AppError> {
    let record = find(&app, id).await?;
    let to = query.to.unwrap_or(record.published);
    let from = query.from.unwrap_or(to.saturating_sub(1));
    let (_, before) = find_version(&app, id, from).await?;
    let (_, after) = find_version(&app, id, to).await?;
    Ok(Page(ComparisonPage {
        versions: store::versions(&app.db, id).await?,
        difference: Difference::between(&before, &after),
        shell,
        record,
        from,
        to,
    }))
}

#[derive(Template)]
#[template(path = "roles/publication.html")]
pub struct PublicationPage {
    pub shell: Shell,
    pub record: KitRecord,
    pub draft: Draft,
    /// What is new since the last version; absent before the first.
    pub difference: Option<Difference>,
    /// What has to be mended before it can be published.
    pub faults: Vec<Concern>,
    /// How much the lint has found.
    pub concerns: usize,
    /// What changed knock-outs would have decided, for each job with applications; absent where they are the same.
    pub trials: Option<Vec<JobTrial>>,
    pub note: Field,
}

impl PublicationPage {
    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.note])
    }
}

fn note_field() -> Field {
    Field::new("note", "What is new").hint("a sentence for colleagues; optional")
}

pub async fn publication(
    Shared(app): Shared<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<PublicationPage>, AppError> {
    publication_page(&app, shell, &staff, id, note_field()).await
}

async fn publication_page(
    app: &App,
    shell: Shell,
    staff: &Staff,
    id: Uuid,
    note: Field,
) -> Result<Page<PublicationPage>, AppError> {
    let record = find(app, id).await?;
    let draft = record.draft.clone().ok_or(AppError::NotFound("draft"))?;
    let last = store::version(&app.db, id, record.published).await?;
    let differ = last
        .as_ref()
        .is_some_and(|(_, last)| last.knock_outs != draft.kit.knock_outs);
    Ok(Page(PublicationPage {
        trials: match differ {
            true => Some(trials::for_kit(app, staff, id, &draft.kit.knock_outs).await?),
            false => None,
        },
        difference: last.map(|(_, last)| Difference::between(&last, &draft.kit)),
        faults: Concern::faults(id, &draft.kit),
        concerns: lint::lint_kit(&draft.kit).len() + draft.announced.len(),
        shell,
        record,
        draft,
        note,
    }))
}

#[derive(Deserialize)]
pub struct PublicationForm {
    /// Of the draft that the page showed.
    #[serde(default)]
    revision: i64,
    #[serde(default)]
    note: String,
}

pub async fn publish(
    Shared(app): Shared<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<PublicationForm>,
) -> Result<Response, AppError> {
    let note = clean_line(&form.note);
    if note.chars().count() > LONGEST_NOTE {
        let field = note_field().value(form.note).error(Some("At most 300 characters."));
        let page = publication_page(&app, shell, &staff, id, field).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let mut tx = app.db.begin().await?;
    let record = store::lock(&mut tx, id).await?.ok_or(AppError::NotFound("kit"))?;
    let to = |path: &str, said| Ok(SeeOther::to(format!("/kits/{id}{path}")).saying(said).into_response());
    let Some(draft) = &record.draft else {
        return to(
            "",
            Flash::warn("There is nothing new: it was published or dropped already."),
        );
    };
    if record.revision != form.revision {
        let said = "The draft has changed since you looked. This is what it would publish now.";
        return to("/draft/publication", Flash::warn(said));
    }
    if !draft.leftovers.is_empty() {
        let said = "Some lines of the imported file still wait. Place or drop each of them first.";
        return to("/draft#leftovers", Flash::warn(said));
    }
    if !format::check_kit(&draft.kit).is_empty() {
        let said = "Something in the kit has to be mended first. It stands below.";
        return to("/draft/publication", Flash::warn(said));
    }
    let number = store::publish(&mut tx, &record, &draft.kit, &note, staff.id, app.now()).await?;
    let detail = format!("version {number}");
    audit::note(
        &mut tx,
        staff.id,
        ("Kit published", format!("kit {id}"), &detail),
        app.now(),
    )
    .await?;
    tx.commit().await?;
    to("", Flash::good(format!("Version {number} is published.")))
}
