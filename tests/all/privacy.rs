//! What is kept of people, until when, and that nothing is left of whoever is erased.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use halfopen::args;
use halfopen::assessments::Variant;
use halfopen::assessments::store::{self as assessments, NewAssessment};
use halfopen::db::portable::{self, Cell};
use halfopen::hiring::applications::{drafting, letters, placing, store as applications};
use halfopen::hiring::attachments;
use halfopen::hiring::{Application, ApplicationState};
use halfopen::mail::Event;
use halfopen::people::limits;
use halfopen::people::{Role, store as people};
use halfopen::privacy::tables::{COMPANYS, Of, PERSONAL};
use halfopen::privacy::{Cause, erasing, retention, store};
use uuid::Uuid;

use crate::support::laboratory::TEST;
use crate::support::{TestApp, hiring};

const DAY: Duration = Duration::from_secs(24 * 3_600);

mod fixture {
    halfopen::statements! {
        CHALLENGE = "INSERT INTO submissions (id, challenge, title, title_key, language, source, seed, submitted_by, submitted_at, form_token)
            VALUES ($1, 'execute-with-retry', $2, $2, 'javascript', $3, 1, $4, 1, $1)";
        VERDICT = "INSERT INTO verdicts (id, submission_id, edition, seed, document, recorded_at) VALUES ($1, $2, 'e', 1, $3, 1)";
        REGRADING = "INSERT INTO regradings (id, submission_id, requested_by, requested_at, seed, old_verdict_id) VALUES ($1, $2, $3, 1, 2, $4)";
        ASSESSMENT = "INSERT INTO assessments (id, candidate, email, candidate_key, challenge, variant, minutes, extra_percent, deadline,
                shared, link, invited_by, invited_at, submission_id, form_token)
            VALUES ($1, $2, $2, $2, 'execute-with-retry', 'with_ai', 60, 100, 1, $3, $4, $5, 1, $6, $1)";
        DRAFT = "INSERT INTO drafts (assessment_id, language, source, tab, saved_at) VALUES ($1, 'javascript', $2, '', 1)";
        RUN = "INSERT INTO runs (id, assessment_id, number, language, source, report, ran_at) VALUES ($1, $2, 1, 'javascript', $3, $4, 1)";
        LOG = "INSERT INTO ai_log (id, assessment_id, proposed, fate, why, written_at) VALUES ($1, $2, $3, 'taken', $3, 1)";
        TAKE = "INSERT INTO application_takes (id, application_id, question, number, form, parts, bytes, words, began_at)
            VALUES ($1, $2, 0, 1, 'written', 0, 0, $3, 1)";
        NOTE = "INSERT INTO take_notes (id, take_id, staff_id, indicator, words, written_at) VALUES ($1, $2, $3, '', $4, 1)";
        ACT = "INSERT INTO bulk_acts (id, opening_id, staff_id, kind, target, done_at, form_token) VALUES ($1, $2, $3, 'assign', '', 1, $1)";
        ITEM = "INSERT INTO bulk_act_items (act_id, application_id, moves) VALUES ($1, $2, 0)";
        SCREENING = "INSERT INTO screenings (id, application_id, opening_id, staff_id, begun_at, saved_at, revision) VALUES ($1, $2, $3, $4, 1, 1, 0)";
        MARK = "INSERT INTO screening_marks (screening_id, position, score, words) VALUES ($1, 0, 1, $2)";
        RESULT = "INSERT INTO screening_results (application_id, opening_id, readers, mean, pairs, near, disagreements, proposal, made_at)
            VALUES ($1, $2, 1, 1, 0, 0, 0, 'discuss', 1)";
        COMMENT = "INSERT INTO comments (id, application_id, staff_id, words, written_at) VALUES ($1, $2, $3, $4, 1)";
        MENTION = "INSERT INTO mentions (comment_id, staff_id, application_id, at) VALUES ($1, $2, $3, 1)";
        TAG = "INSERT INTO application_tags (application_id, tag_key, tag) VALUES ($1, $2, $2)";
        TO_DO = "INSERT INTO to_dos (id, application_id, words, staff_id, due_at, made_by, made_at) VALUES ($1, $2, $3, $4, 1, $4, 1)";
        LETTER = "INSERT INTO letters (form_token, application_id, staff_id, written_at) VALUES ($1, $2, $3, 1)";
        KEPT = "UPDATE applications SET keep_until = $2 WHERE id = $1";
        JOBS = "SELECT task FROM jobs WHERE task LIKE $1 ORDER BY task";
    }
    pub const ADD_PROGRAM: halfopen::db::Statement = CHALLENGE;
    pub const ADD_VERDICT: halfopen::db::Statement = VERDICT;
    pub const ADD_REGRADING: halfopen::db::Statement = REGRADING;
    pub const ADD_ASSESSMENT: halfopen::db::Statement = ASSESSMENT;
    pub const ADD_DRAFT: halfopen::db::Statement = DRAFT;
    pub const ADD_RUN: halfopen::db::Statement = RUN;
    pub const ADD_LOG: halfopen::db::Statement = LOG;
    pub const ADD_TAKE: halfopen::db::Statement = TAKE;
    pub const ADD_NOTE: halfopen::db::Statement = NOTE;
    pub const ADD_SCREENING: halfopen::db::Statement = SCREENING;
    pub const ADD_MARK: halfopen::db::Statement = MARK;
    pub const ADD_RESULT: halfopen::db::Statement = RESULT;
    pub const ADD_COMMENT: halfopen::db::Statement = COMMENT;
    pub const ADD_MENTION: halfopen::db::Statement = MENTION;
    pub const ADD_TAG: halfopen::db::Statement = TAG;
    pub const ADD_TO_DO: halfopen::db::Statement = TO_DO;
    pub const ADD_LETTER: halfopen::db::Statement = LETTER;
    pub const ADD_ACT: halfopen::db::Statement = ACT;
    pub const ADD_ITEM: halfopen::db::Statement = ITEM;
    pub const KEEP: halfopen::db::Statement = KEPT;
    pub const QUEUE: halfopen::db::Statement = JOBS;
}

