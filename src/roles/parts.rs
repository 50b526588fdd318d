//! The parts of a kit as people edit and compare them: their names, their fields, how each is filled in.

use serde_json::Value;

/// A list of a kit whose items are edited one at a time.
#[derive(Debug)]
pub struct Part {
    /// Its key in the document, and its place in addresses.
    pub key: &'static str,
    pub singular: &'static str,
    pub plural: &'static str,
    /// Whether a sentence says "a" or "an".
    pub article: &'static str,
    pub stage: Stage,
    pub fields: &'static [FieldKind],
}

/// Where in a hiring process something belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Role,
    Application,
    Screening,
    Interviews,
    Exercises,
}

#[derive(Debug)]
pub struct FieldKind {
    /// Its key in the item, with dots between levels; empty where the item is a text.
    pub key: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub control: Control,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Control {
    Line,
    Text,
    /// One entry a line.
    List,
    Number,
    /// One of the kit's rounds.
    Round,
    /// One of the kit's levels.
    Level,
    /// One of the framework's competencies.
    Competency,
    /// Any of the framework's competencies.
    Competencies,
    Decision,
    /// A text for each of the kit's levels.
    Expected,
    /// A list of items with fields of their own.
    Group(&'static Group),
}

#[derive(Debug, PartialEq)]
pub struct Group {
    pub singular: &'static str,
    pub fields: &'static [FieldKind],
}

impl PartialEq for FieldKind {
    fn eq(&self, other: &FieldKind) -> bool {
        self.key == other.key
    }
}

const fn field(key: &'static str, label: &'static str, hint: &'static str, control: Control) -> FieldKind {
    FieldKind {
        key,
        label,
        hint,
        control,
    }
}

const ONE_A_LINE: &str = "One a line.";
const POSITIVE: FieldKind = field("positive", "Listen for", ONE_A_LINE, Control::List);
const NEGATIVE: FieldKind = field("negative", "Be wary of", ONE_A_LINE, Control::List);
const ROUND: FieldKind = field("round", "Interview round", "", Control::Round);
const MINUTES: FieldKind = field("minutes", "Minutes", "", Control::Number);
const SHOWS: FieldKind = field(
    "shows",
    "Shows",
    "The competencies that it gives evidence of.",
    Control::Competencies,
);
const PREPARATION: FieldKind = field("preparation_minutes", "Minutes to prepare", "", Control::Number);
const GROUND_RULES: FieldKind = field("ground_rules", "Ground rules", ONE_A_LINE, Control::List);
const EXCEEDS: FieldKind = field("anchors.exceeds", "Exceeds", "", Control::Text);
const MEETS: FieldKind = field("anchors.meets", "Meets", "", Control::Text);
const BELOW: FieldKind = field("anchors.below", "Below", "", Control::Text);

/// What a kit says about itself, edited on one page.
pub const ABOUT: Part = Part {
    key: "about",
    singular: "role",
    plural: "The role",
    article: "a",
    stage: Stage::Role,
    fields: &[
        field("title", "Title", "As candidates read it.", Control::Line),
        field("author", "Author", "", Control::Line),
        field(
            "why_hard",
            "Why this role is hard",
            "What separates a great hire from a problem.",
            Control::Text,
        ),
        field(
            "levels",
            "Levels",
            "From the lowest to the highest, one a line.",
            Control::List,
        ),
        field(
            "rounds",
            "Interview rounds",
            "In the order in which candidates meet them.",
            Control::Group(&Group {
                singular: "round",
                fields: &[field("name", "Name", "", Control::Line), MINUTES],
            }),
        ),
    ],
};

pub const PARTS: &[Part] = &[
    Part {
        key: "knock_outs",
        singular: "knock-out question",
        plural: "Knock-out questions",
        article: "a",
        stage: Stage::Application,
        fields: &[
            field("question", "Question", "", Control::Text),
            field(
                "answers",
                "Answers",
                "What each of them decides, the moment the application is sent.",
                Control::Group(&Group {
                    singular: "answer",
                    fields: &[
                        field("answer", "Answer", "", Control::Line),
                        field("decision", "Decides", "", Control::Decision),
                    ],
                }),
            ),
        ],
    },
    Part {
        key: "video_questions",
        singular: "video question",
        plural: "Video questions",
        article: "a",
        stage: Stage::Application,
        fields: &[
            field("question", "Question", "", Control::Text),
            field("limit_seconds", "Limit in seconds", "", Control::Number),
            field("format", "Format", "", Control::Line),
        ],
    },
    Part {
        key: "resume_criteria",
        singular: "résumé criterion",
        plural: "Résumé criteria",
        article: "a",
        stage: Stage::Screening,
        fields: &[field("", "Criterion", "A statement or a question.", Control::Text)],
    },
    Part {
        key: "competency_questions",
        singular: "competency question",
        plural: "Competency questions",
        article: "a",
        stage: Stage::Interviews,
        fields: &[
            field("question", "Question", "", Control::Text),
            field("competency", "Competency", "", Control::Competency),
            ROUND,
            MINUTES,
            field("level", "Level", "That it is calibrated to.", Control::Level),
            field("focus", "In focus at this level", "", Control::Text),
            field(
                "expectation",
                "What the job requires",
                "Leave it empty where the framework says it.",
                Control::Text,
            ),
            POSITIVE,
            NEGATIVE,
        ],
    },
    Part {
        key: "attitude_questions",
        singular: "attitude question",
        plural: "Attitude questions",
        article: "an",
        stage: Stage::Interviews,
        fields: &[
            field("question", "Question", "", Control::Text),
            field("trait", "Trait", "", Control::Line),
            field("definition", "What the trait means here", "", Control::Text),
            ROUND,
            MINUTES,
            POSITIVE,
            NEGATIVE,
        ],
    },
    Part {
        key: "coding_tests",
        singular: "coding test",
        plural: "Coding tests",
        article: "a",
        stage: Stage::Exercises,
        fields: &[
            field(
                "variants",
                "Variants",
                "The indicators serve all of them.",
                Control::Group(&Group {
                    singular: "variant",
                    fields: &[
                        field("name", "Name", "", Control::Line),
                        field("instructions", "Instructions", "", Control::Text),
                        field("task", "Task", "", Control::Text),
                    ],
                }),
            ),
            MINUTES,
            field("setting", "Setting", "", Control::Line),
            field(
                "challenge",
                "Challenge",
                "The id of the challenge that grades it.",
                Control::Line,
            ),
            SHOWS,
            POSITIVE,
            NEGATIVE,
        ],
    },
    Part {
        key: "presentations",
        singular: "presentation",
        plural: "Presentations",
        article: "a",
        stage: Stage::Exercises,
        fields: &[
            field("prompt", "Prompt", "", Control::Text),
            field("format", "Format", "", Control::Line),
            MINUTES,
            PREPARATION,
            field("audience", "Audience", "", Control::Line),
            field("prepare", "What to prepare", ONE_A_LINE, Control::List),
            field("deliverables", "Deliverables", ONE_A_LINE, Control::List),
            GROUND_RULES,
            EXCEEDS,
            MEETS,
            BELOW,
            SHOWS,
            POSITIVE,
            NEGATIVE,
        ],
    },
    Part {
        key: "simulations",
        singular: "work simulation",
        plural: "Work simulations",
        article: "a",
        stage: Stage::Exercises,
        fields: &[
            field("scenario", "Scenario", "", Control::Text),
            field("problem", "Problem to solve", "", Control::Text),
            field("format", "Format", "", Control::Line),
            MINUTES,
            PREPARATION,
            field("success_criteria", "Success criteria", ONE_A_LINE, Control::List),
            field("review", "What to review beforehand", ONE_A_LINE, Control::List),
            GROUND_RULES,
            field(
                "roles",
                "Roles in the scenario",
                "Candidates never see this.",
                Control::Group(&Group {
                    singular: "role",
                    fields: &[
                        field("name", "Name", "", Control::Line),
                        field("stance", "Stance", "Such as informed partner.", Control::Line),
                        field("played_by", "Played by", "", Control::Line),
                        field("motivation", "Motivation", "", Control::Text),
                        field("constraints", "Facts to find out", ONE_A_LINE, Control::List),
                        field("tensions", "Tensions to introduce", ONE_A_LINE, Control::List),
                        field("guidance", "In character", ONE_A_LINE, Control::List),
                        field("do_not", "Do not", ONE_A_LINE, Control::List),
                    ],
                }),
            ),
            EXCEEDS,
            MEETS,
            BELOW,
            SHOWS,
            POSITIVE,
            NEGATIVE,
        ],
    },
    Part {
        key: "disciplines",
        singular: "discipline",
        plural: "Progression framework",
        article: "a",
        stage: Stage::Role,
        fields: &[
            field("name", "Discipline", "", Control::Line),
            field(
                "competencies",
                "Competencies",
                "And what is expected of each, level by level.",
                Control::Group(&Group {
                    singular: "competency",
                    fields: &[
                        field("name", "Competency", "", Control::Line),
                        field("expected", "Expected", "", Control::Expected),
                    ],
                }),
            ),
        ],
    },
];

pub fn part(key: &str) -> Option<&'static Part> {
    PARTS.iter().find(|part| part.key == key)
}

impl FieldKind {
    /// What an item has in this field; null if nothing.
    pub fn value<'a>(&self, item: &'a Value) -> &'a Value {
        if self.key.is_empty() {
            return item;
        }
        self.key
            .split('.')
            .fold(item, |place, key| place.get(key).unwrap_or(&Value::Null))
    }
}

