use proptest::prelude::*;

use crate::files::names::{LONGEST_NAME, display_name};
use crate::files::{Kind, serving};

#[test]
fn a_name_is_what_one_would_call_the_file() {
    for (given, kind, shown) in [
        ("Zoë Ñandú – CV (2024).PDF", Kind::Pdf, "Zoë Ñandú – CV (2024).pdf"),
        ("cv.docx", Kind::Pdf, "cv.pdf"),
        ("J. Smith", Kind::Text, "J. Smith.txt"),
        ("../../etc/passwd", Kind::Text, "passwd.txt"),
        ("C:\\Users\\me\\cv.doc", Kind::Docx, "cv.docx"),
        ("cv.pdf\0.exe", Kind::Pdf, "cv.pdf.exe.pdf"),
        ("cv\u{202e}fdp.exe", Kind::Pdf, "cvfdp.exe.pdf"),
        ("  a \t\r\n b\u{a0}c  .txt", Kind::Text, "a b c.txt"),
        (".htaccess", Kind::Text, "htaccess.txt"),
        ("a<b>\"c\"?.pdf", Kind::Pdf, "a_b__c__.pdf"),
        ("", Kind::Pdf, "file.pdf"),
        ("..", Kind::Pdf, "file.pdf"),
        ("\u{200b}.pdf", Kind::Pdf, "file.pdf"),
        ("e\u{301}.pdf", Kind::Pdf, "é.pdf"),
        ("نامه\u{200c}ها.pdf", Kind::Pdf, "نامه\u{200c}ها.pdf"),
    ] {
        assert_eq!(display_name(given, kind), shown);
    }
}

#[test]
fn a_name_of_ten_thousand_letters_is_cut_and_keeps_its_ending() {
    let shown = display_name(&"ü".repeat(10_000), Kind::Docx);
    assert_eq!(shown.chars().count(), LONGEST_NAME);
    assert!(shown.ends_with("ü.docx"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_name_gets_out_of_its_place(given in "(?s).{0,60}|[a-z./\\\\\u{202e}\u{0}\u{2066} \"]{0,300}") {
        for kind in Kind::ALL {
            let shown = display_name(&given, kind);
            let ending = format!(".{}", kind.extension());
            prop_assert!(shown.ends_with(&ending));
            prop_assert!(shown.chars().count() <= LONGEST_NAME);
            prop_assert!(!shown.starts_with(['.', ' ']) && !shown.contains(['/', '\\', '"']));
            let turns = ['\u{202a}', '\u{202b}', '\u{202d}', '\u{202e}', '\u{2066}'];
            prop_assert!(!shown.chars().any(|c| c.is_control() || turns.contains(&c)));
            prop_assert_eq!(display_name(&shown, kind), shown.clone());
            let header = &serving::attachment(kind, &given, 1).headers["content-disposition"];
            prop_assert!(header.to_str().is_ok_and(|value| value.starts_with("attachment; filename=\"")));
        }
    }
}
