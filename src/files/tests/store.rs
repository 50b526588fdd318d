use std::path::PathBuf;

use axum::body::Bytes;
use futures_util::TryStreamExt;
use tempfile::TempDir;
use uuid::Uuid;

use crate::files::recordings::{Recording, put_part};
use crate::files::store::Place;
use crate::files::{Files, Key, StoreError};

fn open() -> (TempDir, Files) {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(&Place::Folder(folder.path().join("deep/files"))).unwrap();
    (folder, files)
}

fn key(n: u128) -> Key {
    Key::new("applications", Uuid::from_u128(n))
}

fn file(n: u128) -> Key {
    key(n).below("files", Uuid::from_u128(7))
}

#[tokio::test]
async fn what_is_put_is_got_until_it_is_deleted() {
    let (_folder, files) = open();
    files.put(&file(1), Bytes::from_static(b"one")).await.unwrap();
    files.put(&file(1), Bytes::from_static(b"other")).await.unwrap();
    assert_eq!(files.get(&file(1)).await.unwrap(), "other");
    assert_eq!(files.get_range(&file(1), 1..3).await.unwrap(), "th");
    assert_eq!(files.get_range(&file(1), 3..99).await.unwrap(), "er");
    assert_eq!(files.size(&file(1)).await.unwrap(), 5);
    files.delete(&file(1)).await.unwrap();
    files.delete(&file(1)).await.unwrap();
    for missing in [files.get(&file(1)).await.err(), files.size(&file(1)).await.err()] {
        assert!(matches!(missing, Some(StoreError::Missing(_))), "{missing:?}");
    }
}

#[tokio::test]
async fn it_is_there_when_the_store_is_opened_again() {
    let (folder, files) = open();
    files.put(&file(1), Bytes::from_static(b"one")).await.unwrap();
    drop(files);
    let again = Files::open(&Place::Folder(folder.path().join("deep/files"))).unwrap();
    assert_eq!(again.get(&file(1)).await.unwrap(), "one");
}

#[tokio::test]
async fn deleting_all_of_one_leaves_the_others_and_no_remains() {
    let (folder, files) = open();
    for n in [1, 2] {
        files.put(&file(n), Bytes::from_static(b"x")).await.unwrap();
        put_part(
            &files,
            &key(n).below("recordings", Uuid::nil()),
            0,
            Bytes::from_static(b"y"),
        )
        .await
        .unwrap();
    }
    // What a write that was cut off leaves behind.
    let root = folder.path().join("deep/files");
    std::fs::write(root.join(format!("{}#1", file(1))), "half").unwrap();
    files.delete_all(&key(1)).await.unwrap();
    files.delete_all(&key(1)).await.unwrap();
    assert!(!root.join(key(1).to_string()).exists());
    assert_eq!(files.get(&file(2)).await.unwrap(), "x");
    assert!(matches!(files.get(&file(1)).await, Err(StoreError::Missing(_))));
}

#[tokio::test]
async fn the_folder_is_for_this_account_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, _files) = open();
    let mode = std::fs::metadata(folder.path().join("deep/files"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[tokio::test]
async fn a_recording_is_read_as_one_file() {
    let (_folder, files) = open();
    let key = file(3);
    assert!(matches!(
        Recording::open(&files, &key).await,
        Err(StoreError::Missing(_))
    ));
    let whole: Vec<u8> = (0..3_000_000u32).map(|n| (n % 251) as u8).collect();
    let parts = [&whole[..10], &whole[10..10], &whole[10..1_500_000], &whole[1_500_000..]];
    for (number, part) in (0..4).zip(parts).rev() {
        put_part(&files, &key, number, Bytes::copy_from_slice(part))
            .await
            .unwrap();
    }
    put_part(&files, &key, 0, Bytes::copy_from_slice(parts[0]))
        .await
        .unwrap();
    let recording = Recording::open(&files, &key).await.unwrap();
    assert_eq!((recording.size(), recording.parts()), (3_000_000, 4));
    for range in [
        0..3_000_000,
        0..1,
        5..15,
        9..10,
        10..11,
        1_499_999..1_500_001,
        2_999_999..9_000_000,
        7..7,
    ] {
        let read = recording.clone().read(files.clone(), range.clone());
        let pieces: Vec<Bytes> = read.try_collect().await.unwrap();
        let end = (range.end as usize).min(whole.len());
        assert_eq!(pieces.concat(), whole[range.start as usize..end], "{range:?}");
    }
}

#[tokio::test]
async fn a_recording_with_a_gap_says_where_it_is() {
    let (_folder, files) = open();
    for number in [0, 2] {
        put_part(&files, &file(4), number, Bytes::from_static(b"x"))
            .await
            .unwrap();
    }
    let gap = Recording::open(&files, &file(4)).await;
    assert!(matches!(gap, Err(StoreError::Gap { part: 1, .. })), "{gap:?}");
}

#[test]
fn a_place_is_a_folder_or_a_bucket() {
    let bucket = |prefix: &str| Place::Bucket {
        bucket: "hire.example".into(),
        prefix: prefix.into(),
    };
    assert_eq!(
        Place::parse("file:///var/files"),
        Some(Place::Folder(PathBuf::from("/var/files")))
    );
    assert_eq!(Place::parse("s3://hire.example"), Some(bucket("")));
    assert_eq!(Place::parse("s3://hire.example/a/b/"), Some(bucket("a/b")));
    for other in [
        "",
        "/var/files",
        "file://files",
        "s3://",
        "s3://B",
        "s3://hire.example/a/../b",
        "s3://hire.example//a",
    ] {
        assert_eq!(Place::parse(other), None, "{other}");
    }
}

#[tokio::test]
async fn a_bucket_is_opened_without_asking_it() {
    let place = Place::parse("s3://hire.example/files").unwrap();
    assert!(Files::open(&place).is_ok());
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let error = Files::open(&Place::Folder("/dev/null/files".into()))
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.starts_with("the folder for files /dev/null/files cannot be used"),
        "{error}"
    );
}
