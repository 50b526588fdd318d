//! A thousand hostile uploads and forms: each ends in a clear error or in a file that does no harm, and the server goes on.

use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use zip::write::SimpleFileOptions;

use axum::body::Body;
use axum::http::Request;

use crate::support::hiring;
use crate::support::{Browser, TestApp};

const MEGA: usize = 1024 * 1024;

/// A file and its name.
type Upload = (String, Vec<u8>);

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn word(document: &[u8]) -> Vec<u8> {
    archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document)])
}

/// Made with a purpose.
fn composed() -> Vec<Upload> {
    let pdf =
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>\nendobj\n%%EOF\n";
    let bomb = word(&vec![b' '; 200 * MEGA]);
    let polyglot = [archive(&[("a", b"b")]), pdf.to_vec()].concat();
    let reversed = [pdf.to_vec(), archive(&[("word/document.xml", b"x")])].concat();
    let laughs = b"<!DOCTYPE d [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]><d>&c;</d>";
    let deep = [b"<w:p>".repeat(200_000), b"</w:p>".repeat(200_000)].concat();
    let names = [
        "../../../../etc/passwd",
        "..\\..\\windows\\system32\\config",
        "/etc/shadow",
        "cv\0.pdf",
        "cv.pdf\r\nSet-Cookie: a=b",
        "\u{202e}fdp.exe",
        "<script>alert(1)</script>.txt",
        "CON",
        &"long".repeat(500),
        "🦀.pdf",
        "'; DROP TABLE applications; --.txt",
        "",
    ];
    let mut files: Vec<Upload> = names
        .iter()
        .map(|name| ((*name).to_owned(), b"Words.\n".to_vec()))
        .collect();
    files.extend(
        [
            ("js.pdf", pdf.to_vec()),
            ("bomb.docx", bomb),
            ("two.pdf", polyglot),
            ("other.pdf", reversed),
            ("laughs.docx", word(laughs)),
            ("deep.docx", word(&deep)),
            ("empty.txt", Vec::new()),
            ("large.txt", vec![b'a'; 6 * MEGA]),
            ("page.html", b"<!doctype html><script>alert(1)</script>".to_vec()),
            (
                "picture.svg",
                b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(),
            ),
            ("program.exe", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff".to_vec()),
            ("program", b"\x7fELF\x02\x01\x01\0".to_vec()),
            ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec()),
            ("latin.txt", b"r\xe9sum\xe9 sans UTF-8".to_vec()),
            ("half.txt", b"\xff\xfea".to_vec()),
            ("nul.txt", b"words\0more".to_vec()),
            ("escape.txt", b"\x1b]0;title\x07 words".to_vec()),
            ("moved.docx", [b"GIF89a".to_vec(), word(b"x")].concat()),
            (
                "macro.docx",
                archive(&[
                    ("[Content_Types].xml", b""),
                    ("word/document.xml", b""),
                    ("word/vbaProject.bin", b"x"),
                ]),
            ),
            (
                "climb.docx",
                archive(&[
                    ("../../etc/cron.d/x", b"x"),
                    ("[Content_Types].xml", b""),
                    ("word/document.xml", b""),
                ]),
            ),
        ]
        .map(|(name, bytes)| (name.to_owned(), bytes)),
    );
    files
}

/// A good file with a few bytes that are not.
fn mutated(runner: &mut TestRunner, originals: &[Vec<u8>]) -> Upload {
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40);
    let strategy = (
        any::<prop::sample::Index>(),
        edits,
        any::<prop::sample::Index>(),
        ".{0,40}",
    );
    let (which, edits, cut, name) = strategy.new_tree(runner).unwrap().current();
    let mut bytes = which.get(originals).clone();
    for (at, byte) in edits {
        let at = at.index(bytes.len());
        bytes[at] = byte;
    }
    bytes.truncate(cut.index(bytes.len() * 2));
    (name.replace(['"', '\r', '\n'], ""), bytes)
}

async fn draft_of(test: &TestApp) -> (Browser, String) {
    let job = hiring::job(test, "Integration Developer", 0).await;
    let start = format!("/jobs/{}/application", job.slug);
    let mut candidate = test.stranger();
    candidate.open(&start).await;
    candidate
        .submit(&start, &[("email", "robin@mail.example"), ("answer-0", "Yes")])
        .await;
    let page = candidate.location();
    candidate.open(&page).await;
    (candidate, page)
}

