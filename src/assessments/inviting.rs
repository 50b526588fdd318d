//! What recruiters do with assessments: invite, remind, extend, withdraw, replace a link.

use uuid::Uuid;

use crate::app::App;
use crate::assessments::invite_form::CheckedInvitation;
use crate::assessments::letters::letter;
use crate::assessments::store::NewAssessment;
use crate::assessments::{Assessment, State, store, taking};
use crate::clock::Timestamp;
use crate::db::{DbError, Tx};
use crate::mail::{self, Event};

/// What can be done with several at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Remind,
    Extend,
    Withdraw,
}

impl Action {
    pub const ALL: [Action; 3] = [Action::Remind, Action::Extend, Action::Withdraw];

    pub fn id(self) -> &'static str {
        match self {
            Action::Remind => "remind",
            Action::Extend => "extend",
            Action::Withdraw => "withdraw",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Action::Remind => "Remind",
            Action::Extend => "Extend",
            Action::Withdraw => "Withdraw",
        }
    }

    pub fn from_id(id: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.id() == id)
    }

    /// Why it does nothing to this one; `None` where it does something.
    pub fn obstacle(self, assessment: &Assessment, now: Timestamp) -> Option<&'static str> {
        match (self, assessment.state(now)) {
            (_, State::Withdrawn) => Some("withdrawn already"),
            (_, State::Submitted) => Some("submitted already"),
            (Action::Remind, State::Started) => Some("under way"),
            (Action::Remind, State::Expired) => Some("expired: extend it instead"),
            (Action::Remind, _) if assessment.link.is_none() => Some("its link is revoked"),
            _ => None,
        }
    }
}

/// How far an extension goes.
#[derive(Clone, Copy, Debug)]
pub struct Extension {
    /// For those that have not started.
    pub deadline: Timestamp,
    pub extra_percent: u32,
}

/// Stores the invitation and its mail. The same form sent twice invites once.
pub async fn invite(app: &App, invited_by: Uuid, new: CheckedInvitation) -> Result<Uuid, DbError> {
    let mut tx = app.db.begin().await?;
    let id = invite_in(&mut tx, app, invited_by, new).await?;
    tx.commit().await?;
    app.job_queued.notify_one();
    Ok(id)
}

/// The same, with what else belongs to it.
pub async fn invite_in(tx: &mut Tx, app: &App, invited_by: Uuid, new: CheckedInvitation) -> Result<Uuid, DbError> {
    let id = app.new_id();
    let row = NewAssessment {
        id,
        candidate: new.candidate,
        email: new.email,
        challenge: new.challenge,
        variant: new.variant,
        minutes: new.minutes,
        extra_percent: new.extra_percent,
        deadline: new.deadline,
        shared: new.shared,
        link: taking::secret(app),
        invited_by,
        form_token: new.form_token,
    };
    if store::add(tx, &row, app.now()).await? {
        write(app, tx, id, Event::Invitation).await?;
        return Ok(id);
    }
    let known = store::by_form_token(tx, row.form_token, invited_by).await?;
    known.ok_or(DbError::Corrupt {
        what: "assessment",
        why: "its form was sent before, by somebody else".into(),
    })
}

async fn write(app: &App, tx: &mut Tx, id: Uuid, event: Event) -> Result<(), DbError> {
    match store::find_in(tx, id).await? {
        Some(assessment) => mail::queue(tx, app, &letter(app, &assessment, event, None)).await,
        None => Ok(()),
    }
}

/// Does it to those to whom it can be done, and says to how many. What has changed since the page was shown is looked at
/// again.
pub async fn act(app: &App, action: Action, ids: &[Uuid], extension: Option<Extension>) -> Result<usize, DbError> {
    let mut done = 0;
    for id in ids {
        let mut tx = app.db.begin().await?;
        store::lock(&mut tx, *id).await?;
        let now = app.now();
        let current = store::find_in(&mut tx, *id).await?;
        let Some(current) = current.filter(|a| action.obstacle(a, now).is_none()) else {
            continue;
        };
        let event = match (action, extension) {
            (Action::Remind, _) => Event::Reminder,
            (Action::Withdraw, _) => {
                store::withdraw(&mut tx, *id, now).await?;
                Event::Withdrawal
            }
            (Action::Extend, Some(extension)) => {
                extend(&mut tx, &current, extension).await?;
                Event::Extension
            }
            (Action::Extend, None) => continue,
        };
        // A mail without its link helps nobody.
        if current.link.is_some() || event == Event::Withdrawal {
            write(app, &mut tx, *id, event).await?;
        }
        tx.commit().await?;
        done += 1;
    }
    app.job_queued.notify_one();
    Ok(done)
}

/// Before the start, another deadline and factor; afterwards, the factor moves the end. Nothing is ever taken away.
async fn extend(tx: &mut Tx, current: &Assessment, extension: Extension) -> Result<(), DbError> {
    let percent = extension.extra_percent.max(current.extra_percent);
    let longer = Assessment {
        extra_percent: percent,
        ..current.clone()
    };
    let more = u64::from(longer.minutes_given() - current.minutes_given()) * 60;
    let ends_at = current
        .ends_at
        .map(|end| end.plus(std::time::Duration::from_secs(more)));
    store::set_time(tx, current.id, percent, ends_at).await?;
    if current.started_at.is_none() && extension.deadline > current.deadline {
        store::set_deadline(tx, current.id, extension.deadline).await?;
    }
    Ok(())
}

/// A new link takes the place of the old one, which leads nowhere from now on.
pub async fn replace_link(app: &App, id: Uuid) -> Result<(), DbError> {
    let link = taking::secret(app);
    let mut tx = app.db.begin().await?;
    store::set_link(&mut tx, id, Some(&link)).await?;
    write(app, &mut tx, id, Event::NewLink).await?;
    tx.commit().await?;
    app.job_queued.notify_one();
    Ok(())
}

pub async fn revoke_link(app: &App, id: Uuid) -> Result<(), DbError> {
    let mut tx = app.db.begin().await?;
    store::set_link(&mut tx, id, None).await?;
    tx.commit().await
}

pub async fn share(app: &App, id: Uuid, shared: bool) -> Result<(), DbError> {
    let mut tx = app.db.begin().await?;
    store::set_shared(&mut tx, id, shared).await?;
    tx.commit().await
}
