//! Tags and things to do, on the page of an application.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::assessments::invite_form::check_day;
use crate::error::AppError;
use crate::hiring::access;
use crate::hiring::applications::evidence_page;
use crate::hiring::talk::{acts, check_tag, check_to_do, store};
use crate::people::Permission;
use crate::people::guard::SignedIn;
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell};

pub fn tag_field() -> Field {
    Field::new("tag", "New tag")
}

/// What is to be done, whose it is, and by when.
#[derive(Clone, Debug)]
pub struct ToDoFields {
    pub what: Field,
    pub staff: Field,
    pub due: Field,
}

impl ToDoFields {
    pub fn new(staff: Uuid, due: &str) -> ToDoFields {
        ToDoFields {
            what: Field::new("what", "What is to be done"),
            staff: Field::new("staff", "Whose it is").value(staff.to_string()),
            due: Field::new("due", "By").value(due),
        }
    }

    pub fn is_wrong(&self) -> bool {
        [&self.what, &self.staff, &self.due]
            .iter()
            .any(|field| field.error.is_some())
    }
}

#[derive(Deserialize)]
pub struct TagForm {
    #[serde(default)]
    tag: String,
}

fn back(application: Uuid) -> SeeOther {
    SeeOther::to(format!("/applications/{application}"))
}

pub async fn tag(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<TagForm>,
) -> Result<Response, AppError> {
    let (application, _) = access::sent(&app, &staff, id).await?;
    let done = match check_tag(&form.tag) {
        Ok(tag) => acts::tag(&app, &staff, &application, &tag).await?,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(back(id).into_response()),
        Err(error) => {
            let mut page = evidence_page::page(&app, shell, &staff, id).await?;
            page.page_forms.tag = tag_field().value(form.tag).error(Some(error));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

pub async fn untag(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<TagForm>,
) -> Result<SeeOther, AppError> {
    let (application, _) = access::sent(&app, &staff, id).await?;
    acts::untag(&app, &staff, &application, &form.tag).await?;
    Ok(back(id))
}

#[derive(Deserialize)]
pub struct ToDoForm {
    #[serde(default)]
    what: String,
    #[serde(default)]
    staff: String,
    #[serde(default)]
    due: String,
    #[serde(default)]
    form_token: String,
}

pub async fn add_to_do(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<ToDoForm>,
) -> Result<Response, AppError> {
    let (application, _) = access::sent(&app, &staff, id).await?;
    let people = store::people(&app.db, application.opening).await?;
    let person = people.iter().find(|person| person.id.to_string() == form.staff);
    let (what, due) = (check_to_do(&form.what), check_day(&form.due, app.now()));
    let mut fields = ToDoFields::new(staff.id, "");
    let mut wrong = what.as_ref().err().copied();
    if let (Ok(words), Ok(due), Some(person)) = (&what, &due, person) {
        let token = form.form_token.parse().unwrap_or_else(|_| app.new_id());
        let added = acts::add_to_do(&app, &staff, &application, (words, person.id, *due), token).await?;
        match added {
            Ok(()) => return Ok(back(id).saying(Flash::good("It is on the list.")).into_response()),
            Err(error) => wrong = Some(error),
        }
    }
    let unknown = person.is_none().then_some("Choose one of the list.");
    fields.what = fields.what.value(form.what).error(wrong);
    fields.staff = fields.staff.value(form.staff).error(unknown);
    fields.due = fields.due.value(form.due).error(due.err());
    let mut page = evidence_page::page(&app, shell, &staff, id).await?;
    page.page_forms.to_do = fields;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

#[derive(Deserialize)]
pub struct DoneForm {
    #[serde(default)]
    done: String,
}

/// By those who handle applications, and by the one whose it is.
pub async fn set_done(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((id, to_do)): Path<(Uuid, Uuid)>,
    Form(form): Form<DoneForm>,
) -> Result<SeeOther, AppError> {
    access::sent(&app, &staff, id).await?;
    let to_do = store::to_do_of(&app.db, to_do, id).await?;
    let to_do = to_do.ok_or(AppError::NotFound("thing to do"))?;
    if to_do.staff != staff.id && !staff.role.may(Permission::HandleApplications) {
        return Err(AppError::Forbidden);
    }
    acts::set_done(&app, &staff, &to_do, form.done == "yes").await?;
    Ok(back(id))
}
