//! Reports against a story that is counted by hand, and what applicants say about themselves.

use std::io::{Cursor, Read as _};
use std::time::Duration;

use halfopen::args;
use halfopen::hiring::applications::{placing, store as applications};
use halfopen::hiring::openings::store as openings;
use halfopen::hiring::screening::{Mark, reading, store as screenings};
use halfopen::hiring::voluntary::{Kind, Question, pages as voluntary_pages};
use halfopen::hiring::{ApplicationState, Opening, voluntary};
use halfopen::people::{Role, Staff, store as people};
use uuid::Uuid;

use crate::support::hiring::{Job, application, held, job};
use crate::support::{Browser, TestApp};
use statements::{ADD_ANSWER, ADD_MAIL, COUNT_ANSWERS, SET_OUTCOME, SET_SOURCE};

mod statements {
    use halfopen::db::Statement;

    halfopen::statements! {
        SOURCE = "UPDATE applications SET source = $2 WHERE id = $1";
        OUTCOME = "UPDATE applications SET outcome = 'declines' WHERE id = $1";
        ANSWER = "INSERT INTO application_answers (application_id, position, question, answer, decision) VALUES ($1, $2, $3, $4, $5)";
        MAIL = "INSERT INTO mails (id, event, recipient, recipient_name, sender_name, subject, body, mail_key, about, created_at, state,
                since, attempts, next_at, message_id)
            VALUES ($1, $2, 'a', 'a', 'a', 'a', 'a', 'a', $3, $4, 'kept', $4, 0, $4, $1)";
        ANSWERS = "SELECT count(*) AS n FROM voluntary_answers";
    }
    pub const SET_SOURCE: Statement = SOURCE;
    pub const SET_OUTCOME: Statement = OUTCOME;
    pub const ADD_ANSWER: Statement = ANSWER;
    pub const ADD_MAIL: Statement = MAIL;
    pub const COUNT_ANSWERS: Statement = ANSWERS;
}

const DAY: Duration = Duration::from_secs(86_400);

async fn source(test: &TestApp, id: Uuid, source: &str) {
    let mut tx = test.app.db.begin().await.unwrap();
    tx.execute(SET_SOURCE, args![id, source]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn move_to(test: &TestApp, id: Uuid, stage: Uuid) {
    let mut tx = test.app.db.begin().await.unwrap();
    let held = held(&mut tx, id).await;
    assert!(placing::move_to(&mut tx, &held, stage, test.app.now()).await.unwrap());
    tx.commit().await.unwrap();
}

async fn end(test: &TestApp, id: Uuid, state: ApplicationState) {
    let mut tx = test.app.db.begin().await.unwrap();
    let held = held(&mut tx, id).await;
    assert!(placing::end(&mut tx, &held, state, "", test.app.now()).await.unwrap());
    tx.commit().await.unwrap();
}

async fn mail(test: &TestApp, about: Uuid, event: &str) {
    let mut tx = test.app.db.begin().await.unwrap();
    let mail = args![test.app.new_id(), event, about, test.app.now()];
    tx.execute(ADD_MAIL, mail).await.unwrap();
    tx.commit().await.unwrap();
}

/// The lines of a report's file, each split at its commas: no cell of the story has one.
async fn csv(browser: &mut Browser, path: &str) -> Vec<Vec<String>> {
    browser.get(path).await;
    assert_eq!(browser.status, 200, "{path}: {}", browser.body);
    assert!(browser.bytes.starts_with(b"\xef\xbb\xbf"), "{path}");
    let text = browser.body.trim_start_matches('\u{feff}');
    let line = |line: &str| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect();
    text.lines().map(line).collect()
}

fn line<'a>(lines: &'a [Vec<String>], name: &str) -> &'a [String] {
    let found = lines.iter().find(|line| line[0] == name);
    &found.unwrap_or_else(|| panic!("{name}: {lines:?}"))[1..]
}

