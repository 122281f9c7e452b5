//! How an NPC leaves the world without dying.

use bevy_ecs::prelude::World;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Tick};

use crate::{Npc, SpawnedBy, Spawner};

/// Takes an NPC out of the world: it leaves nothing behind, and its spawner owes another in its time. Returns whether there was
/// such an NPC.
pub fn vanish(world: &mut World, who: NetId) -> bool {
    let Some(entity) = world.resource::<NetIdIndex>().entity(who) else { return false };
    if world.get::<Npc>(entity).is_none() {
        return false;
    }
    let spawner = world.get::<SpawnedBy>(entity).and_then(|by| world.resource::<NetIdIndex>().entity(by.0));
    let is_dead = world.get::<hypogeum_combat::Dead>(entity).is_some();
    world.despawn(entity);
    let tick = world.resource::<Tick>().0;
    // One that has died is owed already.
    if let Some(mut spawner) = spawner.filter(|_| !is_dead).and_then(|spawner| world.get_mut::<Spawner>(spawner))
        && spawner.respawn_ticks > 0
    {
        let due = tick.saturating_add(spawner.respawn_ticks);
        let place = spawner.due_ticks.partition_point(|other| *other <= due);
        spawner.due_ticks.insert(place, due);
    }
    true
}
