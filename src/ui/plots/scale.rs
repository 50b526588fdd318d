//! From a quantity to a place, and where its ticks stand.

/// Linear, or logarithmic from 1 up where the range is too wide for small values to be seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    log: bool,
    max: f64,
    from: f64,
    to: f64,
}

impl Scale {
    pub fn linear(max: f64, from: f64, to: f64) -> Scale {
        Scale {
            log: false,
            max: if max > 0.0 { max } else { 1.0 },
            from,
            to,
        }
    }

    pub fn log(max: f64, from: f64, to: f64) -> Scale {
        Scale {
            log: true,
            max: max.max(10.0),
            from,
            to,
        }
    }

    pub fn is_log(&self) -> bool {
        self.log
    }

    pub fn at(&self, value: f64) -> f64 {
        let value = value.clamp(0.0, self.max);
        let share = if self.log {
            value.max(1.0).ln() / self.max.ln()
        } else {
            value / self.max
        };
        self.from + share * (self.to - self.from)
    }

    /// About `count` round values.
    pub fn ticks(&self, count: f64) -> Vec<f64> {
        if !self.log {
            return round_steps(0.0, self.max, self.max / count);
        }
        let decades = self.max.log10();
        let every = (decades / count).ceil().max(1.0) as i32;
        (0..=decades.floor() as i32)
            .filter(|d| d % every == 0)
            .map(|d| 10f64.powi(d))
            .collect()
    }
}

/// Multiples of a round step that is at least `least`.
pub fn round_steps(from: f64, to: f64, least: f64) -> Vec<f64> {
    let step = round_step(least);
    let first = (from / step - 1e-9).ceil();
    let last = (to / step + 1e-9).floor();
    if !(0.0..=200.0).contains(&(last - first)) {
        return Vec::new();
    }
    (0..=(last - first) as u32)
        .map(|i| (first + f64::from(i)) * step)
        .collect()
}

fn round_step(least: f64) -> f64 {
    let least = least.max(1e-6);
    let decade = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|m| m * decade)
        .find(|s| *s >= least * 0.999)
        .unwrap_or(10.0 * decade)
}

/// A number as it is read: whole from ten up, thousands set apart by a thin space.
pub fn number(value: f64) -> String {
    let sign = if value < -0.05 { "−" } else { "" };
    let value = value.abs();
    if value < 10.0 && (value - value.round()).abs() >= 0.05 {
        return format!("{sign}{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut out = String::from(sign);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push('\u{202f}');
        }
        out.push(c);
    }
    out
}

/// A number of milliseconds in the unit that a person would choose: "250 ms", "2.1 s", "10 min".
pub fn duration(ms: f64) -> String {
    if ms < 1000.0 {
        return format!("{} ms", number(ms));
    }
    let (value, unit) = match ms {
        ms if ms < 120_000.0 => (ms / 1e3, "s"),
        ms if ms < 7_200_000.0 => (ms / 6e4, "min"),
        ms => (ms / 3.6e6, "h"),
    };
    format!("{} {unit}", number((value * 10.0).round() / 10.0))
}

/// Small numbers are written out where they begin a sentence.
pub fn counted(n: usize, one: &str, many: &str) -> String {
    const WORDS: [&str; 13] = [
        "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
    ];
    let count = WORDS.get(n).map_or_else(|| number(n as f64), |w| (*w).to_owned());
    format!("{count} {}", if n == 1 { one } else { many })
}
