//! What needs the built program is in `program.rs`, which is a part of `tests/all`.

mod hostile;
mod kinds;
mod names;
mod samples;
mod serving;
mod store;
mod text;
