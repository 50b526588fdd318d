use super::api::{AnswerSpec, Api, RetryAfter};
use super::trace::{Attempt, CallRecord, Happening, Leftover, Run};
use super::{Answer, Command, Event, Halt, MS, Micros, Phase, Process, Rng, Settled, TOLERANCE, TimerKind};
use crate::grader::verdict::Options;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// A program may poll while it waits, but not for ever, and not without end in no time.
const MOST_EVENTS: u64 = 200_000;
const FREE_EVENTS: u64 = 8_000;
const EVENTS_PER_SECOND: u64 = 250;
/// What the guest's clock can tell: two hundred years.
const MOST_TIME: Micros = 200 * 365 * 86_400 * 1_000 * MS;

/// One run, with everything in it decided: who calls when, and what the API answers.
#[derive(Clone, Debug)]
pub struct Plan {
    pub options: Options,
    pub latency: (Micros, Micros),
    pub phases: Vec<Phase>,
    pub steps: Vec<Step>,
}

impl Plan {
    /// How many calls there are at the most.
    pub fn most_calls(&self) -> u64 {
        let calls = |step: &Step| match step.calls {
            Calls::Together { count, .. } => u64::from(count),
            Calls::UntilUnsent { most, .. } => u64::from(most),
        };
        self.steps.iter().map(calls).sum()
    }
}

#[derive(Clone, Debug)]
pub struct Step {
    pub when: When,
    pub after: Micros,
    pub calls: Calls,
    /// By attempt of a call, the last one for all further; empty: the API's phases answer.
    pub answers: Vec<AnswerSpec>,
    pub latency: Option<(Micros, Micros)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// After all calls of the step before have settled.
    Settled,
    /// After the last transient failure that was answered before that.
    Failure,
    /// After the beginning of the step before.
    Previous,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    Together {
        count: u32,
        every: Micros,
    },
    /// One after another, until one ends without having sent anything, or `most` have ended.
    UntilUnsent {
        most: u32,
        gap: Micros,
    },
}

/// Things that are due, in the order of time and, at the same time, of their making.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Begin { step: usize },
    Call { step: usize, count: u32 },
    Timer { client: u32, id: u32, set: u64 },
    Answer { op: u32 },
}

struct Timer {
    set: u64,
    every: Option<Micros>,
    at: Micros,
    counts: bool,
}

struct Operation {
    call: u32,
    attempt: u32,
    client: u32,
    guest: u32,
    spec: AnswerSpec,
    open: bool,
}

/// A world in which processes call one API.
pub struct World<'a, P> {
    plan: &'a Plan,
    processes: &'a mut [P],
    api: Api,
    rng: Rng,
    now: Micros,
    queue: BinaryHeap<Reverse<(Micros, u64, Due)>>,
    made: u64,
    timers: HashMap<(u32, u32), Timer>,
    operations: Vec<Operation>,
    /// From a process and its own number of an operation to ours.
    guest_operations: HashMap<(u32, u32), u32>,
    begun_at: Micros,
    issued_in_step: u32,
    settled_in_step: u32,
    settled: usize,
    step: usize,
    last_failure: Micros,
    commands: Vec<Command>,
    run: Run,
}

