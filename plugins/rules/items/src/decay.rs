//! What lies on the ground goes after its time, and so does what is too much.

use bevy_ecs::prelude::{Component, Entity, Resource, World};
use hypogeum_content::def::GroundDef;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, NetIdOf, Rules, State, Tick};
use serde::{Deserialize, Serialize};

use crate::bags::within;
use crate::stacks::set_count;
use crate::{Holdings, Item};

/// What becomes of what lies on the ground; `None`: nothing. No state: the owner of the shard sets it when it builds one, from the
/// content, and never changes it.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroundRule(pub Option<GroundDef>);

/// Lies on the ground, and not for ever: an item that was dropped, or a container that somebody has left.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decay {
    /// The tick it goes, not before that of a [`Claim`](crate::Claim) that came with it.
    pub ends_tick: u32,
}

impl State for Decay {
    const NAME: &'static str = "decay";
}

/// Something has come to the ground, where it lies as long as its kind says, or else the place. What the dead leave lies as long as the place
/// says, whatever is in it.
pub(crate) fn begin_decay(world: &mut World, lying: Entity) {
    let Some(ground) = world.get_resource::<GroundRule>().and_then(|rule| rule.0) else { return };
    let rules = world.resource::<Rules>();
    let kind = world.get::<Item>(lying).and_then(|item| rules.content.items.find(item.def));
    let lifetime = rules.ticks(kind.and_then(|kind| kind.ground_lifetime_ms).unwrap_or(ground.lifetime_ms)).max(1);
    let ends_tick = world.resource::<Tick>().0.saturating_add(lifetime);
    world.entity_mut(lying).insert(Decay { ends_tick });
}

/// Takes away what has lain long enough, then what is too much: what would go the soonest first, of equals the older name.
pub(crate) fn decay(world: &mut World) {
    let Some(ground) = world.resource::<GroundRule>().0 else { return };
    let Some(mut query) = world.try_query::<(&NetIdOf, &Decay)>() else { return };
    let mut lying: Vec<(u32, NetId)> = query.iter(world).map(|(named, decay)| (decay.ends_tick, named.0)).collect();
    let tick = world.resource::<Tick>().0;
    let excess = lying.len().saturating_sub(ground.things_max as usize);
    let due = lying.iter().filter(|(ends_tick, _)| *ends_tick <= tick).count();
    if due.max(excess) == 0 {
        return;
    }
    lying.sort_unstable();
    for (_, name) in lying.into_iter().take(due.max(excess)) {
        take_away(world, name);
    }
}

