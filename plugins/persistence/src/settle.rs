//! The end of a match: everything it changes, in one transaction, once.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_progression::{
    EscrowedItem, SeatSettlement, SettlementOrder, Skill, Standing, StoreFailure, StoreReply, settle,
};
use hypogeum_protocol::{AccountId, ItemId, MatchId, SettledReport};
use sqlx::Row;

use crate::accounts::{enter, insert_item};
use crate::escrow::{MatchState, close_match, match_state, send_home};
use crate::rows::{Changes, Refusal, item_of, match_event, now_s, signed, unsigned};

/// Settles a running match; for a settled one, repeats what was answered then.
pub(crate) async fn settle_match(changes: &mut Changes, order: &SettlementOrder) -> Result<StoreReply, Refusal> {
    order.check()?;
    match match_state(changes, order.match_id).await? {
        MatchState::Unknown => return Err(StoreFailure::UnknownMatch(order.match_id).into()),
        MatchState::Abandoned => return Err(StoreFailure::MatchClosed(order.match_id).into()),
        MatchState::Running => grant(changes, order).await?,
        MatchState::Settled => {}
    }
    // Read back in either case, so that the first answer and a repeated one cannot differ.
    let mut reports = Vec::new();
    let mut strangers = Vec::new();
    for result in order.accounts() {
        match granted_report(changes, result.account, order.match_id).await? {
            Some(report) => reports.push((result.account, report)),
            None => strangers.push(result.account),
        }
    }
    Ok(StoreReply::Settled { match_id: order.match_id, reports, strangers })
}

async fn grant(changes: &mut Changes, order: &SettlementOrder) -> Result<(), Refusal> {
    let standings = standings(changes, order.match_id).await?;
    let escrow = escrow_of(changes, order.match_id).await?;
    let brought: BTreeSet<ItemId> = escrow.iter().map(|held| held.item.id).collect();
    let settlements = settle(order, &standings, &escrow);
    for settlement in &settlements {
        keep_items(changes, settlement, &brought).await?;
        keep_profile(changes, settlement).await?;
        keep_grant(changes, settlement, order.match_id).await?;
    }
    for settlement in &settlements {
        lose_items(changes, settlement.account, order.match_id).await?;
    }
    // What seats without a result brought.
    send_home(changes, order.match_id).await?;
    close_match(changes, order.match_id, "settled").await
}

/// What everyone seated in the match has.
async fn standings(changes: &mut Changes, match_id: MatchId) -> Result<BTreeMap<AccountId, Standing>, Refusal> {
    let rows = sqlx::query(
        "SELECT account, xp, currency, skill_mean_micros, skill_deviation_micros, stash_capacity,
                (SELECT COUNT(*) FROM items WHERE items.account = profiles.account AND place = 'stash') AS stashed
         FROM profiles WHERE account IN (SELECT account FROM seats WHERE match_id = ?)",
    )
    .bind(signed(match_id.0))
    .fetch_all(&mut **changes)
    .await?;
    rows.iter()
        .map(|row| {
            let capacity: u32 = row.try_get("stash_capacity")?;
            let standing = Standing {
                xp: unsigned(row.try_get("xp")?),
                currency: row.try_get("currency")?,
                skill: Skill {
                    mean_micros: row.try_get("skill_mean_micros")?,
                    deviation_micros: row.try_get("skill_deviation_micros")?,
                },
                stash_free: capacity.saturating_sub(row.try_get("stashed")?),
            };
            Ok((AccountId(unsigned(row.try_get("account")?)), standing))
        })
        .collect()
}

async fn escrow_of(changes: &mut Changes, match_id: MatchId) -> Result<Vec<EscrowedItem>, Refusal> {
    let rows =
        sqlx::query("SELECT origin, serial, template, account FROM items WHERE match_id = ? ORDER BY origin, serial")
            .bind(signed(match_id.0))
            .fetch_all(&mut **changes)
            .await?;
    rows.iter()
        .map(|row| Ok(EscrowedItem { owner: AccountId(unsigned(row.try_get("account")?)), item: item_of(row)? }))
        .collect()
}

async fn keep_items(
    changes: &mut Changes,
    settlement: &SeatSettlement,
    brought: &BTreeSet<ItemId>,
) -> Result<(), Refusal> {
    for item in &settlement.kept {
        if !brought.contains(&item.id) {
            insert_item(changes, settlement.account, item).await?;
            continue;
        }
        sqlx::query(
            "UPDATE items SET account = ?, place = 'stash', match_id = NULL, version = version + 1
             WHERE origin = ? AND serial = ?",
        )
        .bind(signed(settlement.account.0))
        .bind(signed(item.id.origin))
        .bind(item.id.serial)
        .execute(&mut **changes)
        .await?;
    }
    Ok(())
}

/// What is still in escrow now was neither carried out by its owner nor by anyone else.
async fn lose_items(changes: &mut Changes, account: AccountId, match_id: MatchId) -> Result<(), Refusal> {
    sqlx::query("DELETE FROM items WHERE match_id = ? AND account = ?")
        .bind(signed(match_id.0))
        .bind(signed(account.0))
        .execute(&mut **changes)
        .await?;
    Ok(())
}

async fn keep_profile(changes: &mut Changes, settlement: &SeatSettlement) -> Result<(), Refusal> {
    sqlx::query(
        "UPDATE profiles SET xp = ?, currency = ?, skill_mean_micros = ?, skill_deviation_micros = ?
         WHERE account = ?",
    )
    .bind(signed(settlement.xp))
    .bind(settlement.currency)
    .bind(settlement.skill.mean_micros)
    .bind(settlement.skill.deviation_micros)
    .bind(signed(settlement.account.0))
    .execute(&mut **changes)
    .await?;
    Ok(())
}

async fn keep_grant(changes: &mut Changes, settlement: &SeatSettlement, match_id: MatchId) -> Result<(), Refusal> {
    let event = match_event(match_id.0);
    let report = serde_json::to_string(&settlement.report).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query(
        "INSERT INTO grants (account, source_event, kind, amount, report, granted_s) VALUES (?, ?, 'match', ?, ?, ?)",
    )
    .bind(signed(settlement.account.0))
    .bind(&event)
    .bind(settlement.report.currency_gained)
    .bind(report)
    .bind(now_s())
    .execute(&mut **changes)
    .await?;
    sqlx::query(
        "INSERT INTO rating_history (account, match_id, skill_mean_micros, skill_deviation_micros, shown)
         VALUES (?, ?, ?, ?, ?)",
    )
    .bind(signed(settlement.account.0))
    .bind(signed(match_id.0))
    .bind(settlement.skill.mean_micros)
    .bind(settlement.skill.deviation_micros)
    .bind(settlement.report.rating)
    .execute(&mut **changes)
    .await?;
    enter(changes, settlement.account, settlement.report.currency_gained, &event).await
}

async fn granted_report(
    changes: &mut Changes,
    account: AccountId,
    match_id: MatchId,
) -> Result<Option<SettledReport>, Refusal> {
    let row = sqlx::query("SELECT report FROM grants WHERE account = ? AND source_event = ?")
        .bind(signed(account.0))
        .bind(match_event(match_id.0))
        .fetch_optional(&mut **changes)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let report = serde_json::from_str(row.try_get("report")?).map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(Some(report))
}
