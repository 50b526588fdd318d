//! These rules decide about people: each of them is written down here a second time.

use super::*;
use crate::roles::kit::Answer;
use Decision::{Declines, Qualifies, Review};

const CODE: &str = "Have you written code at work?";
const CLAUSE: &str = "Does a clause bar you?";
const WHY: &str = "Why us?";

fn choice(question: &str, answers: &[(&str, Decision)]) -> KnockOut {
    let answer = |(answer, decision): &(&str, Decision)| Answer {
        answer: (*answer).into(),
        decision: *decision,
    };
    KnockOut {
        question: question.into(),
        answers: answers.iter().map(answer).collect(),
    }
}

fn usual() -> Vec<KnockOut> {
    vec![
        choice(CODE, &[("Yes", Qualifies), ("No", Declines)]),
        choice(
            CLAUSE,
            &[("Yes", Review), ("No", Qualifies), ("I have signed one", Declines)],
        ),
    ]
}

fn given(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |(question, answer): &(&str, &str)| ((*question).into(), (*answer).into());
    pairs.iter().map(pair).collect()
}

#[track_caller]
fn decides(knock_outs: &[KnockOut], answers: &[(&str, &str)], decision: Decision) -> Ruling {
    let ruling = decide(knock_outs, &given(answers));
    assert_eq!(ruling.decision, decision, "{answers:?}: {}", ruling.reason);
    assert_eq!(ruling.by_answer.len(), answers.len());
    assert_eq!(ruling.reason.is_empty(), decision == Qualifies, "{}", ruling.reason);
    ruling
}

#[test]
fn every_answer_that_qualifies_lets_the_application_go_on() {
    let ruling = decides(&usual(), &[(CODE, "Yes"), (CLAUSE, "No")], Qualifies);
    assert_eq!(ruling.by_answer, [Some(Qualifies), Some(Qualifies)]);
}

#[test]
fn one_answer_that_declines_decides_whatever_the_others_say() {
    for clause in ["Yes", "No", "Perhaps", ""] {
        let ruling = decides(&usual(), &[(CODE, "No"), (CLAUSE, clause)], Declines);
        assert_eq!(
            ruling.reason,
            "To “Have you written code at work?” the answer was “No”."
        );
        assert_eq!(ruling.by_answer[0], Some(Declines));
    }
}

#[test]
fn the_reason_names_every_answer_that_declines_and_no_other() {
    let ruling = decides(&usual(), &[(CODE, "No"), (CLAUSE, "I have signed one")], Declines);
    assert_eq!(
        ruling.reason,
        "To “Have you written code at work?” the answer was “No”.\nTo “Does a clause bar you?” the answer was “I have signed one”."
    );
}

#[test]
fn an_answer_to_be_looked_at_is_looked_at() {
    let ruling = decides(&usual(), &[(CODE, "Yes"), (CLAUSE, "Yes")], Review);
    assert_eq!(ruling.reason, "To “Does a clause bar you?” the answer was “Yes”.");
    assert_eq!(ruling.by_answer, [Some(Qualifies), Some(Review)]);
}

#[test]
fn words_are_matched_exactly_and_unknown_ones_never_decline() {
    for unknown in ["no", "No.", " No", "NO", "Nein", "🦀", "N\u{200b}o"] {
        let ruling = decides(&usual(), &[(CODE, unknown), (CLAUSE, "No")], Review);
        assert_eq!(ruling.by_answer[0], Some(Review), "{unknown:?}");
    }
    // Another question with a known answer decides nothing, and leaves the question itself open.
    let ruling = decides(&usual(), &[("Have you written code?", "No"), (CLAUSE, "No")], Review);
    assert_eq!(ruling.by_answer, [None, Some(Qualifies)]);
    assert_eq!(
        ruling.reason,
        "To “Have you written code at work?” there was no answer."
    );
}

#[test]
fn a_choice_that_was_not_made_is_looked_at() {
    for answers in [
        &[(CLAUSE, "No")][..],
        &[(CODE, ""), (CLAUSE, "No")],
        &[(CODE, " \n"), (CLAUSE, "No")],
    ] {
        let ruling = decides(&usual(), answers, Review);
        assert!(ruling.reason.contains("there was no answer"), "{}", ruling.reason);
    }
    decides(&usual(), &[], Review);
}

#[test]
fn free_text_is_read_by_a_person_and_may_be_left_out() {
    let mut knock_outs = usual();
    knock_outs.push(choice(WHY, &[]));
    let well = [(CODE, "Yes"), (CLAUSE, "No")];
    decides(&knock_outs, &well, Qualifies);
    let empty = decides(&knock_outs, &[well[0], well[1], (WHY, "  ")], Qualifies);
    assert_eq!(empty.by_answer[2], None);
    let written = decides(&knock_outs, &[well[0], well[1], (WHY, "No")], Review);
    assert_eq!(written.by_answer[2], Some(Review));
    assert_eq!(written.reason, "To “Why us?” the answer was “No”.");
    decides(&knock_outs, &[(CODE, "No"), (WHY, "Words")], Declines);
}

