//! The form of somebody who practises: the answer, and how they rate it. Nothing of it is stored.

use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::roles::banks::{MOST_TEXT, clean_text};
use crate::ui::Form;

/// What is read at all, so that a paste that is too large gets an answer and not a broken connection.
const MOST_READ: usize = 8 << 20;

/// What the button that was pressed asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Then {
    #[default]
    Compare,
    /// Back to the answer, to change it.
    Change,
}

#[derive(Clone, Debug, Default)]
pub struct PracticeForm {
    /// As it was typed.
    pub answer: String,
    /// Which indicators the person has ticked, by their places in the lists.
    pub shown: Vec<usize>,
    pub wary: Vec<usize>,
    pub then: Then,
}

impl FromRequest<App> for PracticeForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<PracticeForm, Response> {
        let mut request = request;
        DefaultBodyLimit::max(MOST_READ).apply(&mut request);
        // Several ticks have one name, so the fields are read one by one.
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, app)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(PracticeForm::of(fields))
    }
}

impl PracticeForm {
    fn of(fields: Vec<(String, String)>) -> PracticeForm {
        let mut form = PracticeForm::default();
        for (name, value) in fields {
            match name.as_str() {
                "answer" => form.answer = value,
                "shown" => form.shown.extend(value.parse::<usize>()),
                "wary" => form.wary.extend(value.parse::<usize>()),
                "then" if value == "change" => form.then = Then::Change,
                _ => {}
            }
        }
        form
    }

    /// The answer with one character for each line end, and what is wrong with it.
    pub fn checked_answer(&self) -> Result<String, String> {
        let answer = clean_text(&self.answer);
        match answer.chars().count() {
            0..=MOST_TEXT => Ok(answer),
            length => Err(format!(
                "An answer has at most {MOST_TEXT} characters here; yours has {length}. Nothing of it is lost."
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_ticks_have_one_name() {
        let fields = [
            ("answer", "a b\r\nc"),
            ("shown", "0"),
            ("shown", "2"),
            ("wary", "1"),
            ("shown", "x"),
            ("then", "change"),
        ];
        let form = PracticeForm::of(fields.map(|(name, value)| (name.into(), value.into())).to_vec());
        assert_eq!(form.checked_answer().unwrap(), "a b\nc");
        assert_eq!((form.shown, form.wary, form.then), (vec![0, 2], vec![1], Then::Change));
    }
}
