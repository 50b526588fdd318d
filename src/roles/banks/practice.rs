//! Practising, for anybody: an open bank, one question at a time, one's own answer beside the sample.
//!
//! No account, and nothing stored: the answer travels in the form and comes back in the page.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::mail;
use crate::roles::banks::filters::{Filters, Found, Wanted};
use crate::roles::banks::pages::{most_banks, next_bank};
use crate::roles::banks::practice_form::{PracticeForm, Then};
use crate::roles::banks::store::{self, questions, search};
use crate::roles::banks::{BankLine, Question, StoredBank, by_topic, no_bank, no_question};
use crate::ui::form::with_errors;
use crate::ui::{Field, Page, Path, Query, Shell};

#[derive(Template)]
#[template(path = "banks/practice/banks.html")]
pub struct PracticeBanksPage {
    pub shell: Shell,
    pub company: String,
    pub banks: Vec<BankLine>,
    pub first: Option<String>,
    pub next: Option<String>,
}

pub async fn banks(
    State(app): State<App>,
    shell: Shell,
    Query(wanted): Query<Wanted>,
) -> Result<Page<PracticeBanksPage>, AppError> {
    let mut banks = store::open_after(&app.db, wanted.after, most_banks()).await?;
    let next = next_bank(&mut banks);
    Ok(Page(PracticeBanksPage {
        shell,
        company: mail::company(&app.db).await?,
        banks,
        first: wanted.after.map(|_| "/practice".into()),
        next: next.map(|id| format!("/practice?after={id}")),
    }))
}

#[derive(Template)]
#[template(path = "banks/practice/bank.html")]
pub struct PracticeBankPage {
    pub shell: Shell,
    pub company: String,
    pub bank: StoredBank,
    pub filters: Filters,
    pub topics: Vec<(String, Vec<Question>)>,
    pub random: Option<String>,
    pub first: Option<String>,
    pub next: Option<String>,
}

pub async fn bank(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
    Query(wanted): Query<Wanted>,
) -> Result<Page<PracticeBankPage>, AppError> {
    let bank = open_bank(&app, id).await?;
    let url = bank.line.practice_url();
    // Proposals are the staff's.
    let wanted = Wanted {
        waiting: String::new(),
        ..wanted
    };
    let found = Found::of(&app, &url, &wanted, Some(id), true).await?;
    Ok(Page(PracticeBankPage {
        shell,
        company: mail::company(&app.db).await?,
        filters: Filters::of(&app, url, &wanted, Some(id), true).await?,
        topics: by_topic(found.questions),
        random: Steps::of(&app, id, None).await?.random,
        first: found.first,
        next: found.next,
        bank,
    }))
}

/// Whether there is a bank that is closed is nobody's business here.
async fn open_bank(app: &App, id: Uuid) -> Result<StoredBank, AppError> {
    let bank = store::find(&app.db, id).await?;
    bank.filter(|bank| bank.line.open).ok_or_else(no_bank)
}

/// Where a question stands in its bank, and where to go from it.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    /// From 1.
    pub number: usize,
    pub of: usize,
    pub next: Option<String>,
    /// Another one, drawn anew for each page.
    pub random: Option<String>,
}

impl Steps {
    async fn of(app: &App, bank: Uuid, here: Option<Uuid>) -> Result<Steps, AppError> {
        let all = search::practised(&app.db, bank).await?;
        let others: Vec<Uuid> = all.iter().copied().filter(|id| Some(*id) != here).collect();
        let drawn = others.len().checked_sub(1).map(|last| app.random_up_to(last as u64));
        let drawn = drawn.and_then(|index| others.get(usize::try_from(index).unwrap_or(0)));
        let url = |id: &Uuid| format!("/practice/{bank}/{id}");
        let place = all.iter().position(|id| Some(*id) == here);
        Ok(Steps {
            number: place.map_or(0, |place| place + 1),
            of: all.len(),
            next: place.and_then(|place| all.get(place + 1)).map(url),
            random: drawn.map(url),
        })
    }
}

