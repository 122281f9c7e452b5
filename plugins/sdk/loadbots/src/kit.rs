//! What an avatar carries, as far as it matters for what it does next.

use hypogeum_protocol::{CarriedItem, NetId};

use crate::behaviour::Behaviour;

/// Worked out once per change of the inventory: comparing names for every decision of thousands would be most of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kit {
    /// From how near ability 1 is used with what is worn.
    pub(crate) reach_cm: u32,
    /// What heals first.
    pub(crate) heal: Option<NetId>,
    /// What to put on next: something better than what is worn, weapons first.
    pub(crate) wear: Option<NetId>,
    /// What helps in a fight.
    pub(crate) boost: Option<NetId>,
}

impl Kit {
    pub(crate) fn of(inventory: &[CarriedItem], unwearable: &[NetId], behaviour: &Behaviour) -> Self {
        let carried = |template: &str| {
            let usable = |item: &&CarriedItem| item.template == template && !unwearable.contains(&item.id);
            // Of two alike, the worn one: the other is no better.
            inventory.iter().filter(usable).max_by_key(|item| item.equipped)
        };
        let first = |list: &[String]| list.iter().find_map(|template| carried(template)).map(|item| item.id);
        // The best carried item of a list, where it is not worn already.
        let better = |item: &CarriedItem| (!item.equipped).then_some(item.id);
        let weapon = behaviour.weapons.iter().find_map(|weapon| carried(&weapon.item));
        let clothes = behaviour.wear.iter().filter_map(|list| list.iter().find_map(|template| carried(template)));
        let worn = |template: &str| inventory.iter().any(|item| item.equipped && item.template == template);
        let wielded = behaviour.weapons.iter().find(|weapon| worn(&weapon.item));
        Self {
            reach_cm: wielded.map_or(behaviour.unarmed_reach_cm, |weapon| weapon.reach_cm).value(),
            heal: first(&behaviour.heals),
            wear: weapon.into_iter().chain(clothes).find_map(better),
            boost: first(&behaviour.boosts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hypogeum_protocol::{ItemId, ItemState};

    fn item(id: u32, template: &str, equipped: bool) -> CarriedItem {
        CarriedItem {
            id: NetId(id),
            item: ItemId::default(),
            template: template.into(),
            equipped,
            state: ItemState::default(),
            version: 0,
        }
    }

    #[test]
    fn the_better_weapon_comes_before_a_cap_and_what_was_refused_does_not_come_at_all() {
        let behaviour = Behaviour::shipped("contender").expect("it ships").expect("it reads");
        let carried = [item(1, "rusty_sword", true), item(2, "leather_cap", false), item(3, "war_axe", false)];
        let kit = Kit::of(&carried, &[], &behaviour);
        assert_eq!((kit.wear, kit.reach_cm), (Some(NetId(3)), 250), "the axe, while the sword is in hand");
        assert_eq!(Kit::of(&carried, &[NetId(3)], &behaviour).wear, Some(NetId(2)), "the axe was refused");
        let done = Kit::of(&carried, &[NetId(3), NetId(2)], &behaviour);
        assert_eq!((done.wear, done.heal, done.boost), (None, None, None), "nothing is left to do");
    }
}
