//! Which questions a job asks: the form, checked, and kept when it is refused.

use serde::Deserialize;

use crate::hiring::voluntary::{Kind, Question};
use crate::ui::form::with_errors;
use crate::ui::{Field, clean_line, search_key};

const LONGEST_WORDS: usize = 200;
const LONGEST_CHOICE: usize = 100;
const MOST_CHOICES: usize = 12;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct VoluntaryForm {
    pub gender: String,
    pub age: String,
    pub disability: String,
    pub own: String,
    pub words: String,
    /// A line each.
    pub choices: String,
}

#[derive(Clone, Debug)]
pub struct VoluntaryFields {
    pub asked: Vec<Kind>,
    pub words: Field,
    pub choices: Field,
}

impl VoluntaryFields {
    pub fn of(questions: &[Question]) -> VoluntaryFields {
        let own = questions.iter().find(|question| question.kind == Kind::Own);
        let asked = questions.iter().filter(|question| question.asked);
        fields(
            asked.map(|question| question.kind).collect(),
            own.map(|own| own.words.as_str()).unwrap_or_default(),
            &own.map(|own| own.choices.join("\n")).unwrap_or_default(),
        )
    }

    pub fn asks(&self, kind: &Kind) -> bool {
        self.asked.contains(kind)
    }

    pub fn asks_own(&self) -> bool {
        self.asks(&Kind::Own)
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.words, &self.choices])
    }
}

fn fields(asked: Vec<Kind>, words: &str, choices: &str) -> VoluntaryFields {
    VoluntaryFields {
        asked,
        words: Field::new("words", "The question")
            .hint("Such as: How would you describe your ethnic background?")
            .value(words),
        choices: Field::new("choices", "Its choices")
            .hint("A line each. “I prefer not to say” is always added.")
            .value(choices),
    }
}

impl VoluntaryForm {
    /// All four, asked or not.
    pub fn check(self) -> Result<Vec<Question>, Box<VoluntaryFields>> {
        let asked: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| self.ticked(*kind)).collect();
        let words = clean_line(&self.words);
        let choices: Vec<String> = self
            .choices
            .lines()
            .map(clean_line)
            .filter(|line| !line.is_empty())
            .collect();
        if asked.contains(&Kind::Own) {
            let (wrong_words, wrong_choices) = (wrong_words(&words), wrong_choices(&choices));
            if wrong_words.is_some() || wrong_choices.is_some() {
                let mut fields = fields(asked, &self.words, &self.choices);
                fields.words.error = wrong_words.map(Into::into);
                fields.choices.error = wrong_choices.map(Into::into);
                return Err(Box::new(fields));
            }
        }
        let question = |kind| match kind {
            Kind::Own => Question {
                kind,
                asked: asked.contains(&kind),
                words: words.chars().take(LONGEST_WORDS).collect(),
                choices: choices.iter().take(MOST_CHOICES).cloned().collect(),
            },
            kind => Question::shipped(kind, asked.contains(&kind)),
        };
        Ok(Kind::ALL.into_iter().map(question).collect())
    }

    fn ticked(&self, kind: Kind) -> bool {
        let value = match kind {
            Kind::Gender => &self.gender,
            Kind::Age => &self.age,
            Kind::Disability => &self.disability,
            Kind::Own => &self.own,
        };
        value == "yes"
    }
}

fn wrong_words(words: &str) -> Option<&'static str> {
    match words.chars().count() {
        0 => Some("Write the question that candidates read."),
        1..=LONGEST_WORDS => None,
        _ => Some("A question has at most 200 characters here."),
    }
}

fn wrong_choices(choices: &[String]) -> Option<&'static str> {
    let mut keys: Vec<String> = choices.iter().map(|choice| search_key(choice)).collect();
    keys.sort();
    keys.dedup();
    match choices.len() {
        0 | 1 => Some("Write at least two choices, a line each."),
        n if n > MOST_CHOICES => Some("At most 12 choices: groups of a few people cannot be shown."),
        n if keys.len() < n => Some("One choice stands there twice."),
        _ if choices.iter().any(|choice| choice.chars().count() > LONGEST_CHOICE) => {
            Some("A choice has at most 100 characters here.")
        }
        _ => None,
    }
}
