//! Jobs: made, published, changed, and read by everybody.

use std::time::Duration;

use halfopen::hiring::applications::Answer as Given;
use halfopen::hiring::applications::{placing, store as applications};
use halfopen::hiring::openings::store;
use halfopen::hiring::{Opening, OpeningState};
use halfopen::people::{Role, store as people};
use halfopen::roles::draft::Draft;
use halfopen::roles::kit::{Answer, Decision, Kit, KnockOut};
use halfopen::roles::{shipped, store as kits};
use serde_json::Value;
use uuid::Uuid;

use crate::support::{Browser, TestApp, hiring, html};

const DAY: Duration = Duration::from_secs(86_400);

/// What somebody types who makes a job.
const USUAL: [(&str, &str); 6] = [
    ("title", "Integration Engineer"),
    ("level", "Mid"),
    ("place", "Lisbon"),
    ("country", "PT"),
    ("about", "You build what lets systems *talk*."),
    ("salary_from", ""),
];

impl TestApp {
    async fn kit(&self) -> Uuid {
        shipped::bring(&self.app).await.expect("the kits that ship");
        let all = kits::published_kits(&self.app.db).await.unwrap();
        all.iter()
            .find(|(_, title)| title == "Integration Developer")
            .expect("the kit")
            .0
    }

    async fn opening(&self, id: Uuid) -> Opening {
        store::find(&self.app.db, id).await.unwrap().expect("the job")
    }

    async fn stage_names(&self, id: Uuid) -> Vec<String> {
        let stages = store::stages(&self.app.db, id).await.unwrap();
        stages.into_iter().map(|stage| stage.name).collect()
    }

