//! The form of a part of a kit: from an item to fields, from what was typed to an item.
//!
//! A form that comes back is only words with names, such as `answers.0.answer`. [`Typed`] holds them, wherever they come
//! from, so that an item, a refused form and a form with one more row are shown by the same code.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::roles::format;
use crate::roles::kit::Kit;
use crate::roles::parts::{ABOUT, Control, FieldKind, Group, Part};
use crate::ui::clean_line;

/// What stands in the controls of a form, by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed(IndexMap<String, Vec<String>>);

/// What is wrong, by the name of the control.
pub type Errors = BTreeMap<String, String>;

/// A field of the form as the page shows it.
#[derive(Clone, Debug)]
pub struct EditField {
    pub name: String,
    pub label: &'static str,
    pub hint: &'static str,
    pub error: Option<String>,
    pub shown: Shown,
}

#[derive(Clone, Debug)]
pub enum Shown {
    Line(String),
    Number(String),
    Text(String),
    Choice {
        value: String,
        choices: Vec<(String, String)>,
    },
    Checks(Vec<(String, bool)>),
    /// A text for each level: its name, its control's name, what is there.
    Levels(Vec<(String, String, String)>),
    Rows {
        singular: &'static str,
        rows: Vec<Row>,
    },
}

#[derive(Clone, Debug)]
pub struct Row {
    pub at: usize,
    /// The name that the row had when the page was made, for what refers to it.
    pub was: Option<(String, String)>,
    pub fields: Vec<EditField>,
}

/// What a button of a form asks for, beside saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowChange {
    Add,
    Up,
    Down,
    Remove,
}

/// Most rows that a form may have; more would be a mistake or an attack.
const MOST_ROWS: usize = 60;

impl Typed {
    pub fn posted(pairs: Vec<(String, String)>) -> Typed {
        let mut typed = Typed::default();
        for (name, value) in pairs {
            typed.0.entry(name).or_default().push(value.replace("\r\n", "\n"));
        }
        typed
    }

    pub fn of(part: &Part, item: &Value) -> Typed {
        let mut typed = Typed::default();
        typed.take_fields("", part.fields, item);
        typed
    }

    fn take_fields(&mut self, prefix: &str, fields: &[FieldKind], item: &Value) {
        for field in fields {
            let value = field.value(item);
            let name = control_name(prefix, field.key);
            match field.control {
                Control::Group(group) => {
                    for (at, row) in value.as_array().into_iter().flatten().enumerate() {
                        let prefix = format!("{name}.{at}.");
                        self.take_fields(&prefix, group.fields, row);
                        if let Some(was) = row.get("name").and_then(Value::as_str) {
                            self.set(format!("{prefix}was"), was.to_owned());
                        }
                    }
                }
                Control::Expected => {
                    for (level, text) in value.as_object().into_iter().flatten() {
                        self.set(format!("{name}.{level}"), text.as_str().unwrap_or_default().to_owned());
                    }
                }
                Control::Competencies => {
                    self.0.insert(name, strings(value));
                }
                Control::List => self.set(name, strings(value).join("\n")),
                Control::Number => self.set(name, value.as_u64().map(|n| n.to_string()).unwrap_or_default()),
                _ => self.set(name, value.as_str().unwrap_or_default().to_owned()),
            }
        }
    }

    fn set(&mut self, name: String, value: String) {
        self.0.insert(name, vec![value]);
    }

    pub fn get(&self, name: &str) -> &str {
        self.0
            .get(name)
            .and_then(|values| values.first())
            .map_or("", String::as_str)
    }

    fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// How many rows a group has here.
    fn rows(&self, group: &str) -> usize {
        let prefix = format!("{group}.");
        let numbers = self.0.keys().filter_map(|name| {
            let (at, _) = name.strip_prefix(&prefix)?.split_once('.')?;
            at.parse::<usize>().ok()
        });
        numbers.filter(|at| *at < MOST_ROWS).max().map_or(0, |last| last + 1)
    }

