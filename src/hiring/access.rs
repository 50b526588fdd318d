//! Who of the staff may see what belongs to a job: recruiters all of it, others what their team hires for.

use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::applications::store as applications;
use crate::hiring::openings::store as openings;
use crate::hiring::screening::reading;
use crate::hiring::{Application, ApplicationState, Opening};
use crate::people::{Role, Staff};

pub fn sees_all(staff: &Staff) -> bool {
    matches!(staff.role, Role::Administrator | Role::Recruiter)
}

/// A job that this person may see. To others it is as if there were none.
pub async fn opening(app: &App, staff: &Staff, id: Uuid) -> Result<Opening, AppError> {
    let found = openings::find(&app.db, id).await?.ok_or(AppError::NotFound("job"))?;
    match sees_all(staff) || openings::is_in_team(&app.db, id, staff.id).await? {
        true => Ok(found),
        false => Err(AppError::NotFound("job")),
    }
}

/// An application that this person may see, with its job.
pub async fn application(app: &App, staff: &Staff, id: Uuid) -> Result<(Application, Opening), AppError> {
    let found = applications::find(&app.db, id).await?;
    let found = found.ok_or(AppError::NotFound("application"))?;
    match opening(app, staff, found.opening).await {
        Ok(opening) => {
            reading::check_access(app, staff, &found).await?;
            Ok((found, opening))
        }
        Err(AppError::NotFound(_)) => Err(AppError::NotFound("application")),
        Err(error) => Err(error),
    }
}

/// The same, once it was sent: a draft is nobody's business yet.
pub async fn sent(app: &App, staff: &Staff, id: Uuid) -> Result<(Application, Opening), AppError> {
    let (found, opening) = application(app, staff, id).await?;
    match found.state {
        ApplicationState::Draft => Err(AppError::NotFound("application")),
        _ => Ok((found, opening)),
    }
}
