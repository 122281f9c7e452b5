//! The end of a match: everything it changes, in one transaction, once.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_progression::{
    EscrowedItem, SeatSettlement, SettlementOrder, Skill, Standing, StoreFailure, StoreReply, settle,
};
use hypogeum_protocol::{AccountId, ItemId, MatchId, SettledReport};

use crate::escrow::{MatchState, close_match, escrow_of, lock_seats, match_state, send_home};
use crate::grants::{enter, insert_grants, insert_items};
use crate::outbox::to_tell;
use crate::refusal::Refusal;
use crate::rows::{ROWS_AT_ONCE, change_rows, match_event, signed, table, unsigned};
use crate::sql::Row;
use crate::transaction::Transaction;

/// Settles a running match; for a settled one, repeats what was answered then.
pub(crate) async fn settle_match(changes: &mut Transaction, order: &SettlementOrder) -> Result<StoreReply, Refusal> {
    order.check()?;
    match match_state(changes, order.match_id).await? {
        MatchState::Unknown => return Err(StoreFailure::UnknownMatch(order.match_id).into()),
        MatchState::Abandoned => return Err(StoreFailure::MatchClosed(order.match_id).into()),
        MatchState::Running => grant(changes, order).await?,
        MatchState::Settled => {}
    }
    // Read back in either case, so that the first answer and a repeated one cannot differ.
    let mut granted = granted_reports(changes, order).await?;
    let mut reports = Vec::with_capacity(granted.len());
    let mut strangers = Vec::new();
    for result in order.accounts() {
        match granted.remove(&result.account) {
            Some(report) => reports.push((result.account, report)),
            None => strangers.push(result.account),
        }
    }
    Ok(StoreReply::Settled { match_id: order.match_id, reports, strangers })
}

async fn grant(changes: &mut Transaction, order: &SettlementOrder) -> Result<(), Refusal> {
    lock_seats(changes, &[order.match_id]).await?;
    let standings = standings(changes, order.match_id).await?;
    let escrow = escrow_of(changes, order.match_id).await?;
    let escrow: Vec<EscrowedItem> = escrow.into_iter().map(|(owner, item)| EscrowedItem { owner, item }).collect();
    let brought: BTreeSet<ItemId> = escrow.iter().map(|held| held.item.id).collect();
    let settlements = settle(order, &standings, &escrow);
    keep_items(changes, &settlements, &brought).await?;
    keep_profiles(changes, &settlements).await?;
    keep_grants(changes, &settlements, order.match_id).await?;
    lose_items(changes, &settlements, order.match_id).await?;
    // What seats without a result brought.
    send_home(changes, order.match_id).await?;
    close_match(changes, order.match_id, "settled").await
}

/// What everyone seated in the match has.
async fn standings(changes: &mut Transaction, match_id: MatchId) -> Result<BTreeMap<AccountId, Standing>, Refusal> {
    let seated = "SELECT account, xp, currency, skill_mean_micros, skill_deviation_micros, stash_capacity,
                (SELECT COUNT(*) FROM items WHERE items.account = profiles.account AND place = 'stash') AS stashed
         FROM profiles WHERE account IN (SELECT account FROM seats WHERE match_id = $1)";
    let rows = changes.rows(seated, &[signed(match_id.0).into()]).await?;
    let standing = |row: &Row| {
        let capacity: u32 = row.small("stash_capacity")?;
        let standing = Standing {
            xp: unsigned(row.number("xp")?),
            currency: row.number("currency")?,
            skill: Skill {
                mean_micros: row.number("skill_mean_micros")?,
                deviation_micros: row.number("skill_deviation_micros")?,
            },
            stash_free: capacity.saturating_sub(row.small("stashed")?),
        };
        Ok((AccountId(unsigned(row.number("account")?)), standing))
    };
    rows.iter().map(standing).collect()
}

