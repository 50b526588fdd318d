//! Deciding on several applications: what would happen, then what has happened, and the way back.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::applications::handling::check_why;
use crate::hiring::screening::acting::{self, Act, Item, Kind, Line, MOST_AT_ONCE, Order, Plan};
use crate::hiring::screening::result_pages::reason_field;
use crate::hiring::screening::store;
use crate::hiring::{Opening, access};
use crate::people::guard::SignedIn;
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell};

#[derive(Template)]
#[template(path = "hiring/screening/preview.html")]
pub struct PreviewPage {
    pub shell: Shell,
    pub opening: Opening,
    pub kind: Kind,
    pub plan: Plan,
    pub mail: bool,
    pub reason: Field,
    pub form_token: Uuid,
}

impl PreviewPage {
    pub fn with_errors(&self) -> Vec<&Field> {
        match self.archives() && self.plan.possible() > 0 {
            true => crate::ui::form::with_errors(&[&self.reason]),
            false => Vec::new(),
        }
    }

    pub fn archives(&self) -> bool {
        self.kind == Kind::Archive
    }

    pub fn possible(&self) -> Vec<&Line> {
        self.plan.lines.iter().filter(|line| line.obstacle.is_none()).collect()
    }

    pub fn impossible(&self) -> Vec<(&Line, &String)> {
        let lines = self.plan.lines.iter();
        lines.filter_map(|line| Some((line, line.obstacle.as_ref()?))).collect()
    }
}

/// The fields of both forms, of which several may have the same name.
struct Typed(Vec<(String, String)>);

impl Typed {
    fn value(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    fn kind(&self) -> Result<Kind, AppError> {
        let what = self.value("what");
        Kind::from_id(what).ok_or_else(|| AppError::Malformed(format!("what {what:?}")))
    }

    /// Each as `id:moves`.
    fn chosen(&self) -> Vec<(Uuid, i64)> {
        let chosen = self.0.iter().filter(|(name, _)| name == "chosen");
        let read = |value: &str| {
            let (id, moves) = value.split_once(':')?;
            Some((id.parse().ok()?, moves.parse().ok()?))
        };
        chosen.filter_map(|(_, value)| read(value)).take(MOST_AT_ONCE).collect()
    }
}

pub async fn preview(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let typed = Typed(fields);
    let (kind, chosen) = (typed.kind()?, typed.chosen());
    if chosen.is_empty() {
        let said = Flash::warn("Nobody was chosen. Tick those whom you mean, then press the button again.");
        let back = SeeOther::to(format!("{}/screening", opening.url()));
        return Ok(back.saying(said).into_response());
    }
    let plan = acting::plan(&app, &staff, &opening, kind, &chosen).await?;
    Ok(Page(PreviewPage {
        shell,
        opening,
        kind,
        plan,
        mail: true,
        reason: reason_field(),
        form_token: app.new_id(),
    })
    .into_response())
}

pub async fn perform(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let typed = Typed(fields);
    let (kind, chosen, mail) = (typed.kind()?, typed.chosen(), typed.value("mail") == "yes");
    let token = typed.value("form_token").parse();
    let token = token.map_err(|_| AppError::Malformed("a form without its token".into()))?;
    let why = match (kind, check_why(typed.value("reason"))) {
        (Kind::Archive, Err(error)) => {
            let page = PreviewPage {
                shell,
                plan: acting::plan(&app, &staff, &opening, kind, &chosen).await?,
                opening,
                kind,
                mail,
                reason: reason_field().value(typed.value("reason")).error(Some(error)),
                form_token: token,
            };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
        (Kind::Archive, Ok(why)) => why,
        (Kind::Advance, _) => String::new(),
    };
    let order = Order {
        kind,
        chosen,
        why,
        mail,
        token,
    };
    let act = acting::perform(&app, &staff, &opening, &order).await?;
    Ok(SeeOther::to(act.url()).into_response())
}

#[derive(Template)]
#[template(path = "hiring/screening/act.html")]
pub struct ActPage {
    pub shell: Shell,
    pub now: Timestamp,
    pub opening: Opening,
    pub act: Act,
    pub items: Vec<Item>,
}

impl ActPage {
    pub fn done(&self) -> Vec<&Item> {
        self.items.iter().filter(|item| item.moves.is_some()).collect()
    }

    pub fn refused(&self) -> Vec<(&Item, &String)> {
        let items = self.items.iter();
        items.filter_map(|item| Some((item, item.refused.as_ref()?))).collect()
    }

    pub fn can_be_undone(&self) -> bool {
        self.act.can_be_undone(self.now) && !self.done().is_empty()
    }

    pub fn written(&self) -> usize {
        self.items.iter().filter(|item| item.mail.is_some()).count()
    }
}

pub async fn act(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path((id, act)): Path<(Uuid, Uuid)>,
) -> Result<Page<ActPage>, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let act = acting::find(&app, id, act).await?;
    Ok(Page(ActPage {
        shell,
        now: app.now(),
        items: store::items(&app.db, act.id).await?,
        opening,
        act,
    }))
}

pub async fn undo(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path((id, act)): Path<(Uuid, Uuid)>,
) -> Result<SeeOther, AppError> {
    access::opening(&app, &staff, id).await?;
    let act = acting::find(&app, id, act).await?;
    let back = SeeOther::to(act.url());
    if act.undone_at.is_some() {
        return Ok(back);
    }
    Ok(match acting::undo(&app, &staff, &act).await? {
        true => back.saying(Flash::good("Taken back.")),
        false => back.saying(Flash::warn(
            "It is too late to take this back: the 15 minutes are over.",
        )),
    })
}
