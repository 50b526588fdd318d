//! The list of kits, the ways to a new one, and a kit to read.

use askama::Template;
use axum::extract::State as Shared;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::audit;
use crate::error::AppError;
use crate::people::guard::SignedIn;
use crate::roles::draft::Draft;
use crate::roles::import::{self, Import, ImportError};
use crate::roles::kit::Kit;
use crate::roles::reading::Reading;
use crate::roles::store::{self, Content, Filter, NewKit};
use crate::roles::{Kept, KitLine, KitRecord, format, keep};
use crate::ui::form::with_errors;
use crate::ui::{
    Field, Flash, Form, Page, Path, Query, SeeOther, Shell, Upload, capitalised, clean_line, percent_encoded,
};

const LINES_A_PAGE: usize = 25;
const LONGEST_TITLE: usize = 200;
/// What is sent back into the page when it is refused.
const MOST_KEPT: usize = 1024 * 1024;

#[derive(Template)]
#[template(path = "roles/kits.html")]
pub struct KitsPage {
    pub shell: Shell,
    pub lines: Vec<KitLine>,
    pub title: Field,
    pub archived: bool,
    /// How many are put away.
    pub in_archive: i64,
    pub filtered: bool,
    /// Addresses of the pages beside this one.
    pub first: Option<String>,
    pub next: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct KitsQuery {
    #[serde(default)]
    title: String,
    #[serde(default)]
    archived: String,
    /// The title and the id after which this page begins.
    after: Option<String>,
    id: Option<Uuid>,
}

impl KitsQuery {
    fn url(&self, after: Option<(&str, Uuid)>) -> String {
        let mut parts = Vec::new();
        for (name, value) in [("title", &self.title), ("archived", &self.archived)] {
            if !value.is_empty() {
                parts.push(format!("{name}={}", percent_encoded(value)));
            }
        }
        parts.extend(after.map(|(title, id)| format!("after={}&id={id}", percent_encoded(title))));
        if parts.is_empty() {
            "/kits".into()
        } else {
            format!("/kits?{}", parts.join("&"))
        }
    }
}

pub async fn kits(
    Shared(app): Shared<App>,
    shell: Shell,
    Query(query): Query<KitsQuery>,
) -> Result<Page<KitsPage>, AppError> {
    let filter = Filter {
        title: Some(clean_line(&query.title)).filter(|title| !title.is_empty()),
        archived: query.archived == "yes",
        after: query.after.clone().zip(query.id),
    };
    let most = i64::try_from(LINES_A_PAGE + 1).unwrap_or(i64::MAX);
    let mut lines = store::list(&app.db, &filter, most).await?;
    let more = lines.len() > LINES_A_PAGE;
    lines.truncate(LINES_A_PAGE);
    let last = lines
        .last()
        .filter(|_| more)
        .map(|line| (crate::ui::folded(&line.title), line.id));
    Ok(Page(KitsPage {
        shell,
        title: Field::new("title", "Title").value(&query.title),
        archived: filter.archived,
        in_archive: store::count_archived(&app.db).await?,
        filtered: filter.title.is_some(),
        first: filter.after.as_ref().map(|_| query.url(None)),
        next: last.map(|(title, id)| query.url(Some((&title, id)))),
        lines,
    }))
}

#[derive(Template)]
#[template(path = "roles/new.html")]
pub struct NewKitPage {
    pub shell: Shell,
    pub text: Field,
    pub title: Field,
    pub form_token: String,
}

impl NewKitPage {
    fn new(app: &App, shell: Shell) -> NewKitPage {
        NewKitPage {
            shell,
            text: Field::new("text", "Role document or question page").hint("paste it, or drop a file here"),
            title: Field::new("title", "Title").hint("the role, as candidates read it"),
            form_token: app.new_id().to_string(),
        }
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.text, &self.title])
    }
}

pub async fn new_page(Shared(app): Shared<App>, shell: Shell) -> Page<NewKitPage> {
    Page(NewKitPage::new(&app, shell))
}

#[derive(Deserialize)]
pub struct TitleForm {
    #[serde(default)]
    title: String,
    #[serde(default)]
    form_token: String,
}

/// An empty kit, to be written by hand.
pub async fn create(
    Shared(app): Shared<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Form(form): Form<TitleForm>,
) -> Result<Response, AppError> {
    let title = clean_line(&form.title);
    let error = match title.chars().count() {
        0 => Some("Write which role it is for."),
        1..=LONGEST_TITLE => None,
        _ => Some("A title has at most 200 characters."),
    };
    if error.is_some() {
        let page = NewKitPage::new(&app, shell);
        let title = page.title.clone().value(form.title).error(error);
        let page = NewKitPage { title, ..page };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    }
    let new = NewKit {
        id: app.new_id(),
        content: Content::Draft(Draft::of(Kit::titled(title))),
        by: Some(staff.id),
        shipped: None,
        form_token: form.form_token.parse().ok(),
    };
    let mut tx = app.db.begin().await?;
    let id = store::add_once(&mut tx, &new, app.now()).await?;
    tx.commit().await?;
    Ok(SeeOther::to(format!("/kits/{id}/draft")).into_response())
}

