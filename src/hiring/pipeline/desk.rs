//! What the board and the list of a job share: who may act, the filter, its chips and the views that are kept.

use std::collections::HashMap;

use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::applications::form::SOURCES;
use crate::hiring::openings::store as openings;
use crate::hiring::pipeline::acts::past::Notice;
use crate::hiring::pipeline::filter::{self, Filter, Known, MOST_TAGS, OUTCOMES, slug, tag_token};
use crate::hiring::pipeline::finding::Scope;
use crate::hiring::pipeline::{View, store};
use crate::hiring::screening::veil::Veil;
use crate::hiring::{Opening, Stage, access, talk};
use crate::people::{Role, Staff, store as people};
use crate::ui::{Field, capped, percent_encoded};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Board,
    List,
}

/// What an address says; the selects stand for pieces of the filter.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    pub q: String,
    pub order: String,
    pub after: String,
    /// What was just done.
    pub done: String,
    stage: String,
    state: String,
    owner: String,
    source: String,
    outcome: String,
    tag: String,
    age: String,
}

impl Query {
    /// The same with what was selected as pieces of the filter. `None`: nothing was.
    pub fn composed(&self) -> Option<String> {
        let selected = [
            ("stage:", &self.stage),
            ("state:", &self.state),
            ("owner:", &self.owner),
            ("source:", &self.source),
            ("outcome:", &self.outcome),
            ("", &self.age),
        ];
        let pieces = selected.into_iter().filter(|(_, value)| !value.is_empty());
        let mut pieces: Vec<_> = pieces.map(|(key, value)| format!("{key}{value}")).collect();
        // A tag is typed, in whatever words.
        pieces.extend(Some(self.tag.trim()).filter(|tag| !tag.is_empty()).map(tag_token));
        (!pieces.is_empty()).then(|| format!("{} {}", self.q.trim(), pieces.join(" ")).trim().to_owned())
    }
}

/// A job's pipeline as one person sees it.
#[derive(Clone, Debug)]
pub struct Desk {
    pub opening: Opening,
    pub stages: Vec<Stage>,
    /// Who may own an application.
    pub people: Vec<(Uuid, String)>,
    /// That the job has used.
    pub tags: Vec<String>,
    pub me: Uuid,
    pub now: Timestamp,
    pub face: Face,
    pub order: String,
    pub field: Field,
    pub filter: Filter,
    /// Of each stage, up to a hundred.
    pub late: HashMap<Uuid, i64>,
    pub unowned: i64,
    pub views: Vec<View>,
    pub notice: Option<Notice>,
    pub veil: Veil,
}

/// A select that stands for a piece of the filter: name, label, what can be chosen.
pub type Select = (&'static str, &'static str, Vec<(String, String)>);

/// A choice above the board.
pub struct Chip {
    pub label: String,
    pub count: Option<String>,
    pub url: String,
    pub current: bool,
    /// The view that this person may remove.
    pub removal: Option<String>,
}

impl Desk {
    pub async fn open(app: &App, staff: &Staff, id: Uuid, face: Face, query: &Query) -> Result<Desk, AppError> {
        let opening = access::opening(app, staff, id).await?;
        let (stages, people) = (openings::stages(&app.db, id).await?, owners(app, id).await?);
        let (tags, now) = (tags(app, id).await?, app.now());
        let known = Known {
            stages: &stages,
            people: &people,
            tags: &tags,
            me: staff.id,
            now,
            over_jobs: false,
        };
        let (filter, error) = match Filter::parse(&query.q, &known) {
            Ok(filter) => (filter, None),
            Err(error) => (Filter::default(), Some(error)),
        };
        let veil = Veil::of(&app.db, staff.id).await?;
        let field = Field::new("q", "Find in this job").value(query.q.trim()).error(error);
        Ok(Desk {
            late: store::late(&app.db, id, now).await?,
            unowned: store::unowned(&app.db, id).await?,
            views: store::views(&app.db, id, staff.id).await?,
            notice: Notice::just_done(app, staff, &veil, (id, &query.done)).await?,
            veil,
            me: staff.id,
            order: query.order.clone(),
            opening,
            stages,
            people,
            tags,
            now,
            face,
            field,
            filter,
        })
    }

