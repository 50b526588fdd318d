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
    ApplicationDraft,
    ApplicationKnown,
    ApplicationReceipt,
    ApplicationAnswers,
    ApplicationDecline,
    ApplicationReversal,
    ApplicationStep,
    ApplicationRejection,
    ApplicationWithdrawal,
    ApplicationContact,
    ApplicationErasure,
    ApplicationLinks,
    ApplicationLetter,
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
    /// The assessment or the application.
    pub about: Uuid,
    /// In whose name it is sent.
    pub sender: String,
    /// What the templates of the event speak of, beside the names of the recipient, the sender and the company.
    pub values: Vec<(&'static str, String)>,
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
        sender_name: clean_line(&letter.sender),
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
        match placeholder {
            "candidate" => Some(self.to_name.clone()),
            "company" => Some(company.to_owned()),
            "sender" => Some(self.sender.clone()),
            _ => {
                let value = self.values.iter().find(|(name, _)| *name == placeholder);
                value.map(|(_, value)| value.clone())
            }
        }
    }
}

impl Event {
    pub const ALL: [Event; 19] = [
        Event::Invitation,
        Event::Reminder,
        Event::NewLink,
        Event::Extension,
        Event::Withdrawal,
        Event::Receipt,
        Event::ApplicationDraft,
        Event::ApplicationKnown,
        Event::ApplicationReceipt,
        Event::ApplicationAnswers,
        Event::ApplicationDecline,
        Event::ApplicationReversal,
        Event::ApplicationStep,
        Event::ApplicationRejection,
        Event::ApplicationWithdrawal,
        Event::ApplicationContact,
        Event::ApplicationErasure,
        Event::ApplicationLinks,
        Event::ApplicationLetter,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Event::Invitation => "invitation",
            Event::Reminder => "reminder",
            Event::NewLink => "new_link",
            Event::Extension => "extension",
            Event::Withdrawal => "withdrawal",
            Event::Receipt => "receipt",
            Event::ApplicationDraft => "application_draft",
            Event::ApplicationKnown => "application_known",
            Event::ApplicationReceipt => "application_receipt",
            Event::ApplicationAnswers => "application_answers",
            Event::ApplicationDecline => "application_decline",
            Event::ApplicationReversal => "application_reversal",
            Event::ApplicationStep => "application_step",
            Event::ApplicationRejection => "application_rejection",
            Event::ApplicationWithdrawal => "application_withdrawal",
            Event::ApplicationContact => "application_contact",
            Event::ApplicationErasure => "application_erasure",
            Event::ApplicationLinks => "application_links",
            Event::ApplicationLetter => "application_letter",
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
            Event::ApplicationDraft => "Application begun",
            Event::ApplicationKnown => "Applied before",
            Event::ApplicationReceipt => "Application received",
            Event::ApplicationAnswers => "Video answers received",
            Event::ApplicationDecline => "Knocked out",
            Event::ApplicationReversal => "Knock-out reversed",
            Event::ApplicationStep => "Next step",
            Event::ApplicationRejection => "Rejection",
            Event::ApplicationWithdrawal => "Application withdrawn",
            Event::ApplicationContact => "Contact data changed",
            Event::ApplicationErasure => "Erasure asked for",
            Event::ApplicationLinks => "Links again",
            Event::ApplicationLetter => "Letter",
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
            Event::ApplicationDraft => "An application is begun; its link brings the candidate back to the draft",
            Event::ApplicationKnown => "The same, where this address has applied for the job before",
            Event::ApplicationReceipt => "An application was sent",
            Event::ApplicationAnswers => "The last of the video questions is answered",
            Event::ApplicationDecline => "An answer has knocked it out; the job says how long this mail waits",
            Event::ApplicationReversal => "Somebody has reversed a knock-out",
            Event::ApplicationStep => "Somebody has moved an application to another stage",
            Event::ApplicationRejection => "Somebody has ended an application",
            Event::ApplicationWithdrawal => "The candidate has withdrawn",
            Event::ApplicationContact => "The candidate has changed the contact data; it goes to both addresses",
            Event::ApplicationErasure => "The candidate has asked for everything to be erased",
            Event::ApplicationLinks => "Somebody has asked for the links of an address",
            Event::ApplicationLetter => "Somebody of the staff writes to a candidate; the words are theirs",
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
