use super::fuel;
use super::guest::Guest;
use super::host::{self, Host};
use super::source::{self, Language};
use super::submission::{Submission, SubmissionError};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};
use wasmtime::{
    Config, Enabled, Engine as Wasmtime, Inlining, Instance, InstanceAllocationStrategy, InstancePre, Module,
    ModuleExport, PoolingAllocationConfig, Val,
};
use wasmtime_wizer::{InstanceState, SnapshotVal, ValType, Wizer};

/// QuickJS-NG as the npm package `quickjs-wasi` builds it; the lock file in `web/` pins it.
const INTERPRETER: &[u8] = include_bytes!("../../../web/dist/quickjs.wasm");
const PRELUDE: &str = include_str!("prelude.js");
const METER: &str = include_str!("fuel.rs");

/// Four herds at once. Each slot reserves address space, not memory, so that the engine needs no check of bounds.
const MOST_INSTANCES: u32 = 800;
pub(super) const MOST_MEMORY: usize = 48 << 20;
/// A slot that was used stays resident up to this size, which saves the page faults of the next use.
const KEEP_RESIDENT: usize = 2 << 20;
const KEEP_TABLE_RESIDENT: usize = 16 << 10;
/// QuickJS stops at its own limit long before this; should it not, the trap comes before the host's stack ends.
const WASM_STACK: usize = 1 << 20;

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
#[derive(Clone, Copy, Debug, Default)]
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
    pub(super) pre: InstancePre<Host>,
    pub(super) exports: Exports,
    pub(super) addresses: Addresses,
    /// Memory of a fresh instance from `heap` on, against which a loaded submission is compared. What lies below is the
    /// interpreter's stack, which is empty between two calls; reading it would only give it pages that every reset of
    /// the slot then has to look at.
    pub(super) image: Vec<u8>,
    pub(super) heap: usize,
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
        let failed = |source| EngineError::Cache {
            path: cache.to_path_buf(),
            source,
        };
        std::fs::create_dir_all(cache).map_err(failed)?;
        let wasmtime = Wasmtime::new(&config(true))?;
        let kept = Kept::of(cache, &fingerprint(&wasmtime));
        if let Some((module, addresses)) = kept.read(&wasmtime) {
            return Engine::with(wasmtime, module, addresses);
        }
        let (wasm, addresses) = snapshot()?;
        let module = Module::new(&wasmtime, &wasm)?;
        kept.write(&module.serialize()?, addresses).map_err(failed)?;
        Engine::with(wasmtime, module, addresses)
    }

    fn with(wasmtime: Wasmtime, module: Module, addresses: Addresses) -> Result<Engine, EngineError> {
        let pre = host::linker(&wasmtime)?.instantiate_pre(&module)?;
        let exports = Exports::of(&module);
        let mut engine = Engine {
            wasmtime,
            pre,
            exports,
            addresses,
            image: Vec::new(),
            heap: 0,
            gate: Gate::default(),
        };
        let mut guest = Guest::bare(&engine);
        engine.heap = guest.stack_pointer();
        engine.image = guest.memory()[engine.heap..].to_vec();
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

fn config(pooled: bool) -> Config {
    let mut config = Config::new();
    config
        .max_wasm_stack(WASM_STACK)
        .memory_init_cow(true)
        .compiler_inlining(Inlining::Yes);
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

/// Changes with whatever the compiled module depends on.
fn fingerprint(wasmtime: &Wasmtime) -> String {
    use std::hash::{Hash, Hasher};
    let mut compatibility = std::hash::DefaultHasher::new();
    wasmtime.precompile_compatibility_hash().hash(&mut compatibility);
    let mut digest = Sha256::new();
    digest.update(INTERPRETER);
    digest.update(PRELUDE);
    digest.update(METER);
    digest.update(compatibility.finish().to_le_bytes());
    digest.finalize()[..12].iter().map(|b| format!("{b:02x}")).collect()
}

/// The compiled engine on disk: the code as wasmtime maps it into memory, and beside it what it takes to trust and use it.
struct Kept {
    code: PathBuf,
    index: PathBuf,
}

impl Kept {
    fn of(cache: &Path, fingerprint: &str) -> Kept {
        let file = |ending: &str| cache.join(format!("engine-{fingerprint}.{ending}"));
        Kept {
            code: file("code"),
            index: file("index"),
        }
    }

    fn read(&self, wasmtime: &Wasmtime) -> Option<(Module, Addresses)> {
        let index = std::fs::read(&self.index).ok()?;
        let (digest, addresses) = index.split_at_checked(DIGEST)?;
        let addresses = Addresses::from_bytes(addresses)?;
        if digest_of(&self.code).ok()? != digest {
            return None;
        }
        Some((map(wasmtime, &self.code)?, addresses))
    }

    /// The index last, for without it nobody looks at the code.
    fn write(&self, code: &[u8], addresses: Addresses) -> std::io::Result<()> {
        put(&self.code, code)?;
        put(
            &self.index,
            &[Sha256::digest(code).as_slice(), &addresses.to_bytes()].concat(),
        )
    }
}

const DIGEST: usize = 32;

fn digest_of(path: &Path) -> std::io::Result<Vec<u8>> {
    let (mut file, mut digest) = (std::fs::File::open(path)?, Sha256::new());
    let mut buffer = vec![0; 128 << 10];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(digest.finalize().to_vec()),
            n => digest.update(&buffer[..n]),
        }
    }
}

