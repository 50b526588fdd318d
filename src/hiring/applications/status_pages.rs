//! How an application stands, by the candidate's link, and what the candidate may do with it.

use std::io::{Cursor, Write as _};

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use zip::write::SimpleFileOptions;

use crate::app::App;
use crate::assessments::Assessment;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::files::{display_name, kinds};
use crate::hiring::applications::candidate_pages::attachment;
use crate::hiring::applications::form::{ContactFields, source_label};
use crate::hiring::applications::standing::{self, Standing, ToDo, Turn};
use crate::hiring::applications::visit::{Visit, visit};
use crate::hiring::applications::{Answer, Document, Event, Part, drafting, following, store};
use crate::hiring::openings::store as openings;
use crate::hiring::voluntary;
use crate::hiring::{Application, ApplicationState, Opening, Stage};
use crate::mail;
use crate::people::check_email;
use crate::people::guard::ClientAddress;
use crate::people::limits::{self, Limit};
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell, Upload};

#[derive(Template)]
#[template(path = "hiring/candidate/status.html")]
pub struct StatusPage {
    pub shell: Shell,
    pub company: String,
    pub application: Application,
    pub opening: Opening,
    pub stages: Vec<Stage>,
    pub standing: Standing,
    pub to_do: Vec<ToDo>,
    pub answers: Vec<Answer>,
    pub files: Vec<Document>,
    pub tests: Vec<Assessment>,
    /// A résumé can be added: it was not needed when the application was sent.
    pub resume: Option<Field>,
    /// The job asks its applicants about themselves, or has done so.
    pub voluntary: bool,
    pub now: Timestamp,
}

impl StatusPage {
    pub fn stage(&self) -> Option<&Stage> {
        standing::stage_of(self.application.stage, &self.stages)
    }

    /// Before, at, or after the stage of the application: "done", "here", "ahead".
    pub fn place(&self, stage: &Stage) -> &'static str {
        let at = |id| self.stages.iter().position(|stage| Some(stage.id) == id);
        match at(Some(stage.id)).cmp(&at(self.application.stage)) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "here",
            std::cmp::Ordering::Greater => "ahead",
        }
    }

    pub fn about(&self, stage: &Stage) -> &'static str {
        standing::about(stage.kind)
    }

    pub fn is(&self, state: ApplicationState) -> bool {
        self.application.state == state
    }

    pub fn is_candidates_turn(&self) -> bool {
        self.standing.turn == Turn::Candidate
    }

    /// The reasons of a knock-out, a line each.
    pub fn reasons(&self) -> Vec<&str> {
        let reason = self.application.outcome.as_ref().map_or("", |(_, reason)| reason);
        reason.lines().collect()
    }

    pub fn state_of(&self, test: &Assessment) -> &'static str {
        test.state(self.now).label()
    }

    pub fn url(&self, page: &str) -> String {
        format!("/application/{}{page}", self.application.link)
    }
}

pub async fn status(app: &App, visit: Visit) -> Result<Response, AppError> {
    Ok(Page(status_page(app, visit, None).await?).into_response())
}

async fn status_page(app: &App, visit: Visit, resume_error: Option<String>) -> Result<StatusPage, AppError> {
    let Visit {
        shell,
        company,
        application,
        opening,
        kit,
    } = visit;
    let files = store::files(&app.db, application.id).await?;
    let stages = openings::stages(&app.db, opening.id).await?;
    let tests = following::tests(app, application.id).await?;
    let misses_resume = application.state == ApplicationState::Active && !files.iter().any(|f| f.part == Part::Resume);
    let resume = misses_resume.then(|| {
        let field = Field::new("resume", "Résumé").hint("PDF, Word (.docx) or text, at most 5 MB.");
        field.error(resume_error)
    });
    let to_do = following::to_do(app, &application, &opening, &kit, misses_resume, &tests).await?;
    Ok(StatusPage {
        standing: Standing::of(&application, &stages, &to_do, app.now()),
        answers: store::answers(&app.db, application.id).await?,
        voluntary: voluntary::store::ever_asked(&app.db, opening.id).await?,
        now: app.now(),
        shell,
        company,
        application,
        opening,
        stages,
        to_do,
        files,
        tests,
        resume,
    })
}

