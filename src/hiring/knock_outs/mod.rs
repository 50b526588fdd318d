//! Knock-outs: what the answers at the door decide, and what other knock-outs would have decided.
//!
//! An answer is matched by its exact words. Whatever cannot be matched is looked at by a person: nobody is turned away by
//! a guess.

#[cfg(test)]
mod tests;

use uuid::Uuid;

use crate::hiring::ApplicationState;
use crate::hiring::applications::store::Sent;
use crate::roles::kit::{Decision, KnockOut};

/// What the answers of an application decide together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    pub decision: Decision,
    /// In plain sentences, a line each: the questions and answers that decided it. Empty where all is well.
    pub reason: String,
    /// What each answer decides; `None` where it belongs to no knock-out.
    pub by_answer: Vec<Option<Decision>>,
}

/// Each answer stands behind its question. One that declines decides; otherwise a single one to be looked at does.
pub fn decide(knock_outs: &[KnockOut], answers: &[(String, String)]) -> Ruling {
    let by_answer: Vec<Option<Decision>> = answers
        .iter()
        .map(|(question, answer)| decided_by(knock_outs, question, answer))
        .collect();
    let answered = |question: &str| answers.iter().any(|(q, answer)| q == question && !is_empty(answer));
    let unanswered: Vec<&str> = knock_outs
        .iter()
        .filter(|knock_out| !knock_out.answers.is_empty() && !answered(&knock_out.question))
        .map(|knock_out| knock_out.question.as_str())
        .collect();
    let with = |decision: Decision| -> Vec<&(String, String)> {
        let pairs = answers.iter().zip(&by_answer);
        let deciding = pairs.filter(|((_, answer), by)| **by == Some(decision) && !is_empty(answer));
        deciding.map(|(pair, _)| pair).collect()
    };
    let (declining, open) = (with(Decision::Declines), with(Decision::Review));
    let (decision, reason) = if !declining.is_empty() {
        (Decision::Declines, sentences(&declining, &[]))
    } else if !open.is_empty() || !unanswered.is_empty() {
        (Decision::Review, sentences(&open, &unanswered))
    } else {
        (Decision::Qualifies, String::new())
    };
    Ruling {
        decision,
        reason,
        by_answer,
    }
}

/// The strictest that the knock-outs with this question say about the answer.
fn decided_by(knock_outs: &[KnockOut], question: &str, answer: &str) -> Option<Decision> {
    let asking = knock_outs.iter().filter(|knock_out| knock_out.question == question);
    asking
        .filter_map(|knock_out| of_one(knock_out, answer))
        .max_by_key(strictness)
}

fn of_one(knock_out: &KnockOut, answer: &str) -> Option<Decision> {
    // Free text may be left out; a choice that is missing is one that nobody knows.
    if knock_out.answers.is_empty() && is_empty(answer) {
        return None;
    }
    let meant = knock_out.answers.iter().filter(|choice| choice.answer == answer);
    let strictest = meant.map(|choice| choice.decision).max_by_key(strictness);
    Some(strictest.unwrap_or(Decision::Review))
}

fn strictness(decision: &Decision) -> u8 {
    match decision {
        Decision::Qualifies => 0,
        Decision::Review => 1,
        Decision::Declines => 2,
    }
}

fn is_empty(answer: &str) -> bool {
    answer.trim().is_empty()
}

fn sentences(given: &[&(String, String)], unanswered: &[&str]) -> String {
    let given = given
        .iter()
        .map(|(question, answer)| format!("To “{}” the answer was “{}”.", question.trim(), answer.trim()));
    let missing = unanswered
        .iter()
        .map(|question| format!("To “{}” there was no answer.", question.trim()));
    given.chain(missing).collect::<Vec<_>>().join("\n")
}

/// Whether an answer to it can end an application.
pub fn is_dealbreaker(knock_out: &KnockOut) -> bool {
    let mut answers = knock_out.answers.iter();
    answers.any(|answer| answer.decision == Decision::Declines)
}

