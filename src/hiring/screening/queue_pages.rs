//! What a reader has before them for a job: what waits, what they have begun, what they have read.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::applications::store as applications;
use crate::hiring::screening::store::{Own, Unread};
use crate::hiring::screening::{Settings, age_words, queue, reading, store, veil};
use crate::hiring::{Opening, access};
use crate::people::guard::SignedIn;
use crate::people::{Permission, Staff};
use crate::roles;
use crate::ui::{Flash, Page, Path, SeeOther, Shell, capped};

const OWN_SHOWN: i64 = 30;

#[derive(Template)]
#[template(path = "hiring/screening/queue.html")]
pub struct QueuePage {
    pub shell: Shell,
    pub now: Timestamp,
    pub opening: Opening,
    pub settings: Settings,
    /// What résumés are read for.
    pub criteria: Vec<String>,
    pub waiting: Vec<Unread>,
    pub own: Vec<Own>,
}

impl QueuePage {
    pub fn handles(&self) -> bool {
        self.shell.may(&Permission::HandleApplications)
    }

    pub fn may_edit(&self) -> bool {
        self.shell.may(&Permission::EditJobs)
    }

    pub fn n(&self) -> String {
        capped(i64::try_from(self.waiting.len()).unwrap_or(i64::MAX))
    }

    pub fn oldest(&self) -> Option<String> {
        self.waiting.first().map(|first| age_words(first.since, self.now))
    }

    pub fn begun(&self) -> Vec<&Own> {
        let begun = |own: &&Own| own.screening.submitted_at.is_none() && !own.done;
        self.own.iter().filter(begun).collect()
    }

    pub fn read(&self) -> Vec<&Own> {
        self.own
            .iter()
            .filter(|own| own.screening.submitted_at.is_some())
            .collect()
    }

    /// What names the line of an application: no name, where names are withheld.
    pub fn called(&self, own: &Own) -> String {
        match self.settings.anonymised && !own.done {
            true => veil::label(own.screening.application),
            false => own.candidate.clone(),
        }
    }
}

pub async fn queue_page(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<QueuePage>, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let settings = store::settings(&app.db, id).await?;
    let kit = roles::version(&app, opening.kit, opening.kit_version).await?;
    Ok(Page(QueuePage {
        shell,
        now: app.now(),
        settings,
        criteria: kit.resume_criteria,
        waiting: queue::waiting(&app, staff.id, &opening, &settings).await?,
        own: store::own(&app.db, staff.id, id, OWN_SHOWN).await?,
        opening,
    }))
}

/// Opens what waits longest.
pub async fn read_next(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    to_next(&app, &staff, &opening, None).await
}

/// The way to what waits longest for this reader, or to the queue.
pub async fn to_next(app: &App, staff: &Staff, opening: &Opening, said: Option<&str>) -> Result<Response, AppError> {
    let settings = store::settings(&app.db, opening.id).await?;
    for unread in queue::waiting(app, staff.id, opening, &settings).await? {
        let Some(application) = applications::find(&app.db, unread.id).await? else {
            continue;
        };
        // Somebody else may have read it between our look and our step.
        match reading::begin(app, staff, &application, opening).await {
            Ok(screening) => {
                let to = SeeOther::to(format!("/screenings/{screening}"));
                return Ok(match said {
                    Some(said) => to.saying(Flash::good(format!("{said} This is the next."))),
                    None => to,
                }
                .into_response());
            }
            Err(AppError::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let to = SeeOther::to(format!("{}/screening/queue", opening.url()));
    let said = format!("{} Nothing else waits for you here.", said.unwrap_or_default());
    Ok(to.saying(Flash::good(said.trim())).into_response())
}

/// Begins with one application in particular.
pub async fn read_this(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, AppError> {
    let missing = || AppError::NotFound("application");
    let application = applications::find(&app.db, id).await?.ok_or_else(missing)?;
    // Whose name is withheld can be read all the same.
    let opening = access::opening(&app, &staff, application.opening)
        .await
        .map_err(|error| match error {
            AppError::NotFound(_) => missing(),
            error => error,
        })?;
    let screening = reading::begin(&app, &staff, &application, &opening).await?;
    Ok(SeeOther::to(format!("/screenings/{screening}")))
}
