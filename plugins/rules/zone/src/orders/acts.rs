//! What is done with things: asked for by act or in words, done with everyone else's, and told in words.

use bevy_ecs::prelude::{Resource, World};
use hypogeum_content::Id;
use hypogeum_content::def::ItemDef;
use hypogeum_items::{Item, ItemRequest, Place, REACH, hand_over};
use hypogeum_protocol::{Act, ErrorCode, GameEvent, NetId};
use hypogeum_shard::{Audience, NetIdIndex, Outbox, Rules};
use hypogeum_space::Position;
use hypogeum_space::turn::distance;

use crate::presence::in_room;
use crate::rooms::{is_dead, room_of};
use crate::state::{Attacking, Deed, Errand, Step};
use crate::tell::{
    DROPS, GETS, GIVES, GIVES_YOU, Message, REFUSED, TOO_FAR, YOU_DROP, YOU_GET, YOU_GIVE, YOU_REMOVE, YOU_USE,
    YOU_WEAR, name_of, tell, tell_room,
};
use crate::triggers::{Happening, Happenings, knows_use};
use crate::zone_def;

/// What is to be done in this step; empty between steps.
#[derive(Resource, Debug, Default)]
pub(crate) struct DeedsDue(pub(crate) Vec<(NetId, Deed)>);

/// What was asked for in this step, with what the thing was called then; empty between steps.
#[derive(Resource, Debug, Default)]
pub(crate) struct ActsDone {
    acts: Vec<(NetId, u32, Act, String)>,
    gifts: Vec<(NetId, u32, NetId, NetId)>,
    /// What is about to be consumed.
    uses: Vec<(NetId, NetId, Id<ItemDef>)>,
}

/// Lets somebody do something with a thing: at once where it is near enough or carried, else after walking there.
pub(crate) fn want(world: &mut World, who: NetId, deeds: Vec<Deed>) {
    let Some((_, entity)) = room_of(world, who) else { return };
    let Some(&at) = world.get::<Position>(entity) else { return };
    let mut steps = Vec::new();
    for deed in deeds {
        let thing = match deed {
            Deed::Act { act: Act::PickUp { item }, .. } => Some(item),
            Deed::Act { act: Act::Loot { container }, .. } => Some(container),
            Deed::Act { .. } => None,
            Deed::Give { to, .. } => Some(to),
        };
        let place = thing.and_then(|thing| world.resource::<NetIdIndex>().entity(thing));
        let place = place.and_then(|entity| world.get::<Position>(entity)).copied();
        match place {
            Some(place) if !steps.is_empty() || distance(at, place) > REACH => {
                steps.push(Step { at: place, near: REACH / 2, deed: Some(deed) });
            }
            _ => world.resource_mut::<DeedsDue>().0.push((who, deed)),
        }
    }
    if !steps.is_empty() {
        world.entity_mut(entity).remove::<Attacking>().insert(Errand { steps, gate: None });
    }
}

/// Asks for what is due: with the acts of everyone else it is done in this step.
pub(crate) fn do_deeds(world: &mut World) {
    for (who, deed) in std::mem::take(&mut world.resource_mut::<DeedsDue>().0) {
        match deed {
            Deed::Act { act: Act::Use { item }, .. } if tries(world, who, item) => {}
            Deed::Act { seq, act } => {
                note_use(world, who, act);
                let called = name_of(world, thing_of(act));
                world.resource_mut::<ActsDone>().acts.push((who, seq, act, called));
                world.write_message(ItemRequest { who, seq, act });
            }
            Deed::Give { seq, item, to } => world.resource_mut::<ActsDone>().gifts.push((who, seq, item, to)),
        }
    }
}

/// Tries an item that cannot be consumed, where a trigger knows what follows. Returns whether one does.
fn tries(world: &mut World, who: NetId, item: NetId) -> bool {
    let Some(def) = held_def(world, who, item) else { return false };
    let content = &world.resource::<Rules>().content;
    let is_consumed = content.items.find(def).is_some_and(|def| def.on_use.is_some());
    if is_consumed || is_dead(world, who) || !zone_def(world).is_some_and(|zone| knows_use(zone, def)) {
        return false;
    }
    let what = name_of(world, item);
    tell(world, who, YOU_USE, &[("what", what)]);
    world.resource_mut::<Happenings>().push(Happening::Use { who, item: def });
    true
}

/// Remembers what is about to be consumed: afterwards nobody could say what it was.
fn note_use(world: &mut World, who: NetId, act: Act) {
    if let Act::Use { item } = act
        && let Some(def) = held_def(world, who, item)
    {
        world.resource_mut::<ActsDone>().uses.push((who, item, def));
    }
}

