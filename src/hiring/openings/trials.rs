//! What changed knock-outs would have decided for those who have applied.

use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::Opening;
use crate::hiring::access;
use crate::hiring::applications::store as applications;
use crate::hiring::knock_outs::{Trial, trial};
use crate::hiring::openings::store;
use crate::hiring::screening::veil::Veil;
use crate::people::Staff;
use crate::roles::kit::KnockOut;

/// For the applications of one job.
#[derive(Clone, Debug)]
pub struct JobTrial {
    pub opening: Uuid,
    pub title: String,
    pub trial: Trial,
    /// Whether the reader may know who they are.
    pub named: bool,
}

/// For one job, whose applications the reader may see.
pub async fn for_opening(
    app: &App,
    staff: &Staff,
    opening: &Opening,
    knock_outs: &[KnockOut],
) -> Result<JobTrial, AppError> {
    let mut sent = applications::sent_of_kit(&app.db, opening.kit).await?;
    sent.retain(|one| one.opening == opening.id);
    Ok(JobTrial {
        opening: opening.id,
        title: opening.title.clone(),
        trial: trial(&sent, knock_outs),
        named: !Veil::of(&app.db, staff.id).await?.hangs_over(opening.id),
    })
}

/// For every job on the kit that somebody has applied for.
pub async fn for_kit(app: &App, staff: &Staff, kit: Uuid, knock_outs: &[KnockOut]) -> Result<Vec<JobTrial>, AppError> {
    let sent = applications::sent_of_kit(&app.db, kit).await?;
    let veil = Veil::of(&app.db, staff.id).await?;
    let mut trials = Vec::new();
    for opening in store::of_kit(&app.db, kit).await? {
        let of_job: Vec<_> = sent.iter().filter(|one| one.opening == opening.id).cloned().collect();
        if !of_job.is_empty() {
            trials.push(JobTrial {
                opening: opening.id,
                named: !veil.hangs_over(opening.id)
                    && (access::sees_all(staff) || store::is_in_team(&app.db, opening.id, staff.id).await?),
                title: opening.title,
                trial: trial(&of_job, knock_outs),
            });
        }
    }
    Ok(trials)
}
