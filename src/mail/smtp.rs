//! SMTP. Step by step, because whether a mail may be tried again depends on how far it got.

use std::fmt;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};

use crate::mail::sending::Delivery;
use crate::mail::{Mail, Post, PostError};

/// Together they bound an attempt to 30 seconds. The second is longer: a server may look at a message before it answers.
const PREPARING: Duration = Duration::from_secs(10);
const HANDING_OVER: Duration = Duration::from_secs(20);

/// What `HALFOPEN_SMTP_URL` says.
#[derive(Clone, PartialEq, Eq)]
pub struct MailServer {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    pub login: Option<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    None,
    /// Begun in the clear, refused if the server has none.
    StartTls,
    /// From the first byte.
    Tls,
}

impl MailServer {
    /// `smtps://user:password@host:465` is encrypted from the start. `smtp://…` is with a password, by STARTTLS, and
    /// without one is not, unless `?tls=required` or `?tls=none` says otherwise.
    pub fn parse(url: &str) -> Option<MailServer> {
        let uri: axum::http::Uri = url.parse().ok()?;
        let authority = uri.authority()?;
        if !["", "/"].contains(&uri.path()) {
            return None;
        }
        let login = match authority.as_str().rsplit_once('@') {
            None => None,
            Some((login, _)) => {
                let (user, password) = login.split_once(':')?;
                Some((percent_decoded(user)?, percent_decoded(password)?))
            }
        };
        let encryption = match (uri.scheme_str()?, uri.query()) {
            ("smtps", None) => Encryption::Tls,
            ("smtp", Some("tls=required")) => Encryption::StartTls,
            ("smtp", Some("tls=none")) => Encryption::None,
            ("smtp", None) if login.is_some() => Encryption::StartTls,
            ("smtp", None) => Encryption::None,
            _ => return None,
        };
        let usual = match encryption {
            Encryption::None => 25,
            Encryption::StartTls => 587,
            Encryption::Tls => 465,
        };
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let port = match authority.port() {
            None => usual,
            Some(port) => port.as_str().parse().ok()?,
        };
        (!host.is_empty()).then_some(MailServer {
            host,
            port,
            encryption,
            login,
        })
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first == b'%' {
            let (digits, after) = rest.split_at_checked(2)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = after;
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The password has no place in a log.
impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailServer({}:{}, {:?})", self.host, self.port, self.encryption)
    }
}

/// Sends by SMTP: a connection for each mail.
pub struct Smtp {
    server: MailServer,
    from: Mailbox,
    hello: ClientId,
    tls: Option<TlsParameters>,
}

impl Smtp {
    pub fn open(server: MailServer, from: Mailbox) -> Result<Smtp, smtp::Error> {
        let tls = match server.encryption {
            Encryption::None => None,
            Encryption::StartTls | Encryption::Tls => Some(TlsParameters::new(server.host.clone())?),
        };
        Ok(Smtp {
            hello: ClientId::Domain(from.email.domain().to_owned()),
            server,
            from,
            tls,
        })
    }

    async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        let message = self.message(mail)?;
        // Up to here and through DATA nothing was handed over: whatever breaks may be tried again.
        let prepared = tokio::time::timeout(PREPARING, self.prepare(message.envelope())).await;
        let mut connection =
            prepared.map_err(|_| PostError::Passing("The mail server did not answer in time.".into()))??;
        let handed_over = tokio::time::timeout(HANDING_OVER, connection.message(&message.formatted())).await;
        match handed_over {
            Ok(Ok(_)) => {
                // The message is theirs; how the connection ends does not matter.
                let _ = tokio::time::timeout(Duration::from_secs(2), connection.quit()).await;
                Ok(())
            }
            Ok(Err(error)) if error.status().is_some() => Err(post_error(&error)),
            Ok(Err(error)) => Err(PostError::Unknown(words(&error))),
            Err(_) => Err(PostError::Unknown("The mail server did not answer in time.".into())),
        }
    }

