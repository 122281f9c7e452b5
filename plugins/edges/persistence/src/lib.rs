//! The SQL edge: what must outlive the process, kept by threads of its own.
//!
//! One [`Store`] over two databases, which answer the same to the same:
//! - [`Store::open`]: an SQLite file in the data directory, write-ahead logged and synced at every commit;
//! - [`Store::connect`]: a PostgreSQL database behind a URL, held by an advisory lock on a connection of its own.
//!
//! Either way a lock on the data directory keeps a second process out, and opening migrates forward; [`migrate`] does
//! only that, and [`migration_status`] says what it would do.
//!
//! The tick talks to a store through a [`StorePort`](hypogeum_store::StorePort) served by [`StoreThread`]; the gateway
//! calls it as an [`AccountStore`](hypogeum_accounts::AccountStore), a [`LoginStore`](hypogeum_accounts::LoginStore), a
//! [`CharacterStore`](hypogeum_accounts::CharacterStore), an [`EconomyStore`](hypogeum_economy::EconomyStore), a
//! [`CosmeticStore`](hypogeum_economy::CosmeticStore), a [`CreatureStore`](hypogeum_tournaments::CreatureStore), a
//! [`FriendStore`](hypogeum_social::FriendStore), an [`InboxStore`](hypogeum_social::InboxStore), a [`StorageStore`](hypogeum_accounts::StorageStore) and a
//! [`ScoreStore`](hypogeum_leaderboards::ScoreStore). Each request is one transaction, but new accounts, profiles and acknowledged reports share one where they are wanted
//! at the same time: all of it happens, or nothing. A match of ten thousand takes a few statements more than one of two:
//! see `rows.rs`.
//!
//! | idea | file |
//! |---|---|
//! | one text of SQL for both databases | `sql.rs` |
//! | transactions, and the locks that differ | `transaction.rs`, `change.rs` |
//! | what fails, and whether it may pass | `refusal.rs` |
//! | opening, locks, migrations | `open.rs`, `directory.rs`, `pairing.rs`, `lease.rs`, `pooler.rs`, `migrate.rs`, `known.rs` |
//! | noticing that the database is gone, and back | `health.rs` |
//! | accounts, logins, characters | `accounts.rs`, `creation.rs`, `logins.rs`, `characters.rs` |
//! | what a match takes | `escrow.rs` |
//! | what it gives: what that starts from, what is decided, what is written | `seated.rs`, `settle.rs`, `give.rs`, `grants.rs` |
//! | matches that a restored database has forgotten | `restored.rs` |
//! | reports that accounts have not acknowledged | `outbox.rs` |
//! | the tick's thread, and what it answers together | `thread.rs`, `together.rs` |
//! | all of it as a bevy plugin | `plugin.rs` |
//! | creatures, games that hold them, and what those make of them | `creatures.rs`, `games.rs`, `ended_games.rs` |
//! | scores of boards, their seasons, and boards as people look at them | `scores.rs`, `boards.rs` |
//! | what seasons that are over give | `season_rewards.rs` |
//! | rated battles, and what they do to ratings | `ladders.rs` |
//! | what accounts have reached, and the matches they have played | `progress.rs` |
//! | what was said, who ignores whom, reports | `chat.rs` |
//! | friends, requests, and whom those who come have to do with | `friends.rs` |
//! | what accounts are told for them to read later, and what they claim of it | `inbox.rs` |
//! | objects that programs keep with accounts | `storage.rs` |
//! | what accounts have to wear, by the clock of the database | `cosmetics.rs`, `clock.rs` |
//! | achievements, days in a row, and what seasons give | `rewards.rs` |
//! | trades and the shop | `economy.rs`, `trades.rs`, `shop.rs`, `holdings.rs` |
//!
//! Three rules hold at every moment, whatever crashes:
//! - an item is one row, so it is in one place, and every move raises its version;
//! - a grant is keyed by (account, source event), so it is granted once;
//! - the ledger sums to zero, and each wallet is the sum of its account's entries.
//!
//! Nothing waits for ever: a statement has five seconds. What is not answered by then fails with
//! [`StoreFailure::Unavailable`](hypogeum_store::StoreFailure::Unavailable), and so does everything asked after it, at
//! once, until the database is back, which [`Store::health`] shows. Whether such a request was done is not known: it is
//! asked again as it was, and its key sees to it that it is done once.
//!
//! Whoever locks more than one thing locks in one order: a match, a game or a trade first, then accounts by their numbers, then
//! what those own, then boards by their keys. So no two transactions wait for each other; where the database finds that they do nevertheless, one is
//! undone and tried again, a few times.

mod accounts;
mod audit;
mod boards;
mod brought;
mod change;
mod characters;
mod chat;
mod clock;
mod cosmetics;
mod creation;
mod creatures;
mod directory;
mod economy;
mod ended_games;
mod entries;
mod entry_rows;
mod error;
mod escrow;
mod friends;
mod games;
mod give;
mod grants;
mod health;
mod holdings;
mod inbox;
mod known;
mod ladders;
mod lease;
mod logins;
mod migrate;
mod name_keys;
mod open;
mod outbox;
mod outside_async;
mod pairing;
mod place;
mod plugin;
mod pooler;
mod pots;
mod profile;
mod progress;
mod refusal;
mod restored;
mod rewards;
mod rows;
mod scores;
mod season_rewards;
mod seated;
mod settle;
mod shop;
mod sql;
mod starts;
mod storage;
mod store;
mod thread;
mod together;
mod trades;
mod transaction;
mod visits;

pub use audit::Audit;
pub use error::OpenError;
pub use migrate::{Migrated, migrate, migration_status};
pub use place::Place;
pub use plugin::PersistencePlugin;
pub use restored::{GrantedAgain, RememberedMatch};
pub use store::{Recovered, Store};
pub use thread::StoreThread;
