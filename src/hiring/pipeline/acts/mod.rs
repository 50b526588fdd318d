//! What is done with one or many applications at once, and taken back.
//!
//! An act is one transaction: all applications are held, in the order of their ids, before the first is changed. What each
//! was before is kept with the act, together with how often it had been moved afterwards: undoing it puts back those that
//! nobody has touched since, and names the others. Mails of a decision wait until it can no longer be undone; undoing takes
//! back those that wait.

pub mod pages;
pub mod past;
pub mod preview;
pub mod store;

use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::db::Tx;
use crate::error::AppError;
use crate::hiring::applications::{letters, placing, store as applications};
use crate::hiring::openings::store as openings;
use crate::hiring::pipeline::Line;
use crate::hiring::pipeline::acts::past::Past;
use crate::hiring::screening::veil::Veil;
use crate::hiring::{Application, ApplicationState, Opening, Owner, Stage};
use crate::mail::texts::{LETTER, Text};
use crate::mail::{self, Event, Letter};
use crate::people::Staff;

/// So long an act can be undone.
pub const UNDONE_WITHIN: Duration = Duration::from_secs(15 * 60);
/// So long a letter waits that decides nothing.
pub const LETTER_WAITS: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Move,
    Assign,
    Archive,
    Mail,
}

impl Kind {
    pub fn id(self) -> &'static str {
        match self {
            Kind::Move => "move",
            Kind::Assign => "assign",
            Kind::Archive => "archive",
            Kind::Mail => "mail",
        }
    }

    pub fn from_id(id: &str) -> Option<Kind> {
        let all = [Kind::Move, Kind::Assign, Kind::Archive, Kind::Mail];
        all.into_iter().find(|kind| kind.id() == id)
    }

    /// How long its mails wait.
    pub fn mails_wait(self) -> Duration {
        match self {
            Kind::Move | Kind::Assign | Kind::Archive => UNDONE_WITHIN,
            Kind::Mail => LETTER_WAITS,
        }
    }
}

/// What is to be done.
#[derive(Clone, Debug)]
pub enum Act {
    Move { to: Stage, mail: bool },
    Assign(Option<Owner>),
    Archive { why: String, mail: bool },
    Mail(Text),
}

/// An application that it is to be done with, as whoever chose it saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    pub id: Uuid,
    pub moves: Option<i64>,
    pub stage: Option<Uuid>,
}

impl Act {
    pub fn kind(&self) -> Kind {
        match self {
            Act::Move { .. } => Kind::Move,
            Act::Assign(_) => Kind::Assign,
            Act::Archive { .. } => Kind::Archive,
            Act::Mail(_) => Kind::Mail,
        }
    }

    fn target(&self) -> &str {
        match self {
            Act::Move { to, .. } => &to.name,
            Act::Assign(owner) => owner.as_ref().map_or("", |owner| owner.name.as_str()),
            Act::Archive { .. } | Act::Mail(_) => "",
        }
    }

    /// The mail that goes with it.
    pub fn event(&self) -> Option<Event> {
        match self {
            Act::Move { mail: true, .. } => Some(Event::ApplicationStep),
            Act::Archive { mail: true, .. } => Some(Event::ApplicationRejection),
            Act::Mail(_) => Some(Event::ApplicationLetter),
            _ => None,
        }
    }

    /// Why it cannot be done with this one.
    pub fn refuses(&self, line: &Line, pick: &Pick) -> Option<&'static str> {
        let is_active = line.state == ApplicationState::Active;
        match self {
            Act::Move { .. } | Act::Archive { .. } if !is_active => return Some("has ended"),
            Act::Mail(_) if line.state == ApplicationState::Withdrawn => return Some("has withdrawn"),
            Act::Move { to, .. } if line.stage == Some(to.id) => return Some("is there already"),
            Act::Assign(owner) if line.owner == *owner => {
                return Some(if owner.is_some() {
                    "is theirs already"
                } else {
                    "has no owner"
                });
            }
            _ => {}
        }
        let has_changed = pick.moves.is_some_and(|moves| moves != line.moves);
        let was_moved = pick.stage.is_some() && pick.stage != line.stage;
        (has_changed || was_moved).then_some("has changed since you looked")
    }
}