/// A résumé that was not asked for when the application was sent.
pub async fn add_resume(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
    mut typed: Upload,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let files = store::files(&app.db, visit.application.id).await?;
    let has_one = files.iter().any(|file| file.part == Part::Resume);
    if visit.application.state != ApplicationState::Active || has_one {
        return Ok(SeeOther::to(visit.url("")).into_response());
    }
    let taken = match typed.take_file("resume") {
        None => Err("Choose a file with your résumé.".to_owned()),
        Some((name, bytes)) => match kinds::document(&bytes) {
            Ok(kind) => Ok((display_name(&name, kind), kind, bytes)),
            Err(refused) => Err(refused.to_string()),
        },
    };
    match taken {
        Ok((name, kind, bytes)) => {
            drafting::keep_file(&app, &visit.application, Part::Resume, name, kind, bytes).await?;
            following::note(&app, visit.application.id, "Résumé added").await?;
            Ok(SeeOther::to(visit.url(""))
                .saying(Flash::good("Thank you, your résumé has arrived."))
                .into_response())
        }
        Err(error) => {
            let page = status_page(&app, visit, Some(error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "hiring/candidate/contact.html")]
pub struct ContactPage {
    pub shell: Shell,
    pub company: String,
    pub application: Application,
    pub fields: ContactFields,
}

pub async fn contact_page(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let fields = ContactFields::stored(&visit.application);
    Ok(contact(visit, fields).into_response())
}

fn contact(visit: Visit, fields: ContactFields) -> Page<ContactPage> {
    Page(ContactPage {
        shell: visit.shell,
        company: visit.company,
        application: visit.application,
        fields,
    })
}

pub async fn change_contact(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
    mut typed: Upload,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let fields = ContactFields::typed(&visit.application, &mut typed);
    if !fields.with_errors().is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, contact(visit, fields)).into_response());
    }
    let changed = (
        fields.name.value.as_str(),
        fields.email.value.as_str(),
        fields.phone.value.as_str(),
    );
    following::change_contact(&app, visit.application.id, changed).await?;
    Ok(SeeOther::to(visit.url(""))
        .saying(Flash::good("Your contact data are changed."))
        .into_response())
}

/// Withdrawing, and asking for erasure: each says first what it means.
#[derive(Template)]
#[template(path = "hiring/candidate/withdrawal.html")]
pub struct WithdrawalPage {
    pub shell: Shell,
    pub company: String,
    pub application: Application,
    pub opening: Opening,
}

pub async fn withdrawal_page(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    if visit.application.state != ApplicationState::Active {
        return Ok(SeeOther::to(visit.url("")).into_response());
    }
    let Visit {
        shell,
        company,
        application,
        opening,
        ..
    } = visit;
    Ok(Page(WithdrawalPage {
        shell,
        company,
        application,
        opening,
    })
    .into_response())
}

#[derive(Deserialize)]
pub struct WithdrawalForm {
    #[serde(default)]
    why: String,
}

pub async fn withdraw(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
    Form(form): Form<WithdrawalForm>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    following::withdraw(&app, visit.application.id, &form.why).await?;
    Ok(SeeOther::to(visit.url("")).into_response())
}

#[derive(Template)]
#[template(path = "hiring/candidate/erasure.html")]
pub struct ErasurePage {
    pub shell: Shell,
    pub company: String,
    pub application: Application,
    pub opening: Opening,
}

pub async fn erasure_page(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let Visit {
        shell,
        company,
        application,
        opening,
        ..
    } = visit;
    Ok(Page(ErasurePage {
        shell,
        company,
        application,
        opening,
    })
    .into_response())
}

pub async fn ask_erasure(State(app): State<App>, shell: Shell, Path(link): Path<String>) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    following::ask_erasure(&app, &visit.application).await?;
    Ok(SeeOther::to(visit.url("")).into_response())
}

/// Everything that is known about the candidate here, to take away: data that programs read, and the files.
pub async fn export(State(app): State<App>, shell: Shell, Path(link): Path<String>) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let files = store::files(&app.db, visit.application.id).await?;
    let mut contents = vec![("application.json".to_owned(), exported(&app, &visit, &files).await?)];
    for file in &files {
        // A file that is lost must not keep the candidate from the rest; the data still name it.
        if let Ok(bytes) = app.files.get(&drafting::key_of(file)).await {
            contents.push((format!("{}/{}", file.part.id(), file.name), bytes.to_vec()));
        }
    }
    let archive = tokio::task::spawn_blocking(move || archive(&contents)).await?;
    let archive = archive.map_err(|e| AppError::Internal(e.into()))?;
    Ok((attachment("application.zip", "application/zip"), archive).into_response())
}

