//! The form of a job, checked field by field, kept when it is refused.

use std::ops::RangeInclusive;

use serde::Deserialize;
use uuid::Uuid;

use crate::assessments::invite_form::check_day;
use crate::clock::Timestamp;
use crate::hiring::openings::{Details, places};
use crate::hiring::{Employment, Opening, Per, Presence, Salary};
use crate::privacy::retention::MOST_MONTHS;
use crate::ui::form::with_errors;
use crate::ui::{Field, clean_line};

const LONGEST_TITLE: usize = 120;
const LONGEST_PLACE: usize = 100;
const LONGEST_ABOUT: usize = 20_000;
const LARGEST_AMOUNT: u32 = 999_999_999;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OpeningForm {
    pub kit: String,
    title: String,
    level: String,
    place: String,
    country: String,
    presence: String,
    kind: String,
    salary_from: String,
    salary_to: String,
    currency: String,
    salary_per: String,
    about: String,
    last_day: String,
    decline_after_hours: String,
    keep_months: String,
    video_days: String,
    video_takes: String,
    revision: i64,
    form_token: String,
}

#[derive(Debug)]
pub struct CheckedOpening {
    pub details: Details,
    /// That whoever typed it has read.
    pub revision: i64,
    pub form_token: Uuid,
}

#[derive(Clone, Debug)]
pub struct OpeningFields {
    pub title: Field,
    pub level: Field,
    pub place: Field,
    pub country: Field,
    pub presence: Field,
    pub kind: Field,
    pub salary_from: Field,
    pub salary_to: Field,
    pub currency: Field,
    pub salary_per: Field,
    pub about: Field,
    pub last_day: Field,
    pub decline_after_hours: Field,
    pub keep_months: Field,
    pub video_days: Field,
    pub video_takes: Field,
    pub revision: i64,
    pub form_token: String,
}

impl OpeningFields {
    /// As a new job begins.
    pub fn new(title: &str, level: &str, form_token: String) -> OpeningFields {
        OpeningFields {
            title: Field::new("title", "Title").value(title),
            level: Field::new("level", "Level").value(level),
            place: Field::new("place", "Place").hint("a town; for remote work a region, or nothing"),
            country: Field::new("country", "Country"),
            presence: Field::new("presence", "Where the work is done").value(Presence::Hybrid.id()),
            kind: Field::new("kind", "Employment").value(Employment::FullTime.id()),
            salary_from: Field::new("salary_from", "Salary from").hint("optional"),
            salary_to: Field::new("salary_to", "To"),
            currency: Field::new("currency", "Currency").hint("three letters").value("EUR"),
            salary_per: Field::new("salary_per", "For").value(Per::Year.id()),
            about: Field::new("about", "Description")
                .hint("for candidates, in Markdown; needed before it is published"),
            last_day: Field::new("last_day", "Last day for applications").hint("until its end, UTC; optional"),
            decline_after_hours: Field::new("decline_after_hours", "Hours before a knock-out mail").value("0"),
            keep_months: Field::new("keep_months", "Months that applications are kept")
                .hint("candidates consent to it")
                .value("6"),
            video_days: Field::new("video_days", "Days for the answers on video").value("7"),
            video_takes: Field::new("video_takes", "Takes for each of them").value("3"),
            revision: 0,
            form_token,
        }
    }

    pub fn of(opening: &Opening, form_token: String) -> OpeningFields {
        let empty = OpeningFields::new(&opening.title, &opening.level, form_token);
        let salary = opening.salary.clone();
        let amount = |of: fn(&Salary) -> u32| salary.as_ref().map(|s| of(s).to_string()).unwrap_or_default();
        OpeningFields {
            place: empty.place.value(&opening.place),
            country: empty.country.value(&opening.country),
            presence: empty.presence.value(opening.presence.id()),
            kind: empty.kind.value(opening.kind.id()),
            salary_from: empty.salary_from.value(amount(|s| s.from)),
            salary_to: empty.salary_to.value(amount(|s| s.to)),
            currency: match &salary {
                Some(salary) => empty.currency.value(&salary.currency),
                None => empty.currency,
            },
            salary_per: match &salary {
                Some(salary) => empty.salary_per.value(salary.per.id()),
                None => empty.salary_per,
            },
            about: empty.about.value(&opening.about),
            last_day: empty
                .last_day
                .value(opening.last_day().map(Timestamp::day).unwrap_or_default()),
            decline_after_hours: empty.decline_after_hours.value(opening.decline_after_hours.to_string()),
            keep_months: empty.keep_months.value(opening.keep_months.to_string()),
            video_days: empty.video_days.value(opening.video_days.to_string()),
            video_takes: empty.video_takes.value(opening.video_takes.to_string()),
            revision: opening.revision,
            ..empty
        }
    }

    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[
            &self.title,
            &self.level,
            &self.presence,
            &self.place,
            &self.country,
            &self.kind,
            &self.salary_from,
            &self.salary_to,
            &self.currency,
            &self.salary_per,
            &self.about,
            &self.last_day,
            &self.decline_after_hours,
            &self.keep_months,
            &self.video_days,
            &self.video_takes,
        ])
    }
}

