//! What others begin to cast, in words.

use bevy_ecs::message::Messages;
use bevy_ecs::prelude::World;
use hypogeum_combat::CastBegan;
use hypogeum_content::texts;
use hypogeum_locale::Value;
use hypogeum_shard::{NetIdIndex, Rules};
use hypogeum_space::Position;

use crate::layout::Layout;
use crate::tell::{BEGINS_TO_CAST, name_of, tell_passing};

/// What takes less is over before anybody has read of it: most shots and blows. It is not told in words.
const READ_MS: u32 = 400;

/// Tells everyone in the room but the one who casts.
pub(crate) fn tell_casts(world: &mut World) {
    let casts: Vec<CastBegan> =
        world.resource::<Messages<CastBegan>>().iter_current_update_messages().copied().collect();
    for CastBegan { who, ability, .. } in casts {
        let content = &world.resource::<Rules>().content;
        let Some(def) = content.abilities.find(ability).filter(|def| def.cast_ms >= READ_MS) else { continue };
        let name = Value::thing(texts::ability(content.abilities.key(ability)), def.name.to_lowercase(), 1);
        let at = world.resource::<NetIdIndex>().entity(who).and_then(|entity| world.get::<Position>(entity)).copied();
        let Some(room) = at.and_then(|at| world.resource::<Layout>().room_at(at, 0)) else { continue };
        let caster = name_of(world, who);
        tell_passing(world, room, Some(who), BEGINS_TO_CAST, &[("who", caster), ("ability", name)]);
    }
}
