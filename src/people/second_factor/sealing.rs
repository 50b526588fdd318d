//! How the database keeps the keys of second factors: sealed with a key of its own, which lies in a file beside the
//! database, and in no backup. A copy of the database alone makes no codes.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::app::App;
use crate::error::AppError;
use crate::people::second_factor::{Key, store};

/// In the data folder. Servers that share a database share it, too.
pub const FILE: &str = "second-factors.key";
const LENGTH: usize = 32;
const MARK: &str = "sealed";
/// Letters of the name by which a key is told from another.
const NAME: usize = 8;

#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{} is not the key that Halfopen wrote there", .0.display())]
    Broken(PathBuf),
    #[error("a second factor was sealed with another key than the one in {}: put that file back", .0.display())]
    Other(PathBuf),
}

impl From<SealError> for AppError {
    fn from(error: SealError) -> AppError {
        AppError::Internal(error.into())
    }
}

/// A key as it stands in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed(String);

impl Sealed {
    pub fn from_text(text: String) -> Sealed {
        Sealed(text)
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    fn is_sealed(&self) -> bool {
        self.0.starts_with(MARK)
    }
}

pub struct Seal {
    key: LessSafeKey,
    name: String,
    path: PathBuf,
}

impl Seal {
    /// The key of this data folder, made where there is none yet.
    pub fn of(app: &App) -> Result<Seal, SealError> {
        let path = app.config.data.join(FILE);
        let failed = |source| SealError::Io {
            path: path.clone(),
            source,
        };
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make(app, &path).map_err(failed)?;
                std::fs::read_to_string(&path)
            }
            found => found,
        };
        let bytes = URL_SAFE_NO_PAD.decode(text.map_err(failed)?.trim());
        let bytes = bytes.ok().filter(|bytes| bytes.len() == LENGTH);
        let key = bytes
            .as_ref()
            .and_then(|bytes| UnboundKey::new(&CHACHA20_POLY1305, bytes).ok());
        let (Some(bytes), Some(key)) = (bytes, key) else {
            return Err(SealError::Broken(path));
        };
        let mut name = URL_SAFE_NO_PAD.encode(Sha256::digest(bytes));
        name.truncate(NAME);
        Ok(Seal {
            key: LessSafeKey::new(key),
            name,
            path,
        })
    }

    /// For one person: in another's row it does not open.
    pub fn close(&self, app: &App, key: &Key, owner: Uuid) -> Result<Sealed, SealError> {
        let nonce = app.random::<NONCE_LEN>();
        let mut text = key.text().as_bytes().to_vec();
        let sealed = self.key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(owner.as_bytes()),
            &mut text,
        );
        sealed.map_err(|_| SealError::Broken(self.path.clone()))?;
        let sealed = URL_SAFE_NO_PAD.encode([&nonce[..], &text].concat());
        Ok(Sealed(format!("{MARK}:{}:{sealed}", self.name)))
    }

    pub fn open(&self, sealed: &Sealed, owner: Uuid) -> Result<Key, SealError> {
        let other = || SealError::Other(self.path.clone());
        let rest = sealed.0.strip_prefix(MARK).and_then(|rest| rest.strip_prefix(':'));
        let (name, text) = rest.and_then(|rest| rest.split_once(':')).ok_or_else(other)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| other())?;
        let (nonce, text) = bytes.split_first_chunk::<NONCE_LEN>().ok_or_else(other)?;
        if name != self.name {
            return Err(other());
        }
        let mut text = text.to_vec();
        let opened = self.key.open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(owner.as_bytes()),
            &mut text,
        );
        let opened = opened.map_err(|_| other())?;
        let base32 = String::from_utf8(opened.to_vec()).map_err(|_| other())?;
        Ok(Key::from_text(base32))
    }
}

/// Readable by its owner alone, whole before it has its name, and there to stay before anything is sealed with it.
fn make(app: &App, path: &Path) -> io::Result<()> {
    let fresh = path.with_extension(format!("key-{}", app.new_id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&fresh)?;
    writeln!(file, "{}", URL_SAFE_NO_PAD.encode(app.random::<LENGTH>()))?;
    file.sync_all()?;
    let named = std::fs::hard_link(&fresh, path);
    std::fs::remove_file(&fresh)?;
    match named {
        // Somebody else was quicker: that one counts.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        named => named?,
    }
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// Seals what an older Halfopen kept as it was, and says in the log what this server cannot open.
pub async fn seal_all(app: &App) -> Result<(), AppError> {
    let all = store::all(&app.db).await?;
    if all.is_empty() {
        return Ok(());
    }
    let seal = Seal::of(app)?;
    let mut tx = app.db.begin().await?;
    for (owner, kept) in all {
        if kept.is_sealed() {
            if let Err(error) = seal.open(&kept, owner) {
                tracing::error!(%owner, %error, "a second factor cannot be asked for; its recovery codes still open");
            }
            continue;
        }
        let sealed = seal.close(app, &Key::from_text(kept.0.clone()), owner)?;
        store::reseal(&mut tx, owner, &kept, &sealed).await?;
    }
    Ok(tx.commit().await?)
}
