//! Markdown, as far as documents use it: headings, lists, tables, quotes, bold text and links.

use super::ImportError;
use super::source::{Bullet, Row, Rows, bullet, indent};
use super::words::trimmed;

/// Whether a line would hardly be written so outside of Markdown.
pub fn is_evidence(line: &str) -> bool {
    let line = line.trim();
    let bold = line.len() > 4
        && ["**", "__"]
            .iter()
            .any(|mark| line.trim_start_matches(['-', '*', ' ']).split(mark).count() > 2);
    heading(line).is_some() || line.starts_with('|') && line.contains("---") || bold
}

pub fn rows<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Result<Vec<Row>, ImportError> {
    let mut rows = Rows::default();
    for (number, line) in lines {
        rows.push_or_join(row(number, line), true)?;
    }
    Ok(rows.rows)
}

fn row(number: usize, line: &str) -> Row {
    let raw = line.trim();
    let unquoted = raw.trim_start_matches(['>', ' ']);
    let (level, rest) = heading(unquoted).map_or((None, unquoted), |(level, rest)| (Some(level), rest));
    let (bullet, rest) = bullet(rest);
    let strong = rest.starts_with("**") || rest.starts_with("__");
    let text = if is_rule(rest) { rest.to_string() } else { inline(rest) };
    Row {
        number,
        raw: raw.to_string(),
        text,
        bullet: if level.is_some() { Bullet::None } else { bullet },
        heading: level,
        indent: indent(line),
        more: Vec::new(),
        strong,
        cells: cells(unquoted),
    }
}

fn heading(line: &str) -> Option<(u8, &str)> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    let text = rest.trim_end_matches('#');
    ((1..=6).contains(&level) && rest.starts_with(char::is_whitespace) && !text.trim().is_empty())
        .then(|| (level as u8, text.trim()))
}

fn is_rule(line: &str) -> bool {
    line.chars()
        .all(|c| matches!(c, '-' | '*' | '_' | '=' | '|' | ':' | ' '))
}

/// The cells of a row between bars.
fn cells(line: &str) -> Vec<String> {
    let Some(inner) = line.strip_prefix('|') else {
        return Vec::new();
    };
    if is_rule(line) {
        return Vec::new();
    }
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in inner.chars() {
        match c {
            '|' if !escaped => cells.push(String::new()),
            c => cells.last_mut().expect("there is always a cell").push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    cells.iter().map(|cell| inline(cell)).collect()
}

/// The text without bold marks, links and escapes. One pass, however the marks are nested.
pub fn inline(text: &str) -> String {
    let text = trimmed(text);
    if !text.contains(['*', '_', '[', '\\']) {
        return text.to_string();
    }
    let chars: Vec<char> = text.chars().collect();
    let closes = closes(&chars);
    let bold = bold(&chars);
    let (mut out, mut i) = (String::new(), 0);
    while let Some(&c) = chars.get(i) {
        let next = chars.get(i + 1).copied();
        match c {
            '\\' if next.is_some_and(|c| c.is_ascii_punctuation()) => {
                out.extend(next);
                i += 2;
            }
            '*' | '_' if bold.contains(&i) => i += 2,
            '[' if closes[i].is_some() => i += 1,
            ']' if next == Some('(') && closes[i].is_some() => i = closes[i].map_or(i, |end| end + 1),
            c => {
                out.push(c);
                i += 1;
            }
        }
    }
    trimmed(&out).to_string()
}

/// For the brackets of every `[text](address)`, where it ends.
fn closes(chars: &[char]) -> Vec<Option<usize>> {
    let mut closes = vec![None; chars.len()];
    let mut parenthesis = vec![None; chars.len() + 1];
    for i in (0..chars.len()).rev() {
        parenthesis[i] = match chars[i] {
            ')' => Some(i),
            c if c.is_whitespace() => None,
            _ => parenthesis[i + 1],
        };
    }
    let mut open = None;
    for (i, c) in chars.iter().enumerate() {
        match c {
            '[' => open = Some(i),
            ']' => {
                let start = open.take();
                if let (Some(start), Some('(')) = (start, chars.get(i + 1)) {
                    let end = parenthesis.get(i + 2).copied().flatten();
                    (closes[start], closes[i]) = (end, end);
                }
            }
            _ => {}
        }
    }
    closes
}

/// Where the `**` and `__` are that make text bold.
fn bold(chars: &[char]) -> std::collections::HashSet<usize> {
    let mut marks = std::collections::HashSet::new();
    let mut open = [None; 2];
    let mut i = 0;
    while i + 1 < chars.len() {
        let kind = match (chars[i], chars[i + 1]) {
            ('\\', _) => {
                i += 2;
                continue;
            }
            ('*', '*') => 0,
            ('_', '_') => 1,
            _ => {
                i += 1;
                continue;
            }
        };
        let before = i.checked_sub(1).map(|i| chars[i]);
        let opens = chars.get(i + 2).is_some_and(|c| !c.is_whitespace());
        match open[kind] {
            Some(start) if before.is_some_and(|c| !c.is_whitespace()) => {
                marks.extend([start, i]);
                open[kind] = None;
            }
            None if opens => open[kind] = Some(i),
            _ => {}
        }
        i += 2;
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_words_stay() {
        let known = [
            ("**Discipline:** Data", "Discipline: Data"),
            ("__Discipline__", "Discipline"),
            (
                "a [link](https://example.org/x) and [not] one (really)",
                "a link and [not] one (really)",
            ),
            ("2 \\* 3 \\_x\\_", "2 * 3 _x_"),
            ("2 ** 3 ** 4", "2 ** 3 ** 4"),
            ("informed_partner", "informed_partner"),
            ("**[Bold link](x)**", "Bold link"),
            ("[[x](y)", "[x"),
            ("**open", "**open"),
        ];
        for (text, expected) in known {
            assert_eq!(inline(text), expected, "{text}");
        }
    }

    #[test]
    fn rows_know_what_they_are() {
        let row = |line: &str| super::row(1, line);
        assert_eq!(
            (row("## A title ##").heading, row("## A title ##").text),
            (Some(2), "A title".to_string())
        );
        assert_eq!(row("> > - **x** y").text, "x y");
        assert_eq!(row("- x").bullet, Bullet::Sign);
        assert_eq!(row("3. x").bullet, Bullet::Number);
        assert_eq!(row("| a \\| b | | **c** |").cells, ["a | b", "", "c"]);
        assert!(row("|---|:--|").cells.is_empty() && row("|---|:--|").is_decoration());
        assert_eq!(row("#hash").heading, None);
    }
}
