//! One question: its sample answer, the proposals for a better one, and what can be done with it.

use askama::Template;
use axum::extract::State;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::roles::banks::diff::Comparison;
use crate::roles::banks::store::{proposals, questions};
use crate::roles::banks::{Decision, Proposal, Question, no_question};
use crate::roles::store as kits;
use crate::ui::form::with_errors;
use crate::ui::{Field, Page, Path, Shell};

#[derive(Template)]
#[template(path = "banks/question.html")]
pub struct QuestionPage {
    pub shell: Shell,
    pub question: Question,
    /// Which one of its topic it is, from 1, and of how many.
    pub place: (i64, i64),
    pub open: bool,
    /// Newest first, each beside the answer that it would replace, or did.
    pub proposals: Vec<(Proposal, Comparison)>,
    pub form: ProposalFields,
    /// The kits that it can be added to.
    pub kits: Vec<(Uuid, String)>,
}

/// The form that proposes a better answer.
#[derive(Clone, Debug)]
pub struct ProposalFields {
    pub answer: Field,
    pub why: Field,
    pub form_token: String,
}

impl ProposalFields {
    pub fn new(answer: &str, form_token: String) -> ProposalFields {
        ProposalFields {
            answer: Field::new("answer", "The better answer").value(answer),
            why: Field::new("why", "Why is it better?").hint("one or two sentences"),
            form_token,
        }
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.answer, &self.why])
    }
}

impl QuestionPage {
    pub fn waiting(&self) -> Vec<&(Proposal, Comparison)> {
        self.proposals
            .iter()
            .filter(|(proposal, _)| proposal.is_open())
            .collect()
    }

    pub fn decided(&self) -> Vec<&(Proposal, Comparison)> {
        self.proposals
            .iter()
            .filter(|(proposal, _)| !proposal.is_open())
            .collect()
    }
}

pub async fn question(
    State(app): State<App>,
    shell: Shell,
    Path((bank, id)): Path<(Uuid, Uuid)>,
) -> Result<Page<QuestionPage>, AppError> {
    let question = find(&app, bank, id).await?;
    let form = ProposalFields::new(&question.content.answer, app.new_id().to_string());
    page(&app, shell, question, form).await
}

pub(super) async fn find(app: &App, bank: Uuid, id: Uuid) -> Result<Question, AppError> {
    questions::find(&app.db, bank, id).await?.ok_or_else(no_question)
}

pub(super) async fn page(
    app: &App,
    shell: Shell,
    question: Question,
    form: ProposalFields,
) -> Result<Page<QuestionPage>, AppError> {
    let proposals = proposals::of_question(&app.db, question.id).await?;
    let present = &question.content.answer;
    let compare = |proposal: Proposal| {
        let before = proposal.outcome.as_ref().and_then(|outcome| outcome.replaced.as_ref());
        let comparison = Comparison::of(before.unwrap_or(present), &proposal.answer);
        (proposal, comparison)
    };
    let compared = proposals.into_iter().map(compare).collect();
    Ok(Page(QuestionPage {
        shell,
        place: questions::place_in_topic(&app.db, question.id).await?,
        open: super::pages::find(app, question.bank).await?.line.open,
        proposals: compared,
        kits: kits::editable_kits(&app.db).await?,
        form,
        question,
    }))
}
