//! What both databases must understand alike.

use halfopen::hiring::{
    applications, attachments, importing, letters, openings, pipeline, reports, screening, takes, talk, today,
    voluntary,
};
use halfopen::roles::banks;
use halfopen::{args, assessments, audit, db, demo, jobs, mail, people, privacy, roles, statements, submissions, ui};

const ALL: [&[db::Statement]; 36] = [
    applications::store::STATEMENTS,
    importing::store::STATEMENTS,
    openings::store::STATEMENTS,
    screening::store::STATEMENTS,
    screening::veil::STATEMENTS,
    takes::store::STATEMENTS,
    today::store::STATEMENTS,
    pipeline::store::STATEMENTS,
    pipeline::acts::store::STATEMENTS,
    pipeline::index::store::STATEMENTS,
    letters::store::STATEMENTS,
    talk::store::STATEMENTS,
    attachments::store::STATEMENTS,
    reports::store::STATEMENTS,
    reports::readings::STATEMENTS,
    voluntary::store::STATEMENTS,
    assessments::reading::STATEMENTS,
    audit::store::STATEMENTS,
    assessments::sight::STATEMENTS,
    assessments::store::STATEMENTS,
    banks::store::STATEMENTS,
    banks::store::leftovers::STATEMENTS,
    banks::store::questions::STATEMENTS,
    banks::store::search::STATEMENTS,
    banks::store::proposals::STATEMENTS,
    submissions::store::STATEMENTS,
    submissions::regradings::STATEMENTS,
    demo::STATEMENTS,
    jobs::store::STATEMENTS,
    mail::store::STATEMENTS,
    people::second_factor::store::STATEMENTS,
    people::store::STATEMENTS,
    privacy::store::STATEMENTS,
    privacy::test_store::STATEMENTS,
    roles::store::STATEMENTS,
    ui::pages::STATEMENTS,
];

/// Rooms that have statements are named above: counted in the sources, so that a new one is not forgotten.
#[test]
fn every_room_with_statements_is_prepared() {
    let declaring = sources("src")
        .iter()
        .filter(|text| text.contains("statements! {"))
        .count();
    assert_eq!(declaring, ALL.len());
}

fn sources(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = entries.map(|path| match path.extension() {
        _ if path.is_dir() => sources(path.to_str().unwrap()),
        Some(ending) if ending == "rs" => vec![std::fs::read_to_string(path).unwrap()],
        _ => Vec::new(),
    });
    texts.flatten().collect()
}

mod probes {
    super::statements! {
        NOT_SQL = "SELECT nothing FROM nowhere";
        PUT = "INSERT INTO settings (name, value) VALUES ($1, $2)";
        GET = "SELECT value FROM settings WHERE name = $1";
    }
    pub const BROKEN: halfopen::db::Statement = NOT_SQL;
    pub const WRITE: halfopen::db::Statement = PUT;
    pub const READ: halfopen::db::Statement = GET;
}

crate::on_both! {
    async fn every_statement_is_understood(test) {
        for statement in ALL.into_iter().flatten() {
            test.app.db.prepare(*statement).await.unwrap_or_else(|e| panic!("{statement:?}: {e}"));
        }
        assert!(test.app.db.prepare(probes::BROKEN).await.is_err());
    }

    async fn what_is_not_committed_never_was(test) {
        let mut tx = test.app.db.begin().await.unwrap();
        tx.execute(probes::WRITE, args!["a", "1"]).await.unwrap();
        drop(tx);
        assert!(test.app.db.optional(probes::READ, args!["a"]).await.unwrap().is_none());
        let mut tx = test.app.db.begin().await.unwrap();
        tx.execute(probes::WRITE, args!["a", "1"]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(test.app.db.optional(probes::READ, args!["a"]).await.unwrap().is_some());
    }

    async fn writers_wait_for_each_other(test) {
        let writes = (0..40).map(|n| {
            let db = test.app.db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin().await?;
                tx.execute(probes::WRITE, args![format!("key {n}"), "1"]).await?;
                tx.commit().await
            })
        });
        for write in writes.collect::<Vec<_>>() {
            write.await.unwrap().unwrap();
        }
    }

    async fn a_second_of_the_same_key_is_told_apart_from_other_faults(test) {
        let mut tx = test.app.db.begin().await.unwrap();
        tx.execute(probes::WRITE, args!["a", "1"]).await.unwrap();
        assert!(tx.execute(probes::WRITE, args!["a", "2"]).await.unwrap_err().is_duplicate());
    }
}
