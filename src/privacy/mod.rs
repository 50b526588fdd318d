//! What is kept of people, for how long, and what becomes of it.
//!
//! An application is kept for the months that its job says, from the day on which it was sent. Then a job that runs every
//! day erases it, once it has ended; one that is still under way is a person's to decide on. A candidate may ask for
//! erasure before. Either way everything that belongs to the application goes, and a certificate stays: which id, when,
//! by whom, why, and how many rows of what. The audit log holds a hash of the certificate, and nothing of the person.
//! Coding tests that were given without an application have a period of their own, and go in the same way.

pub mod certificate_pages;
pub mod erasing;
pub mod erasure_pages;
pub mod exporting;
pub mod pages;
pub mod retention;
pub mod retention_pages;
pub mod store;
pub mod tables;
pub mod test_erasure_pages;
pub mod test_retention_pages;
pub mod test_store;
pub mod tests_kept;

use uuid::Uuid;

use crate::audit::digest;
use crate::clock::Timestamp;

/// Why something was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The candidate asked for it.
    Request,
    /// It was kept for as long as the job says, or the company.
    Period,
    /// A person decided so.
    Decision,
}

/// What stays of an application, or of a coding test without one, that was erased. While it is under way, there is no moment and nothing is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub id: Uuid,
    /// The id that it had.
    pub subject: Uuid,
    /// `None`: a coding test that was given without an application.
    pub opening: Option<Uuid>,
    pub opening_title: String,
    pub cause: Cause,
    /// `None`: Halfopen itself.
    pub by: Option<Uuid>,
    pub by_name: Option<String>,
    pub begun_at: Timestamp,
    pub asked_at: Option<Timestamp>,
    pub erased_at: Option<Timestamp>,
    /// How many rows of which table.
    pub counts: Vec<(String, u64)>,
}

impl Cause {
    pub const ALL: [Cause; 3] = [Cause::Request, Cause::Period, Cause::Decision];

    pub fn id(self) -> &'static str {
        match self {
            Cause::Request => "request",
            Cause::Period => "period",
            Cause::Decision => "decision",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Cause::Request => "The candidate asked for it",
            Cause::Period => "The period for which it was kept had ended",
            Cause::Decision => "Somebody of the staff decided so",
        }
    }

    pub fn from_id(id: &str) -> Option<Cause> {
        Cause::ALL.into_iter().find(|cause| cause.id() == id)
    }
}

/// What the audit log calls it.
pub const ERASED: &str = "Application erased";
pub const TEST_ERASED: &str = "Coding test erased";

impl Certificate {
    /// What the audit log holds of it: a change of the certificate shows.
    pub fn seal(&self) -> String {
        let told = serde_json::json!([
            self.subject,
            self.opening,
            self.cause.id(),
            self.by,
            self.asked_at.map(|at| at.0),
            self.erased_at.map(|at| at.0),
            self.counts,
        ]);
        format!("certificate {} {}", self.id, digest(&told.to_string()))
    }

    pub fn is_test(&self) -> bool {
        self.opening.is_none()
    }

    /// The row of the audit log that holds its seal: about what, and what it tells.
    pub fn recorded_as(&self) -> (String, &'static str) {
        match self.is_test() {
            true => (format!("assessment {}", self.subject), TEST_ERASED),
            false => (format!("application {}", self.subject), ERASED),
        }
    }

    /// The end of its id, which tells it from others in a list.
    pub fn short(&self) -> String {
        let id = self.id.to_string();
        id[id.len() - 12..].to_owned()
    }

    pub fn url(&self) -> String {
        format!("/privacy/certificates/{}", self.id)
    }

    /// What was erased, in words, without what is only of use to the program.
    pub fn words(&self) -> Vec<(&'static str, u64)> {
        let count = |tables: &[&str]| {
            let of = |(table, _): &&(String, u64)| tables.contains(&table.as_str());
            self.counts.iter().filter(of).map(|(_, n)| n).sum::<u64>()
        };
        let listed: Vec<&str> = WORDS.iter().flat_map(|(_, tables)| tables.iter().copied()).collect();
        let other = |(table, _): &&(String, u64)| !listed.contains(&table.as_str());
        let others: u64 = self.counts.iter().filter(other).map(|(_, n)| n).sum();
        let named = WORDS.iter().map(|(words, tables)| (*words, count(tables)));
        named.chain([("other rows", others)]).filter(|(_, n)| *n > 0).collect()
    }
}

const WORDS: [(&str, &[&str]); 10] = [
    ("applications", &["applications"]),
    ("answers at the door", &["application_answers"]),
    ("files", &["application_files", "attachments"]),
    ("video answers", &["application_takes"]),
    ("notes of reviewers", &["take_notes"]),
    ("screenings", &["screenings"]),
    ("comments, tags and tasks", &["comments", "application_tags", "to_dos"]),
    ("coding tests", &["assessments"]),
    ("programs and runs", &["submissions", "drafts", "runs"]),
    ("mails", &["mails"]),
];
