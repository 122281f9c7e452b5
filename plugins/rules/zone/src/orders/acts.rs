//! What is done with things: asked for by act or in words, done with everyone else's, and told in words.

use bevy_ecs::message::Messages;
use bevy_ecs::prelude::{Resource, World};
use hypogeum_content::Id;
use hypogeum_content::def::{ItemDef, ItemKind};
use hypogeum_items::{ItemAct, ItemBroke, ItemOutcome, ItemRequest, REACH, Refusal};
use hypogeum_locale::Value;
use hypogeum_protocol::{Act, GameEvent, NetId};
use hypogeum_shard::{Audience, NetIdIndex, Outbox, Rules};
use hypogeum_space::Position;
use hypogeum_space::turn::distance;

use crate::doors::is_character;
use crate::presence::in_room;
use crate::rooms::{is_dead, room_of};
use crate::state::{Attacking, Deed, Errand, Step};
use crate::tell::*;
use crate::triggers::{Happening, Happenings, knows_use};
use crate::zone_def;

/// What is to be done in this step; empty between steps.
#[derive(Resource, Debug, Default)]
pub(crate) struct DeedsDue(pub(crate) Vec<(NetId, Deed)>);

/// Lets somebody do something with a thing: at once where it is near enough or carried, else after walking there.
pub(crate) fn want(world: &mut World, who: NetId, deeds: Vec<Deed>) {
    let Some((_, entity)) = room_of(world, who) else { return };
    let Some(&at) = world.get::<Position>(entity) else { return };
    let mut steps = Vec::new();
    for deed in deeds {
        let Deed { act, .. } = deed;
        let thing = match act {
            ItemAct::Plain(Act::PickUp { .. } | Act::Loot { .. }) | ItemAct::Take { .. } => Some(act.thing()),
            ItemAct::Give { to, .. } => Some(to),
            _ => None,
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
    for (who, Deed { seq, act, seen }) in std::mem::take(&mut world.resource_mut::<DeedsDue>().0) {
        if let ItemAct::Plain(Act::Use { item }) = act
            && tries(world, who, item)
        {
            continue;
        }
        world.write_message(ItemRequest { who, seq, act, seen });
    }
}

/// Tries an item that cannot be consumed, where a trigger knows what follows. Returns whether one does.
fn tries(world: &mut World, who: NetId, item: NetId) -> bool {
    let Some(def) = held_def(world, who, item) else { return false };
    let content = &world.resource::<Rules>().content;
    let is_consumed = content.items.find(def).is_some_and(|def| def.kind == ItemKind::Consumable);
    if is_consumed || is_dead(world, who) || !zone_def(world).is_some_and(|zone| knows_use(zone, def)) {
        return false;
    }
    let what = name_of(world, item);
    tell(world, who, YOU_USE, &[("what", what)]);
    world.resource_mut::<Happenings>().push(Happening::Use { who, item: def });
    true
}

fn held_def(world: &World, who: NetId, item: NetId) -> Option<Id<ItemDef>> {
    hypogeum_items::carried(world, who).iter().find(|held| held.name == item).map(|held| held.item.def)
}

/// Tells in words what came of what characters asked for, and what of theirs has broken.
pub(crate) fn conclude_acts(world: &mut World) {
    tell_broken(world);
    let outcomes: Vec<ItemOutcome> =
        world.resource::<Messages<ItemOutcome>>().iter_current_update_messages().copied().collect();
    for outcome in outcomes.into_iter().filter(|outcome| outcome.seq != 0) {
        if !is_character(world, outcome.who) {
            continue;
        }
        match outcome.result {
            Ok(pieces) => tell_done(world, &outcome, pieces),
            Err(refusal) => refuse(world, outcome.who, refusal),
        }
    }
}

fn tell_done(world: &mut World, outcome: &ItemOutcome, pieces: u32) {
    let ItemOutcome { who, act, item, .. } = *outcome;
    if let (ItemAct::Plain(Act::Use { .. }), Some(item)) = (act, item) {
        world.resource_mut::<Happenings>().push(Happening::Use { who, item: item.def });
    }
    let what =
        item.map_or_else(|| message(CHEST), |item| item_name(&world.resource::<Rules>().content, item.def, pieces));
    let (own, others): (&str, Option<&str>) = match act {
        ItemAct::Plain(Act::PickUp { .. } | Act::Loot { .. }) | ItemAct::Take { .. } => (YOU_GET, Some(GETS)),
        ItemAct::Plain(Act::Drop { .. }) | ItemAct::Drop { .. } => (YOU_DROP, Some(DROPS)),
        ItemAct::Plain(Act::Equip { .. }) => (YOU_WEAR, None),
        ItemAct::Plain(Act::Unequip { .. }) => (YOU_REMOVE, None),
        ItemAct::Plain(Act::Use { .. }) => (YOU_USE, None),
        ItemAct::Split { .. } => (YOU_SPLIT, None),
        ItemAct::Merge { .. } => (YOU_MERGE, None),
        ItemAct::Put { into, .. } => {
            let bag = name_of(world, into);
            return tell(world, who, YOU_PUT, &[("what", what), ("bag", bag)]);
        }
        ItemAct::TakeOut { .. } => (YOU_TAKE_OUT, None),
        ItemAct::Repair { item, with } => return tell_repair(world, who, item, with),
        ItemAct::Give { to, .. } => return tell_gift(world, who, to, what),
    };
    tell(world, who, own, &[("what", what.clone())]);
    if let (Some(id), Some((room, _))) = (others, room_of(world, who)) {
        let name = name_of(world, who);
        tell_room(world, room, Some(who), id, &[("who", name), ("what", what)]);
    }
}

fn tell_repair(world: &mut World, who: NetId, item: NetId, with: Option<NetId>) {
    let what = name_of(world, item);
    match super::things::smith_near(world, who).filter(|_| with.is_none()) {
        Some(smith) => {
            let smith = name_of(world, smith);
            tell(world, who, REPAIRED, &[("who", smith), ("what", what)]);
        }
        None => tell(world, who, YOU_REPAIR, &[("what", what)]),
    }
}

/// Tells whose things have broken.
fn tell_broken(world: &mut World) {
    let broken: Vec<ItemBroke> =
        world.resource::<Messages<ItemBroke>>().iter_current_update_messages().copied().collect();
    for ItemBroke { holder, item } in broken {
        if is_character(world, holder) {
            let what = name_of(world, item);
            tell(world, holder, BREAKS, &[("what", what)]);
        }
    }
}

fn tell_gift(world: &mut World, who: NetId, to: NetId, what: Value) {
    let (giver, taker) = (name_of(world, who), name_of(world, to));
    tell(world, who, YOU_GIVE, &[("what", what.clone()), ("whom", taker.clone())]);
    tell(world, to, GIVES_YOU, &[("who", giver.clone()), ("what", what.clone())]);
    let Some((room, _)) = room_of(world, who) else { return };
    let others: Vec<NetId> = in_room(world, room).into_iter().filter(|one| *one != who && *one != to).collect();
    tell_each(world, others, GIVES, &[("who", giver), ("what", what), ("whom", taker)]);
}

/// The message that says why, as it follows "That does not work:".
const fn why(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotMadeForThat => REFUSED_NOT_MADE,
        Refusal::NotThere => REFUSED_GONE,
        Refusal::NotCarried => REFUSED_NOT_CARRIED,
        Refusal::OutOfReach => REFUSED_FAR,
        Refusal::Busy => REFUSED_BUSY,
        Refusal::Full => REFUSED_FULL,
        Refusal::TooFew => REFUSED_FEW,
        Refusal::Unlike => REFUSED_UNLIKE,
        Refusal::Bound => REFUSED_BOUND,
        Refusal::Quest => REFUSED_QUEST,
        Refusal::HasOne => REFUSED_HAS_ONE,
        Refusal::InItself => REFUSED_IN_ITSELF,
        Refusal::TooDeep => REFUSED_DEEP,
        Refusal::Whole => REFUSED_WHOLE,
        Refusal::Heavy => REFUSED_HEAVY,
        Refusal::Changed => REFUSED_CHANGED,
        Refusal::Claimed => REFUSED_CLAIMED,
    }
}

/// Says why an order that a client numbers does not work, to the client and in words.
pub(crate) fn refuse_act(world: &mut World, (who, seq): (NetId, u32), refusal: Refusal) {
    let refused = GameEvent::Refused { seq, code: refusal.code() };
    world.resource_mut::<Outbox>().tell(Audience::Only(who), refused);
    refuse(world, who, refusal);
}

/// Says in words why something does not work.
pub(crate) fn refuse(world: &mut World, who: NetId, refusal: Refusal) {
    match refusal {
        Refusal::OutOfReach => tell(world, who, TOO_FAR, &[]),
        other => tell(world, who, REFUSED, &[("why", message(why(other)))]),
    }
}
