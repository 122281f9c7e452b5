//! What is kept: experience, levels, stash, wallet, rating and the settlement of a match.
//!
//! No I/O: this crate is the vocabulary in which the tick asks for what is kept ([`StoreRequest`] through a
//! [`StorePort`]) and the arithmetic of what a match is worth ([`settle`]). Who keeps it is `persistence`'s business.
//!
//! | idea | file |
//! |---|---|
//! | what an account has | `profile.rs` |
//! | experience to levels | `level.rs` |
//! | skill, and how a result changes it | `rating.rs` |
//! | what a match changes | `settlement.rs` |
//! | trades and the shop | `economy.rs` |
//! | questions and answers between tick and store | `request.rs`, `port.rs` |
//! | whether the store answers at all | `health.rs` |

mod economy;
mod health;
mod level;
mod port;
mod profile;
mod rating;
mod request;
mod settlement;

pub use economy::{
    Bought, EconomyError, EconomyStore, Goods, ItemVersion, PriceList, SHOP_BUYS_AT_BASIS_POINTS, Stash, StashEntry,
    TRADE_ITEMS_MAX, TRADE_LIFE_S, TRADES_LISTED_MAX, TRADES_PROPOSED_MAX, TRADES_RECEIVED_MAX, Trade, TradeOffer,
    TradeState,
};
pub use health::StoreHealth;
pub use level::{LEVEL_MAX, level_of, xp_for_level};
pub use port::{Bounded, STORE_QUEUE_MAX, StorePort};
pub use profile::{CURRENCY_MAX, Profile, STASH_CAPACITY_DEFAULT, StarterKit};
pub use rating::{Skill, rate_free_for_all};
pub use request::{RefusedItem, SeatEscrow, StoreFailure, StoreReply, StoreRequest};
pub use settlement::{
    Balance, EscrowedItem, ITEMS_SECURED_MAX, OrderFlaw, SEATS_MAX, SeatSettlement, SettlementOrder, rate, settle,
    settle_seats,
};
