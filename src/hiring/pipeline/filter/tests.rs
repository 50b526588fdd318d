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
        me: Uuid::from_u128(8),
        now: NOW,
    };
    Filter::parse(text, &known)
}

fn holds(text: &str, line: &Line) -> bool {
    parse(text)
        .unwrap()
        .holds(line, "zoe example kafka berlin", &stages(), NOW)
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
