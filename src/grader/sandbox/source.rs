use super::submission::SubmissionError;
use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_parser::Parser;
use oxc_semantic::SemanticBuilder;
use oxc_span::SourceType;
use oxc_transformer::{TransformOptions, Transformer};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The contract's limit on a submission.
pub const MOST_BYTES: usize = 256 * 1024;

/// Brackets inside brackets. The parser of types recurses, and so would whatever walks its tree.
const MOST_NESTING: usize = 200;

/// Room for a source of the largest size that nests without brackets; only what is used is ever touched.
const PARSER_STACK: usize = 1 << 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    JavaScript,
    TypeScript,
}

impl Language {
    /// By the ending of a file's name; `None` where it says nothing.
    pub fn of_file_name(name: &str) -> Option<Language> {
        match Path::new(name).extension()?.to_str()? {
            "js" | "mjs" => Some(Language::JavaScript),
            "ts" | "mts" => Some(Language::TypeScript),
            _ => None,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Language::JavaScript => "JavaScript",
            Language::TypeScript => "TypeScript",
        }
    }
}

/// JavaScript that the engine can read, and the way back to the lines that the candidate wrote.
pub struct Script {
    pub code: String,
    map: Option<oxc_sourcemap::SourceMap<'static>>,
}

impl Script {
    /// Line and column in the submitted file, both counted from 1, for those in `code`.
    pub fn original(&self, line: u32, column: u32) -> (u32, u32) {
        let Some(map) = &self.map else { return (line, column) };
        let table = map.generate_lookup_table();
        map.lookup_token(&table, line.saturating_sub(1), column.saturating_sub(1))
            .map_or((line, column), |t| (t.get_src_line() + 1, t.get_src_col() + 1))
    }
}

/// Checks a submission's bytes and strips its types.
pub fn prepare(source: &[u8], language: Language) -> Result<Script, SubmissionError> {
    if source.len() > MOST_BYTES {
        return Err(SubmissionError::TooLarge { bytes: source.len() });
    }
    let text = std::str::from_utf8(source).map_err(|e| {
        let before = &source[..e.valid_up_to()];
        SubmissionError::NotUtf8 {
            line: 1 + before.iter().filter(|b| **b == b'\n').count() as u32,
        }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(SubmissionError::Empty);
    }
    match language {
        Language::JavaScript => Ok(Script {
            code: text.to_string(),
            map: None,
        }),
        Language::TypeScript => strip_types(text),
    }
}

fn strip_types(text: &str) -> Result<Script, SubmissionError> {
    if let Some(line) = nests_too_deeply(text) {
        return Err(SubmissionError::Syntax {
            message: format!("brackets are nested more than {MOST_NESTING} deep"),
            line: Some(line),
            column: None,
        });
    }
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(PARSER_STACK)
            .spawn_scoped(scope, || transform(text))
            .ok()
            .and_then(|thread| thread.join().ok())
            .unwrap_or_else(|| {
                Err(SubmissionError::Syntax {
                    message: "the types could not be stripped".to_string(),
                    line: None,
                    column: None,
                })
            })
    })
}

fn nests_too_deeply(text: &str) -> Option<u32> {
    let (mut depth, mut line) = (0_usize, 1);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' | b'<' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'>' => depth = depth.saturating_sub(1),
            b'\n' => line += 1,
            _ => {}
        }
        if depth > MOST_NESTING {
            return Some(line);
        }
    }
    None
}

fn transform(text: &str) -> Result<Script, SubmissionError> {
    let allocator = Allocator::default();
    let mut parsed = Parser::new(&allocator, text, SourceType::ts().with_module(true)).parse();
    if let Some(problem) = parsed.diagnostics.first() {
        return Err(syntax_error(text, problem));
    }
    let scoping = SemanticBuilder::new()
        .with_excess_capacity(2.0)
        .with_enum_eval(true)
        .build(&parsed.program)
        .semantic
        .into_scoping();
    let options = TransformOptions::default();
    let path = Path::new("submission.ts");
    let transformed = Transformer::new(&allocator, path, &options).build_with_scoping(scoping, &mut parsed.program);
    if let Some(problem) = transformed.diagnostics.first() {
        return Err(syntax_error(text, problem));
    }
    let options = CodegenOptions {
        source_map_path: Some(PathBuf::from("submission.ts")),
        ..CodegenOptions::default()
    };
    let generated = Codegen::new().with_options(options).build(&parsed.program);
    Ok(Script {
        code: generated.code,
        map: generated.map.map(|m| m.into_owned()),
    })
}

fn syntax_error(text: &str, problem: &oxc_diagnostics::OxcDiagnostic) -> SubmissionError {
    let offset = problem
        .labels
        .first()
        .map(|label| (label.offset() as usize).min(text.len()));
    let before = offset.and_then(|o| text.get(..o));
    let line = before.map(|b| 1 + b.matches('\n').count() as u32);
    let column = before.map(|b| 1 + b.rsplit('\n').next().unwrap_or_default().chars().count() as u32);
    SubmissionError::Syntax {
        message: problem.message.to_string(),
        line,
        column,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip(text: &str) -> Result<Script, SubmissionError> {
        prepare(text.as_bytes(), Language::TypeScript)
    }

    #[test]
    fn what_types_become_code_is_kept() {
        let code = strip("enum A { X }\nnamespace N { export const y: number = 1 }\nclass C { constructor(private z: number) {} }\nexport const a = [A.X, N.y, C];").unwrap().code;
        assert!(code.contains("this.z = z") && !code.contains(": number"));
    }

    #[test]
    fn a_syntax_error_has_its_place() {
        let Err(SubmissionError::Syntax { line, column, .. }) = strip("const a = 1;\nexport const = 3") else {
            panic!("accepted")
        };
        assert_eq!((line, column), (Some(2), Some(14)));
    }

    #[test]
    fn deep_sources_do_not_end_the_process() {
        for unit in [
            "(", "!", "-", "a=>", "a?b:", "[", "new ", "if(a)", "a+", "a.b(", "<T>", "`${", "await ",
        ] {
            let _ = strip(&unit.repeat(MOST_BYTES / unit.len()));
        }
        let sum = format!("export const a = 1{};", "+1".repeat(MOST_BYTES / 2 - 20));
        assert!(strip(&sum).is_ok());
    }
}
