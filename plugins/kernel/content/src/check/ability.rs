//! Abilities.

use super::dispel;
use crate::def::{AbilityDef, AbilityShape};
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for AbilityDef {
    const FOLDER: &'static str = "abilities";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.range(at.field("damage"), self.damage, 0..=10_000);
        review.range(at.field("cooldown_ms"), self.cooldown_ms, 50..=600_000);
        review.range(at.field("cast_ms"), self.cast_ms, 0..=10_000);
        review.range(at.field("mana"), self.mana, 0..=10_000);
        check_shape(at.field("shape"), self.shape, review);
        if let Some(effect) = &mut self.effect {
            review.link(at.field("effect"), effect);
        } else if self.damage == 0 && self.dispels.is_empty() {
            review.fault(at.field("damage"), "ability without effect", "no damage and no effect", "one of them");
        }
        dispel::check(at, &self.dispels, self.dispels_max, review);
    }
}

fn check_shape(at: Spot<'_>, shape: AbilityShape, review: &mut Review<'_>) {
    match shape {
        AbilityShape::Melee { range_cm, arc_deg } => {
            review.range(at.field("range_cm"), range_cm, 1..=1_000);
            review.range(at.field("arc_deg"), arc_deg, 1..=360);
        }
        AbilityShape::Hitscan { range_cm } => review.range(at.field("range_cm"), range_cm, 1..=20_000),
        AbilityShape::Projectile { range_cm, speed_cm_per_s, radius_cm } => {
            review.range(at.field("range_cm"), range_cm, 1..=20_000);
            review.range(at.field("speed_cm_per_s"), speed_cm_per_s, 100..=20_000);
            review.range(at.field("radius_cm"), radius_cm, 1..=200);
        }
        AbilityShape::Area { radius_cm } => review.range(at.field("radius_cm"), radius_cm, 1..=5_000),
    }
}
