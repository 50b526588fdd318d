//! Moving one, doing something with many after a preview, and taking it back.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::applications::store as applications;
use crate::hiring::openings::store as openings;
use crate::hiring::pipeline::acts::past::Notice;
use crate::hiring::pipeline::acts::preview::{Asked, Preview, Sent};
use crate::hiring::pipeline::acts::{self, Act, Done, Pick, Undone, store};
use crate::hiring::pipeline::board_pages::{back_to, checked_back};
use crate::hiring::pipeline::store as lines;
use crate::hiring::screening::veil::Veil;
use crate::hiring::{Opening, access};
use crate::people::guard::SignedIn;
use crate::people::{Permission, Staff};
use crate::ui::{Flash, Form, Page, Path, Query, SeeOther, Shell};

const LINES: i64 = 50;
/// So many are named in a sentence.
const NAMED: usize = 5;

#[derive(Deserialize)]
pub struct Move {
    application: Uuid,
    /// Where it was when the page was opened.
    from: Uuid,
    to: Uuid,
    #[serde(default)]
    back: String,
}

/// Moves one application, without a question and without a mail.
pub async fn move_one(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<Move>,
) -> Result<SeeOther, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let back = checked_back(&opening, &form.back);
    let stages = openings::stages(&app.db, id).await?;
    let to = stages.into_iter().find(|stage| stage.id == form.to);
    let act = Act::Move {
        to: to.ok_or(AppError::NotFound("stage"))?,
        mail: false,
    };
    let pick = Pick {
        id: form.application,
        moves: None,
        stage: Some(form.from),
    };
    let done = acts::perform(&app, &staff, &opening, &act, &[pick], app.new_id()).await?;
    match done.act {
        Some(_) => Ok(SeeOther::to(back_to(&back, done.act))),
        None => {
            let said = Flash::warn(not_moved(&app, &staff, &opening, (form.application, &done)).await?);
            Ok(SeeOther::to(back).saying(said))
        }
    }
}

/// Why one was not moved: who was quicker, when it was a colleague.
async fn not_moved(app: &App, staff: &Staff, opening: &Opening, (id, done): (Uuid, &Done)) -> Result<String, AppError> {
    let application = applications::find(&app.db, id).await?;
    let Some(application) = application.filter(|application| application.opening == opening.id) else {
        return Ok("This application is gone. Nothing was changed.".into());
    };
    let name = Veil::of(&app.db, staff.id).await?.called(&app.db, &application).await?;
    let why = done.refused.first().map_or("has changed", |(_, why)| why);
    Ok(match lines::last_move(&app.db, id).await? {
        Some((who, at, to)) if why != "has ended" => {
            format!(
                "{who} moved {name} to {to} at {}. Nothing was changed.",
                at.hour_words()
            )
        }
        _ => format!("{name} {why}. Nothing was changed."),
    })
}

#[derive(Template)]
#[template(path = "hiring/pipeline/preview.html")]
pub struct PreviewPage {
    pub shell: Shell,
    pub preview: Preview,
    pub now: Timestamp,
}

/// Shows what would be done, or asks for what is missing.
pub async fn preview(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(sent): Form<Sent>,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let mut asked = Asked::read(sent);
    asked.back = checked_back(&opening, &asked.back);
    let back = asked.back.clone();
    let preview = Preview::of(&app, &staff, opening, asked).await?;
    if preview.lines.is_empty() && preview.refused.is_empty() {
        let said = Flash::warn("Nobody was chosen. Select some first.");
        return Ok(SeeOther::to(back).saying(said).into_response());
    }
    let status = match preview.with_errors().is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let now = app.now();
    Ok((status, Page(PreviewPage { shell, preview, now })).into_response())
}