async fn keep_items(
    changes: &mut Transaction,
    settlements: &[SeatSettlement],
    brought: &BTreeSet<ItemId>,
) -> Result<(), Refusal> {
    let (mut home, mut new) = (Vec::new(), Vec::new());
    for settlement in settlements {
        for item in &settlement.kept {
            if brought.contains(&item.id) {
                home.push((signed(item.id.origin), item.id.serial, signed(settlement.account.0)));
            } else {
                new.push((settlement.account, item));
            }
        }
    }
    change_rows(
        changes,
        "UPDATE items SET account = CAST(value ->> 2 AS BIGINT), place = 'stash', match_id = NULL, version = version + 1
         FROM json_each($1) WHERE origin = CAST(value ->> 0 AS BIGINT) AND serial = CAST(value ->> 1 AS BIGINT)",
        &home,
        0,
    )
    .await?;
    insert_items(changes, new).await
}

/// What is still in escrow now was neither carried out by its owner nor by anyone else.
async fn lose_items(
    changes: &mut Transaction,
    settlements: &[SeatSettlement],
    match_id: MatchId,
) -> Result<(), Refusal> {
    let accounts: Vec<i64> = settlements.iter().map(|settlement| signed(settlement.account.0)).collect();
    let lost = "DELETE FROM items
         WHERE match_id = $2 AND account IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    change_rows(changes, lost, &accounts, signed(match_id.0)).await
}

async fn keep_profiles(changes: &mut Transaction, settlements: &[SeatSettlement]) -> Result<(), Refusal> {
    let row = |settlement: &SeatSettlement| {
        let Skill { mean_micros, deviation_micros } = settlement.skill;
        (signed(settlement.account.0), signed(settlement.xp), settlement.currency, mean_micros, deviation_micros)
    };
    let rows: Vec<_> = settlements.iter().map(row).collect();
    change_rows(
        changes,
        "UPDATE profiles SET xp = CAST(value ->> 1 AS BIGINT), currency = CAST(value ->> 2 AS BIGINT),
                skill_mean_micros = CAST(value ->> 3 AS BIGINT), skill_deviation_micros = CAST(value ->> 4 AS BIGINT)
         FROM json_each($1) WHERE account = CAST(value ->> 0 AS BIGINT)",
        &rows,
        0,
    )
    .await
}

async fn keep_grants(
    changes: &mut Transaction,
    settlements: &[SeatSettlement],
    match_id: MatchId,
) -> Result<(), Refusal> {
    let event = match_event(match_id.0);
    let mut grants = Vec::with_capacity(settlements.len());
    for settlement in settlements {
        let account = signed(settlement.account.0);
        let report = serde_json::to_string(&settlement.report).map_err(|error| sqlx::Error::Encode(error.into()))?;
        grants.push((account, event.as_str(), "match", settlement.report.currency_gained, report));
    }
    insert_grants(changes, &grants).await?;
    to_tell(changes, &grants).await?;
    let gained = settlements.iter().map(|settlement| (settlement.account, settlement.report.currency_gained));
    enter(changes, gained, &event).await
}

/// What the accounts of an order were told of its match, as it is kept.
async fn granted_reports(
    changes: &mut Transaction,
    order: &SettlementOrder,
) -> Result<BTreeMap<AccountId, SettledReport>, Refusal> {
    let accounts: Vec<i64> = order.accounts().map(|result| signed(result.account.0)).collect();
    let event = match_event(order.match_id.0);
    let mut granted = BTreeMap::new();
    for some in accounts.chunks(ROWS_AT_ONCE) {
        let told = "SELECT account, report FROM json_each($1) CROSS JOIN grants
             WHERE account = CAST(value AS BIGINT) AND source_event = $2";
        for row in changes.rows(told, &[table(some)?.into(), event.as_str().into()]).await? {
            let report =
                serde_json::from_str(row.text("report")?).map_err(|error| sqlx::Error::Decode(error.into()))?;
            granted.insert(AccountId(unsigned(row.number("account")?)), report);
        }
    }
    Ok(granted)
}
