//! The grader as a whole: the same verdict every time, and hostile programs held to their limits.

use super::verdict::{Criterion, Outcome, Verdict};
use super::{Challenge, Grader, Language, Program};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static GRADER: LazyLock<Grader> =
    LazyLock::new(|| Grader::open(&crate::cli::cache_folder()).expect("the engine opens"));

fn challenge() -> &'static Challenge {
    Challenge::find("execute-with-retry").expect("it ships")
}

fn grade(language: Language, source: Vec<u8>, seed: u64) -> Verdict {
    GRADER.grade(challenge(), &Program { language, source }, seed)
}

fn without_cpu_time(mut verdict: Verdict) -> Verdict {
    if let Outcome::Graded(graded) = &mut verdict.outcome {
        graded.stats.cpu_ms = 0.0;
    }
    verdict
}

fn proof(id: &str) -> Vec<u8> {
    challenge()
        .proofs
        .iter()
        .find(|p| p.id == id)
        .expect("a proof")
        .source
        .clone()
        .into_bytes()
}

#[test]
fn a_rehearsal_shows_public_scenarios_and_nothing_else() {
    let program = Program {
        language: Language::JavaScript,
        source: proof("correct/reference.js"),
    };
    let rehearsal = GRADER.rehearse(challenge(), &program, 5);
    let Outcome::Graded(graded) = rehearsal.verdict.outcome else {
        panic!("the reference runs");
    };
    let judged: Vec<Criterion> = graded.criteria.iter().map(|result| result.id).collect();
    assert_eq!(judged, challenge().public_criteria());
    assert!(judged.len() < Criterion::ALL.len() && graded.criteria.iter().all(|result| result.pass));
    let public = challenge().scenarios.iter().filter(|s| s.public).count();
    assert_eq!(graded.stats.scenarios as usize, public);
}

#[test]
fn what_a_program_prints_is_placed_in_the_submitted_file() {
    let source = "type Wait = { ms: number };\n\ninterface Plan extends Wait {\n  tries: number;\n}\n\nexport async function executeWithRetry(operation: any, options: any) {\n  console.log('attempt', 1);\n  const plan = undefined as unknown as Plan;\n  return operation({ attempt: plan.tries });\n}\n";
    let program = Program {
        language: Language::TypeScript,
        source: source.into(),
    };
    let rehearsal = GRADER.rehearse(challenge(), &program, 5);
    let first = rehearsal.console.first().expect("it prints");
    assert_eq!(first.lines[0], "attempt 1");
    assert!(
        first.lines[1].starts_with("The call was rejected with TypeError: ")
            && first.lines[1].contains("(line 10, column "),
        "{:?}",
        first.lines[1]
    );
    let hidden = |id: &str| challenge().scenario(id).is_none_or(|s| !s.public);
    assert!(!rehearsal.console.iter().any(|printed| hidden(&printed.scenario)));
}

#[test]
fn the_same_program_and_seed_give_the_same_verdict() {
    let twice = || without_cpu_time(grade(Language::JavaScript, proof("correct/reference.js"), 7));
    assert_eq!(twice(), twice());
}

/// Also where the program has to be stopped, after which fewer runs count.
#[test]
fn a_verdict_does_not_know_of_threads() {
    let many = Grader::open(&crate::cli::cache_folder())
        .expect("the engine opens")
        .on_threads(3);
    let stopped = "let calls = 0; export async function executeWithRetry(operation) { for (;;) if (calls++ > 9 || (await operation()).ok) for (;;); }";
    for source in [proof("correct/reference.js"), stopped.into()] {
        let language = Language::JavaScript;
        let program = Program {
            language,
            source: source.clone(),
        };
        let by_many = without_cpu_time(many.grade(challenge(), &program, 7));
        assert_eq!(by_many, without_cpu_time(grade(language, source, 7)));
    }
}

/// The digest of a known program, so that another machine, profile or version that differs is noticed.
#[test]
fn the_trace_of_the_reference_is_the_same_everywhere() {
    let Outcome::Graded(graded) = grade(Language::JavaScript, proof("correct/reference.js"), 1).outcome else {
        panic!("not graded")
    };
    insta::assert_snapshot!(graded.trace_sha256);
}

#[test]
fn a_verdict_survives_its_storage() {
    let verdict = grade(Language::JavaScript, proof("correct/decorrelated.js"), 3);
    let stored = serde_json::to_string(&verdict).expect("it is written");
    assert_eq!(serde_json::from_str::<Verdict>(&stored).expect("it is read"), verdict);
}

