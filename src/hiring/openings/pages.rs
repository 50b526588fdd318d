//! Jobs as the staff sees them: all of them, and one with its applications.

use std::collections::HashMap;
use std::time::Duration;

use askama::Template;
use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::access::{self, sees_all};
use crate::hiring::applications::store as applications;
use crate::hiring::openings::store::{self, Filter};
use crate::hiring::openings::{Member, OpeningLine, ago};
use crate::hiring::pipeline::desk::{self, Face};
use crate::hiring::pipeline::filter::slug;
use crate::hiring::pipeline::store as pipeline;
use crate::hiring::{ApplicationState, Opening, OpeningState, Stage};
use crate::people::guard::SignedIn;
use crate::people::{Permission, Staff, store as people};
use crate::roles::KitRecord;
use crate::roles::store as kits;
use crate::ui::{Page, Path, Query, Shell, capped, percent_encoded};

const LINES_A_PAGE: usize = 50;
const WEEK: Duration = Duration::from_secs(7 * 86_400);

/// A page of lines that were read with one more than it shows; the last one's key leads on.
fn cut<T>(lines: &mut Vec<T>) -> Option<&T> {
    let more = lines.len() > LINES_A_PAGE;
    lines.truncate(LINES_A_PAGE);
    lines.last().filter(|_| more)
}

fn most() -> i64 {
    i64::try_from(LINES_A_PAGE + 1).unwrap_or(i64::MAX)
}

#[derive(Template)]
#[template(path = "hiring/openings/openings.html")]
pub struct OpeningsPage {
    pub shell: Shell,
    pub now: Timestamp,
    pub state: Option<OpeningState>,
    pub counts: Vec<(OpeningState, i64)>,
    pub lines: Vec<OpeningLine>,
    pub newest: Option<String>,
    pub older: Option<String>,
}

impl OpeningsPage {
    pub fn may_edit(&self) -> bool {
        self.shell.may(&Permission::EditJobs)
    }

    pub fn count(&self, state: &OpeningState) -> i64 {
        self.counts.iter().find(|(s, _)| s == state).map_or(0, |(_, n)| *n)
    }

    pub fn shows(&self, state: &OpeningState) -> bool {
        self.state == Some(*state)
    }

    pub fn published(&self, opening: &Opening) -> Option<String> {
        opening.published_at.map(|at| ago(at, self.now))
    }

    pub fn all(&self) -> i64 {
        self.counts.iter().map(|(_, n)| n).sum()
    }
}

#[derive(Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    state: String,
    before: Option<Uuid>,
}

impl ListQuery {
    fn url(&self, before: Option<Uuid>) -> String {
        let before = before.map(|id| format!("&before={id}")).unwrap_or_default();
        format!("/openings?state={}{before}", percent_encoded(&self.state))
    }
}

pub async fn openings(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Query(query): Query<ListQuery>,
) -> Result<Page<OpeningsPage>, AppError> {
    let now = app.now();
    let filter = Filter {
        state: OpeningState::from_id(&query.state),
        of: (!sees_all(&staff)).then_some(staff.id),
        before: query.before,
    };
    let mut lines = store::lines(&app.db, &filter, now.minus(WEEK), most()).await?;
    let older = cut(&mut lines).map(|line| query.url(Some(line.opening.id)));
    Ok(Page(OpeningsPage {
        shell,
        now,
        state: filter.state,
        counts: store::counts(&app.db, filter.of).await?,
        newest: query.before.map(|_| query.url(None)),
        older,
        lines,
    }))
}

#[derive(Template)]
#[template(path = "hiring/openings/opening.html")]
pub struct OpeningPage {
    pub shell: Shell,
    pub now: Timestamp,
    pub opening: Opening,
    pub kit: KitRecord,
    /// Each with the applications that are in it and under way, and those of them that are late.
    pub stages: Vec<(Stage, i64, i64)>,
    /// How many applications there are in each state.
    pub states: Vec<(ApplicationState, i64)>,
    pub team: Vec<Member>,
    /// Who could join it.
    pub others: Vec<Staff>,
    pub address: String,
    /// Why it cannot be published.
    pub obstacles: Vec<&'static str>,
}

