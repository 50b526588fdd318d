//! What the reviewers of a job listen for: the indicators of its kit, which notes are tied to.

use indexmap::IndexMap;

use crate::roles::kit::Kit;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    pub positive: bool,
    /// The attitude or the competency.
    pub of: String,
    pub text: String,
}

/// Those of one attitude or one competency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub name: String,
    pub indicators: Vec<Indicator>,
}

impl Indicator {
    /// How a note names it. Nobody has to open the kit to understand it.
    pub fn id(&self) -> String {
        format!("{} {}: {}", self.sign(), self.of, self.text)
    }

    pub fn sign(&self) -> &'static str {
        if self.positive { "+" } else { "−" }
    }
}

/// Attitudes first, as the kit has them; of the questions that belong to a level, those of this one.
pub fn groups(kit: &Kit, level: &str) -> Vec<Group> {
    let attitudes = kit
        .attitude_questions
        .iter()
        .map(|q| (&q.trait_name, &q.positive, &q.negative));
    let at_level = |of: &str| of.is_empty() || level.is_empty() || of == level;
    let competencies = kit
        .competency_questions
        .iter()
        .filter(|q| at_level(&q.level))
        .map(|q| (&q.competency, &q.positive, &q.negative));
    let mut groups = IndexMap::<&str, Vec<Indicator>>::new();
    for (name, positive, negative) in attitudes.chain(competencies) {
        let group = groups.entry(name).or_default();
        let signed = positive.iter().map(|text| (true, text));
        for (positive, text) in signed.chain(negative.iter().map(|text| (false, text))) {
            let indicator = Indicator {
                positive,
                of: name.clone(),
                text: text.clone(),
            };
            if !group.contains(&indicator) {
                group.push(indicator);
            }
        }
    }
    let group = |(name, indicators): (&str, Vec<Indicator>)| Group {
        name: name.to_owned(),
        indicators,
    };
    groups
        .into_iter()
        .filter(|(_, indicators)| !indicators.is_empty())
        .map(group)
        .collect()
}

pub fn find<'a>(groups: &'a [Group], id: &str) -> Option<&'a Indicator> {
    groups
        .iter()
        .flat_map(|group| &group.indicators)
        .find(|indicator| indicator.id() == id)
}
