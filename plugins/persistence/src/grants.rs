//! What accounts are given, whatever for: items, grants, and the ledger's entries.

use hypogeum_progression::StashedItem;
use hypogeum_protocol::AccountId;

use crate::rows::{Changes, ROWS_AT_ONCE, Refusal, change_rows, now_s, signed, table};

/// One grant: account, source event, kind, amount, and what the account was told as JSON.
pub(crate) type GrantRow<'a> = (i64, &'a str, &'a str, i64, String);

/// Puts new items into stashes.
pub(crate) async fn insert_items<'a>(
    changes: &mut Changes,
    items: impl IntoIterator<Item = (AccountId, &'a StashedItem)>,
) -> Result<(), Refusal> {
    let row = |(account, item): (AccountId, &'a StashedItem)| {
        (signed(item.id.origin), item.id.serial, signed(account.0), &item.template)
    };
    let rows: Vec<_> = items.into_iter().map(row).collect();
    for some in rows.chunks(ROWS_AT_ONCE) {
        sqlx::query(
            "INSERT INTO items (origin, serial, account, template, place)
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, 'stash' FROM json_each(?)",
        )
        .bind(table(some)?)
        .execute(&mut **changes)
        .await?;
    }
    Ok(())
}

/// Notes what accounts are granted. One that was granted for the same event before breaks the transaction.
pub(crate) async fn insert_grants(changes: &mut Changes, rows: &[GrantRow<'_>]) -> Result<(), Refusal> {
    change_rows(
        changes,
        "INSERT INTO grants (account, source_event, kind, amount, report, granted_s)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, ?2 FROM json_each(?1)",
        rows,
        now_s(),
    )
    .await
}

/// Two entries for each that sum to zero: the account gains the amount, the house loses it. Zero moves nothing.
pub(crate) async fn enter(
    changes: &mut Changes,
    gained: impl IntoIterator<Item = (AccountId, i64)>,
    source_event: &str,
) -> Result<(), Refusal> {
    let gained = gained.into_iter().filter(|(_, amount)| *amount != 0);
    let rows: Vec<(Option<i64>, i64, &str)> = gained
        .flat_map(|(account, amount)| [(Some(signed(account.0)), amount, source_event), (None, -amount, source_event)])
        .collect();
    change_rows(
        changes,
        "INSERT INTO ledger (account, amount, source_event, entered_s)
         SELECT value ->> 0, value ->> 1, value ->> 2, ?2 FROM json_each(?1)",
        &rows,
        now_s(),
    )
    .await
}
