//! Visits to open shards: what is brought is checked out, and what a visitor leaves with is checked in.
//!
//! A visit is a match of one seat. The row of an item says which visit it is held for, and the row of that says which shard
//! holds it. Whoever leaves may leave with what another has brought: what counts is that this very shard holds it.

use std::collections::BTreeSet;

use hypogeum_progression::{ITEMS_SECURED_MAX, SettlementOrder, settle_seats};
use hypogeum_protocol::{Grant, ItemId, MatchId, ShardId};
use hypogeum_store::{CheckOut, StoreFailure, StoreReply};

use crate::brought;
use crate::escrow::{MatchState, close_match, escrow_of, lock_seats, match_state, return_escrow, take_seats};
use crate::give::{SeatAfter, give, keep_counts};
use crate::refusal::Refusal;
use crate::rows::{now_s, signed, table, unsigned};
use crate::seated::{balances_of, seats_of_match};
use crate::settle::granted_reports;
use crate::transaction::Transaction;

/// Opens the visit and moves what is brought from stash to escrow. An item that is not in that very account's stash is
/// refused; a character that is not its own, or is in a shard, keeps the visit from beginning. For a visit that goes on it moves
/// nothing and answers what is held.
pub(crate) async fn check_out(changes: &mut Transaction, asked: &CheckOut) -> Result<StoreReply, Refusal> {
    let CheckOut { visit, shard, place, account, items, character } = asked;
    if open(changes, (*visit, *shard), place).await? {
        changes.lock_accounts(&table(&[signed(account.0)])?).await?;
        let carried = match character {
            Some(character) => brought::hold(changes, *visit, (*account, *character)).await?,
            None => 0,
        };
        // Nobody leaves with more than that.
        let items = items.iter().copied().take(ITEMS_SECURED_MAX.saturating_sub(carried)).collect();
        take_seats(changes, *visit, &[&(*account, items)]).await?;
    } else {
        goes_on(changes, *visit, *shard).await?;
    }
    checked_out(changes, asked).await
}

/// Opens a visit of which the database knows nothing, and moves what its log says was brought, as far as it lies where it was.
/// A character that cannot be taken stays where it is, and so does what lies elsewhere.
pub(crate) async fn check_out_again(changes: &mut Transaction, remembered: &CheckOut) -> Result<StoreReply, Refusal> {
    let CheckOut { visit, shard, place, account, items, character } = remembered;
    if open(changes, (*visit, *shard), place).await? {
        take_seats(changes, *visit, &[&(*account, Vec::new())]).await?;
        brought::hold_again(changes, *visit, (*account, *character), items).await?;
    } else {
        goes_on(changes, *visit, *shard).await?;
    }
    checked_out(changes, remembered).await
}

/// What is held for a visit of what was asked for.
async fn checked_out(changes: &mut Transaction, asked: &CheckOut) -> Result<StoreReply, Refusal> {
    let CheckOut { visit, account, items, .. } = asked;
    let held = escrow_of(changes, *visit).await?.into_iter().filter(|held| held.owner == *account);
    let taken: Vec<_> = held.map(|held| held.item).collect();
    let mut left: BTreeSet<ItemId> = taken.iter().map(|item| item.id).collect();
    let refused = items.iter().copied().filter(|item| !left.remove(item)).collect();
    let character = brought::held(changes, *visit, *account).await?;
    Ok(StoreReply::CheckedOut { visit: *visit, taken, refused, character })
}

/// Grants what a visit was worth, and ends it. One that was granted before is answered as it was then.
pub(crate) async fn settle_visit(
    changes: &mut Transaction,
    (visit, shard): (MatchId, ShardId),
    place: &str,
    grant: &Grant,
) -> Result<StoreReply, Refusal> {
    let account = grant.account;
    let mut order = SettlementOrder { match_id: visit, shard, results: vec![grant.clone()] };
    order.check()?;
    if match_state(changes, visit).await? == MatchState::Settled {
        let report = granted_reports(changes, visit, [account].into_iter()).await?.remove(&account);
        return Ok(StoreReply::VisitSettled { visit, account, report });
    }
    if open(changes, (visit, shard), place).await? {
        take_seats(changes, visit, &[&(account, Vec::new())]).await?;
    } else {
        goes_on(changes, visit, shard).await?;
    }
    lock_seats(changes, &[visit]).await?;
    keep_counts(changes, &order).await?;
    gather(changes, &mut order).await?;
    let carrier = brought::check_in(changes, (visit, account), grant.character.as_ref()).await?;
    let seats = seats_of_match(changes, visit).await?;
    let escrow = escrow_of(changes, visit).await?;
    let mut balances = balances_of(&seats);
    for balance in balances.values_mut() {
        // What was somebody's before it came here is not lost for want of room, and what a character carries needs none.
        let room = if carrier.is_some() { ITEMS_SECURED_MAX } else { escrow.len() };
        balance.stash_free = balance.stash_free.max(u32::try_from(room).unwrap_or(u32::MAX));
    }
    let mut settlements = settle_seats(&order, &balances, &escrow);
    let after = settlements.iter().filter_map(|settlement| {
        let mut balance = *balances.get(&settlement.account)?;
        (balance.xp, balance.currency) = (settlement.xp, settlement.currency);
        Some((settlement.account, SeatAfter { balance, rated: None, carrier }))
    });
    let after = after.collect();
    give(changes, visit, &settlements, &escrow, &after).await?;
    leave_behind(changes, (visit, shard), place).await?;
    close_match(changes, visit, "settled").await?;
    Ok(StoreReply::VisitSettled { visit, account, report: settlements.pop().map(|settlement| settlement.report) })
}

