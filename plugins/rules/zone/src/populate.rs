//! How a zone comes into being, and how its chests are filled again.

use bevy_ecs::prelude::World;
use hypogeum_content::def::{FurnitureDef, TriggerEvent, ZoneDef};
use hypogeum_items::{Container, GroundRule, Mint, add_piece, roll_loot, spawn_container};
use hypogeum_npc::{DropPolicy, Spawner, spawn_spawner, spawn_waves};
use hypogeum_protocol::NetId;
use hypogeum_shard::{Dice, NetIdIndex, Purpose, Rules, Tick};
use hypogeum_space::{Obstacles, Position, cm, turn};

use crate::doors::obstacles;
use crate::layout::{Layout, RoomPlace, room_index};
use crate::state::{Door, Doors, Furniture, TriggerState, TriggerStates, ZoneRef};
use crate::zone_def;

const CHEST: Purpose = Purpose::named("chest");
/// Places tried for a chest before the middle of its room is taken.
const SPOTS_TRIED_MAX: usize = 8;

/// Puts into the world all that is there before anybody comes.
pub(crate) fn populate(world: &mut World, zone: ZoneRef, def: &ZoneDef) {
    let rules = world.resource::<Rules>().clone();
    let layout = Layout::new(def);
    let doors = def.ways.iter().filter(|way| def.edge_of(way).is_some()).filter_map(|way| way.door.as_ref());
    let doors = Doors(doors.map(|door| Door { state: door.starts, version: 0 }).collect());
    world.insert_resource(obstacles(&layout, &doors));
    world.insert_resource(zone);
    world.insert_resource(Mint { origin: zone.id.0, next_serial: 0 });
    world.insert_resource(DropPolicy::Ground);
    world.insert_resource(GroundRule(def.ground));
    world.insert_resource(layout);
    world.insert_resource(doors);
    let states = def.triggers.iter().map(|trigger| match trigger.on {
        TriggerEvent::Every(ms) => TriggerState { due_tick: rules.ticks(ms).max(1), is_spent: false },
        _ => TriggerState::default(),
    });
    world.insert_resource(TriggerStates(states.collect()));
    for spawner in &def.spawners {
        let Some(room) = place_of(world, def, &spawner.room) else { continue };
        let respawn = rules.ticks(spawner.respawn_ms);
        let mut fresh = Spawner::new(spawner.npc.id(), vec![room.middle()], spawner.count, 1, respawn);
        fresh.spread = room.spread();
        match &spawner.waves {
            Some(waves) => spawn_waves(world, fresh, waves),
            None => spawn_spawner(world, fresh),
        };
    }
    let chests = (0..def.furniture.len()).map(|number| (fill(world, def, number), 0)).collect();
    world.insert_resource(Furniture(chests));
}

fn place_of(world: &World, def: &ZoneDef, room: &str) -> Option<RoomPlace> {
    world.resource::<Layout>().rooms.get(room_index(def, room)?).cloned()
}

/// Puts a chest with new things into its room; nobody where its loot is nothing this time.
fn fill(world: &mut World, def: &ZoneDef, number: usize) -> NetId {
    let (rules, tick) = (world.resource::<Rules>().clone(), *world.resource::<Tick>());
    let Some(FurnitureDef { room, loot, .. }) = def.furniture.get(number) else { return NetId::NONE };
    let Some(place) = place_of(world, def, room) else { return NetId::NONE };
    let mut dice = rules.dice(tick, NetId(u32::try_from(number).unwrap_or(0)), CHEST);
    let found = roll_loot(&rules.content, loot.id(), def.level.1, &mut dice);
    if found.is_empty() {
        return NetId::NONE;
    }
    let at = spot(world, &place, &mut dice);
    let chest = spawn_container(world, at);
    for def in found {
        add_piece(world, def, chest, at);
    }
    chest
}

fn spot(world: &World, place: &RoomPlace, dice: &mut Dice) -> Position {
    let middle = place.middle();
    let mut tries = (0..SPOTS_TRIED_MAX).map(|_| {
        let (x, y) = turn::step(dice.bits() as u16, dice.between(0, place.spread()));
        Position { x: middle.x + x, y: middle.y + y }
    });
    tries.find(|at| world.resource::<Obstacles>().free(*at, cm(100))).unwrap_or(middle)
}

/// Whether every chest that is filled again stands there.
pub(crate) fn is_filled(world: &World) -> bool {
    let Some(def) = zone_def(world) else { return true };
    let chests = world.resource::<Furniture>().0.iter().zip(&def.furniture);
    chests.filter(|(_, def)| def.refill_ms > 0).all(|((chest, _), _)| is_there(world, *chest))
}

fn is_there(world: &World, chest: NetId) -> bool {
    world.resource::<NetIdIndex>().entity(chest).is_some_and(|entity| world.get::<Container>(entity).is_some())
}

/// Fills chests again whose time has come, and notes which have been emptied.
pub(crate) fn refill(world: &mut World) {
    if world.resource::<Furniture>().0.is_empty() {
        return;
    }
    let (rules, tick) = (world.resource::<Rules>().clone(), world.resource::<Tick>().0);
    let Some(def) = zone_def(world) else { return };
    let mut due = Vec::new();
    let mut emptied = Vec::new();
    for (number, ((chest, at), def)) in world.resource::<Furniture>().0.iter().zip(&def.furniture).enumerate() {
        if def.refill_ms == 0 || is_there(world, *chest) {
            continue;
        }
        if *at == 0 {
            emptied.push((number, tick.saturating_add(rules.ticks(def.refill_ms))));
        } else if *at <= tick {
            due.push(number);
        }
    }
    if emptied.is_empty() && due.is_empty() {
        return;
    }
    let def = def.clone();
    for number in due {
        let chest = fill(world, &def, number);
        if let Some(kept) = world.resource_mut::<Furniture>().0.get_mut(number) {
            *kept = (chest, 0);
        }
    }
    for (number, at) in emptied {
        if let Some(kept) = world.resource_mut::<Furniture>().0.get_mut(number) {
            kept.1 = at;
        }
    }
}
