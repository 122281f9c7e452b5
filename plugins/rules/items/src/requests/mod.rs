//! What players and brains do with items.

mod hands;
mod parting;
#[cfg(test)]
mod random;
mod seen;
mod sorting;
#[cfg(test)]
mod storms;
mod taking;
mod using;
mod wearing;

use bevy_ecs::message::Messages;
use bevy_ecs::prelude::World;
use hypogeum_protocol::{Act, GameEvent, NetId};
use hypogeum_shard::{Audience, NetIdIndex, Outbox, Rules, Tick};

use crate::{Item, ItemAct, ItemOutcome, ItemRequest, Refusal};

pub use hands::REACH;
pub(crate) use hands::{able, own, reachable};
pub use parting::hand_over;
pub use seen::unchanged;

/// Does what is asked, of each in the order asked, one after the other as their turns come: of those who want one thing
/// at once, chance decides who gets it. What cannot be done is refused and changes nothing.
pub(crate) fn apply_requests(world: &mut World) {
    let mut requests: Vec<ItemRequest> =
        world.resource::<Messages<ItemRequest>>().iter_current_update_messages().copied().collect();
    if requests.len() > 1 {
        let (rules, tick) = (world.resource::<Rules>(), *world.resource::<Tick>());
        requests.sort_by_cached_key(|request| (rules.turn(tick, request.who), request.who));
    }
    for ItemRequest { who, seq, act, seen } in requests {
        let thing = world.resource::<NetIdIndex>().entity(act.thing());
        let item = thing.and_then(|thing| world.get::<Item>(thing)).copied();
        let result = apply(world, who, act, seen);
        if let Err(refusal) = result
            && seq != 0
        {
            refuse(world, (who, seq), act.thing(), refusal);
        }
        world.write_message(ItemOutcome { who, seq, act, item, result });
    }
}

/// Tells somebody why its act was not done, and how the thing is now where it is another than it has seen.
fn refuse(world: &mut World, (who, seq): (NetId, u32), thing: NetId, refusal: Refusal) {
    let entity = world.resource::<NetIdIndex>().entity(thing);
    let item = entity.and_then(|entity| world.get::<Item>(entity)).filter(|_| refusal == Refusal::Changed);
    let changed = item.map(|item| GameEvent::Changed { item: thing, version: item.version, count: item.count });
    let mut outbox = world.resource_mut::<Outbox>();
    for event in [GameEvent::Refused { seq, code: refusal.code() }].into_iter().chain(changed) {
        outbox.tell(Audience::Only(who), event);
    }
}

