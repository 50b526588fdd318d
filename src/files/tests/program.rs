//! Reading text with the built program, and with programs that misbehave. A part of `tests/all`.

use std::fs;
use std::io::{Cursor, ErrorKind, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use halfopen::files::Kind;
use halfopen::files::kinds::document;
use halfopen::files::text::{Unreadable, extract};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use zip::ZipArchive;

#[path = "samples.rs"]
mod samples;

/// For other tests of the program.
pub fn a_pdf() -> Vec<u8> {
    samples::pdf(&["Words that are plain"])
}

async fn read(kind: Kind, bytes: &[u8]) -> Result<String, Unreadable> {
    extract(Path::new(env!("CARGO_BIN_EXE_halfopen")), kind, bytes).await
}

async fn reason(kind: Kind, bytes: &[u8]) -> &'static str {
    read(kind, bytes)
        .await
        .map_or_else(|unreadable| unreadable.word(), |_| "read")
}

#[tokio::test]
async fn each_kind_is_read() {
    assert_eq!(read(Kind::Pdf, &samples::pdf(&["Ada"])).await.unwrap(), "Ada");
    let word = samples::docx(&samples::paragraph("Ada"));
    assert_eq!(read(Kind::Docx, &word).await.unwrap(), "Ada");
    assert_eq!(read(Kind::Text, b"\xff\xfeA\0d\0a\0\r\0\n\0").await.unwrap(), "Ada");
    assert_eq!(
        read(Kind::Text, "é\n".repeat(300_000).as_bytes()).await.unwrap().len(),
        900_000 - 1
    );
}

#[tokio::test]
async fn what_cannot_be_read_has_its_reason() {
    assert_eq!(reason(Kind::Pdf, b"%PDF-1.7 nothing %%EOF").await, "damaged");
    assert_eq!(reason(Kind::Docx, b"PK\x03\x04").await, "damaged");
    assert_eq!(reason(Kind::Text, b"\0").await, "damaged");
    assert_eq!(reason(Kind::Text, b" \n").await, "no-text");
    assert_eq!(reason(Kind::WebM, b"x").await, "no-text");
    assert_eq!(reason(Kind::Pdf, &samples::pdf(&[])).await, "no-text");
    assert_eq!(reason(Kind::Text, "word ".repeat(300_000).as_bytes()).await, "too-much");
    assert_eq!(reason(Kind::Text, &vec![b'a'; 6 << 20]).await, "too-much");
    let bomb = samples::docx(&samples::paragraph(&" ".repeat(40 << 20)));
    assert_eq!(reason(Kind::Docx, &bomb).await, "too-much");
}

/// Page trees and cross references that lead to themselves, lengths that lie, streams that unfold to very much.
#[tokio::test]
async fn no_pdf_outlives_its_limits() {
    let catalog = "<< /Type /Catalog /Pages 2 0 R >>";
    let page = "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>";
    let pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
    let deep = format!("<< /Length 300000 >>\nstream\n{}\nendstream", "[".repeat(300_000));
    let forms = "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >> /Length 5 >>\nstream\n/X Do\nendstream";
    let draws = "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>";
    let mut hostile = vec![
        samples::pdf_of(&[catalog, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]),
        samples::pdf_of(&[
            catalog,
            "<< /Type /Pages /Kids [2 0 R 2 0 R 2 0 R] /Count 4000000000 >>",
        ]),
        samples::pdf_of(&["<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] >>"]),
        samples::pdf_of(&[catalog, pages, page, "4 0 R"]),
        samples::pdf_of(&[catalog, pages, page, "<< /Length 4 0 R >>\nstream\nBT ET\nendstream"]),
        samples::pdf_of(&[
            catalog,
            pages,
            page,
            "<< /Length 99999999999 >>\nstream\nBT ET\nendstream",
        ]),
        samples::pdf_of(&[catalog, pages, page, &deep]),
        samples::pdf_of(&[
            catalog,
            pages,
            draws,
            "<< /Length 5 >>\nstream\n/X Do\nendstream",
            forms,
        ]),
        samples::pdf_of(&[&"[".repeat(1 << 20)]),
        samples::pdf_of(&[&"<<".repeat(1 << 20)]),
        samples::pdf_with(&[catalog, pages, page], "/Prev 9"),
    ];
    // A table of cross references whose predecessor is itself.
    let text = String::from_utf8(samples::pdf_of(&[catalog, pages, page])).unwrap();
    let start = text.rfind("xref\n0").unwrap();
    hostile.push(text.replace("/Root", &format!("/Prev {start} /Root")).into_bytes());
    for (i, file) in hostile.iter().enumerate() {
        assert_eq!(document(file), Ok(Kind::Pdf), "{i}");
        let reason = reason(Kind::Pdf, file).await;
        assert!(
            ["no-text", "damaged", "crashed", "too-much", "timed-out"].contains(&reason),
            "{i}: {reason}"
        );
    }
}

#[tokio::test]
async fn a_bomb_in_a_page_costs_its_reader_and_nothing_else() {
    let bomb = deflated(&b"BT /F1 12 Tf (a) Tj ET ".repeat(8 << 20));
    assert!(bomb.len() < 2 << 20, "{}", bomb.len());
    let mut page = format!("<< /Filter /FlateDecode /Length {} >>\nstream\n", bomb.len()).into_bytes();
    page.extend(bomb);
    page.extend(b"\nendstream");
    let catalog = "<< /Type /Catalog /Pages 2 0 R >>".as_bytes();
    let pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".as_bytes();
    let file = samples::pdf_of(&[
        catalog,
        pages,
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
        &page,
    ]);
    let reason = reason(Kind::Pdf, &file).await;
    assert!(["crashed", "timed-out", "too-much"].contains(&reason), "{reason}");
}

