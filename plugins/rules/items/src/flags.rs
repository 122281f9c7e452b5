//! What the flags of an item keep its holder from: bound ones and those of quests stay, and of unique ones one has one.

use bevy_ecs::prelude::{Entity, World};
use hypogeum_content::def::Binding;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Rules};

use crate::{Inventory, Item, Place, Refusal, carried_in_all};

/// Whether its holder may give an item away, drop or trade it.
///
/// # Errors
/// [`Refusal::Bound`] and [`Refusal::Quest`].
pub(crate) fn may_part(world: &World, item: &Item) -> Result<(), Refusal> {
    if item.is_bound {
        return Err(Refusal::Bound);
    }
    let is_quest = world.resource::<Rules>().content.items.find(item.def).is_some_and(|def| def.is_quest);
    if is_quest { Err(Refusal::Quest) } else { Ok(()) }
}

/// Whether somebody may have an item besides what it carries.
///
/// # Errors
/// [`Refusal::HasOne`].
pub(crate) fn may_have(world: &World, who: NetId, item: &Item) -> Result<(), Refusal> {
    let is_unique = world.resource::<Rules>().content.items.find(item.def).is_some_and(|def| def.is_unique);
    if is_unique
        && carries_things(world, who)
        && carried_in_all(world, who).iter().any(|held| held.item.def == item.def && held.item.id != item.id)
    {
        return Err(Refusal::HasOne);
    }
    Ok(())
}

/// Binds an item that has come to a place to whoever has it there, if it is of that kind.
pub(crate) fn bind(world: &mut World, entity: Entity, place: Place) {
    let Some(holder) = place.holder() else { return };
    let Some(&item) = world.get::<Item>(entity).filter(|item| !item.is_bound) else { return };
    let binds = world.resource::<Rules>().content.items.find(item.def).and_then(|def| def.binds);
    let is_due = match binds {
        None => false,
        Some(Binding::OnPickUp) => true,
        Some(Binding::OnWear) => matches!(place, Place::Worn(..)),
    };
    if is_due && carries_things(world, holder) {
        world.entity_mut(entity).insert(Item { is_bound: true, ..item.changed() });
    }
}

/// Whether it is somebody who carries things, and no container.
fn carries_things(world: &World, holder: NetId) -> bool {
    let entity = world.resource::<NetIdIndex>().entity(holder);
    entity.is_some_and(|entity| world.get::<Inventory>(entity).is_some())
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{Act, ErrorCode};

    use super::*;
    use crate::test_shard::{at, bench};
    use crate::{DropAllRequest, ItemAct, spawn_container};

    #[test]
    fn what_is_bound_or_of_a_quest_stays_with_its_holder() {
        let mut bench = bench();
        let (who, to) = (bench.hands[0], bench.hands[1]);
        let [ring, charm, letter] = ["ring", "charm", "letter"].map(|key| bench.put(key, Place::Ground, at(10, 10)));
        let bound = |bench: &crate::test_shard::TestShard, item| bench.component::<Item>(item).is_bound;
        assert!(!bound(&bench, ring), "what lies there is nobody's");
        bench.ask(&[ring, charm, letter].map(|item| (who, Act::PickUp { item })));
        assert_eq!([ring, charm].map(|item| bound(&bench, item)), [true, false], "one binds as it is picked up");
        let give = |item| (who, ItemAct::Give { item, count: None, to });
        let drop = |item| (who, ItemAct::from(Act::Drop { item }));
        use ErrorCode::WrongState;
        assert_eq!(
            bench.ask(&[give(ring), drop(ring), give(letter), drop(letter)]),
            [(1, WrongState), (2, WrongState), (3, WrongState), (4, WrongState)],
            "they are kept"
        );
        assert_eq!(bench.ask(&[drop(charm)]), [], "what was never worn can be dropped");
        bench.ask(&[(who, Act::PickUp { item: charm }), (who, Act::Equip { item: charm })]);
        assert_eq!(bench.ask(&[drop(charm)]), [(1, WrongState)], "and then no more");
        let gem = bench.put("gem", Place::In(who), at(0, 0));
        bench.world().write_message(DropAllRequest { holder: who, keeps_worn: false, keeps_bound: true });
        bench.shard.step(&[]);
        assert_eq!(bench.held(who).len(), 3, "who dies keeps them");
        assert!(matches!(bench.component::<Place>(gem), Place::In(container) if container != who), "and nothing else");
        bench.world().write_message(DropAllRequest { holder: who, keeps_worn: false, keeps_bound: false });
        bench.shard.step(&[]);
        assert_eq!(bench.held(who).len(), 0, "where all is lost they are, too");
        bench.check();
    }

    #[test]
    fn of_what_is_unique_one_is_carried() {
        let mut bench = bench();
        let (who, other) = (bench.hands[0], bench.hands[1]);
        let idols: Vec<NetId> = (0..3).map(|_| bench.put("idol", Place::Ground, at(10, 10))).collect();
        let take = |item| (who, Act::PickUp { item });
        assert_eq!(bench.ask(&[take(idols[0]), take(idols[1])]), [(2, ErrorCode::WrongState)], "the second stays");
        assert_eq!(bench.ask(&[(other, Act::PickUp { item: idols[1] })]), [], "another may have it");
        let give = ItemAct::Give { item: idols[1], count: None, to: who };
        assert_eq!(bench.ask(&[(other, give)]), [(1, ErrorCode::WrongState)], "but not give it");
        let chest = spawn_container(bench.world(), at(10, 11));
        bench.put("idol", Place::In(chest), at(0, 0));
        bench.put("idol", Place::In(chest), at(0, 0));
        bench.put("gem", Place::In(chest), at(0, 0));
        assert_eq!(bench.ask(&[(who, Act::Loot { container: chest })]), [], "of a chest the rest is taken");
        assert_eq!(bench.held(chest).len(), 2, "a chest has as many as there are");
        bench.check();
    }
}
