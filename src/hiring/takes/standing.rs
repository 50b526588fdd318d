//! How the answers of an application stand: for the candidate's pages, and for the staff's.

use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::takes::{Form, Note, Take, clock, deadline, limit, store};
use crate::hiring::{Application, Opening};
use crate::roles::kit::Kit;

/// A question, as it stands for the candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// From 1.
    pub number: u32,
    pub question: String,
    pub limit_seconds: u32,
    pub state: Answering,
    /// Recordings that were begun.
    pub used: u32,
    pub deadline: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answering {
    ToDo,
    /// Something was recorded, and not submitted.
    Kept(Take),
    Submitted(Take),
}

impl Progress {
    pub fn is_done(&self) -> bool {
        matches!(self.state, Answering::Submitted(_))
    }

    /// The tone of its mark, and its words.
    pub fn state_words(&self) -> (&'static str, String) {
        match &self.state {
            Answering::ToDo => ("quiet", "To do".to_owned()),
            Answering::Kept(_) => ("warn", "Recorded, not submitted".to_owned()),
            Answering::Submitted(take) if take.form == Form::Written => ("good", "Submitted, written".to_owned()),
            Answering::Submitted(take) => ("good", format!("Submitted, {}", clock(take.seconds))),
        }
    }
}

/// Every question of the kit, in order, for the candidate.
pub async fn progress(
    app: &App,
    application: &Application,
    kit: &Kit,
    opening: &Opening,
) -> Result<Vec<Progress>, AppError> {
    let takes = store::of_application(&app.db, application.id).await?;
    let until = deadline(application, opening);
    let line = |(at, question): (u32, &crate::roles::kit::VideoQuestion)| Progress {
        number: at + 1,
        question: question.question.clone(),
        limit_seconds: limit(question),
        state: answering(&takes, at),
        used: super::taking::used(&takes, at),
        deadline: until,
    };
    Ok((0u32..).zip(&kit.video_questions).map(line).collect())
}

/// The newest that can be submitted is shown, if none was.
pub fn answering(takes: &[Take], question: u32) -> Answering {
    let mut of_question = takes.iter().filter(|take| take.question == question);
    match super::taking::submitted(takes, question) {
        Some(take) => Answering::Submitted(take.clone()),
        None => of_question
            .rfind(|take| take.is_kept())
            .cloned()
            .map_or(Answering::ToDo, Answering::Kept),
    }
}

/// An answer, as a line on the staff's page of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeLine {
    pub take: Uuid,
    /// From 1.
    pub number: u32,
    pub question: String,
    pub form: Form,
    /// 1:32, or 210 words.
    pub length: String,
    pub submitted_at: Timestamp,
    /// Where it is played or read.
    pub url: String,
    pub notes: i64,
}

/// What was submitted, in the order of the questions.
pub async fn answers(app: &App, application: &Application, kit: &Kit) -> Result<Vec<TakeLine>, AppError> {
    let takes = store::of_application(&app.db, application.id).await?;
    let notes = store::count_notes(&app.db, application.id).await?;
    let line = |take: &Take| line(take, kit, notes.get(&take.id).copied().unwrap_or_default());
    Ok(takes.iter().filter_map(line).collect())
}

fn line(take: &Take, kit: &Kit, notes: i64) -> Option<TakeLine> {
    let question = kit.video_questions.get(usize::try_from(take.question).ok()?)?;
    Some(TakeLine {
        take: take.id,
        number: take.question + 1,
        question: question.question.clone(),
        form: take.form,
        length: take.length(),
        submitted_at: take.submitted_at?,
        url: format!("/applications/{}/videos/{}", take.application, take.question + 1),
        notes,
    })
}

/// An answer with what was said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeEvidence {
    pub line: TakeLine,
    /// Of a written answer.
    pub words: String,
    pub notes: Vec<Note>,
}

/// The same as [`answers`], with what was written and noted.
pub async fn evidence(app: &App, application: &Application, kit: &Kit) -> Result<Vec<TakeEvidence>, AppError> {
    let takes = store::of_application(&app.db, application.id).await?;
    let mut notes = store::all_notes(&app.db, application.id).await?;
    let with_notes = |take: &Take| {
        let notes = notes.remove(&take.id).unwrap_or_default();
        Some(TakeEvidence {
            line: line(take, kit, i64::try_from(notes.len()).unwrap_or(i64::MAX))?,
            words: take.words.clone(),
            notes,
        })
    };
    Ok(takes.iter().filter_map(with_notes).collect())
}
