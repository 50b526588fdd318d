//! Notes on an answer: at a second of it, tied to what the kit listens for.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::assessments::taking::check_text;
use crate::error::AppError;
use crate::hiring::pipeline::index;
use crate::hiring::takes::review::{Review, page};
use crate::hiring::takes::{Note, clock, indicators, store};
use crate::people::guard::SignedIn;
use crate::ui::{Field, Flash, Form, Path, SeeOther, Shell};

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    at: String,
    #[serde(default)]
    indicator: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    form_token: String,
}

/// The form of a note.
#[derive(Clone, Debug)]
pub struct NoteForm {
    pub at: Field,
    pub indicator: Field,
    pub words: Field,
    pub form_token: String,
}

impl NoteForm {
    pub fn empty(form_token: Uuid) -> NoteForm {
        NoteForm {
            at: Field::new("at", "At").hint("minutes:seconds; empty for the whole answer"),
            indicator: Field::new("indicator", "What it shows"),
            words: Field::new("words", "Note").hint("what was said or done, not what you felt"),
            form_token: form_token.to_string(),
        }
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        crate::ui::form::with_errors(&[&self.at, &self.indicator, &self.words])
    }
}

impl Typed {
    /// The note, with the token that makes it one; or the form again.
    fn check(self, app: &App, review: &Review) -> Result<(Note, Uuid), Box<NoteForm>> {
        let at = match review.take.is_recorded() {
            true => second(&self.at, review.take.seconds),
            false => Ok(None),
        };
        let known = self.indicator.is_empty() || indicators::find(&review.groups, &self.indicator).is_some();
        let words = check_text(&self.words, "What did you notice? A few words are enough.");
        let token = self.form_token.parse::<Uuid>().ok();
        if let (Ok(at_second), true, Ok(words), Some(token)) = (&at, known, &words, token) {
            let note = Note {
                id: app.new_id(),
                by: review.reader,
                author: String::new(),
                at_second: *at_second,
                indicator: self.indicator,
                words: words.clone(),
                written_at: app.now(),
            };
            return Ok((note, token));
        }
        let empty = NoteForm::empty(token.unwrap_or_else(|| app.new_id()));
        let unknown = (!known).then_some("Choose one of the list, or none.");
        Err(Box::new(NoteForm {
            at: empty.at.value(self.at).error(at.err()),
            indicator: empty.indicator.value(self.indicator).error(unknown),
            words: empty.words.value(self.words).error(words.err()),
            ..empty
        }))
    }
}

/// 0:42, or 42; nothing is nowhere in particular.
fn second(typed: &str, length: u32) -> Result<Option<u32>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let number = |text: &str| match text.len() {
        1..=4 if text.bytes().all(|b| b.is_ascii_digit()) => text.parse::<u32>().ok(),
        _ => None,
    };
    let at = match typed.split_once(':') {
        Some((minutes, seconds)) => match (number(minutes), number(seconds)) {
            (Some(minutes), Some(seconds)) if seconds < 60 => Some(minutes * 60 + seconds),
            _ => None,
        },
        None => number(typed),
    };
    match at {
        Some(at) if at <= length => Ok(Some(at)),
        Some(_) => Err(format!(
            "The answer is {} long. Choose a time within it.",
            clock(length)
        )),
        None => Err("Write a time such as 0:42.".to_owned()),
    }
}

pub async fn add(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path((id, number)): Path<(Uuid, u32)>,
    Form(typed): Form<Typed>,
) -> Result<Response, AppError> {
    let review = Review::of(&app, &staff, id, number).await?;
    let (note, token) = match typed.check(&app, &review) {
        Ok(checked) => checked,
        Err(form) => return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, shell, review, *form)),
    };
    let mut tx = app.db.begin().await?;
    store::add_note(&mut tx, review.take.id, &note, token).await?;
    index::refresh(&mut tx, id).await?;
    tx.commit().await?;
    let back = SeeOther::to(format!("{}#notes", review.url()));
    Ok(back.saying(Flash::good("The note was added.")).into_response())
}

pub async fn remove(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((id, number, note)): Path<(Uuid, u32, Uuid)>,
) -> Result<SeeOther, AppError> {
    let review = Review::of(&app, &staff, id, number).await?;
    let mut tx = app.db.begin().await?;
    let removed = store::remove_note(&mut tx, note, review.take.id, staff.id).await?;
    index::refresh(&mut tx, id).await?;
    tx.commit().await?;
    let flash = match removed {
        true => Flash::good("The note was removed."),
        false => Flash::warn("Nothing was removed: the note is gone already, or somebody else wrote it."),
    };
    Ok(SeeOther::to(format!("{}#notes", review.url())).saying(flash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_people_write_it() {
        for (typed, read) in [
            ("", None),
            (" 0:42 ", Some(42)),
            ("42", Some(42)),
            ("1:05", Some(65)),
            ("01:30", Some(90)),
        ] {
            assert_eq!(second(typed, 90), Ok(read), "{typed:?}");
        }
        for wrong in ["1:60", "1:31", "91", "-1", "half", "0:4.2", "1:2:3", ":", "99999999999"] {
            assert!(second(wrong, 90).is_err(), "{wrong:?}");
        }
    }
}
