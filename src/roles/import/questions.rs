//! Competency questions, one after another.

use super::exercises::response_time;
use super::kit::{round, same_or_first};
use super::sheet::{Field, Open, Sheet};
use super::signs::{Label, Sign};
use crate::roles::kit::{CompetencyQuestion, Kit};
use std::ops::Range;

pub fn read(sheet: &mut Sheet, kit: &mut Kit, rows: Range<usize>) {
    let mut at = Reader::default();
    for i in rows.clone() {
        match sheet.sign(i, at.open) {
            Sign::Counter(_) => {
                sheet.furniture(i);
                at = Reader::default();
            }
            Sign::Count(..) | Sign::Furniture => sheet.furniture(i),
            Sign::Label(label, value) => at.label(sheet, kit, i, label, value.as_deref()),
            Sign::Expected(level, value) => at.expected(sheet, kit, i, &level, value.as_deref()),
            Sign::Plain => {
                if at.open.label.is_none() && at.begins_question(sheet, kit, i, rows.end) {
                    at.open = Open::at(Label::Question);
                }
                at.line(sheet, kit, i, None);
            }
            _ => at.open = Open::default(),
        }
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
            Label::Discipline
                | Label::Requirement
                | Label::Competency
                | Label::Focus
                | Label::Round
                | Label::Question
                | Label::ResponseTime
                | Label::Positive
                | Label::Negative
        );
        if !known {
            self.open = Open::default();
            return;
        }
        if self
            .item
            .is_some_and(|item| begins_next(&kit.competency_questions[item], label))
        {
            self.item = None;
        }
        self.open = Open::at(label);
        match value {
            Some(value) => self.line(sheet, kit, i, Some(value)),
            None => sheet.furniture(i),
        }
    }

    fn expected(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize, level: &str, value: Option<&str>) {
        if self
            .item
            .is_some_and(|item| !kit.competency_questions[item].question.is_empty())
        {
            self.item = None;
        }
        let Some(item) = self.item(sheet, kit, i) else {
            return;
        };
        let path = format!("competency_questions[{item}]");
        let question = &mut kit.competency_questions[item];
        if !same_or_first(sheet, i, level, &mut question.level, &format!("{path}.level")) {
            self.open = Open::default();
            return;
        }
        self.open = Open::at(Label::Focus);
        if let Some(value) = value {
            sheet.fill(
                i,
                Some(value),
                Field::Text(&mut question.focus),
                &format!("{path}.focus"),
                &mut self.open,
            );
        }
    }

    /// Whether a line after a counter is the question itself: its indicators follow, and nothing else is between.
    fn begins_question(&self, sheet: &Sheet, kit: &Kit, i: usize, end: usize) -> bool {
        let asked = self
            .item
            .is_some_and(|item| !kit.competency_questions[item].question.is_empty());
        let next = sheet.run(i, end, self.open);
        let indicators = matches!(
            sheet.signs[next.min(end - 1)],
            Sign::Label(Label::Positive | Label::Negative, _)
        );
        !asked && next < end && indicators
    }

    /// A line, or the value on a label's own line, goes to the field that is open.
    fn line(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize, value: Option<&str>) {
        let (Some(label), Some(item)) = (self.open.label, self.item(sheet, kit, i)) else {
            return;
        };
        let text = value.unwrap_or(sheet.text(i)).to_string();
        let path = format!("competency_questions[{item}]");
        let field = |name: &str| format!("{path}.{name}");
        if label == Label::Round {
            if let Some(name) = round(sheet, kit, i, &text, &field("round")) {
                kit.competency_questions[item].round = name;
            }
            self.open = Open::at(Label::Question);
            return;
        }
        let question = &mut kit.competency_questions[item];
        let (name, target) = match label {
            Label::Discipline => {
                same_or_first(sheet, i, &text, &mut question.discipline, &field("discipline"));
                return;
            }
            Label::Requirement | Label::Competency if question.competency.is_empty() => {
                same_or_first(sheet, i, &text, &mut question.competency, &field("competency"));
                return;
            }
            Label::ResponseTime => {
                response_time(sheet, i, &text, &mut question.minutes, &path);
                self.open = Open::default();
                return;
            }
            Label::Requirement | Label::Competency => ("expectation", Field::Text(&mut question.expectation)),
            Label::Focus => ("focus", Field::Text(&mut question.focus)),
            Label::Question => ("question", Field::Text(&mut question.question)),
            Label::Positive => ("positive", Field::List(&mut question.positive)),
            Label::Negative => ("negative", Field::List(&mut question.negative)),
            _ => return,
        };
        sheet.fill(i, value, target, &field(name), &mut self.open);
    }

    /// The current question; a new one before its first line.
    fn item(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize) -> Option<usize> {
        let questions = &mut kit.competency_questions;
        if self.item.is_none()
            && self.open.label.is_some()
            && sheet.has_room(i, questions.len(), "competency_questions")
        {
            questions.push(CompetencyQuestion::default());
            self.item = Some(questions.len() - 1);
        }
        self.item
    }
}

/// Whether a label belongs to the question after this one.
fn begins_next(question: &CompetencyQuestion, label: Label) -> bool {
    match label {
        Label::Discipline => !question.discipline.is_empty() || !question.question.is_empty(),
        Label::Requirement | Label::Competency => !question.competency.is_empty() || !question.question.is_empty(),
        Label::Round => !question.question.is_empty() || !question.round.is_empty(),
        Label::Question => !question.positive.is_empty() || !question.negative.is_empty(),
        _ => false,
    }
}
