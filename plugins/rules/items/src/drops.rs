//! What the dead and the containers give.

use bevy_ecs::message::Messages;
use bevy_ecs::prelude::World;
use hypogeum_combat::Dead;
use hypogeum_content::Id;
use hypogeum_content::def::{ItemDef, LootDef};
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Purpose, Rules, Tick};
use hypogeum_space::Position;

use crate::claims::claim;
use crate::decay::begin_decay;
use crate::flags::may_part;
use crate::place::move_item;
use crate::worn::refresh_worn;
use crate::{
    Container, DropAllRequest, Item, LootGiven, LootRequest, Place, add_piece, carried, roll_loot, spawn_container,
};

const LOOT: Purpose = Purpose::named("loot");

/// Lays everything of each holder into a container where it stands; who has nothing leaves nothing.
pub(crate) fn drop_all(world: &mut World) {
    let requests: Vec<DropAllRequest> =
        world.resource::<Messages<DropAllRequest>>().iter_current_update_messages().copied().collect();
    for DropAllRequest { holder, keeps_worn, keeps_bound } in requests {
        let Some(entity) = world.resource::<NetIdIndex>().entity(holder) else { continue };
        let Some(&at) = world.get::<Position>(entity) else { continue };
        let mut held = carried(world, holder);
        held.retain(|carried| !keeps_worn || carried.worn.is_none());
        held.retain(|carried| !keeps_bound || may_part(world, &carried.item).is_ok());
        if held.is_empty() {
            continue;
        }
        let container = spawn_container(world, at);
        if let Some(left) = world.resource::<NetIdIndex>().entity(container) {
            begin_decay(world, left);
        }
        for carried in held {
            if let Some(item) = world.resource::<NetIdIndex>().entity(carried.name) {
                move_item(world, item, Place::In(container), at);
            }
        }
        refresh_worn(world, holder);
    }
}

/// Rolls each table, mints what it gives and lays it down.
pub(crate) fn drop_loot(world: &mut World) {
    let requests: Vec<LootRequest> =
        world.resource::<Messages<LootRequest>>().iter_current_update_messages().copied().collect();
    if requests.is_empty() {
        return;
    }
    let (rules, tick) = (world.resource::<Rules>().clone(), *world.resource::<Tick>());
    for LootRequest { table, level, source, into, claimant, at } in requests {
        let mut dice = rules.dice(tick, source, LOOT);
        for def in roll_loot(&rules.content, table, level, &mut dice) {
            let into = if is_alive(world, into) { into } else { NetId::NONE };
            if let Some(item) = add_piece(world, def, into, at) {
                claim(world, item, claimant);
                tell_given(world, item, (table, def));
            }
        }
        vanish_if_empty(world, into);
    }
}

/// Tells which table a piece has come from.
fn tell_given(world: &mut World, name: NetId, (table, def): (Id<LootDef>, Id<ItemDef>)) {
    let entity = world.resource::<NetIdIndex>().entity(name);
    if let Some(id) = entity.and_then(|entity| world.get::<Item>(entity)).map(|item| item.id) {
        world.write_message(LootGiven { table, def, id });
    }
}

/// The dead take nothing: what they had has just been dropped.
fn is_alive(world: &World, into: NetId) -> bool {
    let entity = world.resource::<NetIdIndex>().entity(into);
    entity.is_some_and(|entity| world.get::<Dead>(entity).is_none())
}

