use super::engine::{Addresses, Engine, EngineError};
use super::source::Script;
use crate::grader::sim::{
    Answer, Cause, Code, Command, Event, Halt, LastStatus, Micros, NetworkError, Process, Rejected, Rng, Settled,
    TimerKind,
};
use std::collections::VecDeque;
use wasmtime::{
    Caller, Engine as Wasmtime, Instance, Linker, Memory, Module, Result, Store, StoreLimits, StoreLimitsBuilder,
    TypedFunc,
};

/// Instructions for one event: some 50 ms of work. An honest retry needs a thousandth of it, an honest report of a
/// thousand failures a quarter.
const FUEL_PER_EVENT: u64 = 400_000_000;
/// And for each of the calls that begin in one turn.
const FUEL_PER_CALL: u64 = 20_000_000;
/// What the prelude and the submission may use while they load.
const FUEL_TO_LOAD: u64 = 3_000_000_000;
const MEMORY_LIMIT: u32 = 32 << 20;
const STACK_LIMIT: u32 = 256 << 10;
/// What `console` may print in one process, in bytes.
const MOST_OUTPUT: usize = 64 << 10;
const MOST_LOAD_EVENTS: u32 = 5_000;
/// What a loaded program may hold, in bytes: every process begins with a copy of it.
const MOST_LOADED: usize = 8 << 20;

const FILE_NAME: &[u8] = b"submission\0";
const PAGE: usize = 4 << 10;

// The prelude's mailbox, in 64-bit numbers from its beginning.
const RANDOM: usize = 8;
const NOW: usize = 9;
const READS: usize = 10;
const LOGGING: usize = 11;
const ORIGIN: usize = 12;
const COUNT: usize = 13;
const POOL: usize = 16;
const COMMANDS: usize = 64;
const TEXT: usize = 4_000;

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
    /// Pages of memory that loading changed, and how large the memory was then.
    Pages { pages: Vec<Page>, size: usize },
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
    /// Instructions for its whole life.
    pub fuel: u64,
    /// Whether `console` is recorded.
    pub logging: bool,
}

impl Submission {
    pub(super) fn load(engine: &Engine, script: Script) -> std::result::Result<Submission, SubmissionError> {
        let mut guest = Guest::bare(engine, 0);
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
            let (pages, size) = changed_pages(&engine.image, &guest.memory());
            if pages.len() * PAGE > MOST_LOADED {
                return Err(SubmissionError::TooMuchMemory);
            }
            Start::Pages { pages, size }
        };
        Ok(Submission { script, start })
    }

    /// A fresh process, and the timers that it has set already.
    pub fn spawn(&self, engine: &Engine, birth: Birth) -> (Guest, Vec<Command>) {
        let mut guest = Guest::bare(engine, 0);
        match &self.start {
            Start::Pages { pages, size } => {
                guest.restore(pages, *size);
                guest.be_born(birth);
                (guest, Vec::new())
            }
            Start::Anew => {
                let pending = guest.evaluate(&self.script, birth);
                guest.store.data_mut().dead = pending.is_err();
                (guest, pending.unwrap_or_default())
            }
        }
    }

    /// Where `line:column` of the code that runs stands in the submitted file.
    pub fn original(&self, line: u32, column: u32) -> (u32, u32) {
        self.script.original(line, column)
    }
}

/// Where a page begins, and what it holds.
type Page = (usize, Box<[u8]>);

fn changed_pages(before: &[u8], after: &[u8]) -> (Vec<Page>, usize) {
    let zeros = [0; PAGE];
    let pages = after.chunks(PAGE).enumerate().filter_map(|(i, page)| {
        let at = i * PAGE;
        let old = before.get(at..at + PAGE).unwrap_or(&zeros);
        (old != page).then(|| (at, page.into()))
    });
    (pages.collect(), after.len())
}

