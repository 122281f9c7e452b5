//! Characters come and go: out of the bytes that the store keeps, and back into them.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::World;
use hypogeum_combat::{
    AbilitySlots, CarriedEffect, Dead, Health, Mana, Side, effects_on, fighter, put_effect, set_vitals,
};
use hypogeum_content::def::{ArchetypeDef, ZoneDef};
use hypogeum_content::{Content, Id};
use hypogeum_items::{
    Bag, Carried, ChangedCounts, Inventory, Item, Place, WeightLimit, add_piece, carried, carried_in_all, spawn_item,
    take_all, wear,
};
use hypogeum_protocol::{AccountId, CharacterSheet, Grant, ItemId, NetId, Outcome, Seat, StashedItem};
use hypogeum_shard::{CommandBody, Inbox, LineupSeat, NetIdIndex, NetIds, Rules};
use hypogeum_space::{Body as Bulk, Heading, MoveIntent, Obstacles, Position, cm};

use crate::body::{Body, level_of};
use crate::layout::{Layout, room_index};
use crate::orders::part;
use crate::rooms::enter;
use crate::state::{Character, Deeds, Departing, Errand, Farewells, InRoom, SeatAvatars, SteeredBy};
use crate::tell::{APPEARS, VANISHES, tell_passing};
use crate::triggers::{Happening, Happenings};
use crate::{zone_def, zone_of};

/// Characters of players spare each other, unless the zone says otherwise.
const PLAYERS: Side = Side(u16::MAX);

/// Lets in who enters, and lets go who leaves; forgets who left in the step before.
pub(crate) fn come_and_go(world: &mut World) {
    if !world.resource::<Farewells>().0.is_empty() {
        world.resource_mut::<Farewells>().0.clear();
    }
    let is_either = |body: &CommandBody| matches!(body, CommandBody::Join { .. } | CommandBody::Leave);
    let moves: Vec<_> =
        world.resource::<Inbox>().0.iter().filter(|command| is_either(&command.body)).cloned().collect();
    for command in moves {
        match command.body {
            CommandBody::Join { brings, .. } => arrive(world, command.seat, &brings),
            CommandBody::Leave => leave(world, command.seat),
            _ => {}
        }
    }
}

fn arrive(world: &mut World, seat: Seat, brings: &LineupSeat) {
    if world.resource::<SeatAvatars>().0.contains_key(&seat) {
        return;
    }
    let rules = world.resource::<Rules>().clone();
    let content = &rules.content;
    let Some(zone) = zone_of(world, content) else { return };
    let (body, id) = body_of(content, brings);
    let Some((archetype, def)) = archetype_of(content, &body.archetype) else { return };
    let (room, at) = place_of(world, zone, &body);
    let name = world.resource_mut::<NetIds>().allocate();
    let mut slots = AbilitySlots::from_index(1, def.avatar.abilities.iter().map(|ability| ability.id()));
    slots.0[0] = Some(def.avatar.unarmed.id());
    // Whatever is brought is taken in, also where the archetype has become weaker meanwhile.
    let room_for = u32::try_from(brings.items.len()).unwrap_or(u32::MAX).max(def.avatar.inventory_slots);
    let unarmed = Some(def.avatar.unarmed.id());
    let side = if zone.friendly_fire { Side::default() } else { PLAYERS };
    let level = level_of(body.xp);
    let account = brings.occupant.account().unwrap_or(AccountId(0));
    let character = Character { seat, account, id, name: brings.name.clone(), archetype };
    world.spawn((
        name,
        character,
        Deeds { xp: body.xp, ..Deeds::default() },
        (SteeredBy::default(), InRoom(room), Errand::default()),
        Inventory { slots: room_for, version: 0, count: 0, unarmed },
        (at, Heading(body.heading), MoveIntent::default(), Bulk { radius: cm(def.avatar.radius_cm) }),
        fighter(&rules, def.avatar.stats, level, side, slots).regenerating(def.avatar.regeneration_per_s),
    ));
    world.resource_mut::<SeatAvatars>().0.insert(seat, name.0);
    equip(world, name.0, (brings, &body, def), at);
    // After what it brings, which is never too heavy.
    if let Some(grams_max) = def.avatar.weight_max_g
        && let Some(entity) = world.resource::<NetIdIndex>().entity(name.0)
    {
        world.entity_mut(entity).insert(WeightLimit { grams_max });
    }
    let ticks = |ms: u32| rules.ticks(ms);
    for (key, stacks, ms) in &body.effects {
        if let Some(def) = content.effects.id(key) {
            put_effect(world, name.0, CarriedEffect { def, stacks: *stacks, ticks_left: ticks(*ms) });
        }
    }
    if let Some((hp, mp)) = body.vitals {
        set_vitals(world, name.0, hp, mp);
    }
    tell_passing(world, usize::from(room), Some(name.0), APPEARS, &[("who", brings.name.as_str().into())]);
    enter(world, name.0, room);
    world.resource_mut::<Happenings>().push(Happening::Enter { who: name.0, room });
}

