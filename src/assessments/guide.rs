//! What a candidate is told about the rules of a coding test, and what a reader of the program looks for.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::assessments::Variant;
use crate::grader::verdict::{Criterion, CriterionResult, Outcome};

/// The guides that ship, by challenge.
static SHIPPED: LazyLock<Vec<(&str, Guide)>> = LazyLock::new(|| {
    let guide = toml::from_str(include_str!("../../challenges/execute-with-retry/guide.toml"));
    vec![(
        "execute-with-retry",
        guide.expect("the guide that ships is whole; a test reads it"),
    )]
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    pub minutes: u32,
    rules: Rules,
    #[serde(rename = "indicator")]
    indicators: Vec<Indicator>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    without_ai: Vec<String>,
    with_ai: Vec<String>,
}

/// Something that a reader of the program looks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    pub kind: Kind,
    variant: Scope,
    pub text: String,
    /// What bears it out: by holding for a positive one, by failing for a negative one.
    criteria: Vec<Criterion>,
    #[serde(default)]
    needs: Needs,
    pub read: Option<Place>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Positive,
    Negative,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Scope {
    Both,
    WithAi,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Needs {
    #[default]
    All,
    Any,
}

/// Where a person reads what no finding shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Source,
    Log,
}

/// An indicator with the findings that bear it out; without any, a person has to look.
#[derive(Clone, Debug)]
pub struct Marked {
    pub indicator: &'static Indicator,
    pub support: Vec<CriterionResult>,
}

impl Guide {
    pub fn find(challenge: &str) -> Option<&'static Guide> {
        SHIPPED.iter().find(|(id, _)| *id == challenge).map(|(_, guide)| guide)
    }

    /// What is allowed and what is expected, in short sentences.
    pub fn rule(&self, variant: Variant) -> &[String] {
        match variant {
            Variant::WithoutAi => &self.rules.without_ai,
            Variant::WithAi => &self.rules.with_ai,
        }
    }

    /// The indicators of one kind that count in this variant, those that findings bear out first.
    pub fn marked(&'static self, variant: Variant, kind: Kind, outcome: &Outcome) -> Vec<Marked> {
        let counts = |i: &&Indicator| i.kind == kind && (i.variant == Scope::Both || variant == Variant::WithAi);
        let mark = |indicator: &'static Indicator| Marked {
            indicator,
            support: indicator.support(outcome),
        };
        let mut marked: Vec<Marked> = self.indicators.iter().filter(counts).map(mark).collect();
        marked.sort_by_key(|marked| marked.support.is_empty());
        marked
    }
}

impl Indicator {
    /// Whether findings could bear it out.
    pub fn is_measured(&self) -> bool {
        !self.criteria.is_empty()
    }

    fn support(&self, outcome: &Outcome) -> Vec<CriterionResult> {
        let Outcome::Graded(graded) = outcome else {
            return Vec::new();
        };
        let wanted = self.kind == Kind::Positive;
        // A criterion that no run was judged for says nothing about the program.
        let speaks = |r: &&CriterionResult| self.criteria.contains(&r.id) && r.runs > 0 && r.pass == wanted;
        let support: Vec<CriterionResult> = graded.criteria.iter().filter(speaks).cloned().collect();
        match self.needs {
            Needs::All if support.len() < self.criteria.len() => Vec::new(),
            _ => support,
        }
    }
}

impl Kind {
    pub const ALL: [Kind; 2] = [Kind::Positive, Kind::Negative];

    pub fn label(self) -> &'static str {
        match self {
            Kind::Positive => "Positive indicators",
            Kind::Negative => "Negative indicators",
        }
    }

    /// The mark of one that findings bear out.
    pub fn tone(self) -> &'static str {
        match self {
            Kind::Positive => "good",
            Kind::Negative => "bad",
        }
    }
}

