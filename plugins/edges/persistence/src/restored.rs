//! A database that was restored from a backup: matches that were settled after it was made are granted again, as their
//! logs have them.
//!
//! A log says what came out of a match, and the database where things lie; where both speak of one item, there is one.
//! What a player brought is taken from its stash once more, if it lies there. What it got out with is given back where it
//! was brought or found in a match. An item that lies elsewhere stays there; one that was bought after the backup is not
//! made, for its price is in the wallet again.

use std::collections::BTreeSet;

use hypogeum_progression::SettlementOrder;
use hypogeum_protocol::{AccountId, CharacterId, ItemId, MatchId, StashedItem};
use hypogeum_store::{CheckOut, StoreFailure, StoreReply};

use crate::change::Change;
use crate::escrow::{self, MatchState, close_match, match_state};
use crate::refusal::Refusal;
use crate::rows::{ROWS_AT_ONCE, item_of, signed, table, unsigned};
use crate::settle::{granted_reports, settle_match};
use crate::store::Store;
use crate::transaction::Transaction;
use crate::visits;

/// A match that is over, as its log has it.
#[derive(Clone, Debug)]
pub struct RememberedMatch {
    /// Its number, which no other match has.
    pub match_id: MatchId,
    /// Key of its mode.
    pub mode: String,
    /// Fingerprint of its seed.
    pub seed: u64,
    /// Everyone who played, with what they brought.
    pub seats: Vec<(AccountId, Vec<ItemId>)>,
    /// What everyone got; `None`: it was undone.
    pub order: Option<SettlementOrder>,
}

/// What became of a match that the database had forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GrantedAgain {
    /// Accounts that got what they had got.
    pub accounts: u32,
    /// Accounts that played and are not in the database: they were made after the backup.
    pub accounts_gone: u32,
    /// Items that lie elsewhere, or were bought after the backup.
    pub items_left: u32,
}

impl Store {
    /// Those of these matches that the database does not know.
    ///
    /// # Errors
    /// [`StoreFailure`] where the database does not answer.
    pub fn forgotten(&self, matches: &[MatchId]) -> Result<Vec<MatchId>, StoreFailure> {
        let runtime = self.runtime().ok_or_else(|| StoreFailure::Unavailable("the store is closing".into()))?;
        let looking = async {
            let mut known = BTreeSet::new();
            for some in matches.chunks(ROWS_AT_ONCE) {
                let ids: Vec<i64> = some.iter().map(|id| signed(id.0)).collect();
                let look = "SELECT matches.id AS id FROM json_each($1) CROSS JOIN matches WHERE matches.id = CAST(value AS BIGINT)";
                for row in self.pools().read(look, &[table(&ids)?.into()]).await? {
                    known.insert(MatchId(unsigned(row.number("id")?)));
                }
            }
            Ok::<_, Refusal>(matches.iter().copied().filter(|id| !known.contains(id)).collect())
        };
        runtime.block_on(looking).map_err(StoreFailure::from)
    }

    /// Grants a match again that the database has forgotten, or thinks is running; for any other it does nothing. All of
    /// it happens, or nothing.
    ///
    /// # Errors
    /// [`StoreFailure`] where the database does not answer, or the order contradicts itself.
    pub fn grant_again(&self, remembered: &RememberedMatch) -> Result<GrantedAgain, StoreFailure> {
        let runtime = self.runtime().ok_or_else(|| StoreFailure::Unavailable("the store is closing".into()))?;
        runtime.block_on(self.pools().change(remembered)).map_err(StoreFailure::from)
    }

    /// Checks out again what was brought into an open shard by a visit that the database has forgotten, as far as it lies where
    /// it was; for a visit that the database knows it does nothing. Returns how many items lie elsewhere.
    ///
    /// # Errors
    /// [`StoreFailure`] where the database does not answer.
    pub fn check_out_again(&self, remembered: &CheckOut) -> Result<usize, StoreFailure> {
        let runtime = self.runtime().ok_or_else(|| StoreFailure::Unavailable("the store is closing".into()))?;
        runtime.block_on(self.pools().change(&ForgottenVisit(remembered))).map_err(StoreFailure::from)
    }
}

/// A visit that the database may have forgotten.
struct ForgottenVisit<'a>(&'a CheckOut);

impl Change for ForgottenVisit<'_> {
    /// How many items lie elsewhere.
    type Done = usize;

    async fn apply(&self, changes: &mut Transaction) -> Result<usize, Refusal> {
        let CheckOut { visit, account, character, .. } = self.0;
        if match_state(changes, *visit).await? != MatchState::Unknown {
            return Ok(0);
        }
        never_again(changes, &[(*account, Vec::new())]).await?;
        if let Some(character) = character {
            never_again_named(changes, *character).await?;
        }
        match visits::check_out_again(changes, self.0).await? {
            StoreReply::CheckedOut { refused, .. } => Ok(refused.len()),
            _ => Err(StoreFailure::MatchClosed(*visit).into()),
        }
    }
}

