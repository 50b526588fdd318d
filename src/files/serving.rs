//! How a stored file is answered: so that it is saved or played, and never run as a page of ours.

use std::ops::Range;

use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_RANGE, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Method, StatusCode};

use super::Kind;

/// What a file is answered with. `part` says which of its bytes follow; none do where it is absent.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub part: Option<Range<u64>>,
}

/// A document, to be saved under its name.
pub fn attachment(kind: Kind, name: &str, size: u64) -> Answer {
    let mut headers = common(kind);
    headers.insert(CONTENT_DISPOSITION, disposition(name));
    headers.insert(CONTENT_LENGTH, size.into());
    Answer {
        status: StatusCode::OK,
        headers,
        part: Some(0..size),
    }
}

/// A recording, to be played where it stands, whole or in part as the player asks.
pub fn recording(kind: Kind, method: &Method, request: &HeaderMap, size: u64) -> Answer {
    let mut headers = common(kind);
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let (status, part) = match asked(method, request, size) {
        Asked::Whole => (StatusCode::OK, Some(0..size)),
        Asked::Part(part) => {
            let (first, last) = (part.start, part.end - 1);
            headers.insert(CONTENT_RANGE, ascii(format!("bytes {first}-{last}/{size}")));
            (StatusCode::PARTIAL_CONTENT, Some(part))
        }
        Asked::Beyond => {
            headers.insert(CONTENT_RANGE, ascii(format!("bytes */{size}")));
            (StatusCode::RANGE_NOT_SATISFIABLE, None)
        }
    };
    let length = part.as_ref().map_or(0, |part| part.end - part.start);
    headers.insert(CONTENT_LENGTH, length.into());
    Answer { status, headers, part }
}

fn common(kind: Kind) -> HeaderMap {
    [
        (CONTENT_TYPE, content_type(kind)),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (CACHE_CONTROL, "private, no-store"),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)))
    .into_iter()
    .collect()
}

/// Of the kind that we found, never of the one that was declared.
pub fn content_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Pdf => "application/pdf",
        Kind::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        // A file in UTF-16 is taken only with its mark, and browsers believe that mark before this.
        Kind::Text => "text/plain; charset=utf-8",
        Kind::WebM => "video/webm",
        Kind::Mp4 => "video/mp4",
        Kind::Ogg => "audio/ogg",
    }
}

/// RFC 6266: the name for all browsers of this century, and before it what is left of it in ASCII.
fn disposition(name: &str) -> HeaderValue {
    let plain = |c: char| c.is_ascii_alphanumeric() || " .-_()".contains(c);
    let fallback: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            _ if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    ascii(format!(
        "attachment; filename=\"{fallback}\"; filename*=UTF-8''{encoded}"
    ))
}

fn ascii(value: String) -> HeaderValue {
    HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static("attachment"))
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    Part(Range<u64>),
    Beyond,
}

/// RFC 9110, section 14: what is not one well-formed range of bytes is passed over, and the whole is sent.
fn asked(method: &Method, request: &HeaderMap, size: u64) -> Asked {
    let mut ranges = request.get_all(RANGE).iter();
    let (Some(range), None) = (ranges.next(), ranges.next()) else {
        return Asked::Whole;
    };
    // We give out no validator, so that a condition on one cannot hold.
    if method != Method::GET || request.contains_key(IF_RANGE) {
        return Asked::Whole;
    }
    range
        .to_str()
        .ok()
        .and_then(|range| one_range(range, size))
        .unwrap_or(Asked::Whole)
}

fn one_range(range: &str, size: u64) -> Option<Asked> {
    let (unit, range) = range.split_once('=')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let part = match range.split_once('-')? {
        ("", last) => size.saturating_sub(number(last)?)..size,
        (first, "") => number(first)?..size,
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            first..last.saturating_add(1).min(size)
        }
    };
    Some(if part.start < part.end {
        Asked::Part(part)
    } else {
        Asked::Beyond
    })
}

/// Digits and nothing else; a number that is too large is as good as the largest.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}