/// Others see the whole file or none, also after a loss of power.
fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut file = std::fs::File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)
}

impl Addresses {
    fn to_bytes(self) -> Vec<u8> {
        let all = [self.undefined, self.step, self.load, self.mailbox, self.scratch];
        all.iter().flat_map(|address| address.to_le_bytes()).collect()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Addresses> {
        let (four, rest) = bytes.as_chunks();
        let [undefined, step, load, mailbox, scratch] =
            four.iter().map(|four| u32::from_le_bytes(*four)).collect::<Vec<_>>()[..]
        else {
            return None;
        };
        rest.is_empty().then_some(Addresses {
            undefined,
            step,
            load,
            mailbox,
            scratch,
        })
    }
}

#[expect(
    unsafe_code,
    reason = "our own compiled module, from our own folder, checked against its digest"
)]
fn map(wasmtime: &Wasmtime, code: &Path) -> Option<Module> {
    // SAFETY: the file holds what `Module::serialize` gave for a compatible engine, or its digest would differ. It is
    // never written to again: a newer one takes its name, and this mapping keeps the old one.
    unsafe { Module::deserialize_file(wasmtime, code) }.ok()
}

/// Runs the interpreter's start and the prelude, and writes the memory that results back into the module.
fn snapshot() -> Result<(Vec<u8>, Addresses), EngineError> {
    let wizer = Wizer::new();
    let metered = fuel::meter(INTERPRETER)?;
    let (context, instrumented) = wizer.instrument(&metered)?;
    let wasmtime = Wasmtime::new(&config(false))?;
    let module = Module::new(&wasmtime, &instrumented)?;
    let (mut guest, instance, addresses) = Guest::first(&wasmtime, &module, PRELUDE)?;
    let wasm = wait(wizer.snapshot(
        &context,
        &mut Snapshot {
            guest: &mut guest,
            instance,
        },
    ))?;
    Ok((wasm, addresses))
}

struct Snapshot<'a> {
    guest: &'a mut Guest,
    instance: Instance,
}

impl InstanceState for Snapshot<'_> {
    async fn global_get(&mut self, name: &str, _: ValType) -> SnapshotVal {
        let store = &mut self.guest.store;
        match self
            .instance
            .get_global(&mut *store, name)
            .expect("an exported global")
            .get(&mut *store)
        {
            Val::I32(value) => SnapshotVal::I32(value),
            Val::I64(value) => SnapshotVal::I64(value),
            other => unreachable!("the interpreter has no global like {other:?}"),
        }
    }

    async fn memory_contents(&mut self, name: &str, contents: impl FnOnce(&[u8]) + Send) {
        let memory = self
            .instance
            .get_memory(&mut self.guest.store, name)
            .expect("an exported memory");
        contents(memory.data(&self.guest.store));
    }
}

/// The snapshot's futures never wait.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => unreachable!("nothing to wait for"),
    }
}

/// Where the module keeps what is used in every instance; looking up by name would cost more than the instance.
pub(super) struct Exports {
    pub memory: ModuleExport,
    pub call: ModuleExport,
    pub free: ModuleExport,
    pub run_job: ModuleExport,
    pub fuel: ModuleExport,
}

impl Exports {
    fn of(module: &Module) -> Exports {
        let export = |name: &str| {
            module
                .get_export_index(name)
                .expect("the pinned interpreter exports it")
        };
        Exports {
            memory: export("memory"),
            call: export("qjs_call"),
            free: export("qjs_free_value"),
            run_job: export("qjs_execute_pending_job"),
            fuel: export(fuel::FUEL),
        }
    }
}
