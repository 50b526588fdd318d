use std::time::Duration;

use uuid::Uuid;

use super::process::{Process, Time, plain};
use super::*;
use crate::hiring::openings::form::OpeningForm;
use crate::hiring::{Employment, Per, Stage};
use crate::roles::kit::{Answer, CodingTest, Decision, KnockOut, Presentation, Round, Simulation, VideoQuestion};

const NOW: Timestamp = Timestamp(1_795_186_327_000_000);

fn opening() -> Opening {
    Opening {
        id: Uuid::nil(),
        title: "Integration Engineer".into(),
        slug: "integration-engineer".into(),
        kit: Uuid::nil(),
        kit_version: 1,
        level: "Mid".into(),
        place: "Lisbon".into(),
        country: "PT".into(),
        presence: Presence::Hybrid,
        kind: Employment::FullTime,
        salary: None,
        about: "Words.".into(),
        state: OpeningState::Published,
        closes_at: None,
        decline_after_hours: 0,
        keep_months: 6,
        video_days: 7,
        video_takes: 3,
        created_by: Uuid::nil(),
        created_at: NOW,
        published_at: Some(NOW),
        closed_at: None,
        revision: 0,
    }
}

fn kit() -> Kit {
    let round = |name: &str, minutes| Round {
        name: name.into(),
        minutes,
    };
    let knock_out = |question: &str, decision| KnockOut {
        question: question.into(),
        answers: vec![Answer {
            answer: "No".into(),
            decision,
        }],
    };
    let video = |limit_seconds| VideoQuestion {
        limit_seconds,
        ..VideoQuestion::default()
    };
    Kit {
        levels: vec!["Junior".into(), "Mid".into()],
        rounds: vec![round(" First  talk ", Some(45)), round("Second talk", Some(60))],
        knock_outs: vec![
            knock_out("Have you written code?", Decision::Declines),
            knock_out("Does a clause bar you?", Decision::Review),
        ],
        video_questions: vec![video(Some(90)), video(None)],
        coding_tests: vec![
            CodingTest {
                minutes: Some(20),
                ..CodingTest::default()
            },
            CodingTest {
                minutes: Some(40),
                ..CodingTest::default()
            },
        ],
        presentations: vec![Presentation {
            minutes: Some(30),
            preparation_minutes: Some(60),
            ..Presentation::default()
        }],
        simulations: vec![Simulation {
            minutes: Some(45),
            ..Simulation::default()
        }],
        ..Kit::titled("Integration Engineer")
    }
}

fn stages(of: &[NewStage]) -> Vec<Stage> {
    let stage = |(id, new): (u128, &NewStage)| Stage {
        id: Uuid::from_u128(id),
        name: new.name.clone(),
        kind: new.kind,
        target_days: new.target_days,
    };
    (1..).zip(of).map(stage).collect()
}

#[test]
fn addresses_are_made_of_titles() {
    for (title, address) in [
        ("Integration Engineer", "integration-engineer"),
        (
            "  Sénior: Entwickler*in (m/w/d) – C++ & Rust ",
            "senior-entwickler-in-m-w-d-c-rust",
        ),
        ("🦀🦀🦀", "job"),
        ("מהנדס אינטגרציה", "job"),
        ("\u{202e}hcet", "hcet"),
        ("../../etc/passwd", "etc-passwd"),
        ("</script>", "script"),
        ("Łódź Straße", "lodz-strasse"),
    ] {
        assert_eq!(slug(title), address, "{title}");
    }
    let long = slug(&"very-long ".repeat(30));
    assert!(long.len() <= LONGEST_SLUG && !long.ends_with('-'), "{long}");
}

#[test]
fn an_address_that_is_taken_gets_a_number() {
    let taken = |slugs: &[&str]| slugs.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    assert_eq!(free_slug("job", &[]), "job");
    assert_eq!(free_slug("job", &taken(&["job-2", "jobs"])), "job");
    assert_eq!(free_slug("job", &taken(&["job", "job-2", "job-4"])), "job-3");
}

#[test]
fn a_new_job_has_the_stages_of_its_kit() {
    let names = |kit: &Kit| template(kit).into_iter().map(|stage| stage.name).collect::<Vec<_>>();
    let full = [
        "Application",
        "Résumé screen",
        "Coding test",
        "First talk",
        "Second talk",
        "Decision",
        "Offer",
    ];
    assert_eq!(names(&kit()), full);
    assert_eq!(
        names(&Kit::titled("Bare")),
        ["Application", "Résumé screen", "Decision", "Offer"]
    );
    assert!(template(&kit()).iter().all(|stage| stage.target_days > 0));
    let many = Kit {
        rounds: vec![kit().rounds[0].clone(); 200],
        ..kit()
    };
    assert!(template(&many).len() <= MOST_STAGES);
}

