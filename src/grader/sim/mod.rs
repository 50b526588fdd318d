//! The world, and nothing but the world: a virtual clock, an event queue, a seeded generator, an API that fails as its
//! data says, and a record of everything that happened. No candidate's code runs here; a [`Process`] stands for it.
//!
//! When nothing can run, the clock jumps to the next event. The same plan, seed and processes give the same record.

mod api;
mod rng;
mod trace;
mod world;

pub use api::{Answer, AnswerSpec, Api, Capacity, NetworkError, Phase, RateLimit, RetryAfter, is_transient};
pub use rng::Rng;
pub use trace::{Attempt, CallRecord, Happening, Leftover, Run};
pub use world::{Calls, Plan, Step, When, World};

use serde::{Deserialize, Serialize};

/// Microseconds of the virtual clock.
pub type Micros = u64;

pub const MS: Micros = 1_000;

/// All times are judged with a tolerance of 1 ms (the contract's own).
pub const TOLERANCE: Micros = MS;

/// What the world tells a process.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// `count` calls in one turn, numbered from `call`.
    Call {
        call: u32,
        count: u32,
        options: &'a super::verdict::Options,
    },
    Timer {
        id: u32,
    },
    Answer {
        op: u32,
        answer: Answer,
        retry_after: Option<&'a str>,
    },
}

/// What a process asks of the world.
#[derive(Clone, Debug)]
pub enum Command {
    SetTimer { id: u32, delay_ms: f64, kind: TimerKind },
    ClearTimer { id: u32 },
    Operation { op: u32, call: u32 },
    Abort { op: u32 },
    Settle { call: u32, outcome: Settled },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerKind {
    Once,
    Interval,
    /// Belongs to an `AbortSignal.timeout`, which nobody can clear.
    Signal,
}

/// One simulated process of the program under test.
pub trait Process {
    /// Delivers one event, runs the process until it waits again, and appends what it asked for.
    fn deliver(&mut self, now: Micros, event: &Event<'_>, commands: &mut Vec<Command>) -> Result<(), Halt>;
}

/// A process was stopped for using more than it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Halt {
    /// Instructions: an endless loop.
    Fuel,
    /// The engine itself gave up: stack or memory beyond its own handling.
    Crash,
    /// Events: a timer storm, an endless chain of attempts.
    Events,
}

impl Halt {
    pub fn words(self) -> &'static str {
        match self {
            Halt::Fuel => "used up its instructions without coming to an end, as an endless loop does",
            Halt::Crash => "crashed the engine, as unbounded recursion or memory does",
            Halt::Events => "set off events without end",
        }
    }
}

/// How a call ended, as the harness saw it.
#[derive(Clone, Debug, PartialEq)]
pub enum Settled {
    /// `op` is the attempt whose own `Response` was returned; `None` for anything else, shown in `shown`.
    Resolved {
        op: Option<u32>,
        shown: String,
    },
    Rejected(Box<Rejected>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Rejected {
    pub is_error: bool,
    pub code: Code,
    /// NaN where it is not a number.
    pub attempts: f64,
    pub last_status: LastStatus,
    pub cause: Cause,
    /// What the rejection looks like, where it is not an `Error`, or its code is unknown.
    pub shown: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    RetriesExhausted,
    CircuitOpen,
    NonRetryable,
    Other,
}

impl Code {
    pub fn text(self) -> &'static str {
        match self {
            Code::RetriesExhausted => "RETRIES_EXHAUSTED",
            Code::CircuitOpen => "CIRCUIT_OPEN",
            Code::NonRetryable => "NON_RETRYABLE",
            Code::Other => "another code",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LastStatus {
    Null,
    Number(f64),
    Other,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    Missing,
    /// The response or the rejection of this attempt, itself or inside an `Error`.
    Of(u32),
    /// An `Error` with these words in its name, message, code and status.
    Error(String),
    /// Something that is none of these.
    Other(String),
}
