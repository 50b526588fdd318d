//! What happens before interviews: knock-out questions, video questions and résumé criteria.

use super::sheet::{Field, Open, Sheet};
use super::signs::{Counted, Label, Sign};
use super::source::Row;
use super::times::{recorder, time};
use super::words::{at_colon, ends_sentence, key, parts, trimmed, word_count};
use crate::roles::kit::{Answer, Decision, Kit, KnockOut, VideoQuestion};
use std::ops::Range;

const LIMIT_SECONDS: std::ops::RangeInclusive<u32> = 5..=600;

pub fn knock_outs(sheet: &mut Sheet, kit: &mut Kit, rows: Range<usize>) {
    let mut item: Option<usize> = None;
    let mut i = rows.start;
    while i < rows.end {
        let asked = item.is_some_and(|item| !kit.knock_outs[item].question.is_empty());
        let answered = item.is_some_and(|item| !kit.knock_outs[item].answers.is_empty());
        match &sheet.signs[i] {
            Sign::Counter(_) | Sign::Label(Label::ScreenKnockOut, None) => {
                sheet.furniture(i);
                if asked || answered {
                    item = None;
                }
            }
            Sign::Count(..) | Sign::Furniture => sheet.furniture(i),
            Sign::Label(Label::Question, None) => sheet.furniture(i),
            _ => {
                let pair = pair(sheet, i, rows.end).filter(|_| asked);
                let short =
                    word_count(sheet.text(i)) <= 6 && !sheet.text(i).ends_with('?') && !ends_sentence(sheet.text(i));
                match pair {
                    Some((lines, answer)) => {
                        add_answer(sheet, kit, i, lines, item, answer);
                        i += lines;
                        continue;
                    }
                    // An answer whose decision is not known.
                    None if short || decision(sheet.text(i)).is_some() => {}
                    None if answered && !sheet.text(i).ends_with('?') => {}
                    None => {
                        if answered {
                            item = None;
                        }
                        ask(sheet, kit, i, &mut item);
                    }
                }
            }
        }
        i += 1;
    }
}

fn ask(sheet: &mut Sheet, kit: &mut Kit, i: usize, item: &mut Option<usize>) {
    if item.is_none() && sheet.has_room(i, kit.knock_outs.len(), "knock_outs") {
        kit.knock_outs.push(KnockOut::default());
        *item = Some(kit.knock_outs.len() - 1);
    }
    if let Some(n) = *item {
        sheet.paragraph(i, &mut kit.knock_outs[n].question, &format!("knock_outs[{n}].question"));
    }
}

fn add_answer(sheet: &mut Sheet, kit: &mut Kit, i: usize, lines: usize, item: Option<usize>, answer: Answer) {
    let Some(item) = item else {
        return;
    };
    let answers = &mut kit.knock_outs[item].answers;
    let path = format!("knock_outs[{item}].answers");
    if sheet.has_room(i, answers.len(), &path) {
        let path = format!("{path}[{}]", answers.len());
        if lines == 1 {
            sheet.place(i, path);
        } else {
            sheet.place(i, format!("{path}.answer"));
            sheet.place(i + lines - 1, format!("{path}.decision"));
            sheet.rest(i + 1..i + lines - 1);
        }
        answers.push(answer);
    }
}

/// An answer and its decision, on one line or on two, and how many lines that is.
fn pair(sheet: &Sheet, i: usize, end: usize) -> Option<(usize, Answer)> {
    let row = &sheet.rows[i];
    if let Some(answer) = inline(row) {
        return Some((1, answer));
    }
    let next = (i + 1..end).find(|next| !sheet.rows[*next].is_decoration())?;
    let decision = decision(&sheet.rows[next].text)?;
    let answers = word_count(&row.text) <= 20 && !row.text.ends_with('?');
    answers.then(|| {
        let answer = row.text.clone();
        (next + 1 - i, Answer { answer, decision })
    })
}

/// “Yes: Auto-decline”, “Yes → Qualifies”, “Yes (Qualifies)”.
fn inline(row: &Row) -> Option<Answer> {
    let answer = |answer: &str, said: &str| {
        let answer = trimmed(answer);
        decision(said).filter(|_| !answer.is_empty()).map(|decision| Answer {
            answer: answer.to_string(),
            decision,
        })
    };
    let text = row.text.as_str();
    if let [first, second] = row.cells.as_slice() {
        return answer(first, second);
    }
    let arrow = ["→", "⇒", "->", "=>", "/"]
        .iter()
        .find_map(|arrow| text.rsplit_once(arrow));
    let bracketed = || text.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    let divided = || match parts(text).as_slice() {
        [first, second] => Some((*first, *second)),
        _ => None,
    };
    let sides = [arrow, at_colon(text), bracketed(), divided()];
    sides
        .into_iter()
        .flatten()
        .find_map(|(first, second)| answer(first, second))
}