#[test]
fn the_process_is_told_in_steps_and_minutes() {
    let process = Process::of(&opening(), &stages(&template(&kit())), &kit());
    let told: Vec<(&str, Time)> = process
        .steps
        .iter()
        .map(|step| (step.name.as_str(), step.time))
        .collect();
    assert_eq!(
        told,
        [
            ("Application", Time::Minutes(7)),
            ("Answers on video", Time::Minutes(4)),
            ("Résumé screen", Time::None),
            ("Coding test", Time::Minutes(40)),
            ("First talk", Time::Minutes(45)),
            ("Second talk", Time::Minutes(60)),
            ("Presentation", Time::Minutes(90)),
            ("Work simulation", Time::Minutes(45)),
            ("Decision", Time::None),
            ("Offer", Time::None),
        ]
    );
    assert_eq!((process.minutes(), process.is_open()), (291, false));
    assert_eq!(process.total(), "about 5 hours");
    assert_eq!(process.deciding, ["Have you written code?"]);
    assert!(
        process.steps[1].asks[0].contains("at most 2 minutes and up to 3 takes"),
        "{:?}",
        process.steps[1]
    );
    assert!(
        process.steps[6].asks[1].contains("30 minutes with the panel, after 1 hour"),
        "{:?}",
        process.steps[6]
    );
}

#[test]
fn an_interview_lasts_as_long_as_its_round() {
    let interview = |names: &[&str]| {
        let new = |name: &&str| NewStage {
            name: (*name).into(),
            kind: StageKind::Interview,
            target_days: 1,
        };
        let process = Process::of(&opening(), &stages(&names.iter().map(new).collect::<Vec<_>>()), &kit());
        let interviews = process
            .steps
            .into_iter()
            .filter(|step| names.contains(&step.name.as_str()));
        interviews.map(|step| step.time).collect::<Vec<_>>()
    };
    assert_eq!(
        interview(&["Second talk", "First talk"]),
        [Time::Minutes(60), Time::Minutes(45)]
    );
    // Under another name nobody knows; a single one holds them all.
    assert_eq!(interview(&["One", "Two"]), [Time::Open; 2]);
    assert_eq!(interview(&["All"]), [Time::Minutes(105)]);
}

#[test]
fn what_the_kit_does_not_say_is_left_open() {
    let silent = Kit {
        rounds: vec![Round {
            name: "First talk".into(),
            minutes: None,
        }],
        coding_tests: vec![CodingTest::default()],
        ..Kit::titled("Silent")
    };
    let process = Process::of(&opening(), &stages(&template(&silent)), &silent);
    assert!(process.is_open() && process.deciding.is_empty());
    assert!(
        process.total_sentence().ends_with("and what is agreed later."),
        "{}",
        process.total_sentence()
    );
}

