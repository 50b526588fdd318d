//! What a question bank holds. The doc comments here are the descriptions in `roles/schema/bank.json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A question bank: questions to take into kits, and to practise on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bank {
    /// The version of this format: 1.
    pub bank: u32,
    pub title: String,
    /// Whom the bank is for. Paragraphs are divided by an empty line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Advice to whoever prepares with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<BankQuestion>,
}

/// A question with a sample answer. An imported answer may stand without its question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BankQuestion {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub topic: String,
    /// Usually easy, medium or hard.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub difficulty: String,
    /// What employers ask it for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub asked_for: String,
    /// A sample answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<String>,
    /// What a good answer shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub positive: Vec<String>,
    /// What to be wary of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub negative: Vec<String>,
}

impl Bank {
    /// The version of the format that this program writes.
    pub const FORMAT: u32 = 1;
}
