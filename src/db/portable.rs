//! Tables as they are, whatever they hold: for a copy of a whole database, which the other database takes as well, and
//! for what belongs to one person.

use std::path::Path;

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Column as _, Row as _, TypeInfo as _, ValueRef as _};

use super::{Db, DbError, MIGRATIONS, Result, Row, Tx};

/// A value without a database around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Null,
    Int(i64),
    Bool(bool),
    Text(String),
    Bytes(Vec<u8>),
}

/// A column of the schema as the database tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaColumn {
    pub table: String,
    pub column: String,
}

/// The number of the last migration.
pub fn version() -> i64 {
    MIGRATIONS.iter().map(|(version, ..)| *version).max().unwrap_or(0)
}

/// The names of all tables, each behind those that it refers to, as far as they were there at a migration.
pub fn tables(version: i64) -> Vec<&'static str> {
    let texts = MIGRATIONS.iter().filter(|(number, ..)| *number <= version);
    let mut there = Vec::new();
    for line in texts.flat_map(|(.., sql)| sql.lines()) {
        let name = |rest: &'static str| rest.split([' ', '(', ';']).next();
        if let Some(created) = line.strip_prefix("CREATE TABLE ") {
            there.extend(name(created));
        } else if let Some(dropped) = line.strip_prefix("DROP TABLE ").and_then(name) {
            there.retain(|table| *table != dropped);
        }
    }
    there
}

fn unreadable(column: &str, kind: &str) -> DbError {
    DbError::Corrupt {
        what: "column",
        why: format!("{column} is of the type {kind}, which nothing of ours has"),
    }
}

impl Row {
    /// Every column, by name.
    pub fn cells(&self) -> Result<Vec<(String, Cell)>> {
        match self {
            Row::Sqlite(row) => row.columns().iter().map(|column| sqlite_cell(row, column)).collect(),
            Row::Postgres(row) => row.columns().iter().map(|column| postgres_cell(row, column)).collect(),
        }
    }
}

fn sqlite_cell(row: &sqlx::sqlite::SqliteRow, column: &sqlx::sqlite::SqliteColumn) -> Result<(String, Cell)> {
    let (at, name) = (column.ordinal(), column.name().to_owned());
    let value = row.try_get_raw(at)?;
    if value.is_null() {
        return Ok((name, Cell::Null));
    }
    let kind = value.type_info().name().to_owned();
    let cell = match kind.as_str() {
        _ if column.type_info().name() == "BOOLEAN" => Cell::Bool(row.try_get(at)?),
        "INTEGER" => Cell::Int(row.try_get(at)?),
        "TEXT" => Cell::Text(row.try_get(at)?),
        "BLOB" => Cell::Bytes(row.try_get(at)?),
        other => return Err(unreadable(&name, other)),
    };
    Ok((name, cell))
}

fn postgres_cell(row: &sqlx::postgres::PgRow, column: &sqlx::postgres::PgColumn) -> Result<(String, Cell)> {
    let (at, name) = (column.ordinal(), column.name().to_owned());
    if row.try_get_raw(at)?.is_null() {
        return Ok((name, Cell::Null));
    }
    let cell = match column.type_info().name() {
        "INT8" => Cell::Int(row.try_get(at)?),
        "BOOL" => Cell::Bool(row.try_get(at)?),
        "TEXT" => Cell::Text(row.try_get(at)?),
        "BYTEA" => Cell::Bytes(row.try_get(at)?),
        other => return Err(unreadable(&name, other)),
    };
    Ok((name, cell))
}

impl Db {
    /// Reads only, and sees the database as it was at its first statement, whatever others write meanwhile.
    pub async fn snapshot(&self) -> Result<Tx> {
        Ok(match self {
            Db::Sqlite { read, .. } => Tx::Sqlite(read.begin_with("BEGIN").await?),
            Db::Postgres(pool) => Tx::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        })
    }

