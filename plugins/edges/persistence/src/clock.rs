//! What time it is by the clock of the database, which every server that uses it has in common.

use crate::refusal::Refusal;
use crate::transaction::Transaction;

/// Seconds since 1970.
pub(crate) async fn clock_s(changes: &mut Transaction) -> Result<i64, Refusal> {
    let now = changes.either(
        "SELECT CAST(strftime('%s', 'now') AS INTEGER) AS now_s",
        "SELECT CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp())) AS BIGINT) AS now_s",
    );
    changes.rows(now, &[]).await?.first().map_or(Err(Refusal::TimedOut), |row| row.number("now_s"))
}
