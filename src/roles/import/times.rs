//! Times as people write them: “20 min”, “~1.5 hr prep”, “1 h 30 min”, “2:00”.

use super::words::{is_dash, is_invisible};

/// A length of time, and whether it is for preparing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    pub seconds: u32,
    pub preparing: bool,
}

impl Time {
    /// In minutes, if they are whole.
    pub fn minutes(self) -> Option<u32> {
        self.seconds.is_multiple_of(60).then_some(self.seconds / 60)
    }
}

/// Words around a time that change nothing.
const AROUND: [&str; 16] = [
    "about", "approx", "around", "ca", "circa", "roughly", "up", "to", "max", "maximum", "limit", "and", "of", "for",
    "time", "at",
];

/// Reads a time; nothing, if any word of it is not understood.
pub fn time(text: &str) -> Option<Time> {
    if text.chars().count() > 60 {
        return None;
    }
    if let Some(seconds) = clock(text.trim()) {
        return Some(Time {
            seconds,
            preparing: false,
        });
    }
    let (mut seconds, mut preparing, mut number) = (0.0, false, None);
    for word in tokens(text) {
        if let Ok(value) = word.parse::<f64>() {
            if number.replace(value).is_some() {
                return None;
            }
        } else if let Some(unit) = unit(&word) {
            seconds += number.take()? * unit;
        } else if matches!(word.as_str(), "prep" | "preparation" | "preparing" | "prepare") {
            preparing = true;
        } else if !AROUND.contains(&word.as_str()) {
            return None;
        }
    }
    let whole = (seconds * 1000.0_f64).round() / 1000.0;
    let fits = number.is_none() && (1.0..=1e6).contains(&whole) && whole.fract() == 0.0;
    fits.then_some(Time {
        seconds: whole as u32,
        preparing,
    })
}

/// The limit in a recorder's “0:42 / 2:00”: the second of the two.
pub fn recorder(text: &str) -> Option<u32> {
    let (now, limit) = text.split_once('/')?;
    clock(now.trim())?;
    clock(limit.trim())
}

/// “2:00” in seconds.
fn clock(text: &str) -> Option<u32> {
    let (minutes, seconds) = text.split_once(':')?;
    let digits = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(minutes, 3) || !digits(seconds, 2) || seconds.len() != 2 {
        return None;
    }
    let (minutes, seconds): (u32, u32) = (minutes.parse().ok()?, seconds.parse().ok()?);
    (seconds < 60).then_some(minutes * 60 + seconds)
}

/// Numbers and words, each on its own: “~1.5hr prep” is `1.5`, `hr`, `prep`.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut last = ' ';
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        let c = match c {
            ',' if last.is_ascii_digit() => '.',
            '.' if !last.is_ascii_digit() => ' ',
            '~' | '≈' | '(' | ')' | ',' => ' ',
            c if is_dash(c) || c.is_whitespace() => ' ',
            c => c,
        };
        let numeric = |c: char| c.is_ascii_digit() || c == '.';
        match tokens.last_mut() {
            Some(token) if last != ' ' && c != ' ' && numeric(last) == numeric(c) => token.extend(c.to_lowercase()),
            _ if c != ' ' => tokens.push(c.to_lowercase().collect()),
            _ => {}
        }
        last = c;
    }
    tokens
}

fn unit(word: &str) -> Option<f64> {
    match word {
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(3600.0),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60.0),
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(text: &str) -> Option<(u32, bool)> {
        let time = time(text)?;
        Some((time.minutes()?, time.preparing))
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        let known = [
            ("20 min", 20, false),
            ("20min", 20, false),
            ("20-minute", 20, false),
            ("~2 hr prep", 120, true),
            ("~1.5 hr prep", 90, true),
            ("1,5 hours of preparation", 90, true),
            ("45 min prep", 45, true),
            ("1 h 30 min", 90, false),
            ("1h30m", 90, false),
            ("90 minutes", 90, false),
            ("approx. 10 mins", 10, false),
            ("up to 2 min", 2, false),
            ("120 sec", 2, false),
            ("2:00", 2, false),
            ("1 hour and 15 minutes", 75, false),
            ("20\u{a0}min", 20, false),
        ];
        for (text, expected, preparing) in known {
            assert_eq!(minutes(text), Some((expected, preparing)), "{text}");
        }
        for text in [
            "",
            "20",
            "min",
            "soon",
            "20 parsecs",
            "20 30 min",
            "0 min",
            "1:75",
            "99999999 hours",
            "1.2.3 min",
        ] {
            assert_eq!(time(text), None, "{text}");
        }
    }

    #[test]
    fn of_two_times_on_a_recorder_the_second_is_the_limit() {
        assert_eq!(recorder("0:42 / 2:00"), Some(120));
        assert_eq!(recorder("00:00/01:30"), Some(90));
        assert_eq!(recorder("2:00"), None);
        assert_eq!(recorder("1 / 2"), None);
    }
}
