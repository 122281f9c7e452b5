//! The SQL edge: accounts, stash, escrow, wallets and settlements, kept by a thread of its own.
//!
//! [`Store::open`] opens one data directory: an embedded SQLite database, write-ahead logged and synced at every
//! commit, and a lock that keeps a second process out. The tick talks to it through a
//! [`StorePort`](hypogeum_progression::StorePort) served by [`StoreThread`]; the gateway calls it as an
//! [`AccountStore`](hypogeum_accounts::AccountStore). Each request is one transaction, but new accounts and profiles that are
//! wanted at the same time share one: all of it happens, or nothing. A match of ten thousand takes a few statements more
//! than one of two: see `rows.rs`.
//!
//! Three rules hold at every moment, whatever crashes:
//! - an item is one row, so it is in one place;
//! - a grant is keyed by (account, source event), so it is granted once;
//! - the ledger sums to zero.

mod accounts;
mod creation;
mod error;
mod escrow;
mod grants;
mod not_yet;
mod open;
mod profile;
mod rows;
mod settle;
mod store;
mod thread;

pub use error::OpenError;
pub use store::{Recovered, Store};
pub use thread::StoreThread;
