//! `halfopen import`: reads role documents and question pages, and says of every line what became of it.

#[cfg(test)]
mod tests;

use super::CliError;
use crate::roles::bank::Bank;
use crate::roles::import::{Document, Fate, Import, ImportError, Line, MOST_BYTES, Source, import};
use crate::roles::kit::Kit;
use crate::roles::lint::Finding;
use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Import role kits and question banks from text, Markdown, HTML or Halfopen's own format
#[derive(Args)]
pub struct ImportArgs {
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Only say what would be imported
    #[arg(long)]
    pub dry_run: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// A file, and what was read from it or why it could not be.
pub struct FileRead {
    pub file: String,
    pub result: Result<Import, String>,
}

/// One line of `--format json`.
#[derive(Serialize)]
struct Report<'a> {
    file: &'a str,
    kind: Option<&'static str>,
    source: Option<Source>,
    title: Option<&'a str>,
    counts: Value,
    document: Value,
    lines: Vec<Value>,
    leftovers: Vec<Value>,
    lint: &'a [Finding],
    error: Option<&'a str>,
}

/// Reads all files, stores each that can be read unless it is a dry run, and prints what became of it.
pub fn run(
    args: &ImportArgs,
    out: &mut dyn Write,
    mut store: impl FnMut(&str, &Import) -> Result<(), String>,
) -> Result<ExitCode, CliError> {
    let mut failed = false;
    for path in &args.files {
        let mut read = read(path);
        if let Ok(import) = &read.result
            && !args.dry_run
            && let Err(reason) = store(&read.file, import)
        {
            read.result = Err(reason);
        }
        failed |= read.result.is_err();
        print(args, &read, out)?;
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

pub fn read(path: &Path) -> FileRead {
    let file = path.display().to_string();
    let result = bytes(path).and_then(|bytes| {
        import(&file, &bytes).map_err(|e| match e {
            ImportError::Format(e) => e.in_file(&file),
            e => e.to_string(),
        })
    });
    FileRead { file, result }
}

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let size = std::fs::metadata(path).map_err(|e| e.to_string())?.len();
    if size > MOST_BYTES as u64 {
        let bytes = usize::try_from(size).unwrap_or(usize::MAX);
        let most = MOST_BYTES;
        return Err(ImportError::TooLarge { bytes, most }.to_string());
    }
    std::fs::read(path).map_err(|e| e.to_string())
}

pub fn print(args: &ImportArgs, read: &FileRead, out: &mut dyn Write) -> Result<(), CliError> {
    match args.format {
        Format::Text => print_text(read, out)?,
        Format::Json => {
            serde_json::to_writer(&mut *out, &report(read)).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(out.flush()?)
}

fn report(read: &FileRead) -> Report<'_> {
    let import = read.result.as_ref().ok();
    Report {
        file: &read.file,
        kind: import.map(|import| kind(&import.document)),
        source: import.map(|import| import.source),
        title: import.map(|import| title(&import.document)),
        counts: import.map_or(Value::Null, |import| {
            let counts = counts(&import.document).into_iter();
            Value::Object(counts.map(|(name, n)| (name.to_string(), n.into())).collect())
        }),
        document: import.map_or(Value::Null, |import| document(&import.document)),
        lines: import
            .map(|import| import.lines.iter().map(line).collect())
            .unwrap_or_default(),
        leftovers: import
            .map(|import| import.leftovers().map(leftover).collect())
            .unwrap_or_default(),
        lint: import.map_or(&[], |import| &import.lint),
        error: read.result.as_ref().err().map(String::as_str),
    }
}

fn kind(document: &Document) -> &'static str {
    match document {
        Document::Kit(_) => "kit",
        Document::Bank(_) => "bank",
    }
}

fn title(document: &Document) -> &str {
    match document {
        Document::Kit(kit) => &kit.title,
        Document::Bank(bank) => &bank.title,
    }
}

fn document(document: &Document) -> Value {
    let value = match document {
        Document::Kit(kit) => serde_json::to_value(kit),
        Document::Bank(bank) => serde_json::to_value(bank),
    };
    value.expect("kits and banks are plain data")
}

fn line(line: &Line) -> Value {
    let (fate, field) = match &line.fate {
        Fate::Placed(field) => ("placed", Some(field)),
        Fate::Furniture => ("furniture", None),
        Fate::Left => ("left", None),
    };
    json!({ "line": line.number, "text": line.text, "fate": fate, "field": field })
}

fn leftover(line: &Line) -> Value {
    json!({ "line": line.number, "text": line.text })
}

fn counts(document: &Document) -> Vec<(&'static str, usize)> {
    match document {
        Document::Kit(kit) => of_kit(kit),
        Document::Bank(bank) => of_bank(bank),
    }
}

fn of_kit(kit: &Kit) -> Vec<(&'static str, usize)> {
    vec![
        ("levels", kit.levels.len()),
        ("rounds", kit.rounds.len()),
        ("disciplines", kit.disciplines.len()),
        ("competencies", kit.competencies().count()),
        ("competency_questions", kit.competency_questions.len()),
        ("attitude_questions", kit.attitude_questions.len()),
        ("knock_outs", kit.knock_outs.len()),
        ("video_questions", kit.video_questions.len()),
        ("resume_criteria", kit.resume_criteria.len()),
        ("coding_tests", kit.coding_tests.len()),
        ("presentations", kit.presentations.len()),
        ("simulations", kit.simulations.len()),
    ]
}

fn of_bank(bank: &Bank) -> Vec<(&'static str, usize)> {
    let alone = bank.questions.iter().filter(|question| question.question.is_empty());
    vec![
        ("questions", bank.questions.len()),
        ("answers_without_question", alone.count()),
        ("advice", bank.advice.len()),
    ]
}

fn print_text(read: &FileRead, out: &mut dyn Write) -> std::io::Result<()> {
    let file = &read.file;
    let import = match &read.result {
        Ok(import) => import,
        // The messages of our own format begin with the file themselves.
        Err(reason) if reason.starts_with(file.as_str()) => return writeln!(out, "{reason}\n"),
        Err(reason) => return writeln!(out, "{file}: {reason}\n"),
    };
    writeln!(out, "{file}: {}, “{}”", kind(&import.document), title(&import.document))?;
    for (name, n) in counts(&import.document).into_iter().filter(|(_, n)| *n > 0) {
        writeln!(out, "{n:>6}  {}", name.replace('_', " "))?;
    }
    let left = import.leftovers().count();
    if left > 0 {
        writeln!(out, "{left:>6}  lines left, for you to assign or drop:")?;
    }
    for line in import.leftovers() {
        writeln!(out, "{file}:{}: {}", line.number, line.text)?;
    }
    for finding in &import.lint {
        let place = finding.line.map_or(String::new(), |line| format!(":{line}"));
        writeln!(out, "{file}{place}: {} [{}]", finding.message, finding.rule.id())?;
    }
    writeln!(out)
}