impl OpeningForm {
    /// As it was typed.
    pub fn fields(self, revision: i64, form_token: String) -> OpeningFields {
        let empty = OpeningFields::new(&self.title, &self.level, form_token);
        OpeningFields {
            place: empty.place.value(self.place),
            country: empty.country.value(self.country),
            presence: empty.presence.value(self.presence),
            kind: empty.kind.value(self.kind),
            salary_from: empty.salary_from.value(self.salary_from),
            salary_to: empty.salary_to.value(self.salary_to),
            currency: empty.currency.value(self.currency),
            salary_per: empty.salary_per.value(self.salary_per),
            about: empty.about.value(self.about),
            last_day: empty.last_day.value(self.last_day),
            decline_after_hours: empty.decline_after_hours.value(self.decline_after_hours),
            keep_months: empty.keep_months.value(self.keep_months),
            video_days: empty.video_days.value(self.video_days),
            video_takes: empty.video_takes.value(self.video_takes),
            revision,
            ..empty
        }
    }

    /// `before`: the job as it stands, whose last day may stay past.
    pub fn check(
        self,
        levels: &[String],
        before: Option<&Opening>,
        now: Timestamp,
    ) -> Result<CheckedOpening, Box<OpeningFields>> {
        let mut fields = OpeningFields::new("", "", self.form_token.clone());
        fields.revision = self.revision;
        let remote = self.presence == Presence::Remote.id();
        let salary_from = check_amount(&self.salary_from);
        let salary_to = check_range(&salary_from, &self.salary_to);
        let has_salary = !self.salary_from.trim().is_empty() || !self.salary_to.trim().is_empty();
        let currency = check_currency(&self.currency, has_salary);
        let last_day = check_last_day(&self.last_day, before, now);
        let title = taken(&mut fields.title, &self.title, check_title(&self.title));
        let level = taken(&mut fields.level, &self.level, check_level(&self.level, levels));
        let presence = choice(Presence::from_id(&self.presence));
        let presence = taken(&mut fields.presence, &self.presence, presence.map(Some));
        let place = taken(&mut fields.place, &self.place, check_place(&self.place, remote));
        let country = taken(&mut fields.country, &self.country, check_country(&self.country, remote));
        let kind = choice(Employment::from_id(&self.kind));
        let kind = taken(&mut fields.kind, &self.kind, kind.map(Some));
        let from = taken(&mut fields.salary_from, &self.salary_from, salary_from);
        let to = taken(&mut fields.salary_to, &self.salary_to, salary_to);
        let currency = taken(&mut fields.currency, &self.currency, currency);
        let per = choice(Per::from_id(&self.salary_per));
        let per = taken(&mut fields.salary_per, &self.salary_per, per.map(Some));
        let about = taken(&mut fields.about, &self.about, check_about(&self.about));
        let closes_at = taken(&mut fields.last_day, &self.last_day, last_day);
        let mut number = |field: fn(&mut OpeningFields) -> &mut Field, typed: &str, range: RangeInclusive<u32>| {
            taken(field(&mut fields), typed, check_number(typed, range))
        };
        let decline_after_hours = number(|f| &mut f.decline_after_hours, &self.decline_after_hours, 0..=168);
        let keep_months = number(|f| &mut f.keep_months, &self.keep_months, 1..=MOST_MONTHS);
        let video_days = number(|f| &mut f.video_days, &self.video_days, 1..=60);
        let video_takes = number(|f| &mut f.video_takes, &self.video_takes, 1..=10);
        let (Ok(form_token), Some(presence), Some(kind), Some(per), true) = (
            self.form_token.parse(),
            presence,
            kind,
            per,
            fields.with_errors().is_empty(),
        ) else {
            return Err(Box::new(fields));
        };
        let salary = from.zip(to).map(|(from, to)| Salary {
            from,
            to,
            currency,
            per,
        });
        Ok(CheckedOpening {
            details: Details {
                title,
                level,
                place,
                country,
                presence,
                kind,
                salary,
                about,
                closes_at,
                decline_after_hours,
                keep_months,
                video_days,
                video_takes,
            },
            revision: self.revision,
            form_token,
        })
    }
}

