//! Everything that a request or a job may reach, and the router around it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use tokio::sync::{Notify, Semaphore};
use uuid::Uuid;

use crate::clock::{Clock, Timestamp};
use crate::config::Config;
use crate::db::Db;
use crate::files::Files;
use crate::mail::Post;
use crate::submissions::Laboratory;
use crate::{routes, ui};

#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub db: Db,
    pub files: Files,
    pub clock: Arc<dyn Clock>,
    pub config: Config,
    pub laboratory: Arc<dyn Laboratory>,
    /// `None`: mail is not sent, but kept in the mailbox.
    pub post: Option<Arc<dyn Post>>,
    rng: Mutex<ChaCha20Rng>,
    /// Rung when a job is queued, so that it does not wait for the next look.
    pub job_queued: Notify,
    /// Password hashes and replays that run at once: both take a processor, and neither may take all the memory.
    pub hashing: Semaphore,
    pub replaying: Arc<Semaphore>,
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    pub fn new(
        db: Db,
        files: Files,
        clock: Arc<dyn Clock>,
        seed: [u8; 32],
        laboratory: Arc<dyn Laboratory>,
        post: Option<Arc<dyn Post>>,
        config: Config,
    ) -> App {
        let at_once = config.workers.max(1);
        App(Arc::new(Parts {
            db,
            files,
            clock,
            config,
            laboratory,
            post,
            rng: Mutex::new(ChaCha20Rng::from_seed(seed)),
            job_queued: Notify::new(),
            hashing: Semaphore::new(at_once),
            replaying: Arc::new(Semaphore::new(at_once)),
        }))
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(&mut bytes);
        bytes
    }

    /// From 0 to `limit`, both included.
    pub fn random_up_to(&self, limit: u64) -> u64 {
        let draw = u128::from(u64::from_le_bytes(self.random()));
        u64::try_from((draw * (u128::from(limit) + 1)) >> 64).unwrap_or(limit)
    }

    /// Ids made later sort later, to the millisecond.
    pub fn new_id(&self) -> Uuid {
        uuid::Builder::from_unix_timestamp_millis(self.now().millis(), &self.random()).into_uuid()
    }
}

pub fn build(app: App) -> Router {
    ui::frame::around(routes::map().into_router(&app), &app)
}

/// Where a request came from, as far as this server can tell.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);
