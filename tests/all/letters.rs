//! Letters to candidates, and their templates.

use halfopen::hiring::applications::store as applications;
use halfopen::mail;
use halfopen::people::Role;

use crate::support::PASSWORD;
use crate::support::hiring;

const SHIPPED: &str = "/mail/letters/0198f000-0000-7000-8000-000000000001";

crate::on_both! {
    async fn a_letter_is_seen_before_it_goes_out_and_goes_out_once(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let (id, link) = hiring::application(&test, &job, "Robin Example").await;
        let (email, _) = hiring::member(&test, &job, "Other Name", Role::HiringManager).await;
        let mut manager = test.stranger();
        manager.sign_in(&email, PASSWORD).await;
        let page = format!("/applications/{id}/letter");
        manager.open(&format!("/applications/{id}")).await;
        manager.open(&page).await.sees("An answer will take longer");
        manager.open(&format!("{page}?template=0198f000-0000-7000-8000-000000000002")).await.sees("we are not ready");
        let typed = [("subject", "For {{job}}"), ("body", "Hello {{candidate}},\r\n\r\n  * {{link}}\r\n{{company}} {{sender}}"), ("then", "preview")];
        manager.submit(&page, &typed).await;
        assert_eq!(manager.status, 200, "{}", manager.body);
        manager.sees("For Integration Developer").sees("Hello Robin Example,").sees("/application/…");
        assert!(!manager.body.contains(&link), "the link is the candidate's");
        let seen = manager.form(&page);
        manager.send_form(&seen, &[("then", "change")], None).await;
        assert_eq!(manager.status, 200);
        assert!(manager.body.contains("Hello {{candidate}},"), "what was typed is there again");
        assert_eq!(mail::store::about(&test.app.db, id).await.unwrap(), []);
        for _ in 0..2 {
            manager.send_form(&seen, &[("then", "send")], None).await;
            assert_eq!(manager.status, 303, "{}", manager.body);
        }
        manager.follow().await.sees("The letter is written").sees("For Integration Developer");
        assert!(!manager.body.contains("/mail/"), "the mailbox is the recruiters'");
        test.run_jobs().await;
        let lines = mail::store::about(&test.app.db, id).await.unwrap();
        assert_eq!(lines.len(), 1);
        let sent = mail::store::find(&test.app.db, lines[0].id).await.unwrap().unwrap();
        let address = test.app.config.public_url.join(&format!("/application/{link}"));
        assert_eq!(sent.body, format!("Hello Robin Example,\n\n  * {address}\nOur company Other Name"));
        assert_eq!((sent.event, sent.recipient.as_str()), (mail::Event::ApplicationLetter, "robin.example@mail.example"));
        let events = applications::events(&test.app.db, id).await.unwrap();
        assert_eq!(events.last().map(|event| event.what.as_str()), Some("Letter written"));
        let mut recruiter = test.recruiter().await;
        recruiter.open(&format!("/applications/{id}")).await;
        assert!(recruiter.body.contains(&format!("/mail/{}", sent.id)));
        recruiter.open(&format!("/mail/{}", sent.id)).await.sees("Hello Robin Example,");
    }

    async fn what_is_wrong_with_a_letter_is_said_at_its_field(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let (id, _) = hiring::application(&test, &job, "{{link}} Example").await;
        let page = format!("/applications/{id}/letter");
        let mut recruiter = test.recruiter().await;
        for (subject, body, says) in [
            ("", "x", "Write a subject."),
            ("x", " ", "Write what the candidate should read."),
            ("{{reason}}", "x", "There is no {{reason}} in this mail."),
            ("x", "{{candidate", "A placeholder is not closed"),
            ("x", "{{body}}", "There is no {{body}} in this mail."),
        ] {
            for then in ["preview", "send"] {
                recruiter.open(&page).await.submit(&page, &[("subject", subject), ("body", body), ("then", then)]).await;
                assert_eq!(recruiter.status, 422);
                recruiter.sees(says);
            }
        }
        assert!(recruiter.body.contains("{{body}}"));
        // A name is a name, also where it looks like a placeholder.
        recruiter.open(&page).await.submit(&page, &[("subject", "{{candidate}}"), ("body", "{{candidate}}"), ("then", "send")]).await;
        let lines = mail::store::about(&test.app.db, id).await.unwrap();
        assert_eq!(lines[0].subject, "{{link}} Example");
    }

    async fn templates_are_made_changed_and_deleted(test) {
        let mut recruiter = test.recruiter().await;
        recruiter.open("/mail").await;
        recruiter.open("/mail/letters").await.sees("Invitation to a first call").sees("as shipped");
        recruiter.open(SHIPPED).await.submit(SHIPPED, &[("body", "{{nothing}}"), ("then", "save")]).await;
        assert_eq!(recruiter.status, 422);
        recruiter.open(SHIPPED).await.submit(SHIPPED, &[("body", "Hello {{candidate}}"), ("then", "preview")]).await;
        recruiter.sees("Hello Robin Example");
        recruiter.submit(SHIPPED, &[("then", "save")]).await;
        recruiter.follow().await.sees("changed by Test Recruiter");
        recruiter.open("/mail/letters/new").await;
        let form = recruiter.form("/mail/letters");
        let typed = [("name", "Über alles"), ("subject", "A"), ("body", "B"), ("then", "save")];
        for _ in 0..2 {
            recruiter.send_form(&form, &typed, None).await;
            assert_eq!(recruiter.status, 303, "{}", recruiter.body);
        }
        for action in ["/mail/letters", SHIPPED] {
            let page = if action == SHIPPED { SHIPPED } else { "/mail/letters/new" };
            recruiter.open(page).await.submit(action, &[("name", "UBER ALLES"), ("subject", "A"), ("body", "B"), ("then", "save")]).await;
            assert_eq!(recruiter.status, 422, "{action}");
            recruiter.sees("Another template has this name.");
        }
        recruiter.open(SHIPPED).await.submit(&format!("{SHIPPED}/removal"), &[]).await;
        recruiter.follow().await;
        assert!(!recruiter.text().contains("A question about your application"));
        recruiter.get(SHIPPED).await;
        assert_eq!(recruiter.status, 404);
    }

    async fn every_shipped_template_is_sound(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let (id, _) = hiring::application(&test, &job, "Robin Example").await;
        let page = format!("/applications/{id}/letter");
        let mut recruiter = test.recruiter().await;
        let templates = halfopen::hiring::letters::store::all(&test.app.db, 9).await.unwrap();
        assert_eq!(templates.len(), 3);
        for template in templates {
            recruiter.open(&format!("{page}?template={}", template.id)).await.submit(&page, &[("then", "preview")]).await;
            assert_eq!(recruiter.status, 200);
            let letter = recruiter.body.split("</article>").next().unwrap_or_default();
            assert!(letter.contains("Hello Robin Example") && !letter.contains("{{"), "{}", template.name);
        }
    }
}
