//! `halfopen demo`.

use halfopen::args;
use halfopen::assessments::State;
use halfopen::demo::{self, DemoError, Specimen};
use halfopen::hiring::ApplicationState;
use halfopen::people::Role;

use crate::support::TestApp;
use crate::support::laboratory::TEST;
use statements::{APPLICATIONS, LAST_EVENT, OPENINGS, PASSED_STAGES, READINGS, TAKES};

mod statements {
    halfopen::statements! {
        OF_OPENINGS = "SELECT id, slug, state FROM openings ORDER BY state, slug";
        STAGES = "SELECT openings.slug, opening_stages.name FROM opening_stages JOIN openings ON openings.id = opening_id
            WHERE openings.state = 'published' AND NOT EXISTS
                (SELECT 1 FROM applications WHERE stage_id = opening_stages.id AND applications.state = 'active')";
        OF_APPLICATIONS = "SELECT coalesce(merged_into, id) AS id, link, name, state, outcome FROM applications ORDER BY started_at";
        OF_FILES = "SELECT application_files.name, reading, text, applications.name AS candidate
            FROM application_files JOIN applications ON applications.id = application_id";
        OF_TAKES = "SELECT form, count(*) AS n FROM application_takes WHERE submitted_at IS NOT NULL GROUP BY form";
        LATEST = "SELECT max(at) AS at FROM application_events";
    }
    pub const OPENINGS: halfopen::db::Statement = OF_OPENINGS;
    pub const PASSED_STAGES: halfopen::db::Statement = STAGES;
    pub const APPLICATIONS: halfopen::db::Statement = OF_APPLICATIONS;
    pub const READINGS: halfopen::db::Statement = OF_FILES;
    pub const TAKES: halfopen::db::Statement = OF_TAKES;
    pub const LAST_EVENT: halfopen::db::Statement = LATEST;
}

fn specimens() -> Vec<Specimen> {
    let program = |title: &str, source: &str| Specimen {
        title: title.into(),
        test: TEST.into(),
        program: halfopen::grader::Program {
            language: halfopen::grader::Language::JavaScript,
            source: source.into(),
        },
    };
    vec![
        program("Good", "export {}"),
        program("Bad", "/* fails jitter */"),
        program("Broken", "syntax error"),
    ]
}

/// The challenge that ships has every program that the demonstration shows.
#[test]
fn a_dozen_programs_are_shown() {
    assert_eq!(demo::specimens().len(), 13);
}

/// A column of what a statement finds.
async fn column(test: &TestApp, statement: halfopen::db::Statement, name: &str) -> Vec<String> {
    let rows = test.app.db.all(statement, args![]).await.unwrap();
    rows.iter()
        .map(|row| row.get::<Option<String>>(name).unwrap().unwrap_or_default())
        .collect()
}

crate::on_both! {
    async fn jobs_have_applications_at_every_point(test) {
        demo::fill(&test.app, Some("open".into()), specimens()).await.unwrap();
        let states = column(&test, OPENINGS, "state").await;
        assert_eq!(states, ["closed", "draft", "published", "published"]);
        assert_eq!(column(&test, PASSED_STAGES, "name").await, Vec::<String>::new(), "nobody is there");
        let states = column(&test, APPLICATIONS, "state").await;
        for state in ApplicationState::ALL {
            assert!(states.iter().any(|one| one == state.id()), "nobody is {state:?}");
        }
        let forms = column(&test, TAKES, "form").await;
        assert_eq!(forms.len(), 3, "{forms:?}");
        let last = test.app.db.optional(LAST_EVENT, args![]).await.unwrap().unwrap();
        assert!(last.get::<i64>("at").unwrap() <= test.app.now().0, "nothing happens tomorrow");
    }

    async fn resumes_are_read_but_for_one(test) {
        demo::fill(&test.app, Some("open".into()), specimens()).await.unwrap();
        let mut unread = Vec::new();
        for file in test.app.db.all(READINGS, args![]).await.unwrap() {
            let (name, reading): (String, String) = (file.get("name").unwrap(), file.get("reading").unwrap());
            let candidate: String = file.get("candidate").unwrap();
            let text = file.get::<Option<String>>("text").unwrap().unwrap_or_default();
            match reading.as_str() {
                "read" if name.starts_with("letter") => {}
                "read" => assert!(text.contains("Experience") && text.contains("@demo.test"), "{candidate}: {text}"),
                _ => unread.push((candidate, reading)),
            }
        }
        assert_eq!(unread, [("Candidate 48".to_owned(), "damaged".to_owned())]);
    }

    async fn every_application_can_be_looked_at(test) {
        demo::fill(&test.app, Some("open".into()), specimens()).await.unwrap();
        let (mut recruiter, mut manager) = (test.stranger(), test.stranger());
        recruiter.sign_in("recruiter@demo.test", "open").await;
        manager.sign_in("manager@demo.test", "open").await;
        for opening in column(&test, OPENINGS, "id").await {
            manager.open(&format!("/openings/{opening}")).await.sees("Demo Interviewer");
        }
        let (mut candidate, mut withheld) = (test.stranger(), 0);
        for row in test.app.db.all(APPLICATIONS, args![]).await.unwrap() {
            let (id, name, state): (_, String, String) =
                (row.id("id").unwrap(), row.get("name").unwrap(), row.get("state").unwrap());
            candidate.open(&format!("/application/{}", row.get::<String>("link").unwrap())).await;
            if state != "draft" {
                recruiter.open(&format!("/applications/{id}")).await.sees(&name);
                manager.open(&format!("/applications/{id}")).await;
                if !manager.text().contains(&name) {
                    manager.sees("Names are withheld here");
                    withheld += 1;
                }
            }
        }
        assert!(withheld > 0, "one of the jobs withholds names from those who read");
        candidate.open("/jobs").await.sees("Integration Developer").sees("Integration Engineer, live maps");
    }

    async fn everybody_signs_in_with_one_password_and_finds_verdicts(test) {
        demo::fill(&test.app, Some("open".into()), specimens()).await.unwrap();
        for name in ["admin", "recruiter", "manager", "interviewer"] {
            let mut browser = test.stranger();
            browser.sign_in(&format!("{name}@demo.test"), "open").await;
            browser.follow().await.sees("Today");
            browser.open("/submissions").await.sees("Exceeds").sees("Below").sees("Rejected");
        }
        assert!(matches!(demo::fill(&test.app, None, specimens()).await, Err(DemoError::Filled)));
        let mut browser = test.stranger();
        browser.sign_in("recruiter@demo.test", "open").await;
        for state in State::ALL {
            browser.open(&format!("/assessments?state={}", state.id())).await.sees("candidate2");
        }
    }

    async fn real_data_is_left_alone(test) {
        test.add("recruiter@company.example", Role::Recruiter).await;
        assert!(matches!(demo::fill(&test.app, None, specimens()).await, Err(DemoError::NotEmpty)));
    }
}