fn held_def(world: &World, who: NetId, item: NetId) -> Option<Id<ItemDef>> {
    hypogeum_items::carried(world, who).iter().find(|held| held.name == item).map(|held| held.item.def)
}

/// Hands over what is given, after everything else has changed hands.
pub(crate) fn hand_gifts(world: &mut World) {
    for (who, seq, item, to) in std::mem::take(&mut world.resource_mut::<ActsDone>().gifts) {
        let what = name_of(world, item);
        match hand_over(world, who, to, item) {
            Ok(()) => {
                let (giver, taker) = (name_of(world, who), name_of(world, to));
                tell(world, who, YOU_GIVE, &[("what", what.clone()), ("whom", taker.clone())]);
                tell(world, to, GIVES_YOU, &[("who", giver.clone()), ("what", what.clone())]);
                let Some((room, _)) = room_of(world, who) else { continue };
                let others: Vec<NetId> =
                    in_room(world, room).into_iter().filter(|one| *one != who && *one != to).collect();
                for other in others {
                    let arguments = [("who", giver.clone()), ("what", what.clone()), ("whom", taker.clone())];
                    tell(world, other, GIVES, &arguments);
                }
            }
            Err(code) => {
                world.resource_mut::<Outbox>().tell(Audience::Only(who), GameEvent::Refused { seq, code });
                refuse(world, who, code);
            }
        }
    }
}

/// Tells in words what came of what was asked for.
pub(crate) fn conclude_acts(world: &mut World) {
    let uses = std::mem::take(&mut world.resource_mut::<ActsDone>().uses);
    for (who, seq, act, called) in std::mem::take(&mut world.resource_mut::<ActsDone>().acts) {
        let refused = world.resource::<Outbox>().0.iter().find_map(|outgoing| match outgoing.event {
            GameEvent::Refused { seq: about, code } if about == seq && outgoing.audience == Audience::Only(who) => {
                Some(code)
            }
            _ => None,
        });
        if !is_done(world, who, act) {
            if let Some(code) = refused {
                refuse(world, who, code);
            }
            continue;
        }
        if let Act::Use { item } = act
            && let Some((.., def)) = uses.iter().find(|(user, used, _)| (*user, *used) == (who, item))
        {
            world.resource_mut::<Happenings>().push(Happening::Use { who, item: *def });
        }
        let (own, others): (Message, Option<Message>) = match act {
            Act::PickUp { .. } | Act::Loot { .. } => (YOU_GET, Some(GETS)),
            Act::Drop { .. } => (YOU_DROP, Some(DROPS)),
            Act::Equip { .. } => (YOU_WEAR, None),
            Act::Unequip { .. } => (YOU_REMOVE, None),
            Act::Use { .. } => (YOU_USE, None),
        };
        tell(world, who, own, &[("what", called.clone())]);
        if let (Some(message), Some((room, _))) = (others, room_of(world, who)) {
            let name = name_of(world, who);
            tell_room(world, room, Some(who), message, &[("who", name), ("what", called)]);
        }
    }
}

const fn thing_of(act: Act) -> NetId {
    match act {
        Act::PickUp { item } | Act::Equip { item } | Act::Unequip { item } | Act::Drop { item } | Act::Use { item } => {
            item
        }
        Act::Loot { container } => container,
    }
}

/// Whether the world is as the act would have it.
fn is_done(world: &World, who: NetId, act: Act) -> bool {
    let entity = world.resource::<NetIdIndex>().entity(thing_of(act));
    let place = entity.and_then(|entity| world.get::<Place>(entity)).copied();
    match act {
        Act::PickUp { .. } | Act::Unequip { .. } => place == Some(Place::In(who)),
        Act::Loot { .. } => entity.is_none(),
        Act::Drop { .. } => place == Some(Place::Ground),
        Act::Equip { .. } => matches!(place, Some(Place::Worn(holder, _)) if holder == who),
        Act::Use { .. } => entity.is_none_or(|entity| world.get::<Item>(entity).is_none()),
    }
}

/// Says in words why something does not work.
pub(crate) fn refuse(world: &mut World, who: NetId, code: ErrorCode) {
    let why = match code {
        ErrorCode::OutOfReach => return tell(world, who, TOO_FAR, &[]),
        ErrorCode::Full => "there is no room for it",
        ErrorCode::NoSuchEntity => "it is gone",
        ErrorCode::UnknownItem => "you do not have it",
        ErrorCode::TooSoon => "you are in the middle of a blow",
        _ => "it is not made for that",
    };
    tell(world, who, REFUSED, &[("why", why.to_owned())]);
}
