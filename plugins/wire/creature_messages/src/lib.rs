//! What is said of creatures: between the host that runs tournaments, the shards they are played in, and those who play.
//!
//! A person says a [`BattleMove`] for a battle; both of a turn resolve together and become a [`TurnNews`], whose
//! [`ActNews`] have every number of it. The host tells a tournament's shard [`TournamentCommand`]s and shows others its
//! [`TournamentView`]; those who follow it are sent its [`GameNews`].
//!
//! ```
//! use hypogeum_creature_messages::{BattleMove, TournamentCommand};
//!
//! let command = TournamentCommand::Move { pairing: 0, game: 1, turn: 3, what: BattleMove::Special };
//! assert_eq!(TournamentCommand::decode(&command.encode()), Ok(command));
//! ```

mod battle;
mod command;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod news;
mod setup;
mod stats;
mod view;

pub use battle::{ActNews, ActResult, BattleEnd, BattleMove, Side, TurnNews};
pub use command::{TOURNAMENT_COMMAND_BYTES_MAX, TournamentCommand, TournamentRefusal};
pub use news::{ActTold, GameNews};
pub use setup::{EntrantSetup, TournamentSetup};
pub use stats::CreatureStats;
pub use view::{
    BattleView, CreatureId, CreatureResult, EntrantView, FighterView, GameId, KEPT_BYTES_MAX, KeptLog, KeptTournament,
    PairingOutcome, PairingView, TOURNAMENT_VIEW_BYTES_MAX, TournamentView, Wants,
};
