//! Answers: a page, or the way to another one, with a message that is shown there once.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

pub struct Page<T>(pub T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => Html(html).into_response(),
            Err(error) => AppError::from(error).into_response(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Good,
    Bad,
    Warn,
    Quiet,
}

impl Tone {
    /// The suffix of the classes that colour it.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Bad => "bad",
            Tone::Warn => "warn",
            Tone::Quiet => "quiet",
        }
    }
}

/// A message about what was just done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    pub tone: Tone,
    pub text: String,
}

impl Flash {
    pub fn good(text: impl Into<String>) -> Flash {
        Flash {
            tone: Tone::Good,
            text: text.into(),
        }
    }

    pub fn warn(text: impl Into<String>) -> Flash {
        Flash {
            tone: Tone::Warn,
            text: text.into(),
        }
    }

    pub fn bad(text: impl Into<String>) -> Flash {
        Flash {
            tone: Tone::Bad,
            text: text.into(),
        }
    }

    /// As a cookie's value.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    pub fn decode(value: &str) -> Option<Flash> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()
    }
}

/// After a form: the browser opens another page, and reloading that one sends nothing again.
pub struct SeeOther {
    to: String,
    flash: Option<Flash>,
}

impl SeeOther {
    pub fn to(path: impl Into<String>) -> SeeOther {
        SeeOther {
            to: path.into(),
            flash: None,
        }
    }

    pub fn saying(self, flash: Flash) -> SeeOther {
        SeeOther {
            flash: Some(flash),
            ..self
        }
    }
}

impl IntoResponse for SeeOther {
    fn into_response(self) -> Response {
        let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, self.to)]).into_response();
        if let Some(flash) = self.flash {
            response.extensions_mut().insert(flash);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_its_cookie() {
        let flash = Flash::good("Role of “Zoë 🦀” changed; done");
        assert_eq!(Flash::decode(&flash.encode()), Some(flash));
        assert_eq!(Flash::decode("not a message"), None);
    }
}
