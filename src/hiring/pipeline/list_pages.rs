//! The applications of a job as a list: all that were sent, the ended ones too.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::applications::form::source_label;
use crate::hiring::applications::standing::stage_of;
use crate::hiring::pipeline::desk::{Desk, Face, Query as Asked};
use crate::hiring::pipeline::finding::{self, Order};
use crate::hiring::pipeline::{Fact, Line, facts};
use crate::hiring::{ApplicationState, Stage};
use crate::people::Permission;
use crate::people::guard::SignedIn;
use crate::ui::{Page, Path, Query, SeeOther, Shell, percent_encoded};

const LINES: usize = 50;

#[derive(Template)]
#[template(path = "hiring/pipeline/list.html")]
pub struct ListPage {
    pub shell: Shell,
    pub desk: Desk,
    pub order: Order,
    pub lines: Vec<Line>,
    pub facts: HashMap<Uuid, Fact>,
    pub first: Option<String>,
    pub next: Option<String>,
    /// Only so many were looked at.
    pub looked: Option<usize>,
}

impl ListPage {
    pub fn handles(&self) -> bool {
        self.shell.may(&Permission::HandleApplications)
    }

    pub fn stage(&self, line: &Line) -> Option<&Stage> {
        stage_of(line.stage, &self.desk.stages)
    }

    pub fn fact(&self, line: &Line) -> &str {
        self.facts.get(&line.id).map_or("", |fact| fact.words.as_str())
    }

    pub fn is_active(&self, line: &Line) -> bool {
        line.state == ApplicationState::Active
    }

    pub fn source(&self, line: &Line) -> &'static str {
        source_label(&line.source)
    }

    pub fn orders(&self) -> Vec<(&'static str, String, bool)> {
        let url = |order: Order| {
            let filter = percent_encoded(&self.desk.filter.text());
            format!("{}?q={filter}&order={}", self.desk.url(), order.id())
        };
        let all = Order::ALL.into_iter();
        all.map(|order| (order.label(), url(order), order == self.order))
            .collect()
    }
}

pub async fn list(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let desk = Desk::open(&app, &staff, id, Face::List, &asked).await?;
    if let Some(filter) = asked.composed() {
        return Ok(SeeOther::to(desk.with(&filter)).into_response());
    }
    // Who looks for what is late wants the latest first.
    let usual = if desk.filter.is_late() {
        Order::Longest
    } else {
        Order::Newest
    };
    let order = Order::from_id(&asked.order).unwrap_or(usual);
    let found = finding::page(&app.db, desk.scope(), &desk.filter, order, &asked.after, LINES).await?;
    let shown: Vec<&Line> = found.lines.iter().collect();
    let facts = facts::of(&app, &desk, &shown).await?;
    let page = |after: &str| {
        let filter = percent_encoded(&desk.filter.text());
        format!("{}?q={filter}&order={}&after={after}", desk.url(), order.id())
    };
    let page = ListPage {
        first: (!asked.after.is_empty()).then(|| page("")),
        next: found.next.as_deref().map(page),
        shell,
        order,
        lines: found.lines,
        facts,
        looked: found.looked,
        desk,
    };
    Ok(Page(page).into_response())
}
