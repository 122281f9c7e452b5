//! What a body is and how it walks. Where it is says its `Position`.

use bevy_ecs::prelude::Component;
use hypogeum_shard::State;
use serde::{Deserialize, Serialize};

/// Where it looks, in 1/65536 turns, 0 along +x, a quarter turn along +y. Written by what steers it.
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
    /// Half its width, in subunits.
    pub radius: i32,
}

/// How fast it can walk, in subunits a tick. Written by `combat` from stats.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveSpeed {
    /// Full speed in subunits a tick; 0 cannot walk.
    pub speed: i32,
}

/// Where it wants to walk this tick. Written by what steers it: a player's input or a brain.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveIntent {
    /// Where to, in 1/65536 turns, 0 along +x, a quarter turn along +y.
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
    Heading => "heading", Body => "body", MoveSpeed => "gait", MoveIntent => "stride",
}
