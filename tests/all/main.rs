//! Everything over HTTP, against the real app, on both databases.

mod accounts;
mod assets;
mod database;
mod demo;
mod frame;
mod hostile;
mod killed;
mod mail;
mod queue;
mod regradings;
mod roles;
mod samples;
mod submissions;
mod support;
