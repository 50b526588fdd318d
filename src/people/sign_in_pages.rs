//! Signing in, in one step or two, and signing out; the link that sets a password.

use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use serde::Deserialize;

use crate::app::App;
use crate::error::AppError;
use crate::people::devices::Device;
use crate::people::recording::{Act, record_own};
use crate::people::second_factor::entering::{self, Entered, Proof};
use crate::people::second_factor::store as second_factors;
use crate::people::sessions::{self, Token};
use crate::people::{Staff, limits, passwords, store};
use crate::ui::frame::{cookie_for, set_cookie};
use crate::ui::{Field, Flash, Form, Page, Path, Query, SeeOther, Shell, local_path, search_key};

#[derive(Template)]
#[template(path = "people/sign_in.html")]
pub struct SignInPage {
    pub shell: Shell,
    pub email: Field,
    pub password: Field,
    pub next: String,
    pub refusal: Option<String>,
}

impl SignInPage {
    fn new(shell: Shell, email: &str, next: &str, refusal: Option<String>) -> SignInPage {
        SignInPage {
            shell,
            email: Field::new("email", "Email").value(email),
            password: Field::new("password", "Password"),
            next: local_path(next).to_owned(),
            refusal,
        }
    }
}

#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

pub async fn sign_in_page(shell: Shell, Query(Next { next }): Query<Next>) -> Response {
    match shell.staff {
        Some(_) => SeeOther::to(local_path(&next)).into_response(),
        None => Page(SignInPage::new(shell, "", &next, None)).into_response(),
    }
}

#[derive(Deserialize)]
pub struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

pub async fn sign_in(
    State(app): State<App>,
    shell: Shell,
    jar: CookieJar,
    device: Device,
    Form(form): Form<Credentials>,
) -> Result<Response, AppError> {
    let email_key = search_key(&form.email);
    let account = limits::account_key(&email_key);
    let keys = [
        (account.clone(), limits::ACCOUNT),
        (limits::address_key(device.address), limits::ADDRESS),
    ];
    if let Some(wait) = limits::take(&app, &keys).await? {
        let refusal = Some(limits::too_many(wait));
        return Ok(later(wait, SignInPage::new(shell, &form.email, &form.next, refusal)));
    }
    let known = store::by_email(&app.db, &email_key).await?;
    let (staff, hash) = known.map_or((None, None), |(staff, hash)| (Some(staff), hash));
    let matches = passwords::verify(&app, &form.password, hash).await?;
    let Some(staff) = staff.filter(|staff| matches && staff.active) else {
        let refusal = "This email and password do not belong together.".to_owned();
        let page = SignInPage::new(shell, &form.email, &form.next, Some(refusal));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    };
    limits::reset(&app, &account).await?;
    let (to, cookie) = enter(&app, &jar, &staff, &device, local_path(&form.next)).await?;
    Ok(with_cookie(to, cookie))
}

fn later(wait: Duration, page: impl Template) -> Response {
    let seconds = (wait.as_secs() + 1).to_string();
    let headers = [(header::RETRY_AFTER, seconds)];
    (StatusCode::TOO_MANY_REQUESTS, headers, Page(page)).into_response()
}

/// After the password: into the app, or on to the code.
async fn enter(
    app: &App,
    jar: &CookieJar,
    staff: &Staff,
    device: &Device,
    next: &str,
) -> Result<(SeeOther, Cookie<'static>), AppError> {
    if second_factors::confirmed(&app.db, staff.id).await?.is_some() {
        let token = entering::ask(app, staff, next).await?;
        let lasts = i64::try_from(entering::PATIENCE.as_secs()).unwrap_or_default();
        let cookie = cookie_for(app, "pending", token.text().to_owned(), lasts);
        return Ok((SeeOther::to("/sign-in/code"), cookie));
    }
    let mut tx = app.db.begin().await?;
    let cookie = sessions::start(&mut tx, app, staff, device, sessions::token_of(app, jar)).await?;
    record_own(&mut tx, app, staff, Act::SignedIn).await?;
    tx.commit().await?;
    Ok((SeeOther::to(next), cookie))
}

fn with_cookie(to: SeeOther, cookie: Cookie<'static>) -> Response {
    let mut response = to.into_response();
    set_cookie(&mut response, cookie);
    response
}

/// The second step: a code from the app, or one of those that were kept for the day on which it is gone.
#[derive(Template)]
#[template(path = "people/code.html")]
pub struct CodePage {
    pub shell: Shell,
    pub code: Field,
    pub recovery: bool,
}

impl CodePage {
    fn new(shell: Shell, recovery: bool, error: Option<String>) -> CodePage {
        let code = match recovery {
            true => Field::new("code", "Recovery code").hint("16 letters and figures"),
            false => Field::new("code", "Code").hint("Six digits, from your authenticator app"),
        };
        CodePage {
            shell,
            code: code.error(error),
            recovery,
        }
    }
}

pub async fn code_page(State(app): State<App>, shell: Shell, jar: CookieJar) -> Result<Response, AppError> {
    ask_for(&app, shell, &jar, false).await
}

pub async fn recovery_page(State(app): State<App>, shell: Shell, jar: CookieJar) -> Result<Response, AppError> {
    ask_for(&app, shell, &jar, true).await
}

