//! Small files, written byte by byte. Both this room and `program.rs` use them, each some of them.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A PDF of one page with a line for each of `lines`.
pub fn pdf(lines: &[&str]) -> Vec<u8> {
    let escaped = |line: &&str| {
        format!(
            "({}) Tj T*",
            line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)")
        )
    };
    let shown: Vec<_> = lines.iter().map(escaped).collect();
    let content = format!("BT /F1 12 Tf 14 TL 72 720 Td {} ET", shown.join("\n"));
    pdf_of(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        &format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ])
}

/// A PDF of these objects, from number 1, of which the first is the catalogue.
pub fn pdf_of<T: AsRef<[u8]>>(objects: &[T]) -> Vec<u8> {
    pdf_with(objects, "")
}

/// The same with something more in its trailer.
pub fn pdf_with<T: AsRef<[u8]>>(objects: &[T], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (i, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n", i + 1).as_bytes());
        file.extend(object.as_ref());
        file.extend(b"\nendobj\n");
    }
    let (start, size) = (file.len(), objects.len() + 1);
    let end = format!(
        "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.extend(end.as_bytes());
    file
}

/// A Word document whose body is this XML.
pub fn docx(body: &str) -> Vec<u8> {
    docx_with(&[("word/document.xml", &document("document", body))])
}

/// A Word document of these parts.
pub fn docx_with(parts: &[(&str, &str)]) -> Vec<u8> {
    let types = ("[Content_Types].xml", "<Types/>");
    zip(&[&[types], parts].concat())
}

pub fn document(root: &str, body: &str) -> String {
    let space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:{root} xmlns:w=\"{space}\"><w:body>{body}</w:body></w:{root}>"
    )
}

pub fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

pub fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let parts: Vec<_> = parts
        .iter()
        .map(|(name, content)| (*name, content.as_bytes()))
        .collect();
    zip_bytes(&parts)
}

pub fn zip_bytes(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(*name, deflated).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
