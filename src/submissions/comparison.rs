//! Two submissions of the same coding test, side by side.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::assessments::reading::{self, Sitting};
use crate::assessments::sight;
use crate::error::AppError;
use crate::grader::verdict::{Graded, Outcome, Verdict, Waits};
use crate::people::Staff;
use crate::people::guard::SignedIn;
use crate::submissions::regrading_pages::word;
use crate::submissions::regradings::{Difference, differences};
use crate::submissions::store::{self, Filter};
use crate::submissions::verdict_page::Source;
use crate::submissions::{Submission, SubmissionLine, pages};
use crate::ui::form::with_errors;
use crate::ui::plots::scale;
use crate::ui::{Field, Page, Path, Query, Shell};

/// How many submissions there are to choose from; any other one is found by its address.
const CHOICES: i64 = 50;

#[derive(Template)]
#[template(path = "submissions/comparison.html")]
pub struct ComparisonPage {
    pub shell: Shell,
    pub submission: Submission,
    pub with: Field,
    pub address: Field,
    pub choices: Vec<(String, String)>,
    pub pair: Option<Pair>,
}

/// Both submissions, the one whose page this is first.
pub struct Pair {
    pub left: Side,
    pub right: Side,
    /// What can be said of both in a word or a number.
    pub facts: Vec<Fact>,
    /// Empty unless both were judged.
    pub criteria: Vec<Difference>,
}

pub struct Side {
    pub submission: Submission,
    pub sitting: Option<Sitting>,
    pub source: Source,
}

pub struct Fact {
    pub label: &'static str,
    pub left: String,
    pub right: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct ComparisonQuery {
    with: Option<String>,
    #[serde(default)]
    address: String,
}

pub async fn comparison(
    State(app): State<App>,
    shell: Shell,
    SignedIn(staff): SignedIn,
    Path(id): Path<Uuid>,
    Query(query): Query<ComparisonQuery>,
) -> Result<Response, AppError> {
    let submission = pages::find(&app, &staff, id).await?;
    let newest = choices(&app, &staff, &submission).await?;
    let typed = query.typed();
    let chosen = match &typed {
        Some(typed) => find_other(&app, &staff, &submission, typed).await?.map(Some),
        None => Ok(None),
    };
    let by_address = !query.address.is_empty();
    let error = |here: bool| chosen.as_ref().err().filter(|_| here).copied();
    let mut page = ComparisonPage {
        shell,
        with: Field::new("with", "Compare with").error(error(!by_address)),
        address: Field::new("address", "Or any other")
            .hint("its address or id")
            .value(query.address.as_str())
            .error(error(by_address)),
        choices: newest,
        pair: None,
        submission,
    };
    let Ok(other) = chosen else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    };
    if let Some(other) = other {
        page.show(&app, other).await?;
    }
    Ok(Page(page).into_response())
}

/// The newest submissions of the same coding test.
async fn choices(app: &App, staff: &Staff, submission: &Submission) -> Result<Vec<(String, String)>, AppError> {
    let filter = Filter {
        challenge: Some(submission.challenge.clone()),
        ..Filter::default()
    };
    let lines = store::list(&app.db, staff.id, &filter, CHOICES + 1).await?;
    let others = lines.iter().filter(|line| line.id != submission.id);
    let label = |line: &SubmissionLine| {
        let at = line.submitted_at.words();
        (
            line.id.to_string(),
            format!("{} · {} · {at}", line.title, line.standing_label()),
        )
    };
    Ok(others.take(CHOICES as usize).map(label).collect())
}