    /// Adds, moves or removes a row of a group.
    pub fn change_row(&mut self, group: &str, at: usize, change: RowChange) {
        let count = self.rows(group);
        let mut order: Vec<Option<usize>> = (0..count).map(Some).collect();
        match change {
            RowChange::Add if count < MOST_ROWS => order.push(None),
            RowChange::Up if at > 0 && at < count => order.swap(at, at - 1),
            RowChange::Down if at + 1 < count => order.swap(at, at + 1),
            RowChange::Remove if at < count => {
                order.remove(at);
            }
            _ => {}
        }
        let prefix = format!("{group}.");
        let all = std::mem::take(&mut self.0);
        let mut rows: Vec<Vec<(String, Vec<String>)>> = vec![Vec::new(); count];
        for (name, values) in all {
            let row = name.strip_prefix(&prefix).and_then(|rest| rest.split_once('.'));
            let row = row.and_then(|(at, key)| Some((at.parse::<usize>().ok()?, key.to_owned())));
            match row {
                Some((at, key)) if at < count => rows[at].push((key, values)),
                _ => {
                    self.0.insert(name, values);
                }
            }
        }
        for (at, from) in order.into_iter().enumerate() {
            let fields = from.map(|from| rows[from].clone());
            // A new row has one empty control at least, or it would not be there.
            for (key, values) in fields.unwrap_or_else(|| vec![("was".into(), vec![String::new()])]) {
                self.0.insert(format!("{prefix}{at}.{key}"), values);
            }
        }
    }

    /// The item that was typed. Rows and entries without a word are left out.
    pub fn item(&self, part: &Part, old: &Value, errors: &mut Errors) -> Value {
        let mut item = self.members("", part.fields, errors);
        // What the form does not show stays.
        if let (Value::Object(old), Value::Object(new)) = (old, &mut item) {
            let shown = |key: &str| part.fields.iter().any(|field| field.key.split('.').next() == Some(key));
            for (key, value) in old.iter().filter(|(key, _)| !shown(key)) {
                new.insert(key.clone(), value.clone());
            }
        }
        item
    }

    fn members(&self, prefix: &str, fields: &[FieldKind], errors: &mut Errors) -> Value {
        let mut item = Value::Object(Map::new());
        for field in fields {
            let name = control_name(prefix, field.key);
            let value = match field.control {
                Control::Group(group) => self.group(&name, group, errors),
                Control::Expected => self.levels(&name),
                Control::Competencies => self.all(&name).iter().map(|name| Value::from(name.as_str())).collect(),
                Control::List => entries(self.get(&name)).map(Value::from).collect(),
                Control::Number => self.number(&name, errors),
                Control::Text => Value::from(tidy(self.get(&name))),
                _ => Value::from(clean_line(self.get(&name))),
            };
            if field.key.is_empty() {
                return value;
            }
            if !is_empty(&value) {
                insert(&mut item, field.key, value);
            }
        }
        item
    }

    fn group(&self, name: &str, group: &Group, errors: &mut Errors) -> Value {
        let rows = (0..self.rows(name)).map(|at| {
            let row = self.members(&format!("{name}.{at}."), group.fields, errors);
            // A choice always has a value: alone it says nothing.
            let words = row
                .as_object()
                .is_some_and(|members| members.keys().any(|key| key != "decision"));
            (row, words)
        });
        rows.filter(|(_, words)| *words).map(|(row, _)| row).collect()
    }

    fn levels(&self, name: &str) -> Value {
        let prefix = format!("{name}.");
        let levels = self.0.iter().filter_map(|(name, values)| {
            let text = tidy(values.first()?);
            let level = name.strip_prefix(&prefix)?;
            (!text.is_empty()).then(|| (level.to_owned(), Value::from(text)))
        });
        Value::Object(levels.collect())
    }

    fn number(&self, name: &str, errors: &mut Errors) -> Value {
        let typed = self.get(name).trim();
        if typed.is_empty() {
            return Value::Null;
        }
        match typed.parse::<u32>() {
            Ok(number) => Value::from(number),
            Err(_) => {
                errors.insert(name.to_owned(), "A whole number, such as 20.".into());
                Value::Null
            }
        }
    }

