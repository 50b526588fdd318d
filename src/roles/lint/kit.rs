use super::{Finding, Rule, name};
use crate::roles::kit::{Anchors, CompetencyQuestion, Decision, Kit, KnockOut};
use std::collections::{HashMap, HashSet};

/// What a kit alone tells.
pub fn lint_kit(kit: &Kit) -> Vec<Finding> {
    let mut lint = Lint {
        framework: Framework::of(kit),
        found: Vec::new(),
    };
    for (i, question) in kit.competency_questions.iter().enumerate() {
        lint.competency_question(kit, i, question);
    }
    for (i, question) in kit.attitude_questions.iter().enumerate() {
        let place = format!("attitude_questions[{i}]");
        let name = name(&question.question, &question.trait_name, "attitude question", i);
        lint.asked(&place, &name, &question.question);
        lint.indicators(&place, &name, &question.positive, &question.negative);
        lint.round(kit, &place, &name, &question.round, question.minutes);
    }
    for (i, question) in kit.knock_outs.iter().enumerate() {
        lint.knock_out(
            &format!("knock_outs[{i}]"),
            &name(&question.question, "", "knock-out question", i),
            question,
        );
    }
    for (i, question) in kit.video_questions.iter().enumerate() {
        let name = name(&question.question, "", "video question", i);
        lint.asked(&format!("video_questions[{i}]"), &name, &question.question);
    }
    for (i, criterion) in kit.resume_criteria.iter().enumerate() {
        lint.asked(
            &format!("resume_criteria[{i}]"),
            &format!("résumé criterion {}", i + 1),
            criterion,
        );
    }
    for (i, test) in kit.coding_tests.iter().enumerate() {
        let (place, name) = (format!("coding_tests[{i}]"), format!("coding test {}", i + 1));
        let task = test
            .variants
            .iter()
            .map(|variant| variant.task.as_str())
            .find(|task| !task.trim().is_empty());
        lint.asked(
            &place,
            &name,
            if test.challenge.is_empty() {
                task.unwrap_or_default()
            } else {
                &test.challenge
            },
        );
        lint.indicators(&place, &name, &test.positive, &test.negative);
        lint.shows(&place, &name, &test.shows);
    }
    for (i, talk) in kit.presentations.iter().enumerate() {
        let (place, name) = (format!("presentations[{i}]"), format!("presentation {}", i + 1));
        lint.asked(&place, &name, &talk.prompt);
        lint.exercise(&place, &name, &talk.anchors, &talk.positive, &talk.negative);
        lint.shows(&place, &name, &talk.shows);
    }
    for (i, simulation) in kit.simulations.iter().enumerate() {
        let (place, name) = (format!("simulations[{i}]"), format!("simulation {}", i + 1));
        lint.asked(&place, &name, &format!("{}{}", simulation.scenario, simulation.problem));
        lint.exercise(
            &place,
            &name,
            &simulation.anchors,
            &simulation.positive,
            &simulation.negative,
        );
        lint.shows(&place, &name, &simulation.shows);
        for (j, role) in simulation.roles.iter().enumerate() {
            if role.name.trim().is_empty() {
                let message = format!("role {} of {name} has no name", j + 1);
                lint.find(Rule::UnnamedRole, format!("{place}.roles[{j}]"), message);
            }
        }
    }
    lint.rounds(kit);
    lint.competencies(kit);
    lint.found
}

/// The names that questions refer to.
#[derive(Default)]
struct Framework<'a> {
    competencies: Vec<(&'a str, &'a str)>,
    disciplines: HashSet<&'a str>,
    levels: HashSet<&'a str>,
}

impl<'a> Framework<'a> {
    fn of(kit: &'a Kit) -> Framework<'a> {
        let competencies = kit.disciplines.iter().flat_map(|discipline| {
            let names = discipline
                .competencies
                .iter()
                .map(|competency| competency.name.as_str());
            names.map(|name| (discipline.name.as_str(), name))
        });
        Framework {
            competencies: competencies.collect(),
            disciplines: kit
                .disciplines
                .iter()
                .map(|discipline| discipline.name.as_str())
                .collect(),
            levels: kit.levels.iter().map(String::as_str).collect(),
        }
    }
}

#[derive(Default)]
struct Lint<'a> {
    framework: Framework<'a>,
    found: Vec<Finding>,
}

