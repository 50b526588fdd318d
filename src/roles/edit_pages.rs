//! The form of one part of a draft.

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
use crate::roles::KitRecord;
use crate::roles::draft::{self, Draft, Gone, Named};
use crate::roles::draft_pages::{Refusal, change, title_of};
use crate::roles::edit::{EditField, Errors, RowChange, Typed, faults};
use crate::roles::kit::Kit;
use crate::roles::pages::find;
use crate::roles::parts::{ABOUT, Control, Part, part};
use crate::ui::{Flash, Form, Page, Path, Query, SeeOther, Shell};

#[derive(Template)]
#[template(path = "roles/edit.html")]
pub struct EditPage {
    pub shell: Shell,
    pub record: KitRecord,
    pub part: &'static Part,
    /// The item's place; absent for a new one.
    pub at: Option<usize>,
    /// How many there are.
    pub count: usize,
    /// The item as it was when the page was made.
    pub was: String,
    pub fields: Vec<EditField>,
    /// Somebody changed the item meanwhile.
    pub gone: bool,
}

impl EditPage {
    pub fn wrong(&self) -> Vec<&EditField> {
        self.fields.iter().flat_map(EditField::wrong).collect()
    }

    pub fn action(&self) -> String {
        let at = self.at.map_or("new".to_owned(), |at| at.to_string());
        format!("/kits/{}/draft/{}/{at}", self.record.id, self.part.key)
    }

    pub fn is_about(&self) -> bool {
        self.part.key == ABOUT.key
    }
}

/// What a new item begins with.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct NewQuery {
    #[serde(default)]
    competency: String,
    #[serde(default)]
    round: String,
}

pub async fn form(
    Shared(app): Shared<App>,
    shell: Shell,
    Path((id, key, at)): Path<(Uuid, String, String)>,
    Query(query): Query<NewQuery>,
) -> Result<Page<EditPage>, AppError> {
    let part = find_part(&key)?;
    let record = find(&app, id).await?;
    let kit = draft_of(&record)?.kit.clone();
    let items = draft::items(&kit, part);
    let at = find_place(&at, &items)?;
    let item = match at {
        Some(at) => items[at].clone(),
        None => serde_json::json!({ "competency": query.competency, "round": query.round }),
    };
    let typed = Typed::of(part, &item);
    let was = at.map(|_| draft::fingerprint(&item)).unwrap_or_default();
    Ok(Page(page(shell, record, part, at, was, &typed, &Errors::new())))
}

fn find_part(key: &str) -> Result<&'static Part, AppError> {
    if key == ABOUT.key {
        return Ok(&ABOUT);
    }
    part(key).ok_or(AppError::NotFound("part of a kit"))
}

fn draft_of(record: &KitRecord) -> Result<&Draft, AppError> {
    record.draft.as_ref().ok_or(AppError::NotFound("draft"))
}

fn find_place(at: &str, items: &[Value]) -> Result<Option<usize>, AppError> {
    if at == "new" {
        return Ok(None);
    }
    let at = at.parse().ok().filter(|at| *at < items.len());
    at.map(Some).ok_or(AppError::NotFound("part of this kit"))
}

fn page(
    shell: Shell,
    record: KitRecord,
    part: &'static Part,
    at: Option<usize>,
    was: String,
    typed: &Typed,
    errors: &Errors,
) -> EditPage {
    let empty = Kit::default();
    let kit = record.draft.as_ref().map_or(&empty, |draft| &draft.kit);
    EditPage {
        fields: typed.fields(part, kit, errors),
        count: draft::items(kit, part).len(),
        shell,
        record,
        part,
        at,
        was,
        gone: false,
    }
}

