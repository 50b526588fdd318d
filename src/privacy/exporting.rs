//! Everything about a person, to hand out: the rows as they are, a page to read, and the files.
//!
//! What colleagues wrote about somebody is that person's to know; who wrote it stays with it by name. The archive is
//! written into a file that has no name any more, and streamed from there: recordings are large.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Read as _, Seek as _, Write};

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::{Map, Value, json};
use uuid::Uuid;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::app::App;
use crate::assessments::store as assessments;
use crate::audit::{self, Actor};
use crate::backup::to_json;
use crate::clock::Timestamp;
use crate::db::Tx;
use crate::error::AppError;
use crate::files::recordings::Recording;
use crate::hiring::applications::candidate_pages::attachment;
use crate::hiring::applications::{drafting, store as applications};
use crate::hiring::{Application, ApplicationState, access, attachments};
use crate::mail;
use crate::people::guard::SignedIn;
use crate::people::{Staff, store as people};
use crate::privacy::tables::{PERSONAL, Roots};
use crate::privacy::{store, test_store, tests_kept};
use crate::ui::Path;

/// A page of its own, which needs nothing beside it.
#[derive(Template)]
#[template(path = "privacy/export.html")]
pub struct ExportPage {
    pub company: String,
    pub name: String,
    pub now: Timestamp,
    pub applications: Vec<ExportedApplication>,
}

/// Or a coding test that was given without one.
pub struct ExportedApplication {
    pub job: Option<String>,
    pub tables: Vec<ExportedTable>,
    /// Names in the archive.
    pub files: Vec<String>,
}

pub struct ExportedTable {
    pub name: String,
    /// Columns and what they say, row by row.
    pub rows: Vec<Vec<(String, String)>>,
}

pub async fn export(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response, AppError> {
    let (application, _) = access::application(&app, &staff, id).await?;
    if application.state == ApplicationState::Draft {
        return Err(AppError::NotFound("application"));
    }
    let person = Person {
        name: &application.name,
        applications: of_person(&app, &staff, &application).await?,
        tests: test_store::of_address(&app.db, &application.email).await?,
    };
    let archive = archive(&app, &staff, &person).await?;
    hand_out(&app, &staff, archive, format!("application {id}")).await
}

/// The same from the page of a coding test.
pub async fn export_test(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response, AppError> {
    let found = assessments::find(&app.db, id).await?;
    let test = found.ok_or(AppError::NotFound("coding test"))?;
    if let Some(application) = test_store::application_of(&app.db, id).await? {
        return export(State(app), SignedIn(staff), Path(application)).await;
    }
    let person = Person {
        name: &test.candidate,
        applications: seen(&app, &staff, of_address(&app, &test.email).await?).await?,
        tests: tests_kept::of_person(&app, &test).await?,
    };
    let archive = archive(&app, &staff, &person).await?;
    hand_out(&app, &staff, archive, format!("assessment {id}")).await
}

async fn hand_out(app: &App, staff: &Staff, archive: File, subject: String) -> Result<Response, AppError> {
    let mut tx = app.db.begin().await?;
    let entry = audit::Entry {
        actor: Actor::Staff(staff.id),
        what: "Personal data exported",
        subject,
        detail: "",
    };
    audit::append(&mut tx, &entry, app.now()).await?;
    tx.commit().await?;
    let name = format!("person-{}.zip", app.now().day());
    Ok((attachment(&name, "application/zip"), Body::from_stream(pieces(archive))).into_response())
}

fn pieces(file: File) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> + Send {
    futures_util::stream::try_unfold(file, |mut file| async move {
        let read = move || {
            let mut piece = vec![0; 256 * 1024];
            let n = file.read(&mut piece)?;
            piece.truncate(n);
            Ok::<_, std::io::Error>((piece, file))
        };
        let (piece, file) = tokio::task::spawn_blocking(read)
            .await
            .map_err(std::io::Error::other)??;
        Ok((!piece.is_empty()).then(|| (Bytes::from(piece), file)))
    })
}

fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> AppError {
    AppError::Internal(error.into())
}

/// Whose data they are.
struct Person<'a> {
    name: &'a str,
    applications: Vec<Application>,
    /// Given without an application.
    tests: Vec<Uuid>,
}

async fn archive(app: &App, staff: &Staff, person: &Person<'_>) -> Result<File, AppError> {
    let path = app.config.data.join(format!("export-{}.zip", app.new_id()));
    let file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)
        .map_err(broken)?;
    // It goes with whoever holds it open.
    std::fs::remove_file(&path).map_err(broken)?;
    let mut archive = ZipWriter::new(BufWriter::new(file));
    let names: HashMap<String, String> = people::all(&app.db)
        .await?
        .into_iter()
        .map(|person| (person.id.to_string(), person.name))
        .collect();
    let mut page = ExportPage {
        company: mail::company(&app.db).await?,
        name: person.name.to_owned(),
        now: app.now(),
        applications: Vec::new(),
    };
    let mut data = Vec::new();
    for (number, application) in (1..).zip(&person.applications) {
        let job = access::opening(app, staff, application.opening).await?.title;
        let files = add_files(app, &mut archive, number, application).await?;
        let tables = tables(app, application.id, &names).await?;
        data.push(json!({ "job": job, "tables": tables, "files": files }));
        page.applications.push(ExportedApplication {
            job: Some(job),
            tables: tables.iter().map(readable).collect(),
            files,
        });
    }
    for test in &person.tests {
        let tables = tables_of_test(app, *test, &names).await?;
        data.push(json!({ "coding_test": test, "tables": tables }));
        page.applications.push(ExportedApplication {
            job: None,
            tables: tables.iter().map(readable).collect(),
            files: Vec::new(),
        });
    }
    add(
        &mut archive,
        "data.json",
        &serde_json::to_vec_pretty(&data).map_err(broken)?,
    )?;
    add(&mut archive, "index.html", page.render()?.as_bytes())?;
    let mut file = archive
        .finish()
        .map_err(broken)?
        .into_inner()
        .map_err(|e| broken(e.into_error()))?;
    file.rewind().map_err(broken)?;
    Ok(file)
}

