//! Signing in and out, one's own account, and, for administrators, everybody's.

use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::people::guard::{ClientAddress, SignedIn};
use crate::people::sessions::{self, Token};
use crate::people::{NewStaff, PeopleError, Role, Staff, check_email, check_name, limits, passwords, store};
use crate::ui::form::with_errors;
use crate::ui::frame::{cookie_for, set_cookie};
use crate::ui::shell::Theme;
use crate::ui::{Field, Flash, Form, Page, Path, Query, SeeOther, Shell, local_path, search_key};

pub const INVITATION_LASTS: Duration = Duration::from_secs(7 * 24 * 3600);

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
    ClientAddress(address): ClientAddress,
    Form(form): Form<Credentials>,
) -> Result<Response, AppError> {
    let email_key = search_key(&form.email);
    let account = limits::account_key(&email_key);
    let keys = [
        (account.clone(), limits::ACCOUNT),
        (limits::address_key(address), limits::ADDRESS),
    ];
    if let Some(wait) = limits::take(&app, &keys).await? {
        return Ok(too_many(shell, &form, wait));
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
    signed_in(&app, &jar, &staff, SeeOther::to(local_path(&form.next))).await
}

fn too_many(shell: Shell, form: &Credentials, wait: Duration) -> Response {
    let seconds = wait.as_secs() + 1;
    let refusal = format!("Too many tries. Wait {}, then try again.", minutes(seconds));
    let page = SignInPage::new(shell, &form.email, &form.next, Some(refusal));
    (
        StatusCode::TOO_MANY_REQUESTS,
        [(header::RETRY_AFTER, seconds.to_string())],
        Page(page),
    )
        .into_response()
}

fn minutes(seconds: u64) -> String {
    match seconds {
        1 => "one second".into(),
        0..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

async fn signed_in(app: &App, jar: &CookieJar, staff: &Staff, to: SeeOther) -> Result<Response, AppError> {
    let session = sessions::start(app, staff, sessions::token_of(app, jar)).await?;
    let mut response = to.into_response();
    set_cookie(&mut response, session);
    Ok(response)
}

pub async fn sign_out(State(app): State<App>, jar: CookieJar) -> Result<Response, AppError> {
    if let Some(token) = sessions::token_of(&app, &jar) {
        sessions::end(&app, &token).await?;
    }
    Ok(signed_out(&app, "You are signed out."))
}

fn signed_out(app: &App, message: &str) -> Response {
    let mut response = SeeOther::to("/sign-in").saying(Flash::good(message)).into_response();
    set_cookie(&mut response, sessions::removal_cookie(app));
    response
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
    tx.commit().await?;
    let welcome = SeeOther::to("/").saying(Flash::good(format!("Welcome, {}.", staff.name)));
    signed_in(&app, &jar, &staff, welcome).await
}

#[derive(Template)]
#[template(path = "people/account.html")]
pub struct AccountPage {
    pub shell: Shell,
    pub staff: Staff,
    pub current: Field,
    pub password: Field,
    pub sessions: i64,
}

impl AccountPage {
    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.current, &self.password])
    }
}

async fn account(app: &App, shell: Shell, staff: &Staff) -> Result<AccountPage, AppError> {
    let now = app.now();
    let alive = (now.minus(sessions::IDLE), now.minus(sessions::LONGEST));
    Ok(AccountPage {
        shell,
        staff: staff.clone(),
        current: Field::new("current", "Current password"),
        password: Field::new("password", "New password").hint("At least 12 characters"),
        sessions: store::count_sessions_of(&app.db, staff.id, alive.0, alive.1).await?,
    })
}

