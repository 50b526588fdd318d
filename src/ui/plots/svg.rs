//! One drawing: geometry in attributes, colour in classes, and a record of what is taken, so that no two labels meet and
//! none leaves the picture.

use super::text::{self, Face};
use std::fmt::{self, Display, Write};

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

impl Rect {
    pub fn new(x: f64, y: f64, w: f64, h: f64) -> Rect {
        Rect { x, y, w, h }
    }

    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    pub fn meets(&self, other: &Rect) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    pub fn inside(&self, outer: &Rect) -> bool {
        self.x >= outer.x && self.y >= outer.y && self.right() <= outer.right() && self.bottom() <= outer.bottom()
    }

    pub fn grown(&self, by: f64) -> Rect {
        Rect::new(self.x - by, self.y - by, self.w + 2.0 * by, self.h + 2.0 * by)
    }

    pub fn around(self, other: Rect) -> Rect {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Rect::new(
            x,
            y,
            self.right().max(other.right()) - x,
            self.bottom().max(other.bottom()) - y,
        )
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// Where a text would like to stand: its anchor point on the base line.
pub type Spot = (f64, f64, Anchor);

#[derive(Clone, Debug)]
pub struct Svg {
    class: &'static str,
    label: String,
    frame: Rect,
    body: String,
    /// What a label must not cover: blocks, and the labels that are there.
    taken: Vec<Rect>,
    texts: Vec<Rect>,
}

impl Svg {
    /// `class` is `wide`, `narrow`, or empty for a drawing that serves both.
    pub fn new(class: &'static str, width: f64, height: f64, label: &str) -> Svg {
        Svg {
            class,
            label: label.to_owned(),
            frame: Rect::new(0.0, 0.0, width, height),
            body: String::new(),
            taken: Vec::new(),
            texts: Vec::new(),
        }
    }

    pub fn frame(&self) -> Rect {
        self.frame
    }

    /// The boxes of all texts, as measured.
    #[cfg(test)]
    pub fn texts(&self) -> &[Rect] {
        &self.texts
    }

    pub fn rect(&mut self, class: &str, r: Rect, radius: f64) {
        let (x, y, w, h) = (Num(r.x), Num(r.y), Num(r.w.max(0.0)), Num(r.h.max(0.0)));
        self.put(format_args!(r#"<rect x="{x}" y="{y}" width="{w}" height="{h}""#));
        if radius > 0.0 {
            self.put(format_args!(r#" rx="{}""#, Num(radius)));
        }
        self.put(format_args!(r#" class="{class}"/>"#));
    }

    pub fn line(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        let (x1, y1, x2, y2) = (Num(x1), Num(y1), Num(x2), Num(y2));
        self.put(format_args!(
            r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" class="{class}"/>"#
        ));
    }

    pub fn circle(&mut self, class: &str, (x, y): (f64, f64), r: f64) {
        self.put(format_args!(
            r#"<circle cx="{}" cy="{}" r="{}" class="{class}"/>"#,
            Num(x),
            Num(y),
            Num(r)
        ));
    }

    pub fn path(&mut self, class: &str, path: &Path) {
        self.put(format_args!(r#"<path d="{}" class="{class}"/>"#, path.0));
    }

    /// The head of an arrow that points along `degrees`, its tip at the point.
    pub fn tip(&mut self, class: &str, (x, y): (f64, f64), degrees: f64) {
        let (x, y, degrees) = (Num(x), Num(y), Num(degrees));
        self.put(format_args!(
            r#"<path d="M0 0L-9 -4.5L-9 4.5Z" class="{class}" transform="translate({x} {y}) rotate({degrees})"/>"#
        ));
    }

    /// Keeps labels away from a place.
    pub fn take(&mut self, r: Rect) {
        self.taken.push(r);
    }

    /// Writes a text where the layout has made room for it; cut if it would leave the picture.
    pub fn text(&mut self, class: &str, text: &str, spot: Spot) {
        let face = Face::of_class(class);
        let (x, _, anchor) = spot;
        let room = match anchor {
            Anchor::Start => self.frame.w - x,
            Anchor::End => x,
            Anchor::Middle => 2.0 * x.min(self.frame.w - x),
        };
        let text = text::fit(text, face, room);
        if !text.is_empty() {
            self.write(class, &text, spot, text_box(&text, face, spot));
        }
    }

    /// Writes a text at the first of the spots that is free; `false` where none is.
    pub fn place(&mut self, class: &str, text: &str, spots: &[Spot]) -> bool {
        let face = Face::of_class(class);
        for &spot in spots {
            let place = text_box(text, face, spot);
            if self.is_free(&place) {
                self.write(class, text, spot, place);
                return true;
            }
        }
        false
    }

    pub fn is_free(&self, place: &Rect) -> bool {
        place.inside(&self.frame) && !self.taken.iter().any(|t| t.meets(place))
    }

    fn write(&mut self, class: &str, text: &str, (x, y, anchor): Spot, place: Rect) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let text = Escaped(text);
        self.put(format_args!(
            r#"<text x="{}" y="{}" class="{class}"{anchor}>{text}</text>"#,
            Num(x),
            Num(y)
        ));
        self.taken
            .push(Rect::new(place.x - 3.0, place.y, place.w + 6.0, place.h));
        self.texts.push(place);
    }

    fn put(&mut self, args: fmt::Arguments) {
        self.body.write_fmt(args).expect("a string can be written to");
    }
}

impl Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (w, h) = (Num(self.frame.w), Num(self.frame.h));
        let label = Escaped(&self.label);
        if self.class.is_empty() {
            write!(f, "<svg")?;
        } else {
            write!(f, r#"<svg class="{}""#, self.class)?;
        }
        write!(
            f,
            r#" width="{w}" viewBox="0 0 {w} {h}" role="img" aria-label="{label}">{}</svg>"#,
            self.body
        )
    }
}

pub fn text_box(text: &str, face: Face, (x, y, anchor): Spot) -> Rect {
    let w = text::width(text, face);
    let x = match anchor {
        Anchor::Start => x,
        Anchor::Middle => x - w / 2.0,
        Anchor::End => x - w,
    };
    let size = face.size();
    Rect::new(x, y - 0.8 * size, w, 1.05 * size)
}

/// The data of a path, built step by step.
#[derive(Clone, Debug, Default)]
pub struct Path(String);

impl Path {
    pub fn from(x: f64, y: f64) -> Path {
        Path::default().go(x, y)
    }

    pub fn go(mut self, x: f64, y: f64) -> Path {
        write!(self.0, "M{} {}", Num(x), Num(y)).expect("a string can be written to");
        self
    }

    pub fn to(mut self, x: f64, y: f64) -> Path {
        write!(self.0, "L{} {}", Num(x), Num(y)).expect("a string can be written to");
        self
    }

    pub fn across(mut self, x: f64) -> Path {
        write!(self.0, "H{}", Num(x)).expect("a string can be written to");
        self
    }

    pub fn down(mut self, y: f64) -> Path {
        write!(self.0, "V{}", Num(y)).expect("a string can be written to");
        self
    }

    pub fn curve(mut self, (ax, ay): (f64, f64), (bx, by): (f64, f64), (x, y): (f64, f64)) -> Path {
        let (ax, ay, bx, by, x, y) = (Num(ax), Num(ay), Num(bx), Num(by), Num(x), Num(y));
        write!(self.0, "C{ax} {ay} {bx} {by} {x} {y}").expect("a string can be written to");
        self
    }

    pub fn corner(mut self, (ax, ay): (f64, f64), (x, y): (f64, f64)) -> Path {
        write!(self.0, "Q{} {} {} {}", Num(ax), Num(ay), Num(x), Num(y)).expect("a string can be written to");
        self
    }

    pub fn close(mut self) -> Path {
        self.0.push('Z');
        self
    }
}

/// A coordinate with one decimal at most.
struct Num(f64);

impl Display for Num {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let tenths = (self.0 * 10.0).round();
        if !tenths.is_finite() {
            return f.write_str("0");
        }
        let tenths = tenths as i64;
        if tenths % 10 == 0 {
            return write!(f, "{}", tenths / 10);
        }
        let sign = if tenths < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
    }
}

/// Text that is safe inside an element and inside an attribute.
pub struct Escaped<'a>(pub &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\n' | '\r' => f.write_char(' ')?,
                c if c.is_control() && c != '\t' => f.write_char('\u{fffd}')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}
