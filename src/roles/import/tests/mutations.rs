//! Whatever happens to a document, no line of it is lost, and what is placed is where it is said to be.
use super::*;
use crate::roles::import::words::fold;
use proptest::prelude::*;
use serde_json::Value;

/// What must hold of every import.
pub fn check(import: &Import) {
    let document = match &import.document {
        Document::Kit(kit) => {
            assert_eq!(check_kit(kit), []);
            assert_eq!(read_kit(&write_kit(kit)).as_ref(), Ok(&**kit));
            serde_json::to_value(kit).unwrap()
        }
        Document::Bank(bank) => {
            assert_eq!(check_bank(bank), []);
            assert_eq!(read_bank(&write_bank(bank)).as_ref(), Ok(bank));
            serde_json::to_value(bank).unwrap()
        }
    };
    for line in &import.lines {
        if let Fate::Placed(path) = &line.fate {
            let value = at(&document, path).unwrap_or_else(|| panic!("{path} is not there, for {line:?}"));
            let markdown = super::super::markdown::inline(&line.text);
            let found = holds(value, path, &line.text) || holds(value, path, &markdown);
            assert!(found, "{path} is {value}, for {line:?}");
        }
    }
}

/// The value of a field.
fn at<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    if let Some((competency, level)) = path.split_once(".expected.") {
        return at(document, competency)?.get("expected")?.get(level);
    }
    path.split(['.', '['])
        .try_fold(document, |value, step| match step.strip_suffix(']') {
            Some(n) => value.get(n.parse::<usize>().ok()?),
            None => value.get(step),
        })
}

fn plain(text: &str) -> String {
    fold(&text.replace(['_', '*', '|', '\\'], " "))
}

/// Whether a field holds what a line says, or a line says what a field holds.
fn holds(value: &Value, path: &str, line: &str) -> bool {
    let (_, bare) = super::super::source::bullet(line);
    match value {
        Value::String(text) if path.ends_with(".decision") => !text.is_empty(),
        Value::String(text) => {
            let inside = text
                .split('\n')
                .any(|part| !part.trim().is_empty() && plain(line).contains(&plain(part)));
            inside || plain(text).contains(&plain(bare))
        }
        Value::Number(_) => line.chars().any(|c| c.is_ascii_digit()),
        Value::Array(values) => values.iter().any(|value| holds(value, path, line)),
        Value::Object(fields) => {
            let said = ["name", "answer"]
                .iter()
                .filter_map(|name| fields.get(*name))
                .all(|v| holds(v, path, line));
            let expected = fields.get("expected").and_then(Value::as_object);
            said && expected.is_none_or(|cells| cells.values().all(|cell| holds(cell, path, line)))
        }
        _ => false,
    }
}

#[derive(Clone, Debug)]
enum Mutation {
    Insert(usize, String),
    Delete(usize),
    Repeat(usize),
    Swap(usize, usize),
    /// A line of the document appears elsewhere.
    Copy(usize, usize),
    Append(usize, String),
    Truncate(usize, usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let i = 0..1000_usize;
    let line = prop_oneof![
        Just(String::new()),
        Just("  \u{a0}\u{200b}".to_string()),
        "xyzzy( [a-z]{1,9}){0,14}[.?!]?",
        "[•\\-*] xyzzy [a-z ]{0,30}",
        "xyzzy \\PC{0,20}",
        "\\PC{0,40}",
        "[0-9]{1,3} (of [0-9]{1,3}|questions|criteria|competencies)",
        "(Competency)?(Junior|Mid|Senior|Lead|Foo){1,4}",
        "(Yes|No|Maybe): (Qualifies|Declines|Perhaps)",
        "[0-9]:[0-9]{2} / [0-9]:[0-9]{2}",
        "(Format|Discipline|Exceeds|Scenario|Response time|Interview round)[:.] [a-z0-9 ·]{0,20}",
        "[A-Z][a-z]{2,8} \\([a-z]{1,8}, played by [a-z_]{1,9}\\)",
        "<[a-z]{1,5}>[a-z ]{0,9}",
        "\\| [a-z]{0,4} \\| [a-z]{0,4} \\|",
    ];
    prop_oneof![
        4 => (i.clone(), line.clone()).prop_map(|(i, line)| Mutation::Insert(i, line)),
        2 => i.clone().prop_map(Mutation::Delete),
        1 => i.clone().prop_map(Mutation::Repeat),
        1 => (i.clone(), i.clone()).prop_map(|(i, j)| Mutation::Swap(i, j)),
        2 => (i.clone(), i.clone()).prop_map(|(i, j)| Mutation::Copy(i, j)),
        1 => (i.clone(), "\\PC{0,9}").prop_map(|(i, text)| Mutation::Append(i, text)),
        1 => (i.clone(), 0..9_usize).prop_map(|(i, n)| Mutation::Truncate(i, n)),
    ]
}

fn mutate(text: &str, mutations: &[Mutation]) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    for mutation in mutations {
        let n = lines.len();
        if n == 0 {
            break;
        }
        match mutation {
            Mutation::Insert(i, line) => lines.insert(i % (n + 1), line.clone()),
            Mutation::Delete(i) => drop(lines.remove(i % n)),
            Mutation::Repeat(i) => lines.insert(i % n, lines[i % n].clone()),
            Mutation::Swap(i, j) => lines.swap(i % n, j % n),
            Mutation::Copy(i, j) => lines.insert(i % n, lines[j % n].clone()),
            Mutation::Append(i, text) => lines[i % n].push_str(text),
            Mutation::Truncate(i, kept) => {
                let line = &lines[i % n];
                lines[i % n] = line.chars().take(*kept).collect();
            }
        }
    }
    lines
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_line_is_lost(
        sample in prop::sample::select(vec![ROLE, ROLE_MD, NUMBERED, PAGE, EXAMPLES]),
        mutations in prop::collection::vec(mutation(), 0..12),
        end in prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n", "\u{2028}"]),
    ) {
        let lines = mutate(sample, &mutations);
        let text = lines.join(end);
        let Ok(import) = import("sample", text.as_bytes()) else {
            return Ok(());
        };
        if import.source == Source::Html {
            return Ok(());
        }
        let filled: Vec<(usize, &str)> = super::super::source::lines(&text)
            .map(|(number, line)| (number, line.trim()))
            .filter(|(_, line)| !line.is_empty())
            .collect();
        let kept: Vec<(usize, &str)> = import.lines.iter().map(|line| (line.number, line.text.as_str())).collect();
        prop_assert_eq!(kept, filled);
        check(&import);
        // Nothing that nobody has heard of is taken for furniture.
        for line in import.lines.iter().filter(|line| line.text.starts_with("xyzzy")) {
            prop_assert_ne!(&line.fate, &Fate::Furniture);
        }
    }

    #[test]
    fn no_page_is_lost(
        sample in prop::sample::select(vec![ROLE_HTML, ROLE_DIVS]),
        mutations in prop::collection::vec(mutation(), 0..12),
    ) {
        let lines = mutate(sample, &mutations);
        if let Ok(import) = import("sample.html", lines.join("\n").as_bytes()) {
            check(&import);
        }
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,400}", name in "\\PC{0,9}") {
        drop(import(&name, text.as_bytes()));
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(import("x.md", &bytes));
        drop(import("x.html", &bytes));
        drop(import("x.toml", &bytes));
    }
}
