//! The app under test, and the people who use it.

pub mod browser;
pub mod hiring;
pub mod html;
pub mod laboratory;
pub mod post;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use halfopen::app::{self, App};
use halfopen::clock::{ManualClock, Timestamp};
use halfopen::config::{Config, PublicUrl};
use halfopen::db::Db;
use halfopen::files::Files;
use halfopen::mail::Post;
use halfopen::people::{NewStaff, Role};
use halfopen::{jobs, serve};
use sqlx::Connection as _;

pub use browser::Browser;
pub use laboratory::FakeLaboratory;

pub const PASSWORD: &str = "seven small boats at sea";
/// 20 November 2026, 14:52:07 UTC.
const START: Timestamp = Timestamp(1_795_186_327_000_000);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

pub struct TestApp {
    pub app: App,
    pub router: Router,
    pub clock: Arc<ManualClock>,
    pub laboratory: Arc<FakeLaboratory>,
    _folder: tempfile::TempDir,
}

/// Runs the same test on both databases.
#[macro_export]
macro_rules! on_both {
    ($(async fn $name:ident($app:ident) $body:block)*) => {
        mod sqlite {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let $app = $crate::support::TestApp::new($crate::support::Database::Sqlite).await;
                let db = $app.app.db.clone();
                $body
                $crate::support::counts_hold(&db).await;
            })*
        }
        mod postgres {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let $app = $crate::support::TestApp::new($crate::support::Database::Postgres).await;
                let db = $app.app.db.clone();
                $body
                $crate::support::counts_hold(&db).await;
            })*
        }
    };
}

/// What is kept as counts of applications is what there is; and the audit log holds.
pub async fn counts_hold(db: &Db) {
    // A test that has put its app away took the database with it.
    let Ok((kept, counted)) = halfopen::hiring::applications::store::counts_and_recount(db).await else {
        return;
    };
    assert_eq!(kept, counted);
    if let Ok(verified) = halfopen::audit::verify(db).await {
        assert_eq!(verified.err(), None);
    }
}

impl TestApp {
    pub async fn new(database: Database) -> TestApp {
        TestApp::configured(database, |_| {}).await
    }

    pub async fn configured(database: Database, change: impl FnOnce(&mut Config)) -> TestApp {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let mut config = config(folder.path().to_owned());
        change(&mut config);
        let db = match database {
            Database::Sqlite => Db::open_sqlite(&config.sqlite_file()).await,
            Database::Postgres => Db::open_postgres(&new_postgres_database().await).await,
        };
        let clock = Arc::new(ManualClock::at(START));
        let laboratory = Arc::new(FakeLaboratory::default());
        let app = App::new(
            db.expect("a database"),
            Files::open(&config.place_of_files()).expect("a folder for files"),
            clock.clone(),
            [7; 32],
            laboratory.clone(),
            None,
            config,
        );
        TestApp {
            router: app::build(app.clone()),
            app,
            clock,
            laboratory,
            _folder: folder,
        }
    }

    /// The same, restarted with a way to a mail server.
    pub fn posting(self, post: Arc<dyn Post>) -> TestApp {
        let app = App::new(
            self.app.db.clone(),
            self.app.files.clone(),
            self.clock.clone(),
            [8; 32],
            self.laboratory.clone(),
            Some(post),
            self.app.config.clone(),
        );
        TestApp {
            router: app::build(app.clone()),
            app,
            ..self
        }
    }

    pub fn stranger(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    pub async fn administrator(&self) -> Browser {
        self.signed_in(Role::Administrator).await
    }

    pub async fn recruiter(&self) -> Browser {
        self.signed_in(Role::Recruiter).await
    }

    pub async fn interviewer(&self) -> Browser {
        self.signed_in(Role::Interviewer).await
    }

    pub async fn signed_in(&self, role: Role) -> Browser {
        let email = format!("{}@company.example", role.id());
        self.add(&email, role).await;
        let mut browser = self.stranger();
        browser.sign_in(&email, PASSWORD).await;
        assert_eq!(browser.status, 303, "{}", browser.body);
        browser
    }

    /// Adds a person unless the address is taken.
    pub async fn add(&self, email: &str, role: Role) {
        let name = format!("Test {}", role.label());
        let new = NewStaff {
            email: email.into(),
            name,
            role,
        };
        match serve::add_with_password(&self.app, new, PASSWORD).await {
            Ok(()) | Err(serve::ServeError::People(halfopen::people::PeopleError::EmailTaken)) => {}
            Err(other) => panic!("{other}"),
        }
    }

    pub fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    pub async fn run_jobs(&self) {
        jobs::run_until_idle(&self.app).await.expect("the queue is reached");
    }
}

pub fn config(data: PathBuf) -> Config {
    Config {
        cache: data.join("cache"),
        data,
        listen: ([127, 0, 0, 1], 0).into(),
        database_url: None,
        files: None,
        public_url: PublicUrl::parse("http://halfopen.test").expect("an address"),
        trust_proxy: false,
        workers: 2,
        program: env!("CARGO_BIN_EXE_halfopen").into(),
        mail: None,
    }
}

/// A database of its own on the server that `HALFOPEN_TEST_POSTGRES` names.
pub async fn new_postgres_database() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("HALFOPEN_TEST_POSTGRES")
        .expect("HALFOPEN_TEST_POSTGRES is the address of a PostgreSQL server in which tests may create databases");
    let name = format!(
        "halfopen_{}_{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    );
    let mut connection = sqlx::PgConnection::connect(&server)
        .await
        .expect("the PostgreSQL server answers");
    for statement in [
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("CREATE DATABASE {name}"),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .expect("a database is created");
    }
    let (authority, _) = server
        .rsplit_once('/')
        .filter(|(rest, _)| !rest.ends_with('/'))
        .unwrap_or((&server, ""));
    format!("{authority}/{name}")
}
