//! The candidate's side: one secret address, under which everything happens.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::assessments::taking::{self, TakingError};
use crate::assessments::views::{
    Closed, ClosedPage, ConfirmPage, DonePage, LogForm, Notice, ResultLink, Sitting, StartPage, WelcomePage, WorkPage,
};
use crate::assessments::work_form::WorkForm;
use crate::assessments::{Assessment, State as Standing, store};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::grader::Language;
use crate::mail;
use crate::submissions::laboratory::find_test;
use crate::submissions::{CodingTest, store as submissions};
use crate::ui::{Field, Page, Path, Query, SeeOther, Shell, markdown};

/// What a link leads to, with all that its pages share.
pub(super) struct Visit {
    pub shell: Shell,
    pub assessment: Assessment,
    pub test: CodingTest,
    pub sitting: Sitting,
}

impl Visit {
    /// `Err`: the page that says why nothing more is possible here.
    pub async fn of(app: &App, shell: Shell, link: &str) -> Result<Result<Visit, Response>, AppError> {
        let known = match taking::is_secret(link) {
            true => store::by_link(&app.db, link).await?,
            false => None,
        };
        let Some(assessment) = known else {
            return Ok(Err(closed(shell, None, Closed::Unknown)));
        };
        let test = find_test(&*app.laboratory, &assessment.challenge).ok_or(AppError::NotFound("coding test"))?;
        let sitting = Sitting {
            link: link.to_owned(),
            candidate: assessment.candidate.clone(),
            title: test.title.clone(),
            company: mail::company(&app.db).await?,
            variant: assessment.variant,
            minutes: assessment.minutes_given(),
            extra: assessment.extra_percent > 100,
            deadline: assessment.deadline,
        };
        match assessment.state(app.now()) {
            Standing::Withdrawn => Ok(Err(closed(shell, Some(sitting), Closed::Withdrawn))),
            Standing::Expired => Ok(Err(closed(shell, Some(sitting), Closed::Expired))),
            _ => Ok(Ok(Visit {
                shell,
                assessment,
                test,
                sitting,
            })),
        }
    }

    pub fn url(&self, page: &str) -> String {
        self.sitting.url(page)
    }
}

fn closed(shell: Shell, sitting: Option<Sitting>, why: Closed) -> Response {
    let status = match why {
        Closed::Unknown => StatusCode::NOT_FOUND,
        Closed::Expired | Closed::Withdrawn => StatusCode::GONE,
    };
    (status, Page(ClosedPage { shell, sitting, why })).into_response()
}

/// The visit, or the answer that ends the handler.
macro_rules! visit {
    ($app:expr, $shell:expr, $link:expr) => {
        match Visit::of(&$app, $shell, &$link).await? {
            Ok(visit) => visit,
            Err(answer) => return Ok(answer),
        }
    };
}

pub(super) use visit;

#[derive(Deserialize)]
pub struct TabQuery {
    #[serde(default)]
    tab: String,
}

/// Whatever comes next for this candidate: the welcome, the work, or what was received.
pub async fn test(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
    Query(query): Query<TabQuery>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    match visit.assessment.state(app.now()) {
        Standing::Submitted => done(&app, visit).await,
        Standing::Started => {
            let draft = draft(&app, &visit.assessment).await?;
            let tab = if draft.tab == query.tab {
                draft.tab
            } else {
                taking::take_over(&app, &visit.assessment).await?
            };
            let source = Field::new("source", "Your program").value(draft.source);
            let page = work(&app, visit, tab, draft.language, source).await?;
            Ok(Page(page).into_response())
        }
        _ => {
            taking::note_opening(&app, &visit.assessment).await?;
            let Visit { shell, sitting, .. } = visit;
            Ok(Page(WelcomePage { shell, sitting }).into_response())
        }
    }
}

async fn draft(app: &App, assessment: &Assessment) -> Result<super::Draft, AppError> {
    let draft = store::draft(&app.db, assessment.id).await?;
    draft.ok_or(AppError::NotFound("draft"))
}