#[test]
fn time_is_said_as_people_say_it() {
    for (minutes, words) in [
        (0, "0 minutes"),
        (1, "1 minute"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (75, "1 h 15 min"),
        (120, "2 hours"),
    ] {
        assert_eq!(plain(minutes), words);
    }
    assert_eq!(ago(NOW, NOW), "today");
    let ago_days = |days: u64| ago(NOW, NOW.plus(Duration::from_secs(days * 86_400)));
    assert_eq!(
        (ago_days(1), ago_days(3), ago_days(61)),
        ("yesterday".into(), "3 days ago".into(), "2 months ago".into())
    );
}

#[test]
fn places_and_salaries_are_said_in_words() {
    let with = |presence, place: &str, country: &str| {
        Opening {
            presence,
            place: place.into(),
            country: country.into(),
            ..opening()
        }
        .place_words()
    };
    assert_eq!(with(Presence::OnSite, "Lisbon", "PT"), "Lisbon, Portugal");
    assert_eq!(with(Presence::Remote, "", "PT"), "Remote, Portugal");
    assert_eq!(with(Presence::Remote, "", ""), "Remote, from anywhere");
    let salary = |from, to| Salary {
        from,
        to,
        currency: "EUR".into(),
        per: Per::Year,
    };
    assert_eq!(
        salary(900, 1_234_567).words(),
        "900 to 1\u{202f}234\u{202f}567 EUR a year"
    );
    assert_eq!(salary(42_000, 42_000).words(), "42\u{202f}000 EUR a year");
}

#[test]
fn a_job_is_open_until_the_end_of_its_last_day() {
    let mut job = opening();
    assert!(job.takes_applications(NOW));
    job.closes_at = Some(NOW.plus(Duration::from_secs(1)));
    assert!(job.takes_applications(NOW));
    job.closes_at = Some(NOW);
    assert!(!job.takes_applications(NOW) && !job.obstacles(3, NOW).is_empty());
    job.closes_at = None;
    job.state = OpeningState::Closed;
    assert!(!job.takes_applications(NOW));
    job.about = String::new();
    assert_eq!(job.obstacles(1, NOW).len(), 2);
}

#[test]
fn a_posting_cannot_leave_its_script_element() {
    let hostile = "</script><script>alert(1)</script><!-- \u{2028} & \" \\ 🦀";
    let job = Opening {
        title: hostile.into(),
        place: hostile.into(),
        about: hostile.into(),
        ..opening()
    };
    let script = posting::script(&job, hostile, "https://halfopen.test/jobs/a").expect("it is published");
    assert!(!script.contains(['<', '>', '&', '\u{2028}']), "{script}");
    let read: serde_json::Value = serde_json::from_str(&script).expect("JSON");
    assert_eq!(read["title"], hostile);
    assert_eq!(read["hiringOrganization"]["name"], hostile);
    assert_eq!(read["jobLocation"]["address"]["addressLocality"], hostile);
    assert!(
        read["description"]
            .as_str()
            .is_some_and(|html| !html.contains("<script"))
    );
}

fn form(changes: &[(&str, &str)]) -> OpeningForm {
    let usual = [
        ("title", "A job"),
        ("level", "Mid"),
        ("place", "Lisbon"),
        ("country", "PT"),
        ("presence", "hybrid"),
        ("kind", "full_time"),
        ("currency", "EUR"),
        ("salary_per", "year"),
        ("decline_after_hours", "0"),
        ("keep_months", "6"),
        ("video_days", "7"),
        ("video_takes", "3"),
        ("form_token", "00000000-0000-7000-8000-000000000000"),
    ];
    let mut values: serde_json::Map<String, serde_json::Value> = usual
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    for (name, value) in changes {
        values.insert((*name).into(), (*value).into());
    }
    serde_json::from_value(values.into()).expect("a form")
}

#[track_caller]
fn refuses(changes: &[(&str, &str)], fields: &[&str]) {
    let refused = form(changes)
        .check(&kit().levels, None, NOW)
        .expect_err("it is refused");
    let wrong: Vec<&str> = refused.with_errors().iter().map(|field| field.name).collect();
    assert_eq!(wrong, fields, "{changes:?}");
}

#[test]
fn each_mistake_is_said_at_its_field() {
    let long = "x".repeat(20_001);
    refuses(&[("title", " \t")], &["title"]);
    refuses(&[("title", &long)], &["title"]);
    refuses(&[("level", "Principal")], &["level"]);
    refuses(&[("level", "")], &["level"]);
    refuses(&[("place", "")], &["place"]);
    refuses(&[("country", "")], &["country"]);
    refuses(&[("country", "pt")], &["country"]);
    refuses(&[("country", "XX")], &["country"]);
    refuses(&[("presence", "moon")], &["presence"]);
    refuses(&[("kind", "")], &["kind"]);
    refuses(&[("salary_from", "42.5"), ("salary_to", "50")], &["salary_from"]);
    refuses(&[("salary_from", "-1"), ("salary_to", "50")], &["salary_from"]);
    refuses(&[("salary_from", "60000"), ("salary_to", "50000")], &["salary_to"]);
    refuses(&[("salary_from", "60000")], &["salary_to"]);
    refuses(&[("salary_to", "60000")], &["salary_to"]);
    refuses(
        &[("salary_from", "1"), ("salary_to", "2"), ("currency", "EURO")],
        &["currency"],
    );
    refuses(&[("salary_per", "century")], &["salary_per"]);
    refuses(&[("about", &long)], &["about"]);
    refuses(&[("last_day", "2026-11-19")], &["last_day"]);
    refuses(&[("last_day", "tomorrow")], &["last_day"]);
    refuses(&[("decline_after_hours", "169")], &["decline_after_hours"]);
    refuses(
        &[("keep_months", "0"), ("video_days", "61"), ("video_takes", "11")],
        &["keep_months", "video_days", "video_takes"],
    );
}

#[test]
fn what_is_right_is_taken_as_it_is_meant() {
    let changes = [
        ("salary_from", "42 000"),
        ("salary_to", "56\u{202f}000"),
        ("currency", " eur "),
        ("about", "One\r\n\r\nTwo\r\n"),
        ("last_day", "2026-11-20"),
    ];
    let details = form(&changes)
        .check(&kit().levels, None, NOW)
        .expect("it is taken")
        .details;
    let salary = details.salary.expect("a salary");
    assert_eq!(
        (salary.from, salary.to, salary.currency.as_str()),
        (42_000, 56_000, "EUR")
    );
    assert_eq!(details.about, "One\n\nTwo");
    assert_eq!(
        details.closes_at.map(|at| at.words()),
        Some("21 Nov 2026, 00:00 UTC".into())
    );
    let remote = [("presence", "remote"), ("place", ""), ("country", ""), ("currency", "")];
    let details = form(&remote)
        .check(&kit().levels, None, NOW)
        .expect("it is taken")
        .details;
    assert!(details.salary.is_none() && details.country.is_empty());
    assert!(
        form(&[("level", "")]).check(&[], None, NOW).is_ok(),
        "a kit without levels"
    );
}

#[test]
fn a_last_day_that_is_past_may_stay_as_it_is() {
    let past = Opening {
        closes_at: Some(NOW.minus(Duration::from_secs(14 * 86_400))),
        ..opening()
    };
    let day = past.last_day().expect("a day").day();
    let kept = form(&[("last_day", &day)])
        .check(&kit().levels, Some(&past), NOW)
        .expect("it is taken");
    assert_eq!(kept.details.closes_at, past.closes_at);
    assert!(
        form(&[("last_day", "2026-11-02")])
            .check(&kit().levels, Some(&past), NOW)
            .is_err()
    );
}
