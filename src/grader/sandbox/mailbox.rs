//! The prelude's mailbox: memory that both sides read and write, in 64-bit numbers from its beginning.

use crate::grader::sim::{Answer, Event, NetworkError};

pub const RANDOM: usize = 8;
pub const NOW: usize = 9;
pub const READS: usize = 10;
pub const LOGGING: usize = 11;
pub const ORIGIN: usize = 12;
const COUNT: usize = 13;
pub const POOL: usize = 16;
pub const COMMANDS: usize = 64;
pub const TEXT: usize = 4_000;

pub struct Mailbox<'a> {
    pub memory: &'a mut [u8],
    pub base: usize,
}

impl Mailbox<'_> {
    pub fn get(&self, i: usize) -> f64 {
        let at = self.base + 8 * i;
        f64::from_le_bytes(self.memory[at..at + 8].try_into().expect("eight bytes"))
    }

    pub fn set(&mut self, i: usize, value: f64) {
        let at = self.base + 8 * i;
        self.memory[at..at + 8].copy_from_slice(&value.to_le_bytes());
    }

    /// Leaves an event for the prelude's `step`.
    pub fn write_event(&mut self, event: &Event<'_>) {
        let numbers = match event {
            Event::Call { call, count, options } => {
                self.set(COUNT, f64::from(*count));
                [
                    1.0,
                    f64::from(*call),
                    f64::from(options.max_attempts),
                    options.base_delay_ms,
                    options.max_delay_ms,
                    f64::from(options.failure_threshold),
                    options.reset_timeout_ms,
                ]
            }
            Event::Timer { id } => [2.0, f64::from(*id), 0.0, 0.0, 0.0, 0.0, 0.0],
            Event::Answer {
                op,
                answer,
                retry_after,
            } => {
                let header = retry_after.map_or(-1.0, |text| self.write_text(text));
                let (status, truncated) = match answer {
                    Answer::Status { status, truncated } => (f64::from(*status), f64::from(*truncated)),
                    Answer::Lost(e) => (
                        -(NetworkError::ALL.iter().position(|x| x == e).unwrap_or(0) as f64),
                        0.0,
                    ),
                    Answer::Refused | Answer::Aborted => (-(NetworkError::ALL.len() as f64), 0.0),
                };
                [3.0, f64::from(*op), status, truncated, header, 0.0, 0.0]
            }
        };
        for (i, number) in numbers.into_iter().enumerate() {
            self.set(1 + i, number);
        }
    }

    fn write_text(&mut self, text: &str) -> f64 {
        let at = self.base + 8 * TEXT;
        let bytes = &text.as_bytes()[..text.len().min(8 * 96)];
        self.memory[at..at + bytes.len()].copy_from_slice(bytes);
        bytes.len() as f64
    }
}
