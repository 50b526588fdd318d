//! A second factor: set up, asked for, never taken twice, taken off, and asked of everybody; and where one is signed in.

use std::time::Duration;

use halfopen::audit;
use halfopen::cli::staff as cli;
use halfopen::people::second_factor::sealing::{self, FILE};
use halfopen::people::second_factor::{Key, Sealed, store as factors};
use halfopen::people::{Role, store as people};

use crate::support::{Browser, PASSWORD, TestApp};

const RECRUITER: &str = "recruiter@company.example";
const STEP: Duration = Duration::from_secs(30);
const MINUTE: Duration = Duration::from_secs(60);

impl TestApp {
    /// What an app shows now.
    fn code_of(&self, key: &Key) -> String {
        key.code(self.app.now()).expect("a key")
    }

    /// Sets it up as a person does, and gives what the app got, and the recovery codes.
    async fn set_up(&self, browser: &mut Browser) -> (Key, Vec<String>) {
        browser.open("/account").await;
        let begin = "/account/second-factor";
        browser.submit(begin, &[]).await.follow().await;
        let key = browser.key();
        let code = self.code_of(&key);
        let codes = browser
            .submit("/account/second-factor/confirmation", &[("code", &code)])
            .await;
        assert_eq!(codes.status, 200, "{}", codes.body);
        (key, browser.recovery_codes())
    }

    async fn staff_path(&self, email: &str) -> String {
        let (staff, _) = people::by_email(&self.app.db, email)
            .await
            .unwrap()
            .expect("the person");
        format!("/people/{}", staff.id)
    }
}

impl Browser {
    fn key(&self) -> Key {
        let tags = crate::support::html::tags(&self.body);
        let field = tags.iter().find(|tag| tag.get("id") == Some("key")).expect("the key");
        Key::from_text(field.get("value").expect("it is there").replace(' ', ""))
    }

    fn recovery_codes(&self) -> Vec<String> {
        let (_, list) = self
            .body
            .split_once("aria-label=\"Recovery codes\"")
            .expect("the codes");
        let (list, _) = list.split_once("</ul>").expect("their end");
        list.split("<li>").skip(1).map(|item| item[..19].to_owned()).collect()
    }

    /// Up to the question for the code.
    async fn give_password(&mut self) -> &mut Browser {
        self.sign_in(RECRUITER, PASSWORD).await;
        assert_eq!(self.location(), "/sign-in/code");
        self.follow().await
    }
}

