use super::engine::Engine;
use super::guest::{FUEL_PER_EVENT, Guest};
use super::image::{self, Image};
use super::mailbox::{POOL, RANDOM, READS};
use super::source::Script;
use crate::grader::sim::{Command, Event, Halt, Micros, Rng, TimerKind};
use std::result::Result;
use wasmtime::Trap;

/// What a submission may use while it loads: a second or two.
const FUEL_TO_LOAD: u64 = 200_000_000;
const MOST_LOAD_EVENTS: u32 = 5_000;
/// What a loaded program may hold, in bytes: every process begins with a copy of it.
const MOST_LOADED: usize = 8 << 20;
const BLOCK: usize = 128;
/// What the prelude writes before the place of an error.
const PLACE: char = '\u{1}';
const FILE_NAME: &[u8] = b"submission\0";

/// Why a file is no submission, in words for a beginner.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SubmissionError {
    #[error("The file is empty. It has to export the function executeWithRetry.")]
    Empty,
    #[error("The file has {bytes} bytes; at most 262144 (256 KiB) are taken.")]
    TooLarge { bytes: usize },
    #[error("The file is not UTF-8 text: line {line} holds bytes that are no characters. Save it as UTF-8.")]
    NotUtf8 { line: u32 },
    #[error("Syntax error: {message}.")]
    Syntax {
        message: String,
        line: Option<u32>,
        column: Option<u32>,
    },
    #[error(
        "The file imports “{specifier}”. Only the standard library is there: write or paste what you need into the file itself."
    )]
    Import { specifier: String },
    #[error("The file does not export executeWithRetry{}. Start its line with: export async function executeWithRetry(operation, options)", others(.exports))]
    NoExport { exports: String },
    #[error("The file exports executeWithRetry, but it is not a function.")]
    NotAFunction,
    #[error("The file throws while it is loaded, before executeWithRetry is called: {message}.")]
    Throws {
        message: String,
        line: Option<u32>,
        column: Option<u32>,
    },
    #[error("The file fills more than 8 MB of memory while it loads.")]
    TooMuchMemory,
    #[error("The file's top-level await never settles, so executeWithRetry cannot be called.")]
    NeverLoads,
    #[error("The file does not finish loading: its top-level code {}.", .0.words())]
    Halted(Halt),
}

fn others(exports: &str) -> String {
    if exports.is_empty() {
        String::new()
    } else {
        format!("; it exports {exports}")
    }
}

impl SubmissionError {
    pub fn place(&self) -> (Option<u32>, Option<u32>) {
        match self {
            SubmissionError::Syntax { line, column, .. } | SubmissionError::Throws { line, column, .. } => {
                (*line, *column)
            }
            SubmissionError::NotUtf8 { line } => (Some(*line), None),
            _ => (None, None),
        }
    }
}

/// A program that was loaded once and can be started as often as one likes.
pub struct Submission {
    script: Script,
    start: Start,
}

enum Start {
    /// What loading changed in memory, and how large the memory was then.
    Memory {
        patches: Vec<Patch>,
        size: usize,
        /// A module that begins with this, and what does not fit into it.
        own: Option<(Image, Vec<Patch>)>,
    },
    /// Loading looked at the clock, drew numbers or set timers: every process does it for itself.
    Anew,
}

/// What a new process gets that others do not have.
pub struct Birth {
    pub rng: Rng,
    /// The world's wall clock at its time 0.
    pub epoch_ms: u64,
    /// How long before that time the process was started.
    pub age: Micros,
    /// For its whole life, in turns of loops.
    pub fuel: u64,
    /// Whether `console` is recorded.
    pub logging: bool,
}

impl Submission {
    pub(super) fn load(engine: &Engine, script: Script) -> Result<Submission, SubmissionError> {
        let mut guest = Guest::new(engine, &engine.image);
        let birth = Birth {
            rng: Rng::new(0, 0),
            epoch_ms: 1_767_225_600_000,
            age: 5_000_000,
            fuel: FUEL_TO_LOAD,
            logging: false,
        };
        let pending = guest.evaluate(&script, birth)?;
        let start = if guest.has_looked_around() || !pending.is_empty() {
            Start::Anew
        } else {
            let memory = guest.memory();
            let patches = difference(engine.heap_from, &engine.heap, &memory[engine.heap_from..]);
            if patches.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > MOST_LOADED {
                return Err(SubmissionError::TooMuchMemory);
            }
            Start::Memory {
                patches,
                size: memory.len(),
                own: None,
            }
        };
        Ok(Submission { script, start })
    }

