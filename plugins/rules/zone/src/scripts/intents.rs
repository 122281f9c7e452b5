//! What a script wants is done as what a trigger does.

use bevy_ecs::prelude::World;
use hypogeum_content::def::DoorState;
use hypogeum_items::take_one;
use hypogeum_locale::Value;
use hypogeum_protocol::NetId;
use hypogeum_script::Intent;
use hypogeum_shard::Rules;

use super::calls::{Cause, note_timer};
use crate::actions::{announce, despawn, door, effect, give, say, set_flag, spawn, teleport};
use crate::hazards;
use crate::layout::room_index;
use crate::tell::name_of;
use crate::zone_def;

/// Carries out one intent. All that it names was there when the script asked for it.
pub(super) fn carry_out(world: &mut World, script: &str, cause: &Cause, intent: Intent) {
    let rules = world.resource::<Rules>().clone();
    let content = &rules.content;
    let room = |world: &World, key: &str| zone_def(world).and_then(|zone| room_index(zone, key));
    match intent {
        Intent::Tell { who, words, of } => {
            let words = line(world, words, of);
            say(world, NetId(who), words);
        }
        Intent::Announce { room: key, words, of } => {
            if let Some(room) = room(world, &key) {
                let words = line(world, words, of);
                announce(world, room, words);
            }
        }
        Intent::Open { door: key } => door(world, &key, DoorState::Open),
        Intent::Close { door: key } => door(world, &key, DoorState::Closed),
        Intent::Lock { door: key } => door(world, &key, DoorState::Locked),
        Intent::Spawn { npc, room: key, count } => {
            if let (Some(npc), Some(room)) = (content.npcs.id(&npc), room(world, &key)) {
                spawn(world, npc, room, count);
            }
        }
        Intent::Despawn { npc, room: key } => {
            if let (Some(npc), Some(room)) = (content.npcs.id(&npc), room(world, &key)) {
                despawn(world, npc, room);
            }
        }
        Intent::Give { who, item } => {
            if let Some(item) = content.items.id(&item) {
                give(world, NetId(who), item);
            }
        }
        Intent::Take { who, item } => {
            if let Some(item) = content.items.id(&item) {
                take_one(world, NetId(who), item);
            }
        }
        Intent::Effect { who, effect: key } => {
            if let Some(def) = content.effects.id(&key) {
                effect(world, NetId(who), def);
            }
        }
        Intent::StartHazard { hazard, room: key } => {
            if let (Some(hazard), Some(room)) = (content.hazards.id(&hazard), room(world, &key)) {
                hazards::start(world, hazard, room);
            }
        }
        Intent::Teleport { who, room: key } => {
            if let Some(room) = room(world, &key) {
                teleport(world, NetId(who), room);
            }
        }
        Intent::SetFlag { flag, is_set } => set_flag(world, cause.who, &flag, is_set),
        Intent::After { ms, function } => note_timer(world, script, cause, ms, function),
    }
}

/// What a script has written, about somebody or nobody.
fn line(world: &World, words: String, of: Option<u32>) -> Value {
    match of {
        Some(of) => Value::line_about(words, name_of(world, NetId(of))),
        None => Value::line(words),
    }
}
