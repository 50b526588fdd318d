//! Signing in and out, passwords, invitations.

use std::time::Duration;

use halfopen::people::Role;
use halfopen::serve;

use crate::support::{Database, PASSWORD, TestApp};

const HOUR: Duration = Duration::from_secs(3600);

crate::on_both! {
    async fn signing_in_leads_to_where_one_wanted_to_go(test) {
        test.add("recruiter@company.example", Role::Recruiter).await;
        let mut browser = test.stranger();
        browser.get("/submissions?band=meets").await;
        let sign_in = browser.location();
        browser.open(&sign_in).await;
        browser.submit("/sign-in", &[("email", "RECRUITER@company.example "), ("password", PASSWORD)]).await;
        assert_eq!(browser.location(), "/submissions?band=meets");
        browser.follow().await.sees("Test Recruiter");
    }

    async fn nobody_is_led_to_another_site(test) {
        test.add("recruiter@company.example", Role::Recruiter).await;
        for elsewhere in ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"] {
            let mut browser = test.stranger();
            let fields = [("email", "recruiter@company.example"), ("password", PASSWORD), ("next", elsewhere)];
            browser.post("/sign-in", &fields).await;
            assert_eq!(browser.location(), "/", "{elsewhere}");
            browser.get(&format!("/sign-in?next={}", halfopen::ui::percent_encoded(elsewhere))).await;
            assert_eq!(browser.location(), "/", "{elsewhere}");
        }
    }

    async fn a_wrong_password_and_a_wrong_address_look_alike(test) {
        test.add("recruiter@company.example", Role::Recruiter).await;
        let mut texts = Vec::new();
        for email in ["recruiter@company.example", "nobody@company.example"] {
            let mut browser = test.stranger();
            browser.sign_in(email, "not the password").await;
            assert_eq!(browser.status, 422);
            assert!(browser.cookies.is_empty());
            texts.push(browser.text());
        }
        assert_eq!(texts[0], texts[1]);
    }

    async fn guessing_is_slowed_down_and_ends_in_time(test) {
        test.add("recruiter@company.example", Role::Recruiter).await;
        let mut browser = test.stranger();
        for _ in 0..10 {
            browser.sign_in("recruiter@company.example", "not the password").await;
            assert_eq!(browser.status, 422);
        }
        browser.sign_in("recruiter@company.example", PASSWORD).await;
        assert_eq!(browser.status, 429);
        browser.sees("Too many tries. Wait 61 seconds");
        assert_eq!(browser.header("retry-after"), "61");
        test.pass(Duration::from_secs(61));
        browser.sign_in("recruiter@company.example", PASSWORD).await;
        assert_eq!(browser.status, 303);
    }

    async fn one_address_cannot_try_everybody(test) {
        let mut browser = test.stranger();
        let mut statuses = Vec::new();
        for n in 0..70 {
            let email = format!("person{n}@company.example");
            browser.post("/sign-in", &[("email", &email), ("password", "x")]).await;
            statuses.push(browser.status);
        }
        assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 60);
        let mut neighbour = test.stranger();
        neighbour.address = ([192, 0, 2, 2], 50_000).into();
        neighbour.sign_in("nobody@company.example", "x").await;
        assert_eq!(neighbour.status, 422);
    }

    async fn a_session_ends_by_hand_and_by_time(test) {
        let mut browser = test.recruiter().await;
        let kept = browser.cookies.clone();
        browser.open("/account").await.submit("/sign-out", &[]).await;
        browser.follow().await.sees("You are signed out.");
        browser.cookies = kept;
        browser.get("/account").await;
        assert_eq!(browser.location(), "/sign-in?next=/account", "the token is of no use any more");

        let mut idle = test.recruiter().await;
        test.pass(11 * HOUR);
        idle.open("/account").await;
        test.pass(11 * HOUR);
        idle.open("/account").await;
        test.pass(13 * HOUR);
        idle.get("/account").await;
        assert_eq!(idle.status, 303, "half a day without a request ends it");

        let mut busy = test.recruiter().await;
        for _ in 0..(14 * 24 / 8) {
            busy.open("/account").await;
            test.pass(8 * HOUR);
        }
        busy.get("/account").await;
        assert_eq!(busy.status, 303, "two weeks end it in any case");
    }

    async fn every_sign_in_has_a_token_of_its_own(test) {
        let mut browser = test.recruiter().await;
        let first = browser.cookies.clone();
        browser.post("/sign-in", &[("email", "recruiter@company.example"), ("password", PASSWORD)]).await;
        assert_ne!(browser.cookies["session"], first["session"]);
        let mut old = test.stranger();
        old.cookies = first;
        old.get("/account").await;
        assert_eq!(old.status, 303, "the token before the sign-in is dead");
    }

    async fn signing_out_everywhere_reaches_every_browser(test) {
        let mut here = test.recruiter().await;
        let mut there = test.recruiter().await;
        here.open("/account").await.sees("2 browsers");
        here.submit("/account/sessions/end", &[]).await.follow().await.sees("You are signed out everywhere.");
        there.get("/account").await;
        assert_eq!(there.status, 303);
    }

    async fn changing_the_password_asks_for_the_old_one(test) {
        let mut browser = test.recruiter().await;
        let mut elsewhere = test.recruiter().await;
        browser.open("/account").await;
        browser.submit("/account/password", &[("current", "wrong"), ("password", "short")]).await;
        assert_eq!(browser.status, 422);
        browser.sees("2 answers need another look").sees("This is not your current password.").sees("at least 12");
        browser.submit("/account/password", &[("current", PASSWORD), ("password", "eight tall trees inland")]).await;
        browser.follow().await.sees("Your password is changed.");
        elsewhere.get("/account").await;
        assert_eq!(elsewhere.status, 303);
        let mut again = test.stranger();
        again.sign_in("recruiter@company.example", PASSWORD).await;
        assert_eq!(again.status, 422);
        again.sign_in("recruiter@company.example", "eight tall trees inland").await;
        assert_eq!(again.status, 303);
    }

    async fn an_invitation_sets_a_password_once(test) {
        let mut admin = test.administrator().await;
        admin.open("/people").await;
        let answers = [("name", "Zoë 🦀 الاسم"), ("email", "zoe@company.example"), ("role", "interviewer")];
        admin.submit("/people", &answers).await.sees("Give this link to Zoë 🦀 الاسم.");
        let link = admin.form_value("link");
        let path = link.strip_prefix("http://halfopen.test").unwrap().to_owned();

        let mut zoe = test.stranger();
        zoe.open(&path).await.sees("Set your password, Zoë 🦀 الاسم");
        zoe.submit(&path, &[("password", "aaaaaaaaaaaaaaa")]).await.sees("guessed at once");
        assert_eq!(zoe.status, 422);
        zoe.submit(&path, &[("password", "nine quiet lamps")]).await;
        zoe.follow().await.sees("Welcome, Zoë");
        let mut second = test.stranger();
        second.get(&path).await;
        assert_eq!(second.status, 404);
        second.sign_in("zoe@company.example", "nine quiet lamps").await;
        assert_eq!(second.status, 303);
    }

    async fn a_new_installation_is_set_up_with_a_link_or_a_password(test) {
        let first = serve::first_administrator(&test.app, "boss@company.example", None).await.unwrap().unwrap();
        let (email, link) = serve::first_administrator(&test.app, "ignored@x", None).await.unwrap().unwrap();
        assert_eq!((first.0.as_str(), email.as_str()), ("boss@company.example", "boss@company.example"));
        let path = |link: &str| link.strip_prefix("http://halfopen.test").unwrap().to_owned();
        let mut boss = test.stranger();
        boss.get(&path(&first.1)).await;
        assert_eq!(boss.status, 404, "the lost link is dead");
        boss.open(&path(&link)).await.submit(&path(&link), &[("password", "nine quiet lamps")]).await;
        boss.follow().await;
        boss.open("/people").await.sees("boss@company.example");
        assert!(serve::first_administrator(&test.app, "other@x", None).await.unwrap().is_none());
    }

    async fn a_password_from_the_environment_needs_no_link(test) {
        let password = Some(PASSWORD.to_owned());
        assert!(serve::first_administrator(&test.app, "boss@company.example", password).await.unwrap().is_none());
        let mut boss = test.stranger();
        boss.sign_in("boss@company.example", PASSWORD).await;
        boss.follow().await;
    }

    async fn an_invitation_grows_old(test) {
        let mut admin = test.administrator().await;
        admin.open("/people").await;
        admin.submit("/people", &[("name", "Late"), ("email", "late@company.example"), ("role", "recruiter")]).await;
        let path = admin.form_value("link").strip_prefix("http://halfopen.test").unwrap().to_owned();
        test.pass(8 * 24 * HOUR);
        let mut late = test.stranger();
        late.get(&path).await;
        assert_eq!(late.status, 404);
    }

    async fn what_is_wrong_with_an_invitation_is_said_at_its_field(test) {
        let mut admin = test.administrator().await;
        admin.open("/people").await;
        admin.submit("/people", &[("name", " "), ("email", "not an address"), ("role", "king")]).await;
        assert_eq!(admin.status, 422);
        admin.sees("3 answers need another look").sees("This is not a mail address.");
        let fields = admin.form("/people").fields;
        assert!(fields.contains(&("email".into(), "not an address".into())), "what was typed is kept: {fields:?}");
        let taken = [("name", "Twin"), ("email", "ADMINISTRATOR@company.example"), ("role", "recruiter")];
        admin.submit("/people", &taken).await.sees("already in the list");
    }

    async fn a_deactivated_person_is_out_at_once_and_can_come_back(test) {
        let mut admin = test.administrator().await;
        let mut recruiter = test.recruiter().await;
        let page = admin.page_of("Test Recruiter").await;
        admin.open(&format!("{page}/deactivation")).await.sees("Deactivate Test Recruiter?");
        admin.submit(&format!("{page}/deactivation"), &[]).await.follow().await.sees("can no longer sign in");
        recruiter.get("/account").await;
        assert_eq!(recruiter.status, 303);
        recruiter.sign_in("recruiter@company.example", PASSWORD).await;
        assert_eq!(recruiter.status, 422);
        admin.open(&page).await.submit(&format!("{page}/reactivation"), &[]).await.follow().await;
        recruiter.sign_in("recruiter@company.example", PASSWORD).await;
        assert_eq!(recruiter.status, 303);
    }

    async fn the_last_administrator_stays(test) {
        let mut admin = test.administrator().await;
        let page = admin.page_of("Test Administrator").await;
        admin.open(&page).await.submit(&format!("{page}/role"), &[("role", "recruiter")]).await;
        assert_eq!(admin.status, 409);
        admin.sees("This is the last administrator.");
        admin.open(&format!("{page}/deactivation")).await.submit(&format!("{page}/deactivation"), &[]).await;
        assert_eq!(admin.status, 409);

        let mut recruiter = test.recruiter().await;
        let other = admin.page_of("Test Recruiter").await;
        admin.open(&other).await.submit(&format!("{other}/role"), &[("role", "administrator")]).await;
        admin.follow().await.sees("Test Recruiter is now administrator.");
        recruiter.open("/people").await;
        admin.open(&page).await.submit(&format!("{page}/role"), &[("role", "recruiter")]).await;
        assert_eq!(admin.status, 303);
        admin.get("/people").await;
        assert_eq!(admin.status, 403);
    }

    async fn a_theme_is_kept(test) {
        let mut browser = test.recruiter().await;
        browser.open("/account").await;
        assert!(!browser.body.contains("data-theme"));
        browser.submit("/account/theme", &[("theme", "dark")]).await.follow().await;
        assert!(browser.body.contains("data-theme=\"dark\""));
        browser.submit("/account/theme", &[("theme", "system")]).await.follow().await;
        assert!(!browser.body.contains("data-theme"));
    }
}