#[test]
fn a_finding_can_be_replayed() {
    let source = b"export async function executeWithRetry(operation) { return operation(); }".to_vec();
    let program = Program {
        language: Language::JavaScript,
        source,
    };
    let Outcome::Graded(graded) = GRADER.grade(challenge(), &program, 1).outcome else {
        panic!("not graded")
    };
    let transient = graded
        .criteria
        .iter()
        .find(|c| c.id == Criterion::Transient)
        .expect("all are there");
    let seen = transient.seen.clone().expect("a failed criterion was seen somewhere");
    let replay = GRADER
        .replay(challenge(), &program, &seen.scenario, seen.seed)
        .expect("it plays");
    assert_eq!(Some(replay.timeline), transient.timeline.clone());
}

#[derive(Deserialize)]
struct Hostile {
    #[serde(default)]
    naive: Vec<String>,
    program: Vec<HostileProgram>,
}

#[derive(Deserialize)]
struct HostileProgram {
    file: String,
    about: String,
    expect: String,
    line: Option<u32>,
    #[serde(default)]
    correct: bool,
    #[serde(default)]
    fails_all: bool,
    #[serde(default)]
    must_fail: Vec<String>,
    #[serde(default)]
    prepend: Option<String>,
    #[serde(default)]
    prefix: String,
    text: Option<String>,
    hex: Option<String>,
    #[serde(default = "once")]
    times: usize,
    #[serde(default)]
    suffix: String,
    #[serde(default)]
    append: Option<String>,
    line_end: Option<String>,
}

fn once() -> usize {
    1
}

impl HostileProgram {
    fn source(&self, folder: &Path, made: bool) -> Vec<u8> {
        let read = |name: &str| std::fs::read(folder.join(name)).expect("a file that the list names");
        if !made {
            return read(&self.file);
        }
        let unhex = |hex: &String| -> Vec<u8> {
            let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
            (0..hex.len()).step_by(2).map(digit).collect()
        };
        let unit = self
            .hex
            .as_ref()
            .map(unhex)
            .or(self.text.clone().map(String::into_bytes))
            .unwrap_or_default();
        let part = |name: &Option<String>| name.as_deref().map(read).unwrap_or_default();
        let (prefix, suffix) = (self.prefix.clone().into_bytes(), self.suffix.clone().into_bytes());
        let bytes = [
            part(&self.prepend),
            prefix,
            unit.repeat(self.times),
            suffix,
            part(&self.append),
        ]
        .concat();
        match &self.line_end {
            None => bytes,
            Some(end) => bytes
                .into_iter()
                .flat_map(|b| if b == b'\n' { end.clone().into_bytes() } else { vec![b] })
                .collect(),
        }
    }

    fn problem(&self, verdict: &Verdict, naive: &[String]) -> Option<String> {
        match &verdict.outcome {
            Outcome::Rejected(rejection) => match (self.expect.as_str(), self.line) {
                ("rejected", None) => None,
                ("rejected", line) if rejection.line == line => None,
                ("rejected", _) => Some(format!("line {:?}: {}", rejection.line, rejection.reason)),
                _ => Some(format!("rejected: {}", rejection.reason)),
            },
            Outcome::Graded(_) if self.expect == "rejected" => Some("graded".to_string()),
            Outcome::Graded(graded) => {
                let must: Vec<&String> = self
                    .must_fail
                    .iter()
                    .flat_map(|m| if m == "naive" { naive } else { std::slice::from_ref(m) })
                    .collect();
                let wrong = |c: &&super::verdict::CriterionResult| {
                    let must_fail = self.fails_all || must.iter().any(|m| *m == c.id.id());
                    (c.pass && must_fail) || (!c.pass && self.correct)
                };
                graded
                    .criteria
                    .iter()
                    .find(wrong)
                    .map(|c| format!("{} passes: {}, {}", c.id.id(), c.pass, c.finding))
            }
        }
    }
}

#[test]
fn hostile_programs_get_what_they_deserve() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
    let list = |name: &str| -> Hostile {
        let text = std::fs::read_to_string(folder.join(name)).expect("a list");
        toml::from_str(&text).expect("a list of programs")
    };
    let (files, made) = (list("hostile.toml"), list("generated.toml"));
    let all: Vec<(&HostileProgram, bool)> = files
        .program
        .iter()
        .map(|p| (p, false))
        .chain(made.program.iter().map(|p| (p, true)))
        .collect();
    assert!(all.len() > 100);
    let problems: Vec<String> = all
        .iter()
        .filter_map(|(program, made)| {
            let language = Language::of_file_name(&program.file).unwrap_or(Language::JavaScript);
            let verdict = grade(language, program.source(&folder, *made), 1);
            let problem = program.problem(&verdict, &files.naive)?;
            Some(format!("{} ({}): {problem}", program.file, program.about))
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