async fn exported(app: &App, visit: &Visit, files: &[Document]) -> Result<Vec<u8>, AppError> {
    let application = &visit.application;
    let time = |at: Option<Timestamp>| at.map(Timestamp::iso);
    let answers = store::answers(&app.db, application.id).await?;
    let answers = answers
        .iter()
        .map(|a| json!({ "question": a.question, "answer": a.answer }));
    let files = files.iter().map(|f| json!({ "part": f.part.id(), "name": f.name, "bytes": f.size, "sha256": f.sha256, "received": f.put_at.iso() }));
    let events: Vec<Event> = store::events(&app.db, application.id).await?;
    // What people wrote to one another about it is theirs; what happened, and when, is the candidate's.
    let events = events.iter().map(
        |e| json!({ "at": e.at.iso(), "by": if e.who.is_some() { "company" } else { "candidate" }, "what": e.what }),
    );
    let mut mails = Vec::new();
    for line in mail::store::about(&app.db, application.id).await? {
        if let Some(mail) = mail::store::find(&app.db, line.id).await? {
            mails.push(json!({ "to": mail.recipient, "subject": mail.subject, "body": mail.body, "written": mail.created_at.iso() }));
        }
    }
    let recordings = following::recordings(app, application).await?;
    let data = json!({
        "company": visit.company,
        "job": visit.opening.title,
        "name": application.name,
        "email": application.email,
        "phone": application.phone,
        "source": source_label(&application.source),
        "source_detail": application.source_detail,
        "state": application.state.id(),
        "begun": application.started_at.iso(),
        "sent": time(application.submitted_at),
        "consented": time(application.consented_at),
        "kept_until": time(application.keep_until),
        "answers": answers.collect::<Vec<_>>(),
        "files": files.collect::<Vec<_>>(),
        "recordings": recordings,
        "events": events.collect::<Vec<_>>(),
        "mails": mails,
    });
    serde_json::to_vec_pretty(&data).map_err(|e| AppError::Internal(e.into()))
}

fn archive(contents: &[(String, Vec<u8>)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in contents {
        archive.start_file(name, SimpleFileOptions::default())?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// For whoever has lost the mail with the link.
#[derive(Template)]
#[template(path = "hiring/candidate/links.html")]
pub struct LinksPage {
    pub shell: Shell,
    pub company: String,
    pub email: Field,
    pub sent: bool,
}

fn email_field() -> Field {
    Field::new("email", "Your mail address").hint("The one with which you applied.")
}

pub async fn links_page(State(app): State<App>, shell: Shell) -> Result<Page<LinksPage>, AppError> {
    let company = mail::company(&app.db).await?;
    Ok(Page(LinksPage {
        shell,
        company,
        email: email_field(),
        sent: false,
    }))
}

#[derive(Deserialize)]
pub struct LinksForm {
    #[serde(default)]
    email: String,
}

const ASKED: Limit = Limit::new(10, std::time::Duration::from_secs(60));
const LETTERS: Limit = Limit::new(3, std::time::Duration::from_secs(1_200));

/// The answer is the same whether or not the address is known: nobody learns who has applied.
pub async fn send_links(
    State(app): State<App>,
    shell: Shell,
    ClientAddress(address): ClientAddress,
    Form(form): Form<LinksForm>,
) -> Result<Response, AppError> {
    let company = mail::company(&app.db).await?;
    let email = email_field().value(form.email.chars().take(300).collect::<String>());
    let mut page = LinksPage {
        shell,
        company,
        email,
        sent: true,
    };
    if let Err(error) = check_email(&form.email) {
        page.sent = false;
        page.email.error = Some(error.into());
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    }
    let from = [(format!("links {}", limits::address_key(address)), ASKED)];
    if limits::take(&app, &from).await?.is_some() {
        page.sent = false;
        page.email.error = Some("Too often from your network. Please wait a few minutes.".into());
        return Ok((StatusCode::TOO_MANY_REQUESTS, Page(page)).into_response());
    }
    let to = [(format!("links {}", crate::ui::search_key(&form.email)), LETTERS)];
    if limits::take(&app, &to).await?.is_none() {
        following::send_links(&app, &form.email).await?;
    }
    Ok(Page(page).into_response())
}
