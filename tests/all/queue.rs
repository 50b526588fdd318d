//! Grading is durable work: done once, whatever happens in between.

use std::sync::atomic::Ordering;
use std::time::Duration;

use halfopen::jobs::{self, LEASE, MOST_ATTEMPTS, Task, Workers, store};
use halfopen::submissions::grading;

const PROGRAM: &str = "export function executeWithRetry() {}";

crate::on_both! {
    async fn a_lost_lease_does_not_record_twice(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("Reference", PROGRAM).await;
        let db = &test.app.db;
        let now = test.app.now();
        let slow = store::claim(db, "slow node", now, now.plus(LEASE)).await.unwrap().expect("there is a job");
        assert!(store::claim(db, "other node", now, now.plus(LEASE)).await.unwrap().is_none(), "it is leased");
        test.pass(LEASE + Duration::from_secs(1));
        test.run_jobs().await;
        browser.open(&page).await.sees("Exceeds");
        let Task::Grade { submission } = slow.task else { panic!("{slow:?}") };
        test.laboratory.publish("ed2");
        grading::grade(&test.app, &slow, submission).await.unwrap();
        browser.open(&page).await.sees("the coding test is now at ed2");
        browser.open(&format!("{page}/regradings")).await.sees("This program was graded once.");
        assert!(!store::renew(db, &slow, now.plus(LEASE)).await.unwrap());
    }

    async fn a_crash_between_grading_and_recording_costs_a_lease(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("Reference", PROGRAM).await;
        let now = test.app.now();
        // The node claims, grades, and dies before it records.
        store::claim(&test.app.db, "dead node", now, now.plus(LEASE)).await.unwrap().expect("there is a job");
        test.run_jobs().await;
        browser.open(&page).await.sees("Grading");
        test.pass(LEASE);
        test.run_jobs().await;
        browser.open(&page).await.sees("Exceeds");
        assert_eq!(store::next_run(&test.app.db).await.unwrap(), None, "the queue is empty");
    }

    async fn a_program_that_kills_every_node_is_given_up(test) {
        let mut browser = test.recruiter().await;
        let page = browser.paste("Deadly", PROGRAM).await;
        for _ in 0..MOST_ATTEMPTS {
            let now = test.app.now();
            store::claim(&test.app.db, "dying node", now, now.plus(LEASE)).await.unwrap().expect("there is a job");
            test.pass(LEASE);
        }
        test.run_jobs().await;
        assert_eq!(test.laboratory.gradings.load(Ordering::SeqCst), 0);
        browser.open(&page).await.sees("The server stopped 5 times");
        browser.open("/submissions").await.sees("Grading failed");
    }

    async fn a_panic_fails_one_program_which_a_person_may_try_again(test) {
        let mut browser = test.recruiter().await;
        test.laboratory.broken.store(true, Ordering::SeqCst);
        let page = browser.paste("Unlucky", PROGRAM).await;
        test.run_jobs().await;
        browser.open(&page).await.sees("This program could not be graded.").sees("the engine is out of order");
        test.laboratory.broken.store(false, Ordering::SeqCst);
        let next = browser.paste("Next", PROGRAM).await;
        test.run_jobs().await;
        browser.open(&next).await.sees("Exceeds");
        browser.open(&page).await.submit(&format!("{page}/retries"), &[]).await;
        browser.follow().await.sees("It is being graded again.");
        test.run_jobs().await;
        browser.open(&page).await.sees("Exceeds");
        browser.post(&format!("{page}/retries"), &[]).await;
        test.run_jobs().await;
        assert_eq!(test.laboratory.gradings.load(Ordering::SeqCst), 3, "what is graded is not tried again");
    }

    async fn many_workers_grade_each_program_once(test) {
        let mut browser = test.recruiter().await;
        let mut pages = Vec::new();
        for n in 0..20 {
            pages.push(browser.paste(&format!("Program {n}"), PROGRAM).await);
        }
        let (one, two) = (Workers::start(&test.app), Workers::start(&test.app));
        for page in &pages {
            for _ in 0..600 {
                if browser.open(page).await.text().contains("Exceeds") {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            browser.sees("Exceeds");
        }
        one.stop().await;
        two.stop().await;
        assert_eq!(test.laboratory.gradings.load(Ordering::SeqCst), 20);
    }

    async fn the_wait_before_another_attempt_grows_to_its_cap(test) {
        for (attempts, bound) in [(1, 500), (2, 1_000), (4, 4_000), (30, 60_000)] {
            let waits: Vec<Duration> = (0..200).map(|_| jobs::backoff(&test.app, attempts)).collect();
            let bound = Duration::from_millis(bound);
            assert!(waits.iter().all(|wait| *wait <= bound));
            assert!(waits.iter().any(|wait| *wait > bound * 3 / 4) && waits.iter().any(|wait| *wait < bound / 4));
        }
    }
}
