//! A copy of everything, taken while others write, and put back into either database.

use std::path::Path;

use halfopen::audit;
use halfopen::backup::{self, BackupError, Into};
use halfopen::db::Db;
use halfopen::db::portable;
use halfopen::files::store::Place;
use halfopen::files::{Files, Key};
use uuid::Uuid;

use crate::support::{self, TestApp, hiring, new_postgres_database};

async fn filled(test: &TestApp) -> Uuid {
    let job = hiring::job(test, "Integration Developer", 0).await;
    for n in 1..=30 {
        hiring::application(test, &job, &format!("Candidate {n} 🦀\n\"quoted\"")).await;
    }
    let (id, _) = hiring::application(test, &job, "Robin Example").await;
    let mut candidate_data = vec![0u8, 255, 10, 13];
    candidate_data.extend(b"r\xc3\xa9sum\xc3\xa9");
    test.app
        .files
        .put(&Key::new("applications", id).below("files", id), candidate_data.into())
        .await
        .unwrap();
    note(test, id).await;
    id
}

async fn note(test: &TestApp, id: Uuid) {
    halfopen::hiring::applications::following::note(&test.app, id, "Noted")
        .await
        .unwrap();
}

/// Every row of every table, in an order that both databases have.
async fn rows(db: &Db) -> Vec<String> {
    let mut all = Vec::new();
    let mut snapshot = db.snapshot().await.unwrap();
    for table in portable::tables(portable::version()) {
        let line = |row: &halfopen::db::Row| {
            all.push(format!("{table} {:?}", row.cells()?));
            Ok::<_, halfopen::db::DbError>(())
        };
        snapshot.each(table, line).await.unwrap();
    }
    all.sort();
    all
}

async fn into_both(folder: &Path) -> [Into; 2] {
    let url = new_postgres_database().await;
    [
        Into::Folder(folder.join("restored")),
        Into::Postgres {
            url,
            files: Place::Folder(folder.join("restored-files")),
        },
    ]
}

async fn opened(into: &Into) -> (Db, Files) {
    match into {
        Into::Folder(folder) => (
            Db::open_sqlite(&folder.join("halfopen.db")).await.unwrap(),
            Files::open(&Place::Folder(folder.join("files"))).unwrap(),
        ),
        Into::Postgres { url, files } => (Db::open_postgres(url).await.unwrap(), Files::open(files).unwrap()),
    }
}

