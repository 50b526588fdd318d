//! Looking for people over all jobs that one may see.

use askama::Template;
use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::ApplicationState;
use crate::hiring::access::sees_all;
use crate::hiring::openings::store as openings;
use crate::hiring::pipeline::filter::{Filter, Known};
use crate::hiring::pipeline::finding::{self, Found};
use crate::hiring::pipeline::{Line, store};
use crate::hiring::screening::veil::Veil;
use crate::people::Staff;
use crate::people::guard::SignedIn;
use crate::ui::{Field, Page, Query, Shell, percent_encoded, search_key};

const MOST: usize = 50;

#[derive(Template)]
#[template(path = "hiring/pipeline/people.html")]
pub struct PeoplePage {
    pub shell: Shell,
    pub now: Timestamp,
    pub find: Field,
    pub people: Vec<Person>,
    pub next: Option<String>,
    pub looked: Option<usize>,
    /// Names of some job are withheld.
    pub blind: bool,
}

/// Applications with the same address.
pub struct Person {
    pub name: String,
    pub email: String,
    pub applications: Vec<Place>,
}

pub struct Place {
    pub line: Line,
    pub job: String,
    pub stage: String,
}

impl Place {
    pub fn is_active(&self) -> bool {
        self.line.state == ApplicationState::Active
    }
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    find: String,
    #[serde(default)]
    after: String,
}

pub async fn people(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Page<PeoplePage>, AppError> {
    let typed: String = asked.find.chars().take(200).collect();
    let (filter, error) = read(&typed, &staff, app.now());
    let veil = Veil::of(&app.db, staff.id).await?;
    let found = match filter.leads() {
        true => {
            let (jobs, filter) = (seen(&app, &staff).await?, (&filter, app.now()));
            finding::over_jobs(&app.db, &veil, jobs.as_deref(), filter, &asked.after, MOST).await?
        }
        false => Found::default(),
    };
    let next = |after: &str| format!("/candidates?find={}&after={after}", percent_encoded(&typed));
    Ok(Page(PeoplePage {
        shell,
        now: app.now(),
        find: Field::new("find", "Name, address, note or résumé")
            .value(typed.trim())
            .error(error),
        blind: veil.hangs(),
        next: found.next.as_deref().map(next),
        looked: found.looked,
        people: grouped(&app, found.lines).await?,
    }))
}

/// What to look for, or why it cannot be understood.
fn read(typed: &str, staff: &Staff, now: Timestamp) -> (Filter, Option<String>) {
    let known = Known {
        stages: &[],
        people: &[],
        tags: &[],
        me: staff.id,
        now,
        over_jobs: true,
    };
    match Filter::parse(typed, &known) {
        Ok(filter) if filter.leads() || filter.is_empty() => (filter, None),
        Ok(_) => (
            Filter::default(),
            Some("Write a word or a tag, too: the rest only narrows.".into()),
        ),
        Err(error) => (Filter::default(), Some(error)),
    }
}

/// The jobs of this person's teams; `None`: every job.
async fn seen(app: &App, staff: &Staff) -> Result<Option<Vec<Uuid>>, AppError> {
    if sees_all(staff) {
        return Ok(None);
    }
    let filter = openings::Filter {
        of: Some(staff.id),
        ..openings::Filter::default()
    };
    let lines = openings::lines(&app.db, &filter, app.now(), 500).await?;
    Ok(Some(lines.iter().map(|line| line.opening.id).collect()))
}

async fn grouped(app: &App, lines: Vec<Line>) -> Result<Vec<Person>, AppError> {
    let ids: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
    let mut places = store::places(&app.db, &ids).await?;
    let mut people: Vec<Person> = Vec::new();
    for line in lines {
        let (job, stage) = places.remove(&line.id).unwrap_or_default();
        let place = Place { line, job, stage };
        let key = search_key(&place.line.email);
        let same = |person: &&mut Person| !key.is_empty() && search_key(&person.email) == key;
        match people.iter_mut().find(same) {
            Some(person) => person.applications.push(place),
            None => people.push(Person {
                name: place.line.called().to_owned(),
                email: place.line.email.clone(),
                applications: vec![place],
            }),
        }
    }
    Ok(people)
}
