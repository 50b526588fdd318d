//! Assessments as recruiters and panels see them.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::assessments::invite_form::{InviteFields, InviteForm, check_day, check_factor};
use crate::assessments::inviting::{self, Action, Extension};
use crate::assessments::store::Filter;
use crate::assessments::{Assessment, LogEntry, RunLine, State as Standing, Variant, sight, store};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::mail::{self, MailLine};
use crate::people::guard::SignedIn;
use crate::people::{Permission, Staff};
use crate::submissions::CodingTest;
use crate::submissions::laboratory::find_test;
use crate::ui::{Field, Flash, Form, MOST_COUNTED, Page, Path, Query, SeeOther, Shell, capped, percent_encoded};

const LINES_A_PAGE: usize = 50;
pub const USUAL_MINUTES: u32 = 20;
/// How long a candidate has to start, unless said otherwise.
pub const USUAL_DAYS: u64 = 7;

#[derive(Template)]
#[template(path = "assessments/assessments.html")]
pub struct AssessmentsPage {
    pub shell: Shell,
    pub now: Timestamp,
    pub who: Field,
    pub state: Field,
    pub variant: Field,
    /// How many there are in each state, up to one more than are told.
    pub counts: Vec<(Standing, i64)>,
    pub filtered: bool,
    pub lines: Vec<Assessment>,
    pub newest: Option<String>,
    pub older: Option<String>,
}

impl AssessmentsPage {
    pub fn may_invite(&self) -> bool {
        self.shell.may(&Permission::InviteCandidates)
    }

    pub fn count(&self, state: &Standing) -> i64 {
        self.counts.iter().find(|(s, _)| s == state).map_or(0, |(_, n)| *n)
    }

    pub fn count_words(&self, state: &Standing) -> String {
        capped(self.count(state))
    }
}

#[derive(Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    who: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    variant: String,
    before: Option<Uuid>,
}

impl ListQuery {
    fn filter(&self) -> Filter {
        Filter {
            state: Standing::from_id(&self.state),
            variant: Variant::from_id(&self.variant),
            who: Some(self.who.trim().to_owned()).filter(|who| !who.is_empty()),
            before: self.before,
        }
    }

    fn url(&self, before: Option<Uuid>) -> String {
        let before = before.map(|id| format!("&before={id}")).unwrap_or_default();
        let [who, state, variant] = [&self.who, &self.state, &self.variant].map(|value| percent_encoded(value));
        format!("/assessments?who={who}&state={state}&variant={variant}{before}")
    }
}

pub async fn assessments(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Query(query): Query<ListQuery>,
) -> Result<Page<AssessmentsPage>, AppError> {
    let (filter, now) = (query.filter(), app.now());
    let most = i64::try_from(LINES_A_PAGE + 1).unwrap_or(i64::MAX);
    let mut lines = store::list(&app.db, staff.id, &filter, now, most).await?;
    let more = lines.len() > LINES_A_PAGE;
    lines.truncate(LINES_A_PAGE);
    let last = lines.last().map(|line| line.id).filter(|_| more);
    Ok(Page(AssessmentsPage {
        shell,
        now,
        who: Field::new("who", "Name or address").value(&query.who),
        state: Field::new("state", "State").value(&query.state),
        variant: Field::new("variant", "Variant").value(&query.variant),
        counts: store::counts(&app.db, staff.id, now, MOST_COUNTED + 1).await?,
        filtered: filter.state.is_some() || filter.variant.is_some() || filter.who.is_some(),
        newest: query.before.map(|_| query.url(None)),
        older: last.map(|id| query.url(Some(id))),
        lines,
    }))
}

#[derive(Template)]
#[template(path = "assessments/invite.html")]
pub struct InvitePage {
    pub shell: Shell,
    pub fields: InviteFields,
    pub tests: Vec<CodingTest>,
    /// Where the form goes, and where people go who leave it.
    pub action: String,
    pub back: String,
}

impl InvitePage {
    /// `application`: the one for which the test is given.
    pub fn new(app: &App, shell: Shell, fields: InviteFields, application: Option<Uuid>) -> InvitePage {
        let (action, back) = match application {
            Some(id) => (format!("/applications/{id}/test"), format!("/applications/{id}")),
            None => ("/assessments".to_owned(), "/assessments".to_owned()),
        };
        InvitePage {
            shell,
            fields,
            tests: app.laboratory.tests().to_vec(),
            action,
            back,
        }
    }