pub async fn account_page(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
) -> Result<Page<AccountPage>, AppError> {
    account(&app, shell, &staff).await.map(Page)
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
    SignedIn(staff): SignedIn,
    Form(form): Form<PasswordChange>,
) -> Result<Response, AppError> {
    let keys = [(limits::account_key(&search_key(&staff.email)), limits::ACCOUNT)];
    let wait = limits::take(&app, &keys).await?;
    let known = store::by_email(&app.db, &search_key(&staff.email)).await?;
    let current_error = match wait {
        Some(wait) => Some(format!(
            "Too many tries. Wait {}, then try again.",
            minutes(wait.as_secs() + 1)
        )),
        None if passwords::verify(&app, &form.current, known.and_then(|(_, hash)| hash)).await? => None,
        None => Some("This is not your current password.".to_owned()),
    };
    let new_error = passwords::check(&form.password, &staff.email).err();
    if current_error.is_some() || new_error.is_some() {
        let mut page = account(&app, shell, &staff).await?;
        (page.current.error, page.password.error) = (current_error, new_error);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    }
    let hash = passwords::hash(&app, &form.password).await?;
    let mut tx = app.db.begin().await?;
    store::set_password(&mut tx, staff.id, hash).await?;
    tx.commit().await?;
    let done = Flash::good("Your password is changed. Everywhere else you are signed out.");
    signed_in(&app, &jar, &staff, SeeOther::to("/account").saying(done)).await
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

pub async fn end_sessions(State(app): State<App>, SignedIn(staff): SignedIn) -> Result<Response, AppError> {
    let mut tx = app.db.begin().await?;
    store::end_sessions_of(&mut tx, staff.id).await?;
    tx.commit().await?;
    Ok(signed_out(&app, "You are signed out everywhere."))
}

#[derive(Template)]
#[template(path = "people/people.html")]
pub struct PeoplePage {
    pub shell: Shell,
    pub people: Vec<Staff>,
    pub name: Field,
    pub email: Field,
    pub role: Field,
}

impl PeoplePage {
    fn new(shell: Shell, people: Vec<Staff>) -> PeoplePage {
        PeoplePage {
            shell,
            people,
            name: Field::new("name", "Name"),
            email: Field::new("email", "Email"),
            role: Field::new("role", "Role").value(Role::Recruiter.id()),
        }
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.name, &self.email, &self.role])
    }
}

pub async fn people_page(State(app): State<App>, shell: Shell) -> Result<Page<PeoplePage>, AppError> {
    Ok(Page(PeoplePage::new(shell, store::all(&app.db).await?)))
}

#[derive(Deserialize)]
pub struct InvitationForm {
    name: String,
    email: String,
    role: String,
}

