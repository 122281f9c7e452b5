//! What brains know of the place they are in, told by whoever owns the place.

use bevy_ecs::prelude::Resource;
use hypogeum_space::Position;

/// The world in a brain's terms. Rewritten by the match each tick before `ShardSystems::Think`; a cache.
#[derive(Resource, Clone, Debug, Default)]
pub struct Landmarks {
    /// Points of interest.
    pub pois: Vec<Position>,
    /// Exits.
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
    /// Centre.
    pub at: Position,
    /// Radius in subunits.
    pub radius: i32,
    /// Open now.
    pub open: bool,
    /// Ticks until it opens; 0 while open, `u32::MAX` if it never will again.
    pub opens_in: u32,
}

/// A dangerous area.
#[derive(Clone, Copy, Debug)]
pub struct DangerMark {
    /// Centre.
    pub at: Position,
    /// Radius in subunits.
    pub radius: i32,
    /// True for a storm: it hurts outside the circle, not inside.
    pub outside: bool,
}
