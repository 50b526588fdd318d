//! One's own account: the password, the look, and where one is signed in.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::people::devices::Device;
use crate::people::guard::SignedIn;
use crate::people::recording::{Act, record_own};
use crate::people::second_factor::store as second_factors;
use crate::people::sessions::{self, Session};
use crate::people::sign_in_pages::signed_out;
use crate::people::{Staff, managing, passwords, store};
use crate::ui::form::with_errors;
use crate::ui::frame::{cookie_for, set_cookie};
use crate::ui::shell::Theme;
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell};

const SESSIONS: &str = "/account#sessions";

#[derive(Template)]
#[template(path = "people/account.html")]
pub struct AccountPage {
    pub shell: Shell,
    pub staff: Staff,
    pub current: Field,
    pub password: Field,
    pub sessions: Vec<Session>,
    pub second_factor_since: Option<Timestamp>,
    pub recovery_codes: i64,
}

impl AccountPage {
    async fn new(app: &App, shell: Shell, staff: &Staff, jar: &CookieJar) -> Result<AccountPage, AppError> {
        let factor = second_factors::confirmed(&app.db, staff.id).await?;
        Ok(AccountPage {
            shell,
            staff: staff.clone(),
            current: Field::new("current", "Current password"),
            password: Field::new("password", "New password").hint("At least 12 characters"),
            sessions: sessions::of(app, staff, sessions::token_of(app, jar)).await?,
            recovery_codes: factor.as_ref().map_or(0, |factor| factor.recovery_codes),
            second_factor_since: factor.and_then(|factor| factor.since),
        })
    }

    /// Sessions that are older than the column have none.
    pub fn device_of<'a>(&self, session: &'a Session) -> &'a str {
        match session.device.as_str() {
            "" => "An unknown browser",
            known => known,
        }
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.current, &self.password])
    }
}

pub async fn account_page(
    State(app): State<App>,
    shell: Shell,
    jar: CookieJar,
    SignedIn(staff): SignedIn,
) -> Result<Page<AccountPage>, AppError> {
    AccountPage::new(&app, shell, &staff, &jar).await.map(Page)
}

#[derive(Deserialize)]
pub struct PasswordChange {
    current: String,
    password: String,
}

pub async fn change_password(
    State(app): State<App>,
    shell: Shell,
    jar: CookieJar,
    device: Device,
    SignedIn(staff): SignedIn,
    Form(form): Form<PasswordChange>,
) -> Result<Response, AppError> {
    let current_error = passwords::refusal(&app, &staff, &form.current).await?;
    let new_error = passwords::check(&form.password, &staff.email).err();
    if current_error.is_some() || new_error.is_some() {
        let mut page = AccountPage::new(&app, shell, &staff, &jar).await?;
        (page.current.error, page.password.error) = (current_error, new_error);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    }
    let hash = passwords::hash(&app, &form.password).await?;
    let mut tx = app.db.begin().await?;
    store::set_password(&mut tx, staff.id, hash).await?;
    let session = sessions::start(&mut tx, &app, &staff, &device, None).await?;
    record_own(&mut tx, &app, &staff, Act::PasswordSet).await?;
    tx.commit().await?;
    let done = Flash::good("Your password is changed. Everywhere else you are signed out.");
    let mut response = SeeOther::to("/account").saying(done).into_response();
    set_cookie(&mut response, session);
    Ok(response)
}

#[derive(Deserialize)]
pub struct ThemeChoice {
    theme: String,
}

pub async fn change_theme(State(app): State<App>, Form(form): Form<ThemeChoice>) -> Response {
    let theme = Theme::from_id(&form.theme).unwrap_or_default();
    let mut response = SeeOther::to("/account").into_response();
    const YEAR: i64 = 365 * 24 * 3600;
    set_cookie(&mut response, cookie_for(&app, "theme", theme.id().to_owned(), YEAR));
    response
}

pub async fn end_session(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<String>,
) -> Result<SeeOther, AppError> {
    let mut tx = app.db.begin().await?;
    let ended = store::end_one_session_of(&mut tx, staff.id, &id).await?;
    if ended {
        record_own(&mut tx, &app, &staff, Act::SessionEnded).await?;
    }
    tx.commit().await?;
    let flash = match ended {
        true => Flash::good("That browser is signed out."),
        false => Flash::warn("That browser was signed out already."),
    };
    Ok(SeeOther::to(SESSIONS).saying(flash))
}

pub async fn end_other_sessions(
    State(app): State<App>,
    jar: CookieJar,
    SignedIn(staff): SignedIn,
) -> Result<SeeOther, AppError> {
    if let Some(here) = sessions::token_of(&app, &jar) {
        let mut tx = app.db.begin().await?;
        store::end_other_sessions_of(&mut tx, staff.id, &here).await?;
        record_own(&mut tx, &app, &staff, Act::OtherSessionsEnded).await?;
        tx.commit().await?;
    }
    Ok(SeeOther::to(SESSIONS).saying(Flash::good("Everywhere else you are signed out.")))
}

pub async fn end_sessions(State(app): State<App>, SignedIn(staff): SignedIn) -> Result<Response, AppError> {
    managing::sign_out_everywhere(&app, &staff, staff.id).await?;
    Ok(signed_out(&app, "You are signed out everywhere."))
}
