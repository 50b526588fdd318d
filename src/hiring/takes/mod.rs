//! Answers to video questions, by the secret link: recorded as video or as sound, or written.
//!
//! A recording is sent in parts while it is made. Each part is in the store before its row says so, and a part that the
//! server has is never asked for again: a browser that lost its connection, or was reloaded, asks how many there are and
//! goes on from there. Each recording that is begun counts, also one that is thrown away: its bytes go, its row stays.
//! One answer to a question is submitted, and then it is final. The staff play it, or read it, and leave notes at a
//! second of it.

pub mod candidate;
pub mod indicators;
pub mod notes;
pub mod playing;
pub mod requests;
pub mod review;
pub mod standing;
pub mod store;
pub mod taking;

use std::time::Duration;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::files::{Key, Kind};
use crate::hiring::{Application, Opening};
use crate::roles::kit::VideoQuestion;

/// Of a question whose kit does not say it.
const LIMIT_SECONDS: u32 = 120;
/// A part has at most so many bytes.
pub const MOST_PART: usize = 2 * 1024 * 1024;
/// A recording has at most so many bytes, however long it may be.
const MOST_BYTES: u64 = 100 * 1024 * 1024;
/// And so many for each second of its limit: several times what a browser makes of a moving picture.
const BYTES_A_SECOND: u64 = 512 * 1024;
/// A written answer has at most so many characters.
pub const MOST_WORDS: usize = 5_000;
/// What is written in the last minute still arrives.
const WRITING_GRACE: Duration = Duration::from_secs(10 * 60);
/// A recording that was begun in time may be sent for so long after the end.
const SENDING_GRACE: Duration = Duration::from_secs(24 * 60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// An answer, or a try at one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Take {
    pub id: Uuid,
    pub application: Uuid,
    /// Which of the kit's video questions, from 0.
    pub question: u32,
    /// From 1; of a question.
    pub number: u32,
    pub form: Form,
    /// Of a recording of which something has come.
    pub kind: Option<Kind>,
    /// How many have come without a gap.
    pub parts: u32,
    pub bytes: u64,
    pub seconds: u32,
    /// Of a written answer.
    pub words: String,
    pub began_at: Timestamp,
    pub submitted_at: Option<Timestamp>,
    /// Thrown away; its bytes are gone.
    pub removed_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Video,
    Audio,
    Written,
}

/// What a member of the staff noted about an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub id: Uuid,
    pub by: Uuid,
    pub author: String,
    /// Absent from a written answer.
    pub at_second: Option<u32>,
    /// In the words of [`indicators::Indicator::id`]; empty where it is tied to none.
    pub indicator: String,
    pub words: String,
    pub written_at: Timestamp,
}

impl Form {
    pub const ALL: [Form; 3] = [Form::Video, Form::Audio, Form::Written];

    pub fn id(self) -> &'static str {
        match self {
            Form::Video => "video",
            Form::Audio => "audio",
            Form::Written => "written",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Form::Video => "Video",
            Form::Audio => "Sound only",
            Form::Written => "Written",
        }
    }

    pub fn from_id(id: &str) -> Option<Form> {
        Form::ALL.into_iter().find(|form| form.id() == id)
    }
}

impl Take {
    /// Below the application's own key, so that whoever erases that erases this too.
    pub fn key(&self) -> Key {
        Key::new("applications", self.application).below("takes", self.id)
    }

    /// Of which something is here that can be heard, and that waits for a decision.
    pub fn is_kept(&self) -> bool {
        self.parts > 0 && self.submitted_at.is_none() && self.removed_at.is_none()
    }

    pub fn is_recorded(&self) -> bool {
        self.form != Form::Written
    }

    /// 1:32, or how many words were written.
    pub fn length(&self) -> String {
        match self.form {
            Form::Written => words(self.words.split_whitespace().count()),
            _ => clock(self.seconds),
        }
    }
}

impl Note {
    /// 0:42.
    pub fn at(&self) -> Option<String> {
        self.at_second.map(clock)
    }
}

fn words(n: usize) -> String {
    match n {
        1 => "1 word".to_owned(),
        n => format!("{n} words"),
    }
}

/// 1:32.
pub fn clock(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// 2 minutes; 1 minute 30 seconds.
pub fn spoken(seconds: u32) -> String {
    let count = |n: u32, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    match (seconds / 60, seconds % 60) {
        (0, seconds) => count(seconds, "second"),
        (minutes, 0) => count(minutes, "minute"),
        (minutes, seconds) => format!("{} {}", count(minutes, "minute"), count(seconds, "second")),
    }
}

/// How long an answer may be.
pub fn limit(question: &VideoQuestion) -> u32 {
    question.limit_seconds.unwrap_or(LIMIT_SECONDS).clamp(5, 30 * 60)
}

fn most_bytes(limit: u32) -> u64 {
    (u64::from(limit) * BYTES_A_SECOND + MOST_PART as u64).min(MOST_BYTES)
}

/// Until when answers are taken: so many days after the application was sent, or was taken up again by a person.
pub fn deadline(application: &Application, opening: &Opening) -> Option<Timestamp> {
    let sent = application.submitted_at?;
    let from = application
        .reversed
        .as_ref()
        .map_or(sent, |reversal| reversal.at.max(sent));
    Some(from.plus(DAY * opening.video_days))
}

/// What may still be done about the answers of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Open,
    /// The time has passed; what was begun before may still arrive.
    Late,
    /// Nothing more, because the application is no draft any more, or not yet active.
    Shut,
}

pub fn door(application: &Application, opening: &Opening, now: Timestamp) -> Door {
    use crate::hiring::ApplicationState::Active;
    match deadline(application, opening) {
        Some(until) if application.state == Active && now <= until => Door::Open,
        Some(_) if application.state == Active => Door::Late,
        _ => Door::Shut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_said_as_people_say_them() {
        assert_eq!(
            (clock(0), clock(48), clock(125)),
            ("0:00".into(), "0:48".into(), "2:05".into())
        );
        for (seconds, words) in [
            (1, "1 second"),
            (60, "1 minute"),
            (90, "1 minute 30 seconds"),
            (121, "2 minutes 1 second"),
        ] {
            assert_eq!(spoken(seconds), words);
        }
    }

    #[test]
    fn a_limit_is_one_that_can_be_kept() {
        let of = |limit_seconds| {
            limit(&VideoQuestion {
                limit_seconds,
                ..VideoQuestion::default()
            })
        };
        assert_eq!(
            (of(None), of(Some(0)), of(Some(90)), of(Some(u32::MAX))),
            (120, 5, 90, 1_800)
        );
        assert!(most_bytes(120) < most_bytes(1_800) && most_bytes(1_800) == MOST_BYTES);
    }
}
