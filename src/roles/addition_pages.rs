//! A question of a bank goes into a kit, as a competency question of its draft.

use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::people::guard::SignedIn;
use crate::roles::banks::store::questions;
use crate::roles::draft::Draft;
use crate::roles::kit::CompetencyQuestion;
use crate::roles::store;
use crate::ui::{Flash, Form, SeeOther, shortened};

#[derive(Deserialize)]
pub struct AdditionForm {
    bank: Uuid,
    question: Uuid,
    kit: Uuid,
}

/// The kit's next version begins with it, if nobody has begun one. Where it is asked is then chosen on its form.
pub async fn add(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Form(form): Form<AdditionForm>,
) -> Result<SeeOther, AppError> {
    let found = questions::find(&app.db, form.bank, form.question).await?;
    let content = found.ok_or(AppError::NotFound("question"))?.content;
    let mut tx = app.db.begin().await?;
    let missing = || AppError::NotFound("kit");
    let mut record = store::lock(&mut tx, form.kit).await?.ok_or_else(missing)?;
    if record.draft.is_none() {
        let last = store::last_published(&mut tx, form.kit).await?.ok_or_else(missing)?;
        store::change(&mut tx, &record, &Draft::of(last), "", staff.id, app.now()).await?;
        record = store::lock(&mut tx, form.kit).await?.ok_or_else(missing)?;
    }
    let mut draft = record.draft.clone().unwrap_or_default();
    let to = |at: usize| format!("/kits/{}/draft/competency_questions/{at}", form.kit);
    let same = |asked: &CompetencyQuestion| asked.question == content.question;
    // Pressed twice, or taken over before: one of it is enough.
    if let Some(at) = draft.kit.competency_questions.iter().position(same) {
        tx.commit().await?;
        return Ok(SeeOther::to(to(at)).saying(Flash::good("The question is in the kit already.")));
    }
    let at = draft.kit.competency_questions.len();
    let what = format!("Added a competency question “{}”", shortened(&content.question, 140));
    draft.kit.competency_questions.push(CompetencyQuestion {
        question: content.question,
        positive: content.positive,
        negative: content.negative,
        ..CompetencyQuestion::default()
    });
    store::change(&mut tx, &record, &draft, &what, staff.id, app.now()).await?;
    tx.commit().await?;
    let said = Flash::good("The question is in the kit. Choose what it tests, and where it is asked.");
    Ok(SeeOther::to(to(at)).saying(said))
}
