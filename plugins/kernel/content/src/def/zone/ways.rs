//! How one gets from room to room, and from zone to zone.

use serde::{Deserialize, Serialize};

use super::{DoorConflict, ItemDef};
use crate::Link;

/// An opening in the wall between two rooms that share an edge, about the middle of that edge. Each pair of rooms has
/// one at most.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WayDef {
    /// Keys of the two rooms.
    pub between: (String, String),
    /// What one types in the first room to get to the second, and in the second to get back: 1–16 of a–z, each word
    /// once among the ways and gates out of a room.
    pub words: (String, String),
    /// Width of the opening, 120–10,000: the whole shared edge, or half a metre less at each end.
    pub width_cm: u32,
    /// Whether it is not listed among the exits of a room until it was used.
    #[serde(default)]
    pub is_secret: bool,
    /// What closes it; without one it is always open.
    #[serde(default)]
    pub door: Option<DoorDef>,
}

/// What closes a way.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DoorDef {
    /// What triggers call it: a key, unique in its zone.
    pub key: String,
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// How it stands when the zone begins.
    pub starts: DoorState,
    /// Who carries this item can unlock it; without one only triggers can.
    #[serde(default)]
    pub opened_by: Option<Link<ItemDef>>,
    /// What follows where acts on it cross.
    #[serde(default, skip_serializing_if = "DoorConflict::is_default")]
    pub on_conflict: DoorConflict,
}

/// How a door stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum DoorState {
    /// Everyone passes.
    Open,
    /// Anyone may open it.
    Closed,
    /// Only its item, or a trigger, opens it.
    Locked,
}

/// A passage to another zone, at the middle of its room.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GateDef {
    /// Key of the room it stands in.
    pub room: String,
    /// What one types to pass: 1–16 of a–z, no word of a way out of that room.
    pub word: String,
    /// Key of another zone. A name and no link, so that what one zone runs on does not hold the others.
    pub to_zone: String,
    /// Key of the room in that zone where one arrives.
    pub to_room: String,
}
