//! Acts on what has changed since it was seen.

use bevy_ecs::prelude::World;
use hypogeum_content::def::ItemConflict;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Rules};
use hypogeum_space::Position;

use super::hands::{able, reachable};
use crate::bags::carrier;
use crate::{Item, Place, Refusal};

/// Of the version of what lies on the ground as many bits are shown.
const SHOWN_MASK: u32 = 0xFF;

/// Whether an item is as somebody has seen it, or of a kind for which that does not matter. What is out of reach is refused elsewhere,
/// and nothing of it told.
///
/// # Errors
/// [`Refusal::Changed`].
pub(super) fn is_unchanged(
    world: &World,
    (who, at): (NetId, Position),
    item: NetId,
    seen: Option<u32>,
) -> Result<(), Refusal> {
    let (Some(seen), Some(entity)) = (seen, world.resource::<NetIdIndex>().entity(item)) else { return Ok(()) };
    let Some(&Item { def, version, .. }) = world.get::<Item>(entity) else { return Ok(()) };
    if on_conflict(world, def) != ItemConflict::Reject {
        return Ok(());
    }
    let differs = version ^ seen;
    let has_changed = match (world.get::<Place>(entity), world.get::<Position>(entity)) {
        (Some(Place::Ground), Some(&lies)) => reachable(world, at, lies).is_ok() && differs & SHOWN_MASK != 0,
        _ => carrier(world, item) == Some(who) && differs != 0,
    };
    if has_changed { Err(Refusal::Changed) } else { Ok(()) }
}

/// Whether an item is as somebody has seen it, for those who act on items by other ways than requests.
///
/// # Errors
/// [`Refusal::Changed`] of what is of a kind that rejects, and another version than was seen.
pub fn unchanged(world: &World, who: NetId, item: NetId, seen: Option<u32>) -> Result<(), Refusal> {
    able(world, who).map_or(Ok(()), |at| is_unchanged(world, (who, at), item, seen))
}

/// So many pieces of an item, or all; none is refused, and so are more than there are, but of a kind that merges those that are left
/// will do.
pub(super) fn pieces(world: &World, item: &Item, wanted: Option<u32>) -> Result<u32, Refusal> {
    match wanted {
        None => Ok(item.count),
        Some(wanted) if (1..=item.count).contains(&wanted) => Ok(wanted),
        Some(1..) if on_conflict(world, item.def) == ItemConflict::Merge => Ok(item.count),
        Some(_) => Err(Refusal::TooFew),
    }
}

fn on_conflict(world: &World, def: hypogeum_content::Id<hypogeum_content::def::ItemDef>) -> ItemConflict {
    world.resource::<Rules>().content.items.find(def).map_or(ItemConflict::First, |def| def.on_conflict)
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{Act, ErrorCode, GameEvent};
    use hypogeum_shard::Outbox;

    use super::*;
    use crate::test_shard::{TestShard, at, bench};
    use crate::{ItemAct, ItemRequest};

    /// One act on what was seen so; how it is refused, and what is told of the item beside.
    fn act(bench: &mut TestShard, who: NetId, act: ItemAct, seen: u32) -> (Option<ErrorCode>, Option<(u32, u32)>) {
        bench.world().write_message(ItemRequest { who, seq: 1, act, seen: Some(seen) });
        bench.shard.step(&[]);
        let outbox = &bench.shard.world().resource::<Outbox>().0;
        let code = outbox.iter().find_map(|told| match told.event {
            GameEvent::Refused { code, .. } => Some(code),
            _ => None,
        });
        let now = outbox.iter().find_map(|told| match told.event {
            GameEvent::Changed { version, count, .. } => Some((version, count)),
            _ => None,
        });
        (code, now)
    }

    fn version(bench: &TestShard, item: NetId) -> u32 {
        bench.component::<Item>(item).version
    }

    #[test]
    fn a_kind_that_rejects_is_acted_on_only_as_it_was_seen() {
        let mut bench = bench();
        let who = bench.hands[0];
        let relics = bench.bring("relic", 1, 5, who);
        let seen = version(&bench, relics);
        bench.ask(&[(who, ItemAct::Split { item: relics, count: 2 })]);
        let give = ItemAct::Give { item: relics, count: None, to: bench.hands[1] };
        let now = version(&bench, relics);
        assert_ne!(seen, now, "three are not five");
        assert_eq!(act(&mut bench, who, give, seen), (Some(ErrorCode::Conflict), Some((now, 3))), "and this is told");
        assert_eq!(bench.component::<Place>(relics), Place::In(who), "nothing has changed hands");
        assert_eq!(act(&mut bench, who, give, now), (None, None), "what was seen is given");
        bench.check();
    }

    #[test]
    fn of_what_lies_there_the_low_eight_bits_count() {
        let mut bench = bench();
        let who = bench.hands[0];
        let relics = bench.put("relic", Place::Ground, at(10, 11));
        let entity = bench.entity(relics).expect("it lies there");
        let item = Item { version: 0x1_02, ..bench.component(relics) };
        bench.world().entity_mut(entity).insert(item);
        let take = Act::PickUp { item: relics }.into();
        assert_eq!(act(&mut bench, who, take, 0x1_01), (Some(ErrorCode::Conflict), Some((0x1_02, 1))), "another");
        assert_eq!(act(&mut bench, who, take, 0x02), (None, None), "as its record shows it");
        let drop = Act::Drop { item: relics }.into();
        assert_eq!(act(&mut bench, who, drop, 0x03).0, Some(ErrorCode::Conflict), "of what is carried all bits count");
        bench.check();
    }

    #[test]
    fn nothing_is_told_of_what_is_out_of_reach_or_anothers() {
        let mut bench = bench();
        let (who, other) = (bench.hands[1], bench.hands[0]);
        let behind = bench.put("relic", Place::Ground, at(13, 10));
        let foreign = bench.put("relic", Place::In(other), at(0, 0));
        let take = |item| Act::PickUp { item }.into();
        assert_eq!(act(&mut bench, who, take(behind), 99), (Some(ErrorCode::OutOfReach), None), "behind a wall");
        assert_eq!(act(&mut bench, who, take(foreign), 99), (Some(ErrorCode::NoSuchEntity), None), "in other hands");
    }

    #[test]
    fn kinds_that_do_not_reject_are_acted_on_as_they_are() {
        let mut bench = bench();
        let who = bench.hands[0];
        let coins = bench.bring("coin", 1, 8, who);
        let nails = bench.bring("nail", 2, 8, who);
        let drop = |item| ItemAct::Drop { item, count: 10 };
        assert_eq!(act(&mut bench, who, drop(coins), 99).0, Some(ErrorCode::OutOfRange), "coins: all ten or none");
        assert_eq!(act(&mut bench, who, drop(nails), 99), (None, None), "nails: those that are left");
        assert_eq!(bench.component::<Place>(nails), Place::Ground, "which are all of them");
        let some = ItemAct::Take { item: nails, count: 3 };
        assert_eq!(act(&mut bench, who, some, 99), (None, None), "three of eight are three");
        assert_eq!(bench.component::<Item>(nails).count, 5, "and five are left");
        let none = ItemAct::Take { item: nails, count: 0 };
        assert_eq!(act(&mut bench, who, none, 99).0, Some(ErrorCode::OutOfRange), "nothing is nothing");
        bench.check();
    }
}
