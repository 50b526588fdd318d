//! What those who applied say about themselves: enough of them for sums, and some prefer not to.

use std::time::Duration;

use uuid::Uuid;

use crate::app::App;
use crate::demo::{DemoError, Past};
use crate::error::AppError;
use crate::hiring::Opening;
use crate::hiring::applications::store;
use crate::hiring::openings::store as openings;
use crate::hiring::voluntary::{Kind, Question, candidate_pages, pages};

const A_MOMENT: Duration = Duration::from_secs(5 * 60);

/// Asks in the past, and answers for everybody who has applied for the job: call it once all have.
pub async fn play(app: &App, by: Uuid, opening: &Opening) -> Result<(), DemoError> {
    let asked = [Kind::Gender, Kind::Age].map(|kind| Question::shipped(kind, true));
    let questions: Vec<Question> = asked
        .into_iter()
        .chain([Question::shipped(Kind::Disability, false)])
        .collect();
    let begin = Past::at(app, opening.published_at.unwrap_or(opening.created_at));
    pages::keep(&begin.app, by, opening.id, &questions).await?;
    let stages = openings::stages(&app.db, opening.id).await?;
    let applications = store::sent_of_kit(&app.db, opening.kit).await?.into_iter();
    let applications = applications.filter(|sent| sent.opening == opening.id);
    for (number, sent) in (0usize..).zip(applications) {
        let application = store::find(&app.db, sent.id).await?;
        let application = application.ok_or(AppError::NotFound("application"))?;
        let Some(sent) = application.submitted_at else {
            continue;
        };
        let past = Past::at(app, sent.plus(A_MOMENT));
        let stage = stages.iter().position(|stage| Some(stage.id) == application.stage);
        let answers = answers(number, stage.unwrap_or(0));
        candidate_pages::keep(&past.app, &application, &answers).await?;
    }
    Ok(())
}

/// One in nine says nothing. Of those who came far, few are 40 or over: something for the report to find.
fn answers(number: usize, stage: usize) -> Vec<(String, String)> {
    if number % 9 == 4 {
        return Vec::new();
    }
    let gender = match number % 2 {
        0 => "Woman",
        _ => "Man",
    };
    let older = if stage < 2 { number % 5 < 3 } else { number % 5 == 3 };
    let age = if older { "40 or over" } else { "Under 40" };
    let answer = |kind: Kind, words: &str| (kind.id().to_owned(), words.to_owned());
    let mut answers = vec![answer(Kind::Gender, gender)];
    if number % 11 != 7 {
        answers.push(answer(Kind::Age, age));
    }
    answers
}