    /// The columns of all our tables.
    pub async fn schema(&self) -> Result<Vec<SchemaColumn>> {
        let rows: Vec<Row> = match self {
            Db::Sqlite { read, .. } => {
                let sql = "SELECT m.name AS table_name, p.name AS column_name FROM sqlite_master AS m
                    JOIN pragma_table_info(m.name) AS p WHERE m.type = 'table' ORDER BY m.name, p.cid";
                let rows = sqlx::query(sql).fetch_all(read).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Db::Postgres(pool) => {
                let sql = "SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS column_name
                    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
                    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
                    ORDER BY table_name, ordinal_position";
                let rows = sqlx::query(sql).fetch_all(pool).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        };
        let column = |row: &Row| {
            Ok(SchemaColumn {
                table: row.get("table_name")?,
                column: row.get("column_name")?,
            })
        };
        let all = rows.iter().map(column).collect::<Result<Vec<_>>>()?;
        let ours = |column: &SchemaColumn| !column.table.starts_with("_sqlx") && !column.table.starts_with("sqlite_");
        Ok(all.into_iter().filter(ours).collect())
    }

    /// A new database with the tables of a migration and nothing of ours in them. `None`: there is something already.
    pub async fn create_sqlite(file: &Path, version: i64) -> Result<Option<Db>> {
        match file.exists() {
            true => Ok(None),
            false => Ok(Some(Db::connect_sqlite(file).await?.migrated(version).await?)),
        }
    }

    pub async fn create_postgres(url: &str, version: i64) -> Result<Option<Db>> {
        let db = Db::connect_postgres(url).await?;
        match db.schema().await?.is_empty() {
            false => Ok(None),
            true => Ok(Some(db.migrated(version).await?)),
        }
    }

    /// The rest of the migrations.
    pub async fn brought_up(self) -> Result<Db> {
        self.migrated(i64::MAX).await
    }

    pub async fn load(&self) -> Result<Load> {
        let mut tx = self.begin().await?;
        let constraints = match &mut tx {
            Tx::Sqlite(tx) => {
                sqlx::query("PRAGMA defer_foreign_keys = ON").execute(&mut **tx).await?;
                Vec::new()
            }
            Tx::Postgres(tx) => {
                let sql = "SELECT CAST(CAST(conrelid AS regclass) AS TEXT) AS holder, CAST(conname AS TEXT) AS name,
                        pg_get_constraintdef(oid) AS rule
                    FROM pg_constraint WHERE contype = 'f' AND connamespace = CAST(current_schema() AS regnamespace)";
                let rows = sqlx::query(sql).fetch_all(&mut **tx).await?;
                let text = |row: &sqlx::postgres::PgRow, column: &str| row.try_get::<String, _>(column);
                let mut constraints = Vec::new();
                for row in &rows {
                    let (holder, name) = (text(row, "holder")?, text(row, "name")?);
                    let dropping = format!("ALTER TABLE {holder} DROP CONSTRAINT \"{name}\"");
                    sqlx::query(AssertSqlSafe(dropping)).execute(&mut **tx).await?;
                    constraints.push(format!(
                        "ALTER TABLE {holder} ADD CONSTRAINT \"{name}\" {}",
                        text(row, "rule")?
                    ));
                }
                constraints
            }
        };
        Ok(Load { tx, constraints })
    }
}

impl Tx {
    /// Hands on every row of a table, one by one.
    pub async fn each<E: From<DbError>>(
        &mut self,
        table: &str,
        mut hand_on: impl FnMut(&Row) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let sql = AssertSqlSafe(format!("SELECT * FROM {table}"));
        match self {
            Tx::Sqlite(tx) => {
                let mut rows = sqlx::query(sql).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await.map_err(DbError::from)? {
                    hand_on(&Row::Sqlite(row))?;
                }
            }
            Tx::Postgres(tx) => {
                let mut rows = sqlx::query(sql).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await.map_err(DbError::from)? {
                    hand_on(&Row::Postgres(row))?;
                }
            }
        }
        Ok(())
    }
}

/// Filling a new database, all or nothing. What refers to what is looked at once everything is there.
pub struct Load {
    tx: Tx,
    /// Of PostgreSQL: what was taken away meanwhile.
    constraints: Vec<String>,
}

/// So many values a statement: both databases take more.
const MOST_VALUES: usize = 8_000;

impl Load {
    /// What migrations put into a table makes place for what it held.
    pub async fn empty(&mut self, table: &str) -> Result<()> {
        let sql = AssertSqlSafe(format!("DELETE FROM {table}"));
        match &mut self.tx {
            Tx::Sqlite(tx) => sqlx::query(sql).execute(&mut **tx).await.map(drop)?,
            Tx::Postgres(tx) => sqlx::query(sql).execute(&mut **tx).await.map(drop)?,
        }
        Ok(())
    }

    /// `columns` are names of ours: they were compared with the schema.
    pub async fn insert(&mut self, table: &str, columns: &[String], rows: &[Vec<Cell>]) -> Result<()> {
        for rows in rows.chunks((MOST_VALUES / columns.len().max(1)).max(1)) {
            let (sql, values) = insertion(table, columns, rows);
            let sql = AssertSqlSafe(sql);
            macro_rules! run {
                ($tx:expr) => {{
                    let query = sqlx::query(sql).persistent(false);
                    let bound = values.into_iter().fold(query, |query, cell| match cell {
                        Cell::Int(value) => query.bind(*value),
                        Cell::Bool(value) => query.bind(*value),
                        Cell::Text(value) => query.bind(value.as_str()),
                        Cell::Bytes(value) => query.bind(value.as_slice()),
                        Cell::Null => query,
                    });
                    bound.execute(&mut **$tx).await?;
                }};
            }
            match &mut self.tx {
                Tx::Sqlite(tx) => run!(tx),
                Tx::Postgres(tx) => run!(tx),
            }
        }
        Ok(())
    }

    pub async fn finish(mut self) -> Result<()> {
        if let Tx::Postgres(tx) = &mut self.tx {
            for constraint in self.constraints {
                sqlx::query(AssertSqlSafe(constraint)).execute(&mut **tx).await?;
            }
        }
        self.tx.commit().await
    }
}

/// NULL stands in the text: PostgreSQL would ask for its type.
fn insertion<'a>(table: &str, columns: &[String], rows: &'a [Vec<Cell>]) -> (String, Vec<&'a Cell>) {
    let mut values = Vec::new();
    let mut place = |cell: &'a Cell| match cell {
        Cell::Null => "NULL".to_owned(),
        cell => {
            values.push(cell);
            format!("${}", values.len())
        }
    };
    let row = |row: &'a Vec<Cell>| format!("({})", row.iter().map(&mut place).collect::<Vec<_>>().join(", "));
    let rows: Vec<_> = rows.iter().map(row).collect();
    let sql = format!(
        "INSERT INTO {table} ({}) VALUES {}",
        columns.join(", "),
        rows.join(", ")
    );
    (sql, values)
}
