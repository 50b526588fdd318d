//! What narrows a list of questions: words, a topic, a difficulty. Lists go on after the last question of a page.

use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::roles::banks::Question;
use crate::roles::banks::store::search::{self, Choice, Search};
use crate::ui::{Field, folded, percent_encoded};

const QUESTIONS_A_PAGE: usize = 25;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub topic: String,
    #[serde(default)]
    pub difficulty: String,
    /// "yes": only those for which a proposal waits.
    #[serde(default)]
    pub waiting: String,
    pub after: Option<Uuid>,
}

impl Wanted {
    pub fn narrows(&self) -> bool {
        let words = [&self.q, &self.topic, &self.difficulty].map(|typed| folded(typed));
        self.is_waiting() || words.iter().any(|typed| !typed.is_empty())
    }

    pub fn is_waiting(&self) -> bool {
        self.waiting == "yes"
    }

    fn search(&self, bank: Option<Uuid>, practised: bool) -> Search {
        let key = |typed: &str| Some(folded(typed)).filter(|key| !key.is_empty());
        Search {
            bank,
            words: Search::words_of(&self.q),
            topic: key(&self.topic),
            difficulty: key(&self.difficulty),
            waiting: self.is_waiting(),
            practised,
            after: self.after,
        }
    }

    /// The same list, from its start or after a question.
    pub fn url(&self, page: &str, after: Option<Uuid>) -> String {
        let values = [
            ("q", &self.q),
            ("topic", &self.topic),
            ("difficulty", &self.difficulty),
            ("waiting", &self.waiting),
        ];
        let named = values.iter().filter(|(_, value)| !value.is_empty());
        let mut parts: Vec<String> = named
            .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
            .collect();
        parts.extend(after.map(|id| format!("after={id}")));
        match parts.is_empty() {
            true => page.to_owned(),
            false => format!("{page}?{}", parts.join("&")),
        }
    }
}

/// The form above a list.
#[derive(Clone, Debug)]
pub struct Filters {
    pub page: String,
    pub q: Field,
    pub topic: Field,
    pub difficulty: Field,
    pub topics: Vec<Choice>,
    pub difficulties: Vec<Choice>,
    pub narrows: bool,
    pub waiting: bool,
}

impl Filters {
    pub async fn of(
        app: &App,
        page: String,
        wanted: &Wanted,
        bank: Option<Uuid>,
        practised: bool,
    ) -> Result<Filters, AppError> {
        Ok(Filters {
            page,
            q: Field::new("q", "Words").value(&wanted.q),
            topic: Field::new("topic", "Topic").value(folded(&wanted.topic)),
            difficulty: Field::new("difficulty", "Difficulty").value(folded(&wanted.difficulty)),
            topics: search::topics(&app.db, bank, practised).await?,
            difficulties: search::difficulties(&app.db, bank, practised).await?,
            narrows: wanted.narrows(),
            waiting: wanted.is_waiting(),
        })
    }
}

/// One page of a list, with the addresses of the first page and of the next one.
pub struct Found {
    pub questions: Vec<Question>,
    pub first: Option<String>,
    pub next: Option<String>,
}

impl Found {
    pub async fn of(
        app: &App,
        page: &str,
        wanted: &Wanted,
        bank: Option<Uuid>,
        practised: bool,
    ) -> Result<Found, AppError> {
        let sought = wanted.search(bank, practised);
        let mut questions = search::search(&app.db, &sought, QUESTIONS_A_PAGE + 1).await?;
        let more = questions.len() > QUESTIONS_A_PAGE;
        questions.truncate(QUESTIONS_A_PAGE);
        let last = questions.last().map(|question| question.id).filter(|_| more);
        Ok(Found {
            questions,
            first: wanted.after.map(|_| wanted.url(page, None)),
            next: last.map(|id| wanted.url(page, Some(id))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_what_narrows_the_list() {
        let mut wanted = Wanted::default();
        assert_eq!((wanted.url("/banks", None), wanted.narrows()), ("/banks".into(), false));
        wanted.q = "é &".into();
        wanted.waiting = "yes".into();
        assert_eq!(wanted.url("/banks", None), "/banks?q=%C3%A9%20%26&waiting=yes");
        assert!(wanted.narrows());
        assert!(
            wanted
                .url("/banks", Some(Uuid::nil()))
                .ends_with("&after=00000000-0000-0000-0000-000000000000")
        );
    }
}
