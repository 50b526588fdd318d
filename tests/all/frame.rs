//! What surrounds every response.

use axum::body::Body;
use axum::http::Request;
use halfopen::config::PublicUrl;
use halfopen::people::Role;

use crate::support::{Database, PASSWORD, TestApp, html};

crate::on_both! {
    async fn every_answer_carries_the_security_headers(test) {
        let mut browser = test.recruiter().await;
        for path in ["/submissions", "/no-such-page", "/people", "/challenges/none", "/"] {
            browser.get(path).await;
            let policy = browser.header("content-security-policy").to_owned();
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
            assert!(!policy.contains("unsafe"), "{path}");
            assert_eq!(browser.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(browser.header("referrer-policy"), "same-origin", "{path}");
            assert_eq!(browser.header("cross-origin-opener-policy"), "same-origin", "{path}");
            assert_eq!(browser.header("cache-control"), "no-store", "{path}");
            assert!(browser.headers.contains_key("permissions-policy"), "{path}");
        }
    }

    async fn a_nonce_is_used_once(test) {
        let mut browser = test.recruiter().await;
        let mut nonces = Vec::new();
        for _ in 0..2 {
            browser.open("/submissions").await;
            let scripts = html::tags(&browser.body).into_iter().filter(|tag| tag.name == "script" && !tag.closing);
            for script in scripts {
                let nonce = script.get("nonce").expect("a script has the nonce").to_owned();
                assert!(browser.header("content-security-policy").contains(&format!("'nonce-{nonce}'")));
                nonces.push(nonce);
            }
        }
        assert_eq!(nonces.len(), 2);
        assert_ne!(nonces[0], nonces[1]);
    }

    async fn a_form_from_another_site_does_nothing(test) {
        let mut browser = test.recruiter().await;
        for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")] {
            let request = Request::post("/account/sessions/end").header(name, value).body(Body::empty());
            browser.send(request.unwrap()).await;
            assert_eq!(browser.status, 403, "{name}: {value}");
            browser.sees("This form came from another site");
            html::check(&browser.body);
        }
        browser.open("/account").await;
    }

    async fn an_error_has_a_page_with_a_reference(test) {
        let mut browser = test.recruiter().await;
        browser.get("/no-such-page").await.sees("There is no such page");
        assert_eq!(browser.status, 404);
        html::check(&browser.body);
        let first = browser.text();
        assert!(first.contains("Reference "), "{first}");
        browser.get("/no-such-page").await;
        assert_ne!(browser.text(), first, "the reference is new each time");
        browser.post("/challenges", &[]).await.sees("This address is not a page");
        assert_eq!(browser.status, 405);
        browser.get("/submissions?before=yesterday").await;
        assert_eq!(browser.status, 400);
        browser.post("/account/password", &[]).await;
        assert_eq!(browser.status, 422);
        html::check(&browser.body);
    }

    async fn a_fault_inside_is_never_shown(test) {
        let mut browser = test.recruiter().await;
        test.app.db.close().await;
        browser.get("/submissions").await.sees("This page broke, on our side");
        assert_eq!(browser.status, 500);
        assert!(!browser.body.to_lowercase().contains("pool"), "{}", browser.body);
    }

    async fn a_message_is_shown_once(test) {
        let mut browser = test.recruiter().await;
        browser.open("/account").await.submit("/sign-out", &[]).await;
        browser.get("/sign-in").await.sees("You are signed out.");
        browser.get("/sign-in").await;
        assert!(!browser.text().contains("You are signed out."));
    }

    async fn health_is_for_machines(test) {
        let mut stranger = test.stranger();
        stranger.get("/health").await;
        assert_eq!((stranger.status, stranger.body.as_str()), (200, "ok\n"));
    }
}

#[tokio::test]
async fn on_https_cookies_are_tied_to_the_host() {
    let https = PublicUrl::parse("https://halfopen.test");
    let test = TestApp::configured(Database::Sqlite, |config| config.public_url = https.unwrap()).await;
    test.add("recruiter@company.example", Role::Recruiter).await;
    let mut browser = test.stranger();
    browser.sign_in("recruiter@company.example", PASSWORD).await;
    let cookie = browser.header("set-cookie");
    assert!(cookie.starts_with("__Host-session="), "{cookie}");
    for part in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(browser.header("strict-transport-security").starts_with("max-age="));
    browser.open("/account").await;
}
