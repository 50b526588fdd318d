//! What must hold for every picture: it is well formed, it carries no style of its own, its labels stay inside and apart.

use super::svg::{Rect, Svg};
use super::*;
use crate::grader::verdict::*;
use crate::ui::samples;
use proptest::prelude::*;

fn figures_of(v: &Verdict) -> Vec<Figure> {
    let Outcome::Graded(g) = &v.outcome else {
        return Vec::new();
    };
    let mut figures: Vec<Figure> = g
        .criteria
        .iter()
        .filter_map(|r| r.timeline.as_ref())
        .map(timeline)
        .collect();
    figures.extend(g.criteria.iter().filter_map(|r| headers(&r.headers)));
    figures.extend(g.waits.iter().flat_map(|w| [waits(w), families(w)]).flatten());
    figures.extend(g.herd.iter().filter_map(herd));
    figures.extend(g.breaker.iter().map(breaker));
    figures
}

#[test]
fn every_sample_is_drawn_well() {
    let mut seen = 0;
    let mut gallery = String::new();
    for (name, verdict) in samples::all() {
        for figure in figures_of(&verdict) {
            assert_sound(&figure, name);
            gallery.push_str(&figure.to_string());
            seen += 1;
        }
    }
    samples::keep("plots", &gallery);
    assert!(seen >= 29, "{seen} figures");
}

#[test]
fn every_family_is_drawn_well() {
    for family in [
        Family::None,
        Family::Full,
        Family::Equal,
        Family::Decorrelated,
        Family::Proportional,
        Family::Other,
    ] {
        for bounds in [&[5.0][..], &[1.0, 10.0, 1e5], &[100.0; 12], &[0.0, 100.0], &[1e7, 2e7]] {
            let w = samples::waits(family, bounds, |b, u| b * u * 1.3);
            for figure in [waits(&w), families(&w)].into_iter().flatten() {
                assert_sound(&figure, family.label());
            }
        }
    }
}

#[test]
fn where_nothing_was_measured_nothing_is_drawn() {
    let empty = samples::waits(Family::None, &[], |b, _| b);
    assert!(waits(&empty).is_none() && families(&empty).is_none());
    assert!(headers(&[]).is_none());
    assert!(
        herd(&Herd {
            program: vec![0, 0],
            ..samples::herd(&[])
        })
        .is_none()
    );
}

#[test]
fn ten_minutes_of_quiet_are_folded_and_said() {
    let figure = timeline(&samples::crowd());
    assert!(
        figure.drawings[0].to_string().contains(">+10 min<"),
        "{}",
        figure.drawings[0]
    );
    assert!(figure.keys.contains(&Key::Fold));
}

#[test]
fn a_fault_is_explained_in_the_picture_or_under_it() {
    let figure = timeline(&samples::outage());
    assert!(figure.drawings[0].to_string().contains("a trial too many"));
    assert!(figure.to_string().contains("plot-notes narrow") == figure.notes[1].1.iter().any(|(n, _)| *n == 1));
    let crowd = timeline(&samples::crowd()).to_string();
    assert!(crowd.contains("fault number 7 of a great many") && crowd.contains("outside the picture"));
}

