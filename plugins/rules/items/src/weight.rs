//! What is carried weighs something, which counts for those whose body has a limit.
//!
//! Worn items count, and what is in bags. Who has come with more than the limit keeps it, and takes nothing more that weighs
//! anything until it carries less.

use bevy_ecs::prelude::{Component, World};
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Rules, State};
use serde::{Deserialize, Serialize};

use crate::Item;
use crate::bags::{carrier, within};

/// Most that somebody with an [`crate::Inventory`] carries by weight; without it, only slots count. Given at spawn.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeightLimit {
    /// Grams, 1 and up.
    pub grams_max: u32,
}

impl State for WeightLimit {
    const NAME: &'static str = "weight_limit";
}

/// How many grams somebody carries and wears, with what is in its bags.
#[must_use]
pub fn carried_weight_g(world: &World, holder: NetId) -> u64 {
    within(world, holder).into_iter().map(|(item, _)| pieces_weight_g(world, item)).sum()
}

/// What an item weighs with all its pieces and all that is in it, in grams.
pub(crate) fn weight_g(world: &World, item: NetId) -> u64 {
    pieces_weight_g(world, item) + carried_weight_g(world, item)
}

/// Most grams that somebody may carry; `None`: as many as it has slots for.
#[must_use]
pub fn weight_limit_g(world: &World, who: NetId) -> Option<u64> {
    let entity = world.resource::<NetIdIndex>().entity(who)?;
    world.get::<WeightLimit>(entity).map(|limit| limit.grams_max.into())
}

/// How many of so many pieces of an item its next holder can bear, all of which lie in the item of this name, if it has one; all
/// where there is no limit, or where whoever carries them does so already.
pub(crate) fn bearable(world: &World, to: NetId, (name, item): (NetId, &Item), wanted: u32) -> u32 {
    let who = carrier(world, to).unwrap_or(to);
    let Some(limit_g) = weight_limit_g(world, who) else { return wanted };
    if carrier(world, name) == Some(who) {
        return wanted;
    }
    let piece_g = piece_weight_g(world, item) + carried_weight_g(world, name);
    let left_g = limit_g.saturating_sub(carried_weight_g(world, who));
    // What weighs nothing is never too heavy.
    let pieces = left_g.checked_div(piece_g).unwrap_or_else(|| wanted.into());
    u32::try_from(pieces).map_or(wanted, |pieces| pieces.min(wanted))
}

fn pieces_weight_g(world: &World, item: NetId) -> u64 {
    let item = world.resource::<NetIdIndex>().entity(item).and_then(|entity| world.get::<Item>(entity));
    item.map_or(0, |item| piece_weight_g(world, item) * u64::from(item.count))
}

