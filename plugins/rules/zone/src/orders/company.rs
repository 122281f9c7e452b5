//! Company: who walks after whom, and who shares what fights are worth.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Entity, World};
use hypogeum_locale::Value;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, NetIdOf};

use crate::doors::is_character;
use crate::rooms::{Exit, exits, go, is_dead, room_of, things_near};
use crate::state::{Departing, Errand, Following, Groups, SeatAvatars, Trail};
use crate::tell::{
    ASKED_TO_GROUP, ASKS_TO_GROUP, FOLLOWS, GROUP, GROUP_IS_FULL, IN_A_GROUP, JOINS_GROUP, LEAVES_GROUP, NO_GROUP,
    NO_INVITATION, NO_SUCH_COMPANION, YOU_FOLLOW, YOU_FOLLOW_NOBODY, name_of, tell, tell_each,
};

/// Most characters of a group.
pub(crate) const GROUP_MAX: usize = 8;

/// Longest trail that is kept in mind: one that is farther behind has lost it.
const TRAIL_MAX: usize = 16;

/// Walks after somebody from now on, or after nobody.
pub(crate) fn follow(world: &mut World, who: NetId, whom: Option<NetId>) {
    let Some((_, entity)) = room_of(world, who) else { return };
    let Some(whom) = whom.filter(|whom| *whom != who) else {
        world.entity_mut(entity).remove::<Following>();
        return tell(world, who, YOU_FOLLOW_NOBODY, &[]);
    };
    if !is_near(world, who, whom) {
        return tell(world, who, NO_SUCH_COMPANION, &[]);
    }
    world.entity_mut(entity).insert(Following { whom, trail: Vec::new() });
    let (name, leader) = (name_of(world, who), name_of(world, whom));
    tell(world, who, YOU_FOLLOW, &[("whom", leader)]);
    tell(world, whom, FOLLOWS, &[("who", name)]);
}

/// Whether a character is where another can speak to it.
fn is_near(world: &World, who: NetId, other: NetId) -> bool {
    is_character(world, other) && things_near(world, who).iter().any(|(one, _)| *one == other)
}

/// Notes for all who follow where their leaders have gone, and sends those on their way who are on none.
pub(crate) fn walk_after(world: &mut World, moves: &[(NetId, u16, u16)]) {
    let Some(mut query) = world.try_query::<(&NetIdOf, &Following)>() else { return };
    let mut followers: Vec<NetId> = query.iter(world).map(|(named, _)| named.0).collect();
    if followers.is_empty() {
        return;
    }
    followers.sort_unstable();
    let gone = gone_by_gate(world);
    for who in followers {
        let Some((room, entity)) = room_of(world, who) else { continue };
        let Some(mut following) = world.get_mut::<Following>(entity) else { continue };
        let whom = following.whom;
        let trail = moves.iter().filter(|(one, ..)| *one == whom).map(|(.., to)| Trail::Room(*to));
        let trail: Vec<Trail> = trail.chain(gone.get(&whom).map(|gate| Trail::Gate(*gate))).collect();
        let is_new = |piece: &Trail| following.trail.last() != Some(piece);
        let fresh: Vec<Trail> = trail.into_iter().filter(is_new).collect();
        if !fresh.is_empty() {
            following.trail.extend(fresh);
        }
        let has_lost = following.trail.len() > TRAIL_MAX;
        if has_lost {
            following.trail.clear();
        }
        let next = following.trail.first().copied();
        let is_walking = world.get::<Errand>(entity).is_some_and(|errand| !errand.steps.is_empty());
        if let Some(next) = next.filter(|_| !is_walking && !is_dead(world, who)) {
            walk_on(world, (who, entity), room, next);
        }
    }
}

fn room_number(room: usize) -> u16 {
    u16::try_from(room).unwrap_or(u16::MAX)
}

/// Takes the next piece of a trail. One that does not begin here is lost, and so is one behind a closed door.
fn walk_on(world: &mut World, (who, entity): (NetId, Entity), room: usize, next: Trail) {
    let exit = match next {
        Trail::Room(to) if usize::from(to) == room => None,
        Trail::Room(to) => way_between(world, room, usize::from(to)),
        Trail::Gate(gate) => Some(Exit::Gate(usize::from(gate))),
    };
    let is_there = next == Trail::Room(room_number(room));
    let word = exits(world, room).into_iter().find(|(_, known)| Some(*known) == exit).map(|(word, _)| word);
    if let Some(word) = &word {
        go(world, who, word);
    }
    let walks = world.get::<Errand>(entity).is_some_and(|errand| !errand.steps.is_empty());
    let Some(mut following) = world.get_mut::<Following>(entity) else { return };
    match next {
        _ if is_there => drop(following.trail.remove(0)),
        // The room is off the trail once one is in it.
        Trail::Room(_) if walks => {}
        Trail::Gate(_) | Trail::Room(_) => following.trail.clear(),
    }
}

fn way_between(world: &World, from: usize, to: usize) -> Option<Exit> {
    let layout = world.resource::<crate::layout::Layout>();
    let found = layout.ways.iter().enumerate().find_map(|(number, way)| {
        let side = way.rooms.iter().position(|room| *room == from)?;
        (way.rooms[1 - side] == to).then_some((number, side))
    });
    found.map(|(number, side)| Exit::Way(number, side))
}

