//! Applying: the dealbreakers first, then the draft behind a link, until it is sent.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::files::serving;
use crate::hiring::applications::drafting::{self, Chosen, Overtaken, Start, Unsent};
use crate::hiring::applications::form::{DraftFields, StartFields};
use crate::hiring::applications::visit::{Visit, visit};
use crate::hiring::applications::{Document, Part, status_pages, store};
use crate::hiring::knock_outs::decide;
use crate::hiring::openings::store as openings;
use crate::hiring::{Application, ApplicationState, Opening, OpeningState};
use crate::mail;
use crate::people::guard::ClientAddress;
use crate::roles::{self, kit::Decision};
use crate::ui::{Flash, Page, Path, Query, SeeOther, Shell, Upload};

/// The page of a job that takes no applications any more.
#[derive(Template)]
#[template(path = "hiring/candidate/closed.html")]
pub struct ClosedPage {
    pub shell: Shell,
    pub company: String,
    pub opening: Opening,
    /// Of a draft that was begun in time; it can be deleted.
    pub link: Option<String>,
}

#[derive(Template)]
#[template(path = "hiring/candidate/start.html")]
pub struct StartPage {
    pub shell: Shell,
    pub company: String,
    pub opening: Opening,
    pub fields: StartFields,
}

#[derive(Deserialize)]
pub struct SourceQuery {
    #[serde(default)]
    source: String,
}

/// A job that the public knows.
async fn known_job(app: &App, slug: &str) -> Result<Opening, AppError> {
    let opening = openings::by_slug(&app.db, slug).await?;
    let opening = opening.filter(|opening| opening.state != OpeningState::Draft);
    opening.ok_or(AppError::NotFound("job"))
}

pub async fn start_page(
    State(app): State<App>,
    shell: Shell,
    Path(slug): Path<String>,
    Query(query): Query<SourceQuery>,
) -> Result<Response, AppError> {
    let opening = known_job(&app, &slug).await?;
    let company = mail::company(&app.db).await?;
    if !opening.takes_applications(app.now()) {
        return Ok(closed(shell, company, opening, None));
    }
    let kit = roles::version(&app, opening.kit, opening.kit_version).await?;
    let mut fields = StartFields::new(&app, &kit);
    fields.source = query.source;
    Ok(Page(StartPage {
        shell,
        company,
        opening,
        fields,
    })
    .into_response())
}

fn closed(shell: Shell, company: String, opening: Opening, link: Option<String>) -> Response {
    let page = ClosedPage {
        shell,
        company,
        opening,
        link,
    };
    (StatusCode::GONE, Page(page)).into_response()
}

