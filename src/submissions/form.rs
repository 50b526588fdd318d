//! The form that submits a program: read from either encoding, checked field by field, kept when it is refused.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use uuid::Uuid;

use crate::grader::{LARGEST_SEED, Language};
use crate::submissions::Program;
use crate::ui::{Field, Upload, clean_line};

/// What a program may measure, by the contract.
pub const MOST_BYTES: usize = 256 * 1024;
/// What is sent back into the page when it is refused.
const MOST_KEPT: usize = 1024 * 1024;
const LONGEST_TITLE: usize = 200;

/// As it arrived.
#[derive(Clone, Debug, Default)]
pub struct SubmissionForm {
    pub title: String,
    pub source: String,
    pub language: String,
    pub seed: String,
    pub form_token: String,
    /// A file, with its name, where one was chosen. It goes before what was pasted.
    pub file: Option<(String, Bytes)>,
}

impl<S: Send + Sync> FromRequest<S> for SubmissionForm {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<SubmissionForm, Response> {
        let mut upload = Upload::from_request(request, state).await?;
        Ok(SubmissionForm {
            title: upload.take("title"),
            source: upload.take("source"),
            language: upload.take("language"),
            seed: upload.take("seed"),
            form_token: upload.take("form_token"),
            file: upload.take_file("file"),
        })
    }
}

impl SubmissionForm {
    /// The form's fields with what is wrong with them, or what they say.
    pub fn check(self) -> Result<CheckedSubmission, Box<SubmissionFields>> {
        let title = self.checked_title();
        let source = self.checked_source();
        let seed = self.checked_seed();
        match (title, source, seed, self.form_token.parse()) {
            (Ok(title), Ok(source), Ok(seed), Ok(form_token)) => {
                let program = Program {
                    language: self.language_of(&source),
                    source,
                };
                Ok(CheckedSubmission {
                    title,
                    program,
                    seed,
                    form_token,
                })
            }
            (title, source, seed, _) => {
                let mut fields = SubmissionFields::new(&self.form_token);
                fields.title = fields.title.value(self.title.clone()).error(title.err());
                fields.source = fields.source.value(self.kept_source()).error(source.err());
                fields.seed = fields.seed.value(self.seed.clone()).error(seed.err());
                fields.language = fields.language.value(self.language.clone());
                Err(Box::new(fields))
            }
        }
    }

    fn checked_title(&self) -> Result<String, &'static str> {
        let typed = clean_line(&self.title);
        let title = match &self.file {
            Some((file_name, _)) if typed.is_empty() => clean_line(file_name),
            _ => typed,
        };
        match title.chars().count() {
            0 => Err("Write a title, so that colleagues find it again: whose program is it?"),
            1..=LONGEST_TITLE => Ok(title),
            _ => Err("A title has at most 200 characters."),
        }
    }

    fn checked_source(&self) -> Result<Vec<u8>, String> {
        let source = match &self.file {
            Some((_, bytes)) => bytes.as_ref(),
            None => self.source.as_bytes(),
        };
        if source.len() > MOST_BYTES {
            let size = source.len().div_ceil(1024);
            return Err(format!(
                "This program has {size} KiB; at most 256 KiB are graded. A bundle that was minified may fit."
            ));
        }
        match std::str::from_utf8(source) {
            Err(_) => Err("This file is not text in UTF-8. Save it with that encoding, and choose it again.".into()),
            Ok(text) if text.trim().is_empty() => Err("Paste a program, or choose a file.".into()),
            Ok(_) => Ok(source.to_vec()),
        }
    }

    fn checked_seed(&self) -> Result<u64, &'static str> {
        match self.seed.trim() {
            "" => Ok(DEFAULT_SEED),
            typed => parse_seed(typed),
        }
    }

    fn language_of(&self, source: &[u8]) -> Language {
        let by_name = || self.file.as_ref().and_then(|(name, _)| Language::of_file_name(name));
        match self.language.as_str() {
            "javascript" => Language::JavaScript,
            "typescript" => Language::TypeScript,
            _ => by_name().unwrap_or_else(|| guess_language(&String::from_utf8_lossy(source))),
        }
    }

    fn kept_source(&self) -> String {
        let text = match &self.file {
            Some((_, bytes)) => std::str::from_utf8(bytes).unwrap_or_default(),
            None => &self.source,
        };
        if text.len() <= MOST_KEPT {
            text.to_owned()
        } else {
            String::new()
        }
    }
}