/// What both pages of a question show.
pub struct Practice {
    pub company: String,
    pub question: Question,
    pub steps: Steps,
}

impl Practice {
    async fn of(app: &App, bank: Uuid, id: Uuid) -> Result<Practice, AppError> {
        open_bank(app, bank).await?;
        let question = questions::find(&app.db, bank, id).await?;
        let question = question.filter(|question| !question.lacks_question());
        Ok(Practice {
            company: mail::company(&app.db).await?,
            question: question.ok_or_else(no_question)?,
            steps: Steps::of(app, bank, Some(id)).await?,
        })
    }

    pub fn bank_url(&self) -> String {
        format!("/practice/{}", self.question.bank)
    }
}

#[derive(Template)]
#[template(path = "banks/practice/question.html")]
pub struct PracticePage {
    pub shell: Shell,
    pub practice: Practice,
    pub answer: Field,
}

impl PracticePage {
    fn new(shell: Shell, practice: Practice, answer: &str) -> PracticePage {
        let field = Field::new("answer", "Your answer").hint("Write it, or say it aloud and leave this empty.");
        PracticePage {
            shell,
            practice,
            answer: field.value(answer),
        }
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.answer])
    }
}

pub async fn question(
    State(app): State<App>,
    shell: Shell,
    Path((bank, id)): Path<(Uuid, Uuid)>,
) -> Result<Page<PracticePage>, AppError> {
    let practice = Practice::of(&app, bank, id).await?;
    Ok(Page(PracticePage::new(shell, practice, "")))
}

#[derive(Template)]
#[template(path = "banks/practice/result.html")]
pub struct ResultPage {
    pub shell: Shell,
    pub practice: Practice,
    pub answer: String,
    pub rating: Rating,
}

/// What somebody ticked of their own answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rating {
    /// Each indicator, and whether it is ticked.
    pub shown: Vec<(String, bool)>,
    pub wary: Vec<(String, bool)>,
}

impl Rating {
    fn of(question: &Question, form: &PracticeForm) -> Rating {
        let tick = |indicators: &[String], ticked: &[usize]| {
            let with_tick = |(n, one): (usize, &String)| (one.clone(), ticked.contains(&n));
            indicators.iter().enumerate().map(with_tick).collect()
        };
        Rating {
            shown: tick(&question.content.positive, &form.shown),
            wary: tick(&question.content.negative, &form.wary),
        }
    }

    /// "2 of 3 shown, 0 to be wary of".
    pub fn words(&self) -> String {
        let ticked = |list: &[(String, bool)]| list.iter().filter(|(_, ticked)| *ticked).count();
        let (shown, wary) = (ticked(&self.shown), ticked(&self.wary));
        format!("{shown} of {} shown, {wary} to be wary of", self.shown.len())
    }
}

pub async fn answer(
    State(app): State<App>,
    shell: Shell,
    Path((bank, id)): Path<(Uuid, Uuid)>,
    form: PracticeForm,
) -> Result<Response, AppError> {
    let practice = Practice::of(&app, bank, id).await?;
    match (form.checked_answer(), form.then) {
        (Ok(answer), Then::Compare) => Ok(Page(ResultPage {
            shell,
            rating: Rating::of(&practice.question, &form),
            practice,
            answer,
        })
        .into_response()),
        (Ok(answer), Then::Change) => Ok(Page(PracticePage::new(shell, practice, &answer)).into_response()),
        (Err(error), _) => {
            let mut page = PracticePage::new(shell, practice, &form.answer);
            page.answer.error = Some(error);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_is_said_in_numbers() {
        let one = |ticked| ("An indicator".to_owned(), ticked);
        let rating = Rating {
            shown: vec![one(true), one(false), one(true)],
            wary: vec![one(false)],
        };
        assert_eq!(rating.words(), "2 of 3 shown, 0 to be wary of");
    }
}