/// Who goes through which gate now.
fn gone_by_gate(world: &World) -> BTreeMap<NetId, u16> {
    let departing = &world.resource::<Departing>().0;
    let seats = world.resource::<SeatAvatars>();
    let gates = crate::zone_def(world).map_or(&[][..], |def| &def.gates);
    let gone = departing.iter().filter_map(|(seat, to)| {
        let (who, (zone, room)) = (seats.0.get(seat)?, to.as_ref()?);
        let gate = gates.iter().position(|gate| gate.to_zone == *zone && gate.to_room == *room)?;
        Some((*who, u16::try_from(gate).ok()?))
    });
    gone.collect()
}

/// Who shares what somebody's fights are worth: its group, as far as it is in the same room and alive, with itself.
pub(crate) fn sharers(world: &World, who: NetId) -> Vec<NetId> {
    let room = room_of(world, who).map(|(room, _)| room);
    let is_there = |one: &NetId| room_of(world, *one).map(|(room, _)| room) == room && !is_dead(world, *one);
    let mut sharers: Vec<NetId> = members(world, who).into_iter().filter(is_there).collect();
    if !sharers.contains(&who) {
        sharers.push(who);
    }
    sharers
}

/// Everyone of the group of somebody, itself among them; nobody where it is in none.
pub(crate) fn members(world: &World, who: NetId) -> Vec<NetId> {
    let leaders = &world.resource::<Groups>().leaders;
    let Some(leader) = leaders.get(&who) else { return Vec::new() };
    leaders.iter().filter(|(_, its)| *its == leader).map(|(one, _)| *one).collect()
}

pub(crate) fn list(world: &mut World, who: NetId) {
    let names: Vec<Value> = members(world, who).into_iter().map(|one| name_of(world, one)).collect();
    match names.is_empty() {
        true => tell(world, who, NO_GROUP, &[]),
        false => tell(world, who, GROUP, &[("who", Value::list(names))]),
    }
}

/// Asks somebody near into the group of `who`, which begins with that where there is none.
pub(crate) fn invite(world: &mut World, who: NetId, guest: NetId) {
    if guest == who || !is_near(world, who, guest) {
        return tell(world, who, NO_SUCH_COMPANION, &[]);
    }
    let groups = world.resource::<Groups>();
    let leader = groups.leaders.get(&who).copied().unwrap_or(who);
    let refused = match groups.leaders.get(&guest) {
        Some(_) => Some(IN_A_GROUP),
        None if members(world, leader).len() >= GROUP_MAX => Some(GROUP_IS_FULL),
        None => None,
    };
    let (name, called) = (name_of(world, who), name_of(world, guest));
    if let Some(refused) = refused {
        return tell(world, who, refused, &[("who", called)]);
    }
    world.resource_mut::<Groups>().asked.insert(guest, leader);
    tell(world, who, ASKED_TO_GROUP, &[("who", called)]);
    tell(world, guest, ASKS_TO_GROUP, &[("who", name)]);
}

/// Joins the group that one was asked into.
pub(crate) fn join(world: &mut World, who: NetId) {
    let Some(leader) = world.resource_mut::<Groups>().asked.remove(&who) else {
        return tell(world, who, NO_INVITATION, &[]);
    };
    let leads = world.resource::<Groups>().leaders.get(&leader).copied().unwrap_or(leader);
    let is_gone = !is_character(world, leads);
    if is_gone || leads == who || members(world, leads).len() >= GROUP_MAX {
        return tell(world, who, if is_gone { NO_INVITATION } else { GROUP_IS_FULL }, &[]);
    }
    leave_quietly(world, who);
    let mut groups = world.resource_mut::<Groups>();
    groups.leaders.insert(leads, leads);
    groups.leaders.insert(who, leads);
    let name = name_of(world, who);
    let group = members(world, who);
    tell_each(world, group, JOINS_GROUP, &[("who", name)]);
}

pub(crate) fn leave(world: &mut World, who: NetId) {
    world.resource_mut::<Groups>().asked.remove(&who);
    let others = members(world, who);
    if others.is_empty() {
        return tell(world, who, NO_GROUP, &[]);
    }
    let name = name_of(world, who);
    tell_each(world, others, LEAVES_GROUP, &[("who", name)]);
    leave_quietly(world, who);
}

/// Takes somebody out of its group; where it led, the one who came next leads. A group of one is none.
fn leave_quietly(world: &mut World, who: NetId) {
    let groups = &mut *world.resource_mut::<Groups>();
    let Some(leader) = groups.leaders.remove(&who) else { return };
    let left: Vec<NetId> = groups.leaders.iter().filter(|(_, its)| **its == leader).map(|(one, _)| *one).collect();
    let next = if leader == who { left.first().copied() } else { Some(leader) };
    for one in &left {
        match next {
            Some(next) if left.len() > 1 => groups.leaders.insert(*one, next),
            _ => groups.leaders.remove(one),
        };
    }
    if let Some(next) = next {
        groups.asked.values_mut().filter(|asked| **asked == who).for_each(|asked| *asked = next);
    }
}

/// Somebody leaves the zone: it is in nobody's company any more.
pub(crate) fn part(world: &mut World, who: NetId) {
    if world.resource::<Groups>().leaders.contains_key(&who) {
        leave(world, who);
    }
    let groups = &mut *world.resource_mut::<Groups>();
    if !groups.asked.is_empty() {
        groups.asked.retain(|guest, leader| *guest != who && *leader != who);
    }
    let following = world.try_query::<(&NetIdOf, &Following)>().map(|mut query| {
        let those = query.iter(world).filter(|(_, following)| following.whom == who).map(|(named, _)| named.0);
        those.collect::<Vec<NetId>>()
    });
    for one in following.unwrap_or_default() {
        if let Some(entity) = world.resource::<NetIdIndex>().entity(one) {
            world.entity_mut(entity).remove::<Following>();
        }
    }
}
