//! What is proposed for a job, in groups, for those who decide.

use askama::Template;
use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::openings::store as openings;
use crate::hiring::pipeline::acts::past::Notice;
use crate::hiring::screening::store::Proposed;
use crate::hiring::screening::veil::Veil;
use crate::hiring::screening::{
    Agreement, Proposal, SCALE, Settings, age_words, hundredths, is_screened_in, queue, stage_after, store,
};
use crate::hiring::{Opening, Stage, access};
use crate::people::Permission;
use crate::people::guard::SignedIn;
use crate::ui::{Page, Path, Query, Shell, capped};

const LINES_A_PAGE: usize = 50;
/// So many of what else was done stand above the proposals.
const RECENT: usize = 5;

#[derive(Template)]
#[template(path = "hiring/screening/proposals.html")]
pub struct ProposalsPage {
    pub shell: Shell,
    pub now: Timestamp,
    pub opening: Opening,
    pub settings: Settings,
    pub groups: Vec<Group>,
    pub agreement: Agreement,
    /// What this person has just done.
    pub notice: Option<Notice>,
    /// What else can be undone still.
    pub recent: Vec<Notice>,
    /// This page, to come back to.
    pub here: String,
    /// How many wait for this person's reading.
    pub to_read: String,
    pub narrowed: bool,
}

#[derive(Clone, Debug)]
pub struct Group {
    pub proposal: Proposal,
    pub n: String,
    pub lines: Vec<Proposed>,
    /// Where they go who advance.
    pub to: Option<Uuid>,
    pub more: Option<String>,
}

impl ProposalsPage {
    pub fn may_edit(&self) -> bool {
        self.shell.may(&Permission::EditJobs)
    }

    pub fn rule(&self, group: &Group) -> String {
        let (from, below) = (
            hundredths(self.settings.rule.advance_from),
            hundredths(self.settings.rule.archive_below),
        );
        match group.proposal {
            Proposal::Advance => format!("a mean of {from} or more"),
            Proposal::Discuss => format!("a mean from {below} to below {from}"),
            Proposal::Archive => format!("a mean below {below}"),
        }
    }

    pub fn age(&self, line: &Proposed) -> String {
        age_words(line.outcome.made_at, self.now)
    }

    /// How often the one score met the other.
    pub fn met(&self, one: &u8, other: &u8) -> i64 {
        let (lower, higher) = (*one.min(other), *one.max(other));
        let found = self
            .agreement
            .pairs
            .iter()
            .find(|(l, h, _)| (*l, *h) == (lower, higher));
        found.map_or(0, |(.., n)| *n)
    }

    pub fn scores(&self) -> Vec<(u8, &'static str)> {
        SCALE.iter().map(|step| (step.score, step.name)).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.groups.iter().all(|group| group.lines.is_empty())
    }
}

#[derive(Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    proposal: String,
    /// The last line of the page before: its time, and its id.
    since: Option<i64>,
    after: Option<Uuid>,
    /// What was just done.
    #[serde(default)]
    done: String,
}

impl ListQuery {
    fn only(&self) -> Option<Proposal> {
        Proposal::from_id(&self.proposal)
    }

    /// Behind which line the page begins.
    fn from(&self) -> Option<(i64, Uuid)> {
        self.since.zip(self.after).filter(|_| self.only().is_some())
    }
}

fn address(opening: &Opening, only: Option<Proposal>, from: Option<(i64, Uuid)>) -> String {
    let mut address = format!("{}/screening", opening.url());
    if let Some(only) = only {
        address.push_str(&format!("?proposal={}", only.id()));
    }
    if let Some((since, after)) = from {
        address.push_str(&format!("&since={since}&after={after}"));
    }
    address
}

pub async fn proposals(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Query(query): Query<ListQuery>,
) -> Result<Page<ProposalsPage>, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let settings = store::settings(&app.db, id).await?;
    let (only, from) = (query.only(), query.from());
    let stages = openings::stages(&app.db, id).await?;
    let mut groups = Vec::new();
    for proposal in Proposal::ALL {
        if only.is_none_or(|only| only == proposal) {
            groups.push(group(&app, &opening, &stages, proposal, from).await?);
        }
    }
    let veil = Veil::of(&app.db, staff.id).await?;
    let notice = Notice::just_done(&app, &staff, &veil, (id, &query.done)).await?;
    let mut recent = Notice::recent(&app, &veil, id).await?;
    recent.retain(|done| notice.as_ref().is_none_or(|notice| notice.act.id != done.act.id));
    recent.truncate(RECENT);
    let waiting = queue::waiting(&app, staff.id, &opening, &settings).await?;
    Ok(Page(ProposalsPage {
        shell,
        now: app.now(),
        settings,
        groups,
        agreement: store::agreement(&app.db, id).await?,
        notice,
        recent,
        here: address(&opening, only, from),
        to_read: capped(i64::try_from(waiting.len()).unwrap_or(i64::MAX)),
        narrowed: only.is_some(),
        opening,
    }))
}

/// The lines of all stages in which résumés are read, the earliest result first.
async fn group(
    app: &App,
    opening: &Opening,
    stages: &[Stage],
    proposal: Proposal,
    from: Option<(i64, Uuid)>,
) -> Result<Group, AppError> {
    let from = from.map_or((Timestamp(-1), Uuid::nil()), |(since, after)| (Timestamp(since), after));
    let most = i64::try_from(LINES_A_PAGE + 1).unwrap_or(i64::MAX);
    let (mut lines, mut n) = (Vec::new(), 0);
    for stage in stages.iter().filter(|stage| is_screened_in(stage.kind)) {
        lines.extend(store::proposed(&app.db, stage.id, proposal, from, most).await?);
        n += store::count_proposed(&app.db, stage.id, proposal).await?;
    }
    lines.sort_by_key(|line| (line.outcome.made_at, line.id));
    let more = lines.len() > LINES_A_PAGE;
    lines.truncate(LINES_A_PAGE);
    let last = lines.last().filter(|_| more);
    let more = last.map(|last| address(opening, Some(proposal), Some((last.outcome.made_at.0, last.id))));
    let to = lines.first().and_then(|line| stage_after(Some(line.stage), stages));
    Ok(Group {
        proposal,
        n: capped(n),
        to: to.map(|stage| stage.id),
        lines,
        more,
    })
}
