//! What the company owes to people: what goes soon, who has asked for erasure, what was erased.

use askama::Template;
use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::db::Db;
use crate::error::AppError;
use crate::hiring::screening::veil::{self, Veil};
use crate::people::guard::SignedIn;
use crate::privacy::Certificate;
use crate::privacy::retention::{AHEAD, REQUEST_DUE, months_words};
use crate::privacy::store::{self, Line};
use crate::privacy::test_store;
use crate::ui::{Page, Query, Shell};

const MOST: i64 = 50;
const CERTIFICATES_A_PAGE: usize = 20;

#[derive(Template)]
#[template(path = "privacy/privacy.html")]
pub struct PrivacyPage {
    pub shell: Shell,
    pub now: Timestamp,
    /// What goes by itself within the next 30 days, by job.
    pub going: Vec<(Uuid, String, i64)>,
    /// Who waits for erasure, since when.
    pub asked: Vec<Line>,
    /// Past their period, and still under way.
    pub overdue: Vec<Line>,
    pub certificates: Vec<Certificate>,
    /// For how long coding tests without an application are kept.
    pub test_months: u32,
    pub newest: bool,
    pub older: Option<Uuid>,
}

impl PrivacyPage {
    pub fn months_words(&self) -> String {
        months_words(self.test_months)
    }

    pub fn due(&self, line: &Line) -> Timestamp {
        line.at.plus(REQUEST_DUE)
    }

    pub fn is_late(&self, line: &Line) -> bool {
        self.due(line) <= self.now
    }
}

#[derive(Deserialize)]
pub struct PrivacyQuery {
    before: Option<Uuid>,
}

pub async fn privacy(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Query(query): Query<PrivacyQuery>,
) -> Result<Page<PrivacyPage>, AppError> {
    let (db, now) = (&app.db, app.now());
    let veil = Veil::of(db, staff.id).await?;
    let most = i64::try_from(CERTIFICATES_A_PAGE + 1).unwrap_or(i64::MAX);
    let mut certificates = store::list(db, query.before, most).await?;
    let more = certificates.len() > CERTIFICATES_A_PAGE;
    certificates.truncate(CERTIFICATES_A_PAGE);
    let last = certificates.last().map(|certificate| certificate.id);
    Ok(Page(PrivacyPage {
        shell,
        now,
        going: store::going_by_job(db, now.plus(AHEAD)).await?,
        asked: veiled(db, &veil, store::asked(db, MOST).await?).await?,
        overdue: veiled(db, &veil, store::overdue(db, now, MOST).await?).await?,
        test_months: test_store::months(db).await?,
        newest: query.before.is_none(),
        older: last.filter(|_| more),
        certificates,
    }))
}

/// With none of the names that are withheld from this person.
pub(super) async fn veiled(db: &Db, veil: &Veil, mut lines: Vec<Line>) -> Result<Vec<Line>, AppError> {
    let ids: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
    let hidden = veil.hides(db, &ids).await?;
    for line in lines.iter_mut().filter(|line| hidden.contains(&line.id)) {
        line.name = veil::label(line.id);
    }
    Ok(lines)
}