impl crate::support::Browser {
    /// The page of a person, found in the list.
    async fn page_of(&mut self, name: &str) -> String {
        self.open("/people").await;
        let tags = crate::support::html::tags(&self.body);
        let link = tags
            .iter()
            .find(|tag| tag.text == name && tag.get("href").is_some_and(|h| h.starts_with("/people/")));
        link.and_then(|tag| tag.get("href"))
            .expect("the person is in the list")
            .to_owned()
    }

    /// What stands in the field with this id, inside of a form or not.
    fn form_value(&self, id: &str) -> String {
        let tags = crate::support::html::tags(&self.body);
        let field = tags
            .iter()
            .find(|tag| tag.get("id") == Some(id))
            .expect("the field is there");
        field.get("value").expect("it has a value").to_owned()
    }
}

#[tokio::test]
async fn behind_a_proxy_the_limit_counts_the_clients_own_addresses() {
    let test = TestApp::configured(Database::Sqlite, |config| config.trust_proxy = true).await;
    let mut browser = test.stranger();
    let attempt = |email: String, address: &str| {
        axum::http::Request::post("/sign-in")
            .header("sec-fetch-site", "same-origin")
            .header("x-forwarded-for", format!("198.51.100.77, {address}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(axum::body::Body::from(format!("email={email}&password=x")))
            .unwrap()
    };
    for n in 0..60 {
        assert_eq!(
            browser
                .send(attempt(format!("p{n}@company.example"), "192.0.2.9"))
                .await
                .status,
            422
        );
    }
    assert_eq!(
        browser
            .send(attempt("p60@company.example".into(), "192.0.2.9"))
            .await
            .status,
        429
    );
    assert_eq!(
        browser
            .send(attempt("p61@company.example".into(), "192.0.2.10"))
            .await
            .status,
        422
    );
}
