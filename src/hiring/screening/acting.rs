//! What people decide on proposals: several applications at once, seen before it is done, and taken back for a while.
//! Mails wait until it can no longer be taken back.

use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::db::Tx;
use crate::error::AppError;
use crate::hiring::applications::{letters, placing, store as applications};
use crate::hiring::openings::store as openings;
use crate::hiring::screening::{Outcome, stage_after, stands_in_screening, store};
use crate::hiring::{Application, ApplicationState, Opening, Stage};
use crate::mail::{self, Event, Letter, texts::Text};
use crate::people::Staff;

pub const UNDO_FOR: Duration = Duration::from_secs(15 * 60);
pub const MOST_AT_ONCE: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Advance,
    Archive,
}

impl Kind {
    pub fn id(self) -> &'static str {
        match self {
            Kind::Advance => "advance",
            Kind::Archive => "archive",
        }
    }

    pub fn from_id(id: &str) -> Option<Kind> {
        [Kind::Advance, Kind::Archive].into_iter().find(|kind| kind.id() == id)
    }

    pub fn verb(self) -> &'static str {
        match self {
            Kind::Advance => "Advance",
            Kind::Archive => "Archive",
        }
    }

    pub fn done(self) -> &'static str {
        match self {
            Kind::Advance => "advanced",
            Kind::Archive => "archived",
        }
    }

    fn event(self) -> Event {
        match self {
            Kind::Advance => Event::ApplicationStep,
            Kind::Archive => Event::ApplicationRejection,
        }
    }
}

/// Something that was done to applications.
#[derive(Clone, Debug)]
pub struct Act {
    pub id: Uuid,
    pub opening: Uuid,
    pub by: Uuid,
    pub who: String,
    pub kind: Kind,
    /// Where those went that advanced.
    pub stage: Option<Uuid>,
    pub stage_name: String,
    pub why: String,
    pub mailed: bool,
    pub made_at: Timestamp,
    pub undo_until: Timestamp,
    pub undone_at: Option<Timestamp>,
}

impl Act {
    pub fn can_be_undone(&self, now: Timestamp) -> bool {
        self.undone_at.is_none() && now < self.undo_until
    }

    pub fn url(&self) -> String {
        format!("/openings/{}/screening/acts/{}", self.opening, self.id)
    }
}

/// One application of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub application: Uuid,
    pub name: String,
    /// Where it was before, and since when.
    pub stage: Uuid,
    pub stage_since: Option<Timestamp>,
    /// How often its place had changed when the act was done; absent where nothing was done.
    pub moves: Option<i64>,
    /// Why nothing was done.
    pub refused: Option<String>,
    pub mail: Option<Uuid>,
    /// What taking it back came to.
    pub undone: Option<String>,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Order {
    pub kind: Kind,
    /// The applications, each with how often its place had changed when it was shown.
    pub chosen: Vec<(Uuid, i64)>,
    pub why: String,
    pub mail: bool,
    pub token: Uuid,
}

/// What would happen to an application.
#[derive(Clone, Debug)]
pub struct Line {
    pub id: Uuid,
    pub moves: i64,
    pub name: String,
    pub from: String,
    pub to: String,
    pub outcome: Option<Outcome>,
    /// Why it cannot be done.
    pub obstacle: Option<String>,
}

/// What would happen, and the first mail as it would be sent.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub lines: Vec<Line>,
    pub mail: Option<(String, Text)>,
}

impl Plan {
    pub fn possible(&self) -> usize {
        self.lines.iter().filter(|line| line.obstacle.is_none()).count()
    }
}

