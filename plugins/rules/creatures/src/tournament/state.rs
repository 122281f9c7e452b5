//! The state of a tournament: who takes part, who meets whom, and the battles that are fought now.

use bevy_ecs::prelude::{Component, Resource};
use hypogeum_brackets::{Bracket, PairingId};
use hypogeum_content::Id;
use hypogeum_content::def::{CreatureDef, OpponentDef, TournamentDef};
use hypogeum_creature_messages::{ActNews, BattleMove, CreatureId, CreatureStats, GameId, Side, TournamentRefusal};
use hypogeum_protocol::{AccountId, Seat};
use hypogeum_shard::{ResourceState, Seed, State};
use serde::{Deserialize, Serialize};

use crate::battle::Battle;
use crate::record::BattleRecord;

/// A creature that takes part.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entrant {
    /// Its number in the bracket: 0 is the best seed.
    pub(crate) number: u8,
    /// Which one; 0: a machine's.
    pub(crate) creature: CreatureId,
    pub(crate) owner: Owner,
    pub(crate) name: String,
    pub(crate) kind: Id<CreatureDef>,
    /// What it is made of now.
    pub(crate) stats: CreatureStats,
    /// Points it has not given to a stat yet.
    pub(crate) points: u32,
    /// Pairings it has won and been given points for.
    pub(crate) rewarded: u32,
    pub(crate) preparation: Preparation,
    /// Keys of the last commands that have given points, the newest last.
    pub(crate) given_by: Vec<u64>,
}

/// Most keys that are known of a creature: whoever has had no answer asks again before anything else.
pub(crate) const GIVEN_BY_MAX: usize = 16;

/// Whose a creature is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Owner {
    Person {
        account: AccountId,
        name: String,
    },
    Machine {
        level: Id<OpponentDef>,
        /// What its points come from.
        seed: Seed,
        /// How many it has given so far.
        spent: u32,
    },
}

/// Whether somebody can fight the next battle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Preparation {
    /// It can.
    Prepared,
    /// It may give points to its stats first, until then where there is a limit.
    Points { until_ms: Option<u64> },
    /// It is to say that it is ready, until then.
    Called { until_ms: u64 },
    /// It has said so.
    Ready,
}

/// A battle that is fought now.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Duel {
    pub(crate) pairing: PairingId,
    /// Which battle of the two, from 1.
    pub(crate) game: u8,
    /// Who fights, by number.
    pub(crate) entrants: [u8; 2],
    pub(crate) battle: Battle,
    pub(crate) record: BattleRecord,
    /// What both do in the turn that is to come, as far as they have chosen.
    pub(crate) chosen: [Option<BattleMove>; 2],
    /// What is left of their banks.
    pub(crate) banks_ms: [u64; 2],
    /// Since when the turn that is to come is waited for.
    pub(crate) since_ms: u64,
    /// What was done in the last turn.
    pub(crate) last: Vec<ActNews>,
    /// What machines choose by.
    pub(crate) minds: Seed,
}

impl Duel {
    /// The side that an entrant fights on.
    pub(crate) fn side_of(&self, entrant: u8) -> Option<Side> {
        Side::BOTH.into_iter().find(|side| self.entrants[side.index()] == entrant)
    }
}

/// Which tournament it is.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TournamentRef {
    /// Never `None` once it is built.
    pub(crate) def: Option<Id<TournamentDef>>,
    /// As the database numbers it.
    pub(crate) game: GameId,
}

/// Who meets whom.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draw(
    /// Never `None` once it is built.
    pub(crate) Option<Bracket>,
);

/// What time it is, as the last [`TournamentCommand::Clock`](hypogeum_creature_messages::TournamentCommand::Clock) has said.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Time {
    /// Milliseconds since 1970.
    pub(crate) now_ms: u64,
}

/// Battles that are over, in the order of their ends.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fought(pub(crate) Vec<FoughtBattle>);

/// A battle that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FoughtBattle {
    pub(crate) pairing: PairingId,
    pub(crate) game: u8,
    pub(crate) entrants: [u8; 2],
    pub(crate) record: BattleRecord,
}

/// What came of the commands of this step, for the host that gave them: no state, as nothing in the shard reads it.
#[derive(Resource, Clone, Debug, Default)]
pub(crate) struct Answers(pub(crate) Vec<(Seat, u32, Result<(), TournamentRefusal>)>);

macro_rules! states {
    ($kind:ident: $($type:ty => $name:literal),* $(,)?) => {
        $(impl $kind for $type { const NAME: &'static str = $name; })*
    };
}
states! { State: Entrant => "entrant", Duel => "duel" }
states! { ResourceState: TournamentRef => "tournament", Draw => "draw", Time => "time", Fought => "fought" }
