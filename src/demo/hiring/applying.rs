//! What candidates type, page by page, and the files that they choose.

use std::net::IpAddr;

use axum::body::Bytes;

use crate::demo::hiring::resumes::resume;
use crate::demo::hiring::scene::not_played;
use crate::demo::hiring::stories::Story;
use crate::demo::{DemoError, Past};
use crate::error::AppError;
use crate::hiring::applications::drafting::{self, Chosen, Start};
use crate::hiring::applications::form::{DraftFields, StartFields, questions};
use crate::hiring::applications::{Part, store};
use crate::hiring::{Application, Opening};
use crate::roles::kit::{Decision, Kit, KnockOut};
use crate::ui::Upload;

impl Past {
    pub async fn open(
        &self,
        opening: &Opening,
        kit: &Kit,
        story: &Story,
        address: IpAddr,
    ) -> Result<Application, DemoError> {
        let app = &self.app;
        let mut typed = answers(kit, story.door);
        typed.extend([
            ("email".into(), email(story)),
            ("source".into(), story.source.into()),
            ("form_token".into(), app.new_id().to_string()),
        ]);
        let fields = StartFields::typed(app, kit, &mut upload(typed));
        match drafting::start(app, opening, fields, address).await? {
            Start::Begun { link } => {
                let application = store::by_link(&app.db, &link).await?;
                Ok(application.ok_or(AppError::NotFound("application"))?)
            }
            Start::Refused(_) | Start::TooMany(..) => Err(not_played(story, "the first page was refused")),
        }
    }

    pub async fn fill(&self, application: &Application, kit: &Kit, story: &Story) -> Result<(), DemoError> {
        let app = &self.app;
        let mut typed = answers(kit, story.door);
        typed.extend([
            ("name".into(), story.name.into()),
            ("email".into(), email(story)),
            ("source".into(), story.source.into()),
            ("revision".into(), application.revision.to_string()),
        ]);
        let mut fields = DraftFields::typed(kit, &mut upload(typed));
        let saved = drafting::save(app, application.id, &fields).await?;
        let saved = saved.map_err(|_| not_played(story, "the draft was changed meanwhile"))?;
        drafting::keep_files(app, &saved, files(story)?, &mut fields).await?;
        match fields.with_errors().first() {
            None => Ok(()),
            Some(wrong) => Err(not_played(story, &wrong.label)),
        }
    }
}

/// The number in a name.
pub fn email_of(name: &str) -> String {
    let number: String = name.chars().filter(char::is_ascii_digit).collect();
    format!("candidate{number}@demo.test")
}

pub fn email(story: &Story) -> String {
    email_of(story.name)
}

/// To each question the answer that decides as the story wants, where there is one.
fn answers(kit: &Kit, wanted: Decision) -> Vec<(String, String)> {
    let with = |knock_out: &KnockOut, decision: Decision| {
        let mut answers = knock_out.answers.iter();
        answers
            .find(|answer| answer.decision == decision)
            .map(|answer| answer.answer.clone())
    };
    let answer = |knock_out: &KnockOut| with(knock_out, wanted).or_else(|| with(knock_out, Decision::Qualifies));
    let asked = questions(kit).into_iter().zip(&kit.knock_outs);
    asked
        .map(|(question, knock_out)| (question.name(), answer(knock_out).unwrap_or_default()))
        .collect()
}

fn files(story: &Story) -> Result<Chosen, DemoError> {
    let mut chosen = Chosen::new();
    if let Some(form) = story.resume {
        let (name, bytes) =
            resume(story.name, &email(story), form).map_err(|error| AppError::Internal(error.into()))?;
        chosen.push((Part::Resume, name, bytes));
    }
    if let Some(words) = story.letter {
        let bytes = Bytes::from_static(words.as_bytes());
        chosen.push((Part::CoverLetter, "letter.txt".into(), bytes));
    }
    Ok(chosen)
}

fn upload(fields: Vec<(String, String)>) -> Upload {
    Upload {
        fields,
        files: Vec::new(),
    }
}
