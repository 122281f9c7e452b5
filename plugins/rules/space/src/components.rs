//! Where something is and how it walks.

use bevy_ecs::prelude::Component;
use hypogeum_shard::State;
use serde::{Deserialize, Serialize};

/// Subunits in a metre.
pub const METRE: i32 = 256;

/// Centimetres as subunits, rounded down.
#[must_use]
pub const fn cm(centimetres: u32) -> i32 {
    (centimetres as i64 * METRE as i64 / 100) as i32
}

/// A place in subunits (1/256 m); the origin is the map's lower left corner. `space` walks bodies,
/// `combat` flies its projectiles; nothing else moves once it lies or stands somewhere.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// To the right.
    pub x: i32,
    /// Up.
    pub y: i32,
}

/// Where it looks, in 1/65536 turns, 0 along +x, a quarter turn along +y. Written by whoever steers.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading(pub u16);

impl Heading {
    /// In 1/256 turns, rounded down, as clients are shown it.
    #[must_use]
    pub const fn coarse(self) -> u8 {
        (self.0 >> 8) as u8
    }
}

/// How much room it takes: a circle of this radius in subunits. It never changes.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// In subunits.
    pub radius: i32,
}

/// How fast it can walk, in subunits a tick. Written by `combat` from stats.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gait {
    /// Full speed.
    pub speed: i32,
}

/// Where it wants to walk this tick. Written by whoever steers: a player's input or a brain.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stride {
    /// As [`Heading`].
    pub direction: u16,
    /// Share of the full speed, 0–100 %; 0 stands still.
    pub percent: u8,
}

macro_rules! states {
    ($($component:ty => $name:literal),* $(,)?) => {
        $(impl State for $component { const NAME: &'static str = $name; })*
    };
}
states! {
    Position => "position", Heading => "heading", Body => "body", Gait => "gait", Stride => "stride",
}
