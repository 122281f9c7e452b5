//! What a match knows of itself.

use bevy_ecs::prelude::{Component, Resource};
use hypogeum_content::Id;
use hypogeum_content::def::{HazardDef, ItemDef, ModeDef};
use hypogeum_protocol::{AccountId, ItemId, ItemState, MatchId, MatchPhase, NetId, Outcome, Seat};
use hypogeum_shard::{ResourceState, Rows, RowsState, State};
use hypogeum_space::Position;
use serde::{Deserialize, Serialize};

use crate::downed::Reviving;
use crate::teams::Team;

/// The avatar of a seat.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seated(pub Seat);

/// The newest input that reached an avatar, also while a brain steered it; replication tells its player.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastInput(pub u32);

/// An avatar's way out.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extracting {
    /// Which exit it stands in.
    pub exit: u8,
    /// When it is out; 0 where it is not getting out.
    pub done_tick: u32,
}

/// Where a match stands. Written by the match itself only.
#[derive(Resource, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchClock {
    /// The phase the match is in.
    pub phase: MatchPhase,
    /// The tick it began.
    pub began_tick: u32,
    /// The tick it ends; of `Over`, the tick it began.
    pub ends_tick: u32,
}

impl Default for MatchClock {
    fn default() -> Self {
        Self { phase: MatchPhase::Deploy, began_tick: 0, ends_tick: 0 }
    }
}

/// What is played.
#[derive(Resource, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Game {
    pub(crate) match_id: MatchId,
    pub(crate) mode: Id<ModeDef>,
}

impl Default for Game {
    fn default() -> Self {
        Self { match_id: MatchId(0), mode: Id::new(u16::MAX) }
    }
}

/// The ground as it was laid out; it never changes.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ground {
    pub(crate) side: i32,
    pub(crate) pois: Vec<PoiState>,
    pub(crate) exits: Vec<ExitState>,
    pub(crate) npcs_planned: u32,
    pub(crate) layout_hash: u64,
}

/// A point of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PoiState {
    /// Index among the map's kinds.
    pub(crate) kind: u16,
    pub(crate) at: Position,
    pub(crate) radius: i32,
}

/// An exit and when it is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ExitState {
    pub(crate) at: Position,
    pub(crate) radius: i32,
    pub(crate) opens_tick: u32,
    pub(crate) closes_tick: u32,
}

impl ExitState {
    pub(crate) const fn is_open(&self, tick: u32) -> bool {
        self.opens_tick <= tick && tick < self.closes_tick
    }
}

/// Hazards still to come, by the tick they are shown.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HazardPlan(pub(crate) Vec<PlannedHazard>);

/// A hazard to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedHazard {
    /// When it is shown; it hurts once its warning is over.
    pub shows_tick: u32,
    /// What it is.
    pub def: Id<HazardDef>,
    /// Where its middle is.
    pub at: Position,
}

/// How it goes for everyone, by seat. Avatars are named in the order of their seats.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scores(pub Rows<SeatScore>);

/// How it goes for one seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatScore {
    /// Whose; 0 for a seat that nobody took.
    pub account: AccountId,
    /// Its avatar, also once that is gone.
    pub avatar: NetId,
    /// Played by a brain from the start.
    pub autopilot: bool,
    /// How it ended; `None` while it is inside.
    pub outcome: Option<Outcome>,
    /// When it ended.
    pub ended_tick: u32,
    /// Players and NPCs killed.
    pub kills: u32,
    /// Hit points taken off others.
    pub damage_dealt: u32,
    /// Experience earned by kills.
    pub xp: u32,
    /// What it got out with.
    pub secured: Vec<(ItemId, Id<ItemDef>, ItemState)>,
    /// How many pieces were left then of what others brought, as far as no seat before it tells so.
    pub changed: Vec<(ItemId, u32)>,
}

impl Scores {
    /// The seat of an avatar.
    pub(crate) fn seat_of(&self, avatar: NetId) -> Option<usize> {
        self.0.binary_search_by_key(&avatar, |score| score.avatar).ok()
    }

    /// The seat that a deed of this tick counts for. A verdict stands: what a shot or a poison does after its owner died
    /// or got out counts for nobody, but two who fell each other in one tick both get their due.
    pub(crate) fn earner(&mut self, avatar: NetId, tick: u32) -> Option<&mut SeatScore> {
        let seat = self.seat_of(avatar)?;
        let earns = |score: &SeatScore| score.outcome.is_none() || score.ended_tick == tick;
        if self.0.get(seat).is_some_and(earns) { self.0.row_mut(seat) } else { None }
    }
}

impl RowsState for Scores {
    type Row = SeatScore;

    fn rows(&self) -> &Rows<SeatScore> {
        &self.0
    }

    fn rows_mut(&mut self) -> &mut Rows<SeatScore> {
        &mut self.0
    }
}

macro_rules! states {
    ($kind:ident: $($type:ty => $name:literal),* $(,)?) => {
        $(impl $kind for $type { const NAME: &'static str = $name; })*
    };
}
states! { State:
    Seated => "seated", LastInput => "last_input", Extracting => "extracting", Team => "team", Reviving => "reviving",
}
states! { ResourceState:
    MatchClock => "match_clock", Game => "game", Ground => "ground", HazardPlan => "hazard_plan", Scores => "scores",
}
