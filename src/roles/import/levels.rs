//! The names of levels, which some documents set without anything between them: “CompetencyJuniorMidSenior”.

#[cfg(test)]
mod tests;

use super::words::{fold, trimmed, word_count};

/// Names that levels usually have, from the lowest to the highest.
const NAMES: [&str; 42] = [
    "intern",
    "trainee",
    "apprentice",
    "graduate",
    "entry",
    "entry level",
    "beginner",
    "associate",
    "junior",
    "intermediate",
    "regular",
    "mid",
    "middle",
    "mid level",
    "professional",
    "experienced",
    "advanced",
    "senior",
    "senior level",
    "lead",
    "tech lead",
    "team lead",
    "staff",
    "senior staff",
    "expert",
    "master",
    "principal",
    "senior principal",
    "architect",
    "senior architect",
    "distinguished",
    "fellow",
    "manager",
    "senior manager",
    "group",
    "head",
    "director",
    "senior director",
    "vp",
    "vice president",
    "executive",
    "chief",
];

/// What a person at a level is, as in “Senior Engineer”.
const ROLES: [&str; 14] = [
    "engineer",
    "developer",
    "analyst",
    "consultant",
    "designer",
    "scientist",
    "specialist",
    "programmer",
    "administrator",
    "manager",
    "architect",
    "researcher",
    "tester",
    "technician",
];

/// A header that cannot be divided for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclear;

/// The levels of a header, given how many cells each competency has. Competencies with another number of cells do not
/// belong to it.
pub fn divide(header: &str, cells: &[usize]) -> Result<Vec<String>, Unclear> {
    let natural = natural(header);
    if let Some(names) = natural.filter(|names| cells.contains(&names.len())) {
        return Ok(names);
    }
    let most = cells
        .iter()
        .copied()
        .max_by_key(|n| (cells.iter().filter(|m| *m == n).count(), *n));
    let wanted = most.filter(|most| 2 * cells.iter().filter(|n| *n == most).count() > cells.len());
    into(header, wanted.ok_or(Unclear)?).ok_or(Unclear)
}

/// The division that the writing suggests, whatever the cells are.
pub fn natural(header: &str) -> Option<Vec<String>> {
    let text = trimmed(header);
    let borders = borders(text);
    let at = |wanted: &[Border]| {
        let places: Vec<usize> = borders.iter().filter(|b| wanted.contains(&b.1)).map(|b| b.0).collect();
        names(text, &places)
    };
    let (strong, all) = (at(&[Border::Strong]), at(&[Border::Strong, Border::Capitals]));
    let every = |names: &[String]| names.iter().all(|name| is_level(name));
    if let Some(names) = all.filter(|names| names.len() > 1 && every(names)) {
        return Some(names);
    }
    if let Some(names) = strong.filter(|names| names.len() > 1) {
        return Some(names);
    }
    let known = of_known_names(text);
    known.or_else(|| is_level(text).then(|| vec![text.to_string()]))
}

/// The header divided into this many names, if one division is better than every other.
fn into(header: &str, count: usize) -> Option<Vec<String>> {
    let text = trimmed(header);
    if text.chars().count() > 200 || !(1..=12).contains(&count) {
        return None;
    }
    if count == 1 {
        return (word_count(text) <= 4).then(|| vec![text.to_string()]);
    }
    let borders = borders(text);
    let strong: Vec<usize> = borders.iter().filter(|b| b.1 == Border::Strong).map(|b| b.0).collect();
    if strong.len() + 1 == count {
        return names(text, &strong);
    }
    best(text, &borders, count)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Border {
    /// Between a small letter and a capital, or a digit and a letter.
    Strong,
    /// Between a capital and a capital that begins a word: “Engineer I|Engineer II”.
    Capitals,
    Space,
}

fn borders(text: &str) -> Vec<(usize, Border)> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut borders = Vec::new();
    for i in 1..chars.len() {
        let ((_, before), (at, here)) = (chars[i - 1], chars[i]);
        let begins_word = chars.get(i + 1).is_some_and(|(_, next)| next.is_lowercase());
        let strong = (before.is_lowercase() || before == ')') && here.is_uppercase()
            || before.is_ascii_digit() && here.is_alphabetic();
        if strong {
            borders.push((at, Border::Strong));
        } else if before.is_uppercase() && here.is_uppercase() && begins_word {
            borders.push((at, Border::Capitals));
        } else if here.is_whitespace() {
            borders.push((at, Border::Space));
        }
    }
    borders
}

/// The parts between the borders, if they can be names of different levels.
fn names(text: &str, borders: &[usize]) -> Option<Vec<String>> {
    let ends = borders.iter().copied().chain([text.len()]);
    let mut start = 0;
    let mut names: Vec<String> = Vec::new();
    for end in ends {
        let name = trimmed(&text[start..end]);
        if name.is_empty() || word_count(name) > 4 || names.iter().any(|other| fold(other) == fold(name)) {
            return None;
        }
        names.push(name.to_string());
        start = end;
    }
    Some(names)
}