/// A word that stands in everything that is known of a candidate, and nowhere else.
const MARK: &str = "zyxmarker";
const PHONE: &str = "+351 999 000 123";

/// An application with rows in every table that can hold some.
async fn fully_used(test: &TestApp, job: &hiring::Job, mark: &str) -> Application {
    let (id, _) = hiring::application(test, job, &format!("{mark} Person")).await;
    let app = &test.app;
    let by = people::all(&app.db).await.unwrap()[0].id;
    let new = || app.new_id();
    let mut tx = app.db.begin().await.unwrap();
    let email = format!("{mark}@mail.example");
    applications::set_contact(&mut tx, id, (&format!("{mark} Person"), &email, PHONE), app.now())
        .await
        .unwrap();
    let answer = halfopen::hiring::applications::Answer {
        question: "Why?".into(),
        answer: mark.into(),
        decision: None,
    };
    applications::set_answers(&mut tx, id, &[answer]).await.unwrap();
    letters::write(&mut tx, app, id, Event::ApplicationReceipt, "Somebody")
        .await
        .unwrap();
    let (take, program, verdict, test_id) = (new(), new(), new(), new());
    tx.execute(fixture::ADD_TAKE, args![take, id, mark]).await.unwrap();
    tx.execute(fixture::ADD_NOTE, args![new(), take, by, mark])
        .await
        .unwrap();
    halfopen::hiring::takes::store::add_play(&mut tx, take, by, "2026-11-20")
        .await
        .unwrap();
    tx.execute(fixture::ADD_PROGRAM, args![program, mark, mark.as_bytes(), by])
        .await
        .unwrap();
    tx.execute(fixture::ADD_VERDICT, args![verdict, program, mark])
        .await
        .unwrap();
    tx.execute(fixture::ADD_REGRADING, args![new(), program, by, verdict])
        .await
        .unwrap();
    let link = format!("{mark}link");
    tx.execute(fixture::ADD_ASSESSMENT, args![test_id, mark, false, &link, by, program])
        .await
        .unwrap();
    tx.execute(fixture::ADD_DRAFT, args![test_id, mark.as_bytes()])
        .await
        .unwrap();
    tx.execute(fixture::ADD_RUN, args![new(), test_id, mark.as_bytes(), mark])
        .await
        .unwrap();
    tx.execute(fixture::ADD_LOG, args![new(), test_id, mark]).await.unwrap();
    applications::add_assessment(&mut tx, id, test_id).await.unwrap();
    let screening = new();
    tx.execute(fixture::ADD_SCREENING, args![screening, id, job.id, by])
        .await
        .unwrap();
    tx.execute(fixture::ADD_MARK, args![screening, mark]).await.unwrap();
    tx.execute(fixture::ADD_RESULT, args![id, job.id]).await.unwrap();
    let comment = new();
    tx.execute(fixture::ADD_COMMENT, args![comment, id, by, mark])
        .await
        .unwrap();
    tx.execute(fixture::ADD_MENTION, args![comment, by, id]).await.unwrap();
    tx.execute(fixture::ADD_TAG, args![id, mark]).await.unwrap();
    tx.execute(fixture::ADD_TO_DO, args![new(), id, mark, by])
        .await
        .unwrap();
    tx.execute(fixture::ADD_LETTER, args![new(), id, by]).await.unwrap();
    let act = new();
    tx.execute(fixture::ADD_ACT, args![act, job.id, by]).await.unwrap();
    tx.execute(fixture::ADD_ITEM, args![act, id]).await.unwrap();
    let letter = halfopen::mail::Letter {
        event: Event::Invitation,
        to_name: mark.into(),
        to_address: email.clone(),
        about: test_id,
        sender: "Somebody".into(),
        values: vec![("link", link)],
    };
    halfopen::mail::queue(&mut tx, app, &letter).await.unwrap();
    applications::add_event(&mut tx, new(), id, None, ("Noted", mark), app.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let application = applications::find(&app.db, id).await.unwrap().unwrap();
    let part = halfopen::hiring::applications::Part::Resume;
    let text = format!("The résumé of {mark}").into_bytes();
    drafting::keep_file(
        app,
        &application,
        part,
        format!("{mark}.txt"),
        halfopen::files::Kind::Text,
        text.into(),
    )
    .await
    .unwrap();
    let colleague = people::find(&app.db, by).await.unwrap();
    let attached = format!("Noted on paper about {mark}").into_bytes();
    attachments::attach(
        app,
        &colleague,
        &application,
        (&format!("{mark} paper.txt"), attached.into()),
        new(),
    )
    .await
    .unwrap()
    .unwrap();
    halfopen::hiring::applications::following::send_links(app, &email)
        .await
        .unwrap();
    let keys = [format!("mail {email}"), format!("links {email}")].map(|key| (key, limits::ACCOUNT));
    limits::take(app, &keys).await.unwrap();
    test.run_jobs().await;
    application
}

/// Every text in every table that has one of these words in it.
async fn found(test: &TestApp, words: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    let tables: BTreeSet<String> = test
        .app
        .db
        .schema()
        .await
        .unwrap()
        .into_iter()
        .map(|c| c.table)
        .collect();
    let mut snapshot = test.app.db.snapshot().await.unwrap();
    for table in tables {
        let look = |row: &halfopen::db::Row| {
            for (column, cell) in row.cells()? {
                let text = match cell {
                    Cell::Text(text) => text,
                    Cell::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                    _ => continue,
                };
                if words
                    .iter()
                    .any(|word| text.to_lowercase().contains(&word.to_lowercase()))
                {
                    all.push(format!("{table}.{column}: {text}"));
                }
            }
            Ok::<_, halfopen::db::DbError>(())
        };
        snapshot.each(&table, look).await.unwrap();
    }
    all
}

fn files_with(folder: &Path, word: &str) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let holds = |path: &Path| {
        let bytes = std::fs::read(path).unwrap();
        String::from_utf8_lossy(&bytes).contains(word) || path.to_string_lossy().contains(word)
    };
    paths
        .map(|path| {
            if path.is_dir() {
                files_with(&path, word)
            } else {
                usize::from(holds(&path))
            }
        })
        .sum()
}