/// Visits that go on, and their shards, in the order of their numbers.
pub(crate) async fn running(view: &mut Transaction) -> Result<Vec<(MatchId, ShardId)>, Refusal> {
    let running =
        "SELECT id, shard FROM matches WHERE state = 'running' AND shard IS NOT NULL AND shard <> id ORDER BY id";
    let rows = view.rows(running, &[]).await?;
    rows.iter().map(|row| Ok((MatchId(unsigned(row.number("id")?)), ShardId(unsigned(row.number("shard")?))))).collect()
}

/// Visits to a shard that go on.
pub(crate) async fn of_shard(changes: &mut Transaction, shard: MatchId) -> Result<Vec<MatchId>, Refusal> {
    let of_shard = "SELECT id FROM matches WHERE shard = $1 AND shard <> id AND state = 'running' ORDER BY id";
    let rows = changes.rows(of_shard, &[signed(shard.0).into()]).await?;
    rows.iter().map(|row| Ok(MatchId(unsigned(row.number("id")?)))).collect()
}

/// Whether the visit is new, or the shard has no row yet, where it is that. Waits for a transaction that is opening or
/// closing it.
async fn open(changes: &mut Transaction, (id, shard): (MatchId, ShardId), place: &str) -> Result<bool, Refusal> {
    let open = "INSERT INTO matches (id, mode, seed, started_s, state, shard) VALUES ($1, $2, 0, $3, 'running', $4)
                ON CONFLICT (id) DO NOTHING";
    let binds = [signed(id.0).into(), place.into(), now_s().into(), signed(shard.0).into()];
    Ok(changes.run(open, &binds).await? == 1)
}

/// Refuses a number that is not of a visit to this shard that goes on.
async fn goes_on(changes: &mut Transaction, visit: MatchId, shard: ShardId) -> Result<(), Refusal> {
    let known = "SELECT 1 AS one FROM matches WHERE id = $1 AND shard = $2 AND id <> shard AND state = 'running'";
    if changes.rows(known, &[signed(visit.0).into(), signed(shard.0).into()]).await?.is_empty() {
        return Err(StoreFailure::MatchClosed(visit).into());
    }
    Ok(())
}

/// Takes what the shard holds and the visitor leaves with into its visit, and out of the order what is elsewhere: it left
/// this shard before. What is nowhere yet was found.
async fn gather(changes: &mut Transaction, order: &mut SettlementOrder) -> Result<(), Refusal> {
    let (visit, shard) = (signed(order.match_id.0), signed(order.shard.0));
    let own: BTreeSet<ItemId> = escrow_of(changes, order.match_id).await?.iter().map(|held| held.item.id).collect();
    let mut elsewhere = BTreeSet::new();
    // One by one: they are few, and each is found by its name.
    for item in order.accounts().flat_map(|result| &result.items_secured).filter(|item| !own.contains(&item.id)) {
        let (origin, serial) = (signed(item.id.origin), i64::from(item.id.serial));
        let hand_over = "UPDATE items SET match_id = $1, character = NULL WHERE origin = $2 AND serial = $3
            AND match_id IN (SELECT id FROM matches WHERE shard = $4 AND state = 'running')";
        let handed_over = changes.run(hand_over, &[visit.into(), origin.into(), serial.into(), shard.into()]).await?;
        let look = "SELECT 1 AS one FROM items WHERE origin = $1 AND serial = $2";
        if handed_over == 0 && !changes.rows(look, &[origin.into(), serial.into()]).await?.is_empty() {
            elsewhere.insert(item.id);
        }
    }
    for result in &mut order.results {
        result.items_secured.retain(|item| !elsewhere.contains(&item.id));
    }
    Ok(())
}

/// What a visitor leaves behind is held for the shard; where that is over, it returns to whoever brought it.
async fn leave_behind(
    changes: &mut Transaction,
    (visit, shard): (MatchId, ShardId),
    place: &str,
) -> Result<(), Refusal> {
    if escrow_of(changes, visit).await?.is_empty() {
        return Ok(());
    }
    let itself = MatchId::from(shard);
    if !open(changes, (itself, shard), place).await? && match_state(changes, itself).await? != MatchState::Running {
        return_escrow(changes, visit).await?;
        return Ok(());
    }
    let stay = "UPDATE items SET match_id = $1, character = NULL, version = version + 1 WHERE match_id = $2";
    changes.run(stay, &[signed(itself.0).into(), signed(visit.0).into()]).await?;
    Ok(())
}
