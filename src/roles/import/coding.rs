//! Coding tests: one after another, each with its variants.

use super::exercises::response_time;
use super::sheet::{Field, Open, Sheet};
use super::signs::{Label, Sign};
use super::words::{fold, key};
use crate::roles::kit::{CodingTest, Kit, Variant};
use std::ops::Range;

pub fn read(sheet: &mut Sheet, kit: &mut Kit, rows: Range<usize>) {
    let mut at = Reader::default();
    let mut i = rows.start;
    while i < rows.end {
        match at.sign(sheet, i) {
            Sign::Counter(_) => {
                sheet.furniture(i);
                at = Reader::default();
            }
            Sign::Count(..) | Sign::Furniture => sheet.furniture(i),
            Sign::Setting(setting) => at.setting(sheet, kit, i, &setting),
            Sign::Variant(name) => at.variant(sheet, kit, i, &name),
            Sign::Label(label, value) => at.label(sheet, kit, i, label, value.as_deref()),
            Sign::Plain if at.open.label == Some(Label::Question) => {
                let end = sheet.run_over_rules(i, rows.end, at.open);
                at.text(sheet, kit, i..end);
                i = end;
                continue;
            }
            Sign::Plain => at.line(sheet, kit, i, None),
            _ => at.open = Open::default(),
        }
        i += 1;
    }
}

struct Reader {
    /// The test that lines belong to; nothing before its first line.
    item: Option<usize>,
    variant: Option<usize>,
    /// `Label::Question` stands for the instructions and the task.
    open: Open,
}

impl Default for Reader {
    fn default() -> Reader {
        Reader {
            item: None,
            variant: None,
            open: Open::at(Label::Question),
        }
    }
}

impl Reader {
    /// Entries without bullets may look like the name of a variant.
    fn sign(&self, sheet: &Sheet, i: usize) -> Sign {
        match sheet.sign(i, self.open) {
            Sign::Variant(name)
                if self.open.is_unbulleted() && !matches!(key(&name).as_str(), "withai" | "withoutai") =>
            {
                Sign::Plain
            }
            sign => sign,
        }
    }

    fn setting(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize, setting: &str) {
        if self
            .item
            .is_some_and(|item| kit.coding_tests[item] != CodingTest::default())
        {
            *self = Reader::default();
        }
        if let Some(item) = self.item(sheet, kit, i) {
            kit.coding_tests[item].setting = setting.to_string();
            sheet.place(i, format!("coding_tests[{item}].setting"));
        }
        self.open = Open::at(Label::Question);
    }

    fn variant(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize, name: &str) {
        let same = |variant: &Variant| fold(&variant.name) == fold(name);
        if self
            .item
            .is_some_and(|item| kit.coding_tests[item].variants.iter().any(same))
        {
            *self = Reader::default();
        }
        self.variant = None;
        self.open = Open::at(Label::Question);
        let Some((item, variant)) = self.create(sheet, kit, i) else {
            return;
        };
        kit.coding_tests[item].variants[variant].name = name.to_string();
        sheet.place(i, format!("coding_tests[{item}].variants[{variant}].name"));
    }

    fn label(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize, label: Label, value: Option<&str>) {
        if !matches!(label, Label::ResponseTime | Label::Positive | Label::Negative) {
            self.open = Open::default();
            return;
        }
        self.open = Open::at(label);
        match value {
            Some(value) => self.line(sheet, kit, i, Some(value)),
            None => sheet.furniture(i),
        }
    }

    /// The first paragraph says what is allowed, the others what to write; one alone is what to write.
    fn text(&mut self, sheet: &mut Sheet, kit: &mut Kit, rows: Range<usize>) {
        let Some((item, variant)) = self.create(sheet, kit, rows.start) else {
            return;
        };
        let path = format!("coding_tests[{item}].variants[{variant}]");
        let target = &mut kit.coding_tests[item].variants[variant];
        let mut task = rows.len() == 1 || !target.task.is_empty();
        for i in rows {
            if sheet.rows[i].is_decoration() {
                sheet.furniture(i);
            } else if task {
                sheet.paragraph(i, &mut target.task, &format!("{path}.task"));
            } else {
                sheet.paragraph(i, &mut target.instructions, &format!("{path}.instructions"));
                task = true;
            }
        }
    }

    fn line(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize, value: Option<&str>) {
        let Some(label) = self.open.label else {
            return;
        };
        let Some(item) = self.item(sheet, kit, i) else {
            return;
        };
        let path = format!("coding_tests[{item}]");
        let test = &mut kit.coding_tests[item];
        let (name, target) = match label {
            Label::Positive => ("positive", Field::List(&mut test.positive)),
            Label::Negative => ("negative", Field::List(&mut test.negative)),
            _ => {
                let text = value.unwrap_or(sheet.text(i)).to_string();
                response_time(sheet, i, &text, &mut test.minutes, &path);
                self.open = Open::default();
                return;
            }
        };
        sheet.fill(i, value, target, &format!("{path}.{name}"), &mut self.open);
    }

    /// The current test; a new one before its first line.
    fn item(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize) -> Option<usize> {
        if self.item.is_none() && sheet.has_room(i, kit.coding_tests.len(), "coding_tests") {
            kit.coding_tests.push(CodingTest::default());
            self.item = Some(kit.coding_tests.len() - 1);
        }
        self.item
    }

    /// The current variant; a new one before its first line.
    fn create(&mut self, sheet: &mut Sheet, kit: &mut Kit, i: usize) -> Option<(usize, usize)> {
        let item = self.item(sheet, kit, i)?;
        let variants = &mut kit.coding_tests[item].variants;
        if self.variant.is_none() && sheet.has_room(i, variants.len(), &format!("coding_tests[{item}].variants")) {
            variants.push(Variant::default());
            self.variant = Some(variants.len() - 1);
        }
        Some((item, self.variant?))
    }
}
