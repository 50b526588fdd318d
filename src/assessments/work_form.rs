//! The one form of the work page: what stands in the editor, and the line of the log beside it.

use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::app::App;
use crate::assessments::Fate;
use crate::assessments::taking::{CheckedEntry, Typed, check_text};
use crate::assessments::views::LogForm;
use crate::grader::Language;
use crate::submissions::store::language_from_id;
use crate::ui::Form;

/// What is read at all, so that a paste that is too large gets an answer and not a broken connection.
const MOST_READ: usize = 24 << 20;
/// What is sent back into the page when it is refused.
const MOST_KEPT: usize = 1 << 20;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct WorkForm {
    /// Absent from pages without an editor.
    pub source: Option<String>,
    #[serde(default)]
    pub language: String,
    #[serde(default)]
    pub tab: String,
    #[serde(default)]
    pub next: String,
    #[serde(default)]
    pub confirmed: String,
    #[serde(default)]
    pub proposed: String,
    #[serde(default)]
    pub fate: String,
    #[serde(default)]
    pub why: String,
    /// Whether a script asks, which wants an answer and no page.
    #[serde(skip)]
    pub by_script: bool,
}

impl FromRequest<App> for WorkForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<WorkForm, Response> {
        let mut request = request;
        DefaultBodyLimit::max(MOST_READ).apply(&mut request);
        let accepts = request
            .headers()
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok());
        let by_script = accepts.is_some_and(|accept| accept.starts_with("application/json"));
        let Form(form) = Form::<WorkForm>::from_request(request, app)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(WorkForm { by_script, ..form })
    }
}

impl WorkForm {
    /// A form sends every line end as two characters; the editor has one.
    pub fn typed(&self) -> Typed {
        Typed {
            tab: self.tab.clone(),
            language: language_from_id(&self.language).unwrap_or(Language::JavaScript),
            source: self.text().replace("\r\n", "\n"),
        }
    }

    fn text(&self) -> &str {
        self.source.as_deref().unwrap_or_default()
    }

    /// What the page shows again of a program that was refused.
    pub fn kept_source(&self) -> String {
        let end = self.text().floor_char_boundary(MOST_KEPT);
        self.text()[..end].replace("\r\n", "\n")
    }

    pub fn entry(&self) -> Result<CheckedEntry, Box<LogForm>> {
        let proposed = check_text(&self.proposed, "What did it propose? A few words are enough.");
        let why = check_text(&self.why, "Why? One line is enough.");
        let fate = Fate::from_id(&self.fate);
        match (proposed, fate, why) {
            (Ok(proposed), Some(fate), Ok(why)) => Ok(CheckedEntry { proposed, fate, why }),
            (proposed, fate, why) => {
                let mut form = LogForm::empty();
                let missing = fate.is_none().then_some("What became of it?");
                form.proposed = form.proposed.value(self.proposed.clone()).error(proposed.err());
                form.fate = form.fate.value(self.fate.clone()).error(missing);
                form.why = form.why.value(self.why.clone()).error(why.err());
                Err(Box::new(form))
            }
        }
    }
}
