//! Mail to candidates: its words, the outbox, and the way to a mail server.
//!
//! A mail is written in the transaction of its cause, with its words as they stand then, and a job sends it. SMTP cannot
//! be asked whether a message has arrived: if the connection or this server dies after the message was handed over and
//! before the answer is stored, nobody knows. So an attempt is recorded before it is made. Whoever finds an attempt
//! without an outcome does not make another one, but leaves the decision to a person. Nothing is sent twice.
//!
//! Without a mail server everything stays in the mailbox, where staff can read it and pass it on.

pub mod pages;
pub mod sending;
pub mod smtp;
pub mod store;
pub mod template_pages;
pub mod texts;

use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::db::{Result, Tx};
use crate::jobs::{self, Task};
use crate::ui::clean_line;

pub use sending::{Post, PostError};
pub use store::company;

/// What a mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Invitation,
    Reminder,
    NewLink,
    Extension,
    Withdrawal,
    Receipt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Queued,
    /// Handed to a mail server that has not answered yet.
    Sending,
    Sent,
    /// There is no mail server: it stays here.
    Kept,
    Failed,
}

/// What happened, and whom to tell.
#[derive(Clone, Debug)]
pub struct Letter {
    pub event: Event,
    pub to_name: String,
    pub to_address: String,
    /// The assessment.
    pub about: Uuid,
    pub values: Values,
}

/// What templates may speak of, beside the recipient's and the company's names.
#[derive(Clone, Debug)]
pub struct Values {
    pub test: String,
    pub variant: String,
    /// With the extra time.
    pub minutes: u32,
    pub deadline: Timestamp,
    /// Empty for the events that have none.
    pub link: String,
    /// The member of staff in whose name it is sent.
    pub sender: String,
    pub received: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub id: Uuid,
    pub event: Event,
    pub recipient: String,
    pub recipient_name: String,
    pub sender_name: String,
    pub subject: String,
    pub body: String,
    pub about: Option<Uuid>,
    pub created_at: Timestamp,
    pub state: State,
    /// When it came to this state.
    pub since: Timestamp,
    pub attempts: u32,
    pub next_at: Timestamp,
    pub failure: Option<String>,
    pub message_id: String,
    pub copy_of: Option<Uuid>,
    /// The mail that repeats this one.
    pub copy: Option<Uuid>,
}

/// A mail as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailLine {
    pub id: Uuid,
    pub event: Event,
    pub recipient: String,
    pub recipient_name: String,
    pub subject: String,
    pub created_at: Timestamp,
    pub state: State,
    pub since: Timestamp,
}

/// Writes a mail, and queues the job that sends it. Ring `app.job_queued` once the transaction is committed.
pub async fn queue(tx: &mut Tx, app: &App, letter: &Letter) -> Result<()> {
    let company = store::company_in(tx).await?;
    let template = store::template_in(tx, letter.event).await?;
    let text = template.fill(letter.event, |name| letter.value(name, &company));
    let (id, now) = (app.new_id(), app.now());
    let mail = Mail {
        id,
        event: letter.event,
        recipient: clean_line(&letter.to_address),
        recipient_name: clean_line(&letter.to_name),
        sender_name: clean_line(&letter.values.sender),
        subject: text.subject,
        body: text.body,
        about: Some(letter.about),
        created_at: now,
        state: State::Queued,
        since: now,
        attempts: 0,
        next_at: now,
        failure: None,
        message_id: message_id(app, id),
        copy_of: None,
        copy: None,
    };
    store::add(tx, &mail).await?;
    jobs::store::add(tx, app.new_id(), Task::Mail { mail: id }, now).await
}

/// Sends the words of a failed mail once more, in a mail of its own. Gives that one, also if it was there already.
pub async fn repeat(tx: &mut Tx, app: &App, failed: &Mail) -> Result<Uuid> {
    let (id, now) = (app.new_id(), app.now());
    let copy = Mail {
        id,
        copy_of: Some(failed.id),
        created_at: now,
        state: State::Queued,
        since: now,
        attempts: 0,
        next_at: now,
        failure: None,
        message_id: message_id(app, id),
        ..failed.clone()
    };
    if store::add(tx, &copy).await? {
        jobs::store::add(tx, app.new_id(), Task::Mail { mail: id }, now).await?;
        return Ok(id);
    }
    store::copy_of(tx, failed.id).await
}

fn message_id(app: &App, id: Uuid) -> String {
    format!("<{id}@{}>", app.config.public_url.host())
}

impl Letter {
    fn value(&self, placeholder: &str, company: &str) -> Option<String> {
        let values = &self.values;
        Some(match placeholder {
            "candidate" => self.to_name.clone(),
            "test" => values.test.clone(),
            "variant" => values.variant.clone(),
            "minutes" => values.minutes.to_string(),
            "deadline" => values.deadline.words(),
            "link" => values.link.clone(),
            "company" => company.to_owned(),
            "sender" => values.sender.clone(),
            "received" => values.received?.words(),
            _ => return None,
        })
    }
}

impl Event {
    pub const ALL: [Event; 6] = [
        Event::Invitation,
        Event::Reminder,
        Event::NewLink,
        Event::Extension,
        Event::Withdrawal,
        Event::Receipt,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Event::Invitation => "invitation",
            Event::Reminder => "reminder",
            Event::NewLink => "new_link",
            Event::Extension => "extension",
            Event::Withdrawal => "withdrawal",
            Event::Receipt => "receipt",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Event::Invitation => "Invitation",
            Event::Reminder => "Reminder",
            Event::NewLink => "New link",
            Event::Extension => "More time",
            Event::Withdrawal => "Withdrawal",
            Event::Receipt => "Receipt",
        }
    }

    /// When it is sent.
    pub fn about(self) -> &'static str {
        match self {
            Event::Invitation => "A candidate is invited to a coding test",
            Event::Reminder => "The test has not been started, and somebody reminds the candidate",
            Event::NewLink => "The link is replaced; the old one no longer works",
            Event::Extension => "The deadline is later, or there are more minutes",
            Event::Withdrawal => "The test is withdrawn",
            Event::Receipt => "The candidate’s program was received",
        }
    }

    pub fn from_id(id: &str) -> Option<Event> {
        Event::ALL.into_iter().find(|event| event.id() == id)
    }
}

impl State {
    pub const ALL: [State; 5] = [State::Queued, State::Sending, State::Sent, State::Kept, State::Failed];

    pub fn id(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Sending => "sending",
            State::Sent => "sent",
            State::Kept => "kept",
            State::Failed => "failed",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            State::Queued => "Waiting",
            State::Sending => "Being sent",
            State::Sent => "Sent",
            State::Kept => "Kept here",
            State::Failed => "Not sent",
        }
    }

    /// The class of its mark.
    pub fn tone(self) -> &'static str {
        match self {
            State::Queued | State::Sending => "quiet",
            State::Sent => "good",
            State::Kept => "warn",
            State::Failed => "bad",
        }
    }

    pub fn from_id(id: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.id() == id)
    }
}