/// Bytes as PDF deflates them, but for the checksum, at which no reader looks.
fn deflated(bytes: &[u8]) -> Vec<u8> {
    let archive = samples::zip_bytes(&[("a", bytes)]);
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut deflated = vec![0x78, 0x9c];
    archive.by_index_raw(0).unwrap().read_to_end(&mut deflated).unwrap();
    [deflated, vec![0; 4]].concat()
}

#[tokio::test]
async fn the_child_gives_up_what_it_does_not_need_before_it_reads() {
    let mut child = tokio::process::Command::new(env!("CARGO_BIN_EXE_halfopen"))
        .args(["extract", "--kind", "pdf"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let limits = format!("/proc/{}/limits", child.id().unwrap());
    // The last one that it sets.
    while !limit(&limits, "Max open files").starts_with("3 ") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(limit(&limits, "Max address space").starts_with("536870912 "));
    assert!(limit(&limits, "Max cpu time").starts_with("9 "));
    assert!(limit(&limits, "Max core file size").starts_with("0 "));
    assert!(limit(&limits, "Max file size").starts_with("1048576 "));
    child.kill().await.unwrap();
}

fn limit(path: &str, name: &str) -> String {
    let limits = fs::read_to_string(path).unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_default().trim().to_owned()
}

#[test]
fn a_thousand_damaged_pdfs_are_read_or_not() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let whole = samples::pdf(&["Ada Lovelace", "Integration engineer", "(who) \\ wrote"]);
    let flips = proptest::collection::vec((0..whole.len(), any::<u8>()), 1..20);
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 1000,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let keep = prop_oneof![3 => Just(whole.len()), 1 => 1..whole.len()];
    let tried = runner.run(&(keep, flips), |(keep, flips)| {
        let mut file = whole[..keep].to_vec();
        for (at, byte) in flips {
            file[at % keep] = byte;
        }
        let reason = runtime.block_on(reason(Kind::Pdf, &file));
        prop_assert!(!["not-started", "rubbish"].contains(&reason), "{}", reason);
        Ok(())
    });
    tried.unwrap();
}

/// A script in place of the program.
fn script(lines: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("program");
    fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    (folder, path)
}

async fn said_by(lines: &str) -> &'static str {
    let (_folder, program) = script(lines);
    loop {
        match extract(&program, Kind::Text, &vec![b'a'; 4 << 20]).await {
            Ok(_) => return "read",
            // Another test started a process while this one wrote its script, and that process still holds it open.
            Err(Unreadable::NotStarted(e)) if e.kind() == ErrorKind::ExecutableFileBusy => {}
            Err(unreadable) => return unreadable.word(),
        }
    }
}

#[tokio::test]
async fn whatever_the_child_does_has_a_reason() {
    for (lines, word) in [
        ("exit 0", "no-text"),
        ("exit 1", "crashed"),
        ("exit 101", "crashed"),
        ("exit 10", "password"),
        ("kill -9 $$", "crashed"),
        ("kill -6 $$", "crashed"),
        ("kill -24 $$", "timed-out"),
        (
            "while :; do printf 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'; done",
            "too-much",
        ),
        ("printf 'a\\377b'", "rubbish"),
        ("printf 'a\\000b'", "rubbish"),
        ("printf '\\033[2J'", "rubbish"),
        ("printf fine", "read"),
        (
            "printf '%s' \"$1 $2 $3\"; test \"$1 $2 $3\" = 'extract --kind text'",
            "read",
        ),
        ("exec 0<&-; printf fine", "read"),
        ("printf half; exit 12", "damaged"),
    ] {
        assert_eq!(said_by(lines).await, word, "{lines}");
    }
    let missing = extract(Path::new("/nowhere/halfopen"), Kind::Text, b"a").await;
    assert!(matches!(missing, Err(Unreadable::NotStarted(_))));
}

#[tokio::test]
async fn the_child_sees_nothing_of_the_servers_environment() {
    let begun_with = "tr -d '\\0' < /proc/$$/environ";
    assert_eq!(
        said_by(&format!("test -z \"$({begun_with})\" && printf fine")).await,
        "read"
    );
}

#[tokio::test]
async fn a_child_that_sleeps_is_ended_and_leaves_no_zombie() {
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    let begun = now();
    assert_eq!(
        said_by(&format!("echo $$ > {}; exec sleep 60", pid.display())).await,
        "timed-out"
    );
    assert!(now().duration_since(begun).unwrap() < Duration::from_secs(15));
    let pid = fs::read_to_string(pid).unwrap();
    assert!(!Path::new("/proc").join(pid.trim()).exists());
}

#[expect(clippy::disallowed_methods, reason = "measures how long a real process really lives")]
fn now() -> SystemTime {
    SystemTime::now()
}

#[tokio::test]
async fn a_reading_that_is_given_up_ends_its_child() {
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    let (_script, program) = script(&format!("echo $$ > {}; exec sleep 60", pid.display()));
    while !pid.exists() {
        let reading = extract(&program, Kind::Text, b"a");
        let _ = tokio::time::timeout(Duration::from_millis(500), reading).await;
    }
    let child = Path::new("/proc").join(fs::read_to_string(pid).unwrap().trim());
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if !child.exists() {
            return;
        }
    }
    panic!("{} lives", child.display());
}
