//! The real server, killed in the middle of its work.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use halfopen::db::Db;
use halfopen::{args, ui};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use crate::support::{PASSWORD, new_postgres_database};

const SUBMISSIONS: usize = 100;
const EMAIL: &str = "admin@company.example";

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_nothing_is_lost_and_nothing_is_graded_twice() {
    let folder = tempfile::tempdir().unwrap();
    killed_in_the_middle(folder.path(), None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_nothing_is_lost_and_nothing_is_graded_twice() {
    let folder = tempfile::tempdir().unwrap();
    let url = new_postgres_database().await;
    killed_in_the_middle(folder.path(), Some(&url)).await;
}

async fn killed_in_the_middle(data: &Path, database: Option<&str>) {
    let mut server = Server::start(data, database).await;
    let mut pages = Vec::new();
    for n in 0..SUBMISSIONS {
        pages.push(server.submit(n).await);
        // Three times, while programs come in and are graded.
        if n % 30 == 25 {
            server.kill();
            server = Server::start(data, database).await;
        }
    }
    server.kill();
    let server = Server::start(data, database).await;
    for page in &pages {
        server.wait_for_verdict(page).await;
    }
    drop(server);
    let db = match database {
        Some(url) => Db::open_postgres(url).await.unwrap(),
        None => Db::open_sqlite(&data.join("halfopen.db")).await.unwrap(),
    };
    assert_eq!(
        counts(&db).await,
        BTreeMap::from([("submissions", 100), ("verdicts", 100), ("graded", 100), ("jobs", 0)])
    );
}

mod probes {
    halfopen::statements! {
        COUNT_SUBMISSIONS = "SELECT count(*) AS n FROM submissions";
        COUNT_VERDICTS = "SELECT count(*) AS n FROM verdicts";
        COUNT_GRADED = "SELECT count(DISTINCT submission_id) AS n FROM verdicts";
        // Without the one that comes back every day.
        COUNT_JOBS = "SELECT count(*) AS n FROM jobs WHERE task NOT LIKE 'retain %'";
    }
}

async fn counts(db: &Db) -> BTreeMap<&'static str, i64> {
    let mut counts = BTreeMap::new();
    for (name, statement) in ["submissions", "verdicts", "graded", "jobs"]
        .into_iter()
        .zip(probes::STATEMENTS)
    {
        let row = db.optional(*statement, args![]).await.unwrap().unwrap();
        counts.insert(name, row.get("n").unwrap());
    }
    counts
}

pub struct Server {
    process: Child,
    address: SocketAddr,
    cookie: String,
}

impl Server {
    pub async fn start(data: &Path, database: Option<&str>) -> Server {
        let address = free_address().await;
        let mut command = Command::new(env!("CARGO_BIN_EXE_halfopen"));
        command.arg("serve").stdin(Stdio::null()).stdout(Stdio::null());
        command
            .env("HALFOPEN_DATA", data)
            .env("HALFOPEN_LISTEN", address.to_string())
            .env("RUST_LOG", "error");
        command
            .env("HALFOPEN_ADMIN_EMAIL", EMAIL)
            .env("HALFOPEN_ADMIN_PASSWORD", PASSWORD);
        command.env_remove("HALFOPEN_PUBLIC_URL").env_remove("DATABASE_URL");
        if let Some(url) = database {
            command.env("DATABASE_URL", url);
        }
        let mut server = Server {
            process: command.spawn().unwrap(),
            address,
            cookie: String::new(),
        };
        server.wait_until_it_answers().await;
        let form = format!("email={EMAIL}&password={}", ui::percent_encoded(PASSWORD));
        let answer = server.send("POST", "/sign-in", &form).await.expect("it answers");
        let cookie = answer
            .split("set-cookie: ")
            .nth(1)
            .and_then(|rest| rest.split(';').next());
        server.cookie = cookie
            .unwrap_or_else(|| panic!("nobody was signed in: {answer}"))
            .to_owned();
        server
    }

    async fn wait_until_it_answers(&mut self) {
        for _ in 0..1_200 {
            if let Some(status) = self.process.try_wait().unwrap() {
                panic!("the server ended: {status}");
            }
            if self
                .send("GET", "/health", "")
                .await
                .is_ok_and(|answer| answer.contains("200 OK"))
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not answer");
    }

    /// Sends a program; most are refused by the engine at once, some take a whole grading.
    async fn submit(&self, n: usize) -> String {
        match n % 20 {
            0 => {
                self.submit_program(
                    n,
                    "export async function executeWithRetry(operation) { return operation(); }",
                )
                .await
            }
            _ => self.submit_program(n, "export const nothing = 1;").await,
        }
    }

    pub async fn submit_program(&self, n: usize, program: &str) -> String {
        let form = format!(
            "title=Program+{n}&source={}&form_token={}",
            ui::percent_encoded(program),
            Uuid::from_u128(n as u128)
        );
        let answer = self
            .send("POST", "/challenges/execute-with-retry/submissions", &form)
            .await
            .expect("it answers");
        let location = answer
            .split("location: ")
            .nth(1)
            .and_then(|rest| rest.split("\r\n").next());
        let location = location.unwrap_or_else(|| panic!("{n} was not taken: {answer}"));
        assert!(location.starts_with("/submissions/"), "{answer}");
        location.to_owned()
    }

    /// The verdict as JSON, once it is there.
    pub async fn wait_for_verdict(&self, page: &str) -> String {
        for _ in 0..2_400 {
            let answer = self
                .send("GET", &format!("{page}/report"), "")
                .await
                .expect("it answers");
            if answer.starts_with("HTTP/1.1 200") {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let answer = self.send("GET", page, "").await.expect("it answers");
        panic!("{page} has no verdict: {answer}");
    }

    pub async fn send(&self, method: &str, path: &str, form: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(self.address).await?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\nCookie: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.address,
            self.cookie,
            form.len(),
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// SIGKILL: no handler runs, nothing is flushed.
    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.process.try_wait().is_ok_and(|status| status.is_none()) {
            self.kill();
        }
    }
}

async fn free_address() -> SocketAddr {
    TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap()
}
