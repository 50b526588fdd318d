//! The form of a reading: what was typed for each criterion, and what is missing.

use crate::hiring::applications::form::Wrong;
use crate::hiring::screening::{Mark, SCALE, Step};
use crate::ui::shortened;

const MOST_WORDS: usize = 2_000;
/// What is far too long is not kept.
const MOST_KEPT: usize = 20_000;

/// A criterion with what a reader gave for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// Its place in the kit, from 0.
    pub at: usize,
    pub asked: String,
    pub mark: Mark,
    pub score_error: Option<String>,
    pub words_error: Option<String>,
}

impl Criterion {
    pub fn number(&self) -> usize {
        self.at + 1
    }

    pub fn has(&self, step: &Step) -> bool {
        self.mark.score == Some(step.score)
    }

    pub fn step(&self) -> Option<&'static Step> {
        SCALE.iter().find(|step| self.has(step))
    }

    fn check(&mut self) {
        if self.mark.score.is_none() {
            self.score_error = Some("Choose one of the four.".into());
        }
        self.words_error = match self.mark.words.chars().count() {
            0 => Some("Quote what shows it, or say in a few words why you chose this.".into()),
            n if n > MOST_WORDS => Some(format!("At most 2,000 characters; these are {n}.")),
            _ => None,
        };
    }
}

/// Everything that a reader types for one résumé.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marks {
    pub criteria: Vec<Criterion>,
    pub revision: i64,
}

impl Marks {
    pub fn new(asked: &[String], marks: &[Mark], revision: i64) -> Marks {
        let criterion = |(at, asked): (usize, &String)| Criterion {
            at,
            asked: asked.clone(),
            mark: marks.get(at).cloned().unwrap_or_default(),
            score_error: None,
            words_error: None,
        };
        Marks {
            criteria: asked.iter().enumerate().map(criterion).collect(),
            revision,
        }
    }

    /// As a form sends them. What is no score is none.
    pub fn typed(asked: &[String], fields: &[(String, String)]) -> Marks {
        let value = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
        let mark = |at: usize| Mark {
            score: value(&format!("score-{at}"))
                .and_then(|typed| typed.parse().ok())
                .filter(|score| SCALE.iter().any(|step| step.score == *score)),
            words: clean(value(&format!("words-{at}")).unwrap_or_default()),
        };
        let marks: Vec<Mark> = (0..asked.len()).map(mark).collect();
        let revision = value("revision").and_then(|typed| typed.parse().ok());
        Marks::new(asked, &marks, revision.unwrap_or(-1))
    }

    pub fn marks(&self) -> Vec<Mark> {
        self.criteria.iter().map(|criterion| criterion.mark.clone()).collect()
    }

    pub fn check(&mut self) {
        self.criteria.iter_mut().for_each(Criterion::check);
    }

    pub fn wrong(&self) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        for criterion in &self.criteria {
            let label = |what| format!("{} of criterion {}", what, criterion.number());
            if criterion.score_error.is_some() {
                wrong.push(Wrong {
                    name: format!("score-{}-0", criterion.at),
                    label: label("score"),
                });
            }
            if criterion.words_error.is_some() {
                wrong.push(Wrong {
                    name: format!("words-{}", criterion.at),
                    label: label("quote"),
                });
            }
        }
        wrong
    }

    /// How many criteria have a score and words.
    pub fn ready(&self) -> usize {
        let ready = |criterion: &&Criterion| criterion.mark.score.is_some() && !criterion.mark.words.is_empty();
        self.criteria.iter().filter(ready).count()
    }
}

fn clean(typed: &str) -> String {
    let text = typed
        .replace("\r\n", "\n")
        .replace(|c: char| c.is_control() && c != '\n', " ");
    text.trim().chars().take(MOST_KEPT).collect()
}

/// A quote as one line of a table shows it.
pub fn in_short(words: &str) -> String {
    shortened(words, 160)
}
