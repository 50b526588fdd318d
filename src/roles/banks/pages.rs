//! The banks, the search over all of them, and a bank to read.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::roles::banks::filters::{Filters, Found, Wanted};
use crate::roles::banks::store::search::Choice;
use crate::roles::banks::{BankLine, Question, StoredBank, by_topic, no_bank, store};
use crate::roles::draft::Leftover;
use crate::roles::format;
use crate::roles::pages::download;
use crate::ui::{Page, Path, Query, Shell};

pub(super) const BANKS_A_PAGE: usize = 25;

#[derive(Template)]
#[template(path = "banks/banks.html")]
pub struct BanksPage {
    pub shell: Shell,
    pub filters: Filters,
    /// All banks, where nothing narrows the questions.
    pub banks: Vec<BankLine>,
    pub questions: Vec<Question>,
    pub first: Option<String>,
    pub next: Option<String>,
}

pub async fn banks(
    State(app): State<App>,
    shell: Shell,
    Query(wanted): Query<Wanted>,
) -> Result<Page<BanksPage>, AppError> {
    let filters = Filters::of(&app, "/banks".into(), &wanted, None, false).await?;
    if wanted.narrows() {
        let found = Found::of(&app, "/banks", &wanted, None, false).await?;
        return Ok(Page(BanksPage {
            shell,
            filters,
            banks: Vec::new(),
            questions: found.questions,
            first: found.first,
            next: found.next,
        }));
    }
    let mut banks = store::list_after(&app.db, wanted.after, most_banks()).await?;
    let next = next_bank(&mut banks);
    Ok(Page(BanksPage {
        shell,
        filters,
        banks,
        questions: Vec::new(),
        first: wanted.after.map(|_| wanted.url("/banks", None)),
        next: next.map(|id| wanted.url("/banks", Some(id))),
    }))
}

/// One more than a page holds says whether there is another page.
pub(super) fn most_banks() -> i64 {
    i64::try_from(BANKS_A_PAGE + 1).unwrap_or(i64::MAX)
}

/// The bank after which the next page begins.
pub(super) fn next_bank(banks: &mut Vec<BankLine>) -> Option<Uuid> {
    let more = banks.len() > BANKS_A_PAGE;
    banks.truncate(BANKS_A_PAGE);
    banks.last().map(|bank| bank.id).filter(|_| more)
}

#[derive(Template)]
#[template(path = "banks/bank.html")]
pub struct BankPage {
    pub shell: Shell,
    pub bank: StoredBank,
    pub filters: Filters,
    /// The questions of this page under their topics.
    pub topics: Vec<(String, Vec<Question>)>,
    /// The lines of its page that wait to be placed.
    pub leftovers: Vec<Leftover>,
    pub first: Option<String>,
    pub next: Option<String>,
}

impl BankPage {
    /// Where to read one topic alone.
    pub fn topic_url(&self, topic: &Choice) -> String {
        let wanted = Wanted {
            topic: topic.key.clone(),
            ..Wanted::default()
        };
        wanted.url(&self.bank.line.url(), None)
    }

    /// What the bank says of itself stands on its first page alone.
    pub fn introduces(&self) -> bool {
        !self.filters.narrows && self.first.is_none()
    }
}

pub async fn bank(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
    Query(wanted): Query<Wanted>,
) -> Result<Page<BankPage>, AppError> {
    let bank = find(&app, id).await?;
    let url = bank.line.url();
    let found = Found::of(&app, &url, &wanted, Some(id), false).await?;
    Ok(Page(BankPage {
        shell,
        filters: Filters::of(&app, url, &wanted, Some(id), false).await?,
        topics: by_topic(found.questions),
        leftovers: store::leftovers::of_bank(&app.db, id).await?,
        first: found.first,
        next: found.next,
        bank,
    }))
}

pub(super) async fn find(app: &App, id: Uuid) -> Result<StoredBank, AppError> {
    store::find(&app.db, id).await?.ok_or_else(no_bank)
}

/// The bank as a file of the format in `roles/`.
pub async fn export(State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response, AppError> {
    let bank = store::document(&app.db, id).await?.ok_or_else(no_bank)?;
    Ok(download(&bank.title, &format::write_bank(&bank)))
}
