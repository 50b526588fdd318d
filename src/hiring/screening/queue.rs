//! What waits for a reader.

use std::collections::HashMap;
use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::openings::store as openings;
use crate::hiring::screening::store::{self, Unread, Waiting};
use crate::hiring::screening::{Settings, is_screened_in};
use crate::hiring::{Opening, Stage};
use crate::people::Staff;
use crate::roles;

/// Whoever has not saved anything for so long reads something else by now.
const BUSY: Duration = Duration::from_secs(30 * 60);
const MOST_WAITING: usize = 100;
/// A job that goes on with a newer version of its kit may have old applications that no criteria belong to.
const MOST_PAGES: usize = 20;

/// The stages of a job in which résumés are read.
pub async fn stages(app: &App, opening: Uuid) -> Result<Vec<Stage>, AppError> {
    let mut stages = openings::stages(&app.db, opening).await?;
    stages.retain(|stage| is_screened_in(stage.kind));
    Ok(stages)
}

/// At most a hundred applications that this person can read, the one that waits longest first.
pub async fn waiting(app: &App, staff: Uuid, opening: &Opening, settings: &Settings) -> Result<Vec<Unread>, AppError> {
    let mut kits = Kits::default();
    let mut waiting = Vec::new();
    for stage in stages(app, opening.id).await? {
        let mut after = None;
        let mut of_stage = Vec::new();
        for _ in 0..MOST_PAGES {
            let most = i64::try_from(MOST_WAITING).unwrap_or(i64::MAX);
            let busy_since = app.now().minus(BUSY);
            let reader = (staff, settings.readers);
            let page = store::unread(&app.db, stage.id, reader, busy_since, after, most).await?;
            after = page.last().copied();
            let is_last = page.len() < MOST_WAITING;
            for unread in page {
                if kits.have_criteria(app, opening.kit, unread.kit_version).await? {
                    of_stage.push(unread);
                }
            }
            if is_last || of_stage.len() >= MOST_WAITING {
                break;
            }
        }
        waiting.extend(of_stage);
    }
    waiting.sort_by_key(|unread| (unread.since, unread.id));
    waiting.truncate(MOST_WAITING);
    Ok(waiting)
}

/// For the first page that people see: jobs with résumés to read, the longest wait first.
pub async fn waiting_for(app: &App, staff: &Staff, all: bool, most: usize) -> Result<Vec<Waiting>, AppError> {
    let mut kits = Kits::default();
    let mut lines = Vec::new();
    for waiting in store::waiting_for(&app.db, staff.id, all).await? {
        if lines.len() == most {
            break;
        }
        if kits.have_criteria(app, waiting.kit, waiting.kit_version).await? {
            add_up(&mut lines, waiting);
        }
    }
    Ok(lines)
}

/// One line for a job, with all stages of it.
fn add_up(lines: &mut Vec<Waiting>, waiting: Waiting) {
    match lines.iter_mut().find(|line| line.opening == waiting.opening) {
        Some(line) => line.n += waiting.n,
        None => lines.push(waiting),
    }
}

/// Which versions of kits have criteria: each is looked up once.
#[derive(Default)]
struct Kits(HashMap<(Uuid, u32), bool>);

impl Kits {
    async fn have_criteria(&mut self, app: &App, kit: Uuid, version: u32) -> Result<bool, AppError> {
        if let Some(known) = self.0.get(&(kit, version)) {
            return Ok(*known);
        }
        let found = roles::version(app, kit, version).await?;
        let has = !found.resume_criteria.is_empty();
        self.0.insert((kit, version), has);
        Ok(has)
    }
}