    /// The form's fields, with the choices that the kit offers.
    pub fn fields(&self, part: &Part, kit: &Kit, errors: &Errors) -> Vec<EditField> {
        let mut names = Vec::new();
        gather_names(&self.shown("", part.fields, kit, &Errors::new()), &mut names);
        // What is wrong with a part of a field is shown at the field: nothing is refused without a word.
        let mut placed = Errors::new();
        for (name, error) in errors {
            let steps = name.match_indices('.').map(|(at, _)| &name[..at]);
            let nearest = steps
                .chain([name.as_str()])
                .rfind(|name| names.iter().any(|known| known == name));
            let at = nearest.map(str::to_owned).or_else(|| names.first().cloned());
            placed.entry(at.unwrap_or_default()).or_insert_with(|| error.clone());
        }
        self.shown("", part.fields, kit, &placed)
    }

    fn shown(&self, prefix: &str, fields: &[FieldKind], kit: &Kit, errors: &Errors) -> Vec<EditField> {
        let field = |kind: &FieldKind| {
            let name = control_name(prefix, kind.key);
            EditField {
                label: kind.label,
                hint: kind.hint,
                error: errors.get(&name).cloned(),
                shown: self.control(&name, kind.control, kit, errors),
                name,
            }
        };
        fields.iter().map(field).collect()
    }

    fn control(&self, name: &str, control: Control, kit: &Kit, errors: &Errors) -> Shown {
        let value = || self.get(name).to_owned();
        match control {
            Control::Line => Shown::Line(value()),
            Control::Number => Shown::Number(value()),
            Control::Text | Control::List => Shown::Text(value()),
            Control::Round => self.choice(name, "No round yet", kit.rounds.iter().map(|round| round.name.clone())),
            Control::Level => self.choice(name, "No level", kit.levels.iter().cloned()),
            Control::Competency => {
                let names = kit.competencies().map(|competency| competency.name.clone());
                self.choice(name, "No competency yet", names)
            }
            Control::Decision => {
                let decisions = [
                    ("qualifies", "Qualifies"),
                    ("declines", "Declines"),
                    ("review", "A person reviews it"),
                ];
                Shown::Choice {
                    value: value(),
                    choices: decisions.map(|(id, label)| (id.into(), label.into())).to_vec(),
                }
            }
            Control::Competencies => {
                let chosen = self.all(name);
                let known = kit.competencies().map(|competency| &competency.name);
                let mut names: Vec<&String> = known.collect();
                names.extend(
                    chosen
                        .iter()
                        .filter(|name| !kit.competencies().any(|known| known.name == **name)),
                );
                Shown::Checks(
                    names
                        .into_iter()
                        .map(|name| (name.clone(), chosen.contains(name)))
                        .collect(),
                )
            }
            Control::Expected => self.expected(name, kit),
            Control::Group(group) => Shown::Rows {
                singular: group.singular,
                rows: (0..self.rows(name))
                    .map(|at| self.row(name, at, group, kit, errors))
                    .collect(),
            },
        }
    }

    /// What is there stays to be chosen, although the kit does not know it.
    fn choice(&self, name: &str, none: &str, names: impl Iterator<Item = String>) -> Shown {
        let value = self.get(name).to_owned();
        let mut choices = vec![(String::new(), none.to_owned())];
        choices.extend(names.map(|name| (name.clone(), name)));
        if !choices.iter().any(|(id, _)| *id == value) {
            choices.push((value.clone(), format!("{value} (not in this kit)")));
        }
        Shown::Choice { value, choices }
    }

    fn expected(&self, name: &str, kit: &Kit) -> Shown {
        let prefix = format!("{name}.");
        let there = self.0.keys().filter_map(|name| name.strip_prefix(&prefix));
        let mut levels: Vec<&str> = kit.levels.iter().map(String::as_str).collect();
        levels.extend(there.filter(|level| !kit.levels.iter().any(|known| known == level)));
        let control = |level: &str| {
            let name = format!("{prefix}{level}");
            let text = self.get(&name).to_owned();
            (level.to_owned(), name, text)
        };
        Shown::Levels(levels.into_iter().map(control).collect())
    }

    fn row(&self, group: &str, at: usize, kind: &Group, kit: &Kit, errors: &Errors) -> Row {
        let prefix = format!("{group}.{at}.");
        let was = format!("{prefix}was");
        Row {
            at,
            was: self
                .0
                .contains_key(&was)
                .then(|| (was.clone(), self.get(&was).to_owned())),
            fields: self.shown(&prefix, kind.fields, kit, errors),
        }
    }

