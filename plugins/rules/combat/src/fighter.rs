//! What a fighter is made of.

use bevy_ecs::prelude::Bundle;
use hypogeum_content::Id;
use hypogeum_content::def::{AbilityDef, AbilityShape, Stats};
use hypogeum_shard::Rules;
use hypogeum_space::{MoveSpeed, cm};

use crate::stats::{Modifiers, Sheet};
use crate::{
    AbilityIntent, AbilitySlots, BaseStats, Casting, Cooldowns, DerivedStats, EquipmentBonus, Health, LastHurt, Level,
    Mana, Regeneration, Side,
};

/// Everything combat needs of a fighter. Spawn it with a `NetIdOf`, and with the body: `Position`, `Heading`, `MoveIntent`
/// and `Body`.
#[derive(Bundle, Clone, Copy, Debug)]
pub struct FighterBundle {
    /// The level given, at least 1.
    pub level: Level,
    /// Stats before level, equipment and effects, as given.
    pub stats: BaseStats,
    /// No equipment yet; `items` writes what worn items add.
    pub equipment: EquipmentBonus,
    /// Worked out from stats and level by [`Sheet`].
    pub derived: DerivedStats,
    /// Full hit points, from vitality.
    pub health: Health,
    /// Full mana, from intellect.
    pub mana: Mana,
    /// Walking speed in subunits a tick, from stats.
    pub move_speed: MoveSpeed,
    /// What it can do, as given.
    pub slots: AbilitySlots,
    /// Every slot is ready at once.
    pub cooldowns: Cooldowns,
    /// It wants to use nothing.
    pub ability_intent: AbilityIntent,
    /// It casts nothing.
    pub casting: Casting,
    /// Whom it never hurts, as given.
    pub side: Side,
    /// It was never hurt.
    pub last_hurt: LastHurt,
    /// None; see [`FighterBundle::regenerating`].
    pub regeneration: Regeneration,
}

/// A fighter in full health and without equipment.
#[must_use]
pub fn fighter(rules: &Rules, stats: Stats, level: u32, side: Side, slots: AbilitySlots) -> FighterBundle {
    let sheet = Sheet::new(rules, stats, level, &Modifiers::default());
    FighterBundle {
        level: Level(level.max(1)),
        stats: BaseStats(stats),
        equipment: EquipmentBonus::default(),
        derived: sheet.derived,
        health: Health { hp: sheet.hp_max, hp_max: sheet.hp_max },
        mana: Mana { mp: sheet.mp_max, mp_max: sheet.mp_max },
        move_speed: MoveSpeed { speed: sheet.speed },
        slots,
        cooldowns: Cooldowns::default(),
        ability_intent: AbilityIntent::default(),
        casting: Casting::default(),
        side,
        last_hurt: LastHurt::default(),
        regeneration: Regeneration::default(),
    }
}

impl FighterBundle {
    /// One that regains hit points while unhurt.
    #[must_use]
    pub const fn regenerating(mut self, per_s: u32) -> Self {
        self.regeneration = Regeneration { per_s, untold: 0 };
        self
    }
}

impl AbilitySlots {
    /// These abilities from a slot on (index 0–7); what does not fit is left out.
    #[must_use]
    pub fn from_index(first: usize, abilities: impl IntoIterator<Item = Id<AbilityDef>>) -> Self {
        let mut slots = Self::default();
        for (slot, ability) in slots.0.iter_mut().skip(first).zip(abilities) {
            *slot = Some(ability);
        }
        slots
    }
}

impl Side {
    /// Sides of teams whose members never hurt each other begin here, far beyond those of factions.
    const TEAMS: u16 = 0x4000;
    /// Sides of teams whose members hurt each other as they hurt anyone.
    const ROUGH_TEAMS: u16 = 0x6000;

    /// The side of a team of participants.
    #[must_use]
    pub const fn of_team(team: u8, hurts_friends: bool) -> Self {
        Self(if hurts_friends { Self::ROUGH_TEAMS } else { Self::TEAMS } | team as u16)
    }

    /// Whether the one never means to hurt the other.
    #[must_use]
    pub const fn is_friend(self, other: Self) -> bool {
        self.0 != 0 && self.0 == other.0
    }

    /// Whether the one never hurts the other.
    #[must_use]
    pub const fn spares(self, other: Self) -> bool {
        self.is_friend(other) && self.0 & 0xFF00 != Self::ROUGH_TEAMS
    }
}

/// How far an ability reaches from edge to edge, in subunits: brains come this near.
#[must_use]
pub const fn reach(shape: AbilityShape) -> i32 {
    cm(match shape {
        AbilityShape::Melee { range_cm, .. }
        | AbilityShape::Hitscan { range_cm }
        | AbilityShape::Projectile { range_cm, .. } => range_cm,
        AbilityShape::Area { radius_cm } => radius_cm,
    })
}

/// Whether a slot (index 0–7) could be used now: something is in it, it has cooled down, mana suffices, and nothing
/// else is being cast.
#[must_use]
pub fn ready(
    rules: &Rules,
    tick: u32,
    index: usize,
    slots: &AbilitySlots,
    cooldowns: &Cooldowns,
    mana: &Mana,
    casting: &Casting,
) -> bool {
    let ability = slots.0.get(index).copied().flatten().and_then(|id| rules.content.abilities.find(id));
    let cooled = cooldowns.0.get(index).is_some_and(|ready_tick| *ready_tick <= tick);
    casting.slot == Casting::NOTHING && cooled && ability.is_some_and(|ability| ability.mana <= mana.mp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn teams_are_friends_and_spare_each_other_as_their_rule_says() {
        for (hurts_friends, spares) in [(false, true), (true, false)] {
            let [one, other] = [1, 2].map(|team| Side::of_team(team, hurts_friends));
            assert!(one.is_friend(one) && one.spares(one) == spares, "those of one team");
            assert!(!one.is_friend(other) && !one.spares(other), "those of two");
        }
        let (faction, players) = (Side(3), Side(u16::MAX));
        assert!(faction.spares(faction) && players.spares(players), "others are as ever");
        assert!(!Side(0).is_friend(Side(0)), "who has no side has no friends");
    }
}
