//! What the store that keeps all this must do.

use std::future::Future;

use hypogeum_protocol::{AccountId, ItemId, TradeId};

use crate::{EconomyError, Inventory, ItemVersion, Stash, Trade, TradeMark, TradeOffer};

/// What was bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bought {
    /// The item, new in the stash.
    pub item: ItemId,
    /// What is left in the wallet.
    pub balance: i64,
}

/// Keeps what changes hands. Calls may come from any thread and any async runtime. Each is one transaction: where it
/// fails with a typed error nothing was changed; after [`EconomyError::Unavailable`] nobody knows, and asking again with
/// the same key, trade or version finds out without changing anything twice.
///
/// Wherever an item is named with a version, these are distinct errors: nobody has it ([`EconomyError::NoSuchItem`]), somebody
/// else has it ([`EconomyError::NotOwner`]), a match holds it or it has another version ([`EconomyError::Conflict`]).
pub trait EconomyStore: Send + Sync + 'static {
    /// Stash and wallet of `account`; empty, and without room, where there is no such account.
    fn stash(&self, account: AccountId) -> impl Future<Output = Result<Stash, EconomyError>> + Send;

    /// All that `account` has, with its characters and where they are, too, and its wallet; as [`EconomyStore::stash`] where there is
    /// no such account. What it has left behind in a place that stays is not its any more.
    fn inventory(&self, account: AccountId) -> impl Future<Output = Result<Inventory, EconomyError>> + Send;

    /// Keeps an offer, which passes [`TradeOffer::check`] or is refused as that says. Its proposer confirms by proposing
    /// exactly this; nothing moves yet and nothing is held, but what `from` gives must be there now. The other account
    /// must exist, and neither have too many open.
    fn propose(&self, offer: TradeOffer) -> impl Future<Output = Result<TradeId, EconomyError>> + Send;

    /// The trades `account` has proposed or was proposed: open ones first, newest first among both, from behind a mark, at most
    /// `count` and [`TRADES_LISTED_MAX`](crate::TRADES_LISTED_MAX). One whose time is over is
    /// [`TradeState::Expired`](crate::TradeState::Expired).
    fn trades(
        &self,
        account: AccountId,
        after: Option<TradeMark>,
        count: usize,
    ) -> impl Future<Output = Result<Vec<Trade>, EconomyError>> + Send;

    /// The other side confirms: everything moves in one transaction, both accounts locked in the order of their numbers,
    /// all or nothing, every version checked, every moved item's version raised. Where that is refused the trade stays
    /// open. Accepted again by the same account it answers the same and moves nothing. To all but [`TradeOffer::to`] it is
    /// [`EconomyError::NoSuchTrade`].
    fn accept(&self, by: AccountId, trade: TradeId) -> impl Future<Output = Result<Trade, EconomyError>> + Send;

    /// Either side calls it off. Cancelled again it answers the same; accepted or expired it is
    /// [`EconomyError::TradeClosed`]; to others [`EconomyError::NoSuchTrade`].
    fn cancel(&self, by: AccountId, trade: TradeId) -> impl Future<Output = Result<(), EconomyError>> + Send;

    /// Mints an item of `template` into the stash of `account` for `price`, 1 to [`CURRENCY_MAX`](crate::CURRENCY_MAX), which goes to the
    /// house. Whether the shop sells that at this price is the caller's to check. `key` is the buyer's: asked again with
    /// it, the answer is the item bought then and the balance now, whatever else is asked.
    fn buy(
        &self,
        account: AccountId,
        key: u64,
        template: &str,
        price: i64,
    ) -> impl Future<Output = Result<Bought, EconomyError>> + Send;

    /// What `account` bought with `key`, and the balance now: what [`EconomyStore::buy`] would answer with that key, whatever
    /// the price is by now. `None`: nothing.
    fn bought(&self, account: AccountId, key: u64)
    -> impl Future<Output = Result<Option<Bought>, EconomyError>> + Send;

    /// Takes an item out of the stash of `account`, for ever, and pays `price`, 1 to [`CURRENCY_MAX`](crate::CURRENCY_MAX), from the house; the
    /// new balance. Whether the shop buys that at this price is the caller's to check. Asked again for the same item at
    /// the same version, once sold, it answers the balance and pays nothing.
    fn sell(
        &self,
        account: AccountId,
        item: ItemVersion,
        price: i64,
    ) -> impl Future<Output = Result<i64, EconomyError>> + Send;

    /// The balance now, if `account` has sold the item at that version: what [`EconomyStore::sell`] would answer for it.
    /// `None`: it has not.
    fn sold(
        &self,
        account: AccountId,
        item: ItemVersion,
    ) -> impl Future<Output = Result<Option<i64>, EconomyError>> + Send;
}