crate::on_both! {
    async fn everything_comes_back_in_either_database(test) {
        let id = filled(&test).await;
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("backup.zip");
        let manifest = backup::write(&test.app, &archive).await.unwrap();
        assert_eq!(manifest.files.len(), 1);
        let before = rows(&test.app.db).await;
        for into in into_both(folder.path()).await {
            assert_eq!(backup::restore(&archive, &into).await.unwrap(), manifest);
            let (db, files) = opened(&into).await;
            assert_eq!(rows(&db).await, before);
            support::counts_hold(&db).await;
            let key = Key::new("applications", id).below("files", id);
            assert_eq!(files.get(&key).await.unwrap(), test.app.files.get(&key).await.unwrap());
            // What refers to what is looked at again, and the log is closed again.
            let orphan = "INSERT INTO opening_team (opening_id, staff_id) VALUES ('none', 'none')";
            assert!(crate::audit::attack(&db, orphan).await.is_err());
            assert!(crate::audit::attack(&db, "DELETE FROM audit_log").await.is_err());
            db.close().await;
            // A second time it would write over what is there.
            assert!(matches!(backup::restore(&archive, &into).await, Err(BackupError::NotEmpty(_))));
        }
        assert!(matches!(backup::write(&test.app, &archive).await, Err(BackupError::Exists(_))));
    }

    async fn a_backup_is_of_one_moment_while_others_write(test) {
        let id = filled(&test).await;
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("backup.zip");
        let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let (writing, stopped) = (test.app.clone(), stop.clone());
        let writer = tokio::spawn(async move {
            let mut n = 0;
            while !stopped.load(std::sync::atomic::Ordering::Relaxed) {
                halfopen::hiring::applications::following::note(&writing, id, "Noted").await.unwrap();
                n += 1;
            }
            n
        });
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let manifest = backup::write(&test.app, &archive).await.unwrap();
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(writer.await.unwrap() > 0);
        for into in into_both(folder.path()).await {
            backup::restore(&archive, &into).await.unwrap();
            let (db, _) = opened(&into).await;
            // Each event and each account has its row in the log, and the end is that of the last one.
            let end = audit::verify(&db).await.unwrap().unwrap();
            assert_eq!((end.seq, &end.hash), (manifest.audit.seq, &manifest.audit.hash));
            let rows = rows(&db).await;
            let told = |row: &&String| row.starts_with("application_events ") || row.starts_with("staff ");
            assert_eq!(i64::try_from(rows.iter().filter(told).count()).unwrap(), end.seq);
            db.close().await;
        }
    }

    async fn a_damaged_archive_is_refused_before_anything_is_written(test) {
        filled(&test).await;
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("backup.zip");
        backup::write(&test.app, &archive).await.unwrap();
        let whole = std::fs::read(&archive).unwrap();
        for at in [whole.len() / 4, whole.len() / 2, whole.len() * 3 / 4] {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            std::fs::write(folder.path().join("damaged.zip"), damaged).unwrap();
            let into = Into::Folder(folder.path().join(format!("into-{at}")));
            backup::restore(&folder.path().join("damaged.zip"), &into).await.unwrap_err();
            assert!(!folder.path().join(format!("into-{at}")).exists());
        }
        std::fs::write(folder.path().join("none.zip"), b"no archive").unwrap();
        let into = Into::Folder(folder.path().join("into"));
        backup::restore(&folder.path().join("none.zip"), &into).await.unwrap_err();
    }
}

/// The commands themselves, beside a server that has the database open.
#[tokio::test(flavor = "multi_thread")]
async fn the_commands_copy_restore_and_verify() {
    let test = TestApp::new(support::Database::Sqlite).await;
    filled(&test).await;
    let folder = tempfile::tempdir().unwrap();
    let (archive, restored) = (folder.path().join("backup.zip"), folder.path().join("restored"));
    let run = |data: &Path, args: &[&str]| {
        let mut command = std::process::Command::new(&test.app.config.program);
        command
            .args(args)
            .env("HALFOPEN_DATA", data)
            .env_remove("DATABASE_URL")
            .env("RUST_LOG", "error");
        let done = command.output().unwrap();
        let told = [done.stdout, done.stderr].concat();
        (done.status.code(), String::from_utf8(told).unwrap())
    };
    let (archive, into) = (archive.to_str().unwrap(), restored.to_str().unwrap());
    let data = &test.app.config.data;
    let (code, told) = run(data, &["backup", archive]);
    assert!(code == Some(0) && told.contains("1 files"), "{told}");
    let end = told.lines().last().unwrap().rsplit(' ').next().unwrap().to_owned();
    let (code, told) = run(data, &["backup", archive]);
    assert!(code == Some(1) && told.contains("nothing is overwritten"), "{told}");
    let (code, told) = run(data, &["restore", archive, "--into", into]);
    assert!(code == Some(0) && told.contains("The audit log holds"), "{told}");
    let (code, told) = run(data, &["restore", archive, "--into", into]);
    assert!(code == Some(1) && told.contains("holds something already"), "{told}");
    let (code, told) = run(&restored, &["audit", "verify", "--expect", &end]);
    assert!(code == Some(0) && told.contains(&end), "{told}");
    let (code, told) = run(&restored, &["audit", "verify", "--expect", "1:else"]);
    assert!(code == Some(1) && told.contains("written anew"), "{told}");
    let (code, told) = run(&folder.path().join("mistyped"), &["audit", "verify"]);
    assert!(code == Some(1) && told.contains("there is no database"), "{told}");
    assert!(!folder.path().join("mistyped").exists());
}
