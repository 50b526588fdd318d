//! Staff accounts: who may sign in, as what, and what that allows.
//!
//! An administrator invites; the invitation's link sets the password. Nobody is deleted, because what a person did stays
//! theirs: an account is deactivated. One active administrator always remains. Behind the password a code from a second
//! device may be asked for, and an administrator may ask for it of everybody.

pub mod account_pages;
pub mod devices;
pub mod guard;
pub mod limits;
pub mod managing;
pub mod pages;
pub mod passwords;
pub mod recording;
pub mod second_factor;
pub mod sessions;
pub mod sign_in_pages;
pub mod store;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::db::DbError;
use crate::error::AppError;
use crate::ui::{clean_line, search_key};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Administrator,
    Recruiter,
    HiringManager,
    Interviewer,
}

/// What a role may include. Routes name one of these, never a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    ManagePeople,
    ReadSubmissions,
    SubmitPrograms,
    Regrade,
    ReadAssessments,
    InviteCandidates,
    ReadMail,
    /// Change its words, and send it again.
    EditMail,
    /// Role kits and question banks.
    ReadKits,
    EditKits,
    /// Jobs and applications: of one's own teams, unless the role sees all.
    ReadJobs,
    EditJobs,
    /// Move, end, reverse, write to candidates.
    HandleApplications,
    /// Erase people, hand out what is known of them, see what goes.
    ManagePrivacy,
    ReadAudit,
}

impl Role {
    pub const ALL: [Role; 4] = [
        Role::Administrator,
        Role::Recruiter,
        Role::HiringManager,
        Role::Interviewer,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Role::Administrator => "administrator",
            Role::Recruiter => "recruiter",
            Role::HiringManager => "hiring_manager",
            Role::Interviewer => "interviewer",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Role::Administrator => "Administrator",
            Role::Recruiter => "Recruiter",
            Role::HiringManager => "Hiring manager",
            Role::Interviewer => "Interviewer",
        }
    }

    pub fn about(self) -> &'static str {
        match self {
            Role::Administrator => "Everything, and who else has an account",
            Role::Recruiter => "Invites candidates, reads verdicts, regrades",
            Role::HiringManager => "Invites candidates, reads verdicts, regrades",
            Role::Interviewer => "Reads verdicts, submits programs",
        }
    }

    pub fn from_id(id: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.id() == id)
    }

    pub fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::ManagePeople | Permission::ReadAudit => self == Role::Administrator,
            Permission::ReadSubmissions | Permission::SubmitPrograms => true,
            Permission::ReadAssessments | Permission::ReadKits | Permission::ReadJobs => true,
            Permission::Regrade
            | Permission::InviteCandidates
            | Permission::EditKits
            | Permission::EditJobs
            | Permission::HandleApplications => self != Role::Interviewer,
            // A mail holds the candidate's link, and the mailbox holds those of every team.
            Permission::ReadMail | Permission::EditMail | Permission::ManagePrivacy => {
                matches!(self, Role::Administrator | Role::Recruiter)
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub active: bool,
    /// False until the invitation is accepted.
    pub has_password: bool,
    pub created_at: Timestamp,
}

impl Staff {
    /// For the disc beside a name: the first letters of its first and last word.
    pub fn initials(&self) -> String {
        crate::ui::initials(&self.name)
    }
}

/// A person about to be added, checked field by field.
#[derive(Clone, Debug)]
pub struct NewStaff {
    pub email: String,
    pub name: String,
    pub role: Role,
}

impl NewStaff {
    pub fn email_key(&self) -> String {
        search_key(&self.email)
    }
}

pub fn check_name(name: &str) -> Result<String, &'static str> {
    let name = clean_line(name);
    match name.chars().count() {
        0 => Err("Write the name that colleagues know."),
        1..=100 => Ok(name),
        _ => Err("A name has at most 100 characters here."),
    }
}

pub fn check_email(email: &str) -> Result<String, &'static str> {
    let email = clean_line(email);
    let plausible = email.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && !host.is_empty() && !host.contains('@') && !email.contains(' ')
    });
    match plausible {
        true if email.len() <= 254 => Ok(email),
        true => Err("A mail address has at most 254 characters."),
        false => Err("This is not a mail address. It looks like name@company.example."),
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    #[error("somebody with this mail address is already here")]
    EmailTaken,
    #[error("the last administrator has to stay one")]
    LastAdministrator,
    #[error("there is no such person")]
    NoSuchPerson,
    #[error("this link has been used, or is too old")]
    InvitationSpent,
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<PeopleError> for AppError {
    fn from(error: PeopleError) -> AppError {
        match error {
            PeopleError::Db(error) => error.into(),
            PeopleError::NoSuchPerson => AppError::NotFound("person"),
            PeopleError::InvitationSpent => AppError::NotFound("invitation"),
            PeopleError::EmailTaken => AppError::Conflict("Somebody with this mail address is already here".into()),
            PeopleError::LastAdministrator => AppError::Conflict("The last administrator has to stay one".into()),
        }
    }
}
