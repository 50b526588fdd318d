//! The audit log, for administrators.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::audit::store::{self, Filter};
use crate::audit::{Head, Record};
use crate::error::AppError;
use crate::people::store as people;
use crate::privacy::store as privacy;
use crate::privacy::test_store as privacy_tests;
use crate::ui::{Field, Page, Query, Shell, clean_line, percent_encoded};

const ROWS_A_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "audit/audit.html")]
pub struct AuditPage {
    pub shell: Shell,
    pub rows: Vec<AuditLine>,
    pub actor: Field,
    /// Values and names of those that can be chosen.
    pub actors: Vec<(String, String)>,
    pub subject: Field,
    pub filtered: bool,
    pub newest: Option<String>,
    pub older: Option<String>,
    pub end: Head,
}

/// A row, with names in place of ids.
#[derive(Clone, Debug)]
pub struct AuditLine {
    pub record: Record,
    pub who: String,
    /// Where its subject is, if it has a page.
    pub url: Option<String>,
}

impl AuditLine {
    /// What is sealed says nothing to people.
    pub fn detail(&self) -> &str {
        let sealed = ["event ", "certificate "]
            .iter()
            .any(|start| self.record.detail.starts_with(start));
        if sealed { "" } else { &self.record.detail }
    }

    pub fn only_this(&self) -> String {
        format!("/audit?subject={}", percent_encoded(&self.record.subject))
    }

    /// The kind of thing, without its id.
    pub fn kind(&self) -> &str {
        self.record.subject.split(' ').next().unwrap_or_default()
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct AuditQuery {
    #[serde(default)]
    actor: String,
    #[serde(default)]
    subject: String,
    before: Option<i64>,
}

impl AuditQuery {
    fn filter(&self) -> Filter {
        let some = |text: &str| Some(clean_line(text)).filter(|text| !text.is_empty());
        Filter {
            actor: some(&self.actor),
            subject: some(&self.subject),
            before: self.before,
        }
    }

    fn url(&self, before: Option<i64>) -> String {
        let mut parts = Vec::new();
        for (name, value) in [("actor", &self.actor), ("subject", &self.subject)] {
            if !value.is_empty() {
                parts.push(format!("{name}={}", percent_encoded(value)));
            }
        }
        parts.extend(before.map(|seq| format!("before={seq}")));
        match parts.is_empty() {
            true => "/audit".into(),
            false => format!("/audit?{}", parts.join("&")),
        }
    }
}

pub async fn audit(
    State(app): State<App>,
    shell: Shell,
    Query(query): Query<AuditQuery>,
) -> Result<Page<AuditPage>, AppError> {
    let most = i64::try_from(ROWS_A_PAGE + 1).unwrap_or(i64::MAX);
    let filter = query.filter();
    let mut records = store::latest(&app.db, &filter, most).await?;
    let more = records.len() > ROWS_A_PAGE;
    records.truncate(ROWS_A_PAGE);
    let last = records.last().map(|record| record.seq).filter(|_| more);
    let mut actors: Vec<_> = people::all(&app.db)
        .await?
        .into_iter()
        .map(|person| (person.id.to_string(), person.name))
        .collect();
    actors.extend(
        [("candidate", "A candidate"), ("halfopen", "Halfopen itself")].map(|(id, name)| (id.into(), name.into())),
    );
    let names: HashMap<String, String> = actors.iter().cloned().collect();
    let mut rows = Vec::new();
    for record in records {
        rows.push(AuditLine {
            who: names.get(&record.actor).unwrap_or(&record.actor).clone(),
            url: url(&app, &record.subject).await?,
            record,
        });
    }
    actors.insert(0, (String::new(), "Everybody".into()));
    Ok(Page(AuditPage {
        shell,
        rows,
        actor: Field::new("actor", "Who").value(&query.actor),
        actors,
        subject: Field::new("subject", "About").value(&query.subject),
        filtered: filter.actor.is_some() || filter.subject.is_some(),
        newest: query.before.map(|_| query.url(None)),
        older: last.map(|seq| query.url(Some(seq))),
        end: store::head(&app.db).await?,
    }))
}

/// The page of a subject; of an application or a coding test that was erased, its certificate.
async fn url(app: &App, subject: &str) -> Result<Option<String>, AppError> {
    let Some((kind, Ok(id))) = subject.split_once(' ').map(|(kind, id)| (kind, id.parse::<Uuid>())) else {
        return Ok(None);
    };
    let folder = match kind {
        "application" => match privacy::of_application(&app.db, id).await? {
            Some(certificate) => return Ok(Some(format!("/privacy/certificates/{certificate}"))),
            None => "applications",
        },
        "job" | "opening" => "openings",
        "kit" => "kits",
        "person" | "staff" => "people",
        "submission" => "submissions",
        "assessment" => match privacy_tests::certificate_of(&app.db, id).await? {
            Some(certificate) => return Ok(Some(format!("/privacy/certificates/{certificate}"))),
            None => "assessments",
        },
        "mail" => "mail",
        _ => return Ok(None),
    };
    Ok(Some(format!("/{folder}/{id}")))
}