    fn message(&self, mail: &Mail) -> Result<Message, PostError> {
        let refused = |what: &str| PostError::Refused(what.to_owned());
        let address = mail.recipient.parse();
        let address = address.map_err(|_| refused("This is not an address that mail can be sent to."))?;
        let name = Some(mail.recipient_name.clone()).filter(|name| !name.is_empty());
        let from = Mailbox {
            name: self.from.name.clone().or_else(|| Some(mail.sender_name.clone())),
            ..self.from.clone()
        };
        let written = Duration::from_millis(mail.created_at.millis());
        Message::builder()
            .message_id(Some(mail.message_id.clone()))
            .date(std::time::UNIX_EPOCH + written)
            .from(from)
            .to(Mailbox::new(name, address))
            .subject(mail.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body.clone())
            .map_err(|error| PostError::Refused(error.to_string()))
    }

    /// A connection on which the server waits for the message.
    async fn prepare(&self, envelope: &Envelope) -> Result<AsyncSmtpConnection, PostError> {
        let mut connection = self.connect().await.map_err(|error| post_error(&error))?;
        let mut parameters = Vec::new();
        let addresses = envelope.from().into_iter().chain(envelope.to());
        if !addresses.map(AsRef::<str>::as_ref).all(str::is_ascii) {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                let words = "The mail server takes no addresses with letters other than English ones.";
                return Err(PostError::Refused(words.into()));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let addressed = address(&mut connection, envelope, parameters).await;
        addressed.map_err(|error| post_error(&error))?;
        Ok(connection)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, smtp::Error> {
        let server = (self.server.host.as_str(), self.server.port);
        let at_once = self.tls.clone().filter(|_| self.server.encryption == Encryption::Tls);
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, None, &self.hello, at_once, None).await?;
        if let Some(tls) = self
            .tls
            .clone()
            .filter(|_| self.server.encryption == Encryption::StartTls)
        {
            connection.starttls(tls, &self.hello).await?;
        }
        if let Some((user, password)) = self.server.login.clone() {
            let credentials = Credentials::new(user, password);
            connection.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(connection)
    }
}

async fn address(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    parameters: Vec<MailParameter>,
) -> Result<(), smtp::Error> {
    connection
        .command(MailFrom::new(envelope.from().cloned(), parameters))
        .await?;
    for recipient in envelope.to() {
        connection.command(Rcpt::new(recipient.clone(), Vec::new())).await?;
    }
    connection.command(Data).await.map(drop)
}

fn post_error(error: &smtp::Error) -> PostError {
    if error.is_permanent() {
        PostError::Refused(words(error))
    } else {
        PostError::Passing(words(error))
    }
}

/// "550: no such user", or what went wrong on the way.
fn words(error: &smtp::Error) -> String {
    let source = std::error::Error::source(error).map(ToString::to_string);
    match (error.status(), source) {
        (Some(code), Some(said)) => format!("{code}: {said}"),
        (None, Some(said)) => said,
        (_, None) => error.to_string(),
    }
}

impl Post for Smtp {
    fn deliver<'a>(&'a self, mail: &'a Mail) -> Delivery<'a> {
        Box::pin(self.send(mail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Parts = (String, u16, Encryption, Option<(String, String)>);

    fn parsed(url: &str) -> Option<Parts> {
        MailServer::parse(url).map(|server| (server.host, server.port, server.encryption, server.login))
    }

    #[test]
    fn a_password_never_travels_in_the_clear_unless_somebody_says_so() {
        let login = Some(("me@x".to_owned(), "a:b/ä".to_owned()));
        let host = || "mail.example".to_owned();
        let url = "smtp://me%40x:a%3Ab%2F%C3%A4@mail.example";
        assert_eq!(parsed(url), Some((host(), 587, Encryption::StartTls, login.clone())));
        let clear = format!("{url}:2525?tls=none");
        assert_eq!(parsed(&clear), Some((host(), 2525, Encryption::None, login)));
        assert_eq!(
            parsed("smtp://mail.example"),
            Some((host(), 25, Encryption::None, None))
        );
        assert_eq!(
            parsed("smtps://mail.example/"),
            Some((host(), 465, Encryption::Tls, None))
        );
        assert_eq!(parsed("smtp://[::1]:25").map(|server| server.0), Some("::1".into()));
    }

    #[test]
    fn what_is_no_mail_server_is_refused() {
        for url in [
            "mail.example",
            "http://mail.example",
            "smtp://",
            "smtp://me@mail.example",
            "smtp://mail.example?tls=maybe",
            "smtp://mail.example/path",
            "smtp://me:%zz@mail.example",
        ] {
            assert_eq!(parsed(url), None, "{url}");
        }
        assert!(!format!("{:?}", MailServer::parse("smtp://me:secret@host")).contains("secret"));
    }
}
