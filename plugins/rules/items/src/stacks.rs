//! Stacks: items of several pieces, which are poured together and taken apart.
//!
//! The name of an item is for ever, its pieces have none. Pieces that come to where a stack of their kind lies join it, and an
//! item that has no piece left is gone; pieces that part from a stack become an item with a name that no other had.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Entity, Resource, World};
use hypogeum_content::Id;
use hypogeum_content::def::ItemDef;
use hypogeum_protocol::{ItemId, NetId, limits};
use hypogeum_shard::{NetIdIndex, NetIdOf, ResourceState, Rules};
use hypogeum_space::Position;
use serde::{Deserialize, Serialize};

use crate::bags::{carrier, has_room_in_all};
use crate::flags::may_have;
use crate::place::{count, has_room, move_item};
use crate::weight::bearable;
use crate::{Bag, Holdings, Item, Place, Refusal, mint_item, spawn_item};

/// How many pieces are left of what was brought into the shard, as far as that has changed and nobody has been told. What has left
/// the shard since is not in it.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedCounts(BTreeMap<ItemId, u32>);

impl ResourceState for ChangedCounts {
    const NAME: &'static str = "changed_counts";
}

impl ChangedCounts {
    /// Notes how many are left of what was brought.
    fn note(world: &mut World, item: &Item) {
        if item.is_brought
            && let Some(mut changed) = world.get_resource_mut::<Self>()
        {
            changed.0.insert(item.id, item.count);
        }
    }

    /// Its holder has left with it, and with all its pieces.
    pub(crate) fn forget(world: &mut World, item: ItemId) {
        if world.get_resource::<Self>().is_some_and(|changed| changed.0.contains_key(&item)) {
            world.resource_mut::<Self>().0.remove(&item);
        }
    }

    /// Takes out what a grant is to tell, as many as one may.
    pub fn take(world: &mut World) -> Vec<(ItemId, u32)> {
        if world.get_resource::<Self>().is_none_or(|changed| changed.0.is_empty()) {
            return Vec::new();
        }
        let changed = &mut world.resource_mut::<Self>().0;
        std::iter::from_fn(|| changed.pop_first()).take(limits::ITEMS_CHANGED_MAX).collect()
    }
}

/// Most pieces in a stack of a kind.
pub(crate) fn stack_max(world: &World, def: Id<ItemDef>) -> u32 {
    world.resource::<Rules>().content.items.find(def).map_or(1, |def| def.stack_max.max(1))
}

/// Stacks of somebody that take more pieces of an item, in the order of names, and how many each takes.
fn stacks_for(world: &World, holder: NetId, item: &Item) -> Vec<(Entity, u32)> {
    let most = stack_max(world, item.def);
    if most <= 1 {
        return Vec::new();
    }
    let directory = world.resource::<NetIdIndex>();
    let room = |name: &NetId| {
        let entity = directory.entity(*name)?;
        let other = world.get::<Item>(entity)?;
        let room = most.checked_sub(other.count).filter(|room| *room > 0)?;
        (other.id != item.id && other.is_like(item)).then_some((entity, room))
    };
    world.resource::<Holdings>().of(holder).iter().filter_map(room).collect()
}

/// Sets how many pieces an item is. One without pieces is gone.
pub(crate) fn set_count(world: &mut World, entity: Entity, pieces: u32) {
    let (Some(&item), Some(&place)) = (world.get::<Item>(entity), world.get::<Place>(entity)) else { return };
    let item = Item { count: pieces, ..item.changed() };
    ChangedCounts::note(world, &item);
    if pieces == 0 {
        spill(world, entity, place);
        world.despawn(entity);
        count(world, place, -1);
        crate::place::assert_counted(world, place);
    } else {
        world.entity_mut(entity).insert(item);
        count(world, place, 0);
    }
}

/// Lays what is in a bag that goes to where its carrier stands.
fn spill(world: &mut World, bag: Entity, place: Place) {
    let Some(name) = world.get::<Bag>(bag).and_then(|_| world.get::<NetIdOf>(bag)).map(|named| named.0) else { return };
    let carrier = carrier(world, name).and_then(|who| world.resource::<NetIdIndex>().entity(who));
    let stands = carrier.or_else(|| (place == Place::Ground).then_some(bag));
    let at = stands.and_then(|stands| world.get::<Position>(stands)).copied().unwrap_or_default();
    for item in world.resource::<Holdings>().of(name).to_vec() {
        if let Some(item) = world.resource::<NetIdIndex>().entity(item) {
            move_item(world, item, Place::Ground, at);
        }
    }
}