async fn staff(test: &TestApp, role: Role) -> Uuid {
    test.add(&format!("{}@company.example", role.id()), role).await;
    let all = people::all(&test.app.db).await.unwrap();
    all.iter().find(|person| person.role == role).unwrap().id
}

async fn ended(test: &TestApp, job: &hiring::Job, name: &str, kept: Duration) -> Uuid {
    let (id, _) = hiring::application(test, job, name).await;
    let mut tx = test.app.db.begin().await.unwrap();
    let held = hiring::held(&mut tx, id).await;
    placing::end(&mut tx, &held, ApplicationState::Rejected, "no", test.app.now())
        .await
        .unwrap();
    tx.execute(fixture::KEEP, args![id, test.app.now().plus(kept)])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    id
}

async fn is_there(test: &TestApp, id: Uuid) -> bool {
    applications::find(&test.app.db, id).await.unwrap().is_some()
}

crate::on_both! {
    async fn every_table_says_whose_it_is(test) {
        let schema: BTreeSet<String> = test.app.db.schema().await.unwrap().into_iter().map(|c| c.table).collect();
        let personal = PERSONAL.iter().map(|personal| personal.table.to_owned());
        let named: BTreeSet<String> = personal.chain(COMPANYS.iter().map(|table| (*table).to_owned())).collect();
        // A table that is missing here: write into src/privacy/tables.rs whose rows it has.
        assert_eq!(schema, named);
        assert_eq!(schema, portable::tables(portable::version()).into_iter().map(str::to_owned).collect());
        for personal in PERSONAL {
            for statement in [personal.read, personal.erase, personal.count] {
                test.app.db.prepare(statement).await.unwrap_or_else(|e| panic!("{statement:?}: {e}"));
            }
        }
    }

    async fn nothing_is_left_of_whoever_is_erased(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let application = fully_used(&test, &job, MARK).await;
        let other = fully_used(&test, &job, "stayer").await;
        // The fixture has a row in every table: whoever adds a table adds one to it.
        let mut tx = test.app.db.begin().await.unwrap();
        let roots = store::roots(&mut tx, application.id).await.unwrap();
        for personal in PERSONAL {
            let root = roots.of(personal.of)[0];
            let row = tx.optional(personal.count, args![root]).await.unwrap().unwrap();
            assert!(row.get::<i64>("n").unwrap() > 0, "the test has nothing in {personal:?}");
        }
        tx.rollback().await.unwrap();
        assert_eq!(roots.of(Of::Submission).len(), 1);
        let files = test.app.config.data.join("files");
        assert!(found(&test, &[MARK]).await.len() > 20);
        let stays = found(&test, &["stayer"]).await;
        assert_eq!(files_with(&files, MARK), 2);

        let by = staff(&test, Role::Recruiter).await;
        let certificate = erasing::erase(&test.app, application.id, Cause::Request, Some(by)).await.unwrap();
        let traces = [MARK, &application.link, "999 000 123"];
        // The telephone of the other one is the same.
        let left: Vec<_> = found(&test, &traces).await.into_iter().filter(|line| !stays.contains(line) && !line.contains("999 000 123")).collect();
        assert_eq!(left, Vec::<String>::new());
        assert_eq!(files_with(&files, MARK), 0);
        assert_eq!(files_with(&files, "stayer"), 2);
        assert_eq!(found(&test, &["stayer"]).await, stays);
        assert!(is_there(&test, other.id).await);
        // Only the log and the certificate know the id.
        for line in found(&test, &[&application.id.to_string()]).await {
            assert!(line.starts_with("audit_log.subject") || line.starts_with("erasures.application_id"), "{line}");
        }

        let certificate = store::find(&test.app.db, certificate).await.unwrap().unwrap();
        assert_eq!((certificate.subject, certificate.by), (application.id, Some(by)));
        assert!(certificate.words().contains(&("mails", 3)), "{:?}", certificate.words());
        assert!(certificate.words().contains(&("files", 2)) && certificate.words().contains(&("coding tests", 1)));
        // Once more comes to the same.
        assert_eq!(erasing::erase(&test.app, application.id, Cause::Decision, None).await.unwrap(), certificate.id);
        assert_eq!(store::find(&test.app.db, certificate.id).await.unwrap().unwrap(), certificate);
    }

    async fn an_erasure_that_was_cut_off_is_finished_by_the_queue(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let application = fully_used(&test, &job, MARK).await;
        let certificate = erasing::begin(&test.app, application.id, Cause::Request, None).await.unwrap();
        test.run_jobs().await;
        assert!(is_there(&test, application.id).await, "whoever began it has a minute");
        // The server died after the files.
        test.app.files.delete_all(&drafting::folder(application.id)).await.unwrap();
        test.pass(Duration::from_secs(61));
        test.run_jobs().await;
        assert!(!is_there(&test, application.id).await);
        let certificate = store::find(&test.app.db, certificate).await.unwrap().unwrap();
        assert!(certificate.erased_at.is_some());
        assert!(test.app.db.all(fixture::QUEUE, args!["erase %"]).await.unwrap().is_empty());
    }

    async fn a_certificate_that_was_changed_or_removed_is_found(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let id = ended(&test, &job, "Candidate 1", DAY).await;
        erasing::erase(&test.app, id, Cause::Decision, None).await.unwrap();
        let db = &test.app.db;
        let flaw = || async { halfopen::audit::verify(db).await.unwrap().err() };
        assert_eq!(flaw().await, None);
        crate::audit::attack(db, "UPDATE erasures SET cause = 'request'").await.unwrap();
        assert!(matches!(flaw().await, Some(halfopen::audit::Flaw::Certificate(_))));
        crate::audit::attack(db, "UPDATE erasures SET cause = 'decision'").await.unwrap();
        assert_eq!(flaw().await, None);
        crate::audit::attack(db, "CREATE TABLE erasures_copy AS SELECT * FROM erasures; DELETE FROM erasures").await.unwrap();
        assert!(matches!(flaw().await, Some(halfopen::audit::Flaw::Certificate(_))));
        crate::audit::attack(db, "INSERT INTO erasures SELECT * FROM erasures_copy; DROP TABLE erasures_copy").await.unwrap();
    }

    async fn what_was_merged_goes_with_it(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let (kept, _) = hiring::application(&test, &job, "Candidate 1").await;
        let (duplicate, _) = hiring::application(&test, &job, "Candidate 2").await;
        let mut tx = test.app.db.begin().await.unwrap();
        let held = hiring::held(&mut tx, duplicate).await;
        placing::merge(&mut tx, &held, kept, test.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        erasing::erase(&test.app, kept, Cause::Decision, None).await.unwrap();
        assert!(!is_there(&test, kept).await && !is_there(&test, duplicate).await);
        assert_eq!(store::list(&test.app.db, None, 10).await.unwrap().len(), 2);
    }

    async fn what_has_ended_goes_when_its_period_ends_and_the_rest_waits_for_a_person(test) {
        let job = hiring::job(&test, "Integration Developer", 0).await;
        let mut gone = Vec::new();
        for n in 0..60 {
            gone.push(ended(&test, &job, &format!("Candidate {n}"), DAY * 10).await);
        }
        let later = ended(&test, &job, "Later Example", DAY * 20).await;
        let (under_way, _) = hiring::application(&test, &job, "Active Example").await;
        let mut tx = test.app.db.begin().await.unwrap();
        tx.execute(fixture::KEEP, args![under_way, test.app.now().plus(DAY)]).await.unwrap();
        tx.commit().await.unwrap();
        retention::ensure(&test.app).await.unwrap();
        retention::ensure(&test.app).await.unwrap();
        test.run_jobs().await;
        assert!(is_there(&test, gone[0]).await);
        for _ in 0..11 {
            test.pass(DAY);
            test.run_jobs().await;
        }
        for id in gone {
            assert!(!is_there(&test, id).await);
        }
        assert!(is_there(&test, later).await && is_there(&test, under_way).await);
        let overdue = store::overdue(&test.app.db, test.app.now(), 10).await.unwrap();
        assert_eq!(overdue.iter().map(|line| line.id).collect::<Vec<_>>(), [under_way]);
        assert_eq!(test.app.db.all(fixture::QUEUE, args!["retain %"]).await.unwrap().len(), 1);
        let newest = store::list(&test.app.db, None, 1).await.unwrap().remove(0);
        assert_eq!((newest.cause, newest.by), (Cause::Period, None));
    }
}

/// A coding test that belongs to no application; it has ended.
async fn loose_test(test: &TestApp, mark: &str, email: &str) -> Uuid {
    let app = &test.app;
    let by = staff(test, Role::Recruiter).await;
    let new = NewAssessment {
        id: app.new_id(),
        candidate: format!("{mark} Person"),
        email: email.into(),
        challenge: TEST.into(),
        variant: Variant::WithAi,
        minutes: 60,
        extra_percent: 100,
        deadline: app.now().plus(DAY),
        shared: false,
        link: format!("{mark}{}", app.new_id()),
        invited_by: by,
        form_token: app.new_id(),
    };
    let program = app.new_id();
    let mut tx = app.db.begin().await.unwrap();
    assessments::add(&mut tx, &new, app.now()).await.unwrap();
    tx.execute(fixture::ADD_PROGRAM, args![program, mark, mark.as_bytes(), by])
        .await
        .unwrap();
    assessments::submit(&mut tx, new.id, app.now(), program).await.unwrap();
    tx.execute(fixture::ADD_RUN, args![app.new_id(), new.id, mark.as_bytes(), mark])
        .await
        .unwrap();
    tx.execute(fixture::ADD_LOG, args![app.new_id(), new.id, mark])
        .await
        .unwrap();
    let letter = halfopen::mail::Letter {
        event: Event::Invitation,
        to_name: mark.into(),
        to_address: email.into(),
        about: new.id,
        sender: "Somebody".into(),
        values: vec![("link", new.link)],
    };
    halfopen::mail::queue(&mut tx, app, &letter).await.unwrap();
    tx.commit().await.unwrap();
    new.id
}

async fn has_test(test: &TestApp, id: Uuid) -> bool {
    assessments::find(&test.app.db, id).await.unwrap().is_some()
}

mod coding_tests {
    use super::*;
    use std::io::Read as _;

    crate::on_both! {
        async fn without_an_application_go_when_their_period_ends(test) {
            let old = loose_test(&test, MARK, "zyx@mail.example").await;
            retention::ensure(&test.app).await.unwrap();
            test.pass(DAY * 170);
            let young = loose_test(&test, "stayer", "stayer@mail.example").await;
            test.run_jobs().await;
            assert!(has_test(&test, old).await);
            let mut recruiter = test.recruiter().await;
            let page = "/privacy/coding-tests";
            recruiter.open("/privacy").await.sees("Kept for 6 months");
            recruiter.open(page).await.sees("Now 6 months").sees("zyxmarker Person");
            recruiter.open(&format!("{page}?months=5")).await.sees("One test would be erased with the next run");
            for wrong in ["0", "121", "many", ""] {
                recruiter.get(&format!("{page}?months={wrong}")).await;
                assert_eq!(recruiter.status, 422, "{wrong}");
                recruiter.post(page, &[("months", wrong)]).await;
                assert_eq!(recruiter.status, 422, "{wrong}");
            }
            recruiter.open(&format!("{page}?months=5")).await;
            recruiter.submit(page, &[]).await;
            recruiter.follow().await.sees("kept for 5 months.").sees("Now 5 months");
            test.pass(DAY);
            test.run_jobs().await;
            assert!(!has_test(&test, old).await && has_test(&test, young).await);
            assert_eq!(found(&test, &[MARK]).await, Vec::<String>::new());
            assert!(found(&test, &["stayer"]).await.len() > 5);
            let certificate = store::list(&test.app.db, None, 5).await.unwrap().remove(0);
            assert_eq!((certificate.subject, certificate.cause, certificate.by), (old, Cause::Period, None));
            let mut recruiter = test.recruiter().await;
            recruiter.open(&certificate.url()).await.sees("a coding test that was given without an application").sees("Audit log");
            let mut administrator = test.administrator().await;
            administrator.open("/audit").await.sees("Retention changed").sees("Coding test erased");
            assert!(administrator.body.contains(&certificate.url()));
            let flaw = || async { halfopen::audit::verify(&test.app.db).await.unwrap().err() };
            assert_eq!(flaw().await, None);
            crate::audit::attack(&test.app.db, "UPDATE test_erasures SET cause = 'decision'").await.unwrap();
            assert!(matches!(flaw().await, Some(halfopen::audit::Flaw::Certificate(_))));
            crate::audit::attack(&test.app.db, "UPDATE test_erasures SET cause = 'period'").await.unwrap();
        }

        async fn go_with_the_person_and_are_handed_out_with_them(test) {
            let job = hiring::job(&test, "Integration Developer", 0).await;
            let (id, _) = hiring::application(&test, &job, "Robin Example").await;
            let email = applications::find(&test.app.db, id).await.unwrap().unwrap().email;
            let first = loose_test(&test, MARK, &email.to_uppercase()).await;
            let second = loose_test(&test, MARK, &email).await;
            // An address that ends alike is somebody else's.
            let other = loose_test(&test, "stayer", &format!("{email}.other")).await;
            let mut recruiter = test.recruiter().await;
            for from in [format!("/applications/{id}/exports"), format!("/assessments/{first}/exports")] {
                recruiter.post(&from, &[]).await;
                assert_eq!(recruiter.status, 200, "{from}: {}", recruiter.body);
                let mut archive = zip::ZipArchive::new(std::io::Cursor::new(recruiter.bytes.clone())).unwrap();
                let mut data = String::new();
                archive.by_name("data.json").unwrap().read_to_string(&mut data).unwrap();
                let read: serde_json::Value = serde_json::from_str(&data).unwrap();
                assert_eq!(read.as_array().unwrap().len(), 3, "{data}");
                assert!(data.contains(MARK) && !data.contains("stayer"));
            }
            recruiter.open(&format!("/applications/{id}/erasure")).await.sees("2 coding tests that went to the same address");
            erasing::erase(&test.app, id, Cause::Request, None).await.unwrap();
            assert!(!has_test(&test, first).await && !has_test(&test, second).await && has_test(&test, other).await);
            assert_eq!(found(&test, &[MARK, "Robin Example"]).await, Vec::<String>::new());
            assert_eq!(store::list(&test.app.db, None, 9).await.unwrap().len(), 3);
        }

        async fn are_erased_from_their_own_page(test) {
            let first = loose_test(&test, MARK, "zyx@mail.example").await;
            let second = loose_test(&test, MARK, "ZYX@mail.example").await;
            let mut recruiter = test.recruiter().await;
            let page = format!("/assessments/{first}/erasure");
            recruiter.open(&page).await.sees("Another test that went to the same address");
            recruiter.submit(&page, &[("word", "delete")]).await;
            assert_eq!(recruiter.status, 422);
            recruiter.sees("Nothing was erased.");
            let form = recruiter.form(&page);
            recruiter.send_form(&form, &[("word", "erase")], None).await;
            recruiter.follow().await.sees("Certificate of erasure").sees("Somebody of the staff decided so").sees("Programs and runs");
            let certificate = recruiter.path.clone();
            recruiter.send_form(&form, &[("word", "erase")], None).await;
            assert_eq!(recruiter.location(), certificate);
            assert!(!has_test(&test, first).await && !has_test(&test, second).await);
            assert_eq!(found(&test, &[MARK]).await, Vec::<String>::new());
            // A test of an application goes with that.
            let job = hiring::job(&test, "Integration Developer", 0).await;
            let application = fully_used(&test, &job, MARK).await;
            let given = applications::assessments(&test.app.db, application.id).await.unwrap()[0];
            recruiter.get(&format!("/assessments/{given}/erasure")).await;
            assert_eq!(recruiter.location(), format!("/applications/{}/erasure", application.id));
            recruiter.post(&format!("/assessments/{given}/erasure"), &[("word", "erase")]).await;
            assert!(has_test(&test, given).await);
        }
    }
}

mod pages {
    use super::*;
    use std::io::Read as _;

    crate::on_both! {
        async fn a_recruiter_erases_with_a_word_and_the_candidate_reads_of_it(test) {
            let job = hiring::job(&test, "Integration Developer", 0).await;
            let (id, link) = hiring::application(&test, &job, "Robin Example").await;
            let mut candidate = test.stranger();
            let erasure = format!("/application/{link}/erasure");
            candidate.open(&erasure).await;
            candidate.submit(&erasure, &[]).await;
            let mut recruiter = test.recruiter().await;
            recruiter.open("/privacy").await.sees("Robin Example").sees("20 Dec 2026");
            let page = format!("/applications/{id}/erasure");
            recruiter.open(&format!("/applications/{id}")).await.sees("Erase…");
            recruiter.open(&page).await.sees("What goes").sees("What stays");
            recruiter.submit(&page, &[("word", "delete")]).await;
            assert_eq!(recruiter.status, 422);
            recruiter.sees("Nothing was erased.");
            let form = recruiter.form(&page);
            recruiter.send_form(&form, &[("word", " Erase ")], None).await;
            recruiter.follow().await.sees("Certificate of erasure").sees("The candidate asked for it").sees("Test Recruiter");
            let certificate = recruiter.path.clone();
            // A double click, and the page of whoever is gone.
            recruiter.send_form(&form, &[("word", "erase")], None).await;
            assert_eq!(recruiter.location(), certificate);
            recruiter.get(&format!("/applications/{id}")).await;
            assert_eq!(recruiter.status, 404);
            recruiter.open("/privacy").await.sees("Nobody waits.");
            test.interviewer().await.open(&certificate).await.sees("Certificate of erasure");
            candidate.get(&format!("/application/{link}")).await;
            assert_eq!(candidate.status, 404);
            candidate.sees("Your application was erased").sees("20 Nov 2026");
            candidate.get("/application/0000000000000000000000").await.sees("leads nowhere");
            let mut administrator = test.administrator().await;
            administrator.open("/audit").await.sees("Application erased").sees("Test Recruiter");
            assert!(administrator.body.contains(&certificate));
            administrator.open(&format!("/audit?subject=application%20{id}")).await.sees("Erasure asked for").sees("A candidate");
            assert!(!administrator.text().contains("Robin"));
            administrator.open("/audit?actor=halfopen").await.sees("Account made");
            administrator.open("/audit?before=2").await;
        }

        async fn a_period_is_previewed_before_it_is_set(test) {
            let job = hiring::job(&test, "Integration Developer", 0).await;
            let gone = ended(&test, &job, "Robin Example", DAY * 20).await;
            let (active, _) = hiring::application(&test, &job, "Active Example").await;
            test.pass(DAY * 40);
            let mut recruiter = test.recruiter().await;
            let page = format!("/openings/{}/retention", job.id);
            recruiter.open(&page).await.sees("Now 6 months").sees("Robin Example");
            recruiter.open(&format!("{page}?months=1")).await.sees("One application would be erased with the next run");
            assert!(is_there(&test, gone).await);
            for wrong in ["0", "121", "many", ""] {
                recruiter.get(&format!("{page}?months={wrong}")).await;
                assert_eq!(recruiter.status, 422, "{wrong}");
                recruiter.post(&page, &[("months", wrong)]).await;
                assert_eq!(recruiter.status, 422, "{wrong}");
            }
            recruiter.open(&format!("{page}?months=1")).await;
            recruiter.submit(&page, &[]).await;
            recruiter.follow().await.sees("kept for 1 month.");
            retention::ensure(&test.app).await.unwrap();
            test.run_jobs().await;
            assert!(!is_there(&test, gone).await && is_there(&test, active).await);
            recruiter.open("/privacy").await.sees("Past their period, still under way").sees("Active Example");
            let mut administrator = test.administrator().await;
            administrator.open("/audit").await.sees("Retention changed").sees("1 month");
        }

        async fn the_form_of_a_job_sets_the_period_of_those_who_are_there(test) {
            let job = hiring::job(&test, "Integration Developer", 0).await;
            let (id, _) = hiring::application(&test, &job, "Robin Example").await;
            let sent = test.app.now();
            let kept = async |months| {
                let current = applications::find(&test.app.db, id).await.unwrap().unwrap();
                assert_eq!(current.keep_until, Some(drafting::months_after(sent, months)));
            };
            let mut recruiter = test.recruiter().await;
            let page = format!("/openings/{}", job.id);
            let form = format!("{page}/edit");
            recruiter.open(&form).await;
            recruiter.submit(&form, &[("keep_months", "36")]).await;
            assert_eq!(recruiter.location(), page, "{}", recruiter.body);
            kept(36).await;
            recruiter.open(&form).await;
            recruiter.submit(&form, &[("keep_months", "12")]).await;
            kept(12).await;
            test.administrator().await.open("/audit").await.sees("Retention changed").sees("12 months");
            // What would erase somebody at once is confirmed where one sees whom.
            test.pass(DAY * 100);
            let mut tx = test.app.db.begin().await.unwrap();
            let held = hiring::held(&mut tx, id).await;
            placing::end(&mut tx, &held, ApplicationState::Rejected, "no", test.app.now()).await.unwrap();
            tx.commit().await.unwrap();
            let mut recruiter = test.recruiter().await;
            recruiter.open(&form).await;
            recruiter.submit(&form, &[("keep_months", "2"), ("place", "Elsewhere")]).await;
            recruiter.follow().await.sees("The rest is saved").sees("One application would be erased with the next run");
            kept(12).await;
            recruiter.submit(&format!("{page}/retention"), &[]).await;
            recruiter.follow().await.sees("kept for 2 months.");
            kept(2).await;
            recruiter.open(&page).await.sees("Elsewhere");
        }

        async fn everything_about_a_person_is_handed_out(test) {
            let job = hiring::job(&test, "Integration Developer", 0).await;
            let application = fully_used(&test, &job, MARK).await;
            fully_used(&test, &job, "stayer").await;
            let other = hiring::job(&test, "Another Job", 0).await;
            let (second, _) = hiring::application(&test, &other, "Zyxmarker").await;
            assert_eq!(applications::find(&test.app.db, second).await.unwrap().unwrap().email, application.email);
            let mut recruiter = test.recruiter().await;
            recruiter.post(&format!("/applications/{}/exports", application.id), &[]).await;
            assert_eq!(recruiter.status, 200, "{}", recruiter.body);
            let mut archive = zip::ZipArchive::new(std::io::Cursor::new(recruiter.bytes.clone())).unwrap();
            let mut part = |name: &str| {
                let mut text = String::new();
                archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
                text
            };
            let data = part("data.json");
            let read: serde_json::Value = serde_json::from_str(&data).unwrap();
            assert_eq!(read.as_array().unwrap().len(), 2);
            for personal in PERSONAL {
                assert!(data.contains(&format!("\"{}\"", personal.table)), "{}", personal.table);
            }
            assert!(data.contains("Test Recruiter") && !data.contains("stayer"));
            assert!(part("files/1/resume-zyxmarker.txt").contains(MARK));
            assert!(part("files/1/attached-1-zyxmarker paper.txt").contains("Noted on paper"));
            let page = part("index.html");
            assert!(page.contains("Another Job") && page.contains("999 000 123"), "{page}");
            let mut administrator = test.administrator().await;
            administrator.open("/audit").await.sees("Personal data exported");
            assert_eq!(std::fs::read_dir(&test.app.config.data).unwrap().filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("export-")).count(), 0);
        }
    }
}
