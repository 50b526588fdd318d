//! What is read from counts: quantiles, shares, and what chance leaves open.

/// How often something took so many hours.
#[derive(Clone, Debug, Default)]
pub struct Hours(Vec<(i64, i64)>);

impl Hours {
    pub fn add(&mut self, hours: i64, n: i64) {
        self.0.push((hours.max(0), n));
    }

    pub fn join(&mut self, others: &Hours) {
        self.0.extend(&others.0);
    }

    pub fn count(&self) -> i64 {
        self.0.iter().map(|(_, n)| n).sum()
    }

    /// The days within which this part of all was done.
    pub fn days_of(&self, part: f64) -> Option<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let wanted = (part * self.count() as f64).ceil().max(1.0) as i64;
        let mut seen = 0;
        for (hours, n) in sorted {
            seen += n;
            if seen >= wanted {
                return Some(hours as f64 / 24.0);
            }
        }
        None
    }

    pub fn longest(&self) -> Option<f64> {
        self.0.iter().map(|(hours, _)| *hours as f64 / 24.0).reduce(f64::max)
    }

    pub fn median(&self) -> Option<f64> {
        self.days_of(0.5)
    }

    pub fn nine_in_ten(&self) -> Option<f64> {
        self.days_of(0.9)
    }

    /// How many took at most so many days.
    pub fn within(&self, days: f64) -> i64 {
        let those = self.0.iter().filter(|(hours, _)| *hours as f64 / 24.0 <= days);
        those.map(|(_, n)| n).sum()
    }
}

/// `None` of nothing.
pub fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The interval that holds the true rate in 95 of 100 such samples, after Wilson.
pub fn interval(part: i64, whole: i64) -> (f64, f64) {
    const Z: f64 = 1.959_964;
    let Some(rate) = share(part, whole) else {
        return (0.0, 1.0);
    };
    let n = whole as f64;
    let spread = Z * (rate * (1.0 - rate) / n + Z * Z / (4.0 * n * n)).sqrt();
    let (middle, size) = (rate + Z * Z / (2.0 * n), 1.0 + Z * Z / n);
    (((middle - spread) / size).max(0.0), ((middle + spread) / size).min(1.0))
}

/// “a day”, “3.5 days”.
pub fn days(days: f64) -> String {
    match crate::ui::plots::scale::number(days) {
        one if one == "1" => "1 day".into(),
        many => format!("{many} days"),
    }
}

/// “+0.25”, “−0.25”, “±0”.
pub fn signed_points(value: f64) -> String {
    match crate::ui::tables::hundredths(value) {
        zero if zero == "0.00" => "±0".into(),
        less if less.starts_with('−') => less,
        more => format!("+{more}"),
    }
}

/// “1 person”, “12 people”.
pub fn people(n: i64) -> String {
    match n {
        1 => "1 person".into(),
        n => format!("{} people", crate::ui::plots::scale::number(n as f64)),
    }
}