    /// Gives it a module of its own, which makes each of many processes cheaper.
    pub fn with_own_image(mut self, engine: &Engine) -> Submission {
        if let Start::Memory { patches, size, own } = &mut self.start {
            let mut heap = engine.heap.clone();
            heap.resize(*size - engine.heap_from, 0);
            for (at, bytes) in &*patches {
                let at = at - engine.heap_from;
                heap[at..at + bytes.len()].copy_from_slice(bytes);
            }
            let held = image::used(&engine.heap);
            let rest = difference(engine.heap_from + held, &engine.heap[held..], &heap[held..]);
            *own = engine.image_with(&heap).map(|image| (image, rest));
        }
        self
    }

    /// A fresh process, and the timers that it has set already. `among` so many that live at once.
    pub fn spawn(&self, engine: &Engine, birth: Birth, among: u32) -> (Guest, Vec<Command>) {
        match &self.start {
            Start::Memory { patches, size, own } => {
                // A herd takes slots that are new to the submission's own module. Their pages are read before they are
                // written to, and each then has to be taken from the other threads' address translation.
                let (image, patches) = match own {
                    Some((image, rest)) if among == 1 => (image, rest),
                    _ => (&engine.image, patches),
                };
                let mut guest = Guest::new(engine, image);
                guest.restore(patches, *size);
                guest.be_born(birth);
                (guest, Vec::new())
            }
            Start::Anew => {
                let mut guest = Guest::new(engine, &engine.image);
                let pending = guest.evaluate(&self.script, birth);
                guest.store.data_mut().dead = pending.is_err();
                (guest, pending.unwrap_or_default())
            }
        }
    }

    /// A printed line, with the place that the prelude adds to an error given as it is in the submitted file.
    pub fn placed(&self, line: &str) -> String {
        let Some((text, place)) = line.split_once(PLACE) else {
            return line.to_string();
        };
        match numbers(place) {
            Some((line, column)) => {
                let (line, column) = self.script.original(line, column);
                format!("{text} (line {line}, column {column})")
            }
            None => text.to_string(),
        }
    }

    /// Where `line:column` of the code that runs stands in the submitted file.
    pub fn original(&self, line: u32, column: u32) -> (u32, u32) {
        self.script.original(line, column)
    }
}

/// Where a stretch of memory begins, and what it holds.
pub(super) type Patch = (usize, Box<[u8]>);

/// What has to be written over one memory to make it the other, from `start` on. Loading touches nearly every page of
/// the heap, but only a tenth of its bytes.
fn difference(start: usize, before: &[u8], after: &[u8]) -> Vec<Patch> {
    let zeros = [0; BLOCK];
    let changed = |i: usize| {
        let range = i * BLOCK..(i + 1) * BLOCK;
        before.get(range.clone()).unwrap_or(&zeros) != &after[range]
    };
    let blocks: Vec<usize> = (0..after.len() / BLOCK).filter(|&i| changed(i)).collect();
    let stretches = blocks.chunk_by(|a, b| a + 1 == *b);
    stretches
        .map(|blocks| {
            let range = blocks[0] * BLOCK..(blocks[blocks.len() - 1] + 1) * BLOCK;
            (start + range.start, after[range].into())
        })
        .collect()
}

impl Guest {
    /// Evaluates the submission as a module, with its own little event loop until it has loaded.
    fn evaluate(&mut self, script: &Script, birth: Birth) -> Result<Vec<Command>, SubmissionError> {
        let age = birth.age;
        self.be_born(birth);
        self.store.data_mut().clock = -(age as i64);
        let code = script.code.clone();
        let mut module = Ok(0);
        let halted = self.run(FUEL_TO_LOAD, |guest| match guest.eval(code.as_bytes(), FILE_NAME, 1) {
            Err(error) if error.is::<Trap>() => Err(error),
            evaluated => {
                module = evaluated;
                Ok(())
            }
        });
        if let Some(specifier) = self.store.data().imports.first() {
            return Err(SubmissionError::Import {
                specifier: specifier.clone(),
            });
        }
        halted.map_err(SubmissionError::Halted)?;
        let promise = module.map_err(|error| self.explain(&error, script))?;
        let mut timers = Timers::default();
        for event in 0..=MOST_LOAD_EVENTS {
            let state = self
                .named::<u32, i32>("qjs_promise_state", promise)
                .map_err(|_| SubmissionError::NeverLoads)?;
            timers.obey(
                std::mem::take(&mut self.store.data_mut().commands),
                self.store.data().clock,
            );
            match (state, timers.next(if state == 0 { i64::MAX } else { 0 })) {
                (0, None) => return Err(SubmissionError::NeverLoads),
                (_, Some((at, id))) if at <= 0 && event < MOST_LOAD_EVENTS => {
                    self.fire(at, id).map_err(SubmissionError::Halted)?
                }
                // What it goes on doing once it has loaded is seen in the world.
                (1, _) => {
                    self.store.data_mut().clock = 0;
                    return self.take_exports(promise).map(|()| timers.rest());
                }
                (0, Some((at, _))) if at > 0 => return Err(SubmissionError::NeverLoads),
                (0, Some(_)) => return Err(SubmissionError::Halted(Halt::Events)),
                _ => return Err(self.rejected_module(promise, script)),
            }
        }
        Err(SubmissionError::Halted(Halt::Events))
    }

