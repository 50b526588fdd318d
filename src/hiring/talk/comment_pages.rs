//! Comments: written on the page of an application, changed on a page of their own.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::applications::evidence_page;
use crate::hiring::talk::{Comment, Person, acts, check_words, store};
use crate::hiring::{Application, access};
use crate::people::Staff;
use crate::people::guard::SignedIn;
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell};

pub fn words_field() -> Field {
    Field::new("words", "Comment").hint("Write to the team. @ names a person.")
}

#[derive(Deserialize)]
pub struct CommentForm {
    #[serde(default)]
    words: String,
    #[serde(default)]
    form_token: String,
}

pub async fn add(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<CommentForm>,
) -> Result<Response, AppError> {
    let (application, _) = access::sent(&app, &staff, id).await?;
    match check_words(&form.words) {
        Ok(words) => {
            let token = form.form_token.parse().unwrap_or_else(|_| app.new_id());
            let named = acts::comment(&app, &staff, &application, &words, token).await?;
            let said = match named.as_slice() {
                [] => "The comment was added.".to_owned(),
                named => format!("The comment was added. It names {}.", listed(named)),
            };
            Ok(back(id).saying(Flash::good(said)).into_response())
        }
        Err(error) => {
            let mut page = evidence_page::page(&app, shell, &staff, id).await?;
            page.page_forms.comment = page.page_forms.comment.value(form.words).error(Some(error));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

fn back(application: Uuid) -> SeeOther {
    SeeOther::to(format!("/applications/{application}#talk"))
}

/// "One", "One and Two", "One, Two and Three".
fn listed(names: &[String]) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => String::new(),
    }
}

#[derive(Template)]
#[template(path = "hiring/evidence/comment.html")]
pub struct CommentPage {
    pub shell: Shell,
    pub application: Application,
    pub comment: Comment,
    pub people: Vec<Person>,
    pub words: Field,
}

/// A comment on an application or on a duplicate of it.
async fn find(app: &App, staff: &Staff, id: Uuid, comment: Uuid) -> Result<(Application, Comment), AppError> {
    let (application, _) = access::sent(app, staff, id).await?;
    let comment = store::comment_of(&app.db, comment, id).await?;
    Ok((application, comment.ok_or(AppError::NotFound("comment"))?))
}

async fn comment_page(
    app: &App,
    shell: Shell,
    application: Application,
    comment: Comment,
    words: Field,
) -> Result<Page<CommentPage>, AppError> {
    Ok(Page(CommentPage {
        people: store::people(&app.db, application.opening).await?,
        shell,
        application,
        comment,
        words,
    }))
}

pub async fn edit_page(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path((id, comment)): Path<(Uuid, Uuid)>,
) -> Result<Response, AppError> {
    let (application, comment) = find(&app, &staff, id, comment).await?;
    if !comment.may_change(staff.id, app.now()) {
        return Ok(too_late(id));
    }
    let words = words_field().value(&comment.words);
    let page = comment_page(&app, shell, application, comment, words).await?;
    Ok(page.into_response())
}

fn too_late(application: Uuid) -> Response {
    let said = "A comment can be changed for 15 minutes by whoever wrote it. Write another one instead.";
    back(application).saying(Flash::warn(said)).into_response()
}

pub async fn change(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path((id, comment)): Path<(Uuid, Uuid)>,
    Form(form): Form<CommentForm>,
) -> Result<Response, AppError> {
    let (application, comment) = find(&app, &staff, id, comment).await?;
    match check_words(&form.words) {
        Ok(words) if acts::change(&app, &staff, &application, &comment, &words).await? => {
            Ok(back(id).saying(Flash::good("The comment was changed.")).into_response())
        }
        Ok(_) => Ok(too_late(id)),
        Err(error) => {
            let words = words_field().value(form.words).error(Some(error));
            let page = comment_page(&app, shell, application, comment, words).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

pub async fn remove(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((id, comment)): Path<(Uuid, Uuid)>,
) -> Result<SeeOther, AppError> {
    let (_, comment) = find(&app, &staff, id, comment).await?;
    let flash = match acts::remove(&app, &staff, &comment).await? {
        true => Flash::good("The comment was removed. That there was one stays visible."),
        false => Flash::warn("Nothing was removed: the comment is gone already, or somebody else wrote it."),
    };
    Ok(back(id).saying(flash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_as_people_say_them() {
        let names = ["One", "Two", "Three"].map(str::to_owned);
        assert_eq!(listed(&names[..1]), "One");
        assert_eq!(listed(&names[..2]), "One and Two");
        assert_eq!(listed(&names), "One, Two and Three");
    }
}
