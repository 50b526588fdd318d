//! What is looked for on a board or a list, as one line of text: `stage:interview -owner:none late kafka`.
//!
//! What stands there several times with one key may be either; what stands there with different keys has to hold all
//! together; a minus excludes. The rest are words that somebody looks for. A line that is not understood filters nothing.

use std::time::Duration;

use time::Date;
use time::macros::format_description;
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::hiring::applications::form::SOURCES;
use crate::hiring::applications::store::decision_id;
use crate::hiring::pipeline::Line;
use crate::hiring::pipeline::index::words;
use crate::hiring::{ApplicationState, Stage};
use crate::roles::kit::Decision;
use crate::ui::folded;

const DAY: Duration = Duration::from_secs(86_400);
const LONGEST: usize = 300;
const KEYS: &str = "stage:, state:, owner:, source:, outcome:, tag:, applied:, in-stage:, late";
/// What can be asked of applications for any job.
const KEYS_OVER_JOBS: &str = "state:, source:, outcome:, tag:, applied:";
/// So many tags of a job are known by name.
pub const MOST_TAGS: usize = 200;
pub const OUTCOMES: [(&str, &str, Decision); 3] = [
    ("passed", "Knock-outs passed", Decision::Qualifies),
    ("review", "Answers to review", Decision::Review),
    ("knocked-out", "Knocked out", Decision::Declines),
];

/// What a filter may name.
pub struct Known<'a> {
    pub stages: &'a [Stage],
    /// Those who may own an application.
    pub people: &'a [(Uuid, String)],
    /// That the job has used.
    pub tags: &'a [String],
    pub me: Uuid,
    pub now: Timestamp,
    /// Of all jobs, whose stages, owners and tags are not listed here.
    pub over_jobs: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// As it was written, piece by piece.
    pub tokens: Vec<String>,
    tests: Vec<(Test, bool)>,
    /// Beginnings of words that have to be there.
    pub words: Vec<String>,
    /// Those of them that have to follow one another.
    phrases: Vec<Vec<String>>,
    /// None of these may be there, each all of its words.
    unwanted: Vec<Vec<String>>,
    /// The same one behind the other.
    unwanted_phrases: Vec<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Stage(Vec<Uuid>),
    State(ApplicationState),
    Owner(Vec<Option<Uuid>>),
    Source(&'static str),
    Outcome(Decision),
    /// Any of these, without case.
    Tag(Vec<String>),
    Late,
    Applied(Span),
    InStage(Span),
}

/// From a moment on, and before another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    from: Option<Timestamp>,
    before: Option<Timestamp>,
}

impl Span {
    fn holds(self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.before.is_none_or(|before| at < before)
    }
}

impl Filter {
    /// What is wrong with it is said in a sentence.
    pub fn parse(text: &str, known: &Known<'_>) -> Result<Filter, String> {
        if text.chars().count() > LONGEST {
            return Err(format!("A filter has at most {LONGEST} characters."));
        }
        let mut filter = Filter::default();
        for token in tokens(text) {
            let (bare, excluded) = match token.strip_prefix('-') {
                Some(bare) if !bare.is_empty() => (bare, true),
                _ => (token.as_str(), false),
            };
            match read(bare, known)? {
                Some(test) => filter.tests.push((test, excluded)),
                None => filter.add_words(bare, excluded),
            }
            filter.tokens.push(token);
        }
        Ok(filter)
    }

