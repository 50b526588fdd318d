//! What a candidate sees before and after the test: the rehearsal, and the result where it is shared.

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::assessments::Run;
use crate::assessments::candidate::{Visit, submission_of, visit};
use crate::assessments::taking::{self, TakingError};
use crate::assessments::views::{Problem, RehearsalPage, RehearsalRun, ResultPage};
use crate::assessments::work_form::WorkForm;
use crate::error::AppError;
use crate::grader::verdict::Outcome;
use crate::grader::{Language, Program};
use crate::submissions::store::language_id;
use crate::ui::{Field, Page, Path, SeeOther, Shell, plots};

pub async fn rehearsal_page(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let source = visit.test.warm_up.clone();
    Ok(Page(rehearsal(visit, source, Language::JavaScript, None)).into_response())
}

fn rehearsal(visit: Visit, source: String, language: Language, run: Option<RehearsalRun>) -> RehearsalPage {
    RehearsalPage {
        shell: visit.shell,
        sitting: visit.sitting,
        source: Field::new("source", "The rehearsal's program").value(source),
        language: Field::new("language", "Language").value(language_id(language)),
        run,
    }
}

/// Plays one scenario, and keeps nothing.
pub async fn rehearse(
    State(app): State<App>,
    shell: Shell,
    Path(link): Path<String>,
    form: WorkForm,
) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    let typed = form.typed();
    let program = Program {
        language: typed.language,
        source: typed.source.clone().into_bytes(),
    };
    let run = match warm_up(&app, &visit, program).await {
        Ok(run) => run,
        Err(TakingError::App(error)) => return Err(error),
        Err(TakingError::Db(error)) => return Err(error.into()),
        Err(error) => RehearsalRun {
            figure: None,
            console: Vec::new(),
            problem: Some(Problem {
                text: error.to_string(),
                line: None,
                column: None,
            }),
        },
    };
    Ok(Page(rehearsal(visit, form.kept_source(), typed.language, Some(run))).into_response())
}

async fn warm_up(app: &App, visit: &Visit, program: Program) -> Result<RehearsalRun, TakingError> {
    if program.source.len() > crate::submissions::form::MOST_BYTES {
        return Err(TakingError::TooLarge(program.source.len()));
    }
    taking::allow_run(app, &visit.assessment).await?;
    if let Some(replayed) = taking::replay(app, &visit.test, program.clone()).await? {
        return Ok(RehearsalRun {
            figure: Some(plots::timeline(&replayed.timeline)),
            console: replayed.console,
            problem: None,
        });
    }
    let report = taking::rehearse(app, &visit.test.id, program, 1).await?;
    let problem = match report.verdict.outcome {
        Outcome::Rejected(rejection) => Problem {
            text: rejection.reason,
            line: rejection.line,
            column: rejection.column,
        },
        Outcome::Graded(_) => Problem {
            text: "The rehearsal could not be drawn.".into(),
            line: None,
            column: None,
        },
    };
    Ok(RehearsalRun {
        figure: None,
        console: Vec::new(),
        problem: Some(problem),
    })
}

/// The candidate's own result, where it is shared: the band, and what the public scenarios show.
pub async fn result(State(app): State<App>, shell: Shell, Path(link): Path<String>) -> Result<Response, AppError> {
    let visit = visit!(app, shell, link);
    if !visit.assessment.shared {
        return Err(AppError::NotFound("result"));
    }
    let submission = submission_of(&app, &visit.assessment).await?;
    let Some(stored) = submission.verdict else {
        return Ok(SeeOther::to(visit.url("")).into_response());
    };
    let report = taking::rehearse(&app, &visit.test.id, submission.program.clone(), 1).await;
    let report = match report {
        Ok(report) => report,
        Err(TakingError::App(error)) => return Err(error),
        Err(TakingError::Db(error)) => return Err(error.into()),
        Err(_) => return Err(AppError::Busy(taking::PATIENCE)),
    };
    let band = match &stored.verdict.outcome {
        Outcome::Graded(graded) => Some(graded.band),
        Outcome::Rejected(_) => None,
    };
    let Visit { shell, sitting, .. } = visit;
    Ok(Page(ResultPage {
        shell,
        sitting,
        band,
        submitted_at: submission.submitted_at,
        run: Run {
            number: 1,
            program: submission.program,
            report,
            ran_at: stored.recorded_at,
        },
    })
    .into_response())
}
