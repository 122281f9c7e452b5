//! What changes hands outside of matches: trades between two players, and the shop. Vocabulary and checks, no I/O.
//!
//! An item is named with the [version](ItemVersion) it was seen at, and every move raises that. So whoever acts on what it
//! saw a while ago is told [`EconomyError::Conflict`], once, and nothing has changed.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::future::Future;

use hypogeum_protocol::{AccountId, ItemId, TradeId};

use crate::profile::CURRENCY_MAX;

/// Items one side of a trade gives: a good part of a stash, and still one small transaction.
pub const TRADE_ITEMS_MAX: usize = 32;
/// Open trades one account has proposed.
pub const TRADES_PROPOSED_MAX: usize = 16;
/// Open trades proposed to one account. More than one account may propose, so that one alone keeps nobody else away.
pub const TRADES_RECEIVED_MAX: usize = 64;
/// Trades of an account that are listed: all that are open, and the last ones that are not.
pub const TRADES_LISTED_MAX: usize = 100;
/// How long a trade stays open.
pub const TRADE_LIFE_S: u64 = 60 * 60;
/// What the shop pays of what it asks.
pub const SHOP_BUYS_AT_BASIS_POINTS: u32 = 5_000;
/// The whole, in basis points.
const WHOLE_BASIS_POINTS: i64 = 10_000;

/// An item as it was seen: it is moved only where it still is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemVersion {
    /// The item.
    pub item: ItemId,
    /// How often it has been moved, counted from 1.
    pub version: u64,
}

/// An item that lies in a stash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StashEntry {
    /// Its name for ever.
    pub item: ItemId,
    /// Key of its template.
    pub template: String,
    /// How often it has been moved, counted from 1.
    pub version: u64,
}

/// What an account has at home, as it is at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stash {
    /// What lies there, in the order of item names.
    pub items: Vec<StashEntry>,
    /// What the wallet holds, 0 to [`CURRENCY_MAX`].
    pub currency: i64,
    /// How many items the stash has room for; there may be more in it already.
    pub capacity: u32,
}

/// What one side of a trade gives: items, none of them twice, and currency, 0 to [`CURRENCY_MAX`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Goods {
    items: Vec<ItemVersion>,
    currency: i64,
}

impl Goods {
    /// Checks what was written down. The items come out in the order of their names.
    ///
    /// # Errors
    /// [`EconomyError::TooManyItems`], [`EconomyError::InvalidAmount`] and [`EconomyError::SameItemTwice`].
    pub fn new(mut items: Vec<ItemVersion>, currency: i64) -> Result<Self, EconomyError> {
        if items.len() > TRADE_ITEMS_MAX {
            return Err(EconomyError::TooManyItems(items.len()));
        }
        if !(0..=CURRENCY_MAX).contains(&currency) {
            return Err(EconomyError::InvalidAmount(currency));
        }
        items.sort_unstable();
        let twice = items.array_windows().find(|[one, next]| one.item == next.item);
        if let Some([one, _]) = twice {
            return Err(EconomyError::SameItemTwice(one.item));
        }
        Ok(Self { items, currency })
    }

    /// The items, in the order of their names.
    #[must_use]
    pub fn items(&self) -> &[ItemVersion] {
        &self.items
    }

    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> i64 {
        self.currency
    }

    /// Whether it is nothing at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty() && self.currency == 0
    }
}

/// What one account proposes to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TradeOffer {
    /// Who proposes, and by that confirms.
    pub from: AccountId,
    /// Who may accept.
    pub to: AccountId,
    /// What `from` gives.
    pub gives: Goods,
    /// What `to` gives.
    pub wants: Goods,
}

impl TradeOffer {
    /// Checks what types cannot. One side may give nothing: that is a present, or a plea.
    ///
    /// # Errors
    /// [`EconomyError::SelfTrade`], [`EconomyError::NoSuchAccount`] for account 0, [`EconomyError::EmptyTrade`] and
    /// [`EconomyError::SameItemTwice`] for an item that goes both ways.
    pub fn check(&self) -> Result<(), EconomyError> {
        if self.from == self.to {
            return Err(EconomyError::SelfTrade);
        }
        if self.from.0 == 0 || self.to.0 == 0 {
            return Err(EconomyError::NoSuchAccount);
        }
        if self.gives.is_empty() && self.wants.is_empty() {
            return Err(EconomyError::EmptyTrade);
        }
        let wanted = |given: &&ItemVersion| self.wants.items.binary_search_by_key(&given.item, |own| own.item).is_ok();
        self.gives.items.iter().find(wanted).map_or(Ok(()), |both| Err(EconomyError::SameItemTwice(both.item)))
    }
}

