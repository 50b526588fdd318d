use crate::roles::import::tests::{EXAMPLES, NUMBERED, PAGE, bank_of, leftovers, read};

#[test]
fn numbered_questions_are_read() {
    let import = read("x.txt", NUMBERED);
    assert_eq!(leftovers(&import), Vec::<&str>::new());
    let bank = bank_of(&import);
    assert_eq!(bank.title, "Interview questions");
    let [first, second, third] = bank.questions.as_slice() else {
        panic!("{:?}", bank.questions);
    };
    assert_eq!(
        (first.question.as_str(), first.difficulty.as_str()),
        ("Which queue did you empty last?", "easy")
    );
    assert_eq!(
        (first.topic.as_str(), first.answer.split("\n\n").count()),
        ("Queues", 2)
    );
    assert_eq!((second.difficulty.as_str(), second.follow_ups.len()), ("", 2));
    assert!(second.answer.starts_with("I put it aside"));
    assert_eq!(
        (third.question.as_str(), third.difficulty.as_str()),
        ("How long may a message wait?", "fiendish")
    );
    assert_eq!(third.answer, "As long as its reader can still use it.");
}

#[test]
fn answers_among_a_page_are_read() {
    let import = read("x.txt", PAGE);
    assert_eq!(leftovers(&import), ["Sign up for our letter"]);
    let bank = bank_of(&import);
    assert_eq!(bank.title, "Depot Engineer interview");
    let asked: Vec<&str> = bank
        .questions
        .iter()
        .map(|question| question.question.as_str())
        .collect();
    assert_eq!(asked, ["What is a depot to you?", "", "", "", "", ""]);
    assert!(bank.questions.iter().all(|question| !question.answer.is_empty()));
    assert_eq!(
        bank.questions[4].answer,
        "Certificates help a little, and stories help more."
    );
    assert_eq!(bank.advice.len(), 2);
}

#[test]
fn questions_with_examples_are_read() {
    let import = read("x.txt", EXAMPLES);
    assert_eq!(leftovers(&import), Vec::<&str>::new());
    let bank = bank_of(&import);
    assert_eq!(bank.title, "Depot Engineer Interview Questions");
    assert!(bank.about.starts_with("Get ready"));
    let [tools, day, taught] = bank.questions.as_slice() else {
        panic!("{:?}", bank.questions);
    };
    assert_eq!(
        tools.answer,
        "A label printer and a thermometer. Most faults are names or heat."
    );
    assert!(tools.asked_for.starts_with("Employers ask this question"));
    assert!(
        day.answer.starts_with("The ledger") && day.answer.ends_with("\n\nBy noon we knew that a clock was wrong.")
    );
    assert_eq!(
        (taught.question.as_str(), taught.answer.as_str()),
        ("Who taught you the most?", "")
    );
}

#[test]
fn line_ends_and_blank_lines_mean_nothing_in_banks() {
    for sample in [NUMBERED, PAGE, EXAMPLES] {
        let original = read("x", sample).document;
        for end in ["\r\n", "\n\n", "\n \n\t\n"] {
            let text = sample.lines().collect::<Vec<_>>().join(end);
            assert_eq!(read("x", &text).document, original, "{text}");
        }
        let straight = sample.replace(['“', '”'], "\"").replace('’', "'");
        assert_eq!(read("x", &straight).lines.len(), read("x", sample).lines.len());
        assert_eq!(leftovers(&read("x", &straight)), leftovers(&read("x", sample)));
    }
}
