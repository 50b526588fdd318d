use super::{Answer, Cause, Code, Halt, LastStatus, Micros, Settled};

/// Everything that one run of one scenario did, as the world saw it.
#[derive(Clone, Debug)]
pub struct Run {
    /// Milliseconds of the world's wall clock at time 0, since 1970.
    pub epoch_ms: u64,
    pub calls: Vec<CallRecord>,
    /// In the order in which it happened.
    pub happenings: Vec<Happening>,
    /// Timers that were still set when the last call had settled; `None` where a call never did.
    pub leftover: Option<Leftover>,
    pub halt: Option<Halt>,
    /// The first timer below zero, or not a number, that a process asked for, in ms.
    pub odd_timer: Option<f64>,
    pub operations: u32,
    pub shed: u32,
    pub end: Micros,
    /// Everything above as bytes, for the digest.
    pub bytes: Vec<u8>,
}

#[derive(Clone, Debug)]
pub struct CallRecord {
    pub client: u32,
    /// Index of the step that made it.
    pub step: usize,
    pub start: Micros,
    pub attempts: Vec<Attempt>,
    pub settled: Option<(Micros, Settled)>,
}

#[derive(Clone, Debug)]
pub struct Attempt {
    pub op: u32,
    pub start: Micros,
    pub answer: Answer,
    pub retry_after: Option<String>,
    /// How long the header asked to wait, in ms from the moment of the answer; `None` where it counts as absent.
    pub asked_ms: Option<f64>,
    pub end: Option<Micros>,
}

/// Indexes into `calls` and their `attempts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    Called { call: u32 },
    Sent { call: u32, attempt: u32 },
    Answered { call: u32, attempt: u32 },
    Settled { call: u32 },
}

/// What was still set when the last call had settled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Leftover {
    pub at: Micros,
    /// Timers, without those of an `AbortSignal.timeout` and those due within the tolerance.
    pub timers: u32,
    /// How many were set once the breaker had had its reset timeout, too.
    pub later: u32,
}

impl CallRecord {
    pub fn unsent(&self) -> bool {
        self.attempts.is_empty() && self.settled.is_some()
    }

    pub fn settled_at(&self) -> Option<Micros> {
        self.settled.as_ref().map(|s| s.0)
    }

    /// The answers that this call saw, in order.
    pub fn answered(&self) -> impl Iterator<Item = &Attempt> {
        self.attempts.iter().filter(|a| a.end.is_some())
    }

    /// The waits before its retries: from one answer to the next attempt.
    pub fn waits(&self) -> impl Iterator<Item = Micros> + '_ {
        self.attempts
            .windows(2)
            .map_while(|pair| Some(pair[1].start.saturating_sub(pair[0].end?)))
    }

    /// Whether it ended with its own successful response.
    pub fn returned(&self, attempt: &Attempt) -> bool {
        matches!(&self.settled, Some((_, Settled::Resolved { op: Some(op), .. })) if *op == attempt.op)
    }

    pub fn resolved(&self) -> bool {
        matches!(&self.settled, Some((_, Settled::Resolved { .. })))
    }
}

impl Run {
    /// Appends a happening's numbers to the bytes that the digest covers.
    pub(super) fn note(&mut self, tag: u8, numbers: &[u64], text: &str) {
        self.bytes.push(tag);
        for n in numbers {
            self.bytes.extend_from_slice(&n.to_le_bytes());
        }
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(0);
    }

    pub(super) fn note_settled(&mut self, call: u32, at: Micros, settled: &Settled) {
        match settled {
            Settled::Resolved { op, shown } => self.note(b'+', &[call.into(), at, op.map_or(0, |o| o.into())], shown),
            Settled::Rejected(r) => {
                let status = match r.last_status {
                    LastStatus::Null => 1,
                    LastStatus::Other => 2,
                    LastStatus::Number(n) => n.to_bits(),
                };
                let (cause, words) = match &r.cause {
                    Cause::Missing => (0, ""),
                    Cause::Of(op) => (10 + u64::from(*op), ""),
                    Cause::Error(words) => (1, words.as_str()),
                    Cause::Other(words) => (2, words.as_str()),
                };
                let code = match r.code {
                    Code::RetriesExhausted => 0,
                    Code::CircuitOpen => 1,
                    Code::NonRetryable => 2,
                    Code::Other => 3,
                };
                let head = [
                    call.into(),
                    at,
                    r.is_error.into(),
                    code,
                    r.attempts.to_bits(),
                    status,
                    cause,
                ];
                let text = format!("{words}\u{1}{}", r.shown);
                self.note(b'-', &head, &text);
            }
        }
    }
}
