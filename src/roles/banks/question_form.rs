//! The form of a question, checked field by field, kept when it is refused.

use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::roles::bank::BankQuestion;
use crate::roles::banks::bank_form::{check_lines, check_text, lines_of};
use crate::ui::form::with_errors;
use crate::ui::{Field, Form, clean_line};

/// Eight long texts, each character written as three for each of its bytes; more gets an answer all the same.
const MOST_READ: usize = 24 << 20;
const MOST_LINE: usize = 200;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct QuestionForm {
    #[serde(default)]
    question: String,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    difficulty: String,
    #[serde(default)]
    asked_for: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    follow_ups: String,
    #[serde(default)]
    positive: String,
    #[serde(default)]
    negative: String,
    #[serde(default)]
    revision: i64,
    #[serde(default)]
    form_token: String,
}

impl FromRequest<App> for QuestionForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<QuestionForm, Response> {
        let mut request = request;
        DefaultBodyLimit::max(MOST_READ).apply(&mut request);
        let Form(form) = Form::from_request(request, app)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(form)
    }
}

pub struct CheckedQuestion {
    pub content: BankQuestion,
    /// That whoever typed it has read.
    pub revision: i64,
    pub form_token: Uuid,
}

#[derive(Clone, Debug)]
pub struct QuestionFields {
    pub question: Field,
    pub topic: Field,
    pub difficulty: Field,
    pub asked_for: Field,
    pub answer: Field,
    pub follow_ups: Field,
    pub positive: Field,
    pub negative: Field,
    pub revision: i64,
    pub form_token: String,
}

impl QuestionFields {
    pub fn new(form_token: String) -> QuestionFields {
        QuestionFields {
            question: Field::new("question", "Question"),
            topic: Field::new("topic", "Topic").hint("questions of one topic stand together"),
            difficulty: Field::new("difficulty", "Difficulty").hint("such as easy, medium or hard"),
            asked_for: Field::new("asked_for", "Asked for").hint("what it is meant to find out"),
            answer: Field::new("answer", "Sample answer"),
            follow_ups: Field::new("follow_ups", "Follow-ups").hint("one on each line"),
            positive: Field::new("positive", "Listen for").hint("one on each line"),
            negative: Field::new("negative", "Be wary of").hint("one on each line"),
            revision: 0,
            form_token,
        }
    }

    pub fn of(content: &BankQuestion, revision: i64, form_token: String) -> QuestionFields {
        let empty = QuestionFields::new(form_token);
        QuestionFields {
            question: empty.question.value(&content.question),
            topic: empty.topic.value(&content.topic),
            difficulty: empty.difficulty.value(&content.difficulty),
            asked_for: empty.asked_for.value(&content.asked_for),
            answer: empty.answer.value(&content.answer),
            follow_ups: empty.follow_ups.value(lines_of(&content.follow_ups)),
            positive: empty.positive.value(lines_of(&content.positive)),
            negative: empty.negative.value(lines_of(&content.negative)),
            revision,
            form_token: empty.form_token,
        }
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[
            &self.question,
            &self.topic,
            &self.difficulty,
            &self.asked_for,
            &self.answer,
            &self.follow_ups,
            &self.positive,
            &self.negative,
        ])
    }
}

impl QuestionForm {
    /// An answer that stands without its question may stay so; nobody writes a new one like that.
    pub fn check(self, may_lack_question: bool) -> Result<CheckedQuestion, Box<QuestionFields>> {
        let mut fields = QuestionFields::new(self.form_token.clone());
        fields.revision = self.revision;
        let question = check_text(&self.question).and_then(|question| match question.is_empty() {
            true if !may_lack_question || self.answer.trim().is_empty() => Err("Write the question.".into()),
            _ => Ok(question),
        });
        let content = BankQuestion {
            question: taken(&mut fields.question, self.question, question),
            topic: taken(&mut fields.topic, self.topic.clone(), check_line(&self.topic)),
            difficulty: taken(
                &mut fields.difficulty,
                self.difficulty.clone(),
                check_line(&self.difficulty),
            ),
            asked_for: taken(
                &mut fields.asked_for,
                self.asked_for.clone(),
                check_text(&self.asked_for),
            ),
            answer: taken(&mut fields.answer, self.answer.clone(), check_text(&self.answer)),
            follow_ups: taken(
                &mut fields.follow_ups,
                self.follow_ups.clone(),
                check_lines(&self.follow_ups),
            ),
            positive: taken(&mut fields.positive, self.positive.clone(), check_lines(&self.positive)),
            negative: taken(&mut fields.negative, self.negative.clone(), check_lines(&self.negative)),
        };
        match self.form_token.parse() {
            Ok(form_token) if fields.with_errors().is_empty() => Ok(CheckedQuestion {
                content,
                revision: self.revision,
                form_token,
            }),
            _ => Err(Box::new(fields)),
        }
    }
}

/// What a field says; what was typed and what is wrong with it stay in the field.
fn taken<T: Default>(field: &mut Field, typed: String, checked: Result<T, String>) -> T {
    field.value = typed;
    checked.unwrap_or_else(|error| {
        field.error = Some(error);
        T::default()
    })
}

fn check_line(typed: &str) -> Result<String, String> {
    let line = clean_line(typed);
    match line.chars().count() {
        0..=MOST_LINE => Ok(line),
        length => Err(format!("At most {MOST_LINE} characters fit here; these are {length}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(question: &str, answer: &str) -> QuestionForm {
        QuestionForm {
            question: question.into(),
            answer: answer.into(),
            follow_ups: "One\r\nTwo".into(),
            form_token: Uuid::nil().to_string(),
            ..QuestionForm::default()
        }
    }

    #[test]
    fn only_an_answer_that_stood_alone_may_go_on_doing_so() {
        assert!(form("", "An answer").check(false).is_err());
        assert!(form("", "An answer").check(true).is_ok());
        assert!(form("", " ").check(true).is_err());
        let checked = form(" A question? ", "")
            .check(false)
            .ok()
            .unwrap_or_else(|| panic!("it is taken"));
        assert_eq!(checked.content.question, "A question?");
        assert_eq!(checked.content.follow_ups, ["One", "Two"]);
    }

    #[test]
    fn what_is_refused_is_kept() {
        let mut long = form("", "An answer");
        long.topic = "t".repeat(201);
        let fields = long.check(false).err().expect("it is refused");
        assert_eq!(fields.with_errors().len(), 2);
        assert_eq!(
            (fields.topic.value.len(), fields.follow_ups.value.as_str()),
            (201, "One\r\nTwo")
        );
    }
}
