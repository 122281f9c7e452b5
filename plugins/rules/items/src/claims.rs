//! First claim on what was killed for: where it falls, others wait.

use bevy_ecs::prelude::{Component, Entity, World};
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Rules, State, Tick};
use serde::{Deserialize, Serialize};

use crate::requests::able;
use crate::{Decay, Item, Place, Refusal};

/// Who alone may pick up an item that lies on the ground. Items have it whose kind says so (`claim_ms`), from falling until
/// somebody picks them up; it means nothing any more once its time is over, or nobody is there any more who could use it.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Who has killed for it.
    pub by: NetId,
    /// The first tick in which anybody may take it.
    pub ends_tick: u32,
}

impl State for Claim {
    const NAME: &'static str = "claim";
}

/// Claims an item for somebody where it lies, if it is of a kind that is claimed and somebody has hands.
pub(crate) fn claim(world: &mut World, item: NetId, by: NetId) {
    let Some(entity) = world.resource::<NetIdIndex>().entity(item) else { return };
    let (Some(item), Some(Place::Ground)) = (world.get::<Item>(entity), world.get::<Place>(entity)) else { return };
    let rules = world.resource::<Rules>();
    let claim_ms = rules.content.items.find(item.def).map_or(0, |def| def.claim_ms);
    if claim_ms > 0 && able(world, by).is_ok() {
        let ends_tick = world.resource::<Tick>().0.saturating_add(rules.ticks(claim_ms));
        world.entity_mut(entity).insert(Claim { by, ends_tick });
        // It lies for as long as it is kept for somebody.
        if let Some(mut decay) = world.get_mut::<Decay>(entity) {
            decay.ends_tick = decay.ends_tick.max(ends_tick);
        }
    }
}

/// Whether somebody need not wait for another to take an item.
///
/// # Errors
/// [`Refusal::Claimed`].
pub(crate) fn may_take(world: &World, who: NetId, item: Entity) -> Result<(), Refusal> {
    let is_due = |claim: &&Claim| world.resource::<Tick>().0 < claim.ends_tick && able(world, claim.by).is_ok();
    match world.get::<Claim>(item).filter(is_due) {
        Some(claim) if claim.by != who => Err(Refusal::Claimed),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_combat::Dead;
    use hypogeum_protocol::{Act, ErrorCode};

    use super::*;
    use crate::LootRequest;
    use crate::test_shard::{TestShard, at, bench, content};

    /// What falls for a claimant: a prize with a claim of three seconds, and a gem with none.
    fn fall(bench: &mut TestShard, claimant: NetId) -> [NetId; 2] {
        let table = content().loot.id("prizes").expect("the table is there");
        let request = LootRequest { table, level: 1, source: NetId(99), into: NetId::NONE, claimant, at: at(10, 11) };
        bench.world().write_message(request);
        bench.shard.step(&[]);
        let world = bench.world();
        let mut lying = world.query::<(&hypogeum_shard::NetIdOf, &Item)>();
        let prize = content().items.id("prize");
        let mut found: Vec<(bool, NetId)> =
            lying.iter(world).map(|(named, item)| (Some(item.def) != prize, named.0)).collect();
        found.sort_unstable();
        let [(false, prize), (true, gem)] = found[..] else { panic!("both have fallen: {found:?}") };
        [prize, gem]
    }

    #[test]
    fn who_killed_for_it_has_first_claim_and_others_once_that_ends() {
        let mut bench = bench();
        let (killer, other) = (bench.hands[0], bench.hands[1]);
        let [prize, gem] = fall(&mut bench, killer);
        let take = |who, item| (who, Act::PickUp { item });
        let ends_tick = bench.component::<Claim>(prize).ends_tick;
        assert_eq!(bench.ask(&[take(other, prize)]), [(1, ErrorCode::TooSoon)], "others wait");
        assert_eq!(bench.ask(&[take(other, gem)]), [], "what has no claim is anybody's");
        while bench.world().resource::<Tick>().0 + 1 < ends_tick {
            bench.shard.step(&[]);
        }
        bench.check();
        assert_eq!(bench.ask(&[take(other, prize)]), [], "three seconds later so is the prize");
        assert_eq!(ends_tick, 91, "which are ninety ticks");
        bench.check();
    }

    #[test]
    fn of_all_who_grab_at_once_the_claimant_gets_it() {
        let mut bench = bench();
        let mut crowd = bench.crowd(100);
        for claimant in [0, 50, 99].map(|place| crowd[place]) {
            let [prize, gem] = fall(&mut bench, claimant);
            let grabs: Vec<(NetId, Act)> = crowd.iter().map(|who| (*who, Act::PickUp { item: prize })).collect();
            assert_eq!(bench.ask(&grabs).len(), 99, "one is not refused");
            assert_eq!(bench.component::<Place>(prize), Place::In(claimant), "whatever its name");
            for item in [prize, gem] {
                let entity = bench.entity(item).expect("it is there");
                crate::stacks::set_count(bench.world(), entity, 0);
            }
            crowd.rotate_left(33);
        }
        bench.shard.step(&[]);
        bench.check();
    }

    #[test]
    fn a_claim_is_not_kept_for_the_dead_nor_by_what_was_dropped_again() {
        let mut bench = bench();
        let (killer, other) = (bench.hands[0], bench.hands[1]);
        let [prize, _] = fall(&mut bench, killer);
        let take = |who| (who, Act::PickUp { item: prize });
        assert_eq!(bench.ask(&[take(killer)]), [], "it is the killer's");
        assert_eq!(bench.ask(&[(killer, Act::Drop { item: prize })]), [], "who does not want it");
        assert_eq!(bench.ask(&[take(other)]), [], "what it has dropped is anybody's");
        let entity = bench.entity(prize).expect("it is there");
        bench.ask(&[(other, Act::Drop { item: prize })]);
        bench.world().entity_mut(entity).insert(Claim { by: killer, ends_tick: u32::MAX });
        assert_eq!(bench.ask(&[take(other)]), [(1, ErrorCode::TooSoon)], "it is claimed again");
        let dead = bench.entity(killer).expect("it is there");
        bench.world().entity_mut(dead).insert(Dead { tick: 0, by: NetId::NONE });
        assert_eq!(bench.ask(&[take(other)]), [], "but the dead take nothing");
        bench.check();
    }
}
