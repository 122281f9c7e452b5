//! Which room everyone is in, what one sees there, and how one walks from one to the next.

use bevy_ecs::change_detection::DetectChangesMut;
use bevy_ecs::prelude::{Changed, Entity, Has, Query, Res, ResMut, Resource, Without, World};
use hypogeum_combat::{Dead, Sheltered};
use hypogeum_content::def::DoorState;
use hypogeum_content::texts;
use hypogeum_items::{Container, Item, Place};
use hypogeum_locale::{Message, Value};
use hypogeum_npc::Npc;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, NetIdOf};
use hypogeum_space::turn::{distance, toward};
use hypogeum_space::{Grid, Heading, METRE, MoveIntent, MoveSpeed, Obstacles, Position};
use hypogeum_world_messages::{ExitNews, RoomNews};

use crate::doors::{door_name, door_news};
use crate::hazards;
use crate::layout::Layout;
use crate::orders::{DeedsDue, walk_after};
use crate::presence::in_room;
use crate::state::{Character, Departing, Discovered, Doors, Errand, InRoom, Step};
use crate::tell::{
    COMES, DOOR_IN_THE_WAY, DOOR_IS_LOCKED, EXIT_CLOSED, EXIT_LOCKED, IS_HERE, LEAVES, LIES_HERE, NO_EXIT, NO_EXITS,
    ROOM, SEES, message, name_of, tell, tell_passing, tell_place,
};
use crate::triggers::{Happening, Happenings};
use crate::{ZoneParam, zone_def, zone_key};

/// How near a corner of a way counts as reached, in subunits.
const NEAR: i32 = METRE / 8;
/// How far beyond an opening things can be named, in subunits.
const NEARBY: i32 = 8 * METRE;
/// Most exits of one room that are listed.
const EXITS_MAX: usize = 128;
/// Most things of one room that are listed.
const SEEN_MAX: usize = 40;

/// Who has come into which room in this step, and out of which; empty between steps.
#[derive(Resource, Debug, Default)]
pub(crate) struct Moves(Vec<(NetId, u16, u16)>);

/// Finds out who is in another room than a step ago.
pub(crate) fn follow_rooms(
    layout: Res<Layout>,
    mut moves: ResMut<Moves>,
    characters: Query<(&NetIdOf, &Position, &InRoom), Changed<Position>>,
) {
    for (named, at, room) in &characters {
        let found = layout.room_at(*at, usize::from(room.0)).and_then(|found| u16::try_from(found).ok());
        if let Some(found) = found.filter(|found| *found != room.0) {
            moves.0.push((named.0, room.0, found));
        }
    }
    moves.0.sort_unstable();
}

/// Tells who comes and who goes, shows newcomers their room, and shelters those on safe ground.
pub(crate) fn enter_rooms(world: &mut World) {
    let moves = std::mem::take(&mut world.resource_mut::<Moves>().0);
    walk_after(world, &moves);
    for (who, from, to) in moves {
        let name = [("who", name_of(world, who))];
        tell_passing(world, usize::from(from), Some(who), LEAVES, &name);
        tell_passing(world, usize::from(to), Some(who), COMES, &name);
        discover(world, from, to);
        if let Some(entity) = world.resource::<NetIdIndex>().entity(who) {
            world.entity_mut(entity).insert(InRoom(to));
        }
        enter(world, who, to);
        let mut happenings = world.resource_mut::<Happenings>();
        happenings.push(Happening::Exit { who, room: from });
        happenings.push(Happening::Enter { who, room: to });
    }
}

/// Shows somebody the room it stands in, and shelters it there or not.
pub(crate) fn enter(world: &mut World, who: NetId, room: u16) {
    let is_safe = zone_def(world).and_then(|zone| zone.rooms.get(usize::from(room))).is_some_and(|room| room.is_safe);
    if let Some(entity) = world.resource::<NetIdIndex>().entity(who) {
        let mut entity = world.entity_mut(entity);
        if is_safe != entity.contains::<Sheltered>() {
            if is_safe {
                entity.insert(Sheltered);
            } else {
                entity.remove::<Sheltered>();
            }
        }
    }
    look_about(world, who);
}

