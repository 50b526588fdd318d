//! The only room that knows that there are two databases.
//!
//! Every statement is written once, with `$1` placeholders, and declared with [`statements!`]; a test prepares all of
//! them on both databases. Times are BIGINT microseconds, JSON is TEXT, ids are UUIDs as TEXT, bytes are BYTEA.

mod guards;
pub mod portable;

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Executor, Postgres, Row as _, SqlSafeStr, Sqlite};

#[derive(Debug, thiserror::Error)]
pub enum DbError {
    #[error(transparent)]
    Sqlx(#[from] sqlx::Error),
    #[error(transparent)]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("the stored {what} cannot be read: {why}")]
    Corrupt { what: &'static str, why: String },
}

impl DbError {
    /// A row with the same key exists already.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, DbError::Sqlx(sqlx::Error::Database(e)) if e.is_unique_violation())
    }
}

pub type Result<T, E = DbError> = std::result::Result<T, E>;

/// One SQL text. Made by [`statements!`] alone, so that none escapes the test that prepares them all.
#[derive(Clone, Copy, Debug)]
pub struct Statement(&'static str);

impl Statement {
    #[doc(hidden)]
    pub const fn declared(sql: &'static str) -> Statement {
        Statement(sql)
    }
}

/// Declares a room's statements, and `STATEMENTS` with all of them.
#[macro_export]
macro_rules! statements {
    ($($name:ident = $sql:literal;)*) => {
        $(const $name: $crate::db::Statement = $crate::db::Statement::declared($sql);)*
        pub const STATEMENTS: &[$crate::db::Statement] = &[$($name),*];
    };
}

/// The arguments of a statement, in order: `args![id, now, None::<String>]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { [$($crate::db::Arg::from($value)),*] };
}

/// A value on its way in. An absent one keeps its type: PostgreSQL asks for it.
#[derive(Clone, Debug)]
pub enum Arg {
    Int(Option<i64>),
    Bool(Option<bool>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

macro_rules! arg_from {
    ($($variant:ident: $type:ty, $value:ident => $expr:expr;)*) => {$(
        impl From<$type> for Arg {
            fn from($value: $type) -> Arg { Arg::$variant(Some($expr)) }
        }
        impl From<Option<$type>> for Arg {
            fn from(value: Option<$type>) -> Arg { Arg::$variant(value.map(|$value| $expr)) }
        }
    )*};
}

arg_from! {
    Int: i64, v => v;
    Bool: bool, v => v;
    Text: String, v => v;
    Text: &str, v => v.to_owned();
    Text: &String, v => v.clone();
    Bytes: Vec<u8>, v => v;
    Bytes: &[u8], v => v.to_vec();
    Int: crate::clock::Timestamp, v => v.0;
    Text: uuid::Uuid, v => v.to_string();
}

pub enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// A type that both databases can give back.
pub trait Column:
    sqlx::Type<Sqlite> + sqlx::Type<Postgres> + for<'r> sqlx::Decode<'r, Sqlite> + for<'r> sqlx::Decode<'r, Postgres>
{
}

impl<T> Column for T where
    T: sqlx::Type<Sqlite>
        + sqlx::Type<Postgres>
        + for<'r> sqlx::Decode<'r, Sqlite>
        + for<'r> sqlx::Decode<'r, Postgres>
{
}

impl Row {
    pub fn get<T: Column>(&self, column: &str) -> Result<T> {
        Ok(match self {
            Row::Sqlite(row) => row.try_get(column)?,
            Row::Postgres(row) => row.try_get(column)?,
        })
    }

    /// Reads a column that holds a word or a document of a type of ours.
    pub fn parse<T>(&self, column: &'static str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T> {
        let text: String = self.get(column)?;
        parse(&text).ok_or(DbError::Corrupt {
            what: column,
            why: text,
        })
    }

    pub fn json<T: serde::de::DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        let text: String = self.get(column)?;
        serde_json::from_str(&text).map_err(|e| DbError::Corrupt {
            what: column,
            why: e.to_string(),
        })
    }

    pub fn id(&self, column: &'static str) -> Result<uuid::Uuid> {
        self.parse(column, |text| text.parse().ok())
    }

    pub fn time(&self, column: &str) -> Result<crate::clock::Timestamp> {
        self.get(column).map(crate::clock::Timestamp)
    }
}

#[derive(Clone)]
pub enum Db {
    /// SQLite has one writer at a time. Waiting for one connection is fair, waiting for the file's lock is not.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

pub enum Tx {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "people", include_str!("../migrations/0001_people.sql")),
    (2, "assessments", include_str!("../migrations/0002_assessments.sql")),
    (3, "mail", include_str!("../migrations/0003_mail.sql")),
    (4, "candidates", include_str!("../migrations/0004_assessments.sql")),
    (5, "roles", include_str!("../migrations/0005_roles.sql")),
    (6, "hiring", include_str!("../migrations/0006_hiring.sql")),
    (7, "pipeline", include_str!("../migrations/0007_pipeline.sql")),
    (8, "screening", include_str!("../migrations/0008_screening.sql")),
    (
        9,
        "pipeline views",
        include_str!("../migrations/0009_pipeline_views.sql"),
    ),
    (10, "evidence", include_str!("../migrations/0010_evidence.sql")),
    (11, "reports", include_str!("../migrations/0011_reports.sql")),
    (12, "privacy", include_str!("../migrations/0012_privacy.sql")),
    (13, "accounts", include_str!("../migrations/0013_second_factor.sql")),
    (14, "today", include_str!("../migrations/0014_today.sql")),
    (
        15,
        "hidden assessments",
        include_str!("../migrations/0015_hidden_assessments.sql"),
    ),
    (16, "growth", include_str!("../migrations/0016_growth.sql")),
    (
        17,
        "withheld names",
        include_str!("../migrations/0017_withheld_names.sql"),
    ),
    (18, "tests kept", include_str!("../migrations/0018_tests_kept.sql")),
    (19, "attachments", include_str!("../migrations/0019_attachments.sql")),
    (
        20,
        "one kind of acts",
        include_str!("../migrations/0020_one_kind_of_acts.sql"),
    ),
];

impl Db {
    pub async fn open_sqlite(file: &Path) -> Result<Db> {
        Db::connect_sqlite(file).await?.migrated(i64::MAX).await
    }

