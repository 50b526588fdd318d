//! Recordings come in numbered parts while they are made, and are read as one file.

use std::ops::Range;

use axum::body::Bytes;
use futures_util::stream::{self, Stream};

use super::{Files, Key, StoreError};

/// As much of a part is held in memory at once.
const STEP: u64 = 1024 * 1024;

/// The parts that are there, from the first on and without a gap.
#[derive(Clone, Debug)]
pub struct Recording {
    key: Key,
    /// Where each part ends.
    ends: Vec<u64>,
}

/// Keeps a part of a recording; the first has the number 0. The same number again replaces it, so that a browser may
/// send again what it is not sure of.
pub async fn put_part(files: &Files, key: &Key, number: u32, bytes: Bytes) -> Result<(), StoreError> {
    files.put(&key.part(number), bytes).await
}

impl Recording {
    /// A recording of at least one part.
    pub async fn open(files: &Files, key: &Key) -> Result<Recording, StoreError> {
        let parts = files.list(key).await?;
        let mut ends = Vec::with_capacity(parts.len());
        for (part, (name, size)) in (0u32..).zip(parts) {
            if name.parse() != Ok(part) {
                let key = key.to_string();
                return Err(StoreError::Gap { key, part });
            }
            ends.push(ends.last().unwrap_or(&0) + size);
        }
        match ends.is_empty() {
            true => Err(StoreError::Missing(key.to_string())),
            false => Ok(Recording { key: key.clone(), ends }),
        }
    }

    pub fn size(&self) -> u64 {
        self.ends.last().copied().unwrap_or_default()
    }

    /// How many parts there are, and so the number of the next one.
    pub fn parts(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of a range, piece by piece.
    pub fn read(self, files: Files, range: Range<u64>) -> impl Stream<Item = Result<Bytes, StoreError>> + Send {
        let end = range.end.min(self.size());
        stream::try_unfold((self, files, range.start), move |(recording, files, at)| async move {
            let Some((key, inside)) = recording.piece(at, end) else {
                return Ok(None);
            };
            let bytes = files.get_range(&key, inside).await?;
            match bytes.len() as u64 {
                // It was replaced by a shorter one, or deleted, since its size was read.
                0 => Err(StoreError::Missing(key.to_string())),
                read => Ok(Some((bytes, (recording, files, at + read)))),
            }
        })
    }

    /// The part that holds the byte `at`, and what to read of it.
    fn piece(&self, at: u64, end: u64) -> Option<(Key, Range<u64>)> {
        if at >= end {
            return None;
        }
        let number = self.ends.partition_point(|part_end| *part_end <= at);
        let part_end = self.ends.get(number)?.min(&end);
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        let inside = at - start..part_end.min(&(at + STEP)) - start;
        Some((self.key.part(u32::try_from(number).ok()?), inside))
    }
}
