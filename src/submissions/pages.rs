//! Coding tests and submissions in the browser.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::assessments::{reading, sight};
use crate::error::AppError;
use crate::grader::RUNS;
use crate::grader::verdict::Criterion;
use crate::jobs::{self, Progress, Task};
use crate::people::guard::SignedIn;
use crate::people::{Permission, Staff};
use crate::submissions::form::{SubmissionFields, SubmissionForm};
use crate::submissions::laboratory::find_test;
use crate::submissions::store::{Filter, NewSubmission};
use crate::submissions::verdict_page::VerdictPage;
use crate::submissions::{BandFilter, CodingTest, Replayed, Standing, Submission, SubmissionLine, store};
use crate::ui::form::with_errors;
use crate::ui::plots::{self, Figure};
use crate::ui::{Field, Flash, Page, Path, Query, SeeOther, Shell};

#[derive(Template)]
#[template(path = "submissions/challenges.html")]
pub struct ChallengesPage {
    pub shell: Shell,
    /// With how many programs were submitted.
    pub tests: Vec<(CodingTest, i64)>,
}

pub async fn challenges(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
) -> Result<Page<ChallengesPage>, AppError> {
    let counts = store::count_by_challenge(&app.db, staff.id).await?;
    let count = |id: &str| {
        counts
            .iter()
            .find(|(challenge, _)| challenge == id)
            .map_or(0, |(_, n)| *n)
    };
    let tests = app
        .laboratory
        .tests()
        .iter()
        .map(|test| (test.clone(), count(&test.id)))
        .collect();
    Ok(Page(ChallengesPage { shell, tests }))
}

#[derive(Template)]
#[template(path = "submissions/challenge.html")]
pub struct ChallengePage {
    pub shell: Shell,
    pub test: CodingTest,
    pub statement: String,
    pub fields: SubmissionFields,
}

impl ChallengePage {
    fn new(shell: Shell, test: CodingTest, fields: SubmissionFields) -> ChallengePage {
        ChallengePage {
            shell,
            statement: crate::ui::markdown::to_html(&test.statement),
            test,
            fields,
        }
    }
}