/// Six apply. Four of them go on after 1, 2, 3 and 10 days, one of these to the test two days later. One is knocked out,
/// one waits. A seventh is moved two stages too far, and back.
async fn story(test: &TestApp) -> (Job, Vec<Uuid>) {
    let job = job(test, "Integration Developer", 0).await;
    let mut ids = Vec::new();
    for number in 1..=7 {
        let (id, _) = application(test, &job, &format!("Candidate {number}")).await;
        source(test, id, if number % 2 == 0 { "board" } else { "referral" }).await;
        ids.push(id);
    }
    let mut tx = test.app.db.begin().await.unwrap();
    tx.execute(SET_OUTCOME, args![ids[4]]).await.unwrap();
    tx.commit().await.unwrap();
    end(test, ids[4], ApplicationState::Declined).await;
    move_to(test, ids[6], job.stages[3]).await;
    move_to(test, ids[6], job.stages[0]).await;
    test.pass(DAY);
    move_to(test, ids[0], job.stages[1]).await;
    mail(test, ids[0], "application_step").await;
    mail(test, ids[1], "application_answers").await;
    test.pass(DAY);
    move_to(test, ids[1], job.stages[1]).await;
    test.pass(DAY);
    move_to(test, ids[2], job.stages[1]).await;
    move_to(test, ids[0], job.stages[2]).await;
    test.pass(DAY * 7);
    move_to(test, ids[3], job.stages[1]).await;
    mail(test, ids[3], "application_step").await;
    (job, ids)
}

async fn staff(test: &TestApp, role: Role) -> Staff {
    let all = people::all(&test.app.db).await.unwrap();
    all.into_iter().find(|person| person.role == role).unwrap()
}

async fn begins(test: &TestApp, by: &Staff, opening: &Opening, id: Uuid) -> Uuid {
    let application = applications::find(&test.app.db, id).await.unwrap().unwrap();
    reading::begin(&test.app, by, &application, opening).await.unwrap()
}

/// With the same score for every criterion.
async fn reads(test: &TestApp, by: &Staff, opening: &Opening, id: Uuid, score: u8) {
    let id = begins(test, by, opening, id).await;
    let screening = screenings::find(&test.app.db, id).await.unwrap().unwrap();
    let mark = Mark {
        score: Some(score),
        words: "A quote".into(),
    };
    let done = reading::submit(&test.app, by, &screening, 0, &vec![mark; 8])
        .await
        .unwrap();
    assert!(matches!(done, reading::Submitted::Done { .. }), "{done:?}");
}

async fn manager(test: &TestApp) -> (Browser, Uuid) {
    let browser = test.signed_in(Role::HiringManager).await;
    let all = people::all(&test.app.db).await.unwrap();
    let id = all.iter().find(|person| person.role == Role::HiringManager).unwrap().id;
    (browser, id)
}

async fn ask(test: &TestApp, job: &Job, kinds: &[Kind]) {
    let all = people::all(&test.app.db).await.unwrap();
    let questions: Vec<Question> = kinds.iter().map(|kind| Question::shipped(*kind, true)).collect();
    voluntary_pages::keep(&test.app, all[0].id, job.id, &questions)
        .await
        .unwrap();
}

async fn says(test: &TestApp, id: Uuid, kind: Kind, answer: &str) {
    let application = applications::find(&test.app.db, id).await.unwrap().unwrap();
    let answers = [(kind.id().to_owned(), answer.to_owned())];
    voluntary::candidate_pages::keep(&test.app, &application, &answers)
        .await
        .unwrap();
}

async fn answered(test: &TestApp) -> i64 {
    let row = test.app.db.optional(COUNT_ANSWERS, args![]).await.unwrap();
    row.unwrap().get("n").unwrap()
}

