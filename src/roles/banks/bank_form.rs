//! The form of a bank, checked field by field, kept when it is refused.

use serde::Deserialize;
use uuid::Uuid;

use crate::roles::banks::{MOST_ENTRIES, MOST_TEXT, MOST_TITLE, StoredBank, clean_text};
use crate::ui::form::with_errors;
use crate::ui::{Field, clean_line};

#[derive(Clone, Debug, Default, Deserialize)]
pub struct BankForm {
    #[serde(default)]
    title: String,
    #[serde(default)]
    about: String,
    #[serde(default)]
    advice: String,
    #[serde(default)]
    form_token: String,
}

pub struct CheckedBank {
    pub title: String,
    pub about: String,
    pub advice: Vec<String>,
    pub form_token: Uuid,
}

#[derive(Clone, Debug)]
pub struct BankFields {
    pub title: Field,
    pub about: Field,
    pub advice: Field,
    pub form_token: String,
}

impl BankFields {
    pub fn new(form_token: String) -> BankFields {
        BankFields {
            title: Field::new("title", "Title").hint("what the questions are for"),
            about: Field::new("about", "About").hint("optional; an empty line divides paragraphs"),
            advice: Field::new("advice", "Advice").hint("optional; to whoever prepares, one piece on each line"),
            form_token,
        }
    }

    pub fn of(bank: &StoredBank, form_token: String) -> BankFields {
        let empty = BankFields::new(form_token);
        BankFields {
            title: empty.title.value(&bank.line.title),
            about: empty.about.value(&bank.line.about),
            advice: empty.advice.value(lines_of(&bank.advice)),
            form_token: empty.form_token,
        }
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.title, &self.about, &self.advice])
    }
}

impl BankForm {
    pub fn check(self) -> Result<CheckedBank, Box<BankFields>> {
        let title = check_title(&self.title);
        let about = check_text(&self.about);
        let advice = check_lines(&self.advice);
        match (title, about, advice, self.form_token.parse()) {
            (Ok(title), Ok(about), Ok(advice), Ok(form_token)) => Ok(CheckedBank {
                title,
                about,
                advice,
                form_token,
            }),
            (title, about, advice, _) => {
                let empty = BankFields::new(self.form_token);
                Err(Box::new(BankFields {
                    title: empty.title.value(self.title).error(title.err()),
                    about: empty.about.value(self.about).error(about.err()),
                    advice: empty.advice.value(self.advice).error(advice.err()),
                    form_token: empty.form_token,
                }))
            }
        }
    }
}

fn check_title(typed: &str) -> Result<String, &'static str> {
    let title = clean_line(typed);
    match title.chars().count() {
        0 => Err("Write a title, such as “Integration engineer”."),
        1..=MOST_TITLE => Ok(title),
        _ => Err("A title has at most 200 characters."),
    }
}

pub fn check_text(typed: &str) -> Result<String, String> {
    let text = clean_text(typed);
    match text.chars().count() {
        0..=MOST_TEXT => Ok(text),
        length => Err(format!("At most {MOST_TEXT} characters fit here; these are {length}.")),
    }
}

/// One entry for each line that is not empty.
pub fn check_lines(typed: &str) -> Result<Vec<String>, String> {
    let text = clean_text(typed);
    let entries: Vec<String> = text.lines().map(clean_line).filter(|line| !line.is_empty()).collect();
    match (entries.len(), entries.iter().map(|entry| entry.chars().count()).max()) {
        (MOST_ENTRIES.., _) if entries.len() > MOST_ENTRIES => Err(format!(
            "At most {MOST_ENTRIES} lines fit here; these are {}.",
            entries.len()
        )),
        (_, Some(longest)) if longest > MOST_TEXT => Err(format!(
            "A line has at most {MOST_TEXT} characters; the longest here has {longest}."
        )),
        _ => Ok(entries),
    }
}

/// The other way round. An entry that came in with line ends of its own is put on one line.
pub fn lines_of(entries: &[String]) -> String {
    let lines: Vec<String> = entries.iter().map(|entry| clean_line(entry)).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_one_entry_on_each_line() {
        assert_eq!(
            check_lines(" one\r\n\r\n two  words \r\n").unwrap(),
            ["one", "two words"]
        );
        assert_eq!(check_lines("").unwrap(), Vec::<String>::new());
        assert!(check_lines(&"x\n".repeat(200)).is_ok());
        assert!(check_lines(&"x\n".repeat(201)).unwrap_err().contains("201"));
        assert_eq!(lines_of(&["a\nb".into(), "c".into()]), "a b\nc");
    }

    #[test]
    fn a_bank_needs_a_title() {
        let form = BankForm {
            about: "x".repeat(MOST_TEXT + 1),
            form_token: Uuid::nil().to_string(),
            ..BankForm::default()
        };
        let fields = form.check().err().expect("it is refused");
        assert_eq!(fields.with_errors().len(), 2);
        assert_eq!(fields.about.value.len(), MOST_TEXT + 1);
    }
}
