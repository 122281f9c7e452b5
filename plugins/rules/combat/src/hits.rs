//! What a blow comes to, in whole numbers. Shares are basis points (1/10,000).
//!
//! In this order, each step rounded down:
//! 1. The defender evades with a chance of 5 % + 0.5 % × (its dexterity − the attacker's), 0–50 %.
//! 2. Damage × (100 % + 5 % × (the ability's stat − 10)), the share at least 10 %; stats that do not scale count as 10.
//! 3. × (100 % + the attacker's change of damage).
//! 4. × 90–110 %, drawn evenly.
//! 5. × 150 % on a critical hit, chance 5 % + 0.5 % × (the attacker's dexterity − 10), 0–50 %.
//! 6. × 100 / (100 + the defender's armour).
//! 7. At least 1, unless the ability does no damage at all.

use hypogeum_content::def::{AbilityDef, Stat};
use hypogeum_shard::Dice;

use crate::DerivedStats;
use crate::stats::WHOLE;

const CHANCE_BASE: i32 = 500;
const CHANCE_PER_POINT: i32 = 50;
const CHANCE_MAX: i32 = 5_000;
const SCALE_PER_POINT: i64 = 500;
const SCALE_MIN: i64 = 1_000;
const CRITICAL: i64 = 15_000;

/// How a blow ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Dodged,
    Hit { amount: u32, critical: bool },
}

/// Rolls a blow. Always takes three rolls, so that what follows does not depend on how it ended.
pub(crate) fn roll(ability: &AbilityDef, attacker: &DerivedStats, defender: &DerivedStats, dice: &mut Dice) -> Verdict {
    let dodged = dice.chance(chance(defender.dexterity.saturating_sub(attacker.dexterity)));
    let critical = dice.chance(chance(attacker.dexterity.saturating_sub(10)));
    let spread = i64::from(dice.between(9_000, 11_000));
    if dodged {
        return Verdict::Dodged;
    }
    if ability.damage == 0 {
        return Verdict::Hit { amount: 0, critical: false };
    }
    let scale = (WHOLE + SCALE_PER_POINT * (scaling_stat(ability.scales_with, attacker) - 10)).max(SCALE_MIN);
    // 10,000 points at most × a stat of a million at most × 10,500 %: no step comes near 2^63.
    let mut amount = i64::from(ability.damage) * scale / WHOLE;
    amount = amount * (WHOLE + i64::from(attacker.damage_percent)).max(0) / WHOLE;
    amount = amount * spread / WHOLE;
    amount = if critical { amount * CRITICAL / WHOLE } else { amount };
    amount = amount * 100 / (100 + i64::from(defender.armour.max(0)));
    Verdict::Hit { amount: u32::try_from(amount.max(1)).unwrap_or(u32::MAX), critical }
}

fn chance(points: i32) -> u32 {
    points.saturating_mul(CHANCE_PER_POINT).saturating_add(CHANCE_BASE).clamp(0, CHANCE_MAX).unsigned_abs()
}

fn scaling_stat(stat: Stat, of: &DerivedStats) -> i64 {
    i64::from(match stat {
        Stat::Strength => of.strength,
        Stat::Dexterity => of.dexterity,
        Stat::Intellect => of.intellect,
        Stat::Armour => of.armour,
        Stat::Vitality | Stat::HpMax | Stat::MpMax | Stat::Speed | Stat::Damage => 10,
    })
}

#[cfg(test)]
mod tests {
    use hypogeum_content::def::AbilityShape;
    use hypogeum_protocol::NetId;
    use hypogeum_shard::{Purpose, Seed};
    use proptest::prelude::*;

    use super::*;

    fn ability(damage: u32, scales_with: Stat) -> AbilityDef {
        AbilityDef {
            name: "Test".into(),
            shape: AbilityShape::Area { radius_cm: 1 },
            damage,
            scales_with,
            effect: None,
            dispels: Vec::new(),
            dispels_max: None,
            cooldown_ms: 1_000,
            cast_ms: 0,
            mana: 0,
        }
    }

    fn fighter(strength: i32, dexterity: i32, armour: i32) -> DerivedStats {
        DerivedStats { strength, dexterity, intellect: 10, armour, damage_percent: 0 }
    }

    /// A thousand rolls: how many were dodged, how many critical, and the damage of plain hits from least to most.
    fn thousand(ability: &AbilityDef, attacker: DerivedStats, defender: DerivedStats) -> (u32, u32, u32, u32) {
        let mut counts = (0, 0, u32::MAX, 0);
        for tick in 0..1_000 {
            let mut dice = Dice::new(Seed::numbered(1), tick, NetId(1), Purpose::named("test"));
            match roll(ability, &attacker, &defender, &mut dice) {
                Verdict::Dodged => counts.0 += 1,
                Verdict::Hit { critical: true, .. } => counts.1 += 1,
                Verdict::Hit { amount, .. } => {
                    counts = (counts.0, counts.1, counts.2.min(amount), counts.3.max(amount))
                }
            }
        }
        counts
    }

    #[test]
    fn equals_meet() {
        let (dodged, critical, least, most) =
            thousand(&ability(100, Stat::Strength), fighter(10, 10, 0), fighter(10, 10, 0));
        assert!((30..70).contains(&dodged), "one in twenty is dodged, not {dodged} in 1,000");
        assert!((30..70).contains(&critical), "one in twenty is critical, not {critical} in 1,000");
        assert!(least >= 90 && most <= 110 && most - least > 15, "damage spreads over 90–110: {least}–{most}");
    }

    #[test]
    fn armour_of_a_hundred_halves() {
        let (_, _, least, most) = thousand(&ability(100, Stat::Strength), fighter(10, 10, 0), fighter(10, 10, 100));
        assert!(least >= 45 && most <= 55, "half of 90–110: {least}–{most}");
    }

    #[test]
    fn strength_of_thirty_doubles() {
        let (_, _, least, most) = thousand(&ability(100, Stat::Strength), fighter(30, 10, 0), fighter(10, 10, 0));
        assert!(least >= 180 && most <= 220, "twice 90–110: {least}–{most}");
    }

    #[test]
    fn a_curse_does_no_damage() {
        let (_, critical, least, most) = thousand(&ability(0, Stat::Strength), fighter(30, 30, 0), fighter(1, 1, 0));
        assert_eq!((critical, least, most), (0, 0, 0), "no damage is not at least 1");
    }

    proptest! {
        #[test]
        fn no_stats_are_too_much(
            damage in 1..=10_000_u32, strength: i32, dexterity: i32, armour: i32, damage_percent in -10_000..=1_000_000,
        ) {
            let wild = DerivedStats { strength: strength % 1_000_001, dexterity, intellect: 0, armour, damage_percent };
            let mut dice = Dice::new(Seed::numbered(1), 1, NetId(1), Purpose::named("test"));
            if let Verdict::Hit { amount, .. } = roll(&ability(damage, Stat::Strength), &wild, &wild, &mut dice) {
                prop_assert!(amount >= 1, "a hit that does damage does at least 1");
            }
        }
    }
}