/// A secret way that somebody has used is one no longer.
fn discover(world: &mut World, from: u16, to: u16) {
    let between = [usize::from(from), usize::from(to)];
    let layout = world.resource::<Layout>();
    let way = layout.ways.iter().position(|way| way.rooms == between || way.rooms == [between[1], between[0]]);
    let Some(way) = way.and_then(|way| u16::try_from(way).ok()) else { return };
    let is_secret = zone_def(world).and_then(|zone| zone.ways.get(usize::from(way))).is_some_and(|way| way.is_secret);
    if is_secret && !world.resource::<Discovered>().0.contains(&way) {
        world.resource_mut::<Discovered>().0.insert(way);
    }
}

/// A way out of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// By a way, from this side of it: 0 or 1.
    Way(usize, usize),
    /// Through a gate to another zone.
    Gate(usize),
}

/// The ways out of a room that are known, with their words, in the order of the definition.
pub(crate) fn exits(world: &World, room: usize) -> Vec<(String, Exit)> {
    let Some(zone) = zone_def(world) else { return Vec::new() };
    let (layout, discovered) = (world.resource::<Layout>(), world.resource::<Discovered>());
    let mut exits = Vec::new();
    for (number, (def, way)) in zone.ways.iter().zip(&layout.ways).enumerate() {
        let Some(side) = way.rooms.iter().position(|one| *one == room) else { continue };
        let is_known = !def.is_secret || u16::try_from(number).is_ok_and(|number| discovered.0.contains(&number));
        if is_known {
            let word = if side == 0 { &def.words.0 } else { &def.words.1 };
            exits.push((word.clone(), Exit::Way(number, side)));
        }
    }
    for (number, (def, gate)) in zone.gates.iter().zip(&layout.gates).enumerate() {
        if gate.room == room {
            exits.push((def.word.clone(), Exit::Gate(number)));
        }
    }
    exits
}

/// An exit of a room by its word, also a secret one: who knows the word finds it.
pub(crate) fn exit_by_word(world: &World, room: usize, word: &str) -> Option<Exit> {
    let known = exits(world, room);
    let exact = known.iter().find(|(one, _)| one == word).map(|(_, exit)| *exit);
    let begins = || known.iter().find(|(one, _)| one.starts_with(word)).map(|(_, exit)| *exit);
    let secret = || {
        let zone = zone_def(world)?;
        let layout = world.resource::<Layout>();
        let found = zone.ways.iter().zip(&layout.ways).enumerate().find_map(|(number, (def, way))| {
            let side = way.rooms.iter().position(|one| *one == room)?;
            let own = if side == 0 { &def.words.0 } else { &def.words.1 };
            (own == word).then_some((number, side))
        });
        found.map(|(number, side)| Exit::Way(number, side))
    };
    exact.or_else(secret).or_else(begins)
}

