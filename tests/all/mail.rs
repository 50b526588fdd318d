//! Mail to candidates: its words, the outbox, and that nothing is sent twice.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use halfopen::jobs::{self, LEASE, Workers};
use halfopen::mail::sending::{MOST_ATTEMPTS, UNKNOWN, wait};
use halfopen::mail::smtp::{MailServer, Smtp};
use halfopen::mail::{self, Event, Letter, Mail, PostError, State};
use halfopen::people::Role;
use uuid::Uuid;

use crate::support::post::{Answer, FakePost, Mood, SmtpServer};
use crate::support::{TestApp, html};

const ABOUT: Uuid = Uuid::from_u128(7);
const LINK: &str = "http://halfopen.test/tests/secret";

impl TestApp {
    fn letter(&self, event: Event, to_name: &str) -> Letter {
        Letter {
            event,
            to_name: to_name.into(),
            to_address: "robin@candidate.example".into(),
            about: ABOUT,
            sender: "Test Recruiter".into(),
            values: vec![
                ("test", "Execute with retry".into()),
                ("variant", "Without AI".into()),
                ("minutes", "30".into()),
                ("deadline", self.app.now().plus(Duration::from_secs(7 * 86_400)).words()),
                ("link", LINK.into()),
                ("received", self.app.now().words()),
                ("job", "Integration Developer".into()),
                ("stage", "Coding test".into()),
                ("next", "We read it.".into()),
                ("reason", "An answer.".into()),
                ("earlier", LINK.into()),
                ("subject", "A question".into()),
                ("body", "First line.\nSecond line.".into()),
            ],
        }
    }

    async fn write(&self, event: Event, to_name: &str) -> Mail {
        let before = mail::store::about(&self.app.db, ABOUT).await.unwrap();
        let mut tx = self.app.db.begin().await.unwrap();
        mail::queue(&mut tx, &self.app, &self.letter(event, to_name))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let lines = mail::store::about(&self.app.db, ABOUT).await.unwrap();
        let written = lines.iter().find(|line| !before.contains(line)).expect("the mail");
        self.mail(written.id).await
    }

    async fn mail(&self, id: Uuid) -> Mail {
        mail::store::find(&self.app.db, id)
            .await
            .unwrap()
            .expect("there is such a mail")
    }

    fn with_fake_post(self) -> (TestApp, Arc<FakePost>) {
        let post = Arc::new(FakePost::default());
        (self.posting(post.clone()), post)
    }

    async fn with_smtp(self) -> (TestApp, SmtpServer) {
        let server = SmtpServer::start().await;
        let url = format!("smtp://127.0.0.1:{}", server.port);
        let from = "Hiring at Ours <hiring@company.example>".parse().unwrap();
        let smtp = Smtp::open(MailServer::parse(&url).unwrap(), from).unwrap();
        (self.posting(Arc::new(smtp)), server)
    }
}

fn passing() -> Answer {
    Answer::Fails(PostError::Passing("421: too many connections".into()))
}

/// Undoes the encoded words of a header, which are folded.
fn decoded_header(message: &[String], name: &str) -> String {
    let mut value = String::new();
    let mut inside = false;
    for line in message.iter().take_while(|line| !line.is_empty()) {
        let continued = line.starts_with([' ', '\t']);
        let begins = line.strip_prefix(&format!("{name}: "));
        inside = begins.is_some() || inside && continued;
        if inside {
            value.push_str(begins.unwrap_or(line.trim_start()));
            value.push(' ');
        }
    }
    let mut out = String::new();
    for word in value.split_whitespace() {
        match word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?=")) {
            Some(encoded) => {
                let bytes = base64::engine::general_purpose::STANDARD.decode(encoded).unwrap();
                out.push_str(std::str::from_utf8(&bytes).unwrap());
            }
            None => out.push_str(&format!(" {word} ")),
        }
    }
    halfopen::ui::clean_line(&out)
}

