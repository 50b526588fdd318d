use super::guest::Guest;
use super::image::Image;
use super::kept::Compiled;
use super::source::{self, Language};
use super::submission::{Submission, SubmissionError};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};
use wasmtime::{Config, Enabled, Engine as Wasmtime, Inlining, InstanceAllocationStrategy, PoolingAllocationConfig};

/// QuickJS-NG as `web/engine.mjs` makes it from the npm package `quickjs-wasi`; the lock file there pins both.
pub(super) const INTERPRETER: &[u8] = include_bytes!("../../../web/dist/quickjs.wasm");
pub(super) const PRELUDE: &str = include_str!("prelude.js");

/// Four herds at once. Each slot reserves address space, not memory, so that the engine needs no check of bounds.
const MOST_INSTANCES: u32 = 800;
pub(super) const MOST_MEMORY: usize = 48 << 20;
/// A slot that was used stays resident up to this size, which saves the page faults of the next use.
const KEEP_RESIDENT: usize = 2 << 20;
const KEEP_TABLE_RESIDENT: usize = 16 << 10;
/// QuickJS stops at its own limit before this, where the deepest recursion takes 1.2 MB; should it not, the trap comes
/// before the stack of a thread ends, which has 2 MB.
const WASM_STACK: usize = 3 << 19;
/// How large a function may become by taking in those that it calls; half of what Cranelift would choose. The rest is a
/// third of the code, which nothing gains by and every image of a submission copies.
const MOST_INLINED: &str = "1000";

#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("the engine's cache {path} cannot be used: {source}")]
    Cache { path: PathBuf, source: std::io::Error },
    #[error("the engine does not start: {0}")]
    Engine(String),
}

impl From<wasmtime::Error> for EngineError {
    fn from(error: wasmtime::Error) -> EngineError {
        EngineError::Engine(format!("{error:#}"))
    }
}

/// Addresses in the guest's memory that its image keeps.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub(super) struct Addresses {
    pub undefined: u32,
    pub step: u32,
    pub load: u32,
    pub mailbox: u32,
    pub scratch: u32,
}

/// The interpreter, compiled, with the prelude run in it. Cheap to share, safe to use from many threads.
pub struct Engine {
    pub(super) wasmtime: Wasmtime,
    pub(super) image: Image,
    pub(super) addresses: Addresses,
    /// Where the heap begins. What lies below is the interpreter's stack, which is empty between two calls; reading it
    /// would only give it pages that every reset of the slot then has to look at.
    pub(super) heap_from: usize,
    /// The heap of a fresh instance, against which that of a loaded submission is compared.
    pub(super) heap: Vec<u8>,
    /// The compiled module's file, and where the heap lies in it.
    pub(super) code: File,
    pub(super) heap_at: u64,
    gate: Gate,
}

/// Counts the instances in use, so that nobody asks the pool for more than it has.
#[derive(Default)]
struct Gate {
    taken: Mutex<u32>,
    freed: Condvar,
}

/// A right to so many instances, given back when dropped.
pub struct Places<'a> {
    gate: &'a Gate,
    count: u32,
}

impl Drop for Places<'_> {
    fn drop(&mut self) {
        *self.gate.taken.lock().unwrap_or_else(PoisonError::into_inner) -= self.count;
        self.gate.freed.notify_all();
    }
}

impl Engine {
    /// Takes the compiled engine from `cache`, or compiles it there, which takes a few seconds once.
    pub fn open(cache: &Path) -> Result<Engine, EngineError> {
        let wasmtime = Wasmtime::new(&config(true))?;
        let Compiled { module, code, index } = Compiled::open(cache, &wasmtime)?;
        let mut engine = Engine {
            image: Image::of(&wasmtime, &module)?,
            wasmtime,
            addresses: index.addresses,
            heap_from: 0,
            heap: Vec::new(),
            code,
            heap_at: index.heap_at,
            gate: Gate::default(),
        };
        let mut guest = Guest::new(&engine, &engine.image);
        engine.heap_from = guest.stack_pointer();
        engine.heap = guest.memory()[engine.heap_from..].to_vec();
        Ok(engine)
    }

    /// Waits until the pool has room for so many instances at once.
    pub fn places(&self, count: u32) -> Places<'_> {
        let taken = self.gate.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |taken: &mut u32| *taken > 0 && *taken + count > MOST_INSTANCES;
        let mut taken = self
            .gate
            .freed
            .wait_while(taken, full)
            .unwrap_or_else(PoisonError::into_inner);
        *taken += count;
        Places {
            gate: &self.gate,
            count,
        }
    }

    /// Checks, strips and evaluates a submission.
    pub fn load(&self, text: &[u8], language: Language) -> Result<Submission, SubmissionError> {
        let _place = self.places(1);
        let script = source::prepare(text, language)?;
        Submission::load(self, script)
    }
}

pub(super) fn config(pooled: bool) -> Config {
    let mut config = Config::new();
    config
        .max_wasm_stack(WASM_STACK)
        .memory_init_cow(true)
        .compiler_inlining(Inlining::Yes)
        .generate_address_map(false);
    inline_less(&mut config);
    if pooled {
        let mut pool = PoolingAllocationConfig::default();
        pool.total_core_instances(MOST_INSTANCES)
            .total_memories(MOST_INSTANCES)
            .total_tables(MOST_INSTANCES)
            .max_memory_size(MOST_MEMORY)
            .table_elements(1_024)
            .linear_memory_keep_resident(KEEP_RESIDENT)
            .table_keep_resident(KEEP_TABLE_RESIDENT)
            .pagemap_scan(Enabled::Auto);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    }
    config
}

#[expect(unsafe_code, reason = "wasmtime has no other door to this number")]
fn inline_less(config: &mut Config) {
    // SAFETY: it says what is inlined, and nothing about what the code may do.
    unsafe { config.cranelift_flag_set("wasmtime_inlining_sum_size_threshold", MOST_INLINED) };
}
