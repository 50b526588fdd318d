//! The board of a job: a column for each stage, with those in it that wait the longest.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::applications::store as applications;
use crate::hiring::pipeline::desk::{Desk, Face, Query as Asked, address};
use crate::hiring::pipeline::finding::{self, MOST_AT_ONCE, Order};
use crate::hiring::pipeline::store::{self, News};
use crate::hiring::pipeline::{Fact, Line, facts};
use crate::hiring::screening::veil::{self, Veil};
use crate::hiring::{ApplicationState, Opening, Stage, access};
use crate::people::Permission;
use crate::people::guard::SignedIn;
use crate::ui::{Page, Path, Query, SeeOther, Shell, capped};

const CARDS: usize = 20;

#[derive(Template)]
#[template(path = "hiring/pipeline/board.html")]
pub struct BoardPage {
    pub shell: Shell,
    pub desk: Desk,
    pub columns: Vec<Column>,
    pub revision: i64,
    /// Under way, of the whole job.
    pub active: i64,
    /// Words were looked for, and only the first are shown.
    pub cut: bool,
}

pub struct Column {
    pub stage: Stage,
    /// How many, "99+" where nobody counted.
    pub count: String,
    pub late: i64,
    pub cards: Vec<Card>,
    /// How many are not shown, if it is known.
    pub more: Option<String>,
}

pub struct Card {
    pub line: Line,
    pub fact: Fact,
}

impl BoardPage {
    pub fn handles(&self) -> bool {
        self.shell.may(&Permission::HandleApplications)
    }

    /// As nobody has applied yet, there is nothing to filter.
    pub fn is_blank(&self) -> bool {
        self.active == 0 && self.desk.filter.is_empty()
    }

    pub fn shown(&self) -> usize {
        self.columns.iter().map(|column| column.cards.len()).sum()
    }
}

impl Column {
    pub fn late_words(&self) -> String {
        format!("{} late", capped(self.late))
    }
}

pub async fn board(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let desk = Desk::open(&app, &staff, id, Face::Board, &asked).await?;
    if let Some(filter) = asked.composed() {
        return Ok(SeeOther::to(desk.with(&filter)).into_response());
    }
    // Read before the cards: what happens between the two is seen once more.
    let revision = applications::board(&app.db, id).await?;
    let counts = active_counts(&app, id).await?;
    let (found, cut) = cards(&app, &desk).await?;
    let shown: Vec<&Line> = found.iter().flat_map(|(lines, _)| lines).collect();
    let mut facts = facts::of(&app, &desk, &shown).await?;
    let column = |(stage, (lines, more)): (&Stage, (Vec<Line>, bool))| {
        let n = counts.get(&stage.id).copied().unwrap_or_default();
        let of = lines.len();
        let unshown = n.saturating_sub(i64::try_from(of).unwrap_or(n));
        let is_filtered = !desk.filter.is_empty();
        Column {
            stage: stage.clone(),
            count: match (is_filtered, more) {
                (false, _) => n.to_string(),
                (true, false) => of.to_string(),
                (true, true) => format!("{of}+"),
            },
            late: desk.late.get(&stage.id).copied().unwrap_or_default(),
            cards: lines.into_iter().map(|line| card(line, &mut facts)).collect(),
            more: more.then(|| {
                if is_filtered {
                    "more".into()
                } else {
                    format!("{unshown} more")
                }
            }),
        }
    };
    let columns = desk.stages.iter().zip(found).map(column).collect();
    let page = BoardPage {
        active: counts.values().sum(),
        shell,
        columns,
        revision,
        cut,
        desk,
    };
    Ok(Page(page).into_response())
}

async fn active_counts(app: &App, opening: Uuid) -> Result<HashMap<Uuid, i64>, AppError> {
    let counts = applications::counts(&app.db, opening).await?.into_iter();
    let active = counts.filter(|(state, _, _)| *state == ApplicationState::Active);
    Ok(active.filter_map(|(_, stage, n)| Some((stage?, n))).collect())
}

/// The cards of each stage, and whether there are more; and whether not all was looked at.
async fn cards(app: &App, desk: &Desk) -> Result<(Vec<(Vec<Line>, bool)>, bool), AppError> {
    let mut columns = Vec::new();
    if !desk.filter.leads() {
        for stage in &desk.stages {
            let found = finding::column(&app.db, desk.scope(), &desk.filter, stage.id, CARDS).await?;
            columns.push((found.lines, found.next.is_some()));
        }
        return Ok((columns, false));
    }
    let found = finding::page(&app.db, desk.scope(), &desk.filter, Order::Longest, "", MOST_AT_ONCE).await?;
    for stage in &desk.stages {
        let here = found.lines.iter().filter(|line| line.stage == Some(stage.id));
        let mut lines: Vec<Line> = here.cloned().collect();
        let more = lines.len() > CARDS;
        lines.truncate(CARDS);
        columns.push((lines, more));
    }
    Ok((columns, found.looked.is_some()))
}

fn card(line: Line, facts: &mut HashMap<Uuid, Fact>) -> Card {
    Card {
        fact: facts.remove(&line.id).unwrap_or_default(),
        line,
    }
}

#[derive(Deserialize)]
pub struct Since {
    #[serde(default)]
    since: i64,
}

/// Asked every few seconds by every open board.
pub async fn revision(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Query(asked): Query<Since>,
) -> Result<Response, AppError> {
    access::opening(&app, &staff, id).await?;
    let revision = applications::board(&app.db, id).await?;
    let news = match revision == asked.since {
        true => Vec::new(),
        false => {
            let lately = app.now().minus(std::time::Duration::from_secs(10));
            let mut news = store::news(&app.db, id, staff.id, lately).await?;
            veil_news(&app, staff.id, &mut news).await?;
            news
        }
    };
    let news: Vec<String> = news.iter().map(words).collect();
    let answer = json!({ "revision": revision, "news": news }).to_string();
    Ok(([(header::CONTENT_TYPE, "application/json")], answer).into_response())
}

async fn veil_news(app: &App, staff: Uuid, news: &mut [News]) -> Result<(), AppError> {
    let about: Vec<Uuid> = news.iter().map(|news| news.application).collect();
    let hidden = Veil::of(&app.db, staff).await?.hides(&app.db, &about).await?;
    for news in news.iter_mut().filter(|news| hidden.contains(&news.application)) {
        news.candidate = veil::label(news.application);
    }
    Ok(())
}

fn words(news: &News) -> String {
    let (who, candidate) = (&news.who, &news.candidate);
    match news.what.as_str() {
        "Moved to" => format!("{who} moved {candidate} to {}.", news.detail),
        "Assigned to" => format!("{who} assigned {candidate} to {}.", news.detail),
        "Rejected" => format!("{who} ended {candidate}."),
        what => format!("{who}, {candidate}: {}.", what.to_lowercase()),
    }
}

/// The page as it was, after something was done.
pub fn back_to(back: &str, done: Option<Uuid>) -> String {
    let Some(done) = done else {
        return back.to_owned();
    };
    let join = if back.contains('?') { '&' } else { '?' };
    format!("{back}{join}done={done}")
}

/// Where a form of a job leads back to: a page of that job, or its board.
pub fn checked_back(opening: &Opening, back: &str) -> String {
    let known = ["board", "applications", "screening", "changes"].map(|page| format!("{}/{page}", opening.url()));
    let is_known = |back: &str| {
        let path = back.split('?').next().unwrap_or_default();
        known.iter().any(|page| page == path)
    };
    match is_known(crate::ui::local_path(back)) {
        true => back.to_owned(),
        false => address(&known[0], "", ""),
    }
}
