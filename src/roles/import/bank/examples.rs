//! A list of questions, then for each of them what employers ask it for, and an example of an answer.

use super::super::sheet::Sheet;
use super::super::words::{at_colon, ends_sentence, fold, fold_beginning, is_quote, key, trimmed, word_count};
use super::{is_advertisement, is_content, question};
use crate::roles::bank::{Bank, BankQuestion};
use std::collections::{HashMap, HashSet};

/// How questions and prompts begin.
const PROMPTS: [&str; 46] = [
    "are", "can", "compare", "could", "define", "describe", "did", "discuss", "do", "does", "explain", "give", "has",
    "have", "how", "if", "imagine", "in", "is", "list", "looking", "name", "outline", "recall", "share", "should",
    "suppose", "talk", "tell", "think", "walk", "what", "what's", "when", "where", "which", "who", "why", "will",
    "would", "you", "you're", "your", "we", "we're", "let's",
];

pub fn is_evidence(text: &str) -> bool {
    is_asked_for(text) || example(text).is_some()
}

fn is_asked_for(text: &str) -> bool {
    fold_beginning(text).starts_with("employers ask this question")
}

/// The answer behind “Answer Example:”, which may be on the next line.
fn example(text: &str) -> Option<&str> {
    let (name, value) = at_colon(text).unwrap_or((text, ""));
    matches!(key(name).as_str(), "answerexample" | "exampleanswer").then_some(value)
}

/// A block: a question, what it is asked for, and its answer.
struct Block {
    question: Option<usize>,
    /// The first row after the question.
    start: usize,
}

pub fn read(sheet: &mut Sheet, bank: &mut Bank) {
    let blocks = blocks(sheet);
    let start = blocks
        .first()
        .map_or(sheet.rows.len(), |block| block.question.unwrap_or(block.start));
    let asked: HashSet<String> = blocks
        .iter()
        .filter_map(|block| block.question)
        .map(|i| fold(sheet.text(i)))
        .collect();
    let mut known = HashMap::new();
    top(sheet, bank, start, &asked, &mut known);
    for (n, block) in blocks.iter().enumerate() {
        let end = blocks
            .get(n + 1)
            .map_or(sheet.rows.len(), |next| next.question.unwrap_or(next.start));
        read_block(sheet, bank, block, end, &mut known);
    }
}

fn blocks(sheet: &Sheet) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    // Where the last block certainly goes on.
    let mut read = 0;
    let mut answered = true;
    for i in 0..sheet.rows.len() {
        let text = sheet.text(i);
        let example = example(text).is_some();
        if is_asked_for(text) || example && answered {
            let before = (read..i).rev().find(|j| is_content(sheet, *j));
            // A line after an answer that is not closed belongs to it, if it does not ask anything.
            let question = before.filter(|j| *j + 1 == i || (*j + 1..i).all(|k| !is_content(sheet, k)));
            blocks.push(Block { question, start: i });
            answered = false;
        }
        if example {
            answered = true;
        }
        if is_asked_for(text) || example {
            read = i + 1 + usize::from(example && example_is_below(text));
        }
    }
    blocks
}

fn example_is_below(text: &str) -> bool {
    example(text) == Some("")
}

/// The title, what the bank is about, and the list of its questions.
fn top(sheet: &mut Sheet, bank: &mut Bank, end: usize, asked: &HashSet<String>, known: &mut HashMap<String, usize>) {
    let mut listing = false;
    for i in 0..end {
        let text = sheet.text(i).to_string();
        let folded = fold(&text);
        if !is_content(sheet, i) {
            sheet.furniture(i);
        } else if folded.starts_with("interview questions for ") && word_count(&text) <= 15 {
            if bank.title.is_empty() {
                bank.title = text;
                sheet.place(i, "title");
            } else {
                sheet.furniture(i);
            }
            listing = true;
        } else if bank.title.is_empty() && folded.ends_with("interview questions") && word_count(&text) <= 15 {
            bank.title = text;
            sheet.place(i, "title");
        } else if known.contains_key(&folded) || asked.contains(&folded) || listing && is_prompt(&text) {
            listing = true;
            list(sheet, bank, i, known);
        } else if !listing && !bank.title.is_empty() && ends_sentence(&text) && word_count(&text) > 5 {
            sheet.paragraph(i, &mut bank.about, "about");
        }
    }
}

