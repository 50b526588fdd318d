//! Taking a backup.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{
    AuditEnd, BackupError, FORMAT, FilePart, MANIFEST, Manifest, TablePart, file_name, hex, table_name, to_json,
};
use crate::app::App;
use crate::db::Tx;
use crate::db::portable::{self, Cell};
use crate::files::StoreError;

type Archive = ZipWriter<BufWriter<File>>;

/// Writes everything into a new file, which has its name only once it is whole.
pub async fn write(app: &App, to: &Path) -> Result<Manifest, BackupError> {
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let partial = to.with_added_extension("partial");
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| BackupError::Io { path, source }
    };
    // It holds what the database holds: for this account alone.
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&partial);
    let file = file.map_err(failed(&partial))?;
    let written = fill(app, ZipWriter::new(BufWriter::new(file))).await;
    match written {
        Ok(manifest) => {
            std::fs::rename(&partial, to).map_err(failed(to))?;
            Ok(manifest)
        }
        Err(error) => {
            // What is left of it would only be in the way.
            let _ = std::fs::remove_file(&partial);
            Err(error)
        }
    }
}

async fn fill(app: &App, mut archive: Archive) -> Result<Manifest, BackupError> {
    let mut manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").into(),
        migration: portable::version(),
        taken_at: app.now().iso(),
        tables: Vec::new(),
        files: Vec::new(),
        audit: AuditEnd::default(),
    };
    let mut snapshot = app.db.snapshot().await?;
    for table in portable::tables(manifest.migration) {
        let part = add_table(&mut snapshot, &mut archive, table, &mut manifest.audit).await?;
        manifest.tables.push(part);
    }
    drop(snapshot);
    for key in app.files.everything().await? {
        // Deleted since it was listed: an application was erased, or a file replaced.
        let bytes = match app.files.get(&key).await {
            Err(StoreError::Missing(_)) => continue,
            bytes => bytes?,
        };
        let key = key.to_string();
        archive.start_file(file_name(&key), SimpleFileOptions::default())?;
        archive.write_all(&bytes)?;
        manifest.files.push(FilePart {
            key,
            bytes: bytes.len() as u64,
            sha256: hex(&Sha256::digest(&bytes)),
        });
    }
    archive.start_file(MANIFEST, SimpleFileOptions::default().large_file(true))?;
    serde_json::to_writer_pretty(&mut archive, &manifest)?;
    let mut file = archive.finish()?;
    file.flush()?;
    file.get_ref().sync_all()?;
    Ok(manifest)
}

async fn add_table(
    snapshot: &mut Tx,
    archive: &mut Archive,
    table: &str,
    end: &mut AuditEnd,
) -> Result<TablePart, BackupError> {
    archive.start_file(table_name(table), SimpleFileOptions::default().large_file(true))?;
    let (mut rows, mut hash) = (0, Sha256::new());
    snapshot
        .each(table, |row| {
            let cells = row.cells()?;
            if table == "audit_head" {
                *end = audit_end(&cells);
            }
            let cells = cells.into_iter().map(|(column, cell)| (column, to_json(cell)));
            let mut line = serde_json::to_vec(&Value::Object(cells.collect::<Map<_, _>>()))?;
            line.push(b'\n');
            hash.update(&line);
            rows += 1;
            Ok::<_, BackupError>(archive.write_all(&line)?)
        })
        .await?;
    Ok(TablePart {
        table: table.to_owned(),
        rows,
        sha256: hex(&hash.finalize()),
    })
}

fn audit_end(cells: &[(String, Cell)]) -> AuditEnd {
    let mut end = AuditEnd::default();
    for (column, cell) in cells {
        match (column.as_str(), cell) {
            ("seq", Cell::Int(seq)) => end.seq = *seq,
            ("hash", Cell::Text(hash)) => end.hash.clone_from(hash),
            _ => {}
        }
    }
    end
}