/// What the host keeps for one instance.
pub struct Host {
    limits: StoreLimits,
    functions: Option<Functions>,
    mailbox: usize,
    rng: Rng,
    epoch_ms: u64,
    /// Microseconds of the world's clock; below zero while a process loads.
    clock: i64,
    born: i64,
    clock_reads: u32,
    said: VecDeque<String>,
    commands: Vec<Command>,
    rejection: Option<(u32, bool, Code)>,
    imports: Vec<String>,
    pub log: Vec<String>,
    logged: usize,
    fuel: u64,
    dead: bool,
}

#[derive(Clone)]
struct Functions {
    memory: Memory,
    call: TypedFunc<(u32, u32, u32, u32), u32>,
    free: TypedFunc<u32, ()>,
    is_exception: TypedFunc<u32, i32>,
    is_job_pending: TypedFunc<(), i32>,
    run_job: TypedFunc<(), i32>,
    get_undefined: TypedFunc<(), u32>,
    get_string: TypedFunc<u32, u32>,
    free_string: TypedFunc<u32, ()>,
    get_exception: TypedFunc<(), u32>,
}

impl Host {
    fn new(mailbox: u32) -> Host {
        Host {
            limits: StoreLimitsBuilder::new().memory_size(48 << 20).build(),
            functions: None,
            mailbox: mailbox as usize,
            rng: Rng::new(0, 0),
            epoch_ms: 0,
            clock: 0,
            born: 0,
            clock_reads: 0,
            said: VecDeque::new(),
            commands: Vec::new(),
            rejection: None,
            imports: Vec::new(),
            log: Vec::new(),
            logged: 0,
            fuel: FUEL_TO_LOAD,
            dead: false,
        }
    }

    /// Takes the commands that wait in the mailbox, and fills the pool of random numbers once it is used up.
    fn collect(&mut self, memory: &mut [u8], fill: bool) {
        let mut mailbox = Mailbox {
            memory,
            base: self.mailbox,
        };
        let end = (mailbox.get(0) as usize).clamp(COMMANDS, TEXT);
        for at in (COMMANDS..end.saturating_sub(3)).step_by(4) {
            let [kind, a, b, c] = [0, 1, 2, 3].map(|i| mailbox.get(at + i));
            self.command(kind as u32, a, b, c);
        }
        mailbox.set(0, COMMANDS as f64);
        if fill && mailbox.get(RANDOM) as usize >= COMMANDS {
            self.fill_pool(&mut mailbox);
        }
    }

    fn fill_pool(&mut self, mailbox: &mut Mailbox<'_>) {
        for at in POOL..COMMANDS {
            mailbox.set(at, self.rng.unit());
        }
        mailbox.set(RANDOM, POOL as f64);
    }

    fn command(&mut self, kind: u32, a: f64, b: f64, c: f64) {
        let command = match kind {
            1 => {
                let kind = match c as u32 {
                    1 => TimerKind::Interval,
                    2 => TimerKind::Signal,
                    _ => TimerKind::Once,
                };
                Command::SetTimer {
                    id: a as u32,
                    delay_ms: b,
                    kind,
                }
            }
            2 => Command::ClearTimer { id: a as u32 },
            3 => Command::Operation {
                op: a as u32,
                call: b as u32,
            },
            4 => Command::Abort { op: a as u32 },
            5 => {
                let op = (b >= 0.0).then_some(b as u32);
                let shown = if op.is_none() { self.said() } else { String::new() };
                Command::Settle {
                    call: a as u32,
                    outcome: Settled::Resolved { op, shown },
                }
            }
            6 => {
                let code = [
                    Code::RetriesExhausted,
                    Code::CircuitOpen,
                    Code::NonRetryable,
                    Code::Other,
                ];
                self.rejection = Some((a as u32, b == 1.0, code[(c as usize).min(3)]));
                return;
            }
            7 => {
                let Some(command) = self.rejected(a, b, c as u64) else {
                    return;
                };
                command
            }
            _ => return,
        };
        self.commands.push(command);
    }