/// The body of one who comes, and the number under which it is kept. One that cannot be read comes as a newcomer, and
/// its own body stays as it is in the store.
fn body_of(content: &Content, brings: &LineupSeat) -> (Body, Option<hypogeum_protocol::CharacterId>) {
    let newborn = || Body::newborn(content, "").unwrap_or_default();
    match &brings.character {
        None => (newborn(), None),
        Some(sheet) if sheet.body.is_empty() => (newborn(), Some(sheet.id)),
        Some(sheet) => Body::decode(&sheet.body).map_or_else(|_| (newborn(), None), |body| (body, Some(sheet.id))),
    }
}

fn archetype_of<'a>(content: &'a Content, key: &str) -> Option<(Id<ArchetypeDef>, &'a ArchetypeDef)> {
    let id = content.archetypes.id(key).or_else(|| content.archetypes.iter().next().map(|(id, ..)| id))?;
    Some((id, content.archetypes.find(id)?))
}

/// Where one who comes stands: where it stood, if that is still free ground of its room; else in the middle of the room, or
/// of the shrine.
fn place_of(world: &World, zone: &ZoneDef, body: &Body) -> (u16, Position) {
    let layout = world.resource::<Layout>();
    let room = room_index(zone, &body.room).or_else(|| room_index(zone, &zone.shrine)).unwrap_or(0);
    let Some(place) = layout.rooms.get(room) else { return (0, Position::default()) };
    let stood = body.at.map(|(x, y)| Position { x, y });
    let is_good = |at: &Position| place.holds(*at) && world.resource::<Obstacles>().free(*at, cm(40));
    (u16::try_from(room).unwrap_or(0), stood.filter(is_good).unwrap_or_else(|| place.middle()))
}

/// Gives one who comes what it brings, or what its archetype starts with, and puts on what it wore.
fn equip(world: &mut World, who: NetId, (brings, body, def): (&LineupSeat, &Body, &ArchetypeDef), at: Position) {
    let content = world.resource::<Rules>().content.clone();
    let known = brings.items.iter().filter_map(|StashedItem { id, template, state }| {
        Some((Item::brought(*id, content.items.id(template)?, *state), state.inside))
    });
    let mut waiting: Vec<(Item, Option<ItemId>)> = known.collect();
    let mut there: BTreeMap<ItemId, NetId> = BTreeMap::new();
    // Each round what lies right in what came before; what lies in nothing that is here is carried.
    while !waiting.is_empty() {
        let all: BTreeSet<ItemId> = waiting.iter().map(|(item, _)| item.id).collect();
        let waits = |inside: &Option<ItemId>| inside.is_some_and(|bag| all.contains(&bag));
        let is_ring = waiting.iter().all(|(_, inside)| waits(inside));
        let (later, now) = waiting.into_iter().partition(|(_, inside)| waits(inside) && !is_ring);
        waiting = later;
        for (item, inside) in now {
            let bag = inside.and_then(|bag| there.get(&bag).copied()).filter(|bag| is_bag(world, *bag));
            let name = spawn_item(world, item, Place::In(bag.unwrap_or(who)), at);
            there.insert(item.id, name);
            if bag.is_none() && body.worn.contains(&item.id) {
                // What cannot be worn any more stays in the bag.
                let _ = wear(world, who, name);
            }
        }
    }
    if !body.is_new {
        return;
    }
    for starter in &def.starter_items {
        let Some(name) = add_piece(world, starter.id(), who, at) else { continue };
        let slot = content.items.find(starter.id()).and_then(|def| def.slot);
        if slot.is_some() && carried(world, who).iter().all(|held| held.worn != slot) {
            let _ = wear(world, who, name);
        }
    }
}

fn is_bag(world: &World, item: NetId) -> bool {
    let entity = world.resource::<NetIdIndex>().entity(item);
    entity.is_some_and(|entity| world.get::<Bag>(entity).is_some())
}