pub(super) async fn work(
    app: &App,
    visit: Visit,
    tab: String,
    language: Language,
    source: Field,
) -> Result<WorkPage, AppError> {
    let Visit {
        shell,
        assessment,
        test,
        sitting,
    } = visit;
    let saved = draft(app, &assessment).await?;
    let ends_at = assessment.ends_at.unwrap_or(app.now());
    Ok(WorkPage {
        shell,
        sitting,
        statement: markdown::to_html(&test.statement),
        source,
        language,
        starter_js: test.starter_js,
        starter_ts: test.starter_ts,
        tab,
        saved_at: saved.saved_at,
        seconds_left: seconds_left(app.now(), ends_at),
        ends_at,
        run: store::last_run(&app.db, assessment.id).await?,
        runs: store::count_runs(&app.db, assessment.id).await?,
        public: test.public_criteria,
        log: store::log(&app.db, assessment.id).await?,
        log_form: LogForm::empty(),
        notice: None,
    })
}

fn seconds_left(now: Timestamp, ends_at: Timestamp) -> i64 {
    i64::try_from(now.until(ends_at).as_secs()).unwrap_or(i64::MAX)
}

async fn done(app: &App, visit: Visit) -> Result<Response, AppError> {
    let Visit {
        shell,
        assessment,
        sitting,
        ..
    } = visit;
    let submission = submission_of(app, &assessment).await?;
    let result = assessment.shared.then_some(match submission.verdict {
        Some(_) => ResultLink::Ready,
        None => ResultLink::Grading,
    });
    let submitted_at = assessment.submitted_at.unwrap_or(submission.submitted_at);
    Ok(Page(DonePage {
        shell,
        sitting,
        submitted_at,
        by_deadline: assessment.ends_at.is_some_and(|ends_at| ends_at < submitted_at),
        source: submission.program.text().into_owned(),
        language: submission.program.language,
        lines: submission.program.lines(),
        log: store::log(&app.db, assessment.id).await?,
        result,
    })
    .into_response())
}

pub(super) async fn submission_of(
    app: &App,
    assessment: &Assessment,
) -> Result<crate::submissions::Submission, AppError> {
    let id = assessment.submission.ok_or(AppError::NotFound("submission"))?;
    submissions::find(&app.db, id)
        .await?
        .ok_or(AppError::NotFound("submission"))
}

pub async fn start_page(State(app): State<App>, shell: Shell, Path(link): Path<String>) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    if visit.assessment.started_at.is_some() {
        return Ok(SeeOther::to(visit.url("")).into_response());
    }
    let Visit { shell, sitting, .. } = visit;
    Ok(Page(StartPage { shell, sitting }).into_response())
}

pub async fn start(State(app): State<App>, shell: Shell, Path(link): Path<String>) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    taking::start(&app, &visit.assessment, &visit.test).await?;
    app.job_queued.notify_one();
    Ok(SeeOther::to(visit.url("")).into_response())
}

/// How the clock stands, for the page that shows it.
pub async fn clock(State(app): State<App>, shell: Shell, Path(link): Path<String>) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let now = app.now();
    let tab = store::draft(&app.db, visit.assessment.id).await?.map(|draft| draft.tab);
    let seconds_left = visit.assessment.ends_at.map(|ends_at| seconds_left(now, ends_at));
    Ok(answer(
        StatusCode::OK,
        &json!({ "state": visit.assessment.state(now).id(), "seconds_left": seconds_left, "tab": tab }),
    ))
}

