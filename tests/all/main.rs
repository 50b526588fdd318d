//! Everything over HTTP, against the real app, on both databases.

mod accounts;
mod assets;
mod database;
mod demo;
mod frame;
mod hostile;
mod killed;
mod queue;
mod reading;
mod regradings;
mod roles;
mod samples;
mod submissions;
mod support;
