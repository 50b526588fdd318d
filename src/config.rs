//! What a running Halfopen is told from outside: the environment, every default stated here.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use lettre::message::Mailbox;

use crate::files::store::Place;
use crate::mail::smtp::MailServer;

#[derive(Clone, Debug)]
pub struct Config {
    /// `HALFOPEN_DATA`: the folder of everything that is kept. Default: `data`.
    pub data: PathBuf,
    /// `HALFOPEN_LISTEN`: address and port. Default: `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// `DATABASE_URL`: a `postgres://` address. Default: SQLite, in the data folder.
    pub database_url: Option<String>,
    /// `HALFOPEN_FILES`: where uploads are kept, `file:///folder` or `s3://bucket/prefix`. Default: `files` in the data folder.
    pub files: Option<Place>,
    /// `HALFOPEN_CACHE`: where the compiled engine is kept. Default: `$XDG_CACHE_HOME/halfopen`, else `~/.cache/halfopen`.
    pub cache: PathBuf,
    /// `HALFOPEN_PUBLIC_URL`: the address in people's browsers. `https` makes cookies secure. Default: `http://` + listen.
    pub public_url: PublicUrl,
    /// `HALFOPEN_TRUST_PROXY`: `1` when a reverse proxy in front sets `X-Forwarded-For`. Default: `0`.
    pub trust_proxy: bool,
    /// `HALFOPEN_WORKERS`: how many programs are graded at once. Default: one for each processor.
    pub workers: usize,
    /// This program, which is started again to read what candidates upload.
    pub program: PathBuf,
    /// `HALFOPEN_SMTP_URL` and `HALFOPEN_MAIL_FROM`: the mail server, and whom mail comes from. Default: mail is kept in
    /// the mailbox.
    pub mail: Option<(MailServer, Mailbox)>,
}

/// An origin: scheme and authority, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{name} is \"{value}\", but must be {must_be}")]
    Invalid {
        name: &'static str,
        value: String,
        must_be: &'static str,
    },
}

