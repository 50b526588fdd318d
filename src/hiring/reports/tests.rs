use super::fairness::{Group, lines};
use super::numbers::{Hours, interval};
use super::protection::{Split, shown_groups, shown_splits};
use super::{PeriodFields, Preset};
use crate::clock::Timestamp;

#[test]
fn quantiles_are_read_from_counts() {
    let mut hours = Hours::default();
    assert_eq!(hours.median(), None);
    for (at, n) in [(72, 1), (24, 2), (240, 1), (48, 6)] {
        hours.add(at, n);
    }
    assert_eq!((hours.median(), hours.nine_in_ten()), (Some(2.0), Some(3.0)));
    assert_eq!((hours.days_of(1.0), hours.longest()), (Some(10.0), Some(10.0)));
    assert_eq!((hours.count(), hours.within(2.0)), (10, 8));
    // A clock that went backwards.
    hours.add(-5, 1);
    assert_eq!(hours.days_of(0.0), Some(0.0));
}

#[test]
fn chance_leaves_an_interval() {
    let (low, high) = interval(8, 10);
    assert!(
        (low - 0.490_2).abs() < 1e-3 && (high - 0.943_3).abs() < 1e-3,
        "{low} {high}"
    );
    assert_eq!(interval(0, 0), (0.0, 1.0));
    assert!(interval(0, 10).0 < 1e-9 && interval(10, 10).1 > 1.0 - 1e-9);
}

#[test]
fn a_small_group_takes_another_with_it() {
    // Four would be the rest of the total: the smallest of the others goes, too.
    assert_eq!(shown_groups(&[20, 4, 30, 9]), [true, false, true, false]);
    // Two small ones hide each other, if there are five of them together.
    assert_eq!(shown_groups(&[20, 3, 30, 2]), [true, false, true, false]);
    assert_eq!(shown_groups(&[20, 1, 30, 2]), [false, false, true, false]);
    assert_eq!(shown_groups(&[20, 0, 30, 6]), [true; 4]);
    assert_eq!(shown_groups(&[4, 0, 0]), [false, true, true]);
    assert_eq!(shown_groups(&[]), [true; 0]);
}

#[test]
fn no_step_tells_of_fewer_than_five() {
    let split = |on, off| Split { on, off };
    let all = [true; 3];
    assert_eq!(shown_splits(&[split(9, 8), split(20, 6), split(5, 5)], &all), all);
    // Two of the second came on: the first would be told by subtraction, and stays hidden with it.
    assert_eq!(
        shown_splits(&[split(9, 8), split(2, 24), split(30, 30)], &all),
        [false, false, true]
    );
    // Four stayed behind.
    assert_eq!(
        shown_splits(&[split(20, 4), split(30, 9), split(40, 40)], &all),
        [false, false, true]
    );
    // Where all went on, the total says it already.
    assert_eq!(shown_splits(&[split(9, 0), split(20, 0), split(7, 0)], &all), all);
    // A group that may not be named stays so.
    assert_eq!(
        shown_splits(&[split(9, 9), split(9, 9)], &[true, false]),
        [false, false]
    );
}

fn group(name: &str, size: i64, reached: &[i64]) -> Group {
    Group {
        name: name.into(),
        size,
        reached: reached.to_vec(),
        is_compared: name != "Did not say",
    }
}

#[test]
fn groups_are_held_against_the_highest() {
    let groups = [
        group("One", 40, &[40, 20]),
        group("Other", 40, &[40, 12]),
        group("Did not say", 20, &[20, 10]),
    ];
    let lines = lines(&groups, 2);
    assert_eq!(lines.len(), 6);
    let step: Vec<_> = lines.iter().filter(|line| line.step == 1).collect();
    assert!(step[0].against.is_none() && step[2].against.is_none());
    let against = step[1].against.expect("it is compared");
    assert!((against.ratio - 0.6).abs() < 1e-9 && (against.highest - 0.5).abs() < 1e-9);
    // In exact arithmetic.
    assert!((against.p - 0.109_508_524_186_545_6).abs() < 1e-9, "{}", against.p);
    assert!(!against.hangs_on_one);
    let close = [
        group("One", 20, &[10]),
        group("Other", 20, &[7]),
        group("Did not say", 10, &[5]),
    ];
    assert!(
        super::fairness::lines(&close, 1)[1]
            .against
            .is_some_and(|against| against.hangs_on_one)
    );
}

#[test]
fn periods_are_days() {
    let now = Timestamp(1_795_186_327_000_000);
    assert_eq!(Preset::Year.bounds(now).0.iso(), "2026-01-01T00:00:00Z");
    assert_eq!(Preset::Month.bounds(now).0.iso(), "2026-10-21T14:52:07Z");
    let (from, until) = PeriodFields::typed(" 2026-11-01", "2026-11-02").bounds().expect("days");
    assert_eq!(
        (from.iso().as_str(), until.iso().as_str()),
        ("2026-11-01T00:00:00Z", "2026-11-03T00:00:00Z")
    );
    assert!(PeriodFields::typed("", "2026-11-02").bounds().is_some());
    for (from, to) in [("2026-11-03", "2026-11-02"), ("x", ""), ("", "2026-02-30")] {
        let mut fields = PeriodFields::typed(from, to);
        assert_eq!(fields.bounds(), None);
        assert_eq!(fields.with_errors().len(), 1);
    }
}
