//! Role kits and question banks: what a company asks, tries and looks for when it hires.
//!
//! A kit is a document of the format in `roles/`. It is edited as a draft, whose every change can be taken back, and
//! published as a version that never changes again; what depends on a kit names the version. A question bank is a set of
//! questions with sample answers, to take into kits and to practise on.

pub mod addition_pages;
pub mod bank;
pub mod banks;
pub mod coverage;
pub mod difference;
pub mod draft;
pub mod draft_pages;
pub mod edit;
pub mod edit_pages;
pub mod format;
pub mod import;
pub mod kit;
pub mod lint;
pub mod pages;
pub mod parts;
pub mod reading;
pub mod shipped;
pub mod store;
#[cfg(test)]
mod tests;
pub mod version_pages;

use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use banks::NewBank;
use draft::{Draft, leftovers};
use import::{Document, Import};
use kit::Kit;
use store::{Content, NewKit};

/// A kit as it is stored.
#[derive(Clone, Debug)]
pub struct KitRecord {
    pub id: Uuid,
    pub title: String,
    pub archived: bool,
    /// The number of its last version; 0 before the first.
    pub published: u32,
    pub draft: Option<Draft>,
    pub revision: i64,
    /// Who changed it last; absent if it shipped, or came from the command line.
    pub editor: Option<String>,
    pub changed_at: Timestamp,
}

/// A kit as lists show it.
#[derive(Clone, Debug)]
pub struct KitLine {
    pub id: Uuid,
    pub title: String,
    pub published: u32,
    pub in_draft: bool,
    pub shipped: bool,
    pub editor: Option<String>,
    pub changed_at: Timestamp,
    /// Its last version.
    pub kit: Option<Kit>,
}

/// A version of a kit, for what depends on it.
pub async fn version(app: &App, kit: Uuid, number: u32) -> Result<Kit, AppError> {
    let found = store::version(&app.db, kit, number).await?;
    found.map(|(_, kit)| kit).ok_or(AppError::NotFound("kit"))
}

/// Where an imported document went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Kit(Uuid),
    Bank(Uuid),
}

/// Stores an imported document: as the draft of a new kit, or as a new bank. Sending the same form again gives what it
/// made the first time.
pub async fn keep(app: &App, import: &Import, by: Option<Uuid>, form_token: Option<Uuid>) -> Result<Kept, AppError> {
    let mut tx = app.db.begin().await?;
    let kept = match &import.document {
        Document::Kit(kit) => {
            let new = NewKit {
                id: app.new_id(),
                content: Content::Draft(Draft::imported((**kit).clone(), import)),
                by,
                shipped: None,
                form_token,
            };
            Kept::Kit(store::add_once(&mut tx, &new, app.now()).await?)
        }
        Document::Bank(bank) => {
            let new = NewBank {
                document: bank,
                open: false,
                shipped: None,
                form_token,
                created_by: by,
            };
            let id = banks::add(&mut tx, app, &new).await?;
            banks::store::leftovers::add(&mut tx, id, &leftovers(import)).await?;
            Kept::Bank(id)
        }
    };
    tx.commit().await?;
    Ok(kept)
}

/// A published version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub number: u32,
    /// What is new, as its publisher said it.
    pub note: String,
    /// Absent if it shipped.
    pub publisher: Option<String>,
    pub published_at: Timestamp,
}

/// A change of a draft that can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub revision: i64,
    pub what: String,
    pub editor: String,
    pub changed_at: Timestamp,
}