    /// What rows were called when the page was made, and what they are called now.
    pub fn renamed(&self, group: &str) -> Vec<(String, String)> {
        let names = (0..self.rows(group)).map(|at| {
            let now = clean_line(self.get(&format!("{group}.{at}.name")));
            (self.get(&format!("{group}.{at}.was")).to_owned(), now)
        });
        names
            .filter(|(was, now)| !was.is_empty() && !now.is_empty() && was != now)
            .collect()
    }
}

impl RowChange {
    pub fn from_id(id: &str) -> Option<RowChange> {
        Some(match id {
            "add" => RowChange::Add,
            "up" => RowChange::Up,
            "down" => RowChange::Down,
            "remove" => RowChange::Remove,
            _ => return None,
        })
    }
}

impl EditField {
    /// For ids in the page.
    pub fn id(&self) -> String {
        self.name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
    }

    pub fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.id()));
        let error = self.error.is_some().then(|| format!("{}-error", self.id()));
        [error, hint].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// This field and those in its rows that need another look.
    pub fn wrong(&self) -> Vec<&EditField> {
        let mut wrong: Vec<&EditField> = Vec::new();
        if self.error.is_some() {
            wrong.push(self);
        }
        if let Shown::Rows { rows, .. } = &self.shown {
            wrong.extend(rows.iter().flat_map(|row| &row.fields).flat_map(EditField::wrong));
        }
        wrong
    }
}

fn gather_names(fields: &[EditField], names: &mut Vec<String>) {
    for field in fields {
        names.push(field.name.clone());
        if let Shown::Rows { rows, .. } = &field.shown {
            rows.iter().for_each(|row| gather_names(&row.fields, names));
        }
    }
}

/// What the rules of the format say about one item, by the names of its controls.
pub fn faults(kit: &Kit, part: &Part, at: usize) -> Errors {
    let prefix = if part.key == ABOUT.key {
        String::new()
    } else {
        format!("{}[{at}]", part.key)
    };
    let faults = format::check_kit(kit).into_iter().filter_map(|fault| {
        let rest = fault.field.strip_prefix(&prefix)?;
        let name = rest.trim_start_matches('.').replace('[', ".").replace(']', "");
        let own = part.fields.iter().any(|field| {
            let key = field.key.split('.').next().unwrap_or_default();
            key.is_empty() || name.split('.').next() == Some(key)
        });
        own.then(|| (control_of(part, &name), fault.message))
    });
    faults.collect()
}

/// The control that shows a field of the document: a list's entries share one.
fn control_of(part: &Part, name: &str) -> String {
    let list = part
        .fields
        .iter()
        .find(|field| field.control == Control::List && name.split('.').next() == Some(field.key));
    match list {
        Some(list) => list.key.to_owned(),
        None if name.is_empty() => control_name("", ""),
        None => name.to_owned(),
    }
}

fn control_name(prefix: &str, key: &str) -> String {
    let key = if key.is_empty() { "text" } else { key };
    format!("{prefix}{key}")
}

fn insert(item: &mut Value, key: &str, value: Value) {
    let place = key.split('.').fold(item, |place, key| {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        &mut place[key]
    });
    *place = value;
}

fn strings(value: &Value) -> Vec<String> {
    let texts = value.as_array().into_iter().flatten();
    texts.filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// The entries of a list, one a line, without the bullets that come along with a paste.
fn entries(text: &str) -> impl Iterator<Item = String> {
    let lines = text
        .lines()
        .map(|line| clean_line(line.trim().trim_start_matches(['•', '·', '‣', '◦'])));
    lines.filter(|line| !line.is_empty())
}

/// A text without space at its ends and its lines' ends, and with at most one empty line in a row.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let text = lines.join("\n");
    let paragraphs = text.split("\n\n").map(|paragraph| paragraph.trim_matches('\n'));
    let paragraphs: Vec<&str> = paragraphs.filter(|paragraph| !paragraph.is_empty()).collect();
    paragraphs.join("\n\n").trim().to_owned()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
