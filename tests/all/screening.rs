//! Reading résumés: blind to one another, without names where that is asked, decided with a preview and a way back.

use std::time::Duration;

use halfopen::args;
use halfopen::clock::Timestamp;
use halfopen::files::Kind;
use halfopen::hiring::applications::{Document, FileText, Part, placing, store as applications};
use halfopen::hiring::screening::{Outcome, Proposal, queue, store, veil};
use halfopen::hiring::{Application, ApplicationState};
use halfopen::people::{Role, Staff, store as people};
use uuid::Uuid;

use crate::support::hiring::{self, Job, held};
use crate::support::{Browser, TestApp, html};

mod probes {
    halfopen::statements! {
        JOIN = "INSERT INTO opening_team (opening_id, staff_id) SELECT $1, id FROM staff WHERE email = $2";
        MAILS = "SELECT event, recipient, state FROM mails ORDER BY recipient";
        CONTACT = "UPDATE applications SET phone = '+351 912 345 678' WHERE id = $1";
        RETRACTED = "SELECT withdrawn_why FROM screenings WHERE withdrawn_at IS NOT NULL";
    }
    pub const TEAM: halfopen::db::Statement = JOIN;
    pub const ALL_MAILS: halfopen::db::Statement = MAILS;
    pub const PHONE: halfopen::db::Statement = CONTACT;
    pub const WITHDRAWN: halfopen::db::Statement = RETRACTED;
}

const CRITERIA: usize = 8;
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3_600);

const SECRET: &str = "a quote that nobody sees before";

struct House {
    job: Job,
    recruiter: Browser,
    interviewer: Browser,
    manager: Browser,
}

impl House {
    async fn new(test: &TestApp) -> House {
        let job = hiring::job(test, "Integration Developer", 0).await;
        let house = House {
            recruiter: test.recruiter().await,
            interviewer: test.interviewer().await,
            manager: test.signed_in(Role::HiringManager).await,
            job,
        };
        let mut tx = test.app.db.begin().await.unwrap();
        for email in ["interviewer@company.example", "hiring_manager@company.example"] {
            tx.execute(probes::TEAM, args![house.job.id, email]).await.unwrap();
        }
        tx.commit().await.unwrap();
        house
    }

    fn url(&self, rest: &str) -> String {
        format!("/openings/{}/screening{rest}", self.job.id)
    }

    async fn set(&mut self, readers: &str, anonymised: bool, rule: (&str, &str)) {
        let url = self.url("/settings");
        self.recruiter.open(&url).await;
        let mut fields = vec![
            ("readers", readers),
            ("advance_from", rule.0),
            ("archive_below", rule.1),
        ];
        if anonymised {
            fields.push(("anonymised", "yes"));
        }
        self.recruiter.submit(&url, &fields).await;
        self.recruiter.follow().await.sees("Saved.");
    }
}

/// With a résumé that was read.
async fn candidate(test: &TestApp, job: &Job, name: &str, resume: &str) -> Uuid {
    test.pass(MINUTE);
    let app = &test.app;
    let (id, _) = hiring::application(test, job, name).await;
    let file = Document {
        id: app.new_id(),
        application: id,
        part: Part::Resume,
        name: format!("{name}.txt"),
        kind: Kind::Text,
        size: 4,
        sha256: "0".repeat(64),
        put_at: app.now(),
        text: FileText::Waiting,
    };
    let mut tx = app.db.begin().await.unwrap();
    applications::add_file(&mut tx, &file).await.unwrap();
    applications::set_text(&mut tx, file.id, "read", Some(resume))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    id
}

async fn current(test: &TestApp, id: Uuid) -> Application {
    applications::find(&test.app.db, id).await.unwrap().unwrap()
}

async fn outcome(test: &TestApp, id: Uuid) -> Option<Outcome> {
    store::result(&test.app.db, id).await.unwrap()
}

async fn staff(test: &TestApp, role: Role) -> Staff {
    let all = people::all(&test.app.db).await.unwrap();
    all.into_iter().find(|person| person.role == role).unwrap()
}

fn answers(scores: &[u8], words: &str) -> Vec<(String, String)> {
    let pairs = scores.iter().enumerate();
    pairs
        .flat_map(|(at, score)| {
            [
                (format!("score-{at}"), score.to_string()),
                (format!("words-{at}"), format!("{words} {at}")),
            ]
        })
        .collect()
}

