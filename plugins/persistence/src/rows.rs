//! How numbers and results cross into SQL and back.

use std::time::{SystemTime, UNIX_EPOCH};

use hypogeum_progression::{OrderFlaw, StoreFailure};
use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

use hypogeum_progression::StashedItem;
use hypogeum_protocol::ItemId;

/// A transaction of this database.
pub(crate) type Changes = Transaction<'static, Sqlite>;

/// How every writing transaction begins: taking the write lock at once, it never has to be undone half way because
/// somebody else wrote first.
pub(crate) const BEGIN_WRITING: &str = "BEGIN IMMEDIATE";

/// Rows one statement takes. A statement costs some 20 µs whatever it does, a row in it one or two: so what concerns
/// thousands of seats is sent as a few tables, each a JSON array that SQL reads with `json_each`.
pub(crate) const ROWS_AT_ONCE: usize = 1_024;

/// Rows as the text that `json_each` reads.
pub(crate) fn table<T: Serialize>(rows: &[T]) -> Result<String, Refusal> {
    serde_json::to_string(rows).map_err(|error| sqlx::Error::Encode(error.into()).into())
}

/// Runs a statement for all `rows`, as many at a time as it takes. It finds the rows as `?1` and `bound` as `?2`.
pub(crate) async fn change_rows<T: Serialize + Sync>(
    changes: &mut Changes,
    statement: &'static str,
    rows: &[T],
    bound: i64,
) -> Result<(), Refusal> {
    for some in rows.chunks(ROWS_AT_ONCE) {
        sqlx::query(statement).bind(table(some)?).bind(bound).execute(&mut **changes).await?;
    }
    Ok(())
}

/// The signed number with the same bits: SQLite has no other.
pub(crate) const fn signed(number: u64) -> i64 {
    number.cast_signed()
}

/// Undoes [`signed`].
pub(crate) const fn unsigned(number: i64) -> u64 {
    number.cast_unsigned()
}

/// Seconds since 1970, for people who read the database; nothing is decided by it.
pub(crate) fn now_s() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// The source event of a match's settlement.
pub(crate) fn match_event(match_id: u64) -> String {
    format!("match:{match_id}")
}

/// Reads columns `origin`, `serial` and `template`.
pub(crate) fn item_of(row: &SqliteRow) -> Result<StashedItem, Refusal> {
    let origin = unsigned(row.try_get("origin")?);
    let serial: u32 = row.try_get("serial")?;
    Ok(StashedItem { id: ItemId { origin, serial }, template: row.try_get("template")? })
}

/// Why a request is not answered as asked; the transaction it happened in is rolled back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    #[error(transparent)]
    Asked(#[from] StoreFailure),
}

impl From<OrderFlaw> for Refusal {
    fn from(flaw: OrderFlaw) -> Self {
        Self::Asked(flaw.into())
    }
}

impl From<Refusal> for StoreFailure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Sql(error) => Self::Unavailable(error.to_string()),
            Refusal::Asked(failure) => failure,
        }
    }
}
