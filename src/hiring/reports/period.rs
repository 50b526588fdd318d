//! When those applied who are counted.

use std::time::Duration;

use time::{Date, OffsetDateTime, Time};

use crate::clock::Timestamp;
use crate::ui::Field;
use crate::ui::form::with_errors;

const DAY: Duration = Duration::from_secs(86_400);
const EVER: (Timestamp, Timestamp) = (Timestamp(i64::MIN), Timestamp(i64::MAX));

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    Month,
    Quarter,
    Year,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Preset(Preset),
    Own,
}

/// From and to, as typed.
#[derive(Clone, Debug)]
pub struct PeriodFields {
    pub from: Field,
    pub to: Field,
}

impl Preset {
    pub const ALL: [Preset; 4] = [Preset::Month, Preset::Quarter, Preset::Year, Preset::All];

    pub fn id(self) -> &'static str {
        match self {
            Preset::Month => "30",
            Preset::Quarter => "90",
            Preset::Year => "year",
            Preset::All => "all",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Preset::Month => "30 days",
            Preset::Quarter => "90 days",
            Preset::Year => "This year",
            Preset::All => "All",
        }
    }

    pub fn from_id(id: &str) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.id() == id)
    }

    /// From the first to before the second.
    pub fn bounds(self, now: Timestamp) -> (Timestamp, Timestamp) {
        match self {
            Preset::Month => (now.minus(DAY * 30), EVER.1),
            Preset::Quarter => (now.minus(DAY * 90), EVER.1),
            Preset::Year => (first_of_year(now), EVER.1),
            Preset::All => EVER,
        }
    }
}

fn first_of_year(now: Timestamp) -> Timestamp {
    let day = now.day();
    let first = day.split('-').next().map(|year| format!("{year}-01-01"));
    first.and_then(|first| midnight(&first)).unwrap_or(now)
}

fn midnight(day: &str) -> Option<Timestamp> {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    let day = Date::parse(day.trim(), &format).ok()?;
    let start = OffsetDateTime::new_utc(day, Time::MIDNIGHT).unix_timestamp();
    Some(Timestamp(start.saturating_mul(1_000_000)))
}

impl PeriodFields {
    pub fn typed(from: &str, to: &str) -> PeriodFields {
        let short = |text: &str| text.trim().chars().take(20).collect::<String>();
        PeriodFields {
            from: Field::new("from", "Applied from").value(short(from)),
            to: Field::new("to", "to").value(short(to)),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.from.value.is_empty() && self.to.value.is_empty()
    }

    /// Both days included; `None` where one of them is no day, which its field says then.
    pub fn bounds(&mut self) -> Option<(Timestamp, Timestamp)> {
        let read = |field: &mut Field, otherwise: Timestamp| match field.value.as_str() {
            "" => Some(otherwise),
            value => {
                let day = midnight(value);
                field.error = day.is_none().then(|| "A date such as 2026-12-24.".to_owned());
                day
            }
        };
        let from = read(&mut self.from, EVER.0);
        let to = read(&mut self.to, EVER.1);
        let (from, until) = (from?, to?.plus(DAY));
        if until <= from {
            self.to.error = Some("This is before the first day.".into());
            return None;
        }
        Some((from, until))
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.from, &self.to])
    }
}
