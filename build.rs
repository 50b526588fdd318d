//! Puts the challenges into the binary, and says what to type where the front end has not been built.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=challenges");
    println!("cargo::rerun-if-changed=web/dist/quickjs.wasm");
    if !Path::new("web/dist/quickjs.wasm").exists() {
        println!("cargo::error=The front end is not built. Type: make web");
        std::process::exit(1);
    }
    let root = Path::new("challenges/execute-with-retry");
    let mut files = Vec::new();
    collect(root, &mut files);
    files.sort();
    let mut code = String::from("const EXECUTE_WITH_RETRY: &[(&str, &str)] = &[\n");
    for file in &files {
        let name = file.strip_prefix(root).expect("below the root").display().to_string();
        let path = fs::canonicalize(file).expect("it was just listed");
        writeln!(code, "    ({name:?}, include_str!({path:?})),").expect("a string takes all");
    }
    code.push_str("];\n");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("challenges.rs");
    fs::write(out, code).expect("the output folder is writable");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the challenges are there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