/// A document that was pasted or uploaded becomes a kit, or a bank if it is a page of questions.
pub async fn import(
    Shared(app): Shared<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    mut upload: Upload,
) -> Result<Response, AppError> {
    let (text, form_token) = (upload.take("text"), upload.take("form_token").parse().ok());
    let (name, bytes) = match upload.take_file("file") {
        Some((name, bytes)) => (name, bytes.to_vec()),
        None => ("pasted.txt".to_owned(), text.clone().into_bytes()),
    };
    // It takes a processor for a moment: a large page must not hold up the others.
    let read = tokio::task::spawn_blocking(move || import::import(&name, &bytes)).await?;
    match read {
        Ok(import) => {
            let to = match keep(&app, &import, Some(staff.id), form_token).await? {
                Kept::Kit(id) => format!("/kits/{id}/draft"),
                Kept::Bank(id) => format!("/banks/{id}"),
            };
            Ok(SeeOther::to(to).saying(said_of(&import)).into_response())
        }
        Err(error) => Ok(refuse(&app, shell, text, &error)),
    }
}

fn said_of(import: &Import) -> Flash {
    match import.leftovers().count() {
        0 => Flash::good("Imported. Every line has its place."),
        1 => Flash::warn("Imported. One line was not understood: it waits below."),
        left => Flash::warn(format!("Imported. {left} lines were not understood: they wait below.")),
    }
}

fn refuse(app: &App, shell: Shell, text: String, error: &ImportError) -> Response {
    let page = NewKitPage::new(app, shell);
    let kept = if text.len() <= MOST_KEPT { text } else { String::new() };
    let text = page.text.clone().value(kept).error(Some(sentence(&error.to_string())));
    (StatusCode::UNPROCESSABLE_ENTITY, Page(NewKitPage { text, ..page })).into_response()
}

/// An error's text as a reader's sentence.
fn sentence(text: &str) -> String {
    format!("{}.", capitalised(text.trim_end_matches('.')))
}

#[derive(Template)]
#[template(path = "roles/kit.html")]
pub struct KitPage {
    pub shell: Shell,
    pub record: KitRecord,
    pub about: Option<crate::roles::Version>,
    pub reading: Reading,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct ReadingQuery {
    #[serde(default, rename = "for")]
    pub reader: String,
    #[serde(default)]
    pub level: String,
}

/// The last version; the draft, while there is none.
pub async fn kit(
    Shared(app): Shared<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
    Query(query): Query<ReadingQuery>,
) -> Result<Page<KitPage>, AppError> {
    let record = find(&app, id).await?;
    let (about, kit) = match store::version(&app.db, id, record.published).await? {
        Some((version, kit)) => (Some(version), kit),
        None => (None, record.draft.clone().unwrap_or_default().kit),
    };
    let reading = Reading::new(kit, format!("/kits/{id}"), &query.reader, &query.level);
    Ok(Page(KitPage {
        shell,
        record,
        about,
        reading,
    }))
}

pub async fn find(app: &App, id: Uuid) -> Result<KitRecord, AppError> {
    store::find(&app.db, id).await?.ok_or(AppError::NotFound("kit"))
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct ExportQuery {
    /// A version's number, or `draft`; the last version without it.
    #[serde(default)]
    version: String,
}

/// The kit as a file of the format in `roles/`.
pub async fn export(
    Shared(app): Shared<App>,
    Path(id): Path<Uuid>,
    Query(query): Query<ExportQuery>,
) -> Result<Response, AppError> {
    let record = find(&app, id).await?;
    let number = query.version.parse().unwrap_or(record.published);
    let stored = store::version(&app.db, id, number).await?;
    let kit = match (query.version.as_str(), stored, record.draft) {
        ("draft", _, Some(draft)) | ("", None, Some(draft)) => draft.kit,
        ("draft", Some((_, kit)), None) | (_, Some((_, kit)), _) => kit,
        _ => return Err(AppError::NotFound("version")),
    };
    Ok(download(&kit.title, &format::write_kit(&kit)))
}

/// A text file that a browser saves.
pub fn download(title: &str, text: &str) -> Response {
    let word = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = crate::ui::folded(title).chars().map(word).collect();
    let name: Vec<&str> = name.split('-').filter(|word| !word.is_empty()).collect();
    let name = if name.is_empty() {
        "kit".to_owned()
    } else {
        name.join("-")
    };
    let headers = [
        (header::CONTENT_TYPE, "application/toml; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.toml\""),
        ),
    ];
    (headers, text.to_owned()).into_response()
}

pub async fn archive(
    Shared(app): Shared<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<ArchiveForm>,
) -> Result<SeeOther, AppError> {
    find(&app, id).await?;
    let back = form.then == "restore";
    let mut tx = app.db.begin().await?;
    store::archive(&mut tx, id, (!back).then(|| app.now())).await?;
    let what = if back { "Kit restored" } else { "Kit archived" };
    audit::note(&mut tx, staff.id, (what, format!("kit {id}"), ""), app.now()).await?;
    tx.commit().await?;
    let said = if back {
        "The kit is back in the list."
    } else {
        "The kit is archived. What uses it keeps it."
    };
    Ok(SeeOther::to(format!("/kits/{id}")).saying(Flash::good(said)))
}

#[derive(Deserialize)]
pub struct ArchiveForm {
    #[serde(default)]
    then: String,
}
