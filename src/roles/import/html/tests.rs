use super::*;

fn read(text: &str) -> Vec<(usize, String)> {
    rows(text)
        .unwrap()
        .into_iter()
        .map(|row| (row.number, row.raw))
        .collect()
}

fn texts(text: &str) -> Vec<String> {
    rows(text).unwrap().into_iter().map(|row| row.raw).collect()
}

#[test]
fn blocks_make_lines_with_the_numbers_of_the_source() {
    let page = "<!doctype html>\r\n<head><title>T</title><script>if (a<b) {}</script></head>\r\n<body><h1>One</h1>\r\n\r\n\
                <p>two\r\nwords <b>here</b></p><div>A<div>B</div></div>\r\n&lt;tag&gt; &amp; more<br>last";
    let expected = [
        (3, "One"),
        (5, "two words here"),
        (6, "A"),
        (6, "B"),
        (7, "<tag> & more"),
        (7, "last"),
    ];
    let expected: Vec<_> = expected.into_iter().map(|(n, t)| (n, t.to_string())).collect();
    assert_eq!(read(page), expected);
}

#[test]
fn rows_of_data_keep_their_cells_and_layout_does_not() {
    let row = &rows("<table><tr><th>Skill<th>Low<td></td><td>High<br>up</tr></table>").unwrap()[0];
    assert_eq!(row.cells, ["Skill", "Low", "", "High up"]);
    assert_eq!(
        texts("<table><tr><td><p>One</p><p>Two</p></td></tr></table>"),
        ["One", "Two"]
    );
    assert_eq!(
        texts("<table><tr><td><h2>One</h2></td><td><p>Two</p></td></tr></table>"),
        ["One", "Two"]
    );
    assert_eq!(texts("<tr><td>a<table><tr><td>b<td>c</table>d"), ["a", "b | c", "d"]);
}

#[test]
fn entries_of_lists_are_bulleted() {
    let rows = rows("<ul><li>a</li><li><p>b</p></ul><ol><li>c</ol>d").unwrap();
    let bullets: Vec<_> = rows.iter().map(|row| row.bullet).collect();
    assert_eq!(bullets, [Bullet::Sign, Bullet::Sign, Bullet::Number, Bullet::None]);
}

#[test]
fn what_is_no_text_is_skipped_unless_it_never_ends() {
    assert_eq!(
        texts("a<svg><g><svg></svg>x</g></svg><style>b{}</style><noscript><p>c</noscript>d"),
        ["ad"]
    );
    assert_eq!(texts("<p>a<template>b\nc"), ["a", "b", "c"]);
    assert_eq!(texts("<head><title>x</title><p>a"), ["a"]);
}
