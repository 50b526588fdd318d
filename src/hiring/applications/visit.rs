//! A candidate's visit by the secret link: what it leads to, with all that its pages share.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use askama::Template;

use crate::app::App;
use crate::assessments::taking;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::applications::store;
use crate::hiring::openings::store as openings;
use crate::hiring::{Application, Opening};
use crate::mail;
use crate::privacy;
use crate::roles::{self, kit::Kit};
use crate::ui::{Page, Shell};

pub struct Visit {
    pub shell: Shell,
    pub company: String,
    pub application: Application,
    pub opening: Opening,
    /// The version that the candidate answers.
    pub kit: Kit,
}

/// A link that leads nowhere: mistyped, cut off by a mail program, or of a draft that was deleted.
#[derive(Template)]
#[template(path = "hiring/candidate/unknown.html")]
pub struct UnknownPage {
    pub shell: Shell,
    pub company: String,
    /// When the application that it led to was erased.
    pub erased_at: Option<Timestamp>,
}

impl Visit {
    /// `Err`: the page that says that the link leads nowhere.
    pub async fn of(app: &App, shell: Shell, link: &str) -> Result<Result<Visit, Response>, AppError> {
        let company = mail::company(&app.db).await?;
        let known = match taking::is_secret(link) {
            true => store::by_link(&app.db, link).await?,
            false => None,
        };
        let Some(application) = with_the_kept_one(app, known).await? else {
            let erased_at = privacy::store::erased_at(&app.db, link).await?;
            let page = Page(UnknownPage {
                shell,
                company,
                erased_at,
            });
            return Ok(Err((StatusCode::NOT_FOUND, page).into_response()));
        };
        let opening = openings::find(&app.db, application.opening).await?;
        let opening = opening.ok_or(AppError::NotFound("job"))?;
        let kit = roles::version(app, opening.kit, application.kit_version).await?;
        Ok(Ok(Visit {
            shell,
            company,
            application,
            opening,
            kit,
        }))
    }

    pub fn url(&self, page: &str) -> String {
        format!("/application/{}{page}", self.application.link)
    }
}

/// A duplicate shows how the one stands that it is merged into, and keeps its own address.
async fn with_the_kept_one(app: &App, known: Option<Application>) -> Result<Option<Application>, AppError> {
    let Some(Application {
        merged_into: Some(into),
        link,
        ..
    }) = known
    else {
        return Ok(known);
    };
    let kept = store::find(&app.db, into).await?;
    Ok(kept.map(|kept| Application { link, ..kept }))
}

/// The visit, or the answer that ends the handler.
macro_rules! visit {
    ($app:expr, $shell:expr, $link:expr) => {
        match $crate::hiring::applications::visit::Visit::of(&$app, $shell, &$link).await? {
            Ok(visit) => visit,
            Err(answer) => return Ok(answer),
        }
    };
}

pub(in crate::hiring) use visit;
