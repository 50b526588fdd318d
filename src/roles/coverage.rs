//! What is asked and shown where: each competency and trait against the rounds and exercises, and the minutes of each
//! round.

use crate::roles::kit::Kit;

/// How long a question takes that does not say it.
pub const USUAL_MINUTES: u32 = 8;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// A word for it, for a narrow head.
    pub short: String,
    pub round: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub name: String,
    /// A trait is not in the framework.
    pub attitude: bool,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    Nothing,
    /// So many questions ask for it.
    Asked(usize),
    /// The exercise gives evidence of it.
    Shown,
}

/// How a round's time is spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundTime {
    pub name: String,
    pub questions: usize,
    /// What its questions take.
    pub asked: u32,
    /// How long it lasts, where the kit says it.
    pub lasts: Option<u32>,
    /// Some of its questions don't say how long they take.
    pub guessed: bool,
}

impl Coverage {
    pub fn of(kit: &Kit) -> Coverage {
        let columns = columns(kit);
        let competencies = kit.competencies().map(|competency| (competency.name.as_str(), false));
        // A document may ask for a competency that its framework lacks.
        let asked = kit
            .competency_questions
            .iter()
            .map(|question| (question.competency.as_str(), false));
        let traits = kit
            .attitude_questions
            .iter()
            .map(|question| (question.trait_name.as_str(), true));
        let mut names: Vec<(&str, bool)> = Vec::new();
        for (name, attitude) in competencies.chain(asked).chain(traits) {
            if !name.is_empty() && !names.iter().any(|(known, _)| *known == name) {
                names.push((name, attitude));
            }
        }
        let row = |(name, attitude): &(&str, bool)| Row {
            name: (*name).to_owned(),
            attitude: *attitude,
            cells: cells(kit, name, *attitude),
        };
        Coverage {
            rows: names.iter().map(row).collect(),
            columns,
        }
    }

    pub fn gaps(&self) -> usize {
        self.rows.iter().filter(|row| row.is_gap()).count()
    }

    pub fn overlaps(&self) -> usize {
        self.rows.iter().filter(|row| row.overlaps()).count()
    }
}

impl Row {
    pub fn total(&self) -> usize {
        self.cells.iter().filter(|cell| **cell != Cell::Nothing).count()
    }

    /// Nothing asks for it, and nothing shows it.
    pub fn is_gap(&self) -> bool {
        self.total() == 0
    }

    /// Two rounds ask for the same.
    pub fn overlaps(&self) -> bool {
        self.rounds() > 1
    }

    pub fn rounds(&self) -> usize {
        self.cells.iter().filter(|cell| matches!(cell, Cell::Asked(_))).count()
    }
}

impl RoundTime {
    pub fn all(kit: &Kit) -> Vec<RoundTime> {
        kit.rounds.iter().map(|round| RoundTime::of(kit, &round.name)).collect()
    }

    pub fn of(kit: &Kit, round: &str) -> RoundTime {
        let competency = kit
            .competency_questions
            .iter()
            .map(|question| (&question.round, question.minutes));
        let attitude = kit
            .attitude_questions
            .iter()
            .map(|question| (&question.round, question.minutes));
        let minutes: Vec<Option<u32>> = competency
            .chain(attitude)
            .filter(|(name, _)| *name == round)
            .map(|(_, minutes)| minutes)
            .collect();
        let lasts = kit.rounds.iter().find(|other| other.name == round);
        RoundTime {
            name: round.to_owned(),
            questions: minutes.len(),
            asked: minutes.iter().map(|minutes| minutes.unwrap_or(USUAL_MINUTES)).sum(),
            lasts: lasts.and_then(|round| round.minutes),
            guessed: minutes.contains(&None),
        }
    }

    /// It asks for more than it has time for.
    pub fn is_over(&self) -> bool {
        self.lasts.is_some_and(|lasts| self.asked > lasts)
    }
}

fn columns(kit: &Kit) -> Vec<Column> {
    let rounds = kit.rounds.iter().map(|round| Column {
        name: round.name.clone(),
        short: short(&round.name),
        round: true,
    });
    let exercise = |what: &str, short: &str, n: usize, of: usize| {
        let number = if of > 1 { format!(" {}", n + 1) } else { String::new() };
        Column {
            name: format!("{what}{number}"),
            short: format!("{short}{number}"),
            round: false,
        }
    };
    let (coding, talks, simulations) = (kit.coding_tests.len(), kit.presentations.len(), kit.simulations.len());
    rounds
        .chain((0..coding).map(|n| exercise("Coding test", "Coding", n, coding)))
        .chain((0..talks).map(|n| exercise("Presentation", "Talk", n, talks)))
        .chain((0..simulations).map(|n| exercise("Work simulation", "Simulation", n, simulations)))
        .collect()
}

/// The part of a round's name before its explanation, without the words that all rounds share.
fn short(name: &str) -> String {
    let head = name.split([':', '–', '(']).next().unwrap_or(name);
    let words: Vec<&str> = head
        .split_whitespace()
        .filter(|word| !matches!(*word, "round" | "Round"))
        .collect();
    words.into_iter().take(2).collect::<Vec<_>>().join(" ")
}

fn cells(kit: &Kit, name: &str, attitude: bool) -> Vec<Cell> {
    let asked = |round: &str| {
        let n = if attitude {
            let questions = kit.attitude_questions.iter();
            questions.filter(|q| q.trait_name == name && q.round == round).count()
        } else {
            let questions = kit.competency_questions.iter();
            questions.filter(|q| q.competency == name && q.round == round).count()
        };
        if n > 0 { Cell::Asked(n) } else { Cell::Nothing }
    };
    let shown = |shows: &Vec<String>| {
        if shows.iter().any(|shown| shown == name) {
            Cell::Shown
        } else {
            Cell::Nothing
        }
    };
    let rounds = kit.rounds.iter().map(|round| asked(&round.name));
    let coding = kit.coding_tests.iter().map(|test| shown(&test.shows));
    let talks = kit.presentations.iter().map(|talk| shown(&talk.shows));
    let simulations = kit.simulations.iter().map(|simulation| shown(&simulation.shows));
    rounds.chain(coding).chain(talks).chain(simulations).collect()
}
