use super::*;

const NOW: Timestamp = Timestamp(1_795_186_327_000_000);

fn days_ago(days: u32) -> Timestamp {
    NOW.minus(DAY * days)
}

fn stage(kind: StageKind) -> Stage {
    Stage {
        id: Uuid::nil(),
        name: kind.label().into(),
        kind,
        target_days: 3,
    }
}

fn waiting(days: u32) -> Standing {
    Standing {
        id: Uuid::nil(),
        name: "Candidate 1".into(),
        stage: Uuid::nil(),
        since: days_ago(days),
        to_review: false,
        videos: 0,
        watched: false,
        test: None,
    }
}

fn test(submitted: Option<u32>, band: Option<&str>) -> Option<Test> {
    Some(Test {
        invited_at: days_ago(5),
        opened: false,
        submitted_at: submitted.map(days_ago),
        band: band.map(str::to_owned),
        strip: "+++++++++++--".into(),
    })
}

fn asked(application: &Standing, kind: StageKind) -> (String, bool) {
    match asks(application, &stage(kind), NOW) {
        Asks::Us { why, late, act, .. } => (format!("{act}: {why}"), late),
        Asks::Candidate { what, late, .. } => (what.into(), late),
        Asks::Nothing => (String::new(), false),
    }
}

#[test]
fn an_age_is_short() {
    let cases = [
        (0, "now"),
        (59, "now"),
        (60, "1 h"),
        (23 * 60, "23 h"),
        (24 * 60, "1 day"),
        (49 * 60, "2 days"),
    ];
    for (minutes, words) in cases {
        assert_eq!(age(NOW.minus(Duration::from_secs(minutes * 60)), NOW), words);
    }
}

#[test]
fn an_application_is_late_once_its_target_is_past() {
    assert_eq!(asked(&waiting(3), StageKind::Interview), (String::new(), false));
    let late = asked(&waiting(4), StageKind::Interview);
    assert_eq!(late, ("Decide: In Interview for 4 days; 3 were meant.".into(), true));
}

#[test]
fn what_waits_for_the_candidate_is_no_need_of_ours() {
    let mut application = waiting(1);
    application.test = test(None, None);
    assert_eq!(
        asked(&application, StageKind::CodingTest),
        ("coding test, not opened".into(), false)
    );
    application.since = days_ago(9);
    assert_eq!(
        asked(&application, StageKind::CodingTest),
        ("coding test, not opened".into(), true)
    );
}

#[test]
fn a_test_that_was_sent_is_reviewed_while_its_stage_lasts() {
    let mut application = waiting(1);
    application.test = test(Some(1), Some("meets"));
    let said = asked(&application, StageKind::CodingTest);
    assert_eq!(said, ("Review: Coding test graded: Meets, 11 of 13.".into(), false));
    assert_eq!(asked(&application, StageKind::Interview), (String::new(), false));
    application.test = test(Some(1), Some("rejected"));
    assert!(
        asked(&application, StageKind::CodingTest)
            .0
            .contains("could not be graded")
    );
    application.test = test(Some(1), None);
    assert!(asked(&application, StageKind::CodingTest).0.contains("being graded"));
}

#[test]
fn the_door_comes_before_the_videos() {
    let mut application = waiting(0);
    application.videos = 2;
    assert_eq!(
        asked(&application, StageKind::Application).0,
        "Watch: 2 video answers to watch."
    );
    application.to_review = true;
    assert!(asked(&application, StageKind::Application).0.starts_with("Look: "));
    assert_eq!(asked(&application, StageKind::ResumeScreen).0, "");
    application.to_review = false;
    application.watched = true;
    assert_eq!(asked(&application, StageKind::Application).0, "");
}