/// What other knock-outs would have decided for those who have applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    pub lines: Vec<Tried>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    pub application: Uuid,
    pub name: String,
    pub state: ApplicationState,
    /// What was decided when it was sent.
    pub was: Decision,
    pub fate: Fate,
    /// The sentences that go with it.
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Stays,
    WouldDecline,
    /// It was declined, and would be looked at.
    WouldReviewInstead,
    /// It was declined, and would qualify.
    WouldNotDecline,
    WouldReview,
    WouldNotReview,
    /// A question was not asked in these words, or the answer is not among those to choose from now.
    CannotBeTold,
}

impl Fate {
    pub const ALL: [Fate; 7] = [
        Fate::WouldDecline,
        Fate::WouldNotDecline,
        Fate::WouldReviewInstead,
        Fate::WouldReview,
        Fate::WouldNotReview,
        Fate::CannotBeTold,
        Fate::Stays,
    ];

    /// After a number: “3 would be declined”.
    pub fn words(self) -> &'static str {
        match self {
            Fate::Stays => "would stay as decided",
            Fate::WouldDecline => "would be declined",
            Fate::WouldReviewInstead => "would be reviewed instead of declined",
            Fate::WouldNotDecline => "would not be declined",
            Fate::WouldReview => "would be reviewed",
            Fate::WouldNotReview => "would qualify without a review",
            Fate::CannotBeTold => "cannot be told: asked in other words",
        }
    }

    pub fn differs(self) -> bool {
        !matches!(self, Fate::Stays | Fate::CannotBeTold)
    }

    fn between(was: Decision, would: Decision) -> Fate {
        match (was, would) {
            (Decision::Declines, Decision::Qualifies) => Fate::WouldNotDecline,
            (Decision::Declines, Decision::Review) => Fate::WouldReviewInstead,
            (Decision::Qualifies | Decision::Review, Decision::Declines) => Fate::WouldDecline,
            (Decision::Qualifies, Decision::Review) => Fate::WouldReview,
            (Decision::Review, Decision::Qualifies) => Fate::WouldNotReview,
            (Decision::Qualifies, Decision::Qualifies)
            | (Decision::Review, Decision::Review)
            | (Decision::Declines, Decision::Declines) => Fate::Stays,
        }
    }
}

impl Trial {
    /// How many meet each fate; fates that nobody meets are left out.
    pub fn counts(&self) -> Vec<(Fate, usize)> {
        let count = |fate: Fate| (fate, self.lines.iter().filter(|line| line.fate == fate).count());
        Fate::ALL.into_iter().map(count).filter(|(_, n)| *n > 0).collect()
    }

    pub fn differing(&self) -> impl Iterator<Item = &Tried> {
        self.lines.iter().filter(|line| line.fate.differs())
    }
}

pub fn trial(old: &[Sent], knock_outs: &[KnockOut]) -> Trial {
    let lines = old.iter().map(|sent| {
        let ruling = decide(knock_outs, &sent.answers);
        // An answer that declines does so whatever else would have been asked.
        let certain = ruling.decision == Decision::Declines || knock_outs.iter().all(|one| was_asked(one, sent));
        Tried {
            application: sent.id,
            name: sent.name.clone(),
            state: sent.state,
            was: sent.outcome,
            fate: match certain {
                true => Fate::between(sent.outcome, ruling.decision),
                false => Fate::CannotBeTold,
            },
            reason: ruling.reason,
        }
    });
    Trial { lines: lines.collect() }
}

/// In these words, and with the given answer among those to choose from.
fn was_asked(knock_out: &KnockOut, sent: &Sent) -> bool {
    let mut asked = sent
        .answers
        .iter()
        .filter(|(question, _)| *question == knock_out.question);
    asked.any(|(_, answer)| {
        knock_out.answers.is_empty() || knock_out.answers.iter().any(|choice| choice.answer == *answer)
    })
}