impl Config {
    pub fn from_env() -> Result<Config, ConfigError> {
        Config::from_lookup(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn from_lookup(get: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
        let listen = parsed(
            &get,
            "HALFOPEN_LISTEN",
            "an address with a port, like 127.0.0.1:8080",
            |v| v.parse().ok(),
        )?
        .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
        let public_url = parsed(
            &get,
            "HALFOPEN_PUBLIC_URL",
            "an address like https://hire.example.com",
            PublicUrl::parse,
        )?
        .unwrap_or_else(|| PublicUrl(format!("http://{listen}")));
        let database_url = parsed(&get, "DATABASE_URL", "a postgres:// address", |v| {
            (v.starts_with("postgres://") || v.starts_with("postgresql://")).then(|| v.to_owned())
        })?;
        let trust_proxy = parsed(&get, "HALFOPEN_TRUST_PROXY", "0 or 1", |v| match v {
            "0" => Some(false),
            "1" => Some(true),
            _ => None,
        })?
        .unwrap_or(false);
        let workers = parsed(&get, "HALFOPEN_WORKERS", "a number from 1 to 256", |v| {
            v.parse().ok().filter(|n| (1..=256).contains(n))
        })?
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
        let files = parsed(
            &get,
            "HALFOPEN_FILES",
            "an address like file:///srv/files or s3://bucket/prefix",
            Place::parse,
        )?;
        let server = parsed(
            &get,
            "HALFOPEN_SMTP_URL",
            "an address like smtp://user:password@mail.example.com:587",
            MailServer::parse,
        )?;
        let from = parsed(
            &get,
            "HALFOPEN_MAIL_FROM",
            "a mail address, like Hiring <hiring@example.com>",
            |v| v.parse::<Mailbox>().ok(),
        )?;
        Ok(Config {
            data: get("HALFOPEN_DATA").map_or_else(|| PathBuf::from("data"), PathBuf::from),
            listen,
            database_url,
            files,
            cache: get("HALFOPEN_CACHE").map_or_else(|| default_cache(&get), PathBuf::from),
            public_url,
            trust_proxy,
            workers,
            program: PathBuf::from("/proc/self/exe"),
            mail: mail(server, from)?,
        })
    }

    pub fn sqlite_file(&self) -> PathBuf {
        self.data.join("halfopen.db")
    }

    pub fn place_of_files(&self) -> Place {
        self.files
            .clone()
            .unwrap_or_else(|| Place::Folder(self.data.join("files")))
    }
}

fn parsed<T>(
    get: impl Fn(&str) -> Option<String>,
    name: &'static str,
    must_be: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, ConfigError> {
    let Some(value) = get(name) else { return Ok(None) };
    match parse(&value) {
        Some(parsed) => Ok(Some(parsed)),
        // Such an address holds a password, which has no place in an error message.
        None if ["DATABASE_URL", "HALFOPEN_SMTP_URL"].contains(&name) => Err(ConfigError::Invalid {
            name,
            value: "…".into(),
            must_be,
        }),
        None => Err(ConfigError::Invalid { name, value, must_be }),
    }
}

/// One without the other would lose mail in silence.
fn mail(server: Option<MailServer>, from: Option<Mailbox>) -> Result<Option<(MailServer, Mailbox)>, ConfigError> {
    let missing = |name, must_be| {
        Err(ConfigError::Invalid {
            name,
            value: String::new(),
            must_be,
        })
    };
    match (server, from) {
        (Some(server), Some(from)) => Ok(Some((server, from))),
        (None, None) => Ok(None),
        (Some(_), None) => missing("HALFOPEN_MAIL_FROM", "a mail address where HALFOPEN_SMTP_URL is set"),
        (None, Some(_)) => missing("HALFOPEN_SMTP_URL", "a mail server where HALFOPEN_MAIL_FROM is set"),
    }
}

fn default_cache(get: impl Fn(&str) -> Option<String>) -> PathBuf {
    match (get("XDG_CACHE_HOME"), get("HOME")) {
        (Some(cache), _) => Path::new(&cache).join("halfopen"),
        (None, Some(home)) => Path::new(&home).join(".cache/halfopen"),
        (None, None) => std::env::temp_dir().join("halfopen"),
    }
}

impl PublicUrl {
    pub fn parse(value: &str) -> Option<PublicUrl> {
        let uri: axum::http::Uri = value.trim_end_matches('/').parse().ok()?;
        let scheme = uri.scheme_str().filter(|s| ["http", "https"].contains(s))?;
        let bare = uri.path() == "/" && uri.query().is_none();
        bare.then(|| Some(PublicUrl(format!("{scheme}://{}", uri.authority()?))))?
    }

    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Without a port.
    pub fn host(&self) -> &str {
        let authority = self
            .0
            .split_once("://")
            .map_or(self.0.as_str(), |(_, authority)| authority);
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => authority,
        }
    }

    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(vars: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_lookup(|name| vars.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn starts_without_any_variable() {
        let config = config(&[("HOME", "/home/me")]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.public_url.join("/people"), "http://127.0.0.1:8080/people");
        assert_eq!(config.cache, Path::new("/home/me/.cache/halfopen"));
        assert_eq!(config.sqlite_file(), Path::new("data/halfopen.db"));
    }

    #[test]
    fn says_what_is_wrong_and_never_shows_a_password() {
        let listen = config(&[("HALFOPEN_LISTEN", "8080")]).unwrap_err().to_string();
        assert_eq!(
            listen,
            "HALFOPEN_LISTEN is \"8080\", but must be an address with a port, like 127.0.0.1:8080"
        );
        let database = config(&[("DATABASE_URL", "mysql://me:secret@host")])
            .unwrap_err()
            .to_string();
        assert!(!database.contains("secret"), "{database}");
        let mail = config(&[("HALFOPEN_SMTP_URL", "smtp//me:secret@host")])
            .unwrap_err()
            .to_string();
        assert!(!mail.contains("secret"), "{mail}");
    }

    #[test]
    fn a_mail_server_needs_a_sender_and_a_sender_a_mail_server() {
        let (server, from) = (
            ("HALFOPEN_SMTP_URL", "smtp://localhost"),
            ("HALFOPEN_MAIL_FROM", "Hiring <hiring@example.com>"),
        );
        assert!(config(&[]).unwrap().mail.is_none());
        assert!(config(&[server, from]).unwrap().mail.is_some());
        assert!(config(&[server]).is_err() && config(&[from]).is_err());
        assert!(config(&[server, ("HALFOPEN_MAIL_FROM", "hiring")]).is_err());
    }

    #[test]
    fn a_public_address_is_an_origin() {
        assert!(PublicUrl::parse("https://hire.example.com/").unwrap().is_https());
        assert_eq!(PublicUrl::parse("https://hire.example.com/app"), None);
        assert_eq!(PublicUrl::parse("ftp://hire.example.com"), None);
        assert_eq!(PublicUrl::parse("hire"), None);
        let hosts = ["http://[::1]:80", "http://[::1]", "http://hire.example:8080"].map(PublicUrl::parse);
        let hosts = hosts.each_ref().map(|url| url.as_ref().map(PublicUrl::host));
        assert_eq!(hosts, [Some("[::1]"), Some("[::1]"), Some("hire.example")]);
    }
}
