//! The interpreter after its start, as a module of its own.

use super::engine::{Addresses, EngineError, INTERPRETER, PRELUDE, config};
use super::fuel;
use super::guest::Guest;
use wasmtime::{Engine as Wasmtime, Instance, Module, Val};
use wasmtime_wizer::{InstanceState, SnapshotVal, ValType, Wizer};

pub(super) struct Snapshot {
    pub wasm: Vec<u8>,
    pub addresses: Addresses,
    /// The memory above the interpreter's stack.
    pub heap: Vec<u8>,
}

impl Snapshot {
    /// Runs the interpreter's start and the prelude, and writes the memory that results back into the module.
    pub fn take() -> Result<Snapshot, EngineError> {
        let wizer = Wizer::new();
        let metered = fuel::meter(INTERPRETER)?;
        let (context, instrumented) = wizer.instrument(&metered)?;
        let wasmtime = Wasmtime::new(&config(false))?;
        let module = Module::new(&wasmtime, &instrumented)?;
        let (mut guest, instance, addresses) = Guest::first(&wasmtime, &module, PRELUDE)?;
        let mut state = State {
            guest: &mut guest,
            instance,
        };
        let wasm = wait(wizer.snapshot(&context, &mut state))?;
        let heap = guest.stack_pointer();
        Ok(Snapshot {
            wasm,
            addresses,
            heap: guest.memory()[heap..].to_vec(),
        })
    }
}

struct State<'a> {
    guest: &'a mut Guest,
    instance: Instance,
}

impl InstanceState for State<'_> {
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
