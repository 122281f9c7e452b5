//! What characters go through that is to be kept at once.

use std::collections::BTreeSet;

use bevy_ecs::prelude::{ResMut, Resource, World};
use hypogeum_protocol::{NetId, Seat};
use hypogeum_shard::NetIdIndex;

use crate::state::Character;

/// Seats whose characters have risen, died, or traded in the last step. Nothing in the zone follows from it.
#[derive(Resource, Debug, Default)]
pub(crate) struct Milestones(pub(crate) BTreeSet<Seat>);

/// A step begins.
pub(crate) fn forget(mut milestones: ResMut<Milestones>) {
    if !milestones.0.is_empty() {
        milestones.0.clear();
    }
}

/// Somebody has been through something.
pub(crate) fn note(world: &mut World, who: NetId) {
    let entity = world.resource::<NetIdIndex>().entity(who);
    let Some(seat) = entity.and_then(|entity| world.get::<Character>(entity)).map(|it| it.seat) else { return };
    world.resource_mut::<Milestones>().0.insert(seat);
}
