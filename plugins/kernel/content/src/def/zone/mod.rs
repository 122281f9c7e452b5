//! Zones: `assets/zones/*.ron`. A zone is a place that stays: rooms with words and walls, ways between them, and what
//! happens there.

mod area;
mod triggers;
mod ways;

use serde::{Deserialize, Serialize};

pub use area::{AreaDef, Axis, SharedEdge};
pub use triggers::{TriggerAction, TriggerCondition, TriggerDef, TriggerEvent};
pub use ways::{DoorDef, DoorState, GateDef, WayDef};

use super::{
    BehaviourDef, DoorConflict, EffectDef, GroundDef, HazardDef, ItemDef, LootDef, NpcDef, ScriptDef, WavesDef,
};
use crate::Link;

/// A persistent place that players walk into and out of.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// How clients dress it: `town`, `wilderness`, `dungeon`. A key.
    pub theme: String,
    /// Lowest and highest level of characters that it is meant for, 1–100.
    pub level: (u32, u32),
    /// Steps a second, 1–60; without it as many as the server usually has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tick_hz: Option<u32>,
    /// How long its day of 24 hours lasts, in minutes of the world outside, 24–1,440; without it there are no hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_minutes: Option<u32>,
    /// Side of its square of ground, in metres, 16–1,024.
    pub side_m: u32,
    /// Where one can be, 1–256. What is in no room is wall.
    pub rooms: Vec<RoomDef>,
    /// Openings between rooms, at most 512.
    #[serde(default)]
    pub ways: Vec<WayDef>,
    /// Passages to other zones, at most 16.
    #[serde(default)]
    pub gates: Vec<GateDef>,
    /// What can be pulled, at most 64.
    #[serde(default)]
    pub levers: Vec<LeverDef>,
    /// Who lives there: at most 128 spawners, together at most 4,096 NPCs.
    #[serde(default)]
    pub spawners: Vec<ZoneSpawnerDef>,
    /// Containers with something in them, at most 128.
    #[serde(default)]
    pub furniture: Vec<FurnitureDef>,
    /// What follows from what happens, at most 128.
    #[serde(default)]
    pub triggers: Vec<TriggerDef>,
    /// Key of the room where newcomers begin and the dead come back.
    pub shrine: String,
    /// What dying comes to.
    pub death: DeathRule,
    /// What becomes of a character whose player's connection is gone.
    #[serde(default)]
    pub absent: AbsentRule,
    /// Whether players can hurt players outside safe rooms.
    #[serde(default)]
    pub friendly_fire: bool,
    /// What becomes of what lies on the ground; without it, it lies there for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<GroundDef>,
}

/// A place in a zone, with walls around it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RoomDef {
    /// What ways, triggers and other zones call it: 1–32 of a–z, 0–9 and _, unique in its zone.
    pub key: String,
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// Told to who looks around, 1–1,024 bytes.
    pub description: String,
    /// The ground it takes, within the zone's side. Rooms never overlap; they may share edges.
    pub area: AreaDef,
    /// Whether nobody is hurt in it.
    #[serde(default)]
    pub is_safe: bool,
}

/// What can be pulled or pushed: triggers say what follows.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LeverDef {
    /// What triggers call it: a key, unique in its zone.
    pub key: String,
    /// Key of the room it is in.
    pub room: String,
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// What one types behind `pull`: 1–16 of a–z, each word once among the levers of a room.
    pub word: String,
}

/// NPCs that live in a room.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneSpawnerDef {
    /// The kind of NPC that appears.
    pub npc: Link<NpcDef>,
    /// How many live at once, 1–4,096; in a zone at most 4,096.
    pub count: u32,
    /// Key of the room where they appear, and which they call home.
    pub room: String,
    /// Time from a death to the next one's appearance, 500–3,600,000; 0: never again.
    #[serde(default)]
    pub respawn_ms: u32,
    /// Lets them come in waves: `count` is then the size of the first, and `respawn_ms` the time from the end of the last wave to
    /// the first again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waves: Option<WavesDef>,
}

impl ZoneSpawnerDef {
    /// How many NPCs it has alive at once, at most.
    #[must_use]
    pub fn living_max(&self) -> u64 {
        self.waves.map_or(u64::from(self.count), |waves| waves.living_max(self.count))
    }
}

/// A container that stands in a room.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FurnitureDef {
    /// Key of the room it stands in.
    pub room: String,
    /// What it holds.
    pub loot: Link<LootDef>,
    /// Time from its emptying to its filling, 1,000–86,400,000; 0: it is never filled again.
    #[serde(default)]
    pub refill_ms: u32,
}

/// What becomes of a character whose player is away, until that is back or the server's linger (`linger_s`) ends: then it leaves.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub enum AbsentRule {
    /// It stands where it is, and can be hurt.
    #[default]
    Stands,
    /// It leaves at once.
    Vanishes,
    /// It plays by itself, by this behaviour.
    Autopilot(Link<BehaviourDef>),
}

/// What dying comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DeathRule {
    /// Time from a death to standing at the shrine, 1,000–600,000.
    pub respawn_ms: u32,
    /// What stays where one died.
    pub loses: DeathLoss,
}

/// What a player who dies leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum DeathLoss {
    /// They keep all they carry and wear.
    Nothing,
    /// What is in the bag; what is worn stays on.
    Carried,
    /// What is carried and what is worn.
    Everything,
}

impl ZoneDef {
    /// How long an hour of its day lasts, in milliseconds, rounded down.
    #[must_use]
    pub fn hour_ms(&self) -> Option<u32> {
        self.day_minutes.map(|minutes| minutes * 60_000 / 24)
    }

    /// The room of this key.
    #[must_use]
    pub fn room(&self, key: &str) -> Option<&RoomDef> {
        self.rooms.iter().find(|room| room.key == key)
    }

    /// The way with the door of this key.
    #[must_use]
    pub fn way_of_door(&self, door: &str) -> Option<&WayDef> {
        self.ways.iter().find(|way| way.door.as_ref().is_some_and(|one| one.key == door))
    }

    /// The edge that a way opens; none where its rooms are not there or share none.
    #[must_use]
    pub fn edge_of(&self, way: &WayDef) -> Option<SharedEdge> {
        self.room(&way.between.0)?.area.shared_edge(&self.room(&way.between.1)?.area)
    }
}
