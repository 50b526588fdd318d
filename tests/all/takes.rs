//! Answers to video questions, over HTTP: how recordings are counted and kept, that answers are final, who sees them.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use halfopen::args;
use halfopen::files::Key;
use halfopen::files::recordings::Recording;
use halfopen::hiring::applications::placing;
use halfopen::hiring::applications::store as applications;
use halfopen::hiring::openings::store as openings;
use halfopen::hiring::takes::Form;
use halfopen::hiring::takes::standing::{self, Answering};
use halfopen::people::Role;
use halfopen::roles::store as kits;
use uuid::Uuid;

use crate::support::{Browser, TestApp, hiring};
use statements::{ADD_TO_TEAM, END, KIT_OF};

mod statements {
    use halfopen::db::Statement;

    halfopen::statements! {
        TEAM = "INSERT INTO opening_team (opening_id, staff_id) SELECT $1, id FROM staff WHERE email = $2";
        ENDED = "UPDATE applications SET state = $2 WHERE id = $1";
        KIT = "SELECT kit_id FROM openings WHERE id = $1";
    }
    pub const ADD_TO_TEAM: Statement = TEAM;
    pub const END: Statement = ENDED;
    pub const KIT_OF: Statement = KIT;
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What a WebM begins with, and then anything.
fn first_part() -> Vec<u8> {
    let head = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm\x42\x87\x81\x04";
    [head.as_slice(), &[7; 400]].concat()
}

struct Candidate {
    browser: Browser,
    id: Uuid,
    link: String,
}

/// An application for a job of its own, and a browser that sends what a recorder sends.
async fn candidate(test: &TestApp) -> Candidate {
    let title = format!("Integration developer {}", test.app.random_up_to(u64::MAX));
    let job = hiring::job(test, &title, 0).await;
    let (id, link) = hiring::application(test, &job, "Candidate 3").await;
    Candidate {
        browser: test.stranger(),
        id,
        link,
    }
}

impl Candidate {
    fn url(&self, page: &str) -> String {
        format!("/application/{}{page}", self.link)
    }

    async fn open(&mut self, page: &str) -> &mut Browser {
        let url = self.url(page);
        self.browser.open(&url).await
    }

    async fn post(&mut self, page: &str, fields: &[(&str, &str)]) -> &mut Browser {
        let url = self.url(page);
        self.browser.post(&url, fields).await
    }

    /// As a script asks.
    async fn ask(&mut self, page: &str, fields: &[(&str, &str)]) -> serde_json::Value {
        let fields: Vec<_> = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let request = Request::post(self.url(page))
            .header("sec-fetch-site", "same-origin")
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(crate::support::browser::urlencoded(&fields)));
        self.browser.send(request.unwrap()).await;
        json(&self.browser)
    }

    async fn begin(&mut self, token: Uuid) -> serde_json::Value {
        let token = token.to_string();
        self.ask("/videos/1/takes", &[("form", "video"), ("token", &token)])
            .await
    }

    async fn begun(&mut self) -> String {
        let take = self.begin(Uuid::from_bytes(token_bytes())).await;
        assert_eq!(self.browser.status, 200, "{take}");
        take["take"].as_str().unwrap().to_owned()
    }

    async fn part(&mut self, take: &str, number: u32, bytes: Vec<u8>) -> serde_json::Value {
        let page = format!("/takes/{take}/parts/{number}?seconds={}", 2 * (number + 1));
        let request = Request::post(self.url(&page))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/octet-stream")
            .body(Body::from(bytes));
        self.browser.send(request.unwrap()).await;
        json(&self.browser)
    }

    async fn submit(&mut self, take: &str, parts: &str) -> serde_json::Value {
        let page = format!("/takes/{take}/submission");
        self.ask(&page, &[("parts", parts), ("seconds", "5")]).await
    }

