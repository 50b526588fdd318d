use super::text::Paint;
use super::{CliError, challenge, cores, in_order, open_grader, text};
use crate::grader::verdict::{Graded, Outcome, Stats, Verdict};
use crate::grader::{Challenge, Grader, Language, Program};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Grade programs, or play one run of one again
#[derive(Args)]
pub struct GradeArgs {
    /// JavaScript or TypeScript files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[arg(long, default_value = "execute-with-retry")]
    challenge: String,
    /// Of the grading; with --scenario, of the run
    #[arg(long)]
    seed: Option<u64>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Play one run of this scenario again
    #[arg(long)]
    scenario: Option<String>,
    /// Write everything that happened to this file, a JSON object for each run
    #[arg(long)]
    trace: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub const DEFAULT_SEED: u64 = 1;

/// One line of `--format json`.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    challenge: &'a str,
    contract: u32,
    outcome: &'static str,
    reason: Option<&'a str>,
    criteria: Vec<CriterionLine<'a>>,
    band: Option<&'static str>,
    stats: Stats,
    seed: u64,
    trace_sha256: Option<&'a str>,
}

#[derive(Serialize)]
struct CriterionLine<'a> {
    id: &'static str,
    pass: bool,
    finding: &'a str,
}

pub fn run(args: &GradeArgs, out: &mut dyn Write) -> Result<(), CliError> {
    let (grader, challenge, programs) = std::thread::scope(|scope| {
        let grader = scope.spawn(open_grader);
        let challenge = challenge(&args.challenge)?;
        let programs = args.files.iter().map(|path| read(path));
        let programs = programs.collect::<Result<Vec<_>, _>>()?;
        let grader = grader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        Ok::<_, CliError>((grader, challenge, programs))
    })?;
    let grader = grader.on_threads(cores() / programs.len());
    if let Some(scenario) = &args.scenario {
        return replay(args, &grader, challenge, &programs, scenario, out);
    }
    let seed = args.seed.unwrap_or(DEFAULT_SEED);
    let mut trace = match &args.trace {
        Some(path) => Some(std::io::BufWriter::new(
            std::fs::File::create(path).map_err(|e| failed(path, e))?,
        )),
        None => None,
    };
    let wants_trace = trace.is_some();
    let work = |program: &(String, Program)| grader.grade_tracing(challenge, &program.1, seed, wants_trace);
    let progress = std::io::stderr().is_terminal() && programs.len() > 3;
    let mut result = Ok(());
    in_order(&programs, work, |i, (verdict, lines)| {
        if progress {
            eprint!("\r{} of {}", i + 1, programs.len());
        }
        if result.is_ok() {
            result = show(args.format, &programs[i].0, &verdict, out);
        }
        for line in lines {
            if let (Some(file), Ok(())) = (&mut trace, &result) {
                result = writeln!(file, "{line}").map_err(CliError::from);
            }
        }
    });
    if progress {
        eprintln!();
    }
    if let Some(file) = &mut trace {
        file.flush()?;
    }
    result
}

fn failed(path: &Path, source: std::io::Error) -> CliError {
    CliError::File {
        path: path.display().to_string(),
        source,
    }
}

fn read(path: &Path) -> Result<(String, Program), CliError> {
    let source = std::fs::read(path).map_err(|e| failed(path, e))?;
    let name = path.display().to_string();
    let language = Language::of_file_name(&name).unwrap_or(Language::JavaScript);
    Ok((name, Program { language, source }))
}

fn show(format: Format, file: &str, verdict: &Verdict, out: &mut dyn Write) -> Result<(), CliError> {
    match format {
        Format::Text => text::verdict(file, verdict, Paint::for_stdout(), out)?,
        Format::Json => {
            serde_json::to_writer(&mut *out, &line(file, verdict)).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(out.flush()?)
}

fn line<'a>(file: &'a str, verdict: &'a Verdict) -> Line<'a> {
    let graded: Option<&Graded> = match &verdict.outcome {
        Outcome::Graded(graded) => Some(graded),
        Outcome::Rejected(_) => None,
    };
    let reason = match &verdict.outcome {
        Outcome::Rejected(rejection) => Some(rejection.reason.as_str()),
        Outcome::Graded(_) => None,
    };
    let criteria = graded.iter().flat_map(|g| &g.criteria);
    Line {
        file,
        challenge: &verdict.challenge,
        contract: verdict.contract,
        outcome: if graded.is_some() { "graded" } else { "rejected" },
        reason,
        criteria: criteria
            .map(|c| CriterionLine {
                id: c.id.id(),
                pass: c.pass,
                finding: &c.finding,
            })
            .collect(),
        band: graded.map(|g| g.band.label()),
        stats: graded.map(|g| g.stats).unwrap_or_default(),
        seed: verdict.seed,
        trace_sha256: graded.map(|g| g.trace_sha256.as_str()),
    }
}

fn replay(
    args: &GradeArgs,
    grader: &Grader,
    challenge: &Challenge,
    programs: &[(String, Program)],
    scenario: &str,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let seed = args.seed.unwrap_or(DEFAULT_SEED * 1_000 + 1);
    for (name, program) in programs {
        let replay = grader
            .replay(challenge, program, scenario, seed)
            .map_err(|e| CliError::Usage(format!("{name}: {e}")))?;
        match args.format {
            Format::Text => text::replay(name, &replay, Paint::for_stdout(), out)?,
            Format::Json => {
                serde_json::to_writer(&mut *out, &replay.timeline).map_err(std::io::Error::from)?;
                writeln!(out)?;
            }
        }
        if let Some(path) = &args.trace {
            let timeline = serde_json::to_string(&replay.timeline).map_err(std::io::Error::from)?;
            std::fs::write(path, timeline + "\n").map_err(|e| failed(path, e))?;
        }
    }
    Ok(())
}
