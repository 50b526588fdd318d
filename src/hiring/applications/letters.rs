//! What the mails about an application are filled with.

use uuid::Uuid;

use crate::app::App;
use crate::db::{Result, Tx};
use crate::hiring::applications::{standing, store};
use crate::hiring::openings::store as openings;
use crate::hiring::{Application, Opening, Stage};
use crate::mail::{self, Event, Letter};

/// Nobody of the staff wrote it.
pub const AUTOMATIC: &str = "The hiring team";

pub fn address(app: &App, link: &str) -> String {
    app.config.public_url.join(&format!("/application/{link}"))
}

/// To somebody who has begun an application: the link that leads back to it.
pub async fn begun(
    tx: &mut Tx,
    app: &App,
    opening: &Opening,
    (id, email, link): (Uuid, &str, &str),
    earlier: Option<&Application>,
) -> Result<()> {
    let mut values = vec![("job", opening.title.clone()), ("link", address(app, link))];
    if let Some(earlier) = earlier {
        values.push(("earlier", address(app, &earlier.link)));
        values.extend(earlier.submitted_at.map(|at| ("received", at.words())));
    }
    let event = match earlier {
        Some(_) => Event::ApplicationKnown,
        None => Event::ApplicationDraft,
    };
    let letter = Letter {
        event,
        to_name: String::new(),
        to_address: email.to_owned(),
        about: id,
        sender: AUTOMATIC.into(),
        values,
    };
    mail::queue(tx, app, &letter).await
}

/// As the application stands now, in this transaction.
pub async fn write(tx: &mut Tx, app: &App, id: Uuid, event: Event, sender: &str) -> Result<()> {
    let Some(application) = store::lock(tx, id).await? else {
        return Ok(());
    };
    let Some(opening) = openings::find_in(tx, application.opening).await? else {
        return Ok(());
    };
    write_to(
        tx,
        app,
        (&application, &opening),
        &application.email.clone(),
        event,
        sender,
    )
    .await
}

/// The same to another address: to the one that was in force before.
pub async fn write_to(
    tx: &mut Tx,
    app: &App,
    (application, opening): (&Application, &Opening),
    address_of: &str,
    event: Event,
    sender: &str,
) -> Result<()> {
    let stages = openings::stages_in(tx, opening.id).await?;
    let letter = Letter {
        to_address: address_of.to_owned(),
        ..letter(app, (application, opening, &stages), event, sender)
    };
    mail::queue(tx, app, &letter).await
}

/// What is written about an application as it stands.
pub fn letter(
    app: &App,
    (application, opening, stages): (&Application, &Opening, &[Stage]),
    event: Event,
    sender: &str,
) -> Letter {
    let stage = stages.iter().find(|stage| Some(stage.id) == application.stage);
    let reason = application.outcome.as_ref().map(|(_, reason)| reason.clone());
    let values = vec![
        ("job", opening.title.clone()),
        ("link", address(app, &application.link)),
        ("received", app.now().words()),
        ("reason", reason.unwrap_or_default()),
        ("stage", stage.map(|stage| stage.name.clone()).unwrap_or_default()),
        (
            "next",
            stage
                .map(|stage| standing::mailed(stage, app.now()))
                .unwrap_or_default(),
        ),
    ];
    Letter {
        event,
        to_name: application.name.clone(),
        to_address: application.email.clone(),
        about: application.id,
        sender: sender.to_owned(),
        values,
    }
}
