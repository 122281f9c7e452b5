//! What players bring leaves their stashes when a match begins, and comes home if it never ends.

use std::collections::BTreeSet;

use hypogeum_progression::{RefusedItem, SEATS_MAX, SeatEscrow, StoreFailure, StoreReply};
use hypogeum_protocol::{AccountId, ItemId, MatchId, limits};
use sqlx::Row;

use crate::rows::{Changes, Refusal, item_of, now_s, signed};

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
    let seats = seats.iter().filter(|(account, _)| account.0 != 0);
    match match_state(changes, match_id).await? {
        MatchState::Unknown => {
            open_match(changes, match_id, mode, seed).await?;
            for (account, items) in seats.clone() {
                take_seat(changes, match_id, *account, items).await?;
            }
        }
        MatchState::Running => {}
        MatchState::Settled | MatchState::Abandoned => return Err(StoreFailure::MatchClosed(match_id).into()),
    }
    let mut taken = Vec::new();
    let mut refused = Vec::new();
    let mut answered = BTreeSet::new();
    for (account, items) in seats {
        let account = *account;
        if !answered.insert(account) {
            refused.extend(items.iter().map(|&item| RefusedItem { account, item }));
            continue;
        }
        let held = held_for(changes, match_id, account).await?;
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

/// Seats an account that exists, once, and takes at most a loadout's worth of its items.
async fn take_seat(
    changes: &mut Changes,
    match_id: MatchId,
    account: AccountId,
    items: &[ItemId],
) -> Result<(), Refusal> {
    let seated = sqlx::query(
        "INSERT INTO seats (match_id, account) SELECT ?, id FROM accounts WHERE id = ? ON CONFLICT DO NOTHING",
    )
    .bind(signed(match_id.0))
    .bind(signed(account.0))
    .execute(&mut **changes)
    .await?;
    if seated.rows_affected() == 0 {
        return Ok(());
    }
    for id in items.iter().take(limits::LOADOUT_ITEMS_MAX) {
        sqlx::query(
            "UPDATE items SET place = 'escrow', match_id = ?, version = version + 1
             WHERE origin = ? AND serial = ? AND account = ? AND place = 'stash'",
        )
        .bind(signed(match_id.0))
        .bind(signed(id.origin))
        .bind(id.serial)
        .bind(signed(account.0))
        .execute(&mut **changes)
        .await?;
    }
    Ok(())
}

async fn held_for(changes: &mut Changes, match_id: MatchId, account: AccountId) -> Result<SeatEscrow, Refusal> {
    let rows = sqlx::query(
        "SELECT origin, serial, template FROM items WHERE match_id = ? AND account = ? ORDER BY origin, serial",
    )
    .bind(signed(match_id.0))
    .bind(signed(account.0))
    .fetch_all(&mut **changes)
    .await?;
    Ok(SeatEscrow { account, items: rows.iter().map(item_of).collect::<Result<_, _>>()? })
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
