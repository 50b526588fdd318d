//! Two applications side by side, to make one of them; and the way back.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::applications::evidence::{Evidence, evidence_of};
use crate::hiring::applications::merging;
use crate::hiring::openings::store as openings;
use crate::hiring::{Application, Opening, Stage, access};
use crate::people::Staff;
use crate::people::guard::SignedIn;
use crate::ui::{Flash, Form, Page, Path, SeeOther, Shell};

#[derive(Template)]
#[template(path = "hiring/evidence/merging.html")]
pub struct MergingPage {
    pub shell: Shell,
    pub opening: Opening,
    pub stages: Vec<Stage>,
    /// The one that the page was opened from, and the other one.
    pub sides: Vec<Evidence>,
    pub stays: Option<Uuid>,
    pub error: Option<&'static str>,
}

/// What both say about the same thing.
pub struct Row {
    pub what: String,
    pub cells: Vec<String>,
}

impl MergingPage {
    pub fn from(&self) -> Uuid {
        self.sides.first().map_or(Uuid::nil(), |side| side.application.id)
    }

    pub fn action(&self) -> String {
        let other = self.sides.last().map_or(Uuid::nil(), |side| side.application.id);
        format!("/applications/{}/merge/{other}", self.from())
    }

    pub fn stays(&self, side: &Evidence) -> bool {
        self.stays == Some(side.application.id)
    }

    pub fn rows(&self) -> Vec<Row> {
        let row = |what: &str, cell: &dyn Fn(&Evidence) -> String| Row {
            what: what.to_owned(),
            cells: self.sides.iter().map(cell).collect(),
        };
        let mut rows = vec![
            row("Name", &|side| side.application.name.clone()),
            row("Mail address", &|side| side.application.email.clone()),
            row("Telephone", &|side| side.application.phone.clone()),
            row("Sent", &|side| {
                let sent = side.application.submitted_at;
                sent.map(|at| at.words()).unwrap_or_default()
            }),
            row("State", &|side| side.application.state.label().to_owned()),
            row("Stage", &|side| self.stage_of(&side.application)),
            row("Documents", &|side| {
                let names: Vec<_> = side.files.iter().map(|(file, _)| file.name.clone()).collect();
                names.join("\n")
            }),
            row("Video answers", &|side| side.takes.len().to_string()),
            row("Coding tests", &|side| side.tests.len().to_string()),
        ];
        let mut asked: Vec<&str> = Vec::new();
        for answer in self.sides.iter().flat_map(|side| &side.answers) {
            if !asked.contains(&answer.question.as_str()) {
                asked.push(&answer.question);
            }
        }
        rows.extend(
            asked
                .into_iter()
                .map(|question| row(question, &|side| answer_to(side, question))),
        );
        rows
    }

    fn stage_of(&self, application: &Application) -> String {
        let stage = self.stages.iter().find(|stage| Some(stage.id) == application.stage);
        stage.map(|stage| stage.name.clone()).unwrap_or_default()
    }
}

impl Row {
    pub fn is_same(&self) -> bool {
        self.cells.windows(2).all(|pair| pair[0] == pair[1])
    }
}

fn answer_to(side: &Evidence, question: &str) -> String {
    let answer = side.answers.iter().find(|answer| answer.question == question);
    answer.map(|answer| answer.answer.clone()).unwrap_or_default()
}

async fn page(app: &App, shell: Shell, staff: &Staff, (id, other): (Uuid, Uuid)) -> Result<MergingPage, AppError> {
    let (one, opening) = access::sent(app, staff, id).await?;
    let (two, _) = access::sent(app, staff, other).await?;
    if let Some(why) = merging::obstacle(&one, &two) {
        return Err(AppError::Conflict(why.into()));
    }
    let mut sides = Vec::new();
    for application in [one, two] {
        sides.push(evidence_of(app, application, &opening).await?);
    }
    Ok(MergingPage {
        shell,
        stages: openings::stages(&app.db, opening.id).await?,
        opening,
        sides,
        stays: Some(id),
        error: None,
    })
}

pub async fn merging(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(both): Path<(Uuid, Uuid)>,
) -> Result<Page<MergingPage>, AppError> {
    page(&app, shell, &staff, both).await.map(Page)
}

#[derive(Deserialize)]
pub struct MergeForm {
    #[serde(default)]
    stays: String,
}

pub async fn merge(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path((id, other)): Path<(Uuid, Uuid)>,
    Form(form): Form<MergeForm>,
) -> Result<Response, AppError> {
    for one in [id, other] {
        access::sent(&app, &staff, one).await?;
    }
    let kept = match form.stays.parse::<Uuid>() {
        Ok(stays) if stays == id || stays == other => stays,
        _ => {
            let mut page = page(&app, shell, &staff, (id, other)).await?;
            page.stays = None;
            page.error = Some("Choose which of the two stays.");
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
    };
    let duplicate = if kept == id { other } else { id };
    merging::merge(&app, &staff, duplicate, kept).await?;
    let said = "They are one now. What came with the other one stands below, and the two can be parted again.";
    let page = SeeOther::to(format!("/applications/{kept}"));
    Ok(page.saying(Flash::good(said)).into_response())
}

#[derive(Deserialize)]
pub struct PartingForm {
    duplicate: Uuid,
}

pub async fn part(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<PartingForm>,
) -> Result<SeeOther, AppError> {
    access::sent(&app, &staff, id).await?;
    access::sent(&app, &staff, form.duplicate).await?;
    merging::part(&app, &staff, id, form.duplicate).await?;
    let said = "They are parted: this one is an application of its own again, where it was.";
    Ok(SeeOther::to(format!("/applications/{}", form.duplicate)).saying(Flash::good(said)))
}
