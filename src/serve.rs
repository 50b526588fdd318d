//! A running server: its data folder, its first administrator, its end.

use std::fs::{File, TryLockError};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use tokio::net::TcpListener;

use crate::app::{self, App, Peer};
use crate::assessments::outages;
use crate::audit::Actor;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::db::{Db, DbError};
use crate::error::AppError;
use crate::files::Files;
use crate::files::store::StoreError;
use crate::jobs::{self, Workers};
use crate::mail::Post;
use crate::mail::smtp::Smtp;
use crate::people::managing::{add_invited, new_link};
use crate::people::recording::{Act, record};
use crate::people::second_factor;
use crate::people::{NewStaff, PeopleError, Role, check_email, passwords, store};
use crate::privacy::retention;
use crate::roles::shipped;
use crate::submissions::Laboratory;

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("the data folder {folder} cannot be used: {source}")]
    DataFolder { folder: String, source: io::Error },
    #[error("another Halfopen is running on the data folder {0}")]
    InUse(String),
    #[error("the database cannot be opened: {0}")]
    Database(#[from] DbError),
    #[error("{listen} cannot be listened on: {source}")]
    Listen { listen: String, source: io::Error },
    #[error("there is no randomness to be had from the system: {0}")]
    Randomness(String),
    #[error(transparent)]
    Files(#[from] StoreError),
    #[error("mail cannot be sent: {0}")]
    Mail(#[from] lettre::transport::smtp::Error),
    #[error("HALFOPEN_ADMIN_EMAIL: {0}")]
    AdminEmail(&'static str),
    #[error(transparent)]
    People(#[from] PeopleError),
    #[error(transparent)]
    App(#[from] AppError),
}

/// How long a stopping server waits for the answers that are under way.
const PATIENCE: Duration = Duration::from_secs(10);

/// The parts of an app with the real clock and real randomness.
pub async fn open(config: Config, laboratory: Arc<dyn Laboratory>) -> Result<App, ServeError> {
    let folder = || config.data.display().to_string();
    std::fs::create_dir_all(&config.data).map_err(|source| ServeError::DataFolder {
        folder: folder(),
        source,
    })?;
    let db = match &config.database_url {
        Some(url) => Db::open_postgres(url).await?,
        None => Db::open_sqlite(&config.sqlite_file()).await?,
    };
    let files = Files::open(&config.place_of_files())?;
    let post = post(&config)?;
    let clock = Arc::new(SystemClock);
    Ok(App::new(db, files, clock, system_seed()?, laboratory, post, config))
}

fn post(config: &Config) -> Result<Option<Arc<dyn Post>>, ServeError> {
    let Some((server, from)) = config.mail.clone() else {
        return Ok(None);
    };
    Ok(Some(Arc::new(Smtp::open(server, from)?)))
}

#[expect(
    clippy::disallowed_methods,
    reason = "this seeds the generator that everything else draws from"
)]
fn system_seed() -> Result<[u8; 32], ServeError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|e| ServeError::Randomness(e.to_string()))?;
    Ok(seed)
}

/// Serves until the process is asked to stop, then ends what is under way.
pub async fn serve(app: App) -> Result<(), ServeError> {
    let _lock = lock_data_folder(&app).await?;
    set_up(&app).await?;
    shipped::bring(&app).await?;
    retention::ensure(&app).await?;
    second_factor::sealing::seal_all(&app).await?;
    let listen = app.config.listen;
    let failed = |source| ServeError::Listen {
        listen: listen.to_string(),
        source,
    };
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    // Before any test can end: what was lost while the server was away is given back.
    outages::beat(&app).await?;
    let heart = tokio::spawn(outages::keep_beating(app.clone()));
    let workers = Workers::start(&app);
    tracing::info!(address = app.config.public_url.join("/"), "Halfopen is ready");
    println!("Halfopen is ready at {}", app.config.public_url.join("/"));

    let router = app::build(app.clone()).into_make_service_with_connect_info::<Peer>();
    let served = tokio::select! {
        served = axum::serve(listener, router).with_graceful_shutdown(asked_to_stop()) => served,
        () = patience_ends() => Ok(()),
    };
    heart.abort();
    workers.stop().await;
    app.db.close().await;
    served.map_err(failed)
}

/// SQLite belongs to one server at a time; so whoever held a lease when this one starts is gone.
async fn lock_data_folder(app: &App) -> Result<Option<File>, ServeError> {
    if app.config.database_url.is_some() {
        return Ok(None);
    }
    let folder = || app.config.data.display().to_string();
    let failed = |source| ServeError::DataFolder {
        folder: folder(),
        source,
    };
    let lock = File::create(app.config.data.join("halfopen.lock")).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(ServeError::InUse(folder())),
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    jobs::store::release_all(&app.db).await?;
    Ok(Some(lock))
}

/// As long as nobody has a password: an administrator from the environment, or a link on the terminal that makes one.
async fn set_up(app: &App) -> Result<(), ServeError> {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let email = variable("HALFOPEN_ADMIN_EMAIL").unwrap_or_else(|| "admin@localhost".into());
    let link = first_administrator(app, &email, variable("HALFOPEN_ADMIN_PASSWORD")).await?;
    if let Some((email, link)) = link {
        println!("\nThis is a new Halfopen. Its administrator signs in as {email}.");
        println!("Set the password here, once, within seven days:\n\n    {link}\n");
    }
    Ok(())
}

/// Gives the address and the link with which a new installation is set up, where it still has to be.
pub async fn first_administrator(
    app: &App,
    email: &str,
    password: Option<String>,
) -> Result<Option<(String, String)>, ServeError> {
    let people = store::all(&app.db).await?;
    if people.iter().any(|person| person.has_password) {
        return Ok(None);
    }
    // A link that was not used in time, or was lost with the terminal, is replaced.
    if let Some(waiting) = people
        .into_iter()
        .find(|person| person.active && person.role == Role::Administrator)
    {
        let link = new_link(app, Actor::Halfopen, waiting.id).await?;
        return Ok(Some((waiting.email, link)));
    }
    let email = check_email(email).map_err(ServeError::AdminEmail)?;
    let new = NewStaff {
        email,
        name: "Administrator".into(),
        role: Role::Administrator,
    };
    match password {
        Some(password) => {
            add_with_password(app, new, &password).await?;
            Ok(None)
        }
        None => {
            let (staff, link) = add_invited(app, Actor::Halfopen, new).await?;
            Ok(Some((staff.email, link)))
        }
    }
}

/// From the command line or the environment: whoever runs the server may choose a short one.
pub async fn add_with_password(app: &App, new: NewStaff, password: &str) -> Result<(), ServeError> {
    let hash = passwords::hash(app, password).await?;
    let mut tx = app.db.begin().await?;
    let id = app.new_id();
    store::add(&mut tx, id, &new, Some(hash), app.now()).await?;
    record(&mut tx, app, Actor::Halfopen, Act::Added, id, new.role.id()).await?;
    Ok(tx.commit().await?)
}

/// A connection that never ends does not keep the server from ending.
async fn patience_ends() {
    asked_to_stop().await;
    tokio::time::sleep(PATIENCE).await;
}

async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let (interrupt, terminate) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    let (Ok(mut interrupt), Ok(mut terminate)) = (interrupt, terminate) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

impl Connected<IncomingStream<'_, TcpListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Peer {
        Peer(*stream.remote_addr())
    }
}
