//! The kits and banks that ship, carried by the binary.

use crate::app::App;
use crate::error::AppError;
use crate::roles::banks::{self, NewBank};
use crate::roles::format;
use crate::roles::store::{self, Content, NewKit};

/// Each with the name by which a database knows that it has it.
pub const KITS: [(&str, &str); 2] = [
    (
        "integration-developer",
        include_str!("../../roles/kits/integration-developer.toml"),
    ),
    (
        "integration-engineer-api-developer",
        include_str!("../../roles/kits/integration-engineer-api-developer.toml"),
    ),
];

pub const BANKS: [(&str, &str); 3] = [
    (
        "integration-essentials",
        include_str!("../../roles/banks/integration-essentials.toml"),
    ),
    (
        "integration-engineer",
        include_str!("../../roles/banks/integration-engineer.toml"),
    ),
    (
        "integration-architect",
        include_str!("../../roles/banks/integration-architect.toml"),
    ),
];

/// Brings what ships into a database that does not have it yet. What people made of it since is left alone.
pub async fn bring(app: &App) -> Result<(), AppError> {
    let mut tx = app.db.begin().await?;
    for (name, text) in KITS {
        let kit = format::read_kit(text).map_err(|error| AppError::Internal(error.into()))?;
        let new = NewKit {
            id: app.new_id(),
            content: Content::Published(kit),
            by: None,
            shipped: Some(name),
            form_token: None,
        };
        store::add(&mut tx, &new, app.now()).await?;
    }
    for (name, text) in BANKS {
        let bank = format::read_bank(text).map_err(|error| AppError::Internal(error.into()))?;
        let new = NewBank {
            document: &bank,
            open: true,
            shipped: Some(name),
            form_token: None,
            created_by: None,
        };
        banks::add(&mut tx, app, &new).await?;
    }
    tx.commit().await?;
    Ok(())
}
