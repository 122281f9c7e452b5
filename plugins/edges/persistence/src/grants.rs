//! What accounts are given, whatever for: items, grants, and the ledger's entries.

use hypogeum_protocol::{AccountId, CharacterId, StashedItem};

use crate::refusal::Refusal;
use crate::rows::{change_rows, now_s, signed, state_row};
use crate::transaction::Transaction;

/// One grant: account, source event, kind, amount, and the account's report as JSON.
pub(crate) type GrantRow<'a> = (i64, &'a str, &'a str, i64, String);

/// Puts new items into stashes, or among what a character carries.
pub(crate) async fn insert_items<'a>(
    changes: &mut Transaction,
    items: impl IntoIterator<Item = (AccountId, Option<CharacterId>, &'a StashedItem)>,
) -> Result<(), Refusal> {
    let row = |(account, carrier, item): (AccountId, Option<CharacterId>, &'a StashedItem)| {
        let carrier = carrier.map(|character| signed(character.0));
        let id = (signed(item.id.origin), item.id.serial);
        (id, signed(account.0), &item.template, carrier, state_row(&item.state))
    };
    let rows: Vec<_> = items.into_iter().map(row).collect();
    change_rows(
        changes,
        "INSERT INTO items (origin, serial, account, template, place, character, count, wear, bound, inside)
         SELECT CAST(value -> 0 ->> 0 AS BIGINT), CAST(value -> 0 ->> 1 AS BIGINT), CAST(value ->> 1 AS BIGINT), value ->> 2,
            'stash', CAST(value ->> 3 AS BIGINT), CAST(value -> 4 ->> 0 AS BIGINT), CAST(value -> 4 ->> 1 AS BIGINT),
            CAST(value -> 4 ->> 2 AS BIGINT), value -> 4 ->> 3
         FROM json_each($1)",
        &rows,
        0,
    )
    .await
}

/// Notes what accounts are granted. One that was granted for the same event before breaks the transaction.
pub(crate) async fn insert_grants(changes: &mut Transaction, rows: &[GrantRow<'_>]) -> Result<(), Refusal> {
    change_rows(
        changes,
        "INSERT INTO grants (account, source_event, kind, amount, report, granted_s)
         SELECT CAST(value ->> 0 AS BIGINT), value ->> 1, value ->> 2, CAST(value ->> 3 AS BIGINT), value ->> 4, $2
         FROM json_each($1)",
        rows,
        now_s(),
    )
    .await
}

/// Two entries for each that sum to zero: the account gains the amount, the house loses it. Zero moves nothing.
pub(crate) async fn enter(
    changes: &mut Transaction,
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
         SELECT CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS BIGINT), value ->> 2, $2 FROM json_each($1)",
        &rows,
        now_s(),
    )
    .await
}
