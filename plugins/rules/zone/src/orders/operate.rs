//! Words for game masters. Whoever may not give them is refused by the host before they get here, and those that are obeyed stand
//! in the log with their reasons.

use bevy_ecs::prelude::World;
use hypogeum_combat::{DerivedStats, Health, Level, Mana, effects_on, revive, set_vitals};
use hypogeum_content::Id;
use hypogeum_content::def::{ItemDef, NpcDef};
use hypogeum_items::{Place, carried, mint_item, spawn_item};
use hypogeum_locale::Value;
use hypogeum_npc::{Npc, spawn_npc};
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Rules};
use hypogeum_space::Position;
use hypogeum_world_messages::WorldCommand;

use super::parse::split;
use super::targets;
use crate::deaths::move_to;
use crate::layout::room_index;
use crate::rooms::{enter, room_of};
use crate::state::{Character, Deeds, Returning, SeatAvatars};
use crate::tell::{GM_ANNOUNCES, GM_DONE, GM_HELP, GM_INSPECTS, GM_NEEDS_REASON, GM_UNKNOWN, tell, tell_everyone};
use crate::zone_def;

/// What a line of a game master begins with.
const MARK: char = '@';
/// What stands before the reason.
const REASON: &str = "--";
/// Most that one line makes.
const COUNT_MAX: u32 = 50;

/// The line of a game master that a command is, if it is one.
pub(crate) fn line_of(body: &[u8]) -> Option<String> {
    // Most commands are seen to be none without being read.
    if !body.contains(&(MARK as u8)) {
        return None;
    }
    match WorldCommand::decode(body) {
        Ok(WorldCommand::Line { words }) if words.trim_start().starts_with(MARK) => Some(words.trim().to_owned()),
        _ => None,
    }
}

/// Whether a typed line is for game masters.
pub(crate) fn is_meant(line: &str) -> bool {
    line.trim_start().starts_with(MARK)
}

/// What a game master can have done: its word, and what follows it.
const WORDS: [(&str, &str); 8] = [
    ("teleport", "WHO ROOM"),
    ("goto", "WHO"),
    ("spawn", "NPC [COUNT]"),
    ("despawn", "WHAT"),
    ("give", "WHO ITEM [COUNT]"),
    ("inspect", "WHO"),
    ("restore", "WHO"),
    ("announce", "WORDS"),
];

/// Carries out a line of a game master.
pub(crate) fn operate(world: &mut World, who: NetId, line: &str) {
    let line = line.trim().trim_start_matches(MARK);
    let (order, reason) = line.split_once(REASON).unwrap_or((line, ""));
    let words = split(order);
    let (verb, words) = words.split_first().map_or(("", &[][..]), |(verb, words)| (verb.as_str(), words));
    let verb = verb.to_lowercase();
    let Some((verb, shape)) = WORDS.iter().find(|(word, _)| !verb.is_empty() && word.starts_with(&verb)) else {
        let known = WORDS.iter().map(|(word, shape)| format!("{MARK}{word} {shape} {REASON} REASON").into());
        return tell(world, who, GM_HELP, &[("words", Value::lines(known))]);
    };
    if reason.trim().is_empty() {
        let usage = format!("{MARK}{verb} {shape} {REASON} REASON");
        return tell(world, who, GM_NEEDS_REASON, &[("usage", usage.into())]);
    }
    let done = match (*verb, words) {
        ("teleport", [whom, room]) => teleport(world, whom, room),
        ("goto", [whom]) => go_to(world, who, whom),
        ("spawn", [npc, count @ ..]) => spawn(world, who, (npc, count)),
        ("despawn", [what]) => despawn(world, who, what),
        ("give", [whom, item, count @ ..]) => give(world, (whom, item), count),
        ("inspect", [whom]) => inspect(world, who, whom),
        ("restore", [whom]) => restore(world, who, whom),
        ("announce", [_, ..]) => announce(world, order),
        _ => Err(format!("{MARK}{verb} {shape} {REASON} REASON")),
    };
    match done {
        Ok(what) => tell(world, who, GM_DONE, &[("what", what.into())]),
        Err(what) => tell(world, who, GM_UNKNOWN, &[("what", what.into())]),
    }
}

/// What was done, or what is not there.
type Done = Result<String, String>;

/// A character of the zone by its name, whole or its beginning, in any case.
fn called(world: &World, name: &str) -> Option<NetId> {
    let wanted = name.to_lowercase();
    let directory = world.resource::<NetIdIndex>();
    let named = |who: &NetId| Some((*who, world.get::<Character>(directory.entity(*who)?)?.name.to_lowercase()));
    let known: Vec<(NetId, String)> = world.resource::<SeatAvatars>().0.values().filter_map(named).collect();
    let exact = known.iter().find(|(_, name)| *name == wanted);
    let begins = || known.iter().find(|(_, name)| !wanted.is_empty() && name.starts_with(&wanted));
    exact.or_else(begins).map(|(who, _)| *who)
}

/// Somebody by a name: a character anywhere in the zone, else whatever is near the one who asks.
fn somebody(world: &World, asks: Option<NetId>, name: &str) -> Result<NetId, String> {
    let near = || asks.and_then(|asks| targets::here(world, asks, name).first().copied());
    called(world, name).or_else(near).ok_or_else(|| name.to_owned())
}

fn put(world: &mut World, whom: NetId, room: usize) {
    move_to(world, whom, room);
    enter(world, whom, u16::try_from(room).unwrap_or(0));
}

