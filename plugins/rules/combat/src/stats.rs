//! What stats come to: base, level, equipment and effects together.
//!
//! With `L` the level, `flat` and `percent` the sums over equipment and effects (each stack of an effect counts):
//!
//! | what | formula |
//! |---|---|
//! | strength, dexterity, intellect, vitality | base × (100 % + 2 % × (L − 1)), then `total` |
//! | `total(x)` | (x + flat) × (100 % + percent), at least 0, rounded down |
//! | armour | `total`(base) |
//! | full hit points | `total`(10 × vitality), at least 1 |
//! | full mana | `total`(20 + 5 × intellect) |
//! | speed | `total`(base) in cm/s, then in subunits a tick |
//! | change of damage | flat × 1 % + percent, at least −100 % |

use bevy_ecs::prelude::{Changed, Local, Or, Query, Res, ResMut, Resource, Without};
use hypogeum_content::def::{EffectKind, Magnitude, Stat, Stats};
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Rules};
use hypogeum_space::MoveSpeed;

use crate::{Afflictions, BaseStats, Dead, DerivedStats, Effect, EquipmentBonus, Health, Level, Mana, STAT_COUNT};

/// Growth of a stat with each level beyond the first, in basis points.
const GROWTH_PER_LEVEL: i64 = 200;
/// 100 % in basis points.
pub(crate) const WHOLE: i64 = 10_000;
/// No stat comes to more: products of two still fit 64 bits with ease.
const STAT_MAX: i64 = 1_000_000;

/// What changes stats, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    flat: [i64; STAT_COUNT],
    percent: [i64; STAT_COUNT],
}

impl Modifiers {
    /// Adds a change, so many times.
    pub fn add(&mut self, stat: Stat, by: Magnitude, times: u32) {
        match by {
            Magnitude::Flat(points) => self.flat[stat as usize] += i64::from(points) * i64::from(times),
            Magnitude::BasisPoints(share) => self.percent[stat as usize] += i64::from(share) * i64::from(times),
        }
    }

    fn add_equipment(&mut self, bonus: &EquipmentBonus) {
        for stat in 0..STAT_COUNT {
            self.flat[stat] += i64::from(bonus.flat[stat]);
            self.percent[stat] += i64::from(bonus.percent[stat]);
        }
    }

    fn total(&self, stat: Stat, base: i64) -> i64 {
        let (flat, percent) = (self.flat[stat as usize], self.percent[stat as usize]);
        let points = base.saturating_add(flat).clamp(0, STAT_MAX);
        (points * (WHOLE + percent).clamp(0, 100 * WHOLE) / WHOLE).min(STAT_MAX)
    }
}

/// Everything that follows from stats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The stats that hits are computed from.
    pub derived: DerivedStats,
    /// Hit points when whole, at least 1.
    pub hp_max: u32,
    /// Mana when whole.
    pub mp_max: u32,
    /// Full walking speed in subunits a tick.
    pub speed: i32,
}

impl Sheet {
    /// Works it out; see the formulas above.
    #[must_use]
    pub fn new(rules: &Rules, base: Stats, level: u32, modifiers: &Modifiers) -> Self {
        let growth = WHOLE + GROWTH_PER_LEVEL * i64::from(level.clamp(1, 1_000) - 1);
        let grown = |stat, base: u32| modifiers.total(stat, i64::from(base) * growth / WHOLE);
        let narrow = |value: i64| value as i32;
        let vitality = grown(Stat::Vitality, base.vitality);
        let intellect = grown(Stat::Intellect, base.intellect);
        let damage = Stat::Damage as usize;
        let damage_percent = modifiers.flat[damage].saturating_mul(100).saturating_add(modifiers.percent[damage]);
        Self {
            derived: DerivedStats {
                strength: narrow(grown(Stat::Strength, base.strength)),
                dexterity: narrow(grown(Stat::Dexterity, base.dexterity)),
                intellect: narrow(intellect),
                armour: narrow(modifiers.total(Stat::Armour, i64::from(base.armour))),
                damage_percent: narrow(damage_percent.clamp(-WHOLE, STAT_MAX)),
            },
            hp_max: modifiers.total(Stat::HpMax, 10 * vitality).max(1) as u32,
            mp_max: modifiers.total(Stat::MpMax, Stats::MANA_BASE + Stats::MANA_PER_INTELLECT * intellect) as u32,
            speed: rules.speed(modifiers.total(Stat::Speed, i64::from(base.speed_cm_per_s)) as u32),
        }
    }
}

/// Who lost an effect this step; empty between steps.
#[derive(Resource, Debug, Default)]
pub(crate) struct Relieved(pub(crate) Vec<NetId>);