/// What became of it.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// Absent where nothing was done.
    pub act: Option<Uuid>,
    pub count: usize,
    /// With which it was not done, and why.
    pub refused: Vec<(Uuid, &'static str)>,
}

/// Does it with all that it can be done with. Sent twice, it is done once.
pub async fn perform(
    app: &App,
    by: &Staff,
    opening: &Opening,
    act: &Act,
    picks: &[Pick],
    token: Uuid,
) -> Result<Done, AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let id = app.new_id();
    let kind = (act.kind(), act.target());
    if !store::add(&mut tx, (id, opening.id, by.id), kind, token, now).await? {
        let act = store::by_token(&mut tx, token).await?;
        return Ok(Done { act, ..Done::default() });
    }
    let mut done = Done::default();
    let (held, stages) = (
        hold(&mut tx, opening, picks).await?,
        openings::stages_in(&mut tx, opening.id).await?,
    );
    let mut changed = Vec::new();
    for (pick, application) in &held {
        match act.refuses(&line(application), pick) {
            Some(why) => done.refused.push((application.id, why)),
            None => changed.push(application),
        }
    }
    let scene = Scene {
        app,
        by,
        opening,
        stages: &stages,
        now,
    };
    for before in &changed {
        scene.change(&mut tx, act, before).await?;
        let mail = scene.write(&mut tx, act, before).await?;
        let after = applications::find_in(&mut tx, before.id).await?;
        let moves = after.map_or(before.moves, |after| after.moves);
        store::add_item(&mut tx, id, before, moves, mail).await?;
    }
    for before in &changed {
        let said = scene.said(act);
        applications::add_event(&mut tx, app.new_id(), before.id, Some(by.id), (said.0, &said.1), now).await?;
    }
    done.count = changed.len();
    if done.count > 0 {
        tx.commit().await?;
        done.act = Some(id);
        app.job_queued.notify_one();
    }
    Ok(done)
}

/// All that are of this job, in the order of their ids.
async fn hold(tx: &mut Tx, opening: &Opening, picks: &[Pick]) -> Result<Vec<(Pick, Application)>, AppError> {
    let in_order: BTreeMap<Uuid, Pick> = picks.iter().map(|pick| (pick.id, *pick)).collect();
    let mut held = Vec::new();
    for (id, pick) in in_order {
        if let Some(application) = applications::lock(tx, id).await?
            && application.opening == opening.id
            && application.state != ApplicationState::Draft
            && application.merged_into.is_none()
        {
            held.push((pick, application));
        }
    }
    Ok(held)
}

/// An application as lists show it.
fn line(application: &Application) -> Line {
    Line {
        id: application.id,
        opening: application.opening,
        state: application.state,
        stage: application.stage,
        owner: application.owner.clone(),
        moves: application.moves,
        ..Line::default()
    }
}

struct Scene<'a> {
    app: &'a App,
    by: &'a Staff,
    opening: &'a Opening,
    stages: &'a [Stage],
    now: Timestamp,
}