pub(super) fn answer(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

pub async fn save(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
    form: WorkForm,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    if let Err(error) = taking::save(&app, &visit.assessment, &form.typed()).await {
        return refused(&app, visit, &form, error).await;
    }
    let now = app.now();
    if form.by_script {
        let left = visit.assessment.ends_at.map(|ends_at| seconds_left(now, ends_at));
        let saved = json!({ "saved": now.hour_words(), "saved_at": now.iso(), "seconds_left": left });
        return Ok(answer(StatusCode::OK, &saved));
    }
    let next = match form.next.as_str() {
        "submission" => visit.url("submission"),
        entry if entry.strip_prefix("log/").is_some_and(|id| id.parse::<Uuid>().is_ok()) => visit.url(entry),
        _ => back(&visit, &form, ""),
    };
    Ok(SeeOther::to(next).into_response())
}

/// The work page again, as the same tab.
fn back(visit: &Visit, form: &WorkForm, part: &str) -> String {
    format!("{}?tab={}{part}", visit.url(""), crate::ui::percent_encoded(&form.tab))
}

pub async fn run(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
    form: WorkForm,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    match taking::run(&app, &visit.assessment, &form.typed()).await {
        Ok(()) => Ok(went_well(&visit, &form, "#results")),
        Err(error) => refused(&app, visit, &form, error).await,
    }
}

/// To a script: where the new state can be fetched. To a browser: the way there.
pub(super) fn went_well(visit: &Visit, form: &WorkForm, part: &str) -> Response {
    if form.by_script {
        return answer(StatusCode::OK, &json!({ "next": back(visit, form, "") }));
    }
    SeeOther::to(back(visit, form, part)).into_response()
}

pub async fn submit(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
    form: WorkForm,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    if visit.assessment.submitted_at.is_some() {
        return Ok(went_to(&visit, &form, ""));
    }
    let mut typed = form.typed();
    if form.source.is_none() {
        // From the page that asks once more: the draft as it is stored.
        let draft = draft(&app, &visit.assessment).await?;
        (typed.source, typed.language) = (draft.source, draft.language);
    }
    let confirmed = form.confirmed == "yes";
    let done = if confirmed {
        taking::submit(&app, &visit.assessment, &typed).await
    } else {
        taking::save(&app, &visit.assessment, &typed).await
    };
    match done {
        Ok(()) if confirmed => Ok(went_to(&visit, &form, "")),
        Ok(()) => Ok(went_to(&visit, &form, "submission")),
        Err(error) => refused(&app, visit, &form, error).await,
    }
}

pub(super) fn went_to(visit: &Visit, form: &WorkForm, page: &str) -> Response {
    if form.by_script {
        return answer(StatusCode::OK, &json!({ "next": visit.url(page) }));
    }
    SeeOther::to(visit.url(page)).into_response()
}

pub async fn confirm_page(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    if visit.assessment.state(app.now()) != Standing::Started {
        return Ok(SeeOther::to(visit.url("")).into_response());
    }
    let draft = draft(&app, &visit.assessment).await?;
    let ends_at = visit.assessment.ends_at.unwrap_or(app.now());
    let log_entries = store::count_log(&app.db, visit.assessment.id).await? as usize;
    let Visit { shell, sitting, .. } = visit;
    Ok(Page(ConfirmPage {
        shell,
        sitting,
        lines: draft.source.lines().count(),
        language: draft.language,
        seconds_left: seconds_left(app.now(), ends_at),
        ends_at,
        saved_at: draft.saved_at,
        log_entries,
        tab: draft.tab,
    })
    .into_response())
}

/// Says why, and shows again what was typed.
pub(super) async fn refused(
    app: &App,
    visit: Visit,
    form: &WorkForm,
    error: TakingError,
) -> Result<Response, AppError> {
    let message = error.to_string();
    let (status, reason, notice) = match error {
        TakingError::Db(error) => return Err(error.into()),
        TakingError::App(error) => return Err(error),
        TakingError::AnotherTab => (StatusCode::CONFLICT, "another_tab", Notice::AnotherTab),
        TakingError::Over => (StatusCode::GONE, "over", Notice::Refused(message.clone())),
        TakingError::TooLarge(bytes) => (StatusCode::UNPROCESSABLE_ENTITY, "refused", Notice::TooLarge { bytes }),
        TakingError::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", Notice::Busy),
        TakingError::TooOften => (StatusCode::TOO_MANY_REQUESTS, "busy", Notice::Refused(message.clone())),
        TakingError::LogFull | TakingError::NoRunsLeft => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "refused",
            Notice::Refused(message.clone()),
        ),
    };
    if form.by_script {
        return Ok(answer(status, &json!({ "reason": reason, "message": message })));
    }
    if reason == "over" {
        return Ok(SeeOther::to(visit.url("")).into_response());
    }
    // The page that explains is the newest one, and may save what it shows.
    let tab = match notice {
        Notice::AnotherTab => taking::take_over(app, &visit.assessment).await?,
        _ => form.tab.clone(),
    };
    let typed = form.typed();
    let source = Field::new("source", "Your program").value(form.kept_source());
    let mut page = work(app, visit, tab, typed.language, source).await?;
    page.log_form.proposed = page.log_form.proposed.value(form.proposed.clone());
    page.log_form.why = page.log_form.why.value(form.why.clone());
    page.log_form.fate = page.log_form.fate.value(form.fate.clone());
    page.notice = Some(notice);
    Ok((status, Page(page)).into_response())
}
