//! The only source of "now", so that tests can set it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use time::OffsetDateTime;
use time::macros::format_description;

/// Microseconds since 1970 in UTC, which is how times are stored: both databases keep their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

impl Timestamp {
    pub fn plus(self, duration: Duration) -> Timestamp {
        Timestamp(self.0.saturating_add(micros(duration)))
    }

    pub fn minus(self, duration: Duration) -> Timestamp {
        Timestamp(self.0.saturating_sub(micros(duration)))
    }

    /// How long it is until `later`; zero when that is past.
    pub fn until(self, later: Timestamp) -> Duration {
        Duration::from_micros(later.0.saturating_sub(self.0).max(0).cast_unsigned())
    }

    pub fn millis(self) -> u64 {
        (self.0 / 1_000).max(0).cast_unsigned()
    }

    /// For the `datetime` attribute: "2026-11-20T14:52:07Z".
    pub fn iso(self) -> String {
        let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
        self.date_time().format(&format).unwrap_or_default()
    }

    /// For people: "20 Nov 2026, 14:52 UTC".
    pub fn words(self) -> String {
        let format = format_description!("[day padding:none] [month repr:short] [year], [hour]:[minute] UTC");
        self.date_time().format(&format).unwrap_or_default()
    }

    /// For people, where the hour does not matter: "20 Nov 2026".
    pub fn day_words(self) -> String {
        let format = format_description!("[day padding:none] [month repr:short] [year]");
        self.date_time().format(&format).unwrap_or_default()
    }

    /// For a heading: "Friday, 20 November".
    pub fn weekday_words(self) -> String {
        let format = format_description!("[weekday], [day padding:none] [month repr:long]");
        self.date_time().format(&format).unwrap_or_default()
    }

    /// For a date field: "2026-11-20".
    pub fn day(self) -> String {
        let format = format_description!("[year]-[month]-[day]");
        self.date_time().format(&format).unwrap_or_default()
    }

    /// For people, on the day itself: "14:52 UTC".
    pub fn hour_words(self) -> String {
        let format = format_description!("[hour]:[minute] UTC");
        self.date_time().format(&format).unwrap_or_default()
    }

    fn date_time(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else asks")]
    fn now(&self) -> Timestamp {
        let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Timestamp(micros(since_1970.unwrap_or_default()))
    }
}

/// Stands still until a test moves it.
pub struct ManualClock(AtomicI64);

impl ManualClock {
    pub fn at(start: Timestamp) -> ManualClock {
        ManualClock(AtomicI64::new(start.0))
    }

    pub fn advance(&self, duration: Duration) {
        self.0.fetch_add(micros(duration), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_the_time_for_people_and_for_machines() {
        let at = Timestamp(1_795_186_327_000_000);
        assert_eq!(at.words(), "20 Nov 2026, 14:52 UTC");
        assert_eq!(at.iso(), "2026-11-20T14:52:07Z");
    }

    #[test]
    fn the_past_is_zero_away() {
        assert_eq!(Timestamp(5).until(Timestamp(3)), Duration::ZERO);
        assert_eq!(Timestamp(3).until(Timestamp(5)), Duration::from_micros(2));
    }
}
