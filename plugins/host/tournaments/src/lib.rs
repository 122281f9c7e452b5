//! Creatures of people, and the games that they are in.
//!
//! The database owns a creature, and a game that it is in holds it: one game at a time. A game is a shard of a kind that goes by turns
//! ([`TurnBasedKind`](https://docs.rs/hypogeum-shard)); once it is over, what it has made of its creatures is written in one
//! transaction, keyed by the game.

mod name;
mod record;
mod store;

pub use name::{CREATURE_NAME_CHARS_MAX, CreatureName, CreatureNameError};
pub use record::{CreatureRecord, GameRecord, GameState, NewGame};
pub use store::{CREATURES_MAX, CreatureError, CreatureStore, GAMES_PER_PAGE_MAX, GAMES_RUNNING_MAX};
