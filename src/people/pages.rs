//! Everybody's accounts, for administrators: who is invited, as what, and who may still sign in.

use std::collections::HashSet;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::audit::Actor;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::people::guard::SignedIn;
use crate::people::second_factor::store as second_factors;
use crate::people::{NewStaff, PeopleError, Role, Staff, check_email, check_name, managing, sessions, store};
use crate::ui::form::with_errors;
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell};

#[derive(Template)]
#[template(path = "people/people.html")]
pub struct PeoplePage {
    pub shell: Shell,
    pub people: Vec<Staff>,
    /// Who has a second factor.
    pub secured: HashSet<Uuid>,
    pub second_factor_required: bool,
    pub name: Field,
    pub email: Field,
    pub role: Field,
}

impl PeoplePage {
    async fn new(app: &App, shell: Shell) -> Result<PeoplePage, AppError> {
        Ok(PeoplePage {
            shell,
            people: store::all(&app.db).await?,
            secured: second_factors::owners(&app.db).await?,
            second_factor_required: second_factors::is_required(&app.db).await?,
            name: Field::new("name", "Name"),
            email: Field::new("email", "Email"),
            role: Field::new("role", "Role").value(Role::Recruiter.id()),
        })
    }

    pub fn is_secured(&self, person: &Staff) -> bool {
        self.secured.contains(&person.id)
    }

    /// Of those who can sign in: how many have a second factor, and how many there are.
    pub fn secured_of(&self) -> (usize, usize) {
        let active = self.people.iter().filter(|person| person.active);
        let secured = active.clone().filter(|person| self.is_secured(person));
        (secured.count(), active.count())
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.name, &self.email, &self.role])
    }
}

