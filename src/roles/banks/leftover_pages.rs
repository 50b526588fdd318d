//! The lines of an imported page that were not understood: each is placed in the bank, or dropped.

use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::roles::bank::BankQuestion;
use crate::roles::banks::{no_bank, pages, store};
use crate::ui::{Flash, Form, Path, SeeOther};

/// What a line can become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Answer,
    Question,
    Advice,
    About,
    Nothing,
}

impl Place {
    pub const ALL: [Place; 5] = [
        Place::Answer,
        Place::Question,
        Place::Advice,
        Place::About,
        Place::Nothing,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Place::Answer => "answer",
            Place::Question => "question",
            Place::Advice => "advice",
            Place::About => "about",
            Place::Nothing => "nothing",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Place::Answer => "An answer without its question",
            Place::Question => "A question without an answer",
            Place::Advice => "Advice to whoever prepares",
            Place::About => "About the bank",
            Place::Nothing => "Nothing: drop it",
        }
    }

    fn from_id(id: &str) -> Option<Place> {
        Place::ALL.into_iter().find(|place| place.id() == id)
    }

    fn done(self) -> &'static str {
        match self {
            Place::Nothing => "is dropped",
            _ => "has its place",
        }
    }
}

#[derive(Deserialize)]
pub struct PlaceForm {
    #[serde(default)]
    place: String,
}

pub async fn place(
    State(app): State<App>,
    Path((id, line)): Path<(Uuid, usize)>,
    Form(form): Form<PlaceForm>,
) -> Result<SeeOther, AppError> {
    let back = SeeOther::to(format!("/banks/{id}#leftovers"));
    let Some(place) = Place::from_id(&form.place) else {
        return Ok(back.saying(Flash::warn("Choose what the line is first.")));
    };
    let bank = pages::find(&app, id).await?;
    let mut tx = app.db.begin().await?;
    if !store::lock(&mut tx, id).await? {
        return Err(no_bank());
    }
    let Some(left) = store::leftovers::take(&mut tx, id, line).await? else {
        return Ok(back.saying(Flash::warn("Somebody else has dealt with this line already.")));
    };
    let mut content = BankQuestion::default();
    match place {
        Place::Answer => content.answer = left.text,
        Place::Question => content.question = left.text,
        Place::Advice => {
            let advice = [bank.advice.as_slice(), &[left.text]].concat();
            store::change(&mut tx, id, &bank.line.title, &bank.line.about, &advice).await?;
        }
        Place::About => {
            let about = format!("{}\n\n{}", bank.line.about, left.text);
            store::change(&mut tx, id, &bank.line.title, about.trim(), &bank.advice).await?;
        }
        Place::Nothing => {}
    }
    if content != BankQuestion::default() {
        let position = store::questions::next_position(&mut tx, id).await?;
        store::questions::add(&mut tx, app.new_id(), id, position, &content, None).await?;
    }
    tx.commit().await?;
    Ok(back.saying(Flash::good(format!("Line {line} {}.", place.done()))))
}
