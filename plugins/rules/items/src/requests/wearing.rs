//! Wearing things and taking them off.

use bevy_ecs::prelude::World;
use hypogeum_content::def::Slot;
use hypogeum_protocol::NetId;
use hypogeum_space::Position;

use super::hands::{definition, hands_free, own};
use crate::place::move_item;
use crate::worn::{refresh_worn, wear};
use crate::{Place, Refusal};

pub(super) fn equip(world: &mut World, who: NetId, item: NetId) -> Result<(), Refusal> {
    let (_, _, place) = own(world, who, item)?;
    if matches!(place, Place::In(_)) && definition(world, item)?.slot == Some(Slot::Weapon) {
        hands_free(world, who)?;
    }
    wear(world, who, item)
}

pub(super) fn unequip(world: &mut World, who: NetId, item: NetId) -> Result<(), Refusal> {
    let (entity, _, place) = own(world, who, item)?;
    let Place::Worn(_, slot) = place else { return Err(Refusal::NotMadeForThat) };
    if slot == Slot::Weapon {
        hands_free(world, who)?;
    }
    move_item(world, entity, Place::In(who), Position::default());
    refresh_worn(world, who);
    Ok(())
}

#[cfg(test)]
mod tests {
    use hypogeum_combat::{AbilitySlots, EquipmentBonus};
    use hypogeum_content::def::Stat;
    use hypogeum_protocol::Act;

    use super::*;
    use crate::Inventory;
    use crate::test_shard::{TestShard, at, bench, content};

    fn attack(bench: &TestShard, who: NetId) -> String {
        let slots: AbilitySlots = bench.component(who);
        slots.0[0].map_or_else(String::new, |ability| content().abilities.key(ability).to_owned())
    }

    #[test]
    fn picked_up_worn_taken_off_and_dropped() {
        let mut bench = bench();
        let who = bench.hands[0];
        let sword = bench.put("sword", Place::Ground, at(10, 11));
        assert_eq!(bench.ask(&[(who, Act::PickUp { item: sword })]), [], "it lies within reach");
        assert_eq!(bench.component::<Place>(sword), Place::In(who), "it is carried now");
        bench.check();
        assert_eq!(bench.ask(&[(who, Act::Equip { item: sword })]), [], "a weapon can be worn");
        let bonus: EquipmentBonus = bench.component(who);
        assert_eq!(bonus.flat[Stat::Strength as usize], 3, "the sword's points count");
        assert_eq!(bonus.percent[Stat::Damage as usize], 500, "and its basis points");
        assert_eq!(attack(&bench, who), "slash", "slot 1 is the sword's attack");
        bench.check();
        assert_eq!(bench.ask(&[(who, Act::Unequip { item: sword })]), [], "it comes off");
        assert_eq!(bench.component::<EquipmentBonus>(who), EquipmentBonus::default(), "its bonuses are gone");
        assert_eq!(attack(&bench, who), "fists", "slot 1 is unarmed again");
        assert_eq!(bench.ask(&[(who, Act::Drop { item: sword })]), [], "it can be dropped");
        assert_eq!(bench.component::<Position>(sword), at(10, 10), "it lies where its holder stands");
        assert_eq!(bench.component::<Inventory>(who).version, 4, "each change raises the version");
        bench.check();
    }

    #[test]
    fn another_weapon_takes_the_slot_even_with_a_full_bag() {
        let mut bench = bench();
        let who = bench.hands[0];
        let [sword, spear] = ["sword", "spear"].map(|key| bench.put(key, Place::In(who), at(0, 0)));
        let [_, _] = ["gem", "gem"].map(|key| bench.put(key, Place::In(who), at(0, 0)));
        bench.ask(&[(who, Act::Equip { item: sword }), (who, Act::Equip { item: spear })]);
        assert_eq!(bench.component::<Place>(sword), Place::In(who), "the sword is in the bag");
        assert_eq!(bench.component::<Place>(spear), Place::Worn(who, Slot::Weapon), "the spear is in the hand");
        assert_eq!(attack(&bench, who), "stab", "slot 1 is the spear's");
        bench.check();
    }
}
