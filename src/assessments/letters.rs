//! What the mails about an assessment are filled with.

use crate::app::App;
use crate::assessments::Assessment;
use crate::clock::Timestamp;
use crate::mail::{Event, Letter};
use crate::submissions::laboratory::find_test;

pub fn letter(app: &App, assessment: &Assessment, event: Event, received: Option<Timestamp>) -> Letter {
    let test = find_test(&*app.laboratory, &assessment.challenge);
    let title = test.map_or_else(|| assessment.challenge.clone(), |test| test.title);
    let link = assessment.link.as_ref();
    let mut values = vec![
        ("test", title),
        ("variant", assessment.variant.label().replacen('W', "w", 1)),
        ("minutes", assessment.minutes_given().to_string()),
        ("deadline", assessment.deadline.words()),
        (
            "link",
            link.map_or_else(String::new, |link| app.config.public_url.join(&format!("/test/{link}"))),
        ),
    ];
    values.extend(received.map(|at| ("received", at.words())));
    Letter {
        event,
        to_name: assessment.candidate.clone(),
        to_address: assessment.email.clone(),
        about: assessment.id,
        sender: assessment.invited_by.clone(),
        values,
    }
}
