//! Which rows of which table belong to a person. A table that stands in neither list fails a test: whoever adds one says
//! here whose it is.

use uuid::Uuid;

use crate::db::Statement;

/// What the `$1` of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Application,
    /// Each coding test that was given for it, or one that was given without.
    Assessment,
    /// Each program that was handed in with one.
    Submission,
}

/// Rows of a person: to read them all, and to erase them.
#[derive(Clone, Copy, Debug)]
pub struct Personal {
    pub table: &'static str,
    pub of: Of,
    pub read: Statement,
    pub erase: Statement,
    pub count: Statement,
}

macro_rules! personal {
    ($($table:ident of $of:ident: $rows:literal;)*) => {
        pub const PERSONAL: &[Personal] = &[$(Personal {
            table: stringify!($table),
            of: Of::$of,
            read: Statement::declared(concat!("SELECT * FROM ", stringify!($table), " WHERE ", $rows)),
            erase: Statement::declared(concat!("DELETE FROM ", stringify!($table), " WHERE ", $rows)),
            count: Statement::declared(concat!("SELECT count(*) AS n FROM ", stringify!($table), " WHERE ", $rows)),
        }),*];
    };
}

// In the order in which they can go: what refers to something before what it refers to. The application goes last, by
// `placing::erase`, which keeps the counts of its job.
personal! {
    take_plays of Application: "take_id IN (SELECT id FROM application_takes WHERE application_id = $1)";
    take_notes of Application: "take_id IN (SELECT id FROM application_takes WHERE application_id = $1)";
    application_takes of Application: "application_id = $1";
    application_files of Application: "application_id = $1";
    attachments of Application: "application_id = $1";
    application_answers of Application: "application_id = $1";
    application_events of Application: "application_id = $1";
    stage_visits of Application: "application_id = $1";
    application_assessments of Application: "application_id = $1";
    screening_marks of Application: "screening_id IN (SELECT id FROM screenings WHERE application_id = $1)";
    screenings of Application: "application_id = $1";
    screening_results of Application: "application_id = $1";
    mentions of Application: "application_id = $1";
    comments of Application: "application_id = $1";
    application_tags of Application: "application_id = $1";
    to_dos of Application: "application_id = $1";
    letters of Application: "application_id = $1";
    bulk_act_items of Application: "application_id = $1";
    ai_log of Assessment: "assessment_id = $1";
    runs of Assessment: "assessment_id = $1";
    drafts of Assessment: "assessment_id = $1";
    mails of Assessment: "about = $1";
    assessments of Assessment: "id = $1";
    regradings of Submission: "submission_id = $1";
    verdicts of Submission: "submission_id = $1";
    submissions of Submission: "id = $1";
    mails of Application: "about = $1";
    mails of Application: "event = 'application_links' AND recipient IN (SELECT email FROM applications WHERE id = $1)";
}

/// Tables in which nothing is a candidate's, or whose rows of a person go in a way of their own: see `store::clear`.
pub const COMPANYS: &[&str] = &[
    // the staff
    "staff",
    "sessions",
    "invitations",
    "second_factors",
    "recovery_codes",
    "pending_sign_ins",
    "saved_views",
    // what is the company's own
    "settings",
    "mail_templates",
    "kits",
    "kit_versions",
    "kit_changes",
    "banks",
    "bank_questions",
    "bank_leftovers",
    "bank_proposals",
    "openings",
    "opening_stages",
    "opening_team",
    "imports",
    "bulk_acts",
    "opening_tags",
    "letter_templates",
    "screening_settings",
    // numbers, and what stays on purpose
    "application_counts",
    "boards",
    "screening_pairs",
    "audit_log",
    "audit_head",
    "erasures",
    "test_erasures",
    "voluntary_questions",
    // in ways of their own: what somebody says about themselves goes with the application, and no export reads it
    "voluntary_answers",
    "applications",
    "jobs",
    "rate_limits",
    "search_texts",
    "search_words",
];

/// Everything that is gone through for one application, or for one coding test.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    /// Absent where a coding test was given without one.
    pub application: Option<Uuid>,
    pub assessments: Vec<Uuid>,
    pub submissions: Vec<Uuid>,
}

impl Roots {
    pub fn of(&self, of: Of) -> Vec<Uuid> {
        match of {
            Of::Application => self.application.into_iter().collect(),
            Of::Assessment => self.assessments.clone(),
            Of::Submission => self.submissions.clone(),
        }
    }
}
