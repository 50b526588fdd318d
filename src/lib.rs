//! Halfopen: a company hires integration engineers with it.

pub mod cli;
pub mod grader;
