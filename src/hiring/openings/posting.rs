//! A job as search engines read it: a `JobPosting` of schema.org.

use serde_json::{Value, json};

use crate::clock::Timestamp;
use crate::hiring::openings::places;
use crate::hiring::{Employment, Opening, Per, Presence, Salary};
use crate::ui::markdown;

/// The posting, fit to stand inside a script element. Absent until it is published.
pub fn script(opening: &Opening, company: &str, url: &str) -> Option<String> {
    let published_at = opening.published_at?;
    Some(escaped(&posting(opening, published_at, company, url).to_string()))
}

fn posting(opening: &Opening, published_at: Timestamp, company: &str, url: &str) -> Value {
    let mut posting = json!({
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": opening.title,
        "description": markdown::to_html(&opening.about),
        "identifier": { "@type": "PropertyValue", "name": company, "value": opening.id.to_string() },
        "datePosted": published_at.day(),
        "employmentType": employment_type(opening.kind),
        "hiringOrganization": { "@type": "Organization", "name": company },
        "directApply": true,
        "url": url,
    });
    let optional = [
        ("validThrough", opening.closes_at.map(|at| json!(at.iso()))),
        (
            "jobLocation",
            (opening.presence != Presence::Remote).then(|| location(opening)),
        ),
        (
            "jobLocationType",
            (opening.presence == Presence::Remote).then(|| json!("TELECOMMUTE")),
        ),
        ("applicantLocationRequirements", requirements(opening)),
        ("baseSalary", opening.salary.as_ref().map(base_salary)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            posting[name] = value;
        }
    }
    posting
}

fn employment_type(kind: Employment) -> &'static str {
    match kind {
        Employment::FullTime => "FULL_TIME",
        Employment::PartTime => "PART_TIME",
        Employment::Contract => "CONTRACTOR",
        Employment::Temporary => "TEMPORARY",
        Employment::Internship => "INTERN",
    }
}

fn location(opening: &Opening) -> Value {
    json!({
        "@type": "Place",
        "address": { "@type": "PostalAddress", "addressLocality": opening.place, "addressCountry": opening.country },
    })
}

/// From where one may work remotely.
fn requirements(opening: &Opening) -> Option<Value> {
    let country = places::country(&opening.country).filter(|_| opening.presence == Presence::Remote)?;
    Some(json!({ "@type": "Country", "name": country }))
}

fn base_salary(salary: &Salary) -> Value {
    let unit = match salary.per {
        Per::Year => "YEAR",
        Per::Month => "MONTH",
        Per::Hour => "HOUR",
    };
    json!({
        "@type": "MonetaryAmount",
        "currency": salary.currency,
        "value": { "@type": "QuantitativeValue", "minValue": salary.from, "maxValue": salary.to, "unitText": unit },
    })
}

/// JSON without a character that could end the script element, or begin a comment in it.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            letter => out.push(letter),
        }
    }
    out
}
