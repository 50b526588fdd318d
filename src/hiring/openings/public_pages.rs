//! Jobs as everybody sees them, and search engines too.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::access;
use crate::hiring::openings::edit_pages::pinned;
use crate::hiring::openings::process::Process;
use crate::hiring::openings::{ago, posting, store, summary};
use crate::hiring::{Opening, OpeningState};
use crate::mail;
use crate::people::guard::SignedIn;
use crate::ui::{Field, Page, Path, Query, Shell, markdown, percent_encoded};

const LINES_A_PAGE: usize = 50;
/// Fewer are read faster than searched.
const MANY: i64 = 10;

#[derive(Template)]
#[template(path = "jobs/jobs.html")]
pub struct JobsPage {
    pub shell: Shell,
    pub company: String,
    pub address: String,
    pub now: Timestamp,
    /// How many are open, all in all.
    pub open: i64,
    pub words: Field,
    pub lines: Vec<Opening>,
    pub newest: Option<String>,
    pub older: Option<String>,
}

impl JobsPage {
    pub fn can_search(&self) -> bool {
        self.open > MANY || self.is_searched()
    }

    pub fn is_searched(&self) -> bool {
        !self.words.value.is_empty()
    }

    pub fn published(&self, opening: &Opening) -> String {
        opening.published_at.map(|at| ago(at, self.now)).unwrap_or_default()
    }
}

#[derive(Deserialize)]
pub struct JobsQuery {
    #[serde(default)]
    words: String,
    before: Option<i64>,
    id: Option<Uuid>,
}

impl JobsQuery {
    fn url(&self, before: Option<(Timestamp, Uuid)>) -> String {
        let before = before
            .map(|(at, id)| format!("&before={}&id={id}", at.0))
            .unwrap_or_default();
        format!("/jobs?words={}{before}", percent_encoded(&self.words))
    }
}

pub async fn jobs(
    State(app): State<App>,
    shell: Shell,
    Query(query): Query<JobsQuery>,
) -> Result<Page<JobsPage>, AppError> {
    let now = app.now();
    let words = query.words.trim();
    let before = query.before.map(Timestamp).zip(query.id);
    let most = i64::try_from(LINES_A_PAGE + 1).unwrap_or(i64::MAX);
    let mut lines = store::open(&app.db, Some(words).filter(|w| !w.is_empty()), before, now, most).await?;
    let more = lines.len() > LINES_A_PAGE;
    lines.truncate(LINES_A_PAGE);
    let last = lines.last().filter(|_| more);
    let last = last.and_then(|opening| Some((opening.published_at?, opening.id)));
    Ok(Page(JobsPage {
        shell,
        company: mail::company(&app.db).await?,
        address: app.config.public_url.join("/jobs"),
        now,
        open: store::count_open(&app.db, now).await?,
        words: Field::new("words", "Title or place").value(words),
        newest: before.map(|_| query.url(None)),
        older: last.map(|last| query.url(Some(last))),
        lines,
    }))
}

#[derive(Template)]
#[template(path = "jobs/job.html")]
pub struct JobPage {
    pub shell: Shell,
    pub company: String,
    /// The full address of this page.
    pub address: String,
    pub now: Timestamp,
    pub opening: Opening,
    pub about: String,
    pub process: Process,
    pub summary: String,
    /// For search engines; absent where they should not find it.
    pub posting: Option<String>,
    /// The staff looks at what is not published.
    pub preview: bool,
}

impl JobPage {
    pub fn published(&self) -> String {
        self.opening
            .published_at
            .map(|at| ago(at, self.now))
            .unwrap_or_default()
    }
}

/// A job that takes no applications any more.
#[derive(Template)]
#[template(path = "jobs/closed.html")]
pub struct ClosedJobPage {
    pub shell: Shell,
    pub company: String,
    pub opening: Opening,
}

pub async fn job(State(app): State<App>, shell: Shell, Path(slug): Path<String>) -> Result<Response, AppError> {
    let opening = store::by_slug(&app.db, &slug).await?;
    let opening = opening.filter(|opening| opening.state != OpeningState::Draft);
    let opening = opening.ok_or(AppError::NotFound("job"))?;
    if !opening.takes_applications(app.now()) {
        let company = mail::company(&app.db).await?;
        let page = ClosedJobPage {
            shell,
            company,
            opening,
        };
        return Ok((StatusCode::GONE, Page(page)).into_response());
    }
    let page = page(&app, shell, opening, false).await?;
    Ok(Page(page).into_response())
}

/// What everybody would see.
pub async fn preview(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<JobPage>, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    page(&app, shell, opening, true).await.map(Page)
}

async fn page(app: &App, shell: Shell, opening: Opening, preview: bool) -> Result<JobPage, AppError> {
    let company = mail::company(&app.db).await?;
    let stages = store::stages(&app.db, opening.id).await?;
    let process = Process::of(&opening, &stages, &pinned(app, &opening).await?);
    let address = app.config.public_url.join(&opening.public_path());
    Ok(JobPage {
        shell,
        now: app.now(),
        about: markdown::to_html(&opening.about),
        summary: summary(&opening, &company, &process),
        posting: posting::script(&opening, &company, &address).filter(|_| !preview),
        process,
        address,
        opening,
        company,
        preview,
    })
}

pub async fn sitemap(State(app): State<App>) -> Result<Response, AppError> {
    let slugs = store::open_slugs(&app.db, app.now()).await?;
    let paths = std::iter::once("/jobs".to_owned()).chain(slugs.iter().map(|slug| format!("/jobs/{slug}")));
    let urls: String = paths
        .map(|path| format!("<url><loc>{}</loc></url>\n", app.config.public_url.join(&path)))
        .collect();
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{urls}</urlset>\n"
    );
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], xml).into_response())
}

/// Jobs may be found; the rest of this server is nobody's business.
pub async fn robots(State(app): State<App>) -> String {
    format!(
        "User-agent: *\nAllow: /jobs\nAllow: /static/\nAllow: /sitemap.xml\nDisallow: /jobs/*/application\nDisallow: /\n\n\
         Sitemap: {}\n",
        app.config.public_url.join("/sitemap.xml")
    )
}