impl Change for RememberedMatch {
    type Done = GrantedAgain;

    async fn apply(&self, changes: &mut Transaction) -> Result<GrantedAgain, Refusal> {
        if matches!(match_state(changes, self.match_id).await?, MatchState::Settled | MatchState::Abandoned) {
            return Ok(GrantedAgain::default());
        }
        never_again(changes, &self.seats).await?;
        let no_items: Vec<(AccountId, Vec<ItemId>)> = self.seats.iter().map(|(seat, _)| (*seat, Vec::new())).collect();
        let seats = if self.order.is_some() { &self.seats } else { &no_items };
        escrow::take(changes, self.match_id, &self.mode, self.seed, seats).await?;
        let Some(order) = &self.order else {
            close_match(changes, self.match_id, "abandoned").await?;
            return Ok(GrantedAgain::default());
        };
        let mut order = order.clone();
        // Seats that were granted alone before the backup was made have all of it.
        let accounts = order.accounts().map(|result| result.account);
        let granted = granted_reports(changes, self.match_id, accounts).await?;
        let granted: BTreeSet<AccountId> = granted.into_keys().collect();
        let items_left = leave_elsewhere(changes, &mut order, &granted).await?;
        let StoreReply::Settled { reports, seatless, .. } = settle_match(changes, &order).await? else {
            return Err(StoreFailure::MatchClosed(self.match_id).into());
        };
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let accounts = count(reports.len() - granted.len());
        Ok(GrantedAgain { accounts, accounts_gone: count(seatless.len()), items_left })
    }
}

/// Takes out of an order what its match cannot give to those not granted yet; returns how many items those are.
async fn leave_elsewhere(
    changes: &mut Transaction,
    order: &mut SettlementOrder,
    granted: &BTreeSet<AccountId>,
) -> Result<u32, Refusal> {
    let held = escrow::escrow_of(changes, order.match_id).await?;
    let held: BTreeSet<ItemId> = held.into_iter().map(|held| held.item.id).collect();
    let secured = order.results.iter().flat_map(|result| &result.items_secured).map(|item| item.id);
    let new: Vec<ItemId> = secured.filter(|id| !held.contains(id)).collect();
    let mut elsewhere = BTreeSet::new();
    for some in new.chunks(ROWS_AT_ONCE) {
        let rows: Vec<_> = some.iter().map(|id| (signed(id.origin), id.serial)).collect();
        let look = "SELECT origin, serial, template, count, wear, bound, inside FROM json_each($1) CROSS JOIN items
             WHERE origin = CAST(value ->> 0 AS BIGINT) AND serial = CAST(value ->> 1 AS BIGINT)";
        for row in changes.rows(look, &[table(&rows)?.into()]).await? {
            elsewhere.insert(item_of(&row)?.id);
        }
    }
    let is_found = |id: ItemId| id.origin & (ItemId::STARTER_BIT | ItemId::SHOP_BIT) == 0;
    let mut left = 0;
    for result in order.results.iter_mut().filter(|result| !granted.contains(&result.account)) {
        result.items_secured.retain(|StashedItem { id, .. }| {
            let stays = held.contains(id) || is_found(*id) && !elsewhere.contains(id);
            left += u32::from(!stays);
            stays
        });
    }
    Ok(left)
}

/// Sees to it that no new account gets the number of one that played: it was made after the backup, and what was given to
/// it bears its number.
async fn never_again(changes: &mut Transaction, seats: &[(AccountId, Vec<ItemId>)]) -> Result<(), Refusal> {
    let Some(last) = seats.iter().map(|(account, _)| account.0).max() else { return Ok(()) };
    let beyond = changes.either(
        "UPDATE sqlite_sequence SET seq = MAX(seq, $1) WHERE name = 'accounts'",
        "SELECT setval(pg_get_serial_sequence('accounts', 'id'), GREATEST($1, last_value)) FROM accounts_id_seq",
    );
    if changes.run(beyond, &[signed(last).into()]).await? == 0 {
        let first = "INSERT INTO sqlite_sequence (name, seq) VALUES ('accounts', $1)";
        changes.run(first, &[signed(last).into()]).await?;
    }
    Ok(())
}

/// As [`never_again`], for the number of a character.
async fn never_again_named(changes: &mut Transaction, character: CharacterId) -> Result<(), Refusal> {
    let beyond = changes.either(
        "UPDATE sqlite_sequence SET seq = MAX(seq, $1) WHERE name = 'characters'",
        "SELECT setval(pg_get_serial_sequence('characters', 'id'), GREATEST($1, last_value)) FROM characters_id_seq",
    );
    if changes.run(beyond, &[signed(character.0).into()]).await? == 0 {
        let first = "INSERT INTO sqlite_sequence (name, seq) VALUES ('characters', $1)";
        changes.run(first, &[signed(character.0).into()]).await?;
    }
    Ok(())
}
