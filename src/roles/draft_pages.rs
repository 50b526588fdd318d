//! A draft on one page: every part with its items, what was left over, what is missing, what can be taken back.

use askama::Template;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::people::guard::SignedIn;
use crate::roles::coverage::{Coverage, RoundTime};
use crate::roles::draft::{self, Draft, Gone, Leftover, Move, Target};
use crate::roles::format;
use crate::roles::kit::Kit;
use crate::roles::lint::{self, Finding};
use crate::roles::pages::find;
use crate::roles::parts::{ABOUT, PARTS, Part, part};
use crate::roles::store;
use crate::roles::{Change, KitRecord};
use crate::ui::{Flash, Form, Page, Path, SeeOther, Shell, capitalised, shortened};

#[derive(Template)]
#[template(path = "roles/draft.html")]
pub struct DraftPage {
    pub shell: Shell,
    pub record: KitRecord,
    pub draft: Draft,
    pub parts: Vec<PartList>,
    pub lint: Vec<Concern>,
    pub coverage: Coverage,
    pub times: Vec<RoundTime>,
    pub last: Option<Change>,
}

pub struct PartList {
    pub part: &'static Part,
    pub items: Vec<Item>,
}

/// An item of a list, as the overview shows it.
pub struct Item {
    pub title: String,
    /// Where it stands, such as its round.
    pub facts: Vec<String>,
    pub fingerprint: String,
    pub concerned: bool,
}

/// A finding, with the way to what it is about.
pub struct Concern {
    pub message: String,
    pub href: Option<String>,
}

impl DraftPage {
    pub fn new(shell: Shell, record: KitRecord, draft: Draft, last: Option<Change>) -> DraftPage {
        let findings: Vec<Finding> = draft
            .announced
            .iter()
            .cloned()
            .chain(lint::lint_kit(&draft.kit))
            .collect();
        let parts = PARTS.iter().map(|part| PartList {
            part,
            items: draft::items(&draft.kit, part)
                .iter()
                .enumerate()
                .map(|(at, item)| Item::new(part, at, item, &findings))
                .collect(),
        });
        DraftPage {
            parts: parts.collect(),
            lint: Concern::faults(record.id, &draft.kit)
                .into_iter()
                .chain(
                    findings
                        .iter()
                        .map(|finding| Concern::new(record.id, &finding.place, &finding.message)),
                )
                .collect(),
            coverage: Coverage::of(&draft.kit),
            times: RoundTime::all(&draft.kit),
            shell,
            record,
            draft,
            last,
        }
    }

    pub fn base(&self) -> String {
        format!("/kits/{}/draft", self.record.id)
    }
}

impl Item {
    fn new(part: &Part, at: usize, item: &Value, findings: &[Finding]) -> Item {
        let place = format!("{}[{at}]", part.key);
        let of = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
        let mut facts = match part.key {
            "competency_questions" => vec![of("competency"), of("round"), of("level")],
            "attitude_questions" => vec![of("trait"), of("round")],
            "disciplines" => {
                let competencies = item["competencies"].as_array().map_or(0, Vec::len);
                vec![format!("{competencies} competencies")]
            }
            _ => Vec::new(),
        };
        facts.extend(item["minutes"].as_u64().map(|minutes| format!("{minutes} min")));
        facts.retain(|fact| !fact.is_empty());
        let within = |finding: &Finding| {
            let rest = finding.place.strip_prefix(&place);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        Item {
            title: title_of(part, item),
            facts,
            fingerprint: draft::fingerprint(item),
            concerned: findings.iter().any(within),
        }
    }
}

impl Concern {
    /// What keeps a kit from being a file of the format, and so from being published.
    pub fn faults(kit: Uuid, document: &Kit) -> Vec<Concern> {
        let faults = format::check_kit(document);
        faults
            .iter()
            .map(|fault| Concern::new(kit, &fault.field, &fault.message))
            .collect()
    }

