//! Halfopen: a company hires integration engineers with it.

pub mod grader;
pub mod ui;
