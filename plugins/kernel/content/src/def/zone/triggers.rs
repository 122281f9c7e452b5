//! What happens in a zone, and what follows from it.

use serde::{Deserialize, Serialize};

use super::{DoorState, EffectDef, HazardDef, ItemDef, NpcDef, ScriptDef};
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

/// What happens. But for [`TriggerEvent::Every`] and [`TriggerEvent::Hour`], somebody causes it.
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
    /// A player types one of these words in one of these rooms. A word that means something everywhere means that here,
    /// too. Where no trigger follows, the player is told that the word means nothing.
    Command {
        /// The words, each 1–16 of a–z; 1–8 of them.
        words: Vec<String>,
        /// Keys of the rooms, at most 16; none: everywhere in the zone.
        #[serde(default)]
        rooms: Vec<String>,
    },
    /// A player uses this item: consumes it, or tries it where it cannot be consumed.
    Use(Link<ItemDef>),
    /// This hour of the zone's day begins, 0–23. Nobody causes it.
    Hour(u32),
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
    /// The hour of the zone's day is one of these, first and last, each 0–23; the first may be the later one.
    HourIs(u32, u32),
    /// Whoever caused it has this level or a higher one, 1–100.
    LevelAtLeast(u32),
    /// So many players are in a room.
    PlayersIn {
        /// Key of the room.
        room: String,
        /// The fewest, 0–10,000.
        #[serde(default)]
        at_least: u32,
        /// The most, `at_least`–10,000; without it any number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_most: Option<u32>,
    },
    /// It comes out so in so many of a hundred times, 1–99.
    Chance(u32),
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
    /// Lets a hazard begin in a room, about its middle: those in the room are warned, and hurt once its warning is over. It keeps
    /// to the room. Nothing happens where that hazard is there already.
    Hazard {
        /// The kind of hazard: no storm, and one that ends by itself.
        hazard: Link<HazardDef>,
        /// Key of the room.
        room: String,
    },
    /// Moves whoever caused it into this room.
    Teleport(String),
    /// Lets all NPCs of a kind that are in a room vanish. They leave nothing behind; spawners bring them back in their time.
    Despawn {
        /// The kind of NPC that vanishes.
        npc: Link<NpcDef>,
        /// Key of the room.
        room: String,
    },
    /// Gives this item to whoever caused it.
    Give(Link<ItemDef>),
    /// Takes one of this item from whoever caused it; nothing where it has none.
    Take(Link<ItemDef>),
    /// Sets (`true`) or clears a flag.
    SetFlag(String, bool),
    /// Calls a function of a script: what it wants is done, all of it or nothing.
    Script(Link<ScriptDef>, String),
}
