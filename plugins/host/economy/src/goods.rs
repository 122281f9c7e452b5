//! Items as they were seen, and what one side of a trade gives.

use hypogeum_protocol::{CharacterId, ItemId, ItemState, MatchId};

use crate::{CURRENCY_MAX, EconomyError};

/// Items one side of a trade gives: a good part of a stash, and still one small transaction.
pub const TRADE_ITEMS_MAX: usize = 32;
/// An item as it was seen: it is moved only where it still is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemVersion {
    /// Its name for ever.
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
    /// How often it has been moved or changed, counted from 1.
    pub version: u64,
    /// What it has besides its kind.
    pub state: ItemState,
}

/// What an account has in its stash at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stash {
    /// What lies there, in the order of item names.
    pub items: Vec<StashEntry>,
    /// What the wallet holds, 0 to [`CURRENCY_MAX`].
    pub currency: i64,
    /// How many items the stash has room for; there may be more in it already.
    pub capacity: u32,
}

/// Where an item of an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemPlace {
    /// In its stash.
    Stash,
    /// With a character of its, wherever that is while nobody plays it.
    Carried(CharacterId),
    /// Brought into a match or a place that stays, which goes on: what becomes of it is decided there.
    Brought {
        /// The match, or the visit.
        into: MatchId,
        /// The character that has brought it; `None`: it came from the stash.
        by: Option<CharacterId>,
    },
}

/// Everything an account has at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// What it has, and where, in the order of item names.
    pub items: Vec<(StashEntry, ItemPlace)>,
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

    /// The currency, 0 to [`CURRENCY_MAX`].
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
}