/// Takes one who leaves out of the world, with all it has.
fn leave(world: &mut World, seat: Seat) {
    let Some(who) = world.resource_mut::<SeatAvatars>().0.remove(&seat) else { return };
    let Some(entity) = world.resource::<NetIdIndex>().entity(who) else { return };
    let to = world.resource_mut::<Departing>().0.remove(&seat).flatten();
    part(world, who);
    let mut grant = farewell(world, who, to.as_ref());
    let gone = world.get::<Character>(entity).map(|character| character.name.clone());
    let room = world.get::<InRoom>(entity).map_or(0, |room| room.0);
    take_all(world, who);
    if let Some(grant) = &mut grant {
        grant.items_changed = ChangedCounts::take(world);
    }
    world.despawn(entity);
    if let (Some(name), None) = (gone, to) {
        tell_passing(world, usize::from(room), None, VANISHES, &[("who", name.into())]);
    }
    if let Some(grant) = grant {
        world.resource_mut::<Farewells>().0.insert(seat, grant);
    }
}

/// What a visit was worth: experience, everything that is carried, and the body as it is now.
fn farewell(world: &World, who: NetId, to: Option<&(String, String)>) -> Option<Grant> {
    let entity = world.resource::<NetIdIndex>().entity(who)?;
    let (character, deeds) = (world.get::<Character>(entity)?, world.get::<Deeds>(entity)?);
    let content = &world.resource::<Rules>().content;
    let held = carried_in_all(world, who);
    let stashed = |held: &Carried| StashedItem {
        id: held.item.id,
        template: content.items.key(held.item.def).to_owned(),
        state: held.state(),
    };
    let sheet = sheet_of(world, who, to);
    Some(Grant {
        account: character.account,
        outcome: Outcome::Extracted,
        kills: deeds.kills,
        damage_dealt: deeds.damage_dealt,
        xp_gained: deeds.xp_gained,
        items_secured: held.iter().map(stashed).collect(),
        character: sheet,
        ..Grant::nothing(Outcome::Extracted)
    })
}

/// A character as it is kept if its visit ends now; `None` where it has no number in the store.
pub(crate) fn sheet_of(world: &World, who: NetId, to: Option<&(String, String)>) -> Option<CharacterSheet> {
    let entity = world.resource::<NetIdIndex>().entity(who)?;
    let id = world.get::<Character>(entity)?.id?;
    let place = to.map_or_else(|| zone_key(world).to_owned(), |(zone, _)| zone.clone());
    Some(CharacterSheet { id, place, body: body_now(world, who, &carried(world, who), to).encode() })
}

fn zone_key(world: &World) -> &str {
    let content = &world.resource::<Rules>().content;
    content.zones.key(world.resource::<crate::state::ZoneRef>().def)
}

/// A body as it is now. The dead are kept as they will come back: at the shrine.
fn body_now(world: &World, who: NetId, held: &[Carried], to: Option<&(String, String)>) -> Body {
    let rules = world.resource::<Rules>();
    let content = &rules.content;
    let entity = world.resource::<NetIdIndex>().entity(who);
    let get =
        |entity| Some((world.get::<Character>(entity)?, world.get::<Deeds>(entity)?, world.get::<Position>(entity)?));
    let Some((entity, (character, deeds, at))) = entity.and_then(|entity| Some((entity, get(entity)?))) else {
        return Body::default();
    };
    let mut body = Body::of_archetype(content.archetypes.key(character.archetype));
    body.xp = deeds.xp;
    body.worn = held.iter().filter(|held| held.worn.is_some()).map(|held| held.item.id).collect();
    body.heading = world.get::<Heading>(entity).map_or(0, |heading| heading.0);
    if world.get::<Dead>(entity).is_some() {
        body.vitals = Some((1, 0));
        return body;
    }
    let vitals = world.get::<Health>(entity).zip(world.get::<Mana>(entity));
    body.vitals = vitals.map(|(health, mana)| (health.hp, mana.mp));
    let ms = |ticks: u32| u32::try_from(u64::from(ticks) * 1_000 / u64::from(rules.tick_hz.max(1))).unwrap_or(u32::MAX);
    let effects = effects_on(world, who).into_iter();
    body.effects = effects.map(|it| (content.effects.key(it.def).to_owned(), it.stacks, ms(it.ticks_left))).collect();
    match to {
        Some((_, room)) => body.room = room.clone(),
        None => {
            let room = world.get::<InRoom>(entity).map_or(0, |room| usize::from(room.0));
            body.room =
                zone_def(world).and_then(|zone| zone.rooms.get(room)).map_or_else(String::new, |it| it.key.clone());
            body.at = Some((at.x, at.y));
        }
    }
    body
}
