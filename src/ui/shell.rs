//! What a page's surroundings need to know: who is here, what to tell them, how it should look.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;

use crate::app::App;
use crate::error::AppError;
use crate::people::{Permission, Staff};
use crate::ui::assets;
use crate::ui::frame::{Nonce, cookie_name};
use crate::ui::respond::Flash;

#[derive(Clone, Debug)]
pub struct Shell {
    pub nonce: String,
    pub theme: Theme,
    pub staff: Option<Arc<Staff>>,
    pub flash: Option<Flash>,
    pub path: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    pub fn id(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Theme::System => "As the device",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        }
    }

    pub fn from_id(id: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.id() == id)
    }
}

impl Shell {
    pub fn asset(&self, file: &str) -> String {
        assets::url(file)
    }

    pub fn may(&self, permission: &Permission) -> bool {
        self.staff.as_ref().is_some_and(|staff| staff.role.may(*permission))
    }

    pub fn manages_people(&self) -> bool {
        self.may(&Permission::ManagePeople)
    }

    pub fn reads_mail(&self) -> bool {
        self.may(&Permission::ReadMail)
    }

    pub fn edits_mail(&self) -> bool {
        self.may(&Permission::EditMail)
    }

    pub fn reads_reports(&self) -> bool {
        self.may(&Permission::ReadReports)
    }

    pub fn handles_privacy(&self) -> bool {
        self.may(&Permission::ManagePrivacy)
    }

    pub fn reads_audit(&self) -> bool {
        self.may(&Permission::ReadAudit)
    }

    pub fn edits_kits(&self) -> bool {
        self.may(&Permission::EditKits)
    }

    /// Whether this page lies in the part of the app that begins with one of these paths.
    pub fn within(&self, prefixes: &[&str]) -> bool {
        prefixes.iter().any(|prefix| {
            self.path
                .strip_prefix(prefix)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}

impl FromRequestParts<App> for Shell {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Shell, AppError> {
        let jar = CookieJar::from_headers(&parts.headers);
        let cookie = |name| jar.get(&cookie_name(app, name)).map(|cookie| cookie.value().to_owned());
        Ok(Shell {
            nonce: parts
                .extensions
                .get::<Nonce>()
                .map(|nonce| nonce.0.clone())
                .unwrap_or_default(),
            theme: cookie("theme").and_then(|id| Theme::from_id(&id)).unwrap_or_default(),
            staff: parts.extensions.get::<Arc<Staff>>().cloned(),
            flash: cookie("flash").and_then(|value| Flash::decode(&value)),
            path: parts.uri.path().to_owned(),
        })
    }
}
