//! The staff's page of an answer: to play it or read it, with the notes beside it.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::access;
use crate::hiring::takes::indicators::{self, Group, Indicator};
use crate::hiring::takes::notes::NoteForm;
use crate::hiring::takes::standing::{TakeLine, answers};
use crate::hiring::takes::{Note, Take, playing, store, taking};
use crate::hiring::{Application, Opening};
use crate::people::Staff;
use crate::people::guard::SignedIn;
use crate::roles;
use crate::ui::frame::Media;
use crate::ui::{Page, Path, Shell};

#[derive(Template)]
#[template(path = "hiring/takes/review.html")]
pub struct ReviewPage {
    pub shell: Shell,
    pub review: Review,
    pub form: NoteForm,
}

/// An answer, and what its reviewers see around it.
#[derive(Clone, Debug)]
pub struct Review {
    pub application: Application,
    pub opening: Opening,
    pub take: Take,
    /// All that were submitted for this application.
    pub answers: Vec<TakeLine>,
    pub notes: Vec<Note>,
    pub groups: Vec<Group>,
    pub reader: Uuid,
}

impl Review {
    /// Of an answer that was submitted, for those who may see the application.
    pub async fn of(app: &App, staff: &Staff, id: Uuid, number: u32) -> Result<Review, AppError> {
        let (application, opening) = access::application(app, staff, id).await?;
        let takes = store::of_application(&app.db, id).await?;
        let at = number.checked_sub(1).ok_or(AppError::NotFound("answer"))?;
        let take = taking::submitted(&takes, at).ok_or(AppError::NotFound("answer"))?;
        let kit = roles::version(app, opening.kit, application.kit_version).await?;
        Ok(Review {
            answers: answers(app, &application, &kit).await?,
            notes: store::notes(&app.db, take.id).await?,
            groups: indicators::groups(&kit, &opening.level),
            take: take.clone(),
            application,
            opening,
            reader: staff.id,
        })
    }

    pub fn number(&self) -> u32 {
        self.take.question + 1
    }

    pub fn url(&self) -> String {
        format!("/applications/{}/videos/{}", self.application.id, self.number())
    }

    pub fn recording(&self) -> String {
        format!("{}/recording", self.url())
    }

    pub fn question(&self) -> &str {
        let line = self.answers.iter().find(|line| line.take == self.take.id);
        line.map_or("", |line| &line.question)
    }

    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        indicators::find(&self.groups, id)
    }
}

pub async fn review(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path((id, number)): Path<(Uuid, u32)>,
) -> Result<Response, AppError> {
    let review = Review::of(&app, &staff, id, number).await?;
    let form = NoteForm::empty(app.new_id());
    Ok(page(StatusCode::OK, shell, review, form))
}

pub(super) fn page(status: StatusCode, shell: Shell, review: Review, form: NoteForm) -> Response {
    let page = Page(ReviewPage { shell, review, form });
    (status, Extension(Media::Play), page).into_response()
}

pub async fn recording(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((id, number)): Path<(Uuid, u32)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let review = Review::of(&app, &staff, id, number).await?;
    if method == Method::GET {
        playing::record(&app, &staff, &review.take).await?;
    }
    playing::play(&app, &review.take, &method, &headers).await
}
