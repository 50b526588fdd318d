//! A coding test, from the invitation to the submission.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use halfopen::assessments::outages;

use crate::support::laboratory::TEST;
use crate::support::{Browser, TestApp};

const PROGRAM: &str = "export async function executeWithRetry(operation) {\n  return operation();\n}\n";

impl Browser {
    /// Invites a candidate, and gives the address of the assessment's page.
    pub async fn invite(&mut self, candidate: &str, answers: &[(&str, &str)]) -> String {
        self.open("/assessments/new").await;
        let usual = [
            ("candidate", candidate),
            ("email", "candidate@home.example"),
            ("challenge", TEST),
        ];
        self.submit("/assessments", &[&usual, answers].concat()).await;
        assert_eq!(self.status, 303, "{}", self.body);
        self.location()
    }

    /// The candidate's path, as the assessment's page gives it.
    pub async fn link_of(&mut self, assessment: &str) -> String {
        self.open(assessment).await;
        let rest = self.body.split("value=\"http://halfopen.test").nth(1).expect("a link");
        rest.split('"').next().expect("its end").to_owned()
    }

    /// The page that the editor names as its own.
    fn tab(&self) -> String {
        let rest = self.body.split("name=\"tab\" value=\"").nth(1).expect("a tab");
        rest.split('"').next().expect("its end").to_owned()
    }

    async fn post_as_script(&mut self, path: &str, fields: &[(&str, &str)]) -> serde_json::Value {
        let fields: Vec<(String, String)> = fields.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        let request = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(crate::support::browser::urlencoded(&fields)));
        self.send(request.expect("a request")).await;
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{path}: {e}: {}", self.body))
    }
}

impl TestApp {
    /// A recruiter, the page of an assessment, and the candidate who has just started it.
    async fn started(&self, answers: &[(&str, &str)]) -> (Browser, String, Browser, String) {
        let mut recruiter = self.recruiter().await;
        let page = recruiter.invite("Candidate Ö", answers).await;
        let link = recruiter.link_of(&page).await;
        let mut candidate = self.stranger();
        candidate.open(&format!("{link}/start")).await;
        candidate.submit(&format!("{link}/start"), &[]).await;
        assert_eq!(candidate.location(), link);
        candidate.open(&link).await;
        (recruiter, page, candidate, link)
    }
}

