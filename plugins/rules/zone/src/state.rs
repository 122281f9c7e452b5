//! What a zone knows of itself and of who is in it.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::{Component, Resource};
use hypogeum_content::Id;
use hypogeum_content::def::{ArchetypeDef, DoorState, EffectDef, ZoneDef};
use hypogeum_items::ItemAct;
use hypogeum_protocol::{AccountId, CharacterId, Grant, NetId, Seat, ShardId};
use hypogeum_shard::{ResourceState, State};
use hypogeum_space::Position;
use serde::{Deserialize, Serialize};

/// The avatar of a player.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Character {
    /// The seat that steers it.
    pub seat: Seat,
    /// Whose it is.
    pub account: AccountId,
    /// Its number in the store; `None` for an account that came without one.
    pub id: Option<CharacterId>,
    /// What people call it.
    pub name: String,
    /// What it was made as.
    pub archetype: Id<ArchetypeDef>,
}

/// What a character has done and learnt.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deeds {
    /// Experience, all its life.
    pub xp: u32,
    /// Experience of this visit.
    pub xp_gained: u32,
    /// Players and NPCs killed in this visit.
    pub kills: u32,
    /// Hit points taken off others in this visit.
    pub damage_dealt: u32,
}

/// The newest input that reached a character.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SteeredBy(pub u32);

/// The room a character is in, by its place in the definition of its zone; where it is in none, the last one.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[component(on_insert = crate::presence::come, on_discard = crate::presence::go)]
pub struct InRoom(pub u16);

/// What a character walks about for by itself: one place after the other, each in sight of the one before.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    /// What is left of it.
    pub steps: Vec<Step>,
    /// The gate at its end, by its place in the definition.
    pub gate: Option<u16>,
}

/// A place to walk to, and what to do there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Where to.
    pub at: Position,
    /// Near enough, in subunits.
    pub near: i32,
    /// What for.
    pub deed: Option<Deed>,
}

/// Something to be done once one is near enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// The client's number for it.
    pub seq: u32,
    /// What, and with which thing.
    pub act: ItemAct,
    /// Which version of the thing the client has seen; `None` of typed lines: whatever it is.
    pub seen: Option<u32>,
}

/// Whom a character fights by itself.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attacking(pub NetId);

/// Whom a character walks after, and where that has gone since: the next room or gate first.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Following {
    pub(crate) whom: NetId,
    pub(crate) trail: Vec<Trail>,
}

/// One piece of a way that somebody has gone, by its place in the definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Trail {
    /// Into a room.
    Room(u16),
    /// Through a gate.
    Gate(u16),
}

/// What a character uses once, as soon as it can: until then it does nothing else with its abilities.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CastOrder {
    /// The slot, 1–8.
    pub(crate) slot: u8,
    /// At whom; nobody: straight ahead.
    pub(crate) at: NetId,
    /// The step in which it is given up.
    pub(crate) until_tick: u32,
    /// It has begun: once nothing is being cast any more, all is over.
    pub(crate) is_done: bool,
}

/// When one who is dead stands at the shrine again.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returning {
    /// The step in which it does.
    pub tick: u32,
}

/// Which zone it is.
#[derive(Resource, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ZoneRef {
    pub(crate) id: ShardId,
    pub(crate) def: Id<ZoneDef>,
}

impl Default for ZoneRef {
    fn default() -> Self {
        Self { id: ShardId(0), def: Id::new(u16::MAX) }
    }
}

/// The avatar of each seat.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SeatAvatars(pub(crate) BTreeMap<Seat, NetId>);

/// How each door stands, in the order of the definition.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Doors(pub(crate) Vec<Door>);

/// How a door stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Door {
    pub(crate) state: DoorState,
    /// Rises with each change; wraps.
    pub(crate) version: u32,
}

impl Doors {
    /// How a door stands, by its number.
    pub(crate) fn state(&self, door: usize) -> Option<DoorState> {
        self.0.get(door).map(|door| door.state)
    }
}

/// The flags that are set.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Flags(pub(crate) BTreeSet<String>);

/// Secret ways that somebody has found, by their place in the definition.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Discovered(pub(crate) BTreeSet<u16>);

/// What triggers remember, one a trigger.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TriggerStates(pub(crate) Vec<TriggerState>);

/// What a trigger remembers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TriggerState {
    /// The step in which its time has passed again; 0 where it does not go by time.
    pub(crate) due_tick: u32,
    /// It happens once, and has.
    pub(crate) is_spent: bool,
}

/// The container of each piece of furniture, and when it is filled again; 0: not waiting, or never.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Furniture(pub(crate) Vec<(NetId, u32)>);

/// What the visits of the last step were worth, by seat.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Farewells(pub(crate) BTreeMap<Seat, Grant>);

/// Effects that triggers and scripts have put on somebody: combat lets them begin in the next step, for it is done with this one.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EffectsDue(pub(crate) Vec<(NetId, Id<EffectDef>)>);

/// Who has gone through a gate in the last step, and to where: the key of a zone and of a room in it; nowhere: out of the world.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Departing(pub(crate) BTreeMap<Seat, Option<(String, String)>>);

/// Who is in whose group.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Groups {
    /// The leader of each who is in one; leaders lead themselves.
    pub(crate) leaders: BTreeMap<NetId, NetId>,
    /// By which leader somebody was asked last.
    pub(crate) asked: BTreeMap<NetId, NetId>,
}

/// Trades that go on. Nobody is in two.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trades {
    pub(crate) open: Vec<Trade>,
    /// The version that a table got last: the next one that changes gets the next. One count for all, so that agreeing to a table
    /// never means a later one.
    pub(crate) last_version: u32,
}

/// Two who trade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trade {
    /// First the one who has asked.
    pub(crate) sides: [TradeSide; 2],
    /// Whether the other one has taken it up.
    pub(crate) is_taken_up: bool,
    /// Which version of the table lies there.
    pub(crate) version: u32,
}

/// One of two who trade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TradeSide {
    pub(crate) who: NetId,
    /// What it has laid on the table, and which version of each that was: of a bag it counts what is in it.
    pub(crate) offers: Vec<(NetId, u32)>,
    /// In which step it has laid something there, or taken it off, last; `None`: it has not yet.
    pub(crate) changed_tick: Option<u32>,
    /// Agrees with what lies there.
    pub(crate) agrees: bool,
}

macro_rules! states {
    ($($component:ty => $name:literal),* $(,)?) => {
        $(impl State for $component { const NAME: &'static str = $name; })*
    };
}
states! {
    Character => "character", Deeds => "deeds", SteeredBy => "steered_by", InRoom => "in_room", Errand => "errand",
    Attacking => "attacking", Returning => "returning", Following => "following", CastOrder => "cast_order",
}

macro_rules! resource_states {
    ($($resource:ty => $name:literal),* $(,)?) => {
        $(impl ResourceState for $resource { const NAME: &'static str = $name; })*
    };
}
resource_states! {
    ZoneRef => "zone", SeatAvatars => "seat_avatars", Doors => "doors", Flags => "flags", Discovered => "discovered",
    TriggerStates => "triggers", Furniture => "furniture", Farewells => "zone_farewells", Departing => "departing",
    EffectsDue => "effects_due", Groups => "groups", Trades => "trades",
}
