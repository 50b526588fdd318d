//! The rules: means, proposals, agreement.

use crate::clock::Timestamp;
use crate::hiring::screening::form::Marks;
use crate::hiring::screening::{Agreement, Outcome, Proposal, Rule, Settings, differ, hundredths, pairs};

const RULE: Rule = Settings::USUAL.rule;

fn outcome(scores: &[&[u8]]) -> Outcome {
    let scores: Vec<Vec<u8>> = scores.iter().map(|of_one| of_one.to_vec()).collect();
    Outcome::of(&scores, RULE, Timestamp(1))
}

#[test]
fn the_mean_is_rounded_to_hundredths_and_decides_what_is_proposed() {
    for (scores, mean, proposal) in [
        (vec![[3u8, 3, 3].as_slice(), &[3, 3, 3]], 300, Proposal::Advance),
        (vec![[2, 2, 2].as_slice(), &[1, 1, 1]], 150, Proposal::Advance),
        (vec![[2, 1, 1].as_slice(), &[1, 1, 2]], 133, Proposal::Discuss),
        (vec![[1, 1, 0].as_slice(), &[1, 0, 1]], 67, Proposal::Archive),
        (vec![[0, 0, 0].as_slice()], 0, Proposal::Archive),
    ] {
        let outcome = outcome(&scores);
        assert_eq!((outcome.mean, outcome.proposal), (mean, proposal), "{scores:?}");
    }
    assert_eq!(RULE.propose(75), Proposal::Discuss);
    assert_eq!(RULE.propose(74), Proposal::Archive);
    assert_eq!(hundredths(5), "0.05");
}

#[test]
fn readers_disagree_by_two_steps_or_about_whether_it_is_shown() {
    for (scores, disagree) in [
        (vec![], false),
        (vec![0], false),
        (vec![0, 1], false),
        (vec![1, 2], true),
        (vec![2, 3], false),
        (vec![0, 2], true),
        (vec![1, 3], true),
        (vec![2, 3, 2], false),
        (vec![3, 2, 1], true),
    ] {
        assert_eq!(differ(&scores), disagree, "{scores:?}");
    }
    let outcome = outcome(&[&[0, 1, 2, 3], &[1, 2, 2, 1]]);
    assert_eq!((outcome.pairs, outcome.near, outcome.disagreements), (4, 3, 2));
    assert_eq!(outcome.near_percent(), Some(75));
    assert_eq!(self::outcome(&[&[1, 2]]).near_percent(), None);
}

#[test]
fn three_readers_make_three_pairs_for_each_criterion() {
    assert_eq!(
        pairs(&[vec![0, 3], vec![2, 3], vec![1, 1]]),
        [(0, 2), (3, 3), (0, 1), (1, 3), (1, 2), (1, 3)]
    );
    assert_eq!(pairs(&[vec![1]]), []);
}

#[test]
fn kappa_is_one_where_all_agree_and_nothing_where_it_says_nothing() {
    let agreement = |pairs: &[(u8, u8, i64)]| Agreement { pairs: pairs.to_vec() };
    assert_eq!(agreement(&[]).kappa(), None);
    assert_eq!(agreement(&[(2, 2, 9)]).kappa(), None);
    let all = agreement(&[(0, 0, 4), (3, 3, 4)]);
    assert_eq!(all.kappa(), Some(1.0));
    assert_eq!(all.kappa_words().as_deref(), Some("1.00, very good"));
    let none = agreement(&[(0, 3, 8)]);
    assert_eq!(none.kappa(), Some(-1.0));
    assert_eq!(none.kappa_words().as_deref(), Some("−1.00, hardly more than chance"));
    // Counted by hand: observed 4/9 · 2/10, expected from shares 0.45, 0.1, 0.45.
    let mixed = agreement(&[(0, 0, 4), (0, 2, 1), (1, 1, 1), (2, 2, 4)]);
    let (observed, expected) = (
        0.1 * 4.0 / 9.0,
        2.0 * (0.45 * 0.1 / 9.0 + 0.45 * 0.45 * 4.0 / 9.0 + 0.1 * 0.45 / 9.0),
    );
    assert!((mixed.kappa().unwrap_or_default() - (1.0 - observed / expected)).abs() < 1e-9);
    assert_eq!((mixed.percent_equal(), mixed.percent_near()), (90, 90));
    assert!(mixed.is_small() && !agreement(&[(1, 1, 50)]).is_small());
}

#[test]
fn a_reading_is_complete_when_each_criterion_has_a_score_and_words() {
    let asked = ["one".to_owned(), "two".to_owned()];
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut typed = Marks::typed(
        &asked,
        &[
            field("score-0", "3"),
            field("words-0", " a\r\nquote\u{0} "),
            field("score-1", "4"),
            field("score-9", "1"),
        ],
    );
    assert_eq!(typed.criteria[0].mark.score, Some(3));
    assert_eq!(typed.criteria[0].mark.words, "a\nquote");
    assert_eq!(typed.criteria[1].mark.score, None, "there is no four");
    assert_eq!((typed.revision, typed.ready()), (-1, 1));
    typed.check();
    let names: Vec<String> = typed.wrong().into_iter().map(|wrong| wrong.name).collect();
    assert_eq!(names, ["score-1-0", "words-1"]);
    let mut long = Marks::typed(
        &asked[..1],
        &[field("score-0", "0"), field("words-0", &"é".repeat(2_001))],
    );
    long.check();
    assert!(
        long.wrong().len() == 1 && long.criteria[0].mark.words.chars().count() == 2_001,
        "it is kept"
    );
}