/// The question of this row; a new one if it is not known yet.
fn list(sheet: &mut Sheet, bank: &mut Bank, i: usize, known: &mut HashMap<String, usize>) -> Option<usize> {
    let folded = fold(sheet.text(i));
    let mut item = known.get(&folded).copied();
    let text = sheet.text(i).to_string();
    let (n, question) = question(sheet, bank, i, &mut item)?;
    if question.question.is_empty() {
        question.question = text;
        known.insert(folded, n);
    }
    sheet.place(i, format!("questions[{n}].question"));
    Some(n)
}

fn is_prompt(text: &str) -> bool {
    let folded = fold_beginning(text).replace('"', "'");
    let first = folded
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .next()
        .unwrap_or_default();
    text.ends_with('?') || word_count(text) >= 5 && ends_sentence(text) && PROMPTS.contains(&first)
}

fn read_block(sheet: &mut Sheet, bank: &mut Bank, block: &Block, end: usize, known: &mut HashMap<String, usize>) {
    let mut item = match block.question {
        Some(i) => list(sheet, bank, i, known),
        None => None,
    };
    // A question that is asked again with another answer is another question.
    if let Some(n) = item
        && has_answer(&bank.questions[n])
    {
        let again = bank.questions[n].question.clone();
        item = None;
        if let Some((n, question)) = question(sheet, bank, block.start, &mut item) {
            question.question = again;
            sheet.place(
                block.question.unwrap_or(block.start),
                format!("questions[{n}].question"),
            );
        }
    }
    let mut answer: Option<Answer> = None;
    for i in block.start..end {
        let text = sheet.text(i).to_string();
        if !is_content(sheet, i) {
            sheet.furniture(i);
            if is_advertisement(&text) {
                answer = answer.map(|answer| Answer { open: false, ..answer });
            }
            continue;
        }
        if let (None, Some(value)) = (&answer, example(&text)) {
            let quoted = value.starts_with(is_quote);
            let open = quoted && !value.trim_start_matches(is_quote).ends_with(is_closing) || value.is_empty();
            answer = Some(Answer { open, quoted });
            if value.is_empty() {
                sheet.furniture(i);
            } else {
                put(sheet, bank, i, value, &mut item, !open);
            }
            continue;
        }
        match &mut answer {
            None => {
                if let Some((n, question)) = question(sheet, bank, i, &mut item) {
                    sheet.paragraph(i, &mut question.asked_for, &format!("questions[{n}].asked_for"));
                }
            }
            Some(state) if state.open => {
                state.quoted |= text.starts_with(is_quote);
                state.open = state.quoted && !text.ends_with(is_closing);
                put(sheet, bank, i, &text, &mut item, !state.open);
            }
            Some(_) => {}
        }
    }
}

fn has_answer(question: &BankQuestion) -> bool {
    !question.asked_for.is_empty() || !question.answer.is_empty()
}

/// How far the answer of a block has been read.
struct Answer {
    /// Whether its closing quotation mark is still to come.
    open: bool,
    quoted: bool,
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '”' | '“' | '»' | '«' | '\'' | '’')
}

/// Adds a line to the answer, without the quotation marks around the whole.
fn put(sheet: &mut Sheet, bank: &mut Bank, i: usize, text: &str, item: &mut Option<usize>, last: bool) {
    let Some((n, question)) = question(sheet, bank, i, item) else {
        return;
    };
    let first = question.answer.is_empty();
    let text = if first {
        text.strip_prefix(is_quote).unwrap_or(text)
    } else {
        text
    };
    let text = if last {
        text.strip_suffix(is_closing).unwrap_or(text)
    } else {
        text
    };
    let target = super::super::sheet::Field::Text(&mut question.answer);
    sheet.fill(
        i,
        Some(trimmed(text)),
        target,
        &format!("questions[{n}].answer"),
        &mut Default::default(),
    );
}
