//! The end of a match, or of some of its seats: everything it changes, in one transaction, once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hypogeum_progression::{Balance, SeatSettlement, SettlementOrder, rate, settle_seats};
use hypogeum_protocol::{AccountId, Grant, MatchId, SettledReport};
use hypogeum_store::{StoreFailure, StoreReply};

use crate::escrow::{MatchState, close_match, escrow_of, lock_seats, match_state};
use crate::give::{Rated, SeatAfter, empty_escrow, give, keep_counts};
use crate::refusal::Refusal;
use crate::rewards;
use crate::rows::{ROWS_AT_ONCE, match_event, now_s, signed, table, unsigned};
use crate::seated::{Seat, balances_of, escrow_of_order, seats_of_match, seats_of_order};
use crate::transaction::Transaction;

/// The report of each account on a match.
type Reports = BTreeMap<AccountId, SettledReport>;

/// Settles a running match; for a settled one, repeats what was answered then.
pub(crate) async fn settle_match(changes: &mut Transaction, order: &SettlementOrder) -> Result<StoreReply, Refusal> {
    order.check()?;
    let (mut granted, ratings) = match match_state(changes, order.match_id).await? {
        MatchState::Unknown => return Err(StoreFailure::UnknownMatch(order.match_id).into()),
        MatchState::Abandoned => return Err(StoreFailure::MatchClosed(order.match_id).into()),
        MatchState::Running => grant(changes, order).await?,
        MatchState::Settled => {
            let accounts = order.accounts().map(|result| result.account);
            (granted_reports(changes, order.match_id, accounts).await?, ratings_after(changes, order).await?)
        }
    };
    let mut reports = Vec::with_capacity(granted.len());
    let mut seatless = Vec::new();
    for result in order.accounts() {
        match granted.remove(&result.account) {
            Some(report) => reports.push((result.account, report)),
            None => seatless.push(result.account),
        }
    }
    Ok(StoreReply::Settled { match_id: order.match_id, reports, ratings, seatless })
}

/// Settles seats of a running match that are done: everything but the rating, which takes everyone's place. What they
/// brought and lost stays in escrow until the end, for somebody else may get out with it.
pub(crate) async fn settle_some(changes: &mut Transaction, order: &SettlementOrder) -> Result<StoreReply, Refusal> {
    order.check()?;
    let match_id = order.match_id;
    let state = match_state(changes, match_id).await?;
    let mut granted = match state {
        MatchState::Unknown => return Err(StoreFailure::UnknownMatch(match_id).into()),
        MatchState::Running => grant_some(changes, order).await?,
        // Who was granted before it ended is answered so; nobody else is granted anything now.
        MatchState::Abandoned | MatchState::Settled => {
            granted_reports(changes, match_id, order.accounts().map(|result| result.account)).await?
        }
    };
    let reports: Vec<_> =
        order.accounts().filter_map(|result| Some((result.account, granted.remove(&result.account)?))).collect();
    if state != MatchState::Running && reports.is_empty() {
        return Err(StoreFailure::MatchClosed(match_id).into());
    }
    Ok(StoreReply::SeatsSettled { match_id, reports })
}

/// Grants what was not granted yet, and rates everyone; returns the report of each, and how each is rated now.
///
/// None of that is read back: it is what was written, so a repeated order finds the same.
async fn grant(
    changes: &mut Transaction,
    order: &SettlementOrder,
) -> Result<(Reports, Vec<(AccountId, i32)>), Refusal> {
    let match_id = order.match_id;
    lock_seats(changes, &[match_id]).await?;
    let seats = seats_of_match(changes, match_id).await?;
    let mut granted = reports_of_settled(changes, order, &seats).await?;
    keep_counts(changes, &without(order, &granted)).await?;
    let escrow = escrow_of(changes, match_id).await?;
    let balances = balances_of(&seats);
    let skills = rate(order, &balances);
    let mut settlements = settle_seats(&without(order, &granted), &balances, &escrow);
    for settlement in &mut settlements {
        settlement.skill = skills.get(&settlement.account).copied().unwrap_or(settlement.skill);
        settlement.report.rating = settlement.skill.shown();
    }
    let at_s = now_s();
    let rated = |result: &Grant| {
        let (before, skill) = (balances.get(&result.account)?, *skills.get(&result.account)?);
        let (placement, was) = (result.placement, before.skill.shown());
        let rated = Rated { at_s, placement, before: was, after: skill.shown() };
        let balance = Balance { skill, ..*before };
        Some((result.account, SeatAfter { balance, rated: Some(rated), carrier: None }))
    };
    let mut after: BTreeMap<AccountId, SeatAfter> = order.accounts().filter_map(rated).collect();
    for settlement in &settlements {
        if let Some(after) = after.get_mut(&settlement.account) {
            (after.balance.xp, after.balance.currency) = (settlement.xp, settlement.currency);
        }
    }
    give(changes, match_id, &settlements, &escrow, &after).await?;
    rewards::count(changes, match_id, &settlements).await?;
    empty_escrow(changes, order, &settlements, &escrow).await?;
    close_match(changes, match_id, "settled").await?;
    granted.extend(settlements.into_iter().map(|settlement| (settlement.account, settlement.report)));
    let shown = |account| Some((account, skills.get(&account)?.shown()));
    Ok((granted, order.accounts().filter_map(|result| shown(result.account)).collect()))
}