impl<'a, P: Process> World<'a, P> {
    /// Calls go to the processes in turn.
    pub fn new(plan: &'a Plan, processes: &'a mut [P], epoch_ms: u64, rng: Rng) -> World<'a, P> {
        let run = Run {
            epoch_ms,
            calls: Vec::new(),
            happenings: Vec::new(),
            leftover: None,
            halt: None,
            odd_timer: None,
            operations: 0,
            shed: 0,
            end: 0,
            bytes: Vec::new(),
        };
        World {
            api: Api::new(plan.phases.clone(), plan.latency),
            plan,
            processes,
            rng,
            now: 0,
            queue: BinaryHeap::new(),
            made: 0,
            timers: HashMap::new(),
            operations: Vec::new(),
            guest_operations: HashMap::new(),
            begun_at: 0,
            issued_in_step: 0,
            settled_in_step: 0,
            settled: 0,
            step: 0,
            last_failure: 0,
            commands: Vec::new(),
            run,
        }
    }

    /// Timers that a process had set before the world began.
    pub fn adopt(&mut self, client: u32, commands: Vec<Command>) {
        for command in commands {
            self.obey(client, command);
        }
    }

    pub fn run(mut self) -> Run {
        self.push(0, Due::Begin { step: 0 });
        let mut events: u64 = 0;
        while let Some(Reverse((at, _, due))) = self.queue.pop() {
            if matches!(&self.run.leftover, Some(l) if at > l.at + self.grace()) {
                break;
            }
            events += 1;
            let allowed = (at / (1_000 * MS) * EVENTS_PER_SECOND).clamp(FREE_EVENTS, MOST_EVENTS);
            if events > allowed || at > MOST_TIME {
                self.run.halt.get_or_insert(Halt::Events);
                break;
            }
            self.now = self.now.max(at);
            if !self.handle(due) {
                break;
            }
            self.notice_the_end();
        }
        self.finish()
    }

    /// How long a reset timer may stay: what is left of the reset timeout, and a quarter for one that polls.
    fn grace(&self) -> Micros {
        (self.plan.options.reset_timeout_ms * 1_250.0) as Micros + TOLERANCE
    }

    fn handle(&mut self, due: Due) -> bool {
        match due {
            Due::Begin { step } => self.begin(step),
            Due::Call { step, count } => return self.call(step, count),
            Due::Timer { client, id, set } => return self.fire(client, id, set),
            Due::Answer { op } => return self.answer(op),
        }
        true
    }

    fn begin(&mut self, step: usize) {
        (self.step, self.begun_at) = (step, self.now);
        (self.issued_in_step, self.settled_in_step) = (0, 0);
        match self.plan.steps[step].calls {
            // In one turn, as `Promise.all` starts them.
            Calls::Together { count, every: 0 } => self.push(self.now, Due::Call { step, count }),
            Calls::Together { count, every } => {
                for i in 0..count {
                    self.push(self.now + Micros::from(i) * every, Due::Call { step, count: 1 });
                }
            }
            Calls::UntilUnsent { .. } => self.push(self.now, Due::Call { step, count: 1 }),
        }
        if let Some(next) = self.plan.steps.get(step + 1)
            && next.when == When::Previous
        {
            self.push(self.now + next.after, Due::Begin { step: step + 1 });
        }
    }

    fn call(&mut self, step: usize, count: u32) -> bool {
        let first = self.run.calls.len() as u32;
        let clients = self.processes.len() as u32;
        for call in first..first + count {
            let client = call % clients;
            self.run.calls.push(CallRecord {
                client,
                step,
                start: self.now,
                attempts: Vec::new(),
                settled: None,
            });
            self.run.happenings.push(Happening::Called { call });
            self.run.note(b'c', &[call.into(), self.now], "");
        }
        if step == self.step {
            self.issued_in_step += count;
        }
        let plan = self.plan;
        let (events, count) = if clients == 1 { (1, count) } else { (count, 1) };
        (first..first + events).all(|call| {
            self.deliver(
                call % clients,
                &Event::Call {
                    call,
                    count,
                    options: &plan.options,
                },
            )
        })
    }

    fn fire(&mut self, client: u32, id: u32, set: u64) -> bool {
        let Some(timer) = self.timers.get_mut(&(client, id)).filter(|t| t.set == set) else {
            return true;
        };
        match timer.every {
            Some(every) => {
                timer.at = self.now + every;
                let at = timer.at;
                self.push(at, Due::Timer { client, id, set });
            }
            None => {
                self.timers.remove(&(client, id));
            }
        }
        self.deliver(client, &Event::Timer { id })
    }

    fn answer(&mut self, op: u32) -> bool {
        let operation = &mut self.operations[op as usize];
        if !operation.open {
            return true;
        }
        operation.open = false;
        let (call, attempt, client, guest) = (operation.call, operation.attempt, operation.client, operation.guest);
        let answer = operation.spec.answer;
        let (header, asked) = self.header(op);
        self.answered(call, attempt, answer);
        let record = &mut self.run.calls[call as usize].attempts[attempt as usize];
        (record.retry_after, record.asked_ms) = (header.clone(), asked);
        let event = Event::Answer {
            op: guest,
            answer,
            retry_after: header.as_deref(),
        };
        self.deliver(client, &event)
    }

    fn answered(&mut self, call: u32, attempt: u32, answer: Answer) {
        let record = &mut self.run.calls[call as usize].attempts[attempt as usize];
        record.end = Some(self.now);
        record.answer = answer;
        if answer.is_transient() {
            self.last_failure = self.now;
        }
        self.run.happenings.push(Happening::Answered { call, attempt });
        self.run
            .note(b'a', &[call.into(), attempt.into(), self.now], &answer.label());
    }

    /// The header's text at this moment, and how long it asks to wait.
    fn header(&self, op: u32) -> (Option<String>, Option<f64>) {
        let spec = &self.operations[op as usize].spec;
        let counts = matches!(spec.answer, Answer::Status { status: 429 | 503, .. });
        match &spec.retry_after {
            None => (None, None),
            Some(RetryAfter::Text(text)) => {
                let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
                let asked = text
                    .parse::<f64>()
                    .ok()
                    .filter(|_| digits && counts)
                    .map(|s| s * 1_000.0);
                (Some(text.clone()), asked)
            }
            Some(RetryAfter::DateIn { seconds }) => {
                let wall_us = self.run.epoch_ms as i64 * 1_000 + self.now as i64;
                let date = (wall_us + seconds * 1_000_000 + 999_999).div_euclid(1_000_000);
                let asked = (date * 1_000_000 - wall_us) as f64 / 1_000.0;
                (Some(http_date(date)), Some(asked).filter(|ms| *ms > 0.0 && counts))
            }
        }
    }

    fn deliver(&mut self, client: u32, event: &Event<'_>) -> bool {
        let mut commands = std::mem::take(&mut self.commands);
        let result = self.processes[client as usize].deliver(self.now, event, &mut commands);
        for command in commands.drain(..) {
            self.obey(client, command);
        }
        self.commands = commands;
        if let Err(halt) = result {
            self.run.halt = Some(halt);
            self.run.note(b'!', &[self.now], halt.words());
        }
        result.is_ok()
    }

    fn obey(&mut self, client: u32, command: Command) {
        match command {
            Command::SetTimer { id, delay_ms, kind } => self.set_timer(client, id, delay_ms, kind),
            Command::ClearTimer { id } => {
                self.timers.remove(&(client, id));
            }
            Command::Operation { op, call } => self.operation(client, op, call),
            Command::Abort { op } => self.abort(client, op),
            Command::Settle { call, outcome } => self.settle(call, outcome),
        }
    }

    /// As in the browsers and Node: at least 1 ms, and what is too long for 31 bits fires at once.
    fn set_timer(&mut self, client: u32, id: u32, delay_ms: f64, kind: TimerKind) {
        if delay_ms.is_nan() || delay_ms < 0.0 {
            self.run.odd_timer.get_or_insert(delay_ms);
        }
        let fits = (1.0..=2_147_483_647.0).contains(&delay_ms);
        let delay = if fits {
            (delay_ms * 1_000.0).round() as Micros
        } else {
            MS
        };
        self.made += 1;
        let (set, at) = (self.made, self.now + delay);
        let every = (kind == TimerKind::Interval).then_some(delay);
        self.timers.insert(
            (client, id),
            Timer {
                set,
                every,
                at,
                counts: kind != TimerKind::Signal,
            },
        );
        self.push(at, Due::Timer { client, id, set });
    }

    fn operation(&mut self, client: u32, guest: u32, call: u32) {
        let Some(record) = self.run.calls.get(call as usize) else {
            return;
        };
        let attempt = record.attempts.len();
        let step = &self.plan.steps[record.step];
        let (spec, latency) = match step.answers.get(attempt).or(step.answers.last()) {
            Some(spec) => {
                let (low, high) = step.latency.unwrap_or(self.plan.latency);
                let drawn = self.rng.between(low, high);
                (spec.clone(), spec.latency.unwrap_or(drawn))
            }
            None => self.api.request(self.now, &mut self.rng),
        };
        let op = self.operations.len() as u32;
        let record = Attempt {
            op: guest,
            start: self.now,
            answer: spec.answer,
            retry_after: None,
            asked_ms: None,
            end: None,
        };
        self.run.calls[call as usize].attempts.push(record);
        let attempt = attempt as u32;
        self.operations.push(Operation {
            call,
            attempt,
            client,
            guest,
            spec,
            open: true,
        });
        self.guest_operations.insert((client, guest), op);
        self.run.operations += 1;
        self.run.happenings.push(Happening::Sent { call, attempt });
        self.run.note(b'o', &[call.into(), attempt.into(), self.now], "");
        self.push(self.now + latency, Due::Answer { op });
    }

    fn abort(&mut self, client: u32, guest: u32) {
        let Some(op) = self.guest_operations.get(&(client, guest)).copied() else {
            return;
        };
        let operation = &mut self.operations[op as usize];
        if std::mem::replace(&mut operation.open, false) {
            let (call, attempt) = (operation.call, operation.attempt);
            self.answered(call, attempt, Answer::Aborted);
        }
    }

    fn settle(&mut self, call: u32, outcome: Settled) {
        let Some(record) = self.run.calls.get_mut(call as usize).filter(|c| c.settled.is_none()) else {
            return;
        };
        let (step, unsent) = (record.step, record.attempts.is_empty());
        record.settled = Some((self.now, outcome.clone()));
        self.settled += 1;
        self.run.happenings.push(Happening::Settled { call });
        self.run.note_settled(call, self.now, &outcome);
        if step == self.step {
            self.settled_in_step += 1;
            self.go_on(unsent);
        }
    }

    /// What follows once a call of the present step has settled.
    fn go_on(&mut self, unsent: bool) {
        let done = match self.plan.steps[self.step].calls {
            Calls::Together { count, .. } => self.settled_in_step == count,
            Calls::UntilUnsent { most, gap } => {
                let done = unsent || self.settled_in_step >= most;
                if !done {
                    self.push(
                        self.now + gap,
                        Due::Call {
                            step: self.step,
                            count: 1,
                        },
                    );
                }
                done
            }
        };
        let Some(next) = self
            .plan
            .steps
            .get(self.step + 1)
            .filter(|n| done && n.when != When::Previous)
        else {
            return;
        };
        let from = if next.when == When::Failure {
            self.last_failure
        } else {
            self.now
        };
        self.push((from + next.after).max(self.now), Due::Begin { step: self.step + 1 });
    }

    fn notice_the_end(&mut self) {
        let last_step = self.step + 1 == self.plan.steps.len();
        let all_settled = self.settled == self.run.calls.len();
        let issued = match self.plan.steps[self.step].calls {
            Calls::Together { count, .. } => self.issued_in_step == count,
            Calls::UntilUnsent { .. } => !self
                .queue
                .iter()
                .any(|Reverse((.., due))| matches!(due, Due::Call { .. })),
        };
        if self.run.leftover.is_none() && last_step && issued && all_settled {
            let timers = self.live_timers();
            self.run.leftover = Some(Leftover {
                at: self.now,
                timers,
                later: 0,
            });
        }
    }

    fn live_timers(&self) -> u32 {
        self.timers
            .values()
            .filter(|t| t.counts && t.at > self.now + TOLERANCE)
            .count() as u32
    }

    fn finish(mut self) -> Run {
        let later = self.live_timers();
        if let Some(leftover) = &mut self.run.leftover {
            leftover.later = later;
            let (at, timers) = (leftover.at, leftover.timers);
            self.run.note(b'l', &[at, timers.into(), later.into()], "");
        }
        let settled = self
            .run
            .calls
            .iter()
            .filter_map(CallRecord::settled_at)
            .max()
            .unwrap_or(0);
        let answered = self
            .run
            .calls
            .iter()
            .flat_map(|c| &c.attempts)
            .filter_map(|a| a.end)
            .max()
            .unwrap_or(0);
        self.run.end = settled.max(answered);
        self.run.shed = self.api.shed;
        self.run
    }

    fn push(&mut self, at: Micros, due: Due) {
        self.made += 1;
        self.queue.push(Reverse((at, self.made, due)));
    }
}

/// RFC 9110's IMF-fixdate for seconds since 1970, by the civil calendar of Hinnant's `civil_from_days`.
fn http_date(seconds: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12;
    let year = year_of_era + era * 400 + i64::from(month < 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let weekday = DAYS[days.rem_euclid(7) as usize];
    let month = MONTHS[month as usize];
    format!("{weekday}, {day:02} {month} {year} {hour:02}:{minute:02}:{second:02} GMT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(http_date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(1_709_164_800), "Thu, 29 Feb 2024 00:00:00 GMT");
        assert_eq!(http_date(1_767_225_599), "Wed, 31 Dec 2025 23:59:59 GMT");
    }
}
