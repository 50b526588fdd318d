//! Jobs: what they offer, whom they belong to, the steps that they ask of a candidate.

pub mod store;
