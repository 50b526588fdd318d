//! What stands at the top: the title, the author, and why the role is hard.

use super::super::sheet::Sheet;
use super::super::signs::Sign;
use super::super::words::{at_colon, ends_sentence, fold, is_name, key};
use crate::roles::kit::Kit;
use std::ops::Range;

/// What stands before the first heading: the title, and the author.
pub fn top(sheet: &mut Sheet, kit: &mut Kit, rows: Range<usize>) {
    let known = sheet.signs.iter().find_map(|sign| match sign {
        Sign::WhyHard(name) => name.clone(),
        _ => None,
    });
    let plain: Vec<usize> = rows.clone().filter(|i| sheet.signs[*i] == Sign::Plain).collect();
    // The main heading; or else what stands before the author, since pages have other things above; or the first line.
    let main = plain.iter().copied().find(|i| sheet.rows[*i].heading == Some(1));
    let named = |i: &usize| {
        known
            .as_ref()
            .is_some_and(|known| fold(by(sheet.text(*i))) == fold(known))
    };
    let before = plain
        .iter()
        .position(named)
        .and_then(|n| n.checked_sub(1))
        .map(|n| plain[n]);
    let title = main.or(before).or(plain.first().copied());
    for i in plain {
        let text = sheet.text(i).to_string();
        let labelled = at_colon(&text).filter(|(_, value)| !value.is_empty());
        let named = |labels: &[&str]| {
            labelled
                .filter(|(label, _)| labels.contains(&key(label).as_str()))
                .map(|(_, v)| v)
        };
        if let Some(name) = named(&["author", "writtenby", "by"]) {
            author(sheet, kit, i, name);
        } else if Some(i) == title && text.chars().count() <= 200 {
            kit.title = named(&["role", "title", "job", "jobtitle"])
                .unwrap_or(&text)
                .to_string();
            sheet.place(i, "title");
        } else if !kit.title.is_empty() && fold(&text) == fold(&kit.title) {
            sheet.place(i, "title");
        } else if title.is_some_and(|title| i > title) {
            let name = by(&text).to_string();
            let is_author = match &known {
                Some(known) => fold(&name) == fold(known),
                None => kit.author.is_empty() && is_name(&name) && !ends_sentence(&name),
            };
            if is_author {
                author(sheet, kit, i, &name);
            }
        }
    }
}

fn by(text: &str) -> &str {
    text.strip_prefix("By ").or(text.strip_prefix("by ")).unwrap_or(text)
}

fn author(sheet: &mut Sheet, kit: &mut Kit, i: usize, name: &str) {
    if kit.author.is_empty() {
        kit.author = name.to_string();
    }
    if fold(&kit.author) == fold(name) {
        sheet.place(i, "author");
    }
}

pub fn why_hard(sheet: &mut Sheet, kit: &mut Kit, rows: Range<usize>) {
    for i in rows.clone() {
        match sheet.signs[i].clone() {
            Sign::WhyHard(Some(name)) if i == rows.start => author(sheet, kit, i, &name),
            Sign::WhyHard(None) if i == rows.start => sheet.furniture(i),
            Sign::Furniture => sheet.furniture(i),
            Sign::Plain | Sign::Label(_, Some(_)) | Sign::Expected(_, Some(_)) => {
                sheet.paragraph(i, &mut kit.why_hard, "why_hard");
            }
            _ => {}
        }
    }
}

/// A title of a file's name: “integration-developer.txt” is “Integration developer”.
pub fn title_of(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words = stem.replace(['-', '_'], " ");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut chars = words.chars().take(200);
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).take(200).collect(),
        None => "Untitled".to_string(),
    }
}
