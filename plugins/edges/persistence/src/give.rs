//! What a settlement writes: items, profiles, seats, grants and their reports in the outbox.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_progression::{Balance, EscrowedItem, SeatSettlement, SettlementOrder};
use hypogeum_protocol::{AccountId, CharacterId, ItemId, MatchId};

use crate::escrow::return_escrow;
use crate::grants::{enter, insert_grants, insert_items};
use crate::outbox::insert_reports;
use crate::refusal::Refusal;
use crate::rows::{change_rows, match_event, signed, state_row};
use crate::transaction::Transaction;

/// A seat after a settlement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeatAfter {
    /// What its account has; room in its stash is not kept.
    pub(crate) balance: Balance,
    /// How its account is rated, where the match is over.
    pub(crate) rated: Option<Rated>,
    /// The character that carries what it gets; `None`: that goes into its account's stash.
    pub(crate) carrier: Option<CharacterId>,
}

/// How a match has rated a seat.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rated {
    /// When the match ended, in seconds since 1970.
    pub(crate) at_s: i64,
    /// Place among all seats, 1 is best.
    pub(crate) placement: u16,
    /// What its account was rated before.
    pub(crate) before: i32,
    /// What it is rated now.
    pub(crate) after: i32,
}

/// Notes how many pieces of what was brought into a shard are left there: a match that is its own shard, or visits to it. What
/// is gone of them is deleted.
pub(crate) async fn keep_counts(changes: &mut Transaction, order: &SettlementOrder) -> Result<(), Refusal> {
    let shard = signed(order.shard.0);
    let rows = order.accounts().flat_map(|result| &result.items_changed);
    let rows: Vec<_> = rows.map(|(id, count)| (signed(id.origin), id.serial, *count)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let count = "UPDATE items SET count = CAST(value ->> 2 AS BIGINT), version = version + 1 FROM json_each($1)
         WHERE origin = CAST(value ->> 0 AS BIGINT) AND serial = CAST(value ->> 1 AS BIGINT)
            AND match_id IN (SELECT id FROM matches WHERE (shard = $2 OR id = $2) AND state = 'running')";
    change_rows(changes, count, &rows, shard).await?;
    let gone = "DELETE FROM items WHERE count = 0
         AND match_id IN (SELECT id FROM matches WHERE (shard = $1 OR id = $1) AND state = 'running')";
    changes.run(gone, &[shard.into()]).await?;
    Ok(())
}

/// Writes everything that seats get, and how those of `after` are left.
pub(crate) async fn give(
    changes: &mut Transaction,
    match_id: MatchId,
    settlements: &[SeatSettlement],
    escrow: &[EscrowedItem],
    after: &BTreeMap<AccountId, SeatAfter>,
) -> Result<(), Refusal> {
    keep_items(changes, match_id, (settlements, after), escrow).await?;
    keep_profiles(changes, after).await?;
    keep_seats(changes, match_id, after).await?;
    keep_grants(changes, match_id, settlements).await
}

async fn keep_items(
    changes: &mut Transaction,
    match_id: MatchId,
    (settlements, after): (&[SeatSettlement], &BTreeMap<AccountId, SeatAfter>),
    escrow: &[EscrowedItem],
) -> Result<(), Refusal> {
    let brought: BTreeSet<ItemId> = escrow.iter().map(|held| held.item.id).collect();
    let (mut returned, mut new) = (Vec::new(), Vec::new());
    for settlement in settlements {
        let carrier = after.get(&settlement.account).and_then(|after| after.carrier);
        for item in &settlement.kept {
            if brought.contains(&item.id) {
                let carrier = carrier.map(|character| signed(character.0));
                let id = (signed(item.id.origin), item.id.serial);
                returned.push((id, signed(settlement.account.0), carrier, state_row(&item.state)));
            } else {
                new.push((settlement.account, carrier, item));
            }
        }
    }
    macro_rules! update {
        ($also:literal) => {
            concat!(
                "UPDATE items SET account = CAST(value ->> 1 AS BIGINT), place = 'stash', match_id = NULL,
                     version = version + 1, character = CAST(value ->> 2 AS BIGINT),
                     count = CAST(value -> 3 ->> 0 AS BIGINT), wear = CAST(value -> 3 ->> 1 AS BIGINT),
                     bound = CAST(value -> 3 ->> 2 AS BIGINT), inside = value -> 3 ->> 3
                 FROM json_each($1)
                 WHERE origin = CAST(value -> 0 ->> 0 AS BIGINT) AND serial = CAST(value -> 0 ->> 1 AS BIGINT)",
                $also
            )
        };
    }
    // By the match PostgreSQL finds them without reading every item there is; SQLite would look through all for each.
    let to_stash = changes.either(update!(""), update!(" AND match_id = $2"));
    change_rows(changes, to_stash, &returned, signed(match_id.0)).await?;
    insert_items(changes, new).await
}

async fn keep_profiles(changes: &mut Transaction, after: &BTreeMap<AccountId, SeatAfter>) -> Result<(), Refusal> {
    let row = |(account, SeatAfter { balance, .. }): (&AccountId, &SeatAfter)| {
        let Balance { xp, currency, skill, .. } = *balance;
        (signed(account.0), signed(xp), currency, skill.mean_micros, skill.deviation_micros)
    };
    let rows: Vec<_> = after.iter().map(row).collect();
    macro_rules! update {
        ($also:literal) => {
            concat!(
                "UPDATE profiles SET xp = CAST(value ->> 1 AS BIGINT), currency = CAST(value ->> 2 AS BIGINT),
                     skill_mean_micros = CAST(value ->> 3 AS BIGINT), skill_deviation_micros = CAST(value ->> 4 AS BIGINT)
                 FROM json_each($1) WHERE account = CAST(value ->> 0 AS BIGINT)",
                $also
            )
        };
    }
    // As for the locks: joined alone, PostgreSQL would read ten thousand profiles for a handful.
    let update = changes.either(
        update!(""),
        update!(" AND account = ANY (ARRAY (SELECT CAST(value ->> 0 AS BIGINT) FROM json_each($1)))"),
    );
    change_rows(changes, update, &rows, 0).await
}

/// Notes which seats are settled, and how they are rated.
async fn keep_seats(
    changes: &mut Transaction,
    match_id: MatchId,
    after: &BTreeMap<AccountId, SeatAfter>,
) -> Result<(), Refusal> {
    let row = |(account, after): (&AccountId, &SeatAfter)| {
        let rated = after.rated.map(|rated| (rated.after, rated.at_s, rated.placement, rated.before));
        (signed(account.0), signed(match_id.0), rated)
    };
    let rows: Vec<_> = after.iter().map(row).collect();
    macro_rules! update {
        ($of_match:literal) => {
            concat!(
                "UPDATE seats SET settled = 1,
                     rating = CAST(value -> 2 ->> 0 AS BIGINT), rated_s = CAST(value -> 2 ->> 1 AS BIGINT),
                     placement = CAST(value -> 2 ->> 2 AS BIGINT), rating_before = CAST(value -> 2 ->> 3 AS BIGINT)
                 FROM json_each($1) WHERE account = CAST(value ->> 0 AS BIGINT) AND match_id = ",
                $of_match
            )
        };
    }
    // The match stands in each row, or SQLite would look through all rows for each seat.
    let settled = changes.either(update!("CAST(value ->> 1 AS BIGINT)"), update!("$2"));
    change_rows(changes, settled, &rows, signed(match_id.0)).await
}

async fn keep_grants(
    changes: &mut Transaction,
    match_id: MatchId,
    settlements: &[SeatSettlement],
) -> Result<(), Refusal> {
    let event = match_event(match_id.0);
    let mut grants = Vec::with_capacity(settlements.len());
    for settlement in settlements {
        let account = signed(settlement.account.0);
        let report = serde_json::to_string(&settlement.report).map_err(|error| sqlx::Error::Encode(error.into()))?;
        grants.push((account, event.as_str(), "match", settlement.report.currency_gained, report));
    }
    insert_grants(changes, &grants).await?;
    insert_reports(changes, &grants).await?;
    let gained = settlements.iter().map(|settlement| (settlement.account, settlement.report.currency_gained));
    enter(changes, gained, &event).await
}

/// Leaves nothing of what a match held in escrow: what somebody with a result brought and nobody got out with is lost,
/// and what others brought returns to their stashes. `escrow` is all it held.
pub(crate) async fn empty_escrow(
    changes: &mut Transaction,
    order: &SettlementOrder,
    settlements: &[SeatSettlement],
    escrow: &[EscrowedItem],
) -> Result<(), Refusal> {
    let kept: BTreeSet<ItemId> =
        settlements.iter().flat_map(|settlement| &settlement.kept).map(|item| item.id).collect();
    let results: BTreeSet<AccountId> = order.accounts().map(|result| result.account).collect();
    let left = escrow.iter().filter(|held| !kept.contains(&held.item.id));
    let (lost, returned): (Vec<_>, Vec<_>) = left.partition(|held| results.contains(&held.owner));
    let losers: BTreeSet<i64> = lost.iter().map(|held| signed(held.owner.0)).collect();
    let losers: Vec<i64> = losers.into_iter().collect();
    let lose = "DELETE FROM items
         WHERE match_id = $2 AND account IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    change_rows(changes, lose, &losers, signed(order.match_id.0)).await?;
    if !returned.is_empty() {
        return_escrow(changes, order.match_id).await?;
    }
    Ok(())
}