crate::on_both! {
    async fn from_the_invitation_to_the_verdict(test) {
        let mut recruiter = test.recruiter().await;
        let page = recruiter.invite("Candidate Ö", &[("variant", "with_ai"), ("extra", "1,5")]).await;
        recruiter.open(&page).await.sees("Invited").sees("With AI").sees("30 minutes, 10 of them extra");
        let link = recruiter.link_of(&page).await;

        let mut candidate = test.stranger();
        candidate.open(&link).await.sees("Candidate Ö").sees("30 minutes");
        assert!(!candidate.body.contains("Write <code>executeWithRetry"), "the task is shown once it is started");
        recruiter.open(&page).await.sees("Opened");

        candidate.open(&format!("{link}/rehearsal")).await.sees("Change what you like");
        candidate.submit(&format!("{link}/rehearsal"), &[("source", "/* prints hello */")]).await;
        candidate.sees("hello");
        recruiter.open(&page).await.sees("No run yet");

        candidate.open(&format!("{link}/start")).await;
        candidate.submit(&format!("{link}/start"), &[]).await;
        candidate.open(&link).await.sees("Write executeWithRetry").sees("export async function executeWithRetry(operation, options) {}");
        let tab = candidate.tab();

        let typed = [("source", "/* fails transient */\r\n/* prints once */"), ("language", "typescript"), ("tab", &tab)];
        candidate.post(&format!("{link}/runs"), &typed).await;
        let next = candidate.location();
        assert!(next.contains("tab=") && next.ends_with("#results"), "{next}");
        candidate.open(next.split('#').next().unwrap()).await.sees("once").sees("As the scenario shows.");
        assert_eq!(candidate.tab(), tab, "a run keeps the page's right to save");

        let entry = [("source", PROGRAM), ("language", "javascript"), ("tab", &tab), ("proposed", "Full jitter"), ("fate", "changed"), ("why", "The cap was missing.")];
        candidate.post(&format!("{link}/log"), &entry).await;
        candidate.open(candidate.location().split('#').next().unwrap()).await.sees("Full jitter").sees("The cap was missing.");

        test.pass(Duration::from_secs(600));
        candidate.post(&format!("{link}/submission"), &[("tab", &tab), ("source", PROGRAM), ("language", "javascript")]).await;
        assert_eq!(candidate.location(), format!("{link}/submission"));
        candidate.open(&format!("{link}/submission")).await.sees("Submit for good");
        candidate.submit(&format!("{link}/submission"), &[]).await;
        assert_eq!(candidate.location(), link);
        candidate.open(&link).await.sees("executeWithRetry");
        // Again, from the page before, and from an impatient second click.
        candidate.post(&format!("{link}/submission"), &[("tab", &tab), ("source", "other"), ("language", "javascript"), ("confirmed", "yes")]).await;
        assert_eq!(candidate.location(), link);

        test.run_jobs().await;
        recruiter.open(&page).await.sees("Submitted").sees("1 of 2");
        let verdict = recruiter.body.split("href=\"/submissions/").nth(1).and_then(|rest| rest.split('"').next()).expect("a verdict").to_owned();
        recruiter.open(&format!("/submissions/{verdict}")).await.sees("Exceeds").sees("Candidate Ö");
        recruiter.get(&format!("/submissions/{verdict}/source")).await;
        assert_eq!(recruiter.body, PROGRAM, "what was submitted first counts");
        candidate.get(&format!("{link}/result")).await;
        assert_eq!(candidate.status, 404, "the result is not shared");
        recruiter.open(&page).await;
        recruiter.submit(&format!("{page}/sharing"), &[]).await;
        candidate.open(&format!("{link}/result")).await.sees("Exceeds");
        assert!(!candidate.body.contains("storm"), "hidden scenarios stay hidden");
    }

    async fn the_last_draft_is_submitted_at_the_end(test) {
        let (mut recruiter, page, mut candidate, link) = test.started(&[("minutes", "20")]).await;
        let tab = candidate.tab();
        let saved = candidate.post_as_script(&format!("{link}/draft"), &[("source", PROGRAM), ("language", "javascript"), ("tab", &tab)]).await;
        assert_eq!(saved["seconds_left"], 1200);
        test.pass(Duration::from_secs(20 * 60 + 5));
        // The last keystrokes are still on their way.
        candidate.post_as_script(&format!("{link}/draft"), &[("source", "the last"), ("language", "javascript"), ("tab", &tab)]).await;
        assert_eq!(candidate.status, 200);
        test.run_jobs().await;
        recruiter.open(&page).await.sees("Under way");
        test.pass(Duration::from_secs(6));
        let late = candidate.post_as_script(&format!("{link}/draft"), &[("source", "too late"), ("language", "javascript"), ("tab", &tab)]).await;
        assert_eq!((candidate.status, late["reason"].as_str()), (410, Some("over")));
        test.run_jobs().await;
        recruiter.open(&page).await.sees("Submitted");
        candidate.open(&link).await.sees("the last");
        assert!(!candidate.body.contains("too late"));
        let clock = { candidate.get(&format!("{link}/clock")).await; serde_json::from_str::<serde_json::Value>(&candidate.body).unwrap() };
        assert_eq!(clock["state"], "submitted");
    }

    async fn the_page_that_was_opened_last_is_the_one_that_saves(test) {
        let (_, _, mut first, link) = test.started(&[]).await;
        let old = first.tab();
        let mut second = test.stranger();
        second.open(&link).await;
        let new = second.tab();
        let refused = first.post_as_script(&format!("{link}/draft"), &[("source", "old"), ("language", "javascript"), ("tab", &old)]).await;
        assert_eq!((first.status, refused["reason"].as_str()), (409, Some("another_tab")));
        second.post_as_script(&format!("{link}/draft"), &[("source", "new"), ("language", "javascript"), ("tab", &new)]).await;
        assert_eq!(second.status, 200);
        // Without a script, the page comes back with what was typed, and may save it now.
        first.post(&format!("{link}/draft"), &[("source", "old, but dear to me"), ("language", "javascript"), ("tab", &old)]).await;
        assert_eq!(first.status, 409);
        first.sees("old, but dear to me");
        let third = first.tab();
        first.post(&format!("{link}/draft"), &[("source", "old, but dear to me"), ("language", "javascript"), ("tab", &third)]).await;
        assert_eq!(first.status, 303);
        second.open(&link).await.sees("old, but dear to me");
    }

    async fn time_is_added_and_outages_are_given_back(test) {
        let (mut recruiter, page, mut candidate, link) = test.started(&[("minutes", "20")]).await;
        outages::beat(&test.app).await.unwrap();
        test.pass(Duration::from_secs(5));
        outages::beat(&test.app).await.unwrap();
        let left = async |candidate: &mut Browser| {
            candidate.get(&format!("{link}/clock")).await;
            serde_json::from_str::<serde_json::Value>(&candidate.body).unwrap()["seconds_left"].as_i64().unwrap()
        };
        assert_eq!(left(&mut candidate).await, 20 * 60 - 5);
        test.pass(Duration::from_secs(90));
        outages::beat(&test.app).await.unwrap();
        assert_eq!(left(&mut candidate).await, 20 * 60 - 5, "ninety seconds without a server");
        outages::beat(&test.app).await.unwrap();
        assert_eq!(left(&mut candidate).await, 20 * 60 - 5, "given back once");

        recruiter.open(&page).await;
        recruiter.submit("/assessments/changes", &[("action", "extend")]).await;
        recruiter.submit("/assessments/changes", &[("extra", "2")]).await;
        assert_eq!(recruiter.location(), page);
        assert_eq!(left(&mut candidate).await, 40 * 60 - 5);
        test.pass(Duration::from_secs(25 * 60));
        test.run_jobs().await;
        recruiter.open(&page).await.sees("Under way");
    }

    async fn links_are_revoked_and_replaced(test) {
        let mut recruiter = test.recruiter().await;
        let page = recruiter.invite("Candidate B", &[]).await;
        let old = recruiter.link_of(&page).await;
        recruiter.submit(&format!("{page}/link/revocation"), &[]).await;
        let mut candidate = test.stranger();
        candidate.get(&old).await;
        assert_eq!(candidate.status, 404);
        recruiter.open(&page).await.sees("It is revoked");
        recruiter.submit(&format!("{page}/link"), &[]).await;
        let new = recruiter.link_of(&page).await;
        assert_ne!(old, new);
        candidate.get(&old).await;
        assert_eq!(candidate.status, 404);
        candidate.open(&new).await;
    }

    async fn an_expired_test_can_be_extended_and_a_withdrawn_one_is_closed(test) {
        let mut recruiter = test.recruiter().await;
        let page = recruiter.invite("Candidate B", &[]).await;
        let link = recruiter.link_of(&page).await;
        test.pass(Duration::from_secs(10 * 86_400));
        let mut candidate = test.stranger();
        candidate.get(&link).await;
        assert_eq!(candidate.status, 410);
        candidate.post(&format!("{link}/start"), &[]).await;
        assert_eq!(candidate.status, 410);
        let mut recruiter = test.recruiter().await;
        recruiter.open("/assessments?state=expired").await.sees("Candidate B");
        recruiter.open(&page).await;
        recruiter.submit("/assessments/changes", &[("action", "extend")]).await;
        recruiter.submit("/assessments/changes", &[("deadline", "2026-11-01")]).await;
        assert_eq!(recruiter.status, 422);
        recruiter.sees("This day is past.");
        recruiter.submit("/assessments/changes", &[("deadline", "2026-12-24")]).await;
        candidate.open(&link).await;
        recruiter.open(&page).await;
        recruiter.submit("/assessments/changes", &[("action", "withdraw")]).await;
        recruiter.sees("cannot be undone");
        recruiter.submit("/assessments/changes", &[]).await;
        candidate.get(&link).await;
        assert_eq!(candidate.status, 410);
        recruiter.open("/assessments?state=withdrawn").await.sees("Candidate B");
    }

    async fn a_refused_invitation_keeps_what_was_typed(test) {
        let mut recruiter = test.recruiter().await;
        recruiter.open("/assessments/new").await;
        recruiter.submit("/assessments", &[("candidate", "مرشح 🦀"), ("email", "nowhere"), ("minutes", "0"), ("extra", "9"), ("deadline", "soon")]).await;
        assert_eq!(recruiter.status, 422);
        assert!(recruiter.body.contains("value=\"مرشح 🦀\"") && recruiter.body.contains("value=\"nowhere\""));
        recruiter.sees("This is not a mail address").sees("from 1 to 240").sees("from 1 to 3").sees("A date such as");
        let form = recruiter.form("/assessments");
        let right = [("email", "candidate@home.example"), ("minutes", "20"), ("extra", "1"), ("deadline", "2026-11-30")];
        recruiter.send_form(&form, &right, None).await;
        let first = recruiter.location();
        recruiter.send_form(&form, &right, None).await;
        assert_eq!(recruiter.location(), first, "a double click invites once");
    }

    async fn what_is_too_large_is_kept_in_the_page(test) {
        let (_, _, mut candidate, link) = test.started(&[]).await;
        let tab = candidate.tab();
        let source = format!("// beginning\n{}", "x".repeat(10 << 20));
        candidate.post(&format!("{link}/draft"), &[("source", &source), ("language", "javascript"), ("tab", &tab)]).await;
        assert_eq!(candidate.status, 422);
        candidate.sees("// beginning");
        for (path, tab) in [("draft", "no\u{0}tab"), ("runs", "")] {
            candidate.post(&format!("{link}/{path}"), &[("source", "a"), ("language", "cobol"), ("tab", tab)]).await;
            assert_eq!(candidate.status, 409, "{path}");
        }
        for link in ["none", "%00", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
            candidate.get(&format!("/test/{link}")).await;
            assert_eq!(candidate.status, 404, "{link}");
        }
    }

    async fn the_log_is_corrected_until_the_end(test) {
        let (_, _, mut candidate, link) = test.started(&[("variant", "with_ai")]).await;
        let tab = candidate.tab();
        let entry = |why| [("source", "mine"), ("language", "javascript"), ("tab", tab.as_str()), ("proposed", "A class"), ("fate", "taken"), ("why", why)];
        candidate.post(&format!("{link}/log"), &entry("")).await;
        assert_eq!(candidate.status, 422);
        candidate.sees("A class").sees("mine");
        candidate.post(&format!("{link}/log"), &entry("It reads well.")).await;
        candidate.open(&link).await;
        let id = candidate.body.split(&format!("{link}/log/")).nth(1).map(|rest| rest[..36].to_owned());
        let id = id.or_else(|| candidate.body.split("value=\"log/").nth(1).map(|rest| rest[..36].to_owned())).expect("an entry");
        candidate.open(&format!("{link}/log/{id}")).await.sees("It reads well.");
        candidate.submit(&format!("{link}/log/{id}"), &[("fate", "rejected"), ("why", "It was too much.")]).await;
        assert_eq!(candidate.status, 303, "{}", candidate.body);
        candidate.open(&link).await.sees("It was too much.");
        candidate.post(&format!("{link}/log/{id}/removal"), &[]).await;
        candidate.open(&link).await;
        assert!(!candidate.body.contains("It was too much."));
        assert!(candidate.body.contains("mine"), "the program is untouched");
    }
}
