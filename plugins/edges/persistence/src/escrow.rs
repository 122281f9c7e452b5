//! What players bring leaves their stashes when a match begins, and returns if it never ends.

use std::collections::{BTreeMap, BTreeSet};

use crate::brought;
use crate::cosmetics::note_worn;
use crate::refusal::Refusal;
use crate::rows::{change_rows, item_of, now_s, signed, table, unsigned};
use crate::sql::Row;
use crate::transaction::Transaction;
use crate::visits;
use hypogeum_progression::{EscrowedItem, SEATS_MAX};
use hypogeum_protocol::{AccountId, ItemId, MatchId, StashedItem, limits};
use hypogeum_store::{RefusedItem, SeatEscrow, StoreFailure, StoreReply};

/// How a match stands in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MatchState {
    Unknown,
    Running,
    Settled,
    Abandoned,
}

/// How a match stands; until the transaction ends, nobody else changes that.
pub(crate) async fn match_state(changes: &mut Transaction, match_id: MatchId) -> Result<MatchState, Refusal> {
    let state =
        changes.either("SELECT state FROM matches WHERE id = $1", "SELECT state FROM matches WHERE id = $1 FOR UPDATE");
    let found = changes.rows(state, &[signed(match_id.0).into()]).await?;
    let Some(row) = found.first() else { return Ok(MatchState::Unknown) };
    Ok(match row.text("state")? {
        "running" => MatchState::Running,
        "settled" => MatchState::Settled,
        _ => MatchState::Abandoned,
    })
}

pub(crate) async fn close_match(changes: &mut Transaction, match_id: MatchId, state: &str) -> Result<(), Refusal> {
    let close = "UPDATE matches SET state = $1, ended_s = $2 WHERE id = $3";
    changes.run(close, &[state.into(), now_s().into(), signed(match_id.0).into()]).await?;
    Ok(())
}

/// Opens the match and moves what its seats bring from stash to escrow. An item that is not in that very account's
/// stash is refused; nothing else is held up by it. For a match already running it moves nothing and answers what is
/// held.
pub(crate) async fn take(
    changes: &mut Transaction,
    match_id: MatchId,
    mode: &str,
    seed: u64,
    seats: &[(AccountId, Vec<ItemId>)],
) -> Result<StoreReply, Refusal> {
    if seats.len() > SEATS_MAX {
        return Err(StoreFailure::from(hypogeum_progression::OrderError::TooManyResults(seats.len())).into());
    }
    let seats: Vec<_> = seats.iter().filter(|(account, _)| account.0 != 0).collect();
    if open_match(changes, match_id, mode, seed).await? {
        take_seats(changes, match_id, &seats).await?;
        let seated: Vec<i64> = seats.iter().map(|(account, _)| signed(account.0)).collect();
        note_worn(changes, &seated).await?;
    } else if match_state(changes, match_id).await? != MatchState::Running {
        return Err(StoreFailure::MatchClosed(match_id).into());
    }
    let mut held = held_by_seat(changes, match_id).await?;
    let mut taken = Vec::with_capacity(seats.len());
    let mut refused = Vec::new();
    let mut answered = BTreeSet::new();
    for (account, items) in seats {
        let account = *account;
        if !answered.insert(account) {
            refused.extend(items.iter().map(|&item| RefusedItem { account, item }));
            continue;
        }
        let held = SeatEscrow { account, items: held.remove(&account).unwrap_or_default() };
        let mut left: BTreeSet<ItemId> = held.items.iter().map(|item| item.id).collect();
        refused.extend(items.iter().filter(|id| !left.remove(id)).map(|&item| RefusedItem { account, item }));
        taken.push(held);
    }
    Ok(StoreReply::EscrowTaken { match_id, taken, refused })
}

/// Whether the match is new. Waits for a transaction that is opening or closing it: one whose answer was lost may still
/// be on its way.
async fn open_match(changes: &mut Transaction, match_id: MatchId, mode: &str, seed: u64) -> Result<bool, Refusal> {
    let open = "INSERT INTO matches (id, mode, seed, started_s, state) VALUES ($1, $2, $3, $4, 'running')
                ON CONFLICT (id) DO NOTHING";
    let binds = [signed(match_id.0).into(), mode.into(), signed(seed).into(), now_s().into()];
    Ok(changes.run(open, &binds).await? == 1)
}

