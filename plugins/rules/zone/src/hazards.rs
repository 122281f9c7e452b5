//! Hazards in rooms: triggers and scripts let them begin, and those who are there are told.

use bevy_ecs::message::Messages;
use bevy_ecs::prelude::World;
use hypogeum_combat::{Hazard, HazardEnded, HazardGround, hazards, show_hazard};
use hypogeum_content::def::HazardDef;
use hypogeum_content::{Id, texts};
use hypogeum_locale::{Message, Value};
use hypogeum_shard::Rules;

use crate::layout::Layout;
use crate::tell::{DANGER_BEGINS, DANGER_ENDS, DANGER_IS_HERE, SOMETHING, message, tell_room};

/// The ground of a room.
fn ground_of(world: &World, room: usize) -> Option<HazardGround> {
    let place = world.resource::<Layout>().rooms.get(room)?;
    Some(HazardGround { low: place.low, high: place.high })
}

/// The hazards of a room, in the order of names.
fn hazards_in(world: &World, room: usize) -> impl Iterator<Item = Hazard> {
    let ground = ground_of(world, room);
    hazards(world).into_iter().map(|(_, hazard, _)| hazard).filter(move |hazard| Some(hazard.ground) == ground)
}

/// Lets a hazard begin in a room, and warns those who are there. Where it is there already nothing happens, so that no room has more
/// of them than there are kinds, however often a lever is pulled.
pub(crate) fn start(world: &mut World, def: Id<HazardDef>, room: usize) {
    let Some(place) = world.resource::<Layout>().rooms.get(room) else { return };
    let middle = place.middle();
    let Some(ground) = ground_of(world, room) else { return };
    if hazards_in(world, room).any(|hazard| hazard.def == def) {
        return;
    }
    if show_hazard(world, def, middle, ground).is_some() {
        let name = name_of(world, def);
        tell_room(world, room, None, DANGER_BEGINS, &[("hazard", name)]);
    }
}

/// Tells those in a room what is over there.
pub(crate) fn tell_ended(world: &mut World) {
    let ended: Vec<HazardEnded> =
        world.resource::<Messages<HazardEnded>>().iter_current_update_messages().copied().collect();
    for HazardEnded { def, at, .. } in ended {
        let Some(room) = world.resource::<Layout>().room_at(at, 0) else { continue };
        let name = name_of(world, def);
        tell_room(world, room, None, DANGER_ENDS, &[("hazard", name)]);
    }
}

/// What somebody who looks about in a room reads of its hazards.
pub(crate) fn seen_in(world: &World, room: usize) -> Vec<Value> {
    let seen = hazards_in(world, room)
        .map(|hazard| Message::new(DANGER_IS_HERE).with("hazard", name_of(world, hazard.def)).into());
    seen.collect()
}

/// Whether no hazard is left anywhere.
pub(crate) fn are_over(world: &World) -> bool {
    hazards(world).is_empty()
}

fn name_of(world: &World, hazard: Id<HazardDef>) -> Value {
    let content = &world.resource::<Rules>().content;
    content.hazards.find(hazard).map_or_else(
        || message(SOMETHING),
        |def| Value::thing(texts::hazard(content.hazards.key(hazard)), def.name.to_lowercase(), 1),
    )
}
