//! What players bring leaves their stashes when a match begins, and comes home if it never ends.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_progression::{RefusedItem, SEATS_MAX, SeatEscrow, StashedItem, StoreFailure, StoreReply};
use hypogeum_protocol::{AccountId, ItemId, MatchId, limits};
use sqlx::Row;

use crate::rows::{Changes, Refusal, change_rows, item_of, now_s, signed, unsigned};

/// How a match stands in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MatchState {
    Unknown,
    Running,
    Settled,
    Abandoned,
}

pub(crate) async fn match_state(changes: &mut Changes, match_id: MatchId) -> Result<MatchState, Refusal> {
    let row = sqlx::query("SELECT state FROM matches WHERE id = ?")
        .bind(signed(match_id.0))
        .fetch_optional(&mut **changes)
        .await?;
    let Some(row) = row else { return Ok(MatchState::Unknown) };
    Ok(match row.try_get::<&str, _>("state")? {
        "running" => MatchState::Running,
        "settled" => MatchState::Settled,
        _ => MatchState::Abandoned,
    })
}

pub(crate) async fn close_match(changes: &mut Changes, match_id: MatchId, state: &str) -> Result<(), Refusal> {
    sqlx::query("UPDATE matches SET state = ?, ended_s = ? WHERE id = ?")
        .bind(state)
        .bind(now_s())
        .bind(signed(match_id.0))
        .execute(&mut **changes)
        .await?;
    Ok(())
}

/// Opens the match and moves what its seats bring from stash to escrow. An item that is not in that very account's
/// stash is refused; nothing else is held up by it. For a match already running it moves nothing and answers what is
/// held.
pub(crate) async fn take(
    changes: &mut Changes,
    match_id: MatchId,
    mode: &str,
    seed: u64,
    seats: &[(AccountId, Vec<ItemId>)],
) -> Result<StoreReply, Refusal> {
    if seats.len() > SEATS_MAX {
        return Err(StoreFailure::from(hypogeum_progression::OrderFlaw::TooManyResults(seats.len())).into());
    }
    let seats: Vec<_> = seats.iter().filter(|(account, _)| account.0 != 0).collect();
    match match_state(changes, match_id).await? {
        MatchState::Unknown => {
            open_match(changes, match_id, mode, seed).await?;
            take_seats(changes, match_id, &seats).await?;
        }
        MatchState::Running => {}
        MatchState::Settled | MatchState::Abandoned => return Err(StoreFailure::MatchClosed(match_id).into()),
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

async fn open_match(changes: &mut Changes, match_id: MatchId, mode: &str, seed: u64) -> Result<(), Refusal> {
    sqlx::query("INSERT INTO matches (id, mode, seed, started_s, state) VALUES (?, ?, ?, ?, 'running')")
        .bind(signed(match_id.0))
        .bind(mode)
        .bind(signed(seed))
        .bind(now_s())
        .execute(&mut **changes)
        .await?;
    Ok(())
}

/// Seats accounts that exist, each once, and takes at most a loadout's worth of their items.
async fn take_seats(
    changes: &mut Changes,
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
    let match_id = signed(match_id.0);
    change_rows(
        changes,
        "INSERT INTO seats (match_id, account) SELECT ?2, accounts.id FROM json_each(?1) CROSS JOIN accounts ON accounts.id = value",
        &seated,
        match_id,
    )
    .await?;
    change_rows(
        changes,
        "UPDATE items SET place = 'escrow', match_id = ?2, version = version + 1
         WHERE (origin, serial) IN (
            SELECT origin, serial FROM json_each(?1) AS wanted CROSS JOIN items
            ON origin = value ->> 1 AND serial = value ->> 2 AND account = value ->> 0 AND place = 'stash')",
        &wanted,
        match_id,
    )
    .await
}

/// What a match holds, of each account in the order of its items' names.
async fn held_by_seat(
    changes: &mut Changes,
    match_id: MatchId,
) -> Result<BTreeMap<AccountId, Vec<StashedItem>>, Refusal> {
    let mut held: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (owner, item) in escrow_of(changes, match_id).await? {
        held.entry(owner).or_default().push(item);
    }
    Ok(held)
}

/// What a match holds and whose it is, in the order of the items' names.
pub(crate) async fn escrow_of(
    changes: &mut Changes,
    match_id: MatchId,
) -> Result<Vec<(AccountId, StashedItem)>, Refusal> {
    let rows =
        sqlx::query("SELECT origin, serial, template, account FROM items WHERE match_id = ? ORDER BY origin, serial")
            .bind(signed(match_id.0))
            .fetch_all(&mut **changes)
            .await?;
    rows.iter().map(|row| Ok((AccountId(unsigned(row.try_get("account")?)), item_of(row)?))).collect()
}

/// Sends whatever a match still holds home, whether it fits or not: nobody loses what the server failed to play for.
pub(crate) async fn send_home(changes: &mut Changes, match_id: MatchId) -> Result<u32, Refusal> {
    let returned =
        sqlx::query("UPDATE items SET place = 'stash', match_id = NULL, version = version + 1 WHERE match_id = ?")
            .bind(signed(match_id.0))
            .execute(&mut **changes)
            .await?;
    Ok(u32::try_from(returned.rows_affected()).unwrap_or(u32::MAX))
}

/// Closes a running match without result. Does nothing to any other.
pub(crate) async fn abandon(changes: &mut Changes, match_id: MatchId) -> Result<u32, Refusal> {
    if match_state(changes, match_id).await? != MatchState::Running {
        return Ok(0);
    }
    close_match(changes, match_id, "abandoned").await?;
    send_home(changes, match_id).await
}
