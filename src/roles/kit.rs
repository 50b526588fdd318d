//! What a kit holds: a role document as data. The doc comments here are the descriptions in `roles/schema/kit.json`.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A role kit: everything that a company asks, tries and looks for when it hires for one role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kit {
    /// The version of this format: 1.
    pub kit: u32,
    /// The role, as candidates read it.
    pub title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// What separates a great hire from a problem. Paragraphs are divided by an empty line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why_hard: String,
    /// From the lowest to the highest, such as Junior, Mid, Senior, Principal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<String>,
    /// The interview rounds, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<Round>,
    /// The progression framework: what is expected of each competency at each level.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disciplines: Vec<Discipline>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub competency_questions: Vec<CompetencyQuestion>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attitude_questions: Vec<AttitudeQuestion>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub knock_outs: Vec<KnockOut>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub video_questions: Vec<VideoQuestion>,
    /// What reviewers look for in every résumé, statements and questions alike.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resume_criteria: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coding_tests: Vec<CodingTest>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub presentations: Vec<Presentation>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub simulations: Vec<Simulation>,
}

/// An interview round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// Questions name their round by this.
    pub name: String,
    /// How long the interview lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
}

/// A group of competencies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discipline {
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub competencies: Vec<Competency>,
}

/// Something that a person in the role must be able to do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Competency {
    /// Questions and exercises name their competency by this.
    pub name: String,
    /// What is expected, by level.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub expected: IndexMap<String, String>,
}

/// A question about a competency, asked in an interview round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompetencyQuestion {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub discipline: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub competency: String,
    /// The level that the question is calibrated to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub level: String,
    /// What the job requires here; absent where the framework says it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub expectation: String,
    /// What is in focus at this level.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub focus: String,
    /// The name of the interview round.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub round: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// What a good answer shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub positive: Vec<String>,
    /// What to be wary of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub negative: Vec<String>,
}

/// A question about an attitude, asked in an interview round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttitudeQuestion {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    #[serde(rename = "trait", default, skip_serializing_if = "String::is_empty")]
    pub trait_name: String,
    /// What the trait means here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub definition: String,
    /// The name of the interview round.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub round: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub positive: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub negative: Vec<String>,
}

/// A question at the door. It is evaluated the moment an application is sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnockOut {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
}

/// One answer that can be chosen, and what it decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub answer: String,
    pub decision: Decision,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The application goes on.
    Qualifies,
    /// The application ends here.
    Declines,
    /// A person looks at it.
    Review,
}

/// A question that is answered on video with the application.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VideoQuestion {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    /// The longest answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_seconds: Option<u32>,
    /// Such as "Recorded video".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub format: String,
}

/// A program to write.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodingTest {
    /// Where it takes place, such as "Live Interview".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub setting: String,
    /// The challenge of Halfopen that grades it, such as `execute-with-retry`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub challenge: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// The competencies that it shows, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shows: Vec<String>,
    /// They serve every variant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub positive: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub negative: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<Variant>,
}

/// One way to take a coding test.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Such as "Without AI"; empty where there is one way only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What is allowed, and what to attend to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub instructions: String,
    /// What to write.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub task: String,
}

/// A talk before the panel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Presentation {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prompt: String,
    /// Such as "approach-walkthrough".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub format: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preparation_minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub audience: String,
    /// The competencies that it shows, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shows: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prepare: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deliverables: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ground_rules: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub positive: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub negative: Vec<String>,
    #[serde(default, skip_serializing_if = "Anchors::is_empty")]
    pub anchors: Anchors,
}

/// A situation that is played through with the panel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scenario: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub problem: String,
    /// Such as "discovery-interview".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub format: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preparation_minutes: Option<u32>,
    /// The competencies that it shows, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shows: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub success_criteria: Vec<String>,
    /// What to review beforehand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub review: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ground_rules: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub positive: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub negative: Vec<String>,
    #[serde(default, skip_serializing_if = "Anchors::is_empty")]
    pub anchors: Anchors,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Part>,
}

/// A person in a simulation, played by someone of the panel. Candidates never see it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Such as "informed partner".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stance: String,
    /// Who of the panel plays it, such as "hiring manager".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub played_by: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub motivation: String,
    /// The facts that the candidate has to find out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<String>,
    /// Tensions to introduce.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tensions: Vec<String>,
    /// How to stay in character.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guidance: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub do_not: Vec<String>,
}

/// What each score looks like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Anchors {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub exceeds: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub meets: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub below: String,
}

impl Anchors {
    pub fn is_empty(&self) -> bool {
        *self == Anchors::default()
    }
}

impl Kit {
    /// The version of the format that this program writes.
    pub const FORMAT: u32 = 1;

    pub fn titled(title: impl Into<String>) -> Kit {
        Kit {
            kit: Kit::FORMAT,
            title: title.into(),
            ..Kit::default()
        }
    }

    /// Every competency, in the order of the framework.
    pub fn competencies(&self) -> impl Iterator<Item = &Competency> {
        self.disciplines.iter().flat_map(|discipline| &discipline.competencies)
    }
}
