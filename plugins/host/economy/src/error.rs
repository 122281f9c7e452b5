//! Why nothing changed hands.

use hypogeum_protocol::ItemId;

use crate::{CURRENCY_MAX, TRADE_ITEMS_MAX, TradeState};

/// Why nothing changed hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EconomyError {
    /// The item is not what it was when it was seen: it has been moved since, or is not in the stash now.
    #[error("item {item} was seen at version {expected} and has changed since")]
    Conflict {
        /// The item that was to change hands.
        item: ItemId,
        /// The version it was seen at.
        expected: u64,
        /// The version it has; `None`: its owner has it, but not in the stash, for a match holds it.
        found: Option<u64>,
    },
    /// The item belongs to somebody else.
    #[error("item {0} belongs to another account")]
    NotOwner(ItemId),
    /// The item is bound to its owner, and neither traded nor sold.
    #[error("item {0} is bound to its owner")]
    ItemBound(ItemId),
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
    /// The proposer has [`TRADES_PROPOSED_MAX`](crate::TRADES_PROPOSED_MAX) open, or the other
    /// [`TRADES_RECEIVED_MAX`](crate::TRADES_RECEIVED_MAX).
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
    pub(crate) fn check_price(price: Option<i64>, seen: i64) -> Result<(), Self> {
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
