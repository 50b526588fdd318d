//! The text of a PDF, page by page.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_oxide::PdfDocument;

use super::Unreadable;
use crate::files::MOST_TEXT;

/// More pages than any candidate writes; the rest is not read.
const MOST_PAGES: usize = 200;

pub fn text(bytes: Vec<u8>) -> Result<String, Unreadable> {
    let document = PdfDocument::from_bytes(bytes).map_err(|_| Unreadable::Damaged)?;
    // Many are locked against changes only, and open without a password.
    if document.is_encrypted() && !document.authenticate(b"").unwrap_or(false) {
        return Err(Unreadable::Password);
    }
    let pages = document.page_count().map_err(|_| Unreadable::Damaged)?;
    let (mut text, mut damaged) = (String::new(), None);
    for page in 0..pages.min(MOST_PAGES) {
        // A page that cannot be read costs that page. The state of a document is no concern: this process ends soon.
        match catch_unwind(AssertUnwindSafe(|| document.extract_text(page))) {
            Ok(Ok(words)) => {
                text.push_str(&words);
                text.push_str("\n\n");
            }
            Ok(Err(_)) => damaged = Some(Unreadable::Damaged),
            Err(_) => damaged = Some(Unreadable::Crashed),
        }
        if text.len() > 4 * MOST_TEXT {
            return Err(Unreadable::TooMuch);
        }
    }
    match damaged {
        Some(reason) if text.trim().is_empty() => Err(reason),
        _ => Ok(text),
    }
}
