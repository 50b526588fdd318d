use super::engine::MOST_MEMORY;
use super::mailbox::{COMMANDS, Mailbox, POOL, RANDOM, TEXT};
use crate::grader::sim::{Cause, Code, Command, LastStatus, Rejected, Rng, Settled, TimerKind};
use std::collections::VecDeque;
use wasmtime::{
    Caller, Engine as Wasmtime, Linker, Memory, Result, Store, StoreLimits, StoreLimitsBuilder, WasmParams, WasmResults,
};

/// What `console` may print in one process, in bytes.
const MOST_OUTPUT: usize = 64 << 10;

/// What the host keeps for one instance.
pub struct Host {
    pub limits: StoreLimits,
    pub memory: Option<Memory>,
    pub mailbox: usize,
    pub rng: Rng,
    pub epoch_ms: u64,
    /// Microseconds of the world's clock; below zero while a process loads.
    pub clock: i64,
    pub born: i64,
    pub clock_reads: u32,
    pub said: VecDeque<String>,
    pub commands: Vec<Command>,
    rejection: Option<(u32, bool, Code)>,
    pub imports: Vec<String>,
    pub log: Vec<String>,
    logged: usize,
    pub fuel: u64,
    pub dead: bool,
}

impl Host {
    fn new(mailbox: u32) -> Host {
        Host {
            limits: StoreLimitsBuilder::new().memory_size(MOST_MEMORY).build(),
            memory: None,
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
            fuel: u64::MAX,
            dead: false,
        }
    }

    /// Takes the commands that wait in the mailbox, and fills the pool of random numbers once it is used up.
    pub fn collect(&mut self, memory: &mut [u8], fill: bool) {
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

    pub fn fill_pool(&mut self, mailbox: &mut Mailbox<'_>) {
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

pub fn store(wasmtime: &Wasmtime, mailbox: u32) -> Store<Host> {
    let mut store = Store::new(wasmtime, Host::new(mailbox));
    store.limiter(|host| &mut host.limits);
    store
}

pub fn c_string(memory: &[u8], pointer: u32) -> String {
    let bytes = memory.get(pointer as usize..).unwrap_or_default();
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

/// The twelve functions that the interpreter imports. None of them gives it anything of the machine that it runs on.
pub fn linker(wasmtime: &Wasmtime) -> Result<Linker<Host>> {
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
    let memory = guest_memory(&mut caller);
    match memory.data(&caller).get(name as usize).copied() {
        Some(b'f') => {
            let (memory, host) = memory.data_and_store_mut(&mut caller);
            host.collect(memory, true);
        }
        Some(which) if count > 0 => {
            let at = arguments as usize;
            let value = memory.data(&caller)[at..at + 4].try_into().map(u32::from_le_bytes)?;
            let pointer: u32 = call(&mut caller, "qjs_get_string", value)?;
            if pointer != 0 {
                let text = c_string(memory.data(&caller), pointer);
                call::<u32, ()>(&mut caller, "qjs_free_cstring", pointer)?;
                hear(caller.data_mut(), which, text);
            }
        }
        _ => {}
    }
    call(&mut caller, "qjs_get_undefined", ())
}

fn call<A: WasmParams, R: WasmResults>(caller: &mut Caller<'_, Host>, name: &str, arguments: A) -> Result<R> {
    let function = caller.get_export(name).and_then(|x| x.into_func());
    function
        .expect("the pinned interpreter has it")
        .typed::<A, R>(&*caller)?
        .call(caller, arguments)
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
    let memory = guest_memory(&mut caller);
    let specifier = c_string(memory.data(&caller), name);
    let copy = [specifier.as_bytes(), b"\0"].concat();
    caller.data_mut().imports.push(specifier.chars().take(100).collect());
    let pointer: u32 = call(&mut caller, "wasm_malloc", copy.len() as u32)?;
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
    caller.data().memory.unwrap_or_else(|| {
        // The interpreter's own start.
        caller
            .get_export("memory")
            .and_then(|x| x.into_memory())
            .expect("the interpreter's memory")
    })
}