#[test]
fn without_knock_outs_everybody_qualifies() {
    let ruling = decides(&[], &[(WHY, "No"), (CODE, "No")], Qualifies);
    assert_eq!(ruling.by_answer, [None, None]);
    decides(&[], &[], Qualifies);
}

#[test]
fn what_stands_twice_counts_at_its_strictest() {
    let twice = [
        choice(CODE, &[("No", Qualifies)]),
        choice(CODE, &[("No", Declines), ("Yes", Qualifies)]),
    ];
    decides(&twice, &[(CODE, "No")], Declines);
    let both = [choice(CODE, &[("Yes", Qualifies), ("Yes", Review)])];
    decides(&both, &[(CODE, "Yes")], Review);
    // Asked twice, answered differently.
    decides(&usual(), &[(CODE, "Yes"), (CODE, "No"), (CLAUSE, "No")], Declines);
}

fn sent(outcome: Decision, answers: &[(&str, &str)]) -> Sent {
    Sent {
        id: Uuid::from_u128(1),
        opening: Uuid::nil(),
        name: "Candidate 1".into(),
        state: ApplicationState::Active,
        outcome,
        answers: given(answers),
    }
}

#[track_caller]
fn meets(outcome: Decision, answers: &[(&str, &str)], knock_outs: &[KnockOut], fate: Fate) {
    let trial = trial(&[sent(outcome, answers)], knock_outs);
    assert_eq!(trial.lines[0].fate, fate, "{outcome:?}, {answers:?}");
    assert_eq!(trial.counts(), [(fate, 1)]);
    assert_eq!(trial.differing().count(), usize::from(fate.differs()));
}

#[test]
fn the_same_knock_outs_change_nothing() {
    let well = [(CODE, "Yes"), (CLAUSE, "No")];
    meets(Qualifies, &well, &usual(), Fate::Stays);
    meets(Declines, &[(CODE, "No"), (CLAUSE, "No")], &usual(), Fate::Stays);
    meets(Review, &[(CODE, "Yes"), (CLAUSE, "Yes")], &usual(), Fate::Stays);
    assert_eq!(trial(&[], &usual()), Trial::default());
}

#[test]
fn every_change_of_a_decision_has_its_name() {
    let with = |decision| [choice(CODE, &[("Yes", decision)])];
    let cases = [
        (Qualifies, Qualifies, Fate::Stays),
        (Qualifies, Review, Fate::WouldReview),
        (Qualifies, Declines, Fate::WouldDecline),
        (Review, Qualifies, Fate::WouldNotReview),
        (Review, Review, Fate::Stays),
        (Review, Declines, Fate::WouldDecline),
        (Declines, Qualifies, Fate::WouldNotDecline),
        (Declines, Review, Fate::WouldReviewInstead),
        (Declines, Declines, Fate::Stays),
    ];
    for (was, would, fate) in cases {
        meets(was, &[(CODE, "Yes")], &with(would), fate);
    }
}

#[test]
fn a_question_in_other_words_cannot_be_told() {
    let reworded = [choice(
        "Have you ever written code?",
        &[("Yes", Qualifies), ("No", Declines)],
    )];
    meets(Declines, &[(CODE, "No")], &reworded, Fate::CannotBeTold);
    let with_another = [usual(), vec![choice(WHY, &[])]].concat();
    meets(
        Qualifies,
        &[(CODE, "Yes"), (CLAUSE, "No")],
        &with_another,
        Fate::CannotBeTold,
    );
    // An answer that is not among those to choose from any more.
    let renamed = [choice(CODE, &[("Yes, often", Qualifies), ("No", Declines)])];
    meets(Qualifies, &[(CODE, "Yes")], &renamed, Fate::CannotBeTold);
    meets(Qualifies, &[], &renamed, Fate::CannotBeTold);
}

#[test]
fn an_answer_that_declines_is_certain_whatever_else_is_asked() {
    let with_another = [usual(), vec![choice("Another?", &[("Yes", Qualifies)])]].concat();
    meets(
        Qualifies,
        &[(CODE, "No"), (CLAUSE, "No")],
        &with_another,
        Fate::WouldDecline,
    );
    meets(Declines, &[(CODE, "No"), (CLAUSE, "No")], &with_another, Fate::Stays);
}

#[test]
fn without_knock_outs_those_who_were_declined_would_not_be() {
    meets(Declines, &[(CODE, "No")], &[], Fate::WouldNotDecline);
    meets(Review, &[(CODE, "Yes")], &[], Fate::WouldNotReview);
}

#[test]
fn free_text_that_was_asked_can_be_told() {
    let knock_outs = [choice(WHY, &[])];
    meets(Qualifies, &[(WHY, "")], &knock_outs, Fate::Stays);
    meets(Qualifies, &[(WHY, "Words")], &knock_outs, Fate::WouldReview);
}
