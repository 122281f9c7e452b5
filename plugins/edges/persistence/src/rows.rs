//! How numbers, tables and items cross into SQL and back.

use std::time::{SystemTime, UNIX_EPOCH};

use hypogeum_protocol::{ItemId, ItemState, StashedItem};
use serde::Serialize;

use crate::refusal::Refusal;
use crate::sql::Row;
use crate::transaction::Transaction;

/// Rows one statement takes. A statement costs some 20 µs whatever it does, a row in it one or two: so what concerns
/// thousands of seats is sent as a few tables, each a JSON array that SQL reads with `json_each`. Those who are found by
/// their match are gone through once for each table, so a few hundred rows to each would be dear for ten thousand seats.
pub(crate) const ROWS_AT_ONCE: usize = 4_096;

/// Rows as the text that `json_each` reads.
pub(crate) fn table<T: Serialize>(rows: &[T]) -> Result<String, Refusal> {
    serde_json::to_string(rows).map_err(|error| sqlx::Error::Encode(error.into()).into())
}

/// Runs a statement for all `rows`, as many at a time as it takes. It finds the rows as `$1` and `bound` as `$2`.
pub(crate) async fn change_rows<T: Serialize + Sync>(
    changes: &mut Transaction,
    statement: &'static str,
    rows: &[T],
    bound: i64,
) -> Result<(), Refusal> {
    for some in rows.chunks(ROWS_AT_ONCE) {
        changes.run(statement, &[table(some)?.into(), bound.into()]).await?;
    }
    Ok(())
}

/// The signed number with the same bits: neither database has another.
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

/// Undoes [`match_event`].
pub(crate) fn match_of_event(source_event: &str) -> Option<u64> {
    source_event.strip_prefix("match:")?.parse().ok()
}

/// Reads columns `origin`, `serial`, `template`, `count`, `wear`, `bound` and `inside`.
pub(crate) fn item_of(row: &Row) -> Result<StashedItem, Refusal> {
    let id = ItemId { origin: unsigned(row.number("origin")?), serial: row.small("serial")? };
    let inside = row.text("inside")?.parse().ok();
    let state =
        ItemState { count: row.small("count")?, wear: row.small("wear")?, is_bound: row.number("bound")? != 0, inside };
    Ok(StashedItem { id, template: row.text("template")?.to_owned(), state })
}

/// The state of an item as a table's row has it: how many, wear, whether it is bound, and in what it lies, or nothing.
pub(crate) fn state_row(state: &ItemState) -> (u32, u32, u8, String) {
    let inside = state.inside.map_or_else(String::new, |inside| inside.to_string());
    (state.count, state.wear, u8::from(state.is_bound), inside)
}
