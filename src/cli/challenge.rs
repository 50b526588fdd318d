use super::text::Paint;
use super::{CliError, challenge, in_order, open_grader};
use crate::grader::challenge::Proof;
use crate::grader::verdict::{Criterion, Family, Graded, Outcome, Verdict};
use crate::grader::{Challenge, Grader, Program};
use clap::{Args, Subcommand};
use std::io::Write;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum ChallengeCommand {
    /// Grade all proofs of a challenge, and fail unless every verdict is as declared
    Check(CheckArgs),
}

#[derive(Args)]
pub struct CheckArgs {
    /// The challenge; all of them if absent
    id: Option<String>,
    /// Only proofs whose id holds this text
    #[arg(long)]
    only: Option<String>,
    #[arg(long, default_value_t = super::grade::DEFAULT_SEED)]
    seed: u64,
}

pub fn run(command: &ChallengeCommand, out: &mut dyn Write) -> Result<ExitCode, CliError> {
    let ChallengeCommand::Check(args) = command;
    let challenges = match &args.id {
        Some(id) => vec![challenge(id)?],
        None => Challenge::all().iter().collect(),
    };
    let grader = open_grader()?;
    let mut wrong = 0;
    for challenge in challenges {
        wrong += check(&grader, challenge, args, out)?;
    }
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn check(grader: &Grader, challenge: &Challenge, args: &CheckArgs, out: &mut dyn Write) -> Result<usize, CliError> {
    let wanted = |p: &&Proof| args.only.as_ref().is_none_or(|text| p.id.contains(text.as_str()));
    let proofs: Vec<&Proof> = challenge.proofs.iter().filter(wanted).collect();
    let heads: Vec<&str> = Criterion::ALL.iter().map(|c| c.id()).collect();
    writeln!(
        out,
        "{}: {} proofs\n  {}\n",
        challenge.id,
        proofs.len(),
        heads.join(" · ")
    )?;
    let (mut wrong, mut result) = (Vec::new(), Ok(()));
    let grade = |proof: &&Proof| {
        let program = Program {
            language: proof.language,
            source: proof.source.clone().into_bytes(),
        };
        grader.grade(challenge, &program, args.seed)
    };
    in_order(&proofs, grade, |i, verdict| {
        let problems = problems(proofs[i], &verdict);
        if result.is_ok() {
            result = row(proofs[i], &verdict, &problems, out);
        }
        if !problems.is_empty() {
            wrong.push(proofs[i].id.as_str());
        }
    });
    result?;
    let mutants = proofs.iter().filter(|p| !p.is_correct()).count();
    let correct = proofs.len() - mutants;
    writeln!(
        out,
        "\n{correct} correct solutions, {mutants} mutants: {} passed, {} failed",
        proofs.len() - wrong.len(),
        wrong.len()
    )?;
    Ok(wrong.len())
}

/// What differs from the declaration.
fn problems(proof: &Proof, verdict: &Verdict) -> Vec<String> {
    let graded: &Graded = match &verdict.outcome {
        Outcome::Rejected(rejection) => return vec![format!("rejected: {}", rejection.reason)],
        Outcome::Graded(graded) => graded,
    };
    let mut problems = Vec::new();
    for result in &graded.criteria {
        let must_fail = proof.fails.contains(&result.id);
        if must_fail && result.pass {
            problems.push(format!("{} passes", result.id.id()));
        } else if !must_fail && !result.pass && !proof.may.contains(&result.id) {
            problems.push(format!("{} fails: {} {}", result.id.id(), result.title, result.finding));
        }
    }
    let family = graded.waits.as_ref().map(|w| family_id(w.family));
    match (&proof.family, family) {
        (Some(declared), Some(inferred)) if declared != inferred => {
            problems.push(format!("infers {inferred} jitter, not {declared}"));
        }
        _ => {}
    }
    problems
}

fn family_id(family: Family) -> &'static str {
    match family {
        Family::None => "none",
        Family::Full => "full",
        Family::Equal => "equal",
        Family::Decorrelated => "decorrelated",
        Family::Proportional => "proportional",
        Family::Other => "other",
    }
}

fn row(proof: &Proof, verdict: &Verdict, problems: &[String], out: &mut dyn Write) -> Result<(), CliError> {
    let paint = Paint::for_stdout();
    let strip: String = match &verdict.outcome {
        Outcome::Rejected(_) => "-".repeat(Criterion::ALL.len()),
        Outcome::Graded(graded) => graded.criteria.iter().map(|c| if c.pass { '▪' } else { '✗' }).collect(),
    };
    let as_declared = if problems.is_empty() { "ok" } else { "WRONG" };
    let declared: Vec<&str> = proof.fails.iter().map(|c| c.id()).collect();
    writeln!(
        out,
        "{strip}  {as_declared:<5}  {:<44} {}",
        proof.id,
        declared.join(" ")
    )?;
    for problem in problems {
        writeln!(out, "               {}", paint.bad(problem))?;
    }
    Ok(())
}
