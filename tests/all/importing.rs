//! Candidates from a table.

use halfopen::hiring::applications::store as applications;
use halfopen::{args, hiring::ApplicationState};

use crate::support::hiring;

mod probes {
    halfopen::statements! {
        PEOPLE = "SELECT id, name, email FROM applications WHERE opening_id = $1 ORDER BY name";
        MAILS = "SELECT event FROM mails ORDER BY id";
    }
    pub const OF: halfopen::db::Statement = PEOPLE;
    pub const MAIL: halfopen::db::Statement = MAILS;
}

const TABLE: &str = "Full name;E-mail;Phone;Source;Stage;Applied;Note;Shoe size
Robin Example;robin@mail.example;+351 999;A job board;Coding test;2026-11-01;Met at a fair;42
Kim Example;kim@mail.example;;;;;;
;nobody@mail.example;;;;;;
Sam Example;no address;;;;;;
Max Example;max@mail.example;;;The moon;04/05/2026;;
Robin Again;ROBIN@mail.example;;;;;;
=cmd|' /C calc'!A0;;;;;;;
Candidate 1;candidate.1@mail.example;;;;;;
";

crate::on_both! {
    async fn rows_are_shown_first_and_taken_over_once(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        hiring::application(&test, &job, "Candidate 1").await;
        let mut recruiter = test.recruiter().await;
        let page = format!("/openings/{}/import", job.id);
        recruiter.open(&page).await;
        recruiter.submit(&page, &[("text", "")]).await;
        assert_eq!(recruiter.status, 422);
        recruiter.sees("There is nothing in it.");
        recruiter.submit_file(&page, &[], ("people.csv", TABLE.as_bytes())).await;
        assert_eq!(recruiter.status, 200, "{}", recruiter.body);
        crate::support::html::check(&recruiter.body);
        recruiter.sees("2 candidates can be imported").sees("6 rows are left out").sees("Shoe size");
        for words in [
            "The name is missing.",
            "“no address” is not a mail address.",
            "The job has no stage “The moon”.",
            "“04/05/2026” could be two days.",
            "The same address stands in a row above.",
            "This address has an application for the job already.",
        ] {
            recruiter.sees(words);
        }
        assert_eq!(test.app.db.all(probes::OF, args![job.id]).await.unwrap().len(), 1, "nothing is stored yet");

        let mut download = test.recruiter().await;
        download.open(&page).await;
        download.submit_file(&page, &[], ("people.csv", TABLE.as_bytes())).await;
        download.submit(&format!("{page}/errors"), &[]).await;
        assert!(download.header("content-disposition").contains("not-imported.csv"));
        assert!(download.body.contains("\"error\"") && download.body.contains("\"'=cmd|"), "{}", download.body);

        let form = recruiter.form(&format!("/openings/{}/imports", job.id));
        recruiter.send_form(&form, &[], None).await;
        recruiter.follow().await.sees("Imported: 2. Left out: 6.");
        recruiter.send_form(&form, &[], None).await;
        recruiter.follow().await.sees("This was imported already.");
        let people = test.app.db.all(probes::OF, args![job.id]).await.unwrap();
        assert_eq!(people.len(), 3);
        let robin = people[2].id("id").unwrap();
        let robin = applications::find(&test.app.db, robin).await.unwrap().unwrap();
        assert_eq!((robin.name.as_str(), robin.phone.as_str(), robin.stage), ("Robin Example", "+351 999", Some(job.stages[2])));
        assert_eq!((robin.source.as_str(), robin.state), ("board", ApplicationState::Active));
        assert_eq!(robin.submitted_at.unwrap().day(), "2026-11-01");
        assert!(robin.keep_until.is_some() && robin.consented_at.is_none());
        assert!(test.app.db.all(probes::MAIL, args![]).await.unwrap().is_empty());
        recruiter.open(&format!("/applications/{}", robin.id)).await.sees("Met at a fair").sees("the questions at the door were not asked");
        test.stranger().open(&format!("/application/{}", robin.link)).await.sees("Robin Example");
    }

    async fn mail_is_written_where_it_is_asked_for(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let mut recruiter = test.recruiter().await;
        let page = format!("/openings/{}/import", job.id);
        recruiter.open(&page).await;
        recruiter.submit(&page, &[("text", "name,email\nKim Example,kim@mail.example")]).await;
        recruiter.submit(&format!("/openings/{}/imports", job.id), &[("mail", "yes")]).await;
        recruiter.follow().await.sees("Imported: 1.");
        assert_eq!(test.app.db.all(probes::MAIL, args![]).await.unwrap().len(), 1);
        recruiter.get(&format!("{page}/template")).await;
        assert_eq!(recruiter.status, 200);
        let template = recruiter.bytes.clone();
        recruiter.open(&page).await;
        recruiter.submit_file(&page, &[], ("candidates.csv", &template)).await.sees("One candidate can be imported");
    }

    async fn another_team_does_not_import(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let mut manager = test.signed_in(halfopen::people::Role::HiringManager).await;
        let confirmation = [("form_token", "00000000-0000-7000-8000-000000000001"), ("text", "name,email\nKim,kim@mail.example")];
        manager.post(&format!("/openings/{}/imports", job.id), &confirmation).await;
        assert_eq!(manager.status, 404);
    }
}