impl Place {
    /// The part of the verdict page, and what it is called there.
    pub fn anchor(self) -> (&'static str, &'static str) {
        match self {
            Place::Source => ("source", "the source"),
            Place::Log => ("ai-log", "the AI log"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grader::verdict::{Graded, Rejection, Verdict};
    use crate::ui::samples;

    fn guide() -> &'static Guide {
        Guide::find("execute-with-retry").expect("it ships")
    }

    /// A verdict in which these fail, and these were never seen.
    fn outcome(fails: &[Criterion], unseen: &[Criterion]) -> Outcome {
        let Verdict {
            outcome: Outcome::Graded(mut graded),
            ..
        } = samples::exceeds()
        else {
            panic!("it is graded")
        };
        let Graded { criteria, .. } = &mut *graded;
        for result in criteria {
            result.pass = !fails.contains(&result.id) && !unseen.contains(&result.id);
            result.runs = if unseen.contains(&result.id) { 0 } else { 8 };
        }
        Outcome::Graded(graded)
    }

    fn borne_out(variant: Variant, kind: Kind, outcome: &Outcome) -> Vec<(String, Vec<Criterion>)> {
        let marked = guide().marked(variant, kind, outcome).into_iter();
        let named = |m: Marked| {
            (
                m.indicator.text.clone(),
                m.support.iter().map(|r| r.id).collect::<Vec<_>>(),
            )
        };
        marked.map(named).filter(|(_, ids)| !ids.is_empty()).collect()
    }

    #[test]
    fn the_guide_is_whole() {
        assert_eq!(guide().minutes, 20);
        let of = |kind, scope| {
            let fits = |i: &&Indicator| i.kind == kind && i.variant == scope;
            guide().indicators.iter().filter(fits).count()
        };
        for kind in Kind::ALL {
            assert_eq!((of(kind, Scope::Both), of(kind, Scope::WithAi)), (4, 4));
        }
        for variant in Variant::ALL {
            assert_eq!(guide().rule(variant).len(), 3);
        }
        for indicator in &guide().indicators {
            let by_reader = indicator.criteria.is_empty();
            assert_eq!(by_reader, indicator.read.is_some(), "{}", indicator.text);
            assert!(
                indicator.variant == Scope::WithAi || indicator.read != Some(Place::Log),
                "without AI there is no log: {}",
                indicator.text
            );
        }
        for (challenge, _) in SHIPPED.iter() {
            assert!(crate::grader::Challenge::find(challenge).is_some(), "{challenge}");
        }
    }

    #[test]
    fn a_criterion_that_does_not_exist_is_refused() {
        let text = include_str!("../../challenges/execute-with-retry/guide.toml");
        assert!(toml::from_str::<Guide>(text).is_ok());
        assert!(toml::from_str::<Guide>(&text.replace("\"jitter\"", "\"jiter\"")).is_err());
    }

    #[test]
    fn a_sound_program_bears_out_what_is_good_and_nothing_that_is_bad() {
        let outcome = outcome(&[], &[]);
        assert_eq!(borne_out(Variant::WithoutAi, Kind::Positive, &outcome).len(), 2);
        assert_eq!(borne_out(Variant::WithAi, Kind::Positive, &outcome).len(), 4);
        assert_eq!(borne_out(Variant::WithAi, Kind::Negative, &outcome), []);
    }

    #[test]
    fn all_that_is_needed_has_to_hold() {
        let outcome = outcome(&[Criterion::Jitter], &[]);
        let good = borne_out(Variant::WithoutAi, Kind::Positive, &outcome);
        assert_eq!(good.len(), 1, "growing waits alone are not enough: {good:?}");
        let bad = borne_out(Variant::WithAi, Kind::Negative, &outcome);
        assert_eq!(bad.len(), 2);
        assert!(bad.iter().all(|(_, ids)| *ids == [Criterion::Jitter]), "{bad:?}");
    }

    #[test]
    fn any_of_several_faults_is_enough_and_each_is_named() {
        let text = "The end of the retries is not under control";
        for (fails, count) in [
            (&[Criterion::Settles][..], 1),
            (&[Criterion::AttemptLimit, Criterion::Settles], 2),
        ] {
            let bad = borne_out(Variant::WithoutAi, Kind::Negative, &outcome(fails, &[]));
            let [(found, ids)] = &bad[..] else {
                panic!("one is borne out: {bad:?}")
            };
            assert!(found.starts_with(text) && ids.len() == count);
        }
    }

    #[test]
    fn what_was_never_seen_speaks_neither_for_nor_against() {
        let outcome = outcome(&[], &[Criterion::Jitter, Criterion::ErrorShape]);
        assert_eq!(borne_out(Variant::WithAi, Kind::Positive, &outcome), []);
        assert_eq!(borne_out(Variant::WithAi, Kind::Negative, &outcome), []);
    }

    #[test]
    fn a_program_that_could_not_be_run_is_left_to_the_reader() {
        let rejected = Outcome::Rejected(Rejection {
            reason: String::new(),
            line: None,
            column: None,
        });
        let marked = guide().marked(Variant::WithAi, Kind::Positive, &rejected);
        assert!(marked.len() == 8 && marked.iter().all(|m| m.support.is_empty()));
    }
}
