//! What happens in a zone, and what follows from it.

use serde::{Deserialize, Serialize};

use super::{DoorState, EffectDef, ItemDef, NpcDef};
use crate::Link;

/// What follows when something happens. Triggers on one event follow in the order of the file, and each asks for its
/// conditions when its turn comes: an earlier one may have changed what a later one finds.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TriggerDef {
    /// What happens.
    pub on: TriggerEvent,
    /// What must hold then, all of it; at most 8.
    #[serde(default)]
    pub when: Vec<TriggerCondition>,
    /// What follows, in this order; 1–16.
    pub then: Vec<TriggerAction>,
    /// Whether it follows the first time only, as long as the zone exists.
    #[serde(default)]
    pub once: bool,
}

/// What happens. But for [`TriggerEvent::Every`], somebody causes it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub enum TriggerEvent {
    /// A player comes into this room.
    Enter(String),
    /// A player leaves this room.
    Exit(String),
    /// A player pulls this lever.
    Pull(String),
    /// So many milliseconds have passed, again and again; 1,000–3,600,000. Nobody causes it.
    Every(u32),
    /// A player kills an NPC of this kind.
    Kill(Link<NpcDef>),
    /// This flag was set or cleared; whoever caused that causes this.
    Flag(String),
}

/// What must hold for a trigger.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub enum TriggerCondition {
    /// The flag is set (`true`) or not. Every flag begins unset.
    FlagIs(String, bool),
    /// Whoever caused it carries or wears this item.
    Carries(Link<ItemDef>),
    /// The door stands so.
    DoorIs(String, DoorState),
}

/// What a trigger does.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub enum TriggerAction {
    /// Opens this door, locked or not.
    Open(String),
    /// Closes this door, so that anyone may open it.
    Close(String),
    /// Closes this door and locks it.
    Lock(String),
    /// Tells these words to whoever caused it, 1–512 bytes.
    Tell(String),
    /// Tells everyone in a room.
    Announce {
        /// Key of the room.
        room: String,
        /// What they are told, 1–512 bytes.
        words: String,
    },
    /// Lets NPCs appear, once: no spawner brings them back.
    Spawn {
        /// The kind of NPC that appears.
        npc: Link<NpcDef>,
        /// Key of the room.
        room: String,
        /// How many, 1–16.
        count: u32,
    },
    /// Puts this effect on whoever caused it.
    Effect(Link<EffectDef>),
    /// Moves whoever caused it into this room.
    Teleport(String),
    /// Gives this item to whoever caused it.
    Give(Link<ItemDef>),
    /// Sets (`true`) or clears a flag.
    SetFlag(String, bool),
}