/// Grants what was not granted yet to seats of a match that goes on; returns the report of each.
async fn grant_some(changes: &mut Transaction, order: &SettlementOrder) -> Result<Reports, Refusal> {
    let accounts: Vec<i64> = order.accounts().map(|result| signed(result.account.0)).collect();
    changes.lock_accounts(&table(&accounts)?).await?;
    let seats = seats_of_order(changes, order).await?;
    let mut granted = reports_of_settled(changes, order, &seats).await?;
    let fresh = without(order, &granted);
    keep_counts(changes, &fresh).await?;
    let escrow = escrow_of_order(changes, &fresh).await?;
    let balances = balances_of(&seats);
    let settlements = settle_seats(&fresh, &balances, &escrow);
    let after = |settlement: &SeatSettlement| {
        let balance = balances.get(&settlement.account)?;
        let balance = Balance { xp: settlement.xp, currency: settlement.currency, ..*balance };
        Some((settlement.account, SeatAfter { balance, rated: None, carrier: None }))
    };
    let after = settlements.iter().filter_map(after).collect();
    give(changes, order.match_id, &settlements, &escrow, &after).await?;
    rewards::count(changes, order.match_id, &settlements).await?;
    granted.extend(settlements.into_iter().map(|settlement| (settlement.account, settlement.report)));
    Ok(granted)
}

/// What of an order is still to be granted.
fn without<'a>(order: &'a SettlementOrder, granted: &Reports) -> Cow<'a, SettlementOrder> {
    if granted.is_empty() {
        return Cow::Borrowed(order);
    }
    let fresh = order.results.iter().filter(|result| !granted.contains_key(&result.account));
    Cow::Owned(SettlementOrder { results: fresh.cloned().collect(), ..*order })
}

/// The reports of those accounts of an order that were settled before.
async fn reports_of_settled(
    changes: &mut Transaction,
    order: &SettlementOrder,
    seats: &BTreeMap<AccountId, Seat>,
) -> Result<Reports, Refusal> {
    let accounts = order.accounts().map(|result| result.account);
    let settled = accounts.filter(|account| seats.get(account).is_some_and(|seat| seat.is_settled));
    granted_reports(changes, order.match_id, settled).await
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

/// The report of each account on a match, as stored.
pub(crate) async fn granted_reports(
    changes: &mut Transaction,
    match_id: MatchId,
    accounts: impl Iterator<Item = AccountId>,
) -> Result<Reports, Refusal> {
    let accounts: Vec<i64> = accounts.map(|account| signed(account.0)).collect();
    let event = match_event(match_id.0);
    let mut granted = BTreeMap::new();
    for some in accounts.chunks(ROWS_AT_ONCE) {
        let reports_of = "SELECT account, report FROM json_each($1) CROSS JOIN grants
             WHERE account = CAST(value AS BIGINT) AND source_event = $2";
        for row in changes.rows(reports_of, &[table(some)?.into(), event.as_str().into()]).await? {
            let report =
                serde_json::from_str(row.text("report")?).map_err(|error| sqlx::Error::Decode(error.into()))?;
            granted.insert(AccountId(unsigned(row.number("account")?)), report);
        }
    }
    Ok(granted)
}