crate::on_both! {
    async fn the_funnel_counts_as_by_hand(test) {
        let (job, _) = story(&test).await;
        let mut recruiter = test.recruiter().await;
        for query in [String::new(), format!("job={}", job.id), format!("job={}&period=all", job.id)] {
            let lines = csv(&mut recruiter, &format!("/reports/funnel/csv?{query}")).await;
            assert_eq!(lines[0][..4], ["Step", "Came that far", "Of all", "Of the step before"]);
            assert_eq!(line(&lines, "Applied")[..2], ["7", "1"], "{query}");
            // Six have left the door, one of them by a knock-out: after 0, 0, 1, 2, 3 and 10 days.
            assert_eq!(line(&lines, "Passed the door")[..10], ["6", "0.8571", "0.8571", "6", "1", "10", "5", "0.8333", "2", "2"], "{query}");
            assert_eq!(line(&lines, "Résumé screen")[..10], ["4", "0.5714", "0.6667", "1", "2", "2", "5", "1", "3", "2"], "{query}");
            assert_eq!(line(&lines, "Coding test")[..10], ["1", "0.1429", "0.25", "0", "", "", "5", "", "1", "1"], "{query}");
            assert_eq!(line(&lines, "Interview")[..2], ["0", "0"], "{query}");
        }
        recruiter.open("/reports").await;
        assert!(recruiter.body.contains("7 people applied, 6 passed the door, 1 came to “Coding test”."), "{}", recruiter.body);
        // All of them applied more than a week ago.
        recruiter.open("/reports?from=2026-11-21&to=").await;
        assert!(recruiter.body.contains("Nothing to count yet"));
        recruiter.get("/reports?from=2026-02-30").await;
        assert_eq!(recruiter.status, 422);
        assert!(recruiter.body.contains("A date such as"));
    }

    async fn sources_and_first_answers_count_as_by_hand(test) {
        story(&test).await;
        let mut recruiter = test.recruiter().await;
        let sources = csv(&mut recruiter, "/reports/sources/csv").await;
        assert_eq!(line(&sources, "Somebody who works here"), ["4", "0.5714", "3", "0", "0", "0"]);
        assert_eq!(line(&sources, "A job board"), ["3", "0.4286", "3", "0", "0", "0"]);
        let answers = csv(&mut recruiter, "/reports/answers/csv").await;
        assert_eq!(line(&answers, "Within a day")[0], "1");
        assert_eq!(line(&answers, "8 to 14 days")[0], "1");
        assert_eq!(line(&answers, "Still waiting")[0], "4");
        assert_eq!(line(&answers, "Ended without one")[0], "1");
        for part in ["sources", "answers", "knock_outs", "readers", "fairness"] {
            recruiter.open(&format!("/reports/{part}")).await;
        }
        recruiter.get("/reports/nothing").await;
        assert_eq!(recruiter.status, 404);
    }

    async fn questions_at_the_door_count_and_are_no_formulas(test) {
        let (job, ids) = story(&test).await;
        let question = "=HYPERLINK(\"https://evil.example\")";
        let mut tx = test.app.db.begin().await.unwrap();
        for (at, decision) in ["qualifies", "qualifies", "review", "qualifies", "declines"].into_iter().enumerate() {
            let answer = if at == 0 { "" } else { "Yes" };
            tx.execute(ADD_ANSWER, args![ids[at], 0i64, question, answer, decision]).await.unwrap();
        }
        let by = people::all(&test.app.db).await.unwrap()[0].id;
        let declined = held(&mut tx, ids[4]).await;
        placing::reverse(&mut tx, &declined, by, "", test.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let mut recruiter = test.recruiter().await;
        recruiter.get(&format!("/reports/knock_outs/csv?job={}", job.id)).await;
        assert!(recruiter.body.contains("\"'=HYPERLINK(\"\"https://evil.example\"\")\",5,4,1,0.25,1,1"), "{}", recruiter.body);
        let named = recruiter.header("content-disposition");
        assert_eq!(named, "attachment; filename=\"knock-outs-integration-developer-2026-11-30.csv\"");
        recruiter.get(&format!("/reports/knock_outs/xlsx?job={}", job.id)).await;
        let mut book = zip::ZipArchive::new(Cursor::new(recruiter.bytes.clone())).expect("a workbook");
        let mut read = |name: &str| {
            let mut text = String::new();
            book.by_name(name).expect("it is there").read_to_string(&mut text).unwrap();
            let mut reader = quick_xml::Reader::from_str(&text);
            while reader.read_event().expect("well formed") != quick_xml::events::Event::Eof {}
            text
        };
        // The text is a text, and no cell has a formula.
        assert!(read("xl/sharedStrings.xml").contains("=HYPERLINK"));
        assert!(!read("xl/worksheets/sheet1.xml").contains("<f>"));
    }

    async fn readers_count_as_by_hand_and_no_blind_score_shows(test) {
        let job = job(&test, "Integration Developer", 0).await;
        let opening = openings::find(&test.app.db, job.id).await.unwrap().unwrap();
        let mut ids = Vec::new();
        for number in 1..=4 {
            ids.push(application(&test, &job, &format!("Candidate {number}")).await.0);
        }
        let (mut recruiter, _) = (test.recruiter().await, test.signed_in(Role::HiringManager).await);
        let (by, other) = (staff(&test, Role::Recruiter).await, staff(&test, Role::HiringManager).await);
        recruiter.open("/reports/readers").await;
        assert!(recruiter.body.contains("Nothing to count yet"));
        test.pass(DAY);
        reads(&test, &by, &opening, ids[0], 2).await;
        reads(&test, &by, &opening, ids[1], 3).await;
        begins(&test, &by, &opening, ids[3]).await;
        test.pass(DAY);
        let mut recruiter = test.recruiter().await;
        // Until others have read it, a reader's score is nobody's business, also in a mean.
        let lines = csv(&mut recruiter, "/reports/readers/csv").await;
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!(lines[1], ["Reader", "Test Recruiter", "3", "2", "1", "1", "1", "1", "0", "0", "", "", "", "", "", ""]);
        recruiter.open("/reports/readers").await;
        assert!(recruiter.body.contains("Until then nobody sees what others gave"), "{}", recruiter.body);

        reads(&test, &other, &opening, ids[0], 2).await;
        reads(&test, &other, &opening, ids[1], 2).await;
        reads(&test, &other, &opening, ids[2], 0).await;
        for query in [String::new(), format!("?job={}&period=all", job.id)] {
            let lines = csv(&mut recruiter, &format!("/reports/readers/csv{query}")).await;
            let of = |name: &str| lines.iter().find(|line| line[1].starts_with(name)).unwrap()[2..].to_vec();
            assert_eq!(of("Test Recruiter"), ["3", "2", "1", "1", "1", "1", "2", "16", "2.5", "2", "0.5", "0.5", "1", "-0.3333"]);
            assert_eq!(of("Test Hiring"), ["3", "3", "0", "", "2", "2", "2", "16", "2", "2.5", "-0.5", "0.5", "1", "-0.3333"]);
            assert_eq!(of("Week of 16 Nov 2026"), ["", "", "", "", "", "", "2", "16", "", "", "", "0.5", "1", "-0.3333"]);
        }
        recruiter.open("/reports/readers").await;
        assert!(recruiter.body.contains("50 % of all scores are equal, 100 % lie within one step."), "{}", recruiter.body);
        assert!(recruiter.body.contains("With fewer than 50, chance has the louder voice."));
        assert!(recruiter.body.contains("Test Hiring manager submitted most: 3 of 5 readings."), "{}", recruiter.body);
        test.pass(DAY * 3);
        let mut recruiter = test.recruiter().await;
        recruiter.open("/reports/readers").await;
        assert!(recruiter.body.contains("Test Recruiter has begun a résumé and left it for 4 days."), "{}", recruiter.body);
        // Whoever is moved on needs no reader any more.
        move_to(&test, ids[3], job.stages[2]).await;
        let lines = csv(&mut recruiter, "/reports/readers/csv").await;
        assert_eq!(line(&lines, "Reader")[..4], ["Test Hiring manager", "3", "3", "0"]);
        assert!(lines.iter().any(|line| line[1..5] == ["Test Recruiter", "3", "2", "0"]), "{lines:?}");
    }

    async fn reports_show_what_one_may_see(test) {
        let (job, _) = story(&test).await;
        let (mut manager, id) = manager(&test).await;
        manager.open("/reports").await;
        assert!(manager.body.contains("Nothing to count yet"), "of no team");
        manager.get(&format!("/reports?job={}", job.id)).await;
        assert_eq!(manager.status, 404);
        manager.get(&format!("/reports/funnel/xlsx?job={}", job.id)).await;
        assert_eq!(manager.status, 404);
        let mut tx = test.app.db.begin().await.unwrap();
        openings::join_team(&mut tx, job.id, id).await.unwrap();
        tx.commit().await.unwrap();
        for query in [String::new(), format!("?job={}", job.id)] {
            manager.open(&format!("/reports{query}")).await;
            assert!(manager.body.contains("7 people applied"));
        }
        let mut interviewer = test.interviewer().await;
        interviewer.get("/reports").await;
        assert_eq!(interviewer.status, 403);
    }

    async fn candidates_say_what_they_like(test) {
        let job = job(&test, "Integration Developer", 0).await;
        let (_, link) = application(&test, &job, "Candidate 1").await;
        let url = format!("/application/{link}/voluntary");
        let mut candidate = test.stranger();
        candidate.get(&url).await;
        assert_eq!((candidate.status, candidate.header("location")), (303, format!("/application/{link}").as_str()));
        candidate.open(&format!("/application/{link}")).await;
        assert!(!candidate.body.contains("/voluntary"));

        let mut recruiter = test.recruiter().await;
        let staff_url = format!("/openings/{}/voluntary", job.id);
        recruiter.open(&staff_url).await;
        recruiter.post(&staff_url, &[("gender", "yes"), ("own", "yes"), ("words", "Where?"), ("choices", "Here")]).await;
        assert_eq!(recruiter.status, 422);
        assert!(recruiter.body.contains("Write at least two choices") && recruiter.body.contains("Where?"));
        recruiter.post(&staff_url, &[("gender", "yes"), ("own", "yes"), ("words", "Where?"), ("choices", "Here\nThere")]).await;
        assert_eq!(recruiter.status, 303);

        candidate.open(&format!("/application/{link}")).await;
        assert!(candidate.links().contains(&url));
        candidate.open(&url).await;
        let fresh = candidate.body.clone();
        for _ in 0..2 {
            candidate.open(&url).await;
            candidate.submit(&url, &[("gender", "Woman"), ("own", "There")]).await;
            assert_eq!(candidate.status, 303);
            assert_eq!(answered(&test).await, 2);
        }
        // Whoever else has the link sees the same page as before, and nothing in the trail.
        candidate.open(&format!("/application/{link}")).await;
        candidate.open(&url).await;
        let without_nonces = |page: &str| page.split("nonce=\"").map(|part| part.split_once('"').map_or(part, |(_, rest)| rest).to_owned()).collect::<Vec<_>>()[1..].join("");
        assert_eq!(without_nonces(&candidate.body), without_nonces(&fresh));
        candidate.get(&format!("/application/{link}/export")).await;
        assert!(!candidate.body.contains("Woman"));

        candidate.post(&url, &[("gender", "Somebody else")]).await;
        assert_eq!(candidate.status, 422);
        candidate.post(&url, &[("gender", "Man"), ("own", "")]).await;
        assert_eq!(answered(&test).await, 1);
        // It is no longer asked, and can be taken back all the same.
        recruiter.post(&staff_url, &[]).await;
        candidate.open(&url).await;
        candidate.submit(&format!("{url}/removal"), &[]).await;
        assert_eq!((candidate.status, answered(&test).await), (303, 0));
    }

    async fn fairness_shows_sums_of_five_and_more_from_monday_on(test) {
        let job = job(&test, "Integration Developer", 0).await;
        ask(&test, &job, &[Kind::Gender]).await;
        let mut on = Vec::new();
        // Of twenty women ten go on, of twenty men five, of ten others five; of four who say nothing two.
        for number in 0..54 {
            let (id, _) = application(&test, &job, &format!("Candidate {number}")).await;
            let (answer, goes_on) = match number {
                0..20 => ("Woman", number < 10),
                20..40 => ("Man", number < 25),
                40..50 => ("Another gender", number < 45),
                _ => ("", number < 52),
            };
            if !answer.is_empty() {
                says(&test, id, Kind::Gender, answer).await;
            }
            if goes_on {
                on.push(id);
            }
        }
        for id in &on {
            move_to(&test, *id, job.stages[1]).await;
        }
        let mut recruiter = test.recruiter().await;
        let path = format!("/reports/fairness?job={}", job.id);
        let file = format!("/reports/fairness/csv?job={}", job.id);
        recruiter.open(&path).await;
        assert!(recruiter.body.contains("Nothing can be compared yet"), "not before Monday: {}", recruiter.body);
        test.pass(DAY * 3);
        let mut recruiter = test.recruiter().await;
        let lines = csv(&mut recruiter, &file).await;
        let of = |step: &str, group: &str| {
            let found = lines.iter().find(|line| line[1] == step && line[2] == group);
            found.unwrap_or_else(|| panic!("{step} {group}: {lines:?}"))[3..].to_vec()
        };
        // Four said nothing; the ten others would give them away.
        assert_eq!(of("Résumé screen", "Did not say")[0], "fewer than 5");
        assert_eq!(of("Résumé screen", "Another gender")[..2], ["not shown", "not shown"]);
        assert_eq!(of("Résumé screen", "Woman")[..4], ["20", "10", "0.5", ""]);
        assert_eq!(of("Résumé screen", "Man")[..5], ["20", "5", "0.25", "0.5", "0.1908"]);
        recruiter.open(&path).await;
        assert!(recruiter.body.contains("this is no proof of anything"), "{}", recruiter.body);
        assert!(recruiter.body.contains("29 CFR 1607.4(D)"));

        // What happens within the week shows after it.
        for id in &on[10..15] {
            end(&test, *id, ApplicationState::Rejected).await;
        }
        for id in &on[..8] {
            move_to(&test, *id, job.stages[2]).await;
        }
        let before = csv(&mut recruiter, &file).await;
        assert_eq!(before, lines);
        // No page of the staff shows an answer.
        let id = on[0];
        for page in [format!("/applications/{id}"), format!("/openings/{}", job.id), format!("/openings/{}/voluntary", job.id)] {
            recruiter.open(&page).await;
            assert!(!recruiter.body.contains("voluntary_answers") && !recruiter.body.contains(">Woman<"), "{page}");
        }
        let (mut manager, _) = manager(&test).await;
        manager.get(&path).await;
        assert_eq!(manager.status, 404);
    }
}