pub async fn save(
    Shared(app): Shared<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path((id, key, at)): Path<(Uuid, String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let part = find_part(&key)?;
    let mut typed = Typed::posted(pairs);
    let (was, then) = (typed.get("was").to_owned(), typed.get("then").to_owned());
    let place = at.parse::<usize>().ok();
    if change_row(&mut typed, &then) {
        let record = find(&app, id).await?;
        let page = page(shell, record, part, place, was, &typed, &Errors::new());
        return Ok(Page(page).into_response());
    }
    let mut errors = Errors::new();
    let done = change(&app, id, staff.id, |draft| {
        let (kit, note) = put(&draft.kit, part, place, &was, &typed, &mut errors)?;
        if errors.is_empty() {
            draft.kit = kit;
        }
        Ok(note)
    });
    match done.await? {
        Ok(()) if errors.is_empty() => Ok(saved(id, part, &then).into_response()),
        Ok(()) => {
            let page = page(shell, find(&app, id).await?, part, place, was, &typed, &errors);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(Refusal::NoDraft) => Err(AppError::Conflict(
            "This draft was published or dropped meanwhile. Go back to copy what you wrote.".into(),
        )),
        Err(Refusal::Gone) => {
            let page = page(shell, find(&app, id).await?, part, None, String::new(), &typed, &errors);
            Ok((StatusCode::CONFLICT, Page(EditPage { gone: true, ..page })).into_response())
        }
    }
}

/// A button such as `up:answers:1`: the form comes back with its rows changed, and nothing is saved.
fn change_row(typed: &mut Typed, then: &str) -> bool {
    let mut words = then.split(':');
    let change = words.next().and_then(RowChange::from_id);
    let (Some(change), Some(group)) = (change, words.next()) else {
        return false;
    };
    let at = words.next().and_then(|at| at.parse().ok()).unwrap_or_default();
    typed.change_row(group, at, change);
    true
}

fn saved(kit: Uuid, part: &Part, then: &str) -> SeeOther {
    if then == "another" {
        let said = Flash::good("Saved. Here is room for the next one.");
        return SeeOther::to(format!("/kits/{kit}/draft/{}/new", part.key)).saying(said);
    }
    SeeOther::to(format!("/kits/{kit}/draft#{}", part.key)).saying(Flash::good("Saved."))
}

/// The kit with what was typed, and a note of what that was.
fn put(
    kit: &Kit,
    part: &'static Part,
    place: Option<usize>,
    was: &str,
    typed: &Typed,
    errors: &mut Errors,
) -> Result<(Kit, String), Gone> {
    let mut items = draft::items(kit, part);
    let at = place.map(|at| draft::locate(&items, at, was)).transpose()?;
    let old = at.map(|at| items[at].clone()).unwrap_or_default();
    let mut item = typed.item(part, &old, errors);
    require_words(part, &item, errors);
    fill_discipline(part, kit, &mut item);
    let title = title_of(part, &item);
    let note = match at {
        _ if part.key == ABOUT.key => "Changed the role".to_owned(),
        Some(_) => format!("Changed {} “{title}”", part.one()),
        None => format!("Added {} “{title}”", part.one()),
    };
    let changed = if part.key == ABOUT.key {
        draft::with_about(kit, item)
    } else {
        let at = at.unwrap_or(items.len());
        if at == items.len() {
            items.push(item);
        } else {
            items[at] = item;
        }
        draft::with_items(kit, part, items)
    };
    let mut changed = changed.map_err(|_| Gone)?;
    rename(kit, &mut changed, part, at, typed);
    let at = at.unwrap_or_else(|| draft::items(&changed, part).len().saturating_sub(1));
    // What is wrong elsewhere must not keep anybody from saving this.
    let before = faults(kit, part, at);
    let new = faults(&changed, part, at);
    errors.extend(
        new.into_iter()
            .filter(|(name, fault)| place.is_none() || before.get(name) != Some(fault)),
    );
    Ok((changed, note))
}

fn require_words(part: &Part, item: &Value, errors: &mut Errors) {
    let main = part.main_field();
    let empty = match if main.key.is_empty() { item } else { &item[main.key] } {
        Value::String(text) => text.is_empty(),
        Value::Array(rows) => rows.is_empty(),
        _ => true,
    };
    if empty {
        let name = if main.key.is_empty() { "text" } else { main.key };
        errors
            .entry(name.to_owned())
            .or_insert_with(|| format!("Write the {} first.", main.label.to_lowercase()));
    }
}

/// A question's discipline is that of its competency, where the framework knows it.
fn fill_discipline(part: &Part, kit: &Kit, item: &mut Value) {
    if !part.fields.iter().any(|field| field.control == Control::Competency) {
        return;
    }
    let competency = item["competency"].as_str().unwrap_or_default();
    let holds = |discipline: &&crate::roles::kit::Discipline| {
        discipline.competencies.iter().any(|known| known.name == competency)
    };
    if let Some(discipline) = kit.disciplines.iter().find(holds) {
        item["discipline"] = discipline.name.clone().into();
    }
}

/// What has a new name keeps what refers to it.
fn rename(before: &Kit, kit: &mut Kit, part: &Part, at: Option<usize>, typed: &Typed) {
    match (part.key, at) {
        ("about", _) => {
            draft::rename(kit, Named::Round, &typed.renamed("rounds"));
            let levels = draft::renamed_in_place(&before.levels, &kit.levels);
            draft::rename(kit, Named::Level, &levels);
        }
        ("disciplines", Some(at)) => {
            draft::rename(kit, Named::Competency, &typed.renamed("competencies"));
            if let (Some(was), Some(now)) = (before.disciplines.get(at), kit.disciplines.get(at)) {
                let names = [(was.name.clone(), now.name.clone())];
                draft::rename(kit, Named::Discipline, &names);
            }
        }
        _ => {}
    }
}
