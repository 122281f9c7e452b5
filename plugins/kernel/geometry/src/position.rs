//! A place and its units.

use serde::{Deserialize, Serialize};

/// Subunits in a metre.
pub const METRE: i32 = 256;

/// Centimetres as subunits, rounded down.
#[must_use]
pub const fn cm(centimetres: u32) -> i32 {
    (centimetres as i64 * METRE as i64 / 100) as i32
}

/// A place in subunits (1/256 m); the origin is the map's lower left corner. In a shard it is a component: `space` walks
/// bodies, `combat` flies its projectiles; nothing else moves once it lies or stands somewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "shard", derive(bevy_ecs::component::Component))]
pub struct Position {
    /// Subunits to the right of the map's left edge.
    pub x: i32,
    /// Subunits up from the map's lower edge.
    pub y: i32,
}
