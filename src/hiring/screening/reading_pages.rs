//! The page on which a résumé is read: the papers on one side, the criteria on the other.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::applications::form::Wrong;
use crate::hiring::applications::handling::check_why;
use crate::hiring::screening::form::Marks;
use crate::hiring::screening::queue_pages::to_next;
use crate::hiring::screening::reading::{self, Desk, Submitted};
use crate::hiring::screening::veil;
use crate::people::guard::SignedIn;
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell};

#[derive(Template)]
#[template(path = "hiring/screening/reading.html")]
pub struct ReadingPage {
    pub shell: Shell,
    pub desk: Desk,
    pub marks: Marks,
    /// The draft was changed in another window; what was typed here is not saved.
    pub overtaken: bool,
    pub why: Field,
}

impl ReadingPage {
    pub fn title(&self) -> String {
        match &self.desk.papers.candidate {
            Some(candidate) => candidate.name.clone(),
            None => veil::label(self.desk.screening.application),
        }
    }

    pub fn is_draft(&self) -> bool {
        self.desk.screening.submitted_at.is_none()
    }

    pub fn is_withdrawn(&self) -> bool {
        self.desk.screening.withdrawn_at.is_some()
    }

    /// It is being written.
    pub fn can_write(&self) -> bool {
        self.is_draft() && self.desk.open
    }

    pub fn can_withdraw(&self) -> bool {
        !self.is_draft() && !self.is_withdrawn() && self.desk.outcome.is_none()
    }

    pub fn of(&self) -> usize {
        self.marks.criteria.len()
    }

    pub fn wrong(&self) -> Vec<Wrong> {
        self.marks.wrong()
    }

    pub fn missing(&self) -> usize {
        let readers = usize::try_from(self.desk.settings.readers).unwrap_or_default();
        readers.saturating_sub(self.desk.submitted)
    }
}

fn why_field() -> Field {
    Field::new("why", "Why you take it back").hint("It is shown with the result.")
}

fn page(shell: Shell, desk: Desk) -> ReadingPage {
    ReadingPage {
        marks: Marks::new(&desk.criteria, &desk.marks, desk.screening.revision),
        overtaken: false,
        why: why_field(),
        shell,
        desk,
    }
}

pub async fn read(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<ReadingPage>, AppError> {
    Ok(Page(page(shell, Desk::of(&app, &staff, id).await?)))
}

/// Saves what was typed, by hand or by itself, or submits it.
pub async fn save(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let desk = Desk::of(&app, &staff, id).await?;
    let mut typed = Marks::typed(&desk.criteria, &fields);
    let intent = fields
        .iter()
        .find(|(name, _)| name == "intent")
        .map(|(_, value)| value.as_str());
    if desk.screening.submitted_at.is_some() {
        // Sent twice, or from an old window: it is submitted, and stays so.
        return Ok(match intent {
            Some("submit") => to_next(&app, &staff, &desk.opening, Some("Submitted.")).await?,
            _ => StatusCode::CONFLICT.into_response(),
        });
    }
    if intent == Some("submit") {
        typed.check();
        if typed.wrong().is_empty() {
            let done = reading::submit(&app, &staff, &desk.screening, typed.revision, &typed.marks()).await?;
            return submitted(&app, &staff, shell, desk, typed, done).await;
        }
    }
    let saved = reading::save(&app, id, typed.revision, &typed.marks()).await?;
    match (intent, saved) {
        (Some("autosave"), Some(revision)) => {
            let said = json!({ "revision": revision, "at": app.now().iso() });
            Ok(([(header::CONTENT_TYPE, "application/json")], said.to_string()).into_response())
        }
        (Some("autosave"), None) => Ok(StatusCode::CONFLICT.into_response()),
        (_, None) => overtaken(&app, &staff, shell, typed, id).await,
        (Some("submit"), Some(revision)) => {
            let desk = Desk::of(&app, &staff, id).await?;
            let marks = Marks { revision, ..typed };
            let page = ReadingPage {
                marks,
                ..page(shell, desk)
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        (_, Some(_)) => {
            let said = Flash::good("Saved as a draft. Nobody else sees it.");
            Ok(SeeOther::to(format!("/screenings/{id}")).saying(said).into_response())
        }
    }
}

async fn submitted(
    app: &App,
    staff: &crate::people::Staff,
    shell: Shell,
    desk: Desk,
    typed: Marks,
    done: Submitted,
) -> Result<Response, AppError> {
    let id = desk.screening.id;
    match done {
        Submitted::Overtaken => overtaken(app, staff, shell, typed, id).await,
        Submitted::TooLate => {
            let said = "Not submitted: it needs no more readers. What you wrote is kept here.";
            Ok(SeeOther::to(format!("/screenings/{id}"))
                .saying(Flash::warn(said))
                .into_response())
        }
        Submitted::Done { last: true } => {
            let said = "Submitted: you were the last reader, and the result is there.";
            to_next(app, staff, &desk.opening, Some(said)).await
        }
        Submitted::Done { last: false } | Submitted::Before => {
            to_next(app, staff, &desk.opening, Some("Submitted.")).await
        }
    }
}

/// With what was typed here; saving it replaces what the other window saved.
async fn overtaken(
    app: &App,
    staff: &crate::people::Staff,
    shell: Shell,
    typed: Marks,
    id: Uuid,
) -> Result<Response, AppError> {
    let desk = Desk::of(app, staff, id).await?;
    let marks = Marks {
        revision: desk.screening.revision,
        ..typed
    };
    let page = ReadingPage {
        marks,
        overtaken: true,
        ..page(shell, desk)
    };
    Ok((StatusCode::CONFLICT, Page(page)).into_response())
}

#[derive(Deserialize)]
pub struct WithdrawalForm {
    #[serde(default)]
    why: String,
}

pub async fn withdraw(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<WithdrawalForm>,
) -> Result<Response, AppError> {
    let desk = Desk::of(&app, &staff, id).await?;
    match check_why(&form.why) {
        Ok(why) => {
            reading::withdraw(&app, &staff, &desk.screening, &why).await?;
            let to = SeeOther::to(format!("{}/screening/queue", desk.opening.url()));
            let said = "Taken back. Read it again when you are ready: what you wrote is there.";
            Ok(to.saying(Flash::good(said)).into_response())
        }
        Err(error) => {
            let mut page = page(shell, desk);
            page.why = why_field().value(form.why).error(Some(error));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}
