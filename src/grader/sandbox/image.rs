//! A compiled module and the memory that its instances begin with.
//!
//! Loading a submission writes to half of the heap's pages. In a module of its own, which is the engine's but for the
//! memory that it begins with, these pages need not be written again for every process, nor restored after it.

use super::engine::{Engine, EngineError};
use super::fuel;
use super::host::{self, Host};
use rustix::fs::{MemfdFlags, memfd_create, sendfile};
use std::fs::File;
use std::os::unix::fs::FileExt;
use wasmtime::{Engine as Wasmtime, InstancePre, Module, ModuleExport};

const PAGE: usize = 4 << 10;

pub(super) struct Image {
    pub pre: InstancePre<Host>,
    pub exports: Exports,
}

impl Image {
    pub fn of(wasmtime: &Wasmtime, module: &Module) -> wasmtime::Result<Image> {
        Ok(Image {
            pre: host::linker(wasmtime)?.instantiate_pre(module)?,
            exports: Exports::of(module),
        })
    }
}

impl Engine {
    /// An image that begins with this heap, of which the engine's own has to have as much. Making it takes 2 ms, which
    /// some two hundred processes win back. None where the system has no files in memory.
    pub(super) fn image_with(&self, heap: &[u8]) -> Option<Image> {
        let file = File::from(memfd_create("submission", MemfdFlags::CLOEXEC).ok()?);
        let length = self.code.metadata().ok()?.len();
        let mut copied = 0;
        while copied < length {
            sendfile(&file, &self.code, Some(&mut copied), length as usize)
                .ok()
                .filter(|n| *n > 0)?;
        }
        file.write_all_at(&heap[..used(&self.heap)], self.heap_at).ok()?;
        Image::of(&self.wasmtime, &map(&self.wasmtime, file)?).ok()
    }
}

/// Where a compiled module holds a heap.
pub(super) fn find(code: &[u8], heap: &[u8]) -> Result<u64, EngineError> {
    let heap = &heap[..used(heap)];
    let at = (0..code.len()).step_by(PAGE).find(|at| code[*at..].starts_with(heap));
    at.map(|at| at as u64)
        .ok_or_else(|| EngineError::Engine("the compiled module does not hold its memory in one piece".to_string()))
}

/// How much of a heap a module holds: its pages but for the empty ones at its end.
pub(super) fn used(heap: &[u8]) -> usize {
    let last = heap.iter().rposition(|byte| *byte != 0);
    last.map_or(0, |last| (last + 1).next_multiple_of(PAGE))
}

#[expect(
    unsafe_code,
    reason = "our own compiled module, checked against its digest, with data of ours where it holds data"
)]
pub(super) fn map(wasmtime: &Wasmtime, code: File) -> Option<Module> {
    // SAFETY: the file holds what `Module::serialize` gave for a compatible engine, or its digest would differ; only the
    // memory in it may be another. It is never written to again: a newer engine is another file with its name, and the
    // copies in memory have no name.
    unsafe { Module::deserialize_open_file(wasmtime, code) }.ok()
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
