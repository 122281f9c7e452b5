//! What brains know of the place they are in, told by the owner of the place.

use bevy_ecs::prelude::{Local, Query, Res, ResMut, Resource};
use hypogeum_combat::{Hazard, Side};
use hypogeum_content::def::HazardShape;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdOf, Rules};
use hypogeum_space::Position;

/// The world in a brain's terms. Rewritten by the match each tick before `ShardSystems::Think`; a cache.
#[derive(Resource, Clone, Debug, Default)]
pub struct Landmarks {
    /// Centres of the points of interest, in the order of the layout.
    pub pois: Vec<Position>,
    /// All exits, open or not.
    pub exits: Vec<ExitMark>,
    /// Where it hurts now or soon: [`mark_dangers`] writes it.
    pub dangers: Vec<DangerMark>,
    /// Who is downed, in the order of names.
    pub downed: Vec<DownedMark>,
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

/// One who is downed and may be revived by a friend.
#[derive(Clone, Copy, Debug)]
pub struct DownedMark {
    /// Who it is.
    pub who: NetId,
    /// Whose friend it is.
    pub side: Side,
    /// Where it lies.
    pub at: Position,
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

/// Writes the dangers among the landmarks again, in the order of names. A kind of shard with hazards lets it run before
/// [`NpcSystems::Decide`](crate::NpcSystems::Decide).
pub fn mark_dangers(
    rules: Res<Rules>,
    hazards: Query<(&NetIdOf, &Hazard, &Position)>,
    mut marks: ResMut<Landmarks>,
    mut dangers: Local<Vec<(NetId, DangerMark)>>,
) {
    dangers.extend(hazards.iter().map(|(named, hazard, at)| {
        let def = rules.content.hazards.find(hazard.def);
        let outside = def.is_some_and(|def| matches!(def.shape, HazardShape::Storm { .. }));
        (named.0, DangerMark { at: *at, radius: hazard.radius, outside })
    }));
    dangers.sort_unstable_by_key(|danger| danger.0);
    marks.dangers.clear();
    marks.dangers.extend(dangers.drain(..).map(|danger| danger.1));
}