    fn fire(&mut self, at: i64, id: u32) -> Result<(), Halt> {
        self.step(at, &Event::Timer { id }, FUEL_PER_EVENT)
    }

    fn take_exports(&mut self, promise: u32) -> Result<(), SubmissionError> {
        let load = self.addresses.load;
        let mut kind = 1;
        let result = self.run(FUEL_TO_LOAD, |guest| {
            let namespace = guest.named::<u32, u32>("qjs_promise_result", promise)?;
            let loaded = guest.call_function(load, &[namespace])?;
            kind = guest.named::<u32, f64>("qjs_get_float64", loaded)? as u32;
            for handle in [loaded, namespace, promise] {
                guest.free(handle)?;
            }
            Ok(())
        });
        if result.is_err() {
            return Err(SubmissionError::NotAFunction);
        }
        let exports = self.store.data_mut().said.pop_front().unwrap_or_default();
        match kind {
            1 => self
                .named::<(), ()>("qjs_run_gc", ())
                .map_err(|_| SubmissionError::Halted(Halt::Crash)),
            2 => Err(SubmissionError::NotAFunction),
            _ => Err(SubmissionError::NoExport { exports }),
        }
    }

    fn rejected_module(&mut self, promise: u32, script: &Script) -> SubmissionError {
        let thrown = (|| {
            let reason = self.named::<u32, u32>("qjs_promise_result", promise)?;
            self.describe(reason)
        })();
        if let Some(specifier) = self.store.data().imports.first() {
            return SubmissionError::Import {
                specifier: specifier.clone(),
            };
        }
        self.explain(&thrown.map_or_else(|e| e, wasmtime::Error::msg), script)
    }

    /// From the engine's words to those for a beginner: what, and where in the submitted file.
    fn explain(&self, error: &wasmtime::Error, script: &Script) -> SubmissionError {
        let text = format!("{error}");
        let (message, stack) = text.split_once('\u{1}').unwrap_or((&text, ""));
        let place = stack.split("submission:").nth(1).and_then(numbers);
        let place = place.map(|(line, column)| script.original(line, column));
        let (line, column) = (place.map(|p| p.0), place.map(|p| p.1));
        let message = message.trim_end_matches('.').to_string();
        match message.strip_prefix("SyntaxError: ") {
            Some(message) => SubmissionError::Syntax {
                message: message.to_string(),
                line,
                column,
            },
            None => SubmissionError::Throws { message, line, column },
        }
    }

    /// Whether anything that differs from process to process has been read.
    fn has_looked_around(&mut self) -> bool {
        let (mailbox, host) = self.mailbox();
        host.clock_reads > 0 || mailbox.get(READS) > 0.0 || mailbox.get(RANDOM) as usize != POOL
    }
}

/// Line and column from the beginning of "12:5)…".
fn numbers(place: &str) -> Option<(u32, u32)> {
    let mut numbers = place.split(|c: char| !c.is_ascii_digit()).filter(|s| !s.is_empty());
    let line = numbers.next()?.parse().ok()?;
    Some((line, numbers.next().and_then(|n| n.parse().ok()).unwrap_or(1)))
}

/// Timers that a program sets while it loads, on a clock of their own.
#[derive(Default)]
struct Timers(Vec<(i64, u32, f64, TimerKind)>);

impl Timers {
    fn obey(&mut self, commands: Vec<Command>, now: i64) {
        for command in commands {
            match command {
                Command::SetTimer { id, delay_ms, kind } => {
                    let delay = if delay_ms >= 1.0 { delay_ms } else { 1.0 };
                    self.0
                        .push((now.saturating_add((delay * 1_000.0) as i64), id, delay, kind));
                }
                Command::ClearTimer { id } => self.0.retain(|t| t.1 != id),
                _ => {}
            }
        }
    }

    /// The next one due at or before `until`; an interval stays.
    fn next(&mut self, until: i64) -> Option<(i64, u32)> {
        let i = (0..self.0.len()).min_by_key(|&i| self.0[i].0)?;
        let (at, id, delay, kind) = self.0[i];
        if at > until {
            return None;
        }
        if kind == TimerKind::Interval {
            self.0[i].0 = at + (delay * 1_000.0) as i64;
        } else {
            self.0.remove(i);
        }
        Some((at, id))
    }

    fn rest(self) -> Vec<Command> {
        let remaining = |at: i64, delay: f64, kind| {
            if kind == TimerKind::Interval {
                delay
            } else {
                at as f64 / 1_000.0
            }
        };
        let set = |(at, id, delay, kind)| Command::SetTimer {
            id,
            delay_ms: remaining(at, delay, kind),
            kind,
        };
        self.0.into_iter().map(set).collect()
    }
}
