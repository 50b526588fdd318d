//! Pictures of what a program did and of how hiring goes, drawn on the server from what a verdict or a report holds.
//!
//! A [`Figure`] is a caption that states the finding, one drawing for wide places and one for narrow ones, and the same
//! numbers as a table. Colours are classes, so that one drawing serves the light theme, the dark one and print. Labels
//! measure themselves ([`text`]) and stand only where there is room ([`svg::Svg::place`]).

mod breaker;
mod families;
mod figure;
mod headers;
mod herd;
mod rows;
pub mod scale;
mod svg;
pub mod text;
mod timeline;
mod waits;

#[cfg(test)]
pub mod tests;

pub use breaker::breaker;
pub use families::families;
pub use figure::{Column, Figure, Key, Table};
pub use headers::headers;
pub use herd::herd;
pub use rows::{Measure, Row, Rows, Unit, rows};
pub use svg::Escaped;
pub use timeline::timeline;
pub use waits::waits;
