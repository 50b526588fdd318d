use super::samples::{self, paragraph};
use crate::files::text::tidy::{is_tidy, tidy};
use crate::files::text::{Unreadable, docx, pdf};

fn word(body: &str) -> String {
    tidy(&docx::text(&samples::docx(body)).unwrap())
}

#[test]
fn a_page_is_read_line_by_line() {
    let text = pdf::text(samples::pdf(&["Ada Lovelace", "Integration (engineer)"])).unwrap();
    assert_eq!(tidy(&text), "Ada Lovelace\nIntegration (engineer)");
}

#[test]
fn a_locked_page_is_not_read() {
    let lock = format!(
        "/ID [<00> <00>] /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{0}> /U <{0}> >>",
        "5a".repeat(32)
    );
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [] /Count 0 >>",
    ];
    let locked = pdf::text(samples::pdf_with(&objects, &lock));
    assert!(matches!(locked, Err(Unreadable::Password)), "{locked:?}");
}

#[test]
fn paragraphs_tabs_and_breaks_are_kept() {
    let body = "<w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr><w:r><w:t>2019</w:t><w:tab/><w:t>Acme</w:t>\
        <w:br/><w:t xml:space=\"preserve\">first</w:t><w:noBreakHyphen/><w:t>class</w:t></w:r></w:p><w:p/><w:p/><w:p/>";
    assert_eq!(
        word(&format!("{body}{}", paragraph("R&amp;D &#x2013; &lt;b&gt; &unknown;!"))),
        "2019\tAcme\nfirst-class\n\nR&D – <b> !"
    );
}

#[test]
fn tables_are_lines_of_cells() {
    let cell = |text: &str| format!("<w:tc><w:tcPr/>{}</w:tc>", paragraph(text));
    let row = |cells: &[&str]| {
        format!(
            "<w:tr>{}</w:tr>",
            cells.iter().map(|text| cell(text)).collect::<String>()
        )
    };
    let table = format!("<w:tbl>{}{}</w:tbl>", row(&["2019", "Acme"]), row(&["2015", "Beta"]));
    assert_eq!(
        word(&format!("{}{table}{}", paragraph("Work"), paragraph("End"))),
        "Work\n2019\tAcme\n2015\tBeta\n\nEnd"
    );
    let nested = format!(
        "<w:tbl><w:tr><w:tc>{}{table}</w:tc>{}</w:tr></w:tbl>",
        paragraph("in"),
        cell("b")
    );
    assert_eq!(word(&nested), "in\n2019\tAcme\n2015\tBeta\tb");
}

#[test]
fn each_piece_is_read_once_and_only_if_it_is_seen() {
    let twice = "<mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Choice>\
        <mc:Fallback><w:p><w:r><w:t>box</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>";
    let hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hire me</w:t></w:r><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr>\
        <w:t>seen</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>";
    assert_eq!(word(&format!("{twice}{hidden}")), "box\nseen");
}

#[test]
fn headers_come_first_and_footers_last() {
    let part = |root: &str, text: &str| samples::document(root, &paragraph(text));
    let file = samples::docx_with(&[
        ("word/footer1.xml", &part("ftr", "Page")),
        ("word/document.xml", &part("document", "Body")),
        ("word/header2.xml", &part("hdr", "Ada")),
        ("word/header1.xml", &part("hdr", "Ada")),
        ("word/headerless.xml", &part("hdr", "no")),
        ("word/styles.xml", "not even XML"),
    ]);
    assert_eq!(tidy(&docx::text(&file).unwrap()), "Ada\n\nBody\n\nPage");
}

#[test]
fn a_body_in_utf16_is_read() {
    let xml = samples::document("document", &paragraph("Zoë")).replace("UTF-8", "UTF-16");
    let utf16: Vec<u8> = format!("\u{feff}{xml}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let file = samples::zip_bytes(&[("[Content_Types].xml", b""), ("word/document.xml", &utf16)]);
    assert_eq!(tidy(&docx::text(&file).unwrap()), "Zoë");
}

#[test]
fn text_is_made_tidy() {
    for (text, kept) in [
        ("a\r\nb\r\n\r\n\r\n\r\nc\rd\u{c}e", "a\nb\n\nc\nd\ne"),
        ("\n\n  a \u{a0} b\t\tc  \n\n", "a b\tc"),
        ("e\u{301}\u{ad}ﬃcient oﬀer\u{200b} \u{f0b7}", "éfficient offer"),
        ("a\u{202e}b\u{0}c\u{1b}[31m", "abc[31m"),
        ("نامه\u{200c}ها", "نامه\u{200c}ها"),
        (" \t\n", ""),
    ] {
        assert_eq!(tidy(text), kept);
        assert!(is_tidy(kept));
    }
    for other in ["a\u{0}", "a\n\n\nb", "\u{202e}", "a\rb"] {
        assert!(!is_tidy(other), "{other:?}");
    }
}