#[test]
fn one_timeline_stays_as_it_is() {
    insta::assert_snapshot!(timeline(&samples::rate_limit()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_timeline_is_drawn_well(t in any_timeline()) {
        assert_sound(&timeline(&t), "any timeline");
    }

    #[test]
    fn every_herd_is_drawn_well(program in counts(), reference in counts(), none in counts(), capacity in 0.0..1e6f64) {
        let h = Herd { program, reference, none, capacity, ..samples::herd(&[]) };
        if let Some(figure) = herd(&h) {
            assert_sound(&figure, "any herd");
        }
    }

    #[test]
    fn every_header_is_drawn_well(rows in prop::collection::vec(("\\PC{0,80}", 0.0..1e7f64, 0.0..1e6f64, prop::collection::vec(0.0..1e7f64, 0..40)), 1..9)) {
        let row = |(form, low_ms, more, waits_ms)| HeaderWaits { form, low_ms, high_ms: low_ms + more, waits_ms, pass: more > 5e5 };
        let rows: Vec<HeaderWaits> = rows.into_iter().map(row).collect();
        if let Some(figure) = headers(&rows) {
            assert_sound(&figure, "any headers");
        }
    }
}

fn counts() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(prop_oneof![Just(0u32), 0..300u32, 0..100_000u32], 0..900)
}

fn any_timeline() -> impl Strategy<Value = Timeline> {
    let kind = prop_oneof![
        Just(AnswerKind::Success),
        Just(AnswerKind::Transient),
        Just(AnswerKind::Permanent)
    ];
    let length = prop_oneof![Just(0u64), 0..5_000u64, 0..2_000_000u64, 0..4_000_000_000u64];
    let attempt = (
        length.clone(),
        length.clone(),
        kind,
        "\\PC{0,12}",
        any::<bool>(),
        any::<bool>(),
    );
    let call = (
        length.clone(),
        prop::collection::vec(attempt, 0..12),
        prop::option::of((length.clone(), any::<bool>(), "\\PC{0,30}")),
    );
    let mark = (length.clone(), prop::option::of(0..50u32), "\\PC{0,90}");
    let span = (
        length,
        prop_oneof![
            Just(BreakerState::Closed),
            Just(BreakerState::Open),
            Just(BreakerState::HalfOpen)
        ],
    );
    let parts = (
        prop::collection::vec((call, 1..30u32, 1..4u32), 0..40),
        prop::collection::vec(mark, 0..12),
        prop::collection::vec(span, 0..9),
    );
    parts.prop_map(|(calls, marks, spans)| {
        let mut t = Timeline {
            marks: Vec::new(),
            breaker: Vec::new(),
            calls: Vec::new(),
            ..samples::rate_limit()
        };
        for ((start, attempts, end), client, call) in calls {
            let mut at = start;
            let attempt = |(wait, length, kind, label, is_open, wrong): (u64, u64, AnswerKind, String, bool, bool)| {
                let from = at + wait;
                at = from + length;
                AttemptLine {
                    start: from,
                    end: (!is_open).then_some(at),
                    kind,
                    label,
                    retry_after: None,
                    wrong,
                }
            };
            let attempts = attempts.into_iter().map(attempt).collect();
            let end = end.map(|(after, resolved, label)| CallEnd {
                at: at + after,
                resolved,
                label,
            });
            t.calls.push(CallLine {
                client,
                call,
                start,
                attempts,
                end,
            });
        }
        t.marks = marks
            .into_iter()
            .map(|(at, lane, text)| Mark { at, lane, text })
            .collect();
        let mut at = 0;
        for (length, state) in spans {
            t.breaker.push(BreakerSpan {
                from: at,
                to: at + length,
                state,
            });
            at += length;
        }
        t
    })
}

fn assert_sound(figure: &Figure, what: &str) {
    let html = figure.to_string();
    assert!(!html.contains("style="), "{what}: no style of its own");
    assert!(!html.contains(" id="), "{what}: nothing to clash");
    assert!(!html.contains("NaN") && !html.contains("inf"), "{what}: {html}");
    let row = figure.table.columns.len();
    assert!(
        figure.table.rows.iter().all(|r| r.len() == row),
        "{what}: {:?}",
        figure.table
    );
    for svg in &figure.drawings {
        assert_well_formed(&svg.to_string());
        assert_labels_inside_and_apart(svg, what);
    }
}

fn assert_labels_inside_and_apart(svg: &Svg, what: &str) {
    let frame = svg.frame().grown(0.01);
    let texts = svg.texts();
    for (i, a) in texts.iter().enumerate() {
        assert!(a.inside(&frame), "{what}: {a:?} leaves {frame:?} in {svg}");
        let shrunk = Rect::new(a.x + 0.5, a.y + 1.0, a.w - 1.0, a.h - 2.0);
        for b in &texts[..i] {
            assert!(!shrunk.meets(b), "{what}: {a:?} meets {b:?} in {svg}");
        }
    }
}

/// Elements of a page that are never closed.
const VOID: [&str; 5] = ["meta", "link", "input", "br", "hr"];

/// Tags that are closed in order, attributes that are quoted, no text that could be a tag.
pub fn assert_well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        assert!(!text.contains('>'), "a stray > in {text:?}");
        assert_escaped(text);
        let end = at + rest[at..].find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "closed in order");
            continue;
        }
        let name = tag.split([' ', '/', '\n']).next().unwrap_or_default();
        if name == "!doctype" {
            continue;
        }
        assert!(
            name.chars().all(|c| c.is_ascii_alphanumeric()) && !name.is_empty(),
            "a name: {tag:?}"
        );
        assert_eq!(tag.matches('"').count() % 2, 0, "quoted: {tag:?}");
        tag.split('"').skip(1).step_by(2).for_each(assert_escaped);
        if !tag.ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
}

fn assert_escaped(text: &str) {
    for (at, _) in text.match_indices('&') {
        let entity = ["&amp;", "&lt;", "&gt;", "&quot;", "&#"]
            .iter()
            .any(|e| text[at..].starts_with(e));
        assert!(entity, "an entity in {text:?}");
    }
}

#[test]
fn rows_without_marks_are_not_drawn() {
    let empty = Rows {
        rows: Vec::new(),
        unit: Unit::Count,
        end: None,
    };
    assert!(rows(&empty, ("", ""), "", Table::default()).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_row_is_drawn_well(drawn in any_rows()) {
        if let Some(figure) = rows(&drawn, ("A finding.", "What marks mean."), "a conclusion", Table::default()) {
            assert_sound(&figure, "any rows");
        }
    }
}

fn any_rows() -> impl Strategy<Value = Rows> {
    let value = || prop_oneof![Just(0.0), 0.0..1.0f64, 0.0..50.0f64, 0.0..1e6f64];
    let mark = prop_oneof![
        Just(Measure::Nothing),
        (value(), value()).prop_map(|(value, whole)| Measure::Bar { value, whole }),
        (value(), value(), prop::option::of(value())).prop_map(|(half, more, limit)| Measure::Range {
            half,
            most: half + more,
            limit
        }),
        (0.0..1.0f64, prop::option::of(0.0..1.0f64)).prop_map(|(at, limit)| Measure::Rate {
            at,
            low: at / 2.0,
            high: (at + 1.0) / 2.0,
            limit
        }),
    ];
    let row = (
        prop::option::of("\\PC{0,80}"),
        "\\PC{0,60}",
        mark,
        "\\PC{0,40}",
        any::<bool>(),
    );
    let row = row.prop_map(|(head, name, mark, words, is_bad)| Row {
        head,
        name,
        mark,
        words,
        is_bad,
    });
    let unit = prop_oneof![Just(Unit::Count), Just(Unit::Days), Just(Unit::Share)];
    (prop::collection::vec(row, 0..14), unit, prop::option::of(Just(1.0))).prop_map(|(rows, unit, end)| Rows {
        rows,
        unit,
        end,
    })
}
