//! What the answers at the door decide.

use crate::roles::kit::{Decision, KnockOut};

/// What all answers decide together, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    pub decision: Decision,
    pub reason: String,
    /// For each question; `None` where it was not answered.
    pub by_answer: Vec<Option<Decision>>,
}

/// One answer that declines ends the application, whatever else was answered.
pub fn decide(knock_outs: &[KnockOut], answers: &[(String, String)]) -> Ruling {
    let given = |question: &str| {
        answers
            .iter()
            .find(|(q, a)| q == question && !a.is_empty())
            .map(|(_, a)| a)
    };
    let by_answer: Vec<_> = knock_outs
        .iter()
        .map(|knock_out| {
            let answer = given(&knock_out.question)?;
            let known = knock_out.answers.iter().find(|known| known.answer == *answer);
            Some(known.map_or(Decision::Review, |known| known.decision))
        })
        .collect();
    let decision = match () {
        () if by_answer.contains(&Some(Decision::Declines)) => Decision::Declines,
        () if by_answer.iter().any(|d| *d != Some(Decision::Qualifies)) => Decision::Review,
        () => Decision::Qualifies,
    };
    let reasons: Vec<_> = knock_outs
        .iter()
        .zip(&by_answer)
        .filter(|(_, ruled)| decision != Decision::Qualifies && **ruled == Some(decision))
        .map(|(knock_out, _)| {
            let answer = given(&knock_out.question).map_or("", String::as_str);
            format!("“{}” was answered with “{answer}”.", knock_out.question)
        })
        .collect();
    Ruling {
        decision,
        reason: reasons.join("\n"),
        by_answer,
    }
}

/// Whether an answer to it can end an application.
pub fn is_dealbreaker(knock_out: &KnockOut) -> bool {
    knock_out
        .answers
        .iter()
        .any(|answer| answer.decision == Decision::Declines)
}
