//! A certificate, to read and to print.

use askama::Template;
use axum::extract::State;
use uuid::Uuid;

use crate::app::App;
use crate::audit::{self, Record};
use crate::error::AppError;
use crate::privacy::{Certificate, store};
use crate::ui::{Page, Path, Shell};

#[derive(Template)]
#[template(path = "privacy/certificate.html")]
pub struct CertificatePage {
    pub shell: Shell,
    pub certificate: Certificate,
    /// The row of the audit log that holds its hash.
    pub row: Option<Record>,
}

pub async fn certificate(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Page<CertificatePage>, AppError> {
    let certificate = store::find(&app.db, id).await?;
    let certificate = certificate.ok_or(AppError::NotFound("certificate"))?;
    let (subject, told) = certificate.recorded_as();
    Ok(Page(CertificatePage {
        shell,
        row: audit::store::about(&app.db, &subject, told).await?,
        certificate,
    }))
}