impl Browser {
    /// Begins to read from the page of the application; ends on the page where it is read.
    async fn begin(&mut self, id: Uuid) -> String {
        self.post(&format!("/applications/{id}/screening"), &[]).await;
        self.follow().await;
        self.path.clone()
    }

    async fn send_marks(&mut self, intent: &str, scores: &[u8], words: &str) -> &mut Browser {
        let action = format!("{}/draft", self.path);
        let typed = answers(scores, words);
        let mut fields: Vec<(&str, &str)> = typed
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        fields.push(("intent", intent));
        self.submit(&action, &fields).await
    }

    /// Reads an application from the first look to the submission.
    async fn reads(&mut self, id: Uuid, scores: &[u8]) -> String {
        let path = self.begin(id).await;
        self.send_marks("submit", scores, SECRET).await;
        assert_eq!(self.status, 303, "{}", self.body);
        path
    }
}

async fn mails(test: &TestApp) -> Vec<(String, String)> {
    let rows = test.app.db.all(probes::ALL_MAILS, args![]).await.unwrap();
    rows.iter()
        .map(|row| (row.get("event").unwrap(), row.get("state").unwrap()))
        .collect()
}

crate::on_both! {
    async fn two_readers_are_blind_until_both_have_submitted(test) {
        let mut house = House::new(&test).await;
        let id = candidate(&test, &house.job, "Candidate 3", "Ten years of integrations").await;
        let page = format!("/applications/{id}");
        house.interviewer.open(&page).await.sees("Nobody has read it yet").sees("2 readers are needed");
        let reading = house.interviewer.reads(id, &[2, 2, 2, 2, 2, 2, 2, 0]).await;
        house.interviewer.follow().await.sees("Submitted. Nothing else waits for you here.");

        // Nobody else sees what was given, whatever they open and whoever they are.
        let mut administrator = test.administrator().await;
        let others = [&mut administrator, &mut house.recruiter, &mut house.manager];
        for browser in others {
            browser.open(&page).await.sees("Test Interviewer submitted").sees("One more reader is needed");
            assert!(!browser.body.contains(SECRET));
            browser.open(&format!("{page}/screening")).await;
            assert!(!browser.body.contains(SECRET) && !browser.body.contains("Mean"));
            browser.get(&reading).await;
            assert_eq!(browser.status, 404, "somebody else's reading");
            browser.post(&format!("{reading}/draft"), &[("intent", "save")]).await;
            assert_eq!(browser.status, 404);
            browser.post(&format!("{reading}/withdrawal"), &[("why", "x")]).await;
            assert_eq!(browser.status, 404);
            browser.open(&house.job.url("/screening")).await;
            assert!(!browser.body.contains("Candidate 3") && !browser.body.contains(SECRET));
            browser.open(&house.job.url("/screening/queue")).await;
            assert!(!browser.body.contains(SECRET));
            browser.begin(id).await;
            assert!(!browser.body.contains(SECRET), "not while reading, either");
        }
        // The one who has submitted sees their own alone, and cannot change it.
        house.interviewer.open(&reading).await.sees(SECRET).sees("One more reader is needed");
        house.interviewer.post(&format!("{reading}/draft"), &[("intent", "autosave"), ("revision", "1"), ("score-0", "0")]).await;
        assert_eq!(house.interviewer.status, 409);
        assert_eq!(outcome(&test, id).await, None);

        house.recruiter.reads(id, &[2, 2, 2, 3, 1, 2, 2, 2]).await;
        let result = outcome(&test, id).await.unwrap();
        assert_eq!((result.mean, result.pairs, result.near, result.disagreements), (188, 8, 7, 2));
        assert_eq!(result.proposal, Proposal::Advance);
        for browser in [&mut administrator, &mut house.recruiter, &mut house.manager, &mut house.interviewer] {
            browser.open(&format!("{page}/screening")).await.sees("1.88").sees("They disagree").sees(SECRET);
            browser.open(&page).await.sees("Advance is proposed");
        }
        house.interviewer.sees("88 % of their scores within a step");
        // Whoever was third keeps what they wrote, and it counts for nothing.
        let late = house.manager.begin(id).await;
        house.manager.open(&late).await.sees("It needs no more readers");
        house.manager.post(&format!("{late}/draft"), &[("intent", "submit"), ("revision", "0")]).await;
        assert_ne!(house.manager.status, 500);
        assert_eq!(outcome(&test, id).await, Some(result));
        let agreement = store::agreement(&test.app.db, house.job.id).await.unwrap();
        assert_eq!((agreement.n(), agreement.percent_equal()), (8, 63));
        house.recruiter.open(&house.url("")).await.sees("How well readers agree").sees("fewer than 50");
    }

    async fn a_reading_is_complete_or_comes_back_with_what_was_typed(test) {
        let mut house = House::new(&test).await;
        let id = candidate(&test, &house.job, "Candidate 3", "text").await;
        let path = house.interviewer.begin(id).await;
        house.interviewer.send_marks("submit", &[2, 3], "kept").await;
        assert_eq!(house.interviewer.status, 422);
        house.interviewer.sees("12 answers need another look").sees("Choose one of the four").sees("kept 1");
        // What is refused is saved all the same.
        house.interviewer.open(&path).await.sees("kept 1").sees("2 of 8 criteria ready");
        house.interviewer.send_marks("save", &[2, 3, 1], "more").await;
        house.interviewer.follow().await.sees("Saved as a draft").sees("more 2").sees("3 of 8 criteria ready");
        house.interviewer.open(&house.job.url("/screening/queue")).await.sees("Begun").sees("Candidate 3");
        assert!(store::of_application(&test.app.db, id).await.unwrap()[0].submitted_at.is_none());
    }

    async fn two_windows_do_not_overwrite_each_other(test) {
        let mut house = House::new(&test).await;
        let id = candidate(&test, &house.job, "Candidate 3", "text").await;
        let path = house.interviewer.begin(id).await;
        let draft = format!("{path}/draft");
        let save = |revision: &'static str, words: &'static str| {
            [("intent", "autosave"), ("revision", revision), ("score-0", "2"), ("words-0", words)]
        };
        house.interviewer.post(&draft, &save("0", "first window")).await;
        assert_eq!(house.interviewer.status, 200);
        assert!(house.interviewer.body.contains("\"revision\":1"), "{}", house.interviewer.body);
        // A page that is left sends once more what was saved already: this is nobody else's change.
        house.interviewer.post(&draft, &save("0", "first window")).await;
        assert_eq!(house.interviewer.status, 200);
        assert!(house.interviewer.body.contains("\"revision\":1"), "{}", house.interviewer.body);
        house.interviewer.post(&draft, &save("0", "second window")).await;
        assert_eq!(house.interviewer.status, 409);
        let by_hand = [("intent", "save"), ("revision", "0"), ("score-0", "1"), ("words-0", "second window")];
        house.interviewer.post(&draft, &by_hand).await;
        assert_eq!(house.interviewer.status, 409);
        house.interviewer.sees("changed in another window").sees("second window");
        let mut whole = answers(&[2; CRITERIA], "from an old window");
        whole.extend([("intent".into(), "submit".into()), ("revision".into(), "0".into())]);
        let whole: Vec<(&str, &str)> = whole.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        house.interviewer.post(&draft, &whole).await;
        assert_eq!(house.interviewer.status, 409, "{}", house.interviewer.body);
        assert!(store::of_application(&test.app.db, id).await.unwrap()[0].submitted_at.is_none());
        house.interviewer.open(&path).await.sees("first window");
        // What was overtaken by a page that was left and held the same is submitted; sent twice, it is submitted once.
        for (intent, status) in [("autosave", 200), ("submit", 303)] {
            let mut mine = answers(&[2; CRITERIA], "mine");
            mine.extend([("intent".into(), intent.into()), ("revision".into(), "1".into())]);
            let mine: Vec<(&str, &str)> = mine.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            house.interviewer.post(&draft, &mine).await;
            assert_eq!(house.interviewer.status, status, "{}", house.interviewer.body);
        }
        house.interviewer.post(&draft, &whole).await;
        assert_eq!(house.interviewer.status, 303);
        house.interviewer.open(&path).await.sees("mine 0");
        assert!(!house.interviewer.body.contains("from an old window"));
        let events = applications::events(&test.app.db, id).await.unwrap();
        assert_eq!(events.iter().filter(|event| event.what == "Résumé read").count(), 1);
    }

    async fn what_is_submitted_can_be_taken_back_until_the_other_has_submitted(test) {
        let mut house = House::new(&test).await;
        let id = candidate(&test, &house.job, "Candidate 3", "text").await;
        let path = house.interviewer.reads(id, &[0; CRITERIA]).await;
        let action = format!("{path}/withdrawal");
        house.interviewer.open(&path).await.submit(&action, &[("why", " ")]).await;
        assert_eq!(house.interviewer.status, 422);
        house.interviewer.submit(&action, &[("why", "I mixed up two people")]).await;
        house.interviewer.follow().await.sees("Taken back");
        house.interviewer.open(&path).await.sees("You took this back");
        house.recruiter.reads(id, &[1; CRITERIA]).await;
        assert_eq!(outcome(&test, id).await, None, "what was taken back does not count");
        let again = house.interviewer.begin(id).await;
        assert_ne!(again, path);
        house.interviewer.sees(SECRET);
        house.interviewer.send_marks("submit", &[1; CRITERIA], "anew").await;
        assert_eq!(outcome(&test, id).await.unwrap().mean, 100);
        house.interviewer.post(&format!("{again}/withdrawal"), &[("why", "too late")]).await;
        assert_eq!(house.interviewer.status, 409);
        house.recruiter.open(&format!("/applications/{id}/screening")).await.sees("I mixed up two people");
        let rows = test.app.db.all(probes::WITHDRAWN, args![]).await.unwrap();
        assert_eq!(rows.len(), 1);
    }

    async fn the_queue_holds_what_cleared_the_door_and_needs_a_reader_oldest_first(test) {
        let mut house = House::new(&test).await;
        let mut ids = Vec::new();
        for n in 0..6 {
            ids.push(candidate(&test, &house.job, &format!("Candidate {n}"), &format!("Résumé number {n}")).await);
        }
        let mut tx = test.app.db.begin().await.unwrap();
        let (moved, ended, merged) = (held(&mut tx, ids[1]).await, held(&mut tx, ids[2]).await, held(&mut tx, ids[3]).await);
        placing::move_to(&mut tx, &moved, house.job.stages[3], test.app.now()).await.unwrap();
        placing::end(&mut tx, &ended, ApplicationState::Rejected, "x", test.app.now()).await.unwrap();
        placing::merge(&mut tx, &merged, ids[0], test.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let queue = house.url("/queue");
        test.pass(2 * DAY);
        (house.recruiter, house.interviewer) = (test.recruiter().await, test.interviewer().await);
        house.manager = test.signed_in(Role::HiringManager).await;
        house.interviewer.open(&queue).await.sees("Read the next of 3").sees("the oldest waits for 2 days");
        house.interviewer.submit(&queue, &[]).await;
        house.interviewer.follow().await.sees("Résumé number 0");
        house.interviewer.send_marks("submit", &[1; CRITERIA], "x").await;
        house.interviewer.follow().await.sees("Submitted. This is the next.").sees("Résumé number 4");
        // As many read the first as are needed: a third person is led past it.
        house.recruiter.begin(ids[0]).await;
        house.manager.open(&queue).await.submit(&queue, &[]).await;
        house.manager.follow().await.sees("Résumé number 4");
        // Nobody holds it for ever.
        test.pass(31 * MINUTE);
        house.manager.open(&queue).await.sees("Read the next of 3");
        let manager = staff(&test, Role::HiringManager).await;
        let lines = queue::waiting_for(&test.app, &manager, false, 5).await.unwrap();
        assert_eq!(lines.iter().map(|line| (line.application, line.n)).collect::<Vec<_>>(), [(ids[0], 3)]);
        let administrator = test.administrator().await;
        drop(administrator);
        let other = staff(&test, Role::Administrator).await;
        assert!(queue::waiting_for(&test.app, &other, false, 5).await.unwrap().is_empty(), "of no team");
        assert_eq!(queue::waiting_for(&test.app, &other, true, 5).await.unwrap().len(), 1);
        house.recruiter.get(&format!("/applications/{}", ids[1])).await;
        house.recruiter.post(&format!("/applications/{}/screening", ids[1]), &[]).await;
        assert_eq!(house.recruiter.status, 409, "it has gone on");
    }

    async fn others_than_the_team_find_nothing(test) {
        let mut house = House::new(&test).await;
        let id = candidate(&test, &house.job, "Candidate 3", "text").await;
        let elsewhere = hiring::job(&test, "Another job", 0).await;
        let theirs = candidate(&test, &elsewhere, "Candidate 4", "text").await;
        for path in ["/screening", "/screening/settings", "/screening/queue", "/changes"] {
            house.manager.get(&elsewhere.url(path)).await;
            assert_eq!(house.manager.status, 404, "{path}");
        }
        for path in [elsewhere.url("/screening/queue"), elsewhere.url("/screening/settings"), format!("/applications/{theirs}/screening")] {
            house.manager.post(&path, &[]).await;
            assert_eq!(house.manager.status, 404, "{path}");
        }
        let picked = format!("{theirs}:{}", current(&test, theirs).await.moves);
        let (to, token) = (house.job.stages[2].to_string(), test.app.new_id().to_string());
        let fields = [("act", "move"), ("to", &to), ("pick", &picked), ("form_token", &token)];
        for path in ["/bulk", "/bulk/confirmation", &format!("/changes/{token}/reversal")] {
            house.manager.post(&elsewhere.url(path), &fields).await;
            assert_eq!(house.manager.status, 404, "{path}");
        }
        // Of one's own job, with an application of another.
        for path in ["/bulk", "/bulk/confirmation"] {
            house.manager.post(&house.job.url(path), &fields).await;
            assert!(!house.manager.body.contains("Candidate 4"));
        }
        assert_eq!(current(&test, theirs).await.stage, Some(elsewhere.stages[0]));
        let form = [("what", "archive"), ("reason", "x"), ("moves", "1"), ("form_token", &test.app.new_id().to_string())];
        house.manager.post(&format!("/applications/{theirs}/screening/decision"), &form).await;
        assert_eq!(house.manager.status, 404);
        // Whoever leaves the team loses what they began.
        let path = house.interviewer.begin(id).await;
        let interviewer = staff(&test, Role::Interviewer).await.id.to_string();
        house.recruiter.post(&house.job.url("/team/removal"), &[("staff", &interviewer)]).await;
        house.interviewer.get(&path).await;
        assert_eq!(house.interviewer.status, 404);
    }

    async fn names_are_withheld_until_the_result_is_there(test) {
        let mut house = House::new(&test).await;
        house.set("2", true, ("1.5", "0.75")).await;
        let resume = "ZOË EXAMPLE\nzoe.example@mail.example · github.com/zoe-example · +351 912 345 678\nUniversity of Évora\nBuilt bridges between systems.";
        let id = candidate(&test, &house.job, "Zoë Example", resume).await;
        let mut tx = test.app.db.begin().await.unwrap();
        tx.execute(probes::PHONE, args![id]).await.unwrap();
        tx.commit().await.unwrap();
        let file = applications::files(&test.app.db, id).await.unwrap()[0].id;
        let queue = house.url("/queue");
        // Those who only read see no more than what they read.
        house.interviewer.open(&format!("/applications/{id}")).await.sees("Names are withheld here").misses("Zoë");
        for path in ["/screening", &format!("/files/{file}"), "/videos/1"] {
            house.interviewer.get(&format!("/applications/{id}{path}")).await;
            assert_eq!(house.interviewer.status, 403, "{path}");
            house.interviewer.sees("Names are withheld here");
        }
        for browser in [&mut house.interviewer, &mut house.recruiter] {
            browser.open(&queue).await.submit(&queue, &[]).await;
            browser.follow().await.sees("Built bridges between systems.").sees("[school withheld]");
            let seen = format!("{} {}", browser.path, halfopen::ui::folded(&browser.body));
            for told in ["zoe", "example", "evora", "912", "github.com"] {
                assert!(!seen.contains(told), "{told}: {seen}");
            }
            assert!(!browser.body.contains(&id.to_string()), "no address leads to the name");
            browser.send_marks("save", &[2; CRITERIA], "x").await;
            browser.open(&queue).await.sees(&veil::label(id));
            assert!(!browser.body.contains("Example"));
            browser.get(&format!("/applications/{id}/files/{file}")).await;
            assert_eq!(browser.status, 403);
        }
        house.recruiter.reads(id, &[2; CRITERIA]).await;
        house.interviewer.get(&format!("/applications/{id}/files/{file}")).await;
        assert_eq!(house.interviewer.status, 403);
        let mine = store::of_reader(&test.app.db, id, staff(&test, Role::Interviewer).await.id).await.unwrap().unwrap();
        let reading = format!("/screenings/{}", mine.id);
        house.interviewer.open(&reading).await;
        house.interviewer.send_marks("submit", &[2; CRITERIA], "x").await;
        house.interviewer.follow().await;
        house.interviewer.open(&reading).await.sees("Zoë Example").sees("University of Évora");
        house.interviewer.open(&format!("/applications/{id}/screening")).await.sees("Zoë Example");
        house.interviewer.get(&format!("/applications/{id}/files/{file}")).await;
        assert_ne!(house.interviewer.status, 403);
    }

    async fn another_rule_changes_what_is_proposed_and_not_decided(test) {
        let mut house = House::new(&test).await;
        house.set("1", false, ("1.5", "0.75")).await;
        let mut ids = Vec::new();
        for (n, score) in [0u8, 1, 2].into_iter().enumerate() {
            let id = candidate(&test, &house.job, &format!("Candidate {n}"), "text").await;
            house.interviewer.reads(id, &[score; CRITERIA]).await;
            ids.push(id);
        }
        let proposals = async || {
            let mut all = Vec::new();
            for id in &ids {
                all.push(outcome(&test, *id).await.unwrap().proposal);
            }
            all
        };
        assert_eq!(proposals().await, [Proposal::Archive, Proposal::Discuss, Proposal::Advance]);
        let mut tx = test.app.db.begin().await.unwrap();
        let decided = held(&mut tx, ids[2]).await;
        placing::move_to(&mut tx, &decided, house.job.stages[2], test.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let settings = house.url("/settings");
        for (from, below, said) in [("x", "1", "such as 1.50"), ("1", "2", "Not above"), ("1", "-1", "such as 1.50"), ("4", "0", "such as 1.50")] {
            house.recruiter.open(&settings).await;
            house.recruiter.submit(&settings, &[("advance_from", from), ("archive_below", below)]).await;
            assert_eq!(house.recruiter.status, 422);
            house.recruiter.sees(said);
        }
        house.set("1", false, ("3", "0,00")).await;
        assert_eq!(proposals().await, [Proposal::Discuss, Proposal::Discuss, Proposal::Advance]);
        house.recruiter.open(&house.url("")).await.sees("Discuss").sees("Candidate 1");
        assert!(!house.recruiter.body.contains("Candidate 2"));
        // Fewer readers: what so many have read has a result at once.
        house.set("3", false, ("1", "1")).await;
        let id = candidate(&test, &house.job, "Candidate 7", "text").await;
        house.interviewer.reads(id, &[3; CRITERIA]).await;
        house.manager.reads(id, &[2; CRITERIA]).await;
        assert_eq!(outcome(&test, id).await, None);
        house.set("2", false, ("1", "1")).await;
        assert_eq!(outcome(&test, id).await.unwrap().mean, 250);
    }

    async fn one_is_decided_at_a_time(test) {
        let mut house = House::new(&test).await;
        house.set("1", false, ("1.5", "0.75")).await;
        let id = candidate(&test, &house.job, "Candidate 3", "text").await;
        house.interviewer.reads(id, &[2; CRITERIA]).await;
        let page = format!("/applications/{id}/screening");
        let decision = format!("{page}/decision");
        house.interviewer.open(&page).await;
        assert!(!house.interviewer.body.contains("<button class=\"btn btn-main\" data-once>Advance"), "readers do not decide");
        house.recruiter.open(&page).await;
        let moves = current(&test, id).await.moves.to_string();
        let token = test.app.new_id().to_string();
        let form = [("what", "archive"), ("reason", ""), ("moves", &moves), ("form_token", &token), ("mail", "yes")];
        house.recruiter.post(&decision, &form).await;
        assert_eq!(house.recruiter.status, 422);
        house.recruiter.sees("Write why");
        let stale = [("what", "advance"), ("moves", "77"), ("form_token", &token)];
        house.recruiter.post(&decision, &stale).await;
        house.recruiter.follow().await.sees("Nothing was done: the application has changed since you looked.");
        // Past the other stage in which résumés are read.
        let token = test.app.new_id().to_string();
        let form = [("what", "advance"), ("moves", &moves), ("form_token", &token), ("mail", "yes")];
        for _ in 0..2 {
            house.recruiter.post(&decision, &form).await;
            house.recruiter.follow().await.sees("Moved Candidate 3 to Coding test").sees("The mail leaves at 15:08 UTC").sees("Undo");
        }
        let after = current(&test, id).await;
        assert_eq!(after.stage, Some(house.job.stages[2]));
        assert_eq!(mails(&test).await, [("application_step".to_owned(), "queued".to_owned())]);
        test.run_jobs().await;
        assert_eq!(mails(&test).await[0].1, "queued", "it waits");
        house.recruiter.open(&house.url("")).await.sees("Done in the last 15 minutes").sees("Moved Candidate 3 to Coding test");
        house.recruiter.open(&house.job.url("/changes")).await.sees("Moved Candidate 3 to Coding test").sees("The mail leaves at");
        // Nothing is left to decide, whatever a page of before says; nor was there before it was read.
        let unread = candidate(&test, &house.job, "Candidate 4", "text").await;
        for (id, why) in [(id, "has gone on meanwhile"), (unread, "was not read by enough people")] {
            let (moves, token) = (current(&test, id).await.moves.to_string(), test.app.new_id().to_string());
            let form = [("what", "advance"), ("moves", moves.as_str()), ("form_token", &token)];
            house.recruiter.post(&format!("/applications/{id}/screening/decision"), &form).await;
            house.recruiter.follow().await.sees(&format!("Nothing was done: the application {why}."));
        }
        test.pass(13 * MINUTE);
        test.run_jobs().await;
        assert_eq!(mails(&test).await[0].1, "queued", "as long as it can be undone");
        test.pass(MINUTE);
        test.run_jobs().await;
        assert_eq!(mails(&test).await[0].1, "kept");
        house.recruiter.open(&house.url("")).await;
        assert!(!house.recruiter.body.contains("Undo"));
    }

    async fn many_are_decided_with_a_preview_and_an_undo(test) {
        let mut house = House::new(&test).await;
        house.set("1", false, ("1.5", "0.75")).await;
        let mut ids = Vec::new();
        for n in 0..5 {
            let id = candidate(&test, &house.job, &format!("Candidate {n}"), "text").await;
            house.interviewer.reads(id, &[if n < 4 { 0 } else { 2 }; CRITERIA]).await;
            ids.push(id);
        }
        test.pass(2 * DAY);
        (house.recruiter, house.manager) = (test.recruiter().await, test.signed_in(Role::HiringManager).await);
        house.recruiter.open(&house.url("")).await.sees("Archive").sees("for 2 days");
        let bulk = house.job.url("/bulk");
        let empty = house.recruiter.form(&bulk);
        let hidden = |name: &str| empty.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
        assert_eq!(hidden("to"), Some(house.job.stages[2].to_string()), "past the other stage in which résumés are read");
        house.recruiter.send_form(&empty, &[("act", "archive")], None).await.follow().await.sees("Nobody was chosen");
        assert_eq!(house.recruiter.path, house.url(""));
        let mut form = empty.clone();
        for id in &ids[..4] {
            form.fields.push(("pick".into(), format!("{id}:{}", current(&test, *id).await.moves)));
        }
        // One of them is moved on while the list is looked at.
        let mut tx = test.app.db.begin().await.unwrap();
        let moved = held(&mut tx, ids[3]).await;
        placing::move_to(&mut tx, &moved, house.job.stages[3], test.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        house.recruiter.send_form(&form, &[("act", "archive")], None).await;
        assert_eq!(house.recruiter.status, 200);
        house.recruiter.sees("With 3").sees("score 0.00 of 3; Archive is proposed").sees("Left as they are");
        house.recruiter.sees("Candidate 3 has changed since you looked");
        assert_eq!(current(&test, ids[0]).await.state, ApplicationState::Active, "nothing has happened yet");
        let acts = house.job.url("/bulk/confirmation");
        let mut form = house.recruiter.form(&acts);
        assert!(form.fields.contains(&("mail".into(), "yes".into())), "chosen beforehand");
        house.recruiter.send_form(&form.clone(), &[("reason", "")], None).await;
        assert_eq!(house.recruiter.status, 422);
        house.recruiter.sees("Write why");
        form.fields.retain(|(name, _)| name != "reason");
        let why = [("reason", "Nothing of what we need")];
        // What a candidate would read is seen before it is done.
        let look = html::FoundForm { action: bulk.clone(), ..form.clone() };
        house.recruiter.send_form(&look, &why, None).await.sees("To Candidate 0").sees("End 3");
        let before = current(&test, ids[0]).await;
        let mut place = String::new();
        for _ in 0..2 {
            house.recruiter.send_form(&form, &why, None).await;
            let now = house.recruiter.location();
            assert!(place.is_empty() || place == now, "once");
            place = now;
        }
        house.recruiter.follow().await.sees("Ended 3 applications").sees("3 mails leave at 15:12 UTC");
        assert_eq!(mails(&test).await.len(), 3);
        for id in &ids[..3] {
            assert_eq!(current(&test, *id).await.state, ApplicationState::Rejected);
            house.recruiter.open(&format!("/applications/{id}")).await.sees("Nothing of what we need");
        }
        let left = current(&test, ids[3]).await;
        assert_eq!((left.state, left.stage), (ApplicationState::Active, Some(house.job.stages[3])), "as the preview said");
        // One is opened again by somebody else before it is undone.
        test.pass(5 * MINUTE);
        house.manager.post(&format!("/applications/{}/reopening", ids[1]), &[]).await;
        house.recruiter.open(&place).await;
        let undo = html::forms(&house.recruiter.body).into_iter().find(|form| form.action.ends_with("/reversal")).expect("undo");
        house.recruiter.submit(&undo.action, &[]).await;
        house.recruiter.follow().await.sees("Undone: 2 applications are as they were").sees("Touched since, and left: Candidate 1");
        assert_eq!(house.recruiter.path, house.url(""));
        let after = current(&test, ids[0]).await;
        assert_eq!((after.state, after.stage, after.stage_since), (before.state, before.stage, before.stage_since));
        assert!(mails(&test).await.is_empty(), "of the one that stays, neither: it was opened again");
        house.recruiter.post(&undo.action, &[("back", &house.url(""))]).await;
        house.recruiter.follow().await.sees("Nothing was undone");
        // What was put back is proposed again.
        house.recruiter.open(&house.url("")).await.sees("Candidate 0");
        test.pass(20 * MINUTE);
        test.run_jobs().await;
        assert!(mails(&test).await.is_empty());
    }

    async fn it_is_too_late_to_undo_after_a_quarter_of_an_hour(test) {
        let mut house = House::new(&test).await;
        house.set("1", false, ("1.5", "0.75")).await;
        let id = candidate(&test, &house.job, "Candidate 3", "text").await;
        house.interviewer.reads(id, &[3; CRITERIA]).await;
        let chosen = format!("{id}:{}", current(&test, id).await.moves);
        let (to, token) = (house.job.stages[2].to_string(), test.app.new_id().to_string());
        let fields = [("act", "move"), ("to", &to), ("pick", &chosen), ("form_token", &token), ("back", &house.url(""))];
        house.recruiter.post(&house.job.url("/bulk/confirmation"), &fields).await;
        house.recruiter.follow().await.sees("Moved Candidate 3 to Coding test").misses("The mail leaves");
        let undo = html::forms(&house.recruiter.body).into_iter().find(|form| form.action.ends_with("/reversal")).expect("undo");
        test.pass(15 * MINUTE);
        house.recruiter.submit(&undo.action, &[]).await;
        house.recruiter.follow().await.sees("Nothing was undone").sees("more than 15 minutes ago");
        assert_eq!(current(&test, id).await.stage, Some(house.job.stages[2]));
        assert!(mails(&test).await.is_empty());
        house.recruiter.misses("Done in the last 15 minutes");
    }

    async fn what_readers_found_is_told_to_nobody_before_there_is_a_result(test) {
        let mut house = House::new(&test).await;
        house.set("2", true, ("1.5", "0.75")).await;
        let id = candidate(&test, &house.job, "Zoë Example", "text").await;
        house.interviewer.reads(id, &[2; CRITERIA]).await;
        let fields = [("act", "archive"), ("pick", &id.to_string())];
        let bulk = house.job.url("/bulk");
        house.manager.post(&bulk, &fields).await.sees(&veil::label(id)).misses("Zoë").misses("of 3").misses("is proposed");
        house.manager.reads(id, &[2; CRITERIA]).await;
        house.manager.post(&bulk, &fields).await.sees("Zoë Example").sees("score 2.00 of 3; Advance is proposed");
    }

    async fn disagreements_are_told_until_somebody_decides(test) {
        let mut house = House::new(&test).await;
        let id = candidate(&test, &house.job, "Candidate 3", "text").await;
        house.interviewer.reads(id, &[0; CRITERIA]).await;
        house.recruiter.reads(id, &[3; CRITERIA]).await;
        let manager = staff(&test, Role::HiringManager).await.id;
        let told = store::disagreements(&test.app.db, manager, false, 5).await.unwrap();
        assert_eq!(told.iter().map(|one| (one.application, one.criteria)).collect::<Vec<_>>(), [(id, 8)]);
        assert!(store::disagreements(&test.app.db, Uuid::nil(), false, 5).await.unwrap().is_empty());
        let mut tx = test.app.db.begin().await.unwrap();
        let decided = held(&mut tx, id).await;
        placing::move_to(&mut tx, &decided, house.job.stages[2], Timestamp(test.app.now().0)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(store::disagreements(&test.app.db, manager, true, 5).await.unwrap().is_empty());
    }
}

impl Job {
    fn url(&self, rest: &str) -> String {
        format!("/openings/{}{rest}", self.id)
    }
}
