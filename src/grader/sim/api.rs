use super::{MS, Micros, Rng};

/// What an operation settles with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// A response; `truncated` cuts its body short, so that `json()` rejects.
    Status { status: u16, truncated: bool },
    /// No response at all: a `TypeError` whose cause has this code.
    Lost(NetworkError),
    /// A rejection of no known kind.
    Refused,
    /// The candidate's own signal fired.
    Aborted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NetworkError {
    Reset,
    Refused,
    TimedOut,
    NotFound,
}

impl NetworkError {
    pub const ALL: [NetworkError; 4] = [
        NetworkError::Reset,
        NetworkError::Refused,
        NetworkError::TimedOut,
        NetworkError::NotFound,
    ];

    pub fn code(self) -> &'static str {
        match self {
            NetworkError::Reset => "ECONNRESET",
            NetworkError::Refused => "ECONNREFUSED",
            NetworkError::TimedOut => "ETIMEDOUT",
            NetworkError::NotFound => "ENOTFOUND",
        }
    }
}

pub fn is_transient(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

impl Answer {
    pub const fn status(status: u16) -> Answer {
        Answer::Status {
            status,
            truncated: false,
        }
    }

    pub fn is_success(self) -> bool {
        matches!(self, Answer::Status { status: 200..=299, .. })
    }

    pub fn is_transient(self) -> bool {
        match self {
            Answer::Status { status, .. } => is_transient(status),
            Answer::Lost(_) | Answer::Refused | Answer::Aborted => true,
        }
    }

    pub fn is_permanent(self) -> bool {
        !self.is_success() && !self.is_transient()
    }

    pub fn label(self) -> String {
        match self {
            Answer::Status { status, .. } => status.to_string(),
            Answer::Lost(e) => e.code().to_string(),
            Answer::Refused => "rejected".to_string(),
            Answer::Aborted => "aborted".to_string(),
        }
    }
}

/// The header, in the forms that servers send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// As it stands: "2", "soon".
    Text(String),
    /// An HTTP date this far from the moment of the answer, rounded up to a whole second.
    DateIn { seconds: i64 },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerSpec {
    pub answer: Answer,
    pub retry_after: Option<RetryAfter>,
    /// Instead of the scenario's latency.
    pub latency: Option<Micros>,
}

impl From<Answer> for AnswerSpec {
    fn from(answer: Answer) -> AnswerSpec {
        AnswerSpec {
            answer,
            retry_after: None,
            latency: None,
        }
    }
}

/// A stretch of the API's life. The first phase that is not over yet answers.
#[derive(Clone, Debug)]
pub struct Phase {
    /// Over at this time, or after this many requests, whichever is given; neither: never.
    pub until: Option<Micros>,
    pub requests: Option<u32>,
    pub answer: AnswerSpec,
    pub capacity: Option<Capacity>,
    pub rate_limit: Option<RateLimit>,
}

/// A server that works on `slots` requests at a time and lets `queue` more wait; what comes on top is shed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Capacity {
    pub slots: u32,
    pub queue: u32,
    pub service: Micros,
}

/// At most `requests` in each window of `per`, counted from its first request; what comes on top gets 429 with the
/// seconds until the window ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    pub requests: u32,
    pub per: Micros,
}

/// The flaky API: phases, and what they need to remember.
pub struct Api {
    phases: Vec<Phase>,
    served: Vec<u32>,
    latency: (Micros, Micros),
    /// When each slot of a server with finite capacity is free again.
    busy_until: Vec<Micros>,
    window: (Micros, u32),
    pub shed: u32,
}

impl Api {
    pub fn new(phases: Vec<Phase>, latency: (Micros, Micros)) -> Api {
        let served = vec![0; phases.len()];
        Api {
            phases,
            served,
            latency,
            busy_until: Vec::new(),
            window: (0, 0),
            shed: 0,
        }
    }

    /// The answer to a request that arrives now, and how long it takes.
    pub fn request(&mut self, now: Micros, rng: &mut Rng) -> (AnswerSpec, Micros) {
        let latency = rng.between(self.latency.0, self.latency.1);
        let over =
            |p: &Phase, served: u32| p.until.is_some_and(|t| now >= t) || p.requests.is_some_and(|n| served >= n);
        let Some(i) = (0..self.phases.len()).find(|&i| !over(&self.phases[i], self.served[i])) else {
            return (Answer::status(200).into(), latency);
        };
        self.served[i] += 1;
        let phase = &self.phases[i];
        let spec = phase.answer.clone();
        if let Some(limit) = phase.rate_limit
            && let Some(refusal) = over_limit(&mut self.window, limit, now)
        {
            return (refusal, latency);
        }
        match phase.capacity {
            None => (spec.clone(), spec.latency.unwrap_or(latency)),
            Some(capacity) => match admit(&mut self.busy_until, capacity, now) {
                Some(wait) => (spec, wait + latency),
                None => {
                    self.shed += 1;
                    (Answer::status(503).into(), latency)
                }
            },
        }
    }
}

fn over_limit(window: &mut (Micros, u32), limit: RateLimit, now: Micros) -> Option<AnswerSpec> {
    if window.1 == 0 || now >= window.0 + limit.per {
        *window = (now, 0);
    }
    window.1 += 1;
    if window.1 <= limit.requests {
        return None;
    }
    let seconds = (window.0 + limit.per - now).div_ceil(1_000 * MS);
    let retry_after = Some(RetryAfter::Text(seconds.to_string()));
    Some(AnswerSpec {
        answer: Answer::status(429),
        retry_after,
        latency: None,
    })
}

/// How long a request waits and is worked on, or `None` where the queue is full.
fn admit(busy_until: &mut Vec<Micros>, capacity: Capacity, now: Micros) -> Option<Micros> {
    busy_until.resize(capacity.slots as usize, 0);
    let waiting: u64 = busy_until
        .iter()
        .map(|t| t.saturating_sub(now).div_ceil(capacity.service))
        .sum();
    if waiting >= u64::from(capacity.slots + capacity.queue) {
        return None;
    }
    let slot = busy_until.iter_mut().min().expect("a server has a slot");
    *slot = (*slot).max(now) + capacity.service;
    Some(*slot - now)
}
