use super::samples;
use crate::files::kinds::{document, recording, within};
use crate::files::{Kind, MOST_BYTES, Refused};

fn refused(bytes: &[u8]) -> Refused {
    document(bytes).expect_err("it was taken")
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(unit).collect()
}

#[test]
fn documents_are_known_by_what_they_hold() {
    assert_eq!(document(&samples::pdf(&["Ada"])), Ok(Kind::Pdf));
    assert_eq!(document(&samples::docx(&samples::paragraph("Ada"))), Ok(Kind::Docx));
    for text in [
        "Ada\r\n\tLovelace\n\u{c}",
        "\u{feff}Zoë",
        "<html><script>alert(1)</script>",
    ] {
        assert_eq!(document(text.as_bytes()), Ok(Kind::Text), "{text}");
    }
    assert_eq!(document(&utf16("Zoë 🦀", u16::to_le_bytes)), Ok(Kind::Text));
    assert_eq!(document(&utf16("Zoë 🦀", u16::to_be_bytes)), Ok(Kind::Text));
}

#[test]
fn a_pdf_may_begin_after_blanks_and_must_end() {
    let pdf = samples::pdf(&["Ada"]);
    assert_eq!(document(&[b"\xef\xbb\xbf\r\n", pdf.as_slice()].concat()), Ok(Kind::Pdf));
    assert_eq!(document(&[pdf.as_slice(), &[b'\n'; 900]].concat()), Ok(Kind::Pdf));
    assert_eq!(refused(&pdf[..pdf.len() - 20]), Refused::Broken("PDF"));
    assert_eq!(refused(&[pdf.as_slice(), &[0; 2000]].concat()), Refused::Broken("PDF"));
}

#[test]
fn what_is_two_things_at_once_is_not_taken() {
    let pdf = samples::pdf(&["Ada"]);
    let docx = samples::docx(&samples::paragraph("Ada"));
    let binary = [pdf.as_slice(), b"\x00\xff"].concat();
    let with = |before: &[u8], file: &[u8]| refused(&[before, file].concat());
    assert_eq!(with(b"<script>alert(1)</script>", &binary), Refused::Ambiguous);
    assert_eq!(with(b"\xff\xd8\xff\xfe\x00\x20", &binary), Refused::Ambiguous);
    assert_eq!(with(&pdf, &docx), Refused::Ambiguous);
    assert_eq!(with(&pdf, &[docx.as_slice(), b"\n%%EOF"].concat()), Refused::Ambiguous);
    // A ZIP with bytes before it, behind it, and one whose first part is called like a PDF.
    assert_eq!(with(b"PK\x03\x04", &docx), Refused::Ambiguous);
    assert_eq!(with(&docx, b"trailing"), Refused::Ambiguous);
    let named = samples::zip(&[
        ("%PDF-1.7", "x"),
        ("[Content_Types].xml", ""),
        ("word/document.xml", ""),
    ]);
    assert_eq!(refused(&named), Refused::Ambiguous);
}

#[test]
fn a_page_that_names_a_pdf_is_text() {
    assert_eq!(document(b"Our files begin with %PDF-1.7 and are fine"), Ok(Kind::Text));
    assert_eq!(document(b"<html>%PDF-1.7 %%EOF</html>"), Ok(Kind::Text));
}

#[test]
fn a_refusal_says_what_to_do() {
    let says = |bytes: &[u8]| refused(bytes).to_string();
    assert_eq!(says(b""), "This file is empty. Choose another one.");
    assert_eq!(says(b"\xef\xbb\xbf \r\n"), "This file is empty. Choose another one.");
    let large = vec![b'a'; MOST_BYTES + 1];
    assert_eq!(
        says(&large),
        "This file has 5.1 MB, and at most 5 MB are taken. Make it smaller, or choose another one."
    );
    let clip = within(7_549_747, 5 << 20).unwrap_err().to_string();
    assert!(clip.contains("7.2 MB"), "{clip}");
    let save = "Save it as PDF, Word (.docx) or text, and choose that file.";
    for (bytes, what) in [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), "a picture"),
        (b"{\\rtf1 Ada}", "a Rich Text document (.rtf)"),
        (b"%!PS-Adobe-3.0", "a PostScript file"),
        (&samples::zip(&[("xl/workbook.xml", "")]), "an Excel workbook"),
        (
            &samples::zip(&[("ppt/presentation.xml", "")]),
            "a PowerPoint presentation",
        ),
        (
            &samples::zip(&[("content.xml", ""), ("META-INF/manifest.xml", "")]),
            "an OpenDocument",
        ),
        (&samples::zip(&[("cv.txt", "")]), "a ZIP archive"),
    ] {
        assert_eq!(says(bytes), format!("This file is {what}. {save}"));
    }
    assert_eq!(refused(b"\x7fELF\x02\x01\x01\0\0\0"), Refused::Unknown);
    assert_eq!(refused(b"Zo\xeb writes Latin-1"), Refused::NotUtf8);
    assert_eq!(refused(b"a bell \x07"), Refused::Unknown);
    assert_eq!(refused(b"\xff\xfe\x00\xd8A\x00"), Refused::Unknown);
    assert_eq!(refused(b"\xff\xfeA"), Refused::Unknown);
}

#[test]
fn old_locked_and_programmed_documents_are_told_apart() {
    let old = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        refused(&[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600], &name].concat())
    };
    assert_eq!(old("WordDocument"), Refused::OldWord);
    assert_eq!(old("EncryptedPackage"), Refused::Password);
    assert_eq!(old("Workbook"), Refused::Unknown);
    let macros = samples::docx_with(&[("word/document.xml", ""), ("word/vbaProject.bin", "")]);
    assert_eq!(refused(&macros), Refused::Macros);
    let whole = samples::docx("");
    assert!(matches!(refused(&whole[..whole.len() - 30]), Refused::Broken(_)));
}

#[test]
fn an_archive_that_contradicts_itself_is_not_taken() {
    let whole = samples::docx("");
    let end = whole.len() - 22;
    for (at, value) in [(end + 8 + 2, 9), (end + 16, 1), (end + 20, 1)] {
        let mut bytes = whole.clone();
        bytes[at] = bytes[at].wrapping_add(value);
        assert_eq!(refused(&bytes), Refused::Ambiguous, "{at}");
    }
}

#[test]
fn recordings_are_known_by_their_beginning() {
    let webm = [b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm".as_slice(), &[0; 300]].concat();
    assert_eq!(recording(&webm), Ok(Kind::WebM));
    assert_eq!(recording(b"\0\0\0\x1cftypiso5\0\0\0\0iso5mp41"), Ok(Kind::Mp4));
    assert_eq!(recording(b"OggS\0\x02"), Ok(Kind::Ogg));
    assert_eq!(recording(b""), Err(Refused::Empty));
    for other in [b"<html>".as_slice(), b"RIFF\0\0\0\0AVI LIST", &samples::pdf(&["Ada"])] {
        assert_eq!(recording(other), Err(Refused::NotARecording));
    }
}

#[test]
fn a_kind_is_found_by_its_key() {
    for kind in Kind::ALL {
        assert_eq!(Kind::of_key(kind.key()), Some(kind));
    }
    assert_eq!(Kind::of_key("exe"), None);
}
