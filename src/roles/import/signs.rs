//! The headings, labels, counters and set phrases of role documents.

mod known;

use super::source::Row;
use super::words::{at_colon, ends_sentence, is_name, key, parts, word_count};
use known::{KNOWN, PHRASE_KEYS, WHY_HARD};

/// What a line is, as far as it tells by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    Plain,
    /// Carries nothing.
    Furniture,
    /// A heading, and the number of entries that it announces.
    Section(Section, Option<usize>),
    /// A heading with a title of its own, such as “Coding Test: Draining a queue”, which no field holds.
    Titled(Section),
    /// “Why this role is hard”, with the name behind it.
    WhyHard(Option<String>),
    /// “Stage 4 · Something”, of which nothing is known.
    UnknownStage,
    /// “3 of 20”.
    Counter(usize),
    /// “8 criteria”.
    Count(Counted, usize),
    /// A label, and its value if that is on the same line.
    Label(Label, Option<String>),
    /// “Expected at Junior”, and what follows a colon.
    Expected(String, Option<String>),
    /// “Without AI”: one way to take a coding test.
    Variant(String),
    /// “Live Interview · Coding Test”.
    Setting(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Section {
    Core,
    Competencies,
    Attitudes,
    Supporting,
    Application,
    KnockOuts,
    Videos,
    ResumeStage,
    Criteria,
    Interviews,
    CodingTests,
    Presentations,
    Simulations,
    Framework,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    Criteria,
    Competencies,
    Questions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Label {
    Discipline,
    Requirement,
    Competency,
    /// What follows “Expected at …”.
    Focus,
    Round,
    Question,
    Positive,
    Negative,
    ScreenKnockOut,
    ScreenVideo,
    Experience,
    ResponseTime,
    Format,
    Audience,
    Prepare,
    Deliverables,
    GroundRules,
    Anchors,
    Exceeds,
    Meets,
    Below,
    Scenario,
    Problem,
    Success,
    Review,
    Roles,
    Motivation,
    Constraints,
    Tensions,
    Guidance,
    DoNot,
}

/// What a row is.
pub fn sign(row: &Row) -> Sign {
    if row.is_decoration() || is_number(&row.text) {
        return Sign::Furniture;
    }
    if let [name, value] = row.cells.as_slice()
        && let Some(Sign::Label(label, None)) = KNOWN.get(&key(name))
    {
        return Sign::Label(*label, filled(value));
    }
    if row.cells.iter().filter(|cell| !cell.is_empty()).count() > 1 {
        return Sign::Plain;
    }
    let text = row.text.as_str();
    let whole = key(text);
    if let Some(sign) = KNOWN.get(&whole) {
        return sign.clone();
    }
    if PHRASE_KEYS
        .iter()
        .any(|(start, words)| whole.starts_with(start) && word_count(text) <= *words)
    {
        return Sign::Furniture;
    }
    numbered(text)
        .or_else(|| headed(text, &whole))
        .or_else(|| labelled(text))
        .unwrap_or(Sign::Plain)
}

/// “1.” on a line of its own: the number of an entry that follows.
fn is_number(text: &str) -> bool {
    let digits = text.strip_suffix(['.', ')']).unwrap_or_default();
    (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

fn filled(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_string())
}

/// Counters and numbers of entries: “3 of 20”, “20 Competency Questions”, “8 criteria”.
fn numbered(text: &str) -> Option<Sign> {
    let words: Vec<&str> = text.split_whitespace().take(7).collect();
    let number = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).parse::<usize>().ok();
    match words.as_slice() {
        [i, of, n] if of.eq_ignore_ascii_case("of") || *of == "/" => {
            let (_, n) = (number(i)?, number(n)?);
            return Some(Sign::Counter(n));
        }
        _ => {}
    }
    if let [rest @ .., last] = words.as_slice()
        && words.len() > 1
        && words.len() < 7
        && (1..=2).contains(&last.len())
        && number(last).is_some()
        && let Some(Sign::Section(section, None)) = KNOWN.get(&key(&rest.join(" ")))
    {
        // “Coding Test 2” numbers the test and announces nothing.
        return Some(Sign::Section(*section, None));
    }
    let (n, name) = match (words.as_slice(), words.last().copied().and_then(bracketed)) {
        ([.., _], Some(n)) => (n, words[..words.len() - 1].join(" ")),
        ([first, rest @ ..], _) if !rest.is_empty() && rest.len() < 6 => (number(first)?, rest.join(" ")),
        _ => return None,
    };
    match key(&name).as_str() {
        "criteria" | "criterion" => Some(Sign::Count(Counted::Criteria, n)),
        "competencie" | "competency" => Some(Sign::Count(Counted::Competencies, n)),
        "question" => Some(Sign::Count(Counted::Questions, n)),
        name => match KNOWN.get(name)? {
            Sign::Section(section, _) => Some(Sign::Section(*section, Some(n))),
            _ => None,
        },
    }
}

/// The number in “(20)”.
fn bracketed(word: &str) -> Option<usize> {
    word.strip_prefix('(')?.strip_suffix(')')?.parse().ok()
}

/// Headings of several parts: “Why this role is hard · A Name”, “Stage 2 · Resume Screening”, “Live Interview · Coding
/// Test”.
fn headed(text: &str, whole: &str) -> Option<Sign> {
    if word_count(text) > 20 {
        return None;
    }
    if WHY_HARD.iter().any(|why| whole.starts_with(why.as_str())) {
        let name = match parts(text).as_slice() {
            [_] => at_colon(text).map(|(_, name)| name.to_string()),
            [_, name @ ..] => Some(name.join(" ")),
            [] => None,
        };
        let said = name.as_deref().map(key).unwrap_or_default();
        let complete = WHY_HARD
            .iter()
            .any(|why| whole.strip_prefix(why.as_str()) == Some(said.as_str()));
        return complete.then(|| Sign::WhyHard(name.filter(|name| !name.is_empty())));
    }
    if whole.starts_with("stage") && !ends_sentence(text) {
        let name = parts(text)
            .into_iter()
            .chain(at_colon(text).map(|(name, _)| name))
            .next()
            .unwrap_or_default();
        let name = at_colon(name).map_or(name, |(name, _)| name);
        let number = key(name).strip_prefix("stage").and_then(|n| n.parse::<u8>().ok());
        return number.map(|_| Sign::UnknownStage);
    }
    let parts = parts(text);
    let setting = parts
        .first()
        .filter(|_| parts.len() == 2 && key(parts[1]) == "codingtest")?;
    filled(setting).map(Sign::Setting)
}

/// A label with its value behind it, “Expected at Junior”, “Without AI”.
fn labelled(text: &str) -> Option<Sign> {
    let colon = at_colon(text);
    let (name, value) = colon.map_or((text, None), |(name, value)| (name, filled(value)));
    if word_count(name) > 8 {
        return dotted(text);
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    if let ["expected", "at" | "for", ..] = lowered(&words)
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
        && words.len() > 2
    {
        return Some(Sign::Expected(words[2..].join(" "), value));
    }
    match KNOWN.get(&key(name)) {
        Some(Sign::Label(label, None)) => return Some(Sign::Label(*label, value)),
        Some(Sign::Section(section, None)) if value.as_deref().is_some_and(is_name) => {
            return Some(Sign::Titled(*section));
        }
        _ => {}
    }
    let first = words.first().map(|word| word.to_lowercase());
    let with = matches!(first.as_deref(), Some("with" | "without"));
    if with && (2..=4).contains(&words.len()) && value.is_none() && !ends_sentence(name) {
        return Some(Sign::Variant(name.to_string()));
    }
    dotted(text)
}

fn lowered(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| word.to_lowercase()).collect()
}

/// “Scenario. You are …”: some labels are set before their text with a full stop.
fn dotted(text: &str) -> Option<Sign> {
    let (name, value) = text.split_once(". ")?;
    if word_count(name) > 3 {
        return None;
    }
    match KNOWN.get(&key(name))? {
        Sign::Label(label @ (Label::Scenario | Label::Problem | Label::Motivation), None) => {
            Some(Sign::Label(*label, filled(value.trim())))
        }
        _ => None,
    }
}

impl Label {
    pub fn is_list(self) -> bool {
        matches!(
            self,
            Label::Positive
                | Label::Negative
                | Label::Prepare
                | Label::Deliverables
                | Label::GroundRules
                | Label::Success
                | Label::Review
                | Label::Constraints
                | Label::Tensions
                | Label::Guidance
                | Label::DoNot
        )
    }

    /// Labels that stand between questions, and never begin an entry of a list.
    pub fn divides_questions(self) -> bool {
        matches!(self, Label::Discipline | Label::Requirement | Label::Round)
    }
}
