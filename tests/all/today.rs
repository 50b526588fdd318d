//! The first page: what needs a person today.

use std::time::Duration;

use halfopen::args;
use halfopen::hiring::applications::placing;
use halfopen::people::Role;
use uuid::Uuid;

use halfopen::clock::Timestamp;
use halfopen::hiring::today::pages::{JobLine, TodayPage};
use halfopen::hiring::today::store::Job;
use halfopen::hiring::today::{Need, Wait};

use crate::samples::{AT, HOSTILE, shells, sound};
use crate::support::{TestApp, hiring};
use statements::{JOIN, REVIEW};

mod statements {
    use halfopen::db::Statement;

    halfopen::statements! {
        TEAM = "INSERT INTO opening_team (opening_id, staff_id) SELECT $1, id FROM staff WHERE email = $2";
        OUTCOME = "UPDATE applications SET outcome = 'review' WHERE id = $1";
    }
    pub const JOIN: Statement = TEAM;
    pub const REVIEW: Statement = OUTCOME;
}

const DAY: Duration = Duration::from_secs(86_400);

async fn joins(test: &TestApp, opening: Uuid, email: &str) {
    let mut tx = test.app.db.begin().await.unwrap();
    tx.execute(JOIN, args![opening, email]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn moves(test: &TestApp, application: Uuid, stage: Uuid) {
    let mut tx = test.app.db.begin().await.unwrap();
    let held = hiring::held(&mut tx, application).await;
    placing::move_to(&mut tx, &held, stage, test.app.now()).await.unwrap();
    tx.commit().await.unwrap();
}

crate::on_both! {
    async fn it_says_who_waits_and_for_how_long(test) {
        let mut recruiter = test.recruiter().await;
        recruiter.open("/").await.sees("Friday, 20 November").sees("Nothing waits for you").sees("No job has applications yet");
        let job = hiring::job(&test, "Engineer", 0).await;
        let (late, _) = hiring::application(&test, &job, "Candidate Late").await;
        moves(&test, late, job.stages[3]).await;
        test.pass(DAY * 6);
        let mut recruiter = test.recruiter().await;
        let (looked, _) = hiring::application(&test, &job, "Candidate Review").await;
        let mut tx = test.app.db.begin().await.unwrap();
        tx.execute(REVIEW, args![looked]).await.unwrap();
        tx.commit().await.unwrap();
        recruiter.open("/").await;
        recruiter.sees("Three things wait for you. One is late.").sees("In Interview for 6 days; 5 were meant.");
        recruiter.sees("An answer at the door needs a person’s look.");
        assert!(recruiter.body.contains("aria-label=\"Application 1, Résumé screen 0"));
        // What was decided waits no more.
        recruiter.open(&format!("/applications/{late}")).await;
        recruiter.submit(&format!("/applications/{late}/ending"), &[("reason", "No answer")]).await;
        recruiter.open("/").await.sees("Two things wait for you.").misses("Candidate Late");
    }

    async fn everybody_sees_their_own_jobs(test) {
        let job = hiring::job(&test, "Engineer", 0).await;
        let other = hiring::job(&test, "Developer", 0).await;
        for (job, name) in [(&job, "Candidate Mine"), (&other, "Candidate Theirs")] {
            hiring::application(&test, job, name).await;
        }
        test.pass(DAY * 7);
        let mut manager = test.signed_in(Role::HiringManager).await;
        manager.open("/").await.sees("No job has applications yet").misses("Candidate Mine");
        joins(&test, job.id, "hiring_manager@company.example").await;
        manager.open("/").await.sees("Candidate Mine").misses("Candidate Theirs");
        // A recruiter without a team looks after all jobs, one with teams after those.
        let mut recruiter = test.recruiter().await;
        recruiter.open("/").await.sees("Candidate Mine").sees("Candidate Theirs");
        joins(&test, other.id, "recruiter@company.example").await;
        recruiter.open("/").await.misses("Candidate Mine").sees("Candidate Theirs");
        // Interviewers move nobody.
        joins(&test, job.id, "interviewer@company.example").await;
        let mut interviewer = test.interviewer().await;
        joins(&test, job.id, "interviewer@company.example").await;
        interviewer.open("/").await.sees("Engineer").misses("Candidate Mine");
    }

    async fn whoever_asked_to_be_erased_is_on_the_list(test) {
        let job = hiring::job(&test, "Engineer", 0).await;
        let (_, link) = hiring::application(&test, &job, "Candidate Erased").await;
        let mut candidate = test.stranger();
        candidate.open(&format!("/application/{link}/erasure")).await;
        candidate.submit(&format!("/application/{link}/erasure"), &[]).await;
        let mut recruiter = test.recruiter().await;
        recruiter.open("/").await.sees("Asked to be erased, which is due by 20 Dec 2026.");
        test.pass(DAY * 31);
        let mut recruiter = test.recruiter().await;
        recruiter.open("/").await.sees("One is late.");
    }
}

#[test]
fn the_page() {
    let need = |late| Need {
        about: None,
        name: HOSTILE.into(),
        job: HOSTILE.into(),
        why: HOSTILE.into(),
        since: AT,
        late,
        act: "Look",
        url: "/applications/1".into(),
    };
    let wait = |late| Wait {
        about: Uuid::nil(),
        who: HOSTILE.into(),
        what: HOSTILE.into(),
        since: AT,
        late,
        url: "/applications/1".into(),
    };
    let line = |n: i64| JobLine {
        job: Job {
            id: Uuid::from_u128(3),
            title: HOSTILE.into(),
        },
        stages: vec![(HOSTILE.into(), n), ("Interview".into(), 0)],
        fresh: n * 60,
        longest: (n > 0).then_some(AT),
        late: n > 1,
    };
    for shell in shells() {
        for (late, today, jobs) in [
            (0, 0, vec![]),
            (2, 0, vec![line(0)]),
            (1, 3, vec![line(1), line(2)]),
            (0, 1, vec![]),
        ] {
            sound(TodayPage {
                shell: shell.clone(),
                now: Timestamp(AT.0 + 90_000_000_000),
                late: vec![need(true); late],
                today: vec![need(false); today],
                more: late,
                waits: [true, false].into_iter().take(today).map(wait).collect(),
                jobs,
            });
        }
    }
}