/// How far a trade has come. It leaves [`TradeState::Open`] once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TradeState {
    /// It may be accepted.
    Open,
    /// Everything has changed hands.
    Accepted,
    /// One of the two called it off.
    Cancelled,
    /// Nobody accepted it in time.
    Expired,
}

/// A trade as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trade {
    /// Its number.
    pub id: TradeId,
    /// What was proposed.
    pub offer: TradeOffer,
    /// What became of it.
    pub state: TradeState,
    /// When it ends unless it is accepted, in seconds since 1970: [`TRADE_LIFE_S`] after it was proposed.
    pub expires_s: u64,
}

/// What was bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bought {
    /// The item, new in the stash.
    pub item: ItemId,
    /// What is left in the wallet.
    pub balance: i64,
}

/// What the shop deals in: it asks an item's value, and pays [`SHOP_BUYS_AT_BASIS_POINTS`] of that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PriceList {
    asks: BTreeMap<String, i64>,
}

impl PriceList {
    /// Prices by template key. What has no value, or one beyond [`CURRENCY_MAX`], is not dealt in; of two values for one
    /// template the first counts.
    pub fn new(values: impl IntoIterator<Item = (String, i64)>) -> Self {
        let mut asks = BTreeMap::new();
        for (template, value) in values {
            if let (1..=CURRENCY_MAX, Entry::Vacant(entry)) = (value, asks.entry(template)) {
                entry.insert(value);
            }
        }
        Self { asks }
    }

    /// What the shop asks for such an item, at least 1; `None`: it sells none.
    #[must_use]
    pub fn ask(&self, template: &str) -> Option<i64> {
        self.asks.get(template).copied()
    }

    /// What the shop pays for such an item, at least 1; `None`: it buys none. Rounded down, so what would be worth
    /// nothing is not bought.
    #[must_use]
    pub fn bid(&self, template: &str) -> Option<i64> {
        // No ask is beyond CURRENCY_MAX, so the product is far below the end of i64.
        let bid = self.ask(template)? * i64::from(SHOP_BUYS_AT_BASIS_POINTS) / WHOLE_BASIS_POINTS;
        (bid > 0).then_some(bid)
    }

    /// Every template it deals in with what it asks, in the order of keys.
    pub fn asks(&self) -> impl ExactSizeIterator<Item = (&str, i64)> {
        self.asks.iter().map(|(template, ask)| (template.as_str(), *ask))
    }

    /// Whether the shop sells such an item at the price the buyer saw.
    ///
    /// # Errors
    /// [`EconomyError::InvalidAmount`], [`EconomyError::NotForSale`] and [`EconomyError::PriceChanged`].
    pub fn check_ask(&self, template: &str, seen: i64) -> Result<(), EconomyError> {
        EconomyError::check_price(self.ask(template), seen)
    }

    /// Whether the shop buys such an item at the price the seller saw.
    ///
    /// # Errors
    /// As [`PriceList::check_ask`].
    pub fn check_bid(&self, template: &str, seen: i64) -> Result<(), EconomyError> {
        EconomyError::check_price(self.bid(template), seen)
    }
}

