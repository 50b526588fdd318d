//! Mail servers for tests: one that answers as it is told, and one that speaks SMTP.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use halfopen::mail::sending::Delivery;
use halfopen::mail::{Mail, Post, PostError};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Takes everything, unless it has been told other answers.
#[derive(Default)]
pub struct FakePost {
    pub handed_over: Mutex<Vec<Mail>>,
    answers: Mutex<VecDeque<Answer>>,
    pub reached: Notify,
}

pub enum Answer {
    Fails(PostError),
    /// Takes the mail and says nothing.
    Hangs,
}

impl FakePost {
    pub fn answer(&self, answer: Answer) {
        self.answers.lock().unwrap().push_back(answer);
    }

    pub fn count(&self) -> usize {
        self.handed_over.lock().unwrap().len()
    }
}

impl Post for FakePost {
    fn deliver<'a>(&'a self, mail: &'a Mail) -> Delivery<'a> {
        Box::pin(async move {
            self.handed_over.lock().unwrap().push(mail.clone());
            self.reached.notify_one();
            let answer = self.answers.lock().unwrap().pop_front();
            match answer {
                None => Ok(()),
                Some(Answer::Fails(error)) => Err(error),
                Some(Answer::Hangs) => std::future::pending().await,
            }
        })
    }
}

/// What the SMTP server does with whoever comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Takes,
    /// "No such mailbox", for good.
    Refuses,
    /// "Try again later."
    IsBusy,
    /// Hangs up when it hears the recipient.
    LeavesEarly,
    /// Hangs up after the last line of the message.
    LeavesLate,
}

pub struct SmtpServer {
    pub port: u16,
    /// Head and body as they came, line by line.
    pub messages: Arc<Mutex<Vec<Vec<String>>>>,
    pub mood: Arc<Mutex<Mood>>,
}

impl SmtpServer {
    pub async fn start() -> SmtpServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (messages, mood) = (Arc::default(), Arc::new(Mutex::new(Mood::Takes)));
        let server = SmtpServer { port, messages, mood };
        let (messages, mood) = (Arc::clone(&server.messages), Arc::clone(&server.mood));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mood = *mood.lock().unwrap();
                tokio::spawn(converse(stream, mood, Arc::clone(&messages)));
            }
        });
        server
    }
}

/// Ends early when the client does; what was understood until then counts.
async fn converse(stream: TcpStream, mood: Mood, messages: Arc<Mutex<Vec<Vec<String>>>>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 test server\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let command = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer: &[u8] = match (command.as_str(), mood) {
            ("EHLO", _) => b"250-test server\r\n250 8BITMIME\r\n",
            ("RCPT", Mood::Refuses) => b"550 no such mailbox here\r\n",
            ("RCPT", Mood::IsBusy) => b"451 try again later\r\n",
            ("RCPT", Mood::LeavesEarly) => return Ok(()),
            ("DATA", _) => {
                write.write_all(b"354 go on\r\n").await?;
                let mut message = Vec::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    message.push(line);
                }
                messages.lock().unwrap().push(message);
                if mood == Mood::LeavesLate {
                    return Ok(());
                }
                b"250 taken\r\n"
            }
            ("QUIT", _) => b"221 bye\r\n",
            _ => b"250 ok\r\n",
        };
        write.write_all(answer).await?;
    }
    Ok(())
}
