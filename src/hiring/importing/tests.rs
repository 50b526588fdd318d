use super::sheet::{Column, Sheet, decode, written};
use super::*;

fn read(text: &str) -> Sheet {
    Sheet::read(text).expect("a table")
}

#[test]
fn letters_are_told_apart() {
    let utf_16 = |bom: [u8; 2], units: Vec<[u8; 2]>| [bom.to_vec(), units.concat()].concat();
    let text = "naïve,é";
    let little = utf_16([0xff, 0xfe], text.encode_utf16().map(u16::to_le_bytes).collect());
    let big = utf_16([0xfe, 0xff], text.encode_utf16().map(u16::to_be_bytes).collect());
    for bytes in [
        text.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        little,
        big,
    ] {
        assert_eq!(decode(&bytes).as_deref(), Ok(text));
    }
    assert_eq!(decode(b"na\xefve,\x80\x92").as_deref(), Ok("naïve,€’"));
    for (bytes, why) in [
        (&b"PK\x03\x04rest"[..], "workbook"),
        (&b"a\0b"[..], "no text"),
        (&b"\xff\xfe\x00\xd8"[..], "half a letter"),
    ] {
        assert!(decode(bytes).is_err(), "{why}");
    }
    assert!(decode(&vec![b'a'; sheet::MOST_BYTES + 1]).is_err());
}

#[test]
fn separators_quotes_and_lines_are_understood() {
    for (text, cells) in [
        ("name,email\nA,a@b\n", vec!["A", "a@b"]),
        ("Name;E-Mail\r\n\"A; B\";a@b", vec!["A; B", "a@b"]),
        (
            "full name\temail\n\"A \"\"B\"\"\nC\"\ta@b\n\n",
            vec!["A \"B\"\nC", "a@b"],
        ),
        ("\"name\",\"email\"\r\"A, B\",a@b\r", vec!["A, B", "a@b"]),
    ] {
        let sheet = read(text);
        assert_eq!(sheet.rows.len(), 1, "{text:?}");
        assert_eq!(sheet.rows[0].1, cells, "{text:?}");
        assert_eq!(sheet.cell(&sheet.rows[0].1, Column::Email), "a@b");
    }
    let sheet = read("first_name,Surname,MAIL,Shoe size\nRobin,Example,a@b,42\n");
    assert_eq!(sheet.name(&sheet.rows[0].1), "Robin Example");
    assert_eq!(sheet.unknown(), ["Shoe size"]);
    let sheet = read("name,email\n\"a\nb\",x@y\n\nC,c@d");
    assert_eq!(sheet.rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 5]);
}

#[test]
fn what_is_no_table_is_refused_with_a_reason() {
    for (text, words) in [
        ("", "nothing in it"),
        ("name,email\n", "no row below"),
        ("a,b\n1,2", "name the columns"),
        ("name,email\n\"open,a@b", "line 2 is never closed"),
    ] {
        let error = Sheet::read(text).unwrap_err();
        assert!(error.contains(words), "{text:?}: {error}");
    }
    let long = format!("name,email\n{}", "A,a@b\n".repeat(sheet::MOST_ROWS + 1));
    assert!(Sheet::read(&long).unwrap_err().contains("5,000"));
}

#[test]
fn a_day_is_read_or_not_guessed() {
    for (typed, day) in [
        ("2026-04-15", "2026-04-15"),
        ("2026/04/15", "2026-04-15"),
        ("15.04.2026", "2026-04-15"),
        ("04/15/2026", "2026-04-15"),
        ("15/04/2026", "2026-04-15"),
        ("05/05/2026", "2026-05-05"),
        ("3 May 2026", "2026-05-03"),
        ("May 3 2026", "2026-05-03"),
        ("2026-04-15T10:00:00Z", "2026-04-15"),
    ] {
        assert_eq!(date(typed).expect(typed).to_string(), day, "{typed}");
    }
    for typed in [
        "04/05/2026",
        "2026-13-01",
        "2026-02-30",
        "yesterday",
        "45000",
        "15.04.26",
        "0000-01-01",
    ] {
        assert!(date(typed).is_err(), "{typed}");
    }
}

#[test]
fn what_is_written_is_no_formula_and_is_read_back() {
    let cells = [
        "=1+1",
        "+351 1",
        "-1",
        "@a",
        "\tx",
        "plain \"quoted\", and more",
        "'apostrophe",
        " =2+2",
        "＝3",
    ];
    let text = written([vec!["name", "email", "c", "d", "e", "f", "g", "h", "i"], cells.to_vec()].into_iter());
    for dangerous in ["\"=", "\"+", "\"-", "\"@", "\"\t", "\" =", "\"＝"] {
        assert!(!text.contains(dangerous), "{text}");
    }
    let sheet = read(&decode(text.as_bytes()).expect("text"));
    assert_eq!(sheet.rows[0].1, cells);
}

#[test]
fn a_source_is_one_of_the_list_or_as_it_is_written() {
    assert_eq!(source(""), ("", String::new()));
    assert_eq!(source("a job board"), ("board", String::new()));
    assert_eq!(source("REFERRAL"), ("referral", String::new()));
    assert_eq!(source(" A  fair "), ("other", "A fair".into()));
}