/// Moves up to so many pieces of an item to somebody: onto the stacks of their kind, in the order of names, then what is left
/// into a slot of its own. Returns how many have moved.
///
/// # Errors
/// [`Refusal::Heavy`] where none can be borne, [`Refusal::Full`] where none has room, [`Refusal::HasOne`] where it is unique and there is
/// one.
pub(crate) fn transfer(world: &mut World, source: Entity, wanted: u32, to: NetId) -> Result<u32, Refusal> {
    let Some(&item) = world.get::<Item>(source) else { return Err(Refusal::NotThere) };
    may_have(world, to, &item)?;
    let name = world.get::<NetIdOf>(source).map_or(NetId::NONE, |named| named.0);
    let wanted = bearable(world, to, (name, &item), wanted.min(item.count));
    if wanted == 0 {
        return Err(Refusal::Heavy);
    }
    let mut left = wanted;
    for (stack, room) in stacks_for(world, to, &item) {
        let poured = left.min(room);
        if let Some(before) = world.get::<Item>(stack).map(|stack| stack.count).filter(|_| poured > 0) {
            set_count(world, stack, before + poured);
            left -= poured;
        }
    }
    let poured = wanted - left;
    if left > 0 && has_room(world, to) && has_room_in_all(world, to, name) {
        if wanted == item.count {
            if poured > 0 {
                set_count(world, source, left);
            }
            move_item(world, source, Place::In(to), Position::default());
        } else {
            set_count(world, source, item.count - wanted);
            split_off(world, &item, left, Place::In(to), Position::default());
        }
        return Ok(wanted);
    }
    if poured == 0 {
        return Err(Refusal::Full);
    }
    set_count(world, source, item.count - poured);
    Ok(poured)
}

/// Puts pieces that have just been taken off a stack somewhere, as an item of their own.
pub(crate) fn split_off(world: &mut World, from: &Item, pieces: u32, place: Place, at: Position) -> NetId {
    let minted = mint_item(world, from.def);
    spawn_item(world, Item { count: pieces, is_bound: from.is_bound, wear: from.wear, ..minted }, place, at)
}

/// Whether a holder can take a new piece of a kind.
///
/// # Errors
/// [`Refusal::Heavy`] where it cannot bear it, [`Refusal::HasOne`] of what is unique, [`Refusal::Full`] where it has no room.
pub fn fits(world: &World, def: Id<ItemDef>, into: NetId) -> Result<(), Refusal> {
    let probe = Item::new(ItemId::default(), def);
    if bearable(world, into, (NetId::NONE, &probe), 1) == 0 {
        return Err(Refusal::Heavy);
    }
    if !stacks_for(world, into, &probe).is_empty() {
        return Ok(());
    }
    may_have(world, into, &probe)?;
    if has_room(world, into) && has_room_in_all(world, into, NetId::NONE) { Ok(()) } else { Err(Refusal::Full) }
}

