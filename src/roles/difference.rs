//! What is new between two kits, in words.

use std::collections::HashSet;

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use crate::roles::draft::items;
use crate::roles::kit::Kit;
use crate::roles::parts::{ABOUT, Control, FieldKind, PARTS, Part};
use crate::ui::shortened;

/// In bytes.
const LONGEST_COMPARED: usize = 20_000;

/// So many words tell an item from another.
const MOST_WORDS: usize = 300;

/// The parts in which two kits differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    pub title: &'static str,
    /// What one entry is, and what several are.
    pub nouns: (&'static str, String),
    pub entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub kind: Kind,
    /// The item, in short.
    pub title: String,
    pub fields: Vec<Change>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Added,
    Removed,
    Changed,
    Moved,
}

/// What became of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub label: String,
    pub words: Words,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Words {
    /// A text, with the words that came and went.
    Text(Vec<(Tag, String)>),
    /// A list's entries that came and went.
    List {
        added: Vec<String>,
        removed: Vec<String>,
    },
    /// A list with the same entries in another order.
    Order,
    Value {
        before: String,
        after: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    Same,
    Added,
    Removed,
}

impl Kind {
    pub fn label(self) -> &'static str {
        match self {
            Kind::Added => "Added",
            Kind::Removed => "Removed",
            Kind::Changed => "Changed",
            Kind::Moved => "Moved",
        }
    }
}

impl Difference {
    pub fn between(before: &Kit, after: &Kit) -> Difference {
        let about = about(before, after);
        let parts = PARTS.iter().map(|part| Section {
            title: part.plural,
            nouns: (part.singular, plural(part)),
            entries: entries(part, &items(before, part), &items(after, part)),
        });
        let sections = std::iter::once(about).chain(parts);
        Difference {
            sections: sections.filter(|section| !section.entries.is_empty()).collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// "2 competency questions added; 1 knock-out question changed"
    pub fn summary(&self) -> String {
        let count = |section: &Section| {
            let kinds = [Kind::Added, Kind::Removed, Kind::Changed, Kind::Moved];
            let said = kinds.iter().filter_map(|kind| {
                let n = section.entries.iter().filter(|entry| entry.kind == *kind).count();
                let (one, several) = &section.nouns;
                let noun = if n == 1 { *one } else { several };
                (n > 0).then(|| format!("{n} {noun} {}", kind.label().to_lowercase()))
            });
            said.collect::<Vec<_>>().join(", ")
        };
        if self.is_empty() {
            return "Nothing is different".into();
        }
        let said: Vec<String> = self.sections.iter().map(count).collect();
        said.join("; ")
    }
}

/// "video questions"; the framework's entries are disciplines.
fn plural(part: &Part) -> String {
    match part.key {
        "disciplines" => "disciplines".into(),
        _ => part.plural.to_lowercase(),
    }
}

fn about(before: &Kit, after: &Kit) -> Section {
    let (before, after) = (items(before, &ABOUT), items(after, &ABOUT));
    let changes = changes(ABOUT.fields, &before[0], &after[0]);
    let entries = changes.into_iter().map(|change| Entry {
        kind: Kind::Changed,
        title: change.label.clone(),
        fields: vec![change],
    });
    Section {
        title: ABOUT.plural,
        nouns: ("field of the role", "fields of the role".into()),
        entries: entries.collect(),
    }
}

fn entries(part: &Part, before: &[Value], after: &[Value]) -> Vec<Entry> {
    let pairs = pairs(part, before, after);
    let title = |item: &Value| shortened(part.main_text(item), 140);
    let mut entries = Vec::new();
    let in_order = in_order(&pairs);
    for (at, item) in after.iter().enumerate() {
        let from = pairs.iter().find(|(_, to)| *to == at).map(|(from, _)| *from);
        let (kind, fields) = match from {
            None => (Kind::Added, Vec::new()),
            Some(from) if before[from] != *item => (Kind::Changed, changes(part.fields, &before[from], item)),
            Some(from) if !in_order.contains(&from) => (Kind::Moved, Vec::new()),
            Some(_) => continue,
        };
        entries.push(Entry {
            kind,
            title: title(item),
            fields,
        });
    }
    let gone = (0..before.len()).filter(|from| !pairs.iter().any(|(paired, _)| paired == from));
    entries.extend(gone.map(|from| Entry {
        kind: Kind::Removed,
        title: title(&before[from]),
        fields: Vec::new(),
    }));
    entries
}

/// Which item became which: the same ones first, then those that have the most words in common.
fn pairs(part: &Part, before: &[Value], after: &[Value]) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut pair_up = |same: &dyn Fn(&Value, &Value) -> bool| {
        for (from, old) in before.iter().enumerate() {
            let free = |to: &usize| !pairs.iter().any(|(f, t)| *f == from || t == to);
            if let Some(to) = (0..after.len()).filter(free).find(|to| same(old, &after[*to])) {
                pairs.push((from, to));
            }
        }
    };
    pair_up(&|old, new| old == new);
    pair_up(&|old, new| part.main_text(old) == part.main_text(new));
    // Only what is left over is compared word by word: kits may be long.
    let alone = |items: &[Value], paired: &dyn Fn(usize) -> bool| -> Vec<(usize, HashSet<String>)> {
        let alone = items.iter().enumerate().filter(|(at, _)| !paired(*at));
        alone.map(|(at, item)| (at, words(item))).collect()
    };
    let old = alone(before, &|at| pairs.iter().any(|(from, _)| *from == at));
    let new = alone(after, &|at| pairs.iter().any(|(_, to)| *to == at));
    let mut likely: Vec<(usize, usize, usize)> = Vec::new();
    for (from, old) in &old {
        for (to, new) in &new {
            let (common, most) = (old.intersection(new).count(), old.len().max(new.len()));
            // Half of the words at least: below that it is another question.
            if common > 0 && 2 * common >= most {
                likely.push((common * 1_000 / most, *from, *to));
            }
        }
    }
    likely.sort_by(|one, other| other.cmp(one));
    for (_, from, to) in likely {
        if !pairs.iter().any(|(f, t)| *f == from || *t == to) {
            pairs.push((from, to));
        }
    }
    pairs
}

/// The words of an item, without the names of its fields.
fn words(item: &Value) -> HashSet<String> {
    let mut texts = Vec::new();
    gather(item, &mut texts);
    let words = texts
        .into_iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let words = words.filter(|word| !word.is_empty()).map(str::to_lowercase);
    words.take(MOST_WORDS).collect()
}

fn gather<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| gather(item, texts)),
        Value::Object(members) => members.values().for_each(|member| gather(member, texts)),
        _ => {}
    }
}

