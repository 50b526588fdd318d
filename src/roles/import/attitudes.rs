//! Attitude questions, one after another. A trait and its definition have no label: they are what stands before the
//! next interview round.

use super::exercises::response_time;
use super::kit::round;
use super::sheet::{Field, Open, Sheet};
use super::signs::{Label, Sign};
use super::words::{ends_sentence, is_name, word_count};
use crate::roles::kit::{AttitudeQuestion, Kit};
use std::ops::Range;

pub fn read(sheet: &mut Sheet, kit: &mut Kit, rows: Range<usize>) {
    let mut at = Reader::default();
    let mut i = rows.start;
    while i < rows.end {
        match sheet.sign(i, at.open) {
            Sign::Counter(_) => {
                sheet.furniture(i);
                at = Reader::default();
            }
            Sign::Count(..) | Sign::Furniture => sheet.furniture(i),
            Sign::Label(label, value) => at.label(sheet, kit, i, label, value.as_deref()),
            Sign::Plain => {
                let end = sheet.run_over_rules(i, rows.end, at.open);
                let next = (end < rows.end).then(|| sheet.signs[end].clone());
                at.run(sheet, kit, i..end, next.as_ref());
                i = end;
                continue;
            }
            _ => at.open = Open::default(),
        }
        i += 1;
    }
}

#[derive(Default)]
struct Reader {
    /// The question that lines belong to; nothing before its first line.
    item: Option<usize>,
    open: Open,
}

impl Reader {
    fn label(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize, label: Label, value: Option<&str>) {
        let known = matches!(
            label,
            Label::Round | Label::Question | Label::ResponseTime | Label::Positive | Label::Negative
        );
        if !known {
            self.open = Open::default();
            return;
        }
        let again = self
            .item
            .map(|item| &kit.attitude_questions[item])
            .is_some_and(|item| match label {
                Label::Round => !item.round.is_empty() || !item.question.is_empty(),
                Label::Question => !item.positive.is_empty() || !item.negative.is_empty(),
                _ => false,
            });
        if again {
            self.item = None;
        }
        self.open = Open::at(label);
        match value {
            Some(value) => self.line(sheet, kit, i, Some(value)),
            None => sheet.furniture(i),
        }
    }

    /// Plain lines up to the next sign. The last of them may begin the next question.
    fn run(&mut self, sheet: &mut Sheet, kit: &mut Kit, rows: Range<usize>, next: Option<&Sign>) {
        let before_round = matches!(next, Some(Sign::Label(Label::Round, _)));
        let before_indicators = matches!(next, Some(Sign::Label(Label::Positive | Label::Negative, _)));
        let start = match self.open.label {
            None if before_round || before_indicators => rows.start,
            None => rows.end,
            Some(Label::Round) if before_round => self.next_trait(sheet, rows.start + 1..rows.end),
            Some(_) if before_round => self.next_trait(sheet, rows.clone()),
            Some(_) => rows.end,
        };
        for i in rows.start..start {
            if sheet.rows[i].is_decoration() {
                sheet.furniture(i);
            } else {
                self.line(sheet, kit, i, None);
            }
        }
        if start < rows.end {
            *self = Reader::default();
            self.begin(sheet, kit, start..rows.end, before_indicators);
        }
    }

    /// Where in plain lines before a round the next trait is.
    fn next_trait(&self, sheet: &Sheet, rows: Range<usize>) -> usize {
        if let Some(i) = rows.clone().find(|i| sheet.rows[*i].heading.is_some()) {
            return i;
        }
        let first_outside = rows
            .clone()
            .find(|i| self.open.ends_before(&sheet.rows, rows.start, *i));
        if let Some(i) = first_outside {
            return i;
        }
        let bulleted = |i: &usize| sheet.rows[*i].bullet != super::source::Bullet::None;
        let tail = rows
            .clone()
            .rev()
            .take_while(|i| !bulleted(i))
            .last()
            .unwrap_or(rows.end);
        // Without bullets, the trait is the last name before a statement.
        let named = (tail..rows.end).rev().find(|i| {
            let after = sheet.rows.get(i + 1).filter(|_| i + 1 < rows.end);
            let defined = after.is_some_and(|row| ends_sentence(&row.text) || word_count(&row.text) > 12);
            defined && is_name(sheet.text(*i)) && word_count(sheet.text(*i)) <= 6
        });
        match named {
            Some(i) => i,
            None if self.open.is_list() || rows.len() > 2 => rows.end.saturating_sub(2).max(tail),
            None => rows.end,
        }
    }

    /// The trait, what it means, and, where no round follows, the question.
    fn begin(&mut self, sheet: &mut Sheet, kit: &mut Kit, rows: Range<usize>, asks: bool) {
        let lines: Vec<usize> = rows.clone().filter(|i| !sheet.rows[*i].is_decoration()).collect();
        sheet.rest(rows);
        let mut lines = lines.as_slice();
        let question = match lines {
            [.., last] if asks && (lines.len() != 2 || sheet.text(*last).ends_with('?')) => Some(*last),
            _ => None,
        };
        if question.is_some() {
            lines = &lines[..lines.len() - 1];
        }
        let named = lines
            .iter()
            .position(|i| sheet.rows[*i].heading.is_some() || is_name(sheet.text(*i)));
        let (named, meaning) = match named {
            Some(n) => (Some(lines[n]), &lines[n + 1..]),
            None => (None, lines),
        };
        let first = named.or(meaning.first().copied()).or(question);
        let Some(item) = first.and_then(|i| self.create(sheet, kit, i)) else {
            return;
        };
        let path = format!("attitude_questions[{item}]");
        let target = &mut kit.attitude_questions[item];
        if let Some(i) = named {
            target.trait_name = sheet.text(i).to_string();
            sheet.place(i, format!("{path}.trait"));
        }
        for i in meaning {
            sheet.paragraph(*i, &mut target.definition, &format!("{path}.definition"));
        }
        if let Some(i) = question {
            sheet.paragraph(i, &mut target.question, &format!("{path}.question"));
        }
    }

    fn line(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize, value: Option<&str>) {
        let Some(label) = self.open.label else {
            return;
        };
        let Some(item) = self.create(sheet, kit, i) else {
            return;
        };
        let text = value.unwrap_or(sheet.text(i)).to_string();
        let path = format!("attitude_questions[{item}]");
        let field = |name: &str| format!("{path}.{name}");
        if label == Label::Round {
            if let Some(name) = round(sheet, kit, i, &text, &field("round")) {
                kit.attitude_questions[item].round = name;
            }
            self.open = Open::at(Label::Question);
            return;
        }
        let question = &mut kit.attitude_questions[item];
        let (name, target) = match label {
            Label::Question => ("question", Field::Text(&mut question.question)),
            Label::Positive => ("positive", Field::List(&mut question.positive)),
            Label::Negative => ("negative", Field::List(&mut question.negative)),
            _ => {
                response_time(sheet, i, &text, &mut question.minutes, &path);
                self.open = Open::default();
                return;
            }
        };
        sheet.fill(i, value, target, &field(name), &mut self.open);
    }

    /// The current question; a new one before its first line.
    fn create(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize) -> Option<usize> {
        let questions = &mut kit.attitude_questions;
        if self.item.is_none() && sheet.has_room(i, questions.len(), "attitude_questions") {
            questions.push(AttitudeQuestion::default());
            self.item = Some(questions.len() - 1);
        }
        self.item
    }
}
