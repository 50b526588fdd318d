use super::{Bank, Kit};
use crate::roles::kit::{Competency, Simulation};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The longest text of a field.
pub const MOST_CHARACTERS: usize = 20_000;
/// The longest list.
pub const MOST_ENTRIES: usize = 200;
const LONGEST_TITLE: usize = 200;
const MINUTES: std::ops::RangeInclusive<u32> = 1..=480;
const PREPARATION: std::ops::RangeInclusive<u32> = 1..=2880;
const LIMIT_SECONDS: std::ops::RangeInclusive<u32> = 5..=600;

/// A rule of content that a kit or a bank breaks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// The path of the field.
    pub field: String,
    pub message: String,
}

/// What the types of a kit cannot say.
pub fn check_kit(kit: &Kit) -> Vec<Fault> {
    let mut faults = Faults::default();
    faults.head("kit", kit.kit, Kit::FORMAT, &kit.title);
    let rounds = kit.rounds.iter().map(|round| round.name.as_str());
    faults.names(
        "round",
        rounds.enumerate().map(|(i, n)| (format!("rounds[{i}].name"), n)),
    );
    let levels = kit.levels.iter().map(String::as_str);
    faults.names("level", levels.enumerate().map(|(i, n)| (format!("levels[{i}]"), n)));
    let competencies = competencies(kit).map(|(field, competency)| (format!("{field}.name"), competency.name.as_str()));
    faults.names("competency", competencies);
    for (i, round) in kit.rounds.iter().enumerate() {
        faults.minutes(format!("rounds[{i}].minutes"), round.minutes);
    }
    for (i, question) in kit.competency_questions.iter().enumerate() {
        faults.minutes(format!("competency_questions[{i}].minutes"), question.minutes);
    }
    for (i, question) in kit.attitude_questions.iter().enumerate() {
        faults.minutes(format!("attitude_questions[{i}].minutes"), question.minutes);
    }
    for (i, question) in kit.knock_outs.iter().enumerate() {
        for (j, answer) in question.answers.iter().enumerate() {
            faults.filled(
                format!("knock_outs[{i}].answers[{j}].answer"),
                "an answer",
                &answer.answer,
            );
        }
    }
    for (i, question) in kit.video_questions.iter().enumerate() {
        let field = format!("video_questions[{i}].limit_seconds");
        faults.within(field, question.limit_seconds, LIMIT_SECONDS, "seconds");
    }
    for (i, test) in kit.coding_tests.iter().enumerate() {
        faults.minutes(format!("coding_tests[{i}].minutes"), test.minutes);
    }
    for (i, talk) in kit.presentations.iter().enumerate() {
        let field = format!("presentations[{i}]");
        faults.times(&field, talk.minutes, talk.preparation_minutes);
    }
    for (
        i,
        Simulation {
            minutes,
            preparation_minutes,
            ..
        },
    ) in kit.simulations.iter().enumerate()
    {
        faults.times(&format!("simulations[{i}]"), *minutes, *preparation_minutes);
    }
    faults.sizes(kit);
    faults.0
}

/// What the types of a bank cannot say.
pub fn check_bank(bank: &Bank) -> Vec<Fault> {
    let mut faults = Faults::default();
    faults.head("bank", bank.bank, Bank::FORMAT, &bank.title);
    faults.sizes(bank);
    faults.0
}

fn competencies(kit: &Kit) -> impl Iterator<Item = (String, &Competency)> {
    kit.disciplines.iter().enumerate().flat_map(|(i, discipline)| {
        let named = discipline.competencies.iter().enumerate();
        named.map(move |(j, competency)| (format!("disciplines[{i}].competencies[{j}]"), competency))
    })
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(Fault {
            field: field.into(),
            message: message.into(),
        });
    }

    fn head(&mut self, version: &str, said: u32, format: u32, title: &str) {
        if said != format {
            let message = format!("this file is of format {said}; this program reads format {format}");
            self.add(version, message);
        }
        self.filled("title".to_string(), "the title", title);
        if title.chars().count() > LONGEST_TITLE {
            self.add("title", format!("the title has more than {LONGEST_TITLE} characters"));
        }
    }

    fn filled(&mut self, field: String, what: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(field, format!("{what} is empty"));
        }
    }

    fn names<'a>(&mut self, what: &str, names: impl Iterator<Item = (String, &'a str)>) {
        let mut seen = HashSet::new();
        for (field, name) in names {
            if name.trim().is_empty() {
                self.add(field, format!("the name of a {what} is empty"));
            } else if !seen.insert(name) {
                self.add(field, format!("there is another {what} called “{name}”"));
            }
        }
    }

    fn times(&mut self, field: &str, minutes: Option<u32>, preparation: Option<u32>) {
        self.minutes(format!("{field}.minutes"), minutes);
        self.within(
            format!("{field}.preparation_minutes"),
            preparation,
            PREPARATION,
            "minutes",
        );
    }

    fn minutes(&mut self, field: String, minutes: Option<u32>) {
        self.within(field, minutes, MINUTES, "minutes");
    }

    fn within(&mut self, field: String, value: Option<u32>, range: std::ops::RangeInclusive<u32>, unit: &str) {
        if let Some(value) = value.filter(|v| !range.contains(v)) {
            let (least, most) = range.into_inner();
            self.add(field, format!("{value} {unit} are not between {least} and {most}"));
        }
    }

    /// Every text and every list, wherever it is.
    fn sizes(&mut self, document: &impl Serialize) {
        let value = serde_json::to_value(document).expect("kits and banks are plain data");
        self.sizes_of(String::new(), &value);
    }

    fn sizes_of(&mut self, field: String, value: &serde_json::Value) {
        match value {
            serde_json::Value::String(text) if text.chars().count() > MOST_CHARACTERS => {
                self.add(field, format!("this text has more than {MOST_CHARACTERS} characters"));
            }
            serde_json::Value::Array(list) => {
                if list.len() > MOST_ENTRIES {
                    self.add(&field, format!("this list has more than {MOST_ENTRIES} entries"));
                }
                for (i, inner) in list.iter().enumerate() {
                    self.sizes_of(format!("{field}[{i}]"), inner);
                }
            }
            serde_json::Value::Object(table) => {
                for (name, inner) in table {
                    let dot = if field.is_empty() { "" } else { "." };
                    self.sizes_of(format!("{field}{dot}{name}"), inner);
                }
            }
            _ => {}
        }
    }
}
