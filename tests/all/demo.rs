//! `halfopen demo`.

use halfopen::assessments::State;
use halfopen::demo::{self, DemoError, Specimen};
use halfopen::people::Role;

use crate::support::laboratory::TEST;

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

crate::on_both! {
    async fn everybody_signs_in_with_one_password_and_finds_verdicts(test) {
        demo::fill(&test.app, Some("open".into()), specimens()).await.unwrap();
        for name in ["admin", "recruiter", "manager", "interviewer"] {
            let mut browser = test.stranger();
            browser.sign_in(&format!("{name}@demo.test"), "open").await;
            browser.follow().await.sees("Exceeds").sees("Below").sees("Rejected");
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