/// The longest run of pairs that kept their order: what is not in it was moved.
fn in_order(pairs: &[(usize, usize)]) -> Vec<usize> {
    let mut by_place = pairs.to_vec();
    by_place.sort_by_key(|(_, to)| *to);
    let mut best: Vec<Vec<usize>> = Vec::new();
    for (from, _) in by_place {
        let longest = best
            .iter()
            .filter(|run| run.last().is_none_or(|last| *last < from))
            .max_by_key(|run| run.len());
        let mut run = longest.cloned().unwrap_or_default();
        run.push(from);
        best.push(run);
    }
    best.into_iter().max_by_key(Vec::len).unwrap_or_default()
}

fn changes(fields: &[FieldKind], before: &Value, after: &Value) -> Vec<Change> {
    let pairs = fields
        .iter()
        .map(|field| (field, field.value(before), field.value(after)));
    let differing = pairs.filter(|(_, old, new)| old != new);
    differing
        .flat_map(|(field, old, new)| field_changes(field, old, new))
        .collect()
}

fn field_changes(field: &FieldKind, old: &Value, new: &Value) -> Vec<Change> {
    let one = |words| {
        vec![Change {
            label: field.label.to_owned(),
            words,
        }]
    };
    match field.control {
        Control::Group(group) => rows(field, group.fields, old, new),
        Control::Expected => {
            let mut levels: Vec<&String> = Vec::new();
            for level in [old, new]
                .into_iter()
                .filter_map(Value::as_object)
                .flat_map(|texts| texts.keys())
            {
                if !levels.contains(&level) {
                    levels.push(level);
                }
            }
            let changed = levels
                .into_iter()
                .filter(|level| old[level.as_str()] != new[level.as_str()]);
            let change = |level: &String| Change {
                label: format!("Expected at {level}"),
                words: text_words(plain(&old[level.as_str()]), plain(&new[level.as_str()])),
            };
            changed.map(change).collect()
        }
        Control::List | Control::Competencies => one(list_words(&texts(old), &texts(new))),
        Control::Text => one(text_words(plain(old), plain(new))),
        _ => one(Words::Value {
            before: plain(old).to_owned(),
            after: plain(new).to_owned(),
        }),
    }
}

/// Rows are known by their first field.
fn rows(field: &FieldKind, fields: &[FieldKind], old: &Value, new: &Value) -> Vec<Change> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (old, new) = (list(old), list(new));
    let name = |row: &Value| plain(&row[fields[0].key]).to_owned();
    let mut all = Vec::new();
    let names = |rows: &[Value]| rows.iter().map(name).collect::<Vec<_>>();
    let (before, after) = (names(&old), names(&new));
    if before != after {
        all.push(Change {
            label: field.label.to_owned(),
            words: list_words(&before, &after),
        });
    }
    for row in &new {
        if let Some(was) = old.iter().find(|was| name(was) == name(row)) {
            let within = changes(&fields[1..], was, row);
            all.extend(within.into_iter().map(|change| Change {
                label: format!("{}: {}", name(row), change.label.to_lowercase()),
                words: change.words,
            }));
        }
    }
    all
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn texts(value: &Value) -> Vec<String> {
    let entries = value.as_array().into_iter().flatten();
    entries.map(plain).collect()
}

fn list_words(old: &[String], new: &[String]) -> Words {
    let without = |these: &[String], those: &[String]| {
        let these = these.iter().filter(|entry| !those.contains(entry));
        these.cloned().collect::<Vec<_>>()
    };
    let (added, removed) = (without(new, old), without(old, new));
    if added.is_empty() && removed.is_empty() {
        return Words::Order;
    }
    Words::List { added, removed }
}

/// Two texts as one, word by word.
fn text_words(old: String, new: String) -> Words {
    // Comparing takes time in proportion to the words of both: longer texts are marked as a whole.
    if old.len().max(new.len()) > LONGEST_COMPARED {
        return Words::Text(vec![(Tag::Removed, old), (Tag::Added, new)]);
    }
    let diff = TextDiff::from_words(&old, &new);
    let mut words: Vec<(Tag, String)> = Vec::new();
    for change in diff.iter_all_changes() {
        let tag = match change.tag() {
            ChangeTag::Equal => Tag::Same,
            ChangeTag::Insert => Tag::Added,
            ChangeTag::Delete => Tag::Removed,
        };
        match words.last_mut() {
            Some((last, text)) if *last == tag => text.push_str(change.value()),
            _ => words.push((tag, change.value().to_owned())),
        }
    }
    Words::Text(words)
}
