//! What the databases themselves refuse: to change or to remove what the audit log says.
//!
//! Whoever owns the database can take these away. They keep slips and half rights out; the chain of hashes finds the rest.

use sqlx::Executor as _;

use super::{Db, Result};

const SQLITE: [&str; 4] = [
    "CREATE TRIGGER IF NOT EXISTS audit_log_not_changed BEFORE UPDATE ON audit_log
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER IF NOT EXISTS audit_log_not_removed BEFORE DELETE ON audit_log
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER IF NOT EXISTS audit_head_not_back BEFORE UPDATE ON audit_head WHEN NEW.seq < OLD.seq
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER IF NOT EXISTS audit_head_not_removed BEFORE DELETE ON audit_head
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
];

/// In one statement, so that nodes that start at once do it one after the other.
const POSTGRES: &str = "DO $do$ BEGIN
    PERFORM pg_advisory_xact_lock(7215047);
    IF EXISTS (SELECT FROM pg_trigger WHERE tgname = 'audit_log_kept' AND tgrelid = 'audit_log'::regclass) THEN
        RETURN;
    END IF;
    CREATE OR REPLACE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $f$
        BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $f$;
    CREATE TRIGGER audit_log_kept BEFORE UPDATE OR DELETE ON audit_log
        FOR EACH ROW EXECUTE FUNCTION audit_log_refuse();
    CREATE TRIGGER audit_log_whole BEFORE TRUNCATE ON audit_log
        FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse();
    CREATE TRIGGER audit_head_not_back BEFORE UPDATE ON audit_head
        FOR EACH ROW WHEN (NEW.seq < OLD.seq) EXECUTE FUNCTION audit_log_refuse();
    CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_head
        FOR EACH ROW EXECUTE FUNCTION audit_log_refuse();
    CREATE TRIGGER audit_head_whole BEFORE TRUNCATE ON audit_head
        FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse();
END $do$";

/// Done at every start; what is there stays.
pub async fn set(db: &Db) -> Result<()> {
    match db {
        Db::Sqlite { write, .. } => {
            for trigger in SQLITE {
                write.execute(trigger).await?;
            }
        }
        Db::Postgres(pool) => {
            pool.execute(POSTGRES).await?;
        }
    }
    Ok(())
}
