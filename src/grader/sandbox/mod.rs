//! Where a candidate's program runs: QuickJS-NG inside wasmtime, one instance for each simulated process.
//!
//! An [`Engine`] holds the compiled interpreter with the prelude already run in it. [`Engine::load`] strips types,
//! evaluates a submission once and keeps what this changed in memory; [`Submission::spawn`] copies it into a fresh
//! instance from the pool, or makes one of a module that begins with it. A submission that looks at the clock or draws a
//! random number while it loads would see the same ones in every process, so it is loaded anew in each instead.

mod engine;
mod fuel;
mod guest;
mod host;
mod image;
mod kept;
mod mailbox;
mod snapshot;
mod source;
mod submission;

pub use engine::{Engine, EngineError};
pub use guest::Guest;
pub use source::Language;
pub use submission::{Birth, Submission, SubmissionError};

#[cfg(test)]
mod tests;