pub async fn invite(
    State(app): State<App>,
    shell: Shell,
    Form(form): Form<InvitationForm>,
) -> Result<Response, AppError> {
    let name = check_name(&form.name);
    let email = check_email(&form.email);
    let role = Role::from_id(&form.role).ok_or("Choose one of the roles.");
    let (name_error, role_error) = (name.clone().err(), role.err());
    let email_error = match (name, email, role) {
        (Ok(name), Ok(email), Ok(role)) => match add_invited(&app, NewStaff { email, name, role }).await {
            Ok((staff, link)) => return Ok(Page(PersonPage::new(shell, staff, Some(link))).into_response()),
            Err(PeopleError::EmailTaken) => Some("Somebody with this address is already in the list."),
            Err(other) => return Err(other.into()),
        },
        (_, email, _) => email.err(),
    };
    let mut page = PeoplePage::new(shell, store::all(&app.db).await?);
    page.name = page.name.value(form.name).error(name_error);
    page.email = page.email.value(form.email).error(email_error);
    page.role = page.role.value(form.role).error(role_error);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// Adds a person without a password, and gives the link that sets one.
pub async fn add_invited(app: &App, new: NewStaff) -> Result<(Staff, String), PeopleError> {
    let (id, token, now) = (app.new_id(), Token::new(app), app.now());
    let mut tx = app.db.begin().await?;
    store::add(&mut tx, id, &new, None, now).await?;
    store::put_invitation(&mut tx, id, &token, now.plus(INVITATION_LASTS)).await?;
    tx.commit().await?;
    Ok((store::find(&app.db, id).await?, link_of(app, &token)))
}

/// A link that sets the password of somebody who is here; the one before it no longer works.
pub async fn new_link(app: &App, id: Uuid) -> Result<String, PeopleError> {
    let token = Token::new(app);
    let mut tx = app.db.begin().await?;
    store::put_invitation(&mut tx, id, &token, app.now().plus(INVITATION_LASTS)).await?;
    tx.commit().await?;
    Ok(link_of(app, &token))
}

fn link_of(app: &App, token: &Token) -> String {
    app.config.public_url.join(&format!("/invitations/{}", token.text()))
}

#[derive(Template)]
#[template(path = "people/person.html")]
pub struct PersonPage {
    pub shell: Shell,
    pub person: Staff,
    /// Shown once: the database has its hash alone.
    pub link: Option<String>,
    pub refusal: Option<String>,
}

impl PersonPage {
    fn new(shell: Shell, person: Staff, link: Option<String>) -> PersonPage {
        PersonPage {
            shell,
            person,
            link,
            refusal: None,
        }
    }
}

pub async fn person_page(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Page<PersonPage>, AppError> {
    Ok(Page(PersonPage::new(shell, store::find(&app.db, id).await?, None)))
}

pub async fn invite_again(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Page<PersonPage>, AppError> {
    let person = store::find(&app.db, id).await?;
    if !person.active {
        return Err(AppError::Conflict(format!("{} is deactivated", person.name)));
    }
    let link = new_link(&app, id).await?;
    Ok(Page(PersonPage::new(shell, person, Some(link))))
}

#[derive(Deserialize)]
pub struct RoleForm {
    role: String,
}

pub async fn change_role(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
    Form(form): Form<RoleForm>,
) -> Result<Response, AppError> {
    let role = Role::from_id(&form.role).ok_or_else(|| AppError::Malformed(format!("role {:?}", form.role)))?;
    let mut tx = app.db.begin().await?;
    let changed = store::set_role(&mut tx, id, role).await;
    finish(&app, shell, tx, id, changed, |name| {
        format!("{name} is now {}.", role.label().to_lowercase())
    })
    .await
}

#[derive(Template)]
#[template(path = "people/deactivation.html")]
pub struct DeactivationPage {
    pub shell: Shell,
    pub person: Staff,
}

pub async fn deactivation_page(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Page<DeactivationPage>, AppError> {
    Ok(Page(DeactivationPage {
        shell,
        person: store::find(&app.db, id).await?,
    }))
}

pub async fn deactivate(State(app): State<App>, shell: Shell, Path(id): Path<Uuid>) -> Result<Response, AppError> {
    let mut tx = app.db.begin().await?;
    let changed = store::deactivate(&mut tx, id).await;
    finish(&app, shell, tx, id, changed, |name| {
        format!("{name} can no longer sign in.")
    })
    .await
}

pub async fn reactivate(State(app): State<App>, shell: Shell, Path(id): Path<Uuid>) -> Result<Response, AppError> {
    let mut tx = app.db.begin().await?;
    let changed = store::reactivate(&mut tx, id).await;
    finish(&app, shell, tx, id, changed, |name| {
        format!("{name} can sign in again.")
    })
    .await
}

/// Commits a change to a person and says so, or shows why it cannot be.
async fn finish(
    app: &App,
    shell: Shell,
    tx: crate::db::Tx,
    id: Uuid,
    changed: Result<(), PeopleError>,
    say: impl FnOnce(&str) -> String,
) -> Result<Response, AppError> {
    match changed {
        Ok(()) => tx.commit().await?,
        Err(PeopleError::LastAdministrator) => {
            drop(tx);
            let mut page = PersonPage::new(shell, store::find(&app.db, id).await?, None);
            page.refusal = Some("This is the last administrator. Make somebody else one first.".into());
            return Ok((StatusCode::CONFLICT, Page(page)).into_response());
        }
        Err(other) => return Err(other.into()),
    }
    let person = store::find(&app.db, id).await?;
    Ok(SeeOther::to(format!("/people/{id}"))
        .saying(Flash::good(say(&person.name)))
        .into_response())
}
