//! Applying, standing, and what recruiters do with it.

use std::io::{Cursor, Read as _};
use std::time::Duration;

use halfopen::args;
use halfopen::hiring::ApplicationState;
use halfopen::hiring::applications::store as applications;
use halfopen::mail;
use halfopen::people::{Role, store as people};
use uuid::Uuid;

use crate::support::hiring::{self, Job};
use crate::support::{Browser, TestApp};

const DOOR: &str = "answer-0";
const HOUR: Duration = Duration::from_secs(3_600);

mod probes {
    halfopen::statements! {
        CLOSE = "UPDATE openings SET state = 'closed' WHERE id = $1";
        JOIN = "INSERT INTO opening_team (opening_id, staff_id) VALUES ($1, $2)";
        ALL_MAILS = "SELECT event, recipient, body FROM mails ORDER BY created_at, recipient";
        JOBS = "SELECT task FROM jobs ORDER BY task";
        BY_ADDRESS = "SELECT id FROM applications WHERE email_key = $1 ORDER BY id";
    }
    pub const CLOSE_JOB: halfopen::db::Statement = CLOSE;
    pub const JOIN_TEAM: halfopen::db::Statement = JOIN;
    pub const MAILS: halfopen::db::Statement = ALL_MAILS;
    pub const QUEUE: halfopen::db::Statement = JOBS;
    pub const OF: halfopen::db::Statement = BY_ADDRESS;
}

const RESUME: &[u8] = b"Robin Example\nTen years of integrations between Lisbon and \xc3\x89vora\n";

impl TestApp {
    /// Fills in the first page, and comes to the draft.
    async fn begin(&self, job: &Job, email: &str, answer: &str) -> Browser {
        self.pass(HOUR / 60);
        let mut candidate = self.stranger();
        let start = format!("/jobs/{}/application", job.slug);
        candidate.open(&start).await;
        candidate.submit(&start, &[("email", email), (DOOR, answer)]).await;
        assert_eq!(candidate.status, 303, "{}", candidate.body);
        candidate.follow().await;
        self.pass(HOUR / 60);
        candidate
    }

    /// Sends a whole application; the browser stands on the page that says how it stands.
    async fn apply(&self, job: &Job, name: &str) -> Browser {
        let email = format!("{}@mail.example", name.to_lowercase().replace(' ', "."));
        let mut candidate = self.begin(job, &email, "Yes").await;
        candidate.send_application(name, "Yes").await;
        assert_eq!(candidate.status, 303, "{}", candidate.body);
        candidate.follow().await;
        candidate
    }

    async fn mails(&self) -> Vec<(String, String, String)> {
        let rows = self.app.db.all(probes::MAILS, args![]).await.unwrap();
        let text = |row: &halfopen::db::Row, column: &str| row.get::<String>(column).unwrap();
        rows.iter()
            .map(|row| (text(row, "event"), text(row, "recipient"), text(row, "body")))
            .collect()
    }

    async fn events_of_mails(&self) -> Vec<String> {
        self.mails().await.into_iter().map(|(event, ..)| event).collect()
    }

    async fn of(&self, email: &str) -> Vec<Uuid> {
        let rows = self.app.db.all(probes::OF, args![email]).await.unwrap();
        rows.iter().map(|row| row.id("id").unwrap()).collect()
    }

    async fn state(&self, id: Uuid) -> ApplicationState {
        applications::find(&self.app.db, id)
            .await
            .unwrap()
            .expect("an application")
            .state
    }

    fn files_in_store(&self) -> usize {
        fn count(folder: &std::path::Path) -> usize {
            let Ok(entries) = std::fs::read_dir(folder) else {
                return 0;
            };
            let paths = entries.map(|entry| entry.unwrap().path());
            paths.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
        }
        count(&self.app.config.data.join("files"))
    }
}

impl Browser {
    async fn send_application(&mut self, name: &str, answer: &str) -> &mut Browser {
        let action = format!("{}/draft", self.path);
        let typed = [
            ("intent", "send"),
            ("name", name),
            (DOOR, answer),
            ("answer-1", "No"),
            ("source", "referral"),
            ("consent", "yes"),
        ];
        self.submit_files(&action, &typed, &[("resume", "Robin’s résumé.txt", RESUME)])
            .await
    }
}

