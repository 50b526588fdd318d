//! Importing candidates into a job: choose, look, confirm.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::sheet::{Sheet, decode, written};
use super::{Confirmed, Job, Row, check, import, store};
use crate::app::App;
use crate::error::AppError;
use crate::hiring::applications::candidate_pages::attachment;
use crate::hiring::openings::store as openings;
use crate::hiring::{Opening, Stage, access};
use crate::people::guard::SignedIn;
use crate::ui::{Field, Flash, Page, Path, SeeOther, Shell, Upload};

#[derive(Template)]
#[template(path = "hiring/importing/choose.html")]
pub struct ChoosePage {
    pub shell: Shell,
    pub opening: Opening,
    pub stages: Vec<Stage>,
    pub text: Field,
    pub file: Field,
}

impl ChoosePage {
    pub fn with_errors(&self) -> Vec<&Field> {
        crate::ui::form::with_errors(&[&self.file, &self.text])
    }
}

#[derive(Template)]
#[template(path = "hiring/importing/preview.html")]
pub struct PreviewPage {
    pub shell: Shell,
    pub opening: Opening,
    pub stages: Vec<Stage>,
    /// Everything, to come back with the confirmation.
    pub text: String,
    pub form_token: Uuid,
    pub header: Vec<String>,
    pub unknown: Vec<String>,
    pub wrong: Vec<Row>,
    pub right: Vec<Row>,
}

/// So many are drawn of each; all are counted.
const MOST_DRAWN: usize = 200;

impl PreviewPage {
    pub fn stage(&self, id: &Uuid) -> &str {
        let stage = self.stages.iter().find(|stage| stage.id == *id);
        stage.map_or("", |stage| &stage.name)
    }

    pub fn said(&self, row: &Row) -> String {
        let cells: Vec<_> = row
            .cells
            .iter()
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
            .collect();
        crate::ui::shortened(&cells.join(", "), 160)
    }

    pub fn drawn<'a>(&self, rows: &'a [Row]) -> &'a [Row] {
        &rows[..rows.len().min(MOST_DRAWN)]
    }

    pub fn is_cut(&self, rows: &[Row]) -> bool {
        rows.len() > MOST_DRAWN
    }
}

fn text_field() -> Field {
    Field::new("text", "Or paste the table").hint("Its first row names the columns.")
}

fn file_field() -> Field {
    Field::new("file", "A CSV file").hint("At most 10 MB and 5,000 rows.")
}

pub async fn choose(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<ChoosePage>, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    Ok(Page(ChoosePage {
        shell,
        stages: openings::stages(&app.db, id).await?,
        opening,
        text: text_field(),
        file: file_field(),
    }))
}

