//! The shop's prices.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::{CURRENCY_MAX, EconomyError};

/// What the shop pays of what it asks.
pub const SHOP_BUYS_AT_BASIS_POINTS: u32 = 5_000;
/// The whole, in basis points.
const WHOLE_BASIS_POINTS: i64 = 10_000;

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

#[cfg(test)]
mod tests {

    use super::*;

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
