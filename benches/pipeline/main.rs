//! How the pages of a recruiter's day grow with the number of applications: 1,000 to 1,000,000 in the database, spread
//! over ten jobs.
//!
//!     cargo bench --bench pipeline -- [--postgres] [SIZES…]
//!
//! Each size has a database of its own, in SQLite or on the server that `HALFOPEN_TEST_POSTGRES` names. A page is asked
//! for in this process, without a network, and its time is the median of many.
#![expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails stops")]

mod fill;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use halfopen::app::{self, App, Peer};
use halfopen::clock::ManualClock;
use halfopen::config::{Config, PublicUrl};
use halfopen::db::Db;
use halfopen::files::Files;
use halfopen::people::{NewStaff, Role};
use halfopen::serve;
use halfopen::submissions::laboratory::Closed;
use sqlx::Connection as _;
use tower::ServiceExt as _;

const SIZES: [u64; 4] = [1_000, 10_000, 100_000, 1_000_000];
const WARM: usize = 10;
const SAMPLES: usize = 61;
const EMAIL: &str = "recruiter@company.example";
const PASSWORD: &str = "seven small boats at sea";

struct Measured {
    size: u64,
    /// A name, the median, and the bytes of the page.
    pages: Vec<(&'static str, Duration, usize)>,
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let postgres = arguments.iter().any(|argument| argument == "--postgres");
    let mut sizes: Vec<u64> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = SIZES.to_vec();
    }
    let mut measured = Vec::new();
    for size in sizes {
        measured.push(measure(size, postgres).await);
    }
    print(&measured, if postgres { "PostgreSQL" } else { "SQLite" });
}

async fn measure(size: u64, postgres: bool) -> Measured {
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
        true => Db::open_postgres(&new_database(size).await).await.unwrap(),
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
    let filled = fill::fill(&app, size, postgres).await;
    eprintln!(
        "{size} applications are there after {:.0} s",
        started.elapsed().as_secs_f64()
    );
    let mut visitor = Visitor::sign_in(app::build(app.clone())).await;
    let job = filled.job;
    let pages = [
        ("home", "/".to_owned()),
        ("board", format!("/openings/{job}/board")),
        ("list", format!("/openings/{job}/applications")),
        (
            "search, a name",
            format!("/openings/{job}/applications?q={}", fill::NAME),
        ),
        (
            "search, two words of résumés",
            format!("/openings/{job}/applications?q={}+{}", fill::WORDS[0], fill::WORDS[1]),
        ),
        ("search, all jobs", format!("/candidates?find={}", fill::NAME)),
        ("candidate", format!("/applications/{}", filled.application)),
        ("reports", format!("/reports?job={job}&period=all")),
    ];
    let mut measured = Vec::new();
    for (name, url) in pages {
        let (median, bytes) = visitor.median(&url).await;
        measured.push((name, median, bytes));
    }
    app.db.close().await;
    Measured { size, pages: measured }
}

async fn new_database(size: u64) -> String {
    let server = std::env::var("HALFOPEN_TEST_POSTGRES").expect("HALFOPEN_TEST_POSTGRES names a server");
    let name = format!("halfopen_bench_{size}");
    let mut connection = sqlx::PgConnection::connect(&server).await.unwrap();
    for statement in [
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("CREATE DATABASE {name}"),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .unwrap();
    }
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
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

    async fn median(&mut self, url: &str) -> (Duration, usize) {
        let mut times = Vec::new();
        let mut bytes = 0;
        for turn in 0..WARM + SAMPLES {
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
            bytes = body.len();
            if turn >= WARM {
                times.push(took);
            }
        }
        times.sort_unstable();
        (times[SAMPLES / 2], bytes)
    }
}

fn print(measured: &[Measured], database: &str) {
    let (Some(first), Some(last)) = (measured.first(), measured.last()) else {
        return;
    };
    println!("{database}, milliseconds (median of {SAMPLES}), by applications in the database:\n");
    let sizes: Vec<String> = measured.iter().map(|one| format!("{:>10}", one.size)).collect();
    println!("{:<30}{}    growth   KB", "", sizes.join(""));
    for (at, (name, small, _)) in first.pages.iter().enumerate() {
        let times: Vec<String> = measured
            .iter()
            .map(|one| format!("{:>10.2}", one.pages[at].1.as_secs_f64() * 1_000.0))
            .collect();
        let (_, large, bytes) = &last.pages[at];
        let growth = large.as_secs_f64() / small.as_secs_f64();
        println!("{name:<30}{}{growth:>8.2} ×{:>5}", times.join(""), bytes / 1_024);
    }
}
