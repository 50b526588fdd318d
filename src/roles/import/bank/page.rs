//! “Write your answer to: …” with its answer, then answers whose questions the page did not give away, advice to the
//! reader, and advertisements. What is uncertain is left.

use super::super::sheet::Sheet;
use super::super::words::{at_colon, ends_sentence, fold_beginning, key, unquoted, word_count};
use super::{is_advertisement, is_label, question};
use crate::roles::bank::Bank;

const BEGINNING: &str = "writeyouranswerto";

/// How advice begins.
const ADVICE: [&str; 37] = [
    "add",
    "always",
    "ask",
    "avoid",
    "be",
    "bring",
    "connect",
    "demonstrate",
    "discuss",
    "do",
    "don't",
    "emphasise",
    "emphasize",
    "explain",
    "finally",
    "focus",
    "highlight",
    "keep",
    "know",
    "learn",
    "make",
    "mention",
    "never",
    "practice",
    "practise",
    "prepare",
    "quantify",
    "read",
    "rehearse",
    "remember",
    "research",
    "review",
    "show",
    "study",
    "talk",
    "use",
    "when",
];

pub fn is_evidence(text: &str) -> bool {
    key(text).starts_with(BEGINNING)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zone {
    /// Before the first question.
    Top,
    /// Directly after a question without its text.
    Question,
    /// Directly after a question.
    Answer,
    Answers,
    Advice,
    /// Between the advice and the advertisement.
    Asides,
}

pub fn read(sheet: &mut Sheet, bank: &mut Bank) {
    let mut zone = Zone::Top;
    let mut item = None;
    for i in 0..sheet.rows.len() {
        let text = sheet.text(i).to_string();
        if sheet.rows[i].is_decoration() {
            sheet.furniture(i);
        } else if is_evidence(&text) {
            item = None;
            zone = ask(sheet, bank, i, &text, &mut item);
        } else if is_advertisement(&text) {
            sheet.furniture(i);
            zone = if zone == Zone::Top { zone } else { Zone::Answers };
        } else if is_remark(&text) {
            sheet.furniture(i);
        } else if is_advice_heading(&text) {
            advise(sheet, bank, i);
            zone = Zone::Advice;
        } else if bank.title.is_empty() && zone == Zone::Top && title(&text).is_some() {
            bank.title = title(&text).unwrap_or_default();
            sheet.place(i, "title");
        } else if !is_label(sheet, i) {
            zone = line(sheet, bank, i, &text, zone, &mut item);
        }
    }
}

fn ask(sheet: &mut Sheet, bank: &mut Bank, i: usize, text: &str, item: &mut Option<usize>) -> Zone {
    let asked = at_colon(text).map(|(_, asked)| unquoted(asked).to_string());
    let Some(asked) = asked.filter(|asked| !asked.is_empty()) else {
        sheet.furniture(i);
        return Zone::Question;
    };
    if let Some((n, question)) = question(sheet, bank, i, item) {
        question.question = asked;
        sheet.place(i, format!("questions[{n}].question"));
    }
    Zone::Answer
}

fn line(sheet: &mut Sheet, bank: &mut Bank, i: usize, text: &str, zone: Zone, item: &mut Option<usize>) -> Zone {
    match zone {
        Zone::Question => {
            if let Some((n, question)) = question(sheet, bank, i, item) {
                question.question = unquoted(text).to_string();
                sheet.place(i, format!("questions[{n}].question"));
            }
            return Zone::Answer;
        }
        Zone::Answer => {
            answer(sheet, bank, i, item);
            return Zone::Answers;
        }
        Zone::Top if is_told(text) => {}
        Zone::Answers if is_told(text) || is_explanation(text) => {}
        Zone::Advice if begins_with(text, &ADVICE) => {
            advise(sheet, bank, i);
            return zone;
        }
        Zone::Advice | Zone::Asides if ends_sentence(text) && advertisement_follows(sheet, i) => {
            *item = None;
            answer(sheet, bank, i, item);
            return Zone::Asides;
        }
        Zone::Advice | Zone::Asides if is_told(text) || is_explanation(text) => {}
        _ => return zone,
    }
    *item = None;
    answer(sheet, bank, i, item);
    if zone == Zone::Top { Zone::Top } else { Zone::Answers }
}

fn answer(sheet: &mut Sheet, bank: &mut Bank, i: usize, item: &mut Option<usize>) {
    if let Some((n, question)) = question(sheet, bank, i, item) {
        sheet.paragraph(i, &mut question.answer, &format!("questions[{n}].answer"));
    }
}

fn advise(sheet: &mut Sheet, bank: &mut Bank, i: usize) {
    sheet.entry(i, &mut bank.advice, "advice");
}

/// “Master your Something interview with …”.
fn title(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let rest = lower.strip_prefix("master your ")?;
    let end = rest.find(" interview")?;
    // Small letters may take another number of bytes; then the title is taken from them.
    let start = "master your ".len();
    let name = text
        .get(start..start + end)
        .filter(|name| name.to_lowercase() == rest[..end])
        .unwrap_or(&rest[..end]);
    (word_count(name) <= 12 && name.chars().count() <= 150).then(|| format!("{name} interview"))
}

/// A remark about the questions that the reader might ask.
fn is_remark(text: &str) -> bool {
    fold_beginning(text).starts_with("the questions you ask reveal") && word_count(text) <= 25
}

fn is_advice_heading(text: &str) -> bool {
    let folded = fold_beginning(text);
    folded.starts_with("to ace the ") || folded.starts_with("to ace your ")
}

fn begins_with(text: &str, words: &[&str]) -> bool {
    let folded = fold_beginning(text).replace('"', "'");
    let first = folded
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .next()
        .unwrap_or_default();
    words.contains(&first)
}

fn advertisement_follows(sheet: &Sheet, i: usize) -> bool {
    let after = sheet.rows[i + 1..].iter().take(12);
    after
        .take_while(|row| !is_evidence(&row.text))
        .any(|row| is_advertisement(&row.text))
}

/// An answer that somebody gives: in the first person, or as situation, task, action and result.
fn is_told(text: &str) -> bool {
    is_star(text) || word_count(text) >= 12 && ends_sentence(text) && in_first_person(text)
}

fn is_star(text: &str) -> bool {
    let mut rest = text;
    let parts = ["S:", "T:", "A:", "R:"].iter().all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    });
    parts && text.starts_with("S:")
}

fn in_first_person(text: &str) -> bool {
    let said = words(text).any(|word| matches!(word, "I" | "I'm" | "I've" | "I'd" | "I'll"));
    said || words(text).any(|word| matches!(word, "my" | "My"))
}

/// An explanation of a concept: at least two sentences that do not speak to the reader.
fn is_explanation(text: &str) -> bool {
    let sentences = text.matches(['.', '!', '?']).count();
    let addressed = words(text).any(|word| {
        matches!(
            word.to_lowercase().as_str(),
            "you" | "your" | "you're" | "yours" | "our"
        )
    });
    sentences >= 2 && word_count(text) >= 25 && ends_sentence(text) && !addressed && !begins_with(text, &ADVICE)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .map(|word| match word {
            "I’m" => "I'm",
            "I’ve" => "I've",
            "I’d" => "I'd",
            "I’ll" => "I'll",
            word => word,
        })
}
