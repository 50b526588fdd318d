//! The jobs of the demonstration: two that take applications, a draft, and one that is closed.

use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::assessments::invite_form::check_day;
use crate::db::Tx;
use crate::demo::{DemoError, Panel, Past};
use crate::error::AppError;
use crate::hiring::openings::form::CheckedOpening;
use crate::hiring::openings::{Details, edit_pages, store};
use crate::hiring::{Employment, Opening, Per, Presence, Salary};
use crate::roles::store as kits;

const DAY: Duration = Duration::from_secs(24 * 3_600);

struct Plan {
    kit: &'static str,
    title: &'static str,
    level: &'static str,
    place: &'static str,
    country: &'static str,
    presence: Presence,
    kind: Employment,
    salary: (u32, u32),
    about: &'static str,
    decline_after_hours: u32,
    /// Rounds of the kit that this job goes without.
    without: &'static [&'static str],
    made_days_ago: u32,
    fate: Fate,
}

enum Fate {
    StaysDraft,
    /// Takes applications for so many days from now on.
    Open(u32),
    ClosedDaysAgo(u32),
}

const DEVELOPER_KIT: &str = "Integration Developer";
const ENGINEER_KIT: &str = "Integration Engineer / API Developer";

const CLOSED: Plan = Plan {
    kit: DEVELOPER_KIT,
    title: "Integration Developer, parental cover",
    level: "Junior",
    place: "Lisbon",
    country: "PT",
    presence: Presence::OnSite,
    kind: Employment::Temporary,
    salary: (28_000, 34_000),
    about: "You look after the connections to our carriers for ten months, while a colleague is with her child.",
    decline_after_hours: 0,
    without: &[],
    made_days_ago: 60,
    fate: Fate::ClosedDaysAgo(31),
};

const DEVELOPER: Plan = Plan {
    kit: DEVELOPER_KIT,
    title: "Integration Developer",
    level: "Mid",
    place: "Lisbon",
    country: "PT",
    presence: Presence::Hybrid,
    kind: Employment::FullTime,
    salary: (42_000, 56_000),
    about: include_str!("../files/developer.md"),
    decline_after_hours: 0,
    without: &[],
    made_days_ago: 30,
    fate: Fate::Open(21),
};

const ENGINEER: Plan = Plan {
    kit: ENGINEER_KIT,
    title: "Integration Engineer, live maps",
    level: "Senior",
    place: "European Union",
    country: "",
    presence: Presence::Remote,
    kind: Employment::FullTime,
    salary: (68_000, 84_000),
    about: include_str!("../files/engineer.md"),
    decline_after_hours: 48,
    without: &[
        "Recruiter screen",
        "Operations and reliability",
        "Cross-functional partnership",
    ],
    made_days_ago: 29,
    fate: Fate::Open(34),
};

const DRAFT: Plan = Plan {
    kit: ENGINEER_KIT,
    title: "API Developer, partner portal",
    level: "Mid",
    place: "Porto",
    country: "PT",
    presence: Presence::Hybrid,
    kind: Employment::PartTime,
    salary: (30_000, 36_000),
    about: "You build the portal in which partners find our interfaces, try them and get their keys.",
    decline_after_hours: 24,
    without: &[],
    made_days_ago: 3,
    fate: Fate::StaysDraft,
};

/// The two that take applications.
pub struct Openings {
    pub developer: Opening,
    pub engineer: Opening,
}

pub async fn make(app: &App, panel: Panel<'_>) -> Result<Openings, DemoError> {
    add(app, panel, &CLOSED).await?;
    let (developer, engineer) = (add(app, panel, &DEVELOPER).await?, add(app, panel, &ENGINEER).await?);
    add(app, panel, &DRAFT).await?;
    Ok(Openings { developer, engineer })
}

async fn add(app: &App, panel: Panel<'_>, plan: &Plan) -> Result<Opening, DemoError> {
    let now = app.now();
    let past = Past::at(app, now.minus(DAY * plan.made_days_ago));
    let id = draft(&past.app, panel, plan).await?;
    if !matches!(plan.fate, Fate::StaysDraft) {
        past.clock.advance(DAY * 2);
        let mut tx = app.db.begin().await?;
        store::publish(&mut tx, id, past.app.now()).await?;
        if let Fate::ClosedDaysAgo(days) = plan.fate {
            store::close(&mut tx, id, now.minus(DAY * days)).await?;
        }
        tx.commit().await?;
    }
    let opening = store::find(&app.db, id).await?;
    Ok(opening.ok_or(AppError::NotFound("job"))?)
}

/// The job with its stages and its team.
async fn draft(app: &App, panel: Panel<'_>, plan: &Plan) -> Result<Uuid, DemoError> {
    let known = kits::published_kits(&app.db).await?;
    let kit = known.into_iter().find(|(_, title)| title == plan.kit);
    let (kit, _) = kit.ok_or(AppError::NotFound("kit"))?;
    let (kit, document) = edit_pages::latest(app, kit).await?;
    let checked = CheckedOpening {
        details: details(app, plan),
        revision: 0,
        form_token: app.new_id(),
    };
    let id = edit_pages::add(app, &kit, &document, &checked, panel.recruiter.id).await?;
    let mut tx = app.db.begin().await?;
    leave_out(&mut tx, id, plan.without).await?;
    for member in [panel.manager, panel.interviewer] {
        store::join_team(&mut tx, id, member.id).await?;
    }
    tx.commit().await?;
    Ok(id)
}

fn details(app: &App, plan: &Plan) -> Details {
    let (from, to) = plan.salary;
    let last_day = match plan.fate {
        Fate::Open(days) => check_day(&app.now().plus(DAY * (plan.made_days_ago + days)).day(), app.now()).ok(),
        _ => None,
    };
    Details {
        title: plan.title.into(),
        level: plan.level.into(),
        place: plan.place.into(),
        country: plan.country.into(),
        presence: plan.presence,
        kind: plan.kind,
        salary: Some(Salary {
            from,
            to,
            currency: "EUR".into(),
            per: Per::Year,
        }),
        about: plan.about.into(),
        closes_at: last_day,
        decline_after_hours: plan.decline_after_hours,
        keep_months: 6,
        video_days: 7,
        video_takes: 3,
    }
}

async fn leave_out(tx: &mut Tx, opening: Uuid, rounds: &[&str]) -> Result<(), DemoError> {
    let (out, left): (Vec<_>, Vec<_>) = store::stages_in(tx, opening)
        .await?
        .into_iter()
        .partition(|stage| rounds.contains(&stage.name.as_str()));
    for stage in out {
        store::remove_stage(tx, opening, stage.id).await?;
    }
    let left: Vec<_> = left.iter().map(|stage| stage.id).collect();
    Ok(store::arrange(tx, opening, &left).await?)
}
