//! What colleagues put with an application: a note on paper, an offer that was signed, work that was shown. The candidate
//! does not see it, but gets it with an export of everything about them.

pub mod pages;
pub mod store;

use axum::body::Bytes;
use uuid::Uuid;

use crate::app::App;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::files::{self, Key, Kind, display_name, kinds};
use crate::hiring::Application;
use crate::hiring::applications::{drafting, store as applications};
use crate::people::{Permission, Staff};

/// An application has at most so many.
pub const MOST: usize = 30;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub id: Uuid,
    pub application: Uuid,
    pub name: String,
    pub kind: Kind,
    pub size: u64,
    pub sha256: String,
    pub by: Uuid,
    pub author: String,
    pub put_at: Timestamp,
}

impl Attachment {
    pub fn key(&self) -> Key {
        drafting::folder(self.application).below("attachments", self.id)
    }

    pub fn size_words(&self) -> String {
        files::size_words(self.size)
    }

    pub fn may_remove(&self, staff: &Staff) -> bool {
        self.by == staff.id || staff.role.may(Permission::HandleApplications)
    }
}

/// The bytes first, then the row that names them. What is wrong with the file is said in words for its field.
pub async fn attach(
    app: &App,
    by: &Staff,
    application: &Application,
    (name, bytes): (&str, Bytes),
    form_token: Uuid,
) -> Result<Result<(), String>, AppError> {
    let kind = match kinds::document(&bytes) {
        Ok(kind) => kind,
        Err(refused) => return Ok(Err(refused.to_string())),
    };
    let attachment = Attachment {
        id: app.new_id(),
        application: application.id,
        name: display_name(name, kind),
        kind,
        size: bytes.len() as u64,
        sha256: files::sha256(&bytes),
        by: by.id,
        author: by.name.clone(),
        put_at: app.now(),
    };
    let key = attachment.key();
    app.files
        .put(&key, bytes)
        .await
        .map_err(|e| AppError::Internal(e.into()))?;
    // After an error nobody knows whether the row is there: the bytes stay, and go with the application.
    let kept = keep(app, by, &attachment, form_token).await?;
    if !matches!(kept, Kept::New) {
        app.files.discard(&key).await;
    }
    match kept {
        Kept::New | Kept::Before => Ok(Ok(())),
        Kept::Gone => Err(AppError::NotFound("application")),
        Kept::TooMany => Ok(Err(format!(
            "This application has {MOST} files already. Remove one that is not needed."
        ))),
    }
}

enum Kept {
    New,
    /// The form came twice.
    Before,
    /// Erased meanwhile.
    Gone,
    TooMany,
}

async fn keep(app: &App, by: &Staff, attachment: &Attachment, form_token: Uuid) -> Result<Kept, AppError> {
    let mut tx = app.db.begin().await?;
    // Whoever erases it waits, or there is nothing to put it with any more.
    let Some(application) = applications::lock(&mut tx, attachment.application).await? else {
        return Ok(Kept::Gone);
    };
    if store::count(&mut tx, application.id, MOST).await? >= MOST {
        return Ok(Kept::TooMany);
    }
    if !store::add(&mut tx, attachment, form_token).await? {
        return Ok(Kept::Before);
    }
    let said = ("File attached", attachment.name.as_str());
    applications::add_event(&mut tx, app.new_id(), application.id, Some(by.id), said, app.now()).await?;
    tx.commit().await?;
    Ok(Kept::New)
}

pub async fn remove(app: &App, by: &Staff, attachment: &Attachment) -> Result<(), AppError> {
    let mut tx = app.db.begin().await?;
    if store::remove(&mut tx, attachment.id).await? {
        let said = ("File removed", attachment.name.as_str());
        let id = attachment.application;
        applications::add_event(&mut tx, app.new_id(), id, Some(by.id), said, app.now()).await?;
        tx.commit().await?;
        app.files.discard(&attachment.key()).await;
    }
    Ok(())
}
