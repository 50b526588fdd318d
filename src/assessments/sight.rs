//! Who of the staff may read a coding test: all of them, unless it was given for an application that they may not read.
//!
//! The rule itself stands in the view `hidden_assessments`, because lists ask for it row by row.

use uuid::Uuid;

use crate::app::App;
use crate::args;
use crate::db::{Db, Result, Row};
use crate::error::AppError;

crate::statements! {
    ASSESSMENT = "SELECT why FROM hidden_assessments WHERE assessment_id = $1 AND staff_id = $2";
    SUBMISSION = "SELECT why FROM hidden_assessments WHERE submission_id = $1 AND staff_id = $2";
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// It belongs to a job of another team.
    Team,
    /// Names are withheld until its résumé is read.
    Names,
}

impl Hidden {
    fn from_id(id: &str) -> Option<Hidden> {
        match id {
            "team" => Some(Hidden::Team),
            "names" => Some(Hidden::Names),
            _ => None,
        }
    }

    /// What they are told who ask for it.
    fn told(self, what: &'static str) -> AppError {
        match self {
            Hidden::Team => AppError::NotFound(what),
            Hidden::Names => AppError::Withheld,
        }
    }
}

/// `None`: this person may read it.
pub async fn of_assessment(db: &Db, id: Uuid, staff: Uuid) -> Result<Option<Hidden>> {
    why(db.optional(ASSESSMENT, args![id, staff]).await?)
}

/// The same of a program that was handed in.
pub async fn of_submission(db: &Db, id: Uuid, staff: Uuid) -> Result<Option<Hidden>> {
    why(db.optional(SUBMISSION, args![id, staff]).await?)
}

fn why(row: Option<Row>) -> Result<Option<Hidden>> {
    row.map(|row| row.parse("why", Hidden::from_id)).transpose()
}

pub async fn check_assessment(app: &App, id: Uuid, staff: Uuid) -> Result<(), AppError> {
    let hidden = of_assessment(&app.db, id, staff).await?;
    hidden.map_or(Ok(()), |hidden| Err(hidden.told("assessment")))
}

pub async fn check_submission(app: &App, id: Uuid, staff: Uuid) -> Result<(), AppError> {
    let hidden = of_submission(&app.db, id, staff).await?;
    hidden.map_or(Ok(()), |hidden| Err(hidden.told("submission")))
}