pub async fn plan(
    app: &App,
    by: &Staff,
    opening: &Opening,
    kind: Kind,
    chosen: &[(Uuid, i64)],
) -> Result<Plan, AppError> {
    let stages = openings::stages(&app.db, opening.id).await?;
    let mut plan = Plan::default();
    for (id, moves) in chosen.iter().take(MOST_AT_ONCE) {
        let found = applications::find(&app.db, *id).await?;
        let Some(application) = found.filter(|found| found.opening == opening.id) else {
            continue;
        };
        let outcome = store::result(&app.db, *id).await?;
        let fate = fate(&application, &stages, kind, *moves, outcome.is_some());
        let from = stages.iter().find(|stage| Some(stage.id) == application.stage);
        if let (Ok(after), None) = (&fate, &plan.mail) {
            // The link is the candidate's: only the mail itself holds it.
            let mut shown = application.clone();
            shown.link = "…".into();
            let letter = letter(app, opening, (&shown, after), kind, by, &stages);
            let mut tx = app.db.begin().await?;
            plan.mail = Some((application.name.clone(), mail::filled(&mut tx, &letter).await?));
        }
        plan.lines.push(Line {
            id: *id,
            moves: application.moves,
            from: from.map(|stage| stage.name.clone()).unwrap_or_default(),
            to: match (&fate, kind) {
                (Ok(Some(stage)), _) => stage.name.clone(),
                (Ok(None), Kind::Archive) => "Archived".into(),
                _ => String::new(),
            },
            obstacle: fate.err().map(str::to_owned),
            name: application.name,
            outcome,
        });
    }
    Ok(plan)
}

/// Where it would go: to a stage, or, archived, nowhere. Or why it cannot.
fn fate(
    application: &Application,
    stages: &[Stage],
    kind: Kind,
    moves: i64,
    screened: bool,
) -> Result<Option<Stage>, &'static str> {
    if application.state != ApplicationState::Active {
        return Err("It has ended meanwhile.");
    }
    if application.moves != moves {
        return Err("Somebody has changed it meanwhile.");
    }
    if !stands_in_screening(application, stages) {
        return Err("It has gone on meanwhile.");
    }
    if !screened {
        return Err("Not enough people have read it.");
    }
    match kind {
        Kind::Archive => Ok(None),
        Kind::Advance => match stage_after(application, stages) {
            Some(stage) => Ok(Some(stage.clone())),
            None => Err("The job has no stage behind this one."),
        },
    }
}

/// The mail as it is to be read afterwards.
fn letter(
    app: &App,
    opening: &Opening,
    (application, after): (&Application, &Option<Stage>),
    kind: Kind,
    by: &Staff,
    stages: &[Stage],
) -> Letter {
    let mut moved = application.clone();
    if let Some(stage) = after {
        moved.stage = Some(stage.id);
    }
    letters::letter(app, (&moved, opening, stages), kind.event(), &by.name)
}

/// Does what can be done, all of it in one transaction. The same form sent again gives what it did the first time.
pub async fn perform(app: &App, by: &Staff, opening: &Opening, order: &Order) -> Result<Act, AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let held = hold(&mut tx, opening.id, order.chosen.iter().map(|(id, _)| *id)).await?;
    if let Some(before) = store::act_by_token(&mut tx, order.token).await? {
        drop(tx);
        return find(app, opening.id, before).await;
    }
    let stages = openings::stages_in(&mut tx, opening.id).await?;
    let mut act = Act {
        id: app.new_id(),
        opening: opening.id,
        by: by.id,
        who: by.name.clone(),
        kind: order.kind,
        stage: None,
        stage_name: String::new(),
        why: order.why.clone(),
        mailed: order.mail,
        made_at: now,
        undo_until: now.plus(UNDO_FOR),
        undone_at: None,
    };
    let (mut items, mut events) = (Vec::new(), Vec::new());
    for application in &held {
        let moves = order
            .chosen
            .iter()
            .find(|(id, _)| *id == application.id)
            .map(|(_, moves)| *moves);
        let screened = store::result_in(&mut tx, application.id).await?.is_some();
        let mut item = item(application);
        match fate(application, &stages, order.kind, moves.unwrap_or_default(), screened) {
            Ok(after) => {
                place(&mut tx, app, application, after.as_ref(), &order.why).await?;
                item.moves = applications::find_in(&mut tx, application.id)
                    .await?
                    .map(|after| after.moves);
                if order.mail {
                    let letter = letter(app, opening, (application, &after), order.kind, by, &stages);
                    item.mail = Some(mail::queue_at(&mut tx, app, &letter, act.undo_until).await?);
                }
                events.push((application.id, event(after.as_ref(), &order.why)));
                act.stage = act.stage.or(after.map(|stage| stage.id));
            }
            Err(why) => item.refused = Some(why.to_owned()),
        }
        items.push(item);
    }
    if !store::add_act(&mut tx, &act, order.token).await? {
        // Sent twice at once: the other one holds.
        drop(tx);
        return by_token(app, opening.id, order.token).await;
    }
    for item in &items {
        store::add_item(&mut tx, act.id, item).await?;
    }
    for (application, (what, detail)) in events {
        applications::add_event(&mut tx, app.new_id(), application, Some(by.id), (what, &detail), now).await?;
    }
    tx.commit().await?;
    app.job_queued.notify_one();
    find(app, opening.id, act.id).await
}