pub async fn challenge(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Page<ChallengePage>, AppError> {
    let test = find_test(&*app.laboratory, &id).ok_or(AppError::NotFound("coding test"))?;
    let fields = SubmissionFields::new(&app.new_id().to_string());
    Ok(Page(ChallengePage::new(shell, test, fields)))
}

pub async fn submit(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<String>,
    form: SubmissionForm,
) -> Result<Response, AppError> {
    let test = find_test(&*app.laboratory, &id).ok_or(AppError::NotFound("coding test"))?;
    let checked = match form.check() {
        Ok(checked) => checked,
        Err(mut fields) => {
            if fields.form_token.parse::<Uuid>().is_err() {
                fields.form_token = app.new_id().to_string();
            }
            let page = ChallengePage::new(shell, test, *fields);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
    };
    let submission = NewSubmission {
        id: app.new_id(),
        challenge: test.id,
        title: checked.title,
        program: checked.program,
        seed: checked.seed,
        submitted_by: staff.id,
        form_token: checked.form_token,
    };
    let id = keep(&app, &submission).await?;
    Ok(SeeOther::to(format!("/submissions/{id}")).into_response())
}

/// Stores a submission with the job that grades it. The same form sent twice gives the first one.
pub async fn keep(app: &App, submission: &NewSubmission) -> Result<Uuid, AppError> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if store::add(&mut tx, submission, now).await? {
        jobs::store::add(
            &mut tx,
            app.new_id(),
            Task::Grade {
                submission: submission.id,
            },
            now,
        )
        .await?;
        tx.commit().await?;
        app.job_queued.notify_one();
        return Ok(submission.id);
    }
    drop(tx);
    let first = store::by_form_token(&app.db, submission.form_token, submission.submitted_by).await?;
    first.ok_or(AppError::Conflict("This form has been sent by somebody else".into()))
}

const LINES_A_PAGE: usize = 25;

#[derive(Template)]
#[template(path = "submissions/submissions.html")]
pub struct SubmissionsPage {
    pub shell: Shell,
    pub lines: Vec<SubmissionLine>,
    pub q: Field,
    pub band: Field,
    pub challenge: Field,
    pub challenges: Vec<(String, String)>,
    pub filtered: bool,
    /// Addresses of the pages beside this one.
    pub newest: Option<String>,
    pub older: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    band: String,
    #[serde(default)]
    challenge: String,
    before: Option<Uuid>,
}

impl ListQuery {
    fn filter(&self) -> Filter {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Filter {
            challenge: some(&crate::ui::clean_line(&self.challenge)),
            band: BandFilter::from_id(&self.band),
            title: some(&crate::ui::clean_line(&self.q)),
            before: self.before,
        }
    }

    fn url(&self, before: Option<Uuid>) -> String {
        let mut parts = Vec::new();
        for (name, value) in [("q", &self.q), ("band", &self.band), ("challenge", &self.challenge)] {
            if !value.is_empty() {
                parts.push(format!("{name}={}", crate::ui::percent_encoded(value)));
            }
        }
        parts.extend(before.map(|id| format!("before={id}")));
        if parts.is_empty() {
            "/submissions".into()
        } else {
            format!("/submissions?{}", parts.join("&"))
        }
    }
}

pub async fn submissions(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Query(query): Query<ListQuery>,
) -> Result<Page<SubmissionsPage>, AppError> {
    let filter = query.filter();
    let most = i64::try_from(LINES_A_PAGE + 1).unwrap_or(i64::MAX);
    let mut lines = store::list(&app.db, staff.id, &filter, most).await?;
    let more = lines.len() > LINES_A_PAGE;
    lines.truncate(LINES_A_PAGE);
    let last = lines.last().map(|line| line.id).filter(|_| more);
    let tests = app.laboratory.tests();
    Ok(Page(SubmissionsPage {
        shell,
        q: Field::new("q", "Title").value(&query.q),
        band: Field::new("band", "Band").value(&query.band),
        challenge: Field::new("challenge", "Coding test").value(&query.challenge),
        challenges: tests.iter().map(|test| (test.id.clone(), test.title.clone())).collect(),
        filtered: filter.challenge.is_some() || filter.band.is_some() || filter.title.is_some(),
        newest: query.before.map(|_| query.url(None)),
        older: last.map(|id| query.url(Some(id))),
        lines,
    }))
}

/// One that this person may read. To others it is as if there were none.
pub async fn find(app: &App, staff: &Staff, id: Uuid) -> Result<Submission, AppError> {
    sight::check_submission(app, id, staff.id).await?;
    store::find(&app.db, id).await?.ok_or(AppError::NotFound("submission"))
}

/// A submission that waits for its verdict, or whose grading failed.
#[derive(Template)]
#[template(path = "submissions/waiting.html")]
pub struct WaitingPage {
    pub shell: Shell,
    pub submission: Submission,
    pub progress: Progress,
}

pub async fn submission(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response, AppError> {
    let submission = find(&app, &staff, id).await?;
    let Some(stored) = submission.verdict.clone() else {
        let progress = jobs::store::progress(&app.db, Task::Grade { submission: id }, app.now()).await?;
        // Between two looks the job may have ended: then the verdict is there, and the page asks again.
        let progress = progress.unwrap_or(Progress::Running);
        return Ok(Page(WaitingPage {
            shell,
            submission,
            progress,
        })
        .into_response());
    };
    let edition = find_test(&*app.laboratory, &submission.challenge).map(|test| test.edition);
    let reading = reading::of_submission(&app.db, id, &stored.verdict).await?;
    let mut page = VerdictPage::new(shell, submission, stored.verdict);
    page.reading = reading;
    page.may_regrade = edition.is_some() && page.shell.may(&Permission::Regrade);
    page.newer_edition = edition.filter(|edition| *edition != page.verdict.edition);
    Ok(Page(page).into_response())
}

pub async fn retry(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, AppError> {
    find(&app, &staff, id).await?;
    let mut tx = app.db.begin().await?;
    let queued = jobs::store::retry(&mut tx, Task::Grade { submission: id }, app.now()).await?;
    tx.commit().await?;
    app.job_queued.notify_one();
    let page = SeeOther::to(format!("/submissions/{id}"));
    Ok(if queued {
        page.saying(Flash::good("It is being graded again."))
    } else {
        page
    })
}

/// The program as it was submitted, to save.
pub async fn source(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response, AppError> {
    let submission = find(&app, &staff, id).await?;
    let name = format!("attachment; filename=\"{id}.{}\"", submission.program.file_ending());
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, submission.program.source).into_response())
}

/// The verdict as JSON, to save.
pub async fn report(
    State(app): State<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response, AppError> {
    let submission = find(&app, &staff, id).await?;
    let stored = submission.verdict.ok_or(AppError::NotFound("verdict yet"))?;
    let json = serde_json::to_vec_pretty(&stored.verdict).map_err(|e| AppError::Internal(e.into()))?;
    let name = format!("attachment; filename=\"{id}.json\"");
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, json).into_response())
}

#[derive(Template)]
#[template(path = "submissions/replay.html")]
pub struct ReplayPage {
    pub shell: Shell,
    pub submission: Submission,
    pub scenario: Field,
    pub seed: Field,
    pub scenarios: Vec<(String, String)>,
    pub run: Option<ReplayView>,
}

/// One run, as the page shows it.
pub struct ReplayView {
    pub scenario: String,
    pub figure: Figure,
    pub printed: Vec<String>,
    /// Lines that were printed and are not in `printed`.
    pub left_out: usize,
}

/// A program may print in each of many processes; a reader has seen enough after these lines.
const MOST_PRINTED: usize = 400;

impl From<Replayed> for ReplayView {
    fn from(replayed: Replayed) -> ReplayView {
        let mut printed = replayed.console;
        let left_out = printed.len().saturating_sub(MOST_PRINTED);
        printed.truncate(MOST_PRINTED);
        ReplayView {
            figure: plots::timeline(&replayed.timeline),
            scenario: replayed.timeline.scenario,
            printed,
            left_out,
        }
    }
}

impl ReplayPage {
    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.scenario, &self.seed])
    }
}