    fn rejected(&mut self, attempts: f64, status: f64, cause: u64) -> Option<Command> {
        let (call, is_error, code) = self.rejection.take()?;
        let last_status = match status {
            -1.0 => LastStatus::Null,
            n if n >= 0.0 => LastStatus::Number(n),
            _ => LastStatus::Other,
        };
        let cause = match cause >> 32 {
            1 => Cause::Of(cause as u32),
            2 => Cause::Error(self.said()),
            3 => Cause::Other(self.said()),
            _ => Cause::Missing,
        };
        let shown = if !is_error || code == Code::Other {
            self.said()
        } else {
            String::new()
        };
        let rejected = Rejected {
            is_error,
            code,
            attempts,
            last_status,
            cause,
            shown,
        };
        Some(Command::Settle {
            call,
            outcome: Settled::Rejected(Box::new(rejected)),
        })
    }

    fn said(&mut self) -> String {
        self.said.pop_front().unwrap_or_default()
    }
}

struct Mailbox<'a> {
    memory: &'a mut [u8],
    base: usize,
}

impl Mailbox<'_> {
    fn get(&self, i: usize) -> f64 {
        let at = self.base + 8 * i;
        f64::from_le_bytes(self.memory[at..at + 8].try_into().expect("eight bytes"))
    }

    fn set(&mut self, i: usize, value: f64) {
        let at = self.base + 8 * i;
        self.memory[at..at + 8].copy_from_slice(&value.to_le_bytes());
    }
}

/// One instance: a process of the program under test.
pub struct Guest {
    pub(super) store: Store<Host>,
    instance: Instance,
    functions: Functions,
    addresses: Addresses,
}

impl Process for Guest {
    fn deliver(
        &mut self,
        now: Micros,
        event: &Event<'_>,
        commands: &mut Vec<Command>,
    ) -> std::result::Result<(), Halt> {
        if self.store.data().dead {
            return Err(Halt::Crash);
        }
        self.store.data_mut().clock = now as i64;
        let (memory, host) = self.functions.memory.data_and_store_mut(&mut self.store);
        let mut mailbox = Mailbox {
            memory,
            base: host.mailbox,
        };
        mailbox.set(NOW, (now as i64 - host.born) as f64 / 1_000.0);
        write_event(&mut mailbox, event);
        let fuel = match event {
            Event::Call { count, .. } => FUEL_PER_EVENT + FUEL_PER_CALL * u64::from(*count),
            _ => FUEL_PER_EVENT,
        };
        let result = self.run(fuel, |guest| guest.step());
        commands.append(&mut self.store.data_mut().commands);
        result
    }
}

