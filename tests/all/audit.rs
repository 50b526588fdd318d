//! Who did what, and that nobody can say otherwise afterwards.

use halfopen::audit::{self, Flaw, Head};
use halfopen::cli::audit::{AuditCommand, run};
use halfopen::db::Db;
use halfopen::hiring::applications::store as applications;
use sqlx::{AssertSqlSafe, Executor as _};

use crate::support::{TestApp, hiring};

/// As somebody with every right over the database would.
pub async fn attack(db: &Db, sql: &str) -> Result<(), sqlx::Error> {
    match db {
        Db::Sqlite { write, .. } => write.execute(AssertSqlSafe(sql.to_owned())).await.map(drop),
        Db::Postgres(pool) => pool.execute(AssertSqlSafe(sql.to_owned())).await.map(drop),
    }
}

async fn take_guards_away(db: &Db) {
    let done = match db {
        Db::Sqlite { .. } => {
            let names = [
                "audit_log_not_changed",
                "audit_log_not_removed",
                "audit_head_not_back",
                "audit_head_not_removed",
            ];
            attack(db, &names.map(|name| format!("DROP TRIGGER {name};")).concat()).await
        }
        Db::Postgres(_) => {
            attack(
                db,
                "ALTER TABLE audit_log DISABLE TRIGGER USER; ALTER TABLE audit_head DISABLE TRIGGER USER",
            )
            .await
        }
    };
    done.unwrap();
}

