//! The board and the list of a job: filters, words, views, acts on many, what two people do at once.

use std::sync::Arc;
use std::time::Duration;

use halfopen::hiring::applications::{placing, store as applications};
use halfopen::hiring::pipeline::filter::{Filter, Known};
use halfopen::hiring::pipeline::finding::{self, Order, Scope};
use halfopen::hiring::pipeline::index;
use halfopen::hiring::screening::veil::Veil;
use halfopen::hiring::{Application, ApplicationState, openings};
use halfopen::people::Role;
use uuid::Uuid;

use crate::support::hiring::{self, Job};
use crate::support::post::FakePost;
use crate::support::{Browser, PASSWORD, TestApp, html};

mod statements {
    use halfopen::db::Statement;

    halfopen::statements! {
        FILE = "INSERT INTO application_files (id, application_id, part, name, kind, size, sha256, put_at)
            VALUES ($1, $2, 'resume', 'resume.txt', 'text', 1, 'x', 0)";
        TEAM = "INSERT INTO opening_team (opening_id, staff_id) SELECT $1, id FROM staff WHERE email = $2";
        MAILS = "SELECT event, recipient, subject, body, state FROM mails ORDER BY id";
        FORGET = "DELETE FROM search_words WHERE number > $1";
        FORGET_TEXTS = "DELETE FROM search_texts WHERE number > $1";
    }
    pub const ADD_FILE: Statement = FILE;
    pub const ADD_TO_TEAM: Statement = TEAM;
    pub const ALL_MAILS: Statement = MAILS;
    pub const EMPTY: [Statement; 2] = [FORGET, FORGET_TEXTS];
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl TestApp {
    async fn now(&self, id: Uuid) -> Application {
        applications::find(&self.app.db, id)
            .await
            .unwrap()
            .expect("the application")
    }

    async fn stage_of(&self, id: Uuid) -> Option<Uuid> {
        self.now(id).await.stage
    }

    async fn renamed(&self, id: Uuid, name: &str) {
        let mut tx = self.app.db.begin().await.unwrap();
        let email = self.now(id).await.email;
        applications::set_contact(&mut tx, id, (name, &email, ""), self.app.now())
            .await
            .unwrap();
        index::refresh(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn resume(&self, id: Uuid, text: &str) {
        let file = self.app.new_id();
        let mut tx = self.app.db.begin().await.unwrap();
        tx.execute(statements::ADD_FILE, halfopen::args![file, id])
            .await
            .unwrap();
        applications::set_text(&mut tx, file, "read", Some(text)).await.unwrap();
        index::refresh(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn moved(&self, job: &Job, id: Uuid, stage: usize) {
        let mut tx = self.app.db.begin().await.unwrap();
        let held = hiring::held(&mut tx, id).await;
        placing::move_to(&mut tx, &held, job.stages[stage], self.app.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    async fn ended(&self, id: Uuid, state: ApplicationState) {
        let mut tx = self.app.db.begin().await.unwrap();
        let held = hiring::held(&mut tx, id).await;
        placing::end(&mut tx, &held, state, "", self.app.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Event, recipient, subject, state.
    async fn written(&self) -> Vec<[String; 4]> {
        let rows = self.app.db.all(statements::ALL_MAILS, halfopen::args![]).await.unwrap();
        let line =
            |row: &halfopen::db::Row| ["event", "recipient", "subject", "state"].map(|column| row.get(column).unwrap());
        rows.iter().map(line).collect()
    }
}

impl Browser {
    /// The names on the list, in their order.
    async fn listed(&mut self, job: &Job, filter: &str) -> Vec<String> {
        self.found(job, filter, "").await
    }

    async fn found(&mut self, job: &Job, filter: &str, order: &str) -> Vec<String> {
        let filter = halfopen::ui::percent_encoded(filter);
        self.open(&format!("/openings/{}/applications?q={filter}&order={order}", job.id))
            .await;
        self.names("tr")
    }

    /// The names of the cards, those of a column after those of the one before it.
    async fn on_board(&mut self, job: &Job, filter: &str) -> Vec<String> {
        let filter = halfopen::ui::percent_encoded(filter);
        self.open(&format!("/openings/{}/board?q={filter}", job.id)).await;
        self.names("li")
    }

    fn names(&self, tag: &str) -> Vec<String> {
        let tags = html::tags(&self.body);
        let of = tags.iter().filter(|found| found.name == tag && !found.closing);
        of.filter_map(|found| found.get("data-name").map(str::to_owned))
            .collect()
    }

    /// Sends a form of the page with everything that it has, several of one name, too.
    async fn press(&mut self, action: &str, fields: &[(&str, &str)]) -> &mut Browser {
        let form = self.form(action);
        let mut all: Vec<(String, String)> = form.fields.clone();
        for (name, value) in fields {
            all.retain(|(known, _)| known != name || *name == "pick");
            all.push(((*name).into(), (*value).into()));
        }
        let all: Vec<(&str, &str)> = all
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.post(action, &all).await
    }
}

/// Five candidates: two in the first stage, one each in two others, one ended.
async fn five(test: &TestApp) -> (Job, Vec<Uuid>) {
    let job = hiring::job(test, "Engineer", 0).await;
    let mut ids = Vec::new();
    for n in 1..=5 {
        ids.push(hiring::application(test, &job, &format!("Candidate {n}")).await.0);
        test.pass(DAY);
    }
    test.moved(&job, ids[2], 1).await;
    test.moved(&job, ids[3], 2).await;
    test.ended(ids[4], ApplicationState::Rejected).await;
    (job, ids)
}

crate::on_both! {
    async fn a_list_is_filtered_by_each_key_and_by_what_it_is_not(test) {
        let (job, ids) = five(&test).await;
        test.recruiter().await;
        let me = halfopen::people::store::all(&test.app.db).await.unwrap().into_iter().find(|p| p.role == Role::Recruiter).unwrap();
        let mut tx = test.app.db.begin().await.unwrap();
        let held = hiring::held(&mut tx, ids[1]).await;
        placing::assign(&mut tx, &held, Some(me.id)).await.unwrap();
        tx.commit().await.unwrap();
        test.pass(DAY * 2);
        let mut recruiter = test.recruiter().await;
        // 1: 7 days, 2: 6 days, both in the first stage; 3 and 4 moved 2 days ago; 5 was sent 3 days ago and ended.
        let all = ["Candidate 5", "Candidate 4", "Candidate 3", "Candidate 2", "Candidate 1"];
        for (filter, found) in [
            ("", all.to_vec()),
            ("stage:application", vec![all[0], all[3], all[4]]),
            ("stage:application state:active", vec![all[3], all[4]]),
            ("-stage:application", vec![all[1], all[2]]),
            ("state:rejected", vec![all[0]]),
            ("-state:rejected", vec![all[1], all[2], all[3], all[4]]),
            ("owner:me", vec![all[3]]),
            ("owner:test-recruiter", vec![all[3]]),
            ("owner:none state:active", vec![all[1], all[2], all[4]]),
            ("-owner:none", vec![all[3]]),
            ("late", vec![all[4], all[3]]),
            ("-late state:active", vec![all[1], all[2]]),
            ("outcome:passed stage:coding", vec![all[1]]),
            ("source:unsaid owner:me", vec![all[3]]),
            ("source:board", vec![]),
            ("applied:>5d", vec![all[3], all[4]]),
            ("applied:<4d", vec![all[0]]),
            ("applied:4..5d", vec![all[1], all[2]]),
            ("-applied:4..5d", vec![all[0], all[3], all[4]]),
            ("in-stage:3..6d", vec![all[3]]),
            ("in-stage:<3d", vec![all[1], all[2]]),
            ("applied:<2026-11-22", vec![all[3], all[4]]),
            ("applied:2026-11-20", vec![all[4]]),
            ("candidate 4", vec![all[1]]),
            ("candi -4 -state:rejected", vec![all[2], all[3], all[4]]),
            ("-candidate", vec![]),
            ("stage:offer stage:coding", vec![all[1]]),
            ("stage:offer state:active owner:me", vec![]),
        ] {
            assert_eq!(recruiter.listed(&job, filter).await, found, "{filter}");
        }
        let longest = recruiter.found(&job, "", "longest").await;
        assert_eq!(longest, ["Candidate 1", "Candidate 2", "Candidate 3", "Candidate 4"]);
        assert_eq!(recruiter.found(&job, "state:active", "oldest").await, longest);
        assert_eq!(recruiter.found(&job, "candi", "longest").await, longest);
        assert_eq!(recruiter.on_board(&job, "").await, longest);
        assert_eq!(recruiter.on_board(&job, "late").await, longest[..2]);
        assert_eq!(recruiter.on_board(&job, "candidate -2").await, ["Candidate 1", "Candidate 3", "Candidate 4"]);
    }

    async fn a_filter_that_is_not_understood_says_so_and_filters_nothing(test) {
        let (job, _) = five(&test).await;
        let mut recruiter = test.recruiter().await;
        for (filter, says) in [("colour:red", "There is no “colour:”"), ("stage:nowhere", "Possible are application, resume-screen"), ("applied:soon", "more than 7 days")] {
            assert_eq!(recruiter.listed(&job, filter).await.len(), 5, "{filter}");
            recruiter.sees(says);
            assert!(recruiter.body.contains("aria-invalid=\"true\""));
            assert_eq!(recruiter.on_board(&job, filter).await.len(), 4);
            recruiter.sees(says);
        }
        let list = format!("/openings/{}/applications", job.id);
        recruiter.get(&format!("{list}?q=zoe&stage=resume-screen&age=late")).await;
        assert_eq!(recruiter.location(), format!("{list}?q=zoe%20stage%3Aresume-screen%20late"));
        for strange in ["?order=up&after=nonsense", "?after=1_2&order=longest", "?after=-5&q=candidate", "?done=nothing"] {
            recruiter.open(&format!("{list}{strange}")).await;
        }
    }

    async fn words_are_found_in_names_addresses_notes_and_resumes(test) {
        let (job, ids) = five(&test).await;
        test.renamed(ids[0], "Zoë Straße").await;
        test.resume(ids[1], "Ran Kafka and RabbitMQ in Łódź. 東京大学").await;
        let mut tx = test.app.db.begin().await.unwrap();
        index::comment_added(&mut tx, ids[2], "Speaks Português fluently").await.unwrap();
        tx.commit().await.unwrap();
        let mut recruiter = test.recruiter().await;
        for (words, found) in [
            ("zoe", "Zoë Straße"), ("ZOË strasse", "Zoë Straße"), ("straße", "Zoë Straße"), ("stras zo", "Zoë Straße"),
            ("candidate.1@mail.example", "Zoë Straße"), ("kafka", "Candidate 2"), ("\"kafka and rabbit\"", "Candidate 2"),
            ("lodz", "Candidate 2"), ("京大", "Candidate 2"), ("portugues", "Candidate 3"),
        ] {
            assert_eq!(recruiter.listed(&job, words).await, [found], "{words}");
            assert_eq!(recruiter.on_board(&job, words).await, [found], "{words}");
            recruiter.open(&format!("/candidates?find={}", halfopen::ui::percent_encoded(words))).await.sees(found);
        }
        assert!(recruiter.listed(&job, "afka").await.is_empty());
        assert!(recruiter.listed(&job, "kafka portugues").await.is_empty());
        // What is no longer said is no longer found, and nothing is left of who is forgotten.
        test.renamed(ids[0], "Nobody Else").await;
        assert!(recruiter.listed(&job, "strasse").await.is_empty());
        let mut tx = test.app.db.begin().await.unwrap();
        index::comments_changed(&mut tx, ids[2], &[]).await.unwrap();
        index::forget(&mut tx, ids[1]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(recruiter.listed(&job, "portugues").await.is_empty());
        assert!(recruiter.listed(&job, "kafka").await.is_empty());
        assert_eq!(index::store::count(&test.app.db, ids[1]).await.unwrap(), 0);
    }

    async fn tags_lead_to_those_who_have_them(test) {
        let (job, ids) = five(&test).await;
        let mut recruiter = test.recruiter().await;
        for (at, tag) in [(0, "Key account"), (2, "key ACCOUNT"), (3, "🚲"), (4, "Key account"), (2, "🚲")] {
            let page = format!("/applications/{}", ids[at]);
            recruiter.open(&page).await.submit(&format!("{page}/tags"), &[("tag", tag)]).await;
            assert_eq!(recruiter.status, 303);
        }
        let elsewhere = hiring::job(&test, "Another job", 0).await;
        let (other, _) = hiring::application(&test, &elsewhere, "Candidate 9").await;
        let page = format!("/applications/{other}");
        recruiter.open(&page).await.submit(&format!("{page}/tags"), &[("tag", "Key account")]).await;
        for (filter, found) in [
            ("tag:key-account", vec!["Candidate 5", "Candidate 3", "Candidate 1"]),
            ("tag:\"KEY account\" state:active", vec!["Candidate 3", "Candidate 1"]),
            ("tag:key", vec!["Candidate 5", "Candidate 3", "Candidate 1"]),
            ("tag:🚲 tag:key", vec!["Candidate 5", "Candidate 4", "Candidate 3", "Candidate 1"]),
            ("-tag:key-account", vec!["Candidate 4", "Candidate 2"]),
            ("tag:key-account -tag:🚲", vec!["Candidate 5", "Candidate 1"]),
            ("tag:key-account candidate -1", vec!["Candidate 5", "Candidate 3"]),
            ("tag:key-account -candidate", vec![]),
        ] {
            assert_eq!(recruiter.listed(&job, filter).await, found, "{filter}");
        }
        assert_eq!(recruiter.found(&job, "tag:key-account", "longest").await, ["Candidate 1", "Candidate 3"]);
        assert_eq!(recruiter.found(&job, "tag:key-account", "oldest").await, ["Candidate 1", "Candidate 3", "Candidate 5"]);
        assert_eq!(recruiter.on_board(&job, "tag:key-account").await, ["Candidate 1", "Candidate 3"]);
        assert_eq!(recruiter.on_board(&job, "-tag:key-account").await, ["Candidate 2", "Candidate 4"]);
        recruiter.listed(&job, "tag:unheard").await;
        recruiter.sees("Possible are key-account");
        // By the form, kept, and with everything that fits.
        let board = format!("/openings/{}/board", job.id);
        recruiter.open(&board).await;
        assert!(recruiter.body.contains("<option value=\"Key account\">"));
        recruiter.get(&format!("{board}?q=&tag=Key%20Account")).await;
        assert_eq!(recruiter.location(), format!("{board}?q=tag%3Akey-account"));
        let views = format!("/openings/{}/views", job.id);
        recruiter.post(&views, &[("name", "Accounts"), ("filter", "tag:key-account"), ("back", &board)]).await;
        recruiter.follow().await.sees("“Accounts” is kept for you");
        let bulk = format!("/openings/{}/bulk", job.id);
        recruiter.post(&bulk, &[("act", "move"), ("to", &job.stages[4].to_string()), ("all", "yes"), ("q", "tag:key-account state:active")]).await;
        recruiter.sees("With 2");
        // Over all jobs.
        for (find, sees, misses) in [
            ("tag:key-account", "Candidate 9", "Candidate 4"),
            ("tag:key-account candidate -9", "Candidate 3", "Candidate 9"),
            ("tag:key-account state:rejected", "Candidate 5", "Candidate 1"),
        ] {
            recruiter.open(&format!("/candidates?find={}", halfopen::ui::percent_encoded(find))).await.sees(sees);
            recruiter.misses(misses);
        }
        recruiter.open("/candidates?find=state:active").await.sees("Write a word or a tag, too");
        recruiter.open("/candidates?find=stage:offer").await.sees("There is no “stage:” here");
        let (email, _) = hiring::member(&test, &elsewhere, "Other Manager", Role::HiringManager).await;
        let mut manager = test.stranger();
        manager.sign_in(&email, PASSWORD).await;
        manager.open("/candidates?find=tag:key-account").await.sees("Candidate 9").misses("Candidate 3");
    }

    async fn words_in_quotes_stand_together(test) {
        let (job, ids) = five(&test).await;
        test.resume(ids[0], "Ten years as a Key-Account manager").await;
        test.resume(ids[1], "The key to every account").await;
        test.resume(ids[2], "Account: key").await;
        test.renamed(ids[3], "Key Accountson").await;
        let mut recruiter = test.recruiter().await;
        for (words, found) in [
            ("key account", vec!["Key Accountson", "Candidate 3", "Candidate 2", "Candidate 1"]),
            ("\"key account\"", vec!["Key Accountson", "Candidate 1"]),
            ("\"key account manager\"", vec!["Candidate 1"]),
            ("\"key account\" -manager", vec!["Key Accountson"]),
            ("key -\"key account\"", vec!["Candidate 3", "Candidate 2"]),
            ("state:active -\"key account\"", vec!["Candidate 3", "Candidate 2"]),
        ] {
            assert_eq!(recruiter.listed(&job, words).await, found, "{words}");
        }
        assert_eq!(recruiter.on_board(&job, "\"key account\"").await, ["Candidate 1", "Key Accountson"]);
        recruiter.open(&format!("/candidates?find={}", halfopen::ui::percent_encoded("\"key account\""))).await.sees("Key Accountson");
        recruiter.misses("Candidate 2");
    }

    async fn an_application_is_found_from_the_moment_it_is_sent(test) {
        let job = hiring::job(&test, "Engineer", 0).await;
        let (id, _) = hiring::application(&test, &job, "Candidate Seven").await;
        assert!(index::store::count(&test.app.db, id).await.unwrap() > 0);
        // The index of an older installation is filled in the background.
        let mut tx = test.app.db.begin().await.unwrap();
        for empty in statements::EMPTY {
            tx.execute(empty, halfopen::args![0i64]).await.unwrap();
        }
        let first = halfopen::jobs::Task::Index { after: Uuid::nil() };
        halfopen::jobs::store::add(&mut tx, test.app.new_id(), first, test.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let mut recruiter = test.recruiter().await;
        assert!(recruiter.listed(&job, "seven").await.is_empty());
        test.run_jobs().await;
        assert_eq!(recruiter.listed(&job, "seven").await, ["Candidate Seven"]);
    }

    async fn long_lists_go_on_by_key(test) {
        let job = hiring::job(&test, "Engineer", 0).await;
        for n in 0..125 {
            hiring::application(&test, &job, &format!("Candidate {n}")).await;
            test.pass(Duration::from_secs(60));
        }
        let mut recruiter = test.recruiter().await;
        for (order, filter) in [("newest", ""), ("oldest", ""), ("longest", ""), ("newest", "candidate"), ("oldest", "candidate"), ("newest", "-zoe state:active"), ("longest", "candidate")] {
            let mut names = recruiter.found(&job, filter, order).await;
            while let Some(next) = recruiter.links().into_iter().find(|link| link.contains("&after=") && !link.ends_with("&after=")) {
                recruiter.open(&next).await;
                names.extend(recruiter.names("tr"));
            }
            let mut wanted: Vec<String> = (0..125).map(|n| format!("Candidate {n}")).collect();
            if order == "newest" {
                wanted.reverse();
            }
            assert_eq!(names, wanted, "{order} {filter}");
        }
        assert_eq!(recruiter.on_board(&job, "").await.len(), 20);
        recruiter.sees("105 more");
        assert_eq!(recruiter.on_board(&job, "candidate").await.len(), 20);
        // Over all jobs, too.
        let mut names = 0;
        recruiter.open("/candidates?find=candidate").await;
        loop {
            names += recruiter.links().iter().filter(|link| link.starts_with("/applications/")).count();
            let Some(next) = recruiter.links().into_iter().find(|link| link.contains("&after=")) else {
                break;
            };
            recruiter.open(&next).await;
        }
        assert_eq!(names, 125);
        let stages = openings::store::stages(&test.app.db, job.id).await.unwrap();
        let veil = Veil::default();
        let scope = Scope { opening: job.id, stages: &stages, now: test.app.now(), veil: &veil };
        let known = Known { stages: &stages, people: &[], tags: &[], me: Uuid::nil(), now: test.app.now(), over_jobs: false };
        let filter = Filter::parse("candidate -7", &known).unwrap();
        let (all, cut) = finding::all(&test.app.db, scope, &filter, 500).await.unwrap();
        assert!(!cut && all.len() == 125 - 11, "{}", all.len());
        let page = finding::page(&test.app.db, scope, &Filter::default(), Order::Newest, "", 3).await.unwrap();
        assert_eq!(page.lines.len(), 3);
    }

    async fn words_that_many_have_are_found_together(test) {
        let job = hiring::job(&test, "Engineer", 0).await;
        let mut people = Vec::new();
        for n in 0..420 {
            let amber = if n % 7 > 0 { " amber" } else { "" };
            let birch = if n % 5 > 0 { " birch" } else { "" };
            let cedar = if n % 60 == 1 { " cedar" } else { "" };
            let name = format!("Candidate{amber}{birch}{cedar} {n}");
            hiring::application(&test, &job, &name).await;
            test.pass(Duration::from_secs(60));
            people.push(name);
        }
        let stages = openings::store::stages(&test.app.db, job.id).await.unwrap();
        let veil = Veil::default();
        let scope = Scope { opening: job.id, stages: &stages, now: test.app.now(), veil: &veil };
        let known = Known { stages: &stages, people: &[], tags: &[], me: Uuid::nil(), now: test.app.now(), over_jobs: false };
        for asked in ["amber", "amber birch", "am bir cand", "candidate amber birch", "birch ceda", "cedar amber birch", "amber -birch", "candidate birch 7", "amber dogwood"] {
            let filter = Filter::parse(asked, &known).unwrap();
            let (mut names, mut after) = (Vec::new(), String::new());
            loop {
                let page = finding::page(&test.app.db, scope, &filter, Order::Newest, &after, 50).await.unwrap();
                names.extend(page.lines.into_iter().map(|line| line.name));
                let Some(next) = page.next else { break };
                after = next;
            }
            let has = |name: &str, word: &str| name.to_lowercase().split(' ').any(|part| part.starts_with(word));
            let fits = |name: &&String| asked.split(' ').all(|word| match word.strip_prefix('-') {
                Some(unwanted) => !has(name, unwanted),
                None => has(name, word),
            });
            let wanted: Vec<&String> = people.iter().rev().filter(fits).collect();
            assert_eq!(names.iter().collect::<Vec<_>>(), wanted, "{asked}");
        }
    }

    async fn whoever_may_be_the_same_person_is_named_once(test) {
        let job = hiring::job(&test, "Engineer", 0).await;
        let mut ids = Vec::new();
        for (email, phone, resume) in [
            ("robin@mail.example", "+49 30 1234567", true),
            ("Robin@mail.example", "+49 30 1234567", true),
            ("other@mail.example", "+49 (30) 123 45 67", false),
            ("another@mail.example", "", true),
            ("nobody@mail.example", "", false),
            ("stranger@mail.example", "", false),
        ] {
            let (id, _) = hiring::application(&test, &job, &format!("Candidate {}", ids.len())).await;
            let mut tx = test.app.db.begin().await.unwrap();
            applications::set_contact(&mut tx, id, ("Robin Example", email, phone), test.app.now()).await.unwrap();
            tx.commit().await.unwrap();
            if resume {
                test.resume(id, "The same words.").await;
            }
            test.pass(Duration::from_secs(60));
            ids.push(id);
        }
        for (of, alike) in [(0, vec![1, 2, 3]), (1, vec![0, 2, 3]), (2, vec![0, 1]), (3, vec![0, 1]), (4, vec![]), (5, vec![])] {
            let found = applications::like_this(&test.app.db, &test.now(ids[of]).await).await.unwrap();
            let found: Vec<Uuid> = found.iter().map(|twin| twin.id).collect();
            let alike: Vec<Uuid> = alike.into_iter().map(|at: usize| ids[at]).collect();
            assert_eq!(found, alike, "of candidate {of}");
        }
    }

    async fn a_card_says_what_is_known_and_moves_by_its_form(test) {
        let (job, ids) = five(&test).await;
        test.pass(DAY * 2);
        let mut recruiter = test.recruiter().await;
        let board = format!("/openings/{}/board", job.id);
        recruiter.open(&board).await.sees("knock-outs passed").sees("7 d").sees("2 late").sees("Mine");
        let moves = format!("/openings/{}/moves", job.id);
        let (one, from, to) = (ids[0].to_string(), job.stages[0].to_string(), job.stages[3].to_string());
        recruiter.post(&moves, &[("application", &one), ("from", &from), ("to", &to), ("back", &board)]).await;
        recruiter.follow().await.sees("Moved Candidate 1 to Interview").sees("Write to the candidate");
        assert_eq!(test.stage_of(ids[0]).await, Some(job.stages[3]));
        assert!(test.written().await.is_empty());
        let undo = html::forms(&recruiter.body).into_iter().find(|form| form.action.ends_with("/reversal")).expect("undo");
        recruiter.submit(&undo.action, &[]).await.follow().await.sees("Undone: one application is as it was");
        assert_eq!(test.stage_of(ids[0]).await, Some(job.stages[0]));
        assert_eq!(recruiter.on_board(&job, "late").await.len(), 2, "its days go on");
        recruiter.post(&undo.action, &[]).await.follow().await.sees("it was undone before");
        // A form that leads elsewhere leads to the board.
        recruiter.post(&moves, &[("application", &one), ("from", &from), ("to", &to), ("back", "https://evil.example/")]).await;
        assert!(recruiter.location().starts_with(&board));
    }

    async fn two_people_at_one_board_overwrite_nothing(test) {
        let (job, ids) = five(&test).await;
        let mut recruiter = test.recruiter().await;
        let mut other = test.administrator().await;
        let board = format!("/openings/{}/board", job.id);
        let revision = |browser: &Browser| -> i64 {
            let answer: serde_json::Value = serde_json::from_str(&browser.body).unwrap();
            answer["revision"].as_i64().unwrap()
        };
        recruiter.get(&format!("{board}/revision?since=0")).await;
        let before = revision(&recruiter);
        let moves = format!("/openings/{}/moves", job.id);
        let stages: Vec<String> = job.stages.iter().map(Uuid::to_string).collect();
        let one = ids[0].to_string();
        other.post(&moves, &[("application", &one), ("from", &stages[0]), ("to", &stages[3])]).await;
        recruiter.get(&format!("{board}/revision?since={before}")).await;
        assert!(recruiter.body.contains("Test Administrator moved Candidate 1 to Interview."), "{}", recruiter.body);
        assert!(revision(&recruiter) > before);
        other.get(&format!("{board}/revision?since={before}")).await;
        assert!(!other.body.contains("moved"), "one’s own acts are no news: {}", other.body);
        recruiter.post(&moves, &[("application", &one), ("from", &stages[0]), ("to", &stages[1])]).await;
        recruiter.follow().await.sees("Test Administrator moved Candidate 1 to Interview at").sees("Nothing was changed");
        assert_eq!(test.stage_of(ids[0]).await, Some(job.stages[3]));
        test.ended(ids[0], ApplicationState::Withdrawn).await;
        recruiter.post(&moves, &[("application", &one), ("from", &stages[3]), ("to", &stages[1])]).await;
        recruiter.follow().await.sees("Candidate 1 has ended. Nothing was changed");
    }

    async fn many_are_moved_after_a_preview_and_put_back(test) {
        let (job, ids) = five(&test).await;
        let mut recruiter = test.recruiter().await;
        let page = format!("/openings/{}", job.id);
        recruiter.open(&format!("{page}/applications")).await;
        let picks: Vec<String> = ids.iter().map(Uuid::to_string).collect();
        let mut fields: Vec<(&str, &str)> = picks.iter().map(|id| ("pick", id.as_str())).collect();
        let to = job.stages[1].to_string();
        fields.extend([("act", "move"), ("to", to.as_str())]);
        recruiter.post(&format!("{page}/bulk"), &fields).await;
        assert_eq!(recruiter.status, 200);
        recruiter.sees("With 3").sees("Candidate 3 is there already").sees("Candidate 5 has ended").sees("Move 3");
        let confirmation = format!("{page}/bulk/confirmation");
        let form = recruiter.form(&confirmation);
        // One of them moves meanwhile.
        test.moved(&job, ids[1], 4).await;
        let sent: Vec<(String, String)> = form.fields.iter().cloned().chain([("mail".to_owned(), "yes".to_owned())]).collect();
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        recruiter.post(&confirmation, &sent).await.follow().await;
        recruiter.sees("Moved 2 applications to Résumé screen").sees("Candidate 2 has changed since you looked");
        assert_eq!(test.stage_of(ids[0]).await, Some(job.stages[1]));
        assert_eq!(test.stage_of(ids[1]).await, Some(job.stages[4]));
        assert_eq!(test.written().await.len(), 2);
        // A double click does nothing more.
        recruiter.post(&confirmation, &sent).await.follow().await.sees("Moved 2 applications");
        assert_eq!(test.written().await.len(), 2);
        let undo = html::forms(&recruiter.body).into_iter().find(|form| form.action.ends_with("/reversal")).expect("undo");
        test.moved(&job, ids[3], 4).await;
        recruiter.submit(&undo.action, &[]).await.follow().await;
        recruiter.sees("Undone: one application is as it was").sees("Touched since, and left: Candidate 4");
        assert_eq!(test.stage_of(ids[0]).await, Some(job.stages[0]));
        assert_eq!(test.stage_of(ids[3]).await, Some(job.stages[4]));
        assert!(test.written().await.is_empty(), "nobody had begun to send them");
        recruiter.open(&format!("{page}/changes")).await.sees("Moved 2 applications to Résumé screen").sees("undone");
        test.run_jobs().await;
    }

    async fn letters_wait_for_a_minute(test) {
        let (job, ids) = five(&test).await;
        let post = Arc::new(FakePost::default());
        let test = test.posting(post.clone());
        let mut recruiter = test.recruiter().await;
        let page = format!("/openings/{}", job.id);
        let picks: Vec<String> = ids.iter().map(Uuid::to_string).collect();
        let bulk = format!("{page}/bulk");
        recruiter.post(&bulk, &[("pick", &picks[0]), ("pick", &picks[1]), ("act", "mail")]).await.sees("Fill in what is missing");
        assert!(!recruiter.text().contains("Write a subject"));
        let confirmation = format!("{page}/bulk/confirmation");
        recruiter.press(&confirmation, &[("subject", ""), ("body", "Hello {{nobody}}")]).await.sees("Write a subject");
        assert_eq!(recruiter.status, 422);
        let words = [("subject", "About {{job}}"), ("body", "Hello {{candidate}},\n\nsee you.\n{{sender}}")];
        let form = recruiter.form(&confirmation);
        let mut fields: Vec<(&str, &str)> = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.retain(|(name, _)| !["subject", "body"].contains(name));
        fields.extend(words);
        recruiter.post(&bulk, &fields).await.sees("About Engineer").sees("Hello Candidate 1,").sees("Send 2 mails");
        recruiter.post(&confirmation, &fields).await.follow().await.sees("Wrote to 2 applications");
        test.run_jobs().await;
        assert_eq!(post.count(), 0);
        test.pass(Duration::from_secs(61));
        test.run_jobs().await;
        assert_eq!(post.count(), 2);
        let mut sent: Vec<_> = post.handed_over.lock().unwrap().iter().map(|mail| (mail.subject.clone(), mail.body.clone())).collect();
        sent.sort();
        assert_eq!(sent[0], ("About Engineer".into(), "Hello Candidate 1,\n\nsee you.\nTest Recruiter".into()));
        let undo = html::forms(&recruiter.body).into_iter().find(|form| form.action.ends_with("/reversal")).expect("undo");
        recruiter.submit(&undo.action, &[]).await.follow().await.sees("2 mails were on their way already");
    }

    async fn many_are_assigned_and_ended_and_all_that_fit_a_filter(test) {
        let (job, ids) = five(&test).await;
        let mut recruiter = test.recruiter().await;
        let page = format!("/openings/{}", job.id);
        let (bulk, confirmation) = (format!("{page}/bulk"), format!("{page}/bulk/confirmation"));
        recruiter.open(&format!("{page}/applications?q=stage:application")).await;
        recruiter.submit(&bulk, &[("all", "yes"), ("act", "assign")]).await.sees("With 3");
        recruiter.press(&confirmation, &[]).await.sees("Choose somebody");
        let me = halfopen::people::store::all(&test.app.db).await.unwrap().into_iter().find(|p| p.role == Role::Recruiter).unwrap();
        recruiter.press(&confirmation, &[("owner", &me.id.to_string())]).await.follow().await.sees("Assigned 3 applications to Test Recruiter");
        assert_eq!(test.now(ids[0]).await.owner.map(|owner| owner.name), Some("Test Recruiter".into()));
        recruiter.open(&format!("{page}/board")).await.sees("TR");
        recruiter.post(&bulk, &[("pick", &ids[0].to_string()), ("act", "archive")]).await;
        recruiter.press(&confirmation, &[("reason", " ")]).await.sees("Write why");
        recruiter.press(&confirmation, &[("reason", "No match"), ("mail", "yes")]).await.follow().await.sees("Ended Candidate 1");
        assert_eq!(test.now(ids[0]).await.state, ApplicationState::Rejected);
        assert_eq!(test.written().await.len(), 1);
        let undo = html::forms(&recruiter.body).into_iter().find(|form| form.action.ends_with("/reversal")).expect("undo");
        test.pass(Duration::from_secs(16 * 60));
        recruiter.submit(&undo.action, &[]).await.follow().await.sees("more than 15 minutes ago");
        assert_eq!(test.now(ids[0]).await.state, ApplicationState::Rejected);
        recruiter.post(&bulk, &[("act", "move")]).await.follow().await.sees("Nobody was chosen");
    }

    async fn views_are_kept_shared_and_removed(test) {
        let (job, _) = five(&test).await;
        let mut recruiter = test.recruiter().await;
        let page = format!("/openings/{}", job.id);
        recruiter.open(&format!("{page}/board?q=late%20-owner:me")).await;
        recruiter.submit(&format!("{page}/views"), &[("name", "Waiting for us"), ("shared", "yes")]).await;
        recruiter.follow().await.sees("is kept for the team").sees("Waiting for us");
        let mut other = test.administrator().await;
        other.open(&format!("{page}/applications")).await.sees("Waiting for us");
        let view = other.links().into_iter().find(|link| link.contains("late%20-owner")).expect("the view");
        other.open(&view).await;
        assert!(!other.text().contains("Remove the view"), "somebody else keeps it");
        recruiter.open(&format!("{page}/board?q=state:active")).await;
        recruiter.submit(&format!("{page}/views"), &[("name", "Mine alone")]).await.follow().await.sees("kept for you");
        other.open(&format!("{page}/board")).await;
        assert!(!other.text().contains("Mine alone"));
        for wrong in [[("name", "x"), ("filter", "")], [("name", "x"), ("filter", "colour:red")], [("name", " "), ("filter", "late")]] {
            recruiter.post(&format!("{page}/views"), &wrong).await.follow().await;
        }
        recruiter.open(&format!("{page}/board?q=state:active")).await;
        let removal = html::forms(&recruiter.body).into_iter().find(|form| form.action.ends_with("/removal")).expect("removal");
        other.post(&removal.action, &[]).await.follow().await.sees("somebody else keeps it");
        recruiter.submit(&removal.action, &[]).await.follow().await.sees("The view is removed");
        assert!(!recruiter.text().contains("Mine alone"));
    }

    async fn other_teams_see_nothing_and_interviewers_change_nothing(test) {
        let (job, ids) = five(&test).await;
        let elsewhere = hiring::job(&test, "Developer", 0).await;
        let (there, _) = hiring::application(&test, &elsewhere, "Candidate Elsewhere").await;
        let page = format!("/openings/{}", job.id);
        let mut manager = test.signed_in(Role::HiringManager).await;
        for path in ["board", "board/revision", "applications", "changes"] {
            manager.get(&format!("{page}/{path}")).await;
            assert_eq!(manager.status, 404, "{path}");
        }
        manager.post(&format!("{page}/bulk"), &[("pick", &ids[0].to_string()), ("act", "mail")]).await;
        assert_eq!(manager.status, 404);
        manager.open("/candidates?find=candidate").await.sees("Nobody was found");
        let mut tx = test.app.db.begin().await.unwrap();
        tx.execute(statements::ADD_TO_TEAM, halfopen::args![job.id, "hiring_manager@company.example"]).await.unwrap();
        tx.commit().await.unwrap();
        manager.open(&format!("{page}/board")).await.sees("Candidate 1");
        manager.open("/candidates?find=candidate").await.sees("Candidate 1");
        assert!(!manager.text().contains("Elsewhere"));
        // What belongs to another job is not reached through this one.
        let stages: Vec<String> = job.stages.iter().map(Uuid::to_string).collect();
        manager.post(&format!("{page}/moves"), &[("application", &there.to_string()), ("from", &elsewhere.stages[0].to_string()), ("to", &stages[1])]).await;
        manager.follow().await.sees("Nothing was changed");
        assert_eq!(test.stage_of(there).await, Some(elsewhere.stages[0]));
        manager.post(&format!("{page}/bulk"), &[("pick", &there.to_string()), ("act", "move"), ("to", &stages[1])]).await.follow().await.sees("Nobody was chosen");
        test.add("interviewer@company.example", Role::Interviewer).await;
        let mut tx = test.app.db.begin().await.unwrap();
        tx.execute(statements::ADD_TO_TEAM, halfopen::args![job.id, "interviewer@company.example"]).await.unwrap();
        tx.commit().await.unwrap();
        let mut interviewer = test.stranger();
        interviewer.sign_in("interviewer@company.example", PASSWORD).await;
        interviewer.open(&format!("{page}/board")).await.sees("Candidate 1");
        assert!(!interviewer.body.contains("name=\"pick\""));
        interviewer.post(&format!("{page}/moves"), &[("application", &ids[0].to_string()), ("from", &stages[0]), ("to", &stages[1])]).await;
        assert_eq!(interviewer.status, 403);
    }

    async fn the_same_address_is_one_person_over_all_jobs(test) {
        let one = hiring::job(&test, "Engineer", 0).await;
        let two = hiring::job(&test, "Developer", 0).await;
        for job in [&one, &two] {
            hiring::application(&test, job, "Candidate Twice").await;
        }
        let mut recruiter = test.recruiter().await;
        recruiter.open("/candidates").await.sees("Whom do you look for?");
        recruiter.open("/candidates?find=TWICE").await.sees("Engineer").sees("Developer");
        let rows = html::tags(&recruiter.body).iter().filter(|tag| tag.name == "tr" && !tag.closing).count();
        assert_eq!(rows, 2, "a head and one person");
    }
}