fn write_event(mailbox: &mut Mailbox<'_>, event: &Event<'_>) {
    let numbers = match event {
        Event::Call { call, count, options } => {
            mailbox.set(COUNT, f64::from(*count));
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
            let header = retry_after.map_or(-1.0, |text| write_text(mailbox, text));
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
        mailbox.set(1 + i, number);
    }
}

fn write_text(mailbox: &mut Mailbox<'_>, text: &str) -> f64 {
    let at = mailbox.base + 8 * TEXT;
    let bytes = &text.as_bytes()[..text.len().min(8 * 96)];
    mailbox.memory[at..at + bytes.len()].copy_from_slice(bytes);
    bytes.len() as f64
}

impl Guest {
    /// An instance of the image, as it is before any submission.
    pub(super) fn bare(engine: &Engine, clock: i64) -> Guest {
        let mut store = store(&engine.wasmtime, engine.addresses.mailbox);
        store.data_mut().clock = clock;
        let instance = engine
            .pre
            .instantiate(&mut store)
            .expect("the pool has room, for its users wait");
        let e = &engine.exports;
        let functions = Functions {
            memory: instance
                .get_module_export(&mut store, &e.memory)
                .and_then(|x| x.into_memory())
                .expect("memory"),
            call: typed(&instance, &mut store, &e.call),
            free: typed(&instance, &mut store, &e.free),
            is_exception: typed(&instance, &mut store, &e.is_exception),
            is_job_pending: typed(&instance, &mut store, &e.is_job_pending),
            run_job: typed(&instance, &mut store, &e.run_job),
            get_undefined: typed(&instance, &mut store, &e.get_undefined),
            get_string: typed(&instance, &mut store, &e.get_string),
            free_string: typed(&instance, &mut store, &e.free_string),
            get_exception: typed(&instance, &mut store, &e.get_exception),
        };
        store.data_mut().functions = Some(functions.clone());
        Guest {
            store,
            instance,
            functions,
            addresses: engine.addresses,
        }
    }

    /// The instance from which the image is taken: the interpreter started, the prelude run.
    pub(super) fn first(
        wasmtime: &Wasmtime,
        module: &Module,
        prelude: &str,
    ) -> std::result::Result<(Guest, Instance, Addresses), EngineError> {
        let mut store = store(wasmtime, 0);
        let instance = linker(wasmtime)?.instantiate_pre(module)?.instantiate(&mut store)?;
        let functions = Functions {
            memory: instance.get_memory(&mut store, "memory").expect("memory"),
            call: instance.get_typed_func(&mut store, "qjs_call")?,
            free: instance.get_typed_func(&mut store, "qjs_free_value")?,
            is_exception: instance.get_typed_func(&mut store, "qjs_is_exception")?,
            is_job_pending: instance.get_typed_func(&mut store, "qjs_is_job_pending")?,
            run_job: instance.get_typed_func(&mut store, "qjs_execute_pending_job")?,
            get_undefined: instance.get_typed_func(&mut store, "qjs_get_undefined")?,
            get_string: instance.get_typed_func(&mut store, "qjs_get_string")?,
            free_string: instance.get_typed_func(&mut store, "qjs_free_cstring")?,
            get_exception: instance.get_typed_func(&mut store, "qjs_get_exception")?,
        };
        store.data_mut().functions = Some(functions.clone());
        store.set_fuel(FUEL_TO_LOAD)?;
        instance
            .get_typed_func::<(), ()>(&mut store, "_initialize")?
            .call(&mut store, ())?;
        let mut guest = Guest {
            store,
            instance,
            functions,
            addresses: Addresses::default(),
        };
        let addresses = guest.install(prelude)?;
        guest.addresses = addresses;
        Ok((guest, instance, addresses))
    }

    fn install(&mut self, prelude: &str) -> std::result::Result<Addresses, EngineError> {
        let failed = |what: &str| EngineError::Engine(what.to_string());
        if self.named::<(), i32>("qjs_init", ())? != 0 {
            return Err(failed("the interpreter does not start"));
        }
        for (name, value) in [
            ("qjs_set_promise_rejection_handler", 0),
            ("qjs_set_interrupt_handler", 0),
            ("qjs_set_module_loader", 1),
        ] {
            self.named::<i32, ()>(name, value)?;
        }
        self.named::<u32, ()>("qjs_set_max_stack_size", STACK_LIMIT)?;
        self.named::<u32, ()>("qjs_set_memory_limit", MEMORY_LIMIT)?;
        let install = self.eval(prelude.as_bytes(), b"prelude\0", 0)?;
        let global = self.named::<(), u32>("qjs_get_global", ())?;
        let functions = self.named::<(), u32>("qjs_new_object", ())?;
        for name in ["flush", "say", "log"] {
            let text = self.write(&[name.as_bytes(), b"\0"].concat())?;
            let function = self.named::<(u32, u32, i32), u32>("qjs_new_host_function", (text, name.len() as u32, 0))?;
            self.named::<(u32, u32, u32), i32>("qjs_set_prop_string", (functions, text, function))?;
        }
        let scratch = self.named::<u32, u32>("wasm_malloc", 32)?;
        let undefined = self.named::<(), u32>("qjs_get_undefined", ())?;
        self.addresses = Addresses {
            undefined,
            scratch,
            ..Addresses::default()
        };
        let made = self.call_function(install, &[global, functions])?;
        let step = self.property(made, "step")?;
        let load = self.property(made, "load")?;
        let buffer = self.property(made, "mailbox")?;
        let mailbox = self.named::<(u32, u32), u32>("qjs_get_array_buffer", (buffer, scratch))?;
        if mailbox == 0 {
            return Err(failed("the prelude has no mailbox"));
        }
        let (memory, host) = self.functions.memory.data_and_store_mut(&mut self.store);
        host.mailbox = mailbox as usize;
        let mut slots = Mailbox {
            memory,
            base: mailbox as usize,
        };
        slots.set(0, COMMANDS as f64);
        slots.set(RANDOM, COMMANDS as f64);
        self.named::<(), ()>("qjs_run_gc", ())?;
        Ok(Addresses {
            undefined,
            step,
            load,
            mailbox,
            scratch,
        })
    }

    /// Evaluates the submission as a module, with its own little event loop until it has loaded.
    fn evaluate(&mut self, script: &Script, birth: Birth) -> std::result::Result<Vec<Command>, SubmissionError> {
        let age = birth.age;
        self.be_born(birth);
        self.store.data_mut().clock = -(age as i64);
        let code = script.code.clone();
        let mut module = Ok(0);
        let halted = self.run(FUEL_TO_LOAD, |guest| {
            module = guest.eval(code.as_bytes(), FILE_NAME, 1);
            Ok(())
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

    fn fire(&mut self, at: i64, id: u32) -> std::result::Result<(), Halt> {
        let (memory, host) = self.functions.memory.data_and_store_mut(&mut self.store);
        host.clock = at;
        let mut mailbox = Mailbox {
            memory,
            base: host.mailbox,
        };
        mailbox.set(NOW, (at - host.born) as f64 / 1_000.0);
        write_event(&mut mailbox, &Event::Timer { id });
        self.run(FUEL_PER_EVENT, |guest| guest.step())
    }

    fn take_exports(&mut self, promise: u32) -> std::result::Result<(), SubmissionError> {
        let load = self.addresses.load;
        let mut kind = 1;
        let result = self.run(FUEL_TO_LOAD, |guest| {
            let namespace = guest.named::<u32, u32>("qjs_promise_result", promise)?;
            let loaded = guest.call_function(load, &[namespace])?;
            kind = guest.named::<u32, f64>("qjs_get_float64", loaded)? as u32;
            for handle in [loaded, namespace, promise] {
                guest.functions.free.call(&mut guest.store, handle)?;
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
        let place = stack.split("submission:").nth(1).and_then(|rest| {
            let mut numbers = rest.split(|c: char| !c.is_ascii_digit()).filter(|s| !s.is_empty());
            Some((
                numbers.next()?.parse().ok()?,
                numbers.next().and_then(|n| n.parse().ok()).unwrap_or(1),
            ))
        });
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

    fn be_born(&mut self, birth: Birth) {
        let (memory, host) = self.functions.memory.data_and_store_mut(&mut self.store);
        (host.rng, host.epoch_ms, host.born, host.clock) = (birth.rng, birth.epoch_ms, -(birth.age as i64), 0);
        host.fuel = birth.fuel;
        let mut mailbox = Mailbox {
            memory,
            base: host.mailbox,
        };
        mailbox.set(ORIGIN, birth.epoch_ms as f64 - birth.age as f64 / 1_000.0);
        mailbox.set(LOGGING, f64::from(birth.logging));
        host.fill_pool(&mut mailbox);
    }

    /// Whether anything that differs from process to process has been read.
    fn has_looked_around(&mut self) -> bool {
        let (memory, host) = self.functions.memory.data_and_store_mut(&mut self.store);
        let mailbox = Mailbox {
            memory,
            base: host.mailbox,
        };
        host.clock_reads > 0 || mailbox.get(READS) > 0.0 || mailbox.get(RANDOM) as usize != POOL
    }

    fn restore(&mut self, pages: &[Page], size: usize) {
        let memory = self.functions.memory;
        let now = memory.data_size(&self.store);
        if size > now {
            memory
                .grow(&mut self.store, ((size - now) / (64 << 10)) as u64)
                .expect("it grew that far before");
        }
        let data = memory.data_mut(&mut self.store);
        for (at, page) in pages {
            data[*at..*at + page.len()].copy_from_slice(page);
        }
    }

    pub(super) fn memory(&self) -> Vec<u8> {
        self.functions.memory.data(&self.store).to_vec()
    }

    /// Instructions that are left to this process.
    pub fn fuel_left(&self) -> u64 {
        self.store.data().fuel
    }

    pub fn log(&self) -> &[String] {
        &self.store.data().log
    }

    /// Runs guest code and then all its jobs, within limits.
    fn run(&mut self, fuel: u64, work: impl FnOnce(&mut Guest) -> Result<()>) -> std::result::Result<(), Halt> {
        let fuel = fuel.min(self.store.data().fuel);
        self.store.set_fuel(fuel).expect("fuel is on");
        let result = work(self).and_then(|()| self.pump());
        let left = self.store.get_fuel().expect("fuel is on");
        let (memory, host) = self.functions.memory.data_and_store_mut(&mut self.store);
        host.collect(memory, false);
        host.fuel -= fuel - left;
        result.map_err(|error| {
            host.dead = true;
            match error.downcast_ref::<wasmtime::Trap>() {
                Some(wasmtime::Trap::OutOfFuel) => Halt::Fuel,
                _ => Halt::Crash,
            }
        })
    }

    fn step(&mut self) -> Result<()> {
        let (step, undefined) = (self.addresses.step, self.addresses.undefined);
        let result = self.functions.call.call(&mut self.store, (step, undefined, 0, 0))?;
        // The prelude catches what a submission throws; what is left is an engine that cannot go on, out of memory say.
        self.functions.free.call(&mut self.store, result)
    }

    fn pump(&mut self) -> Result<()> {
        while self.functions.is_job_pending.call(&mut self.store, ())? != 0 {
            if self.functions.run_job.call(&mut self.store, ())? < 0 {
                let exception = self.functions.get_exception.call(&mut self.store, ())?;
                self.functions.free.call(&mut self.store, exception)?;
            }
        }
        Ok(())
    }

    fn eval(&mut self, code: &[u8], file: &[u8], flags: u32) -> Result<u32> {
        let text = self.write(&[code, b"\0"].concat())?;
        let name = self.write(file)?;
        let length = code.len() as u32;
        let result = self.named::<(u32, u32, u32, u32), u32>("qjs_eval", (text, length, name, flags))?;
        self.named::<u32, ()>("wasm_free", text)?;
        self.named::<u32, ()>("wasm_free", name)?;
        self.check(result)
    }

    fn call_function(&mut self, function: u32, arguments: &[u32]) -> Result<u32> {
        let scratch = self.addresses.scratch as usize;
        let memory = self.functions.memory.data_mut(&mut self.store);
        for (i, argument) in arguments.iter().enumerate() {
            memory[scratch + 4 * i..scratch + 4 * i + 4].copy_from_slice(&argument.to_le_bytes());
        }
        let (undefined, count) = (self.addresses.undefined, arguments.len() as u32);
        let result = self
            .functions
            .call
            .call(&mut self.store, (function, undefined, count, scratch as u32))?;
        self.check(result)
    }

    fn property(&mut self, object: u32, name: &str) -> Result<u32> {
        let name = self.write(&[name.as_bytes(), b"\0"].concat())?;
        let value = self.named::<(u32, u32), u32>("qjs_get_prop_string", (object, name))?;
        self.named::<u32, ()>("wasm_free", name)?;
        self.check(value)
    }

    /// An exception becomes an error whose text is its message, U+0001 and its stack.
    fn check(&mut self, value: u32) -> Result<u32> {
        if self.functions.is_exception.call(&mut self.store, value)? == 0 {
            return Ok(value);
        }
        let exception = self.functions.get_exception.call(&mut self.store, ())?;
        Err(wasmtime::Error::msg(self.describe(exception)?))
    }

    fn describe(&mut self, thrown: u32) -> Result<String> {
        let message = self.text(thrown)?;
        let stack = match self.property(thrown, "stack") {
            Ok(stack) => self.text(stack)?,
            Err(_) => String::new(),
        };
        let message: String = message.chars().take(300).collect();
        Ok(format!("{message}\u{1}{stack}"))
    }

    fn text(&mut self, value: u32) -> Result<String> {
        let pointer = self.functions.get_string.call(&mut self.store, value)?;
        if pointer == 0 {
            return Ok("something that cannot be shown".to_string());
        }
        let text = c_string(self.functions.memory.data(&self.store), pointer);
        self.functions.free_string.call(&mut self.store, pointer)?;
        Ok(text)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<u32> {
        let pointer = self.named::<u32, u32>("wasm_malloc", bytes.len() as u32)?;
        wasmtime::ensure!(pointer != 0, "out of memory");
        let at = pointer as usize;
        self.functions.memory.data_mut(&mut self.store)[at..at + bytes.len()].copy_from_slice(bytes);
        Ok(pointer)
    }

    /// Calls an export that only loading needs, by its name.
    fn named<A: wasmtime::WasmParams, R: wasmtime::WasmResults>(&mut self, name: &str, arguments: A) -> Result<R> {
        self.instance
            .get_typed_func::<A, R>(&mut self.store, name)?
            .call(&mut self.store, arguments)
    }
}

fn typed<A: wasmtime::WasmParams, R: wasmtime::WasmResults>(
    instance: &Instance,
    store: &mut Store<Host>,
    export: &wasmtime::ModuleExport,
) -> TypedFunc<A, R> {
    let function = instance
        .get_module_export(&mut *store, export)
        .and_then(|x| x.into_func());
    function
        .expect("a function")
        .typed(&*store)
        .expect("the pinned interpreter's own type")
}

fn store(wasmtime: &Wasmtime, mailbox: u32) -> Store<Host> {
    let mut store = Store::new(wasmtime, Host::new(mailbox));
    store.limiter(|host| &mut host.limits);
    store
}

fn c_string(memory: &[u8], pointer: u32) -> String {
    let bytes = memory.get(pointer as usize..).unwrap_or_default();
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
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

/// The twelve functions that the interpreter imports. None of them gives it anything of the machine that it runs on.
pub(super) fn linker(wasmtime: &Wasmtime) -> Result<Linker<Host>> {
    let mut linker = Linker::new(wasmtime);
    linker.func_wrap("env", "host_call", host_call)?;
    linker.func_wrap("env", "host_get_timezone_offset", |_: i32, _: i32| 0_i32)?;
    linker.func_wrap("env", "host_interrupt", || 0_i32)?;
    linker.func_wrap("env", "host_promise_rejection", |_: u32, _: u32, _: i32| ())?;
    linker.func_wrap("env", "host_module_normalize", module_normalize)?;
    linker.func_wrap("env", "host_module_load", |_: u32, _: u32| 0_u32)?;
    let wasi = "wasi_snapshot_preview1";
    linker.func_wrap(wasi, "clock_time_get", clock_time_get)?;
    linker.func_wrap(wasi, "random_get", random_get)?;
    linker.func_wrap(wasi, "fd_close", |_: i32| BAD_DESCRIPTOR)?;
    linker.func_wrap(wasi, "fd_fdstat_get", |_: i32, _: i32| BAD_DESCRIPTOR)?;
    linker.func_wrap(wasi, "fd_seek", |_: i32, _: i64, _: i32, _: i32| BAD_DESCRIPTOR)?;
    linker.func_wrap(wasi, "fd_write", |_: i32, _: i32, _: i32, _: i32| BAD_DESCRIPTOR)?;
    Ok(linker)
}

/// WASI's `EBADF`.
const BAD_DESCRIPTOR: i32 = 8;

fn host_call(
    mut caller: Caller<'_, Host>,
    name: u32,
    _length: u32,
    _this: u32,
    count: u32,
    arguments: u32,
) -> Result<u32> {
    let functions = caller.data().functions.clone().expect("set before any guest code runs");
    let memory = functions.memory;
    match memory.data(&caller).get(name as usize).copied() {
        Some(b'f') => {
            let (memory, host) = memory.data_and_store_mut(&mut caller);
            host.collect(memory, true);
        }
        Some(which) if count > 0 => {
            let at = arguments as usize;
            let value = memory.data(&caller)[at..at + 4].try_into().map(u32::from_le_bytes)?;
            let pointer = functions.get_string.call(&mut caller, value)?;
            if pointer != 0 {
                let text = c_string(memory.data(&caller), pointer);
                functions.free_string.call(&mut caller, pointer)?;
                hear(caller.data_mut(), which, text);
            }
        }
        _ => {}
    }
    functions.get_undefined.call(&mut caller, ())
}

fn hear(host: &mut Host, which: u8, text: String) {
    if which == b's' {
        host.said.push_back(text);
    } else if host.logged + text.len() <= MOST_OUTPUT {
        host.logged += text.len();
        host.log.push(text);
    }
}

/// Remembers what the program wanted to import; the loader then has nothing to give.
fn module_normalize(mut caller: Caller<'_, Host>, _base: u32, name: u32) -> Result<u32> {
    let memory = caller
        .data()
        .functions
        .clone()
        .expect("set before any guest code runs")
        .memory;
    let specifier = c_string(memory.data(&caller), name);
    let copy = [specifier.as_bytes(), b"\0"].concat();
    caller.data_mut().imports.push(specifier.chars().take(100).collect());
    let malloc = caller
        .get_export("wasm_malloc")
        .and_then(|x| x.into_func())
        .expect("the pinned interpreter has it");
    let pointer = malloc
        .typed::<u32, u32>(&caller)?
        .call(&mut caller, copy.len() as u32)?;
    if pointer != 0 {
        memory.data_mut(&mut caller)[pointer as usize..pointer as usize + copy.len()].copy_from_slice(&copy);
    }
    Ok(pointer)
}

fn clock_time_get(mut caller: Caller<'_, Host>, _clock: i32, _precision: i64, out: u32) -> i32 {
    let memory = guest_memory(&mut caller);
    let host = caller.data_mut();
    host.clock_reads += 1;
    let nanoseconds = (host.epoch_ms as i64 * 1_000 + host.clock) * 1_000;
    memory.data_mut(&mut caller)[out as usize..out as usize + 8].copy_from_slice(&nanoseconds.to_le_bytes());
    0
}

/// Only asked for when the interpreter starts, whose own generator the prelude then replaces.
fn random_get(mut caller: Caller<'_, Host>, out: u32, length: u32) -> i32 {
    let memory = guest_memory(&mut caller);
    memory.data_mut(&mut caller)[out as usize..(out + length) as usize].fill(7);
    0
}

fn guest_memory(caller: &mut Caller<'_, Host>) -> Memory {
    match &caller.data().functions {
        Some(functions) => functions.memory,
        None => caller
            .get_export("memory")
            .and_then(|x| x.into_memory())
            .expect("the interpreter's memory"),
    }
}