#[derive(Deserialize)]
pub struct ReplayQuery {
    scenario: Option<String>,
    #[serde(default)]
    seed: String,
}

/// How long a person waits for a free place in the laboratory.
const REPLAY_PATIENCE: Duration = Duration::from_secs(5);

pub async fn replay(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Query(query): Query<ReplayQuery>,
) -> Result<Response, AppError> {
    let submission = find(&app, &staff, id).await?;
    let test = find_test(&*app.laboratory, &submission.challenge).ok_or(AppError::NotFound("coding test"))?;
    // A finding names the seed of one run, and a grading has many.
    let first_run = submission.seed.saturating_mul(RUNS).saturating_add(1);
    let seed = match query.seed.trim() {
        "" => Ok(first_run),
        typed => typed
            .parse()
            .map_err(|_| "A seed is a whole number from 0 to 18446744073709551615."),
    };
    let known = query
        .scenario
        .as_ref()
        .is_none_or(|chosen| test.scenarios.iter().any(|s| s.id == *chosen));
    let mut scenario_error = (!known).then(|| "There is no such scenario in this edition.".to_owned());
    let replayed = match (&query.scenario, seed) {
        (Some(scenario), Ok(seed)) if known => match run_replay(&app, &submission, scenario, seed).await? {
            Ok(replayed) => Some(replayed),
            Err(failure) => {
                scenario_error = Some(failure);
                None
            }
        },
        _ => None,
    };
    let shown_seed = if query.seed.is_empty() {
        first_run.to_string()
    } else {
        query.seed
    };
    let failed = scenario_error.is_some() || seed.is_err();
    let page = ReplayPage {
        shell,
        scenario: Field::new("scenario", "Scenario")
            .value(query.scenario.unwrap_or_default())
            .error(scenario_error),
        seed: Field::new("seed", "Seed").value(shown_seed).error(seed.err()),
        scenarios: test
            .scenarios
            .iter()
            .map(|s| (s.id.clone(), format!("{}: {}", s.id, s.about)))
            .collect(),
        submission,
        run: replayed.map(ReplayView::from),
    };
    let status = if failed {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok((status, Page(page)).into_response())
}

async fn run_replay(
    app: &App,
    submission: &Submission,
    scenario: &str,
    seed: u64,
) -> Result<Result<Replayed, String>, AppError> {
    let place = tokio::time::timeout(REPLAY_PATIENCE, Arc::clone(&app.replaying).acquire_owned()).await;
    let Ok(Ok(place)) = place else {
        return Err(AppError::Busy(REPLAY_PATIENCE));
    };
    let laboratory = Arc::clone(&app.laboratory);
    let (test, program, scenario) = (
        submission.challenge.clone(),
        submission.program.clone(),
        scenario.to_owned(),
    );
    let replayed = tokio::task::spawn_blocking(move || {
        let replayed = laboratory.replay(&test, &program, &scenario, seed);
        drop(place);
        replayed
    });
    Ok(replayed.await?.map_err(|failure| failure.to_string()))
}

impl SubmissionLine {
    /// One of the bands' places on the scale, and the words for it.
    pub fn standing_label(&self) -> &'static str {
        match &self.standing {
            Standing::Waiting => "Grading",
            Standing::Failed => "Grading failed",
            Standing::Rejected => "Rejected",
            Standing::Graded { band, .. } => band.label(),
        }
    }
}

/// For the marks of a strip: where each criterion stands, and whether it holds.
pub fn strip_cells(strip: &[bool]) -> Vec<(usize, bool, &'static str)> {
    strip
        .iter()
        .zip(Criterion::ALL)
        .enumerate()
        .map(|(i, (pass, criterion))| (i * 15, *pass, criterion.label()))
        .collect()
}