crate::on_both! {
    async fn a_qualified_application_goes_from_the_first_answer_to_the_second_stage(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let candidate = test.begin(&job, "robin@mail.example", "Yes").await;
        candidate.sees("not sent yet");
        let link = candidate.path.clone();
        // Another device, by the mailed link.
        let (event, to, body) = test.mails().await.remove(0);
        assert_eq!((event.as_str(), to.as_str()), ("application_draft", "robin@mail.example"));
        assert!(body.contains(&format!("http://halfopen.test{link}")), "{body}");
        let mut elsewhere = test.stranger();
        elsewhere.open(&link).await;
        assert!(elsewhere.body.contains("value=\"robin@mail.example\""));
        elsewhere.send_application("Robin 🦀 Example", "Yes").await;
        elsewhere.follow().await.sees("Your application is with us").sees("Application").sees("it is here");
        elsewhere.sees("Robin’s résumé.txt");
        test.run_jobs().await;
        assert_eq!(test.events_of_mails().await, ["application_draft", "application_receipt"]);

        let id = test.of("robin@mail.example").await[0];
        let mut recruiter = test.recruiter().await;
        let page = format!("/applications/{id}");
        recruiter.open(&page).await.sees("Ten years of integrations").sees("Somebody who works here");
        assert!(!recruiter.body.contains("For a person to look at"));
        let to = job.stages[1].to_string();
        recruiter.submit(&format!("{page}/stage"), &[("stage", &to)]).await;
        recruiter.follow().await.sees("Moved to Résumé screen").sees("Write to the candidate");
        elsewhere.open(&link).await.sees("People read your résumé");
        assert_eq!(test.events_of_mails().await.last().unwrap(), "application_step");
        let body = test.mails().await.pop().unwrap().2;
        assert!(body.contains("the next step: Résumé screen") && body.contains("25 Nov 2026"), "{body}");
    }

    async fn a_knock_out_ends_it_at_once_and_a_person_takes_it_back(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let mut candidate = test.begin(&job, "robin@mail.example", "No").await;
        candidate.sees("With this answer the application would end");
        let link = candidate.path.clone();
        // Neither a résumé nor the other answers are asked for.
        let draft = format!("{link}/draft");
        candidate.submit_files(&draft, &[("intent", "send"), ("name", "Robin"), ("consent", "yes")], &[]).await;
        candidate.follow().await.sees("We cannot go on with this application").sees("the answer was “No”");
        test.run_jobs().await;
        assert_eq!(test.events_of_mails().await, ["application_draft", "application_decline"]);

        let id = test.of("robin@mail.example").await[0];
        assert_eq!(test.state(id).await, ApplicationState::Declined);
        let mut recruiter = test.recruiter().await;
        let page = format!("/applications/{id}");
        recruiter.open(&page).await.sees("The knock-out");
        let reversal = format!("{page}/reversal");
        recruiter.submit(&reversal, &[("why", "  ")]).await;
        assert_eq!(recruiter.status, 422);
        recruiter.sees("Write why");
        recruiter.submit(&reversal, &[("why", "A private project counts")]).await;
        recruiter.follow().await.sees("Reversed by").sees("A private project counts");
        assert_eq!(test.state(id).await, ApplicationState::Active);
        assert_eq!(test.events_of_mails().await.last().unwrap(), "application_reversal");
        // What was not needed before is needed now.
        candidate.open(&link).await.sees("Send us your résumé");
        assert!(!candidate.body.contains("A private project counts"), "a note for colleagues");
        let resume = format!("{link}/resume");
        candidate.submit_files(&resume, &[], &[("resume", "cv.pdf", b"GIF89a not a picture \0")]).await;
        assert_eq!(candidate.status, 422);
        candidate.submit_files(&resume, &[], &[("resume", "cv.txt", RESUME)]).await;
        candidate.follow().await.sees("your résumé has arrived");
        assert!(!candidate.body.contains("Send us your résumé"));
    }

    async fn the_mail_about_a_knock_out_waits_and_is_not_written_after_a_reversal(test) {
        let job = hiring::job(&test, "Integration Developer", 48).await;
        for email in ["one@mail.example", "two@mail.example"] {
            let mut candidate = test.begin(&job, email, "No").await;
            let draft = format!("{}/draft", candidate.path);
            candidate.submit_files(&draft, &[("intent", "send"), ("name", "Robin"), ("consent", "yes")], &[]).await;
            candidate.follow().await.sees("We cannot go on");
        }
        test.run_jobs().await;
        assert!(!test.events_of_mails().await.contains(&"application_decline".to_owned()));
        let id = test.of("two@mail.example").await[0];
        let mut recruiter = test.recruiter().await;
        recruiter.open(&format!("/applications/{id}")).await;
        recruiter.submit(&format!("/applications/{id}/reversal"), &[("why", "A slip")]).await;
        test.pass(HOUR * 49);
        test.run_jobs().await;
        let declined: Vec<_> = test.mails().await.into_iter().filter(|mail| mail.0 == "application_decline").collect();
        assert_eq!(declined.len(), 1);
        assert_eq!(declined[0].1, "one@mail.example");
        assert!(declined[0].2.contains("the answer was “No”"), "{}", declined[0].2);
    }

    async fn an_answer_for_review_is_marked_and_does_not_end_anything(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let mut candidate = test.begin(&job, "robin@mail.example", "Yes").await;
        let draft = format!("{}/draft", candidate.path);
        let typed = [("intent", "send"), ("name", "Robin"), (DOOR, "Yes"), ("answer-1", "Yes"), ("consent", "yes")];
        candidate.submit_files(&draft, &typed, &[("resume", "cv.txt", RESUME)]).await;
        candidate.follow().await.sees("Your application is with us");
        let id = test.of("robin@mail.example").await[0];
        let mut recruiter = test.recruiter().await;
        recruiter.open(&format!("/applications/{id}")).await.sees("For a person to look at").sees("non-compete");
    }

    async fn what_is_missing_or_wrong_is_said_at_its_field_and_nothing_is_lost(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let start = format!("/jobs/{}/application", job.slug);
        let mut candidate = test.stranger();
        candidate.open(&start).await;
        candidate.submit(&start, &[("email", "nobody")]).await;
        assert_eq!(candidate.status, 422);
        candidate.sees("This is not a mail address").sees("Choose an answer");
        assert!(candidate.body.contains("value=\"nobody\""));
        candidate.submit(&start, &[("email", "robin@mail.example"), (DOOR, "Maybe")]).await;
        candidate.sees("Choose one of the answers");
        candidate.submit(&start, &[("email", "robin@mail.example"), (DOOR, "Yes")]).await;
        candidate.follow().await;

        let draft = format!("{}/draft", candidate.path);
        let page = candidate.path.clone();
        let typed = [("intent", "send"), ("name", "علي 🦀"), ("phone", "call me"), ("email", "no address"), ("source", "nowhere")];
        candidate.submit_files(&draft, &typed, &[("resume", "cv.exe", b"MZ\x90\0\x03\0\0\0")]).await;
        assert_eq!(candidate.status, 422);
        candidate.sees("This kind of file cannot be taken").sees("We may keep your application only if you agree");
        candidate.sees("A telephone number has digits").sees("This is not a mail address").sees("Choose one of the list");
        assert!(candidate.body.contains("علي 🦀") && candidate.body.contains("call me"));
        // What is right was kept, what is wrong was not.
        candidate.open(&page).await;
        assert!(candidate.body.contains("علي 🦀") && candidate.body.contains("robin@mail.example"));
        assert!(!candidate.body.contains("call me"));
        // A file that was taken stays although the form is refused.
        candidate.submit_files(&draft, &[("intent", "send")], &[("resume", "../../etc/pa\u{202e}sswd.txt", RESUME)]).await;
        candidate.sees("passwd.txt");
        assert!(!candidate.body.contains("Choose a file with your résumé"));
        candidate.submit_files(&draft, &[("intent", "save"), (DOOR, "Yes")], &[]).await;
        candidate.follow().await.sees("Saved.");
        assert_eq!(test.state(test.of("robin@mail.example").await[0]).await, ApplicationState::Draft);
    }

    async fn a_form_that_is_sent_twice_does_one_thing(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let start = format!("/jobs/{}/application", job.slug);
        let mut candidate = test.stranger();
        candidate.open(&start).await;
        let form = candidate.form(&start);
        let typed = [("email", "robin@mail.example"), (DOOR, "Yes")];
        candidate.send_files(&form, &typed, &[]).await;
        let first = candidate.location();
        candidate.send_files(&form, &typed, &[]).await;
        assert_eq!(candidate.location(), first);
        assert_eq!(test.mails().await.len(), 1);

        test.pass(HOUR);
        candidate.open(&first).await;
        let form = candidate.form(&format!("{first}/draft"));
        let draft = [("intent", "save"), ("name", "Robin"), (DOOR, "Yes"), ("answer-1", "No")];
        for _ in 0..2 {
            candidate.send_files(&form, &draft, &[]).await;
            assert_eq!((candidate.status, candidate.location()), (303, first.clone()));
        }
        candidate.open(&first).await;
        let form = candidate.form(&format!("{first}/draft"));
        let typed = [("intent", "send"), ("name", "Robin"), (DOOR, "Yes"), ("answer-1", "No"), ("consent", "yes")];
        for _ in 0..2 {
            candidate.send_files(&form, &typed, &[("resume", "cv.txt", RESUME)]).await;
            assert_eq!(candidate.location(), first, "{}", candidate.body);
        }
        test.run_jobs().await;
        assert_eq!(test.events_of_mails().await, ["application_draft", "application_receipt"]);
        assert_eq!(test.files_in_store(), 1);
    }

    async fn two_windows_do_not_overwrite_one_another(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let mut one = test.begin(&job, "robin@mail.example", "Yes").await;
        let draft = format!("{}/draft", one.path);
        let mut two = test.stranger();
        two.open(&one.path).await;
        one.submit_files(&draft, &[("intent", "save"), ("name", "From the first")], &[]).await;
        two.submit_files(&draft, &[("intent", "save"), ("name", "From the second")], &[]).await;
        assert_eq!(two.status, 409);
        two.sees("changed in another window");
        assert!(two.body.contains("From the second"), "what was typed is there");
        two.submit_files(&draft, &[("intent", "save")], &[]).await;
        two.follow().await;
        assert!(two.body.contains("From the second"));
        // A script is told without a page, and saves with the number that it was given.
        let form = two.form(&draft);
        two.send_files(&form, &[("intent", "autosave"), ("name", "By itself")], &[]).await;
        let saved: serde_json::Value = serde_json::from_str(&two.body).unwrap();
        assert!(saved["revision"].as_i64().unwrap() > 0);
        two.send_files(&form, &[("intent", "autosave")], &[]).await;
        assert_eq!(two.status, 409);
    }

    async fn somebody_who_has_applied_before_is_told_by_mail_alone(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let first = test.apply(&job, "Robin Example").await;
        let again = test.begin(&job, "Robin.Example@mail.example", "Yes").await;
        assert!(!again.body.contains("before"), "a stranger must not learn who has applied");
        let (event, _, body) = test.mails().await.pop().unwrap();
        assert_eq!(event, "application_known");
        assert!(body.contains(&first.path) && body.contains(&again.path), "{body}");
        // The same résumé from another address.
        let other = test.apply(&job, "Other Name").await;
        assert_ne!(other.path, first.path);
        let mut recruiter = test.recruiter().await;
        let id = test.of("other.name@mail.example").await[0];
        recruiter.open(&format!("/applications/{id}")).await.sees("Perhaps the same person").sees("Robin Example");
    }

    async fn robots_and_floods_are_kept_out(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let start = format!("/jobs/{}/application", job.slug);
        let mut robot = test.stranger();
        robot.open(&start).await;
        let typed = [("email", "robot@mail.example"), (DOOR, "Yes"), ("website", "http://spam.example")];
        robot.submit(&start, &typed).await;
        assert_eq!(robot.status, 422);
        robot.sees("A field that people do not see");
        robot.post(&start, &[("email", "robot@mail.example"), (DOOR, "Yes")]).await;
        assert_eq!(robot.status, 422);
        robot.open(&start).await;
        let form = robot.form(&start);
        test.pass(HOUR * 25);
        robot.send_files(&form, &typed[..2], &[]).await;
        robot.sees("This page was open for a long time");
        assert!(test.mails().await.is_empty());
        // One mailbox cannot be filled.
        for n in 0..6 {
            robot.open(&start).await;
            robot.submit(&start, &[("email", "victim@mail.example"), (DOOR, "Yes")]).await;
            assert_eq!(robot.status, if n < 5 { 303 } else { 429 }, "{n}");
        }
        robot.sees("Please try again in");
        assert_eq!(test.mails().await.len(), 5);
        // Nor one network flood the door.
        for n in 5..70 {
            robot.open(&start).await;
            robot.submit(&start, &[("email", &format!("n{n}@mail.example")), (DOOR, "Yes")]).await;
        }
        assert_eq!(robot.status, 429);
    }

    async fn candidates_correct_withdraw_take_a_copy_and_ask_for_erasure(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let mut candidate = test.apply(&job, "Robin Example").await;
        let page = candidate.path.clone();
        let id = test.of("robin.example@mail.example").await[0];

        candidate.open(&format!("{page}/contact")).await;
        candidate.submit(&format!("{page}/contact"), &[("email", "nowhere")]).await;
        assert_eq!(candidate.status, 422);
        candidate.submit(&format!("{page}/contact"), &[("email", "new@mail.example"), ("phone", "+351 21 000 00 00")]).await;
        candidate.follow().await.sees("new@mail.example");
        let told: Vec<_> = test.mails().await.into_iter().filter(|mail| mail.0 == "application_contact").map(|mail| mail.1).collect();
        assert_eq!(told, ["new@mail.example", "robin.example@mail.example"]);

        candidate.get(&format!("{page}/export")).await;
        assert_eq!(candidate.header("content-type"), "application/zip");
        let mut archive = zip::ZipArchive::new(Cursor::new(candidate.bytes.clone())).unwrap();
        let mut text = String::new();
        archive.by_name("application.json").unwrap().read_to_string(&mut text).unwrap();
        let data: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(data["name"], "Robin Example");
        assert_eq!(data["answers"][0]["answer"], "Yes");
        let mut resume = Vec::new();
        archive.by_name("resume/Robin’s résumé.txt").unwrap().read_to_end(&mut resume).unwrap();
        assert_eq!(resume, RESUME);

        candidate.open(&format!("{page}/withdrawal")).await;
        for _ in 0..2 {
            candidate.post(&format!("{page}/withdrawal"), &[("why", "Another offer")]).await;
        }
        candidate.follow().await.sees("You have withdrawn");
        assert_eq!(test.state(id).await, ApplicationState::Withdrawn);
        candidate.open(&format!("{page}/erasure")).await;
        for _ in 0..2 {
            candidate.submit(&format!("{page}/erasure"), &[]).await;
            assert_eq!(candidate.status, 303);
            candidate.open(&format!("{page}/erasure")).await;
        }
        candidate.open(&page).await.sees("you asked us to erase everything");
        let events = test.events_of_mails().await;
        let count = |event: &str| events.iter().filter(|e| *e == event).count();
        assert_eq!((count("application_withdrawal"), count("application_erasure")), (1, 1));
        let mut recruiter = test.recruiter().await;
        recruiter.open(&format!("/applications/{id}")).await.sees("has asked for erasure").sees("Another offer");
    }

    async fn recruiters_end_and_reopen_and_never_overwrite_one_another(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let mut candidate = test.apply(&job, "Robin Example").await;
        let link = candidate.path.clone();
        let id = test.of("robin.example@mail.example").await[0];
        let page = format!("/applications/{id}");
        let mut one = test.recruiter().await;
        let mut two = test.administrator().await;
        one.open(&page).await;
        two.open(&page).await;
        one.submit(&format!("{page}/stage"), &[("stage", &job.stages[2].to_string())]).await;
        assert_eq!(one.status, 303);
        two.submit(&format!("{page}/stage"), &[("stage", &job.stages[1].to_string())]).await;
        assert_eq!(two.status, 409, "it was at another stage when the page was opened");
        two.open(&page).await;
        two.submit(&format!("{page}/ending"), &[("reason", "")]).await;
        assert_eq!(two.status, 422);
        two.submit(&format!("{page}/ending"), &[("reason", "Wants another role")]).await;
        two.follow().await.sees("Wants another role");
        candidate.open(&link).await.sees("decided to go on with others");
        assert!(!candidate.body.contains("Wants another role"), "a reason for colleagues");
        two.submit(&format!("{page}/reopening"), &[]).await;
        two.follow().await.sees("It is open again");
        assert_eq!(test.state(id).await, ApplicationState::Active);
    }

    async fn a_coding_test_is_given_and_stands_on_the_candidates_page(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let mut candidate = test.apply(&job, "Robin Example").await;
        let link = candidate.path.clone();
        let id = test.of("robin.example@mail.example").await[0];
        let mut recruiter = test.recruiter().await;
        let invite = format!("/applications/{id}/test");
        recruiter.open(&invite).await;
        assert!(recruiter.body.contains("value=\"Robin Example\""));
        let form = recruiter.form(&invite);
        let challenge = test.app.laboratory.tests()[0].id.clone();
        for _ in 0..2 {
            recruiter.send_files(&form, &[("challenge", &challenge)], &[]).await;
            assert_eq!(recruiter.status, 303, "{}", recruiter.body);
        }
        recruiter.follow().await.sees("Invited to the coding test");
        candidate.open(&link).await.sees("Take the coding test, 20 minutes").sees("You");
        let test_link = candidate.links().into_iter().find(|link| link.starts_with("/test/")).expect("a link to the test");
        candidate.open(&test_link).await;
    }

    async fn other_teams_and_strangers_see_nothing(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        test.apply(&job, "Robin Example").await;
        let id = test.of("robin.example@mail.example").await[0];
        let page = format!("/applications/{id}");
        let document = applications::files(&test.app.db, id).await.unwrap().remove(0).id;
        let mut interviewer = test.interviewer().await;
        let mut manager = test.signed_in(Role::HiringManager).await;
        for person in [&mut interviewer, &mut manager] {
            for path in [page.clone(), format!("{page}/files/{document}")] {
                person.get(&path).await;
                assert_eq!(person.status, 404, "{path}");
            }
        }
        for (path, fields) in [
            ("stage", vec![("from", job.stages[0].to_string()), ("stage", job.stages[1].to_string())]),
            ("ending", vec![("reason", "x".into())]),
            ("reversal", vec![("why", "x".into())]),
            ("reopening", Vec::new()),
        ] {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            manager.post(&format!("{page}/{path}"), &fields).await;
            assert_eq!(manager.status, 404, "{path}");
        }
        test.run_jobs().await;
        let staff = people::all(&test.app.db).await.unwrap();
        let member = staff.iter().find(|person| person.role == Role::Interviewer).unwrap().id;
        let mut tx = test.app.db.begin().await.unwrap();
        tx.execute(probes::JOIN_TEAM, args![job.id, member]).await.unwrap();
        tx.commit().await.unwrap();
        interviewer.open(&page).await.sees("Ten years");
        assert!(!interviewer.body.contains("/stage\""), "an interviewer moves nobody");
        assert!(!interviewer.body.contains("/mail/"));
        interviewer.get(&format!("{page}/files/{document}")).await;
        assert_eq!(interviewer.header("content-disposition").split(';').next(), Some("attachment"));
        assert_eq!(interviewer.bytes, RESUME);

        // A link opens its own files and no others.
        let other = test.apply(&job, "Other Name").await;
        let mut stranger = test.stranger();
        stranger.get(&format!("{}/files/{document}", other.path)).await;
        assert_eq!(stranger.status, 404);
        stranger.get("/application/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await;
        assert_eq!(stranger.status, 404);
        stranger.sees("This link leads nowhere");
    }

    async fn a_draft_is_nobodys_business_and_is_forgotten_with_its_files(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let mut candidate = test.begin(&job, "robin@mail.example", "Yes").await;
        let page = candidate.path.clone();
        let draft = format!("{page}/draft");
        candidate.submit_files(&draft, &[("intent", "save"), ("name", "Robin")], &[("resume", "cv.txt", RESUME)]).await;
        let id = test.of("robin@mail.example").await[0];
        let mut recruiter = test.recruiter().await;
        recruiter.get(&format!("/applications/{id}")).await;
        assert_eq!(recruiter.status, 404);
        test.pass(HOUR * 24 * 29);
        candidate.open(&page).await;
        candidate.submit_files(&draft, &[("intent", "save"), ("name", "Robin E.")], &[]).await;
        test.pass(HOUR * 24 * 2);
        test.run_jobs().await;
        candidate.open(&page).await.sees("not sent yet");
        test.pass(HOUR * 24 * 29);
        test.run_jobs().await;
        candidate.get(&page).await;
        assert_eq!(candidate.status, 404);
        assert_eq!(test.files_in_store(), 0);
        let queue = test.app.db.all(probes::QUEUE, args![]).await.unwrap();
        assert!(queue.is_empty());
    }

    async fn a_draft_is_deleted_at_once_where_its_author_wants_it(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let mut candidate = test.begin(&job, "robin@mail.example", "Yes").await;
        let page = candidate.path.clone();
        let draft = format!("{page}/draft");
        for name in ["a.txt", "b.txt"] {
            candidate.submit_files(&draft, &[("intent", "save")], &[("resume", name, RESUME)]).await;
            candidate.follow().await.sees(name);
        }
        assert_eq!(test.files_in_store(), 1, "the first one has gone");
        // The button in the form keeps what was typed.
        let file = candidate.links().into_iter().find(|link| link.contains("/files/")).unwrap();
        let form = candidate.form(&draft);
        let mut removal = form.clone();
        removal.action = format!("{file}/removal");
        candidate.send_files(&removal, &[("name", "Kept")], &[]).await;
        candidate.follow().await.sees("is removed");
        assert!(candidate.body.contains("value=\"Kept\""));
        assert_eq!(test.files_in_store(), 0);
        candidate.open(&format!("{page}/removal")).await;
        candidate.submit(&format!("{page}/removal"), &[]).await;
        assert_eq!(candidate.location(), format!("/jobs/{}", job.slug));
        candidate.get(&page).await;
        assert_eq!(candidate.status, 404);
    }

    async fn a_file_that_cannot_be_read_leaves_the_application_intact(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let mut candidate = test.begin(&job, "robin@mail.example", "Yes").await;
        let draft = format!("{}/draft", candidate.path);
        let typed = [("intent", "send"), ("name", "Robin"), (DOOR, "Yes"), ("answer-1", "No"), ("consent", "yes")];
        candidate.submit_files(&draft, &typed, &[("resume", "cv.pdf", b"%PDF-1.7\nnothing that holds together\n%%EOF\n")]).await;
        candidate.follow().await.sees("Your application is with us");
        test.run_jobs().await;
        let id = test.of("robin@mail.example").await[0];
        let mut recruiter = test.recruiter().await;
        recruiter.open(&format!("/applications/{id}")).await.sees("cv.pdf").sees("It is damaged");
    }

    async fn a_job_that_has_closed_takes_nothing_more(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let mut candidate = test.begin(&job, "robin@mail.example", "Yes").await;
        let page = candidate.path.clone();
        let form = candidate.form(&format!("{page}/draft"));
        let mut tx = test.app.db.begin().await.unwrap();
        tx.execute(probes::CLOSE_JOB, args![job.id]).await.unwrap();
        tx.commit().await.unwrap();
        let typed = [("intent", "send"), ("name", "Robin"), (DOOR, "Yes"), ("answer-1", "No"), ("consent", "yes")];
        candidate.send_files(&form, &typed, &[("resume", "cv.txt", RESUME)]).await;
        assert_eq!(candidate.status, 410);
        candidate.sees("takes no more applications");
        candidate.get(&page).await;
        assert_eq!(candidate.status, 410);
        candidate.get(&format!("/jobs/{}/application", job.slug)).await;
        assert_eq!(candidate.status, 410);
        candidate.open(&format!("{page}/removal")).await;
    }

    async fn a_lost_link_comes_by_mail_and_the_page_tells_nobody_who_applied(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let known = test.apply(&job, "Robin Example").await;
        let before = test.mails().await.len();
        let mut somebody = test.stranger();
        let mut bodies = Vec::new();
        for email in ["robin.example@mail.example", "nobody.here@mail.example"] {
            somebody.open("/application-links").await;
            somebody.submit("/application-links", &[("email", email)]).await;
            bodies.push(somebody.text().replace(email, ""));
        }
        assert_eq!(bodies[0], bodies[1]);
        let mails = test.mails().await;
        assert_eq!(mails.len(), before + 1);
        assert!(mails[before].2.contains(&known.path));
        somebody.open("/application-links").await;
        somebody.submit("/application-links", &[("email", "nobody")]).await;
        assert_eq!(somebody.status, 422);
        for _ in 0..5 {
            somebody.open("/application-links").await;
            somebody.submit("/application-links", &[("email", "robin.example@mail.example")]).await;
        }
        assert_eq!(test.mails().await.len(), before + 3, "a mailbox is not filled");
    }
}

#[test]
fn every_event_of_an_application_has_a_mail_with_its_link() {
    for event in mail::Event::ALL
        .into_iter()
        .filter(|event| event.id().starts_with("application") && *event != mail::Event::ApplicationLetter)
    {
        let text = event.shipped();
        assert_eq!(text.check(event), Ok(()), "{event:?}");
        assert!(text.body.contains("{{link}}"), "{event:?}");
    }
}