async fn find_other(
    app: &App,
    staff: &Staff,
    submission: &Submission,
    typed: &str,
) -> Result<Result<Submission, &'static str>, AppError> {
    if typed.is_empty() {
        return Ok(Err("Choose a submission, or give the address of one."));
    }
    let Some(id) = id_in(typed) else {
        return Ok(Err("This is not the address or the id of a submission."));
    };
    let hidden = sight::of_submission(&app.db, id, staff.id).await?.is_some();
    Ok(match store::find(&app.db, id).await?.filter(|_| !hidden) {
        None => Err("There is no such submission."),
        Some(other) if other.id == submission.id => Err("This is the same submission. Choose another one."),
        Some(other) if other.challenge != submission.challenge => {
            Err("It belongs to another coding test, so there is nothing to compare.")
        }
        Some(other) => Ok(other),
    })
}

/// From an id, or from an address with one in it.
fn id_in(typed: &str) -> Option<Uuid> {
    typed
        .trim()
        .split(['/', '?', '#', '&', '='])
        .find_map(|part| part.parse().ok())
}

impl ComparisonQuery {
    /// What was asked for; an address goes before a choice.
    fn typed(&self) -> Option<String> {
        match self.address.trim() {
            "" => self.with.clone(),
            address => Some(address.to_owned()),
        }
    }
}

impl ComparisonPage {
    pub fn with_errors(&self) -> Vec<&Field> {
        with_errors(&[&self.with, &self.address])
    }

    async fn show(&mut self, app: &App, other: Submission) -> Result<(), AppError> {
        let id = other.id.to_string();
        if !self.choices.iter().any(|(choice, _)| *choice == id) {
            self.choices.push((id.clone(), other.title.clone()));
        }
        self.with.value = id;
        self.address.value = String::new();
        let of_left = reading::sitting(&app.db, self.submission.id).await?;
        let of_right = reading::sitting(&app.db, other.id).await?;
        let left = Side::new(self.submission.clone(), of_left);
        self.pair = Some(Pair::new(left, Side::new(other, of_right)));
        Ok(())
    }
}

impl Pair {
    pub fn new(left: Side, right: Side) -> Pair {
        let criteria = match (left.verdict(), right.verdict()) {
            (Some(a), Some(b)) => differences(a, b),
            _ => Vec::new(),
        };
        Pair {
            facts: facts(&left, &right),
            criteria,
            left,
            right,
        }
    }

    pub fn editions_differ(&self) -> bool {
        let edition = |side: &Side| side.verdict().map(|verdict| verdict.edition.clone());
        !self.criteria.is_empty() && edition(&self.left) != edition(&self.right)
    }

    pub fn flips(&self) -> usize {
        self.criteria.iter().filter(|difference| difference.flips()).count()
    }
}

impl Side {
    pub fn new(submission: Submission, sitting: Option<Sitting>) -> Side {
        let wrong = match submission.verdict.as_ref().map(|stored| &stored.verdict.outcome) {
            Some(Outcome::Rejected(rejection)) => rejection.line,
            _ => None,
        };
        Side {
            source: Source::of(&submission.program.text(), wrong),
            submission,
            sitting,
        }
    }

    pub fn author(&self) -> &str {
        let candidate = self.sitting.as_ref().map(|sitting| sitting.candidate.as_str());
        candidate.unwrap_or(&self.submission.submitted_by)
    }

    pub fn band(&self) -> &'static str {
        self.verdict().map_or("Not graded yet", word)
    }

    fn verdict(&self) -> Option<&Verdict> {
        self.submission.verdict.as_ref().map(|stored| &stored.verdict)
    }

    fn graded(&self) -> Option<&Graded> {
        match &self.verdict()?.outcome {
            Outcome::Rejected(_) => None,
            Outcome::Graded(graded) => Some(graded),
        }
    }

    fn waits(&self) -> Option<&Waits> {
        self.graded()?.waits.as_ref()
    }
}

