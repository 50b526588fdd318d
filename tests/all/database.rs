//! What both databases must understand alike.

use halfopen::db::Db;
use halfopen::hiring::pipeline::acts;
use halfopen::hiring::{
    applications, attachments, importing, letters, openings, pipeline, reports, screening, takes, talk, today,
    voluntary,
};
use halfopen::roles::banks;
use halfopen::{args, assessments, audit, db, demo, jobs, mail, people, privacy, roles, statements, submissions, ui};
use uuid::Uuid;

use crate::support::new_postgres_database;

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

/// As they were before decisions of screening were acts like any other.
mod decisions {
    super::statements! {
        STAFF = "INSERT INTO staff (id, email, email_key, name, role, active, created_at)
            VALUES ($1, 'a@mail.example', 'a@mail.example', 'Robin Example', 'recruiter', TRUE, 1)";
        KIT = "INSERT INTO kits (id, title, title_key, created_at, published, revision, changed_at) VALUES ($1, 'Kit', 'kit', 1, 1, 0, 1)";
        VERSION = "INSERT INTO kit_versions (kit_id, number, document, note, published_at) VALUES ($1, 1, '', '', 1)";
        OPENING = "INSERT INTO openings (id, title, title_key, slug, kit_id, kit_version, level, place, country, presence, kind, currency,
                salary_per, about, state, decline_after_hours, keep_months, video_days, video_takes, created_by, created_at, revision)
            VALUES ($1, 'Job', 'job', 'job', $1, 1, '', '', '', 'remote', 'full_time', '', 'year', '', 'published', 0, 1, 1, 1, $1, 1, 0)";
        STAGE = "INSERT INTO opening_stages (id, opening_id, position, name, kind, target_days)
            VALUES ($1, $1, 0, 'Coding test', 'coding_test', 7)";
        APPLICATION = "INSERT INTO applications (id, opening_id, kit_version, state, name, email, email_key, phone, phone_key, person_key,
                source, source_detail, link, started_at, changed_at, revision)
            VALUES ($1, $1, 1, 'draft', 'Candidate 3', '', '', '', '', '', '', '', 'x', 1, 1, 0)";
        ACT = "INSERT INTO screening_acts (id, opening_id, staff_id, what, stage_id, why, mailed, made_at, undo_until, undone_at, form_token)
            VALUES ($1, $2, $2, $3, CASE WHEN $3 = 'advance' THEN $2 END, '', TRUE, $4, $4 + 900000000, $5, $1)";
        ITEM = "INSERT INTO screening_act_items (act_id, application_id, stage_id, stage_since, moves, mail_id)
            VALUES ($1, $2, $2, 7, $3, $1)";
    }
    pub const AROUND: [halfopen::db::Statement; 6] = [STAFF, KIT, VERSION, OPENING, STAGE, APPLICATION];
    pub const ADD_ACT: halfopen::db::Statement = ACT;
    pub const ADD_ITEM: halfopen::db::Statement = ITEM;
}

crate::on_both! {
    async fn every_statement_is_understood(test) {
        for statement in ALL.into_iter().flatten() {
            test.app.db.prepare(*statement).await.unwrap_or_else(|e| panic!("{statement:?}: {e}"));
        }
        assert!(test.app.db.prepare(probes::BROKEN).await.is_err());
    }

    async fn what_was_decided_in_screening_is_an_act_like_any_other(test) {
        let folder = tempfile::tempdir().unwrap();
        let before = match &test.app.db {
            Db::Sqlite { .. } => Db::create_sqlite(&folder.path().join("old.db"), 19).await,
            Db::Postgres(_) => Db::create_postgres(&new_postgres_database().await, 19).await,
        };
        let before = before.unwrap().expect("a new database");
        let [id, advanced, archived, refused] = std::array::from_fn(|_| {
            test.pass(std::time::Duration::from_millis(1));
            test.app.new_id()
        });
        let mut tx = before.begin().await.unwrap();
        for statement in decisions::AROUND {
            tx.execute(statement, args![id]).await.unwrap();
        }
        for (act, what, at, undone, moves) in [
            (advanced, "advance", 100, None, Some(4)),
            (archived, "archive", 200, Some(300), Some(5)),
            (refused, "archive", 400, None::<i64>, None::<i64>),
        ] {
            tx.execute(decisions::ADD_ACT, args![act, id, what, at, undone]).await.unwrap();
            tx.execute(decisions::ADD_ITEM, args![act, id, moves]).await.unwrap();
        }
        tx.commit().await.unwrap();
        let after = before.brought_up().await.unwrap();
        let acts = acts::store::list(&after, id, Uuid::max(), 10).await.unwrap();
        let told = acts.iter().map(|act| (act.id, act.kind, act.target.as_str(), act.at.0, act.undone_at.map(|at| at.0)));
        assert_eq!(told.collect::<Vec<_>>(), [
            (archived, acts::Kind::Archive, "", 200, Some(300)),
            (advanced, acts::Kind::Move, "Coding test", 100, None),
        ]);
        assert!(acts.iter().all(|act| act.by == id && act.who == "Robin Example" && act.mails == 1));
        let mut tx = after.begin().await.unwrap();
        assert_eq!(acts::store::by_token(&mut tx, advanced).await.unwrap(), Some(advanced));
        let items = acts::store::items(&mut tx, advanced).await.unwrap();
        let told = items.iter().map(|item| (item.application, item.stage, item.since.map(|at| at.0), item.moves, item.mail));
        assert_eq!(told.collect::<Vec<_>>(), [(id, Some(id), Some(7), 4, Some(advanced))]);
        drop(tx);
        let schema = after.schema().await.unwrap();
        assert!(!schema.iter().any(|column| column.table.starts_with("screening_act")));
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
