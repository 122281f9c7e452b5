//! Who is in which room, found without looking at everyone.

use std::collections::BTreeMap;

use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::prelude::{Resource, World};
use bevy_ecs::world::DeferredWorld;
use hypogeum_protocol::NetId;
use hypogeum_shard::NetIdOf;

use crate::state::InRoom;

/// The characters of each room. A cache of all [`InRoom`]s, kept by the hooks of that component: it is inserted anew, and
/// never written in place.
#[derive(Resource, Clone, Debug, Default)]
pub(crate) struct Presence(BTreeMap<u16, Vec<NetId>>);

/// The characters in a room, in the order of names, which is that in which they came to the zone.
pub(crate) fn in_room(world: &World, room: usize) -> Vec<NetId> {
    let room = u16::try_from(room).ok();
    room.and_then(|room| world.resource::<Presence>().0.get(&room)).cloned().unwrap_or_default()
}

/// Somebody is in a room.
pub(crate) fn come(mut world: DeferredWorld, context: HookContext) {
    let Some((room, who)) = who_is_where(&world, context) else { return };
    let Some(mut presence) = world.get_resource_mut::<Presence>() else { return };
    let there = presence.0.entry(room).or_default();
    if let Err(at) = there.binary_search(&who) {
        there.insert(at, who);
    }
}

/// Somebody is in a room no longer.
pub(crate) fn go(mut world: DeferredWorld, context: HookContext) {
    let Some((room, who)) = who_is_where(&world, context) else { return };
    let Some(mut presence) = world.get_resource_mut::<Presence>() else { return };
    if let Some(there) = presence.0.get_mut(&room)
        && let Ok(at) = there.binary_search(&who)
    {
        there.remove(at);
    }
}

fn who_is_where(world: &DeferredWorld, context: HookContext) -> Option<(u16, NetId)> {
    let who = world.get::<NetIdOf>(context.entity)?.0;
    Some((world.get::<InRoom>(context.entity)?.0, who))
}
