//! What those who applied say about themselves: enough of them for sums, and some leave a question out.

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

/// From the day on which the job was published.
pub async fn ask(app: &App, by: Uuid, opening: &Opening) -> Result<(), DemoError> {
    let asked = [Kind::Gender, Kind::Age].map(|kind| Question::shipped(kind, true));
    let questions: Vec<Question> = asked
        .into_iter()
        .chain([Question::shipped(Kind::Disability, false)])
        .collect();
    let begin = Past::at(app, opening.published_at.unwrap_or(opening.created_at));
    pages::keep(&begin.app, by, opening.id, &questions).await?;
    Ok(())
}

/// For everybody who has applied for the job: call it once all have.
pub async fn answer(app: &App, opening: &Opening) -> Result<(), DemoError> {
    let stages = openings::stages(&app.db, opening.id).await?;
    let applications = store::sent_of_kit(&app.db, opening.kit).await?.into_iter();
    let applications = applications.filter(|sent| sent.opening == opening.id);
    let (mut on, mut behind) = (0usize.., 0usize..);
    for (number, sent) in (0usize..).zip(applications) {
        let application = store::find(&app.db, sent.id).await?;
        let application = application.ok_or(AppError::NotFound("application"))?;
        let Some(sent) = application.submitted_at else {
            continue;
        };
        let past = Past::at(app, sent.plus(A_MOMENT));
        let stage = stages.iter().position(|stage| Some(stage.id) == application.stage);
        let goes_on = stage.is_some_and(|stage| stage >= 2);
        let among = if goes_on { on.next() } else { behind.next() };
        let answers = answers(number, among.unwrap_or_default(), goes_on);
        candidate_pages::keep(&past.app, &application, &answers).await?;
    }
    Ok(())
}

/// Of those who went on to the test, one in three is a woman, of those who stayed behind two, and few who went on are 40
/// or over: something for the report to find. One in nine does not say how old they are; that many are too few to be
/// shown, and so is the next group with them.
fn answers(number: usize, among: usize, goes_on: bool) -> Vec<(String, String)> {
    let gender = match (goes_on, among.is_multiple_of(3)) {
        (true, true) | (false, false) => "Woman",
        _ => "Man",
    };
    let older = if goes_on { number % 5 == 3 } else { number % 5 < 3 };
    let age = if older { "40 or over" } else { "Under 40" };
    let answer = |kind: Kind, words: &str| (kind.id().to_owned(), words.to_owned());
    let mut answers = vec![answer(Kind::Gender, gender)];
    if number % 9 != 4 {
        answers.push(answer(Kind::Age, age));
    }
    answers
}