    /// Publishes what becomes of the last version.
    async fn next_version(&self, kit: Uuid, change: impl FnOnce(&mut Kit)) {
        let app = &self.app;
        let by = people::all(&app.db).await.unwrap()[0].id;
        let mut tx = app.db.begin().await.unwrap();
        let mut document = kits::last_published(&mut tx, kit).await.unwrap().unwrap();
        change(&mut document);
        let record = kits::lock(&mut tx, kit).await.unwrap().unwrap();
        kits::publish(&mut tx, &record, &document, "", by, app.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    async fn draft_of_kit(&self, kit: Uuid, change: impl FnOnce(&mut Kit)) {
        let app = &self.app;
        let by = people::all(&app.db).await.unwrap()[0].id;
        let mut tx = app.db.begin().await.unwrap();
        let mut draft = Draft::of(kits::last_published(&mut tx, kit).await.unwrap().unwrap());
        change(&mut draft.kit);
        let record = kits::lock(&mut tx, kit).await.unwrap().unwrap();
        kits::change(&mut tx, &record, &draft, "", by, app.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// An application with these answers, as it was decided.
    async fn applied(&self, job: &hiring::Job, name: &str, answers: &[(&str, &str)]) -> Uuid {
        let (id, _) = hiring::application(self, job, name).await;
        let mut tx = self.app.db.begin().await.unwrap();
        applications::set_contact(&mut tx, id, (name, "a@mail.example", ""), self.app.now())
            .await
            .unwrap();
        let given = |(question, answer): &(&str, &str)| Given {
            question: (*question).into(),
            answer: (*answer).into(),
            decision: None,
        };
        let answers: Vec<Given> = answers.iter().map(given).collect();
        applications::set_answers(&mut tx, id, &answers).await.unwrap();
        tx.commit().await.unwrap();
        id
    }
}

impl Browser {
    /// Makes a job, and gives its id.
    async fn make_job(&mut self, kit: Uuid, changes: &[(&str, &str)]) -> Uuid {
        self.open(&format!("/openings/new?kit={kit}")).await;
        let answers: Vec<(&str, &str)> = USUAL
            .iter()
            .map(|(name, usual)| {
                changes
                    .iter()
                    .find(|(n, _)| n == name)
                    .copied()
                    .unwrap_or((name, usual))
            })
            .chain(
                changes
                    .iter()
                    .copied()
                    .filter(|(name, _)| USUAL.iter().all(|(n, _)| n != name)),
            )
            .collect();
        self.submit("/openings", &answers).await;
        assert_eq!(self.status, 303, "{}", self.text());
        self.location().rsplit('/').next().unwrap().parse().expect("an id")
    }

    async fn publish(&mut self, id: Uuid) {
        self.open(&format!("/openings/{id}")).await;
        self.submit(&format!("/openings/{id}/publication"), &[])
            .await
            .follow()
            .await;
    }

    /// The structured data of this page.
    fn posting(&self) -> Option<Value> {
        let (_, rest) = self.body.split_once("<script type=\"application/ld+json\"")?;
        let (_, rest) = rest.split_once('>')?;
        let (json, _) = rest.split_once("</script>")?;
        Some(serde_json::from_str(json).unwrap_or_else(|e| panic!("{e}: {json}")))
    }

    fn meta(&self, name: &str) -> Option<String> {
        let tags = html::tags(&self.body);
        let found = tags
            .iter()
            .find(|tag| tag.name == "meta" && (tag.get("name") == Some(name) || tag.get("property") == Some(name)));
        found.and_then(|tag| tag.get("content").map(str::to_owned))
    }
}

crate::on_both! {
    async fn a_job_is_made_published_closed_and_opened_again(test) {
        let kit = test.kit().await;
        let mut recruiter = test.recruiter().await;
        recruiter.open("/openings").await.sees("There is no job yet");
        recruiter.open("/openings/new").await.sees("Integration Developer");
        let id = recruiter.make_job(kit, &[("salary_from", "42 000"), ("salary_to", "56000"), ("last_day", "2026-12-24")]).await;
        recruiter.follow().await.sees("as a draft").sees("Test Recruiter").sees("Résumé screen").sees("Values and collaboration");
        let job = test.opening(id).await;
        assert_eq!((job.slug.as_str(), job.kit_version, job.state), ("integration-engineer", 1, OpeningState::Draft));
        assert_eq!(job.closes_at.map(|at| at.words()), Some("25 Dec 2026, 00:00 UTC".into()));
        assert_eq!(test.stage_names(id).await.len(), 10);

        let mut stranger = test.stranger();
        for path in ["/jobs/integration-engineer", "/jobs/no-such-job", &format!("/openings/{id}/preview")] {
            stranger.get(path).await;
            assert!([404, 303].contains(&stranger.status), "{path}: {}", stranger.status);
        }
        recruiter.open(&format!("/openings/{id}/preview")).await.sees("A preview for colleagues").sees("Who decides");
        assert!(recruiter.posting().is_none() && !recruiter.body.contains("/application\""));

        recruiter.publish(id).await;
        recruiter.sees("The job is published");
        stranger.open("/jobs").await.sees("Integration Engineer").sees("published today");
        stranger.open("/jobs/integration-engineer").await.sees("Lisbon, Portugal").sees("talk");
        assert!(html::links(&stranger.body).contains(&"/jobs/integration-engineer/application".to_owned()));

        // Past its last day, and then with another one.
        test.pass(DAY * 40);
        stranger.get("/jobs/integration-engineer").await.sees("takes no more applications");
        assert_eq!(stranger.status, 410);
        stranger.open("/jobs").await.sees("No job is open at the moment");
        let mut recruiter = test.recruiter().await;
        recruiter.open(&format!("/openings/{id}")).await.sees("Past its last day").sees("choose a later one, or none");
        recruiter.open(&format!("/openings/{id}/edit")).await;
        recruiter.submit(&format!("/openings/{id}/edit"), &[("last_day", "")]).await.follow().await.sees("Saved.");
        stranger.open("/jobs/integration-engineer").await;

        recruiter.submit(&format!("/openings/{id}/closing"), &[]).await.follow().await.sees("takes no more applications");
        stranger.get("/jobs/integration-engineer").await;
        assert_eq!(stranger.status, 410);
        assert!(stranger.posting().is_none() && stranger.meta("robots").as_deref() == Some("noindex"));
        recruiter.submit(&format!("/openings/{id}/reopening"), &[]).await.follow().await.sees("takes applications again");
        stranger.open("/jobs/integration-engineer").await;
        // From a page that is out of date.
        for state in ["reopening", "publication"] {
            recruiter.post(&format!("/openings/{id}/{state}"), &[]).await.follow().await.sees("Nothing was done");
        }
        assert_eq!(test.opening(id).await.state, OpeningState::Published);
    }

    async fn a_form_sent_twice_makes_one_job(test) {
        let kit = test.kit().await;
        let mut recruiter = test.recruiter().await;
        recruiter.open(&format!("/openings/new?kit={kit}")).await;
        let form = recruiter.form("/openings");
        let mut places = Vec::new();
        for _ in 0..2 {
            recruiter.send_form(&form, &USUAL, None).await;
            places.push(recruiter.location());
        }
        assert_eq!(places[0], places[1]);
        let id: Uuid = places[0].rsplit('/').next().unwrap().parse().unwrap();
        assert_eq!(test.stage_names(id).await.len(), 10, "the stages are made once");
        let counts = store::counts(&test.app.db, None).await.unwrap();
        assert_eq!(counts, [(OpeningState::Draft, 1)]);
    }

    async fn each_refused_field_says_why_and_keeps_what_was_typed(test) {
        let kit = test.kit().await;
        let mut recruiter = test.recruiter().await;
        recruiter.open(&format!("/openings/new?kit={kit}")).await;
        let wrong = [
            ("title", ""), ("level", "Emperor"), ("presence", "moon"), ("place", ""), ("country", "XX"), ("kind", "odd"),
            ("salary_from", "a lot"), ("currency", "gold"), ("salary_per", "day"), ("about", "<b>kept</b>"),
            ("last_day", "2020-01-01"), ("decline_after_hours", "-1"), ("keep_months", "121"), ("video_days", "0"), ("video_takes", "x"),
        ];
        recruiter.submit("/openings", &wrong).await;
        assert_eq!(recruiter.status, 422);
        html::check(&recruiter.body);
        recruiter.sees("14 answers need another look.");
        for field in wrong.iter().map(|(name, _)| *name).filter(|name| *name != "about") {
            assert!(recruiter.body.contains(&format!("id=\"{field}-error\"")), "{field} has its error");
        }
        for kept in ["value=\"a lot\"", "value=\"gold\"", "value=\"121\"", "value=\"2020-01-01\"", "&#60;b&#62;kept"] {
            assert!(recruiter.body.contains(kept), "{kept} is kept");
        }
        recruiter.submit("/openings", &USUAL).await;
        assert_eq!(recruiter.status, 422, "what else is wrong stays wrong");
        recruiter.get("/openings/new?kit=00000000-0000-7000-8000-000000000000").await;
        assert_eq!(recruiter.status, 404);
        recruiter.post("/openings", &[("kit", "none")]).await;
        assert_eq!(recruiter.status, 404);
    }

    async fn two_people_at_one_job_lose_nothing(test) {
        let kit = test.kit().await;
        let mut first = test.recruiter().await;
        let id = first.make_job(kit, &[]).await;
        let mut second = test.administrator().await;
        let action = format!("/openings/{id}/edit");
        first.open(&action).await;
        second.open(&action).await;
        first.submit(&action, &[("title", "The first one’s title")]).await.follow().await;
        second.submit(&action, &[("title", "The second one’s title"), ("video_takes", "9")]).await;
        assert_eq!(second.status, 409);
        html::check(&second.body);
        second.sees("Somebody changed this job while you wrote");
        assert!(second.body.contains("The second one’s title") && second.body.contains("value=\"9\""));
        assert_eq!(test.opening(id).await.title, "The first one’s title");
        second.submit(&action, &[]).await.follow().await;
        assert_eq!(test.opening(id).await.title, "The second one’s title");
    }

    async fn addresses_are_unique_and_never_change_once_published(test) {
        let kit = test.kit().await;
        let mut recruiter = test.recruiter().await;
        let mut ids = Vec::new();
        for title in ["Engineer", "Engineer", "🦀🦀", "מהנדס \u{202e}אינטגרציה"] {
            ids.push(recruiter.make_job(kit, &[("title", title)]).await);
        }
        let mut slugs = Vec::new();
        for id in &ids {
            slugs.push(test.opening(*id).await.slug);
        }
        assert_eq!(slugs, ["engineer", "engineer-2", "job", "job-2"]);
        let rename = format!("/openings/{}/edit", ids[0]);
        recruiter.open(&rename).await;
        recruiter.submit(&rename, &[("title", "Senior Engineer")]).await;
        assert_eq!(test.opening(ids[0]).await.slug, "senior-engineer", "a draft has not been seen");
        recruiter.publish(ids[0]).await;
        recruiter.open(&rename).await;
        recruiter.submit(&rename, &[("title", "Principal Engineer")]).await;
        assert_eq!(test.opening(ids[0]).await.slug, "senior-engineer");
        recruiter.publish(ids[3]).await;
        test.stranger().open("/jobs/job-2").await.sees("מהנדס");
    }

    async fn what_is_missing_keeps_a_job_from_being_published(test) {
        let kit = test.kit().await;
        let mut recruiter = test.recruiter().await;
        let id = recruiter.make_job(kit, &[("about", " ")]).await;
        recruiter.publish(id).await;
        recruiter.sees("It is not published. It has no description yet.").sees("This is missing before candidates can see it.");
        assert_eq!(test.opening(id).await.state, OpeningState::Draft);
        let counts = store::counts(&test.app.db, None).await.unwrap();
        assert_eq!(counts, [(OpeningState::Draft, 1)]);
    }

    async fn others_see_the_jobs_of_their_teams_alone(test) {
        let kit = test.kit().await;
        let mut recruiter = test.recruiter().await;
        let id = recruiter.make_job(kit, &[]).await;
        let page = format!("/openings/{id}");
        let (mut manager, mut interviewer) = (test.signed_in(Role::HiringManager).await, test.interviewer().await);
        interviewer.open("/openings").await.sees("You are in no hiring team yet");
        for path in [page.clone(), format!("{page}/preview"), format!("{page}/edit"), format!("{page}/stages"), format!("{page}/kit")] {
            manager.get(&path).await;
            assert_eq!(manager.status, 404, "{path}");
        }
        for path in ["edit", "publication", "closing", "reopening", "team", "team/removal", "stages", "kit"] {
            manager.post(&format!("{page}/{path}"), &[]).await;
            assert_eq!(manager.status, 404, "{path}");
        }
        let everybody = people::all(&test.app.db).await.unwrap();
        let interviewer_id = everybody.iter().find(|one| one.role == Role::Interviewer).unwrap().id.to_string();
        recruiter.open(&page).await;
        for _ in 0..2 {
            recruiter.submit(&format!("{page}/team"), &[("staff", &interviewer_id)]).await.follow().await.sees("is in the team");
            recruiter.open(&page).await;
        }
        interviewer.open("/openings").await.sees("Integration Engineer");
        interviewer.open(&page).await.sees("Nobody has applied");
        assert!(!interviewer.body.contains("/team/removal") && !interviewer.body.contains("/publication"));
        interviewer.open(&format!("{page}/preview")).await;
        recruiter.submit(&format!("{page}/team"), &[("staff", "")]).await.follow().await.sees("Choose who joins the team");
        recruiter.post(&format!("{page}/team/removal"), &[("staff", &interviewer_id)]).await.follow().await;
        interviewer.get(&page).await;
        assert_eq!(interviewer.status, 404);

        // Whoever makes a job is in its team, and may leave it.
        let id = manager.make_job(kit, &[("title", "Of the manager")]).await;
        manager.open("/openings").await.sees("Of the manager");
        assert!(!manager.text().contains("Integration Engineer"));
        manager.open(&format!("/openings/{id}")).await;
        manager.submit(&format!("/openings/{id}/team/removal"), &[]).await;
        assert_eq!(manager.location(), "/openings");
        manager.get(&format!("/openings/{id}")).await;
        assert_eq!(manager.status, 404);
    }

    async fn stages_are_added_renamed_moved_and_removed(test) {
        let kit = test.kit().await;
        let mut recruiter = test.recruiter().await;
        let id = recruiter.make_job(kit, &[]).await;
        let page = format!("/openings/{id}/stages");
        recruiter.open(&page).await;
        let form = recruiter.form(&page);
        for _ in 0..2 {
            recruiter.send_form(&form, &[("name", "Reference calls"), ("target_days", "4")], None).await.follow().await.sees("The stage is there.");
        }
        let names = test.stage_names(id).await;
        assert_eq!(names[8..], ["Reference calls", "Decision", "Offer"], "added once, before the decision");

        recruiter.submit(&page, &[("name", "Reference calls"), ("target_days", "0")]).await;
        assert_eq!(recruiter.status, 422);
        html::check(&recruiter.body);
        recruiter.sees("Another stage has this name.").sees("A whole number of days from 1 to 90.");
        for kind in ["application", "party"] {
            recruiter.open(&page).await;
            recruiter.submit(&page, &[("name", "Another door"), ("kind", kind)]).await;
            assert_eq!(recruiter.status, 422, "{kind}");
        }

        let stages = store::stages(&test.app.db, id).await.unwrap();
        let of = |at: usize, what: &str| format!("{page}/{}{what}", stages[at].id);
        recruiter.open(&page).await;
        recruiter.submit(&of(1, ""), &[("name", " Reading \u{1F980} "), ("target_days", "9")]).await.follow().await.sees("Saved.");
        recruiter.submit(&of(1, ""), &[("name", "Application")]).await;
        assert_eq!(recruiter.status, 422);
        html::check(&recruiter.body);
        recruiter.sees("Another stage has this name.");
        recruiter.open(&page).await;
        let down = recruiter.form(&of(1, "/moves"));
        for said in ["Moved.", "The order has changed meanwhile"] {
            recruiter.send_form(&down, &[("direction", "down")], None).await.follow().await.sees(said);
        }
        assert_eq!(test.stage_names(id).await[1..3], ["Coding test", "Reading 🦀"]);
        for (at, place, direction, said) in [(0, "0", "down", "stays the first"), (2, "1", "up", "stays the first"), (10, "10", "down", "nothing to change places")] {
            recruiter.post(&of(at, "/moves"), &[("direction", direction), ("at", place)]).await.follow().await.sees(said);
        }
        recruiter.post(&of(0, "/removal"), &[]).await.follow().await.sees("it stays");
        recruiter.submit(&of(10, "/removal"), &[]).await.follow().await.sees("The stage is removed.");
        recruiter.post(&of(10, "/removal"), &[]).await;
        assert_eq!(recruiter.status, 404);
        // A stage of another job is out of reach.
        let other = recruiter.make_job(kit, &[]).await;
        recruiter.post(&format!("/openings/{other}/stages/{}", stages[1].id), &[("name", "Taken"), ("target_days", "1")]).await;
        assert_eq!(recruiter.status, 404);
        assert_eq!(test.stage_names(id).await.len(), 10);
    }

    async fn a_stage_with_applications_stays(test) {
        let mut recruiter = test.recruiter().await;
        let job = hiring::job(&test, "Engineer", 0).await;
        let (one, _) = hiring::application(&test, &job, "Candidate 1").await;
        let mut tx = test.app.db.begin().await.unwrap();
        let held = hiring::held(&mut tx, one).await;
        placing::move_to(&mut tx, &held, job.stages[3], test.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let removal = format!("/openings/{}/stages/{}/removal", job.id, job.stages[3]);
        recruiter.post(&removal, &[]).await.follow().await.sees("one application is in it. Move it on first");
        let mut tx = test.app.db.begin().await.unwrap();
        let held = hiring::held(&mut tx, one).await;
        placing::end(&mut tx, &held, halfopen::hiring::ApplicationState::Rejected, "", test.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        recruiter.post(&removal, &[]).await.follow().await.sees("one application ended in it");
        assert_eq!(test.stage_names(job.id).await.len(), 6);
    }

    async fn the_applications_of_a_job_are_counted_by_stage(test) {
        let job = hiring::job(&test, "Engineer", 0).await;
        let mut ids = Vec::new();
        for n in 0..4 {
            ids.push(hiring::application(&test, &job, &format!("Candidate {n}")).await.0);
        }
        let mut tx = test.app.db.begin().await.unwrap();
        let held = hiring::held(&mut tx, ids[0]).await;
        placing::move_to(&mut tx, &held, job.stages[1], test.app.now()).await.unwrap();
        let held = hiring::held(&mut tx, ids[1]).await;
        placing::end(&mut tx, &held, halfopen::hiring::ApplicationState::Rejected, "", test.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        test.pass(DAY * 6);
        let mut recruiter = test.recruiter().await;
        let page = format!("/openings/{}", job.id);
        test.stranger().open(&format!("/jobs/{}", job.slug)).await.sees("6 days ago");
        recruiter.open("/openings").await.sees("3");
        recruiter.open(&page).await.sees("3 under way").sees("1 rejected");
        let links = html::links(&recruiter.body);
        for filter in ["stage%3Aapplication%20state%3Aactive&order=longest", "stage%3Aresume-screen%20state%3Aactive&order=longest", "state%3Arejected"] {
            assert!(links.contains(&format!("{page}/applications?q={filter}")), "{links:?}");
        }
        recruiter.open("/openings?state=published").await.sees("Engineer");
        recruiter.open("/openings?state=closed").await.sees("No job is in this state");
    }

    async fn a_newer_version_is_tried_on_past_applications_before_it_is_pinned(test) {
        let mut recruiter = test.recruiter().await;
        let job = hiring::job(&test, "Engineer", 0).await;
        let kit = test.opening(job.id).await.kit;
        let choice = |question: &str, answers: &[(&str, Decision)]| KnockOut {
            question: question.into(),
            answers: answers.iter().map(|(answer, decision)| Answer { answer: (*answer).into(), decision: *decision }).collect(),
        };
        let first = test.applied(&job, "Candidate 1", &[("Permit?", "Yes")]).await;
        test.applied(&job, "Candidate 2", &[("Permit?", "No")]).await;
        test.applied(&job, "Candidate 3", &[("A permit, perhaps?", "No")]).await;
        let page = format!("/openings/{}", job.id);
        recruiter.open(&page).await;
        assert!(!recruiter.text().contains("See what would change"));
        recruiter.get(&format!("{page}/kit")).await.follow().await.sees("has the newest version");

        let strict = choice("Permit?", &[("Yes", Decision::Qualifies), ("No", Decision::Declines)]);
        test.next_version(kit, |kit| { kit.knock_outs = vec![strict.clone()]; kit.levels.retain(|level| level != "Mid"); }).await;
        recruiter.open(&page).await.sees("Version 2 of Integration Developer is published");
        recruiter.open(&format!("{page}/kit")).await.sees("1 would be declined").sees("1 cannot be told").sees("1 would stay as decided").sees("Candidate 2");
        assert!(!recruiter.text().contains("Candidate 1") && !recruiter.text().contains("Candidate 3"));
        assert!(html::links(&recruiter.body).contains(&format!("/kits/{kit}/comparison?from=1&to=2")));
        // The level is not among those of the newer version.
        recruiter.submit(&format!("{page}/kit"), &[]).await;
        assert_eq!(recruiter.status, 422);
        html::check(&recruiter.body);
        assert_eq!(test.opening(job.id).await.kit_version, 1);
        recruiter.submit(&format!("{page}/kit"), &[("level", "Senior")]).await.follow().await.sees("candidates meet version 2");
        recruiter.post(&format!("{page}/kit"), &[("version", "2")]).await.follow().await.sees("has version 2 of its kit by now");
        for unknown in ["3", "4000000000"] {
            recruiter.post(&format!("{page}/kit"), &[("version", unknown)]).await;
            assert_eq!(recruiter.status, 404);
        }
        let now = test.opening(job.id).await;
        assert_eq!((now.kit_version, now.level.as_str()), (2, "Senior"));
        let first = applications::find(&test.app.db, first).await.unwrap().unwrap();
        assert_eq!(first.kit_version, 1, "who has applied keeps the version that they answered");
    }

    async fn a_draft_of_a_kit_is_tried_on_past_applications(test) {
        let mut recruiter = test.recruiter().await;
        let job = hiring::job(&test, "Engineer", 0).await;
        let kit = test.opening(job.id).await.kit;
        test.applied(&job, "Candidate 1", &[("Permit?", "No")]).await;
        let publication = format!("/kits/{kit}/draft/publication");
        test.draft_of_kit(kit, |kit| kit.resume_criteria.push("Anything".into())).await;
        recruiter.open(&publication).await;
        assert!(!recruiter.text().contains("tried on past applications"), "the knock-outs are the same");
        test.draft_of_kit(kit, |kit| {
            kit.knock_outs = vec![KnockOut {
                question: "Permit?".into(),
                answers: vec![Answer { answer: "No".into(), decision: Decision::Declines }],
            }];
        }).await;
        recruiter.open(&publication).await.sees("tried on past applications").sees("1 would be declined").sees("Candidate 1");
        // Those outside of the team learn how many, and not who.
        let mut manager = test.signed_in(Role::HiringManager).await;
        manager.open(&publication).await.sees("1 would be declined").sees("Who they are is shown to the team");
        assert!(!manager.text().contains("Candidate 1"));
    }

    async fn search_engines_read_a_job(test) {
        let kit = test.kit().await;
        let mut recruiter = test.recruiter().await;
        let mail = recruiter.open("/mail/templates").await.form("/mail/company");
        recruiter.send_form(&mail, &[("company", "Example & Co")], None).await;
        let changes = [("salary_from", "42000"), ("salary_to", "56000"), ("last_day", "2026-12-24"), ("kind", "contract")];
        let id = recruiter.make_job(kit, &changes).await;
        recruiter.publish(id).await;
        let mut stranger = test.stranger();
        stranger.open("/jobs/integration-engineer").await;
        let posting = stranger.posting().expect("structured data");
        for (path, value) in [
            ("/@type", "JobPosting"),
            ("/title", "Integration Engineer"),
            ("/datePosted", "2026-11-20"),
            ("/validThrough", "2026-12-25T00:00:00Z"),
            ("/employmentType", "CONTRACTOR"),
            ("/hiringOrganization/name", "Example & Co"),
            ("/identifier/value", &id.to_string()),
            ("/jobLocation/address/addressLocality", "Lisbon"),
            ("/jobLocation/address/addressCountry", "PT"),
            ("/baseSalary/currency", "EUR"),
            ("/baseSalary/value/unitText", "YEAR"),
            ("/url", "http://halfopen.test/jobs/integration-engineer"),
        ] {
            assert_eq!(posting.pointer(path).and_then(Value::as_str), Some(value), "{path}");
        }
        assert_eq!(posting["baseSalary"]["value"]["minValue"], 42_000);
        assert_eq!(posting["directApply"], true);
        assert!(posting["description"].as_str().is_some_and(|html| html.contains("<em>talk</em>")));
        assert!(posting.get("jobLocationType").is_none());
        assert_eq!(stranger.meta("robots"), None);
        assert!(stranger.meta("description").is_some_and(|words| words.contains("Example & Co") && words.contains("hours of your time")));
        assert_eq!(stranger.meta("og:title").as_deref(), Some("Integration Engineer"));
        assert!(stranger.body.contains("<link rel=\"canonical\" href=\"http://halfopen.test/jobs/integration-engineer\">"));
        assert!(stranger.body.contains("<html lang=\"en\""));
        stranger.sees("One dealbreaker to answer").sees("about 9 hours").sees("Everything else is decided by people");

        let remote = recruiter.make_job(kit, &[("title", "Remote"), ("presence", "remote"), ("place", ""), ("country", "PT")]).await;
        recruiter.publish(remote).await;
        let posting = stranger.open("/jobs/remote").await.posting().expect("structured data");
        assert_eq!(posting["jobLocationType"], "TELECOMMUTE");
        assert_eq!(posting["applicantLocationRequirements"]["name"], "Portugal");
        assert!(posting.get("jobLocation").is_none() && posting.get("baseSalary").is_none() && posting.get("validThrough").is_none());

        stranger.get("/sitemap.xml").await;
        assert_eq!((stranger.status, stranger.header("content-type")), (200, "application/xml; charset=utf-8"));
        for url in ["/jobs<", "/jobs/remote<", "/jobs/integration-engineer<"] {
            assert!(stranger.body.contains(&format!("<loc>http://halfopen.test{url}")), "{url}: {}", stranger.body);
        }
        stranger.get("/robots.txt").await;
        assert!(stranger.body.contains("Allow: /jobs\n") && stranger.body.contains("Disallow: /\n"), "{}", stranger.body);
        assert!(stranger.header("content-type").starts_with("text/plain"));
        stranger.open("/sign-in").await;
        assert_eq!(stranger.meta("robots").as_deref(), Some("noindex"));
    }

    async fn hostile_words_stay_words(test) {
        let kit = test.kit().await;
        let mut recruiter = test.recruiter().await;
        let hostile = "</script><script>alert(1)</script> & \"x\" <!--";
        let about = "</script><script>alert(1)</script>\n\n[x](javascript:alert(1)) \u{2028}";
        let id = recruiter.make_job(kit, &[("title", hostile), ("place", hostile), ("about", about)]).await;
        recruiter.publish(id).await;
        let mut stranger = test.stranger();
        for path in ["/jobs", "/jobs/script-script-alert-1-script-x"] {
            stranger.get(path).await;
            assert_eq!(stranger.status, 200, "{path}");
            assert!(!stranger.body.contains("<script>alert"), "{path}");
            assert!(!stranger.body.contains("href=\"javascript:"), "{path}");
        }
        let posting = stranger.posting().expect("structured data");
        assert_eq!(posting["title"], hostile);
        assert_eq!(posting["jobLocation"]["address"]["addressLocality"], hostile);
        recruiter.open(&format!("/openings/{id}")).await;
        recruiter.open("/openings").await;
    }

    async fn many_jobs_are_searched_and_paged(test) {
        let kit = test.kit().await;
        let mut recruiter = test.recruiter().await;
        for n in 0..52 {
            let id = recruiter.make_job(kit, &[("title", &format!("Crab {n}")), ("place", if n == 7 { "Łódź" } else { "Lisbon" })]).await;
            recruiter.post(&format!("/openings/{id}/publication"), &[]).await;
            if n % 2 == 0 {
                test.pass(Duration::from_secs(1));
            }
        }
        let mut stranger = test.stranger();
        stranger.open("/jobs").await.sees("Crab 51").sees("Title or place");
        let of_jobs = |links: Vec<String>| links.into_iter().filter(|link| link.starts_with("/jobs/")).collect::<Vec<_>>();
        let first = of_jobs(html::links(&stranger.body));
        let older = html::links(&stranger.body).into_iter().find(|link| link.contains("before=")).expect("more");
        stranger.open(&older).await;
        let second = of_jobs(html::links(&stranger.body));
        assert_eq!((first.len(), second.len()), (50, 2));
        assert!(second.iter().all(|link| !first.contains(link)));
        stranger.open("/jobs?words=lodz").await.sees("Crab 7");
        assert_eq!(of_jobs(html::links(&stranger.body)).len(), 1);
        stranger.open("/jobs?words=100%25").await.sees("No open job has these words");
        recruiter.open("/openings").await.sees("Older");
    }
}
