//! Files that mean no good, or are no documents.
use super::*;

fn error(name: &str, bytes: &[u8]) -> ImportError {
    match import(name, bytes) {
        Err(e) => e,
        Ok(import) => panic!("{:?}", import.document),
    }
}

#[test]
fn files_that_cannot_be_read_say_what_to_do() {
    let most = MOST_BYTES;
    assert_eq!(
        error("x", &vec![b'a'; most + 1]),
        ImportError::TooLarge { bytes: most + 1, most }
    );
    for bytes in [
        b"%PDF-1.7 x".as_slice(),
        b"PK\x03\x04 x",
        b"a\0b",
        b"\x01\x02\x03\x04 x",
        b"{\\rtf1 x}",
    ] {
        assert_eq!(error("x.txt", bytes), ImportError::Binary);
    }
    assert_eq!(error("x", b"a\r\nb\rc\xffd"), ImportError::NotUtf8 { line: 3 });
    for bytes in [b"".as_slice(), b" \n\t\r\n", b"\xef\xbb\xbf", "\u{200b}\n".as_bytes()] {
        assert_eq!(error("x", bytes), ImportError::Empty);
    }
    for text in [
        "A letter to a friend.",
        "<p>A page</p>",
        "<div></div>",
        "Question",
        "Coding Test",
    ] {
        assert!(
            matches!(error("x", text.as_bytes()), ImportError::Nothing | ImportError::Empty),
            "{text}"
        );
    }
    assert_eq!(error("x", &b"a\n".repeat(MOST_LINES + 1)), ImportError::TooManyLines);
    let long = format!("one\n{}", "é".repeat(LONGEST_LINE + 1));
    assert_eq!(error("x", long.as_bytes()), ImportError::LineTooLong { line: 2 });
}

/// As much of a text as a file may hold.
fn much(text: &str) -> String {
    text.repeat(MOST_BYTES / text.len())
}

/// More lines of a text than any list holds, after what begins a document.
fn many(start: &str, line: &str) -> String {
    format!("{start}{}", format!("{line}\n").repeat(1500))
}

#[test]
fn hostile_files_end() {
    let tags = [
        "<div>",
        "<table><tr><td>",
        "<svg>",
        "<b x=y ",
        "<li>a",
        "<",
        "<!--",
        "<a b c d e f>",
        "&amp;",
        "<script>",
    ];
    for tag in tags {
        let result = import("x.html", much(tag).as_bytes());
        assert!(result.is_err(), "{tag}");
    }
    for text in [
        "[", "|", "*", "`", ">", "[](", "**a", "__", "(", "\"", "• ", "# ", "\u{300}",
    ] {
        assert!(import("x.md", much(text).as_bytes()).is_err(), "{text}");
        assert!(import("x.txt", much(text).as_bytes()).is_err(), "{text}");
        assert!(
            import(
                "x.toml",
                format!("kit = 1\ntitle = {}", much(text))
                    .as_bytes()
                    .get(..MOST_BYTES)
                    .unwrap_or_default()
            )
            .is_err()
        );
    }
    for text in ["[a.", "a.b.", "[[a]]\n", "x = [", "x = {a = ", "a = 1\n", "\"\"\""] {
        assert!(import("x.toml", much(text).as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn many_lines_of_one_kind_are_read_or_left() {
    let starts = [
        "T\n1 Competency Question\nPositive indicators\n",
        "T\n1 Attitude Question\n",
        "T\nKnock-out Questions\nReally?\n",
        "T\nVideo Questions\n",
        "T\nResume Review Criteria\n",
        "T\nCoding Test\n",
        "T\nPresentation Prompt\nx\n",
        "T\nWork Simulation Scenario\nx\n",
        "T\nProgression Framework\nD\n3 competencies\nCompetencyJuniorMid\n",
        "Question 1\nWhy?\nSample answer\n",
        "Write your answer to: \"Why?\"\n",
        "X Interview Questions\nWhy?\nAnswer Example: \"Because\n",
    ];
    let lines = [
        "1 of 1",
        "• a",
        "a",
        "A sentence that ends. It has two parts.",
        "Positive indicators",
        "Interview round: A",
        "Discipline",
        "Yes",
        "Qualifies",
        "Without AI",
        "CompetencyJuniorMid",
        "5 competencies",
        "Constraints",
        "Name (x, played by y)",
        "Question 1",
        "Sample answer",
        "Employers ask this question to see.",
        "Answer Example: \"a\"",
        "Coding Test",
        "| a | b |",
        "-",
        "Write your answer to: \"a\"",
        "To ace the interview, begin.",
        "$1/month",
        "Exceeds",
    ];
    for start in starts {
        for line in lines {
            let text = many(start, line);
            if let Ok(import) = import("x", text.as_bytes()) {
                assert_eq!(import.lines.len(), text.lines().count(), "{start}{line}");
                mutations::check(&import);
            }
        }
    }
}
