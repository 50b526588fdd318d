//! The form that invites a candidate, checked field by field, kept when it is refused.

use std::time::Duration;

use serde::Deserialize;
use time::{Date, OffsetDateTime, Time};
use uuid::Uuid;

use crate::assessments::Variant;
use crate::clock::Timestamp;
use crate::people::{check_email, check_name};
use crate::submissions::CodingTest;
use crate::ui::Field;

const MOST_MINUTES: u32 = 240;
/// Three times the time.
const MOST_PERCENT: u32 = 300;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct InviteForm {
    #[serde(default)]
    candidate: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    challenge: String,
    #[serde(default)]
    variant: String,
    #[serde(default)]
    minutes: String,
    #[serde(default)]
    extra: String,
    #[serde(default)]
    deadline: String,
    #[serde(default)]
    shared: String,
    #[serde(default)]
    form_token: String,
}

pub struct CheckedInvitation {
    pub candidate: String,
    pub email: String,
    pub challenge: String,
    pub variant: Variant,
    pub minutes: u32,
    pub extra_percent: u32,
    pub deadline: Timestamp,
    pub shared: bool,
    pub form_token: Uuid,
}

#[derive(Clone, Debug)]
pub struct InviteFields {
    pub candidate: Field,
    pub email: Field,
    pub challenge: Field,
    pub variant: Field,
    pub minutes: Field,
    pub extra: Field,
    pub deadline: Field,
    pub shared: bool,
    pub form_token: String,
}

impl InviteFields {
    pub fn new(form_token: String, minutes: u32, deadline: Timestamp) -> InviteFields {
        InviteFields {
            candidate: Field::new("candidate", "Name"),
            email: Field::new("email", "Mail address").hint("The link is sent there."),
            challenge: Field::new("challenge", "Coding test"),
            variant: Field::new("variant", "Variant").value(Variant::WithoutAi.id()),
            minutes: Field::new("minutes", "Minutes").value(minutes.to_string()),
            extra: Field::new("extra", "Time factor")
                .value("1")
                .hint("1.5 gives half as much again."),
            deadline: Field::new("deadline", "Start by")
                .value(deadline.day())
                .hint("The end of that day, UTC."),
            shared: false,
            form_token,
        }
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        crate::ui::form::with_errors(&[
            &self.candidate,
            &self.email,
            &self.challenge,
            &self.variant,
            &self.minutes,
            &self.extra,
            &self.deadline,
        ])
    }
}

impl InviteForm {
    pub fn check(self, tests: &[CodingTest], now: Timestamp) -> Result<CheckedInvitation, Box<InviteFields>> {
        let candidate = check_name(&self.candidate);
        let email = check_email(&self.email);
        let challenge = tests.iter().find(|test| test.id == self.challenge);
        let variant = Variant::from_id(&self.variant);
        let minutes = check_minutes(&self.minutes);
        let extra = check_factor(&self.extra);
        let deadline = check_day(&self.deadline, now);
        let form_token = self.form_token.parse().ok();
        match (
            candidate, email, challenge, variant, minutes, extra, deadline, form_token,
        ) {
            (
                Ok(candidate),
                Ok(email),
                Some(challenge),
                Some(variant),
                Ok(minutes),
                Ok(extra_percent),
                Ok(deadline),
                Some(form_token),
            ) => Ok(CheckedInvitation {
                candidate,
                email,
                challenge: challenge.id.clone(),
                variant,
                minutes,
                extra_percent,
                deadline,
                shared: self.shared == "yes",
                form_token,
            }),
            (candidate, email, challenge, variant, minutes, extra, deadline, _) => {
                let mut fields = InviteFields::new(self.form_token, 0, now);
                let choose = |missing: bool| missing.then_some("Choose one of the list.");
                fields.candidate = fields.candidate.value(self.candidate).error(candidate.err());
                fields.email = fields.email.value(self.email).error(email.err());
                fields.challenge = fields
                    .challenge
                    .value(self.challenge)
                    .error(choose(challenge.is_none()));
                fields.variant = fields.variant.value(self.variant).error(choose(variant.is_none()));
                fields.minutes = fields.minutes.value(self.minutes).error(minutes.err());
                fields.extra = fields.extra.value(self.extra).error(extra.err());
                fields.deadline = fields.deadline.value(self.deadline).error(deadline.err());
                fields.shared = self.shared == "yes";
                Err(Box::new(fields))
            }
        }
    }
}

fn check_minutes(typed: &str) -> Result<u32, &'static str> {
    let minutes = typed.trim().parse().ok().filter(|n| (1..=MOST_MINUTES).contains(n));
    minutes.ok_or("A whole number of minutes from 1 to 240.")
}

/// "1.5" or "1,5" becomes 150.
pub fn check_factor(typed: &str) -> Result<u32, &'static str> {
    let wrong = "A factor from 1 to 3, such as 1.25.";
    let factor: f64 = typed.trim().replace(',', ".").parse().map_err(|_| wrong)?;
    let percent = (factor * 100.0).round();
    if (100.0..=f64::from(MOST_PERCENT)).contains(&percent) {
        Ok(percent as u32)
    } else {
        Err(wrong)
    }
}

/// The end of a day that is not past, and not further away than a year.
pub fn check_day(typed: &str, now: Timestamp) -> Result<Timestamp, &'static str> {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    let day = Date::parse(typed.trim(), &format).map_err(|_| "A date such as 2026-12-24.")?;
    let end = OffsetDateTime::new_utc(day, Time::MIDNIGHT) + Duration::from_secs(24 * 3_600);
    let end = Timestamp(end.unix_timestamp().saturating_mul(1_000_000));
    if end <= now {
        return Err("This day is past.");
    }
    if now.until(end) > Duration::from_secs(366 * 24 * 3_600) {
        return Err("At most a year from now.");
    }
    Ok(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_read_as_people_write_them() {
        assert_eq!(check_factor("1"), Ok(100));
        assert_eq!(check_factor(" 1,5 "), Ok(150));
        assert_eq!(check_factor("1.333"), Ok(133));
        for wrong in ["", "0.9", "3.1", "NaN", "inf", "-1", "much"] {
            assert!(check_factor(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_day_counts_to_its_end() {
        let now = Timestamp(1_795_186_327_000_000);
        let end = check_day("2026-11-20", now).expect("today");
        assert_eq!(end.words(), "21 Nov 2026, 00:00 UTC");
        assert!(check_day("2026-11-19", now).is_err());
        assert!(check_day("2028-01-01", now).is_err());
        assert!(check_day("20.11.2026", now).is_err());
    }
}
