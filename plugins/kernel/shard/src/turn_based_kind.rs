//! Kinds of shard that go by turns: nobody sits in them, a service of the host tells them what people want, and what time it is.

use bevy_ecs::prelude::World;
use hypogeum_protocol::Seat;

use crate::ShardKind;

/// A kind that steps on command ([`Stepping::OnCommand`](crate::Stepping::OnCommand)), for which time passes by commands alone: a
/// tournament, a game by mail. A service of the host opens its shards, gives them commands for people who may be connected or not,
/// and reads what came of them.
///
/// A host learns of it by [`ShardKindsApp::add_turn_based_kind`](crate::ShardKindsApp::add_turn_based_kind).
pub trait TurnBasedKind: ShardKind {
    /// The command that says what time it is, in milliseconds since 1970. It does nothing besides.
    fn clock(unix_ms: u64) -> Vec<u8>;

    /// The command that says what time it is after the shard stood still, because its server was away: the time since the last
    /// command counts against nobody.
    fn resume(unix_ms: u64) -> Vec<u8>;

    /// Whether it would go on if it were stepped again, and nobody is waited for: a step does only so much.
    fn has_more(world: &World) -> bool;

    /// When the next person has no time left, in milliseconds since 1970: it is told the time then. `None`: never.
    fn deadline_ms(world: &World) -> Option<u64>;

    /// Whether it is over: no further step is taken.
    fn is_over(world: &World) -> bool;

    /// What came of the commands of the last step: seat and number of each, and its outcome in words of its own.
    fn answers(world: &World) -> Vec<Answered>;

    /// As it stands, in words of its own, for whoever wants to see it.
    fn overview(world: &World) -> Vec<u8>;

    /// The text of a part of it, by the two numbers that its overview names parts with; `None` where there is none.
    fn log(world: &World, part: (u16, u8)) -> Option<String>;

    /// What it was worth, in words of its own; asked once it is over.
    fn result(world: &World) -> Vec<u8>;

    /// What is kept of it once it is over, in words of its own: how it stood, and the texts of what people did.
    fn kept(world: &World) -> Vec<u8>;
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Whose it was.
    pub seat: Seat,
    /// The number that it was given with.
    pub seq: u32,
    /// The outcome, in words of its kind.
    pub outcome: Vec<u8>,
}
