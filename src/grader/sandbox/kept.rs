//! The compiled engine on disk, so that only the first start pays for Cranelift.

use super::engine::{Addresses, EngineError, INTERPRETER, PRELUDE};
use super::image;
use super::snapshot::Snapshot;
use crate::grader::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use wasmtime::{Engine as Wasmtime, Module};

const METER: &str = include_str!("fuel.rs");

/// The compiled engine, its file, and what is known of both.
pub(super) struct Compiled {
    pub module: Module,
    pub code: File,
    pub index: Index,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Index {
    sha256: String,
    pub addresses: Addresses,
    /// Where in the file the heap lies that every instance begins with.
    pub heap_at: u64,
}

impl Compiled {
    /// Takes the compiled engine from `cache`, or compiles it there.
    pub fn open(cache: &Path, wasmtime: &Wasmtime) -> Result<Compiled, EngineError> {
        let failed = |source| EngineError::Cache {
            path: cache.to_path_buf(),
            source,
        };
        std::fs::create_dir_all(cache).map_err(failed)?;
        let kept = Kept::of(cache, &fingerprint(wasmtime));
        if let Some(compiled) = kept.read(wasmtime) {
            return Ok(compiled);
        }
        let snapshot = Snapshot::take()?;
        let module = Module::new(wasmtime, &snapshot.wasm)?;
        let bytes = module.serialize()?;
        let index = Index {
            sha256: hex(&Sha256::digest(&bytes)),
            addresses: snapshot.addresses,
            heap_at: image::find(&bytes, &snapshot.heap)?,
        };
        let code = kept.write(&bytes, &index).map_err(failed)?;
        Ok(Compiled { module, code, index })
    }
}

/// Changes with whatever the compiled module depends on.
fn fingerprint(wasmtime: &Wasmtime) -> String {
    let mut compatibility = DefaultHasher::new();
    wasmtime.precompile_compatibility_hash().hash(&mut compatibility);
    let mut digest = Sha256::new();
    digest.update(INTERPRETER);
    digest.update(PRELUDE);
    digest.update(METER);
    digest.update(compatibility.finish().to_le_bytes());
    hex(&digest.finalize()[..12])
}

/// The code as wasmtime maps it into memory, and beside it what it takes to trust and use it.
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

    fn read(&self, wasmtime: &Wasmtime) -> Option<Compiled> {
        let index: Index = serde_json::from_slice(&std::fs::read(&self.index).ok()?).ok()?;
        let code = File::open(&self.code).ok()?;
        if digest_of(&code).ok()? != index.sha256 {
            return None;
        }
        let module = image::map(wasmtime, code.try_clone().ok()?)?;
        Some(Compiled { module, code, index })
    }

    /// The index last, for without it nobody looks at the code.
    fn write(&self, code: &[u8], index: &Index) -> std::io::Result<File> {
        let file = put(&self.code, code)?;
        put(&self.index, &serde_json::to_vec(index)?)?;
        Ok(file)
    }
}

fn digest_of(mut file: &File) -> std::io::Result<String> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 128 << 10];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&digest.finalize())),
            n => digest.update(&buffer[..n]),
        }
    }
}

/// Others see the whole file or none, also after a loss of power.
fn put(path: &Path, bytes: &[u8]) -> std::io::Result<File> {
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    Ok(file)
}
