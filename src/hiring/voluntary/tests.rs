use super::form::VoluntaryForm;
use super::*;

#[test]
fn a_week_begins_on_monday() {
    // Friday, 20 Nov 2026, 14:52:07 UTC
    let friday = Timestamp(1_795_186_327_000_000);
    let monday = week_of(friday);
    assert_eq!(monday.iso(), "2026-11-16T00:00:00Z");
    assert_eq!(week_of(monday), monday);
    assert_eq!(week_of(Timestamp(monday.0 - 1)).iso(), "2026-11-09T00:00:00Z");
    assert_eq!(week_of(Timestamp(0)).iso(), "1969-12-29T00:00:00Z");
}

fn own(words: &str, choices: &str) -> VoluntaryForm {
    VoluntaryForm {
        own: "yes".into(),
        words: words.into(),
        choices: choices.into(),
        ..VoluntaryForm::default()
    }
}

#[test]
fn a_question_of_ones_own_needs_words_and_choices() {
    let asked = own(" How do you  describe yourself? ", "One\n\n Another \nA third\r\n").check();
    let asked = asked.expect("it can be asked");
    let question = asked.iter().find(|question| question.kind == Kind::Own).expect("one");
    assert_eq!(question.words, "How do you describe yourself?");
    assert_eq!(question.choices, ["One", "Another", "A third"]);
    assert_eq!(question.key(), "own: How do you describe yourself?");
    let many: Vec<String> = (0..13).map(|n| n.to_string()).collect();
    for (words, choices) in [
        ("", "One\nTwo"),
        ("What?", "One"),
        ("What?", ""),
        ("What?", "One\none"),
        ("What?", &many.join("\n")),
        ("What?", &format!("One\n{}", "x".repeat(101))),
        (&"x".repeat(201), "One\nTwo"),
    ] {
        assert!(own(words, choices).check().is_err(), "{words} {choices}");
    }
    // What is not asked need not be right, and is kept all the same.
    let unasked = VoluntaryForm {
        own: String::new(),
        ..own("What?", "One")
    };
    assert!(
        unasked
            .check()
            .is_ok_and(|all| all.iter().all(|question| !question.asked))
    );
}