/// A container that got nothing is none.
fn vanish_if_empty(world: &mut World, name: NetId) {
    if let Some(entity) = world.resource::<NetIdIndex>().entity(name)
        && world.get::<Container>(entity).is_some_and(|container| container.count == 0)
    {
        world.despawn(entity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::take_all;
    use crate::test_shard::{at, bench, content};

    fn request(into: NetId) -> LootRequest {
        let table = content().loot.id("gems").expect("the table is there");
        LootRequest { table, level: 1, source: NetId(99), into, claimant: NetId::NONE, at: at(20, 20) }
    }

    #[test]
    fn loot_goes_to_the_killer_and_what_does_not_fit_to_the_ground() {
        let mut bench = bench();
        let killer = bench.hands[0];
        for _ in 0..2 {
            bench.put("gem", Place::In(killer), at(0, 0));
        }
        bench.world().write_message(request(killer));
        bench.shard.step(&[]);
        assert_eq!(bench.held(killer).len(), 4, "two of three fit");
        let world = bench.world();
        let lying: Vec<(Place, Position)> =
            world.query::<(&Place, &Position)>().iter(world).map(|(place, at)| (*place, *at)).collect();
        assert_eq!(lying, [(Place::Ground, at(20, 20))], "the third lies where the source was");
        bench.check();
    }

    #[test]
    fn a_killer_who_died_too_takes_nothing() {
        let mut bench = bench();
        let killer = bench.hands[0];
        let entity = bench.entity(killer).expect("it is there");
        bench.world().entity_mut(entity).insert(Dead { tick: 0, by: NetId(99) });
        bench.put("gem", Place::In(killer), at(0, 0));
        bench.world().write_message(request(killer));
        bench.world().write_message(DropAllRequest { holder: killer, keeps_worn: false, keeps_bound: false });
        bench.shard.step(&[]);
        assert_eq!(bench.held(killer), [], "neither what it had nor what it won stays with it");
        bench.check();
    }

    #[test]
    fn loot_for_nobody_lies_on_the_ground_and_has_names_of_its_match() {
        let mut bench = bench();
        bench.world().write_message(request(NetId::NONE));
        bench.world().write_message(request(NetId(12_345)));
        bench.shard.step(&[]);
        let world = bench.world();
        let mut ids: Vec<(u64, u32)> =
            world.query::<&Item>().iter(world).map(|item| (item.id.origin, item.id.serial)).collect();
        ids.sort_unstable();
        assert_eq!(ids, [(77, 0), (77, 1), (77, 2), (77, 3), (77, 4), (77, 5)], "serials count up without a gap");
        bench.check();
    }

    #[test]
    fn a_container_that_gets_nothing_vanishes() {
        let mut bench = bench();
        let [full, empty] = [at(20, 20), at(30, 30)].map(|at| spawn_container(bench.world(), at));
        let nothing = content().loot.id("nothing").expect("the table is there");
        bench.world().write_message(request(full));
        bench.world().write_message(LootRequest { table: nothing, ..request(empty) });
        bench.shard.step(&[]);
        assert_eq!(bench.component::<Container>(full).count, 3, "one has what its table always gives");
        assert_eq!(bench.entity(empty), None, "the other is gone");
        bench.check();
    }

    #[test]
    fn the_dead_leave_all_they_had_in_one_container() {
        let mut bench = bench();
        let (holder, poor) = (bench.hands[0], bench.hands[1]);
        let sword = bench.put("sword", Place::In(holder), at(0, 0));
        let gem = bench.put("gem", Place::In(holder), at(0, 0));
        crate::wear(bench.world(), holder, sword).expect("a sword can be worn");
        bench.world().write_message(DropAllRequest { holder, keeps_worn: false, keeps_bound: false });
        bench.world().write_message(DropAllRequest { holder: poor, keeps_worn: false, keeps_bound: false });
        bench.shard.step(&[]);
        let world = bench.world();
        let containers: Vec<(NetId, Position)> = world
            .query::<(&hypogeum_shard::NetIdOf, &Container, &Position)>()
            .iter(world)
            .map(|(named, _, at)| (named.0, *at))
            .collect();
        let [(container, stands)] = containers[..] else { panic!("one container stands there: {containers:?}") };
        assert_eq!(stands, at(10, 10), "it stands where the dead lay");
        let names: Vec<NetId> = bench.held(container).iter().map(|held| held.name).collect();
        assert_eq!(names, [sword, gem], "worn or carried, all is in it");
        assert_eq!(bench.component::<hypogeum_combat::EquipmentBonus>(holder).flat, [0; 9], "nothing is worn any more");
        bench.check();
    }

    #[test]
    fn who_leaves_takes_all_with_it() {
        let mut bench = bench();
        let holder = bench.hands[0];
        let helm = bench.put("helm", Place::In(holder), at(0, 0));
        bench.put("gem", Place::In(holder), at(0, 0));
        crate::wear(bench.world(), holder, helm).expect("a helm can be worn");
        let taken = take_all(bench.world(), holder);
        assert_eq!(taken.len(), 2, "both are in the list");
        assert_eq!(taken[0].worn, Some(hypogeum_content::def::Slot::Head), "the helm was worn");
        bench.shard.step(&[]);
        assert_eq!(bench.held(holder), [], "nothing is left");
        bench.check();
    }
}
