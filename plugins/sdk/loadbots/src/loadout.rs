//! What a bot brings into a match.

use hypogeum_protocol::{ItemId, StashItem};

use crate::behaviour::Behaviour;

/// The best weapon, the best of each list of clothes, then what heals, as far as there is room.
pub(crate) fn choose_loadout(stash: &[StashItem], behaviour: &Behaviour) -> Vec<ItemId> {
    let room = behaviour.loadout_items_max.value() as usize;
    let mut chosen: Vec<ItemId> = Vec::with_capacity(room);
    let owned = |template: &str| stash.iter().find(|item| item.template == template).map(|item| item.item);
    let weapons = behaviour.weapons.iter().find_map(|weapon| owned(&weapon.item));
    let clothes = behaviour.wear.iter().filter_map(|list| list.iter().find_map(|template| owned(template)));
    chosen.extend(weapons.into_iter().chain(clothes));
    let helps = |item: &&StashItem| behaviour.heals.contains(&item.template);
    chosen.extend(stash.iter().filter(helps).map(|item| item.item));
    chosen.truncate(room);
    chosen
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::ItemState;

    use super::*;

    fn item(serial: u32, template: &str) -> StashItem {
        StashItem { item: ItemId { origin: 9, serial }, template: template.into(), state: ItemState::default() }
    }

    #[test]
    fn a_loadout_is_the_best_of_each_kind_and_then_what_heals() {
        let behaviour = Behaviour::shipped("contender").expect("it ships").expect("it reads");
        let stash = [
            item(1, "old_coin"),
            item(2, "rusty_sword"),
            item(3, "war_axe"),
            item(4, "leather_cap"),
            item(5, "medkit"),
            item(6, "medkit"),
        ];
        let serials: Vec<u32> = choose_loadout(&stash, &behaviour).iter().map(|item| item.serial).collect();
        assert_eq!(serials, [3, 4, 5, 6], "the axe before the sword, the cap, both kits, and no coin");
    }

    #[test]
    fn a_loadout_never_exceeds_what_the_behaviour_carries() {
        let behaviour = Behaviour::shipped("pacifist").expect("it ships").expect("it reads");
        let stash: Vec<StashItem> = (0..50).map(|serial| item(serial, "medkit")).collect();
        let room = behaviour.loadout_items_max.value() as usize;
        assert_eq!(choose_loadout(&stash, &behaviour).len(), room, "exactly as many as it may");
        assert!(choose_loadout(&[], &behaviour).is_empty(), "an empty stash gives an empty loadout");
    }
}