crate::on_both! {
    async fn the_database_alone_makes_no_codes(test) {
        use std::os::unix::fs::PermissionsExt as _;
        let mut browser = test.recruiter().await;
        let (key, codes) = test.set_up(&mut browser).await;
        let (owner, sealed) = factors::all(&test.app.db).await.unwrap().remove(0);
        assert!(sealed.text().starts_with("sealed:") && !sealed.text().contains(key.text()));
        let file = test.app.config.data.join(FILE);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let backup = test.app.config.data.join("backup.zip");
        halfopen::backup::write(&test.app, &backup).await.unwrap();
        let secret = std::fs::read_to_string(&file).unwrap();
        let mut archive = zip::ZipArchive::new(std::fs::File::open(&backup).unwrap()).unwrap();
        for at in 0..archive.len() {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut archive.by_index(at).unwrap(), &mut bytes).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(key.text()) && !text.contains(secret.trim()));
        }

        // On another server, or after a restore without the key: recovery codes open, and codes do not.
        std::fs::rename(&file, file.with_extension("elsewhere")).unwrap();
        test.pass(STEP);
        let mut phone = test.stranger();
        phone.give_password().await;
        phone.submit("/sign-in/code", &[("code", &test.code_of(&key))]).await;
        assert_eq!(phone.status, 422);
        sealing::seal_all(&test.app).await.unwrap();
        std::fs::remove_file(&file).unwrap();
        std::fs::rename(file.with_extension("elsewhere"), &file).unwrap();
        phone.submit("/sign-in/code", &[("code", &test.code_of(&key))]).await;
        assert_eq!(phone.status, 303, "{}", phone.body);
        assert_eq!(codes.len(), 10);

        // What is moved to somebody else does not open there, and what was kept openly is sealed at the start.
        test.interviewer().await;
        let other = people::by_email(&test.app.db, "interviewer@company.example").await.unwrap().expect("the person").0.id;
        assert!(halfopen::people::second_factor::Seal::of(&test.app).unwrap().open(&sealed, other).is_err());
        let mut tx = test.app.db.begin().await.unwrap();
        factors::reseal(&mut tx, owner, &sealed, &Sealed::from_text(key.text().to_owned())).await.unwrap();
        tx.commit().await.unwrap();
        for _ in 0..2 {
            sealing::seal_all(&test.app).await.unwrap();
        }
        let (_, anew) = factors::all(&test.app.db).await.unwrap().remove(0);
        assert!(anew.text().starts_with("sealed:") && anew != sealed);
        test.pass(STEP);
        let mut phone = test.stranger();
        phone.give_password().await;
        phone.submit("/sign-in/code", &[("code", &test.code_of(&key))]).await;
        assert_eq!(phone.status, 303, "{}", phone.body);
    }

    async fn a_code_is_asked_for_after_the_password(test) {
        let mut browser = test.recruiter().await;
        let (key, _) = test.set_up(&mut browser).await;
        browser.open("/account").await.sees("On since 20 Nov 2026, 14:52 UTC").sees("10 recovery codes are left");

        test.pass(STEP);
        let mut phone = test.stranger();
        phone.get("/submissions?band=meets").await;
        let sign_in = phone.location();
        phone.open(&sign_in).await.submit("/sign-in", &[("email", RECRUITER), ("password", PASSWORD)]).await;
        assert!(!phone.cookies.contains_key("session"), "the password alone gives no session");
        phone.follow().await.sees("One more step");
        let asked = phone.cookies.clone();
        phone.get("/account").await;
        assert_eq!(phone.location(), "/sign-in?next=/account");
        phone.open("/sign-in/code").await.submit("/sign-in/code", &[("code", "000000")]).await;
        assert_eq!(phone.status, 422);
        phone.sees("This code does not fit");
        let code = test.code_of(&key);
        let typed = format!(" {} {}", &code[..3], &code[3..]);
        phone.submit("/sign-in/code", &[("code", &typed)]).await;
        assert_eq!(phone.location(), "/submissions?band=meets");
        phone.follow().await.sees("Test Recruiter");
        assert!(!phone.cookies.contains_key("pending"));

        let mut again = test.stranger();
        again.cookies = asked;
        again.post("/sign-in/code", &[("code", &code)]).await;
        assert_eq!(again.status, 422);
        again.sees("within five minutes of the password");
    }

    async fn a_code_is_taken_once(test) {
        let mut browser = test.recruiter().await;
        let (key, _) = test.set_up(&mut browser).await;
        let mut thief = test.stranger();
        thief.give_password().await.submit("/sign-in/code", &[("code", &test.code_of(&key))]).await;
        assert_eq!(thief.status, 422, "the code that switched it on is used up");
        let before = test.code_of(&key);
        test.pass(STEP);
        let code = test.code_of(&key);
        let mut owner = test.stranger();
        owner.give_password().await;
        let both = owner.cookies.clone();
        owner.submit("/sign-in/code", &[("code", &code)]).await;
        assert_eq!(owner.status, 303);
        for used in [&code, &before] {
            thief.open("/sign-in/code").await.submit("/sign-in/code", &[("code", used)]).await;
            assert_eq!(thief.status, 422);
            thief.sees("or was used before");
        }
        test.pass(STEP);
        thief.cookies = both;
        thief.post("/sign-in/code", &[("code", &test.code_of(&key))]).await;
        assert_eq!(thief.status, 422, "one password, one session");
    }

    async fn the_code_has_to_come_within_five_minutes(test) {
        let mut browser = test.recruiter().await;
        let (key, _) = test.set_up(&mut browser).await;
        let mut slow = test.stranger();
        slow.give_password().await;
        test.pass(5 * MINUTE);
        slow.submit("/sign-in/code", &[("code", &test.code_of(&key))]).await;
        assert_eq!(slow.status, 422);
        slow.sees("Sign in once more.");
        slow.open("/sign-in/code").await.sees("within five minutes");
        slow.submit("/sign-in", &[("email", RECRUITER), ("password", PASSWORD)]).await.follow().await;
        slow.submit("/sign-in/code", &[("code", &test.code_of(&key))]).await;
        assert_eq!(slow.location(), "/");
    }

    async fn guessing_codes_is_slowed_down(test) {
        let mut browser = test.recruiter().await;
        let (key, codes) = test.set_up(&mut browser).await;
        test.pass(STEP);
        for n in 0..10 {
            let mut thief = test.stranger();
            thief.address = ([192, 0, 2, n], 50_000).into();
            thief.give_password().await.submit("/sign-in/code", &[("code", "12345")]).await;
            assert_eq!(thief.status, 422);
        }
        let mut owner = test.stranger();
        owner.give_password().await.submit("/sign-in/code", &[("code", &test.code_of(&key))]).await;
        assert_eq!(owner.status, 429);
        owner.sees("Too many tries. Wait 11 minutes");
        assert!(owner.header("retry-after").parse::<u32>().is_ok());
        owner.open("/sign-in/recovery-code").await.submit("/sign-in/recovery-code", &[("code", &codes[0])]).await;
        assert_eq!(owner.status, 429, "recovery codes are counted with them");
        test.pass(10 * MINUTE);
        owner.give_password().await.submit("/sign-in/code", &[("code", &test.code_of(&key))]).await;
        assert_eq!(owner.status, 303);
    }

    async fn a_recovery_code_opens_once(test) {
        let mut browser = test.recruiter().await;
        let (_, codes) = test.set_up(&mut browser).await;
        assert_eq!(codes.len(), 10);
        let mut phone = test.stranger();
        phone.give_password().await.open("/sign-in/recovery-code").await;
        phone.submit("/sign-in/recovery-code", &[("code", "0000-0000-0000-0000")]).await;
        assert_eq!(phone.status, 422);
        phone.sees("none of your recovery codes");
        phone.submit("/sign-in/recovery-code", &[("code", &codes[3].to_uppercase().replace('-', " "))]).await;
        phone.follow().await.sees("That recovery code is used up; 9 are left.");
        let mut second = test.stranger();
        second.give_password().await.open("/sign-in/recovery-code").await;
        second.submit("/sign-in/recovery-code", &[("code", &codes[3])]).await;
        assert_eq!(second.status, 422);

        let renewal = "/account/second-factor/recovery-codes";
        phone.open("/account/second-factor").await.sees("9 of 10 left");
        phone.submit(renewal, &[("for_codes", "wrong")]).await;
        assert_eq!(phone.status, 422);
        phone.sees("This is not your current password.");
        phone.submit(renewal, &[("for_codes", PASSWORD)]).await.sees("no longer work");
        let renewed = phone.recovery_codes();
        second.submit("/sign-in/recovery-code", &[("code", &codes[4])]).await;
        assert_eq!(second.status, 422, "the old ones are gone");
        second.submit("/sign-in/recovery-code", &[("code", &renewed[0])]).await;
        assert_eq!(second.status, 303);
    }

    async fn setting_it_up_asks_for_a_code_that_fits(test) {
        let mut browser = test.recruiter().await;
        browser.open("/account/second-factor").await.sees("You need an authenticator app");
        browser.submit("/account/second-factor", &[]).await.follow().await;
        let first = browser.key();
        browser.submit("/account/second-factor/confirmation", &[("code", "000000")]).await;
        assert_eq!(browser.status, 422);
        browser.sees("This code does not fit.");
        assert_eq!(browser.form("/account/second-factor/confirmation").fields, [("code".into(), "000000".into())]);
        assert!(first == browser.key(), "a slip does not change the key");
        let mut elsewhere = test.recruiter().await;
        elsewhere.open("/account").await.sees("whoever learns your password cannot sign in without your phone");
        elsewhere.submit("/account/second-factor", &[]).await.follow().await;
        assert!(first != elsewhere.key(), "whoever begins anew gets a new key");
        browser.submit("/account/second-factor/confirmation", &[("code", &test.code_of(&first))]).await;
        assert_eq!(browser.status, 422);
        let code = test.code_of(&elsewhere.key());
        elsewhere.submit("/account/second-factor/confirmation", &[("code", &code)]).await.sees("The second factor is on.");
        browser.post("/account/second-factor", &[]).await;
        browser.follow().await.sees("10 of 10 left");
        browser.post("/account/second-factor/confirmation", &[("code", &code)]).await;
        assert_eq!(browser.location(), "/account/second-factor", "sent twice, it does nothing");
    }

    async fn switching_it_off_asks_for_the_password(test) {
        let mut browser = test.recruiter().await;
        test.set_up(&mut browser).await;
        let removal = "/account/second-factor/removal";
        browser.open("/account/second-factor").await.submit(removal, &[("for_removal", "wrong")]).await;
        assert_eq!(browser.status, 422);
        browser.sees("This is not your current password.");
        browser.submit(removal, &[("for_removal", PASSWORD)]).await.follow().await.sees("The second factor is off.");
        let mut again = test.stranger();
        again.sign_in(RECRUITER, PASSWORD).await;
        assert_eq!(again.location(), "/");
    }

    async fn a_new_password_by_link_does_not_get_round_it(test) {
        let mut browser = test.recruiter().await;
        let (key, _) = test.set_up(&mut browser).await;
        let mut waiting = test.stranger();
        waiting.give_password().await;
        let mut admin = test.administrator().await;
        let page = test.staff_path(RECRUITER).await;
        admin.open(&page).await.submit(&format!("{page}/invitation"), &[]).await;
        let (_, link) = admin.body.split_once("http://halfopen.test").expect("the link");
        let link = link.split('"').next().unwrap().to_owned();
        browser.open(&link).await.submit(&link, &[("password", "nine quiet lamps")]).await;
        assert_eq!(browser.location(), "/sign-in/code");
        browser.get("/account").await;
        assert_eq!(browser.status, 303, "the session from before has ended");
        test.pass(STEP);
        let code = test.code_of(&key);
        waiting.submit("/sign-in/code", &[("code", &code)]).await;
        assert_eq!(waiting.status, 422, "the old password is worth nothing any more");
        browser.open("/sign-in/code").await.submit("/sign-in/code", &[("code", &code)]).await;
        assert_eq!(browser.location(), "/");
    }

    async fn an_administrator_takes_it_off_a_colleague_alone(test) {
        let mut recruiter = test.recruiter().await;
        test.set_up(&mut recruiter).await;
        let mut waiting = test.stranger();
        waiting.give_password().await;
        let mut admin = test.administrator().await;
        let page = test.staff_path(RECRUITER).await;
        admin.open("/people").await.sees("1 of 2 accounts");
        admin.open(&page).await.sees("On since");
        admin.submit(&format!("{page}/second-factor/removal"), &[]).await;
        admin.follow().await.sees("Test Recruiter signs in with the password alone from now on.");
        admin.post(&format!("{page}/second-factor/removal"), &[]).await.follow().await.sees("has no second factor");
        waiting.open("/sign-in/code").await.sees("Sign in once more.");
        waiting.submit("/sign-in", &[("email", RECRUITER), ("password", PASSWORD)]).await;
        assert_eq!(waiting.location(), "/");

        test.set_up(&mut admin).await;
        let own = test.staff_path("administrator@company.example").await;
        admin.open(&own).await.sees("Change it in your account");
        admin.post(&format!("{own}/second-factor/removal"), &[]).await;
        assert_eq!(admin.location(), "/account/second-factor");
        admin.follow().await.sees("10 of 10 left");
    }

    async fn whoever_lacks_it_is_led_to_it_where_it_is_required(test) {
        let mut recruiter = test.recruiter().await;
        let mut secured = test.signed_in(Role::Interviewer).await;
        test.set_up(&mut secured).await;
        let mut admin = test.administrator().await;
        admin.open("/people").await.submit("/people/second-factor", &[]).await;
        admin.follow().await.sees("From now on everybody needs a second factor.").sees("Everybody here signs in");
        for path in ["/", "/people", "/account", "/openings", "/submissions"] {
            recruiter.get(path).await;
            assert_eq!(recruiter.location(), "/account/second-factor", "{path}");
        }
        recruiter.post("/account/sessions/end", &[]).await;
        assert_eq!(recruiter.location(), "/account/second-factor");
        recruiter.open("/jobs").await;
        secured.open("/account").await;

        recruiter.open("/account/second-factor").await.submit("/account/second-factor", &[]).await.follow().await;
        let code = test.code_of(&recruiter.key());
        recruiter.submit("/account/second-factor/confirmation", &[("code", &code)]).await;
        recruiter.open("/account").await;
        recruiter.open("/account/second-factor").await.sees("You are asked for that at once");
        recruiter.submit("/account/second-factor/removal", &[("for_removal", PASSWORD)]).await;
        recruiter.follow().await.sees("Set up a second factor");
        recruiter.post("/sign-out", &[]).await;
        assert_eq!(recruiter.location(), "/sign-in");

        test.set_up_at_once(&mut admin).await;
        admin.open("/people").await.sees("Everybody has to");
        admin.submit("/people/second-factor", &[]).await;
        admin.follow().await.sees("Everybody decides alone.");
        test.recruiter().await.open("/account").await;
    }

    async fn a_lost_device_is_forgotten_from_the_command_line(test) {
        let mut recruiter = test.recruiter().await;
        test.set_up(&mut recruiter).await;
        let email = "RECRUITER@company.example".into();
        let mut said = Vec::new();
        cli::run(&test.app, cli::UserCommand::RemoveSecondFactor { email }, &mut said).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&said), "recruiter@company.example signs in with the password alone\n");
    }

    async fn browsers_are_listed_and_end_one_by_one(test) {
        let mut here = test.recruiter().await;
        let mut phone = test.stranger();
        phone.address = ([198, 51, 100, 7], 50_000).into();
        phone.agent = "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0".into();
        phone.sign_in(RECRUITER, PASSWORD).await;
        let mut library = test.recruiter().await;
        test.pass(10 * MINUTE);
        phone.address = ([203, 0, 113, 9], 50_000).into();
        phone.open("/account").await;
        here.open("/account").await.sees("3 browsers").sees("An unknown browser this one192.0.2.120 Nov");
        here.sees("Firefox on Android203.0.113.920 Nov 2026, 14:52 UTC20 Nov 2026, 15:02 UTC");

        let of_phone = here.body.split_once("Firefox on Android").unwrap().1;
        let action = of_phone.split_once("action=\"").unwrap().1.split('"').next().unwrap().to_owned();
        let mut stranger = test.signed_in(Role::Interviewer).await;
        stranger.post(&action, &[]).await.follow().await.sees("was signed out already");
        phone.open("/account").await;
        here.submit(&action, &[]).await.follow().await.sees("That browser is signed out.").sees("2 browsers");
        phone.get("/account").await;
        assert_eq!(phone.status, 303);

        here.submit("/account/sessions/others/end", &[]).await.follow().await.sees("1 browser");
        library.get("/account").await;
        assert_eq!(library.status, 303);
        here.open("/account").await;
    }

    async fn an_administrator_sees_how_many_and_ends_them(test) {
        let mut recruiter = test.recruiter().await;
        test.recruiter().await;
        let mut admin = test.administrator().await;
        let page = test.staff_path(RECRUITER).await;
        admin.open(&page).await.sees("In 2 browsers.");
        admin.submit(&format!("{page}/sessions/end"), &[]).await;
        admin.follow().await.sees("Test Recruiter is signed out everywhere.").sees("Nowhere at present.");
        recruiter.get("/account").await;
        assert_eq!(recruiter.status, 303);
    }

    async fn what_is_done_to_accounts_is_recorded(test) {
        let mut recruiter = test.recruiter().await;
        let (_, codes) = test.set_up(&mut recruiter).await;
        recruiter.cookies.clear();
        recruiter.give_password().await.submit("/sign-in/code", &[("code", "000000")]).await;
        recruiter.open("/sign-in/recovery-code").await;
        recruiter.submit("/sign-in/recovery-code", &[("code", &codes[0])]).await;
        let mut admin = test.administrator().await;
        let page = test.staff_path(RECRUITER).await;
        for (change, fields) in [
            ("second-factor/removal", [].as_slice()),
            ("role", &[("role", "interviewer")]),
            ("sessions/end", &[]),
            ("invitation", &[]),
            ("deactivation", &[]),
            ("reactivation", &[]),
        ] {
            admin.post(&format!("{page}/{change}"), fields).await;
        }
        admin.post("/people/second-factor", &[("required", "yes")]).await;
        let rows = audit::store::after(&test.app.db, 0, 100).await.unwrap();
        let (owner, _) = people::by_email(&test.app.db, RECRUITER).await.unwrap().unwrap();
        let (owner, subject) = (owner.id.to_string(), format!("staff {}", owner.id));
        let own = |actor: &str| match actor {
            "halfopen" => "halfopen",
            id if id == owner => "the owner",
            _ => "an administrator",
        };
        let rows = rows.iter().filter(|row| row.subject == subject || row.subject == "accounts");
        let said: Vec<String> = rows.map(|row| format!("{}: {} {}", own(&row.actor), row.what, row.detail)).collect();
        assert_eq!(
            said.iter().map(|line| line.trim_end()).collect::<Vec<_>>(),
            [
                "halfopen: Account made recruiter",
                "the owner: Signed in",
                "the owner: Second factor switched on",
                "the owner: Second factor refused",
                "the owner: Signed in with a recovery code",
                "an administrator: Second factor taken off",
                "an administrator: Role changed interviewer",
                "an administrator: All sessions ended",
                "an administrator: Link for a password made",
                "an administrator: Account deactivated",
                "an administrator: Account reactivated",
                "an administrator: Second factor required of everybody",
            ]
        );
        assert!(audit::verify(&test.app.db).await.unwrap().is_ok());
    }

    async fn deactivation_ends_a_sign_in_under_way(test) {
        let mut recruiter = test.recruiter().await;
        let (key, _) = test.set_up(&mut recruiter).await;
        test.pass(STEP);
        let mut waiting = test.stranger();
        waiting.give_password().await;
        let mut admin = test.administrator().await;
        let page = test.staff_path(RECRUITER).await;
        admin.post(&format!("{page}/deactivation"), &[]).await;
        waiting.submit("/sign-in/code", &[("code", &test.code_of(&key))]).await;
        assert_eq!(waiting.status, 422);
        admin.post(&format!("{page}/reactivation"), &[]).await;
        waiting.post("/sign-in/code", &[("code", &test.code_of(&key))]).await;
        assert_eq!(waiting.status, 422, "coming back does not revive it");
        recruiter.get("/account").await;
        assert_eq!(recruiter.status, 303);
    }
}

impl TestApp {
    /// For somebody who can open nothing else.
    async fn set_up_at_once(&self, browser: &mut Browser) {
        browser
            .open("/account/second-factor")
            .await
            .submit("/account/second-factor", &[])
            .await
            .follow()
            .await;
        let code = self.code_of(&browser.key());
        browser
            .submit("/account/second-factor/confirmation", &[("code", &code)])
            .await
            .sees("The second factor is on.");
    }
}
