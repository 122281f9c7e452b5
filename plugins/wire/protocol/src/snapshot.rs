//! What a client sees of the world at one tick.

use serde::{Deserialize, Serialize};

use crate::codec;
use crate::ids::NetId;

/// The client's own avatar exactly, and what is near it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The tick it shows.
    pub tick: u32,
    /// The newest input the avatar's state includes.
    pub input_seq: u32,
    /// The avatar; gone once dead or extracted.
    pub own: Option<OwnState>,
    /// What is perceived, nearest first, at most [`crate::limits::SNAPSHOT_RECORDS_MAX`].
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub records: Vec<Record>,
    /// Players still in the match.
    pub alive: u16,
    /// Players that got out.
    pub extracted: u16,
}

/// The avatar's own state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnState {
    /// Place in subunits (1/256 m).
    pub x: i32,
    /// Place in subunits.
    pub y: i32,
    /// Where it looks, 1/65536 turns.
    pub heading: u16,
    /// Full speed in subunits a tick.
    pub speed: u16,
    /// Hit points left.
    pub hp: u32,
    /// Hit points when whole.
    pub hp_max: u32,
    /// Mana left; abilities cost it.
    pub mp: u32,
    /// Bit `n` is set while ability slot `n + 1` cools down.
    pub cooling: u8,
    /// Ticks until it is out, 0 where it is not extracting.
    pub extraction_ticks: u16,
}

/// What a record shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// The avatar of another participant.
    #[default]
    Player,
    /// An NPC; `template` is its index in the content.
    Npc,
    /// An item on the ground; `template` is its index.
    Item,
    /// Something to loot.
    Container,
    /// A shot in flight.
    Projectile,
    /// An area that hurts inside; `extent` is its radius.
    Hazard,
    /// An area that hurts outside: `extent` is the radius of the safe circle.
    Storm,
}

/// One thing seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its name in the shard: the same thing has the same name in every snapshot.
    pub id: NetId,
    /// What it is.
    pub kind: RecordKind,
    /// Which template of its kind, as the content orders them.
    pub template: u16,
    /// Place in subunits.
    pub x: i32,
    /// Place in subunits.
    pub y: i32,
    /// Where it looks, 1/256 turns; of an item, the low 8 bits of its version, which an act on it can name as seen.
    pub heading: u8,
    /// Health in 1/15 of its whole, rounded up; 0 for what has none.
    pub hp_band: u8,
    /// Radius in decimetres, for areas.
    pub extent: u16,
}
