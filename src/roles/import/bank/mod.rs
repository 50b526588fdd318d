//! Question pages, in the three shapes in which they are found.

mod examples;
mod numbered;
mod page;
#[cfg(test)]
mod tests;

use super::kit::title_of;
use super::sheet::Sheet;
use super::signs::Sign;
use super::words::{fold_beginning, word_count};
use crate::roles::bank::{Bank, BankQuestion};
use crate::roles::lint::Rule;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// “Question 1”, its difficulty, “Sample answer”.
    Numbered,
    /// “Write your answer to: …”, and answers among the text of a page.
    Page,
    /// “Employers ask this question to …”, “Answer Example: …”.
    Examples,
}

/// How many lines there are that only question pages have.
pub fn evidence(sheet: &Sheet) -> usize {
    shapes(sheet).into_iter().map(|(_, n)| n).max().unwrap_or_default()
}

fn shapes(sheet: &Sheet) -> [(Shape, usize); 3] {
    let count = |known: &dyn Fn(&str) -> bool| sheet.rows.iter().filter(|row| known(&row.text)).count();
    [
        (Shape::Examples, count(&examples::is_evidence)),
        (Shape::Page, count(&page::is_evidence)),
        (Shape::Numbered, count(&numbered::is_evidence)),
    ]
}

/// Reads a question page. Nothing, if no question and no answer is found.
pub fn read(sheet: &mut Sheet, file: &str) -> Option<Bank> {
    let mut bank = Bank {
        bank: Bank::FORMAT,
        ..Bank::default()
    };
    let (shape, _) = shapes(sheet).into_iter().rev().max_by_key(|(_, n)| *n)?;
    match shape {
        Shape::Numbered => numbered::read(sheet, &mut bank),
        Shape::Page => page::read(sheet, &mut bank),
        Shape::Examples => examples::read(sheet, &mut bank),
    }
    for i in 0..sheet.rows.len() {
        if sheet.is_left(i) && (sheet.rows[i].is_decoration() || is_advertisement(sheet.text(i))) {
            sheet.furniture(i);
        }
    }
    if bank.title.is_empty() {
        bank.title = match shape {
            Shape::Numbered => "Interview questions".to_string(),
            _ => title_of(file),
        };
        if shape != Shape::Numbered {
            let message = format!("there is no title; the name of the file stands in: “{}”", bank.title);
            sheet.find(Rule::NoTitle, "title", message, None);
        }
    }
    (!bank.questions.is_empty()).then_some(bank)
}

/// Text of a page that sells something, of the shapes that are known.
fn is_advertisement(text: &str) -> bool {
    let folded = fold_beginning(text);
    let words = word_count(text);
    let find = folded.starts_with("find remote ") && folded.contains("opportunit") && words <= 20;
    let browse = folded.starts_with("browse ") && folded.contains("job") && words <= 40;
    let help = folded.starts_with("help us improve this answer") && words <= 8;
    find || browse || help || is_price(&folded)
}

/// “$9/month”.
fn is_price(text: &str) -> bool {
    let amount = text.trim_start_matches(['$', '€', '£', ' ']);
    let digits = amount.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ',');
    let period = digits.trim_start_matches(['/', ' ']);
    let period = period.strip_prefix("per ").unwrap_or(period);
    amount.len() < text.len()
        && digits.len() < amount.len()
        && matches!(period, "" | "month" | "mo" | "year" | "yr" | "week")
}

/// A question of a bank; a new one where there is none yet.
fn question<'a>(
    sheet: &mut Sheet,
    bank: &'a mut Bank,
    i: usize,
    item: &mut Option<usize>,
) -> Option<(usize, &'a mut BankQuestion)> {
    if item.is_none() && sheet.has_room(i, bank.questions.len(), "questions") {
        bank.questions.push(BankQuestion::default());
        *item = Some(bank.questions.len() - 1);
    }
    item.map(|n| (n, &mut bank.questions[n]))
}

/// Whether a row may carry something at all.
fn is_content(sheet: &Sheet, i: usize) -> bool {
    !sheet.rows[i].is_decoration() && !is_advertisement(sheet.text(i))
}

/// Whether a row is a bare label of role documents: pages do not answer with those.
fn is_label(sheet: &Sheet, i: usize) -> bool {
    !matches!(
        sheet.signs[i],
        Sign::Plain | Sign::Label(_, Some(_)) | Sign::Expected(..)
    )
}
