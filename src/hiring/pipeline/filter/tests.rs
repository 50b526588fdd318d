use super::*;
use crate::hiring::StageKind;

const NOW: Timestamp = Timestamp(1_795_186_327_000_000);

fn stages() -> Vec<Stage> {
    let names = ["Application", "Résumé screen", "Interview one", "Interview two"];
    let stage = |(n, name): (u128, &str)| Stage {
        id: Uuid::from_u128(n),
        name: name.into(),
        kind: StageKind::Interview,
        target_days: 5,
    };
    (1..).zip(names).map(stage).collect()
}

fn line(days: u32) -> Line {
    Line {
        state: ApplicationState::Active,
        stage: Some(Uuid::from_u128(2)),
        stage_since: Some(NOW.minus(DAY * days)),
        submitted_at: Some(NOW.minus(DAY * days)),
        ..Line::default()
    }
}

fn parse(text: &str) -> Result<Filter, String> {
    let people = [(Uuid::from_u128(7), "Robin Example".to_owned())];
    let known = Known {
        stages: &stages(),
        people: &people,
        tags: &["Key account".into(), "key player".into(), "🚲".into()],
        me: Uuid::from_u128(8),
        now: NOW,
        over_jobs: false,
    };
    Filter::parse(text, &known)
}

fn holds(text: &str, line: &Line) -> bool {
    let (filter, words) = (parse(text).unwrap(), "zoe example kafka berlin");
    let fits = filter.holds(line, words, &stages(), NOW);
    fits && (!filter.doubts(words) || filter.is_said_in(&[words.to_owned()]))
}

#[test]
fn tags_are_named_in_any_way_and_words_in_quotes_stand_together() {
    let tagged = |tags: &[&str]| Line {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..line(1)
    };
    for (text, tags, fits) in [
        ("tag:key-account", vec!["key account"], true),
        ("tag:\"Key Account\"", vec!["key account"], true),
        ("tag:key", vec!["key player"], true),
        ("tag:key-account", vec!["key player"], false),
        ("tag:key-account tag:key-player", vec!["key player"], true),
        ("-tag:key-account", vec!["key account", "🚲"], false),
        ("-tag:key-account", vec!["🚲"], true),
        ("tag:🚲", vec!["🚲"], true),
    ] {
        assert_eq!(holds(text, &tagged(&tags)), fits, "{text} {tags:?}");
    }
    assert!(parse("tag:unheard").unwrap_err().contains("key-account"));
    assert_eq!(
        parse("tag:key-account").unwrap().tags(),
        Some(&["key account".to_owned()][..])
    );
    assert!(parse("-tag:key").unwrap().tags().is_none() && !parse("-tag:key").unwrap().leads());
    for tag in ["Key account", "🚲", "a \"b\" c"] {
        let token = tag_token(tag);
        assert_eq!(tokens(&token), std::slice::from_ref(&token), "{tag}");
    }
    let wanted = parse("\"kafka berlin\"").unwrap();
    assert!(wanted.doubts("kafka berlin") && wanted.is_said_in(&["in Kafka, Berlin".into()]));
    assert!(!wanted.is_said_in(&["Berlin".into(), "Kafka".into(), "kafka in berlin".into()]));
    let unwanted = parse("-\"kafka berlin\"").unwrap();
    assert!(unwanted.doubts("kafka berlin") && !unwanted.doubts("kafka"));
    assert!(unwanted.is_said_in(&["berlin kafka".into()]) && !unwanted.is_said_in(&["Kafka Berlin".into()]));
}

#[test]
fn only_what_all_jobs_know_is_asked_of_all_jobs() {
    let known = Known {
        stages: &[],
        people: &[],
        tags: &[],
        me: Uuid::nil(),
        now: NOW,
        over_jobs: true,
    };
    let read = |text: &str| Filter::parse(text, &known);
    assert_eq!(
        read("tag:key-account").unwrap().tags().unwrap(),
        ["key account", "key-account"]
    );
    assert!(read("late tag:x state:active").unwrap().leads());
    for key in ["stage:offer", "owner:me", "in-stage:>3d", "colour:red"] {
        assert!(read(key).unwrap_err().contains("tag:"), "{key}");
    }
}

#[test]
fn every_key_is_read_and_can_be_excluded() {
    let line = line(6);
    for text in [
        "stage:resume-screen",
        "stage:\"Résumé screen\"",
        "stage:res",
        "STAGE:Resume",
        "state:active",
        "owner:none",
        "source:unsaid",
        "late",
        "applied:>5d",
        "applied:<7d",
        "applied:6d",
        "applied:5..7d",
        "in-stage:3..6d",
        "applied:<2026-11-15",
        "applied:2026-11-14",
        "applied:2026-11-01..2026-11-14",
        "zo",
        "Zoë KAFKA",
        "\"kafka berlin\"",
    ] {
        assert!(holds(text, &line), "{text}");
        let excluded = text.split(' ').map(|_| ()).count() == 1 || text.contains('"');
        if excluded {
            assert!(!holds(&format!("-{text}"), &line), "-{text}");
        }
    }
    for text in [
        "stage:interview",
        "state:rejected",
        "owner:me",
        "owner:robin-example",
        "source:board",
        "outcome:passed",
        "applied:>6d",
        "applied:<6d",
        "in-stage:7..9d",
        "applied:>2026-11-14",
        "applied:<2026-11-14",
        "kafkaesque",
        "afka",
    ] {
        assert!(!holds(text, &line), "{text}");
    }
}

#[test]
fn one_key_twice_is_either_and_two_keys_are_both() {
    let line = line(1);
    assert!(holds("stage:interview stage:resume", &line));
    assert!(!holds("stage:resume state:rejected", &line));
    assert!(!holds("applied:>0d applied:>3d", &line));
    assert!(!holds("-late -stage:resume", &line));
    assert!(holds("-\"kafka lisbon\" -lisbon", &line));
}

#[test]
fn what_is_not_understood_says_what_is_possible() {
    for (text, says) in [
        ("colour:red", "stage:, state:, owner:"),
        ("stage:nowhere", "application, resume-screen"),
        ("stage:", "application"),
        ("state:draft", "active, knocked-out, rejected, withdrawn"),
        ("owner:nobody", "me, none, robin-example"),
        ("source:tea", "unsaid, company"),
        ("outcome:tea", "passed, review"),
        ("applied:soon", ">7d"),
        ("applied:9..3d", ">7d"),
        ("in-stage:>99999d", ">7d"),
        ("applied:2026-02-30", ">7d"),
    ] {
        let error = parse(text).unwrap_err();
        assert!(error.contains(says), "{text}: {error}");
    }
    assert!(parse(&"x".repeat(400)).is_err());
    assert!(parse("https://mail.example 10:30 - \" \u{0}").is_ok());
}

#[test]
fn a_piece_can_be_taken_away() {
    let filter = parse("late  stage:\"Résumé screen\" zoe").unwrap();
    assert_eq!(filter.tokens.len(), 3);
    assert_eq!(filter.without(1), "late zoe");
    assert_eq!(parse(&filter.text()).unwrap(), filter);
}
