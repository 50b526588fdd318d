//! Setting a second factor up, its recovery codes, and switching it off.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::audit::Actor;
use crate::clock::Timestamp;
use crate::db::{self, Tx};
use crate::error::AppError;
use crate::people::guard::SignedIn;
use crate::people::recording::{Act, record_own};
use crate::people::second_factor::{Key, Picture, Seal, hash_of, new_recovery_codes, store};
use crate::people::{Staff, managing, passwords};
use crate::ui::form::with_errors;
use crate::ui::{Field, Flash, Form, Page, SeeOther, Shell};

const HERE: &str = "/account/second-factor";

/// How far a person has come.
#[derive(Clone, Debug)]
pub enum Standing {
    Off,
    /// The key is there, and is on its way into an app.
    Key {
        groups: String,
        address: String,
        picture: Option<Picture>,
    },
    On {
        since: Timestamp,
        recovery_codes: i64,
    },
}

#[derive(Template)]
#[template(path = "people/second_factor.html")]
pub struct SecondFactorPage {
    pub shell: Shell,
    pub standing: Standing,
    /// Everybody has to have one.
    pub required: bool,
    pub code: Field,
    /// To make new recovery codes, and to switch it off.
    pub for_codes: Field,
    pub for_removal: Field,
}

impl SecondFactorPage {
    async fn new(app: &App, shell: Shell, staff: &Staff) -> Result<SecondFactorPage, AppError> {
        let standing = match store::find(&app.db, staff.id).await? {
            None => Standing::Off,
            Some(factor) => match factor.since {
                Some(since) => Standing::On {
                    since,
                    recovery_codes: factor.recovery_codes,
                },
                // One that this server cannot open is begun anew.
                None => match Seal::of(app)?.open(&factor.key, staff.id) {
                    Ok(key) => Standing::of_key(&key, staff),
                    Err(_) => Standing::Off,
                },
            },
        };
        Ok(SecondFactorPage {
            shell,
            standing,
            required: store::is_required(&app.db).await?,
            code: Field::new("code", "Code").hint("Six digits, as the app shows them now"),
            for_codes: Field::new("for_codes", "Your password"),
            for_removal: Field::new("for_removal", "Your password"),
        })
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        match self.standing {
            Standing::Off => Vec::new(),
            Standing::Key { .. } => with_errors(&[&self.code]),
            Standing::On { .. } => with_errors(&[&self.for_codes, &self.for_removal]),
        }
    }

    /// Whether this person is kept here until it is set up.
    pub fn is_held(&self) -> bool {
        self.required && !matches!(self.standing, Standing::On { .. })
    }
}

impl Standing {
    fn of_key(key: &Key, staff: &Staff) -> Standing {
        let address = key.address(&staff.email);
        Standing::Key {
            groups: key.groups(),
            picture: Picture::of(&address),
            address,
        }
    }
}

pub async fn page(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
) -> Result<Page<SecondFactorPage>, AppError> {
    SecondFactorPage::new(&app, shell, &staff).await.map(Page)
}

pub async fn begin(State(app): State<App>, SignedIn(staff): SignedIn) -> Result<SeeOther, AppError> {
    let sealed = Seal::of(&app)?.close(&app, &Key::new(&app), staff.id)?;
    let mut tx = app.db.begin().await?;
    store::begin(&mut tx, staff.id, &sealed).await?;
    tx.commit().await?;
    Ok(SeeOther::to(HERE))
}

#[derive(Template)]
#[template(path = "people/recovery_codes.html")]
pub struct RecoveryCodesPage {
    pub shell: Shell,
    /// Shown once: the database has their hashes alone.
    pub codes: Vec<String>,
    /// It was switched on with them.
    pub first: bool,
}

#[derive(Deserialize)]
pub struct TypedCode {
    #[serde(default)]
    code: String,
}

pub async fn confirm(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Form(form): Form<TypedCode>,
) -> Result<Response, AppError> {
    let waiting = store::find(&app.db, staff.id).await?;
    let Some(factor) = waiting.filter(|factor| factor.since.is_none()) else {
        return Ok(SeeOther::to(HERE).into_response());
    };
    let now = app.now();
    let key = Seal::of(&app)?.open(&factor.key, staff.id)?;
    let Some(step) = key.step_of(&form.code, now) else {
        let mut page = SecondFactorPage::new(&app, shell, &staff).await?;
        let error =
            "This code does not fit. Take the one that the app shows now; the clock of the device must be right.";
        page.code = page.code.value(form.code).error(Some(error));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    };
    let mut tx = app.db.begin().await?;
    if !store::confirm(&mut tx, staff.id, &factor.key, step, now).await? {
        return Ok(SeeOther::to(HERE).into_response());
    }
    let codes = put_new_codes(&app, &mut tx, staff.id).await?;
    record_own(&mut tx, &app, &staff, Act::SecondFactorOn).await?;
    tx.commit().await?;
    let first = true;
    Ok(Page(RecoveryCodesPage { shell, codes, first }).into_response())
}

async fn put_new_codes(app: &App, tx: &mut Tx, owner: Uuid) -> db::Result<Vec<String>> {
    let codes = new_recovery_codes(app);
    let hashes: Vec<String> = codes.iter().map(|code| hash_of(code, owner)).collect();
    store::put_recovery_codes(tx, owner, &hashes).await?;
    Ok(codes)
}

#[derive(Deserialize)]
pub struct ForCodes {
    #[serde(default)]
    for_codes: String,
}

pub async fn renew_codes(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Form(form): Form<ForCodes>,
) -> Result<Response, AppError> {
    if store::confirmed(&app.db, staff.id).await?.is_none() {
        return Ok(SeeOther::to(HERE).into_response());
    }
    if let Some(refusal) = passwords::refusal(&app, &staff, &form.for_codes).await? {
        let mut page = SecondFactorPage::new(&app, shell, &staff).await?;
        page.for_codes.error = Some(refusal);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    }
    let mut tx = app.db.begin().await?;
    let codes = put_new_codes(&app, &mut tx, staff.id).await?;
    record_own(&mut tx, &app, &staff, Act::RecoveryCodesMade).await?;
    tx.commit().await?;
    let first = false;
    Ok(Page(RecoveryCodesPage { shell, codes, first }).into_response())
}

#[derive(Deserialize)]
pub struct ForRemoval {
    #[serde(default)]
    for_removal: String,
}

pub async fn remove(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Form(form): Form<ForRemoval>,
) -> Result<Response, AppError> {
    if let Some(refusal) = passwords::refusal(&app, &staff, &form.for_removal).await? {
        let mut page = SecondFactorPage::new(&app, shell, &staff).await?;
        page.for_removal.error = Some(refusal);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    }
    managing::take_second_factor_off(&app, Actor::Staff(staff.id), staff.id).await?;
    let done = Flash::good("The second factor is off. Your password alone signs you in.");
    Ok(SeeOther::to("/account").saying(done).into_response())
}
