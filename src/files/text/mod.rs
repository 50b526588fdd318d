//! What a document says, read by a child process: `halfopen extract` gets the file on its standard input and nothing
//! else, and has little memory and little time. Libraries for PDF panic, loop and swallow memory on files that are made
//! for it; here that ends the child. Whatever the child does, the answer is a text or a reason in a word.

pub mod child;
pub(in crate::files) mod docx;
pub(in crate::files) mod pdf;
pub(in crate::files) mod tidy;

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

use super::{Kind, MOST_TEXT};

/// A file that takes longer is given up.
const LONGEST: Duration = Duration::from_secs(10);

/// Why a file has no text. The file itself is as it was, and can be opened by those who may see it.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("it has a password; ask for one without")]
    Password,
    #[error("it holds no text, only pictures perhaps; open the file to see it")]
    NoText,
    #[error("it is damaged; ask for it again, or open the file to see what is left")]
    Damaged,
    #[error("it unfolds to more than can be read; open the file to see it")]
    TooMuch,
    #[error("it took too long to read; open the file to see it")]
    TimedOut,
    #[error("the program that read it broke down; open the file to see it")]
    Crashed,
    #[error("what was read is not text; open the file to see it")]
    Rubbish,
    /// Nothing is known about the file: to try again later may help.
    #[error("it could not be read on this server; check that the server may start programs, and try again: {0}")]
    NotStarted(#[from] std::io::Error),
}

impl Unreadable {
    /// In a word, for the database.
    pub fn word(&self) -> &'static str {
        match self {
            Unreadable::Password => "password",
            Unreadable::NoText => "no-text",
            Unreadable::Damaged => "damaged",
            Unreadable::TooMuch => "too-much",
            Unreadable::TimedOut => "timed-out",
            Unreadable::Crashed => "crashed",
            Unreadable::Rubbish => "rubbish",
            Unreadable::NotStarted(_) => "not-started",
        }
    }

    /// With what the child ends.
    fn code(&self) -> u8 {
        match self {
            Unreadable::Password => 10,
            Unreadable::NoText => 11,
            Unreadable::Damaged => 12,
            Unreadable::TooMuch => 13,
            _ => 1,
        }
    }

    fn of(status: ExitStatus) -> Unreadable {
        use std::os::unix::process::ExitStatusExt;
        let said = [
            Unreadable::Password,
            Unreadable::NoText,
            Unreadable::Damaged,
            Unreadable::TooMuch,
        ];
        match (status.code(), status.signal()) {
            (Some(code), _) => said
                .into_iter()
                .find(|reason| i32::from(reason.code()) == code)
                .unwrap_or(Unreadable::Crashed),
            // The kernel says that its time on the processor is over.
            (None, Some(SIGXCPU)) => Unreadable::TimedOut,
            _ => Unreadable::Crashed,
        }
    }
}

const SIGXCPU: i32 = 24;

/// The text of a document. `program` is this program; how many are read at once is for the caller to bound.
pub async fn extract(program: &Path, kind: Kind, bytes: &[u8]) -> Result<String, Unreadable> {
    if kind.is_recording() {
        return Err(Unreadable::NoText);
    }
    let mut child = Command::new(program)
        .args(["extract", "--kind", kind.key()])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        // Where this future is dropped, the runtime kills the child and reaps it.
        .kill_on_drop(true)
        .spawn()?;
    let text = match tokio::time::timeout(LONGEST, converse(&mut child, bytes)).await {
        Ok(said) => said,
        Err(_) => Err(Unreadable::TimedOut),
    };
    if text.is_err() {
        // Ends it and waits, so that no zombie stays. It fails where there is nothing left to end.
        let _ = child.kill().await;
    }
    text
}

/// Gives the child the file while it takes its answer: either pipe may be full while the other one waits.
async fn converse(child: &mut Child, bytes: &[u8]) -> Result<String, Unreadable> {
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Unreadable::Crashed);
    };
    let give = async move {
        // A child that does not read to the end has its reasons, and tells them by how it ends.
        let _ = to.write_all(bytes).await;
    };
    let mut said = Vec::new();
    let mut from = from.take(MOST_TEXT as u64 + 1);
    let take = async {
        let read = from.read_to_end(&mut said).await;
        match said.len() > MOST_TEXT {
            true => Err(Unreadable::TooMuch),
            false => Ok(read?),
        }
    };
    tokio::pin!(give);
    tokio::pin!(take);
    // Too much output ends the talk, whether or not the child still listens.
    tokio::select! {
        () = &mut give => (&mut take).await?,
        taken = &mut take => taken?,
    };
    let status = child.wait().await?;
    if !status.success() {
        return Err(Unreadable::of(status));
    }
    let text = String::from_utf8(said).map_err(|_| Unreadable::Rubbish)?;
    match tidy::is_tidy(&text) {
        true if text.is_empty() => Err(Unreadable::NoText),
        true => Ok(text),
        false => Err(Unreadable::Rubbish),
    }
}