pub async fn people_page(State(app): State<App>, shell: Shell) -> Result<Page<PeoplePage>, AppError> {
    PeoplePage::new(&app, shell).await.map(Page)
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
    SignedIn(staff): SignedIn,
    Form(form): Form<InvitationForm>,
) -> Result<Response, AppError> {
    let name = check_name(&form.name);
    let email = check_email(&form.email);
    let role = Role::from_id(&form.role).ok_or("Choose one of the roles.");
    let by = Actor::Staff(staff.id);
    let (name_error, role_error) = (name.clone().err(), role.err());
    let email_error = match (name, email, role) {
        (Ok(name), Ok(email), Ok(role)) => {
            match managing::add_invited(&app, by, NewStaff { email, name, role }).await {
                Ok((person, link)) => {
                    let page = PersonPage::new(&app, shell, person, Some(link)).await?;
                    return Ok(Page(page).into_response());
                }
                Err(PeopleError::EmailTaken) => Some("Somebody with this address is already in the list."),
                Err(other) => return Err(other.into()),
            }
        }
        (_, email, _) => email.err(),
    };
    let mut page = PeoplePage::new(&app, shell).await?;
    page.name = page.name.value(form.name).error(name_error);
    page.email = page.email.value(form.email).error(email_error);
    page.role = page.role.value(form.role).error(role_error);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

#[derive(Deserialize)]
pub struct Requirement {
    required: String,
}

/// Whether everybody has to have a second factor.
pub async fn require_second_factor(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Form(form): Form<Requirement>,
) -> Result<SeeOther, AppError> {
    let required = form.required == "yes";
    managing::require_second_factor(&app, &staff, required).await?;
    let said = match required {
        true => "From now on everybody needs a second factor.",
        false => "From now on everybody decides about a second factor.",
    };
    Ok(SeeOther::to("/people").saying(Flash::good(said)))
}

#[derive(Template)]
#[template(path = "people/person.html")]
pub struct PersonPage {
    pub shell: Shell,
    pub person: Staff,
    /// Shown once: the database has its hash alone.
    pub link: Option<String>,
    pub refusal: Option<String>,
    /// In how many browsers the person is signed in.
    pub sessions: i64,
    pub second_factor_since: Option<Timestamp>,
}

impl PersonPage {
    async fn new(app: &App, shell: Shell, person: Staff, link: Option<String>) -> Result<PersonPage, AppError> {
        let factor = second_factors::confirmed(&app.db, person.id).await?;
        Ok(PersonPage {
            sessions: sessions::count_of(app, &person).await?,
            second_factor_since: factor.and_then(|factor| factor.since),
            shell,
            person,
            link,
            refusal: None,
        })
    }

    /// Who looks at their own page changes such things in their account, where the password is asked for.
    pub fn is_own(&self) -> bool {
        self.shell
            .staff
            .as_ref()
            .is_some_and(|staff| staff.id == self.person.id)
    }
}

pub async fn person_page(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Page<PersonPage>, AppError> {
    let person = store::find(&app.db, id).await?;
    PersonPage::new(&app, shell, person, None).await.map(Page)
}

pub async fn invite_again(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<PersonPage>, AppError> {
    let person = store::find(&app.db, id).await?;
    if !person.active {
        return Err(AppError::Conflict(format!("{} is deactivated", person.name)));
    }
    let link = managing::new_link(&app, Actor::Staff(staff.id), id).await?;
    PersonPage::new(&app, shell, person, Some(link)).await.map(Page)
}

#[derive(Deserialize)]
pub struct RoleForm {
    role: String,
}

pub async fn change_role(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<RoleForm>,
) -> Result<Response, AppError> {
    let role = Role::from_id(&form.role).ok_or_else(|| AppError::Malformed(format!("role {:?}", form.role)))?;
    let changed = managing::give_role(&app, &staff, id, role).await;
    finish(&app, shell, id, changed, |name| {
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

pub async fn deactivate(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response, AppError> {
    let changed = managing::deactivate(&app, &staff, id).await;
    finish(&app, shell, id, changed, |name| {
        format!("{name} can no longer sign in.")
    })
    .await
}

pub async fn reactivate(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response, AppError> {
    let changed = managing::reactivate(&app, &staff, id).await;
    finish(&app, shell, id, changed, |name| format!("{name} can sign in again.")).await
}

/// For somebody whose device is gone. One's own is switched off in the account, with the password.
pub async fn remove_second_factor(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, AppError> {
    if staff.id == id {
        return Ok(SeeOther::to("/account/second-factor"));
    }
    let person = store::find(&app.db, id).await?;
    let flash = match managing::take_second_factor_off(&app, Actor::Staff(staff.id), id).await? {
        true => Flash::good(format!("{} signs in with the password alone from now on.", person.name)),
        false => Flash::warn(format!("{} has no second factor.", person.name)),
    };
    Ok(SeeOther::to(format!("/people/{id}")).saying(flash))
}

pub async fn end_sessions_of(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, AppError> {
    let person = store::find(&app.db, id).await?;
    managing::sign_out_everywhere(&app, &staff, id).await?;
    let done = Flash::good(format!("{} is signed out everywhere.", person.name));
    Ok(SeeOther::to(format!("/people/{id}")).saying(done))
}

/// Says what was changed about a person, or shows why it cannot be.
async fn finish(
    app: &App,
    shell: Shell,
    id: Uuid,
    changed: Result<(), PeopleError>,
    say: impl FnOnce(&str) -> String,
) -> Result<Response, AppError> {
    if let Err(PeopleError::LastAdministrator) = changed {
        let person = store::find(&app.db, id).await?;
        let mut page = PersonPage::new(app, shell, person, None).await?;
        page.refusal = Some("This is the last administrator. Make somebody else one first.".into());
        return Ok((StatusCode::CONFLICT, Page(page)).into_response());
    }
    changed?;
    let person = store::find(&app.db, id).await?;
    let to = SeeOther::to(format!("/people/{id}"));
    Ok(to.saying(Flash::good(say(&person.name))).into_response())
}