/// Does what was shown.
pub async fn confirm(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(sent): Form<Sent>,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let mut asked = Asked::read(sent);
    asked.back = checked_back(&opening, &asked.back);
    let (picks, token) = (asked.picks.clone(), asked.token);
    let preview = Preview::of(&app, &staff, opening.clone(), asked).await?;
    let (Some(act), Some(token)) = (&preview.act, token) else {
        let now = app.now();
        let page = Page(PreviewPage { shell, preview, now });
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let done = acts::perform(&app, &staff, &opening, act, &picks, token).await?;
    let to = SeeOther::to(back_to(&preview.back, done.act));
    let refused = done.refused.iter().map(|(id, why)| {
        let line = preview
            .refused
            .iter()
            .map(|(line, _)| line)
            .chain(&preview.lines)
            .find(|line| line.id == *id);
        format!("{} {why}", line.map_or("one", |line| line.called()))
    });
    let refused = named(&refused.collect::<Vec<_>>());
    Ok(match (done.act, refused.is_empty()) {
        (Some(_), true) => to.into_response(),
        (Some(_), false) => to
            .saying(Flash::warn(format!("Left as they are: {refused}.")))
            .into_response(),
        (None, _) => to
            .saying(Flash::warn(format!("Nothing was done: {refused}.")))
            .into_response(),
    })
}

fn named(all: &[String]) -> String {
    let mut words = all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if all.len() > NAMED {
        words.push_str(&format!(" and {} more", all.len() - NAMED));
    }
    words
}

#[derive(Template)]
#[template(path = "hiring/pipeline/changes.html")]
pub struct ChangesPage {
    pub shell: Shell,
    pub opening: Opening,
    pub now: Timestamp,
    pub acts: Vec<Notice>,
    pub older: Option<String>,
}

impl ChangesPage {
    pub fn handles(&self) -> bool {
        self.shell.may(&Permission::HandleApplications)
    }

    pub fn here(&self) -> String {
        format!("{}/changes", self.opening.url())
    }
}

#[derive(Deserialize)]
pub struct Before {
    before: Option<Uuid>,
}

pub async fn changes(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Query(asked): Query<Before>,
) -> Result<Page<ChangesPage>, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let before = asked.before.unwrap_or(Uuid::max());
    let mut past = store::list(&app.db, id, before, LINES + 1).await?;
    let most = usize::try_from(LINES).unwrap_or(usize::MAX);
    let more = past.len() > most;
    past.truncate(most);
    let older = past.last().filter(|_| more);
    let older = older.map(|act| format!("{}/changes?before={}", opening.url(), act.id));
    let veil = Veil::of(&app.db, staff.id).await?;
    Ok(Page(ChangesPage {
        older,
        acts: Notice::of(&app, &veil, past).await?,
        now: app.now(),
        shell,
        opening,
    }))
}

#[derive(Deserialize)]
pub struct Reversal {
    #[serde(default)]
    back: String,
}

pub async fn undo(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((id, act)): Path<(Uuid, Uuid)>,
    Form(form): Form<Reversal>,
) -> Result<SeeOther, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let back = checked_back(&opening, &form.back);
    let act = store::find(&app.db, id, act)
        .await?
        .ok_or(AppError::NotFound("change"))?;
    let said = match acts::undo(&app, &staff, &opening, &act).await? {
        Some(undone) => said(&undone),
        None => Flash::warn("Nothing was undone: it was undone before, or more than 15 minutes ago."),
    };
    Ok(SeeOther::to(back).saying(said))
}

fn said(undone: &Undone) -> Flash {
    let mut words = match undone.count {
        0 => "Nothing was put back.".to_owned(),
        1 => "Undone: one application is as it was.".to_owned(),
        n => format!("Undone: {n} applications are as they were."),
    };
    if !undone.left.is_empty() {
        words.push_str(&format!(" Touched since, and left: {}.", named(&undone.left)));
    }
    match undone.mailed {
        0 => {}
        1 => words.push_str(" One mail was on its way already."),
        n => words.push_str(&format!(" {n} mails were on their way already.")),
    }
    match undone.left.is_empty() && undone.mailed == 0 {
        true => Flash::good(words),
        false => Flash::warn(words),
    }
}
