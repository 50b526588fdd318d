//! What colleagues say to one another about an application: comments that name people, tags, and what is to be done.
//!
//! The team sees all of it, the candidate never. An author may change a comment for a quarter of an hour, and take it
//! away at any time; that something was there stays visible. Whoever is named finds it on the page of today until they
//! have opened the application.

pub mod acts;
pub mod comment_pages;
pub mod list_pages;
pub mod mentions;
pub mod store;

use std::time::Duration;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::people::Role;
use crate::ui::clean_line;

const MOST_WORDS: usize = 5_000;
const MOST_TAG: usize = 40;
pub const MOST_TAGS: usize = 20;
const MOST_TO_DO: usize = 200;
/// That are not done.
pub const MOST_TO_DOS: usize = 50;
/// So long its author may change a comment.
const CHANGEABLE: Duration = Duration::from_secs(15 * 60);

/// Somebody who can be named, be given something to do, or be responsible: the team, and those who see every job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub in_team: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub id: Uuid,
    pub application: Uuid,
    pub by: Uuid,
    pub author: String,
    /// Empty once it is removed.
    pub words: String,
    pub written_at: Timestamp,
    pub changed_at: Option<Timestamp>,
    pub removed_at: Option<Timestamp>,
    pub named: Vec<Named>,
}

/// Who is named in a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub id: Uuid,
    pub name: String,
    pub email: String,
}

/// A comment that names somebody who has not seen it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    pub comment: Uuid,
    /// Where it is read.
    pub application: Uuid,
    pub candidate: String,
    pub job: String,
    pub author: String,
    pub words: String,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToDo {
    pub id: Uuid,
    pub application: Uuid,
    pub words: String,
    pub staff: Uuid,
    pub who: String,
    /// The end of the day.
    pub due_at: Timestamp,
    pub done_at: Option<Timestamp>,
}

/// Something to do, on the page of the one whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToDoLine {
    pub to_do: ToDo,
    pub candidate: String,
    pub job: String,
}

impl Comment {
    pub fn may_change(&self, staff: Uuid, now: Timestamp) -> bool {
        self.may_remove(staff) && self.written_at.until(now) < CHANGEABLE
    }

    pub fn may_remove(&self, staff: Uuid) -> bool {
        self.by == staff && self.removed_at.is_none()
    }

    pub fn pieces(&self) -> Vec<mentions::Piece<'_>> {
        mentions::pieces(&self.words, &self.named)
    }
}

impl From<&Person> for Named {
    fn from(person: &Person) -> Named {
        Named {
            id: person.id,
            name: person.name.clone(),
            email: person.email.clone(),
        }
    }
}

impl ToDo {
    pub fn is_late(&self, now: &Timestamp) -> bool {
        self.done_at.is_none() && self.due_at <= *now
    }

    /// The last moment of the day on which it is due.
    pub fn due_day(&self) -> Timestamp {
        self.due_at.minus(Duration::from_micros(1))
    }
}

pub fn check_words(typed: &str) -> Result<String, &'static str> {
    let kept = typed
        .replace("\r\n", "\n")
        .replace(|c: char| c.is_control() && c != '\n', " ");
    match kept.trim() {
        "" => Err("Write something first."),
        words if words.chars().count() > MOST_WORDS => Err("A comment has at most 5,000 characters."),
        words => Ok(words.to_owned()),
    }
}

pub fn check_tag(typed: &str) -> Result<String, &'static str> {
    let tag = clean_line(typed);
    match tag.chars().count() {
        0 => Err("Write a word or two."),
        1..=MOST_TAG => Ok(tag),
        _ => Err("A tag has at most 40 characters."),
    }
}

pub fn check_to_do(typed: &str) -> Result<String, &'static str> {
    let words = clean_line(typed);
    match words.chars().count() {
        0 => Err("Write what is to be done."),
        1..=MOST_TO_DO => Ok(words),
        _ => Err("At most 200 characters; a comment has room for more."),
    }
}
