//! A copy of everything in one file, taken while the server runs, and its way back.
//!
//! The archive is a ZIP with a line of JSON for each row, table by table, and the files as they are. Neither says which
//! database it came from, so it goes into either. The rows are those of one moment; the files are copied after it, and
//! what the rows name is there unless it was deleted meanwhile. A manifest at the end has the number of rows, the SHA-256
//! of each part and the end of the audit log, and all of it is compared on the way back. The key with which second factors
//! are sealed is not in it, on purpose: a stolen archive makes no codes.

mod restoring;
mod writing;

use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::audit::Flaw;
use crate::db::DbError;
use crate::db::portable::Cell;
use crate::files::StoreError;

pub use restoring::{Into, restore};
pub use writing::write;

/// Of the archive, not of the program: whoever reads one knows what to expect.
const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// Of the program that wrote it.
    pub version: String,
    /// The last migration of the database.
    pub migration: i64,
    pub taken_at: String,
    pub tables: Vec<TablePart>,
    pub files: Vec<FilePart>,
    pub audit: AuditEnd,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TablePart {
    pub table: String,
    pub rows: u64,
    pub sha256: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePart {
    pub key: String,
    pub bytes: u64,
    pub sha256: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEnd {
    pub seq: i64,
    pub hash: String,
}

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{} exists already; nothing is overwritten", .0.display())]
    Exists(PathBuf),
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("the archive cannot be read: {0}")]
    Archive(#[from] zip::result::ZipError),
    #[error("the archive cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the archive cannot be read: {0}")]
    Read(#[from] io::Error),
    #[error("this is no backup of Halfopen: it has no {MANIFEST}")]
    NoManifest,
    #[error("this backup was made by a newer Halfopen ({0}); restore it with that one")]
    Newer(String),
    #[error("{0} in the archive is not what was put into it")]
    Damaged(String),
    #[error("the archive has a {0} that this Halfopen knows nothing of")]
    Unknown(String),
    #[error("{0} holds something already; choose an empty one")]
    NotEmpty(String),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Files(#[from] StoreError),
    #[error("the audit log in the backup does not hold: {0}")]
    Audit(#[from] Flaw),
    #[error("the audit log ends elsewhere than the backup says")]
    OtherEnd,
}

/// As a name in the archive.
fn table_name(table: &str) -> String {
    format!("tables/{table}.jsonl")
}

fn file_name(key: &str) -> String {
    format!("files/{key}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A value as it stands in a line. Bytes are an object, because everything else that JSON has is taken.
pub fn to_json(cell: Cell) -> serde_json::Value {
    use base64::Engine as _;
    match cell {
        Cell::Null => serde_json::Value::Null,
        Cell::Int(value) => value.into(),
        Cell::Bool(value) => value.into(),
        Cell::Text(value) => value.into(),
        Cell::Bytes(value) => {
            serde_json::json!({ "base64": base64::engine::general_purpose::STANDARD.encode(value) })
        }
    }
}

fn from_json(value: serde_json::Value) -> Option<Cell> {
    use base64::Engine as _;
    Some(match value {
        serde_json::Value::Null => Cell::Null,
        serde_json::Value::Bool(value) => Cell::Bool(value),
        serde_json::Value::Number(value) => Cell::Int(value.as_i64()?),
        serde_json::Value::String(value) => Cell::Text(value),
        serde_json::Value::Object(value) => {
            let text = value.get("base64")?.as_str()?;
            Cell::Bytes(base64::engine::general_purpose::STANDARD.decode(text).ok()?)
        }
        serde_json::Value::Array(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_their_way_through_json() {
        let cells = [
            Cell::Null,
            Cell::Int(i64::MAX),
            Cell::Int(i64::MIN),
            Cell::Bool(true),
            Cell::Text("{\"base64\": \"🦀\n\"}".into()),
            Cell::Bytes(vec![0, 255, 10]),
        ];
        for cell in cells {
            let line = to_json(cell.clone()).to_string();
            let read = serde_json::from_str(&line).expect("JSON");
            assert_eq!(from_json(read), Some(cell), "{line}");
        }
        assert_eq!(from_json(serde_json::json!([1])), None);
        assert_eq!(from_json(serde_json::json!(1.5)), None);
    }
}
