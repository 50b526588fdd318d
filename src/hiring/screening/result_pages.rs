//! What readers came to about one application, side by side, and the decision on it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::applications::handling::check_why;
use crate::hiring::openings::store as openings;
use crate::hiring::pipeline::acts::{self, Act, Pick};
use crate::hiring::pipeline::board_pages::back_to;
use crate::hiring::screening::section::Section;
use crate::hiring::screening::{Mark, Withdrawn, differ, stage_after, stands_in_screening, step_name, store};
use crate::hiring::{Application, Opening, Stage, access};
use crate::people::guard::SignedIn;
use crate::people::{Permission, Staff};
use crate::roles;
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell};

#[derive(Template)]
#[template(path = "hiring/screening/result.html")]
pub struct ResultPage {
    pub shell: Shell,
    pub application: Application,
    pub opening: Opening,
    pub section: Section,
    pub readers: Vec<String>,
    /// Nothing before there is a result.
    pub rows: Vec<Row>,
    pub withdrawn: Vec<Withdrawn>,
    /// Where it goes if it advances; absent where nothing is left to decide.
    pub next: Option<String>,
    pub undecided: bool,
    pub reason: Field,
    pub form_token: Uuid,
}

/// A criterion with what each reader gave.
#[derive(Clone, Debug)]
pub struct Row {
    pub asked: String,
    pub marks: Vec<Mark>,
    pub differs: bool,
}

impl ResultPage {
    pub fn handles(&self) -> bool {
        self.shell.may(&Permission::HandleApplications)
    }

    pub fn pairs<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = (&'a String, &'a Mark)> {
        self.readers.iter().zip(&row.marks)
    }

    pub fn step(&self, mark: &Mark) -> &'static str {
        mark.score.map_or("", step_name)
    }
}

pub async fn result(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<ResultPage>, AppError> {
    page(&app, shell, &staff, id).await.map(Page)
}

async fn page(app: &App, shell: Shell, staff: &Staff, id: Uuid) -> Result<ResultPage, AppError> {
    let (application, opening) = access::application(app, staff, id).await?;
    let kit = roles::version(app, opening.kit, application.kit_version).await?;
    let section = Section::of(app, staff, &application, &kit).await?;
    let section = section.ok_or(AppError::NotFound("screening"))?;
    let (mut readers, mut given, mut withdrawn) = (Vec::new(), Vec::new(), Vec::new());
    if section.outcome.is_some() {
        for one in store::of_application(&app.db, id).await? {
            if one.submitted_at.is_some() {
                given.push(store::marks(&app.db, one.id).await?);
                readers.push(one.reader);
            }
        }
        withdrawn = store::withdrawn(&app.db, id).await?;
    }
    let row = |(at, asked): (usize, &String)| {
        let marks: Vec<Mark> = given
            .iter()
            .map(|marks| marks.get(at).cloned().unwrap_or_default())
            .collect();
        let scores: Vec<u8> = marks.iter().filter_map(|mark| mark.score).collect();
        Row {
            asked: asked.clone(),
            differs: differ(&scores),
            marks,
        }
    };
    let rows = match given.is_empty() {
        true => Vec::new(),
        false => kit.resume_criteria.iter().enumerate().map(row).collect(),
    };
    let stages = openings::stages(&app.db, opening.id).await?;
    let undecided = section.outcome.is_some() && stands_in_screening(&application, &stages);
    Ok(ResultPage {
        shell,
        next: stage_after(application.stage, &stages).map(|stage| stage.name.clone()),
        undecided,
        reason: reason_field(),
        form_token: app.new_id(),
        application,
        opening,
        section,
        readers,
        rows,
        withdrawn,
    })
}

pub fn reason_field() -> Field {
    Field::new("reason", "Why it ends").hint("Colleagues read it; the candidate does not.")
}

#[derive(Deserialize)]
pub struct DecisionForm {
    #[serde(default)]
    what: String,
    moves: i64,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    mail: String,
    form_token: Uuid,
}

impl DecisionForm {
    /// `None`: nothing that can be done.
    fn act(&self, next: Option<&Stage>) -> Option<Result<Act, &'static str>> {
        let mail = self.mail == "yes";
        match self.what.as_str() {
            "advance" => next.map(|to| Ok(Act::Move { to: to.clone(), mail })),
            "archive" => Some(check_why(&self.reason).map(|why| Act::Archive { why, mail })),
            _ => None,
        }
    }

    fn pick(&self, id: Uuid) -> Pick {
        Pick {
            id,
            moves: Some(self.moves),
            stage: None,
        }
    }
}

pub async fn decide(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<DecisionForm>,
) -> Result<Response, AppError> {
    let (application, opening) = access::application(&app, &staff, id).await?;
    let proposals = format!("{}/screening", opening.url());
    let stages = openings::stages(&app.db, opening.id).await?;
    if let Some(why) = obstacle(&app, &application, &stages).await? {
        return Ok(match acts::store::done_by(&app.db, form.form_token).await? {
            Some(done) => SeeOther::to(back_to(&proposals, Some(done))).into_response(),
            None => SeeOther::to(proposals).saying(nothing_done(why)).into_response(),
        });
    }
    let act = match form.act(stage_after(application.stage, &stages)) {
        Some(Ok(act)) => act,
        Some(Err(error)) => {
            let mut page = page(&app, shell, &staff, id).await?;
            page.reason = reason_field().value(form.reason).error(Some(error));
            page.form_token = form.form_token;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
        None => return Err(AppError::Malformed(format!("what {:?}", form.what))),
    };
    let pick = form.pick(id);
    let done = acts::perform(&app, &staff, &opening, &act, &[pick], form.form_token).await?;
    let to = SeeOther::to(back_to(&proposals, done.act));
    Ok(match done.refused.first() {
        Some((_, why)) => to.saying(nothing_done(why)).into_response(),
        None => to.into_response(),
    })
}

/// Why there is nothing to decide about it.
async fn obstacle(app: &App, application: &Application, stages: &[Stage]) -> Result<Option<&'static str>, AppError> {
    if store::result(&app.db, application.id).await?.is_none() {
        return Ok(Some("was not read by enough people"));
    }
    let stands = stands_in_screening(application, stages);
    Ok((!stands).then_some("has gone on meanwhile"))
}

fn nothing_done(why: &str) -> Flash {
    Flash::warn(format!("Nothing was done: the application {why}."))
}
