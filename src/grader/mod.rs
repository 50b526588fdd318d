//! The laboratory: a program, a failing API, a verdict.
//!
//! `sim` is the world (clock, events, API, trace), `sandbox` runs the candidate's language in it, `checks` judge what
//! was seen, `verdict` says it, `challenge` reads what there is to be graded. Nothing here knows of the web or a database.

pub mod challenge;
mod checks;
mod grading;
mod rehearsal;
pub mod sandbox;
pub mod sim;
mod timeline;
mod timing;
pub mod verdict;

pub use challenge::{Challenge, Scenario};
pub use grading::{Grader, LARGEST_SEED, Printed, Program, RUNS, Replay, ReplayError};
pub use rehearsal::Rehearsal;
pub use sandbox::{EngineError, Language};
pub use verdict::Verdict;

#[cfg(test)]
mod tests;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