fn teleport(world: &mut World, whom: &str, room: &str) -> Done {
    let one = somebody(world, None, whom)?;
    let room_number = zone_def(world).and_then(|zone| room_index(zone, room)).ok_or_else(|| room.to_owned())?;
    put(world, one, room_number);
    Ok(format!("{whom} is in {room}"))
}

fn go_to(world: &mut World, who: NetId, whom: &str) -> Done {
    let one = somebody(world, None, whom)?;
    let (room, _) = room_of(world, one).ok_or_else(|| whom.to_owned())?;
    put(world, who, room);
    Ok(format!("you are with {whom}"))
}

fn count_of(words: &[String]) -> Result<u32, String> {
    match words {
        [] => Ok(1),
        [count] => count.parse().ok().filter(|count| (1..=COUNT_MAX).contains(count)).ok_or_else(|| count.clone()),
        [_, other, ..] => Err(other.clone()),
    }
}

fn spawn(world: &mut World, who: NetId, (npc, count): (&str, &[String])) -> Done {
    let def: Id<NpcDef> = world.resource::<Rules>().content.npcs.id(npc).ok_or_else(|| npc.to_owned())?;
    let count = count_of(count)?;
    let at = place_of(world, who).ok_or_else(|| npc.to_owned())?;
    for _ in 0..count {
        spawn_npc(world, def, at, 0);
    }
    Ok(format!("{count} of {npc} here"))
}

fn place_of(world: &World, who: NetId) -> Option<Position> {
    world.get::<Position>(world.resource::<NetIdIndex>().entity(who)?).copied()
}

/// Takes an NPC out of the world, without loot and as if it had never been; its spawner does not bring it back.
fn despawn(world: &mut World, who: NetId, what: &str) -> Done {
    let is_npc = |world: &World, one: NetId| {
        world.resource::<NetIdIndex>().entity(one).is_some_and(|entity| world.get::<Npc>(entity).is_some())
    };
    let found = targets::here(world, who, what).into_iter().find(|one| is_npc(world, *one));
    let entity = found.and_then(|one| world.resource::<NetIdIndex>().entity(one)).ok_or_else(|| what.to_owned())?;
    world.despawn(entity);
    Ok(format!("{what} is gone"))
}

fn give(world: &mut World, (whom, item): (&str, &str), count: &[String]) -> Done {
    let one = somebody(world, None, whom)?;
    let def: Id<ItemDef> = world.resource::<Rules>().content.items.id(item).ok_or_else(|| item.to_owned())?;
    let count = count_of(count)?;
    let at = place_of(world, one).ok_or_else(|| whom.to_owned())?;
    for _ in 0..count {
        let item = mint_item(world, def);
        let place = if targets::has_room(world, one) { Place::In(one) } else { Place::Ground };
        spawn_item(world, item, place, at);
    }
    Ok(format!("{whom} has {count} of {item}"))
}

fn inspect(world: &mut World, who: NetId, whom: &str) -> Done {
    let one = somebody(world, Some(who), whom)?;
    let entity = world.resource::<NetIdIndex>().entity(one).ok_or_else(|| whom.to_owned())?;
    let content = &world.resource::<Rules>().content;
    let mut facts = vec![format!("entity {}", one.0)];
    if let Some(character) = world.get::<Character>(entity) {
        facts.push(format!("{}, account {}, seat {}", character.name, character.account, character.seat.0));
    }
    if let Some(npc) = world.get::<Npc>(entity) {
        facts.push(content.npcs.key(npc.def).to_owned());
    }
    facts.extend(world.get::<Level>(entity).map(|level| format!("level {}", level.0)));
    facts.extend(world.get::<Deeds>(entity).map(|deeds| format!("experience {}", deeds.xp)));
    facts.extend(world.get::<Health>(entity).map(|health| format!("hit points {} of {}", health.hp, health.hp_max)));
    facts.extend(world.get::<Mana>(entity).map(|mana| format!("mana {} of {}", mana.mp, mana.mp_max)));
    facts.extend(world.get::<Position>(entity).map(|at| format!("at ({}, {})", at.x, at.y)));
    if world.get::<DerivedStats>(entity).is_some() {
        let effects = effects_on(world, one).into_iter().map(|effect| content.effects.key(effect.def).to_owned());
        facts.push(format!("effects: {}", effects.collect::<Vec<_>>().join(", ")));
    }
    let items = carried(world, one).into_iter();
    let items = items
        .map(|held| format!("{} ({}:{})", content.items.key(held.item.def), held.item.id.origin, held.item.id.serial));
    facts.push(format!("carries: {}", items.collect::<Vec<_>>().join(", ")));
    tell(world, who, GM_INSPECTS, &[("facts", facts.join("\n").into())]);
    Ok(format!("you have looked at {whom}"))
}

/// Gives back all hit points and mana, and life.
fn restore(world: &mut World, who: NetId, whom: &str) -> Done {
    let one = somebody(world, Some(who), whom)?;
    let entity = world.resource::<NetIdIndex>().entity(one).ok_or_else(|| whom.to_owned())?;
    if world.get::<Health>(entity).is_none() {
        return Err(whom.to_owned());
    }
    if revive(world, one, 100) {
        world.entity_mut(entity).remove::<Returning>();
    }
    set_vitals(world, one, u32::MAX, u32::MAX);
    Ok(format!("{whom} is whole"))
}

fn announce(world: &mut World, order: &str) -> Done {
    let words = order.trim().split_once(char::is_whitespace).map_or("", |(_, words)| words.trim()).to_owned();
    tell_everyone(world, GM_ANNOUNCES, &[("words", words.into())]);
    Ok("everyone here was told".to_owned())
}
