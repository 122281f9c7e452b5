//! Two exchange what they carry, all of it or nothing.

use std::collections::BTreeSet;

use bevy_ecs::prelude::World;
use hypogeum_protocol::NetId;
use hypogeum_shard::NetIdIndex;

use crate::bags::has_room_in_all;
use crate::flags::{may_have, may_part};
use crate::place::move_item;
use crate::requests::{able, own, reachable};
use crate::weight::weight_g;
use crate::{Inventory, Place, Refusal, carried_weight_g, weight_limit_g};

/// Hands what each of two offers to the other, at once. Nothing that is worn can be offered.
///
/// # Errors
/// Nothing has changed then: [`Refusal::NotMadeForThat`] where one of them cannot act or what is offered is worn,
/// [`Refusal::OutOfReach`] where they stand too far apart, [`Refusal::NotCarried`] where something is not carried by who offers it, or
/// is offered twice, [`Refusal::Bound`] and [`Refusal::Quest`] of what stays, [`Refusal::HasOne`] of what is unique, and [`Refusal::Full`] where
/// one of them has no room for it all, [`Refusal::Heavy`] where one of them would carry more than before and than it can bear.
pub fn exchange(world: &mut World, sides: [(NetId, &[NetId]); 2]) -> Result<(), Refusal> {
    let [(one, offered), (other, asked)] = sides;
    let (here, there) = (able(world, one)?, able(world, other)?);
    reachable(world, here, there)?;
    let all: BTreeSet<&NetId> = offered.iter().chain(asked).collect();
    if one == other || all.len() != offered.len() + asked.len() {
        return Err(Refusal::NotCarried);
    }
    for (who, items) in sides {
        for item in items {
            let (_, held, place) = own(world, who, *item)?;
            if place != Place::In(who) {
                return Err(Refusal::NotMadeForThat);
            }
            let taker = if who == one { other } else { one };
            may_part(world, &held)?;
            may_have(world, taker, &held)?;
            if !has_room_in_all(world, taker, *item) {
                return Err(Refusal::Full);
            }
        }
    }
    for (who, gives, gets) in [(one, offered.len(), asked.len()), (other, asked.len(), offered.len())] {
        let entity = world.resource::<NetIdIndex>().entity(who).ok_or(Refusal::NotMadeForThat)?;
        let inventory = world.get::<Inventory>(entity).ok_or(Refusal::NotMadeForThat)?;
        if inventory.count as usize - gives + gets > inventory.slots as usize {
            return Err(Refusal::Full);
        }
    }
    for (who, gives, gets) in [(one, offered, asked), (other, asked, offered)] {
        let weigh = |items: &[NetId]| -> u64 { items.iter().map(|item| weight_g(world, *item)).sum() };
        let (held_g, gives_g, gets_g) = (carried_weight_g(world, who), weigh(gives), weigh(gets));
        let is_too_much = weight_limit_g(world, who).is_some_and(|limit_g| held_g - gives_g + gets_g > limit_g);
        if gets_g > gives_g && is_too_much {
            return Err(Refusal::Heavy);
        }
    }
    // By way of the ground, so that nobody ever holds more than there is room for.
    let items: Vec<(NetId, NetId)> =
        offered.iter().map(|item| (*item, other)).chain(asked.iter().map(|item| (*item, one))).collect();
    let entity = |world: &World, item: NetId| world.resource::<NetIdIndex>().entity(item);
    for (item, _) in &items {
        if let Some(item) = entity(world, *item) {
            move_item(world, item, Place::Ground, here);
        }
    }
    for (item, to) in &items {
        if let Some(item) = entity(world, *item) {
            move_item(world, item, Place::In(*to), here);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_shard::{TestShard, at, bench};

    fn given(test: &mut TestShard, who: NetId, keys: &[&str]) -> Vec<NetId> {
        keys.iter().map(|key| test.put(key, Place::In(who), at(0, 0))).collect()
    }

    fn names(test: &TestShard, who: NetId) -> Vec<NetId> {
        test.held(who).into_iter().map(|held| held.name).collect()
    }

    #[test]
    fn two_exchange_all_or_nothing() {
        let mut test = bench();
        let (ada, grace) = (test.hands[0], test.hands[1]);
        let hers = given(&mut test, ada, &["gem", "gem", "gem", "pill"]);
        let other = given(&mut test, grace, &["sword", "helm", "spear"]);
        let full = exchange(test.world(), [(ada, &[]), (grace, &other[..1])]);
        assert_eq!(full, Err(Refusal::Full), "she has no room for one more");
        let twice = exchange(test.world(), [(ada, &[hers[0], hers[0]]), (grace, &other[..2])]);
        assert_eq!(twice, Err(Refusal::NotCarried), "nothing counts twice");
        let stolen = exchange(test.world(), [(ada, &other[..1]), (grace, &other[1..])]);
        assert_eq!(stolen, Err(Refusal::NotCarried), "nobody offers what another has");
        assert_eq!(names(&test, ada), hers, "nothing has changed");
        assert_eq!(exchange(test.world(), [(ada, &hers), (grace, &other)]), Ok(()), "all that both have");
        assert_eq!((names(&test, ada), names(&test, grace)), (other, hers), "has changed hands");
        test.check();
    }

    #[test]
    fn behind_a_wall_and_on_the_body_nothing_is_exchanged() {
        let mut test = bench();
        let (ada, grace, linus) = (test.hands[0], test.hands[1], test.hands[2]);
        let sword = test.put("sword", Place::In(ada), at(0, 0));
        let beyond = exchange(test.world(), [(ada, &[sword]), (linus, &[])]);
        assert_eq!(beyond, Err(Refusal::OutOfReach), "a wall stands between them");
        crate::wear(test.world(), ada, sword).expect("she can");
        let worn = exchange(test.world(), [(ada, &[sword]), (grace, &[])]);
        assert_eq!(worn, Err(Refusal::NotMadeForThat), "what is worn is not for sale");
        test.check();
    }
}