/// Of all divisions at borders the one with the most known names and the fewest borders passed over; nothing if two are
/// as good.
fn best(text: &str, borders: &[(usize, Border)], count: usize) -> Option<Vec<String>> {
    let spaced = borders.iter().all(|b| b.1 == Border::Space);
    let usable = borders.iter().copied().filter(|b| spaced || b.1 != Border::Space);
    let places: Vec<(usize, Border)> = [(0, Border::Strong)]
        .into_iter()
        .chain(usable)
        .chain([(text.len(), Border::Strong)])
        .collect();
    // For every number of names and every place where the last one ends: the score, how many divisions reach it, and
    // where the last name begins.
    let mut table: Vec<Option<(i64, u32, usize)>> = vec![None; places.len()];
    table[0] = Some((0, 1, 0));
    let mut from = Vec::new();
    for _ in 0..count {
        let mut next: Vec<Option<(i64, u32, usize)>> = vec![None; places.len()];
        for end in 1..places.len() {
            for start in 0..end {
                let Some((score, ways, _)) = table[start] else {
                    continue;
                };
                let name = &text[places[start].0..places[end].0];
                let passed = places[start + 1..end].iter().filter(|p| p.1 == Border::Strong).count() as i64;
                let score = score + if is_level(name) { 100 } else { 0 }
                    - 10 * passed
                    - i64::from(places[end].1 != Border::Strong);
                next[end] = match next[end] {
                    Some((other, n, at)) if other == score => Some((score, n.saturating_add(ways), at)),
                    Some(better) if better.0 > score => Some(better),
                    _ => Some((score, ways, start)),
                };
            }
        }
        from.push(next.clone());
        table = next;
    }
    let (_, ways, _) = table.last().copied().flatten()?;
    if ways != 1 {
        return None;
    }
    let mut cuts = Vec::new();
    let mut end = places.len() - 1;
    for step in from.iter().rev() {
        end = step[end]?.2;
        cuts.push(places[end].0);
    }
    cuts.pop();
    cuts.reverse();
    names(text, &cuts)
}

/// A text of nothing but known names, if there is one way to read it so: “JUNIORMIDSENIOR”, “Junior Mid Senior”.
fn of_known_names(text: &str) -> Option<Vec<String>> {
    if text.len() > 200 || !text.is_ascii() {
        return None;
    }
    // For every place: how many readings lead to it, and where the last name of one of them begins. A longer name is
    // preferred to the shorter ones that it consists of.
    let mut reached: Vec<Option<(usize, usize)>> = vec![None; text.len() + 1];
    reached[0] = Some((0, 0));
    for end in 1..=text.len() {
        for start in 0..end {
            let Some((names, _)) = reached[start] else {
                continue;
            };
            let fewer = reached[end].is_none_or(|(other, _)| names + 1 < other);
            if fewer && end - start <= 40 && is_level(&text[start..end]) {
                reached[end] = Some((names + 1, start));
            }
        }
    }
    let mut cuts = Vec::new();
    let mut end = text.len();
    while end > 0 {
        end = reached[end]?.1;
        cuts.push(end);
    }
    cuts.pop();
    cuts.reverse();
    names(text, &cuts)
}

/// Whether a text is what levels are usually called: “Senior”, “Level 2”, “IC3”, “Engineer II”, “Staff Engineer”.
pub fn is_level(text: &str) -> bool {
    let folded = fold(text).replace('-', " ");
    let words: Vec<&str> = folded.split_whitespace().collect();
    let plain = words.join(" ");
    if NAMES.contains(&plain.as_str()) {
        return true;
    }
    let numbered = ["level", "l", "ic", "grade", "tier", "band"]
        .iter()
        .filter_map(|name| plain.strip_prefix(name));
    let number = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let roman = |text: &str| matches!(text, "i" | "ii" | "iii" | "iv" | "v" | "vi");
    for rest in numbered {
        let spaced = rest.starts_with(' ');
        if number(rest.trim()) || spaced && roman(rest.trim()) {
            return true;
        }
    }
    match words.as_slice() {
        [role] => ROLES.contains(role),
        [first, role] if ROLES.contains(role) => NAMES.contains(first),
        [role, n] if ROLES.contains(role) => number(n) || roman(n),
        [first @ .., role] if ROLES.contains(role) => NAMES.contains(&first.join(" ").as_str()),
        _ => false,
    }
}

/// Levels from the lowest to the highest, where all of them are known; else as they come.
pub fn in_order(mut levels: Vec<String>) -> Vec<String> {
    let rank = |level: &String| NAMES.iter().position(|name| *name == fold(level).replace('-', " "));
    if levels.iter().all(|level| rank(level).is_some()) {
        levels.sort_by_key(rank);
    }
    levels
}
