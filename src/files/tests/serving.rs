use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, RANGE};
use axum::http::{HeaderValue, Method, StatusCode};

use crate::files::Kind;
use crate::files::serving::{Answer, attachment, recording};

fn said(answer: &Answer, name: impl axum::http::header::AsHeaderName) -> &str {
    answer
        .headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn asked(range: &str) -> Answer {
    let headers = HeaderMap::from_iter([(RANGE, HeaderValue::from_str(range).unwrap())]);
    recording(Kind::WebM, &Method::GET, &headers, 1000)
}

#[test]
fn no_file_is_run_as_a_page() {
    let document = attachment(Kind::Text, "cv.txt", 7);
    let played = recording(Kind::Mp4, &Method::GET, &HeaderMap::new(), 7);
    for answer in [&document, &played] {
        assert_eq!(said(answer, "x-content-type-options"), "nosniff");
        assert_eq!(said(answer, "content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(said(answer, "cross-origin-resource-policy"), "same-origin");
        assert_eq!(said(answer, "cache-control"), "private, no-store");
        assert_eq!(said(answer, CONTENT_LENGTH), "7");
    }
    assert_eq!(said(&document, CONTENT_TYPE), "text/plain; charset=utf-8");
    assert_eq!(said(&played, CONTENT_TYPE), "video/mp4");
    assert_eq!(said(&played, CONTENT_DISPOSITION), "inline");
}

#[test]
fn any_name_can_be_offered() {
    let offered = |name| said(&attachment(Kind::Pdf, name, 1), CONTENT_DISPOSITION).to_owned();
    assert_eq!(
        offered("cv.pdf"),
        "attachment; filename=\"cv.pdf\"; filename*=UTF-8''cv.pdf"
    );
    assert_eq!(
        offered("Zoë's \"CV\"; 100%.pdf"),
        "attachment; filename=\"Zo__s _CV__ 100_.pdf\"; filename*=UTF-8''Zo%C3%AB%27s%20%22CV%22%3B%20100%25.pdf"
    );
    assert_eq!(
        offered("a\r\nSet-Cookie: b"),
        "attachment; filename=\"a__Set-Cookie_ b\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20b"
    );
}

#[test]
fn a_recording_is_answered_in_parts() {
    for (range, part) in [
        ("bytes=0-", 0..1000),
        ("bytes=0-0", 0..1),
        ("bytes=10-19", 10..20),
        ("bytes=990-5000", 990..1000),
        ("bytes=-1", 999..1000),
        ("bytes=-5000", 0..1000),
        ("Bytes=999-18446744073709551615999", 999..1000),
    ] {
        let answer = asked(range);
        assert_eq!(answer.status, StatusCode::PARTIAL_CONTENT, "{range}");
        assert_eq!(
            said(&answer, CONTENT_RANGE),
            format!("bytes {}-{}/1000", part.start, part.end - 1)
        );
        assert_eq!(said(&answer, CONTENT_LENGTH), (part.end - part.start).to_string());
        assert_eq!(answer.part, Some(part), "{range}");
    }
}

#[test]
fn a_range_beyond_the_end_says_where_the_end_is() {
    for range in [
        "bytes=1000-",
        "bytes=1000-1001",
        "bytes=-0",
        "bytes=99999999999999999999-",
    ] {
        let answer = asked(range);
        assert_eq!(answer.status, StatusCode::RANGE_NOT_SATISFIABLE, "{range}");
        assert_eq!(said(&answer, CONTENT_RANGE), "bytes */1000");
        assert_eq!(answer.part, None);
    }
}

#[test]
fn what_is_not_one_range_is_passed_over() {
    for range in [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-3",
        "bytes=0-1,5-6",
        "bytes=+1-2",
        "bytes= 1-2",
        "bytes=1-2 ",
        "bytes=a-b",
        "bytes=1--2",
        "bytes=--2",
        "items=0-1",
        "bytes=0x1-2",
        "bytes=-1.5",
    ] {
        let answer = asked(range);
        assert_eq!((answer.status, answer.part), (StatusCode::OK, Some(0..1000)), "{range}");
    }
    let mut headers = HeaderMap::from_iter([(RANGE, HeaderValue::from_static("bytes=0-1"))]);
    assert_eq!(recording(Kind::WebM, &Method::HEAD, &headers, 9).status, StatusCode::OK);
    headers.insert("if-range", HeaderValue::from_static("\"a\""));
    assert_eq!(recording(Kind::WebM, &Method::GET, &headers, 9).status, StatusCode::OK);
}
