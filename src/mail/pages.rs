//! The mailbox: every mail to candidates, and what became of it.

use std::time::Duration;

use askama::Template;
use axum::extract::State as Shared;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::hiring::screening::veil;
use crate::mail::store::{self, Filter};
use crate::mail::{Mail, MailLine, State};
use crate::people::Staff;
use crate::people::guard::SignedIn;
use crate::ui::{Field, Flash, Page, Path, Query, SeeOther, Shell, clean_line, percent_encoded};

const LINES_A_PAGE: usize = 25;

#[derive(Template)]
#[template(path = "mail/mailbox.html")]
pub struct MailboxPage {
    pub shell: Shell,
    pub lines: Vec<MailLine>,
    pub now: Timestamp,
    /// False where there is no mail server.
    pub sends: bool,
    pub q: Field,
    pub state: Field,
    pub filtered: bool,
    /// Addresses of the pages beside this one.
    pub newest: Option<String>,
    pub older: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct MailboxQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    before: Option<Uuid>,
}

impl MailboxQuery {
    fn filter(&self) -> Filter {
        Filter {
            state: State::from_id(&self.state),
            words: Some(clean_line(&self.q)).filter(|words| !words.is_empty()),
            before: self.before,
        }
    }

    fn url(&self, before: Option<Uuid>) -> String {
        let mut parts = Vec::new();
        for (name, value) in [("q", &self.q), ("state", &self.state)] {
            if !value.is_empty() {
                parts.push(format!("{name}={}", percent_encoded(value)));
            }
        }
        parts.extend(before.map(|id| format!("before={id}")));
        if parts.is_empty() {
            "/mail".into()
        } else {
            format!("/mail?{}", parts.join("&"))
        }
    }
}

pub async fn mailbox(
    Shared(app): Shared<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Query(query): Query<MailboxQuery>,
) -> Result<Page<MailboxPage>, AppError> {
    let filter = query.filter();
    let most = i64::try_from(LINES_A_PAGE + 1).unwrap_or(i64::MAX);
    let mut lines = store::list(&app.db, &filter, staff.id, most).await?;
    let more = lines.len() > LINES_A_PAGE;
    lines.truncate(LINES_A_PAGE);
    let last = lines.last().map(|line| line.id).filter(|_| more);
    Ok(Page(MailboxPage {
        shell,
        now: app.now(),
        sends: app.post.is_some(),
        q: Field::new("q", "Recipient or subject").value(&query.q),
        state: Field::new("state", "State").value(&query.state),
        filtered: filter.state.is_some() || filter.words.is_some(),
        newest: query.before.map(|_| query.url(None)),
        older: last.map(|id| query.url(Some(id))),
        lines,
    }))
}

#[derive(Template)]
#[template(path = "mail/mail.html")]
pub struct MailPage {
    pub shell: Shell,
    pub mail: Mail,
    pub now: Timestamp,
}

pub async fn mail(
    Shared(app): Shared<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Page<MailPage>, AppError> {
    let mail = find(&app, &staff, id).await?;
    let now = app.now();
    Ok(Page(MailPage { shell, mail, now }))
}

/// To whoever reads without names, a mail would tell one.
async fn find(app: &App, staff: &Staff, id: Uuid) -> Result<Mail, AppError> {
    let mail = store::find(&app.db, id).await?.ok_or(AppError::NotFound("mail"))?;
    match mail.about {
        Some(about) if veil::hides(&app.db, staff.id, about).await? => Err(AppError::Withheld),
        _ => Ok(mail),
    }
}

pub async fn send_again(
    Shared(app): Shared<App>,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<SeeOther, AppError> {
    let mail = find(&app, &staff, id).await?;
    if mail.state != State::Failed {
        return Err(AppError::Conflict("This mail has not failed".into()));
    }
    let mut tx = app.db.begin().await?;
    let copy = crate::mail::repeat(&mut tx, &app, &mail).await?;
    tx.commit().await?;
    app.job_queued.notify_one();
    Ok(SeeOther::to(format!("/mail/{copy}")).saying(Flash::good("It goes out once more, as this mail.")))
}

/// "3 min", "5 h", "12 days".
pub fn age(since: &Timestamp, now: &Timestamp) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let age: Duration = since.until(*now);
    match age.as_secs() {
        0..MINUTE => "just now".into(),
        seconds @ MINUTE..HOUR => format!("{} min ago", seconds / MINUTE),
        seconds @ HOUR..DAY => format!("{} h ago", seconds / HOUR),
        seconds if seconds < 2 * DAY => "a day ago".into(),
        seconds => format!("{} days ago", seconds / DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_said_in_one_unit() {
        let age = |seconds: u64| age(&Timestamp(0), &Timestamp(0).plus(Duration::from_secs(seconds)));
        let ages = [0, 59, 60, 3_599, 3_600, 86_399, 86_400, 200_000].map(age);
        let expected = [
            "just now",
            "just now",
            "1 min ago",
            "59 min ago",
            "1 h ago",
            "23 h ago",
            "a day ago",
            "2 days ago",
        ];
        assert_eq!(ages, expected);
    }
}
