//! Battles of creatures.

use crate::def::{BattleDef, SpecialDef};
use crate::locate::Spot;
use crate::review::{Definition, Review};

/// The most a creature's stat can be: its share of a whole product of a blow fits into 128 bits many times over.
const STAT_MAX: i64 = 100;
/// All of something, in basis points.
const WHOLE_BP: i64 = 10_000;
/// Ten times of something: more is no share any more.
const TENFOLD_BP: i64 = 100_000;

impl Definition for BattleDef {
    const FOLDER: &'static str = "battles";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        let are_stats = review.in_range(at.field("stat_min"), self.stat_min, 1..=STAT_MAX)
            & review.in_range(at.field("stat_base"), self.stat_base, 1..=STAT_MAX)
            & review.in_range(at.field("stat_max"), self.stat_max, 1..=STAT_MAX);
        if are_stats {
            review.ordered((at.field("stat_min"), self.stat_min), (at.field("stat_base"), self.stat_base));
            review.ordered((at.field("stat_base"), self.stat_base), (at.field("stat_max"), self.stat_max));
        }
        review.range(at.field("points_at_creation"), self.points_at_creation, 0..=100);
        review.range(at.field("hp_base"), self.hp_base, 0..=10_000);
        review.range(at.field("hp_per_health"), self.hp_per_health, 0..=100);
        if self.hp_base == 0 && self.hp_per_health == 0 {
            review.fault(
                at.field("hp_base"),
                "creatures without hit points",
                0,
                "hp_base or hp_per_health of 1 at least",
            );
        }
        let are_blows = review.in_range(at.field("damage_min"), self.damage_min, 0..=1_000)
            & review.in_range(at.field("damage_max"), self.damage_max, 0..=1_000);
        if are_blows {
            review.ordered((at.field("damage_min"), self.damage_min), (at.field("damage_max"), self.damage_max));
        }
        review.range(at.field("strength_divisor"), self.strength_divisor, 1..=STAT_MAX);
        review.range(at.field("crit_bp_per_luck"), self.crit_bp_per_luck, 0..=WHOLE_BP);
        review.range(at.field("crit_damage_bp"), self.crit_damage_bp, WHOLE_BP..=TENFOLD_BP);
        review.range(at.field("dodge_bp_per_speed"), self.dodge_bp_per_speed, 0..=WHOLE_BP);
        review.range(at.field("defended_bp"), self.defended_bp, 0..=WHOLE_BP);
        review.range(at.field("defence_bp_per_point"), self.defence_bp_per_point, 0..=WHOLE_BP);
        review.range(at.field("damage_least"), self.damage_least, 0..=1_000);
        check_special(at.field("special"), self.special, review);
        review.range(at.field("defends"), self.defends, 0..=9);
        review.range(at.field("specials"), self.specials, 0..=9);
        review.range(at.field("turns_max"), self.turns_max, 1..=1_000);
    }
}

fn check_special(at: Spot<'_>, special: SpecialDef, review: &mut Review<'_>) {
    review.range(at.field("damage_bp"), special.damage_bp, 0..=TENFOLD_BP);
    review.range(at.field("dodge_bp"), special.dodge_bp, 0..=TENFOLD_BP);
    review.range(at.field("crit_bp"), special.crit_bp, 0..=TENFOLD_BP);
    review.range(at.field("defence_bp"), special.defence_bp, 0..=TENFOLD_BP);
}
