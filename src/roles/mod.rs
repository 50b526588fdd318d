//! Role kits and question banks: what a company asks, tries and looks for when it hires.
//!
//! A kit is a document of the format in `roles/`. It is edited as a draft, whose every change can be taken back, and
//! published as a version that never changes again; what depends on a kit names the version. A question bank is a set of
//! questions with sample answers, to take into kits and to practise on.

pub mod bank;
pub mod banks;
pub mod kit;
