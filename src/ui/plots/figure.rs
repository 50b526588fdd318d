//! What a page shows of a plot: its words, its drawings, its numbers.

use super::svg::Svg;
use askama::Template;

#[derive(Clone, Debug, Template)]
#[template(path = "verdicts/figure.html")]
pub struct Figure {
    /// The finding in a sentence, and what the marks mean.
    pub lead: String,
    pub rest: String,
    pub drawings: Vec<Svg>,
    pub keys: Vec<Key>,
    /// For each drawing, the explanations that found no room in it, by their number there.
    pub notes: Vec<(&'static str, Vec<(usize, String)>)>,
    pub table: Table,
}

impl Figure {
    /// Whether the wide drawing needs far more room than the narrow one.
    fn is_broad(&self) -> bool {
        self.drawings.first().is_some_and(|d| d.frame().w > 700.0)
    }
}

#[derive(Clone, Debug, Default)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub title: &'static str,
    pub is_number: bool,
}

impl Column {
    pub fn text(title: &'static str) -> Column {
        Column {
            title,
            is_number: false,
        }
    }

    pub fn number(title: &'static str) -> Column {
        Column { title, is_number: true }
    }
}

/// What a mark of a timeline means; shown only where the timeline has such a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Success,
    Transient,
    Permanent,
    Wrong,
    Wait,
    Rejected,
    Fold,
}

impl Key {
    pub fn label(self) -> &'static str {
        match self {
            Key::Success => "attempt, answered 2xx",
            Key::Transient => "attempt, transient failure",
            Key::Permanent => "attempt, permanent failure",
            Key::Wrong => "attempt that must not be sent",
            Key::Wait => "wait, in ms",
            Key::Rejected => "call rejected",
            Key::Fold => "quiet time, folded",
        }
    }

    pub fn swatch(self) -> &'static str {
        match self {
            Key::Success => r#"<rect width="18" height="12" rx="2" class="a-ok"/>"#,
            Key::Transient => r#"<rect width="18" height="12" rx="2" class="a-fail"/>"#,
            Key::Permanent => r#"<rect width="18" height="12" rx="2" class="a-perm"/>"#,
            Key::Wrong => r#"<rect x="1" y="1" width="16" height="10" rx="2" class="ring"/>"#,
            Key::Wait => r#"<rect width="18" height="10" class="wait"/><path d="M0 11H18" class="wait-edge"/>"#,
            Key::Rejected => r#"<path d="M5 2l8 8m0-8l-8 8" class="end-bad"/>"#,
            Key::Fold => {
                r#"<rect x="3" width="12" height="12" rx="2" class="fold-bg"/><path d="M9 0l-2 3 4 3-4 3 2 3" class="fold"/>"#
            }
        }
    }
}
