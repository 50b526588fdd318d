//! A draft of a kit, and what can be done to it. Pure: the store keeps the draft, and how it was before each change.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::roles::import::{Fate, Import, Line};
use crate::roles::kit::Kit;
use crate::roles::lint::{self, Finding};
use crate::roles::parts::{ABOUT, Control, FieldKind, PARTS, Part};
use crate::ui::{capitalised, shortened};

/// What comes next of a kit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub kit: Kit,
    /// The lines of an imported file that were not understood: a person assigns or drops each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leftovers: Vec<Leftover>,
    /// What only the file could tell, such as announced counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub announced: Vec<Finding>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leftover {
    /// Its number in the file.
    pub line: usize,
    pub text: String,
    /// The understood lines right before and after it, to see where it stood.
    pub before: String,
    pub after: String,
}

/// What happens to one item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Up,
    Down,
    Duplicate,
    Remove,
}

/// Somebody else has changed or removed the item meanwhile.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("this has been changed meanwhile")]
pub struct Gone;

/// The place where a leftover line goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Such as `competency_questions.3.positive`; `new` in place of the number makes a new item.
    pub address: String,
    pub label: String,
}

impl Move {
    pub const ALL: [Move; 4] = [Move::Up, Move::Down, Move::Duplicate, Move::Remove];

    pub fn id(self) -> &'static str {
        match self {
            Move::Up => "up",
            Move::Down => "down",
            Move::Duplicate => "duplicate",
            Move::Remove => "remove",
        }
    }

    pub fn from_id(id: &str) -> Option<Move> {
        Move::ALL.into_iter().find(|what| what.id() == id)
    }

    /// "Moved up", for the note of the change.
    pub fn done(self) -> &'static str {
        match self {
            Move::Up => "Moved up",
            Move::Down => "Moved down",
            Move::Duplicate => "Duplicated",
            Move::Remove => "Removed",
        }
    }
}

impl Draft {
    pub fn of(kit: Kit) -> Draft {
        Draft {
            kit,
            ..Draft::default()
        }
    }

    pub fn imported(kit: Kit, import: &Import) -> Draft {
        // What the kit alone tells is found anew whenever it is shown.
        let lasting = lint::lint_kit(&kit);
        let announced = import.lint.iter().filter(|finding| {
            !lasting
                .iter()
                .any(|other| other.rule == finding.rule && other.place == finding.place)
        });
        Draft {
            leftovers: leftovers(import),
            announced: announced.cloned().collect(),
            kit,
        }
    }

    /// Puts a leftover line where a person says, and takes it off the list.
    pub fn assign(&mut self, line: usize, address: &str) -> Result<(), Gone> {
        let at = self.leftovers.iter().position(|left| left.line == line).ok_or(Gone)?;
        let kit = put_text(&self.kit, address, &self.leftovers[at].text).ok_or(Gone)?;
        self.kit = kit;
        self.leftovers.remove(at);
        Ok(())
    }

    /// Everywhere that a leftover line may go, by part.
    pub fn targets(&self) -> Vec<(&'static str, Vec<Target>)> {
        let mut groups = vec![("The role", vec![Target::new("why_hard", ABOUT.fields[2].label)])];
        for part in PARTS {
            let mut targets = vec![Target::new(&first_address(part), &format!("A new {}", part.singular))];
            for (at, item) in items(&self.kit, part).iter().enumerate() {
                let place = format!("{}.{at}", part.key);
                let name = format!("{} {}: ", capitalised(part.singular), at + 1);
                targets.extend(places(part.fields, item, &place, &name, &self.kit));
            }
            groups.push((part.plural, targets));
        }
        groups
    }

    pub fn drop_lines(&mut self, lines: &[usize]) {
        self.leftovers.retain(|left| !lines.contains(&left.line));
    }
}

