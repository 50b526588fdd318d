use super::{CliError, challenge, open_grader};
use crate::grader::Program;
use clap::Args;
use std::io::Write;

/// Time the grader; prints one JSON object a line
#[derive(Args)]
pub struct BenchArgs {
    /// How many times a hundred runs of the small scenario
    #[arg(long, default_value_t = 200)]
    batches: u64,
    /// How many whole gradings
    #[arg(long, default_value_t = 15)]
    gradings: u64,
}

pub fn run(args: &BenchArgs, out: &mut dyn Write) -> Result<(), CliError> {
    let challenge = challenge("execute-with-retry")?;
    let grader = open_grader()?;
    let reference = challenge
        .proofs
        .first()
        .ok_or_else(|| CliError::Usage("there is no proof".to_string()))?;
    let program = Program {
        language: reference.language,
        source: reference.source.clone().into_bytes(),
    };
    let time = |batches| {
        grader
            .time_fail_fail_success(&program, batches)
            .map_err(|e| CliError::Usage(e.to_string()))
    };
    time(args.batches / 10)?;
    let mut times = time(args.batches)?;
    let per_cpu_second = 1e6 * times.len() as f64 / times.iter().sum::<f64>();
    line(out, "fail-fail-success", per_cpu_second, median(&mut times))?;
    let mut verdicts = grader.time_verdicts(challenge, &program, args.gradings);
    let per_cpu_second = 1e3 * verdicts.len() as f64 / verdicts.iter().sum::<f64>();
    line(out, "verdict", per_cpu_second, 1e3 * median(&mut verdicts))?;
    if let Some(kilobytes) = peak_memory() {
        writeln!(
            out,
            "{}",
            serde_json::json!({ "name": "memory", "kilobytes": kilobytes })
        )?;
    }
    Ok(())
}

/// The most memory that this process has had at once, where the system tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

fn line(out: &mut dyn Write, name: &str, per_cpu_second: f64, median_us: f64) -> Result<(), CliError> {
    let object = serde_json::json!({ "name": name, "per_cpu_second": per_cpu_second, "median_us": median_us });
    Ok(writeln!(out, "{object}")?)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