fn decision(text: &str) -> Option<Decision> {
    if word_count(text) > 4 {
        return None;
    }
    match key(text).as_str() {
        "qualifie" | "qualify" | "qualified" | "advance" | "advanced" | "continue" | "continued" | "pas" | "passe"
        | "passed" | "pass" | "proceed" | "proceeded" => Some(Decision::Qualifies),
        "autodecline" | "autodeclined" | "decline" | "declined" | "disqualifie" | "disqualify" | "disqualified"
        | "reject" | "rejected" | "autoreject" | "autorejected" | "knockedout" | "knockout" => Some(Decision::Declines),
        "review" | "reviewed" | "flag" | "flagged" | "flagforreview" | "flaggedforreview" | "manualreview"
        | "needreview" => Some(Decision::Review),
        _ => None,
    }
}

pub fn videos(sheet: &mut Sheet, kit: &mut Kit, rows: Range<usize>) {
    let mut at = Videos::default();
    for i in rows {
        match sheet.signs[i].clone() {
            Sign::Counter(_) | Sign::Label(Label::ScreenVideo, None) => {
                sheet.furniture(i);
                if at.item.is_some() {
                    at = Videos::default();
                }
            }
            Sign::Count(..) | Sign::Furniture => sheet.furniture(i),
            Sign::Label(label @ (Label::Experience | Label::ResponseTime | Label::Format | Label::Question), value) => {
                at.open = Open::at(label);
                match value {
                    Some(value) => at.line(sheet, kit, i, Some(&value)),
                    None => sheet.furniture(i),
                }
            }
            Sign::Plain => at.line(sheet, kit, i, None),
            _ => at.open = Open::default(),
        }
    }
}

struct Videos {
    /// The question that lines belong to; nothing before its first line.
    item: Option<usize>,
    open: Open,
}

impl Default for Videos {
    fn default() -> Videos {
        Videos {
            item: None,
            open: Open::at(Label::Question),
        }
    }
}

impl Videos {
    fn line(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize, value: Option<&str>) {
        let Some(label) = self.open.label else {
            return;
        };
        let text = value.unwrap_or(sheet.text(i)).to_string();
        if label == Label::Experience && is_chrome(&text) {
            sheet.furniture(i);
            return;
        }
        let questions = &mut kit.video_questions;
        if self.item.is_none() && sheet.has_room(i, questions.len(), "video_questions") {
            questions.push(VideoQuestion::default());
            self.item = Some(questions.len() - 1);
        }
        let Some(item) = self.item else {
            return;
        };
        let (path, question) = (format!("video_questions[{item}]"), &mut questions[item]);
        let seconds = match label {
            Label::Question => {
                let target = Field::Text(&mut question.question);
                sheet.fill(i, value, target, &format!("{path}.question"), &mut self.open);
                return;
            }
            Label::Format => {
                let target = Field::Text(&mut question.format);
                sheet.fill(i, value, target, &format!("{path}.format"), &mut self.open);
                self.open = Open::default();
                return;
            }
            Label::Experience => recorder(&text),
            _ => {
                self.open = Open::default();
                time(&text).map(|time| time.seconds)
            }
        };
        if let Some(seconds) = seconds.filter(|seconds| LIMIT_SECONDS.contains(seconds)) {
            let path = format!("{path}.limit_seconds");
            sheet.number(i, seconds, &mut question.limit_seconds, &path, "seconds");
        }
    }
}

/// What a recorder shows apart from its times: its light, and its steps “1Record”, “2Review”, “3Submit”.
fn is_chrome(text: &str) -> bool {
    let key = key(text);
    let step = key.trim_start_matches(|c: char| c.is_ascii_digit());
    key == "rec" || matches!(step, "record" | "review" | "submit")
}

/// Every line is a criterion, statements and questions alike; where their number is announced, those after it.
pub fn criteria(sheet: &mut Sheet, kit: &mut Kit, rows: Range<usize>) {
    let counted = |i: &usize| matches!(sheet.signs[*i], Sign::Count(Counted::Criteria, _));
    let announced = rows.clone().find(counted);
    for i in rows {
        match sheet.signs[i] {
            Sign::Count(..) | Sign::Counter(_) | Sign::Furniture => sheet.furniture(i),
            _ if announced.is_none_or(|announced| i > announced) => {
                sheet.entry(i, &mut kit.resume_criteria, "resume_criteria");
            }
            _ => {}
        }
    }
}
