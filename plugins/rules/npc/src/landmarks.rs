//! What brains know of the place they are in, told by the owner of the place.

use bevy_ecs::prelude::Resource;
use hypogeum_space::Position;

/// The world in a brain's terms. Rewritten by the match each tick before `ShardSystems::Think`; a cache.
#[derive(Resource, Clone, Debug, Default)]
pub struct Landmarks {
    /// Centres of the points of interest, in the order of the layout.
    pub pois: Vec<Position>,
    /// All exits, open or not.
    pub exits: Vec<ExitMark>,
    /// Where it hurts now or soon.
    pub dangers: Vec<DangerMark>,
    /// Ticks left of the match.
    pub ticks_left: u32,
    /// Side of the map in subunits.
    pub side: i32,
}

/// An exit as a brain knows it.
#[derive(Clone, Copy, Debug)]
pub struct ExitMark {
    /// Where its middle is, in subunits.
    pub at: Position,
    /// Radius in subunits.
    pub radius: i32,
    /// Whether one can get out through it in this tick.
    pub open: bool,
    /// Ticks until it opens; 0 while open, `u32::MAX` if it never will again.
    pub opens_in: u32,
}

/// A dangerous area.
#[derive(Clone, Copy, Debug)]
pub struct DangerMark {
    /// Where its middle is, in subunits.
    pub at: Position,
    /// Radius in subunits.
    pub radius: i32,
    /// True for a storm: it hurts outside the circle, not inside.
    pub outside: bool,
}