    async fn connect_sqlite(file: &Path) -> Result<Db> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What a page has acknowledged survives a power cut.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10));
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        let read = SqlitePoolOptions::new()
            .max_connections(8)
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok(Db::Sqlite { read, write })
    }

    pub async fn open_postgres(url: &str) -> Result<Db> {
        Db::connect_postgres(url).await?.migrated(i64::MAX).await
    }

    async fn connect_postgres(url: &str) -> Result<Db> {
        let options = PgConnectOptions::from_str(url)?;
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(Duration::from_secs(10))
            .after_connect(|connection, _| {
                Box::pin(async move {
                    // No query here runs for so long that compiling it would pay, and a guess that it does costs a page.
                    connection.execute("SET jit = off").await?;
                    Ok(())
                })
            })
            .connect_with(options)
            .await?;
        Ok(Db::Postgres(pool))
    }

    /// Brings the tables to what they were with a migration, or to what they are now.
    async fn migrated(self, version: i64) -> Result<Db> {
        match &self {
            Db::Sqlite { write, .. } => migrator(version).run(write).await?,
            Db::Postgres(pool) => migrator(version).run(pool).await?,
        }
        if version == i64::MAX {
            guards::set(&self).await?;
        }
        Ok(self)
    }

    pub async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            // Taking the write lock at once: a transaction that reads first and writes later could fail in between.
            Db::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    pub async fn all<const N: usize>(&self, statement: Statement, args: [Arg; N]) -> Result<Vec<Row>> {
        match self {
            Db::Sqlite { read, .. } => sqlite_rows(read, statement, &args).await,
            Db::Postgres(pool) => postgres_rows(pool, statement, &args).await,
        }
    }

    pub async fn optional<const N: usize>(&self, statement: Statement, args: [Arg; N]) -> Result<Option<Row>> {
        Ok(self.all(statement, args).await?.into_iter().next())
    }

    pub async fn close(&self) {
        match self {
            Db::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }

    /// Asks the database to understand a statement without running it.
    pub async fn prepare(&self, Statement(sql): Statement) -> Result<()> {
        match self {
            Db::Sqlite { write, .. } => drop(write.prepare(sql.into_sql_str()).await?),
            Db::Postgres(pool) => drop(pool.prepare(sql.into_sql_str()).await?),
        }
        Ok(())
    }
}