/// To fill in.
pub async fn template(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response, AppError> {
    access::opening(&app, &staff, id).await?;
    let stages = openings::stages(&app.db, id).await?;
    let day = app.now().day();
    let stage = stages.first().map_or("", |stage| &stage.name);
    let header = vec!["name", "email", "phone", "source", "stage", "applied", "note"];
    let example = vec![
        "Robin Example",
        "robin@mail.example",
        "+1 555 0100",
        "A job board",
        stage,
        &day,
        "Met at a fair",
    ];
    let rows = written([header, example].into_iter());
    Ok((attachment("candidates.csv", "text/csv; charset=utf-8"), rows).into_response())
}

/// What was sent, read as far as it goes.
struct Sent {
    text: String,
    sheet: Sheet,
    rows: Vec<Row>,
    stages: Vec<Stage>,
}

/// `Err`: the field that is wrong, and why.
async fn sent(app: &App, opening: &Opening, typed: &mut Upload) -> Result<Result<Sent, (bool, String)>, AppError> {
    let file = typed.take_file("file");
    let of_file = file.is_some();
    let text = match file {
        Some((_, bytes)) => decode(&bytes),
        None => decode(typed.take("text").as_bytes()),
    };
    let read = text.and_then(|text| Ok((Sheet::read(&text)?, text)));
    let (sheet, text) = match read {
        Ok(read) => read,
        Err(error) => return Ok(Err((of_file, error))),
    };
    let stages = openings::stages(&app.db, opening.id).await?;
    let job = Job {
        opening,
        stages: &stages,
        now: app.now(),
    };
    let mut rows = check(&sheet, &job);
    for row in &mut rows {
        if let Ok(person) = &row.read
            && store::has(&app.db, opening.id, &person.email).await?
        {
            row.read = Err(vec!["This address has an application for the job already.".into()]);
        }
    }
    Ok(Ok(Sent {
        text,
        sheet,
        rows,
        stages,
    }))
}

pub async fn preview(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    mut typed: Upload,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let kept: String = typed
        .fields
        .iter()
        .find(|(name, _)| name == "text")
        .map(|(_, text)| text.clone())
        .unwrap_or_default();
    match sent(&app, &opening, &mut typed).await? {
        Ok(sent) => Ok(Page(preview_page(&app, shell, opening, sent)).into_response()),
        Err((of_file, error)) => {
            let (file, text) = if of_file {
                (Some(error), None)
            } else {
                (None, Some(error))
            };
            let page = ChoosePage {
                shell,
                stages: openings::stages(&app.db, id).await?,
                opening,
                text: text_field().value(kept).error(text),
                file: file_field().error(file),
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

fn preview_page(app: &App, shell: Shell, opening: Opening, sent: Sent) -> PreviewPage {
    let unknown = sent.sheet.unknown().into_iter().map(str::to_owned).collect();
    let (right, wrong) = sent.rows.into_iter().partition(|row| row.read.is_ok());
    PreviewPage {
        shell,
        opening,
        stages: sent.stages,
        text: sent.text,
        form_token: app.new_id(),
        header: sent.sheet.header,
        unknown,
        wrong,
        right,
    }
}

/// The rows that cannot be taken over, each with what is wrong, to be put right and sent again.
pub async fn errors(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    mut typed: Upload,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let Ok(sent) = sent(&app, &opening, &mut typed).await? else {
        return Ok(SeeOther::to(format!("/openings/{id}/import")).into_response());
    };
    let width = sent.sheet.header.len();
    let wrong = sent
        .rows
        .iter()
        .filter_map(|row| Some((row, row.read.as_ref().err()?.join(" "))));
    let wrong: Vec<(&Row, String)> = wrong.collect();
    let mut rows: Vec<Vec<&str>> = vec![sent.sheet.header.iter().map(String::as_str).chain(["error"]).collect()];
    for (row, error) in &wrong {
        let cells = (0..width).map(|at| row.cells.get(at).map_or("", String::as_str));
        rows.push(cells.chain([error.as_str()]).collect());
    }
    Ok((
        attachment("not-imported.csv", "text/csv; charset=utf-8"),
        written(rows.into_iter()),
    )
        .into_response())
}

pub async fn confirm(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    mut typed: Upload,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let (token, mail) = (typed.take("form_token").parse::<Uuid>(), typed.take("mail") == "yes");
    let (Ok(token), Ok(sent)) = (token, sent(&app, &opening, &mut typed).await?) else {
        let said = Flash::warn("Nothing was imported. Choose the file once more.");
        return Ok(SeeOther::to(format!("/openings/{id}/import"))
            .saying(said)
            .into_response());
    };
    let left_out = sent.rows.iter().filter(|row| row.read.is_err()).count();
    let people: Vec<_> = sent.rows.iter().filter_map(|row| row.read.clone().ok()).collect();
    let confirmed = Confirmed {
        token,
        left_out,
        mail,
        by: &staff,
        people,
    };
    let n = confirmed.people.len();
    // A form that was sent twice finds its people here by now: that is no reason to show it again.
    let said = match import(&app, &opening, &confirmed).await? {
        false => Flash::good("This was imported already."),
        true if n == 0 => return Ok(Page(preview_page(&app, shell, opening, sent)).into_response()),
        true if left_out == 0 => Flash::good(format!("Imported: {n}.")),
        true => Flash::warn(format!("Imported: {n}. Left out: {left_out}.")),
    };
    Ok(SeeOther::to(opening.url()).saying(said).into_response())
}
