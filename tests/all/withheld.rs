//! A job that is read without names: to its readers, whoever waits to be read is nobody in particular, on every page.

use std::time::Duration;

use halfopen::hiring::applications::{following, placing, store as applications};
use halfopen::hiring::pipeline::index;
use halfopen::hiring::screening::{Outcome, Rule, Settings, reading, store as screening, veil};
use halfopen::hiring::{Application, access};
use halfopen::people::{Role, Staff, store as people};
use halfopen::routes::{Access, map};
use halfopen::ui::{folded, percent_encoded};
use uuid::Uuid;

use crate::support::hiring::{self, Job};
use crate::support::{Browser, PASSWORD, TestApp};

const NAME: &str = "Zyxwa Example";
/// Of the name and of the address.
const TOLD: &str = "zyxwa";
const ADDRESS: &str = "zyxwa.example@mail.example";

struct Scene {
    job: Job,
    id: Uuid,
    /// Somebody who reads for this job without having submitted, by role.
    readers: Vec<(Browser, Staff)>,
    /// Reads nothing here, and writes to the candidates.
    recruiter: Browser,
}

impl Scene {
    async fn new(test: &TestApp) -> Scene {
        let job = hiring::job(test, "Integration Developer", 0).await;
        let (id, _) = hiring::application(test, &job, NAME).await;
        hiring::application(test, &job, "Candidate 4").await;
        withhold(test, &job, true).await;
        let mut readers = Vec::new();
        for role in [Role::Recruiter, Role::HiringManager, Role::Interviewer] {
            let (email, staff) = hiring::member(test, &job, &format!("Reading {}", role.label()), role).await;
            let mut browser = test.stranger();
            browser.sign_in(&email, PASSWORD).await;
            readers.push((browser, people::find(&test.app.db, staff).await.unwrap()));
        }
        let (application, opening) = access::application(&test.app, &readers[0].1, id).await.unwrap();
        reading::begin(&test.app, &readers[0].1, &application, &opening)
            .await
            .unwrap();
        Scene {
            recruiter: test.recruiter().await,
            job,
            id,
            readers,
        }
    }

    /// All that a colleague may have done with the application before it is read.
    async fn is_handled(&mut self, test: &TestApp) {
        let page = format!("/applications/{}", self.id);
        self.recruiter.open(&page).await;
        let named = self.readers[1].1.email.clone();
        let comment = format!("@{named} Zyxwa speaks Dutch");
        self.recruiter
            .submit(&format!("{page}/comments"), &[("words", &comment)])
            .await;
        self.recruiter.open(&page).await;
        let staff = self.readers[1].1.id.to_string();
        let today = test.app.now().day();
        let to_do = [
            ("what", "Call Zyxwa"),
            ("staff", staff.as_str()),
            ("due", today.as_str()),
        ];
        self.recruiter.submit(&format!("{page}/to-dos"), &to_do).await;
        assert_eq!(self.recruiter.status, 303, "{}", self.recruiter.text());
        self.recruiter.open(&page).await;
        self.recruiter
            .submit(&format!("{page}/tags"), &[("tag", "Relocation")])
            .await;
        let test_page = format!("{page}/test");
        let coding_test = test.app.laboratory.tests()[0].clone();
        self.recruiter.open(&test_page).await;
        self.recruiter
            .submit(&test_page, &[("challenge", &coding_test.id)])
            .await;
        assert_eq!(self.recruiter.status, 303, "{}", self.recruiter.text());
    }

