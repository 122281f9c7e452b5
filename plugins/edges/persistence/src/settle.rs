//! The end of a match, or of some of its seats: everything it changes, in one transaction, once.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_progression::{Balance, EscrowedItem, SeatSettlement, SettlementOrder, Skill, rate, settle_seats};
use hypogeum_protocol::{AccountId, ItemId, MatchId, SettledReport};
use hypogeum_store::{StoreFailure, StoreReply};

use crate::escrow::{MatchState, close_match, lock_seats, match_state, send_home};
use crate::grants::{enter, insert_grants, insert_items};
use crate::outbox::to_tell;
use crate::refusal::Refusal;
use crate::rows::{ROWS_AT_ONCE, change_rows, item_of, match_event, signed, table, unsigned};
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
    let ratings = ratings_after(changes, order).await?;
    let mut reports = Vec::with_capacity(granted.len());
    let mut strangers = Vec::new();
    for result in order.accounts() {
        match granted.remove(&result.account) {
            Some(report) => reports.push((result.account, report)),
            None => strangers.push(result.account),
        }
    }
    Ok(StoreReply::Settled { match_id: order.match_id, reports, ratings, strangers })
}

/// Settles seats of a running match that are done: everything but the rating, which takes everyone's place. What they
/// brought and lost stays in escrow until the end, for somebody else may get out with it.
pub(crate) async fn settle_some(changes: &mut Transaction, order: &SettlementOrder) -> Result<StoreReply, Refusal> {
    order.check()?;
    let state = match_state(changes, order.match_id).await?;
    match state {
        MatchState::Unknown => return Err(StoreFailure::UnknownMatch(order.match_id).into()),
        MatchState::Running => {
            let accounts: Vec<i64> = order.accounts().map(|result| signed(result.account.0)).collect();
            changes.lock_accounts(&table(&accounts)?).await?;
            let order = without_granted(changes, order).await?;
            let balances = balances_of(changes, &order).await?;
            let escrow = escrowed(changes, &order).await?;
            let settlements = settle_seats(&order, &balances, &escrow);
            give(changes, &settlements, &escrow, order.match_id).await?;
        }
        // Who was granted before it ended is answered so; nobody else is granted anything now.
        MatchState::Abandoned | MatchState::Settled => {}
    }
    let mut granted = granted_reports(changes, order).await?;
    let reports: Vec<_> =
        order.accounts().filter_map(|result| Some((result.account, granted.remove(&result.account)?))).collect();
    if state != MatchState::Running && reports.is_empty() {
        return Err(StoreFailure::MatchClosed(order.match_id).into());
    }
    Ok(StoreReply::SeatsSettled { match_id: order.match_id, reports })
}

/// Grants what was not granted yet, and rates everyone.
async fn grant(changes: &mut Transaction, order: &SettlementOrder) -> Result<(), Refusal> {
    lock_seats(changes, &[order.match_id]).await?;
    let balances = balances_of(changes, order).await?;
    let escrow = escrowed(changes, order).await?;
    let skills = rate(order, &balances);
    let fresh = without_granted(changes, order).await?;
    let mut settlements = settle_seats(&fresh, &balances, &escrow);
    for settlement in &mut settlements {
        let skill = skills.get(&settlement.account).copied().unwrap_or(settlement.skill);
        settlement.report.rating = skill.shown();
    }
    give(changes, &settlements, &escrow, order.match_id).await?;
    keep_skills(changes, &skills, order.match_id).await?;
    lose_items(changes, order, order.match_id).await?;
    // What seats without a result brought.
    send_home(changes, order.match_id).await?;
    close_match(changes, order.match_id, "settled").await
}

/// Writes everything that seats get.
async fn give(
    changes: &mut Transaction,
    settlements: &[SeatSettlement],
    escrow: &[EscrowedItem],
    match_id: MatchId,
) -> Result<(), Refusal> {
    let brought: BTreeSet<ItemId> = escrow.iter().map(|held| held.item.id).collect();
    keep_items(changes, settlements, &brought).await?;
    keep_profiles(changes, settlements).await?;
    keep_grants(changes, settlements, match_id).await
}

/// What of an order is still to be granted.
async fn without_granted(changes: &mut Transaction, order: &SettlementOrder) -> Result<SettlementOrder, Refusal> {
    let granted = granted_reports(changes, order).await?;
    let mut order = order.clone();
    order.results.retain(|result| !granted.contains_key(&result.account));
    Ok(order)
}

/// What of the items that an order gives is held by its match. A large match holds much more.
async fn escrowed(changes: &mut Transaction, order: &SettlementOrder) -> Result<Vec<EscrowedItem>, Refusal> {
    let secured = order.accounts().flat_map(|result| &result.items_secured);
    let rows: Vec<_> = secured.map(|item| (signed(item.id.origin), item.id.serial, signed(order.match_id.0))).collect();
    let mut escrow = Vec::new();
    for some in rows.chunks(ROWS_AT_ONCE) {
        let held = "SELECT origin, serial, template, account FROM json_each($1) CROSS JOIN items
             WHERE origin = CAST(value ->> 0 AS BIGINT) AND serial = CAST(value ->> 1 AS BIGINT)
                AND match_id = CAST(value ->> 2 AS BIGINT)";
        for row in changes.rows(held, &[table(some)?.into()]).await? {
            escrow.push(EscrowedItem { owner: AccountId(unsigned(row.number("account")?)), item: item_of(&row)? });
        }
    }
    Ok(escrow)
}