/// Seats accounts that exist, each once, and takes at most a loadout's worth of their items.
pub(crate) async fn take_seats(
    changes: &mut Transaction,
    match_id: MatchId,
    seats: &[&(AccountId, Vec<ItemId>)],
) -> Result<(), Refusal> {
    let mut seated = BTreeSet::new();
    let mut wanted = Vec::new();
    for (account, items) in seats {
        if seated.insert(signed(account.0)) {
            let brought = items.iter().take(limits::LOADOUT_ITEMS_MAX);
            wanted.extend(brought.map(|id| (signed(account.0), signed(id.origin), id.serial)));
        }
    }
    let seated: Vec<i64> = seated.into_iter().collect();
    changes.lock_accounts(&table(&seated)?).await?;
    let match_id = signed(match_id.0);
    change_rows(
        changes,
        "INSERT INTO seats (match_id, account)
         SELECT $2, accounts.id FROM json_each($1) CROSS JOIN accounts WHERE accounts.id = CAST(value AS BIGINT)",
        &seated,
        match_id,
    )
    .await?;
    change_rows(
        changes,
        "UPDATE items SET place = 'escrow', match_id = $2, version = version + 1 FROM json_each($1)
         WHERE origin = CAST(value ->> 1 AS BIGINT) AND serial = CAST(value ->> 2 AS BIGINT)
            AND account = CAST(value ->> 0 AS BIGINT) AND place = 'stash' AND character IS NULL",
        &wanted,
        match_id,
    )
    .await
}

/// What a match holds, of each account in the order of its items' names.
async fn held_by_seat(
    changes: &mut Transaction,
    match_id: MatchId,
) -> Result<BTreeMap<AccountId, Vec<StashedItem>>, Refusal> {
    let mut held: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for EscrowedItem { owner, item } in escrow_of(changes, match_id).await? {
        held.entry(owner).or_default().push(item);
    }
    Ok(held)
}

/// What a match holds and whose it is, in the order of the items' names.
pub(crate) async fn escrow_of(changes: &mut Transaction, match_id: MatchId) -> Result<Vec<EscrowedItem>, Refusal> {
    let held = "SELECT origin, serial, template, count, wear, bound, inside, account FROM items WHERE match_id = $1 ORDER BY origin, serial";
    let rows = changes.rows(held, &[signed(match_id.0).into()]).await?;
    let held = |row: &Row| Ok(EscrowedItem { owner: AccountId(unsigned(row.number("account")?)), item: item_of(row)? });
    rows.iter().map(held).collect()
}

/// Returns what a match still holds to the stashes, whether it fits or not: nobody loses items by a server's failure. What a
/// character brought it carries again.
pub(crate) async fn return_escrow(changes: &mut Transaction, match_id: MatchId) -> Result<u32, Refusal> {
    let to_stash = "UPDATE items SET place = 'stash', match_id = NULL, version = version + 1 WHERE match_id = $1";
    let returned = changes.run(to_stash, &[signed(match_id.0).into()]).await?;
    Ok(u32::try_from(returned).unwrap_or(u32::MAX))
}

/// Keeps the accounts seated in some matches as [`Transaction::lock_accounts`] does. Seats stay while a match runs, so who
/// has the matches knows that it is all of them.
pub(crate) async fn lock_seats(changes: &mut Transaction, matches: &[MatchId]) -> Result<(), Refusal> {
    let matches: Vec<i64> = matches.iter().map(|match_id| signed(match_id.0)).collect();
    let seated = "SELECT account FROM profiles WHERE account = ANY (ARRAY
             (SELECT seats.account FROM seats WHERE match_id = ANY (ARRAY
                 (SELECT CAST(value AS BIGINT) FROM json_each($1)))))
         ORDER BY account FOR UPDATE";
    changes.lock(seated, &table(&matches)?).await
}

/// Closes a running match without result, or an open shard and all visits to it. Does nothing to any other. Returns how
/// many items are back in their stashes.
pub(crate) async fn abandon(changes: &mut Transaction, match_id: MatchId) -> Result<u32, Refusal> {
    let mut items_returned = 0;
    for visit in visits::of_shard(changes, match_id).await? {
        items_returned += abandon_one(changes, visit).await?;
    }
    Ok(items_returned + abandon_one(changes, match_id).await?)
}

async fn abandon_one(changes: &mut Transaction, match_id: MatchId) -> Result<u32, Refusal> {
    if open_match(changes, match_id, "", 0).await? {
        // Nobody knows it, and no lost request is about to make it known.
        changes.run("DELETE FROM matches WHERE id = $1", &[signed(match_id.0).into()]).await?;
        return Ok(0);
    }
    if match_state(changes, match_id).await? != MatchState::Running {
        return Ok(0);
    }
    lock_seats(changes, &[match_id]).await?;
    close_match(changes, match_id, "abandoned").await?;
    brought::release(changes, match_id).await?;
    return_escrow(changes, match_id).await
}
