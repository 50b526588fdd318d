//! “Question 1 / Difficulty: medium / the question / Sample answer / the answer”.

use super::super::sheet::{Field, Open, Sheet};
use super::super::signs::Label;
use super::super::words::{at_colon, ends_sentence, is_name, key, word_count};
use super::{is_advertisement, question};
use crate::roles::bank::Bank;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Question,
    Difficulty,
    Topic,
    AskedFor,
    Answer,
    FollowUps,
    Positive,
    Negative,
}

pub fn is_evidence(text: &str) -> bool {
    matches!(mark(text), Some((Mark::Question | Mark::Answer, _)))
}

/// A label, and the value behind its colon.
fn mark(text: &str) -> Option<(Mark, Option<String>)> {
    let (name, value) = match at_colon(text) {
        Some((name, value)) if word_count(name) <= 5 => (name, (!value.is_empty()).then(|| value.to_string())),
        _ => (text, None),
    };
    if word_count(name) > 5 {
        return None;
    }
    let key = key(name);
    // “Question 3”, “Question 3 of 10”.
    let digits = |n: &str| (1..=4).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit());
    let number = key.strip_prefix("question").filter(|n| match n.split_once("of") {
        Some((n, all)) => digits(n) && digits(all),
        None => digits(n),
    });
    let mark = match key.as_str() {
        _ if number.is_some() => Mark::Question,
        // A longer value is a sentence of an answer.
        _ if value.as_ref().is_some_and(|value| word_count(value) > 8) && is_short(&key) => return None,
        "difficulty" | "difficultylevel" => Mark::Difficulty,
        "topic" | "category" => Mark::Topic,
        "sampleanswer" | "exampleanswer" | "modelanswer" | "suggestedanswer" => Mark::Answer,
        "followupquestion" | "followup" => Mark::FollowUps,
        "whyemployersaskthi" | "whyitisasked" => Mark::AskedFor,
        "positiveindicator" => Mark::Positive,
        "negativeindicator" => Mark::Negative,
        _ => return None,
    };
    Some((mark, value))
}

fn is_short(key: &str) -> bool {
    matches!(key, "difficulty" | "difficultylevel" | "topic" | "category")
}

pub fn read(sheet: &mut Sheet, bank: &mut Bank) {
    let first = (0..sheet.rows.len())
        .find(|i| is_evidence(sheet.text(*i)))
        .unwrap_or_default();
    let first = (0..first).find(|i| mark(sheet.text(*i)).is_some()).unwrap_or(first);
    top(sheet, bank, first);
    let (mut item, mut state, mut open) = (None, None, Open::default());
    for i in first..sheet.rows.len() {
        let text = sheet.text(i).to_string();
        if sheet.rows[i].is_decoration() || is_advertisement(&text) {
            sheet.furniture(i);
            continue;
        }
        let entry = matches!(state, Some(Mark::FollowUps | Mark::Positive | Mark::Negative)) && !sheet.rows[i].strong;
        let marked = mark(&text).filter(|(_, value)| value.is_none() || !entry || !sheet.rows[i].has_bullet());
        let mut value = None;
        if let Some((mark, said)) = marked {
            let again = mark == Mark::Answer && item.is_some_and(|n: usize| !bank.questions[n].answer.is_empty());
            if mark == Mark::Question || again {
                item = None;
            }
            sheet.furniture(i);
            state = Some(mark);
            // For lists, whether their entries have bullets.
            open = Open::at(Label::Positive);
            if said.is_none() {
                continue;
            }
            value = said;
        }
        let Some(mark) = state else {
            continue;
        };
        let Some((n, question)) = question(sheet, bank, i, &mut item) else {
            if value.is_some() {
                sheet.leave(i);
            }
            continue;
        };
        let (name, field) = match mark {
            Mark::Question => ("question", Field::Text(&mut question.question)),
            Mark::Difficulty => ("difficulty", Field::Text(&mut question.difficulty)),
            Mark::Topic => ("topic", Field::Text(&mut question.topic)),
            Mark::AskedFor => ("asked_for", Field::Text(&mut question.asked_for)),
            Mark::Answer => ("answer", Field::Text(&mut question.answer)),
            Mark::FollowUps => ("follow_ups", Field::List(&mut question.follow_ups)),
            Mark::Positive => ("positive", Field::List(&mut question.positive)),
            Mark::Negative => ("negative", Field::List(&mut question.negative)),
        };
        let given = matches!(&field, Field::Text(text) if !text.is_empty());
        if given && matches!(mark, Mark::Difficulty | Mark::Topic) {
            sheet.leave(i);
            continue;
        }
        sheet.fill(i, value.as_deref(), field, &format!("questions[{n}].{name}"), &mut open);
        if matches!(mark, Mark::Difficulty | Mark::Topic) {
            // The question may stand after them.
            state = question_open(&bank.questions[n].question);
        }
    }
}

fn question_open(question: &str) -> Option<Mark> {
    question.is_empty().then_some(Mark::Question)
}

/// What stands before the first question: a title, and sentences about the bank.
fn top(sheet: &mut Sheet, bank: &mut Bank, end: usize) {
    for i in 0..end {
        let text = sheet.text(i).to_string();
        if bank.title.is_empty() && is_name(&text) && text.chars().count() <= 200 && !sheet.rows[i].is_decoration() {
            bank.title = text;
            sheet.place(i, "title");
        } else if !bank.title.is_empty() && ends_sentence(&text) && word_count(&text) > 5 {
            sheet.paragraph(i, &mut bank.about, "about");
        }
    }
}