crate::on_both! {
    async fn hostile_files_end_in_a_clear_error_or_do_no_harm(test) {
        let (mut candidate, page) = draft_of(&test).await;
        let action = format!("{page}/draft");
        let pdf = crate::files::a_pdf();
        let originals = [pdf, word(b"<w:document><w:t>Words</w:t></w:document>"), b"Words that are plain.\n".repeat(40).to_vec()];
        let mut runner = TestRunner::deterministic();
        let mut files = composed();
        while files.len() < 500 {
            files.push(mutated(&mut runner, &originals));
        }
        for (name, bytes) in files {
            // So many at once would be too many.
            test.pass(std::time::Duration::from_secs(40));
            candidate.open(&page).await;
            candidate.submit_files(&action, &[("intent", "save"), ("name", "Robin")], &[("resume", &name, &bytes)]).await;
            match candidate.status {
                303 => {
                    candidate.follow().await;
                    let Some(file) = candidate.links().into_iter().find(|link| link.contains("/files/")) else { continue };
                    candidate.get(&file).await;
                    assert!(candidate.header("content-disposition").starts_with("attachment"), "{name:?}");
                    assert_eq!(candidate.header("x-content-type-options"), "nosniff");
                    assert!(candidate.header("content-security-policy").contains("sandbox"), "{name:?}");
                    assert!(!candidate.headers.contains_key("set-cookie"), "{name:?}");
                }
                422 => assert!(candidate.body.contains("id=\"resume-error\""), "{name:?}: {}", candidate.text()),
                // No browser sends such a name.
                400 if name.contains(char::is_control) => {}
                status => panic!("{name:?}: {status} {}", candidate.text()),
            }
        }
        test.run_jobs().await;
        candidate.open(&page).await;
        candidate.submit_files(&action, &[("intent", "send"), ("name", "Robin"), ("answer-0", "Yes"), ("answer-1", "No"), ("consent", "yes")],
            &[("resume", "cv.txt", b"Words.\n")]).await;
        candidate.follow().await.sees("Your application is with us");
    }

    async fn hostile_forms_end_in_a_clear_error(test) {
        let (mut candidate, page) = draft_of(&test).await;
        let large = "x".repeat(10 * MEGA);
        let odd = ["\0", "\u{202e}", "🦀".repeat(3_000).as_str(), "<script>alert(1)</script>", "{{7*7}}", "' OR 1=1 --", "\u{feff}", "-1", "99999999999999999999", "null", "[]"].map(str::to_owned);
        let mut runner = TestRunner::deterministic();
        let random = "\\PC{0,300}|.{0,300}".prop_map(|text: String| text);
        let mut values: Vec<String> = odd.to_vec();
        values.push(large);
        while values.len() < 60 {
            values.push(random.new_tree(&mut runner).unwrap().current());
        }
        let fields = ["name", "email", "phone", "source", "source_detail", "answer-0", "answer-1", "revision", "intent", "consent"];
        for value in &values {
            for field in fields {
                candidate.open(&page).await;
                candidate.submit_files(&format!("{page}/draft"), &[(field, value)], &[]).await;
                let shown: String = value.chars().take(60).collect();
                assert!(matches!(candidate.status, 303 | 409 | 422), "{field} = {shown:?}: {}", candidate.status);
                assert!(candidate.bytes.len() < 200_000, "{field} = {shown:?}: what is far too long is not sent back");
                if candidate.status == 303 && candidate.location() != page {
                    panic!("{field} = {shown:?} led to {}", candidate.location());
                }
            }
        }
        // Bodies that are no forms.
        for (kind, body) in [
            ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data"),
            ("multipart/form-data", "--x--"),
            ("multipart/form-data; boundary=x", ""),
            ("application/x-www-form-urlencoded", "%ff%fe=%00&&&=&a"),
            ("application/json", "{\"intent\": \"send\"}"),
            ("text/plain", "intent=send"),
        ] {
            let request = Request::post(format!("{page}/draft")).header("sec-fetch-site", "same-origin").header("content-type", kind);
            candidate.send(request.body(Body::from(body)).unwrap()).await;
            assert!(candidate.status < 500, "{kind} {body:?}: {}", candidate.status);
        }
        let huge = vec![b'a'; 30 * MEGA];
        candidate.open(&page).await;
        candidate.submit_files(&format!("{page}/draft"), &[], &[("resume", "huge.txt", &huge)]).await;
        assert_eq!(candidate.status, 413);
        candidate.sees("That is too much at once");
        candidate.open(&page).await.sees("not sent yet");
    }
}
