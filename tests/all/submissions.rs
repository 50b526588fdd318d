//! From a pasted program to its verdict.

use std::sync::atomic::Ordering;

use crate::support::laboratory::TEST;
use crate::support::{Browser, html};

const PROGRAM: &str = "export async function executeWithRetry(operation, options) {\n  return operation();\n}\n";

impl Browser {
    /// Pastes a program, and gives the address of its page.
    pub async fn paste(&mut self, title: &str, source: &str) -> String {
        self.open(&format!("/challenges/{TEST}")).await;
        self.submit(
            &format!("/challenges/{TEST}/submissions"),
            &[("title", title), ("source", source)],
        )
        .await;
        self.location()
    }
}

crate::on_both! {
    async fn a_pasted_program_gets_its_verdict(test) {
        let mut browser = test.recruiter().await;
        browser.open("/challenges").await;
        assert!(html::links(&browser.body).contains(&format!("/challenges/{TEST}")));
        let page = browser.paste("Reference", PROGRAM).await;
        browser.open(&page).await.sees("Waiting for a free place").sees("JavaScript, 3 lines");
        assert!(browser.body.contains("http-equiv=\"refresh\""), "the page asks again without a script");
        test.run_jobs().await;
        browser.open(&page).await.sees("Exceeds").sees("submitted 20 Nov 2026, 14:52 UTC by Test Recruiter");
        assert!(!browser.body.contains("http-equiv=\"refresh\""));

        browser.get(&format!("{page}/source")).await;
        assert_eq!(browser.body, PROGRAM);
        assert!(browser.header("content-disposition").starts_with("attachment"));
        browser.get(&format!("{page}/report")).await;
        assert!(browser.body.contains("\"edition\": \"ed1\""), "{}", browser.body);
        let mut colleague = test.interviewer().await;
        colleague.open(&page).await.sees("Exceeds");
    }

    async fn the_bytes_are_kept_as_they_are(test) {
        let mut browser = test.recruiter().await;
        let source = b"\xef\xbb\xbf// caf\xc3\xa9 \xf0\x9f\xa6\x80\r\nconst nul = \"\x00\";\r\n\r\n".as_slice();
        browser.open(&format!("/challenges/{TEST}")).await;
        let action = format!("/challenges/{TEST}/submissions");
        browser.submit_file(&action, &[], ("retry.ts", source)).await;
        let page = browser.location();
        browser.open(&page).await.sees("retry.ts").sees("TypeScript");
        browser.get(&format!("{page}/source")).await;
        assert_eq!(browser.bytes, source);
    }

    async fn sending_a_form_twice_makes_one_submission(test) {
        let mut browser = test.recruiter().await;
        browser.open(&format!("/challenges/{TEST}")).await;
        let action = format!("/challenges/{TEST}/submissions");
        let form = browser.form(&action);
        let answers = [("title", "Twice"), ("source", PROGRAM)];
        let first = browser.send_form(&form, &answers, None).await.location();
        let second = browser.send_form(&form, &answers, None).await.location();
        assert_eq!(first, second);
        test.run_jobs().await;
        assert_eq!(test.laboratory.gradings.load(Ordering::SeqCst), 1);
        let mut other = test.interviewer().await;
        other.send_form(&form, &answers, None).await;
        assert_eq!(other.status, 409, "a form belongs to the person who opened it");
    }

    async fn at_the_same_moment_too(test) {
        let mut browser = test.recruiter().await;
        browser.open(&format!("/challenges/{TEST}")).await;
        let form = browser.form(&format!("/challenges/{TEST}/submissions"));
        let sent = (0..8).map(|_| {
            let (form, mut copy) = (form.clone(), Browser::new(test.router.clone()));
            copy.cookies = browser.cookies.clone();
            tokio::spawn(async move {
                copy.send_form(&form, &[("title", "At once"), ("source", PROGRAM)], None).await.location()
            })
        });
        let mut pages = Vec::new();
        for page in sent.collect::<Vec<_>>() {
            pages.push(page.await.unwrap());
        }
        pages.dedup();
        assert_eq!(pages.len(), 1);
    }

    async fn what_is_refused_is_kept(test) {
        let mut browser = test.recruiter().await;
        let action = format!("/challenges/{TEST}/submissions");
        let long = format!("\n// {}", "x".repeat(300 * 1024));
        browser.open(&format!("/challenges/{TEST}")).await;
        browser.submit(&action, &[("title", "Too <large>"), ("source", &long), ("language", "typescript"), ("seed", "x")]).await;
        assert_eq!(browser.status, 422);
        html::check(&browser.body);
        browser.sees("2 answers need another look").sees("at most 256 KiB");
        let fields = browser.form(&action).fields;
        for (name, value) in [("title", "Too <large>"), ("source", long.as_str()), ("language", "typescript"), ("seed", "x")] {
            assert!(fields.iter().any(|(n, v)| n == name && v == value), "{name} is kept");
        }
        browser.submit(&action, &[("title", "Empty"), ("source", " \n"), ("seed", "")]).await.sees("Paste a program");
        browser.submit(&action, &[("title", " \u{0} "), ("source", PROGRAM)]).await.sees("Write a title");
        browser.submit_file(&action, &[("title", "Bytes"), ("source", "")], ("a.js", &[0xff, 0xfe])).await.sees("UTF-8");
        browser.open("/submissions").await.sees("Nothing has been graded yet");
    }

    async fn ten_megabytes_get_an_answer(test) {
        let mut browser = test.recruiter().await;
        browser.open(&format!("/challenges/{TEST}")).await;
        let paste = "x".repeat(10 * 1024 * 1024);
        browser.submit(&format!("/challenges/{TEST}/submissions"), &[("title", "Huge"), ("source", &paste)]).await;
        assert_eq!(browser.status, 422);
        browser.sees("10240 KiB");
        let mut stranger = test.stranger();
        stranger.post("/sign-in", &[("email", &paste), ("password", "x")]).await;
        assert_eq!(stranger.status, 413, "what has no use for so much takes less");
    }

    async fn titles_in_every_script_are_found_again(test) {
        let mut browser = test.recruiter().await;
        let titles = ["ÄRGER 🦀 im Straßenbau", "محاولة ثانية", "'; DROP TABLE submissions; --", "100 %_sure\\"];
        for title in titles {
            browser.paste(title, PROGRAM).await;
        }
        for (typed, found) in
            [("ärger 🦀", titles[0]), ("ثانية", titles[1]), ("'; drop", titles[2]), ("%_SURE\\", titles[3]), ("0 %", titles[3])]
        {
            browser.open("/submissions").await.submit("/submissions", &[("q", typed)]).await.sees(found);
            let others = titles.iter().filter(|title| **title != found);
            for other in others {
                assert!(!browser.text().contains(other), "{typed} finds {other}");
            }
        }
        browser.get("/submissions?q=%00%27%22%3B").await.sees("Nothing fits");
        html::check(&browser.body);
    }

    async fn lists_are_filtered_and_turned_by_key(test) {
        let mut browser = test.recruiter().await;
        for n in 0..30 {
            let source = match n % 3 {
                0 => PROGRAM.to_owned(),
                1 => format!("{PROGRAM}/* fails jitter */"),
                _ => "syntax error".to_owned(),
            };
            browser.paste(&format!("Program {n:02}."), &source).await;
            test.pass(std::time::Duration::from_secs(1));
        }
        test.run_jobs().await;
        browser.paste("Program 30.", PROGRAM).await;
        browser.open("/submissions").await.sees("Program 30.").sees("Program 06.");
        assert!(!browser.text().contains("Program 05."));
        let older = html::links(&browser.body).into_iter().find(|link| link.contains("before=")).expect("there is more");
        browser.open(&older).await.sees("Program 05.").sees("Program 00.");
        assert!(!browser.text().contains("Program 06."));
        assert!(html::links(&browser.body).iter().all(|link| !link.contains("before=")));

        for (band, count) in [("exceeds", 10), ("below", 10), ("rejected", 10), ("waiting", 1), ("meets", 0)] {
            browser.open(&format!("/submissions?band={band}&challenge={TEST}")).await;
            assert_eq!(browser.text().matches("Program ").count(), count, "{band}");
        }
        browser.open("/submissions?challenge=another").await.sees("Nothing fits");
    }

    async fn a_rejected_program_says_why(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("Broken", "syntax error").await;
        test.run_jobs().await;
        browser.open(&page).await.sees("A bracket is missing.");
        browser.open("/submissions").await.sees("Rejected");
    }

    async fn any_scenario_is_replayed_with_any_seed(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("Reference", PROGRAM).await;
        test.run_jobs().await;
        let replay = format!("{page}/replay");
        browser.open(&replay).await;
        browser.submit(&replay, &[("scenario", "storm"), ("seed", "18446744073709551615")]).await;
        assert_eq!(browser.status, 200);
        browser.sees("The API does storm with seed 18446744073709551615.");
        browser.get(&format!("{replay}?scenario=none&seed=1")).await.sees("There is no such scenario");
        assert_eq!(browser.status, 422);
        browser.get(&format!("{replay}?scenario=storm&seed=-1")).await.sees("A seed is a whole number");
        let broken = browser.paste("Broken", "syntax error").await;
        browser.get(&format!("{broken}/replay?scenario=storm")).await.sees("A bracket is missing.");
    }

    async fn what_does_not_exist_is_not_found(test) {
        let mut browser = test.recruiter().await;
        let nowhere = "/submissions/00000000-0000-7000-8000-000000000000";
        for path in [nowhere, &format!("{nowhere}/source"), &format!("{nowhere}/regradings"), "/submissions/1", "/challenges/x"] {
            browser.get(path).await;
            assert_eq!(browser.status, 404, "{path}");
        }
    }
}
