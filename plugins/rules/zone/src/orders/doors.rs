//! What is done with doors.

use bevy_ecs::prelude::World;
use hypogeum_content::def::DoorState;
use hypogeum_items::Refusal;
use hypogeum_protocol::NetId;

use super::acts::refuse_act;
use super::obey::shorten;
use crate::doors::{carries, door_def, door_name, is_as_seen, is_blocked, news_of, set_door};
use crate::layout::Layout;
use crate::rooms::{Exit, exit_by_word, room_of};
use crate::state::Doors;
use crate::tell::*;

/// The door in an exit of the room somebody is in: by the word of the exit, or a word of its own name.
fn door_by_word(world: &World, who: NetId, word: &str) -> Option<usize> {
    let (room, _) = room_of(world, who)?;
    let layout = world.resource::<Layout>();
    let by_exit = match exit_by_word(world, room, word) {
        Some(Exit::Way(way, _)) => layout.ways.get(way).and_then(|way| way.door),
        _ => None,
    };
    by_exit.or_else(|| {
        let mut doors = layout.doors.iter().enumerate();
        let is_meant = |door: usize, way: usize| {
            let is_here = layout.ways.get(way).is_some_and(|way| way.rooms.contains(&room));
            let name = door_def(world, door).map_or_else(String::new, |def| def.name.to_lowercase());
            is_here && name.split_whitespace().any(|part| part.starts_with(word))
        };
        doors.find(|(door, way)| !word.is_empty() && is_meant(*door, **way)).map(|(door, _)| door)
    })
}

/// Opens or closes a door.
pub(super) fn use_door(
    world: &mut World,
    (who, seq): (NetId, u32),
    (word, seen): (&str, Option<u32>),
    wanted: DoorState,
) {
    let Some(door) = door_by_word(world, who, word) else {
        return tell(world, who, NO_DOOR, &[("word", shorten(word))]);
    };
    if !is_as_seen(world, door, seen) {
        return refuse_changed(world, (who, seq), door);
    }
    let name = door_name(world, door);
    let state = world.resource::<Doors>().state(door);
    let way = world.resource::<Layout>().doors.get(door).copied();
    let block = way.and_then(|way| world.resource::<Layout>().ways.get(way)).map(|way| way.block);
    let id = match (state, block) {
        (Some(DoorState::Locked), _) => DOOR_IS_LOCKED,
        (Some(state), _) if state == wanted && wanted == DoorState::Open => DOOR_IS_OPEN,
        (Some(state), _) if state == wanted => DOOR_IS_CLOSED,
        (_, Some(block)) if wanted != DoorState::Open && is_blocked(world, block) => IN_THE_DOOR,
        _ => {
            set_door(world, door, wanted);
            return;
        }
    };
    tell(world, who, id, &[("door", name)]);
}

/// Unlocks a door with what one carries.
pub(super) fn unlock(world: &mut World, (who, seq): (NetId, u32), (word, seen): (&str, Option<u32>)) {
    let Some(door) = door_by_word(world, who, word) else {
        return tell(world, who, NO_DOOR, &[("word", shorten(word))]);
    };
    if !is_as_seen(world, door, seen) {
        return refuse_changed(world, (who, seq), door);
    }
    let def = door_def(world, door);
    let opened_by = def.and_then(|def| def.opened_by.as_ref().map(|item| item.id()));
    let name = door_name(world, door);
    let is_locked = world.resource::<Doors>().state(door) == Some(DoorState::Locked);
    let id = match opened_by {
        _ if !is_locked => DOOR_IS_UNLOCKED,
        Some(item) if carries(world, who, item) => {
            set_door(world, door, DoorState::Closed);
            return;
        }
        _ => NO_KEY,
    };
    tell(world, who, id, &[("door", name)]);
}

/// Refuses what is wanted of a door that is another than the one that was seen, and tells how it stands.
fn refuse_changed(world: &mut World, (who, seq): (NetId, u32), door: usize) {
    refuse_act(world, (who, seq), Refusal::Changed);
    if let Some(news) = news_of(world, door) {
        tell_news(world, who, &news);
    }
}