/// A row of the table of facts: what it is called, and what it says of one side.
type Row = (&'static str, fn(&Side) -> Option<String>);

const ROWS: [Row; 13] = [
    ("Variant", |s| Some(s.sitting.as_ref()?.variant.label().to_owned())),
    ("Time used", |s| Some(s.sitting.as_ref()?.time_used())),
    ("Criteria met", |s| {
        let criteria = &s.graded()?.criteria;
        let met = criteria.iter().filter(|result| result.pass).count();
        Some(format!("{met} of {}", criteria.len()))
    }),
    ("Language", |s| Some(s.submission.program.language.label().to_owned())),
    ("Lines", |s| Some(scale::number(s.source.total as f64))),
    ("Runs", |s| Some(scale::number(s.graded()?.stats.runs.into()))),
    ("Requests", |s| Some(scale::number(s.graded()?.stats.operations.into()))),
    ("Way of waiting", |s| Some(s.waits()?.family.label().to_owned())),
    ("Base", |s| Some(format!("{} ms", scale::number(s.waits()?.base_ms)))),
    ("Factor", |s| Some(format!("{:.2}", s.waits()?.factor))),
    ("Cap", |s| Some(format!("{} ms", scale::number(s.waits()?.cap_ms?)))),
    ("Share of the bound", |s| {
        let (low, high) = (s.waits()?.low * 100.0, s.waits()?.high * 100.0);
        Some(format!("{} to {} %", scale::number(low), scale::number(high)))
    }),
    ("Clients back at once, at most", |s| {
        let shares = s.graded()?.herd.as_ref()?.retries.iter().map(|retry| retry.share);
        let most = shares.reduce(f64::max)?;
        Some(format!("{} %", scale::number(most * 100.0)))
    }),
];

/// What is known of at least one side.
fn facts(left: &Side, right: &Side) -> Vec<Fact> {
    let said = |value: Option<String>| value.unwrap_or_else(|| "–".into());
    let row = |(label, of): Row| match (of(left), of(right)) {
        (None, None) => None,
        (left, right) => Some(Fact {
            label,
            left: said(left),
            right: said(right),
        }),
    };
    ROWS.into_iter().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::submissions::StoredVerdict;
    use crate::ui::samples;

    fn side(verdict: Option<Verdict>) -> Side {
        let mut submission = samples::submission("One");
        submission.verdict = verdict.map(|verdict| StoredVerdict {
            id: Uuid::nil(),
            verdict,
            recorded_at: Timestamp(0),
        });
        Side::new(submission, None)
    }

    #[test]
    fn an_id_is_found_in_whatever_people_copy() {
        let id = Uuid::from_u128(7);
        for typed in [
            format!("{id}"),
            format!("  /submissions/{id} "),
            format!("https://halfopen.example/submissions/{id}/replay?seed=1#x"),
            format!("https://halfopen.example/submissions/x/comparison?with={id}"),
        ] {
            assert_eq!(id_in(&typed), Some(id), "{typed}");
        }
        assert_eq!(id_in("submissions/17"), None);
    }

    #[test]
    fn what_is_known_of_neither_is_left_out() {
        let pair = Pair::new(side(None), side(Some(samples::rejected())));
        let labels: Vec<&str> = pair.facts.iter().map(|fact| fact.label).collect();
        assert_eq!(labels, ["Language", "Lines"]);
        assert_eq!((pair.left.band(), pair.right.band()), ("Not graded yet", "Rejected"));
        assert!(pair.criteria.is_empty() && !pair.editions_differ());
    }

    #[test]
    fn what_is_known_of_one_has_a_dash_on_the_other_side() {
        let pair = Pair::new(side(Some(samples::meets())), side(Some(samples::rejected())));
        let met = pair
            .facts
            .iter()
            .find(|fact| fact.label == "Criteria met")
            .expect("a row");
        assert_eq!((met.left.as_str(), met.right.as_str()), ("11 of 13", "–"));
        assert_eq!(pair.flips(), 13, "a rejected program was not judged");
    }

    #[test]
    fn where_marks_differ_comes_first() {
        let pair = Pair::new(side(Some(samples::exceeds())), side(Some(samples::meets())));
        assert_eq!(pair.flips(), 2);
        assert!(pair.criteria[..2].iter().all(Difference::flips));
    }
}