async fn ask_for(app: &App, shell: Shell, jar: &CookieJar, recovery: bool) -> Result<Response, AppError> {
    match sessions::pending_of(app, jar) {
        Some(token) if entering::is_asked(app, &token).await? => {
            Ok(Page(CodePage::new(shell, recovery, None)).into_response())
        }
        _ => Ok(Page(begin_anew(shell)).into_response()),
    }
}

fn begin_anew(shell: Shell) -> SignInPage {
    let refusal = "The code is asked for within five minutes of the password. Sign in once more.";
    SignInPage::new(shell, "", "", Some(refusal.into()))
}

#[derive(Deserialize)]
pub struct TypedCode {
    #[serde(default)]
    code: String,
}

pub async fn give_code(
    State(app): State<App>,
    shell: Shell,
    jar: CookieJar,
    device: Device,
    Form(form): Form<TypedCode>,
) -> Result<Response, AppError> {
    prove(&app, shell, &jar, &device, Proof::Code(&form.code)).await
}

pub async fn give_recovery_code(
    State(app): State<App>,
    shell: Shell,
    jar: CookieJar,
    device: Device,
    Form(form): Form<TypedCode>,
) -> Result<Response, AppError> {
    prove(&app, shell, &jar, &device, Proof::RecoveryCode(&form.code)).await
}

async fn prove(
    app: &App,
    shell: Shell,
    jar: &CookieJar,
    device: &Device,
    proof: Proof<'_>,
) -> Result<Response, AppError> {
    let recovery = matches!(proof, Proof::RecoveryCode(_));
    let late = |shell| (StatusCode::UNPROCESSABLE_ENTITY, Page(begin_anew(shell))).into_response();
    let Some(token) = sessions::pending_of(app, jar) else {
        return Ok(late(shell));
    };
    match entering::prove(app, &token, &proof, device, sessions::token_of(app, jar)).await? {
        Entered::In { session, next, left } => {
            let to = match left {
                Some(left) => SeeOther::to(next).saying(Flash::warn(used_up(left))),
                None => SeeOther::to(next),
            };
            let mut response = with_cookie(to, session);
            set_cookie(&mut response, cookie_for(app, "pending", String::new(), 0));
            Ok(response)
        }
        Entered::Refused => {
            let error = match recovery {
                true => "This is none of your recovery codes, or it was used before.",
                false => "This code does not fit, or was used before. Take the one that the app shows now.",
            };
            let page = CodePage::new(shell, recovery, Some(error.into()));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Entered::Wait(wait) => {
            let page = CodePage::new(shell, recovery, Some(limits::too_many(wait)));
            Ok(later(wait, page))
        }
        Entered::Late => Ok(late(shell)),
    }
}

fn used_up(left: i64) -> String {
    let left = match left {
        0 => "none is left".to_owned(),
        1 => "one is left".to_owned(),
        n => format!("{n} are left"),
    };
    format!("That recovery code is used up; {left}. New ones are made in your account.")
}

pub async fn sign_out(State(app): State<App>, jar: CookieJar) -> Result<Response, AppError> {
    if let Some(token) = sessions::token_of(&app, &jar) {
        sessions::end(&app, &token).await?;
    }
    Ok(signed_out(&app, "You are signed out."))
}

pub fn signed_out(app: &App, message: &str) -> Response {
    let to = SeeOther::to("/sign-in").saying(Flash::good(message));
    with_cookie(to, sessions::removal_cookie(app))
}

#[derive(Template)]
#[template(path = "people/invitation.html")]
pub struct InvitationPage {
    pub shell: Shell,
    pub name: String,
    pub email: String,
    pub password: Field,
}

impl InvitationPage {
    fn new(shell: Shell, staff: Staff, error: Option<String>) -> InvitationPage {
        let password = Field::new("password", "New password")
            .hint("At least 12 characters")
            .error(error);
        InvitationPage {
            shell,
            name: staff.name,
            email: staff.email,
            password,
        }
    }
}

pub async fn invitation_page(
    State(app): State<App>,
    shell: Shell,
    Path(token): Path<String>,
) -> Result<Page<InvitationPage>, AppError> {
    let staff = store::invited(&app.db, &Token::from_text(&token), app.now()).await?;
    Ok(Page(InvitationPage::new(shell, staff, None)))
}

#[derive(Deserialize)]
pub struct NewPassword {
    password: String,
}

pub async fn accept_invitation(
    State(app): State<App>,
    shell: Shell,
    jar: CookieJar,
    device: Device,
    Path(token): Path<String>,
    Form(form): Form<NewPassword>,
) -> Result<Response, AppError> {
    let token = Token::from_text(&token);
    let staff = store::invited(&app.db, &token, app.now()).await?;
    if let Err(error) = passwords::check(&form.password, &staff.email) {
        let page = InvitationPage::new(shell, staff, Some(error));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    }
    let hash = passwords::hash(&app, &form.password).await?;
    let mut tx = app.db.begin().await?;
    store::spend_invitation(&mut tx, &token).await?;
    store::set_password(&mut tx, staff.id, hash).await?;
    record_own(&mut tx, &app, &staff, Act::PasswordSet).await?;
    tx.commit().await?;
    // Somebody who lost the password has not lost the second device: its code is asked for here, too.
    let (to, cookie) = enter(&app, &jar, &staff, &device, "/").await?;
    let welcome = Flash::good(format!("Welcome, {}.", staff.name));
    Ok(with_cookie(to.saying(welcome), cookie))
}
