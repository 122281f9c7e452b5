//! Who dies, what it is worth to whom, and how one comes back.

use bevy_ecs::message::{MessageReader, MessageWriter};
use bevy_ecs::prelude::{Commands, Query, Res, ResMut, Resource, World};
use hypogeum_combat::{Died, revive, set_level};
use hypogeum_content::def::DeathLoss;
use hypogeum_content::texts;
use hypogeum_items::DropAllRequest;
use hypogeum_locale::Value;
use hypogeum_npc::Npc;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, NetIdOf, Rules, Tick};
use hypogeum_space::Position;

use crate::body::level_of;
use crate::doors::is_character;
use crate::layout::{Layout, room_index};
use crate::milestones::note;
use crate::orders::sharers;
use crate::rooms::{enter, room_of};
use crate::state::{Attacking, Character, Deeds, Errand, InRoom, Returning};
use crate::tell::{
    APPEARS, DIES, LEVEL_UP, YOU_DIE, YOU_GAIN, YOU_WAKE, called, name_of, tell, tell_passing, tell_room,
};
use crate::triggers::{Happening, Happenings};
use crate::{ZoneParam, zone_def};

/// What comes back from the dead has so much of its hit points, in a hundred.
const REVIVED_PERCENT: u32 = 50;

/// Deaths of this step and what they are worth; empty between steps.
#[derive(Resource, Debug, Default)]
pub(crate) struct Deaths(Vec<(Died, u32, Value)>);

/// Counts kills, and lets characters who died lose what the zone says.
pub(crate) fn reckon(
    (rules, tick, directory, zone): (Res<Rules>, Res<Tick>, Res<NetIdIndex>, ZoneParam),
    mut died: MessageReader<Died>,
    mut drops: MessageWriter<DropAllRequest>,
    npcs: Query<&Npc>,
    mut characters: Query<(&Character, &mut Deeds)>,
    mut deaths: ResMut<Deaths>,
    mut commands: Commands,
) {
    let Some(rule) = zone.def().map(|zone| zone.death) else { return };
    for death in died.read() {
        let Some(victim) = directory.entity(death.who) else { continue };
        let npc = npcs.get(victim).ok().and_then(|npc| Some((npc.def, rules.content.npcs.find(npc.def)?)));
        let worth = npc.map_or(0, |(_, npc)| npc.xp);
        let killer = directory.entity(death.by).filter(|killer| *killer != victim);
        if let Some((_, mut deeds)) = killer.and_then(|killer| characters.get_mut(killer).ok()) {
            deeds.kills = deeds.kills.saturating_add(1);
        }
        let name = match (npc, characters.get(victim)) {
            (Some(npc), _) => Value::thing(texts::npc(rules.content.npcs.key(npc.0)), called(npc.1), 1),
            (_, Ok((character, _))) => {
                let tick = tick.0.saturating_add(rules.ticks(rule.respawn_ms));
                commands.entity(victim).insert((Returning { tick }, Errand::default())).remove::<Attacking>();
                if rule.loses != DeathLoss::Nothing {
                    let keeps_worn = rule.loses == DeathLoss::Carried;
                    drops.write(DropAllRequest { holder: death.who, keeps_worn, keeps_bound: true });
                }
                character.name.as_str().into()
            }
            _ => continue,
        };
        deaths.0.push((*death, worth, name));
    }
}

/// Tells of the dead, and pays what they were worth.
pub(crate) fn tell_deaths(world: &mut World) {
    let seconds = zone_def(world).map_or(0, |zone| zone.death.respawn_ms.div_ceil(1_000));
    for (death, worth, called) in std::mem::take(&mut world.resource_mut::<Deaths>().0) {
        let entity = world.resource::<NetIdIndex>().entity(death.who);
        let at = entity.and_then(|entity| world.get::<Position>(entity)).copied();
        let room = at.and_then(|at| world.resource::<Layout>().room_at(at, 0));
        let who = [("who", called)];
        if let Some(room) = room {
            tell_room(world, room, Some(death.who), DIES, &who);
        }
        // Who struck from the next room is told as well.
        if is_character(world, death.by) && room_of(world, death.by).map(|(room, _)| room) != room {
            tell(world, death.by, DIES, &who);
        }
        if entity.is_some_and(|entity| world.get::<Character>(entity).is_some()) {
            tell(world, death.who, YOU_DIE, &[("seconds", seconds.into())]);
            note(world, death.who);
        }
        if worth == 0 || !is_character(world, death.by) {
            continue;
        }
        let sharers = sharers(world, death.by);
        let share = worth.div_ceil(u32::try_from(sharers.len()).unwrap_or(u32::MAX).max(1));
        for one in sharers {
            pay(world, one, share);
        }
        let npc = entity.and_then(|entity| world.get::<Npc>(entity)).map(|npc| npc.def);
        if let Some(npc) = npc {
            world.resource_mut::<Happenings>().push(Happening::Kill { who: death.by, npc });
        }
    }
}

/// Lets somebody learn, and rise to the level that so much experience is worth.
pub(crate) fn pay(world: &mut World, who: NetId, xp: u32) {
    let entity = world.resource::<NetIdIndex>().entity(who);
    let Some(mut deeds) = entity.and_then(|entity| world.get_mut::<Deeds>(entity)) else { return };
    let before = level_of(deeds.xp);
    deeds.xp = deeds.xp.saturating_add(xp);
    deeds.xp_gained = deeds.xp_gained.saturating_add(xp);
    let level = level_of(deeds.xp);
    tell(world, who, YOU_GAIN, &[("xp", xp.into())]);
    if level > before {
        set_level(world, who, level);
        tell(world, who, LEVEL_UP, &[("level", level.into())]);
        note(world, who);
    }
}

/// Brings back those whose time has come, at the shrine.
pub(crate) fn return_dead(world: &mut World) {
    let tick = world.resource::<Tick>().0;
    let due = world.try_query::<(&NetIdOf, &Returning)>().map(|mut waiting| {
        let due = waiting.iter(world).filter(|(_, returning)| returning.tick <= tick).map(|(named, _)| named.0);
        due.collect::<Vec<NetId>>()
    });
    let mut due = due.unwrap_or_default();
    due.sort_unstable();
    for who in due {
        let Some(entity) = world.resource::<NetIdIndex>().entity(who) else { continue };
        world.entity_mut(entity).remove::<Returning>();
        if !revive(world, who, REVIVED_PERCENT) {
            continue;
        }
        let shrine = zone_def(world).and_then(|zone| room_index(zone, &zone.shrine)).unwrap_or(0);
        move_to(world, who, shrine);
        tell(world, who, YOU_WAKE, &[]);
        let name = name_of(world, who);
        tell_passing(world, shrine, Some(who), APPEARS, &[("who", name)]);
        enter(world, who, u16::try_from(shrine).unwrap_or(0));
    }
}

/// Puts somebody into the middle of a room.
pub(crate) fn move_to(world: &mut World, who: NetId, room: usize) {
    let Some(middle) = world.resource::<Layout>().rooms.get(room).map(crate::layout::RoomPlace::middle) else { return };
    let Some(entity) = world.resource::<NetIdIndex>().entity(who) else { return };
    world.entity_mut(entity).insert((middle, InRoom(u16::try_from(room).unwrap_or(0)), Errand::default()));
}
