//! What was done, in words, with the way back.

use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::pipeline::acts::{Kind, UNDONE_WITHIN, store};
use crate::hiring::pipeline::store as lines;
use crate::hiring::screening::veil::Veil;
use crate::people::Staff;

/// So many of the last acts are looked at for those that can be undone.
const LOOKED_AT: i64 = 20;

/// What was done, for lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    pub id: Uuid,
    pub kind: Kind,
    pub target: String,
    pub at: Timestamp,
    pub undone_at: Option<Timestamp>,
    pub by: Uuid,
    pub who: String,
    pub count: i64,
    /// How many mails were written.
    pub mails: i64,
    /// One of the applications; the only one, where there is one.
    pub first: Option<Uuid>,
}

impl Past {
    pub fn can_be_undone(&self, now: Timestamp) -> bool {
        self.undone_at.is_none() && self.at.plus(UNDONE_WITHIN) > now
    }

    /// “The mail leaves at 14:52 UTC”; nothing where none waits.
    pub fn mails_words(&self, now: Timestamp) -> Option<String> {
        let at = self.at.plus(self.kind.mails_wait());
        let what = match self.mails {
            0 => return None,
            1 => "The mail leaves".to_owned(),
            n => format!("{n} mails leave"),
        };
        (self.undone_at.is_none() && at > now).then(|| format!("{what} at {}", at.hour_words()))
    }

    /// “Moved 3 applications to Interview”; `only` is the name, where there is one.
    pub fn words(&self, only: Option<&str>) -> String {
        let what = match (self.count, only) {
            (1, Some(name)) => name.to_owned(),
            (1, None) => "one application".into(),
            (n, _) => format!("{n} applications"),
        };
        match self.kind {
            Kind::Move => format!("Moved {what} to {}", self.target),
            Kind::Assign if self.target.is_empty() => format!("Took the owner off {what}"),
            Kind::Assign => format!("Assigned {what} to {}", self.target),
            Kind::Archive => format!("Ended {what}"),
            Kind::Mail => format!("Wrote to {what}"),
        }
    }
}

/// What somebody has just done, and what can be done about it.
#[derive(Clone, Debug)]
pub struct Notice {
    pub act: Past,
    pub words: String,
    /// When its mails leave, where some wait.
    pub mails: Option<String>,
}

impl Notice {
    /// Each with the name of the only one it was done with, as far as this person may know it.
    pub async fn of(app: &App, veil: &Veil, acts: Vec<Past>) -> Result<Vec<Notice>, AppError> {
        let only = acts.iter().filter(|act| act.count == 1).filter_map(|act| act.first);
        let mut names = lines::by_id(&app.db, &only.collect::<Vec<_>>()).await?;
        veil.draw(&app.db, &mut names).await?;
        let now = app.now();
        let notice = |act: Past| {
            let only = names.iter().find(|line| act.count == 1 && Some(line.id) == act.first);
            Notice {
                words: act.words(only.map(|line| line.called())),
                mails: act.mails_words(now),
                act,
            }
        };
        Ok(acts.into_iter().map(notice).collect())
    }

    /// What this person did last, as the address of a page says it.
    pub async fn just_done(
        app: &App,
        staff: &Staff,
        veil: &Veil,
        (opening, done): (Uuid, &str),
    ) -> Result<Option<Notice>, AppError> {
        let Ok(act) = done.parse::<Uuid>() else {
            return Ok(None);
        };
        let act = store::find(&app.db, opening, act).await?;
        let act = act.filter(|act| act.by == staff.id && act.can_be_undone(app.now()));
        let notices = Notice::of(app, veil, act.into_iter().collect()).await?;
        Ok(notices.into_iter().next())
    }

    /// What anybody did with applications of a job, and can be undone still: the newest first.
    pub async fn recent(app: &App, veil: &Veil, opening: Uuid) -> Result<Vec<Notice>, AppError> {
        let mut acts = store::list(&app.db, opening, Uuid::max(), LOOKED_AT).await?;
        acts.retain(|act| act.can_be_undone(app.now()));
        Notice::of(app, veil, acts).await
    }
}
