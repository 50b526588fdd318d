//! A letter: filled as it goes out, and sent once.

use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::applications::{letters as mails, store as applications};
use crate::hiring::letters::store;
use crate::hiring::{Application, ApplicationState, Opening};
use crate::mail::texts::{LETTER, Text};
use crate::mail::{self, Event, Letter};
use crate::people::Staff;

/// As it goes out.
pub fn fill(
    app: &App,
    text: &Text,
    (application, opening): (&Application, &Opening),
    company: &str,
    sender: &str,
) -> Text {
    text.fill_for(LETTER, |name| match name {
        "candidate" => Some(application.name.clone()),
        "job" => Some(opening.title.clone()),
        "link" => Some(mails::address(app, &application.link)),
        "company" => Some(company.to_owned()),
        "sender" => Some(sender.to_owned()),
        _ => None,
    })
}

/// Sends a letter that was checked, unless the same form has sent it before.
pub async fn send(
    app: &App,
    by: &Staff,
    (id, opening): (Uuid, &Opening),
    text: &Text,
    form_token: Uuid,
) -> Result<(), AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let application = applications::lock(&mut tx, id).await?;
    let application = application.ok_or(AppError::NotFound("application"))?;
    if application.state == ApplicationState::Draft || application.merged_into.is_some() {
        return Err(AppError::Conflict(
            "This application has changed since the page was opened".into(),
        ));
    }
    if !store::write(&mut tx, form_token, id, by.id, now).await? {
        return Ok(());
    }
    let company = mail::store::company_in(&mut tx).await?;
    let filled = fill(app, text, (&application, opening), &company, &by.name);
    let letter = Letter {
        event: Event::ApplicationLetter,
        to_name: application.name,
        to_address: application.email,
        about: id,
        sender: by.name.clone(),
        values: vec![("subject", filled.subject.clone()), ("body", filled.body)],
    };
    mail::queue(&mut tx, app, &letter).await?;
    let event = ("Letter written", filled.subject.as_str());
    applications::add_event(&mut tx, app.new_id(), id, Some(by.id), event, now).await?;
    tx.commit().await?;
    app.job_queued.notify_one();
    Ok(())
}