async fn by_token(app: &App, opening: Uuid, token: Uuid) -> Result<Act, AppError> {
    let mut tx = app.db.begin().await?;
    let id = store::act_by_token(&mut tx, token).await?;
    drop(tx);
    find(app, opening, id.ok_or(AppError::NotFound("decision"))?).await
}

/// The applications of this job among these, held in the order of their ids.
async fn hold(tx: &mut Tx, opening: Uuid, ids: impl Iterator<Item = Uuid>) -> Result<Vec<Application>, AppError> {
    let mut ids: Vec<Uuid> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(MOST_AT_ONCE);
    let mut held = Vec::new();
    for id in ids {
        let found = applications::lock(tx, id).await?;
        held.extend(found.filter(|found| found.opening == opening));
    }
    Ok(held)
}

fn item(before: &Application) -> Item {
    Item {
        application: before.id,
        name: before.name.clone(),
        stage: before.stage.unwrap_or_default(),
        stage_since: before.stage_since,
        moves: None,
        refused: None,
        mail: None,
        undone: None,
    }
}

async fn place(
    tx: &mut Tx,
    app: &App,
    application: &Application,
    after: Option<&Stage>,
    why: &str,
) -> Result<(), AppError> {
    match after {
        Some(stage) => placing::move_to(tx, application, stage.id, app.now()).await?,
        None => placing::end(tx, application, ApplicationState::Rejected, why, app.now()).await?,
    };
    Ok(())
}

fn event(after: Option<&Stage>, why: &str) -> (&'static str, String) {
    match after {
        Some(stage) => ("Moved to", stage.name.clone()),
        None => ("Rejected", why.to_owned()),
    }
}

pub async fn find(app: &App, opening: Uuid, id: Uuid) -> Result<Act, AppError> {
    let found = store::act(&app.db, id).await?.filter(|act| act.opening == opening);
    found.ok_or(AppError::NotFound("decision"))
}

const BACK: &str = "It is back where it was.";

/// Puts back what nobody has changed since, and takes back mails that have not left. False when it was too late for all.
pub async fn undo(app: &App, by: &Staff, act: &Act) -> Result<bool, AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let items = store::items_in(&mut tx, act.id).await?;
    let held = hold(&mut tx, act.opening, items.iter().map(|item| item.application)).await?;
    if !store::undo_act(&mut tx, act.id, by.id, now).await? {
        return Ok(false);
    }
    let stages = openings::stages_in(&mut tx, act.opening).await?;
    let mut back = Vec::new();
    for item in items.iter().filter(|item| item.moves.is_some()) {
        let application = held.iter().find(|application| application.id == item.application);
        let said = match application {
            Some(_) if !stages.iter().any(|stage| stage.id == item.stage) => "It stays: the stage is gone.",
            Some(application) if Some(application.moves) == item.moves => {
                let place = (item.stage, item.stage_since.unwrap_or(now));
                placing::put_back(&mut tx, application, place, now).await?;
                back.push(application.id);
                unwritten(&mut tx, item).await?
            }
            Some(_) => "It stays: somebody has changed it since.",
            None => "It is not there any more.",
        };
        store::undo_item(&mut tx, act.id, item.application, said).await?;
    }
    for application in back {
        let event = ("Taken back", act.kind.done());
        applications::add_event(&mut tx, app.new_id(), application, Some(by.id), event, now).await?;
    }
    tx.commit().await?;
    Ok(true)
}

async fn unwritten(tx: &mut Tx, item: &Item) -> Result<&'static str, AppError> {
    Ok(match item.mail {
        Some(mail) if !mail::take_back(tx, mail).await? => "It is back where it was, but its mail had left.",
        _ => BACK,
    })
}