fn piece_weight_g(world: &World, item: &Item) -> u64 {
    world.resource::<Rules>().content.items.find(item.def).map_or(0, |def| def.weight_g.into())
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{Act, ErrorCode};

    use super::*;
    use crate::test_shard::{TestShard, at, bench, content};
    use crate::{Bag, DropAllRequest, ItemAct, LootRequest, Place, Refusal, exchange, spawn_container};

    /// The first two of the bench, the first of whom carries 1,000 g at most. A brick weighs 400 g, a nail 30 g, a bag nothing.
    fn weighed() -> (TestShard, NetId, NetId) {
        let mut bench = bench();
        let (who, other) = (bench.hands[0], bench.hands[1]);
        let entity = bench.entity(who).expect("it is there");
        bench.world().entity_mut(entity).insert(WeightLimit { grams_max: 1_000 });
        (bench, who, other)
    }

    fn carries_g(bench: &TestShard, who: NetId) -> u64 {
        carried_weight_g(bench.shard.world(), who)
    }

    #[test]
    fn what_is_too_heavy_stays_where_it_is() {
        let (mut bench, who, other) = weighed();
        let bricks: Vec<NetId> = (0..3).map(|_| bench.put("brick", Place::Ground, at(10, 10))).collect();
        let take = |item| (who, Act::PickUp { item });
        assert_eq!(bench.ask(&[take(bricks[0]), take(bricks[1])]), [], "two are no more than it bears");
        assert_eq!(bench.ask(&[take(bricks[2])]), [(1, ErrorCode::Full)], "three are");
        let gem = bench.put("gem", Place::Ground, at(10, 10));
        assert_eq!(bench.ask(&[take(gem)]), [], "what weighs nothing is never too much");
        bench.ask(&[(other, Act::PickUp { item: bricks[2] })]);
        let give = ItemAct::Give { item: bricks[2], count: None, to: who };
        assert_eq!(bench.ask(&[(other, give)]), [(1, ErrorCode::Full)], "nor is it given a third");
        let chest = spawn_container(bench.world(), at(10, 11));
        for key in ["brick", "gem"] {
            bench.put(key, Place::In(chest), at(0, 0));
        }
        assert_eq!(bench.ask(&[(who, Act::Loot { container: chest })]), [], "of a chest it takes what it bears");
        assert_eq!(bench.held(chest).len(), 1, "and leaves the rest");
        assert_eq!(bench.ask(&[(who, Act::Loot { container: chest })]), [(1, ErrorCode::Full)], "as often as it tries");
        assert_eq!(bench.ask(&[(who, Act::Drop { item: bricks[0] })]), [], "who drops one");
        assert_eq!(bench.ask(&[(who, Act::Loot { container: chest })]), [], "takes another");
        bench.check();
    }

    #[test]
    fn of_a_stack_come_as_many_pieces_as_can_be_borne() {
        let (mut bench, who, other) = weighed();
        bench.put("brick", Place::In(who), at(0, 0));
        let nails = bench.bring("nail", 1, 50, other);
        let give = (other, ItemAct::Give { item: nails, count: None, to: who });
        assert_eq!(bench.ask(&[give]), [], "some can");
        assert_eq!((carries_g(&bench, who), bench.component::<Item>(nails).count), (1_000, 30), "twenty of fifty");
        assert_eq!(bench.ask(&[give]), [(1, ErrorCode::Full)], "and no more");
        let own = bench.held(who)[1].name;
        assert_eq!(bench.ask(&[(who, ItemAct::Split { item: own, count: 5 })]), [], "apart they weigh as much");
        let parted = bench.held(who)[2].name;
        assert_eq!(bench.ask(&[(who, ItemAct::Merge { item: parted, into: own })]), [], "and together");
        bench.check();
    }

    #[test]
    fn a_bag_weighs_what_is_in_it() {
        let (mut bench, who, other) = weighed();
        let bag = bench.put("bag", Place::In(who), at(0, 0));
        let bricks: Vec<NetId> = (0..2).map(|_| bench.put("brick", Place::In(who), at(0, 0))).collect();
        let put = |item| (who, ItemAct::Put { item, into: bag });
        assert_eq!(bench.ask(&bricks.iter().copied().map(put).collect::<Vec<_>>()), [], "it has them already");
        assert_eq!(carries_g(&bench, who), 800, "in the bag they weigh as much");
        assert_eq!(bench.ask(&[(who, ItemAct::TakeOut { item: bricks[0] })]), [], "out of it, too");
        bench.ask(&[put(bricks[0]), (who, Act::Drop { item: bag }.into())]);
        bench.put("brick", Place::In(who), at(0, 0));
        assert_eq!(bench.ask(&[(who, Act::PickUp { item: bag })]), [(1, ErrorCode::Full)], "with the bag it is three");
        assert_eq!(bench.ask(&[(other, Act::PickUp { item: bag })]), [], "who has no limit takes it");
        assert_eq!(bench.component::<Bag>(bag).count, 2, "with both");
        bench.check();
    }

    #[test]
    fn an_exchange_is_weighed_by_what_each_has_after_it() {
        let (mut bench, who, other) = weighed();
        let own: Vec<NetId> = ["brick", "brick"].map(|key| bench.put(key, Place::In(who), at(0, 0))).to_vec();
        let theirs: Vec<NetId> = ["brick", "brick"].map(|key| bench.put(key, Place::In(other), at(0, 0))).to_vec();
        let heavy = exchange(bench.world(), [(who, &own[..1]), (other, &theirs)]);
        assert_eq!(heavy, Err(Refusal::Heavy), "two for one are too much");
        assert_eq!(exchange(bench.world(), [(who, &own), (other, &theirs)]), Ok(()), "two for two are not");
        bench.check();
    }

    #[test]
    fn loot_that_is_too_heavy_falls_to_the_ground_and_who_brings_too_much_keeps_it() {
        let (mut bench, who, other) = weighed();
        let nails = bench.bring("nail", 1, 50, who);
        assert_eq!(carries_g(&bench, who), 1_500, "the limit came after the nails");
        let table = content().loot.id("bricks").expect("the table is there");
        let request =
            LootRequest { table, level: 1, source: NetId(99), into: who, claimant: NetId::NONE, at: at(20, 20) };
        bench.world().write_message(request);
        bench.shard.step(&[]);
        assert_eq!(bench.held(who).len(), 1, "it lies where its source was");
        let brick = bench.put("brick", Place::In(other), at(0, 0));
        let lighter = exchange(bench.world(), [(who, &[nails]), (other, &[brick])]);
        assert_eq!(lighter, Ok(()), "what makes it lighter is not refused");
        bench.world().write_message(DropAllRequest { holder: other, keeps_worn: false, keeps_bound: false });
        bench.shard.step(&[]);
        bench.check();
    }
}
