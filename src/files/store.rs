//! Where files are kept: a folder by default, S3 where configured.

use std::fmt;
use std::ops::Range;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Bytes;
use futures_util::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt};
use uuid::Uuid;

/// Which store, as `HALFOPEN_FILES` says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Folder(PathBuf),
    /// Its keys, its region and its address come from the variables `AWS_…` that every tool for S3 knows.
    Bucket {
        bucket: String,
        prefix: String,
    },
}

/// A place in the store. It is made of ids, so that no name of a person or of a file can lead anywhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the file {0} is not in the store: it was deleted, or the store is not the one it was put into")]
    Missing(String),
    #[error("the recording {key} lacks its part {part}: it cannot be played beyond it")]
    Gap { key: String, part: u32 },
    #[error("the folder for files {} cannot be used; check that it exists and belongs to this account: {source}", folder.display())]
    Folder { folder: PathBuf, source: std::io::Error },
    #[error("the file store does not answer; check HALFOPEN_FILES and the variables AWS_…: {0}")]
    Store(#[from] object_store::Error),
}

/// The store. Clones share it.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// Before every key; of a bucket.
    prefix: ObjectPath,
    folder: Option<Arc<Path>>,
}

impl Place {
    /// `file:///folder` or `s3://bucket/prefix`.
    pub fn parse(url: &str) -> Option<Place> {
        if let Some(folder) = url.strip_prefix("file://") {
            return folder.starts_with('/').then(|| Place::Folder(PathBuf::from(folder)));
        }
        let (bucket, prefix) = url
            .strip_prefix("s3://")
            .map(|rest| rest.split_once('/').unwrap_or((rest, "")))?;
        let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
        let prefix = prefix.trim_end_matches('/');
        let plain = prefix.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
        let steps = prefix.is_empty() || prefix.split('/').all(|step| !["", ".", ".."].contains(&step));
        ((3..=63).contains(&bucket.len()) && bucket.chars().all(named) && plain && steps).then(|| Place::Bucket {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        })
    }
}

impl Key {
    /// `kind` is a word of the program's, such as `applications`.
    pub fn new(kind: &'static str, id: Uuid) -> Key {
        Key(format!("{kind}/{id}"))
    }

    /// A place below this one; what is deleted with [`Files::delete_all`].
    pub fn below(&self, kind: &'static str, id: Uuid) -> Key {
        Key(format!("{}/{kind}/{id}", self.0))
    }