pub async fn start(
    State(app): State<App>,
    shell: Shell,
    ClientAddress(address): ClientAddress,
    Path(slug): Path<String>,
    mut typed: Upload,
) -> Result<Response, AppError> {
    let opening = known_job(&app, &slug).await?;
    let company = mail::company(&app.db).await?;
    if !opening.takes_applications(app.now()) {
        return Ok(closed(shell, company, opening, None));
    }
    let kit = roles::version(&app, opening.kit, opening.kit_version).await?;
    let fields = StartFields::typed(&app, &kit, &mut typed);
    match drafting::start(&app, &opening, fields, address).await? {
        Start::Begun { link } => Ok(SeeOther::to(format!("/application/{link}")).into_response()),
        Start::Refused(fields) => {
            let page = StartPage {
                shell,
                company,
                opening,
                fields: *fields,
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Start::TooMany(mut fields, wait) => {
            let minutes = wait.as_secs().div_ceil(60).max(1);
            fields.said = Some(format!(
                "Too many applications were begun from your network or for this address. Please try again in {minutes} min."
            ));
            let after = [(header::RETRY_AFTER, wait.as_secs().max(1).to_string())];
            let page = StartPage {
                shell,
                company,
                opening,
                fields: *fields,
            };
            Ok((StatusCode::TOO_MANY_REQUESTS, after, Page(page)).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "hiring/candidate/draft.html")]
pub struct DraftPage {
    pub shell: Shell,
    pub company: String,
    pub application: Application,
    pub opening: Opening,
    pub fields: DraftFields,
    pub files: Vec<Document>,
    /// The answers end the application, for this reason.
    pub ends: Option<String>,
    pub keep_until: Timestamp,
    pub forgotten_at: Timestamp,
    pub said: Option<String>,
}

impl DraftPage {
    pub fn file(&self, part: Part) -> Option<&Document> {
        self.files.iter().find(|file| file.part == part)
    }

    pub fn has_questions(&self) -> bool {
        self.fields.questions.iter().any(|question| !question.dealbreaker)
    }

    pub fn has_dealbreakers(&self) -> bool {
        self.fields.questions.iter().any(|question| question.dealbreaker)
    }

    pub fn url(&self, page: &str) -> String {
        format!("/application/{}{page}", self.application.link)
    }
}

/// Whatever a link leads to: the draft, or how the application stands.
pub async fn application(State(app): State<App>, shell: Shell, Path(link): Path<String>) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    if visit.application.state != ApplicationState::Draft {
        return status_pages::status(&app, visit).await;
    }
    if !visit.opening.takes_applications(app.now()) {
        let link = Some(visit.application.link);
        return Ok(closed(visit.shell, visit.company, visit.opening, link));
    }
    let answers = store::answers(&app.db, visit.application.id).await?;
    let fields = DraftFields::stored(&visit.kit, &visit.application, &answers);
    Ok(Page(draft_page(&app, visit, fields, None).await?).into_response())
}

async fn draft_page(app: &App, visit: Visit, fields: DraftFields, said: Option<String>) -> Result<DraftPage, AppError> {
    let ruling = decide(&visit.kit.knock_outs, &fields.given());
    let ends = (ruling.decision == Decision::Declines).then_some(ruling.reason);
    Ok(DraftPage {
        files: store::files(&app.db, visit.application.id).await?,
        keep_until: drafting::months_after(app.now(), visit.opening.keep_months),
        forgotten_at: visit.application.changed_at.plus(drafting::DRAFT_KEPT),
        shell: visit.shell,
        company: visit.company,
        application: visit.application,
        opening: visit.opening,
        fields,
        ends,
        said,
    })
}

/// What a person wants who sends the form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Intent {
    Save,
    Send,
    /// A script saves what is typed; nobody waits for a page.
    Autosave,
}

pub async fn save(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
    mut typed: Upload,
) -> Result<Response, AppError> {
    let mut visit = visit!(app, shell, link);
    let intent = match typed.take("intent").as_str() {
        "send" => Intent::Send,
        "autosave" => Intent::Autosave,
        _ => Intent::Save,
    };
    let mut fields = DraftFields::typed(&visit.kit, &mut typed);
    let chosen: Chosen = Part::ALL
        .into_iter()
        .filter_map(|part| typed.take_file(part.id()).map(|(name, bytes)| (part, name, bytes)))
        .collect();
    let saved = drafting::save(&app, visit.application.id, &fields).await?;
    let application = match saved {
        Ok(application) => application,
        Err(Overtaken) => return overtaken(&app, visit, fields, intent).await,
    };
    fields.revision = application.revision;
    visit.application = application;
    if intent == Intent::Autosave {
        let said = json!({ "revision": fields.revision, "at": app.now().iso() });
        return Ok(([(header::CONTENT_TYPE, "application/json")], said.to_string()).into_response());
    }
    drafting::keep_files(&app, &visit.application, chosen, &mut fields).await?;
    match intent {
        Intent::Send => send(&app, visit, fields).await,
        _ if fields.with_errors().is_empty() => {
            let said = "Saved. Your link, which we have mailed to you, brings you back here.";
            Ok(SeeOther::to(visit.url("")).saying(Flash::good(said)).into_response())
        }
        _ => refused(&app, visit, fields, StatusCode::UNPROCESSABLE_ENTITY, None).await,
    }
}

async fn refused(
    app: &App,
    visit: Visit,
    fields: DraftFields,
    status: StatusCode,
    said: Option<String>,
) -> Result<Response, AppError> {
    let page = draft_page(app, visit, fields, said).await?;
    Ok((status, Page(page)).into_response())
}

/// Another tab or device was quicker: what was typed here is shown, and kept as soon as it is sent again.
async fn overtaken(app: &App, visit: Visit, mut fields: DraftFields, intent: Intent) -> Result<Response, AppError> {
    let current = store::find(&app.db, visit.application.id).await?;
    let current = current.ok_or(AppError::NotFound("application"))?;
    if intent == Intent::Autosave {
        let headers = [(header::CONTENT_TYPE, "application/json")];
        return Ok((StatusCode::CONFLICT, headers, "{}").into_response());
    }
    if current.state != ApplicationState::Draft {
        return Ok(SeeOther::to(visit.url("")).into_response());
    }
    fields.revision = current.revision;
    let said = "This application was changed in another window or on another device since this page was opened. \
                Below is what you typed here: send it again to keep it, or reload the page to see the other one."
        .to_owned();
    refused(app, visit, fields, StatusCode::CONFLICT, Some(said)).await
}

async fn send(app: &App, visit: Visit, mut fields: DraftFields) -> Result<Response, AppError> {
    let files = store::files(&app.db, visit.application.id).await?;
    let ruling = decide(&visit.kit.knock_outs, &fields.given());
    let has_resume = files.iter().any(|file| file.part == Part::Resume);
    fields.miss(ruling.decision == Decision::Declines, has_resume);
    if !fields.with_errors().is_empty() {
        return refused(app, visit, fields, StatusCode::UNPROCESSABLE_ENTITY, None).await;
    }
    match drafting::send(app, visit.application.id, &visit.kit).await? {
        Ok(()) | Err(Unsent::Sent) => Ok(SeeOther::to(visit.url("")).into_response()),
        Err(Unsent::Closed) => {
            let link = Some(visit.application.link);
            Ok(closed(visit.shell, visit.company, visit.opening, link))
        }
    }
}

/// One of the candidate's own files.
pub async fn file(
    State(app): State<App>,
    shell: Shell,
    Path((link, id)): Path<(String, Uuid)>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let document = store::file(&app.db, id).await?;
    let document = document.filter(|document| document.application == visit.application.id);
    serve(&app, document.ok_or(AppError::NotFound("file"))?).await
}

pub async fn serve(app: &App, document: Document) -> Result<Response, AppError> {
    let bytes = app.files.get(&drafting::key_of(&document)).await;
    let bytes = bytes.map_err(|e| AppError::Internal(e.into()))?;
    let answer = serving::attachment(document.kind, &document.name, bytes.len() as u64);
    Ok((answer.status, answer.headers, bytes).into_response())
}

pub async fn remove_file(
    State(app): State<App>,
    shell: Shell,
    Path((link, id)): Path<(String, Uuid)>,
    mut typed: Upload,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let answer = SeeOther::to(visit.url(""));
    if visit.application.state != ApplicationState::Draft {
        return Ok(answer.into_response());
    }
    let document = store::file(&app.db, id).await?;
    let Some(document) = document.filter(|document| document.application == visit.application.id) else {
        return Ok(answer.into_response());
    };
    // The button is in the form, and what else was typed there must not be lost for it.
    let fields = DraftFields::typed(&visit.kit, &mut typed);
    let _ = drafting::save(&app, visit.application.id, &fields).await?;
    let mut tx = app.db.begin().await?;
    store::remove_file(&mut tx, document.id).await?;
    tx.commit().await?;
    app.files.discard(&drafting::key_of(&document)).await;
    let said = format!("“{}” is removed.", document.name);
    Ok(answer.saying(Flash::good(said)).into_response())
}

#[derive(Template)]
#[template(path = "hiring/candidate/removal.html")]
pub struct RemovalPage {
    pub shell: Shell,
    pub company: String,
    pub opening: Opening,
    pub link: String,
}

pub async fn removal_page(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    if visit.application.state != ApplicationState::Draft {
        return Ok(SeeOther::to(visit.url("")).into_response());
    }
    Ok(Page(RemovalPage {
        shell: visit.shell,
        company: visit.company,
        opening: visit.opening,
        link,
    })
    .into_response())
}

pub async fn remove(State(app): State<App>, shell: Shell, Path(link): Path<String>) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    match drafting::remove(&app, visit.application.id).await? {
        true => {
            let said = "Your draft is deleted, with everything in it.";
            Ok(SeeOther::to(format!("/jobs/{}", visit.opening.slug))
                .saying(Flash::good(said))
                .into_response())
        }
        false => Ok(SeeOther::to(visit.url("")).into_response()),
    }
}

/// So that a download has a name of its own.
pub fn attachment(name: &str, content_type: &'static str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers
}
