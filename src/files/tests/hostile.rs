//! Files that are made to hurt, for what reads them in the server, and for the reader of Word documents, which has no
//! need of its child to survive them. Hostile PDFs are in `program.rs`.

use proptest::prelude::*;

use super::samples::{self, paragraph};
use crate::files::kinds;
use crate::files::text::tidy::{is_tidy, tidy};
use crate::files::text::{Unreadable, docx};

/// The file, cut off and with some bits turned.
fn hurt(mut file: Vec<u8>, keep: usize, flips: &[(usize, u8)]) -> Vec<u8> {
    file.truncate(keep.max(1));
    for (at, bit) in flips {
        let at = at % file.len();
        file[at] ^= 1 << (bit % 8);
    }
    file
}

fn flips() -> impl Strategy<Value = Vec<(usize, u8)>> {
    proptest::collection::vec((0usize..4096, 0u8..8), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_file_is_read_or_refused(keep in 1usize..1500, flips in flips(), whole in any::<bool>()) {
        let keep = if whole { usize::MAX } else { keep };
        let file = hurt(samples::docx(&paragraph("Ada Lovelace").repeat(20)), keep, &flips);
        let _ = (kinds::document(&file), kinds::recording(&file), docx::text(&file));
        let _ = kinds::document(&hurt(samples::pdf(&["Ada"]), keep, &flips));
    }

    #[test]
    fn damaged_xml_is_read_or_refused(keep in 1usize..400, flips in flips(), body in "(<w:(p|r|t|tbl|tr|tc|del)/?>|</w:(p|r|t|tc)>|[a&;#x0]){0,40}") {
        let xml = hurt(samples::document("document", &body).into_bytes(), keep, &flips);
        let file = samples::zip_bytes(&[("word/document.xml", &xml)]);
        if let Ok(text) = docx::text(&file) {
            prop_assert!(is_tidy(&tidy(&text)));
        }
    }

    #[test]
    fn any_bytes_have_a_kind_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = (kinds::document(&bytes), kinds::recording(&bytes));
        let zipped = [b"PK\x03\x04".as_slice(), &bytes, b"PK\x05\x06", &bytes].concat();
        prop_assert!(kinds::document(&zipped).is_err());
    }

    #[test]
    fn tidying_is_done_after_once(text in "(?s).{0,200}|[\\s\u{0}a\u{202e}\u{301}\u{ad}ﬁ]{0,80}") {
        let once = tidy(&text);
        prop_assert!(is_tidy(&once), "{:?}", once);
        prop_assert_eq!(tidy(&once), once);
    }
}

#[test]
fn a_bomb_of_zeros_costs_its_limit() {
    // 40 MB in 40 kB.
    let bomb = samples::docx(&paragraph(&" ".repeat(40 << 20)));
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    assert!(matches!(docx::text(&bomb), Err(Unreadable::TooMuch)));
    // And in parts, each of which is small enough.
    let part = samples::document("hdr", &paragraph(&" ".repeat(12 << 20)));
    let parts = samples::docx_with(&[
        ("word/header1.xml", &part),
        ("word/header2.xml", &part),
        ("word/document.xml", &part),
    ]);
    assert!(matches!(docx::text(&parts), Err(Unreadable::TooMuch)));
}

#[test]
fn a_tower_of_elements_is_climbed() {
    let tower = format!("{}{}{}", "<w:p>".repeat(300_000), "Ada", "</w:p>".repeat(300_000));
    assert_eq!(tidy(&docx::text(&samples::docx(&tower)).unwrap()), "");
    let open = "<w:del>".repeat(300_000);
    assert!(docx::text(&samples::docx(&open)).is_err());
}

#[test]
fn a_bomb_of_entities_is_not_lit() {
    let entities: String = (1..12)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let bomb = format!("<!DOCTYPE d [<!ENTITY l0 \"lol\">{entities}]><w:t>&l11;</w:t>");
    let file = samples::docx_with(&[("word/document.xml", &bomb)]);
    assert!(matches!(docx::text(&file), Err(Unreadable::Damaged)));
    let undeclared = samples::docx(&paragraph("a&l11;b"));
    assert_eq!(tidy(&docx::text(&undeclared).unwrap()), "ab");
}

#[test]
fn many_false_ends_of_an_archive_cost_one_walk_each() {
    let end = b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\x2e\0\0\0\0\0\0\0\0\0";
    let bytes = [
        b"PK\x03\x04".as_slice(),
        &b"PK\x01\x02".repeat(1 << 18),
        &end.repeat(1 << 12),
    ]
    .concat();
    assert!(kinds::document(&bytes).is_err());
}
