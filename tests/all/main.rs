//! Everything over HTTP, against the real app, on both databases.

mod accounts;
mod application_samples;
mod applications;
mod assessments;
mod assets;
mod audit;
mod backup;
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
mod other_teams;
mod privacy;
mod queue;
mod reading;
mod regradings;
mod roles;
mod samples;
mod screening;
mod screening_samples;
mod second_factor;
mod submissions;
mod support;
mod take_samples;
mod takes;
mod today;