/// Why nothing changed hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EconomyError {
    /// The item is not what it was when it was seen: it has been moved since, or is not in the stash now.
    #[error("item {item} was seen at version {expected} and has changed since")]
    Conflict {
        /// The item.
        item: ItemId,
        /// The version it was seen at.
        expected: u64,
        /// The version it has; `None`: its owner has it, but not in the stash, for a match holds it.
        found: Option<u64>,
    },
    /// The item belongs to somebody else.
    #[error("item {0} belongs to another account")]
    NotOwner(ItemId),
    /// No such item, or no longer.
    #[error("there is no item {0}")]
    NoSuchItem(ItemId),
    /// Currency below zero, beyond [`CURRENCY_MAX`], or a price of nothing.
    #[error("{0} is no amount of currency that can change hands")]
    InvalidAmount(i64),
    /// The caller's wallet holds less than it takes.
    #[error("this takes {needed}, and the wallet holds {found}")]
    NotEnough {
        /// What it takes.
        needed: i64,
        /// What is there.
        found: i64,
    },
    /// The caller's wallet would hold more than [`CURRENCY_MAX`].
    #[error("the wallet has no room for so much")]
    WalletFull,
    /// The caller's stash has no room.
    #[error("the stash is full")]
    StashFull,
    /// The other side of the trade has not the currency for it, or no room in stash or wallet. Which, and how much, is
    /// theirs to know.
    #[error("the other side cannot do its part of this trade now")]
    OtherSideCannot,
    /// A trade with oneself.
    #[error("nobody trades with themselves")]
    SelfTrade,
    /// No such account.
    #[error("there is no such account")]
    NoSuchAccount,
    /// No such trade, or it is none of the caller's.
    #[error("there is no such trade")]
    NoSuchTrade,
    /// The trade is over.
    #[error("this trade is {}", .0.word())]
    TradeClosed(TradeState),
    /// More than [`TRADE_ITEMS_MAX`] on one side.
    #[error("one side of a trade gives at most {TRADE_ITEMS_MAX} items, not {0}")]
    TooManyItems(usize),
    /// The proposer has [`TRADES_PROPOSED_MAX`] open, or the other [`TRADES_RECEIVED_MAX`].
    #[error("too many trades are open: wait, or call one off")]
    TooManyTrades,
    /// One item, twice in one trade.
    #[error("item {0} is named twice")]
    SameItemTwice(ItemId),
    /// A trade in which nobody gives anything.
    #[error("in this trade nobody gives anything")]
    EmptyTrade,
    /// The shop does not deal in such items.
    #[error("the shop does not deal in this")]
    NotForSale,
    /// The shop's price is another than the one that was seen.
    #[error("the price was {expected} and is {found} now")]
    PriceChanged {
        /// What was seen.
        expected: i64,
        /// What it is.
        found: i64,
    },
    /// Nothing can be granted now; nothing was changed. Asking again later may work.
    #[error("nothing can be granted now: try later")]
    TryLater,
    /// The store does not answer. Asking again may work; where it is said how to ask again, doing so changes nothing
    /// twice.
    #[error("the store is unavailable now")]
    Unavailable,
}

impl EconomyError {
    /// Whether `seen` is the price there is.
    ///
    /// # Errors
    /// [`EconomyError::InvalidAmount`], [`EconomyError::NotForSale`] and [`EconomyError::PriceChanged`].
    fn check_price(price: Option<i64>, seen: i64) -> Result<(), Self> {
        if !(1..=CURRENCY_MAX).contains(&seen) {
            return Err(Self::InvalidAmount(seen));
        }
        match price {
            None => Err(Self::NotForSale),
            Some(found) if found != seen => Err(Self::PriceChanged { expected: seen, found }),
            Some(_) => Ok(()),
        }
    }

    /// Whether asking the same again may work.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::TryLater | Self::Unavailable)
    }
}

impl TradeState {
    /// The state in one word, as clients read it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

/// Keeps what changes hands. Calls may come from any thread and any async runtime. Each is one transaction: where it
/// fails with a typed error nothing was changed; after [`EconomyError::Unavailable`] nobody knows, and asking again with
/// the same key, trade or version finds out without changing anything twice.
///
/// Wherever an item is named with a version, these are told apart: nobody has it ([`EconomyError::NoSuchItem`]), somebody
/// else has it ([`EconomyError::NotOwner`]), a match holds it or it has another version ([`EconomyError::Conflict`]).
pub trait EconomyStore: Send + Sync + 'static {
    /// Stash and wallet of `account`; empty, and without room, where there is no such account.
    fn stash(&self, account: AccountId) -> impl Future<Output = Result<Stash, EconomyError>> + Send;

    /// Keeps an offer, which passes [`TradeOffer::check`] or is refused as that says. Its proposer confirms by proposing
    /// exactly this; nothing moves yet and nothing is held, but what `from` gives must be there now. The other account
    /// must exist, and neither have too many open.
    fn propose(&self, offer: TradeOffer) -> impl Future<Output = Result<TradeId, EconomyError>> + Send;

    /// The trades `account` has proposed or was proposed: open ones first, newest first among both, at most
    /// [`TRADES_LISTED_MAX`]. One whose time is over is [`TradeState::Expired`], whoever noticed.
    fn trades(&self, account: AccountId) -> impl Future<Output = Result<Vec<Trade>, EconomyError>> + Send;

    /// The other side confirms: everything moves in one transaction, both accounts locked in the order of their numbers,
    /// all or nothing, every version checked, every moved item's version raised. Where that is refused the trade stays
    /// open. Accepted again by the same account it answers the same and moves nothing. To all but [`TradeOffer::to`] it is
    /// [`EconomyError::NoSuchTrade`].
    fn accept(&self, by: AccountId, trade: TradeId) -> impl Future<Output = Result<Trade, EconomyError>> + Send;

