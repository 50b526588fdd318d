//! Which questions a job asks: the page for those who edit jobs.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::app::App;
use crate::audit;
use crate::error::AppError;
use crate::hiring::voluntary::form::{VoluntaryFields, VoluntaryForm};
use crate::hiring::voluntary::{Kind, Question, store};
use crate::hiring::{Opening, access};
use crate::people::guard::SignedIn;
use crate::ui::{Flash, Form, Page, Path, SeeOther, Shell};

#[derive(Template)]
#[template(path = "hiring/voluntary/questions.html")]
pub struct QuestionsPage {
    pub shell: Shell,
    pub opening: Opening,
    pub fields: VoluntaryFields,
}

impl QuestionsPage {
    pub fn kinds(&self) -> [Kind; 3] {
        [Kind::Gender, Kind::Age, Kind::Disability]
    }
}

pub async fn questions(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<QuestionsPage>, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let fields = VoluntaryFields::of(&store::questions(&app.db, id).await?);
    Ok(Page(QuestionsPage { shell, opening, fields }))
}

pub async fn change(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<VoluntaryForm>,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    match form.check() {
        Ok(questions) => {
            keep(&app, staff.id, id, &questions).await?;
            let said = match questions.iter().filter(|question| question.asked).count() {
                0 => "Saved. Nothing is asked.",
                _ => "Saved. Candidates find the questions on the page that shows how their application stands.",
            };
            let to = format!("{}/voluntary", opening.url());
            Ok(SeeOther::to(to).saying(Flash::good(said)).into_response())
        }
        Err(fields) => {
            let page = QuestionsPage {
                shell,
                opening,
                fields: *fields,
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

pub async fn keep(app: &App, by: Uuid, opening: Uuid, questions: &[Question]) -> Result<(), AppError> {
    let mut tx = app.db.begin().await?;
    for question in questions {
        store::ask(&mut tx, opening, question).await?;
    }
    let asked = questions.iter().filter(|question| question.asked);
    let asked: Vec<&str> = asked.map(|question| question.kind.id()).collect();
    let entry = audit::Entry {
        actor: audit::Actor::Staff(by),
        what: "Voluntary questions changed",
        subject: format!("opening {opening}"),
        detail: &asked.join(", "),
    };
    audit::append(&mut tx, &entry, app.now()).await?;
    Ok(tx.commit().await?)
}