    /// A recording of three parts, submitted.
    async fn answers(&mut self) -> String {
        let take = self.begun().await;
        self.part(&take, 0, first_part()).await;
        self.part(&take, 1, vec![1; 1_000]).await;
        assert_eq!(self.part(&take, 2, vec![2; 500]).await["parts"], 3);
        self.submit(&take, "3").await;
        assert_eq!(self.browser.status, 200, "{}", self.browser.body);
        take
    }

    fn key(&self, take: &str) -> Key {
        Key::new("applications", self.id).below("takes", take.parse().unwrap())
    }
}

fn json(browser: &Browser) -> serde_json::Value {
    serde_json::from_str(&browser.body).unwrap_or(serde_json::Value::Null)
}

/// Another one each time.
fn token_bytes() -> [u8; 16] {
    static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let n = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let mut bytes = [7; 16];
    bytes[8..].copy_from_slice(&n.to_be_bytes());
    bytes
}

async fn joins(test: &TestApp, candidate: &Candidate, email: &str) {
    let application = applications::find(&test.app.db, candidate.id).await.unwrap().unwrap();
    let mut tx = test.app.db.begin().await.unwrap();
    tx.execute(ADD_TO_TEAM, args![application.opening, email])
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn ends(test: &TestApp, candidate: &Candidate, state: &str) {
    let mut tx = test.app.db.begin().await.unwrap();
    let held = hiring::held(&mut tx, candidate.id).await;
    tx.execute(END, args![candidate.id, state]).await.unwrap();
    placing::settle(&mut tx, Some(&held), held.id, test.app.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

crate::on_both! {
    async fn a_candidate_reads_what_awaits(test) {
        let mut candidate = candidate(&test).await;
        candidate.open("/videos").await;
        for words in ["3 video questions", "0 of 3", "up to 2 minutes", "3 recordings", "27 Nov 2026, 14:52 UTC",
            "in writing", "You need not ask anybody", "never sent", "To do", "Only the people at"] {
            candidate.browser.sees(words);
        }
        let page = candidate.open("/videos/1").await;
        for words in ["Question 1 of 3", "3 of 3 left", "Recording needs JavaScript", "Or write your answer", "a copy stays in this browser"] {
            page.sees(words);
        }
        let permissions = page.header("permissions-policy").to_owned();
        assert!(permissions.contains("camera=(self), microphone=(self)"), "{permissions}");
        assert!(page.header("content-security-policy").contains("media-src 'self' blob:;"));
        let other = candidate.open("/videos").await;
        assert!(other.header("permissions-policy").contains("camera=(), microphone=()"));
        assert!(!other.header("content-security-policy").contains("media-src"));
        for number in ["0", "4", "4294967295", "x", "-1"] {
            let url = candidate.url(&format!("/videos/{number}"));
            assert_eq!(candidate.browser.get(&url).await.status, 404, "{number}");
        }
    }

    async fn an_answer_in_writing_needs_no_script(test) {
        let mut candidate = candidate(&test).await;
        let written = candidate.url("/videos/2/written");
        candidate.open("/videos/2").await.submit(&written, &[("words", " \n\u{0} ")]).await;
        assert_eq!(candidate.browser.status, 422);
        candidate.browser.sees("a few sentences are enough");
        let long = format!("It begins so. {}", "é".repeat(5_000));
        candidate.browser.submit(&written, &[("words", &long)]).await;
        assert_eq!(candidate.browser.status, 422);
        candidate.browser.sees("longer than 5,000 characters").sees("It begins so. é");
        candidate.browser.submit(&written, &[("words", "I say that it waits,\nand why.")]).await.follow().await;
        candidate.browser.sees("This answer was received").sees("in writing, 7 words").sees("and why.");
        // The same form again, and another one.
        candidate.post("/videos/2/written", &[("words", "I say that it waits,\r\nand why. ")]).await.follow().await;
        candidate.post("/videos/2/written", &[("words", "No, something else.")]).await.follow().await;
        candidate.browser.sees("the answer is final");
        candidate.open("/videos/2").await;
        assert!(!candidate.browser.text().contains("something else"));
        candidate.open("/videos").await.sees("1 of 3").sees("Submitted, written");
        let events = applications::events(&test.app.db, candidate.id).await.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].what.as_str(), events[0].detail.as_str()), ("Video answer 2 received", "written"));
    }

    async fn recordings_are_counted_when_they_begin(test) {
        let mut candidate = candidate(&test).await;
        let token = Uuid::from_u128(1);
        let first = candidate.begin(token).await;
        assert_eq!((&first["number"], &first["parts"]), (&1.into(), &0.into()));
        assert_eq!(candidate.begin(token).await, first, "a request that is sent twice begins one");
        candidate.begun().await;
        let third = candidate.begun().await;
        let fourth = candidate.begin(Uuid::from_u128(4)).await;
        assert_eq!((candidate.browser.status, fourth["reason"].as_str()), (409, Some("none_left")));
        candidate.open("/videos/1").await.sees("0 of 3 left");
        // What is thrown away stays counted.
        candidate.ask(&format!("/takes/{third}/removal"), &[]).await;
        assert_eq!(candidate.begin(Uuid::from_u128(5)).await["reason"], "none_left");
        // Another question has its own, and a written answer needs none.
        let other = candidate.ask("/videos/2/takes", &[("form", "audio"), ("token", &Uuid::from_u128(6).to_string())]).await;
        assert_eq!(other["number"], 1);
        candidate.post("/videos/1/written", &[("words", "In writing, then.")]).await.follow().await;
        for (form, token) in [("written", "00000000-0000-0000-0000-000000000009"), ("hologram", "00000000-0000-0000-0000-000000000009"), ("video", "x")] {
            candidate.ask("/videos/3/takes", &[("form", form), ("token", token)]).await;
            assert!((400..500).contains(&candidate.browser.status), "{form} {token}");
        }
    }

    async fn many_at_once_begin_no_more_than_allowed(test) {
        let Candidate { id: _, link, .. } = candidate(&test).await;
        let tries = (0..8u128).map(|n| {
            let (mut browser, link) = (test.stranger(), link.clone());
            tokio::spawn(async move {
                let token = Uuid::from_u128(n / 2).to_string();
                browser.post(&format!("/application/{link}/videos/1/takes"), &[("form", "video"), ("token", &token)]).await;
                browser.status
            })
        });
        let mut begun = 0;
        for one in tries.collect::<Vec<_>>() {
            let status = one.await.unwrap();
            assert!(status == 200 || status == 409, "{status}");
            begun += usize::from(status == 200);
        }
        assert_eq!(begun, 6, "three recordings, each asked for twice");
    }

    async fn parts_arrive_in_order_and_are_kept_once(test) {
        let mut candidate = candidate(&test).await;
        let take = candidate.begun().await;
        assert_eq!(candidate.part(&take, 1, vec![1; 10]).await["reason"], "gap");
        for wrong in [vec![], b"<script>alert(1)</script>".to_vec(), b"%PDF-1.7 and so on".to_vec(), vec![0; 500]] {
            let answer = candidate.part(&take, 0, wrong).await;
            assert_eq!((candidate.browser.status, answer["reason"].as_str()), (422, Some("refused")));
        }
        assert_eq!(candidate.part(&take, 0, first_part()).await["parts"], 1);
        assert_eq!(candidate.part(&take, 0, first_part()).await["parts"], 1, "the same again");
        assert_eq!(candidate.part(&take, 0, b"something else".to_vec()).await["parts"], 1, "what is here is not replaced");
        assert_eq!(candidate.part(&take, 2, vec![2; 10]).await["parts"], 1, "a gap is told, with what there is");
        assert_eq!(candidate.part(&take, 1, vec![]).await["reason"], "refused");
        assert_eq!(candidate.part(&take, 1, vec![1; 2 * 1024 * 1024]).await["parts"], 2);
        assert_eq!(candidate.part(&take, 2, vec![1; 2 * 1024 * 1024 + 1]).await["reason"], "refused");
        assert_eq!(candidate.browser.status, 413);
        let url = candidate.url(&format!("/takes/{take}"));
        candidate.browser.get(&url).await;
        let state = json(&candidate.browser);
        assert_eq!((&state["parts"], &state["seconds"]), (&2.into(), &4.into()));
        let recording = Recording::open(&test.app.files, &candidate.key(&take)).await.unwrap();
        assert_eq!(recording.size(), first_part().len() as u64 + 2 * 1024 * 1024);
    }

    async fn a_recording_has_an_end(test) {
        let mut candidate = candidate(&test).await;
        let take = candidate.begun().await;
        candidate.part(&take, 0, first_part()).await;
        let mut number = 1;
        while candidate.part(&take, number, vec![1; 2 * 1024 * 1024]).await["parts"] == number + 1 {
            number += 1;
            assert!(number < 60);
        }
        assert_eq!((candidate.browser.status, json(&candidate.browser)["reason"].as_str()), (413, Some("too_large")));
        assert!(number > 20, "{number} parts of 2 MiB fit into two minutes");
        // What has arrived can still be submitted.
        candidate.submit(&take, &number.to_string()).await;
        assert_eq!(candidate.browser.status, 200);
    }

    async fn what_is_submitted_is_final(test) {
        let mut candidate = candidate(&test).await;
        let other = candidate.begun().await;
        candidate.part(&other, 0, first_part()).await;
        let take = candidate.begun().await;
        assert_eq!(candidate.submit(&take, "0").await["reason"], "refused", "there is nothing in it");
        candidate.part(&take, 0, first_part()).await;
        candidate.part(&take, 1, vec![3; 100]).await;
        for wrong in ["1", "3"] {
            let answer = candidate.submit(&take, wrong).await;
            assert_eq!((answer["reason"].as_str(), &answer["parts"]), (Some("gap"), &2.into()));
        }
        candidate.open("/videos/1").await.sees("A recording that you have not submitted").sees("1 of 3 left");
        candidate.open("/videos").await.sees("Recorded, not submitted");
        for _ in 0..2 {
            let answer = candidate.submit(&take, "2").await;
            assert_eq!(answer["next"], candidate.url("/videos/1"));
        }
        assert!(Recording::open(&test.app.files, &candidate.key(&other)).await.is_err(), "the other try is deleted");
        assert_eq!(candidate.part(&take, 2, vec![9; 100]).await["reason"], "answered");
        assert_eq!(candidate.part(&other, 1, vec![9; 100]).await["reason"], "removed");
        assert_eq!(candidate.ask(&format!("/takes/{take}/removal"), &[]).await["reason"], "answered");
        assert_eq!(candidate.begin(Uuid::from_u128(77)).await["reason"], "answered");
        candidate.post("/videos/1/written", &[("words", "Also in writing.")]).await.follow().await.sees("the answer is final");
        candidate.open("/videos/1").await.sees("This answer was received").sees("a video of 0:05").sees("Go to question 2");
        let events = applications::events(&test.app.db, candidate.id).await.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].detail, "video, 0:05");
    }

    async fn a_recording_is_submitted_and_thrown_away_without_a_script(test) {
        let mut candidate = candidate(&test).await;
        let take = candidate.begun().await;
        candidate.part(&take, 0, first_part()).await;
        let removal = candidate.url(&format!("/takes/{take}/removal"));
        candidate.browser.post(&removal, &[]).await.follow().await.sees("The recording was thrown away.").sees("2 of 3 left");
        assert!(Recording::open(&test.app.files, &candidate.key(&take)).await.is_err());
        assert_eq!(candidate.part(&take, 0, first_part()).await["reason"], "removed");
        let take = candidate.begun().await;
        candidate.part(&take, 0, first_part()).await;
        let submission = candidate.url(&format!("/takes/{take}/submission"));
        candidate.open("/videos/1").await.submit(&submission, &[]).await.follow().await.sees("This answer was received");
    }

    async fn a_recording_is_played_in_ranges(test) {
        let mut candidate = candidate(&test).await;
        let take = candidate.answers().await;
        let whole = [first_part(), vec![1; 1_000], vec![2; 500]].concat();
        let url = candidate.url(&format!("/takes/{take}/recording"));
        candidate.browser.get(&url).await;
        assert_eq!((candidate.browser.status, &candidate.browser.bytes), (200, &whole));
        assert_eq!(candidate.browser.header("content-type"), "video/webm");
        assert_eq!(candidate.browser.header("accept-ranges"), "bytes");
        assert_eq!(candidate.browser.header("x-content-type-options"), "nosniff");
        assert!(candidate.browser.header("content-security-policy").contains("sandbox"));
        for (range, status, bytes) in [
            ("bytes=0-9", 206, &whole[..10]),
            ("bytes=1000-", 206, &whole[1_000..]),
            ("bytes=-3", 206, &whole[whole.len() - 3..]),
            ("bytes=99999-", 416, &whole[..0]),
        ] {
            let request = Request::get(&url).header("range", range).body(Body::empty());
            candidate.browser.send(request.unwrap()).await;
            assert_eq!(candidate.browser.status, status, "{range}");
            if status == 206 {
                assert_eq!(candidate.browser.bytes, bytes, "{range}");
                assert!(candidate.browser.header("content-range").ends_with(&format!("/{}", whole.len())));
            }
        }
    }

    async fn a_link_leads_to_its_own_recordings_alone(test) {
        let (mut one, mut other) = (candidate(&test).await, candidate(&test).await);
        let take = one.begun().await;
        one.part(&take, 0, first_part()).await;
        for page in ["", "/recording"] {
            let url = other.url(&format!("/takes/{take}{page}"));
            assert_eq!(other.browser.get(&url).await.status, 404);
        }
        other.part(&take, 1, vec![1; 10]).await;
        assert_eq!(other.browser.status, 404);
        for page in ["submission", "removal"] {
            other.post(&format!("/takes/{take}/{page}"), &[("parts", "1")]).await;
            assert_eq!(other.browser.status, 404, "{page}");
        }
        let nobody = "a".repeat(32);
        for page in ["/videos".to_owned(), "/videos/1".to_owned(), format!("/takes/{take}/recording")] {
            other.browser.get(&format!("/application/{nobody}{page}")).await;
            assert_eq!(other.browser.status, 404, "{page}");
        }
    }

    async fn after_the_deadline_only_what_was_begun_arrives(test) {
        let mut candidate = candidate(&test).await;
        let take = candidate.begun().await;
        candidate.part(&take, 0, first_part()).await;
        test.pass(7 * DAY + Duration::from_secs(60));
        candidate.open("/videos").await.sees("Answers were taken until").sees("Answer the last mail");
        assert_eq!(candidate.begin(Uuid::from_u128(5)).await["reason"], "over");
        let url = candidate.url("/videos/2");
        assert_eq!(candidate.browser.get(&url).await.status, 410);
        candidate.browser.sees("The time to answer has passed").sees("Answer the last mail");
        // What was being written when it passed still arrives, and what was being sent.
        candidate.post("/videos/2/written", &[("words", "In the last minute.")]).await.follow().await.sees("This answer was received");
        test.pass(Duration::from_secs(60 * 60));
        assert_eq!(candidate.part(&take, 1, vec![1; 10]).await["parts"], 2);
        candidate.post("/videos/3/written", &[("words", "An hour later.")]).await.follow().await.sees("has passed");
        candidate.open("/videos/1").await.sees("can still be finished for a day");
        let submitted = candidate.submit(&take, "2").await;
        assert_eq!(candidate.browser.status, 200, "{submitted}");
        candidate.open("/videos/1").await.sees("This answer was received");
    }

    async fn a_day_later_nothing_arrives(test) {
        let mut candidate = candidate(&test).await;
        let take = candidate.begun().await;
        candidate.part(&take, 0, first_part()).await;
        test.pass(8 * DAY + Duration::from_secs(60));
        assert_eq!(candidate.part(&take, 1, vec![1; 10]).await["reason"], "over");
        assert_eq!(candidate.submit(&take, "1").await["reason"], "over");
        candidate.ask(&format!("/takes/{take}/removal"), &[]).await;
        assert_eq!(candidate.browser.status, 200, "one's own recording can always be thrown away");
    }

    async fn an_application_that_ended_takes_nothing(test) {
        for state in ["rejected", "withdrawn", "declined"] {
            let mut candidate = candidate(&test).await;
            let take = candidate.begun().await;
            candidate.part(&take, 0, first_part()).await;
            ends(&test, &candidate, state).await;
            for page in ["/videos", "/videos/1"] {
                let url = candidate.url(page);
                assert_eq!(candidate.browser.get(&url).await.status, 410, "{state}");
                candidate.browser.sees("There is nothing to answer here any more");
            }
            assert_eq!(candidate.part(&take, 1, vec![1; 10]).await["reason"], "over");
            assert_eq!(candidate.submit(&take, "1").await["reason"], "over");
            assert_eq!(candidate.begin(Uuid::from_u128(5)).await["reason"], "over");
            candidate.post("/videos/2/written", &[("words", "Too late.")]).await;
            assert_eq!(candidate.browser.status, 303);
        }
        let mut candidate = candidate(&test).await;
        ends(&test, &candidate, "draft").await;
        let url = candidate.url("/videos");
        candidate.browser.get(&url).await.sees("Your application comes first");
    }

    async fn those_who_hire_play_it_and_leave_notes(test) {
        let mut candidate = candidate(&test).await;
        candidate.answers().await;
        candidate.post("/videos/2/written", &[("words", "It waits, and I say why.")]).await;
        let mut recruiter = test.recruiter().await;
        let page = format!("/applications/{}/videos/1", candidate.id);
        recruiter.open(&page).await.sees("Video, 0:06").sees("No note yet").sees("Written, 6 words");
        assert!(recruiter.header("content-security-policy").contains("media-src 'self';"));
        assert!(recruiter.header("permissions-policy").contains("camera=()"));
        recruiter.get(&format!("{page}/recording")).await;
        assert_eq!((recruiter.status, recruiter.bytes.len()), (200, first_part().len() + 1_500));
        // However many parts a player asks for, the log tells of it once a day.
        recruiter.get(&format!("{page}/recording")).await;
        candidate.browser.get(&format!("{page}/recording")).await;
        let mut administrator = test.administrator().await;
        administrator.open("/audit").await.sees("Recording played").sees("the answer to question 1");
        assert_eq!(administrator.body.matches("Recording played").count(), 1);

        let notes = format!("{page}/notes");
        recruiter.open(&page).await.submit(&notes, &[("at", "0:09"), ("words", ""), ("indicator", "mine")]).await;
        assert_eq!(recruiter.status, 422);
        recruiter.sees("The answer is 0:06 long").sees("A few words are enough").sees("Choose one of the list, or none.");
        let indicator = recruiter.body.split("<option value=\"+ ").nth(1).unwrap().split('"').next().unwrap();
        let indicator = format!("+ {}", indicator.replace("&#39;", "'").replace("&#38;", "&"));
        let form = recruiter.form(&notes);
        for _ in 0..2 {
            let typed = [("at", "0:04"), ("words", "Says whose fault it was"), ("indicator", &indicator)];
            recruiter.send_form(&form, &typed, None).await;
            assert_eq!(recruiter.status, 303, "{}", recruiter.body);
        }
        recruiter.open(&page).await.submit(&notes, &[("at", "2"), ("words", "Begins with the customer")]).await.follow().await;
        let text = recruiter.text();
        assert_eq!(text.matches("Says whose fault it was").count(), 2, "once, and in the words of its button: {text}");
        assert!(text.find("Begins with the customer") < text.find("Says whose fault"), "in the order of time");
        recruiter.sees("0:04").sees("0:02");

        // Somebody else of the team reads them, and removes only their own.
        let mut interviewer = test.interviewer().await;
        joins(&test, &candidate, "interviewer@company.example").await;
        interviewer.open(&page).await.sees("Says whose fault it was");
        assert!(!interviewer.body.contains("/removal"));
        recruiter.open(&page).await;
        let removal = recruiter.body.split("/notes/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let removal = format!("{page}/notes/{removal}/removal");
        interviewer.post(&removal, &[]).await.follow().await.sees("Nothing was removed");
        recruiter.post(&removal, &[]).await.follow().await.sees("The note was removed.");
        assert!(!recruiter.text().contains("Begins with the customer"));

        // A written answer has notes too, at no second.
        let page = format!("/applications/{}/videos/2", candidate.id);
        recruiter.open(&page).await.sees("It waits, and I say why.");
        recruiter.submit(&format!("{page}/notes"), &[("words", "Plain")]).await.follow().await.sees("Plain");
    }

    async fn others_see_nothing_of_it(test) {
        let mut candidate = candidate(&test).await;
        let take = candidate.begun().await;
        candidate.part(&take, 0, first_part()).await;
        let page = format!("/applications/{}/videos/1", candidate.id);
        let mut recruiter = test.recruiter().await;
        assert_eq!(recruiter.get(&page).await.status, 404, "it is not submitted");
        assert_eq!(recruiter.get(&format!("{page}/recording")).await.status, 404);
        candidate.submit(&take, "1").await;
        recruiter.open(&page).await;
        for role in [Role::Interviewer, Role::HiringManager] {
            let mut other = test.signed_in(role).await;
            for page in [page.clone(), format!("{page}/recording"), page.replace("/1", "/9")] {
                assert_eq!(other.get(&page).await.status, 404, "{role:?} {page}");
            }
            other.post(&format!("{page}/notes"), &[("words", "Mine")]).await;
            assert_eq!(other.status, 404);
        }
        let mut stranger = test.stranger();
        assert_eq!(stranger.get(&format!("{page}/recording")).await.status, 303);
    }

    async fn the_other_pages_are_told_how_it_stands(test) {
        let mut candidate = candidate(&test).await;
        candidate.answers().await;
        let kept = candidate.ask("/videos/2/takes", &[("form", "audio"), ("token", &Uuid::from_u128(8).to_string())]).await;
        candidate.part(kept["take"].as_str().unwrap(), 0, first_part()).await;
        let db = &test.app.db;
        let application = applications::find(db, candidate.id).await.unwrap().unwrap();
        let opening = openings::find(db, application.opening).await.unwrap().unwrap();
        let kit = db.optional(KIT_OF, args![opening.id]).await.unwrap().unwrap().id("kit_id").unwrap();
        let (_, kit) = kits::version(db, kit, 1).await.unwrap().unwrap();
        let progress = standing::progress(&test.app, &application, &kit, &opening).await.unwrap();
        let states: Vec<_> = progress.iter().map(|line| line.state_words().1).collect();
        assert_eq!(states, ["Submitted, 0:06", "Recorded, not submitted", "To do"]);
        assert!(matches!(progress[2].state, Answering::ToDo));
        let answers = standing::answers(&test.app, &application, &kit).await.unwrap();
        assert_eq!(answers.len(), 1);
        let line = &answers[0];
        assert_eq!((line.number, line.form, line.length.as_str(), line.notes), (1, Form::Video, "0:06", 0));
        assert!(line.url.ends_with("/videos/1"));
    }
}
