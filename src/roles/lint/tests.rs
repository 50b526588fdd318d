use super::*;
use crate::roles::bank::BankQuestion;
use crate::roles::kit::*;

fn question() -> CompetencyQuestion {
    CompetencyQuestion {
        question: "What broke last?".to_string(),
        discipline: "Upkeep".to_string(),
        competency: "Repair".to_string(),
        level: "Senior".to_string(),
        round: "Panel".to_string(),
        positive: vec!["Tells it in order".to_string()],
        negative: vec!["Blames the weather".to_string()],
        ..CompetencyQuestion::default()
    }
}

fn answer(answer: &str, decision: Decision) -> Answer {
    Answer {
        answer: answer.to_string(),
        decision,
    }
}

/// A kit without anything to find.
fn kit() -> Kit {
    let some = || vec!["Something".to_string()];
    let anchors = || Anchors {
        exceeds: "More".to_string(),
        meets: "Enough".to_string(),
        below: "Less".to_string(),
    };
    Kit {
        levels: vec!["Junior".to_string(), "Senior".to_string()],
        rounds: vec![Round {
            name: "Panel".to_string(),
            minutes: Some(30),
        }],
        disciplines: vec![Discipline {
            name: "Upkeep".to_string(),
            competencies: vec![Competency {
                name: "Repair".to_string(),
                expected: [("Senior".to_string(), "Repairs at night.".to_string())]
                    .into_iter()
                    .collect(),
            }],
        }],
        competency_questions: vec![question()],
        attitude_questions: vec![AttitudeQuestion {
            question: "When were you late?".to_string(),
            trait_name: "Candour".to_string(),
            round: "Panel".to_string(),
            positive: some(),
            negative: some(),
            ..AttitudeQuestion::default()
        }],
        knock_outs: vec![KnockOut {
            question: "Can you drive?".to_string(),
            answers: vec![answer("Yes", Decision::Qualifies), answer("No", Decision::Declines)],
        }],
        video_questions: vec![VideoQuestion {
            question: "Who are you?".to_string(),
            ..VideoQuestion::default()
        }],
        resume_criteria: some(),
        coding_tests: vec![CodingTest {
            shows: vec!["Repair".to_string()],
            positive: some(),
            negative: some(),
            variants: vec![Variant {
                task: "Write it".to_string(),
                ..Variant::default()
            }],
            ..CodingTest::default()
        }],
        presentations: vec![Presentation {
            prompt: "Show it".to_string(),
            positive: some(),
            negative: some(),
            anchors: anchors(),
            ..Presentation::default()
        }],
        simulations: vec![Simulation {
            scenario: "It rains".to_string(),
            positive: some(),
            negative: some(),
            anchors: anchors(),
            roles: vec![Part {
                name: "Rain".to_string(),
                ..Part::default()
            }],
            ..Simulation::default()
        }],
        ..Kit::titled("Depot engineer")
    }
}

/// What is found after a change.
fn found(change: impl Fn(&mut Kit)) -> Vec<(Rule, String, String)> {
    let mut kit = kit();
    change(&mut kit);
    lint_kit(&kit)
        .into_iter()
        .map(|f| (f.rule, f.place, f.message))
        .collect()
}

fn one(rule: Rule, place: &str, message: &str) -> Vec<(Rule, String, String)> {
    vec![(rule, place.to_string(), message.to_string())]
}

#[test]
fn a_good_kit_has_no_findings() {
    assert_eq!(found(|_| {}), []);
}

#[test]
fn questions_are_looked_at() {
    let place = "competency_questions[0]";
    let no_indicators = found(|kit| {
        kit.competency_questions[0].positive.clear();
        kit.competency_questions[0].negative.clear();
    });
    assert_eq!(
        no_indicators,
        one(Rule::NoIndicators, place, "“What broke last?” has no indicators")
    );
    let no_negative = found(|kit| kit.attitude_questions[0].negative.clear());
    assert_eq!(
        no_negative,
        one(
            Rule::NoIndicators,
            "attitude_questions[0]",
            "“When were you late?” has no negative indicators"
        )
    );
    let no_round = found(|kit| kit.competency_questions[0].round.clear());
    assert_eq!(
        no_round,
        one(
            Rule::NoRound,
            "competency_questions[0].round",
            "“What broke last?” is in no interview round"
        )
    );
    let round = found(|kit| kit.competency_questions[0].round = "Lunch".to_string());
    assert_eq!(
        round,
        one(
            Rule::UnknownRound,
            "competency_questions[0].round",
            "“Lunch” is not one of the interview rounds"
        )
    );
    let discipline = found(|kit| kit.competency_questions[0].discipline = "Cooking".to_string());
    assert_eq!(
        discipline,
        one(
            Rule::UnknownDiscipline,
            "competency_questions[0].discipline",
            "“Cooking” is not a discipline of the framework"
        )
    );
    let level = found(|kit| kit.competency_questions[0].level = "Lord".to_string());
    assert_eq!(
        level,
        one(
            Rule::UnknownLevel,
            "competency_questions[0].level",
            "“Lord” is not one of the levels"
        )
    );
    let competency = found(|kit| kit.competency_questions[0].competency = "Paint".to_string());
    assert_eq!(
        competency,
        one(
            Rule::UnknownCompetency,
            "competency_questions[0].competency",
            "“Paint” is not a competency of the framework"
        )
    );
    let empty = found(|kit| kit.competency_questions[0].question = " ".to_string());
    assert_eq!(empty, one(Rule::EmptyQuestion, place, "“Repair” asks nothing"));
}

