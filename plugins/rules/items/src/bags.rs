//! Bags: items that others lie in, and those again.

use bevy_ecs::prelude::{Entity, World};
use hypogeum_protocol::{NetId, limits};
use hypogeum_shard::NetIdIndex;

use crate::{Bag, Holdings, Inventory, Item, Place, Refusal};

/// Most bags in one another.
pub const BAGS_DEEP_MAX: usize = 3;
/// Most things that somebody has with it, those in bags and the bags themselves included: as many as can leave with it.
const CARRIED_MAX: usize = limits::INVENTORY_ITEMS_MAX;

fn place_of(world: &World, name: NetId) -> Option<Place> {
    world.get::<Place>(world.resource::<NetIdIndex>().entity(name)?).copied()
}

/// Who carries something, also in bags; a container that stands somewhere, or `None` of what lies on the ground.
pub(crate) fn carrier(world: &World, item: NetId) -> Option<NetId> {
    let mut holder = place_of(world, item)?.holder()?;
    // No bag lies in itself, so this ends; the bound is for a world that is wrong.
    for _ in 0..=BAGS_DEEP_MAX {
        match place_of(world, holder) {
            Some(place) => holder = place.holder()?,
            None => return Some(holder),
        }
    }
    None
}

/// The bags that something lies in, the innermost first.
fn bags_around(world: &World, item: NetId) -> Vec<NetId> {
    let mut bags = Vec::new();
    let mut holder = place_of(world, item).and_then(Place::holder);
    while let Some(bag) = holder.filter(|holder| place_of(world, *holder).is_some() && bags.len() <= BAGS_DEEP_MAX) {
        bags.push(bag);
        holder = place_of(world, bag).and_then(Place::holder);
    }
    bags
}

/// Everything in something, however deep, each bag before what is in it. With its depth: 0 right in it.
pub(crate) fn within(world: &World, holder: NetId) -> Vec<(NetId, usize)> {
    let mut found: Vec<(NetId, usize)> = Vec::new();
    let mut next = vec![(holder, 0)];
    while let Some((holder, depth)) = next.pop() {
        if depth > BAGS_DEEP_MAX {
            continue;
        }
        for &item in world.resource::<Holdings>().of(holder) {
            found.push((item, depth));
            next.push((item, depth + 1));
        }
    }
    found.sort_unstable_by_key(|(item, depth)| (*depth, *item));
    found
}

/// How many bags are in one another from this item on: 0 of what is no bag.
fn height(world: &World, item: NetId) -> usize {
    let is_bag = |name: NetId| {
        world.resource::<NetIdIndex>().entity(name).is_some_and(|entity| world.get::<Bag>(entity).is_some())
    };
    if !is_bag(item) {
        return 0;
    }
    let deepest = within(world, item).into_iter().filter(|(one, _)| is_bag(*one)).map(|(_, depth)| depth + 1).max();
    1 + deepest.unwrap_or(0)
}

/// Whether an item can be laid into a bag.
///
/// # Errors
/// [`Refusal::NotMadeForThat`] of what is no bag, [`Refusal::InItself`], [`Refusal::TooDeep`].
pub(crate) fn may_put(world: &World, item: NetId, bag: NetId) -> Result<(), Refusal> {
    let entity = world.resource::<NetIdIndex>().entity(bag).ok_or(Refusal::NotCarried)?;
    if world.get::<Bag>(entity).is_none() {
        return Err(Refusal::NotMadeForThat);
    }
    let around = bags_around(world, bag);
    if item == bag || around.contains(&item) {
        return Err(Refusal::InItself);
    }
    if around.len() + 1 + height(world, item) > BAGS_DEEP_MAX {
        return Err(Refusal::TooDeep);
    }
    Ok(())
}

/// Whether somebody can have an item with all that is in it besides what it has; always of what is no carrier.
pub(crate) fn has_room_in_all(world: &World, holder: NetId, item: NetId) -> bool {
    let who = carrier(world, holder).unwrap_or(holder);
    let entity = world.resource::<NetIdIndex>().entity(who);
    if entity.is_none_or(|entity| world.get::<Inventory>(entity).is_none()) || carrier(world, item) == Some(who) {
        return true;
    }
    within(world, who).len() + 1 + within(world, item).len() <= CARRIED_MAX
}

/// Notes that what is in a bag has changed: on it and on the bags around it, and for whoever carries them to see.
pub(crate) fn note_change(world: &mut World, bag: NetId) {
    for name in bags_around(world, bag).into_iter().chain([bag]) {
        let entity = world.resource::<NetIdIndex>().entity(name);
        if let Some((entity, &item)) = entity.and_then(|entity| Some((entity, world.get::<Item>(entity)?))) {
            world.entity_mut(entity).insert(item.changed());
        }
    }
    let Some(entity) = carrier(world, bag).and_then(|who| world.resource::<NetIdIndex>().entity(who)) else { return };
    if let Some(mut inventory) = world.get_mut::<Inventory>(entity) {
        inventory.version = inventory.version.wrapping_add(1);
    }
}