/// Works stats out again for whom anything changed: equipment, level, or an effect that came, went or grew.
///
/// The result depends on the inputs alone, so doing it again (as after a restore) changes nothing. A new number of
/// full hit points keeps the share that is left, rounded down but never to 0; mana does the same.
pub(crate) fn derive_stats(
    rules: Res<Rules>,
    (directory, afflictions): (Res<NetIdIndex>, Res<Afflictions>),
    mut relieved: ResMut<Relieved>,
    changed: Query<&hypogeum_shard::NetIdOf, Or<(Changed<BaseStats>, Changed<Level>, Changed<EquipmentBonus>)>>,
    touched: Query<&Effect, Changed<Effect>>,
    effects: Query<&Effect>,
    mut fighters: Query<
        (&BaseStats, &Level, &EquipmentBonus, &mut DerivedStats, &mut Health, &mut Mana, &mut MoveSpeed),
        Without<Dead>,
    >,
    mut stale: Local<Vec<NetId>>,
) {
    let modifies = |effect: &Effect| match rules.content.effects.find(effect.def)?.kind {
        EffectKind::Modify(stat, by) => Some((effect.on, stat, by, effect.stacks)),
        EffectKind::Damage(_) | EffectKind::Heal(_) => None,
    };
    stale.clear();
    stale.append(&mut relieved.0);
    stale.extend(changed.iter().map(|named| named.0));
    stale.extend(touched.iter().filter_map(modifies).map(|change| change.0));
    if stale.is_empty() {
        return;
    }
    stale.sort_unstable();
    stale.dedup();
    for id in stale.iter() {
        let Some(entity) = directory.entity(*id) else { continue };
        let Ok((base, level, equipment, mut derived, mut health, mut mana, mut move_speed)) = fighters.get_mut(entity)
        else {
            continue;
        };
        let mut modifiers = Modifiers::default();
        modifiers.add_equipment(equipment);
        let borne = afflictions.of(*id).iter().filter_map(|name| effects.get(directory.entity(*name)?).ok());
        for (_, stat, by, times) in borne.filter_map(modifies) {
            modifiers.add(stat, by, times);
        }
        let sheet = Sheet::new(&rules, base.0, level.0, &modifiers);
        if *derived != sheet.derived {
            *derived = sheet.derived;
        }
        if health.hp_max != sheet.hp_max {
            let least = u32::from(health.hp > 0);
            *health = Health { hp: share(health.hp, health.hp_max, sheet.hp_max).max(least), hp_max: sheet.hp_max };
        }
        if mana.mp_max != sheet.mp_max {
            *mana = Mana { mp: share(mana.mp, mana.mp_max, sheet.mp_max), mp_max: sheet.mp_max };
        }
        assert!(health.hp_max > 0 && health.hp <= health.hp_max, "{id} has at most what it has when it is whole");
        assert!(mana.mp <= mana.mp_max, "{id} has no more mana than when it is whole");
        if move_speed.speed != sheet.speed {
            move_speed.speed = sheet.speed;
        }
    }
}

/// The same share of a new whole, rounded down.
fn share(part: u32, whole: u32, new_whole: u32) -> u32 {
    let scaled = u64::from(part) * u64::from(new_whole) / u64::from(whole.max(1));
    u32::try_from(scaled).map_or(new_whole, |scaled| scaled.min(new_whole))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use hypogeum_content::Content;

    use hypogeum_shard::Seed;

    use super::*;

    const BASE: Stats =
        Stats { strength: 12, dexterity: 10, intellect: 10, vitality: 12, armour: 5, speed_cm_per_s: 500 };

    fn sheet(level: u32, changes: &[(Stat, Magnitude, u32)]) -> Sheet {
        let rules = Rules { seed: Seed::numbered(1), tick_hz: 30, content: Arc::new(Content::default()) };
        let mut modifiers = Modifiers::default();
        for (stat, by, times) in changes {
            modifiers.add(*stat, *by, *times);
        }
        Sheet::new(&rules, BASE, level, &modifiers)
    }

    #[test]
    fn an_average_beginner() {
        let sheet = sheet(1, &[]);
        assert_eq!((sheet.hp_max, sheet.mp_max, sheet.speed), (120, 70, 43), "hit points, mana and speed");
        assert_eq!(sheet.derived.strength, 12, "level 1 adds nothing");
    }

    #[test]
    fn a_level_adds_two_percent() {
        assert_eq!(sheet(26, &[]).derived.strength, 18, "25 levels more are 50 %");
    }

    #[test]
    fn flat_comes_before_percent_and_vitality_before_hit_points() {
        let changes = [(Stat::Vitality, Magnitude::Flat(8), 1), (Stat::HpMax, Magnitude::BasisPoints(1_000), 2)];
        assert_eq!(sheet(1, &changes).hp_max, 240, "10 × 20 × 120 %");
    }

    #[test]
    fn nothing_falls_below_its_least() {
        let ruin = [Stat::Strength, Stat::Vitality, Stat::HpMax, Stat::Speed, Stat::Damage, Stat::Armour]
            .map(|stat| (stat, Magnitude::Flat(-1_000), 99));
        let sheet = sheet(1, &ruin);
        assert_eq!((sheet.hp_max, sheet.speed, sheet.derived.strength), (1, 0, 0), "alive, standing, powerless");
        assert_eq!(sheet.derived.damage_percent, -10_000, "damage cannot turn into healing");
    }
}
