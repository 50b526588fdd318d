//! A bank is made, renamed, opened for practice, closed, removed.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::people::guard::SignedIn;
use crate::roles::bank::Bank;
use crate::roles::banks::bank_form::{BankFields, BankForm};
use crate::roles::banks::pages::find;
use crate::roles::banks::{NewBank, StoredBank, no_bank, store};
use crate::ui::{Flash, Form, Page, Path, SeeOther, Shell};

#[derive(Template)]
#[template(path = "banks/bank_form.html")]
pub struct BankFormPage {
    pub shell: Shell,
    /// None yet: it is about to be made.
    pub bank: Option<StoredBank>,
    pub fields: BankFields,
}

pub async fn new_page(State(app): State<App>, shell: Shell) -> Page<BankFormPage> {
    Page(BankFormPage {
        shell,
        bank: None,
        fields: BankFields::new(app.new_id().to_string()),
    })
}

pub async fn create(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Form(form): Form<BankForm>,
) -> Result<Response, AppError> {
    let checked = match form.check() {
        Ok(checked) => checked,
        Err(fields) => return Ok(refused(shell, None, *fields)),
    };
    let document = Bank {
        bank: Bank::FORMAT,
        title: checked.title,
        about: checked.about,
        advice: checked.advice,
        questions: Vec::new(),
    };
    let new = NewBank {
        document: &document,
        open: false,
        shipped: None,
        form_token: Some(checked.form_token),
        created_by: Some(staff.id),
    };
    let mut tx = app.db.begin().await?;
    let id = super::add(&mut tx, &app, &new).await?;
    tx.commit().await?;
    let said = Flash::good("The bank is there. Now it needs questions.");
    Ok(SeeOther::to(format!("/banks/{id}")).saying(said).into_response())
}

fn refused(shell: Shell, bank: Option<StoredBank>, fields: BankFields) -> Response {
    let page = BankFormPage { shell, bank, fields };
    (StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response()
}

pub async fn edit_page(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Page<BankFormPage>, AppError> {
    let bank = find(&app, id).await?;
    Ok(Page(BankFormPage {
        shell,
        fields: BankFields::of(&bank, app.new_id().to_string()),
        bank: Some(bank),
    }))
}

pub async fn change(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
    Form(form): Form<BankForm>,
) -> Result<Response, AppError> {
    let bank = find(&app, id).await?;
    let checked = match form.check() {
        Ok(checked) => checked,
        Err(fields) => return Ok(refused(shell, Some(bank), *fields)),
    };
    let mut tx = app.db.begin().await?;
    if !store::change(&mut tx, id, &checked.title, &checked.about, &checked.advice).await? {
        return Err(no_bank());
    }
    tx.commit().await?;
    Ok(back(id, "Saved.").into_response())
}

fn back(id: Uuid, said: &str) -> SeeOther {
    SeeOther::to(format!("/banks/{id}")).saying(Flash::good(said))
}

pub async fn open(State(app): State<App>, Path(id): Path<Uuid>) -> Result<SeeOther, AppError> {
    set_open(&app, id, true, "Anybody may practise on this bank now.").await
}

pub async fn close(State(app): State<App>, Path(id): Path<Uuid>) -> Result<SeeOther, AppError> {
    set_open(&app, id, false, "Only the staff sees this bank now.").await
}

async fn set_open(app: &App, id: Uuid, open: bool, said: &str) -> Result<SeeOther, AppError> {
    let mut tx = app.db.begin().await?;
    if !store::set_open(&mut tx, id, open).await? {
        return Err(no_bank());
    }
    tx.commit().await?;
    Ok(back(id, said))
}

#[derive(Template)]
#[template(path = "banks/bank_removal.html")]
pub struct BankRemovalPage {
    pub shell: Shell,
    pub bank: StoredBank,
}

pub async fn removal_page(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Page<BankRemovalPage>, AppError> {
    let bank = find(&app, id).await?;
    Ok(Page(BankRemovalPage { shell, bank }))
}

pub async fn remove(State(app): State<App>, Path(id): Path<Uuid>) -> Result<SeeOther, AppError> {
    let bank = find(&app, id).await?;
    let mut tx = app.db.begin().await?;
    if !store::remove(&mut tx, id, app.now()).await? {
        return Err(no_bank());
    }
    tx.commit().await?;
    let said = format!("“{}” is removed.", bank.line.title);
    Ok(SeeOther::to("/banks").saying(Flash::good(said)))
}
