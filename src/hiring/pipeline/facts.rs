//! What is known of each application on a page, in a line: read for all of them together, each by its key.

use std::collections::HashMap;

use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::hiring::Opening;
use crate::hiring::applications::standing::stage_of;
use crate::hiring::pipeline::desk::Desk;
use crate::hiring::pipeline::store::{self, Reading, TestFact};
use crate::hiring::pipeline::{Fact, Line};
use crate::hiring::screening::{hundredths, is_screened_in, store as screening};
use crate::roles;
use crate::roles::kit::Decision;

pub async fn of(app: &App, desk: &Desk, shown: &[&Line]) -> Result<HashMap<Uuid, Fact>, AppError> {
    let ids: Vec<Uuid> = shown.iter().map(|line| line.id).collect();
    let mut tests = store::tests(&app.db, &ids, desk.now).await?;
    let videos = store::videos(&app.db, &ids).await?;
    let readings = store::readings(&app.db, &ids).await?;
    let readers = screening::settings(&app.db, desk.opening.id).await?.readers;
    let asked = match videos.is_empty() {
        true => 0,
        false => video_questions(app, &desk.opening).await?,
    };
    let fact = |line: &&Line| {
        let read = readings
            .get(&line.id)
            .and_then(|reading| words_of(reading, readers, is_read_now(desk, line)));
        let fact = match (tests.remove(&line.id), videos.get(&line.id), line.outcome) {
            (Some(TestFact::Graded(band, strip)), _, _) => Fact {
                words: band.into(),
                strip,
            },
            (Some(TestFact::Said(words)), _, _) => said(words),
            (None, _, Some(Decision::Review)) => said("answers to review"),
            (None, video, outcome) => match (read, video, outcome) {
                (Some(read), _, _) => said(read),
                (None, Some(n), _) => said(format!("video {n} of {asked}")),
                (None, None, Some(_)) => said("knock-outs passed"),
                (None, None, None) => Fact::default(),
            },
        };
        (line.id, fact)
    };
    Ok(shown.iter().map(fact).collect())
}

/// What readers found about those who were read, for whoever decides.
pub async fn found(app: &App, shown: &[Line]) -> Result<HashMap<Uuid, String>, AppError> {
    let named = shown.iter().filter(|line| !line.withheld);
    let readings = store::readings(&app.db, &named.map(|line| line.id).collect::<Vec<_>>()).await?;
    let words = |reading: Reading| {
        let score = score_words(reading.result?);
        Some(format!("{score}; {} is proposed", reading.proposal?.label()))
    };
    let all = readings.into_iter();
    Ok(all.filter_map(|(id, reading)| Some((id, words(reading)?))).collect())
}

fn score_words((mean, differing): (i64, i64)) -> String {
    match differing {
        0 => format!("score {} of 3", hundredths(mean)),
        _ => format!("readers disagree, score {} of 3", hundredths(mean)),
    }
}

fn said(words: impl Into<String>) -> Fact {
    Fact {
        words: words.into(),
        strip: None,
    }
}

fn is_read_now(desk: &Desk, line: &Line) -> bool {
    line.entered().is_some() && stage_of(line.stage, &desk.stages).is_some_and(|stage| is_screened_in(stage.kind))
}

/// No score before enough people have submitted: how many have is no secret.
fn words_of(reading: &Reading, readers: u32, is_read_now: bool) -> Option<String> {
    match (reading.result, reading.submitted) {
        (Some(result), _) if is_read_now => Some(score_words(result)),
        (Some((mean, _)), _) => Some(score_words((mean, 0))),
        (None, n) if is_read_now && n > 0 => Some(format!("{n} of {readers} readings")),
        _ => None,
    }
}

async fn video_questions(app: &App, opening: &Opening) -> Result<usize, AppError> {
    let kit = roles::version(app, opening.kit, opening.kit_version).await?;
    Ok(kit.video_questions.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_said_once_there_is_a_result() {
        let reading = |submitted, result| Reading {
            submitted,
            result,
            proposal: None,
        };
        for (reading, now, words) in [
            (reading(0, None), true, None),
            (reading(2, None), true, Some("2 of 3 readings")),
            (reading(2, None), false, None),
            (reading(3, Some((188, 0))), true, Some("score 1.88 of 3")),
            (
                reading(3, Some((188, 2))),
                true,
                Some("readers disagree, score 1.88 of 3"),
            ),
            (reading(3, Some((188, 2))), false, Some("score 1.88 of 3")),
        ] {
            assert_eq!(words_of(&reading, 3, now).as_deref(), words);
        }
    }
}
