//! How wide a text is when drawn, without a browser: the advance widths of Inter with tabular figures.

/// Hundredths of the font size for the characters from space to tilde, at weights 400 and 600.
const REGULAR: [u8; 95] = [
    27, 29, 47, 63, 64, 98, 64, 30, 39, 39, 65, 65, 27, 65, 27, 36, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 27, 27, 65,
    65, 65, 51, 97, 70, 65, 73, 72, 60, 59, 75, 74, 27, 57, 67, 57, 90, 75, 76, 64, 76, 64, 64, 65, 74, 70, 101, 68,
    68, 63, 39, 32, 39, 47, 46, 32, 56, 61, 57, 61, 58, 33, 61, 59, 24, 24, 55, 24, 88, 59, 60, 61, 61, 39, 53, 33, 59,
    56, 82, 55, 56, 55, 39, 33, 39, 65,
];
const BOLD: [u8; 95] = [
    27, 32, 52, 64, 65, 100, 66, 33, 39, 39, 65, 65, 27, 65, 27, 38, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 27, 27,
    65, 65, 65, 54, 100, 74, 66, 74, 72, 61, 59, 75, 75, 28, 58, 70, 57, 92, 76, 77, 65, 77, 65, 65, 66, 74, 74, 104,
    72, 71, 65, 39, 33, 39, 48, 47, 35, 57, 62, 58, 62, 59, 35, 63, 61, 26, 26, 57, 26, 90, 61, 61, 62, 62, 41, 55, 35,
    61, 59, 84, 57, 59, 57, 39, 36, 39, 65,
];
/// Room for the faces that stand in where Inter is missing.
const SLACK: f64 = 1.03;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Regular,
    Bold,
    /// White on a block: bold and a size smaller.
    Block,
    Mono,
}

impl Face {
    pub fn of_class(class: &str) -> Face {
        class.split(' ').fold(Face::Regular, |face, word| match word {
            "tx-on" => Face::Block,
            "txm" => Face::Mono,
            "txb" | "tx-you" | "tx-bad" => Face::Bold,
            _ => face,
        })
    }

    pub fn size(self) -> f64 {
        match self {
            Face::Regular | Face::Bold => 12.0,
            Face::Block => 11.0,
            Face::Mono => 11.5,
        }
    }
}

pub fn width(text: &str, face: Face) -> f64 {
    text.chars().map(|c| advance(c, face)).sum::<f64>() / 100.0 * face.size() * SLACK
}

/// The text itself where it fits, else its beginning and an ellipsis, else nothing.
pub fn fit(text: &str, face: Face, room: f64) -> String {
    if width(text, face) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if width(&kept, face) + width("…", face) > room {
            kept.pop();
            break;
        }
    }
    if kept.is_empty() {
        kept
    } else {
        format!("{}…", kept.trim_end())
    }
}

/// Breaks at spaces into lines of at most `room`; a word that is too long is cut.
pub fn wrap(text: &str, face: Face, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line, face) + width(" ", face) + width(word, face) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(fit(word, face, room)),
        }
    }
    lines
}

fn advance(c: char, face: Face) -> f64 {
    if face == Face::Mono {
        return if c.is_ascii() { 60.0 } else { 100.0 };
    }
    let table = if face == Face::Regular { &REGULAR } else { &BOLD };
    match c {
        ' '..='~' => f64::from(table[c as usize - 32]),
        '\u{202f}' | '\u{2009}' => 18.0,
        '·' | '’' | '‘' => 32.0,
        '\u{a0}'..='\u{24f}' | '\u{370}'..='\u{4ff}' | '–' | '−' => 76.0,
        '\u{300}'..='\u{36f}' => 0.0,
        _ => 104.0,
    }
}
