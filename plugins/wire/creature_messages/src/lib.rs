//! What is said of creatures: between the host that runs tournaments, the shards they are played in, and those who play.
//!
//! A person says a [`BattleMove`] for a battle; both of a turn resolve together and become a [`TurnNews`], whose
//! [`ActNews`] have every number of it.

mod battle;
mod stats;

pub use battle::{ActNews, ActResult, BattleEnd, BattleMove, Side, TurnNews};
pub use stats::CreatureStats;
