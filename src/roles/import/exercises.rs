//! Presentations, and what they have in common with the other exercises.

use super::sheet::{Field, Open, Sheet};
use super::signs::{Label, Sign};
use super::times::time;
use super::words::{parts, trimmed};
use crate::roles::kit::{Anchors, Kit, Presentation};
use std::ops::Range;

const MINUTES: std::ops::RangeInclusive<u32> = 1..=480;
const PREPARATION: std::ops::RangeInclusive<u32> = 1..=2880;

pub fn presentations(sheet: &mut Sheet, kit: &mut Kit, rows: Range<usize>) {
    let mut at = Reader::default();
    for i in rows {
        match sheet.sign(i, at.open) {
            Sign::Counter(_) => {
                sheet.furniture(i);
                at = Reader::default();
            }
            Sign::Count(..) | Sign::Furniture => sheet.furniture(i),
            Sign::Label(label, value) => {
                at.open = Open::at(label);
                match value {
                    Some(value) => at.line(sheet, kit, i, Some(&value)),
                    None if label.is_of_presentation() => sheet.furniture(i),
                    None => at.open = Open::default(),
                }
            }
            Sign::Plain => at.line(sheet, kit, i, None),
            _ => at.open = Open::default(),
        }
    }
}

struct Reader {
    /// The presentation that lines belong to; nothing before its first line.
    item: Option<usize>,
    /// `Label::Question` stands for the prompt.
    open: Open,
}

impl Default for Reader {
    fn default() -> Reader {
        Reader {
            item: None,
            open: Open::at(Label::Question),
        }
    }
}

impl Reader {
    fn line(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize, value: Option<&str>) {
        let Some(label) = self.open.label.filter(|label| label.is_of_presentation()) else {
            self.open = Open::default();
            return;
        };
        let all = &mut kit.presentations;
        if self.item.is_none() && sheet.has_room(i, all.len(), "presentations") {
            all.push(Presentation::default());
            self.item = Some(all.len() - 1);
        }
        let Some(item) = self.item else {
            return;
        };
        let path = format!("presentations[{item}]");
        let talk = &mut all[item];
        let text = value.unwrap_or(sheet.text(i)).to_string();
        let (name, target) = match label {
            Label::Format => {
                let times = (&mut talk.minutes, &mut talk.preparation_minutes);
                format(sheet, i, &text, &mut talk.format, times, &path);
                self.open = Open::default();
                return;
            }
            Label::ResponseTime => {
                response_time(sheet, i, &text, &mut talk.minutes, &path);
                self.open = Open::default();
                return;
            }
            Label::Question => ("prompt", Field::Text(&mut talk.prompt)),
            Label::Audience => ("audience", Field::Text(&mut talk.audience)),
            Label::Prepare => ("prepare", Field::List(&mut talk.prepare)),
            Label::Deliverables => ("deliverables", Field::List(&mut talk.deliverables)),
            Label::GroundRules => ("ground_rules", Field::List(&mut talk.ground_rules)),
            Label::Positive => ("positive", Field::List(&mut talk.positive)),
            Label::Negative => ("negative", Field::List(&mut talk.negative)),
            _ => match anchor(label, &mut talk.anchors) {
                Some(anchor) => anchor,
                None => return,
            },
        };
        sheet.fill(i, value, target, &format!("{path}.{name}"), &mut self.open);
    }
}

impl Label {
    fn is_of_presentation(self) -> bool {
        self.is_of_exercise()
            || matches!(
                self,
                Label::Question | Label::Audience | Label::Prepare | Label::Deliverables
            )
    }

    /// Whether presentations and simulations both have it.
    pub fn is_of_exercise(self) -> bool {
        matches!(
            self,
            Label::Format
                | Label::ResponseTime
                | Label::GroundRules
                | Label::Anchors
                | Label::Exceeds
                | Label::Meets
                | Label::Below
                | Label::Positive
                | Label::Negative
        )
    }
}

pub fn anchor(label: Label, anchors: &mut Anchors) -> Option<(&'static str, Field<'_>)> {
    match label {
        Label::Exceeds => Some(("anchors.exceeds", Field::Text(&mut anchors.exceeds))),
        Label::Meets => Some(("anchors.meets", Field::Text(&mut anchors.meets))),
        Label::Below => Some(("anchors.below", Field::Text(&mut anchors.below))),
        _ => None,
    }
}

/// How long an exercise lasts. What cannot be read stays with its line.
pub fn response_time(sheet: &mut Sheet, i: usize, text: &str, minutes: &mut Option<u32>, path: &str) {
    let read = time(text)
        .filter(|time| !time.preparing)
        .and_then(|time| time.minutes());
    if let Some(read) = read.filter(|minutes| MINUTES.contains(minutes)) {
        sheet.number(i, read, minutes, &format!("{path}.minutes"), "minutes");
    }
}

/// A line such as `fireside-talk · 25 min · ~1.5 hr prep`. Where a part of it is not understood, the others are
/// read, and the line is left.
pub fn format(
    sheet: &mut Sheet,
    i: usize,
    text: &str,
    name: &mut String,
    (minutes, preparation): (&mut Option<u32>, &mut Option<u32>),
    path: &str,
) {
    let mut understood = true;
    let mut parts = parts(text);
    if parts.len() == 1 && text.split([',', ';']).any(|part| time(part).is_some()) {
        parts = text.split([',', ';']).map(trimmed).collect();
    }
    for (n, part) in parts.into_iter().enumerate() {
        let read = time(part).and_then(|time| Some((time.minutes()?, time.preparing)));
        understood &= match read {
            Some((value, true)) if PREPARATION.contains(&value) => {
                sheet.number(i, value, preparation, &format!("{path}.preparation_minutes"), "minutes")
            }
            Some((value, false)) if MINUTES.contains(&value) => {
                sheet.number(i, value, minutes, &format!("{path}.minutes"), "minutes")
            }
            None if n == 0 && name.is_empty() => {
                *name = part.to_string();
                true
            }
            None => n == 0 && name == part,
            _ => false,
        };
    }
    if understood {
        sheet.place(i, format!("{path}.format"));
    } else {
        sheet.leave(i);
    }
}
