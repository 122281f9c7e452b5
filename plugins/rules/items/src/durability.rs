//! What is worn wears out: weapons by the blows that they deal, all else by those that it takes.

use bevy_ecs::message::{Message, Messages};
use bevy_ecs::prelude::{Entity, World};
use hypogeum_combat::DamageDealt;
use hypogeum_content::def::Slot;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Rules};

use crate::place::count;
use crate::worn::refresh_worn;
use crate::{Holdings, Item, Place, Refusal};

/// Something broke that somebody wears: it is worn on, and gives nothing until it is repaired.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemBroke {
    /// Who wears it.
    pub holder: NetId,
    /// The item.
    pub item: NetId,
}

/// Counts each blow on what its dealer and its taker wear.
pub(crate) fn wear_out(world: &mut World) {
    let blows = world.resource::<Messages<DamageDealt>>().iter_current_update_messages();
    let blows: Vec<(NetId, NetId)> = blows.map(|blow| (blow.source, blow.target)).collect();
    for (source, target) in blows {
        if source != target {
            strain(world, source, true);
        }
        strain(world, target, false);
    }
}

/// One blow more on the weapon that somebody wears, or on all else.
fn strain(world: &mut World, holder: NetId, is_weapon: bool) {
    let mut strained: Vec<(NetId, Entity, Item)> = Vec::new();
    let directory = world.resource::<NetIdIndex>();
    let items = &world.resource::<Rules>().content.items;
    for &name in world.resource::<Holdings>().of(holder) {
        let Some(entity) = directory.entity(name) else { continue };
        let (Some(&item), Some(Place::Worn(_, slot))) = (world.get::<Item>(entity), world.get::<Place>(entity)) else {
            continue;
        };
        let breaks = items.find(item.def).is_some_and(|def| def.durability.is_some() && !def.is_broken(item.wear));
        if breaks && (*slot == Slot::Weapon) == is_weapon {
            strained.push((name, entity, Item { wear: item.wear + 1, ..item }));
        }
    }
    for (name, entity, item) in strained {
        let is_broken =
            world.resource::<Rules>().content.items.find(item.def).is_some_and(|def| def.is_broken(item.wear));
        world.entity_mut(entity).insert(if is_broken { item.changed() } else { item });
        if is_broken {
            count(world, Place::In(holder), 0);
            refresh_worn(world, holder);
            world.write_message(ItemBroke { holder, item: name });
        }
    }
}

/// Gives points of durability back to an item that somebody carries or wears; `None`: all that is missing. Returns how many.
pub(crate) fn mend(world: &mut World, entity: Entity, points: Option<u32>) -> Result<u32, Refusal> {
    let (Some(&item), Some(&place)) = (world.get::<Item>(entity), world.get::<Place>(entity)) else {
        return Err(Refusal::NotCarried);
    };
    let Some(def) = world.resource::<Rules>().content.items.find(item.def) else { return Err(Refusal::NotMadeForThat) };
    let (Some(durability), Some(left)) = (def.durability, def.points_left(item.wear)) else {
        return Err(Refusal::NotMadeForThat);
    };
    if item.wear == 0 {
        return Err(Refusal::Whole);
    }
    let mended = points.map_or(u32::MAX, |points| points.saturating_mul(def.blows_per_point.max(1)));
    // More blows than it stands are worn off by a content that has changed.
    let wear = item.wear.min(def.blows_max().unwrap_or(0)).saturating_sub(mended);
    let gained = def.points_left(wear).unwrap_or(durability) - left;
    world.entity_mut(entity).insert(Item { wear, ..item.changed() });
    count(world, place, 0);
    if let Some(holder) = place.holder().filter(|_| matches!(place, Place::Worn(..))) {
        refresh_worn(world, holder);
    }
    Ok(gained)
}

#[cfg(test)]
mod tests {
    use hypogeum_combat::{AbilitySlots, Cause, EquipmentBonus};
    use hypogeum_protocol::{Act, ErrorCode};

    use super::*;
    use crate::ItemAct;
    use crate::test_shard::{TestShard, at, bench};

    fn strike(bench: &mut TestShard, source: NetId, target: NetId) {
        bench.world().write_message(DamageDealt { source, target, amount: 1, critical: false, cause: Cause::Asked });
        bench.shard.step(&[]);
    }

    #[test]
    fn a_weapon_wears_out_by_blows_dealt_and_a_helm_by_blows_taken() {
        let mut bench = bench();
        let (who, other) = (bench.hands[0], bench.hands[1]);
        let [axe, cap] = ["axe", "cap"].map(|key| bench.put(key, Place::In(who), at(0, 0)));
        bench.ask(&[(who, Act::Equip { item: axe }), (who, Act::Equip { item: cap })]);
        let bonus = |bench: &TestShard| bench.component::<EquipmentBonus>(who).flat;
        let whole = bonus(&bench);
        assert_eq!(whole.iter().sum::<i32>(), 9, "both count");
        for _ in 0..3 {
            strike(&mut bench, who, other);
        }
        assert_eq!(bench.component::<Item>(axe).wear, 3, "a point and a half of two are gone");
        assert_eq!(bench.component::<Item>(cap).wear, 0, "who strikes spares its cap");
        strike(&mut bench, who, other);
        assert_eq!(bonus(&bench).iter().sum::<i32>(), 4, "the axe is broken and gives nothing");
        let slots: AbilitySlots = bench.component(who);
        assert_eq!(slots.0[0], crate::test_shard::content().abilities.id("fists"), "fists are left");
        strike(&mut bench, other, who);
        assert_eq!(bonus(&bench), [0; 9], "the cap stands one blow");
        strike(&mut bench, who, other);
        assert_eq!(bench.component::<Item>(axe).wear, 4, "what is broken breaks no more");
        bench.check();
    }

    #[test]
    fn what_is_broken_is_repaired_by_kits_and_smiths() {
        let mut bench = bench();
        let who = bench.hands[0];
        let [axe, gem] = ["axe", "gem"].map(|key| bench.put(key, Place::In(who), at(0, 0)));
        let kits = bench.bring("kit", 1, 2, who);
        bench.ask(&[(who, Act::Equip { item: axe })]);
        let entity = bench.entity(axe).expect("it is there");
        let worn = Item { wear: 4, ..bench.component(axe) };
        bench.world().entity_mut(entity).insert(worn);
        let by = |item, with| ItemAct::Repair { item, with };
        let refused = bench.ask(&[(who, by(gem, Some(kits))), (who, by(axe, Some(gem))), (who, by(axe, Some(axe)))]);
        use ErrorCode::WrongState;
        assert_eq!(refused, [(1, WrongState), (2, WrongState), (3, WrongState)], "a gem neither wears out nor repairs");
        assert_eq!(bench.ask(&[(who, by(axe, Some(kits)))]), [], "a kit repairs a point");
        assert_eq!((bench.component::<Item>(axe).wear, bench.component::<Item>(kits).count), (2, 1), "and is used up");
        assert_eq!(bench.component::<EquipmentBonus>(who).flat.iter().sum::<i32>(), 5, "it helps again");
        assert_eq!(bench.ask(&[(who, by(axe, None))]), [], "a smith repairs all");
        assert_eq!(bench.component::<Item>(axe).wear, 0, "it is as new");
        assert_eq!(bench.ask(&[(who, by(axe, Some(kits)))]), [(1, WrongState)], "and no kit is wasted on it");
        assert_eq!(bench.component::<Item>(kits).count, 1, "one is left");
        bench.check();
    }
}
