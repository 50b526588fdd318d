//! A QR code as one path: a phone reads it from the screen.

use qrcode::{Color, EcLevel, QrCode};

/// Cells of silence around it; readers ask for four.
const MARGIN: usize = 4;

/// A picture in cells, for an SVG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// How many cells it is wide and high, with its margin.
    pub size: usize,
    /// The dark runs of each line.
    pub path: String,
}

impl Picture {
    /// `None` where the text is longer than a code can be.
    pub fn of(text: &str) -> Option<Picture> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let cells = code.into_colors();
        let lines = cells.chunks(width).enumerate();
        let path = lines.map(|(y, line)| runs(y + MARGIN, line)).collect();
        Some(Picture {
            size: width + 2 * MARGIN,
            path,
        })
    }
}

fn runs(y: usize, line: &[Color]) -> String {
    let mut path = String::new();
    let mut x = 0;
    for run in line.chunk_by(|a, b| a == b) {
        let length = run.len();
        if run.first() == Some(&Color::Dark) {
            path.push_str(&format!("M{} {y}h{length}v1h-{length}z", x + MARGIN));
        }
        x += length;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_shows_the_three_corners_of_a_code() {
        let picture = Picture::of("otpauth://totp/Halfopen:a@mail.example?secret=ABC").unwrap();
        let end = picture.size - MARGIN;
        for corner in [
            "M4 4h7v1h-7z".to_owned(),
            format!("M{} 4h7v1h-7z", end - 7),
            format!("M4 {}h7v1h-7z", end - 1),
        ] {
            assert!(picture.path.contains(&corner), "{corner}: {}", picture.path);
        }
        assert_eq!(Picture::of(&"x".repeat(5_000)), None);
    }
}