/// A new piece of a kind: onto a stack of its kind that has room, else as an item of its own into the holder's, or to the ground
/// where it does not fit (see [`fits`]). Returns the item that it is in.
pub fn add_piece(world: &mut World, def: Id<ItemDef>, into: NetId, at: Position) -> Option<NetId> {
    let does_fit = fits(world, def, into).is_ok();
    let stacks = stacks_for(world, into, &Item::new(ItemId::default(), def));
    if let Some(&(stack, _)) = stacks.first().filter(|_| does_fit) {
        let before = world.get::<Item>(stack).map_or(0, |stack| stack.count);
        set_count(world, stack, before + 1);
        return world.get::<NetIdOf>(stack).map(|named| named.0);
    }
    let place = if does_fit { Place::In(into) } else { Place::Ground };
    let item = mint_item(world, def);
    Some(spawn_item(world, item, place, at))
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{Act, ErrorCode};

    use super::*;
    use crate::test_shard::{TestShard, at, bench};
    use crate::{DropAllRequest, ItemAct, take_all, take_one};

    /// The stacks of somebody, in the order of names.
    fn stacks(bench: &TestShard, who: NetId) -> Vec<u32> {
        bench.held(who).iter().map(|held| held.item.count).collect()
    }

    #[test]
    fn pieces_join_the_stacks_of_their_kind_and_what_is_left_takes_a_slot() {
        let mut bench = bench();
        let who = bench.hands[0];
        let first = bench.bring("coin", 1, 7, who);
        let heap = bench.bring("coin", 2, 9, who);
        bench.ask(&[(who, Act::Drop { item: heap })]);
        assert_eq!(bench.ask(&[(who, Act::PickUp { item: heap })]), [], "all of it fits");
        assert_eq!(stacks(&bench, who), [10, 6], "the first is full, the rest is the heap");
        assert_eq!(bench.component::<Item>(first).count, 10, "the heap was poured onto the first");
        bench.check();
        let world = bench.world();
        let told = ChangedCounts::take(world);
        let id = |serial| ItemId { origin: 5, serial };
        assert_eq!(told, [(id(1), 10), (id(2), 6)], "whoever brought them can be told how many are left");
        assert_eq!(ChangedCounts::take(world), [], "once");
    }

    #[test]
    fn a_full_bag_takes_what_its_stacks_take() {
        let mut bench = bench();
        let who = bench.hands[0];
        for serial in 0..3 {
            bench.bring("coin", serial, 10, who);
        }
        let last = bench.bring("coin", 3, 8, who);
        let heap = bench.put("coin", Place::Ground, at(10, 10));
        let entity = bench.entity(heap).expect("it lies there");
        set_count(bench.world(), entity, 5);
        assert_eq!(bench.ask(&[(who, ItemAct::Take { item: heap, count: 1 })]), [], "one of five");
        assert_eq!(bench.ask(&[(who, Act::PickUp { item: heap })]), [], "one more fits");
        assert_eq!((bench.component::<Item>(last).count, bench.component::<Item>(heap).count), (10, 3), "no more");
        assert_eq!(bench.ask(&[(who, Act::PickUp { item: heap })]), [(1, ErrorCode::Full)], "now nothing does");
        let many = ItemAct::Take { item: heap, count: 4 };
        assert_eq!(bench.ask(&[(who, many)]), [(1, ErrorCode::OutOfRange)], "nor are there four");
        bench.check();
    }

    #[test]
    fn what_is_split_has_a_name_of_its_own_and_what_is_merged_has_none() {
        let mut bench = bench();
        let who = bench.hands[0];
        let coins = bench.bring("coin", 1, 7, who);
        assert_eq!(bench.ask(&[(who, ItemAct::Split { item: coins, count: 3 })]), [], "three are set apart");
        let [first, second] = bench.held(who)[..] else { panic!("there are two stacks") };
        assert_eq!((first.item.count, second.item.count), (4, 3), "nothing is lost");
        assert_eq!(second.item.id, ItemId { origin: 77, serial: 0 }, "this shard has named it");
        let gem = bench.put("gem", Place::In(who), at(0, 0));
        let refused = bench.ask(&[
            (who, ItemAct::Split { item: coins, count: 4 }),
            (who, ItemAct::Merge { item: gem, into: coins }),
            (who, ItemAct::Merge { item: coins, into: coins }),
        ]);
        use ErrorCode::{OutOfRange, WrongState};
        assert_eq!(refused, [(1, OutOfRange), (2, WrongState), (3, WrongState)], "four of four are no part");
        assert_eq!(bench.ask(&[(who, ItemAct::Merge { item: coins, into: second.name })]), [], "poured together");
        assert_eq!(bench.entity(coins), None, "one of the two is gone");
        assert_eq!(ChangedCounts::take(bench.world()), [(first.item.id, 0)], "and it was brought, so this is told");
        bench.shard.step(&[]);
        bench.check();
    }

    #[test]
    fn some_of_a_stack_are_dropped_and_given() {
        let mut bench = bench();
        let (who, other) = (bench.hands[0], bench.hands[1]);
        let coins = bench.bring("coin", 1, 9, who);
        bench.bring("coin", 2, 9, other);
        bench.ask(&[
            (who, ItemAct::Drop { item: coins, count: 2 }),
            (who, ItemAct::Give { item: coins, count: Some(3), to: other }),
        ]);
        assert_eq!((stacks(&bench, who), stacks(&bench, other)), (vec![4], vec![10, 2]), "three have changed hands");
        assert_eq!(bench.pieces().into_values().sum::<u32>(), 18, "and two lie there");
        bench.ask(&[(who, ItemAct::Give { item: coins, count: None, to: other })]);
        assert_eq!((stacks(&bench, who), stacks(&bench, other)), (vec![], vec![10, 6]), "then all of the rest");
        bench.check();
    }

    #[test]
    fn one_is_used_and_one_is_taken() {
        let mut bench = bench();
        let who = bench.hands[0];
        let pills = bench.bring("pill", 1, 3, who);
        bench.ask(&[(who, Act::Use { item: pills })]);
        assert_eq!(stacks(&bench, who), [2], "one of three is used up");
        let def = bench.component::<Item>(pills).def;
        assert!(take_one(bench.world(), who, def) && take_one(bench.world(), who, def), "two are left to take");
        assert!(!take_one(bench.world(), who, def), "and no third");
        bench.shard.step(&[]);
        bench.check();
    }

    #[test]
    fn what_leaves_with_its_holder_is_told_by_its_grant_and_not_as_changed() {
        let mut bench = bench();
        let (who, other) = (bench.hands[0], bench.hands[1]);
        let coins = bench.bring("coin", 1, 9, who);
        bench.ask(&[(who, ItemAct::Give { item: coins, count: Some(4), to: other })]);
        let taken = take_all(bench.world(), who);
        assert_eq!(taken[0].item.state().count, 5, "its state says how many it is");
        assert_eq!(ChangedCounts::take(bench.world()), [], "so nobody else needs to");
        bench.world().write_message(DropAllRequest { holder: other, keeps_worn: false, keeps_bound: false });
        bench.shard.step(&[]);
        bench.check();
    }

    #[test]
    fn found_pieces_join_before_they_take_names() {
        let mut bench = bench();
        let who = bench.hands[0];
        let def = crate::test_shard::content().items.id("coin").expect("it is there");
        for _ in 0..12 {
            add_piece(bench.world(), def, who, at(10, 10));
        }
        assert_eq!(stacks(&bench, who), [10, 2], "twelve coins are two stacks");
        assert_eq!(bench.held(who)[1].item.id.serial, 1, "and two names");
        bench.shard.step(&[]);
        bench.check();
    }
}