/// The name for ever of the bag that something lies in.
pub(crate) fn bag_of(world: &World, entity: Entity) -> Option<hypogeum_protocol::ItemId> {
    let holder = world.get::<Place>(entity)?.holder()?;
    let bag = world.resource::<NetIdIndex>().entity(holder)?;
    world.get::<Item>(bag).map(|bag| bag.id)
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{Act, ErrorCode};

    use super::*;
    use crate::test_shard::{at, bench};
    use crate::{DropAllRequest, ItemAct, carried, take_all};

    #[test]
    fn things_are_put_into_bags_and_taken_out() {
        let mut bench = bench();
        let who = bench.hands[0];
        let [bag, gem, letter] = ["bag", "gem", "letter"].map(|key| bench.put(key, Place::In(who), at(0, 0)));
        let put = |item, into| (who, ItemAct::Put { item, into });
        assert_eq!(bench.ask(&[put(gem, bag), put(letter, bag)]), [(2, ErrorCode::WrongState)], "quests stay in sight");
        assert_eq!(bench.held(who).len(), 2, "the gem takes no slot any more");
        assert_eq!(carried(bench.shard.world(), bag)[0].name, gem, "it is in the bag");
        assert!(bench.component::<crate::Item>(bag).version > 0, "which is not the bag that was seen before");
        let other = bench.hands[1];
        let out = |who, item| (who, ItemAct::TakeOut { item });
        assert_eq!(bench.ask(&[out(other, gem)]), [(1, ErrorCode::UnknownItem)], "nobody takes it out of another's");
        assert_eq!(bench.ask(&[(who, Act::Drop { item: bag })]), [], "the bag is dropped with it");
        assert_eq!(bench.ask(&[(other, Act::PickUp { item: bag })]), [], "and another has both");
        assert_eq!(bench.ask(&[out(other, gem)]), [], "who takes it out");
        assert_eq!(bench.component::<Place>(gem), Place::In(other), "it is carried");
        assert!(bench.entity(bag).is_some(), "an empty bag is a bag");
        bench.check();
    }

    #[test]
    fn bags_lie_in_bags_three_deep_and_in_no_ring() {
        let mut bench = bench();
        let who = bench.hands[0];
        let bags: Vec<NetId> = (0..4).map(|_| bench.put("bag", Place::In(who), at(0, 0))).collect();
        let put = |item: usize, into: usize| (who, ItemAct::Put { item: bags[item], into: bags[into] });
        let refused = bench.ask(&[put(0, 0), put(1, 0), put(2, 1), put(0, 2), put(3, 2)]);
        use ErrorCode::WrongState;
        assert_eq!(refused, [(1, WrongState), (4, WrongState), (5, WrongState)], "no ring, and not four deep");
        assert_eq!(bench.ask(&[put(0, 3)]), [(1, WrongState)], "nor by putting three into one");
        let gem = bench.put("gem", Place::In(who), at(0, 0));
        assert_eq!(
            bench.ask(&[(who, ItemAct::Put { item: gem, into: bags[2] })]),
            [],
            "the deepest takes what is no bag"
        );
        bench.check();
        let taken = take_all(bench.world(), who);
        let inside: Vec<Option<u32>> = taken.iter().map(|held| held.inside.map(|bag| bag.serial)).collect();
        assert_eq!(inside, [None, None, Some(0), Some(1), Some(2)], "all of it leaves, and says in what it lies");
        assert_eq!(bench.entity(gem), None, "nothing is left behind");
        bench.shard.step(&[]);
        bench.check();
    }

    #[test]
    fn a_full_bag_takes_no_more_and_the_dead_leave_it_full() {
        let mut bench = bench();
        let who = bench.hands[0];
        let bag = bench.put("bag", Place::In(who), at(0, 0));
        for _ in 0..2 {
            let gem = bench.put("gem", Place::In(who), at(0, 0));
            assert_eq!(bench.ask(&[(who, ItemAct::Put { item: gem, into: bag })]), [], "there is room");
        }
        let gem = bench.put("gem", Place::In(who), at(0, 0));
        assert_eq!(bench.ask(&[(who, ItemAct::Put { item: gem, into: bag })]), [(1, ErrorCode::Full)], "for two");
        bench.world().write_message(DropAllRequest { holder: who, keeps_worn: false, keeps_bound: true });
        bench.shard.step(&[]);
        assert_eq!(bench.held(bag).len(), 2, "what was in it still is");
        assert!(carrier(bench.shard.world(), bag).is_some_and(|chest| chest != who), "where the dead lay");
        bench.check();
    }
}