/// The application, what is merged into it, and what the same address sent for other jobs that this colleague may see.
async fn of_person(app: &App, staff: &Staff, application: &Application) -> Result<Vec<Application>, AppError> {
    let mut ids = vec![application.id];
    ids.extend(store::duplicates(&app.db, application.id).await?);
    ids.extend(of_address(app, &application.email).await?);
    seen(app, staff, ids).await
}

async fn of_address(app: &App, email: &str) -> Result<Vec<Uuid>, AppError> {
    let sent = applications::of_address(&app.db, email).await?;
    Ok(sent.into_iter().map(|(other, _)| other.id).collect())
}

/// Each once, as far as this colleague may see it.
async fn seen(app: &App, staff: &Staff, ids: Vec<Uuid>) -> Result<Vec<Application>, AppError> {
    let (mut all, mut seen) = (Vec::new(), HashSet::new());
    for id in ids {
        let Some(found) = applications::find(&app.db, id).await?.filter(|_| seen.insert(id)) else {
            continue;
        };
        let visible = access::opening(app, staff, found.opening).await.is_ok();
        if visible && found.state != ApplicationState::Draft {
            all.push(found);
        }
    }
    Ok(all)
}

/// What the program alone needs, or what would open a door.
const LEFT_OUT: [&str; 5] = ["form_token", "link", "revision", "tab", "message_id"];

type Tables = Vec<(String, Vec<Value>)>;

async fn tables(app: &App, id: Uuid, names: &HashMap<String, String>) -> Result<Tables, AppError> {
    let mut tx = app.db.snapshot().await?;
    let roots = store::roots(&mut tx, id).await?;
    let mut tables: Tables = vec![("applications".into(), Vec::new())];
    let own = store::row(&mut tx, id).await?;
    tables[0].1.extend(own.map(|cells| named(cells, names)));
    read_rows(&mut tx, &roots, names, &mut tables).await?;
    Ok(tables)
}

async fn tables_of_test(app: &App, id: Uuid, names: &HashMap<String, String>) -> Result<Tables, AppError> {
    let mut tx = app.db.snapshot().await?;
    let roots = test_store::roots(&mut tx, id).await?;
    let mut tables = Tables::new();
    read_rows(&mut tx, &roots, names, &mut tables).await?;
    Ok(tables)
}