impl Lint<'_> {
    fn find(&mut self, rule: Rule, place: String, message: String) {
        self.found.push(Finding {
            rule,
            place,
            message,
            line: None,
        });
    }

    fn competency_question(&mut self, kit: &Kit, i: usize, question: &CompetencyQuestion) {
        let place = &format!("competency_questions[{i}]");
        let name = name(&question.question, &question.competency, "competency question", i);
        self.asked(place, &name, &question.question);
        self.indicators(place, &name, &question.positive, &question.negative);
        self.round(kit, place, &name, &question.round, question.minutes);
        let (discipline, competency) = (question.discipline.as_str(), question.competency.as_str());
        let known = &self.framework;
        let unknown_discipline =
            !known.disciplines.is_empty() && !discipline.is_empty() && !known.disciplines.contains(discipline);
        let unknown_level =
            !known.levels.is_empty() && !question.level.is_empty() && !known.levels.contains(question.level.as_str());
        let homes: Vec<&str> = known
            .competencies
            .iter()
            .filter(|c| c.1 == competency)
            .map(|c| c.0)
            .collect();
        let unknown_competency = !known.competencies.is_empty() && !competency.is_empty() && homes.is_empty();
        let elsewhere =
            !homes.is_empty() && !discipline.is_empty() && !unknown_discipline && !homes.contains(&discipline);
        if unknown_discipline {
            let message = format!("“{discipline}” is not a discipline of the framework");
            self.find(Rule::UnknownDiscipline, format!("{place}.discipline"), message);
        }
        if unknown_competency {
            let message = format!("“{competency}” is not a competency of the framework");
            self.find(Rule::UnknownCompetency, format!("{place}.competency"), message);
        }
        if elsewhere {
            let message = format!("“{competency}” is not a competency of “{discipline}”");
            self.find(Rule::UnknownCompetency, format!("{place}.competency"), message);
        }
        if unknown_level {
            let message = format!("“{}” is not one of the levels", question.level);
            self.find(Rule::UnknownLevel, format!("{place}.level"), message);
        }
    }

    fn asked(&mut self, place: &str, name: &str, text: &str) {
        if text.trim().is_empty() {
            self.find(Rule::EmptyQuestion, place.to_string(), format!("{name} asks nothing"));
        }
    }

    fn indicators(&mut self, place: &str, name: &str, positive: &[String], negative: &[String]) {
        let missing = match (positive.is_empty(), negative.is_empty()) {
            (true, true) => "no indicators",
            (true, false) => "no positive indicators",
            (false, true) => "no negative indicators",
            (false, false) => return,
        };
        self.find(Rule::NoIndicators, place.to_string(), format!("{name} has {missing}"));
    }

    fn round(&mut self, kit: &Kit, place: &str, name: &str, round: &str, minutes: Option<u32>) {
        let place = format!("{place}.round");
        if round.is_empty() {
            self.find(Rule::NoRound, place, format!("{name} is in no interview round"));
            return;
        }
        match kit.rounds.iter().find(|known| known.name == round) {
            None => {
                let message = format!("“{round}” is not one of the interview rounds");
                self.find(Rule::UnknownRound, place, message);
            }
            Some(known) => {
                if let (Some(minutes), Some(all)) = (minutes, known.minutes)
                    && minutes > all
                {
                    let message = format!("{name} takes {minutes} minutes, and all of “{round}” {all}");
                    self.find(Rule::TimesDiffer, place, message);
                }
            }
        }
    }

    fn knock_out(&mut self, place: &str, name: &str, question: &KnockOut) {
        self.asked(place, name, &question.question);
        let declines = question
            .answers
            .iter()
            .filter(|answer| answer.decision == Decision::Declines)
            .count();
        // A review stops an application too, until somebody has looked at it.
        let reviews = question
            .answers
            .iter()
            .any(|answer| answer.decision == Decision::Review);
        if question.answers.is_empty() {
            let message = format!("{name} has no answers to choose from");
            self.find(Rule::EmptyAnswer, place.to_string(), message);
        } else if declines == 0 && !reviews {
            let message = format!("no answer to {name} declines, so that it knocks nobody out");
            self.find(Rule::OneSidedKnockOut, place.to_string(), message);
        } else if declines == question.answers.len() {
            let message = format!("every answer to {name} declines, so that nobody comes through");
            self.find(Rule::OneSidedKnockOut, place.to_string(), message);
        }
    }

    fn exercise(&mut self, place: &str, name: &str, anchors: &Anchors, positive: &[String], negative: &[String]) {
        self.indicators(place, name, positive, negative);
        let all = [
            ("exceeds", &anchors.exceeds),
            ("meets", &anchors.meets),
            ("below", &anchors.below),
        ];
        let missing: Vec<&str> = all
            .iter()
            .filter(|(_, text)| text.is_empty())
            .map(|(name, _)| *name)
            .collect();
        if !missing.is_empty() {
            let what = if missing.len() == all.len() {
                "scoring anchors".to_string()
            } else {
                format!("anchor for “{}”", missing.join("” and “"))
            };
            self.find(
                Rule::NoAnchors,
                format!("{place}.anchors"),
                format!("{name} has no {what}"),
            );
        }
    }

    fn shows(&mut self, place: &str, name: &str, shows: &[String]) {
        for (i, shown) in shows.iter().enumerate() {
            if !self.framework.competencies.iter().any(|c| c.1 == shown) {
                let message = format!("{name} shows “{shown}”, which is not a competency of the framework");
                self.find(Rule::UnknownCompetency, format!("{place}.shows[{i}]"), message);
            }
        }
    }

    fn rounds(&mut self, kit: &Kit) {
        let mut asked: HashMap<&str, (usize, u32)> = HashMap::new();
        let competency = kit.competency_questions.iter().map(|q| (q.round.as_str(), q.minutes));
        let attitude = kit.attitude_questions.iter().map(|q| (q.round.as_str(), q.minutes));
        for (round, minutes) in competency.chain(attitude) {
            let sum = asked.entry(round).or_default();
            *sum = (sum.0 + 1, sum.1.saturating_add(minutes.unwrap_or_default()));
        }
        for (i, round) in kit.rounds.iter().enumerate() {
            let (questions, minutes) = asked.get(round.name.as_str()).copied().unwrap_or_default();
            if questions == 0 {
                let message = format!("no question is asked in “{}”", round.name);
                self.find(Rule::EmptyRound, format!("rounds[{i}]"), message);
            }
            if let Some(all) = round.minutes.filter(|all| questions > 1 && minutes > *all) {
                let message = format!(
                    "the questions of “{}” take {minutes} minutes, and the round {all}",
                    round.name
                );
                self.find(Rule::TimesDiffer, format!("rounds[{i}].minutes"), message);
            }
        }
    }

    fn competencies(&mut self, kit: &Kit) {
        let asked = kit.competency_questions.iter().map(|question| &question.competency);
        let shown = kit.coding_tests.iter().flat_map(|test| &test.shows);
        let shown = shown.chain(kit.presentations.iter().flat_map(|talk| &talk.shows));
        let shown = shown.chain(kit.simulations.iter().flat_map(|simulation| &simulation.shows));
        let tested: HashSet<&String> = asked.chain(shown).collect();
        for (i, discipline) in kit.disciplines.iter().enumerate() {
            for (j, competency) in discipline.competencies.iter().enumerate() {
                let place = format!("disciplines[{i}].competencies[{j}]");
                if !tested.contains(&competency.name) {
                    let message = format!("no question and no exercise is about “{}”", competency.name);
                    self.find(Rule::UntestedCompetency, place.clone(), message);
                }
                for level in competency
                    .expected
                    .keys()
                    .filter(|level| !self.framework.levels.contains(level.as_str()))
                {
                    let message = format!(
                        "“{}” has an expectation at “{level}”, which is not one of the levels",
                        competency.name
                    );
                    self.found.push(Finding {
                        rule: Rule::UnknownLevel,
                        place: format!("{place}.expected.{level}"),
                        message,
                        line: None,
                    });
                }
            }
        }
    }
}
