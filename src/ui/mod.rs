pub mod plots;
#[cfg(test)]
pub mod samples;
