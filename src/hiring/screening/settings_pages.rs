//! How résumés are read for a job: by how many, with or without names, and what is proposed from which mean on.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::audit;
use crate::error::AppError;
use crate::hiring::applications::store as applications;
use crate::hiring::screening::{MOST_READERS, Rule, Settings, hundredths, reading, store};
use crate::hiring::{Opening, access};
use crate::people::Staff;
use crate::people::guard::SignedIn;
use crate::roles;
use crate::ui::form::with_errors;
use crate::ui::{Field, Flash, Form, Page, Path, SeeOther, Shell};

const BEST: i64 = 300;

#[derive(Template)]
#[template(path = "hiring/screening/settings.html")]
pub struct SettingsPage {
    pub shell: Shell,
    pub opening: Opening,
    pub fields: SettingsFields,
    pub criteria: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct SettingsFields {
    pub readers: Field,
    pub anonymised: bool,
    pub advance_from: Field,
    pub archive_below: Field,
}

impl SettingsFields {
    pub fn of(settings: &Settings) -> SettingsFields {
        let hint = "a mean from 0 to 3";
        SettingsFields {
            readers: Field::new("readers", "How many people read each résumé").value(settings.readers.to_string()),
            anonymised: settings.anonymised,
            advance_from: Field::new("advance_from", "Propose to advance from")
                .hint(hint)
                .value(hundredths(settings.rule.advance_from)),
            archive_below: Field::new("archive_below", "Propose to archive below")
                .hint(hint)
                .value(hundredths(settings.rule.archive_below)),
        }
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.readers, &self.advance_from, &self.archive_below])
    }
}

impl SettingsPage {
    pub fn choices(&self) -> Vec<(String, String)> {
        let words = |n: u32| match n {
            1 => "One".to_owned(),
            2 => "Two, blind to each other".to_owned(),
            _ => "Three, blind to one another".to_owned(),
        };
        (1..=MOST_READERS).map(|n| (n.to_string(), words(n))).collect()
    }
}

pub async fn settings(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<SettingsPage>, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    let fields = SettingsFields::of(&store::settings(&app.db, id).await?);
    page(&app, shell, opening, fields).await.map(Page)
}

async fn page(app: &App, shell: Shell, opening: Opening, fields: SettingsFields) -> Result<SettingsPage, AppError> {
    let kit = roles::version(app, opening.kit, opening.kit_version).await?;
    Ok(SettingsPage {
        shell,
        opening,
        fields,
        criteria: kit.resume_criteria,
    })
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct SettingsForm {
    readers: String,
    anonymised: String,
    advance_from: String,
    archive_below: String,
}

impl SettingsForm {
    fn check(&self) -> Result<Settings, Box<SettingsFields>> {
        let readers = self.readers.parse().ok().filter(|n| (1..=MOST_READERS).contains(n));
        let (from, below) = (mean(&self.advance_from), mean(&self.archive_below));
        let anonymised = self.anonymised == "yes";
        let order = match (from, below) {
            (Ok(from), Ok(below)) if below > from => Some("Not above the mean from which to advance."),
            _ => None,
        };
        if let (Some(readers), Ok(advance_from), Ok(archive_below), None) = (readers, from, below, order) {
            return Ok(Settings {
                readers,
                anonymised,
                rule: Rule {
                    advance_from,
                    archive_below,
                },
            });
        }
        let usual = SettingsFields::of(&Settings::USUAL);
        let no_readers = readers.is_none().then_some("Choose one of the list.");
        Err(Box::new(SettingsFields {
            readers: usual.readers.value(&self.readers).error(no_readers),
            anonymised,
            advance_from: usual.advance_from.value(&self.advance_from).error(from.err()),
            archive_below: usual
                .archive_below
                .value(&self.archive_below)
                .error(below.err().or(order)),
        }))
    }
}

/// 1.5, 1,50 or 2, in hundredths.
fn mean(typed: &str) -> Result<i64, &'static str> {
    let typed = typed.trim().replace(',', ".");
    let (whole, rest) = typed.split_once('.').unwrap_or((&typed, ""));
    let digits = whole.len() == 1 && rest.len() <= 2 && typed.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let value = format!("{whole}{rest:0<2}").parse::<i64>().ok();
    value
        .filter(|value| digits && (0..=BEST).contains(value))
        .ok_or("A number from 0 to 3, such as 1.50.")
}

pub async fn change(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<SettingsForm>,
) -> Result<Response, AppError> {
    let opening = access::opening(&app, &staff, id).await?;
    match form.check() {
        Ok(settings) => {
            apply(&app, &staff, &opening, &settings).await?;
            let back = SeeOther::to(format!("{}/screening/settings", opening.url()));
            let said = "Saved. What was proposed and is not decided follows the rule as it is now.";
            Ok(back.saying(Flash::good(said)).into_response())
        }
        Err(fields) => {
            let page = page(&app, shell, opening, *fields).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

/// Changes the settings; what enough people have read by them has a result at once.
pub async fn apply(app: &App, by: &Staff, opening: &Opening, settings: &Settings) -> Result<(), AppError> {
    let mut tx = app.db.begin().await?;
    store::hold_settings(&mut tx, opening.id).await?;
    store::set_settings(&mut tx, opening.id, settings).await?;
    for application in store::read_enough(&mut tx, opening.id, settings.readers).await? {
        applications::lock(&mut tx, application).await?;
        reading::conclude(&mut tx, app, application, opening.id, settings).await?;
    }
    let detail = format!(
        "readers {}, names {}, advance from {}, archive below {}",
        settings.readers,
        if settings.anonymised { "withheld" } else { "shown" },
        hundredths(settings.rule.advance_from),
        hundredths(settings.rule.archive_below),
    );
    let entry = audit::Entry {
        actor: audit::Actor::Staff(by.id),
        what: "Screening settings changed",
        subject: format!("opening {}", opening.id),
        detail: &detail,
    };
    audit::append(&mut tx, &entry, app.now()).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_read_as_people_write_it() {
        for (typed, value) in [
            ("1.5", 150),
            ("1,50", 150),
            ("2", 200),
            (" 0.05 ", 5),
            ("3.00", 300),
            ("1.", 100),
        ] {
            assert_eq!(mean(typed), Ok(value), "{typed:?}");
        }
        for wrong in ["", ".", "-1", "3.01", "1.555", "two", "1e1", "1.2.3", "10", "٢"] {
            assert!(mean(wrong).is_err(), "{wrong:?}");
        }
    }
}
