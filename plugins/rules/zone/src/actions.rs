//! What triggers and scripts do to a zone.

use bevy_ecs::message::MessageWriter;
use bevy_ecs::prelude::{ResMut, World};
use hypogeum_combat::{Dead, EffectRequest};
use hypogeum_content::Id;
use hypogeum_content::def::{DoorState, EffectDef, ItemDef, NpcDef, TriggerAction};
use hypogeum_items::{add_piece, take_one};
use hypogeum_locale::Value;
use hypogeum_npc::{Npc, spawn_npc, vanish};
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Purpose, Rules, Tick};
use hypogeum_space::{Grid, Obstacles, Position, cm, turn};

use crate::deaths::move_to;
use crate::doors::{door_of_key, is_character, set_door};
use crate::hazards;
use crate::layout::{Layout, room_index};
use crate::rooms::enter;
use crate::state::{Doors, EffectsDue, Flags};
use crate::tell::{TRIGGER, tell, tell_room};
use crate::triggers::{Happening, Happenings};
use crate::zone_def;

const PLACES: Purpose = Purpose::named("trigger places");

/// Does what an action says; `who` has caused it.
pub(crate) fn act(world: &mut World, action: &TriggerAction, who: NetId) {
    let room = |world: &World, key: &str| zone_def(world).and_then(|zone| room_index(zone, key));
    match action {
        TriggerAction::Open(key) => door(world, key, DoorState::Open),
        TriggerAction::Close(key) => door(world, key, DoorState::Closed),
        TriggerAction::Lock(key) => door(world, key, DoorState::Locked),
        TriggerAction::Tell(words) => say(world, who, Value::line(words)),
        TriggerAction::Announce { room: key, words } => {
            if let Some(room) = room(world, key) {
                announce(world, room, Value::line(words));
            }
        }
        TriggerAction::Spawn { npc, room: key, count } => {
            if let Some(room) = room(world, key) {
                spawn(world, npc.id(), room, *count);
            }
        }
        TriggerAction::Despawn { npc, room: key } => {
            if let Some(room) = room(world, key) {
                despawn(world, npc.id(), room);
            }
        }
        TriggerAction::Effect(def) => effect(world, who, def.id()),
        TriggerAction::Hazard { hazard, room: key } => {
            if let Some(room) = room(world, key) {
                hazards::start(world, hazard.id(), room);
            }
        }
        TriggerAction::Teleport(key) => {
            if let Some(room) = room(world, key) {
                teleport(world, who, room);
            }
        }
        TriggerAction::Give(item) => give(world, who, item.id()),
        TriggerAction::Take(item) => {
            take_one(world, who, item.id());
        }
        TriggerAction::SetFlag(flag, set) => set_flag(world, who, flag, *set),
        // It needs more than who has caused it: triggers call scripts themselves.
        TriggerAction::Script(..) => {}
    }
}

/// Tells one character some words.
pub(crate) fn say(world: &mut World, who: NetId, words: Value) {
    tell(world, who, TRIGGER, &[("words", words)]);
}

/// Tells everyone in a room some words.
pub(crate) fn announce(world: &mut World, room: usize, words: Value) {
    tell_room(world, room, None, TRIGGER, &[("words", words)]);
}

/// Puts an effect on somebody, from nobody, in the next step.
pub(crate) fn effect(world: &mut World, who: NetId, effect: Id<EffectDef>) {
    world.resource_mut::<EffectsDue>().0.push((who, effect));
}

/// Lets begin what was put on people in the last step.
pub(crate) fn begin_effects(mut due: ResMut<EffectsDue>, mut requests: MessageWriter<EffectRequest>) {
    if !due.0.is_empty() {
        let due = due.0.drain(..);
        requests.write_batch(due.map(|(target, effect)| EffectRequest { source: NetId::NONE, target, effect }));
    }
}

/// Puts a character into the middle of a room.
pub(crate) fn teleport(world: &mut World, who: NetId, room: usize) {
    if is_character(world, who) {
        move_to(world, who, room);
        enter(world, who, u16::try_from(room).unwrap_or(0));
    }
}

/// Sets a flag or clears it, and lets follow what follows from that.
pub(crate) fn set_flag(world: &mut World, who: NetId, flag: &str, set: bool) {
    let flags = &mut world.resource_mut::<Flags>().0;
    let is_news = if set { flags.insert(flag.to_owned()) } else { flags.remove(flag) };
    if is_news {
        world.resource_mut::<Happenings>().push(Happening::Flag { who, flag: flag.to_owned() });
    }
}

/// Opens, closes or locks a door. One that somebody stands in stays open.
pub(crate) fn door(world: &mut World, key: &str, state: DoorState) {
    let Some(door) = door_of_key(world, key) else { return };
    let way = world.resource::<Layout>().doors.get(door).copied();
    let block = way.and_then(|way| world.resource::<Layout>().ways.get(way)).map(|way| way.block);
    let is_open = world.resource::<Doors>().state(door) == Some(DoorState::Open);
    if is_open && block.is_some_and(|block| crate::doors::is_blocked(world, block)) {
        return;
    }
    set_door(world, door, state);
}

/// Lets NPCs appear in a room, once.
pub(crate) fn spawn(world: &mut World, npc: Id<NpcDef>, room: usize, count: u32) {
    let Some(place) = world.resource::<Layout>().rooms.get(room).cloned() else { return };
    let (rules, tick) = (world.resource::<Rules>().clone(), *world.resource::<Tick>());
    let mut dice = rules.dice(tick, NetId(u32::try_from(room).unwrap_or(0)), PLACES);
    for _ in 0..count {
        let (x, y) = turn::step(dice.bits() as u16, dice.between(0, place.spread()));
        let middle = place.middle();
        let wanted = Position { x: middle.x + x, y: middle.y + y };
        let at = if world.resource::<Obstacles>().free(wanted, cm(50)) { wanted } else { middle };
        spawn_npc(world, npc, at, dice.bits() as u16);
    }
}

/// The living NPCs of a kind in a room, in the order of names.
pub(crate) fn npcs_in(world: &World, npc: Id<NpcDef>, room: usize) -> Vec<NetId> {
    let Some(place) = world.resource::<Layout>().rooms.get(room) else { return Vec::new() };
    let mut found = Vec::new();
    world.resource::<Grid>().near(place.middle(), place.reach(), |one| {
        let is_meant = world.get::<Npc>(one.entity).is_some_and(|known| known.def == npc);
        if is_meant && place.holds(one.at) && world.get::<Dead>(one.entity).is_none() {
            found.push(one.id);
        }
    });
    found.sort_unstable();
    found
}

/// Lets the living NPCs of a kind in a room vanish.
pub(crate) fn despawn(world: &mut World, npc: Id<NpcDef>, room: usize) {
    for who in npcs_in(world, npc, room) {
        vanish(world, who);
    }
}

/// Into the bag, or to the ground where there is no room.
pub(crate) fn give(world: &mut World, who: NetId, def: Id<ItemDef>) {
    let Some(entity) = world.resource::<NetIdIndex>().entity(who) else { return };
    let Some(&at) = world.get::<Position>(entity) else { return };
    add_piece(world, def, who, at);
}
