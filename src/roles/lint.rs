//! What a kit or a bank says that cannot be meant: advice, never a reason to refuse it.

mod kit;
#[cfg(test)]
mod tests;

pub use kit::lint_kit;

use super::bank::Bank;
use serde::{Deserialize, Serialize};

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub rule: Rule,
    /// The path of the field; empty for the document as a whole.
    pub place: String,
    pub message: String,
    /// In the file that was imported.
    pub line: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The document has no title of its own.
    NoTitle,
    /// A number of entries is announced, and another number is there.
    CountDiffers,
    /// Two times for the same thing, or for its parts, do not agree.
    TimesDiffer,
    /// The heading of the framework does not say clearly what the levels are.
    UnclearLevels,
    /// Two entries have the same name.
    SameName,
    /// More is there than a kit or a bank can hold.
    TooMuch,
    EmptyQuestion,
    EmptyAnswer,
    AnswerWithoutQuestion,
    NoIndicators,
    NoAnchors,
    NoRound,
    UnknownRound,
    EmptyRound,
    UnknownDiscipline,
    UnknownCompetency,
    UnknownLevel,
    UntestedCompetency,
    /// A knock-out that lets everybody through, or nobody.
    OneSidedKnockOut,
    UnnamedRole,
}

impl Rule {
    pub const ALL: [Rule; 20] = [
        Rule::NoTitle,
        Rule::CountDiffers,
        Rule::TimesDiffer,
        Rule::UnclearLevels,
        Rule::SameName,
        Rule::TooMuch,
        Rule::EmptyQuestion,
        Rule::EmptyAnswer,
        Rule::AnswerWithoutQuestion,
        Rule::NoIndicators,
        Rule::NoAnchors,
        Rule::NoRound,
        Rule::UnknownRound,
        Rule::EmptyRound,
        Rule::UnknownDiscipline,
        Rule::UnknownCompetency,
        Rule::UnknownLevel,
        Rule::UntestedCompetency,
        Rule::OneSidedKnockOut,
        Rule::UnnamedRole,
    ];

    /// Its name in reports.
    pub fn id(self) -> &'static str {
        match self {
            Rule::NoTitle => "no-title",
            Rule::CountDiffers => "count-differs",
            Rule::TimesDiffer => "times-differ",
            Rule::UnclearLevels => "unclear-levels",
            Rule::SameName => "same-name",
            Rule::TooMuch => "too-much",
            Rule::EmptyQuestion => "empty-question",
            Rule::EmptyAnswer => "empty-answer",
            Rule::AnswerWithoutQuestion => "answer-without-question",
            Rule::NoIndicators => "no-indicators",
            Rule::NoAnchors => "no-anchors",
            Rule::NoRound => "no-round",
            Rule::UnknownRound => "unknown-round",
            Rule::EmptyRound => "empty-round",
            Rule::UnknownDiscipline => "unknown-discipline",
            Rule::UnknownCompetency => "unknown-competency",
            Rule::UnknownLevel => "unknown-level",
            Rule::UntestedCompetency => "untested-competency",
            Rule::OneSidedKnockOut => "one-sided-knock-out",
            Rule::UnnamedRole => "unnamed-role",
        }
    }
}

/// What a bank alone tells.
pub fn lint_bank(bank: &Bank) -> Vec<Finding> {
    let found = bank.questions.iter().enumerate().filter_map(|(i, item)| {
        let name = name(&item.question, "", "question", i);
        let (rule, message) = match (item.question.trim().is_empty(), item.answer.trim().is_empty()) {
            (true, false) => (
                Rule::AnswerWithoutQuestion,
                format!("the answer “{}” stands without its question", short(&item.answer)),
            ),
            (true, true) => (Rule::EmptyQuestion, format!("{name} asks nothing")),
            (false, true) => (Rule::EmptyAnswer, format!("{name} has no answer")),
            (false, false) => return None,
        };
        Some(Finding {
            rule,
            place: format!("questions[{i}]"),
            message,
            line: None,
        })
    });
    found.collect()
}

/// What a message calls a question: its beginning in quotation marks, or else its number.
fn name(question: &str, other: &str, kind: &str, i: usize) -> String {
    match [question, other].into_iter().find(|text| !text.trim().is_empty()) {
        Some(text) => format!("“{}”", short(text)),
        None => format!("{kind} {}", i + 1),
    }
}

fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line.to_string(),
    }
}
