//! Everything over HTTP, against the real app, on both databases.

mod accounts;
mod application_samples;
mod applications;
mod assessments;
mod assets;
mod bank_samples;
mod banks;
mod database;
mod demo;
#[path = "../../src/files/tests/program.rs"]
mod files;
mod frame;
mod hostile;
mod hostile_applications;
mod killed;
mod kits;
mod mail;
mod opening_samples;
mod openings;
mod pipeline;
mod pipeline_samples;
mod queue;
mod reading;
mod regradings;
mod roles;
mod samples;
mod submissions;
mod support;
mod take_samples;
mod takes;