    fn new(kit: Uuid, place: &str, message: &str) -> Concern {
        let (list, rest) = place.split_once('[').unwrap_or((place, ""));
        let at = rest.split(']').next().and_then(|at| at.parse::<usize>().ok());
        let href = match (part(list), at) {
            (Some(part), Some(at)) => Some(format!("/kits/{kit}/draft/{}/{at}", part.key)),
            (Some(part), None) => Some(format!("/kits/{kit}/draft#{}", part.key)),
            (None, _) if ABOUT.fields.iter().any(|field| field.key == list) => {
                Some(format!("/kits/{kit}/draft/{}/0", ABOUT.key))
            }
            _ => None,
        };
        let message = match part(place) {
            Some(part) => format!("{}: {message}", part.plural),
            None => capitalised(message),
        };
        Concern { message, href }
    }
}

/// An item in short, for lists and notes.
pub fn title_of(part: &Part, item: &Value) -> String {
    match part.main_text(item) {
        "" => format!("{} without words", capitalised(part.singular)),
        text => shortened(text, 140),
    }
}

pub async fn overview(Shared(app): Shared<App>, shell: Shell, Path(id): Path<Uuid>) -> Result<Response, AppError> {
    let record = find(&app, id).await?;
    let Some(draft) = record.draft.clone() else {
        return Ok(SeeOther::to(format!("/kits/{id}")).into_response());
    };
    let last = store::last_change(&app.db, id).await?;
    Ok(Page(DraftPage::new(shell, record, draft, last)).into_response())
}

/// Begins the next version with what the last one says.
pub async fn begin(
    Shared(app): Shared<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, AppError> {
    let mut tx = app.db.begin().await?;
    let record = store::lock(&mut tx, id).await?.ok_or(AppError::NotFound("kit"))?;
    if let (None, Some(kit)) = (&record.draft, store::last_published(&mut tx, id).await?) {
        store::change(&mut tx, &record, &Draft::of(kit), "", staff.id, app.now()).await?;
    }
    tx.commit().await?;
    Ok(SeeOther::to(format!("/kits/{id}/draft")))
}

/// Why a change of a draft was not made.
pub enum Refusal {
    /// The draft has been published or dropped meanwhile.
    NoDraft,
    Gone,
}

impl From<Gone> for Refusal {
    fn from(_: Gone) -> Refusal {
        Refusal::Gone
    }
}

/// Changes the draft as it is now, and keeps a note of what was done. A note without a word: nothing is different.
pub async fn change(
    app: &App,
    kit: Uuid,
    by: Uuid,
    apply: impl FnOnce(&mut Draft) -> Result<String, Gone>,
) -> Result<Result<(), Refusal>, AppError> {
    let mut tx = app.db.begin().await?;
    let record = store::lock(&mut tx, kit).await?.ok_or(AppError::NotFound("kit"))?;
    let Some(mut draft) = record.draft.clone() else {
        return Ok(Err(Refusal::NoDraft));
    };
    let Ok(what) = apply(&mut draft) else {
        return Ok(Err(Refusal::Gone));
    };
    if record.draft.as_ref() != Some(&draft) {
        store::change(&mut tx, &record, &draft, &what, by, app.now()).await?;
    }
    tx.commit().await?;
    Ok(Ok(()))
}

/// Back to the draft, with what became of the change.
fn back(kit: Uuid, anchor: &str, done: Result<(), Refusal>, said: impl FnOnce() -> Flash) -> SeeOther {
    let draft = format!("/kits/{kit}/draft{anchor}");
    match done {
        Ok(()) => SeeOther::to(draft).saying(said()),
        Err(Refusal::Gone) => {
            let gone = "Somebody changed this meanwhile, so nothing was done. Here is how it stands now.";
            SeeOther::to(draft).saying(Flash::warn(gone))
        }
        Err(Refusal::NoDraft) => {
            let gone = "There is no draft any more: it was published or dropped meanwhile.";
            SeeOther::to(format!("/kits/{kit}")).saying(Flash::warn(gone))
        }
    }
}

#[derive(Deserialize)]
pub struct MoveForm {
    #[serde(default)]
    part: String,
    #[serde(default)]
    at: usize,
    #[serde(default)]
    was: String,
    #[serde(default)]
    then: String,
}

pub async fn move_item(
    Shared(app): Shared<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<MoveForm>,
) -> Result<SeeOther, AppError> {
    let (Some(part), Some(what)) = (part(&form.part), Move::from_id(&form.then)) else {
        return Err(AppError::NotFound("part of a kit"));
    };
    let mut note = String::new();
    let done = change(&app, id, staff.id, |draft| {
        let items = draft::items(&draft.kit, part);
        let at = draft::locate(&items, form.at, &form.was)?;
        note = format!("{} {} “{}”", what.done(), part.one(), title_of(part, &items[at]));
        draft.kit = draft::with_items(&draft.kit, part, draft::moved(part, items, at, what)).map_err(|_| Gone)?;
        Ok(note.clone())
    });
    let done = done.await?;
    Ok(back(id, &format!("#{}", part.key), done, || {
        Flash::good(format!("{note}."))
    }))
}

#[derive(Deserialize)]
pub struct UndoForm {
    #[serde(default)]
    revision: i64,
}

pub async fn undo(
    Shared(app): Shared<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<UndoForm>,
) -> Result<SeeOther, AppError> {
    let mut tx = app.db.begin().await?;
    store::lock(&mut tx, id).await?.ok_or(AppError::NotFound("kit"))?;
    let undone = store::undo(&mut tx, id, form.revision, staff.id, app.now()).await?;
    tx.commit().await?;
    let said = match undone {
        Some(what) => Flash::good(format!("Taken back: {what}.")),
        None => Flash::warn("There was another change meanwhile. Look at it before you take it back."),
    };
    Ok(SeeOther::to(format!("/kits/{id}/draft")).saying(said))
}

#[derive(Template)]
#[template(path = "roles/leftover.html")]
pub struct LeftoverPage {
    pub shell: Shell,
    pub record: KitRecord,
    pub leftover: Leftover,
    pub targets: Vec<(&'static str, Vec<Target>)>,
    pub error: Option<&'static str>,
}

pub async fn leftover(
    Shared(app): Shared<App>,
    shell: Shell,
    Path((id, line)): Path<(Uuid, usize)>,
) -> Result<Page<LeftoverPage>, AppError> {
    leftover_page(&app, shell, id, line, None).await
}

async fn leftover_page(
    app: &App,
    shell: Shell,
    id: Uuid,
    line: usize,
    error: Option<&'static str>,
) -> Result<Page<LeftoverPage>, AppError> {
    let record = find(app, id).await?;
    let draft = record.draft.as_ref().ok_or(AppError::NotFound("draft"))?;
    let leftover = draft.leftovers.iter().find(|left| left.line == line);
    Ok(Page(LeftoverPage {
        leftover: leftover.ok_or(AppError::NotFound("line"))?.clone(),
        targets: draft.targets(),
        shell,
        record,
        error,
    }))
}

#[derive(Deserialize)]
pub struct AssignForm {
    #[serde(default)]
    target: String,
}

pub async fn assign(
    Shared(app): Shared<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path((id, line)): Path<(Uuid, usize)>,
    Form(form): Form<AssignForm>,
) -> Result<Response, AppError> {
    if form.target.is_empty() {
        let page = leftover_page(&app, shell, id, line, Some("Choose where the line belongs.")).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let done = change(&app, id, staff.id, |draft| {
        draft.assign(line, &form.target)?;
        Ok(format!("Placed line {line}"))
    });
    let done = done.await?;
    Ok(back(id, "#leftovers", done, || {
        Flash::good(format!("Line {line} has its place."))
    })
    .into_response())
}

pub async fn drop_lines(
    Shared(app): Shared<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<SeeOther, AppError> {
    let chosen = pairs.iter().filter(|(name, _)| name == "line");
    let lines: Vec<usize> = chosen.filter_map(|(_, line)| line.parse().ok()).collect();
    if lines.is_empty() {
        let said = Flash::warn("Choose the lines to drop first.");
        return Ok(SeeOther::to(format!("/kits/{id}/draft#leftovers")).saying(said));
    }
    let note = match lines.as_slice() {
        [one] => format!("Dropped line {one}"),
        many => format!("Dropped {} lines", many.len()),
    };
    let done = change(&app, id, staff.id, |draft| {
        draft.drop_lines(&lines);
        Ok(note.clone())
    });
    let done = done.await?;
    Ok(back(id, "#leftovers", done, || Flash::good(format!("{note}."))))
}

#[derive(Template)]
#[template(path = "roles/discard.html")]
pub struct DiscardPage {
    pub shell: Shell,
    pub record: KitRecord,
}

pub async fn discard_page(
    Shared(app): Shared<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Page<DiscardPage>, AppError> {
    let record = find(&app, id).await?;
    Ok(Page(DiscardPage { shell, record }))
}

/// Drops the draft. A kit that was never published is archived instead: nothing that somebody wrote is destroyed.
pub async fn discard(Shared(app): Shared<App>, Path(id): Path<Uuid>) -> Result<SeeOther, AppError> {
    let mut tx = app.db.begin().await?;
    store::lock(&mut tx, id).await?.ok_or(AppError::NotFound("kit"))?;
    let said = match store::last_published(&mut tx, id).await? {
        Some(kit) => {
            store::discard(&mut tx, id, &kit.title).await?;
            "The draft is dropped. The last version stands."
        }
        None => {
            store::archive(&mut tx, id, Some(app.now())).await?;
            "The kit is archived."
        }
    };
    tx.commit().await?;
    Ok(SeeOther::to(format!("/kits/{id}")).saying(Flash::good(said)))
}
