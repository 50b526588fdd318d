//! How the pages of a recruiter's day grow with the number of applications: 1,000 to 1,000,000 in the database, spread
//! over ten jobs.
//!
//!     cargo bench --bench pipeline -- [--postgres] [SIZES…]
//!
//! Each size has a database of its own, in SQLite or on the server that `HALFOPEN_TEST_POSTGRES` names. A page is asked
//! for in this process, without a network; its time is the median of many. The sizes take turns, so that whatever else
//! the machine does is felt by all of them. The bytes tell where a page has more to show in a larger database.
#![expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails stops")]

mod fill;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use fill::{FREQUENT, Filled};
use halfopen::app::{self, App, Peer};
use halfopen::clock::ManualClock;
use halfopen::config::{Config, PublicUrl};
use halfopen::db::Db;
use halfopen::files::Files;
use halfopen::people::{NewStaff, Role};
use halfopen::serve;
use halfopen::submissions::laboratory::Closed;
use sqlx::Connection as _;
use tempfile::TempDir;
use tower::ServiceExt as _;

const SIZES: [u64; 4] = [1_000, 10_000, 100_000, 1_000_000];
const WARM: usize = 10;
const SAMPLES: usize = 61;
/// A page that takes seconds is asked for less often.
const FEWEST: usize = 7;
const PATIENCE: Duration = Duration::from_secs(20);
const EMAIL: &str = "recruiter@company.example";
const PASSWORD: &str = "seven small boats at sea";
/// What takes longer than so many times as long in the largest database is marked; reports may.
const BOUND: f64 = 1.5;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let postgres = arguments.iter().any(|argument| argument == "--postgres");
    let mut sizes: Vec<u64> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = SIZES.to_vec();
    }
    let mut filled = Vec::new();
    for size in sizes {
        filled.push(Size::fill(size, postgres).await);
    }
    let pages: Vec<&str> = filled[0].pages.iter().map(|(name, _)| *name).collect();
    let mut measured = Vec::new();
    for (at, name) in pages.iter().enumerate() {
        measured.push((*name, measure(&filled, at).await));
    }
    print(&filled, &measured, if postgres { "PostgreSQL" } else { "SQLite" });
    for size in filled {
        size.remove().await;
    }
}

/// A filled database, with somebody who is signed in.
struct Size {
    applications: u64,
    app: App,
    visitor: Visitor,
    pages: Vec<(&'static str, String)>,
    /// With the database, where it is SQLite.
    _folder: TempDir,
    postgres: bool,
}

impl Size {
    async fn fill(applications: u64, postgres: bool) -> Size {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            cache: folder.path().join("cache"),
            data: folder.path().to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            database_url: None,
            files: None,
            public_url: PublicUrl::parse("http://halfopen.test").unwrap(),
            trust_proxy: false,
            workers: 2,
            program: env!("CARGO_BIN_EXE_halfopen").into(),
            mail: None,
        };
        let db = match postgres {
            true => Db::open_postgres(&new_database(applications).await).await.unwrap(),
            false => Db::open_sqlite(&config.sqlite_file()).await.unwrap(),
        };
        let files = Files::open(&config.place_of_files()).unwrap();
        let clock = Arc::new(ManualClock::at(fill::NOW));
        let app = App::new(db, files, clock, [7; 32], Arc::new(Closed), None, config);
        let new = NewStaff {
            email: EMAIL.into(),
            name: "Test Recruiter".into(),
            role: Role::Recruiter,
        };
        serve::add_with_password(&app, new, PASSWORD).await.unwrap();
        let started = Instant::now();
        let filled = fill::fill(&app, applications).await;
        if postgres {
            // Its own background work does this sooner or later.
            run(&url_of(&database(applications)), "VACUUM ANALYZE").await;
        }
        let took = started.elapsed().as_secs_f64();
        eprintln!("{applications} applications are there after {took:.0} s");
        Size {
            applications,
            visitor: Visitor::sign_in(app::build(app.clone())).await,
            app,
            pages: pages(&filled),
            _folder: folder,
            postgres,
        }
    }

    async fn remove(self) {
        self.app.db.close().await;
        if self.postgres {
            let drop = format!("DROP DATABASE {}", database(self.applications));
            run(&server(), &drop).await;
        }
    }
}