    pub fn scope(&self) -> Scope<'_> {
        Scope {
            opening: self.opening.id,
            stages: &self.stages,
            now: self.now,
            veil: &self.veil,
        }
    }

    /// Whether names are withheld from this person where résumés are still read.
    pub fn is_blind(&self) -> bool {
        self.veil.hangs_over(self.opening.id)
    }

    pub fn url(&self) -> String {
        url_of(&self.opening, self.face)
    }

    pub fn is_board(&self) -> bool {
        self.face == Face::Board
    }

    /// This page with another filter.
    pub fn with(&self, filter: &str) -> String {
        address(&self.url(), filter, &self.order)
    }

    pub fn other_face(&self) -> String {
        let other = match self.face {
            Face::Board => Face::List,
            Face::List => Face::Board,
        };
        address(&url_of(&self.opening, other), &self.filter.text(), "")
    }

    /// The list of those in a stage that fit otherwise.
    pub fn list_of(&self, stage: &Stage) -> String {
        let filter = format!("stage:{} state:active {}", slug(&stage.name), self.filter.text());
        address(&url_of(&self.opening, Face::List), filter.trim(), "longest")
    }

    pub fn chips(&self) -> Vec<Chip> {
        let text = self.filter.text();
        let fixed = [
            ("Everyone", "", None),
            ("Mine", "owner:me", None),
            ("Late", "late", Some(self.late.values().sum())),
            ("No owner", "owner:none state:active", Some(self.unowned)),
        ];
        let fixed = fixed.into_iter().map(|(label, filter, n)| Chip {
            label: label.into(),
            count: n.map(capped),
            url: self.with(filter),
            current: text == filter && self.field.error.is_none(),
            removal: None,
        });
        let kept = self.views.iter().map(|view| Chip {
            label: view.name.clone(),
            count: None,
            url: self.with(&view.filter),
            current: text == view.filter,
            removal: (view.by == self.me).then(|| format!("{}/views/{}/removal", self.opening.url(), view.id)),
        });
        fixed.chain(kept).collect()
    }

    /// The pieces of the filter, each with the page without it.
    pub fn pieces(&self) -> Vec<(String, String)> {
        let pieces = self.filter.tokens.iter().enumerate();
        pieces
            .map(|(at, token)| (token.clone(), self.with(&self.filter.without(at))))
            .collect()
    }

    /// Whether the filter is worth keeping: it is not kept yet.
    pub fn can_keep(&self) -> bool {
        let text = self.filter.text();
        !text.is_empty() && !self.chips().iter().any(|chip| chip.current)
    }

    /// What the filter can be narrowed by, without knowing how it is written.
    pub fn selects(&self) -> Vec<Select> {
        let pair = |(id, label): (&str, &str)| (id.to_owned(), label.to_owned());
        let stages = self.stages.iter().map(|stage| (slug(&stage.name), stage.name.clone()));
        let states = filter::states().map(|state| (slug(state.label()), state.label().to_owned()));
        let nobody = [("me", "Me"), ("none", "Nobody")].map(pair);
        let people = self.people.iter().map(|(_, name)| (slug(name), name.clone()));
        let sources = SOURCES
            .iter()
            .map(|(id, label)| pair((if id.is_empty() { "unsaid" } else { id }, label)));
        let outcomes = OUTCOMES.iter().map(|(id, label, _)| pair((id, label)));
        let ages = [
            ("late", "Past the target of the stage"),
            ("applied:<7d", "Applied within a week"),
            ("applied:>30d", "Applied over 30 days ago"),
            ("in-stage:>7d", "Over 7 days in the stage"),
        ];
        vec![
            ("stage", "Stage", stages.collect()),
            ("state", "State", states.collect()),
            ("owner", "Owner", nobody.into_iter().chain(people).collect()),
            ("source", "Source", sources.collect()),
            ("outcome", "At the door", outcomes.collect()),
            ("age", "Time", ages.map(pair).to_vec()),
        ]
    }

    /// Where to come back to.
    pub fn here(&self) -> String {
        address(&self.url(), &self.field.value, &self.order)
    }
}

pub fn url_of(opening: &Opening, face: Face) -> String {
    match face {
        Face::Board => format!("{}/board", opening.url()),
        Face::List => format!("{}/applications", opening.url()),
    }
}

pub fn address(url: &str, filter: &str, order: &str) -> String {
    let parts = [("q", filter), ("order", order)];
    let parts = parts.into_iter().filter(|(_, value)| !value.is_empty());
    let parts: Vec<_> = parts
        .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
        .collect();
    match parts.is_empty() {
        true => url.to_owned(),
        false => format!("{url}?{}", parts.join("&")),
    }
}

/// The tags that a filter of the job knows, those that were used last first.
pub async fn tags(app: &App, opening: Uuid) -> Result<Vec<String>, AppError> {
    let most = i64::try_from(MOST_TAGS).unwrap_or(i64::MAX);
    Ok(talk::store::used_tags(&app.db, opening, most).await?)
}

/// Who may own an application: the team, and those who see every job.
pub async fn owners(app: &App, opening: Uuid) -> Result<Vec<(Uuid, String)>, AppError> {
    let team = openings::team(&app.db, opening).await?;
    let everybody = people::all(&app.db).await?.into_iter();
    let fitting = everybody.filter(|person| {
        let sees_all = matches!(person.role, Role::Administrator | Role::Recruiter);
        person.active && (sees_all || team.iter().any(|member| member.id == person.id))
    });
    Ok(fitting.map(|person| (person.id, person.name)).collect())
}