    /// A place as it was written down, in a backup.
    pub fn stored(text: &str) -> Option<Key> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c);
        let step = |step: &str| !step.is_empty() && step.chars().all(plain);
        text.split('/').all(step).then(|| Key(text.to_owned()))
    }

    /// One of the numbered parts of a file. With zeros, so that the order of names is theirs.
    pub(super) fn part(&self, number: u32) -> Key {
        Key(format!("{}/{number:010}", self.0))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Files {
    /// Opens the store; a folder is made if it is missing, for this account alone.
    pub fn open(place: &Place) -> Result<Files, StoreError> {
        match place {
            Place::Folder(folder) => Files::in_folder(folder),
            Place::Bucket { bucket, prefix } => Files::in_bucket(bucket, prefix),
        }
    }

    fn in_folder(folder: &Path) -> Result<Files, StoreError> {
        let refused = |source| StoreError::Folder {
            folder: folder.to_owned(),
            source,
        };
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(folder).map_err(refused)?;
        let folder = folder.canonicalize().map_err(refused)?;
        Ok(Files {
            store: Arc::new(LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true)),
            prefix: ObjectPath::default(),
            folder: Some(folder.into()),
        })
    }

    fn in_bucket(bucket: &str, prefix: &str) -> Result<Files, StoreError> {
        // The client for HTTP asks the process for its cryptography. Whoever set it before us is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let store = AmazonS3Builder::from_env().with_bucket_name(bucket).build()?;
        Ok(Files {
            store: Arc::new(store),
            prefix: ObjectPath::from(prefix),
            folder: None,
        })
    }

    /// Keeps a file. It is on the disk, or confirmed by the bucket, when this returns.
    pub async fn put(&self, key: &Key, bytes: Bytes) -> Result<(), StoreError> {
        self.store.put(&self.path(key), bytes.into()).await?;
        Ok(())
    }

    pub async fn get(&self, key: &Key) -> Result<Bytes, StoreError> {
        let found = self.store.get(&self.path(key)).await.map_err(|e| missing(key, e))?;
        found.bytes().await.map_err(|e| missing(key, e))
    }

    /// Some bytes of a file; fewer, where it ends before.
    pub async fn get_range(&self, key: &Key, range: Range<u64>) -> Result<Bytes, StoreError> {
        let found = self.store.get_range(&self.path(key), range).await;
        found.map_err(|e| missing(key, e))
    }

    pub async fn size(&self, key: &Key) -> Result<u64, StoreError> {
        let found = self.store.head(&self.path(key)).await.map_err(|e| missing(key, e))?;
        Ok(found.size)
    }

    /// What is directly below a key: names and sizes, by name.
    pub(super) async fn list(&self, key: &Key) -> Result<Vec<(String, u64)>, StoreError> {
        let found = self.store.list_with_delimiter(Some(&self.path(key))).await?;
        let named = |meta: &object_store::ObjectMeta| Some((meta.location.filename()?.to_owned(), meta.size));
        let mut found: Vec<_> = found.objects.iter().filter_map(named).collect();
        found.sort();
        Ok(found)
    }

    /// Everything that is in the store, by name.
    pub async fn everything(&self) -> Result<Vec<Key>, StoreError> {
        let root = (!self.prefix.as_ref().is_empty()).then_some(&self.prefix);
        let found: Vec<ObjectPath> = self.store.list(root).map_ok(|meta| meta.location).try_collect().await?;
        let key = |path: &ObjectPath| {
            let below: Vec<_> = path
                .prefix_match(&self.prefix)?
                .map(|step| step.as_ref().to_owned())
                .collect();
            Key::stored(&below.join("/"))
        };
        let mut keys: Vec<Key> = found.iter().filter_map(key).collect();
        keys.sort();
        Ok(keys)
    }

    /// Deletes a file, if it is there.
    pub async fn delete(&self, key: &Key) -> Result<(), StoreError> {
        match self.store.delete(&self.path(key)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            done => Ok(done?),
        }
    }

    /// Deletes a file that nothing names any more: if it cannot go now, it goes with what it lies below.
    pub async fn discard(&self, key: &Key) {
        if let Err(error) = self.delete(key).await {
            tracing::warn!(%error, %key, "a file that nothing names is still in the store");
        }
    }

    /// Deletes everything below a key.
    pub async fn delete_all(&self, key: &Key) -> Result<(), StoreError> {
        if let Some(root) = &self.folder {
            return remove_folder(root.join(&key.0)).await;
        }
        let below = self.store.list(Some(&self.path(key))).map_ok(|meta| meta.location);
        let gone = self.store.delete_stream(Box::pin(below));
        Ok(gone.try_for_each(|_| async { Ok(()) }).await?)
    }

    fn path(&self, key: &Key) -> ObjectPath {
        let mut path = self.prefix.clone();
        path.extend(key.0.split('/'));
        path
    }
}

/// With what a write that was cut off left behind, which a list of the store does not show.
async fn remove_folder(folder: PathBuf) -> Result<(), StoreError> {
    let removed = match tokio::fs::remove_dir_all(&folder).await {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => Err(e),
        // So that it does not come back with the power.
        Ok(()) => match folder.parent() {
            Some(parent) => sync(parent).await,
            None => Ok(()),
        },
    };
    removed.map_err(|source| StoreError::Folder { folder, source })
}

async fn sync(folder: &Path) -> std::io::Result<()> {
    tokio::fs::File::open(folder).await?.sync_all().await
}

fn missing(key: &Key, error: object_store::Error) -> StoreError {
    match error {
        object_store::Error::NotFound { .. } => StoreError::Missing(key.to_string()),
        error => error.into(),
    }
}