crate::on_both! {
    async fn recruiters_change_the_words_and_see_them_first(test) {
        let mut browser = test.recruiter().await;
        browser.open("/mail/templates").await.sees("Invitation").sees("as shipped");
        browser.open("/mail/templates/invitation").await.sees("Hello Robin Example,").sees("Our company");
        let action = "/mail/templates/invitation";
        let words = [("subject", "A test, {{candidate}}"), ("body", "Go to\n{{ link }}\nat {{company}}.")];

        browser.submit(action, &[words[0], words[1], ("then", "preview")]).await;
        assert_eq!(browser.status, 200);
        html::check(&browser.body);
        browser.sees("A test, Robin Example").sees("at Our company.");
        assert!(browser.form(action).fields.iter().any(|(_, value)| value == words[1].1), "what was typed is kept");
        browser.open("/mail/templates").await;
        assert!(!browser.text().contains("changed by"), "a preview changes nothing");

        browser.open(action).await.submit(action, &words).await;
        browser.follow().await.sees("Saved.").sees("changed by Test Recruiter, 20 Nov 2026, 14:52 UTC");
        let mail = test.write(Event::Invitation, "Zoë").await;
        assert_eq!((mail.subject.as_str(), mail.body), ("A test, Zoë", format!("Go to\n{LINK}\nat Our company.")));
        assert!(test.write(Event::Reminder, "Zoë").await.subject.starts_with("A reminder"), "the others stay");

        browser.open(action).await.submit(&format!("{action}/removal"), &[]).await;
        browser.follow().await.sees("as shipped").sees("Hello Robin Example,");
        assert!(test.write(Event::Invitation, "Zoë").await.body.starts_with("Hello Zoë,"));
    }

    async fn saving_the_shipped_text_is_no_change(test) {
        let mut browser = test.recruiter().await;
        for event in Event::ALL {
            let action = format!("/mail/templates/{}", event.id());
            browser.open(&action).await.submit(&action, &[("then", "save")]).await;
            browser.follow().await.sees("as shipped");
        }
        browser.get("/mail/templates/no-such-event").await;
        assert_eq!(browser.status, 404);
    }

    async fn bad_words_are_refused_at_their_field_and_kept(test) {
        let mut browser = test.recruiter().await;
        let action = "/mail/templates/reminder";
        let long = "x".repeat(20_001);
        for (subject, body, says) in [
            ("", "{{link}}", "Write a subject."),
            (" \r\n ", "{{link}}", "Write a subject."),
            ("one\r\nBcc: two", "{{link}}", "A subject is one line."),
            ("{{received}}", "{{link}}", "There is no {{received}} in this mail."),
            ("A", "", "Write what the candidate should read."),
            ("A", "Come!", "Without {{link}} the candidate would not get there."),
            ("A", "{{link}} {{lnik}}", "There is no {{lnik}} in this mail."),
            ("A", &long, "this one has 20001"),
        ] {
            for then in ["save", "preview"] {
                browser.open(action).await.submit(action, &[("subject", subject), ("body", body), ("then", then)]).await;
                assert_eq!(browser.status, 422, "{subject:?} {body:?}");
                html::check(&browser.body);
                browser.sees("One answer needs another look.").sees(says);
                let fields = browser.form(action).fields;
                assert!(fields.iter().any(|(name, value)| name == "body" && value == body), "{body:?} is kept");
            }
        }
        browser.open("/mail/templates").await;
        assert!(!browser.text().contains("changed by"));
    }

    async fn the_company_has_a_name(test) {
        let mut browser = test.recruiter().await;
        browser.open("/mail/templates").await.submit("/mail/company", &[("company", "  ")]).await;
        assert_eq!(browser.status, 422);
        browser.sees("Write the name that candidates know.");
        browser.submit("/mail/company", &[("company", "Bäcker & Söhne <GmbH>")]).await;
        browser.follow().await.sees("Mails now come from Bäcker & Söhne <GmbH>.");
        assert_eq!(mail::company(&test.app.db).await.unwrap(), "Bäcker & Söhne <GmbH>");
        assert_eq!(test.write(Event::Invitation, "Zoë").await.subject, "Your coding test with Bäcker & Söhne <GmbH>");
    }

    async fn without_a_mail_server_mail_is_kept_and_read(test) {
        let mail = test.write(Event::Invitation, "Zoë 🦀 محاولة").await;
        test.run_jobs().await;
        assert_eq!(test.mail(mail.id).await.state, State::Kept);
        assert_eq!(jobs::store::next_run(&test.app.db).await.unwrap(), None);
        test.pass(Duration::from_secs(3 * 3_600));
        for role in [Role::Administrator, Role::Recruiter] {
            let mut browser = test.signed_in(role).await;
            browser.open("/mail").await.sees("HALFOPEN_SMTP_URL").sees("Zoë 🦀 محاولة").sees("Kept here").sees("3 h ago");
            assert!(html::links(&browser.body).contains(&"/mail".to_owned()), "it is in the navigation");
            browser.open(&format!("/mail/{}", mail.id)).await.sees("Hello Zoë 🦀 محاولة,").sees(LINK).sees("Pass it on");
        }
        for role in [Role::HiringManager, Role::Interviewer] {
            let mut other = test.signed_in(role).await;
            other.open("/submissions").await;
            assert!(!html::links(&other.body).contains(&"/mail".to_owned()));
            other.get("/mail").await;
            assert_eq!(other.status, 403);
            other.get(&format!("/mail/{}", mail.id)).await;
            assert_eq!(other.status, 403, "it holds the candidate's link, of whatever team");
        }
    }

    async fn mail_goes_with_its_cause_or_not_at_all(test) {
        let mut tx = test.app.db.begin().await.unwrap();
        mail::queue(&mut tx, &test.app, &test.letter(Event::Invitation, "Zoë")).await.unwrap();
        drop(tx);
        assert_eq!(mail::store::about(&test.app.db, ABOUT).await.unwrap(), []);
        assert_eq!(jobs::store::next_run(&test.app.db).await.unwrap(), None, "nor is there a job");
    }

    async fn mail_is_sent_once_with_the_words_it_was_written_with(test) {
        let (test, post) = test.with_fake_post();
        let mail = test.write(Event::Receipt, "Zoë").await;
        let mut browser = test.recruiter().await;
        browser.open("/mail/templates/receipt").await;
        browser.submit("/mail/templates/receipt", &[("subject", "Later words"), ("body", "Later words")]).await;
        test.run_jobs().await;
        test.run_jobs().await;
        assert_eq!(post.count(), 1);
        let sent = test.mail(mail.id).await;
        assert_eq!((sent.state, sent.attempts, sent.subject), (State::Sent, 1, "We have received your coding test".into()));
        assert!(sent.body.contains("arrived on 20 Nov 2026, 14:52 UTC"), "{}", sent.body);
        browser.open("/mail").await.sees("Sent");
        assert!(!browser.text().contains("HALFOPEN_SMTP_URL"));
        browser.post(&format!("/mail/{}/copies", mail.id), &[]).await;
        assert_eq!(browser.status, 409, "what was sent is not sent again");
    }

    async fn what_passes_is_tried_again_with_growing_waits_and_an_end(test) {
        let (test, post) = test.with_fake_post();
        (0..MOST_ATTEMPTS).for_each(|_| post.answer(passing()));
        let mail = test.write(Event::Reminder, "Zoë").await;
        let mut browser = test.recruiter().await;
        for attempt in 1..MOST_ATTEMPTS {
            test.run_jobs().await;
            let waiting = test.mail(mail.id).await;
            assert_eq!((waiting.state, waiting.attempts, post.count()), (State::Queued, attempt, attempt as usize));
            let bound = Duration::from_secs(5 * 2_u64.pow(attempt - 1));
            assert!(waiting.next_at <= test.app.now().plus(bound), "{attempt}");
            assert_eq!(jobs::store::next_run(&test.app.db).await.unwrap(), Some(waiting.next_at));
            browser.open(&format!("/mail/{}", mail.id)).await.sees("It will be tried again").sees("too many connections");
            test.pass(bound);
        }
        test.run_jobs().await;
        let failed = test.mail(mail.id).await;
        assert_eq!((failed.state, failed.attempts), (State::Failed, MOST_ATTEMPTS));
        browser.open(&format!("/mail/{}", mail.id)).await.sees("It was tried 8 times").sees("8 attempts");
        test.pass(Duration::from_secs(86_400));
        test.run_jobs().await;
        assert_eq!(post.count(), 8, "that was the end");
        assert_eq!(jobs::store::next_run(&test.app.db).await.unwrap(), None);
    }

    async fn what_waits_is_not_sent_early(test) {
        let (test, post) = test.with_fake_post();
        let mail = test.write(Event::Reminder, "Zoë").await;
        // A node died after it had put off the mail and before it put off the job: the job is due, the mail is not.
        let now = test.app.now();
        let next_at = now.plus(LEASE * 3);
        jobs::store::claim(&test.app.db, "dead node", now, now.plus(LEASE)).await.unwrap().expect("a job");
        let mut tx = test.app.db.begin().await.unwrap();
        assert!(mail::store::begin_attempt(&mut tx, &mail, now).await.unwrap());
        mail::store::put_off(&mut tx, mail.id, "busy", next_at, now).await.unwrap();
        tx.commit().await.unwrap();
        test.pass(LEASE);
        test.run_jobs().await;
        assert_eq!((post.count(), test.mail(mail.id).await.state), (0, State::Queued));
        test.pass(LEASE * 2);
        test.run_jobs().await;
        assert_eq!((post.count(), test.mail(mail.id).await.state), (1, State::Sent));
    }

    async fn a_silent_mail_server_does_not_hold_up_grading(test) {
        let (test, post) = test.with_fake_post();
        for _ in 0..4 {
            post.answer(Answer::Hangs);
            test.write(Event::Reminder, "Zoë").await;
        }
        let workers = Workers::start(&test.app);
        post.reached.notified().await;
        let mut browser = test.recruiter().await;
        let page = browser.paste("Reference", "export function executeWithRetry() {}").await;
        for _ in 0..600 {
            if browser.open(&page).await.text().contains("Exceeds") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        browser.sees("Exceeds");
        assert_eq!(post.count(), 1, "one at a time");
        drop(workers);
    }

    async fn the_waits_are_drawn_anew_up_to_an_hour(test) {
        for (attempts, bound) in [(1, 5), (2, 10), (7, 320), (30, 3_600)] {
            let waits: Vec<Duration> = (0..200).map(|_| wait(&test.app, attempts)).collect();
            let bound = Duration::from_secs(bound);
            assert!(waits.iter().all(|wait| *wait <= bound));
            assert!(waits.iter().any(|wait| *wait > bound * 3 / 4) && waits.iter().any(|wait| *wait < bound / 4));
        }
    }

    async fn a_refusal_is_final_and_a_person_may_send_again(test) {
        let (test, post) = test.with_fake_post();
        post.answer(Answer::Fails(PostError::Refused("550: no such mailbox <here>".into())));
        let mail = test.write(Event::Invitation, "Zoë").await;
        test.run_jobs().await;
        assert_eq!((test.mail(mail.id).await.state, post.count()), (State::Failed, 1));
        let page = format!("/mail/{}", mail.id);
        let mut browser = test.recruiter().await;
        browser.open(&page).await.sees("550: no such mailbox <here>");
        let form = browser.form(&format!("{page}/copies"));
        let first = browser.send_form(&form, &[], None).await.location();
        let second = browser.send_form(&form, &[], None).await.location();
        assert_eq!(first, second, "pressed twice, sent once");
        test.run_jobs().await;
        assert_eq!(post.count(), 2);
        browser.open(&first).await.sees("Sent").sees("a mail that failed");
        browser.open(&page).await.sees("It was sent again");
        let handed_over = post.handed_over.lock().unwrap().clone();
        assert_eq!(handed_over[0].body, handed_over[1].body);
        assert_ne!(handed_over[0].message_id, handed_over[1].message_id);
    }

    async fn a_server_that_dies_while_it_sends_does_not_send_again(test) {
        let (test, post) = test.with_fake_post();
        post.answer(Answer::Hangs);
        let mail = test.write(Event::Invitation, "Zoë").await;
        let app = test.app.clone();
        let dying = tokio::spawn(async move { jobs::run_until_idle(&app).await });
        post.reached.notified().await;
        dying.abort();
        assert!(dying.await.unwrap_err().is_cancelled());
        test.run_jobs().await;
        assert_eq!(test.mail(mail.id).await.state, State::Sending, "its lease has not run out");
        let mut browser = test.recruiter().await;
        browser.open("/mail").await.sees("Being sent");
        test.pass(LEASE);
        test.run_jobs().await;
        let failed = test.mail(mail.id).await;
        assert_eq!((failed.state, failed.failure.as_deref(), post.count()), (State::Failed, Some(UNKNOWN), 1));
        browser.open(&format!("/mail/{}", mail.id)).await.sees(UNKNOWN).sees("Send again");
    }

    async fn a_server_that_dies_before_it_sends_loses_nothing(test) {
        let (test, post) = test.with_fake_post();
        let mail = test.write(Event::Invitation, "Zoë").await;
        let now = test.app.now();
        let job = jobs::store::claim(&test.app.db, "dead node", now, now.plus(LEASE)).await.unwrap().expect("a job");
        test.pass(LEASE + Duration::from_secs(1));
        test.run_jobs().await;
        assert_eq!((test.mail(mail.id).await.state, post.count()), (State::Sent, 1));
        // It was only slow.
        mail::sending::send(&test.app, &job, mail.id).await.unwrap();
        assert_eq!((test.mail(mail.id).await.state, post.count()), (State::Sent, 1));
    }

    async fn who_has_lost_the_lease_sends_nothing(test) {
        let (test, post) = test.with_fake_post();
        let mail = test.write(Event::Invitation, "Zoë").await;
        let now = test.app.now();
        let slow = jobs::store::claim(&test.app.db, "slow node", now, now.plus(LEASE)).await.unwrap().expect("a job");
        test.pass(LEASE);
        let now = test.app.now();
        jobs::store::claim(&test.app.db, "other node", now, now.plus(LEASE)).await.unwrap().expect("the same job");
        mail::sending::send(&test.app, &slow, mail.id).await.unwrap();
        assert_eq!((test.mail(mail.id).await.state, post.count()), (State::Queued, 0));
    }

    async fn a_mail_that_kills_every_node_is_given_up(test) {
        let (test, post) = test.with_fake_post();
        let mail = test.write(Event::Invitation, "Zoë").await;
        for _ in 0..jobs::MOST_ATTEMPTS {
            let now = test.app.now();
            jobs::store::claim(&test.app.db, "dying node", now, now.plus(LEASE)).await.unwrap().expect("a job");
            test.pass(LEASE);
        }
        test.run_jobs().await;
        let failed = test.mail(mail.id).await;
        assert_eq!((failed.state, post.count()), (State::Failed, 0));
        assert!(failed.failure.unwrap().contains("The server stopped 5 times"));
    }

    async fn mail_is_found_and_paged_through(test) {
        let (test, post) = test.with_fake_post();
        post.answer(Answer::Fails(PostError::Refused("550".into())));
        test.write(Event::Invitation, "ÄRGER 100%_").await;
        test.run_jobs().await;
        for n in 0..30 {
            test.pass(Duration::from_secs(1));
            test.write(Event::Reminder, &format!("Candidate ({n})")).await;
        }
        let mut browser = test.recruiter().await;
        browser.open("/mail").await.sees("(29)").sees("(5)");
        assert!(!browser.text().contains("(4)"), "there is a second page");
        let older = html::links(&browser.body).into_iter().find(|link| link.contains("before=")).expect("a link to it");
        browser.open(&older).await.sees("(4)").sees("ÄRGER");
        assert!(!browser.text().contains("(5)"));
        browser.open("/mail").await.submit("/mail", &[("state", "failed")]).await.sees("ÄRGER");
        assert!(!browser.text().contains("Candidate ("));
        for words in ["ärger", "0%_", "ROBIN@candidate"] {
            browser.open("/mail").await.submit("/mail", &[("q", words), ("state", "failed")]).await.sees("ÄRGER");
        }
        browser.open("/mail").await.submit("/mail", &[("q", "A reminder"), ("state", "failed")]).await.sees("Nothing fits");
    }

    async fn a_real_smtp_server_sees_one_message_and_every_letter(test) {
        let (test, server) = test.with_smtp().await;
        let name = "Zoë 🦀 \u{202b}محاولة\u{202c}, \"the\" <candidate>";
        let mut browser = test.recruiter().await;
        browser.open("/mail/templates/invitation").await;
        let subject = "Größe {{candidate}}: ein langer Betreff, der in mehr als eine Zeile der Nachricht passt";
        browser.submit("/mail/templates/invitation", &[("subject", subject), ("body", ".\n{{link}}\n.leading dot äöü")]).await;
        let mail = test.write(Event::Invitation, name).await;
        test.run_jobs().await;
        assert_eq!(test.mail(mail.id).await.state, State::Sent, "{:?}", test.mail(mail.id).await.failure);
        let messages = server.messages.lock().unwrap().clone();
        assert_eq!(messages.len(), 1);
        let message = &messages[0];
        assert!(message.iter().all(|line| line.is_ascii()), "{message:#?}");
        assert_eq!(decoded_header(message, "Subject"), subject.replace("{{candidate}}", name));
        assert_eq!(decoded_header(message, "Message-ID"), format!("<{}@halfopen.test>", mail.id));
        assert_eq!(decoded_header(message, "Date"), "Fri, 20 Nov 2026 14:52:07 +0000");
        assert!(decoded_header(message, "From").contains("<hiring@company.example>"));
        assert!(decoded_header(message, "To").contains("Zoë 🦀"), "{message:#?}");
        assert!(message.iter().any(|line| line.starts_with("Content-Type: text/plain; charset=utf-8")), "{message:#?}");
    }

    async fn a_name_brings_no_headers_of_its_own(test) {
        let (test, server) = test.with_smtp().await;
        let mail = test.write(Event::Invitation, "Eve\r\nBcc: all@company.example\r\n\r\n{{link}}\u{0}").await;
        assert!(mail.body.starts_with("Hello Eve Bcc: all@company.example {{link}},"), "{}", mail.body);
        let mut browser = test.recruiter().await;
        browser.open("/mail/templates/reminder").await;
        browser.submit("/mail/templates/reminder", &[("subject", "For {{candidate}}"), ("body", "{{link}}")]).await;
        test.write(Event::Reminder, "Eve\nBcc: all@company.example").await;
        test.run_jobs().await;
        let messages = server.messages.lock().unwrap().clone();
        assert_eq!(messages.len(), 2);
        for message in messages {
            let mut head = message.iter().take_while(|line| !line.is_empty());
            assert!(head.all(|line| !line.starts_with("Bcc")), "{message:#?}");
        }
    }

    async fn an_smtp_server_is_believed_only_as_far_as_it_spoke(test) {
        let (test, server) = test.with_smtp().await;
        for (mood, state, says, taken) in [
            (Mood::Refuses, State::Failed, "550: no such mailbox here", 0),
            (Mood::IsBusy, State::Queued, "451: try again later", 0),
            (Mood::LeavesEarly, State::Queued, "", 0),
            (Mood::LeavesLate, State::Failed, UNKNOWN, 1),
        ] {
            *server.mood.lock().unwrap() = mood;
            let mail = test.write(Event::Invitation, "Zoë").await;
            test.run_jobs().await;
            let mail = test.mail(mail.id).await;
            assert_eq!(mail.state, state, "{mood:?}: {:?}", mail.failure);
            assert!(mail.failure.unwrap().contains(says), "{mood:?}");
            assert_eq!(server.messages.lock().unwrap().len(), taken, "{mood:?}");
        }
        // Those that were put off arrive; nothing else does.
        *server.mood.lock().unwrap() = Mood::Takes;
        test.pass(Duration::from_secs(10));
        test.run_jobs().await;
        assert_eq!(server.messages.lock().unwrap().len(), 3);
    }

    async fn an_address_that_is_none_is_said_at_once(test) {
        let (test, server) = test.with_smtp().await;
        let mut letter = test.letter(Event::Invitation, "Zoë");
        letter.to_address = "robin@-not a host-".into();
        let mut tx = test.app.db.begin().await.unwrap();
        mail::queue(&mut tx, &test.app, &letter).await.unwrap();
        tx.commit().await.unwrap();
        test.run_jobs().await;
        let id = mail::store::about(&test.app.db, ABOUT).await.unwrap()[0].id;
        let mail = test.mail(id).await;
        assert_eq!((mail.state, mail.attempts), (State::Failed, 1));
        assert!(mail.failure.unwrap().contains("not an address"));
        assert!(server.messages.lock().unwrap().is_empty());
    }
}