/// What everyone has that an order gives something and that is seated in its match.
async fn balances_of(
    changes: &mut Transaction,
    order: &SettlementOrder,
) -> Result<BTreeMap<AccountId, Balance>, Refusal> {
    let seated = "SELECT account, xp, currency, skill_mean_micros, skill_deviation_micros, stash_capacity,
                (SELECT COUNT(*) FROM items WHERE items.account = profiles.account AND place = 'stash') AS stashed
         FROM (SELECT DISTINCT CAST(value AS BIGINT) AS ordered FROM json_each($1)) AS wanted
         CROSS JOIN profiles WHERE account = ordered AND EXISTS
            (SELECT 1 FROM seats WHERE match_id = $2 AND seats.account = profiles.account)";
    let accounts: Vec<i64> = order.accounts().map(|result| signed(result.account.0)).collect();
    let mut balances = BTreeMap::new();
    for some in accounts.chunks(ROWS_AT_ONCE) {
        for row in changes.rows(seated, &[table(some)?.into(), signed(order.match_id.0).into()]).await? {
            let capacity: u32 = row.small("stash_capacity")?;
            let balance = Balance {
                xp: unsigned(row.number("xp")?),
                currency: row.number("currency")?,
                skill: Skill {
                    mean_micros: row.number("skill_mean_micros")?,
                    deviation_micros: row.number("skill_deviation_micros")?,
                },
                stash_free: capacity.saturating_sub(row.small("stashed")?),
            };
            balances.insert(AccountId(unsigned(row.number("account")?)), balance);
        }
    }
    Ok(balances)
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
async fn lose_items(changes: &mut Transaction, order: &SettlementOrder, match_id: MatchId) -> Result<(), Refusal> {
    let accounts: Vec<i64> = order.accounts().map(|result| signed(result.account.0)).collect();
    let lost = "DELETE FROM items
         WHERE match_id = $2 AND account IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    change_rows(changes, lost, &accounts, signed(match_id.0)).await
}

async fn keep_profiles(changes: &mut Transaction, settlements: &[SeatSettlement]) -> Result<(), Refusal> {
    let row = |settlement: &SeatSettlement| (signed(settlement.account.0), signed(settlement.xp), settlement.currency);
    let rows: Vec<_> = settlements.iter().map(row).collect();
    change_rows(
        changes,
        "UPDATE profiles SET xp = CAST(value ->> 1 AS BIGINT), currency = CAST(value ->> 2 AS BIGINT)
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
    let accounts: Vec<i64> = settlements.iter().map(|settlement| signed(settlement.account.0)).collect();
    let settled = "UPDATE seats SET settled = 1
         WHERE match_id = $2 AND account IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    change_rows(changes, settled, &accounts, signed(match_id.0)).await?;
    let gained = settlements.iter().map(|settlement| (settlement.account, settlement.report.currency_gained));
    enter(changes, gained, &event).await
}

/// Rates everyone, and notes with each seat what came of it.
async fn keep_skills(
    changes: &mut Transaction,
    skills: &BTreeMap<AccountId, Skill>,
    match_id: MatchId,
) -> Result<(), Refusal> {
    let row = |(account, skill): (&AccountId, &Skill)| {
        (signed(account.0), skill.mean_micros, skill.deviation_micros, skill.shown(), signed(match_id.0))
    };
    let rows: Vec<_> = skills.iter().map(row).collect();
    change_rows(
        changes,
        // The match stands in each row, or SQLite would look through all rows for each seat.
        "UPDATE seats SET rating = CAST(value ->> 3 AS BIGINT) FROM json_each($1)
         WHERE match_id = CAST(value ->> 4 AS BIGINT) AND account = CAST(value ->> 0 AS BIGINT)",
        &rows,
        0,
    )
    .await?;
    change_rows(
        changes,
        "UPDATE profiles SET skill_mean_micros = CAST(value ->> 1 AS BIGINT),
                skill_deviation_micros = CAST(value ->> 2 AS BIGINT)
         FROM json_each($1) WHERE account = CAST(value ->> 0 AS BIGINT)",
        &rows,
        0,
    )
    .await
}

/// What everyone with a result is rated after the match, in the order of the results.
async fn ratings_after(changes: &mut Transaction, order: &SettlementOrder) -> Result<Vec<(AccountId, i32)>, Refusal> {
    let after = "SELECT account, rating FROM seats WHERE match_id = $1 AND rating IS NOT NULL";
    let mut shown = BTreeMap::new();
    for row in changes.rows(after, &[signed(order.match_id.0).into()]).await? {
        shown.insert(AccountId(unsigned(row.number("account")?)), row.number("rating")?);
    }
    let rating = |account| shown.get(&account).and_then(|rating| i32::try_from(*rating).ok());
    Ok(order.accounts().filter_map(|result| Some((result.account, rating(result.account)?))).collect())
}

/// What the accounts of an order were told of its match, as it is kept.
pub(crate) async fn granted_reports(
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
