//! Proposals for better answers in SQL.

use uuid::Uuid;

use super::storable;
use crate::args;
use crate::clock::Timestamp;
use crate::db::{Db, Result, Row, Tx};
use crate::roles::banks::{Decision, Outcome, Proposal};

crate::statements! {
    INSERT = "INSERT INTO bank_proposals (id, question_id, answer, why, proposed_by, proposed_at, state, form_token)
        VALUES ($1, $2, $3, $4, $5, $6, 'open', $7) ON CONFLICT (form_token) DO NOTHING";
    OF_QUESTION = "SELECT bank_proposals.*, proposers.name AS proposer, deciders.name AS decider
        FROM bank_proposals JOIN staff AS proposers ON proposers.id = proposed_by
            LEFT JOIN staff AS deciders ON deciders.id = decided_by
        WHERE question_id = $1 ORDER BY bank_proposals.id DESC";
    FIND = "SELECT bank_proposals.*, proposers.name AS proposer, deciders.name AS decider
        FROM bank_proposals JOIN staff AS proposers ON proposers.id = proposed_by
            LEFT JOIN staff AS deciders ON deciders.id = decided_by
        WHERE bank_proposals.id = $1 AND question_id = $2";
    SETTLE = "UPDATE bank_proposals SET state = $2, decided_by = $3, decided_at = $4, replaced = $5
        WHERE id = $1 AND state = 'open'";
}

/// A proposal on its way in.
#[derive(Clone, Debug)]
pub struct NewProposal {
    pub id: Uuid,
    pub question: Uuid,
    pub answer: String,
    pub why: String,
    pub by: Uuid,
    pub at: Timestamp,
    pub form_token: Uuid,
}

/// Adds it once, however often its form is sent.
pub async fn add(tx: &mut Tx, new: &NewProposal) -> Result<()> {
    let args = args![
        new.id,
        new.question,
        storable(&new.answer),
        storable(&new.why),
        new.by,
        new.at,
        new.form_token
    ];
    tx.execute(INSERT, args).await.map(drop)
}

/// Newest first.
pub async fn of_question(db: &Db, question: Uuid) -> Result<Vec<Proposal>> {
    db.all(OF_QUESTION, args![question])
        .await?
        .iter()
        .map(proposal)
        .collect()
}

pub async fn find(db: &Db, question: Uuid, id: Uuid) -> Result<Option<Proposal>> {
    let row = db.optional(FIND, args![id, question]).await?;
    row.as_ref().map(proposal).transpose()
}

fn proposal(row: &Row) -> Result<Proposal> {
    let state: String = row.get("state")?;
    let outcome = match Decision::from_id(&state) {
        Some(decision) => Some(Outcome {
            decision,
            by: row.get("decider")?,
            at: row.time("decided_at")?,
            replaced: row.get("replaced")?,
        }),
        None => None,
    };
    Ok(Proposal {
        id: row.id("id")?,
        answer: row.get("answer")?,
        why: row.get("why")?,
        by: row.get("proposer")?,
        at: row.time("proposed_at")?,
        outcome,
    })
}

/// False when somebody else has decided.
pub async fn settle(
    tx: &mut Tx,
    id: Uuid,
    decision: Decision,
    by: Uuid,
    now: Timestamp,
    replaced: Option<&str>,
) -> Result<bool> {
    let args = args![id, decision.id(), by, now, replaced];
    Ok(tx.execute(SETTLE, args).await? == 1)
}