    async fn has_result(&self, test: &TestApp) {
        let rule = Rule {
            advance_from: 150,
            archive_below: 75,
        };
        let outcome = Outcome::of(&[vec![3, 0], vec![1, 0]], rule, test.app.now());
        let mut tx = test.app.db.begin().await.unwrap();
        screening::add_result(&mut tx, (self.id, self.job.id), &outcome, &[(1, 3), (0, 0)])
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

fn url(job: &Job, rest: &str) -> String {
    format!("/openings/{}{rest}", job.id)
}

async fn withhold(test: &TestApp, job: &Job, anonymised: bool) {
    let mut tx = test.app.db.begin().await.unwrap();
    let settings = screening::hold_settings(&mut tx, job.id).await.unwrap();
    let settings = Settings { anonymised, ..settings };
    screening::set_settings(&mut tx, job.id, &settings).await.unwrap();
    tx.commit().await.unwrap();
}

async fn current(test: &TestApp, id: Uuid) -> Application {
    applications::find(&test.app.db, id).await.unwrap().unwrap()
}

/// Every page of the staff that is about this job, this application, or everything.
fn pages(scene: &Scene, mail: Uuid, assessment: Uuid) -> Vec<String> {
    let mut pages = Vec::new();
    for route in map().into_routes() {
        if route.method != axum::http::Method::GET || route.access == Access::Anyone {
            continue;
        }
        let ids = [
            ("/openings/", scene.job.id),
            ("/applications/", scene.id),
            ("/mail/", mail),
            ("/assessments/", assessment),
        ];
        let about = ids.iter().find(|(start, _)| route.path.starts_with(start));
        let path = match about {
            Some((_, id)) => route.path.replace("{id}", &id.to_string()),
            None => route.path.to_owned(),
        };
        pages.extend((!path.contains('{')).then_some(path));
    }
    pages.push(url(&scene.job, "/board/revision?since=0"));
    pages
}

/// Every search by words; what is looked for is said back in its field.
fn searches(job: &Job, words: &str) -> Vec<String> {
    let words = percent_encoded(words);
    let found = [
        url(job, "/board?q="),
        url(job, "/applications?q="),
        "/candidates?find=".to_owned(),
        "/mail?q=".to_owned(),
    ];
    found.map(|page| format!("{page}{words}")).into()
}

fn tells(browser: &Browser) -> bool {
    folded(&browser.body).contains(TOLD) || browser.location_or_empty().to_lowercase().contains(TOLD)
}

impl Browser {
    fn location_or_empty(&self) -> String {
        if (300..400).contains(&self.status) {
            self.location().to_owned()
        } else {
            String::new()
        }
    }
}

crate::on_both! {
    async fn no_page_tells_a_reader_the_name_before_enough_have_read(test) {
        let mut scene = Scene::new(&test).await;
        scene.is_handled(&test).await;
        let mails = halfopen::mail::store::list(&test.app.db, &Default::default(), Uuid::nil(), 9).await.unwrap();
        let assessment = applications::assessments(&test.app.db, scene.id).await.unwrap()[0];
        let label = veil::label(scene.id);
        let pages = pages(&scene, mails[0].id, assessment);
        assert!(pages.len() > 40, "{pages:?}");
        let mut told = Vec::new();
        for (reader, staff) in &mut scene.readers {
            for page in &pages {
                if tells(reader.get(page).await) {
                    told.push(format!("{:?} {page}: {}", staff.role, reader.status));
                }
            }
            for words in [TOLD, "example", "mail", "\"zyxwa example\"", "zyxwa -nobody"] {
                for page in searches(&scene.job, words) {
                    let body = &reader.get(&page).await.body;
                    if [NAME, ADDRESS, &label].iter().any(|told| body.contains(told)) {
                        told.push(format!("{:?} {page}", staff.role));
                    }
                }
            }
            // A tag is no name.
            for page in searches(&scene.job, "tag:relocation state:active") {
                reader.get(&page).await;
                assert!(!tells(reader), "{page}");
                assert_eq!(reader.body.contains(&label), !page.starts_with("/mail"), "{page}");
            }
            // What excludes the name excludes nobody whose name is withheld.
            for words in ["-zyxwa", "-\"zyxwa example\"", "owner:none -example"] {
                for page in &searches(&scene.job, words)[..2] {
                    reader.get(page).await.sees(&label);
                    assert!(!reader.body.contains(NAME) && !reader.body.contains(ADDRESS), "{page}");
                }
            }
            reader.open(&url(&scene.job, "/board")).await.sees(&label).sees("Names are withheld from you");
            reader.open(&url(&scene.job, "/applications")).await.sees(&label).sees("name withheld");
            reader.open(&format!("/applications/{}", scene.id)).await.sees(&label).sees("Names are withheld here");
        }
        assert!(told.is_empty(), "{told:#?}");
        let (manager, _) = &mut scene.readers[1];
        manager.open("/").await.misses("Watch").sees(&label).sees("[name withheld] speaks Dutch").sees("Call [name withheld]");
        // Whoever reads nothing here sees whom to write to.
        scene.recruiter.open(&url(&scene.job, "/board")).await.sees(NAME);
        scene.recruiter.open(&url(&scene.job, "/applications?q=zyxwa")).await.sees(NAME).sees(ADDRESS);
        scene.recruiter.open("/candidates?find=zyxwa").await.sees(NAME);
        scene.recruiter.open("/mail").await.sees(NAME);
    }

    async fn what_a_reader_does_with_an_application_tells_no_name(test) {
        let mut scene = Scene::new(&test).await;
        let label = veil::label(scene.id);
        let (id, first, second) = (scene.id.to_string(), scene.job.stages[0].to_string(), scene.job.stages[1].to_string());
        let (board, bulk) = (url(&scene.job, "/board"), url(&scene.job, "/bulk"));
        let moves = url(&scene.job, "/moves");
        for at in [0, 1] {
            let (reader, _) = &mut scene.readers[at];
            for act in ["move", "assign", "archive", "mail"] {
                let words = [("subject", "About {{job}}"), ("body", "Dear {{candidate}},\n{{sender}}"), ("reason", "Filled"), ("seen", "yes"), ("mail", "yes")];
                let mut fields = vec![("act", act), ("pick", id.as_str()), ("to", second.as_str()), ("owner", "none")];
                fields.extend(words);
                reader.post(&bulk, &fields).await;
                assert!(reader.body.contains(&label) && !tells(reader), "{act}: {}", reader.text());
                // All that fit words does not hold it.
                reader.post(&bulk, &[("act", act), ("all", "yes"), ("q", TOLD), ("back", &board)]).await;
                assert_eq!(reader.status, 303, "{act}");
            }
            reader.post(&moves, &[("application", &id), ("from", &first), ("to", &second), ("back", &board)]).await;
            reader.follow().await.sees(&format!("Moved {label} to Résumé screen"));
            assert!(!tells(reader));
            reader.post(&moves, &[("application", &id), ("from", &first), ("to", &second), ("back", &board)]).await;
            reader.follow().await.sees(&format!("moved {label} to Résumé screen")).sees("Nothing was changed");
            reader.open(&url(&scene.job, "/changes")).await.sees(&format!("Moved {label}"));
            assert!(!tells(reader));
            let (other, _) = &mut scene.readers[1 - at];
            other.get(&url(&scene.job, "/board/revision?since=0")).await;
            assert!(other.body.contains(&label) && !tells(other), "{}", other.body);
            let held = current(&test, scene.id).await;
            let mut tx = test.app.db.begin().await.unwrap();
            placing::move_to(&mut tx, &held, scene.job.stages[0], test.app.now()).await.unwrap();
            tx.commit().await.unwrap();
            test.pass(Duration::from_secs(60));
        }
        // Acts on the application itself ask for its page first.
        let (reader, _) = &mut scene.readers[1];
        for (path, field) in [("stage", ("stage", second.as_str())), ("ending", ("reason", "Filled")), ("owner", ("owner", "")), ("comments", ("words", "x")), ("tags", ("tag", "x"))] {
            reader.post(&format!("/applications/{}/{path}", scene.id), &[field, ("from", first.as_str())]).await;
            assert_eq!(reader.status, 403, "{path}");
        }
    }

    async fn names_come_back_with_the_result_and_with_the_next_stage(test) {
        let mut scene = Scene::new(&test).await;
        let (board, list) = (url(&scene.job, "/board"), url(&scene.job, "/applications?q=zyxwa"));
        for (reader, _) in &mut scene.readers {
            reader.open(&board).await;
            assert!(!tells(reader));
        }
        for stage in [2, 0] {
            let held = current(&test, scene.id).await;
            let mut tx = test.app.db.begin().await.unwrap();
            placing::move_to(&mut tx, &held, scene.job.stages[stage], test.app.now()).await.unwrap();
            tx.commit().await.unwrap();
            for (reader, _) in &mut scene.readers {
                reader.open(&board).await;
                assert_eq!(tells(reader), stage == 2);
            }
        }
        scene.has_result(&test).await;
        for (reader, _) in &mut scene.readers {
            reader.open(&board).await.sees(NAME).sees("readers disagree, score 1.00 of 3");
            reader.open(&list).await.sees(NAME).sees("readers disagree, score 1.00 of 3");
            reader.open(&format!("/applications/{}", scene.id)).await.sees(NAME);
        }
        // Of a job that shows names, nobody is withheld.
        withhold(&test, &scene.job, false).await;
        scene.readers[2].0.open(&board).await.misses("Names are withheld");
    }

    async fn whoever_asks_for_erasure_has_no_name_either(test) {
        let mut scene = Scene::new(&test).await;
        following::ask_erasure(&test.app, &current(&test, scene.id).await).await.unwrap();
        let (reader, _) = &mut scene.readers[0];
        reader.open("/privacy").await.sees(&veil::label(scene.id));
        assert!(!tells(reader), "{}", reader.text());
        scene.recruiter.open("/privacy").await.sees(NAME);
    }

    async fn the_other_application_of_the_same_person_does_not_lead_there(test) {
        let mut scene = Scene::new(&test).await;
        let elsewhere = hiring::job(&test, "Another job", 0).await;
        let (twin, _) = hiring::application(&test, &elsewhere, NAME).await;
        let page = format!("/applications/{twin}");
        scene.recruiter.open(&page).await;
        assert!(scene.recruiter.body.contains(&scene.id.to_string()));
        let (reader, _) = &mut scene.readers[0];
        reader.open(&page).await.sees(NAME);
        assert!(!reader.body.contains(&scene.id.to_string()));
        reader.open("/candidates?find=zyxwa").await.sees("Another job");
        assert!(!reader.body.contains(&scene.id.to_string()));
    }

    async fn how_many_have_read_is_said_and_no_score(test) {
        let mut scene = Scene::new(&test).await;
        let staff = scene.readers[2].1.id;
        let interviewer = &mut scene.readers[2].0;
        interviewer.post(&format!("/applications/{}/screening", scene.id), &[]).await;
        interviewer.follow().await.sees(&veil::label(scene.id));
        let mine = screening::of_reader(&test.app.db, scene.id, staff).await.unwrap().unwrap();
        let mut tx = test.app.db.begin().await.unwrap();
        assert!(screening::submit(&mut tx, mine.id, test.app.now()).await.unwrap());
        tx.commit().await.unwrap();
        for (reader, _) in &mut scene.readers {
            reader.open(&url(&scene.job, "/board")).await.sees("1 of 2 readings").misses("score");
            reader.open(&url(&scene.job, "/applications")).await.sees("1 of 2 readings").misses("score");
        }
        scene.recruiter.open(&url(&scene.job, "/board")).await.sees("1 of 2 readings").misses("score");
        // A word in the index that is not in a name finds none, either.
        let mut tx = test.app.db.begin().await.unwrap();
        index::comment_added(&mut tx, scene.id, "Kafka").await.unwrap();
        tx.commit().await.unwrap();
        scene.readers[1].0.open(&url(&scene.job, "/applications?q=kafka")).await.sees("Nobody fits").sees("Words find nobody whose name is withheld");
        scene.recruiter.open(&url(&scene.job, "/applications?q=kafka")).await.sees(NAME);
    }
}