/// The lines of a file that wait for a person, each with where it stood.
pub fn leftovers(import: &Import) -> Vec<Leftover> {
    let lines = &import.lines;
    let understood = |line: &&Line| line.fate != Fate::Left;
    let short = |line: Option<&Line>| line.map(|line| shortened(&line.text, 120)).unwrap_or_default();
    let left = lines.iter().enumerate().filter(|(_, line)| line.fate == Fate::Left);
    let leftovers = left.map(|(at, line)| Leftover {
        line: line.number,
        text: line.text.clone(),
        before: short(lines[..at].iter().rev().find(understood)),
        after: short(lines[at + 1..].iter().find(understood)),
    });
    leftovers.collect()
}

impl Target {
    fn new(address: &str, label: &str) -> Target {
        Target {
            address: address.to_owned(),
            label: label.to_owned(),
        }
    }
}

/// Where the main text of a new item goes.
fn first_address(part: &Part) -> String {
    match (part.key, part.main_field().key) {
        (key, "") => format!("{key}.entry"),
        (key, "variants") => format!("{key}.new.variants.new.task"),
        (key, field) => format!("{key}.new.{field}"),
    }
}

/// The texts and lists of an item.
fn places(fields: &[FieldKind], item: &Value, place: &str, name: &str, kit: &Kit) -> Vec<Target> {
    let mut targets = Vec::new();
    for field in fields.iter().filter(|field| !field.key.is_empty()) {
        let address = format!("{place}.{}", field.key);
        let label = format!("{name}{}", field.label.to_lowercase());
        match field.control {
            Control::Line | Control::Text => targets.push(Target { address, label }),
            Control::List => targets.push(Target {
                address: format!("{address}.entry"),
                label,
            }),
            // A level with a dot in its name would be taken for two steps.
            Control::Expected => {
                targets.extend(
                    kit.levels
                        .iter()
                        .filter(|level| !level.contains('.'))
                        .map(|level| Target {
                            address: format!("{address}.{level}"),
                            label: format!("{label} at {level}"),
                        }),
                )
            }
            Control::Group(group) => {
                let rows = item[field.key].as_array().cloned().unwrap_or_default();
                for (at, row) in rows.iter().enumerate() {
                    let known = row[group.fields[0].key].as_str().unwrap_or(group.singular);
                    let name = format!("{name}{known}: ");
                    targets.extend(places(group.fields, row, &format!("{address}.{at}"), &name, kit));
                }
            }
            _ => {}
        }
    }
    targets
}

/// Gives rounds, levels, disciplines and competencies new names, wherever the kit speaks of them.
pub fn rename(kit: &mut Kit, what: Named, names: &[(String, String)]) {
    let renamed = |name: &mut String| {
        if let Some((_, now)) = names.iter().find(|(was, _)| was == name) {
            name.clone_from(now);
        }
    };
    match what {
        Named::Round => {
            kit.competency_questions
                .iter_mut()
                .for_each(|question| renamed(&mut question.round));
            kit.attitude_questions
                .iter_mut()
                .for_each(|question| renamed(&mut question.round));
        }
        Named::Level => {
            kit.competency_questions
                .iter_mut()
                .for_each(|question| renamed(&mut question.level));
            let competencies = kit
                .disciplines
                .iter_mut()
                .flat_map(|discipline| &mut discipline.competencies);
            for competency in competencies {
                let expected = std::mem::take(&mut competency.expected);
                let expected = expected.into_iter().map(|(mut level, text)| {
                    renamed(&mut level);
                    (level, text)
                });
                competency.expected = expected.collect();
            }
        }
        Named::Discipline => {
            kit.competency_questions
                .iter_mut()
                .for_each(|question| renamed(&mut question.discipline));
        }
        Named::Competency => {
            kit.competency_questions
                .iter_mut()
                .for_each(|question| renamed(&mut question.competency));
            let coding = kit.coding_tests.iter_mut().flat_map(|test| &mut test.shows);
            let talks = kit.presentations.iter_mut().flat_map(|talk| &mut talk.shows);
            let simulations = kit.simulations.iter_mut().flat_map(|simulation| &mut simulation.shows);
            coding.chain(talks).chain(simulations).for_each(renamed);
        }
    }
}

/// What other parts of a kit name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    Round,
    Level,
    Discipline,
    Competency,
}

