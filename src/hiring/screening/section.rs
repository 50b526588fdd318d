//! How the reading of a résumé stands, for the pages around it: whom it waits for, or what came of it.

use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::Application;
use crate::hiring::openings::store as openings;
use crate::hiring::screening::{Outcome, Screening, stands_in_screening, store};
use crate::people::Staff;
use crate::roles::kit::Kit;

#[derive(Clone, Debug)]
pub struct Section {
    pub application: Uuid,
    /// How many are to read it.
    pub readers: u32,
    /// Who has submitted, and when: no more than that is told before there is a result.
    pub submitted: Vec<(String, Timestamp)>,
    /// This reader's own.
    pub mine: Option<Screening>,
    /// It stands where résumés are read, and needs readers.
    pub open: bool,
    pub outcome: Option<Outcome>,
}

impl Section {
    pub async fn of(
        app: &App,
        staff: &Staff,
        application: &Application,
        kit: &Kit,
    ) -> Result<Option<Section>, AppError> {
        let outcome = store::result(&app.db, application.id).await?;
        let stages = openings::stages(&app.db, application.opening).await?;
        let open = outcome.is_none() && !kit.resume_criteria.is_empty() && stands_in_screening(application, &stages);
        let all = store::of_application(&app.db, application.id).await?;
        let submitted = all
            .iter()
            .filter_map(|one| Some((one.reader.clone(), one.submitted_at?)));
        let submitted: Vec<_> = submitted.collect();
        if outcome.is_none() && !open && submitted.is_empty() {
            return Ok(None);
        }
        Ok(Some(Section {
            application: application.id,
            readers: store::settings(&app.db, application.opening).await?.readers,
            mine: all.iter().find(|one| one.by == staff.id).cloned(),
            submitted,
            open,
            outcome,
        }))
    }

    pub fn missing(&self) -> usize {
        usize::try_from(self.readers)
            .unwrap_or_default()
            .saturating_sub(self.submitted.len())
    }

    pub fn has_submitted(&self) -> bool {
        self.mine.as_ref().is_some_and(|mine| mine.submitted_at.is_some())
    }
}