impl Part {
    /// The field that stands for an item in lists and sentences.
    pub fn main_field(&self) -> &'static FieldKind {
        &self.fields[0]
    }

    /// What an item is known by: its main text, or the first task of a coding test.
    pub fn main_text<'a>(&self, item: &'a Value) -> &'a str {
        match self.main_field().value(item) {
            Value::Array(rows) => rows.iter().find_map(|row| row["task"].as_str()).unwrap_or_default(),
            text => text.as_str().unwrap_or_default(),
        }
    }

    /// "a video question"
    pub fn one(&self) -> String {
        format!("{} {}", self.article, self.singular)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roles::kit::Kit;

    /// The fields of the forms are those of the document, no more and no fewer.
    #[test]
    fn every_field_of_a_kit_can_be_edited() {
        let schema = serde_json::to_value(schemars::schema_for!(Kit)).expect("a schema");
        let keys = |schema: &serde_json::Value| -> Vec<String> {
            let properties = schema["properties"].as_object().expect("an object");
            properties.keys().cloned().collect()
        };
        let of = |name: &str| schema["$defs"][name].clone();
        let first = |key: &str| key.split('.').next().unwrap_or_default().to_owned();
        let expected = |fields: &[FieldKind]| {
            let mut keys: Vec<String> = fields.iter().map(|field| first(field.key)).collect();
            keys.sort();
            keys.dedup();
            keys
        };
        let check = |name: &str, fields: &[FieldKind], elsewhere: &[&str]| {
            let mut there = keys(&of(name));
            there.retain(|key| !elsewhere.contains(&key.as_str()));
            there.sort();
            assert_eq!(there, expected(fields), "{name}");
        };
        let types = [
            ("knock_outs", "KnockOut", &[] as &[&str]),
            ("video_questions", "VideoQuestion", &[]),
            // It follows from the competency.
            ("competency_questions", "CompetencyQuestion", &["discipline"]),
            ("attitude_questions", "AttitudeQuestion", &[]),
            ("coding_tests", "CodingTest", &[]),
            ("presentations", "Presentation", &[]),
            ("simulations", "Simulation", &[]),
            ("disciplines", "Discipline", &[]),
        ];
        for (key, name, elsewhere) in types {
            check(name, part(key).expect(key).fields, elsewhere);
        }
        let groups = PARTS
            .iter()
            .chain([&ABOUT])
            .flat_map(|part| part.fields)
            .filter_map(|field| match field.control {
                Control::Group(group) => Some((field.key, group)),
                _ => None,
            });
        for (key, group) in groups {
            let name = match key {
                "answers" => "Answer",
                "variants" => "Variant",
                "roles" => "Part",
                "rounds" => "Round",
                "competencies" => "Competency",
                other => panic!("{other} is new"),
            };
            check(name, group.fields, &[]);
        }
        let mut whole = expected(ABOUT.fields);
        whole.extend(PARTS.iter().map(|part| part.key.to_owned()));
        whole.push("kit".into());
        whole.sort();
        let mut there = keys(&schema);
        there.sort();
        assert_eq!(there, whole);
    }
}
