//! One deterministic world: stepping, dice, names, registered state, hash, snapshot and restore.
//!
//! A [`Shard`] is a pure machine: what it becomes depends on its [`ShardConfig`] (seed, rate, content), its
//! setup and its ordered [`Command`]s alone. Inside, no floats, clocks, I/O, threads or hash maps; outside, [`host`] steps many at once.
//!
//! A plugin for a shard adds its systems to [`ShardSchedule`] in one of [`ShardSystems`], registers each component
//! that is state with [`ShardApp::register_state`] and each that can be rebuilt with [`ShardApp::register_cache`] (a
//! long list of which little changes with [`ShardApp::register_rows_state`]), and talks to other plugins through messages added with [`ShardApp::add_shard_message`].
//!
//! A [`ShardKind`] says how a shard with such plugins is built and what its host may ask; a [`MatchKind`] is one that
//! players queue for. Logs name kinds, and [`ShardKinds`] finds them again.

mod command;
mod dice;
mod difference;
mod digest;
mod kind;
mod kinds;
mod lineup;
mod match_kind;
mod names;
mod occupants;
mod order;
mod outbox;
mod place_kind;
mod rows;
mod schedule;
mod seed;
mod shard;
mod sip;
mod snapshot;
mod state;
mod team_places;
mod turn_based_kind;
mod turns;

pub mod host;

pub use command::{Command, CommandBody, Inbox};
pub use dice::{Dice, Purpose};
pub use difference::Difference;
pub use kind::{SeatBrief, SetupError, ShardBrief, ShardKind, Stepping, ViewRule, build_shard};
pub use kinds::{
    HostedKind, HostedMatch, HostedPlace, HostedTurnBased, SETUP_BYTES_MAX, ShardKinds, ShardKindsApp, Visitor,
};
pub use lineup::{LineupSeat, MatchLineup, Occupant};
pub use match_kind::{MapBrief, MatchKind, MatchOverview, ModeRule};
pub use names::{NetIdIndex, NetIdOf, NetIds};
pub use occupants::Occupants;
pub use order::{assert_app_ordered, assert_ordered, check_order};
pub use outbox::{Audience, KindOutbox, OperatorNotes, Outbox, Outgoing, Speeches};
pub use place_kind::{Company, Departure, GroundFeatures, Hearing, PlaceKind, PlaceRule};
pub use rows::{Rows, RowsState};
pub use schedule::{ShardApp, ShardSchedule, ShardSystems};
pub use seed::Seed;
pub use shard::{Rules, Shard, ShardConfig, StateHash, Tick};
pub use snapshot::RestoreError;
pub use state::{ResourceState, State};
pub use team_places::{Fit, TeamPlaces, TeamShape};
pub use turn_based_kind::{Answered, TurnBasedKind};
pub use turns::{InNetIdOrder, InTurn, Ordered};
