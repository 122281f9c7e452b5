//! Taking what lies there: from the ground and out of containers.

use bevy_ecs::prelude::World;
use hypogeum_protocol::NetId;
use hypogeum_shard::NetIdIndex;
use hypogeum_space::Position;

use super::hands::reachable;
use super::seen::pieces;
use crate::claims::may_take;
use crate::stacks::transfer;
use crate::{Container, Item, Place, Refusal, carried};

pub(super) fn pick_up(
    world: &mut World,
    (who, at): (NetId, Position),
    item: NetId,
    wanted: Option<u32>,
) -> Result<u32, Refusal> {
    let entity = world.resource::<NetIdIndex>().entity(item).ok_or(Refusal::NotThere)?;
    match (world.get::<Place>(entity), world.get::<Position>(entity)) {
        (Some(Place::Ground), Some(&lies)) => reachable(world, at, lies)?,
        _ => return Err(Refusal::NotThere),
    }
    let item = world.get::<Item>(entity).ok_or(Refusal::NotThere)?;
    let wanted = pieces(world, item, wanted)?;
    may_take(world, who, entity)?;
    transfer(world, entity, wanted, who)
}

/// Takes what fits of all that is in a container, in the order of names.
pub(super) fn loot(world: &mut World, who: NetId, at: Position, container: NetId) -> Result<u32, Refusal> {
    let entity = world.resource::<NetIdIndex>().entity(container).ok_or(Refusal::NotThere)?;
    match (world.get::<Container>(entity), world.get::<Position>(entity)) {
        (Some(_), Some(&stands)) => reachable(world, at, stands)?,
        _ => return Err(Refusal::NotThere),
    }
    let (mut taken, mut refused) = (0_u32, None);
    for held in carried(world, container) {
        let Some(item) = world.resource::<NetIdIndex>().entity(held.name) else { continue };
        match transfer(world, item, held.item.count, who) {
            Ok(moved) => taken += moved,
            Err(refusal) => refused = refused.or(Some(refusal)),
        }
    }
    match refused {
        Some(refusal) if taken == 0 => Err(refusal),
        _ => Ok(taken),
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{Act, ErrorCode};

    use super::*;
    use crate::spawn_container;
    use crate::test_shard::{at, bench};

    #[test]
    fn a_full_bag_takes_what_fits_of_a_container_and_leaves_the_rest() {
        let mut bench = bench();
        let who = bench.hands[0];
        let container = spawn_container(bench.world(), at(10, 11));
        let gems: Vec<NetId> = (0..6).map(|_| bench.put("gem", Place::In(container), at(0, 0))).collect();
        assert_eq!(bench.ask(&[(who, Act::Loot { container })]), [], "four fit");
        let names: Vec<NetId> = bench.held(who).iter().map(|held| held.name).collect();
        assert_eq!(names, gems[..4], "the first by name are taken");
        bench.check();
        assert_eq!(bench.ask(&[(who, Act::Loot { container })]), [(1, ErrorCode::Full)], "no more fits");
        assert_eq!(bench.ask(&[(bench.hands[1], Act::Loot { container })]), [], "another takes the rest");
        assert_eq!(bench.entity(container), None, "the empty container is gone");
        bench.check();
    }
}
