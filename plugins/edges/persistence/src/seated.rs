//! What a settlement starts from: who is seated in its match, what they have, and what the match holds.

use std::collections::BTreeMap;

use hypogeum_progression::{Balance, EscrowedItem, SettlementOrder, Skill};
use hypogeum_protocol::{AccountId, MatchId};

use crate::refusal::Refusal;
use crate::rows::{ROWS_AT_ONCE, item_of, signed, table, unsigned};
use crate::sql::Row;
use crate::transaction::Transaction;

/// A seat of a match that runs, before a settlement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seat {
    /// What its account has.
    pub(crate) balance: Balance,
    /// Whether it was granted before what it earned.
    pub(crate) is_settled: bool,
}

/// What is read of each seat; what follows says of which.
macro_rules! seats {
    ($of_which:literal) => {
        concat!(
            "SELECT profiles.account AS account, xp, currency, skill_mean_micros, skill_deviation_micros,
                 stash_capacity, settled, (SELECT COUNT(*) FROM items
                     WHERE items.account = profiles.account AND place = 'stash' AND character IS NULL) AS stashed ",
            $of_which
        )
    };
}

/// Everyone seated in a match.
pub(crate) async fn seats_of_match(
    changes: &mut Transaction,
    match_id: MatchId,
) -> Result<BTreeMap<AccountId, Seat>, Refusal> {
    let seats = seats!("FROM seats CROSS JOIN profiles WHERE match_id = $1 AND profiles.account = seats.account");
    changes.rows(seats, &[signed(match_id.0).into()]).await?.iter().map(seat).collect()
}

/// Those whom an order gives something and who are seated in its match. A large match seats many more.
pub(crate) async fn seats_of_order(
    changes: &mut Transaction,
    order: &SettlementOrder,
) -> Result<BTreeMap<AccountId, Seat>, Refusal> {
    let of_order = seats!(
        "FROM json_each($1) CROSS JOIN seats CROSS JOIN profiles
         WHERE match_id = $2 AND seats.account = CAST(value AS BIGINT) AND profiles.account = seats.account"
    );
    let accounts: Vec<i64> = order.accounts().map(|result| signed(result.account.0)).collect();
    let mut seats = BTreeMap::new();
    for some in accounts.chunks(ROWS_AT_ONCE) {
        for row in changes.rows(of_order, &[table(some)?.into(), signed(order.match_id.0).into()]).await? {
            let (account, seat) = seat(&row)?;
            seats.insert(account, seat);
        }
    }
    Ok(seats)
}

fn seat(row: &Row) -> Result<(AccountId, Seat), Refusal> {
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
    Ok((AccountId(unsigned(row.number("account")?)), Seat { balance, is_settled: row.number("settled")? != 0 }))
}

/// What the accounts of seats have.
pub(crate) fn balances_of(seats: &BTreeMap<AccountId, Seat>) -> BTreeMap<AccountId, Balance> {
    seats.iter().map(|(account, seat)| (*account, seat.balance)).collect()
}

/// What of the items that an order gives is held by its match. A large match holds much more.
pub(crate) async fn escrow_of_order(
    changes: &mut Transaction,
    order: &SettlementOrder,
) -> Result<Vec<EscrowedItem>, Refusal> {
    let secured = order.accounts().flat_map(|result| &result.items_secured);
    let rows: Vec<_> = secured.map(|item| (signed(item.id.origin), item.id.serial, signed(order.match_id.0))).collect();
    let mut escrow = Vec::new();
    for some in rows.chunks(ROWS_AT_ONCE) {
        let held =
            "SELECT origin, serial, template, count, wear, bound, inside, account FROM json_each($1) CROSS JOIN items
             WHERE origin = CAST(value ->> 0 AS BIGINT) AND serial = CAST(value ->> 1 AS BIGINT)
                AND match_id = CAST(value ->> 2 AS BIGINT)";
        for row in changes.rows(held, &[table(some)?.into()]).await? {
            escrow.push(EscrowedItem { owner: AccountId(unsigned(row.number("account")?)), item: item_of(&row)? });
        }
    }
    Ok(escrow)
}