/// Shows somebody the room it is in.
pub(crate) fn look_about(world: &mut World, who: NetId) {
    let Some((room, entity)) = room_of(world, who) else { return };
    let Some(def) = zone_def(world).and_then(|zone| zone.rooms.get(room)) else { return };
    let id = texts::room(zone_key(world), &def.key);
    let name = Value::thing(&*id, &*def.name, 1);
    let description = Value::part(id, texts::DESCRIPTION, &*def.description);
    let (key, is_safe) = (def.key.clone(), def.is_safe);
    let exits: Vec<ExitNews> = exits(world, room)
        .into_iter()
        .take(EXITS_MAX)
        .map(|(word, exit)| {
            let door = match exit {
                Exit::Way(way, _) => world.resource::<Layout>().ways.get(way).and_then(|way| way.door),
                Exit::Gate(_) => None,
            };
            let door = door.and_then(|door| world.resource::<Doors>().0.get(door).copied());
            ExitNews { word, door: door.map(door_news) }
        })
        .collect();
    let words = exits.iter().map(|exit| match exit.door.map(|door| door.state) {
        Some(hypogeum_world_messages::DoorState::Closed) => with_word(EXIT_CLOSED, &exit.word),
        Some(hypogeum_world_messages::DoorState::Locked) => with_word(EXIT_LOCKED, &exit.word),
        _ => exit.word.as_str().into(),
    });
    let words: Vec<Value> = words.collect();
    let words = if words.is_empty() { message(NO_EXITS) } else { Value::list(words) };
    let room_news = RoomNews { key, name: String::new(), description: String::new(), is_safe, exits };
    tell_place(world, who, room_news, name.clone(), description.clone());
    tell(world, who, ROOM, &[("name", name), ("description", description), ("exits", words)]);
    let others: Vec<NetId> =
        things_in(world, room).into_iter().filter(|(_, one)| *one != entity).map(|(name, _)| name).collect();
    let seen = others.into_iter().take(SEEN_MAX).map(|other| {
        let state = if is_dead(world, other) { LIES_HERE } else { IS_HERE };
        Message::new(state).with("who", name_of(world, other)).into()
    });
    let dangers = hazards::seen_in(world, room);
    let seen: Vec<Value> = dangers.into_iter().chain(seen).collect();
    if !seen.is_empty() {
        tell(world, who, SEES, &[("what", Value::lines(seen))]);
    }
}

fn with_word(id: &'static str, word: &str) -> Value {
    Message::new(id).with("word", word).into()
}

pub(crate) fn is_dead(world: &World, who: NetId) -> bool {
    let entity = world.resource::<NetIdIndex>().entity(who);
    entity.is_some_and(|entity| world.get::<Dead>(entity).is_some())
}

/// The room a character is in.
pub(crate) fn room_of(world: &World, who: NetId) -> Option<(usize, Entity)> {
    let entity = world.resource::<NetIdIndex>().entity(who)?;
    Some((usize::from(world.get::<InRoom>(entity)?.0), entity))
}

/// What can be named besides characters: NPCs, containers, things on the ground.
fn is_thing(world: &World, entity: Entity) -> bool {
    world.get::<Npc>(entity).is_some()
        || world.get::<Container>(entity).is_some()
        || world.get::<Item>(entity).is_some() && world.get::<Place>(entity) == Some(&Place::Ground)
}

/// All that can be named in a room, in the order of names.
pub(crate) fn things_in(world: &World, room: usize) -> Vec<(NetId, Entity)> {
    let Some(place) = world.resource::<Layout>().rooms.get(room) else { return Vec::new() };
    let mut things = characters_in(world, room);
    world.resource::<Grid>().near(place.middle(), place.reach(), |one| {
        if place.holds(one.at) && is_thing(world, one.entity) {
            things.push((one.id, one.entity));
        }
    });
    in_order(things)
}

/// All that somebody can name where it stands, in the order of names: what is in its room, and what is near and in sight
/// beyond an opening.
pub(crate) fn things_near(world: &World, who: NetId) -> Vec<(NetId, Entity)> {
    let Some((room, entity)) = room_of(world, who) else { return Vec::new() };
    let Some(&own) = world.get::<Position>(entity) else { return Vec::new() };
    let mut things = things_in(world, room);
    let obstacles = world.resource::<Obstacles>();
    world.resource::<Grid>().near(own, NEARBY, |one| {
        let is_meant = is_thing(world, one.entity) || world.get::<Character>(one.entity).is_some();
        if is_meant && obstacles.sight(own, one.at) {
            things.push((one.id, one.entity));
        }
    });
    in_order(things)
}

fn characters_in(world: &World, room: usize) -> Vec<(NetId, Entity)> {
    let directory = world.resource::<NetIdIndex>();
    in_room(world, room).into_iter().filter_map(|who| Some((who, directory.entity(who)?))).collect()
}