/// Takes something away with all that is in it, what is deepest first: a bag that goes spills what it still holds.
fn take_away(world: &mut World, name: NetId) {
    let mut names: Vec<NetId> = within(world, name).into_iter().map(|(item, _)| item).collect();
    names.reverse();
    // An item goes with its last piece, a container with its last item.
    names.push(name);
    for name in names {
        if let Some(entity) = world.resource::<NetIdIndex>().entity(name) {
            set_count(world, entity, 0);
        }
    }
    assert!(world.resource::<Holdings>().of(name).is_empty(), "nothing is held by what is gone");
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::Act;

    use super::*;
    use crate::test_shard::{TestShard, at, bench, content};
    use crate::{Claim, DropAllRequest, LootRequest, Place, spawn_container};

    /// Things lie for a second, and at most so many.
    fn bench_with(things_max: u32) -> TestShard {
        let mut bench = bench();
        bench.world().insert_resource(GroundRule(Some(GroundDef { lifetime_ms: 1_000, things_max })));
        bench
    }

    fn steps(bench: &mut TestShard, count: u32) {
        for _ in 0..count {
            bench.shard.step(&[]);
        }
        bench.check();
    }

    #[test]
    fn without_a_rule_things_lie_for_ever() {
        let mut bench = bench();
        let gem = bench.put("gem", Place::Ground, at(20, 20));
        steps(&mut bench, 200);
        assert!(bench.entity(gem).is_some(), "it still lies there");
    }

    #[test]
    fn what_lies_goes_after_its_time_and_what_is_picked_up_stays() {
        let mut bench = bench_with(100);
        let who = bench.hands[0];
        let [kept, left] = [10, 20].map(|x| bench.put("gem", Place::Ground, at(x, 10)));
        assert_eq!(bench.ask(&[(who, Act::PickUp { item: kept })]), [], "it is in reach");
        let ends_tick = bench.component::<Decay>(left).ends_tick;
        while bench.world().resource::<Tick>().0 + 1 < ends_tick {
            steps(&mut bench, 1);
            assert!(bench.entity(left).is_some(), "until then it lies there");
        }
        steps(&mut bench, 1);
        assert_eq!(bench.entity(left), None, "then it is gone");
        assert_eq!(bench.component::<Place>(kept), Place::In(who), "what is carried stays");
        assert_eq!(bench.ask(&[(who, Act::Drop { item: kept })]), [], "and is dropped again");
        let again = bench.component::<Decay>(kept).ends_tick;
        assert_eq!(again, bench.world().resource::<Tick>().0 + 30, "for all its time");
    }

    #[test]
    fn what_its_kind_says_counts_before_the_place() {
        let mut bench = bench_with(100);
        let [leaf, gem] = [("leaf", 10), ("gem", 20)].map(|(kind, x)| bench.put(kind, Place::Ground, at(x, 10)));
        let tick = bench.world().resource::<Tick>().0;
        assert_eq!(bench.component::<Decay>(gem).ends_tick - tick, 30, "as long as the place says");
        assert_eq!(bench.component::<Decay>(leaf).ends_tick - tick, 90, "its kind says three seconds");
    }

    #[test]
    fn what_the_dead_leave_goes_with_all_in_it_and_furniture_stays() {
        let mut bench = bench_with(100);
        let holder = bench.hands[0];
        let chest = spawn_container(bench.world(), at(30, 30));
        let kept = bench.put("gem", Place::In(chest), at(0, 0));
        let bag = bench.put("bag", Place::In(holder), at(0, 0));
        let inside = bench.put("gem", Place::In(bag), at(0, 0));
        bench.world().write_message(DropAllRequest { holder, keeps_worn: false, keeps_bound: false });
        steps(&mut bench, 1);
        let Place::In(left) = bench.component::<Place>(bag) else { panic!("the bag is in what is left") };
        steps(&mut bench, 29);
        assert!(bench.entity(left).is_some() && bench.entity(inside).is_some(), "for a second it stands there");
        steps(&mut bench, 1);
        assert_eq!([left, bag, inside].map(|name| bench.entity(name)), [None; 3], "then all of it is gone");
        assert!(bench.entity(chest).is_some() && bench.entity(kept).is_some(), "a chest is not left by anybody");
    }

    #[test]
    fn what_is_picked_up_in_the_step_it_would_go_in_stays() {
        let mut bench = bench_with(100);
        let who = bench.hands[0];
        let gem = bench.put("gem", Place::Ground, at(10, 10));
        let ends_tick = bench.component::<Decay>(gem).ends_tick;
        while bench.world().resource::<Tick>().0 + 1 < ends_tick {
            steps(&mut bench, 1);
        }
        assert_eq!(bench.ask(&[(who, Act::PickUp { item: gem })]), [], "it still lies there");
        assert_eq!(bench.component::<Place>(gem), Place::In(who), "and is carried");
        bench.check();
    }

    #[test]
    fn what_somebody_has_first_claim_on_lies_until_that_ends() {
        let mut bench = bench_with(100);
        let claimant = bench.hands[0];
        let table = content().loot.id("prizes").expect("the table is there");
        let (source, into) = (NetId(99), NetId::NONE);
        bench.world().write_message(LootRequest { table, level: 1, source, into, claimant, at: at(10, 11) });
        steps(&mut bench, 1);
        let world = bench.world();
        let ends: Vec<(u32, u32)> =
            world.query::<(&Claim, &Decay)>().iter(world).map(|row| (row.0.ends_tick, row.1.ends_tick)).collect();
        let [(claim_ends, ends)] = ends[..] else { panic!("one thing is claimed: {ends:?}") };
        assert_eq!(claim_ends, ends, "three seconds, though others go after one");
    }

    #[test]
    fn restored_in_between_things_go_in_the_same_steps() {
        let mut bench = bench_with(2);
        bench.put("gem", Place::Ground, at(20, 20));
        steps(&mut bench, 10);
        let bag = bench.put("bag", Place::Ground, at(20, 20));
        bench.put("gem", Place::In(bag), at(0, 0));
        steps(&mut bench, 5);
        let mut again = bench_with(2);
        again.shard.restore(&bench.shard.snapshot()).expect("a snapshot of the same plugins is taken");
        for _ in 0..40 {
            assert_eq!(bench.shard.step(&[]), again.shard.step(&[]), "both go the same way");
        }
        assert_eq!(again.entity(bag), None, "to the end");
    }

    #[test]
    fn of_too_much_what_has_lain_the_longest_goes_first() {
        let mut bench = bench_with(3);
        let mut lying = Vec::new();
        for _ in 0..2 {
            lying.push(bench.put("gem", Place::Ground, at(20, 20)));
            steps(&mut bench, 1);
        }
        for _ in 0..3 {
            lying.push(bench.put("gem", Place::Ground, at(20, 20)));
        }
        steps(&mut bench, 1);
        let there: Vec<bool> = lying.iter().map(|name| bench.entity(*name).is_some()).collect();
        assert_eq!(there, [false, false, true, true, true], "the newest three lie there");
    }
}
