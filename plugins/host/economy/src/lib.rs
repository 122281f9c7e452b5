//! What changes hands outside of matches: trades between two players, and the shop. Vocabulary and checks, no I/O.
//!
//! An item is named with the [version](ItemVersion) it was seen at, and every move raises that. So a player who acts on
//! outdated data gets [`EconomyError::Conflict`], and nothing has changed.
//!
//! | idea | file |
//! |---|---|
//! | items as they were seen, stash, one side of a trade | `goods.rs` |
//! | trades | `trade.rs` |
//! | what the shop asks and pays | `prices.rs` |
//! | what a store of all this must do | `store.rs` |
//! | what players wear to be looked at | `cosmetics.rs` |
//! | why nothing changed hands | `error.rs` |

mod cosmetics;
mod error;
mod goods;
mod prices;
mod store;
mod trade;

pub use cosmetics::{
    COSMETIC_REFUND_S, Cosmetic, CosmeticBought, CosmeticCatalog, CosmeticError, CosmeticSlot, CosmeticStore,
    LOOKED_AT_MAX, Wardrobe,
};
pub use error::EconomyError;
pub use goods::{Goods, Inventory, ItemPlace, ItemVersion, Stash, StashEntry, TRADE_ITEMS_MAX};
pub use prices::{PriceList, SHOP_BUYS_AT_BASIS_POINTS};
pub use store::{Bought, EconomyStore};
pub use trade::{
    TRADE_LIFE_S, TRADES_LISTED_MAX, TRADES_PROPOSED_MAX, TRADES_RECEIVED_MAX, Trade, TradeMark, TradeOffer, TradeState,
};

/// Items a stash holds unless bought larger.
pub const STASH_CAPACITY_DEFAULT: u32 = 120;
/// Most currency a wallet holds. Far below `i64`'s end, so that no sum of a few wallets overflows.
pub const CURRENCY_MAX: i64 = 1_000_000_000_000_000;