/// Which names of a list changed in place; what came, went or moved is no new name.
pub fn renamed_in_place(before: &[String], after: &[String]) -> Vec<(String, String)> {
    if before.len() != after.len() {
        return Vec::new();
    }
    let pairs = before.iter().zip(after);
    let pairs = pairs.filter(|(was, now)| was != now && !after.contains(was) && !before.contains(now));
    pairs.map(|(was, now)| (was.clone(), now.clone())).collect()
}

/// The items of a list, as documents. What is edited as one page is a list of one.
pub fn items(kit: &Kit, part: &Part) -> Vec<Value> {
    let mut document = to_value(kit);
    if part.key == ABOUT.key {
        return vec![document];
    }
    match document.get_mut(part.key).map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

pub fn with_items(kit: &Kit, part: &Part, items: Vec<Value>) -> serde_json::Result<Kit> {
    let mut document = to_value(kit);
    document[part.key] = Value::Array(items);
    serde_json::from_value(document)
}

pub fn with_about(kit: &Kit, about: Value) -> serde_json::Result<Kit> {
    let mut document = to_value(kit);
    for field in ABOUT.fields {
        match about.get(field.key) {
            Some(value) => document[field.key] = value.clone(),
            None => {
                document.as_object_mut().map(|members| members.remove(field.key));
            }
        }
    }
    serde_json::from_value(document)
}

fn to_value(kit: &Kit) -> Value {
    serde_json::to_value(kit).unwrap_or_default()
}

/// Tells an item from every other, and from itself after a change.
pub fn fingerprint(item: &Value) -> String {
    let digest = Sha256::digest(item.to_string());
    digest[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the item is now that was at `at` when its page was made.
pub fn locate(items: &[Value], at: usize, was: &str) -> Result<usize, Gone> {
    let is = |item: &Value| fingerprint(item) == was;
    if items.get(at).is_some_and(is) {
        return Ok(at);
    }
    items.iter().position(is).ok_or(Gone)
}

/// The list after the move. At its end, nothing moves further.
pub fn moved(part: &Part, mut items: Vec<Value>, at: usize, what: Move) -> Vec<Value> {
    match what {
        Move::Up if at > 0 => items.swap(at, at - 1),
        Move::Down if at + 1 < items.len() => items.swap(at, at + 1),
        Move::Up | Move::Down => {}
        Move::Duplicate => items.insert(at + 1, copy_of(part, &items[at])),
        Move::Remove => {
            items.remove(at);
        }
    }
    items
}

/// A discipline and its competencies are known by their names, so that a copy of them has names of its own.
fn copy_of(part: &Part, item: &Value) -> Value {
    let mut copy = item.clone();
    if part.key == "disciplines" {
        rename_copy(&mut copy);
        let competencies = copy.get_mut("competencies").and_then(Value::as_array_mut);
        competencies.into_iter().flatten().for_each(rename_copy);
    }
    copy
}

fn rename_copy(item: &mut Value) {
    item["name"] = format!("{} (copy)", item["name"].as_str().unwrap_or_default()).into();
}

/// Adds a text at an address: to a list as an entry, to a text as a paragraph.
fn put_text(kit: &Kit, address: &str, text: &str) -> Option<Kit> {
    let mut document = to_value(kit);
    let mut place = &mut document;
    for key in address.split('.') {
        place = step(place, key)?;
    }
    match place {
        Value::Null => *place = text.into(),
        Value::String(there) if there.is_empty() => text.clone_into(there),
        Value::String(there) => *there = format!("{there}\n\n{text}"),
        _ => return None,
    }
    serde_json::from_value(document).ok()
}

/// One key further. What is empty is not in the document yet; `new` and `entry` make the next one of a list.
fn step<'a>(place: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    let next = matches!(key, "new" | "entry");
    if place.is_null() {
        *place = if next {
            Value::Array(Vec::new())
        } else {
            Value::Object(Map::new())
        };
    }
    match place {
        Value::Array(items) => {
            if next {
                items.push(Value::Null);
            }
            let at = if next { items.len() - 1 } else { key.parse().ok()? };
            items.get_mut(at)
        }
        Value::Object(members) => Some(members.entry(key).or_insert(Value::Null)),
        _ => None,
    }
}