fn pages(filled: &Filled) -> Vec<(&'static str, String)> {
    let Filled {
        job,
        application,
        name,
        words,
    } = filled;
    let list = format!("/openings/{job}/applications");
    let [frequent, other] = FREQUENT;
    vec![
        ("home", "/".to_owned()),
        ("board", format!("/openings/{job}/board")),
        ("list", list.clone()),
        ("search, a person", format!("{list}?q={name}")),
        ("search, two words", format!("{list}?q={words}")),
        ("search, a frequent word", format!("{list}?q={frequent}")),
        ("search, two frequent words", format!("{list}?q={frequent}+{other}")),
        ("search, beginning of words", format!("{list}?q=wor")),
        ("all jobs, a person", format!("/candidates?find={name}")),
        ("all jobs, two words", format!("/candidates?find={words}")),
        ("all jobs, a frequent word", format!("/candidates?find={frequent}")),
        ("candidate", format!("/applications/{application}")),
        ("coding tests", "/assessments".to_owned()),
        ("reports", format!("/reports?job={job}&period=all")),
    ]
}

/// Medians and bytes of a page, for each size.
async fn measure(sizes: &[Size], page: usize) -> Vec<(Duration, usize)> {
    let mut times = vec![Vec::new(); sizes.len()];
    let mut bytes = vec![0; sizes.len()];
    let started = Instant::now();
    for turn in 0..WARM + SAMPLES {
        if turn >= WARM + FEWEST && started.elapsed() > PATIENCE {
            break;
        }
        for (at, size) in sizes.iter().enumerate() {
            let (took, length) = size.visitor.visit(&size.pages[page].1).await;
            bytes[at] = length;
            if turn >= WARM {
                times[at].push(took);
            }
        }
    }
    let medians = times.iter_mut().map(|times| {
        times.sort_unstable();
        times[times.len() / 2]
    });
    medians.zip(bytes).collect()
}

fn server() -> String {
    std::env::var("HALFOPEN_TEST_POSTGRES").expect("HALFOPEN_TEST_POSTGRES names a server")
}

fn database(applications: u64) -> String {
    format!("halfopen_bench_{applications}")
}

fn url_of(database: &str) -> String {
    format!("{}/{database}", server().rsplit_once('/').unwrap().0)
}

async fn run(url: &str, statement: &str) {
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    let statement = sqlx::AssertSqlSafe(statement.to_owned());
    sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
}

async fn new_database(applications: u64) -> String {
    let name = database(applications);
    run(&server(), &format!("DROP DATABASE IF EXISTS {name}")).await;
    run(&server(), &format!("CREATE DATABASE {name}")).await;
    url_of(&name)
}

struct Visitor {
    router: Router,
    cookie: String,
}

impl Visitor {
    async fn sign_in(router: Router) -> Visitor {
        let form = format!("email={EMAIL}&password={}", PASSWORD.replace(' ', "+"));
        let request = Request::post("/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::HOST, "halfopen.test")
            .header("sec-fetch-site", "same-origin")
            .extension(ConnectInfo(Peer(([127, 0, 0, 1], 9).into())))
            .body(Body::from(form))
            .unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        let cookie = response
            .headers()
            .get(header::SET_COOKIE)
            .expect("a session")
            .to_str()
            .unwrap();
        Visitor {
            cookie: cookie.split(';').next().unwrap().to_owned(),
            router,
        }
    }

    async fn visit(&self, url: &str) -> (Duration, usize) {
        let request = Request::get(url)
            .header(header::COOKIE, &self.cookie)
            .header(header::HOST, "halfopen.test")
            .extension(ConnectInfo(Peer(([127, 0, 0, 1], 9).into())))
            .body(Body::empty())
            .unwrap();
        let started = Instant::now();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let took = started.elapsed();
        assert!(
            status.is_success(),
            "{url} answers {status}: {}",
            String::from_utf8_lossy(&body)
        );
        (took, body.len())
    }
}

fn print(sizes: &[Size], measured: &[(&str, Vec<(Duration, usize)>)], database: &str) {
    println!("{database}, milliseconds (median of up to {SAMPLES}), by applications in the database:\n");
    let heads: Vec<String> = sizes.iter().map(|size| format!("{:>10}", size.applications)).collect();
    println!("{:<28}{}    growth       KB", "", heads.join(""));
    for (name, medians) in measured {
        let (Some((first, few)), Some((last, many))) = (medians.first(), medians.last()) else {
            continue;
        };
        let times: Vec<String> = medians
            .iter()
            .map(|(median, _)| format!("{:>10.2}", median.as_secs_f64() * 1_000.0))
            .collect();
        let growth = last.as_secs_f64() / first.as_secs_f64();
        let mark = if growth > BOUND { " !" } else { "  " };
        let (few, many) = (few / 1_024, many / 1_024);
        println!("{name:<28}{}{growth:>8.2} ×{mark}{few:>4} to {many}", times.join(""));
    }
}
