//! Better answers are proposed, and an editor takes or declines them, once.

use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::people::guard::SignedIn;
use crate::roles::banks::bank_form::check_text;
use crate::roles::banks::question_page::{ProposalFields, find, page};
use crate::roles::banks::store::proposals::{self, NewProposal};
use crate::roles::banks::store::questions;
use crate::roles::banks::{Decision, Proposal, Question};
use crate::ui::{Flash, Form, Path, SeeOther, Shell};

/// One long text in the writing of forms, and room for one that is too long.
const MOST_READ: usize = 8 << 20;
const MOST_WHY: usize = 1_000;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct ProposalForm {
    #[serde(default)]
    answer: String,
    #[serde(default)]
    why: String,
    #[serde(default)]
    form_token: String,
}

impl FromRequest<App> for ProposalForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<ProposalForm, Response> {
        let mut request = request;
        DefaultBodyLimit::max(MOST_READ).apply(&mut request);
        let Form(form) = Form::from_request(request, app)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(form)
    }
}

struct CheckedProposal {
    answer: String,
    why: String,
    form_token: Uuid,
}

impl ProposalForm {
    fn check(self, present: &str) -> Result<CheckedProposal, Box<ProposalFields>> {
        let answer = check_text(&self.answer).and_then(|answer| match answer {
            answer if answer.is_empty() => Err("Write the answer that you propose.".into()),
            answer if answer == present.trim() => {
                Err("This is the present answer. Change what should be better.".into())
            }
            answer => Ok(answer),
        });
        let why = check_text(&self.why).and_then(|why| match why.chars().count() {
            0 => Err("Say why it is better, so that an editor can decide.".into()),
            1..=MOST_WHY => Ok(why),
            length => Err(format!("At most {MOST_WHY} characters fit here; these are {length}.")),
        });
        match (answer, why, self.form_token.parse()) {
            (Ok(answer), Ok(why), Ok(form_token)) => Ok(CheckedProposal {
                answer,
                why,
                form_token,
            }),
            (answer, why, _) => {
                let mut fields = ProposalFields::new(&self.answer, self.form_token);
                fields.answer = fields.answer.error(answer.err());
                fields.why = fields.why.value(self.why).error(why.err());
                Err(Box::new(fields))
            }
        }
    }
}

pub async fn propose(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path((bank, id)): Path<(Uuid, Uuid)>,
    form: ProposalForm,
) -> Result<Response, AppError> {
    let question = find(&app, bank, id).await?;
    let checked = match form.check(&question.content.answer) {
        Ok(checked) => checked,
        Err(fields) => {
            let page = page(&app, shell, question, *fields).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let new = NewProposal {
        id: app.new_id(),
        question: id,
        answer: checked.answer,
        why: checked.why,
        by: staff.id,
        at: app.now(),
        form_token: checked.form_token,
    };
    let mut tx = app.db.begin().await?;
    proposals::add(&mut tx, &new).await?;
    tx.commit().await?;
    let said = Flash::good("Your proposal stands beside the answer, and waits for an editor.");
    Ok(SeeOther::to(format!("{}#proposals", question.url()))
        .saying(said)
        .into_response())
}

#[derive(Deserialize)]
pub struct DecisionForm {
    #[serde(default)]
    decision: String,
    /// Of the question that was on the page.
    #[serde(default)]
    revision: i64,
}

pub async fn decide(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((bank, id, proposal)): Path<(Uuid, Uuid, Uuid)>,
    Form(form): Form<DecisionForm>,
) -> Result<SeeOther, AppError> {
    let question = find(&app, bank, id).await?;
    let proposal = proposals::find(&app.db, id, proposal).await?;
    let proposal = proposal.ok_or(AppError::NotFound("proposal"))?;
    let decision = match form.decision.as_str() {
        "take" => Decision::Taken,
        "decline" => Decision::Declined,
        other => return Err(AppError::Malformed(format!("decision {other:?}"))),
    };
    let said = settle(&app, &question, &proposal, decision, form.revision, staff.id).await?;
    Ok(SeeOther::to(question.url()).saying(said))
}

/// What is said to whoever decides. The answer and the decision change together or not at all.
async fn settle(
    app: &App,
    question: &Question,
    proposal: &Proposal,
    decision: Decision,
    revision: i64,
    by: Uuid,
) -> Result<Flash, AppError> {
    let taken = decision == Decision::Taken;
    let replaced = taken.then_some(question.content.answer.as_str());
    let mut tx = app.db.begin().await?;
    if !proposals::settle(&mut tx, proposal.id, decision, by, app.now(), replaced).await? {
        drop(tx);
        return already_decided(app, question, proposal).await;
    }
    if taken {
        let mut content = question.content.clone();
        content.answer.clone_from(&proposal.answer);
        if !questions::change(&mut tx, question.id, revision, &content).await? || revision != question.revision {
            return Ok(Flash::warn(
                "The question has changed since you opened this page. Compare once more, then decide.",
            ));
        }
    }
    tx.commit().await?;
    Ok(Flash::good(match decision {
        Decision::Taken => "Taken. This is the sample answer now.",
        Decision::Declined => "Declined. The answer stays as it is.",
    }))
}

async fn already_decided(app: &App, question: &Question, proposal: &Proposal) -> Result<Flash, AppError> {
    let now = proposals::find(&app.db, question.id, proposal.id).await?;
    Ok(Flash::warn(match now.and_then(|proposal| proposal.outcome) {
        Some(outcome) => format!(
            "{} has {} this proposal already. Nothing was changed.",
            outcome.by,
            outcome.decision.id()
        ),
        None => "This proposal is gone. Nothing was changed.".into(),
    }))
}