    fn add_words(&mut self, token: &str, excluded: bool) {
        let words = words::asked(&token.replace('"', " "));
        let is_phrase = token.contains('"') && words.len() > 1;
        match (excluded, is_phrase) {
            _ if words.is_empty() => {}
            (true, true) => self.unwanted_phrases.push(words),
            (true, false) => self.unwanted.push(words),
            (false, true) => {
                self.words.extend(words.iter().cloned());
                self.phrases.push(words);
            }
            (false, false) => self.words.extend(words),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    pub fn text(&self) -> String {
        self.tokens.join(" ")
    }

    /// The same without one of its pieces.
    pub fn without(&self, at: usize) -> String {
        let left = self.tokens.iter().enumerate().filter(|(n, _)| *n != at);
        left.map(|(_, token)| token.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Whether the words of an application have to be known.
    pub fn needs_words(&self) -> bool {
        !(self.words.is_empty() && self.unwanted.is_empty() && self.unwanted_phrases.is_empty())
    }

    /// Whether an application that fits by its kept words may not, once its texts are read.
    pub fn doubts(&self, text: &str) -> bool {
        let has_all = |phrase: &Vec<String>| phrase.iter().all(|word| words::has(text, word));
        !self.phrases.is_empty() || self.unwanted_phrases.iter().any(has_all)
    }

    /// Whether texts hold the words in the order that was asked for.
    pub fn is_said_in(&self, texts: &[String]) -> bool {
        let said = |phrase: &Vec<String>| texts.iter().any(|text| words::follow(text, phrase));
        self.phrases.iter().all(said) && !self.unwanted_phrases.iter().any(said)
    }

    /// Whether few fit, whom an index finds: those with all the words, or with a tag.
    pub fn leads(&self) -> bool {
        !self.words.is_empty() || self.tags().is_some()
    }

    /// The only tag that it asks for, in all ways in which it is written.
    pub fn tags(&self) -> Option<&[String]> {
        match self.only(|test| matches!(test, Test::Tag(_)))? {
            Test::Tag(keys) => Some(keys),
            _ => None,
        }
    }

    pub fn asks_for_tags(&self) -> bool {
        self.tests.iter().any(|(test, _)| matches!(test, Test::Tag(_)))
    }

    /// Whether an application fits, whose kept words are `text`.
    pub fn holds(&self, line: &Line, text: &str, stages: &[Stage], now: Timestamp) -> bool {
        let holds = |test: &Test| test.holds(line, stages, now);
        let alike = |one: &Test, other: &Test| std::mem::discriminant(one) == std::mem::discriminant(other);
        let wanted = || {
            self.tests
                .iter()
                .filter(|(_, excluded)| !excluded)
                .map(|(test, _)| test)
        };
        let tests = self.tests.iter().all(|(test, excluded)| match (test, excluded) {
            (test, true) => !holds(test),
            // Spans narrow one another.
            (Test::Applied(_) | Test::InStage(_), false) => holds(test),
            (test, false) => wanted().any(|other| alike(test, other) && holds(other)),
        });
        tests
            && self.words.iter().all(|word| words::has(text, word))
            && !self
                .unwanted
                .iter()
                .any(|those| those.iter().all(|word| words::has(text, word)))
    }

    /// The only stage that it asks for.
    pub fn stage(&self) -> Option<Uuid> {
        match self.only(|test| matches!(test, Test::Stage(_)))? {
            Test::Stage(stages) => stages.first().copied().filter(|_| stages.len() == 1),
            _ => None,
        }
    }

    /// The only state; what is late or has been in a stage for so long is under way.
    pub fn state(&self) -> Option<ApplicationState> {
        if self.is_late()
            || self
                .tests
                .iter()
                .any(|(test, not)| matches!(test, Test::InStage(_)) && !not)
        {
            return Some(ApplicationState::Active);
        }
        match self.only(|test| matches!(test, Test::State(_)))? {
            Test::State(state) => Some(*state),
            _ => None,
        }
    }

    /// The only owner, who may be nobody.
    pub fn owner(&self) -> Option<Option<Uuid>> {
        match self.only(|test| matches!(test, Test::Owner(_)))? {
            Test::Owner(owners) => owners.first().copied().filter(|_| owners.len() == 1),
            _ => None,
        }
    }

    pub fn is_late(&self) -> bool {
        self.tests.contains(&(Test::Late, false))
    }

    fn only(&self, kind: impl Fn(&Test) -> bool) -> Option<&Test> {
        let mut found = self.tests.iter().filter(|(test, excluded)| !excluded && kind(test));
        let first = found.next().map(|(test, _)| test);
        first.filter(|_| found.next().is_none())
    }
}

impl Test {
    fn holds(&self, line: &Line, stages: &[Stage], now: Timestamp) -> bool {
        match self {
            Test::Stage(those) => line.stage.is_some_and(|stage| those.contains(&stage)),
            Test::State(state) => line.state == *state,
            Test::Owner(owners) => owners.contains(&line.owner.as_ref().map(|owner| owner.id)),
            Test::Source(source) => line.source == *source,
            Test::Outcome(outcome) => line.outcome == Some(*outcome),
            Test::Tag(keys) => line.tags.iter().any(|tag| keys.contains(tag)),
            Test::Late => line.is_late(stages, now),
            Test::Applied(span) => line.submitted_at.is_some_and(|at| span.holds(at)),
            Test::InStage(span) => line.entered().is_some_and(|at| span.holds(at)),
        }
    }
}

/// Between spaces, unless they stand in quotation marks.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let mut quoted = false;
    for c in text.replace(['“', '”', '„'], "\"").chars() {
        quoted ^= c == '"';
        match c {
            c if (c.is_whitespace() || c.is_control()) && !quoted => tokens.push(String::new()),
            c => {
                if let Some(last) = tokens.last_mut() {
                    last.push(if c.is_control() { ' ' } else { c });
                }
            }
        }
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}

/// `None`: these are words.
fn read(token: &str, known: &Known<'_>) -> Result<Option<Test>, String> {
    let Some((key, value)) = token.split_once(':') else {
        return Ok((token.to_lowercase() == "late" && !known.over_jobs).then_some(Test::Late));
    };
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
    if !is_key || value.starts_with("//") {
        return Ok(None);
    }
    let (value, wanted) = (value.replace('"', " ").trim().to_owned(), slug(value));
    let name = key.to_lowercase();
    let is_possible = !known.over_jobs
        || KEYS_OVER_JOBS
            .split(", ")
            .any(|one| one.strip_suffix(':') == Some(&name));
    let test = match name.as_str() {
        _ if !is_possible => return Err(format!("There is no “{key}:” here. Possible are {KEYS_OVER_JOBS}.")),
        "stage" => stage(&wanted, known).map(Test::Stage),
        "state" => state(&wanted).map(Test::State),
        "owner" => owner(&wanted, known).map(Test::Owner),
        "source" => source(&wanted).map(Test::Source),
        "outcome" => outcome(&wanted).map(Test::Outcome),
        "tag" => tag(&value, known).map(Test::Tag),
        "applied" => span(&value, known.now).map(Test::Applied),
        "in-stage" => span(&value, known.now).map(Test::InStage),
        _ => return Err(format!("There is no “{key}:”. Possible are {KEYS}.")),
    };
    match test {
        Ok(test) => Ok(Some(test)),
        Err(possible) => Err(format!("“{key}:{value}” is not known. Possible are {possible}.")),
    }
}

/// A name as a filter says it: “Résumé screen” is `resume-screen`.
pub fn slug(name: &str) -> String {
    let folded = folded(name);
    let parts = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

fn list(names: impl Iterator<Item = String>) -> String {
    names
        .filter(|name| !name.is_empty())
        .take(12)
        .collect::<Vec<_>>()
        .join(", ")
}

/// What is called so; if nothing is, what begins so.
fn named<T: Copy>(wanted: &str, all: &[(T, String)]) -> Vec<T> {
    let exactly: Vec<T> = all
        .iter()
        .filter(|(_, name)| name == wanted)
        .map(|(it, _)| *it)
        .collect();
    if !exactly.is_empty() || wanted.is_empty() {
        return exactly;
    }
    all.iter()
        .filter(|(_, name)| name.starts_with(wanted))
        .map(|(it, _)| *it)
        .collect()
}

fn stage(wanted: &str, known: &Known<'_>) -> Result<Vec<Uuid>, String> {
    let all: Vec<_> = known.stages.iter().map(|stage| (stage.id, slug(&stage.name))).collect();
    match named(wanted, &all) {
        found if found.is_empty() => Err(list(all.into_iter().map(|(_, name)| name))),
        found => Ok(found),
    }
}

fn owner(wanted: &str, known: &Known<'_>) -> Result<Vec<Option<Uuid>>, String> {
    match wanted {
        "me" => return Ok(vec![Some(known.me)]),
        "none" => return Ok(vec![None]),
        _ => {}
    }
    let all: Vec<_> = known.people.iter().map(|(id, name)| (*id, slug(name))).collect();
    match named(wanted, &all) {
        found if found.is_empty() => {
            let fixed = ["me".to_owned(), "none".to_owned()];
            Err(list(fixed.into_iter().chain(all.into_iter().map(|(_, name)| name))))
        }
        found => Ok(found.into_iter().map(Some).collect()),
    }
}

/// Those that an application on a list can be in.
pub fn states() -> impl Iterator<Item = ApplicationState> {
    let all = ApplicationState::ALL.iter().copied();
    all.filter(|state| *state != ApplicationState::Draft)
}

fn state(wanted: &str) -> Result<ApplicationState, String> {
    let label = |state: &ApplicationState| slug(state.label());
    let found = states().find(|state| state.id() == wanted || label(state) == wanted);
    found.ok_or_else(|| list(states().map(|state| label(&state))))
}

fn source(wanted: &str) -> Result<&'static str, String> {
    let name = |id: &str| {
        if id.is_empty() {
            "unsaid".to_owned()
        } else {
            id.to_owned()
        }
    };
    let found = SOURCES.iter().find(|(id, _)| name(id) == wanted);
    found
        .map(|(id, _)| *id)
        .ok_or_else(|| list(SOURCES.iter().map(|(id, _)| name(id))))
}

fn outcome(wanted: &str) -> Result<Decision, String> {
    let known = OUTCOMES.iter();
    let found = known
        .clone()
        .find(|(name, _, decision)| *name == wanted || decision_id(*decision) == wanted);
    found
        .map(|(_, _, decision)| *decision)
        .ok_or_else(|| list(known.map(|(name, _, _)| (*name).to_owned())))
}

/// As a filter names a tag: a sign alone has no slug.
pub fn tag_token(tag: &str) -> String {
    match slug(tag) {
        slug if slug.is_empty() => format!("tag:\"{}\"", tag.replace('"', " ").trim()),
        slug => format!("tag:{slug}"),
    }
}

/// The keys of the tags that are called so, or begin so. A job knows its tags; over all jobs any may be meant.
fn tag(value: &str, known: &Known<'_>) -> Result<Vec<String>, String> {
    let (key, wanted) = (folded(value), slug(value));
    let all: Vec<(usize, String)> = known.tags.iter().map(|tag| slug(tag)).enumerate().collect();
    let mut keys: Vec<String> = named(&wanted, &all)
        .into_iter()
        .map(|at| folded(&known.tags[at]))
        .collect();
    if known.tags.iter().any(|tag| folded(tag) == key) && !keys.contains(&key) {
        keys.push(key.clone());
    }
    let lists_all = !known.over_jobs && known.tags.len() < MOST_TAGS;
    if keys.is_empty() && (key.is_empty() || lists_all) {
        return Err(match list(all.into_iter().map(|(_, name)| name)) {
            names if names.is_empty() => "those that the team has given; so far there is none".into(),
            names => names,
        });
    }
    if keys.is_empty() {
        // A tag may be written with spaces or with hyphens.
        keys = vec![key.replace('-', " "), key];
        keys.dedup();
    }
    Ok(keys)
}

const SPANS: &str =
    "more than 7 days “>7d”, less “<7d”, between “3..10d”, before a day “<2026-11-01”, behind it “>2026-11-01”";

fn span(value: &str, now: Timestamp) -> Result<Span, String> {
    read_span(value, now).ok_or_else(|| SPANS.to_owned())
}

fn read_span(value: &str, now: Timestamp) -> Option<Span> {
    if let Some(value) = value.strip_prefix('>') {
        return match days(value) {
            Some(days) => Some(older(days.checked_add(1)?, None, now)),
            None => Some(Span {
                from: Some(day(value)?.plus(DAY)),
                before: None,
            }),
        };
    }
    if let Some(value) = value.strip_prefix('<') {
        return match days(value) {
            Some(days) => Some(Span {
                from: Some(now.minus(DAY * days).plus(Duration::from_micros(1))),
                before: None,
            }),
            None => Some(Span {
                from: None,
                before: Some(day(value)?),
            }),
        };
    }
    let (from, to) = value.split_once("..").unwrap_or((value, value));
    if let (Some(from), Some(to)) = (number(from.trim_end_matches('d')), days(to)) {
        return (from <= to).then(|| older(from, Some(to), now));
    }
    let (from, to) = (day(from)?, day(to)?);
    (from <= to).then(|| Span {
        from: Some(from),
        before: Some(to.plus(DAY)),
    })
}

/// At least so many whole days ago, and at most so many.
fn older(days: u32, most: Option<u32>, now: Timestamp) -> Span {
    let just_behind = |at: Timestamp| at.plus(Duration::from_micros(1));
    Span {
        from: most.map(|most| just_behind(now.minus(DAY * (most + 1)))),
        before: Some(just_behind(now.minus(DAY * days))),
    }
}

fn days(value: &str) -> Option<u32> {
    number(value.strip_suffix('d')?)
}

fn number(value: &str) -> Option<u32> {
    let plain = matches!(value.len(), 1..=4) && value.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| value.parse().ok()).flatten()
}

fn day(value: &str) -> Option<Timestamp> {
    let day = Date::parse(value, &format_description!("[year]-[month]-[day]")).ok()?;
    let seconds = day.midnight().assume_utc().unix_timestamp();
    Some(Timestamp(seconds.checked_mul(1_000_000)?))
}

#[cfg(test)]
mod tests;
