//! Duplicates: two applications become one and are parted again, and nothing is lost.

use std::time::Duration;

use halfopen::hiring::ApplicationState;
use halfopen::hiring::applications::store as applications;
use halfopen::hiring::applications::{letters, merging, placing};
use halfopen::hiring::talk::store as talk;
use halfopen::jobs::{self, Task};
use halfopen::mail::{self, Event};
use halfopen::people::{Role, Staff, store as people};
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::hiring::{self, Job, held};

impl TestApp {
    async fn twins(&self, job: &Job) -> [(Uuid, String); 2] {
        let first = hiring::application(self, job, "Robin Example").await;
        let second = hiring::application(self, job, "R Example").await;
        let mut tx = self.app.db.begin().await.unwrap();
        let contact = ("R Example", "robin.example@mail.example", "");
        applications::set_contact(&mut tx, second.0, contact, self.app.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        [first, second]
    }

    async fn somebody(&self) -> Staff {
        let all = people::all(&self.app.db).await.unwrap();
        all.into_iter().find(|person| person.role == Role::Recruiter).unwrap()
    }

    async fn kept_of(&self, id: Uuid) -> Option<Uuid> {
        applications::find(&self.app.db, id).await.unwrap().unwrap().merged_into
    }
}

crate::on_both! {
    async fn two_become_one_and_are_parted_again(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let [(kept, kept_link), (gone, gone_link)] = test.twins(&job).await;
        let (page, other) = (format!("/applications/{kept}"), format!("/applications/{gone}"));
        let mut recruiter = test.recruiter().await;
        recruiter.open(&other).await.submit(&format!("{other}/comments"), &[("words", "@Test Recruiter, of the second one")]).await;
        recruiter.open(&other).await.submit(&format!("{other}/tags"), &[("tag", "seen twice")]).await;
        let merge = format!("{page}/merge/{gone}");
        recruiter.open(&page).await.sees("Perhaps the same person").sees("R Example");
        recruiter.open(&merge).await.sees("Is this one person?").sees("robin.example@mail.example");
        recruiter.submit(&merge, &[("stays", "neither")]).await;
        assert_eq!(recruiter.status, 422);
        for _ in 0..2 {
            recruiter.post(&merge, &[("stays", &kept.to_string())]).await;
            assert_eq!((recruiter.status, recruiter.location()), (303, page.clone()));
        }
        recruiter.follow().await.sees("They are one now").sees("Also sent on 20 Nov 2026").sees("seen twice");
        recruiter.sees("of the second one").sees("on the duplicate").sees("Duplicate merged").sees("Merged into another application");
        assert!(!recruiter.text().contains("Perhaps the same person"));

        // Its page leads to the one that stays, lists and addresses forget it, its link shows the other one.
        recruiter.get(&other).await;
        assert_eq!((recruiter.status, recruiter.location()), (303, format!("{page}#also-{gone}")));
        recruiter.post(&format!("{other}/ending"), &[("reason", "x")]).await;
        assert_eq!(recruiter.status, 409);
        recruiter.open(&format!("/openings/{}/applications", job.id)).await;
        assert!(recruiter.body.contains(&kept.to_string()) && !recruiter.body.contains(&gone.to_string()));
        let found = applications::of_address(&test.app.db, "robin.example@mail.example").await.unwrap();
        assert_eq!(found.len(), 1);
        let mut candidate = test.stranger();
        recruiter.open(&page).await.submit(&format!("{page}/stage"), &[("stage", &job.stages[3].to_string())]).await;
        for link in [&kept_link, &gone_link] {
            candidate.open(&format!("/application/{link}")).await.sees("You talk with some of us");
            assert!(!candidate.body.contains(if *link == gone_link { &kept_link } else { &gone_link }));
        }

        recruiter.open(&page).await.submit(&format!("{page}/parting"), &[]).await;
        assert_eq!((recruiter.status, recruiter.location()), (303, other.clone()));
        recruiter.follow().await.sees("of the second one").sees("seen twice").sees("day 1 of 5");
        recruiter.post(&format!("{page}/parting"), &[("duplicate", &gone.to_string())]).await;
        assert_eq!(recruiter.status, 303, "parted twice is parted");
        recruiter.open(&page).await;
        assert!(!recruiter.text().contains("of the second one"));
        assert_eq!(test.kept_of(gone).await, None);
        assert_eq!(talk::tags(&test.app.db, gone).await.unwrap(), ["seen twice"]);
        candidate.open(&format!("/application/{gone_link}")).await;
        assert!(!candidate.text().contains("You talk with some of us") || candidate.text().contains("it is here"));
    }

    async fn what_cannot_be_merged_is_refused(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let elsewhere = hiring::job(&test, "Another Job", 0).await;
        let [(one, _), (two, _)] = test.twins(&job).await;
        let (three, _) = hiring::application(&test, &job, "Third").await;
        let (foreign, _) = hiring::application(&test, &elsewhere, "Fourth").await;
        let (app, by) = (&test.app, test.somebody().await);
        assert!(merging::merge(app, &by, one, one).await.is_err(), "into itself");
        assert!(merging::merge(app, &by, one, foreign).await.is_err(), "into another job");
        assert!(merging::merge(app, &by, one, Uuid::nil()).await.is_err(), "into nothing");
        merging::merge(app, &by, two, one).await.unwrap();
        assert!(merging::merge(app, &by, three, two).await.is_err(), "into a duplicate");
        assert!(merging::merge(app, &by, two, three).await.is_err(), "twice");
        assert!(merging::merge(app, &by, one, three).await.is_err(), "with duplicates of its own");
        assert!(merging::part(app, &by, three, two).await.is_err(), "from another one");
        let mut recruiter = test.recruiter().await;
        recruiter.get(&format!("/applications/{one}/merge/{two}")).await;
        assert_eq!(recruiter.status, 409);
        recruiter.get(&format!("/applications/{one}/merge/{foreign}")).await;
        assert_eq!(recruiter.status, 409);
        merging::part(app, &by, one, two).await.unwrap();
        merging::merge(app, &by, three, one).await.unwrap();
    }

    async fn two_who_merge_at_once_do_not_merge_both(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let by = test.somebody().await;
        for _ in 0..5 {
            let (one, _) = hiring::application(&test, &job, "Robin Example").await;
            let (two, _) = hiring::application(&test, &job, "Robin Example").await;
            let tries = [(one, two), (two, one)].map(|(from, into)| {
                let (app, by) = (test.app.clone(), by.clone());
                tokio::spawn(async move { merging::merge(&app, &by, from, into).await.is_ok() })
            });
            let mut done = 0;
            for one in tries {
                done += usize::from(one.await.unwrap());
            }
            assert_eq!(done, 1);
            assert_ne!(test.kept_of(one).await.is_some(), test.kept_of(two).await.is_some());
        }
    }

    async fn a_duplicate_is_not_told_of_its_knock_out_until_it_is_parted(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let [(kept, _), (gone, _)] = test.twins(&job).await;
        let (app, by) = (&test.app, test.somebody().await);
        let mut tx = app.db.begin().await.unwrap();
        let application = held(&mut tx, gone).await;
        placing::end(&mut tx, &application, ApplicationState::Declined, "", app.now()).await.unwrap();
        let task = Task::Decline { application: gone };
        jobs::store::add(&mut tx, app.new_id(), task, app.now()).await.unwrap();
        tx.commit().await.unwrap();
        merging::merge(app, &by, gone, kept).await.unwrap();
        test.run_jobs().await;
        assert_eq!(mail::store::about(&app.db, gone).await.unwrap(), []);
        merging::part(app, &by, kept, gone).await.unwrap();
        test.pass(Duration::from_secs(25 * 3_600));
        test.run_jobs().await;
        let mails = mail::store::about(&app.db, gone).await.unwrap();
        assert_eq!(mails.iter().map(|mail| mail.event).collect::<Vec<_>>(), [Event::ApplicationDecline]);
        assert!(letters::address(app, "x").ends_with("/application/x"));
    }
}
