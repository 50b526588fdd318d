//! Jobs as the staff sees them: all of them, and one with its applications.

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
use crate::hiring::{Application, ApplicationState, Opening, OpeningState, Stage};
use crate::people::guard::SignedIn;
use crate::people::{Permission, Staff, store as people};
use crate::roles::KitRecord;
use crate::roles::kit::Decision;
use crate::roles::store as kits;
use crate::ui::{Field, Page, Path, Query, Shell, percent_encoded};

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
    /// Each with the applications that are in it and under way.
    pub stages: Vec<(Stage, i64)>,
    /// How many applications there are in each state.
    pub states: Vec<(ApplicationState, i64)>,
    pub team: Vec<Member>,
    /// Who could join it.
    pub others: Vec<Staff>,
    pub address: String,
    /// Why it cannot be published.
    pub obstacles: Vec<&'static str>,
    pub list: Applications,
}

/// The applications that are asked for.
pub struct Applications {
    pub who: Field,
    pub state: Option<ApplicationState>,
    pub stage: Option<Uuid>,
    pub lines: Vec<Application>,
    pub newest: Option<String>,
    pub older: Option<String>,
}

impl Applications {
    pub fn filtered(&self) -> bool {
        self.state.is_some() || self.stage.is_some() || !self.who.value.is_empty()
    }
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

    pub fn shows_stage(&self, stage: &Stage) -> bool {
        self.list.stage == Some(stage.id)
    }

    pub fn shows_state(&self, state: &ApplicationState) -> bool {
        self.list.state == Some(*state)
    }

    /// In which an application that was sent can be.
    pub fn choices(&self) -> impl Iterator<Item = ApplicationState> {
        let all = ApplicationState::ALL.iter().copied();
        all.filter(|state| *state != ApplicationState::Draft)
    }

    /// Those that were sent.
    pub fn sent(&self) -> i64 {
        let sent = self
            .states
            .iter()
            .filter(|(state, _)| *state != ApplicationState::Draft);
        sent.map(|(_, n)| n).sum()
    }

    pub fn stage_of(&self, application: &Application) -> Option<&Stage> {
        let mut stages = self.stages.iter().map(|(stage, _)| stage);
        stages.find(|stage| Some(stage.id) == application.stage)
    }

    /// For how many days it has stood where it stands.
    pub fn days(&self, application: &Application) -> u64 {
        let since = application.ended_at.or(application.stage_since);
        since.map_or(0, |since| since.until(self.now).as_secs() / 86_400)
    }

    /// Amber on the last day of a stage, red behind it.
    pub fn age_class(&self, application: &Application) -> &'static str {
        let target = self.stage_of(application).map(|stage| u64::from(stage.target_days));
        let days = self.days(application);
        match target {
            Some(target) if application.state == ApplicationState::Active && days > target => "bad",
            Some(target) if application.state == ApplicationState::Active && days == target => "warn",
            _ => "quiet",
        }
    }

    /// A person has to look at what was answered.
    pub fn to_review(&self, application: &Application) -> bool {
        let review = |outcome: &(Decision, String)| outcome.0 == Decision::Review;
        application.state == ApplicationState::Active && application.outcome.as_ref().is_some_and(review)
    }

    pub fn newer_kit(&self) -> Option<u32> {
        Some(self.kit.published).filter(|published| *published > self.opening.kit_version)
    }
}

#[derive(Deserialize)]
pub struct ApplicationsQuery {
    #[serde(default)]
    who: String,
    #[serde(default)]
    state: String,
    /// As typed in the address: what is no id filters nothing.
    #[serde(default)]
    stage: String,
    before: Option<Uuid>,
}

impl ApplicationsQuery {
    fn url(&self, opening: &Opening, before: Option<Uuid>) -> String {
        let before = before.map(|id| format!("&before={id}")).unwrap_or_default();
        let [who, state, stage] = [&self.who, &self.state, &self.stage].map(|value| percent_encoded(value));
        format!(
            "{}?who={who}&state={state}&stage={stage}{before}#applications",
            opening.url()
        )
    }
}

pub async fn opening(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Query(query): Query<ApplicationsQuery>,
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
        stages: with_counts(stages, &counts),
        states: by_state(&counts),
        others: others.collect(),
        team,
        address: app.config.public_url.join(&opening.public_path()),
        list: list(&app, &opening, &query).await?,
        shell,
        opening,
    }))
}

pub async fn kit(app: &App, opening: &Opening) -> Result<KitRecord, AppError> {
    kits::find(&app.db, opening.kit).await?.ok_or(AppError::NotFound("kit"))
}

type Counts = [(ApplicationState, Option<Uuid>, i64)];

fn with_counts(stages: Vec<Stage>, counts: &Counts) -> Vec<(Stage, i64)> {
    let active = |stage: &Stage| {
        let of_stage = counts
            .iter()
            .filter(|(state, at, _)| *state == ApplicationState::Active && *at == Some(stage.id));
        of_stage.map(|(_, _, n)| n).sum()
    };
    stages
        .into_iter()
        .map(|stage| (stage.clone(), active(&stage)))
        .collect()
}

fn by_state(counts: &Counts) -> Vec<(ApplicationState, i64)> {
    let of = |state: ApplicationState| {
        let those = counts.iter().filter(|(s, _, _)| *s == state);
        (state, those.map(|(_, _, n)| n).sum())
    };
    ApplicationState::ALL.iter().copied().map(of).collect()
}

async fn list(app: &App, opening: &Opening, query: &ApplicationsQuery) -> Result<Applications, AppError> {
    let filter = applications::Filter {
        state: ApplicationState::from_id(&query.state),
        stage: query.stage.parse().ok(),
        who: Some(query.who.trim().to_owned()).filter(|who| !who.is_empty()),
        before: query.before,
    };
    let mut lines = applications::list(&app.db, opening.id, &filter, most()).await?;
    let older = cut(&mut lines).map(|line| query.url(opening, Some(line.id)));
    Ok(Applications {
        who: Field::new("who", "Name, address or résumé").value(query.who.trim()),
        state: filter.state,
        stage: filter.stage,
        newest: query.before.map(|_| query.url(opening, None)),
        older,
        lines,
    })
}