fn in_order(mut things: Vec<(NetId, Entity)>) -> Vec<(NetId, Entity)> {
    things.sort_unstable_by_key(|(name, _)| *name);
    things.dedup_by_key(|(name, _)| *name);
    things
}

/// Sends somebody on its way out of a room. What is in the way is told.
pub(crate) fn go(world: &mut World, who: NetId, word: &str) {
    let Some((room, entity)) = room_of(world, who) else { return };
    let Some(exit) = exit_by_word(world, room, word) else {
        return tell(world, who, NO_EXIT, &[("word", word.into())]);
    };
    let layout = world.resource::<Layout>();
    let errand = match exit {
        Exit::Way(way, side) => {
            let Some(way) = layout.ways.get(way) else { return };
            let door = way.door.and_then(|door| Some((door, world.resource::<Doors>().state(door)?)));
            let sides = [way.sides[side], way.sides[1 - side]];
            if let Some((door, state)) = door.filter(|(_, state)| *state != DoorState::Open) {
                let id = if state == DoorState::Locked { DOOR_IS_LOCKED } else { DOOR_IN_THE_WAY };
                return tell(world, who, id, &[("door", door_name(world, door))]);
            }
            Errand { steps: sides.map(|at| Step { at, near: NEAR, deed: None }).to_vec(), gate: None }
        }
        Exit::Gate(gate) => {
            let Some(place) = layout.gates.get(gate) else { return };
            Errand { steps: vec![Step { at: place.at, near: NEAR, deed: None }], gate: u16::try_from(gate).ok() }
        }
    };
    world.entity_mut(entity).remove::<crate::state::Attacking>().insert(errand);
}

/// Lets those who are on an errand walk on, and do at the end of each step what it was for. After minds have steered,
/// before anybody moves.
pub(crate) fn walk_errands(
    obstacles: Res<Obstacles>,
    mut walkers: Query<(&NetIdOf, &mut Errand, &Position, &MoveSpeed, &mut MoveIntent, &mut Heading), Without<Dead>>,
    mut deeds: ResMut<DeedsDue>,
) {
    for (named, mut errand, at, speed, mut intent, mut heading) in &mut walkers {
        let Some(&Step { at: next, near, deed }) = errand.steps.first() else { continue };
        let away = distance(*at, next);
        if away <= near {
            errand.steps.remove(0);
            if let Some(deed) = deed {
                deeds.0.push((named.0, deed));
            }
            if errand.steps.is_empty() {
                *intent = MoveIntent::default();
            }
            continue;
        }
        // A door that has closed meanwhile ends the walk before it.
        if !obstacles.clear(*at, next, METRE / 8) {
            *errand = Errand::default();
            *intent = MoveIntent::default();
            continue;
        }
        let direction = toward(next.x - at.x, next.y - at.y);
        let full = u64::from(speed.speed.max(1).unsigned_abs());
        let percent = (u64::from(away.unsigned_abs()) * 100).div_ceil(full).min(100) as u8;
        intent.set_if_neq(MoveIntent { direction, percent });
        heading.set_if_neq(Heading(direction));
    }
    deeds.0.sort_by_key(|(who, _)| *who);
}

/// Those who have walked to a gate leave through it: their host lets them out, and in elsewhere.
pub(crate) fn pass_gates(
    layout: Res<Layout>,
    zone: ZoneParam,
    mut departing: ResMut<Departing>,
    mut walkers: Query<(&Character, &Position, &mut Errand, Has<Dead>), Changed<Errand>>,
) {
    for (character, at, mut errand, dead) in &mut walkers {
        let Some(gate) = errand.gate.filter(|_| errand.steps.is_empty() && !dead) else { continue };
        errand.gate = None;
        let place = layout.gates.get(usize::from(gate)).filter(|place| distance(place.at, *at) <= METRE);
        let def = zone.def().and_then(|zone| zone.gates.get(usize::from(gate)));
        if let (Some(_), Some(def)) = (place, def) {
            departing.0.insert(character.seat, Some((def.to_zone.clone(), def.to_room.clone())));
        }
    }
}