pub fn parse_seed(typed: &str) -> Result<u64, &'static str> {
    let seed = typed.trim().parse().ok().filter(|seed| *seed <= LARGEST_SEED);
    seed.ok_or("A seed is a whole number from 0 to 9 000 000 000 000.")
}

/// The seed of a grading that asks for none: everybody's program meets the same world.
pub const DEFAULT_SEED: u64 = 1;

pub struct CheckedSubmission {
    pub title: String,
    pub program: Program,
    pub seed: u64,
    pub form_token: Uuid,
}

#[derive(Clone, Debug)]
pub struct SubmissionFields {
    pub title: Field,
    pub source: Field,
    pub language: Field,
    pub seed: Field,
    pub form_token: String,
}

impl SubmissionFields {
    pub fn new(form_token: &str) -> SubmissionFields {
        SubmissionFields {
            title: Field::new("title", "Title").hint("whose program, which version"),
            source: Field::new("source", "Program").hint("paste it, or drop a file here"),
            language: Field::new("language", "Language").value("auto"),
            seed: Field::new("seed", "Seed").hint("optional; the same seed repeats a grading exactly"),
            form_token: form_token.to_owned(),
        }
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        crate::ui::form::with_errors(&[&self.title, &self.source, &self.language, &self.seed])
    }
}

/// What a pasted program is written in. Only what means nothing in JavaScript counts as TypeScript; where this is wrong,
/// the form has a choice.
fn guess_language(text: &str) -> Language {
    const ANNOTATIONS: [&str; 12] = [
        ": Promise<",
        ": number",
        ": string",
        ": boolean",
        ": unknown",
        ": any",
        ": void",
        ": Error",
        ": Response",
        " as const",
        " as unknown",
        " satisfies ",
    ];
    const DECLARATIONS: [&str; 7] = [
        "interface ",
        "export interface ",
        "type ",
        "export type ",
        "enum ",
        "namespace ",
        "declare ",
    ];
    let code = text
        .lines()
        .map(str::trim_start)
        .filter(|line| !line.starts_with("//") && !line.starts_with('*'));
    let typed = code.into_iter().any(|line| {
        let declares = DECLARATIONS.iter().any(|word| line.starts_with(word)) && line.contains(['=', '{']);
        declares || ANNOTATIONS.iter().any(|mark| line.contains(mark))
    });
    if typed {
        Language::TypeScript
    } else {
        Language::JavaScript
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(source: &str) -> SubmissionForm {
        SubmissionForm {
            title: "Reference".into(),
            source: source.into(),
            form_token: Uuid::nil().to_string(),
            ..SubmissionForm::default()
        }
    }

    #[test]
    fn guesses_the_language_of_a_paste() {
        let plain = "// type of thing: string\nexport async function executeWithRetry(operation, options) {\n  return operation();\n}";
        assert_eq!(guess_language(plain), Language::JavaScript);
        let typed =
            "export async function executeWithRetry<T>(operation: () => Promise<T>, options: Options): Promise<T> {";
        assert_eq!(guess_language(typed), Language::TypeScript);
        assert_eq!(guess_language("interface Options {\n  a: A;\n}"), Language::TypeScript);
    }

    #[test]
    fn a_chosen_language_and_a_file_name_go_before_the_guess() {
        let mut chosen = form("const a = 1;");
        chosen.language = "typescript".into();
        assert_eq!(
            chosen.check().ok().map(|s| s.program.language),
            Some(Language::TypeScript)
        );
        let mut file = form("");
        file.file = Some(("retry.ts".into(), Bytes::from_static(b"const a = 1;")));
        assert_eq!(
            file.check().ok().map(|s| s.program.language),
            Some(Language::TypeScript)
        );
    }

    #[test]
    fn what_is_refused_is_kept_with_the_reason_at_its_field() {
        let mut bad = form(&"x".repeat(MOST_BYTES + 1));
        bad.seed = "-1".into();
        bad.title = " ".into();
        let fields = bad.check().err().expect("it is refused");
        assert_eq!(fields.with_errors().len(), 3);
        assert_eq!(fields.source.value.len(), MOST_BYTES + 1);
        assert!(fields.source.error.unwrap().contains("257 KiB"));
    }

    #[test]
    fn a_file_that_is_not_utf8_is_refused() {
        let mut file = form("");
        file.file = Some(("retry.js".into(), Bytes::from_static(&[0x63, 0xff])));
        assert!(file.check().err().unwrap().source.error.unwrap().contains("UTF-8"));
    }
}
