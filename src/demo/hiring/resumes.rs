//! Résumés as text, Word and PDF files, of the words in `files/resumes.md`.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use axum::body::Bytes;
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

const RESUMES: &str = include_str!("../files/resumes.md");
/// How many characters fit in a line of a page.
const WIDTH: usize = 86;

#[derive(Clone, Copy)]
pub enum Form {
    Text,
    Word,
    Pdf,
    /// A PDF of which only the first and the last bytes arrived.
    Broken,
}

/// The file that this candidate chose: its name and its bytes.
pub fn resume(candidate: &str, email: &str, form: Form) -> Result<(String, Bytes), ZipError> {
    let words = words(candidate);
    let text = format!("# {candidate}\n{email}\n\n{words}");
    let (name, bytes) = match form {
        Form::Text => ("resume.md", text.into_bytes()),
        Form::Word => ("Résumé.docx", word(&text)?),
        Form::Pdf => ("cv.pdf", pdf(&text)),
        Form::Broken => {
            let whole = pdf(&text);
            let (head, rest) = whole.split_at(12);
            let tail = &rest[rest.len().saturating_sub(40)..];
            ("scan 003.pdf", [head, tail].concat())
        }
    };
    Ok((name.into(), bytes.into()))
}

/// What stands below the candidate's name.
fn words(candidate: &str) -> &'static str {
    let below = |section: &'static str| section.strip_prefix(candidate)?.strip_prefix('\n');
    let mut sections = RESUMES.trim_start_matches("# ").split("\n# ");
    let own = sections.clone().find_map(below);
    // The many have what others have, too.
    let number: usize = candidate
        .chars()
        .filter_map(|c| c.to_digit(10))
        .map(|digit| digit as usize)
        .sum();
    let others = sections.clone().count().max(1);
    let shared = || sections.nth(number % others)?.split_once('\n').map(|(_, words)| words);
    own.or_else(shared).unwrap_or_default().trim()
}

/// A paragraph for each line, bold where it is a heading.
fn word(text: &str) -> Result<Vec<u8>, ZipError> {
    const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
    let paragraphs: String = text.lines().map(paragraph).collect();
    let document = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{paragraphs}</w:body></w:document>"#
    );
    let mut parts = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("word/document.xml", document.as_str()),
    ] {
        parts.start_file(name, SimpleFileOptions::default())?;
        parts.write_all(content.as_bytes())?;
    }
    Ok(parts.finish()?.into_inner())
}

fn paragraph(line: &str) -> String {
    let heading = line.trim_start_matches('#');
    let bold = if heading.len() < line.len() {
        "<w:rPr><w:b/></w:rPr>"
    } else {
        ""
    };
    let words = heading.trim().replace('&', "&amp;").replace('<', "&lt;");
    format!(r#"<w:p><w:r>{bold}<w:t xml:space="preserve">{words}</w:t></w:r></w:p>"#)
}

/// One page. Its font knows Latin letters only.
fn pdf(text: &str) -> Vec<u8> {
    let shown: String = text.lines().flat_map(shown).collect();
    let content = format!("BT 14 TL 64 780 Td {shown}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".into(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".into(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>".into(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".into(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>".into(),
    ];
    file_of(&objects)
}

/// How a line is drawn: a heading is bold, and a long line becomes several.
fn shown(line: &str) -> Vec<String> {
    let heading = line.trim_start_matches('#');
    let font = match line.len() - heading.len() {
        0 => "/F1 10.5 Tf",
        1 => "/F2 18 Tf",
        _ => "/F2 12 Tf",
    };
    let escaped = |line: String| line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
    let lines = wrapped(heading.trim()).into_iter().map(escaped);
    lines.map(|line| format!("{font} ({line}) Tj T*\n")).collect()
}

fn wrapped(line: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split_whitespace() {
        match lines.last_mut() {
            Some(last) if last.is_empty() => last.push_str(word),
            Some(last) if last.len() + word.len() < WIDTH => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.into()),
        }
    }
    lines
}

/// The objects, from number 1, and where each of them begins.
fn file_of(objects: &[String]) -> Vec<u8> {
    let mut file = String::from("%PDF-1.7\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (number, object) in (1..).zip(objects) {
        // Writing into a text cannot fail.
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{number} 0 obj\n{object}\nendobj\n");
    }
    let (start, size) = (file.len(), objects.len() + 1);
    let _ = write!(
        file,
        "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}
