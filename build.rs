//! Puts the challenges and what the browser asks for into the binary, and says what to type where the front end has not
//! been built.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::hash::Hasher as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The folders of `static` that are served as they are; styles are served without what only we read.
const SERVED: [&str; 3] = ["fonts", "js", "images"];
/// The styles that every page loads, and the folder of those that only some pages need.
const CORE_STYLES: &str = "css/halfopen.css";
const ROOM_STYLES: &str = "css/rooms";

fn main() {
    println!("cargo::rerun-if-changed=challenges");
    println!("cargo::rerun-if-changed=static");
    for built in [
        "web/dist/quickjs.wasm",
        "static/fonts",
        "static/js/app.js",
        "static/js/coding-test.js",
    ] {
        println!("cargo::rerun-if-changed={built}");
        if !Path::new(built).exists() {
            println!("cargo::error=The front end is not built. Type: make web");
            std::process::exit(1);
        }
    }
    write_challenges();
    write_assets();
}

fn write_challenges() {
    let root = Path::new("challenges/execute-with-retry");
    let mut code = String::from("const EXECUTE_WITH_RETRY: &[(&str, &str)] = &[\n");
    for file in files_in(root) {
        let name = file.strip_prefix(root).expect("below the root").display().to_string();
        let path = fs::canonicalize(file).expect("it was just listed");
        writeln!(code, "    ({name:?}, include_str!({path:?})),").expect("a string takes all");
    }
    code.push_str("];\n");
    write("challenges.rs", &code);
}

/// The addresses of assets hold a digest of them all, so that browsers may keep them for ever.
fn write_assets() {
    let root = Path::new("static");
    let mut files = vec![(
        CORE_STYLES.to_string(),
        write("halfopen.css", &core_styles(&root.join("css"))),
    )];
    for file in files_in(&root.join(ROOM_STYLES)) {
        let name = file.strip_prefix(root).expect("below the root").display().to_string();
        let path = write(&name.replace('/', "-"), &bare(&text_of(&file)));
        files.push((name, path));
    }
    for file in SERVED.iter().flat_map(|folder| files_in(&root.join(folder))) {
        let name = file.strip_prefix(root).expect("below the root").display().to_string();
        files.push((name, fs::canonicalize(file).expect("it was just listed")));
    }
    let mut digest = DefaultHasher::new();
    let mut list = String::new();
    for (name, path) in &files {
        digest.write(name.as_bytes());
        digest.write(&fs::read(path).expect("it was just listed"));
        writeln!(list, "    ({name:?}, include_bytes!({path:?})),").expect("a string takes all");
    }
    let edition = format!("{:016x}", digest.finish());
    let code = format!("const EDITION: &str = {edition:?};\nstatic FILES: &[(&str, &[u8])] = &[\n{list}];\n");
    write("assets.rs", &code);
}

/// One file of what every page loads, the tokens first: they say in which order the layers count, also those of the
/// rooms' own files.
fn core_styles(folder: &Path) -> String {
    let mut files = files_in(folder);
    files.retain(|file| file.parent() == Some(folder));
    files.sort_by_key(|file| (!file.ends_with("tokens.css"), file.clone()));
    let texts = files.iter().map(|file| text_of(file));
    bare(&texts.collect::<Vec<_>>().join("\n"))
}

fn text_of(file: &Path) -> String {
    fs::read_to_string(file).expect("a stylesheet is text")
}

/// Without comments and indentation: they are for us, and browsers pay for them.
fn bare(styles: &str) -> String {
    let mut rest = styles;
    let mut kept = String::new();
    while let Some((before, comment)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = comment.split_once("*/").expect("a comment ends").1;
    }
    kept.push_str(rest);
    let lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

fn write(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join(name);
    fs::write(&path, text).expect("the output folder is writable");
    path
}

/// All files below a folder, in a fixed order; none where there is no such folder.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(files_in(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}
