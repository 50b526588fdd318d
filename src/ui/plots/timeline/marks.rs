//! Faults: a ring around what is wrong, and the explanation beside it or, where there is no room, under the picture.

use super::model::{Fault, Model};
use crate::ui::plots::svg::{Anchor, Path, Rect, Svg, text_box};
use crate::ui::plots::text::{self, Face};

const LINE: f64 = 15.0;
const MOST_LINES: usize = 3;

/// Explanations without room in a drawing, by the number of their fault in it.
pub type Notes = Vec<(usize, String)>;

/// Rings first, so that labels keep away from them. `item` finds the box of what stands in a lane at a time; without a
/// lane it is the breaker itself.
pub fn draw_rings(svg: &mut Svg, model: &Model, item: impl Fn(f64, Option<usize>) -> Rect) -> Vec<Vec<Rect>> {
    let faults: Vec<Vec<Rect>> = model.faults.iter().map(|f| rings(f, &item)).collect();
    for ring in faults.iter().flatten() {
        svg.rect("ring", *ring, 6.0);
        svg.take(*ring);
    }
    faults
}

/// What finds no room of `room` by three lines becomes a number and a note.
pub fn explain_rings(svg: &mut Svg, model: &Model, rings: &[Vec<Rect>], room: f64) -> Notes {
    let mut notes = Notes::new();
    for (fault, rings) in model.faults.iter().zip(rings) {
        let widths = [room, 0.7 * room, 1.5 * room];
        if widths
            .iter()
            .any(|w| rings.iter().any(|ring| explain(svg, &fault.text, *ring, *w)))
        {
            continue;
        }
        let n = notes.len() + 1;
        notes.push((n, fault.text.clone()));
        for ring in rings {
            number(svg, n, *ring);
        }
    }
    notes
}

/// Neighbours share a ring.
fn rings(fault: &Fault, item: &impl Fn(f64, Option<usize>) -> Rect) -> Vec<Rect> {
    let mut rings: Vec<Rect> = Vec::new();
    for &(at, lane) in &fault.at {
        let ring = item(at, lane).grown(5.0);
        match rings.iter_mut().find(|r| r.grown(12.0).meets(&ring)) {
            Some(near) => *near = near.around(ring),
            None => rings.push(ring),
        }
    }
    rings
}

fn explain(svg: &mut Svg, words: &str, ring: Rect, room: f64) -> bool {
    let lines = text::wrap(words, Face::Bold, room);
    if lines.is_empty() || lines.len() > MOST_LINES {
        return false;
    }
    let height = LINE * lines.len() as f64;
    let middle = ring.y + ring.h / 2.0 - height / 2.0 + 11.0;
    let (right, left) = (ring.right() + 18.0, ring.x - 18.0);
    let spots = [
        (right, middle, Anchor::Start),
        (left, middle, Anchor::End),
        (ring.x, ring.bottom() + 17.0, Anchor::Start),
        (ring.right(), ring.bottom() + 17.0, Anchor::End),
        (ring.x, ring.bottom() + 34.0, Anchor::Start),
        (ring.right(), ring.bottom() + 34.0, Anchor::End),
        (ring.x, ring.y - height + 2.0, Anchor::Start),
        (ring.right(), ring.y - height + 2.0, Anchor::End),
    ];
    for (i, (x, y, anchor)) in spots.into_iter().enumerate() {
        let boxes = lines
            .iter()
            .enumerate()
            .map(|(n, line)| text_box(line, Face::Bold, (x, y + LINE * n as f64, anchor)));
        let Some(place) = boxes.reduce(Rect::around) else {
            return false;
        };
        if !svg.is_free(&place.grown(2.0)) {
            continue;
        }
        svg.rect("mask", place.grown(2.0), 0.0);
        let y_line = ring.y + ring.h / 2.0;
        match i {
            0 => svg.path("ringline", &Path::from(ring.right(), y_line).across(right - 3.0)),
            1 => svg.path("ringline", &Path::from(ring.x, y_line).across(left + 3.0)),
            4 | 5 => svg.path(
                "ringline",
                &Path::from(if i == 4 { ring.x + 8.0 } else { ring.right() - 8.0 }, ring.bottom()).down(place.y),
            ),
            _ => {}
        }
        for (n, line) in lines.iter().enumerate() {
            svg.text("tx-bad", line, (x, y + LINE * n as f64, anchor));
        }
        return true;
    }
    false
}

fn number(svg: &mut Svg, n: usize, ring: Rect) {
    let n = n.to_string();
    let spots = [
        (ring.right() + 3.0, ring.y + 8.0, Anchor::Start),
        (ring.x - 3.0, ring.y + 8.0, Anchor::End),
        (ring.right() + 3.0, ring.bottom(), Anchor::Start),
        (ring.x + ring.w / 2.0, ring.y - 4.0, Anchor::Middle),
        (ring.x + ring.w / 2.0, ring.bottom() + 12.0, Anchor::Middle),
    ];
    svg.place("tx-bad halo", &n, &spots);
}
