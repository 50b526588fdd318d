//! Halfopen: a company hires integration engineers with it.

pub mod app;
pub mod assessments;
pub mod audit;
pub mod backup;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod error;
pub mod files;
pub mod grader;
pub mod hiring;
pub mod jobs;
pub mod mail;
pub mod people;
pub mod privacy;
pub mod roles;
pub mod routes;
pub mod serve;
pub mod submissions;
pub mod ui;