impl Scene<'_> {
    async fn change(&self, tx: &mut Tx, act: &Act, before: &Application) -> Result<(), AppError> {
        match act {
            Act::Move { to, .. } => {
                placing::move_to(tx, before, to.id, self.now).await?;
            }
            Act::Assign(owner) => placing::assign(tx, before, owner.as_ref().map(|owner| owner.id)).await?,
            Act::Archive { why, .. } => {
                placing::end(tx, before, ApplicationState::Rejected, why, self.now).await?;
            }
            Act::Mail(_) => {}
        }
        Ok(())
    }

    async fn write(&self, tx: &mut Tx, act: &Act, before: &Application) -> Result<Option<Uuid>, AppError> {
        let Some(event) = act.event() else {
            return Ok(None);
        };
        let at = self.now.plus(act.kind().mails_wait());
        Ok(match act {
            Act::Mail(text) => {
                let company = mail::store::company_in(tx).await?;
                let letter = written(
                    self.app,
                    (before, self.opening, self.stages),
                    text,
                    &company,
                    &self.by.name,
                );
                Some(mail::queue_at(tx, self.app, &letter, at).await?)
            }
            _ => letters::write_at(tx, self.app, before.id, event, &self.by.name, at).await?,
        })
    }

    /// For the trail.
    fn said(&self, act: &Act) -> (&'static str, String) {
        match act {
            Act::Move { to, .. } => ("Moved to", to.name.clone()),
            Act::Assign(Some(owner)) => ("Assigned to", owner.name.clone()),
            Act::Assign(None) => ("Owner taken off", String::new()),
            Act::Archive { why, .. } => ("Rejected", why.clone()),
            Act::Mail(text) => ("Wrote to the candidate", text.subject.clone()),
        }
    }
}

/// A letter of somebody's own words, filled for one candidate.
pub fn written(
    app: &App,
    about: (&Application, &Opening, &[Stage]),
    text: &Text,
    company: &str,
    sender: &str,
) -> Letter {
    let letter = letters::letter(app, about, Event::ApplicationLetter, sender);
    let filled = text.fill_for(LETTER, |name| match name {
        "candidate" => Some(letter.to_name.clone()),
        "company" => Some(company.to_owned()),
        "sender" => Some(sender.to_owned()),
        name => {
            let known = letter.values.iter().find(|(key, _)| *key == name);
            known.map(|(_, value)| value.clone())
        }
    });
    let mut values = letter.values.clone();
    values.extend([("subject", filled.subject), ("body", filled.body)]);
    Letter { values, ..letter }
}

/// What became of undoing an act.
#[derive(Clone, Debug, Default)]
pub struct Undone {
    pub count: usize,
    /// Those that somebody has touched since.
    pub left: Vec<String>,
    /// Mails that were on their way already.
    pub mailed: usize,
}

/// `None`: it was undone before, or too long ago.
pub async fn undo(app: &App, by: &Staff, opening: &Opening, act: &Past) -> Result<Option<Undone>, AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if !store::undo(&mut tx, act.id, opening.id, now.minus(UNDONE_WITHIN), now).await? {
        return Ok(None);
    }
    let stages = openings::stages_in(&mut tx, opening.id).await?;
    let mut held = Vec::new();
    for item in store::items(&mut tx, act.id).await? {
        if let Some(application) = applications::lock(&mut tx, item.application).await? {
            held.push((item, application));
        }
    }
    let (mut undone, mut back, mut left) = (Undone::default(), Vec::new(), Vec::new());
    for (item, application) in &held {
        let taken = match item.mail {
            Some(mail) => mail::take_back(&mut tx, mail).await?,
            None => true,
        };
        undone.mailed += usize::from(!taken);
        let is_back = match act.kind {
            Kind::Mail => taken,
            _ if application.moves != item.moves => false,
            Kind::Assign => {
                placing::assign(&mut tx, application, item.owner).await?;
                true
            }
            Kind::Move | Kind::Archive => match item.stage.zip(item.since) {
                Some(place) if stages.iter().any(|stage| stage.id == place.0) => {
                    placing::put_back(&mut tx, application, place, now).await?
                }
                _ => false,
            },
        };
        match is_back {
            true => back.push(application.id),
            false if act.kind == Kind::Mail => {}
            false => left.push(application),
        }
    }
    let detail = act.words(Some("it"));
    for id in &back {
        applications::add_event(&mut tx, app.new_id(), *id, Some(by.id), ("Undone", &detail), now).await?;
    }
    undone.count = back.len();
    tx.commit().await?;
    let veil = Veil::of(&app.db, by.id).await?;
    for application in left {
        undone.left.push(veil.called(&app.db, application).await?);
    }
    Ok(Some(undone))
}
