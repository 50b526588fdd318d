//! The command line.

use clap::{Parser, Subcommand};
use halfopen::cli;
use std::process::ExitCode;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Grade(cli::grade::GradeArgs),
    #[command(subcommand)]
    Challenge(cli::challenge::ChallengeCommand),
}

fn main() -> ExitCode {
    let mut out = std::io::stdout().lock();
    let result = match Cli::parse().command {
        Command::Grade(args) => cli::grade::run(&args, &mut out).map(|()| ExitCode::SUCCESS),
        Command::Challenge(command) => cli::challenge::run(&command, &mut out),
    };
    result.unwrap_or_else(|error| {
        eprintln!("halfopen: {error}");
        ExitCode::FAILURE
    })
}
