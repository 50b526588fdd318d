//! Lists what is served as it is, so that the binary carries it.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::hash::Hasher as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The folders of `static` that pages ask for.
const SERVED: [&str; 4] = ["css", "fonts", "js", "images"];

const ALL_STYLES: &str = "css/halfopen.css";

fn main() -> io::Result<()> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("static");
    println!("cargo::rerun-if-changed=static");
    let mut files = Vec::new();
    for folder in SERVED {
        collect(&root.join(folder), &mut files)?;
    }
    files.sort();
    files.push(join_styles(&root.join("css"))?);

    let mut digest = DefaultHasher::new();
    let mut list = String::new();
    for file in &files {
        let name = name_of(file, &root);
        digest.write(name.as_bytes());
        digest.write(&fs::read(file)?);
        writeln!(list, "    ({name:?}, include_bytes!({file:?})),").expect("a string takes any text");
    }
    let edition = format!("{:016x}", digest.finish());
    let source = format!("const EDITION: &str = {edition:?};\nstatic FILES: &[(&str, &[u8])] = &[\n{list}];\n");
    fs::write(
        Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("assets.rs"),
        source,
    )
}

/// One file of all the stylesheets, the tokens first: they say in which order the layers count.
fn join_styles(folder: &Path) -> io::Result<PathBuf> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort_by_key(|file| (!file.ends_with("tokens.css"), file.clone()));
    let joined: Result<Vec<String>, io::Error> = files.iter().map(fs::read_to_string).collect();
    let all = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join(ALL_STYLES);
    fs::create_dir_all(all.parent().expect("it has a folder"))?;
    fs::write(&all, joined?.join("\n"))?;
    Ok(all)
}

fn name_of<'a>(file: &'a Path, root: &Path) -> &'a str {
    let name = file.strip_prefix(root).ok().and_then(Path::to_str);
    name.unwrap_or(ALL_STYLES)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
