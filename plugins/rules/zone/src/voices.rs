//! What NPCs say of their own accord.

use bevy_ecs::message::Messages;
use bevy_ecs::prelude::World;
use hypogeum_locale::Value;
use hypogeum_npc::Spoke;
use hypogeum_shard::NetIdIndex;
use hypogeum_space::Position;

use crate::layout::Layout;
use crate::tell::{SAYS, name_of, tell_room};

/// Tells everyone in the room what an NPC says there.
pub(crate) fn tell_speech(world: &mut World) {
    let spoken: Vec<Spoke> = world.resource_mut::<Messages<Spoke>>().drain().collect();
    for Spoke { who, words } in spoken {
        let at = world.resource::<NetIdIndex>().entity(who).and_then(|entity| world.get::<Position>(entity)).copied();
        let Some(room) = at.and_then(|at| world.resource::<Layout>().room_at(at, 0)) else { continue };
        let who = name_of(world, who);
        tell_room(world, room, None, SAYS, &[("who", who), ("words", Value::line(words))]);
    }
}