#[test]
fn rounds_and_competencies_are_used() {
    let unused = found(|kit| {
        kit.rounds.push(Round {
            name: "Lunch".to_string(),
            minutes: None,
        });
    });
    assert_eq!(
        unused,
        one(Rule::EmptyRound, "rounds[1]", "no question is asked in “Lunch”")
    );
    let untested = found(|kit| {
        let competency = Competency {
            name: "Paint".to_string(),
            ..Competency::default()
        };
        kit.disciplines[0].competencies.push(competency);
    });
    let message = "no question and no exercise is about “Paint”";
    assert_eq!(
        untested,
        one(Rule::UntestedCompetency, "disciplines[0].competencies[1]", message)
    );
    let level = found(|kit| {
        kit.disciplines[0].competencies[0]
            .expected
            .insert("Lord".to_string(), "x".to_string());
    });
    assert_eq!(level[0].0, Rule::UnknownLevel);
    let shown = found(|kit| kit.coding_tests[0].shows.push("Paint".to_string()));
    assert_eq!(
        (shown[0].0, shown[0].1.as_str()),
        (Rule::UnknownCompetency, "coding_tests[0].shows[1]")
    );
}

#[test]
fn knock_outs_knock_somebody_out_but_not_everybody() {
    let decisions = |first: Decision, second: Decision| {
        found(|kit| {
            kit.knock_outs[0].answers[0].decision = first;
            kit.knock_outs[0].answers[1].decision = second;
        })
    };
    let all = decisions(Decision::Declines, Decision::Declines);
    let message = "every answer to “Can you drive?” declines, so that nobody comes through";
    assert_eq!(all, one(Rule::OneSidedKnockOut, "knock_outs[0]", message));
    let none = decisions(Decision::Qualifies, Decision::Qualifies);
    let message = "no answer to “Can you drive?” declines, so that it knocks nobody out";
    assert_eq!(none, one(Rule::OneSidedKnockOut, "knock_outs[0]", message));
    assert_eq!(decisions(Decision::Qualifies, Decision::Review), []);
    let answers = found(|kit| kit.knock_outs[0].answers.clear());
    assert_eq!(
        answers,
        one(
            Rule::EmptyAnswer,
            "knock_outs[0]",
            "“Can you drive?” has no answers to choose from"
        )
    );
}

#[test]
fn times_agree() {
    let sum = found(|kit| {
        kit.competency_questions[0].minutes = Some(20);
        kit.attitude_questions[0].minutes = Some(15);
    });
    assert_eq!(
        sum,
        one(
            Rule::TimesDiffer,
            "rounds[0].minutes",
            "the questions of “Panel” take 35 minutes, and the round 30"
        )
    );
    let single = found(|kit| kit.competency_questions[0].minutes = Some(45));
    assert_eq!(
        single[0].2,
        "“What broke last?” takes 45 minutes, and all of “Panel” 30"
    );
}

#[test]
fn exercises_are_looked_at() {
    let anchors = found(|kit| kit.presentations[0].anchors = Anchors::default());
    assert_eq!(
        anchors,
        one(
            Rule::NoAnchors,
            "presentations[0].anchors",
            "presentation 1 has no scoring anchors"
        )
    );
    let one_anchor = found(|kit| kit.simulations[0].anchors.meets.clear());
    assert_eq!(one_anchor[0].2, "simulation 1 has no anchor for “meets”");
    let task = found(|kit| kit.coding_tests[0].variants.clear());
    assert_eq!(
        task,
        one(Rule::EmptyQuestion, "coding_tests[0]", "coding test 1 asks nothing")
    );
    let role = found(|kit| kit.simulations[0].roles[0].name.clear());
    assert_eq!(
        role,
        one(
            Rule::UnnamedRole,
            "simulations[0].roles[0]",
            "role 1 of simulation 1 has no name"
        )
    );
}

#[test]
fn banks_are_looked_at() {
    let item = |question: &str, answer: &str| BankQuestion {
        question: question.to_string(),
        answer: answer.to_string(),
        ..BankQuestion::default()
    };
    let bank = Bank {
        questions: vec![item("Why?", "So."), item("", "So."), item("Why?", ""), item("", "")],
        ..Bank::default()
    };
    let rules: Vec<Rule> = lint_bank(&bank).into_iter().map(|finding| finding.rule).collect();
    assert_eq!(
        rules,
        [Rule::AnswerWithoutQuestion, Rule::EmptyAnswer, Rule::EmptyQuestion]
    );
}

#[test]
fn every_rule_has_the_name_that_it_is_stored_by() {
    for rule in Rule::ALL {
        assert_eq!(serde_json::to_value(rule).unwrap(), rule.id());
    }
}
