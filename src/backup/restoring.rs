//! Putting a backup back, into an empty place.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use zip::ZipArchive;

use super::{BackupError, FORMAT, MANIFEST, Manifest, TablePart, file_name, from_json, hex, table_name};
use crate::audit;
use crate::db::Db;
use crate::db::portable::{self, Cell, Load};
use crate::files::store::Place;
use crate::files::{Files, Key};

/// Where a backup goes.
#[derive(Clone, Debug)]
pub enum Into {
    /// A data folder.
    Folder(PathBuf),
    /// A PostgreSQL database, and the place of the files.
    Postgres { url: String, files: Place },
}

type Archive = ZipArchive<BufReader<File>>;

const ROWS_AT_ONCE: usize = 500;

/// Everything in the archive is compared with its manifest before anything is written.
pub async fn restore(from: &Path, into: &Into) -> Result<Manifest, BackupError> {
    let file = File::open(from).map_err(|source| BackupError::Io {
        path: from.to_owned(),
        source,
    })?;
    let mut archive = ZipArchive::new(BufReader::new(file))?;
    let manifest = checked(&mut archive)?;
    let (place, named) = match into {
        Into::Folder(folder) => (Place::Folder(folder.join("files")), folder.display().to_string()),
        Into::Postgres { files, .. } => (files.clone(), "the database".to_owned()),
    };
    let created = match into {
        Into::Folder(folder) => {
            std::fs::create_dir_all(folder)?;
            Db::create_sqlite(&folder.join("halfopen.db"), manifest.migration).await?
        }
        Into::Postgres { url, .. } => Db::create_postgres(url, manifest.migration).await?,
    };
    let db = created.ok_or(BackupError::NotEmpty(named))?;
    let files = Files::open(&place)?;
    if !files.everything().await?.is_empty() {
        return Err(BackupError::NotEmpty("the folder for files".into()));
    }
    put_files(&mut archive, &manifest, &files).await?;
    put_rows(&mut archive, &manifest, &db).await?;
    let db = db.brought_up().await?;
    let end = audit::verify(&db).await??;
    db.close().await;
    match (end.seq, end.hash.as_str()) == (manifest.audit.seq, manifest.audit.hash.as_str()) {
        true => Ok(manifest),
        false => Err(BackupError::OtherEnd),
    }
}

/// The manifest, once every part is what it says.
fn checked(archive: &mut Archive) -> Result<Manifest, BackupError> {
    let manifest: Manifest = match archive.by_name(MANIFEST) {
        Ok(part) => serde_json::from_reader(part)?,
        Err(zip::result::ZipError::FileNotFound) => return Err(BackupError::NoManifest),
        Err(error) => return Err(error.into()),
    };
    if manifest.format != FORMAT || manifest.migration > portable::version() {
        return Err(BackupError::Newer(manifest.version));
    }
    let known = portable::tables(manifest.migration);
    for part in &manifest.tables {
        if !known.contains(&part.table.as_str()) {
            return Err(BackupError::Unknown(format!("table {}", part.table)));
        }
        compare(archive, &table_name(&part.table), &part.sha256)?;
    }
    for part in &manifest.files {
        if Key::stored(&part.key).is_none() {
            return Err(BackupError::Unknown(format!("file {}", part.key)));
        }
        compare(archive, &file_name(&part.key), &part.sha256)?;
    }
    Ok(manifest)
}

fn compare(archive: &mut Archive, name: &str, sha256: &str) -> Result<(), BackupError> {
    let damaged = || BackupError::Damaged(name.to_owned());
    let mut part = archive.by_name(name).map_err(|_| damaged())?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match part.read(&mut buffer).map_err(|_| damaged())? {
            0 => break,
            n => hash.update(&buffer[..n]),
        }
    }
    match hex(&hash.finalize()) == sha256 {
        true => Ok(()),
        false => Err(damaged()),
    }
}

async fn put_files(archive: &mut Archive, manifest: &Manifest, files: &Files) -> Result<(), BackupError> {
    for part in &manifest.files {
        let mut bytes = Vec::new();
        archive.by_name(&file_name(&part.key))?.read_to_end(&mut bytes)?;
        let unknown = || BackupError::Unknown(format!("file {}", part.key));
        files
            .put(&Key::stored(&part.key).ok_or_else(unknown)?, bytes.into())
            .await?;
    }
    Ok(())
}

async fn put_rows(archive: &mut Archive, manifest: &Manifest, db: &Db) -> Result<(), BackupError> {
    let schema = db.schema().await?;
    let mut load = db.load().await?;
    for part in manifest.tables.iter().rev() {
        load.empty(&part.table).await?;
    }
    for part in &manifest.tables {
        let of_table = schema.iter().filter(|column| column.table == part.table);
        let columns: Vec<&str> = of_table.map(|column| column.column.as_str()).collect();
        put_table(archive, part, &columns, &mut load).await?;
    }
    Ok(load.finish().await?)
}

async fn put_table(
    archive: &mut Archive,
    part: &TablePart,
    known: &[&str],
    load: &mut Load,
) -> Result<(), BackupError> {
    let mut lines = BufReader::new(archive.by_name(&table_name(&part.table))?).lines();
    let (mut columns, mut rows): (Vec<String>, Vec<Vec<Cell>>) = (Vec::new(), Vec::new());
    loop {
        let line = lines.next().transpose()?;
        let ended = line.is_none();
        if let Some(line) = line {
            let row: Map<String, Value> = serde_json::from_str(&line)?;
            if columns.is_empty() {
                columns = row.keys().cloned().collect();
            }
            if let Some(column) = row.keys().find(|column| !known.contains(&column.as_str())) {
                return Err(BackupError::Unknown(format!("column {} of {}", column, part.table)));
            }
            let cells = row.into_iter().map(|(_, value)| from_json(value));
            let cells = cells.collect::<Option<Vec<_>>>();
            rows.push(cells.ok_or_else(|| BackupError::Damaged(table_name(&part.table)))?);
        }
        if rows.len() == ROWS_AT_ONCE || ended && !rows.is_empty() {
            load.insert(&part.table, &columns, &rows).await?;
            rows.clear();
        }
        if ended {
            return Ok(());
        }
    }
}