/// Eight rows of an application's trail.
async fn trail(test: &TestApp) -> Head {
    let job = hiring::job(test, "Integration Developer", 0).await;
    let (id, _) = hiring::application(test, &job, "Candidate 1").await;
    for n in 0..8 {
        let mut tx = test.app.db.begin().await.unwrap();
        let (event, now) = (test.app.new_id(), test.app.now());
        let said = ("Tried", format!("reason {n}"));
        applications::add_event(&mut tx, event, id, None, (said.0, &said.1), now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    audit::verify(&test.app.db).await.unwrap().unwrap()
}

async fn flaw(db: &Db) -> Option<Flaw> {
    audit::verify(db).await.unwrap().err()
}

crate::on_both! {
    async fn the_databases_refuse_to_change_the_log(test) {
        let end = trail(&test).await;
        let db = &test.app.db;
        for change in [
            "UPDATE audit_log SET what = 'else' WHERE seq = 2",
            "DELETE FROM audit_log WHERE seq = 2",
            "UPDATE audit_head SET seq = 1",
            "DELETE FROM audit_head",
        ] {
            let refused = attack(db, change).await.unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{change}: {refused}");
        }
        assert_eq!(audit::verify(db).await.unwrap(), Ok(end));
    }

    async fn a_changed_missing_or_added_row_is_found(test) {
        let end = trail(&test).await;
        let db = &test.app.db;
        take_guards_away(db).await;
        attack(db, "CREATE TABLE log_copy AS SELECT * FROM audit_log; CREATE TABLE head_copy AS SELECT * FROM audit_head")
            .await
            .unwrap();
        let last = end.seq;
        let tried = [
            ("UPDATE audit_log SET what = 'else' WHERE seq = 2".to_owned(), Flaw::Changed(2)),
            ("UPDATE audit_log SET at = at + 1 WHERE seq = 1".into(), Flaw::Changed(1)),
            ("UPDATE audit_log SET hash = 'else' WHERE seq = 3".into(), Flaw::Changed(3)),
            ("UPDATE audit_log SET previous = 'else' WHERE seq = 4".into(), Flaw::Unlinked(4)),
            ("DELETE FROM audit_log WHERE seq = 1".into(), Flaw::Missing(1)),
            ("DELETE FROM audit_log WHERE seq = 5".into(), Flaw::Missing(5)),
            (format!("DELETE FROM audit_log WHERE seq = {last}"), Flaw::Missing(last)),
            ("DELETE FROM audit_log".into(), Flaw::Missing(1)),
            (
                format!("INSERT INTO audit_log SELECT {last} + 1, at, actor, what, subject, detail, hash, 'x' FROM audit_log WHERE seq = {last}"),
                Flaw::Added(last + 1),
            ),
            ("UPDATE audit_head SET hash = 'else'".into(), Flaw::End(last)),
        ];
        for (change, found) in tried {
            attack(db, &change).await.unwrap();
            assert_eq!(flaw(db).await, Some(found), "{change}");
            attack(db, "DELETE FROM audit_log; INSERT INTO audit_log SELECT * FROM log_copy; DELETE FROM audit_head; INSERT INTO audit_head SELECT * FROM head_copy")
                .await
                .unwrap();
            assert_eq!(flaw(db).await, None, "{change}");
        }
        attack(db, "DROP TABLE log_copy; DROP TABLE head_copy").await.unwrap();
    }

    async fn a_log_that_was_written_anew_or_cut_is_not_the_one_that_was_noted(test) {
        let end = trail(&test).await;
        let db = &test.app.db;
        assert_eq!(audit::noted(db, &end).await.unwrap(), Ok(()));
        take_guards_away(db).await;
        // The last row goes, and the end with it: the chain itself holds.
        let before = audit::store::after(db, end.seq - 2, 1).await.unwrap().pop().unwrap();
        attack(db, &format!("DELETE FROM audit_log WHERE seq = {}; UPDATE audit_head SET seq = {}, hash = '{}'", end.seq, before.seq, before.hash))
            .await
            .unwrap();
        assert_eq!(flaw(db).await, None);
        assert_eq!(audit::noted(db, &end).await.unwrap(), Err(Flaw::Missing(end.seq)));
        // Everything is written anew from the second row on.
        let rows = audit::store::after(db, 0, 100).await.unwrap();
        let noted = Head { seq: 3, hash: rows[2].hash.clone() };
        let mut previous = rows[0].hash.clone();
        for mut row in rows.into_iter().skip(1) {
            row.detail = "nothing".into();
            row.previous.clone_from(&previous);
            row.hash = row.computed();
            previous.clone_from(&row.hash);
            attack(db, &format!("UPDATE audit_log SET detail = 'nothing', previous = '{}', hash = '{}' WHERE seq = {}", row.previous, row.hash, row.seq))
                .await
                .unwrap();
        }
        attack(db, &format!("UPDATE audit_head SET hash = '{previous}'")).await.unwrap();
        assert_eq!(flaw(db).await, None);
        assert_eq!(audit::noted(db, &noted).await.unwrap(), Err(Flaw::Rewritten(3)));
    }

    async fn a_changed_trail_is_found(test) {
        trail(&test).await;
        let db = &test.app.db;
        attack(db, "UPDATE application_events SET detail = 'another reason' WHERE detail = 'reason 3'").await.unwrap();
        assert!(matches!(flaw(db).await, Some(Flaw::Trail { .. })));
        attack(db, "UPDATE application_events SET detail = 'reason 3', what = 'Else' WHERE detail = 'another reason'").await.unwrap();
        assert!(matches!(flaw(db).await, Some(Flaw::Trail { .. })));
        attack(db, "UPDATE application_events SET what = 'Tried' WHERE what = 'Else'").await.unwrap();
    }

    async fn the_command_prints_the_end_and_takes_it_back(test) {
        let end = trail(&test).await;
        let mut out = Vec::new();
        let expect = Some(Head { seq: 2, hash: "else".into() });
        run(&test.app, AuditCommand::Verify { expect }, &mut out).await.unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "The audit log does not hold: row 2 is not the one that was noted: the log was written anew.\n");
        assert_eq!(end.seq, 9);
    }

    async fn rows_that_come_while_it_is_read_are_no_flaw(test) {
        trail(&test).await;
        let writing = test.app.clone();
        let writer = tokio::spawn(async move {
            for n in 0..200 {
                let mut tx = writing.db.begin().await.unwrap();
                let entry = audit::Entry { actor: audit::Actor::Halfopen, what: "Tried", subject: format!("number {n}"), detail: "" };
                audit::append(&mut tx, &entry, writing.now()).await.unwrap();
                tx.commit().await.unwrap();
            }
        });
        while !writer.is_finished() {
            assert_eq!(flaw(&test.app.db).await, None);
        }
        writer.await.unwrap();
    }
}