/// Returns how many pieces it has concerned.
fn apply(world: &mut World, who: NetId, act: ItemAct, seen: Option<u32>) -> Result<u32, Refusal> {
    let at = able(world, who)?;
    seen::is_unchanged(world, (who, at), act.thing(), seen)?;
    match act {
        ItemAct::Plain(Act::PickUp { item }) => taking::pick_up(world, (who, at), item, None),
        ItemAct::Plain(Act::Loot { container }) => taking::loot(world, who, at, container),
        ItemAct::Plain(Act::Equip { item }) => wearing::equip(world, who, item).map(|()| 1),
        ItemAct::Plain(Act::Unequip { item }) => wearing::unequip(world, who, item).map(|()| 1),
        ItemAct::Plain(Act::Drop { item }) => parting::drop_item(world, (who, at), item, None),
        ItemAct::Plain(Act::Use { item }) => using::consume(world, who, item).map(|()| 1),
        ItemAct::Take { item, count } => taking::pick_up(world, (who, at), item, Some(count)),
        ItemAct::Drop { item, count } => parting::drop_item(world, (who, at), item, Some(count)),
        ItemAct::Give { item, count, to } => parting::give(world, (who, at), to, item, count),
        ItemAct::Split { item, count } => sorting::split(world, who, item, count),
        ItemAct::Merge { item, into } => sorting::merge(world, who, item, into),
        ItemAct::Put { item, into } => sorting::put(world, who, item, into),
        ItemAct::TakeOut { item } => sorting::take_out(world, who, item),
        ItemAct::Repair { item, with } => using::repair(world, who, item, with),
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_combat::{Casting, Dead};
    use hypogeum_protocol::ErrorCode;

    use super::*;
    use crate::test_shard::{at, bench};
    use crate::{Carried, Place, spawn_container};

    #[test]
    fn out_of_reach_behind_a_wall_gone_foreign_or_senseless_is_refused_and_changes_nothing() {
        let mut bench = bench();
        let (who, other) = (bench.hands[1], bench.hands[0]);
        let far = bench.put("gem", Place::Ground, at(11, 13));
        let behind = bench.put("gem", Place::Ground, at(13, 10));
        let foreign = bench.put("sword", Place::In(other), at(0, 0));
        let gem = bench.put("gem", Place::In(who), at(0, 0));
        let container = spawn_container(bench.world(), at(40, 40));
        bench.put("gem", Place::In(container), at(0, 0));
        bench.shard.step(&[]);
        let before: Vec<Vec<Carried>> = bench.hands.iter().map(|who| bench.held(*who)).collect();
        let made_up = NetId(u32::MAX);
        let refused = bench.ask(&[
            (who, Act::PickUp { item: far }),
            (who, Act::PickUp { item: behind }),
            (who, Act::PickUp { item: foreign }),
            (who, Act::PickUp { item: made_up }),
            (who, Act::PickUp { item: other }),
            (who, Act::Equip { item: foreign }),
            (who, Act::Drop { item: foreign }),
            (who, Act::Use { item: foreign }),
            (who, Act::Unequip { item: gem }),
            (who, Act::Equip { item: gem }),
            (who, Act::Use { item: gem }),
            (who, Act::Loot { container }),
            (who, Act::Loot { container: other }),
            (who, Act::Drop { item: NetId::NONE }),
            (made_up, Act::Drop { item: gem }),
        ]);
        use ErrorCode::{NoSuchEntity, OutOfReach, UnknownItem, WrongState};
        let codes: Vec<ErrorCode> = refused.iter().map(|refusal| refusal.1).collect();
        assert_eq!(
            codes,
            [
                OutOfReach,
                OutOfReach,
                NoSuchEntity,
                NoSuchEntity,
                NoSuchEntity,
                UnknownItem,
                UnknownItem,
                UnknownItem,
                WrongState,
                WrongState,
                WrongState,
                OutOfReach,
                NoSuchEntity,
                UnknownItem,
                WrongState
            ],
            "each refusal says why"
        );
        let after: Vec<Vec<Carried>> = bench.hands.iter().map(|who| bench.held(*who)).collect();
        assert_eq!(after, before, "what is refused changes nothing");
        bench.check();
    }

    #[test]
    fn the_dead_touch_nothing_and_a_begun_blow_keeps_its_weapon() {
        let mut bench = bench();
        let (dead, busy) = (bench.hands[0], bench.hands[1]);
        let gem = bench.put("gem", Place::Ground, at(10, 10));
        let sword = bench.put("sword", Place::In(busy), at(0, 0));
        let helm = bench.put("helm", Place::In(busy), at(0, 0));
        let entities = [dead, busy].map(|who| bench.entity(who).expect("they are there"));
        bench.world().entity_mut(entities[0]).insert(Dead { tick: 0, by: NetId::NONE });
        bench.world().entity_mut(entities[1]).insert(Casting { slot: 0, done_tick: 100 });
        let refused = bench.ask(&[
            (dead, Act::PickUp { item: gem }),
            (busy, Act::Equip { item: sword }),
            (busy, Act::Equip { item: helm }),
        ]);
        assert_eq!(refused, [(1, ErrorCode::WrongState), (2, ErrorCode::TooSoon)], "a helm is no weapon");
        bench.check();
    }
}
