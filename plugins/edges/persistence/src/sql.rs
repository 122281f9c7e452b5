//! One text of SQL for two databases: statements, what is bound to them, and what comes back.
//!
//! Only four kinds of values cross: whole numbers, text, bytes, and nothing. Parameters are written `$1`, tables come as
//! JSON arrays through `json_each`, and a number out of JSON is `CAST(value ->> 0 AS BIGINT)`: both databases read that.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{PgPool, Postgres, Row as _, Sqlite, SqlitePool};

use crate::refusal::Refusal;

/// How long one statement may take. After that its connection is given up: what became of it is not known.
pub(crate) const STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);

/// A value that goes into a statement.
#[derive(Clone, Debug)]
pub(crate) enum Bind {
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<i64> for Bind {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Bind {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Bind {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for Bind {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

/// One row that came back. A column that is missing or of another kind is a mistake of ours.
#[derive(Debug)]
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    pub(crate) fn number(&self, column: &'static str) -> Result<i64, Refusal> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    /// A number of a narrower type.
    pub(crate) fn small<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, Refusal> {
        let number = self.number(column)?;
        T::try_from(number).map_err(|_| Refusal::Unreadable { column, found: number.to_string() })
    }

    /// Bytes, or nothing.
    pub(crate) fn bytes(&self, column: &'static str) -> Result<Option<&[u8]>, Refusal> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn text(&self, column: &'static str) -> Result<&str, Refusal> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }
}

/// The connections of one kind to one database.
#[derive(Clone, Debug)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Pool {
    pub(crate) async fn acquire(&self) -> Result<Connection, Refusal> {
        Ok(match self {
            Self::Sqlite(pool) => Connection::Sqlite(pool.acquire().await?),
            Self::Postgres(pool) => Connection::Postgres(pool.acquire().await?),
        })
    }

    /// Ends the connections that nobody uses now: they may lead to a node that is the primary no more.
    pub(crate) fn end_idle(&self) {
        if let Self::Postgres(pool) = self {
            while let Some(connection) = pool.try_acquire() {
                drop(connection.detach());
            }
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// One connection. Dropped, it goes back to where it came from.
#[derive(Debug)]
pub(crate) enum Connection {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

macro_rules! bound {
    ($statement:expr, $binds:expr) => {{
        let mut query = sqlx::query($statement);
        for bind in $binds {
            query = match bind {
                Bind::Number(number) => query.bind(*number),
                Bind::Text(text) => query.bind(text.as_str()),
                Bind::Bytes(bytes) => query.bind(bytes.as_slice()),
            };
        }
        query
    }};
}

impl Connection {
    /// Runs a statement; returns how many rows it changed.
    pub(crate) async fn run(&mut self, statement: &'static str, binds: &[Bind]) -> Result<u64, Refusal> {
        match self {
            Self::Sqlite(connection) => {
                in_time(bound!(statement, binds).execute(&mut **connection)).await.map(|done| done.rows_affected())
            }
            // Without anything bound it goes as it is, in one message.
            Self::Postgres(connection) if binds.is_empty() => {
                in_time(sqlx::raw_sql(statement).execute(&mut **connection)).await.map(|done| done.rows_affected())
            }
            Self::Postgres(connection) => {
                in_time(bound!(statement, binds).execute(&mut **connection)).await.map(|done| done.rows_affected())
            }
        }
    }

    /// Runs a statement; returns what it found.
    pub(crate) async fn rows(&mut self, statement: &'static str, binds: &[Bind]) -> Result<Vec<Row>, Refusal> {
        Ok(match self {
            Self::Sqlite(connection) => {
                let rows = in_time(bound!(statement, binds).fetch_all(&mut **connection)).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(connection) => {
                let rows = in_time(bound!(statement, binds).fetch_all(&mut **connection)).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Closes it without asking the database, which undoes what it had begun.
    pub(crate) fn discard(self) {
        match self {
            Self::Sqlite(connection) => drop(connection.detach()),
            Self::Postgres(connection) => drop(connection.detach()),
        }
    }
}

/// Waits no longer than [`STATEMENT_TIMEOUT`].
pub(crate) async fn in_time<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, Refusal> {
    match tokio::time::timeout(STATEMENT_TIMEOUT, work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(Refusal::TimedOut),
    }
}