    pub fn tests_to_choose(&self) -> Vec<(String, String)> {
        self.tests
            .iter()
            .map(|test| (test.id.clone(), test.title.clone()))
            .collect()
    }
}

pub async fn invite_page(State(app): State<App>, shell: Shell) -> Page<InvitePage> {
    let deadline = app.now().plus(std::time::Duration::from_secs(USUAL_DAYS * 86_400));
    let fields = InviteFields::new(app.new_id().to_string(), USUAL_MINUTES, deadline);
    Page(InvitePage::new(&app, shell, fields, None))
}

pub async fn invite(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Form(form): Form<InviteForm>,
) -> Result<Response, AppError> {
    match form.check(&app.laboratory.tests(), app.now()) {
        Ok(invitation) => {
            let mail = match app.post {
                Some(_) => "The mail is on its way.",
                None => "Mail is kept here: please pass the link on yourself.",
            };
            let said = format!("{} is invited. {mail}", invitation.candidate);
            let id = inviting::invite(&app, staff.id, invitation).await?;
            let page = SeeOther::to(format!("/assessments/{id}"));
            Ok(page.saying(Flash::good(said)).into_response())
        }
        Err(fields) => {
            let page = InvitePage::new(&app, shell, *fields, None);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "assessments/assessment.html")]
pub struct AssessmentPage {
    pub shell: Shell,
    pub now: Timestamp,
    pub assessment: Assessment,
    pub test: Option<CodingTest>,
    /// The candidate's address, while there is one.
    pub address: Option<String>,
    pub runs: Vec<RunLine>,
    pub log: Vec<LogEntry>,
    pub mails: Vec<MailLine>,
}

impl AssessmentPage {
    pub fn may_invite(&self) -> bool {
        self.shell.may(&Permission::InviteCandidates)
    }

    /// Whether anything can still be done with it.
    pub fn goes_on(&self) -> bool {
        Action::ALL.iter().any(|action| self.can(action))
    }

    pub fn can(&self, action: &Action) -> bool {
        action.obstacle(&self.assessment, self.now).is_none()
    }
}

/// For whoever may read it anyway: the candidate, and those who may read the application.
pub async fn find(app: &App, id: Uuid) -> Result<Assessment, AppError> {
    store::find(&app.db, id).await?.ok_or(AppError::NotFound("assessment"))
}

/// One that this person may read. To others it is as if there were none.
async fn seen(app: &App, staff: &Staff, id: Uuid) -> Result<Assessment, AppError> {
    sight::check_assessment(app, id, staff.id).await?;
    find(app, id).await
}

pub async fn assessment(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<AssessmentPage>, AppError> {
    let assessment = seen(&app, &staff, id).await?;
    let may_invite = shell.may(&Permission::InviteCandidates);
    let address = assessment.link.as_ref().filter(|_| may_invite);
    Ok(Page(AssessmentPage {
        now: app.now(),
        test: find_test(&*app.laboratory, &assessment.challenge),
        address: address.map(|link| app.config.public_url.join(&format!("/test/{link}"))),
        runs: store::run_lines(&app.db, id).await?,
        log: store::log(&app.db, id).await?,
        mails: mail::store::about(&app.db, id).await?,
        shell,
        assessment,
    }))
}

/// Those that were chosen, what is to be done, and what it would do.
#[derive(Template)]
#[template(path = "assessments/change.html")]
pub struct ChangePage {
    pub shell: Shell,
    pub action: Action,
    pub chosen: Vec<Assessment>,
    pub skipped: Vec<(Assessment, &'static str)>,
    pub deadline: Field,
    pub extra: Field,
}

struct ChangeForm {
    action: Action,
    ids: Vec<Uuid>,
    confirmed: bool,
    deadline: Option<String>,
    extra: Option<String>,
}

impl ChangeForm {
    fn read(pairs: Vec<(String, String)>) -> Result<ChangeForm, AppError> {
        let get = |name: &str| {
            pairs
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        };
        let action = get("action").and_then(|id| Action::from_id(&id));
        let ids = pairs.iter().filter(|(key, _)| key == "id");
        Ok(ChangeForm {
            action: action.ok_or_else(|| AppError::Malformed("an action is missing".into()))?,
            ids: ids.filter_map(|(_, id)| id.parse().ok()).take(LINES_A_PAGE).collect(),
            confirmed: get("confirmed").as_deref() == Some("yes"),
            deadline: get("deadline"),
            extra: get("extra"),
        })
    }
}

/// As people write it: 150 is "1.5".
fn factor(percent: u32) -> String {
    (f64::from(percent) / 100.0).to_string()
}

/// Shows first what would be done, and does it once that is confirmed.
pub async fn change(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let form = ChangeForm::read(pairs)?;
    if form.ids.is_empty() {
        let nobody = Flash::warn("Nobody was chosen. Tick the lines first.");
        return Ok(SeeOther::to("/assessments").saying(nobody).into_response());
    }
    for id in &form.ids {
        sight::check_assessment(&app, *id, staff.id).await?;
    }
    let now = app.now();
    let later = now.plus(std::time::Duration::from_secs(USUAL_DAYS * 86_400));
    let deadline = form.deadline.clone().unwrap_or_else(|| later.day());
    let extra = match (&form.extra, form.ids.as_slice()) {
        (Some(extra), _) => extra.clone(),
        (None, [id]) => factor(find(&app, *id).await?.extra_percent),
        (None, _) => factor(100),
    };
    let (checked_day, checked_factor) = (check_day(&deadline, now), check_factor(&extra));
    let extension = match (&checked_day, &checked_factor) {
        (Ok(deadline), Ok(extra_percent)) => Some(Extension {
            deadline: *deadline,
            extra_percent: *extra_percent,
        }),
        _ => None,
    };
    if form.confirmed && (form.action != Action::Extend || extension.is_some()) {
        let done = inviting::act(&app, form.action, &form.ids, extension).await?;
        let back = match form.ids.as_slice() {
            [id] => format!("/assessments/{id}"),
            _ => "/assessments".to_owned(),
        };
        return Ok(SeeOther::to(back).saying(said(form.action, done)).into_response());
    }
    let (mut chosen, mut skipped) = (Vec::new(), Vec::new());
    for id in &form.ids {
        let assessment = find(&app, *id).await?;
        match form.action.obstacle(&assessment, now) {
            None => chosen.push(assessment),
            Some(why) => skipped.push((assessment, why)),
        }
    }
    let wrong = form.confirmed;
    let page = ChangePage {
        shell,
        action: form.action,
        chosen,
        skipped,
        deadline: Field::new("deadline", "Start by")
            .hint("For those that have not started; the end of that day, UTC.")
            .value(deadline)
            .error(checked_day.err()),
        extra: Field::new("extra", "Time factor")
            .hint("1.5 gives half as much again; also to those under way.")
            .value(extra)
            .error(checked_factor.err()),
    };
    let status = if wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok((status, Page(page)).into_response())
}

fn said(action: Action, done: usize) -> Flash {
    let what = match action {
        Action::Remind => "reminded",
        Action::Extend => "extended",
        Action::Withdraw => "withdrawn",
    };
    match done {
        0 => Flash::warn(format!("Nothing was {what}: all of them have moved on meanwhile.")),
        1 => Flash::good(format!("One assessment was {what}.")),
        n => Flash::good(format!("{n} assessments were {what}.")),
    }
}

pub async fn replace_link(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, AppError> {
    seen(&app, &staff, id).await?;
    inviting::replace_link(&app, id).await?;
    let said = "A new link is on its way by mail. The old one leads nowhere any more.";
    Ok(SeeOther::to(format!("/assessments/{id}")).saying(Flash::good(said)))
}

pub async fn revoke_link(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, AppError> {
    seen(&app, &staff, id).await?;
    inviting::revoke_link(&app, id).await?;
    let said = "The link leads nowhere any more.";
    Ok(SeeOther::to(format!("/assessments/{id}")).saying(Flash::good(said)))
}

#[derive(Deserialize)]
pub struct SharingForm {
    #[serde(default)]
    shared: String,
}

pub async fn share(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<SharingForm>,
) -> Result<SeeOther, AppError> {
    seen(&app, &staff, id).await?;
    let shared = form.shared == "yes";
    inviting::share(&app, id, shared).await?;
    let said = if shared {
        "The candidate may read the result."
    } else {
        "The candidate does not see the result."
    };
    Ok(SeeOther::to(format!("/assessments/{id}")).saying(Flash::good(said)))
}