    /// Either side calls it off. Cancelled again it answers the same; accepted or expired it is
    /// [`EconomyError::TradeClosed`]; to others [`EconomyError::NoSuchTrade`].
    fn cancel(&self, by: AccountId, trade: TradeId) -> impl Future<Output = Result<(), EconomyError>> + Send;

    /// Mints an item of `template` into the stash of `account` for `price`, 1 to [`CURRENCY_MAX`], which goes to the
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

    /// Takes an item out of the stash of `account`, for ever, and pays `price`, 1 to [`CURRENCY_MAX`], from the house; the
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

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(serial: u32, version: u64) -> ItemVersion {
        ItemVersion { item: ItemId { origin: 1, serial }, version }
    }

    #[test]
    fn goods_are_bounded_and_name_no_item_twice() {
        let many = |count| (0..count).map(|serial| seen(serial, 1)).collect::<Vec<_>>();
        assert!(Goods::new(many(32), CURRENCY_MAX).is_ok(), "so much is possible");
        assert_eq!(Goods::new(many(33), 0), Err(EconomyError::TooManyItems(33)), "more is not");
        for amount in [-1, CURRENCY_MAX + 1, i64::MIN, i64::MAX] {
            assert_eq!(Goods::new(vec![], amount), Err(EconomyError::InvalidAmount(amount)), "{amount} is no amount");
        }
        let twice = vec![seen(2, 1), seen(1, 1), seen(2, 9)];
        assert_eq!(Goods::new(twice, 0), Err(EconomyError::SameItemTwice(seen(2, 0).item)), "at whichever version");
        let goods = Goods::new(vec![seen(2, 1), seen(1, 1)], 0).unwrap();
        assert_eq!(goods.items(), [seen(1, 1), seen(2, 1)], "they come out in order");
    }

    #[test]
    fn an_offer_that_makes_no_sense_is_refused() {
        let nothing = Goods::default();
        let one = |serial| Goods::new(vec![seen(serial, 1)], 0).unwrap();
        let offer = |from, to, gives: &Goods, wants: &Goods| {
            let (gives, wants) = (gives.clone(), wants.clone());
            TradeOffer { from: AccountId(from), to: AccountId(to), gives, wants }.check()
        };
        assert_eq!(offer(1, 2, &one(1), &nothing), Ok(()), "a present is a trade");
        assert_eq!(offer(1, 2, &nothing, &one(1)), Ok(()), "so is a plea");
        assert_eq!(offer(1, 2, &nothing, &nothing), Err(EconomyError::EmptyTrade), "nothing for nothing is not");
        assert_eq!(offer(1, 1, &one(1), &one(2)), Err(EconomyError::SelfTrade), "nor is a trade with oneself");
        assert_eq!(offer(1, 0, &one(1), &one(2)), Err(EconomyError::NoSuchAccount), "or with nobody");
        let both_ways = offer(1, 2, &one(1), &one(1));
        assert_eq!(both_ways, Err(EconomyError::SameItemTwice(seen(1, 1).item)), "an item goes one way");
    }

    #[test]
    fn the_shop_asks_the_value_and_pays_half() {
        let values = [("knife", 75), ("coin", 1), ("dirt", 0), ("debt", -5), ("star", i64::MAX), ("knife", 1)];
        let prices = PriceList::new(values.map(|(template, value)| (template.to_owned(), value)));
        assert_eq!(prices.asks().collect::<Vec<_>>(), [("coin", 1), ("knife", 75)], "it deals in what has a value");
        assert_eq!((prices.ask("knife"), prices.bid("knife")), (Some(75), Some(37)), "half, rounded down");
        assert_eq!((prices.ask("coin"), prices.bid("coin")), (Some(1), None), "half of one is nothing");
        let dearest = PriceList::new([("crown".to_owned(), CURRENCY_MAX)]);
        assert_eq!(dearest.bid("crown"), Some(CURRENCY_MAX / 2), "the dearest item does not overflow");

        assert_eq!(prices.check_ask("knife", 75), Ok(()), "the price seen is the price");
        let changed = EconomyError::PriceChanged { expected: 74, found: 75 };
        assert_eq!(prices.check_ask("knife", 74), Err(changed), "another was seen");
        assert_eq!(prices.check_bid("coin", 1), Err(EconomyError::NotForSale), "it is not bought at all");
        for amount in [0, -75, CURRENCY_MAX + 1] {
            assert_eq!(prices.check_ask("knife", amount), Err(EconomyError::InvalidAmount(amount)), "{amount}");
        }
    }
}