impl Tx {
    /// Says how many rows were changed.
    pub async fn execute<const N: usize>(&mut self, Statement(sql): Statement, args: [Arg; N]) -> Result<u64> {
        Ok(match self {
            Tx::Sqlite(tx) => bind_sqlite(sql, &args).execute(&mut **tx).await?.rows_affected(),
            Tx::Postgres(tx) => bind_postgres(sql, &args).execute(&mut **tx).await?.rows_affected(),
        })
    }

    pub async fn all<const N: usize>(&mut self, statement: Statement, args: [Arg; N]) -> Result<Vec<Row>> {
        match self {
            Tx::Sqlite(tx) => sqlite_rows(&mut **tx, statement, &args).await,
            Tx::Postgres(tx) => postgres_rows(&mut **tx, statement, &args).await,
        }
    }

    pub async fn optional<const N: usize>(&mut self, statement: Statement, args: [Arg; N]) -> Result<Option<Row>> {
        Ok(self.all(statement, args).await?.into_iter().next())
    }

    pub async fn rollback(self) -> Result<()> {
        match self {
            Tx::Sqlite(tx) => tx.rollback().await?,
            Tx::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }

    pub async fn commit(self) -> Result<()> {
        match self {
            Tx::Sqlite(tx) => tx.commit().await?,
            Tx::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// Finds the words as they stand: what LIKE has a meaning of its own for is escaped.
pub fn like_pattern(typed: &str) -> String {
    let key = crate::ui::search_key(typed);
    format!(
        "%{}%",
        key.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
    )
}

async fn sqlite_rows<'c>(
    on: impl Executor<'c, Database = Sqlite>,
    Statement(sql): Statement,
    args: &[Arg],
) -> Result<Vec<Row>> {
    Ok(bind_sqlite(sql, args)
        .fetch_all(on)
        .await?
        .into_iter()
        .map(Row::Sqlite)
        .collect())
}

async fn postgres_rows<'c>(
    on: impl Executor<'c, Database = Postgres>,
    Statement(sql): Statement,
    args: &[Arg],
) -> Result<Vec<Row>> {
    Ok(bind_postgres(sql, args)
        .fetch_all(on)
        .await?
        .into_iter()
        .map(Row::Postgres)
        .collect())
}

macro_rules! bind {
    ($name:ident, $database:ty) => {
        fn $name(
            sql: &'static str,
            args: &[Arg],
        ) -> sqlx::query::Query<'static, $database, <$database as sqlx::Database>::Arguments> {
            args.iter()
                .cloned()
                .fold(sqlx::query(sql), |query, arg| match arg {
                    Arg::Int(v) => query.bind(v),
                    Arg::Bool(v) => query.bind(v),
                    Arg::Text(v) => query.bind(v),
                    Arg::Bytes(v) => query.bind(v),
                })
        }
    };
}

bind!(bind_sqlite, Sqlite);
bind!(bind_postgres, Postgres);

fn migrator(up_to: i64) -> Migrator {
    let migrations = MIGRATIONS
        .iter()
        .filter(|(version, ..)| *version <= up_to)
        .map(|&(version, name, sql)| {
            Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
        })
        .collect();
    Migrator {
        migrations,
        ..Migrator::DEFAULT
    }
}