impl OpeningPage {
    pub fn handles(&self) -> bool {
        self.shell.may(&Permission::HandleApplications)
    }

    pub fn may_edit(&self) -> bool {
        self.shell.may(&Permission::EditJobs)
    }

    fn count(&self, state: &ApplicationState) -> i64 {
        self.states.iter().find(|(s, _)| s == state).map_or(0, |(_, n)| *n)
    }

    pub fn under_way(&self) -> i64 {
        self.count(&ApplicationState::Active)
    }

    pub fn drafts(&self) -> i64 {
        self.count(&ApplicationState::Draft)
    }

    /// The list of those in a stage.
    pub fn list_of(&self, stage: &Stage) -> String {
        let filter = format!("stage:{} state:active", slug(&stage.name));
        desk::address(&desk::url_of(&self.opening, Face::List), &filter, "longest")
    }

    /// The list of those in a state.
    pub fn list_in(&self, state: &ApplicationState) -> String {
        let filter = format!("state:{}", slug(state.label()));
        desk::address(&desk::url_of(&self.opening, Face::List), &filter, "")
    }

    pub fn capped(&self, n: &i64) -> String {
        capped(*n)
    }

    /// How many have ended in which state.
    pub fn ended(&self) -> Vec<(ApplicationState, i64)> {
        let ended = |state: &ApplicationState| !matches!(state, ApplicationState::Draft | ApplicationState::Active);
        let those = self.states.iter().filter(|(state, n)| ended(state) && *n > 0);
        those.copied().collect()
    }

    /// Those that were sent.
    pub fn sent(&self) -> i64 {
        let sent = self
            .states
            .iter()
            .filter(|(state, _)| *state != ApplicationState::Draft);
        sent.map(|(_, n)| n).sum()
    }

    pub fn newer_kit(&self) -> Option<u32> {
        Some(self.kit.published).filter(|published| *published > self.opening.kit_version)
    }
}

pub async fn opening(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<OpeningPage>, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let (stages, counts) = (
        store::stages(&app.db, id).await?,
        applications::counts(&app.db, id).await?,
    );
    let team = store::team(&app.db, id).await?;
    let everybody = people::all(&app.db).await?.into_iter();
    let others = everybody.filter(|person| person.active && !team.iter().any(|member| member.id == person.id));
    let now = app.now();
    Ok(Page(OpeningPage {
        now,
        kit: kit(&app, &opening).await?,
        obstacles: opening.obstacles(stages.len(), now),
        stages: with_counts(stages, &counts, &pipeline::late(&app.db, id, now).await?),
        states: by_state(&counts),
        others: others.collect(),
        team,
        address: app.config.public_url.join(&opening.public_path()),
        shell,
        opening,
    }))
}

pub async fn kit(app: &App, opening: &Opening) -> Result<KitRecord, AppError> {
    kits::find(&app.db, opening.kit).await?.ok_or(AppError::NotFound("kit"))
}

type Counts = [(ApplicationState, Option<Uuid>, i64)];

fn with_counts(stages: Vec<Stage>, counts: &Counts, late: &HashMap<Uuid, i64>) -> Vec<(Stage, i64, i64)> {
    let active = |stage: &Stage| {
        let of_stage = counts
            .iter()
            .filter(|(state, at, _)| *state == ApplicationState::Active && *at == Some(stage.id));
        of_stage.map(|(_, _, n)| n).sum()
    };
    let with = |stage: Stage| {
        let late = late.get(&stage.id).copied().unwrap_or_default();
        (stage.clone(), active(&stage), late)
    };
    stages.into_iter().map(with).collect()
}

fn by_state(counts: &Counts) -> Vec<(ApplicationState, i64)> {
    let of = |state: ApplicationState| {
        let those = counts.iter().filter(|(s, _, _)| *s == state);
        (state, those.map(|(_, _, n)| n).sum())
    };
    ApplicationState::ALL.iter().copied().map(of).collect()
}
