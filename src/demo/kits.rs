//! Kits at every point: one with a version of the company's own and a draft of the next, one fresh from a document.

use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::roles;
use crate::roles::banks;
use crate::roles::banks::store::proposals::{self, NewProposal};
use crate::roles::banks::store::search::{self, Search};
use crate::roles::draft::Draft;
use crate::roles::import;
use crate::roles::kit::{Kit, Round};
use crate::roles::store::{self, Filter};

const DOCUMENT: &str = include_str!("role.txt");

pub async fn play(app: &App, recruiter: Uuid, manager: Uuid, interviewer: Uuid) -> Result<(), AppError> {
    let kits = store::list(&app.db, &Filter::default(), 1).await?;
    if let Some(kit) = kits.first() {
        change(app, kit.id, manager, "Asked for a shorter values round", shorten).await?;
        publish(app, kit.id, manager, "A shorter last round; letters count").await?;
        change(app, kit.id, recruiter, "Added a résumé criterion", count_letters).await?;
    }
    take_in(app, recruiter).await?;
    propose(app, interviewer).await
}

/// The last round takes half an hour, and so do its questions.
fn shorten(kit: &mut Kit) {
    if let Some(Round { minutes, .. }) = kit.rounds.last_mut() {
        *minutes = Some(30);
    }
    kit.resume_criteria
        .push("Does the letter name a failure, and what came of it?".into());
}

fn count_letters(kit: &mut Kit) {
    kit.resume_criteria
        .push("Evidence of support for an integration after its launch.".into());
}

async fn change(app: &App, id: Uuid, by: Uuid, what: &str, apply: fn(&mut Kit)) -> Result<(), AppError> {
    let mut tx = app.db.begin().await?;
    let last = store::last_published(&mut tx, id).await?;
    if let (Some(record), Some(kit)) = (store::lock(&mut tx, id).await?, last) {
        let before = Draft::of(kit.clone());
        store::change(&mut tx, &record, &before, "", by, app.now()).await?;
        let mut draft = before;
        apply(&mut draft.kit);
        if let Some(record) = store::lock(&mut tx, id).await? {
            store::change(&mut tx, &record, &draft, what, by, app.now()).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn publish(app: &App, id: Uuid, by: Uuid, note: &str) -> Result<(), AppError> {
    let mut tx = app.db.begin().await?;
    if let Some(record) = store::lock(&mut tx, id).await?
        && let Some(draft) = record.draft.clone()
    {
        store::publish(&mut tx, &record, &draft.kit, note, by, app.now()).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A document as a recruiter pastes it: with lines that a person has to place, and counts that are not kept.
async fn take_in(app: &App, by: Uuid) -> Result<(), AppError> {
    let import = import::import("platform-integrator.txt", DOCUMENT.as_bytes())
        .map_err(|error| AppError::Internal(error.into()))?;
    roles::keep(app, &import, Some(by), None).await?;
    Ok(())
}

/// An answer that an interviewer would word differently, for an editor to decide on.
async fn propose(app: &App, by: Uuid) -> Result<(), AppError> {
    let banks = banks::store::list_after(&app.db, None, 1).await?;
    let Some(bank) = banks.first() else {
        return Ok(());
    };
    let search = Search {
        bank: Some(bank.id),
        ..Search::default()
    };
    for question in search::search(&app.db, &search, 1).await? {
        let new = NewProposal {
            id: app.new_id(),
            question: question.id,
            answer: format!("{}\n\nI’d also say who decides when to stop.", question.content.answer),
            why: "Candidates who name an end to it have run such a thing before.".into(),
            by,
            at: app.now(),
            form_token: app.new_id(),
        };
        let mut tx = app.db.begin().await?;
        proposals::add(&mut tx, &new).await?;
        tx.commit().await?;
    }
    Ok(())
}