async fn read_rows(
    tx: &mut Tx,
    roots: &Roots,
    names: &HashMap<String, String>,
    tables: &mut Tables,
) -> Result<(), AppError> {
    for personal in PERSONAL {
        for root in roots.of(personal.of) {
            for row in tx.all(personal.read, crate::args![root]).await? {
                let row = named(row.cells()?, names);
                match tables.iter_mut().find(|(table, _)| table == personal.table) {
                    Some((_, rows)) => rows.push(row),
                    None => tables.push((personal.table.into(), vec![row])),
                }
            }
        }
    }
    Ok(())
}

/// A row with names of colleagues in place of their ids, and moments that people can read.
fn named(cells: Vec<(String, crate::db::portable::Cell)>, names: &HashMap<String, String>) -> Value {
    let kept = cells
        .into_iter()
        .filter(|(column, _)| !LEFT_OUT.contains(&column.as_str()) && !column.ends_with("_key"));
    let value = |(column, cell): (String, _)| {
        let value = match to_json(cell) {
            Value::String(text) => names.get(&text).cloned().unwrap_or(text).into(),
            Value::Number(at) if is_moment(&column) => Timestamp(at.as_i64().unwrap_or_default()).iso().into(),
            value => value,
        };
        (column, value)
    };
    Value::Object(kept.map(value).collect::<Map<_, _>>())
}

fn is_moment(column: &str) -> bool {
    column == "at" || column == "deadline" || ["_at", "_since", "_until"].iter().any(|end| column.ends_with(end))
}

fn readable((name, rows): &(String, Vec<Value>)) -> ExportedTable {
    let words = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(_) => "bytes, in data.json".into(),
        value => value.to_string(),
    };
    let row = |row: &Value| {
        let columns = row.as_object().into_iter().flatten();
        let columns = columns.map(|(column, value)| (column.replace('_', " "), words(value)));
        columns
            .filter(|(column, value)| !value.is_empty() && column != "id")
            .collect()
    };
    ExportedTable {
        name: crate::ui::capitalised(&name.replace('_', " ")),
        rows: rows.iter().map(row).collect(),
    }
}

type Archive = ZipWriter<BufWriter<File>>;

fn add(archive: &mut Archive, name: &str, bytes: &[u8]) -> Result<(), AppError> {
    archive.start_file(name, SimpleFileOptions::default()).map_err(broken)?;
    archive.write_all(bytes).map_err(broken)
}

/// Documents and recordings. A file that is lost must not keep the person from the rest; the data still name it.
async fn add_files(
    app: &App,
    archive: &mut Archive,
    number: u32,
    application: &Application,
) -> Result<Vec<String>, AppError> {
    let mut names = Vec::new();
    for document in applications::files(&app.db, application.id).await? {
        if let Ok(bytes) = app.files.get(&drafting::key_of(&document)).await {
            let name = format!(
                "files/{number}/{}-{}",
                document.part.id(),
                document.name.replace(['/', '\\'], "-")
            );
            add(archive, &name, &bytes)?;
            names.push(name);
        }
    }
    let attached = attachments::store::of_application(&app.db, application.id).await?;
    let own = attached.into_iter().filter(|one| one.application == application.id);
    for (n, attachment) in (1..).zip(own) {
        if let Ok(bytes) = app.files.get(&attachment.key()).await {
            let name = attachment.name.replace(['/', '\\'], "-");
            let name = format!("files/{number}/attached-{n}-{name}");
            add(archive, &name, &bytes)?;
            names.push(name);
        }
    }
    for take in crate::hiring::takes::store::of_application(&app.db, application.id).await? {
        let Ok(recording) = Recording::open(&app.files, &take.key()).await else {
            continue;
        };
        let ending = take.kind.map_or("bin", |kind| kind.extension());
        let name = format!("files/{number}/video-{}-{}.{ending}", take.question + 1, take.number);
        archive
            .start_file(&name, SimpleFileOptions::default().large_file(true))
            .map_err(broken)?;
        let size = recording.size();
        let mut pieces = recording.read(app.files.clone(), 0..size).boxed();
        while let Some(piece) = pieces.try_next().await.map_err(broken)? {
            archive.write_all(&piece).map_err(broken)?;
        }
        names.push(name);
    }
    Ok(names)
}