type Checked<T> = Result<T, String>;

/// What a field says; what was typed and what is wrong with it stay in the field.
fn taken<T: Default>(field: &mut Field, typed: &str, checked: Checked<T>) -> T {
    field.value = typed.to_owned();
    checked.unwrap_or_else(|error| {
        field.error = Some(error);
        T::default()
    })
}

fn choice<T>(chosen: Option<T>) -> Checked<T> {
    chosen.ok_or_else(|| "Choose one of the list.".into())
}

fn check_title(typed: &str) -> Checked<String> {
    let title = clean_line(typed);
    match title.chars().count() {
        0 => Err("Write what the job is called.".into()),
        1..=LONGEST_TITLE => Ok(title),
        n => Err(format!("At most {LONGEST_TITLE} characters; these are {n}.")),
    }
}

fn check_level(typed: &str, levels: &[String]) -> Checked<String> {
    let none = levels.is_empty() && typed.is_empty();
    match none || levels.iter().any(|level| level == typed) {
        true => Ok(typed.to_owned()),
        false => Err("Choose one of the kit’s levels.".into()),
    }
}

fn check_place(typed: &str, remote: bool) -> Checked<String> {
    let place = clean_line(typed);
    match place.chars().count() {
        0 if !remote => Err("Write where the work is done.".into()),
        0..=LONGEST_PLACE => Ok(place),
        n => Err(format!("At most {LONGEST_PLACE} characters; these are {n}.")),
    }
}

fn check_country(typed: &str, remote: bool) -> Checked<String> {
    match typed {
        "" if remote => Ok(String::new()),
        "" => Err("Choose a country, unless the work is remote.".into()),
        code => choice(places::country(code)).map(|_| code.to_owned()),
    }
}

fn check_amount(typed: &str) -> Checked<Option<u32>> {
    // As people group them.
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.is_empty() {
        return Ok(None);
    }
    let amount = digits.parse().ok().filter(|n| (1..=LARGEST_AMOUNT).contains(n));
    let wrong = "A whole amount without a decimal mark, such as 42000.";
    amount.map(Some).ok_or_else(|| wrong.into())
}

fn check_range(from: &Checked<Option<u32>>, typed: &str) -> Checked<Option<u32>> {
    match (from, check_amount(typed)?) {
        (Ok(Some(_)), None) => Err("Write both ends of the range; they may be the same.".into()),
        (Ok(None), Some(_)) => Err("Write where the range begins too.".into()),
        (Ok(Some(from)), Some(to)) if to < *from => Err("Less than where the range begins.".into()),
        (_, to) => Ok(to),
    }
}

fn check_currency(typed: &str, has_salary: bool) -> Checked<String> {
    let code = clean_line(typed).to_uppercase();
    match places::currencies().any(|known| known == code) {
        true => Ok(code),
        false if !has_salary => Ok(String::new()),
        false => Err("The three letters of a currency, such as EUR, USD or INR.".into()),
    }
}

fn check_about(typed: &str) -> Checked<String> {
    let text = typed.replace("\r\n", "\n").trim().replace('\0', "");
    match text.chars().count() {
        0..=LONGEST_ABOUT => Ok(text),
        n => Err(format!("At most {LONGEST_ABOUT} characters; these are {n}.")),
    }
}

fn check_last_day(typed: &str, before: Option<&Opening>, now: Timestamp) -> Checked<Option<Timestamp>> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let unchanged = before.filter(|opening| opening.last_day().is_some_and(|day| day.day() == typed.trim()));
    match unchanged {
        Some(opening) => Ok(opening.closes_at),
        None => check_day(typed, now).map(Some).map_err(Into::into),
    }
}

fn check_number(typed: &str, range: RangeInclusive<u32>) -> Checked<u32> {
    let number = typed.trim().parse().ok().filter(|n| range.contains(n));
    number.ok_or_else(|| format!("A whole number from {} to {}.", range.start(), range.end()))
}
